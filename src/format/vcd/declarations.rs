//! What stands before `$enddefinitions`: the time unit and the variables.

use std::collections::BTreeMap;

use super::VcdError;
use crate::capture::Probe;
use crate::format::names::{Named, Names};
use crate::format::text::Lines;
use crate::format::timebase::Tick;
use crate::format::{Source, shown};
use crate::units::SampleRate;

/// A dump of more variables is no logic analyzer's.
const MOST_VARIABLES: usize = 1 << 16;
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
    /// The sample rate, where a dump of ours says it.
    pub(super) rate: Option<SampleRate>,
    /// What is odd, as sentences.
    pub(super) warnings: Vec<String>,
}

/// What a code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    /// The lowest bits of the probes that show it, one for each name; none for a real number, a text, an event, and what is
    /// beyond the 64 probes that can be read.
    pub(super) firsts: Box<[u32]>,
    /// How many bits it has.
    pub(super) width: u32,
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

#[derive(Debug, Default)]
struct Parser {
    tick: Option<Tick>,
    scopes: Vec<String>,
    names: Names,
    /// The number of the variable of each code; none for what is no level.
    codes: BTreeMap<Box<[u8]>, Option<usize>>,
    /// Whether it was written here.
    is_ours: bool,
    /// The rate that a comment says.
    rate: Option<String>,
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
            "$version" => self.is_ours = section.words.first().is_some_and(|word| word == env!("CARGO_PKG_NAME")),
            "$comment" => self.rate = self.rate.take().or_else(|| rate_comment(&section.words)),
            _ => {}
        }
        Ok(())
    }

    /// Takes a `$var`; none when it is incomplete.
    fn variable(&mut self, section: &Section) -> Option<Result<(), VcdError>> {
        let (kind, size) = (section.words.first()?, section.words.get(1)?);
        let code: Box<[u8]> = section.words.get(2)?.as_bytes().into();
        let name = section.words.get(3..).filter(|name| !name.is_empty())?.join(" ");
        let size: u32 = size.parse().ok()?;
        if self.codes.len() == MOST_VARIABLES && !self.codes.contains_key(&code) {
            return Some(Err(VcdError::TooManyVariables(MOST_VARIABLES)));
        }
        let is_logic =
            !matches!(kind.as_str(), "real" | "realtime" | "string" | "event" | "real_parameter") && size > 0;
        let names = &mut self.names;
        let variable = *self.codes.entry(code).or_insert_with(|| is_logic.then(|| names.variable(size)));
        // Another name of the same variable has as many bits.
        if let Some(variable) = variable.filter(|variable| names.width(*variable) == Some(size)) {
            names.name(&self.scopes, &name, variable);
        }
        Some(Ok(()))
    }

    fn finish(self) -> Result<Declarations, VcdError> {
        let tick = self.tick.ok_or(VcdError::NoTimescale)?;
        let widths: Vec<Option<u32>> = (0..self.codes.len()).map(|variable| self.names.width(variable)).collect();
        let Named { probes, firsts, warnings } = self.names.finish();
        if probes.is_empty() {
            return Err(VcdError::NoProbes);
        }
        let variable = |number: Option<usize>| Variable {
            firsts: number.and_then(|number| firsts.get(number).cloned()).unwrap_or_default(),
            width: number.and_then(|number| widths.get(number).copied().flatten()).unwrap_or(0),
        };
        let codes = self.codes.into_iter().map(|(code, number)| (code, variable(number))).collect();
        // In other dumps it is for people, and no statement of the format.
        let rate = self.rate.as_deref().filter(|_| self.is_ours).and_then(|rate| SampleRate::parse(rate).ok());
        let said = self.rate.filter(|_| rate.is_none());
        let said = said.map(|rate| format!("a comment in it says that it was taken at {}", shown(&rate)));
        Ok(Declarations { tick, probes, codes, rate, warnings: said.into_iter().chain(warnings).collect() })
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

/// What sigrok says of the rate in a comment.
fn rate_comment(words: &[String]) -> Option<String> {
    let at = words.windows(2).position(|two| matches!(two, [a, b] if a == "channels" && b == "at"))?;
    Some(words.get(at + 2..)?.join(" "))
}
