use crate::BLOCK_SAMPLES;
use crate::hrtf_file::{MOST_DELAY_SECS, MOST_TAPS};
use std::f32::consts::PI;

/// Taps of the interpolation between samples.
const FRACTION_TAPS: usize = 16;
const TAPS: usize = MOST_TAPS + FRACTION_TAPS;
const MOST_OFFSET: usize = (MOST_DELAY_SECS * crate::SAMPLE_RATE_HZ as f32) as usize + 1;
/// Samples before a block that a filter may need.
pub(crate) const HISTORY_SAMPLES: usize = 256;
const _: () = assert!(MOST_OFFSET + TAPS <= HISTORY_SAMPLES);
/// Outputs that are summed at once, in registers.
const STRIDE: usize = 32;
/// Parts of a block, between which filters may change.
pub(crate) const PARTS: usize = 3;
pub(crate) const PART_SAMPLES: usize = BLOCK_SAMPLES / PARTS;
const _: () = assert!(PART_SAMPLES * PARTS == BLOCK_SAMPLES && PART_SAMPLES.is_multiple_of(STRIDE));

/// What the last samples were, and a block behind them.
pub(crate) type History = [f32; HISTORY_SAMPLES + BLOCK_SAMPLES];

/// Delay and filter of one ear in one: whole samples as an offset, the fraction within the taps.
#[derive(Clone, Debug)]
pub(crate) struct EarFilter {
    offset: usize,
    len: usize,
    taps: [f32; TAPS],
}

impl EarFilter {
    /// Lets nothing through.
    pub(crate) fn silent() -> Self {
        Self { offset: 0, len: 1, taps: [0.0; TAPS] }
    }

    /// Delays by `delay_samples` (besides half the interpolation, which all filters have), filters with `taps` (at most
    /// [`MOST_TAPS`]) and multiplies by `gain`.
    pub(crate) fn new(delay_samples: f32, taps: &[f32], gain: f32) -> Self {
        let delay = delay_samples.clamp(0.0, (MOST_OFFSET - 1) as f32);
        let offset = delay as usize;
        let between = interpolation(delay - offset as f32);
        let mut filter = Self { offset, len: taps.len() + FRACTION_TAPS - 1, taps: [0.0; TAPS] };
        for (k, tap) in taps.iter().enumerate() {
            let sums = &mut filter.taps[k..k + FRACTION_TAPS];
            sums.iter_mut().zip(&between).for_each(|(sum, part)| *sum += tap * gain * part);
        }
        filter
    }

    /// Part `part` of the filtered block: `output[n] = Σ taps[k] · history[HISTORY_SAMPLES + n − offset − k]`.
    pub(crate) fn run(&self, history: &History, part: usize) -> [f32; PART_SAMPLES] {
        let mut output = [0.0; PART_SAMPLES];
        for (stride, outputs) in output.as_chunks_mut::<STRIDE>().0.iter_mut().enumerate() {
            let newest = HISTORY_SAMPLES + part * PART_SAMPLES + stride * STRIDE - self.offset;
            *outputs = self.stride(&history[newest + 1 - self.len..newest + STRIDE]);
        }
        output
    }

    /// One stride of the output from its `len + STRIDE − 1` samples. On its own, so that all sums stay in registers:
    /// inlined, this takes half as long again.
    #[inline(never)]
    fn stride(&self, samples: &[f32]) -> [f32; STRIDE] {
        let mut sums = [0.0; STRIDE];
        for (tap, samples) in self.taps[..self.len].iter().zip(samples.array_windows::<STRIDE>().rev()) {
            for (sum, sample) in sums.iter_mut().zip(samples) {
                *sum += tap * sample;
            }
        }
        sums
    }
}

/// A windowed sinc that delays by `FRACTION_TAPS / 2 − 1` samples and a fraction (0…1) of one.
fn interpolation(fraction: f32) -> [f32; FRACTION_TAPS] {
    let middle = (FRACTION_TAPS / 2 - 1) as f32 + fraction;
    let mut taps: [f32; FRACTION_TAPS] = std::array::from_fn(|k| {
        let x = k as f32 - middle;
        let sinc = if x.abs() < 1e-4 { 1.0 } else { (PI * x).sin() / (PI * x) };
        let window = (PI * x / (FRACTION_TAPS + 1) as f32).cos().powi(2);
        sinc * window
    });
    let sum: f32 = taps.iter().sum();
    taps.iter_mut().for_each(|tap| *tap /= sum);
    taps
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::TAU;

    #[test]
    fn it_delays_by_fractions_without_loss() {
        for (delay, frequency_hz) in [(0.0, 1_000.0), (0.5, 1_000.0), (10.3, 4_000.0), (33.5, 12_000.0)] {
            let sine = |n: f32| (TAU * frequency_hz * n / 48_000.0).sin();
            let history: History = std::array::from_fn(|n| sine(n as f32));
            let filter = EarFilter::new(delay, &[1.0], 0.5);
            let output = (0..PARTS).flat_map(|part| filter.run(&history, part));
            for (n, got) in output.enumerate() {
                let expected = 0.5 * sine(n as f32 + HISTORY_SAMPLES as f32 - delay - 7.0);
                assert!((got - expected).abs() < 0.004, "{delay} {frequency_hz} {n}: {got} {expected}");
            }
        }
    }
}
