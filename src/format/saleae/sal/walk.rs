//! The bytes of a digital channel, one after the other: its head, and chunks of runs of samples at one level.
//!
//! All numbers are little-endian. The head: `<SALEAE>`, version and type as 32 bits, a 1, the sample rate as a double, the
//! start of the capture as milliseconds since 1970 and a fraction; the first and the last sample that are kept, each behind
//! a byte that says whether it is stated; the number of chunks. A chunk: its first sample and the one behind its last. Of
//! version 1 the number of its samples follows, its sample rate, a 1, the runs behind the number of their bytes, and places
//! to begin at, of which the first has the level at the chunk's begin; of version 2 this level, a 0, and the runs.
//!
//! A run takes one byte or more, the most significant bits first: 6 bits of the first and 7 of each other, beside those that
//! say whether another follows; with one added they are its samples. The level changes from each run to the next.

use crate::format::archive::{Blocks, Fault};

/// The first 8 bytes of a channel's member.
pub(super) const IDENTIFIER: &[u8; 8] = b"<SALEAE>";
const DIGITAL: i32 = 100;
const ANALOG: i32 = 101;
/// No analyzer samples faster.
const FASTEST_HZ: f64 = 1e12;
/// A capture of more chunks is none.
const MOST_CHUNKS: u64 = 1 << 20;
/// So many bytes of runs are read at once: the changes of all lines stay in the cache.
const SOME: usize = 4 << 10;
/// No sample has a greater number.
const LAST: u64 = i64::MAX as u64;

/// What in a channel's bytes is not as it is known here.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum Unknown {
    #[error("it does not begin with '<SALEAE>'")]
    Identifier,
    #[error("it is of version {0}; versions 1 and 2 can be read")]
    Version(i32),
    #[error("it has an analog channel")]
    Analog,
    #[error("it is of type {0}; type {DIGITAL}, digital, can be read")]
    Kind(i32),
    #[error("{what} is {found}, where {expected} is known")]
    Reserved { what: &'static str, found: u64, expected: &'static str },
    #[error("its sample rate of {0} Hz is no whole number above zero")]
    Rate(f64),
    #[error("it has more than {MOST_CHUNKS} chunks")]
    TooManyChunks,
    #[error("it has no samples")]
    NoSamples,
    #[error("chunk {0} begins before the one before it ends")]
    Overlap(u64),
    #[error("chunk {0} ends before it begins")]
    Backwards(u64),
    #[error("chunk {0}: its samples are not as many as it says")]
    Count(u64),
    #[error("chunk {0}: a run with its highest bit set, whose meaning is not known")]
    HighBit(u64),
    #[error("chunk {0}: its places to begin at are none within it")]
    Places(u64),
    #[error("it ends within its data")]
    Cut,
    #[error("bytes follow behind its last chunk")]
    Trailing,
}

/// Why a channel cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum Broken {
    #[error("{0}")]
    Fault(#[from] Fault),
    #[error("{0}")]
    Unknown(#[from] Unknown),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

/// What the head of a channel says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    version: Version,
    /// Samples per second.
    pub(super) rate: u64,
    /// The first sample that is kept, if one is stated.
    pub(super) first: Option<u64>,
    /// The last one, if one is stated.
    pub(super) last: Option<u64>,
    chunks: u64,
}

/// A channel that is read from its begin to its end.
pub(super) struct Walk<'a> {
    bytes: Bytes<'a>,
    /// How many chunks were begun, and where the last of them ends.
    begun: u64,
    end: u64,
}

/// A chunk of which the runs are read.
#[derive(Debug)]
pub(super) struct Chunk {
    number: u64,
    pub(super) begin: u64,
    pub(super) end: u64,
    /// Its level at its begin, if that stands before its runs.
    high: Option<bool>,
    size: u64,
    /// Bytes of runs that are not yet read.
    left: u64,
    /// The samples up to here were read.
    at: u64,
    /// The bits of a run that goes on.
    open: Option<u64>,
}

impl<'a> Walk<'a> {
    /// The bytes of a channel, of which none was read.
    pub(super) fn new(blocks: Blocks<'a>) -> Walk<'a> {
        Walk { bytes: Bytes { blocks }, begun: 0, end: 0 }
    }

    /// Reads the head, which comes first.
    pub(super) fn head(&mut self) -> Result<Head, Broken> {
        Head::read(&mut self.bytes)
    }

    /// The head of the next chunk; none behind the last one, when every byte is proven.
    pub(super) fn chunk(&mut self, head: &Head) -> Result<Option<Chunk>, Broken> {
        if self.begun == head.chunks {
            return if self.bytes.blocks.rest()?.is_empty() { Ok(None) } else { Err(Unknown::Trailing.into()) };
        }
        self.begun += 1;
        let number = self.begun;
        let (begin, end) = (self.bytes.u64()?, self.bytes.u64()?);
        if number > 1 && begin < self.end {
            return Err(Unknown::Overlap(number).into());
        }
        if end < begin || end > LAST {
            return Err(Unknown::Backwards(number).into());
        }
        let high = match head.version {
            Version::One => {
                if self.bytes.u64()? != end - begin {
                    return Err(Unknown::Count(number).into());
                }
                let rate = self.bytes.u64()?;
                reserved("the sample rate of a chunk", rate, rate == head.rate, "that of the channel")?;
                let one = self.bytes.u64()?;
                reserved("the number before the runs", one, one == 1, "1")?;
                None
            }
            Version::Two => {
                let high = self.bytes.bit("the level at a chunk's begin")?;
                let zero = self.bytes.u8()?;
                reserved("the byte behind the level", zero.into(), zero == 0, "0")?;
                Some(high)
            }
        };
        let size = self.bytes.u64()?;
        self.end = end;
        Ok(Some(Chunk { number, begin, end, high, size, left: size, at: begin, open: None }))
    }

    /// Reads some of the runs of a chunk, and hands out each sample at which the level changes; false when no run is left.
    pub(super) fn runs(&mut self, chunk: &mut Chunk, mut change: impl FnMut(u64)) -> Result<bool, Broken> {
        if chunk.left == 0 {
            return if chunk.at == chunk.end && chunk.open.is_none() {
                Ok(false)
            } else {
                Err(Unknown::Count(chunk.number).into())
            };
        }
        let rest = self.bytes.blocks.rest()?;
        let count = usize::try_from(chunk.left).unwrap_or(usize::MAX).min(rest.len()).min(SOME);
        if count == 0 {
            return Err(Unknown::Cut.into());
        }
        let (mut at, end) = (chunk.at, chunk.end);
        let mut open = chunk.open;
        for &byte in &rest[..count] {
            let (value, goes_on) = match open {
                None if byte >= 0x80 => return Err(Unknown::HighBit(chunk.number).into()),
                None => (u64::from(byte & 0x3f), byte & 0x40 != 0),
                Some(value) => (value << 7 | u64::from(byte & 0x7f), byte & 0x80 != 0),
            };
            // No run is longer than what is left, nor is the part of it that was read; so nothing runs over.
            if value >= end - at {
                return Err(Unknown::Count(chunk.number).into());
            }
            if goes_on {
                if value > LAST >> 7 {
                    return Err(Unknown::Count(chunk.number).into());
                }
                open = Some(value);
                continue;
            }
            open = None;
            at += value + 1;
            if at < end {
                change(at);
            }
        }
        self.bytes.blocks.take(count);
        (chunk.at, chunk.open, chunk.left) = (at, open, chunk.left - count as u64);
        Ok(true)
    }

    /// Reads what stands behind the runs of a chunk; its level at its begin, which only one without samples may lack.
    pub(super) fn close(&mut self, head: &Head, chunk: &Chunk) -> Result<Option<bool>, Broken> {
        let unplaced = || Broken::from(Unknown::Places(chunk.number));
        let (mut high, mut before) = (chunk.high, None);
        if head.version == Version::One {
            for _ in 0..self.bytes.u64()? {
                let (sample, byte, level) = (self.bytes.u64()?, self.bytes.u64()?, self.bytes.u32()?);
                let level = bit("the level at a place to begin at", level.into())?;
                let is_within = sample < chunk.end - chunk.begin && byte < chunk.size;
                let is_next = match before {
                    None => (sample, byte) == (0, 0),
                    Some((last, from)) => sample > last && byte > from,
                };
                if !(is_next && (is_within || chunk.begin == chunk.end)) {
                    return Err(unplaced());
                }
                high.get_or_insert(level);
                before = Some((sample, byte));
            }
        }
        if high.is_none() && chunk.begin < chunk.end { Err(unplaced()) } else { Ok(high) }
    }

    /// What is wrong with a channel of which this was found: damage, if its bytes are not those that are stated.
    pub(super) fn fault(mut self, broken: Broken) -> Broken {
        loop {
            match self.bytes.blocks.rest() {
                Ok([]) => return broken,
                Ok(rest) => {
                    let count = rest.len();
                    self.bytes.blocks.take(count);
                }
                Err(fault) => return fault.into(),
            }
        }
    }
}

impl Head {
    fn read(bytes: &mut Bytes<'_>) -> Result<Head, Broken> {
        if bytes.array::<8>()? != *IDENTIFIER {
            return Err(Unknown::Identifier.into());
        }
        let version = match i32::from_le_bytes(bytes.array()?) {
            1 => Version::One,
            2 => Version::Two,
            other => return Err(Unknown::Version(other).into()),
        };
        match i32::from_le_bytes(bytes.array()?) {
            DIGITAL => {}
            ANALOG => return Err(Unknown::Analog.into()),
            other => return Err(Unknown::Kind(other).into()),
        }
        let one = bytes.u8()?;
        reserved("the byte before the sample rate", one.into(), one == 1, "1")?;
        let hertz = f64::from_le_bytes(bytes.array()?);
        if !(1.0..=FASTEST_HZ).contains(&hertz) || hertz.fract() != 0.0 {
            return Err(Unknown::Rate(hertz).into());
        }
        // When it began, in milliseconds and a fraction.
        bytes.array::<16>()?;
        let (first, last) = (bytes.kept()?, bytes.kept()?);
        let chunks = bytes.u64()?;
        if chunks > MOST_CHUNKS {
            return Err(Unknown::TooManyChunks.into());
        }
        Ok(Head { version, rate: hertz as u64, first, last, chunks })
    }
}

fn reserved(what: &'static str, found: u64, is_known: bool, expected: &'static str) -> Result<(), Unknown> {
    if is_known { Ok(()) } else { Err(Unknown::Reserved { what, found, expected }) }
}

fn bit(what: &'static str, value: u64) -> Result<bool, Unknown> {
    reserved(what, value, value <= 1, "0 or 1").map(|()| value == 1)
}

/// The numbers in a member's bytes, one after the other.
struct Bytes<'a> {
    blocks: Blocks<'a>,
}

impl Bytes<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        let mut bytes = [0; N];
        let mut filled = 0;
        while let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty()) {
            let rest = self.blocks.rest()?;
            let count = rest.len().min(room.len());
            if count == 0 {
                return Err(Unknown::Cut.into());
            }
            room[..count].copy_from_slice(&rest[..count]);
            self.blocks.take(count);
            filled += count;
        }
        Ok(bytes)
    }

    fn u8(&mut self) -> Result<u8, Broken> {
        self.array().map(|[byte]| byte)
    }

    fn u32(&mut self) -> Result<u32, Broken> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, Broken> {
        self.array().map(u64::from_le_bytes)
    }

    fn bit(&mut self, what: &'static str) -> Result<bool, Broken> {
        let value = self.u8()?;
        Ok(bit(what, value.into())?)
    }

    /// A sample that may be stated.
    fn kept(&mut self) -> Result<Option<u64>, Broken> {
        let is_stated = self.bit("the byte before a kept sample")?;
        let Some(sample) = is_stated.then(|| self.u64()).transpose()? else { return Ok(None) };
        reserved("a kept sample", sample, sample < LAST, "a lower one")?;
        Ok(Some(sample))
    }
}
