//! Saleae Logic 2's binary export of digital channels, versions 0 and 1.
//!
//! A file holds one channel: its level at the start, and the times of its transitions in seconds, as double-precision
//! numbers. Version 1 has such a record for each *chunk* of continuous samples, with the sample rate; between two chunks
//! data are missing, for example because USB did not keep up. All numbers are little-endian. Version 0 states no sample
//! rate. The folder that Logic 2 exports to has a file for each channel, `digital_0.bin` and so on: it is one capture.

mod chunks;
mod sal;

use super::levels::Levels;
use super::placer::{Finish, Placer};
use super::source::{FOLDER, Slice};
use super::timebase::{Tick, Timebase};
use super::{Format, FormatError, Reader, Source, unreadable};
use crate::capture::{Extent, Header, Presence, Probe, RecordEnd, Request, Sink};
use crate::units::{Rational, SampleRate};
pub(super) use sal::SAL;

use chunks::{Broken, Chunk, Fields, MOST_CHUNKS, Step, Steps};

const ID: &str = "saleae-binary";
const IDENTIFIER: &[u8] = b"<SALEAE>";
/// What the one channel of a file is called: the file does not say.
const CHANNEL: &str = "digital";
/// A state has room for so many probes.
const MOST_CHANNELS: u32 = 64;

/// The format of Saleae's binary exports.
pub(super) static BINARY: Format = Format {
    id: ID,
    about: "binary export of Saleae Logic 2",
    sniff: |head| head.starts_with(IDENTIFIER) || head.starts_with(&FOLDER),
    open: |source, _| Ok(Box::new(Export::open(source).map_err(unreadable)?)),
};

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
    #[error("more than {MOST_CHANNELS} channels")]
    TooManyChannels,
    #[error("{name}.bin: {source}")]
    Channel { name: String, source: Box<SaleaeError> },
    #[error("{0}.bin was taken at another sample rate than the first; the folder has files of several captures")]
    AnotherRate(String),
}

/// A channel: where its file is in the source, and its chunks.
struct Channel {
    name: String,
    from: u64,
    length: u64,
    chunks: Vec<Chunk>,
    /// What is wrong with it, as sentences.
    problems: Vec<String>,
}

/// An opened export.
struct Export {
    source: Box<dyn Source>,
    header: Header,
    channels: Vec<Channel>,
}

impl Export {
    fn open(source: Box<dyn Source>) -> Result<Export, SaleaeError> {
        let mut start = [0; FOLDER.len()];
        let is_folder = source.fill_at(&mut start, 0)? == FOLDER.len() && start == FOLDER;
        let channels = if is_folder {
            files(&*source)?
        } else {
            vec![Channel::open(&*source, CHANNEL.to_owned(), 0, source.len())?]
        };
        let rates = channels.iter().map(|channel| common_rate(&channel.chunks).map_err(|error| channel.error(error)));
        let rates: Vec<Option<SampleRate>> = rates.collect::<Result<_, _>>()?;
        let rate = rates.first().cloned().flatten();
        if let Some((channel, _)) = channels.iter().zip(&rates).find(|(_, other)| **other != rate) {
            return Err(SaleaeError::AnotherRate(channel.name.clone()));
        }
        let probe =
            |(bit, channel): (u32, &Channel)| Probe { bit, name: channel.name.clone(), presence: Presence::Recorded };
        let probes = (0..).zip(&channels).map(probe).collect();
        Ok(Export { header: Header { format: ID, rate, probes, warnings: Vec::new() }, channels, source })
    }
}

/// The channels of a folder: the source says which they are, and how long their files.
fn files(source: &dyn Source) -> Result<Vec<Channel>, SaleaeError> {
    let mut fields = Fields { source, at: FOLDER.len() as u64 };
    let count = u32::from_le_bytes(fields.take()?);
    if count > MOST_CHANNELS {
        return Err(SaleaeError::TooManyChannels);
    }
    let entry = |fields: &mut Fields<'_>| -> Result<(u32, u64), SaleaeError> {
        Ok((u32::from_le_bytes(fields.take()?), u64::from_le_bytes(fields.take()?)))
    };
    let entries: Vec<(u32, u64)> = (0..count).map(|_| entry(&mut fields)).collect::<Result<_, _>>()?;
    let mut from = fields.at;
    let mut channels = Vec::new();
    for (number, length) in entries {
        let name = format!("digital_{number}");
        let channel = Channel::open(source, name.clone(), from, length);
        channels.push(channel.map_err(|error| SaleaeError::Channel { name, source: Box::new(error) })?);
        from = from.saturating_add(length);
    }
    Ok(channels)
}

impl Channel {
    fn open(source: &dyn Source, name: String, from: u64, length: u64) -> Result<Channel, SaleaeError> {
        let source = Slice { source, from, length };
        let mut fields = Fields { source: &source, at: 0 };
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
        let (chunks, problems) = chunks::chunks(&mut fields, count, chunked)?;
        Ok(Channel { name, from, length, chunks, problems })
    }

    /// An error of this channel.
    fn error(&self, error: SaleaeError) -> SaleaeError {
        if self.name == CHANNEL {
            return error;
        }
        SaleaeError::Channel { name: self.name.clone(), source: Box::new(error) }
    }

    /// A sentence about this channel.
    fn said(&self, problem: &str) -> String {
        if self.name == CHANNEL { problem.to_owned() } else { format!("{}.bin: {problem}", self.name) }
    }

    /// Where its record ends.
    fn end(&self) -> f64 {
        self.chunks.last().map_or(0.0, |chunk| chunk.end)
    }
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

/// A time in ticks, to the nearest: doubles are as exact as the times that they stand for.
fn ticks(seconds: f64, tick: Tick) -> i128 {
    (seconds * 10_f64.powi(tick.exponent())).round() as i128
}

/// A channel that is being read.
struct Track<'c> {
    bit: u32,
    channel: &'c Channel,
    steps: Steps<'c>,
    next: Option<Step>,
    /// Whether the end of its record is still to be told, since others may go on.
    is_open: bool,
}

impl Track<'_> {
    /// Goes on to the next step. A record that ends before that of others, or is torn, is not known from there on.
    fn step(&mut self, end: f64, period: f64) -> Result<(), Broken> {
        let before = self.next;
        self.next = self.steps.next()?;
        if self.next.is_none() && self.is_open {
            self.is_open = false;
            let is_torn = !self.channel.problems.is_empty();
            let own = if is_torn { before.map_or(end, |before| before.time) } else { self.channel.end() };
            self.next = (is_torn || own + period < end).then_some(Step { time: own, high: None });
        }
        Ok(())
    }
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
        let timebase = Timebase::new(tick, rate).map_err(unreadable)?;
        let period = rate.map_or(0.0, |rate| rate.period().to_f64());
        let mask = self.header.probes.iter().fold(0, |mask, probe| mask | 1 << probe.bit) & request.mask();
        let mut placer = Placer::new(timebase, mask, sink);
        let end = self.channels.iter().map(Channel::end).fold(f64::NEG_INFINITY, f64::max);
        let slices: Vec<Slice<'_>> = (self.channels.iter())
            .map(|channel| Slice { source: &*self.source, from: channel.from, length: channel.length })
            .collect();
        let mut tracks: Vec<Track<'_>> = (0..)
            .zip(self.channels.iter().zip(&slices))
            .map(|(bit, (channel, slice))| {
                let steps = Steps::new(slice, &channel.chunks, period);
                Track { bit, channel, steps, next: None, is_open: self.channels.len() > 1 }
            })
            .collect();
        let mut broken = None;
        let mut levels = Levels::UNKNOWN;
        for track in &mut tracks {
            broken = broken.or(advance(track, end, period)?);
        }
        while broken.is_none()
            && let Some(now) = tracks.iter().filter_map(|track| Some(ticks(track.next?.time, tick))).min()
        {
            for track in &mut tracks {
                if let Some(step) = track.next.filter(|step| ticks(step.time, tick) == now) {
                    levels.put(track.bit, step.high);
                    broken = broken.or(advance(track, end, period)?);
                }
            }
            placer.levels(now, levels)?;
        }
        let problems: Vec<String> = (self.channels.iter())
            .flat_map(|channel| channel.problems.iter().map(|problem| channel.said(problem)))
            .chain(broken)
            .collect();
        let whole = problems.is_empty();
        problems.into_iter().for_each(|problem| placer.cut(problem));
        placer.finish(if whole { Finish::Before(ticks(end, tick)) } else { Finish::Last(RecordEnd::AtLeast) })
    }
}

/// Goes on with a channel; what is wrong with it, as a sentence, where it makes no sense.
fn advance(track: &mut Track<'_>, end: f64, period: f64) -> Result<Option<String>, FormatError> {
    match track.step(end, period) {
        Ok(()) => Ok(None),
        Err(Broken::Io(error)) => Err(error.into()),
        Err(Broken::Senseless(what)) => {
            track.next = None;
            Ok(Some(track.channel.said(&what)))
        }
    }
}

#[cfg(test)]
mod tests;
