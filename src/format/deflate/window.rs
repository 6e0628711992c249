//! The window: the bytes that a match may reach, and those that are not handed on yet.
//!
//! Behind a long repeat its bytes are the window, and only the last of them are written down: the rest is filled in
//! when a match reaches for it, which behind silence is seldom.

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

/// So many bytes of a long repeat with this period are written down at once.
fn at_once(period: usize) -> usize {
    period.max(64)
}

/// The bytes of the window, and room.
pub(super) type Bytes = [u8; SIZE];

/// The bytes before the present one.
pub(super) struct Window {
    pub(super) bytes: Box<Bytes>,
    /// The end of what was unpacked.
    pub(super) end: usize,
    /// The first byte that there is.
    first: usize,
    /// The first byte that is written down; those before it have this period.
    pub(super) written: usize,
    period: usize,
    /// The end of what was handed on.
    given: usize,
}

impl Window {
    pub(super) fn new() -> Window {
        Window { bytes: Box::new([0; SIZE]), end: 0, first: 0, written: 0, period: 1, given: 0 }
    }

    /// Begins a new stream.
    pub(super) fn clear(&mut self) {
        (self.end, self.first, self.written, self.given) = (0, 0, 0, 0);
    }

    /// Writes the bytes down that a match of this distance needs.
    pub(super) fn reach(&mut self, distance: usize) -> Result<(), Corruption> {
        if distance > self.end - self.first {
            return Err(Corruption::TooFar);
        }
        let mut repeat = at_once(self.period);
        while self.written > self.first {
            // The repeat's bytes that are there, in whole periods; as many again go before them.
            let whole = repeat / self.period * self.period;
            let count = whole.min(self.written - self.first);
            let from = self.written + whole - count;
            self.bytes.copy_within(from..from + count, self.written - count);
            self.written -= count;
            repeat += count;
        }
        Ok(())
    }

    /// Makes room for more, where there is none.
    #[inline]
    pub(super) fn make_room<P: Pieces>(&mut self, unit: usize, pieces: &mut P) -> Result<(), Fault<P::Refusal>> {
        if self.end > FULL { self.slide(unit, pieces) } else { Ok(()) }
    }

    fn slide<P: Pieces>(&mut self, unit: usize, pieces: &mut P) -> Result<(), Fault<P::Refusal>> {
        self.give(unit, pieces)?;
        let by = self.end - REACH;
        self.bytes.copy_within(self.written.max(by)..self.end, self.written.saturating_sub(by));
        self.first = self.first.saturating_sub(by);
        self.written = self.written.saturating_sub(by);
        self.given -= by;
        self.end = REACH;
        Ok(())
    }

    /// Hands on what was unpacked, in whole samples of this many bytes.
    pub(super) fn give<P: Pieces>(&mut self, unit: usize, pieces: &mut P) -> Result<(), Fault<P::Refusal>> {
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
        if self.given < self.end {
            pieces.bytes(&self.bytes[self.given..self.end]).map_err(Fault::Refused)
        } else {
            Ok(())
        }
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

    /// Goes on for so many bytes with the period that the last ones have, and hands all on as a repeat. The last
    /// `pattern` bytes and the sample before them, at least, have this period already; the pattern is of whole periods
    /// and whole samples, and at most half of what a match may reach.
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
        if length >= REACH as u64 {
            self.leap(period, length);
        } else {
            if self.end + length as usize > FULL {
                self.slide(unit, pieces)?;
            }
            self.write(period, length as usize);
        }
        self.given = self.end - rest as usize;
        Ok(())
    }

    /// Goes on for so many bytes, which are all that a match may reach; only the last of them are written down.
    fn leap(&mut self, period: usize, length: u64) {
        let count = at_once(period);
        let written = REACH - count;
        let phase = ((length - count as u64) % period as u64) as usize;
        self.bytes.copy_within(self.end - period..self.end, written);
        self.bytes[written..written + period].rotate_left(phase);
        self.end = written + period;
        self.write(period, count - period);
        (self.first, self.written, self.period) = (0, written, period);
    }
}
