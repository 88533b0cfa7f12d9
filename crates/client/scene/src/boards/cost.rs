use bevy::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What boards cost a frame, for measurements.
#[derive(Resource, Debug, Default)]
pub struct BoardsCost {
    nanos: AtomicU64,
}

impl BoardsCost {
    /// What they cost since the last call.
    pub fn take(&self) -> Duration {
        Duration::from_nanos(self.nanos.swap(0, Ordering::Relaxed))
    }

    /// Counts the time until what is returned is dropped.
    pub(super) fn measure(&self) -> Measured<'_> {
        Measured { cost: self, since: Instant::now() }
    }
}

/// Time that passes.
pub(super) struct Measured<'a> {
    cost: &'a BoardsCost,
    since: Instant,
}

impl Drop for Measured<'_> {
    fn drop(&mut self) {
        let nanos = u64::try_from(self.since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.cost.nanos.fetch_add(nanos, Ordering::Relaxed);
    }
}
