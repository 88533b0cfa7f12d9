use crate::RoomOutput;
use atrium_protocol::{CloseCode, ControlDown, Lane, ParticipantId, ReasonText, RefusalCode, encode_message, limits};
use bytes::Bytes;
use serde::Serialize;
use std::collections::VecDeque;

/// What waits to be polled.
///
/// It is bounded in effect: one input makes at most a few outputs for each person in the room (what concerns
/// many people at once is spread over ticks), and the driver drains it after every input.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    queue: VecDeque<RoomOutput>,
}

impl Outbox {
    pub(crate) fn push(&mut self, output: RoomOutput) {
        self.queue.push_back(output);
    }

    pub(crate) fn pop(&mut self) -> Option<RoomOutput> {
        self.queue.pop_front()
    }

    pub(crate) fn send(&mut self, to: ParticipantId, lane: Lane, bytes: Bytes) {
        self.push(RoomOutput::Send { to, lane, bytes });
    }

    pub(crate) fn control(&mut self, to: ParticipantId, message: &ControlDown) {
        if let Some(bytes) = encode(Lane::Control, message) {
            self.send(to, Lane::Control, bytes);
        }
    }

    pub(crate) fn refuse(&mut self, to: ParticipantId, what: &str, code: RefusalCode, message: &str) {
        self.refuse_numbered(to, what, None, code, message);
    }

    /// As [`Self::refuse`], and says which message of that kind.
    pub(crate) fn refuse_numbered(
        &mut self,
        to: ParticipantId,
        what: &str,
        nonce: Option<u64>,
        code: RefusalCode,
        message: &str,
    ) {
        let message = ReasonText::truncated(message);
        self.control(to, &ControlDown::Refused { what: what.to_owned(), nonce, code, message });
    }

    /// Says why, then closes.
    pub(crate) fn close(&mut self, id: ParticipantId, code: CloseCode, reason: &ReasonText) {
        self.control(id, &ControlDown::Closing { code, message: reason.clone() });
        self.push(RoomOutput::Close { id, code, reason: reason.clone() });
    }
}

/// A message of a lane as bytes; `None` if it cannot be written, which the limits on its parts rule out.
pub(crate) fn encode<T: Serialize>(lane: Lane, message: &T) -> Option<Bytes> {
    let max_bytes = match lane {
        Lane::Control => limits::CONTROL_MESSAGE_BYTES,
        Lane::Board => limits::BOARD_MESSAGE_BYTES,
        Lane::Pose => limits::POSE_DATAGRAM_BYTES,
    };
    let written = encode_message(message, max_bytes);
    debug_assert!(written.is_ok(), "a message of ours is over its limit: {written:?}");
    written.ok().map(Bytes::from)
}
