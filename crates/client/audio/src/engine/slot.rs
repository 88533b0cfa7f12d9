use super::guard::LoudnessGuard;
use super::pace::Every;
use super::{SoundEvent, Talker};
use crate::block::{BLOCK_SAMPLES, MonoBlock};
use atrium_protocol::{Micros, ParticipantId};
use atrium_voice::{JitterSettings, SILENT_DBOV, VoiceError, VoicePacket, VoiceReceiver, VoiceStats, level_dbov};
use std::time::Duration;

/// Quieter than this (−dBov) nobody speaks.
const SPEAKS_DBOV: u8 = 55;
/// One still speaks in the gaps between words.
const HOLD: Duration = Duration::from_millis(300);

/// One voice that the server sends.
#[derive(Debug)]
pub(crate) struct Slot {
    receiver: VoiceReceiver,
    guard: LoudnessGuard,
    /// Whose packet came last.
    person: Option<ParticipantId>,
    samples: MonoBlock,
    level_dbov: u8,
    spoke_at: Option<Micros>,
    loss_every: Every,
    playout_every: Every,
    counted: VoiceStats,
}

impl Slot {
    /// # Errors
    /// [`VoiceError::Codec`] when memory is short.
    pub(crate) fn new() -> Result<Self, VoiceError> {
        Ok(Self {
            receiver: VoiceReceiver::new(JitterSettings::default())?,
            guard: LoudnessGuard::default(),
            person: None,
            samples: [0.0; BLOCK_SAMPLES],
            level_dbov: SILENT_DBOV,
            spoke_at: None,
            loss_every: Every::new(Duration::from_secs(2)),
            playout_every: Every::new(Duration::from_millis(250)),
            counted: VoiceStats::default(),
        })
    }

    /// Takes a packet. Gives whoever had the slot before, if it is somebody else's now.
    pub(crate) fn push(&mut self, arrived: Micros, packet: VoicePacket) -> Option<ParticipantId> {
        let before = std::mem::replace(&mut self.person, packet.speaker);
        self.receiver.push(arrived, packet);
        before.filter(|before| Some(*before) != self.person)
    }

    /// Makes the next 10 ms.
    pub(crate) fn pull(&mut self, now: Micros) {
        self.receiver.pull(now, &mut self.samples);
        self.guard.run(&mut self.samples);
        self.level_dbov = level_dbov(&self.samples);
        if self.level_dbov <= SPEAKS_DBOV {
            self.spoke_at = Some(now);
        }
    }

    /// Whose voice is heard.
    pub(crate) fn person(&self) -> Option<ParticipantId> {
        self.receiver.speaker()
    }

    pub(crate) fn samples(&self) -> &[f32] {
        &self.samples
    }

    pub(crate) fn level_dbov(&self) -> u8 {
        self.level_dbov
    }

    /// Whether nobody speaks in it.
    pub(crate) fn is_free(&self, now: Micros) -> bool {
        self.spoke_at.is_none_or(|at| now.since(at) > HOLD)
    }

    pub(crate) fn talker(&self, now: Micros) -> Option<Talker> {
        let person = self.person().filter(|_| !self.is_free(now))?;
        Some(Talker { person, level_dbov: self.level_dbov })
    }

    /// When what was pulled last is heard, a few times a second; `ahead` is the way from here to the ear.
    pub(crate) fn playout(&mut self, now: Micros, ahead: Duration) -> Option<SoundEvent> {
        let person = self.talker(now)?.person;
        if !self.playout_every.is_due(now) {
            return None;
        }
        let delay = self.receiver.stats().delay + ahead;
        Some(SoundEvent::Playout { person, delay, spoken: self.receiver.captured(), heard: now + ahead })
    }

    /// What was lost since the last time, every other second.
    pub(crate) fn loss(&mut self, now: Micros) -> Option<SoundEvent> {
        if !self.loss_every.is_due(now) {
            return None;
        }
        let stats = self.receiver.stats();
        let before = std::mem::replace(&mut self.counted, stats);
        let lost = stats.lost.saturating_sub(before.lost);
        // A late packet counts as received and as lost.
        let in_time = stats.received.saturating_sub(before.received).saturating_sub(stats.late - before.late);
        let person = self.person().filter(|_| lost + in_time > 0)?;
        let made_up = Duration::from_millis(stats.concealed_ms.saturating_sub(before.concealed_ms));
        Some(SoundEvent::Loss { person, share: lost as f32 / (lost + in_time) as f32, made_up })
    }
}
