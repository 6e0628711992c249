//! What is refused, and how it is said.

use super::*;

const GOOD: &str = r#"duration = "1 s"
seed = 3
[analyzer]
samplerate = "1 MHz"
[wiring]
fsin = "FSIN"
strobe = "STROBE"
flash = "FLASH"
[timing]
alignment = "end"
frame.time = "1/30 s"
exposure.time = ["20 ms", "10 ms"]
flash.lead = "0 s"
flash.lag = "0 s"
"#;

/// Replaces `from` in the good scenario, and returns the error without the file's name.
fn error(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen(from, to, 1);
    let error = Scenario::parse("a.toml", &text).expect_err(&text).to_string();
    error.strip_prefix("a.toml:").expect("the file's name first").to_owned()
}

#[test]
fn the_good_scenario_is_good() {
    Scenario::parse("a.toml", GOOD).unwrap();
}

#[test]
fn unknown_keys_are_pointed_at_with_those_that_are_known() {
    let unknown = error("seed = 3", "sede = 3");
    let expected = "2:1: unknown field `sede`, expected one of `duration`, `seed`, `analyzer`, `wiring`, `timing`";
    assert_eq!(unknown, expected);
    let unknown = error("flash.lag", "flash.lga");
    assert_eq!(unknown, "14:7: unknown field `lga`, expected one of `lead`, `latency`, `lag`, `on-time`, `pattern`");
    assert!(error("alignment = \"end\"", "alignment = \"centre\"").starts_with("10:13: unknown variant `centre`"));
    assert!(error("[wiring]", "[wiring").starts_with("5:8: "));
}

#[test]
fn wrong_values_are_pointed_at() {
    for (from, to, expected) in [
        ("\"10 ms\"", "\"10\"", "12:28: a unit is missing: add s, ms, us (µs), ns, ps or min"),
        ("\"10 ms\"", "\"10 Hz\"", "12:31: 'Hz' cannot be the unit here: use s, ms, us (µs), ns, ps or min"),
        ("\"10 ms\"", "\"0 ms\"", "12:27: timing.exposure.time must be above 0 s"),
        ("\"10 ms\"", "7", "12:17: expected a text such as \"20 ms\", or a list of them"),
        ("\"1 s\"", "\"0.9 us\"", "1:12: duration · analyzer.samplerate must be 1 to 604800000000000 samples"),
        ("\"1 MHz\"", "\"0 Hz\"", "4:14: analyzer.samplerate must be above 0 Hz and at most 10 GHz"),
        ("\"1 MHz\"", "\"10.1 GHz\"", "4:14: analyzer.samplerate must be above 0 Hz and at most 10 GHz"),
        ("\"1/30 s\"", "\"0.9 us\"", "11:14: the frame time must be 1 us to a week"),
        (
            "\"1/30 s\"",
            "\"2 us\"",
            "9:1: more than 2000000 pulses; shorten the duration, lengthen the frame time, or move pulses less far from their frames",
        ),
        (
            "flash.lead = \"0 s\"",
            "flash.lead = \"-10 ms\"",
            "13:1: timing.flash must be such that every flash ends after it starts",
        ),
    ] {
        let found = error(from, to);
        assert_eq!(found, expected, "{from} -> {to}");
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let frame = "frame.time = \"1/30 s\"";
    for (from, to, expected) in [
        (
            frame,
            "frame.time = \"1/30 s\"\nframe.rate = \"30 Hz\"",
            "timing.frame.rate and timing.frame.time exclude each other: state one of them",
        ),
        (frame, "", "timing.frame.time is missing: state it, such as \"1/30 s\", or timing.frame.rate"),
        (
            frame,
            "frame.time = \"1/30 s\"\noffset = \"0 s\"\nstarts_at = \"0 s\"",
            "timing.starts_at and timing.offset exclude each other: state one of them",
        ),
        (frame, "frame.time = \"1/30 s\"\noffset = \"1.1 s\"", "timing.offset must be within the duration"),
        (frame, "frame.time = \"1/30 s\"\nskew = \"0 s\"", "timing.skew needs an earlier camera to follow"),
        (
            frame,
            "frame.time = \"1/30 s\"\nwarm_up = { frames = 2, exposure.time = \"1 ms\" }",
            "timing.warm_up needs timing.starts_at: a camera that has been running is warm",
        ),
        (
            frame,
            "frame.time = \"1/30 s\"\nexposure.latency = \"1 us\"",
            "timing.exposure.latency needs alignment = \"start\"; an end-aligned camera has an exposure.end",
        ),
        (
            frame,
            "frame.time = \"1/30 s\"\nexposure.middle = \"1 us\"",
            "timing.exposure.middle needs alignment = \"middle\"; an end-aligned camera has an exposure.end",
        ),
        (
            frame,
            "frame.time = \"10 ms\"\nfsin = { per_frame = 3, spacing = \"200 us\", width = \"200 us\" }",
            "timing.fsin.spacing must be more than timing.fsin.width (100 us unless it is stated)",
        ),
        (
            frame,
            "frame.time = \"10 ms\"\nfsin = { per_frame = 3, spacing = \"4900 us\", width = \"200 us\" }",
            "timing.fsin.spacing must be so short that all timing.fsin.per_frame pulses end within a frame",
        ),
        (frame, "frame.time = \"1/30 s\"\nburst = 2", "timing.burst needs alignment = \"start\""),
        (
            frame,
            "frame.time = \"1/30 s\"\nreadout.time = \"1 ms\"",
            "timing.readout needs a readout line of this camera",
        ),
        (
            frame,
            "frame.time = \"1/30 s\"\njitter.flash.latency = { uniform = \"1 us\" }",
            "timing.jitter.flash.latency needs timing.flash.latency",
        ),
        (
            frame,
            "frame.time = \"1/30 s\"\njitter.frame.time = { uniform = \"8.4 ms\" }",
            "timing.jitter.frame.time must be at most a quarter of the frame time",
        ),
        (
            frame,
            "frame.time = \"1/30 s\"\njitter.exposure.time = { uniform = \"10 ms\" }",
            "timing.jitter.exposure.time must be less than the shortest exposure",
        ),
        (
            frame,
            "frame.time = \"1/30 s\"\njitter.exposure.time = { gaussian = \"1 us\" }",
            "expected { uniform = \"TIME\" }, { gaussian = \"TIME\", clip = \"TIME\" } or { exponential = \"MEAN\", clip = \"TIME\" }",
        ),
        (
            frame,
            "frame.time = \"1/30 s\"\nsoft_sync = { line = \"9 us\", lines = 2 }",
            "timing.soft_sync needs an earlier camera to follow",
        ),
        (frame, "frame.time = \"1/30 s\"\ndiscard = 1", "timing.discard must be less than timing.burst"),
        (
            frame,
            "frame.time = \"1/30 s\"\nshutter = \"rolling\"",
            "timing.shutter = \"rolling\" needs timing.readout_time, from the start of row 0 to that of the last row",
        ),
        (
            frame,
            "frame.time = \"1/30 s\"\njitter.frame.time = { exponential = \"1 us\", clip = \"51 us\" }",
            "timing.jitter.frame.time must be an exponential of 1/50 of the clip or more, and not above it",
        ),
        (frame, "frame.time = \"1/30 s\"\nlog.exposure_lag = 1001", "timing.log.exposure_lag must be 0 to 1000 images"),
        (
            "flash.lag",
            "flash.on-time = \"1 ms\"\nflash.lag",
            "timing.flash.on-time and timing.flash.lag exclude each other: state one of them",
        ),
        ("flash.lag = \"0 s\"", "", "timing.flash.lag is missing: state it, or timing.flash.on-time"),
        (
            "flash.lead = \"0 s\"\nflash.lag = \"0 s\"",
            "",
            "a flash line is wired, but nothing says when it is active: state timing.flash.lead or .latency, and .lag or .on-time",
        ),
        (
            "flash.lag",
            "flash.pattern = \"AB\"\nflash.lag",
            "expected 1 to 1000 names of flash lines of one letter each, '-' for a dark frame, such as \"AB-\"",
        ),
    ] {
        let found = error(from, to);
        assert!(found.ends_with(expected), "{to}\n{found}");
    }
}

#[test]
fn no_exposure_starts_before_its_trigger() {
    let jittery = |most: &str| {
        let latency = "alignment = \"start\"\nexposure.latency = \"20 us\"";
        GOOD.replace("alignment = \"end\"", &format!("{latency}\njitter.exposure.latency = {{ uniform = \"{most}\" }}"))
    };
    assert!(Scenario::parse("a.toml", &jittery("20 us")).is_ok());
    let error = Scenario::parse("a.toml", &jittery("20.001 us")).unwrap_err().to_string();
    assert_eq!(error, "a.toml:12:27: timing.jitter.exposure.latency must be at most timing.exposure.latency");
}

#[test]
fn no_trigger_comes_after_what_it_triggers() {
    let jittery = |most: &str| {
        let wired = GOOD.replace("flash = \"FLASH\"", "flash = \"FLASH\"\ntrigger = \"T\"");
        wired.replace(
            "alignment = \"end\"",
            &format!("trigger.latency = \"20 us\"\njitter.trigger.latency = {{ uniform = \"{most}\" }}"),
        )
    };
    assert!(Scenario::parse("a.toml", &jittery("20 us")).is_ok());
    let error = Scenario::parse("a.toml", &jittery("20.001 us")).unwrap_err().to_string();
    assert_eq!(error, "a.toml:12:26: timing.jitter.trigger.latency must be at most timing.trigger.latency");
}

#[test]
fn soft_sync_changes_frames_by_less_than_a_quarter() {
    let synced = |lines: u32| {
        format!("{GOOD}\n[camera.c]\nstrobe = \"C\"\ntiming.soft_sync = {{ line = \"1 ms\", lines = {lines} }}")
    };
    assert!(Scenario::parse("a.toml", &synced(8)).is_ok());
    let error = Scenario::parse("a.toml", &synced(9)).unwrap_err().to_string();
    let range = "1 to 10000, together at most a quarter of the frame time";
    assert!(error.ends_with(&format!("timing.soft_sync.lines must be {range}")), "{error}");
}

#[test]
fn wires_and_probes_must_fit() {
    let listed = "samplerate = \"1 MHz\"\nprobes = [\"STROBE\", \"FSIN\", \"flash\"]";
    let unknown = error("samplerate = \"1 MHz\"", listed);
    assert_eq!(unknown, "9:9: there is no probe 'FLASH'; the capture has STROBE, FSIN, flash; did you mean 'flash'?");
    let shared = error("flash = \"FLASH\"", "flash = \"!FSIN\"");
    assert_eq!(shared, "8:9: probe 'FSIN' shows two lines; each line needs one of its own");
    let far = error("flash = \"FLASH\"", "flash = 64");
    assert_eq!(far, "8:9: a bit must be 0 to 63");
    let twice = error("samplerate = \"1 MHz\"", "samplerate = \"1 MHz\"\nprobes = { FSIN = 1, STROBE = 1 }");
    assert_eq!(twice, "5:22: bit 1 has two probes");
    let printable = "expected a name of 1 to 64 printable characters";
    assert_eq!(error("\"FSIN\"", "\"\\u001b[2J\""), format!("6:8: {printable}"));
    assert_eq!(error("\"FSIN\"", "\"!\""), format!("6:8: {printable}"));
}

#[test]
fn cameras_are_named_and_have_a_strobe() {
    let with = |table: &str| error("flash.lag = \"0 s\"\n", &format!("flash.lag = \"0 s\"\n{table}"));
    assert!(with("[camera.right]").ends_with("missing field `strobe`"));
    let main = with("[camera.main]\nstrobe = \"S\"");
    assert_eq!(main, "15:9: expected another name: 'main' is the camera of [wiring] and [timing]");
    let own = with("[camera.right]\nstrobe = \"S\"\ntiming.skew = \"1 us\"\ntiming.frame.drift = \"1 ppm\"");
    assert!(own.starts_with("17:15: timing.skew and a frame time"), "{own}");
    assert_eq!(with("[[camera]]\nstrobe = \"S\""), "15:1: expected a table for each further camera: [camera.NAME]");
}

#[test]
fn cameras_keep_the_order_of_the_file() {
    let text = format!("{GOOD}\n[camera.zebra]\nstrobe = \"Z\"\n[camera.ant]\nstrobe = \"A\"\n");
    let names: Vec<String> =
        Scenario::parse("a.toml", &text).unwrap().rig().cameras.into_iter().map(|camera| camera.name).collect();
    assert_eq!(names, ["main", "zebra", "ant"]);
}

#[test]
fn a_clock_error_must_leave_a_rate_that_can_be_computed_with() {
    let clock = |error: &str| GOOD.replace("samplerate", &format!("clock_error = \"{error}\"\nsamplerate"));
    assert!(Scenario::parse("a.toml", &clock("97.123456789 ppm")).is_ok());
    let error = Scenario::parse("a.toml", &clock("1/3 ppm")).unwrap_err().to_string();
    assert_eq!(error, "a.toml:4:15: the true sample rate, with clock_error, must have at most 12 decimals of a hertz");
}

#[test]
fn long_files_are_refused_unread() {
    let text = format!("{GOOD}#{}", "x".repeat(MOST_BYTES));
    let error = Scenario::parse("a.toml", &text).unwrap_err().to_string();
    assert_eq!(error, "a.toml:1:1: a scenario of more than 1048576 bytes");
}
