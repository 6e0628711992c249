//! Samples lost without a trace prove nothing about the camera; a camera that begins anew is told from them wherever pulses
//! tell.
//!
//! `STROBECHECK_SEAMS=2000 cargo test --test suite diagnosis::seams` runs so many of each.

use strobecheck::verdict::Verdict;

use super::bench::{Bench, Dice, time_of};
use super::{in_parallel, judge};
use crate::bench_capture::{capture, judged, pulses};

/// So many rigs of each kind in an ordinary run.
const FEW: u64 = 60;

fn count() -> u64 {
    std::env::var("STROBECHECK_SEAMS").ok().and_then(|count| count.parse().ok()).unwrap_or(FEW)
}

/// A rig with FSIN and flash, whose exposures last this share of the frame; of several exposures in turn it is the longest.
fn rig(dice: &mut Dice, share: (f64, f64)) -> Bench {
    let mut bench = Bench::random(dice);
    (bench.fsin, bench.flash, bench.stated) = (true, true, true);
    let exposure = dice.between(share.0, share.1) * bench.period;
    bench.exposures = vec![exposure];
    bench.exposure_tolerance = 50e-6_f64.max(3.0 * bench.sample());
    bench
}

/// What is wrong with a run of rigs, in sentences.
fn complaints(run: impl Fn(u64) -> Option<String> + Sync) -> Vec<String> {
    in_parallel(count(), run).into_iter().flatten().collect()
}

/// What is wrong where samples are lost of a rig: that is no fault of its camera, and it is named.
fn losing(mut bench: Bench, dice: &mut Dice) -> Option<String> {
    let at = dice.between(0.4, 0.6) * bench.duration();
    // By no whole number of frames, which would leave no trace at all.
    let lost = (dice.below(3) as f64 + dice.between(0.03, 0.97)) * bench.period;
    bench.fault("dropped-samples", &format!("at = \"{}\"\nlost = \"{}\"", time_of(at), time_of(lost)));
    let judgement = judge(&bench);
    let named = judgement.findings.iter().any(|finding| finding.fault == "dropped-samples");
    let is_right = judgement.verdict == Verdict::Inconclusive && named;
    let failed: Vec<&str> = (judgement.checks.iter())
        .filter(|check| check.verdict == Verdict::Fail)
        .map(|check| check.quantity.id)
        .collect();
    (!is_right).then(|| format!("{:?} {failed:?}, named: {named}\n{bench:.4?}", judgement.verdict))
}

#[test]
fn lost_samples_fail_no_camera() {
    let found = complaints(|number| {
        let mut dice = Dice::new(0x5ea0 + number);
        let mut bench = rig(&mut dice, (0.1, 0.7));
        if dice.chance(30) {
            let longest = bench.exposure();
            bench.exposures = vec![longest, 0.6 * longest, 0.8 * longest];
        }
        losing(bench, &mut dice).map(|complaint| format!("{number}: {complaint}"))
    });
    assert!(found.is_empty(), "{} of {}\n{}", found.len(), count(), found.join("\n"));
}

/// Of exposures that change by chance only the edge that is tied to the frame keeps a rhythm; of wide pulses of FSIN what is lost may
/// leave a bit.
#[test]
fn lost_samples_fail_no_camera_whose_exposures_vary_or_whose_fsin_is_wide() {
    let found = complaints(|number| {
        let mut dice = Dice::new(0x7a21 + number);
        let mut bench = rig(&mut dice, (0.1, 0.5));
        let exposure = bench.exposure();
        if dice.chance(75) {
            let varies = dice.between(0.02, 0.4) * exposure;
            bench.exposure_tolerance = varies + 3.0 * bench.sample();
            bench.on_time_room += varies;
            bench.timing = format!("[timing.jitter]\nexposure.time = {{ uniform = \"{}\" }}\n", time_of(varies));
        } else {
            bench.fsin_width = dice.between(0.1, 0.4) * bench.period;
        }
        losing(bench, &mut dice).map(|complaint| format!("{number}: {complaint}"))
    });
    assert!(found.is_empty(), "{} of {}\n{}", found.len(), count(), found.join("\n"));
}

/// The samples at which a line that starts low changes, with so many taken out from one on.
fn without(changes: &[u64], at: u64, lost: u64) -> Vec<u64> {
    let before = changes.iter().copied().filter(|change| *change < at);
    let behind = changes.iter().filter(|change| **change >= at + lost).map(|change| change - lost);
    let within = changes.iter().filter(|change| (at..at + lost).contains(change)).count();
    before.chain((within % 2 == 1).then_some(at)).chain(behind).collect()
}

/// Exposures that grow by as much in each frame, from hardly to by far: of one that grows slowly a frame is like the next.
#[test]
fn lost_samples_fail_no_camera_whose_exposures_grow() {
    let spec = "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"start\"\n[limits]\n\
                frame.time = \"33.333 ms ± 0.1 %\"\nexposure.time = \"5 ms .. 30 ms\"\nexposure.latency = \"50 us ± 50 us\"\n";
    for grows in [0, 5, 22, 28, 33, 60, 300] {
        let widths: Vec<u64> = (0..60).map(|frame| 10_000 + grows * frame).collect();
        let (fsin, strobe) = (pulses(20_000, 33_333, &[100; 60]), pulses(20_050, 33_333, &widths));
        let whole = judged(&capture("1 MHz", 2_040_000, &[("F", fsin.clone()), ("S", strobe.clone())]), spec);
        assert_eq!(whole.verdict, Verdict::Pass, "{grows}");
        // In the dark, and in an exposure.
        for (at, lost) in [(945_000, 36_900), (930_000, 20_000), (945_000, 103_600)] {
            let lines = [("F", without(&fsin, at, lost)), ("S", without(&strobe, at, lost))];
            let joined = judged(&capture("1 MHz", 2_040_000 - lost, &lines), spec);
            let named = joined.findings.iter().any(|finding| finding.fault == "dropped-samples");
            assert_eq!((joined.verdict, named), (Verdict::Inconclusive, true), "{grows} {at} {lost}");
        }
    }
}

#[test]
fn a_camera_that_begins_anew_fails_where_its_pulses_tell() {
    let found = complaints(|number| {
        let mut dice = Dice::new(0xa11e + number);
        let mut bench = rig(&mut dice, (0.55, 0.75));
        let frame = (dice.between(0.4, 0.6) * bench.frames) as u64;
        // Pulse and delay together are longer than a frame: whatever was lost, a part of a pulse would be left of it.
        let least = bench.period - bench.exposure() + 2e-3 * bench.period;
        let by = dice.between(least, 0.48 * bench.period);
        bench.fault("phase-reset", &format!("frame = {frame}\nby = \"{}\"", time_of(by)));
        let judgement = judge(&bench);
        let faults: Vec<&str> = judgement.findings.iter().map(|finding| finding.fault).collect();
        let is_right = judgement.verdict == Verdict::Fail && !faults.contains(&"dropped-samples");
        (!is_right).then(|| format!("{number}: {:?} {faults:?}\n{bench:.4?}", judgement.verdict))
    });
    assert!(found.is_empty(), "{} of {}\n{}", found.len(), count(), found.join("\n"));
}

#[test]
fn where_nothing_tells_neither_is_proven_and_both_are_named() {
    let found = complaints(|number| {
        let mut dice = Dice::new(0xb07 + number);
        let mut bench = rig(&mut dice, (0.1, 0.4));
        let frame = bench.middle_frame(&mut dice);
        let by = dice.between(0.05, 0.45) * bench.period;
        bench.fault("phase-reset", &format!("frame = {frame}\nby = \"{}\"", time_of(by)));
        let judgement = judge(&bench);
        let named = |fault: &str| judgement.findings.iter().any(|finding| finding.fault == fault);
        let is_right = judgement.verdict == Verdict::Inconclusive && named("phase-reset") && named("dropped-samples");
        let faults: Vec<&str> = judgement.findings.iter().map(|finding| finding.fault).collect();
        (!is_right).then(|| format!("{number}: {:?} {faults:?}\n{bench:.4?}", judgement.verdict))
    });
    assert!(found.is_empty(), "{} of {}\n{}", found.len(), count(), found.join("\n"));
}
