//! Times of the calendar (UTC, proleptic Gregorian), and the seconds since 1970 that they stand for.
//!
//! Years are counted from March, so that the day that some years have more is the last of one, in eras of 400 years, which
//! are alike (H. Hinnant, *chrono-Compatible Low-Level Date Algorithms*).

const DAY: i64 = 86_400;
/// The days of an era, and those from 0000-03-01 to 1970-01-01.
const ERA: i64 = 146_097;
const EPOCH: i64 = 719_468;

/// The time so many seconds after 1970, as `2026-11-23T05:12:08`.
///
/// ```
/// assert_eq!(strobecheck::units::calendar_text(1_795_403_478), "2026-11-23T03:11:18");
/// ```
#[must_use]
pub fn calendar_text(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(DAY) + EPOCH, seconds.rem_euclid(DAY));
    let (era, day_of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// The seconds since 1970 of a time `2026-11-23T05:12:08`, with or without a `Z` behind it; none of another text.
#[must_use]
pub fn calendar_seconds(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some((era * ERA + day_of_era - EPOCH) * DAY + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        // By `date -u -d @N`.
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00"),
            (951_782_399, "2000-02-28T23:59:59"),
            (951_782_400, "2000-02-29T00:00:00"),
            (951_868_800, "2000-03-01T00:00:00"),
            (1_767_225_599, "2025-12-31T23:59:59"),
            (1_795_403_478, "2026-11-23T03:11:18"),
        ] {
            assert_eq!(calendar_text(seconds), text);
            assert_eq!(calendar_seconds(text), Some(seconds));
        }
        assert_eq!((calendar_seconds("yesterday"), calendar_seconds("")), (None, None));
    }

    proptest! {
        #[test]
        fn each_time_is_read_as_it_is_written(seconds in -60_000_000_000_i64..250_000_000_000) {
            prop_assert_eq!(calendar_seconds(&calendar_text(seconds)), Some(seconds));
        }
    }
}
