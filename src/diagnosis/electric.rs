//! Levels that hardly reach the threshold, and edges that take their time.

use super::Severity;
use super::claims::FRAME;
use super::explained::explained;
use super::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use super::ringing::ringing_source;
use super::series::{median, spread};
use super::trains::Trains;
use super::view::{CaptureView, JudgedCamera, LineView, SLOWEST_EDGE_S, from_fsin, percent, time_text};
use crate::line::{Span, last_before, whole_pulses};
use crate::quantity::exposure;
use crate::rig::{Alignment, Polarity, Role};

/// Field guide, F20.
pub(super) static MARGINAL_THRESHOLD: Fault = Fault {
    id: "marginal-threshold",
    number: "F20",
    about: "The signal hardly reaches the analyzer's threshold: pulses are frayed at both ends, broken, or not seen.",
    drawing: "\
signal  __/~~~~~~\\____/~~~~~~\\____/~~~~~~\\___  1.8 V
        - - - - - - - - - - - - - - - - - - -   threshold 2 V
STROBE  ___||~~|~||____________||~~~~||______  frayed, broken, lost",
    causes: &[&THRESHOLD_TOO_HIGH, &LOADED],
    look_alikes: &[LookAlike {
        fault: "intermittent-contact",
        test: "a threshold frays every pulse at both ends, a contact only those of some seconds: lower the threshold and see",
    }],
    ..FAILURE
};

static THRESHOLD_TOO_HIGH: Cause = Cause {
    why: "the analyzer's threshold is too high for a 1.8 V signal (fixed TTL inputs switch at about 2 V)",
    remedy: "set the threshold to about 0.9 V, or put a level shifter (1.8 V to 3.3 V) at the testpoint",
};
static LOADED: Cause = Cause {
    why: "the signal is loaded: a long cable, a second input, a pull-up that is too weak",
    remedy: "shorten the cable, take other inputs off, look at the high level with an oscilloscope",
};

/// Field guide, F21.
pub(super) static SLOW_EDGE: Fault = Fault {
    id: "slow-edge",
    number: "F21",
    about: "A line goes idle slowly: all pulses are longer by the same few microseconds, perhaps with chatter at that edge alone.",
    drawing: "\
signal  __|~~~~~~~~~\\__      a weak pull-up charges
                     \\___    the cable slowly
STROBE  __|~~~~~~~~~~~|||__  late by 5 to 50 us, often chattering",
    causes: &[&WEAK_PULL_UP, &SLOW_OPTO],
    look_alikes: &[LookAlike {
        fault: "exposure-scaled",
        test: "double the exposure: a slow edge adds the same microseconds, a wrong scale adds twice as much",
    }],
    ..FAILURE
};

static WEAK_PULL_UP: Cause = Cause {
    why: "an open-collector or opto-isolated output with a weak pull-up, or a long cable",
    remedy: "fit a smaller pull-up (1 kOhm), shorten the cable, or probe before the opto-coupler",
};
static SLOW_OPTO: Cause = Cause {
    why: "an opto-coupler that switches off slower than on (20 to 30 us are usual)",
    remedy: "probe before the opto-coupler; if it has to stay so, allow for it in the limits",
};

/// A line is frayed when this share of its pulses is.
const FRAYED: f64 = 0.4;

/// Where the disturbances of a line lie in its pulses.
#[derive(Debug, Clone, Copy)]
struct Chatter {
    /// The share of its disturbances that lie within or at a pulse.
    in_pulses: f64,
    /// The share of its pulses with some near their start.
    at_starts: f64,
    /// The share of its pulses with some near their end.
    at_ends: f64,
    /// The share of its disturbances that are near ends.
    of_ends: f64,
    /// The share of frames without a pulse.
    lost: f64,
}

impl Chatter {
    fn of(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Chatter> {
        let pulses = line.signal.len();
        if pulses < 2 || line.disturbances.is_empty() {
            return None;
        }
        let width = line.width()?;
        // Chatter belongs to an edge when it lies within twice the slowest opto-coupler of it.
        let near = view.samples(2.0 * SLOWEST_EDGE_S).max(6.0);
        // Of a frayed pulse a quarter may be gone at either end.
        let frayed = near.max(width / 4.0);
        let (mut starts, mut ends) = (vec![false; pulses], vec![false; pulses]);
        let (mut inside, mut near_ends) = (0_usize, 0_usize);
        for span in &line.disturbances {
            let is_before = |pulse: &Span| (pulse.from as f64) <= span.from as f64 + frayed;
            let Some(place) = last_before(&line.signal, is_before) else { continue };
            let pulse = line.signal[place];
            let (from, to) = (span.from as f64, span.to as f64);
            if from > pulse.to as f64 + frayed {
                continue;
            }
            inside += 1;
            if from < pulse.from as f64 + frayed {
                starts[place] = true;
            }
            if to > pulse.to as f64 - frayed {
                ends[place] = true;
            }
            if to >= pulse.to as f64 - near && from <= pulse.to as f64 + near {
                near_ends += 1;
            }
        }
        let share = |flags: &[bool]| flags.iter().filter(|flag| **flag).count() as f64 / pulses as f64;
        let all = line.disturbances.len() as f64;
        Some(Chatter {
            in_pulses: inside as f64 / all,
            at_starts: share(&starts),
            at_ends: share(&ends),
            of_ends: near_ends as f64 / all,
            lost: 1.0 - (pulses as f64 / line.frames.max(1.0)).min(1.0),
        })
    }

    fn is_frayed(self) -> bool {
        self.in_pulses >= 0.8 && self.at_starts >= FRAYED && self.at_ends >= FRAYED
    }

    fn is_at_ends(self) -> bool {
        self.of_ends >= 0.9 && self.at_ends >= FRAYED && self.at_starts < FRAYED / 2.0
    }
}

/// Whether the disturbances of a line are those of its own edges: neither spikes nor ringing.
pub(super) fn is_of_edges(view: &CaptureView<'_>, line: &LineView<'_>) -> bool {
    kind(view, line).is_some()
}

/// Whether a line's pulses are frayed at both ends, or in pieces.
pub(super) fn is_frayed(view: &CaptureView<'_>, line: &LineView<'_>) -> bool {
    matches!(kind(view, line), Some(Kind::Frayed(_) | Kind::Broken(_)))
}

enum Kind {
    Frayed(Chatter),
    /// In pieces, and the pulses that they are of.
    Broken(Vec<Span>),
    SlowEnd(Chatter),
}

fn kind(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Kind> {
    if ringing_source(view, line).is_some() || super::crosstalk::Spikes::of(view, line).is_some() {
        return None;
    }
    let by_ends = Chatter::of(view, line).and_then(|chatter| by_ends(view, line, chatter));
    by_ends.or_else(|| in_pieces(view, line).map(Kind::Broken))
}

/// The pulses that a line shows in pieces: they come with the frames, and leave some of each frame quiet, as hum does not.
fn in_pieces(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Vec<Span>> {
    /// So much of the frame time they fill at most, and so many of them are a frame time apart.
    const MOST_ACTIVE: f64 = 0.8;
    const IN_STEP: f64 = 0.7;
    let (whole, period) = (whole_pulses(&line.pulses)?, line.period?);
    let width = median(whole.iter().map(|pulse| pulse.length() as f64).collect())?;
    let trains = Trains::of(&whole, period, view.tolerance(period).max(width / 4.0));
    let in_step = trains.main.len() as f64 * line.per_frame;
    (width <= MOST_ACTIVE * period && in_step >= IN_STEP * whole.len() as f64).then_some(whole)
}

fn by_ends(view: &CaptureView<'_>, line: &LineView<'_>, chatter: Chatter) -> Option<Kind> {
    // Frayed pulses come when they should, to within what they lost.
    let width = line.width()?;
    let comes = line.rhythm(view.tolerance(line.period?).max(width / 4.0)).is_some_and(|rhythm| rhythm.is_kept());
    if chatter.is_frayed() && comes {
        Some(Kind::Frayed(chatter))
    } else if chatter.is_at_ends() {
        Some(Kind::SlowEnd(chatter))
    } else {
        None
    }
}

/// Lines that are frayed, that chatter at one edge, or whose pulses are all longer by as much.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    let found = view.lines.iter().filter_map(|line| match kind(view, line) {
        Some(Kind::Frayed(chatter)) => frayed(view, line, chatter),
        Some(Kind::Broken(whole)) => broken(view, line, &whole),
        Some(Kind::SlowEnd(chatter)) => chattering_end(view, line, chatter),
        None => late_end(view, line),
    });
    found.collect()
}

fn first_disturbances(line: &LineView<'_>) -> Vec<u64> {
    line.disturbances.iter().take(4).map(|span: &Span| span.from).collect()
}

fn frayed(view: &CaptureView<'_>, line: &LineView<'_>, chatter: Chatter) -> Option<Candidate> {
    if !view.is_suspect(line) {
        return None;
    }
    let candidate = MARGINAL_THRESHOLD.seen(
        format!("{} breaks up at both edges: its level barely reaches the analyzer's threshold", line.label()),
        format!(
            "{} of its pulses chatter where they begin and {} where they end, {} of the frames show none; between pulses it is quiet",
            percent(chatter.at_starts),
            percent(chatter.at_ends),
            percent(chatter.lost)
        ),
    );
    Some(explained(view, line, candidate.at(first_disturbances(line))))
}

fn broken(view: &CaptureView<'_>, line: &LineView<'_>, whole: &[Span]) -> Option<Candidate> {
    if !view.is_suspect(line) {
        return None;
    }
    let period = line.period?;
    let time = |spans: &[Span]| spans.iter().map(|span| span.length()).sum::<u64>() as f64;
    let pulses = whole.len() as f64;
    let frames = ((whole.last()?.from - whole.first()?.from) as f64 / period).round() + 1.0;
    let candidate = MARGINAL_THRESHOLD.seen(
        format!("{} shows its pulses in pieces: its level barely reaches the analyzer's threshold", line.label()),
        format!(
            "{:.1} pieces in a pulse, all of them in the same {} of each frame time, where the line is active for {}; {} of the frames \
             show none",
            line.pulses.len() as f64 / pulses,
            percent(time(whole) / pulses / period),
            percent(time(&line.pulses) / time(whole)),
            percent((1.0 - pulses / (frames * line.per_frame)).max(0.0))
        ),
    );
    let at: Vec<u64> = line.pulses.iter().take(4).map(|pulse| pulse.from).collect();
    Some(explained(view, line, candidate.at(at)))
}

fn chattering_end(view: &CaptureView<'_>, line: &LineView<'_>, chatter: Chatter) -> Option<Candidate> {
    let edge = match line.wire.polarity {
        Polarity::ActiveHigh => "falling",
        Polarity::ActiveLow => "rising",
    };
    let candidate = SLOW_EDGE.seen(
        format!("{} chatters as it goes idle: its {edge} edge is slow", line.label()),
        format!(
            "{} of its pulses cross the threshold several times at their end, and hardly any at their start",
            percent(chatter.at_ends)
        ),
    );
    let severity = if view.is_suspect(line) { Severity::Fail } else { Severity::Warn };
    Some(explained(view, line, candidate.at(first_disturbances(line)).with_severity(severity)))
}

/// Exposures are scaled by more (field guide, F14: 4.3 %).
const NO_SCALE: f64 = 0.02;

/// Exposures that are all longer by the same few microseconds, because they seem to end late.
fn late_end(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    let camera = view.users(line).next()?;
    if line.wire.role != Role::Strobe || !camera.is_broken(&exposure::TIME) {
        return None;
    }
    let check = camera.check(&exposure::TIME)?;
    let excess: Vec<f64> =
        super::exposure::widths(camera, check).iter().map(|width| width.value - width.nominal).collect();
    let (middle, apart) = (view.samples(median(excess.clone())?), view.samples(spread(&excess)));
    let late = middle >= 2.0 && view.seconds(middle) <= SLOWEST_EDGE_S && apart <= 3.0_f64.max(middle / 4.0);
    let end = end_offset(camera);
    // Two samples, and what a clock of 200 ppm makes of an exposure.
    let off = 3.0 + line.width()? * 2e-4;
    let starts_in_place = match (camera.frames().alignment, end) {
        // The end is late by as much: the start is where it should be.
        (Some(Alignment::End), Some(end)) => (end - middle).abs() <= off && camera.is_broken(&exposure::END),
        // A single length cannot tell an edge from a scale, but for a pull-up that is known to be there, or for a share that is
        // too small for any scale.
        (Some(Alignment::Start | Alignment::Middle) | None, _) | (Some(Alignment::End), None) => {
            let small = middle <= NO_SCALE * line.width()?;
            line.wire.polarity == Polarity::ActiveLow || check.limits.len() > 1 || small
        }
    };
    if !late || excess.len() < 2 || !starts_in_place || !additive(camera, check) {
        return None;
    }
    let at: Vec<u64> = line.signal.iter().take(3).map(|span| span.to).collect();
    let middle_s = view.seconds(middle);
    let candidate = SLOW_EDGE.seen(
        format!("{} goes idle late: all exposures seem longer by the same {}", line.label(), view.time(middle)),
        format!(
            "the {} exposures are longer by {} to within {}, and begin where they should",
            excess.len(),
            view.time(middle),
            view.time(apart.max(1.0))
        ),
    );
    let several = check.limits.len() > 1;
    let candidate = match allowing(check, middle_s) {
        Some(limit) => candidate.remedied(
            &SLOW_OPTO,
            format!("probe before the opto-coupler; if it has to stay so, allow for it: exposure.time = \"{limit}\""),
        ),
        None => candidate,
    };
    // Lengths that differ tell an edge from a scale.
    let candidate = candidate.unlike_if(several, "exposure-scaled");
    // Edges that are all late by as much move no frame time.
    Some(explained(view, line, candidate.at(at)).leaving(view.checks, FRAME))
}

/// The limit of a single length, later by so many seconds.
fn allowing(check: &crate::verdict::Check, later: f64) -> Option<String> {
    let [limit] = check.limits.as_slice() else { return None };
    let (min, max) = (limit.min()?.to_f64() + later, limit.max()?.to_f64() + later);
    Some(format!("{} ± {}", time_text((min + max) / 2.0), time_text((max - min) / 2.0)))
}

/// Whether exposures of different lengths are longer by the same time, and not by the same factor.
fn additive(camera: JudgedCamera<'_>, check: &crate::verdict::Check) -> bool {
    let view = camera.capture;
    let widths = super::exposure::widths(camera, check);
    let nominal: Vec<f64> = widths.iter().map(|width| width.nominal).collect();
    if spread(&nominal) <= nominal.iter().copied().fold(0.0, f64::max) * 0.1 {
        return true;
    }
    let excess: Vec<f64> = widths.iter().map(|width| width.value - width.nominal).collect();
    let ratio: Vec<f64> = widths.iter().map(|width| (width.value / width.nominal - 1.0) * nominal[0]).collect();
    view.samples(spread(&excess)) <= view.samples(spread(&ratio))
}

/// The median of STROBE's end over its boundary, in samples.
fn end_offset(camera: JudgedCamera<'_>) -> Option<f64> {
    let exposures = camera.frames().exposures.iter();
    median(exposures.filter_map(|exposure| from_fsin(&exposure, Alignment::End)).collect())
}
