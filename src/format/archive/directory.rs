//! The directory at the end of an archive.

use super::fields::{Fields, widened, zip64};
use super::{ArchiveError, LONGEST_NAME};
use crate::format::Source;

const END: [u8; 4] = *b"PK\x05\x06";
const END_SIZE: usize = 22;
const END64: [u8; 4] = *b"PK\x06\x06";
const END64_SIZE: usize = 56;
const LOCATOR: [u8; 4] = *b"PK\x06\x07";
const LOCATOR_SIZE: usize = 20;
pub(super) const RECORD: [u8; 4] = *b"PK\x01\x02";

/// The fixed part of a record.
const LEAST_RECORD: usize = 46;

/// A comment, or what was appended to the archive, may be this long behind its end record.
const LONGEST_TAIL: usize = 0xffff;
/// The directory is held whole while it is read: so many bytes of it for each member that may be held, and some for
/// comments.
const BYTES_PER_MEMBER: u64 = 128;
const ROOM_FOR_COMMENTS: u64 = 4 << 20;

/// What the directory says of one member.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) name: Vec<u8>,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) size: u64,
    pub(super) header: u64,
}

/// What is wrong with a directory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Damage {
    #[error("it has no directory at its end")]
    NoEnd,
    #[error("its directory is not where its end record says")]
    Misplaced,
    #[error("its directory is only a part of it; the archive is split over several files")]
    Split,
    #[error("its directory breaks off after {0} members")]
    BreaksOff(usize),
    #[error("its directory lists {listed} members and counts {counted}")]
    Miscounted { listed: usize, counted: u64 },
    #[error("it holds members that are not listed in its directory")]
    Unlisted,
    #[error("another archive follows it in the file")]
    Followed,
}

/// The directory of an archive.
#[derive(Debug)]
pub(super) struct Directory {
    /// What it says of each member, in its order.
    pub(super) records: Vec<Record>,
    /// Where it begins, in bytes from the start of the archive.
    pub(super) offset: u64,
}

/// Why there is no list of members.
#[derive(Debug)]
pub(super) enum Failure {
    /// The members' own headers may still list them.
    Damaged(Damage),
    /// Nothing can.
    Archive(ArchiveError),
}

impl From<Damage> for Failure {
    fn from(damage: Damage) -> Failure {
        Failure::Damaged(damage)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::Archive(ArchiveError::Io(error))
    }
}

/// Where the directory is, by the end record.
struct Extent {
    offset: u64,
    size: u64,
    members: u64,
}

/// The archive's directory, of at most `most` members.
pub(super) fn read(source: &dyn Source, most: u64) -> Result<Directory, Failure> {
    let extent = find(source)?;
    let largest = most.saturating_mul(BYTES_PER_MEMBER).saturating_add(ROOM_FOR_COMMENTS);
    if extent.size > largest || extent.members > most {
        return Err(Failure::Archive(ArchiveError::TooManyMembers(most)));
    }
    let size = usize::try_from(extent.size).map_err(|_| Damage::Misplaced)?;
    let mut bytes = vec![0; size];
    if source.fill_at(&mut bytes, extent.offset)? < size {
        return Err(Damage::Misplaced.into());
    }
    let mut fields = Fields::new(&bytes);
    let most_listed = size / LEAST_RECORD;
    let mut records = Vec::with_capacity(usize::try_from(extent.members).unwrap_or(usize::MAX).min(most_listed));
    while !fields.rest().is_empty() {
        if records.len() as u64 == most {
            return Err(Failure::Archive(ArchiveError::TooManyMembers(most)));
        }
        records.push(record(&mut fields).ok_or(Damage::BreaksOff(records.len()))?);
    }
    if records.len() as u64 != extent.members {
        return Err(Damage::Miscounted { listed: records.len(), counted: extent.members }.into());
    }
    Ok(Directory { records, offset: extent.offset })
}

fn record(fields: &mut Fields<'_>) -> Option<Record> {
    if fields.bytes(4)? != RECORD {
        return None;
    }
    fields.bytes(4)?; // the versions made by and needed
    let (flags, method) = (fields.u16()?, fields.u16()?);
    fields.u32()?; // the time and date
    let crc = fields.u32()?;
    let (packed, size) = (fields.u32()?, fields.u32()?);
    let (name_length, extra_length, comment_length) = (fields.u16()?, fields.u16()?, fields.u16()?);
    fields.bytes(8)?; // the disk and attributes
    let header = fields.u32()?;
    let name = fields.bytes(usize::from(name_length)).filter(|name| name.len() <= LONGEST_NAME)?;
    let mut wide = zip64(fields.bytes(usize::from(extra_length))?);
    fields.bytes(usize::from(comment_length))?;
    // The order of the wide fields: size, packed size, place.
    let size = widened(size, &mut wide)?;
    let packed = widened(packed, &mut wide)?;
    let header = widened(header, &mut wide)?;
    Some(Record { name: name.to_vec(), flags, method, crc, packed, size, header })
}

/// Finds the end record, the last one that makes sense, and by it the directory.
fn find(source: &dyn Source) -> Result<Extent, Failure> {
    let reach = (LONGEST_TAIL + END_SIZE + LOCATOR_SIZE) as u64;
    let start = source.len().saturating_sub(reach);
    let mut tail = vec![0; reach.min(source.len()) as usize];
    let read = source.fill_at(&mut tail, start)?;
    tail.truncate(read);
    let (mut split, mut followed) = (false, false);
    for at in (0..tail.len().saturating_sub(END_SIZE - 1)).rev().filter(|&at| tail[at..].starts_with(&END)) {
        let Some(end) = EndRecord::parse(&tail[at..]) else { continue };
        split |= end.split;
        let extent = if end.saturated { end64(source, &tail[..at])?.unwrap_or(end.extent) } else { end.extent };
        let end_at = start + at as u64;
        if !end.split && is_directory(source, &extent, end_at)? {
            return if followed { Err(Damage::Followed.into()) } else { Ok(extent) };
        }
        followed |= ends_another(source, &extent, end_at)?;
    }
    Err(if split { Damage::Split } else { Damage::NoEnd }.into())
}

struct EndRecord {
    extent: Extent,
    split: bool,
    saturated: bool,
}

impl EndRecord {
    /// The end record at the start of these bytes; none when its comment is longer than what follows it.
    fn parse(bytes: &[u8]) -> Option<EndRecord> {
        let mut fields = Fields::new(bytes);
        fields.u32()?;
        let (disk, first_disk, here, members) = (fields.u16()?, fields.u16()?, fields.u16()?, fields.u16()?);
        let (size, offset, comment) = (fields.u32()?, fields.u32()?, fields.u16()?);
        fields.bytes(usize::from(comment))?;
        let saturated = members == u16::MAX || size == u32::MAX || offset == u32::MAX;
        let split = disk != 0 || first_disk != 0 || here != members;
        Some(EndRecord {
            extent: Extent { offset: offset.into(), size: size.into(), members: members.into() },
            split: split && !saturated,
            saturated,
        })
    }
}

/// The ZIP64 end record that the locator, just before the end record, points at.
fn end64(source: &dyn Source, before_end: &[u8]) -> Result<Option<Extent>, Failure> {
    let Some(mut locator) = before_end.last_chunk::<LOCATOR_SIZE>().map(|bytes| Fields::new(bytes)) else {
        return Ok(None);
    };
    if locator.bytes(4) != Some(&LOCATOR) {
        return Ok(None);
    }
    let offset = locator.bytes(4).and_then(|_| locator.u64()).unwrap_or(u64::MAX);
    let mut bytes = [0; END64_SIZE];
    let read = source.fill_at(&mut bytes, offset)?;
    let mut fields = Fields::new(&bytes[..read]);
    if fields.bytes(4) != Some(&END64) {
        return Err(Damage::Misplaced.into());
    }
    // Its own size, versions and disks come before the counts.
    let extent = fields.bytes(28).and_then(|_| {
        let members = fields.u64()?;
        let size = fields.u64()?;
        Some(Extent { members, size, offset: fields.u64()? })
    });
    Ok(Some(extent.ok_or(Damage::Misplaced)?))
}

/// Whether an end record at `end` belongs to an archive that was appended to this one: its directory is just before it,
/// and not where it says, counted from the start of the file.
fn ends_another(source: &dyn Source, extent: &Extent, end: u64) -> Result<bool, Failure> {
    let Some(offset) = end.checked_sub(extent.size).filter(|_| extent.members > 0) else { return Ok(false) };
    is_directory(source, &Extent { offset, size: extent.size, members: extent.members }, end)
}

/// Whether a directory may lie there: before the end record, beginning as one does.
fn is_directory(source: &dyn Source, extent: &Extent, end: u64) -> Result<bool, Failure> {
    if extent.offset.checked_add(extent.size).is_none_or(|stop| stop > end) {
        return Ok(false);
    }
    if extent.size == 0 {
        return Ok(extent.members == 0);
    }
    let mut signature = [0; 4];
    Ok(source.fill_at(&mut signature, extent.offset)? == 4 && signature == RECORD)
}
