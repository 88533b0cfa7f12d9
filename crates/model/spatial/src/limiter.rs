use crate::{BLOCK_SAMPLES, SAMPLE_RATE_HZ};

/// No sample that is put out is larger: −1 dBFS.
pub const LIMITER_CEILING: f32 = 0.891_25;
/// By how much the limiter delays everything, since it looks ahead: 1.3 ms.
pub const LIMITER_DELAY_SAMPLES: usize = LOOK_AHEAD - 1;

const LOOK_AHEAD: usize = 64;
const RELEASE_SECS: f32 = 0.08;
/// As good as 1: the rest is inaudible, and single precision would never get there.
const RELEASED: f32 = 0.9995;

/// Turns both channels down, together and in time, before one of them would be over the ceiling.
///
/// The gain that a sample needs is held for the look-ahead, rises slowly behind it, and is then averaged over the
/// look-ahead: when the sample comes out, every gain in the average is at most what it needs.
#[derive(Clone, Debug)]
pub(crate) struct Limiter {
    delayed: [[f32; 2]; LOOK_AHEAD],
    needed: [f32; LOOK_AHEAD],
    averaged: [f32; LOOK_AHEAD],
    at: usize,
    /// For how many samples something under 1 is still among the needed, or the averaged, gains.
    hold_left: usize,
    average_left: usize,
    released: f32,
    release_share: f32,
}

impl Limiter {
    pub(crate) fn new() -> Self {
        Self {
            delayed: [[0.0; 2]; LOOK_AHEAD],
            needed: [1.0; LOOK_AHEAD],
            averaged: [1.0; LOOK_AHEAD],
            at: 0,
            hold_left: 0,
            average_left: 0,
            released: 1.0,
            release_share: 1.0 - (-1.0 / (RELEASE_SECS * SAMPLE_RATE_HZ as f32)).exp(),
        }
    }

    /// Works in place on a block. What is not finite becomes silence.
    pub(crate) fn run(&mut self, block: &mut [[f32; 2]; BLOCK_SAMPLES]) {
        for frame in block.iter_mut() {
            let clean = frame.map(|sample| if sample.is_finite() { sample } else { 0.0 });
            *frame = self.next(clean).map(|sample| sample.clamp(-LIMITER_CEILING, LIMITER_CEILING));
        }
    }

    fn next(&mut self, frame: [f32; 2]) -> [f32; 2] {
        let peak = frame[0].abs().max(frame[1].abs());
        self.delayed[self.at] = frame;
        self.needed[self.at] = if peak > LIMITER_CEILING { LIMITER_CEILING / peak } else { 1.0 };

        if self.needed[self.at] < 1.0 {
            self.hold_left = LOOK_AHEAD;
        }
        let held = if self.hold_left > 0 { least(&self.needed) } else { 1.0 };
        self.hold_left = self.hold_left.saturating_sub(1);

        let rising = self.released + self.release_share * (1.0 - self.released);
        self.released = if rising > RELEASED { held } else { held.min(rising) };
        self.averaged[self.at] = self.released;
        if self.released < 1.0 {
            self.average_left = LOOK_AHEAD;
        }
        let gain = if self.average_left > 0 { mean(&self.averaged) } else { 1.0 };
        self.average_left = self.average_left.saturating_sub(1);

        self.at = (self.at + 1) % LOOK_AHEAD;
        self.delayed[self.at].map(|sample| sample * gain)
    }
}

fn least(gains: &[f32; LOOK_AHEAD]) -> f32 {
    gains.iter().fold(1.0, |least, gain| least.min(*gain))
}

fn mean(gains: &[f32; LOOK_AHEAD]) -> f32 {
    gains.iter().sum::<f32>() / LOOK_AHEAD as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Runs whole blocks.
    fn limited(samples: &[[f32; 2]]) -> Vec<[f32; 2]> {
        let mut limiter = Limiter::new();
        let blocks = samples.chunks_exact(BLOCK_SAMPLES);
        blocks
            .flat_map(|block| {
                let mut block = <[[f32; 2]; BLOCK_SAMPLES]>::try_from(block).unwrap();
                limiter.run(&mut block);
                block
            })
            .collect()
    }

    #[test]
    fn what_is_not_too_loud_is_only_delayed() {
        let samples: Vec<[f32; 2]> = (0..960).map(|n| [(n as f32 * 0.1).sin() * 0.89, 0.3]).collect();
        let output = limited(&samples);
        assert_eq!(output[LIMITER_DELAY_SAMPLES..], samples[..960 - LIMITER_DELAY_SAMPLES]);
        assert_eq!(output[..LIMITER_DELAY_SAMPLES], [[0.0; 2]; LIMITER_DELAY_SAMPLES]);
    }

    #[test]
    fn it_turns_down_before_it_would_have_to_cut() {
        let mut limiter = Limiter::new();
        for n in 0..48_000 {
            let loud = if (n / 4_800) % 2 == 0 { 3.0 } else { 0.5 };
            let x = (n as f32 * 0.05).sin() * loud;
            let output = limiter.next([x, -x / 2.0]);
            assert!(output[0].abs() <= LIMITER_CEILING * 1.000_01, "{n}: {}", output[0]);
            assert!((output[0] + 2.0 * output[1]).abs() < 1e-6, "both channels alike");
        }
    }

    #[test]
    fn it_lets_go_again() {
        let samples: Vec<[f32; 2]> = (0..48_000).map(|n| if n < 480 { [4.0; 2] } else { [0.5; 2] }).collect();
        let output = limited(&samples);
        assert!(output[1_000][0] < 0.2);
        assert_eq!(output[47_999][0], 0.5);
    }

    proptest! {
        #[test]
        fn nothing_gets_past(samples in prop::collection::vec(any::<[f32; 2]>(), 480..=480)) {
            for frame in limited(&samples) {
                prop_assert!(frame.iter().all(|sample| sample.abs() <= LIMITER_CEILING));
            }
        }
    }
}
