//! Why a verdict is not a pass, and what gets further.

/// A reason of a verdict.
#[derive(Debug)]
pub struct Reason {
    /// The word for it.
    pub id: &'static str,
    /// How reports say it.
    pub says: &'static str,
    /// What it means.
    pub about: &'static str,
    /// What gets further.
    pub remedy: &'static str,
}

/// Every reason, as checks and captures give them.
pub static REASONS: &[Reason] = &[
    Reason {
        id: "outside-the-limit",
        says: "3 of 60 values are outside the limit",
        about: "fail: for these values the whole interval in which the truth can lie, from the samples and the analyzer's clock, is beyond the limit. It is proven.",
        remedy: "Look at the finding above the numbers, then at the values in the report; allow = 2 lets so many frames break the limit.",
    },
    Reason {
        id: "straddles-the-limit",
        says: "1 value straddles the limit within the uncertainty",
        about: "inconclusive: the limit lies inside the interval in which the truth can lie. The value may be good or bad.",
        remedy: "Do what `to settle it` says: a higher sample rate, a better clock or `strobecheck calibrate`, or a wider limit.",
    },
    Reason {
        id: "nothing-measured",
        says: "nothing was measured: strobe shows no pulse",
        about: "inconclusive: the capture holds no value of this quantity. Nothing measured is never a pass.",
        remedy: "Check the wire (`strobecheck wiring`), and that the camera ran; take the limit back with \"none\" if it is not wanted.",
    },
    Reason {
        id: "all-cut-off",
        says: "nothing was measured: all of it is cut off or warm-up",
        about: "inconclusive: each value touches an end of the record or a lost stretch, or lies in the frames that skip_frames leaves out.",
        remedy: "Capture longer, or skip fewer frames.",
    },
    Reason {
        id: "too-few-frames",
        says: "8 frames were measured, timing.min_frames asks for 10",
        about: "inconclusive: nothing is wrong with what was measured, but there is less of it than the spec asks for.",
        remedy: "Capture longer, or lower timing.min_frames.",
    },
    Reason {
        id: "pulses-may-be-unseen",
        says: "pulses on fsin are as short as two samples or may be: what seems missing may not have been seen",
        about: "inconclusive: a pulse shorter than a sample can fall between two of them. What is counted as missing may have been there.",
        remedy: "Sample at the rate that `to settle it` names.",
    },
    Reason {
        id: "damaged-capture",
        says: "the capture is damaged: what is lost may have broken a limit",
        about: "inconclusive: a chunk is missing, truncated or fails its checksum. A damaged capture can fail; it never passes.",
        remedy: "Judge an intact window with --from and --to, or capture again.",
    },
    Reason {
        id: "samples-lost",
        says: "samples are missing from the capture, and what they showed may have broken a limit",
        about: "inconclusive: all lines jump at the same instant, or noise stands at a fixed distance of samples: the analyzer lost samples (see dropped-samples).",
        remedy: "Capture again, at a lower rate or on a port of its own.",
    },
    Reason {
        id: "alignment-undecided",
        says: "state timing.alignment",
        about: "inconclusive: it cannot be told from the capture whether exposures end or start at FSIN.",
        remedy: "State alignment = \"end\" (free-running, FSIN output) or \"start\" (external trigger) in [timing].",
    },
    Reason {
        id: "no-rules",
        says: "the spec has no rules: nothing was judged",
        about: "inconclusive: no limit is stated, and none is implied.",
        remedy: "Add limits, or start from a profile: `strobecheck profiles`.",
    },
    Reason {
        id: "could-not-be-decided",
        says: "2 checks of 9 could not be decided",
        about: "inconclusive: nothing failed, and not everything is proven.",
        remedy: "Each open check says what would settle it.",
    },
];
