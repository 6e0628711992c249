//! The lanes of a timeline, as the vendor's timing diagrams draw them: frame times in brackets, exposures as spans, and
//! below them the lines, each as its active level over time.

use super::analog::trace;
use super::axis::{TimeAxis, duration_text};
use super::decimate::{Piece, pieces};
use super::drawing::{Anchor, isolated};
use super::font::{fitted, text_width};
use super::lane::{Bracket, Content, Ends, Lane, Note, Tone, WAVE_SPAN, are_too_many};
use super::style::SMALL;
use super::ticks::timestamps;
use crate::frame::{CameraFrames, Interval, MissingExposure, Observation};
use crate::rig::{Alignment, Camera, Role, Shutter, StrobeShows, Wire, WireIndex};
use crate::signal::{Level, Pulse};
use crate::units::{Rounding, SampleIndex};

/// The blank px on each side of a text inside a bracket or a pulse.
const PADDING: f64 = 7.0;

/// All lanes: per camera its frame times, exposures and STROBE, then the other lines.
pub(super) fn lanes(observation: &Observation, axis: &TimeAxis<'_>) -> Vec<Lane> {
    let rig = &observation.rig;
    let mut lanes = Vec::new();
    let mut drawn: Vec<WireIndex> = Vec::new();
    let several = rig.cameras.len() > 1;
    for (camera, frames) in rig.cameras.iter().zip(&observation.cameras) {
        let owner = if several { isolated(&camera.name) } else { String::new() };
        lanes.push(Lane {
            name: "frame time".to_owned(),
            detail: owner.clone(),
            content: frame_times(frames, axis),
            trace: Vec::new(),
        });
        if camera.has(Role::Strobe) {
            lanes.extend(rows(observation, camera).into_iter().map(|(name, later)| {
                let (name, content) = (name.to_owned(), exposures(frames, axis, later));
                Lane { name, detail: owner.clone(), content, trace: Vec::new() }
            }));
            for &strobe in camera.wires(Role::Strobe) {
                if !drawn.contains(&strobe) {
                    drawn.push(strobe);
                    lanes.push(wave(observation, strobe, axis, strobe_notes(frames, strobe, axis)));
                }
            }
            lanes.extend(timestamps(frames, owner, axis));
        }
    }
    // The order of the vendor's diagrams; STROBE is drawn above, except where no camera has it.
    for role in Role::DRAWN {
        let of_role = rig.wire_indices().filter(|&wire| rig.wire(wire).role == role && !drawn.contains(&wire));
        lanes.extend(of_role.map(|wire| wave(observation, wire, axis, Vec::new())));
    }
    lanes
}

fn frame_times(frames: &CameraFrames, axis: &TimeAxis<'_>) -> Content {
    let edges = &frames.clock.edges;
    let first = edges.partition_point(|edge| edge.edge.at() <= axis.window.from).saturating_sub(1);
    let end = edges.partition_point(|edge| edge.edge.at() < axis.window.to).saturating_add(1).min(edges.len());
    let shown = edges.range(first..end);
    if are_too_many(shown.len(), axis) {
        return Content::TooMany(format!("{} frames: too many to draw one by one", shown.len().saturating_sub(1)));
    }
    let brackets = shown.clone().zip(shown.skip(1)).filter_map(|(before, after)| {
        let (from, to) = (before.edge.at(), after.edge.at());
        let addition = match after.before {
            Interval::Lost => return None,
            Interval::First | Interval::Regular => String::new(),
            Interval::WithExtra => ", extra edge inside".to_owned(),
            Interval::WithMissing(frames) => format!(", {} missing", frames.saturating_sub(1)),
        };
        let (left, right) = axis.visible(from, to)?;
        let fits = |text: &str| text_width(text, SMALL) + 2.0 * PADDING <= right - left;
        let text = duration_text(axis.rate, to - from, |text| fits(&format!("{text}{addition}")))
            .map(|text| text + &addition)
            .or_else(|| duration_text(axis.rate, to - from, fits));
        Some(Bracket {
            from: left,
            to: right,
            closed: (axis.holds(from), axis.holds(to)),
            ends: Ends::Bars,
            text: text.unwrap_or_default(),
        })
    });
    Content::Brackets(brackets.collect())
}

/// By how many samples a row's exposure starts and ends later than STROBE.
type Later = [i64; 2];

/// The rows whose exposures are drawn.
fn rows(observation: &Observation, camera: &Camera) -> Vec<(&'static str, Later)> {
    match &camera.shutter {
        Shutter::Global => vec![("exposure", [0, 0])],
        Shutter::Rolling { readout_time } => {
            // In half readout times: of row 0, of which others are later.
            let [start, end] = match camera.strobe_shows {
                StrobeShows::Row0 => [0, 0],
                StrobeShows::AllRows => [-2, 0],
                StrobeShows::AnyRow => [0, -2],
            };
            let samples = |halves: i128| {
                let samples =
                    observation.rate.samples(&readout_time.half().times(halves)).to_integer(Rounding::Nearest);
                samples.and_then(|samples| i64::try_from(samples).ok()).unwrap_or(0)
            };
            let row = |halves: i128| [samples(start + halves), samples(end + halves)];
            vec![("row 0", row(0)), ("middle row", row(1)), ("last row", row(2))]
        }
    }
}

/// The exposures of a row.
fn exposures(frames: &CameraFrames, axis: &TimeAxis<'_>, later: Later) -> Content {
    let all = &frames.exposures;
    let moved = |at: SampleIndex, by: i64| SampleIndex::new(at.get().saturating_add_signed(by));
    let ends = |pulse: &Pulse| (moved(pulse.from(), later[0]), moved(pulse.to(), later[1]));
    let first = all.partition_point(|exposure| ends(&exposure.pulse).1 <= axis.window.from);
    let end = all.partition_point(|exposure| ends(&exposure.pulse).0 < axis.window.to);
    let shown = all.range(first..end);
    if are_too_many(shown.len(), axis) {
        return Content::TooMany(format!("{} exposures: too many to draw one by one", shown.len()));
    }
    let brackets = shown.filter_map(|exposure| {
        let pulse = &exposure.pulse;
        let (from, to) = ends(pulse);
        if from >= to {
            return None;
        }
        let (left, right) = axis.visible(from, to)?;
        let at_least = if pulse.is_whole() { "" } else { "≥ " };
        let fits = |text: &str| text_width(text, SMALL) + 2.0 * PADDING <= right - left;
        let text = duration_text(axis.rate, to - from, |text| fits(&format!("{at_least}{text}")));
        Some(Bracket {
            from: left,
            to: right,
            closed: (pulse.start.edge().is_some() && axis.holds(from), pulse.end.edge().is_some() && axis.holds(to)),
            ends: Ends::Arrows,
            text: text.map(|text| format!("{at_least}{text}")).unwrap_or_default(),
        })
    });
    Content::Brackets(brackets.collect())
}

/// The numbers of the frames in their STROBE pulses, and where a pulse is missing or has no frame.
fn strobe_notes(frames: &CameraFrames, strobe: WireIndex, axis: &TimeAxis<'_>) -> Vec<Note> {
    let all = &frames.exposures;
    let first = all.partition_point(|exposure| exposure.pulse.to() <= axis.window.from);
    let end = all.partition_point(|exposure| exposure.pulse.from() < axis.window.to);
    if are_too_many(end.saturating_sub(first), axis) {
        return Vec::new();
    }
    let numbers = (first..end).filter(|&place| all.at(place).wire == strobe).filter_map(|place| {
        let exposure = all.at(place);
        let (left, right) = axis.visible(exposure.pulse.from(), exposure.pulse.to())?;
        let (long, short, tone) = match exposure.frame {
            Some(frame) => (format!("frame {frame}"), frame.to_string(), Tone::Frame),
            None if frames.extra.contains(&place) => ("extra".to_owned(), String::new(), Tone::Amiss),
            None => return None,
        };
        let room = right - left - PADDING;
        let text = [long, short].into_iter().find(|text| text_width(text, SMALL) <= room).unwrap_or_default();
        Some(Note { at: f64::midpoint(left, right), anchor: Anchor::Middle, text, tone })
    });
    let lacking: Vec<Note> = frames.missing.iter().filter_map(|missing| missing_note(frames, missing, axis)).collect();
    let lacking = if are_too_many(lacking.len(), axis) { Vec::new() } else { lacking };
    numbers.filter(|note| !note.text.is_empty()).chain(lacking).collect()
}

/// Where an exposure is missing: before the boundary that it should end at, or after its trigger, within a frame time.
fn missing_note(frames: &CameraFrames, missing: &MissingExposure, axis: &TimeAxis<'_>) -> Option<Note> {
    if !axis.holds(missing.fsin.at()) {
        return None;
    }
    let edge = axis.px(missing.fsin.at());
    let frame_time = frames.clock.period.as_ref().map_or(0.0, |period| axis.px_of(period.to_f64()));
    let (anchor, offset, room) = match frames.alignment {
        Some(Alignment::End) => (Anchor::End, -PADDING, edge - axis.left),
        Some(Alignment::Start | Alignment::Middle) | None => (Anchor::Start, PADDING, axis.right - edge),
    };
    let texts = [format!("✗ frame {} missing", missing.frame), "✗ missing".to_owned(), "✗".to_owned()];
    let room = room.min(frame_time) - 2.0 * PADDING;
    let text = texts.into_iter().find(|text| text_width(text, SMALL) <= room)?;
    Some(Note { at: edge + offset, anchor, text, tone: Tone::Amiss })
}

/// What the line of a wire is called.
pub(super) fn wire_name(wire: &Wire) -> String {
    match &wire.name {
        Some(name) => format!("{} {}", wire.role.label(), isolated(name)),
        None => wire.role.label().to_owned(),
    }
}

fn wave(observation: &Observation, index: WireIndex, axis: &TimeAxis<'_>, notes: Vec<Note>) -> Lane {
    let (wire, line) = (observation.rig.wire(index), &observation.lines[index.get()]);
    let width = (axis.right - axis.left).round() as usize;
    let pieces = pieces(&line.waveform, axis.window, width).into_iter().map(|piece| match piece {
        Piece::Level { from, to, level } => Piece::Level { from: from + axis.left, to: to + axis.left, level },
        Piece::Dense { from, to } => Piece::Dense { from: from + axis.left, to: to + axis.left },
    });
    let mut detail = vec![isolated(&fitted(&line.probe.name, SMALL, 90.0))];
    if line.active == Level::Low {
        detail.push("active low".to_owned());
    }
    if observation.rig.cameras.len() > 1 {
        detail.insert(0, isolated(&wire.owner));
    }
    Lane {
        name: wire_name(wire),
        detail: detail.join(", "),
        content: Content::Wave { pieces: pieces.collect(), active: line.active, notes },
        // Between the levels of the line, so that a steady signal is not hidden by it.
        trace: trace(line, axis, (WAVE_SPAN.0 + 4.0, WAVE_SPAN.1 - 4.0)),
    }
}
