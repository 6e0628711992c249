//! The table of frames: one row per frame and camera, one column per quantity that was judged per frame.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{SECONDS, number, signed, text, unsigned};
use super::{Table, TableColumn};
use crate::frame::{CameraFrames, Interval};
use crate::quantity::{Measure, QUANTITIES, Quantity, Subject};
use crate::report::{CaptureReport, Imprint, Judgement};
use crate::units::SampleIndex;
use crate::verdict::{Check, Plotted, Standing};

/// Which row a value belongs to, in the order of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum RowKey {
    /// A frame, and which of its values of one quantity this is.
    Frame(i64, u64),
    /// No frame: the sample at which the value ends, and which of those there this is.
    Loose(SampleIndex, u64),
}

/// The values of a row.
#[derive(Debug, Default)]
struct Values {
    last: Option<SampleIndex>,
    /// By the id of the quantity.
    values: BTreeMap<&'static str, f64>,
    standing: Option<Standing>,
    outside: BTreeSet<&'static str>,
    straddling: BTreeSet<&'static str>,
    not_judged: BTreeSet<&'static str>,
}

/// A row of the table.
struct Row {
    camera: String,
    key: RowKey,
    /// Where the frame starts, where that was seen, and its time in seconds.
    start: Option<(SampleIndex, f64)>,
    values: Values,
}

/// The frames of a capture: camera by camera, in the order of frames. Every frame that was seen from start to end has a
/// row, and every frame that has a value.
///
/// A second value of one quantity within a frame (bursts, several flash pulses) makes a second row of that frame, with
/// 1 in `part`. Values that belong to no frame follow at the end of their camera, a row each, without a frame and a
/// start; `last_sample` says where they are. Quantities of a whole capture or of a line are in the table of checks.
///
/// `standing` is the worst of the row's values (outside, straddling, inside, not judged); `outside` and `straddling`
/// name the quantities that are, and `not_judged` those that no limit is held against, such as a pulse that an end of the record cuts
/// off. A capture that could not be judged has no rows.
#[must_use]
pub fn frames(capture: &CaptureReport) -> Table {
    let judgement = capture.judgement();
    let (rows, quantities) = judgement.map(|of| (rows(of), quantities(of))).unwrap_or_default();
    let mut columns = place_columns(&capture.path, &rows);
    columns.extend(quantities.iter().map(|quantity| {
        number(quantity.id, Some(quantity.unit.symbol()), &rows, |row| row.values.values.get(quantity.id).copied())
    }));
    Table { kind: "frames/1", imprint: Some(Imprint::of(std::slice::from_ref(capture))), columns }
}

fn place_columns(path: &str, rows: &[Row]) -> Vec<TableColumn> {
    let ids =
        |ids: &BTreeSet<&'static str>| (!ids.is_empty()).then(|| ids.iter().copied().collect::<Vec<_>>().join(" "));
    vec![
        text("capture", rows, |_| Some(path.to_owned())),
        text("camera", rows, |row| Some(row.camera.clone())),
        signed("frame", rows, |row| match row.key {
            RowKey::Frame(frame, _) => Some(frame),
            RowKey::Loose(..) => None,
        }),
        unsigned("part", rows, |row| match row.key {
            RowKey::Frame(_, part) | RowKey::Loose(_, part) => Some(part),
        }),
        unsigned("start_sample", rows, |row| row.start.map(|(at, _)| at.get())),
        number("start_time_s", SECONDS, rows, |row| row.start.map(|(_, time)| time)),
        unsigned("last_sample", rows, |row| row.values.last.map(SampleIndex::get)),
        text("standing", rows, |row| row.values.standing.map(|standing| word(standing).to_owned())),
        text("outside", rows, |row| ids(&row.values.outside)),
        text("straddling", rows, |row| ids(&row.values.straddling)),
        text("not_judged", rows, |row| ids(&row.values.not_judged)),
    ]
}

/// The checks of a camera whose quantity has a value per frame.
fn per_frame(judgement: &Judgement) -> impl Iterator<Item = (usize, &Check)> {
    judgement.checks.iter().filter_map(|check| match (check.quantity.measure, check.subject) {
        (Measure::Frames(_), Subject::Camera(camera)) => Some((camera, check)),
        (Measure::Frames(_) | Measure::Capture(_) | Measure::Line(_), _) => None,
    })
}

/// The quantities that have a column, in the order of the catalogue.
fn quantities(judgement: &Judgement) -> Vec<&'static Quantity> {
    let judged: BTreeSet<&str> = per_frame(judgement).map(|(_, check)| check.quantity.id).collect();
    QUANTITIES.iter().copied().filter(|quantity| judged.contains(quantity.id)).collect()
}

fn rows(judgement: &Judgement) -> Vec<Row> {
    let observation = &judgement.observation;
    let mut rows = Vec::new();
    for (place, (camera, frames)) in observation.rig.cameras.iter().zip(&observation.cameras).enumerate() {
        let mut values: BTreeMap<RowKey, Values> = complete(frames).map(|key| (key, Values::default())).collect();
        for (_, check) in per_frame(judgement).filter(|(camera, _)| *camera == place) {
            add(&mut values, check);
        }
        rows.extend(values.into_iter().map(|(key, values)| {
            let start = start(frames, key).map(|at| (at, judgement.time(at).to_f64()));
            Row { camera: camera.name.clone(), key, start, values }
        }));
    }
    rows
}

/// The frames that were seen from start to end.
fn complete(frames: &CameraFrames) -> impl Iterator<Item = RowKey> {
    let edges = &frames.clock.edges;
    let ended = edges.pairs().filter(|(_, after)| match after.before {
        Interval::Regular | Interval::WithExtra => true,
        Interval::First | Interval::WithMissing(_) | Interval::Lost => false,
    });
    ended.map(|(before, _)| RowKey::Frame(before.starts, 0))
}

/// Where the frame starts; none where no edge starts it.
fn start(frames: &CameraFrames, key: RowKey) -> Option<SampleIndex> {
    let RowKey::Frame(frame, _) = key else { return None };
    let edges = &frames.clock.edges;
    let place = edges.find_by_key(&frame, |edge| edge.starts)?;
    edges.get(place).map(|edge| edge.edge.at())
}

fn add(rows: &mut BTreeMap<RowKey, Values>, check: &Check) {
    let id = check.quantity.id;
    let mut parts: BTreeMap<RowKey, u64> = BTreeMap::new();
    for point in check.track.iter() {
        let first = first_row(&point);
        let part = parts.entry(first).and_modify(|part| *part += 1).or_insert(0);
        let key = match first {
            RowKey::Frame(frame, _) => RowKey::Frame(frame, *part),
            RowKey::Loose(at, _) => RowKey::Loose(at, *part),
        };
        let row = rows.entry(key).or_default();
        row.values.insert(id, point.value);
        row.last = row.last.max(Some(point.at));
        row.standing = row.standing.into_iter().chain([point.standing]).max_by_key(|standing| rank(*standing));
        match point.standing {
            Standing::Outside => _ = row.outside.insert(id),
            Standing::Straddling => _ = row.straddling.insert(id),
            Standing::NotJudged => _ = row.not_judged.insert(id),
            Standing::Inside => {}
        }
    }
}

/// The word for it in the table.
fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Inside => "inside",
        Standing::Outside => "outside",
        Standing::Straddling => "straddling",
        Standing::NotJudged => "not judged",
    }
}

/// The worse, the higher.
fn rank(standing: Standing) -> u8 {
    match standing {
        Standing::NotJudged => 0,
        Standing::Inside => 1,
        Standing::Straddling => 2,
        Standing::Outside => 3,
    }
}

/// The row of a value if it is the first of its kind there.
fn first_row(point: &Plotted) -> RowKey {
    point.frame.map_or(RowKey::Loose(point.at, 0), |frame| RowKey::Frame(frame, 0))
}

#[cfg(test)]
mod tests {
    use super::super::TableFormat;
    use super::super::testing::{csv_records, parquet, parquet_note, parquet_numbers, parquet_texts};
    use super::*;
    use crate::report::{Outcome, testing};

    #[test]
    fn a_row_per_frame_and_one_per_value_without_a_frame() {
        let records = csv_records(&frames(&testing::failing()).bytes(TableFormat::Csv).unwrap());
        // What a spreadsheet would take for a formula is a text; the path does not look like one.
        let name = r#"'=\u{1b}[31m<b>|&"'\u{202e}\n"#;
        let path = r#"in/=\u{1b}[31m<b>|&"'\u{202e}\n.sr"#;
        let id = "exposure.time";
        let expected = [
            [
                "capture",
                "camera",
                "frame",
                "part",
                "start_sample",
                "start_time_s",
                "last_sample",
                "standing",
                "outside",
                "straddling",
                "not_judged",
                "frame.time",
                id,
            ],
            [path, "main", "0", "0", "1000", "0.001", "2000", "inside", "", "", "", "0.001", ""],
            [path, "main", "1", "0", "2000", "0.002", "3000", "inside", "", "", "", "0.001", ""],
            [path, "main", "2", "0", "3000", "0.003", "4000", "inside", "", "", "", "0.001", ""],
            [path, name, "0", "0", "1000", "0.001", "2000", "inside", "", "", "", "", "0.0002"],
            [path, name, "1", "0", "2000", "0.002", "3000", "outside", id, "", "", "", "0.00015"],
            [path, name, "2", "0", "3000", "0.003", "4000", "straddling", "", id, "", "", "0.000205"],
            [path, name, "", "0", "", "", "2500", "not judged", "", "", id, "", "0.000003"],
        ];
        assert_eq!(records.len(), expected.len());
        for (record, expected) in records.iter().zip(expected) {
            assert_eq!(numbers_as_numbers(record), numbers_as_numbers(&expected.map(str::to_owned)));
        }
    }

    /// Two spellings of one number are equal.
    fn numbers_as_numbers(record: &[String]) -> Vec<String> {
        record
            .iter()
            .map(|cell| cell.parse::<f64>().map_or_else(|_| cell.clone(), |number| number.to_string()))
            .collect()
    }

    #[test]
    fn parquet_holds_the_numbers_names_and_units_as_they_are() {
        let bytes = frames(&testing::failing()).bytes(TableFormat::Parquet).unwrap();
        let ms = Some(1e-3);
        assert_eq!(parquet_numbers(&bytes, "frame.time"), [ms, ms, ms, None, None, None, None]);
        assert_eq!(
            parquet_numbers(&bytes, "exposure.time"),
            [None, None, None, Some(2e-4), Some(1.5e-4), Some(2.05e-4), Some(3e-6)]
        );
        assert_eq!(parquet_texts(&bytes, "camera").pop().flatten().as_deref(), Some(testing::HOSTILE));
        assert_eq!(parquet_note(&bytes, "strobecheck.table").as_deref(), Some("frames/1"));
        assert_eq!(
            parquet_note(&bytes, "strobecheck.units").as_deref(),
            Some(r#"{"exposure.time":"s","frame.time":"s","start_time_s":"s"}"#)
        );
    }

    #[test]
    fn a_second_value_of_a_frame_has_a_row_of_its_own() {
        let Outcome::Judged(mut judgement) = testing::passing().outcome else { panic!("it is judged") };
        let check = judgement.checks.iter_mut().find(|check| check.quantity.id == "frame.time").unwrap();
        let first = check.track.at(0);
        check.track = [first, Plotted { value: 2e-3, standing: Standing::Outside, ..first }]
            .into_iter()
            .collect::<crate::verdict::Plots>()
            .into();
        let capture =
            CaptureReport { path: "twice.sr".to_owned(), outcome: Outcome::Judged(judgement), expected: None };
        let bytes = frames(&capture).bytes(TableFormat::Parquet).unwrap();
        assert_eq!(parquet_numbers(&bytes, "frame.time"), [Some(1e-3), Some(2e-3), None, None]);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(parquet_texts(&bytes, "standing"), [text("inside"), text("outside"), None, None]);
        let parts: Vec<Option<i64>> = parquet(&bytes).column("part").unwrap().i64().unwrap().iter().collect();
        assert_eq!(parts, [Some(0), Some(1), Some(0), Some(0)]);
    }

    #[test]
    fn a_value_that_is_not_judged_is_told_beside_one_that_is() {
        let Outcome::Judged(mut judgement) = testing::passing().outcome else { panic!("it is judged") };
        let check = judgement.checks.iter_mut().find(|check| check.quantity.id == "frame.time").unwrap();
        let first = Plotted { standing: Standing::NotJudged, ..check.track.at(0) };
        let inside = check.clone();
        check.track = [first].into_iter().collect::<crate::verdict::Plots>().into();
        let other = QUANTITIES.iter().copied().find(|quantity| quantity.id == "fsin.width").unwrap();
        judgement.checks.push(Check { quantity: other, ..inside });
        let capture = CaptureReport { path: "cut.sr".to_owned(), outcome: Outcome::Judged(judgement), expected: None };
        let bytes = frames(&capture).bytes(TableFormat::Parquet).unwrap();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(parquet_texts(&bytes, "standing")[0], text("inside"));
        assert_eq!(parquet_texts(&bytes, "not_judged")[..2], [text("frame.time"), None]);
    }

    #[test]
    fn a_capture_that_could_not_be_judged_has_no_rows() {
        let table = frames(&testing::unreadable());
        assert_eq!(csv_records(&table.bytes(TableFormat::Csv).unwrap()).len(), 1);
        assert_eq!(parquet(&table.bytes(TableFormat::Parquet).unwrap()).height(), 0);
    }
}
