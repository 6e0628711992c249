//! The true value of every quantity, computed from the true times of a simulation straight by its definition, and by
//! nothing that the measurement uses: the yardstick of the properties.
//!
//! It covers one camera on lines that show what it does: no faults, pulses that do not meet.

mod exposure;
mod flash;
mod frame;

use strobecheck::rig::{Alignment, Rig};
use strobecheck::scenario::{CameraTruth, Femtos, Scenario, Simulation, TruePulse};
use strobecheck::units::{Rational, SampleIndex};

/// A true value, in the quantity's base unit.
#[derive(Debug, Clone)]
pub(crate) struct TrueValue {
    /// The number of its frame in the scenario; none for a value of the capture.
    pub(crate) frame: Option<i64>,
    /// The first and the last of the samples that show what it is a value of.
    pub(crate) samples: (SampleIndex, SampleIndex),
    /// The value.
    pub(crate) value: Rational,
    /// Whether all that it depends on was recorded from beginning to end, so that it must be measured.
    pub(crate) recorded: bool,
}

/// A camera of a simulation, as one would see it who knows the truth.
pub(crate) struct Oracle<'a> {
    simulation: &'a Simulation,
    camera: &'a CameraTruth,
    rig: &'a Rig,
    place: usize,
    nominal: &'a Rational,
}

/// An edge at the border of a frame.
#[derive(Clone, Copy)]
struct Border {
    /// The number of the frame that begins there.
    opens: i64,
    at: Femtos,
}

impl<'a> Oracle<'a> {
    /// The oracle of the camera at this place; `rig` is the scenario's.
    pub(crate) fn new(scenario: &'a Scenario, rig: &'a Rig, simulation: &'a Simulation, place: usize) -> Oracle<'a> {
        let camera = &simulation.truth.cameras[place];
        Oracle { simulation, camera, rig, place, nominal: scenario.nominal_frame_time() }
    }

    /// The true values of the quantity with this id; `None` if it has none here: a line that it needs is not wired, it
    /// is of the other alignment, or too little is recorded.
    pub(crate) fn values(&self, id: &str) -> Option<Vec<TrueValue>> {
        let values = match id {
            "frame.time" => self.frame_times(),
            "frame.rate" => self.frame_rate()?,
            "frame.jitter" => self.frame_jitter()?,
            "frame.cycle-jitter" => self.cycle_jitter()?,
            "frame.tie" => self.tie()?,
            "frame.tie-nominal" => self.tie_nominal()?,
            "frame.drift" => self.drift()?,
            "fsin.width" => self.fsin_widths(),
            "exposure.time" => self.exposure_times(),
            "exposure.latency" => self.latencies()?,
            "exposure.end" => self.ends()?,
            "exposure.jitter" => self.exposure_jitter()?,
            "exposure.gap" => self.gaps(),
            "flash.lead" => self.leads(),
            "flash.lag" => self.lags(),
            "flash.latency" => self.flash_latencies()?,
            "flash.coverage" => self.coverages(),
            "flash.leak" => self.leaks(),
            "flash.on-time" => self.on_times(),
            "flash.duty" => self.duty()?,
            "flash.hold" => self.hold()?,
            // A healthy scenario lacks nothing and has nothing too much.
            "frame.missing" | "frame.extra" => vec![self.of_capture(Rational::ZERO)],
            "exposure.missing" | "exposure.extra" if self.fsin_is_wired() => vec![self.of_capture(Rational::ZERO)],
            "flash.missing" | "flash.extra" => vec![self.of_capture(Rational::ZERO)],
            _ => return None,
        };
        Some(values).filter(|values| !values.is_empty())
    }

    fn fsin_is_wired(&self) -> bool {
        self.rig.cameras[self.place].fsin.is_some()
    }

    /// Whether an edge at this time shows in the capture.
    fn shows(&self, at: Femtos) -> bool {
        self.simulation.sampler.shows_at(at).is_some()
    }

    fn is_whole(&self, pulse: &TruePulse) -> bool {
        self.shows(pulse.start()) && self.shows(pulse.end())
    }

    /// A value between two edges that show, in any order.
    fn between(&self, frame: Option<i64>, a: Femtos, b: Femtos, value: Rational, recorded: bool) -> Option<TrueValue> {
        let (a, b) = (self.simulation.sampler.shows_at(a)?, self.simulation.sampler.shows_at(b)?);
        Some(TrueValue { frame, samples: (a.min(b), a.max(b)), value, recorded })
    }

    /// The time from an edge to another.
    fn time(&self, frame: Option<i64>, from: Femtos, to: Femtos, recorded: bool) -> Option<TrueValue> {
        self.between(frame, from, to, (to - from).seconds(), recorded)
    }

    fn of_capture(&self, value: Rational) -> TrueValue {
        let samples = (SampleIndex::default(), self.simulation.capture.length);
        TrueValue { frame: None, samples, value, recorded: true }
    }

    /// The FSIN pulses whose active edge shows, and the frames that they belong to.
    fn fsin(&self) -> Vec<(i64, TruePulse)> {
        let pulses = self.camera.frames.iter().filter_map(|frame| frame.fsin.map(|fsin| (frame.number, fsin)));
        pulses.filter(|(_, fsin)| self.fsin_is_wired() && self.shows(fsin.start())).collect()
    }

    /// The exposures, those outside the capture included, with their frames and their place in the burst.
    fn exposures(&self) -> Vec<(i64, usize, TruePulse)> {
        let frames = self.camera.frames.iter();
        frames.flat_map(|f| f.exposures.iter().enumerate().map(|(i, pulse)| (f.number, i, *pulse))).collect()
    }

    /// The edges that frames are counted by: FSIN's, or without it the end of STROBE that is anchored.
    fn borders(&self) -> Vec<Border> {
        let opens = |number: i64| match self.camera.alignment {
            Alignment::End => number + 1,
            Alignment::Start => number,
        };
        if self.fsin_is_wired() {
            return self.fsin().iter().map(|(n, fsin)| Border { opens: opens(*n), at: fsin.start() }).collect();
        }
        let exposures = self.exposures().into_iter().filter(|(_, in_burst, _)| *in_burst == 0);
        let anchored = exposures.map(|(number, _, pulse)| match self.camera.alignment {
            Alignment::End => Border { opens: opens(number), at: pulse.end() },
            Alignment::Start => Border { opens: opens(number), at: pulse.start() },
        });
        anchored.filter(|border| self.shows(border.at)).collect()
    }

    /// The pulses of all its flash lines, those outside the capture included, in order of their starts.
    fn flashes(&self) -> Vec<TruePulse> {
        let wires = self.rig.cameras[self.place].flash.iter();
        let of_wire = |wire: &strobecheck::rig::WireIndex| {
            let active = self.rig.wire(*wire).polarity.into();
            self.simulation.truth.lines[wire.get()].pulses(active)
        };
        let mut pulses: Vec<TruePulse> = wires.flat_map(of_wire).collect();
        pulses.sort_unstable();
        pulses
    }
}

/// The largest of these times less the smallest, in seconds; `None` of fewer than two.
fn peak_to_peak(times: &[Rational]) -> Option<Rational> {
    let most = times.iter().cloned().reduce(Rational::max)?;
    let least = times.iter().cloned().reduce(Rational::min)?;
    (times.len() > 1).then(|| most - least)
}
