use crate::SAMPLE_RATE_HZ;
use std::f32::consts::TAU;

/// The frequency at which the loss of a dull sound is given.
pub(crate) const TREBLE_HZ: f32 = 8_000.0;

/// A low-pass of first order, `y += (1 − pole) · (x − y)`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OnePole {
    state: f32,
}

impl OnePole {
    pub(crate) fn next(&mut self, sample: f32, pole: f32) -> f32 {
        self.state = sample + pole * (self.state - sample);
        self.state
    }

    /// Ends a decay before it reaches denormal numbers, which are slow.
    pub(crate) fn settle(&mut self) {
        if self.state.abs() < 1e-12 {
            self.state = 0.0;
        }
    }
}

/// The pole with which a low-pass falls by 3 dB at `cutoff_hz`.
pub(crate) fn pole_for_cutoff(cutoff_hz: f32) -> f32 {
    pole_for_loss(10.0 * 2f32.log10(), cutoff_hz)
}

/// The pole with which a low-pass loses `loss_db` at `frequency_hz` and nothing at 0 Hz: the solution of
/// `(1 − b)² = G (1 + b² − 2 b cos ω)` below 1.
pub(crate) fn pole_for_loss(loss_db: f32, frequency_hz: f32) -> f32 {
    let power = 10f32.powf(-loss_db / 10.0);
    if power > 0.999 {
        return 0.0;
    }
    let cosine = (TAU * frequency_hz / SAMPLE_RATE_HZ as f32).cos();
    let half = 1.0 - power * cosine;
    ((half - (half * half - (1.0 - power).powi(2)).max(0.0).sqrt()) / (1.0 - power)).clamp(0.0, 0.9999)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gain for a sine, in decibels.
    fn gain_db(pole: f32, frequency_hz: f32) -> f32 {
        let mut filter = OnePole::default();
        let mut power = [0.0, 0.0];
        for n in 0..9_600 {
            let x = (TAU * frequency_hz * n as f32 / SAMPLE_RATE_HZ as f32).sin();
            let y = filter.next(x, pole);
            if n >= 4_800 {
                power[0] += x * x;
                power[1] += y * y;
            }
        }
        10.0 * (power[1] / power[0]).log10()
    }

    #[test]
    fn it_loses_what_is_asked() {
        for loss_db in [0.1, 1.0, 6.0, 20.0] {
            let pole = pole_for_loss(loss_db, TREBLE_HZ);
            assert!((gain_db(pole, TREBLE_HZ) + loss_db).abs() < 0.05, "{loss_db} dB");
            assert!(gain_db(pole, 50.0).abs() < 0.2);
        }
        assert!((gain_db(pole_for_cutoff(1_000.0), 1_000.0) + 3.01).abs() < 0.05);
        assert_eq!(pole_for_loss(0.0, TREBLE_HZ), 0.0);
    }
}
