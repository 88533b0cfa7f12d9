//! A loudspeaker and a microphone in one room, on clocks of their own.

use crate::support::Noise;

/// How the microphone hears the speaker.
pub(crate) struct Room {
    /// Delay in samples and gain of each reflection, from the left and from the right speaker.
    responses: [Vec<(usize, f32)>; 2],
    delay_secs: f64,
    /// How much faster the speaker's clock runs.
    drift_ppm: f64,
}

impl Room {
    /// A response of 200 ms that decays by 60 dB, its power `loss_db` under that of what is played. Its reflections
    /// come every 0.25 ms on average, which sounds as noise does (velvet noise: Karjalainen and Järveläinen, 2007).
    pub(crate) fn new(seed: u64, loss_db: f32, delay_secs: f64, drift_ppm: f64) -> Self {
        let mut noise = Noise(seed | 1);
        let mut response = || {
            let mut taps: Vec<(usize, f32)> = (0..800)
                .map(|n| (12 * n + noise.below(12) as usize, noise.signed().signum()))
                .map(|(delay, sign)| (delay, sign * 10.0_f32.powf(-3.0 * delay as f32 / 9_600.0)))
                .collect();
            let energy: f32 = taps.iter().map(|(_, gain)| gain * gain).sum();
            let gain = 10.0_f32.powf(-loss_db / 20.0) / energy.sqrt();
            taps.iter_mut().for_each(|tap| tap.1 *= gain);
            taps
        };
        Self { responses: [response(), response()], delay_secs, drift_ppm }
    }

    /// What the microphone hears of `played`.
    pub(crate) fn echo(&self, played: &[[f32; 2]]) -> Vec<f32> {
        let sides = [0, 1].map(|side| played.iter().map(|frame| 0.5 * frame[side]).collect::<Vec<f32>>());
        let [left, right] = [0, 1].map(|side| convolve(&sides[side], &self.responses[side]));
        let in_room = crate::support::sum(&left, &right);
        (0..played.len()).map(|n| at(&in_room, self.position(n))).collect()
    }

    fn position(&self, n: usize) -> f64 {
        (n as f64 - self.delay_secs * 48_000.0) * (1.0 + self.drift_ppm * 1e-6)
    }
}

/// The signal between its samples (cubic, after Catmull and Rom).
fn at(samples: &[f32], position: f64) -> f32 {
    let (whole, share) = (position.floor(), position.fract() as f32);
    let sample = |offset: i64| usize::try_from(whole as i64 + offset).ok().and_then(|n| samples.get(n)).copied();
    let [a, b, c, d] = [-1, 0, 1, 2].map(|offset| sample(offset).unwrap_or(0.0));
    b + 0.5 * share * (c - a + share * (2.0 * a - 5.0 * b + 4.0 * c - d + share * (3.0 * (b - c) + d - a)))
}

fn convolve(samples: &[f32], taps: &[(usize, f32)]) -> Vec<f32> {
    let mut out = vec![0.0; samples.len()];
    for (delay, gain) in taps {
        out.iter_mut().skip(*delay).zip(samples).for_each(|(out, sample)| *out += gain * sample);
    }
    out
}
