//! GLib's key files: sigrok's `metadata` and DSView's `header`.
//!
//! Sections in brackets, `key=value` or `key = value`, comments behind `#`, line ends of either kind. Values may be
//! escaped: `\s` is a space, `\t`, `\n`, `\r` and `\\` what they are elsewhere.

use std::fmt::Write as _;

use super::shown;

/// A section, such as `[device 1]`, and its pairs in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    /// What stands between its brackets.
    pub(super) name: String,
    /// Its line, from 1.
    pub(super) line: usize,
    /// Its pairs in order.
    pub(super) pairs: Vec<Pair>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    /// The key, without blanks around it.
    pub(super) key: String,
    /// The value, unescaped; blanks before it are none of it, blanks behind it are.
    pub(super) value: String,
    /// Its line, from 1.
    pub(super) line: usize,
}

/// Why a text is no key file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyFileError {
    #[error("byte {0} is not UTF-8; save it in that encoding")]
    Encoding(usize),
    #[error("begins with a byte-order mark, which sigrok refuses; save it without")]
    ByteOrderMark,
    #[error("line {0} has a zero byte in it")]
    Zero(usize),
    #[error("line {line}: '{text}' stands before the first section, such as [device 1]")]
    NoSection { line: usize, text: String },
    #[error("line {line}: '{text}' is neither a section nor a pair such as unitsize=1")]
    NoPair { line: usize, text: String },
}

/// Reads a key file; sections and keys that stand twice are kept twice.
///
/// # Errors
/// [`KeyFileError`] with the line, where GLib refuses it too.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Section>, KeyFileError> {
    let text = std::str::from_utf8(bytes).map_err(|error| KeyFileError::Encoding(error.valid_up_to()))?;
    if text.starts_with('\u{feff}') {
        return Err(KeyFileError::ByteOrderMark);
    }
    let mut sections: Vec<Section> = Vec::new();
    for (line, text) in (1..).zip(text.split('\n')) {
        let text = text.strip_suffix('\r').unwrap_or(text).trim_start_matches(blank);
        if text.contains('\0') {
            return Err(KeyFileError::Zero(line));
        }
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if let Some(name) = section_name(text) {
            sections.push(Section { name: name.to_owned(), line, pairs: Vec::new() });
            continue;
        }
        let (key, value) = text.split_once('=').ok_or_else(|| KeyFileError::NoPair { line, text: shown(text) })?;
        let key = key.trim_end_matches(blank);
        if key.is_empty() {
            return Err(KeyFileError::NoPair { line, text: shown(text) });
        }
        let section = sections.last_mut().ok_or_else(|| KeyFileError::NoSection { line, text: shown(text) })?;
        let value = unescape(value.trim_start_matches(blank));
        section.pairs.push(Pair { key: key.to_owned(), value, line });
    }
    Ok(sections)
}

fn blank(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}

fn section_name(text: &str) -> Option<&str> {
    let name = text.trim_end_matches(blank).strip_prefix('[')?.strip_suffix(']')?;
    (!name.is_empty() && !name.contains(['[', ']']) && !name.contains(|c: char| c.is_control())).then_some(name)
}

/// Expands a value's escapes; a backslash before any other letter stands for itself, as in GLib.
fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('s') => text.push(' '),
            Some('t') => text.push('\t'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('\\') => text.push('\\'),
            Some(other) => text.extend(['\\', other]),
            None => text.push('\\'),
        }
    }
    text
}

/// Appends a pair whose value reads back as it is.
pub(super) fn append_pair(text: &mut String, key: &str, value: &str) {
    let mut escaped = String::with_capacity(value.len());
    let mut leading = true;
    for letter in value.chars() {
        match letter {
            ' ' if leading => escaped.push_str("\\s"),
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\\' => escaped.push_str("\\\\"),
            other => escaped.push(other),
        }
        leading &= matches!(letter, ' ' | '\t');
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{key}={escaped}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String, usize)> {
        let sections = parse(text.as_bytes()).unwrap();
        assert_eq!(sections.len(), 1, "{text:?}");
        sections.into_iter().flat_map(|section| section.pairs).map(|pair| (pair.key, pair.value, pair.line)).collect()
    }

    #[test]
    fn every_spelling_that_sigrok_reads() {
        for text in [
            "[device 1]\nunitsize=1\n",
            "[device 1]\nunitsize = 1",
            "[device 1]  \r\nunitsize\t=  1\r\n",
            " [device 1]\n  unitsize=1\n",
        ] {
            assert_eq!(pairs(text), [("unitsize".to_owned(), "1".to_owned(), 2)], "{text:?}");
        }
        let commented = pairs("# by hand\n\n[device 1]\n  # a=b\ntotal probes = 8\n");
        assert_eq!(commented, [("total probes".to_owned(), "8".to_owned(), 5)]);
    }

    #[test]
    fn values_keep_their_blanks_behind_and_lose_those_before() {
        let value = |text: &str| pairs(&format!("[d]\nk={text}\n"))[0].1.clone();
        assert_eq!(value("  24 MHz "), "24 MHz ");
        assert_eq!(value(r"\sA\tB\nC\rD\\E"), " A\tB\nC\rD\\E");
        assert_eq!(value(r"\RESET\"), r"\RESET\");
        assert_eq!(value("a=b"), "a=b");
        assert_eq!(value(""), "");
    }

    #[test]
    fn what_is_written_reads_back() {
        for name in ["FSIN", " a b ", "\t x", "a\\sb", "\\", "line\nbreak\r", "µ=[1]#", "", "  "] {
            let mut text = "[d]\n".to_owned();
            append_pair(&mut text, "probe1", name);
            assert_eq!(pairs(&text)[0].1, name);
        }
    }

    #[test]
    fn other_texts_are_refused_with_their_line() {
        let error = |text: &[u8]| parse(text).unwrap_err();
        assert_eq!(error(b"[d]\nprobe1=\xe9"), KeyFileError::Encoding(11));
        assert_eq!(error("\u{feff}[d]\n".as_bytes()), KeyFileError::ByteOrderMark);
        assert_eq!(error(b"[d]\na=1\nb"), KeyFileError::NoPair { line: 3, text: "b".to_owned() });
        assert_eq!(error(b"[d]\n=1"), KeyFileError::NoPair { line: 2, text: "=1".to_owned() });
        assert_eq!(error(b"[d\n"), KeyFileError::NoPair { line: 1, text: "[d".to_owned() });
        assert_eq!(error(b"a=1\n[d]"), KeyFileError::NoSection { line: 1, text: "a=1".to_owned() });
        assert_eq!(error(b"[d]\na=\0"), KeyFileError::Zero(2));
    }
}
