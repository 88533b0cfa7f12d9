//! Repeatable noise and words.

use std::f32::consts::TAU;

/// A small generator of repeatable noise (xorshift64*).
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    /// Evenly in 0…1.
    pub(crate) fn share(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn below_us(&mut self, end_us: u64) -> u64 {
        (self.share() * end_us as f64) as u64
    }
}

/// Something like speech: words of 400 ms with harmonics, gaps of 200 ms.
pub(crate) fn words(secs: f32) -> Vec<f32> {
    let count = (secs * 48_000.0) as usize;
    let sample = |n: usize| {
        let time = n as f32 / 48_000.0;
        let in_word = (time % 0.6) / 0.4;
        let envelope = if in_word < 1.0 { (in_word * TAU / 2.0).sin() } else { 0.0 };
        let pitch_hz = 130.0;
        let voice: f32 = (1..8).map(|k| (TAU * pitch_hz * k as f32 * time).sin() / k as f32).sum();
        0.2 * envelope * voice
    };
    (0..count).map(sample).collect()
}
