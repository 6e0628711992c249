//! Saleae Logic 2's capture files (`.sal`): the digital channels, of member versions 1 and 2.
//!
//! A ZIP archive of `meta.json` and a member for each channel. Saleae says that the format may change: what is not as it was
//! seen is refused. Each channel is read twice: first as a whole, by which its bytes are proven, then step by step beside the
//! others, so that nothing is told that is not proven, and no channel is held. Samples that Logic 2 has trimmed away are in the
//! file, and are none of the capture. A capture begins with the first sample that any channel keeps.

mod channel;
mod meta;
mod walk;

use super::super::gaps::Gaps;
use super::super::lines::{self, tell};
use crate::capture::{Caps, Extent, Header, Presence, Probe, Request, Sink};
use crate::format::archive::{self, Archive, ArchiveError, Fault, Member, Unpacker, contents};
use crate::format::{Format, FormatError, Reader, Source, unreadable};
use crate::units::{Rational, SampleRate};
use crate::workers::in_parts;
use channel::{Channel, Record};
use meta::{Meta, MetaError};
use walk::{Broken, Unknown};

const ID: &str = "saleae-sal";
const META: &str = "meta.json";
/// So many bytes of samples are unpacked, and no more.
const MOST_BYTES: u64 = 4 << 30;

/// The format of Logic 2's capture files.
pub(in crate::format) static SAL: Format = Format {
    id: ID,
    about: "capture of Saleae Logic 2 (.sal)",
    sniff: |head| {
        archive::first_name(head).is_some_and(|name| {
            name == META.as_bytes() || name.starts_with(b"digital-") || name.starts_with(b"analog-")
        })
    },
    open: |source, caps| Ok(Box::new(Capture::open(source, caps).map_err(unreadable)?)),
};

/// Why a capture cannot be read.
#[derive(Debug, thiserror::Error)]
enum SalError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("no capture of Saleae Logic 2: the archive has no member '{META}'{0}")]
    NoMeta(String),
    #[error("'{META}': {0}; save the capture once more, or export its raw data as CSV")]
    DamagedMeta(Fault),
    #[error("'{META}' has {size} bytes, more than {most}; raise --max-metadata")]
    LargeMeta { size: u64, most: u64 },
    #[error("'{META}': {0}; in Logic 2, export the raw data as CSV")]
    Meta(#[from] MetaError),
    #[error("'{name}': {unknown}; in Logic 2, export the raw data as CSV")]
    Unknown { name: String, unknown: Unknown },
    #[error("none of its channels can be read; {0}")]
    NoChannel(String),
    #[error("'{0}' has another sample rate than the channel before it; in Logic 2, export the raw data as CSV")]
    Rates(String),
    #[error(
        "its channels of {bytes} bytes are more than the {MOST_BYTES} that are read; in Logic 2, trim the capture, or export the \
         raw data of a part as CSV"
    )]
    TooLarge { bytes: u64 },
    #[error("'{name}' was changed while it was read: {broken}")]
    Changed { name: String, broken: Broken },
}

/// A digital channel of the capture.
struct Line {
    number: u32,
    /// The name of the member that has its samples.
    name: String,
    /// The member and what it says, or what is wrong with it.
    record: Result<(Member, Record), Fault>,
}

/// An opened capture.
struct Capture {
    source: Box<dyn Source>,
    header: Header,
    lines: Vec<Line>,
    /// What is wrong with the archive, as a sentence.
    problem: Option<String>,
    /// The number of the first sample, and of the one behind the last.
    begin: u64,
    end: u64,
}

impl Capture {
    fn open(source: Box<dyn Source>, caps: &Caps) -> Result<Capture, SalError> {
        let archive = Archive::open(&*source, caps.members, caps.jobs)?;
        let problem = archive.problem().map(str::to_owned);
        let meta = meta_of(&*source, &archive, caps.metadata)?;
        let members = meta.channels.iter().map(|channel| archive.member(&channel.member).cloned());
        let members: Vec<Result<Member, Fault>> = members.collect();
        let sizes = members.iter().flatten().map(|member| member.plausible_size(source.len()).unwrap_or(0));
        let bytes = sizes.fold(0, u64::saturating_add);
        if bytes > MOST_BYTES {
            return Err(SalError::TooLarge { bytes });
        }
        let records = records(&*source, &members, caps.jobs);
        let mut lines = Vec::new();
        for ((channel, member), record) in meta.channels.iter().zip(members).zip(records) {
            let name = channel.member.clone();
            let record = match record {
                Ok(record) => member.map(|member| (member, record)),
                // That is no damage of the file: another reading of it may well succeed.
                Err(Broken::Fault(Fault::Io(why))) => return Err(ArchiveError::Io(std::io::Error::other(why)).into()),
                Err(Broken::Fault(fault)) => Err(fault),
                Err(Broken::Unknown(unknown)) => return Err(SalError::Unknown { name, unknown }),
            };
            lines.push(Line { number: channel.number, name, record });
        }
        let proven = || lines.iter().filter_map(|line| Some((line, &line.record.as_ref().ok()?.1)));
        let Some((_, first)) = proven().next() else {
            return Err(SalError::NoChannel(lines.iter().find_map(Line::problem).unwrap_or_default()));
        };
        if let Some((other, _)) = proven().find(|(_, record)| record.rate != first.rate) {
            return Err(SalError::Rates(other.name.clone()));
        }
        let begin = proven().map(|(_, record)| record.from).min().unwrap_or(0);
        let end = proven().map(|(_, record)| record.kept_to).max().unwrap_or(begin);
        let header = header(meta, first.rate);
        Ok(Capture { source, header, lines, problem, begin, end })
    }
}

fn header(meta: Meta, rate: u64) -> Header {
    let probe =
        |channel: meta::Channel| Probe { bit: channel.number, name: channel.name, presence: Presence::Recorded };
    let filtered = "Logic 2's software glitch filter was on: it removed short pulses before the capture was saved; what it \
        removed is not seen here";
    Header {
        format: ID,
        rate: SampleRate::from_hz(Rational::from(rate)),
        probes: meta.channels.into_iter().map(probe).collect(),
        warnings: if meta.is_filtered { vec![filtered.to_owned()] } else { Vec::new() },
    }
}

fn meta_of(source: &dyn Source, archive: &Archive, most: u64) -> Result<Meta, SalError> {
    let member = archive.member(META).map_err(|fault| {
        if fault == Fault::Missing { SalError::NoMeta(archive.hint()) } else { SalError::DamagedMeta(fault) }
    })?;
    if member.size > most {
        return Err(SalError::LargeMeta { size: member.size, most });
    }
    let bytes = contents(source, member, most).map_err(SalError::DamagedMeta)?;
    Ok(meta::parse(&bytes)?)
}

/// Reads all channels to their ends, on so many threads.
fn records(source: &dyn Source, members: &[Result<Member, Fault>], jobs: usize) -> Vec<Result<Record, Broken>> {
    in_parts(jobs, 1, members, |members| {
        let mut unpacker = Unpacker::new();
        let mut prove = |member: &Result<Member, Fault>| match member {
            Ok(member) => Record::prove(source, member, &mut unpacker),
            Err(fault) => Err(Broken::Fault(fault.clone())),
        };
        members.iter().map(&mut prove).collect()
    })
}

impl Line {
    fn bit(&self) -> u64 {
        1_u64.checked_shl(self.number).unwrap_or(0)
    }

    /// What is wrong with it, as a sentence.
    fn problem(&self) -> Option<String> {
        let fault = self.record.as_ref().err()?;
        Some(format!("'{}': {fault}; its line is lost", self.name))
    }
}

impl Reader for Capture {
    fn header(&self) -> &Header {
        &self.header
    }

    fn read(&self, request: &Request, sink: &mut dyn Sink) -> Result<Extent, FormatError> {
        let length = self.end - self.begin;
        if length > request.caps.samples {
            return Err(FormatError::TooManySamples(request.caps.samples));
        }
        let mask = request.mask();
        let wanted: Vec<&Line> = self.lines.iter().filter(|line| line.bit() & mask != 0).collect();
        let bits = wanted.iter().fold(0, |bits, line| bits | line.bit());
        let mut gaps = Gaps::new(bits);
        let problems = self.problem.iter().cloned().chain(wanted.iter().filter_map(|line| line.problem()));
        problems.for_each(|problem| gaps.problem(problem));
        let mut unpackers: Vec<Unpacker> = wanted.iter().map(|_| Unpacker::new()).collect();
        let mut channels = Vec::new();
        for (line, unpacker) in wanted.iter().zip(&mut unpackers) {
            let Ok((member, record)) = &line.record else { continue };
            let changed = |fault| SalError::Changed { name: line.name.clone(), broken: Broken::Fault(fault) };
            let blocks = unpacker.blocks(&*self.source, member).map_err(|fault| unreadable(changed(fault)))?;
            let channel = Channel::open(&line.name, blocks, record, (self.begin, self.end))?;
            channels.push(lines::Line::new(line.number, channel));
        }
        tell(&mut channels, gaps, length, sink)
    }
}
