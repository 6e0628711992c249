//! Faults of the record itself: samples that are lost on all lines at once, noise of the transfer, and pulses that the
//! ends of the record cut.

use super::claims::{EXPOSURE, Which};
use super::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use super::view::{CaptureView, counted};
use super::{Severity, clock};
use crate::frame::{Evidence, Seam};
use crate::line::Span;
use crate::quantity::exposure;
use crate::rig::WireIndex;
use crate::signal::Stretch;
use crate::units::SampleIndex;
use crate::verdict::Verdict;

/// Field guide, F33.
pub(super) static DROPPED_SAMPLES: Fault = Fault {
    id: "dropped-samples",
    number: "F33",
    about: "The analyzer lost samples, or made them up: every line jumps at the same instant, a stretch of samples comes twice, or noise stands at a fixed distance of samples.",
    drawing: "\
FSIN    _|~|________|~|_____|~|________|~|______   all lines come
STROBE  __|~~~~~|_____|~~~|____|~~~~~|_____|~~~~   early from here on
                        ^ samples are missing",
    causes: &[&TRANSFER_TOO_SLOW, &HOST_BUSY],
    look_alikes: &[LookAlike {
        fault: "phase-reset",
        test: "capture again at half the rate: a camera that restarts does so again, with whole pulses before and after",
    }],
    ..FAILURE
};

static TRANSFER_TOO_SLOW: Cause = Cause {
    why: "the analyzer's USB transfer could not keep up (a hub, a long cable, another device on the bus, a rate too high)",
    remedy: "lower the sample rate, plug the analyzer into a port of its own, capture again; the camera is not judged by this capture",
};
static HOST_BUSY: Cause = Cause {
    why: "the host was busy and read too late",
    remedy: "close what else uses the bus or the disk; use the analyzer's own memory if it has one",
};

/// Field guide, F35.
pub(super) static TRUNCATED_PULSES: Fault = Fault {
    id: "truncated-pulses",
    number: "F35",
    severity: Severity::Info,
    about: "The ends of the record cut so many pulses that too few whole ones are left to judge.",
    drawing: "\
STROBE  ~~~~|__________|~~~~   both pulses are cut:
        ^ record begins   ^ ends   neither has a width",
    causes: &[&TOO_SHORT_A_CAPTURE],
    look_alikes: &[],
};

static TOO_SHORT_A_CAPTURE: Cause = Cause {
    why: "the capture is too short for the frame rate",
    remedy: "capture at least ten frames: at 30 frames a second, half a second",
};

/// Lost samples: lines that jump together, samples that came twice, and noise at a stride.
pub(super) fn find_losses(view: &CaptureView<'_>) -> Vec<Candidate> {
    let seams = view.observation.seams.all();
    let (mut cut, mut whole): (Vec<&Seam>, Vec<&Seam>) = (Vec::new(), Vec::new());
    let mut candidates = Vec::new();
    for seam in seams {
        match &seam.evidence {
            Evidence::Jump { .. } if seam.evidence.is_certain() => cut.push(seam),
            Evidence::Jump { .. } => whole.push(seam),
            Evidence::Repeat { from, length, edges } => candidates.push(repeat(view, *from, *length, *edges)),
            Evidence::Stride { stride, phase, places } => candidates.push(stride_noise(view, *stride, *phase, places)),
        }
    }
    candidates.extend(cut_by_jumps(view, &cut));
    candidates.extend(whole_at_jumps(view, &whole));
    candidates
}

fn repeat(view: &CaptureView<'_>, from: SampleIndex, length: u64, edges: usize) -> Candidate {
    let again = SampleIndex::new(from.get().saturating_add(length));
    let on = match view.lines.len() {
        1 => "the line".to_owned(),
        lines => format!("{lines} lines"),
    };
    let evidence = format!(
        "from {} on, {edges} edges on {on} come again exactly {length} samples ({}) later, and those around them do not",
        view.when(from.get()),
        view.time(length as f64),
    );
    let summary = "samples were recorded twice: the analyzer is at fault, not the camera".to_owned();
    let candidate = DROPPED_SAMPLES.seen(summary, evidence).because(
        "a buffer of the analyzer or of its driver was handed over twice, since the transfer could not keep up",
        "lower the sample rate and capture again; what comes before the first repeat can be judged with --to",
    );
    whole_capture(view, candidate.at(vec![from.get(), again.get()]))
}

fn stride_noise(view: &CaptureView<'_>, stride: u64, phase: u64, places: &[SampleIndex]) -> Candidate {
    let candidate = DROPPED_SAMPLES.seen(
        format!("noise stands at every {stride} samples: it comes from the transfer, not from the camera"),
        format!(
            "{} of a few samples begin at sample {phase} and whole multiples of {stride} after it",
            counted(places.len(), "burst")
        ),
    );
    whole_capture(view, candidate.at(places.iter().map(|place| place.get()).collect()))
}

/// Jumps that cut pulses: samples are missing.
fn cut_by_jumps(view: &CaptureView<'_>, seams: &[&Seam]) -> Option<Candidate> {
    let jumps = Jumps::of(view, seams)?;
    let mut evidence = jumps.evidence;
    if let Some((line, pulse)) = jumps.cut.and_then(|(wire, pulse)| Some((view.line(Some(wire))?, pulse))) {
        evidence.push_str(&format!(
            "; {} lasts {} there and {} elsewhere",
            line.label(),
            view.time(pulse.samples() as f64),
            view.time(line.width().unwrap_or(0.0))
        ));
    }
    let summary = format!("about {} of samples are missing: all lines jump at the same {}", jumps.lost, jumps.instants);
    Some(whole_capture(view, DROPPED_SAMPLES.seen(summary, evidence).at(jumps.places)))
}

/// Jumps at which all pulses are whole, or of one line alone: samples are missing, or the cameras began anew. Neither hides the
/// other, and the likelier one comes first: no camera begins a frame before the last one is over.
fn whole_at_jumps(view: &CaptureView<'_>, seams: &[&Seam]) -> Vec<Candidate> {
    let cameras = view.cameras();
    let explains = view.not_passed(cameras.clone(), &[Which::All]);
    let Some(jumps) = Jumps::of(view, seams).filter(|_| !explains.is_empty()) else { return Vec::new() };
    let resets = cameras.map(|camera| clock::reset(camera, jumps.spans(), jumps.late, jumps.period));
    let mut candidates: Vec<Candidate> = resets.filter(|reset| !reset.claims.is_empty()).collect();
    let summary = match (jumps.cut.and_then(|(wire, _)| view.line(Some(wire))), jumps.lines) {
        (Some(line), _) => format!("{} jumps in the middle of a pulse: samples may be missing there", line.label()),
        (None, 1) => format!(
            "frames come early at {}, and no pulse is surely cut: samples may be missing there",
            if seams.len() == 1 { "one place".to_owned() } else { format!("{} places", seams.len()) }
        ),
        (None, _) => format!(
            "all lines jump at the same {}, and no pulse is surely cut: samples may be missing there",
            jumps.instants
        ),
    };
    let lost = DROPPED_SAMPLES.seen(summary, jumps.evidence).at(jumps.places).explaining(explains).beside_others();
    candidates.insert(if jumps.is_late { candidates.len() } else { 0 }, lost);
    candidates
}

/// Jumps that all lines share, as words want them.
struct Jumps {
    /// `instant`, or `2 instants`.
    instants: String,
    places: Vec<u64>,
    /// How much is missing, as a time.
    lost: String,
    /// What shows the first one.
    evidence: String,
    /// By how many samples everything is late behind it, less than a frame time.
    late: f64,
    period: f64,
    is_late: bool,
    lines: usize,
    cut: Option<(WireIndex, Stretch)>,
}

impl Jumps {
    /// The frames in which they are: from the place up to where the next one begins.
    fn spans(&self) -> Vec<Span> {
        let longer = (self.period * 0.75) as u64;
        self.places.iter().map(|&from| Span { from, to: from.saturating_add(longer) }).collect()
    }

    fn of(view: &CaptureView<'_>, seams: &[&Seam]) -> Option<Jumps> {
        let first = *seams.first()?;
        let Evidence::Jump { lines, early, is_late, cut } = &first.evidence else { return None };
        let period = first.reach as f64;
        Some(Jumps {
            instants: if seams.len() == 1 { "instant".to_owned() } else { format!("{} instants", seams.len()) },
            places: seams.iter().map(|seam| seam.within.from.get()).collect(),
            lost: view.time(*early as f64),
            evidence: format!(
                "between {} and {} {} early by about {} (or by whole frames more){}",
                view.when(first.within.from.get()),
                view.when(first.within.to.get()),
                if *lines == 1 { "the line comes".to_owned() } else { format!("{lines} lines come") },
                view.time(*early as f64),
                if *lines == 1 { "" } else { ", all by the same" }
            ),
            late: period - *early as f64,
            period,
            is_late: *is_late,
            lines: *lines,
            cut: *cut,
        })
    }
}

fn whole_capture(view: &CaptureView<'_>, candidate: Candidate) -> Candidate {
    let explains = view.not_passed(view.cameras(), &[Which::All]);
    candidate.explaining(explains)
}

/// Exposures that could not be judged, because those that there are were cut.
pub(super) fn find_truncated(view: &CaptureView<'_>) -> Vec<Candidate> {
    view.cameras()
        .filter_map(|camera| {
            let check = camera.check(&exposure::TIME)?;
            let cut: Vec<u64> = (camera.frames().exposures.iter())
                .filter(|exposure| !exposure.pulse.is_whole())
                .map(|exposure| exposure.pulse.from().get())
                .collect();
            let whole = camera.frames().exposures.len() - cut.len();
            let cut_off = format!("{} cut off by an end of the record", counted(cut.len(), "pulse"));
            let (summary, evidence) = if whole == 0 {
                ("no exposure was recorded from its beginning to its end", format!("{cut_off}, none is whole"))
            } else {
                let warm_up = format!("{} warm-up (timing.skip_frames), {cut_off}", counted(whole, "whole one"));
                ("every exposure that was recorded from its beginning to its end is warm-up", warm_up)
            };
            let unjudged = check.verdict == Verdict::Inconclusive && check.measured == 0 && !cut.is_empty();
            unjudged.then(|| TRUNCATED_PULSES.seen(summary.to_owned(), evidence).of(camera, &[EXPOSURE]).at(cut))
        })
        .collect()
}
