//! What a session says of its losses: one that was repaired, or one whose recording went wrong.
//!
//! sigrok has no mark for samples that are lost: in the gap, the repaired session carries the levels before it on, so
//! that all times stay right wherever it is opened. What is lost stands in a member of its own, which sigrok passes
//! over, and which this reader believes: what could not pass before its repair, or when it was recorded, cannot pass
//! after it.

use super::super::keyfile::{self, KeyFileError, append_pair};
use crate::capture::Extent;
use crate::signal::{Length, LostSpan};
use crate::units::SampleIndex;

/// The name of the member.
pub(super) const MEMBER: &str = "strobecheck-lost";

const SECTION: &str = "lost";
/// `span=100 200`: samples 100 to 199; `span=100 200 inferred`: perhaps more or fewer of them; `span=100 100`: an unknown
/// number of them.
const SPAN: &str = "span";
const INFERRED: &str = "inferred";
const UNKNOWN: &str = "unknown";
const PROBLEM: &str = "problem";

/// Behind this many problems the rest was counted when they were found.
const MOST_PROBLEMS: usize = 1000;

/// What is lost of a session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Losses {
    /// In order, neither overlapping nor touching.
    pub(super) spans: Vec<LostSpan>,
    /// Sentences; at least one where anything is lost.
    pub(super) problems: Vec<String>,
}

/// Why a text says nothing of losses that can be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum LossesError {
    #[error(transparent)]
    Syntax(#[from] KeyFileError),
    #[error("it has no section [{SECTION}], or another one")]
    Sections,
    #[error("line {0} is neither a {PROBLEM} nor a {SPAN} such as {SPAN}=100 200, behind those before it")]
    Line(usize),
    #[error("it names no {PROBLEM}, or too many")]
    Problems,
    #[error("sample {0} is said to be lost, and a line changes there")]
    Alive(u64),
}

/// The text of the member.
pub(super) fn text(extent: &Extent) -> String {
    let mut text = format!("[{SECTION}]\n");
    for problem in &extent.problems {
        append_pair(&mut text, PROBLEM, problem);
    }
    for span in extent.lost.spans() {
        let known = match (span.length, span.from == span.to) {
            (Length::Proven, _) | (Length::Unknown, true) => String::new(),
            (Length::Inferred, _) => format!(" {INFERRED}"),
            (Length::Unknown, false) => format!(" {UNKNOWN}"),
        };
        append_pair(&mut text, SPAN, &format!("{} {}{known}", span.from.get(), span.to.get()));
    }
    text
}

/// Reads the text of the member.
///
/// # Errors
/// [`LossesError`] for any text that [`text`] does not write.
pub(super) fn parse(bytes: &[u8]) -> Result<Losses, LossesError> {
    let sections = keyfile::parse(bytes)?;
    let [section] = sections.as_slice() else { return Err(LossesError::Sections) };
    if section.name != SECTION {
        return Err(LossesError::Sections);
    }
    let mut losses = Losses::default();
    for pair in &section.pairs {
        match pair.key.as_str() {
            PROBLEM => losses.problems.push(pair.value.clone()),
            SPAN => {
                let before = losses.spans.last().map(|span| span.to);
                let span = span(&pair.value).filter(|span| before.is_none_or(|before| before < span.from));
                losses.spans.push(span.ok_or(LossesError::Line(pair.line))?);
            }
            _ => return Err(LossesError::Line(pair.line)),
        }
    }
    if losses.problems.is_empty() || losses.problems.len() > MOST_PROBLEMS {
        return Err(LossesError::Problems);
    }
    Ok(losses)
}

fn span(text: &str) -> Option<LostSpan> {
    let (from, rest) = text.split_once(' ')?;
    let (to, length) = match rest.split_once(' ') {
        None => (rest, Length::Proven),
        Some((to, INFERRED)) => (to, Length::Inferred),
        Some((to, UNKNOWN)) => (to, Length::Unknown),
        Some(_) => return None,
    };
    let sample = |digits: &str| digits.parse().ok().map(SampleIndex::new);
    let span = LostSpan::new(sample(from)?, sample(to)?).known_to(length);
    (span.from <= span.to).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Lost;

    fn span(from: u64, to: u64) -> LostSpan {
        LostSpan::new(SampleIndex::new(from), SampleIndex::new(to))
    }

    #[test]
    fn what_is_written_reads_back() {
        let spans = vec![
            span(0, 5),
            span(8, 8),
            span(10, 12).known_to(Length::Inferred),
            span(14, 16).known_to(Length::Unknown),
            span(20, 1 << 60),
        ];
        let problems = vec!["chunk 2: missing".to_owned(), " a = b\\n\n".to_owned()];
        let whole = Extent::whole(SampleIndex::new(1 << 61));
        let extent = Extent { lost: Lost::from_spans(spans.clone()), problems: problems.clone(), ..whole };
        assert_eq!(parse(text(&extent).as_bytes()), Ok(Losses { spans, problems }));
    }

    #[test]
    fn other_texts_are_refused() {
        for (text, error) in [
            ("", LossesError::Sections),
            ("[device 1]\nproblem=x\n", LossesError::Sections),
            ("[lost]\nproblem=x\n[lost]\n", LossesError::Sections),
            ("[lost]\nspan=1 2\n", LossesError::Problems),
            ("[lost]\nproblem=x\nspan=2 1\n", LossesError::Line(3)),
            ("[lost]\nproblem=x\nspan=1\n", LossesError::Line(3)),
            ("[lost]\nproblem=x\nspan=1 2 perhaps\n", LossesError::Line(3)),
            ("[lost]\nproblem=x\nspan=1 5\nspan=5 6\n", LossesError::Line(4)),
            ("[lost]\nproblem=x\nspan=-1 5\n", LossesError::Line(3)),
            ("[lost]\nnote=x\n", LossesError::Line(2)),
        ] {
            assert_eq!(parse(text.as_bytes()), Err(error), "{text}");
        }
    }
}
