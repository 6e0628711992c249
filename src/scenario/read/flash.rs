//! How a camera's flash is lit.

use super::camera::{CameraReader, refuse};
use super::jitter::jitter;
use super::raw::RawFlash;
use crate::rig::Role;
use crate::scenario::error::Problem;
use crate::scenario::node::{Placed, Text};
use crate::scenario::plan::{FlashEnd, FlashPattern, FlashPlan, FlashStart};
use crate::scenario::time::Femtos;
use crate::scenario::values::{conflicting, missing, out_of_range, time, time_above_zero};

impl CameraReader<'_> {
    /// The flash, given the shortest exposure of the camera.
    pub(super) fn flash(&self, shortest_exposure: Femtos) -> Result<Option<FlashPlan>, Problem> {
        let keys = "lead or .latency, and .lag or .on-time";
        let Some(raw) = self.of_line(Role::Flash, keys, |timing| timing.flash.as_ref())? else { return Ok(None) };
        let (start, end) = edges(raw)?;
        self.refuse_other_jitters(start, end)?;
        let start_jitter = match start {
            FlashStart::Lead(_) => self.stated.pick(|timing| timing.jitter.flash.lead.as_ref()),
            FlashStart::Latency(_) => self.stated.pick(|timing| timing.jitter.flash.latency.as_ref()),
        };
        let end_jitter = match end {
            FlashEnd::Lag(_) => self.stated.pick(|timing| timing.jitter.flash.lag.as_ref()),
            FlashEnd::OnTime(_) => self.stated.pick(|timing| timing.jitter.flash.on_time.as_ref()),
        };
        let start_jitter = jitter(start_jitter, "timing.jitter.flash")?;
        let end_jitter = jitter(end_jitter, "timing.jitter.flash")?;
        let shortest = match (start, end) {
            (FlashStart::Lead(lead), FlashEnd::Lag(lag)) => {
                shortest_exposure + lead + lag - start_jitter.bound() - end_jitter.bound()
            }
            (FlashStart::Lead(_) | FlashStart::Latency(_), FlashEnd::OnTime(time)) => time - end_jitter.bound(),
            // The exposures' place in the frame decides; one that is over before it begins is not lit.
            (FlashStart::Latency(_), FlashEnd::Lag(_)) => Femtos::new(1),
        };
        if shortest <= Femtos::ZERO {
            return Err(out_of_range(raw.span(), "timing.flash", "such that every flash ends after it starts"));
        }
        let lines = self.lines(Role::Flash);
        let pattern = self.pattern(raw.get_ref().pattern.as_ref(), &lines)?;
        Ok(Some(FlashPlan { lines, pattern, start, start_jitter, end, end_jitter }))
    }

    /// Jitter of an edge that is stated in another way.
    fn refuse_other_jitters(&self, start: FlashStart, end: FlashEnd) -> Result<(), Problem> {
        let raw = &self.stated.own.jitter.flash;
        match start {
            FlashStart::Lead(_) => {
                refuse(raw.latency.as_ref(), "timing.jitter.flash.latency", "timing.flash.latency")?;
            }
            FlashStart::Latency(_) => refuse(raw.lead.as_ref(), "timing.jitter.flash.lead", "timing.flash.lead")?,
        }
        match end {
            FlashEnd::Lag(_) => refuse(raw.on_time.as_ref(), "timing.jitter.flash.on-time", "timing.flash.on-time"),
            FlashEnd::OnTime(_) => refuse(raw.lag.as_ref(), "timing.jitter.flash.lag", "timing.flash.lag"),
        }
    }

    fn pattern(&self, pattern: Option<&Text>, lines: &[usize]) -> Result<FlashPattern, Problem> {
        const MOST_TURNS: usize = 1000;
        const FORM: &str = "1 to 1000 names of flash lines of one letter each, '-' for a dark frame, such as \"AB-\"";
        let Some(text) = pattern else { return Ok(FlashPattern::All) };
        let shape = || Problem::expected(text.span(), FORM);
        let named = |letter: char| {
            let name = Some(letter.to_string());
            lines.iter().position(|&line| self.wires.get(line).is_some_and(|wire| wire.name == name))
        };
        let turn = |letter: char| match letter {
            '-' => Ok(None),
            letter => named(letter).map(Some).ok_or_else(shape),
        };
        let turns = text.get_ref().chars().map(turn).collect::<Result<Vec<_>, _>>()?;
        if (1..=MOST_TURNS).contains(&turns.len()) { Ok(FlashPattern::Turns(turns)) } else { Err(shape()) }
    }
}

fn edges(spanned: &Placed<RawFlash>) -> Result<(FlashStart, FlashEnd), Problem> {
    let raw = spanned.get_ref();
    let start = match (&raw.lead, &raw.latency) {
        (Some(lead), None) => FlashStart::Lead(time(lead, "timing.flash.lead")?),
        (None, Some(latency)) => FlashStart::Latency(time(latency, "timing.flash.latency")?),
        (Some(_), Some(other)) => return Err(conflicting(other.span(), "timing.flash.latency", "timing.flash.lead")),
        (None, None) => {
            return Err(missing(spanned.span(), "timing.flash.lead", "state it, or timing.flash.latency"));
        }
    };
    let end = match (&raw.lag, &raw.on_time) {
        (Some(lag), None) => FlashEnd::Lag(time(lag, "timing.flash.lag")?),
        (None, Some(on_time)) => FlashEnd::OnTime(time_above_zero(on_time, "timing.flash.on-time")?),
        (Some(_), Some(other)) => return Err(conflicting(other.span(), "timing.flash.on-time", "timing.flash.lag")),
        (None, None) => {
            return Err(missing(spanned.span(), "timing.flash.lag", "state it, or timing.flash.on-time"));
        }
    };
    Ok((start, end))
}
