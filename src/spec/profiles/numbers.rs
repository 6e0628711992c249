//! The numbers of a profile, each as it is written, and what its comment says that it rests on.

use super::Profile;

/// A number of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The key with its table: `limits.exposure.time`.
    pub key: String,
    /// The value as it is written, without its quotes' line comment.
    pub written: String,
    /// What it rests on: the comment behind it, else the one right above it; empty where there is none.
    pub rests_on: String,
}

impl Number {
    /// How sure it is: documented, measured, computed or judgement, as its comment says; several where that says several.
    #[must_use]
    pub fn standing(&self) -> Vec<&'static str> {
        const STANDINGS: [&str; 4] = ["documented", "measured", "computed", "judgement"];
        STANDINGS.into_iter().filter(|standing| self.rests_on.contains(&format!("[{standing}"))).collect()
    }

    /// Whether it is the user's to state, so that it rests on nothing.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        const STATED: [&str; 7] = [
            "extends",
            "params.exposure",
            "params.rgb_exposure",
            "params.fps",
            "timing.frame_time",
            "limits.exposure.missing",
            "limits.exposure.extra",
        ];
        STATED.contains(&self.key.as_str())
    }
}

impl Profile {
    /// What it states itself and holds a digit, in the order of its text; not what it takes from the profile below it.
    #[must_use]
    pub fn numbers(&self) -> Vec<Number> {
        let (mut numbers, mut above, mut table) = (Vec::new(), String::new(), "");
        for line in self.text.lines().map(str::trim) {
            if let Some(comment) = line.strip_prefix('#') {
                above.push_str(comment);
                continue;
            }
            if let Some(name) = line.strip_prefix('[') {
                table = name.trim_end_matches(']');
            } else if let Some((key, value)) = line.split_once(" = ") {
                let (value, behind) = commented(value);
                if value.bytes().any(|byte| byte.is_ascii_digit()) {
                    let key = if table.is_empty() { key.trim().to_owned() } else { format!("{table}.{}", key.trim()) };
                    let rests_on = if behind.contains('[') { behind } else { &above };
                    numbers.push(Number { key, written: value.to_owned(), rests_on: rests_on.trim().to_owned() });
                }
            }
            above.clear();
        }
        numbers
    }
}

/// A value, and the comment behind it.
fn commented(value: &str) -> (&str, &str) {
    let mut is_text = false;
    for (at, c) in value.char_indices() {
        match c {
            '"' => is_text = !is_text,
            '#' if !is_text => return (value[..at].trim(), value[at + 1..].trim()),
            _ => {}
        }
    }
    (value.trim(), "")
}
