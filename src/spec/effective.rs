//! The effective settings: what a capture is judged by, with every default and every implied rule, as reports print it,
//! and as a spec that says the same.

use std::fmt;

use toml_edit::{DocumentMut, Item, Key, Table, Value};

use super::assemble::frame_time;
use super::layer::{CameraLayer, Layer, LeastFrames, PerRole, Setting, Wanted, Wiring};
use super::limit::{Limit, Written};
use super::read::{ALIGNMENTS, ENDS, OVERLAPS, RHYTHMS, SEQUENCES, SHUTTERS, probe_text, word_for};
use super::{Judges, Origin, Rule, Spec};
use crate::escape::is_unseen;
use crate::log::TimeUnit;
use crate::quantity::{Subject, with_windowed};
use crate::rig::{MAIN_CAMERA, Polarity, ProbeSelector, Rig, Role, volts_text};
use crate::snippet::SourceKind;

/// Key and text, in the order of a spec file. Keys are those of TOML; implied rules follow under `implied.`.
type Pairs = Vec<(String, String)>;

const NONE: &str = "none";
const IMPLIED: &str = "implied";
/// Where the correction and the clock come from: they are stated themselves.
const CALIBRATION: &str = "analyzer.calibration";

/// The effective settings of a layer, and the rules that follow.
pub(super) fn effective(layer: &Layer, rig: &Rig, rules: &[Rule]) -> Pairs {
    let mut pairs = Pairs::new();
    wiring(&mut pairs, "wiring", &layer.main);
    timing(&mut pairs, layer);
    analyzer(&mut pairs, layer);
    timestamps(&mut pairs, layer);
    limits(&mut pairs, "limits", &layer.main);
    for (name, camera) in &layer.cameras {
        let table = format!("camera.{}", key(&name.value));
        wiring(&mut pairs, &table, camera);
        let timing = camera_timing(camera).into_iter();
        pairs.extend(timing.filter_map(|(key, text)| Some((format!("{table}.{key}"), text?))));
        limits(&mut pairs, &format!("{table}.limits"), camera);
    }
    pairs.extend(rules.iter().filter(|rule| rule.origin == Origin::Implied).map(|rule| implied(rig, rule)));
    pairs
}

fn wiring(pairs: &mut Pairs, table: &str, camera: &CameraLayer) {
    for (role, probes) in &camera.lines {
        let line = format!("{table}.{}", role.key());
        if probes.is_empty() {
            pairs.push((line, NONE.to_owned()));
        } else {
            line_pairs(pairs, &line, probes);
        }
    }
}

fn line_pairs(pairs: &mut Pairs, line: &str, probes: &Wiring) {
    for probe in probes {
        if let ProbeSelector::Analog(analog) = &probe.selector {
            pairs.push((format!("{line}.analog"), probe_text(&probe.selector, probe.polarity)));
            pairs.push((format!("{line}.threshold"), volts_text(&analog.threshold)));
            pairs.push((format!("{line}.hysteresis"), volts_text(&analog.hysteresis)));
            continue;
        }
        let key = match &probe.name {
            Some(name) => format!("{line}.{}", key(name)),
            None => line.to_owned(),
        };
        let text = match (&probe.selector, probe.polarity) {
            (ProbeSelector::Bit(bit), Polarity::ActiveHigh) => bit.to_string(),
            (selector, polarity) => unambiguous(&probe_text(selector, polarity)),
        };
        pairs.push((key, text));
    }
}

/// A name that would read as a bit is in quotes.
fn unambiguous(name: &str) -> String {
    if is_number(name) || name.starts_with(QUOTES) { toml_string(name) } else { name.to_owned() }
}

/// What a text that is written as TOML has it begins with.
const QUOTES: [char; 2] = ['"', '\''];

/// Whether TOML reads it as an integer that says the same.
fn is_number(text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|number| number >= 0 && number.to_string() == text)
}

fn timing(pairs: &mut Pairs, layer: &Layer) {
    let main = &layer.main;
    for (key, stated) in camera_timing(main) {
        let presumed = match key {
            "alignment" => Some("auto"),
            "frame_time" => Some(frame_time(layer, main).map_or(NONE, |written| &written.text)),
            "burst" => Some("1"),
            "shutter" => Some("global"),
            _ => None,
        };
        pairs.extend(stated.or(presumed.map(str::to_owned)).map(|text| (format!("timing.{key}"), text)));
    }
    let mut add = |key: &str, text: String| pairs.push((format!("timing.{key}"), text));
    add("skip_frames", layer.skip_frames.unwrap_or(0).to_string());
    // Read again, the number is that of a file, which says how many were to come.
    let least = LeastFrames { count: layer.min_frames.map_or(1, |least| least.count), source: SourceKind::File };
    add("min_frames", least.count.to_string());
    let expected = layer.expected_frames();
    if expected != least.expected() {
        add("expected_frames", expected.map_or(NONE.to_owned(), |frames| frames.to_string()));
    }
    if let Some(ends) = layer.ends.and_then(|ends| word_for(&ends, &ENDS)) {
        add("ends", ends);
    }
    if layer.judges == Some(Judges::Lines) {
        add("judge", "lines".to_owned());
    }
    add("sequence", layer.sequence.and_then(|phase| word_for(&phase, &SEQUENCES)).unwrap_or("fit".to_owned()));
    if let Some(pattern) = layer.flash_pattern.as_ref().and_then(Setting::as_option) {
        add("flash_pattern", pattern.value.text.clone());
    }
}

/// What is stated of the timing of a camera.
fn camera_timing(camera: &CameraLayer) -> [(&'static str, Option<String>); 10] {
    let frame_time_text =
        |setting: &Setting<Written>| setting.as_option().map_or(NONE, |written| &written.text).to_owned();
    [
        ("alignment", camera.alignment.as_ref().and_then(|alignment| word_for(&alignment.value, &ALIGNMENTS))),
        ("frame_time", camera.frame_time.as_ref().map(frame_time_text)),
        ("rhythm", camera.rhythm.as_ref().and_then(|rhythm| word_for(&rhythm.value, &RHYTHMS))),
        ("burst", camera.burst.as_ref().map(|burst| burst.value.to_string())),
        ("fsin_per_frame", camera.fsin_per_frame.as_ref().map(|pulses| pulses.value.to_string())),
        ("shutter", camera.shutter.as_ref().and_then(|kind| word_for(&kind.value, &SHUTTERS))),
        ("readout_time", camera.readout_time.as_ref().map(|time| time.value.text.clone())),
        ("strobe_shows", camera.strobe_shows.as_ref().map(|shows| shows.value.key().to_owned())),
        ("recovery", camera.recovery.as_ref().map(|time| time.value.text.clone())),
        ("overlap", camera.overlap.as_ref().and_then(|overlap| word_for(&overlap.value, &OVERLAPS))),
    ]
}

fn analyzer(pairs: &mut Pairs, layer: &Layer) {
    pairs.push(("analyzer.clock".to_owned(), layer.clock().text));
    pairs.push(("analyzer.correction".to_owned(), layer.correction().text));
    if let Some(calibration) = &layer.calibration {
        pairs.push((CALIBRATION.to_owned(), calibration.clone()));
    }
    per_role(pairs, "analyzer.edge", &layer.edge, |edge| edge.text.clone(), "0 us");
    let glitch_text = |glitch: &Setting<Written>| glitch.as_option().map_or(NONE, |glitch| &glitch.text).to_owned();
    per_role(pairs, "analyzer.glitch", &layer.glitch, glitch_text, NONE);
}

/// Only what is stated: the usual columns are found by their names.
fn timestamps(pairs: &mut Pairs, layer: &Layer) {
    let columns = &layer.timestamps;
    let named = [
        ("time", columns.time.as_deref()),
        ("unit", columns.unit.map(TimeUnit::symbol)),
        ("sequence", columns.sequence.as_deref()),
        ("exposure", columns.exposure.as_deref()),
        ("exposure_unit", columns.exposure_unit.map(TimeUnit::symbol)),
        ("stream", columns.stream.as_deref()),
    ];
    let named = named.into_iter().filter_map(|(key, name)| Some((key.to_owned(), name?)));
    let streams = columns.streams.iter().map(|(camera, stream)| (format!("streams.{}", key(camera)), stream.as_str()));
    pairs.extend(named.chain(streams).map(|(key, name)| (format!("timestamps.{key}"), unambiguous(name))));
    pairs.extend(columns.exposure_lag.map(|lag| ("timestamps.exposure_lag".to_owned(), lag.to_string())));
}

fn per_role<T>(pairs: &mut Pairs, key: &str, settings: &PerRole<T>, text: impl Fn(&T) -> String, default: &str) {
    let text = |setting: Option<&T>| setting.map_or(default.to_owned(), &text);
    if settings.by_role.is_empty() {
        pairs.push((key.to_owned(), text(settings.all.as_ref())));
    } else {
        pairs.extend(Role::ALL.map(|role| (format!("{key}.{}", role.key()), text(settings.of(role)))));
    }
}

fn limits(pairs: &mut Pairs, table: &str, camera: &CameraLayer) {
    for quantity in with_windowed(camera.limits.iter().map(|entry| entry.quantity)) {
        for entry in camera.limits.iter().filter(|entry| entry.quantity == quantity) {
            let line = entry.line.as_ref().map(|line| match &line.name {
                Some(name) => format!(".{}.{}", line.role.key(), key(name)),
                None => format!(".{}", line.role.key()),
            });
            let id = match quantity.id.split_once('.') {
                Some((family, name)) => format!("{table}.{family}.{}{}", key(name), line.unwrap_or_default()),
                None => format!("{table}.{}{}", quantity.id, line.unwrap_or_default()),
            };
            match &entry.wanted {
                Wanted::Nothing => pairs.push((id, NONE.to_owned())),
                Wanted::Limits { limits, allow: None } => pairs.push((id, limits_text(limits))),
                Wanted::Limits { limits, allow: Some(allow) } => {
                    pairs.push((format!("{id}.limit"), limits_text(limits)));
                    pairs.push((format!("{id}.allow"), allow.text.clone()));
                }
            }
        }
    }
}

/// A limit as it is, a sequence in brackets; no limit has a comma.
fn limits_text(limits: &[Limit]) -> String {
    match limits {
        [limit] => limit.text().to_owned(),
        [..] => format!("[{}]", limits.iter().map(Limit::text).collect::<Vec<_>>().join(", ")),
    }
}

fn implied(rig: &Rig, rule: &Rule) -> (String, String) {
    let of_camera = |name: &str| if name == MAIN_CAMERA { String::new() } else { format!(".camera.{}", key(name)) };
    let id = rule.quantity.id;
    let key = match rule.subject {
        Subject::Camera(camera) => format!("{IMPLIED}{}.{id}", of_camera(&rig.cameras[camera].name)),
        Subject::Line(index) => {
            let wire = rig.wire(index);
            let name = wire.name.as_ref().map(|name| format!(".{}", key(name))).unwrap_or_default();
            format!("{IMPLIED}{}.{id}.{}{name}", of_camera(&wire.owner), wire.role.key())
        }
    };
    (key, limits_text(&rule.limits))
}

impl Spec {
    /// A spec file that says what this spec says, every default written out; implied rules follow from it.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let said_elsewhere = |key: &str| key.starts_with(IMPLIED) || key == CALIBRATION;
        SpecText::of(self.effective.iter().filter(|(key, _)| !said_elsewhere(key))).to_string()
    }
}

/// A spec file in the making, of settings as [`Spec::effective`] has them.
#[derive(Debug, Clone)]
pub struct SpecText(DocumentMut);

impl SpecText {
    /// A spec file of these settings.
    pub fn of<'a>(settings: impl IntoIterator<Item = &'a (String, String)>) -> SpecText {
        /// In which order a spec file has them.
        const TABLES: [&str; 6] = ["wiring", "timing", "analyzer", "timestamps", "limits", "camera"];
        let mut file = SpecText(DocumentMut::new());
        for name in TABLES {
            file.0.entry(name).or_insert_with(|| Item::Table(unwritten()));
        }
        for (key, text) in settings {
            file.set(None, key, text, &[]);
        }
        file
    }

    /// Whether it says anything of a further camera.
    #[must_use]
    pub fn has_camera(&self, name: &str) -> bool {
        self.0.get("camera").and_then(|cameras| cameras.get(name)).is_some()
    }

    /// States a setting of all, or of a further camera, in place of the one that there was, or behind all others of its
    /// table, below these lines of comment.
    pub fn set(&mut self, camera: Option<&str>, key: &str, text: &str, comment: &[String]) {
        let of_camera = camera.into_iter().flat_map(|name| ["camera", name]).map(Key::new);
        let path: Vec<Key> = of_camera.chain(Key::parse(key).unwrap_or_default()).collect();
        let Some((last, tables)) = path.split_last() else { return };
        let headers = if path.first().is_some_and(|first| first.get() == "camera") { 2 } else { 1 };
        let mut table = self.0.as_table_mut();
        for (place, name) in tables.iter().enumerate() {
            let mut inner = unwritten();
            inner.set_dotted(place >= headers);
            let Some(found) = table.entry_format(name).or_insert(Item::Table(inner)).as_table_mut() else { return };
            table = found;
        }
        let is_limit = path.iter().any(|name| name.get() == "limits") || key == "timing.flash_pattern";
        table.insert_formatted(last, Item::Value(value(text, is_limit)));
        let comment: String = comment.iter().map(|line| format!("# {line}\n")).collect();
        if let Some(mut name) = table.key_mut(last.get()) {
            name.leaf_decor_mut().set_prefix(comment);
        }
    }
}

impl fmt::Display for SpecText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_string().trim_start())
    }
}

/// A table whose header is left out as long as nothing is in it.
fn unwritten() -> Table {
    let mut table = Table::new();
    table.set_implicit(true);
    table
}

/// The text of a setting as a TOML value.
fn value(text: &str, is_limit: bool) -> Value {
    let entries = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).filter(|_| is_limit);
    let written = (is_number(text) || text.starts_with(QUOTES)).then(|| text.parse::<Value>().ok()).flatten();
    match (entries, written) {
        (Some(entries), _) => Value::from_iter(entries.split(", ")),
        (None, Some(written)) => written.decorated(" ", ""),
        (None, None) if is_plain(text) => text.into(),
        // The library writes lines of their own, and letters that nobody sees, as they are.
        (None, None) => toml_string(text).parse().unwrap_or_else(|_| text.into()),
    }
}

/// Whether a reader sees all of it, and no CI reads a command in it.
fn is_plain(text: &str) -> bool {
    !text.contains(is_unseen) && !text.contains("##")
}

/// A TOML string of one line, in letters that a reader sees, and no command of a CI.
#[must_use]
pub fn toml_string(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        let is_raw = is_unseen(c) || (c == '#' && out.ends_with('#'));
        match u32::from(c) {
            _ if c == '"' || c == '\\' => out.extend(['\\', c]),
            code @ 0x1_0000.. if is_raw => out.push_str(&format!("\\U{code:08x}")),
            code if is_raw => out.push_str(&format!("\\u{code:04x}")),
            _ => out.push(c),
        }
    }
    out + "\""
}

fn key(name: &str) -> String {
    Key::new(name).display_repr().into_owned()
}
