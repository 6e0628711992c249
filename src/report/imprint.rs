//! What a file says at its end of the program that wrote it: which kind of file it is, and of which captures. By it the
//! program knows what it may replace.
//!
//! `strobecheck:report 3279…51b8=captures/a.sr unread=b.sr;`: the kind, and for each capture the SHA-256 of its file, none
//! of one that could not be judged, and its path, in ASCII that ends no comment of any format.

use std::fmt;

use strum::{EnumString, IntoStaticStr};

use super::{CaptureReport, Outcome};

const BEGIN: &str = "strobecheck:";
const END: char = ';';
/// In place of the digest where there is none.
const UNREAD: &str = "unread";
const UNTOLD: &str = "untold";

/// What a file says of itself that this program wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    /// Which kind of file it is.
    pub kind: Written,
    /// The captures that it is of, where that is told.
    pub of: Vec<Subject>,
}

/// The kinds of files that bear an imprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Written {
    /// A report of `verify`, or a part of one: a figure, a table, a clip of a violation.
    Report,
    /// The page of `compare`.
    Comparison,
    /// The page of `trend`.
    Trend,
    /// The page of `look`.
    Look,
    /// The table of `edges`.
    Edges,
    /// The window that `clip` cut out.
    Clip,
    /// What `repair` saved.
    Repaired,
    /// What `simulate` made.
    Simulated,
    /// What `capture` or `watch` recorded.
    Recording,
}

/// A capture that a file is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its path, as it was given.
    pub path: String,
    /// What it was known by.
    pub digest: Digest,
}

/// What a capture was known by when it was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256 of its file, in hexadecimal digits.
    Sha256(String),
    /// A file that does not tell it, of a capture that was judged.
    Untold,
    /// Nothing: it could not be judged.
    Unread,
}

impl Imprint {
    /// That of a file that tells no captures.
    #[must_use]
    pub fn new(kind: Written) -> Imprint {
        Imprint { kind, of: Vec::new() }
    }

    /// That of a report of these captures.
    #[must_use]
    pub fn of(captures: &[CaptureReport]) -> Imprint {
        Imprint { kind: Written::Report, of: captures.iter().map(Subject::of).collect() }
    }

    /// The last one in these bytes; none if there is none.
    ///
    /// ```
    /// use strobecheck::report::{Imprint, Written};
    /// let file = format!("<html></html>\n<!-- {} -->\n", Imprint::new(Written::Trend));
    /// assert_eq!(Imprint::find(file.as_bytes()), Some(Imprint::new(Written::Trend)));
    /// ```
    #[must_use]
    pub fn find(bytes: &[u8]) -> Option<Imprint> {
        let begin = bytes.windows(BEGIN.len()).rposition(|window| window == BEGIN.as_bytes())?;
        let text = bytes.get(begin + BEGIN.len()..)?;
        let end = text.iter().position(|&byte| byte == END as u8)?;
        Imprint::parse(std::str::from_utf8(text.get(..end)?).ok()?)
    }

    fn parse(text: &str) -> Option<Imprint> {
        let mut words = text.split(' ');
        let kind = words.next()?.parse().ok()?;
        Some(Imprint { kind, of: words.map(Subject::parse).collect::<Option<_>>()? })
    }
}

impl fmt::Display for Imprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind: &str = self.kind.into();
        write!(f, "{BEGIN}{kind}")?;
        for Subject { path, digest } in &self.of {
            let digest = match digest {
                Digest::Sha256(digest) => digest,
                Digest::Untold => UNTOLD,
                Digest::Unread => UNREAD,
            };
            write!(f, " {digest}={}", encoded(path))?;
        }
        write!(f, "{END}")
    }
}

impl Subject {
    fn of(capture: &CaptureReport) -> Subject {
        let digest = match &capture.outcome {
            Outcome::Judged(judgement) => Digest::Sha256(judgement.provenance.sha256.clone()),
            Outcome::Error(_) => Digest::Unread,
        };
        Subject { path: capture.path.clone(), digest }
    }

    fn parse(word: &str) -> Option<Subject> {
        let (digest, path) = word.split_once('=')?;
        let digest = match digest {
            UNREAD => Digest::Unread,
            UNTOLD => Digest::Untold,
            digest => Digest::Sha256(digest.to_owned()),
        };
        Some(Subject { path: decoded(path)?, digest })
    }
}

/// The text as letters, digits, `_`, `.`, `/` and single `-`; all else as `%XX`. Two `-` would end a comment in XML.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"_./".contains(&byte) || (byte == b'-' && !out.ends_with('-'));
        if is_plain { out.push(byte.into()) } else { out.push_str(&format!("%{byte:02X}")) }
    }
    out
}

fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend(part.get(2..)?.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing;
    use super::*;

    #[test]
    fn a_report_names_its_captures() {
        let imprint = Imprint::of(&[testing::passing(), testing::unreadable()]);
        assert_eq!(imprint.of[0].path, "good.sr");
        assert!(matches!(imprint.of[0].digest, Digest::Sha256(_)) && imprint.of[1].digest == Digest::Unread);
        assert_eq!(Imprint::find(format!("{imprint}\u{0}").as_bytes()), Some(imprint));
    }

    #[test]
    fn the_last_one_counts_and_what_is_none_is_none() {
        let text = "strobecheck:trend; strobecheck:report ab=a--b.sr; -->\n";
        let found = Imprint::find(text.as_bytes()).unwrap();
        assert_eq!(found.of, [Subject { path: "a--b.sr".to_owned(), digest: Digest::Sha256("ab".to_owned()) }]);
        for text in ["", "strobecheck:", "strobecheck:novel;", "strobecheck:report ab;", "strobecheck:report ab=%f;"] {
            assert_eq!(Imprint::find(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_path_comes_back_and_ends_no_comment(path in any::<String>()) {
            let imprint = Imprint {
                kind: Written::Report,
                of: vec![Subject { path, digest: Digest::Untold }],
            };
            let text = imprint.to_string();
            prop_assert!(text.is_ascii() && !text.contains("--") && !text.contains(['<', '>', '"', '\n']));
            prop_assert_eq!(Imprint::find(text.as_bytes()), Some(imprint));
        }
    }
}
