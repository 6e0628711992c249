//! Times that are written as texts: spans of Python, NumPy and pandas, and instants of ISO 8601.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::number::LONGEST;
use super::{FEMTOS_PER_SECOND, LogTime};

/// Digits behind a point that are read: femtoseconds.
const MOST_PLACES: usize = 15;

/// What such a text says, and how many digits it has behind its point; without a point it says nothing of them, since Python leaves
/// out a fraction that is zero. None of a text that is no time.
pub(super) fn moment(text: &str) -> Option<(LogTime, Option<i32>)> {
    let (text, fraction) = without_fraction(text)?;
    let seconds = span(&text).or_else(|| instant(&text))?;
    let (femtos, places) = match &fraction {
        None => (0, None),
        Some(digits) => {
            let scale = 10_i128.pow(u32::try_from(MOST_PLACES.checked_sub(digits.len())?).ok()?);
            (digits.parse::<i128>().ok()?.checked_mul(scale)?, Some(i32::try_from(digits.len()).ok()?))
        }
    };
    // The clock part of a span counts up, whatever the sign of its days; a sign in front of all counts it down.
    let (sign, seconds) = seconds;
    let femtos = seconds.checked_mul(FEMTOS_PER_SECOND)?.checked_add(femtos)?.checked_mul(sign)?;
    (femtos.abs() <= LONGEST).then_some((LogTime::new(femtos), places))
}

/// The text without the digits behind its point, and those. A comma may be the point (ISO 8601).
fn without_fraction(text: &str) -> Option<(String, Option<String>)> {
    // Behind the last colon, where seconds are.
    let seconds = text.rfind(':').filter(|at| text[*at..].len() >= 3)?;
    // A zone such as +01:00 has a colon, and no seconds.
    let colons: Vec<usize> = text.match_indices(':').map(|(at, _)| at).collect();
    let seconds = if colons.len() > 2 { *colons.get(1)? } else { seconds };
    let Some(point) = text[seconds..].find(['.', ',']).map(|at| seconds + at) else {
        return Some((text.to_owned(), None));
    };
    let digits: String = text[point + 1..].chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return None;
    }
    let rest = &text[point + 1 + digits.len()..];
    Some((format!("{}{rest}", &text[..point]), Some(digits)))
}

/// `[N day[s][,] ][+|-]H:MM:SS`: a sign for all, and the seconds.
fn span(text: &str) -> Option<(i128, i128)> {
    let (days, clock) = match text.split_once(" day") {
        Some((days, rest)) => {
            let rest = rest.strip_prefix('s').unwrap_or(rest);
            let rest = rest.strip_prefix(',').unwrap_or(rest);
            let clock = rest.strip_prefix(' ')?;
            (whole(days.strip_prefix('-').unwrap_or(days))? * if days.starts_with('-') { -1 } else { 1 }, clock)
        }
        None => (0, text),
    };
    let has_days = clock.len() != text.len();
    let (sign, clock) = match clock.strip_prefix('-') {
        Some(clock) if !has_days => (-1, clock),
        Some(_) => return None,
        None => (1, clock.strip_prefix('+').unwrap_or(clock)),
    };
    let [hours, minutes, seconds] = clock.split(':').collect::<Vec<_>>().try_into().ok()?;
    let sixtieth = |text: &str| whole(text).filter(|value| text.len() == 2 && *value < 60);
    Some((sign, days * 86_400 + whole(hours)? * 3600 + sixtieth(minutes)? * 60 + sixtieth(seconds)?))
}

fn whole(digits: &str) -> Option<i128> {
    (!digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())?
}

/// The seconds since 1970; without a zone, as if it were UTC: only differences count.
fn instant(text: &str) -> Option<(i128, i128)> {
    let stamp: Timestamp = match text.parse() {
        Ok(stamp) => stamp,
        Err(_) => Offset::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok()?,
    };
    Some((1, i128::from(stamp.as_second())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spans_and_instants_are_read() {
        const MS: i128 = 1_000_000_000_000;
        for (text, femtos, places) in [
            ("0:00:00.025000", 25 * MS, Some(6)),
            ("-1 day, 23:59:59.991665", -8_335 * MS / 1000, Some(6)),
            ("1 day, 0:00:01", 86_401_000 * MS, None),
            ("-1 days +23:59:59.991665", -8_335 * MS / 1000, Some(6)),
            ("0 days 00:00:00.025000123", 25_000_123 * 1_000_000, Some(9)),
            ("-00:00:00.5", -500 * MS, Some(1)),
            ("100:00:00", 360_000_000 * MS, None),
            // By `date -u -d 2026-11-29T07:00:00 +%s`.
            ("2026-11-29T07:00:00.025Z", 1_795_935_600_025 * MS, Some(3)),
            ("2026-11-29 07:00:00.025", 1_795_935_600_025 * MS, Some(3)),
            ("2026-11-29T08:00:00,025+01:00", 1_795_935_600_025 * MS, Some(3)),
            ("2026-11-29T07:00:00.025000000", 1_795_935_600_025 * MS, Some(9)),
            ("2026-11-29T07:00:00Z", 1_795_935_600_000 * MS, None),
        ] {
            assert_eq!(moment(text).map(|(time, places)| (time.get(), places)), Some((femtos, places)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "12",
            "0:60:00",
            "0:00:60",
            "0:0:0",
            "0:00",
            "1 day",
            "-1 day, -0:00:01",
            "0:00:00.",
            "0:00:00.0000000000000000",
            "2026-02-30T00:00:00Z",
            "a:bb:cc",
            "12:00:00 PM",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in ".{0,40}", near in "-?[0-9 days,:.+TZ-]{0,40}") {
            let _ = (moment(&text), moment(&near));
        }
    }
}
