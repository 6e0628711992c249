//! Logs as camera stacks write them, each of the same frames: read to the same times, or refused with the option that reads them.

use std::fmt::Write as _;
use std::sync::Arc;

use strobecheck::log::{CameraLog, Convention};
use strobecheck::report::{LogFile, Provenance};
use strobecheck::scenario::{Scenario, Simulation, simulate};
use strobecheck::spec::{ColumnOverride, SpecFile, SpecRequest, SpecSource};
use strobecheck::verdict::Verdict::Pass;
use strobecheck::verify::verify;

use crate::bench_capture::check;

/// A frame of a log: its number, the end of its exposure and how long that was, in whole microseconds.
#[derive(Clone, Copy)]
struct Row {
    number: i64,
    us: i64,
    exposure: i64,
}

impl Row {
    fn millis(self) -> String {
        format!("{}.{:03}", self.us / 1000, self.us % 1000)
    }

    fn seconds(self) -> String {
        format!("{}.{:06}", self.us / 1_000_000, self.us % 1_000_000)
    }

    /// As `str(timedelta)` of Python: without a fraction that is zero.
    fn span(us: i64) -> String {
        let clock = format!("{}:{:02}:{:02}", us / 3_600_000_000, us / 60_000_000 % 60, us / 1_000_000 % 60);
        if us % 1_000_000 == 0 { clock } else { format!("{clock}.{:06}", us % 1_000_000) }
    }

    /// So long after 2026-11-29T07:00:00, within a minute.
    fn clock(self) -> String {
        format!("07:00:{:02}.{:06}", self.us / 1_000_000, self.us % 1_000_000)
    }
}

/// A stack's log: its name, its header, its rows, and what the command line states of it.
struct Stack {
    name: &'static str,
    header: &'static str,
    row: fn(Row) -> String,
    columns: &'static [&'static str],
}

/// The seconds from 1970 to 2026-11-29T07:00:00, by `date -u -d 2026-11-29T07:00:00 +%s`.
const MORNING: i64 = 1_795_935_600;

const STACKS: [Stack; 20] = [
    Stack {
        name: "strobecheck simulate",
        header: "stream,seq,ts_device_us,ts_host_us,exposure_us,iso,fps_cfg\n",
        row: |r| format!("main,{},{},0,{},400,30", r.number, r.us, r.exposure),
        columns: &[],
    },
    Stack {
        name: "depthai, timedelta as text",
        header: "seq,timestamp,exposure\n",
        row: |r| format!("{},{},{}", r.number, Row::span(r.us), Row::span(r.exposure)),
        columns: &[],
    },
    Stack {
        name: "depthai, names of its methods",
        header: "sequenceNum,timestampDevice,exposureTime\n",
        row: |r| format!("{},{},{}.0", r.number, r.seconds(), r.exposure),
        columns: &["unit=s", "exposure_unit=us"],
    },
    Stack {
        name: "depthai, JSON lines",
        header: "",
        row: |r| format!("{{\"seq\": {}, \"ts_device_us\": {}.0, \"exposure_us\": {}.0}}", r.number, r.us, r.exposure),
        columns: &[],
    },
    Stack {
        name: "depthai, JSON in a list",
        header: "[",
        row: |r| {
            format!(
                "{{\"frame\": {{\"seq\": {}}}, \"timestamp\": \"{}\", \"gains\": [1, 2], \"ok\": true}},",
                r.number,
                Row::span(r.us)
            )
        },
        columns: &[],
    },
    Stack {
        name: "ROS 2, sec and nanosec",
        header: "sec,nanosec,frame_id\n",
        row: |r| format!("{},{},oak", MORNING + r.us / 1_000_000, r.us % 1_000_000 * 1000),
        columns: &[],
    },
    Stack {
        name: "ROS 2, header.stamp",
        header: "header.frame_id,header.stamp.sec,header.stamp.nanosec,height\n",
        row: |r| format!("oak,{},{},800", MORNING + r.us / 1_000_000, r.us % 1_000_000 * 1000),
        columns: &[],
    },
    Stack {
        name: "ROS 1, rostopic echo -p",
        header: "%time,field.header.seq,field.header.stamp,field.header.frame_id\n",
        row: |r| format!("{},{},{}{:09},oak", MORNING, r.number, MORNING + r.us / 1_000_000, r.us % 1_000_000 * 1000),
        columns: &[],
    },
    Stack {
        name: "ROS 1, secs and nsecs",
        header: "secs,nsecs\n",
        row: |r| format!("{},{}", MORNING + r.us / 1_000_000, r.us % 1_000_000 * 1000),
        columns: &[],
    },
    Stack {
        name: "picamera2",
        header: ",SensorTimestamp,ExposureTime,FrameDuration\n",
        row: |r| format!("{},{}000,{},33333", r.number, r.us, r.exposure),
        columns: &[],
    },
    Stack {
        name: "rpicam --metadata",
        header: "[",
        row: |r| {
            format!(
                "{{\n    \"SensorTimestamp\": {}000,\n    \"ExposureTime\": {},\n    \"ColourGains\": [1.0, 2.0]\n}},",
                r.us, r.exposure
            )
        },
        columns: &[],
    },
    Stack { name: "rpicam --save-pts", header: "# timecode format v2\n", row: Row::millis, columns: &[] },
    Stack {
        name: "v4l2-ctl --verbose",
        header: "\t\tVIDIOC_STREAMON returned 0 (Success)\n",
        row: |r| {
            format!(
                "cap dqbuf: {} seq: {:6} bytesused: 614400 ts: {} delta: 33.333 ms fps: 30.00 (ts-monotonic, ts-src-soe)",
                r.number % 4,
                r.number,
                r.seconds()
            )
        },
        columns: &[],
    },
    Stack {
        name: "GenICam chunks",
        header: "FrameID,Timestamp,ExposureTime\n",
        row: |r| format!("{},{}000,{}.0", r.number, r.us, r.exposure),
        columns: &["unit=ns"],
    },
    Stack {
        name: "ISO 8601 with a zone",
        header: "seq,timestamp\n",
        row: |r| format!("{},2026-11-29T{}Z", r.number, r.clock()),
        columns: &[],
    },
    Stack {
        name: "ISO 8601 with a comma and an offset",
        header: "seq;timestamp\n",
        row: |r| format!("{};2026-11-29T{}+00:00", r.number, r.clock().replace('.', ",")),
        columns: &[],
    },
    Stack {
        name: "pandas timedelta",
        header: ",timestamp,exposure\n",
        row: |r| format!("{},0 days 0{},0 days 00:00:00.{:06}", r.number, Row::span(r.us), r.exposure),
        columns: &[],
    },
    Stack {
        name: "numpy datetime64",
        header: "seq\ttimestamp\n",
        row: |r| format!("{}\t2026-11-29T{}000", r.number, r.clock()),
        columns: &[],
    },
    Stack {
        name: "numpy savetxt",
        header: "seq,ts_device_s\n",
        row: |r| format!("{},{}.{:08}e-02", r.number, r.us / 10_000, r.us % 10_000 * 10_000),
        columns: &[],
    },
    Stack {
        name: "a spreadsheet with a decimal comma",
        header: "seq;time (ms);exposure (ms)\n",
        row: |r| {
            format!("{};{};{},{:03}", r.number, r.millis().replace('.', ","), r.exposure / 1000, r.exposure % 1000)
        },
        columns: &[],
    },
];

fn simulation() -> Simulation {
    let text = "duration = \"2 s\"\nanalyzer.samplerate = \"1 MHz\"\n[timing]\nframe.time = \"33335 us\"\njitter.frame.time = { uniform = \"40 us\" }\n\
                exposure.time = [\"10 ms\", \"30 ms\", \"20 ms\"]\n";
    simulate(&Scenario::parse("log.toml", text).unwrap()).unwrap()
}

/// The frames whose end shows, to the microsecond.
fn rows(simulation: &Simulation) -> Vec<Row> {
    let ends =
        simulation.truth.cameras[0].frames.iter().filter_map(|frame| Some((frame.number, *frame.exposures.first()?)));
    let shown = ends.filter(|(_, pulse)| simulation.sampler.shows_at(pulse.end()).is_some());
    let us = |femtos: i128| i64::try_from(femtos / 1_000_000_000).unwrap();
    shown
        .map(|(number, pulse)| Row { number: number + 5, us: us(pulse.end().get()), exposure: us(pulse.width().get()) })
        .collect()
}

impl Stack {
    fn text(&self, rows: &[Row]) -> String {
        let mut text = self.header.to_owned();
        for row in rows {
            writeln!(text, "{}", (self.row)(*row)).unwrap();
        }
        if self.header == "[" {
            text.truncate(text.trim_end().len() - 1);
            text.push(']');
        }
        text
    }

    fn request(&self, columns: &[&str]) -> SpecRequest {
        let text = "[wiring]\nstrobe = \"STROBE\"\n[analyzer]\nclock = \"0 ppm\"\n[timing]\nalignment = \"end\"\n\
                    [limits]\ntimestamp.residual = \"0 us ± 5 us\"\n"
            .to_owned();
        SpecRequest {
            source: Some(SpecSource::File(SpecFile { name: "log.spec.toml".to_owned(), text })),
            columns: columns.iter().map(|column| column.parse::<ColumnOverride>().unwrap()).collect(),
            ..SpecRequest::default()
        }
    }
}

#[test]
fn logs_of_twenty_stacks_are_read_to_the_same_times() {
    let simulation = simulation();
    let rows = rows(&simulation);
    assert!(rows.len() > 50);
    for stack in &STACKS {
        let spec = stack.request(stack.columns).build(&|_, _| Err(std::io::ErrorKind::NotFound.into())).unwrap();
        let text = stack.text(&rows);
        let log = CameraLog::parse("run.log", text.as_bytes(), &spec.timestamps)
            .unwrap_or_else(|error| panic!("{}: {error}\n{text}", stack.name));
        let stamps = &log.streams[0].stamps;
        assert_eq!(stamps.len(), rows.len(), "{}", stack.name);
        // Clocks differ by whole seconds.
        let first = stamps[0].time.get() - i128::from(rows[0].us) * 1_000_000_000;
        assert_eq!(first % 1_000_000_000_000_000, 0, "{}", stack.name);
        for (stamp, row) in stamps.iter().zip(&rows) {
            assert_eq!(stamp.time.get() - first, i128::from(row.us) * 1_000_000_000, "{}", stack.name);
            if let Some(sequence) = stamp.sequence {
                assert_eq!(sequence, row.number, "{}", stack.name);
            }
            if let Some(exposure) = stamp.exposure {
                assert_eq!(exposure.get(), i128::from(row.exposure) * 1_000_000_000, "{}", stack.name);
            }
        }
        let log = LogFile { path: "run.log".to_owned(), sha256: String::new(), log: Arc::new(log) };
        let provenance = Provenance { log: Some(log), ..Provenance::of(&simulation.capture) };
        let judgement = verify(&simulation.capture, Arc::new(spec), "test".to_owned(), provenance).unwrap();
        let verdicts = ["timestamp.residual", "timestamp.missing"].map(|id| check(&judgement, id).verdict);
        assert_eq!(verdicts, [Pass, Pass], "{}", stack.name);
        // v4l2-ctl says start of exposure, and these are stamps of its end.
        let findings: Vec<&str> = judgement.findings.iter().map(|finding| finding.fault).collect();
        let claims = judgement.provenance.log.as_ref().unwrap().log.claims;
        assert_eq!(
            (claims, findings.contains(&"timestamp-convention")),
            match stack.name {
                "v4l2-ctl --verbose" => (Some(Convention::Start), true),
                _ => (None, false),
            },
            "{}",
            stack.name
        );
    }
}

#[test]
fn what_a_log_leaves_open_is_asked_for_by_the_option_that_says_it() {
    let rows = rows(&simulation());
    for stack in STACKS.iter().filter(|stack| !stack.columns.is_empty()) {
        for left_out in stack.columns {
            let columns: Vec<&str> = stack.columns.iter().filter(|column| *column != left_out).copied().collect();
            let spec = stack.request(&columns).build(&|_, _| Err(std::io::ErrorKind::NotFound.into())).unwrap();
            let error =
                CameraLog::parse("run.log", stack.text(&rows).as_bytes(), &spec.timestamps).unwrap_err().to_string();
            let key = left_out.split('=').next().unwrap();
            assert!(error.starts_with("run.log:1:") && error.contains(&format!("--column {key}=")), "{error}");
        }
    }
    // As `ros2 topic echo --csv` writes it.
    let bare = CameraLog::parse("run.log", b"1764399599,991665334,oak\n1764399600,25000000,oak\n", &Default::default())
        .unwrap_err();
    assert!(bare.to_string().contains("is no header: write one"), "{bare}");
}

#[test]
fn what_is_no_log_is_refused_with_its_place() {
    for (text, expected) in [
        ("{\"seq\": 1, \"ts_us\": 5}\n{\"seq\": 2, \"ts_us\": }\n", "run.log:2:"),
        ("[1, 2]", "run.log:1:2: expected an object for each frame"),
        ("{\"seq\": [1, 2], \"ts_us\": [5, 6]}", "run.log:1:1: expected an object for each frame"),
        ("{\"frames\": [1, 2]}", "run.log:1:1: expected an object for each frame"),
        ("[{\"ts_us\": 5},\n {\"ts_us\": \"x\"}]", "run.log:2:2: 'x' in column 'ts_us' is not a number"),
        ("[{\"ts_us\": 5},\n {\"seq\": 7}]", "run.log:2:2: no timestamp in column 'ts_us'"),
        ("{", "run.log:1:1: this is not JSON"),
        ("# timecode format v2\n0.000\nx\n", "run.log:3:1: 'x' in column 'time_ms' is not a number"),
        ("cap dqbuf: 0 seq: 0 bytesused: 1\n", "run.log:1:33: no timestamp in column 'ts_s'"),
        ("seq,ts_us\n1,5,5\n", "run.log:2:1: a row of 3"),
        ("seq,ts_us\n1,\"5,5\"\n", "run.log:2:3: '5,5' in column 'ts_us' is not a number"),
    ] {
        let error = CameraLog::parse("run.log", text.as_bytes(), &Default::default()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text:?}: {error}");
    }
    // Nested in one object, and what `rostopic echo -p` calls its nanoseconds.
    for text in
        ["{\"version\": 1, \"frames\": [{\"ts_us\": 5},\n {\"ts_us\": 8}]}", "%time,field.seq\n5000,1\n8000,2\n"]
    {
        let log = CameraLog::parse("run.log", text.as_bytes(), &Default::default()).unwrap();
        let times: Vec<i128> = log.streams[0].stamps.iter().map(|stamp| stamp.time.get()).collect();
        assert_eq!(times, [5_000_000_000, 8_000_000_000], "{text}");
    }
    // Nested deeper than any frame.
    let deep = "{\"a\":".repeat(50_000) + "1" + &"}".repeat(50_000);
    let error = CameraLog::parse("run.log", deep.as_bytes(), &Default::default()).unwrap_err().to_string();
    assert!(error.starts_with("run.log:1:1: expected an object for each frame"), "{error}");
    // Many on one line cost no more than on lines of their own.
    let many: Vec<String> = (0..100_000).map(|n| format!("{{\"ts_us\":{n}}}")).collect();
    let log = CameraLog::parse("run.log", format!("[{}]", many.join(",")).as_bytes(), &Default::default()).unwrap();
    assert_eq!(log.rows, 100_000);
}

#[test]
fn columns_on_the_command_line_are_those_of_the_spec() {
    let columns: ColumnOverride = "streams.main=left".parse().unwrap();
    let stack = &STACKS[0];
    let request = SpecRequest { columns: vec![columns], ..stack.request(&[]) };
    let spec = request.build(&|_, _| Err(std::io::ErrorKind::NotFound.into())).unwrap();
    assert_eq!((spec.timestamps.streams["main"].as_str(), spec.timestamps.time.as_deref()), ("left", None));
    let spec =
        stack.request(&["time=sof", "exposure_lag=2"]).build(&|_, _| Err(std::io::ErrorKind::NotFound.into())).unwrap();
    assert_eq!((spec.timestamps.time.as_deref(), spec.timestamps.exposure_lag), (Some("sof"), Some(2)));
    for (wrong, expected) in [
        ("tme=a", "did you mean 'time'?"),
        ("unit=min", "expected \"ns\", \"us\", \"ms\" or \"s\", found 'min'"),
        ("exposure_lag=x", "expected a whole number, 0 or more, found a text"),
        ("time", "expected KEY=VALUE"),
    ] {
        let error = wrong.parse::<ColumnOverride>().unwrap_err().render();
        assert!(error.contains(expected), "{error}");
    }
    let twice =
        stack.request(&["unit=s", "unit=ms"]).build(&|_, _| Err(std::io::ErrorKind::NotFound.into())).unwrap_err();
    assert!(twice.to_string().contains("--column states 'unit' twice"), "{twice}");
}
