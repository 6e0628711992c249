//! What stands behind `$enddefinitions`: times and changes of value.

use super::declarations::{Declarations, Variable, shown};
use super::{ID, VcdError, unreadable};
use crate::capture::{Extent, RecordEnd, Request, Sink};
use crate::format::grid::Grid;
use crate::format::levels::Levels;
use crate::format::placer::{Finish, Placer};
use crate::format::text::Lines;
use crate::format::{FormatError, Source};

/// Reads the changes of the wanted probes.
pub(super) fn read(
    source: &dyn Source,
    declarations: &Declarations,
    request: &Request,
    sink: &mut dyn Sink,
) -> Result<Extent, FormatError> {
    let grid = Grid::new(declarations.tick, request.rate.as_ref())
        .map_err(|error| FormatError::Unreadable { format: ID, reason: Box::new(error) })?;
    let mut placer = Placer::new(ID, grid, request.mask(), sink);
    let mut body = Body::new(declarations);
    let mut lines = Lines::new(source);
    'lines: while let Some(line) = lines.next().map_err(|error| unreadable(VcdError::Text(error)))? {
        let mut words = line.bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            // The last digits of a time may be missing where the file ends behind it.
            let torn = !line.ended && words.peek().is_none() && word.first() == Some(&b'#');
            let taken =
                if torn { Err("the file ends within a time".to_owned()) } else { body.word(word, &mut placer)? };
            if let Err(what) = taken {
                placer.cut(format!("line {}: {what}; what follows is not read", line.number));
                break 'lines;
            }
        }
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

/// The changes up to the present word.
struct Body<'d> {
    declarations: &'d Declarations,
    part: Part,
    time: Option<i128>,
    levels: Levels,
    /// Whether anything has changed at the present time.
    changed: bool,
    vector: Vec<u8>,
}

impl<'d> Body<'d> {
    fn new(declarations: &'d Declarations) -> Body<'d> {
        let (part, levels) = (Part::Definitions, Levels::UNKNOWN);
        Body { declarations, part, time: None, levels, changed: false, vector: Vec::new() }
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
        let Variable::Bits { first, count } = *variable else {
            self.changed = true;
            return Ok(());
        };
        let before = self.levels;
        let leading = match self.vector.first() {
            Some(b'0' | b'1') => b'0',
            Some(digit) => *digit,
            None => return Err("a vector without a value".to_owned()),
        };
        let digits = self.vector.iter().rev().copied().chain(std::iter::repeat(leading));
        for (bit, digit) in (first..first + count).zip(digits) {
            if !self.levels.set(bit, digit) {
                return Err(format!("'{}' is no level", shown(&char::from(digit).to_string())));
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
        match self.time {
            Some(time) if !self.changed => Finish::Before(time),
            Some(_) | None => Finish::Last(RecordEnd::AtLeast),
        }
    }
}

/// Reads a time: digits only.
fn time(digits: &[u8]) -> Option<i128> {
    const MOST_DIGITS: usize = 20;
    let plain = !digits.is_empty() && digits.len() <= MOST_DIGITS && digits.iter().all(u8::is_ascii_digit);
    let digits = digits.iter().map(|digit| i128::from(digit - b'0'));
    plain.then(|| digits.fold(0, |time, digit| time * 10 + digit))
}
