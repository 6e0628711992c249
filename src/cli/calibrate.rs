//! `strobecheck calibrate`: the analyzer's clock error, from a line of known frequency.

use super::args::CalibrateArgs;
use super::files::{Files, Ours, Target};
use super::load::{LoadError, Opened, ReadOptions, open_source};
use super::output::Aside;
use super::{Exit, Failure};
use crate::capture::{Capture, Probe};
use crate::escape::visible;
use crate::render::{CALIBRATION_BEGINNING, CalibrationFacts, calibration_file, calibration_text};
use crate::rig::ProbeSelector;
use crate::study::{CalibrateError, Calibration, Reference, calibrate};
use crate::units::{Rational, Unit, parse_value_as};

pub(super) fn run(args: &CalibrateArgs) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let reference = reference(args)?;
    let files = Files::new(args.write.force);
    let source = open_source(&args.capture, &files)?;
    let output = args.output.as_deref();
    let target = output.map(|path| files.target(path, Ours::Begins(CALIBRATION_BEGINNING))).transpose()?;
    let opened = Opened::new(&args.capture, source, &options)?;
    super::say_warnings(&opened);
    opened.sampled_rate()?;
    let selector = ProbeSelector::Name(args.line.clone());
    let probe = opened.header().find(&selector);
    let probe = probe.map_err(|source| Failure::Probe { option: "--line", source })?.clone();
    let (capture, _) = opened.capture(vec![probe.bit])?;
    let calibration =
        found(&capture, &probe, &reference).map_err(|source| Failure::Calibrate { line: args.line.clone(), source })?;
    let facts = CalibrationFacts {
        line: &args.line,
        rate: &capture.rate,
        reference: &reference,
        serial: args.serial.as_deref(),
        date: args.date.as_deref(),
    };
    let aside = target.as_ref().map_or(Aside::Output, Target::aside);
    aside.print(&calibration_text(&calibration, &facts))?;
    if let Some((target, path)) = target.zip(output) {
        target.write_bytes(calibration_file(&calibration, &facts).as_bytes())?;
        aside.print(&format!("Written: {}\n", visible(&path.display().to_string())))?;
    }
    Ok(super::exit_for(&capture.problems))
}

fn found(capture: &Capture, probe: &Probe, reference: &Reference) -> Result<Calibration, CalibrateError> {
    let waveform = capture.waveform(probe.bit).ok_or(CalibrateError::TooFewEdges(0))?;
    calibrate(waveform, &capture.lost, &capture.rate, reference)
}

fn reference(args: &CalibrateArgs) -> Result<Reference, Failure> {
    let value = |option: &'static str, text: &str, unit: Unit| {
        let error = |source| LoadError::Time { option, text: text.to_owned(), source };
        parse_value_as(text, unit).map_err(error)
    };
    let frequency = value("--frequency", &args.frequency, Unit::Hertz)?;
    let accuracy = args.accuracy.as_deref().map(|text| value("--accuracy", text, Unit::Ppm)).transpose()?;
    let accuracy = accuracy.map_or(Rational::ZERO, |ppm| ppm * Rational::decimal(1, -6));
    if !frequency.is_positive() {
        return Err(Failure::OutOfRange { option: "--frequency", wanted: "above 0" });
    }
    if accuracy.is_negative() {
        return Err(Failure::OutOfRange { option: "--accuracy", wanted: "0 or more" });
    }
    Ok(Reference { frequency, accuracy })
}
