//! Mistakes in specs and on the command line: each is answered with its place and with what would be valid. What is expected of an
//! answer is a part of it, written by hand.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output};

use tempfile::TempDir;

use strobecheck::spec::{LimitOverride, Spec, SpecError, WireOverride};

/// What is written as a limit on exposure.time.
const TIMES: &[(&str, &str)] = &[
    ("33,3 ms", "write 33.3 ms"),
    ("20,5 ms ± 50 us", "write 20.5 ms"),
    ("20,5ms±50us", "write 20.5 ms"),
    ("20 ms ± 0,05 ms", "write 0.05 ms"),
    ("1,000 us ± 5 us", "or 1000 us"),
    ("20 000 us ± 50 us", "write 20000 us"),
    ("20_000 us ± 50 us", "write 20000 us"),
    ("2e-2 s", "write 20 ms"),
    ("2e-2 s ± 50 us", "write 20 ms"),
    ("2.0e+1 ms ± 50 us", "write 20 ms"),
    ("20E3 us ± 50 us", "write 20 ms"),
    ("20 msec ± 50 us", "write 20 ms"),
    ("20 ms ± 50 usec", "write 50 us"),
    ("20 ms ± 50 uSec", "write 50 us"),
    ("20 ms ± 50 microseconds", "write 50 us"),
    ("0.02 sec ± 50 us", "write 0.02 s"),
    ("0.02 seconds ± 50 us", "write 0.02 s"),
    ("20 millis ± 50 us", "write 20 ms"),
    ("20 MS ± 50 us", "write 20 ms"),
    ("20 ms ± 50 US", "write 50 us"),
    ("50 nanoseconds .. 1 ms", "write 50 ns"),
    ("30fps", "write 1/30 s"),
    ("30 fps ± 1 %", "write 1/30 s"),
    ("30 Hz ± 1 %", "'Hz' cannot be the unit here"),
    ("\u{2212}20 ms .. 20 ms", "write -20 ms"),
    ("\u{2013}50 us .. 50 us", "write -50 us"),
    (".02 s ± 50 us", "write 0.02 s"),
    ("20. ms ± 50 us", "write 20 ms"),
    ("20", "a unit is missing: add s, ms, us"),
    ("20 ± 50 us", "a unit is missing"),
    ("20 ms ± 50", "a unit is missing"),
    ("20 ms", "a single value is no limit"),
    ("= 20 ms", "write >= or <="),
    ("== 20 ms", "write >= or <="),
    ("< 21 ms", "write >= or <="),
    ("> 19 ms", "write >= or <="),
    ("=< 21 ms", "write >= or <="),
    ("20 ms +50 us", "a tolerance on one side only"),
    ("20 ms -50 us", "a tolerance on one side only"),
    ("20 ms +50 us +20 us", "one is +, the other -"),
    ("20 ms - 22 ms", "use .. , >= or <="),
    ("21 ms .. 19 ms", "the lower end is above the upper one"),
    ("19 ms ..", "expected a number"),
    (".. 21 ms", "expected a number"),
    ("19 ms to 21 ms", "\"0 us .. 1 ms\""),
    ("between 19 ms and 21 ms", "expected a number"),
    ("± 50 us", "expected a number"),
    ("20 ms ± -50 us", "a tolerance below zero"),
    ("20 ms ± 5 parsec", "or % or ppm of the nominal"),
    ("0 ms ± 5 %", "a share of a nominal of 0"),
    ("1/0 s ± 1 us", "division by zero"),
    ("", "the limit is empty"),
    ("fast", "expected a number"),
    ("None", "expected a number"),
    ("20 ms, 10 ms, 30 ms ± 50 us", "[\"20 ms ± 50 us\", \"10 ms ± 50 us\", \"30 ms ± 50 us\"]"),
    ("20 ms ± 50 us, 10 ms ± 20 us", "[\"20 ms ± 50 us\", \"10 ms ± 20 us\"]"),
    ("<= 20 ms, <= 10 ms", "a list stands in brackets"),
    ("-20 ms ± 50 us", "never below 0"),
    ("<= -1 ms", "never below 0"),
    ("-3 ms .. -1 ms", "never below 0"),
    ("20 ms ± 50 us (typical)", "or % or ppm of the nominal"),
    ("20 ms ± 50 us per frame", "or % or ppm of the nominal"),
    ("twenty ms", "expected a number"),
    ("20 ms ± 1 ms %", "or % or ppm of the nominal"),
    ("0000000000000000000000000020 ms ± 1 us", "more than 24 digits"),
];

/// What is written as timing.frame_time.
const FRAME_TIMES: &[(&str, &str)] = &[
    ("33.3", "a unit is missing"),
    ("33,333 ms", "write 33.333 ms"),
    ("30 Hz", "write the nominal frame time, such as \"1/30 s\""),
    ("30fps", "write 1/30 s"),
    ("30 FPS", "write 1/30 s"),
    ("1/30", "a unit is missing"),
    ("1/30 sec", "write 1/30 s"),
    ("1/30 Sec", "write 1/30 s"),
    ("33.333 msec", "write 33.333 ms"),
    ("3.3333e-2 s", "write 33.333 ms"),
    ("0 ms", "must be above 0"),
    ("-33 ms", "must be above 0"),
    ("\u{2212}33 ms", "write -33 ms"),
    ("33.3 ms ± 1 us", "such as \"1/30 s\""),
    ("auto", "expected a number"),
    ("1 / 30 s", "such as \"1/30 s\""),
    ("33 333 us", "write 33333 us"),
    ("33333 \u{b5}sec", "write 33333 us"),
    ("2 mins", "write 2 min"),
];

/// What is written as a limit on flash.coverage.
const SHARES: &[(&str, &str)] = &[
    (">= 200 %", "never above 100 %"),
    (">= 100.1 %", "never above 100 %"),
    ("150 % ± 10 %", "never above 100 %"),
    ("<= -1 %", "never below 0 %"),
    (">= 99", "a unit is missing: add %"),
    (">= 0.99", "a unit is missing: add %"),
    (">= 99 percent", "write 99 %"),
    (">= 99 pct", "write 99 %"),
    (">= 99,5 %", "write 99.5 %"),
    (">= 99 ms", "'ms' cannot be the unit here: use %"),
    ("99 %", "a single value is no limit"),
    ("> 99 %", "write >= or <="),
    (">= 99 ppm", "'ppm' cannot be the unit here"),
    (">= 9.9e1 %", "write 99 %"),
];

/// What is written as a limit on flash.missing.
const COUNTS: &[(&str, &str)] = &[
    ("1.5", "a count is a whole number"),
    ("<= 2.5", "a count is a whole number"),
    ("-1", "never below 0"),
    ("<= -1", "never below 0"),
    ("0 frames", "a plain number"),
    ("0 %", "a plain number"),
    ("< 2", "write >= or <="),
    ("2 .. 1", "the lower end is above"),
    ("two", "expected a number"),
    ("0, 1", "brackets"),
];

/// Keys in [limits], and what must be in the answer.
const LIMIT_KEYS: &[(&str, &str)] = &[
    ("exposure_time", "did you mean 'exposure.time'?"),
    ("exposure-time", "did you mean 'exposure.time'?"),
    ("exposureTime", "did you mean 'exposure.time'?"),
    ("ExposureTime", "did you mean 'exposure.time'?"),
    ("Exposure.Time", "did you mean 'exposure'?"),
    ("exposure.Time", "did you mean 'exposure.time'?"),
    ("exposure.tme", "did you mean 'exposure.time'?"),
    ("exposure.duration", "did you mean 'exposure.time'?"),
    ("exposure", "'exposure' is a family of quantities"),
    ("exposre.time", "did you mean 'exposure'?"),
    ("frame_rate", "did you mean 'frame.rate'?"),
    ("framerate", "did you mean 'frame.rate'?"),
    ("frame_time", "did you mean 'frame.time'?"),
    ("fps", "the families are"),
    ("flash_lead", "did you mean 'flash.lead'?"),
    ("flash.leads", "did you mean 'flash.lead'?"),
    ("flash.on_time", "did you mean 'flash.on-time'?"),
    ("flash.ontime", "did you mean 'flash.on-time'?"),
    ("flash.dutycycle", "did you mean 'flash.duty'?"),
    ("line_edges", "did you mean 'line.edges'?"),
    ("strobe.width", "the families are"),
    ("fsin.Width", "did you mean 'fsin.width'?"),
    ("'exposure.time'", "write the id as a dotted key"),
    ("skew_start", "did you mean 'skew.start'?"),
    ("trigger_latency", "did you mean 'trigger.latency'?"),
    ("rolling.margin_start", "did you mean 'rolling.margin-start'?"),
    ("timestamps.residual", "did you mean 'timestamp'?"),
];

/// A table, a line in it, and what must be in the answer.
const KEYS: &[(&str, &str, &str)] = &[
    ("wiring", "strob = 'D2'", "did you mean 'strobe'?"),
    ("wiring", "STROBE = 'D2'", "it is written 'strobe'"),
    ("wiring", "Fsin = 'D2'", "it is written 'fsin'"),
    ("wiring", "fsync = 'D2'", "did you mean 'fsin'?"),
    ("wiring", "led = 'D2'", "it takes trigger, fsin, strobe, flash, readout"),
    ("wiring", "exposure = 'D2'", "it takes trigger, fsin, strobe, flash, readout"),
    ("wiring", "frame_time = '1/30 s'", "'frame_time' stands in [timing]"),
    ("wiring", "strobe = true", "expected the name of a probe"),
    ("wiring", "strobe = 2.5", "expected the name of a probe"),
    ("wiring", "strobe = -1", "bits are counted from 0"),
    ("wiring", "strobe = ['D2']", "expected 2 to 16 pins that pulse in turn"),
    ("wiring", "strobe = ''", "expected the name of a probe"),
    ("timing", "frametime = '1/30 s'", "it is written 'frame_time'"),
    ("timing", "frame-time = '1/30 s'", "it is written 'frame_time'"),
    ("timing", "frameTime = '1/30 s'", "it is written 'frame_time'"),
    ("timing", "exposure_time = '20 ms'", "exposure.time is a quantity: its limit stands in [limits]"),
    ("timing", "frame_rate = '30 Hz'", "frame.rate is a quantity"),
    ("timing", "fps = 30", "it takes alignment, frame_time"),
    ("timing", "alignement = 'end'", "did you mean 'alignment'?"),
    ("timing", "alignment = 'ends'", "\"end\", \"start\", \"middle\" or \"auto\""),
    ("timing", "alignment = 'End'", "\"end\", \"start\", \"middle\" or \"auto\""),
    ("timing", "shutter = 'rollling'", "\"global\" or \"rolling\""),
    ("timing", "shutter = 'rolling'", "readout_time"),
    ("timing", "readout_time = 16.5", "a time with its unit"),
    ("timing", "skipframes = 3", "it is written 'skip_frames'"),
    ("timing", "skip_frames = '3'", "a whole number, 0 or more"),
    ("timing", "skip_frames = -3", "a whole number, 0 or more"),
    ("timing", "skip_frames = 2.5", "a whole number, 0 or more"),
    ("timing", "min_frames = 0", "a whole number, 1 or more"),
    ("timing", "burst = '3'", "a whole number, 1 or more"),
    ("timing", "ends = 'stop'", "\"running\" or \"stops\""),
    ("timing", "rhythm = 'none'", "\"kept\" or \"events\""),
    ("timing", "judge = 'all'", "\"cameras\" or \"lines\""),
    ("timing", "frame_time = 0.0333", "such as \"1/30 s\""),
    ("timing", "flash_pattern = 'AB'", "wire them by name"),
    ("timing", "clock = '50 ppm'", "it takes alignment"),
    ("analyzer", "clock = '50'", "add ppm or %"),
    ("analyzer", "clock = 50", "\"50 ppm\""),
    ("analyzer", "clock = '50 PPM'", "write 50 ppm"),
    ("analyzer", "clock = '-50 ppm'", "0 or more"),
    ("analyzer", "clock = '\u{b1} 50 ppm'", "expected a number"),
    ("analyzer", "clok = '50 ppm'", "did you mean 'clock'?"),
    ("analyzer", "samplerate = '1 MHz'", "it takes calibration, clock"),
    ("analyzer", "edge = '2 usec'", "write 2 us"),
    ("analyzer", "glitch = '0 us'", "above 0"),
    ("analyzer", "glitch = { strob = '1 us' }", "did you mean 'strobe'?"),
    ("analyzer", "skip_frames = 3", "'skip_frames' stands in [timing]"),
    ("timestamps", "timestamp = 'ts'", "did you mean 'time'?"),
    ("timestamps", "unit = 'usec'", "\"us\""),
    ("camera.right", "trigger = 'D1'", "it takes fsin, strobe"),
    ("camera.right", "min_frames = 3", "'min_frames' stands in [timing]"),
    ("wirings", "strobe = 'D2'", "did you mean 'wiring'?"),
    ("limit", "exposure.time = '1 ms .. 2 ms'", "did you mean 'limits'?"),
    ("Limits", "exposure.time = '1 ms .. 2 ms'", "it is written 'limits'"),
    ("cameras.right", "strobe = 'D5'", "did you mean 'camera'?"),
];

/// Lines that are no TOML.
const LINES: &[(&str, &str)] = &[
    ("exposure.time = \u{201c}20 ms ± 50 us\u{201d}", "write straight ones"),
    ("exposure.time = \u{201e}20 ms ± 50 us\u{201c}", "write straight ones"),
    ("exposure.time = \u{2018}20 ms ± 50 us\u{2019}", "write straight ones"),
    ("exposure.time = \u{ab}20 ms ± 50 us\u{bb}", "write straight ones"),
    ("exposure.time = 20 ms ± 50 us", "exposure.time = \"20 ms ± 50 us\""),
    ("exposure.time = 20ms", "exposure.time = \"20ms\""),
    ("exposure.time = >= 5 us", "exposure.time = \">= 5 us\""),
    ("exposure.time = <= 5 us  # short", "exposure.time = \"<= 5 us\""),
    ("exposure.time = none", "exposure.time = \"none\""),
    ("exposure.time = 33,3 ms", "exposure.time = \"33,3 ms\""),
    ("exposure.time = ± 50 us", "exposure.time = \"± 50 us\""),
    ("exposure.time = \"20 ms ± 50 us", "this is not TOML"),
    ("exposure.time = [\"20 ms ± 50 us\", \"10 ms ± 50 us\"", "this is not TOML"),
    ("exposure.time <= \"21 ms\"", "this is not TOML"),
    ("exposure.time: \"20 ms ± 50 us\"", "this is not TOML"),
    ("[limits", "this is not TOML"),
    ("exposure time = \"20 ms ± 50 us\"", "this is not TOML"),
];

/// --limit and --wire.
const ARGUMENTS: &[(bool, &str, &str)] = &[
    (true, "exposure.time<=21 ms", "write \"exposure.time=<= 21 ms\""),
    (true, "exposure.time<= 21 ms", "write \"exposure.time=<= 21 ms\""),
    (true, "exposure.time >= 5 us", "write \"exposure.time=>= 5 us\""),
    (true, "right:flash.lag<=1 ms", "write \"right:flash.lag=<= 1 ms\""),
    (true, "exposure.time", "expected [CAMERA:]ID=LIMIT"),
    (true, "exposure.time 20 ms ± 50 us", "expected [CAMERA:]ID=LIMIT"),
    (true, "exposure.time: 20 ms ± 50 us", "expected [CAMERA:]ID=LIMIT"),
    (true, "exposure_time=20 ms ± 50 us", "did you mean 'exposure.time'?"),
    (true, "exposure.time=33,3 ms", "write 33.3 ms"),
    (true, "exposure.time=20", "a unit is missing"),
    (true, "exposure.time=20 ms, 10 ms ± 50 us", "a list stands in brackets"),
    (true, "exposure.time.strobe=1 ms .. 2 ms", "is not measured on single lines"),
    (true, "line.edges.strob=1", "the lines are trigger, fsin"),
    (true, "flash.coverage=>= 120 %", "never above 100 %"),
    (true, "=20 ms ± 50 us", "unknown quantity"),
    (false, "strobe", "expected [CAMERA.]ROLE=PROBE"),
    (false, "strobe:D2", "expected [CAMERA.]ROLE=PROBE"),
    (false, "strob=D2", "did you mean 'strobe'?"),
    (false, "led=D2", "the lines are trigger, fsin"),
    (false, "strobe=", "expected the name of a probe"),
    (false, "right.trigger=D2", "shared by all cameras"),
    (false, "strobe=!", "expected the name of a probe"),
];

/// What is said, at which line and column.
fn answer(error: &SpecError) -> (String, Option<(usize, usize)>) {
    // The whole of it can be drawn.
    assert!(error.render().contains(error.message()));
    let said = format!("{}\n{}", error.message(), error.suggestion().unwrap_or_default());
    (said, error.line_column().map(|at| (at.line, at.column)))
}

#[test]
fn every_mistake_is_answered_with_its_place_and_what_would_be_valid() {
    let show = std::env::var_os("STROBECHECK_SHOW").is_some();
    let (mut count, mut wrong) = (0, Vec::new());
    let mut expect = |written: &str, line: usize, error: Option<SpecError>, part: &str| {
        count += 1;
        let Some(error) = error else { return wrong.push(format!("{written}: read as if it were right")) };
        let (said, at) = answer(&error);
        if show {
            let _written =
                writeln!(std::io::stdout(), "{written}\n    {}\n", error.to_string().replace('\n', "\n    "));
        }
        if !said.contains(part) || at.map(|(line, _)| line) != Some(line) {
            wrong.push(format!("{written}: {at:?} {said:?} has no {part:?}"));
        }
    };
    let parse = |text: &str| Spec::parse("a.spec.toml", text).err();
    let lines = "[wiring]\nstrobe = 'D2'\nflash = 'D3'\n";
    for (values, key) in [(TIMES, "exposure.time"), (SHARES, "flash.coverage"), (COUNTS, "flash.missing")] {
        for (value, part) in values {
            expect(value, 5, parse(&format!("{lines}[limits]\n{key} = \"{value}\"\n")), part);
        }
    }
    for (value, part) in FRAME_TIMES {
        expect(value, 5, parse(&format!("{lines}[timing]\nframe_time = \"{value}\"\n")), part);
    }
    for (key, part) in LIMIT_KEYS {
        expect(key, 5, parse(&format!("{lines}[limits]\n{key} = \"1 ms .. 2 ms\"\n")), part);
    }
    for (table, line, part) in KEYS {
        let (text, place) = match *table {
            "wiring" => (format!("\n[wiring]\n{line}\n"), 3),
            "wirings" | "limit" | "Limits" | "cameras.right" => (format!("{lines}[{table}]\n{line}\n"), 4),
            _ => (format!("{lines}[{table}]\n{line}\n"), 5),
        };
        expect(line, place, parse(&text), part);
    }
    for (line, part) in LINES {
        expect(line, 5, parse(&format!("{lines}[limits]\n{line}\n")), part);
    }
    for (is_limit, argument, part) in ARGUMENTS {
        let error =
            if *is_limit { argument.parse::<LimitOverride>().err() } else { argument.parse::<WireOverride>().err() };
        expect(argument, 1, error, part);
    }
    assert!(count >= 200, "{count}");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// A folder with a capture whose probes are called 1, 2 and 3, as bits 0, 1 and 2.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let scenario = "duration = \"0.5 s\"\nanalyzer = { samplerate = \"1 MHz\", probes = [\"1\", \"2\", \"3\"] }\n\
                    wiring = { fsin = \"1\", strobe = \"2\", readout = \"3\" }\n[timing]\nframe.time = \"1/30 s\"\n\
                    exposure.time = \"20 ms\"\nreadout.time = \"5 ms\"\n";
    fs::write(folder.path().join("run.scenario.toml"), scenario).unwrap();
    let made = run(&folder, &["simulate", "run.scenario.toml", "-o", "run.sr"]);
    assert!(made.status.success(), "{}", said(&made));
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_strobecheck")).current_dir(folder.path()).args(arguments).output().unwrap()
}

/// All that a command said.
fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

const SPEC: &str = "[wiring]\nstrobe = \"2\"\n[limits]\nexposure.time = \"20 ms ± 50 µs\"\n";

#[test]
fn specs_in_utf_16_are_read_and_of_others_the_line_is_named() {
    let folder = folder();
    let wide = |mark: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("{mark}{SPEC}").encode_utf16().flat_map(bytes).collect()
    };
    let read = [
        wide("\u{feff}", u16::to_le_bytes),
        wide("\u{feff}", u16::to_be_bytes),
        format!("\u{feff}{SPEC}").replace('\n', "\r\n").into_bytes(),
    ];
    for bytes in read {
        fs::write(folder.path().join("run.spec.toml"), bytes).unwrap();
        let output = run(&folder, &["verify", "run.sr", "--no-report"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    let latin: Vec<u8> = SPEC.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let half = wide("\u{feff}", u16::to_le_bytes)[..31].to_vec();
    for (bytes, part) in [
        (latin, "line 4 is not utf-8 (byte 0xb1, which is '±' in latin-1); save it as utf-8, or write +- and us"),
        (half, "it begins as utf-16 and ends within a character"),
    ] {
        fs::write(folder.path().join("run.spec.toml"), bytes).unwrap();
        let output = run(&folder, &["verify", "run.sr", "--no-report"]);
        assert_eq!(output.status.code(), Some(2));
        let said = said(&output).to_lowercase();
        assert!(said.contains("run.spec.toml") && said.contains(part), "{said}");
    }
}

#[test]
fn a_spec_by_a_wrong_name_is_noticed() {
    for (name, meant) in [
        ("run.spec.toml.txt", "run.spec.toml"),
        ("run.sr.spec.toml", "run.spec.toml"),
        ("run.toml", "run.spec.toml"),
        ("RUN.Spec.toml", "run.spec.toml"),
        ("spec.TOML", "spec.toml"),
        ("spec.toml.txt", "spec.toml"),
    ] {
        let folder = folder();
        fs::write(folder.path().join(name), SPEC).unwrap();
        let output = run(&folder, &["verify", "run.sr", "--no-report"]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        let hint = format!("'{name}' lies beside it: is it its spec? Then call it '{meant}'.");
        assert!(said(&output).contains(&hint), "{}", said(&output));
    }
    // Others are none of it.
    let folder = folder();
    fs::write(folder.path().join("other.spec.toml"), SPEC).unwrap();
    assert!(!said(&run(&folder, &["verify", "run.sr", "--no-report"])).contains("lies beside it"));
}

#[test]
fn which_probe_a_number_means_is_said_and_a_wrong_one_has_its_place() {
    let folder = folder();
    let limit = "[limits]\nexposure.time = \"20 ms ± 50 us\"\n";
    let judge = |wiring: &str| {
        fs::write(folder.path().join("run.spec.toml"), format!("[wiring]\n{wiring}\n{limit}")).unwrap();
        said(&run(&folder, &["verify", "run.sr", "--no-report"]))
    };
    let bit = judge("strobe = 1");
    assert!(bit.contains("strobe = bit 1 is the probe '2'; the one that is called '1' is \"1\", in quotes"), "{bit}");
    let name = judge("strobe = \"2\"");
    assert!(name.contains("strobe = \"2\" is the probe that is called so; that of bit 2, '3', is \"bit:2\""), "{name}");
    assert!(!judge("strobe = 0").contains("bit 0 is"));
    let wrong = judge("strobe = \"D2\"");
    assert!(wrong.contains("there is no probe 'D2'") && wrong.contains("(wired by run.spec.toml:2:11"), "{wrong}");
    let argument = said(&run(&folder, &["measure", "run.sr", "--wire", "strobe=D9"]));
    assert!(argument.contains("(wired by --wire 'strobe=D9'"), "{argument}");
}

#[test]
fn a_file_that_a_spec_names_and_that_is_not_there_is_named_without_the_systems_numbers() {
    let folder = folder();
    for line in ["extends = \"base.toml\"\n", "analyzer.calibration = \"base.toml\"\n"] {
        fs::write(folder.path().join("run.spec.toml"), format!("{line}{SPEC}")).unwrap();
        let output = run(&folder, &["verify", "run.sr", "--no-report"]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2));
        assert!(said.contains("there is no such file") && !said.contains("os error"), "{said}");
        assert!(said.contains("run.spec.toml:1:"), "{said}");
    }
}

#[test]
fn arguments_are_answered_beside_a_found_spec_as_without_one() {
    let folder = folder();
    fs::write(folder.path().join("run.spec.toml"), SPEC).unwrap();
    for (arguments, answer) in [
        (&["--wire", "ready=2"][..], "probe '2' is wired to strobe and to ready of camera 'main'"),
        (&["--wire", "strobe=1", "--wire", "strobe=2"][..], "the other one is --wire 'strobe=1'"),
        (&["--limit", "exposure.turn=0"][..], "wire them: strobe = [\"A\", \"B\"]"),
    ] {
        let said = said(&run(&folder, &[&["verify", "run.sr", "--no-report"], arguments].concat()));
        assert!(said.contains(answer) && !said.contains("makes no sense"), "{said}");
    }
}
