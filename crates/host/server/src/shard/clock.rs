use atrium_protocol::Micros;
use std::time::Instant;

/// Turns the monotonic clock into the server's: what rooms see never goes back, whatever happens to the wall
/// clock while the server runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShardClock {
    origin: Instant,
    origin_micros: Micros,
}

impl ShardClock {
    pub(super) fn start() -> Self {
        Self { origin: Instant::now(), origin_micros: crate::clock::now() }
    }

    pub(super) fn micros(&self, instant: Instant) -> Micros {
        self.origin_micros + instant.saturating_duration_since(self.origin)
    }

    pub(super) fn instant(&self, micros: Micros) -> Instant {
        self.origin + micros.since(self.origin_micros)
    }
}
