//! How a rig is wired and synchronised: which probe shows which line of which camera, which level is active, and how
//! exposures sit in the frame. It holds no limits.

mod pattern;
mod timing;

pub use pattern::{FlashPattern, SequencePhase};
pub use timing::{
    Alignment, AlignmentSetting, Ends, Overlap, OverlapKind, Rhythm, Shutter, ShutterKind, Skew, StrobeShows,
};

use std::fmt;
use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use crate::units::{Rational, Rounding};

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Role {
    /// The host's trigger, before FSIN.
    Trigger,
    /// Frame sync: a pulse at each frame boundary, or the external trigger.
    Fsin,
    /// Active while the sensor is exposing (a rolling shutter: its row 0).
    Strobe,
    /// Active while the flash is lit.
    Flash,
    /// Active while the sensor is read out (MIPI frame valid).
    Readout,
    /// Active while the camera is ready for a trigger.
    Ready,
}

impl Role {
    /// All of them, in the order of cause and effect.
    pub const ALL: [Role; 6] = [Role::Trigger, Role::Fsin, Role::Strobe, Role::Flash, Role::Readout, Role::Ready];

    /// All of them, in the order in which they are drawn.
    pub const DRAWN: [Role; 6] = [Role::Strobe, Role::Fsin, Role::Trigger, Role::Ready, Role::Flash, Role::Readout];

    /// Whether the line makes a camera take a frame: FSIN or the host's trigger.
    #[must_use]
    pub fn is_sync(self) -> bool {
        matches!(self, Role::Fsin | Role::Trigger)
    }

    /// Whether the line shows what one camera does itself, and is never shared: its exposures and readouts, and when it is ready.
    #[must_use]
    pub fn is_own(self) -> bool {
        matches!(self, Role::Strobe | Role::Readout | Role::Ready)
    }

    /// The key that stands for it in specs and on the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }

    /// Its name as the field writes it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Role::Trigger => "trigger",
            Role::Fsin => "FSIN",
            Role::Strobe => "STROBE",
            Role::Flash => "flash",
            Role::Readout => "readout",
            Role::Ready => "ready",
        }
    }

    /// The role of this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Role> {
        key.parse().ok()
    }
}

/// Which level of a line is the active one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "active")]
pub enum Polarity {
    /// High is active.
    #[serde(rename = "high")]
    ActiveHigh,
    /// Low is active: `!NAME` or `low:NAME`.
    #[serde(rename = "low")]
    ActiveLow,
}

/// An analog channel that is read as a line: its samples past a threshold are high.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalogProbe {
    /// The channel's name.
    pub channel: String,
    /// The threshold in volts.
    pub threshold: Rational,
    /// How far the signal must go through around the threshold to change the level, in volts, at or above 0.
    pub hysteresis: Rational,
}

impl fmt::Display for AnalogProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.channel, volts_text(&self.threshold))
    }
}

/// A voltage as specs write it: `0.9 V`.
#[must_use]
pub fn volts_text(volts: &Rational) -> String {
    const PLACES: u32 = 6;
    let text = volts.to_decimal(PLACES, Rounding::Nearest);
    format!("{} V", text.trim_end_matches('0').trim_end_matches('.'))
}

/// How a spec names a probe of the analyzer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProbeSelector {
    /// By its bit in the sample, from 0.
    Bit(u32),
    /// By its name; a text of digits that names no probe is a bit.
    Name(String),
    /// An analog channel past a threshold.
    Analog(AnalogProbe),
}

impl fmt::Display for ProbeSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProbeSelector::Bit(bit) => write!(f, "{bit}"),
            ProbeSelector::Name(name) => f.write_str(name),
            ProbeSelector::Analog(probe) => probe.fmt(f),
        }
    }
}

/// A wire of the rig, by its place in [`Rig::wires`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct WireIndex(usize);

impl WireIndex {
    /// The wire at this place of the list.
    pub(crate) const fn at(place: usize) -> WireIndex {
        WireIndex(place)
    }

    /// The place in the list, from 0.
    #[must_use]
    pub fn get(self) -> usize {
        self.0
    }
}

/// A line of the rig and the probe that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// What the line is for.
    pub role: Role,
    /// The flash line's name where a camera has several, such as `A`.
    pub name: Option<String>,
    /// The camera whose table names it; cameras that name none of their own share it.
    pub owner: String,
    /// The probe.
    pub probe: ProbeSelector,
    /// Which level is active.
    pub polarity: Polarity,
    /// Further uncertainty of each of its edges (threshold, opto-coupler), in seconds, at or above 0.
    pub edge: Rational,
    /// Stretches shorter than this, in seconds, are glitches; none: every stretch counts.
    pub glitch: Option<Rational>,
}

impl Wire {
    /// The key of the line as `line.*` checks and tables print it: `strobe`, `flash.A`.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.name {
            Some(name) => format!("{}.{name}", self.role.key()),
            None => self.role.key().to_owned(),
        }
    }

    /// The key with the owning camera in front, unless that is the main one: `right.strobe`.
    #[must_use]
    pub fn full_key(&self) -> String {
        if self.owner == MAIN_CAMERA { self.key() } else { format!("{}.{}", self.owner, self.key()) }
    }
}

/// One camera: its lines, own or shared, and how it is synchronised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Camera {
    /// Its name; the first is `main`.
    pub name: String,
    /// Its lines by role, each role's in the order of the spec.
    pub lines: [Vec<WireIndex>; Role::ALL.len()],
    /// How its exposures sit in the frame.
    pub alignment: AlignmentSetting,
    /// How long after FSIN the middle of its exposures is meant to come, in seconds (below 0: before); `None` if nothing says so.
    pub middle: Option<Rational>,
    /// How long after FSIN each exposure must have begun (start-aligned) or ended (end-aligned), in seconds; `None` if nothing says so.
    pub latest: Option<Rational>,
    /// STROBE pulses per trigger.
    pub burst: NonZeroU32,
    /// FSIN pulses per frame.
    pub fsin_per_frame: NonZeroU32,
    /// How it exposes its rows.
    pub shutter: Shutter,
    /// What STROBE shows of its rows, if they are exposed one after the other.
    pub strobe_shows: StrobeShows,
    /// Its nominal frame time in seconds, above 0; `None` if none is stated: then no frame is missing or extra.
    pub frame_time: Option<Rational>,
    /// Whether its frames keep a rhythm where `frame_time` is not stated.
    pub rhythm: Rhythm,
    /// How long it takes after an exposure until it can begin another, in seconds.
    pub recovery: Rational,
    /// Whether it can begin another while it reads out.
    pub overlap: Overlap,
    /// Where its exposures are meant to lie to the first camera's; `None` if nothing says so.
    pub skew: Option<Skew>,
}

impl Camera {
    /// A camera of this name without lines, found by `auto`, global shutter, one pulse per trigger.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Camera {
        Camera {
            name: name.into(),
            lines: Default::default(),
            alignment: AlignmentSetting::Auto,
            middle: None,
            latest: None,
            burst: NonZeroU32::MIN,
            fsin_per_frame: NonZeroU32::MIN,
            shutter: Shutter::Global,
            strobe_shows: StrobeShows::Row0,
            frame_time: None,
            rhythm: Rhythm::Kept,
            recovery: Rational::ZERO,
            overlap: Overlap::Allowed,
            skew: None,
        }
    }

    /// The wires of this role; only a flash can have several.
    #[must_use]
    pub fn wires(&self, role: Role) -> &[WireIndex] {
        &self.lines[role as usize]
    }

    /// Its wire of this role; the first flash of several.
    #[must_use]
    pub fn wire(&self, role: Role) -> Option<WireIndex> {
        self.wires(role).first().copied()
    }

    /// The wires of all roles.
    pub fn all_wires(&self) -> impl Iterator<Item = WireIndex> {
        self.lines.iter().flatten().copied()
    }

    /// Whether it uses this wire.
    #[must_use]
    pub fn uses(&self, wire: WireIndex) -> bool {
        self.all_wires().any(|own| own == wire)
    }

    /// Gives it one more wire of this role.
    pub fn connect(&mut self, role: Role, wire: WireIndex) {
        self.lines[role as usize].push(wire);
    }

    /// Whether it has a line of this role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        !self.wires(role).is_empty()
    }
}

/// The name of the camera that the `[wiring]` table describes.
pub const MAIN_CAMERA: &str = "main";

/// A rig: its lines and its cameras.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rig {
    wires: Vec<Wire>,
    /// The cameras in file order; the first is the reference of skews.
    pub cameras: Vec<Camera>,
    /// What silence at the end means.
    pub ends: Ends,
    /// How many frames of each camera were to come; `None` if unknown.
    pub expected_frames: Option<u64>,
    /// Warm-up frames, which are shown and not judged: those with a number below it.
    pub skip_frames: u64,
    /// Which flash lines are lit in which frame; none: nothing is said of it.
    pub flash_pattern: Option<FlashPattern>,
}

impl Default for Rig {
    fn default() -> Self {
        Rig {
            wires: Vec::new(),
            cameras: vec![Camera::new(MAIN_CAMERA)],
            ends: Ends::Unstated,
            expected_frames: None,
            skip_frames: 0,
            flash_pattern: None,
        }
    }
}

impl Rig {
    /// Adds a line and returns its place.
    pub fn add_wire(&mut self, wire: Wire) -> WireIndex {
        self.wires.push(wire);
        WireIndex(self.wires.len() - 1)
    }

    /// The same rig, each of whose lines stays in its place and is what `map` makes of it and of that place.
    #[must_use]
    pub fn rewired(mut self, map: impl Fn(usize, Wire) -> Wire) -> Rig {
        self.wires = self.wires.into_iter().enumerate().map(|(place, wire)| map(place, wire)).collect();
        self
    }

    /// The lines in the order in which they were added.
    #[must_use]
    pub fn wires(&self) -> &[Wire] {
        &self.wires
    }

    /// The line at this place, which [`Rig::add_wire`] of this rig gave.
    #[must_use]
    pub fn wire(&self, index: WireIndex) -> &Wire {
        &self.wires[index.0]
    }

    /// The places of all lines.
    pub fn wire_indices(&self) -> impl Iterator<Item = WireIndex> + use<> {
        (0..self.wires.len()).map(WireIndex)
    }

    /// Whether the camera at this place has every flash line that the pattern names; false without a pattern.
    #[must_use]
    pub fn has_pattern_lines(&self, camera: usize) -> bool {
        let (Some(pattern), Some(camera)) = (&self.flash_pattern, self.cameras.get(camera)) else { return false };
        let has =
            |name: &String| camera.wires(Role::Flash).iter().any(|wire| self.wire(*wire).name.as_ref() == Some(name));
        pattern.entries().iter().flatten().all(has)
    }
}
