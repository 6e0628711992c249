//! An opened session file: its header at once, its samples on demand.

use rayon::prelude::*;

use super::analog::Channel;
use super::chunks::{self, Part, SequenceError};
use super::decode::{Decoded, Decoder, Undecoded, Wanted};
use super::metadata::{self, MetadataError};
use super::names::quoted;
use super::timeline::Timeline;
use super::unit::UnitSize;
use crate::capture::{Extent, Header, Request, Sink, SinkError};
use crate::format::archive::{Archive, ArchiveError, Fault, Listing, contents};
use crate::format::{FormatError, Reader, Source};

/// sigrok reads ten bytes of `version`; a file of more than this many is no version.
const LARGEST_VERSION: u64 = 4096;
/// Room for the longest names of 64 probes, and for what else is noted there.
const LARGEST_METADATA: u64 = 1 << 20;
/// So many bytes of samples are decoded at once by each thread: enough that waiting for the slowest costs little.
const SHARE: u64 = 8 << 20;

/// Why a file is no session that can be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum SessionError {
    #[error("no sigrok session: the archive has no member '{name}'{hint}")]
    NoMember { name: &'static str, hint: String },
    #[error("'{0}' stands in the archive more than once; remove the one that is wrong")]
    Twice(&'static str),
    #[error("'{name}': {fault}")]
    Damaged { name: String, fault: Fault },
    #[error("'version' is '{0}'; sessions of version 1 and 2 can be read")]
    Version(String),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error(transparent)]
    Sequence(#[from] SequenceError),
}

/// An opened session file.
pub(super) struct Session {
    source: Box<dyn Source>,
    header: Header,
    unit: UnitSize,
    parts: Vec<Part>,
    channels: Vec<Channel>,
    /// How many samples a missing chunk held, as far as the others tell.
    usual: Option<u64>,
    /// Damage that was found on opening, as sentences.
    problems: Vec<String>,
    /// Whether samples may be missing behind the last chunk.
    open_ended: bool,
}

impl Session {
    /// Reads the header of a session file and lists its chunks.
    pub(super) fn open(source: Box<dyn Source>) -> Result<Session, SessionError> {
        let archive = Archive::open(&*source)?;
        check_version(&member_bytes(&*source, &archive, "version", LARGEST_VERSION)?)?;
        let metadata = metadata::parse(&member_bytes(&*source, &archive, "metadata", LARGEST_METADATA)?)?;
        let sequence = chunks::sequence(&archive, &metadata.base)?;
        refuse_foreign(&sequence.parts)?;
        let (mut problems, mut open_ended) = match &archive.listing {
            Listing::Directory => (Vec::new(), false),
            Listing::Salvaged { problem, whole } => (vec![problem.clone()], !whole),
        };
        if !sequence.strays.is_empty() {
            let strays = quoted(&sequence.strays);
            problems.push(format!("{strays} cannot be placed among the chunks; their samples are lost"));
            open_ended = true;
        }
        let channels =
            (metadata.analog.into_iter()).map(|(number, name)| Channel::new(&archive, number, name)).collect();
        let usual = usual_length(&sequence.parts, metadata.unit, source.len());
        let header =
            Header { format: super::ID, rate: metadata.rate, probes: metadata.probes, warnings: metadata.warnings };
        Ok(Session {
            source,
            header,
            unit: metadata.unit,
            parts: sequence.parts,
            channels,
            usual,
            problems,
            open_ended,
        })
    }

    /// The bytes of the archive.
    pub(super) fn source(&self) -> &dyn Source {
        &*self.source
    }

    /// How many bytes the archive has.
    pub(super) fn archive_size(&self) -> u64 {
        self.source.len()
    }

    /// The analog channel of this name.
    pub(super) fn channel(&self, name: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.name == name)
    }

    /// How many samples a part should have; none when that is not told, or a lie.
    fn stated(&self, part: &Part) -> Option<u64> {
        match part {
            Part::Chunk { member, .. } => {
                member.plausible_size(self.source.len()).map(|size| self.unit.samples(size).0)
            }
            Part::Missing { first, last } => self.usual.map(|usual| usual.saturating_mul(u64::from(last - first) + 1)),
        }
    }

    fn decode(&self, parts: &[Part], wanted: Wanted, jobs: usize, decoder: &mut Decoder) -> Vec<Decoded> {
        let decode = |decoder: &mut Decoder, part: &Part| match part {
            Part::Chunk { member, .. } => decoder.decode(&*self.source, member, wanted),
            Part::Missing { .. } => Decoded { chunk: Err(Undecoded::Missing), misread: None },
        };
        if parts.len() == 1 {
            return parts.iter().map(|part| decode(decoder, part)).collect();
        }
        let share = parts.len().div_ceil(jobs);
        parts.par_iter().with_min_len(share).map_init(Decoder::new, decode).collect()
    }

    /// Goes on with one part, whatever became of it.
    fn add(&self, timeline: &mut Timeline<'_>, part: &Part, decoded: Decoded, most: u64) -> Result<(), FormatError> {
        if let Some(why) = decoded.misread {
            timeline.problem(format!(
                "{part}: it is sound, but was decoded a second time, by other means, since at first '{why}'; \
                 please report this with the capture"
            ));
        }
        match decoded.chunk {
            Ok(chunk) => {
                timeline.proven(&chunk)?;
                if chunk.rest > 0 {
                    let unit = self.unit.bytes() as u64;
                    let bytes = chunk.samples * unit + chunk.rest;
                    let why = format!("{part}: its {bytes} bytes are no multiple of the {unit} of a sample");
                    timeline.lost(None, &why)?;
                }
                Ok(())
            }
            Err(Undecoded::TooManyChanges) => Err(SinkError::TooManyEdges(most).into()),
            Err(why @ (Undecoded::Missing | Undecoded::Damaged(_))) => {
                timeline.lost(self.stated(part), &format!("{part}: {why}"))
            }
        }
    }
}

impl Reader for Session {
    fn header(&self) -> &Header {
        &self.header
    }

    fn analog_channels(&self) -> Vec<&str> {
        self.channels.iter().map(|channel| channel.name.as_str()).collect()
    }

    fn read(&self, request: &Request, sink: &mut dyn Sink) -> Result<Extent, FormatError> {
        if !request.thresholds.is_empty() {
            return self.read_with_analog(request, sink);
        }
        let caps = request.caps;
        let stated = self.parts.iter().filter_map(|part| self.stated(part)).fold(0, u64::saturating_add);
        if stated > caps.samples {
            return Err(FormatError::TooManySamples(caps.samples));
        }
        let recorded = u64::MAX >> (u64::BITS - self.unit.bits());
        let wanted = Wanted { unit: self.unit, mask: request.mask() & recorded, most: caps.edges };
        let mut timeline = Timeline::new(sink, caps.samples, self.problems.clone());
        let mut decoder = Decoder::new();
        let mut rest = self.parts.as_slice();
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(batch_length(rest, request.jobs));
            let decoded = self.decode(batch, wanted, request.jobs, &mut decoder);
            for (part, decoded) in batch.iter().zip(decoded) {
                self.add(&mut timeline, part, decoded, caps.edges)?;
            }
            rest = later;
        }
        if self.open_ended {
            timeline.cut();
        }
        Ok(timeline.finish())
    }
}

/// How many of these parts are decoded together: enough for so many threads, few enough to be held.
fn batch_length(parts: &[Part], jobs: usize) -> usize {
    if jobs <= 1 {
        return 1;
    }
    let most = SHARE.saturating_mul(jobs as u64);
    let mut held: u64 = 0;
    let fits = parts.iter().enumerate().take_while(|(index, part)| {
        held = held.saturating_add(match part {
            Part::Chunk { member, .. } => member.size,
            Part::Missing { .. } => 0,
        });
        *index < jobs || held <= most
    });
    fits.count().max(1)
}

/// How many samples a missing chunk held: as many as each of the others, the last aside, if these agree.
fn usual_length(parts: &[Part], unit: UnitSize, archive_size: u64) -> Option<u64> {
    let sizes = parts.iter().filter_map(|part| match part {
        Part::Chunk { member, .. } => Some(member.plausible_size(archive_size)),
        Part::Missing { .. } => None,
    });
    let sizes: Vec<u64> = sizes.collect::<Option<_>>()?;
    let (last, others) = sizes.split_last()?;
    let usual = others.first().filter(|usual| others.iter().all(|size| size == *usual) && last <= usual)?;
    let (samples, rest) = unit.samples(*usual);
    (rest == 0).then_some(samples)
}

/// The bytes of a member that every session has exactly once.
fn member_bytes(
    source: &dyn Source,
    archive: &Archive,
    name: &'static str,
    most: u64,
) -> Result<Vec<u8>, SessionError> {
    match archive.named(name).as_slice() {
        [member] => {
            contents(source, member, most).map_err(|fault| SessionError::Damaged { name: name.to_owned(), fault })
        }
        [] => Err(SessionError::NoMember {
            name,
            hint: match &archive.listing {
                Listing::Directory => String::new(),
                Listing::Salvaged { problem, .. } => format!("; {problem}"),
            },
        }),
        [..] => Err(SessionError::Twice(name)),
    }
}

/// Accepts what sigrok accepts: a number, 1 or 2, at the start of the first ten bytes.
fn check_version(bytes: &[u8]) -> Result<(), SessionError> {
    const READ: usize = 10;
    let text = String::from_utf8_lossy(bytes.get(..READ).unwrap_or(bytes)).into_owned();
    let number = text.trim_ascii_start();
    let number = number.strip_prefix('+').unwrap_or(number);
    let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match number.get(..digits).map(str::parse::<u64>) {
        Some(Ok(1 | 2)) => Ok(()),
        Some(Ok(_) | Err(_)) | None => Err(SessionError::Version(text.escape_debug().to_string())),
    }
}

/// Refuses a session of which no chunk can be unpacked, because of how it was saved.
fn refuse_foreign(parts: &[Part]) -> Result<(), SessionError> {
    let mut foreign = None;
    for part in parts {
        match part {
            Part::Chunk { member, .. } => match &member.place {
                Err(fault @ (Fault::Encrypted | Fault::Method(_))) => foreign = Some((member, fault)),
                Ok(_) | Err(_) => return Ok(()),
            },
            Part::Missing { .. } => {}
        }
    }
    foreign.map_or(Ok(()), |(member, fault)| {
        Err(SessionError::Damaged { name: member.name.clone(), fault: fault.clone() })
    })
}
