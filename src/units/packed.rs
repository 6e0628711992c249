//! Whole numbers that mostly rise by the same, in few bytes.

/// Rows of so many whole numbers. Those of one column in a block of rows are held as offsets from a straight line, each in as many bytes
/// as the farthest needs: none where they rise by the same, one or two where they jitter.
#[derive(Debug, Clone)]
pub(crate) struct Packed<const N: usize> {
    blocks: Vec<Block<N>>,
    /// The offsets of all blocks, row by row, the lowest byte first, and [`PADDING`] behind them.
    offsets: Vec<u8>,
    /// The rows behind the last whole block.
    rest: Vec<[i64; N]>,
}

/// So many rows.
#[derive(Debug, Clone, Copy)]
struct Block<const N: usize> {
    lines: [Line; N],
    /// Where its offsets begin.
    from: usize,
    /// How many bytes a row takes.
    row: usize,
}

/// The line of one column.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    /// The number in the first row, but for its offset.
    base: i64,
    /// How much more the line is in each further row.
    step: i64,
    /// Which bits of the eight bytes from there on are its offset.
    mask: u64,
    /// Where its offset begins in a row.
    at: usize,
}

/// Rows in a block.
const BLOCK: usize = 128;
/// Behind the offsets, so that eight bytes can be read of each.
const PADDING: [u8; 8] = [0; 8];

impl<const N: usize> Packed<N> {
    /// Adds a row behind the last one.
    #[inline]
    pub(crate) fn push(&mut self, row: [i64; N]) {
        self.rest.push(row);
        if self.rest.len() == BLOCK {
            self.pack();
        }
    }

    fn pack(&mut self) {
        self.offsets.truncate(self.offsets.len().saturating_sub(PADDING.len()));
        let (from, mut row) = (self.offsets.len(), 0);
        let (mut lines, mut widths) = ([Line::default(); N], [0; N]);
        for (column, line) in lines.iter_mut().enumerate() {
            *line = self.line(column, row);
            widths[column] = line.mask.count_ones().div_ceil(8) as usize;
            row += widths[column];
        }
        for (place, numbers) in self.rest.iter().enumerate() {
            for ((number, line), width) in numbers.iter().zip(&lines).zip(widths) {
                let offset = number.wrapping_sub(line.on_line(place)).cast_unsigned();
                self.offsets.extend_from_slice(&offset.to_le_bytes()[..width]);
            }
        }
        self.offsets.extend_from_slice(&PADDING);
        self.blocks.push(Block { lines, from, row });
        self.rest.clear();
    }

    /// The line below the numbers of a column, whose offsets begin there in a row.
    fn line(&self, column: usize, at: usize) -> Line {
        let numbers = || self.rest.iter().map(|row| row[column]).enumerate();
        let (first, last) = (self.rest[0][column], self.rest[BLOCK - 1][column]);
        let step = last.checked_sub(first).map_or(0, |rise| rise / (BLOCK as i64 - 1));
        let line = Line { base: first, step, mask: 0, at };
        let lowest = numbers().map(|(place, number)| number.wrapping_sub(line.on_line(place))).min().unwrap_or(0);
        let line = Line { base: first.wrapping_add(lowest), ..line };
        let offset = |(place, number): (usize, i64)| number.wrapping_sub(line.on_line(place)).cast_unsigned();
        let bits = u64::BITS - numbers().map(offset).max().unwrap_or(0).leading_zeros();
        let mask = u64::MAX.checked_shr(u64::BITS - bits.next_multiple_of(8)).unwrap_or(0);
        Line { mask, ..line }
    }

    /// How many rows there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.blocks.len() * BLOCK + self.rest.len()
    }

    /// The row at this place.
    #[inline]
    pub(crate) fn get(&self, place: usize) -> Option<[i64; N]> {
        let (block, place) = (place / BLOCK, place % BLOCK);
        let Some(block) = self.blocks.get(block) else {
            return if block == self.blocks.len() { self.rest.get(place).copied() } else { None };
        };
        let offsets = self.offsets.get(block.from + place * block.row..)?.get(..block.row + PADDING.len())?;
        let mut row = [0; N];
        for (number, line) in row.iter_mut().zip(&block.lines) {
            *number = line.on_line(place);
            if line.mask != 0 {
                let bytes = offsets.get(line.at..)?.first_chunk()?;
                *number = number.wrapping_add((u64::from_le_bytes(*bytes) & line.mask).cast_signed());
            }
        }
        Some(row)
    }

    /// The last row.
    #[inline]
    pub(crate) fn last(&self) -> Option<[i64; N]> {
        self.get(self.len().checked_sub(1)?)
    }
}

impl<const N: usize> Default for Packed<N> {
    fn default() -> Packed<N> {
        Packed { blocks: Vec::new(), offsets: Vec::new(), rest: Vec::new() }
    }
}

impl Line {
    /// The number of the line in this row of its block.
    #[inline]
    fn on_line(&self, place: usize) -> i64 {
        self.base.wrapping_add(self.step.wrapping_mul(place as i64))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packed<const N: usize>(rows: impl IntoIterator<Item = [i64; N]>) -> Packed<N> {
        let mut packed = Packed::default();
        rows.into_iter().for_each(|row| packed.push(row));
        packed
    }

    #[test]
    fn a_number_takes_as_many_bytes_as_it_lies_off_the_line() {
        let bytes = |packed: &Packed<2>| packed.offsets.len() - PADDING.len();
        let even = packed((0..1280).map(|n| [n * 5000, 7]));
        assert_eq!((even.len(), bytes(&even), even.get(1279), even.get(1280)), (1280, 0, Some([1279 * 5000, 7]), None));
        // Off by 255 of the line through the first and the last of a block: a byte each.
        let jitter = packed((0..1280).map(|n| [n * 5000 + if n % 128 == 64 { 255 } else { 0 }, n]));
        assert_eq!((bytes(&jitter), jitter.get(64)), (1280, Some([64 * 5000 + 255, 64])));
        let more = packed((0..1280).map(|n| [-n, n * 5000 - if n % 128 == 64 { 256 } else { 0 }]));
        assert_eq!(
            (bytes(&more), more.get(64), more.last()),
            (2560, Some([-64, 64 * 5000 - 256]), Some([-1279, 6_395_000]))
        );
    }

    proptest! {
        #[test]
        fn they_are_as_a_plain_list(
            wide in proptest::collection::vec(prop_oneof![any::<i64>(), -9..9_i64, Just(i64::MAX), Just(i64::MIN)], 400),
            small in proptest::collection::vec(-200..200_i64, 400),
            count in 0..400_usize,
            at in 0..450_usize,
        ) {
            let plain: Vec<[i64; 3]> = (0..count).map(|place| [small[place], wide[place], place as i64 * 9]).collect();
            let held = packed(plain.iter().copied());
            prop_assert_eq!(held.len(), plain.len());
            prop_assert_eq!(held.get(at), plain.get(at).copied());
            prop_assert_eq!(held.last(), plain.last().copied());
            prop_assert_eq!((0..count).filter_map(|place| held.get(place)).collect::<Vec<_>>(), plain);
        }
    }
}
