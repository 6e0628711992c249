//! Finding out whether exposures end or start at the frame boundary, or keep their middles in step with the frames.

use std::num::NonZeroU32;

use super::anchor::middles;
use super::clock::{ClockContext, median_interval, spared_intervals};
use super::exposure::InFrames;
use super::groups::Clocks;
use super::middle::Centred;
use super::{Exposure, FrameClock, Interval};
use crate::line::middle;
use crate::rig::{Alignment, AlignmentSetting, Camera};
use crate::signal::{EdgeTime, Limb, Lost, Pulse};
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
/// Fewer exposures than this may have their middles in step by chance.
const FEWEST_MIDDLES: usize = 10;
/// This part of the edges of exposures may stray by chance.
const STRAYS_PART: usize = 4;

/// An alignment, and the other one where the capture hardly tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) alignment: Alignment,
    pub(super) other: Option<Alignment>,
}

/// A camera's frames by the alignment that was told.
pub(super) struct Aligned {
    pub(super) told: Option<Told>,
    pub(super) clock: FrameClock,
    /// The edges of FSIN where frames are counted by something else.
    pub(super) fsin: Option<FrameClock>,
    pub(super) exposures: InFrames,
}

/// The frames of a camera whose FSIN shows edges. By the alignment that is stated, or the middle of exposures if both their edges
/// surely vary more than twice as much, or the alignment that leaves less without a partner, or whose offsets to FSIN clearly vary
/// less, or else (of a constant exposure) whose offset is near a frame boundary while the other's is not, or whose offsets vary a
/// little less. Where it cannot be told, by the starts.
pub(super) fn with_fsin(clocks: Clocks, strobe: &[Pulse], context: ClockContext<'_>) -> Aligned {
    let sure = |alignment| Some(Told { alignment, other: None });
    let by_fsin = |clocks: Clocks, told: Option<Told>, exposures| Aligned {
        told,
        clock: clocks.found(told.map(|told| told.alignment)),
        fsin: None,
        exposures,
    };
    let ending = || InFrames::ending_at_fsin(strobe, clocks.by(Alignment::End), context);
    let starting = || InFrames::starting_after_fsin(strobe, clocks.by(Alignment::Start), context);
    let centred = || Centred::of(clocks.by(Alignment::Middle).clone(), strobe, context);
    match context.camera.alignment {
        AlignmentSetting::Stated(Alignment::Middle) => centred().into_aligned(),
        AlignmentSetting::Stated(Alignment::End) => {
            let exposures = ending();
            by_fsin(clocks, sure(Alignment::End), exposures)
        }
        AlignmentSetting::Stated(Alignment::Start) => {
            let exposures = starting();
            by_fsin(clocks, sure(Alignment::Start), exposures)
        }
        AlignmentSetting::Auto => {
            let (end, start) = (ending(), starting());
            // Each of the two edges at either end of a spread has its own uncertainty.
            let equal = EQUAL_SPREAD + context.slack().times(2).to_integer(Rounding::Up).unwrap_or(i128::MAX / 4);
            let fits = (
                Fit::of(&end, clocks.by(Alignment::End), Alignment::End),
                Fit::of(&start, clocks.by(Alignment::Start), Alignment::Start),
            );
            if has_one_pulse_a_frame(context.camera) {
                let centred = centred();
                let is_paired = centred.unpaired() <= fits.0.unpaired.min(fits.1.unpaired);
                if is_paired && are_tied_by_middle(&from_fsin(&centred.exposures), equal) {
                    return centred.into_aligned();
                }
            }
            match told(&fits.0, &fits.1, equal, clocks.by(Alignment::Start)) {
                Some(told) if told.alignment == Alignment::End => by_fsin(clocks, Some(told), end),
                // Where it cannot be told, a pulse belongs to the FSIN edge before it.
                start_or_none => by_fsin(clocks, start_or_none, start),
            }
        }
    }
}

impl Centred {
    fn into_aligned(self) -> Aligned {
        let told = Some(Told { alignment: Alignment::Middle, other: None });
        Aligned { told, clock: self.clock, fsin: Some(self.fsin), exposures: self.exposures }
    }
}

/// Whether each frame has one exposure, and one pulse of FSIN: others are never told by their middles.
fn has_one_pulse_a_frame(camera: &Camera) -> bool {
    camera.burst == NonZeroU32::MIN && camera.fsin_per_frame == NonZeroU32::MIN
}

/// How long after FSIN exposures start, and how long after it they end, in samples.
fn from_fsin(exposures: &InFrames) -> Vec<(i128, i128)> {
    let times = exposures.all.iter().filter_map(|exposure| {
        let (fsin, pulse) = (exposure.fsin?, exposure.pulse);
        Some(((pulse.start.edge()?.at() - fsin.at()).get(), (pulse.end.edge()?.at() - fsin.at()).get()))
    });
    times.collect()
}

/// Whether the middles of exposures surely vary less than half as much as both their edges, of which each counts without those few
/// that stray farthest: exposures of one length, one of which is odd, show nothing. Each pair is when one starts and when it ends,
/// of spreads that are known to `equal` samples.
fn are_tied_by_middle(times: &[(i128, i128)], equal: i128) -> bool {
    if times.len() < FEWEST_MIDDLES {
        return false;
    }
    let count = times.len() - times.len() / STRAYS_PART;
    let sorted = |of: &dyn Fn(&(i128, i128)) -> i128| {
        let mut values: Vec<i128> = times.iter().map(of).collect();
        values.sort_unstable();
        values
    };
    let (starts, ends) = (sorted(&|(start, _)| *start), sorted(&|(_, end)| *end));
    let edges = tightest(&starts, count).min(tightest(&ends, count));
    // Twice the spread of the middles.
    let middles = spread(&sorted(&|(start, end)| start + end));
    middles + 2 * equal < edges - equal
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
        Some(Alignment::End | Alignment::Start | Alignment::Middle) | None => {}
    }
    let period = clock.period.as_ref()?;
    let end = distance_to_boundary(middle(end.offsets.iter().copied())?, period)?;
    let start = distance_to_boundary(middle(start.offsets.iter().copied())?, period)?;
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
    fn of(exposures: &InFrames, clock: &FrameClock, alignment: Alignment) -> Fit {
        let lacking = exposures.missing.iter().map(|missing| missing.pulses as usize);
        let mut offsets: Vec<i128> =
            exposures.all.iter().filter_map(|exposure| offset(&exposure, clock, alignment)).collect();
        offsets.sort_unstable();
        Fit { unpaired: lacking.sum::<usize>() + exposures.extra.len(), offsets }
    }
}

/// How long after FSIN the anchored edge of an exposure comes: of the first of a burst, and where the frame is regular.
fn offset(exposure: &Exposure, clock: &FrameClock, alignment: Alignment) -> Option<i128> {
    let anchored = match alignment {
        Alignment::End => exposure.pulse.end.edge()?,
        Alignment::Start => exposure.pulse.start.edge().filter(|_| exposure.burst_index == 0)?,
        Alignment::Middle => exposure.pulse.middle()?,
    };
    // The frame of a pulse ends with the edge that starts the next one.
    let frame = exposure.frame?;
    let end = clock.edges.partition_point(|edge| edge.starts <= frame);
    let is_regular = clock.edges.get(end).is_some_and(|edge| edge.before == Interval::Regular);
    is_regular.then_some((anchored.at() - exposure.fsin?.at()).get())
}

/// The alignment of a camera without FSIN: as stated, or the middle of STROBE if it surely comes more than twice as regularly as
/// both its edges, or the edge that comes more regularly; of two that are equally regular, the end, and where exposures vary, in a
/// ramp, the start may be it as well.
pub(super) fn without_fsin(strobe: &[Pulse], context: ClockContext<'_>) -> Told {
    let (camera, lost) = (context.camera, context.lost);
    let sure = |alignment| Told { alignment, other: None };
    match camera.alignment {
        AlignmentSetting::Stated(alignment) => return sure(alignment),
        AlignmentSetting::Auto => {}
    }
    let equal = EQUAL_SPREAD + context.slack().times(4).to_integer(Rounding::Up).unwrap_or(i128::MAX / 4);
    if has_one_pulse_a_frame(camera) && are_tied_by_middle(&intervals(strobe, lost), equal) {
        return sure(Alignment::Middle);
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
    let width = |pulse: &Pulse| Some((pulse.end.edge()?.at() - pulse.start.edge()?.at()).get());
    let mut widths: Vec<i128> = strobe.iter().filter_map(width).collect();
    widths.sort_unstable();
    let other = (spread(&widths) > equal).then_some(Alignment::Start);
    let tied = Told { alignment: Alignment::End, other };
    Spreads { end, start, equal: EQUAL_SPREAD, count: starts.min(ends) }.less().unwrap_or(tied)
}

/// From the start of each exposure to that of the next, and from its end to that of the next, where their middles are about a frame
/// apart.
fn intervals(strobe: &[Pulse], lost: &Lost) -> Vec<(i128, i128)> {
    let Some(period) = median_interval(&middles(strobe), lost) else { return Vec::new() };
    let pairs = strobe.array_windows().filter_map(|[a, b]| {
        let between = |from: Limb, to: Limb| Some((to.edge()?.at() - from.edge()?.at()).get());
        let times = (between(a.start, b.start)?, between(a.end, b.end)?);
        let doubled = Rational::integer(times.0 + times.1);
        let is_a_frame = doubled > period && doubled < period.times(3);
        (lost.spares(a.from(), b.to()) && is_a_frame).then_some(times)
    });
    pairs.collect()
}

/// How many intervals are one frame long, and their peak-to-peak.
fn regular_intervals(edges: &[EdgeTime], lost: &Lost) -> Option<(usize, i128)> {
    let period = median_interval(edges, lost)?;
    let is_a_frame = |interval: &i128| {
        let doubled = Rational::integer(*interval).times(2);
        doubled > period && doubled < period.times(3)
    };
    let mut intervals: Vec<i128> = spared_intervals(edges, lost).filter(is_a_frame).collect();
    intervals.sort_unstable();
    (!intervals.is_empty()).then(|| (intervals.len(), spread(&intervals)))
}

/// The largest less the smallest of values in order; 0 of none.
fn spread(values: &[i128]) -> i128 {
    values.first().zip(values.last()).map_or(0, |(least, most)| most - least)
}

/// The least spread of so many of these values in order, at least one.
fn tightest(values: &[i128], count: usize) -> i128 {
    values.windows(count).map(spread).min().unwrap_or(0)
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
        let Aligned { told, exposures, .. } = with_fsin(clocks, &strobe, context);
        (told.map(|told| told.alignment), exposures.missing.len() + exposures.extra.len())
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
