//! The blocks of a trace: its head, where its sections are, and what its variables are called.

use super::cursor::Cursor;
use super::hierarchy::{self, Names, Width};
use super::{FstError, pack};
use crate::format::Source;
use crate::format::timebase::Tick;

/// A block of a section is held in memory; a larger one is none that writers make.
const LARGEST_BLOCK: u64 = 256 << 20;
/// A trace of more blocks or variables is no logic analyzer's.
const MOST_BLOCKS: usize = 1 << 20;
const MOST_VARIABLES: usize = 1 << 16;

/// How a section lists where the changes of its variables are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SectionKind {
    Plain,
    SignedAlias,
}

/// Where a section is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section {
    pub(super) kind: SectionKind,
    /// Its length field, in bytes from the start of the file, from which its length counts.
    pub(super) at: u64,
    length: u64,
}

/// What a trace says of itself.
#[derive(Debug)]
pub(super) struct Trace {
    pub(super) tick: Tick,
    pub(super) end: u64,
    pub(super) names: Names,
    pub(super) sections: Vec<Section>,
    /// What is wrong with the row of blocks, as a sentence.
    pub(super) problem: Option<String>,
}

/// The bytes of a section, from its length field on.
pub(super) fn bytes(source: &dyn Source, section: &Section) -> Result<Vec<u8>, FstError> {
    read(source, section.at, section.length)
}

fn read(source: &dyn Source, at: u64, length: u64) -> Result<Vec<u8>, FstError> {
    let size = usize::try_from(length.min(LARGEST_BLOCK)).unwrap_or(0);
    let mut bytes = vec![0; size];
    let filled = source.fill_at(&mut bytes, at)?;
    if length > LARGEST_BLOCK || filled < size {
        return Err(FstError::Block { at, what: "a block that is cut off, or larger than any writer makes" });
    }
    Ok(bytes)
}

impl Trace {
    /// Walks along the blocks.
    pub(super) fn open(source: &dyn Source) -> Result<Trace, FstError> {
        let (mut head, mut geometry, mut names) = (None, None, None);
        let (mut sections, mut problem) = (Vec::new(), None);
        let (mut at, mut blocks) = (0, 0);
        while at < source.len() {
            let mut start = [0; 9];
            let filled = source.fill_at(&mut start, at)?;
            if at == 0 && !KINDS.contains(&start[0]) {
                return Err(FstError::Block { at, what: "no block of a trace" });
            }
            let length = Cursor(start.get(1..).unwrap_or(&[])).u64().filter(|_| filled == start.len()).unwrap_or(0);
            let end = (at + 1).checked_add(length).filter(|end| *end <= source.len() && length >= 8);
            let Some(end) = end.filter(|_| blocks < MOST_BLOCKS) else {
                // A writer that was stopped leaves a block without a length.
                problem = Some(format!("the block at byte {at} is cut off; what follows is not read"));
                break;
            };
            blocks += 1;
            let here = at + 1;
            let block = |what| FstError::Block { at, what };
            match start[0] {
                HEAD if head.is_some() => return Err(block("a second head")),
                GEOMETRY if geometry.is_some() => return Err(block("a second geometry")),
                GZIPPED_NAMES | LZ4_NAMES | TWICE_LZ4_NAMES if names.is_some() => {
                    return Err(block("a second hierarchy"));
                }
                HEAD => head = Some(read_head(&read(source, here, length)?).ok_or(block("no head of a trace"))?),
                GEOMETRY => {
                    let bytes = read(source, here, length)?;
                    geometry = Some(read_geometry(&bytes).ok_or(block("the geometry is damaged"))?);
                }
                kind @ (GZIPPED_NAMES | LZ4_NAMES | TWICE_LZ4_NAMES) => {
                    let bytes = read(source, here, length)?;
                    names = Some(unpacked_names(kind, &bytes).ok_or(block("the hierarchy is damaged"))?);
                }
                PLAIN | ALIAS => sections.push(Section { kind: SectionKind::Plain, at: here, length }),
                SIGNED_ALIAS => sections.push(Section { kind: SectionKind::SignedAlias, at: here, length }),
                WRAPPED => return Err(block("a trace that is packed as a whole within another, or damaged")),
                BLACKOUT | SKIP => {}
                _ => return Err(block("no block of a trace")),
            }
            at = end;
        }
        let (tick, end) = head.ok_or(FstError::Missing("head"))?;
        let widths: Vec<Width> = geometry.ok_or(FstError::Missing("geometry"))?;
        let names = names.ok_or(FstError::Missing("hierarchy"))?;
        let names = hierarchy::read(&names, &widths)
            .ok_or(FstError::Block { at: 0, what: "the hierarchy does not fit the geometry" })?;
        if names.probes.is_empty() {
            return Err(FstError::NoProbes);
        }
        Ok(Trace { tick, end, names, sections, problem })
    }
}

const HEAD: u8 = 0;
const PLAIN: u8 = 1;
const BLACKOUT: u8 = 2;
const GEOMETRY: u8 = 3;
const GZIPPED_NAMES: u8 = 4;
const ALIAS: u8 = 5;
const LZ4_NAMES: u8 = 6;
const TWICE_LZ4_NAMES: u8 = 7;
const SIGNED_ALIAS: u8 = 8;
const WRAPPED: u8 = 254;
const SKIP: u8 = 255;
/// Every kind of block.
const KINDS: [u8; 11] =
    [HEAD, PLAIN, BLACKOUT, GEOMETRY, GZIPPED_NAMES, ALIAS, LZ4_NAMES, TWICE_LZ4_NAMES, SIGNED_ALIAS, WRAPPED, SKIP];

/// The time unit and the last time.
fn read_head(block: &[u8]) -> Option<(Tick, u64)> {
    let mut cursor = Cursor(block);
    cursor.take(2 * 8)?;
    let end = cursor.u64()?;
    // A test of the byte order of real numbers, and five counts.
    cursor.take(6 * 8)?;
    let exponent = cursor.byte()?.cast_signed();
    Some((Tick::new(-i32::from(exponent))?, end))
}

/// The width of each variable.
fn read_geometry(block: &[u8]) -> Option<Vec<Width>> {
    let mut cursor = Cursor(block);
    cursor.take(8)?;
    let size = usize::try_from(cursor.u64()?).ok()?;
    let count = usize::try_from(cursor.u64()?).ok().filter(|count| *count <= MOST_VARIABLES)?;
    let bytes = pack::zlib_or_plain(cursor.0, size)?;
    let mut cursor = Cursor(&bytes);
    let width = |_| {
        Some(match cursor.varint()? {
            0 => Width::Real,
            text if text == u64::from(u32::MAX) => Width::Text,
            bits => Width::Bits(usize::try_from(bits).ok()?),
        })
    };
    (0..count).map(width).collect()
}

fn unpacked_names(kind: u8, block: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor(block);
    cursor.take(8)?;
    let size = usize::try_from(cursor.u64()?).ok()?;
    match kind {
        GZIPPED_NAMES => pack::gzip(cursor.0, size),
        LZ4_NAMES => pack::lz4(cursor.0, size),
        _ => {
            let once = cursor.count()?;
            pack::lz4(&pack::lz4(cursor.0, once)?, size)
        }
    }
}
