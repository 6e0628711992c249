//! Times of the calendar (UTC), and the seconds since 1970 that they stand for.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// The time so many seconds after 1970, as `2026-11-23T05:12:08`; the nearest one of the years up to 9999.
///
/// ```
/// assert_eq!(strobecheck::units::calendar_text(1_795_403_478), "2026-11-23T03:11:18");
/// ```
#[must_use]
pub fn calendar_text(seconds: i64) -> String {
    let (least, most) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let time = Timestamp::from_second(seconds.clamp(least, most)).unwrap_or(Timestamp::UNIX_EPOCH);
    Offset::UTC.to_datetime(time).to_string()
}

/// The seconds since 1970 of a time `2026-11-23T05:12:08`, with or without a `Z` behind it; none of another text, and of
/// a time that no calendar has.
#[must_use]
pub fn calendar_seconds(text: &str) -> Option<i64> {
    let time: DateTime = text.strip_suffix('Z').unwrap_or(text).parse().ok()?;
    Some(Offset::UTC.to_timestamp(time).ok()?.as_second())
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
        assert_eq!(calendar_seconds("1970-01-01T00:01:00Z"), Some(60));
        for none in ["yesterday", "", "2026-02-30T00:00:00", "2026-13-01T00:00:00", "2026-01-01T24:00:00"] {
            assert_eq!(calendar_seconds(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn each_time_is_read_as_it_is_written(seconds in -60_000_000_000_i64..250_000_000_000) {
            prop_assert_eq!(calendar_seconds(&calendar_text(seconds)), Some(seconds));
        }
    }
}
