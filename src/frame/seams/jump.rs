//! Jumps: a frame clock that is regular before and behind one place, and goes on there at another phase.

use super::around::{Around, Edge, Held};
use super::{Evidence, Seam};
use crate::frame::clock::median_interval;
use crate::frame::{ClockSource, Observation};
use crate::rig::WireIndex;
use crate::signal::{EdgeTime, Lost, Stretch};
use crate::units::{Rational, Rounding, SampleIndex};

/// More jumps than these are no rhythm to jump out of.
const MOST_JUMPS: usize = 12;
/// A jump is so many times farther than regular intervals stray: the next one of a clock that jitters strays about as far.
const JITTER: i128 = 4;
/// So many intervals before and behind a jump must be regular: there is a train to take something out of.
const RUN: usize = 2;
/// At most so many whole frames may be missing besides, or come twice.
const MOST_FRAMES: i128 = 16;
/// Between more edges than these around a jump no place is looked for.
const MOST_EDGES: usize = 256;

/// The seams at which the clocks of all cameras jump.
pub(super) fn find(observation: &Observation) -> Vec<Seam> {
    let mut seams: Vec<Seam> = Vec::new();
    for camera in 0..observation.cameras.len() {
        let Some(lead) = Lead::of(observation, camera) else { continue };
        // Cameras that share FSIN jump together.
        let is_new = |seam: &Seam, seams: &[Seam]| seams.iter().all(|other| is_apart(&other.within, &seam.within));
        for seam in lead.seams() {
            if is_new(&seam, &seams) {
                seams.push(seam);
            }
        }
    }
    seams
}

fn is_apart(a: &Stretch, b: &Stretch) -> bool {
    a.to <= b.from || b.to <= a.from
}

/// How far instants of a steady rhythm may stray, in samples: a thousandth of the period, or two rows of the slowest common
/// sensors (field guide, C06), or what samples cannot tell. None where that is no small part of the period.
fn tolerance(observation: &Observation, period: i128) -> Option<i128> {
    let two_rows = observation.rate.samples(&Rational::decimal(182, -7)).to_integer(Rounding::Up)?;
    let tolerance = (period / 1000).max(two_rows).max(3);
    (tolerance * 16 <= period).then_some(tolerance)
}

/// The frame clock that is looked at.
struct Lead<'a> {
    observation: &'a Observation,
    /// The first sample whose frame is judged.
    judged_from: SampleIndex,
    /// All its edges, those that are too many as well.
    instants: Vec<SampleIndex>,
    period: i128,
    tolerance: i128,
    breaks: Vec<Break>,
}

/// An interval that is no whole number of periods.
#[derive(Clone, Copy)]
struct Break {
    /// The place of the edge before it.
    before: usize,
    /// By how much it is longer than a whole number of periods, at least one.
    excess: i128,
}

impl<'a> Lead<'a> {
    /// The clock of a camera; none where it keeps no rhythm, or does not break out of it.
    fn of(observation: &'a Observation, camera: usize) -> Option<Lead<'a>> {
        // Half of what is taken out of an exposure moves its middle: FSIN shows it whole.
        let frames = &observation.cameras[camera];
        let clock = frames.fsin_clock().unwrap_or(&frames.clock);
        let edges = clock.with_extra();
        let period = whole(&median_interval(&edges, &observation.lost)?)?;
        let tolerance = tolerance(observation, period)?;
        let instants: Vec<SampleIndex> = edges.iter().map(|edge| edge.at()).collect();
        let breaks_of = |instants: &[SampleIndex]| breaks(instants, &observation.lost, period, tolerance);
        let instants = without_bits(instants, breaks_of, (period, tolerance));
        let breaks = breaks_of(&instants);
        let strays = largest_stray(&instants, period, tolerance);
        let breaks: Vec<Break> =
            breaks.into_iter().filter(|at| at.excess.abs() > strays.saturating_mul(JITTER)).collect();
        let is_kept = breaks.len() <= MOST_JUMPS && breaks.len() * 5 <= instants.len().saturating_sub(1);
        (is_kept && !breaks.is_empty()).then_some(Lead {
            observation,
            judged_from: observation.judged_from(camera),
            instants,
            period,
            tolerance,
            breaks,
        })
    }

    /// The judged breaks that lost or repeated samples explain. Where all pulses are whole, that is worth mentioning only if
    /// nothing else is irregular: else the rig is.
    fn seams(&self) -> Vec<Seam> {
        let judged = self.breaks.iter().enumerate();
        let judged = judged.filter(|(_, at)| self.instants[at.before + 1] > self.judged_from);
        let found: Vec<Option<Seam>> = judged.map(|(place, _)| self.seam(place)).collect();
        let is_regular = found.iter().all(Option::is_some);
        found.into_iter().flatten().filter(|seam| is_regular || seam.evidence.is_certain()).collect()
    }

    fn seam(&self, place: usize) -> Option<Seam> {
        let at = self.breaks[place];
        (self.has_train(place) && self.is_lasting(place)).then(|| self.explained(at)).flatten()
    }

    /// Whether the clock is regular before and behind a break.
    fn has_train(&self, place: usize) -> bool {
        let before = place.checked_sub(1).map_or(0, |last| self.breaks[last].before + 1);
        let behind = self.breaks.get(place + 1).map_or(self.instants.len() - 1, |next| next.before);
        let at = self.breaks[place].before;
        at - before >= RUN && behind - (at + 1) >= RUN
    }

    /// Whether the phase behind a break is not taken back by the breaks next to it: a frame that is late alone, or one that is
    /// too many, makes two of them.
    fn is_lasting(&self, place: usize) -> bool {
        let returns = |range: std::ops::RangeInclusive<usize>| {
            let sum: i128 = self.breaks[range].iter().map(|at| at.excess).sum();
            let off = sum.rem_euclid(self.period);
            off.min(self.period - off) <= 2 * self.tolerance
        };
        let last = self.breaks.len() - 1;
        !(0..=place).any(|first| (place..=last).any(|last| first < last && returns(first..=last)))
    }

    /// The seam that makes a break out of an undisturbed train, if one does.
    fn explained(&self, at: Break) -> Option<Seam> {
        let (before, behind) = (self.instants[at.before], self.instants[at.before + 1]);
        let lines: Vec<(WireIndex, Around)> = self
            .observation
            .rig
            .wire_indices()
            .filter_map(|wire| Some((wire, self.around(wire, before, behind)?)))
            .collect();
        let jumping = lines.iter().filter(|(_, line)| line.has_rhythm()).count();
        let edges: usize = lines.iter().map(|(_, line)| line.edges().count()).sum();
        if jumping == 0 || edges > MOST_EDGES {
            return None;
        }
        // One stretch, the same for all lines.
        (-MOST_FRAMES..=MOST_FRAMES).find(|frames| {
            let taken_out = frames * self.period - at.excess;
            lines.iter().all(|(_, line)| line.goes_on_behind(taken_out))
        })?;
        let (within, cut) = place(&lines, i128::from(before.get()), i128::from(behind.get()))?;
        let is_late = (behind - before).get() > self.period;
        // Whole pulses of one line come late whenever its camera begins anew.
        if jumping < 2 && cut.is_none() && is_late {
            return None;
        }
        let early = u64::try_from((-at.excess).rem_euclid(self.period)).ok()?;
        let reach = u64::try_from(self.period).ok()?;
        let blur = u64::try_from(2 * self.tolerance).ok().filter(|_| cut.is_none()).unwrap_or(0);
        Some(Seam { within, reach, blur, evidence: Evidence::Jump { lines: jumping, early, is_late, cut } })
    }

    /// What a line does around a break; none where it has no rhythm of its own there.
    fn around(&self, wire: WireIndex, before: SampleIndex, behind: SampleIndex) -> Option<Around> {
        let observation = self.observation;
        let uses = |camera: &&crate::rig::Camera| camera.uses(wire);
        let camera = observation.rig.cameras.iter().position(|camera| uses(&camera))?;
        let clock = &observation.cameras[camera].clock;
        if clock.source == ClockSource::Nothing {
            return None;
        }
        let edges: Vec<EdgeTime> = clock.edges.iter().map(|edge| edge.edge).collect();
        let period = whole(&median_interval(&edges, &observation.lost)?)?;
        let pulses = &observation.lines[wire.get()].train.pulses;
        Around::of(pulses, period, (before, behind), self.tolerance)
    }
}

/// The intervals that are no whole number of periods, within the tolerance.
fn breaks(instants: &[SampleIndex], lost: &Lost, period: i128, tolerance: i128) -> Vec<Break> {
    (instants.array_windows().enumerate())
        .filter(|(_, [a, b])| lost.spares(*a, *b))
        .filter_map(|(before, [a, b])| {
            let interval = (*b - *a).get();
            let beats = ((interval + period / 2) / period).max(1);
            let excess = interval - beats * period;
            (excess.abs() > tolerance).then_some(Break { before, excess })
        })
        .collect()
}

/// Edges without those that stand alone between two breaks, where the rhythm does not go on as before them: a bit of a pulse that was
/// cut has an edge where the record was joined, and so makes two breaks of one.
fn without_bits(
    mut instants: Vec<SampleIndex>,
    breaks_of: impl Fn(&[SampleIndex]) -> Vec<Break>,
    (period, tolerance): (i128, i128),
) -> Vec<SampleIndex> {
    let breaks = breaks_of(&instants);
    let is_apart = |place: usize, other: Option<usize>| {
        other.and_then(|other| breaks.get(other)).is_none_or(|other| other.before.abs_diff(breaks[place].before) > RUN)
    };
    let bits: Vec<usize> = (1..breaks.len())
        .filter(|&second| {
            let (a, b) = (breaks[second - 1], breaks[second]);
            let off = (a.excess + b.excess).rem_euclid(period);
            b.before == a.before + 1
                && off.min(period - off) > 2 * tolerance
                && is_apart(second - 1, second.checked_sub(2))
                && is_apart(second, Some(second + 1))
        })
        .map(|second| breaks[second].before)
        .collect();
    for bit in bits.into_iter().rev() {
        instants.remove(bit);
    }
    instants
}

/// How far the farthest regular interval strays.
fn largest_stray(instants: &[SampleIndex], period: i128, tolerance: i128) -> i128 {
    let strays = instants.array_windows().map(|[a, b]| {
        let off = (*b - *a).get().rem_euclid(period);
        off.min(period - off)
    });
    strays.filter(|stray| *stray <= tolerance).max().unwrap_or(0)
}

fn whole(period: &Rational) -> Option<i128> {
    period.to_integer(Rounding::Nearest)
}

/// Where all lines can have been joined, between these two samples; and the pulse that is cut wherever that is. Of a place
/// where no pulse is, all of it.
fn place(lines: &[(WireIndex, Around)], before: i128, behind: i128) -> Option<(Stretch, Option<(WireIndex, Stretch)>)> {
    let mut turns: Vec<i128> = lines.iter().flat_map(|(_, line)| line.edges()).map(|edge: &Edge| edge.at).collect();
    turns.extend([before, behind]);
    turns.retain(|at| (before..=behind).contains(at));
    turns.sort_unstable();
    turns.dedup();
    let at_turns = |later: i128| turns.iter().map(move |&turn| (turn - 1, turn + later, turn + 1));
    let between = turns.array_windows().filter(|[from, to]| to - from >= 2);
    let between = between.map(|&[from, to]| (from, from + (to - from) / 2, to));
    let mut idle: Option<(i128, i128)> = None;
    let mut cut: Option<((i128, i128), (WireIndex, Stretch))> = None;
    // Where the edge of one line is joined, that of another one may have been expected in the same sample.
    let nearby = at_turns(-1).chain(at_turns(1)).map(Some);
    let places = between.chain(at_turns(0)).map(Some).chain([None]).chain(nearby);
    for place in places {
        let Some((from, at, to)) = place else {
            if idle.is_some() || cut.is_some() {
                break;
            }
            continue;
        };
        match held(lines, at) {
            None => {}
            Some(None) => idle = Some(idle.map_or((from, to), |(first, last)| (first.min(from), last.max(to)))),
            Some(Some(pulse)) => {
                cut =
                    Some(cut.map_or(((from, to), pulse), |((first, last), pulse)| {
                        ((first.min(from), last.max(to)), pulse)
                    }));
            }
        }
    }
    let stretch = |(from, to): (i128, i128)| {
        let sample = |at: i128| u64::try_from(at).ok().map(SampleIndex::new);
        Some(Stretch { from: sample(from)?, to: sample(to)? })
    };
    match (idle, cut) {
        (Some(idle), _) => Some((stretch(idle)?, None)),
        (None, Some((within, pulse))) => Some((stretch(within)?, Some(pulse))),
        (None, None) => None,
    }
}

/// Whether all lines can have been joined at this sample; then the longest pulse that it cuts, if it cuts one.
fn held(lines: &[(WireIndex, Around)], at: i128) -> Option<Option<(WireIndex, Stretch)>> {
    let mut cut: Option<(WireIndex, Stretch)> = None;
    for (wire, line) in lines {
        match line.joined_at(at) {
            Held::No => return None,
            Held::Idle => {}
            Held::Pulse(pulse) => {
                if cut.as_ref().is_none_or(|(_, before)| before.samples() < pulse.samples()) {
                    cut = Some((*wire, pulse));
                }
            }
        }
    }
    Some(cut)
}
