//! What the sound of a microphone goes through before it is encoded: a high-pass filter, echo cancellation, noise
//! suppression and gain control (all by `sonora`, a port of WebRTC's audio processing), then voice activity and level.
//!
//! Everything is 48 kHz, samples in −1…1, in blocks of 10 ms. Nothing here reads a clock or a device: whoever calls
//! hands over what the microphone heard together with what the speaker got. A block allocates (some fifty times in the
//! canceller and the gain control), so this belongs on a thread of its own and never into a device's callback.

mod settings;
mod uplink;
mod voice_activity;

pub use settings::{NoiseSuppression, UplinkSettings};
pub use uplink::{BlockReport, EchoReport, Uplink};
pub use voice_activity::VoiceActivity;

/// Samples a second.
pub const SAMPLE_RATE_HZ: u32 = 48_000;
/// Samples of one block, 10 ms.
pub const BLOCK_SAMPLES: usize = 480;
