use atrium_protocol::Micros;
use std::time::Duration;

const SECS_PER_DAY: u64 = 86_400;

/// Reads a length of time such as `90s`, `30m`, `24h`, `7d` or `2w`.
///
/// # Errors
/// A sentence that shows how to write one.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let help = || format!("'{text}' is no length of time: write a number and a unit, such as 90s, 30m, 24h, 7d or 2w");
    let unit = text.chars().next_back().ok_or_else(help)?;
    let secs_per_unit = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => SECS_PER_DAY,
        'w' => 7 * SECS_PER_DAY,
        _ => return Err(help()),
    };
    let number = text.strip_suffix(unit).unwrap_or_default();
    let count: u64 = if number.bytes().all(|b| b.is_ascii_digit()) {
        number.parse().map_err(|_| help())?
    } else {
        return Err(help());
    };
    let secs = count.checked_mul(secs_per_unit).filter(|secs| *secs <= 100 * 366 * SECS_PER_DAY).ok_or_else(help)?;
    Ok(Duration::from_secs(secs))
}

/// Reads a moment: a length of time from `now` (`24h`), or UTC as `2031-05-17T09:30Z` (seconds and time are optional).
///
/// # Errors
/// A sentence that shows how to write one.
pub fn parse_moment(text: &str, now: Micros) -> Result<Micros, String> {
    match parse_duration(text) {
        Ok(delay) => Ok(now + delay),
        Err(_) => parse_utc(text).ok_or_else(|| {
            format!("'{text}' is no moment: write a length of time from now, such as 24h, or UTC as 2031-05-17T09:30Z")
        }),
    }
}

/// Writes a moment in UTC, to the minute: `2031-05-17 09:30Z`.
pub fn format_utc(moment: Micros) -> String {
    let secs = moment.0 / 1_000_000;
    let (year, month, day) = civil_from_days(secs / SECS_PER_DAY);
    let minute_of_day = secs % SECS_PER_DAY / 60;
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}Z", minute_of_day / 60, minute_of_day % 60)
}

fn parse_utc(text: &str) -> Option<Micros> {
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, time.strip_suffix('Z')?),
        None => (text.strip_suffix('Z').unwrap_or(text), "00:00"),
    };
    let date = fields(date, '-')?;
    let time = fields(time, ':')?;
    let [year, month, day] = date[..] else { return None };
    let (hour, minute, second) = match time[..] {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    if !(1970..=9999).contains(&year) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = days_from_civil(year, month, day);
    let is_real_date = civil_from_days(days) == (year, month, day);
    is_real_date.then(|| Micros::from_millis((days * SECS_PER_DAY + hour * 3_600 + minute * 60 + second) * 1_000))
}

fn fields(text: &str, separator: char) -> Option<Vec<u64>> {
    let is_number = |field: &&str| (1..=4).contains(&field.len()) && field.bytes().all(|b| b.is_ascii_digit());
    let fields: Vec<&str> = text.split(separator).take(4).collect();
    fields.iter().all(is_number).then(|| fields.iter().filter_map(|field| field.parse().ok()).collect())
}

/// Days since 1970-01-01 of a date in the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
fn days_from_civil(year: u64, month: u64, day: u64) -> u64 {
    let month = month.clamp(1, 12);
    // Years begin in March, so that the leap day is the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day.clamp(1, 31) - 1;
    let days_from_year_zero = 365 * year + year / 4 - year / 100 + year / 400 + day_of_year;
    days_from_year_zero.saturating_sub(719_468)
}

/// The date of a number of days since 1970-01-01: the inverse of [`days_from_civil`].
pub(crate) fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_durations() {
        assert_eq!(parse_duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_duration("24h"), Ok(Duration::from_secs(86_400)));
        assert_eq!(parse_duration("2w"), Ok(Duration::from_secs(14 * 86_400)));
        for wrong in ["", "h", "24", "-1h", "+1h", "1.5h", "24 h", "99999999999999999999s", "9999999d", "１h", "1é"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn reads_moments() {
        let now = Micros::from_millis(5_000);
        assert_eq!(parse_moment("10s", now), Ok(Micros::from_millis(15_000)));
        assert_eq!(parse_moment("2000-03-01T00:00Z", now), Ok(Micros::from_millis(951_868_800_000)));
        assert_eq!(parse_moment("2000-03-01", now), Ok(Micros::from_millis(951_868_800_000)));
        assert_eq!(parse_moment("2031-05-17T09:30:05Z", now), Ok(Micros::from_millis(1_936_776_605_000)));
        for wrong in ["2031-02-29", "2031-13-01", "2031-05-17T24:00Z", "2031-05-17T09:30", "yesterday", "1969-12-31"] {
            assert!(parse_moment(wrong, now).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(minutes in 0_u64..4_000_000_000) {
            let moment = Micros::from_millis(minutes * 60_000);
            prop_assume!(civil_from_days(minutes / 1_440).0 <= 9_999);
            prop_assert_eq!(parse_moment(&format_utc(moment), Micros(0)), Ok(moment));
        }

        #[test]
        fn any_text_is_safe(text in "\\PC{0,40}") {
            let _ = parse_moment(&text, Micros(0));
        }
    }
}
