use anyhow::Context as _;
use atrium_audio::SAMPLE_RATE_HZ;
use hound::{SampleFormat, WavSpec, WavWriter};
use std::f32::consts::TAU;
use std::path::Path;

/// Length of a chirp, 40 ms.
pub(crate) const CHIRP_SAMPLES: usize = 1_920;
/// Longer than any delay that is looked for, and no multiple of a packet: chirps fall anywhere into packets.
const WORD_EVERY_SAMPLES: usize = 29_291;
const WORD_SAMPLES: usize = 19_200;
/// Behind so many words comes a breath, in which nothing is sent.
const WORDS_A_SENTENCE: usize = 8;
const BREATH_SAMPLES: usize = 48_000;
const CHIRP_AMPLITUDE: f32 = 0.25;
/// From the deepest to the highest that a telephone carried.
const CHIRP_HZ: (f32, f32) = (400.0, 3_600.0);

/// Something like speech, with a chirp in the middle of every word.
#[derive(Clone, Debug)]
pub(crate) struct Speech {
    pub(crate) samples: Vec<f32>,
    /// Where chirps begin.
    pub(crate) chirps: Vec<usize>,
}

impl Speech {
    pub(crate) fn new(secs: f32) -> Self {
        let mut samples = vec![0.0; (secs * SAMPLE_RATE_HZ as f32) as usize];
        let chirp = chirp();
        let (mut chirps, mut at, mut words) = (Vec::new(), 0, 0);
        while at + WORD_SAMPLES <= samples.len() {
            let start = at + (WORD_SAMPLES - CHIRP_SAMPLES) / 2;
            speak(&mut samples[at..at + WORD_SAMPLES], words);
            for (sample, chirped) in samples[start..].iter_mut().zip(&chirp) {
                *sample = 0.2 * *sample + chirped;
            }
            chirps.push(start);
            words += 1;
            at += WORD_EVERY_SAMPLES + if words % WORDS_A_SENTENCE == 0 { BREATH_SAMPLES } else { 0 };
        }
        Self { samples, chirps }
    }

    /// Writes it as a microphone's file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let spec =
            WavSpec { channels: 1, sample_rate: SAMPLE_RATE_HZ, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let mut file = WavWriter::create(path, spec).with_context(|| format!("cannot write {}", path.display()))?;
        for sample in &self.samples {
            file.write_sample((sample.clamp(-1.0, 1.0) * 32_767.0) as i16)?;
        }
        Ok(file.finalize()?)
    }
}

/// A tone that rises, and fades at both ends.
pub(crate) fn chirp() -> Vec<f32> {
    let length_secs = CHIRP_SAMPLES as f32 / SAMPLE_RATE_HZ as f32;
    let (low_hz, high_hz) = CHIRP_HZ;
    (0..CHIRP_SAMPLES)
        .map(|n| {
            let share = n as f32 / CHIRP_SAMPLES as f32;
            let turns = length_secs * share * (low_hz + (high_hz - low_hz) * share / 2.0);
            CHIRP_AMPLITUDE * (0.5 - 0.5 * (TAU * share).cos()) * (TAU * turns).sin()
        })
        .collect()
}

/// A vowel whose pitch falls; no two words in a row are alike.
fn speak(word: &mut [f32], number: usize) {
    let pitch_hz = 105.0 + 7.0 * (number * 5 % 8) as f32;
    let bright = 0.8 + 0.1 * (number * 3 % 5) as f32;
    let (length, mut turns) = (word.len() as f32, 0.0_f32);
    for (n, sample) in word.iter_mut().enumerate() {
        let share = n as f32 / length;
        turns = (turns + pitch_hz * (1.1 - 0.2 * share) / SAMPLE_RATE_HZ as f32).fract();
        let overtones: f32 = (1..16).map(|k| (TAU * turns * k as f32).sin() / (k as f32).powf(bright)).sum();
        *sample = 0.12 * (TAU / 2.0 * share).sin() * overtones;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ear::Matcher;

    #[test]
    fn every_chirp_is_found_where_it_is_hidden() {
        let speech = Speech::new(12.0);
        assert!(speech.chirps.len() > 12 && speech.samples.iter().all(|sample| sample.abs() < 1.0));
        let mut matcher = Matcher::new();
        for start in &speech.chirps {
            let before = start - 3_000;
            let found = matcher.find(&speech.samples[before..(before + 24_000).min(speech.samples.len())]);
            assert!((found.expect("a chirp") - 3_000.0).abs() < 0.5, "{found:?}");
        }
        let pause = speech.chirps[7] + 12_000;
        assert_eq!(matcher.find(&speech.samples[pause..pause + 24_000]), None, "nothing in a breath");
    }
}
