//! The catalogue of quantities: what is measured, in which unit, from which lines, and how. It knows no limits.
//!
//! One file per family, one item per quantity, one line each in [`QUANTITIES`].

mod count;
pub(crate) mod duty;
pub(crate) mod exposure;
mod fit;
pub(crate) mod flash;
pub(crate) mod flash_count;
pub(crate) mod flash_train;
pub(crate) mod frame;
pub(crate) mod frame_count;
pub(crate) mod fsin;
mod interval;
pub(crate) mod leak;
mod left_out;
mod light;
pub(crate) mod line;
mod overlap;
mod owed;
pub(crate) mod pattern;
mod points;
pub(crate) mod pulses;
mod reading;
pub(crate) mod readout;
pub(crate) mod ready;
pub(crate) mod reported;
pub(crate) mod rolling;
pub(crate) mod rows;
pub(crate) mod skew;
pub(crate) mod tie;
pub(crate) mod timestamp;
pub(crate) mod trigger;
pub(crate) mod turn;
mod unseen;
mod windowed;

pub use left_out::{LeftOut, WhyLeftOut};
pub(crate) use pattern::pattern_breaks;
pub use points::Points;
pub(crate) use points::{Code, Outline};
pub use reading::{Absent, Bound, Doubt, Point, Reading, Seen, Track};
pub use unseen::{On, Unseen};
pub(crate) use windowed::asks_for_a_window;

use std::num::NonZeroU32;

use crate::frame::{CameraView, Observation};
use crate::rig::{Camera, Rig, Role, Shutter, WireIndex};
use crate::units::Unit;

/// What is measured: an entry of the catalogue.
#[derive(Debug)]
pub struct Quantity {
    /// `family.name`: the key of its limit, its JUnit case, its column, the word that `explain` takes.
    pub id: &'static str,
    /// Its base unit.
    pub unit: Unit,
    /// A short name for headings: `exposure time`.
    pub label: &'static str,
    /// Its definition, as a sentence.
    pub definition: &'static str,
    /// The definition as a formula.
    pub formula: &'static str,
    /// Where it comes from: the standard, or whose practice it is.
    pub source: &'static str,
    /// What raises it, and what it then points at, as a clause.
    pub raised_by: &'static str,
    /// The lines that it is measured on.
    pub needs: Needs,
    /// How the error of the analyzer's clock enters.
    pub clock: ClockShare,
    /// What pulses that no sample shows do to it.
    pub unseen: Unseen,
    /// How it is measured.
    pub measure: Measure,
}

/// The lines that a quantity is measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Any wired line.
    AnyLine,
    /// All of these.
    All(&'static [Role]),
    /// One of these.
    OneOf(&'static [Role]),
    /// All of these, on the first camera too, of a camera that is not the first.
    Further(&'static [Role]),
    /// All of these, of a camera with a rolling shutter.
    Rolling(&'static [Role]),
    /// All of these, and the camera's own log.
    Log(&'static [Role]),
    /// Several lines of this role, which pulse in turn.
    InTurn(Role),
    /// FSIN with several pulses a frame.
    Groups,
    /// All of these, and a pattern of the flash lines that the camera has.
    Pattern(&'static [Role]),
    /// A line of this role, and what says which frames owe a pulse on it: STROBE, FSIN or a nominal frame time; of STROBE itself
    /// FSIN, or a burst that is stated; of the trigger FSIN or STROBE.
    Counted(Role),
}

/// How the error ε of the analyzer's clock enters a verdict (design: the verdict).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockShare {
    /// A bound b stands for b ± ε·|b|: times and rates.
    Scales,
    /// Not at all: counts, and ratios within one capture.
    Cancels,
    /// A ratio against a nominal: a bound b stands for b ± ε·(1 + |b|).
    Whole,
}

/// How a quantity is measured, and how many values it has.
#[derive(Debug, Clone, Copy)]
pub enum Measure {
    /// One value per wired line.
    Line(fn(&Observation, WireIndex) -> Result<Track, Absent>),
    /// Values per frame of a camera.
    Frames(fn(CameraView<'_>) -> Result<Track, Absent>),
    /// One value per camera and capture.
    Capture(fn(CameraView<'_>) -> Result<Track, Absent>),
}

/// What a measurement is of: a camera or a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The camera at this place of the rig.
    Camera(usize),
    /// The line at this place of the rig.
    Line(WireIndex),
}

/// The catalogue, in the order in which tables and reports show it.
pub static QUANTITIES: &[&Quantity] = &[
    &line::EDGES,
    &line::GLITCHES,
    &frame::TIME,
    &frame::RATE,
    &frame::JITTER,
    &frame::CYCLE_JITTER,
    &tie::TIE,
    &tie::TIE_NOMINAL,
    &tie::DRIFT,
    &frame_count::MISSING,
    &frame_count::EXTRA,
    &pulses::FRAMES,
    &fsin::WIDTH,
    &fsin::PULSES,
    &trigger::LATENCY,
    &trigger::MISSING,
    &trigger::EXTRA,
    &pulses::TRIGGERS,
    &ready::MARGIN,
    &exposure::TIME,
    &reported::ERROR,
    &reported::LAG,
    &exposure::LATENCY,
    &exposure::END,
    &exposure::MIDDLE,
    &exposure::JITTER,
    &exposure::GAP,
    &exposure::MISSING,
    &exposure::EXTRA,
    &turn::TURN,
    &pulses::EXPOSURES,
    &flash::LEAD,
    &flash::LAG,
    &flash::LATENCY,
    &flash::COVERAGE,
    &leak::LEAK,
    &flash::ON_TIME,
    &flash_train::OFF_TIME,
    &flash_train::CYCLE_DUTY,
    &duty::DUTY,
    &flash::HOLD,
    &flash_count::MISSING,
    &flash_count::EXTRA,
    &pulses::FLASHES,
    &flash_train::PULSES,
    &pattern::PATTERN,
    &rolling::WINDOW,
    &rolling::MARGIN_START,
    &rolling::MARGIN_END,
    &rolling::EMPTY,
    &rows::EVENNESS,
    &rows::LIT_ROWS,
    &readout::START,
    &readout::TIME,
    &readout::MISSING,
    &skew::START,
    &skew::END,
    &skew::DRIFT,
    &skew::RATE,
    &skew::MISSING,
    &timestamp::RESIDUAL,
    &timestamp::MISSING,
];

/// What quantities are about: the part of their ids before the dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// A line by itself.
    Line,
    /// Frame times and rates.
    Frame,
    /// The frame sync pulse.
    Fsin,
    /// The host's trigger.
    Trigger,
    /// Exposures.
    Exposure,
    /// The flash.
    Flash,
    /// The flash of a rolling shutter.
    Rolling,
    /// The readout.
    Readout,
    /// A camera beside the first one.
    Skew,
    /// The camera's own log.
    Timestamp,
}

impl Family {
    /// All of them, by the words for them in ids, in the order of the catalogue.
    pub const ALL: [(&str, Family); 10] = [
        ("line", Family::Line),
        ("frame", Family::Frame),
        ("fsin", Family::Fsin),
        ("trigger", Family::Trigger),
        ("exposure", Family::Exposure),
        ("flash", Family::Flash),
        ("rolling", Family::Rolling),
        ("readout", Family::Readout),
        ("skew", Family::Skew),
        ("timestamp", Family::Timestamp),
    ];

    /// The family of this word.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Family> {
        Family::ALL.into_iter().find(|(known, _)| *known == key).map(|(_, family)| family)
    }
}

/// Two quantities are one if their ids are.
impl PartialEq for Quantity {
    fn eq(&self, other: &Quantity) -> bool {
        self.id == other.id
    }
}

impl Quantity {
    /// Its family.
    #[must_use]
    pub fn family(&self) -> Option<Family> {
        Family::from_key(self.id.split_once('.')?.0)
    }

    /// Whether it has a value per frame, and not one for the capture.
    #[must_use]
    pub fn is_per_frame(&self) -> bool {
        match self.measure {
            Measure::Frames(_) => true,
            Measure::Capture(_) | Measure::Line(_) => false,
        }
    }

    /// Whether it takes the camera's own log.
    #[must_use]
    pub fn needs_log(&self) -> bool {
        matches!(self.needs, Needs::Log(_))
    }

    /// Whether it can be measured of the camera at this place: whether that has the lines that it needs.
    #[must_use]
    pub fn is_wired(&self, rig: &Rig, camera: usize) -> bool {
        let has = |camera: usize, role: Role| rig.cameras.get(camera).is_some_and(|camera| camera.has(role));
        let is_rolling = |camera: usize| match rig.cameras.get(camera).map(|camera| &camera.shutter) {
            Some(Shutter::Rolling { .. }) => true,
            Some(Shutter::Global) | None => false,
        };
        match self.needs {
            Needs::AnyLine => Role::ALL.into_iter().any(|role| has(camera, role)),
            Needs::All(roles) | Needs::Log(roles) => roles.iter().all(|&role| has(camera, role)),
            Needs::OneOf(roles) => roles.iter().any(|&role| has(camera, role)),
            Needs::Further(roles) => camera > 0 && roles.iter().all(|&role| has(0, role) && has(camera, role)),
            Needs::Rolling(roles) => is_rolling(camera) && roles.iter().all(|&role| has(camera, role)),
            Needs::InTurn(role) => rig.cameras.get(camera).is_some_and(|camera| camera.wires(role).len() > 1),
            Needs::Groups => {
                let several = |camera: &Camera| camera.fsin_per_frame > NonZeroU32::MIN;
                has(camera, Role::Fsin) && rig.cameras.get(camera).is_some_and(several)
            }
            // A pattern is a limit: without STROBE it is open.
            Needs::Pattern(_) => rig.has_pattern_lines(camera),
            Needs::Counted(role) => {
                let (fsin, strobe) = (has(camera, Role::Fsin), has(camera, Role::Strobe));
                let rig = rig.cameras.get(camera);
                has(camera, role)
                    && match role {
                        Role::Strobe => fsin || rig.is_some_and(|camera| camera.burst.get() > 1),
                        Role::Trigger | Role::Fsin => fsin || strobe,
                        Role::Flash | Role::Readout | Role::Ready => {
                            fsin || strobe || rig.is_some_and(|camera| camera.frame_time.is_some())
                        }
                    }
            }
        }
    }

    /// What it can be measured of in this rig.
    #[must_use]
    pub fn subjects(&self, rig: &Rig) -> Vec<Subject> {
        match self.measure {
            Measure::Line(_) => rig.wire_indices().map(Subject::Line).collect(),
            Measure::Frames(_) | Measure::Capture(_) => {
                (0..rig.cameras.len()).filter(|&camera| self.is_wired(rig, camera)).map(Subject::Camera).collect()
            }
        }
    }

    /// Measures it; a subject of the other kind has no value.
    ///
    /// # Errors
    /// [`Absent`] with the reason when the capture holds no value of it.
    pub fn measure(&self, observation: &Observation, subject: Subject) -> Result<Track, Absent> {
        let track = match (self.measure, subject) {
            (Measure::Line(measure), Subject::Line(wire)) => measure(observation, wire),
            (Measure::Frames(measure) | Measure::Capture(measure), Subject::Camera(camera)) => {
                match windowed::window_of(self.id) {
                    Some(window) => duty::within(observation.camera(camera), &window),
                    None => measure(observation.camera(camera)),
                }
            }
            (Measure::Line(_), Subject::Camera(_)) | (Measure::Frames(_) | Measure::Capture(_), Subject::Line(_)) => {
                Err(Absent::TooLittle(format!("{} is not measured there", self.id)))
            }
        };
        track.map(|track| track.beside(&observation.seams))
    }
}

/// The quantity with this id; of `flash.duty@100ms` that over this window, which is none of the catalogue.
#[must_use]
pub fn find(id: &str) -> Option<&'static Quantity> {
    QUANTITIES.iter().copied().find(|quantity| quantity.id == id).or_else(|| windowed::find(id))
}

/// The catalogue, and in it those of these quantities that are over windows of their own, behind the one that they are of.
pub(crate) fn with_windowed(of: impl Iterator<Item = &'static Quantity>) -> Vec<&'static Quantity> {
    let mut windowed: Vec<&'static Quantity> = of.filter(|quantity| asks_for_a_window(quantity.id)).collect();
    windowed.sort_by_cached_key(|quantity| windowed::window_of(quantity.id));
    windowed.dedup_by_key(|quantity| quantity.id);
    let (before, behind) =
        QUANTITIES.split_at(QUANTITIES.iter().position(|quantity| **quantity == duty::DUTY).map_or(0, |at| at + 1));
    [before, &windowed, behind].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_quantity_can_be_explained() {
        let mut ids = BTreeSet::new();
        for quantity in QUANTITIES {
            assert!(ids.insert(quantity.id), "{} is there twice", quantity.id);
            assert!(std::ptr::eq(find(quantity.id).unwrap(), *quantity));
            assert!(quantity.family().is_some(), "{} is of no family", quantity.id);
            for text in [quantity.label, quantity.definition, quantity.formula, quantity.source, quantity.raised_by] {
                assert!(text.len() > 2 && !text.ends_with('.') && text.trim() == text, "{}: {text:?}", quantity.id);
            }
        }
        assert_eq!(find("flash.sparkle").map(|quantity| quantity.id), None);
    }
}
