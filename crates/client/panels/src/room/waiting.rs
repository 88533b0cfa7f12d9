//! The door: who knocks, whether it is locked, everyone's microphones.

use crate::state::may_keep_order;
use crate::theme::Type;
use crate::widgets::{Action, Kind, Switch, name_line, section};
use crate::{Icon, Intent, Key, Knock, MeetingIntent, RoomView, View};
use atrium_protocol::ModerateAction;
use egui::Ui;

/// Shows the door to whoever keeps it.
pub(super) fn draw(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>) -> Vec<Intent> {
    if !may_keep_order(room.meeting) {
        return Vec::new();
    }
    let mut intents = knocks(ui, view, room.meeting.knocks());
    let Some(info) = room.meeting.info() else { return intents };
    let words = view.words;
    let locked = Switch::new(&words.say(Key("room-locked")), info.locked).moved(ui);
    intents.extend(locked.map(|locked| MeetingIntent::SetLocked(locked).into()));
    let lobby = Switch::new(&words.say(Key("room-lobby")), info.lobby).moved(ui);
    intents.extend(lobby.map(|enabled| MeetingIntent::SetLobby(enabled).into()));
    if Action::new(words.say(Key("mute-all"))).icon(Icon::MicrophoneOff).wide().clicked(ui) {
        intents.push(MeetingIntent::MuteAll.into());
    }
    intents
}

fn knocks(ui: &mut Ui, view: &View<'_>, knocks: &[Knock]) -> Vec<Intent> {
    let mut intents = Vec::new();
    if knocks.is_empty() {
        return intents;
    }
    let title = view.words.say_with(Key("people-waiting"), &[("count", knocks.len().into())]);
    section(ui, &title, |ui| {
        for knock in knocks {
            ui.push_id(knock.id, |ui| intents.extend(visitor(ui, view, knock)));
        }
    });
    intents
}

fn visitor(ui: &mut Ui, view: &View<'_>, knock: &Knock) -> Option<Intent> {
    let words = view.words;
    let mut answer = None;
    name_line(ui, knock.name.as_str(), Type::Body);
    let about = [("name", knock.name.as_str().into())];
    let (admit, deny) = (words.say_with(Key("admit-spoken"), &about), words.say_with(Key("deny-spoken"), &about));
    ui.horizontal_wrapped(|ui| {
        let yes = Action::new(words.say(Key("admit"))).icon(Icon::Check).kind(Kind::Primary).spoken(&admit);
        if yes.clicked(ui) {
            answer = Some(ModerateAction::Admit);
        }
        if Action::new(words.say(Key("deny"))).icon(Icon::Close).spoken(&deny).clicked(ui) {
            answer = Some(ModerateAction::Deny);
        }
    });
    answer.map(|action| MeetingIntent::Moderate { target: knock.id, action }.into())
}
