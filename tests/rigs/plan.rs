//! What a camera does, frame by frame.

use super::{Alignment, Ps, Pulse, Random, Role};

/// A base, and up to so much more.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Jittered {
    pub(crate) base: Ps,
    pub(crate) jitter: Ps,
}

impl Jittered {
    pub(crate) fn draw(self, random: &mut Random) -> Ps {
        self.base + random.within(0, self.jitter)
    }
}

/// How long each frame's exposures are.
#[derive(Debug, Clone)]
pub(crate) enum Exposures {
    /// These in turn, each jittered.
    InTurn(Vec<Ps>, Ps),
    /// Wandering between two.
    Wander(Ps, Ps),
}

/// How a flash line is driven.
#[derive(Debug, Clone)]
pub(crate) struct Light {
    pub(crate) name: Option<&'static str>,
    /// From its start to the exposure's.
    pub(crate) lead: Jittered,
    /// From the exposure's end to its own.
    pub(crate) lag: Jittered,
    /// On and off times of a pulsed one.
    pub(crate) pulsed: Option<(Ps, Ps)>,
    /// In which frames it is lit, over and over.
    pub(crate) lit: Vec<bool>,
    /// Whether one pulse covers all exposures of a burst.
    pub(crate) over_burst: bool,
}

/// The numbers that a camera runs by.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) alignment: Alignment,
    /// The frame boundaries, or the triggers.
    pub(crate) beats: Vec<Ps>,
    pub(crate) exposures: Exposures,
    /// From the beat to the exposure's start, its end, or its middle.
    pub(crate) offset: Jittered,
    /// STROBE pulses per beat, and the time from one to the next.
    pub(crate) burst: (usize, Ps),
    pub(crate) fsin: Option<Jittered>,
    /// From the trigger to FSIN, and its width.
    pub(crate) trigger: Option<(Jittered, Ps)>,
    /// From the exposure's end to the readout, and its width.
    pub(crate) readout: Option<(Jittered, Ps)>,
    /// The readout time of a rolling shutter.
    pub(crate) rows: Option<Ps>,
    pub(crate) lights: Vec<Light>,
    /// So many frames at the start expose as they like.
    pub(crate) transient: usize,
}

/// What happens in one frame.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) number: i64,
    /// The boundary, or the trigger.
    pub(crate) beat: Ps,
    pub(crate) trigger: Option<Pulse>,
    pub(crate) fsin: Option<Pulse>,
    pub(crate) exposures: Vec<Pulse>,
    pub(crate) readouts: Vec<Pulse>,
    /// The pulses of each flash line.
    pub(crate) flashes: Vec<Vec<Pulse>>,
    /// Whether it is of the start transient.
    pub(crate) transient: bool,
}

/// A camera and what truly happens to it.
#[derive(Debug, Clone)]
pub(crate) struct Camera {
    pub(crate) alignment: Alignment,
    pub(crate) rows: Option<Ps>,
    /// The names of its flash lines.
    pub(crate) lights: Vec<Option<&'static str>>,
    pub(crate) frames: Vec<Frame>,
    /// After so many frames its exposures repeat; 1: they do not.
    pub(crate) turns: usize,
    /// The frame time that it is meant to have.
    pub(crate) nominal: Option<Nominal>,
}

/// A nominal time as specs write it, and in picoseconds, rounded down.
#[derive(Debug, Clone)]
pub(crate) struct Nominal {
    pub(crate) text: String,
    pub(crate) time: Ps,
}

impl Exposures {
    /// After how many frames they repeat.
    pub(crate) fn turns(&self) -> usize {
        match self {
            Exposures::InTurn(turns, _) => turns.len(),
            Exposures::Wander(..) => 1,
        }
    }

    /// The shortest and the longest.
    pub(crate) fn extremes(&self) -> (Ps, Ps) {
        match self {
            Exposures::InTurn(turns, jitter) => {
                let (least, most) = (turns.iter().min(), turns.iter().max());
                (least.copied().unwrap_or(0), most.copied().unwrap_or(0) + jitter)
            }
            &Exposures::Wander(low, high) => (low, high),
        }
    }
}

impl Frame {
    /// The pulses of a line; of a flash, of one of them.
    pub(super) fn pulses(&self, role: Role, light: usize) -> Vec<Pulse> {
        match role {
            Role::Trigger => self.trigger.into_iter().collect(),
            Role::Fsin => self.fsin.into_iter().collect(),
            Role::Strobe => self.exposures.clone(),
            Role::Readout => self.readouts.clone(),
            Role::Flash => self.flashes[light].clone(),
        }
    }

    pub(super) fn shift(&mut self, by: Ps) {
        self.beat += by;
        let single = self.trigger.iter_mut().chain(&mut self.fsin);
        let many = self.exposures.iter_mut().chain(&mut self.readouts).chain(self.flashes.iter_mut().flatten());
        single.chain(many).for_each(|pulse| *pulse = pulse.shifted(by));
    }
}

impl Light {
    /// Its pulses about exposures from `from` to `to`.
    fn pulses(&self, from: Ps, to: Ps, frame: i64, random: &mut Random) -> Vec<Pulse> {
        let (start, end) = (from - self.lead.draw(random), to + self.lag.draw(random));
        match self.pulsed {
            None => vec![Pulse { start, end, frame }],
            Some((on, off)) => {
                let starts = (0..).map(|n| start + n * (on + off)).take_while(|start| start + on <= end);
                let exposure = Pulse { start: from, end: to, frame };
                let pulses = starts.map(|start| Pulse { start, end: start + on, frame });
                // One that hardly touches may do so, or not.
                pulses.filter(|pulse| pulse.overlap(exposure) >= on / 2).collect()
            }
        }
    }
}

impl Plan {
    pub(crate) fn frames(&self, random: &mut Random) -> Vec<Frame> {
        let mut wandering = 0;
        let frames = (0..).zip(&self.beats).map(|(number, &beat)| {
            let width = |random: &mut Random, wandering: &mut Ps| match &self.exposures {
                Exposures::InTurn(turns, jitter) => turns[number % turns.len()] + random.within(0, *jitter),
                &Exposures::Wander(low, high) => {
                    *wandering = (*wandering + random.within(low - high, high - low) / 4).clamp(0, high - low);
                    low + *wandering
                }
            };
            // The frame after an irregular one still has its interval.
            let (number, transient) = (number as i64, self.transient > 0 && number <= self.transient);
            let first = beat + self.offset.draw(random);
            let mut exposures = Vec::with_capacity(self.burst.0);
            for nth in 0..self.burst.0 as i64 {
                let width = width(random, &mut wandering);
                let width = if transient { width / 10 * random.within(7, 10) } else { width };
                let start = match self.alignment {
                    Alignment::Start => first + nth * self.burst.1,
                    Alignment::End => first - width,
                    Alignment::Middle => first - width / 2,
                };
                exposures.push(Pulse { start, end: start + width, frame: number });
            }
            let fsin = self.fsin.map(|fsin| Pulse { start: beat, end: beat + fsin.draw(random), frame: number });
            let trigger = self.trigger.map(|(latency, width)| {
                let start = beat - latency.draw(random);
                Pulse { start, end: start + width, frame: number }
            });
            let readout = |exposure: &Pulse, random: &mut Random| {
                let (after, width) = self.readout?;
                let start = exposure.end + after.draw(random);
                Some(Pulse { start, end: start + width, frame: number })
            };
            let readouts = exposures.iter().filter_map(|exposure| readout(exposure, random)).collect();
            let flashes = self.lights.iter().map(|light| light_pulses(light, number, &exposures, random)).collect();
            Frame { number, beat, trigger, fsin, exposures, readouts, flashes, transient }
        });
        frames.collect()
    }
}

fn light_pulses(light: &Light, frame: i64, exposures: &[Pulse], random: &mut Random) -> Vec<Pulse> {
    if !light.lit[frame as usize % light.lit.len()] {
        return Vec::new();
    }
    match (light.over_burst, exposures.first().zip(exposures.last())) {
        (true, Some((first, last))) => light.pulses(first.start, last.end, frame, random),
        (true, None) => Vec::new(),
        (false, _) => exposures.iter().flat_map(|it| light.pulses(it.start, it.end, frame, random)).collect(),
    }
}
