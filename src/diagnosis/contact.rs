//! Lines with a signal and something on top of it: contacts that come and go, spikes, ringing.

use super::Severity;
use super::crosstalk::Spikes;
use super::explained::{explained_within, shares_camera};
use super::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use super::flash::{FLASH_MISSING, NOT_FIRED, RECHARGING, WIRE_LOST_IT};
use super::ringing::ringing_source;
use super::series::{median, spread};
use super::trains::Trains;
use super::view::{CaptureView, LineView, counted};
use crate::line::Span;
use crate::quantity::{Quantity, Subject};
use crate::quantity::{exposure, flash, flash_count, frame_count, leak, line, readout, trigger};
use crate::rig::Role;
use crate::verdict::Verdict;

/// Seed of the field guide, F39.
pub(super) static INTERMITTENT_CONTACT: Fault = Fault {
    id: "intermittent-contact",
    number: "F39",
    about: "One line alone loses pulses or chatters in bursts; the others go on, and it is in step again afterwards.",
    drawing: "\
FSIN    _|~|________|~|________|~|________|~|___   undisturbed
STROBE  __|~~~~~|_____|~|_|_||____________|~~~~~   gone for a while,
                                                   then as before",
    causes: &[&PULLS],
    look_alikes: &[LookAlike {
        fault: "missed-trigger",
        test: "wire a second probe to the same line at another point: a contact fails on one of them only, a camera on both",
    }],
    ..FAILURE
};

pub(super) static PULLS: Cause = Cause {
    why: "a wire that pulls at its testpoint, or a cold solder joint",
    remedy: "solder the wire again, fix it with hot glue, and lay it so that nothing pulls; then wiggle it and watch `strobecheck wiring`",
};

/// Field guide, F22.
pub(super) static GLITCHES: Fault = Fault {
    id: "glitches",
    number: "F22",
    about: "Spikes far shorter than any pulse: ringing at the edges of another line, or noise that crosses the threshold.",
    drawing: "\
FLASH   ______|~~~~~~~~~~~~|______
STROBE  __|~~~~|~~~~~~~~|______||_   spikes where the flash
               ^ and ^                switches its current",
    causes: &[&GROUND_MOVES, &PICKED_UP],
    ..FAILURE
};

pub(super) static GROUND_MOVES: Cause = Cause {
    why: "the current of the flash moves the ground that the analyzer measures against",
    remedy: "take GND at the camera, near the signal, not at the flash supply; keep the flash wires apart",
};
pub(super) static PICKED_UP: Cause = Cause {
    why: "long or untwisted probe wires pick up switching edges",
    remedy: "twist each probe wire with a ground wire, and shorten it",
};

/// A dense run of disturbances.
#[derive(Debug, Clone, Copy)]
pub(super) struct Burst {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) count: usize,
    /// How long the longest of them is.
    longest: u64,
}

/// Chatter is dense: this many disturbances in one run.
const CHATTER: usize = 4;
/// A contact that comes and goes leaves most frames alone.
const FRAMES_IN_CONTACT: f64 = 0.5;

/// A driver that is not ready again in time leaves every second frame dark, or more.
const FRAMES_WITHOUT_FLASH: f64 = 0.8;

/// Lines that chatter in bursts, ring, or show spikes.
pub(super) fn find_chatter(view: &CaptureView<'_>) -> Vec<Candidate> {
    let found = view.lines.iter().filter_map(|line| {
        let behind_edges = Spikes::of(view, line).filter(|_| view.is_suspect(line) || line.wire.glitch.is_none());
        let behind_edges = behind_edges.map(|spikes| spikes.candidate(view, line));
        behind_edges.or_else(|| intermittent(view, line)).or_else(|| spikes(view, line))
    });
    found.collect()
}

/// What is none of a line's signal: disturbances, and pulses out of step, as the chatter of a line of short pulses is as wide as
/// they are.
pub(super) fn disturbed(view: &CaptureView<'_>, line: &LineView<'_>, period: f64) -> Vec<Span> {
    let mut spans = line.disturbances.clone();
    spans.extend(Trains::of(&line.signal, period, view.tolerance(period)).other);
    spans.sort_unstable_by_key(|span| span.from);
    spans
}

/// Those less than a quarter of a frame apart are one burst.
pub(super) fn bursts(spans: &[Span], period: f64) -> Vec<Burst> {
    let mut bursts: Vec<Burst> = Vec::new();
    for span in spans {
        match bursts.last_mut() {
            Some(last) if (span.from.saturating_sub(last.to)) as f64 <= period / 4.0 => {
                last.to = last.to.max(span.to);
                last.count += 1;
                last.longest = last.longest.max(span.length());
            }
            Some(_) | None => {
                bursts.push(Burst { from: span.from, to: span.to, count: 1, longest: span.length() });
            }
        }
    }
    bursts
}

impl Burst {
    /// How many frames it reaches into.
    fn frames(&self, period: f64) -> f64 {
        (self.to - self.from) as f64 / period + 1.0
    }

    /// It, with a frame on either side: a contact that has chattered may stay open for a while, before or after.
    pub(super) fn with_frames(&self, period: f64) -> Span {
        Span { from: self.from.saturating_sub(period as u64), to: self.to + period as u64 }
    }

    /// Whether the line is stuck at its active level through it: for longer than a frame.
    pub(super) fn sticks(&self, period: f64) -> bool {
        self.longest as f64 > period
    }

    /// Whether it is chatter: pulses that come once in a frame, and at another phase than the others, are none.
    pub(super) fn chatters(&self, period: f64) -> bool {
        self.count >= CHATTER && self.count as f64 > 1.5 * self.frames(period)
    }
}

fn intermittent(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    let period = line.period?;
    let all = bursts(&disturbed(view, line, period), period);
    let in_all: usize = all.iter().map(|burst| burst.count).sum();
    let mut dense: Vec<Burst> =
        all.into_iter().filter(|burst| burst.chatters(period) || burst.sticks(period)).collect();
    let outside: Vec<f64> = anchors_outside(line, &dense, period);
    // A pulse that begins or ends in step is long, and no fault of the wire.
    dense.retain(|burst| {
        burst.chatters(period) || ![burst.from, burst.to].iter().any(|at| is_in_step(*at, &outside, period, view))
    });
    let first = dense.first()?;
    let noisy: f64 = dense.iter().map(|burst| burst.frames(period)).sum();
    let in_dense: usize = dense.iter().map(|burst| burst.count).sum();
    // Elsewhere the line is quiet and in step, and the others are undisturbed while it chatters.
    let alone = dense.iter().all(|burst| !others_chatter(view, line, burst, period));
    let quiet_else = in_dense * 10 >= in_all * 8;
    let in_step = super::rhythm::Rhythm::of(&outside, period, view.tolerance(period)).is_kept();
    if noisy > line.frames * FRAMES_IN_CONTACT || !alone || !quiet_else || !in_step || !view.is_suspect(line) {
        return None;
    }
    let candidate = INTERMITTENT_CONTACT.seen(
        format!(
            "{} loses contact {}",
            line.label(),
            if dense.len() == 1 { "for a while".to_owned() } else { format!("{} times", dense.len()) }
        ),
        format!(
            "it {} from {} to {}, the other lines are quiet then, and it is in step before and after",
            if first.chatters(period) {
                format!("chatters {}", counted(first.count, "time"))
            } else {
                "stays active".to_owned()
            },
            view.when(first.from),
            view.when(first.to)
        ),
    );
    let spans: Vec<Span> = dense.iter().map(|burst| burst.with_frames(period)).collect();
    Some(explained_within(view, line, candidate.at(dense.iter().map(|burst| burst.from).collect()), &spans))
}

/// The steadier edges of a line's signal that lie outside of its bursts.
fn anchors_outside(line: &LineView<'_>, bursts: &[Burst], period: f64) -> Vec<f64> {
    // They are in order: of those that do not end before it, the first begins first.
    let outside = |at: &f64| {
        let next = bursts.partition_point(|burst| burst.to as f64 + period < *at);
        bursts.get(next).is_none_or(|burst| *at < burst.from as f64 - period)
    };
    let starts: Vec<f64> = line.starts().into_iter().filter(outside).collect();
    let ends: Vec<f64> = line.ends().into_iter().filter(outside).collect();
    let breaks = |instants: &[f64]| super::rhythm::Rhythm::of(instants, period, period / 100.0).breaks;
    if breaks(&starts) < breaks(&ends) { starts } else { ends }
}

/// Whether an instant lies whole frames after the last of these before it, or after the first.
fn is_in_step(at: u64, anchors: &[f64], period: f64, view: &CaptureView<'_>) -> bool {
    let before = anchors.partition_point(|anchor| *anchor <= at as f64).saturating_sub(1);
    anchors.get(before).is_none_or(|anchor| {
        let frames = (at as f64 - anchor) / period;
        (frames - frames.round()).abs() * period <= view.tolerance(period) * frames.abs().max(1.0)
    })
}

fn others_chatter(view: &CaptureView<'_>, line: &LineView<'_>, burst: &Burst, period: f64) -> bool {
    let is_there = |span: &Span| span.from < burst.to && span.to > burst.from;
    let is_stuck = |span: &&Span| span.length() as f64 > period;
    (view.lines.iter().filter(|other| other.index != line.index))
        .any(|other| other.disturbances.iter().any(is_there) || other.signal.iter().filter(is_stuck).any(is_there))
}

/// Whether a place lies at a spike of one of these lines, where a finding of its own says so; `None` if none of them shows any.
pub(super) fn spikes_of<'a>(
    view: &CaptureView<'_>,
    lines: Vec<&'a LineView<'a>>,
) -> Option<impl Fn(u64) -> bool + use<'a>> {
    let spiky: Vec<&LineView<'a>> = lines.into_iter().filter(|line| spikes(view, line).is_some()).collect();
    let has_some = !spiky.is_empty();
    let is_spike = move |at: u64| {
        spiky.iter().any(|line| {
            let begun = line.disturbances.partition_point(|span| span.from <= at);
            begun.checked_sub(1).is_some_and(|last| at <= line.disturbances[last].to)
        })
    };
    has_some.then_some(is_spike)
}

/// Spikes that are left: each is short, and there are more pulses than frames.
fn spikes(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    let limit = view.longest_glitch();
    let period = line.period?;
    let short: Vec<Span> = line.disturbances.iter().copied().filter(|span| span.length() <= limit).collect();
    // Pulses that are short and no spikes are the business of other families.
    let widest = short.iter().map(|span| span.length()).max()?;
    let wider = line.disturbances.iter().map(|span| span.length()).filter(|length| *length > limit).min();
    let told = short.len() * 10 >= line.disturbances.len() * 7 || wider.is_some_and(|wider| wider >= 5 * widest);
    if !told || super::electric::is_of_edges(view, line) {
        return None;
    }
    if let Some(filter) = &line.wire.glitch {
        let bridged = view.observation.rate.samples(filter).to_f64() > widest as f64;
        let judged = view
            .checks
            .iter()
            .find(|check| *check.quantity == line::GLITCHES && check.subject == Subject::Line(line.index));
        // The spec expects them, bridges them, and counts them as it likes.
        if bridged && judged.is_none_or(|check| check.verdict == Verdict::Pass) {
            return None;
        }
    }
    let source = ringing_source(view, line);
    let per_thousand = short.len() as f64 * 1000.0 / (line.edges.len().max(1)) as f64;
    let nearby = source.map(|source| format!(", right after edges of {}", source.label())).unwrap_or_default();
    let middle = median(short.iter().map(|span| span.length() as f64).collect()).unwrap_or(0.0);
    let candidate = GLITCHES.seen(
        format!(
            "{} of {} on {}",
            counted(short.len(), "spike"),
            if widest <= 1 { "a sample".to_owned() } else { view.time(middle) },
            line.label()
        ),
        format!(
            "they last {} ({per_thousand:.0} in 1000 edges, about {:.1} in a frame){nearby}",
            width_text(view, middle, widest),
            short.len() as f64 / (view.observation.length.get() as f64 / period).max(1.0),
        ),
    );
    let bridge = view.time(widest as f64 * 1.5);
    let with_flash = source.is_some_and(|source| source.wire.role == Role::Flash);
    let flash_is_seen =
        view.lines.iter().any(|other| other.wire.role == Role::Flash && shares_camera(view, line, other));
    // A flash that is seen, and at whose edges there are no spikes, moves nothing.
    let candidate = (candidate.supported_if(with_flash, &GROUND_MOVES))
        .ruled_out_if(!with_flash && flash_is_seen, &GROUND_MOVES)
        .supported_if(source.is_some() && !with_flash, &PICKED_UP)
        .or_because(
            "whatever makes them, they are shorter than any pulse of this line",
            format!(
                "to judge the rest meanwhile, bridge them: [analyzer] glitch = {{ {} = \"{bridge}\" }}",
                line.wire.role.key()
            ),
        );
    let severity = if view.is_suspect(line) { Severity::Fail } else { Severity::Warn };
    let candidate = candidate.with_severity(severity).at(short.iter().map(|span| span.from).collect());
    Some(explained_within(view, line, candidate, &short))
}

fn width_text(view: &CaptureView<'_>, middle: f64, widest: u64) -> String {
    if middle <= 1.0 && widest <= 1 {
        "a single sample each, perhaps less".to_owned()
    } else {
        format!("about {}, at most {}", view.time(middle), view.time(widest as f64))
    }
}

/// Lines that lose pulses without chatter while what depends on them goes on: the event happened, and the wire did not
/// show it.
pub(super) fn find_absences(view: &CaptureView<'_>) -> Vec<Candidate> {
    let quiet = view.lines.iter().filter(|line| line.disturbances.is_empty());
    quiet.filter_map(|line| absent(view, line)).collect()
}

/// The first frames of a camera may lack pulses (field guide, F07 and C00: a warm-up of five frames).
pub(super) const WARM_UP_FRAMES: f64 = 5.0;

fn absent(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    let period = line.period?;
    let tolerance = view.tolerance(period);
    let camera = view.users(line).next()?;
    let (broken, witnesses): (&[&Quantity], Vec<Role>) = match line.wire.role {
        // STROBE pulses that are missing where the flash was fired: the camera did expose.
        Role::Strobe => (
            &[&exposure::MISSING, &frame_count::MISSING, &flash_count::EXTRA, &leak::LEAK],
            vec![Role::Flash, Role::Readout],
        ),
        Role::Fsin => (&[&frame_count::MISSING, &exposure::EXTRA], vec![Role::Strobe]),
        Role::Flash => (&[&flash_count::MISSING, &flash::COVERAGE], vec![Role::Strobe]),
        Role::Readout => (&[&readout::MISSING], vec![Role::Strobe]),
        // FSIN that nothing asked for.
        Role::Trigger => (&[&trigger::EXTRA], vec![Role::Fsin]),
        Role::Ready => return None,
    };
    if !camera.any_broken(broken) || line.wire.name.is_some() {
        return None;
    }
    let gaps = gaps(line, period, tolerance);
    let in_step = line.rhythm(tolerance).is_some_and(|rhythm| rhythm.is_kept());
    // Only where what depends on it goes on, the event happened.
    let (witness, gaps) = (view.lines.iter())
        .filter(|other| witnesses.contains(&other.wire.role) && shares_camera(view, line, other))
        .map(|other| (other, those_bridged_by(other, &gaps, period, tolerance)))
        .max_by_key(|(_, gaps)| gaps.len())?;
    let first = *gaps.first()?;
    let missing: usize = gaps.iter().map(|gap| gap.missing).sum();
    let after_start = gaps.iter().any(|gap| gap.from > (WARM_UP_FRAMES + 1.0) * period);
    // Narrow pulses may fall between samples; a trigger that is too short may fire no flash: other families say so.
    let resolved = line.line.train.is_resolved();
    let is_flash = line.wire.role == Role::Flash;
    let share = if is_flash { FRAMES_WITHOUT_FLASH } else { FRAMES_IN_CONTACT };
    let most = (line.frames * share) as usize;
    if !in_step || !after_start || !resolved || missing > most.max(1) || super::source::is_too_short_for_flash(camera) {
        return None;
    }
    // A line that lacks as many each time has another rate.
    if !is_flash && gaps.len() + 1 >= line.signal.len() && gaps.iter().all(|gap| gap.missing == first.missing) {
        return None;
    }
    let spans: Vec<Span> = gaps.iter().map(|gap| Span { from: gap.from as u64, to: gap.to as u64 }).collect();
    let candidate = if is_flash {
        unlit(view, line, &gaps, missing)
    } else {
        INTERMITTENT_CONTACT.seen(
            format!("{} loses {} while {} goes on", line.label(), counted(missing, "pulse"), witness.label()),
            format!(
                "first between {} and {}; {} shows that the camera worked then, and {} is in step before and after",
                view.when(first.from as u64),
                view.when(first.to as u64),
                witness.label(),
                line.label()
            ),
        )
    };
    Some(explained_within(view, line, candidate.at(spans.iter().map(|span| span.from).collect()), &spans))
}

/// Exposures without a flash.
fn unlit(view: &CaptureView<'_>, line: &LineView<'_>, gaps: &[Gap], missing: usize) -> Candidate {
    let flashes = line.signal.len();
    let frames = if missing == 1 { "1 frame has".to_owned() } else { format!("{missing} frames have") };
    let first = gaps.first().map_or(0, |gap| gap.from as u64);
    let steps: Vec<f64> = super::series::steps(&gaps.iter().map(|gap| gap.from).collect::<Vec<f64>>());
    // What is missing at a steady distance is missing by rule: the driver is not ready again.
    let middle = median(steps.clone()).unwrap_or(0.0);
    let by_rule = gaps.len() >= 3 && spread(&steps) <= 0.2 * middle;
    let in_a_row = gaps.iter().any(|gap| gap.missing >= 3);
    FLASH_MISSING
        .seen(
            format!("{frames} no flash, of {}", flashes + missing),
            format!(
                "the first comes after the flash at {}; {} is in step before and after",
                view.when(first),
                line.label()
            ),
        )
        .supported_if(by_rule, &RECHARGING)
        .ruled_out_if(by_rule, &NOT_FIRED)
        .ruled_out_if(by_rule, &WIRE_LOST_IT)
        .ruled_out_if(!in_a_row, &WIRE_LOST_IT)
        .unlike_if(by_rule || !in_a_row, "intermittent-contact")
}

/// A place where pulses of a line are missing.
#[derive(Debug, Clone, Copy)]
struct Gap {
    from: f64,
    to: f64,
    missing: usize,
}

fn gaps(line: &LineView<'_>, period: f64, tolerance: f64) -> Vec<Gap> {
    let (starts, ends) = (line.starts(), line.ends());
    let breaks = |instants: &[f64]| super::rhythm::Rhythm::of(instants, period, tolerance).breaks;
    let anchors = if breaks(&starts) < breaks(&ends) { starts } else { ends };
    (anchors.windows(2))
        .filter_map(|pair| {
            let beats = ((pair[1] - pair[0]) / period).round() as usize;
            (beats >= 2).then(|| Gap { from: pair[0], to: pair[1], missing: beats - 1 })
        })
        .collect()
}

/// Those of the gaps, which are in order, in which another line goes on: it has none there itself.
fn those_bridged_by(other: &LineView<'_>, gaps: &[Gap], period: f64, tolerance: f64) -> Vec<Gap> {
    let Some((first, last)) = other.signal.first().zip(other.signal.last()) else { return Vec::new() };
    let its = self::gaps(other, period, tolerance);
    let goes_on = |gap: &&Gap| {
        let next = its.partition_point(|own| own.to <= gap.from + period / 2.0);
        let gapless = its.get(next).is_none_or(|own| own.from >= gap.to - period / 2.0);
        gapless && (first.from as f64) < gap.from + period && last.to as f64 > gap.to - period
    };
    gaps.iter().filter(goes_on).copied().collect()
}
