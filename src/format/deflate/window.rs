//! The window: the bytes that a match may reach, and those that are not handed on yet.
//!
//! Of a long repeat only the last bytes are written down; the rest is a *gap*. Behind silence a match seldom reaches
//! for what was before it. One that does finds its bytes by way of the gaps, and after some of these the gaps are
//! filled.

use super::{Corruption, Fault, Pieces};

/// How far back a match may reach.
pub(super) const REACH: usize = 1 << 15;
/// Beyond it, so many bytes are unpacked before they are handed on.
const ROOM: usize = 96 << 10;
/// The window is full when it ends behind this byte.
pub(super) const FULL: usize = REACH + ROOM;
/// Where it is not full, there is room for two literals and a match, and for what is copied beyond its end.
const SLACK: usize = 512;
pub(super) const SIZE: usize = FULL + SLACK;

/// To fill the gaps takes as long as to find the bytes of so many matches by way of them.
const MOST_DETOURS: u32 = 16;

/// So many bytes of a long repeat with this period are written down.
fn kept(period: usize) -> usize {
    period.max(64)
}

/// The bytes of the window, and room.
pub(super) type Bytes = [u8; SIZE];

/// The bytes before the present one.
pub(super) struct Window {
    pub(super) bytes: Box<Bytes>,
    /// The end of what was unpacked.
    pub(super) end: usize,
    /// Where the last gap is: from there on the bytes are those that a match means.
    pub(super) whole: usize,
    gaps: Vec<Gap>,
    /// How many matches went by way of the gaps since the last one.
    detours: u32,
    /// The end of what was handed on.
    given: usize,
}

/// Bytes of a repeat that are not written down.
#[derive(Debug, Clone, Copy)]
struct Gap {
    /// Their place is before this byte of the window. From it on, at least one period is written down.
    before: usize,
    /// How many they are; more than a match may reach are as many.
    length: usize,
    period: usize,
}

/// Where a byte is that a match means.
#[derive(Debug, Clone, Copy)]
enum Found {
    /// It is written down.
    At(usize),
    /// It is so many bytes before the end of this gap.
    Within { gap: usize, left: usize },
}

impl Window {
    pub(super) fn new() -> Window {
        Window { bytes: Box::new([0; SIZE]), end: 0, whole: 0, gaps: Vec::new(), detours: 0, given: 0 }
    }

    /// Begins a new stream.
    pub(super) fn clear(&mut self) {
        (self.end, self.whole, self.given) = (0, 0, 0);
        self.gaps.clear();
    }

    /// Makes room for more, where there is none.
    #[inline]
    pub(super) fn make_room<P: Pieces>(&mut self, unit: usize, pieces: &mut P) -> Result<(), Fault<P::Refusal>> {
        if self.end > FULL { self.slide(unit, pieces) } else { Ok(()) }
    }

    fn slide<P: Pieces>(&mut self, unit: usize, pieces: &mut P) -> Result<(), Fault<P::Refusal>> {
        self.give(unit, pieces)?;
        let by = self.end - REACH;
        self.bytes.copy_within(by..self.end, 0);
        self.gaps.retain_mut(|gap| {
            let within = gap.before > by;
            gap.before = gap.before.saturating_sub(by);
            within
        });
        self.whole = self.whole.saturating_sub(by);
        self.given -= by;
        self.end = REACH;
        Ok(())
    }

    /// Hands on what was unpacked, in whole samples of this many bytes.
    fn give<P: Pieces>(&mut self, unit: usize, pieces: &mut P) -> Result<(), Fault<P::Refusal>> {
        let behind = self.given + (self.end - self.given) / unit * unit;
        if behind > self.given {
            pieces.bytes(&self.bytes[self.given..behind]).map_err(Fault::Refused)?;
            self.given = behind;
        }
        Ok(())
    }

    /// Hands on all that is left, at the end of the stream.
    pub(super) fn finish<P: Pieces>(&mut self, unit: usize, pieces: &mut P) -> Result<(), Fault<P::Refusal>> {
        self.give(unit, pieces)?;
        let rest = &self.bytes[self.given..self.end];
        if rest.is_empty() { Ok(()) } else { pieces.bytes(rest).map_err(Fault::Refused) }
    }

    /// Where more bytes may be written: up to the first place where the window is full.
    pub(super) fn room(&mut self) -> &mut [u8] {
        &mut self.bytes[self.end..=FULL]
    }

    /// Goes on for so many bytes with the period that the last ones have.
    pub(super) fn extend<P: Pieces>(
        &mut self,
        period: usize,
        mut length: u64,
        unit: usize,
        pieces: &mut P,
    ) -> Result<(), Fault<P::Refusal>> {
        while length > 0 {
            self.make_room(unit, pieces)?;
            let count = usize::try_from(length).unwrap_or(usize::MAX).min(FULL + 1 - self.end);
            self.write(period, count);
            length -= count as u64;
        }
        Ok(())
    }

    /// Goes on for so many bytes with the period that the last ones have, and hands all on as a repeat. The last
    /// `pattern` bytes and the sample before them, at least, have this period already; the pattern is of whole periods
    /// and whole samples, at most half of what a match may reach, and not longer than the repeat.
    pub(super) fn repeat<P: Pieces>(
        &mut self,
        period: usize,
        pattern: usize,
        length: u64,
        unit: usize,
        pieces: &mut P,
    ) -> Result<(), Fault<P::Refusal>> {
        self.give(unit, pieces)?;
        let open = (self.end - self.given) as u64;
        let rest = (open + length) % unit as u64;
        let pattern = &self.bytes[self.given - pattern..self.given];
        pieces.repeat(pattern, open + length - rest).map_err(Fault::Refused)?;
        let kept = length.min(kept(period) as u64);
        if self.end + kept as usize > FULL {
            self.slide(unit, pieces)?;
        }
        self.leave_out(period, length - kept);
        self.write_phase(self.end - period, period, (length - kept) as usize % period, kept as usize);
        self.given = self.end - rest as usize;
        Ok(())
    }

    /// Leaves so many bytes out that have the same period as the last ones.
    fn leave_out(&mut self, period: usize, length: u64) {
        if length > 0 {
            let length = usize::try_from(length).unwrap_or(usize::MAX).min(REACH);
            self.gaps.push(Gap { before: self.end, length, period });
            self.whole = self.end;
            self.detours = 0;
        }
    }

    /// Writes bytes down that have the same period as the last ones.
    fn write(&mut self, period: usize, count: usize) {
        let behind = self.end + count;
        if period == 1 {
            let byte = self.bytes[self.end - 1];
            self.bytes[self.end..behind].fill(byte);
            self.end = behind;
        }
        let from = self.end - period;
        while self.end < behind {
            let whole = (self.end - from) / period * period;
            let count = whole.min(behind - self.end);
            self.bytes.copy_within(self.end - whole..self.end - whole + count, self.end);
            self.end += count;
        }
    }

    /// Writes bytes down that have the period of those from `from` on, beginning with the one at this phase.
    fn write_phase(&mut self, from: usize, period: usize, phase: usize, count: usize) {
        let once = count.min(period);
        let first = once.min(period - phase);
        self.bytes.copy_within(from + phase..from + phase + first, self.end);
        self.bytes.copy_within(from..from + once - first, self.end + first);
        self.end += once;
        self.write(period, count - once);
    }

    /// Carries a match out that reaches beyond the last gap.
    pub(super) fn detour<P: Pieces>(
        &mut self,
        distance: usize,
        length: usize,
        unit: usize,
        pieces: &mut P,
    ) -> Result<(), Fault<P::Refusal>> {
        let found = self.find(distance)?;
        self.copy(found, length);
        self.detours += 1;
        if self.detours == MOST_DETOURS { self.fill_gaps(unit, pieces) } else { Ok(()) }
    }

    /// The byte so far back from the end.
    fn find(&self, distance: usize) -> Result<Found, Corruption> {
        let mut left = distance;
        let mut end = self.end;
        for (index, gap) in self.gaps.iter().enumerate().rev() {
            if left <= end - gap.before {
                return Ok(Found::At(end - left));
            }
            left -= end - gap.before;
            if left <= gap.length {
                return Ok(Found::Within { gap: index, left });
            }
            left -= gap.length;
            end = gap.before;
        }
        end.checked_sub(left).map(Found::At).ok_or(Corruption::TooFar)
    }

    /// Goes on with the bytes from there on.
    fn copy(&mut self, mut found: Found, length: usize) {
        let behind = self.end + length;
        while self.end < behind {
            let length = behind - self.end;
            found = match found {
                Found::Within { gap, left } => {
                    let Gap { before, period, .. } = self.gaps[gap];
                    self.write_phase(before, period, (period - left % period) % period, length.min(left));
                    Found::At(before)
                }
                Found::At(at) => {
                    let next = self.gaps.iter().position(|gap| gap.before > at);
                    let until = next.map_or(self.end, |gap| self.gaps[gap].before);
                    // Behind the last gap it may go on with what it wrote itself.
                    let count = if next.is_some() { length.min(until - at) } else { length };
                    if until == self.end && count > self.end - at {
                        self.write(self.end - at, count);
                    } else {
                        self.bytes.copy_within(at..at + count, self.end);
                        self.end += count;
                    }
                    next.map_or(Found::At(at + count), |gap| Found::Within { gap, left: self.gaps[gap].length })
                }
            };
        }
    }

    /// Writes down all that a match may reach.
    fn fill_gaps<P: Pieces>(&mut self, unit: usize, pieces: &mut P) -> Result<(), Fault<P::Refusal>> {
        self.give(unit, pieces)?;
        let left_out = self.gaps.iter().map(|gap| gap.length).sum::<usize>();
        let reach = REACH.min(self.end + left_out);
        if self.end + reach > FULL {
            self.slide(unit, pieces)?;
        }
        let open = self.end - self.given;
        let from = self.end;
        let found = self.find(reach)?;
        self.copy(found, reach);
        self.bytes.copy_within(from..from + reach, 0);
        self.gaps.clear();
        (self.end, self.whole, self.given) = (reach, 0, reach - open);
        Ok(())
    }
}
