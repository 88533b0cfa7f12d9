use atrium_uplink::{BLOCK_SAMPLES, BlockReport, Uplink};

/// A small generator of repeatable noise (xorshift64*).
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    /// Evenly in 0…1.
    pub(crate) fn share(&mut self) -> f32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40) as f32 / (1_u32 << 24) as f32
    }

    /// Evenly in −1…1.
    pub(crate) fn signed(&mut self) -> f32 {
        2.0 * self.share() - 1.0
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        (self.share() * end as f32) as u64
    }
}

pub(crate) fn power(samples: &[f32]) -> f32 {
    (samples.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / samples.len().max(1) as f64) as f32
}

pub(crate) fn decibels(power: f32) -> f32 {
    10.0 * power.max(1e-13).log10()
}

/// White noise of `level_db`.
pub(crate) fn hiss(seed: u64, level_db: f32, count: usize) -> Vec<f32> {
    let mut noise = Noise(seed | 1);
    let amplitude = 10.0_f32.powf(level_db / 20.0) * 3.0_f32.sqrt();
    (0..count).map(|_| amplitude * noise.signed()).collect()
}

pub(crate) fn tone(hz: f32, amplitude: f32, secs: f32) -> Vec<f32> {
    let step = f64::from(hz) * std::f64::consts::TAU / 48_000.0;
    (0..(secs * 48_000.0) as usize).map(|n| amplitude * (n as f64 * step).sin() as f32).collect()
}

pub(crate) fn sum(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// Sends `microphone` through `uplink`, while the speaker plays `speaker` (or nothing, where it is shorter).
pub(crate) fn run(uplink: &mut Uplink, microphone: &[f32], speaker: &[[f32; 2]]) -> (Vec<f32>, Vec<BlockReport>) {
    let (mut heard, mut reports) = (Vec::with_capacity(microphone.len()), Vec::new());
    for (index, block) in microphone.chunks_exact(BLOCK_SAMPLES).enumerate() {
        let mut block: [f32; BLOCK_SAMPLES] = block.try_into().unwrap();
        let at = (index * BLOCK_SAMPLES).min(speaker.len());
        let played = &speaker[at..(at + BLOCK_SAMPLES).min(speaker.len())];
        reports.push(uplink.process(&mut block, played));
        heard.extend(block);
    }
    (heard, reports)
}

/// Power of the blocks of 10 ms for which `is_wanted` says so, by their number.
pub(crate) fn power_where(samples: &[f32], is_wanted: impl Fn(usize) -> bool) -> f32 {
    let powers: Vec<f32> = samples
        .chunks_exact(BLOCK_SAMPLES)
        .enumerate()
        .filter(|(block, _)| is_wanted(*block))
        .map(|(_, samples)| power(samples))
        .collect();
    powers.iter().sum::<f32>() / powers.len().max(1) as f32
}
