//! How much of an exposure is lit, and how much light falls outside: exact areas over uncertain edges.

use super::interval::Instant;
use super::{Bound, Reading};
use crate::units::Rational;

/// A stretch of time with uncertain ends, in sample periods.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) start: Instant,
    pub(super) end: Instant,
}

/// A stretch of exact ends.
pub(super) type Exact = (Rational, Rational);

/// Which corner of its ends' windows a span is taken at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Corner {
    /// As the samples show it.
    Seen,
    /// As long as it can have been.
    Longest,
    /// As short as it can have been.
    Shortest,
}

impl Span {
    pub(super) fn at(&self, corner: Corner) -> Exact {
        match corner {
            Corner::Seen => (self.start.at.clone(), self.end.at.clone()),
            Corner::Longest => (self.start.after.clone(), self.end.until.clone()),
            Corner::Shortest => (self.start.until.clone(), self.end.after.clone()),
        }
    }
}

/// Spans at a corner, merged where they overlap or touch; empty ones are gone.
pub(super) fn merged(spans: &[Span], corner: Corner) -> Vec<Exact> {
    let mut exact: Vec<Exact> = spans.iter().map(|span| span.at(corner)).filter(|(from, to)| from < to).collect();
    exact.sort();
    let mut merged: Vec<Exact> = Vec::with_capacity(exact.len());
    for (from, to) in exact {
        match merged.last_mut() {
            Some((_, last)) if from <= *last => *last = last.clone().max(to),
            Some(_) | None => merged.push((from, to)),
        }
    }
    merged
}

/// How long both of two series of merged spans last at once.
fn overlap(a: &[Exact], b: &[Exact]) -> Rational {
    let mut sum = Rational::ZERO;
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(first), Some(second)) = (a.peek(), b.peek()) {
        let (from, to) = ((&first.0).max(&second.0), (&first.1).min(&second.1));
        if from < to {
            sum = &sum + &(to - from);
        }
        if first.1 < second.1 {
            a.next();
        } else {
            b.next();
        }
    }
    sum
}

/// The parts of merged spans that lie within one span.
fn clipped(spans: &[Exact], within: &[Exact; 1]) -> Vec<Exact> {
    let [(from, to)] = within;
    (spans.iter())
        .map(|(start, end)| (start.clone().max(from.clone()), end.clone().min(to.clone())))
        .filter(|(start, end)| start < end)
        .collect()
}

/// The share of an exposure (0 to 1) in which a flash is on: 1 − (uncovered head + gaps + tail) / exposure.
pub(super) fn coverage(exposure: &Span, flashes: &[Span]) -> Reading {
    let share = |spans: &[Exact], from: &Rational, to: &Rational| {
        let lit = overlap(spans, &[(from.clone(), to.clone())]);
        lit.checked_div(&(to - from)).filter(|_| from < to)
    };
    let seen = share(&merged(flashes, Corner::Seen), &exposure.start.at, &exposure.end.at).unwrap_or(Rational::ZERO);
    let extreme = |corner: Corner, better: fn(&Rational, &Rational) -> bool| {
        let spans = merged(flashes, corner);
        let mut best: Option<Rational> = None;
        for from in turning_points(&exposure.start, &spans)? {
            for to in turning_points(&exposure.end, &spans)? {
                // An exposure that may have been of no length at all may have been lit by any share.
                let candidate = share(&spans, &from, &to)?;
                best = Some(match best {
                    Some(best) if !better(&candidate, &best) => best,
                    Some(_) | None => candidate,
                });
            }
        }
        best
    };
    let low = extreme(Corner::Shortest, |a, b| a < b).unwrap_or(Rational::ZERO);
    let high = extreme(Corner::Longest, |a, b| a > b).unwrap_or(Rational::ONE);
    bounded_share(low, seen, high)
}

/// At the ends of its range, and when only one value is possible, a bound may be reached.
pub(super) fn bounded_share(low: Rational, seen: Rational, high: Rational) -> Reading {
    let single = low == high;
    let low = if single || low.is_zero() { Bound::Closed(low) } else { Bound::Open(low) };
    let high = if single || high == Rational::ONE { Bound::Closed(high) } else { Bound::Open(high) };
    Reading { value: seen, low, high }
}

/// Where the lit share can have an extreme while one end of the exposure moves through its window: at the ends of the
/// window, and where a flash begins or ends inside it. None when there are too many to try: then nothing is known.
fn turning_points(end: &Instant, flashes: &[Exact]) -> Option<Vec<Rational>> {
    const MOST: usize = 16;
    let mut points = vec![end.after.clone(), end.until.clone()];
    let edges = flashes.iter().flat_map(|(from, to)| [from, to]);
    points.extend(edges.filter(|edge| end.after < **edge && **edge < end.until).cloned());
    Some(points).filter(|points| points.len() <= MOST)
}

/// A frame's two ends, as the leak of a frame is counted between them.
#[derive(Debug, Clone)]
pub(super) struct FrameSpan {
    pub(super) span: Span,
    /// Which of its ends are the very edges of exposures, whose windows they share.
    pub(super) shared: SharedEdge,
}

/// Which edge of STROBE a frame's ends are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SharedEdge {
    /// None: FSIN bounds the frame.
    None,
    /// Frames run from one start of STROBE to the next.
    Start,
    /// Frames run from one end of STROBE to the next.
    End,
}

/// How long, in sample periods, flashes are on within a frame while nothing is exposed.
pub(super) fn leak(frame: &FrameSpan, flashes: &[Span], exposures: &[Span]) -> Reading {
    let at = |flash: Corner, exposure: Corner| {
        let within = [frame_ends(frame, flash, exposure)];
        let lit = clipped(&merged(flashes, flash), &within);
        let total = overlap(&lit, &within);
        &total - &overlap(&lit, &merged(exposures, exposure))
    };
    let value = at(Corner::Seen, Corner::Seen);
    let low = at(Corner::Shortest, Corner::Longest);
    let high = at(Corner::Longest, Corner::Shortest);
    if low == high {
        return Reading::exact(value);
    }
    // An area of nothing is what it can be at its least.
    let low = if low.is_zero() { Bound::Closed(low) } else { Bound::Open(low) };
    Reading { value, low, high: Bound::Open(high) }
}

/// A frame's ends at the corner of the flash, or where they are edges of exposures at the exposures' corner.
fn frame_ends(frame: &FrameSpan, flash: Corner, exposure: Corner) -> Exact {
    match (frame.shared, exposure) {
        (SharedEdge::None, _) => frame.span.at(flash),
        (SharedEdge::Start | SharedEdge::End, Corner::Seen) => frame.span.at(Corner::Seen),
        (SharedEdge::Start, Corner::Longest) | (SharedEdge::End, Corner::Shortest) => {
            (frame.span.start.after.clone(), frame.span.end.after.clone())
        }
        (SharedEdge::Start, Corner::Shortest) | (SharedEdge::End, Corner::Longest) => {
            (frame.span.start.until.clone(), frame.span.end.until.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::EdgeTime;
    use crate::units::SampleIndex;

    fn span(from: u64, to: u64) -> Span {
        let edge = |at| Instant::of(EdgeTime::sharp(SampleIndex::new(at)), &Rational::ZERO);
        Span { start: edge(from), end: edge(to) }
    }

    fn ratio(num: i128, den: i128) -> Rational {
        Rational::new(num, den).unwrap()
    }

    #[test]
    fn a_flash_lit_before_and_after_covers_exactly_all() {
        assert_eq!(coverage(&span(100, 200), &[span(99, 201)]), Reading::exact(Rational::ONE));
        // Lit at the same sample, it may have come up to a sample late.
        let touching = coverage(&span(100, 200), &[span(100, 201)]);
        assert_eq!(touching.value, Rational::ONE);
        assert_eq!((touching.low, touching.high), (Bound::Open(ratio(99, 100)), Bound::Closed(Rational::ONE)));
    }

    #[test]
    fn a_late_flash_leaves_the_head_dark() {
        // Lit from 110 in 100..200: 10 of 100 dark, each end known to a sample.
        let late = coverage(&span(100, 200), &[span(110, 250)]);
        assert_eq!(late.value, ratio(9, 10));
        // Darkest: flash at 110, exposure from 99 to 199. Lightest: flash from 109, exposure from 100 to 200.
        assert_eq!((late.low, late.high), (Bound::Open(ratio(89, 100)), Bound::Open(ratio(91, 100))));
    }

    #[test]
    fn no_flash_covers_exactly_nothing() {
        assert_eq!(coverage(&span(100, 200), &[]), Reading::exact(Rational::ZERO));
    }

    #[test]
    fn a_leak_is_what_falls_outside_every_exposure() {
        let frame = FrameSpan { span: span(0, 1000), shared: SharedEdge::None };
        let reading = leak(&frame, &[span(90, 230)], &[span(100, 200)]);
        let whole = Rational::integer;
        assert_eq!(reading, Reading::between(whole(38), whole(40), whole(42)));
        let inside = leak(&frame, &[span(101, 199)], &[span(100, 200)]);
        assert_eq!(inside, Reading::exact(Rational::ZERO));
        let touching = leak(&frame, &[span(100, 199)], &[span(100, 200)]);
        assert_eq!((touching.low, touching.high), (Bound::Closed(whole(0)), Bound::Open(whole(1))));
    }

    #[test]
    fn a_frame_that_ends_with_the_exposure_has_no_sliver() {
        // The flash is on across the end of the exposure, which is the end of the frame itself.
        let frame = FrameSpan { span: span(0, 200), shared: SharedEdge::End };
        assert_eq!(leak(&frame, &[span(150, 250)], &[span(100, 200)]), Reading::exact(Rational::ZERO));
    }
}
