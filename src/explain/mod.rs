//! Every word that a report uses, explained offline: quantities, faults, exit codes, reasons of verdicts.

mod reason;
mod text;

pub use reason::{REASONS, Reason};
pub use text::{list, nearest, text_of};

use crate::diagnosis::{FAULTS, Fault};
use crate::quantity::{QUANTITIES, Quantity};
use crate::report::ExitCode;

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
}

impl Topic {
    /// All of them, in the order in which lists show them.
    #[must_use]
    pub fn all() -> Vec<Topic> {
        let quantities = QUANTITIES.iter().copied().map(Topic::Quantity);
        let faults = FAULTS.iter().copied().map(Topic::Fault);
        let codes = ExitCode::ALL.into_iter().map(Topic::ExitCode);
        quantities.chain(faults).chain(codes).chain(REASONS.iter().map(Topic::Reason)).collect()
    }

    /// The word for it.
    #[must_use]
    pub fn id(self) -> String {
        match self {
            Topic::Quantity(quantity) => quantity.id.to_owned(),
            Topic::Fault(fault) => fault.id.to_owned(),
            Topic::ExitCode(code) => code.number().to_string(),
            Topic::Reason(reason) => reason.id.to_owned(),
        }
    }

    /// What the word stands for; a fault also by its number in the field guide, an exit code also as `exit 3`.
    #[must_use]
    pub fn find(word: &str) -> Option<Topic> {
        let word = word.trim().to_lowercase();
        let plain = word.strip_prefix("exit").map_or(word.as_str(), |code| code.trim_start_matches([' ', '-', '=']));
        let is_it = |topic: &Topic| match topic {
            Topic::Fault(fault) => fault.id == word || fault.number.to_lowercase() == word,
            Topic::ExitCode(_) => topic.id() == plain,
            Topic::Quantity(_) | Topic::Reason(_) => topic.id() == word,
        };
        Topic::all().into_iter().find(is_it)
    }
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
        assert!(Topic::find("exposur.time").is_none());
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
