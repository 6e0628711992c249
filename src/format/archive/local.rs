//! The headers that stand before the members' bytes: the directory is checked against them, and where it is damaged
//! they replace it.

use super::directory::{Damage, RECORD, Record};
use super::fields::{Fields, widened, zip64};
use super::nearby::Nearby;
use super::unpack::{Measure, measure};
use super::{Archive, ArchiveError, Fault, LONGEST_NAME, Listing, Member, Packing, Payload, Stated};
use crate::format::Source;
use crate::workers::in_parts;

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const LOCAL_SIZE: usize = 30;
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
const LONGEST_DESCRIPTOR: usize = 24;
/// What stands between a member's bytes and the next header: nothing, or a data descriptor of one of these sizes.
const DESCRIPTOR_SIZES: [u64; 5] = [0, 12, 16, 20, 24];

const ENCRYPTED: u16 = 1;
/// Sizes and CRC-32 stand behind the bytes, in a data descriptor.
const DEFERRED: u16 = 1 << 3;

/// Most headers fit into this many bytes; longer ones take a second read.
const USUAL_SIZE: usize = 256;

/// Fewer headers than these are read before another thread has started.
const WORTH_A_THREAD: usize = 1 << 10;

/// What a member's own header says.
struct LocalHeader<'a> {
    name: &'a [u8],
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    size: u64,
    /// Where the member's bytes begin.
    data: u64,
}

impl<'a> LocalHeader<'a> {
    /// The header at this place, read into `room`; none when none, or only a part of one, is there.
    fn read(source: &dyn Source, at: u64, room: &'a mut Vec<u8>) -> std::io::Result<Option<LocalHeader<'a>>> {
        room.resize(USUAL_SIZE, 0);
        let read = source.fill_at(room, at)?;
        room.truncate(read);
        let Some(length) = LocalHeader::length(room) else { return Ok(None) };
        if length > room.len() {
            room.resize(length, 0);
            let read = source.fill_at(room, at)?;
            room.truncate(read);
        }
        Ok(LocalHeader::parse(room, at))
    }

    /// How long the header is that begins so, in bytes.
    fn length(bytes: &[u8]) -> Option<usize> {
        let mut fields = Fields::new(bytes);
        fields.bytes(4).filter(|signature| *signature == LOCAL)?;
        fields.bytes(22)?;
        Some(LOCAL_SIZE + usize::from(fields.u16()?) + usize::from(fields.u16()?))
    }

    fn parse(bytes: &'a [u8], at: u64) -> Option<LocalHeader<'a>> {
        let length = LocalHeader::length(bytes)?;
        let mut fields = Fields::new(bytes);
        fields.bytes(6)?; // the signature and the version needed
        let (flags, method) = (fields.u16()?, fields.u16()?);
        fields.u32()?; // the time and date
        let crc = fields.u32()?;
        let (packed, size) = (fields.u32()?, fields.u32()?);
        let (name_length, extra_length) = (fields.u16()?, fields.u16()?);
        let name = fields.bytes(usize::from(name_length))?;
        let mut wide = zip64(fields.bytes(usize::from(extra_length))?);
        let size = widened(size, &mut wide)?;
        let packed = widened(packed, &mut wide)?;
        let data = at.checked_add(length as u64)?;
        Some(LocalHeader { name, flags, method, crc, packed, size, data })
    }

    fn is_deferred(&self) -> bool {
        self.flags & DEFERRED != 0
    }
}

/// The name of the member with which an archive begins, of which these are the first bytes.
pub(crate) fn first_name(head: &[u8]) -> Option<&[u8]> {
    let mut fields = Fields::new(head);
    fields.bytes(4).filter(|signature| *signature == LOCAL)?;
    fields.bytes(22)?;
    let length = fields.u16()?;
    fields.u16()?;
    fields.bytes(length.into())
}

/// The members that the directory lists, each checked against its own header, by as many threads as there are `jobs`.
pub(super) fn members_of(source: &dyn Source, records: Vec<Record>, jobs: usize) -> Vec<Member> {
    let places = in_parts(jobs, WORTH_A_THREAD, &records, |records| places_of(source, records));
    records.into_iter().zip(places).map(|(record, place)| member_of(record, place)).collect()
}

/// Where a member's bytes are, and whether its own header states the same of them as the directory.
type Placed = (Result<Payload, Fault>, Stated);

/// Where the members' bytes are, one after the other.
fn places_of(source: &dyn Source, records: &[Record]) -> Vec<Placed> {
    let (nearby, mut room) = (Nearby::new(source), Vec::new());
    records.iter().map(|record| place_of(&nearby, record, &mut room)).collect()
}

fn member_of(record: Record, (place, stated): Placed) -> Member {
    Member {
        name: name_of(record.name),
        header: record.header,
        packed: record.packed,
        size: record.size,
        crc: record.crc,
        stated,
        place,
    }
}

/// A name as a text; bytes that are no UTF-8 are replaced.
fn name_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Whether a member begins between those that the directory lists, or before the directory itself at `end`: the
/// directory forgot it.
pub(super) fn holds_unlisted(source: &dyn Source, members: &[Member], end: u64) -> std::io::Result<bool> {
    // Where each begins, and where it ends, if that is told.
    let mut listed: Vec<(u64, Option<u64>)> = (members.iter())
        .map(|member| (member.header, member.place.as_ref().ok().map(|place| place.data.saturating_add(member.packed))))
        .collect();
    listed.push((end, None));
    listed.sort_unstable();
    let (nearby, mut room) = (Nearby::new(source), Vec::new());
    let mut at = Some(0);
    for (header, stop) in listed {
        if let Some(at) = at.filter(|&at| at < header) {
            for skipped in DESCRIPTOR_SIZES {
                let place = at.saturating_add(skipped);
                if place < header && LocalHeader::read(&nearby, place, &mut room)?.is_some() {
                    return Ok(true);
                }
            }
        }
        at = stop.max(at.filter(|_| stop.is_some()));
    }
    Ok(false)
}

fn place_of(source: &dyn Source, record: &Record, room: &mut Vec<u8>) -> Placed {
    let local = match LocalHeader::read(source, record.header, room) {
        Ok(Some(local)) => local,
        Ok(None) => return (Err(Fault::NoHeader(record.header)), Stated::Once),
        Err(error) => return (Err(error.into()), Stated::Once),
    };
    if local.name != record.name {
        return (Err(Fault::Misnamed), Stated::Once);
    }
    let is_twice = !local.is_deferred() && (local.packed, local.size) == (record.packed, record.size);
    (compared(source, &local, record), if is_twice { Stated::Twice } else { Stated::Once })
}

/// Where the bytes are behind a header that agrees with the directory.
fn compared(source: &dyn Source, local: &LocalHeader<'_>, record: &Record) -> Result<Payload, Fault> {
    let same = [
        ("encryption", (local.flags ^ record.flags) & ENCRYPTED == 0),
        ("packing", local.method == record.method),
        ("CRC-32", local.is_deferred() || local.crc == record.crc),
        ("size", local.is_deferred() || (local.packed, local.size) == (record.packed, record.size)),
    ];
    if let Some((what, _)) = same.into_iter().find(|(_, same)| !same) {
        return Err(Fault::Disagree(what));
    }
    placed(source, local, record.packed)
}

fn placed(source: &dyn Source, local: &LocalHeader<'_>, packed: u64) -> Result<Payload, Fault> {
    if local.flags & ENCRYPTED != 0 {
        return Err(Fault::Encrypted);
    }
    let packing = Packing::from_method(local.method)?;
    if local.data.checked_add(packed).is_none_or(|end| end > source.len()) {
        return Err(Fault::BeyondEnd);
    }
    Ok(Payload { data: local.data, packing })
}

/// Lists the members of an archive by their own headers, one after the other from its start.
pub(super) fn salvage(source: &dyn Source, damage: &Damage, most: u64) -> Result<Archive, ArchiveError> {
    let mut members: Vec<Member> = Vec::new();
    let (nearby, mut room) = (Nearby::new(source), Vec::new());
    let mut at = 0;
    while let Some(header) =
        LocalHeader::read(&nearby, at, &mut room)?.filter(|header| header.name.len() <= LONGEST_NAME)
    {
        if members.len() as u64 == most {
            return Err(ArchiveError::TooManyMembers(most));
        }
        let (member, next) = salvaged(source, at, &header);
        let cut = member.place.is_err();
        members.push(member);
        match next {
            Some(next) if !cut || next <= source.len() => at = next,
            Some(_) | None => break,
        }
    }
    let mut signature = [0; 4];
    let whole = source.fill_at(&mut signature, at)? == 4 && signature == RECORD;
    let found = match members.len() {
        1 => "1 member was found by its own header".to_owned(),
        count => format!("{count} members were found by their own headers"),
    };
    let problem = if whole {
        format!("damaged archive: {damage}; {found}")
    } else {
        format!("truncated archive: {damage}; {found}, up to byte {at} of {}", source.len())
    };
    Ok(Archive { members, listing: Listing::Salvaged { problem, whole } })
}

/// The member behind this header, and where the next header is, if that can be told.
fn salvaged(source: &dyn Source, at: u64, header: &LocalHeader<'_>) -> (Member, Option<u64>) {
    let mut member = Member {
        name: String::from_utf8_lossy(header.name).into_owned(),
        header: at,
        packed: header.packed,
        size: header.size,
        crc: header.crc,
        stated: Stated::Once,
        place: placed(source, header, header.packed),
    };
    if !header.is_deferred() {
        return (member, header.data.checked_add(header.packed));
    }
    let Ok(place) = member.place else { return (member, None) };
    match measure(source, place).map(|found| (found, described(source, place.data, found))) {
        Ok((found, Some(next))) => {
            (member.packed, member.size, member.crc) = (found.packed, found.size, found.crc);
            member.stated = Stated::Twice;
            (member, Some(next))
        }
        Ok((_, None)) | Err(_) => {
            member.place = Err(Fault::BeyondEnd);
            (member, None)
        }
    }
}

/// Where the data descriptor ends that stands behind these bytes and confirms what was found in them.
fn described(source: &dyn Source, data: u64, found: Measure) -> Option<u64> {
    let at = data.checked_add(found.packed)?;
    let mut bytes = [0; LONGEST_DESCRIPTOR];
    let read = source.fill_at(&mut bytes, at).ok()?;
    let mut fields = Fields::new(&bytes[..read]);
    let signed = fields.rest().starts_with(&DESCRIPTOR);
    if signed {
        fields.u32()?;
    }
    fields.u32().filter(|&crc| crc == found.crc)?;
    let (mut narrow, mut wide) = (fields, fields);
    let length = if Some((found.packed, found.size)) == narrow.u32().map(u64::from).zip(narrow.u32().map(u64::from)) {
        12
    } else {
        (wide.u64().zip(wide.u64()) == Some((found.packed, found.size))).then_some(20)?
    };
    at.checked_add(length + if signed { 4 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::archive::{PackedMember, Packer};

    #[test]
    fn the_number_of_threads_changes_no_member() {
        const BROKEN: [usize; 4] = [0, WORTH_A_THREAD - 1, WORTH_A_THREAD, 4 * WORTH_A_THREAD];
        let mut packer = Packer::new(Vec::new());
        for number in 0..=4 * WORTH_A_THREAD {
            packer
                .add(&format!("logic-1-{}", number + 1), &PackedMember::store(&number.to_le_bytes()).unwrap())
                .unwrap();
        }
        let mut file = packer.finish("").unwrap();
        let whole = Archive::open(&file, 1 << 20, 1).unwrap();
        assert!(whole.members.iter().all(|member| member.place.is_ok()));
        BROKEN.iter().for_each(|&index| file[whole.members[index].header as usize] = 0);
        for jobs in [0, 1, 2, 3, 4, 5, 9000] {
            let archive = Archive::open(&file, 1 << 20, jobs).unwrap();
            for (index, (member, whole)) in archive.members.iter().zip(&whole.members).enumerate() {
                let (place, stated) = if BROKEN.contains(&index) {
                    (Err(Fault::NoHeader(whole.header)), Stated::Once)
                } else {
                    (whole.place.clone(), Stated::Twice)
                };
                assert_eq!(*member, Member { place, stated, ..whole.clone() }, "{jobs}");
            }
            assert_eq!(archive.members.len(), whole.members.len(), "{jobs}");
        }
    }
}
