//! Something that a speech processor takes for speech: a glottal pulse train of moving pitch through moving formants,
//! with noisy consonants, in syllables, words and pauses. The same seed says the same.

use crate::support::Noise;
use std::f32::consts::TAU;

const RATE_HZ: f32 = 48_000.0;
/// First, second and third formant of five vowels, in Hz (Peterson and Barney, 1952, men).
const VOWELS_HZ: [[f32; 3]; 5] = [
    [730.0, 1_090.0, 2_440.0],
    [530.0, 1_840.0, 2_480.0],
    [270.0, 2_290.0, 3_010.0],
    [570.0, 840.0, 2_410.0],
    [300.0, 870.0, 2_240.0],
];
const HISS_HZ: f32 = 4_500.0;
const HISS_BANDWIDTH_HZ: f32 = 2_000.0;
const BANDWIDTHS_HZ: [f32; 3] = [80.0, 110.0, 160.0];

/// A voice and where it speaks.
pub(crate) struct Speech {
    pub(crate) samples: Vec<f32>,
    /// For each block of 10 ms.
    pub(crate) is_voice: Vec<bool>,
}

/// `secs` of a voice of `pitch_hz`, whose level while it speaks is `level_db` under full scale.
pub(crate) fn speech(seed: u64, pitch_hz: f32, level_db: f32, secs: f32) -> Speech {
    let mut speaker = Speaker::new(seed, pitch_hz);
    let blocks = (secs * 100.0) as usize;
    while speaker.samples.len() < blocks * 480 {
        for _ in 0..1 + speaker.noise.below(3) {
            for _ in 0..1 + speaker.noise.below(4) {
                speaker.syllable();
            }
            speaker.pause(0.05, 0.15);
        }
        speaker.pause(0.3, 1.0);
    }
    speaker.samples.truncate(blocks * 480);
    let mut samples = speaker.samples;
    let mut powers: Vec<f32> = samples.chunks_exact(480).map(crate::support::power).collect();
    let loudest = powers.iter().copied().fold(0.0, f32::max);
    let is_voice: Vec<bool> = powers.iter().map(|power| *power > loudest * 0.003).collect();
    powers.retain(|power| *power > loudest * 0.003);
    let gain = (10.0_f32.powf(level_db / 10.0) / (powers.iter().sum::<f32>() / powers.len() as f32)).sqrt();
    samples.iter_mut().for_each(|sample| *sample *= gain);
    Speech { samples, is_voice }
}

struct Speaker {
    noise: Noise,
    samples: Vec<f32>,
    pitch_hz: f32,
    phase: f32,
    tilt: [f32; 2],
    formants: [Resonator; 3],
    formants_hz: [f32; 3],
    hiss: Resonator,
}

#[derive(Clone, Copy, Default)]
struct Resonator([f32; 2]);

impl Resonator {
    fn next(&mut self, hz: f32, bandwidth_hz: f32, source: f32) -> f32 {
        let radius = (-TAU / 2.0 * bandwidth_hz / RATE_HZ).exp();
        let [last, before] = self.0;
        let next =
            source * (1.0 - radius) + 2.0 * radius * (TAU * hz / RATE_HZ).cos() * last - radius * radius * before;
        self.0 = [next, last];
        next - before
    }
}

impl Speaker {
    fn new(seed: u64, pitch_hz: f32) -> Self {
        let noise = Noise(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        Self {
            noise,
            samples: Vec::new(),
            pitch_hz,
            phase: 0.0,
            tilt: [0.0; 2],
            formants: [Resonator::default(); 3],
            formants_hz: VOWELS_HZ[0],
            hiss: Resonator::default(),
        }
    }

    /// A consonant (a burst of noise, half of the time) and a vowel.
    fn syllable(&mut self) {
        if self.noise.share() < 0.5 {
            let count = (RATE_HZ * (0.04 + 0.06 * self.noise.share())) as usize;
            for n in 0..count {
                let hiss = self.hiss.next(HISS_HZ, HISS_BANDWIDTH_HZ, self.noise.signed());
                self.samples.push(0.01 * hiss * hump(n, count));
            }
        }
        let vowel = VOWELS_HZ[self.noise.below(VOWELS_HZ.len() as u64) as usize];
        let count = (RATE_HZ * (0.1 + 0.15 * self.noise.share())) as usize;
        let (from_hz, to_hz) = (self.bent_pitch_hz(), self.bent_pitch_hz());
        let loudness = 0.5 + 0.5 * self.noise.share();
        for n in 0..count {
            for (formant_hz, target_hz) in self.formants_hz.iter_mut().zip(vowel) {
                *formant_hz += (target_hz - *formant_hz) * 0.001;
            }
            let pitch_hz = from_hz + (to_hz - from_hz) * n as f32 / count as f32;
            let source = self.glottis(pitch_hz);
            let voiced = self.throat(source);
            self.samples.push(loudness * voiced * hump(n, count));
        }
    }

    fn bent_pitch_hz(&mut self) -> f32 {
        self.pitch_hz * (0.85 + 0.3 * self.noise.share())
    }

    /// Pulses that fall by 12 dB an octave, and some breath.
    fn glottis(&mut self, pitch_hz: f32) -> f32 {
        self.phase += pitch_hz / RATE_HZ;
        let pulse = if self.phase >= 1.0 { 1.0 } else { 0.0 };
        self.phase = self.phase.fract();
        self.tilt[0] += 0.15 * (pulse + 0.002 * self.noise.signed() - self.tilt[0]);
        self.tilt[1] += 0.15 * (self.tilt[0] - self.tilt[1]);
        self.tilt[1]
    }

    fn throat(&mut self, source: f32) -> f32 {
        let formants = self.formants.iter_mut().zip(self.formants_hz).zip(BANDWIDTHS_HZ);
        formants.map(|((formant, hz), bandwidth_hz)| formant.next(hz, bandwidth_hz, source)).sum()
    }

    fn pause(&mut self, least_secs: f32, most_secs: f32) {
        let secs = least_secs + (most_secs - least_secs) * self.noise.share();
        self.samples.extend(std::iter::repeat_n(0.0, (RATE_HZ * secs) as usize));
    }
}

/// Swells and fades over 20 ms.
fn hump(n: usize, count: usize) -> f32 {
    let edge = n.min(count - 1 - n) as f32 / 960.0;
    if edge < 1.0 { 0.5 - 0.5 * (edge * TAU / 2.0).cos() } else { 1.0 }
}
