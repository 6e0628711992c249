//! Lines that show noise instead of a signal: a wire that is off, a ground that is missing, a neighbour's edges.

use super::claims::Which;
use super::contact::{self, Burst};
use super::explained::explained;
use super::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use super::ringing::ringing_source;
use super::view::{CaptureView, LineView, counted};
use crate::line::limits::{ECHO_US, MAINS_HZ, samples};
use crate::line::{Beat, LineSummary, Span, are_same, behind, coincidence, is_clock};
use crate::rig::Role;
use crate::units::Rational;

/// Field guide, F19.
pub(super) static FLOATING_LINE: Fault = Fault {
    id: "floating-line",
    number: "F19",
    about: "A line shows noise, or another line's edges, instead of a signal: nothing drives it, or GND is missing.",
    drawing: "\
FSIN    _|~|________|~|________|~|________|~|___
STROBE  |||_|||||_||||||___|||_||||||_|||||_||||   noise, often in
                                                   bursts of the mains",
    causes: &[&WIRE_OFF, &NO_GROUND, &NOT_DRIVEN],
    look_alikes: &[LookAlike {
        fault: "intermittent-contact",
        test: "hold the wire down with a finger while capturing: a loose wire then shows its signal, a floating one never",
    }],
    ..FAILURE
};

static WIRE_OFF: Cause = Cause {
    why: "the wire is off its testpoint, or its solder joint is open",
    remedy: "solder the wire again and fix it with hot glue; noise that stops when you touch the wire proves it",
};
static NO_GROUND: Cause = Cause {
    why: "the analyzer's GND is not connected to the camera's",
    remedy: "connect GND, near the testpoints (M8: pin 7 is the isolated ground, pin 8 the other)",
};
static NOT_DRIVEN: Cause = Cause {
    why: "nothing drives the line (FSIN as an input without a pull-down)",
    remedy: "pull the line down with 10 kOhm, or switch its driver on",
};

/// A line with more edges than this in a frame time shows noise (field guide, C02).
const EDGES_PER_FRAME: f64 = 20.0;
/// A line without a signal of its own shows noise from fewer on.
const EDGES_WITHOUT_SIGNAL: f64 = 6.0;
/// Noise is everywhere: in this share of the frames.
const FRAMES_WITH_NOISE: f64 = 0.6;
/// Lines that chatter together share this many per mille of their edges.
const TOGETHER: u64 = 600;

/// Noise that all lines share, then lines that show noise alone, then those that show their neighbour's edges.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    if let Some(candidate) = no_ground(view).or_else(|| ground_comes_off(view)) {
        return vec![candidate];
    }
    let noisy = view.lines.iter().filter_map(|line| echo(view, line).or_else(|| floating(view, line)));
    noisy.collect()
}

fn floating(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    let period = line.period?;
    let per_frame = line.edges.len() as f64 / line.frames.max(1.0);
    let signal = line.has_signal(view.tolerance(period));
    let limit = if signal { EDGES_PER_FRAME } else { EDGES_WITHOUT_SIGNAL };
    // What rings with another line's edges has its cause there.
    if per_frame <= limit || !view.is_suspect(line) || is_bridged(view, line) {
        return None;
    }
    let rings = signal && ringing_source(view, line).is_some();
    let rings = rings || super::electric::is_frayed(view, line) || super::lamp::is_switched(view, line);
    if rings || keeps_time(line) || share_of_frames(line, period) < FRAMES_WITH_NOISE {
        return None;
    }
    if let Some(candidate) = fast_clock(view, line) {
        return Some(candidate);
    }
    // Of a dense line only a part is looked at: what is counted is the whole.
    let all = line.line.train.raw_edges;
    let rate = all as f64 / view.seconds(view.observation.length.get() as f64).max(f64::MIN_POSITIVE);
    let mains = mains_rate(view, line);
    let bursts = mains.map(|hertz| format!(", in bursts of {hertz} Hz, as the mains make them")).unwrap_or_default();
    let candidate = FLOATING_LINE.seen(
        format!("{} shows noise, not a signal", line.label()),
        format!("{all} edges, {rate:.0} a second and {per_frame:.0} in a frame time{bursts}; a signal has 2",),
    );
    // A ground that is missing moves all lines.
    let others_are_quiet = view.lines.iter().any(|other| other.index != line.index && other.disturbances.is_empty());
    let candidate =
        candidate.ruled_out_if(others_are_quiet, &NO_GROUND).ruled_out_if(!line.wire.role.is_sync(), &NOT_DRIVEN);
    // What passes all that is asked of its pulses is no noise.
    Some(explained(view, line, candidate.at(line.edges.iter().take(1).collect())))
        .filter(|candidate| !candidate.claims.is_empty())
}

/// Whether the spec's filter bridges all that is not the line's signal: what is judged has none of it, and about a pulse in each
/// frame.
fn is_bridged(view: &CaptureView<'_>, line: &LineView<'_>) -> bool {
    let widest = line.disturbances.iter().map(|span| span.length()).max().unwrap_or(0);
    let is_longer = |filter: &Rational| view.observation.rate.samples(filter) > Rational::from(widest);
    let per_frame = line.line.train.pulses.len() as f64 / line.frames.max(1.0);
    line.wire.glitch.as_ref().is_some_and(is_longer) && (0.5..1.5).contains(&per_frame)
}

/// Whether a line keeps a time of its own, as triggers that are far more than the frames do.
fn keeps_time(line: &LineView<'_>) -> bool {
    let starts: Vec<u64> = line.signal.iter().map(|span| span.from).collect();
    let kept = Beat::of(&starts).filter(|beat| beat.turns == 1 && beat.breaks.len() * 20 < starts.len());
    kept.zip(line.width()).is_some_and(|(beat, width)| width >= 4.0 && width * 3.0 <= beat.usual as f64)
        && starts.len() > 10
}

/// A steady clock far above any frame rate is a signal, and not the one that was meant.
fn fast_clock(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    /// Shorter ones cannot be told from noise.
    const LEAST_SAMPLES: u64 = 8;
    let summary = LineSummary::of(&line.line.waveform, &view.observation.lost);
    let period = summary.period().filter(|period| is_clock(&summary) && period.min >= LEAST_SAMPLES)?;
    let hertz = 1.0 / view.seconds(period.median as f64);
    let candidate = super::wiring::SWAPPED_PROBES.seen(
        format!("{} carries a steady clock, not a line of a camera", line.label()),
        format!(
            "{} edges at {hertz:.0} Hz, where {} is expected at the frame rate",
            line.line.train.raw_edges,
            line.wire.role.label()
        ),
    );
    Some(explained(view, line, candidate.at(line.edges.iter().take(1).collect())))
}

/// The share of frame times in which a line has more edges than a signal would.
fn share_of_frames(line: &LineView<'_>, period: f64) -> f64 {
    let (Some(first), Some(last)) = (line.edges.first(), line.edges.last()) else { return 0.0 };
    let frames = ((last - first) as f64 / period).floor() as usize + 1;
    let mut counts = vec![0_u32; frames.min(line.edges.len())];
    for edge in line.edges {
        let frame = ((edge - first) as f64 / period) as usize;
        if let Some(count) = counts.get_mut(frame) {
            *count += 1;
        }
    }
    counts.iter().filter(|count| **count > 4).count() as f64 / line.frames.max(1.0)
}

/// The mains frequencies whose half-waves the noise of a line follows.
fn mains_rate(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<i128> {
    /// Bursts leave most of each half-wave quiet.
    const QUIET: f64 = 0.25;
    MAINS_HZ.into_iter().find(|hertz| {
        let half_wave = view.samples(0.5 / *hertz as f64);
        let mut quiet = [true; 20];
        for edge in line.edges {
            let place = (edge as f64 / half_wave).fract() * quiet.len() as f64;
            quiet[(place as usize).min(quiet.len() - 1)] = false;
        }
        quiet.iter().filter(|quiet| **quiet).count() as f64 >= QUIET * quiet.len() as f64
    })
}

/// A line whose own signal is not there, and which shows a spike at the edges of another line, or that line as a whole.
fn echo(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    let spike = line.pulses.iter().map(|span| span.length()).max()?;
    let short = spike <= 2 * view.longest_glitch().max(4);
    let others = view.lines.iter().filter(|other| other.index != line.index && other.disturbances.is_empty());
    let mut sources = others.filter(|other| {
        let copies = is_camera_pair(line.wire.role, other.wire.role)
            && line.edges.len() >= 6
            && are_same(line.edges, other.edges, 2);
        // Of two equal lines, the one that is STROBE by name is the one that should look otherwise.
        let copies = copies && line.wire.role == Role::Strobe;
        copies || (short && spikes_at_edges(view, line, other))
    });
    let source = sources.next()?;
    if !view.is_suspect(line) {
        return None;
    }
    let candidate = FLOATING_LINE.seen(
        format!("{} shows only the edges of {}", line.label(), source.label()),
        format!(
            "its {} all lie within {} after an edge of {}",
            counted(line.pulses.len(), "pulse"),
            view.time(reach(view) as f64),
            source.label()
        ),
    );
    let candidate = candidate.ruled_out_if(true, &NO_GROUND).ruled_out_if(true, &NOT_DRIVEN).because(
        "its wire is off and picks up its neighbour (crosstalk), or both probes touch the same testpoint",
        "solder the wire to its own testpoint, and keep it apart from its neighbour",
    );
    Some(explained(view, line, candidate.at(line.pulses.iter().take(3).map(|span| span.from).collect())))
}

fn is_camera_pair(a: Role, b: Role) -> bool {
    matches!((a, b), (Role::Strobe, Role::Fsin) | (Role::Fsin, Role::Strobe))
}

/// Crosstalk follows its source within so many samples.
fn reach(view: &CaptureView<'_>) -> u64 {
    samples(ECHO_US, &view.observation.rate).max(3)
}

/// Whether every pulse follows an edge of the source, and edges of either kind have theirs.
fn spikes_at_edges(view: &CaptureView<'_>, line: &LineView<'_>, source: &LineView<'_>) -> bool {
    let mut met = [0_usize; 2];
    for (place, _) in behind(line.pulses.iter().map(|pulse| pulse.from), &source.edges.to_vec(), reach(view)) {
        met[place % 2] += 1;
    }
    let half = source.edges.len() / 2;
    half >= 3 && met[0] + met[1] == line.pulses.len() && met.iter().all(|met| met * 10 >= half * 6)
}

/// All lines chatter, at the same instants: what moves is the ground.
fn no_ground(view: &CaptureView<'_>) -> Option<Candidate> {
    let (first, rest) = view.lines.split_first()?;
    let period = first.period?;
    let least = (first.frames * 2.0).max(6.0);
    let is_noisy = |line: &LineView<'_>| line.disturbances.len() as f64 >= least;
    let is_kept = |line: &LineView<'_>| !is_bridged(view, line);
    if !view.lines.iter().all(is_noisy)
        || !view.lines.iter().any(is_kept)
        || share_of_frames(first, period) < FRAMES_WITH_NOISE
    {
        return None;
    }
    let together = rest.iter().map(|line| shared_edges(first, line)).min()?;
    if together < TOGETHER || !view.lines.iter().any(|line| view.is_suspect(line)) {
        return None;
    }
    let mains = mains_rate(view, first).map(|hertz| format!(", in bursts of {hertz} Hz")).unwrap_or_default();
    let candidate = FLOATING_LINE.seen(
        "all lines chatter together: the ground wire is missing".to_owned(),
        format!(
            "{} lines show noise at the same instants ({} % of their edges){mains}; {} alone has {} edges",
            view.lines.len(),
            (together + 5) / 10,
            first.label(),
            first.line.train.raw_edges
        ),
    );
    let explains = view.not_passed(view.cameras(), &[Which::All]);
    Some(of_ground(candidate).at(vec![first.disturbances.first()?.from]).explaining(explains))
}

/// The ground comes off for a while: what is none of a line's signal comes on all lines at the same instants.
fn ground_comes_off(view: &CaptureView<'_>) -> Option<Candidate> {
    let (first, rest) = view.lines.split_first()?;
    let period = first.period?;
    let has_edge =
        |line: &LineView<'_>, at: u64| line.edges.count_up_to(at + 1) > line.edges.count_before(at.max(1) - 1);
    let is_shared = |span: &Span| view.lines.iter().all(|line| has_edge(line, span.from) && has_edge(line, span.to));
    // Of each line most of what is none of its signal.
    let shared = |line: &LineView<'_>| {
        let all = contact::disturbed(view, line, line.period.unwrap_or(period));
        let shared: Vec<Span> = all.iter().copied().filter(is_shared).collect();
        (shared.len() as u64 * 1000 >= all.len() as u64 * TOGETHER).then_some(shared)
    };
    // Two probes on one testpoint, and a flash that STROBE switches, have all edges in common; no trigger lasts longer than a frame.
    let is_like_first = |line: &LineView<'_>| are_same(line.edges, first.edges, 2);
    let is_stuck = |burst: &Burst| burst.sticks(period) && view.lines.iter().any(|line| line.wire.role.is_sync());
    let lines = view.lines.iter();
    if rest.iter().all(is_like_first)
        || !lines.clone().all(|line| shared(line).is_some())
        || !lines.clone().any(|line| view.is_suspect(line))
    {
        return None;
    }
    let mut bursts = contact::bursts(&shared(first)?, period);
    bursts.retain(|burst| burst.chatters(period) || is_stuck(burst));
    // Of a dense line only a part is looked at.
    let is_part = first.edges.len() < first.line.waveform.changes().len();
    let goes_on = |last: &&mut Burst| is_part && first.edges.last().is_some_and(|edge| edge <= last.to);
    if let Some(last) = bursts.last_mut().filter(goes_on) {
        last.to = view.observation.length.get();
    }
    let (from, to) = (bursts.first()?.from, bursts.last()?.to);
    let count: usize = bursts.iter().map(|burst| burst.count).sum();
    let candidate = FLOATING_LINE.seen(
        format!(
            "all lines move together from {} to {}: the ground wire has no contact",
            view.when(from),
            view.when(to)
        ),
        format!(
            "at the same instants on {} lines: {} that no frame asks for",
            view.lines.len(),
            counted(count, "pulse")
        ),
    );
    let spans: Vec<Span> = bursts.iter().map(|burst| burst.with_frames(period)).collect();
    let claims = view.cameras().flat_map(|camera| camera.not_passed_within(&[Which::All], &spans)).collect();
    Some(of_ground(candidate).at(vec![from]).explaining(claims))
}

/// A finding of noise that all lines share.
fn of_ground(candidate: Candidate) -> Candidate {
    candidate
        .supported_if(true, &NO_GROUND)
        .ruled_out_if(true, &WIRE_OFF)
        .ruled_out_if(true, &NOT_DRIVEN)
        .unlike_if(true, "intermittent-contact")
}

/// How many per mille of a line's edges another one has within a sample.
fn shared_edges(a: &LineView<'_>, b: &LineView<'_>) -> u64 {
    let (few, many) = if a.edges.len() <= b.edges.len() { (a, b) } else { (b, a) };
    coincidence(&few.edges.to_vec(), &many.edges.to_vec(), 1)
}
