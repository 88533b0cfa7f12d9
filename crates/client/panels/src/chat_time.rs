//! When something was said, as a person reads it.

use crate::{Key, Words};

const DAY_MS: i64 = 86_400_000;

/// A moment in local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Local {
    ms: i64,
}

impl Local {
    pub(crate) fn new(since_epoch_ms: u64, utc_offset_minutes: i32) -> Self {
        let ms = i64::try_from(since_epoch_ms).unwrap_or(0);
        Self { ms: ms.saturating_add(i64::from(utc_offset_minutes) * 60_000) }
    }

    /// Days since the epoch.
    pub(crate) fn day(self) -> i64 {
        self.ms.div_euclid(DAY_MS)
    }

    /// Hours and minutes.
    pub(crate) fn clock(self) -> String {
        let minutes = self.ms.rem_euclid(DAY_MS) / 60_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    /// Year, month and day of the Gregorian calendar (Howard Hinnant's `civil_from_days`).
    pub(crate) fn date(self) -> (i64, u32, u32) {
        let days = self.day() + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, u32::try_from(month).unwrap_or(1), u32::try_from(day).unwrap_or(1))
    }

    /// What a separator above this day says, `now` being now.
    pub(crate) fn day_name(self, now: Self, words: &Words) -> String {
        match now.day() - self.day() {
            0 => words.say(Key("today")),
            1 => words.say(Key("yesterday")),
            _ => {
                let (year, month, day) = self.date();
                let number = |value: i64| format!("{value:02}");
                let parts = [
                    ("year", year.to_string().into()),
                    ("month", number(month.into()).into()),
                    ("day", number(day.into()).into()),
                ];
                words.say_with(Key("date"), &parts)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn days_and_clocks_follow_local_time() {
        // 2024-02-29 23:30:00 UTC.
        let late = 1_709_249_400_000;
        assert_eq!(Local::new(late, 0).date(), (2024, 2, 29));
        assert_eq!(Local::new(late, 0).clock(), "23:30");
        assert_eq!(Local::new(late, 480).date(), (2024, 3, 1));
        assert_eq!(Local::new(late, 480).clock(), "07:30");
        assert_eq!(Local::new(0, -60).date(), (1969, 12, 31));
        let _far = Local::new(u64::MAX, i32::MAX).date();
    }

    #[test]
    fn near_days_have_names() {
        let words = Words::new(Language::English);
        let now = Local::new(1_709_249_400_000, 0);
        let before = |days: u64| Local::new(1_709_249_400_000 - days * 86_400_000, 0).day_name(now, &words);
        assert_eq!((before(0).as_str(), before(1).as_str(), before(2).as_str()), ("Today", "Yesterday", "2024-02-27"));
    }
}
