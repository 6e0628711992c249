//! What the name of a column says: whether it holds times, in which unit, or numbers of samples.

/// The names of the columns, and what a row below them says of their units.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    pub(super) names: Vec<String>,
    pub(super) units: Vec<String>,
}

/// A unit of time: factor · 10^exponent seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeUnit {
    pub(super) factor: i128,
    pub(super) exponent: i32,
}

/// What is said of the unit of a column of times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    Said(TimeUnit),
    Unsaid,
    /// It is said, and none that is known.
    Unknown(String),
}

/// What a column is by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Times.
    Time(Named),
    /// Times if they rise: the name is only known to end in a unit.
    Ends(TimeUnit),
    /// Numbers of samples, if they rise.
    Samples,
    /// Nothing of time.
    Other,
}

impl TimeUnit {
    pub(super) const SECOND: TimeUnit = TimeUnit { factor: 1, exponent: 0 };

    /// 10^exponent seconds.
    pub(super) const fn decimal(exponent: i32) -> TimeUnit {
        TimeUnit { factor: 1, exponent }
    }

    /// The unit of this name.
    pub(super) fn of(word: &str) -> Option<TimeUnit> {
        const KNOWN: [(&[&str], i128, i32); 8] = [
            (&["s", "sec", "secs", "second", "seconds"], 1, 0),
            (&["ms", "msec", "msecs", "millis", "millisecond", "milliseconds"], 1, -3),
            (&["us", "usec", "usecs", "micros", "microsecond", "microseconds"], 1, -6),
            (&["ns", "nsec", "nsecs", "nanos", "nanosecond", "nanoseconds"], 1, -9),
            (&["ps", "psec", "picosecond", "picoseconds"], 1, -12),
            (&["fs", "fsec", "femtosecond", "femtoseconds"], 1, -15),
            (&["min", "mins", "minute", "minutes"], 60, 0),
            (&["h", "hr", "hrs", "hour", "hours"], 3600, 0),
        ];
        let word = plain(word);
        let found = KNOWN.iter().find(|(names, ..)| names.contains(&word.as_str()))?;
        Some(TimeUnit { factor: found.1, exponent: found.2 })
    }
}

/// The units that messages name.
pub(super) const UNITS: &str = "s, ms, us, ns, ps, min and h";

/// Words that mean a time, in the languages of those who make analyzers.
const TIMES: [&str; 20] = [
    "time",
    "times",
    "t",
    "timestamp",
    "timestamps",
    "ts",
    "elapsed",
    "zeit",
    "temps",
    "tiempo",
    "tempo",
    "tijd",
    "tid",
    "czas",
    "\u{432}\u{440}\u{435}\u{43c}\u{44f}",
    "\u{65f6}\u{95f4}",
    "\u{6642}\u{9593}",
    "\u{65f6}\u{523b}",
    "\u{6642}\u{523b}",
    "\u{c2dc}\u{ac04}",
];

/// In lower case, with one micro sign.
fn plain(text: &str) -> String {
    text.trim().to_lowercase().replace(['\u{b5}', '\u{3bc}'], "u")
}

/// Letters and digits that belong together; `TimeNs` are two words.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for c in text.chars() {
        let is_new = !before.is_some_and(char::is_alphanumeric)
            || (c.is_uppercase() && before.is_some_and(char::is_lowercase) && before != Some('\u{b5}'));
        if c.is_alphanumeric() {
            match words.last_mut().filter(|_| !is_new) {
                Some(word) => word.push(c),
                None => words.push(c.to_string()),
            }
        }
        before = Some(c);
    }
    words.iter().map(|word| plain(word)).collect()
}

/// What a unit in brackets, behind a slash or in a row of its own says of a column of times.
fn named(unit: &str) -> Named {
    // `us since trigger` is in microseconds.
    let first = unit.split_whitespace().next().unwrap_or_default();
    match TimeUnit::of(first) {
        Some(unit) => Named::Said(unit),
        None if first.is_empty() => Named::Unsaid,
        None => Named::Unknown(unit.trim().to_owned()),
    }
}

fn is_samples(words: &[String]) -> bool {
    const MORE: [&str; 9] = ["number", "numbers", "no", "nr", "num", "n", "index", "idx", "count"];
    match words {
        [first, rest @ ..] => {
            ["sample", "samples", "samplenumber"].contains(&first.as_str())
                && rest.iter().all(|word| MORE.contains(&word.as_str()))
        }
        [] => false,
    }
}

/// The unit that a name has apart: `[us]`, `(us)`, `/us` or ` in us` at its end.
fn unit_apart(label: &str) -> Option<(&str, &str)> {
    let label = label.trim();
    if let Some(inner) = label.strip_suffix([']', ')', '}']) {
        let at = inner.rfind(['[', '(', '{'])?;
        return Some((&inner[..at], &inner[at + 1..]));
    }
    label.rsplit_once('/').or_else(|| label.rsplit_once(" in "))
}

/// What a column of this name holds: `Time [s]`, `time_us`, `t/ms`, `Elapsed (min)`, `Sample Number`.
pub(super) fn meaning(label: &str) -> Meaning {
    let (name, unit) = match unit_apart(label) {
        Some((name, unit)) => (name, Some(unit)),
        None => (label, None),
    };
    let name = words(name);
    let is_time = name.iter().any(|word| TIMES.contains(&word.as_str()));
    if is_samples(&name) || (is_time && unit.is_some_and(|unit| is_samples(&words(unit)))) {
        return Meaning::Samples;
    }
    let last = name.last().and_then(|word| TimeUnit::of(word));
    match (is_time, unit) {
        (true, Some(unit)) => Meaning::Time(named(unit)),
        (true, None) => Meaning::Time(last.map_or(Named::Unsaid, Named::Said)),
        (false, Some(unit)) => match named(unit) {
            Named::Said(unit) => Meaning::Ends(unit),
            Named::Unsaid | Named::Unknown(_) => Meaning::Other,
        },
        (false, None) => match (last, name.as_slice()) {
            // A unit that is written out names nothing else.
            (Some(unit), [word]) if word.ends_with("seconds") || word == "second" => Meaning::Time(Named::Said(unit)),
            (Some(unit), _) => Meaning::Ends(unit),
            (None, _) => Meaning::Other,
        },
    }
}

/// Whether this is what a row of units has in a column: `(ms)`, `Volt`, `Sequence`, `logic`.
pub(super) fn is_unit(field: &str) -> bool {
    const LONGEST: usize = 12;
    const OTHERS: [&str; 12] =
        ["v", "mv", "uv", "volt", "volts", "a", "ma", "amp", "sequence", "logic", "bool", "level"];
    let field = plain(field);
    let is_bracketed = field.starts_with(['(', '[']) && field.ends_with([')', ']']) && field.len() <= LONGEST;
    is_bracketed || OTHERS.contains(&field.as_str()) || TimeUnit::of(&field).is_some() || is_samples(&words(&field))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(exponent: i32) -> TimeUnit {
        TimeUnit::decimal(exponent)
    }

    #[test]
    fn names_of_times_say_their_unit() {
        let minute = TimeUnit { factor: 60, exponent: 0 };
        for (label, said) in [
            ("Time [s]", unit(0)),
            ("Time(s)", unit(0)),
            ("time_ns", unit(-9)),
            ("Time_ns", unit(-9)),
            ("timeNs", unit(-9)),
            ("t_us", unit(-6)),
            ("time/ns", unit(-9)),
            ("Time in s", unit(0)),
            ("Time (\u{b5}s)", unit(-6)),
            ("Time (min)", minute),
            ("ts_device_us", unit(-6)),
            ("Time (ms since trigger)", unit(-3)),
            ("elapsed_ms", unit(-3)),
            ("Elapsed time / h", TimeUnit { factor: 3600, exponent: 0 }),
            ("nanoseconds", unit(-9)),
            ("Second", unit(0)),
            ("Zeit [ms]", unit(-3)),
        ] {
            assert_eq!(meaning(label), Meaning::Time(Named::Said(said)), "{label}");
        }
        for label in ["Time", "t", "Timestamp", "elapsed", "Time []", "time_host"] {
            assert_eq!(meaning(label), Meaning::Time(Named::Unsaid), "{label}");
        }
        for (label, said) in [("Time (ticks)", "ticks"), ("time/clk", "clk"), ("Time [a. u.]", "a. u.")] {
            assert_eq!(meaning(label), Meaning::Time(Named::Unknown(said.to_owned())), "{label}");
        }
    }

    #[test]
    fn other_names_are_samples_or_lines() {
        for label in ["Sample", "Samples", "Sample Number", "sample_no", "Sample #", "Time (samples)", "SampleIndex"] {
            assert_eq!(meaning(label), Meaning::Samples, "{label}");
        }
        for (label, said) in [("sec", unit(0)), ("X [us]", unit(-6)), ("stamp_ms", unit(-3)), ("ms", unit(-3))] {
            assert_eq!(meaning(label), Meaning::Ends(said), "{label}");
        }
        for label in ["STROBE", "Channel 0", "X", "TS1", "Sampled", "D0", "1", "", "CH1 [V]", "A/B", "first", "logic"] {
            assert_eq!(meaning(label), Meaning::Other, "{label}");
        }
    }

    #[test]
    fn rows_of_units_are_told() {
        assert!(["(ms)", "[V]", "second", "Volt", "Sequence", "s"].into_iter().all(is_unit));
        assert!(["STROBE", "0", "", "Channel 0", "(a name of a line)"].into_iter().all(|field| !is_unit(field)));
    }
}
