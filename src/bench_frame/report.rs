use super::FrameParts;
use hdrhistogram::Histogram;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// What a frame consists of: the sets of [`atrium_scene::Frame`], the engine's own systems, and handing over to the
/// renderer. What boards take is in the others, and told once more by itself.
pub(super) const PARTS: [&str; 8] =
    ["receive", "sense", "simulate", "publish", "present", "engine", "extract", "boards"];

/// The longest frame that is told apart, in microseconds.
const LONGEST_US: u64 = 60_000_000;

/// Quantiles in milliseconds.
#[derive(Debug, Serialize)]
pub(super) struct Quantiles {
    p50: f64,
    p95: f64,
    p99: f64,
    max: f64,
}

/// What is printed.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    participants: u16,
    frames: u64,
    frame_ms: Quantiles,
    parts_ms: BTreeMap<&'static str, Quantiles>,
    /// The longest frame in which somebody came in.
    join_frame_max_ms: f64,
    /// Frames while the place was loaded.
    loading_frame_ms: Quantiles,
    /// Of the longest of these, how long the main thread was ready to run while its core did something else; 0 where the system
    /// does not say.
    loading_frame_waited_ms: f64,
    /// What that one consisted of.
    loading_frame_parts_ms: BTreeMap<&'static str, f64>,
    profile: &'static str,
}

/// Distributions of frame times.
pub(super) struct Times {
    total: Histogram<u64>,
    parts: Vec<Histogram<u64>>,
    join_max: Duration,
    loading: Histogram<u64>,
    loading_longest: FrameParts,
}

impl Times {
    pub(super) fn new() -> Result<Self, hdrhistogram::CreationError> {
        let histogram = || Histogram::new_with_bounds(1, LONGEST_US, 3);
        let parts = PARTS.iter().map(|_| histogram()).collect::<Result<_, _>>()?;
        Ok(Self {
            total: histogram()?,
            parts,
            join_max: Duration::ZERO,
            loading: histogram()?,
            loading_longest: FrameParts::default(),
        })
    }

    pub(super) fn record(&mut self, frame: &FrameParts, is_join: bool) {
        self.total.saturating_record(micros(frame.total));
        for (histogram, part) in self.parts.iter_mut().zip(frame.parts) {
            histogram.saturating_record(micros(part));
        }
        if is_join {
            self.join_max = self.join_max.max(frame.total);
        }
    }

    /// A frame while the place is being loaded.
    pub(super) fn record_loading(&mut self, frame: FrameParts) {
        self.loading.saturating_record(micros(frame.total));
        if frame.total > self.loading_longest.total {
            self.loading_longest = frame;
        }
    }

    pub(super) fn report(&self, participants: u16) -> Report {
        Report {
            participants,
            frames: self.total.len(),
            frame_ms: quantiles(&self.total),
            parts_ms: PARTS.into_iter().zip(self.parts.iter().map(quantiles)).collect(),
            join_frame_max_ms: millis(self.join_max),
            loading_frame_ms: quantiles(&self.loading),
            loading_frame_waited_ms: millis(self.loading_longest.waited),
            loading_frame_parts_ms: PARTS.into_iter().zip(self.loading_longest.parts.map(millis)).collect(),
            profile: if cfg!(debug_assertions) { "dev" } else { "release" },
        }
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(LONGEST_US)
}

fn quantiles(histogram: &Histogram<u64>) -> Quantiles {
    let at = |quantile| histogram.value_at_quantile(quantile) as f64 / 1_000.0;
    Quantiles { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: histogram.max() as f64 / 1_000.0 }
}
