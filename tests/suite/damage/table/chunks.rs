//! The samples' members: which are there, in which order, and whether their bytes are what they should be.

use super::super::archives::{
    CHUNKS, LENGTH, RawArchive, RawMember, chunk, metadata, plain, samples, session, with_chunk, with_chunks,
};
use super::Outcome::{Refused, Right};
use super::{Case, case, flagged};

fn renamed(name: impl Fn(usize) -> String) -> RawArchive {
    with_chunks(|number, member| {
        member.name = name(number);
        member.local_name = member.name.clone();
    })
}

fn without(numbers: &[usize]) -> RawArchive {
    let mut archive = plain();
    archive.members.retain(|member| !numbers.iter().any(|number| member.name == format!("logic-1-{number}")));
    archive
}

/// Chunks of so many samples each.
fn cut_into(lengths: &[usize]) -> RawArchive {
    let samples = samples();
    let (mut archive, mut rest) = (session(metadata().as_bytes()), samples.as_slice());
    for (number, length) in (1..).zip(lengths.iter().chain([&usize::MAX])) {
        let (chunk, later) = rest.split_at((*length).min(rest.len()));
        archive = archive.with(RawMember::deflated(&format!("logic-1-{number}"), chunk));
        rest = later;
    }
    archive
}

pub(super) fn cases() -> Vec<Case> {
    [gaps(), names(), bytes(), truncated()].concat()
}

fn gaps() -> Vec<Case> {
    let missing = "missing";
    vec![
        case("an empty chunk between others", cut_into(&[2000, 0, 5000]), Right),
        case("one chunk of all samples", cut_into(&[]), Right),
        case("chunks of one sample", cut_into(&[1; 300]), Right),
        case("chunks of any length", cut_into(&[1, 4095, 17, 3333]), Right),
        case("chunk 2 is missing", without(&[2]), flagged(missing, &[(2_500, 5_000)])),
        case("chunk 1 is missing", without(&[1]), flagged(missing, &[(0, 2_500)])),
        case("chunks 2 to 4 are missing", without(&[2, 3, 4]), flagged("chunks 2 to 4: missing", &[(2_500, 10_000)])),
        case("chunks 2 and 4 are missing", without(&[2, 4]), flagged(missing, &[(2_500, 5_000), (7_500, 10_000)])),
        case("all but the last are missing", without(&[1, 2, 3, 4]), flagged("chunks 1 to 4: missing", &[(0, 0)])),
        case(
            "numbers from 0",
            renamed(|n| format!("logic-1-{}", n - 1)),
            flagged("'logic-1-0' cannot be placed", &[(10_000, 10_000)]),
        ),
        case("numbers from 2", renamed(|n| format!("logic-1-{}", n + 1)), flagged("chunk 1: missing", &[(0, 2_500)])),
        case("no chunks", without(&[1, 2, 3, 4, 5]), Refused("no samples")),
        case(
            "a number beyond all others",
            plain().with(RawMember::stored("logic-1-4000000000", &chunk(5))),
            flagged("chunks 6 to 3999999999: missing", &[(LENGTH, LENGTH + 3_999_999_994 * 2_500)]),
        ),
    ]
}

fn names() -> Vec<Case> {
    let unplaced = "cannot be placed";
    let end = [(LENGTH, LENGTH)];
    vec![
        case("zero-padded numbers", renamed(|n| format!("logic-1-{n:02}")), Refused(unplaced)),
        case("another case", renamed(|n| format!("Logic-1-{n}")), Refused(unplaced)),
        case("in a folder", renamed(|n| format!("capture/logic-1-{n}")), Refused(unplaced)),
        case("under another name", renamed(|n| format!("data-{n}")), Refused("no samples")),
        case("a zero-padded number more", plain().with(RawMember::stored("logic-1-06", &[1])), flagged(unplaced, &end)),
        case(
            "the data of another device more",
            plain().with(RawMember::stored("logic-2-1", &[1])),
            flagged(unplaced, &end),
        ),
        case(
            "chunks and all in one piece",
            plain().with(RawMember::deflated("logic-1", &samples())),
            Refused("both 'logic-1' and 'logic-1-1'"),
        ),
        case(
            "a chunk twice, with other samples",
            plain().with(RawMember::stored("logic-1-2", &[0; 2500])),
            flagged("more than once", &[(2_500, 5_000)]),
        ),
        case(
            "a chunk twice, with the same samples",
            plain().with(RawMember::deflated("logic-1-2", &chunk(2))),
            flagged("more than once", &[(2_500, 5_000)]),
        ),
    ]
}

fn bytes() -> Vec<Case> {
    let second = [(2_500, 5_000)];
    let stored = |change: fn(&mut RawMember)| {
        with_chunk(2, |member| *member = RawMember::stored("logic-1-2", &chunk(2)).but(change))
    };
    let bzip2 = |change: fn(&mut RawMember)| {
        with_chunk(2, |member| *member = RawMember::bzip2("logic-1-2", &chunk(2)).but(change))
    };
    vec![
        case(
            "a stored sample that was changed",
            stored(|member| member.packed[700] ^= 2),
            flagged("bad CRC-32", &second),
        ),
        case("a stated sum that is wrong", with_chunk(2, |member| member.crc ^= 1), flagged("bad CRC-32", &second)),
        case(
            "a corrupt deflate stream",
            with_chunk(2, |member| member.packed[0] |= 6),
            flagged("deflate stream is corrupt", &second),
        ),
        case("a cut deflate stream", with_chunk(2, cut_short), flagged("deflate stream is corrupt", &second)),
        case("a corrupt bzip2 stream", bzip2(|member| member.packed[20] ^= 0x55), flagged("", &second)),
        case("a deflate stream that goes on", with_chunk(2, go_on), flagged("go on after their end", &second)),
        case("every chunk corrupt", with_chunks(|_, member| member.crc ^= 1), flagged("bad CRC-32", &[(0, LENGTH)])),
        case(
            "the last chunk corrupt",
            with_chunk(CHUNKS, |member| member.crc ^= 1),
            flagged("bad CRC-32", &[(10_000, LENGTH)]),
        ),
        case("a version that is corrupt", damaged_member(0), Refused("'version': bad CRC-32")),
        case("metadata that are corrupt", damaged_member(1), Refused("'metadata': bad CRC-32")),
    ]
}

fn cut_short(member: &mut RawMember) {
    member.packed.pop();
    member.packed_size -= 1;
}

fn go_on(member: &mut RawMember) {
    member.packed.push(0);
    member.packed_size += 1;
}

fn damaged_member(index: usize) -> RawArchive {
    let mut archive = plain();
    archive.members[index].crc ^= 1;
    archive
}

fn truncated() -> Vec<Case> {
    let whole = plain().without_directory();
    let last = plain().members[CHUNKS + 1].packed.len();
    let up_to = |bytes: usize| whole[..bytes].to_vec();
    let after_header = whole.len() - last;
    vec![
        case("without its directory", whole.clone(), flagged("truncated archive", &[(LENGTH, LENGTH)])),
        case("cut within its last chunk", up_to(whole.len() - 1), flagged("it is cut off", &[(10_000, LENGTH)])),
        case(
            "cut behind the header of its last chunk",
            up_to(after_header),
            flagged("it is cut off", &[(10_000, LENGTH)]),
        ),
        case(
            "cut within the header of its last chunk",
            up_to(after_header - 5),
            flagged("truncated archive", &[(10_000, 10_000)]),
        ),
        case("cut within metadata", up_to(80), Refused("'metadata': it is cut off")),
        case("cut behind version", up_to(38), Refused("no member 'metadata'; truncated archive")),
        case(
            "cut within its directory",
            {
                let file = plain().build();
                file[..file.len() - 40].to_vec()
            },
            flagged("no directory at its end", &[]),
        ),
    ]
}
