//! An opened session file: its header at once, its samples on demand.

use std::sync::Arc;

use super::channel::Channel;
use super::chunks::{self, Part, Sequence};
use super::decode::{Chunk, Decoded, Decoder, Undecoded, Wanted};
use super::error::{MOST_BY_BZIP2, SessionError};
use super::losses::{self, Losses};
use super::metadata;
use super::names::quoted;
use super::parallel::decode_parallel;
use super::timeline::{Loss, Timeline};
use super::unit::UnitSize;
use crate::capture::{Caps, Extent, Header, Request, Sink, SinkError};
use crate::format::archive::{Archive, Fault, Listing, Packing, Stated, contents};
use crate::format::{FormatError, Reader, Source, foreign, unreadable};
use crate::units::SampleIndex;

/// sigrok reads ten bytes of `version`; a file of more than this many is no version.
const LARGEST_VERSION: u64 = 4096;
/// Fewer packed bytes than these are unpacked by one thread before another has started.
const WORTH_THREADS: u64 = 256 << 10;

/// An opened session file.
pub(super) struct Session {
    source: Arc<dyn Source>,
    header: Header,
    unit: UnitSize,
    /// How many probes the analyzer has.
    total: u64,
    parts: Arc<[Part]>,
    channels: Vec<Channel>,
    /// How many samples a missing chunk held, as far as the others tell.
    usual: Option<u64>,
    /// Damage that was found on opening, as sentences.
    problems: Vec<String>,
    /// Whether samples may be missing behind the last chunk.
    open_ended: bool,
    /// What a repair could not bring back, or a recording lost.
    losses: Losses,
}

impl Session {
    /// Reads the header of a session file and lists its chunks.
    pub(super) fn open(source: Box<dyn Source>, caps: &Caps) -> Result<Session, SessionError> {
        let archive = Archive::open(&*source, caps.members, caps.jobs)?;
        let names = || archive.members.iter().map(|member| member.name.as_str());
        if archive.named("version").is_empty()
            && let Some(foreign) = foreign::archive(names())
        {
            return Err(SessionError::Foreign(foreign.what, foreign.way));
        }
        check_version(&member_bytes(&*source, &archive, "version", LARGEST_VERSION)?)?;
        let metadata = metadata::parse(&member_bytes(&*source, &archive, "metadata", caps.metadata)?)?;
        let losses = marked_losses(&*source, &archive, caps.metadata)?;
        let channels =
            (metadata.analog.into_iter()).map(|(number, name)| Channel::new(&archive, number, name)).collect();
        let (mut problems, mut open_ended) = match &archive.listing {
            Listing::Directory => (Vec::new(), false),
            Listing::Salvaged { problem, whole } => (vec![problem.clone()], !whole),
        };
        let sequence = if metadata.base.is_empty() {
            Sequence { parts: Vec::new(), strays: Vec::new() }
        } else {
            chunks::sequence(archive.members, &metadata.base)?
        };
        refuse_foreign(&sequence.parts)?;
        refuse_slow(&sequence.parts)?;
        if !sequence.strays.is_empty() {
            let strays = quoted(&sequence.strays);
            problems.push(format!("{strays} cannot be placed among the chunks; their samples are lost"));
            open_ended = true;
        }
        problems.extend(losses.problems.iter().cloned());
        let usual = usual_length(&sequence.parts, metadata.unit, source.len());
        let header =
            Header { format: super::ID, rate: metadata.rate, probes: metadata.probes, warnings: metadata.warnings };
        let (source, parts) = (Arc::from(source), sequence.parts.into());
        let (unit, total) = (metadata.unit, metadata.total);
        Ok(Session { source, header, unit, total, parts, channels, usual, problems, open_ended, losses })
    }

    /// How many bytes the archive has.
    pub(super) fn archive_size(&self) -> u64 {
        self.source.len()
    }

    /// Whether it has no logic probes, only analog channels.
    pub(super) fn is_analog_only(&self) -> bool {
        self.parts.is_empty()
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

    /// What is lost with a part for this reason.
    fn loss(&self, part: &Part, why: &Undecoded) -> Loss {
        let is_proven = match (part, why) {
            // Its bytes were as many as is stated.
            (Part::Chunk { .. }, Undecoded::Damaged(Fault::Crc { .. })) => true,
            (Part::Chunk { member, .. }, _) => member.stated == Stated::Twice,
            (Part::Missing { .. }, _) => false,
        };
        match self.stated(part) {
            Some(samples) if is_proven => Loss::Proven(samples),
            Some(samples) => Loss::Inferred(samples),
            None => Loss::Unknown,
        }
    }

    /// How many threads decode: one stream cannot be divided, and little is not worth it.
    fn jobs(&self, most: usize) -> usize {
        let packed = self.parts.iter().map(Part::packed).fold(0, u64::saturating_add);
        if packed < WORTH_THREADS { 1 } else { most.clamp(1, self.parts.len().max(1)) }
    }

    /// Goes on with one part, whatever became of it.
    fn add(&self, timeline: &mut Timeline<'_>, part: &Part, decoded: &Decoded, most: u64) -> Result<(), FormatError> {
        if let Some(why) = &decoded.misread {
            timeline.problem(format!(
                "{part}: it is sound, but was decoded a second time, by other means, since at first '{why}'; \
                 please report this with the capture"
            ));
        }
        match &decoded.chunk {
            Ok(chunk) => {
                self.refuse_bits_of_no_probe(chunk)?;
                timeline.proven(chunk)?;
                if chunk.rest > 0 {
                    let unit = self.unit.bytes() as u64;
                    let bytes = chunk.samples * unit + chunk.rest;
                    let why = format!("{part}: its {bytes} bytes are no multiple of the {unit} of a sample");
                    timeline.lost(Loss::Unknown, &why)?;
                }
                Ok(())
            }
            Err(Undecoded::TooManyChanges) => Err(SinkError::TooManyEdges(most).into()),
            // That is no damage of the file: another reading of it may well succeed.
            Err(Undecoded::Damaged(Fault::Io(why))) => Err(FormatError::Io(std::io::Error::other(why.clone()))),
            Err(why @ (Undecoded::Missing | Undecoded::Damaged(_))) => {
                timeline.lost(self.loss(part, why), &format!("{part}: {why}"))
            }
        }
    }
}

impl Session {
    /// What is wanted of every chunk for this request.
    pub(super) fn wanted(&self, request: &Request) -> Wanted {
        let mask = request.mask() & self.recorded() | self.bits_of_no_probe();
        Wanted { unit: self.unit, mask, most: request.caps.edges }
    }

    /// The bits of the whole bytes of a sample that the analyzer has no probe for. Writers fill them with zeros.
    fn bits_of_no_probe(&self) -> u64 {
        let bits = u32::try_from(self.total.div_ceil(8).saturating_mul(8)).unwrap_or(u32::MAX);
        self.recorded() & u64::MAX.checked_shl(bits).unwrap_or(0)
    }

    /// The bits of a sample.
    fn recorded(&self) -> u64 {
        u64::MAX >> (u64::BITS - self.unit.bits())
    }

    /// A `unitsize` that is too large reads several samples as one: all times come out shorter.
    fn refuse_bits_of_no_probe(&self, chunk: &Chunk) -> Result<(), FormatError> {
        let foreign = self.bits_of_no_probe();
        if foreign == 0 {
            return Ok(());
        }
        let sound = |some: &[(SampleIndex, u64)]| some.iter().all(|(_, state)| state & foreign == 0);
        chunk
            .changes
            .try_some(0, |some| if sound(some) { Ok(()) } else { Err(()) })
            .map_err(|()| unreadable(SessionError::BitsOfNoProbe { unit: self.unit.bytes(), total: self.total }))
    }

    /// Damage that was found on opening, as sentences.
    pub(super) fn problems(&self) -> &[String] {
        &self.problems
    }

    /// The samples' parts in order.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(super) fn source(&self) -> &Arc<dyn Source> {
        &self.source
    }

    /// Reads the samples, each part decoded by this.
    pub(super) fn read_by(
        &self,
        request: &Request,
        sink: &mut dyn Sink,
        decode: impl Fn(&mut Decoder, &Part) -> Decoded + Send + Sync + 'static,
    ) -> Result<Extent, FormatError> {
        let caps = request.caps;
        let stated = self.parts.iter().filter_map(|part| self.stated(part)).fold(0, u64::saturating_add);
        if stated > caps.samples {
            return Err(FormatError::TooManySamples(caps.samples));
        }
        let mut timeline = Timeline::new(sink, caps.samples, self.problems.clone(), &self.losses.spans);
        let join = |part: &Part, decoded: &Decoded| self.add(&mut timeline, part, decoded, caps.edges);
        decode_parallel(&self.parts, self.jobs(caps.jobs), decode, join)?;
        if self.open_ended {
            timeline.cut();
        }
        Ok(timeline.finish())
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
        if self.is_analog_only() {
            let channels = quoted(self.channels.iter().map(|channel| &channel.name));
            return Err(unreadable(SessionError::OnlyAnalog { channels }));
        }
        let (wanted, source) = (self.wanted(request), Arc::clone(&self.source));
        self.read_by(request, sink, move |decoder, part| match part {
            Part::Chunk { member, .. } => decoder.decode(&*source, member, wanted),
            Part::Missing { .. } => Decoded { chunk: Err(Undecoded::Missing), misread: None },
        })
    }
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

/// What a repair could not bring back, or a recording lost, if the session says so.
fn marked_losses(source: &dyn Source, archive: &Archive, most: u64) -> Result<Losses, SessionError> {
    if archive.named(losses::MEMBER).is_empty() {
        return Ok(Losses::default());
    }
    let bytes = member_bytes(source, archive, losses::MEMBER, most)?;
    losses::parse(&bytes).map_err(|source| SessionError::Losses { name: losses::MEMBER, source })
}

/// The bytes of a member that every session has exactly once.
fn member_bytes(
    source: &dyn Source,
    archive: &Archive,
    name: &'static str,
    most: u64,
) -> Result<Vec<u8>, SessionError> {
    match archive.named(name).as_slice() {
        [member] if member.size > most => Err(SessionError::MetadataTooLarge { name, size: member.size, most }),
        [member] => {
            contents(source, member, most).map_err(|fault| SessionError::Damaged { name: name.to_owned(), fault })
        }
        [] => Err(SessionError::NoMember { name, hint: archive.hint() }),
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

/// Refuses samples that a few packed bytes blow up to more than can be unpacked while anyone waits.
fn refuse_slow(parts: &[Part]) -> Result<(), SessionError> {
    let stated = parts.iter().map(|part| match part {
        Part::Chunk { member, .. } => match &member.place {
            Ok(place) if place.packing == Packing::Bzip2 => member.size,
            Ok(_) | Err(_) => 0,
        },
        Part::Missing { .. } => 0,
    });
    let bytes = stated.fold(0, u64::saturating_add);
    if bytes > MOST_BY_BZIP2 { Err(SessionError::TooMuchBzip2 { bytes }) } else { Ok(()) }
}
