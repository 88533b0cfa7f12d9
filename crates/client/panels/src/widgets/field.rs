use crate::theme::{Palette, Type};
use egui::{Key, KeyboardShortcut, Margin, Modifiers, Response, TextEdit, Ui};

/// A field of one line, with a name for screen readers; gives its new text when it changed.
pub(crate) fn field(ui: &mut Ui, name: &str, text: &str, hint: &str, max_chars: usize) -> (Response, Option<String>) {
    let mut draft = text.to_owned();
    let edit = TextEdit::singleline(&mut draft)
        .hint_text(egui::RichText::new(hint).color(Palette::of(ui).text_muted))
        .char_limit(max_chars)
        .font(Type::Body.font())
        .margin(Margin::symmetric(12, 8))
        .min_size(egui::vec2(0.0, crate::theme::TOUCH))
        .vertical_align(egui::Align::Center)
        .desired_width(f32::INFINITY);
    let response = edited(ui, edit, name);
    let changed = (draft != text).then_some(draft);
    (response, changed)
}

/// A field of several lines: Shift and Enter begin a new one.
pub(crate) fn multiline_field(
    ui: &mut Ui,
    id: egui::Id,
    (name, hint): (&str, &str),
    text: &str,
    (rows, max_chars): (usize, usize),
) -> (Response, Option<String>) {
    let mut draft = text.to_owned();
    let edit = TextEdit::multiline(&mut draft)
        .id(id)
        .hint_text(egui::RichText::new(hint).color(Palette::of(ui).text_muted))
        .char_limit(max_chars)
        .font(Type::Body.font())
        .margin(Margin::symmetric(12, 8))
        .desired_rows(rows)
        .desired_width(f32::INFINITY)
        .return_key(KeyboardShortcut::new(Modifiers::SHIFT, Key::Enter));
    let response = edited(ui, edit, name);
    let changed = (draft != text).then_some(draft);
    (response, changed)
}

/// Shows the field and gives it a name.
fn edited(ui: &mut Ui, edit: TextEdit<'_>, name: &str) -> Response {
    let response = ui.add(edit);
    named(ui, &response, name);
    response
}

/// Tells screen readers what a thing is called.
pub(crate) fn named(ui: &Ui, response: &Response, name: &str) {
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
}
