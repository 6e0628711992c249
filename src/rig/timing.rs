//! How a camera's frames and exposures are meant to come.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::units::Rational;

/// How exposures sit in the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "alignment")]
#[strum(serialize_all = "lowercase")]
pub enum Alignment {
    /// STROBE ends at the frame boundary, where FSIN rises: free-running, soft sync, FSIN output.
    End,
    /// STROBE starts a latency after FSIN: external trigger.
    Start,
    /// The middle of STROBE keeps the rhythm of the frames, however long it is: sensors that expose about a fixed time.
    Middle,
}

impl Alignment {
    /// The word for it in specs and reports.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }
}

/// What is known of a camera's alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlignmentSetting {
    /// To be found from the capture.
    Auto,
    /// As the spec says.
    Stated(Alignment),
}

/// How a sensor exposes its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shutter {
    /// All rows together.
    Global,
    /// Row after row.
    Rolling {
        /// From the start of row 0 to the start of the last row, in seconds.
        readout_time: Rational,
    },
}

impl Shutter {
    /// The word for it in specs and reports.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Shutter::Global => "global",
            Shutter::Rolling { .. } => "rolling",
        }
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> ShutterKind {
        match self {
            Shutter::Global => ShutterKind::Global,
            Shutter::Rolling { .. } => ShutterKind::Rolling,
        }
    }
}

/// How a sensor exposes its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "shutter")]
pub enum ShutterKind {
    /// All rows together.
    Global,
    /// Row after row.
    Rolling,
}

/// What STROBE of a camera with a rolling shutter shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum StrobeShows {
    /// The exposure of row 0.
    #[default]
    #[serde(rename = "row0")]
    Row0,
    /// The time in which all rows are exposed.
    AllRows,
    /// The time in which any row is exposed.
    AnyRow,
}

impl StrobeShows {
    /// All of them, by the words for them in specs.
    pub const ALL: [(&str, StrobeShows); 3] =
        [("row0", StrobeShows::Row0), ("all-rows", StrobeShows::AllRows), ("any-row", StrobeShows::AnyRow)];

    /// The word for it in specs and reports.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }
}

/// Whether a frame may be exposed while the one before is read out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Overlap {
    /// It may: a camera is ready when it has exposed.
    #[default]
    Allowed,
    /// It may not: a camera is ready when it has read out.
    Never {
        /// How long it reads out, in seconds, where no line shows it.
        readout_time: Option<Rational>,
    },
}

/// Whether exposure and readout may overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OverlapKind {
    /// They may.
    Allowed,
    /// They may not.
    Never,
}

/// Whether frames that come without a stated frame time are expected to keep a rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rhythm {
    /// Frames that have a rhythm are expected to keep it.
    #[default]
    Kept,
    /// Frames are events, which come when they come.
    Events,
}

/// What silence at the end of a capture means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// Nothing is said: taken for running at the end of the record, not before its first frame.
    Unstated,
    /// The camera was meant to run on: the frames that silence owes are missing.
    Running,
    /// The camera was stopped: silence owes nothing.
    Stops,
}

/// How much later than the first camera's a camera's exposures are meant to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skew {
    /// What is compared: the starts, the ends or the middles of the exposures.
    pub edges: Alignment,
    /// How much later, in seconds.
    pub later: Rational,
}
