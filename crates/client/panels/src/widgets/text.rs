use crate::Icon;
use crate::theme::{GRID, Palette, RADIUS, Type};
use egui::{Align2, CornerRadius, Frame, Label, Margin, Pos2, Response, RichText, Ui, vec2};

fn label(ui: &mut Ui, text: impl Into<String>, size: Type, color: egui::Color32) -> Response {
    ui.add(Label::new(RichText::new(text).font(size.font()).color(color)).wrap())
}

/// What a panel is about.
pub(crate) fn heading(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = Palette::of(ui).text;
    label(ui, text, Type::Heading, color)
}

/// What a section is about.
pub(crate) fn lead(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = Palette::of(ui).text;
    label(ui, text, Type::Lead, color)
}

/// Plain text.
pub(crate) fn text(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = Palette::of(ui).text;
    label(ui, text, Type::Body, color)
}

/// Text that matters less.
pub(crate) fn muted(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = Palette::of(ui).text_muted;
    label(ui, text, Type::Small, color)
}

/// Text about something to mind, with a sign.
pub(crate) fn warning(ui: &mut Ui, text: impl Into<String>) {
    let color = Palette::of(ui).text_warning;
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), egui::Sense::hover());
        Icon::Warning.paint(ui.painter(), rect, color);
        label(ui, text, Type::Small, color);
    });
}

/// Somebody's name on one line; what does not fit shows under the pointer.
pub(crate) fn name_line(ui: &mut Ui, name: &str, size: Type) -> Response {
    let color = Palette::of(ui).text;
    let label = Label::new(RichText::new(name).font(size.font()).color(color)).truncate().selectable(false);
    ui.add(label)
}

/// A named group of a panel.
pub(crate) fn section<R>(ui: &mut Ui, title: &str, contents: impl FnOnce(&mut Ui) -> R) -> R {
    ui.add_space(GRID);
    muted(ui, title);
    contents(ui)
}

/// A panel's ground.
pub(crate) fn card(ui: &Ui) -> Frame {
    let palette = Palette::of(ui);
    let edge = if ui.visuals().dark_mode { palette.hovered } else { palette.raised };
    Frame::new()
        .fill(palette.surface)
        .corner_radius(CornerRadius::same(RADIUS))
        .inner_margin(Margin::same(16))
        // A hair of an edge, for what is as dark behind it; it takes no room.
        .stroke(egui::Stroke::new(1.0, edge))
        .outer_margin(Margin::same(-1))
        .shadow(ui.visuals().window_shadow)
}

/// A number in a dot: how many there are of something new.
pub(crate) fn badge(ui: &Ui, center: Pos2, count: usize) {
    let palette = Palette::of(ui);
    let text = if count > 99 { "99+".to_owned() } else { count.to_string() };
    let galley = ui.painter().layout_no_wrap(text, Type::Small.font(), palette.on_accent);
    let size = vec2((galley.size().x + 8.0).max(16.0), 16.0);
    let rect = Align2::CENTER_CENTER.anchor_size(center, size);
    ui.painter().rect_filled(rect, CornerRadius::same(8), palette.danger);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, palette.on_accent);
}
