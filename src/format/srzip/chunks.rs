//! Which members of the archive are the samples, and in which order.
//!
//! The data named `logic-1` is one member of that name, or the chunks `logic-1-1`, `logic-1-2` and so on. sigrok stops
//! without a word at the first number that is missing, and never sees a chunk whose name is spelt otherwise; here
//! either is damage.

use std::fmt;

use super::names::{quoted, shortened};
use crate::format::archive::{Fault, Member, Stated};

/// A piece of the samples, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Samples that are there.
    Chunk {
        /// The chunk's number, from 1; none for data in one piece.
        number: Option<u32>,
        /// The member that holds them.
        member: Member,
    },
    /// Chunks that are not.
    Missing {
        /// The number of the first.
        first: u32,
        /// The number of the last.
        last: u32,
    },
}

impl Part {
    /// Its packed bytes.
    pub(super) fn packed(&self) -> u64 {
        match self {
            Part::Chunk { member, .. } => member.packed,
            Part::Missing { .. } => 0,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Chunk { number: None, member } => write!(f, "{}", quoted([&member.name])),
            Part::Chunk { number: Some(number), member } => write!(f, "{} (chunk {number})", quoted([&member.name])),
            Part::Missing { first, last } if first == last => write!(f, "chunk {first}"),
            Part::Missing { first, last } => write!(f, "chunks {first} to {last}"),
        }
    }
}

/// The samples' members in order, and what has no place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sequence {
    /// At least one is a chunk.
    pub(super) parts: Vec<Part>,
    /// The names of members that seem to be samples and belong to no sequence.
    pub(super) strays: Vec<String>,
}

/// Why there are no samples to read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum SequenceError {
    #[error("the archive holds both '{0}' and '{0}-1', so what was recorded is not told; remove the one that is wrong")]
    Both(String),
    #[error("no samples: the archive has neither '{base}' nor '{base}-1'{}", nearest(.strays))]
    None { base: String, strays: Vec<String> },
}

fn nearest(strays: &[String]) -> String {
    if strays.is_empty() {
        "; it was closed before the first sample, or is cut off before it".to_owned()
    } else {
        format!("; {} cannot be placed", quoted(strays))
    }
}

/// What a member is to the data of a base name.
enum Kind {
    Whole,
    Chunk(u32),
    Stray,
    Other,
}

/// `lowercase` is the base name in lower case.
fn kind(base: &str, lowercase: &str, name: &str) -> Kind {
    if name == base {
        return Kind::Whole;
    }
    let number = name.strip_prefix(base).and_then(|rest| rest.strip_prefix('-'));
    let canonical =
        number.filter(|digits| !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()));
    if let Some(number) = canonical.and_then(|digits| digits.parse().ok()) {
        return Kind::Chunk(number);
    }
    let file = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let similar = file.starts_with("logic-")
        || file.strip_prefix(lowercase).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    if similar { Kind::Stray } else { Kind::Other }
}

/// Puts those of an archive's `members` in order that are the data called `base`.
///
/// # Errors
/// [`SequenceError`] when there are none, or data in one piece and in chunks.
pub(super) fn sequence(members: Vec<Member>, base: &str) -> Result<Sequence, SequenceError> {
    let mut whole: Vec<(Option<u32>, Member)> = Vec::new();
    let mut chunks: Vec<(Option<u32>, Member)> = Vec::with_capacity(members.len());
    let mut strays = Vec::new();
    let lowercase = base.to_lowercase();
    for member in members {
        match kind(base, &lowercase, &member.name) {
            Kind::Whole => whole.push((None, member)),
            Kind::Chunk(number) => chunks.push((Some(number), member)),
            Kind::Stray => strays.push(member.name),
            // Its directory entry is damaged: it may have been a chunk.
            Kind::Other if matches!(member.place, Err(Fault::Misnamed | Fault::NoHeader(_))) => {
                strays.push(member.name);
            }
            Kind::Other => {}
        }
    }
    if !whole.is_empty() && !chunks.is_empty() {
        return Err(SequenceError::Both(shortened(base)));
    }
    let mut found = if whole.is_empty() { chunks } else { whole };
    if found.is_empty() {
        return Err(SequenceError::None { base: shortened(base), strays });
    }
    found.sort_by_key(|(number, _)| *number);
    Ok(Sequence { parts: parts(found), strays })
}

/// The members, sorted by number, as parts: with the gaps between them, and each number once.
fn parts(members: Vec<(Option<u32>, Member)>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::with_capacity(members.len());
    let mut next = 1;
    for (number, member) in members {
        if let Some(Part::Chunk { number: before, member: kept }) = parts.last_mut()
            && *before == number
        {
            (kept.place, kept.stated) = (Err(Fault::Twice), Stated::Once);
            continue;
        }
        if let Some(number) = number {
            if number > next {
                parts.push(Part::Missing { first: next, last: number - 1 });
            }
            next = number.saturating_add(1);
        }
        parts.push(Part::Chunk { number, member });
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::archive::{Packing, Payload};

    fn members(names: &[&str]) -> Vec<Member> {
        let place = Ok(Payload { data: 0, packing: Packing::Stored });
        let member = |name: &&str| Member {
            name: (*name).to_owned(),
            header: 0,
            packed: 0,
            size: 0,
            crc: 0,
            stated: Stated::Twice,
            place: place.clone(),
        };
        names.iter().map(member).collect()
    }

    /// The parts as words: a name, a name with `!` where it cannot be read, or a range of missing numbers.
    fn order(base: &str, names: &[&str]) -> Result<(Vec<String>, Vec<String>), SequenceError> {
        let sequence = sequence(members(names), base)?;
        let words = sequence.parts.iter().map(|part| match part {
            Part::Chunk { member, .. } if member.place.is_err() => format!("{}!", member.name),
            Part::Chunk { member, .. } => member.name.clone(),
            Part::Missing { first, last } => format!("{first}..{last}"),
        });
        Ok((words.collect(), sequence.strays))
    }

    #[test]
    fn chunks_are_in_the_order_of_their_numbers() {
        let (parts, strays) =
            order("logic-1", &["logic-1-10", "version", "logic-1-9", "analog-1-9-1", "logic-1-1"]).unwrap();
        assert_eq!(
            (parts, strays),
            (vec!["logic-1-1".into(), "2..8".into(), "logic-1-9".into(), "logic-1-10".into()], vec![])
        );
        assert_eq!(order("foo", &["foo-2", "foo-1", "food"]).unwrap().0, ["foo-1", "foo-2"]);
        assert_eq!(order("logic-1", &["metadata", "logic-1"]).unwrap().0, ["logic-1"]);
        assert_eq!(order("logic-1", &["logic-1-3"]).unwrap().0, ["1..2", "logic-1-3"]);
        assert_eq!(order("logic-1", &["logic-1-4294967295"]).unwrap().0, ["1..4294967294", "logic-1-4294967295"]);
    }

    #[test]
    fn a_number_that_stands_twice_is_not_read() {
        assert_eq!(order("logic-1", &["logic-1-1", "logic-1-2", "logic-1-1"]).unwrap().0, ["logic-1-1!", "logic-1-2"]);
        assert_eq!(order("logic-1", &["logic-1", "logic-1"]).unwrap().0, ["logic-1!"]);
    }

    #[test]
    fn members_without_a_place_are_strays() {
        let names = [
            "logic-1-012",
            "LOGIC-1-2",
            "x/logic-1-3",
            "logic-1-0",
            "logic-1--5",
            "logic-2-1",
            "logic-1-2 ",
            "logic-1-99999999999",
            "logic-1-",
        ];
        let mut all = vec!["logic-1-1", "metadata", "version", "decoders"];
        all.extend(names);
        let (parts, strays) = order("logic-1", &all).unwrap();
        assert_eq!((parts, strays), (vec!["logic-1-1".to_owned()], names.map(str::to_owned).to_vec()));
        assert_eq!(order("foo", &["foo", "FOO", "logic-1-1", "foobar"]).unwrap().1, ["FOO", "logic-1-1"]);
    }

    #[test]
    fn no_samples_and_two_kinds_of_them_are_refused() {
        assert_eq!(order("logic-1", &["logic-1", "logic-1-1"]), Err(SequenceError::Both("logic-1".to_owned())));
        let none = order("logic-1", &["version", "Logic-1-1"]).unwrap_err().to_string();
        assert_eq!(none, "no samples: the archive has neither 'logic-1' nor 'logic-1-1'; 'Logic-1-1' cannot be placed");
        let none = order("logic-1", &["version"]).unwrap_err().to_string();
        assert_eq!(
            none,
            "no samples: the archive has neither 'logic-1' nor 'logic-1-1'; it was closed before the first sample, or is cut off before it"
        );
    }
}
