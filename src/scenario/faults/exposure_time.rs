//! Faults of the length of exposures: scaled, alternating, automatic, changed late. The flash follows.

use super::frames::FrameSet;
use super::{Fault, FaultKind, Given};
use crate::rig::Alignment;
use crate::scenario::error::Problem;
use crate::scenario::lines::TruePulse;
use crate::scenario::node::Text;
use crate::scenario::time::Femtos;
use crate::scenario::truth::FrameTruth;
use crate::scenario::values::{out_of_range, time_from_zero, value};
use crate::units::{Rational, Rounding, Unit};

/// No exposure grows beyond this many times its length.
const MOST_PERCENT: i128 = 1000;

/// All exposures are wrong by the same factor.
pub(super) static SCALED_EXPOSURE: FaultKind = FaultKind {
    id: "scaled-exposure",
    about: "every exposure lasts `scale` (a percentage) of what is stated",
    takes: &["camera", "scale"],
    example: "scale = \"104.3 %\"",
    read: |given| {
        let text: Text = given.needed("scale")?;
        let percent = value(&text, Unit::Percent)?;
        if !percent.is_positive() || percent > Rational::integer(MOST_PERCENT) {
            return Err(out_of_range(text.span(), "scale", "above 0 % and at most 1000 %"));
        }
        let length = Length::Scaled(&percent * &Rational::decimal(1, -2));
        exposures_last(given, FrameSet::All, length)
    },
};

/// Every other exposure is nearly nothing.
pub(super) static ALTERNATING_EXPOSURE: FaultKind = FaultKind {
    id: "alternating-exposure",
    about: "every second exposure lasts `time`",
    takes: &["camera", "time"],
    example: "time = \"200 us\"",
    read: |given| {
        let length = Length::Fixed(given.time_above_zero("time")?);
        exposures_last(given, FrameSet::Every { step: 2, from: i64::MIN / 4 }, length)
    },
};

/// Exposures follow the light.
pub(super) static AUTO_EXPOSURE: FaultKind = FaultKind {
    id: "auto-exposure",
    about: "exposures wander by up to `amount` from what is stated, in steps of `step` (default: none), one way for `over` \
            frames (default 8) and then back",
    takes: &["camera", "amount", "step", "over"],
    example: "amount = \"2 ms\"",
    read: |given| {
        let step: Option<Text> = given.stated("step")?;
        let length = Length::Wandering {
            amount: given.time_above_zero("amount")?,
            step: step.map_or(Ok(Femtos::ZERO), |step| time_from_zero(&step, "step"))?,
            over: i64::from(given.stated::<u32>("over")?.unwrap_or(8).max(1)),
        };
        exposures_last(given, FrameSet::All, length)
    },
};

/// The setting takes effect late.
pub(super) static LATE_EXPOSURE_CHANGE: FaultKind = FaultKind {
    id: "late-exposure-change",
    about: "exposures before frame `until` last `time`: the setting in force before",
    takes: &["camera", "until", "time"],
    example: "until = 4\ntime = \"1 ms\"",
    read: |given| {
        let length = Length::Before { until: given.needed("until")?, time: given.time_above_zero("time")? };
        exposures_last(given, FrameSet::All, length)
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

fn exposures_last(given: &Given<'_>, frames: FrameSet, length: Length) -> Result<Fault, Problem> {
    let reach = match &length {
        // An exposure is at most a frame or so; its neighbours are simulated anyway.
        Length::Scaled(_) => Femtos::ZERO,
        Length::Fixed(time) | Length::Before { time, .. } => *time,
        Length::Wandering { amount, .. } => *amount,
    };
    given.events(reach, move |camera, random| {
        let alignment = camera.alignment;
        frames.strike(camera, random, |frame| lengthen(frame, alignment, &length));
    })
}

/// Gives each exposure of the frame its length; the free edge of the exposure takes that of the flash along.
fn lengthen(frame: &mut FrameTruth, alignment: Alignment, length: &Length) {
    let number = frame.number;
    for exposure in &mut frame.exposures {
        let longer = length.of(number, exposure.width()) - exposure.width();
        let Some(changed) = lengthened(exposure, alignment, longer) else { continue };
        *exposure = changed;
        for flash in &mut frame.flashes {
            if let Some(changed) = lengthened(&flash.pulse, alignment, longer) {
                flash.pulse = changed;
            }
        }
        let ends_later = match alignment {
            Alignment::End => Femtos::ZERO,
            Alignment::Start => longer,
            Alignment::Middle => longer - longer.halved(),
        };
        frame.readouts.iter_mut().for_each(|readout| *readout = readout.later(ends_later));
    }
}

/// A pulse whose free edge moves, or both of them, so that it lasts longer; `None` where nothing would be left of it.
pub(super) fn lengthened(pulse: &TruePulse, alignment: Alignment, longer: Femtos) -> Option<TruePulse> {
    match alignment {
        Alignment::End => TruePulse::between(pulse.start() - longer, pulse.end()),
        Alignment::Start => TruePulse::between(pulse.start(), pulse.end() + longer),
        Alignment::Middle => TruePulse::lasting(pulse.start() - longer.halved(), pulse.width() + longer),
    }
}
