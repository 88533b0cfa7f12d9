//! Questions that must be answered before something is done.

use crate::board::questions;
use crate::state::{REASON_CHARS, removal};
use crate::theme::{GRID, Palette};
use crate::widgets::{Action, Kind, card, field, heading, muted, text, warning};
use crate::{Icon, Intent, Key, MeetingIntent, PanelIntent, Question, RoomView, View};
use atrium_protocol::{ModerateAction, ParticipantId};
use egui::{Id, Modal, ScrollArea, Ui};

const WIDTH: f32 = 400.0;

/// Shows the question that waits, if one does.
pub(crate) fn draw(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>) -> Vec<Intent> {
    match &view.state.question {
        None => Vec::new(),
        Some(Question::Leave) => leave(ui, view, room),
        Some(Question::Remove { target, is_ban, reason }) => remove(ui, view, room, (*target, *is_ban, reason)),
        Some(Question::TransferHost(target)) => transfer(ui, view, room, *target),
        Some(Question::RemovePage(page)) => questions::remove_page(ui, view, room, *page),
        Some(Question::RemoveBy(person)) => questions::remove_by(ui, view, room, *person),
    }
}

/// A sheet over everything, with the room dimmed behind it; gives whether it was put away.
pub(crate) fn sheet(ui: &Ui, view: &View<'_>, name: &str, width: f32, contents: impl FnOnce(&mut Ui)) -> bool {
    let size = view.surface.size_points;
    let (width, height) = (width.min(size.x - 6.0 * GRID), size.y - 8.0 * GRID);
    let modal = Modal::new(Id::new("sheet").with(name)).frame(card(ui)).backdrop_color(Palette::of(ui).scrim);
    let shown = modal.show(ui.ctx(), |ui| {
        ui.set_width(width);
        ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
            // Room for rings round what stands at the edge.
            egui::Frame::new().inner_margin(egui::Margin::same(4)).show(ui, |ui| {
                ui.set_width(width - 2.0 * GRID);
                contents(ui);
            });
        });
    });
    shown.should_close()
}

/// What the buttons of a question say and do.
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) icon: Icon,
    pub(crate) kind: Kind,
    pub(crate) intent: Intent,
}

/// Shows a question; "cancel" has the keyboard first, so that Enter alone does no harm.
pub(crate) fn ask(
    ui: &Ui,
    view: &View<'_>,
    title: &str,
    about: &str,
    answer: Answer,
    extra: impl FnOnce(&mut Ui, &mut Vec<Intent>),
) -> Vec<Intent> {
    let mut intents = Vec::new();
    let is_left = sheet(ui, view, "question", WIDTH, |ui| {
        heading(ui, title);
        if !about.is_empty() {
            text(ui, about);
        }
        extra(ui, &mut intents);
        ui.add_space(GRID);
        ui.horizontal_wrapped(|ui| {
            let cancel = Action::new(view.words.say(Key("cancel"))).icon(Icon::Close).show(ui);
            if cancel.clicked() {
                intents.push(PanelIntent::Dismiss.into());
            }
            if ui.memory(|memory| memory.focused().is_none()) {
                cancel.request_focus();
            }
            let Answer { text, icon, kind, intent } = answer;
            if Action::new(text).icon(icon).kind(kind).clicked(ui) {
                intents.push(intent);
            }
        });
    });
    if is_left {
        intents.push(PanelIntent::Dismiss.into());
    }
    intents
}

fn leave(ui: &Ui, view: &View<'_>, room: &RoomView<'_>) -> Vec<Intent> {
    let words = view.words;
    let others = room.meeting.others().count();
    let key = if room.is_host { Key("leave-about-host") } else { Key("leave-about") };
    let about = if others > 0 { words.say_with(key, &[("count", others.into())]) } else { String::new() };
    let answer = Answer {
        text: words.say(Key("leave-yes")),
        icon: Icon::Leave,
        kind: Kind::Danger,
        intent: MeetingIntent::Leave { is_sure: true }.into(),
    };
    ask(ui, view, &words.say(Key("leave-title")), &about, answer, |ui, _| {
        if view.state.has_unsaved {
            warning(ui, words.say(Key("leave-unsaved")));
        }
    })
}

fn name_of(room: &RoomView<'_>, id: ParticipantId) -> String {
    room.meeting.person(id).map(|person| person.name.as_str().to_owned()).unwrap_or_default()
}

fn remove(
    ui: &Ui,
    view: &View<'_>,
    room: &RoomView<'_>,
    (target, is_ban, reason): (ParticipantId, bool, &str),
) -> Vec<Intent> {
    let words = view.words;
    let name = name_of(room, target);
    let (title, about, yes) = if is_ban {
        (Key("ban-title"), Key("ban-about"), Key("ban-yes"))
    } else {
        (Key("remove-title"), Key("remove-about"), Key("remove-yes"))
    };
    let answer = Answer {
        text: words.say(yes),
        icon: Icon::Door,
        kind: Kind::Danger,
        intent: MeetingIntent::Moderate { target, action: removal(is_ban, reason) }.into(),
    };
    let title = words.say_with(title, &[("name", name.as_str().into())]);
    ask(ui, view, &title, &words.say(about), answer, |ui, intents| {
        let label = words.say(Key("reason"));
        muted(ui, &*label);
        let (_, typed) = field(ui, &label, reason, &words.say(Key("reason-hint")), REASON_CHARS);
        intents.extend(typed.map(|reason| PanelIntent::ReasonTyped(reason).into()));
    })
}

fn transfer(ui: &Ui, view: &View<'_>, room: &RoomView<'_>, target: ParticipantId) -> Vec<Intent> {
    let words = view.words;
    let name = name_of(room, target);
    let answer = Answer {
        text: words.say(Key("transfer-yes")),
        icon: Icon::Owner,
        kind: Kind::Primary,
        intent: MeetingIntent::Moderate { target, action: ModerateAction::TransferHost }.into(),
    };
    let title = words.say_with(Key("transfer-title"), &[("name", name.as_str().into())]);
    ask(ui, view, &title, &words.say(Key("transfer-about")), answer, |_, _| {})
}
