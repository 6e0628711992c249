//! Saleae Logic 2's binary export of a digital channel, versions 0 and 1.
//!
//! A file holds one channel: its level at the start, and the times of its transitions in seconds, as double-precision
//! numbers. Version 1 has such a record for each *chunk* of continuous samples, with the sample rate; between two chunks
//! data are missing, for example because USB did not keep up. All numbers are little-endian. Version 0 states no sample
//! rate. Several channels in one file are what the CSV export is for.

use super::grid::{Grid, Tick};
use super::levels::Levels;
use super::placer::{Finish, Placer};
use super::{Format, FormatError, Reader, Source};
use crate::capture::{Caps, Extent, Header, Presence, Probe, RecordEnd, Request, Sink};
use crate::units::{Rational, SampleRate};

const ID: &str = "saleae-binary";
const IDENTIFIER: &[u8] = b"<SALEAE>";
/// What the one channel is called: the file does not say.
const CHANNEL: &str = "digital";

/// The format of Saleae's binary exports.
#[derive(Debug, Clone, Copy)]
pub(super) struct SaleaeBinary;

impl Format for SaleaeBinary {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "binary export of Saleae Logic 2"
    }

    fn sniff(&self, head: &[u8]) -> bool {
        head.starts_with(IDENTIFIER)
    }

    fn open(&self, source: Box<dyn Source>, _: &Caps) -> Result<Box<dyn Reader>, FormatError> {
        let export =
            Export::open(source).map_err(|error| FormatError::Unreadable { format: ID, reason: Box::new(error) })?;
        Ok(Box::new(export))
    }
}

/// Why an export cannot be read.
#[derive(Debug, thiserror::Error)]
enum SaleaeError {
    #[error("cannot be read: {}", super::io_text(.0))]
    Io(#[from] std::io::Error),
    #[error("no binary export of Saleae Logic: it does not begin with '<SALEAE>'")]
    NoExport,
    #[error("a binary export of version {0}; versions 0 and 1 can be read")]
    Version(i32),
    #[error("an analog channel; export the digital channels")]
    Analog,
    #[error("an export of type {0}; type 0, digital, can be read")]
    Type(i32),
    #[error("it has no chunk of data")]
    NoChunks,
    #[error("more than {MOST_CHUNKS} chunks")]
    TooManyChunks,
    #[error("byte {0}: it ends within the head of its data")]
    CutHead(u64),
    #[error("byte {at}: {what}")]
    Chunk { at: u64, what: &'static str },
    #[error("chunk {chunk} was taken at another sample rate than the first; export the time span of one rate")]
    SeveralRates { chunk: usize },
}

/// No capture is longer than thirty years.
const LONGEST_S: f64 = 1e9;
/// A capture of more gaps is none.
const MOST_CHUNKS: u64 = 1 << 20;

/// A stretch of continuous samples.
#[derive(Debug, Clone, Copy)]
struct Chunk {
    /// The level at its begin.
    high: bool,
    rate: Option<f64>,
    begin: f64,
    end: f64,
    /// Where the times of its transitions begin, in bytes, and how many there are.
    at: u64,
    transitions: u64,
    /// How many are stated: more than there are where the file is cut off.
    stated: u64,
}

/// An opened export.
struct Export {
    source: Box<dyn Source>,
    header: Header,
    chunks: Vec<Chunk>,
    /// What is wrong with it, as sentences.
    problems: Vec<String>,
}

impl Export {
    fn open(source: Box<dyn Source>) -> Result<Export, SaleaeError> {
        let mut fields = Fields { source: &*source, at: 0 };
        if fields.take::<8>()? != IDENTIFIER {
            return Err(SaleaeError::NoExport);
        }
        let version = i32::from_le_bytes(fields.take()?);
        let chunked = match version {
            0 => false,
            1 => true,
            _ => return Err(SaleaeError::Version(version)),
        };
        match i32::from_le_bytes(fields.take()?) {
            0 => {}
            1 => return Err(SaleaeError::Analog),
            other => return Err(SaleaeError::Type(other)),
        }
        let count = if chunked { u64::from_le_bytes(fields.take()?) } else { 1 };
        if count > MOST_CHUNKS {
            return Err(SaleaeError::TooManyChunks);
        }
        let (chunks, problems) = chunks(&mut fields, count, chunked)?;
        let rate = common_rate(&chunks)?;
        let probe = Probe { bit: 0, name: CHANNEL.to_owned(), presence: Presence::Recorded };
        let header = Header { format: ID, rate, probes: vec![probe], warnings: Vec::new() };
        Ok(Export { header, chunks, problems, source })
    }
}

/// The chunks as far as the file goes, and what is wrong with it.
fn chunks(fields: &mut Fields<'_>, count: u64, chunked: bool) -> Result<(Vec<Chunk>, Vec<String>), SaleaeError> {
    let (mut chunks, mut problems) = (Vec::new(), Vec::new());
    for number in 1..=count {
        let chunk = match Chunk::read(fields, chunked) {
            Ok(chunk) => chunk,
            Err(SaleaeError::CutHead(_)) if number > 1 => {
                problems.push(format!("the file ends before chunk {number} of {count}; what follows is lost"));
                break;
            }
            Err(error) => return Err(error),
        };
        chunks.push(chunk);
        if chunk.transitions < chunk.stated {
            let (read, stated) = (chunk.transitions, chunk.stated);
            problems.push(format!(
                "the file ends after {read} of the {stated} transitions of chunk {number}; what follows is lost"
            ));
            break;
        }
        fields.at = chunk.at + 8 * chunk.transitions;
    }
    let left = fields.source.len().saturating_sub(fields.at);
    if problems.is_empty() && left > 0 {
        problems.push(format!("{left} bytes follow after the last transition; what they are is not known"));
    }
    if chunks.is_empty() { Err(SaleaeError::NoChunks) } else { Ok((chunks, problems)) }
}

/// The sample rate of all chunks, where they state one.
fn common_rate(chunks: &[Chunk]) -> Result<Option<SampleRate>, SaleaeError> {
    let Some(first) = chunks.first().and_then(|chunk| chunk.rate) else { return Ok(None) };
    if let Some(place) = chunks.iter().position(|chunk| chunk.rate.map(f64::to_bits) != Some(first.to_bits())) {
        return Err(SaleaeError::SeveralRates { chunk: place + 1 });
    }
    // Rates are whole hertz; a double holds them exactly.
    Ok(Rational::from_f64(first).and_then(SampleRate::from_hz))
}

impl Chunk {
    fn read(fields: &mut Fields<'_>, chunked: bool) -> Result<Chunk, SaleaeError> {
        let start = fields.at;
        let error = |what| SaleaeError::Chunk { at: start, what };
        let high = match u32::from_le_bytes(fields.take()?) {
            0 => false,
            1 => true,
            _ => return Err(error("the level at its begin is neither 0 nor 1")),
        };
        let rate = if chunked { Some(f64::from_le_bytes(fields.take()?)) } else { None };
        if rate.is_some_and(|rate| !(rate.is_finite() && rate > 0.0)) {
            return Err(error("its sample rate is not above zero"));
        }
        let (begin, end) = (f64::from_le_bytes(fields.take()?), f64::from_le_bytes(fields.take()?));
        if begin.is_nan() || end.is_nan() || end < begin {
            return Err(error("it ends before it begins"));
        }
        if begin < -LONGEST_S || end > LONGEST_S {
            return Err(error("its times are beyond what can be counted"));
        }
        let stated = u64::from_le_bytes(fields.take()?);
        let held = fields.source.len().saturating_sub(fields.at) / 8;
        Ok(Chunk { high, rate, begin, end, at: fields.at, transitions: stated.min(held), stated })
    }

    /// Sends its transitions to the placer. Where one makes no sense, reading ends, and the reason is returned.
    fn place(&self, source: &dyn Source, tick: Tick, placer: &mut Placer<'_>) -> Result<Option<String>, FormatError> {
        const BLOCK: u64 = 8 << 10;
        let (mut before, mut high) = (self.begin, self.high);
        let mut block = vec![0; 8 * BLOCK as usize];
        let mut done = 0;
        while done < self.transitions {
            let count = (self.transitions - done).min(BLOCK);
            let part = block.get_mut(..8 * count as usize).unwrap_or_default();
            let read = source.fill_at(part, self.at + 8 * done)?;
            for (place, bytes) in (done..).zip(part.get(..read).unwrap_or_default().as_chunks::<8>().0) {
                let time = f64::from_le_bytes(*bytes);
                if !(time >= before && time <= self.end) {
                    return Ok(Some(format!("transition {place} at byte {} is out of order", self.at + 8 * place)));
                }
                (before, high) = (time, !high);
                placer.levels(ticks(time, tick), Levels::of(high.into()))?;
            }
            if read < 8 * count as usize {
                return Ok(Some("the file was cut while it was read".to_owned()));
            }
            done += count;
        }
        Ok(None)
    }
}

/// A time in ticks, to the nearest: doubles are as exact as the times that they stand for.
fn ticks(seconds: f64, tick: Tick) -> i128 {
    (seconds * 10_f64.powi(tick.exponent())).round() as i128
}

impl Reader for Export {
    fn header(&self) -> &Header {
        &self.header
    }

    fn time_unit(&self) -> Option<SampleRate> {
        Tick::NANOSECOND.rate().filter(|_| self.header.rate.is_none())
    }

    fn read(&self, request: &Request, sink: &mut dyn Sink) -> Result<Extent, FormatError> {
        let rate = request.rate.as_ref().or(self.header.rate.as_ref());
        // No analyzer samples faster than each nanosecond; its samples are found by finer times.
        let tick = if rate.is_some() { Tick::FEMTOSECOND } else { Tick::NANOSECOND };
        let grid =
            Grid::new(tick, rate).map_err(|error| FormatError::Unreadable { format: ID, reason: Box::new(error) })?;
        let period = rate.map_or(0.0, |rate| rate.period().to_f64());
        let wanted = request.mask() & 1 == 1;
        let mut placer = Placer::new(ID, grid, request.mask() & 1, sink);
        let mut end: Option<f64> = None;
        let mut broken = None;
        for chunk in &self.chunks {
            // Chunks that follow each other within a sample have no gap.
            if let Some(end) = end.filter(|end| chunk.begin - end > period) {
                placer.levels(ticks(end, tick), Levels::UNKNOWN)?;
            }
            if end.is_some_and(|end| chunk.begin < end - period) {
                broken = Some("a chunk begins before the one before it ends".to_owned());
                break;
            }
            placer.levels(ticks(chunk.begin, tick), Levels::of(chunk.high.into()))?;
            end = Some(chunk.end);
            if wanted {
                broken = chunk.place(&*self.source, tick, &mut placer)?;
            }
            if broken.is_some() {
                break;
            }
        }
        let whole = broken.is_none() && self.problems.is_empty();
        for problem in self.problems.iter().cloned().chain(broken) {
            placer.cut(problem);
        }
        let end = end.filter(|_| whole).map(|end| Finish::Before(ticks(end, tick)));
        placer.finish(end.unwrap_or(Finish::Last(RecordEnd::AtLeast)))
    }
}

/// The numbers at the head of a record, one after the other.
struct Fields<'s> {
    source: &'s dyn Source,
    at: u64,
}

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], SaleaeError> {
        let mut bytes = [0; N];
        if self.source.fill_at(&mut bytes, self.at)? < N {
            return Err(SaleaeError::CutHead(self.at));
        }
        self.at += N as u64;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Capture;
    use crate::format::{open, read_capture};

    fn head(version: i32, kind: i32) -> Vec<u8> {
        let mut bytes = b"<SALEAE>".to_vec();
        bytes.extend(version.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes
    }

    /// A record: its level, rate, begin, end and transitions.
    fn record(bytes: &mut Vec<u8>, high: u32, rate: Option<f64>, span: (f64, f64), transitions: &[f64]) {
        bytes.extend(high.to_le_bytes());
        for number in rate.into_iter().chain([span.0, span.1]) {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend((transitions.len() as u64).to_le_bytes());
        transitions.iter().for_each(|time| bytes.extend(time.to_le_bytes()));
    }

    fn captured(bytes: &[u8], rate: Option<&str>) -> Result<Capture, String> {
        let rate = rate.map(|rate| SampleRate::parse(rate).unwrap());
        let reader = open(Box::new(bytes.to_vec())).map_err(|error| error.to_string())?;
        let request = Request { rate, ..Request::of(vec![0]) };
        read_capture(&*reader, &request).map_err(|error| error.to_string())
    }

    fn spans(capture: &Capture) -> Vec<(u64, u64)> {
        capture.lost.spans().iter().map(|span| (span.from.get(), span.to.get())).collect()
    }

    // Written out by hand from Saleae's description of the format: low, -1 ms to 3 ms, transitions at 0 and 1.5 ms.
    const BY_HAND: [u8; 60] = [
        b'<', b'S', b'A', b'L', b'E', b'A', b'E', b'>', 0, 0, 0, 0, 0, 0, 0, 0, // identifier, version 0, digital
        0, 0, 0, 0, // low
        0xfc, 0xa9, 0xf1, 0xd2, 0x4d, 0x62, 0x50, 0xbf, // -0.001
        0xfa, 0x7e, 0x6a, 0xbc, 0x74, 0x93, 0x68, 0x3f, // 0.003
        2, 0, 0, 0, 0, 0, 0, 0, // two transitions
        0, 0, 0, 0, 0, 0, 0, 0, // 0
        0xfa, 0x7e, 0x6a, 0xbc, 0x74, 0x93, 0x58, 0x3f, // 0.0015
    ];

    #[test]
    fn a_file_of_version_0_states_times() {
        let capture = captured(&BY_HAND, None).unwrap();
        let line = &capture.lines[0];
        assert_eq!((line.probe.name.as_str(), line.waveform.initial().bit()), ("digital", 0));
        assert_eq!((line.waveform.changes(), capture.length.get()), (&[1_000_000, 2_500_000][..], 4_000_000));
        assert_eq!(capture.end, RecordEnd::Stated);
        assert_eq!((capture.header.rate.clone(), capture.rate), (None, SampleRate::parse("1 GHz").unwrap()));
        let sampled = captured(&BY_HAND, Some("12.5 MHz")).unwrap();
        assert_eq!((sampled.lines[0].waveform.changes(), sampled.length.get()), (&[12_500, 31_250][..], 50_000));
        assert!(captured(&BY_HAND, Some("1.7 kHz")).unwrap_err().contains("lies between two samples"));
    }

    #[test]
    fn gaps_between_chunks_are_lost() {
        let mut bytes = head(1, 0);
        bytes.extend(3_u64.to_le_bytes());
        record(&mut bytes, 1, Some(1e6), (0.0, 100e-6), &[20e-6, 60e-6]);
        record(&mut bytes, 1, Some(1e6), (100e-6, 200e-6), &[150e-6]);
        record(&mut bytes, 1, Some(1e6), (300.4e-6, 400.4e-6), &[310.4e-6]);
        let capture = captured(&bytes, None).unwrap();
        assert_eq!(capture.header.rate, SampleRate::parse("1 MHz").ok());
        assert_eq!(capture.lines[0].waveform.changes(), [20, 60, 150, 301, 311]);
        assert_eq!((capture.length.get(), spans(&capture)), (401, vec![(200, 301)]));
        assert_eq!(capture.problems, ["samples 200 to 300 have no data and are lost"]);
        assert_eq!(capture.lines[0].waveform.edges(&capture.lost), 4);
    }

    #[test]
    fn what_is_cut_off_is_lost() {
        let capture = captured(&BY_HAND[..55], None).unwrap();
        assert_eq!(capture.lines[0].waveform.changes(), [1_000_000]);
        assert_eq!(capture.problems, ["the file ends after 1 of the 2 transitions of chunk 1; what follows is lost"]);
        assert_eq!(spans(&capture), [(1_000_001, 1_000_001)]);
        let mut longer = BY_HAND.to_vec();
        longer.push(0);
        assert_eq!(captured(&longer, None).unwrap().problems.len(), 1);
        let mut disorder = BY_HAND.to_vec();
        disorder[51] = 0xbf;
        disorder[50] = 0xff;
        assert_eq!(captured(&disorder, None).unwrap().problems, ["transition 0 at byte 44 is out of order"]);
    }

    #[test]
    fn other_exports_are_refused() {
        let refused = |bytes: &[u8], error: &str| assert_eq!(captured(bytes, None).unwrap_err(), error);
        refused(&head(2, 0), "a binary export of version 2; versions 0 and 1 can be read");
        refused(&head(0, 1), "an analog channel; export the digital channels");
        refused(&head(0, 7), "an export of type 7; type 0, digital, can be read");
        refused(&BY_HAND[..30], "byte 28: it ends within the head of its data");
        let chunked = |count: u64| [head(1, 0), count.to_le_bytes().to_vec()].concat();
        refused(&chunked(0), "it has no chunk of data");
        refused(&chunked(u64::MAX), "more than 1048576 chunks");
        let mut two = chunked(2);
        record(&mut two, 0, Some(1e6), (0.0, 1.0), &[]);
        record(&mut two, 0, Some(2e6), (1.0, 2.0), &[]);
        refused(&two, "chunk 2 was taken at another sample rate than the first; export the time span of one rate");
        let mut backwards = head(0, 0);
        record(&mut backwards, 0, None, (2.0, 1.0), &[]);
        refused(&backwards, "byte 16: it ends before it begins");
        let mut timeless = head(0, 0);
        record(&mut timeless, 0, None, (f64::NAN, 1.0), &[]);
        refused(&timeless, "byte 16: it ends before it begins");
        let mut endless = head(0, 0);
        record(&mut endless, 0, None, (0.0, f64::INFINITY), &[]);
        refused(&endless, "byte 16: its times are beyond what can be counted");
    }
}
