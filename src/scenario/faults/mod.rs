//! Faults: what goes wrong in a scenario. Each kind does one thing, to the true events or to a line, before the analyzer
//! samples them; kinds combine in the order of the file.
//!
//! One file per family, one item per kind, one line each in [`FAULT_KINDS`].

mod contact;
mod electric;
mod exposure;
mod exposure_time;
mod flash;
mod frames;
mod fsin;
mod given;
mod line;
mod noise;
mod record;
mod source;
mod timing;
mod trigger;

use std::fmt;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeValue;

use super::draws::Stream;
use super::error::{MOST_FAULTS, Problem};
use super::lines::TrueLine;
use super::node::Text;
use super::sampler::Sampler;
use super::time::Femtos;
use super::truth::CameraTruth;
pub(super) use given::Places;
use given::{Given, deserialized};

/// A kind of fault: what `[[fault]] kind = "…"` may name.
#[derive(Debug)]
pub struct FaultKind {
    /// Its id.
    pub id: &'static str,
    /// What it does, as a sentence.
    pub about: &'static str,
    /// An example of its table, without the `kind`: its parameters with sensible values.
    pub example: &'static str,
    /// The keys of its table besides `kind`.
    takes: &'static [&'static str],
    read: fn(&Given<'_>) -> Result<Fault, Problem>,
}

impl FaultKind {
    /// The kind that is named.
    fn of(value: Spanned<DeValue<'_>>) -> Result<&'static FaultKind, Problem> {
        let name: Text = deserialized(value)?;
        let found = FAULT_KINDS.iter().copied().find(|kind| kind.id == name.get_ref());
        let ids: Vec<&str> = FAULT_KINDS.iter().map(|kind| kind.id).collect();
        found.ok_or_else(|| Problem::unknown("kind of fault", &name, &ids))
    }
}

/// Every kind, in the order in which lists show them.
pub static FAULT_KINDS: &[&FaultKind] = &[
    &exposure::LONG_EXPOSURE,
    &exposure::MISSING_STROBE,
    &exposure::EXTRA_STROBE,
    &exposure_time::SCALED_EXPOSURE,
    &exposure_time::ALTERNATING_EXPOSURE,
    &exposure_time::AUTO_EXPOSURE,
    &exposure_time::LATE_EXPOSURE_CHANGE,
    &trigger::MISSED_TRIGGER,
    &trigger::HALF_RATE,
    &trigger::DROPPED_FRAME,
    &trigger::START_TRANSIENT,
    &timing::PHASE_RESET,
    &timing::SYNC_HUNTING,
    &timing::FRAME_JITTER,
    &timing::STROBE_JITTER,
    &timing::CAMERA_DRIFT,
    &timing::SOFT_SYNC_STEPS,
    &fsin::MISSING_FSIN,
    &fsin::NARROW_FSIN,
    &source::FSIN_GENERATOR,
    &source::SECOND_DRIVER,
    &source::DOUBLE_TRIGGER,
    &flash::LATE_FLASH,
    &flash::SHORT_FLASH,
    &flash::MISSING_FLASH,
    &flash::FLASH_LEAK,
    &flash::LONG_FLASH,
    &flash::FLASH_PATTERN_SLIP,
    &line::DEAD_LINE,
    &line::STUCK_LINE,
    &line::INVERTED_LINE,
    &line::SWAPPED_LINES,
    &noise::FLOATING_LINE,
    &noise::MISSING_GROUND,
    &noise::CROSSTALK,
    &noise::GLITCHES,
    &contact::INTERMITTENT_CONTACT,
    &contact::BOUNCE,
    &contact::RINGING,
    &electric::SLOW_EDGE,
    &electric::MARGINAL_THRESHOLD,
    &record::DROPPED_SAMPLES,
    &record::STRIDE_NOISE,
    &record::REPEATED_SAMPLES,
];

/// A fault of a scenario.
#[derive(Clone)]
pub(super) struct Fault {
    /// How far it moves an edge or adds one, at most, or how much of what lies beyond the end of the record it brings into it.
    pub(super) reach: Femtos,
    pub(super) act: Act,
}

type OnEvents = dyn Fn(&mut CameraTruth, Stream) + Send + Sync;
type OnLines = dyn Fn(&mut [TrueLine], Record<'_>) + Send + Sync;

/// What a fault does, on the floor on which it acts.
#[derive(Clone)]
pub(super) enum Act {
    /// It changes what a camera, its trigger or its flash do, by random numbers of its own.
    Events { camera: usize, apply: Arc<OnEvents> },
    /// It changes what the lines show; their places are those of the wires.
    Lines(Arc<OnLines>),
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault").field("reach", &self.reach).finish_non_exhaustive()
    }
}

/// What a fault of lines may look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    /// When samples are taken.
    pub(super) sampler: &'a Sampler,
    /// The fault's own random numbers.
    pub(super) random: Stream,
}

/// Reads the faults of a scenario: the tables of `[[fault]]`.
pub(super) fn read(value: Option<Spanned<DeValue<'_>>>, places: &Places<'_>) -> Result<Vec<Fault>, Problem> {
    const FORM: &str = "a table for each fault: [[fault]]";
    let Some(value) = value else { return Ok(Vec::new()) };
    let at = value.span();
    let DeValue::Array(tables) = value.into_inner() else { return Err(Problem::expected(at, FORM)) };
    if tables.len() > MOST_FAULTS {
        return Err(Problem::new(at, format_args!("more than {MOST_FAULTS} faults")));
    }
    let mut faults = Vec::with_capacity(tables.len());
    for table in tables {
        let at = table.span();
        let DeValue::Table(inner) = table.into_inner() else { return Err(Problem::expected(at, FORM)) };
        faults.push(Given::read(Spanned::new(at, inner), places)?);
    }
    Ok(faults)
}

#[cfg(test)]
mod tests;
