/// Length of the crossfade, 5 ms.
const FADE_SAMPLES: usize = 240;
/// Shortest and longest piece that is taken out, 2.5 ms and 15 ms: the pitch periods of 400 Hz and 67 Hz.
const CUT_SAMPLES: std::ops::RangeInclusive<usize> = 120..=720;
/// How alike the two ends of a cut must be in a voice; 1 is equal.
const LIKENESS: f32 = 0.9;

/// Takes a piece out of `samples` without a click, and says how many are left at their start; `None` when there
/// is no good place. In a voice the piece is one or more whole periods of its pitch; where it is quiet a cut is
/// never heard.
pub(crate) fn shorten(samples: &mut [f32], is_quiet: bool) -> Option<usize> {
    let longest = samples.len().checked_sub(FADE_SAMPLES)?.min(*CUT_SAMPLES.end());
    if longest < *CUT_SAMPLES.start() {
        return None;
    }
    let cut = if is_quiet {
        longest
    } else {
        let candidates = (*CUT_SAMPLES.start()..=longest).map(|cut| (cut, likeness(samples, cut)));
        let (cut, likeness) = candidates.max_by(|a, b| a.1.total_cmp(&b.1))?;
        (likeness >= LIKENESS).then_some(cut)?
    };
    for at in 0..FADE_SAMPLES {
        let share = (at as f32 + 0.5) / FADE_SAMPLES as f32;
        samples[at] += share * (samples[at + cut] - samples[at]);
    }
    samples.copy_within(FADE_SAMPLES + cut.., FADE_SAMPLES);
    Some(samples.len() - cut)
}

/// Normalised correlation of the first samples with those after `cut`.
fn likeness(samples: &[f32], cut: usize) -> f32 {
    let pairs = || samples.iter().zip(&samples[cut..]).take(FADE_SAMPLES).step_by(2);
    let (product, first, second) = pairs()
        .fold((0.0, 1e-9, 1e-9), |(product, first, second), (a, b)| (product + a * b, first + a * a, second + b * b));
    product / f32::sqrt(first * second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tone(hz: f32) -> Vec<f32> {
        (0..960).map(|n| 0.5 * (n as f32 * std::f32::consts::TAU * hz / 48_000.0).sin()).collect()
    }

    fn largest_step(samples: &[f32]) -> f32 {
        samples.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn a_tone_loses_whole_periods_and_no_smoothness() {
        for hz in [90.0, 150.0, 440.0, 1_000.0, 3_000.0] {
            let mut samples = tone(hz);
            let usual_step = largest_step(&samples);
            let left = shorten(&mut samples, false).unwrap();
            assert!((240..=840).contains(&left), "{hz} Hz: {left}");
            assert!(largest_step(&samples[..left]) <= usual_step * 1.05, "{hz} Hz");
            let periods = (960 - left) as f32 * hz / 48_000.0;
            assert!((periods - periods.round()).abs() < 0.05 * hz / 400.0 + 0.02, "{hz} Hz: {periods} periods");
        }
    }

    #[test]
    fn noise_is_left_alone_unless_it_is_quiet() {
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        let mut samples: Vec<f32> = (0..960).map(|_| 0.3 * noise()).collect();
        assert_eq!(shorten(&mut samples, false), None);
        assert_eq!(shorten(&mut samples, true), Some(240));
    }

    proptest! {
        #[test]
        fn any_samples(mut samples in prop::collection::vec(-1.0_f32..1.0, 0..1_200), is_quiet: bool) {
            let before = samples.len();
            if let Some(left) = shorten(&mut samples, is_quiet) {
                prop_assert!(left < before && before - left <= 720);
                prop_assert!(samples.iter().all(|x| x.abs() <= 1.0));
            }
        }
    }
}
