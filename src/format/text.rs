//! Text files line by line, in bounded memory.

use super::Source;

/// Longer lines belong to no capture that is read here.
const LONGEST_LINE: usize = 1 << 20;
/// So many bytes are read at once.
const BLOCK: usize = 256 << 10;

/// Why a text cannot be read on.
#[derive(Debug, thiserror::Error)]
pub(super) enum TextError {
    #[error("cannot be read: {}", super::io_text(.0))]
    Io(#[from] std::io::Error),
    #[error("line {0} is longer than any line of a capture")]
    LongLine(u64),
}

/// A line without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'l> {
    /// Its number, from 1.
    pub(super) number: u64,
    /// Its bytes, without line feed and carriage return.
    pub(super) bytes: &'l [u8],
    /// Whether a line feed ends it; only the last line of a file may have none.
    pub(super) ended: bool,
}

/// The lines of a source.
pub(super) struct Lines<'s> {
    source: &'s dyn Source,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
    number: u64,
}

impl<'s> Lines<'s> {
    /// The lines from the first on; a byte order mark before it is left out.
    pub(super) fn new(source: &'s dyn Source) -> Lines<'s> {
        Lines { source, buffer: Vec::new(), start: 0, end: 0, offset: 0, number: 0 }
    }

    /// The next line; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, TextError> {
        let mut searched = 0;
        let (length, ended) = loop {
            let held = self.buffer.get(self.start..self.end).unwrap_or_default();
            let rest = held.get(searched..).unwrap_or_default();
            if let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
                break (searched + at, true);
            }
            searched = held.len();
            if searched > LONGEST_LINE {
                return Err(TextError::LongLine(self.number + 1));
            }
            if self.fill()? == 0 {
                break (searched, false);
            }
        };
        if length == 0 && !ended {
            return Ok(None);
        }
        self.number += 1;
        let line = self.start..self.start + length;
        self.start = line.end + usize::from(ended);
        let bytes = self.buffer.get(line).unwrap_or_default();
        let bytes = if self.number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
        Ok(Some(Line { number: self.number, bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes), ended }))
    }

    /// Reads on behind what is held, and says how much.
    fn fill(&mut self) -> Result<usize, TextError> {
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        self.buffer.resize(self.end + BLOCK, 0);
        let read = self.source.fill_at(&mut self.buffer[self.end..], self.offset)?;
        self.end += read;
        self.offset += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<(u64, String, bool)> {
        let source = text.to_vec();
        let mut lines = Lines::new(&source);
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push((line.number, String::from_utf8(line.bytes.to_vec()).unwrap(), line.ended));
        }
        all
    }

    #[test]
    fn lines_end_with_a_line_feed_or_with_the_file() {
        let line = |number, text: &str, ended| (number, text.to_owned(), ended);
        assert_eq!(lines(b"\xef\xbb\xbfa\r\n\nb"), [line(1, "a", true), line(2, "", true), line(3, "b", false)]);
        assert_eq!(lines(b"a\n"), [line(1, "a", true)]);
        assert_eq!(lines(b""), []);
    }

    #[test]
    fn a_line_across_blocks_is_whole_and_an_endless_one_refused() {
        let mut text = vec![b'x'; BLOCK + 7];
        text.push(b'\n');
        text.extend(b"y\n");
        let all = lines(&text);
        assert_eq!((all[0].1.len(), all[1].1.as_str()), (BLOCK + 7, "y"));
        let endless = vec![b'x'; LONGEST_LINE + BLOCK + 1];
        assert!(matches!(Lines::new(&endless).next(), Err(TextError::LongLine(1))));
    }
}
