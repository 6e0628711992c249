//! From a rig and a capture to an observation.

use std::sync::Arc;

use super::align::Aligned;
use super::anchor::middles;
use super::clock::ClockContext;
use super::exposure::InFrames;
use super::groups::Clocks;
use super::partners::{MatchedBy, Phase, partners};
use super::readout::readouts;
use super::silence::{LeadIn, witnesses};
use super::{CameraFrames, ClockSource, FrameClock, Logged, Observation, ObservedLine, Seams, align, flash};
use crate::capture::{Capture, Header, Probe, ProbeError};
use crate::rig::{Alignment, Camera, Rig, Role, Wire, WireIndex};
use crate::signal::{EdgeTime, GlitchFilter, Level, Pulse, PulseTrain, Pulses};
use crate::units::{Rational, Rounding, SampleRate};

/// Why a capture cannot be observed with a rig.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObserveError {
    /// A wired probe cannot be taken.
    #[error("{wire} = \"{probe}\": {source}")]
    Probe {
        /// The line's key, with its camera in front unless it is the main one.
        wire: String,
        /// The probe as the spec names it.
        probe: String,
        /// Why not.
        source: ProbeError,
    },
    /// Two lines of one camera are wired to the same probe.
    #[error("{first} and {second} are both wired to the probe with bit {bit}")]
    Shared {
        /// The key of one line.
        first: String,
        /// The key of the other.
        second: String,
        /// The bit of the probe.
        bit: u32,
    },
    /// The reader was not asked for a wired probe.
    #[error("the probe of {0} was not read")]
    NotRead(String),
}

impl Observation {
    /// What the rig's lines did in this capture, from the sample on at which the levels of all of them are known. `rate` is
    /// the true sample rate, known to the ratio `clock`.
    ///
    /// # Errors
    /// [`ObserveError`] when a wired probe is not in the capture.
    pub fn of(rig: &Rig, capture: &Capture, rate: &SampleRate, clock: &Rational) -> Result<Observation, ObserveError> {
        let bits = wired_bits(rig, &capture.header)?;
        let capture = &capture.recorded(&bits);
        let lines: Vec<ObservedLine> =
            rig.wires().iter().map(|wire| observe_line(wire, capture, rate)).collect::<Result<_, _>>()?;
        let lost = capture.lost_on(capture.lines.iter().filter(|line| bits.contains(&line.probe.bit)));
        let (seen, length) = (lines.as_slice(), capture.length);
        let context = |camera| ClockContext { rig, camera, lines: seen, rate, lost: &lost, length };
        let mut cameras: Vec<CameraFrames> = rig.cameras.iter().map(|camera| observe_camera(context(camera))).collect();
        for (place, wired) in rig.cameras.iter().enumerate() {
            let clock = &mut cameras[place].clock;
            let others = witnesses(place, clock.source.wire(wired), context(wired));
            clock.lead_in = LeadIn::of(clock, &others, context(wired));
        }
        if let Some((first, further)) = cameras.split_first_mut() {
            for (camera, wired) in further.iter_mut().zip(rig.cameras.iter().skip(1)) {
                let by = matched_by((first, &rig.cameras[0]), (camera, wired));
                let found = partners(first, camera, by, phase(first, camera, wired, rate), context(wired));
                (camera.partners, camera.unpartnered) = (found.of, found.lacking);
            }
        }
        let mut observation = Observation {
            rig: rig.clone(),
            rate: rate.clone(),
            clock: clock.clone(),
            length: capture.length,
            end: capture.end,
            lost: lost.into_owned(),
            lines,
            cameras,
            seams: Seams::default(),
        };
        observation.seams = Seams::of(&observation);
        Ok(observation)
    }
}

/// By what the frames of a camera are matched with those of the first one.
fn matched_by(first: (&CameraFrames, &Camera), own: (&CameraFrames, &Camera)) -> MatchedBy {
    let counts_fsin = |frames: &CameraFrames| frames.clock.source == ClockSource::Fsin;
    let same_edges = counts_fsin(first.0)
        && counts_fsin(own.0)
        && first.1.wire(Role::Fsin) == own.1.wire(Role::Fsin)
        && first.1.fsin_per_frame == own.1.fsin_per_frame;
    match (first.0.alignment, own.0.alignment) {
        (Some(a), Some(b)) if a != b && same_edges && own.1.skew.is_none() => MatchedBy::Frame,
        (Some(_) | None, Some(_) | None) => MatchedBy::Time,
    }
}

/// How a camera's exposures lie to the first one's: as its skew is stated, else as they mostly do, at the edge that ties the
/// first camera's exposures to their frames.
fn phase(first: &CameraFrames, own: &CameraFrames, camera: &Camera, rate: &SampleRate) -> Phase {
    match &camera.skew {
        Some(skew) => {
            let later = rate.samples(&skew.later).to_integer(Rounding::Nearest).unwrap_or(0);
            Phase { edges: skew.edges, later }
        }
        None => Phase::usual(first, own, first.alignment.unwrap_or(Alignment::End)),
    }
}

/// The bits of the probes that a rig's wires name, in the order of the wires.
///
/// # Errors
/// [`ObserveError`] when a probe cannot be taken, or shows two lines of one camera.
pub fn wired_bits(rig: &Rig, header: &Header) -> Result<Vec<u32>, ObserveError> {
    let bits: Vec<u32> = rig.wires().iter().map(|wire| Ok(probe_of(wire, header)?.bit)).collect::<Result<_, _>>()?;
    for camera in &rig.cameras {
        let wires: Vec<WireIndex> = camera.all_wires().collect();
        for (i, a) in wires.iter().enumerate() {
            if let Some(b) = wires[..i].iter().find(|b| bits[b.get()] == bits[a.get()]) {
                let (first, second) = (rig.wire(*b), rig.wire(*a));
                return Err(ObserveError::Shared {
                    first: first.full_key(),
                    second: second.full_key(),
                    bit: bits[a.get()],
                });
            }
        }
    }
    Ok(bits)
}

fn probe_of<'a>(wire: &Wire, header: &'a Header) -> Result<&'a Probe, ObserveError> {
    header.find(&wire.probe).map_err(|source| ObserveError::Probe {
        wire: wire.full_key(),
        probe: wire.probe.to_string(),
        source,
    })
}

fn observe_line(wire: &Wire, capture: &Capture, rate: &SampleRate) -> Result<ObservedLine, ObserveError> {
    let probe = probe_of(wire, &capture.header)?;
    let line = capture.line(probe.bit).ok_or_else(|| ObserveError::NotRead(wire.full_key()))?;
    let filter = wire.glitch.as_ref().map_or(GlitchFilter::OFF, |least| GlitchFilter::shorter_than(least, rate));
    let analog = capture.analog.iter().find(|trace| trace.bit == probe.bit);
    let crossing = analog.map_or(Rational::ZERO, |trace| Rational::from(trace.slack));
    let active = Level::from(wire.polarity);
    let lost = capture.lost_on([line]);
    let blind = (lost.proven(capture.length).into_iter())
        .map(|stretch| filter.blind(stretch, line.waveform.within(stretch).1))
        .max();
    Ok(ObservedLine {
        probe: probe.clone(),
        train: PulseTrain::of(&line.waveform, &lost, active, filter),
        waveform: line.waveform.clone(),
        active,
        blind: blind.unwrap_or(0),
        slack: rate.samples(&wire.edge) + crossing,
        analog: analog.cloned().map(Arc::new),
    })
}

fn observe_camera(context: ClockContext<'_>) -> CameraFrames {
    let (camera, lines) = (context.camera, context.lines);
    let pulses = |wire: Option<WireIndex>| wire.map_or(Pulses::of_nothing(), |wire| &lines[wire.get()].train.pulses);
    let Aligned { told, clock, fsin, mut exposures } = observe_exposures(context);
    let flash_lines: Vec<(WireIndex, &Pulses)> =
        camera.wires(Role::Flash).iter().map(|&wire| (wire, pulses(Some(wire)))).collect();
    let readouts = readouts(pulses(camera.wire(Role::Readout)), &exposures.all, clock.period.as_ref(), context.lost);
    CameraFrames {
        alignment: told.map(|told| told.alignment),
        other_alignment: told.and_then(|told| told.other),
        clock,
        fsin,
        readouts,
        partners: Vec::new(),
        unpartnered: Vec::new(),
        flashes: flash::touch(&flash_lines, &mut exposures.all),
        exposures: exposures.all,
        missing: exposures.missing,
        extra: exposures.extra,
        phases: Vec::new(),
        logged: Logged::NotGiven,
    }
}

/// A camera's STROBE pulses, put into frames.
fn observe_exposures(context: ClockContext<'_>) -> Aligned {
    let (camera, lines) = (context.camera, context.lines);
    let (strobe, shown_on) = in_order(camera.wires(Role::Strobe), lines);
    let strobe = strobe.as_slice();
    let fsin = camera.wire(Role::Fsin).map_or_else(Vec::new, |wire| starts(&lines[wire.get()].train.pulses));
    let mut aligned = if fsin.is_empty() {
        let told = align::without_fsin(strobe, context);
        let clock = strobe_clock(strobe, told.alignment, camera.burst.get(), context);
        let exposures = InFrames::by_strobe(strobe, &clock, camera.burst.get());
        Aligned { told: Some(told).filter(|_| !strobe.is_empty()), clock, fsin: None, exposures }
    } else {
        align::with_fsin(Clocks::of(fsin, strobe, context), strobe, context)
    };
    aligned.exposures.all.change(|place, exposure| exposure.wire = shown_on[place]);
    aligned
}

/// The pulses of these lines in order of time, and the line of each.
fn in_order(wires: &[WireIndex], lines: &[ObservedLine]) -> (Vec<Pulse>, Vec<WireIndex>) {
    if let [wire] = wires {
        let pulses: Vec<Pulse> = lines[wire.get()].train.pulses.iter().collect();
        let shown_on = vec![*wire; pulses.len()];
        return (pulses, shown_on);
    }
    let of_wire = |&wire: &WireIndex| lines[wire.get()].train.pulses.iter().map(move |pulse| (pulse, wire));
    let mut pulses: Vec<(Pulse, WireIndex)> = wires.iter().flat_map(of_wire).collect();
    pulses.sort_by_key(|(pulse, wire)| (pulse.from(), pulse.to(), *wire));
    pulses.into_iter().unzip()
}

fn starts(pulses: &Pulses) -> Vec<EdgeTime> {
    pulses.iter().filter_map(|pulse| pulse.start.edge()).collect()
}

/// The frame clock of a camera whose frames only STROBE shows.
fn strobe_clock(strobe: &[Pulse], alignment: Alignment, burst: u32, context: ClockContext<'_>) -> FrameClock {
    let (source, edges) = match alignment {
        Alignment::End => {
            let mut ends: Vec<EdgeTime> = strobe.iter().filter_map(|pulse| pulse.end.edge()).collect();
            // Pulses of several pins come by their starts: one may end within another.
            ends.sort_unstable();
            ends.dedup_by_key(|end| end.at());
            (ClockSource::StrobeEnd, ends)
        }
        Alignment::Start => {
            let starts: Vec<EdgeTime> = strobe.iter().filter_map(|pulse| pulse.start.edge()).collect();
            (ClockSource::StrobeStart, first_of_bursts(&starts, burst, context))
        }
        Alignment::Middle => (ClockSource::StrobeMiddle, middles(strobe)),
    };
    if edges.is_empty() { FrameClock::silent(context) } else { FrameClock::from_edges(source, edges, context) }
}

/// The first start of each burst: with a nominal frame time the following ones lie within 3T/4 of it, else every
/// `burst`-th is a first.
fn first_of_bursts(starts: &[EdgeTime], burst: u32, context: ClockContext<'_>) -> Vec<EdgeTime> {
    let nominal = context.nominal();
    let mut firsts: Vec<EdgeTime> = Vec::new();
    let mut in_burst = burst;
    for &start in starts {
        let near = nominal
            .as_ref()
            .zip(firsts.last())
            .is_none_or(|(period, first)| Rational::from(start.at() - first.at()).times(4) < period.times(3));
        if in_burst < burst && near {
            in_burst += 1;
        } else {
            firsts.push(start);
            in_burst = 1;
        }
    }
    firsts
}
