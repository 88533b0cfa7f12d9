//! Token buckets, one for each source address, and caps on connections. Both are bounded tables.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// How often something may happen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// In the long run, each second.
    pub per_sec: f64,
    /// At once, after a quiet time.
    pub burst: f64,
}

impl FromStr for RateLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let help = || format!("'{text}' is no rate: write how many a second and how many at once, such as 20:400");
        let (per_sec, burst) = text.split_once(':').ok_or_else(help)?;
        let number = |text: &str| text.parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0).ok_or_else(help);
        let rate = Self { per_sec: number(per_sec)?, burst: number(burst)? };
        if rate.burst < 1.0 { Err(help()) } else { Ok(rate) }
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.per_sec, self.burst)
    }
}

/// Fills at a steady rate; everything that happens takes one token out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenBucket {
    tokens: f64,
    filled_at: Instant,
}

impl TokenBucket {
    pub(crate) fn full(limit: RateLimit, now: Instant) -> Self {
        Self { tokens: limit.burst, filled_at: now }
    }

    /// Takes a token if there is one.
    pub(crate) fn take(&mut self, limit: RateLimit, now: Instant) -> bool {
        self.fill(limit, now);
        let has_token = self.tokens >= 1.0;
        if has_token {
            self.tokens -= 1.0;
        }
        has_token
    }

    fn fill(&mut self, limit: RateLimit, now: Instant) {
        let elapsed_secs = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.tokens = (self.tokens + elapsed_secs * limit.per_sec).min(limit.burst);
        self.filled_at = now;
    }

    fn is_full(&mut self, limit: RateLimit, now: Instant) -> bool {
        self.fill(limit, now);
        self.tokens >= limit.burst
    }
}

/// One bucket for each source address.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    limit: RateLimit,
    max_sources: usize,
    buckets: HashMap<SourceKey, TokenBucket>,
    /// Shared by all sources that find the table full.
    overflow: TokenBucket,
}

impl RateLimiter {
    pub(crate) fn new(limit: RateLimit, max_sources: usize, now: Instant) -> Self {
        Self { limit, max_sources, buckets: HashMap::new(), overflow: TokenBucket::full(limit, now) }
    }

    /// Whether `source` may do it once more.
    pub(crate) fn allow(&mut self, source: IpAddr, now: Instant) -> bool {
        let limit = self.limit;
        let key = SourceKey::of(source);
        if let Some(bucket) = self.buckets.get_mut(&key) {
            return bucket.take(limit, now);
        }
        if self.buckets.len() >= self.max_sources {
            self.buckets.retain(|_, bucket| !bucket.is_full(limit, now));
        }
        if self.buckets.len() >= self.max_sources {
            return self.overflow.take(limit, now);
        }
        self.buckets.entry(key).or_insert_with(|| TokenBucket::full(limit, now)).take(limit, now)
    }
}

/// What counts as one source: an IPv4 address, or the /64 that an IPv6 host may number itself in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct SourceKey(IpAddr);

impl SourceKey {
    fn of(source: IpAddr) -> Self {
        match source.to_canonical() {
            IpAddr::V6(v6) => Self(IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64)))),
            v4 => Self(v4),
        }
    }
}

/// Caps on open connections: all together, and from one source.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionLimits {
    max_total: usize,
    max_per_source: usize,
    open: Arc<Mutex<OpenConnections>>,
}

#[derive(Debug, Default)]
struct OpenConnections {
    total: usize,
    by_source: HashMap<SourceKey, usize>,
}

impl ConnectionLimits {
    pub(crate) fn new(max_total: usize, max_per_source: usize) -> Self {
        Self { max_total, max_per_source, open: Arc::default() }
    }

    /// How many are open.
    pub(crate) fn open(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).total
    }

    /// Counts one more connection until the permit is dropped; `None` if that would be too many.
    pub(crate) fn acquire(&self, source: IpAddr) -> Option<ConnectionPermit> {
        let source = SourceKey::of(source);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let from_source = open.by_source.get(&source).copied().unwrap_or(0);
        if open.total >= self.max_total || from_source >= self.max_per_source {
            return None;
        }
        open.total += 1;
        *open.by_source.entry(source).or_default() += 1;
        Some(ConnectionPermit { source, open: Arc::clone(&self.open) })
    }
}

/// Holds a connection's place.
#[derive(Debug)]
pub(crate) struct ConnectionPermit {
    source: SourceKey,
    open: Arc<Mutex<OpenConnections>>,
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.total = open.total.saturating_sub(1);
        if let Entry::Occupied(mut count) = open.by_source.entry(self.source) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const LIMIT: RateLimit = RateLimit { per_sec: 2.0, burst: 3.0 };

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_burst_is_allowed_and_then_the_rate() {
        let start = Instant::now();
        let mut limiter = RateLimiter::new(LIMIT, 10, start);
        let allowed = |limiter: &mut RateLimiter, now| (0..9).filter(|_| limiter.allow(ip("10.0.0.1"), now)).count();
        assert_eq!(allowed(&mut limiter, start), 3);
        assert_eq!(allowed(&mut limiter, start + Duration::from_millis(400)), 0);
        assert_eq!(allowed(&mut limiter, start + Duration::from_millis(1_000)), 2);
        assert!(limiter.allow(ip("10.0.0.2"), start), "another address is not concerned");
    }

    #[test]
    fn the_table_is_bounded_and_forgets_quiet_sources() {
        let start = Instant::now();
        let mut limiter = RateLimiter::new(LIMIT, 10, start);
        let source = |i: u8| IpAddr::from([10, 0, 0, i]);
        assert_eq!((0..200).filter(|i| limiter.allow(source(*i), start)).count(), 10 + 3);
        assert_eq!(limiter.buckets.len(), 10);
        assert!(limiter.allow(source(201), start + Duration::from_secs(60)));
        assert_eq!(limiter.buckets.len(), 1);
    }

    #[test]
    fn an_ipv6_network_is_one_source_and_mapped_ipv4_is_ipv4() {
        assert_eq!(SourceKey::of(ip("2001:db8::1")), SourceKey::of(ip("2001:db8::ffff:2")));
        assert_ne!(SourceKey::of(ip("2001:db8::1")), SourceKey::of(ip("2001:db8:0:1::1")));
        assert_eq!(SourceKey::of(ip("::ffff:10.0.0.1")), SourceKey::of(ip("10.0.0.1")));
    }

    #[test]
    fn connections_are_capped_and_given_back() {
        let limits = ConnectionLimits::new(3, 2);
        let first = limits.acquire(ip("10.0.0.1"));
        let second = limits.acquire(ip("10.0.0.1"));
        assert!(first.is_some() && second.is_some());
        assert!(limits.acquire(ip("10.0.0.1")).is_none(), "two from one source");
        let third = limits.acquire(ip("10.0.0.2"));
        assert!(third.is_some());
        assert!(limits.acquire(ip("10.0.0.3")).is_none(), "three in all");
        drop(first);
        assert!(limits.acquire(ip("10.0.0.3")).is_some());
        drop((second, third));
        assert!(limits.open.lock().unwrap().by_source.is_empty());
    }

    #[test]
    fn rates_are_read_and_written() {
        let rate: RateLimit = "20:400".parse().unwrap();
        assert_eq!(rate, RateLimit { per_sec: 20.0, burst: 400.0 });
        assert_eq!(rate.to_string(), "20:400");
        for wrong in ["", "20", "20:", "-1:5", "nan:5", "1:inf", "1:0.5", "0:5"] {
            assert!(wrong.parse::<RateLimit>().is_err(), "{wrong}");
        }
    }
}
