//! What is expected of a capture: its verdict, its first finding, and checks, as a file beside it states them. It changes no
//! verdict; it says whether the one that came is the one that was to come.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml_edit::{DocumentMut, Item, Table, Value, value};

use super::{CaptureReport, Judgement, Outcome, Overall};
use crate::diagnosis::FAULTS;
use crate::escape::visible;
use crate::quantity::QUANTITIES;
use crate::snippet::{LineColumn, Source, SourceSpan, nearest};
use crate::verdict::{Check, Verdict};

/// What is expected of a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    verdict: Verdict,
    finding: Option<String>,
    checks: BTreeMap<CheckKey, Verdict>,
}

/// Checks by the id of their quantity, of all cameras or of one: `flash.lead`, `right:flash.lead`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct CheckKey {
    camera: Option<String>,
    id: String,
}

/// What came of an expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// Where the capture came out otherwise; nowhere: as expected.
    Compared(Vec<Difference>),
    /// Nothing can be compared: the reason.
    Unknown(String),
}

/// Something that came out otherwise than expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "difference")]
pub struct Difference {
    /// `verdict`, `finding`, or a check.
    pub what: String,
    /// What was to come.
    pub expected: String,
    /// What came.
    pub came: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, came {}", self.what, self.expected, self.came)
    }
}

/// Why a text states no expectation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", place.called())]
pub struct ExpectError {
    place: SourceSpan,
    message: String,
}

impl ExpectError {
    /// Where it begins.
    #[must_use]
    pub fn line_column(&self) -> LineColumn {
        self.place.line_column()
    }
}

/// An expectation as it is written, `<stem>.expect.toml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "expect")]
struct File {
    /// Where the capture comes from, for people.
    #[serde(rename = "origin")]
    _origin: Option<String>,
    /// The verdict that must come.
    verdict: Verdict,
    /// The fault that the first finding must name.
    #[schemars(with = "Option<String>")]
    finding: Option<Spanned<String>>,
    /// The verdicts that checks must have, by the id of their quantity, or by camera and id: "right:flash.lead". Of several
    /// lines or cameras the worst one counts.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Verdict>")]
    checks: BTreeMap<Spanned<String>, Verdict>,
}

/// The JSON Schema of a file of expectations.
#[must_use]
pub fn expect_schema() -> schemars::Schema {
    schemars::schema_for!(File)
}

fn word(verdict: Verdict) -> &'static str {
    Overall::from(verdict).key()
}

impl Expectation {
    /// What a file states; `name` is what errors call it.
    ///
    /// ```
    /// use strobecheck::report::Expectation;
    /// let text = "verdict = \"fail\"\nfinding = \"flash-late\"\n[checks]\n\"flash.lead\" = \"fail\"\n";
    /// assert!(Expectation::parse("a.expect.toml", text).is_ok());
    /// let error = Expectation::parse("a.expect.toml", "verdict = \"good\"").unwrap_err();
    /// let at = error.line_column();
    /// assert_eq!((at.line, at.column), (1, 11));
    /// ```
    ///
    /// # Errors
    /// [`ExpectError`] says where it is no expectation, and what would be valid.
    pub fn parse(name: &str, text: &str) -> Result<Expectation, ExpectError> {
        let source = Source::file(name, text);
        let error = |at: Range<usize>, message: String| ExpectError { place: SourceSpan::new(&source, at), message };
        let file: File = toml::from_str(text).map_err(|broken| {
            error(broken.span().unwrap_or_default(), broken.message().trim_end().replace('\n', "; "))
        })?;
        if let Some(finding) = &file.finding
            && !is_fault(finding.get_ref())
        {
            let message =
                format!("there is no fault '{}'; `strobecheck explain` lists them", visible(finding.get_ref()));
            return Err(error(finding.span(), message));
        }
        let mut checks = BTreeMap::new();
        for (key, verdict) in file.checks {
            let parsed = CheckKey::parse(key.get_ref()).map_err(|message| error(key.span(), message))?;
            checks.insert(parsed, verdict);
        }
        let finding = file.finding.map(Spanned::into_inner);
        Ok(Expectation { verdict: file.verdict, finding, checks })
    }

    /// Where a capture came out otherwise.
    #[must_use]
    pub fn differences(&self, judgement: &Judgement) -> Vec<Difference> {
        let mut found = Vec::new();
        let mut compare = |what: String, expected: &str, came: &str| {
            if expected != came {
                found.push(Difference { what, expected: expected.to_owned(), came: came.to_owned() });
            }
        };
        compare("verdict".to_owned(), word(self.verdict), word(judgement.verdict));
        if let Some(finding) = &self.finding {
            let first = judgement.findings.first().map_or("none", |finding| finding.fault);
            compare("finding".to_owned(), finding, first);
        }
        for (key, verdict) in &self.checks {
            compare(key.to_string(), word(*verdict), key.verdict(judgement).map_or("no such check", word));
        }
        found
    }

    /// The file that expects what came of a capture. Of a file that is there, what it says is put right, and what it does not
    /// say is left unsaid.
    ///
    /// # Errors
    /// [`ExpectError`] when the file that is there is no TOML.
    pub fn file(judgement: &Judgement, there: Option<(&str, &str)>) -> Result<String, ExpectError> {
        let Some((name, text)) = there else { return Ok(anew(judgement).to_string()) };
        Expectation::parse(name, text)?;
        let no_toml = |broken: toml_edit::TomlError| ExpectError {
            place: SourceSpan::new(&Source::file(name, text), broken.span().unwrap_or_default()),
            message: broken.message().to_owned(),
        };
        let mut document: DocumentMut = text.parse().map_err(no_toml)?;
        put(document.as_table_mut(), "verdict", word(judgement.verdict));
        let first = judgement.findings.first().map(|finding| finding.fault);
        match first {
            Some(fault) if document.contains_key("finding") => put(document.as_table_mut(), "finding", fault),
            Some(_) => {}
            None => drop(document.remove("finding")),
        }
        if let Some(checks) = document.get_mut("checks").and_then(Item::as_table_like_mut) {
            let keys: Vec<String> = checks.iter().map(|(key, _)| key.to_owned()).collect();
            for key in keys {
                match CheckKey::parse(&key).ok().and_then(|parsed| parsed.verdict(judgement)) {
                    Some(verdict) => put_in(checks.get_mut(&key), word(verdict)),
                    None => drop(checks.remove(&key)),
                }
            }
        }
        Ok(document.to_string())
    }
}

/// A file with all there is.
fn anew(judgement: &Judgement) -> DocumentMut {
    let mut document = DocumentMut::new();
    document["verdict"] = value(word(judgement.verdict));
    if let Some(first) = judgement.findings.first() {
        document["finding"] = value(first.fault);
    }
    let several = judgement.observation.rig.cameras.len() > 1;
    let mut checks = Table::new();
    for check in &judgement.checks {
        let key = CheckKey { camera: check.camera.clone().filter(|_| several), id: check.quantity.id.to_owned() };
        if let Some(verdict) = key.verdict(judgement) {
            checks.insert(&key.to_string(), value(word(verdict)));
        }
    }
    document["checks"] = Item::Table(checks);
    document
}

fn put(table: &mut Table, key: &str, text: &str) {
    put_in(table.get_mut(key), text);
}

/// Another value, with the comment that stands behind it.
fn put_in(item: Option<&mut Item>, text: &str) {
    if let Some(there) = item.and_then(Item::as_value_mut) {
        let decor = there.decor().clone();
        *there = Value::from(text);
        *there.decor_mut() = decor;
    }
}

fn is_fault(id: &str) -> bool {
    FAULTS.iter().any(|fault| fault.id == id)
}

impl CheckKey {
    fn parse(text: &str) -> Result<CheckKey, String> {
        let (camera, id) = match text.rsplit_once(':') {
            Some((camera, id)) => (Some(camera.to_owned()), id),
            None => (None, text),
        };
        // A quantity over a window of its own: flash.duty@100ms.
        let base = id.split('@').next().unwrap_or(id);
        if QUANTITIES.iter().any(|quantity| quantity.id == base) {
            return Ok(CheckKey { camera, id: id.to_owned() });
        }
        let near = nearest(base, QUANTITIES.iter().map(|quantity| quantity.id));
        let near = near.map(|id| format!("did you mean '{id}'? "));
        Err(format!("there is no quantity '{}'; {}it is an id, or camera:id", visible(base), near.unwrap_or_default()))
    }

    /// The worst verdict of its checks; none where none is judged.
    fn verdict(&self, judgement: &Judgement) -> Option<Verdict> {
        let is_meant = |check: &&Check| {
            check.quantity.id == self.id && (self.camera.is_none() || self.camera.as_deref() == check.camera.as_deref())
        };
        judgement
            .checks
            .iter()
            .filter(is_meant)
            .map(|check| check.verdict)
            .max_by_key(|verdict| Overall::from(*verdict))
    }
}

impl fmt::Display for CheckKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.camera {
            Some(camera) => write!(f, "{camera}:{}", self.id),
            None => f.write_str(&self.id),
        }
    }
}

impl CaptureReport {
    /// The capture, held against what is expected of it; one that could not be judged stays an error, whatever was expected.
    #[must_use]
    pub fn expecting(self, expectation: Result<&Expectation, String>) -> CaptureReport {
        let expected = match (expectation, &self.outcome) {
            (_, Outcome::Error(_)) => None,
            (Ok(expectation), Outcome::Judged(judgement)) => {
                Some(Expected::Compared(expectation.differences(judgement)))
            }
            (Err(reason), Outcome::Judged(_)) => Some(Expected::Unknown(reason)),
        };
        CaptureReport { expected, ..self }
    }
}

impl Expected {
    /// Whether it came as expected.
    #[must_use]
    pub fn is_met(&self) -> bool {
        match self {
            Expected::Compared(differences) => differences.is_empty(),
            Expected::Unknown(_) => false,
        }
    }

    /// What came otherwise, or why that is not known, in a line; empty: it came as expected.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Expected::Compared(differences) => {
                differences.iter().map(Difference::to_string).collect::<Vec<_>>().join("; ")
            }
            Expected::Unknown(reason) => reason.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    fn judgement() -> Judgement {
        match testing::failing().outcome {
            Outcome::Judged(judgement) => *judgement,
            Outcome::Error(error) => panic!("{error}"),
        }
    }

    fn differences(text: &str) -> Vec<String> {
        let expectation = Expectation::parse("x.expect.toml", text).unwrap();
        expectation.differences(&judgement()).iter().map(Difference::to_string).collect()
    }

    #[test]
    fn each_statement_is_compared_and_nothing_else() {
        let as_it_comes =
            "verdict = \"fail\"\nfinding = \"late-exposure-change\"\n[checks]\n\"exposure.time\" = \"fail\"\n";
        assert!(differences(as_it_comes).is_empty());
        assert!(differences("origin = \"the bench\"\nverdict = \"fail\"").is_empty());
        for (old, new, said) in [
            ("verdict = \"fail\"", "verdict = \"pass\"", "verdict: expected pass, came fail"),
            ("late-exposure-change", "flash-late", "finding: expected flash-late, came late-exposure-change"),
            ("time\" = \"fail\"", "time\" = \"inconclusive\"", "exposure.time: expected inconclusive, came fail"),
            ("exposure.time", "flash.lead", "flash.lead: expected fail, came no such check"),
            ("exposure.time", "right:exposure.time", "right:exposure.time: expected fail, came no such check"),
        ] {
            assert_eq!(differences(&as_it_comes.replace(old, new)), [said]);
        }
    }

    #[test]
    fn what_states_nothing_is_refused_with_its_place() {
        for (text, said) in [
            ("", "x:1:1: missing field `verdict`"),
            ("verdict = \"fail\"\nfindings = \"flash-late\"", "x:2:1: unknown field `findings`, expected one of"),
            ("verdict = \"error\"", "x:1:11: unknown variant `error`, expected one of `pass`, `fail`, `inconclusive`"),
            ("verdict = \"fail\"\nfinding = \"flash-lat\"", "x:2:11: there is no fault 'flash-lat'; "),
            (
                "verdict = \"fail\"\n[checks]\n  \"flash.led\" = \"fail\"",
                "x:3:3: there is no quantity 'flash.led'; did you mean 'flash.lead'?",
            ),
            ("verdict = ", "x:1:11: string values must be quoted"),
        ] {
            let error = Expectation::parse("x", text).unwrap_err().to_string();
            assert!(error.starts_with(said), "{error}");
        }
    }

    #[test]
    fn what_is_written_is_met_and_what_is_put_right_keeps_its_words() {
        let anew = Expectation::file(&judgement(), None).unwrap();
        assert_eq!(differences(&anew), Vec::<String>::new(), "{anew}");
        assert!(anew.contains("finding = \"late-exposure-change\""), "{anew}");
        let there = "# Ours.\nverdict = \"pass\" # by hand\n[checks]\n\"exposure.time\" = \"pass\"\n\"flash.lead\" = \"pass\"\n";
        assert_eq!(
            Expectation::file(&judgement(), Some(("x", there))).unwrap(),
            "# Ours.\nverdict = \"fail\" # by hand\n[checks]\n\"exposure.time\" = \"fail\"\n"
        );
    }
}
