//! Lines of comma-separated values (RFC 4180), and where each field stands. csv-core parses; what is its own here are the
//! places, blanks around fields, which programs write and the standard does not know, and which character parts the fields.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder, Terminator};

/// The headings of our own table of edges, which a file of ours begins with: the probe's name (`NAME#BIT` where several share it), the
/// first sample at the new level, its time in seconds, exact to the sample, and the new level.
pub const EDGES_CSV: &str = "channel,sample,time_s,level\n";

/// A record that goes on over lines beyond this is a quote that nobody closes.
const LONGEST_RECORD: usize = 1 << 20;

/// What a line did to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The record is whole.
    Whole,
    /// A quote is open: the record goes on in the next line.
    Open,
}

/// The quote that opens at this byte of its line is not closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OpenQuote {
    /// The byte, from 0.
    pub(crate) at: usize,
}

/// A field of a record: its bytes, and where it begins.
#[derive(Debug, Clone, Copy)]
struct Field {
    end: usize,
    at: usize,
}

/// Takes records apart, one after the other, in the same memory.
pub(crate) struct Records {
    reader: Reader,
    delimiter: u8,
    bytes: Vec<u8>,
    used: usize,
    fields: Vec<Field>,
    /// The byte at which the field begins that is not whole yet.
    open: Option<usize>,
}

impl Records {
    /// Takes apart what is parted by this byte.
    pub(crate) fn new(delimiter: u8) -> Records {
        // Whoever calls has taken the line feeds away already.
        let reader = ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build();
        Records { reader, delimiter, bytes: vec![0; 256], used: 0, fields: Vec::new(), open: None }
    }

    /// Takes the next line, without its line feed: the first of a record, or the one behind an open quote.
    pub(crate) fn take(&mut self, line: &[u8]) -> Result<Taken, OpenQuote> {
        if self.open.is_none() {
            self.used = 0;
            self.fields.clear();
        }
        let mut rest = line;
        loop {
            let begin = match self.open {
                Some(begin) => begin,
                None => {
                    rest = &rest[self.blanks(rest)..];
                    line.len() - rest.len()
                }
            };
            // Nothing more means the end of the file to csv-core: of an empty rest, only the line feed is left.
            let (input, is_end) = if rest.is_empty() { (&b"\n"[..], true) } else { (rest, false) };
            let (result, read, written) = self.reader.read_field(input, &mut self.bytes[self.used..]);
            self.used += written;
            if !is_end {
                rest = &rest[read..];
            }
            self.open = Some(begin);
            match result {
                ReadFieldResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadFieldResult::InputEmpty if is_end => {
                    return if self.used > LONGEST_RECORD { Err(OpenQuote { at: begin }) } else { Ok(Taken::Open) };
                }
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::Field { record_end } => {
                    self.open = None;
                    self.fields.push(Field { end: self.used, at: begin });
                    if record_end {
                        return Ok(Taken::Whole);
                    }
                }
                ReadFieldResult::End => return Ok(Taken::Whole),
            }
        }
    }

    /// How many blanks a field begins with.
    fn blanks(&self, rest: &[u8]) -> usize {
        let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t') && (**byte != self.delimiter || **byte == b' ');
        rest.iter().take_while(is_blank).count()
    }

    /// The quote that is open when there are no more lines.
    pub(crate) fn open(&self) -> Option<OpenQuote> {
        self.open.map(|at| OpenQuote { at })
    }

    /// How many fields the record has.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// The bytes of a field, without quotes, and without blanks around it; none beyond the last.
    pub(crate) fn field(&self, place: usize) -> &[u8] {
        let end = self.fields.get(place).map_or(0, |field| field.end);
        let begin = place.checked_sub(1).and_then(|before| self.fields.get(before)).map_or(0, |field| field.end);
        self.bytes.get(begin..end).unwrap_or_default().trim_ascii()
    }

    /// All fields.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|place| self.field(place))
    }

    /// The byte of its line at which a field begins, from 0.
    pub(crate) fn at(&self, place: usize) -> usize {
        self.fields.get(place).map_or(0, |field| field.at)
    }
}

/// The character of a line, from 1, that begins at this byte.
pub(crate) fn character(line: &[u8], at: usize) -> usize {
    String::from_utf8_lossy(line.get(..at).unwrap_or(line)).chars().count() + 1
}

/// What parts the fields of a line, outside of quotes: the first of tab, semicolon, comma and bar that there is, else blanks.
pub(crate) fn delimiter(line: &[u8]) -> u8 {
    const KNOWN: [u8; 4] = [b'\t', b';', b',', b'|'];
    let mut is_quoted = false;
    let mut there = [false; KNOWN.len()];
    for byte in line {
        is_quoted ^= *byte == b'"';
        if let Some(place) = KNOWN.iter().position(|known| known == byte).filter(|_| !is_quoted) {
            there[place] = true;
        }
    }
    let known = KNOWN.iter().zip(there).find(|(_, there)| *there).map(|(known, _)| *known);
    known.unwrap_or(if line.trim_ascii().contains(&b' ') { b' ' } else { b',' })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(records: &Records) -> Vec<String> {
        records.fields().map(|field| String::from_utf8(field.to_vec()).unwrap()).collect()
    }

    fn of(line: &str) -> Vec<String> {
        let mut records = Records::new(delimiter(line.as_bytes()));
        assert_eq!(records.take(line.as_bytes()), Ok(Taken::Whole), "{line}");
        texts(&records)
    }

    #[test]
    fn fields_are_parted_and_quoted() {
        assert_eq!(of("a, b ,c"), ["a", "b", "c"]);
        assert_eq!(of("\"a,\"\"b\"\"\",,\"\""), ["a,\"b\"", "", ""]);
        assert_eq!(of("1;2,5;3"), ["1", "2,5", "3"]);
        assert_eq!(of("1\t 2\t"), ["1", "2", ""]);
        assert_eq!(of(" 1  2   \"3 4\""), ["1", "2", "3 4"]);
        assert_eq!(of("1|2"), ["1", "2"]);
        assert_eq!(of("alone"), ["alone"]);
        assert_eq!(of("\"a;b\", \"c|d\" ,e"), ["a;b", "c|d", "e"]);
        assert_eq!(of("a\"b,c"), ["a\"b", "c"]);
        let long = "x".repeat(5000);
        assert_eq!(of(&format!("{long},{long}")), [long.clone(), long]);
    }

    #[test]
    fn fields_are_placed() {
        let line = "ä, bc,,d".as_bytes();
        let mut records = Records::new(b',');
        records.take(line).unwrap();
        let places: Vec<usize> = (0..4).map(|place| character(line, records.at(place))).collect();
        assert_eq!(places, [1, 4, 7, 8]);
        assert_eq!((records.len(), records.field(4)), (4, &b""[..]));
    }

    #[test]
    fn a_quote_goes_on_over_lines_and_not_for_ever() {
        let mut records = Records::new(b',');
        assert_eq!(records.take(b"Time,\"STROBE"), Ok(Taken::Open));
        assert_eq!(records.open(), Some(OpenQuote { at: 5 }));
        assert_eq!(records.take(b"left\",FSIN"), Ok(Taken::Whole));
        assert_eq!(
            (texts(&records), records.open()),
            (vec!["Time".into(), "STROBE\nleft".into(), "FSIN".into()], None)
        );
        assert_eq!(records.take(b"0,1,0"), Ok(Taken::Whole));
        assert_eq!(texts(&records), ["0", "1", "0"]);
        assert_eq!(records.take(b"0,\"1"), Ok(Taken::Open));
        let endless = (0..).find_map(|_| records.take(&[b'x'; 4096]).err());
        assert_eq!(endless, Some(OpenQuote { at: 2 }));
    }
}
