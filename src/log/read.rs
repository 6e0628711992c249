//! From the bytes of a log to its streams.

use super::error::{LogError, LogErrorKind, MOST_ROWS, MOST_STREAMS};
use super::forms::{self, At, Cell, Misread, Take};
use super::layout::{Digit, Layout};
use super::{CameraLog, LogColumns, LogTime, Stamp, Stream, seconds};
use crate::units::{Rounding, Unit, value_text};

impl CameraLog {
    /// Reads a log; `file` is what messages call it. Empty lines and lines that begin with `#` are passed over.
    ///
    /// # Errors
    /// [`LogError`] with line and character, and what would be valid, on anything that is not a table of frames.
    pub fn parse(file: &str, bytes: &[u8], columns: &LogColumns) -> Result<CameraLog, LogError> {
        let fail = |(at, kind): forms::Failed| LogError { file: file.to_owned(), at, kind };
        let mut reader = Reader { columns, layout: None, streams: Vec::new(), rows: 0, exposure_digit: None };
        let claims = forms::read(bytes, &mut reader).map_err(fail)?;
        let Reader { rows, .. } = reader;
        match reader.layout.take() {
            None => Err(fail((None, LogErrorKind::Empty))),
            Some(_) if rows == 0 => Err(fail((None, LogErrorKind::NoRows))),
            Some(layout) => {
                let log = reader.finish(&layout).map_err(|(line, kind)| fail((Some((line, 1)), kind)))?;
                Ok(CameraLog { claims, ..log })
            }
        }
    }
}

/// A log while it is read.
struct Reader<'c> {
    columns: &'c LogColumns,
    layout: Option<Layout>,
    streams: Vec<Stream>,
    rows: u64,
    /// The coarsest last digit of an exposure time.
    exposure_digit: Option<Digit>,
}

impl Take for Reader<'_> {
    fn header(&mut self, number: u64, line: &str, names: &[Cell], may_be_comma: bool) -> Result<(), Misread> {
        self.layout = Some(Layout::of((number, line), names, may_be_comma, self.columns)?);
        Ok(())
    }

    fn row(&mut self, line: u64, cells: &[Cell]) -> Result<(), Misread> {
        let Some(layout) = &self.layout else { return Ok(()) };
        if self.rows == MOST_ROWS {
            return Err((At::Byte(0), LogErrorKind::TooManyRows));
        }
        if cells.len() != layout.fields {
            return Err((At::Byte(0), LogErrorKind::Fields { found: cells.len(), expected: layout.fields }));
        }
        let time_cell = layout.time.cell(cells);
        if time_cell.text.trim().is_empty() {
            return Err((At::Byte(time_cell.at), LogErrorKind::TimeMissing(layout.time.name.clone())));
        }
        let (time, _) = layout.time.read(cells)?;
        let exposure = layout.exposure.as_ref().filter(|column| !column.cell(cells).text.trim().is_empty());
        let exposure = exposure.map(|column| column.read(cells)).transpose()?;
        let sequence = layout.sequence.as_ref().map(|(place, name)| (&cells[*place], name));
        let sequence =
            sequence.filter(|(cell, _)| !cell.text.trim().is_empty()).map(|(cell, name)| count_of(cell, name));
        let stamp = Stamp { line, time, sequence: sequence.transpose()?, exposure: exposure.map(|(time, _)| time) };
        let stream = layout.stream.map(|place| &cells[place]);
        let exposure_digit = exposure.and_then(|(_, digit)| digit);
        self.exposure_digit = self.exposure_digit.into_iter().chain(exposure_digit).max();
        self.rows += 1;
        stream_of(&mut self.streams, stream)?.stamps.push(stamp);
        Ok(())
    }
}

fn stream_of<'s>(streams: &'s mut Vec<Stream>, cell: Option<&Cell>) -> Result<&'s mut Stream, Misread> {
    let name = cell.map(|cell| cell.text.clone());
    let known = streams.iter().position(|stream| stream.name == name);
    let place = match known {
        Some(place) => place,
        None if streams.len() == MOST_STREAMS => {
            return Err((At::Byte(cell.map_or(0, |cell| cell.at)), LogErrorKind::TooManyStreams));
        }
        None => {
            streams.push(Stream { name, stamps: Vec::new() });
            streams.len() - 1
        }
    };
    Ok(&mut streams[place])
}

impl Reader<'_> {
    fn finish(mut self, layout: &Layout) -> Result<CameraLog, (u64, LogErrorKind)> {
        let mut remarks = Vec::new();
        for stream in &mut self.streams {
            let of = stream.name.as_ref().map_or_else(String::new, |name| format!(" of {name}"));
            let back = || stream.stamps.windows(2).filter(|pair| pair[1].time < pair[0].time);
            if let (count @ 1.., Some(first)) = (back().count(), back().next().map(<[Stamp]>::to_vec)) {
                stream.stamps.sort_by_key(|stamp| stamp.time);
                if !is_counted(&stream.stamps) {
                    let by = seconds(first[0].time.get() - first[1].time.get());
                    let by = value_text(&by, Unit::Second, Rounding::Nearest);
                    let column = layout.time.name.clone();
                    return Err((first[1].line, LogErrorKind::TimeGoesBack { column, by }));
                }
                remarks.push(format!("{} the log{of}: the rows were put in order of time", times_back(count)));
            }
            let before = stream.stamps.len();
            // Rows of one time with numbers of their own are frames of their own: the host took them at once.
            stream.stamps.dedup_by_key(|stamp| (stamp.time, stamp.sequence));
            let repeated = before - stream.stamps.len();
            if repeated > 0 {
                let rows = if repeated == 1 { "1 row repeats".to_owned() } else { format!("{repeated} rows repeat") };
                let were = if repeated == 1 { "was" } else { "were" };
                remarks.push(format!("{rows} the time of another in the log{of}, and {were} left out"));
            }
        }
        // Texts whose fraction is left out everywhere tell seconds.
        let digit = self.exposure_digit.unwrap_or(15).clamp(0, 30);
        Ok(CameraLog {
            resolution: resolution(&self.streams),
            exposure_digit: LogTime::new(10_i128.pow(digit.unsigned_abs())),
            streams: self.streams,
            rows: self.rows,
            time_column: layout.time.name.clone(),
            remarks,
            claims: None,
        })
    }
}

/// What timestamps are rounded to: the largest power of ten, of a second at most, of which each is a whole number. Zeros at the end of all
/// of them say nothing (milliseconds that are written as nanoseconds), and programs leave them out at the end of some.
fn resolution(streams: &[Stream]) -> LogTime {
    let stamps = || streams.iter().flat_map(|stream| &stream.stamps);
    let is_whole = |unit: &i128| stamps().all(|stamp| stamp.time.get() % unit == 0);
    LogTime::new((0..=15).rev().map(|digit| 10_i128.pow(digit)).find(is_whole).unwrap_or(1))
}

/// Whether every stamp has a number, and each a higher one than the one before: time that is in order by them never went back.
fn is_counted(stamps: &[Stamp]) -> bool {
    stamps.iter().all(|stamp| stamp.sequence.is_some())
        && stamps.windows(2).all(|two| two[0].sequence < two[1].sequence)
}

fn times_back(back: usize) -> String {
    if back == 1 { "time goes back once in".to_owned() } else { format!("time goes back {back} times in") }
}

fn count_of(cell: &Cell, column: &str) -> Result<i64, Misread> {
    let wrong = || LogErrorKind::NotACount { found: cell.text.clone(), column: column.to_owned() };
    cell.text.trim().parse().map_err(|_| (At::Byte(cell.at), wrong()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::TimeUnit;
    use crate::log::error::LONGEST_LINE;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<CameraLog, String> {
        CameraLog::parse("run.csv", text.as_bytes(), &LogColumns::default()).map_err(|error| error.to_string())
    }

    fn times(stream: &Stream) -> Vec<i128> {
        stream.stamps.iter().map(|stamp| stamp.time.get() / 1_000_000_000).collect()
    }

    #[test]
    fn the_recommended_columns_are_read_for_each_stream() {
        let text = "\u{feff}stream,seq,ts_device_us,ts_host_us,exposure_us,iso,fps_cfg\r\n\
                    left,12,1000,5,20000,400,30\r\n# a note\r\n\r\nright,12,1001.5,6,10000.25,400,30\r\nleft,13,34333,7,,400,30";
        let log = read(text).unwrap();
        assert_eq!((log.rows, log.time_column.as_str(), log.resolution.get()), (3, "ts_device_us", 100_000_000));
        let [left, right] = log.streams.as_slice() else { panic!("{log:?}") };
        assert_eq!((left.name.as_deref(), times(left)), (Some("left"), vec![1000, 34_333]));
        let expected = Stamp {
            line: 5,
            time: LogTime::new(1_001_500_000_000),
            sequence: Some(12),
            exposure: Some(LogTime::new(10_000_250_000_000)),
        };
        assert_eq!(right.stamps, [expected]);
        assert_eq!(left.stamps[1].exposure, None);
        assert!(log.remarks.is_empty());
    }

    #[test]
    fn columns_of_other_names_are_stated() {
        let columns = LogColumns {
            time: Some("SOF".to_owned()),
            unit: Some(TimeUnit::Milli),
            sequence: Some("n".to_owned()),
            ..LogColumns::default()
        };
        let log = CameraLog::parse("run.csv", b"n;SOF\n1;2.5\n", &columns).unwrap();
        let stamp = log.streams[0].stamps[0];
        assert_eq!((stamp.time.get(), stamp.sequence), (2_500_000_000_000, Some(1)));
        let error = CameraLog::parse("run.csv", b"n;t_ms\n1;2.5\n", &columns).unwrap_err();
        assert_eq!(error.to_string(), "run.csv:1:1: no column 'SOF'; the columns are n, t_ms");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_and_what_would_be_valid() {
        for (text, expected) in [
            ("", "run.csv: the log is empty: expected a header such as stream,seq,ts_device_us,exposure_us"),
            ("seq,ts_us\n\n", "run.csv: the log has no rows: expected one for each frame"),
            (
                "seq,when\n1,2\n",
                "run.csv:1:1: no column of timestamps, such as ts_device_us; the columns are seq, when: name it with \
                 timestamps.time = \"COLUMN\" (--column time=COLUMN)",
            ),
            (
                "seq,timestamp\n1,2\n",
                "run.csv:1:5: the unit of column 'timestamp' is not known: let its name end in _ns, _us, _ms or _s \
                 (ticks of a clock: converted to one of them), or state timestamps.unit = \"us\" (--column unit=us)",
            ),
            // Ten digits more than seconds may have.
            (
                "seq,time\n1,1764500153530100224\n",
                "run.csv:1:5: the unit of column 'time' is not known: let its name end in _ns, _us, _ms or _s \
                 (ticks of a clock: converted to one of them), or state timestamps.unit = \"us\" (--column unit=us)",
            ),
            ("ts_us,ts_us\n1,2\n", "run.csv:1:1: two columns are called 'ts_us': give them names of their own"),
            ("seq,ts_us\n1,2\n2\n", "run.csv:3:1: a row of 1, the header names 2 columns"),
            (
                "seq,ts_us\n1, abc\n",
                "run.csv:2:4: 'abc' in column 'ts_us' is not a number such as 153549449 or 153549449.25, and no \
                 time such as 0:00:00.025 or 2026-11-29T07:00:00.025Z",
            ),
            ("seq,ts_us\n1.5,2\n", "run.csv:2:1: '1.5' in column 'seq' is not a whole number such as 325"),
            (
                "seq,ts_us\n1,\n",
                "run.csv:2:3: no timestamp in column 'ts_us': expected a number such as 153549449 or 153549449.25",
            ),
            ("seq,ts_us\n1,\"2\n", "run.csv:2:3: a quote that is not closed on this line"),
            (
                "ts_ns\n0.1234567\n",
                "run.csv:2:1: '0.1234567' in column 'ts_ns' has more than 24 digits, or is finer than a femtosecond",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), expected, "{text:?}");
        }
        let binary = CameraLog::parse("run.csv", b"ts_us\n\xff\xfe\n", &LogColumns::default()).unwrap_err();
        assert_eq!((binary.at, binary.kind), (Some((2, 1)), LogErrorKind::NotText));
        let long = format!("ts_us\n{}\n", "1".repeat(LONGEST_LINE + 1));
        assert_eq!(read(&long).unwrap_err(), "run.csv:2:1: a line of more than 16384 bytes");
        let hostile = read("ts_us\n\u{1b}[2J\u{202e}\n").unwrap_err();
        assert!(!hostile.contains('\u{1b}') && !hostile.contains('\u{202e}'), "{hostile}");
    }

    #[test]
    fn rows_out_of_order_and_repeated_are_said() {
        let log = read("seq,ts_us\n3,30\n1,10\n2,20\n").unwrap();
        assert_eq!(times(&log.streams[0]), [10, 20, 30]);
        assert_eq!(log.remarks, ["time goes back once in the log: the rows were put in order of time"]);
        let log = read("ts_us\n10\n20\n20\n30\n").unwrap();
        assert_eq!(times(&log.streams[0]), [10, 20, 30]);
        assert_eq!(log.remarks, ["1 row repeats the time of another in the log, and was left out"]);
    }

    #[test]
    fn a_clock_that_goes_back_is_refused() {
        let back = "run.csv:4:1: time goes back in column 'ts_us' by 20 µs: the clock was set or began anew; cut the log to the rows of one run";
        for text in [
            "n,ts_us\n1,10\n2,30\n3,10\n4,40\n",
            "seq,ts_us\n1,10\n2,30\n3,10\n4,40\n",
            "seq,ts_us\n1,10\n2,30\n,10\n4,40\n",
        ] {
            assert_eq!(read(text).unwrap_err(), back, "{text}");
        }
        // Two cameras share no order.
        assert!(read("stream,ts_us\na,30\nb,10\na,40\nb,20\n").is_ok());
    }

    #[test]
    fn more_streams_than_cameras_are_no_streams() {
        let rows: String = (0..=MOST_STREAMS).map(|n| format!("s{n},{n}\n")).collect();
        let error = read(&format!("stream,ts_us\n{rows}")).unwrap_err();
        assert_eq!(error, "run.csv:66:1: more than 64 streams: is this the column of stream names?");
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in proptest::collection::vec(any::<u8>(), 0..200), rows in ".{0,80}") {
            let _ = CameraLog::parse("x", &bytes, &LogColumns::default());
            let text = format!("stream,seq,ts_us,exposure_us\n{rows}\n");
            let _ = CameraLog::parse("x", text.as_bytes(), &LogColumns::default());
        }

        #[test]
        fn what_is_written_is_read(femtos in proptest::collection::btree_set(-(1_i128 << 70)..1_i128 << 70, 1..40)) {
            let row = |t: &i128| format!("{}{}.{:09}", if *t < 0 { "-" } else { "" }, t.abs() / 1_000_000_000, t.abs() % 1_000_000_000);
            let rows: Vec<String> = femtos.iter().map(row).collect();
            let log = read(&format!("ts_us\n{}", rows.join("\n"))).unwrap();
            let read: Vec<i128> = log.streams[0].stamps.iter().map(|stamp| stamp.time.get()).collect();
            prop_assert_eq!(read, femtos.into_iter().collect::<Vec<_>>());
        }
    }
}
