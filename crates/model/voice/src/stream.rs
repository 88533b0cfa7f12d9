use crate::VoicePacket;
use atrium_protocol::ParticipantId;

/// Packets ahead of or behind the newest that are still of the same stream (after RFC 3550, appendix A.1).
const MOST_AHEAD: i16 = 500;
const MOST_BEHIND: i16 = 100;

/// Numbers one stream of packets without wrapping, and notices where another stream begins.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    speaker: Option<ParticipantId>,
    newest_sequence: i64,
    newest_timestamp: i64,
    /// Packets before it are of the stream before.
    first_sequence: i64,
    /// The packet that would confirm a jump of the sequence.
    after_jump: Option<u16>,
}

/// What a packet is to a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// Of this stream: its sequence number and timestamp without wrapping.
    At { sequence: i64, timestamp: i64 },
    /// The first one of another stream.
    OtherStream,
    /// Of an earlier stream, or alone so far away that it is not believed yet.
    Stray,
}

impl Stream {
    /// The stream that begins with `packet`.
    pub(crate) fn starting_with(packet: &VoicePacket) -> Self {
        let sequence = i64::from(packet.sequence);
        Self {
            speaker: packet.speaker,
            newest_sequence: sequence,
            newest_timestamp: i64::from(packet.timestamp),
            first_sequence: if packet.marker { sequence } else { i64::MIN },
            after_jump: None,
        }
    }

    pub(crate) fn speaker(&self) -> Option<ParticipantId> {
        self.speaker
    }

    /// Says where `packet` belongs, without taking it as the newest yet.
    pub(crate) fn position(&mut self, packet: &VoicePacket) -> Position {
        let ahead = packet.sequence.wrapping_sub(self.newest_sequence as u16) as i16;
        if !(-MOST_BEHIND..=MOST_AHEAD).contains(&ahead) {
            let is_confirmed = self.after_jump == Some(packet.sequence);
            self.after_jump = Some(packet.sequence.wrapping_add(1));
            return if is_confirmed { Position::OtherStream } else { Position::Stray };
        }
        self.after_jump = None;
        let is_other_speaker = packet.speaker != self.speaker;
        if ahead > 0 && (packet.marker || is_other_speaker) {
            return Position::OtherStream;
        }
        let sequence = self.newest_sequence + i64::from(ahead);
        if is_other_speaker || !self.includes(sequence) {
            return Position::Stray;
        }
        if packet.marker {
            self.first_sequence = sequence;
        }
        let since_newest = packet.timestamp.wrapping_sub(self.newest_timestamp as u32) as i32;
        Position::At { sequence, timestamp: self.newest_timestamp + i64::from(since_newest) }
    }

    /// Whether just one packet is missing between the newest and `sequence`.
    pub(crate) fn is_behind_one_missing(&self, sequence: i64) -> bool {
        sequence == self.newest_sequence + 2
    }

    /// Whether a packet of that number is not of an earlier stream.
    pub(crate) fn includes(&self, sequence: i64) -> bool {
        sequence >= self.first_sequence
    }

    /// A packet at this position was accepted.
    pub(crate) fn advance(&mut self, sequence: i64, timestamp: i64) {
        if sequence > self.newest_sequence {
            self.newest_sequence = sequence;
            self.newest_timestamp = timestamp;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(sequence: u16, timestamp: u32, speaker: u32, marker: bool) -> VoicePacket {
        VoicePacket {
            sequence,
            timestamp,
            marker,
            speaker: Some(ParticipantId(speaker)),
            captured: None,
            payload: Default::default(),
        }
    }

    #[test]
    fn numbers_go_on_over_the_wrap() {
        let mut stream = Stream::starting_with(&packet(65_534, u32::MAX - 959, 1, false));
        for n in 1..200_000_i64 {
            let (sequence, timestamp) = (65_534 + n, i64::from(u32::MAX - 959) + n * 960);
            let position = stream.position(&packet(sequence as u16, timestamp as u32, 1, false));
            assert_eq!(position, Position::At { sequence, timestamp });
            stream.advance(sequence, timestamp);
        }
    }

    #[test]
    fn the_past_is_of_this_stream_until_its_marker() {
        let mut stream = Stream::starting_with(&packet(100, 0, 1, false));
        assert!(matches!(stream.position(&packet(99, 0, 1, false)), Position::At { sequence: 99, .. }));
        assert!(matches!(stream.position(&packet(98, 0, 1, true)), Position::At { sequence: 98, .. }));
        assert_eq!(stream.position(&packet(97, 0, 1, false)), Position::Stray);
        assert_eq!(stream.position(&packet(99, 0, 2, true)), Position::Stray, "another speaker's straggler");
    }

    #[test]
    fn another_speaker_or_a_marker_begins_a_stream() {
        let mut stream = Stream::starting_with(&packet(100, 0, 1, true));
        assert_eq!(stream.position(&packet(102, 0, 2, false)), Position::OtherStream);
        assert_eq!(stream.position(&packet(102, 0, 1, true)), Position::OtherStream);
        assert!(matches!(stream.position(&packet(100, 0, 1, true)), Position::At { .. }), "a duplicate is none");
    }

    #[test]
    fn a_jump_must_be_confirmed() {
        let mut stream = Stream::starting_with(&packet(100, 0, 1, false));
        assert_eq!(stream.position(&packet(30_000, 0, 1, false)), Position::Stray);
        assert_eq!(stream.position(&packet(50_000, 0, 1, false)), Position::Stray);
        assert_eq!(stream.position(&packet(50_001, 0, 1, false)), Position::OtherStream);
    }
}
