//! Streams of every kind, unpacked twice: by this decoder and by zlib-rs.

mod codes;
pub(crate) mod encoder;
mod streams;

use flate2::{Decompress, FlushDecompress, Status};

use super::{Crc32, Fault, Inflater, Packed, Pieces};
use crate::format::Source;

/// A stream that was unpacked: its bytes, and how many packed bytes were left; none if it is corrupt.
type Unpacked = Option<(Vec<u8>, u64)>;

/// Writes the pieces down and holds them to what they promise.
struct Written {
    unit: usize,
    bytes: Vec<u8>,
    crc: Crc32,
    /// How many bytes came as repeats.
    repeated: u64,
    ragged: bool,
}

impl Pieces for Written {
    type Refusal = ();

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), ()> {
        assert!(!self.ragged, "only the last piece may end within a sample");
        assert!(!bytes.is_empty());
        self.ragged = !bytes.len().is_multiple_of(self.unit);
        self.bytes.extend_from_slice(bytes);
        self.crc.bytes(bytes);
        if self.bytes.len() > MOST { Err(()) } else { Ok(()) }
    }

    fn repeat(&mut self, pattern: &[u8], length: u64) -> Result<(), ()> {
        assert!(!self.ragged && self.bytes.ends_with(pattern));
        assert_eq!((pattern.len() % self.unit, length % self.unit as u64), (0, 0));
        self.repeated += length;
        self.crc.repeat(pattern, length);
        if self.bytes.len() as u64 + length > MOST as u64 {
            return Err(());
        }
        self.bytes.extend(pattern.iter().cycle().take(length as usize));
        Ok(())
    }
}

/// More bytes than this no stream here has.
const MOST: usize = 64 << 20;

/// Unpacks a stream by this decoder; also how many of its bytes came as repeats.
fn ours(inflater: &mut Inflater, source: &dyn Source, unit: usize) -> (Unpacked, u64) {
    let mut written = Written { unit, bytes: Vec::new(), crc: Crc32::new(), repeated: 0, ragged: false };
    match inflater.unpack(Packed { source, at: 0, length: source.len() }, unit, &mut written) {
        Ok(left) => {
            assert_eq!(written.crc.sum(), crc32fast::hash(&written.bytes));
            (Some((written.bytes, left)), written.repeated)
        }
        Err(Fault::Corrupt(_)) => (None, written.repeated),
        Err(fault @ (Fault::Io(_) | Fault::Refused(()))) => panic!("{fault:?}"),
    }
}

/// Unpacks a stream by zlib-rs.
fn theirs(packed: &[u8]) -> Unpacked {
    let mut inflate = Decompress::new(false);
    let mut bytes = Vec::new();
    loop {
        let before = bytes.len() + packed.len();
        bytes.reserve(1 << 16);
        let rest = &packed[inflate.total_in() as usize..];
        match inflate.decompress_vec(rest, &mut bytes, FlushDecompress::None) {
            Ok(Status::StreamEnd) => return Some((bytes, packed.len() as u64 - inflate.total_in())),
            Ok(Status::Ok) if bytes.len() + packed.len() > before || inflate.total_in() < packed.len() as u64 => {}
            Ok(Status::Ok | Status::BufError) | Err(_) => return None,
        }
    }
}

/// Unpacks a stream both ways, as samples of every size; it must come to the same.
fn both(inflater: &mut Inflater, packed: &[u8]) -> Unpacked {
    let expected = theirs(packed);
    let source = packed.to_vec();
    for unit in 1..=8 {
        let (found, _) = ours(inflater, &source, unit);
        assert_eq!(found.is_some(), expected.is_some(), "unit {unit}: {}", hex(packed));
        assert!(found == expected, "unit {unit}: {}", hex(packed));
    }
    expected
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(4096).map(|byte| format!("{byte:02x}")).collect()
}

/// How many cases a property is tried on; `STROBECHECK_CASES` multiplies it.
pub(crate) fn cases(usual: u32) -> proptest::prelude::ProptestConfig {
    let times = std::env::var("STROBECHECK_CASES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    proptest::prelude::ProptestConfig::with_cases(usual.saturating_mul(times))
}
