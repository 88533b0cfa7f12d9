//! Binaural rendering: where voices sound from, and how the room answers.
//!
//! A [`Renderer`] turns up to [`VOICES_MAX`] mono voices, each with a place, into two ears, a block of
//! [`BLOCK_SAMPLES`] at a time. A voice goes three ways:
//!
//! - straight to the ears: distance, air, facing and walls in between ([`Voice::occlusion`]), then the measured response of
//!   a head ([`Hrtf`]) for its direction;
//! - by the six surfaces of the room, as mirrored voices;
//! - into the room's tail, which all voices share.
//!
//! Everything is 48 kHz, samples in −1…1, space in metres: right-handed, y up, −z ahead. Nothing here allocates while it
//! renders, reads a clock, or lets a number out that is not finite. There is no Doppler effect: a voice stays in time
//! with its lips.

mod air;
mod direct_path;
mod direction;
mod directivity;
mod distance;
mod ear_filter;
mod early_reflections;
mod error;
mod glide;
mod head_model;
mod hrtf;
mod hrtf_file;
mod late_tail;
mod limiter;
mod one_pole;
mod renderer;
mod scene;
mod tone;
mod voice_path;

pub use error::HrtfError;
pub use hrtf::{EarResponse, Hrtf, HrtfPoint};
pub use limiter::{LIMITER_CEILING, LIMITER_DELAY_SAMPLES};
pub use renderer::Renderer;
pub use scene::{Listener, OutputMode, Reach, RoomSound, Voice};

/// Samples a second.
pub const SAMPLE_RATE_HZ: u32 = 48_000;
/// Samples of a block, 10 ms.
pub const BLOCK_SAMPLES: usize = 480;
/// Most voices at once: eight people, and four for announcements and the like.
pub const VOICES_MAX: usize = 12;
/// How fast sound travels at 20 °C, in metres a second.
pub(crate) const SPEED_OF_SOUND: f32 = 343.2;
