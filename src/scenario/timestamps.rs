//! The camera's own log: what a host would have written down of each image, as `verify --timestamps` reads it.

use std::io::{self, Write};

use super::Scenario;
use super::draws::{Purpose, Stream};
use super::plan::CameraPlan;
use super::time::Femtos;
use super::truth::CameraTruth;
use crate::log::Convention;
use crate::rig::{Shutter, StrobeShows};
use crate::units::{Rational, Rounding};

/// What is logged of one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogEntry {
    /// The frame's number in the scenario.
    pub frame: i64,
    /// The sequence number: one more than that of the image before, which may be missing.
    pub sequence: u64,
    /// When it was taken, by the device's clock.
    pub device: Femtos,
    /// When it was taken, by the host's clock.
    pub host: Femtos,
    /// The exposure that was reported.
    pub exposure: Femtos,
}

/// The log of one camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamLog {
    /// The camera's name.
    pub stream: String,
    /// The frame rate that it is set to, in hertz.
    pub rate: Rational,
    /// Its images in order of time.
    pub entries: Vec<LogEntry>,
}

/// The logs of all cameras: of every exposure whose image is not discarded, those before the first sample and after the
/// last one included.
pub(super) fn logs(scenario: &Scenario, cameras: &[CameraTruth]) -> Vec<StreamLog> {
    (scenario.cameras.iter().zip(cameras).enumerate())
        .map(|(place, (plan, truth))| StreamLog {
            stream: plan.name.clone(),
            rate: plan.frame_rate.clone(),
            entries: entries(plan, truth, scenario.seed, place),
        })
        .collect()
}

fn entries(plan: &CameraPlan, truth: &CameraTruth, seed: u64, place: usize) -> Vec<LogEntry> {
    let log = &plan.log;
    let device_stream = Stream::new(seed, Purpose::DeviceTimestamp, place);
    let host_stream = Stream::new(seed, Purpose::HostTimestamp, place);
    let discard = usize::try_from(plan.discard).unwrap_or(usize::MAX);
    let delivered: Vec<_> = (truth.frames.iter())
        .flat_map(|frame| frame.exposures.iter().skip(discard).map(|exposure| (frame.number, exposure)))
        .collect();
    let entry = |(image, &(frame, exposure)): (usize, &(i64, &super::TruePulse))| {
        let reported = row_exposure(plan, delivered[image.saturating_sub(log.exposure_lag)].1);
        let taken = match log.convention {
            Convention::End => exposure.end(),
            // The host computes these from the end and the exposure that is reported.
            Convention::Middle => exposure.end() - Femtos::new(reported.get() / 2),
            Convention::Start => exposure.end() - reported,
        };
        let faster = Femtos::from_seconds(&(&taken.seconds() * &log.rate)).unwrap_or_default();
        // Each image of a burst draws its own numbers.
        let number = i64::try_from(image).unwrap_or(i64::MAX);
        let device = taken + faster + log.offset + log.device_jitter.draw(&mut device_stream.at(number));
        let host = device + log.host_offset + log.host_jitter.draw(&mut host_stream.at(number));
        let sequence = log.first_sequence.saturating_add(image as u64);
        LogEntry { frame, sequence, device, host, exposure: reported }
    };
    let all = delivered.iter().enumerate().map(entry);
    all.filter(|entry| log.missing.binary_search(&entry.frame).is_err()).collect()
}

/// How long a row is exposed, which is what cameras report, of an exposure as STROBE shows it.
fn row_exposure(plan: &CameraPlan, shown: &super::TruePulse) -> Femtos {
    let readout_time = match &plan.shutter {
        Shutter::Global => Femtos::ZERO,
        Shutter::Rolling { readout_time } => Femtos::from_seconds(readout_time).unwrap_or_default(),
    };
    match plan.strobe_shows {
        StrobeShows::Row0 => shown.width(),
        StrobeShows::AllRows => shown.width() + readout_time,
        StrobeShows::AnyRow => (shown.width() - readout_time).max(Femtos::ZERO),
    }
}

/// Writes logs as one CSV: `stream,seq,ts_device_us,ts_host_us,exposure_us,iso,fps_cfg`, one line for each image, camera
/// after camera; times in microseconds with up to three decimals.
///
/// # Errors
/// Those of the writer.
pub fn write_log(logs: &[StreamLog], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "stream,seq,ts_device_us,ts_host_us,exposure_us,iso,fps_cfg")?;
    for log in logs {
        let (stream, rate) = (csv_text(&log.stream), decimal(&log.rate));
        for entry in &log.entries {
            let [device, host, exposure] = [entry.device, entry.host, entry.exposure].map(microseconds);
            writeln!(out, "{stream},{},{device},{host},{exposure},{ISO},{rate}", entry.sequence)?;
        }
    }
    Ok(())
}

/// The sensitivity that is logged: nothing depends on it.
const ISO: u32 = 400;

/// A name as a CSV field (RFC 4180): quoted where it holds a comma or a quote.
fn csv_text(name: &str) -> String {
    if name.contains([',', '"']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

fn microseconds(time: Femtos) -> String {
    decimal(&(&time.seconds() * &Rational::integer(1_000_000)))
}

/// A number to the thousandth, without trailing zeros.
fn decimal(value: &Rational) -> String {
    value.to_decimal(3, Rounding::Nearest).trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::simulate;

    /// Frames of 10 ms from 5 ms on, exposed for the last 4 or 2 ms of each.
    fn log(more: &str) -> Vec<LogEntry> {
        let text = format!(
            "duration = \"60 ms\"\nanalyzer.samplerate = \"1 MHz\"\n[timing]\nstarts_at = \"5 ms\"\n\
             stops_at = \"45 ms\"\nframe.time = \"10 ms\"\nexposure.time = [\"4 ms\", \"2 ms\"]\n{more}"
        );
        let scenario = Scenario::parse("log.toml", &text).unwrap_or_else(|error| panic!("{error}"));
        simulate(&scenario).unwrap().logs.remove(0).entries
    }

    fn device_us(entries: &[LogEntry]) -> Vec<i128> {
        entries.iter().map(|entry| entry.device.get() / 1_000_000_000).collect()
    }

    #[test]
    fn timestamps_are_those_of_the_end_unless_said_otherwise() {
        assert_eq!(device_us(&log("")), [15_000, 25_000, 35_000, 45_000]);
        assert_eq!(device_us(&log("log.convention = \"middle\"")), [13_000, 24_000, 33_000, 44_000]);
        assert_eq!(device_us(&log("log.convention = \"start\"")), [11_000, 23_000, 31_000, 43_000]);
        // The exposure that is reported is that of the image before: 4, 4, 2, 4 ms.
        assert_eq!(
            device_us(&log("log.convention = \"start\"\nlog.exposure_lag = 1")),
            [11_000, 21_000, 33_000, 41_000]
        );
    }

    #[test]
    fn the_clock_of_the_device_is_off_and_fast() {
        // 5 s, and 20 ppm of 15 ms are 300 ns.
        let entries = log("log.offset = \"5 s\"\nlog.rate = \"+20 ppm\"\nlog.host_offset = \"-2 s\"");
        assert_eq!(entries[0].device, Femtos::new(5_015_000_300_000_000));
        assert_eq!(entries[0].host, Femtos::new(3_015_000_300_000_000));
        assert_eq!(entries[3].device, Femtos::new(5_045_000_900_000_000));
    }

    #[test]
    fn missing_images_keep_their_sequence_numbers() {
        let entries = log("log.missing = [1, 2]\nlog.first_sequence = 100");
        let seen: Vec<(i64, u64)> = entries.iter().map(|entry| (entry.frame, entry.sequence)).collect();
        assert_eq!(seen, [(0, 100), (3, 103)]);
    }

    #[test]
    fn discarded_images_of_a_burst_are_not_logged() {
        let burst = "alignment = \"start\"\nburst = 2\nburst_spacing = \"5 ms\"\ndiscard = 1";
        // Triggered at 5, 15, … 45 ms; the second exposure starts 5 ms later, and lasts 4 or 2 ms.
        assert_eq!(device_us(&log(burst)), [14_000, 22_000, 34_000, 42_000, 54_000]);
    }

    #[test]
    fn a_log_is_written_with_the_columns_of_the_field() {
        let entry = |sequence, device| LogEntry {
            frame: 0,
            sequence,
            device: Femtos::new(device),
            host: Femtos::new(-1_500_000_000),
            exposure: Femtos::new(20_000_000_000_000),
        };
        let entries = vec![entry(7, 33_333_333_333_333), entry(8, 66_666_000_400_000)];
        let log = StreamLog { stream: "a,\"b\"".to_owned(), rate: Rational::new(30_000, 1001).unwrap(), entries };
        let mut out = Vec::new();
        write_log(&[log], &mut out).unwrap();
        let expected = "stream,seq,ts_device_us,ts_host_us,exposure_us,iso,fps_cfg\n\
                        \"a,\"\"b\"\"\",7,33333.333,-1.5,20000,400,29.97\n\
                        \"a,\"\"b\"\"\",8,66666,-1.5,20000,400,29.97\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
