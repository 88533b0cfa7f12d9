//! One person: how they are, and what one may do to them.

use crate::rights::ALL_ROLES;
use crate::theme::{GRID, Palette, RADIUS, Type};
use crate::widgets::{Action, Kind, Switch, choice, focus_ring, muted, named, section, text, warning};
use crate::{Icon, Intent, Key, MeetingIntent, PanelIntent, PersonVolume, Question, Rights, RoomView, View};
use crate::{SettingsIntent, WhyUnheard};
use atrium_protocol::{Grants, ModerateAction, PersonInfo, Presence, Role};
use egui::{
    CornerRadius, Rect, Response, Sense, Slider, TextWrapMode, Ui, WidgetInfo, WidgetText, WidgetType, pos2, vec2,
};

/// Height of a row, in points.
pub(super) const ROW: f32 = 52.0;

/// Shows somebody, with what may be done to them while `is_open`.
pub(super) fn draw(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>, info: &PersonInfo, is_open: bool) -> Vec<Intent> {
    let mut intents = Vec::new();
    let me = room.meeting.my_info();
    let rights = me.map(|me| Rights::over(me, info)).unwrap_or_default();
    ui.push_id(info.id, |ui| {
        // One has one voice, on every device: nobody turns down oneself.
        let is_somebody_else = me.is_some_and(|me| me.person != info.person);
        let has_actions = is_somebody_else || !rights.is_empty();
        let row = row(ui, view, room, info, (is_open, has_actions));
        if row.clicked() && has_actions {
            intents.push(PanelIntent::Person((!is_open).then_some(info.id)).into());
        }
        if is_open && is_somebody_else {
            intents.extend(hearing(ui, view, info));
        }
        if is_open {
            intents.extend(actions(ui, view, info, &rights));
        }
    });
    intents
}

fn role_name(role: Role) -> Key {
    match role {
        Role::Guest => Key("role-guest"),
        Role::Member => Key("role-member"),
        Role::Moderator => Key("role-moderator"),
        Role::Owner => Key("role-owner"),
    }
}

/// A role in words.
pub(super) fn role_text(view: &View<'_>, role: Role) -> String {
    view.words.say(role_name(role))
}

/// What there is to say about somebody, in words.
fn facts(view: &View<'_>, room: &RoomView<'_>, info: &PersonInfo) -> Vec<String> {
    let words = view.words;
    let mut facts = vec![role_text(view, info.role)];
    let is_me = room.meeting.me() == Some(info.id);
    let told = [
        (is_me, Key("fact-you")),
        (is_muted_here(view, info), Key("fact-muted-here")),
        (unheard(view, info).is_some(), Key("fact-unheard")),
        (info.presence == Presence::Reconnecting, Key("fact-reconnecting")),
        (room.speaking.contains(&info.id), Key("fact-speaking")),
        (info.muted_by_moderator, Key("fact-muted-by-moderator")),
        (info.muted && !info.muted_by_moderator, Key("fact-muted")),
        (info.hand_raised_at_ms.is_some(), Key("fact-hand")),
        (info.presenting, Key("fact-presenting")),
    ];
    facts.extend(told.into_iter().filter(|(is_so, _)| *is_so).map(|(_, key)| words.say(key)));
    facts
}

/// Whether one does not want to hear somebody.
fn is_muted_here(view: &View<'_>, info: &PersonInfo) -> bool {
    view.settings.voice.volumes.of(info.person).is_muted
}

fn unheard(view: &View<'_>, info: &PersonInfo) -> Option<WhyUnheard> {
    view.state.sound.unheard(info.id)
}

fn row(
    ui: &mut Ui,
    view: &View<'_>,
    room: &RoomView<'_>,
    info: &PersonInfo,
    (is_open, has_actions): (bool, bool),
) -> Response {
    let sense = if has_actions { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), sense);
    let facts = facts(view, room, info).join(view.words.say(Key("separator")).as_str());
    let spoken = format!("{} — {facts}", info.name);
    let kind = if has_actions { WidgetType::Button } else { WidgetType::Label };
    response.widget_info(|| WidgetInfo::selected(kind, true, is_open, &spoken));
    let palette = Palette::of(ui);
    if is_open || (response.hovered() && has_actions) {
        let fill = if is_open { palette.raised } else { palette.hovered };
        ui.painter().rect_filled(rect, CornerRadius::same(RADIUS), fill);
    }
    icons(ui, (view, room), info, rect, has_actions.then_some(is_open));
    let room_for_text = rect.width() - 40.0 - 40.0 - GRID;
    let line = |text: &str, size: Type| {
        WidgetText::from(text).into_galley(ui, Some(TextWrapMode::Truncate), room_for_text, size.font())
    };
    let (name, below) = (line(info.name.as_str(), Type::Body), line(&facts, Type::Small));
    let left = rect.left() + 40.0;
    ui.painter().galley_with_override_text_color(pos2(left, rect.top() + 8.0), name, palette.text);
    ui.painter().galley_with_override_text_color(pos2(left, rect.top() + 28.0), below, palette.text_muted);
    focus_ring(ui, &response, rect);
    let cursor = if has_actions { egui::CursorIcon::PointingHand } else { egui::CursorIcon::Default };
    response.on_hover_cursor(cursor).on_hover_text(spoken)
}

/// How they sound at the left; at the right whether there is more.
fn icons(ui: &Ui, (view, room): (&View<'_>, &RoomView<'_>), info: &PersonInfo, rect: Rect, more: Option<bool>) {
    let palette = Palette::of(ui);
    let place = |x: f32| Rect::from_center_size(pos2(x, rect.center().y), vec2(20.0, 20.0));
    let (icon, color) = match info {
        _ if info.presence == Presence::Reconnecting => (Icon::Reconnect, palette.text_warning),
        _ if is_muted_here(view, info) => (Icon::SpeakerOff, palette.text_muted),
        _ if unheard(view, info).is_some() => (Icon::Warning, palette.text_warning),
        _ if info.muted_by_moderator => (Icon::MicrophoneLocked, palette.text_muted),
        _ if info.muted => (Icon::MicrophoneOff, palette.text_muted),
        _ if room.speaking.contains(&info.id) => (Icon::Speaker, palette.text_good),
        _ => (Icon::Microphone, palette.text_muted),
    };
    icon.paint(ui.painter(), place(rect.left() + 20.0), color);
    if let Some(is_open) = more {
        let icon = if is_open { Icon::Up } else { Icon::Down };
        icon.paint(ui.painter(), place(rect.right() - 20.0).shrink(3.0), palette.text_muted);
    }
}

/// How loud somebody is to oneself.
fn hearing(ui: &mut Ui, view: &View<'_>, info: &PersonInfo) -> Vec<Intent> {
    let words = view.words;
    let mut intents = Vec::new();
    if let Some(why) = unheard(view, info) {
        warning(ui, why.sentence(info.name.as_str(), words));
    }
    let PersonVolume { person, volume, is_muted } = view.settings.voice.volumes.of(info.person);
    let label = words.say(Key("hear-volume"));
    section(ui, &label, |ui| {
        let before = (volume * 100.0).round() as u16;
        let mut percent = before;
        ui.horizontal(|ui| {
            ui.spacing_mut().slider_width = (ui.available_width() - 64.0).clamp(80.0, 240.0);
            let most = (PersonVolume::MOST * 100.0) as u16;
            let slider = ui.add(Slider::new(&mut percent, 0..=most).step_by(5.0).show_value(false));
            named(ui, &slider, &label);
            text(ui, words.say_with(Key("percent"), &[("number", percent.into())]));
        });
        if percent != before {
            intents.push(SettingsIntent::Volume { person, volume: f32::from(percent) / 100.0 }.into());
        }
    });
    let moved = Switch::new(&words.say(Key("hear-not")), is_muted).moved(ui);
    intents.extend(moved.map(|is_muted| SettingsIntent::MutePerson { person, is_muted }.into()));
    intents
}

fn actions(ui: &mut Ui, view: &View<'_>, info: &PersonInfo, rights: &Rights) -> Vec<Intent> {
    let words = view.words;
    let mut intents = Vec::new();
    let target = info.id;
    let act = |action| Intent::from(MeetingIntent::Moderate { target, action });
    ui.horizontal_wrapped(|ui| {
        let simple = [
            (rights.mute, Key("act-mute"), Icon::MicrophoneOff, ModerateAction::Mute),
            (rights.allow_unmute, Key("act-allow-unmute"), Icon::Microphone, ModerateAction::AllowUnmute),
            (rights.lower_hand, Key("act-lower-hand"), Icon::Hand, ModerateAction::LowerHand),
        ];
        for (may, key, icon, action) in simple {
            if may && Action::new(words.say(key)).icon(icon).clicked(ui) {
                intents.push(act(action));
            }
        }
        if rights.transfer_host && Action::new(words.say(Key("act-transfer"))).icon(Icon::Owner).clicked(ui) {
            intents.push(PanelIntent::Ask(Question::TransferHost(target)).into());
        }
    });
    if !rights.roles.is_empty() {
        let role = section(ui, &words.say(Key("act-role")), |ui| roles(ui, view, info.role, &rights.roles));
        intents.extend(role.map(|role| act(ModerateAction::SetRole { role })));
    }
    if rights.grants {
        let changed = section(ui, &words.say(Key("act-grants")), |ui| grants(ui, view, info.grants));
        intents.extend(changed.map(|grants| act(ModerateAction::SetGrants { grants })));
    }
    if rights.remove {
        ui.horizontal_wrapped(|ui| {
            for (is_ban, key, icon) in [(false, Key("act-remove"), Icon::Door), (true, Key("act-ban"), Icon::Lock)] {
                if Action::new(words.say(key)).icon(icon).kind(Kind::Danger).clicked(ui) {
                    let question = Question::Remove { target, is_ban, reason: String::new() };
                    intents.push(PanelIntent::Ask(question).into());
                }
            }
        });
    } else if info.role >= Role::Moderator {
        muted(ui, words.say(Key("act-step-down-hint")));
    }
    ui.add_space(GRID);
    intents
}

fn roles(ui: &mut Ui, view: &View<'_>, current: Role, possible: &[Role]) -> Option<Role> {
    let offered = ALL_ROLES.into_iter().filter(|role| *role == current || possible.contains(role));
    let offers: Vec<_> = offered.map(|role| (role, role_text(view, role))).collect();
    choice(ui, current, &offers)
}

fn grants(ui: &mut Ui, view: &View<'_>, mut grants: Grants) -> Option<Grants> {
    let before = grants;
    let switches = [
        (&mut grants.voice, Key("grant-voice")),
        (&mut grants.draw, Key("grant-draw")),
        (&mut grants.share, Key("grant-share")),
        (&mut grants.record, Key("grant-record")),
    ];
    for (grant, key) in switches {
        if let Some(is_on) = Switch::new(&view.words.say(key), *grant).moved(ui) {
            *grant = is_on;
        }
    }
    (grants != before).then_some(grants)
}
