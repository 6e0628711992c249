//! From the text of a scenario file to a [`Scenario`] that makes sense.

mod camera;
mod clock;
mod flash;
mod jitter;
mod log;
mod raw;
mod schema;
mod wiring;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer, ValueDeserializer};

use self::camera::{CameraReader, Stated};
use self::raw::{RawCamera, RawScenario, RawTiming};
pub use self::schema::scenario_schema;
use super::Scenario;
use super::error::{MOST_BYTES, MOST_PULSES, Problem, ScenarioError, TooManyPulses};
use super::faults::{self, Places};
use super::node::{Placed, Text};
use super::plan::CameraPlan;
use super::sampler::{MOST_HERTZ, Sampler};
use super::time::Femtos;
use super::values::{self, time_above_zero, time_from_zero, value};
use crate::capture::Caps;
use crate::rig::{MAIN_CAMERA, Role};
use crate::units::{Rational, Rounding, SampleRate, Unit};

impl Scenario {
    /// Reads a scenario; `name` is what errors call it.
    ///
    /// # Errors
    /// [`ScenarioError`], with line and column, on anything but a scenario that makes sense and can be simulated.
    pub fn parse(name: &str, text: &str) -> Result<Scenario, ScenarioError> {
        read(text).map_err(|problem| problem.in_file(name, text))
    }
}

fn read(text: &str) -> Result<Scenario, Problem> {
    if text.len() > MOST_BYTES {
        return Err(Problem::new(0..0, format_args!("a scenario of more than {MOST_BYTES} bytes")));
    }
    let mut document = DeTable::parse(text).map_err(|error| Problem::toml(&error))?;
    let further = further_cameras(document.get_mut().remove("camera"))?;
    let faults = document.get_mut().remove("fault");
    let raw = RawScenario::deserialize(Deserializer::from(document)).map_err(|error| Problem::toml(&error))?;

    let (sampler, duration) = sampler(&raw)?;
    let timing = raw.timing.get_ref();
    let made = roles_made(timing);
    let wiring::Wiring { probes, wires } = wiring::read(&raw.analyzer, raw.wiring.as_ref(), &further, &made)?;
    let main = CameraReader {
        name: MAIN_CAMERA,
        place: 0,
        at: raw.timing.span(),
        stated: Stated { own: timing, shared: None },
        wires: &wires,
        duration,
    };
    let mut cameras = vec![main.plan()?];
    for (i, (name, camera)) in further.iter().enumerate() {
        let stated = Stated { own: &camera.timing, shared: Some(timing) };
        let reader =
            CameraReader { name: name.get_ref(), place: i + 1, at: name.span(), stated, wires: &wires, duration };
        cameras.push(reader.plan()?);
    }
    let names: Vec<&str> = cameras.iter().map(|camera| camera.name.as_str()).collect();
    let faults = faults::read(faults, &Places { cameras: &names, wires: &wires })?;
    let (nominal_frame_time, _) = main.nominal_frame_time()?;
    let scenario = Scenario { seed: raw.seed, sampler, nominal_frame_time, probes, wires, cameras, faults };
    if expected_pulses(&scenario) > MOST_PULSES as i128 {
        return Err(Problem::new(raw.timing.span(), TooManyPulses));
    }
    Ok(scenario)
}

/// The cameras of `[camera.NAME]`, in the order of the file.
fn further_cameras(value: Option<Spanned<DeValue<'_>>>) -> Result<Vec<(Text, RawCamera)>, Problem> {
    const FORM: &str = "a table for each further camera: [camera.NAME]";
    let Some(value) = value else { return Ok(Vec::new()) };
    let at = value.span();
    let DeValue::Table(table) = value.into_inner() else { return Err(Problem::expected(at, FORM)) };
    let mut cameras = Vec::new();
    for (name, camera) in table {
        let name = Placed::new(name.span(), name.into_inner().into_owned());
        if name.get_ref() == MAIN_CAMERA {
            let form = "another name: 'main' is the camera of [wiring] and [timing]";
            return Err(Problem::expected(name.span(), form));
        }
        wiring::check_name(&name)?;
        let camera = RawCamera::deserialize(ValueDeserializer::from(camera)).map_err(|error| Problem::toml(&error))?;
        cameras.push((name, camera));
    }
    cameras.sort_by_key(|(name, _)| name.span().start);
    Ok(cameras)
}

/// The analyzer, and how long the scenario lasts.
fn sampler(raw: &RawScenario) -> Result<(Sampler, Femtos), Problem> {
    let at = raw.analyzer.samplerate.span();
    let hertz = value(&raw.analyzer.samplerate, Unit::Hertz)?;
    let range = || values::out_of_range(at.clone(), "analyzer.samplerate", "above 0 Hz and at most 10 GHz");
    let rate = SampleRate::from_hz(hertz).filter(|rate| *rate.hz() <= Rational::integer(MOST_HERTZ));
    let rate = rate.ok_or_else(range)?;
    let duration = time_above_zero(&raw.duration, "duration")?;
    let most = Caps::default().samples;
    let samples = rate.samples(&value(&raw.duration, Unit::Second)?).to_integer(Rounding::Down);
    let samples = samples.and_then(|samples| u64::try_from(samples).ok()).filter(|n| (1..=most).contains(n));
    let beyond = || {
        let message = format!("duration · analyzer.samplerate must be 1 to {most} samples");
        Problem::new(raw.duration.span(), message)
    };
    let samples = samples.ok_or_else(beyond)?;
    let error = raw.analyzer.clock_error.as_ref();
    let error_at = error.map_or(at.clone(), Placed::span);
    let error = error.map_or(Ok(Rational::ZERO), |error| values::clock_error(error, "analyzer.clock_error"))?;
    let phase = raw.analyzer.phase.as_ref();
    let phase = phase.map_or(Ok(Femtos::ZERO), |phase| time_from_zero(phase, "analyzer.phase"))?;
    let sampler = Sampler::new(rate, &error, phase, samples);
    let inexact = "the true sample rate, with clock_error, must have at most 12 decimals of a hertz";
    Ok((sampler.ok_or_else(|| Problem::new(error_at, inexact))?, duration))
}

/// The lines that the first camera drives, in the order in which probes take their bits.
fn roles_made(timing: &RawTiming) -> Vec<Role> {
    let flash = timing.flash.as_ref().map(|_| Role::Flash);
    let readout = timing.readout.as_ref().map(|_| Role::Readout);
    let trigger = timing.trigger.as_ref().map(|_| Role::Trigger);
    let ready = timing.ready.as_ref().map(|_| Role::Ready);
    [Some(Role::Fsin), Some(Role::Strobe), flash, readout, trigger, ready].into_iter().flatten().collect()
}

/// No fewer pulses than a simulation makes before faults add theirs.
fn expected_pulses(scenario: &Scenario) -> i128 {
    let reach = scenario.reach();
    let span = (scenario.sampler.end() - scenario.sampler.start() + reach + reach).get();
    let mut frames_of_first = 0;
    let mut pulses = 0;
    for camera in &scenario.cameras {
        let frames = camera.shortest_frame().map_or(frames_of_first, |shortest| span / shortest.get().max(1) + 4);
        if frames_of_first == 0 {
            frames_of_first = frames;
        }
        pulses += frames * pulses_per_frame(camera);
    }
    pulses
}

fn pulses_per_frame(camera: &CameraPlan) -> i128 {
    let flash_lines = camera.flash.as_ref().map_or(0, |flash| flash.lines.len() as i128);
    let of_sync = 1 + i128::from(camera.fsin_per_frame.get()) + i128::from(camera.ready.is_some());
    of_sync + i128::from(camera.burst.get()) * (2 + flash_lines)
}

#[cfg(test)]
mod tests;
