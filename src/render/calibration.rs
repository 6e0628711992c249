//! A calibration: as text, and as the file that specs name.

use std::fmt::Write;

use crate::escape::visible;
use crate::study::{Calibration, Reference};
use crate::units::{Rational, Rounding, SampleRate, Unit, value_text};

/// What a calibration was made with.
#[derive(Debug, Clone, Copy)]
pub struct CalibrationFacts<'a> {
    /// The probe, as the user names it.
    pub line: &'a str,
    /// The sample rate that the analyzer believes in.
    pub rate: &'a SampleRate,
    /// What the line shows.
    pub reference: &'a Reference,
    /// The analyzer's serial number.
    pub serial: Option<&'a str>,
    /// The day.
    pub date: Option<&'a str>,
}

/// What was found, and the lines of a spec that say it.
#[must_use]
pub fn calibration_text(calibration: &Calibration, facts: &CalibrationFacts<'_>) -> String {
    let written = calibration.written();
    let hertz = |hz: &Rational| value_text(hz, Unit::Hertz, Rounding::Nearest);
    let (from, to) = calibration.edges;
    let duration = value_text(&calibration.duration(facts.rate), Unit::Second, Rounding::Nearest);
    let accuracy = if facts.reference.accuracy.is_zero() {
        ", taken as exact".to_owned()
    } else {
        format!(" ± {}", ppm(&facts.reference.accuracy, Rounding::Up))
    };
    format!(
        "{}: {} periods of {}{accuracy}, from sample {from} to {to} ({duration})\n\
         The clock is off by {}: more than {}, less than {}.\n\
         It samples at {} where it says {}.\n\n\
         [analyzer]\n\
         correction = \"{}\"\n\
         clock = \"{}\"             # the bounds of this calibration; what the clock drifts later is not in them\n",
        visible(facts.line),
        calibration.periods,
        hertz(&facts.reference.frequency),
        written.correction,
        ppm(&calibration.low, Rounding::Down),
        ppm(&calibration.high, Rounding::Up),
        hertz(&(facts.rate.hz() * &(Rational::ONE + &calibration.error))),
        hertz(facts.rate.hz()),
        written.correction,
        written.clock,
    )
}

/// What every such file begins with.
pub const CALIBRATION_BEGINNING: &str = "# The clock of an analyzer, by strobecheck calibrate";

/// The file that `analyzer.calibration` of a spec names.
#[must_use]
pub fn calibration_file(calibration: &Calibration, facts: &CalibrationFacts<'_>) -> String {
    let written = calibration.written();
    let mut file = format!("{CALIBRATION_BEGINNING}; a spec names it: analyzer.calibration = \"FILE\"\n");
    let frequency = value_text(&facts.reference.frequency, Unit::Hertz, Rounding::Nearest);
    let pairs = [
        ("serial", facts.serial),
        ("date", facts.date),
        ("correction", Some(written.correction.as_str())),
        ("clock", Some(written.clock.as_str())),
        ("line", Some(facts.line)),
        ("frequency", Some(frequency.as_str())),
    ];
    for (key, text) in pairs.into_iter().filter_map(|(key, text)| Some((key, text?))) {
        // A text without control characters is a TOML string once quotes and backslashes are escaped.
        let text = visible(text).replace('\\', "\\\\").replace('"', "\\\"");
        let _infallible = writeln!(file, "{key} = \"{text}\"");
    }
    file
}

fn ppm(ratio: &Rational, rounding: Rounding) -> String {
    const PLACES: u32 = 3;
    let number = ratio.times(1_000_000).to_decimal(PLACES, rounding);
    format!("{number} ppm")
}
