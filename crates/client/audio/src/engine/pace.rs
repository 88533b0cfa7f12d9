use atrium_protocol::Micros;
use std::time::Duration;

/// Says when something that may happen only so often may happen again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Every {
    interval: Duration,
    last: Option<Micros>,
}

impl Every {
    pub(crate) fn new(interval: Duration) -> Self {
        Self { interval, last: None }
    }

    pub(crate) fn is_due(&mut self, now: Micros) -> bool {
        let is_due = self.last.is_none_or(|last| now.since(last) >= self.interval);
        if is_due {
            self.last = Some(now);
        }
        is_due
    }
}
