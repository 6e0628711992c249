//! Which instant of the exposure a camera's timestamps mark, found by regression on the exposure time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::sums::{Straight, median};
use crate::units::{Rational, Rounding};

/// The instant of the exposure that a timestamp marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "convention")]
#[strum(serialize_all = "lowercase")]
pub enum Convention {
    /// Its end: the frame boundary of an end-aligned camera, MIPI start of frame.
    End,
    /// Its middle.
    Middle,
    /// Its start.
    Start,
}

impl Convention {
    /// All of them, the usual one first.
    pub const ALL: [Convention; 3] = [Convention::End, Convention::Middle, Convention::Start];

    /// The word for it: `end`.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }

    /// How a timestamp moves against the end of the exposure, per exposure time.
    #[must_use]
    pub fn slope(self) -> Rational {
        match self {
            Convention::End => Rational::ZERO,
            Convention::Middle => -Rational::ONE.half(),
            Convention::Start => Rational::integer(-1),
        }
    }
}

/// What a regression of the timestamps on the exposure time shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognition {
    /// One convention is within its bounds.
    Recognised {
        /// Which.
        convention: Convention,
        /// The slope of timestamp − STROBE end over the exposure time.
        slope: Rational,
        /// How far that may be off.
        bound: Rational,
    },
    /// None is: the timestamps move with the exposure in another way.
    Neither {
        /// The slope.
        slope: Rational,
        /// How far that may be off.
        bound: Rational,
    },
    /// Several are: the exposure time varies too little.
    ExposureConstant,
}

impl Recognition {
    /// The convention, where one was recognised.
    #[must_use]
    pub fn convention(&self) -> Option<Convention> {
        match self {
            Recognition::Recognised { convention, .. } => Some(*convention),
            Recognition::Neither { .. } | Recognition::ExposureConstant => None,
        }
    }
}

/// A timestamp, the end of its exposure, and how long that was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exposed {
    /// The end, in any whole unit.
    pub(super) end: i128,
    /// The exposure time in femtoseconds.
    pub(super) width: i128,
    /// The timestamp in femtoseconds.
    pub(super) time: i128,
}

/// More frames than this tell nothing new, and cost.
const MOST: usize = 2000;
/// Frames beyond this many times the median residual are left out.
const OUTLIER: i128 = 6;
const ROUNDS: usize = 4;

/// Regresses time on end and width. `known` is how far an edge and a timestamp may be off together, in femtoseconds.
pub(super) fn recognise(frames: &[Exposed], known: i128) -> Recognition {
    let step = frames.len().div_ceil(MOST).max(1);
    let mut kept: Vec<Exposed> = frames.iter().copied().step_by(step).collect();
    let mut fitted = None;
    for _ in 0..ROUNDS {
        let Some((slope, bound, residuals)) = regress(&kept, known) else { break };
        fitted = Some((slope, bound));
        let typical = median(residuals.iter().map(|residual| residual.abs()).collect()).unwrap_or(0);
        let reach = typical.saturating_mul(OUTLIER).max(known.saturating_mul(2));
        let near = kept.iter().zip(&residuals).filter(|(_, residual)| residual.abs() <= reach);
        let near: Vec<Exposed> = near.map(|(frame, _)| *frame).collect();
        if near.len() == kept.len() {
            break;
        }
        kept = near;
    }
    let Some((slope, bound)) = fitted else { return Recognition::ExposureConstant };
    let is_possible = |convention: &Convention| (&convention.slope() - &slope).abs() <= bound;
    let possible: Vec<Convention> = Convention::ALL.into_iter().filter(is_possible).collect();
    match possible.as_slice() {
        [convention] => Recognition::Recognised { convention: *convention, slope, bound },
        [] => Recognition::Neither { slope, bound },
        [..] => Recognition::ExposureConstant,
    }
}

/// The slope of time over width with its bound, at a fitted rate, and the residuals in femtoseconds: both are first freed
/// of what a straight line over the ends explains, and one is then regressed on the other (Frisch, Waugh and Lovell). None
/// where the widths are a straight line themselves.
fn regress(frames: &[Exposed], known: i128) -> Option<(Rational, Rational, Vec<i128>)> {
    let first = *frames.first()?;
    let freed = |value: &dyn Fn(&Exposed) -> i128| -> Option<Vec<i128>> {
        let points: Vec<(i128, i128)> = frames.iter().map(|frame| (frame.end - first.end, value(frame))).collect();
        let line = Straight::fit(&points)?;
        points.iter().map(|&point| line.residual(point).to_integer(Rounding::Nearest)).collect()
    };
    let widths = freed(&|frame| frame.width - first.width)?;
    let times = freed(&|frame| frame.time - first.time)?;
    let sum = |terms: &mut dyn Iterator<Item = Rational>| terms.fold(Rational::ZERO, |sum, term| sum + term);
    let product = |a: &i128, b: &i128| Rational::integer(*a).times(*b);
    let squares = sum(&mut widths.iter().map(|width| product(width, width)));
    let slope = sum(&mut widths.iter().zip(&times).map(|(w, t)| product(w, t))).checked_div(&squares)?;
    let residuals: Option<Vec<i128>> = (widths.iter().zip(&times))
        .map(|(width, time)| (Rational::integer(*time) - slope.times(*width)).to_integer(Rounding::Nearest))
        .collect();
    let residuals = residuals?;
    let largest = residuals.iter().map(|residual| residual.abs()).max()?;
    let absolute = sum(&mut widths.iter().map(|width| Rational::integer(width.abs())));
    // Two femtoseconds cover what was rounded.
    let error = Rational::integer(largest.checked_add(known)?.checked_add(2)?);
    Some((slope, (error * absolute).checked_div(&squares)?, residuals))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i128 = 1_000_000_000_000;

    /// 60 frames of 33.333 ms that last 20, 10 and 30 ms in turn, or 20 ms each, and a clock that is 20 ppm fast.
    fn frames(mark: Convention, widths: [i128; 3]) -> Vec<Exposed> {
        let frame = |n: i128| {
            let (end, width) = (33_333_333_333_333 * n, widths[(n % 3) as usize] * MS);
            let marked = match mark {
                Convention::End => end,
                Convention::Middle => end - width / 2,
                Convention::Start => end - width,
            };
            // Up to 4 µs of noise.
            let noise = (n * 7919 % 9 - 4) * 1_000_000_000;
            Exposed { end, width, time: 5000 * MS + marked + marked / 50_000 + noise }
        };
        (1..=60).map(frame).collect()
    }

    #[test]
    fn each_convention_is_recognised() {
        for mark in Convention::ALL {
            let found = recognise(&frames(mark, [20, 10, 30]), 2_000_000_000);
            let Recognition::Recognised { convention, slope, bound } = found else { panic!("{mark:?}: {found:?}") };
            assert_eq!(convention, mark);
            // Noise of 4 µs and 2 µs of edges over deviations of up to 10 ms, two thirds of them: 6 µs·20/(200 ms).
            assert!(bound < Rational::decimal(1, -3), "{bound:?}");
            assert!((slope - mark.slope()).abs() <= bound);
        }
    }

    #[test]
    fn one_late_timestamp_hides_nothing() {
        let mut late = frames(Convention::Start, [20, 10, 30]);
        late[30].time += 15 * MS;
        assert_eq!(recognise(&late, 2_000_000_000).convention(), Some(Convention::Start));
    }

    #[test]
    fn a_constant_exposure_tells_nothing() {
        assert_eq!(recognise(&frames(Convention::End, [20; 3]), 2_000_000_000), Recognition::ExposureConstant);
        assert_eq!(recognise(&[], 0), Recognition::ExposureConstant);
    }

    #[test]
    fn another_dependence_is_neither() {
        let mut odd = frames(Convention::End, [20, 10, 30]);
        for frame in &mut odd {
            frame.time += frame.width / 4;
        }
        let found = recognise(&odd, 2_000_000_000);
        assert!(matches!(found, Recognition::Neither { .. }), "{found:?}");
    }
}
