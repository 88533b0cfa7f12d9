//! Everything above a peer connection: the shape of the SDP, the lanes as data channels, voice slots as RTP
//! streams, budgets and bounds. The server's end and a sans-IO client's end stand on [`rtc_driver`], the
//! app's and the bots' end on `webrtc_driver`; what they send and accept is the same.

mod capture_time;
mod event;
mod offer;
pub mod rtc_driver;
mod slots;
mod stun;
#[cfg(feature = "webrtc")]
pub mod webrtc_driver;

pub use capture_time::{decode_capture_time, encode_capture_time};
pub use event::{ClosedBy, LinkEvent, OutgoingVoice, SendError, VoicePacket, queue_limit_bytes};
pub use offer::{CheckedOffer, OfferError, check_offer};
pub use slots::{SlotHeader, SlotRewriter, voice_slot, voice_slot_ssrc};
pub use stun::{StunKind, StunSummary, is_stun, summarise_stun};

#[doc(hidden)]
pub mod fuzzing;
