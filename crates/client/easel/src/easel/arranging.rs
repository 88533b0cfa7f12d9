use super::Easel;
use super::dragging::{changed_props, set};
use super::gesture::{Repeat, differ_in_numbers};
use crate::Figure;
use crate::styles::changed;
use crate::warp::Warp;
use atrium_board::{Edit, Element, ElementId, OrderKey, Props, Shape, Style};
use glam::Vec2;

impl Easel {
    /// What is selected and can be changed.
    fn free(&self) -> impl Iterator<Item = &Element> {
        self.selected().filter(|element| !element.is_locked)
    }

    pub(super) fn delete(&mut self) {
        let ids: Vec<ElementId> = self.free().map(|element| element.id).collect();
        if ids.is_empty() || !self.may_change() {
            return;
        }
        let gesture = self.new_gesture();
        self.propose(gesture, vec![Edit::Remove { ids, is_removed: true }]);
    }

    /// Locks or unlocks what is selected.
    pub(super) fn lock(&mut self, is_locked: bool) {
        let lock = Props { is_locked: Some(is_locked), ..Props::default() };
        let others = self.selected().filter(|element| element.is_locked != is_locked);
        let edits: Vec<Edit> = others.map(|element| set(element.id, lock.clone())).collect();
        if edits.is_empty() || !self.may_change() {
            return;
        }
        let gesture = self.new_gesture();
        self.propose(gesture, edits);
        self.damages.overlay();
    }

    /// Above, or below, everything else; among themselves they stay as they are.
    pub(super) fn reorder(&mut self, to_front: bool) {
        let mut moved: Vec<(OrderKey, ElementId)> = self.free().map(|it| (it.order.clone(), it.id)).collect();
        if moved.is_empty() || !self.may_change() {
            return;
        }
        moved.sort();
        let page = self.page();
        let mut edits = Vec::with_capacity(moved.len());
        let mut place =
            |id, order: &OrderKey| edits.push(set(id, Props { order: Some(order.clone()), ..Props::default() }));
        if to_front {
            let mut last = self.document().top(page).cloned();
            for (_, id) in moved {
                let order = OrderKey::between(last.as_ref(), None);
                place(id, &order);
                last = Some(order);
            }
        } else {
            let mut last = self.document().bottom(page).cloned();
            for (_, id) in moved.into_iter().rev() {
                let order = OrderKey::between(None, last.as_ref());
                place(id, &order);
                last = Some(order);
            }
        }
        let gesture = self.new_gesture();
        self.propose(gesture, edits);
    }

    /// Moves what is selected by keys; several steps in a row are one thing to undo.
    pub(super) fn nudge(&mut self, by: Vec2) {
        if !by.is_finite() || self.free().next().is_none() || !self.may_change() {
            return;
        }
        let moved = |element: &Element| {
            let before = Figure::of_frame_only(element);
            let props = changed_props(&before, &Warp::Move(by).apply(&before));
            (props != Props::default()).then(|| set(element.id, props))
        };
        let edits = self.free().filter_map(moved).collect();
        let new = self.new_gesture();
        let gesture = self.repeats.gesture(self.now_secs, Repeat::Nudge(self.selection.clone()), new);
        self.propose(gesture, edits);
        self.damages.overlay();
    }

    /// What is selected takes over what `new` has different from `old`.
    pub(super) fn restyle_selection(&mut self, old: &Style, new: &Style) {
        if old == new || self.free().next().is_none() || !self.may_change() {
            return;
        }
        let mut edits = Vec::new();
        let mut texts = Vec::new();
        // Text that is typed takes its style along with its words.
        let typed = self.typing.as_ref().map(|typing| typing.edit.element);
        for element in self.free().filter(|element| Some(element.id) != typed) {
            let style = changed(&element.style, old, new);
            if style == element.style {
                continue;
            }
            let mut props = Props { style: Some(style), ..Props::default() };
            if let Shape::Text { wrap_mm, size, .. } = &element.shape
                && style.letter_mm != element.style.letter_mm
            {
                // As far as one can tell without fonts; it is measured soon.
                let grown = style.letter_mm / element.style.letter_mm;
                let width_mm = if wrap_mm.is_some() { size.x } else { size.x * grown };
                props.size = Some([width_mm, size.y * grown]);
                texts.push(element.id);
            }
            edits.push(set(element.id, props));
        }
        let new_gesture = self.new_gesture();
        let gesture = if differ_in_numbers(old, new) {
            self.repeats.gesture(self.now_secs, Repeat::Style(self.selection.clone()), new_gesture)
        } else {
            new_gesture
        };
        if self.propose(gesture, edits) {
            self.unmeasured.extend(texts.into_iter().map(|id| (gesture, id)));
        }
    }
}
