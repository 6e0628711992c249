//! A line in numbers, without knowing what it is for.

use crate::signal::{Level, Lost, Waveform};
use crate::units::{Rational, SampleIndex};

/// The spread of a series of widths, in sample periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// How many there are.
    pub count: u64,
    /// The shortest.
    pub min: u64,
    /// The median (the lower of two middle ones).
    pub median: u64,
    /// The longest.
    pub max: u64,
}

impl Spread {
    /// The spread of these widths; none of none.
    #[must_use]
    pub fn of(widths: impl IntoIterator<Item = u64>) -> Option<Spread> {
        let mut all = Widths::default();
        widths.into_iter().for_each(|width| all.add(width));
        all.spread()
    }
}

/// Widths in no order: of short ones, which a dense line has by the million, how often each comes.
#[derive(Debug, Default)]
struct Widths {
    short: Vec<u64>,
    long: Vec<u64>,
}

impl Widths {
    /// Widths below this are short.
    const LONG: u64 = 1 << 14;

    #[inline]
    fn add(&mut self, width: u64) {
        let place = usize::try_from(width).unwrap_or(usize::MAX);
        match self.short.get_mut(place) {
            Some(count) => *count += 1,
            None if width < Self::LONG => {
                self.short.resize(place + 1, 0);
                self.short[place] = 1;
            }
            None => self.long.push(width),
        }
    }

    fn spread(mut self) -> Option<Spread> {
        self.long.sort_unstable();
        let short = self.short.iter().sum::<u64>();
        let count = short + self.long.len() as u64;
        let at = |rank: u64| match rank.checked_sub(short) {
            Some(long) => self.long.get(usize::try_from(long).ok()?).copied(),
            None => {
                let mut passed = 0;
                let width = self.short.iter().position(|count| {
                    passed += count;
                    passed > rank
                });
                width.map(|width| width as u64)
            }
        };
        let last = count.checked_sub(1)?;
        Some(Spread { count, min: at(0)?, median: at(last / 2)?, max: at(last)? })
    }
}

/// What a line did, in numbers: only stretches and periods whose both ends were seen count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineSummary {
    /// The number of edges.
    pub edges: u64,
    /// The level at the first sample.
    pub first: Level,
    /// Widths of high stretches.
    pub high: Option<Spread>,
    /// Widths of low stretches.
    pub low: Option<Spread>,
    /// From one rising edge to the next.
    pub rising_period: Option<Spread>,
    /// From one falling edge to the next.
    pub falling_period: Option<Spread>,
    /// The share of the recorded time in which the line is high (0 to 1).
    pub high_share: Rational,
}

impl LineSummary {
    /// Sums a waveform up.
    #[must_use]
    pub fn of(waveform: &Waveform, lost: &Lost) -> LineSummary {
        let mut widths = [Widths::default(), Widths::default()];
        let mut periods = [Widths::default(), Widths::default()];
        let (mut high_samples, mut recorded) = (0_u64, 0_u64);
        for stretch in lost.proven(waveform.length()) {
            let (first, changes) = waveform.within(stretch);
            recorded += stretch.to.get() - stretch.from.get();
            let mut level = first;
            let mut since = stretch.from.get();
            let mut before: [Option<u64>; 2] = [None, None];
            for change in changes {
                let held = usize::from(level.bit());
                if level == Level::High {
                    high_samples += change - since;
                }
                if before != [None, None] {
                    widths[held].add(change - since);
                }
                level = !level;
                since = change;
                if let Some(before) = before[1 - held].replace(change) {
                    periods[1 - held].add(change - before);
                }
            }
            if level == Level::High {
                high_samples += stretch.to.get() - since;
            }
        }
        let [low, high] = widths;
        let [falling, rising] = periods;
        LineSummary {
            edges: waveform.edges(lost),
            first: waveform.level_at(SampleIndex::default()),
            high: high.spread(),
            low: low.spread(),
            rising_period: rising.spread(),
            falling_period: falling.spread(),
            high_share: Rational::new(i128::from(high_samples), i128::from(recorded)).unwrap_or(Rational::ZERO),
        }
    }

    /// The level at which the line spends most of its time.
    #[must_use]
    pub fn idle(&self) -> Level {
        if self.high_share.times(2) > Rational::ONE { Level::High } else { Level::Low }
    }

    /// The widths of the stretches at the other level than the idle one.
    #[must_use]
    pub fn active_width(&self) -> Option<Spread> {
        self.width_at(!self.idle())
    }

    /// The widths of the stretches at this level.
    #[must_use]
    pub fn width_at(&self, level: Level) -> Option<Spread> {
        match level {
            Level::High => self.high,
            Level::Low => self.low,
        }
    }

    /// The share of the recorded time that the line spends at this level (0 to 1).
    #[must_use]
    pub fn share_at(&self, level: Level) -> Rational {
        match level {
            Level::High => self.high_share.clone(),
            Level::Low => &Rational::ONE - &self.high_share,
        }
    }

    /// The more regular of its two periods.
    #[must_use]
    pub fn period(&self) -> Option<Spread> {
        match (self.rising_period, self.falling_period) {
            (Some(rising), Some(falling)) if falling.max - falling.min < rising.max - rising.min => Some(falling),
            (Some(rising), _) => Some(rising),
            (None, falling) => falling,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::LostSpan;

    fn at(index: u64) -> SampleIndex {
        SampleIndex::new(index)
    }

    #[test]
    fn widths_periods_and_share_by_hand() {
        let waveform = Waveform::new(Level::Low, vec![10, 13, 20, 24, 30, 33], at(50)).unwrap();
        let summary = LineSummary::of(&waveform, &Lost::nothing());
        assert_eq!(summary.high, Some(Spread { count: 3, min: 3, median: 3, max: 4 }));
        assert_eq!(summary.low, Some(Spread { count: 2, min: 6, median: 6, max: 7 }));
        assert_eq!(summary.rising_period, Some(Spread { count: 2, min: 10, median: 10, max: 10 }));
        assert_eq!(summary.falling_period, Some(Spread { count: 2, min: 9, median: 9, max: 11 }));
        assert_eq!(summary.high_share, Rational::new(10, 50).unwrap());
        assert_eq!((summary.idle(), summary.period()), (Level::Low, summary.rising_period));
    }

    #[test]
    fn nothing_is_counted_across_a_gap() {
        let waveform = Waveform::new(Level::Low, vec![10, 40], at(50)).unwrap();
        let lost = Lost::from_spans(vec![LostSpan::new(at(20), at(30))]);
        let summary = LineSummary::of(&waveform, &lost);
        assert_eq!((summary.edges, summary.high, summary.rising_period), (2, None, None));
        assert_eq!(summary.high_share, Rational::new(20, 40).unwrap());
    }
}
