use crate::event::VoicePacket;
use atrium_protocol::{ParticipantId, VOICE_SLOTS};
use std::time::Instant;

/// The SSRC of a voice slot, the same on every connection.
pub fn voice_slot_ssrc(slot: u8) -> u32 {
    0x4154_0000 + u32::from(slot)
}

/// The voice slot of an SSRC; `None` for one that is no slot's.
pub fn voice_slot(ssrc: u32) -> Option<u8> {
    u8::try_from(ssrc.wrapping_sub(voice_slot_ssrc(0))).ok().filter(|slot| usize::from(*slot) < VOICE_SLOTS)
}

/// What a slot's next RTP header must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotHeader {
    /// RTP sequence number.
    pub sequence: u16,
    /// RTP timestamp.
    pub timestamp: u32,
    /// Set on the first packet of a speaker in this slot.
    pub marker: bool,
}

/// Makes one continuous RTP stream of the speakers that take turns in a slot, as RFC 3550 §7.1 asks of a
/// translator: sequence and timestamp go on without a jump, gaps within one speaker's packets stay gaps.
#[derive(Clone, Debug, Default)]
pub struct SlotRewriter {
    current: Option<Current>,
    last_sequence: u16,
    last_timestamp: u32,
    last_sent: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Current {
    speaker: ParticipantId,
    sequence_offset: u16,
    timestamp_offset: u32,
}

/// A sequence this far from the last one is a new stream, not a gap.
const LARGEST_GAP: u16 = 3_000;
const SAMPLES_PER_PACKET: u32 = 960;

impl SlotRewriter {
    /// The header for a speaker's packet, sent at `now`.
    pub fn rewrite(&mut self, now: Instant, speaker: ParticipantId, packet: &VoicePacket) -> SlotHeader {
        let continues = self.current.filter(|current| {
            let sequence = packet.sequence.wrapping_add(current.sequence_offset);
            let ahead = sequence.wrapping_sub(self.last_sequence);
            current.speaker == speaker && !(LARGEST_GAP..=u16::MAX - LARGEST_GAP).contains(&ahead)
        });
        let (current, is_new) = match continues {
            Some(current) => (current, false),
            None => (self.begin(now, speaker, packet), true),
        };
        let sequence = packet.sequence.wrapping_add(current.sequence_offset);
        let timestamp = packet.timestamp.wrapping_add(current.timestamp_offset);
        if is_new || sequence.wrapping_sub(self.last_sequence) < 0x8000 {
            (self.last_sequence, self.last_timestamp) = (sequence, timestamp);
            self.last_sent = Some(now);
        }
        // The speaker's own markers (talk spurts) stay behind: here the bit means a new speaker and nothing else.
        SlotHeader { sequence, timestamp, marker: is_new }
    }

    fn begin(&mut self, now: Instant, speaker: ParticipantId, packet: &VoicePacket) -> Current {
        let elapsed_samples = self.last_sent.map_or(SAMPLES_PER_PACKET, |last| {
            let elapsed = now.saturating_duration_since(last).as_micros() * 48 / 1_000;
            u32::try_from(elapsed).unwrap_or(u32::MAX).max(SAMPLES_PER_PACKET)
        });
        let sequence = self.last_sequence.wrapping_add(1);
        let timestamp = self.last_timestamp.wrapping_add(elapsed_samples);
        let current = Current {
            speaker,
            sequence_offset: sequence.wrapping_sub(packet.sequence),
            timestamp_offset: timestamp.wrapping_sub(packet.timestamp),
        };
        self.current = Some(current);
        current
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use proptest::prelude::*;
    use std::time::Duration;

    fn packet(sequence: u16, timestamp: u32) -> VoicePacket {
        VoicePacket { sequence, timestamp, marker: false, level_dbov: 30, captured: None, payload: Bytes::new() }
    }

    #[test]
    fn speakers_follow_each_other_without_a_jump() {
        let start = Instant::now();
        let mut slot = SlotRewriter::default();
        let first = slot.rewrite(start, ParticipantId(1), &packet(65_535, 5));
        assert!(first.marker);
        let gap = slot.rewrite(start, ParticipantId(1), &packet(1, 5 + 2 * 960));
        assert_eq!(gap.sequence, first.sequence.wrapping_add(2), "a lost packet stays a gap");
        assert!(!gap.marker);
        let other = slot.rewrite(start + Duration::from_secs(1), ParticipantId(2), &packet(40_000, 9));
        assert_eq!(other.sequence, gap.sequence.wrapping_add(1));
        assert_eq!(other.timestamp, gap.timestamp.wrapping_add(48_000));
        assert!(other.marker);
    }

    #[test]
    fn a_late_packet_keeps_its_place() {
        let start = Instant::now();
        let mut slot = SlotRewriter::default();
        let first = slot.rewrite(start, ParticipantId(1), &packet(10, 9_600));
        let third = slot.rewrite(start, ParticipantId(1), &packet(12, 11_520));
        let second = slot.rewrite(start, ParticipantId(1), &packet(11, 10_560));
        assert_eq!(second.sequence, first.sequence.wrapping_add(1));
        assert_eq!(third.sequence, first.sequence.wrapping_add(2));
    }

    proptest! {
        #[test]
        fn a_new_speaker_always_continues_the_stream(
            steps in proptest::collection::vec((1u32..4, any::<u16>(), any::<u32>()), 1..60)
        ) {
            let start = Instant::now();
            let mut slot = SlotRewriter::default();
            let mut last: Option<SlotHeader> = None;
            for (index, (speaker, sequence, timestamp)) in steps.into_iter().enumerate() {
                let now = start + Duration::from_millis(20 * index as u64);
                let header = slot.rewrite(now, ParticipantId(speaker), &packet(sequence, timestamp));
                if let Some(last) = last.filter(|_| header.marker) {
                    let step = header.sequence.wrapping_sub(last.sequence) as i16;
                    prop_assert!(i32::from(step).abs() <= i32::from(LARGEST_GAP) + 1);
                }
                last = Some(header);
            }
        }
    }
}
