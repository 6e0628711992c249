//! Faults of when frames come: steps, swings, jitter and drift.

use super::{Fault, FaultKind, Given};
use crate::scenario::draws::{Jitter, Stream};
use crate::scenario::error::Problem;
use crate::scenario::time::Femtos;
use crate::scenario::truth::FrameTruth;
use crate::scenario::values::clock_error;
use crate::units::{Rational, Rounding};

/// The camera begins anew.
pub(super) static PHASE_RESET: FaultKind = FaultKind {
    id: "phase-reset",
    about: "from frame `frame` on, everything comes later by `by`",
    takes: &["camera", "frame", "by"],
    example: "frame = 5\nby = \"3 ms\"",
    read: |given| {
        let how = How::Step { frame: given.needed("frame")?, by: given.time("by")? };
        moved(given, What::Frames, how)
    },
};

/// A control loop that seeks its rate.
pub(super) static SYNC_HUNTING: FaultKind = FaultKind {
    id: "sync-hunting",
    about: "frame boundaries swing by `amount` to either side, once in `period` frames (default 12), half as far after \
            `decay` frames (default: always as far)",
    takes: &["camera", "amount", "period", "decay"],
    example: "amount = \"200 us\"",
    read: |given| {
        let how = How::Swing {
            amount: given.time_above_zero("amount")?,
            period: i64::from(given.stated::<u32>("period")?.unwrap_or(12).max(4)),
            decay: given.stated::<u32>("decay")?.map(|decay| i64::from(decay.max(1))),
        };
        moved(given, What::Frames, how)
    },
};

/// The frame clock jitters, FSIN and all.
pub(super) static FRAME_JITTER: FaultKind = FaultKind {
    id: "frame-jitter",
    about: "each frame, FSIN and all, comes earlier or later by up to `amount`: a trigger made by software",
    takes: &["camera", "amount"],
    example: "amount = \"500 us\"",
    read: |given| jittery(given, What::Frames),
};

/// The exposures jitter under a steady FSIN.
pub(super) static STROBE_JITTER: FaultKind = FaultKind {
    id: "strobe-jitter",
    about: "each exposure, with its flash and readout, comes earlier or later by up to `amount`; FSIN is steady",
    takes: &["camera", "amount"],
    example: "amount = \"500 us\"",
    read: |given| jittery(given, What::Exposures),
};

/// A camera whose clock is not the others'.
pub(super) static CAMERA_DRIFT: FaultKind = FaultKind {
    id: "camera-drift",
    about: "a camera's exposures drift away from FSIN by `drift` (in ppm): its clock is not tied to it",
    takes: &["camera", "drift"],
    example: "drift = \"1000 ppm\"",
    read: |given| {
        let how = How::Drift(clock_error(&given.needed("drift")?, "drift")?);
        moved(given, What::Exposures, how)
    },
};

/// Software that keeps a camera near another.
pub(super) static SOFT_SYNC_STEPS: FaultKind = FaultKind {
    id: "soft-sync-steps",
    about: "a camera's exposures creep away by `step` in `every` frames (default 10), and then jump back",
    takes: &["camera", "step", "every"],
    example: "step = \"60 us\"",
    read: |given| {
        let every = i64::from(given.stated::<u32>("every")?.unwrap_or(10).max(2));
        let how = How::Sawtooth { step: given.time_above_zero("step")?, every };
        moved(given, What::Exposures, how)
    },
};

fn jittery(given: &Given<'_>, what: What) -> Result<Fault, Problem> {
    moved(given, what, How::Jitter(Jitter::Uniform { most: given.time_above_zero("amount")? }))
}

/// What of a frame is moved.
#[derive(Debug, Clone, Copy)]
enum What {
    /// All of it.
    Frames,
    /// What the camera does: not FSIN, and not the host's trigger.
    Exposures,
}

/// By how much a frame is moved.
#[derive(Debug)]
enum How {
    Step { frame: i64, by: Femtos },
    Swing { amount: Femtos, period: i64, decay: Option<i64> },
    Jitter(Jitter),
    Drift(Rational),
    Sawtooth { step: Femtos, every: i64 },
}

impl How {
    fn by(&self, frame: &FrameTruth, random: Stream) -> Femtos {
        match self {
            How::Step { frame: from, by } if frame.number >= *from => *by,
            How::Step { .. } => Femtos::ZERO,
            How::Swing { amount, period, decay } => swing(*amount, *period, *decay, frame.number),
            How::Jitter(jitter) => jitter.draw(&mut random.at(frame.number)),
            How::Drift(ratio) => {
                let by = &Rational::integer(frame.opens.get()) * ratio;
                by.to_integer(Rounding::Down).map_or(Femtos::ZERO, Femtos::new)
            }
            How::Sawtooth { step, every } => {
                let place = i128::from(frame.number.rem_euclid(*every));
                Femtos::new(step.get() * place / i128::from(*every))
            }
        }
    }

    fn bound(&self) -> Femtos {
        match self {
            How::Step { by, .. } => by.abs(),
            How::Swing { amount, .. } => *amount,
            How::Jitter(jitter) => jitter.bound(),
            // Frames that drift in from beyond the record are not simulated; the ends of a drift are not looked at.
            How::Drift(_) => Femtos::ZERO,
            How::Sawtooth { step, .. } => *step,
        }
    }
}

/// A swing that is exact in whole numbers: a parabola up and one down, which is within 6 % of a sine.
fn swing(amount: Femtos, period: i64, decay: Option<i64>, frame: i64) -> Femtos {
    let (place, half) = (i128::from(frame.rem_euclid(period)) * 2, i128::from(period));
    let (place, sign) = if place < half { (place, 1) } else { (place - half, -1) };
    let height = amount.get() * 4 * place * (half - place) / (half * half);
    let halvings = decay.map_or(0, |decay| u32::try_from(frame.max(0) / decay).unwrap_or(u32::MAX).min(100));
    Femtos::new(sign * (height >> halvings))
}

fn moved(given: &Given<'_>, what: What, how: How) -> Result<Fault, Problem> {
    given.events(how.bound(), move |camera, random| {
        for frame in &mut camera.frames {
            let by = how.by(frame, random);
            frame.exposures.iter_mut().chain(&mut frame.readouts).for_each(|pulse| *pulse = pulse.later(by));
            frame.flashes.iter_mut().for_each(|flash| flash.pulse = flash.pulse.later(by));
            if matches!(what, What::Frames) {
                frame.fsin = frame.fsin.map(|pulse| pulse.later(by));
                frame.trigger = frame.trigger.map(|pulse| pulse.later(by));
                (frame.opens, frame.closes) = (frame.opens + by, frame.closes + by);
            }
        }
    })
}
