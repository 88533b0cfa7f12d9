use crate::theme::{Palette, RADIUS};
use egui::{CornerRadius, Rect, Response, Stroke, StrokeKind, Ui};

/// Rings whatever has the keyboard, outside of it, and brings it into view.
pub(crate) fn focus_ring(ui: &Ui, response: &Response, rect: Rect) {
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.has_focus() {
        let stroke = Stroke::new(2.0, Palette::of(ui).focus);
        let radius = CornerRadius::same(RADIUS + 2);
        ui.painter().rect_stroke(rect.expand(2.0), radius, stroke, StrokeKind::Outside);
    }
}
