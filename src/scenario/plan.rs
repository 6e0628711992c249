//! What a scenario asks for, read and checked: how each camera runs, and what its lines show.

use std::num::NonZeroU32;

use super::draws::Jitter;
use super::log_plan::LogPlan;
use super::time::{FEMTOS_PER_SECOND, Femtos};
use crate::rig::{Alignment, Overlap, Polarity, Role, Shutter, StrobeShows};
use crate::units::{Rational, Rounding};

/// The exact length of a frame; a third of a femtosecond is not lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    /// Its whole femtoseconds, above 0.
    pub(super) whole: Femtos,
    /// What is left, in femtoseconds: at or above 0 and below 1.
    pub(super) fraction: Rational,
}

impl Period {
    /// A period of these seconds; `None` unless it is a femtosecond or more, and fits.
    pub(super) fn from_seconds(seconds: &Rational) -> Option<Period> {
        let femtos = seconds * &Rational::integer(FEMTOS_PER_SECOND);
        let whole = femtos.to_integer(Rounding::Down)?;
        let fraction = &femtos - &Rational::integer(whole);
        (whole > 0).then_some(Period { whole: Femtos::new(whole), fraction })
    }
}

/// When a camera begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// It has been running for ever; boundary 0 lies here.
    Running(Femtos),
    /// It is switched on here: boundary 0, with nothing before it.
    SwitchedOn(Femtos),
}

/// The first frames of a camera that was switched on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WarmUp {
    /// How many they are: those with a number below it.
    pub(super) frames: i64,
    /// How long each is; none: as the others.
    pub(super) period: Option<Period>,
    /// How long each exposes; none: as the others.
    pub(super) exposure: Option<Femtos>,
}

/// A camera's own frame clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnClock {
    pub(super) start: Start,
    /// Nothing is begun that would end after this.
    pub(super) stops_at: Option<Femtos>,
    pub(super) period: Period,
    pub(super) jitter: Jitter,
    /// How it is kept near the first camera; none: not at all.
    pub(super) soft_sync: Option<Box<SoftSync>>,
}

/// Soft sync: before each frame the camera's boundary is compared with the first camera's nearest one, and the frame is
/// made shorter or longer by whole lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SoftSync {
    /// How long a line is, above 0.
    pub(super) line: Femtos,
    /// The most lines by which a frame is changed, above 0.
    pub(super) most: i64,
    /// A skew up to this is left alone; at or above 0.
    pub(super) within: Femtos,
}

impl SoftSync {
    /// By how many lines a frame is lengthened that begins this much after the first camera's.
    pub(super) fn lines(&self, skew: Femtos) -> i64 {
        if skew.abs() <= self.within {
            return 0;
        }
        // To the nearest line.
        let lines = (skew.get() * 2 + self.line.get()).div_euclid(self.line.get() * 2);
        let most = i128::from(self.most);
        i64::try_from(-lines.clamp(-most, most)).unwrap_or(0)
    }

    /// The most that a frame is changed by.
    pub(super) fn bound(&self) -> Femtos {
        self.line.times(i128::from(self.most))
    }
}

/// What a camera's frames are timed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Clock {
    Own(OwnClock),
    /// The first camera's boundaries, all later by this much.
    Follows {
        skew: Femtos,
    },
}

/// Where a flash begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FlashStart {
    /// This long before each exposure of the frame starts.
    Lead(Femtos),
    /// This long after the FSIN edge that opens the frame.
    Latency(Femtos),
}

/// Where a flash ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FlashEnd {
    /// This long after the exposure ends.
    Lag(Femtos),
    /// This long after it began.
    OnTime(Femtos),
}

/// Which flash lines are lit in which frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FlashPattern {
    /// All of them in every frame.
    All,
    /// One, or none, for each frame in turn; the numbers are places in the camera's flash lines.
    Turns(Vec<Option<usize>>),
}

/// How a camera's flash is lit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FlashPlan {
    /// Its lines, by their place in [`Scenario::wires`](super::Scenario).
    pub(super) lines: Vec<usize>,
    pub(super) pattern: FlashPattern,
    pub(super) start: FlashStart,
    pub(super) start_jitter: Jitter,
    pub(super) end: FlashEnd,
    pub(super) end_jitter: Jitter,
}

/// The host's trigger pulse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TriggerPlan {
    /// From its edge to FSIN's.
    pub(super) latency: Femtos,
    /// Of the latency: FSIN keeps its place, the trigger comes earlier or later.
    pub(super) jitter: Jitter,
    pub(super) width: Femtos,
}

/// When an exposure is read out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReadoutPlan {
    /// From the end of the exposure.
    pub(super) start: Femtos,
    pub(super) time: Femtos,
}

/// When a camera is not ready for a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReadyPlan {
    /// From FSIN on, later by this, of a start-aligned camera; of an end-aligned one from its exposure on.
    pub(super) latency: Femtos,
    /// Until its last exposure has ended, later by this.
    pub(super) recovery: Femtos,
}

/// How one camera runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CameraPlan {
    pub(super) name: String,
    pub(super) alignment: Alignment,
    pub(super) shutter: Shutter,
    /// What STROBE shows of a rolling shutter.
    pub(super) strobe_shows: StrobeShows,
    /// How long it takes after an exposure until it can begin another, in seconds.
    pub(super) recovery: Rational,
    pub(super) overlap: Overlap,
    pub(super) clock: Clock,
    pub(super) warm_up: Option<WarmUp>,
    /// The exposure of frame *n* is entry *n* modulo their number; never empty, each above 0.
    pub(super) exposures: Vec<Femtos>,
    pub(super) exposure_jitter: Jitter,
    /// From FSIN's edge to the end (end-aligned), the start (start-aligned) or the middle (middle-aligned) of the exposure.
    pub(super) offset: Femtos,
    pub(super) offset_jitter: Jitter,
    /// FSIN's width; none: it has no FSIN of its own.
    pub(super) fsin_width: Option<Femtos>,
    /// FSIN pulses per frame, and from the start of one to the next.
    pub(super) fsin_per_frame: NonZeroU32,
    pub(super) fsin_spacing: Femtos,
    /// Exposures per trigger.
    pub(super) burst: NonZeroU32,
    /// From the start of one exposure of a burst to the next.
    pub(super) burst_spacing: Femtos,
    /// The first exposures of each burst, whose images are discarded: STROBE shows them, the log does not.
    pub(super) discard: u32,
    pub(super) trigger: Option<TriggerPlan>,
    pub(super) readout: Option<ReadoutPlan>,
    pub(super) ready: Option<ReadyPlan>,
    pub(super) flash: Option<FlashPlan>,
    /// The frame rate that it is set to, in hertz: that of its nominal frame time.
    pub(super) frame_rate: Rational,
    pub(super) log: LogPlan,
}

impl CameraPlan {
    /// How far from its frame a pulse of it may lie, at most.
    pub(super) fn reach(&self) -> Femtos {
        let warm_exposure = self.warm_up.as_ref().and_then(|warm_up| warm_up.exposure);
        let longest = self.exposures.iter().copied().chain(warm_exposure).max().unwrap_or_default();
        let exposure = longest + self.exposure_jitter.bound();
        let burst = self.burst_spacing.times(i128::from(self.burst.get()));
        let fsin = self.fsin_width.unwrap_or_default()
            + self.fsin_spacing.times(i128::from(self.fsin_per_frame.get()))
            + self.trigger.map_or(Femtos::ZERO, |t| t.latency + t.jitter.bound() + t.width);
        let readout = self.readout.map_or(Femtos::ZERO, |readout| readout.start.abs() + readout.time);
        let ready = self.ready.map_or(Femtos::ZERO, |ready| ready.latency + ready.recovery);
        let flash = self.flash.as_ref().map_or(Femtos::ZERO, FlashPlan::reach);
        let skew = match &self.clock {
            Clock::Own(_) => Femtos::ZERO,
            Clock::Follows { skew } => skew.abs(),
        };
        self.offset.abs() + self.offset_jitter.bound() + exposure + burst + fsin + readout + ready + flash + skew
    }

    /// The shortest frame of its own clock; none where it follows another's.
    pub(super) fn shortest_frame(&self) -> Option<Femtos> {
        let Clock::Own(clock) = &self.clock else { return None };
        let warm = self.warm_up.as_ref().and_then(|warm_up| warm_up.period.as_ref());
        let shortest = warm.map_or(clock.period.whole, |warm| warm.whole.min(clock.period.whole));
        Some(shortest - clock.jitter.bound() - clock.soft_sync.as_ref().map_or(Femtos::ZERO, |sync| sync.bound()))
    }
}

impl FlashPlan {
    fn reach(&self) -> Femtos {
        let (FlashStart::Lead(start) | FlashStart::Latency(start)) = self.start;
        let (FlashEnd::Lag(end) | FlashEnd::OnTime(end)) = self.end;
        start.abs() + end.abs() + self.start_jitter.bound() + self.end_jitter.bound()
    }

    /// The line lit in this frame, as the places that are lit.
    pub(super) fn lit(&self, frame: i64) -> &[usize] {
        match &self.pattern {
            FlashPattern::All => &self.lines,
            FlashPattern::Turns(turns) => {
                let turn = cyclic(turns, frame).copied().flatten();
                turn.and_then(|turn| self.lines.get(turn..=turn)).unwrap_or(&[])
            }
        }
    }
}

/// The entry of a repeating sequence for a frame, which may be below 0; `None` of an empty one.
pub(super) fn cyclic<T>(sequence: &[T], frame: i64) -> Option<&T> {
    let length = i64::try_from(sequence.len()).ok().filter(|&length| length > 0)?;
    usize::try_from(frame.rem_euclid(length)).ok().and_then(|place| sequence.get(place))
}

/// A wire: a line of a camera, and the probe that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WirePlan {
    pub(super) role: Role,
    /// The flash line's name where a camera has several.
    pub(super) name: Option<String>,
    /// The camera that drives it, by its place.
    pub(super) camera: usize,
    /// Its probe, by its place in the scenario's probes; no two wires share one.
    pub(super) probe: usize,
    pub(super) polarity: Polarity,
}

impl WirePlan {
    /// The key of the line: `strobe`, `flash.A`.
    pub(super) fn key(&self) -> String {
        match &self.name {
            Some(name) => format!("{}.{name}", self.role.key()),
            None => self.role.key().to_owned(),
        }
    }
}
