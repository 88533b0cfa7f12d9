use super::Easel;
use super::gesture::{Gesture, Marquee, Pressed};
use crate::pointer::CLICK_PIXELS;
use crate::{Handle, PointerEvent, PointerShape, SelectionBox, Tool};
use atrium_board::{Bounds, ElementId, hit, inside};
use std::collections::HashSet;

/// How far from something a click still hits it, in pixels.
const HIT_PIXELS: f32 = 6.0;
/// Most things that are selected at a time.
const SELECTED: usize = 20_000;

impl Easel {
    /// The handles of what is selected and where they are; none while it is dragged or locked.
    pub fn handles(&self, mm_per_pixel: f32) -> Vec<(Handle, glam::Vec2)> {
        let is_still = !matches!(self.gesture, Gesture::Drag(_) | Gesture::Marquee(_));
        let can_change = self.hindrance().is_none() && !self.selection_info().is_locked;
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
            self.look_at_selection_again();
            self.damages.overlay();
        }
    }

    /// Something of the selection may be another: takes out of it what is not on this page any more.
    pub(super) fn keep_selection_real(&mut self) {
        self.look_at_selection_again();
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
            self.gesture = Gesture::Marquee(Marquee { from: pressed.at, to: event.at, before, is_gathered: false });
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

    /// What lies inside is looked for once a frame: a pointer moves more often, and a board may be full.
    pub(super) fn marquee_to(&mut self, event: &PointerEvent) {
        let Gesture::Marquee(marquee) = &mut self.gesture else { return };
        (marquee.to, marquee.is_gathered) = (event.at, false);
        self.damages.overlay();
    }

    pub(super) fn gather_in_marquee(&mut self) {
        let Gesture::Marquee(marquee) = &mut self.gesture else { return };
        if !std::mem::replace(&mut marquee.is_gathered, true) {
            let marquee = marquee.clone();
            self.select_inside(marquee);
        }
    }

    /// Selects what lies in a marquee, and what was selected before.
    pub(super) fn select_inside(&mut self, marquee: Marquee) {
        let (area, mut ids) = (Bounds::of([marquee.from, marquee.to]), marquee.before);
        let before: HashSet<ElementId> = ids.iter().copied().collect();
        let document = self.document();
        let is_locked = |id: ElementId| document.element(id).is_some_and(|element| element.is_locked);
        let new = inside(document, self.page(), area).into_iter().filter(|id| !before.contains(id) && !is_locked(*id));
        ids.extend(new);
        self.select(ids);
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
