//! Words of reports and specs that are no ids: verdicts, columns, roles, units, how limits are written.

/// A word and what it stands for.
#[derive(Debug)]
pub struct Word {
    /// The word.
    pub id: &'static str,
    /// Other ways to write it.
    pub also: &'static [&'static str],
    /// What it stands for.
    pub about: &'static str,
}

/// All of them.
pub static WORDS: &[Word] = &[
    Word {
        id: "pass",
        also: &["exit 0"],
        about: "The whole interval in which the truth can lie is within the limit: proven. A capture passes when every check does, at least one limit on a camera is stated, and nothing of the record is lost or damaged. Exit code 0.",
    },
    Word {
        id: "fail",
        also: &["outside"],
        about: "The whole interval in which the truth can lie is beyond the limit: proven. One check that fails makes the capture fail. Exit code 1.",
    },
    Word {
        id: "inconclusive",
        also: &["undecided", "open", "not decided"],
        about: "Neither is proven: the limit lies within the uncertainty, nothing was measured, or something is lost. `to settle it` says what would decide. Exit code 3.",
    },
    Word {
        id: "straddle",
        also: &["straddles", "marg", "marginal"],
        about: "The limit lies inside the interval in which the truth of a value can lie, so that the value may be good or bad. The column `marg` counts them.",
    },
    Word { id: "margin", also: &["distance"], about: "How far the worst value is from its limit; below 0 beyond it." },
    Word {
        id: "worst value",
        also: &["worst"],
        about: "The value with the least margin. Behind ± stands how far the truth may be from it: samples and analyzer.edge; the clock's share widens the limit instead.",
    },
    Word {
        id: "implied",
        also: &["implied check"],
        about: "A check that no limit states: every wired line shows an edge, and as soon as one limit on a camera is stated, its wired lines lack no pulse and have none too many. \"none\" takes one back: [limits] flash.extra = \"none\".",
    },
    Word { id: "warm-up", also: &["warmup"], about: "The first timing.skip_frames frames: shown, and not judged." },
    Word {
        id: "frame -1",
        also: &["frame −1"],
        about: "Frames are numbered from the first complete one, 0. What was seen of the frame before it, such as an exposure that ends at the first FSIN, belongs to frame -1.",
    },
    Word {
        id: "not judged",
        also: &["left out", "left_out", "not_judged"],
        about: "Values that no limit is held against (the column not_judged of a table of frames names them), each kind with its reason and count: warm-up, cut off by an end of the record, without the edge or pulse that belongs to it, exposures without light or without an all-rows window.",
    },
    Word {
        id: "trigger",
        also: &[],
        about: "A role in [wiring]: the line on which the host asks for frames. FSIN answers it.",
    },
    Word {
        id: "fsin",
        also: &["frame sync"],
        about: "A role in [wiring]: frame sync. As an input it starts exposures, as an output it rises at the frame boundary. Frames are counted by its active edges.",
    },
    Word {
        id: "strobe",
        also: &["exposure"],
        about: "A role in [wiring]: the camera's exposure output, active while row 0 is exposed. Without FSIN, frames are counted by the edge that is tied to them.",
    },
    Word {
        id: "flash",
        also: &["light"],
        about: "A role in [wiring]: what drives the light, or a photodiode that sees it. Cameras that name none share it.",
    },
    Word {
        id: "readout",
        also: &[],
        about: "A role in [wiring]: active while the sensor's rows are read, after the exposure.",
    },
    Word {
        id: "ready",
        also: &["trigger ready", "ready line", "frame trigger wait"],
        about: "A role in [wiring]: active while the camera is ready for a trigger (trigger ready, frame trigger wait). trigger.margin is measured to it.",
    },
    Word {
        id: "several pins",
        also: &["pins", "pin", "in turn", "two pins"],
        about: "STROBE may come on several pins in turn, one frame each: [wiring] strobe = [\"TOUT1\", \"TOUT2\"]. Their pulses are taken together; exposure.turn counts those on the wrong pin.",
    },
    Word {
        id: "scenario",
        also: &["scenarios", "simulate", "simulation", "fault kind"],
        about: "A file (TOML) that says what cameras truly do, and what goes wrong: `simulate SCENARIO -o x.sr` writes the capture that an analyzer would make of it. Its keys are those of specs and quantities; `schema scenario` lists them and the kinds of faults; the guide has a page on scenarios.",
    },
    Word {
        id: "units",
        also: &["unit"],
        about: "Times: s ms us (µs) ns ps min. Frequencies: Hz kHz MHz. Ratios: %, ppm. Numbers as decimals or fractions: 1/30 s, 33.333 ms. Counts have no unit.",
    },
    Word {
        id: "limit",
        also: &["rule", "limit grammar"],
        about: "What is allowed of a quantity: \"20 ms ± 50 us\" (also +-, or \"20 ms +50 us -20 us\"), \"0 us .. 200 us\", \">= 99 %\", \"<= 35 ms\", a plain count. A list holds for frames in turn; { limit = \"<= 35 ms\", allow = 2 } lets two frames break it, allow = \"1 %\" a share; \"none\" takes a limit back. What lies on a limit is allowed.",
    },
];
