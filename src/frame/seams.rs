//! Seams: places where the record itself is in doubt, although nothing in it says so. There the analyzer lost samples without
//! a trace, or recorded some twice; or the noise of its transfers lies over everything.
//!
//! What is taken from both sides of a seam proves nothing about the camera. A seam needs evidence that neither chance nor the
//! regularity of a rig gives: triggers on whole milliseconds, a camera that begins anew or takes some frames to settle, look
//! like one.

mod around;
mod jump;
mod repeat;
mod stride;

use super::Observation;
use crate::rig::WireIndex;
use crate::signal::Stretch;
use crate::units::SampleIndex;

/// Where the record is in doubt, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seam {
    /// What lies on both sides of this stretch, or within it, is not taken from one record.
    pub within: Stretch,
    /// So many samples beside it may still be its doing: what it took of a pulse is not told from what its rhythm strays.
    pub blur: u64,
    /// What shows it.
    pub evidence: Evidence,
    /// A frame time in samples: what is missing or too many so near to it may be its doing.
    pub reach: u64,
}

impl Seam {
    /// Whether all of these samples lie before or behind it by so many.
    fn is_apart(&self, from: SampleIndex, to: SampleIndex, by: u64) -> bool {
        let Stretch { from: begins, to: ends } = self.within;
        to.get().saturating_add(by) <= begins.get() || ends.get().saturating_add(by) <= from.get()
    }
}

/// What shows a seam.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// All lines that keep a rhythm go on at another phase, each of them as if one stretch had been taken out; one line alone only
    /// where that cuts a pulse of it, or brings a frame before the last one is over.
    Jump {
        /// How many lines.
        lines: usize,
        /// By how many samples they come early; whole frames may be missing besides.
        early: u64,
        /// Whether the frame that holds it is longer than a frame.
        is_late: bool,
        /// A pulse of a line that it cuts. With all pulses whole, a camera that begins anew shows the same.
        cut: Option<(WireIndex, Stretch)>,
    },
    /// So many samples come twice, one time right after the other.
    Repeat {
        /// The first edge of the first time.
        from: SampleIndex,
        /// How far behind it comes again, in samples.
        length: u64,
        /// How many edges come again, on all lines.
        edges: usize,
    },
    /// Spikes on all lines at whole multiples of a number of samples.
    Stride {
        /// The distance in samples.
        stride: u64,
        /// What is left of their places.
        phase: u64,
        /// Where they are.
        places: Vec<SampleIndex>,
    },
}

impl Evidence {
    /// Whether the analyzer is at fault for certain: no camera does this.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        match self {
            // A camera that begins anew may cut its own exposure short.
            Evidence::Jump { cut, lines, .. } => cut.is_some() && *lines > 1,
            Evidence::Repeat { .. } | Evidence::Stride { .. } => true,
        }
    }
}

/// The seams of a record, in no order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seams(Vec<Seam>);

impl Seams {
    /// Those that an observation shows. Noise is told first, then what comes twice: both look like jumps.
    pub(super) fn of(observation: &Observation) -> Seams {
        let one = stride::find(observation).or_else(|| repeat::find(observation));
        Seams(one.map_or_else(|| jump::find(observation), |seam| vec![seam]))
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Seam] {
        &self.0
    }

    /// Whether the analyzer is at fault for certain, so that the record cannot show that a camera is right.
    #[must_use]
    pub fn are_certain(&self) -> bool {
        self.0.iter().any(|seam| seam.evidence.is_certain())
    }

    /// Whether a value that was taken from these samples has none inside.
    #[must_use]
    pub fn spare(&self, from: SampleIndex, to: SampleIndex) -> bool {
        self.0.iter().all(|seam| seam.is_apart(from, to, seam.blur))
    }

    /// Whether something that is missing or too many there is none's doing.
    #[must_use]
    pub fn spare_event(&self, from: SampleIndex, to: SampleIndex) -> bool {
        self.0.iter().all(|seam| seam.is_apart(from, to, seam.reach))
    }
}
