//! From the tree of a spec file to the layer of settings that it states; every key of a spec is named in here.

mod analog;
mod limits;
mod pattern;
mod probe;
mod timestamps;
mod values;
mod wiring;

pub use limits::quantity_meant;
pub(super) use limits::{limit_entries, quantity_at, wanted};
pub(super) use probe::{PIN_AND_PIN, is_list, probe};
pub use probe::{is_probe_name, probe_text};
pub(super) use timestamps::timestamps;
pub(super) use wiring::{camera_name, flash_name, pins_in_turn};

use std::num::NonZeroU32;

use super::error::SpecError;
use super::keys::{camera_names, names};
use super::layer::{CameraLayer, Layer, LeastFrames, PerRole};
use super::tree::{Field, Node, Table, Value};
use super::{Judges, SequencePhase};
use crate::rig::{Alignment, AlignmentSetting, Ends, OverlapKind, Rhythm, Role, ShutterKind, StrobeShows};
use crate::snippet::{Located, SourceSpan};
use values::{Least, count_or_none, ratio, time, time_or_none};
pub(super) use values::{word, word_for};

/// The key that names the spec below this one.
pub(super) const EXTENDS: &str = "extends";
/// The key of the table that declares and sets parameters.
pub(super) const PARAMS: &str = "params";
/// The key of `[analyzer]` that names a file of `calibrate`.
pub(super) const CALIBRATION: &str = "calibration";

pub(super) const ALIGNMENTS: [(&str, AlignmentSetting); 4] = [
    ("end", AlignmentSetting::Stated(Alignment::End)),
    ("start", AlignmentSetting::Stated(Alignment::Start)),
    ("middle", AlignmentSetting::Stated(Alignment::Middle)),
    ("auto", AlignmentSetting::Auto),
];
pub(super) const SHUTTERS: [(&str, ShutterKind); 2] =
    [("global", ShutterKind::Global), ("rolling", ShutterKind::Rolling)];
pub(super) const ENDS: [(&str, Ends); 2] = [("running", Ends::Running), ("stops", Ends::Stops)];
pub(super) const JUDGES: [(&str, Judges); 2] = [("cameras", Judges::Cameras), ("lines", Judges::Lines)];
pub(super) const RHYTHMS: [(&str, Rhythm); 2] = [("kept", Rhythm::Kept), ("events", Rhythm::Events)];
pub(super) const OVERLAPS: [(&str, OverlapKind); 2] =
    [("allowed", OverlapKind::Allowed), ("never", OverlapKind::Never)];
pub(super) const SEQUENCES: [(&str, SequencePhase); 2] =
    [("fit", SequencePhase::Fit), ("strict", SequencePhase::Strict)];

/// Reads the settings of a document whose parameters are filled in; `extends` and `[params]` are read elsewhere.
pub(super) fn layer(root: &Table) -> Result<Layer, SpecError> {
    let mut layer = Layer::default();
    for field in &root.fields {
        match field.key.as_str() {
            EXTENDS | PARAMS => {}
            "wiring" => wiring::lines(&mut layer.main, field.node.table("a table of lines")?)?,
            "timing" => timing(&mut layer, field.node.table("a table of settings")?)?,
            "analyzer" => analyzer(&mut layer, field.node.table("a table of settings")?)?,
            "timestamps" => layer.timestamps = timestamps(field.node.table("a table of columns")?)?,
            "limits" => layer.main.limits = limit_entries(field.node.table("a table of limits")?)?,
            "camera" => cameras(&mut layer, field.node.table("tables of cameras, [camera.NAME]")?)?,
            _ => return Err(field.unknown("a spec", &names(""))),
        }
    }
    Ok(layer)
}

fn timing(layer: &mut Layer, table: &Table) -> Result<(), SpecError> {
    for field in &table.fields {
        let node = &field.node;
        match field.key.as_str() {
            "skip_frames" => layer.skip_frames = Some(node.count(0)?),
            "min_frames" => {
                layer.min_frames = Some(LeastFrames { count: node.count(1)?, source: node.place.kind() });
            }
            "expected_frames" => layer.expected_frames = Some(count_or_none(node)?),
            "judge" => layer.judges = Some(word(node, &JUDGES)?),
            "ends" => layer.ends = Some(word(node, &ENDS)?),
            "flash_pattern" => layer.flash_pattern = Some(pattern::flash_pattern(node)?),
            "sequence" => layer.sequence = Some(word(node, &SEQUENCES)?),
            _ if camera_timing(&mut layer.main, field)? => {}
            _ => return Err(field.unknown("[timing]", &names("timing"))),
        }
    }
    Ok(())
}

const FRAME_TIME_HELP: &str = "write the nominal frame time, such as \"1/30 s\" for 30 frames per second";

/// The keys that `[timing]` and `[camera.NAME]` share; false for any other.
fn camera_timing(camera: &mut CameraLayer, field: &Field) -> Result<bool, SpecError> {
    let node = &field.node;
    match field.key.as_str() {
        "alignment" => camera.alignment = Some(located(node, word(node, &ALIGNMENTS)?)),
        "frame_time" => {
            let frame_time = time_or_none(node, Least::AboveZero);
            camera.frame_time = Some(frame_time.map_err(|error| error.help(FRAME_TIME_HELP))?);
        }
        "rhythm" => camera.rhythm = Some(located(node, word(node, &RHYTHMS)?)),
        "strobe_shows" => camera.strobe_shows = Some(located(node, word(node, &StrobeShows::ALL)?)),
        "recovery" => camera.recovery = Some(located(node, time(node, Least::Zero)?)),
        "overlap" => camera.overlap = Some(located(node, word(node, &OVERLAPS)?)),
        "burst" => camera.burst = Some(located(node, burst(node)?)),
        "fsin_per_frame" => camera.fsin_per_frame = Some(located(node, fsin_per_frame(node)?)),
        "shutter" => camera.shutter = Some(located(node, word(node, &SHUTTERS)?)),
        "readout_time" => camera.readout_time = Some(located(node, time(node, Least::AboveZero)?)),
        _ => return Ok(false),
    }
    Ok(true)
}

fn located<T>(node: &Node, value: T) -> Located<T> {
    Located { value, place: node.place.clone() }
}

fn burst(node: &Node) -> Result<NonZeroU32, SpecError> {
    let count = node.count(1)?;
    let burst = u32::try_from(count).ok().and_then(NonZeroU32::new);
    burst.ok_or_else(|| SpecError::at(&node.place, format!("a burst of {count} pulses is more than can be counted")))
}

fn fsin_per_frame(node: &Node) -> Result<NonZeroU32, SpecError> {
    const MOST: u32 = 100;
    let count = node.count(1)?;
    let pulses = u32::try_from(count).ok().and_then(NonZeroU32::new).filter(|pulses| pulses.get() <= MOST);
    pulses.ok_or_else(|| SpecError::at(&node.place, format!("expected 1 to {MOST} pulses a frame, found {count}")))
}

fn analyzer(layer: &mut Layer, table: &Table) -> Result<(), SpecError> {
    for field in &table.fields {
        let node = &field.node;
        match field.key.as_str() {
            CALIBRATION => layer.calibration = Some(node.text("the name of a calibration file")?.value.clone()),
            "clock" => layer.clock = Some(ratio(node, Least::Zero)?),
            "correction" => layer.correction = Some(ratio(node, Least::MinusOne)?),
            "edge" => layer.edge = per_role(node, |node| time(node, Least::Zero))?,
            "glitch" => layer.glitch = per_role(node, |node| time_or_none(node, Least::AboveZero))?,
            _ => return Err(field.unknown("[analyzer]", &names("analyzer"))),
        }
    }
    Ok(())
}

/// A value for all lines, or a table by role.
fn per_role<T>(node: &Node, read: impl Fn(&Node) -> Result<T, SpecError>) -> Result<PerRole<T>, SpecError> {
    let mut per_role = PerRole::default();
    match &node.value {
        Value::Table(table) => {
            for field in &table.fields {
                let role = Role::from_key(&field.key).ok_or_else(|| field.unknown("a table by role", &role_keys()))?;
                per_role.by_role.insert(role, read(&field.node)?);
            }
        }
        Value::Text(_) | Value::Integer(_) | Value::Array(_) | Value::Foreign(_) => per_role.all = Some(read(node)?),
    }
    Ok(per_role)
}

fn role_keys() -> [&'static str; Role::ALL.len()] {
    Role::ALL.map(Role::key)
}

/// More cameras than an analyzer has probes are a mistake, and would make a small file large.
pub(super) fn check_camera_count(count: usize, place: &SourceSpan) -> Result<(), SpecError> {
    const MOST_CAMERAS: usize = 64;
    if count > MOST_CAMERAS {
        return Err(SpecError::at(place, format!("more than {MOST_CAMERAS} cameras")));
    }
    Ok(())
}

fn cameras(layer: &mut Layer, table: &Table) -> Result<(), SpecError> {
    for field in &table.fields {
        let name = Located { value: camera_name(&field.key, &field.key_place)?, place: field.key_place.clone() };
        check_camera_count(layer.cameras.len() + 1, &name.place)?;
        let mut camera = CameraLayer::default();
        for setting in &field.node.table("a table, [camera.NAME]")?.fields {
            let node = &setting.node;
            match setting.key.as_str() {
                "limits" => camera.limits = limit_entries(node.table("a table of limits")?)?,
                "fsin" | "strobe" | "flash" | "readout" | "ready" => wiring::line(&mut camera, setting)?,
                _ if camera_timing(&mut camera, setting)? => {}
                _ => {
                    return Err(
                        setting.unknown(&format!("[camera.{}]", field.key), &[camera_names(), vec!["limits"]].concat())
                    );
                }
            }
        }
        layer.cameras.push((name, camera));
    }
    Ok(())
}
