//! What a first look tells of a capture: what its cameras do by its own medians, and what stands apart from them. Nothing is
//! judged: there is no limit from outside.

use super::lines::Measured;
use super::words::{check_name, counted, worst_text};
use crate::frame::ClockSource;
use crate::quantity::{Absent, Quantity, exposure, flash, frame};
use crate::report::Judgement;
use crate::rig::{Alignment, MAIN_CAMERA, Role};
use crate::study::WiringReport;
use crate::study::learn::{Learned, Tolerance, Wired};
use crate::units::{Rational, Rounding, Unit, value_text};
use crate::verdict::{Check, Verdict};

/// In place of a verdict.
pub(super) const LOOKED_AT: &str = "LOOKED AT";

/// What a first look at a capture found.
#[derive(Debug)]
pub struct Look<'a> {
    /// The path of the capture, as it was given.
    pub path: &'a str,
    /// What its probes look like.
    pub wiring: &'a WiringReport,
    /// Its analog channels.
    pub analog: &'a [&'a str],
    /// What its cameras do.
    pub told: Told<'a>,
}

/// How far a first look came.
#[derive(Debug)]
pub enum Told<'a> {
    /// To no line of a camera: the reason, in a sentence.
    Nothing(&'a str),
    /// To what cameras do.
    Seen(Seen<'a>),
}

/// What cameras do in a capture.
#[derive(Debug)]
pub struct Seen<'a> {
    /// The capture, held against its own medians.
    pub judgement: &'a Judgement,
    /// These medians, as a spec.
    pub own: &'a Learned,
    /// How it is known which probe is which.
    pub wired: Wired,
    /// Why that spec is for no other capture; none where this one keeps to it.
    pub refusal: Option<&'a str>,
    /// Everything that can be measured on the lines that were told.
    pub measured: &'a [Measured],
}

/// What each camera does, a sentence each, and what could not be told of it.
pub(super) fn camera_sentences(seen: &Seen<'_>) -> Vec<String> {
    let cameras = &seen.judgement.observation.rig.cameras;
    let of = |place: usize| {
        let name = &cameras[place].name;
        let prefix = if cameras.len() == 1 && name == MAIN_CAMERA { String::new() } else { format!("{name}: ") };
        of_camera(seen, place).into_iter().map(move |sentence| format!("{prefix}{sentence}"))
    };
    let of_guess = match seen.wired {
        Wired::Stated | Wired::FoundOut => None,
        Wired::LevelGuessed => Some("by a guess at which level is active"),
        Wired::Guessed => Some("by a guess at which probe is which, as in the most usual of rigs"),
    };
    let guess = of_guess.map(|guess| {
        let observation = &seen.judgement.observation;
        let wires = observation.rig.wires().iter().zip(&observation.lines);
        let wires: Vec<String> = wires
            .map(|(wire, line)| format!("{} on {}, active {}", wire.full_key(), wire.probe, line.active.key()))
            .collect();
        format!("{guess}: {}", wires.join("; "))
    });
    guess
        .into_iter()
        .chain((0..cameras.len()).flat_map(of))
        .chain(seen.own.left_out.iter().map(|text| format!("not told: {text}")))
        .collect()
}

fn of_camera(seen: &Seen<'_>, camera: usize) -> Vec<String> {
    let observation = &seen.judgement.observation;
    let entries = |quantity: &Quantity| -> &[Tolerance] {
        let found = seen.own.quantities.iter().find(|found| found.camera == camera && found.quantity == quantity);
        found.map(|found| found.entries.as_slice()).unwrap_or_default()
    };
    let first = |quantity: &Quantity| entries(quantity).first();
    let mut sentences = Vec::new();
    if let Some(time) = first(&frame::TIME) {
        let hz = Rational::from_f64(time.mean).and_then(|mean| Rational::ONE.checked_div(&mean));
        let hz = hz.map(|hz| hz.to_decimal(3, Rounding::Nearest)).unwrap_or_default();
        sentences.push(format!("{hz} frames per second, one every {}", text_of(time, Unit::Second)));
    }
    match entries(&exposure::TIME) {
        [] => {}
        [one] => sentences.push(format!("exposures of {}", text_of(one, Unit::Second))),
        several => {
            let texts: Vec<String> = several.iter().map(|entry| text_of(entry, Unit::Second)).collect();
            sentences.push(format!("exposures of {} in turn", texts.join(", ")));
        }
    }
    let rig = &observation.rig.cameras[camera];
    let frames = &observation.cameras[camera];
    sentences.extend(match (frames.alignment, frames.clock.source) {
        (Some(Alignment::End), ClockSource::Fsin) => {
            first(&exposure::END).map(|end| placed(end, "each exposure ends", "FSIN", "end-aligned"))
        }
        (Some(Alignment::Start), ClockSource::Fsin) => {
            first(&exposure::LATENCY).map(|latency| placed(latency, "each exposure begins", "FSIN", "start-aligned"))
        }
        (Some(Alignment::Middle), ClockSource::Fsin) => None,
        (_, ClockSource::StrobeMiddle) => {
            let told = "the middles of the exposures keep the rhythm of the frames: middle-aligned".to_owned();
            let with_fsin = first(&exposure::MIDDLE);
            Some(
                with_fsin
                    .map_or(told, |middle| placed(middle, "each exposure has its middle", "FSIN", "middle-aligned")),
            )
        }
        (None, ClockSource::Fsin) => Some("how exposures sit in the frame is not to be told".to_owned()),
        (_, ClockSource::StrobeEnd | ClockSource::StrobeStart) if frames.other_alignment.is_some() => {
            Some(Absent::AlignmentUndecided.to_string())
        }
        (_, ClockSource::StrobeEnd | ClockSource::StrobeStart) => {
            Some("no line was told to be FSIN: frames are counted by STROBE".to_owned())
        }
        (_, ClockSource::Nothing) => None,
    });
    let lit = [
        first(&flash::LEAD).map(|lead| placed_by(-&lead.nominal, "the flash is lit", "the exposure begins")),
        first(&flash::LAG).map(|lag| placed_by(lag.nominal.clone(), "it goes out", "the exposure ends")),
    ];
    let lit: Vec<String> = lit.into_iter().flatten().collect();
    if !lit.is_empty() {
        sentences.push(lit.join(", "));
    } else if rig.has(Role::Flash) {
        sentences.push("a flash is wired, and lights no exposure".to_owned());
    } else {
        sentences.push("no line was told to be a flash".to_owned());
    }
    sentences
}

/// The nominal of a value, or from where to where it goes where that is much more than samples tell.
fn text_of(entry: &Tolerance, unit: Unit) -> String {
    /// So many guard bands are a spread.
    const SPREAD: f64 = 8.0;
    let value = |at: f64| value_text(&Rational::from_f64(at).unwrap_or(Rational::ZERO), unit, Rounding::Nearest);
    if entry.seen.1 - entry.seen.0 > SPREAD * entry.guard {
        return format!("{} to {}", value(entry.seen.0), value(entry.seen.1));
    }
    entry.nominal_text.replace(" us", " µs")
}

/// `each exposure ends 12 µs before FSIN (end-aligned)`.
fn placed(entry: &Tolerance, what: &str, mark: &str, kind: &str) -> String {
    format!("{} ({kind})", placed_by(entry.nominal.clone(), what, mark))
}

fn placed_by(at: Rational, what: &str, mark: &str) -> String {
    let distance = value_text(&at.abs(), Unit::Second, Rounding::Nearest);
    match (at.is_zero(), at.is_negative()) {
        (true, _) => format!("{what} with {mark}"),
        (false, true) => format!("{what} {distance} before {mark}"),
        (false, false) => format!("{what} {distance} after {mark}"),
    }
}

/// What stands apart from the capture's own medians, or is not told from them, a line for each check.
pub(super) fn apart(judgement: &Judgement) -> Vec<String> {
    let text = |check: &Check| {
        let name = check_name(judgement, check);
        match check.verdict {
            Verdict::Pass => None,
            Verdict::Fail => Some(format!(
                "{name}: {} of {} apart from {}, the farthest {}",
                check.failed,
                counted(check.measured, "value"),
                check.rule,
                worst_text(check)
            )),
            Verdict::Inconclusive => {
                Some(format!("{name}: not told: {}", check.reason.as_deref().unwrap_or("the values do not say")))
            }
        }
    };
    judgement.checks.iter().filter_map(text).collect()
}
