//! Many values in few px: what would fall into one px column becomes the band from its least to its greatest value, and
//! edges too close to be told apart become a dense stretch. Nothing that is out of the ordinary disappears.

use crate::signal::{Level, Stretch, Waveform};

/// The values of one px column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Column {
    /// The place of the column, from 0.
    pub(super) at: usize,
    pub(super) min: f64,
    pub(super) max: f64,
    /// The first and the last value in order of time.
    pub(super) first: f64,
    pub(super) last: f64,
    pub(super) count: usize,
}

/// The columns that hold values, in order. `points` are places in columns, in rising order, and values.
pub(super) fn columns(points: impl Iterator<Item = (f64, f64)>, width: usize) -> Vec<Column> {
    let last_column = width.saturating_sub(1);
    let mut columns: Vec<Column> = Vec::new();
    for (place, value) in points {
        // A negative place saturates to 0.
        let at = (place.floor() as usize).min(last_column);
        match columns.last_mut() {
            Some(column) if column.at == at => {
                column.min = column.min.min(value);
                column.max = column.max.max(value);
                column.last = value;
                column.count += 1;
            }
            Some(_) | None => {
                columns.push(Column { at, min: value, max: value, first: value, last: value, count: 1 });
            }
        }
    }
    columns
}

/// A piece of a digital line, from px to px.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Piece {
    /// It keeps this level.
    Level { from: f64, to: f64, level: Level },
    /// It changes too often to be drawn.
    Dense { from: f64, to: f64 },
}

/// A line within a window of samples that is drawn `width` px wide: pieces that follow one another without a gap. The
/// cost grows with the px, not with the edges.
pub(super) fn pieces(waveform: &Waveform, window: Stretch, width: usize) -> Vec<Piece> {
    let (from, to) = (window.from.get(), window.to.get());
    if to <= from || width == 0 {
        return Vec::new();
    }
    let changes = waveform.changes();
    let samples = u128::from(to - from);
    // The first sample of a column; all columns together hold every sample of the window once.
    let first_of = |column: usize| from + ((column as u128 * samples).div_ceil(width as u128)) as u64;
    let px = |sample: u64| (sample - from) as f64 / samples as f64 * width as f64;
    let mut builder = Pieces { done: Vec::new(), start: 0.0, level: waveform.level_at(window.from) };
    let mut passed = changes.count_up_to(from);
    for column in 0..width {
        let end = first_of(column + 1);
        let until = changes.count_before(end).max(passed);
        match until - passed {
            0 => {}
            1 => changes.get(passed).into_iter().for_each(|at| builder.edge(px(at))),
            _ => builder.dense(column as f64, column as f64 + 1.0, waveform.level_after(until)),
        }
        passed = until;
    }
    builder.finish(width as f64)
}

struct Pieces {
    done: Vec<Piece>,
    /// Where the present level begins.
    start: f64,
    level: Level,
}

impl Pieces {
    fn edge(&mut self, at: f64) {
        self.level_until(at);
        self.level = !self.level;
    }

    fn dense(&mut self, from: f64, to: f64, level: Level) {
        self.level_until(from);
        match self.done.last_mut() {
            Some(Piece::Dense { to: end, .. }) if *end >= from => *end = to,
            Some(_) | None => self.done.push(Piece::Dense { from: self.start.max(from), to }),
        }
        self.start = to;
        self.level = level;
    }

    fn level_until(&mut self, at: f64) {
        if at > self.start {
            self.done.push(Piece::Level { from: self.start, to: at, level: self.level });
            self.start = at;
        }
    }

    fn finish(mut self, width: f64) -> Vec<Piece> {
        self.level_until(width);
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SampleIndex;
    use proptest::prelude::*;

    impl Piece {
        fn span(&self) -> (f64, f64) {
            match self {
                Piece::Level { from, to, .. } | Piece::Dense { from, to } => (*from, *to),
            }
        }
    }

    fn at(index: u64) -> SampleIndex {
        SampleIndex::new(index)
    }

    fn whole(waveform: &Waveform) -> Stretch {
        Stretch { from: at(0), to: waveform.length() }
    }

    #[test]
    fn a_column_is_the_band_of_its_values() {
        let points = [(0.2, 5.0), (0.9, 3.0), (1.0, 4.0), (3.999, 7.0), (4.0, 1.0)];
        let found = columns(points.into_iter(), 4);
        let column = |at, min, max, first, last, count| Column { at, min, max, first, last, count };
        assert_eq!(
            found,
            [column(0, 3.0, 5.0, 5.0, 3.0, 2), column(1, 4.0, 4.0, 4.0, 4.0, 1), column(3, 1.0, 7.0, 7.0, 1.0, 2)]
        );
    }

    #[test]
    fn sparse_edges_lie_exactly_and_dense_ones_become_a_stretch() {
        // 100 samples on 10 px; 3 and 25 are alone in their columns, 51 and 52 and 61 to 64 are not.
        let waveform = Waveform::new(Level::Low, vec![3, 25, 51, 52, 61, 62, 63, 64], at(100)).unwrap();
        assert_eq!(
            pieces(&waveform, whole(&waveform), 10),
            [
                Piece::Level { from: 0.0, to: 0.3, level: Level::Low },
                Piece::Level { from: 0.3, to: 2.5, level: Level::High },
                Piece::Level { from: 2.5, to: 5.0, level: Level::Low },
                Piece::Dense { from: 5.0, to: 7.0 },
                Piece::Level { from: 7.0, to: 10.0, level: Level::Low },
            ]
        );
    }

    #[test]
    fn a_window_starts_at_its_own_level() {
        let waveform = Waveform::new(Level::Low, vec![10, 30], at(100)).unwrap();
        let window = Stretch { from: at(20), to: at(40) };
        assert_eq!(
            pieces(&waveform, window, 40),
            [
                Piece::Level { from: 0.0, to: 20.0, level: Level::High },
                Piece::Level { from: 20.0, to: 40.0, level: Level::Low },
            ]
        );
    }

    proptest! {
        #[test]
        fn a_band_contains_all_its_values(
            values in prop::collection::vec(-1e3..1e3_f64, 1..400),
            width in 1..50_usize,
        ) {
            let n = values.len();
            let place = |i: usize| i as f64 / n as f64 * width as f64;
            let found = columns(values.iter().enumerate().map(|(i, v)| (place(i), *v)), width);
            prop_assert_eq!(found.iter().map(|c| c.count).sum::<usize>(), n);
            prop_assert!(found.windows(2).all(|pair| pair[0].at < pair[1].at));
            for column in &found {
                let inside: Vec<f64> = (0..n).filter(|&i| place(i).floor() as usize == column.at).map(|i| values[i]).collect();
                prop_assert!(inside.iter().all(|v| (column.min..=column.max).contains(v)));
                prop_assert!(inside.contains(&column.min) && inside.contains(&column.max));
            }
        }

        #[test]
        fn pieces_tile_the_width_and_show_every_edge(
            gaps in prop::collection::vec(1..60_u64, 0..80),
            window in (0..500_u64, 1..3000_u64),
            width in 1..300_usize,
            high in any::<bool>(),
        ) {
            let mut changes = Vec::new();
            let mut sample = 0;
            for gap in gaps {
                sample += gap;
                changes.push(sample);
            }
            let length = sample + 4000;
            let initial = if high { Level::High } else { Level::Low };
            let waveform = Waveform::new(initial, changes.clone(), at(length)).unwrap();
            let window = Stretch { from: at(window.0), to: at(window.0 + window.1) };
            let found = pieces(&waveform, window, width);
            let mut end = 0.0;
            for piece in &found {
                let (from, to) = piece.span();
                prop_assert!((from - end).abs() < 1e-9 && to > from);
                end = to;
            }
            prop_assert!((end - width as f64).abs() < 1e-9);
            prop_assert!(found.len() <= 2 * width + 1);
            let px = |sample: f64| (sample - window.from.get() as f64) / (window.to.get() - window.from.get()) as f64 * width as f64;
            for sample in window.from.get()..window.to.get() {
                // The middle of a sample's px: a level piece that covers it shows the sample's level.
                let (left, right) = (px(sample as f64), px(sample as f64 + 1.0));
                let middle = f64::midpoint(left, right);
                let piece = found.iter().find(|p| p.span().0 <= middle && middle < p.span().1).unwrap();
                match piece {
                    Piece::Level { level, .. } => prop_assert_eq!(*level, waveform.level_at(at(sample))),
                    Piece::Dense { .. } => {}
                }
            }
            for &change in changes.iter().filter(|&&c| c > window.from.get() && c < window.to.get()) {
                let x = px(change as f64);
                let shown = found.iter().any(|piece| match piece {
                    Piece::Level { from, .. } => (from - x).abs() < 1e-6,
                    Piece::Dense { from, to } => *from - 1e-6 <= x && x <= *to + 1e-6,
                });
                prop_assert!(shown, "the edge at {} is not shown", change);
            }
        }
    }
}
