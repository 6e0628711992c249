//! Where a file says what wrote it, and reading it back.

use serde::Deserialize;

use crate::report::{Digest, Imprint, Subject, Written};
use crate::table;

/// Where files of a format bear their imprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imprinting {
    /// On the last line, in a comment that begins and ends so.
    Comment(&'static str, &'static str),
    /// In the last chunk of a PNG before its end.
    Png,
    /// In its own members: the JSON report.
    Json,
    /// In its cells; it is known by its line of headings: CSV.
    Csv,
    /// In its metadata: Parquet.
    Parquet,
    /// In the comment of the archive: a session.
    Session,
}

impl Imprinting {
    /// A comment of HTML, XML and Markdown.
    pub const MARKUP: Imprinting = Imprinting::Comment("<!-- ", " -->");

    /// The file with its imprint. Formats that bear it inside have it already.
    #[must_use]
    pub fn add(self, mut file: Vec<u8>, imprint: &Imprint) -> Vec<u8> {
        match self {
            Imprinting::Comment(begin, end) => {
                if !file.ends_with(b"\n") {
                    file.push(b'\n');
                }
                file.extend(format!("{begin}{imprint}{end}\n").into_bytes());
            }
            Imprinting::Png => {
                let end = file.len().saturating_sub(PNG_END);
                file.splice(end..end, png_text(&imprint.to_string()));
            }
            Imprinting::Json | Imprinting::Csv | Imprinting::Parquet | Imprinting::Session => {}
        }
        file
    }

    /// The imprint of a file; none of a file that this program did not write. `headings` is the first line that a table
    /// of ours has.
    #[must_use]
    pub fn find(self, file: &[u8], headings: &str) -> Option<Imprint> {
        match self {
            Imprinting::Comment(begin, end) => {
                let text = file.trim_ascii_end();
                let line = text.rsplit(|&byte| byte == b'\n').next()?;
                Imprint::find(line.strip_prefix(begin.as_bytes())?.strip_suffix(end.trim_ascii_end().as_bytes())?)
            }
            Imprinting::Png => Imprint::find(file.strip_prefix(b"\x89PNG")?),
            Imprinting::Json => json_imprint(file),
            Imprinting::Csv => {
                let text = std::str::from_utf8(file).ok()?;
                (text.lines().next()? == headings).then(|| Imprint { kind: Written::Report, of: table::subjects(text) })
            }
            Imprinting::Parquet => {
                let footer = file.strip_suffix(b"PAR1")?;
                let (footer, size) = footer.split_last_chunk()?;
                let size = usize::try_from(u32::from_le_bytes(*size)).ok()?;
                Imprint::find(footer.get(footer.len().checked_sub(size)?..)?)
            }
            Imprinting::Session => {
                const LONGEST_COMMENT: usize = u16::MAX as usize;
                let session = file.strip_prefix(b"PK")?;
                let tail = session.get(session.len().saturating_sub(LONGEST_COMMENT)..)?;
                tail.ends_with(b";").then(|| Imprint::find(tail))?
            }
        }
    }
}

/// The bytes of the chunk that ends a PNG.
const PNG_END: usize = 12;

/// A `tEXt` chunk.
fn png_text(text: &str) -> Vec<u8> {
    let body = [b"tEXtSoftware\0", text.as_bytes()].concat();
    // Behind its type, which the length does not count.
    let length = u32::try_from(body.len().saturating_sub(4)).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat()
}

fn json_imprint(file: &[u8]) -> Option<Imprint> {
    #[derive(Deserialize)]
    struct Report {
        tool: Tool,
        captures: Vec<Capture>,
    }
    #[derive(Deserialize)]
    struct Tool {
        name: String,
    }
    #[derive(Deserialize)]
    struct Capture {
        path: String,
        sha256: Option<String>,
    }
    let report: Report = serde_json::from_slice(file).ok()?;
    let subject = |capture: Capture| Subject {
        path: capture.path,
        digest: capture.sha256.map_or(Digest::Unread, Digest::Sha256),
    };
    let of = report.captures.into_iter().map(subject).collect();
    (report.tool.name == env!("CARGO_PKG_NAME")).then_some(Imprint { kind: Written::Report, of })
}
