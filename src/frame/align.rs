//! Finding out whether exposures end or start at the frame boundary.

use super::clock::{ClockContext, median_interval};
use super::exposure::Exposures;
use super::groups::Clocks;
use super::{Exposure, FrameClock, Interval};
use crate::rig::{Alignment, AlignmentSetting, Camera};
use crate::signal::{EdgeTime, Lost, Pulse};
use crate::units::{Rational, Rounding};

/// Offsets of sharp edges whose spreads differ by no more samples than this do not tell the alignments apart.
const EQUAL_SPREAD: i128 = 2;
/// A spread is clearly less than another only if that is so many times as large: of two that vary by chance either may be less.
const CLEARLY_LESS: i128 = 2;
/// The spreads of fewer times than this are chance.
const FEW: usize = 5;
/// Fewer offsets than this say nothing: that of one is no spread, and two may be alike by chance.
const FEWEST: usize = 3;
/// An alignment that leaves more without a partner than the other one does, by more than this part of all, is none.
const UNPAIRED_PART: usize = 8;

/// An alignment, and the other one where the capture hardly tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) alignment: Alignment,
    pub(super) other: Option<Alignment>,
}

/// The alignment of a camera whose FSIN shows edges, and its exposures put into frames by it. Stated, or the one that
/// leaves less without a partner, or whose offsets to FSIN clearly vary less, or else (of a constant exposure) whose offset is near
/// a frame boundary while the other's is not, or whose offsets vary a little less. `None`: it cannot be told.
pub(super) fn with_fsin(clocks: &Clocks, strobe: &[Pulse], context: ClockContext<'_>) -> (Option<Told>, Exposures) {
    let camera = context.camera;
    let clock = |alignment| clocks.by(alignment);
    let exposures = |alignment| Exposures::by_fsin(strobe, clock(alignment), alignment, camera.burst.get(), context);
    match camera.alignment {
        AlignmentSetting::Stated(alignment) => (Some(Told { alignment, other: None }), exposures(alignment)),
        AlignmentSetting::Auto => {
            let (end, start) = (exposures(Alignment::End), exposures(Alignment::Start));
            // Each of the two edges at either end of a spread has its own uncertainty.
            let slack = context.slack().times(2).to_integer(Rounding::Up).unwrap_or(i128::MAX / 4);
            let fits = (
                Fit::of(&end, clock(Alignment::End), Alignment::End),
                Fit::of(&start, clock(Alignment::Start), Alignment::Start),
            );
            match told(&fits.0, &fits.1, EQUAL_SPREAD + slack, clock(Alignment::Start)) {
                Some(told) if told.alignment == Alignment::End => (Some(told), end),
                // Where it cannot be told, a pulse belongs to the FSIN edge before it.
                start_or_none => (start_or_none, start),
            }
        }
    }
}

/// How well exposures fit FSIN by one of the alignments.
struct Fit {
    /// FSIN edges without their pulse, and pulses without their FSIN edge.
    unpaired: usize,
    /// How long after FSIN the anchored edge comes, of the pairs whose frame is regular, in samples and in order.
    offsets: Vec<i128>,
}

/// The alignment that fits better; `None` where it cannot be told. Spreads that differ by no more than `equal` samples do not tell
/// them apart.
fn told(end: &Fit, start: &Fit, equal: i128, clock: &FrameClock) -> Option<Told> {
    let all = clock.edges.len() + end.offsets.len().max(start.offsets.len());
    let fewer = match (end.unpaired, start.unpaired) {
        (end, start) if end < start => Some(Alignment::End),
        (end, start) if start < end => Some(Alignment::Start),
        _ => None,
    };
    let sure = |alignment| Told { alignment, other: None };
    let pairs = end.offsets.len().min(start.offsets.len());
    if pairs < FEWEST || end.unpaired.abs_diff(start.unpaired) > all / UNPAIRED_PART {
        return fewer.map(sure);
    }
    // The one with more pairs shows its best ones: each that is odd would else speak against it.
    let spreads =
        Spreads { end: tightest(&end.offsets, pairs), start: tightest(&start.offsets, pairs), equal, count: pairs };
    let less = spreads.less();
    if let Some(told) = less.filter(|told| told.other.is_none()) {
        return Some(told);
    }
    let is_tight = |fit: &Fit| spread(&fit.offsets) <= spreads.end.max(spreads.start) + equal;
    match fewer {
        Some(Alignment::End) if is_tight(end) => return fewer.map(sure),
        Some(Alignment::Start) if is_tight(start) => return fewer.map(sure),
        Some(Alignment::End | Alignment::Start) | None => {}
    }
    let period = clock.period.as_ref()?;
    let end = distance_to_boundary(median(&end.offsets)?, period)?;
    let start = distance_to_boundary(median(&start.offsets)?, period)?;
    let eighth = |distance: &Rational| distance.times(8) < *period;
    if eighth(&end) && end.times(4) <= start {
        Some(sure(Alignment::End))
    } else if eighth(&start) && start.times(4) <= end {
        Some(sure(Alignment::Start))
    } else {
        less
    }
}

/// How much times vary by either alignment, in samples.
struct Spreads {
    end: i128,
    start: i128,
    /// Spreads that differ by no more than this are the same.
    equal: i128,
    /// How many times each is of.
    count: usize,
}

impl Spreads {
    /// The alignment whose times vary less; the other one beside it where they hardly do. `None` if they vary the same.
    fn less(&self) -> Option<Told> {
        let (alignment, other) = match self.start < self.end {
            true => (Alignment::Start, Alignment::End),
            false => (Alignment::End, Alignment::Start),
        };
        let (less, more) = (self.start.min(self.end), self.start.max(self.end));
        let is_clear = less <= self.equal || (more >= less * CLEARLY_LESS && self.count >= FEW);
        (more - less > self.equal).then_some(Told { alignment, other: (!is_clear).then_some(other) })
    }
}

impl Fit {
    fn of(exposures: &Exposures, clock: &FrameClock, alignment: Alignment) -> Fit {
        let lacking = exposures.missing.iter().map(|missing| missing.pulses as usize);
        let mut offsets: Vec<i128> =
            exposures.all.iter().filter_map(|exposure| offset(exposure, clock, alignment)).collect();
        offsets.sort_unstable();
        Fit { unpaired: lacking.sum::<usize>() + exposures.extra.len(), offsets }
    }
}

/// How long after FSIN the anchored edge of an exposure comes: of the first of a burst, and where the frame is regular.
fn offset(exposure: &Exposure, clock: &FrameClock, alignment: Alignment) -> Option<i128> {
    let anchored = match alignment {
        Alignment::End => exposure.pulse.end.edge()?,
        Alignment::Start => exposure.pulse.start.edge().filter(|_| exposure.burst_index == 0)?,
    };
    // The frame of a pulse ends with the edge that starts the next one.
    let frame = exposure.frame?;
    let end = clock.edges.partition_point(|edge| edge.starts <= frame);
    let is_regular = clock.edges.get(end).is_some_and(|edge| edge.before == Interval::Regular);
    is_regular.then_some((anchored.at() - exposure.fsin?.at()).get())
}

/// The alignment of a camera without FSIN: as stated, or the edge of STROBE that comes more regularly; of two that are
/// equally regular, the end.
pub(super) fn without_fsin(camera: &Camera, strobe: &[Pulse], lost: &Lost) -> Told {
    let sure = |alignment| Told { alignment, other: None };
    match camera.alignment {
        AlignmentSetting::Stated(alignment) => return sure(alignment),
        AlignmentSetting::Auto => {}
    }
    let starts: Vec<EdgeTime> = strobe.iter().filter_map(|pulse| pulse.start.edge()).collect();
    let ends: Vec<EdgeTime> = strobe.iter().filter_map(|pulse| pulse.end.edge()).collect();
    let (Some((starts, start)), Some((ends, end))) = (regular_intervals(&starts, lost), regular_intervals(&ends, lost))
    else {
        return sure(Alignment::End);
    };
    // Of exposures in turn, the edge that moves has intervals of its own that repeat, and others between. The record may cut one
    // edge off at either end, and each lost stretch one before and one behind it.
    let cut = 1 + lost.spans().len();
    if starts + cut + starts / 8 < ends {
        return sure(Alignment::End);
    }
    if ends + cut + ends / 8 < starts {
        return sure(Alignment::Start);
    }
    Spreads { end, start, equal: EQUAL_SPREAD, count: starts.min(ends) }.less().unwrap_or(sure(Alignment::End))
}

/// How many intervals are one frame long, and their peak-to-peak.
fn regular_intervals(edges: &[EdgeTime], lost: &Lost) -> Option<(usize, i128)> {
    let period = median_interval(edges, lost)?;
    let mut intervals: Vec<i128> = edges
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if lost.spares(a.at(), b.at()) => Some((b.at() - a.at()).get()),
            [..] => None,
        })
        .filter(|&interval| {
            let doubled = Rational::integer(interval).times(2);
            doubled > period && doubled < period.times(3)
        })
        .collect();
    intervals.sort_unstable();
    if intervals.is_empty() { None } else { Some((intervals.len(), spread(&intervals))) }
}

/// The largest less the smallest of values in order; 0 of none.
fn spread(values: &[i128]) -> i128 {
    values.first().zip(values.last()).map_or(0, |(least, most)| most - least)
}

/// The least spread of so many of these values in order, at least one.
fn tightest(values: &[i128], count: usize) -> i128 {
    values.windows(count).map(spread).min().unwrap_or(0)
}

/// The lower of the two middle ones of values in order.
fn median(values: &[i128]) -> Option<i128> {
    values.get(values.len().checked_sub(1)? / 2).copied()
}

/// How far an offset is from the nearest whole number of frame times.
fn distance_to_boundary(offset: i128, period: &Rational) -> Option<Rational> {
    let offset = Rational::integer(offset);
    let frames = offset.checked_div(period)?.to_integer(Rounding::Nearest)?;
    Some((&offset - &period.times(frames)).abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::Rig;
    use crate::signal::Limb;
    use crate::units::{SampleIndex, SampleRate};

    /// The alignment that is found of triggers and exposures (from, to), in samples, and how much it leaves unpaired.
    fn found(triggers: &[u64], exposures: &[(u64, u64)], length: u64) -> (Option<Alignment>, usize) {
        let (rig, rate, lost) = (Rig::default(), SampleRate::parse("1 MHz").unwrap(), Lost::nothing());
        let camera = &rig.cameras[0];
        let context =
            ClockContext { rig: &rig, camera, lines: &[], rate: &rate, lost: &lost, length: SampleIndex::new(length) };
        let edge = |at: u64| EdgeTime::sharp(SampleIndex::new(at));
        let pulse = |&(from, to): &(u64, u64)| Pulse { start: Limb::Edge(edge(from)), end: Limb::Edge(edge(to)) };
        let strobe: Vec<Pulse> = exposures.iter().map(pulse).collect();
        let clocks = Clocks::of(triggers.iter().map(|&at| edge(at)).collect(), &strobe, context);
        let (alignment, exposures) = with_fsin(&clocks, &strobe, context);
        (alignment.map(|told| told.alignment), exposures.missing.len() + exposures.extra.len())
    }

    /// So many triggers, 1000 samples apart, from sample 1000 on.
    fn triggers(count: u64) -> Vec<u64> {
        (1..=count).map(|n| 1000 * n).collect()
    }

    /// An exposure per trigger, 20 samples after it, as long as these in turn.
    fn started(triggers: &[u64], widths: &[u64]) -> Vec<(u64, u64)> {
        triggers.iter().zip(widths.iter().cycle()).map(|(at, width)| (at + 20, at + 20 + width)).collect()
    }

    /// An exposure per trigger that ends with it.
    fn ended(triggers: &[u64], widths: &[u64]) -> Vec<(u64, u64)> {
        triggers.iter().zip(widths.iter().cycle()).map(|(at, width)| (at - width, *at)).collect()
    }

    #[test]
    fn what_is_left_unpaired_weighs_first() {
        // Every second exposure ends at the next trigger, to the sample, and all others half a frame from any.
        let edges = triggers(20);
        assert_eq!(found(&edges, &started(&edges, &[980, 300]), 21_500), (Some(Alignment::Start), 0));
        // One of ten only.
        let mut widths = [980; 10];
        widths[4] = 300;
        assert_eq!(found(&edges, &started(&edges, &widths), 21_500), (Some(Alignment::Start), 0));
        // Ends near the trigger, starts in turn before and after the one before it.
        assert_eq!(found(&edges, &ended(&edges, &[985, 1010]), 20_800).0, Some(Alignment::End));
    }

    #[test]
    fn one_exposure_that_is_odd_does_not_turn_the_others() {
        // The tenth ends 600 samples late, so that no trigger is near; every trigger has a start.
        let edges = triggers(60);
        let mut exposures = ended(&edges, &[600]);
        exposures[9] = (exposures[9].0 + 599, exposures[9].1 + 599);
        assert_eq!(found(&edges, &exposures, 60_300).0, Some(Alignment::End));
    }

    #[test]
    fn varying_exposures_show_the_edge_that_is_tied() {
        let edges = triggers(12);
        assert_eq!(found(&edges, &started(&edges, &[200, 300, 400]), 13_500), (Some(Alignment::Start), 0));
        assert_eq!(found(&edges, &ended(&edges, &[200, 300, 400]), 12_500), (Some(Alignment::End), 0));
    }

    #[test]
    fn few_offsets_say_nothing() {
        // The spread of one offset is 0, and of two alike as well.
        let edges = triggers(3);
        assert_eq!(found(&edges, &started(&edges, &[870, 300, 300]), 4500), (Some(Alignment::Start), 0));
        let edges = triggers(2);
        assert_eq!(found(&edges, &started(&edges, &[400, 300]), 3500), (None, 0));
    }
}
