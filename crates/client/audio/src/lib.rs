//! Microphone and speaker, and what lies between them and the room.
//!
//! [`Sound`] is the running engine: a thread that turns what the microphone hears into packets, and packets into what
//! both ears hear, and another one that keeps the devices open. It knows nothing of the network. The app wires it up:
//!
//! ```no_run
//! use atrium_audio::*;
//! use atrium_protocol::ParticipantId;
//! # fn send_to_the_room(_: SpokenPacket) {}
//! # fn next_packet() -> Option<(u8, atrium_voice::VoicePacket)> { None }
//! # fn main() -> Result<(), SoundError> {
//! let settings = SoundSettings { microphone: DeviceChoice::SystemDefault, ..SoundSettings::default() };
//! // Packets go straight into the session's bounded queue, spoken at `Instant::now() - packet.age`.
//! let sound = Sound::start(settings, |packet| send_to_the_room(packet))?;
//! sound.command(SoundCommand::IAm(ParticipantId(7)))?;
//! sound.command(SoundCommand::Mute(false))?;
//!
//! // On the network's thread: packets of the voice slots.
//! let ear = sound.ear();
//! while let Some((slot, packet)) = next_packet() {
//!     ear.hear(slot, std::time::Instant::now(), packet);
//! }
//! // In each frame: where everybody is (the latest counts), and what happened.
//! let mouths = vec![Mouth::new(ParticipantId(8), glam::Vec3::new(-1.0, 1.6, 0.0))];
//! sound.place(SoundScene { ears: Listener::default(), mouths });
//! for event in sound.events() {
//!     if let SoundEvent::CannotHear { person, why } = event {
//!         println!("you cannot hear {person:?}: {why}");
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Clocks
//! What the speaker's device takes is the engine's clock: two periods of 10 ms are kept ready, so a block is made when
//! one of them is gone, [`MADE_AHEAD`] before it is needed. A microphone's device has a clock of its own; its sound is resampled, by some millionths faster or
//! slower, so that it neither starves nor piles up. A device that is far from the rate that it claims is measured, told
//! of, and used with its true rate. Files, cables and silence run with the clock on the wall, in the same periods.
//!
//! # Threads
//! A device's callback only moves samples through a lock-free ring: it does not wait, allocate or log, and a test
//! proves it. Devices are opened, watched and opened again on a thread of their own, since that may take seconds.
//! Between the threads are bounded queues: packets that find no room are lost, as on the network; commands are refused
//! ([`SoundError::Busy`]); of events the newest are lost; scenes replace one another.
//!
//! [`SoundCore`] is all of it but threads and devices, on whatever clock the caller has.

mod block;
mod device;
mod engine;

pub use atrium_spatial::{Listener, OutputMode, Reach, RoomSound};
pub use atrium_uplink::{NoiseSuppression, UplinkSettings};
pub use block::{BLOCK, BLOCK_SAMPLES, MADE_AHEAD, MonoBlock, SAMPLE_RATE_HZ, StereoBlock};
pub use device::{Cable, DeviceChoice, DeviceFault, DeviceName, DeviceNames, DeviceSide, device_names};
pub use engine::{
    Ear, Mouth, Sound, SoundClock, SoundCommand, SoundCore, SoundError, SoundEvent, SoundScene, SoundSettings,
    SpokenPacket, TalkMode, Talker, Unheard, VoiceMode, occlusion, room_sound,
};
