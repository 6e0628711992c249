//! Runs: the same match again and again, counted and not carried out.

use num_integer::Integer as _;

use super::inflate::{Block, Stream};
use super::symbols::{LONGEST, Match, Symbol, next};
use super::tables::low_bits;
use super::window::REACH;
use super::{Fault, Pieces};

/// A shorter run is written down: that takes less than to account for it.
const SHORTEST: u64 = 2048;
/// A longer pattern does not stay in the window.
const LONGEST_PATTERN: usize = REACH / 2;

impl<P: Pieces> Stream<'_, P> {
    /// Goes on behind a match whose bits come again.
    pub(super) fn run(&mut self, first: Match) -> Result<(), Fault<P::Refusal>> {
        let period = first.distance;
        let before = (period + LONGEST) as u64;
        let mut length = 0;
        let mut again = Some(first);
        loop {
            if let Some(last) = again.take() {
                length += self.count(&last)? * LONGEST as u64;
            }
            self.bits.ensure()?;
            self.bits.refill();
            match next(self.bits.word, self.codes()) {
                // What it copies lies within the run and the match before it.
                Symbol::Match(next) if next.distance % period == 0 && next.distance as u64 <= before + length => {
                    self.bits.drop(next.count);
                    length += next.length as u64;
                    again = (next.length == LONGEST).then_some(next);
                }
                Symbol::End { count } => {
                    self.bits.drop(count);
                    self.block = Block::Next;
                    if !self.last {
                        self.open()?;
                    }
                    if !matches!(self.block, Block::Fixed | Block::Dynamic) {
                        break;
                    }
                }
                Symbol::Match(_) | Symbol::Literal | Symbol::None => break,
            }
        }
        self.leave(period, length)
    }

    /// Takes the bits of this match for as long as they come again, and returns how often.
    fn count(&mut self, last: &Match) -> Result<u64, Fault<P::Refusal>> {
        // The bits as often as they fit into the word.
        let often = 56 / last.count;
        let width = often * last.count;
        let mut bits = last.word & low_bits(last.count);
        let mut filled = last.count;
        while filled < width {
            bits |= bits << filled;
            filled *= 2;
        }
        let mut total = 0;
        loop {
            self.bits.ensure()?;
            let limit = self.bits.limit();
            while self.bits.at <= limit {
                self.bits.refill();
                let differ = (self.bits.word ^ bits) & low_bits(width);
                if differ != 0 {
                    let same = differ.trailing_zeros() / last.count;
                    self.bits.drop(same * last.count);
                    return Ok(total + u64::from(same));
                }
                self.bits.drop(width);
                total += u64::from(often);
            }
        }
    }

    /// Accounts for a run of so many bytes. The match before it has its period already.
    fn leave(&mut self, period: usize, length: u64) -> Result<(), Fault<P::Refusal>> {
        // Of whole periods and whole samples; written down before the run, with the sample that is not yet whole.
        let pattern = period / period.gcd(&self.unit) * self.unit;
        let lead = (pattern + self.unit).saturating_sub(period + LONGEST) as u64;
        if pattern > LONGEST_PATTERN || length < lead + SHORTEST.max(2 * pattern as u64) {
            return self.window.extend(period, length, self.unit, self.pieces);
        }
        self.window.extend(period, lead, self.unit, self.pieces)?;
        self.window.repeat(period, pattern, length - lead, self.unit, self.pieces)
    }
}
