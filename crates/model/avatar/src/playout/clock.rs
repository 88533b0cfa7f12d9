use std::time::Duration;

/// Least and most time between the fastest arrival and the showing of a pose.
const MIN_WAIT_US: i64 = 33_000;
const MAX_WAIT_US: i64 = 250_000;
/// Longer gaps are pauses of somebody who does not move, and say nothing of the network.
const PAUSE_US: i64 = 300_000;
/// Poses whose gaps are looked at: two seconds of a whole stream.
const GAPS: usize = 64;
/// Share of poses before whose arrival the one before must still last.
const QUANTILE: f32 = 0.95;
/// How long the fastest pose counts: long enough to see one, short enough to follow drifting clocks.
const FASTEST_WINDOW_US: i64 = 5_000_000;
/// What is assumed before anything is known: 30 poses a second.
const USUAL_GAP_US: i64 = 33_000;
/// Time constant with which the playhead approaches where it should be.
const SLEW_SECS: f32 = 0.4;
/// Most that playing is slower (the delay grows) or faster (it shrinks) than time itself.
const SLOWER: f32 = 0.15;
const FASTER: f32 = 0.08;
/// A playhead that is further off jumps.
const HOPELESS_US: i64 = 600_000;

/// Decides how far in the past a person is played, from how late their poses come, and follows that gently.
///
/// Times are microseconds of the server's clock. A voice of the same person may ask for more delay
/// ([`Self::set_voice_delay`]), and play at [`Self::delay`] after capture itself: then lips and voice meet.
#[derive(Clone, Debug)]
pub struct PlayoutClock {
    newest_us: Option<i64>,
    fastest: Option<Fastest>,
    /// How old the newest pose was when the next one came, of late.
    ages_us: [i32; GAPS],
    ages: usize,
    next_age: usize,
    usual_gap_us: i64,
    target_us: i64,
    voice_delay_us: i64,
    playhead_us: Option<i64>,
    now_us: i64,
}

/// Smallest difference of arrival and capture, in the running window and in the one before.
#[derive(Clone, Copy, Debug)]
struct Fastest {
    window_start_us: i64,
    in_window_us: i64,
    before_us: i64,
}

impl Default for PlayoutClock {
    fn default() -> Self {
        Self {
            newest_us: None,
            fastest: None,
            ages_us: [0; GAPS],
            ages: 0,
            next_age: 0,
            usual_gap_us: USUAL_GAP_US,
            target_us: 2 * MIN_WAIT_US,
            voice_delay_us: 0,
            playhead_us: None,
            now_us: 0,
        }
    }
}

impl PlayoutClock {
    /// The time between capture and showing now.
    pub fn delay(&self) -> Duration {
        let delay_us = self.playhead_us.map_or(self.wanted_us(), |playhead_us| self.now_us.saturating_sub(playhead_us));
        Duration::from_micros(u64::try_from(delay_us).unwrap_or(0))
    }

    /// The delay that [`Self::delay`] approaches.
    pub fn target_delay(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.wanted_us()).unwrap_or(0))
    }

    /// The delay from capture to ear that the person's voice needs; poses wait for it. At most half a second counts.
    pub fn set_voice_delay(&mut self, delay: Duration) {
        self.voice_delay_us = i64::try_from(delay.as_micros()).unwrap_or(i64::MAX).min(500_000);
    }

    /// The time between two poses, usually.
    pub(super) fn usual_gap_us(&self) -> i64 {
        self.usual_gap_us
    }

    /// What is shown now was captured then.
    pub(super) fn playhead_us(&self) -> Option<i64> {
        self.playhead_us
    }

    pub(super) fn pose_arrived(&mut self, captured_us: i64, arrived_us: i64) {
        let transit_us = arrived_us.saturating_sub(captured_us);
        let fastest = self.fastest.get_or_insert(Fastest {
            window_start_us: arrived_us,
            in_window_us: transit_us,
            before_us: transit_us,
        });
        fastest.update(arrived_us, transit_us);
        if let Some(newest_us) = self.newest_us.filter(|newest_us| captured_us > *newest_us) {
            self.gap_seen(captured_us - newest_us, arrived_us.saturating_sub(newest_us));
        }
        self.newest_us = self.newest_us.max(Some(captured_us));
        self.target_us = self.needed_us();
    }

    /// Goes on to `now_us`: the playhead, and how far it went in seconds. `None` before the first pose.
    pub(super) fn advance(&mut self, now_us: i64) -> Option<(i64, f32)> {
        self.fastest?;
        let dt_us = now_us.saturating_sub(self.now_us).max(0);
        self.now_us = self.now_us.max(now_us);
        let wanted_us = self.now_us.saturating_sub(self.wanted_us());
        let next_us = match self.playhead_us {
            Some(last_us) => slew(last_us, dt_us, wanted_us),
            None => wanted_us,
        };
        let moved_us = next_us.saturating_sub(self.playhead_us.unwrap_or(next_us));
        self.playhead_us = Some(next_us);
        Some((next_us, moved_us as f32 * 1e-6))
    }

    fn wanted_us(&self) -> i64 {
        self.target_us.max(self.voice_delay_us)
    }

    fn gap_seen(&mut self, gap_us: i64, age_us: i64) {
        if gap_us > PAUSE_US {
            return;
        }
        self.usual_gap_us += (gap_us - self.usual_gap_us) / 8;
        self.ages_us[self.next_age] = age_us.clamp(-1_000_000, 1_000_000) as i32;
        self.next_age = (self.next_age + 1) % GAPS;
        self.ages = (self.ages + 1).min(GAPS);
    }

    /// The delay with which [`QUANTILE`] of the poses are followed by the next in time.
    fn needed_us(&self) -> i64 {
        let Some(fastest) = self.fastest else { return self.target_us };
        let fastest_us = fastest.best_us();
        let mut ages = self.ages_us;
        let Some(ages) = ages.get_mut(..self.ages).filter(|ages| ages.len() > 1) else {
            return fastest_us.saturating_add(2 * MIN_WAIT_US);
        };
        let place = ((ages.len() - 1) as f32 * QUANTILE).ceil() as usize;
        let age_us = i64::from(*ages.select_nth_unstable(place).1);
        fastest_us.saturating_add(age_us.saturating_sub(fastest_us).clamp(MIN_WAIT_US, MAX_WAIT_US))
    }
}

/// Moves a playhead on by `dt_us`, a little faster or slower so that it comes to `wanted_us`. It never goes back,
/// unless the clock itself jumped.
fn slew(last_us: i64, dt_us: i64, wanted_us: i64) -> i64 {
    let next_us = last_us.saturating_add(dt_us);
    let error_us = wanted_us.saturating_sub(next_us);
    if error_us.saturating_abs() > HOPELESS_US {
        return wanted_us;
    }
    let dt = dt_us as f32;
    let step = error_us as f32 * (1.0 - (-dt * 1e-6 / SLEW_SECS).exp());
    next_us + step.clamp(-SLOWER * dt, FASTER * dt) as i64
}

impl Fastest {
    fn best_us(&self) -> i64 {
        self.in_window_us.min(self.before_us)
    }

    fn update(&mut self, arrived_us: i64, transit_us: i64) {
        if arrived_us.saturating_sub(self.window_start_us) >= FASTEST_WINDOW_US {
            *self = Self { window_start_us: arrived_us, in_window_us: transit_us, before_us: self.in_window_us };
        }
        self.in_window_us = self.in_window_us.min(transit_us);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_playhead_is_slewed_and_never_turns_back() {
        let mut at_us = 0;
        for wanted_offset_us in [-100_000, 80_000] {
            for frame in 1..=600_i64 {
                let next_us = slew(at_us, 16_000, at_us + 16_000 + wanted_offset_us / frame);
                assert!((13_000..=17_400).contains(&(next_us - at_us)));
                at_us = next_us;
            }
        }
        assert_eq!(slew(0, 16_000, 5_000_000), 5_000_000, "a hopeless distance is jumped");
    }

    #[test]
    fn a_voice_may_ask_for_more_delay() {
        let mut clock = PlayoutClock::default();
        for n in 0..100 {
            clock.pose_arrived(n * 33_000, n * 33_000 + 20_000);
        }
        assert_eq!(clock.target_delay(), Duration::from_millis(53));
        clock.set_voice_delay(Duration::from_millis(90));
        assert_eq!(clock.target_delay(), Duration::from_millis(90));
    }

    #[test]
    fn pauses_do_not_count_as_jitter() {
        let mut clock = PlayoutClock::default();
        for n in 0..100_i64 {
            clock.pose_arrived(n * 800_000, n * 800_000 + 20_000);
        }
        assert_eq!(clock.target_delay(), Duration::from_millis(20 + 66));
    }

    #[test]
    fn extreme_times_are_survived() {
        let mut clock = PlayoutClock::default();
        for time in [0, i64::MAX, i64::MIN, 1, i64::MIN / 2] {
            clock.pose_arrived(time, 0);
            clock.pose_arrived(0, time);
            let _ = clock.advance(time);
        }
    }
}
