//! Connections on the sans-IO core: no socket, no clock, no thread. The owner hands in datagrams and the
//! time, and drains datagrams and events.

mod client;
mod core;
mod profile;
mod server;

pub use client::ClientPeer;
#[cfg(feature = "webrtc")]
pub(crate) use profile::sending_track;
pub use profile::{
    AUDIO_LEVEL_URI, CAPTURE_TIME_URI, OPUS_PAYLOAD_TYPE, WireIds, media_engine, opus_codec, voice_rtp, vp8_codec,
};
pub use server::{Path, ServerPeer, ServerSettings};
