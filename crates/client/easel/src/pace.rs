/// What the easel sends: under what a room takes of one person, so that it is never refused for haste.
const OPERATIONS_PER_SEC: f64 = 45.0;
const OPERATIONS_AT_ONCE: f64 = 80.0;
const BYTES_PER_SEC: f64 = 100.0 * 1024.0;
const BYTES_AT_ONCE: f64 = 180.0 * 1024.0;
/// What the message around an operation takes, and a little more.
const FRAME_BYTES: f64 = 64.0;

/// Holds back what would be too much at a time.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    operations: f64,
    bytes: f64,
    filled_secs: Option<f64>,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self { operations: OPERATIONS_AT_ONCE, bytes: BYTES_AT_ONCE, filled_secs: None }
    }

    /// Takes an operation of so many bytes if it may go now.
    pub(crate) fn take(&mut self, now_secs: f64, bytes: usize) -> bool {
        let passed_secs = self.filled_secs.map_or(0.0, |filled_secs| (now_secs - filled_secs).clamp(0.0, 60.0));
        self.filled_secs = Some(now_secs);
        self.operations = (self.operations + passed_secs * OPERATIONS_PER_SEC).min(OPERATIONS_AT_ONCE);
        self.bytes = (self.bytes + passed_secs * BYTES_PER_SEC).min(BYTES_AT_ONCE);
        let size = bytes as f64 + FRAME_BYTES;
        let may = self.operations >= 1.0 && self.bytes >= size;
        if may {
            self.operations -= 1.0;
            self.bytes -= size;
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_than_a_room_takes() {
        let mut pace = Pace::new();
        let mut sent = Vec::new();
        for millis in 0..10_000_u32 {
            let now_secs = f64::from(millis) / 1000.0;
            while pace.take(now_secs, 400) {
                sent.push(now_secs);
            }
        }
        // The room's buckets: 120 at once and 60 a second.
        for (index, from) in sent.iter().enumerate() {
            let within = sent[index..].iter().take_while(|at| **at <= from + 1.0).count();
            assert!(within <= 120 + 60, "{within} in a second");
        }
        assert!((450..600).contains(&sent.len()), "{}", sent.len());
    }

    #[test]
    fn large_ones_are_held_back_by_their_bytes() {
        let mut pace = Pace::new();
        let at_once = (0..100).filter(|_| pace.take(0.0, 12 * 1024)).count();
        assert_eq!(at_once, 14);
        assert!(pace.take(1.0, 12 * 1024) && pace.take(1.0, 100 * 1024 - 13 * 1024));
        assert!(!pace.take(1.0, 12 * 1024));
    }
}
