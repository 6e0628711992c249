//! `strobecheck calibrate`: the analyzer's clock error, from a line of known frequency.

use super::args::CalibrateArgs;
use super::files::{Files, Ours, Target};
use super::load::{Opened, ReadOptions, open_source};
use super::output::Aside;
use super::{Exit, Failure};
use crate::capture::{Capture, Probe};
use crate::escape::visible;
use crate::render::{CALIBRATION_BEGINNING, CalibrationFacts, calibration_file, calibration_text};
use crate::rig::ProbeSelector;
use crate::study::{CalibrateError, Calibration, Reference, calibrate};
use crate::units::Rational;

pub(super) fn run(args: &CalibrateArgs) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let accuracy = args.accuracy.clone().unwrap_or(Rational::ZERO);
    let reference = Reference { frequency: args.frequency.clone(), accuracy };
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
