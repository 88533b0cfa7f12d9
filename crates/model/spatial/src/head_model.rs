use crate::{OutputMode, SAMPLE_RATE_HZ, SPEED_OF_SOUND};
use glam::Vec3;
use std::f32::consts::{FRAC_PI_4, SQRT_2};

/// From the middle of the head to an ear.
pub(crate) const EAR_OFFSET_M: f32 = 0.0875;
/// How much of the sound on one side the other ear loses; a head's mean over speech.
const SHADOW: f32 = 0.5;
/// How far a voice at the side goes to that loudspeaker; a little is left in the other.
const STEREO_WIDTH: f32 = 0.9;

/// Gain and delay of one ear.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct CoarseEar {
    pub(crate) gain: f32,
    pub(crate) delay_samples: f32,
}

/// Left and right for sound from `direction` (head space, a unit vector), without spectra: enough for reflections, and
/// all there is for loudspeakers. In front both gains are 1, and their squares always add up to 2.
pub(crate) fn coarse_ears(direction: Vec3, mode: OutputMode) -> [CoarseEar; 2] {
    let leftness = (-direction.x).clamp(-1.0, 1.0);
    match mode {
        OutputMode::Headphones => [leftness, -leftness].map(|towards| CoarseEar {
            gain: (1.0 + SHADOW * towards).sqrt(),
            delay_samples: later_secs(towards) * SAMPLE_RATE_HZ as f32,
        }),
        OutputMode::Stereo => [leftness, -leftness].map(|towards| CoarseEar {
            gain: SQRT_2 * ((1.0 - STEREO_WIDTH * towards) * FRAC_PI_4).cos(),
            delay_samples: 0.0,
        }),
        OutputMode::Mono => [CoarseEar { gain: 1.0, delay_samples: 0.0 }; 2],
    }
}

/// Delay behind the nearest place that an ear can have, by Woodworth's sphere.
fn later_secs(towards: f32) -> f32 {
    let whole = |sine: f32| EAR_OFFSET_M / SPEED_OF_SOUND * (sine.asin() + sine);
    (whole(1.0) - whole(towards)) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_is_louder_and_earlier_on_the_left() {
        for mode in [OutputMode::Headphones, OutputMode::Stereo] {
            let [left, right] = coarse_ears(Vec3::NEG_X, mode);
            assert!(left.gain > 1.5 * right.gain);
            assert!((left.gain.powi(2) + right.gain.powi(2) - 2.0).abs() < 1e-5);
            let [left, right] = coarse_ears(Vec3::NEG_Z, mode);
            assert!((left.gain - 1.0).abs() < 1e-6 && (left.delay_samples - right.delay_samples).abs() < 1e-6);
        }
        let [left, right] = coarse_ears(Vec3::NEG_X, OutputMode::Headphones);
        let apart_secs = (right.delay_samples - left.delay_samples) / SAMPLE_RATE_HZ as f32;
        assert!((apart_secs - 655e-6).abs() < 20e-6, "{apart_secs}");
    }
}
