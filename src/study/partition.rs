//! The folders that results lie in, by station and day.

use super::results::ResultRow;
use crate::units::{calendar_seconds, calendar_text};

/// The keys of folders, and what stands for nothing in their names: Hive's own word for it stops readers that want a value
/// of each partition.
const STATION: (&str, &str) = ("station", "unstated");
const DAY: (&str, &str) = ("day", "unknown");

/// The folder of a row: `station=S1/day=2026-11-23`, as Apache Hive partitions tables; other characters than letters,
/// digits, `.`, `-` and `_` as `%XX`.
#[must_use]
pub fn partition(row: &ResultRow) -> [String; 2] {
    let day =
        row.taken.as_ref().and_then(|taken| taken.time.get(..10)).filter(|day| is_time(&format!("{day}T00:00:00")));
    let folder = |(key, nothing): (&str, &str), value: Option<&str>| {
        let value = value.filter(|value| !value.is_empty()).map_or(nothing.to_owned(), encoded);
        format!("{key}={value}")
    };
    [folder(STATION, row.station.as_deref()), folder(DAY, day)]
}

/// Whether a text is a time of the calendar as [`TakenAt`](super::results::TakenAt) has it; the 30th of February is none.
#[must_use]
pub fn is_time(text: &str) -> bool {
    calendar_seconds(text).is_some_and(|seconds| calendar_text(seconds) == text)
}

fn encoded(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte) || byte == b'.';
    // A name of dots alone is a folder of the file system's.
    let dots_only = value.bytes().all(|byte| byte == b'.');
    let byte = |byte: u8| if plain(byte) && !dots_only { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    value.bytes().map(byte).collect()
}

/// The value that the name of a folder stands for, if it is of this key.
#[must_use]
pub fn partition_value(folder: &str, key: &str) -> Option<Option<String>> {
    let value = folder.strip_prefix(key)?.strip_prefix('=')?;
    if [STATION, DAY].contains(&(key, value)) {
        return Some(None);
    }
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let code = (*byte == b'%').then(|| after.get(..2)).flatten().and_then(|code| std::str::from_utf8(code).ok());
        let decoded = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(decoded.unwrap_or(*byte));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    Some(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_time_is_one_of_the_calendar() {
        assert!(["2026-11-23T05:12:08", "2024-02-29T00:00:00"].into_iter().all(is_time));
        for text in ["2025-02-30T00:00:00", "2026-13-01T00:00:00", "2026-11-23T05:12", "2026-11-23T24:00:00", "today"] {
            assert!(!is_time(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_station_survives_the_name_of_its_folder(name in "\\PC{1,20}") {
            let folder = format!("station={}", encoded(&name));
            prop_assert!(folder.bytes().all(|b| b.is_ascii_alphanumeric() || b"=%-_.".contains(&b)));
            prop_assert_eq!(partition_value(&folder, "station"), Some(Some(name)));
        }
    }
}
