//! What the waveform viewer of a page draws: lines, frames, lost stretches and the places to jump to, as a compact JSON
//! document. `templates/viewer.js` reads it.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Serialize;

use crate::diagnosis::Severity;
use crate::escape::{json_document, visible};
use crate::frame::{CameraFrames, Observation};
use crate::render::RenderError;
use crate::render::plot::rational;
use crate::render::words::{check_name, counted, judged_text, time_text};
use crate::report::Judgement;
use crate::rig::{Role, WireIndex};
use crate::signal::{Level, Outline, Stretch};
use crate::units::{Rational, Rounding, SampleIndex, value_text};
use crate::verdict::{Check, Standing};

/// All edges of a page together take at most this many bytes before they become base64: with the rest of the page, less
/// than 10 MB.
const MOST_BYTES: usize = 6 << 20;
/// The parts of the capture of which the strip tells whether something is wrong in them.
const STRIP: u64 = 1200;
/// Of the values that a check does not list, so many are places, spread over the capture.
const MOST_SPREAD: usize = 100;
/// More lost stretches than this are not drawn one by one.
const MOST_LOST: usize = 20_000;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Waves {
    /// Samples per second.
    rate: f64,
    samples: u64,
    /// What is shown first.
    window: WindowView,
    /// How much is shown around a place that is jumped to, in samples.
    around: u64,
    lines: Vec<LineView>,
    cameras: Vec<CameraView>,
    /// From and to of each stretch, in turn.
    lost: Packed,
    /// Rows of instants.
    marks: Vec<MarksView>,
    places: Vec<PlaceView>,
    /// How many values are outside or open, of which `places` shows some.
    places_of: u64,
    /// What lies in each of [`STRIP`] equal parts of the capture: `2` something outside, `1` something open, `0` neither.
    strip: String,
}

#[derive(Debug, Serialize)]
struct WindowView {
    from: u64,
    to: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LineView {
    name: String,
    detail: String,
    active_at_start: bool,
    /// The samples at which it changes; none where they are too many.
    changes: Option<Packed>,
    /// What is said in their place.
    absent: Option<String>,
    /// The analog channel that it is read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<TraceView>,
}

/// An analog channel in columns of samples.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct TraceView {
    /// Samples in a column.
    per_column: u64,
    /// Samples of the first column that lie before sample 0.
    before: u64,
    /// The least and the greatest value of each column, of 255 from the channel's least to its greatest, a byte each, in
    /// base64; 255 and 0 where there is none.
    columns: String,
}

/// The frames of a camera: where they start, and their numbers, the first of which is `first`.
#[derive(Debug, Serialize)]
struct CameraView {
    name: String,
    first: i64,
    edges: Packed,
    numbers: Packed,
}

#[derive(Debug, Serialize)]
struct MarksView {
    name: String,
    at: Packed,
}

/// Numbers in order as differences, seven bits a byte, the lowest first, in base64.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Packed {
    count: usize,
    bytes: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Fail,
    Open,
}

/// Something to jump to.
#[derive(Debug, Serialize)]
struct PlaceView {
    kind: Kind,
    name: String,
    text: String,
    from: u64,
    to: u64,
}

/// The document, safe within a script element.
pub(super) fn waves(judgement: &Judgement, window: Stretch) -> Result<String, RenderError> {
    let observation = &judgement.observation;
    let mut room = MOST_BYTES;
    let cameras = cameras(observation, &mut room);
    let period = observation.cameras.iter().find_map(|camera| camera.clock.period.as_ref()?.to_integer(Rounding::Up));
    let around = period.and_then(|period| u64::try_from(period / 4).ok()).unwrap_or(0);
    let waves = Waves {
        rate: observation.rate.hz().to_f64(),
        samples: observation.length.get(),
        window: WindowView { from: window.from.get(), to: window.to.get() },
        around: around.max(16),
        lines: lines(observation, &mut room),
        cameras,
        lost: lost(observation),
        marks: marks(observation),
        places: places(judgement),
        places_of: judgement.checks.iter().map(|check| check.failed + check.marginal).sum(),
        strip: strip(judgement),
    };
    let document = serde_json::to_string(&waves)?;
    // Within a script element only `<` could end it, or begin a comment.
    Ok(json_document(&document).replace('<', "\\u003c"))
}

/// Packs increasing numbers, unless that takes more than `room` bytes, which shrinks by what it takes.
fn packed(numbers: impl Iterator<Item = u64>, room: &mut usize) -> Option<Packed> {
    let (mut bytes, mut before, mut count) = (Vec::new(), 0_u64, 0);
    for number in numbers {
        let mut rest = number.saturating_sub(before);
        before = number;
        count += 1;
        while rest > 127 {
            bytes.push((rest & 127) as u8 | 128);
            rest >>= 7;
        }
        bytes.push(rest as u8);
        if bytes.len() > *room {
            return None;
        }
    }
    *room -= bytes.len();
    Some(Packed { count, bytes: BASE64_STANDARD.encode(&bytes) })
}

/// In the order of the still drawing: exposures first, then what triggers and lights them.
fn lines(observation: &Observation, room: &mut usize) -> Vec<LineView> {
    let rig = &observation.rig;
    let of_role = |role: Role| rig.wire_indices().filter(move |&wire| rig.wire(wire).role == role);
    Role::DRAWN.into_iter().flat_map(of_role).map(|wire| line(observation, wire, room)).collect()
}

fn line(observation: &Observation, index: WireIndex, room: &mut usize) -> LineView {
    let (wire, line) = (observation.rig.wire(index), &observation.lines[index.get()]);
    let mut detail = vec![visible(&line.probe.name).into_owned()];
    if line.active == Level::Low {
        detail.push("active low".to_owned());
    }
    if observation.rig.cameras.len() > 1 {
        detail.insert(0, visible(&wire.owner).into_owned());
    }
    let changes = packed(line.waveform.changes().iter(), room);
    let absent = || {
        let edges = counted(line.waveform.changes().len() as u64, "edge");
        format!("{edges}: too many for a page; judge a part of the capture with --from and --to to see them")
    };
    LineView {
        name: match &wire.name {
            Some(name) => format!("{} {}", wire.role.label(), visible(name)),
            None => wire.role.label().to_owned(),
        },
        detail: detail.join(", "),
        active_at_start: line.waveform.initial() == line.active,
        absent: changes.is_none().then(absent),
        changes,
        trace: line.analog.as_ref().and_then(|analog| trace(&analog.outline, room)),
    }
}

/// The channel as bytes, unless they take more than the room that is left.
fn trace(outline: &Outline, room: &mut usize) -> Option<TraceView> {
    let values = || outline.columns.iter().flatten();
    let least = values().map(|(low, _)| *low).reduce(f32::min)?;
    let greatest = values().map(|(_, high)| *high).reduce(f32::max)?;
    let span = f64::from(greatest) - f64::from(least);
    // Between 0 and 255, whatever the values are.
    let byte = |value: f32| ((f64::from(value) - f64::from(least)) / span.max(f64::MIN_POSITIVE) * 255.0).round() as u8;
    let bytes: Vec<u8> = (outline.columns.iter())
        .flat_map(|column| column.map_or([u8::MAX, 0], |(low, high)| [byte(low), byte(high)]))
        .collect();
    *room = room.checked_sub(bytes.len())?;
    let (per_column, before) = (outline.per_column.max(1), outline.before);
    Some(TraceView { per_column, before, columns: BASE64_STANDARD.encode(&bytes) })
}

fn cameras(observation: &Observation, room: &mut usize) -> Vec<CameraView> {
    let several = observation.cameras.len() > 1;
    let view = |(name, frames): (&String, &CameraFrames)| {
        let edges = &frames.clock.edges;
        let first = edges.first()?.starts;
        let numbers = edges.iter().map(|edge| u64::try_from(edge.starts.saturating_sub(first)).unwrap_or(0));
        Some(CameraView {
            name: if several { format!("frames {}", visible(name)) } else { "frames".to_owned() },
            first,
            edges: packed(edges.iter().map(|edge| edge.edge.at().get()), room)?,
            numbers: packed(numbers, room)?,
        })
    };
    let names = observation.rig.cameras.iter().map(|camera| &camera.name);
    names.zip(&observation.cameras).filter_map(view).collect()
}

/// The timestamps of each camera's log, on the capture's time after the fit.
fn marks(observation: &Observation) -> Vec<MarksView> {
    let several = observation.cameras.len() > 1;
    let view = |(name, frames): (&String, &CameraFrames)| {
        let matched = frames.logged.matched()?;
        let without = matched.without_exposure.iter();
        let without = without.filter_map(|&stamp| matched.clock.instant(matched.stamps.get(stamp)?.time));
        let instants = matched.frames.iter().map(|frame| frame.instant.clone()).chain(without);
        let sample = |at: Rational| u64::try_from(at.to_integer(Rounding::Nearest)?).ok();
        let mut at: Vec<u64> = instants.filter_map(sample).filter(|at| *at < observation.length.get()).collect();
        at.sort_unstable();
        let mut room = usize::MAX;
        let name = if several { format!("timestamps {}", visible(name)) } else { "timestamps".to_owned() };
        Some(MarksView { name, at: packed(at.into_iter(), &mut room)? })
    };
    let names = observation.rig.cameras.iter().map(|camera| &camera.name);
    names.zip(&observation.cameras).filter_map(view).collect()
}

fn lost(observation: &Observation) -> Packed {
    let spans = observation.lost.spans().iter().take(MOST_LOST);
    let ends = spans.flat_map(|span| [span.from.get(), span.to.get()]);
    let mut room = usize::MAX;
    packed(ends, &mut room).unwrap_or(Packed { count: 0, bytes: String::new() })
}

/// What is outside, what is not decided, and what findings point at, in order of time. What belongs to most of the
/// capture is no place.
fn places(judgement: &Judgement) -> Vec<PlaceView> {
    let half = i128::from(judgement.observation.length.get() / 2);
    let mut places = Vec::new();
    for check in &judgement.checks {
        for (values, kind) in [(&check.violations, Kind::Fail), (&check.marginals, Kind::Open)] {
            let placed = values.iter().filter(|judged| (judged.to - judged.from).get() <= half);
            places.extend(placed.map(|judged| {
                let value = judged_text(judged, check.quantity.unit);
                of_check(judgement, check, (judged.frame, &value, [judged.from, judged.to]), kind)
            }));
        }
    }
    for check in &judgement.checks {
        for (standing, listed, kind) in [
            (Standing::Outside, check.violations.len(), Kind::Fail),
            (Standing::Straddling, check.marginals.len(), Kind::Open),
        ] {
            let unlisted = || check.track.of(standing).skip(listed);
            let step = unlisted().count().div_ceil(MOST_SPREAD).max(1);
            // A value that is not listed: where it was last seen.
            places.extend(unlisted().step_by(step).map(|point| {
                let value = value_text(&rational(point.value), check.quantity.unit, Rounding::Nearest);
                of_check(judgement, check, (point.frame, &value, [point.at; 2]), kind)
            }));
        }
    }
    for finding in &judgement.findings {
        let kind = match finding.severity {
            Severity::Fail => Kind::Fail,
            Severity::Warn | Severity::Info => Kind::Open,
        };
        places.extend(finding.at.iter().take(20).map(|&sample| PlaceView {
            kind,
            name: finding.fault.to_owned(),
            text: format!(
                "{}: {}, at {}",
                finding.fault,
                visible(&finding.summary),
                time_text(&judgement.time(sample))
            ),
            from: sample.get(),
            to: sample.get(),
        }));
    }
    // Of those that begin together the longest first: the exposure before what the flash lacks of it.
    places.sort_by(|a, b| (a.from, b.to, &a.name).cmp(&(b.from, a.to, &b.name)));
    places
}

fn of_check(
    judgement: &Judgement,
    check: &Check,
    (frame, value, [from, to]): (Option<i64>, &str, [SampleIndex; 2]),
    kind: Kind,
) -> PlaceView {
    let name = visible(&check_name(judgement, check)).into_owned();
    let frame = frame.map(|frame| format!(", frame {frame}")).unwrap_or_default();
    let text = format!("{name}{frame}: {value}, at {}", time_text(&judgement.time(from)));
    PlaceView { kind, text, name, from: from.get(), to: to.get() }
}

/// The whole capture in parts of equal length.
fn strip(judgement: &Judgement) -> String {
    let length = judgement.observation.length.get().max(1);
    let mut parts = vec![b'0'; STRIP as usize];
    let of = |standing| judgement.checks.iter().flat_map(move |check| check.track.of(standing));
    let marked =
        of(Standing::Straddling).map(|point| (point, b'1')).chain(of(Standing::Outside).map(|point| (point, b'2')));
    for (point, mark) in marked {
        let part = u128::from(point.at.get()) * u128::from(STRIP) / u128::from(length);
        if let Some(part) = usize::try_from(part).ok().and_then(|part| parts.get_mut(part)) {
            *part = mark.max(*part);
        }
    }
    parts.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::Bench;

    #[test]
    fn numbers_are_packed_as_their_differences() {
        // 3, then 127 more, then 128 more (0x80 0x01), then 0 more.
        let mut room = 100;
        let found = packed([3, 130, 258, 258].into_iter(), &mut room);
        assert_eq!(found, Some(Packed { count: 4, bytes: BASE64_STANDARD.encode([3, 127, 128, 1, 0]) }));
        assert_eq!(room, 95);
        assert_eq!(packed([1, 2, 3].into_iter(), &mut 2), None, "more than there is room for");
    }

    #[test]
    fn what_is_outside_is_a_place_and_names_end_no_script() {
        let window = Stretch { from: SampleIndex::new(0), to: SampleIndex::new(1000) };
        let bench = Bench::failing();
        let judgement = bench.judge();
        let failed: usize = judgement.checks.iter().map(|check| check.violations.len()).sum();
        let places = places(&judgement);
        assert!(places.iter().filter(|place| place.kind == Kind::Fail).count() >= failed);
        let strip = strip(&judgement);
        assert_eq!((strip.len(), strip.matches('2').count() > 0), (1200, true));
        assert!(places.windows(2).all(|pair| pair[0].from <= pair[1].from));
        let document = waves(&Bench::hostile().judge(), window).unwrap();
        assert!(!document.contains('<'));
        let parsed: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert_eq!(parsed["lines"].as_array().unwrap().len(), 3);
    }
}
