//! When frames and exposures come: steps, swings and jitter of the frame clock, and of exposures under a steady clock.

mod shift;

pub(super) use shift::{EXPOSURE_SHIFTED, judged_of};

use std::collections::HashMap;

use super::claims::{FRAME, PLACED, PLACING, READOUT, SKEW, TRIGGER, Which};
use super::contact;
use super::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use super::series::{autocorrelation, median, slope, spread, steps};
use super::trigger::TRIGGER_BEFORE_READY;
use super::view::{CaptureView, JudgedCamera, TWO_ROWS_S, counted, from_fsin};
use crate::frame::{ClockSource, FrameEdge, Interval};
use crate::line::Span;
use crate::quantity::{exposure, flash, flash_count, frame, frame_count, ready, skew, tie, trigger};
use crate::rig::Alignment;

/// Field guide, F16.
pub(super) static PHASE_RESET: Fault = Fault {
    id: "phase-reset",
    number: "F16",
    about: "One frame is late by a part of a frame time, and all that follow keep the new phase.",
    drawing: "\
before  |_______|_______|_______|_______|_______
STROBE  _|~~|____|~~|____|~~|__________|~~|____|
                                ^ late; the rhythm goes on from here",
    causes: &[&BEGAN_ANEW],
    look_alikes: &[LookAlike {
        fault: "dropped-samples",
        test: "wire a line of another clock beside it: lost samples move all lines by as much, a restart only the camera's",
    }],
    ..FAILURE
};

static BEGAN_ANEW: Cause = Cause {
    why: "the sensor restarted, was configured anew, or its trigger source began again",
    remedy: "look at what was sent to the camera at that time (mode, rate, exposure); start measuring after it",
};

/// Field guide, F31.
pub(super) static SYNC_HUNTING: Fault = Fault {
    id: "sync-hunting",
    number: "F31",
    about: "The frame time swings about its nominal value: a control loop seeks its rate.",
    drawing: "\
frame time   _.--._            _.-._
            /      \\    nominal     `-.__.---
                    `-.__.-'          and settles, perhaps",
    causes: &[&NOT_LOCKED_YET, &TOO_SHARP],
    look_alikes: &[LookAlike {
        fault: "trigger-jitter",
        test: "look at a longer capture: hunting swings over several frames and dies down, jitter does neither",
    }],
    ..FAILURE
};

static NOT_LOCKED_YET: Cause = Cause {
    why: "a control loop (PTP, soft sync) has not locked yet",
    remedy: "wait for the lock (up to 30 s) and capture then, or leave the first frames out: skip_frames",
};
static TOO_SHARP: Cause = Cause {
    why: "a control loop (PTP, soft sync) is set too sharp, or follows a clock that swings",
    remedy: "make the loop slower (less gain), and look at the clock that it follows",
};

/// Field guide, F32.
pub(super) static STROBE_JITTER: Fault = Fault {
    id: "strobe-jitter",
    number: "F32",
    about: "Exposures come earlier and later at random although FSIN, or the camera's own clock, should be steady.",
    drawing: "\
FSIN    _|~|________|~|________|~|________|~|___   steady
STROBE  _|~~|_________|~~|____|~~|__________|~~|   now early, now late",
    causes: &[&FIRMWARE, &RATE_IT_CANNOT_MAKE],
    look_alikes: &[LookAlike {
        fault: "trigger-jitter",
        test: "look at FSIN alone: if its own intervals jitter, it is the trigger and not the camera",
    }],
    ..FAILURE
};

static FIRMWARE: Cause = Cause {
    why: "the firmware or the mode of the sensor",
    remedy: "try another mode of synchronisation, update the firmware",
};
static RATE_IT_CANNOT_MAKE: Cause = Cause {
    why: "a frame rate that the sensor cannot make exactly",
    remedy: "try the nominal frame rate of the sensor's mode",
};

/// Field guide, F25.
pub(super) static TRIGGER_JITTER: Fault = Fault {
    id: "trigger-jitter",
    number: "F25",
    about: "The time from trigger to exposure, or from one trigger to the next, varies.",
    drawing: "\
FSIN    _|~|________|~|________|~|________|~|___
STROBE  __|~~|________|~~|_____|~~|_________|~~|
         <->          <-->     <>           <-->  latency varies",
    causes: &[&WAITS_FOR_A_ROW, &MADE_BY_SOFTWARE, &TAKEN_LATE],
    ..FAILURE
};

static WAITS_FOR_A_ROW: Cause = Cause {
    why: "the trigger comes during readout and waits for the end of a row (up to a row: 9 us on OV9282)",
    remedy: "trigger while the camera is idle, and allow a row",
};
static MADE_BY_SOFTWARE: Cause = Cause {
    why: "software makes the trigger: a script, a network message (milliseconds)",
    remedy: "make the trigger in hardware: a timer output, a microcontroller, a camera's FSIN output",
};
static TAKEN_LATE: Cause = Cause {
    why: "the camera takes its trigger at moments of its own: it polls it, or is still busy with the frame before",
    remedy: "use the trigger mode that acts on the sensor's own pin, and trigger while the camera is idle",
};

/// What is wrong with each camera's timing.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    let cameras = view.cameras();
    cameras.filter_map(|camera| of_clock(camera).or_else(|| of_exposures(camera))).collect()
}

/// An interval of the frame clock, and by how much it is longer than its whole number of frame times.
struct Deviation {
    at: u64,
    to: u64,
    by: f64,
}

fn deviations(camera: JudgedCamera<'_>) -> Option<(Vec<Deviation>, f64)> {
    let edges = &camera.frames().clock.edges;
    let interval = |from: FrameEdge, to: FrameEdge| (to.edge.at() - from.edge.at()).get() as f64;
    let regular = edges.pairs().filter(|(_, to)| to.before == Interval::Regular);
    let period = median(regular.map(|(from, to)| interval(from, to)).collect())?;
    let deviation = |(from, to): (FrameEdge, FrameEdge)| {
        let beats = (interval(from, to) / period).round().max(1.0);
        Deviation { at: from.edge.at().get(), to: to.edge.at().get(), by: interval(from, to) - beats * period }
    };
    let proven = edges.pairs().filter(|(_, to)| to.before != Interval::Lost);
    Some((proven.map(deviation).collect(), period))
}

fn of_clock(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    let broken = [
        &frame::TIME,
        &frame::JITTER,
        &frame::CYCLE_JITTER,
        &tie::TIE,
        &tie::TIE_NOMINAL,
        &frame_count::MISSING,
        &frame_count::EXTRA,
        &trigger::LATENCY,
    ];
    if !camera.any_broken(&broken) {
        return None;
    }
    let (deviations, period) = deviations(camera)?;
    let tolerance = (period * 2e-4).max(view.samples(2e-6)).max(2.0);
    let large: Vec<usize> = (0..deviations.len()).filter(|&i| deviations[i].by.abs() > tolerance).collect();
    let by: Vec<f64> = deviations.iter().map(|deviation| deviation.by).collect();
    let at = |places: &[usize]| places.iter().map(|&place| deviations[place].at).collect::<Vec<u64>>();
    let is_step = |&place: &usize| {
        // A frame that is late alone makes the next interval short by as much.
        let next = by.get(place + 1).copied().unwrap_or(0.0);
        let before = place.checked_sub(1).and_then(|before| by.get(before)).copied().unwrap_or(0.0);
        let cancels = |other: f64| other.abs() > tolerance && (by[place] + other).abs() < by[place].abs() / 2.0;
        !cancels(next) && !cancels(before) && by[place].abs() > view.tolerance(period)
    };
    if large.is_empty() {
        return None;
    }
    let places: Vec<Span> =
        large.iter().map(|&place| Span { from: deviations[place].at, to: deviations[place].to }).collect();
    if are_at_spikes(camera, &places) {
        return None;
    }
    if large.len() * 8 <= by.len().max(8) && large.iter().all(is_step) {
        return Some(reset(camera, places, by[large[0]], period));
    }
    let swing = autocorrelation(&by, 1);
    let amount = spread(&by) / 2.0;
    let frames = counted(by.len(), "frame");
    let candidate = if swing > SWINGS && by.len() >= 8 {
        let half = by.len() / 2;
        let settles = spread(&by[half..]) < spread(&by[..half]) * 0.6;
        let candidate = SYNC_HUNTING.seen(
            "the frame time swings about its mean".to_owned(),
            format!(
                "by ±{} over {frames}{}",
                view.time(amount),
                if settles { ", and less towards the end: it is settling" } else { ", and it does not settle" }
            ),
        );
        candidate.supported_if(settles, &NOT_LOCKED_YET).settled(!settles, &TOO_SHARP)
    } else if camera.frames().clock.source == ClockSource::Fsin {
        TRIGGER_JITTER
            .seen(
                "FSIN itself jitters: its intervals vary".to_owned(),
                format!("by ±{} over {frames}, at random", view.time(amount)),
            )
            .supported_if(true, &MADE_BY_SOFTWARE)
            .ruled_out_if(true, &WAITS_FOR_A_ROW)
            .ruled_out_if(true, &TAKEN_LATE)
    } else {
        STROBE_JITTER
            .seen("the frame time varies at random".to_owned(), format!("by ±{} over {frames}", view.time(amount)))
    };
    let explained = [FRAME, Which::One(&exposure::GAP), PLACED, TRIGGER, Which::One(&flash::LATENCY), SKEW];
    Some(candidate.of(camera, &explained).at(at(&large)))
}

/// Whether all of these intervals begin or end with a spike that was taken for a frame: then it is not the frames that come
/// irregularly.
fn are_at_spikes(camera: JudgedCamera<'_>, places: &[Span]) -> bool {
    let view = camera.capture;
    let ends: Vec<u64> = places.iter().flat_map(|span| [span.from, span.to]).collect();
    let is_fsin = camera.frames().clock.source == ClockSource::Fsin;
    let lines = if is_fsin { camera.fsin().into_iter().collect() } else { camera.pins_at(&ends) };
    let at_spike = |is_spike| places.iter().all(|span| [span.from, span.to].into_iter().any(&is_spike));
    contact::spikes_of(view, lines).is_some_and(at_spike)
}

/// Neighbouring intervals of a swing are alike; of jitter they are opposite, of a random walk unrelated.
const SWINGS: f64 = 0.3;

/// A camera whose frames come so much later from each of these stretches on, modulo a frame time.
pub(super) fn reset(camera: JudgedCamera<'_>, spans: Vec<Span>, by: f64, period: f64) -> Candidate {
    let view = camera.capture;
    let late = if by < 0.0 { by + period } else { by };
    let at: Vec<u64> = spans.iter().map(|span| span.from).collect();
    let count = at.len();
    let candidate = PHASE_RESET.seen(
        match count {
            1 => format!("all frames after {} are {} late", view.when(at[0]), view.time(late)),
            _ => format!("the frames change their phase {count} times, first after {}", view.when(at[0])),
        },
        format!("after {} they come {} later than before, and keep it", view.when(at[0]), view.time(late)),
    );
    let which = [
        FRAME,
        Which::One(&exposure::GAP),
        Which::One(&exposure::MISSING),
        Which::One(&exposure::EXTRA),
        Which::One(&flash_count::MISSING),
        Which::One(&flash_count::EXTRA),
    ];
    // Where it begins anew; what stands to the other clock is off from there on.
    let mut claims = camera.not_passed_within(&which, &spans);
    let after = Span { from: at[0], to: view.observation.length.get() };
    let later = [PLACED, Which::One(&flash::LATENCY), SKEW];
    claims.extend(camera.not_passed_within(&later, &[after]));
    // A frame is counted as missing where one is late by half of it: exposures in turn are those of other frames on one side.
    if camera.check(&exposure::TIME).is_some_and(|check| check.limits.len() > 1) {
        claims.extend(camera.not_passed(&[Which::One(&exposure::TIME)]));
    }
    candidate.of_camera(camera.name(), claims).at(at)
}

/// The step that values take once, from about one value to about another: its place before, and how large it is.
fn single_step(values: &[f64], least: f64) -> Option<(usize, f64)> {
    let steps = steps(values);
    let (place, by) = steps.iter().copied().enumerate().max_by(|(_, a), (_, b)| a.abs().total_cmp(&b.abs()))?;
    let (before, behind) = values.split_at(place + 1);
    let is_level = |values: &[f64]| values.len() >= STEADY && spread(values) * 4.0 <= by.abs();
    (by.abs() > least && is_level(before) && is_level(behind)).then_some((place, by))
}

/// So many exposures in a row show where they mostly lie.
const STEADY: usize = 3;

/// Exposures against a steady FSIN.
fn of_exposures(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    let is_placed_wrong = camera.any_broken(&PLACING);
    let by_place = [&skew::START, &skew::END, &exposure::MISSING, &exposure::EXTRA];
    if !is_placed_wrong && !camera.any_broken(&by_place) {
        return None;
    }
    let frames = camera.frames();
    let offset = |exposure: crate::frame::Exposure| {
        let offset = from_fsin(&exposure, frames.alignment.unwrap_or(Alignment::Start))?;
        Some((offset, exposure.pulse.from().get()))
    };
    let first = frames.exposures.iter().filter(|exposure| exposure.burst_index == 0);
    let offsets: Vec<(f64, u64)> = first.filter_map(offset).collect();
    let values: Vec<f64> = offsets.iter().map(|(value, _)| *value).collect();
    let apart = spread(&values);
    let is_steady = values.len() < 4 || apart <= 3.0;
    if !is_steady
        && let (Some(period), Some((place, by))) =
            (frames.clock.period.as_ref(), single_step(&values, view.tolerance(view.samples(TWO_ROWS_S))))
    {
        let span = Span { from: offsets[place].1, to: offsets[place + 1].1 };
        return Some(reset(camera, vec![span], by, period.to_f64()));
    }
    if !is_placed_wrong {
        return None;
    }
    let middle = median(values.clone())?;
    // Where most lie at one place, the others stray from it.
    let stay = values.iter().filter(|value| (*value - middle).abs() <= 1.0).count() * 4 >= values.len() * 3;
    if !is_steady && !stay {
        let walk = slope(&values)? * (values.len() - 1) as f64;
        // A walk, or a sawtooth, is no jitter: the steps are alike.
        let walks =
            walk.abs() > 0.7 * apart || autocorrelation(&values, 1) > 0.6 && autocorrelation(&steps(&values), 1) > -0.2;
        if walks {
            return drifts(camera, &values, walk);
        }
    }
    let (least, most) = (
        values.iter().copied().fold(f64::INFINITY, f64::min),
        values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    );
    let judged = judged_of(frames.alignment);
    if !camera.is_broken(&exposure::JITTER) && is_offset(camera.bounds(judged), least, most) {
        let places: Vec<u64> = offsets.iter().map(|(_, at)| *at).collect();
        return shift::shifted(camera, &values, places);
    }
    if is_steady {
        return None;
    }
    let waits = waits(camera, middle);
    let fault = match frames.alignment {
        Some(Alignment::End | Alignment::Middle) => &STROBE_JITTER,
        Some(Alignment::Start) | None if waits => &TRIGGER_BEFORE_READY,
        Some(Alignment::Start) | None => &TRIGGER_JITTER,
    };
    let mut at: Vec<(f64, u64)> = offsets.iter().map(|(value, at)| ((value - middle).abs(), *at)).collect();
    at.sort_by(|a, b| b.0.total_cmp(&a.0));
    let edge = shift::part_of(frames.alignment);
    let candidate = fault.seen(
        match waits {
            true => "triggers that come before the camera is ready are answered late".to_owned(),
            false => format!(
                "exposures {edge} between {} and {} FSIN: they vary by {}",
                side_text(view, least),
                side_text(view, most),
                view.time(apart)
            ),
        },
        format!("over {}, the middle one {} FSIN", counted(values.len(), "exposure"), side_text(view, middle)),
    );
    // FSIN is steady, so that nothing in software makes it; what waits for a row waits no longer than a row.
    let rows = view.seconds(apart) <= TWO_ROWS_S + view.seconds(2.0);
    let candidate = candidate.ruled_out_if(true, &MADE_BY_SOFTWARE).settled(rows, &WAITS_FOR_A_ROW);
    let mut explained = vec![PLACED, Which::One(&exposure::GAP), FRAME, Which::One(&flash::LATENCY), SKEW, READOUT];
    explained.extend(waits.then_some(Which::One(&ready::MARGIN)));
    Some(candidate.of(camera, &explained).at(at.into_iter().take(3).map(|(_, at)| at).collect()))
}

/// `1.20 ms after`, `30.0 µs before`.
fn side_text(view: &CaptureView<'_>, offset: f64) -> String {
    format!("{} {}", view.time(offset.abs()), if offset < 0.0 { "before" } else { "after" })
}

/// Whether exposures are late exactly where their trigger came before the camera was ready, and by as much.
fn waits(camera: JudgedCamera<'_>, usual: f64) -> bool {
    let view = camera.capture;
    let Ok(margins) = ready::MARGIN.measure(view.observation, camera.subject()) else { return false };
    let early = margins.points.iter().filter(|point| point.reading.value.is_negative());
    // The trigger lies at either end of what its margin is taken from.
    let early = early.flat_map(|point| [point.from, point.to].map(|at| (at.get(), -point.reading.value.to_f64())));
    let early: HashMap<u64, f64> = early.collect();
    let slack = view.samples(TWO_ROWS_S).max(3.0);
    let exposures =
        camera.frames().exposures.iter().filter(|exposure| exposure.burst_index == 0).filter_map(|exposure| {
            let (trigger, start) = (exposure.fsin?.at().get(), exposure.pulse.start.edge()?.at().get());
            let late = start as f64 - trigger as f64 - usual;
            Some((late, early.get(&trigger).copied().unwrap_or(0.0)))
        });
    let exposures: Vec<(f64, f64)> = exposures.collect();
    exposures.iter().any(|(late, _)| *late > slack)
        && exposures.iter().all(|(late, early)| if *late > slack { *early > 0.0 } else { *early <= slack })
}

/// Whether values that lie between these two are beyond a limit by an offset that they share, and not by how far they lie apart:
/// all are beyond the same bound, and moved by one and the same amount all would keep the limit.
fn is_offset((min, max): (Option<f64>, Option<f64>), least: f64, most: f64) -> bool {
    let beyond = min.map_or(0.0, |min| min - most).max(max.map_or(0.0, |max| least - max));
    // One bound alone takes any spread: one is small that is less than what all lie beyond.
    let room = min.zip(max).map_or(beyond, |(min, max)| max - min);
    beyond > 0.0 && most - least <= room
}

/// Exposures that walk through FSIN's frame: they do not listen to it.
fn drifts(camera: JudgedCamera<'_>, values: &[f64], walk: f64) -> Option<Candidate> {
    let view = camera.capture;
    let period = camera.frames().clock.period.as_ref()?.to_f64();
    let rate = walk / (values.len() - 1) as f64 / period;
    let evidence = format!(
        "they move by {} over {}: {:+.0} ppm against FSIN",
        view.time(walk.abs()),
        counted(values.len(), "exposure"),
        rate * 1e6
    );
    let summary = "the exposures walk away from FSIN".to_owned();
    let candidate = if camera.is_first() {
        super::source::RATE_MISMATCH.seen(summary, evidence).supported_if(true, &super::source::RUNS_FREE)
    } else {
        super::cameras::CAMERA_DRIFT.seen(summary, evidence)
    };
    const COUNTED: Which = Which::AnyOf(&[&exposure::MISSING, &exposure::EXTRA]);
    Some(candidate.of(camera, &[PLACED, COUNTED, SKEW, FRAME, Which::One(&flash::LATENCY)]))
}
