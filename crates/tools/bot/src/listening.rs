use crate::pan::stereo_gains;
use anyhow::{Context, Result};
use atrium_protocol::{HeadPose, Micros, ParticipantId, VOICE_SLOTS};
use atrium_voice::{FRAME_SAMPLES, JitterSettings, SAMPLE_RATE_HZ, VoicePacket, VoiceReceiver};
use glam::Vec3;
use hound::{SampleFormat, WavSpec, WavWriter};
use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::time::{Duration, Instant};

/// Sound that is mixed at a time.
const BLOCK: Duration = Duration::from_millis(20);

/// Ears: a receiver for each voice slot, mixed in stereo into a file that keeps time with the clock on the wall.
pub(crate) struct Ears {
    slots: Vec<VoiceReceiver>,
    file: WavWriter<BufWriter<File>>,
    began: Instant,
    blocks: u64,
    voice: Vec<f32>,
    mix: Vec<[f32; 2]>,
}

impl Ears {
    pub(crate) fn open(path: &Path, now: Instant) -> Result<Self> {
        let spec =
            WavSpec { channels: 2, sample_rate: SAMPLE_RATE_HZ, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let file = WavWriter::create(path, spec).with_context(|| format!("cannot write {}", path.display()))?;
        let slot = |_| VoiceReceiver::new(JitterSettings::default());
        let slots = (0..VOICE_SLOTS).map(slot).collect::<Result<_, _>>()?;
        let (voice, mix) = (vec![0.0; FRAME_SAMPLES], vec![[0.0; 2]; FRAME_SAMPLES]);
        Ok(Self { slots, file, began: now, blocks: 0, voice, mix })
    }

    /// When the next block is due.
    pub(crate) fn next_due(&self) -> Instant {
        self.began + BLOCK * u32::try_from(self.blocks + 1).unwrap_or(u32::MAX)
    }

    pub(crate) fn hear(
        &mut self,
        slot: u8,
        speaker: ParticipantId,
        packet: atrium_link::VoicePacket,
        arrived: Instant,
    ) {
        let now = self.steady(arrived);
        let Some(slot) = self.slots.get_mut(usize::from(slot)) else { return };
        let atrium_link::VoicePacket { sequence, timestamp, marker, captured, payload, .. } = packet;
        slot.push(now, VoicePacket { sequence, timestamp, marker, speaker: Some(speaker), captured, payload });
    }

    /// Mixes and writes everything up to `now`.
    pub(crate) fn write_until(
        &mut self,
        now: Instant,
        me: Option<&HeadPose>,
        others: &HashMap<ParticipantId, Vec3>,
    ) -> Result<()> {
        while self.next_due() <= now {
            let block_time = self.steady(self.next_due());
            self.mix(block_time, me, others);
            self.write().context("the recording cannot be written")?;
            self.blocks += 1;
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<()> {
        self.file.finalize().context("the recording cannot be finished")
    }

    fn mix(&mut self, now: Micros, me: Option<&HeadPose>, others: &HashMap<ParticipantId, Vec3>) {
        self.mix.fill([0.0; 2]);
        for slot in &mut self.slots {
            slot.pull(now, &mut self.voice);
            let [left, right] = stereo_gains(me, slot.speaker().and_then(|speaker| others.get(&speaker).copied()));
            for (mixed, sample) in self.mix.iter_mut().zip(&self.voice) {
                mixed[0] += sample * left;
                mixed[1] += sample * right;
            }
        }
    }

    fn write(&mut self) -> hound::Result<()> {
        for sample in self.mix.iter().flatten() {
            self.file.write_sample((sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16)?;
        }
        Ok(())
    }

    fn steady(&self, at: Instant) -> Micros {
        let since = at.saturating_duration_since(self.began);
        Micros(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::SoundSource;
    use crate::speaking::Speaker;
    use glam::Quat;

    const ADA: ParticipantId = ParticipantId(5);

    #[test]
    fn who_stands_on_the_right_is_heard_on_the_right() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.wav");
        let began = Instant::now();
        let mut ears = Ears::open(&path, began).unwrap();
        let me = HeadPose { position: Vec3::Y, rotation: Quat::IDENTITY };
        let others = HashMap::from([(ADA, Vec3::new(2.0, 1.0, 0.0))]);
        let mut speaker = Speaker::new(SoundSource::Tone { hz: 500.0, turns: 0.0 }).unwrap();
        for sequence in 0..100_u16 {
            let now = began + BLOCK * u32::from(sequence);
            let frame = speaker.next_frame(now).unwrap().unwrap();
            let packet = atrium_link::VoicePacket {
                sequence,
                timestamp: frame.timestamp,
                marker: frame.marker,
                level_dbov: frame.level_dbov,
                captured: None,
                payload: frame.payload,
            };
            ears.hear(3, ADA, packet, now);
            ears.write_until(now, Some(&me), &others).unwrap();
        }
        ears.finish().unwrap();
        let mut file = hound::WavReader::open(&path).unwrap();
        let samples: Vec<f32> = file.samples::<i16>().map(|sample| f32::from(sample.unwrap())).collect();
        assert_eq!(samples.len(), 99 * FRAME_SAMPLES * 2, "the file keeps time");
        let loudness = |ear: usize| {
            let late = samples.iter().skip(48_000 + ear).step_by(2);
            (late.clone().map(|sample| sample * sample).sum::<f32>() / late.count() as f32).sqrt()
        };
        // A sine of 0.3 at 2 m: half of it.
        let expected = 0.3 / 2.0 * std::f32::consts::FRAC_1_SQRT_2 * f32::from(i16::MAX);
        assert!((loudness(1) / expected - 1.0).abs() < 0.1, "right {} of {expected}", loudness(1));
        assert!(loudness(0) < expected / 100.0, "left {}", loudness(0));
    }
}
