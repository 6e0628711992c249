//! The camera that a spec has in mind: a scenario in which every time is the nominal of its limit, and the spec whose lines are
//! the scenario's.

use std::fmt::Write as _;

use crate::quantity::{Quantity, Subject, exposure, flash, frame, fsin, readout, trigger};
use crate::rig::{Alignment, AlignmentSetting, Camera, Polarity, ProbeSelector, Role, Shutter, Wire};
use crate::spec::{Limit, Origin, Spec, toml_string};
use crate::units::{Rational, Rounding, Unit};

/// A spec's times, each at the nominal of its limit.
pub(super) struct Nominals<'s> {
    spec: &'s Spec,
    /// The spec for the scenario's probes.
    pub(super) judged: Spec,
}

/// Where nothing states a frame time.
const USUAL_FRAMES_PER_SECOND: i128 = 30;

impl<'s> Nominals<'s> {
    pub(super) fn of(spec: &'s Spec) -> Nominals<'s> {
        let mut nominals = Nominals { spec, judged: spec.clone() };
        let at_bit = |place: usize, wire: Wire| {
            let probe = ProbeSelector::Bit(u32::try_from(place).unwrap_or(u32::MAX));
            Wire { probe, polarity: Polarity::ActiveHigh, ..wire }
        };
        let mut rig = spec.rig.clone().rewired(at_bit);
        for (place, camera) in rig.cameras.iter_mut().enumerate() {
            camera.alignment = AlignmentSetting::Stated(nominals.alignment(place));
        }
        if nominals.turns().is_none() {
            rig.flash_pattern = None;
        }
        nominals.judged.rig = rig;
        nominals.judged.analyzer.correction = Rational::ZERO;
        nominals
    }

    /// The middle of each limit that is stated on a quantity of a camera; of one with one end, a value inside.
    fn middles(&self, quantity: &Quantity, camera: usize) -> Vec<Rational> {
        let is_it = |subject: Subject| subject == Subject::Camera(camera);
        let rule = (self.spec.rules.iter())
            .find(|rule| rule.quantity == quantity && is_it(rule.subject) && rule.origin == Origin::Stated);
        rule.map(|rule| rule.limits.iter().filter_map(middle).collect()).unwrap_or_default()
    }

    fn middle(&self, quantity: &Quantity, camera: usize) -> Option<Rational> {
        self.middles(quantity, camera).into_iter().next()
    }

    /// How exposures of a camera sit in the frame: as stated, else as its limits speak of it.
    fn alignment(&self, camera: usize) -> Alignment {
        let it = &self.spec.rig.cameras[camera];
        let is_triggered =
            it.has(Role::Trigger) || it.burst.get() > 1 || self.middle(&exposure::LATENCY, camera).is_some();
        match it.alignment {
            AlignmentSetting::Stated(alignment) => alignment,
            AlignmentSetting::Auto if is_triggered => Alignment::Start,
            AlignmentSetting::Auto => Alignment::End,
        }
    }

    /// The frame time of a camera in seconds.
    pub(super) fn frame_time(&self, camera: usize) -> Rational {
        let usual = || Rational::new(1, USUAL_FRAMES_PER_SECOND).unwrap_or(Rational::ONE);
        let above_zero = |time: &Rational| time.is_positive();
        let stated = self.spec.rig.cameras[camera].frame_time.clone();
        let by_limit = || self.middle(&frame::TIME, camera).filter(above_zero);
        let by_rate = || self.middle(&frame::RATE, camera).filter(above_zero).and_then(|rate| rate.recip());
        let by_first = || if camera > 0 { self.frame_time(0) } else { usual() };
        stated.or_else(by_limit).or_else(by_rate).unwrap_or_else(by_first)
    }

    /// Whether a frame time is stated, or follows from a limit.
    pub(super) fn has_frame_time(&self) -> bool {
        let by_limit = [&frame::TIME, &frame::RATE].into_iter().any(|quantity| self.middle(quantity, 0).is_some());
        self.spec.rig.cameras[0].frame_time.is_some() || by_limit
    }

    /// How many frames repeat themselves.
    pub(super) fn sequence(&self) -> usize {
        let longest = self.spec.rules.iter().map(|rule| rule.limits.len()).max().unwrap_or(1);
        longest.max(self.spec.rig.flash_pattern.as_ref().map_or(1, crate::rig::FlashPattern::len))
    }

    /// The flash pattern as scenarios write it; none where they cannot.
    fn turns(&self) -> Option<String> {
        let turn = |names: &Vec<String>| match names.as_slice() {
            [] => Some('-'),
            [name] => name.chars().next().filter(|letter| name.chars().count() == 1 && *letter != '-'),
            [_, _, ..] => None,
        };
        self.spec.rig.flash_pattern.as_ref()?.entries().iter().map(turn).collect()
    }

    /// The scenario, sampled at a rate for so long.
    pub(super) fn scenario(&self, hertz: &Rational, duration: &Rational) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _written = writeln!(
            text,
            "duration = \"{}\"\nanalyzer.samplerate = \"{} Hz\"",
            seconds(duration),
            hertz.to_decimal(6, Rounding::Up)
        );
        for (place, camera) in self.spec.rig.cameras.iter().enumerate() {
            let table = if place == 0 { "wiring".to_owned() } else { format!("camera.{}", toml_string(&camera.name)) };
            let _written = writeln!(text, "[{table}]\n{}", self.wiring(place, camera));
            let table = if place == 0 { "timing".to_owned() } else { format!("{table}.timing") };
            let _written = writeln!(text, "[{table}]\n{}", self.timing(place, camera));
        }
        text
    }

    /// A camera's own lines, each at the bit that its place in the rig says.
    fn wiring(&self, place: usize, camera: &Camera) -> String {
        let own = || (0..).zip(self.spec.rig.wires()).filter(|(_, wire)| wire.owner == camera.name);
        let mut text = String::new();
        let pins: Vec<String> =
            own().filter(|(_, wire)| wire.role == Role::Strobe).map(|(bit, _): (usize, _)| bit.to_string()).collect();
        if pins.len() > 1 {
            let _written = writeln!(text, "strobe = [{}]", pins.join(", "));
        }
        for (bit, wire) in own().filter(|(_, wire)| wire.role != Role::Strobe || pins.len() < 2) {
            let key = match &wire.name {
                Some(name) => format!("{}.{}", wire.role.key(), toml_string(name)),
                None => wire.role.key().to_owned(),
            };
            let _written = writeln!(text, "{key} = {bit}");
        }
        if !own().any(|(_, wire)| wire.role == Role::Strobe) {
            let _written = writeln!(text, "strobe = {}", self.spec.rig.wires().len() + place);
        }
        text
    }

    fn timing(&self, place: usize, camera: &Camera) -> String {
        let owns = |role: Role| self.spec.rig.wires().iter().any(|wire| wire.owner == camera.name && wire.role == role);
        let time = |quantity| self.middle(quantity, place);
        let frame = self.frame_time(place);
        let mut text = String::new();
        let mut say = |key: &str, value: String| {
            let _written = writeln!(text, "{key} = {value}");
        };
        let text_of = |time: &Rational| format!("\"{}\"", seconds(time));
        let follows = place > 0 && (camera.frame_time == self.spec.rig.cameras[0].frame_time);
        if follows {
            let skew = camera.skew.as_ref().map_or(Rational::ZERO, |skew| skew.later.clone());
            say("skew", text_of(&skew));
        } else {
            say("frame.time", text_of(&frame));
        }
        let slot = frame.checked_div(&Rational::from(u64::from(camera.burst.get()))).unwrap_or(frame.clone());
        let mut exposures: Vec<Rational> =
            self.middles(&exposure::TIME, place).into_iter().filter(Rational::is_positive).collect();
        if exposures.is_empty() {
            exposures.push(slot.half().half());
        }
        let exposures: Vec<String> = exposures.iter().map(text_of).collect();
        say("exposure.time", format!("[{}]", exposures.join(", ")));
        let alignment = self.alignment(place);
        let (offset_key, offset) = match alignment {
            Alignment::End => ("exposure.end", time(&exposure::END)),
            Alignment::Middle => ("exposure.middle", time(&exposure::MIDDLE)),
            Alignment::Start => ("exposure.latency", time(&exposure::LATENCY)),
        };
        say("alignment", format!("\"{}\"", alignment.key()));
        say(offset_key, text_of(&offset.unwrap_or(Rational::ZERO)));
        if alignment == Alignment::Start && camera.burst.get() > 1 {
            say("burst", camera.burst.to_string());
            say("burst_spacing", text_of(&slot));
        }
        let width = &slot * &Rational::decimal(5, -2);
        let spacing =
            frame.checked_div(&Rational::from(u64::from(camera.fsin_per_frame.get()))).unwrap_or(frame.clone());
        let fsin = time(&fsin::WIDTH).filter(Rational::is_positive).unwrap_or(width.clone());
        // Of several, each ends before the next.
        say("fsin.width", text_of(&if camera.fsin_per_frame.get() > 1 { fsin.min(spacing.half()) } else { fsin }));
        if camera.fsin_per_frame.get() > 1 {
            say("fsin.per_frame", camera.fsin_per_frame.to_string());
            say("fsin.spacing", text_of(&spacing));
        }
        if let Shutter::Rolling { readout_time } = &camera.shutter {
            say("shutter", "\"rolling\"".to_owned());
            say("readout_time", text_of(readout_time));
        }
        if owns(Role::Trigger) {
            say("trigger.latency", text_of(&time(&trigger::LATENCY).unwrap_or(Rational::ZERO)));
            say("trigger.width", text_of(&width));
        }
        if owns(Role::Readout) {
            say("readout.start", text_of(&time(&readout::START).unwrap_or(Rational::ZERO)));
            let lasts = time(&readout::TIME).filter(Rational::is_positive);
            say("readout.time", text_of(&lasts.unwrap_or(slot.half().half())));
        }
        if owns(Role::Ready) {
            say("ready.recovery", text_of(&camera.recovery));
        }
        if owns(Role::Flash) {
            match (time(&flash::LEAD), time(&flash::LATENCY)) {
                (None, Some(latency)) => say("flash.latency", text_of(&latency)),
                (lead, _) => say("flash.lead", text_of(&lead.unwrap_or(Rational::ZERO))),
            }
            match (time(&flash::LAG), time(&flash::ON_TIME).filter(Rational::is_positive)) {
                (None, Some(on)) => say("flash.on-time", text_of(&on)),
                (lag, _) => say("flash.lag", text_of(&lag.unwrap_or(Rational::ZERO))),
            }
            if let (0, Some(turns)) = (place, self.turns()) {
                say("flash.pattern", toml_string(&turns));
            }
        }
        text
    }
}

/// The nominal of a limit, or the middle between its ends; of one with one end, half of what it allows at most, or what it
/// asks for at least.
fn middle(limit: &Limit) -> Option<Rational> {
    let between = match (limit.min(), limit.max()) {
        (Some(min), Some(max)) => Some((min + max).half()),
        (None, Some(max)) => Some(max.half()),
        (min, None) => min.cloned(),
    };
    limit.nominal().cloned().or(between)
}

/// A time to the femtosecond, in which scenarios count.
fn seconds(time: &Rational) -> String {
    format!("{} {}", time.to_decimal(15, Rounding::Nearest), Unit::Second.symbol())
}
