//! What no sample shows is not proven (design: not resolved), worked out by hand at 1 MHz, where a sample is 1 µs.

use strobecheck::capture::Capture;
use strobecheck::report::Judgement;
use strobecheck::verdict::Check;
use strobecheck::verdict::Verdict::{Fail, Inconclusive, Pass};

use crate::bench_capture::{capture, check, judged, pulses};

/// FSIN as pulses (start, width), in a record of this many samples.
fn fsin(length: u64, pulses: impl IntoIterator<Item = (u64, u64)>) -> Capture {
    let changes = pulses.into_iter().flat_map(|(start, width)| [start, start + width]).collect();
    capture("1 MHz", length, &[("F", changes)])
}

fn spec(analyzer: &str, limits: &str) -> String {
    format!(
        "[wiring]\nfsin = \"F\"\n[timing]\nframe_time = \"10 ms\"\n[analyzer]\nclock = \"0 ppm\"\n{analyzer}\n\
         [limits]\nframe.time = \"10 ms ± 50 us\"\n{limits}\n"
    )
}

fn settle(check: &Check) -> &str {
    check.settle.as_deref().unwrap_or_default()
}

fn edges<'a>(judgement: &'a Judgement, line: &str) -> &'a Check {
    let is_it = |check: &&Check| check.quantity.id == "line.edges" && check.line.as_deref() == Some(line);
    judgement.checks.iter().find(is_it).unwrap()
}

#[test]
fn where_pulses_last_a_sample_any_number_of_them_may_be_unseen() {
    // FSIN every 10 ms, of which one in five is seen.
    let one_in_five = |width| judged(&fsin(505_000, (1..11).map(|n| (50_000 * n - 45_000, width))), &spec("", ""));
    let unseen = one_in_five(1);
    let (time, missing) = (check(&unseen, "frame.time"), check(&unseen, "frame.missing"));
    assert_eq!((time.verdict, time.failed, time.marginal, time.unresolved), (Inconclusive, 0, 9, 9));
    assert_eq!((missing.verdict, missing.unresolved), (Inconclusive, 1));
    let reason = "fsin has stretches of 1 sample: others may be unseen, and with them what seems to be wrong";
    assert_eq!([time, missing].map(|check| check.reason.as_deref()), [Some(reason); 2]);
    assert_eq!(settle(missing), "a sample rate of at least 3 MHz, which shows every pulse");
    assert_eq!(unseen.verdict, Inconclusive);
    assert!(unseen.findings.iter().all(|finding| finding.fault != "dropped-frame"), "{:?}", unseen.findings);
    // Two samples show a pulse that lasts longer than one period: others like it would be seen. Each of the ten, and of
    // the nine intervals, accounts for one violation: nine times 4 frames are missing, and 5 at the end.
    let seen = one_in_five(2);
    let (time, missing) = (check(&seen, "frame.time"), check(&seen, "frame.missing"));
    assert_eq!((time.verdict, time.unresolved), (Inconclusive, 9));
    assert_eq!((missing.verdict, missing.worst.as_ref().unwrap().value.clone()), (Fail, 41_i128.into()));
    // Three samples are resolved.
    let resolved = one_in_five(3);
    assert_eq!((check(&resolved, "frame.time").failed, check(&resolved, "frame.missing").verdict), (9, Fail));
}

/// FSIN every 10 ms for 30 frames without those that are lost, and spikes of a sample in the middle of other frames.
fn spiked(lost: &[u64], spikes: &[u64]) -> Capture {
    let frames = (0..30).filter(|frame| !lost.contains(frame)).map(|frame| (10_000 * frame + 5_000, 100));
    let mut pulses: Vec<(u64, u64)> = frames.chain(spikes.iter().map(|frame| (10_000 * frame + 9_900, 1))).collect();
    pulses.sort_unstable();
    fsin(304_000, pulses)
}

#[test]
fn each_spike_accounts_for_one_violation() {
    for (lost, spikes, verdict, unresolved) in [
        (&[7][..], &[20][..], Inconclusive, 1),
        (&[7, 12], &[20], Fail, 0),
        (&[7, 12], &[20, 25], Inconclusive, 1),
        (&[], &[20], Pass, 0),
    ] {
        let judgement = judged(&spiked(lost, spikes), &spec("", ""));
        let missing = check(&judgement, "frame.missing");
        assert_eq!((missing.verdict, missing.unresolved), (verdict, unresolved), "{lost:?} {spikes:?}");
        // Of as many intervals of 20 ms, as many are open as there are spikes: the last ones.
        let time = check(&judgement, "frame.time");
        let open = lost.len().min(spikes.len()) as u64;
        assert_eq!((time.failed, time.unresolved), (lost.len() as u64 - open, open), "{lost:?} {spikes:?}");
    }
}

#[test]
fn a_spike_does_not_hide_a_halved_rate() {
    let odd: Vec<u64> = (0..30).filter(|frame| frame % 2 == 1).collect();
    let judgement =
        judged(&spiked(&odd, &[20]), &spec("", "frame.rate = \"100 Hz ± 1 Hz\"\nframe.jitter = \"<= 1 ms\""));
    let time = check(&judgement, "frame.time");
    assert_eq!((time.verdict, time.failed, time.unresolved), (Fail, 13, 1));
    assert_eq!(check(&judgement, "frame.missing").verdict, Fail);
    // One spike in the middle halves one interval, which a mean over all may be.
    assert_eq!(check(&judgement, "frame.rate").verdict, Inconclusive);
}

#[test]
fn the_filter_that_is_advised_for_spikes_decides() {
    let spiked = spiked(&[7], &[20]);
    let open = judged(&spiked, &spec("", ""));
    let advice = "analyzer.glitch of 3 µs or more on fsin, whose stretches of two samples or less are spikes";
    assert_eq!(settle(check(&open, "frame.missing")), advice);
    let filtered = judged(&spiked, &spec("glitch = { fsin = \"3 us\" }", ""));
    assert_eq!(check(&filtered, "frame.missing").verdict, Fail);
    assert_eq!(check(&filtered, "frame.time").failed, 1);
    assert_eq!(check(&filtered, "frame.extra").verdict, Pass);
}

#[test]
fn unseen_pulses_make_a_value_too_large_or_too_small_by_what_it_is() {
    // STROBE of 4 ms, FSIN 100 samples before each; a spike on STROBE.
    let strobe: Vec<u64> = pulses(5_000, 10_000, &[4_000; 20]).into_iter().chain([204_000, 204_001]).collect();
    let lines = [("F", pulses(4_900, 10_000, &[100; 20])), ("S", strobe)];
    let capture = capture("1 MHz", 205_000, &lines);
    let verdict = |limit: &str| {
        let spec = format!(
            "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"start\"\n[analyzer]\nclock = \"0 ppm\"\n\
             [limits]\n{limit}\n"
        );
        let id = limit.split(" = ").next().unwrap();
        let judgement = judged(&capture, &spec);
        let check = check(&judgement, id);
        (check.verdict, check.failed, check.unresolved)
    };
    // A width is not too small for a pause that was not seen; one of 20 may be too large for one.
    assert_eq!(verdict("exposure.time = \">= 5 ms\""), (Fail, 20, 0));
    assert_eq!(verdict("exposure.time = \"<= 3 ms\""), (Fail, 19, 1));
    assert_eq!(verdict("exposure.latency = \"<= 50 us\""), (Fail, 19, 1));
    assert_eq!(verdict("exposure.latency = \">= 150 us\""), (Fail, 20, 0));
    assert_eq!(verdict("exposure.jitter = \">= 10 us\""), (Fail, 1, 0));
    // FSIN is resolved: its rate is what was measured.
    assert_eq!(verdict("frame.rate = \">= 200 Hz\""), (Fail, 1, 0));
}

#[test]
fn what_is_too_many_is_open_where_its_partner_may_be_unseen() {
    // An exposure of 4 ms ends at each boundary; FSIN shows those but one as a single sample.
    let strobe = pulses(6_000, 10_000, &[4_000; 20]);
    let seen = |frame: &u64| *frame != 12;
    let lines = |width| {
        let fsin = (0..20).filter(seen).flat_map(|frame| [10_000 * (frame + 1), 10_000 * (frame + 1) + width]);
        capture("1 MHz", 206_000, &[("F", fsin.collect()), ("S", strobe.clone())])
    };
    let spec = "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"end\"\nframe_time = \"10 ms\"\n\
                [limits]\nexposure.end = \"0 us ± 20 us\"\n";
    let of = |width| judged(&lines(width), spec);
    let extra = |width| check(&of(width), "exposure.extra").verdict;
    assert_eq!([1, 2, 3].map(extra), [Inconclusive, Inconclusive, Fail]);
}

#[test]
fn a_line_that_may_be_too_narrow_to_be_seen_is_not_proven_dead() {
    let dead = |limits: &str| judged(&fsin(505_000, []), &spec("", limits));
    // What may be no longer than that is no wider than what may be no shorter.
    let ends = [(">= 1 us", Inconclusive), (">= 1.99 us", Inconclusive), (">= 2 us", Fail)];
    let upper = [("<= 1.99 us", Inconclusive), ("1 us ± 2 us", Fail), ("<= 2 us", Fail), ("<= 90 us", Fail)];
    for (least, verdict) in ends.into_iter().chain(upper) {
        let judgement = dead(&format!("fsin.width = \"{least}\""));
        let verdicts = ["line.edges", "frame.missing"].map(|id| check(&judgement, id).verdict);
        assert_eq!(verdicts, [verdict; 2], "{least}");
        let named: Vec<&str> = judgement.findings.iter().map(|finding| finding.fault).collect();
        assert_eq!(named, if verdict == Fail { vec!["line-dead"] } else { vec![] }, "{least}");
    }
    // Three samples of the least width that is allowed show it whatever its phase.
    let narrow = dead("fsin.width = \">= 1 us\"");
    let edges = check(&narrow, "line.edges");
    assert_eq!(settle(edges), "a sample rate of at least 3 MHz, which shows every pulse");
    let reason = "fsin may have pulses of 1 µs, less than two samples: what seems to be wrong may not have been seen";
    assert_eq!(edges.reason.as_deref(), Some(reason));
    // Where no limit says, two samples are presumed, and that is said.
    let presumed = dead("");
    let reason = "the value is outside the limit; fsin shows no edge; pulses of two samples (2 µs) or more are \
                  presumed, as no limit states their least width";
    assert_eq!(check(&presumed, "line.edges").reason.as_deref(), Some(reason));
}

#[test]
fn a_line_is_dead_once_the_record_is_longer_than_it_may_be_silent() {
    // The time between the first sample and the last is one period less than their number.
    let silent = |length: u64, more: &str, clock: &str| {
        let spec = spec("", more).replace("clock = \"0 ppm\"", &format!("clock = \"{clock}\""));
        check(&judged(&fsin(length, []), &spec), "line.edges").verdict
    };
    // The longest frame that the limit allows: 10.05 ms.
    assert_eq!([10_051, 10_052].map(|length| silent(length, "", "0 ppm")), [Inconclusive, Fail]);
    // By a clock that runs 100 ppm fast: 10 051.005 samples.
    assert_eq!([10_052, 10_053].map(|length| silent(length, "", "100 ppm")), [Inconclusive, Fail]);
    // A pulse may last 12 ms.
    let long = "fsin.width = \"1 ms .. 12 ms\"";
    assert_eq!([12_001, 12_002].map(|length| silent(length, long, "0 ppm")), [Inconclusive, Fail]);
    let judgement = judged(&fsin(8_000, []), &spec("", ""));
    let edges = check(&judgement, "line.edges");
    let reason = "fsin shows no edge, and the record is no longer than it may be silent (10.1 ms)";
    assert_eq!((edges.reason.as_deref(), settle(edges)), (Some(reason), "a record longer than 10.1 ms"));
    assert_eq!(judgement.findings.len(), 0, "{:?}", judgement.findings);
    // Without a frame time a line without an edge is dead.
    let unstated = "[wiring]\nfsin = \"F\"\n[limits]\nfsin.width = \">= 5 us\"\n";
    assert_eq!(check(&judged(&fsin(500, []), unstated), "line.edges").verdict, Fail);
}

#[test]
fn a_flash_line_is_dead_once_its_turn_has_passed() {
    // DOT in every frame but each third, FLOOD in each third: it may be dark for 3 frames of 10 ms, DOT for 2.
    let spec = "[wiring]\nstrobe = \"S\"\nflash = { A = \"DOT\", B = \"FLOOD\" }\n[timing]\nalignment = \"end\"\n\
                frame_time = \"10 ms\"\nflash_pattern = \"AAB\"\n[analyzer]\nclock = \"0 ppm\"\n\
                [limits]\nexposure.time = \"4 ms ± 50 us\"\n";
    let dark = |length: u64| {
        let frames = length as usize / 10_000;
        let lines = [("S", pulses(2_000, 10_000, &vec![4_000; frames])), ("DOT", vec![]), ("FLOOD", vec![])];
        let judgement = judged(&capture("1 MHz", length, &lines), spec);
        ["flash.A", "flash.B"].map(|line| edges(&judgement, line).verdict)
    };
    assert_eq!(dark(20_001), [Inconclusive, Inconclusive]);
    assert_eq!(dark(20_002), [Fail, Inconclusive]);
    assert_eq!(dark(30_001), [Fail, Inconclusive]);
    assert_eq!(dark(30_002), [Fail, Fail]);
}

#[test]
fn a_sequence_shifts_by_a_frame_that_was_not_seen_only_where_frames_are_not_counted_by_time() {
    // Exposures of 2 and 4 ms in turn; the one of frame 10 is not there, and STROBE has a spike.
    let widths = |frame: u64| if frame.is_multiple_of(2) { 2_000 } else { 4_000 };
    let ends = (0..20).filter(|frame| *frame != 10);
    let strobe = ends.flat_map(|frame| [10_000 * (frame + 1) - widths(frame), 10_000 * (frame + 1)]);
    let capture = capture("1 MHz", 206_000, &[("S", strobe.chain([203_000, 203_001]).collect())]);
    let of = |timing: &str| {
        let spec = format!(
            "[wiring]\nstrobe = \"S\"\n[timing]\nalignment = \"end\"\n{timing}\n[limits]\n\
             exposure.time = [\"2 ms ± 50 us\", \"4 ms ± 50 us\"]\n"
        );
        let judgement = judged(&capture, &spec);
        let check = check(&judgement, "exposure.time");
        (check.failed, check.unresolved)
    };
    // By time all keep their entries, and the spike itself is a frame that comes too early, of none.
    assert_eq!(of("frame_time = \"10 ms\""), (0, 0));
    // Else the shorter part behind the gap is at the wrong entry, too small and too large in turn, and so is the spike:
    // one of these ten is not proven.
    assert_eq!(of(""), (9, 1));
}

#[test]
fn without_a_frame_time_no_readout_is_missing() {
    // FSIN shows one of three triggers; each exposure of 5 ms is read out from its end on.
    let (fsin, strobe) = (vec![40_000, 40_100], vec![10_000, 15_000, 40_000, 45_000, 90_000, 95_000]);
    let readout = vec![15_000, 18_000, 45_000, 48_000, 95_000, 98_000];
    let capture = capture("1 MHz", 120_000, &[("F", fsin), ("S", strobe), ("R", readout)]);
    let spec = "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\nreadout = \"R\"\n[timing]\nalignment = \"start\"\n\
                [limits]\nexposure.time = \"5 ms ± 50 us\"\n";
    let judgement = judged(&capture, spec);
    let missing = check(&judgement, "readout.missing");
    let reason = "nothing was measured: nothing shows a frame time, and so not which readout is of which exposure";
    assert_eq!((missing.verdict, missing.reason.as_deref()), (Inconclusive, Some(reason)));
}

/// No frame time is stated: a record that is no longer than an exposure may be, or that shows no frame from end to end, is too short
/// to say that a line is dead.
#[test]
fn a_glimpse_of_a_camera_proves_no_dead_line() {
    let spec = "[wiring]\nstrobe = \"S\"\nfsin = \"F\"\n[timing]\nalignment = \"end\"\n[limits]\n\
                exposure.time = \"20 ms ± 50 us\"\nexposure.end = \"0 us ± 50 us\"\n";
    let verdict = |length, strobe: Vec<u64>| {
        let judgement = judged(&capture("1 MHz", length, &[("S", strobe), ("F", Vec::new())]), spec);
        (judgement.verdict, ["strobe", "fsin"].map(|line| edges(&judgement, line).verdict))
    };
    // 20.05 ms and what a clock that is 100 ppm fast adds: 20 052 samples; the first proves nothing.
    assert_eq!(verdict(20_053, Vec::new()), (Inconclusive, [Inconclusive; 2]));
    assert_eq!(verdict(20_054, Vec::new()), (Fail, [Fail; 2]));
    // An exposure, and no second one that would say how often FSIN has to come.
    assert_eq!(verdict(100_000, vec![1_000, 21_000]), (Inconclusive, [Pass, Inconclusive]));
    assert_eq!(verdict(100_000, vec![1_000, 21_000, 34_000, 54_000, 67_000, 87_000]), (Fail, [Pass, Fail]));
}

/// STROBE alone, whose exposures grow or shrink by as much in each frame: its starts come as evenly as its ends.
#[test]
fn which_edge_begins_a_frame_is_open_where_exposures_grow_as_evenly_as_frames_come() {
    let verdict = |period: u64, grows: i64, timing: &str| {
        let widths: Vec<u64> = (-10..10).map(|n| 2_500_u64.saturating_add_signed(grows * n)).collect();
        let capture = capture("1 MHz", 210_000, &[("S", pulses(5_000, period, &widths))]);
        let limits = "frame.time = \"10 ms ± 50 us\"\nexposure.time = \"1 ms .. 4 ms\"";
        let spec = format!("[wiring]\nstrobe = \"S\"\n[timing]\n{timing}\n[limits]\n{limits}\n");
        let judgement = judged(&capture, &spec);
        (check(&judgement, "frame.time").verdict, check(&judgement, "exposure.time").verdict)
    };
    let stated = |period, grows| {
        ["", "alignment = \"start\"", "alignment = \"end\""].map(|timing| verdict(period, grows, timing).0)
    };
    // From start to start 10 ms, from end to end 10.1 ms, and the other way round.
    assert_eq!(stated(10_000, 100), [Inconclusive, Pass, Fail]);
    assert_eq!(stated(10_100, -100), [Inconclusive, Fail, Pass]);
    // Where both edges are right, or wrong, neither matters; nor where exposures do not change.
    assert_eq!(stated(10_000, 1), [Pass; 3]);
    assert_eq!(stated(10_200, -100), [Fail; 3]);
    assert_eq!(stated(10_000, 0), [Pass; 3]);
    assert_eq!(verdict(10_000, 100, "").1, Pass, "how long they are rests on neither");
}
