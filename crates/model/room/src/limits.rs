use atrium_protocol::Micros;
use std::time::Duration;

/// How much of one kind a person may send: `per_sec` in the long run, `burst` at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Units a second.
    pub per_sec: u32,
    /// Units at once.
    pub burst: u32,
}

/// What one person may send; what is over is dropped and refused with `too_fast`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Messages on the control lane, of any kind.
    pub control: Rate,
    /// Clock pings.
    pub ping: Rate,
    /// Control messages that everyone in the room is told of: hands, names, looks, seats, reactions.
    pub announce: Rate,
    /// Chat messages.
    pub chat: Rate,
    /// Messages on the board lane.
    pub board: Rate,
    /// Bytes on the board lane.
    pub board_bytes: Rate,
    /// Poses.
    pub pose: Rate,
    /// What is done at boards right now, on the pose lane.
    pub live: Rate,
    /// Pictures for boards.
    pub image: Rate,
    /// Boards and pictures that are read.
    pub bulk: Rate,
    /// Voice packets.
    pub voice: Rate,
    /// Being over a limit for so long, without 2 s of peace, ends the connection.
    pub abuse_window: Duration,
    /// More undecodable messages than this end the connection.
    pub malformed_max: u32,
}

impl RateLimits {
    /// The limits of every room: a lively client stays far below them.
    pub const STANDARD: Self = Self {
        control: Rate { per_sec: 30, burst: 60 },
        ping: Rate { per_sec: 5, burst: 10 },
        announce: Rate { per_sec: 8, burst: 24 },
        chat: Rate { per_sec: 2, burst: 10 },
        board: Rate { per_sec: 60, burst: 120 },
        board_bytes: Rate { per_sec: 128 * 1024, burst: 256 * 1024 },
        pose: Rate { per_sec: 45, burst: 90 },
        live: Rate { per_sec: 45, burst: 90 },
        image: Rate { per_sec: 1, burst: 20 },
        bulk: Rate { per_sec: 20, burst: 400 },
        voice: Rate { per_sec: 120, burst: 120 },
        abuse_window: Duration::from_secs(10),
        malformed_max: 50,
    };
}

/// Peace after which an episode of abuse is forgotten.
const PEACE: Duration = Duration::from_secs(2);
/// Time between two sentences that say "too fast".
const TELL_EVERY: Duration = Duration::from_secs(1);
const PER_UNIT: u64 = 1_000_000;

/// A token bucket, counted in millionths of a unit so that no rounding adds up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    rate: Rate,
    tokens: u64,
    filled_at: Micros,
}

impl Bucket {
    pub(crate) fn full(rate: Rate, now: Micros) -> Self {
        Self { rate, tokens: u64::from(rate.burst) * PER_UNIT, filled_at: now }
    }

    /// Takes `units` if that many are there.
    pub(crate) fn take(&mut self, now: Micros, units: u32) -> bool {
        self.fill(now);
        let needed = u64::from(units) * PER_UNIT;
        let has_enough = self.tokens >= needed;
        if has_enough {
            self.tokens -= needed;
        }
        has_enough
    }

    /// Whole units that are there.
    pub(crate) fn available(&mut self, now: Micros) -> u32 {
        self.fill(now);
        u32::try_from(self.tokens / PER_UNIT).unwrap_or(u32::MAX)
    }

    fn fill(&mut self, now: Micros) {
        let elapsed_us = now.0.saturating_sub(self.filled_at.0);
        let gained = elapsed_us.saturating_mul(u64::from(self.rate.per_sec));
        self.tokens = self.tokens.saturating_add(gained).min(u64::from(self.rate.burst) * PER_UNIT);
        self.filled_at = self.filled_at.max(now);
    }
}

/// What follows from a message that is over a limit or makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Drop it without a word: they were told a moment ago.
    Drop,
    /// Drop it and say why.
    Tell,
    /// End the connection.
    Close,
}

/// One person's buckets and bad marks.
#[derive(Clone, Debug)]
pub(crate) struct Meters {
    pub(crate) control: Bucket,
    pub(crate) ping: Bucket,
    pub(crate) announce: Bucket,
    pub(crate) chat: Bucket,
    pub(crate) board: Bucket,
    pub(crate) board_bytes: Bucket,
    pub(crate) pose: Bucket,
    pub(crate) live: Bucket,
    pub(crate) image: Bucket,
    pub(crate) bulk: Bucket,
    pub(crate) voice: Bucket,
    malformed: u32,
    over_since: Micros,
    over_last: Option<Micros>,
    told_at: Option<Micros>,
}

impl Meters {
    pub(crate) fn new(now: Micros) -> Self {
        let limits = RateLimits::STANDARD;
        let full = |rate| Bucket::full(rate, now);
        Self {
            control: full(limits.control),
            ping: full(limits.ping),
            announce: full(limits.announce),
            chat: full(limits.chat),
            board: full(limits.board),
            board_bytes: full(limits.board_bytes),
            pose: full(limits.pose),
            live: full(limits.live),
            image: full(limits.image),
            bulk: full(limits.bulk),
            voice: full(limits.voice),
            malformed: 0,
            over_since: now,
            over_last: None,
            told_at: None,
        }
    }

    /// Something was over its limit.
    pub(crate) fn over(&mut self, now: Micros) -> Verdict {
        if self.over_last.is_none_or(|last| now.since(last) > PEACE) {
            self.over_since = now;
        }
        self.over_last = Some(now);
        if now.since(self.over_since) >= RateLimits::STANDARD.abuse_window {
            return Verdict::Close;
        }
        self.tell(now)
    }

    /// Something could not be decoded.
    pub(crate) fn malformed(&mut self, now: Micros) -> Verdict {
        self.malformed = self.malformed.saturating_add(1);
        if self.malformed > RateLimits::STANDARD.malformed_max { Verdict::Close } else { self.tell(now) }
    }

    fn tell(&mut self, now: Micros) -> Verdict {
        if self.told_at.is_some_and(|told_at| now.since(told_at) < TELL_EVERY) {
            return Verdict::Drop;
        }
        self.told_at = Some(now);
        Verdict::Tell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let start = Micros::from_millis(1_000);
        let mut bucket = Bucket::full(Rate { per_sec: 10, burst: 20 }, start);
        assert_eq!((0..100).filter(|_| bucket.take(start, 1)).count(), 20);
        let in_ten_secs = (0..10_000).filter(|ms| bucket.take(start + Duration::from_millis(*ms), 1)).count();
        assert_eq!(in_ten_secs, 99);
    }

    #[test]
    fn a_bucket_survives_a_clock_that_stands_or_jumps() {
        let mut bucket = Bucket::full(Rate { per_sec: u32::MAX, burst: 5 }, Micros(u64::MAX));
        assert_eq!(bucket.available(Micros(0)), 5);
        assert!(!bucket.take(Micros(0), u32::MAX));
        assert_eq!(bucket.available(Micros(u64::MAX)), 5);
    }

    #[test]
    fn ten_seconds_over_a_limit_are_abuse_but_two_seconds_of_peace_forgive() {
        let mut meters = Meters::new(Micros(0));
        let at = |ms| Micros::from_millis(ms);
        assert_eq!(meters.over(at(0)), Verdict::Tell);
        assert_eq!(meters.over(at(500)), Verdict::Drop);
        assert_eq!(meters.over(at(1_000)), Verdict::Tell);
        let verdicts: Vec<_> = (2..=10).map(|secs| meters.over(at(secs * 1_000))).collect();
        assert_eq!(verdicts.last(), Some(&Verdict::Close));
        assert_eq!(meters.over(at(12_001)), Verdict::Tell, "forgiven");
    }

    #[test]
    fn the_fifty_first_malformed_message_closes() {
        let mut meters = Meters::new(Micros(0));
        let verdicts: Vec<_> = (0..51).map(|_| meters.malformed(Micros(1))).collect();
        assert!(!verdicts[..50].contains(&Verdict::Close));
        assert_eq!(verdicts[50], Verdict::Close);
    }
}
