use super::*;
use crate::capture::{Caps, Capture, RecordEnd};
use crate::format::{open, open_as, read_capture};

// Made by GTKWave's own writer, as tests/suite/fixtures/fstapi.py says.
const LZ4: &[u8] = include_bytes!("../../../tests/suite/fixtures/fstapi-lz4.fst");
const ZLIB: &[u8] = include_bytes!("../../../tests/suite/fixtures/fstapi-zlib.fst");

fn read(reader: Result<Box<dyn Reader>, FormatError>) -> Result<Capture, FormatError> {
    let reader = reader?;
    let bits = reader.header().probes.iter().map(|probe| probe.bit).collect();
    let request = Request::of(bits);
    read_capture(&*reader, &request)
}

#[test]
fn each_packing_says_the_same() {
    let read = |bytes: &[u8]| read(open(Box::new(bytes.to_vec()))).unwrap();
    let (lz4, zlib) = (read(LZ4), read(ZLIB));
    assert_eq!((&lz4.lines, lz4.length, lz4.problems.len()), (&zlib.lines, zlib.length, 0));
    let names: Vec<&str> = lz4.lines.iter().map(|line| line.probe.name.as_str()).collect();
    assert_eq!(names, ["FSIN", "STROBE", "mode[0]", "mode[1]", "STROBE_AGAIN"]);
}

#[test]
fn the_head_states_the_end() {
    let capture = read(open(Box::new(LZ4.to_vec()))).unwrap();
    assert_eq!((capture.length.get(), capture.end), (2_100_000, RecordEnd::Stated));
}

#[test]
fn a_cut_trace_is_refused_or_damaged() {
    for whole in [LZ4, ZLIB] {
        for length in 1..whole.len() {
            match read(open_as(Box::new(whole[..length].to_vec()), ID, &Caps::default())) {
                Ok(capture) => assert!(!capture.lost.is_empty() && !capture.problems.is_empty(), "{length} bytes"),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
}

#[test]
fn no_change_of_a_byte_makes_it_fall_over() {
    for whole in [LZ4, ZLIB] {
        for place in 0..whole.len() {
            for flipped in [0x01, 0x80, 0xff] {
                let mut bytes = whole.to_vec();
                bytes[place] ^= flipped;
                // Whatever it makes of it, it comes to an end, within bounds.
                let _read = read(open_as(Box::new(bytes), ID, &Caps::default()));
            }
        }
    }
}

#[test]
fn what_is_no_trace_is_refused() {
    let refused = |bytes: &[u8]| read(open_as(Box::new(bytes.to_vec()), ID, &Caps::default())).unwrap_err().to_string();
    assert_eq!(
        refused(&[254, 0, 0, 0, 0, 0, 0, 0, 8]),
        "byte 0: a trace that is packed as a whole within another, or damaged"
    );
    assert_eq!(refused(&[99, 0, 0, 0, 0, 0, 0, 0, 8]), "byte 0: no block of a trace");
    assert_eq!(refused(b"text"), "byte 0: no block of a trace");
    assert_eq!(refused(&LZ4[..330]), "it has no geometry: it was not closed after writing; close it, or write a VCD");
}

#[test]
fn a_trace_that_is_packed_as_a_whole_is_unpacked() {
    let wrapped = |packed: &[u8], size: usize| {
        let length = 16 + packed.len() as u64;
        [&[254][..], &length.to_be_bytes(), &(size as u64).to_be_bytes(), packed].concat()
    };
    let mut packed = Vec::new();
    let mut packer = flate2::read::GzEncoder::new(LZ4, flate2::Compression::best());
    std::io::Read::read_to_end(&mut packer, &mut packed).unwrap();
    let read = |bytes: Vec<u8>| read(open(Box::new(bytes)));
    assert_eq!(read(wrapped(&packed, LZ4.len())).unwrap().lines, read(LZ4.to_vec()).unwrap().lines);
    for (bytes, reason) in [
        (wrapped(&packed[..90], LZ4.len()), "it is packed as a whole, and that is damaged: it is cut off"),
        (
            wrapped(&packed, LZ4.len() - 1),
            "it is packed as a whole, and that is damaged: it has another length than it states",
        ),
        (
            wrapped(&packed, 1 << 30),
            "it is packed as a whole, and has more than 268435456 bytes; unpack it: fst2vcd FILE",
        ),
    ] {
        assert_eq!(read(bytes).unwrap_err().to_string(), reason);
    }
}

#[test]
fn what_may_be_read_of_a_trace_is_bounded() {
    let within = |edges| {
        let reader = open(Box::new(LZ4.to_vec())).unwrap();
        let request = Request { caps: Caps { edges, ..Caps::default() }, ..Request::of(vec![0, 1, 2, 3]) };
        read_capture(&*reader, &request).map(|capture| capture.length.get()).map_err(|error| error.to_string())
    };
    assert_eq!(within(10_000), Ok(2_100_000));
    assert_eq!(
        within(100).unwrap_err(),
        "more than 100 edges on the wanted lines, as noise or a bus has, and a camera in more than a day; wire other lines, or raise --max-edges"
    );
}

#[test]
fn a_block_that_stands_twice_is_refused() {
    let mut twice = LZ4[..330].to_vec();
    twice.extend_from_slice(&LZ4[..330]);
    assert_eq!(read(open(Box::new(twice))).unwrap_err().to_string(), "byte 330: a second head");
}

#[test]
fn time_that_goes_back_is_damage() {
    let damaged = |bytes: Vec<u8>, at: usize| {
        let capture = read(open(Box::new(bytes))).unwrap();
        assert!(!capture.lost.is_empty());
        assert_eq!(capture.problems, [format!("the section at byte {at} is damaged; what follows is not read")]);
    };
    // The first section is the block at byte 330, told by its length at 331, behind which stands the time at which it begins.
    let mut late = LZ4.to_vec();
    late[339..347].copy_from_slice(&(1_u64 << 40).to_be_bytes());
    damaged(late, 331);
    // Both sections, the second of which is the block from 501 to 672, in the other order.
    damaged([&LZ4[..330], &LZ4[501..672], &LZ4[330..501], &LZ4[672..]].concat(), 502);
}
