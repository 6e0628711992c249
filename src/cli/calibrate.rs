//! `strobecheck calibrate`: the analyzer's clock error, from a line of known frequency.

use super::args::CalibrateArgs;
use super::load::{LoadError, Opened, ReadOptions, open_source};
use super::{Exit, Failure, output};
use crate::capture::{Capture, Probe};
use crate::render::{CalibrationFacts, calibration_file, calibration_text};
use crate::rig::ProbeSelector;
use crate::study::{CalibrateError, Calibration, Reference, calibrate};
use crate::units::{Rational, Unit, parse_value_as};

pub(super) fn run(args: &CalibrateArgs) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let reference = reference(args)?;
    let opened = Opened::new(&args.capture, open_source(&args.capture)?, &options)?;
    super::say_warnings(&opened);
    opened.sampled_rate()?;
    let selector = ProbeSelector::Name(args.line.clone());
    let probe = opened.header().find(&selector)?.clone();
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
    output::print_text(&calibration_text(&calibration, &facts))?;
    if let Some(path) = &args.output {
        let file = calibration_file(&calibration, &facts);
        output::write_file(path, |out| {
            let error = |source| output::WriteError::File { path: path.clone(), source };
            out.write_all(file.as_bytes()).map_err(error)
        })?;
        output::print_text(&format!("Written: {}\n", crate::escape::visible(&path.display().to_string())))?;
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
