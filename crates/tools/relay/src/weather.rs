use std::time::Duration;

/// What happens to datagrams on one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weather {
    /// How many of a hundred are lost.
    pub loss_percent: u64,
    /// How long they take.
    pub delay: Duration,
    /// Up to so much more or less delay; later datagrams may overtake.
    pub jitter: Duration,
}

impl Weather {
    /// How long a datagram takes, by two random numbers; `None`: it never arrives.
    pub(crate) fn fate(&self, loss_draw: u64, jitter_draw: u64) -> Option<Duration> {
        if loss_draw % 100 < self.loss_percent {
            return None;
        }
        let jitter_us = u64::try_from(self.jitter.as_micros()).unwrap_or(u64::MAX / 4).min(u64::MAX / 4);
        let more_us = jitter_draw % (2 * jitter_us + 1);
        Some((self.delay + Duration::from_micros(more_us)).saturating_sub(self.jitter))
    }
}

/// The weather both ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// From clients to the server.
    pub to_server: Weather,
    /// From the server to clients.
    pub to_clients: Weather,
}

impl From<Weather> for Ways {
    /// The same both ways.
    fn from(weather: Weather) -> Self {
        Self { to_server: weather, to_clients: weather }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datagrams_are_lost_and_delayed_as_often_and_as_long_as_said() {
        let weather = Weather { loss_percent: 5, delay: Duration::from_millis(50), jitter: Duration::from_millis(20) };
        let fates: Vec<_> = (0..100_000).map(|draw| weather.fate(draw, draw * 7_919)).collect();
        assert_eq!(fates.iter().filter(|fate| fate.is_none()).count(), 5_000);
        let delays_ms = || fates.iter().flatten().map(|delay| delay.as_secs_f64() * 1e3);
        let (least, most) = delays_ms().fold((f64::MAX, f64::MIN), |(low, high), ms| (low.min(ms), high.max(ms)));
        assert!((30.0..30.2).contains(&least) && (69.8..=70.0).contains(&most), "{least}…{most}");
        let mean = delays_ms().sum::<f64>() / 95_000.0;
        assert!((49.5..50.5).contains(&mean), "{mean}");
        assert_eq!(Weather::default().fate(0, 12_345), Some(Duration::ZERO));
    }
}
