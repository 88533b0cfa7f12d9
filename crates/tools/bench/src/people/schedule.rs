use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

/// What a client does again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Act {
    /// Sends 20 ms of voice. Before poses: of two things that are due at once, the one that is heard goes first.
    Voice,
    /// Sends a pose.
    Pose,
    /// Makes what was drawn an operation.
    Draw,
    /// Shows what is being drawn.
    Live,
}

/// Something to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Due {
    pub(crate) at: Instant,
    pub(crate) act: Act,
    pub(crate) client: usize,
}

/// A generator that is this late leaves out what it missed: people do not send faster after a pause.
const SKIP_AFTER: Duration = Duration::from_millis(200);

/// What comes next, in order.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    queue: BinaryHeap<Reverse<Due>>,
}

impl Schedule {
    pub(crate) fn add(&mut self, due: Due) {
        self.queue.push(Reverse(due));
    }

    /// Somebody does this no more.
    pub(crate) fn cancel(&mut self, client: usize, act: Act) {
        self.queue.retain(|Reverse(due)| (due.client, due.act) != (client, act));
    }

    pub(crate) fn next_at(&self) -> Option<Instant> {
        self.queue.peek().map(|Reverse(due)| due.at)
    }

    /// The next thing that is due.
    pub(crate) fn take(&mut self, now: Instant) -> Option<Due> {
        if self.next_at()? > now {
            return None;
        }
        self.queue.pop().map(|Reverse(due)| due)
    }

    /// Has something done again, one interval after it was due.
    pub(crate) fn repeat(&mut self, now: Instant, done: Due, interval: Duration) {
        let next = done.at + interval;
        let at = if now.saturating_duration_since(next) > SKIP_AFTER { now + interval } else { next };
        self.add(Due { at, ..done });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_in_order_at_their_cadence() {
        let start = Instant::now();
        let ms = |ms| start + Duration::from_millis(ms);
        let mut schedule = Schedule::default();
        schedule.add(Due { at: ms(10), act: Act::Pose, client: 1 });
        schedule.add(Due { at: ms(10), act: Act::Voice, client: 2 });
        schedule.add(Due { at: ms(5), act: Act::Pose, client: 3 });
        assert_eq!(schedule.take(ms(4)), None);
        let mut done = Vec::new();
        for now in (5..=50).map(ms) {
            while let Some(due) = schedule.take(now) {
                done.push((due.client, due.at - start));
                schedule.repeat(now, due, Duration::from_millis(20));
            }
        }
        let times =
            |client| done.iter().filter(|(who, _)| *who == client).map(|(_, at)| at.as_millis()).collect::<Vec<_>>();
        assert_eq!((times(1), times(2), times(3)), (vec![10, 30, 50], vec![10, 30, 50], vec![5, 25, 45]));
        assert!(done.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        assert_eq!((done[1].0, done[2].0), (2, 1), "voice first");
    }

    #[test]
    fn what_is_cancelled_does_not_come() {
        let start = Instant::now();
        let mut schedule = Schedule::default();
        for (act, client) in [(Act::Draw, 1), (Act::Draw, 2), (Act::Live, 1), (Act::Draw, 1)] {
            schedule.add(Due { at: start, act, client });
        }
        schedule.cancel(1, Act::Draw);
        let left: Vec<_> = std::iter::from_fn(|| schedule.take(start)).map(|due| (due.act, due.client)).collect();
        assert_eq!(left, [(Act::Draw, 2), (Act::Live, 1)]);
    }

    #[test]
    fn a_short_delay_is_made_up_for_and_a_long_one_is_not() {
        let start = Instant::now();
        let interval = Duration::from_millis(20);
        let due = Due { at: start, act: Act::Voice, client: 0 };
        for (late_ms, expected_ms) in [(15, 20), (100, 20), (500, 520)] {
            let mut schedule = Schedule::default();
            schedule.repeat(start + Duration::from_millis(late_ms), due, interval);
            assert_eq!(schedule.next_at(), Some(start + Duration::from_millis(expected_ms)));
        }
    }
}
