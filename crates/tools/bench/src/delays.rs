use hdrhistogram::Histogram;
use serde::Serialize;
use std::time::Duration;

/// A distribution of delays, in microseconds up to ten minutes, exact to 0.1 %.
#[derive(Clone, Debug)]
pub(crate) struct Delays(Histogram<u64>);

const LONGEST_US: u64 = 600_000_000;
const DIGITS: u8 = 3;

impl Default for Delays {
    fn default() -> Self {
        #[allow(clippy::expect_used, reason = "the bounds are constants that the library accepts")]
        Self(Histogram::new_with_bounds(1, LONGEST_US, DIGITS).expect("constant bounds"))
    }
}

impl Delays {
    pub(crate) fn record(&mut self, delay: Duration) {
        self.record_us(u64::try_from(delay.as_micros()).unwrap_or(LONGEST_US));
    }

    /// Delays over the longest count as the longest.
    pub(crate) fn record_us(&mut self, delay_us: u64) {
        self.0.saturating_record(delay_us);
    }

    pub(crate) fn clear(&mut self) {
        self.0.reset();
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for value in other.0.iter_recorded() {
            self.0.saturating_record_n(value.value_iterated_to(), value.count_at_value());
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// `None` if nothing was recorded.
    pub(crate) fn summary(&self) -> Option<DelaySummary> {
        let ms = |us: u64| us as f64 / 1_000.0;
        let at = |quantile| ms(self.0.value_at_quantile(quantile));
        (!self.0.is_empty()).then(|| DelaySummary {
            p50: at(0.50),
            p95: at(0.95),
            p99: at(0.99),
            max: ms(self.0.max()),
        })
    }
}

/// Quantiles in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct DelaySummary {
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_come_in_milliseconds() {
        let mut delays = Delays::default();
        assert_eq!(delays.summary(), None);
        (1..=100).for_each(|ms| delays.record(Duration::from_millis(ms)));
        let mut twice = delays.clone();
        twice.add(&delays);
        assert_eq!((delays.count(), twice.count()), (100, 200));
        let summary = twice.summary().unwrap();
        for (got, expected) in [(summary.p50, 50.0), (summary.p95, 95.0), (summary.p99, 99.0), (summary.max, 100.0)] {
            assert!((got / expected - 1.0).abs() < 0.002, "{got} {expected}");
        }
        delays.record(Duration::from_secs(100_000));
        assert!(delays.summary().unwrap().max >= 599_000.0);
        delays.clear();
        assert_eq!(delays.count(), 0);
    }
}
