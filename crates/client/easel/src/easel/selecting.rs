use super::Easel;
use super::gesture::{Gesture, Marquee, Pressed};
use crate::pointer::CLICK_PIXELS;
use crate::{Figure, Handle, PointerEvent, PointerShape, SelectionBox, Tool};
use atrium_board::{Bounds, Element, ElementId, Shape, hit, inside};
use std::collections::HashSet;

/// How far from something a click still hits it, in pixels.
const HIT_PIXELS: f32 = 6.0;
/// Most things that are selected at a time.
const SELECTED: usize = 20_000;

/// What is selected, for panels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SelectionInfo {
    /// How many things.
    pub count: usize,
    /// Ink, lines or outlines among them: they have a width.
    pub has_lines: bool,
    /// Text or notes among them.
    pub has_text: bool,
    /// Rectangles or ellipses among them: they can be filled.
    pub has_closed: bool,
    /// Lines, rectangles or ellipses among them: they can be dashed.
    pub has_dashes: bool,
    /// All of it is locked.
    pub is_locked: bool,
}

impl Easel {
    /// What is selected, in the order in which it was.
    pub fn selection(&self) -> &[ElementId] {
        &self.selection
    }

    /// What kind of things are selected.
    pub fn selection_info(&self) -> SelectionInfo {
        let mut info = SelectionInfo { count: self.selection.len(), is_locked: true, ..SelectionInfo::default() };
        for element in self.selected() {
            let shape = &element.shape;
            info.is_locked &= element.is_locked;
            info.has_text |= matches!(shape, Shape::Text { .. } | Shape::Sticky { .. });
            info.has_closed |= matches!(shape, Shape::Rectangle { .. } | Shape::Ellipse { .. });
            info.has_dashes |= matches!(shape, Shape::Line { .. } | Shape::Rectangle { .. } | Shape::Ellipse { .. });
            info.has_lines |= matches!(shape, Shape::Ink { .. });
        }
        info.has_lines |= info.has_dashes;
        info.is_locked &= info.count > 0;
        info
    }

    /// The upright rectangle around what is selected, line widths included.
    pub fn selection_bounds(&self) -> Option<Bounds> {
        let bounds = self.selected().fold(Bounds::NOTHING, |bounds, element| bounds.union(element.bounds()));
        (!bounds.is_empty()).then_some(bounds)
    }

    /// The frame around what is selected, as it is shown: it goes with a drag. `None` while nothing is selected.
    pub fn selection_box(&self) -> Option<SelectionBox> {
        if let Gesture::Drag(drag) = &self.gesture {
            return drag.frame_now();
        }
        let mut selected = self.selected();
        match (selected.next(), selected.next()) {
            (Some(only), None) => Some(SelectionBox::of(&Figure::of(only))),
            (None, _) => None,
            _ => {
                let boxes = self.selected().map(|element| Bounds::of(Figure::of_frame(element)));
                Some(SelectionBox::around(boxes.fold(Bounds::NOTHING, Bounds::union)))
            }
        }
    }

    /// The handles of what is selected and where they are; none while it is dragged or locked.
    pub fn handles(&self, mm_per_pixel: f32) -> Vec<(Handle, glam::Vec2)> {
        let is_still = !matches!(self.gesture, Gesture::Drag(_) | Gesture::Marquee(_));
        let can_change = self.hindrance().is_none() && self.selected().any(|element| !element.is_locked);
        let frame = self.selection_box().filter(|_| is_still && can_change && self.typing.is_none());
        frame.map(|frame| frame.handles(mm_per_pixel)).unwrap_or_default()
    }

    /// The frame that is drawn around what will be selected.
    pub fn marquee(&self) -> Option<Bounds> {
        match &self.gesture {
            Gesture::Marquee(marquee) => Some(Bounds::of([marquee.from, marquee.to])),
            _ => None,
        }
    }

    /// Selects these and nothing else.
    pub fn select(&mut self, mut ids: Vec<ElementId>) {
        ids.truncate(SELECTED);
        if ids != self.selection {
            self.selection = ids;
            self.damages.overlay();
        }
    }

    pub(super) fn selected(&self) -> impl Iterator<Item = &Element> {
        self.selection.iter().filter_map(|id| self.document().element(*id))
    }

    /// Takes out of the selection what is not on this page any more.
    pub(super) fn keep_selection_real(&mut self) {
        if self.selection.is_empty() {
            return;
        }
        let page = self.page();
        let document = self.replica.document();
        let is_there = |id: &ElementId| document.element(*id).is_some_and(|it| !it.is_removed && it.page == page);
        let before = self.selection.len();
        self.selection.retain(is_there);
        if self.selection.len() < before {
            self.damages.overlay();
            self.keep_drag_real();
        }
    }

    pub(super) fn press_select(&mut self, event: &PointerEvent) {
        if let Some(handle) = self.handle_at(event) {
            self.begin_drag(event, Some(handle));
            return;
        }
        let element = hit(self.document(), self.page(), event.at, event.pixels(HIT_PIXELS));
        let was_selected = element.is_some_and(|id| self.selection.contains(&id));
        match element {
            Some(id) if !was_selected && event.modifiers.shift => {
                let mut ids = self.selection.clone();
                ids.push(id);
                self.select(ids);
            }
            Some(id) if !was_selected => self.select(vec![id]),
            _ => {}
        }
        self.gesture = Gesture::Pressed(Pressed { at: event.at, element, was_selected });
    }

    fn handle_at(&self, event: &PointerEvent) -> Option<Handle> {
        if self.handles(event.mm_per_pixel).is_empty() {
            return None;
        }
        self.selection_box()?.handle_at(event.at, event.mm_per_pixel)
    }

    /// It moved too far for a click.
    pub(super) fn press_becomes_drag(&mut self, event: &PointerEvent) {
        let Gesture::Pressed(pressed) = &self.gesture else { return };
        if pressed.at.distance(event.at) < event.pixels(CLICK_PIXELS) {
            return;
        }
        let pressed = pressed.clone();
        let start = PointerEvent { at: pressed.at, ..*event };
        let is_on_selection =
            pressed.element.is_some() || self.selection_box().is_some_and(|frame| frame.contains(pressed.at, 0.0));
        if is_on_selection && (pressed.was_selected || pressed.element.is_none() || !event.modifiers.shift) {
            self.begin_drag(&start, None);
        } else {
            let before = if event.modifiers.shift { self.selection.clone() } else { Vec::new() };
            self.gesture = Gesture::Marquee(Marquee { from: pressed.at, to: event.at, before });
        }
        self.moved_again(event);
    }

    fn moved_again(&mut self, event: &PointerEvent) {
        match self.gesture {
            Gesture::Drag(_) => self.drag_to(event),
            Gesture::Marquee(_) => self.marquee_to(event),
            _ => {}
        }
    }

    pub(super) fn marquee_to(&mut self, event: &PointerEvent) {
        let page = self.page();
        let Gesture::Marquee(marquee) = &mut self.gesture else { return };
        marquee.to = event.at;
        let (area, mut ids) = (Bounds::of([marquee.from, marquee.to]), marquee.before.clone());
        let before: HashSet<ElementId> = ids.iter().copied().collect();
        let document = self.replica.document();
        let is_locked = |id: ElementId| document.element(id).is_some_and(|element| element.is_locked);
        let new = inside(document, page, area).into_iter().filter(|id| !before.contains(id) && !is_locked(*id));
        ids.extend(new);
        self.select(ids);
        self.damages.overlay();
    }

    /// It was pressed and released in the same place.
    pub(super) fn click(&mut self, pressed: Pressed, event: &PointerEvent) {
        match pressed.element {
            Some(id) if pressed.was_selected && event.modifiers.shift => {
                let ids = self.selection.iter().copied().filter(|other| *other != id).collect();
                self.select(ids);
            }
            Some(id) if pressed.was_selected => self.select(vec![id]),
            Some(_) => {}
            None if event.modifiers.shift => {}
            None => self.select(Vec::new()),
        }
    }

    pub(super) fn select_all(&mut self) {
        let page = self.page();
        let free = self.document().elements_on(page).filter(|element| !element.is_locked);
        let ids = free.map(|element| element.id).collect();
        self.set_tool(Tool::Select);
        self.select(ids);
    }

    /// How the pointer looks with the tool that selects.
    pub(super) fn select_shape(&self) -> PointerShape {
        let Some(event) = &self.pointer else { return PointerShape::Arrow };
        let Some(frame) = self.selection_box() else { return PointerShape::Arrow };
        if let Gesture::Drag(drag) = &self.gesture {
            return drag.pointer_shape(&frame);
        }
        match self.handle_at(event) {
            Some(handle) => shape_of(&frame, handle),
            None if frame.contains(event.at, event.pixels(2.0)) => PointerShape::Move,
            None => PointerShape::Arrow,
        }
    }
}

pub(super) fn shape_of(frame: &SelectionBox, handle: Handle) -> PointerShape {
    match handle {
        Handle::Turn => PointerShape::Turn,
        Handle::End(_) => PointerShape::Move,
        handle => PointerShape::Resize(frame.direction(handle)),
    }
}
