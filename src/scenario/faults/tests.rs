//! What each kind of fault does, worked out by hand, and that none is forgotten.

use super::*;
use crate::scenario::{Scenario, Simulation, simulate};
use crate::signal::Level;

/// Frame n is exposed from 10 n + 11 to 10 n + 15 ms, where FSIN rises for 100 µs; the flash is lit 100 µs longer at
/// either end.
const HEALTHY: &str = r#"
    duration = "60 ms"
    analyzer.samplerate = "1 MHz"
    [timing]
    offset = "5 ms"
    frame.time = "10 ms"
    exposure.time = "4 ms"
    flash.lead = "100 us"
    flash.lag = "100 us"
"#;

const STROBE: [u64; 12] = [1000, 5000, 11_000, 15_000, 21_000, 25_000, 31_000, 35_000, 41_000, 45_000, 51_000, 55_000];
const FSIN: [u64; 12] = [5000, 5100, 15_000, 15_100, 25_000, 25_100, 35_000, 35_100, 45_000, 45_100, 55_000, 55_100];
const FLASH: [u64; 12] = [900, 5100, 10_900, 15_100, 20_900, 25_100, 30_900, 35_100, 40_900, 45_100, 50_900, 55_100];

fn run(scenario: &str, fault: &str) -> Simulation {
    let text = format!("{scenario}\n[[fault]]\n{fault}");
    simulate(&Scenario::parse("fault.toml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))).unwrap()
}

fn changes(simulation: &Simulation, probe: &str) -> Vec<u64> {
    let line = simulation.capture.lines.iter().find(|line| line.probe.name == probe).unwrap();
    line.waveform.changes().to_vec()
}

/// Checks the three lines of the healthy scenario with a fault.
fn check(fault: &str, fsin: &[u64], strobe: &[u64], flash: &[u64]) {
    let simulation = run(HEALTHY, fault);
    assert_eq!(changes(&simulation, "FSIN"), fsin, "FSIN: {fault}");
    assert_eq!(changes(&simulation, "STROBE"), strobe, "STROBE: {fault}");
    assert_eq!(changes(&simulation, "FLASH"), flash, "flash: {fault}");
}

/// The same edges, with those at these places replaced.
fn with<const N: usize>(edges: [u64; N], replaced: &[(usize, u64)]) -> Vec<u64> {
    let mut edges = edges.to_vec();
    for &(place, at) in replaced {
        edges[place] = at;
    }
    edges
}

/// The same edges, without the pulses that begin at these places.
fn without<const N: usize>(edges: [u64; N], pulses: &[usize]) -> Vec<u64> {
    let gone = |place: usize| pulses.iter().any(|&pulse| place == pulse || place == pulse + 1);
    edges.iter().enumerate().filter(|(place, _)| !gone(*place)).map(|(_, &edge)| edge).collect()
}

#[test]
fn a_long_exposure_starts_earlier() {
    check("kind = \"long-exposure\"\nframes = 1\namount = \"2 ms\"", &FSIN, &with(STROBE, &[(4, 19_000)]), &FLASH);
}

#[test]
fn a_long_triggered_exposure_ends_later() {
    let triggered = HEALTHY.replace("[timing]", "[timing]\nalignment = \"start\"");
    let simulation = run(&triggered, "kind = \"long-exposure\"\nframes = 1\namount = \"2 ms\"");
    assert_eq!(changes(&simulation, "STROBE")[..6], [5000, 9000, 15_000, 21_000, 25_000, 29_000]);
}

#[test]
fn exposures_that_meet_are_one_on_the_line_and_two_in_truth() {
    let simulation = run(HEALTHY, "kind = \"long-exposure\"\nframes = 1\namount = \"6 ms\"");
    assert_eq!(changes(&simulation, "STROBE"), without(with_merged(), &[]));
    let frames = &simulation.truth.cameras[0].frames;
    let frame = frames.iter().find(|frame| frame.number == 1).unwrap();
    assert_eq!(frame.exposures[0].width(), Femtos::new(10_000_000_000_000));
}

/// STROBE with the exposures of frames 0 and 1 in one pulse.
fn with_merged() -> [u64; 10] {
    [1000, 5000, 11_000, 25_000, 31_000, 35_000, 41_000, 45_000, 51_000, 55_000]
}

#[test]
fn strobe_pulses_are_missing() {
    check("kind = \"missing-strobe\"\nframes = [1, 3]", &FSIN, &without(STROBE, &[4, 8]), &FLASH);
    let every = "kind = \"missing-strobe\"\nframes = { every = 2, from = -1 }";
    check(every, &FSIN, &without(STROBE, &[0, 4, 8]), &FLASH);
    check("kind = \"missing-strobe\"\nframes = \"all\"", &FSIN, &[], &FLASH);
}

#[test]
fn an_extra_strobe_pulse_is_no_frame_s() {
    let fault = "kind = \"extra-strobe\"\nframes = 1\nafter = \"2 ms\"\nwidth = \"50 us\"";
    let strobe = [&STROBE[..4], &[17_000, 17_050], &STROBE[4..]].concat();
    check(fault, &FSIN, &strobe, &FLASH);
    assert_eq!(run(HEALTHY, fault).truth.cameras[0].extra_strobes.len(), 1);
}

#[test]
fn fsin_pulses_are_missing() {
    // Frame 1 ends at 25 ms.
    check("kind = \"missing-fsin\"\nframes = 1", &without(FSIN, &[4]), &STROBE, &FLASH);
}

#[test]
fn the_flash_is_late_leaks_or_is_missing() {
    let late = "kind = \"late-flash\"\nframes = 1\namount = \"300 us\"";
    check(late, &FSIN, &STROBE, &with(FLASH, &[(4, 21_200), (5, 25_400)]));
    let leak = "kind = \"flash-leak\"\nframes = 1\namount = \"3 ms\"";
    check(leak, &FSIN, &STROBE, &with(FLASH, &[(5, 28_100)]));
    check("kind = \"missing-flash\"\nframes = 1", &FSIN, &STROBE, &without(FLASH, &[4]));
}

#[test]
fn a_flash_that_was_over_before_the_capture_may_leak_into_it() {
    // Frame -2 is lit until -4.9 ms.
    let leak = "kind = \"flash-leak\"\nframes = -2\namount = \"5.5 ms\"";
    let simulation = run(HEALTHY, leak);
    assert_eq!(changes(&simulation, "FLASH"), [&[600], &FLASH[..]].concat());
}

#[test]
fn a_line_is_dead_or_stuck() {
    check("kind = \"dead-line\"\nline = \"strobe\"", &FSIN, &[], &FLASH);
    let dead = "kind = \"dead-line\"\nline = \"strobe\"\nfrom = \"22 ms\"\nuntil = \"42 ms\"";
    check(dead, &FSIN, &[&STROBE[..5], &[22_000, 42_000], &STROBE[9..]].concat(), &FLASH);
    let stuck = "kind = \"stuck-line\"\nline = \"strobe\"\nfrom = \"22 ms\"";
    check(stuck, &FSIN, &STROBE[..5], &FLASH);
}

#[test]
fn an_active_low_line_is_dead_high_and_stuck_low() {
    let wired = HEALTHY.replace("[timing]", "[wiring]\nstrobe = \"!S\"\n[timing]");
    let wired = wired.replace("flash.lead = \"100 us\"", "").replace("flash.lag = \"100 us\"", "");
    let level = |fault: &str| run(&wired, fault).capture.lines[0].waveform.initial();
    assert_eq!(level("kind = \"dead-line\"\nline = \"strobe\""), Level::High);
    assert_eq!(level("kind = \"stuck-line\"\nline = \"strobe\""), Level::Low);
}

#[test]
fn exposures_are_scaled_and_alternate_and_their_flash_follows() {
    // 4 ms times 1.5: each begins 2 ms earlier.
    let earlier = |edges: [u64; 12], by: u64| -> Vec<u64> {
        edges
            .iter()
            .enumerate()
            .map(|(place, edge)| if place % 2 == 0 { edge.saturating_sub(by) } else { *edge })
            .collect()
    };
    let scaled = run(HEALTHY, "kind = \"scaled-exposure\"\nscale = \"150 %\"");
    // The exposure that would begin at 61 ms, behind the end, begins before it.
    assert_eq!(changes(&scaled, "STROBE")[1..], [&earlier(STROBE, 2000)[2..], &[59_000]].concat());
    assert_eq!(changes(&scaled, "FSIN"), FSIN);
    assert_eq!(changes(&scaled, "FLASH")[1..], [&earlier(FLASH, 2000)[2..], &[58_900]].concat());
    // Frames -1, 1, 3 are odd: the pulses that begin at places 0, 4, 8 are of frames -1, 1, 3.
    let alternating = run(HEALTHY, "kind = \"alternating-exposure\"\ntime = \"1 ms\"");
    let strobe = changes(&alternating, "STROBE");
    let widths: Vec<u64> = strobe.chunks(2).map(|pulse| pulse[1] - pulse[0]).collect();
    assert!(
        widths == [4000, 1000, 4000, 1000, 4000, 1000] || widths == [1000, 4000, 1000, 4000, 1000, 4000],
        "{widths:?}"
    );
}

#[test]
fn a_missed_trigger_leaves_fsin_alone_and_a_dropped_frame_does_not() {
    check("kind = \"missed-trigger\"\nframes = 1", &FSIN, &without(STROBE, &[4]), &without(FLASH, &[4]));
    let dropped = "kind = \"dropped-frame\"\nframes = 1";
    check(dropped, &without(FSIN, &[4]), &without(STROBE, &[4]), &without(FLASH, &[4]));
}

#[test]
fn a_phase_reset_moves_all_that_follows() {
    let later = |edges: [u64; 12]| -> Vec<u64> {
        edges.iter().enumerate().map(|(place, edge)| if place < 4 { *edge } else { edge + 3000 }).collect()
    };
    let moved = |edges: [u64; 12]| later(edges).into_iter().filter(|edge| *edge < 60_000).collect::<Vec<_>>();
    check("kind = \"phase-reset\"\nframe = 1\nby = \"3 ms\"", &moved(FSIN), &moved(STROBE), &moved(FLASH));
}

#[test]
fn samples_are_lost_on_all_lines_at_once() {
    // From 22 to 24 ms: within the exposure that ends at 25 ms.
    let earlier = |edges: [u64; 12]| -> Vec<u64> {
        edges.iter().map(|edge| if *edge < 22_000 { *edge } else { edge - 2000 }).collect()
    };
    let dropped = run(HEALTHY, "kind = \"dropped-samples\"\nat = \"22 ms\"\nlost = \"2 ms\"");
    assert_eq!(changes(&dropped, "FSIN")[..12], earlier(FSIN)[..]);
    assert_eq!(changes(&dropped, "STROBE")[..12], earlier(STROBE)[..]);
}

#[test]
fn a_slow_edge_comes_late_and_an_inverted_line_is_the_other_one() {
    let late: Vec<u64> = STROBE.iter().enumerate().map(|(place, edge)| edge + 40 * (place as u64 % 2)).collect();
    check("kind = \"slow-edge\"\nline = \"strobe\"\ndelay = \"40 us\"", &FSIN, &late, &FLASH);
    let inverted = run(HEALTHY, "kind = \"inverted-line\"\nline = \"strobe\"");
    assert_eq!(changes(&inverted, "STROBE"), STROBE);
    let strobe = inverted.capture.lines.iter().find(|line| line.probe.name == "STROBE").unwrap();
    assert_eq!(strobe.waveform.initial(), Level::High);
    check("kind = \"swapped-lines\"\nline = \"strobe\"\nwith = \"fsin\"", &STROBE, &FSIN, &FLASH);
}

#[test]
fn a_second_driver_adds_its_train_and_a_generator_has_only_its_own() {
    let second = "period = \"20 ms\"\nwidth = \"50 us\"\noffset = \"8 ms\"\nline = \"fsin\"";
    let train = [8000, 8050, 28_000, 28_050, 48_000, 48_050];
    let mut both = [&FSIN[..], &train[..]].concat();
    both.sort_unstable();
    check(&format!("kind = \"second-driver\"\n{second}"), &both, &STROBE, &FLASH);
    check(&format!("kind = \"fsin-generator\"\n{second}"), &train, &STROBE, &FLASH);
}

#[test]
fn chance_strikes_about_as_many_frames_as_it_says() {
    let long = HEALTHY.replace("60 ms", "10 s");
    let simulation = run(&long, "kind = \"missing-strobe\"\nframes = { chance = \"20 %\" }");
    let struck = simulation.truth.cameras[0].frames.iter().filter(|frame| frame.exposures.is_empty()).count();
    // Of about 1000 frames; the standard deviation is 13.
    assert!((150..250).contains(&struck), "{struck}");
    let (never, always) = ("0 %", "100 %");
    let changed = |chance: &str| {
        let fault = format!("kind = \"missing-strobe\"\nframes = {{ chance = \"{chance}\" }}");
        changes(&run(HEALTHY, &fault), "STROBE")
    };
    assert_eq!((changed(never), changed(always)), (STROBE.to_vec(), Vec::new()));
}

#[test]
fn every_kind_has_an_example_that_does_something() {
    // Long enough for any example to strike, and triggered late enough for its times.
    let healthy = HEALTHY.replace("60 ms", "200 ms") + "    readout.time = \"1 ms\"\n";
    let well = simulate(&Scenario::parse("well.toml", &healthy).unwrap()).unwrap();
    let turns = healthy.replace(
        "[timing]",
        "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\nreadout = \"R\"\nflash = { A = \"A\", B = \"B\" }\n[timing]\nflash.pattern = \"AB\"",
    );
    let turns_well = simulate(&Scenario::parse("turns.toml", &turns).unwrap()).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for kind in FAULT_KINDS {
        assert!(ids.insert(kind.id), "{} twice", kind.id);
        assert!(kind.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", kind.id);
        // Lines that alternate show whether their turns do.
        let (well, healthy) = if kind.id == "flash-pattern-slip" { (&turns_well, &turns) } else { (&well, &healthy) };
        let faulty = run(healthy, &format!("kind = \"{}\"\n{}", kind.id, kind.example));
        let changes = (faulty.capture != well.capture, faulty.truth != well.truth);
        assert_eq!(changes, (true, true), "what the example of {} changes: the capture, the truth", kind.id);
    }
}

#[test]
fn wrong_faults_are_pointed_at() {
    let error = |fault: &str| {
        let text = format!("{HEALTHY}\n[[fault]]\n{fault}");
        Scenario::parse("f", &text).unwrap_err().to_string()
    };
    let ids: Vec<&str> = FAULT_KINDS.iter().map(|kind| kind.id).collect();
    let unknown = error("kind = \"missing-strob\"");
    let list = ids.join(", ");
    let expected =
        format!("f:12:8: there is no kind of fault 'missing-strob'; there is {list}; did you mean 'missing-strobe'?");
    assert_eq!(unknown, expected);
    assert_eq!(error("frames = 3"), "f:11:1: kind is missing: state what is wrong, such as \"missing-strobe\"");
    assert!(error("kind = \"missing-strobe\"").ends_with("missing field `frames`"));
    assert!(error("kind = \"missing-strobe\"\nframe = 3").starts_with("f:13:1: unknown field `frame`"));
    let form = "expected a frame's number, a list of them, \"all\", { every = 10, from = 0 } or { chance = \"1 %\" }";
    for frames in ["\"some\"", "[1, \"2\"]", "{ every = 0 }", "{ from = 3 }", "{ chance = 1 }", "{ every = \"2\" }"] {
        assert_eq!(error(&format!("kind = \"missing-fsin\"\nframes = {frames}")), format!("f:13:10: {form}"));
    }
    let chance = error("kind = \"missing-fsin\"\nframes = { chance = \"101 %\" }");
    assert_eq!(chance, "f:13:21: chance must be 0 % to 100 %");
    let camera = error("kind = \"missing-fsin\"\nframes = 1\ncamera = \"left\"");
    assert_eq!(camera, "f:14:10: there is no camera 'left'; there is main");
    let line = error("kind = \"dead-line\"\nline = \"readout\"");
    assert_eq!(line, "f:13:8: there is no line 'readout'; there is fsin, strobe, flash");
    let until = error("kind = \"dead-line\"\nline = \"flash\"\nfrom = \"2 ms\"\nuntil = \"2 ms\"");
    assert_eq!(until, "f:15:9: until must be after from");
    let many = "[[fault]]\nkind = \"missing-fsin\"\nframes = 1\n".repeat(100);
    assert!(error(&format!("kind = \"missing-fsin\"\nframes = 1\n{many}")).ends_with("more than 100 faults"));
}
