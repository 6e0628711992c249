//! Findings of a camera whose STROBE comes on two pins in turn, and of one of which too many triggers are asked for a frame.
//! Drawn by hand: 49 frames of 20 ms, an exposure from 1 ms to 6 ms after each trigger.

use strobecheck::diagnosis::Finding;

use super::by_hand::capture;
use super::judge_capture;

const FRAMES: u64 = 49;

fn start(frame: u64) -> u64 {
    10_000 + 20_000 * frame
}

fn triggers() -> Vec<u64> {
    (0..FRAMES).flat_map(|frame| [start(frame), start(frame) + 100]).collect()
}

/// The exposures of the frames that this pin shows.
fn exposures(shows: impl Fn(u64) -> bool) -> Vec<u64> {
    (0..FRAMES).filter(|frame| shows(*frame)).flat_map(|frame| [start(frame) + 1000, start(frame) + 6000]).collect()
}

/// Pin A shows the even frames, pin B the odd ones that are not missing.
fn in_turn(missing: &[u64]) -> [(&'static str, Vec<u64>); 2] {
    [("A", exposures(|frame| frame % 2 == 0)), ("B", exposures(|frame| frame % 2 == 1 && !missing.contains(&frame)))]
}

fn found(lines: &[(&str, Vec<u64>)], wiring: &str, timing: &str) -> Vec<Finding> {
    let spec = format!(
        "[wiring]\n{wiring}[timing]\nalignment = \"start\"\n{timing}[limits]\nframe.time = \"20 ms ± 50 us\"\n\
         exposure.time = \"5 ms ± 50 us\"\n"
    );
    judge_capture(&capture(lines), &spec).findings
}

fn faults(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.fault).collect()
}

const TRIGGERED: &str = "fsin = \"F\"\nstrobe = [\"A\", \"B\"]\n";

#[test]
fn exposures_that_one_of_two_pins_lacks_are_missed_triggers() {
    let of = |missing: &[u64]| {
        let [a, b] = in_turn(missing);
        faults(&found(&[("F", triggers()), a, b], TRIGGERED, ""))
    };
    assert_eq!(of(&[]), [""; 0]);
    assert_eq!(of(&[9]), ["missed-trigger"]);
    assert_eq!(of(&[9, 15, 29]), ["missed-trigger"]);
}

#[test]
fn without_triggers_they_are_dropped_frames() {
    assert_eq!(faults(&found(&in_turn(&[9]), "strobe = [\"A\", \"B\"]\n", "")), ["dropped-frame"]);
}

/// Answers at every second trigger, in turn on both pins, are half the rate still; the pins' turn, which goes by frames, is another matter.
#[test]
fn half_the_rate_on_two_pins_is_half_the_rate() {
    let lines = [("F", triggers()), ("A", exposures(|frame| frame % 4 == 0)), ("B", exposures(|frame| frame % 4 == 2))];
    assert_eq!(faults(&found(&lines, TRIGGERED, "")).first(), Some(&"half-rate"));
}

/// A second pulse of 1 ms, 8 ms after each trigger, on the second pin.
#[test]
fn extra_pulses_are_found_on_the_pin_that_shows_them() {
    let [a, (name, shown)] = in_turn(&[]);
    let extra = (0..FRAMES).flat_map(|frame| [start(frame) + 8000, start(frame) + 9000]);
    let mut both: Vec<u64> = shown.into_iter().chain(extra).collect();
    both.sort_unstable();
    let findings = found(&[("F", triggers()), a, (name, both)], TRIGGERED, "");
    let extra =
        findings.iter().find(|finding| finding.fault == "extra-pulses").unwrap_or_else(|| panic!("{findings:?}"));
    assert_eq!(extra.line.as_deref(), Some("strobe.2"));
    assert!(extra.summary.contains("49 extra pulses"), "{}", extra.summary);
}

/// One trigger comes where two or three are stated: the frames are counted wrong, and the camera does not stop.
#[test]
fn a_camera_whose_exposures_go_on_does_not_stop() {
    for per_frame in [2, 3] {
        let timing = format!("fsin_per_frame = {per_frame}\n");
        let lines = [("F", triggers()), ("S", exposures(|_| true))];
        let findings = found(&lines, "fsin = \"F\"\nstrobe = \"S\"\n", &timing);
        assert!(!findings.is_empty() && !faults(&findings).contains(&"camera-stops"), "{findings:?}");
    }
    let lines = [("F", triggers()), ("S", exposures(|_| true))].map(|(name, edges)| (name, edges[..60].to_vec()));
    assert_eq!(faults(&found(&lines, "fsin = \"F\"\nstrobe = \"S\"\n", "")), ["camera-stops"]);
}
