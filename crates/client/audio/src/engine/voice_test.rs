use super::SpokenPacket;
use atrium_protocol::{Micros, ParticipantId};
use atrium_voice::VoicePacket;
use std::collections::VecDeque;
use std::time::Duration;

/// One hears oneself so much later, so that one can say something and then listen.
const LATER: Duration = Duration::from_secs(1);
/// Packets that may be under way: LATER in packets of 10 ms, and some.
const PACKETS: usize = 128;

/// Brings one's own packets back after a while.
#[derive(Debug, Default)]
pub(crate) struct VoiceTest {
    packets: VecDeque<(Micros, VoicePacket)>,
    sequence: u16,
}

impl VoiceTest {
    pub(crate) fn push(&mut self, now: Micros, packet: SpokenPacket) {
        self.sequence = self.sequence.wrapping_add(1);
        let packet = VoicePacket {
            sequence: self.sequence,
            timestamp: packet.timestamp,
            marker: false,
            speaker: Some(ParticipantId(0)),
            captured: None,
            payload: packet.payload,
        };
        if self.packets.len() >= PACKETS {
            self.packets.pop_front();
        }
        self.packets.push_back((now + LATER, packet));
    }

    /// The next packet that is due.
    pub(crate) fn pop(&mut self, now: Micros) -> Option<VoicePacket> {
        self.packets.pop_front_if(|(due, _)| *due <= now).map(|(_, packet)| packet)
    }
}
