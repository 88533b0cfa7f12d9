//! Voice: the Opus codec, and the jitter buffer that makes an even stream out of uneven packets.
//!
//! Everything is 48 kHz, samples in −1…1. [`OpusEncoder`] makes RTP payloads (RFC 7587), of one voice or of music with
//! left and right; [`VoiceReceiver`] takes the packets of one voice slot and gives samples whenever it is asked, in front
//! of it a [`JitterBuffer`], which knows packets and time but no sound. Decoding is always to left and right, since any
//! packet may be of either kind: who renders a voice in a place pulls the mean of both. Nothing here reads a clock or
//! does IO; any bytes from the network give sound, concealment or silence, never an error that one must handle.

mod decoder;
mod delay_estimate;
mod encoder;
mod error;
mod expected_loss;
mod frame_copy;
#[doc(hidden)]
pub mod fuzzing;
mod jitter_buffer;
mod jitter_types;
mod level;
mod pace;
mod packet;
mod receiver;
mod stream;
mod stretch;

pub use decoder::OpusDecoder;
pub use encoder::{EncoderMode, EncoderSettings, FrameDuration, OpusEncoder};
pub use error::VoiceError;
pub use expected_loss::ExpectedLoss;
pub use jitter_buffer::{JITTER_PACKETS, JitterBuffer};
pub use jitter_types::{Arrival, JitterSettings, JitterStats, Playout};
pub use level::{SILENT_DBOV, level_dbov};
pub use packet::{PacketInfo, VoicePacket};
pub use receiver::{VoiceReceiver, VoiceStats};

/// Samples a second.
pub const SAMPLE_RATE_HZ: u32 = 48_000;
/// Samples of the usual frame, 20 ms.
pub const FRAME_SAMPLES: usize = 960;
/// Most samples that one packet may have, 120 ms (RFC 6716).
pub const PACKET_SAMPLES_MAX: usize = 5_760;
