//! From a scenario to a capture and the truth.

use super::draws::{Purpose, Stream};
use super::error::{MOST_PULSES, TooManyPulses};
use super::faults::{Act, Record};
use super::lines::{TrueLine, TruePulse};
use super::plan::{CameraPlan, Clock, WirePlan};
use super::sampler::Sampler;
use super::time::Femtos;
use super::timestamps::{StreamLog, logs};
use super::truth::{CameraTruth, FrameTruth, Truth};
use super::{FORMAT, Scenario, timeline};
use crate::capture::{Capture, Line};
use crate::rig::{Alignment, Role};
use crate::signal::{Level, Lost, WaveformError};

/// A simulated capture, and what truly happened.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// What the analyzer recorded; its rate is the one that the analyzer believes in.
    pub capture: Capture,
    /// What truly happened.
    pub truth: Truth,
    /// When the analyzer took its samples.
    pub sampler: Sampler,
    /// What each camera's host logged of its images.
    pub logs: Vec<StreamLog>,
}

/// Why a scenario cannot be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SimulationError {
    /// Its faults add more pulses than may be held.
    #[error(transparent)]
    TooManyPulses(#[from] TooManyPulses),
    /// What a probe shows is no waveform: an error of the simulation.
    #[error("changes out of order: {0}")]
    Disorder(#[from] WaveformError),
}

/// Lets a scenario happen. The same scenario gives the same result, bit for bit.
///
/// # Errors
/// [`SimulationError`] when its faults add more pulses than may be held.
pub fn simulate(scenario: &Scenario) -> Result<Simulation, SimulationError> {
    let mut cameras = timeline::cameras(scenario);
    for (place, fault) in scenario.faults.iter().enumerate() {
        if let Act::Events { camera, apply } = &fault.act
            && let Some(camera) = cameras.get_mut(*camera)
        {
            apply(camera, Stream::new(scenario.seed, Purpose::Fault, place));
        }
        if cameras.iter().map(CameraTruth::pulses).sum::<usize>() > MOST_PULSES {
            return Err(TooManyPulses.into());
        }
    }
    share_fsin(scenario, &mut cameras);
    let mut lines: Vec<TrueLine> =
        scenario.wires.iter().enumerate().map(|(i, wire)| driven(wire, i, scenario, &cameras)).collect();
    for (place, fault) in scenario.faults.iter().enumerate() {
        if let Act::Lines(apply) = &fault.act {
            let random = Stream::new(scenario.seed, Purpose::Fault, place);
            apply(&mut lines, Record { sampler: &scenario.sampler, random });
        }
    }
    let capture = record(scenario, &lines)?;
    let logs = logs(scenario, &cameras);
    Ok(Simulation { capture, truth: Truth { cameras, lines }, sampler: scenario.sampler.clone(), logs })
}

impl Scenario {
    /// How far from its frame a pulse of any camera may lie, at most, faults included.
    pub(super) fn reach(&self) -> Femtos {
        let cameras = self.cameras.iter().map(CameraPlan::reach).max().unwrap_or_default();
        self.faults.iter().fold(cameras, |reach, fault| reach + fault.reach)
    }
}

/// A camera that follows the first one and has no FSIN line of its own is synchronised by the first one's pulses, faults
/// included: those of the same boundary, which an end-aligned frame ends at and another one begins at.
fn share_fsin(scenario: &Scenario, cameras: &mut [CameraTruth]) {
    let Some((first, further)) = cameras.split_first_mut() else { return };
    for (camera, plan) in further.iter_mut().zip(scenario.cameras.iter().skip(1)) {
        let shares = matches!(plan.clock, Clock::Follows { .. }) && plan.fsin_width.is_none();
        if shares {
            let ahead = match (first.alignment, camera.alignment) {
                (Alignment::End, Alignment::Start | Alignment::Middle) => -1,
                (Alignment::Start | Alignment::Middle, Alignment::End) => 1,
                (Alignment::End, Alignment::End)
                | (Alignment::Start | Alignment::Middle, Alignment::Start | Alignment::Middle) => 0,
            };
            for frame in &mut camera.frames {
                let of_boundary = first.frames.binary_search_by_key(&(frame.number + ahead), |other| other.number);
                frame.fsin = of_boundary.ok().and_then(|place| first.frames[place].fsin);
            }
        }
    }
}

/// What a wire shows: the sum of the pulses of its camera that drive it.
fn driven(wire: &WirePlan, place: usize, scenario: &Scenario, cameras: &[CameraTruth]) -> TrueLine {
    let (Some(camera), Some(plan)) = (cameras.get(wire.camera), scenario.cameras.get(wire.camera)) else {
        return TrueLine::from_pulses(wire.polarity.into(), Vec::new());
    };
    let frames = camera.frames.iter();
    let pulses: Vec<TruePulse> = match wire.role {
        Role::Trigger => frames.filter_map(|frame| frame.trigger).collect(),
        Role::Fsin => frames.filter_map(|frame| frame.fsin).flat_map(|fsin| fsin_pulses(plan, fsin)).collect(),
        Role::Strobe => {
            let (turn, turns) = turn(scenario, place);
            let own = frames.filter(|frame| frame.number.rem_euclid(turns) == turn).flat_map(|frame| &frame.exposures);
            let extra = camera.extra_strobes.iter().filter(|_| turn == 0);
            own.chain(extra).copied().collect()
        }
        Role::Flash => {
            let flashes = frames.flat_map(|frame| &frame.flashes);
            flashes.filter(|flash| flash.line == place).map(|flash| flash.pulse).collect()
        }
        Role::Readout => frames.flat_map(|frame| &frame.readouts).copied().collect(),
        // It is active where the camera is not busy.
        Role::Ready => {
            let busy = frames.filter_map(|frame| busy(plan, frame)).collect();
            return TrueLine::from_pulses(!Level::from(wire.polarity), busy);
        }
    };
    TrueLine::from_pulses(wire.polarity.into(), pulses)
}

/// The place of a wire among the pins that STROBE comes on in turn, and how many they are.
fn turn(scenario: &Scenario, place: usize) -> (i64, i64) {
    let camera = scenario.wires.get(place).map(|wire| wire.camera);
    let pins = scenario.wires.iter().filter(|wire| wire.role == Role::Strobe && Some(wire.camera) == camera).count();
    let before = scenario.wires.iter().take(place);
    let turn = before.filter(|wire| wire.role == Role::Strobe && Some(wire.camera) == camera).count();
    (turn as i64, pins.max(1) as i64)
}

/// The pulses of FSIN in a frame, of which this is the first.
fn fsin_pulses(plan: &CameraPlan, first: TruePulse) -> impl Iterator<Item = TruePulse> {
    let spacing = plan.fsin_spacing;
    (0..plan.fsin_per_frame.get()).map(move |place| first.later(spacing.times(i128::from(place))))
}

/// When a camera is not ready for a trigger for what it does in a frame.
fn busy(plan: &CameraPlan, frame: &FrameTruth) -> Option<TruePulse> {
    let ready = plan.ready?;
    let (first, last) = (frame.exposures.first()?, frame.exposures.last()?);
    let from = match plan.alignment {
        Alignment::End | Alignment::Middle => first.start(),
        Alignment::Start => frame.fsin.map_or(frame.opens, |fsin| fsin.start()) + ready.latency,
    };
    TruePulse::between(from, last.end() + ready.recovery)
}

/// What the analyzer records: every probe, those without a wire low throughout.
fn record(scenario: &Scenario, lines: &[TrueLine]) -> Result<Capture, WaveformError> {
    let sampler = &scenario.sampler;
    let quiet = TrueLine::from_pulses(Level::High, Vec::new());
    let mut recorded = Vec::with_capacity(scenario.probes.len());
    for (place, probe) in scenario.probes.iter().enumerate() {
        let wire = scenario.wires.iter().position(|wire| wire.probe == place);
        let line = wire.and_then(|wire| lines.get(wire)).unwrap_or(&quiet);
        recorded.push(Line { probe: probe.clone(), waveform: sampler.sample(line)?, unknown: Lost::nothing() });
    }
    Ok(Capture::of(FORMAT, sampler.nominal().clone(), sampler.length(), recorded))
}

#[cfg(test)]
mod rigs;
#[cfg(test)]
mod tests;
