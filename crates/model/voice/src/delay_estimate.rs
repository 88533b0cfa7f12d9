use crate::JitterSettings;
use std::time::Duration;

/// Width of a bar of the histogram.
const BAR_US: i64 = 1_000;
/// Bars: 0…300 ms; the last also has all that is later.
const BARS: usize = 300;
/// Packets that the histogram remembers, as the time constant of its decay (2.4 s of 20 ms packets).
const MEMORY_PACKETS: f32 = 120.0;
/// What is assumed before anything is known: so many packets that came less than 20 ms late.
const ASSUMED_PACKETS: f32 = 3.0;
const ASSUMED_BAR: usize = 19;
/// How long the fastest packet counts: long enough to see one, short enough to follow drifting clocks and
/// changing routes.
const FASTEST_WINDOW_US: i64 = 5_000_000;

/// Measures how late packets are, against the fastest of late, and how long to wait for them so that nearly all
/// come in time: a high quantile of a histogram that forgets.
///
/// All times are microseconds; media times are those of a packet's RTP timestamp, on a clock of its own.
#[derive(Clone, Debug)]
pub(crate) struct DelayEstimate {
    settings: JitterSettings,
    /// Share of packets by lateness; they add up to 1.
    share_by_bar: [f32; BARS],
    packets: f32,
    fastest: Option<Fastest>,
    target_us: i64,
}

/// Smallest difference between arrival and media time, in the running window and in the one before.
#[derive(Clone, Copy, Debug)]
struct Fastest {
    window_start_us: i64,
    in_window_us: i64,
    before_us: i64,
}

impl DelayEstimate {
    pub(crate) fn new(settings: JitterSettings) -> Self {
        let mut share_by_bar = [0.0; BARS];
        share_by_bar[ASSUMED_BAR] = 1.0;
        let mut estimate = Self { settings, share_by_bar, packets: ASSUMED_PACKETS, fastest: None, target_us: 0 };
        estimate.target_us = estimate.quantile_us();
        estimate
    }

    /// Other media times follow; the jitter seen so far still counts, since the way to here is the same.
    pub(crate) fn restart_media_time(&mut self) {
        self.fastest = None;
    }

    /// How much later than the fastest a packet would be that arrives now.
    pub(crate) fn lateness_us(&self, now_us: i64, media_us: i64) -> Option<i64> {
        Some(now_us.saturating_sub(media_us).saturating_sub(self.fastest?.best_us()))
    }

    pub(crate) fn packet_arrived(&mut self, now_us: i64, media_us: i64) {
        let transit_us = now_us.saturating_sub(media_us);
        let fastest = self.fastest.get_or_insert(Fastest {
            window_start_us: now_us,
            in_window_us: transit_us,
            before_us: transit_us,
        });
        fastest.update(now_us, transit_us);
        let lateness_us = transit_us.saturating_sub(fastest.best_us()).max(0);
        let bar = usize::try_from(lateness_us / BAR_US).unwrap_or(BARS).min(BARS - 1);
        self.packets = (self.packets + 1.0).min(MEMORY_PACKETS);
        let new_share = 1.0 / self.packets;
        for share in &mut self.share_by_bar {
            *share *= 1.0 - new_share;
        }
        self.share_by_bar[bar] += new_share;
        self.target_us = self.quantile_us();
    }

    /// How long after the fastest packet's arrival a sound is played.
    pub(crate) fn target(&self) -> Duration {
        Duration::from_micros(self.target_us.unsigned_abs())
    }

    pub(crate) fn target_us(&self) -> i64 {
        self.target_us
    }

    /// When a sound is to be played; `None` before the first packet.
    pub(crate) fn due_us(&self, media_us: i64) -> Option<i64> {
        Some(self.fastest?.best_us().saturating_add(media_us).saturating_add(self.target_us))
    }

    fn quantile_us(&self) -> i64 {
        let may_be_late = 1.0 - self.settings.quantile;
        let mut later = 1.0;
        let bar = self.share_by_bar.iter().position(|share| {
            later -= share;
            later <= may_be_late
        });
        let upper_edge_us = (bar.unwrap_or(BARS - 1) as i64 + 1) * BAR_US;
        let least_us = self.settings.min_delay.as_micros() as i64;
        let most_us = (self.settings.max_delay.as_micros() as i64).max(least_us);
        upper_edge_us.clamp(least_us, most_us)
    }
}

impl Fastest {
    fn best_us(&self) -> i64 {
        self.in_window_us.min(self.before_us)
    }

    fn update(&mut self, now_us: i64, transit_us: i64) {
        if now_us.saturating_sub(self.window_start_us) >= FASTEST_WINDOW_US {
            *self = Self { window_start_us: now_us, in_window_us: transit_us, before_us: self.in_window_us };
        }
        self.in_window_us = self.in_window_us.min(transit_us);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The target in ms after `packets`, each late by what `lateness_us` says, 50 ms of network below it.
    fn target_after(packets: i64, lateness_us: impl Fn(i64) -> i64) -> i64 {
        let mut estimate = DelayEstimate::new(JitterSettings::default());
        for n in 0..packets {
            estimate.packet_arrived(n * 20_000 + 50_000 + lateness_us(n), n * 20_000);
        }
        estimate.target_us() / 1_000
    }

    #[test]
    fn an_even_stream_needs_the_least_delay() {
        assert_eq!(target_after(500, |_| 0), 2);
        assert_eq!(target_after(1, |_| 0), 20, "before much is known");
        assert_eq!(target_after(2, |n| n * 60_000), 61, "one late packet counts at once");
    }

    #[test]
    fn the_target_is_a_high_quantile_of_the_lateness() {
        let target = target_after(2_000, |n| n * 7_919 % 80_000);
        assert!((75..=85).contains(&target), "{target}");
        assert_eq!(target_after(2_000, |n| if n % 100 == 0 { 90_000 } else { 0 }), 2, "rare stragglers do not count");
        assert_eq!(target_after(2_000, |n| if n % 10 == 0 { 900_000 } else { 0 }), 200, "there is a limit");
    }

    #[test]
    fn jitter_that_is_over_is_forgotten() {
        assert_eq!(target_after(3_000, |n| if n < 500 { n * 7_919 % 80_000 } else { 0 }), 2);
    }

    #[test]
    fn drifting_clocks_and_longer_routes_are_followed() {
        assert_eq!(target_after(10_000, |n| n * 4), 2, "200 ppm slow");
        assert_eq!(target_after(10_000, |n| -n * 4), 2, "200 ppm fast");
        assert_eq!(target_after(3_000, |n| if n < 1_000 { 0 } else { 120_000 }), 2);
    }

    #[test]
    fn extreme_times_are_survived() {
        let mut estimate = DelayEstimate::new(JitterSettings::default());
        for time in [0, i64::MAX, i64::MIN, 1, i64::MIN / 2] {
            estimate.packet_arrived(time, 0);
            estimate.packet_arrived(0, time);
            assert!((2_000..=200_000).contains(&estimate.target_us()));
            assert!(estimate.due_us(time).is_some() && estimate.lateness_us(time, i64::MIN).is_some());
        }
    }
}
