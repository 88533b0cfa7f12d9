use std::time::{Duration, Instant};

/// How long a lost attendance can be resumed.
const RESUME_WINDOW: Duration = Duration::from_secs(30);
const FIRST_DELAY: Duration = Duration::from_millis(500);
const LONGEST_DELAY: Duration = Duration::from_secs(8);

/// The next try to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When to make it.
    pub at: Instant,
    /// Whether the attendance can still be resumed then; otherwise join anew.
    pub may_resume: bool,
}

/// When to try to come back after a loss: after 0.5 s, then 1, 2, 4 and 8 s apart.
#[derive(Clone, Debug)]
pub struct RetryPlan {
    lost_at: Instant,
    delay: Duration,
}

impl RetryPlan {
    /// A plan for a connection that was lost at this time.
    pub fn new(lost_at: Instant) -> Self {
        Self { lost_at, delay: FIRST_DELAY }
    }

    /// When it was lost.
    pub fn lost_at(&self) -> Instant {
        self.lost_at
    }

    /// The next try, after one that failed `now` or, at first, after the loss.
    pub fn next_attempt(&mut self, now: Instant) -> Attempt {
        let at = now + self.delay;
        self.delay = (self.delay * 2).min(LONGEST_DELAY);
        Attempt { at, may_resume: at < self.lost_at + RESUME_WINDOW }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_grow_apart_and_end_in_a_new_join() {
        let lost_at = Instant::now();
        let mut plan = RetryPlan::new(lost_at);
        let (mut now, mut tries) = (lost_at, Vec::new());
        for _ in 0..8 {
            let attempt = plan.next_attempt(now);
            now = attempt.at;
            tries.push(((now - lost_at).as_secs_f32(), attempt.may_resume));
        }
        let resumes = [0.5, 1.5, 3.5, 7.5, 15.5, 23.5].map(|secs| (secs, true));
        assert_eq!(tries[..6], resumes);
        assert_eq!(tries[6..], [(31.5, false), (39.5, false)]);
    }
}
