//! Faults of the length of exposures: scaled, alternating, automatic, changed late. The flash follows.

use std::sync::Arc;

use serde::Deserialize;

use super::frames::FrameSet;
use super::{EventFault, Fault, FaultKind};
use crate::rig::Alignment;
use crate::scenario::draws::Stream;
use crate::scenario::error::{Problem, ScenarioErrorKind};
use crate::scenario::lines::TruePulse;
use crate::scenario::node::Text;
use crate::scenario::time::Femtos;
use crate::scenario::truth::{CameraTruth, FrameTruth};
use crate::scenario::values::{time_above_zero, time_from_zero, value};
use crate::units::{Rational, Rounding, Unit};

/// No exposure grows beyond this many times its length.
const MOST_PERCENT: i128 = 1000;

/// All exposures are wrong by the same factor.
pub(super) static SCALED_EXPOSURE: FaultKind = FaultKind {
    id: "scaled-exposure",
    about: "every exposure lasts `scale` (a percentage) of what is stated",
    example: "scale = \"104.3 %\"",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            scale: Text,
        }
        let raw: Raw = parameters.read()?;
        let percent = value(&raw.scale, Unit::Percent)?;
        if !percent.is_positive() || percent > Rational::integer(MOST_PERCENT) {
            let kind = ScenarioErrorKind::OutOfRange { what: "scale", range: "above 0 % and at most 1000 %" };
            return Err(Problem::new(raw.scale.span(), kind));
        }
        let factor = &percent * &Rational::decimal(1, -2);
        let camera = places.camera(raw.camera.as_ref())?;
        Ok(Fault::Events(Arc::new(ExposureTime { camera, frames: FrameSet::All, length: Length::Scaled(factor) })))
    },
};

/// Every other exposure is nearly nothing.
pub(super) static ALTERNATING_EXPOSURE: FaultKind = FaultKind {
    id: "alternating-exposure",
    about: "every second exposure lasts `time`",
    example: "time = \"200 us\"",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            time: Text,
        }
        let raw: Raw = parameters.read()?;
        let (camera, length) = (places.camera(raw.camera.as_ref())?, time_above_zero(&raw.time, "time")?);
        let frames = FrameSet::Every { step: 2, from: i64::MIN / 4 };
        Ok(Fault::Events(Arc::new(ExposureTime { camera, frames, length: Length::Fixed(length) })))
    },
};

/// Exposures follow the light.
pub(super) static AUTO_EXPOSURE: FaultKind = FaultKind {
    id: "auto-exposure",
    about: "exposures wander by up to `amount` from what is stated, in steps of `step` (default: none), one way for `over` \
            frames (default 8) and then back",
    example: "amount = \"2 ms\"",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            amount: Text,
            step: Option<Text>,
            over: Option<u32>,
        }
        let raw: Raw = parameters.read()?;
        let step = raw.step.as_ref().map(|step| time_from_zero(step, "step")).transpose()?.unwrap_or_default();
        let length = Length::Wandering {
            amount: time_above_zero(&raw.amount, "amount")?,
            step,
            over: i64::from(raw.over.unwrap_or(8).max(1)),
        };
        let camera = places.camera(raw.camera.as_ref())?;
        Ok(Fault::Events(Arc::new(ExposureTime { camera, frames: FrameSet::All, length })))
    },
};

/// The setting takes effect late.
pub(super) static LATE_EXPOSURE_CHANGE: FaultKind = FaultKind {
    id: "late-exposure-change",
    about: "exposures before frame `until` last `time`: the setting in force before",
    example: "until = 4\ntime = \"1 ms\"",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            until: i64,
            time: Text,
        }
        let raw: Raw = parameters.read()?;
        let length = Length::Before { until: raw.until, time: time_above_zero(&raw.time, "time")? };
        let camera = places.camera(raw.camera.as_ref())?;
        Ok(Fault::Events(Arc::new(ExposureTime { camera, frames: FrameSet::All, length })))
    },
};

/// How long an exposure lasts instead.
#[derive(Debug)]
enum Length {
    Scaled(Rational),
    Fixed(Femtos),
    Wandering { amount: Femtos, step: Femtos, over: i64 },
    Before { until: i64, time: Femtos },
}

impl Length {
    fn of(&self, frame: i64, stated: Femtos) -> Femtos {
        match self {
            Length::Scaled(factor) => {
                let scaled = &Rational::integer(stated.get()) * factor;
                scaled.to_integer(Rounding::Nearest).map_or(stated, Femtos::new)
            }
            Length::Fixed(time) => *time,
            Length::Wandering { amount, step, over } => {
                // A triangle between -amount and +amount.
                let place = frame.rem_euclid(2 * over);
                let up = if place <= *over { place } else { 2 * over - place };
                let stray = amount.get() * i128::from(2 * up - over) / i128::from(*over);
                let stepped = if *step > Femtos::ZERO { stray / step.get() * step.get() } else { stray };
                stated + Femtos::new(stepped)
            }
            Length::Before { until, time } if frame < *until => *time,
            Length::Before { .. } => stated,
        }
    }
}

#[derive(Debug)]
struct ExposureTime {
    camera: usize,
    frames: FrameSet,
    length: Length,
}

impl EventFault for ExposureTime {
    fn reach(&self) -> Femtos {
        match &self.length {
            // An exposure is at most a frame or so; its neighbours are simulated anyway.
            Length::Scaled(_) => Femtos::ZERO,
            Length::Fixed(time) | Length::Before { time, .. } => *time,
            Length::Wandering { amount, .. } => *amount,
        }
    }

    fn apply(&self, cameras: &mut [CameraTruth], random: Stream) {
        let Some(camera) = cameras.get_mut(self.camera) else { return };
        let alignment = camera.alignment;
        self.frames.strike(camera, random, |frame| self.lengthen(frame, alignment));
    }
}

impl ExposureTime {
    /// Gives each exposure of the frame its length; the free edge of the exposure takes that of the flash along.
    fn lengthen(&self, frame: &mut FrameTruth, alignment: Alignment) {
        let number = frame.number;
        for exposure in &mut frame.exposures {
            let longer = self.length.of(number, exposure.width()) - exposure.width();
            let Some(changed) = moved(exposure, alignment, longer) else { continue };
            *exposure = changed;
            for flash in &mut frame.flashes {
                if let Some(changed) = moved(&flash.pulse, alignment, longer) {
                    flash.pulse = changed;
                }
            }
            if alignment == Alignment::Start {
                for readout in &mut frame.readouts {
                    *readout = readout.later(longer);
                }
            }
        }
    }
}

/// A pulse whose free edge moves so that it lasts longer; `None` where nothing would be left of it.
fn moved(pulse: &TruePulse, alignment: Alignment, longer: Femtos) -> Option<TruePulse> {
    match alignment {
        Alignment::End => TruePulse::between(pulse.start() - longer, pulse.end()),
        Alignment::Start => TruePulse::between(pulse.start(), pulse.end() + longer),
    }
}
