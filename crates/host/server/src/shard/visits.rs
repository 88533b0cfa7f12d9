use super::peers::{Drain, Peer};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long what goes to a receiver waits for more that goes there, at most. Touching a connection costs mostly cold
/// memory, so datagrams that are written together cost less than alone. A loaded shard gathers longer by itself,
/// since every connection waits for its turn.
const GATHER_MOST_MS: u64 = 5;
/// A shard with few connections has time to spare: what comes for them goes at once. Each so many connections add a
/// millisecond, the step in which one can wait for sockets.
const CONNECTIONS_A_MS: u64 = 20;
/// Visits in one turn of the loop. Between turns the shard reads what came in, so that a packet finds its
/// receivers still unvisited instead of waiting for a whole round to end.
const VISITS_A_TURN: usize = 32;

/// Which connections must be visited, and when: each at most once in either queue.
#[derive(Default)]
pub(super) struct Visits {
    urgent: Vec<usize>,
    due: VecDeque<(Instant, usize)>,
    gather: Duration,
}

impl Visits {
    /// Gathers from now on as it pays with so many connections.
    pub(super) fn gather_for(&mut self, connections: usize) {
        let connections = u64::try_from(connections).unwrap_or(u64::MAX);
        self.gather = Duration::from_millis((connections / CONNECTIONS_A_MS).min(GATHER_MOST_MS));
    }

    /// Takes up what a connection wants.
    pub(super) fn note(&mut self, now: Instant, index: usize, peer: &mut Peer) {
        if peer.drain == Drain::Now && !std::mem::replace(&mut peer.is_urgent, true) {
            self.urgent.push(index);
        } else if peer.drain == Drain::Together && !std::mem::replace(&mut peer.is_queued, true) {
            self.due.push_back((now + self.gather, index));
        }
    }

    /// When the next visit is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.due.front().map(|(due, _)| *due)
    }

    pub(super) fn take_urgent(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.urgent)
    }

    /// The connections to visit in this turn.
    pub(super) fn take_due(&mut self, now: Instant) -> Vec<usize> {
        let count = self.due.iter().take(VISITS_A_TURN).take_while(|(due, _)| *due <= now).count();
        self.due.drain(..count).map(|(_, index)| index).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_wait_for_nothing_and_many_for_one_another() {
        let gather_ms = |connections| {
            let mut visits = Visits::default();
            visits.gather_for(connections);
            visits.gather.as_millis()
        };
        assert_eq!([0, 2, 19, 20, 60, 100, 300].map(gather_ms), [0, 0, 0, 1, 3, 5, 5]);
    }
}
