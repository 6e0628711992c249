//! How cameras keep step with the first one: set to another frame rate (F08), soft-synced by whole lines (F10), or
//! drifting (F09).
//!
//! Field guide, F08 to F10: two free crystals differ by at most 200 ppm; soft sync lets the skew ramp and takes it back
//! in steps of whole lines; what ramps without steps drifts.

mod ramp;

use super::Severity;
use super::claims::{Claim, SKEW};
use super::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use super::series::{median, steps};
use super::source::RATE_MISMATCH;
use super::view::{CaptureView, JudgedCamera};
use crate::frame::anchored;
use crate::quantity::{Quantity, Reading, Track};
use crate::quantity::{frame, skew};
use crate::rig::Alignment;
use crate::units::{Prefix, Rational, Rounding, Unit, measured_text};
use crate::verdict::{Check, Verdict};
use ramp::{Ramp, SkewPoint};

/// Field guide, F09.
pub(super) static CAMERA_DRIFT: Fault = Fault {
    id: "camera-drift",
    number: "F09",
    about: "Two cameras run away from each other: each keeps its own clock.",
    drawing: "\
main    __|~~|_______|~~|_______|~~|_______|~~|__
right   __|~~|________|~~|________|~~|________|~~   later and later",
    causes: &[&NOT_TIED],
    look_alikes: &[LookAlike {
        fault: "soft-sync-steps",
        test: "capture ten seconds: soft sync jumps back, a free clock goes on",
    }],
    ..FAILURE
};

pub(super) static NOT_TIED: Cause = Cause {
    why: "the cameras run free: FSIN is not connected between them, or not listened to (OAK-FFC-4P: GPIO6)",
    remedy: "tie FSIN together, set one camera to OUTPUT and the others to INPUT; on OAK-FFC-4P drive GPIO6 high",
};

/// Field guide, F10.
pub(super) static SOFT_SYNC_STEPS: Fault = Fault {
    id: "soft-sync-steps",
    number: "F10",
    severity: Severity::Info,
    about: "The skew of two cameras creeps and jumps back by whole rows: software keeps them together. This is normal.",
    drawing: "\
skew     /|  /|  /|  /|
        / | / | / | / |
       /  |/  |/  |/  |   stays small",
    causes: &[&WHOLE_ROWS],
    look_alikes: &[],
};

pub(super) static WHOLE_ROWS: Cause = Cause {
    why: "soft sync corrects the next frame by whole rows",
    remedy: "allow for it: skew.start up to 150 us after 15 frames; for less, tie FSIN",
};

/// Field guide, F07, of a camera that follows another.
pub(super) static PARTNER_MISSING: Fault = Fault {
    id: "partner-missing",
    number: "F52",
    about: "One of two cameras that run together takes a frame that the other one does not.",
    drawing: "\
main    __|~~|_______|~~|_______|~~|_______|~~|__
right   __|~~|__________________|~~|_______|~~|__
                     ^ without its partner",
    causes: &[&ONE_MISSED_IT, &ONE_TOOK_ONE_MORE],
    ..FAILURE
};

static ONE_MISSED_IT: Cause = Cause {
    why: "one camera missed a trigger that the other one took",
    remedy: "look at the wire and the level of FSIN at the camera that missed it, and at its log of that time",
};
static ONE_TOOK_ONE_MORE: Cause = Cause {
    why: "one camera took a frame for which there was no trigger: a spike on its FSIN, or a frame of its own",
    remedy: "drop frames that have no partner on the host, by their timestamps; look for spikes on that camera's FSIN",
};

/// Frame times that differ by more are set so: no two crystals are 0.1 % apart (field guide C17).
const SET_APART_PPM: f64 = 1000.0;
/// Cameras that share a clock or FSIN drift by less (field guide C19).
const TIED_PPM: f64 = 0.5;
/// A slope is no accident of jitter beyond so many of its standard errors.
const SIGNIFICANT: f64 = 6.0;
/// Fewer frames than this do not tell a drift from a step.
const FEWEST_OF_A_DRIFT: usize = 6;
/// F08, F09 and F10, of each camera against the first one.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    let mut cameras = view.cameras();
    let Some(first) = cameras.next() else { return Vec::new() };
    let pairs = cameras.map(|camera| Pair { camera, first });
    pairs.flat_map(|pair| [pair.alone(), pair.set_apart().or_else(|| pair.in_motion())]).flatten().collect()
}

/// A camera and the first one.
struct Pair<'a> {
    camera: JudgedCamera<'a>,
    first: JudgedCamera<'a>,
}

fn measure(quantity: &Quantity, camera: JudgedCamera<'_>) -> Option<Track> {
    quantity.measure(camera.capture.observation, camera.subject()).ok()
}

/// The one value of a quantity of the capture, in its base unit.
fn value(quantity: &Quantity, camera: JudgedCamera<'_>) -> Option<Reading> {
    let track = measure(quantity, camera)?;
    Some(track.points.first()?.reading.scaled(&track.scale))
}

/// How far from 0 a value lies at least.
fn proven(reading: &Reading) -> Option<f64> {
    Some(reading.low.at()?.to_f64().max(-reading.high.at()?.to_f64()).max(0.0))
}

impl Pair<'_> {
    fn name(&self) -> &str {
        self.camera.name()
    }

    fn first_name(&self) -> &str {
        self.first.name()
    }

    fn checks(&self) -> &[Check] {
        self.camera.capture.checks
    }

    /// Samples, as a time.
    fn time(&self, samples: f64) -> String {
        short(self.camera.capture.seconds(samples))
    }

    /// The places of its skew checks of this verdict.
    fn judged(&self, verdict: Verdict) -> Vec<usize> {
        let of_pair = |check: &Check| {
            check.subject == self.camera.subject() && SKEW.holds(check.quantity) && check.verdict == verdict
        };
        (0..self.checks().len()).filter(|&place| of_pair(&self.checks()[place])).collect()
    }

    /// Whether the spec has a limit of one of these, and the camera keeps it: then it is as it is meant to be.
    fn is_allowed(&self, quantities: &[&Quantity]) -> bool {
        let kept = self.judged(Verdict::Pass);
        kept.iter().any(|&place| quantities.contains(&self.checks()[place].quantity))
    }

    /// What it is called: a fault where a check of it fails.
    fn severity(&self, otherwise: Severity) -> Severity {
        if self.judged(Verdict::Fail).is_empty() { otherwise } else { Severity::Fail }
    }

    fn explains(&self) -> Vec<Claim> {
        let open = [self.judged(Verdict::Fail), self.judged(Verdict::Inconclusive)].concat();
        open.into_iter().map(Claim::all).collect()
    }

    /// What was seen, of this camera.
    fn candidate(&self, fault: &'static Fault, severity: Severity, (summary, evidence): (String, String)) -> Candidate {
        fault.seen(summary, evidence).with_severity(severity).of_camera(self.name(), self.explains())
    }

    /// Frames of one of the two alone, where most have their partner: how many, of how many.
    fn single_frames(&self) -> Option<(usize, usize)> {
        let frames = self.camera.frames();
        let (alone, together) = (frames.unpartnered.len(), frames.partners.iter().flatten().count());
        (alone > 0 && alone * 10 <= together).then_some((alone, together + alone))
    }

    /// Frames that only one of the two takes.
    fn alone(&self) -> Option<Candidate> {
        let (alone, all) = self.single_frames()?;
        let frames = self.camera.frames();
        let open = self.explains();
        if open.is_empty() {
            return None;
        }
        let first = frames.unpartnered.first()?;
        let own = frames.exposures.iter().any(|exposure| exposure.pulse.from() == first.from());
        let (has, lacks) = if own { (self.name(), self.first_name()) } else { (self.first_name(), self.name()) };
        let when = self.time(first.from().get() as f64);
        let frames_text = if alone == 1 { "1 frame has".to_owned() } else { format!("{alone} frames have") };
        let seen = (
            format!("{frames_text} no partner, of {all}: {has} took one at {when}, {lacks} did not"),
            "the frames before and after are in step".to_owned(),
        );
        let at = frames.unpartnered.iter().map(|pulse| pulse.from().get()).collect();
        Some(self.candidate(&PARTNER_MISSING, self.severity(Severity::Warn), seen).at(at))
    }

    /// F08: the frame times are farther apart than clocks can be.
    fn set_apart(&self) -> Option<Candidate> {
        // A frame more on one side makes no other rate.
        if self.single_frames().is_some() {
            return None;
        }
        let ratio = value(&skew::RATE, self.camera)?;
        let proven = proven(&ratio)?;
        if proven <= SET_APART_PPM || self.is_allowed(&[&skew::RATE]) || !self.are_rates_apart() {
            return None;
        }
        let rate = |camera| Some(number(&value(&frame::RATE, camera)?.value, Unit::Hertz));
        let (own, first) = (rate(self.camera)?, rate(self.first)?);
        let (name, first_name) = (self.name(), self.first_name());
        let seen = (
            format!("{name} runs at {own}, {first_name} at {first}: they are not set to one frame rate"),
            format!(
                "their frame times differ by {}; crystals differ by 200 ppm at most",
                measured_text(&ratio.value, &half_width(&ratio), Unit::Ppm)
            ),
        );
        let candidate = self.candidate(&RATE_MISMATCH, self.severity(Severity::Warn), seen);
        let candidate = candidate.ruled_out_if(true, &super::source::RATES_SET_APART).because(
            "the cameras are configured with different FPS: soft sync and FSIN input work only with the same one",
            "set both cameras to the same FPS, and the generator of FSIN too",
        );
        Some(candidate.at(vec![self.first_exposure()?.get()]))
    }

    /// Whether most frame times differ: one frame that was late, from which on one of them keeps another phase, makes no other rate.
    fn are_rates_apart(&self) -> bool {
        let (Some(own), Some(first)) = (usual_interval(self.camera), usual_interval(self.first)) else { return true };
        (own / first - 1.0).abs() * 1e6 > SET_APART_PPM / 2.0
    }

    fn first_exposure(&self) -> Option<crate::units::SampleIndex> {
        self.camera.frames().exposures.first().map(|exposure| exposure.pulse.from())
    }

    /// The skew of the edges that are tied to the frame, by the first camera's frames, without warm-up.
    fn skew(&self) -> Vec<SkewPoint> {
        let of_edge: &Quantity = match self.camera.frames().alignment {
            Some(Alignment::Start) => &skew::START,
            Some(Alignment::End | Alignment::Middle) | None => &skew::END,
        };
        let Some(track) = measure(of_edge, self.camera) else { return Vec::new() };
        let judged = track.points.iter().filter_map(|point| Some((point.frame?, point)));
        let judged = judged.filter(|(frame, _)| self.camera.judges(*frame));
        judged
            .map(|(frame, point)| SkewPoint {
                frame,
                samples: point.reading.value.to_f64(),
                half_width: point.reading.half_width().map_or(0.0, |half| half.to_f64()),
                at: point.to,
            })
            .collect()
    }

    /// F10 or F09: the skew ramps, and is taken back in steps or not.
    fn in_motion(&self) -> Option<Candidate> {
        let skew = self.skew();
        let ramp = Ramp::of(&skew)?;
        if ramp.is_taken_back(&skew) { Some(self.soft_sync(&ramp, &skew)) } else { self.drift(&skew) }
    }

    fn soft_sync(&self, ramp: &Ramp, skew: &[SkewPoint]) -> Candidate {
        let (name, first_name) = (self.name(), self.first_name());
        let text = |samples: f64| self.time(samples);
        let extreme = skew.iter().map(|point| point.samples.abs()).fold(0.0, f64::max);
        let line = match ramp.line() {
            Some(line) => format!(", each a multiple of about {}: whole lines", text(line)),
            None => String::new(),
        };
        let inside = match (self.judged(Verdict::Fail).as_slice(), self.judged(Verdict::Inconclusive).as_slice()) {
            ([], []) => "this is normal: the skew stays inside its limits",
            ([], [..]) => "this is normal as long as the skew stays inside its limit, which is not proven here",
            ([..], _) => "this is normal as such, but the skew leaves its limit in between",
        };
        let severity = self.severity(Severity::Info);
        let seen = (
            format!("{name} is soft-synced to {first_name}; {inside}"),
            format!(
                "{} steps of {} to {} against a ramp of {} a frame{line}; the skew reaches {}",
                ramp.steps.len(),
                text(ramp.smallest_step()),
                text(ramp.largest_step()),
                text(ramp.per_frame.abs()),
                text(extreme)
            ),
        );
        let candidate = self.candidate(&SOFT_SYNC_STEPS, severity, seen);
        let candidate = match severity {
            Severity::Info => candidate,
            Severity::Fail | Severity::Warn => candidate.because(
                "the steps come too late or are too small for the difference of the clocks, or had not settled yet",
                "tie the cameras by FSIN where the sensors can, or leave the first frames out: timing.skip_frames = 15",
            ),
        };
        candidate.at(ramp.steps.iter().map(|step| skew[step.after].at.get()).collect())
    }

    /// F09: a slope beyond what sampling, jitter and tied clocks explain.
    fn drift(&self, skew: &[SkewPoint]) -> Option<Candidate> {
        let drift = value(&skew::DRIFT, self.camera)?;
        let proven = proven(&drift)?;
        let allowed = self.is_allowed(&[&skew::RATE, &skew::DRIFT]);
        if allowed || proven <= TIED_PPM || ramp::significance(skew)? < SIGNIFICANT {
            return None;
        }
        let (name, first_name) = (self.name(), self.first_name());
        let (from, to) = (skew.first()?, skew.last()?);
        // What it does at one place it does not do all the time.
        let steps = skew.windows(2).map(|pair| pair[1].samples - pair[0].samples);
        let largest = steps.fold(0.0_f64, |largest, step| if step.abs() > largest.abs() { step } else { largest });
        let rest = (to.samples - from.samples - largest).abs();
        if skew.len() >= FEWEST_OF_A_DRIFT && rest <= 2.0 + largest.abs() / 8.0 {
            return None;
        }
        let seconds = |samples: f64| self.time(samples);
        // A part per million is a microsecond a second.
        let per_second = short(drift.value.to_f64() * 1e-6);
        let seen = (
            format!("{name} drifts away from {first_name} by {per_second} a second"),
            format!(
                "the skew goes from {} to {} in {} frames: {}, without steps that take it back",
                seconds(from.samples),
                seconds(to.samples),
                to.frame - from.frame,
                measured_text(&drift.value, &half_width(&drift), Unit::Ppm)
            ),
        );
        let candidate = self.candidate(&CAMERA_DRIFT, self.severity(Severity::Warn), seen);
        Some(candidate.at(vec![from.at.get(), to.at.get()]))
    }
}

/// How far the exposures of a camera are mostly apart, in samples: the mean of the intervals near their median.
fn usual_interval(camera: JudgedCamera<'_>) -> Option<f64> {
    let frames = camera.frames();
    let alignment = frames.alignment.unwrap_or(Alignment::End);
    let first = frames.exposures.iter().filter(|exposure| exposure.burst_index == 0);
    let edges: Vec<f64> = first
        .filter_map(|exposure| anchored(&exposure.pulse, alignment).edge())
        .map(|edge| edge.at().get() as f64)
        .collect();
    let intervals = steps(&edges);
    let middle = median(intervals.clone())?;
    let near: Vec<f64> = intervals.into_iter().filter(|interval| (interval - middle).abs() * 20.0 <= middle).collect();
    (!near.is_empty()).then(|| near.iter().sum::<f64>() / near.len() as f64)
}

fn half_width(reading: &Reading) -> Rational {
    reading.half_width().unwrap_or(Rational::ZERO)
}

/// A value with three decimals in its own prefix.
fn number(value: &Rational, unit: Unit) -> String {
    Prefix::for_value(value, unit).text(value, 3, Rounding::Nearest)
}

/// A time in seconds, to a tenth of its prefix.
fn short(seconds: f64) -> String {
    let value = Rational::from_f64(seconds).unwrap_or(Rational::ZERO);
    Prefix::for_value(&value, Unit::Second).text(&value, 1, Rounding::Nearest)
}
