//! Faults that look like others at first sight, drawn by hand at 1 MHz, where a sample is 1 µs: 38 frames of 10 ms.

use strobecheck::report::Judgement;
use strobecheck::verdict::Verdict::{self, Fail, Inconclusive, Pass};

use super::judge_capture;
use crate::bench_capture::{capture, check};

const FRAME: u64 = 10_000;
const FRAMES: u64 = 38;
/// When FSIN comes first.
const FIRST: u64 = 15_000;
const LENGTH: u64 = 400_000;

type Pulses = Vec<(u64, u64)>;

/// FSIN, pulses of 100 µs.
fn fsin() -> Pulses {
    (0..FRAMES).map(|n| (FIRST + FRAME * n, 100)).collect()
}

/// Exposures that last so long and end so much after FSIN.
fn ending(later: impl Fn(u64) -> u64, width: impl Fn(u64) -> u64) -> Pulses {
    (0..FRAMES).map(|n| (FIRST + FRAME * n + later(n) - width(n), width(n))).collect()
}

/// The same where these samples were never recorded.
fn without(pulses: &Pulses, from: u64, to: u64) -> Pulses {
    let at = |at: u64| if at <= from { at } else { at.max(to) - (to - from) };
    pulses
        .iter()
        .map(|&(start, width)| (at(start), at(start + width) - at(start)))
        .filter(|pulse| pulse.1 > 0)
        .collect()
}

fn judged(lines: &[(&str, &Pulses)], spec: &str) -> Judgement {
    let changes = |pulses: &Pulses| {
        let mut pulses = pulses.clone();
        pulses.sort_unstable();
        // What lies behind the end is not recorded.
        pulses.iter().flat_map(|&(start, width)| [start, start + width]).filter(|at| *at < LENGTH).collect()
    };
    let lines: Vec<(&str, Vec<u64>)> = lines.iter().map(|(name, pulses)| (*name, changes(pulses))).collect();
    judge_capture(&capture("1 MHz", LENGTH, &lines), spec)
}

fn faults(judgement: &Judgement) -> Vec<&'static str> {
    judgement.findings.iter().map(|finding| finding.fault).collect()
}

fn told(judgement: &Judgement) -> (Verdict, Vec<&'static str>) {
    (judgement.verdict, faults(judgement))
}

const TIMING: &str =
    "[timing]\nalignment = \"end\"\nframe_time = \"10 ms\"\n[limits]\nframe.time = \"10 ms ± 50 us\"\n";

#[test]
fn cameras_that_take_turns_on_one_fsin_are_half_a_frame_apart_and_right() {
    // The other camera's exposures end 4999, 5000 or 5001 µs after FSIN: either of two edges may be the nearer one.
    let (left, right) = (ending(|_| 0, |_| 3000), ending(|n| 4999 + n % 3, |_| 2000));
    let spec = format!(
        "[wiring]\nfsin = \"F\"\nstrobe = \"L\"\n{TIMING}exposure.time = \"3 ms ± 20 us\"\n\
         [camera.right]\nstrobe = \"R\"\nlimits.exposure.time = \"2 ms ± 20 us\"\nlimits.exposure.end = \"5 ms ± 10 us\"\n"
    );
    let judgement = judged(&[("F", &fsin()), ("L", &left), ("R", &right)], &spec);
    assert_eq!(told(&judgement), (Pass, vec![]));
}

#[test]
fn a_camera_that_begins_anew_beside_another_has_no_other_rate() {
    // From frame 20 on the right camera is 2 ms late.
    let (left, right) = (ending(|_| 0, |_| 3000), ending(|n| if n < 20 { 0 } else { 2_000 }, |_| 3000));
    for wiring in ["strobe = \"L\"\n", "fsin = \"F\"\nstrobe = \"L\"\n"] {
        let spec = format!(
            "[wiring]\n{wiring}{TIMING}exposure.time = \"3 ms ± 20 us\"\nskew.end = \"0 us ± 50 us\"\n[camera.right]\nstrobe = \"R\"\n"
        );
        let judgement = judged(&[("F", &fsin()), ("L", &left), ("R", &right)], &spec);
        assert_eq!(told(&judgement), (Fail, vec!["phase-reset"]), "{wiring}");
        assert_eq!(judgement.findings[0].camera.as_deref(), Some("right"));
    }
}

const STROBE_ONLY: &str = "[wiring]\nstrobe = \"S\"\n";
const STROBE_FLASH: &str = "[wiring]\nstrobe = \"S\"\nflash = \"L\"\n";

#[test]
fn samples_lost_within_an_exposure_prove_nothing_of_the_camera() {
    let (strobe, flash) = (ending(|_| 0, |_| 3000), ending(|_| 100, |_| 3200));
    // From the middle of an exposure into the pause, from a pause into an exposure, and within one.
    for (from, to) in [(203_000, 207_000), (199_000, 203_000), (202_500, 204_500)] {
        let (cut, dark) = (without(&strobe, from, to), without(&flash, from, to));
        let limits = format!("{TIMING}exposure.time = \"3 ms ± 20 us\"\n");
        for judgement in [
            judged(&[("S", &cut)], &format!("{STROBE_ONLY}{limits}")),
            judged(&[("S", &cut), ("L", &dark)], &format!("{STROBE_FLASH}{limits}flash.lead = \"100 us ± 20 us\"\n")),
        ] {
            assert_eq!(judgement.verdict, Inconclusive, "{from} {:?}", faults(&judgement));
            assert!(faults(&judgement).contains(&"dropped-samples"), "{from} {:?}", faults(&judgement));
        }
    }
    // The last 30 µs of an exposure with the pause behind it, which is less than a rhythm may stray: the width of it is in doubt too.
    let short = without(&strobe, 204_970, 209_000);
    let by_start = TIMING.replace("\"end\"", "\"start\"\nends = \"stops\"");
    let judgement = judged(&[("S", &short)], &format!("{STROBE_ONLY}{by_start}exposure.time = \"3 ms ± 20 us\"\n"));
    assert_eq!(judgement.verdict, Inconclusive, "{:?}", faults(&judgement));
    // A frame that comes 4 ms late, whole, is the camera's doing.
    let late = ending(|n| if n < 20 { 0 } else { 4_000 }, |_| 7000);
    let judgement = judged(&[("S", &late)], &format!("{STROBE_ONLY}{TIMING}exposure.time = \"7 ms ± 20 us\"\n"));
    assert_eq!(told(&judgement), (Fail, vec!["phase-reset"]));
}

#[test]
fn long_exposures_at_another_phase_are_no_chatter() {
    // 8 of 10 ms; 3 ms late from frame 15 on. Pauses are shorter than a quarter of a frame.
    let late = ending(|n| if n < 15 { 0 } else { 3_000 }, |_| 8_000);
    let judgement = judged(&[("S", &late)], &format!("{STROBE_ONLY}{TIMING}"));
    assert_eq!(told(&judgement), (Fail, vec!["phase-reset"]));
}

#[test]
fn exposures_in_turn_behind_a_late_frame_are_those_that_are_asked_for() {
    // 6 ms late, which counts as a missing frame: from there on the sequence is one entry off.
    let strobe = ending(|n| if n < 20 { 0 } else { 6_000 }, |n| [3000, 2000][n as usize % 2]);
    let limits = "exposure.time = [\"3 ms ± 20 us\", \"2 ms ± 20 us\"]\n";
    let judgement = judged(&[("S", &strobe)], &format!("{STROBE_ONLY}{TIMING}{limits}"));
    assert_eq!(faults(&judgement)[0], "phase-reset");
    assert!(!faults(&judgement).contains(&"auto-exposure-on"), "{:?}", faults(&judgement));
}

#[test]
fn a_clock_that_is_off_makes_no_slow_edge_and_swaps_no_probes() {
    // 1 % slow: frames of 10.1 ms, exposures of 5.05 ms, and a flash that is just as long as exposures should be.
    let every = |later: u64, width: u64| -> Pulses { (0..39).map(|n| (1_000 + 10_100 * n + later, width)).collect() };
    let (strobe, flash) = (every(0, 5_050), every(25, 5_000));
    let limits = format!("{TIMING}exposure.time = \"5 ms ± 20 us\"\n");
    let alone = judged(&[("S", &strobe)], &format!("{STROBE_ONLY}{limits}"));
    assert_eq!(faults(&alone)[0], "clock-scaled");
    let lit =
        judged(&[("S", &strobe), ("L", &flash)], &format!("{STROBE_FLASH}{limits}flash.lead = \"-25 us ± 10 us\"\n"));
    assert_eq!(faults(&lit)[0], "clock-scaled");
}

#[test]
fn probes_are_swapped_whichever_level_is_active() {
    // STROBE is active low: its probe, taken for FSIN, shows the pauses, and FSIN, taken for STROBE, its own.
    let pauses: Pulses = (0..FRAMES).map(|n| (FIRST + FRAME * n, 7_000)).collect();
    let spec = format!(
        "[wiring]\nfsin = \"S\"\nstrobe = \"!F\"\n{TIMING}exposure.time = \"3 ms ± 20 us\"\nexposure.end = \"0 us ± 20 us\"\n"
    );
    let judgement = judged(&[("F", &fsin()), ("S", &pauses)], &spec);
    assert_eq!(judgement.verdict, Fail);
    assert_eq!(faults(&judgement)[0], "swapped-probes");
}

#[test]
fn spikes_are_neither_extra_pulses_nor_jitter() {
    let mut sync = fsin();
    // Twelve spikes of a sample, each somewhere else in its frame.
    sync.extend((3..15).map(|n| (FIRST + FRAME * n + 3_000 + 311 * n, 1)));
    let spec = format!(
        "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n{TIMING}exposure.time = \"3 ms ± 20 us\"\nexposure.end = \"0 us ± 20 us\"\n"
    );
    let judgement = judged(&[("F", &sync), ("S", &ending(|_| 0, |_| 3000))], &spec);
    assert_eq!(faults(&judgement)[0], "glitches");
    assert!(!faults(&judgement).contains(&"extra-pulses") && !faults(&judgement).contains(&"trigger-jitter"));
}

#[test]
fn bounces_that_the_filter_bridges_explain_no_missing_exposure() {
    // Each edge of STROBE bounces three times within 12 µs. Exposures come 100 to 900 µs after their trigger, one is missing.
    let bounce = |(start, width): (u64, u64)| {
        let end = start + width;
        [(start, 2), (start + 4, 2), (start + 8, width - 8), (end + 3, 2), (end + 7, 2), (end + 11, 1)]
    };
    let triggers: Pulses = (0..FRAMES).map(|n| (3_000 + FRAME * n + 1_777 * (n % 3), 100)).collect();
    let answers = triggers.iter().enumerate().filter(|(n, _)| *n != 20);
    let strobe: Pulses = answers.flat_map(|(n, (at, _))| bounce((at + 100 + 160 * (n as u64 % 6), 3_000))).collect();
    let spec = "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"start\"\n[analyzer]\nglitch = \"20 us\"\n\
                [limits]\nframe.time = \"10 ms ± 45 %\"\nexposure.time = \"3 ms ± 50 us\"\nexposure.latency = \"0 ms .. 1 ms\"\n";
    let judgement = judged(&[("F", &triggers), ("S", &strobe)], spec);
    assert_eq!(
        check(&judgement, "exposure.missing").worst.as_ref().map(|worst| worst.value.clone()),
        Some(1_i128.into())
    );
    assert_eq!(told(&judgement), (Fail, vec!["missed-trigger"]));
}

#[test]
fn a_camera_that_comes_late_on_a_shared_fsin_drops_no_frame() {
    // From frame 20 on 7 ms late, 3 ms before the next edge of FSIN: that of frame 20 has none that ends near it.
    let (left, right) = (ending(|_| 0, |_| 3000), ending(|n| if n < 20 { 0 } else { 7_000 }, |_| 2000));
    let spec = format!(
        "[wiring]\nfsin = \"F\"\nstrobe = \"L\"\n{TIMING}exposure.time = \"3 ms ± 20 us\"\n\
         [camera.right]\nstrobe = \"R\"\nlimits.exposure.time = \"2 ms ± 20 us\"\n"
    );
    let judgement = judged(&[("F", &fsin()), ("L", &left), ("R", &right)], &spec);
    assert_eq!(told(&judgement), (Fail, vec!["phase-reset"]));
    // One that is not there is dropped.
    let mut right = ending(|_| 0, |_| 2000);
    right.remove(20);
    let judgement = judged(&[("F", &fsin()), ("L", &left), ("R", &right)], &spec);
    assert_eq!(told(&judgement), (Fail, vec!["dropped-frame"]));
}

#[test]
fn a_flash_between_exposures_is_one_too_many_and_several_that_are_asked_for_are_no_dimming() {
    let strobe = ending(|_| 0, |_| 4_000);
    // Five flashes in each exposure, and one in a pause.
    let mut flash: Pulses =
        strobe.iter().flat_map(|&(start, _)| (0..5).map(move |n| (start + 100 + 800 * n, 400))).collect();
    flash.push((FIRST + FRAME * 20 + 2_000, 400));
    let limits = "exposure.time = \"4 ms ± 20 us\"\nflash.pulses = \"5\"\n";
    let judgement = judged(&[("S", &strobe), ("L", &flash)], &format!("{STROBE_FLASH}{TIMING}{limits}"));
    assert_eq!(check(&judgement, "flash.extra").verdict, Fail);
    assert_eq!(told(&judgement), (Fail, vec!["extra-pulses"]));
    assert_eq!(judgement.findings[0].line.as_deref(), Some("flash"));
}

#[test]
fn a_readout_or_a_trigger_that_is_missing_alone_is_a_contact() {
    let strobe = ending(|_| 0, |_| 3_000);
    // The readout begins 50 µs after each exposure, the trigger comes 200 µs before FSIN.
    let mut readout: Pulses = strobe.iter().map(|&(start, width)| (start + width + 50, 4_000)).collect();
    let mut trigger: Pulses = fsin().iter().map(|&(at, _)| (at - 200, 50)).collect();
    let spec = format!(
        "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\nreadout = \"R\"\ntrigger = \"T\"\n{TIMING}exposure.time = \"3 ms ± 20 us\"\n\
         readout.time = \"4 ms ± 20 us\"\ntrigger.latency = \"200 us ± 20 us\"\n"
    );
    let sync = fsin();
    let run = |readout: &Pulses, trigger: &Pulses| {
        judged(&[("F", &sync), ("S", &strobe), ("R", readout), ("T", trigger)], &spec)
    };
    assert_eq!(told(&run(&readout, &trigger)), (Pass, vec![]));
    let swapped = judged(&[("T", &sync), ("S", &strobe), ("R", &readout), ("F", &trigger)], &spec);
    assert_eq!(told(&swapped), (Fail, vec!["swapped-probes"]));
    let (whole, _) = (readout.clone(), readout.remove(20));
    let lacks = run(&readout, &trigger);
    assert_eq!(
        (told(&lacks), lacks.findings[0].line.as_deref()),
        ((Fail, vec!["intermittent-contact"]), Some("readout"))
    );
    trigger.remove(20);
    let lacks = run(&whole, &trigger);
    assert_eq!(
        (told(&lacks), lacks.findings[0].line.as_deref()),
        ((Fail, vec!["intermittent-contact"]), Some("trigger"))
    );
}

/// These, without what lies from 102 to 152 ms, where instead come others: five triggers, from 105 to 145 ms, are in it.
fn disturbed(pulses: &Pulses, others: &Pulses) -> Pulses {
    let is_out = |&&(at, width): &&(u64, u64)| at + width < 102_000 || at > 152_000;
    pulses.iter().filter(is_out).chain(others).copied().collect()
}

#[test]
fn what_all_lines_show_at_once_is_the_ground_and_what_one_shows_is_its_contact() {
    let (sync, strobe) = (fsin(), answers(&fsin(), |_| 50, |_| 3_000));
    let run = |sync: &Pulses, strobe: &Pulses| judged(&[("F", sync), ("S", strobe)], &triggered("3 ms ± 20 us", ""));
    assert_eq!(told(&run(&sync, &strobe)), (Pass, vec![]));
    // 120 pulses, as wide as FSIN's or wider, at no beat; or the line stays active.
    let chatter: Pulses = (0..120).map(|n| (102_000 + 410 * n + n * n * 37 % 150, 100 + n * 53 % 90)).collect();
    for others in [chatter, vec![(102_000, 50_000)]] {
        let alone = run(&sync, &disturbed(&strobe, &others));
        assert_eq!(told(&alone), (Fail, vec!["intermittent-contact"]));
        assert_eq!(alone.findings[0].line.as_deref(), Some("strobe"));
        let together = run(&disturbed(&sync, &others), &disturbed(&strobe, &others));
        assert_eq!(told(&together), (Fail, vec!["floating-line"]));
        assert!(together.findings[0].summary.ends_with("the ground wire has no contact"), "{:?}", together.findings);
    }
    // An exposure that a trigger began is too long: four triggers come while it lasts.
    let long: Pulses =
        strobe.iter().map(|&(at, width)| if at == 105_050 { (at, 43_000) } else { (at, width) }).collect();
    let long: Pulses = long.iter().filter(|(at, _)| !(105_051..150_000).contains(at)).copied().collect();
    assert!(!faults(&run(&sync, &long)).contains(&"intermittent-contact"));
}

/// Exposures so long after each of these pulses, and so long.
fn answers(sync: &Pulses, later: impl Fn(usize) -> u64, width: impl Fn(usize) -> u64) -> Pulses {
    sync.iter().enumerate().map(|(n, &(at, _))| (at + later(n), width(n))).collect()
}

/// Pulses of 100 µs, so far apart up to the end of the record.
fn every(apart: usize) -> Pulses {
    (8_000..LENGTH).step_by(apart).map(|at| (at, 100)).collect()
}

/// The spec of a triggered camera, whose exposures are to last so long.
fn triggered(exposure: &str, further: &str) -> String {
    format!(
        "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n{further}{}exposure.latency = \"<= 200 us\"\nexposure.time = \"{exposure}\"\n",
        TIMING.replace("\"end\"", "\"start\"")
    )
}

#[test]
fn exposures_whose_ends_walk_as_they_grow_have_no_other_rate() {
    // 1.0 to 4.7 ms, 100 µs longer each time; two are not there.
    let mut strobe = answers(&fsin(), |_| 50, |n| 1_000 + 100 * n as u64);
    strobe.retain(|(at, _)| ![135_050, 315_050].contains(at));
    let judgement = judged(&[("F", &fsin()), ("S", &strobe)], &triggered("1 ms .. 5 ms", ""));
    assert_eq!(told(&judgement), (Fail, vec!["missed-trigger"]));
}

#[test]
fn a_few_exposures_that_are_late_are_no_walk() {
    let strobe = answers(&fsin(), |n| if (18..21).contains(&n) { 350 } else { 50 }, |_| 3_000);
    let judgement = judged(&[("F", &fsin()), ("S", &strobe)], &triggered("3 ms ± 20 us", ""));
    assert_eq!(told(&judgement), (Fail, vec!["trigger-jitter"]));
}

#[test]
fn what_is_advised_for_a_faster_fsin_fits_it() {
    let strobe = answers(&every(10_000), |_| 50, |_| 3_000);
    let run = |apart: usize| judged(&[("F", &every(apart)), ("S", &strobe)], &triggered("3 ms ± 20 us", ""));
    let advised = |judgement: &Judgement, what: &str| {
        let mut causes = judgement.findings.iter().flat_map(|finding| &finding.explanations);
        causes.any(|cause| cause.remedy.contains(what))
    };
    // 250 Hz where frames come at 100: five pulses for two frames.
    let uneven = run(4_000);
    assert_eq!(told(&uneven), (Fail, vec!["extra-pulses"]));
    assert!(!advised(&uneven, "fsin_per_frame"), "{:?}", uneven.findings);
    // 400 Hz: four for each, of one driver.
    let even = run(2_500);
    assert_eq!(told(&even), (Fail, vec!["extra-pulses"]));
    assert!(advised(&even, "fsin_per_frame = 4"), "{:?}", even.findings);
}

#[test]
fn an_fsin_at_half_the_rate_loses_no_pulses() {
    let strobe = answers(&every(10_000), |_| 50, |_| 3_000);
    let judgement = judged(&[("F", &every(20_000)), ("S", &strobe)], &triggered("3 ms ± 20 us", ""));
    assert_eq!(told(&judgement), (Fail, vec!["rate-mismatch"]));
}

#[test]
fn times_that_are_all_halved_may_be_those_of_a_wrong_sample_rate_if_fsin_is() {
    // Frames of 5 ms and exposures of 1.5 ms, where 10 and 3 are asked for, or of 7 and 2.1 ms.
    let causes = |apart: usize, lines: &dyn Fn(&Pulses, &Pulses) -> Judgement| {
        let width = 3 * apart as u64 / 10;
        let judgement = lines(&every(apart), &answers(&every(apart), |_| 25, |_| width));
        assert_eq!(faults(&judgement)[0], "clock-scaled");
        let causes = judgement.findings[0].explanations.iter();
        causes.map(|cause| cause.cause.contains("sample rate")).collect::<Vec<bool>>()
    };
    let with_fsin =
        |sync: &Pulses, strobe: &Pulses| judged(&[("F", sync), ("S", strobe)], &triggered("3 ms ± 20 us", ""));
    let alone = |_: &Pulses, strobe: &Pulses| {
        judged(&[("S", strobe)], &format!("{STROBE_ONLY}{TIMING}exposure.time = \"3 ms ± 20 us\"\n"))
    };
    assert_eq!(causes(5_000, &with_fsin), [true, false]);
    assert_eq!(causes(5_000, &alone), [true, false]);
    assert_eq!(causes(7_000, &alone), [false]);
}

#[test]
fn an_exposure_that_the_end_cuts_varies_with_the_others() {
    // The last begins 1.95 ms before the end, and is too long by then.
    let strobe = answers(&every(10_000), |_| 50, |n| 1_700 + (n * n * 37 % 1_000) as u64);
    let judgement = judged(&[("F", &every(10_000)), ("S", &strobe)], &triggered("1.5 ms ± 20 us", ""));
    assert_eq!(told(&judgement), (Fail, vec!["auto-exposure-on"]));
}

#[test]
fn a_shifted_exposure_behind_the_end_is_not_missed() {
    // Each ends with the next FSIN: that of the last edge, at 398 ms, begins at 405 ms.
    let strobe = answers(&every(10_000), |_| 7_000, |_| 3_000);
    let judgement =
        judged(&[("F", &every(10_000)), ("S", &strobe[..strobe.len() - 1].to_vec())], &triggered("3 ms ± 20 us", ""));
    assert_eq!(told(&judgement), (Fail, vec!["exposure-shifted"]));
}

#[test]
fn a_flash_shorter_than_the_exposure_is_told_from_it_by_fsin() {
    // The flash begins 100 µs before the exposure, and lasts 1 ms.
    let (exposure, flash) =
        (answers(&fsin(), |_| 50, |_| 3_000), fsin().iter().map(|&(at, _)| (at - 50, 1_000)).collect());
    let spec = triggered("3 ms ± 20 us", "flash = \"L\"\n") + "flash.lead = \"100 us ± 50 us\"\n";
    let run = |strobe: &Pulses, flash: &Pulses| judged(&[("F", &fsin()), ("S", strobe), ("L", flash)], &spec);
    assert_eq!(told(&run(&exposure, &flash)), (Pass, vec![]));
    assert_eq!(told(&run(&flash, &exposure)), (Fail, vec!["swapped-probes"]));
}

#[test]
fn several_flashes_that_pass_are_no_noise() {
    // From frame 19 on 4 ms late; four flashes in each exposure.
    let strobe = answers(&fsin(), |n| if n < 19 { 50 } else { 4_050 }, |_| 3_000);
    let flash: Pulses = strobe.iter().flat_map(|&(at, _)| (0..4).map(move |n| (at + 800 * n, 350))).collect();
    let spec = triggered("3 ms ± 20 us", "flash = \"L\"\n") + "flash.pulses = \"4\"\n";
    let judgement = judged(&[("F", &fsin()), ("S", &strobe), ("L", &flash)], &spec);
    assert_eq!(told(&judgement), (Fail, vec!["phase-reset"]));
}

#[test]
fn exposures_at_another_place_of_their_sequence_are_not_automatic() {
    let asked = [3_000, 2_000, 1_000];
    let strobe = answers(&fsin(), |_| 50, |n| asked[if n < 19 { n } else { n + 1 } % 3]);
    let spec = triggered("3 ms ± 20 us", "")
        .replace("\"3 ms ± 20 us\"", "[\"3 ms ± 20 us\", \"2 ms ± 20 us\", \"1 ms ± 20 us\"]");
    let judgement = judged(&[("F", &fsin()), ("S", &strobe)], &spec);
    assert_eq!(told(&judgement), (Fail, vec!["unexplained"]));
}
