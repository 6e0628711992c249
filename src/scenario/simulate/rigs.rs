//! Rigs of several cameras and triggers, their sample numbers worked out by hand.

use super::tests::{changes, run};
use crate::rig::{Alignment, AlignmentSetting, Role, Shutter};
use crate::scenario::{Femtos, Scenario};
use crate::units::Rational;

/// A first camera at 20 ms, exposed for the last 4 ms of each frame; its boundaries lie at 5, 25, 45 … ms.
const FIRST: &str = r#"
    duration = "200 ms"
    analyzer.samplerate = "1 MHz"
    [timing]
    offset = "5 ms"
    frame.time = "20 ms"
    exposure.time = "4 ms"
    [camera.other]
    strobe = "OTHER"
    timing.exposure.time = "2 ms"
"#;

#[test]
fn fsin_of_one_sensor_triggers_another() {
    let simulation = run(&format!(
        "{FIRST}\ntiming.alignment = \"start\"\ntiming.skew = \"3 us\"\ntiming.exposure.latency = \"7 us\""
    ));
    // Triggered at 5, 25, 45 … ms, 3 µs of cable and 7 µs of latency later.
    assert_eq!(changes(&simulation, "OTHER")[..4], [5010, 7010, 25_010, 27_010]);
    let [first, other] = simulation.truth.cameras.as_slice() else { panic!("two cameras") };
    // What ends frame 0 of the first camera triggers frame 1 of the other one.
    let of = |camera: &crate::scenario::CameraTruth, number| {
        camera.frames.iter().find(|frame| frame.number == number).and_then(|frame| frame.fsin)
    };
    assert_eq!(of(other, 1), of(first, 0));
    assert_eq!(of(other, 1).unwrap().start(), Femtos::new(25_000_000_000_000));
}

#[test]
fn a_trigger_ends_the_frames_of_an_end_aligned_camera_that_follows() {
    let first = FIRST.replace("frame.time", "alignment = \"start\"\n    frame.time");
    let simulation = run(&format!("{first}\ntiming.alignment = \"end\""));
    assert_eq!(changes(&simulation, "OTHER")[..4], [3000, 5000, 23_000, 25_000]);
    let [first, other] = simulation.truth.cameras.as_slice() else { panic!("two cameras") };
    let frame = |camera: &crate::scenario::CameraTruth, number| {
        camera.frames.iter().find(|frame| frame.number == number).unwrap().clone()
    };
    assert_eq!(frame(other, 0).fsin, frame(first, 1).fsin);
}

/// The boundaries of a camera that is soft-synced to the first one, in µs after those of the first, and the lines by which
/// each frame was changed.
fn soft_synced(sync: &str) -> Vec<(i128, i64)> {
    // Frames of 20 ms and 500 ppm: 10 µs longer than the first camera's.
    let simulation = run(&format!(
        "{FIRST}\ntiming.offset = \"5 ms\"\ntiming.frame.drift = \"+500 ppm\"\ntiming.soft_sync = {sync}"
    ));
    let other = &simulation.truth.cameras[1];
    let frames = other.frames.iter().filter(|frame| (0..10).contains(&frame.number));
    frames
        .map(|frame| {
            let first = 5_000_000_000_000 + 20_000_000_000_000 * i128::from(frame.number);
            ((frame.opens - Femtos::new(first)).get() / 1_000_000_000, frame.lines)
        })
        .collect()
}

#[test]
fn soft_sync_takes_back_whole_lines_once_the_skew_leaves_its_bound() {
    // 10 µs a frame: 30 µs are within the bound, 40 µs are not: 3 lines of 15 µs (2.67 to the nearest) are taken back,
    // while the frame adds its own 10 µs.
    let steps = soft_synced("{ line = \"15 us\", lines = 4, within = \"30 us\" }");
    let expected = [(0, 0), (10, 0), (20, 0), (30, 0), (40, -3), (5, 0), (15, 0), (25, 0), (35, -2), (15, 0)];
    assert_eq!(steps, expected);
}

#[test]
fn soft_sync_takes_back_no_more_lines_than_it_may() {
    // One line of 4 µs a frame, against 10 µs that each frame adds.
    let steps = soft_synced("{ line = \"4 us\", lines = 1, within = \"5 us\" }");
    assert_eq!(steps[..5], [(0, 0), (10, -1), (16, -1), (22, -1), (28, -1)]);
}

#[test]
fn soft_sync_makes_up_for_a_late_leader_too() {
    let simulation = run(&format!(
        "{FIRST}\ntiming.offset = \"5 ms\"\ntiming.frame.drift = \"-500 ppm\"\n\
         timing.soft_sync = {{ line = \"15 us\", lines = 4 }}"
    ));
    let lines: Vec<i64> = simulation.truth.cameras[1].frames.iter().map(|frame| frame.lines).collect();
    assert!(lines.contains(&1) && lines.iter().all(|&lines| lines >= 0), "{lines:?}");
}

#[test]
fn a_network_makes_triggers_early_and_fsin_keeps_its_place() {
    let text = r#"
        duration = "1 s"
        seed = 4
        analyzer.samplerate = "1 MHz"
        [timing]
        alignment = "start"
        offset = "40 ms"
        frame.time = "50 ms"
        exposure.time = "8 ms"
        trigger.latency = "1 ms"
        jitter.trigger.latency = { exponential = "5 ms", clip = "20 ms" }
    "#;
    let simulation = run(text);
    let latencies: Vec<i128> = (simulation.truth.cameras[0].frames.iter())
        .map(|frame| (frame.fsin.unwrap().start() - frame.trigger.unwrap().start()).get() / 1_000_000_000)
        .collect();
    assert!(latencies.iter().all(|latency| (1000..=21_000).contains(latency)), "{latencies:?}");
    let (least, most) = (latencies.iter().min().unwrap(), latencies.iter().max().unwrap());
    assert!(*least < 3000 && *most > 7000, "{latencies:?}");
    assert_eq!(changes(&simulation, "FSIN")[..4], [40_000, 40_100, 90_000, 90_100]);
}

#[test]
fn the_rig_says_which_shutter_and_what_synchronises() {
    let text = format!(
        "{FIRST}\ntiming.shutter = \"rolling\"\ntiming.readout_time = \"16.54 ms\"\n\
         [camera.alone]\nstrobe = \"ALONE\"\ntiming.frame.time = \"21 ms\"\ntiming.alignment = \"start\""
    );
    let rig = Scenario::parse("rig.toml", &text).unwrap().rig();
    let [first, other, alone] = rig.cameras.as_slice() else { panic!("three cameras") };
    assert_eq!(first.shutter, Shutter::Global);
    assert_eq!(other.shutter, Shutter::Rolling { readout_time: Rational::decimal(1654, -5) });
    assert!(other.has(Role::Fsin) && other.wire(Role::Fsin) == first.wire(Role::Fsin));
    // A camera with a clock of its own is not synchronised by the first one's FSIN.
    assert_eq!((alone.wire(Role::Fsin), alone.alignment), (None, AlignmentSetting::Stated(Alignment::Start)));
}
