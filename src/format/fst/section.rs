//! A section of a trace: the changes of all variables within a stretch of time.
//!
//! It has a *frame* (the value of each variable at its begin), the packed changes of each variable one after the other, a
//! *chain* that says where those of each variable are, and the times at which anything changes. A change states how many
//! of these times it comes after the one before it.

use super::blocks::SectionKind;
use super::cursor::Cursor;
use super::hierarchy::{Variable, Width};
use super::pack;
use crate::format::FormatError;
use crate::format::levels::Levels;
use crate::format::placer::Placer;

/// The value of a bit: the place of its time, the bit, and the value. Few bytes, since there are many of them.
type Value = (u32, u8, u8);

/// Why a section is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    Damaged,
    /// It has more changes or times than may still be read.
    TooMany,
    /// It is whole, in a packing that is not read here.
    FastLz,
}

/// How much may still be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Left {
    /// Values of bits that differ from the ones before them, which are held.
    pub(super) values: u64,
    /// Values of bits.
    pub(super) digits: u64,
    pub(super) times: u64,
}

/// The changes of a section, its values in order of time.
pub(super) struct Changes {
    /// The begin of the section, and the values there, if they are wanted: a bit and its value.
    frame: Option<(u64, Vec<(u32, u8)>)>,
    times: Vec<u64>,
    values: Vec<Value>,
}

impl Changes {
    /// Whether all of it lies at this time or later.
    pub(super) fn is_after(&self, time: u64) -> bool {
        // Its times are in order, and so is the frame's.
        self.times.first().is_none_or(|first| *first >= time)
    }

    /// Its last time, if it has any.
    pub(super) fn last(&self) -> Option<u64> {
        self.times.last().copied().or(self.frame.as_ref().map(|(begin, _)| *begin))
    }

    /// Whether a value changes at its last time.
    pub(super) fn changes_at_end(&self) -> bool {
        let last = self.values.last().map(|(place, ..)| *place as usize + 1);
        last.map_or(self.times.is_empty(), |last| last == self.times.len())
    }

    /// Sends what changes to the placer.
    pub(super) fn send(&self, levels: &mut Levels, placer: &mut Placer<'_>) -> Result<(), FormatError> {
        if let Some((begin, values)) = &self.frame {
            values.iter().for_each(|(bit, value)| {
                levels.set(*bit, *value);
            });
            if self.times.first() != Some(begin) {
                placer.levels((*begin).into(), *levels)?;
            }
        }
        let mut values = self.values.iter().peekable();
        for (place, time) in (0..).zip(&self.times) {
            while let Some((_, bit, value)) = values.next_if(|(at, ..)| *at == place) {
                levels.set((*bit).into(), *value);
            }
            placer.levels((*time).into(), *levels)?;
        }
        Ok(())
    }
}

/// Reads a section. Only the first one needs its frame. What few packed bytes blow up to is bounded by `left`: what was read
/// is taken from it.
pub(super) fn read(
    section: &[u8],
    kind: SectionKind,
    handles: &[Variable],
    wanted: u64,
    is_first: bool,
    left: &mut Left,
) -> Result<Changes, Unread> {
    let changes = changes(section, kind, (handles, wanted), is_first, left)?;
    changes.ok_or(if left.values == 0 || left.digits == 0 || left.times == 0 {
        Unread::TooMany
    } else {
        Unread::Damaged
    })
}

fn changes(
    section: &[u8],
    kind: SectionKind,
    (handles, wanted): (&[Variable], u64),
    is_first: bool,
    left: &mut Left,
) -> Result<Option<Changes>, Unread> {
    let parts = parts(section, kind, handles, is_first, left);
    let Some(Parts { frame, times, data, places }) = parts else { return Ok(None) };
    let Some(packing) = data.first().copied() else { return Ok(None) };
    let mut values = Vec::new();
    for (variable, place) in handles.iter().zip(places) {
        let (Width::Bits(width), Some((from, to))) = (variable.width, place) else { continue };
        let is_wanted = |first: &&u32| (**first..**first + width as u32).any(|bit| wanted >> bit & 1 == 1);
        let firsts: Vec<u32> = variable.firsts.iter().filter(is_wanted).copied().collect();
        if firsts.is_empty() {
            continue;
        }
        let Some(packed) = data.get(from..to) else { return Ok(None) };
        let Some(bytes) = unpacked(packed, packing)? else { return Ok(None) };
        if variable_values(&bytes, (&firsts, width), times.len(), &mut values, left).is_none() {
            return Ok(None);
        }
    }
    // Stable: of changes at one time, those of a variable stay in order.
    values.sort_by_key(|(at, ..)| *at);
    Ok(Some(Changes { frame, times, values }))
}

/// The parts of a section.
struct Parts<'b> {
    frame: Option<(u64, Vec<(u32, u8)>)>,
    times: Vec<u64>,
    /// How the changes are packed, and they themselves.
    data: &'b [u8],
    places: Places,
}

fn parts<'b>(
    section: &'b [u8],
    kind: SectionKind,
    handles: &[Variable],
    is_first: bool,
    left: &mut Left,
) -> Option<Parts<'b>> {
    let mut cursor = Cursor(section);
    cursor.take(8)?;
    let begin = cursor.u64()?;
    cursor.take(2 * 8)?;
    let (size, packed, count) = (cursor.count()?, cursor.count()?, cursor.count()?);
    let frame = cursor.take(packed)?;
    let frame =
        if is_first { Some((begin, frame_values(&pack::zlib_or_plain(frame, size)?, handles, count)?)) } else { None };

    let (times, rest) = times(cursor.0, &mut left.times)?;
    if frame.is_some() && times.first().is_some_and(|first| *first < begin) {
        return None;
    }
    let mut cursor = Cursor(rest);
    let count = cursor.count().filter(|count| *count <= handles.len())?;
    let (rest, chain_length) = cursor.0.split_at_checked(cursor.0.len().checked_sub(8)?)?;
    let chain_length = usize::try_from(Cursor(chain_length).u64()?).ok()?;
    let (data, chain) = rest.split_at_checked(rest.len().checked_sub(chain_length)?)?;
    let places = match kind {
        SectionKind::Plain => places(chain, count, data.len())?,
        SectionKind::SignedAlias => signed_places(chain, count, data.len())?,
    };
    Some(Parts { frame, times, data, places })
}

/// The values at the begin: a character for each bit, the highest first.
fn frame_values(frame: &[u8], handles: &[Variable], count: usize) -> Option<Vec<(u32, u8)>> {
    let (mut cursor, mut values) = (Cursor(frame), Vec::new());
    for variable in handles.get(..count)? {
        match variable.width {
            Width::Bits(width) => {
                let digits = cursor.take(width)?;
                for first in &variable.firsts {
                    values.extend((*first..).zip(digits.iter().rev().copied()));
                }
            }
            Width::Real => {
                cursor.take(8)?;
            }
            Width::Text => {}
        }
    }
    Some(values)
}

/// The times, which stand at the end, and what stands before them.
fn times<'b>(rest: &'b [u8], left: &mut u64) -> Option<(Vec<u64>, &'b [u8])> {
    let (rest, sizes) = rest.split_at_checked(rest.len().checked_sub(3 * 8)?)?;
    let mut sizes = Cursor(sizes);
    let mut size = || usize::try_from(sizes.u64()?).ok();
    let (size, packed, count) = (size()?, size()?, size()?);
    let (rest, packed) = rest.split_at_checked(rest.len().checked_sub(packed)?)?;
    // A time has at most ten bytes.
    let bytes = pack::zlib_or_plain(packed, Some(size).filter(|size| size / 10 <= count)?)?;
    let (mut cursor, mut time, mut times) = (Cursor(&bytes), 0_u64, Vec::new());
    for _ in 0..count {
        spend(left, 1)?;
        time = time.checked_add(cursor.varint()?)?;
        times.push(time);
    }
    Some((times, rest))
}

/// So much more; none where no more may be read.
fn spend(left: &mut u64, more: u64) -> Option<()> {
    let rest = left.checked_sub(more);
    *left = rest.unwrap_or(0);
    rest.map(|_| ())
}

/// From where to where the changes of each variable are among the data, if it has any.
type Places = Vec<Option<(usize, usize)>>;

/// Places that are being read from a chain.
struct Chain {
    places: Places,
    /// The variable whose end is not known yet, and where it begins.
    open: Option<(usize, usize)>,
    begin: usize,
}

impl Chain {
    fn new() -> Chain {
        Chain { places: Vec::new(), open: None, begin: 0 }
    }

    fn begins_after(&mut self, distance: usize) -> Option<()> {
        self.begin = self.begin.checked_add(distance)?;
        self.close(self.begin);
        self.open = Some((self.places.len(), self.begin));
        self.places.push(None);
        Some(())
    }

    fn close(&mut self, end: usize) {
        if let Some((variable, begin)) = self.open.take() {
            self.places[variable] = Some((begin, end));
        }
    }

    fn nothing_for(&mut self, variables: u64, count: usize) -> Option<()> {
        let length = self.places.len().checked_add(usize::try_from(variables).ok()?)?;
        (length <= count).then(|| self.places.resize(length, None))
    }

    /// The places once all is read; `aliases` have the changes of another variable each.
    fn finish(mut self, end: usize, aliases: &[(usize, usize)]) -> Places {
        self.close(end);
        for (variable, other) in aliases {
            self.places[*variable] = self.places.get(*other).copied().flatten();
        }
        self.places
    }
}

fn places(chain: &[u8], count: usize, end: usize) -> Option<Places> {
    let (mut cursor, mut chained, mut aliases) = (Cursor(chain), Chain::new(), Vec::new());
    while !cursor.is_empty() && chained.places.len() < count {
        match cursor.varint()? {
            0 => {
                aliases.push((chained.places.len(), cursor.count()?.checked_sub(1)?));
                chained.places.push(None);
            }
            distance if distance & 1 == 1 => chained.begins_after(usize::try_from(distance >> 1).ok()?)?,
            nothing => chained.nothing_for(nothing >> 1, count)?,
        }
    }
    Some(chained.finish(end, &aliases))
}

fn signed_places(chain: &[u8], count: usize, end: usize) -> Option<Places> {
    let (mut cursor, mut chained, mut aliases) = (Cursor(chain), Chain::new(), Vec::new());
    let mut alias = 0;
    while !cursor.is_empty() && chained.places.len() < count {
        if cursor.0.first()? & 1 == 0 {
            let nothing = cursor.varint()?;
            chained.nothing_for(nothing >> 1, count)?;
            continue;
        }
        let step = cursor.signed()? >> 1;
        if step > 0 {
            chained.begins_after(usize::try_from(step).ok()?)?;
        } else {
            if step < 0 {
                alias = usize::try_from(-step - 1).ok()?;
            }
            aliases.push((chained.places.len(), alias));
            chained.places.push(None);
        }
    }
    Some(chained.finish(end, &aliases))
}

/// The changes of a variable, unpacked: a size of 0 says that they are not packed.
fn unpacked(data: &[u8], packing: u8) -> Result<Option<Vec<u8>>, Unread> {
    let mut cursor = Cursor(data);
    Ok(match (cursor.count(), packing) {
        (None, _) => None,
        (Some(0), _) => Some(cursor.0.to_vec()),
        (Some(size), b'4') => pack::lz4(cursor.0, size),
        // FastLZ, which writers used before LZ4.
        (Some(_), b'F') => return Err(Unread::FastLz),
        (Some(size), _) => pack::zlib(cursor.0, size),
    })
}

/// The values of a variable: places of times, bits and values. Of a vector, only those of the digits that change: each costs.
fn variable_values(
    bytes: &[u8],
    (firsts, width): (&[u32], usize),
    times: usize,
    values: &mut Vec<Value>,
    left: &mut Left,
) -> Option<()> {
    const FURTHER: [u8; 8] = *b"xzhuwl-?";
    let (mut cursor, mut at) = (Cursor(bytes), 0_u64);
    // No digit of a value: the first ones are new.
    let mut shown = vec![0; width];
    while !cursor.is_empty() {
        spend(&mut left.digits, width as u64)?;
        let head = cursor.varint()?;
        let is_plain = head & 1 == 0;
        let steps = match (width, is_plain) {
            (1, true) => head >> 2,
            (1, false) => head >> 4,
            (_, _) => head >> 1,
        };
        at = at.checked_add(steps).filter(|at| usize::try_from(*at).is_ok_and(|at| at < times))?;
        let place = u32::try_from(at).ok()?;
        let packed = match (width, is_plain) {
            (1, _) => &[][..],
            (_, true) => cursor.take(width.div_ceil(8))?,
            (_, false) => cursor.take(width)?,
        };
        for (from_top, shown) in shown.iter_mut().enumerate() {
            let digit = match (width, is_plain) {
                (1, true) => b'0' + u8::from(head & 2 != 0),
                (1, false) => FURTHER[(head >> 1 & 7) as usize],
                (_, true) => b'0' + (packed[from_top / 8] >> (7 - from_top % 8) & 1),
                (_, false) => packed[from_top],
            };
            if *shown != digit {
                *shown = digit;
                let bit = u32::try_from(width - 1 - from_top).ok()?;
                for first in firsts {
                    spend(&mut left.values, 1)?;
                    values.push((place, u8::try_from(first + bit).ok()?, digit));
                }
            }
        }
    }
    Some(())
}
