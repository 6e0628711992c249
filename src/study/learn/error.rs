//! Why nothing can be learned.

use crate::spec::SpecError;

/// Why captures teach no spec.
#[derive(Debug, thiserror::Error)]
pub enum LearnError {
    /// There are none.
    #[error("no capture was given to learn from")]
    NoCaptures,
    /// No probe looks like a line of a camera.
    #[error("{capture}: no probe looks like STROBE; say how it is wired: --wire strobe=PROBE")]
    NoLines {
        /// The capture.
        capture: String,
    },
    /// Its lines look like ones of a camera, at levels that are likely only.
    #[error(
        "{capture}: which level of {unsure} is active is likely only; state with --wire how all are wired, as they look: {wires}; the \
         other level of PROBE is low:PROBE, that of low:PROBE plain PROBE"
    )]
    UnsureLevel {
        /// The capture.
        capture: String,
        /// The probes, with commas.
        unsure: String,
        /// The wires as they look, with commas.
        wires: String,
    },
    /// A capture is not good.
    #[error("{capture}: {reason}")]
    Refused {
        /// The capture.
        capture: String,
        /// What is wrong with it, in a sentence.
        reason: String,
    },
    /// Two captures are not of the same kind.
    #[error("the captures disagree about {what}: {one}, {other}")]
    Disagree {
        /// What they disagree about.
        what: String,
        /// What one says.
        one: String,
        /// What another says.
        other: String,
    },
    /// There is nothing in them that could be limited.
    #[error("no frame and no exposure was measured in every capture: are the lines wired as they are?")]
    NothingMeasured,
    /// The spec that was learned makes no sense, which its rig is to blame for.
    #[error(transparent)]
    Spec(#[from] SpecError),
}

impl LearnError {
    /// Whether the captures are to blame, and not how the command was called.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            LearnError::NoLines { .. }
            | LearnError::UnsureLevel { .. }
            | LearnError::Refused { .. }
            | LearnError::Disagree { .. }
            | LearnError::NothingMeasured => true,
            LearnError::NoCaptures | LearnError::Spec(_) => false,
        }
    }
}
