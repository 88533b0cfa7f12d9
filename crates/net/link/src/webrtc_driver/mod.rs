//! A client's peer connection over the asynchronous `webrtc` crate: one per join, never renegotiated.
//!
//! [`WebrtcPeer::new`] makes the offer, [`WebrtcPeer::accept_answer`] starts the connection, and events arrive
//! on a bounded queue. Everything runs on the caller's tokio runtime; no callback of the driver ever waits.

mod answer;
mod handler;
mod lanes;
mod peer;
mod pose_queue;
mod runtime;
mod settings;
mod tcp_stream;
mod voice;

pub use handler::Arrived;
pub use peer::{PeerError, WebrtcPeer};
pub use settings::{PeerSettings, Transport};
