//! What stands behind `$enddefinitions`: times and changes of value.

use std::ops::Bound;

use super::VcdError;
use super::declarations::Declarations;
use crate::capture::{Extent, RecordEnd, Request, Sink};
use crate::format::levels::Levels;
use crate::format::placer::{Finish, Placer};
use crate::format::text::Lines;
use crate::format::timebase::Timebase;
use crate::format::{FormatError, Source, shown, unreadable};

/// Reads the changes of the wanted probes.
pub(super) fn read(
    source: &dyn Source,
    declarations: &Declarations,
    request: &Request,
    sink: &mut dyn Sink,
) -> Result<Extent, FormatError> {
    let timebase =
        Timebase::new(declarations.tick, request.rate.as_ref().or(declarations.rate.as_ref())).map_err(unreadable)?;
    let mut placer = Placer::new(timebase, request.mask(), sink);
    let mut body = Body::new(declarations);
    let mut lines = Lines::new(source);
    let mut problem = None;
    'lines: while let Some(line) = lines.next().map_err(|error| unreadable(VcdError::Text(error)))? {
        let mut words = line.bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            let is_last = !line.ended && words.peek().is_none();
            let taken = match body.torn(word).filter(|_| is_last) {
                Some(torn) => Err(torn.to_owned()),
                None => body.word(word, &mut placer)?,
            };
            if let Err(what) = taken {
                problem = Some(format!("line {}: {what}; what follows is not read", line.number));
                break 'lines;
            }
        }
    }
    if let Some(problem) = problem.or_else(|| Some(format!("{}; what follows is lost", body.part.torn()?))) {
        placer.cut(problem);
    }
    body.commit(&mut placer)?;
    placer.finish(body.end())
}

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Between declarations.
    Definitions,
    /// In a declaration; the last one or not.
    Declaration { last: bool },
    /// In a comment among the changes.
    Comment,
    /// Among the changes.
    Changes,
    /// Behind the value of a vector: its code comes next.
    Code,
    /// Behind a value that is no level: its code comes next.
    ForeignCode,
}

impl Part {
    /// What is torn where the file ends here.
    fn torn(self) -> Option<&'static str> {
        match self {
            Part::Definitions | Part::Changes => None,
            Part::Declaration { .. } => Some("the file ends within a declaration"),
            Part::Comment => Some("the file ends within a comment"),
            Part::Code | Part::ForeignCode => Some("the file ends within a value"),
        }
    }
}

/// So many times that were read tell that the last one is whole: it would be ten times as far as the one before it, else.
const ENOUGH_TIMES: u64 = 8;

/// The changes up to the present word.
struct Body<'d> {
    declarations: &'d Declarations,
    part: Part,
    time: Option<i128>,
    /// How many times were read.
    times: u64,
    levels: Levels,
    /// Whether anything has changed at the present time.
    changed: bool,
    vector: Vec<u8>,
}

impl<'d> Body<'d> {
    fn new(declarations: &'d Declarations) -> Body<'d> {
        let (part, levels) = (Part::Definitions, Levels::UNKNOWN);
        Body { declarations, part, time: None, times: 0, levels, changed: false, vector: Vec::new() }
    }

    /// What is torn where the file ends with this word, without the end of its line.
    fn torn(&self, word: &[u8]) -> Option<&'static str> {
        let is_begin_of_code = |code: &[u8]| {
            let mut from = self.declarations.codes.range::<[u8], _>((Bound::Excluded(code), Bound::Unbounded));
            from.next().is_some_and(|(next, _)| next.starts_with(code))
        };
        let is_torn = match (self.part, word.split_first()) {
            (Part::Changes, Some((b'#', _))) => {
                return (self.times < ENOUGH_TIMES).then_some("the file ends within a time");
            }
            (Part::Changes, Some((b'b' | b'B' | b'r' | b'R' | b's' | b'S' | b'$', _)) | None) => false,
            (Part::Changes, Some((_, code))) => is_begin_of_code(code),
            (Part::Code | Part::ForeignCode, _) => is_begin_of_code(word),
            (Part::Definitions | Part::Declaration { .. } | Part::Comment, _) => false,
        };
        is_torn.then_some("the file ends within a value")
    }

    /// Takes the next word; what is wrong with it, as the end of a sentence, if it cannot be understood.
    fn word(&mut self, word: &[u8], placer: &mut Placer<'_>) -> Result<Result<(), String>, FormatError> {
        match self.part {
            Part::Definitions => self.part = Part::Declaration { last: word == b"$enddefinitions" },
            Part::Declaration { last } if word == b"$end" => {
                self.part = if last { Part::Changes } else { Part::Definitions };
            }
            Part::Comment if word == b"$end" => self.part = Part::Changes,
            Part::Declaration { .. } | Part::Comment => {}
            Part::Code => {
                self.part = Part::Changes;
                return Ok(self.vector_change(word));
            }
            Part::ForeignCode => (self.part, self.changed) = (Part::Changes, true),
            Part::Changes => return self.change(word, placer),
        }
        Ok(Ok(()))
    }

    fn change(&mut self, word: &[u8], placer: &mut Placer<'_>) -> Result<Result<(), String>, FormatError> {
        let Some((kind, rest)) = word.split_first() else { return Ok(Ok(())) };
        let text = || shown(&String::from_utf8_lossy(word));
        Ok(match kind {
            b'#' => match time(rest) {
                Some(time) if self.time.is_none_or(|now| now <= time) => {
                    if self.time.is_some_and(|now| now < time) {
                        self.commit(placer)?;
                        self.changed = false;
                    }
                    self.time = Some(time);
                    self.times += 1;
                    Ok(())
                }
                Some(_) => Err(format!("the time '{}' lies before the last one", text())),
                None => Err(format!("'{}' is no time", text())),
            },
            b'b' | b'B' => {
                self.vector.clear();
                self.vector.extend_from_slice(rest);
                self.part = Part::Code;
                Ok(())
            }
            b'r' | b'R' | b's' | b'S' => {
                self.part = Part::ForeignCode;
                Ok(())
            }
            b'$' => match word {
                b"$comment" => {
                    self.part = Part::Comment;
                    Ok(())
                }
                b"$dumpvars" | b"$dumpall" | b"$dumpon" | b"$dumpoff" | b"$end" => Ok(()),
                _ => Err(format!("'{}' is no keyword among changes", text())),
            },
            _ => {
                self.vector.clear();
                self.vector.push(*kind);
                self.vector_change(rest)
            }
        })
    }

    /// The variable of this code has the value that was read last.
    fn vector_change(&mut self, code: &[u8]) -> Result<(), String> {
        let Some(variable) = self.declarations.codes.get(code) else {
            return Err(format!("no variable has the code '{}'", shown(&String::from_utf8_lossy(code))));
        };
        // What comes before the first time is so at the start of the dump.
        self.time = self.time.or(Some(0));
        if variable.firsts.is_empty() {
            self.changed = true;
            return Ok(());
        }
        let before = self.levels;
        let leading = match self.vector.first() {
            Some(b'0' | b'1') => b'0',
            Some(digit) => *digit,
            None => return Err("a vector without a value".to_owned()),
        };
        for first in &variable.firsts {
            let digits = self.vector.iter().rev().copied().chain(std::iter::repeat(leading));
            for (bit, digit) in (*first..*first + variable.width).zip(digits) {
                if !self.levels.set(bit, digit) {
                    return Err(format!("'{}' is no level", shown(&char::from(digit).to_string())));
                }
            }
        }
        self.changed |= self.levels != before;
        Ok(())
    }

    /// All changes of the present time were read.
    fn commit(&self, placer: &mut Placer<'_>) -> Result<(), FormatError> {
        self.time.map_or(Ok(()), |time| placer.levels(time, self.levels))
    }

    /// Where the record ends: the last time says it, unless it is that of a change.
    fn end(&self) -> Finish {
        let unchanged = self.time.filter(|_| !self.changed);
        unchanged.map_or(Finish::Last(RecordEnd::AtLeast), Finish::Before)
    }
}

/// Reads a time: digits only.
fn time(digits: &[u8]) -> Option<i128> {
    const MOST_DIGITS: usize = 20;
    let plain = !digits.is_empty() && digits.len() <= MOST_DIGITS && digits.iter().all(u8::is_ascii_digit);
    let digits = digits.iter().map(|digit| i128::from(digit - b'0'));
    plain.then(|| digits.fold(0, |time, digit| time * 10 + digit))
}
