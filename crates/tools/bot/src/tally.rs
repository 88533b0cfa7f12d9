use crate::report::{LONGEST_DELAY_US, delay_histogram};
use atrium_protocol::{Micros, ParticipantId, PoseDown};
use hdrhistogram::Histogram;
use std::collections::BTreeMap;
use std::time::Instant;

/// A sequence that is so far ahead is another stream, not a gap.
const LARGEST_GAP: u16 = 3_000;

/// Packets of one speaker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct VoiceCount {
    pub(crate) received: u64,
    pub(crate) lost: u64,
}

/// What one bot counts.
pub(crate) struct Tally {
    pub(crate) voices: BTreeMap<ParticipantId, VoiceCount>,
    pub(crate) pose_records: BTreeMap<ParticipantId, u64>,
    pub(crate) pose_age_us: Histogram<u64>,
    pub(crate) first_media: Option<Instant>,
    pub(crate) voice_unsent: u64,
    pub(crate) chats: u64,
    pub(crate) drawn: u64,
    pub(crate) settled: u64,
    pub(crate) refused: u64,
    pub(crate) reconnects: u64,
    slots: BTreeMap<u8, u16>,
}

impl Tally {
    pub(crate) fn new() -> anyhow::Result<Self> {
        Ok(Self {
            voices: BTreeMap::new(),
            pose_records: BTreeMap::new(),
            pose_age_us: delay_histogram()?,
            first_media: None,
            voice_unsent: 0,
            chats: 0,
            drawn: 0,
            settled: 0,
            refused: 0,
            reconnects: 0,
            slots: BTreeMap::new(),
        })
    }

    /// A new connection: its streams begin anywhere.
    pub(crate) fn on_connected(&mut self) {
        self.slots.clear();
    }

    /// Counts a packet of a slot. A slot's sequence numbers go on over changes of speaker, so what they skip is lost;
    /// it is laid to the speaker whose packet shows the gap.
    pub(crate) fn on_voice(&mut self, slot: u8, speaker: ParticipantId, sequence: u16, arrived: Instant) {
        self.first_media.get_or_insert(arrived);
        let count = self.voices.entry(speaker).or_default();
        count.received += 1;
        let Some(newest) = self.slots.get_mut(&slot) else {
            self.slots.insert(slot, sequence);
            return;
        };
        let ahead = sequence.wrapping_sub(*newest);
        if (1..LARGEST_GAP).contains(&ahead) {
            count.lost += u64::from(ahead - 1);
            *newest = sequence;
        } else if ahead > u16::MAX - LARGEST_GAP {
            // Late: it was counted as lost.
            count.lost = count.lost.saturating_sub(1);
        } else if ahead != 0 {
            *newest = sequence;
        }
    }

    /// Counts a datagram of poses that arrived at this time of the server's clock.
    pub(crate) fn on_poses(&mut self, poses: &PoseDown, arrived: Instant, arrived_server: Micros) {
        if !poses.records.is_empty() {
            self.first_media.get_or_insert(arrived);
        }
        let sent = arrived_server.unwrap_millis(poses.sent_ms);
        for record in &poses.records {
            *self.pose_records.entry(record.id).or_default() += 1;
            let captured_us = sent.0.saturating_sub(u64::from(record.age_ms) * 1_000);
            let age_us = arrived_server.0.saturating_sub(captured_us).clamp(1, LONGEST_DELAY_US);
            self.pose_age_us.saturating_record(age_us);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_protocol::{Pose, PoseRecord, Tick};

    const ADA: ParticipantId = ParticipantId(1);
    const BEN: ParticipantId = ParticipantId(2);

    fn hear(tally: &mut Tally, slot: u8, speaker: ParticipantId, sequences: &[u16]) {
        sequences.iter().for_each(|sequence| tally.on_voice(slot, speaker, *sequence, Instant::now()));
    }

    #[test]
    fn gaps_are_losses_and_late_packets_are_not() {
        let mut tally = Tally::new().unwrap();
        hear(&mut tally, 0, ADA, &[65_534, 65_535, 2, 1, 3]);
        assert_eq!(tally.voices[&ADA], VoiceCount { received: 5, lost: 1 });
        hear(&mut tally, 1, ADA, &[9, 10]);
        hear(&mut tally, 0, BEN, &[4, 7]);
        assert_eq!(tally.voices[&ADA], VoiceCount { received: 7, lost: 1 });
        assert_eq!(tally.voices[&BEN], VoiceCount { received: 2, lost: 2 });
        tally.on_connected();
        hear(&mut tally, 0, BEN, &[900]);
        assert_eq!(tally.voices[&BEN].lost, 2);
    }

    #[test]
    fn ages_count_from_the_capture() {
        let mut tally = Tally::new().unwrap();
        let arrived = Micros(1_750_000_000_050_000);
        let record = PoseRecord { id: ADA, age_ms: 20, pose: Pose::default() };
        let sent_ms = Micros(1_750_000_000_040_000).wrapped_millis();
        let poses = PoseDown { tick: Tick(1), sent_ms, records: vec![record] };
        tally.on_poses(&poses, Instant::now(), arrived);
        assert_eq!(tally.pose_age_us.max() / 1_000, 30);
        assert_eq!(tally.pose_records[&ADA], 1);
    }
}
