//! The built-in profiles, each judged against a simulated capture of its own device, and against one with the fault that
//! is typical of it (`profiles.toml`); and each number of them with its source and standing.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use strobecheck::diagnosis::Severity;
use strobecheck::report::Judgement;
use strobecheck::scenario::{Scenario, simulate};
use strobecheck::spec::{PROFILES, Spec, SpecRequest, SpecSource};
use strobecheck::verdict::Verdict;

use crate::support::judging::judged_by;

fn cases() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/profiles.toml");
    let table: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let cases = serde_json::to_value(&table["profile"]).unwrap();
    cases.as_array().unwrap().clone()
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_else(|| panic!("{key} of {case}"))
}

fn texts<'a>(case: &'a Value, key: &str) -> Vec<&'a str> {
    case[key].as_array().into_iter().flatten().map(|text| text.as_str().unwrap()).collect()
}

fn spec(case: &Value) -> Spec {
    let request = SpecRequest {
        source: Some(SpecSource::Profile(text(case, "name").to_owned())),
        params: texts(case, "params").iter().map(|param| param.parse().unwrap()).collect(),
        wires: texts(case, "wires").iter().map(|wire| wire.parse().unwrap()).collect(),
        limits: texts(case, "limits").iter().map(|limit| limit.parse().unwrap()).collect(),
        columns: Vec::new(),
    };
    request.build(&|_, _| Err(std::io::ErrorKind::NotFound.into())).unwrap_or_else(|e| panic!("{}: {e}", case["name"]))
}

fn judged(case: &Value, fault: &str) -> Judgement {
    let scenario = format!("{}{fault}", text(case, "device"));
    let name = text(case, "name");
    let scenario = Scenario::parse(name, &scenario).unwrap_or_else(|error| panic!("{name}: {error}\n{scenario}"));
    judged_by(&simulate(&scenario).unwrap().capture, &spec(case))
}

/// What came of it, for messages.
fn outcome(judgement: &Judgement) -> String {
    let checks = judgement.checks.iter().filter(|check| check.verdict != Verdict::Pass);
    let checks = checks.map(|check| {
        let worst = check.worst.as_ref().map(|worst| worst.value.to_f64());
        format!("{} {:?} {:?} {:?}", check.quantity.id, check.verdict, check.reason, worst)
    });
    let findings = judgement.findings.iter().map(|finding| format!("{}: {}", finding.fault, finding.summary));
    format!("{:?}\n    {}", judgement.verdict, checks.chain(findings).collect::<Vec<_>>().join("\n    "))
}

#[test]
fn no_profile_is_forgotten() {
    let cases = cases();
    let tested: BTreeSet<&str> = cases.iter().map(|case| text(case, "name")).collect();
    let built_in: BTreeSet<&str> = PROFILES.iter().map(|profile| profile.name).collect();
    assert_eq!((tested, cases.len()), (built_in, PROFILES.len()));
}

#[test]
fn every_device_passes_its_profile() {
    let mut wrong = Vec::new();
    for case in cases() {
        let judgement = judged(&case, "");
        let alarm = judgement.findings.iter().any(|finding| finding.severity != Severity::Info);
        if judgement.verdict != Verdict::Pass || alarm {
            wrong.push(format!("{}: {}", text(&case, "name"), outcome(&judgement)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_typical_fault_is_found_and_fails() {
    let mut wrong = Vec::new();
    for case in cases() {
        let judgement = judged(&case, &format!("[[fault]]\n{}", text(&case, "fault")));
        let first = judgement.findings.first().map(|finding| finding.fault);
        if judgement.verdict != Verdict::Fail || first != Some(text(&case, "finding")) {
            wrong.push(format!("{}: {}", text(&case, "name"), outcome(&judgement)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a number rests on: every line with a value says so, or the comment right above it does.
#[test]
fn every_number_of_a_profile_says_what_it_rests_on() {
    let mut silent = Vec::new();
    for profile in PROFILES {
        for number in profile.numbers() {
            if !number.is_stated() && number.standing().is_empty() {
                silent.push(format!("{} {} = {}", profile.name, number.key, number.written));
            }
        }
    }
    assert!(silent.is_empty(), "numbers without a standing:\n{}", silent.join("\n"));
}

/// A right camera by a profile, at these frames per second and with this exposure in nanoseconds: its scenario.
type Device = fn(i128, i128) -> String;

/// Free-running or on FSIN: a frame is a whole number of rows of 9.1 us, and so is an exposure, whose end is that of the frame.
fn ov9282(fps: i128, exposure: i128, wiring: &str) -> String {
    let rows = (1_000_000_000 / fps) / 9100;
    let exposure = (exposure / 9100).clamp(1, rows - 25) * 9100;
    format!("frame.time = \"{} ns\"\nexposure.time = \"{exposure} ns\"\n{wiring}", rows * 9100)
}

fn triggered(fps: i128, flash: i128, width: &str) -> String {
    format!(
        "alignment = \"start\"\noffset = \"20 ms\"\nframe.time = \"1/{fps} s\"\nexposure = {{ time = \"{flash} ns\", latency = \"30 us\" }}\n\
         fsin.width = \"{width}\"\n"
    )
}

/// A profile, its wires, its frames per second from and to, its exposures in nanoseconds from and to at a frame rate, the device.
type Range = (&'static str, &'static str, [i128; 2], fn(i128) -> [i128; 2], Device);

const RANGES: &[Range] = &[
    (
        "ov9282-freerun-30",
        "strobe = \"STROBE\"",
        [30, 30],
        |fps| [9_100, longest(fps)],
        |fps, time| ov9282(fps, time, ""),
    ),
    (
        "ov9282-freerun-60",
        "strobe = \"STROBE\"",
        [60, 60],
        |fps| [9_100, longest(fps)],
        |fps, time| ov9282(fps, time, ""),
    ),
    (
        "ov9282-freerun-90",
        "strobe = \"STROBE\"",
        [90, 90],
        |fps| [9_100, longest(fps)],
        |fps, time| ov9282(fps, time, ""),
    ),
    (
        "ov9282-freerun-120",
        "strobe = \"STROBE\"",
        [120, 120],
        |fps| [9_100, longest(fps)],
        |fps, time| ov9282(fps, time, ""),
    ),
    (
        "ov9282-fsin-out",
        "strobe = \"STROBE\"\nfsin = \"FSIN\"",
        [30, 120],
        |fps| [9_100, longest(fps)],
        |fps, time| ov9282(fps, time, "alignment = \"end\"\nexposure.end = \"3 us\"\nfsin.width = \"100 us\"\n"),
    ),
    // STROBE shows no less than 0.5 % and no more than 99.5 % of the frame time.
    (
        "rvc4-m8-strobe",
        "strobe = \"!STROBE_5V\"",
        [10, 120],
        |fps| [1_000, 1_000_000_000 / fps],
        |fps, time| {
            let frame = 1_000_000_000 / fps;
            format!(
                "frame.time = \"1/{fps} s\"\nexposure.time = \"{} ns\"\n",
                time.clamp(frame / 200, frame * 199 / 200)
            )
        },
    ),
    // FLASH is the exposure in whole rows, and 16 or 8 us.
    (
        "ar0234-trigger-2l",
        "strobe = \"FLASH\"\nfsin = \"TRIGGER\"",
        [10, 30],
        |fps| [13_600, 1_000_000_000 / fps - 18_266_700],
        |fps, time| triggered(fps, time / 13_600 * 13_600 + 16_000, "2 ms"),
    ),
    (
        "ar0234-trigger-4l",
        "strobe = \"FLASH\"\nfsin = \"TRIGGER\"",
        [20, 60],
        |fps| [6_800, 1_000_000_000 / fps - 9_933_400],
        |fps, time| triggered(fps, time / 6_800 * 6_800 + 8_000, "2 ms"),
    ),
    (
        "ar0234-syncsink",
        "strobe = \"FLASH\"\nfsin = \"TRIGGER\"",
        [10, 60],
        |fps| [13_600, 1_000_000_000 / fps - 54_400],
        |fps, time| triggered(fps, (time / 13_600 * 13_600 + 16_000).min(1_000_000_000 / fps - 30_000), "100 us"),
    ),
    (
        "area-camera-triggered",
        "strobe = \"STROBE\"\nfsin = \"TRIGGER\"",
        [20, 100],
        |fps| [20_000, 1_000_000_000 / fps - 8_000_000],
        |fps, time| triggered(fps, time, "200 us"),
    ),
    // Lit from the start of the exposure on, for 30 % of the frame time at most.
    (
        "oakd-pro-ir-30",
        "strobe = \"STROBE\"\nflash = \"IR\"",
        [10, 90],
        |fps| [100_000, longest(fps)],
        |fps, time| {
            let lit = (time / 9100 * 9100).min(300_000_000 / fps);
            ov9282(fps, time, &format!("flash = {{ lead = \"-10 us\", on-time = \"{lit} ns\" }}\n"))
        },
    ),
];

/// The longest exposure of an OV9282: the frame less 25 rows.
fn longest(fps: i128) -> i128 {
    1_000_000_000 / fps - 25 * 9100 - 9100
}

#[test]
fn right_cameras_pass_over_the_whole_range_of_the_parameters() {
    // Corners and more: STROBECHECK_RIGS=50 takes as many random points.
    let points = std::env::var("STROBECHECK_RIGS").ok().and_then(|count| count.parse().ok()).unwrap_or(3_u64);
    let mut wrong = Vec::new();
    for (name, wiring, rates, times, device) in RANGES {
        let corners = [[0, 0], [0, 1000], [1000, 0], [1000, 1000]];
        // A fixed sequence of thousandths.
        let drawn = (1..=points).map(|n| [(n * 618) % 1000, (n * 414) % 1000].map(i128::from));
        for [rate, time] in corners.into_iter().chain(drawn) {
            let fps = rates[0] + (rates[1] - rates[0]) * rate / 1000;
            let [shortest, longest] = times(fps);
            let time = shortest + (longest - shortest) * time / 1000;
            // Ten frames and more behind those that are skipped.
            let seconds = if fps < 20 { 3 } else { 2 };
            let scenario = format!(
                "duration = \"{seconds} s\"\nseed = 3\nanalyzer = {{ samplerate = \"1 MHz\", clock_error = \"+20 ppm\" }}\n\
                 [wiring]\n{wiring}\n[timing]\n{}",
                device(fps, time)
            );
            let has_rate = PROFILES.iter().find(|profile| profile.name == *name).unwrap().parameters().unwrap();
            let mut params = vec![format!("exposure={time} ns").parse().unwrap()];
            if has_rate.iter().any(|parameter| parameter.name == "fps") {
                params.push(format!("fps={fps}").parse().unwrap());
            }
            let source = Some(SpecSource::Profile((*name).to_owned()));
            let request = SpecRequest { source, params, ..SpecRequest::default() };
            let at = format!("{name} at {fps} per second and {time} ns");
            let spec = match request.build(&|_, _| Err(std::io::ErrorKind::NotFound.into())) {
                Ok(spec) => spec,
                Err(error) => {
                    wrong.push(format!("{at}: {error}"));
                    continue;
                }
            };
            let scenario = Scenario::parse(name, &scenario).unwrap_or_else(|error| panic!("{at}: {error}\n{scenario}"));
            let judgement = judged_by(&simulate(&scenario).unwrap().capture, &spec);
            if judgement.verdict != Verdict::Pass {
                wrong.push(format!("{at}: {}", outcome(&judgement)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_value_beyond_the_sensor_is_an_error_with_the_number() {
    let build = |name: &str, params: &[&str]| {
        let params = params.iter().map(|param| param.parse().unwrap()).collect();
        let source = Some(SpecSource::Profile(name.to_owned()));
        let request = SpecRequest { source, params, ..SpecRequest::default() };
        request.build(&|_, _| Err(std::io::ErrorKind::NotFound.into())).map(|_| ()).map_err(|error| error.to_string())
    };
    // 33 333.3 us less 25 rows of 9.1 us.
    assert_eq!(build("ov9282-freerun-30", &["exposure=33.1 ms"]), Ok(()));
    let error = build("ov9282-freerun-30", &["exposure=20 ms, 33.11 ms"]).unwrap_err();
    assert!(error.contains("exposure = 33.11 ms is above the largest, 33.1058333 ms, 1 s / 30 - 25 * row"), "{error}");
    let error = build("ov9282-freerun-30", &["exposure=9 us"]).unwrap_err();
    assert!(error.contains("below the smallest, 9.1 us"), "{error}");
    let error = build("ar0234-trigger-2l", &["fps=31"]).unwrap_err();
    assert!(error.contains("fps = 31 is above the largest, 30"), "{error}");
    // 1/30 s less 1/60 s and 1.6 ms.
    let error = build("ar0234-trigger-2l", &["exposure=15.1 ms"]).unwrap_err();
    assert!(error.contains("above the largest, 15.0666667 ms"), "{error}");
    let error = build("ov9282-freerun-30", &["exposure=20"]).unwrap_err();
    assert!(error.contains("a unit is missing"), "{error}");
}
