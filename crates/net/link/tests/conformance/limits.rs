use super::voice::packet;
use crate::rigs::{BOTH_ENDS, End, Rig};
use atrium_link::{SendError, VoicePacket};
use atrium_protocol::{CHANNELS, limits};

/// What SCTP carries at most, as the SDP says.
const SCTP_MESSAGE_BYTES: usize = 64 * 1024;

pub(crate) fn larger_messages_are_refused_aloud(rig: &mut impl Rig) {
    for spec in &CHANNELS {
        for from in BOTH_ENDS {
            for size in [spec.max_message_bytes + 1, SCTP_MESSAGE_BYTES + 1, 1 << 20] {
                let refused = rig.try_send(from, spec.lane, &vec![7; size]);
                assert_eq!(refused, Err(SendError::TooLarge), "{size} bytes from {from:?} on {:?}", spec.lane);
            }
            rig.send(from, spec.lane, b"the lane goes on");
            let to = from.other();
            rig.until("a message", |rig| !rig.messages(to, spec.lane).is_empty());
            assert_eq!(rig.messages(to, spec.lane), [b"the lane goes on"], "and nothing of the others came");
        }
    }
}

pub(crate) fn larger_voice_is_refused_aloud(rig: &mut impl Rig) {
    let of_size = |sequence, size| VoicePacket { payload: vec![0x78; size].into(), ..packet(sequence) };
    let refused = rig.client_voice(&of_size(1, limits::VOICE_PAYLOAD_BYTES + 1));
    assert_eq!(refused, Err(SendError::TooLarge));
    rig.client_voice(&of_size(2, limits::VOICE_PAYLOAD_BYTES)).expect("a packet of the largest size");
    rig.until("a packet", |rig| !rig.voices(End::Server).is_empty());
    assert_eq!(rig.voices(End::Server)[0].2, of_size(2, limits::VOICE_PAYLOAD_BYTES));
}
