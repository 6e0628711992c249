//! Which STROBE pulse belongs to which frame, which are missing, and which are too many.

use super::anchor::{anchored, usual_of_turns};
use super::answer::answers;
use super::clock::ClockContext;
use super::pairing::{Instants, pair};
use super::{ClockSource, Exposure, Exposures, FrameClock, MissingExposure, Places};
use crate::rig::{Alignment, WireIndex};
use crate::signal::{EdgeTime, Limb, Lost, Pulse};
use crate::units::{Rational, Rounding, SampleIndex};

/// A camera's exposures, put into frames.
#[derive(Debug, Default)]
pub(super) struct InFrames {
    pub(super) all: Exposures,
    pub(super) missing: Vec<MissingExposure>,
    pub(super) extra: Vec<usize>,
}

impl InFrames {
    /// Frames by FSIN's edges: pulses are paired by time with the boundary at which they end.
    pub(super) fn ending_at_fsin(strobe: &[Pulse], clock: &FrameClock, context: ClockContext<'_>) -> InFrames {
        let mut boundary_of = vec![None; strobe.len()];
        let mut paired_edge = vec![false; clock.edges.len()];
        let later = half_a_frame_later(clock, strobe);
        for (edge, pulse) in end_pairs(clock, strobe, later, context.lost) {
            paired_edge[edge] = true;
            boundary_of[pulse] = Some(edge);
        }
        let exposure = |(pulse, boundary): (&Pulse, Option<usize>)| {
            let boundary = boundary.map(|boundary| clock.edges.at(boundary));
            let frame = boundary.map(|boundary| boundary.starts - 1);
            Exposure { frame, fsin: boundary.map(|boundary| boundary.edge), ..unpaired(*pulse) }
        };
        let all = strobe.iter().zip(boundary_of).map(exposure).collect();
        let mut exposures = InFrames { all, ..InFrames::default() };
        let Some(reach) = half_period(clock) else { return exposures };
        // Of a pulse that is cut off it is not known when it ends.
        let are_whole = strobe.iter().all(|pulse| pulse.end.edge().is_some());
        let latest = context.latest().filter(|_| are_whole).map_or(reach, |latest| latest.min(reach));
        for (boundary, _) in clock.edges.iter().zip(&paired_edge).filter(|(_, paired)| !**paired) {
            let middle = boundary.edge.until() + later;
            if context.recorded().holds(middle - reach, middle + latest) {
                let frame = boundary.starts - 1;
                exposures.missing.push(MissingExposure { frame, fsin: boundary.edge, pulses: 1 });
            }
        }
        let has_no_boundary = |exposure: &Exposure| {
            let end = exposure.pulse.end.edge().filter(|_| exposure.frame.is_none());
            let may_end_frame =
                |end: EdgeTime| clock.open.iter().any(|open| (open.until() - end.until()).abs() <= reach);
            end.is_some_and(|end| context.recorded().holds_around(end.until(), reach) && !may_end_frame(end))
        };
        let extra = exposures.all.iter().enumerate().filter(|(_, exposure)| has_no_boundary(exposure));
        exposures.extra = extra.map(|(place, _)| place).collect();
        exposures
    }

    /// Frames by FSIN's edges: pulses belong to the last one at or before their start.
    pub(super) fn starting_after_fsin(strobe: &[Pulse], clock: &FrameClock, context: ClockContext<'_>) -> InFrames {
        let burst = context.camera.burst.get();
        let mut exposures = InFrames::default();
        let mut pulses_of = vec![0_u32; clock.edges.len()];
        let recorded = context.recorded();
        for (&pulse, trigger) in strobe.iter().zip(triggers_of(clock, strobe, context)) {
            let mut exposure = unpaired(pulse);
            if let Some(trigger) = trigger {
                let seen = pulses_of[trigger];
                pulses_of[trigger] = seen.saturating_add(1);
                if seen < burst {
                    let trigger = clock.edges.at(trigger);
                    exposure.frame = Some(trigger.starts);
                    exposure.fsin = Some(trigger.edge);
                    exposure.burst_index = seen;
                } else if recorded.holds_around(i128::from(pulse.from().get()), 0) {
                    exposures.extra.push(exposures.all.len());
                }
            }
            exposures.all.push(exposure);
        }
        for (i, trigger) in clock.edges.iter().enumerate() {
            let lacking = burst.saturating_sub(pulses_of[i]);
            if lacking > 0 && response_was_recorded(clock, i, context) {
                exposures.missing.push(MissingExposure { frame: trigger.starts, fsin: trigger.edge, pulses: lacking });
            }
        }
        exposures
    }

    /// Frames by STROBE's own edges, where no FSIN shows them: a pulse whose edge starts no frame belongs to none, unless
    /// it is one of a burst.
    pub(super) fn by_strobe(strobe: &[Pulse], clock: &FrameClock, burst: u32) -> InFrames {
        let mut exposures = InFrames::default();
        let mut taken = vec![false; clock.edges.len()];
        let mut current: Option<(i64, u32)> = None;
        for &pulse in strobe {
            let mut exposure = unpaired(pulse);
            let (limb, frames_before) = match clock.source {
                ClockSource::StrobeStart => (pulse.start, 0),
                ClockSource::StrobeMiddle => (anchored(&pulse, Alignment::Middle), 0),
                ClockSource::StrobeEnd | ClockSource::Fsin | ClockSource::Nothing => (pulse.end, 1),
            };
            let own = clock.edges.find_by_key(&limb.at(), |edge| edge.edge.at());
            let own = own.filter(|&own| {
                Limb::Edge(clock.edges.at(own).edge) == limb && !std::mem::replace(&mut taken[own], true)
            });
            if let Some(own) = own {
                current = Some((clock.edges.at(own).starts - frames_before, 0));
                exposure.frame = current.map(|(frame, _)| frame);
            } else if let Some((frame, index)) = current.as_mut().filter(|(_, index)| index + 1 < burst) {
                *index += 1;
                exposure.frame = Some(*frame);
                exposure.burst_index = *index;
            }
            exposures.all.push(exposure);
        }
        exposures
    }
}

fn unpaired(pulse: Pulse) -> Exposure {
    Exposure { pulse, frame: None, fsin: None, burst_index: 0, wire: WireIndex::default(), flashes: Places::default() }
}

/// STROBE ends paired by time with the boundaries `later` samples before them, at most half a frame time from there and not
/// across a lost stretch: places in the clock's edges and in the pulses.
fn end_pairs(clock: &FrameClock, strobe: &[Pulse], later: i128, lost: &Lost) -> Vec<(usize, usize)> {
    let Some(reach) = half_period(clock) else { return Vec::new() };
    let mut ends: Vec<(usize, SampleIndex)> =
        (strobe.iter().enumerate()).filter_map(|(i, pulse)| Some((i, pulse.end.edge()?.at()))).collect();
    // On one of several pins a pulse may end within that of another, which began before it.
    ends.sort_by_key(|&(_, at)| at);
    let boundaries = clock.edges.iter().map(|edge| edge.edge.until() + later);
    let instants = Instants { count: ends.len(), at: |place: usize| i128::from(ends[place].1.get()) };
    (pair(boundaries, &instants, reach).into_iter())
        .filter_map(|(edge, end)| {
            let (pulse, b) = ends[end];
            let a = clock.edges.at(edge).edge.at();
            lost.spares(a.min(b), a.max(b)).then_some((edge, pulse))
        })
        .collect()
}

/// How long after their boundaries exposures end that mostly lie about half a frame time from them, as those of a camera do that
/// takes turns with another one on the same FSIN: the boundaries on both sides are as near, and a sample more or less would
/// choose between them, frame by frame. Else 0: the nearer one it is.
fn half_a_frame_later(clock: &FrameClock, strobe: &[Pulse]) -> i128 {
    let period = clock.period.as_ref().and_then(|period| period.to_integer(Rounding::Nearest)).unwrap_or(0);
    let after_last = |end: EdgeTime| {
        let next = clock.edges.partition_point(|edge| edge.edge.until() <= end.until());
        Some((end.until() - clock.edges.get(next.checked_sub(1)?)?.edge.until()).rem_euclid(period))
    };
    let ends = strobe.iter().filter_map(|pulse| pulse.end.edge());
    let usual = (period > 0).then(|| usual_of_turns(ends.filter_map(after_last).collect(), period)).flatten();
    let about_half = usual.filter(|later| (later * 2 - period).abs() * 8 <= period);
    // Just over half a frame counts as half a frame after, not before.
    about_half.map_or(0, |later| if (later * 2 - period) * 32 <= period { later } else { later - period })
}

/// For each pulse, the place of the FSIN edge that it answers.
fn triggers_of(clock: &FrameClock, strobe: &[Pulse], context: ClockContext<'_>) -> Vec<Option<usize>> {
    let edges: Vec<EdgeTime> = clock.edges.iter().map(|edge| edge.edge).collect();
    let (places, starts): (Vec<usize>, Vec<EdgeTime>) =
        (strobe.iter().enumerate()).filter_map(|(place, pulse)| Some((place, pulse.start.edge()?))).unzip();
    let mut triggers = vec![None; strobe.len()];
    for (place, trigger) in places.into_iter().zip(answers(&edges, &starts, &context.slack(), context.lost)) {
        triggers[place] = trigger;
    }
    triggers
}

/// Half a frame time in whole sample periods, rounded down; none when no frame time is known.
pub(super) fn half_period(clock: &FrameClock) -> Option<i128> {
    clock.period.as_ref()?.half().to_integer(Rounding::Down)
}

/// Whether the whole time in which a trigger's pulses may come was recorded: up to the next edge, or a frame time after
/// the last one; of a single pulse, up to when it must have come.
fn response_was_recorded(clock: &FrameClock, trigger: usize, context: ClockContext<'_>) -> bool {
    let from = clock.edges.at(trigger).edge.at();
    let to = match clock.edges.get(trigger + 1) {
        Some(next) => Some(next.edge.at()),
        None => end_of_frame(from, clock.period.as_ref()),
    };
    let (from, to) = (i128::from(from.get()), to.map(|to| i128::from(to.get())));
    let latest = context.latest().filter(|_| context.camera.burst.get() == 1).map(|latest| from + latest);
    to.into_iter().chain(latest).min().is_some_and(|to| context.recorded().holds(from, to))
}

fn end_of_frame(from: SampleIndex, period: Option<&Rational>) -> Option<SampleIndex> {
    let to = Rational::from(from.get()) + period?;
    u64::try_from(to.to_integer(Rounding::Up)?).ok().map(SampleIndex::new)
}
