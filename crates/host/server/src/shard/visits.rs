use super::peers::{Drain, Peer};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long what goes to a receiver waits for more that goes there. Touching a connection costs mostly cold
/// memory, so datagrams that are written together cost less than alone. A loaded shard gathers longer by itself,
/// since every connection waits for its turn.
const GATHER: Duration = Duration::from_millis(5);
/// Visits in one turn of the loop. Between turns the shard reads what came in, so that a packet finds its
/// receivers still unvisited instead of waiting for a whole round to end.
const VISITS_A_TURN: usize = 32;

/// Which connections must be visited, and when: each at most once in either queue.
#[derive(Default)]
pub(super) struct Visits {
    urgent: Vec<usize>,
    due: VecDeque<(Instant, usize)>,
}

impl Visits {
    /// Takes up what a connection wants.
    pub(super) fn note(&mut self, now: Instant, index: usize, peer: &mut Peer) {
        if peer.drain == Drain::Now && !std::mem::replace(&mut peer.is_urgent, true) {
            self.urgent.push(index);
        } else if peer.drain == Drain::Together && !std::mem::replace(&mut peer.is_queued, true) {
            self.due.push_back((now + GATHER, index));
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
