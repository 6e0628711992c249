//! The archive around the members, and `version`.

use super::super::archives::{
    CHUNKS, RawArchive, RawMember, chunk, metadata, plain, samples, session, surgery, with_chunk, with_chunks,
    with_member,
};
use super::Outcome::{Refused, Right};
use super::{Case, case, flagged};

fn packed_by(pack: fn(&str, &[u8]) -> RawMember) -> RawArchive {
    with_chunks(|number, member| *member = pack(&format!("logic-1-{number}"), &chunk(number)))
}

fn reordered(order: impl FnOnce(&mut Vec<RawMember>)) -> RawArchive {
    let mut archive = plain();
    order(&mut archive.members);
    archive
}

fn with_comment(file: &mut Vec<u8>) {
    let end = file.len() - 2;
    file[end..].copy_from_slice(&7_u16.to_le_bytes());
    file.extend(b"comment");
}

/// The capture with this `version`.
fn version(text: &str) -> RawArchive {
    reordered(|members| members[0] = RawMember::stored("version", text.as_bytes()))
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("whole, in five chunks", plain(), Right),
        case("in one piece, metadata last, as version 1 has it", one_piece("1"), Right),
        case("in one piece, called version 2", one_piece("2"), Right),
        case("stored", packed_by(RawMember::stored), Right),
        case("packed by bzip2", packed_by(RawMember::bzip2), Right),
        case("packed in three ways", mixed(), Right),
        case("with every size in ZIP64 fields", RawArchive { zip64: true, ..plain() }, Right),
        case("with sizes behind the bytes", with_chunks(|_, member| member.deferred = true), Right),
        case("chunks in reverse", reordered(|members| members.reverse()), Right),
        case("with other members", with_others(), Right),
        case("with an archive comment", surgery(&plain(), with_comment), Right),
        case("with junk behind it", surgery(&plain(), |file| file.extend([0xaa; 3000])), Right),
        case(
            "with junk before it",
            surgery(&plain(), |file| {
                file.splice(0..0, *b"junk");
            }),
            Refused("not a capture of a known format"),
        ),
        case(
            "with another archive behind it",
            surgery(&plain(), |file| file.extend(shorter())),
            flagged("another archive", &[]),
        ),
        case("empty", Vec::new(), Refused("the file is empty")),
        case("one byte", vec![b'P'], Refused("not a capture of a known format")),
        case("a pointer", b"version https://git-lfs.github.com/spec/v1\n".to_vec(), Refused("a Git LFS pointer")),
        case("an archive of nothing", RawArchive::default(), Refused("no member 'version'")),
        case("without version", reordered(|members| drop(members.remove(0))), Refused("no member 'version'")),
        case("without metadata", reordered(|members| drop(members.remove(1))), Refused("no member 'metadata'")),
        case(
            "version twice",
            reordered(|members| members.push(RawMember::stored("version", b"2"))),
            Refused("'version' stands in the archive more than once"),
        ),
        case(
            "metadata twice",
            reordered(|members| members.push(RawMember::stored("metadata", metadata().as_bytes()))),
            Refused("'metadata' stands in the archive more than once"),
        ),
        case(
            "packed by LZMA",
            with_chunks(|_, member| member.method = 14),
            Refused("packed by method 14, which is not known"),
        ),
        case(
            "one chunk packed by LZMA",
            with_chunk(3, |member| member.method = 14),
            flagged("packed by method 14", &[(5_000, 7_500)]),
        ),
        case("encrypted", with_chunks(|_, member| member.flags = 1), Refused("it is encrypted")),
        case(
            "one chunk encrypted",
            with_chunk(1, |member| member.flags = 1),
            flagged("it is encrypted", &[(0, 2_500)]),
        ),
        case("metadata encrypted", reordered(|members| members[1].flags = 1), Refused("'metadata': it is encrypted")),
    ];
    for text in ["1", "2\n", " 2", "2.0", "2beta", "+2", "2         3"] {
        cases.push(case(format!("version {text:?}"), version(text), Right));
    }
    for text in ["3", "20", "0", "-1", "", "two", "v2"] {
        cases.push(case(format!("version {text:?}"), version(text), Refused("sessions of version 1 and 2")));
    }
    cases.push(case("with sizes behind bytes of every member", all_deferred(), Right));
    cases
}

fn one_piece(version: &str) -> RawArchive {
    RawArchive::default()
        .with(RawMember::stored("version", version.as_bytes()))
        .with(RawMember::deflated("logic-1", &samples()))
        .with(RawMember::deflated("metadata", metadata().replace('=', " = ").as_bytes()))
}

fn mixed() -> RawArchive {
    let mut archive = with_member(1, RawMember::stored("logic-1-1", &chunk(1)));
    archive.members[CHUNKS + 1] = RawMember::bzip2("logic-1-5", &chunk(5));
    archive
}

fn with_others() -> RawArchive {
    plain()
        .with(RawMember::stored("notes/", b""))
        .with(RawMember::deflated("notes/read me.txt", b"taken at the bench"))
        .with(RawMember::stored("analog-1-9-1", &[0; 8]))
}

fn all_deferred() -> RawArchive {
    let mut archive = plain();
    archive.members.iter_mut().for_each(|member| member.deferred = true);
    archive
}

/// Another capture, one of fewer samples.
fn shorter() -> Vec<u8> {
    session(metadata().as_bytes()).with(RawMember::deflated("logic-1-1", &chunk(1))).build()
}
