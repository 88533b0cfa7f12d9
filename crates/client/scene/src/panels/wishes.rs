//! What panels ask of the app, said to whoever does it.

use crate::boards::{BoardDoers, BoardFacts};
use crate::panels::show::UserSettings;
use crate::sound::{OwnMute, VoiceTest};
use crate::visit::{EnterRoom, GoHome, LastEntrance, LeaveRoom};
use crate::wire::{Entrance, RoomWire, ToRoom};
use atrium_panels::{Settings, WayIn, Wish};
use atrium_protocol::{AvatarBytes, ControlUp};
use bevy::ecs::system::SystemParam;
use bevy::prelude::*;

/// Where wishes go.
#[derive(SystemParam)]
pub(super) struct Doers<'w> {
    wire: Res<'w, RoomWire>,
    entrance: Res<'w, LastEntrance>,
    pub(super) settings: ResMut<'w, UserSettings>,
    enter: MessageWriter<'w, EnterRoom>,
    leave: MessageWriter<'w, LeaveRoom>,
    home: MessageWriter<'w, GoHome>,
    pub(super) voice_test: ResMut<'w, VoiceTest>,
    pub(super) own_mute: ResMut<'w, OwnMute>,
    boards: BoardDoers<'w>,
}

impl Doers<'_> {
    /// Passes a wish on. Text for the clipboard is the caller's.
    pub(super) fn pass_on(&mut self, wish: Wish, boards: &mut BoardFacts<'_, '_>) {
        match wish {
            Wish::Board(intent) => self.boards.obey(intent, boards),
            Wish::Enter(way) => {
                let entrance = entrance(way, &self.settings);
                self.enter.write(EnterRoom(entrance));
            }
            Wish::TryAgain => match (**self.entrance).clone() {
                Some(entrance) => drop(self.enter.write(EnterRoom(entrance))),
                None => drop(self.home.write(GoHome)),
            },
            Wish::Control(ControlUp::SetMuted { muted }) => self.own_mute.ask(muted),
            Wish::Control(word) => self.wire.say(ToRoom::Control(word)),
            Wish::Say(text) => self.wire.say(ToRoom::Chat(text)),
            Wish::Invite => self.wire.say(ToRoom::Invite),
            Wish::Leave => drop(self.leave.write(LeaveRoom)),
            Wish::Home => drop(self.home.write(GoHome)),
            Wish::TestVoice(is_testing) => **self.voice_test = is_testing,
            // Settings are a resource: whoever keeps them sees that it changed.
            Wish::Copy(_) | Wish::SettingsChanged => {}
        }
    }
}

fn entrance(way: WayIn, settings: &Settings) -> Entrance {
    let name = settings.name.clone();
    let avatar = AvatarBytes::new(settings.avatar.clone()).unwrap_or_default();
    match way {
        WayIn::Host(room) => Entrance::Host { room, name, avatar },
        WayIn::Link(link) => Entrance::Join { link, name, avatar },
    }
}
