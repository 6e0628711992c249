//! What one spec file, or one argument, states; layers are laid over each other before anything is concluded.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::limit::{Limit, Written};
use super::{Allow, Judges, SequencePhase};
use crate::log::LogColumns;
use crate::quantity::Quantity;
use crate::rig::{
    AlignmentSetting, Ends, MAIN_CAMERA, OverlapKind, Polarity, ProbeSelector, Rhythm, Role, ShutterKind, StrobeShows,
    Wire,
};
use crate::snippet::{Located, SourceKind, SourceSpan};
use crate::units::Rational;

/// The settings that a layer states; what it leaves open is none or empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    /// `[wiring]`, `[limits]`, and the part of `[timing]` that cameras may have of their own: shared by all of them.
    pub(super) main: CameraLayer,
    /// `[camera.NAME]` in file order.
    pub(super) cameras: Vec<(Located<String>, CameraLayer)>,
    pub(super) skip_frames: Option<u64>,
    pub(super) min_frames: Option<LeastFrames>,
    /// How many frames were to come, where it is stated.
    pub(super) expected_frames: Option<Setting<u64>>,
    pub(super) ends: Option<Ends>,
    pub(super) judges: Option<Judges>,
    pub(super) sequence: Option<SequencePhase>,
    pub(super) flash_pattern: Option<Setting<Located<PatternWritten>>>,
    pub(super) timestamps: LogColumns,
    pub(super) clock: Option<Written>,
    pub(super) correction: Option<Written>,
    /// The file that the correction comes from, with the analyzer's serial number and the date.
    pub(super) calibration: Option<String>,
    pub(super) edge: PerRole<Written>,
    pub(super) glitch: PerRole<Setting<Written>>,
}

/// `min_frames`, and who states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LeastFrames {
    pub(super) count: u64,
    pub(super) source: SourceKind,
}

impl LeastFrames {
    /// How many frames were to come by it; `None` if it does not say: a profile does not know, and one frame is the least anyway.
    pub(super) fn expected(self) -> Option<u64> {
        (self.count > 1 && self.source != SourceKind::Profile).then_some(self.count)
    }
}

/// A setting that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting<T> {
    /// `"none"`.
    None,
    Some(T),
}

/// A pattern of the flash lines, and the text that said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PatternWritten {
    /// The names of the lines of each frame.
    pub(super) entries: Vec<Vec<String>>,
    pub(super) text: String,
}

/// A setting for all lines, and those of some roles.
#[derive(Debug, Clone)]
pub(super) struct PerRole<T> {
    pub(super) all: Option<T>,
    pub(super) by_role: BTreeMap<Role, T>,
}

/// What is stated of one camera.
#[derive(Debug, Clone, Default)]
pub(super) struct CameraLayer {
    pub(super) lines: BTreeMap<Role, Wiring>,
    pub(super) alignment: Option<Located<AlignmentSetting>>,
    pub(super) burst: Option<Located<NonZeroU32>>,
    pub(super) fsin_per_frame: Option<Located<NonZeroU32>>,
    pub(super) shutter: Option<Located<ShutterKind>>,
    pub(super) readout_time: Option<Located<Written>>,
    pub(super) strobe_shows: Option<Located<StrobeShows>>,
    pub(super) frame_time: Option<Setting<Written>>,
    pub(super) rhythm: Option<Located<Rhythm>>,
    pub(super) recovery: Option<Located<Written>>,
    pub(super) overlap: Option<Located<OverlapKind>>,
    pub(super) limits: Vec<LimitEntry>,
}

/// The probes of a role: one, or for a flash several with names; none when it is taken back.
pub(super) type Wiring = Vec<ProbeEntry>;

/// A probe of a role.
#[derive(Debug, Clone)]
pub(super) struct ProbeEntry {
    /// The name of the flash line, where there are several.
    pub(super) name: Option<String>,
    pub(super) selector: ProbeSelector,
    pub(super) polarity: Polarity,
    pub(super) place: SourceSpan,
}

/// A limit as stated.
#[derive(Debug, Clone)]
pub(super) struct LimitEntry {
    pub(super) quantity: &'static Quantity,
    /// The one line that it is about; none: every line, or the camera.
    pub(super) line: Option<LineKey>,
    pub(super) place: SourceSpan,
    pub(super) wanted: Wanted,
}

/// Which line of a rig a limit is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LineKey {
    pub(super) role: Role,
    /// One of several flash lines; none: all of them.
    pub(super) name: Option<String>,
}

/// What is allowed.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    /// `"none"`: nothing is judged, not even what would be implied.
    Nothing,
    /// One limit, or a sequence of them.
    Limits { limits: Vec<Limit>, allow: Option<AllowWritten> },
}

/// How many frames may break a limit, and the text that said so.
#[derive(Debug, Clone)]
pub(super) struct AllowWritten {
    pub(super) allow: Allow,
    pub(super) text: String,
}

impl<T> Default for PerRole<T> {
    fn default() -> Self {
        PerRole { all: None, by_role: BTreeMap::new() }
    }
}

impl<T> PerRole<T> {
    /// What holds for a role.
    pub(super) fn of(&self, role: Role) -> Option<&T> {
        self.by_role.get(&role).or(self.all.as_ref())
    }

    fn overlay(&mut self, upper: PerRole<T>) {
        if upper.all.is_some() {
            *self = upper;
        } else {
            self.by_role.extend(upper.by_role);
        }
    }
}

impl<T> Setting<T> {
    /// The value, unless it was taken back.
    pub(super) fn as_option(&self) -> Option<&T> {
        match self {
            Setting::None => None,
            Setting::Some(value) => Some(value),
        }
    }
}

impl Wanted {
    /// Whether anything is judged by it.
    pub(super) fn is_judged(&self) -> bool {
        matches!(self, Wanted::Limits { .. })
    }
}

impl LimitEntry {
    /// Whether what it is about includes what the other one is about.
    fn covers(&self, other: &LimitEntry) -> bool {
        let other_line = other.line.as_ref();
        self.quantity.id == other.quantity.id
            && self.line.as_ref().is_none_or(|line| other_line.is_some_and(|of| line.includes(of.role, &of.name)))
    }

    /// The limit, where there is one and no sequence.
    pub(super) fn single(&self) -> Option<&Limit> {
        let Wanted::Limits { limits, .. } = &self.wanted else { return None };
        limits.first().filter(|_| limits.len() == 1)
    }
}

impl LineKey {
    /// Whether it means this wire.
    pub(super) fn matches(&self, wire: &Wire) -> bool {
        self.includes(wire.role, &wire.name)
    }

    fn includes(&self, role: Role, name: &Option<String>) -> bool {
        self.role == role && (self.name.is_none() || self.name == *name)
    }
}

impl Layer {
    /// How many frames of each camera were to come; `None` if unknown.
    pub(super) fn expected_frames(&self) -> Option<u64> {
        match &self.expected_frames {
            Some(stated) => stated.as_option().copied(),
            None => self.min_frames.and_then(LeastFrames::expected),
        }
    }

    /// The accuracy of the analyzer's clock, as a ratio.
    pub(super) fn clock(&self) -> Written {
        let default = || Written { value: Rational::decimal(100, -6), text: "100 ppm".to_owned() };
        self.clock.clone().unwrap_or_else(default)
    }

    /// The known error of the analyzer's clock, as a ratio.
    pub(super) fn correction(&self) -> Written {
        self.correction.clone().unwrap_or_else(|| Written { value: Rational::ZERO, text: "0 ppm".to_owned() })
    }

    /// Lays `upper` over this one: what it states replaces what stands here, key by key.
    pub(super) fn overlay(&mut self, upper: Layer) {
        self.main.overlay(upper.main);
        for (name, camera) in upper.cameras {
            self.camera_mut(&name).overlay(camera);
        }
        replace(&mut self.skip_frames, upper.skip_frames);
        replace(&mut self.min_frames, upper.min_frames);
        replace(&mut self.expected_frames, upper.expected_frames);
        replace(&mut self.ends, upper.ends);
        replace(&mut self.judges, upper.judges);
        replace(&mut self.sequence, upper.sequence);
        replace(&mut self.flash_pattern, upper.flash_pattern);
        overlay_columns(&mut self.timestamps, upper.timestamps);
        replace(&mut self.clock, upper.clock);
        if upper.correction.is_some() {
            self.calibration = upper.calibration;
        }
        replace(&mut self.correction, upper.correction);
        self.edge.overlay(upper.edge);
        self.glitch.overlay(upper.glitch);
    }

    /// The camera of this name; a new one comes last.
    pub(super) fn camera_mut(&mut self, name: &Located<String>) -> &mut CameraLayer {
        if name.value == MAIN_CAMERA {
            return &mut self.main;
        }
        let known = self.cameras.iter().position(|(known, _)| known.value == name.value);
        let index = known.unwrap_or_else(|| {
            self.cameras.push((name.clone(), CameraLayer::default()));
            self.cameras.len() - 1
        });
        &mut self.cameras[index].1
    }
}

fn replace<T>(lower: &mut Option<T>, upper: Option<T>) {
    if upper.is_some() {
        *lower = upper;
    }
}

/// What is stated of columns, over what was.
pub(super) fn overlay_columns(lower: &mut LogColumns, upper: LogColumns) {
    replace(&mut lower.time, upper.time);
    replace(&mut lower.unit, upper.unit);
    replace(&mut lower.sequence, upper.sequence);
    replace(&mut lower.exposure, upper.exposure);
    replace(&mut lower.exposure_unit, upper.exposure_unit);
    replace(&mut lower.exposure_lag, upper.exposure_lag);
    replace(&mut lower.stream, upper.stream);
    lower.streams.extend(upper.streams);
}

impl CameraLayer {
    fn overlay(&mut self, upper: CameraLayer) {
        self.lines.extend(upper.lines);
        replace(&mut self.alignment, upper.alignment);
        replace(&mut self.burst, upper.burst);
        replace(&mut self.fsin_per_frame, upper.fsin_per_frame);
        replace(&mut self.shutter, upper.shutter);
        replace(&mut self.readout_time, upper.readout_time);
        replace(&mut self.strobe_shows, upper.strobe_shows);
        replace(&mut self.frame_time, upper.frame_time);
        replace(&mut self.rhythm, upper.rhythm);
        replace(&mut self.recovery, upper.recovery);
        replace(&mut self.overlap, upper.overlap);
        upper.limits.into_iter().for_each(|entry| self.set_limit(entry));
    }

    /// Replaces the limit on the same quantity and line; one on several lines replaces those on single ones too.
    pub(super) fn set_limit(&mut self, entry: LimitEntry) {
        self.limits.retain(|old| !entry.covers(old));
        self.limits.push(entry);
    }

    /// The limit on a quantity of the camera.
    pub(super) fn limit(&self, quantity: &Quantity) -> Option<&LimitEntry> {
        self.limits.iter().find(|entry| entry.quantity == quantity)
    }

    /// The limit on a quantity of a line: the one that names it most closely.
    pub(super) fn line_limit(&self, quantity: &Quantity, wire: &Wire) -> Option<&LimitEntry> {
        let closeness = |entry: &&LimitEntry| match &entry.line {
            None => 0,
            Some(LineKey { name: None, .. }) => 1,
            Some(LineKey { name: Some(_), .. }) => 2,
        };
        (self.limits.iter())
            .filter(|entry| entry.quantity == quantity)
            .filter(|entry| entry.line.as_ref().is_none_or(|line| line.matches(wire)))
            .max_by_key(closeness)
    }

    /// Wires a line; a named flash line joins those that have names.
    pub(super) fn wire(&mut self, role: Role, probes: Wiring) {
        let wiring = self.lines.entry(role).or_default();
        match probes.as_slice() {
            [probe] if probe.name.is_some() => {
                wiring.retain(|old| old.name.is_some() && old.name != probe.name);
                wiring.extend(probes);
            }
            [..] => *wiring = probes,
        }
    }
}
