//! Which stretches of a capture are proven, and which are lost.

use crate::units::{Columnar, SampleIndex};

/// What is known of the number of samples of a lost stretch: only where it is proven has time gone on across it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Length {
    /// It is stated, and nothing speaks against it.
    Proven,
    /// It is what is stated once and contradicted, or what the others are like.
    Inferred,
    /// Nothing tells it.
    Unknown,
}

/// A stretch of samples that was not recorded, or whose record cannot be trusted: from the first lost sample up to the
/// first proven one. Of equal ends, it is a cut: an unknown number of samples is missing just before that sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LostSpan {
    /// The first lost sample.
    pub from: SampleIndex,
    /// The first sample after it that is proven again, or the capture's length.
    pub to: SampleIndex,
    /// What is known of the number of samples between them.
    pub length: Length,
}

impl LostSpan {
    /// A stretch whose length is proven; of equal ends, a cut.
    #[must_use]
    pub fn new(from: SampleIndex, to: SampleIndex) -> LostSpan {
        LostSpan { from, to, length: if from == to { Length::Unknown } else { Length::Proven } }
    }

    /// The same, of which the length is known no better than this.
    #[must_use]
    pub fn known_to(self, length: Length) -> LostSpan {
        LostSpan { length: self.length.max(length), ..self }
    }

    /// The same with its ends counted in another way.
    #[must_use]
    pub fn map(self, count: impl Fn(SampleIndex) -> SampleIndex) -> LostSpan {
        LostSpan { from: count(self.from), to: count(self.to), ..self }
    }
}

/// A stretch of consecutive proven samples, from its first up to but without `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first sample.
    pub from: SampleIndex,
    /// The sample after the last.
    pub to: SampleIndex,
}

impl Columnar<2> for Stretch {
    fn to_numbers(&self) -> Option<[i64; 2]> {
        let (from, to) = (self.from.get().cast_signed(), self.to.get().cast_signed());
        Some([from, to.wrapping_sub(from)])
    }

    #[inline]
    fn from_numbers([from, length]: [i64; 2]) -> Stretch {
        let sample = |at: i64| SampleIndex::new(at.cast_unsigned());
        Stretch { from: sample(from), to: sample(from.wrapping_add(length)) }
    }
}

impl Stretch {
    /// How many samples it holds.
    #[must_use]
    pub fn samples(&self) -> u64 {
        self.to.get().saturating_sub(self.from.get())
    }
}

/// The lost stretches of a capture: in order, neither overlapping nor touching.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lost(Vec<LostSpan>);

impl Lost {
    /// Nothing is lost.
    #[must_use]
    pub const fn nothing() -> Lost {
        Lost(Vec::new())
    }

    /// Sorts the spans and merges those that overlap or touch.
    #[must_use]
    pub fn from_spans(mut spans: Vec<LostSpan>) -> Lost {
        spans.sort_unstable();
        let mut merged: Vec<LostSpan> = Vec::with_capacity(spans.len());
        for span in spans {
            match merged.last_mut() {
                Some(last) if span.from <= last.to => {
                    *last = LostSpan { to: last.to.max(span.to), ..last.known_to(span.length) };
                }
                Some(_) | None => merged.push(span),
            }
        }
        Lost(merged)
    }

    /// The lost stretches in order.
    #[must_use]
    pub fn spans(&self) -> &[LostSpan] {
        &self.0
    }

    /// What of it lies in this window, counted from the window's first sample.
    #[must_use]
    pub fn window(&self, window: Stretch) -> Lost {
        let (from, to) = (window.from.get(), window.to.get());
        let inside = |at: SampleIndex| SampleIndex::new(at.get().clamp(from, to) - from);
        let spans = self.spans().iter().filter(|span| span.to.get() > from && span.from.get() < to);
        Lost::from_spans(spans.map(|span| span.map(inside)).collect())
    }

    /// Whether nothing is lost.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether samples `at` − 1 and `at` were both recorded, one after the other: only then is a change of level at
    /// `at` an edge.
    #[must_use]
    pub fn joins(&self, at: SampleIndex) -> bool {
        let after = self.0.partition_point(|span| span.to < at);
        self.0.get(after).is_none_or(|span| at < span.from)
    }

    /// Where time begins anew: at the first samples behind stretches whose length is not proven, in order.
    pub fn restarts(&self) -> impl Iterator<Item = SampleIndex> {
        self.0.iter().filter(|span| span.length != Length::Proven).map(|span| span.to)
    }

    /// The proven stretches of a capture of `length` samples, in order; none is empty.
    #[must_use]
    pub fn proven(&self, length: SampleIndex) -> Vec<Stretch> {
        let mut from = SampleIndex::default();
        let mut stretches = Vec::with_capacity(self.0.len() + 1);
        for span in &self.0 {
            stretches.push(Stretch { from, to: span.from.min(length) });
            from = span.to;
        }
        stretches.push(Stretch { from, to: length });
        stretches.retain(|stretch| stretch.from < stretch.to);
        stretches
    }

    /// Whether every sample from `from` up to and with `to` was recorded, without a gap between any two of them.
    #[must_use]
    pub fn spares(&self, from: SampleIndex, to: SampleIndex) -> bool {
        let after = self.0.partition_point(|span| span.to <= from);
        self.0.get(after).is_none_or(|span| to < span.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: u64, to: u64) -> LostSpan {
        LostSpan::new(SampleIndex::new(from), SampleIndex::new(to))
    }

    fn at(index: u64) -> SampleIndex {
        SampleIndex::new(index)
    }

    #[test]
    fn overlapping_and_touching_spans_become_one() {
        let lost = Lost::from_spans(vec![span(30, 30), span(5, 10), span(10, 12), span(8, 9)]);
        assert_eq!(lost.spans(), [span(5, 12), span(30, 30)]);
    }

    #[test]
    fn time_goes_on_across_a_proven_length_alone() {
        let lost = Lost::from_spans(vec![span(5, 10), span(20, 30).known_to(Length::Inferred), span(40, 40)]);
        assert_eq!(lost.restarts().collect::<Vec<_>>(), [at(30), at(40)]);
        // Of stretches that touch, the least that is known counts.
        let merged = Lost::from_spans(vec![span(5, 10), span(10, 10), span(10, 12)]);
        assert_eq!(merged.spans(), [span(5, 12).known_to(Length::Unknown)]);
        assert_eq!(span(5, 9).map(|sample| SampleIndex::new(sample.get() - 5)), span(0, 4));
    }

    #[test]
    fn an_edge_needs_both_its_samples() {
        let lost = Lost::from_spans(vec![span(5, 10), span(20, 20)]);
        let joined: Vec<u64> = (1..25).filter(|&i| lost.joins(at(i))).collect();
        assert_eq!(joined, [1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24]);
    }

    #[test]
    fn a_window_is_spared_only_when_it_has_no_gap() {
        let lost = Lost::from_spans(vec![span(5, 10), span(20, 20)]);
        assert!(lost.spares(at(0), at(4)));
        assert!(!lost.spares(at(0), at(5)));
        assert!(!lost.spares(at(9), at(12)));
        assert!(lost.spares(at(10), at(19)));
        assert!(!lost.spares(at(10), at(20)));
        assert!(lost.spares(at(20), at(99)));
    }

    #[test]
    fn proven_stretches_are_what_is_left() {
        let lost = Lost::from_spans(vec![span(0, 3), span(5, 10), span(20, 20), span(28, 30)]);
        let stretches: Vec<(u64, u64)> = lost.proven(at(30)).iter().map(|s| (s.from.get(), s.to.get())).collect();
        assert_eq!(stretches, [(3, 5), (10, 20), (20, 28)]);
    }
}
