use crate::block::BLOCK;
use atrium_protocol::Micros;
use std::time::Duration;

/// A standstill over this many periods is not made up for: the device begins anew.
const BEHIND_PERIODS: u64 = 1_000;

/// Counts periods of 10 ms from a start, without drifting away from the clock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Periods {
    start: Option<Micros>,
    passed: u64,
}

impl Periods {
    /// Periods that ended since the last call; the first call starts the clock.
    pub(crate) fn elapsed(&mut self, now: Micros) -> u64 {
        let start = *self.start.get_or_insert(now);
        let passed = now.since(start).as_micros() as u64 / BLOCK.as_micros() as u64;
        let elapsed = passed.saturating_sub(self.passed);
        self.passed = self.passed.max(passed);
        elapsed.min(BEHIND_PERIODS)
    }

    /// How long the running period lasts from `now` on.
    pub(crate) fn wait(&self, now: Micros) -> Duration {
        let Some(start) = self.start else { return Duration::ZERO };
        let next = start + Duration::from_micros((self.passed + 1).saturating_mul(BLOCK.as_micros() as u64));
        next.since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_do_not_drift_however_late_one_looks() {
        let mut periods = Periods::default();
        let mut counted = periods.elapsed(Micros(7_000));
        let mut now = Micros(7_000);
        for n in 0..1_000_u64 {
            now = now + periods.wait(now) + Duration::from_micros(n * 37 % 3_000);
            counted += periods.elapsed(now);
        }
        assert_eq!(counted, (now.0 - 7_000) / 10_000);
        assert!(periods.wait(now) <= BLOCK);
    }

    #[test]
    fn a_long_standstill_is_not_made_up_for() {
        let mut periods = Periods::default();
        periods.elapsed(Micros(0));
        assert_eq!(periods.elapsed(Micros(3_600_000_000)), BEHIND_PERIODS);
        assert_eq!(periods.elapsed(Micros(3_600_010_000)), 1);
        assert_eq!(periods.elapsed(Micros(5)), 0, "a clock that goes back");
    }
}
