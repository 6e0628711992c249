//! What a quantity leaves out, and why.

use super::Track;

/// Values that are not judged, or that there are none of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// How many; above 0.
    pub count: u64,
    /// Why.
    pub why: WhyLeftOut,
}

/// Why a value is not judged, or is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyLeftOut {
    /// It is of a warm-up frame.
    WarmUp,
    /// An end of the record, or a lost stretch, cuts it off, and what is seen of it breaks no limit.
    CutOff,
    /// It belongs to no frame, so that no entry of the sequence is its limit.
    NoEntry,
    /// Frames before the first one seen, of a record that began before the stream.
    BeforeStream,
    /// The edge or pulse that it is measured to is missing, or is itself too many.
    Unpaired,
    /// The camera's log states no exposure time of the frame.
    NotLogged,
    /// No flash is owed: the pattern leaves the frame dark, or the camera is never lit.
    NoLightOwed,
    /// No flash touches the exposure.
    Unlit,
    /// No time of the exposure is common to all rows.
    EmptyWindow,
    /// The camera shares its flash lines with others, and none of its exposures is lit.
    NeverLit,
}

impl WhyLeftOut {
    /// All of them.
    pub const ALL: [WhyLeftOut; 10] = [
        WhyLeftOut::WarmUp,
        WhyLeftOut::CutOff,
        WhyLeftOut::NoEntry,
        WhyLeftOut::BeforeStream,
        WhyLeftOut::Unpaired,
        WhyLeftOut::NotLogged,
        WhyLeftOut::NoLightOwed,
        WhyLeftOut::Unlit,
        WhyLeftOut::EmptyWindow,
        WhyLeftOut::NeverLit,
    ];

    /// The reason in words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            WhyLeftOut::WarmUp => "warm-up (timing.skip_frames)",
            WhyLeftOut::CutOff => "cut off by an end of the record or a lost stretch",
            WhyLeftOut::NoEntry => "of no frame, so of no entry of the sequence",
            WhyLeftOut::BeforeStream => {
                "before the first frame: the record began before the stream (timing.ends = \"running\" if it did not)"
            }
            WhyLeftOut::Unpaired => "without the edge or pulse that belongs to it",
            WhyLeftOut::NotLogged => "of frames whose exposure time the log does not state",
            WhyLeftOut::NoLightOwed => "of exposures that owe no flash",
            WhyLeftOut::Unlit => "of exposures that no flash touches",
            WhyLeftOut::EmptyWindow => "of exposures no longer than the readout, which have no all-rows window",
            WhyLeftOut::NeverLit => "of a camera that the flash lines it shares never light",
        }
    }
}

impl Track {
    /// The same, with as many left out.
    #[must_use]
    pub(super) fn leaving_out(mut self, why: WhyLeftOut, count: usize) -> Track {
        if count > 0 {
            self.left_out.push(LeftOut { count: count as u64, why });
        }
        self
    }
}
