//! What sigrok reads wrong, without a word and with exit code 0, is refused, or flagged and located.

use super::*;

/// Samples of which no two chunks are alike: bit 0 toggles at primes.
fn samples() -> Vec<u8> {
    let prime = |n: usize| n > 1 && (2..n).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d));
    let mut level = 0;
    (0..500)
        .map(|at| {
            level ^= u8::from(prime(at));
            level
        })
        .collect()
}

/// Five chunks of a hundred samples.
fn five() -> RawArchive {
    let mut archive = session(1);
    for (index, chunk) in samples().chunks(100).enumerate() {
        archive = archive.with(RawMember::deflated(&format!("logic-1-{}", index + 1), chunk));
    }
    archive
}

/// The five chunks, one of them changed; `number` is from 1.
fn with_chunk(number: usize, change: impl FnOnce(&mut RawMember)) -> RawArchive {
    let mut archive = five();
    change(&mut archive.members[number + 1]);
    archive
}

fn without_chunk(number: usize) -> RawArchive {
    let mut archive = five();
    archive.members.remove(number + 1);
    archive
}

/// What the sink owes when some samples are lost: the states of the others, each where it differs from the last.
fn states_without(lost: std::ops::Range<u64>) -> Vec<(u64, u64)> {
    let mut known: Vec<(u64, u64)> = Vec::new();
    for (at, &sample) in samples().iter().enumerate() {
        let (at, state) = (at as u64, u64::from(sample));
        if !lost.contains(&at) && known.last().is_none_or(|(_, before)| *before != state) {
            known.push((if known.is_empty() { 0 } else { at }, state));
        }
    }
    known
}

/// The archive is read but for these samples, and says why.
fn loses(archive: &RawArchive, lost: std::ops::Range<u64>, sentence: &str) {
    let reading = read(&archive.build()).unwrap();
    assert_eq!(reading.problems, [sentence]);
    assert_eq!(reading.lost, [(lost.start, lost.end)]);
    assert_eq!((reading.calls, reading.length), (states_without(lost), 500));
}

#[test]
fn a_missing_chunk_is_a_gap_of_its_length() {
    loses(&without_chunk(2), 100..200, "chunk 2: missing; samples 100 to 199 are lost, or another number of them");
    loses(&without_chunk(1), 0..100, "chunk 1: missing; samples 0 to 99 are lost, or another number of them");
    let mut two = without_chunk(3);
    two.members.remove(4);
    loses(&two, 200..400, "chunks 3 to 4: missing; samples 200 to 399 are lost, or another number of them");
}

#[test]
fn a_length_is_proven_where_two_places_state_it() {
    let length = |archive: &RawArchive| {
        let extent = extent(&archive.build());
        assert_eq!(extent.lost.spans().len(), 1, "{:?}", extent.problems);
        extent.lost.spans()[0].length
    };
    let corrupt = |chunk: &mut RawMember| chunk.packed[0] = 0xff;
    assert_eq!(length(&with_chunk(2, corrupt)), Length::Proven);
    // Its bytes are as many as the directory says, which alone says it.
    assert_eq!(length(&with_chunk(2, |chunk| (chunk.deferred, chunk.crc) = (true, chunk.crc ^ 1))), Length::Proven);
    let deferred = |chunk: &mut RawMember| {
        chunk.deferred = true;
        corrupt(chunk);
    };
    assert_eq!(length(&with_chunk(2, deferred)), Length::Inferred);
    assert_eq!(length(&with_chunk(2, |chunk| chunk.local_name = "logic-1-7".to_owned())), Length::Inferred);
    assert_eq!(length(&without_chunk(2)), Length::Inferred);
    let mut uneven = without_chunk(2);
    uneven.members[2] = RawMember::deflated("logic-1-1", &toggling(90, 7));
    assert_eq!(length(&uneven), Length::Unknown);
}

#[test]
fn a_missing_chunk_of_unknown_length_is_a_cut() {
    let mut archive = session(1);
    for (number, length) in [(1, 100), (2, 90), (4, 50)] {
        archive = archive.with(RawMember::stored(&format!("logic-1-{number}"), &toggling(length, 7)));
    }
    let reading = read(&archive.build()).unwrap();
    assert_eq!(reading.problems, ["chunk 3: missing; an unknown number of samples is lost before sample 190"]);
    assert_eq!((reading.lost, reading.length), (vec![(190, 190)], 240));
    let lone = session(1).with(RawMember::stored("logic-1-7", &[1, 0]));
    let reading = read(&lone.build()).unwrap();
    assert_eq!(reading.problems, ["chunks 1 to 6: missing; an unknown number of samples is lost before sample 0"]);
    assert_eq!((reading.lost, reading.calls), (vec![(0, 0)], vec![(0, 1), (1, 0)]));
}

#[test]
fn a_chunk_whose_bytes_are_not_proven_is_lost_whole() {
    let damaged = with_chunk(2, |chunk| chunk.crc ^= 1);
    let (stated, found) = (damaged.members[3].crc, damaged.members[3].crc ^ 1);
    let sentence = format!(
        "'logic-1-2' (chunk 2): bad CRC-32: its bytes give {found:08x}, {stated:08x} is stated; samples 100 to 199 are lost"
    );
    loses(&damaged, 100..200, &sentence);
    let lost = "samples 100 to 199 are lost";
    // A block of a kind that does not exist.
    let corrupt = with_chunk(2, |chunk| chunk.packed[0] |= 0b110);
    loses(&corrupt, 100..200, &format!("'logic-1-2' (chunk 2): its deflate stream is corrupt; {lost}"));
    let short = with_chunk(2, |chunk| {
        chunk.packed.pop();
        chunk.packed_size -= 1;
    });
    loses(&short, 100..200, &format!("'logic-1-2' (chunk 2): its deflate stream is corrupt; {lost}"));
    let long = with_chunk(2, |chunk| {
        chunk.packed.push(0);
        chunk.packed_size += 1;
    });
    loses(&long, 100..200, &format!("'logic-1-2' (chunk 2): its packed bytes go on after their end; {lost}"));
}

#[test]
fn the_last_and_the_first_chunk_are_lost_in_place() {
    let sentence = |number, from, to| {
        format!("'logic-1-{number}' (chunk {number}): its deflate stream is corrupt; samples {from} to {to} are lost")
    };
    loses(&with_chunk(1, |chunk| chunk.packed[0] |= 0b110), 0..100, &sentence(1, 0, 99));
    loses(&with_chunk(5, |chunk| chunk.packed[0] |= 0b110), 400..500, &sentence(5, 400, 499));
}

#[test]
fn a_capture_of_which_nothing_is_proven_has_its_length_and_no_levels() {
    let chunk = RawMember::stored("logic-1", &samples()).but(|chunk| chunk.crc ^= 1);
    let reading = read(&session(1).with(chunk).build()).unwrap();
    assert_eq!((reading.calls, reading.lost), (vec![], vec![(0, 500)]));
}

#[test]
fn sizes_that_lie() {
    let sentence = |size| {
        let lost =
            if size == 0 { "it held no samples".to_owned() } else { format!("samples 100 to {} are lost", 99 + size) };
        format!("'logic-1-2' (chunk 2): its size is not the {size} bytes that are stated; {lost}")
    };
    for size in [0, 99, 101] {
        let reading = read(&with_chunk(2, |chunk| chunk.size = size).build()).unwrap();
        assert_eq!((reading.problems, reading.length), (vec![sentence(size)], 400 + size));
    }
    // So many bytes cannot be in there, so the length is not told.
    let reading = read(&with_chunk(2, |chunk| chunk.size = 0xffff_fff0).build()).unwrap();
    assert_eq!((reading.lost, reading.length), (vec![(100, 100)], 400));
    for size in [u64::MAX, 1 << 40] {
        let mut archive = with_chunk(2, |chunk| (chunk.size, chunk.packed_size) = (size, size));
        archive.zip64 = true;
        let reading = read(&archive.build()).unwrap();
        assert_eq!((reading.lost, reading.length), (vec![(100, 100)], 400), "{:?}", reading.problems);
    }
}

#[test]
fn a_directory_that_lies() {
    let reading = |archive: &RawArchive| read(&archive.build()).unwrap();
    for shift in [1, 5000, u64::from(u32::MAX) - 5000] {
        let shifted = reading(&with_chunk(2, |chunk| chunk.shift = shift));
        assert_eq!((shifted.calls, shifted.lost, shifted.length), (states_without(0..0), vec![], 500));
        assert_eq!(shifted.problems, [FORGOTTEN]);
    }
    let renamed = reading(&with_chunk(2, |chunk| chunk.local_name = "logic-1-7".to_owned()));
    assert_eq!(
        renamed.problems,
        [
            "'logic-1-2' (chunk 2): its own header calls it otherwise than the archive's directory; samples 100 to 199 are lost, or another number of them"
        ]
    );
    // The last chunk under another name would otherwise be a shorter capture without a word.
    let hidden = reading(&with_chunk(5, |chunk| chunk.name = "xogic-1-5".to_owned()));
    assert_eq!(hidden.problems, ["'xogic-1-5' cannot be placed among the chunks; their samples are lost"]);
    assert_eq!((hidden.lost, hidden.length), (vec![(400, 400)], 400));
    let lost = reading(&with_chunk(5, |chunk| (chunk.name, chunk.shift) = ("xogic-1-5".to_owned(), 9)));
    assert_eq!((lost.problems, lost.calls), (vec![FORGOTTEN.to_owned()], states_without(0..0)));
}

/// A chunk that stands where the directory lists nothing is found.
const FORGOTTEN: &str = "damaged archive: it holds members that are not listed in its directory; 7 members were found by \
                         their own headers";

#[test]
fn a_directory_that_cannot_be_used_is_replaced_by_the_headers() {
    let mut miscounted = five();
    miscounted.miscount = 1;
    let reading = read(&miscounted.build()).unwrap();
    assert_eq!(
        reading.problems,
        ["damaged archive: its directory lists 7 members and counts 8; 7 members were found by their own headers"]
    );
    assert_eq!((reading.calls, reading.lost.len()), (states_without(0..0), 0));
}

#[test]
fn a_truncated_archive_is_read_as_far_as_it_goes() {
    let archive = five();
    let file = archive.without_directory();
    let reading = read(&file).unwrap();
    let sentence = format!(
        "truncated archive: it has no directory at its end; 7 members were found by their own headers, up to byte {0} of {0}",
        file.len()
    );
    assert_eq!(reading.problems, [sentence]);
    assert_eq!((reading.calls, reading.lost, reading.length), (states_without(0..0), vec![(500, 500)], 500));
    // Cut within the last chunk: its length is still told.
    let reading = read(&file[..file.len() - 1]).unwrap();
    assert_eq!(reading.problems.len(), 2);
    assert_eq!(
        reading.problems[1],
        "'logic-1-5' (chunk 5): it is cut off: it would reach beyond the end of the file; samples 400 to 499 are lost, or another number of them"
    );
    assert_eq!((reading.calls, reading.lost), (states_without(400..500), vec![(400, 500)]));
}

#[test]
fn a_truncated_archive_of_streamed_members() {
    let mut archive = five();
    archive.members.iter_mut().for_each(|member| member.deferred = true);
    // Stored bytes do not say where they end.
    archive.members[0] = RawMember::deflated("version", b"2").but(|member| member.deferred = true);
    let file = archive.without_directory();
    let reading = read(&file).unwrap();
    assert_eq!((reading.calls, reading.problems.len()), (states_without(0..0), 1));
    let reading = read(&file[..file.len() - 20]).unwrap();
    assert_eq!((reading.calls, reading.lost), (states_without(400..500), vec![(400, 400)]));
}

#[test]
fn an_archive_cut_before_its_metadata_is_refused_with_the_reason() {
    let file = five().without_directory();
    let error = read(&file[..80]).unwrap_err();
    assert_eq!(error, "'metadata': it is cut off: it would reach beyond the end of the file");
    let error = read(&file[..40]).unwrap_err();
    assert_eq!(
        error,
        "no sigrok session: the archive has no member 'metadata'; truncated archive: it has no directory at its end; 1 member was found by its own header, up to byte 38 of 40"
    );
}

#[test]
fn chunks_of_no_place_are_said() {
    for name in ["logic-1-06", "LOGIC-1-6", "old/logic-1-6", "logic-1-0", "logic-2-1"] {
        let reading = read(&five().with(RawMember::stored(name, &[1])).build()).unwrap();
        assert_eq!(reading.problems, [format!("'{name}' cannot be placed among the chunks; their samples are lost")]);
        assert_eq!((reading.calls, reading.lost), (states_without(0..0), vec![(500, 500)]));
    }
}

#[test]
fn a_chunk_that_stands_twice_is_lost() {
    let archive = five().with(RawMember::stored("logic-1-2", &[0; 100]));
    loses(
        &archive,
        100..200,
        "'logic-1-2' (chunk 2): it stands in the archive more than once; samples 100 to 199 are lost, or another number of them",
    );
}

#[test]
fn a_ragged_chunk_is_a_cut_behind_its_last_whole_sample() {
    let mut archive = session(2);
    for (number, bytes) in [(1, [1, 0, 1, 0, 0].as_slice()), (2, &[2, 0, 3, 0])] {
        archive = archive.with(RawMember::stored(&format!("logic-1-{number}"), bytes));
    }
    let reading = read(&archive.build()).unwrap();
    assert_eq!(
        reading.problems,
        [
            "'logic-1-1' (chunk 1): its 5 bytes are no multiple of the 2 of a sample; an unknown number of samples is lost before sample 2"
        ]
    );
    assert_eq!((reading.lost, reading.calls), (vec![(2, 2)], vec![(0, 1), (2, 2), (3, 3)]));
}

#[test]
fn members_that_cannot_be_unpacked() {
    let encrypted = with_chunk(2, |chunk| chunk.flags = 1);
    loses(
        &encrypted,
        100..200,
        "'logic-1-2' (chunk 2): it is encrypted; save the capture without a password; samples 100 to 199 are lost",
    );
    let lzma = with_chunk(2, |chunk| chunk.method = 14);
    loses(
        &lzma,
        100..200,
        "'logic-1-2' (chunk 2): it is packed by method 14, which is not known; pack it stored, by deflate or by bzip2; samples 100 to 199 are lost",
    );
    let mut all = five();
    all.members.iter_mut().skip(2).for_each(|chunk| chunk.flags = 1);
    assert_eq!(read(&all.build()).unwrap_err(), "'logic-1-5': it is encrypted; save the capture without a password");
}

#[test]
fn a_header_that_is_not_proven_is_refused() {
    for (index, name) in ["version", "metadata"].into_iter().enumerate() {
        let mut archive = five();
        archive.members[index].crc ^= 1;
        let error = read(&archive.build()).unwrap_err();
        assert!(error.starts_with(&format!("'{name}': bad CRC-32")), "{error}");
    }
}

#[test]
fn members_that_share_bytes_are_unpacked_once() {
    // The second chunk's header stands inside the first one's bytes.
    let second = RawMember::stored("logic-1-2", &[1; 50]);
    let inner = RawArchive::default().with(second.clone()).without_directory();
    let outer = session(1).with(RawMember::stored("logic-1-1", &inner));
    let place = (outer.without_directory().len() - inner.len()) as u64;
    let archive = outer.with(second.but(|member| member.listed_at = Some(place)));
    let reading = read(&archive.build()).unwrap();
    assert_eq!(
        reading.problems,
        ["'logic-1-2' (chunk 2): its bytes overlap those of 'logic-1-1'; samples 89 to 138 are lost"]
    );
}

#[test]
fn many_problems_are_counted() {
    let mut archive = session(1);
    for number in 1..=150 {
        archive = archive.with(RawMember::stored(&format!("logic-1-{number}"), &[0; 10]).but(|chunk| chunk.crc ^= 1));
    }
    let problems = read(&archive.build()).unwrap().problems;
    assert_eq!((problems.len(), problems[100].as_str()), (101, "50 more problems are not listed"));
}
