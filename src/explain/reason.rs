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
        remedy: "Do what `to settle it` says: a higher sample rate, a better clock or `strobecheck calibrate`, sharper edges (analyzer.edge), or a wider limit. It decides the check, whatever the phase of the samples, if the true value is where it was measured, or as far from the limit as is said.",
    },
    Reason {
        id: "too-narrow",
        says: "exposure.time 20 ms ± 1 us: too narrow for this capture, nothing can pass; it takes a sample rate of at least 4.67 MHz",
        about: "inconclusive, or fail: what samples, edges and the clock leave open is more than the limit has room for, so that no value passes. It does not depend on what was measured.",
        remedy: "Sample as it says, with a better clock or sharper edges, or state a wider limit.",
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
        says: "fsin has stretches of 1 sample: others may be unseen, and with them what seems to be wrong",
        about: "inconclusive: a pulse or a pause shorter than a sample can fall between two of them. On a line with stretches of two samples or less, or whose limit allows such (fsin may have pulses of 1 µs, less than two samples), no interval, width, latency or spread is proven too large, and nothing is proven to be missing. Where such stretches are the exception on their line, each of them can account for one violation, and the rest is proven.",
        remedy: "Sample at the rate that `to settle it` names; if those stretches are spikes, state analyzer.glitch for the line.",
    },
    Reason {
        id: "record-too-short",
        says: "fsin shows no edge, and the record is no longer than it may be silent (33.4 ms)",
        about: "inconclusive: a line without an edge is proven to be dead by a record longer than the frame time, than its turn in timing.flash_pattern, and than the longest pulse that a limit on it allows. Without a stated frame time it is taken to be dead.",
        remedy: "Capture longer than the time that `to settle it` names, or judge a longer window.",
    },
    Reason {
        id: "no-event",
        says: "fsin shows no edge, and frames come when they come: there may have been none in the record",
        about: "inconclusive: with timing.rhythm = \"events\" and no frame time nothing says how often a line moves, so that one without an edge may be dead, or idle.",
        remedy: "Capture while at least one frame is taken; or state timing.frame_time if frames have one.",
    },
    Reason {
        id: "exposure-lag-open",
        says: "by how many frames the log's exposure times are late cannot be told",
        about: "inconclusive: with several lags from 0 to 3 frames STROBE follows the logged exposure times about equally well (a constant exposure, or a straight ramp), and exposure.error comes out differently by them. It passes if it does with each, and fails if it does with each.",
        remedy: "State timestamps.exposure_lag, or capture while the exposure time changes more than once.",
    },
    Reason {
        id: "rhythm-broken",
        says: "STROBE is silent from 1.02 s to the end of the record, 30 of its usual intervals, and no frame time says whether frames are missing",
        about: "inconclusive: the frames come in a rhythm that pauses or ends although the record goes on. Without a frame time nobody says whether they should have.",
        remedy: "State timing.frame_time, and they are counted; timing.rhythm = \"events\" if frames come when they come; timing.ends = \"stops\" with a frame time if the camera was stopped.",
    },
    Reason {
        id: "turn-broken",
        says: "flash.B leaves frames out that it is lit in before, and no pattern says whether it should",
        about: "inconclusive: of several flash lines one is lit in every n-th frame and then leaves one out or stops, while another lights the exposure. Whether that is meant only timing.flash_pattern says.",
        remedy: "State timing.flash_pattern, such as \"AB\" for lines in turn, or [\"A+B\"] for both in each frame.",
    },
    Reason {
        id: "unknown-end",
        says: "the file does not say where its record ends: frames may be missing behind its last edge",
        about: "inconclusive: a file that holds changes alone (VCD, FST, Saleae's export, a table of times) often ends with the last one. A camera that stops looks there like a record that ends. What is counted as missing is counted at least.",
        remedy: "Say how long was recorded (--duration 2s), how many frames must be there (timing.min_frames = 60), or that the camera was stopped (timing.ends = \"stops\").",
    },
    Reason {
        id: "presumed-width",
        says: "strobe shows no edge; pulses of two samples (2 µs) or more are presumed, as no limit states their least width",
        about: "fail: a line without an edge has no pulse that lasts two samples or more. Whether shorter ones are good, no limit says.",
        remedy: "Look for the wire. If its pulses may be as short, state their least width (limits.fsin.width = \">= 1 us\") and sample faster.",
    },
    Reason {
        id: "damaged-capture",
        says: "the capture is damaged: what is lost may have broken a limit",
        about: "inconclusive: a chunk is missing, truncated or fails its checksum. A damaged capture can fail; it never passes.",
        remedy: "Judge an intact window with --from and --to, or capture again.",
    },
    Reason {
        id: "samples-lost",
        says: "the analyzer lost samples, or made them up: the capture is at fault, not the camera",
        about: "inconclusive: all lines jump at the same instant and a pulse is cut there, samples come twice, or noise stands at a fixed distance of samples (see dropped-samples). What was taken elsewhere is judged, and can fail.",
        remedy: "Capture again, at a lower rate or on a port of its own.",
    },
    Reason {
        id: "seam",
        says: "samples may be missing where it was taken: the capture may be at fault, not the camera",
        about: "inconclusive: all lines go on at another phase there, as if samples had been lost without a trace (see dropped-samples). A camera that begins anew may show the same (see phase-reset), so that neither is proven.",
        remedy: "Capture again, at a lower rate or on a port of its own: a camera that begins anew does so again.",
    },
    Reason {
        id: "lost-samples",
        says: "samples are lost, and with them there may be more than was seen",
        about: "inconclusive: the record is damaged. What is counted is counted at least, what is largest may be larger, and a fit over a part of the record says nothing of all of it. Behind a stretch whose length is not proven, time begins anew: sequences and patterns are laid anew there.",
        remedy: "Judge an intact window with --from and --to, or capture again.",
    },
    Reason {
        id: "log-ends",
        says: "the log ends before the capture: the frames behind its end may be missing",
        about: "inconclusive: exposures come after the last timestamp of the camera's log. Whether the host lost them or stopped logging cannot be told.",
        remedy: "Log for as long as the capture lasts, or judge with --to up to the end of the log.",
    },
    Reason {
        id: "log-rows-unmet",
        says: "rows of the log meet no exposure: they may be late, and those of the frames without a timestamp",
        about: "inconclusive: a timestamp that the host took late can lie beside its frame. A log lacks for certain only as many frames as it has fewer rows in the capture than STROBE shows exposures.",
        remedy: "Log sequence numbers, and the camera's own timestamps instead of the host's.",
    },
    Reason {
        id: "log-coarse",
        says: "the log's timestamps have too few digits to decide it",
        about: "inconclusive: a timestamp is known to what all of the log's are rounded to, be it by zeros at their end, and its residual to that and what the fit adds.",
        remedy: "Log timestamps with more digits, or state a wider limit.",
    },
    Reason {
        id: "log-ambiguous",
        says: "the log matches the capture in more than one way",
        about: "inconclusive: the camera's log fits equally well at several places, a whole number of frames apart, and the count differs between them.",
        remedy: "Let log and capture begin or end with the same frame, or vary the exposure time.",
    },
    Reason {
        id: "alignment-undecided",
        says: "state timing.alignment",
        about: "inconclusive: it cannot be told from the capture whether exposures end or start at FSIN.",
        remedy: "State alignment = \"end\" (free-running, FSIN output), \"start\" (external trigger) or \"middle\" (exposures about a fixed time) in [timing].",
    },
    Reason {
        id: "no-limit",
        says: "no limit is stated",
        about: "inconclusive: nothing stated is nothing judged. Limits on lines alone (line.edges) say that a wire lives, not that a camera is right.",
        remedy: "State limits (--limit \"exposure.time=10 ms ± 50 us\"), or start from a profile: `strobecheck profiles`. timing.judge = \"lines\" lets limits on lines alone decide.",
    },
    Reason {
        id: "could-not-be-decided",
        says: "2 checks of 9 could not be decided",
        about: "inconclusive: nothing failed, and not everything is proven.",
        remedy: "Each open check says what would settle it.",
    },
];
