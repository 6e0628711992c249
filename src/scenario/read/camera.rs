//! How each camera runs: from `[timing]` and the cameras' own timing to a [`CameraPlan`].

use std::num::NonZeroU32;
use std::ops::Range;

use super::jitter::jitter;
use super::raw::{RawJitter, RawReady, RawTiming};
use crate::rig::{Alignment, Overlap, OverlapKind, Role, Shutter, ShutterKind, StrobeShows};
use crate::scenario::draws::Jitter;
use crate::scenario::error::Problem;
use crate::scenario::node::{Placed, Text};
use crate::scenario::plan::{CameraPlan, Clock, ReadoutPlan, ReadyPlan, TriggerPlan, WirePlan};
use crate::scenario::time::Femtos;
use crate::scenario::values::{
    conflicting, lacking, missing, out_of_range, time, time_above_zero, time_from_zero, value,
};
use crate::units::{Rational, Unit};

/// The width of an FSIN or trigger pulse where none is stated: about that of the seed's drawing.
const USUAL_WIDTH: Femtos = Femtos::new(100_000_000_000);
const MOST_BURST: u32 = 1000;
const MOST_FSIN_PER_FRAME: u32 = 100;

/// What the tables of a camera say: its own first, then those of the first camera, which it shares.
#[derive(Clone, Copy)]
pub(super) struct Stated<'a> {
    pub(super) own: &'a RawTiming,
    pub(super) shared: Option<&'a RawTiming>,
}

impl<'a> Stated<'a> {
    pub(super) fn pick<T>(self, get: impl Fn(&'a RawTiming) -> Option<&'a T>) -> Option<&'a T> {
        get(self.own).or_else(|| self.shared.and_then(get))
    }
}

/// A camera of the file, on its way to a plan.
pub(super) struct CameraReader<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its place among the cameras; the first is 0.
    pub(super) place: usize,
    /// Where it stands in the file.
    pub(super) at: Range<usize>,
    pub(super) stated: Stated<'a>,
    pub(super) wires: &'a [WirePlan],
    /// How long the scenario lasts.
    pub(super) duration: Femtos,
}

impl<'a> CameraReader<'a> {
    /// The plan.
    pub(super) fn plan(&self) -> Result<CameraPlan, Problem> {
        let alignment = self.stated.pick(|timing| timing.alignment.as_ref());
        let alignment = alignment.map_or(Alignment::End, |alignment| *alignment.get_ref());
        let clock = self.clock()?;
        let warm_up = self.warm_up(&clock)?;
        let exposures = self.exposures()?;
        let shortest = exposures.iter().copied().chain(warm_up.as_ref().and_then(|warm_up| warm_up.exposure)).min();
        let (exposure_jitter, shortest) = self.exposure_jitter(shortest.unwrap_or_default())?;
        let (offset, offset_jitter) = self.offset(alignment)?;
        let (burst, burst_spacing) = self.burst(alignment)?;
        let (nominal, _) = self.nominal_frame_time()?;
        let (fsin_per_frame, fsin_spacing) = self.fsin_pulses(alignment)?;
        let shutter = self.shutter()?;
        Ok(CameraPlan {
            name: self.name.to_owned(),
            alignment,
            strobe_shows: self.strobe_shows(&shutter)?,
            shutter,
            recovery: self.recovery()?,
            overlap: self.overlap()?,
            clock,
            warm_up,
            exposures,
            exposure_jitter,
            offset,
            offset_jitter,
            fsin_width: self.fsin_width()?,
            fsin_per_frame,
            fsin_spacing,
            burst,
            burst_spacing,
            discard: self.discard(burst)?,
            trigger: self.trigger()?,
            readout: self.readout()?,
            ready: self.ready(alignment)?,
            flash: self.flash(shortest)?,
            frame_rate: nominal.recip().unwrap_or(Rational::ZERO),
            log: self.log()?,
        })
    }

    /// Its lines of this role, by their place among the wires.
    pub(super) fn lines(&self, role: Role) -> Vec<usize> {
        let mine = |wire: &WirePlan| wire.camera == self.place && wire.role == role;
        (0..).zip(self.wires).filter(|(_, wire)| mine(wire)).map(|(place, _)| place).collect()
    }

    /// What the first camera's clock is, or what it follows the first one by.
    fn clock(&self) -> Result<Clock, Problem> {
        let skew = self.stated.own.skew.as_ref();
        let further = self.place > 0;
        match (further && !self.runs_by_itself(), skew) {
            (true, skew) => {
                let skew = skew.map_or(Ok(Femtos::ZERO), |skew| time(skew, "timing.skew"))?;
                Ok(Clock::Follows { skew })
            }
            (false, None) => self.own_clock().map(Clock::Own),
            (false, Some(skew)) if further => {
                Err(conflicting(skew.span(), "timing.skew", "a frame time, start or stop of the camera's own"))
            }
            (false, Some(skew)) => Err(lacking(skew.span(), "timing.skew", "an earlier camera to follow")),
        }
    }

    fn exposures(&self) -> Result<Vec<Femtos>, Problem> {
        let texts = self.stated.pick(|timing| timing.exposure.time.as_ref());
        let texts = texts.map(|texts| texts.0.as_slice()).filter(|texts| !texts.is_empty());
        let what = "timing.exposure.time";
        let remedy = "state one time, such as \"20 ms\", or a list that repeats";
        let texts = texts.ok_or_else(|| missing(self.at.clone(), what, remedy))?;
        texts.iter().map(|text| time_above_zero(text, what)).collect()
    }

    /// The jitter of the exposure time, and the shortest exposure that it leaves.
    fn exposure_jitter(&self, shortest: Femtos) -> Result<(Jitter, Femtos), Problem> {
        let what = "timing.jitter.exposure.time";
        let raw = self.stated.pick(|timing| timing.jitter.exposure.time.as_ref());
        let jitter = jitter(raw, what)?;
        refuse_jitter(raw, jitter.bound() >= shortest, what, "less than the shortest exposure")?;
        Ok((jitter, shortest - jitter.bound()))
    }

    /// From FSIN to the anchored edge of the exposure, and its jitter. What a camera of another alignment has there, this one
    /// has not.
    fn offset(&self, alignment: Alignment) -> Result<(Femtos, Jitter), Problem> {
        let key = offset_key(alignment);
        let (what, jitter_what) = (format!("timing.exposure.{key}"), format!("timing.jitter.exposure.{key}"));
        let article = if alignment == Alignment::End { "an" } else { "a" };
        let rule = format!("{article} {}-aligned camera has an exposure.{key}", alignment.key());
        let others = [Alignment::End, Alignment::Start, Alignment::Middle].into_iter().filter(|of| *of != alignment);
        for other in others {
            let needs = format!("alignment = \"{}\"; {rule}", other.key());
            let (own_offset, own_jitter) = stated_offset(other, self.stated.own);
            let key = offset_key(other);
            refuse(own_offset, &format!("timing.exposure.{key}"), &needs)?;
            refuse(own_jitter, &format!("timing.jitter.exposure.{key}"), &needs)?;
        }
        let is_start = alignment == Alignment::Start;
        let read = if is_start { time_from_zero } else { time };
        let stated = self.stated.pick(|timing| stated_offset(alignment, timing).0);
        let offset = stated.map_or(Ok(Femtos::ZERO), |text| read(text, &what))?;
        let raw = self.stated.pick(|timing| stated_offset(alignment, timing).1);
        let jitter = jitter(raw, &jitter_what)?;
        // No exposure starts before its trigger.
        let is_early = is_start && jitter.bound() > offset;
        refuse_jitter(raw, is_early, &jitter_what, &format!("at most {what}"))?;
        Ok((offset, jitter))
    }

    fn burst(&self, alignment: Alignment) -> Result<(NonZeroU32, Femtos), Problem> {
        let spacing = self.stated.pick(|timing| timing.burst_spacing.as_ref());
        let spacing = spacing.map(|spacing| time_above_zero(spacing, "timing.burst_spacing")).transpose()?;
        let Some(burst) = self.stated.pick(|timing| timing.burst.as_ref()) else {
            return Ok((NonZeroU32::MIN, Femtos::ZERO));
        };
        let count = NonZeroU32::new(*burst.get_ref()).filter(|count| count.get() <= MOST_BURST);
        let count = count.ok_or_else(|| out_of_range(burst.span(), "timing.burst", "1 to 1000"))?;
        match (count.get(), alignment, spacing) {
            (1, Alignment::End | Alignment::Start | Alignment::Middle, _) => Ok((count, Femtos::ZERO)),
            (_, Alignment::End | Alignment::Middle, _) => {
                Err(lacking(burst.span(), "timing.burst", "alignment = \"start\""))
            }
            (_, Alignment::Start, Some(spacing)) => Ok((count, spacing)),
            (_, Alignment::Start, None) => {
                Err(lacking(burst.span(), "timing.burst", "burst_spacing, from one start to the next"))
            }
        }
    }

    fn discard(&self, burst: NonZeroU32) -> Result<u32, Problem> {
        let Some(discard) = self.stated.pick(|timing| timing.discard.as_ref()) else { return Ok(0) };
        let images = Some(*discard.get_ref()).filter(|&images| images < burst.get());
        images.ok_or_else(|| out_of_range(discard.span(), "timing.discard", "less than timing.burst"))
    }

    fn shutter(&self) -> Result<Shutter, Problem> {
        let readout_time = self.stated.pick(|timing| timing.readout_time.as_ref());
        let Some(shutter) = self.stated.pick(|timing| timing.shutter.as_ref()) else { return Ok(Shutter::Global) };
        match (shutter.get_ref(), readout_time) {
            (ShutterKind::Global, _) => Ok(Shutter::Global),
            (ShutterKind::Rolling, Some(text)) => Ok(Shutter::Rolling { readout_time: readout_seconds(text)? }),
            (ShutterKind::Rolling, None) => {
                let needs = "timing.readout_time, from the start of row 0 to that of the last row";
                Err(lacking(shutter.span(), "timing.shutter = \"rolling\"", needs))
            }
        }
    }

    fn strobe_shows(&self, shutter: &Shutter) -> Result<StrobeShows, Problem> {
        let own = self.stated.own.strobe_shows.as_ref();
        match (shutter, own, self.stated.pick(|timing| timing.strobe_shows.as_ref())) {
            (Shutter::Global, Some(own), _) => {
                Err(lacking(own.span(), "timing.strobe_shows", "timing.shutter = \"rolling\""))
            }
            (Shutter::Global, None, _) | (_, _, None) => Ok(StrobeShows::Row0),
            (Shutter::Rolling { .. }, _, Some(stated)) => Ok(*stated.get_ref()),
        }
    }

    fn recovery(&self) -> Result<Rational, Problem> {
        let Some(text) = self.stated.pick(|timing| timing.recovery.as_ref()) else { return Ok(Rational::ZERO) };
        time_from_zero(text, "timing.recovery")?;
        value(text, Unit::Second)
    }

    fn overlap(&self) -> Result<Overlap, Problem> {
        let Some(stated) = self.stated.pick(|timing| timing.overlap.as_ref()) else { return Ok(Overlap::Allowed) };
        let readout_time = self.stated.pick(|timing| timing.readout_time.as_ref());
        match (stated.get_ref(), readout_time) {
            (OverlapKind::Allowed, _) => Ok(Overlap::Allowed),
            (OverlapKind::Never, None)
                if self.lines(Role::Readout).is_empty() && self.lines(Role::Ready).is_empty() =>
            {
                let needs = "a readout or ready line of this camera, or timing.readout_time";
                Err(lacking(stated.span(), "timing.overlap = \"never\"", needs))
            }
            (OverlapKind::Never, text) => Ok(Overlap::Never { readout_time: text.map(readout_seconds).transpose()? }),
        }
    }

    /// The first camera has an FSIN, seen or not; a further one only with a line of its own.
    fn fsin_width(&self) -> Result<Option<Femtos>, Problem> {
        if self.place > 0 && self.lines(Role::Fsin).is_empty() {
            return Ok(None);
        }
        let stated = self.stated.pick(|timing| timing.fsin.as_ref()?.width.as_ref());
        stated.map_or(Ok(USUAL_WIDTH), |width| time_above_zero(width, "timing.fsin.width")).map(Some)
    }

    /// How many FSIN pulses a frame has, and how far apart they are.
    fn fsin_pulses(&self, alignment: Alignment) -> Result<(NonZeroU32, Femtos), Problem> {
        let stated = self.stated.pick(|timing| timing.fsin.as_ref()?.per_frame.as_ref());
        let spacing = self.stated.pick(|timing| timing.fsin.as_ref()?.spacing.as_ref());
        let Some(stated) = stated else { return Ok((NonZeroU32::MIN, Femtos::ZERO)) };
        let pulses = NonZeroU32::new(*stated.get_ref()).filter(|pulses| pulses.get() <= MOST_FSIN_PER_FRAME);
        let pulses = pulses.ok_or_else(|| out_of_range(stated.span(), "timing.fsin.per_frame", "1 to 100"))?;
        match (pulses.get(), alignment, spacing) {
            (1, _, _) => Ok((pulses, Femtos::ZERO)),
            (_, Alignment::Middle, _) => {
                Err(lacking(stated.span(), "timing.fsin.per_frame", "alignment = \"end\" or \"start\""))
            }
            (_, Alignment::End | Alignment::Start, Some(spacing)) => Ok((pulses, self.fsin_spacing(pulses, spacing)?)),
            (_, Alignment::End | Alignment::Start, None) => {
                let needs = "timing.fsin.spacing, from the start of one pulse to the next";
                Err(lacking(stated.span(), "timing.fsin.per_frame", needs))
            }
        }
    }

    /// From one FSIN pulse of a frame to the next: each ends before the next begins, and the last one before the next frame.
    fn fsin_spacing(&self, pulses: NonZeroU32, stated: &Text) -> Result<Femtos, Problem> {
        let what = "timing.fsin.spacing";
        let spacing = time_above_zero(stated, what)?;
        let width = self.stated.pick(|timing| timing.fsin.as_ref()?.width.as_ref());
        let width = width.map_or(Ok(USUAL_WIDTH), |width| time_above_zero(width, "timing.fsin.width"))?;
        if spacing <= width {
            return Err(out_of_range(stated.span(), what, "more than timing.fsin.width (100 us unless it is stated)"));
        }
        let (frame, _) = self.nominal_frame_time()?;
        let group = spacing.times(i128::from(pulses.get()) - 1) + width;
        if group.seconds() >= frame {
            let range = "so short that all timing.fsin.per_frame pulses end within a frame";
            return Err(out_of_range(stated.span(), what, range));
        }
        Ok(spacing)
    }

    /// The timing of a line that only exists where it is wired: none where it is neither wired nor stated. `keys` are those
    /// that say when it is active.
    pub(super) fn of_line<T>(
        &self,
        role: Role,
        keys: &str,
        get: impl Fn(&'a RawTiming) -> Option<&'a Placed<T>>,
    ) -> Result<Option<&'a Placed<T>>, Problem> {
        let wired = !self.lines(role).is_empty();
        match (wired, get(self.stated.own), self.stated.pick(get)) {
            (true, _, Some(stated)) => Ok(Some(stated)),
            (true, _, None) => {
                let line = role.key();
                let message =
                    format!("a {line} line is wired, but nothing says when it is active: state timing.{line}.{keys}");
                Err(Problem::new(self.at.clone(), message))
            }
            (false, Some(own), _) => {
                let line = role.key();
                Err(lacking(own.span(), &format!("timing.{line}"), &format!("a {line} line of this camera")))
            }
            (false, None, _) => Ok(None),
        }
    }

    fn trigger(&self) -> Result<Option<TriggerPlan>, Problem> {
        let Some(raw) = self.of_line(Role::Trigger, "latency", |timing| timing.trigger.as_ref())? else {
            return Ok(None);
        };
        let raw = raw.get_ref();
        let latency = time_from_zero(&raw.latency, "timing.trigger.latency")?;
        let width = raw.width.as_ref().map(|width| time_above_zero(width, "timing.trigger.width")).transpose()?;
        let what = "timing.jitter.trigger.latency";
        let raw = self.stated.pick(|timing| timing.jitter.trigger.latency.as_ref());
        let jitter = jitter(raw, what)?;
        // No trigger comes after the FSIN pulse that it leads to.
        refuse_jitter(raw, jitter.earliest() < -latency, what, "at most timing.trigger.latency")?;
        Ok(Some(TriggerPlan { latency, jitter, width: width.unwrap_or(USUAL_WIDTH) }))
    }

    fn readout(&self) -> Result<Option<ReadoutPlan>, Problem> {
        let Some(raw) = self.of_line(Role::Readout, "time", |timing| timing.readout.as_ref())? else {
            return Ok(None);
        };
        let raw = raw.get_ref();
        let start = raw.start.as_ref().map_or(Ok(Femtos::ZERO), |start| time(start, "timing.readout.start"))?;
        Ok(Some(ReadoutPlan { start, time: time_above_zero(&raw.time, "timing.readout.time")? }))
    }

    fn ready(&self, alignment: Alignment) -> Result<Option<ReadyPlan>, Problem> {
        let Some(raw) = self.of_line(Role::Ready, "recovery", |timing| timing.ready.as_ref())? else {
            return Ok(None);
        };
        let RawReady { latency, recovery } = raw.get_ref();
        let or_zero =
            |text: &Option<Text>, what| text.as_ref().map_or(Ok(Femtos::ZERO), |text| time_from_zero(text, what));
        if alignment != Alignment::Start {
            refuse(latency.as_ref(), "timing.ready.latency", "alignment = \"start\"")?;
        }
        Ok(Some(ReadyPlan {
            latency: or_zero(latency, "timing.ready.latency")?,
            recovery: or_zero(recovery, "timing.ready.recovery")?,
        }))
    }
}

/// The time between FSIN and the exposure of a camera of one alignment, and its jitter, where they are stated.
fn stated_offset(alignment: Alignment, timing: &RawTiming) -> (Option<&Text>, Option<&Placed<RawJitter>>) {
    let (exposure, jitter) = (&timing.exposure, &timing.jitter.exposure);
    match alignment {
        Alignment::End => (exposure.end.as_ref(), jitter.end.as_ref()),
        Alignment::Start => (exposure.latency.as_ref(), jitter.latency.as_ref()),
        Alignment::Middle => (exposure.middle.as_ref(), jitter.middle.as_ref()),
    }
}

/// Under which key of the exposure a scenario file states them.
fn offset_key(alignment: Alignment) -> &'static str {
    match alignment {
        Alignment::End | Alignment::Middle => alignment.key(),
        Alignment::Start => "latency",
    }
}

fn readout_seconds(text: &Text) -> Result<Rational, Problem> {
    time_above_zero(text, "timing.readout_time")?;
    value(text, Unit::Second)
}

/// Refuses a jitter that is stated where it strays too far.
pub(super) fn refuse_jitter(
    stated: Option<&Placed<RawJitter>>,
    is_too_far: bool,
    what: &str,
    range: &str,
) -> Result<(), Problem> {
    let stated = stated.filter(|_| is_too_far);
    stated.map_or(Ok(()), |stated| Err(out_of_range(stated.span(), what, range)))
}

/// A key that has no meaning here.
pub(super) fn refuse<T>(stated: Option<&Placed<T>>, what: &str, needs: &str) -> Result<(), Problem> {
    stated.map_or(Ok(()), |stated| Err(lacking(stated.span(), what, needs)))
}
