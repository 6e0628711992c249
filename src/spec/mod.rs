//! What is allowed: the rules that a capture is judged by, and the rig that they speak of.
//!
//! A spec comes from a file or a built-in profile, from the specs that it extends, and from the command line. Each is
//! read into a tree whose values know where they stand (`tree`), the tree into a layer of settings (`read`), and the
//! layers are laid over each other (`layer`). What is left makes a rig (`assemble`) and rules (`rules`), and is kept as
//! texts for reports (`effective`). Whatever makes no sense on the way is a [`SpecError`] that points at its place.
//!
//! ```
//! use strobecheck::spec::Spec;
//! let error = Spec::parse("board7.spec.toml", "[wiring]\nstrob = \"D2\"").unwrap_err();
//! assert_eq!(error.source_name(), Some("board7.spec.toml"));
//! assert_eq!(error.message(), "unknown key 'strob' in [wiring]");
//! ```

mod arguments;
mod assemble;
mod beside;
mod calibration;
mod chain;
mod effective;
mod error;
mod expression;
mod keys;
mod layer;
mod limit;
mod meant;
mod params;
mod profiles;
mod read;
mod request;
mod rules;
mod shape;
#[cfg(test)]
mod tests;
mod tree;

pub use crate::rig::SequencePhase;
pub use crate::snippet::LineColumn;
pub use arguments::{ColumnOverride, LimitOverride, WireOverride};
pub use beside::{ReadBeside, SpecFile};
pub use chain::SpecSource;
pub use effective::{SpecText, toml_string};
pub use error::SpecError;
pub use keys::{KEYS, Key};
pub use limit::{Limit, LimitError, LimitErrorKind};
pub use params::{ParamOverride, Parameter};
pub use profiles::{Number, PROFILES, Profile, profile};
pub use read::{is_probe_name, probe_text, quantity_meant};
pub use request::SpecRequest;
pub use shape::Shape;

use std::sync::Arc;

use crate::log::LogColumns;
use crate::quantity::{Quantity, Subject};
use crate::rig::Rig;
use crate::units::{Rational, Rounding, Unit, value_text};

/// How many frames may break a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allow {
    /// At most this many.
    Frames(u64),
    /// At most this share of the measured ones (0 to 1), rounded down.
    Share(Rational),
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The spec, the profile or the command line states it.
    Stated,
    /// It follows from what is judged (design: implied checks).
    Implied,
}

/// A quantity of a subject, and what it must lie in.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What is judged.
    pub quantity: &'static Quantity,
    /// Of which camera or line.
    pub subject: Subject,
    /// One limit, or a sequence of them that repeats with the frame number; never empty.
    pub limits: Vec<Limit>,
    /// How many frames may break it.
    pub allow: Allow,
    /// Where it comes from.
    pub origin: Origin,
}

impl Rule {
    /// The rule as reports print it: its limit, or the entries of its sequence in order, and how many may break it.
    #[must_use]
    pub fn text(&self) -> String {
        let entries: Vec<&str> = self.limits.iter().map(Limit::text).collect();
        let limits = match entries.as_slice() {
            [limit] => (*limit).to_owned(),
            [..] => format!("[{}]", entries.join(", ")),
        };
        match &self.allow {
            Allow::Frames(0) => limits,
            Allow::Frames(frames) => format!("{limits}, {frames} may break it"),
            Allow::Share(share) => {
                let percent = value_text(&share.times(100), Unit::Percent, Rounding::Nearest);
                format!("{limits}, {percent} may break it")
            }
        }
    }
}

/// The analyzer's time base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analyzer {
    /// The accuracy of its clock, as a ratio (100 ppm: 1e-4), at or above 0 and below 1.
    pub clock: Rational,
    /// Its known error, as a ratio: it samples at fs·(1 + c).
    pub correction: Rational,
}

/// What a spec judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Judges {
    /// Cameras: limits on lines alone prove none right.
    #[default]
    Cameras,
    /// Lines: whether wires live is all that is asked.
    Lines,
}

/// A spec that makes sense: a rig, an analyzer and the rules.
#[derive(Debug, Clone)]
pub struct Spec {
    /// The lines and cameras.
    pub rig: Rig,
    /// Where each wire of the rig is stated, in their order: `board7.spec.toml:3:10`.
    pub wired_at: Vec<String>,
    /// The analyzer's time base.
    pub analyzer: Analyzer,
    /// What it judges.
    pub judges: Judges,
    /// Fewer measured frames than this make a check inconclusive.
    pub min_frames: u64,
    /// How sequences are laid.
    pub sequence: SequencePhase,
    /// Which columns of the camera's log say what.
    pub timestamps: LogColumns,
    /// The built-in profile that it is, or extends.
    pub profile: Option<String>,
    /// What is judged, implied rules included, in the order of the catalogue, then of cameras or lines.
    pub rules: Vec<Rule>,
    /// What a reader may take for judged and is not, as sentences.
    pub unjudged: Vec<String>,
    /// The effective settings as key and text, in the order of the spec file: what reports print.
    pub effective: Arc<Vec<(String, String)>>,
}

impl Spec {
    /// Where the line of this key, `strobe` or `right.strobe`, is stated.
    #[must_use]
    pub fn wired_at(&self, line: &str) -> Option<&str> {
        let place = self.rig.wires().iter().position(|wire| wire.full_key() == line)?;
        self.wired_at.get(place).map(String::as_str)
    }

    /// Why a capture that breaks none of its rules is not proven right: no limit is stated on what is judged.
    #[must_use]
    pub fn why_nothing_is_judged(&self) -> Option<&'static str> {
        let stated = || self.rules.iter().filter(|rule| rule.origin == Origin::Stated).map(|rule| rule.subject);
        let of_camera = |subject: Subject| matches!(subject, Subject::Camera(_));
        match self.judges {
            Judges::Cameras if self.rig.flash_pattern.is_some() || stated().any(of_camera) => None,
            Judges::Cameras if stated().next().is_some() => Some(
                "no limit is stated but on lines, which say that wires live and not that a camera is right; add one, or state timing.judge = \"lines\"",
            ),
            Judges::Lines if stated().next().is_some() => None,
            Judges::Cameras | Judges::Lines => Some(
                "no limit is stated, so nothing was judged; add one, such as --limit 'exposure.time=20 ms ± 50 us'",
            ),
        }
    }
}
