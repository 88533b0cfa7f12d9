use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};
use std::time::Duration;

/// A moment on the room server's clock, in microseconds since the Unix epoch.
///
/// Model crates never read a clock: the caller hands them one of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub u64);

impl Micros {
    /// Whole milliseconds since the Unix epoch.
    pub fn millis(self) -> u64 {
        self.0 / 1_000
    }

    /// A moment given in milliseconds since the Unix epoch.
    pub fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// Time since `earlier`, zero if `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }

    /// The low 32 bits of the milliseconds, as poses carry them; wraps every 49.7 days.
    pub fn wrapped_millis(self) -> u32 {
        self.millis() as u32
    }

    /// The moment nearest to `self` whose [`Self::wrapped_millis`] is `wrapped`.
    pub fn unwrap_millis(self, wrapped: u32) -> Self {
        let offset = i64::from(wrapped.wrapping_sub(self.wrapped_millis()) as i32);
        Self::from_millis(self.millis().saturating_add_signed(offset))
    }
}

impl Add<Duration> for Micros {
    type Output = Self;
    fn add(self, delay: Duration) -> Self {
        Self(self.0.saturating_add(delay.as_micros() as u64))
    }
}

impl Sub<Duration> for Micros {
    type Output = Self;
    fn sub(self, delay: Duration) -> Self {
        Self(self.0.saturating_sub(delay.as_micros() as u64))
    }
}

/// A room's tick or a sender's sequence number: 16 bits that wrap, compared as in RFC 1982.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tick(pub u16);

impl Tick {
    /// The tick after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }

    /// True when `self` comes after `other`, both less than half the number space apart.
    pub fn is_newer_than(self, other: Self) -> bool {
        let ahead = self.0.wrapping_sub(other.0);
        ahead != 0 && ahead < 0x8000
    }
}
