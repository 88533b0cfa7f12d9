use super::frame::{FrameId, write_frame};
use crate::random::Random;
use atrium_link::VoicePacket;
use atrium_protocol::Micros;
use std::time::Duration;

/// One packet of speech.
pub(crate) const FRAME: Duration = Duration::from_millis(20);
const SAMPLES_PER_FRAME: u32 = 960;

/// Packets of the sizes and levels of speech in Opus at 32 kbit/s: what the server's CPU and its choice of voices
/// depend on. The server never decodes sound, so there is none.
#[derive(Clone, Debug)]
pub(crate) struct Speech {
    speaker: u32,
    random: Random,
    number: u32,
    bytes: f32,
    level: f32,
}

impl Speech {
    pub(crate) fn new(speaker: u32, seed: u64) -> Self {
        let random = Random::new(seed ^ (u64::from(speaker) << 20));
        Self { speaker, random, number: 0, bytes: 80.0, level: 25.0 }
    }

    /// The next 20 ms, spoken at `captured`.
    pub(crate) fn next_packet(&mut self, captured: Micros) -> VoicePacket {
        self.bytes = (self.bytes + self.random.between(-12.0, 12.0)).clamp(60.0, 110.0);
        self.level = (self.level + self.random.between(-2.0, 2.0)).clamp(20.0, 30.0);
        let id = FrameId { speaker: self.speaker, number: self.number };
        let packet = VoicePacket {
            sequence: self.number as u16,
            timestamp: self.number.wrapping_mul(SAMPLES_PER_FRAME),
            marker: self.number == 0,
            level_dbov: self.level as u8,
            captured: Some(captured),
            payload: write_frame(id, self.bytes as usize),
        };
        self.number = self.number.wrapping_add(1);
        packet
    }

    /// Packets so far.
    pub(crate) fn packets(&self) -> u64 {
        u64::from(self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::read_frame;
    use super::*;

    #[test]
    fn it_has_the_sizes_and_levels_of_speech() {
        let mut speech = Speech::new(7, 1);
        let packets: Vec<VoicePacket> = (0..3_000).map(|_| speech.next_packet(Micros(5))).collect();
        let bytes: usize = packets.iter().map(|packet| packet.payload.len()).sum();
        let kbit_per_sec = bytes as f32 / 3_000.0 * 8.0 * 50.0 / 1_000.0;
        assert!((30.0..38.0).contains(&kbit_per_sec), "{kbit_per_sec}");
        for (index, packet) in packets.iter().enumerate() {
            assert!((60..=110).contains(&packet.payload.len()) && (20..=30).contains(&packet.level_dbov));
            assert_eq!(read_frame(&packet.payload), Ok(FrameId { speaker: 7, number: index as u32 }));
            assert_eq!(packet.timestamp, 960 * index as u32);
        }
        assert_eq!(speech.packets(), 3_000);
        let sizes = |seed| {
            let mut speech = Speech::new(7, seed);
            (0..50).map(|_| speech.next_packet(Micros(0)).payload.len()).collect::<Vec<_>>()
        };
        assert_eq!(sizes(1), sizes(1));
        assert_ne!(sizes(1), sizes(2));
    }
}
