//! Limits around what is true.

use super::statement::FrameTime;
use super::truth::{KNOWN, Known, Truth, Unit};
use super::{Kind, Random, Rig};

/// A limit of a spec: a TOML value for an id.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    /// The camera in whose table it stands; 0: for all.
    pub(crate) camera: usize,
    pub(crate) id: &'static str,
    pub(crate) text: String,
}

impl Limit {
    pub(crate) fn new(id: &'static str, text: &str) -> Limit {
        Limit { camera: 0, id, text: format!("\"{text}\"") }
    }
}

impl Known {
    /// A value in this unit as specs write it.
    pub(crate) fn text(&self, value: i128) -> String {
        const NANO: u128 = 1_000_000_000;
        let (sign, size) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
        match self.unit {
            Unit::Time => format!("{value} ps"),
            Unit::Nano(unit) => format!("{sign}{}.{:09} {unit}", size / NANO, size % NANO),
        }
    }

    pub(crate) fn family(&self) -> &'static str {
        self.id.split('.').next().unwrap_or_default()
    }

    /// Whether it follows from single edges, and not from a fit through all of them.
    pub(crate) fn is_by_edges(&self) -> bool {
        self.by_frame || self.id == "flash.duty" || (self.unit == Unit::Time && self.id != "frame.tie")
    }

    /// Whether less is always better: a spread, a share of time, a leak.
    pub(crate) fn has_no_least(&self) -> bool {
        let bounded = ["flash.leak", "flash.duty", "flash.hold"];
        bounded.contains(&self.id) || (!self.by_frame && self.unit == Unit::Time)
    }
}

impl Rig {
    /// The quantities that this rig has values of and its spec can judge.
    pub(crate) fn measurable(&self) -> Vec<&'static Known> {
        let stated = self.statement.frame_time != FrameTime::Unstated;
        let judgeable = |known: &&Known| match known.id {
            "frame.drift" | "frame.tie-nominal" => stated,
            // The rows that light reaches after row 0's exposure are no leak; not yet.
            "flash.leak" => self.kind != Kind::Rolling,
            _ => true,
        };
        let has = |known: &&Known| (0..self.cameras.len()).any(|camera| self.truth(&[camera], known).is_some());
        KNOWN.iter().filter(judgeable).filter(has).collect()
    }

    /// Limits that a good rig keeps to and an exact verdict can prove: of these quantities.
    pub(crate) fn limits(&self, of: &[&'static Known], random: &mut Random) -> Vec<Limit> {
        // Cameras in step share limits; others have their own.
        let cameras: Vec<usize> = (0..self.cameras.len()).collect();
        let tables = if self.kind == Kind::TwoRates { 1 } else { cameras.len() };
        // What is stated of the first camera holds of one that states nothing.
        let is_whole = |known: &&&Known| {
            self.kind != Kind::TwoRates || cameras.iter().all(|&camera| self.truth(&[camera], known).is_some())
        };
        let mut limit = |known: &Known, cameras: &[usize]| {
            let text = self.around(cameras[0], known, &self.truth(cameras, known)?, random);
            Some(Limit { camera: cameras[0], id: known.id, text })
        };
        of.iter()
            .filter(is_whole)
            .flat_map(|known| cameras.chunks(tables).filter_map(|of| limit(known, of)).collect::<Vec<Limit>>())
            .collect()
    }

    /// Some quantities of a rig, at least one, and what states its frame time.
    pub(crate) fn some_limits(&self, random: &mut Random) -> Vec<Limit> {
        let measurable = self.measurable();
        let wanted = 1 + random.below(measurable.len().min(8));
        let mut some: Vec<&Known> = (0..wanted).map(|_| *random.pick(&measurable)).collect();
        if self.statement.frame_time == FrameTime::ByLimit {
            some.push(&KNOWN[0]);
        }
        some.sort_by_key(|known| known.id);
        some.dedup_by_key(|known| known.id);
        self.limits(&some, random)
    }

    /// How far a limit must be from what is true for the verdict to be certain.
    pub(crate) fn guard(&self, camera: usize, known: &Known, truth: &Truth) -> i128 {
        let most = truth.all.0.abs().max(truth.all.1.abs());
        // In tenths of ppm; the record by the clock's error, and the limit by its accuracy; and what that has of its own.
        let share = |of: i128| of * i128::from(self.analyzer.clock) * 22 / 100_000_000 + 2;
        let clock = match known.id {
            "skew.drift" | "skew.rate" => 0,
            "frame.drift" => share(most) + share(1_000_000_000_000_000),
            "frame.tie-nominal" => share(i128::from(self.length)),
            "rolling.window" | "rolling.margin-start" | "rolling.margin-end" => {
                share(i128::from(self.longest_interval()) + most)
            }
            // An all-rows window is at least as long as the readout.
            "flash.coverage" => self.cameras[camera]
                .rows
                .map_or(0, |rows| share(100_000_000_000 * i128::from(self.longest_interval()) / i128::from(rows))),
            // A second that is longer holds more of a pulse.
            "flash.duty" => share(most) + share(100_000_000_000),
            _ => share(most),
        };
        (truth.blur + clock) * 201 / 200 + 2
    }

    fn around(&self, camera: usize, known: &Known, truth: &Truth, random: &mut Random) -> String {
        let percent = *random.pick(&[100, 100, 130, 300, 1000]);
        let margin = self.guard(camera, known, truth) * percent / 100;
        let (low, high) = (truth.all.0 - margin, truth.all.1 + margin);
        let nominal = self.cameras[camera].nominal.as_ref();
        if let ("frame.time", FrameTime::ByLimit, Some(nominal)) = (known.id, self.statement.frame_time, nominal) {
            let time = i128::from(nominal.time);
            return format!("\"{} ± {} ps\"", nominal.text, (high - time).max(time - low) + 1);
        }
        let turns = self.cameras[camera].turns;
        if known.id == "exposure.time" && turns > 1 && random.one(2) {
            return self.in_turn(camera, margin, turns);
        }
        let text = |value| known.text(value);
        let nominal = format!("\"{} ± {}\"", text((low + high) / 2), text((high - low) / 2 + 1));
        match random.below(4) {
            // Cameras that are apart on purpose pair about the nominal.
            _ if self.kind == Kind::OppositePhases && known.id.starts_with("skew.") => nominal,
            _ if known.has_no_least() => format!("\"<= {}\"", text(high)),
            _ if known.id == "flash.coverage" => format!("\">= {}\"", text(low)),
            0 => format!("\"{} .. {}\"", text(low), text(high)),
            1 => format!("\">= {}\"", text(low)),
            2 => format!("\"<= {}\"", text(high)),
            // It would state a frame time.
            3 if known.id == "frame.time" && (high - low) * 2 < high + low => {
                format!("\"{} .. {}\"", text(low), text(high))
            }
            _ => nominal,
        }
    }

    /// The exposure times of frames in turn.
    fn in_turn(&self, camera: usize, margin: i128, turns: usize) -> String {
        let widths = |turn: usize| {
            let frames = self.cameras[camera].frames.iter().skip(turn).step_by(turns);
            frames.flat_map(|frame| &frame.exposures).map(|exposure| i128::from(exposure.width()))
        };
        let entry = |turn: usize| {
            let (low, high) = (widths(turn).min().unwrap_or(0), widths(turn).max().unwrap_or(0));
            format!("\"{} ps .. {} ps\"", low - margin, high + margin)
        };
        format!("[{}]", (0..turns).map(entry).collect::<Vec<String>>().join(", "))
    }
}
