//! Who waits, whose hands are up, who is here.

use super::{person, waiting};
use crate::theme::GRID;
use crate::widgets::{Action, muted, section, text};
use crate::{Icon, Intent, Key, MeetingIntent, RoomView, View};
use egui::{Ui, vec2};

/// Shows the people's tab.
pub(super) fn draw(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>) -> Vec<Intent> {
    let mut intents = waiting::draw(ui, view, room);
    if view.state.has_given_away {
        let take_back = Action::new(view.words.say(Key("recall-host"))).icon(Icon::Owner).wide();
        if take_back.clicked(ui) {
            intents.push(MeetingIntent::RecallHost.into());
        }
    }
    hands(ui, view, room);
    intents.extend(everyone(ui, view, room));
    intents
}

fn hands(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>) {
    let hands = room.meeting.hands();
    if hands.is_empty() {
        return;
    }
    section(ui, &view.words.say(Key("people-hands")), |ui| {
        for (index, person) in hands.iter().enumerate() {
            let parts = [("number", (index + 1).into()), ("name", person.name.as_str().into())];
            text(ui, view.words.say_with(Key("people-hand-line"), &parts));
        }
    });
}

fn everyone(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    ui.add_space(GRID);
    muted(ui, view.words.say_with(Key("people-in-room"), &[("count", room.meeting.people().len().into())]));
    // Only rows near what is seen are drawn: two hundred cost too much in every frame.
    let seen = ui.clip_rect().expand(ui.clip_rect().height().min(400.0));
    for info in room.meeting.people() {
        let is_open = view.state.person == Some(info.id);
        let top = ui.cursor().top();
        if !is_open && (top > seen.bottom() || top + person::ROW < seen.top()) {
            ui.allocate_space(vec2(ui.available_width(), person::ROW));
            continue;
        }
        intents.extend(person::draw(ui, view, room, info, is_open));
    }
    intents
}
