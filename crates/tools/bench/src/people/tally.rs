use super::rtp::{SequenceCount, VoiceHeader};
use crate::delays::Delays;
use atrium_protocol::{ParticipantId, VOICE_SLOTS};

/// What all clients found out together.
#[derive(Default)]
pub(crate) struct Notes {
    /// From capture to reception, of voice packets that were decrypted.
    pub(crate) added_delay: Delays,
    /// From capture to reception, of poses.
    pub(crate) pose_age: Delays,
    /// How much longer than it should a listener waited for a speaker's next packet.
    pub(crate) voice_gap: Delays,
    /// How late this program sent voice packets.
    pub(crate) send_late: Delays,
    /// From sending a board operation to hearing that it is settled.
    pub(crate) acknowledged: Delays,
    /// Voice packets that were decrypted and were what the speaker said.
    pub(crate) whole_frames: u64,
    /// Whose packets are counted.
    pub(crate) counted: Speakers,
    pub(crate) problems: Problems,
}

impl Notes {
    /// Forgets what was measured, not who is counted nor what went wrong.
    pub(crate) fn restart(&mut self) {
        let Self { added_delay, pose_age, voice_gap, send_late, acknowledged, .. } = self;
        [added_delay, pose_age, voice_gap, send_late, acknowledged].into_iter().for_each(Delays::clear);
    }
}

/// A set of participants that is asked for every packet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Speakers(Vec<bool>);

/// Far beyond the participant numbers of any measurement.
const HIGHEST_SPEAKER: u32 = 1 << 20;

impl Speakers {
    pub(crate) fn insert(&mut self, id: ParticipantId) {
        let index = id.0.min(HIGHEST_SPEAKER) as usize;
        if index >= self.0.len() {
            self.0.resize(index + 1, false);
        }
        self.0[index] = true;
    }

    pub(crate) fn contains(&self, speaker: u32) -> bool {
        self.0.get(speaker as usize).is_some_and(|is_member| *is_member)
    }
}

/// What went wrong: how often, and the first few sentences.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problems {
    pub(crate) count: u64,
    pub(crate) first: Vec<String>,
}

const SENTENCES_KEPT: usize = 10;

impl Problems {
    pub(crate) fn add(&mut self, sentence: impl Into<String>) {
        self.count += 1;
        if self.first.len() < SENTENCES_KEPT {
            self.first.push(sentence.into());
        }
    }
}

/// Voice packets that one client received, by their clear headers.
#[derive(Clone, Debug, Default)]
pub(crate) struct VoiceCount {
    slots: [SequenceCount; VOICE_SLOTS],
    /// Packets of counted speakers, without repetitions.
    pub(crate) packets: u64,
}

impl VoiceCount {
    pub(crate) fn take(&mut self, header: &VoiceHeader, counted: &Speakers) {
        let Some(slot) = self.slots.get_mut(header.slot) else { return };
        if slot.take(header.sequence) && counted.contains(header.speaker) {
            self.packets += 1;
        }
    }

    /// Holes in the sequence numbers of all slots.
    pub(crate) fn missing(&self) -> u64 {
        self.slots.iter().map(|slot| slot.missing).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_counted_speakers_count() {
        let mut counted = Speakers::default();
        counted.insert(ParticipantId(3));
        counted.insert(ParticipantId(u32::MAX));
        let mut count = VoiceCount::default();
        for (slot, sequence, speaker) in [(0, 1, 3), (0, 2, 3), (0, 2, 3), (1, 9, 4), (0, 5, 3), (9, 1, 3)] {
            count.take(&VoiceHeader { slot, sequence, speaker }, &counted);
        }
        assert_eq!((count.packets, count.missing()), (3, 2));
    }

    #[test]
    fn problems_are_counted_and_a_few_are_told() {
        let mut problems = Problems::default();
        (0..100).for_each(|n| problems.add(format!("{n}")));
        assert_eq!((problems.count, problems.first.len()), (100, SENTENCES_KEPT));
    }
}
