//! Small things to choose, drawn and not written: colours, widths, kinds of lines.

use super::tools::ColorOf;
use crate::theme::{Palette, RADIUS, TOUCH, contrast};
use crate::widgets::focus_ring;
use atrium_board::Color;
use atrium_easel::mesh::Paper;
use egui::{Color32, CornerRadius, Painter, Rect, Response, Rgba, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};
use egui::{WidgetType, vec2};

/// A button with a picture on it, one of several to choose from.
pub(super) fn option(ui: &mut Ui, name: &str, is_on: bool, paint: impl FnOnce(&Painter, Rect, Color32)) -> Response {
    pictured(ui, name, is_on, Vec2::splat(TOUCH), paint)
}

/// The same for something that opens.
pub(super) fn opener(ui: &mut Ui, name: &str, is_open: bool, paint: impl FnOnce(&Painter, Rect, Color32)) -> Response {
    let response = bare(ui, name, is_open, Vec2::splat(TOUCH));
    let palette = Palette::of(ui);
    if is_open || response.hovered() {
        let fill = if is_open { palette.pressed } else { palette.hovered };
        ui.painter().rect_filled(response.rect, CornerRadius::same(RADIUS), fill);
    }
    paint(ui.painter(), response.rect.shrink(6.0), palette.text);
    focus_ring(ui, &response, response.rect);
    response.on_hover_text(name)
}

fn bare(ui: &mut Ui, name: &str, is_on: bool, size: Vec2) -> Response {
    let (_, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, is_on, name));
    response.on_hover_cursor(egui::CursorIcon::PointingHand)
}

fn pictured(ui: &mut Ui, name: &str, is_on: bool, size: Vec2, paint: impl FnOnce(&Painter, Rect, Color32)) -> Response {
    let response = bare(ui, name, is_on, size);
    let palette = Palette::of(ui);
    let (fill, ink) = match (is_on, response.hovered()) {
        (true, false) => (palette.accent, palette.on_accent),
        (true, true) => (palette.accent_hovered, palette.on_accent),
        (false, true) => (palette.hovered, palette.text),
        (false, false) => (Color32::TRANSPARENT, palette.text),
    };
    ui.painter().rect_filled(response.rect, CornerRadius::same(RADIUS), fill);
    paint(ui.painter(), response.rect.shrink(10.0), ink);
    focus_ring(ui, &response, response.rect);
    response.on_hover_text(name)
}

/// A colour to choose. The chosen one has a tick and a ring: its colour alone need not be told apart.
pub(super) fn color(ui: &mut Ui, name: &str, color: Color, of: ColorOf, is_dark: bool, is_on: bool) -> Response {
    let size = vec2(ui.spacing().interact_size.x.min(TOUCH), TOUCH);
    let response = bare(ui, name, is_on, size);
    let palette = Palette::of(ui);
    let rect = Rect::from_center_size(response.rect.center(), Vec2::splat(size.x - 10.0));
    if is_on {
        let ring = Stroke::new(2.0, palette.text);
        ui.painter().rect_stroke(rect.expand(4.0), CornerRadius::same(RADIUS), ring, StrokeKind::Inside);
    } else if response.hovered() {
        ui.painter().rect_filled(rect.expand(4.0), CornerRadius::same(RADIUS), palette.hovered);
    }
    paint(ui.painter(), rect, color, of, is_dark, is_on);
    focus_ring(ui, &response, response.rect.shrink2(vec2(1.0, 1.0)));
    response.on_hover_text(name)
}

/// A colour as it looks on the board: ink on its paper, or a note.
pub(super) fn paint(painter: &Painter, rect: Rect, color: Color, of: ColorOf, is_dark: bool, has_tick: bool) {
    let opaque = |[red, green, blue, _]: [f32; 4]| Color32::from(Rgba::from_rgb(red, green, blue));
    let paper = Paper { is_dark };
    let (ground, ink) = match of {
        ColorOf::Paper => (opaque(paper.note(color)), opaque(paper.note(color))),
        ColorOf::Ink => (opaque(paper.color()), opaque(paper.ink(color))),
    };
    let edge = Stroke::new(1.0, Color32::from_gray(128).gamma_multiply(0.6));
    painter.rect(rect, CornerRadius::same(7), ground, edge, StrokeKind::Inside);
    if of == ColorOf::Ink {
        painter.circle_filled(rect.center(), rect.width() * 0.36, ink);
    }
    if has_tick {
        let dark = Color32::from_gray(0x18);
        let tick = if contrast(ink, Color32::WHITE) > contrast(ink, dark) { Color32::WHITE } else { dark };
        crate::Icon::Check.paint(painter, Rect::from_center_size(rect.center(), rect.size() * 0.5), tick);
    }
}

/// A stroke of that width.
pub(super) fn width(painter: &Painter, rect: Rect, step: usize, ink: Color32) {
    let radius = [1.5, 2.75, 4.5, 7.0][step.min(3)];
    painter.circle_filled(rect.center(), radius, ink);
}

/// A shape that is filled with nothing, a tint, or its colour.
pub(super) fn fill(painter: &Painter, rect: Rect, fill: atrium_board::Fill, ink: Color32) {
    let ground = match fill {
        atrium_board::Fill::None => Color32::TRANSPARENT,
        atrium_board::Fill::Tint => ink.gamma_multiply(0.3),
        atrium_board::Fill::Solid => ink,
    };
    let square = Rect::from_center_size(rect.center(), Vec2::splat(18.0));
    painter.rect(square, CornerRadius::same(3), ground, Stroke::new(1.8, ink), StrokeKind::Inside);
}

/// A line with or without gaps.
pub(super) fn dash(painter: &Painter, rect: Rect, dash: atrium_board::Dash, ink: Color32) {
    let ends = [rect.left_center(), rect.right_center()];
    match dash {
        atrium_board::Dash::Solid => {
            painter.line_segment(ends, Stroke::new(2.2, ink));
        }
        atrium_board::Dash::Dashed => {
            painter.extend(egui::Shape::dashed_line(&ends, Stroke::new(2.2, ink), 5.0, 2.5));
        }
        atrium_board::Dash::Dotted => {
            let dots = (0..5_u8).map(|dot| ends[0].lerp(ends[1], (f32::from(dot) + 0.5) / 5.0));
            dots.for_each(|at| {
                painter.circle_filled(at, 1.5, ink);
            });
        }
    }
}

/// A letter of a size.
pub(super) fn letter(painter: &Painter, rect: Rect, step: usize, ink: Color32) {
    let points = [10.0, 14.0, 18.0, 24.0][step.min(3)];
    let font = egui::FontId::proportional(points);
    painter.text(rect.center(), egui::Align2::CENTER_CENTER, "A", font, ink);
}

/// Lines of text that stand left, in the middle, or right.
pub(super) fn align(painter: &Painter, rect: Rect, align: atrium_board::Align, ink: Color32) {
    for (line, width) in [18.0_f32, 11.0, 15.0].into_iter().enumerate() {
        let free = rect.width() - width;
        let left = match align {
            atrium_board::Align::Start => 0.0,
            atrium_board::Align::Middle => free / 2.0,
            atrium_board::Align::End => free,
        };
        let y = rect.center().y + (line as f32 - 1.0) * 5.5;
        painter.hline(rect.left() + left..=rect.left() + left + width, y, Stroke::new(2.0, ink));
    }
}
