use super::Easel;
use super::gesture::Gesture;
use super::selecting::shape_of;
use crate::stroke::COMMIT_SECS;
use crate::warp::{Hold, Warp, keeps_shape, with_end, with_wrap};
use crate::{Figure, Handle, Lifted, PointerEvent, PointerShape, SelectionBox};
use atrium_board::{Edit, ElementId, Props, Shape};
use glam::{Affine2, Vec2};

/// While more than so many are dragged, others see it only when it is dropped: it would be too much to send.
const SHOWN_DRAGGED: usize = 64;
/// So many are remade for every step of a resize; more are shown stretched until they are dropped.
const REMADE: usize = 64;

/// The selection while it is moved, resized or turned.
#[derive(Debug)]
pub(super) struct Drag {
    gesture: u64,
    handle: Option<Handle>,
    from: Vec2,
    frame: SelectionBox,
    /// How everything was before, and what can be changed only.
    originals: Vec<(ElementId, Figure)>,
    keeps_shape: bool,
    way: Way,
    is_committed: bool,
    /// Others have seen something of it.
    was_shown: bool,
    committed_secs: f64,
}

/// What a drag does to what it holds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Warp(Warp),
    End { end: usize, to: Vec2, in_steps: bool },
    Wrap { handle: Handle, to: Vec2 },
}

impl Easel {
    /// The selection is held by a handle, or by itself. With alt it is a copy that moves.
    pub(super) fn begin_drag(&mut self, event: &PointerEvent, handle: Option<Handle>) {
        if self.selected().all(|element| element.is_locked) || !self.may_change() {
            self.gesture = Gesture::None;
            return;
        }
        if event.modifiers.alt && handle.is_none() {
            self.copy_in_place();
        }
        let Some(frame) = self.selection_box() else { return };
        let free = self.selected().filter(|element| !element.is_locked);
        let originals: Vec<_> = free.map(|element| (element.id, Figure::of(element))).collect();
        let keeps_shape = originals.len() > 1 && keeps_shape(frame.rotation, originals.iter().map(|(_, it)| it));
        let drag = Drag {
            gesture: self.new_gesture(),
            handle,
            from: event.at,
            frame,
            originals,
            keeps_shape,
            way: Way::Warp(Warp::NOTHING),
            is_committed: true,
            was_shown: false,
            committed_secs: self.now_secs,
        };
        self.gesture = Gesture::Drag(Box::new(drag));
        self.lift();
    }

    pub(super) fn drag_to(&mut self, event: &PointerEvent) {
        let Gesture::Drag(drag) = &mut self.gesture else { return };
        let way = drag.way_to(event);
        if way == drag.way {
            return;
        }
        (drag.way, drag.is_committed) = (way, false);
        self.show_drag();
        self.damages.overlay();
    }

    /// What is dragged is drawn apart.
    fn lift(&mut self) {
        let Gesture::Drag(drag) = &self.gesture else { return };
        let figures = drag.originals.clone();
        self.versions += 1;
        self.lifted_ids = figures.iter().map(|(id, _)| *id).collect();
        self.damages.elements(self.lifted_ids.iter().copied());
        let (page, version) = (self.page(), self.versions);
        self.lifted = Some(Lifted { page, figures, transform: Affine2::IDENTITY, version });
        self.damages.lifted();
    }

    fn show_drag(&mut self) {
        let Gesture::Drag(drag) = &self.gesture else { return };
        let Some(lifted) = &mut self.lifted else { return };
        match drag.way {
            Way::Warp(warp) if warp.is_rigid() || drag.originals.len() > REMADE => lifted.transform = warp.to_affine(),
            _ => {
                self.versions += 1;
                lifted.figures = drag.figures();
                lifted.version = self.versions;
            }
        }
        self.damages.lifted();
    }

    /// Others see it move, if that is not too much to send.
    pub(super) fn commit_drag_now_and_then(&mut self) {
        let Gesture::Drag(drag) = &self.gesture else { return };
        let is_due = self.now_secs - drag.committed_secs >= COMMIT_SECS;
        if is_due && !drag.is_committed && drag.originals.len() <= SHOWN_DRAGGED && self.outbox.is_clear() {
            self.commit_drag();
        }
    }

    fn commit_drag(&mut self) -> bool {
        let Gesture::Drag(drag) = &mut self.gesture else { return false };
        let edits = drag.edits();
        let gesture = drag.gesture;
        (drag.is_committed, drag.committed_secs, drag.was_shown) = (true, self.now_secs, true);
        self.propose(gesture, edits)
    }

    pub(super) fn drop_drag(&mut self, drag: Drag) {
        let (is_committed, gesture) = (drag.is_committed, drag.gesture);
        let texts: Vec<ElementId> = match drag.way {
            Way::Wrap { .. } => drag.originals.iter().map(|(id, _)| *id).collect(),
            _ => Vec::new(),
        };
        self.gesture = Gesture::Drag(Box::new(drag));
        if !is_committed {
            self.commit_drag();
        }
        self.gesture = Gesture::None;
        self.unmeasured.extend(texts.into_iter().map(|id| (gesture, id)));
        self.put_down();
        self.damages.overlay();
    }

    /// Everything is as it was.
    pub(super) fn cancel_drag(&mut self, drag: Drag) {
        if drag.was_shown {
            let originals = drag.originals.iter().filter(|(id, _)| self.document().element(*id).is_some());
            let edits = originals.map(|(id, figure)| set(*id, drag.props(figure))).collect();
            self.propose(drag.gesture, edits);
        }
        self.put_down();
    }

    /// Something that is dragged was taken away by somebody else.
    pub(super) fn keep_drag_real(&mut self) {
        let document = self.replica.document();
        let is_there = |id: ElementId| document.element(id).is_some_and(|it| !it.is_removed && !it.is_locked);
        if let Gesture::Drag(drag) = &mut self.gesture {
            let gone: Vec<ElementId> = self.lifted_ids.iter().copied().filter(|id| !is_there(*id)).collect();
            if gone.is_empty() {
                return;
            }
            drag.originals.retain(|(id, _)| is_there(*id));
            gone.iter().for_each(|id| {
                self.lifted_ids.remove(id);
            });
            self.damages.elements(gone);
            if let Some(lifted) = &mut self.lifted {
                lifted.figures.retain(|(id, _)| is_there(*id));
                self.versions += 1;
                lifted.version = self.versions;
                self.damages.lifted();
            }
        }
    }
}

impl Drag {
    fn way_to(&self, event: &PointerEvent) -> Way {
        let (from, to, modifiers) = (self.from, event.at, event.modifiers);
        let only = if let [(_, only)] = self.originals.as_slice() { Some(only) } else { None };
        match self.handle {
            None if modifiers.shift => Way::Warp(Warp::Move(along_an_axis(to - from))),
            None => Way::Warp(Warp::Move(to - from)),
            Some(Handle::Turn) => Way::Warp(Warp::turn(&self.frame, from, to, modifiers.shift)),
            Some(Handle::End(end)) => Way::End { end: usize::from(end.min(1)), to, in_steps: modifiers.shift },
            Some(handle @ (Handle::Left | Handle::Right)) if only.is_some_and(is_text) => Way::Wrap { handle, to },
            Some(handle) => {
                let shape =
                    modifiers.shift != only.is_some_and(is_picture) || self.keeps_shape || only.is_some_and(is_text);
                let hold = Hold { shape, middle: modifiers.alt };
                Way::Warp(Warp::scale(&self.frame, handle, (from, to), hold))
            }
        }
    }

    /// How everything is now.
    fn figures(&self) -> Vec<(ElementId, Figure)> {
        self.originals.iter().map(|(id, figure)| (*id, self.way.apply(figure))).collect()
    }

    fn edits(&self) -> Vec<Edit> {
        let changed = |(id, before): &(ElementId, Figure)| {
            let after = self.way.apply(before);
            // Against what others have seen nothing may be left out: it may have been elsewhere meanwhile.
            let props = if self.was_shown { self.props(&after) } else { changed_props(before, &after) };
            (props != Props::default()).then(|| set(*id, props))
        };
        self.originals.iter().filter_map(changed).collect()
    }

    /// What a drag of this kind changes, as it is.
    fn props(&self, figure: &Figure) -> Props {
        match self.way {
            Way::Warp(warp) if warp.is_rigid() => Props { frame: Some(figure.frame), ..Props::default() },
            _ => all_props(figure),
        }
    }

    /// The frame around it as it is now.
    pub(super) fn frame_now(&self) -> Option<SelectionBox> {
        if let [(_, only)] = self.originals.as_slice() {
            return Some(SelectionBox::of(&self.way.apply(only)));
        }
        let Way::Warp(warp) = self.way else { return Some(self.frame) };
        let place = warp.to_affine();
        let mut frame = self.frame;
        frame.center = place.transform_point2(frame.center);
        match warp {
            Warp::Move(_) => {}
            Warp::Turn { angle, .. } => frame.rotation += angle,
            Warp::Scale { factor, .. } => frame.size *= factor.abs(),
        }
        Some(frame)
    }

    pub(super) fn pointer_shape(&self, frame: &SelectionBox) -> PointerShape {
        self.handle.map_or(PointerShape::Move, |handle| shape_of(frame, handle))
    }
}

impl Way {
    fn apply(self, figure: &Figure) -> Figure {
        match self {
            Self::Warp(warp) => warp.apply(figure),
            Self::End { end, to, in_steps } => with_end(figure, end, to, in_steps),
            Self::Wrap { handle, to } => with_wrap(figure, handle, to),
        }
    }
}

fn is_text(figure: &Figure) -> bool {
    matches!(figure.shape, Shape::Text { .. })
}

/// Pictures keep their proportions unless shift says otherwise.
fn is_picture(figure: &Figure) -> bool {
    matches!(figure.shape, Shape::Image { .. })
}

fn along_an_axis(way: Vec2) -> Vec2 {
    if way.x.abs() >= way.y.abs() { Vec2::new(way.x, 0.0) } else { Vec2::new(0.0, way.y) }
}

pub(super) fn set(id: ElementId, props: Props) -> Edit {
    Edit::Set { id, props }
}

/// What moving and resizing change, as it is.
fn all_props(figure: &Figure) -> Props {
    let mut props = Props { frame: Some(figure.frame), ..Props::default() };
    match &figure.shape {
        Shape::Ink { .. } => {}
        Shape::Line { ends, .. } => props.ends = Some(ends.map(Vec2::into)),
        Shape::Text { wrap_mm, size, .. } => {
            props.size = Some((*size).into());
            props.wrap_mm = Some(wrap_mm.unwrap_or(0.0));
        }
        Shape::Rectangle { size }
        | Shape::Ellipse { size }
        | Shape::Sticky { size, .. }
        | Shape::Image { size, .. } => {
            props.size = Some((*size).into());
        }
    }
    props
}

/// What of it is different.
pub(super) fn changed_props(before: &Figure, after: &Figure) -> Props {
    let (was, mut props) = (all_props(before), all_props(after));
    props.frame = props.frame.filter(|frame| Some(*frame) != was.frame);
    props.size = props.size.filter(|size| Some(*size) != was.size);
    props.ends = props.ends.filter(|ends| Some(*ends) != was.ends);
    props.wrap_mm = props.wrap_mm.filter(|wrap_mm| Some(*wrap_mm) != was.wrap_mm);
    props
}
