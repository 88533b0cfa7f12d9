//! What was said, and the field to say something.

use crate::chat_time::Local;
use crate::state::CHAT_CHARS;
use crate::theme::{GRID, Palette, Type};
use crate::widgets::{Action, Kind, multiline_field, muted, text};
use crate::{Icon, Intent, Key, MeetingIntent, PanelIntent, RoomView, View};
use atrium_protocol::ChatMessage;
use egui::{Event, Id, Label, RichText, ScrollArea, Ui, vec2};
use std::collections::HashMap;
use std::sync::Arc;

/// Heights of messages by their sequence, for one width: what is out of sight is not laid out again.
type Heights = HashMap<u64, f32>;

/// Shows the chat's tab.
pub(super) fn draw(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    let foot = foot_height(view);
    let height = (ui.available_height() - foot - GRID).max(40.0);
    ui.allocate_ui(vec2(ui.available_width(), height), |ui| messages(ui, view, room));
    intents.extend(field(ui, view));
    intents
}

fn rows(view: &View<'_>) -> usize {
    if view.surface.is_short() { 1 } else { 3 }
}

/// Room for the field and the line below it.
fn foot_height(view: &View<'_>) -> f32 {
    let rows = rows(view) as f32;
    rows * 18.0 + 2.0 * GRID + crate::theme::TOUCH + 2.0 * GRID
}

fn messages(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>) {
    ScrollArea::vertical().auto_shrink(false).stick_to_bottom(true).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - GRID);
        if room.meeting.chat().len() == 0 {
            muted(ui, view.words.say(Key("chat-empty")));
            return;
        }
        let place = Id::new("chat heights");
        let width = ui.available_width().round();
        let kept: Option<(f32, Arc<Heights>)> = ui.data(|data| data.get_temp(place));
        let mut heights = kept.filter(|(of, _)| *of == width).map(|(_, heights)| heights).unwrap_or_default();
        let seen = ui.clip_rect().expand(200.0);
        let mut before: Option<&ChatMessage> = None;
        for message in room.meeting.chat() {
            let top = ui.cursor().top();
            let known = heights.get(&message.sequence).copied();
            if let Some(height) = known.filter(|height| top + height < seen.top() || top > seen.bottom()) {
                ui.allocate_space(vec2(ui.available_width(), height));
            } else {
                let shown = ui.vertical(|ui| entry(ui, view, room, before, message)).response.rect.height();
                if known != Some(shown) {
                    Arc::make_mut(&mut heights).insert(message.sequence, shown);
                }
            }
            before = Some(message);
        }
        ui.data_mut(|data| data.insert_temp(place, (width, heights)));
    });
}

/// A message, with a line above it where a day or the unread begins.
fn entry(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>, before: Option<&ChatMessage>, message: &ChatMessage) {
    let local = |message: &ChatMessage| Local::new(message.at_ms, view.machine.utc_offset_minutes);
    let at = local(message);
    let is_new_day = before.is_none_or(|before| local(before).day() != at.day());
    if is_new_day {
        let now = Local::new(room.now_ms, view.machine.utc_offset_minutes);
        separator(ui, &at.day_name(now, view.words), Palette::of(ui).text_muted);
    }
    let is_first_unread = is_first_unread(view, before, message);
    if is_first_unread {
        separator(ui, &view.words.say(Key("chat-new")), Palette::of(ui).text_danger);
    }
    let is_same_speaker = before
        .is_some_and(|before| before.author == message.author && message.at_ms.saturating_sub(before.at_ms) < 120_000);
    if !is_same_speaker || is_new_day || is_first_unread {
        let is_mine = room.meeting.my_info().is_some_and(|me| me.person == message.author);
        let name = if is_mine { view.words.say(Key("chat-me")) } else { message.name.as_str().to_owned() };
        let color = Palette::of(ui).text_muted;
        let head = RichText::new(format!("{name} · {}", at.clock())).font(Type::Small.font()).color(color);
        ui.add(Label::new(head).wrap());
    }
    text(ui, message.text.as_str());
}

fn is_first_unread(view: &View<'_>, before: Option<&ChatMessage>, message: &ChatMessage) -> bool {
    let Some(read) = view.state.chat_read_up_to else { return false };
    message.sequence > read && before.is_some_and(|before| before.sequence <= read)
}

fn separator(ui: &mut Ui, text: &str, color: egui::Color32) {
    let font = Type::Small.font();
    let galley = ui.painter().layout(text.to_owned(), font, color, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, text));
    let at = rect.center() - galley.size() / 2.0;
    let (left, right) = (at.x - GRID, at.x + galley.size().x + GRID);
    let stroke = egui::Stroke::new(1.0, Palette::of(ui).hovered);
    ui.painter().hline(rect.left()..=left, rect.center().y, stroke);
    ui.painter().hline(right..=rect.right(), rect.center().y, stroke);
    ui.painter().galley(at, galley, color);
}

fn field(ui: &mut Ui, view: &View<'_>) -> Vec<Intent> {
    let words = view.words;
    let mut intents = Vec::new();
    let id = Id::new("chat field");
    let is_sent = ui.memory(|memory| memory.has_focus(id)) && take_enter(ui);
    let draft = view.state.chat_draft.as_str();
    let (name, hint) = (words.say(Key("chat-field")), words.say(Key("chat-hint")));
    let (response, typed) = ScrollArea::vertical()
        .id_salt("chat draft")
        .max_height(rows(view) as f32 * 18.0 + 2.0 * GRID)
        .show(ui, |ui| multiline_field(ui, id, (&name, &hint), draft, (rows(view), CHAT_CHARS)))
        .inner;
    intents.extend(typed.map(|text| PanelIntent::ChatTyped(text).into()));
    if was_just_opened(ui) {
        response.request_focus();
    }
    let can_send = !draft.trim().is_empty();
    ui.horizontal(|ui| {
        let send = Action::new(words.say(Key("chat-send"))).icon(Icon::Send).kind(Kind::Primary).enabled(can_send);
        if send.clicked(ui) || (is_sent && can_send) {
            intents.push(MeetingIntent::Say.into());
        }
        let count = draft.chars().count();
        let parts = [("count", count.into()), ("most", CHAT_CHARS.into())];
        muted(ui, words.say_with(Key("chat-count"), &parts));
    });
    intents
}

/// Whether the chat was not on the screen in the frame before.
fn was_just_opened(ui: &Ui) -> bool {
    let place = Id::new("chat was shown");
    let pass = ui.ctx().cumulative_frame_nr();
    let last: Option<u64> = ui.data(|data| data.get_temp(place));
    ui.data_mut(|data| data.insert_temp(place, pass));
    last.is_none_or(|last| last + 1 < pass)
}

/// Takes Enter without Shift, before the field sees it.
fn take_enter(ui: &Ui) -> bool {
    ui.input_mut(|input| {
        let is_enter = |event: &Event| {
            matches!(event, Event::Key { key: egui::Key::Enter, pressed: true, modifiers, .. } if !modifiers.shift)
        };
        let is_there = input.events.iter().any(is_enter);
        input.events.retain(|event| !is_enter(event));
        is_there
    })
}
