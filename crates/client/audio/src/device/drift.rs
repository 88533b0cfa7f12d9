use super::converter::CORRECTION_MAX;
use atrium_protocol::Micros;
use std::time::Duration;

/// How often the speed is set anew.
const WINDOW: Duration = Duration::from_secs(1);
/// What should be left in the ring at the worst moment.
const MARGIN_SECS: f64 = 0.002;
/// Time in which an error is worked off. The loop is a PI controller without overshoot.
const SETTLE_SECS: f64 = 4.0;
/// A larger error comes from a standstill or a start, not from the clocks: nothing is learnt from it.
const LEARN_SECS: f64 = 0.003;

/// Finds how fast a microphone's ring must be emptied so that it neither runs dry nor grows, whatever the two
/// clocks do. What counts is how much is left at the worst moment of each second but one (a callback that comes once
/// just after it was needed says little): the rest is delay.
#[derive(Clone, Debug, Default)]
pub(crate) struct DriftControl {
    window_start: Option<Micros>,
    /// The two least of the window.
    least_left_secs: [f64; 2],
    steady: f64,
}

impl DriftControl {
    /// `left_secs` of sound would be left after taking one more block at `now`; negative when some is missing.
    /// Gives a new share to hurry by, once a second.
    pub(crate) fn observe(&mut self, now: Micros, left_secs: f64) -> Option<f64> {
        let start = *self.window_start.get_or_insert_with(|| {
            self.least_left_secs = [f64::INFINITY; 2];
            now
        });
        let [least, second] = self.least_left_secs;
        self.least_left_secs = [least.min(left_secs), second.min(left_secs.max(least))];
        if now.since(start) < WINDOW {
            return None;
        }
        let elapsed_secs = now.since(start).as_secs_f64().min(2.0 * WINDOW.as_secs_f64());
        let [_, second_least_secs] = self.least_left_secs;
        let error_secs = if second_least_secs.is_finite() { second_least_secs - MARGIN_SECS } else { 0.0 };
        self.window_start = None;
        let bound = |share: f64| share.clamp(-CORRECTION_MAX, CORRECTION_MAX);
        if error_secs.abs() <= LEARN_SECS {
            self.steady = bound(self.steady + error_secs * elapsed_secs / (4.0 * SETTLE_SECS * SETTLE_SECS));
        }
        Some(bound(error_secs / SETTLE_SECS + self.steady))
    }
}

/// Counts a device's frames against the clock, and notices when its rate is not the one that it claims.
#[derive(Clone, Debug)]
pub(crate) struct RateWatch {
    believed_hz: f64,
    window: Option<Window>,
    suspected_hz: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    start: Micros,
    frames_at_start: u64,
    frames: u64,
    moved: Micros,
}

/// Time that is counted; bursts of callbacks weigh little in it.
const WATCH: Duration = Duration::from_secs(4);
/// A window in which nothing moved for this long tells nothing: the machine slept.
const PAUSE: Duration = Duration::from_millis(500);
/// A rate that is off by less is a matter for [`DriftControl`].
const TOLERANCE: f64 = 0.01;

/// Whether a device that runs at `true_hz` is of no use: no card is that far off, so it is no sound that it moves.
pub(crate) fn is_absurd(claimed_hz: f64, true_hz: f64) -> bool {
    !(0.3..=2.5).contains(&(true_hz / claimed_hz))
}

impl RateWatch {
    pub(crate) fn new(claimed_hz: f64) -> Self {
        Self { believed_hz: claimed_hz, window: None, suspected_hz: None }
    }

    /// The device has moved `frames` since it was opened. Gives its true rate when two windows in a row agree that
    /// it is another one.
    pub(crate) fn observe(&mut self, now: Micros, frames: u64) -> Option<f64> {
        let begin = Window { start: now, frames_at_start: frames, frames, moved: now };
        let window = self.window.get_or_insert(begin);
        if now.since(window.moved) > PAUSE {
            *window = begin;
        }
        if frames == window.frames {
            return None;
        }
        (window.frames, window.moved) = (frames, now);
        // A window begins and ends with a callback, so that a burst does not count for time that it had not.
        if window.frames_at_start == frames || now.since(window.start) < WATCH {
            return None;
        }
        let elapsed_secs = now.since(window.start).as_secs_f64();
        let measured_hz = frames.saturating_sub(window.frames_at_start) as f64 / elapsed_secs;
        *window = begin;
        let is_near = |hz: f64| (measured_hz / hz - 1.0).abs() <= TOLERANCE;
        let is_confirmed = |suspected_hz: f64| {
            is_near(suspected_hz)
                || (is_absurd(self.believed_hz, suspected_hz) && is_absurd(self.believed_hz, measured_hz))
        };
        if is_near(self.believed_hz) {
            self.suspected_hz = None;
        } else if self.suspected_hz.is_some_and(is_confirmed) {
            self.believed_hz = measured_hz;
            self.suspected_hz = None;
            return Some(measured_hz);
        } else {
            self.suspected_hz = Some(measured_hz);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch(true_hz: f64, secs: f64, period_frames: u64) -> Option<f64> {
        let mut watch = RateWatch::new(48_000.0);
        (0..(secs * true_hz) as u64 / period_frames).find_map(|n| {
            let at_us = (n * period_frames) as f64 / true_hz * 1e6;
            watch.observe(Micros(at_us as u64), n * period_frames)
        })
    }

    #[test]
    fn a_rate_that_is_another_one_is_measured() {
        let found_hz = watch(44_100.0, 30.0, 1_024).unwrap();
        assert!((found_hz / 44_100.0 - 1.0).abs() < 0.001, "{found_hz}");
        assert!((watch(16_000.0, 30.0, 160).unwrap() / 16_000.0 - 1.0).abs() < 0.001);
        assert_eq!(watch(48_014.0, 60.0, 480), None);
        assert_eq!(watch(47_700.0, 60.0, 2_048), None);
    }

    #[test]
    fn a_device_without_a_clock_is_noticed_too() {
        let mut watch = RateWatch::new(48_000.0);
        let mut frames = 0;
        let found = (0..2_000_u64).find_map(|n| {
            frames += 2_000_000 + n % 400 * 10_000;
            watch.observe(Micros(n * 10_000), frames)
        });
        assert!(is_absurd(48_000.0, found.unwrap()));
        assert!(!is_absurd(48_000.0, 96_000.0) && !is_absurd(48_000.0, 16_000.0));
    }

    #[test]
    fn a_machine_that_slept_has_no_wrong_clock() {
        let mut watch = RateWatch::new(48_000.0);
        for n in 0..6_000_u64 {
            // Every 3 s it sleeps for 2 s.
            let now = Micros(n * 10_000 + n / 300 * 2_000_000);
            assert_eq!(watch.observe(now, n * 480), None);
        }
    }

    #[test]
    fn the_worst_moment_decides_about_the_speed() {
        let mut control = DriftControl::default();
        let mut hurry =
            |left_secs: &dyn Fn(u64) -> f64| (0..=100).find_map(|n| control.observe(Micros(n * 10_000), left_secs(n)));
        assert!(hurry(&|_| 0.030).unwrap() > 0.003);
        assert!(hurry(&|n| if n == 40 || n == 70 { -0.020 } else { 0.030 }).unwrap() < 0.0);
        let once = |n| if n == 40 { -0.020 } else { 0.030 };
        assert!(hurry(&once).unwrap() > 0.003, "one late callback says little");
        assert!(hurry(&|_| 1e9).unwrap() <= CORRECTION_MAX);
    }
}
