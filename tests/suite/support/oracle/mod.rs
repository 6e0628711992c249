//! The true value of every quantity, computed from the true times of a simulation straight by its definition, and by
//! nothing that the measurement uses: the yardstick of the properties.
//!
//! It covers rigs of several cameras on lines that show what they do, with STROBE and FSIN pulses that are lost and STROBE
//! pulses that are too many, as long as those are in the middle of the capture, apart from each other, and apart from
//! what belongs to a frame.

mod exposure;
mod flash;
mod frame;
mod readout;
mod skew;

use strobecheck::rig::{Alignment, Rig, Role};
use strobecheck::scenario::{CameraTruth, Femtos, Scenario, Simulation, TrueLine, TruePulse};
use strobecheck::signal::Level;
use strobecheck::units::{Rational, SampleIndex};

/// A true value, in the quantity's base unit.
#[derive(Debug, Clone)]
pub(crate) struct TrueValue {
    /// The number of its frame in the scenario; none for a value of the capture, or of what belongs to no frame.
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
    /// The edges between which it lies: it is halfway between those of an exposure, else the edge itself.
    edges: (Femtos, Femtos),
}

impl Border {
    fn edge(opens: i64, at: Femtos) -> Border {
        Border { opens, at, edges: (at, at) }
    }
}

/// A pulse of STROBE.
#[derive(Clone, Copy)]
struct Exposed {
    /// Its frame, if the edge that puts it there was recorded; of a pulse that nothing asked for, none.
    frame: Option<i64>,
    /// Its place in the burst.
    in_burst: usize,
    pulse: TruePulse,
}

impl<'a> Oracle<'a> {
    /// The oracle of the camera at this place; `rig` is the scenario's.
    pub(crate) fn new(scenario: &'a Scenario, rig: &'a Rig, simulation: &'a Simulation, place: usize) -> Oracle<'a> {
        let camera = &simulation.truth.cameras[place];
        Oracle { simulation, camera, rig, place, nominal: scenario.nominal_frame_time() }
    }

    /// The oracle of another camera of the same simulation.
    fn of(&self, place: usize) -> Oracle<'a> {
        Oracle { camera: &self.simulation.truth.cameras[place], place, ..*self }
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
            "frame.missing" => self.count(self.missing_frames()),
            "frame.extra" => self.count(self.extra_frames()),
            "frame.count" => self.count(self.borders().len()),
            "exposure.count" => self.count(self.whole_pulses(Role::Strobe)),
            "flash.count" => self.count(self.whole_pulses(Role::Flash)),
            "trigger.count" => self.count(self.whole_pulses(Role::Trigger)),
            "flash.off-time" => self.off_times(),
            "flash.cycle-duty" => self.cycle_duties(),
            "flash.pulses" if self.is_ever_lit() => self.flash_pulses(),
            "fsin.width" => self.fsin_widths(),
            "fsin.pulses" => self.fsin_pulses(),
            "trigger.latency" => self.trigger_latencies(),
            "trigger.missing" if self.fsin_is_wired() => self.count(self.missing_answers()),
            "trigger.extra" => self.count(self.unasked_frames()),
            "trigger.margin" => self.trigger_margins()?,
            "exposure.time" => self.exposure_times(),
            "exposure.latency" => self.latencies()?,
            "exposure.end" => self.ends()?,
            "exposure.middle" => self.middles()?,
            "exposure.jitter" => self.exposure_jitter()?,
            "exposure.gap" => self.gaps(),
            "exposure.missing" if self.fsin_is_wired() => self.count(self.missing_exposures()),
            "exposure.extra" if self.fsin_is_wired() => self.count(self.extra_exposures()),
            "exposure.turn" => self.count(self.out_of_turn()),
            "flash.lead" => self.leads(),
            "flash.lag" => self.lags(),
            "flash.latency" => self.flash_latencies()?,
            "flash.coverage" => self.coverages(),
            "flash.leak" => self.leaks(),
            "flash.on-time" => self.on_times(),
            "flash.duty" => self.duty(&Rational::ONE)?,
            "flash.duty@7ms" => self.duty(&Rational::decimal(7, -3))?,
            "flash.duty@100ms" => self.duty(&Rational::decimal(1, -1))?,
            "flash.hold" => self.hold()?,
            "flash.missing" => self.count(self.missing_flashes()),
            "flash.extra" => self.count(self.extra_flashes()),
            "rolling.window" => self.windows(),
            "rolling.margin-start" => self.margins_at_start(),
            "rolling.margin-end" => self.margins_at_end(),
            "rolling.evenness" => self.evenness(),
            "rolling.lit-rows" => self.lit_rows(),
            "rolling.empty" => self.count(self.empty_windows()?),
            "readout.start" => self.readout_starts(),
            "readout.time" => self.readout_times(),
            "readout.missing" => self.count(self.missing_readouts()),
            "skew.start" => self.skews(|pulse| pulse.start()),
            "skew.end" => self.skews(|pulse| pulse.end()),
            "skew.drift" => self.skew_drift()?,
            "skew.rate" => self.skew_rate()?,
            "skew.missing" => self.count(self.frames_without_partner()?),
            _ => return None,
        };
        Some(values).filter(|values| !values.is_empty())
    }

    fn count(&self, events: usize) -> Vec<TrueValue> {
        vec![self.of_capture(Rational::from(events as u64))]
    }

    /// How long a sample of the analyzer truly takes.
    fn sample_period(&self) -> Femtos {
        let sampler = &self.simulation.sampler;
        let period = sampler.time(SampleIndex::new(1)) - sampler.time(SampleIndex::new(0));
        Femtos::from_seconds(&period).unwrap_or_default()
    }

    fn name(&self) -> &str {
        &self.rig.cameras[self.place].name
    }

    fn fsin_is_wired(&self) -> bool {
        self.rig.cameras[self.place].has(Role::Fsin)
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

    /// The edge of a pulse of this camera that is tied to the frame.
    fn anchor(&self, pulse: &TruePulse) -> Femtos {
        match self.camera.alignment {
            Alignment::End => pulse.end(),
            Alignment::Start => pulse.start(),
            Alignment::Middle => halfway(pulse),
        }
    }

    /// Whether what shows that edge was recorded.
    fn is_anchored(&self, pulse: &TruePulse) -> bool {
        match self.camera.alignment {
            Alignment::End | Alignment::Start => self.shows(self.anchor(pulse)),
            Alignment::Middle => self.is_whole(pulse),
        }
    }

    /// Whether its frames are counted by FSIN.
    fn counts_fsin(&self) -> bool {
        self.fsin_is_wired() && self.camera.alignment != Alignment::Middle
    }

    /// The pulses of STROBE in order of time, those outside the capture included.
    fn exposures(&self) -> Vec<Exposed> {
        let mut all = Vec::new();
        for frame in &self.camera.frames {
            let is_opened = !self.counts_fsin() || frame.fsin.is_some_and(|fsin| self.shows(fsin.start()));
            for (in_burst, pulse) in frame.exposures.iter().copied().enumerate() {
                let belongs = is_opened && self.is_anchored(&pulse);
                all.push(Exposed { frame: belongs.then_some(frame.number), in_burst, pulse });
            }
        }
        let extra = self.camera.extra_strobes.iter();
        all.extend(extra.map(|&pulse| Exposed { frame: None, in_burst: 0, pulse }));
        all.sort_by_key(|exposed| exposed.pulse);
        all
    }

    /// The number of the frame that opens at the border that frame `number` is anchored at.
    fn opened_by(&self, number: i64) -> i64 {
        match self.camera.alignment {
            Alignment::End => number + 1,
            Alignment::Start | Alignment::Middle => number,
        }
    }

    /// The edges that frames are counted by: FSIN's, or without it what of STROBE is anchored; middles always are it.
    fn borders(&self) -> Vec<Border> {
        if self.counts_fsin() {
            return self.fsin_borders();
        }
        let first_of_burst = self.exposures().into_iter().filter(|exposed| exposed.in_burst == 0);
        let anchored = first_of_burst.filter_map(|exposed| {
            let border = Border::edge(self.opened_by(exposed.frame?), self.anchor(&exposed.pulse));
            Some(match self.camera.alignment {
                Alignment::End | Alignment::Start => border,
                Alignment::Middle => Border { edges: (exposed.pulse.start(), exposed.pulse.end()), ..border },
            })
        });
        anchored.collect()
    }

    /// The edges of FSIN, and the frames that they belong to.
    fn fsin_borders(&self) -> Vec<Border> {
        let fsin = self.fsin().into_iter();
        fsin.map(|(number, fsin)| Border::edge(self.opened_by(number), fsin.start())).collect()
    }

    /// What the wires of a role show of this camera, active, as one line: those outside the capture included.
    fn line(&self, role: Role) -> Vec<TruePulse> {
        let wires = self.rig.cameras[self.place].wires(role).iter();
        let of_wire = |&wire: &strobecheck::rig::WireIndex| {
            let active = self.rig.wire(wire).polarity.into();
            self.simulation.truth.lines[wire.get()].pulses(active)
        };
        union(wires.flat_map(of_wire).collect())
    }

    /// The pulses of this role that begin and end in the record, each of its lines for itself.
    fn whole_pulses(&self, role: Role) -> usize {
        let wires = self.rig.cameras[self.place].wires(role).iter();
        let pulses = |&wire: &strobecheck::rig::WireIndex| {
            self.simulation.truth.lines[wire.get()].pulses(self.rig.wire(wire).polarity.into())
        };
        wires.flat_map(pulses).filter(|pulse| self.is_whole(pulse)).count()
    }

    /// The pulses of all its flash lines, in order of their starts.
    fn flashes(&self) -> Vec<TruePulse> {
        self.line(Role::Flash)
    }

    /// The cameras that share a flash line with this one, itself included.
    fn sharing(&self) -> Vec<usize> {
        let lines = self.rig.cameras[self.place].wires(Role::Flash);
        let shares =
            |other: &usize| self.rig.cameras[*other].wires(Role::Flash).iter().any(|wire| lines.contains(wire));
        (0..self.rig.cameras.len()).filter(shares).collect()
    }

    /// Whether samples can tell, of every flash pulse and every exposure of the cameras that share it, whether they have
    /// a moment in common: whether none of them barely touch, or barely miss each other.
    pub(crate) fn contacts_are_clear(&self) -> bool {
        let least = self.sample_period().times(2);
        let flashes = self.flashes();
        let clear = |exposed: &TruePulse| {
            flashes
                .iter()
                .all(|flash| (flash.end().min(exposed.end()) - flash.start().max(exposed.start())).abs() > least)
        };
        self.sharing().into_iter().map(|place| self.of(place)).all(|camera| {
            let exposures = camera.exposures().into_iter();
            exposures.map(|exposed| exposed.pulse).all(|pulse| clear(&pulse) && clear(&camera.all_rows(&pulse)))
        })
    }
}

/// The middle of a pulse, to a femtosecond.
fn halfway(pulse: &TruePulse) -> Femtos {
    Femtos::new((pulse.start().get() + pulse.end().get()) / 2)
}

/// Stretches as one line shows them: those that meet are one.
fn union(pulses: Vec<TruePulse>) -> Vec<TruePulse> {
    TrueLine::from_pulses(Level::High, pulses).pulses(Level::High)
}

/// The largest of these times less the smallest, in seconds; `None` of fewer than two.
fn peak_to_peak(times: &[Rational]) -> Option<Rational> {
    let most = times.iter().cloned().reduce(Rational::max)?;
    let least = times.iter().cloned().reduce(Rational::min)?;
    (times.len() > 1).then(|| most - least)
}

/// Slope and intercept of the least-squares line through these points; `None` of fewer than two different abscissae.
fn least_squares(points: &[(i64, Rational)]) -> Option<(Rational, Rational)> {
    let n = Rational::from(points.len() as u64);
    let sum = |term: &dyn Fn(Rational, &Rational) -> Rational| {
        points.iter().fold(Rational::ZERO, |sum, (x, y)| sum + term(Rational::integer(i128::from(*x)), y))
    };
    let (x, y) = (sum(&|x, _| x), sum(&|_, y| y.clone()));
    let (xx, xy) = (sum(&|x, _| &x * &x), sum(&|x, y| &x * y));
    let slope = (&n * &xy - &x * &y).checked_div(&(&n * &xx - &x * &x))?;
    let intercept = (&y - &(&slope * &x)).checked_div(&n)?;
    Some((slope, intercept))
}
