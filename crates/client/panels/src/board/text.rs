//! Text that is typed on a board: a field over its place, so that every input method works.

use super::state::shortened;
use super::{BoardIntent, BoardText};
use crate::theme::{DARK, LIGHT};
use crate::widgets::named;
use crate::{Intent, Key, View};
use atrium_board::{Align as TextAlign, limits};
use egui::text::LayoutJob;
use egui::text_edit::TextEditState;
use egui::{Align, Align2, Area, Color32, Context, Event, EventFilter, FontFamily, FontId, Frame, Galley, Id};
use egui::{ImeEvent, Key as Pressed, Margin, Order, Pos2, Rect, TextBuffer, TextEdit, Ui, pos2};
use std::sync::Arc;

/// The field.
fn field_id() -> Id {
    Id::new("board text")
}

/// Whether the field has the keyboard: then every key is its own.
pub(super) fn has_keyboard(ctx: &Context) -> bool {
    ctx.memory(|memory| memory.has_focus(field_id()))
}

/// Letters while an input method still composes them: they are nobody else's yet.
#[derive(Clone, Debug, Default)]
struct Composing(Option<String>);

/// Shows the field over the text, within `canvas`.
pub(super) fn draw(ui: &Ui, view: &View<'_>, text: &BoardText<'_>, (canvas, is_dark): (Rect, bool)) -> Vec<Intent> {
    let ctx = ui.ctx();
    let kept: Composing = ctx.data(|data| data.get_temp(field_id())).unwrap_or_default();
    let is_composing = is_composing(ctx, kept.0.is_some());
    let mut draft = kept.0.unwrap_or_else(|| text.text.to_owned());
    if super::is_new(ui, "board text is new") {
        begin(ctx, &draft);
    }
    let is_ended = !is_composing && takes_end(ctx);
    let lost = show(ui, view, text, (canvas, is_dark), &mut draft);
    let draft = shortened(draft, limits::TEXT_BYTES);
    let kept = Composing((is_composing && lost != Lost::ToTheBoard).then(|| draft.clone()));
    ctx.data_mut(|data| data.insert_temp(field_id(), kept));
    let mut intents = Vec::new();
    if (!is_composing || lost == Lost::ToTheBoard) && draft != text.text {
        intents.push(BoardIntent::TextTyped(draft).into());
    }
    if is_ended || lost == Lost::ToTheBoard {
        ctx.data_mut(|data| data.remove::<Composing>(field_id()));
        ctx.memory_mut(|memory| memory.surrender_focus(field_id()));
        intents.push(BoardIntent::TextDone.into());
    } else if !view.state.is_modal() && (lost == Lost::ToAPanel || ctx.memory(|memory| memory.focused().is_none())) {
        // A colour is chosen with the mouse, and typing goes on.
        ctx.memory_mut(|memory| memory.request_focus(field_id()));
    }
    intents
}

/// How the field lost the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    No,
    ToTheBoard,
    ToAPanel,
}

/// A new text has the keyboard, and its cursor at the end.
fn begin(ctx: &Context, text: &str) {
    let mut state = TextEditState::default();
    let end = egui::text::CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(egui::text::CCursorRange::one(end)));
    state.store(ctx, field_id());
    ctx.data_mut(|data| data.remove::<Composing>(field_id()));
    ctx.memory_mut(|memory| memory.request_focus(field_id()));
}

/// Follows what an input method says in this frame.
fn is_composing(ctx: &Context, was: bool) -> bool {
    ctx.input(|input| {
        // Some systems say nothing more of a composition when the window loses the keyboard.
        input.focused
            && input.events.iter().fold(was, |is, event| match event {
                Event::Ime(ImeEvent::Preedit { text, .. }) => !text.is_empty(),
                Event::Ime(ImeEvent::Commit(_)) => false,
                _ => is,
            })
    })
}

/// Takes Escape, and Enter with Ctrl: both end the text.
fn takes_end(ctx: &Context) -> bool {
    if !has_keyboard(ctx) {
        return false;
    }
    ctx.input_mut(|input| {
        let is_end = |event: &Event| match event {
            Event::Key { key: Pressed::Escape, pressed: true, .. } => true,
            Event::Key { key: Pressed::Enter, pressed: true, modifiers, .. } => modifiers.command || modifiers.ctrl,
            _ => false,
        };
        let is_there = input.events.iter().any(is_end);
        input.events.retain(|event| !is_end(event));
        is_there
    })
}

fn show(ui: &Ui, view: &View<'_>, text: &BoardText<'_>, (canvas, is_dark): (Rect, bool), draft: &mut String) -> Lost {
    let font = FontId::new(text.font_points.clamp(4.0, 400.0), FontFamily::Proportional);
    let [red, green, blue] = text.color;
    let color = Color32::from_rgb(red, green, blue);
    let halign = halign(text.align);
    let wrap = if text.is_wrapped { text.rect.width().max(font.size) } else { f32::INFINITY };
    let layout = |ui: &Ui, text: &str| lay_out(ui, text, &font, color, wrap, halign);
    let galley = layout(ui, draft);
    let natural = galley.size().x + 2.0 * font.size;
    let width = if text.is_wrapped { wrap } else { natural.max(text.rect.width()) };
    let height = galley.size().y.max(font.size);
    let (place, pivot) = anchor(text, halign);
    let area = Area::new(field_id().with("area")).order(Order::Middle).fixed_pos(place).pivot(pivot).constrain(false);
    let shown = area.fade_in(false).show(ui.ctx(), |ui| {
        ui.set_clip_rect(canvas);
        ui.set_max_width(width);
        ui.set_min_size(egui::vec2(width, height));
        ui.visuals_mut().selection.stroke.color = color;
        ui.visuals_mut().text_cursor.stroke = egui::Stroke::new((font.size * 0.06).clamp(1.5, 6.0), color);
        let mut layouter = |ui: &Ui, text: &dyn TextBuffer, _: f32| layout(ui, text.as_str());
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, escape: true, tab: false };
        let edit = TextEdit::multiline(draft)
            .id(field_id())
            .frame(Frame::NONE)
            .margin(Margin::ZERO)
            .desired_rows(1)
            .desired_width(width)
            .min_size(egui::vec2(width, height))
            .horizontal_align(halign)
            .event_filter(filter)
            .layouter(&mut layouter);
        let response = ui.add(edit);
        named(ui, &response, &view.words.say(Key("board-text-field")));
        response
    });
    edge(ui, shown.inner.rect.expand(font.size * 0.15), canvas, is_dark);
    lost(ui.ctx(), shown.inner.lost_focus())
}

/// A faint frame, so that one sees where one types.
fn edge(ui: &Ui, rect: Rect, canvas: Rect, is_dark: bool) {
    let layer = egui::LayerId::new(Order::Middle, field_id().with("area"));
    let color = if is_dark { DARK.focus } else { LIGHT.focus }.gamma_multiply(0.7);
    let painter = egui::Painter::new(ui.ctx().clone(), layer, canvas);
    painter.rect_stroke(rect, egui::CornerRadius::same(4), egui::Stroke::new(1.0, color), egui::StrokeKind::Outside);
}

fn lost(ctx: &Context, is_lost: bool) -> Lost {
    let is_by_pointer = ctx.input(|input| input.pointer.any_pressed() || input.pointer.any_click());
    match is_lost {
        false => Lost::No,
        true if is_by_pointer && ctx.is_pointer_over_egui() => Lost::ToAPanel,
        true => Lost::ToTheBoard,
    }
}

fn halign(align: TextAlign) -> Align {
    match align {
        TextAlign::Start => Align::Min,
        TextAlign::Middle => Align::Center,
        TextAlign::End => Align::Max,
    }
}

/// The point of the text that stays where it is while the field grows.
fn anchor(text: &BoardText<'_>, halign: Align) -> (Pos2, Align2) {
    let rect = text.rect;
    let x = match halign {
        Align::Min => rect.left(),
        Align::Center => rect.center().x,
        Align::Max => rect.right(),
    };
    let valign = if text.is_centered { Align::Center } else { Align::Min };
    let y = if text.is_centered { rect.center().y } else { rect.top() };
    (pos2(x, y), Align2([halign, valign]))
}

fn lay_out(ui: &Ui, text: &str, font: &FontId, color: Color32, wrap: f32, halign: Align) -> Arc<Galley> {
    let mut job = LayoutJob::simple(text.to_owned(), font.clone(), color, wrap);
    job.halign = halign;
    job.keep_trailing_whitespace = true;
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}
