use crate::level_dbov;
use crate::stretch::{Fit, lengthen, shorten};

/// From this level (−dBov) on a packet is quiet.
const QUIET_DBOV: u8 = 50;
/// Of so many voiced packets one is shortened, so that speech is not hurried noticeably.
const PACKETS_BETWEEN_SHORTENED: u32 = 3;
/// Sound that is there too early by less than this stays so, in quiet packets and in voiced ones.
const QUIET_SURPLUS_US: i64 = 3_000;
const VOICED_SURPLUS_US: i64 = 6_000;
/// How alike the ends of a piece must be. Sound that is put in replaces sound that would be made up: it may fit worse.
const SHORTEN_FIT: Fit = Fit::Alike(0.9);
const LENGTHEN_FIT: Fit = Fit::Alike(0.6);
/// Even where less would do, a whole period of a low voice may be put in, 10 ms.
const USUAL_PITCH_PERIOD: usize = 480;
/// Spare time that is left alone, so that sound is not taken out that must be put in again a little later: the fastest
/// packet is not known better.
const SLACK_US: i64 = 1_500;

/// When a packet is decoded, relative to when it must be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    /// How much longer the packet has waited than the target asks for; less than 0: it waited too little.
    pub(crate) spare_us: i64,
    /// Sound before it that is not heard yet, less the whole packets that are asked for together with it.
    pub(crate) ready_us: i64,
    /// Sound that is asked for at a time.
    pub(crate) block_us: i64,
}

impl Timing {
    /// Sound that can be taken out (over 0) or must be put in (under 0) so that packets are decoded when the target
    /// says. They are decoded when a block is asked for that they are needed in: so the spare time counts in whole
    /// blocks, and what is ready before the packet is always too much.
    fn surplus_us(self) -> i64 {
        let block_us = self.block_us.max(1);
        let blocks = if self.spare_us < 0 {
            self.spare_us.div_euclid(block_us)
        } else {
            (self.spare_us - SLACK_US).max(0) / block_us
        };
        self.ready_us.saturating_add(blocks.saturating_mul(block_us))
    }
}

/// Keeps playing at the delay that the target asks for, by making packets shorter or longer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    packets_since_shortened: u32,
    /// Samples that were taken out.
    pub(crate) shortened: u64,
    /// Samples that were put in.
    pub(crate) lengthened: u64,
}

impl Pace {
    /// Fits the packet that is in the first `count` of `frames`; what is behind them is room. Says how many there are
    /// then.
    pub(crate) fn fit(&mut self, frames: &mut [[f32; 2]], count: usize, timing: Timing) -> usize {
        self.packets_since_shortened = self.packets_since_shortened.saturating_add(1);
        let surplus_us = timing.surplus_us();
        let is_quiet = level_dbov(frames[..count].as_flattened()) >= QUIET_DBOV;
        let most = usize::try_from(surplus_us.unsigned_abs().saturating_mul(6) / 125).unwrap_or(usize::MAX);
        let fitted = if surplus_us < 0 {
            lengthen(frames, count, most.max(USUAL_PITCH_PERIOD), if is_quiet { Fit::Quiet } else { LENGTHEN_FIT })
        } else if is_quiet && surplus_us >= QUIET_SURPLUS_US {
            shorten(&mut frames[..count], most, Fit::Quiet)
        } else if surplus_us >= VOICED_SURPLUS_US && self.packets_since_shortened >= PACKETS_BETWEEN_SHORTENED {
            shorten(&mut frames[..count], most, SHORTEN_FIT)
        } else {
            None
        };
        let fitted = fitted.unwrap_or(count);
        if fitted < count {
            self.packets_since_shortened = 0;
        }
        self.shortened += count.saturating_sub(fitted) as u64;
        self.lengthened += fitted.saturating_sub(count) as u64;
        fitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surplus_ms(spare_ms: i64, ready_ms: i64) -> i64 {
        Timing { spare_us: spare_ms * 1_000, ready_us: ready_ms * 1_000, block_us: 10_000 }.surplus_us() / 1_000
    }

    #[test]
    fn spare_time_counts_in_whole_blocks() {
        assert_eq!(surplus_ms(0, 0), 0);
        assert_eq!(surplus_ms(9, 0), 0, "a block earlier the packet would not be there");
        assert_eq!(surplus_ms(9, 4), 4, "what is ready can go all the same");
        assert_eq!(surplus_ms(12, 4), 14);
        assert_eq!(surplus_ms(35, 0), 30);
    }

    #[test]
    fn too_little_time_is_made_up_for_by_whole_blocks() {
        assert_eq!(surplus_ms(-5, 0), -10);
        assert_eq!(surplus_ms(-5, 4), -6, "with six more the packet is needed a block later");
        assert_eq!(surplus_ms(-15, 0), -20);
        assert_eq!(surplus_ms(-1, 0), -10);
        assert_eq!(surplus_ms(11, 0), 0, "what was just put in stays");
    }

    #[test]
    fn extreme_times_are_survived() {
        for spare_us in [i64::MIN, i64::MAX] {
            Timing { spare_us, ready_us: i64::MAX, block_us: 0 }.surplus_us();
            let mut frames = [[0.1; 2]; 1_000];
            let count = Pace::default().fit(&mut frames, 960, Timing { spare_us, ready_us: 0, block_us: 10_000 });
            assert!((200..=1_000).contains(&count));
        }
    }
}
