use crate::{Align, Color, Edit, Frame, IdSource, NewElement, OrderKey, PageId, Props, Style};
use glam::Vec2;

/// Height of a title's letters.
const LETTER_MM: f32 = 40.0;

/// Lines and titles, each locked and over the one before.
pub(super) struct Drawing<'a> {
    page: PageId,
    corner: Vec2,
    ids: &'a mut IdSource,
    top: Option<OrderKey>,
    edits: Vec<Edit>,
}

impl<'a> Drawing<'a> {
    /// With its upper left corner here.
    pub(super) fn new(page: PageId, corner: Vec2, ids: &'a mut IdSource, top: Option<&OrderKey>) -> Self {
        Self { page, corner, ids, top: top.cloned(), edits: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<Edit> {
        self.edits
    }

    pub(super) fn line(&mut self, from: Vec2, to: Vec2, width_mm: f32, is_arrow: bool) {
        let ends = [[0.0; 2], (to - from).into()];
        let style = Style { width_mm, ..Style::default() };
        self.add(from, style, NewElement::Line { ends, is_arrow });
    }

    /// A line of text around `middle`, in smaller letters where it would be wider than `most_mm`.
    pub(super) fn title(&mut self, middle: Vec2, text: &str, color: Color, most_mm: f32) {
        // Without fonts: letters are half as wide as high, Chinese ones as wide as high. It is wrapped at the width that
        // it may have and stands in the middle of that, so that no guess is seen.
        let letters: f32 = text.chars().map(|letter| if letter.is_ascii() { 0.55 } else { 1.0 }).sum();
        let letter_mm = (most_mm / letters.max(1.0)).min(LETTER_MM);
        let size = Vec2::new(most_mm, letter_mm * 1.3);
        let style = Style { color, letter_mm, align: Align::Middle, ..Style::default() };
        let shape = NewElement::Text { text: text.to_owned(), wrap_mm: Some(most_mm), size };
        self.add(middle - size / 2.0, style, shape);
    }

    fn add(&mut self, at: Vec2, style: Style, shape: NewElement) {
        let (id, page, frame) = (self.ids.element(), self.page, Frame::at(self.corner + at));
        let order = OrderKey::between(self.top.as_ref(), None);
        self.top = Some(order.clone());
        self.edits.push(Edit::Add { id, page, order, frame, style, shape });
        let props = Props { is_locked: Some(true), ..Props::default() };
        self.edits.push(Edit::Set { id, props });
    }
}
