//! The microphone in the bar: whether others hear one, and why not.

use crate::widgets::{Action, Beside};
use crate::{Icon, Intent, Key, MeetingIntent, RoomView, SoundSide, Talk, View};
use egui::Ui;

/// How one's microphone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Microphone {
    On,
    WaitsForKey,
    KeyHeld,
    Muted,
    MutedByModerator,
    NotGranted,
    Tested,
}

impl Microphone {
    fn of(view: &View<'_>, room: &RoomView<'_>) -> Self {
        match room.meeting.my_info() {
            _ if view.sound.is_testing => Self::Tested,
            Some(me) if !me.grants.voice => Self::NotGranted,
            Some(me) if me.muted_by_moderator => Self::MutedByModerator,
            Some(_) if view.is_muted(room) => Self::Muted,
            _ if view.settings.voice.talk == Talk::Open => Self::On,
            _ if view.sound.is_holding_to_talk => Self::KeyHeld,
            _ => Self::WaitsForKey,
        }
    }

    /// Its icon, its word, and what a press of it does.
    fn look(self) -> (Icon, Key, Key) {
        match self {
            Self::On => (Icon::Microphone, Key("bar-microphone-on"), Key("bar-microphone-on-hint")),
            Self::WaitsForKey => (Icon::Microphone, Key("bar-microphone-hold"), Key("bar-microphone-hold-hint")),
            Self::KeyHeld => (Icon::Microphone, Key("bar-microphone-held"), Key("bar-microphone-held-hint")),
            Self::Muted => (Icon::MicrophoneOff, Key("bar-microphone-off"), Key("bar-microphone-off-hint")),
            Self::MutedByModerator => {
                (Icon::MicrophoneLocked, Key("bar-microphone-off"), Key("bar-microphone-locked-hint"))
            }
            Self::NotGranted => {
                (Icon::MicrophoneLocked, Key("bar-microphone-off"), Key("bar-microphone-not-granted-hint"))
            }
            Self::Tested => (Icon::Speaker, Key("bar-microphone-test"), Key("bar-microphone-test-hint")),
        }
    }

    fn pressed(self) -> Option<Intent> {
        match self {
            Self::On | Self::WaitsForKey | Self::KeyHeld => Some(MeetingIntent::SetMuted(true).into()),
            Self::Muted => Some(MeetingIntent::SetMuted(false).into()),
            Self::Tested => Some(Intent::TestVoice(false)),
            Self::MutedByModerator | Self::NotGranted => None,
        }
    }
}

/// Shows one's microphone; a press mutes or unmutes it, or ends a test.
pub(super) fn button(ui: &mut Ui, view: &View<'_>, room: &RoomView<'_>, width: f32) -> Option<Intent> {
    let microphone = Microphone::of(view, room);
    let (mut icon, mut text, hint) = microphone.look();
    let mut hint = view.words.say(hint);
    let pressed = microphone.pressed();
    let problem = view.state.sound.device(SoundSide::Microphone).filter(|_| pressed.is_some());
    if let Some(fault) = problem {
        icon = Icon::MicrophoneProblem;
        if microphone != Microphone::Muted {
            text = Key("bar-microphone-problem");
        }
        hint = format!("{hint}\n{}", fault.sentence(SoundSide::Microphone, view.words));
    }
    let action = Action::new(view.words.say(text)).icon(icon).enabled(pressed.is_some()).spoken(&hint);
    let beside = beside(view, microphone).filter(|_| problem.is_none());
    let action = action.warning(problem.is_some() || microphone == Microphone::Tested).beside(beside);
    let action = if microphone == Microphone::KeyHeld { action.on(true) } else { action };
    let button = action.stacked(width).show(ui).on_hover_text(&hint);
    pressed.filter(|_| button.clicked())
}

fn beside(view: &View<'_>, microphone: Microphone) -> Option<Beside> {
    let sent = view.sound.input.filter(|input| input.is_sent);
    match microphone {
        Microphone::On | Microphone::KeyHeld if sent.is_some() => sent.map(|input| Beside::Bars(input.level_dbov)),
        Microphone::WaitsForKey | Microphone::KeyHeld => Some(Beside::Cap("B")),
        _ => None,
    }
}
