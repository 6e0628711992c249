//! Every word that a report uses, explained offline: quantities, faults, exit codes, reasons of verdicts.

mod example;
mod new_spec;
mod reason;
mod schema;
mod text;
mod word;

pub use example::example;
pub use new_spec::new_spec;
pub use reason::{REASONS, Reason};
pub use schema::spec_schema;
pub(crate) use text::filled;
pub use text::{exit_code_text, list, nearest, text_of};
pub use word::{WORDS, Word};

use crate::diagnosis::{FAULTS, Fault};
use crate::quantity::{QUANTITIES, Quantity};
use crate::report::ExitCode;
use crate::spec::{KEYS, Key};

/// What a word stands for.
#[derive(Debug, Clone, Copy)]
pub enum Topic {
    /// A quantity: `exposure.time`.
    Quantity(&'static Quantity),
    /// A fault: `line-dead`, or its number in the field guide.
    Fault(&'static Fault),
    /// An exit code of `verify`: `3`.
    ExitCode(ExitCode),
    /// A reason of a verdict: `straddles-the-limit`.
    Reason(&'static Reason),
    /// A key of a spec: `timing.frame_time`.
    Key(&'static Key),
    /// A word of reports or specs: `implied`.
    Word(&'static Word),
}

impl Topic {
    /// All of them, in the order in which lists show them.
    #[must_use]
    pub fn all() -> Vec<Topic> {
        let quantities = QUANTITIES.iter().copied().map(Topic::Quantity);
        let faults = FAULTS.iter().copied().map(Topic::Fault);
        let codes = ExitCode::ALL.into_iter().map(Topic::ExitCode);
        let others = KEYS.iter().map(Topic::Key).chain(WORDS.iter().map(Topic::Word));
        quantities.chain(faults).chain(codes).chain(REASONS.iter().map(Topic::Reason)).chain(others).collect()
    }

    /// The word for it.
    #[must_use]
    pub fn id(self) -> String {
        match self {
            Topic::Quantity(quantity) => quantity.id.to_owned(),
            Topic::Fault(fault) => fault.id.to_owned(),
            Topic::ExitCode(code) => code.number().to_string(),
            Topic::Reason(reason) => reason.id.to_owned(),
            Topic::Key(key) => key.id.to_owned(),
            Topic::Word(word) => word.id.to_owned(),
        }
    }

    /// A few words of what it is.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Topic::Quantity(quantity) => quantity.label,
            Topic::Fault(fault) => fault.about,
            Topic::ExitCode(code) => exit_code_text(code).0,
            Topic::Reason(reason) => reason.says,
            Topic::Key(key) => key.about,
            Topic::Word(word) => word.about,
        }
    }

    /// What stands above all of its kind in a list.
    fn heading(self) -> &'static str {
        match self {
            Topic::Quantity(_) => "Quantities: the ids of limits",
            Topic::Fault(_) => "Faults: what findings name",
            Topic::ExitCode(_) => "Exit codes of verify",
            Topic::Reason(_) => "Reasons of verdicts",
            Topic::Key(_) => "Keys of a spec",
            Topic::Word(_) => "Words",
        }
    }

    /// What the word stands for; a fault also by its number in the field guide, an exit code also as `exit 3`, a key of a spec also
    /// without its table and as that of a camera: `camera.right.frame_time`.
    #[must_use]
    pub fn find(word: &str) -> Option<Topic> {
        let word = word.trim().to_lowercase();
        let plain = word.strip_prefix("exit").map_or(word.as_str(), |code| code.trim_start_matches([' ', '-', '=']));
        let is_it = |topic: &Topic| match topic {
            Topic::Fault(fault) => fault.id == word || fault.number.to_lowercase() == word,
            Topic::ExitCode(_) => topic.id() == plain,
            Topic::Word(known) => known.id == word || known.also.contains(&word.as_str()),
            Topic::Quantity(_) | Topic::Reason(_) | Topic::Key(_) => topic.id() == word,
        };
        let is_key = |topic: &Topic| match topic {
            Topic::Key(key) => {
                let of_camera = word.strip_prefix("camera.").and_then(|key| key.split_once('.')).map(|(_, name)| name);
                key.name() == word || (key.per_camera && of_camera == Some(key.name()))
            }
            Topic::Quantity(_) | Topic::Fault(_) | Topic::ExitCode(_) | Topic::Reason(_) | Topic::Word(_) => false,
        };
        let topics = Topic::all();
        let windowed = || crate::quantity::find(&word).map(Topic::Quantity);
        let known = topics.iter().copied().find(is_it).or_else(|| topics.iter().copied().find(is_key));
        known.or_else(windowed).or_else(|| only_one_with(&word, &topics))
    }
}

/// The one topic whose id has these words behind its dot, or that has all of them; none if several do.
fn only_one_with(words: &str, topics: &[Topic]) -> Option<Topic> {
    let parts = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let words = parts(words);
    let has_all = |topic: &&Topic| {
        let id = parts(&topic.id());
        words.iter().all(|word| id.contains(word))
    };
    let is_name = |topic: &&Topic| topic.id().split_once('.').is_some_and(|(_, name)| parts(name) == words);
    only(topics.iter().filter(is_name)).or_else(|| only(topics.iter().filter(has_all)))
}

fn only<'a>(mut topics: impl Iterator<Item = &'a Topic>) -> Option<Topic> {
    let first = topics.next()?;
    topics.next().is_none().then_some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_once_and_has_a_text_that_fits_a_terminal() {
        let mut ids = std::collections::BTreeSet::new();
        for topic in Topic::all() {
            assert!(ids.insert(topic.id()), "{} twice", topic.id());
            assert_eq!(Topic::find(&topic.id()).map(Topic::id), Some(topic.id()));
            let text = text_of(topic);
            assert!(text.lines().count() >= 3, "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        }
        assert!(ids.len() > 80, "{}", ids.len());
    }

    #[test]
    fn faults_are_found_by_their_number_and_exit_codes_by_theirs() {
        assert_eq!(Topic::find("F26").map(Topic::id).as_deref(), Some("flash-late"));
        assert_eq!(Topic::find("exit 3").map(Topic::id).as_deref(), Some("3"));
        for (word, id) in [
            ("frame_time", "timing.frame_time"),
            ("camera.right.frame_time", "timing.frame_time"),
            ("clock", "analyzer.clock"),
            ("FAIL", "fail"),
            ("undecided", "inconclusive"),
            ("frame -1", "frame -1"),
            ("marg", "straddle"),
            ("turn", "exposure.turn"),
            ("per frame", "timing.fsin_per_frame"),
            ("pins", "several pins"),
            ("trigger ready", "ready"),
            ("scenario", "scenario"),
        ] {
            assert_eq!(Topic::find(word).map(Topic::id).as_deref(), Some(id), "{word}");
        }
        assert!(Topic::find("exposur.time").is_none());
        // Several have it.
        assert!(Topic::find("missing").is_none());
        assert_eq!(nearest("exposur.time").first().map(String::as_str), Some("exposure.time"));
        assert!(nearest("flash").iter().all(|word| word.contains("flash")));
    }

    #[test]
    fn every_fault_has_all_its_words() {
        for fault in FAULTS {
            assert!(!fault.causes.is_empty(), "{}", fault.id);
            assert!(
                fault.drawing.lines().count() >= 1 && fault.drawing.lines().all(|line| line.chars().count() <= 72),
                "{}",
                fault.id
            );
            assert!(fault.about.ends_with('.'), "{}", fault.id);
            assert!(fault.number.starts_with('F') && fault.number.len() == 3, "{}", fault.id);
            for other in fault.look_alikes {
                assert!(crate::diagnosis::find_fault(other.fault).is_some(), "{}: {}", fault.id, other.fault);
            }
        }
    }
}
