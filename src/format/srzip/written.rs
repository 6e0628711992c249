//! When a session was written, as its archive says.

use super::Source;

/// The time that the archive's first member bears, `2026-11-23T05:12:08`: local time where it was written, to two
/// seconds. None where there is no archive, and of the first of January 1980, which stands for no time.
#[must_use]
pub fn written_at(source: &dyn Source) -> Option<String> {
    const LOCAL_HEADER: [u8; 4] = *b"PK\x03\x04";
    let mut head = [0; 14];
    let read = source.fill_at(&mut head, 0).ok()?;
    if read < head.len() || !head.starts_with(&LOCAL_HEADER) {
        return None;
    }
    // MS-DOS: seconds by two, minutes, hours; day, month, years since 1980 (APPNOTE 4.4.6).
    let time = u16::from_le_bytes([head[10], head[11]]);
    let date = u16::from_le_bytes([head[12], head[13]]);
    let (hour, minute, second) = (time >> 11, time >> 5 & 0x3f, (time & 0x1f) * 2);
    let (year, month, day) = (1980 + (date >> 9), date >> 5 & 0xf, date & 0x1f);
    let is_time = hour < 24 && minute < 60 && second < 60 && (1..=12).contains(&month) && (1..=31).contains(&day);
    let is_stated = (year, month, day, time) != (1980, 1, 1, 0);
    (is_time && is_stated).then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of a local header with this time and date.
    fn head(time: u16, date: u16) -> Vec<u8> {
        let mut head = b"PK\x03\x04\x14\0\0\0\0\0".to_vec();
        head.extend(time.to_le_bytes());
        head.extend(date.to_le_bytes());
        head
    }

    #[test]
    fn the_first_member_says_when() {
        // 2026-11-23 05:12:08: 46 years, month 11, day 23; 5 h, 12 min, 4 times two seconds.
        let (time, date) = (5 << 11 | 12 << 5 | 4, 46 << 9 | 11 << 5 | 23);
        assert_eq!(written_at(&head(time, date)).as_deref(), Some("2026-11-23T05:12:08"));
        assert_eq!(written_at(&head(0, 1 << 5 | 1)), None, "the first of January 1980");
        assert_eq!(written_at(&head(time, 46 << 9 | 13 << 5 | 23)), None, "a thirteenth month");
        assert_eq!(written_at(&b"PK".to_vec()), None);
        assert_eq!(written_at(&b"not a zip, and long enough".to_vec()), None);
    }
}
