//! Frames that are missing or too many, at the borders of their counts: one sample inside, on it, one outside. An edge that is seen
//! at sample n happened after n − 1; so a time of n samples is known to lie between n − 1 and n + 1.

use strobecheck::capture::{Capture, RecordEnd};
use strobecheck::verdict::Verdict::{self, Fail, Inconclusive, Pass};

use crate::bench_capture::{capture, check, judged};

/// One sample is 1 µs, a frame time 100 of them.
const SPEC: &str =
    "wiring.fsin = 'FSIN'\ntiming.frame_time = '100 us'\nlimits.fsin.width = '<= 1 ms'\nanalyzer.clock = '0 ppm'\n";

/// A record of this length with FSIN pulses of 10 samples.
fn record(starts: &[u64], length: u64) -> Capture {
    let changes = starts.iter().flat_map(|start| [*start, start + 10]).collect();
    capture("1 MHz", length, &[("FSIN", changes)])
}

fn counted(capture: &Capture, spec: &str, id: &str) -> (Verdict, String) {
    let judgement = judged(capture, spec);
    let found = check(&judgement, id);
    (found.verdict, found.reason.clone().unwrap_or_default())
}

#[test]
fn an_edge_after_less_than_three_quarters_of_a_frame_time_is_too_many() {
    for (after, expected) in [(73, Fail), (74, Fail), (75, Inconclusive), (76, Pass)] {
        let capture = record(&[100, 200, 200 + after, 300 + after], 350 + after);
        assert_eq!(counted(&capture, SPEC, "frame.extra").0, expected, "{after} samples");
    }
}

#[test]
fn an_interval_of_one_and_a_half_frame_times_lacks_one() {
    for (interval, expected) in [(148, Pass), (149, Pass), (150, Inconclusive), (151, Fail)] {
        let capture = record(&[100, 200, 200 + interval, 300 + interval], 350 + interval);
        assert_eq!(counted(&capture, SPEC, "frame.missing").0, expected, "{interval} samples");
    }
}

#[test]
fn the_clock_widens_the_border() {
    // 150 samples of a clock that is off by up to 1 % are 148.5 to 151.5; so are 149 and 151 not told from 150.
    let spec = SPEC.replace("0 ppm", "10000 ppm");
    for (interval, expected) in [(147, Pass), (149, Inconclusive), (152, Inconclusive), (153, Fail)] {
        let capture = record(&[100, 200, 200 + interval, 300 + interval], 350 + interval);
        assert_eq!(counted(&capture, &spec, "frame.missing").0, expected, "{interval} samples");
    }
}

#[test]
fn silence_of_two_frame_times_at_the_end_owes_two() {
    for (silence, expected) in [(199, Pass), (200, Inconclusive), (201, Fail)] {
        let capture = record(&[100, 200, 300], 300 + silence);
        assert_eq!(counted(&capture, SPEC, "frame.missing").0, expected, "{silence} samples");
    }
    let stops = format!("{SPEC}timing.ends = 'stops'\n");
    assert_eq!(counted(&record(&[100, 200, 300], 900), &stops, "frame.missing").0, Pass);
}

#[test]
fn a_record_of_unknown_end_is_complete_only_where_something_says_so() {
    let record = |starts: &[u64]| Capture { end: RecordEnd::AtLeast, ..record(starts, 450) };
    let whole = record(&[100, 200, 300, 400]);
    let (verdict, reason) = counted(&whole, SPEC, "frame.missing");
    assert_eq!(verdict, Inconclusive);
    assert!(reason.contains("does not say where its record ends"), "{reason}");
    // What is missing inside is missing, whatever comes.
    assert_eq!(counted(&record(&[100, 200, 400]), SPEC, "frame.missing").0, Fail);
    // Four edges are three frames from edge to edge.
    for (stated, expected) in [
        ("timing.ends = 'stops'", Pass),
        ("timing.ends = 'running'", Inconclusive),
        ("timing.min_frames = 3", Pass),
        ("timing.min_frames = 4", Inconclusive),
    ] {
        assert_eq!(counted(&whole, &format!("{SPEC}{stated}\n"), "frame.missing").0, expected, "{stated}");
    }
    // Without a frame time too, but for events.
    let without = SPEC.replace("timing.frame_time = '100 us'\n", "");
    assert_eq!(counted(&whole, &without, "frame.missing").0, Inconclusive);
    let events = format!("{without}timing.rhythm = 'events'\n");
    assert_eq!(judged(&whole, &events).verdict, Pass);
}

/// A record of FSIN, or nothing of it, and flashes at these samples; a frame time is 100 samples of 1 µs.
fn lit(fsin: &[u64], flashes: &[u64], length: u64) -> Capture {
    let pulses = |starts: &[u64]| starts.iter().flat_map(|start| [*start, start + 10]).collect();
    capture("1 MHz", length, &[("FSIN", pulses(fsin)), ("FLASH", pulses(flashes))])
}

const BY_TIME: &str = "wiring.flash = 'FLASH'\ntiming.frame_time = '100 us'\nlimits.flash.on-time = '<= 1 ms'\nanalyzer.clock = '0 ppm'\n";

#[test]
fn without_strobe_the_edges_of_fsin_owe_flashes() {
    let spec = format!("{BY_TIME}wiring.fsin = 'FSIN'\n");
    let fsin: Vec<u64> = (1..=12).map(|n| 100 * n).collect();
    let verdict = |flashes: &[u64]| counted(&lit(&fsin, flashes, 1300), &spec, "flash.missing").0;
    // Before its edge or after it, the flash of each frame is there.
    for phase in [1, 30, 49, 51, 90] {
        let all: Vec<u64> = fsin.iter().map(|edge| edge + phase - 50).collect();
        assert_eq!(verdict(&all), Pass, "{phase}");
        let without_one: Vec<u64> = all.iter().copied().filter(|at| *at != 600 + phase - 50).collect();
        assert_eq!(verdict(&without_one), Fail, "one is missing, {phase}");
        assert_eq!(verdict(&all[..6]), Fail, "it stops, {phase}");
        assert_eq!(verdict(&all[6..]), Fail, "it starts late, {phase}");
    }
}

#[test]
fn a_flash_alone_is_counted_by_the_frame_time() {
    for (interval, expected) in [(148, Pass), (149, Pass), (150, Inconclusive), (151, Fail)] {
        let record = lit(&[], &[100, 200, 200 + interval, 300 + interval], 350 + interval);
        assert_eq!(counted(&record, BY_TIME, "flash.missing").0, expected, "{interval} samples");
    }
    for (silence, expected) in [(190, Pass), (210, Fail)] {
        let record = lit(&[], &[100, 200, 300], 300 + silence);
        assert_eq!(counted(&record, BY_TIME, "flash.missing").0, expected, "{silence} samples");
    }
}

#[test]
fn the_silence_behind_the_last_flash_is_a_pause_unless_the_camera_may_have_stopped() {
    let changes = [100, 200, 300].iter().flat_map(|start| [*start, start + 10]).collect();
    let capture = capture("1 MHz", 1000, &[("FLASH", changes)]);
    let spec = "wiring.flash = 'FLASH'\ntiming.frame_time = '100 us'\nlimits.flash.off-time = '<= 95 us'\nanalyzer.clock = '0 ppm'\n";
    assert_eq!(counted(&capture, spec, "flash.off-time").0, Fail);
    // Two pauses of 90 us, and none where nothing was to come.
    let stops = format!("{spec}timing.ends = 'stops'\n");
    assert_eq!(counted(&capture, &stops, "flash.off-time").0, Pass);
    assert_eq!(counted(&capture, &stops.replace("95 us", "88 us"), "flash.off-time").0, Fail);
}
