use atrium_protocol::Micros;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Samples that are looked at; at a ping every 2 s, those of the last 16 s.
const SAMPLES: usize = 8;

/// The server's clock as a client knows it, from pings. Local time is the time since any fixed moment.
///
/// The sample with the shortest round trip of the last few counts: the less a ping waited on its way, the less its
/// two ways can differ (as NTP's clock filter does, RFC 5905 §10).
#[derive(Clone, Debug, Default)]
pub struct ServerClock {
    samples: VecDeque<Sample>,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    round_trip: Duration,
    /// Server time minus local time.
    offset_us: i64,
}

impl ServerClock {
    /// Takes an answer in: sent and received on the local clock, and what the server's clock said in between.
    pub fn on_answer(&mut self, sent: Duration, received: Duration, server: Micros) {
        let Some(round_trip) = received.checked_sub(sent) else { return };
        let middle_us = i64::try_from((sent + round_trip / 2).as_micros()).unwrap_or(i64::MAX);
        let server_us = i64::try_from(server.0).unwrap_or(i64::MAX);
        if self.samples.len() >= SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back(Sample { round_trip, offset_us: server_us.saturating_sub(middle_us) });
    }

    /// The server's time at a local time; counts from 1970 on the local clock before the first answer.
    pub fn server_time(&self, local: Duration) -> Micros {
        let local_us = u64::try_from(local.as_micros()).unwrap_or(u64::MAX);
        Micros(local_us.saturating_add_signed(self.best().map_or(0, |best| best.offset_us)))
    }

    /// The shortest round trip of the last answers.
    pub fn round_trip(&self) -> Option<Duration> {
        self.best().map(|best| best.round_trip)
    }

    /// Forgets everything, as for another server.
    pub fn reset(&mut self) {
        self.samples.clear();
    }

    fn best(&self) -> Option<&Sample> {
        self.samples.iter().min_by_key(|sample| sample.round_trip)
    }
}

/// A [`ServerClock`] that a session keeps right and others read.
#[derive(Clone, Debug)]
pub struct SharedClock {
    epoch: Instant,
    clock: Arc<Mutex<ServerClock>>,
}

impl SharedClock {
    pub(crate) fn new(epoch: Instant) -> Self {
        Self { epoch, clock: Arc::default() }
    }

    /// The server's time at a moment of this machine.
    pub fn server_time(&self, at: Instant) -> Micros {
        self.with(|clock| clock.server_time(self.local(at)))
    }

    /// The shortest round trip of late, if any was measured.
    pub fn round_trip(&self) -> Option<Duration> {
        self.with(|clock| clock.round_trip())
    }

    /// A number for a ping that comes back in its answer.
    pub(crate) fn ping_number(&self, at: Instant) -> u64 {
        u64::try_from(self.local(at).as_micros()).unwrap_or(u64::MAX)
    }

    pub(crate) fn on_pong(&self, number: u64, received: Instant, server: Micros) {
        self.with(|clock| clock.on_answer(Duration::from_micros(number), self.local(received), server));
    }

    pub(crate) fn on_answer(&self, sent: Instant, received: Instant, server: Micros) {
        self.with(|clock| clock.on_answer(self.local(sent), self.local(received), server));
    }

    fn local(&self, at: Instant) -> Duration {
        at.saturating_duration_since(self.epoch)
    }

    fn with<T>(&self, act: impl FnOnce(&mut ServerClock) -> T) -> T {
        act(&mut self.clock.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SERVER_START: u64 = 1_750_000_000_000_000;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn at(local: Duration) -> Micros {
        Micros(SERVER_START + local.as_micros() as u64)
    }

    #[test]
    fn the_shortest_round_trip_counts() {
        let mut clock = ServerClock::default();
        // 90 ms there, 10 ms back: read as 50 ms each way, which is 40 ms wrong.
        clock.on_answer(ms(0), ms(100), at(ms(90)));
        assert_eq!(clock.server_time(ms(0)), at(ms(40)));
        clock.on_answer(ms(200), ms(210), at(ms(205)));
        assert_eq!(clock.server_time(ms(1_000)), at(ms(1_000)));
        assert_eq!(clock.round_trip(), Some(ms(10)));
    }

    #[test]
    fn old_samples_are_forgotten() {
        let mut clock = ServerClock::default();
        clock.on_answer(ms(0), ms(2), at(ms(1)));
        for n in 1..=SAMPLES as u64 {
            // The clocks drifted apart by 5 ms since.
            clock.on_answer(ms(n * 1_000), ms(n * 1_000 + 20), at(ms(n * 1_000 + 15)));
        }
        assert_eq!(clock.server_time(ms(0)), at(ms(5)));
    }

    proptest! {
        #[test]
        fn the_error_is_at_most_half_the_best_round_trip(
            trips in proptest::collection::vec((0_u64..200_000, 0_u64..200_000), 1..20),
        ) {
            let mut clock = ServerClock::default();
            for (n, (there, back)) in trips.iter().enumerate() {
                let sent = Duration::from_secs(n as u64 * 2);
                let answered = sent + Duration::from_micros(*there);
                clock.on_answer(sent, answered + Duration::from_micros(*back), at(answered));
            }
            let now = Duration::from_secs(100);
            let error_us = clock.server_time(now).0.abs_diff(at(now).0);
            let bound_us = clock.round_trip().unwrap().as_micros() as u64 / 2 + 1;
            prop_assert!(error_us <= bound_us, "{error_us} over {bound_us}");
        }

        #[test]
        fn no_answer_is_dangerous(sent: u64, received: u64, server: u64, local: u64) {
            let mut clock = ServerClock::default();
            clock.on_answer(Duration::from_micros(sent), Duration::from_micros(received), Micros(server));
            let _ = clock.server_time(Duration::from_micros(local));
        }
    }
}
