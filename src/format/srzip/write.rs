//! Writes session files that every sigrok reads: version 2, in chunks of 4 MiB, each proven by its CRC-32. The same
//! samples give the same bytes.

use std::io::{self, Write};

use super::super::keyfile::append_pair;
use super::losses;
use super::rate::rate_text;
use crate::capture::{Extent, Presence, Probe, Sink, SinkError};
use crate::format::archive::{PackedMember, Packer};
use crate::signal::{LostSpan, WaveformError};
use crate::units::{Rounding, SampleIndex, SampleRate, Unit, value_text};
use crate::workers::Workers;

/// Bytes per chunk, as sigrok itself writes them; whole samples only.
const CHUNK: usize = 4 << 20;
/// sigrok keeps a chunk's name in 14 letters, so it finds no more chunks than this.
const MOST_CHUNKS: u32 = 999_999;
/// More chunks are not packed at once, whatever the number of cores: each holds some megabytes.
const MOST_PACKING: usize = 4;
/// A sample has at most so many bits.
const MOST_BITS: u32 = 64;

/// Writes a session file: the changes in order, then the length. It is the [`Sink`] for a capture that is cut,
/// repaired, simulated or recorded.
#[derive(Debug)]
pub struct SrzipWriter<W: Write> {
    packer: Packer<W>,
    mask: u64,
    unit: usize,
    /// The samples of a chunk.
    whole: usize,
    /// The samples before this one are in chunks, written or begun.
    at: u64,
    /// The sample of the last change.
    changed: u64,
    state: Option<u64>,
    chunk: Vec<u8>,
    chunks: u32,
    /// The analog channels, and the number of the first of them.
    analog: Vec<Analog>,
    first_analog: u32,
    /// The chunks before these that are not in the archive yet.
    packing: Workers<Chunk<Vec<u8>>, io::Result<Chunk<PackedMember>>>,
    /// The last whole chunk of one state: hours of idle lines are the same chunk again and again.
    idle: Option<(u64, PackedMember)>,
    comment: String,
}

/// An analog channel: the chunk that is filled, and how many are written.
#[derive(Debug, Default)]
struct Analog {
    chunk: Vec<u8>,
    chunks: u32,
}

/// What a chunk holds: samples of the logic probes, or of the analog channel at a place.
#[derive(Debug, Clone, Copy)]
enum Data {
    Logic,
    Analog(usize),
}

/// A chunk, as it is filled or packed.
#[derive(Debug)]
struct Chunk<T> {
    of: Data,
    bytes: T,
}

/// Why a session file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// No probe was recorded.
    #[error("a session without probes cannot be written; name at least one that was recorded")]
    NoProbes,
    /// Two probes share a bit.
    #[error("two probes have bit {0}; each needs its own")]
    Twice(u32),
    /// A bit is beyond the largest sample.
    #[error("bit {0} is beyond the 64 bits of the largest sample")]
    BitTooHigh(u32),
    /// A name cannot be written.
    #[error("the name of the probe with bit {0} has a zero byte in it")]
    Name(u32),
    /// The rate is no whole number of hertz, and sigrok would read another.
    #[error(
        "{} is no whole number of hertz, and sigrok would read another; state one with --samplerate",
        value_text(.0.hz(), Unit::Hertz, Rounding::Nearest)
    )]
    Rate(Box<SampleRate>),
    /// A change is at or beyond the end.
    #[error("the change at sample {change} lies beyond the end of the capture, {length} samples")]
    BeyondEnd {
        /// The sample of the last change.
        change: u64,
        /// The number of samples.
        length: u64,
    },
    /// A change cannot be taken, or what it is written to fails.
    #[error(transparent)]
    Sink(#[from] SinkError),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> WriteError {
        WriteError::Sink(SinkError::Write(error))
    }
}

impl<W: Write> SrzipWriter<W> {
    /// Begins a session file with these probes, those left out that were not recorded.
    ///
    /// # Errors
    /// [`WriteError`] when sigrok could not read it, or `out` fails.
    pub fn new(out: W, probes: &[Probe], rate: &SampleRate) -> Result<SrzipWriter<W>, WriteError> {
        SrzipWriter::new_with_analog(out, probes, &[], rate)
    }

    /// The same with analog channels of these names.
    ///
    /// # Errors
    /// As [`SrzipWriter::new`].
    pub fn new_with_analog(
        out: W,
        probes: &[Probe],
        analog: &[String],
        rate: &SampleRate,
    ) -> Result<SrzipWriter<W>, WriteError> {
        let mut probes: Vec<&Probe> = probes.iter().filter(|probe| probe.presence == Presence::Recorded).collect();
        probes.sort_by_key(|probe| probe.bit);
        let mut mask: u64 = 0;
        for probe in &probes {
            let bit = 1_u64.checked_shl(probe.bit).ok_or(WriteError::BitTooHigh(probe.bit))?;
            if mask & bit != 0 {
                return Err(WriteError::Twice(probe.bit));
            }
            if probe.name.contains('\0') {
                return Err(WriteError::Name(probe.bit));
            }
            mask |= bit;
        }
        if mask == 0 {
            return Err(WriteError::NoProbes);
        }
        let total = MOST_BITS - mask.leading_zeros();
        let unit = total.div_ceil(8);
        let rate = rate_text(rate).ok_or_else(|| WriteError::Rate(Box::new(rate.clone())))?;

        let mut packer = Packer::new(out);
        packer.add("version", &PackedMember::store(b"2").map_err(io::Error::other)?)?;
        let metadata = metadata(&probes, total, analog, unit, &rate);
        packer.add("metadata", &PackedMember::deflate(metadata.as_bytes()).map_err(io::Error::other)?)?;
        Ok(SrzipWriter {
            packer,
            mask,
            unit: unit as usize,
            whole: CHUNK / unit as usize,
            at: 0,
            changed: 0,
            state: None,
            chunk: Vec::new(),
            chunks: 0,
            analog: analog.iter().map(|_| Analog::default()).collect(),
            first_analog: total + 1,
            packing: Workers::new(MOST_PACKING, |Chunk { of, bytes }: Chunk<Vec<u8>>| {
                Ok(Chunk { of, bytes: PackedMember::deflate(&bytes).map_err(io::Error::other)? })
            }),
            idle: None,
            comment: String::new(),
        })
    }

    /// The same with a comment of the archive, of at most 65,535 bytes, which sigrok passes over.
    #[must_use]
    pub fn with_comment(mut self, comment: String) -> SrzipWriter<W> {
        self.comment = comment;
        self
    }

    /// The same in chunks of about a second at this rate, if they are smaller so: what is recorded is in the file soon.
    #[must_use]
    pub fn in_seconds(mut self, rate: &SampleRate) -> SrzipWriter<W> {
        /// Smaller chunks are more headers than samples.
        const LEAST: i128 = 1000;
        let second = rate.hz().to_integer(Rounding::Up).unwrap_or(i128::MAX).max(LEAST);
        self.whole = self.whole.min(usize::try_from(second).unwrap_or(usize::MAX));
        self
    }

    /// Hands on what is written.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn flush(&mut self) -> io::Result<()> {
        self.packer.flush()
    }

    /// Begins a session file of which something is lost. Its gaps carry the levels before them on; a member that sigrok
    /// passes over says what is lost, so that the session reads back as it was, problems included.
    ///
    /// # Errors
    /// As [`SrzipWriter::new`].
    pub fn new_repaired(
        out: W,
        probes: &[Probe],
        rate: &SampleRate,
        losses: &Extent,
    ) -> Result<SrzipWriter<W>, WriteError> {
        let mut writer = SrzipWriter::new(out, probes, rate)?;
        writer.mark(losses)?;
        Ok(writer)
    }

    fn mark(&mut self, losses: &Extent) -> io::Result<()> {
        if losses.problems.is_empty() {
            return Ok(());
        }
        let text = losses::text(losses);
        self.packer.add(losses::MEMBER, &PackedMember::deflate(text.as_bytes()).map_err(io::Error::other)?)
    }

    /// Ends the capture after `length` samples, and returns what it was written to, flushed. Without a change, all
    /// lines are low.
    ///
    /// # Errors
    /// [`WriteError::BeyondEnd`] when a change lies there, and those of writing.
    pub fn finish(self, length: SampleIndex) -> Result<W, WriteError> {
        self.finish_marked(&Extent::whole(length))
    }

    /// Ends the capture as [`SrzipWriter::finish`] does, with what was lost of it while it was recorded: the mark of
    /// [`SrzipWriter::new_repaired`], for what is known only now.
    ///
    /// # Errors
    /// As [`SrzipWriter::finish`].
    pub fn finish_marked(mut self, extent: &Extent) -> Result<W, WriteError> {
        let length = extent.length.get();
        if self.changed > 0 && self.changed >= length {
            return Err(WriteError::BeyondEnd { change: self.changed, length });
        }
        self.fill(self.state.unwrap_or(0), length)?;
        // A session without a chunk is none; an empty one is read as nothing.
        if !self.chunk.is_empty() || self.at == 0 {
            let packed = PackedMember::deflate(&self.chunk).map_err(io::Error::other)?;
            self.add_packing()?;
            self.add_chunk(&Chunk { of: Data::Logic, bytes: packed })?;
        }
        for place in 0..self.analog.len() {
            self.write_analog(place)?;
        }
        self.add_packing()?;
        self.mark(extent)?;
        Ok(self.packer.finish(&self.comment)?)
    }

    /// Goes on in this state up to, but without, the sample `until`.
    fn fill(&mut self, state: u64, until: u64) -> io::Result<()> {
        let whole = self.whole;
        while self.at < until {
            let left = until - self.at;
            if self.chunk.is_empty() && left >= whole as u64 {
                self.write_idle(state, whole)?;
                self.at += whole as u64;
                continue;
            }
            let room = whole - self.chunk.len() / self.unit;
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(room);
            append_run(&mut self.chunk, &state.to_le_bytes()[..self.unit], count);
            self.at += count as u64;
            if count == room {
                self.write_chunk()?;
            }
        }
        Ok(())
    }

    /// Goes on with the samples of the analog channel at this place of those that it was begun with: from the first sample of
    /// the session on, one for each.
    ///
    /// # Errors
    /// Those of writing.
    pub fn analog(&mut self, place: usize, samples: &[f32]) -> io::Result<()> {
        let whole = self.whole * size_of::<f32>() / self.unit;
        for sample in samples {
            let Some(channel) = self.analog.get_mut(place) else { return Ok(()) };
            channel.chunk.extend_from_slice(&sample.to_le_bytes());
            if channel.chunk.len() >= whole.min(CHUNK) {
                self.write_analog(place)?;
            }
        }
        Ok(())
    }

    /// Begins to pack the chunk, which is full.
    fn write_chunk(&mut self) -> io::Result<()> {
        let chunk = std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK));
        self.pack(Data::Logic, chunk)
    }

    fn write_analog(&mut self, place: usize) -> io::Result<()> {
        let chunk = std::mem::take(&mut self.analog[place].chunk);
        if chunk.is_empty() { Ok(()) } else { self.pack(Data::Analog(place), chunk) }
    }

    fn pack(&mut self, of: Data, bytes: Vec<u8>) -> io::Result<()> {
        self.add_packed()?;
        self.packing.begin(Chunk { of, bytes });
        Ok(())
    }

    /// Adds the chunks that are packed, as far as others crowd behind them.
    fn add_packed(&mut self) -> io::Result<()> {
        while let Some(packed) = self.packing.next_if_crowded() {
            self.add_chunk(&packed?)?;
        }
        Ok(())
    }

    /// Adds all chunks that are being packed.
    fn add_packing(&mut self) -> io::Result<()> {
        while let Some(packed) = self.packing.next() {
            self.add_chunk(&packed?)?;
        }
        Ok(())
    }

    fn write_idle(&mut self, state: u64, samples: usize) -> io::Result<()> {
        self.add_packing()?;
        let packed = match self.idle.take() {
            Some((idle, packed)) if idle == state => packed,
            Some(_) | None => {
                let mut chunk = Vec::with_capacity(CHUNK);
                append_run(&mut chunk, &state.to_le_bytes()[..self.unit], samples);
                PackedMember::deflate(&chunk).map_err(io::Error::other)?
            }
        };
        let chunk = Chunk { of: Data::Logic, bytes: packed };
        self.add_chunk(&chunk)?;
        self.idle = Some((state, chunk.bytes));
        Ok(())
    }

    fn add_chunk(&mut self, chunk: &Chunk<PackedMember>) -> io::Result<()> {
        let (base, chunks) = match chunk.of {
            Data::Logic => ("logic-1".to_owned(), &mut self.chunks),
            Data::Analog(place) => {
                (format!("analog-1-{}", self.first_analog as usize + place), &mut self.analog[place].chunks)
            }
        };
        if *chunks == MOST_CHUNKS {
            let error =
                format!("more than {MOST_CHUNKS} chunks of 4 MiB, which sigrok does not find; write a shorter window");
            return Err(io::Error::other(error));
        }
        *chunks += 1;
        self.packer.add(&format!("{base}-{chunks}"), &chunk.bytes)
    }
}

impl<W: Write> Sink for SrzipWriter<W> {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        let at = at.get();
        match self.state {
            None if at == 0 => {}
            Some(before) if at > self.changed && at >= self.at => self.fill(before, at)?,
            Some(_) | None => return Err(WaveformError::NotIncreasing(at).into()),
        }
        (self.state, self.changed) = (Some(state & self.mask), at);
        Ok(())
    }

    /// Writes the chunks that are full by then, also those in which nothing happened.
    fn reached(&mut self, at: SampleIndex) -> Result<(), SinkError> {
        let before = self.chunks;
        if let Some(state) = self.state {
            let end = at.get() - at.get() % self.whole as u64;
            self.fill(state, end)?;
        }
        self.add_packed()?;
        if self.chunks > before {
            self.flush()?;
        }
        Ok(())
    }

    /// A session file has no mark for lost samples: the level before them is carried on.
    fn lost(&mut self, _: LostSpan) {}
}

/// Appends a sample so many times.
fn append_run(bytes: &mut Vec<u8>, sample: &[u8], count: usize) {
    let start = bytes.len();
    let end = start + sample.len() * count;
    if count > 0 {
        bytes.extend_from_slice(sample);
    }
    while bytes.len() < end {
        let written = bytes.len() - start;
        bytes.extend_from_within(start..start + written.min(end - bytes.len()));
    }
}

/// The text of `metadata`, in the order in which sigrok can read it.
fn metadata(probes: &[&Probe], total: u32, analog: &[String], unit: u32, rate: &str) -> String {
    let mut text = "[device 1]\n".to_owned();
    append_pair(&mut text, "capturefile", "logic-1");
    append_pair(&mut text, "total probes", &total.to_string());
    append_pair(&mut text, "samplerate", rate);
    append_pair(&mut text, "total analog", &analog.len().to_string());
    for probe in probes {
        append_pair(&mut text, &format!("probe{}", probe.bit + 1), &probe.name);
    }
    // They are numbered behind the probes.
    for (number, name) in (total + 1..).zip(analog) {
        append_pair(&mut text, &format!("analog{number}"), name);
    }
    append_pair(&mut text, "unitsize", &unit.to_string());
    text
}
