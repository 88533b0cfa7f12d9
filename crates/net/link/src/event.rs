use crate::encode_capture_time;
use atrium_protocol::{Lane, Micros, ParticipantId};
use bytes::Bytes;

/// A voice packet, apart from the RTP stream that carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoicePacket {
    /// RTP sequence number.
    pub sequence: u16,
    /// RTP timestamp, 48 kHz.
    pub timestamp: u32,
    /// The first packet of a talk spurt, or of a new speaker in this slot.
    pub marker: bool,
    /// RFC 6464: 0 is loudest, 127 silence.
    pub level_dbov: u8,
    /// When it was spoken, on the server's clock.
    pub captured: Option<Micros>,
    /// One Opus packet.
    pub payload: Bytes,
}

/// A voice packet with its header extensions written out, to be sent to many.
#[derive(Clone, Debug)]
pub struct OutgoingVoice {
    pub(crate) packet: VoicePacket,
    pub(crate) level: Bytes,
    pub(crate) captured: Option<Bytes>,
}

impl OutgoingVoice {
    /// Writes the extensions.
    pub fn new(packet: VoicePacket) -> Self {
        // The top bit says "contains speech" (RFC 6464 §3).
        let level = packet.level_dbov.min(127) | if packet.level_dbov < 60 { 0x80 } else { 0 };
        let captured = packet.captured.map(|captured| Bytes::copy_from_slice(&encode_capture_time(captured)));
        Self { level: Bytes::copy_from_slice(&[level]), captured, packet }
    }
}

/// What a connection says to its owner.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkEvent {
    /// A data channel is open on this end.
    LaneOpen(Lane),
    /// A message arrived.
    Message {
        /// On which lane.
        lane: Lane,
        /// At most one byte over the lane's limit: what was larger is cut there, and whoever decodes it refuses it.
        bytes: Bytes,
    },
    /// A voice packet arrived.
    Voice {
        /// The slot (always 0 on the server: a client sends one voice).
        slot: u8,
        /// Who speaks, from the CSRC; `None` on the server, which knows.
        speaker: Option<ParticipantId>,
        /// The packet.
        packet: VoicePacket,
    },
    /// The connection is over; nothing follows.
    Closed(ClosedBy),
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedBy {
    /// The other side closed it on purpose.
    Peer,
    /// Nothing was heard for too long.
    Timeout,
    /// This side closed it.
    Us,
}

/// Why a message was not taken for sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The lane is not open (any longer).
    #[error("this lane is not open")]
    NotOpen,
    /// The other side does not take what was sent before.
    #[error("this lane's queue is full")]
    Full,
    /// Over the lane's limit.
    #[error("this message is too large for its lane")]
    TooLarge,
}

/// Most bytes that may wait for the other side's acknowledgement on a lane.
pub fn queue_limit_bytes(lane: Lane) -> usize {
    match lane {
        Lane::Control => 512 * 1024,
        Lane::Board => 64 * 1024,
        Lane::Pose => 8 * 1024,
    }
}
