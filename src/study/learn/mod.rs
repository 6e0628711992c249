//! From captures that are known to be good to the spec that says so: wiring, alignment, nominals and tolerances.
//!
//! Nothing is learned from a capture that shows something wrong, nor from captures that disagree; and what is learned
//! is held against the captures before it is handed out. [`look`] does the same with a capture of which nobody has said that it
//! is good, and tells it against its own medians.

mod error;
mod prove;
mod scatter;
mod seal;
mod series;
mod tolerance;
mod wires;
mod write;

use std::slice;

pub use error::LearnError;
pub use seal::LearnedFile;
pub use series::Series;
pub use tolerance::{Allowed, Confidence, NoTolerance, Tolerance};
pub use wires::wired;
use write::Settings;
pub use write::Wired;

use crate::capture::Capture;
use crate::diagnosis::Finding;
use crate::frame::{ClockSource, Observation};
use crate::quantity::{
    Absent, Measure, QUANTITIES, Quantity, Subject, exposure, flash, flash_train, frame, leak, ready, rolling,
};
use crate::rig::{Alignment, AlignmentSetting, MAIN_CAMERA, Role};
use crate::spec::Spec;
use crate::units::{Rational, Unit};
use crate::verdict::Check;

/// A capture that is known to be good.
#[derive(Debug, Clone)]
pub struct GoodCapture {
    /// What messages and comments call it: its path.
    pub name: String,
    /// SHA-256 of its file, in lower-case hexadecimal digits.
    pub sha256: String,
    /// Its probes: all of them, or those of the spec that says how it is wired.
    pub capture: Capture,
}

/// What a spec was learned as.
#[derive(Debug, Clone)]
pub struct Learned {
    /// The spec file, with comments that say where each number comes from.
    pub toml: String,
    /// The same, read.
    pub spec: Spec,
    /// What was learned of each quantity, in the order of the file.
    pub quantities: Vec<LearnedQuantity>,
    /// What could not be learned, and why, as sentences.
    pub left_out: Vec<String>,
}

/// The limits of one quantity of one camera.
#[derive(Debug, Clone)]
pub struct LearnedQuantity {
    /// What is limited.
    pub quantity: &'static Quantity,
    /// The camera's place in the rig.
    pub camera: usize,
    /// One tolerance, or the entries of a sequence.
    pub entries: Vec<Tolerance>,
}

/// What is known of the captures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// They are good: one that shows something else is refused.
    Good,
    /// Nothing: what stands apart is left out of the numbers.
    Nothing,
}

/// Learns a spec. `rig` says how the captures are wired, and its limits are of no matter; without it that is found out,
/// from all of them alike.
///
/// # Errors
/// [`LearnError`] when a capture is not good, when they disagree, or when they show too little.
pub fn learn(captures: &[GoodCapture], rig: Option<&Spec>, confidence: Confidence) -> Result<Learned, LearnError> {
    if captures.is_empty() {
        return Err(LearnError::NoCaptures);
    }
    captures.iter().try_for_each(prove::is_whole)?;
    let settings = match rig {
        Some(spec) => write::rig_settings(spec, Wired::Stated),
        None => write::rig_settings(&wires::found(captures)?, Wired::FoundOut),
    };
    let learned = drafted(captures, settings, confidence, Known::Good)?;
    for capture in captures {
        prove::passes(capture, &learned.spec)?;
    }
    Ok(learned)
}

/// What a capture is by itself, of which nobody has said that it is good: the numbers that most of its frames share.
///
/// # Errors
/// [`LearnError`] when it shows too little, or `rig` does not fit it.
pub fn look(capture: &GoodCapture, rig: &Spec, wired: Wired, confidence: Confidence) -> Result<Learned, LearnError> {
    drafted(slice::from_ref(capture), write::rig_settings(rig, wired), confidence, Known::Nothing)
}

/// Whether other captures may be judged by what a look at this one showed, by which it was judged itself.
///
/// # Errors
/// [`LearnError`] where it is damaged, or does not keep to its own numbers.
pub fn keeps_to_itself(capture: &GoodCapture, checks: &[Check], findings: &[Finding]) -> Result<(), LearnError> {
    prove::is_whole(capture)?;
    prove::is_passed(capture, checks, findings)
}

/// A spec of what the captures show, not yet held against them.
fn drafted(
    captures: &[GoodCapture],
    mut settings: Settings,
    confidence: Confidence,
    known: Known,
) -> Result<Learned, LearnError> {
    let spec = settings.spec()?;
    let observed = observe_all(captures, &spec, known)?;
    for camera in 0..spec.rig.cameras.len() {
        if spec.rig.cameras[camera].alignment == AlignmentSetting::Auto
            && let Some(alignment) = common_alignment(captures, &observed, camera, known)?
        {
            settings.align(&spec.rig.cameras[camera].name, alignment);
        }
    }
    let is_stated = spec.rig.cameras.iter().any(|camera| camera.frame_time.is_some());
    let frame_time = if is_stated { None } else { tolerance::frame_time(&observed, &spec) };
    if let Some(text) = &frame_time {
        settings.frame_time(text);
    }
    let spec = settings.spec()?;
    let observed = observe_all(captures, &spec, known)?;
    let (quantities, left_out) = limits(captures, &observed, &spec, confidence, known)?;
    if quantities.is_empty() {
        return Err(LearnError::NothingMeasured);
    }
    let toml = settings.finish(captures, &spec, &quantities, &left_out, (confidence, known), fewest_frames(&observed));
    let spec = Spec::parse(write::NAME, &toml)?;
    Ok(Learned { toml, spec, quantities, left_out })
}

fn observe_all(captures: &[GoodCapture], spec: &Spec, known: Known) -> Result<Vec<Observation>, LearnError> {
    captures.iter().map(|good| observe(good, spec, known)).collect()
}

fn observe(good: &GoodCapture, spec: &Spec, known: Known) -> Result<Observation, LearnError> {
    let error = |reason: String| LearnError::Refused { capture: good.name.clone(), reason };
    let rate = good.capture.rate.corrected(&spec.analyzer.correction);
    let rate = rate.ok_or_else(|| error("analyzer.correction leaves no sample rate above zero".to_owned()))?;
    let observation = Observation::of(&spec.rig, &good.capture, &rate, &spec.analyzer.clock)
        .map_err(|source| error(source.to_string()))?;
    if known == Known::Good && !observation.lost.is_empty() {
        return Err(error("the levels of its wired lines are not known throughout".to_owned()));
    }
    Ok(observation)
}

/// How exposures sit in the frame, where every capture that tells it says the same. Where none does, those that are known to be good
/// teach nothing that depends on it.
fn common_alignment(
    captures: &[GoodCapture],
    observed: &[Observation],
    camera: usize,
    known: Known,
) -> Result<Option<Alignment>, LearnError> {
    let of = |observation: &Observation| {
        let frames = &observation.cameras[camera];
        if frames.other_alignment.is_some() {
            return None;
        }
        match (observation.rig.cameras[camera].has(Role::Fsin), frames.clock.source) {
            (true, ClockSource::Fsin) => frames.alignment,
            (true, ClockSource::StrobeMiddle) if frames.fsin.is_none() => None,
            (true | false, ClockSource::StrobeMiddle) => Some(Alignment::Middle),
            (false, ClockSource::StrobeEnd) => Some(Alignment::End),
            (false, ClockSource::StrobeStart) => Some(Alignment::Start),
            (true | false, _) => None,
        }
    };
    let mut told = captures.iter().zip(observed).filter_map(|(good, observation)| Some((good, of(observation)?)));
    let Some((first, alignment)) = told.next() else {
        let untold = captures.iter().zip(observed).find(|(_, it)| it.cameras[camera].other_alignment.is_some());
        return match untold.filter(|_| known == Known::Good) {
            None => Ok(None),
            Some((good, _)) => {
                Err(LearnError::Refused { capture: good.name.clone(), reason: Absent::AlignmentUndecided.to_string() })
            }
        };
    };
    match told.find(|(_, other)| *other != alignment) {
        None => Ok(Some(alignment)),
        Some((good, other)) => Err(LearnError::Disagree {
            what: "how exposures sit in the frame".to_owned(),
            one: format!("{} is {}-aligned", first.name, alignment.key()),
            other: format!("{} {}-aligned", good.name, other.key()),
        }),
    }
}

/// Whether the times of a quantity follow from others that are learned: a limit on them would say one fault twice, and they hold
/// what no tolerance tells, as the pauses within bursts and between them.
fn follows_from_others(quantity: &'static Quantity, has_strobe: bool) -> bool {
    let always: [&Quantity; 7] = [
        &exposure::GAP,
        &flash_train::OFF_TIME,
        &leak::LEAK,
        &ready::MARGIN,
        &rolling::WINDOW,
        &rolling::MARGIN_START,
        &rolling::MARGIN_END,
    ];
    // Without STROBE there is neither lead nor lag.
    let by_strobe: [&Quantity; 2] = [&flash::LATENCY, &flash::ON_TIME];
    always.contains(&quantity) || (has_strobe && by_strobe.contains(&quantity))
}

/// The limits of every time that was measured frame by frame in every capture and follows from no other. What is one value a capture
/// follows from these; and of what the camera's log says nothing is learned, since captures come without it.
fn limits(
    captures: &[GoodCapture],
    observed: &[Observation],
    spec: &Spec,
    confidence: Confidence,
    known: Known,
) -> Result<(Vec<LearnedQuantity>, Vec<String>), LearnError> {
    let (mut learned, mut left_out) = (Vec::new(), Vec::new());
    let is_time =
        |quantity: &&Quantity| matches!(quantity.measure, Measure::Frames(_)) && quantity.unit == Unit::Second;
    for quantity in QUANTITIES.iter().copied().filter(is_time) {
        for subject in quantity.subjects(&spec.rig) {
            let Subject::Camera(camera) = subject else { continue };
            if follows_from_others(quantity, spec.rig.cameras[camera].has(Role::Strobe)) {
                continue;
            }
            let name = &spec.rig.cameras[camera].name;
            let of = if name == MAIN_CAMERA { String::new() } else { format!(" of camera {name}") };
            if *quantity == frame::TIME && spec.rig.cameras[camera].frame_time.is_none() {
                left_out.push(format!("frame.time{of}: frames come at no steady rate"));
                continue;
            }
            let Some(series) = series::of_all(captures, observed, quantity, camera, known)? else {
                continue;
            };
            let entries = tolerance::entries(&series, quantity, camera, spec, confidence);
            learned.push(LearnedQuantity { quantity, camera, entries });
        }
    }
    Ok((learned, left_out))
}

/// The number of frames of the capture with the fewest.
fn fewest_frames(observed: &[Observation]) -> u64 {
    let frames = observed.iter().flat_map(|observation| {
        let skip = observation.rig.skip_frames;
        observation.cameras.iter().map(move |camera| crate::report::complete_frames(camera).saturating_sub(skip))
    });
    frames.min().unwrap_or(0)
}

/// The exact value nearest to a float; zero of what is none.
fn exact(value: f64) -> Rational {
    Rational::from_f64(value).unwrap_or(Rational::ZERO)
}
