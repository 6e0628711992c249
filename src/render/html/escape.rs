//! How texts enter a page: whatever a template inserts goes through here.

use std::fmt::{self, Write};

use askama::filters::Escaper;

use crate::escape::{markup, visible};

/// Writes what is unseen out (control characters, marks that turn the writing direction), and what HTML would take for
/// markup as references.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visible;

impl Escaper for Visible {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        markup(&mut dest, &visible(text))
    }
}

/// A relative address of a file beside the page. No name can make it a scheme, a host, a query or a fragment.
///
/// ```text
/// javascript:alert(1).html  →  ./javascript%3Aalert%281%29.html
/// ```
pub(super) fn relative_address(file_name: &str) -> String {
    let mut address = "./".to_owned();
    for byte in file_name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            address.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_neither_markup_nor_unseen() {
        let mut out = String::new();
        Visible.write_escaped_str(&mut out, "<a href='x'>&\"\u{202e}\u{0}ä").unwrap();
        assert_eq!(out, r"&lt;a href=&#39;x&#39;&gt;&amp;&quot;\u{202e}\u{0}ä");
    }

    #[test]
    fn addresses_stay_in_the_folder() {
        assert_eq!(relative_address("board7.html"), "./board7.html");
        assert_eq!(relative_address("javascript:alert(1)"), "./javascript%3Aalert%281%29");
        assert_eq!(relative_address("../a b?#µ"), "./..%2Fa%20b%3F%23%C2%B5");
    }
}
