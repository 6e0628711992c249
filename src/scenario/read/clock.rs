//! What a camera's frames are timed by.

use super::camera::{CameraReader, refuse_jitter};
use super::jitter::jitter;
use super::raw::{RawFrame, RawSoftSync, RawTiming};
use crate::scenario::error::Problem;
use crate::scenario::node::{Placed, Text};
use crate::scenario::plan::{Clock, OwnClock, Period, SoftSync, Start, WarmUp};
use crate::scenario::time::Femtos;
use crate::scenario::values::{
    clock_error, conflicting, lacking, missing, out_of_range, time_above_zero, time_from_zero, value,
};
use crate::units::{Rational, Unit};

const MOST_WARM_UP: u32 = 100_000;
const MOST_LINES: u32 = 10_000;

impl<'a> CameraReader<'a> {
    /// Whether a further camera states anything of its own frames, and so does not follow the first one's.
    pub(super) fn runs_by_itself(&self) -> bool {
        let own = self.stated.own;
        let texts = [&own.frame.time, &own.frame.rate, &own.frame.drift, &own.offset, &own.starts_at, &own.stops_at];
        let tables = [own.warm_up.is_some(), own.jitter.frame.time.is_some(), own.soft_sync.is_some()];
        texts.into_iter().any(Option::is_some) || tables.contains(&true)
    }

    pub(super) fn own_clock(&self) -> Result<OwnClock, Problem> {
        let what = "timing.jitter.frame.time";
        let period = self.period()?;
        let raw = self.stated.pick(|timing| timing.jitter.frame.time.as_ref());
        let jitter = jitter(raw, what)?;
        let is_too_far = jitter.bound().times(4) > period.whole;
        refuse_jitter(raw, is_too_far, what, "at most a quarter of the frame time")?;
        let stops_at = self.stated.pick(|timing| timing.stops_at.as_ref());
        let stops_at = stops_at.map(|at| time_from_zero(at, "timing.stops_at")).transpose()?;
        let soft_sync =
            self.stated.own.soft_sync.as_ref().map(|raw| self.soft_sync(raw, &period).map(Box::new)).transpose()?;
        Ok(OwnClock { start: self.start(&period)?, stops_at, period, jitter, soft_sync })
    }

    fn soft_sync(&self, spanned: &Placed<RawSoftSync>, period: &Period) -> Result<SoftSync, Problem> {
        if self.place == 0 {
            return Err(lacking(spanned.span(), "timing.soft_sync", "an earlier camera to follow"));
        }
        let raw = spanned.get_ref();
        let line = time_above_zero(&raw.line, "timing.soft_sync.line")?;
        let within = raw.within.as_ref().map(|within| time_from_zero(within, "timing.soft_sync.within")).transpose()?;
        let lines = *raw.lines.get_ref();
        let sync = SoftSync { line, most: i64::from(lines), within: within.unwrap_or_default() };
        if !(1..=MOST_LINES).contains(&lines) || sync.bound().times(4) > period.whole {
            let range = "1 to 10000, together at most a quarter of the frame time";
            return Err(out_of_range(raw.lines.span(), "timing.soft_sync.lines", range));
        }
        Ok(sync)
    }

    /// The table that says when the camera starts.
    fn starts_by(&self) -> &'a RawTiming {
        let own = self.stated.own;
        let stated = own.offset.is_some() || own.starts_at.is_some();
        self.stated.shared.filter(|_| !stated).unwrap_or(own)
    }

    /// A camera of which nothing is said has its first boundary half a frame into the capture: well inside.
    fn start(&self, period: &Period) -> Result<Start, Problem> {
        let within = |text: &Text, what: &'static str| {
            let time = time_from_zero(text, what)?;
            let late = time > self.duration;
            if late { Err(out_of_range(text.span(), what, "within the duration")) } else { Ok(time) }
        };
        let timing = self.starts_by();
        match (&timing.offset, &timing.starts_at) {
            (Some(_), Some(at)) => Err(conflicting(at.span(), "timing.starts_at", "timing.offset")),
            (Some(offset), None) => within(offset, "timing.offset").map(Start::Running),
            (None, Some(at)) => within(at, "timing.starts_at").map(Start::SwitchedOn),
            (None, None) => Ok(Start::Running(Femtos::new(period.whole.get() / 2))),
        }
    }

    /// The table that states the frame time or rate.
    fn frame(&self) -> &'a RawFrame {
        let own = &self.stated.own.frame;
        let stated = own.time.is_some() || own.rate.is_some();
        self.stated.shared.filter(|_| !stated).map_or(own, |timing| &timing.frame)
    }

    /// The nominal frame time in seconds, and where it stands.
    pub(super) fn nominal_frame_time(&self) -> Result<(Rational, &'a Text), Problem> {
        let frame = self.frame();
        match (&frame.time, &frame.rate) {
            (Some(_), Some(rate)) => Err(conflicting(rate.span(), "timing.frame.rate", "timing.frame.time")),
            (Some(time), None) => Ok((value(time, Unit::Second)?, time)),
            (None, Some(rate)) => Ok((value(rate, Unit::Hertz)?.recip().unwrap_or(Rational::ZERO), rate)),
            (None, None) => {
                let remedy = "state it, such as \"1/30 s\", or timing.frame.rate";
                Err(missing(self.at.clone(), "timing.frame.time", remedy))
            }
        }
    }

    fn period(&self) -> Result<Period, Problem> {
        let (nominal, text) = self.nominal_frame_time()?;
        let drift = self.stated.pick(|timing| timing.frame.drift.as_ref());
        let drift = drift.map_or(Ok(Rational::ZERO), |drift| clock_error(drift, "timing.frame.drift"))?;
        sensible_period(&(&nominal * &(Rational::ONE + drift)), text, "the frame time")
    }

    pub(super) fn warm_up(&self, clock: &Clock) -> Result<Option<WarmUp>, Problem> {
        let Some(spanned) = self.stated.own.warm_up.as_ref().or(self.starts_by().warm_up.as_ref()) else {
            return Ok(None);
        };
        let raw = spanned.get_ref();
        let jitter = match clock {
            Clock::Own(OwnClock { start: Start::Running(_), .. }) => {
                let remedy = "timing.starts_at: a camera that has been running is warm";
                return Err(lacking(spanned.span(), "timing.warm_up", remedy));
            }
            Clock::Own(own) => own.jitter.bound(),
            Clock::Follows { .. } => Femtos::ZERO,
        };
        let frames = *raw.frames.get_ref();
        if !(1..=MOST_WARM_UP).contains(&frames) {
            return Err(out_of_range(raw.frames.span(), "timing.warm_up.frames", "1 to 100000"));
        }
        let period = raw.frame.time.as_ref().map(|text| warm_period(text, jitter)).transpose()?;
        let exposure = raw.exposure.time.as_ref();
        let exposure = exposure.map(|text| time_above_zero(text, "timing.warm_up.exposure.time")).transpose()?;
        if period.is_none() && exposure.is_none() {
            return Err(lacking(spanned.span(), "timing.warm_up", "a frame.time or exposure.time of its own"));
        }
        Ok(Some(WarmUp { frames: i64::from(frames), period, exposure }))
    }
}

fn warm_period(text: &Placed<String>, jitter: Femtos) -> Result<Period, Problem> {
    let what = "timing.warm_up.frame.time";
    let period = sensible_period(&value(text, Unit::Second)?, text, what)?;
    if jitter.times(4) > period.whole {
        return Err(out_of_range(text.span(), what, "at least four times timing.jitter.frame.time"));
    }
    Ok(period)
}

/// A frame time between what no sensor reaches and what no capture holds.
fn sensible_period(seconds: &Rational, text: &Text, what: &'static str) -> Result<Period, Problem> {
    let sensible = *seconds >= Rational::decimal(1, -6) && *seconds <= Rational::integer(7 * 24 * 3600);
    let period = Period::from_seconds(seconds).filter(|_| sensible);
    period.ok_or_else(|| out_of_range(text.span(), what, "1 us to a week"))
}
