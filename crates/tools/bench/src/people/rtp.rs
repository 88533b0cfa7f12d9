use atrium_link::voice_slot_ssrc;
use atrium_protocol::VOICE_SLOTS;

/// What the clear part of an RTP packet in a voice slot says (RFC 3550 §5.1; SRTP leaves the header readable).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VoiceHeader {
    pub(crate) slot: usize,
    pub(crate) sequence: u16,
    /// The first contributing source: the speaker's participant number.
    pub(crate) speaker: u32,
}

const FIXED_BYTES: usize = 12;

/// RTP but not RTCP, told apart as RFC 5761 §4 and RFC 7983 say.
pub(crate) fn is_rtp(datagram: &[u8]) -> bool {
    matches!(datagram, [128..192, second, ..] if !(192..=223).contains(second) && datagram.len() >= FIXED_BYTES)
}

/// `None` for whatever is not RTP in a voice slot with a speaker.
pub(crate) fn read_voice_header(datagram: &[u8]) -> Option<VoiceHeader> {
    if !is_rtp(datagram) {
        return None;
    }
    let number_at = |at: usize| Some(u32::from_be_bytes(datagram.get(at..at + 4)?.try_into().ok()?));
    let sources = datagram.first()? & 0x0f;
    let slot = number_at(8)?.wrapping_sub(voice_slot_ssrc(0)) as usize;
    if sources == 0 || slot >= VOICE_SLOTS {
        return None;
    }
    let sequence = u16::from_be_bytes([*datagram.get(2)?, *datagram.get(3)?]);
    Some(VoiceHeader { slot, sequence, speaker: number_at(FIXED_BYTES)? })
}

/// Counts the packets of one slot by their sequence numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SequenceCount {
    last: Option<u16>,
    /// Numbers that were jumped over and did not come later either.
    pub(crate) missing: u64,
}

impl SequenceCount {
    /// Whether the packet counts: false for a repetition of the newest one.
    pub(crate) fn take(&mut self, sequence: u16) -> bool {
        let ahead = self.last.map_or(1, |last| sequence.wrapping_sub(last));
        if ahead == 0 {
            return false;
        }
        if ahead < 0x8000 {
            self.last = Some(sequence);
            self.missing += u64::from(ahead) - 1;
        } else {
            self.missing = self.missing.saturating_sub(1);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packet(slot: u8, sequence: u16, speakers: &[u32]) -> Vec<u8> {
        let mut bytes = vec![0x90 | speakers.len() as u8, 0x80 | 111];
        bytes.extend(sequence.to_be_bytes());
        bytes.extend(960_u32.to_be_bytes());
        bytes.extend(voice_slot_ssrc(slot).to_be_bytes());
        speakers.iter().for_each(|speaker| bytes.extend(speaker.to_be_bytes()));
        bytes.extend([7; 60]);
        bytes
    }

    #[test]
    fn the_clear_header_says_who_speaks() {
        let header = read_voice_header(&packet(3, 65_000, &[42, 43]));
        assert_eq!(header, Some(VoiceHeader { slot: 3, sequence: 65_000, speaker: 42 }));
        assert_eq!(read_voice_header(&packet(8, 1, &[42])), None, "no slot of ours");
        assert_eq!(read_voice_header(&packet(0, 1, &[])), None, "nobody speaks");
        assert_eq!(read_voice_header(&packet(0, 1, &[42])[..15]), None, "cut short");
        let mut report = packet(0, 1, &[42]);
        report[1] = 200;
        assert!(!is_rtp(&report), "RTCP");
    }

    #[test]
    fn gaps_are_missing_until_they_are_filled() {
        let mut count = SequenceCount::default();
        let taken: Vec<bool> = [65_534, 65_535, 2, 2, 0, 3].into_iter().map(|sequence| count.take(sequence)).collect();
        assert_eq!(taken, [true, true, true, false, true, true]);
        assert_eq!(count.missing, 1, "only 1 never came");
    }

    proptest! {
        #[test]
        fn any_bytes_are_safe(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let header = read_voice_header(&bytes);
            prop_assert!(header.is_none() || is_rtp(&bytes));
        }
    }
}
