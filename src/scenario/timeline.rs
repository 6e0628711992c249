//! From how cameras run to when everything happens: the frames of each camera, with all their pulses, in true time.

use super::Scenario;
use super::draws::{Purpose, Stream};
use super::lines::TruePulse;
use super::plan::{CameraPlan, Clock, FlashEnd, FlashStart, OwnClock, Period, Start, TriggerPlan, WarmUp, cyclic};
use super::time::Femtos;
use super::truth::{CameraTruth, FlashTruth, FrameTruth};
use crate::rig::Alignment;
use crate::units::{Rational, Rounding};

/// The stretch of true time in which pulses matter.
#[derive(Debug, Clone, Copy)]
struct Window {
    from: Femtos,
    to: Femtos,
}

/// A frame's place in time.
#[derive(Debug, Clone, Copy)]
struct Slot {
    number: i64,
    opens: Femtos,
    closes: Femtos,
    /// By how many lines soft sync made it longer.
    lines: i64,
}

/// What happens to each camera while the analyzer records, and as far before and after as pulses may reach in.
pub(super) fn cameras(scenario: &Scenario) -> Vec<CameraTruth> {
    let reach = scenario.reach();
    let window = Window { from: scenario.sampler.start() - reach, to: scenario.sampler.end() + reach };
    // The first camera has a clock of its own: Scenario::parse gives no other.
    let mut first: Vec<Slot> = Vec::new();
    let mut cameras = Vec::with_capacity(scenario.cameras.len());
    for (place, plan) in scenario.cameras.iter().enumerate() {
        let slots = match &plan.clock {
            Clock::Own(clock) => {
                let random = Stream::new(scenario.seed, Purpose::FrameTime, place);
                let leader: Vec<Femtos> = first.iter().map(|slot| slot.opens).collect();
                let warm_up = plan.warm_up.as_ref();
                Slots { clock, warm_up, alignment: plan.alignment, random, leader }.within(window)
            }
            Clock::Follows { skew } => first.iter().map(|slot| slot.later(*skew)).collect(),
        };
        if place == 0 {
            first.clone_from(&slots);
        }
        let draws = Draws::new(scenario.seed, place);
        cameras.push(CameraTruth {
            name: plan.name.clone(),
            alignment: plan.alignment,
            frames: slots.into_iter().map(|slot| frame(plan, slot, &draws)).collect(),
            extra_strobes: Vec::new(),
        });
    }
    cameras
}

impl Slot {
    fn later(self, by: Femtos) -> Slot {
        Slot { opens: self.opens + by, closes: self.closes + by, ..self }
    }
}

/// Lays out the frames of a camera with a clock of its own.
struct Slots<'a> {
    clock: &'a OwnClock,
    warm_up: Option<&'a WarmUp>,
    alignment: Alignment,
    random: Stream,
    /// The boundaries of the first camera, in order of time.
    leader: Vec<Femtos>,
}

/// A boundary, exactly: thirds of femtoseconds add up to whole ones.
#[derive(Clone)]
struct Boundary {
    whole: Femtos,
    /// At or above 0 and below 1.
    fraction: Rational,
}

impl Boundary {
    /// The boundary a frame later (`to` = 1), or earlier (-1), that lasts so long.
    fn moved(&self, to: i128, period: &Period, stray: Femtos) -> Boundary {
        let fraction = &self.fraction + &(&Rational::integer(to) * &period.fraction);
        let carry = fraction.to_integer(Rounding::Down).unwrap_or_default();
        let whole = self.whole + (period.whole + stray).times(to) + Femtos::new(carry);
        Boundary { whole, fraction: fraction - Rational::integer(carry) }
    }
}

impl Slots<'_> {
    /// The frames that touch the window, and one more on either side.
    fn within(&self, window: Window) -> Vec<Slot> {
        let (first, runs_before) = match self.clock.start {
            Start::Running(first) => (first, true),
            Start::SwitchedOn(first) => (first, false),
        };
        let zero = Boundary { whole: first, fraction: Rational::ZERO };
        let mut slots = Vec::new();
        let mut closes = zero.clone();
        let mut number = 0;
        while runs_before && closes.whole >= window.from {
            number -= 1;
            let opens = closes.moved(-1, self.period(number), self.stray(number));
            slots.push(Slot { number, opens: opens.whole, closes: closes.whole, lines: 0 });
            closes = opens;
        }
        slots.reverse();
        let mut opens = zero;
        let mut number = 0;
        while opens.whole <= window.to {
            let (lines, stretch) = self.correction(opens.whole);
            let closes = opens.moved(1, self.period(number), self.stray(number) + stretch);
            slots.push(Slot { number, opens: opens.whole, closes: closes.whole, lines });
            opens = closes;
            number += 1;
        }
        slots.retain(|slot| slot.closes >= window.from && self.is_run(slot));
        slots
    }

    fn period(&self, number: i64) -> &Period {
        let warm = self.warm_up.filter(|warm_up| number < warm_up.frames).and_then(|warm_up| warm_up.period.as_ref());
        warm.unwrap_or(&self.clock.period)
    }

    /// By how many lines, and so by how much, soft sync makes the frame longer that begins here.
    fn correction(&self, opens: Femtos) -> (i64, Femtos) {
        let Some(sync) = &self.clock.soft_sync else { return (0, Femtos::ZERO) };
        let later = self.leader.partition_point(|&boundary| boundary < opens);
        let near = [later.checked_sub(1), Some(later)].into_iter().flatten().filter_map(|i| self.leader.get(i));
        let skew = near.map(|&boundary| opens - boundary).min_by_key(|skew| skew.abs());
        // Where the first camera does not run, there is nothing to follow.
        let skew = skew.filter(|skew| skew.abs().times(2) <= self.clock.period.whole);
        let lines = skew.map_or(0, |skew| sync.lines(skew));
        (lines, sync.line.times(i128::from(lines)))
    }

    fn stray(&self, number: i64) -> Femtos {
        self.clock.jitter.draw(&mut self.random.at(number))
    }

    /// Whether the camera has not been stopped before: its last exposure ends (end-aligned), or its FSIN comes
    /// (else), by then.
    fn is_run(&self, slot: &Slot) -> bool {
        let due = match self.alignment {
            Alignment::End => slot.closes,
            Alignment::Start | Alignment::Middle => slot.opens,
        };
        self.clock.stops_at.is_none_or(|stop| due <= stop)
    }
}

/// The random numbers of a camera's pulses.
struct Draws {
    exposure: Stream,
    offset: Stream,
    flash_start: Stream,
    flash_end: Stream,
    trigger: Stream,
}

impl Draws {
    fn new(seed: u64, camera: usize) -> Draws {
        Draws {
            exposure: Stream::new(seed, Purpose::ExposureTime, camera),
            offset: Stream::new(seed, Purpose::ExposureOffset, camera),
            flash_start: Stream::new(seed, Purpose::FlashStart, camera),
            flash_end: Stream::new(seed, Purpose::FlashEnd, camera),
            trigger: Stream::new(seed, Purpose::TriggerLatency, camera),
        }
    }
}

fn frame(plan: &CameraPlan, slot: Slot, draws: &Draws) -> FrameTruth {
    let boundary = match plan.alignment {
        Alignment::End => slot.closes,
        Alignment::Start | Alignment::Middle => slot.opens,
    };
    let exposures = exposures(plan, slot, boundary, draws);
    let trigger = plan.trigger.and_then(|trigger| trigger_pulse(trigger, slot, boundary, draws));
    let readout_of = |exposure: &TruePulse| {
        plan.readout.and_then(|readout| TruePulse::lasting(exposure.end() + readout.start, readout.time))
    };
    FrameTruth {
        number: slot.number,
        opens: slot.opens,
        closes: slot.closes,
        lines: slot.lines,
        trigger,
        fsin: plan.fsin_width.and_then(|width| TruePulse::lasting(boundary, width)),
        flashes: flashes(plan, slot, &exposures, draws),
        readouts: exposures.iter().filter_map(readout_of).collect(),
        exposures,
    }
}

/// The host's trigger that leads to the FSIN edge at `boundary`.
fn trigger_pulse(trigger: TriggerPlan, slot: Slot, boundary: Femtos, draws: &Draws) -> Option<TruePulse> {
    let start = boundary - trigger.latency - trigger.jitter.draw(&mut draws.trigger.at(slot.number));
    TruePulse::lasting(start, trigger.width)
}

fn exposures(plan: &CameraPlan, slot: Slot, boundary: Femtos, draws: &Draws) -> Vec<TruePulse> {
    let warm_up = plan.warm_up.as_ref().filter(|warm_up| slot.number < warm_up.frames);
    let stated = warm_up.and_then(|warm_up| warm_up.exposure).or(cyclic(&plan.exposures, slot.number).copied());
    let mut random = draws.exposure.at(slot.number);
    let anchor = boundary + plan.offset + plan.offset_jitter.draw(&mut draws.offset.at(slot.number));
    (0..i128::from(plan.burst.get()))
        .filter_map(|pulse| {
            let time = stated? + plan.exposure_jitter.draw(&mut random);
            let start = match plan.alignment {
                Alignment::End => anchor - time,
                Alignment::Middle => anchor - time.halved(),
                Alignment::Start => anchor + plan.burst_spacing.times(pulse),
            };
            TruePulse::lasting(start, time)
        })
        .collect()
}

/// The flash pulses of a frame: one for each exposure where the flash begins with the exposure, else one. A flash that
/// would end before it begins is not lit.
fn flashes(plan: &CameraPlan, slot: Slot, exposures: &[TruePulse], draws: &Draws) -> Vec<FlashTruth> {
    let Some(flash) = &plan.flash else { return Vec::new() };
    let (mut at_start, mut at_end) = (draws.flash_start.at(slot.number), draws.flash_end.at(slot.number));
    let mut pulse = |begins: Femtos, exposure_end: Option<Femtos>| {
        let start = begins + flash.start_jitter.draw(&mut at_start);
        let end = match flash.end {
            FlashEnd::Lag(lag) => exposure_end? + lag,
            FlashEnd::OnTime(time) => start + time,
        };
        TruePulse::between(start, end + flash.end_jitter.draw(&mut at_end))
    };
    let pulses: Vec<TruePulse> = match flash.start {
        FlashStart::Lead(lead) => {
            exposures.iter().filter_map(|exposure| pulse(exposure.start() - lead, Some(exposure.end()))).collect()
        }
        FlashStart::Latency(latency) => {
            pulse(slot.opens + latency, exposures.last().map(TruePulse::end)).into_iter().collect()
        }
    };
    let lit = flash.lit(slot.number);
    pulses.into_iter().flat_map(|pulse| lit.iter().map(move |&line| FlashTruth { line, pulse })).collect()
}
