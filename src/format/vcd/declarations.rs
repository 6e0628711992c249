//! What stands before `$enddefinitions`: the time unit and the variables.

use std::collections::{BTreeMap, BTreeSet};

use super::VcdError;
use crate::capture::{Presence, Probe};
use crate::format::Source;
use crate::format::grid::Tick;
use crate::format::text::Lines;

/// A dump of more variables is no logic analyzer's.
const MOST_VARIABLES: usize = 1 << 16;
/// A state has room for so many probes.
const MOST_PROBES: u32 = 64;
/// No word of a declaration has more bytes, and no dump has scopes in more levels.
const LONGEST_WORD: usize = 1024;
const MOST_SCOPES: usize = 256;
/// No declaration has more words; what a comment says beyond them is left out.
const MOST_WORDS: usize = 64;

/// What a dump declares.
#[derive(Debug)]
pub(super) struct Declarations {
    /// The unit of its times.
    pub(super) tick: Tick,
    /// The probes, in the order of their declaration.
    pub(super) probes: Vec<Probe>,
    /// What each code stands for.
    pub(super) codes: BTreeMap<Box<[u8]>, Variable>,
    /// What is odd, as sentences.
    pub(super) warnings: Vec<String>,
}

/// What a code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variable {
    /// The probes from this bit on, so many of them: the lowest bit of the variable first.
    Bits { first: u32, count: u32 },
    /// No probe: a real number, a text, an event, or beyond the 64 probes that can be read.
    Ignored,
}

/// Reads the declarations.
pub(super) fn read(source: &dyn Source) -> Result<Declarations, VcdError> {
    let mut lines = Lines::new(source);
    let mut parser = Parser::default();
    let mut section = Section::default();
    while let Some(line) = lines.next()? {
        for word in line.bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
            let Some(ended) = section.word(word, line.number)? else { continue };
            if ended.keyword == "$enddefinitions" {
                return parser.finish();
            }
            parser.section(&ended, line.number)?;
        }
    }
    Err(VcdError::NoEnd)
}

/// A section from its keyword up to `$end`.
#[derive(Debug, Default)]
struct Section {
    keyword: String,
    words: Vec<String>,
}

impl Section {
    /// Takes the next word; the whole section when it ends one.
    fn word(&mut self, word: &[u8], line: u64) -> Result<Option<Section>, VcdError> {
        let text = || String::from_utf8_lossy(word).into_owned();
        if self.keyword.is_empty() {
            if !word.starts_with(b"$") {
                let what = format!("expected a declaration such as $var, found '{}'", shown(&text()));
                return Err(VcdError::Declaration { line, what });
            }
            self.keyword = text();
        } else if word == b"$end" {
            return Ok(Some(std::mem::take(self)));
        } else if word.len() > LONGEST_WORD {
            if self.keyword != "$comment" {
                let what = format!("a word of {} bytes, where {LONGEST_WORD} are the most", word.len());
                return Err(VcdError::Declaration { line, what });
            }
        } else if self.words.len() < MOST_WORDS {
            self.words.push(text());
        }
        Ok(None)
    }
}

/// A text of the file as messages quote it.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    text.chars().take(LONGEST).collect()
}

#[derive(Debug, Default)]
struct Parser {
    tick: Option<Tick>,
    scopes: Vec<String>,
    /// Per probe its scope and its name.
    names: Vec<(String, String)>,
    codes: BTreeMap<Box<[u8]>, Variable>,
    left_out: u32,
    comment: Option<String>,
}

impl Parser {
    fn section(&mut self, section: &Section, line: u64) -> Result<(), VcdError> {
        let error = |what: String| VcdError::Declaration { line, what };
        match section.keyword.as_str() {
            "$timescale" => {
                let text = section.words.concat();
                let tick = timescale(&text);
                let wrong = || {
                    error(format!(
                        "'{}' is no time unit; it must be 1, 10 or 100 s, ms, us, ns, ps or fs",
                        shown(&text)
                    ))
                };
                self.tick = Some(tick.ok_or_else(wrong)?);
            }
            "$scope" if self.scopes.len() == MOST_SCOPES => {
                return Err(error(format!("scopes in more than {MOST_SCOPES} levels")));
            }
            "$scope" => self.scopes.push(section.words.get(1).cloned().unwrap_or_default()),
            "$upscope" => {
                self.scopes.pop();
            }
            "$var" => self.variable(section).ok_or_else(|| {
                error("a variable needs a type, a size, a code and a name: $var wire 1 ! STROBE $end".to_owned())
            })??,
            "$comment" => self.comment = self.comment.take().or_else(|| rate_comment(&section.words)),
            _ => {}
        }
        Ok(())
    }

    /// Takes a `$var`; none when it is incomplete.
    fn variable(&mut self, section: &Section) -> Option<Result<(), VcdError>> {
        let (kind, size) = (section.words.first()?, section.words.get(1)?);
        let code: Box<[u8]> = section.words.get(2)?.as_bytes().into();
        let mut name: Vec<&str> = section.words.get(3..)?.iter().map(String::as_str).collect();
        let size: u32 = size.parse().ok()?;
        if name.is_empty() {
            return None;
        }
        if self.codes.contains_key(&code) {
            // Another name of the same variable.
            return Some(Ok(()));
        }
        if self.codes.len() == MOST_VARIABLES {
            return Some(Err(VcdError::TooManyVariables(MOST_VARIABLES)));
        }
        let is_logic = !matches!(kind.as_str(), "real" | "realtime" | "string" | "event" | "real_parameter");
        let first = self.names.len() as u32;
        let variable = if !is_logic || size == 0 {
            Variable::Ignored
        } else if size > MOST_PROBES - first {
            self.left_out += 1;
            Variable::Ignored
        } else {
            let range = (name.len() > 1).then(|| name.pop_if(|last| last.starts_with('['))).flatten();
            let name = name.join(" ");
            let scope = self.scopes.join(".");
            let of_bit = |bit: u32| {
                if size == 1 { format!("{name}{}", range.unwrap_or_default()) } else { format!("{name}[{bit}]") }
            };
            self.names.extend((0..size).map(|bit| (scope.clone(), of_bit(bit))));
            Variable::Bits { first, count: size }
        };
        self.codes.insert(code, variable);
        Some(Ok(()))
    }

    fn finish(self) -> Result<Declarations, VcdError> {
        let tick = self.tick.ok_or(VcdError::NoTimescale)?;
        if self.names.is_empty() {
            return Err(VcdError::NoProbes);
        }
        let mut seen = BTreeSet::new();
        let twice: BTreeSet<&str> =
            self.names.iter().map(|(_, name)| name.as_str()).filter(|name| !seen.insert(*name)).collect();
        let probes = (0..).zip(&self.names).map(|(bit, (scope, name))| {
            let by_scope = twice.contains(name.as_str()) && !scope.is_empty();
            let name = if by_scope { format!("{scope}.{name}") } else { name.clone() };
            Probe { bit, name, presence: Presence::Recorded }
        });
        let mut warnings: Vec<String> = self.comment.into_iter().collect();
        if self.left_out > 0 {
            let variables = if self.left_out == 1 { "variable is" } else { "variables are" };
            warnings.push(format!("{} {variables} beyond the {MOST_PROBES} bits that can be read", self.left_out));
        }
        Ok(Declarations { tick, probes: probes.collect(), codes: self.codes, warnings })
    }
}

/// Reads `10ns`.
fn timescale(text: &str) -> Option<Tick> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let power = ["1", "10", "100"].into_iter().position(|known| known == number)?;
    let exponent = ["s", "ms", "us", "ns", "ps", "fs"].into_iter().position(|known| known == unit)?;
    Tick::new(i32::try_from(3 * exponent).ok()? - i32::try_from(power).ok()?)
}

/// What sigrok says of the rate in a comment, as a sentence: it is for people, and no statement of the format.
fn rate_comment(words: &[String]) -> Option<String> {
    let at = words.windows(2).position(|two| matches!(two, [a, b] if a == "channels" && b == "at"))?;
    let rate = words.get(at + 2..)?.join(" ");
    Some(format!("a comment in it says that it was taken at {}", shown(&rate)))
}
