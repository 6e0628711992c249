//! What sigrok reads right is read.

use super::*;
use crate::format::read_capture;
use crate::units::SampleRate;

fn three_chunks(pack: fn(&str, &[u8]) -> RawMember) -> (RawArchive, Vec<u8>) {
    let bytes = toggling(300, 7);
    let mut archive = session(1);
    for (index, chunk) in bytes.chunks(100).enumerate() {
        archive = archive.with(pack(&format!("logic-1-{}", index + 1), chunk));
    }
    (archive, bytes)
}

fn assert_whole(archive: &RawArchive, bytes: &[u8]) {
    let reading = whole(&archive.build());
    assert_eq!((reading.calls, reading.length), (states(1, bytes), bytes.len() as u64));
}

#[test]
fn every_packing_and_order_of_members() {
    for pack in [RawMember::stored, RawMember::deflated, RawMember::bzip2] {
        let (mut archive, bytes) = three_chunks(pack);
        assert_whole(&archive, &bytes);
        archive.members.reverse();
        assert_whole(&archive, &bytes);
        archive.zip64 = true;
        assert_whole(&archive, &bytes);
    }
}

#[test]
fn sizes_that_stand_behind_the_bytes() {
    let (mut archive, bytes) = three_chunks(RawMember::deflated);
    archive.members.iter_mut().for_each(|member| member.deferred = true);
    assert_whole(&archive, &bytes);
}

#[test]
fn thousands_of_tiny_chunks_are_sorted_by_number() {
    let bytes = toggling(12_000, 17);
    let mut archive = session(1);
    let mut chunks: Vec<RawMember> = (bytes.chunks(4).enumerate())
        .map(|(index, chunk)| RawMember::stored(&format!("logic-1-{}", index + 1), chunk))
        .collect();
    chunks.sort_by(|a, b| a.name.cmp(&b.name));
    archive.members.extend(chunks);
    assert_whole(&archive, &bytes);
}

#[test]
fn a_session_of_version_1_in_one_piece() {
    let bytes = toggling(1000, 30);
    let spaced = metadata(1).replace('=', " = ").replace("probe2", " trigger2 = 1\nprobe2");
    let archive = RawArchive::default()
        .with(RawMember::deflated("version", b"1"))
        .with(RawMember::deflated("logic-1", &bytes))
        .with(RawMember::deflated("metadata", spaced.as_bytes()));
    assert_whole(&archive, &bytes);
}

#[test]
fn data_of_any_name_and_empty_chunks() {
    let bytes = toggling(30, 4);
    let mut archive = RawArchive::default().with(RawMember::stored("version", b"2"));
    archive = archive.with(RawMember::stored("metadata", metadata(1).replace("logic-1", "foo").as_bytes()));
    for (number, chunk) in [(1, &bytes[..10]), (2, &[]), (3, &bytes[10..])] {
        archive = archive.with(RawMember::deflated(&format!("foo-{number}"), chunk));
    }
    assert_whole(&archive, &bytes);
    let empty = whole(&session(1).with(RawMember::stored("logic-1-1", b"")).build());
    assert_eq!((empty.calls, empty.length), (vec![], 0));
}

#[test]
fn every_unit_size_across_blocks() {
    for unit in 1..=8 {
        let mut bytes: Vec<u8> =
            (0..300_000 / unit).flat_map(|at| ((at / 999) as u64).to_le_bytes()[..unit].to_vec()).collect();
        bytes.truncate(bytes.len() / unit * unit);
        let archive = session(unit).with(RawMember::deflated("logic-1-1", &bytes));
        let reading = whole(&archive.build());
        assert_eq!((reading.calls, reading.length as usize), (states(unit, &bytes), bytes.len() / unit));
    }
}

#[test]
fn only_the_wanted_bits_change() {
    let archive = session(1).with(RawMember::stored("logic-1-1", &[0b11, 0b10, 0b00, 0b01, 0b11]));
    let request = |bits: Vec<u32>| Request::of(bits);
    let calls = |bits| read_with(&archive.build(), &request(bits)).unwrap().calls;
    assert_eq!(calls(vec![1]), [(0, 2), (2, 0), (4, 2)]);
    assert_eq!(calls(vec![0, 1]), [(0, 3), (1, 2), (2, 0), (3, 1), (4, 3)]);
    assert_eq!(calls(vec![]), [(0, 0)]);
    assert_eq!(calls(vec![12, 70]), [(0, 0)]);
}

#[test]
fn what_follows_the_archive_is_no_matter() {
    let (archive, bytes) = three_chunks(RawMember::deflated);
    let mut file = archive.build();
    file.extend(b"PK\x05\x06 and other junk behind it");
    let reading = whole(&file);
    assert_eq!(reading.calls, states(1, &bytes));
}

#[test]
fn versions_as_sigrok_reads_them() {
    let with = |version: &[u8]| {
        let mut archive = session(1).with(RawMember::stored("logic-1-1", &[0]));
        archive.members[0] = RawMember::stored("version", version);
        read(&archive.build()).map(|reading| reading.length)
    };
    for version in ["1", "2", "2\n", " 2", "\t+2", "2.0", "2beta", "0000000002 and more"] {
        assert_eq!(with(version.as_bytes()), Ok(1), "{version:?}");
    }
    for version in ["3", "20", "0", "", "two", "-1", "          2", "00000000002"] {
        let error = with(version.as_bytes()).unwrap_err();
        assert!(error.ends_with("sessions of version 1 and 2 can be read"), "{version:?}: {error}");
    }
}

#[test]
fn caps_are_errors_that_say_how_to_raise_them() {
    let (archive, _) = three_chunks(RawMember::deflated);
    let error = |samples, edges| {
        let caps = Caps { samples, edges, ..Caps::default() };
        read_with(&archive.build(), &Request { caps, ..Request::of(all_bits()) }).map(|reading| reading.length)
    };
    assert_eq!(error(300, 42), Ok(300));
    assert_eq!(error(299, 42), Err("more than 299 samples; raise --max-samples".to_owned()));
    let few = error(300, 5).unwrap_err();
    assert_eq!(
        few,
        "more than 5 edges on the wanted lines, as noise or a bus has, and a camera in more than a day; wire other lines, or raise --max-edges"
    );
}

#[test]
fn a_capture_has_a_line_per_wanted_probe_and_a_rate() {
    let text = metadata(1).replace("samplerate=1 MHz\n", "").replace("probe2", "probe8");
    let mut archive = session(1).with(RawMember::stored("logic-1-1", &[0, 1, 0x81, 0x80]));
    archive.members[1] = RawMember::stored("metadata", text.as_bytes());
    let reader = open(Box::new(archive.build())).unwrap();
    let request = |edges| Request { caps: Caps { edges, ..Caps::default() }, ..Request::of(vec![7, 3, 9]) };
    let error = read_capture(&*reader, &request(9)).unwrap_err().to_string();
    assert_eq!(error, "the capture does not say its sample rate; state it, for example with --samplerate 24MHz");
    let rate = SampleRate::parse("17 Hz").unwrap();
    let request = |edges| Request { rate: Some(rate.clone()), ..request(edges) };
    let capture = read_capture(&*reader, &request(1)).unwrap();
    assert_eq!((capture.lines.len(), capture.length.get(), &capture.rate), (1, 4, &rate));
    assert_eq!(capture.waveform(7).unwrap().changes(), [2]);
    // The sink's own refusal is passed on.
    let error = read_capture(&*reader, &request(0)).unwrap_err().to_string();
    assert_eq!(
        error,
        "more than 0 edges on the wanted lines, as noise or a bus has, and a camera in more than a day; wire other lines, or raise --max-edges"
    );
}

#[test]
fn other_files_are_refused() {
    let refused = |archive: &RawArchive| read(&archive.build()).unwrap_err();
    let chunk = RawMember::stored("logic-1-1", &[0]);
    let bare = RawArchive::default().with(chunk.clone());
    assert_eq!(refused(&bare), "no sigrok session: the archive has no member 'version'");
    assert_eq!(
        refused(&session(1)),
        "no samples: the archive has neither 'logic-1' nor 'logic-1-1'; it was closed before the first sample, or is cut off before it"
    );
    let mut twice = session(1).with(chunk.clone());
    twice.members.push(RawMember::stored("metadata", metadata(2).as_bytes()));
    assert_eq!(refused(&twice), "'metadata' stands in the archive more than once; remove the one that is wrong");
    let both = session(1).with(chunk.clone()).with(RawMember::stored("logic-1", &[1]));
    assert!(refused(&both).starts_with("the archive holds both 'logic-1' and 'logic-1-1'"));
    assert_eq!(read(b"").unwrap_err(), "the file is empty");
    let unknown = read(b"hello").unwrap_err();
    assert!(unknown.starts_with("not a capture of a known format; known are: "), "{unknown}");
    assert!(unknown.contains(", sigrok session (.sr), "), "{unknown}");
    let mut behind_junk = b"junk".to_vec();
    behind_junk.extend(session(1).with(chunk).build());
    assert_eq!(read(&behind_junk).unwrap_err(), unknown);
}
