use super::Easel;
use super::gesture::Gesture;
use crate::{Figure, SelectionBox};
use atrium_board::{Bounds, Element, ElementId, Shape};
use std::sync::OnceLock;

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

/// What every frame asks about the selection, which may be large.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    info: SelectionInfo,
    frame: Option<SelectionBox>,
}

impl Easel {
    /// What is selected, in the order in which it was.
    pub fn selection(&self) -> &[ElementId] {
        &self.selection
    }

    /// What kind of things are selected.
    pub fn selection_info(&self) -> SelectionInfo {
        self.look_at_selection().info
    }

    /// The upright rectangle around what is selected, line widths included.
    pub fn selection_bounds(&self) -> Option<Bounds> {
        let bounds = self.selected().fold(Bounds::NOTHING, |bounds, element| bounds.union(element.bounds()));
        (!bounds.is_empty()).then_some(bounds)
    }

    /// The frame around what is selected, as it is shown: it goes with a drag. `None` while nothing is selected.
    pub fn selection_box(&self) -> Option<SelectionBox> {
        match &self.gesture {
            Gesture::Drag(drag) => drag.frame_now(),
            _ => self.look_at_selection().frame,
        }
    }

    pub(super) fn selected(&self) -> impl Iterator<Item = &Element> {
        self.selection.iter().filter_map(|id| self.document().element(*id))
    }

    /// The selection is another, or something of it may be.
    pub(super) fn look_at_selection_again(&mut self) {
        self.seen = OnceLock::new();
    }

    fn look_at_selection(&self) -> &Seen {
        self.seen.get_or_init(|| Seen { info: self.info_now(), frame: self.still_frame() })
    }

    fn info_now(&self) -> SelectionInfo {
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

    /// The frame while nothing is dragged.
    fn still_frame(&self) -> Option<SelectionBox> {
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
}
