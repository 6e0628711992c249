//! How far times stray, as a scenario file states it.

use super::raw::RawJitter;
use crate::scenario::draws::Jitter;
use crate::scenario::error::Problem;
use crate::scenario::node::{Placed, Text};
use crate::scenario::time::Femtos;
use crate::scenario::values::{out_of_range, time_above_zero, time_from_zero};
use crate::units::Rational;

/// No time strays by more than an hour, so that the range of a random number fits 64 bits.
const MOST_STRAY_SECONDS: i128 = 3600;

/// A distribution: `{ uniform = T }`, `{ gaussian = SD, clip = T }` or `{ exponential = MEAN, clip = T }`.
pub(super) fn jitter(raw: Option<&Placed<RawJitter>>, what: &str) -> Result<Jitter, Problem> {
    const FORM: &str = "{ uniform = \"TIME\" }, { gaussian = \"TIME\", clip = \"TIME\" } or { exponential = \"MEAN\", clip = \"TIME\" }";
    const MOST_MEANS: i128 = 50;
    let Some(spanned) = raw else { return Ok(Jitter::None) };
    let stray = |text: &Text| {
        let stray = time_from_zero(text, what)?;
        let most = Femtos::from_seconds(&Rational::integer(MOST_STRAY_SECONDS));
        if most.is_some_and(|most| stray > most) {
            Err(out_of_range(text.span(), what, "within an hour"))
        } else {
            Ok(stray)
        }
    };
    let raw = spanned.get_ref();
    match (&raw.uniform, &raw.gaussian, &raw.exponential, &raw.clip) {
        (Some(most), None, None, None) => Ok(Jitter::Uniform { most: stray(most)? }),
        (None, Some(sd), None, Some(clip)) => Ok(Jitter::Gaussian { sd: stray(sd)?, clip: stray(clip)? }),
        (None, None, Some(text), Some(clip)) => {
            let (mean, clip) = (time_above_zero(text, what)?, stray(clip)?);
            let sensible = clip <= mean.times(MOST_MEANS) && stray(text)? <= clip;
            let range =
                || out_of_range(text.span(), what, "an exponential of 1/50 of the clip or more, and not above it");
            if sensible { Ok(Jitter::Exponential { mean, clip }) } else { Err(range()) }
        }
        (Some(_) | None, _, _, _) => Err(Problem::expected(spanned.span(), FORM)),
    }
}
