//! What lies between the devices and the network.

mod command;
mod core;
mod desk;
#[cfg(test)]
mod desk_tests;
mod ducking;
mod event;
mod gate;
mod guard;
mod listen;
mod missing;
mod pace;
mod scene;
mod slot;
mod sound;
mod spurt;
mod talk;
mod voice_test;

pub use self::core::SoundCore;
pub use command::{SoundCommand, TalkMode, VoiceMode};
pub use event::{SoundEvent, SpokenPacket, Talker, Unheard};
pub use scene::{Mouth, SoundScene, occlusion, room_sound};
pub use sound::{Ear, Sound, SoundClock, SoundError, SoundSettings};
