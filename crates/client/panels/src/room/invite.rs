//! A link for others.

use super::person::role_text;
use crate::chat_time::Local;
use crate::theme::{Palette, Type};
use crate::widgets::{Action, Kind, muted, text};
use crate::{Icon, Intent, Invite, Key, MeetingIntent, RoomView, View, qr};
use egui::{FontFamily, FontId, Label, RichText, Ui};

/// Shows the link, its code, and what it is good for.
pub(super) fn draw(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>) -> Vec<Intent> {
    let words = view.words;
    match room.invite {
        Some(invite) => link(ui, view, room, invite),
        None if room.is_host => {
            text(ui, words.say(Key("invite-about")));
            let make = Action::new(words.say(Key("invite-make"))).icon(Icon::Link).kind(Kind::Primary).wide();
            if make.clicked(ui) { vec![MeetingIntent::Invite.into()] } else { Vec::new() }
        }
        None => {
            text(ui, words.say(Key("invite-ask-host")));
            Vec::new()
        }
    }
}

fn link(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>, invite: &Invite) -> Vec<Intent> {
    let words = view.words;
    let mut intents = Vec::new();
    text(ui, words.say(Key("invite-link-about")));
    if Action::new(words.say(Key("invite-copy"))).icon(Icon::Copy).kind(Kind::Primary).wide().clicked(ui) {
        intents.push(Intent::Copy(invite.link.clone()));
    }
    if let Some(role) = invite.role {
        text(ui, words.say_with(Key("invite-role"), &[("role", role_text(view, role).into())]));
    }
    if let Some(expires_at_ms) = invite.expires_at_ms {
        let offset = view.machine.utc_offset_minutes;
        let ends = Local::new(expires_at_ms, offset);
        let day = ends.day_name(Local::new(room.now_ms, offset), words);
        let parts = [("day", day.into()), ("time", ends.clock().into())];
        text(ui, words.say_with(Key("invite-expires"), &parts));
    }
    let side = ui.available_width().min(280.0);
    qr::show(ui, &invite.link, side, &words.say(Key("invite-code")));
    muted(ui, words.say(Key("invite-code-about")));
    let font = FontId::new(Type::Small.points(), FontFamily::Monospace);
    ui.add(Label::new(RichText::new(&invite.link).font(font).color(Palette::of(ui).text_muted)).wrap());
    intents
}
