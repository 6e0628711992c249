//! What was learned, as a spec file whose comments say where each number comes from.

use super::seal::{self, LEARNED_BEGINNING};
use super::tolerance::{Allowed, Tolerance};
use super::{Confidence, GoodCapture, Known, LearnError, LearnedQuantity, exact};
use crate::capture::RecordEnd;
use crate::escape::visible;
use crate::quantity::{QUANTITIES, Subject};
use crate::rig::{Alignment, MAIN_CAMERA};
use crate::spec::{Spec, SpecText};
use crate::units::{Prefix, Rational, Rounding, Unit, counted, half_width_text, value_text};

/// What errors call the spec that is learned.
pub(super) const NAME: &str = "learned.spec.toml";

/// Fewer frames than this say little about a camera; a shorter good capture asks for as many as it has.
const MIN_FRAMES: u64 = 10;

/// What holds anyway need not be said.
const DEFAULTS: [(&str, &str); 11] = [
    ("timing.alignment", "auto"),
    ("timing.burst", "1"),
    ("timing.shutter", "global"),
    ("timing.skip_frames", "0"),
    ("timing.ends", "running"),
    ("timing.sequence", "fit"),
    ("timing.frame_time", "none"),
    ("timing.min_frames", "1"),
    ("analyzer.correction", "0 ppm"),
    ("analyzer.edge", "0 us"),
    ("analyzer.glitch", "none"),
];

/// What is known of a spec, and how its wiring is known.
pub(super) struct Settings {
    file: SpecText,
    how: Wired,
}

/// Where the wiring comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wired {
    /// The user said it.
    Stated,
    /// It was told from what the lines look like.
    FoundOut,
    /// Which probe is which was told, but of one the other level may be the active one.
    LevelGuessed,
    /// It would be so in the most usual of rigs.
    Guessed,
}

/// The settings of a spec without its limits.
pub(super) fn rig_settings(spec: &Spec, how: Wired) -> Settings {
    let is_limit = |key: &str| key.starts_with("limits.") || key.contains(".limits.") || key.starts_with("implied");
    let is_default = |key: &str, text: &str| DEFAULTS.contains(&(key, text));
    let kept = spec.effective.iter().filter(|(key, text)| !is_limit(key) && !is_default(key, text));
    Settings { file: SpecText::of(kept), how }
}

impl Settings {
    pub(super) fn spec(&self) -> Result<Spec, LearnError> {
        Ok(Spec::parse(NAME, &self.file.to_string())?)
    }

    /// States how the exposures of a camera sit in the frame.
    pub(super) fn align(&mut self, camera: &str, alignment: Alignment) {
        match self.further(camera) {
            Some(name) => self.file.set(Some(name), "alignment", alignment.key(), &[]),
            None => self.file.set(None, "timing.alignment", alignment.key(), &[]),
        }
    }

    pub(super) fn frame_time(&mut self, text: &str) {
        self.file.set(None, "timing.frame_time", text, &[]);
    }

    /// The name of a camera that has a table of its own.
    fn further<'a>(&self, camera: &'a str) -> Option<&'a str> {
        Some(camera).filter(|name| *name != MAIN_CAMERA && self.file.has_camera(name))
    }

    /// The spec file.
    pub(super) fn finish(
        mut self,
        captures: &[GoodCapture],
        spec: &Spec,
        quantities: &[LearnedQuantity],
        left_out: &[String],
        (confidence, known): (Confidence, Known),
        frames: u64,
    ) -> String {
        let least = frames.clamp(1, MIN_FRAMES);
        self.file.set(None, "timing.min_frames", &least.to_string(), &[]);
        // How many frames other captures hold is not known from these; but a record without a stated end must pass by its own spec.
        let is_open = captures.iter().any(|good| good.capture.end == RecordEnd::AtLeast);
        match (is_open, frames) {
            (true, 1..) => self.file.set(None, "timing.expected_frames", &frames.to_string(), &[]),
            (false, 2..) => self.file.set(None, "timing.expected_frames", "none", &[]),
            (true, 0) | (false, 0..=1) => {}
        }
        for (place, camera) in spec.rig.cameras.iter().enumerate() {
            for learned in quantities.iter().filter(|learned| learned.camera == place) {
                self.limit(&camera.name, learned.quantity.id, &limits_text(learned), &entries_text(learned));
            }
            if place > 0 {
                self.take_back(spec, place, quantities);
            }
        }
        seal::sealed(format!("{}\n{}", header(captures, left_out, confidence, (spec, self.how), known), self.file))
    }

    fn limit(&mut self, camera: &str, id: &str, text: &str, comment: &[String]) {
        self.file.set(self.further(camera), &format!("limits.{id}"), text, comment);
    }

    /// A limit of the main camera that was not learned of a further one does not hold for it.
    fn take_back(&mut self, spec: &Spec, camera: usize, quantities: &[LearnedQuantity]) {
        let learned =
            |of: usize, id: &str| quantities.iter().any(|found| found.camera == of && found.quantity.id == id);
        for quantity in QUANTITIES {
            let can_be_measured = quantity.subjects(&spec.rig).contains(&Subject::Camera(camera));
            if can_be_measured && learned(0, quantity.id) && !learned(camera, quantity.id) {
                self.limit(&spec.rig.cameras[camera].name, quantity.id, "none", &[]);
            }
        }
    }
}

fn limits_text(learned: &LearnedQuantity) -> String {
    let value = |value: &Rational, rounding| value_text(value, learned.quantity.unit, rounding).replace('µ', "u");
    let text = |entry: &Tolerance| match &entry.allowed {
        Allowed::Around(tolerance) => format!("{} ± {}", entry.nominal_text, value(tolerance, Rounding::Up)),
        Allowed::Seen { from: Some(from), to, .. } => {
            format!("{} .. {}", value(from, Rounding::Down), value(to, Rounding::Up))
        }
        Allowed::Seen { from: None, to, .. } => format!("<= {}", value(to, Rounding::Up)),
    };
    let texts: Vec<String> = learned.entries.iter().map(text).collect();
    match texts.as_slice() {
        [text] => text.clone(),
        [..] => format!("[{}]", texts.join(", ")),
    }
}

/// Where the numbers of a quantity come from, a line for each entry.
fn entries_text(learned: &LearnedQuantity) -> Vec<String> {
    let unit = learned.quantity.unit;
    let width = |value: f64| half_width_text(&exact(value), unit).replace('µ', "u");
    // A hundredth of the guard band tells more than any capture does.
    let fine = |value: f64, entry: &Tolerance| {
        let value = exact(value);
        let prefix = Prefix::for_value(&exact(entry.mean.abs().max(entry.guard)), unit);
        let places = prefix.places_for(&exact(entry.guard / 100.0));
        prefix.text(&value, places, Rounding::Nearest).replace('µ', "u")
    };
    let one = |entry: &Tolerance| {
        let mut text = format!(
            "{} values of {}: mean {}, {} to {}",
            entry.values,
            counted(entry.units, "capture"),
            fine(entry.mean, entry),
            fine(entry.seen.0, entry),
            fine(entry.seen.1, entry)
        );
        match &entry.allowed {
            Allowed::Around(tolerance) => {
                for (what, found) in [("between units", entry.between), ("within", entry.within)] {
                    if let Some((sd, k)) = found {
                        text.push_str(&format!("; {what} s {}, k {k:.2}", width(sd)));
                    }
                }
                let share = (100.0 * entry.guard / tolerance.to_f64()).round();
                let share = value_text(&exact(share), Unit::Percent, Rounding::Nearest);
                text.push_str(&format!("; guard band {}, the analyzer's share: {share}", width(entry.guard)));
            }
            Allowed::Seen { why, .. } => text.push_str(&format!(
                "; no tolerance, since {}: the limits are what was seen and the guard band {}; state others where more is right",
                why.text(),
                width(entry.guard)
            )),
        }
        text
    };
    learned.entries.iter().map(one).collect()
}

/// What the file says where nobody stated the wiring.
const FOUND_OUT: &str = "\
How it is wired was found out from what the lines look like: look it over. Cameras whose exposures differ,
more than two flash lines and a rolling shutter are to be stated: --wire right.strobe=PROBE, or --spec.

";

/// By which rule the limits were set.
const RULE: &str = "\
A nominal is the roundest value that the captures cannot tell from their mean. A tolerance is its distance from
the mean, and k·s between units, and k·s within them (or all that was seen), and the guard band that a proven
value needs: half a sample per edge, and the clock. It is never below twice that band, and is rounded up to
1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 (ISO 497, R''10). k is the two-sided tolerance factor of as many values (Howe
1969; ISO 16269-6):";

/// What the file says where it was learned from one capture.
const ONE_CAPTURE: &str =
    "One capture does not show how units differ: learn from several before you judge others by this.\n";

/// What the file says of itself: what it was learned from, and by which rule.
fn header(
    captures: &[GoodCapture],
    left_out: &[String],
    confidence: Confidence,
    (spec, how): (&Spec, Wired),
    known: Known,
) -> String {
    let clock = spec.effective.iter().find(|(key, _)| key == "analyzer.clock").map_or("", |(_, text)| text.as_str());
    let good = match known {
        Known::Good if captures.len() == 1 => "that is known to be good",
        Known::Good => "that are known to be good",
        Known::Nothing => "that was looked at; whether it is good, nobody has said",
    };
    let capture = |good: &GoodCapture| {
        format!("  {}  sha256 {}\n", visible(&good.name), good.sha256.get(..16).unwrap_or(&good.sha256))
    };
    let text = format!(
        "{} {} from {} {good}:\n{}\n{}{RULE} {} of good units pass each limit, with {} confidence. Clock: {clock}.\n{}{}",
        LEARNED_BEGINNING.trim_start_matches("# "),
        env!("CARGO_PKG_VERSION"),
        counted(captures.len(), "capture"),
        captures.iter().map(capture).collect::<String>(),
        if how == Wired::Stated { "" } else { FOUND_OUT },
        percent(confidence.share),
        percent(confidence.sure),
        if captures.len() == 1 { ONE_CAPTURE } else { "" },
        left_out.iter().map(|text| format!("Not limited: {}.\n", visible(text))).collect::<String>(),
    );
    let comment = |line: &str| if line.is_empty() { "#\n".to_owned() } else { format!("# {line}\n") };
    text.lines().map(comment).collect()
}

/// A share of all, in whole or parts of percent.
fn percent(share: f64) -> String {
    value_text(&exact(share * 100.0), Unit::Percent, Rounding::Nearest)
}
