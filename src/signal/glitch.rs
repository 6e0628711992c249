//! The glitch filter: stretches that are too short to mean anything are bridged, counted and located.

use super::{EdgeTime, Level, SampleSpan, Stretch};
use crate::units::{Rational, Rounding, SampleIndex, SampleRate};

/// A stretch of one level that is shorter than the line's glitch time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glitch {
    /// Its first sample.
    pub from: SampleIndex,
    /// The sample after its last.
    pub to: SampleIndex,
}

/// Bridges stretches of fewer samples than a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GlitchFilter {
    least: u64,
}

impl GlitchFilter {
    /// Every stretch counts.
    pub const OFF: GlitchFilter = GlitchFilter { least: 0 };

    /// Stretches shorter than `seconds` are glitches.
    #[must_use]
    pub fn shorter_than(seconds: &Rational, rate: &SampleRate) -> GlitchFilter {
        let least = rate.samples(seconds).to_integer(Rounding::Up).unwrap_or(i128::MAX);
        GlitchFilter::of_samples(u64::try_from(least.max(0)).unwrap_or(u64::MAX))
    }

    /// Stretches of fewer samples than these are glitches.
    #[must_use]
    pub fn of_samples(least: u64) -> GlitchFilter {
        GlitchFilter { least }
    }

    /// Whether a stretch of this many samples is a glitch.
    #[must_use]
    pub fn is_glitch(self, samples: u64) -> bool {
        samples < self.least
    }

    /// How many samples before the end of a stretch of the record, or behind its start, an edge may be that of a glitch, where the
    /// level changes at `changes`: as far as nothing there lasts long enough, and as long as a glitch may be.
    #[must_use]
    pub fn blind(self, stretch: Stretch, changes: SampleSpan<'_>) -> u64 {
        let (from, to) = (stretch.from.get(), stretch.to.get());
        let ahead = changes.iter().chain([to]);
        let back = (0..changes.len()).rev().filter_map(|place| changes.get(place)).chain([from]);
        let most = self.unsettled(from, ahead).max(self.unsettled(to, back));
        most + self.least.saturating_sub(1)
    }

    /// How far from an end all stretches up to the next change are glitches.
    fn unsettled(self, end: u64, changes: impl Iterator<Item = u64>) -> u64 {
        let mut at = end;
        for change in changes {
            if !self.is_glitch(change.abs_diff(at)) {
                break;
            }
            at = change;
        }
        at.abs_diff(end)
    }

    /// The edges that are left of a proven stretch when its glitches are bridged; it starts at level `first` and its
    /// level changes at `changes`. Bridged stretches are added to `glitches`.
    ///
    /// A new level begins with the edge into the first stretch that is long enough; shorter ones before it keep the
    /// old level, and the window of the edge reaches back over them. The first and the last stretch are cut off by
    /// the ends of the record, and so never glitches.
    pub fn edges<I: IntoIterator<Item = u64>>(
        self,
        first: Level,
        changes: I,
        glitches: &mut Vec<Glitch>,
    ) -> impl Iterator<Item = EdgeTime> + use<'_, I> {
        let mut changes = changes.into_iter().peekable();
        let (mut level, mut kept) = (first, first);
        let mut bridged_from: Option<SampleIndex> = None;
        std::iter::from_fn(move || {
            loop {
                let change = changes.next()?;
                level = !level;
                let start = SampleIndex::new(change);
                if let Some(&next) = changes.peek()
                    && self.is_glitch(next - change)
                {
                    glitches.push(Glitch { from: start, to: SampleIndex::new(next) });
                    bridged_from.get_or_insert(start);
                    continue;
                }
                let earliest = bridged_from.take().unwrap_or(start);
                if level != kept {
                    kept = level;
                    return EdgeTime::bridged(earliest, start);
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::SampleList;
    use super::*;

    /// The edges as (seen at, happened after), and the glitches as (from, to).
    type Filtered = (Vec<(u64, i128)>, Vec<(u64, u64)>);

    fn filtered(least: i128, changes: &[u64]) -> Filtered {
        let rate = SampleRate::parse("1 MHz").unwrap();
        let filter = GlitchFilter::shorter_than(&Rational::decimal(least, -6), &rate);
        let mut glitches = Vec::new();
        let edges: Vec<EdgeTime> = filter.edges(Level::Low, changes.iter().copied(), &mut glitches).collect();
        (
            edges.iter().map(|e| (e.at().get(), e.after())).collect(),
            glitches.iter().map(|g| (g.from.get(), g.to.get())).collect(),
        )
    }

    #[test]
    fn without_glitches_nothing_changes() {
        assert_eq!(filtered(5, &[100, 200]), (vec![(100, 99), (200, 199)], vec![]));
    }

    #[test]
    fn a_short_pulse_is_bridged_and_counted() {
        assert_eq!(filtered(5, &[100, 104]), (vec![], vec![(100, 104)]));
        assert_eq!(filtered(4, &[100, 104]), (vec![(100, 99), (104, 103)], vec![]));
    }

    #[test]
    fn chatter_before_an_edge_widens_its_window() {
        // Low, 2 high, 1 low, then high for good: the edge is at 103, and may have been at 100.
        let (edges, glitches) = filtered(5, &[100, 102, 103]);
        assert_eq!(edges, [(103, 99)]);
        assert_eq!(glitches, [(100, 102), (102, 103)]);
    }

    #[test]
    fn the_last_stretch_is_cut_off_and_no_glitch() {
        assert_eq!(filtered(5, &[998]), (vec![(998, 997)], vec![]));
    }

    #[test]
    fn an_end_is_blind_as_far_as_nothing_lasts() {
        let blind = |least, changes: &[u64]| {
            let list: SampleList = changes.iter().copied().collect();
            let stretch = Stretch { from: SampleIndex::new(100), to: SampleIndex::new(1000) };
            GlitchFilter::of_samples(least).blind(stretch, list.all())
        };
        assert_eq!(blind(5, &[500]), 4);
        assert_eq!(blind(0, &[101, 102, 999]), 0);
        // Four samples before the end a change, and three before that: 7 are open, and 4 of a glitch.
        assert_eq!(blind(5, &[500, 993, 996]), 11);
        assert_eq!(blind(5, &[500, 990, 995, 996]), 9);
        // The same behind the start.
        assert_eq!(blind(5, &[104, 107, 500]), 11);
        // Nothing lasts.
        assert_eq!(blind(1000, &[104, 107, 500]), 900 + 999);
    }
}
