//! Whole scenarios, their sample numbers worked out by hand.

use super::*;
use crate::rig::{Alignment, AlignmentSetting};
use crate::scenario::Femtos;
use crate::signal::Level;

pub(super) fn run(text: &str) -> Simulation {
    let scenario = Scenario::parse("test.toml", text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    simulate(&scenario).unwrap()
}

/// The level at sample 0 and the changes of the probe with this name.
fn seen(simulation: &Simulation, probe: &str) -> (Level, Vec<u64>) {
    let line = simulation.capture.lines.iter().find(|line| line.probe.name == probe).unwrap();
    (line.waveform.initial(), line.waveform.changes().to_vec())
}

pub(super) fn changes(simulation: &Simulation, probe: &str) -> Vec<u64> {
    seen(simulation, probe).1
}

/// The seed's drawing: 30 fps, 20, 10 and 30 ms, end-aligned; its first boundary at 5 ms instead of 0, so that it is seen.
fn seed(analyzer: &str) -> String {
    format!(
        r#"
        duration = "120 ms"
        [analyzer]
        {analyzer}
        [wiring]
        fsin = "FSIN"
        strobe = "STROBE"
        flash = "!FLASH"
        [timing]
        offset = "5 ms"
        frame.time = "1/30 s"
        exposure.time = ["20 ms", "10 ms", "30 ms"]
        fsin.width = "100 us"
        flash.lead = "50 us"
        flash.lag = "200 us"
        "#
    )
}

#[test]
fn the_seed_at_1_mhz() {
    // Boundaries at 5, 38.333.., 71.666.. and 105 ms; the next sample after 38 333.33 µs is number 38 334.
    let simulation = run(&seed("samplerate = \"1 MHz\""));
    let fsin = vec![5000, 5100, 38_334, 38_434, 71_667, 71_767, 105_000, 105_100];
    assert_eq!(seen(&simulation, "FSIN"), (Level::Low, fsin));
    let strobe = vec![5000, 18_334, 38_334, 61_667, 71_667, 75_000, 105_000, 118_334];
    assert_eq!(seen(&simulation, "STROBE"), (Level::High, strobe));
    let flash = vec![5200, 18_284, 38_534, 61_617, 71_867, 74_950, 105_200, 118_284];
    assert_eq!(seen(&simulation, "FLASH"), (Level::Low, flash));
    assert_eq!(simulation.capture.length.get(), 120_000);
    assert_eq!(simulation.capture.header.format, "scenario");
}

#[test]
fn the_seed_at_24_mhz() {
    // 1/30 s is exactly 800 000 samples, so every edge of FSIN and STROBE lies exactly on a sample, and shows there.
    let simulation = run(&seed("samplerate = \"24 MHz\""));
    let fsin = vec![120_000, 122_400, 920_000, 922_400, 1_720_000, 1_722_400, 2_520_000, 2_522_400];
    assert_eq!(changes(&simulation, "FSIN"), fsin);
    let strobe = vec![120_000, 440_000, 920_000, 1_480_000, 1_720_000, 1_800_000, 2_520_000, 2_840_000];
    assert_eq!(changes(&simulation, "STROBE"), strobe);
}

#[test]
fn a_clock_that_runs_97_ppm_fast_takes_more_samples() {
    // 1000.097 samples a millisecond: 38.333.. ms are 38 337.05 of them.
    let simulation = run(&seed("samplerate = \"1 MHz\"\nclock_error = \"+97 ppm\""));
    let fsin = vec![5001, 5101, 38_338, 38_438, 71_674, 71_774, 105_011, 105_111];
    assert_eq!(changes(&simulation, "FSIN"), fsin);
    assert_eq!(simulation.capture.rate.hz(), &crate::units::Rational::integer(1_000_000));
}

#[test]
fn a_late_first_sample_moves_what_does_not_lie_between_the_same_samples() {
    let simulation = run(&seed("samplerate = \"1 MHz\"\nphase = \"400 ns\""));
    // 5000.0 - 0.4 is next to 5000, 38 333.33 - 0.4 to 38 333, 71 666.67 - 0.4 to 71 667.
    let fsin = vec![5000, 5100, 38_333, 38_433, 71_667, 71_767, 105_000, 105_100];
    assert_eq!(changes(&simulation, "FSIN"), fsin);
}

#[test]
fn the_truth_is_exact_to_the_femtosecond() {
    let simulation = run(&seed("samplerate = \"1 MHz\""));
    let camera = &simulation.truth.cameras[0];
    assert_eq!((camera.name.as_str(), camera.alignment), ("main", Alignment::End));
    let frame = |number: i64| camera.frames.iter().find(|frame| frame.number == number).unwrap();
    let boundaries: Vec<i128> = (0..4).map(|number| frame(number).opens.get()).collect();
    // Frame 3 opens at 5 ms + 3/30 s: thirds of femtoseconds have added up to whole ones.
    assert_eq!(boundaries, [5_000_000_000_000, 38_333_333_333_333, 71_666_666_666_666, 105_000_000_000_000]);
    assert_eq!(frame(-1).opens, Femtos::new(-28_333_333_333_334));
    for (number, exposure) in [(-1, 30), (0, 20), (1, 10), (2, 30), (3, 20)] {
        assert_eq!(frame(number).exposures[0].width(), Femtos::new(exposure * 1_000_000_000_000));
        assert_eq!(frame(number).exposures[0].end(), frame(number).closes);
        assert_eq!(frame(number).fsin.unwrap().start(), frame(number).closes);
        assert_eq!(frame(number).closes, frame(number + 1).opens);
    }
    // The lines show the same: the pulses of FLASH, which is active-low.
    let flash = simulation.truth.lines[2].pulses(Level::Low);
    assert!(flash.contains(&frame(1).flashes[0].pulse));
}

#[test]
fn a_trigger_starts_the_exposures_of_a_burst() {
    let simulation = run(r#"
        duration = "100 ms"
        analyzer.samplerate = "1 MHz"
        [wiring]
        strobe = "S"
        fsin = "F"
        readout = "R"
        trigger = "T"
        [timing]
        alignment = "start"
        offset = "10 ms"
        frame.rate = "20 Hz"
        exposure.time = "8 ms"
        exposure.latency = "777 us"
        burst = 2
        burst_spacing = "15 ms"
        readout.start = "5 us"
        readout.time = "3 ms"
        trigger.latency = "20 us"
        trigger.width = "30 us"
    "#);
    assert_eq!(changes(&simulation, "F"), [10_000, 10_100, 60_000, 60_100]);
    assert_eq!(changes(&simulation, "T"), [9980, 10_010, 59_980, 60_010]);
    let strobe = [10_777, 18_777, 25_777, 33_777, 60_777, 68_777, 75_777, 83_777];
    assert_eq!(changes(&simulation, "S"), strobe);
    let readout = [18_782, 21_782, 33_782, 36_782, 68_782, 71_782, 83_782, 86_782];
    assert_eq!(changes(&simulation, "R"), readout);
}

#[test]
fn a_flash_may_follow_fsin_instead_of_the_exposure() {
    let simulation = run(r#"
        duration = "50 ms"
        analyzer.samplerate = "1 MHz"
        [timing]
        offset = "10 ms"
        frame.time = "20 ms"
        exposure.time = "5 ms"
        flash.latency = "1 ms"
        flash.on-time = "2 ms"
    "#);
    // From the boundary that opens the frame: -10, 10 and 30 ms.
    assert_eq!(changes(&simulation, "FLASH"), [11_000, 13_000, 31_000, 33_000]);
    assert_eq!(changes(&simulation, "STROBE"), [5000, 10_000, 25_000, 30_000, 45_000]);
}

#[test]
fn flash_lines_take_turns() {
    let simulation = run(r#"
        duration = "50 ms"
        analyzer.samplerate = "1 MHz"
        [wiring]
        strobe = "STROBE"
        flash = { A = "DOT", B = "!FLOOD" }
        [timing]
        offset = "0 s"
        frame.time = "10 ms"
        exposure.time = "5 ms"
        flash.lead = "0 s"
        flash.lag = "1 ms"
        flash.pattern = "AB-"
    "#);
    // Frame n is exposed from 10 n + 5 to 10 n + 10 ms; A in frames 0 and 3, B in frames 1 and 4.
    assert_eq!(seen(&simulation, "DOT"), (Level::Low, vec![5000, 11_000, 35_000, 41_000]));
    assert_eq!(seen(&simulation, "FLOOD"), (Level::High, vec![15_000, 21_000, 45_000]));
}

#[test]
fn drift_lengthens_the_frames_and_nothing_else() {
    let simulation = run(r#"
        duration = "80 ms"
        analyzer.samplerate = "1 MHz"
        [timing]
        offset = "10 ms"
        frame.rate = "60 Hz"
        frame.drift = "+23 ppm"
        exposure.time = "4 ms"
    "#);
    // 1/60 s · 1.000023 = 16 667.05 µs.
    assert_eq!(changes(&simulation, "FSIN")[..6], [10_000, 10_100, 26_668, 26_768, 43_335, 43_435]);
    assert_eq!(changes(&simulation, "STROBE")[..4], [6000, 10_000, 22_668, 26_668]);
}

const COLD_START: &str = r#"
    duration = "300 ms"
    analyzer.samplerate = "1 MHz"
    [timing]
    starts_at = "100 ms"
    frame.time = "30 ms"
    exposure.time = "20 ms"
    [timing.warm_up]
    frames = 2
    frame.time = "40 ms"
    exposure.time = "2 ms"
"#;

#[test]
fn a_camera_starts_cold_and_stops() {
    let stopped = COLD_START.replace("starts_at", "stops_at = \"240 ms\"\n    starts_at");
    let simulation = run(&stopped);
    // Boundaries at 100, 140, 180, 210, 240 and 270 ms; the exposure that would end at 270 is not begun.
    assert_eq!(changes(&simulation, "FSIN"), [140_000, 140_100, 180_000, 180_100, 210_000, 210_100, 240_000, 240_100]);
    let strobe = [138_000, 140_000, 178_000, 180_000, 190_000, 210_000, 220_000, 240_000];
    assert_eq!(changes(&simulation, "STROBE"), strobe);
    let just_before = run(&stopped.replace("240 ms", "239.999 ms"));
    assert_eq!(changes(&just_before, "STROBE"), strobe[..6]);
}

#[test]
fn a_triggered_camera_finishes_the_exposure_that_it_began() {
    let triggered = COLD_START.replace("starts_at", "alignment = \"start\"\n    stops_at = \"180 ms\"\n    starts_at");
    let simulation = run(&triggered);
    assert_eq!(changes(&simulation, "FSIN"), [100_000, 100_100, 140_000, 140_100, 180_000, 180_100]);
    assert_eq!(changes(&simulation, "STROBE"), [100_000, 102_000, 140_000, 142_000, 180_000, 200_000]);
}

#[test]
fn a_further_camera_follows_the_first_or_runs_by_itself() {
    let base = r#"
        duration = "60 ms"
        analyzer.samplerate = "1 MHz"
        [timing]
        offset = "5 ms"
        frame.time = "20 ms"
        exposure.time = "4 ms"
        [camera.right]
        strobe = "RIGHT"
        timing.exposure.time = "2 ms"
    "#;
    let follows = run(&format!("{base}\ntiming.skew = \"11 us\""));
    assert_eq!(changes(&follows, "STROBE"), [1000, 5000, 21_000, 25_000, 41_000, 45_000]);
    assert_eq!(changes(&follows, "RIGHT"), [3011, 5011, 23_011, 25_011, 43_011, 45_011]);
    let [main, right] = follows.truth.cameras.as_slice() else { panic!("two cameras") };
    assert_eq!(right.frames[0].fsin, main.frames[0].fsin);

    let runs = run(&format!("{base}\ntiming.offset = \"9 ms\""));
    assert_eq!(changes(&runs, "RIGHT"), [7000, 9000, 27_000, 29_000, 47_000, 49_000]);
    assert_eq!(runs.truth.cameras[1].frames[0].fsin, None);
}

#[test]
fn probes_take_the_bits_that_they_are_given() {
    let simulation = run(r#"
        duration = "60 ms"
        [analyzer]
        samplerate = "1 MHz"
        probes = { D5 = 5, D0 = 0, D3 = 3 }
        [wiring]
        strobe = 5
        fsin = "D0"
        [timing]
        frame.time = "20 ms"
        exposure.time = "4 ms"
    "#);
    let probes: Vec<(u32, &str, usize)> = (simulation.capture.lines.iter())
        .map(|line| (line.probe.bit, line.probe.name.as_str(), line.waveform.changes().len()))
        .collect();
    // Boundaries at 10, 30 and 50 ms; nothing is wired to D3.
    assert_eq!(probes, [(0, "D0", 6), (3, "D3", 0), (5, "D5", 6)]);
}

#[test]
fn the_rig_is_wired_as_the_scenario_is() {
    let scenario = Scenario::parse("test.toml", &seed("samplerate = \"1 MHz\"")).unwrap();
    let rig = scenario.rig();
    let wires: Vec<String> = rig.wires().iter().map(|wire| format!("{} {}", wire.key(), wire.probe)).collect();
    assert_eq!(wires, ["fsin FSIN", "strobe STROBE", "flash FLASH"]);
    assert_eq!(rig.cameras[0].alignment, AlignmentSetting::Stated(Alignment::End));
    assert_eq!(rig.cameras[0].frame_time, crate::units::Rational::new(1, 30));
    assert!(rig.cameras[0].has(Role::Flash) && !rig.cameras[0].has(Role::Readout));
}

fn jittery(seed: u64) -> String {
    format!(
        r#"
        duration = "1 s"
        seed = {seed}
        analyzer.samplerate = "24 MHz"
        [timing]
        offset = "5 ms"
        frame.time = "10 ms"
        exposure.time = "4 ms"
        flash.lead = "100 us"
        flash.on-time = "5 ms"
        jitter.frame.time = {{ uniform = "20 us" }}
        jitter.exposure.time = {{ gaussian = "5 us", clip = "9 us" }}
        jitter.exposure.end = {{ uniform = "3 us" }}
        jitter.flash.lead = {{ uniform = "7 us" }}
        jitter.flash.on-time = {{ uniform = "1 us" }}
    "#
    )
}

#[test]
fn the_same_seed_gives_the_same_capture_and_another_one_another() {
    let first = run(&jittery(1));
    assert_eq!(first.capture, run(&jittery(1)).capture);
    assert_ne!(first.capture, run(&jittery(2)).capture);
}

#[test]
fn jitter_keeps_within_its_bounds_and_uses_them() {
    let simulation = run(&jittery(1));
    let us = |time: Femtos| time.get() / 1_000_000_000;
    let (mut frame_times, mut exposures, mut ends, mut leads, mut on_times) = (vec![], vec![], vec![], vec![], vec![]);
    for frame in &simulation.truth.cameras[0].frames {
        let (exposure, flash) = (frame.exposures[0], frame.flashes[0].pulse);
        frame_times.push(us(frame.closes - frame.opens - Femtos::new(10_000_000_000_000)));
        exposures.push(us(exposure.width() - Femtos::new(4_000_000_000_000)));
        ends.push(us(exposure.end() - frame.closes));
        leads.push(us(exposure.start() - flash.start() - Femtos::new(100_000_000_000)));
        on_times.push(us(flash.width() - Femtos::new(5_000_000_000_000)));
    }
    for (strays, most) in [(frame_times, 20), (exposures, 9), (ends, 3), (leads, 7), (on_times, 1)] {
        let (least, largest) = (*strays.iter().min().unwrap(), *strays.iter().max().unwrap());
        assert!((-most..=most).contains(&least) && (-most..=most).contains(&largest), "{least} .. {largest}");
        // Of a hundred draws, some come near either bound (a whole µs is cut to 0 for the smallest one).
        assert!(least <= -most * 3 / 4 && largest >= most * 3 / 4, "{least} .. {largest}");
    }
}

#[test]
fn a_fault_leaves_the_jitter_of_all_else_as_it_was() {
    let healthy = run(&jittery(1));
    let faulty = run(&format!("{}\n[[fault]]\nkind = \"missing-strobe\"\nframes = 5", jittery(1)));
    let (healthy, faulty) = (&healthy.truth.cameras[0].frames, &faulty.truth.cameras[0].frames);
    let differ: Vec<i64> = healthy.iter().zip(faulty).filter(|(a, b)| a != b).map(|(a, _)| a.number).collect();
    assert_eq!(differ, [5]);
}

#[test]
fn faults_that_add_too_many_pulses_are_refused() {
    // 450 000 frames an hour, of up to 3 pulses each; with two extra ones each they are more than 2 million.
    let text = r#"
        duration = "3600 s"
        analyzer.samplerate = "1 kHz"
        timing.frame.time = "8 ms"
        timing.exposure.time = "1 ms"
        [[fault]]
        kind = "extra-strobe"
        frames = "all"
        after = "1 ms"
        width = "1 ms"
        [[fault]]
        kind = "extra-strobe"
        frames = "all"
        after = "3 ms"
        width = "1 ms"
    "#;
    let scenario = Scenario::parse("test.toml", text).unwrap();
    assert!(matches!(simulate(&scenario), Err(SimulationError::TooManyPulses(_))));
}
