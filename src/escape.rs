//! Texts that come from files and users, made inert for the place where they are printed: a terminal, an XML or HTML
//! page, a spreadsheet, Markdown, a workflow log.
//!
//! Logs of a CI are read for commands: a line that begins with `::` (GitHub), or one with `##[` (GitHub) or `##vso[` (Azure)
//! anywhere in it. [`visible`] leaves no two `#` side by side, and [`log_lines`] no line that begins so.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Whether the character shows nothing of itself, or changes how the text around it is shown or parsed: control
/// characters, line separators, marks that turn the writing direction, characters without width or ink, and non-characters.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || (u32::from(c) & 0xfffe) == 0xfffe
}

/// The text with every character that shows nothing of itself written out, line breaks included: nothing in it can move
/// a cursor, start a line, turn the writing direction or command a CI.
///
/// ```
/// assert_eq!(strobecheck::escape::visible("D0\u{1b}[2J\n"), r"D0\u{1b}[2J\n");
/// assert_eq!(strobecheck::escape::visible("##[group]"), r"#\u{23}[group]");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unseen) && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '#' if out.ends_with('#') => out.extend(c.escape_unicode()),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_unseen(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Writes what XML and HTML would take for markup as references.
///
/// # Errors
/// What the writer fails with.
pub(crate) fn markup<W: fmt::Write>(dest: &mut W, text: &str) -> fmt::Result {
    for c in text.chars() {
        match c {
            '&' => dest.write_str("&amp;")?,
            '<' => dest.write_str("&lt;")?,
            '>' => dest.write_str("&gt;")?,
            '"' => dest.write_str("&quot;")?,
            '\'' => dest.write_str("&#39;")?,
            c => dest.write_char(c)?,
        }
    }
    Ok(())
}

/// The same for a text of several lines, such as an error that shows a piece of a file: its line breaks stay.
#[must_use]
pub fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// A name of a file's or user's in a sentence: visible, and cut where it is longer than any that somebody reads.
///
/// ```
/// assert_eq!(strobecheck::escape::name(&"D".repeat(1000)).chars().count(), 101);
/// ```
#[must_use]
pub fn name(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 100;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", visible(&text[..end]))),
        None => visible(text),
    }
}

/// The same lines for a log: none of them begins a command of a CI, whatever is painted.
///
/// ```
/// assert_eq!(strobecheck::escape::log_lines("ok\n  ::stop-commands::x\n"), "ok\n  \\u{3a}:stop-commands::x\n");
/// ```
#[must_use]
pub fn log_lines(text: &str) -> Cow<'_, str> {
    if !text.contains("::") {
        return Cow::Borrowed(text);
    }
    let inert = |line: &str| if begins_command(line) { line.replacen("::", "\\u{3a}:", 1) } else { line.to_owned() };
    text.split_inclusive('\n').map(inert).collect()
}

/// Whether a CI would take the line for a command, once its blanks and colours are gone.
fn begins_command(line: &str) -> bool {
    let text = line.trim_start();
    match text.strip_prefix("\u{1b}[").and_then(|style| style.split_once('m')) {
        Some((_, rest)) => begins_command(rest),
        None => text.starts_with("::"),
    }
}

/// A cell of a spreadsheet: visible, never a formula, and no command of a CI. A text that would be taken for one gets an
/// apostrophe in front, which shows that it is a text.
///
/// ```
/// assert_eq!(strobecheck::escape::csv_cell("=1+2"), "'=1+2");
/// ```
#[must_use]
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    let starts_formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let visible = visible(text);
    let inner = visible.trim_start();
    if inner.starts_with(starts_formula) || inner.starts_with("::") {
        Cow::Owned(format!("'{visible}"))
    } else {
        visible
    }
}

/// The same JSON document without raw characters that show nothing, and without commands to a CI: what JSON lets stand in
/// its strings (it escapes only what is below a blank) becomes an escape sequence.
#[must_use]
pub fn json_document(document: &str) -> Cow<'_, str> {
    let is_raw = |c: char| c > ' ' && is_unseen(c);
    if !document.contains(is_raw) && !document.contains("##") {
        return Cow::Borrowed(document);
    }
    let mut out = String::with_capacity(document.len() + 8);
    for c in document.chars() {
        if is_raw(c) || (c == '#' && out.ends_with('#')) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Plain text within Markdown: no markup, no HTML, no link, no mention, no end of a table cell.
///
/// ```
/// assert_eq!(strobecheck::escape::markdown("a|b <x> *c*"), r"a\|b &lt;x&gt; \*c\*");
/// ```
#[must_use]
pub fn markdown(text: &str) -> String {
    let visible = visible(text);
    let mut out = String::with_capacity(visible.len() + 8);
    let mut chars = visible.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => out.extend(['\\', c]),
            ':' if chars.peek() == Some(&'/') => out.push_str("\\:"),
            '.' if ends_in_www(&out) => out.push_str("\\."),
            c => out.push(c),
        }
    }
    out
}

fn ends_in_www(text: &str) -> bool {
    text.len().checked_sub(3).and_then(|at| text.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// The message of a workflow command of a CI log: it cannot end the line, nor begin another command.
#[must_use]
pub fn workflow_message(text: &str) -> String {
    visible(text).replace('%', "%25")
}

/// A property of a workflow command, such as its title.
#[must_use]
pub fn workflow_property(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '%' | ':' | ',' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{:02X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn terminals_and_readers_are_not_fooled() {
        for (text, shown) in [
            ("STROBE", "STROBE"),
            ("Blitz ÄÖ µ ± 漢", "Blitz ÄÖ µ ± 漢"),
            ("\u{1b}]0;title\u{7}", r"\u{1b}]0;title\u{7}"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("a\u{202e}b\u{200b}c", r"a\u{202e}b\u{200b}c"),
            ("a\u{ffff}\u{1fffe}", r"a\u{ffff}\u{1fffe}"),
            ("two\r\nlines\t", r"two\r\nlines\t"),
            ("a\u{e0041}\u{3164}\u{fe0f}\u{2800}", r"a\u{e0041}\u{3164}\u{fe0f}\u{2800}"),
            ("x##vso[a]###[b]", r"x#\u{23}vso[a]#\u{23}#[b]"),
        ] {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(visible_lines("a\u{1b}\nb"), "a\\u{1b}\nb");
    }

    #[test]
    fn spreadsheets_see_texts() {
        for (text, cell) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" =1", "' =1"),
            ("\t=1", "\\t=1"),
            ("FSIN", "FSIN"),
            ("a=b", "a=b"),
            ("::error::x", "'::error::x"),
        ] {
            assert_eq!(csv_cell(text), cell);
        }
    }

    #[test]
    fn markdown_has_no_links_and_no_html() {
        assert_eq!(markdown("<img src=x onerror=y>"), "&lt;img src=x onerror=y&gt;");
        assert_eq!(markdown("[x](http://e.org) @you #1"), r"\[x\](http\://e.org) &#64;you \#1");
        assert_eq!(markdown("WWW.e.org"), r"WWW\.e.org");
        assert_eq!(markdown("a\n| b"), r"a\\n\| b");
        assert_eq!(markdown("20 ms ± 0.1 %"), "20 ms ± 0.1 %");
    }

    #[test]
    fn a_json_document_stays_the_same() {
        let text = "a\u{9b}\u{202e}\u{1fffe}\u{7f} ä\n";
        let document = serde_json::to_string_pretty(&[text]).unwrap();
        let inert = json_document(&document);
        assert_eq!(inert, "[\n  \"a\\u009b\\u202e\\ud83f\\udffe\\u007f ä\\n\"\n]");
        assert_eq!(serde_json::from_str::<Vec<String>>(&inert).unwrap(), [text]);
    }

    #[test]
    fn a_workflow_command_stays_one() {
        assert_eq!(workflow_message("50 %\n::error::x"), r"50 %25\n::error::x");
        assert_eq!(workflow_property("a,b: 5 %"), "a%2Cb%3A 5 %25");
    }

    proptest! {
        #[test]
        fn nothing_unseen_is_left(text in any::<String>()) {
            prop_assert!(!visible(&text).contains(is_unseen));
            prop_assert!(!visible(&text).contains("##"));
            prop_assert!(!csv_cell(&text).starts_with(['=', '+', '-', '@']));
            let painted = format!("\u{1b}[1m ::{text}");
            prop_assert!(!log_lines(&painted).split('\n').any(begins_command));
            prop_assert!(!markdown(&text).contains(['<', '>', '@']));
        }
    }
}
