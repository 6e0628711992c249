//! DSView's captures (`.dsl`), version 3, of its logic analyzers.
//!
//! A ZIP archive of `header`, `decoders`, `session`, and `L-PROBE/BLOCK`: the samples of a probe, a bit each, in blocks of
//! 2^24 samples. Only the last block is shorter, and the first of a range that was saved. The blocks of all probes are alike,
//! so that one that is damaged on one line is as long as the others; on no line is its level known then.

mod bits;
mod header;

use std::collections::BTreeMap;

use super::archive::{self, Archive, ArchiveError, Fault, Member, Stated, contents};
use super::gaps::Gaps;
use super::lines::{Line, tell};
use super::{Format, FormatError, Reader, Source, shown, unreadable};
use crate::capture::{Caps, Extent, Header, Presence, Probe, RecordEnd, Request, Sink};
use bits::{Bits, Block};
use header::{DslHeader, HeaderError};

const ID: &str = "dsview-dsl";
const HEADER: &str = "header";
/// In bytes.
const LARGEST_BLOCK: u64 = 2 << 20;
/// More problems than this are counted, not listed.
const MOST_PROBLEMS: usize = 100;

/// The format of DSView's captures.
pub(super) static DSL: Format = Format {
    id: ID,
    about: "capture of DSView (.dsl)",
    sniff: |head| archive::first_name(head).is_some_and(|name| name == HEADER.as_bytes() || name.starts_with(b"L-")),
    open: |source, caps| Ok(Box::new(Capture::open(source, caps).map_err(unreadable)?)),
};

/// Why a capture cannot be read.
#[derive(Debug, thiserror::Error)]
enum DslError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("no capture of DSView: the archive has no member '{HEADER}'{0}")]
    NoHeader(String),
    #[error("'{HEADER}': {0}; save the capture once more, or export it as CSV")]
    DamagedHeader(Fault),
    #[error("'{HEADER}' has {size} bytes, more than {most}; raise --max-metadata")]
    LargeHeader { size: u64, most: u64 },
    #[error("'{HEADER}': {0}")]
    Header(#[from] HeaderError),
    #[error("it has no probes, or no samples of them")]
    Nothing,
    #[error("'{name}' is none of the {blocks} blocks of the {probes} probes that '{HEADER}' names; export it as CSV")]
    Stray { name: String, blocks: u32, probes: usize },
    #[error("block {block} has {one} bytes of one probe and {other} of another; export it as CSV")]
    Unlike { block: usize, one: u64, other: u64 },
    #[error("'{name}' has {size} bytes, more than the {LARGEST_BLOCK} of a block; export it as CSV")]
    LargeBlock { name: String, size: u64 },
    #[error("it has more samples than can be counted")]
    TooLong,
}

/// An opened capture.
struct Capture {
    source: Box<dyn Source>,
    header: Header,
    blocks: Vec<Block>,
    /// The members of each probe, in the order of the header's: one for each block.
    members: Vec<Vec<Result<Member, Fault>>>,
    length: u64,
    /// What is wrong with the archive, as a sentence.
    problem: Option<String>,
}

impl Capture {
    fn open(source: Box<dyn Source>, caps: &Caps) -> Result<Capture, DslError> {
        let archive = Archive::open(&*source, caps.members, caps.jobs)?;
        let problem = archive.problem().map(str::to_owned);
        let own = header_of(&*source, &archive, caps.metadata)?;
        let members = members_of(archive, &own, caps.members)?;
        let mut blocks = Vec::new();
        let mut begin = 0_u64;
        for number in 0..own.blocks as usize {
            let samples = samples_of(&*source, members.iter().filter_map(|own| own.get(number)), number)?;
            blocks.push(Block { begin, samples });
            begin = begin.checked_add(samples.unwrap_or(0)).ok_or(DslError::TooLong)?;
        }
        let length = begin.min(own.samples);
        if own.probes.is_empty() || length == 0 {
            return Err(DslError::Nothing);
        }
        let probe = |(bit, name)| Probe { bit, name, presence: Presence::Recorded };
        let probes = own.probes.into_iter().map(probe).collect();
        let header = Header { format: ID, rate: Some(own.rate), probes, warnings: Vec::new() };
        Ok(Capture { source, header, blocks, members, length, problem })
    }
}

fn header_of(source: &dyn Source, archive: &Archive, most: u64) -> Result<DslHeader, DslError> {
    let member = archive.member(HEADER).map_err(|fault| {
        if fault == Fault::Missing { DslError::NoHeader(archive.hint()) } else { DslError::DamagedHeader(fault) }
    })?;
    if member.size > most {
        return Err(DslError::LargeHeader { size: member.size, most });
    }
    let bytes = contents(source, member, most).map_err(DslError::DamagedHeader)?;
    Ok(header::parse(&bytes)?)
}

/// The members of each probe.
fn members_of(archive: Archive, own: &DslHeader, most: u64) -> Result<Vec<Vec<Result<Member, Fault>>>, DslError> {
    if own.probes.len() as u64 * u64::from(own.blocks) > most {
        return Err(ArchiveError::TooManyMembers(most).into());
    }
    let mut found: BTreeMap<(u32, u32), Result<Member, Fault>> = BTreeMap::new();
    for member in archive.members {
        let Some(place) = member.name.strip_prefix("L-") else { continue };
        let place = place.split_once('/').and_then(|(probe, block)| Some((probe.parse().ok()?, block.parse().ok()?)));
        let is_known =
            |(probe, block): &(u32, u32)| own.probes.iter().any(|(number, _)| number == probe) && *block < own.blocks;
        let Some(place) = place.filter(is_known) else {
            return Err(DslError::Stray { name: shown(&member.name), blocks: own.blocks, probes: own.probes.len() });
        };
        if member.size > LARGEST_BLOCK && member.place.is_ok() {
            return Err(DslError::LargeBlock { name: member.name, size: member.size });
        }
        found.entry(place).and_modify(|twice| *twice = Err(Fault::Twice)).or_insert(Ok(member));
    }
    let mut of = |probe, block| found.remove(&(probe, block)).unwrap_or(Err(Fault::Missing));
    Ok(own.probes.iter().map(|(probe, _)| (0..own.blocks).map(|block| of(*probe, block)).collect()).collect())
}

/// How many samples a block has, by those of its members that can be had.
fn samples_of<'m>(
    source: &dyn Source,
    members: impl Iterator<Item = &'m Result<Member, Fault>>,
    block: usize,
) -> Result<Option<u64>, DslError> {
    let members: Vec<&Member> = members.flatten().filter(|member| member.place.is_ok()).collect();
    let Some(first) = members.first() else { return Ok(None) };
    if let Some(other) = members.iter().find(|member| member.size != first.size) {
        return Err(DslError::Unlike { block, one: first.size, other: other.size });
    }
    // What is stated once may be wrong, unless the bytes prove it.
    let is_proven = members.iter().any(|member| member.stated == Stated::Twice)
        || members.iter().any(|member| contents(source, member, LARGEST_BLOCK).is_ok());
    Ok(is_proven.then_some(8 * first.size))
}

impl Reader for Capture {
    fn header(&self) -> &Header {
        &self.header
    }

    fn read(&self, request: &Request, sink: &mut dyn Sink) -> Result<Extent, FormatError> {
        if self.length > request.caps.samples {
            return Err(FormatError::TooManySamples(request.caps.samples));
        }
        let mask = request.mask();
        let mut gaps = Gaps::new(self.header.probes.iter().fold(0, |bits, probe| bits | bit(probe)) & mask);
        self.problem.iter().for_each(|problem| gaps.problem(problem.clone()));
        let wanted = self.header.probes.iter().zip(&self.members).filter(|(probe, _)| bit(probe) & mask != 0);
        let (probes, mut lines): (Vec<&Probe>, Vec<Line<Bits<'_>>>) = wanted
            .map(|(probe, members)| {
                let bits = Bits::new(&*self.source, &self.blocks, members, self.length);
                (probe, Line::new(probe.bit, bits))
            })
            .unzip();
        let mut extent = tell(&mut lines, gaps, self.length, sink)?;
        let mut faults = probes.iter().zip(&lines).flat_map(|(probe, line)| {
            line.record().faults.iter().map(|(block, fault)| {
                let samples = self.blocks.get(*block as usize).and_then(|block| block.samples);
                let many = if samples.is_some() { "its samples" } else { "an unknown number of samples" };
                format!("'L-{}/{block}': {fault}; {many} of that line are lost", probe.bit)
            })
        });
        if self.blocks.last().is_some_and(|last| last.samples.is_none()) {
            extent.end = RecordEnd::AtLeast;
        }
        extent.problems.extend(faults.by_ref().take(MOST_PROBLEMS));
        match faults.count() {
            0 => {}
            more => extent.problems.push(format!("{more} more blocks that are damaged are not listed")),
        }
        Ok(extent)
    }
}

fn bit(probe: &Probe) -> u64 {
    1_u64.checked_shl(probe.bit).unwrap_or(0)
}
