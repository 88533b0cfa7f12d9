//! Sound placement: says to the sound engine where everybody is and what people chose, and hears what it has to tell.
//!
//! Voices themselves never come here: they go from the network to the engine and back.

mod choices;
mod devices;
mod hear;
mod keys;
mod mute;
mod place;
#[cfg(test)]
mod sample;
mod volumes;

pub use choices::FixedDevices;
pub(crate) use hear::SoundTold;
pub use hear::{Heard, MicrophoneLevel};
pub use mute::OwnMute;

use crate::frame::Frame;
use crate::screen::AppScreen;
use atrium_audio::{Sound, SoundCommand};
use bevy::platform::cell::SyncCell;
use bevy::prelude::*;

/// The running sound engine. A machine on which it cannot start has none, and its people read instead.
#[derive(Resource)]
pub struct SoundEngine(SyncCell<Sound>);

impl SoundEngine {
    /// Gives the engine to the scene.
    pub fn new(sound: Sound) -> Self {
        Self(SyncCell::new(sound))
    }

    fn sound(&mut self) -> &mut Sound {
        self.0.get()
    }

    /// Says something; false when it has to be said again in another frame.
    fn tell(&mut self, command: SoundCommand) -> bool {
        self.sound().command(command).is_ok()
    }
}

/// Oneself is heard by oneself instead of by others.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, Deref, DerefMut)]
pub struct VoiceTest(pub bool);

/// The key of push-to-talk is held.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, Deref, DerefMut)]
pub struct HoldsToTalk(pub bool);

pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<VoiceTest>()
        .init_resource::<HoldsToTalk>()
        .init_resource::<OwnMute>()
        .init_resource::<FixedDevices>()
        .init_resource::<MicrophoneLevel>()
        .init_resource::<devices::KnownDevices>()
        .add_message::<Heard>()
        .add_message::<SoundTold>()
        .add_systems(Update, (keys::hold, devices::look).in_set(Frame::Sense))
        .add_systems(Update, mute::say.in_set(Frame::Publish))
        .add_systems(OnEnter(AppScreen::Entering), (mute::forget, end_test))
        .add_systems(OnExit(AppScreen::InRoom), end_test)
        .add_systems(Update, hear::listen.in_set(Frame::Receive).run_if(resource_exists::<SoundEngine>))
        .add_systems(
            Update,
            (choices::choose, volumes::turn_up, choices::enter, place::place)
                .in_set(Frame::Publish)
                .run_if(resource_exists::<SoundEngine>),
        );
}

/// Nobody sits in a meeting, or before one, unheard because of a test that they began elsewhere.
fn end_test(mut test: ResMut<VoiceTest>) {
    **test = false;
}
