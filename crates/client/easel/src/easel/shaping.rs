use super::Easel;
use super::gesture::Gesture;
use crate::stroke::COMMIT_SECS;
use crate::warp::in_eighths;
use crate::{Figure, Lifted, PointerEvent, Tool};
use atrium_board::limits::SIZE_MM;
use atrium_board::{Edit, ElementId, Frame, NewElement, OrderKey, PageId, Props, Shape, Style};
use glam::{Affine2, Vec2};

/// A shape that is smaller than so many pixels was not dragged but clicked.
const LEAST_PIXELS: f32 = 4.0;

/// A line or a box that is dragged out.
#[derive(Clone, Debug)]
pub(super) struct Shaping {
    gesture: u64,
    tool: Tool,
    page: PageId,
    element: ElementId,
    style: Style,
    order: OrderKey,
    from: Vec2,
    figure: Option<Figure>,
    is_added: bool,
    is_committed: bool,
    committed_secs: f64,
}

impl Easel {
    pub(super) fn begin_shape(&mut self, event: &PointerEvent) {
        let page = self.page();
        let shaping = Shaping {
            gesture: self.new_gesture(),
            tool: self.tool,
            page,
            element: self.ids.element(),
            style: *self.styles.of(self.tool),
            order: OrderKey::between(self.document().top(page), None),
            from: event.at,
            figure: None,
            is_added: false,
            is_committed: true,
            committed_secs: self.now_secs,
        };
        self.gesture = Gesture::Shape(shaping);
    }

    pub(super) fn shape_to(&mut self, event: &PointerEvent) {
        let Gesture::Shape(shaping) = &mut self.gesture else { return };
        shaping.figure = shaping.dragged_to(event);
        shaping.is_committed = false;
        self.versions += 1;
        self.lifted = shaping.figure.clone().map(|figure| Lifted {
            page: shaping.page,
            figures: vec![(shaping.element, figure)],
            transform: Affine2::IDENTITY,
            version: self.versions,
        });
        self.lifted_ids = self.lifted.iter().flat_map(|lifted| lifted.figures.iter().map(|(id, _)| *id)).collect();
        self.damages.lifted();
    }

    /// Others see it grow.
    pub(super) fn commit_shape(&mut self) {
        let Gesture::Shape(shaping) = &self.gesture else { return };
        let is_due = self.now_secs - shaping.committed_secs >= COMMIT_SECS;
        if is_due && !shaping.is_committed && self.outbox.is_clear() {
            self.commit_shape_now();
        }
    }

    fn commit_shape_now(&mut self) {
        let Gesture::Shape(shaping) = &mut self.gesture else { return };
        let Some(figure) = &shaping.figure else { return };
        let edit = shaping.edit(figure);
        (shaping.is_committed, shaping.committed_secs) = (true, self.now_secs);
        let gesture = shaping.gesture;
        let is_done = self.propose(gesture, vec![edit]);
        if let Gesture::Shape(shaping) = &mut self.gesture {
            shaping.is_added |= is_done;
        }
    }

    pub(super) fn end_shape(&mut self, shaping: Shaping) {
        let element = shaping.element;
        let is_committed = shaping.is_committed;
        self.gesture = Gesture::Shape(shaping);
        if !is_committed {
            self.commit_shape_now();
        }
        let was_added = matches!(&self.gesture, Gesture::Shape(shaping) if shaping.is_added);
        self.gesture = Gesture::None;
        self.put_down();
        if was_added {
            // As in well-known boards: what was just made can be moved at once.
            self.set_tool(Tool::Select);
            self.select(vec![element]);
        }
    }

    pub(super) fn cancel_shape(&mut self, shaping: Shaping) {
        self.put_down();
        if shaping.is_added {
            let edit = Edit::Remove { ids: vec![shaping.element], is_removed: true };
            self.propose(shaping.gesture, vec![edit]);
        }
    }

    /// What was lifted is drawn with the others again.
    pub(super) fn put_down(&mut self) {
        if self.lifted.take().is_some() {
            self.damages.lifted();
        }
        self.damages.elements(self.lifted_ids.drain());
    }
}

impl Shaping {
    /// What it is when it is dragged to where the pointer is; `None` while it is too small to be meant.
    fn dragged_to(&self, event: &PointerEvent) -> Option<Figure> {
        // From the middle it becomes twice as large.
        let most = Vec2::splat(SIZE_MM / 2.0);
        let mut reach = (event.at - self.from).clamp(-most, most);
        if reach.abs().max_element() < event.pixels(LEAST_PIXELS) {
            return None;
        }
        let is_line = matches!(self.tool, Tool::Line | Tool::Arrow);
        if event.modifiers.shift && is_line {
            reach = in_eighths(reach);
        } else if event.modifiers.shift {
            reach = Vec2::splat(reach.abs().max_element()) * reach.signum();
        }
        let from = if event.modifiers.alt { self.from - reach } else { self.from };
        let to = self.from + reach;
        let figure = if is_line { self.line(from, to) } else { self.boxed(from.min(to), (to - from).abs()) };
        figure.frame.is_possible().then_some(figure)
    }

    fn line(&self, from: Vec2, to: Vec2) -> Figure {
        let shape = Shape::Line { ends: [Vec2::ZERO, to - from], is_arrow: self.tool == Tool::Arrow };
        Figure { frame: Frame::at(from), style: self.style, shape }
    }

    fn boxed(&self, corner: Vec2, size: Vec2) -> Figure {
        let size = size.max(Vec2::splat(0.5)).min(Vec2::splat(SIZE_MM));
        let shape = if self.tool == Tool::Ellipse { Shape::Ellipse { size } } else { Shape::Rectangle { size } };
        Figure { frame: Frame::at(corner), style: self.style, shape }
    }

    /// What makes it, or makes it as it is now.
    fn edit(&self, figure: &Figure) -> Edit {
        let (id, frame) = (self.element, figure.frame);
        let pair = |ends: [Vec2; 2]| ends.map(Vec2::into);
        if self.is_added {
            let (size, ends) = match &figure.shape {
                Shape::Line { ends, .. } => (None, Some(pair(*ends))),
                Shape::Rectangle { size } | Shape::Ellipse { size } => (Some((*size).into()), None),
                _ => (None, None),
            };
            return Edit::Set { id, props: Props { frame: Some(frame), size, ends, ..Props::default() } };
        }
        let shape = match &figure.shape {
            Shape::Line { ends, is_arrow } => NewElement::Line { ends: pair(*ends), is_arrow: *is_arrow },
            Shape::Ellipse { .. } => NewElement::Ellipse { size: figure.own_box().size() },
            _ => NewElement::Rectangle { size: figure.own_box().size() },
        };
        Edit::Add { id, page: self.page, order: self.order.clone(), frame, style: self.style, shape }
    }
}
