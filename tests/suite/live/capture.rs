//! How a recording begins and ends: trigger, command, Ctrl-C, frames, and a device that ends too early; and which of these
//! may pass.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::demo::{Bench, changes_of, pattern, read, read_all, stderr, stdout, succeeded};

const GRAY: [&str; 2] = ["--config", "pattern=graycode"];

/// A spec that any capture of Gray code passes: D4 is called STROBE, and has edges.
const EDGES: &str =
    "[wiring]\nstrobe = \"STROBE\"\n[timing]\njudge = \"lines\"\n[limits]\nline.edges = { strobe = \">= 1\" }\n";

fn with_spec() -> Bench {
    let bench = Bench::new();
    std::fs::write(bench.path("edges.spec.toml"), EDGES).unwrap();
    bench
}

#[test]
fn devices_lists_the_demo_device() {
    let output = Bench::new().run(&["devices"]);
    succeeded(&output);
    let text = stdout(&output);
    assert!(text.contains("demo  Demo device\n  channels      D0 D1 D2 D3 D4 D5 D6 D7\n"), "{text}");
    assert!(text.contains("  sample rates  1 Hz to 1 GHz in steps of 1 Hz\n"), "{text}");
}

#[test]
fn a_recording_begins_a_little_before_its_trigger() {
    let bench = Bench::new();
    // In Gray code bit 3 rises when the count reaches 8, at sample 7, and every 16 after that.
    let trigger = ["--trigger", "GATE=r", "--before", "5us", "--samples", "1000", "--channels", "D0,D1,D2,D3=GATE"];
    succeeded(&bench.capture(&[&GRAY[..], &trigger, &["-o", "t.sr"]].concat()));
    let (changes, samples) = read(&bench.path("t.sr"));
    assert_eq!(samples, 1000);
    assert_eq!(changes, changes_of(|n| pattern("graycode")(n) & 0x0f, 2, 1000));
    let sidecar = bench.sidecar("t.capture.json");
    assert_eq!(sidecar["trigger"], serde_json::json!({ "conditions": ["GATE=r"], "sample": 5 }));
    assert_eq!(sidecar["ending"], "complete");
}

#[test]
fn a_trigger_that_does_not_come_leaves_no_capture() {
    let bench = Bench::new();
    let low = ["--config", "pattern=all-low", "--trigger", "D0=r", "--run", "sleep 0.3", "-o", "none.sr"];
    let output = bench.capture(&low);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the trigger D0=r did not come: nothing was recorded"), "{}", stderr(&output));
    assert!(!bench.path("none.sr").exists() && !bench.path("none.sr.part").exists());
}

#[test]
fn a_command_runs_while_everything_is_seen_and_its_exit_code_is_its_own() {
    let bench = Bench::new();
    let run = ["--run", "sleep 0.4; exit 7", "--ready-file", "ready", "-o", "run.sr"];
    let output = bench.capture(&[&GRAY[..], &run].concat());
    succeeded(&output);
    assert!(stdout(&output).starts_with("READY\n"), "{}", stdout(&output));
    assert!(stdout(&output).contains("exit code 7"), "{}", stdout(&output));
    assert!(bench.path("ready").exists());
    let sidecar = bench.sidecar("run.capture.json");
    assert_eq!(sidecar["command"], serde_json::json!({ "line": "sleep 0.4; exit 7", "exit_code": 7 }));
    assert_eq!(sidecar["ending"], "stopped");
    assert!(sidecar["samples_received"].as_u64().unwrap() >= 400_000, "{sidecar}");
}

#[test]
fn the_verdict_is_of_the_capture_whatever_the_command_says() {
    let bench = with_spec();
    std::fs::write(bench.path("still.spec.toml"), EDGES.replace(">= 1", "0")).unwrap();
    let judged = |spec: &str, command: &str, name: &str| {
        let run = ["--channels", "D4=STROBE", "--run", command, "--verify", spec, "--no-report", "-o", name];
        bench.capture(&[&GRAY[..], &run].concat())
    };
    let pass = judged("edges.spec.toml", "sleep 0.2; exit 1", "pass.sr");
    assert_eq!(pass.status.code(), Some(0), "{}{}", stdout(&pass), stderr(&pass));
    assert!(stdout(&pass).contains("exit code 1") && stdout(&pass).contains("PASS"), "{}", stdout(&pass));
    let fail = judged("still.spec.toml", "sleep 0.2", "fail.sr");
    assert_eq!(fail.status.code(), Some(1), "{}{}", stdout(&fail), stderr(&fail));
    assert!(stdout(&fail).contains("exit code 0") && stdout(&fail).contains("FAIL"), "{}", stdout(&fail));
}

#[test]
fn ctrl_c_keeps_what_there_is_and_it_may_pass() {
    let bench = with_spec();
    let arguments = ["capture", "--device", "demo", "--samplerate", "1MHz", "--channels", "D4=STROBE"];
    let more = ["--ready-file", "ready", "--verify", "edges.spec.toml", "--no-report", "-o", "c.sr"];
    let mut command = bench.command(&[&arguments[..], &GRAY, &more].concat());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let give_up = Instant::now() + Duration::from_secs(60);
    while !bench.path("ready").exists() && Instant::now() < give_up {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    succeeded(&output);
    assert!(stdout(&output).contains("PASS"), "{}", stdout(&output));
    let (changes, samples) = read(&bench.path("c.sr"));
    assert!(samples > 1000);
    assert!(changes == changes_of(|n| pattern("graycode")(n) & 0x10, 0, samples));
    let sidecar = bench.sidecar("c.capture.json");
    assert_eq!((&sidecar["ending"], &sidecar["problems"]), (&"stopped".into(), &serde_json::json!([])));
}

#[test]
fn a_device_that_vanishes_leaves_a_capture_that_cannot_pass() {
    let bench = with_spec();
    // The driver ends by itself, after 3 packets of 1000 samples: as one does whose device was pulled out.
    let cut = ["--channels", "D4=STROBE", "--samples", "1000000", "--config", "limit_frames=3", "-o", "v.sr"];
    let output = bench.capture(&[&GRAY[..], &cut].concat());
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert_eq!(stderr(&output), "damaged: the device ended after 3000 of 1000000 samples\n");
    let (changes, samples, problems) = read_all(&bench.path("v.sr"));
    assert_eq!((samples, problems), (3000, vec!["the device ended after 3000 of 1000000 samples".to_owned()]));
    assert_eq!(changes, changes_of(|n| pattern("graycode")(n) & 0x10, 0, 3000));
    assert_eq!(bench.sidecar("v.capture.json")["ending"], "cut");

    // The file is whole, but what was recorded is not.
    let judge = ["verify", "v.sr", "--spec", "edges.spec.toml", "--no-report"];
    let output = bench.run(&judge);
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    assert!(stdout(&output).contains("the device ended after 3000 of 1000000 samples"), "{}", stdout(&output));
    // It can fail.
    let fail = bench.run(&[&judge[..], &["--limit", "line.edges=<= 1"]].concat());
    assert_eq!(fail.status.code(), Some(1), "{}{}", stdout(&fail), stderr(&fail));
    // The capture says so itself, without its sidecar and under another name; and what else is said of it says it once.
    std::fs::rename(bench.path("v.sr"), bench.path("mailed.sr")).unwrap();
    let mailed = ["verify", "mailed.sr", "--spec", "edges.spec.toml", "--no-report", "--json"];
    let output = bench.run(&mailed);
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let ended = serde_json::json!(["the device ended after 3000 of 1000000 samples"]);
    assert_eq!(report["captures"][0]["problems"], ended);
    assert_eq!(report["captures"][0]["integrity"], "damaged");
    // What was recorded before is whole.
    let window = bench.run(&[&mailed[..], &["--to", "2ms"]].concat());
    assert_eq!(window.status.code(), Some(0), "{}", stdout(&window));
    // sigrok reads the same samples.
    let by_sigrok = Command::new("sigrok-cli").args(["-O", "binary", "-i"]).arg(bench.path("mailed.sr")).output();
    let by_sigrok = by_sigrok.expect("this test needs sigrok-cli, of the package sigrok-cli");
    let defined: Vec<u8> = (0..3000).map(|n| pattern("graycode")(n) & 0x10).collect();
    assert!(by_sigrok.stdout == defined, "{}", String::from_utf8_lossy(&by_sigrok.stderr));
}

#[test]
fn a_sidecar_that_says_what_the_capture_does_not_is_believed() {
    let bench = with_spec();
    succeeded(&bench.capture(&[&GRAY[..], &["--channels", "D4=STROBE", "--samples", "3000", "-o", "s.sr"]].concat()));
    let judge = ["verify", "s.sr", "--spec", "edges.spec.toml", "--no-report"];
    assert_eq!(bench.run(&judge).status.code(), Some(0));
    let mut sidecar = bench.sidecar("s.capture.json");
    sidecar["problems"] = serde_json::json!(["the driver said: overflow"]);
    std::fs::write(bench.path("s.capture.json"), sidecar.to_string()).unwrap();
    for arguments in [&judge[..], &[&judge[..], &["--to", "2ms"]].concat()] {
        let output = bench.run(arguments);
        assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
        assert!(stdout(&output).contains("the driver said: overflow"), "{}", stdout(&output));
    }
}

#[test]
fn a_driver_that_triggers_and_ends_early_is_cut_too() {
    let bench = with_spec();
    // The demo driver ends with the packet of 4096 samples in which its trigger lies.
    let trigger = ["--channels", "D4=STROBE", "--trigger", "STROBE=r", "--hardware-trigger", "--samples", "100000"];
    let verify = ["--verify", "edges.spec.toml", "--no-report", "-o", "h.sr"];
    let output = bench.capture(&[&GRAY[..], &trigger, &verify].concat());
    assert_eq!(output.status.code(), Some(3), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("of 100000 samples"), "{}", stdout(&output));
    assert!(!bench.sidecar("h.capture.json")["trigger"]["sample"].is_null());
}

#[test]
fn frames_are_counted_on_their_line() {
    let bench = Bench::new();
    // Bit 7 of the number of a sample rises every 256 samples, first at 128.
    let frames = ["--config", "pattern=incremental", "--channels", "D7=FSIN,D0", "--frames", "100", "-o", "f.sr"];
    succeeded(&bench.capture(&frames));
    let (changes, samples) = read(&bench.path("f.sr"));
    assert!(samples > 128 + 100 * 256, "{samples}");
    assert!(changes == changes_of(|n| n as u8 & 0x81, 0, samples));
    let output = bench.capture(&["--frames", "3", "-o", "g.sr"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no probe is FSIN or STROBE"), "{}", stderr(&output));
}

#[test]
fn orders_that_make_no_sense_are_refused_with_what_would() {
    let bench = Bench::new();
    let cases: [(&[&str], &str); 9] = [
        (&["--device", "demoo"], "did you mean 'demo'?"),
        (&["--device", "demo:colour=red"], "it takes logic_channels, analog_channels, limit_frames"),
        (&["--device", "demo", "--config", "pattern=plaid"], "there are sigrok, random, incremental"),
        (&["--device", "demo", "--config", "colour=red"], "there is no such setting; the device has limit_time"),
        (&["--device", "demo", "--channels", "D9=STROBE"], "the device has D0, D1"),
        (&["--device", "demo", "--channels", "D1", "--trigger", "D0=r"], "it is not recorded"),
        (&["--device", "demo", "--samplerate", "2 GHz"], "1 Hz to 1 GHz in steps of 1 Hz"),
        (&["--device", "demo", "--time", "5"], "unit"),
        (&["--device", "demo", "--verify", "nowhere.spec.toml"], "nowhere.spec.toml"),
    ];
    for (arguments, expected) in cases {
        let output = bench.run(&[&["capture", "-o", "x.sr"][..], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(expected), "{arguments:?}: {}", stderr(&output));
        assert!(!bench.path("x.sr").exists(), "{arguments:?}");
    }
}
