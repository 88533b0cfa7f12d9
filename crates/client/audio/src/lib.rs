//! Microphone and speaker, and what lies between them and the room.

mod block;
mod device;
mod engine;

pub use atrium_spatial::{Listener, OutputMode, Reach, RoomSound};
pub use atrium_uplink::UplinkSettings;
pub use block::{BLOCK, BLOCK_SAMPLES, MonoBlock, SAMPLE_RATE_HZ, StereoBlock};
pub use device::{Cable, DeviceChoice, DeviceFault, DeviceName, DeviceNames, DeviceSide, device_names};
pub use engine::{
    Ear, Mouth, Sound, SoundClock, SoundCommand, SoundCore, SoundError, SoundEvent, SoundScene, SoundSettings,
    SpokenPacket, TalkMode, Talker, Unheard, VoiceMode, occlusion, room_sound,
};
