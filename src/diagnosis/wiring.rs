//! Probes on each other's testpoint, and lines whose level stands for the opposite.

use super::claims::{FRAME, Which, allows};
use super::clock::judged_of;
use super::explained::explained;
use super::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use super::series::median;
use super::view::{CaptureView, JudgedCamera, LineView, ends, is_broken, percent, starts};
use crate::line::Span;
use crate::quantity::{exposure, trigger};
use crate::rig::{Alignment, AlignmentSetting, Polarity, Role};
use crate::verdict::Check;

/// Field guide, F34.
pub(super) static SWAPPED_PROBES: Fault = Fault {
    id: "swapped-probes",
    number: "F34",
    about: "Two probes show each other's lines, or a probe is on a line of another kind.",
    drawing: "\
\"FSIN\"    __|~~~~~|_____|~~~~~|_____|~~~~~|___  as wide as an exposure
\"STROBE\"  _|~|________|~|________|~|________|~  short as a sync pulse",
    causes: &[&SWAPPED],
    ..FAILURE
};

pub(super) static SWAPPED: Cause = Cause {
    why: "two probes were put on each other's testpoint, or the spec names them the wrong way round",
    remedy: "swap the two probes, or their names in [wiring]; `strobecheck wiring` shows which looks like which",
};

/// Field guide, F02.
pub(super) static POLARITY_INVERTED: Fault = Fault {
    id: "polarity-inverted",
    number: "F02",
    about: "A line is active at the other level than the spec says: what is measured as the pulse is the pause.",
    drawing: "\
as wired   __|~~~~~~~~~~~~|____|~~~~~~~~~~~~|____   T - E wide
as it is   ~~|____________|~~~~|____________|~~~~   E wide",
    causes: &[&INVERTS],
    look_alikes: &[LookAlike {
        fault: "exposure-scaled",
        test: "change the exposure: a pause gets shorter as the exposure gets longer",
    }],
    ..FAILURE
};

pub(super) static INVERTS: Cause = Cause {
    why: "an open-collector or opto-isolated output inverts (M8 pins on Series 2, RVC4 strobe), or activeLevel is set otherwise",
    remedy: "mark the line as active-low in [wiring] (strobe = \"!PROBE\"), or take the mark away; check that the camera means it so",
};

/// Swapped probes, else inverted lines.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    let swapped: Vec<Candidate> = swaps(view).into_iter().collect();
    if swapped.is_empty() { view.lines.iter().filter_map(|line| inverted(view, line)).collect() } else { swapped }
}

/// Sync pulses fill no more than this part of a frame.
const SYNC_SHARE: f64 = 0.05;
/// A line this wide is no sync pulse.
const WIDE_SHARE: f64 = 0.125;
/// This share of pulses must fit.
const MOST: f64 = 0.8;

fn swaps(view: &CaptureView<'_>) -> Option<Candidate> {
    for a in &view.lines {
        for b in view.lines.iter().filter(|b| b.index > a.index) {
            if let Some(text) = is_swapped(view, a, b) {
                let candidate = SWAPPED_PROBES.seen(format!("{} and {} look swapped", a.label(), b.label()), text);
                let explains = view.not_passed(view.users(a).chain(view.users(b)), &[Which::All]);
                let at = [a, b].iter().filter_map(|line| line.pulses.first()).map(|span| span.from).collect();
                let candidate = candidate.at(at).explaining(explains);
                // Exposures and flashes have the same frame time.
                let is_sync = [a, b].iter().any(|line| line.wire.role.is_sync());
                return Some(if is_sync { candidate } else { candidate.leaving(view.checks, FRAME) });
            }
        }
    }
    None
}

/// Why two lines look swapped, if they do.
fn is_swapped(view: &CaptureView<'_>, a: &LineView<'_>, b: &LineView<'_>) -> Option<String> {
    if !view.is_suspect(a) && !view.is_suspect(b) {
        return None;
    }
    match (a.wire.role, b.wire.role) {
        (Role::Fsin, Role::Trigger) => two_syncs(view, a, b),
        (Role::Trigger, Role::Fsin) => two_syncs(view, b, a),
        (Role::Fsin | Role::Trigger, Role::Strobe) => sync_and_window(view, a, b),
        (Role::Strobe, Role::Fsin | Role::Trigger) => sync_and_window(view, b, a),
        (Role::Fsin | Role::Trigger, Role::Flash) => sync_and_flash(view, a, b),
        (Role::Flash, Role::Fsin | Role::Trigger) => sync_and_flash(view, b, a),
        (Role::Strobe, Role::Flash) => two_windows(view, a, b),
        (Role::Flash, Role::Strobe) => two_windows(view, b, a),
        (Role::Strobe, Role::Strobe) => two_strobes(view, a, b),
        (Role::Strobe, Role::Ready) => exposure_and_ready(view, a, b),
        (Role::Ready, Role::Strobe) => exposure_and_ready(view, b, a),
        (Role::Strobe | Role::Fsin | Role::Flash | Role::Readout | Role::Trigger | Role::Ready, _) => None,
    }
}

/// FSIN comes as long before its trigger as it should come after it.
fn two_syncs(view: &CaptureView<'_>, fsin: &LineView<'_>, trigger: &LineView<'_>) -> Option<String> {
    let check = view.users(fsin).next()?.check(&trigger::LATENCY)?;
    let (answers, asks) = (starts(&fsin.signal), starts(&trigger.signal));
    let before = asks.iter().filter_map(|asked| {
        let later = answers.partition_point(|answer| answer <= asked);
        Some(asked - answers.get(later.checked_sub(1)?)?)
    });
    let before: Vec<f64> = before.collect();
    (is_broken(check) && before.len() >= 2 && allowed(view, check, &before, 1.0) >= MOST).then(|| {
        format!(
            "{} comes {} before {}, as it should come behind its trigger",
            fsin.label(),
            view.time(median(before).unwrap_or(0.0)),
            trigger.label()
        )
    })
}

fn sync_and_window(view: &CaptureView<'_>, sync: &LineView<'_>, strobe: &LineView<'_>) -> Option<String> {
    let period = sync.period?;
    let (sync_width, strobe_width) = (narrow_side(sync)?, narrow_side(strobe)?);
    let check = view.users(strobe).next().and_then(|camera| camera.check(&exposure::TIME));
    let looks = match check {
        Some(check) => {
            // What is active low on one of the two is read as the pauses of it on the other.
            let on_sync = fits(view, check, sync).max(allowed(view, check, &pauses(sync), 2.0));
            on_sync >= MOST && fits(view, check, strobe) < 1.0 - MOST
        }
        None => sync_width > WIDE_SHARE * period,
    };
    // Where a limit says which of them is as long as an exposure, they may be less far apart.
    let (share, times) = if check.is_some() { (WIDE_SHARE, 2.0) } else { (SYNC_SHARE, 3.0) };
    (looks && strobe_width <= share * period && sync_width > times * strobe_width).then(|| {
        format!(
            "{} shows pulses of {}, as an exposure has them, and {} pulses of {}",
            sync.label(),
            view.time(sync_width),
            strobe.label(),
            view.time(strobe_width)
        )
    })
}

fn sync_and_flash(view: &CaptureView<'_>, sync: &LineView<'_>, flash: &LineView<'_>) -> Option<String> {
    let period = sync.period?;
    let (sync_width, flash_width) = (narrow_side(sync)?, narrow_side(flash)?);
    let exposed = view.users(sync).next()?.exposed();
    let follows = |line: &LineView<'_>| covered(&line.signal, &exposed);
    let looks = follows(sync) >= MOST && follows(flash) < 1.0 - MOST;
    (looks && flash_width <= SYNC_SHARE * period && sync_width > 3.0 * flash_width).then(|| {
        format!(
            "{} is on during {} of the exposures' time, and {} shows pulses of {}",
            sync.label(),
            percent(follows(sync)),
            flash.label(),
            view.time(flash_width)
        )
    })
}

/// STROBE and flash look alike: only the limits of the exposure tell them apart.
fn two_windows(view: &CaptureView<'_>, strobe: &LineView<'_>, flash: &LineView<'_>) -> Option<String> {
    // The flash is lit before the exposure and after it: what is called STROBE then covers what is called flash.
    let contains = covered(&strobe.signal, &flash.signal) >= 0.99 && covered(&flash.signal, &strobe.signal) < 1.0;
    let text = exposures_are_on(view, strobe, flash)?;
    match contains {
        true => Some(text + ", which surround them"),
        false => (placed(view, flash)? >= MOST && placed(view, strobe)? < 1.0 - MOST)
            .then(|| text + ", and lie at FSIN as exposures should"),
    }
}

/// The share of a line's pulses that lie beside FSIN as exposures are asked to.
fn placed(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<f64> {
    let camera = view.users(line).next()?;
    let alignment = camera.frames().alignment;
    let check = camera.check(judged_of(alignment))?;
    let middle = |span: &Span| (span.from + span.to) as f64 / 2.0;
    let anchors = match alignment? {
        Alignment::Start => line.starts(),
        Alignment::End => line.ends(),
        Alignment::Middle => line.signal.iter().map(middle).collect(),
    };
    let sync = camera.fsin()?.starts();
    let offset = |at: &f64| {
        let next = sync.partition_point(|sync| sync <= at);
        // No exposure comes before its trigger.
        let later = sync.get(next).filter(|_| alignment != Some(Alignment::Start));
        let around = [next.checked_sub(1).and_then(|last| sync.get(last)), later];
        around.into_iter().flatten().map(|sync| at - sync).min_by(|a, b| a.abs().total_cmp(&b.abs()))
    };
    Some(allowed(view, check, &anchors.iter().filter_map(offset).collect::<Vec<f64>>(), 1.0))
}

/// A ready line has ended when the exposure begins: the pulses of the two lie beside each other.
fn exposure_and_ready(view: &CaptureView<'_>, strobe: &LineView<'_>, ready: &LineView<'_>) -> Option<String> {
    let is_apart = covered(&ready.signal, &strobe.signal) < 1.0 - MOST;
    exposures_are_on(view, strobe, ready).filter(|_| is_apart)
}

/// What says that the limits of the exposure fit the pulses of another line and not those of STROBE; `None` where they do not.
fn exposures_are_on(view: &CaptureView<'_>, strobe: &LineView<'_>, line: &LineView<'_>) -> Option<String> {
    let camera = view.users(strobe).next()?;
    let check = camera.check(&exposure::TIME)?;
    let (own, other) = (fits(view, check, strobe), fits(view, check, line));
    (camera.is_broken(&exposure::TIME) && own < 1.0 - MOST && other >= MOST).then(|| {
        format!(
            "{} of the pulses of {} are as long as exposures should be, and {} of those of {}",
            percent(other),
            line.label(),
            percent(own),
            strobe.label()
        )
    })
}

fn two_strobes(view: &CaptureView<'_>, a: &LineView<'_>, b: &LineView<'_>) -> Option<String> {
    let (own_a, own_b) = (check_of(view, a)?, check_of(view, b)?);
    let crossed = fits(view, own_a, b) >= MOST && fits(view, own_b, a) >= MOST;
    let wrong = fits(view, own_a, a) < 1.0 - MOST && fits(view, own_b, b) < 1.0 - MOST;
    (crossed && wrong).then(|| "the exposures of each camera are as long as those of the other should be".to_owned())
}

fn check_of<'a>(view: &'a CaptureView<'_>, line: &LineView<'_>) -> Option<&'a Check> {
    view.users(line).next()?.check(&exposure::TIME)
}

/// The shorter of a line's median active and idle width: its pulse, whichever its polarity.
fn narrow_side(line: &LineView<'_>) -> Option<f64> {
    let active = median(line.signal.iter().map(|span| span.length() as f64).collect())?;
    let idle = median(pauses(line))?;
    Some(active.min(idle))
}

/// How long a line is idle between its pulses, in samples.
fn pauses(line: &LineView<'_>) -> Vec<f64> {
    line.signal.windows(2).map(|pair| (pair[1].from - pair[0].to) as f64).collect()
}

/// The share of a line's pulses whose width one of the limits of a check allows.
fn fits(view: &CaptureView<'_>, check: &Check, line: &LineView<'_>) -> f64 {
    let widths: Vec<f64> = line.signal.iter().map(|span| span.length() as f64).collect();
    // Half a sample at either end, as a width is only known to a sample.
    allowed(view, check, &widths, 1.0)
}

/// The share of these widths, in samples, that one of the limits of a check allows, or misses by no more than the slack.
fn allowed(view: &CaptureView<'_>, check: &Check, widths: &[f64], slack: f64) -> f64 {
    let slack = view.seconds(slack);
    let is_allowed = |width: &&f64| {
        let seconds = view.seconds(**width);
        check.limits.iter().any(|limit| allows(limit, seconds, slack))
    };
    widths.iter().filter(is_allowed).count() as f64 / widths.len().max(1) as f64
}

/// The share of the time of `windows` in which `pulses` are active too.
fn covered(pulses: &[Span], windows: &[Span]) -> f64 {
    let total: u64 = windows.iter().map(|span| span.length()).sum();
    overlap(pulses, windows) / (total.max(1)) as f64
}

fn overlap(a: &[Span], b: &[Span]) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0_u64);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        sum += x.to.min(y.to).saturating_sub(x.from.max(y.from));
        if x.to < y.to {
            i += 1;
        } else {
            j += 1;
        }
    }
    sum as f64
}

fn inverted(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    if !view.is_suspect(line) || line.signal.len() < 2 {
        return None;
    }
    let text = match line.wire.role {
        Role::Fsin | Role::Trigger => inverted_sync(view, line),
        Role::Strobe => inverted_strobe(view, line),
        Role::Flash => inverted_flash(view, line),
        Role::Ready => inverted_ready(view, line),
        Role::Readout => None,
    }?;
    let (now, other, then) = match line.wire.polarity {
        Polarity::ActiveHigh => ("high", "low", format!("{} = \"!{}\"", line.wire.role.key(), line.line.probe.name)),
        Polarity::ActiveLow => ("low", "high", format!("{} = \"{}\"", line.wire.role.key(), line.line.probe.name)),
    };
    let candidate =
        POLARITY_INVERTED.seen(format!("{} is active {other}, but the spec says active {now}", line.label()), text);
    let candidate = candidate
        .remedied(&INVERTS, format!("write {then} in [wiring] if the hardware is meant so, else set activeLevel"));
    Some(explained(view, line, candidate.at(line.signal.iter().take(3).map(|span| span.from).collect())))
}

fn inverted_sync(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<String> {
    /// A sync pulse that fills more of the frame than this is the pause (field guide, C16: less than half).
    const LONGEST: f64 = 0.6;
    let (period, width) = (line.period?, line.width()?);
    (width > LONGEST * period && width < 1.001 * period).then(|| {
        format!(
            "its pulses last {} of a frame time of {}: that is the pause between them",
            view.time(width),
            view.time(period)
        )
    })
}

fn inverted_strobe(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<String> {
    let camera = view.users(line).next()?;
    let (period, width) = (line.period?, line.width()?);
    let check = camera.check(&exposure::TIME)?;
    let pauses = pauses(line);
    let pauses_fit = allowed(view, check, &pauses, 2.0);
    let pulses_fit = fits(view, check, line);
    let by_width = pauses_fit >= MOST && pulses_fit < 1.0 - MOST && camera.is_broken(&exposure::TIME);
    // An exposure of half the frame looks the same either way: then the edge that meets FSIN tells.
    let by_anchor = pauses_fit >= MOST && is_anchored_the_other_way(camera);
    (by_width || by_anchor).then(|| {
        format!(
            "its pauses ({}) are as long as exposures should be, its pulses ({}) make up the rest of the frame of {}",
            view.time(median(pauses).unwrap_or(0.0)),
            view.time(width),
            view.time(period)
        )
    })
}

/// Whether the other end of STROBE meets FSIN than the spec says.
fn is_anchored_the_other_way(camera: JudgedCamera<'_>) -> bool {
    let view = camera.capture;
    let stated = match camera.wiring().alignment {
        AlignmentSetting::Stated(alignment) => alignment,
        AlignmentSetting::Auto => return false,
    };
    let Some(fsin) = camera.fsin() else { return false };
    let (Some(period), true) = (camera.exposure_period(), camera.any_broken(&[&exposure::END, &exposure::LATENCY]))
    else {
        return false;
    };
    let near = |instants: &[f64]| {
        let reach = view.tolerance(period) * 2.0;
        let edges = fsin.starts();
        let met = instants.iter().filter(|at| {
            let next = edges.partition_point(|edge| *edge < **at - reach);
            edges.get(next).is_some_and(|edge| (edge - **at).abs() <= reach)
        });
        met.count() as f64 / instants.len().max(1) as f64
    };
    let exposed = camera.exposed();
    let (starts, ends) = (near(&starts(&exposed)), near(&ends(&exposed)));
    match stated {
        Alignment::End => starts >= MOST && ends < 1.0 - MOST,
        Alignment::Start => ends >= MOST && starts < 1.0 - MOST,
        // An inverted line has its middle half a frame away, and neither edge tells.
        Alignment::Middle => false,
    }
}

fn inverted_flash(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<String> {
    let camera = view.users(line).next()?;
    let (period, width) = (line.period?, line.width()?);
    let (lit, exposure) = (covered(&line.signal, &camera.exposed()), camera.exposure_width()?);
    // The pauses of an inverted flash are its pulses: about as long as the exposure, and over it.
    let pause = median(pauses(line))?;
    let like = (pause - exposure).abs() <= (exposure * 0.2).max(4.0);
    (lit <= 0.1 && like && (pause + width - period).abs() <= period * 0.05).then(|| {
        format!(
            "it is active during {} of the exposures' time and idle for {} at a time, over exposures of {}",
            percent(lit),
            view.time(pause),
            view.time(exposure)
        )
    })
}

/// A camera that answers a trigger was ready for it, and is not while it exposes: the other way round at most triggers.
fn inverted_ready(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<String> {
    let camera = view.users(line).next()?;
    let is_active = |at: u64| {
        let begun = line.pulses.partition_point(|pulse| pulse.from <= at);
        begun.checked_sub(1).is_some_and(|last| at < line.pulses[last].to)
    };
    let answers = camera.frames().exposures.iter().filter_map(|exposure| {
        let (trigger, start) = (exposure.fsin?.at().get(), exposure.pulse.start.edge()?.at().get());
        Some((trigger, start + (exposure.pulse.to().get() - start) / 2))
    });
    let answers: Vec<(u64, u64)> = answers.collect();
    // Right before the trigger: the camera may answer it within the same sample.
    let other_way =
        answers.iter().filter(|(trigger, middle)| !is_active(trigger.saturating_sub(1)) && is_active(*middle)).count();
    let share = other_way as f64 / answers.len().max(1) as f64;
    (answers.len() >= 2 && share >= MOST).then(|| {
        format!(
            "it is inactive at the trigger and active during the exposure in {} of the frames: a camera is ready before it exposes",
            percent(share)
        )
    })
}
