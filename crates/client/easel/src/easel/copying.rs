use super::Easel;
use crate::{Figure, Tool};
use atrium_board::ink::{Points, pack};
use atrium_board::limits::EDIT_POINTS;
use atrium_board::{Bounds, Edit, ElementId, Frame, NewElement, OrderKey, Shape};
use glam::Vec2;

/// How far a copy lies from what it is one of, in pixels.
const ASIDE_PIXELS: f32 = 16.0;
/// Most things that are kept for pasting.
const KEPT: usize = 20_000;
/// Steps of 1/64 mm: a copy of a copy of a stroke is still that stroke.
const PRECISION: u8 = 6;

impl Easel {
    /// Keeps what is selected for pasting.
    pub(super) fn copy(&mut self) {
        let mut elements: Vec<_> = self.selected().collect();
        if elements.is_empty() {
            return;
        }
        elements.sort_by(|a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        self.clipboard = elements.into_iter().take(KEPT).map(Figure::of).collect();
        self.pastes = 0;
    }

    /// Whether something was kept for pasting.
    pub fn has_copied(&self) -> bool {
        !self.clipboard.is_empty()
    }

    /// What was kept for pasting.
    pub fn clipboard(&self) -> &[Figure] {
        &self.clipboard
    }

    /// Keeps what was copied at another board.
    pub fn set_clipboard(&mut self, mut figures: Vec<Figure>) {
        figures.truncate(KEPT);
        (self.clipboard, self.pastes) = (figures, 0);
    }

    /// Puts up what was kept. Without a place: where it was if that is in view, each time a little further aside, else in the
    /// middle of the view.
    pub(super) fn paste(&mut self, at: Option<Vec2>) {
        if self.clipboard.is_empty() || !self.may_change() {
            return;
        }
        let bounds = self.clipboard.iter().fold(Bounds::NOTHING, |bounds, it| bounds.union(Bounds::of(it.corners())));
        let seen = self.seen();
        self.pastes += 1;
        let aside = Vec2::splat(self.pixels(ASIDE_PIXELS) * self.pastes as f32);
        let by = match at {
            Some(at) => at - bounds.center(),
            None if seen.contains(bounds.center() + aside) => aside,
            None => seen.center() - bounds.center(),
        };
        let figures = self.clipboard.iter().map(|figure| moved(figure, by)).collect();
        self.put_up(figures);
    }

    pub(super) fn duplicate(&mut self) {
        if self.selection.is_empty() || !self.may_change() {
            return;
        }
        let aside = Vec2::splat(self.pixels(ASIDE_PIXELS));
        let figures = self.selected_figures().iter().map(|figure| moved(figure, aside)).collect();
        self.put_up(figures);
    }

    /// A copy exactly where the selection is, which is selected instead.
    pub(super) fn copy_in_place(&mut self) {
        let figures = self.selected_figures();
        self.put_up(figures);
    }

    /// From the bottom up.
    fn selected_figures(&self) -> Vec<Figure> {
        let mut elements: Vec<_> = self.selected().collect();
        elements.sort_by(|a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        elements.into_iter().map(Figure::of).collect()
    }

    /// New elements above everything, in this order, which are selected then.
    pub(super) fn put_up(&mut self, figures: Vec<Figure>) -> bool {
        let page = self.page();
        let mut last = self.document().top(page).cloned();
        let (mut edits, mut ids) = (Vec::new(), Vec::new());
        for figure in figures.iter().filter(|figure| figure.frame.is_possible()) {
            let (id, order) = (self.ids.element(), OrderKey::between(last.as_ref(), None));
            ids.push(id);
            add(figure, id, page, order.clone(), &mut edits);
            last = Some(order);
        }
        let gesture = self.new_gesture();
        let is_done = !ids.is_empty() && self.propose(gesture, edits);
        if is_done {
            self.set_tool(Tool::Select);
            self.select(ids);
            self.keep_selection_real();
        }
        is_done
    }
}

fn moved(figure: &Figure, by: Vec2) -> Figure {
    let frame = Frame { position: figure.frame.position + by, ..figure.frame };
    Figure { frame, ..figure.clone() }
}

/// What makes an element like a figure; long strokes take several edits.
fn add(figure: &Figure, id: ElementId, page: atrium_board::PageId, order: OrderKey, edits: &mut Vec<Edit>) {
    let mut rest = Vec::new();
    let shape = match &figure.shape {
        Shape::Ink { is_highlighter, points, .. } => {
            let mut chunks = chunks_of(points);
            let first = if chunks.is_empty() { Vec::new() } else { chunks.remove(0) };
            rest = chunks;
            NewElement::Ink { is_highlighter: *is_highlighter, points: first, is_finished: rest.is_empty() }
        }
        Shape::Line { ends, is_arrow } => NewElement::Line { ends: ends.map(Vec2::into), is_arrow: *is_arrow },
        Shape::Rectangle { size } => NewElement::Rectangle { size: *size },
        Shape::Ellipse { size } => NewElement::Ellipse { size: *size },
        Shape::Text { text, wrap_mm, size } => NewElement::Text { text: text.clone(), wrap_mm: *wrap_mm, size: *size },
        Shape::Sticky { text, size } => NewElement::Sticky { text: text.clone(), size: *size },
        Shape::Image { hash, size } => NewElement::Image { hash: *hash, size: *size },
    };
    let (frame, style) = (figure.frame, figure.style);
    edits.push(Edit::Add { id, page, order, frame, style, shape });
    let last = rest.len();
    for (index, points) in rest.into_iter().enumerate() {
        edits.push(Edit::Ink { id, points, is_last: index + 1 == last });
    }
}

fn chunks_of(points: &Points) -> Vec<Vec<u8>> {
    let points: Vec<_> = points.iter().collect();
    points.chunks(EDIT_POINTS / 2).map(|chunk| pack(chunk, PRECISION)).collect()
}
