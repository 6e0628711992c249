//! What the archive states of its members against what they are: sizes, sums, places, counts.

use super::super::archives::{
    LENGTH, RawArchive, RawMember, chunk, last_of, metadata, plain, session, surgery, with_chunk,
};
use super::Outcome::{Refused, Right};
use super::{Case, case, flagged};

const SECOND: [(u64, u64); 1] = [(2_500, 5_000)];

pub(super) fn cases() -> Vec<Case> {
    [sizes(), directories(), wide(), places(), names()].concat()
}

/// Changes a little-endian field of what the directory says of chunk 2; `at` is its place in the record.
fn in_directory(at: usize, value: &'static [u8]) -> Vec<u8> {
    surgery(&plain(), |file| {
        let record = last_of(file, b"logic-1-2") - 46;
        file[record + at..record + at + value.len()].copy_from_slice(value);
    })
}

fn sizes() -> Vec<Case> {
    vec![
        case(
            "a size that only the directory states",
            in_directory(24, &[0, 1, 0, 0]),
            flagged("disagree about its size", &[(2_500, 2_756)]),
        ),
        case(
            "a packed size that only the directory states",
            in_directory(20, &[9, 0, 0, 0]),
            flagged("disagree about its size", &SECOND),
        ),
        case(
            "a sum that only the directory states",
            in_directory(16, &[1, 2, 3, 4]),
            flagged("disagree about its CRC-32", &SECOND),
        ),
        case(
            "a method that only the directory states",
            in_directory(10, &[0, 0]),
            flagged("disagree about its packing", &SECOND),
        ),
        case(
            "encryption that only the directory states",
            in_directory(8, &[1, 0]),
            flagged("disagree about its encryption", &SECOND),
        ),
        case(
            "a place where no header is",
            in_directory(42, &[5, 0, 0, 0]),
            flagged("not listed in its directory", &[]),
        ),
        case(
            "a place beyond the file",
            in_directory(42, &[0, 0, 0, 0x70]),
            flagged("not listed in its directory", &[]),
        ),
        case(
            "a size one too large",
            with_chunk(2, |member| member.size += 1),
            flagged("its size is not", &[(2_500, 5_001)]),
        ),
        case(
            "a size one too small",
            with_chunk(2, |member| member.size -= 1),
            flagged("its size is not", &[(2_500, 4_999)]),
        ),
        case(
            "a size of 4 GiB",
            with_chunk(2, |member| member.size = u64::from(u32::MAX) - 1),
            flagged("", &[(2_500, 2_500)]),
        ),
        case(
            "a size of nothing",
            with_chunk(2, |member| member.size = 0),
            flagged("its size is not", &[(2_500, 2_500)]),
        ),
        case(
            "a packed size beyond the file",
            with_chunk(5, |member| member.packed_size += 10_000),
            flagged("it is cut off", &[(10_000, LENGTH)]),
        ),
        case(
            "a packed size over the next member",
            with_chunk(2, |member| member.packed_size += 20),
            flagged("'logic-1-2' (chunk 2)", &[(2_500, 7_500)]),
        ),
    ]
}

/// Changes a field of the end record; `at` is its place in it.
fn in_end(at: usize, value: &'static [u8]) -> Vec<u8> {
    surgery(&plain(), |file| {
        let end = file.len() - 22;
        file[end + at..end + at + value.len()].copy_from_slice(value);
    })
}

fn directories() -> Vec<Case> {
    vec![
        case("a count one too high", RawArchive { miscount: 1, ..plain() }, flagged("counts 8", &[])),
        case("a directory elsewhere", in_end(16, &[9, 0, 0, 0]), flagged("damaged archive", &[])),
        case("a directory beyond the file", in_end(16, &[0, 0, 0, 0x70]), flagged("damaged archive", &[])),
        case("a directory of another size", in_end(12, &[9, 0, 0, 0]), flagged("damaged archive", &[])),
        case("an archive of several disks", in_end(4, &[1, 0, 1, 0]), flagged("split over several files", &[])),
        case("a directory with a broken record", in_directory(0, b"XX"), flagged("breaks off", &[])),
        case("a chunk that the directory does not list", unlisted(), flagged("not listed in its directory", &[])),
    ]
}

/// The last chunk is there, and the directory says nothing of it.
fn unlisted() -> Vec<u8> {
    let whole = plain();
    let mut listed = plain();
    listed.members.pop();
    let inner = whole.without_directory();
    let shorter = listed.without_directory().len();
    let mut file = listed.build();
    let added = inner.len() - shorter;
    file.splice(shorter..shorter, inner[shorter..].iter().copied());
    let end = file.len() - 22;
    let offset = u32::from_le_bytes(file[end + 16..end + 20].try_into().unwrap()) + added as u32;
    file[end + 16..end + 20].copy_from_slice(&offset.to_le_bytes());
    file
}

fn zip64() -> RawArchive {
    RawArchive { zip64: true, ..plain() }
}

/// Changes a field of the ZIP64 end record.
fn in_wide_end(at: usize, value: u64) -> Vec<u8> {
    surgery(&zip64(), |file| {
        let end = last_of(file, b"PK\x06\x06");
        file[end + at..end + at + 8].copy_from_slice(&value.to_le_bytes());
    })
}

fn wide() -> Vec<Case> {
    let huge = |change: fn(&mut RawMember)| {
        let mut archive = zip64();
        change(&mut archive.members[3]);
        archive
    };
    vec![
        case(
            "a wide size of exabytes",
            huge(|member| member.size = 1 << 60),
            flagged("'logic-1-2' (chunk 2)", &[(2_500, 2_500)]),
        ),
        case(
            "a wide packed size of exabytes",
            huge(|member| member.packed_size = 1 << 60),
            flagged("it is cut off", &SECOND),
        ),
        case(
            "a wide packed size that wraps around",
            huge(|member| member.packed_size = u64::MAX),
            flagged("it is cut off", &SECOND),
        ),
        case(
            "a wide place beyond all files",
            huge(|member| member.shift = 1 << 62),
            flagged("not listed in its directory", &[]),
        ),
        case("a wide count of members", in_wide_end(32, 1 << 40), Refused("--max-members")),
        case("a wide directory of exabytes", in_wide_end(40, 1 << 60), flagged("", &[])),
        case("a wide directory beyond all files", in_wide_end(48, u64::MAX - 3), flagged("", &[])),
        case(
            "a wide end record that is not there",
            surgery(&zip64(), |file| {
                let locator = last_of(file, b"PK\x06\x07");
                file[locator + 8] ^= 0x40;
            }),
            flagged("damaged archive", &[]),
        ),
    ]
}

fn places() -> Vec<Case> {
    vec![
        case("a chunk inside another", inner_chunk(), flagged("its bytes overlap those of 'notes'", &[(5_000, 7_500)])),
        case(
            "two names for the same bytes",
            plain().with(alias()),
            flagged("calls it otherwise", &[(LENGTH, LENGTH + 2_500)]),
        ),
    ]
}

/// The header and bytes of chunk 3 stand inside those of another member.
fn inner_chunk() -> RawArchive {
    let third = RawMember::deflated("logic-1-3", &chunk(3));
    let inner = RawArchive::default().with(third.clone()).without_directory();
    let mut archive = session(metadata().as_bytes());
    for number in [1, 2] {
        archive = archive.with(RawMember::deflated(&format!("logic-1-{number}"), &chunk(number)));
    }
    let place = archive.without_directory().len() + 30 + "notes".len();
    archive = archive.with(RawMember::stored("notes", &inner));
    archive = archive.with(third.but(|member| member.listed_at = Some(place as u64)));
    for number in [4, 5] {
        archive = archive.with(RawMember::deflated(&format!("logic-1-{number}"), &chunk(number)));
    }
    archive
}

/// A further record in the directory for the header of chunk 1.
fn alias() -> RawMember {
    let place = session(metadata().as_bytes()).without_directory().len() as u64;
    RawMember::deflated("logic-1-6", &chunk(1)).but(|member| member.listed_at = Some(place))
}

fn names() -> Vec<Case> {
    let renamed_bytes = |to: &'static [u8]| {
        surgery(&plain().with(RawMember::stored("notes-1-0", b"x")), |file| {
            while let Some(at) = file.windows(9).position(|window| window == b"notes-1-0") {
                file[at..at + 9].copy_from_slice(to);
            }
        })
    };
    let end = [(LENGTH, LENGTH)];
    vec![
        case("another member whose name is no UTF-8", renamed_bytes(b"notes-\xff\xfe-"), Right),
        case("a chunk whose number is no UTF-8", renamed_bytes(b"logic-1-\xff"), flagged("cannot be placed", &end)),
        case(
            "a name that only the directory has",
            with_chunk(2, |member| member.local_name = "logic-1-9".to_owned()),
            flagged("calls it otherwise", &SECOND),
        ),
        case(
            "a name of 60 000 letters",
            plain().with(RawMember::stored(&"n".repeat(60_000), b"x")),
            flagged("breaks off", &end),
        ),
        case("a name of nothing", plain().with(RawMember::stored("", b"x")), Right),
    ]
}
