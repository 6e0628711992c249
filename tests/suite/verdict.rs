//! The verdict at its boundaries, worked out by hand: design.md's rules, one sample inside, on, and outside.

use strobecheck::units::Rational;
use strobecheck::verdict::Verdict::{self, Fail, Inconclusive, Pass};

use crate::bench_capture::{capture, check, damaged, judged, pulses};

/// The verdict on one STROBE pulse of `width` samples at 1 MHz.
fn on_width(width: u64, clock: &str, limit: &str) -> Verdict {
    let capture = capture("1 MHz", 200_000, &[("S", pulses(1000, 0, &[width]))]);
    let spec =
        format!("[wiring]\nstrobe = \"S\"\n[analyzer]\nclock = \"{clock}\"\n[limits]\nexposure.time = \"{limit}\"\n");
    check(&judged(&capture, &spec), "exposure.time").verdict
}

#[test]
fn an_interval_passes_one_sample_inside_and_fails_one_sample_outside() {
    let upper = |width| on_width(width, "0 ppm", "<= 20 ms");
    assert_eq!([19_998, 19_999, 20_000, 20_001].map(upper), [Pass, Pass, Inconclusive, Fail]);
    let lower = |width| on_width(width, "0 ppm", ">= 20 ms");
    assert_eq!([20_002, 20_001, 20_000, 19_999].map(lower), [Pass, Pass, Inconclusive, Fail]);
}

#[test]
fn a_clock_of_100_ppm_widens_the_band_by_hand() {
    // 20 ms ± 100 ppm is ± 2 µs: values up to 20 000 − 2 − 1 pass, from 20 000 + 2 + 1 on they fail.
    let upper = |width| on_width(width, "100 ppm", "<= 20 ms");
    assert_eq!([19_997, 19_998, 20_002, 20_003].map(upper), [Pass, Inconclusive, Inconclusive, Fail]);
    let lower = |width| on_width(width, "100 ppm", ">= 20 ms");
    assert_eq!([20_003, 20_002, 19_998, 19_997].map(lower), [Pass, Inconclusive, Inconclusive, Fail]);
}

#[test]
fn a_clock_error_that_is_no_whole_sample_is_not_rounded() {
    // 10.5 ms ± 100 ppm is ± 1.05 µs at 1 MHz: 10 500 − 1.05 − 1 = 10 497.95, 10 500 + 1.05 + 1 = 10 502.05.
    let upper = |width| on_width(width, "100 ppm", "<= 10500 us");
    assert_eq!([10_497, 10_498, 10_502, 10_503].map(upper), [Pass, Inconclusive, Inconclusive, Fail]);
}

/// The verdicts on frame.jitter and frame.cycle-jitter of intervals whose extremes differ by `spread` samples.
fn on_spread(spread: u64, limit: &str) -> [Verdict; 2] {
    let edges = [1000, 11_000, 21_000 + spread, 31_000 + spread];
    let strobe = edges.iter().flat_map(|&end| [end - 500, end]).collect();
    let capture = capture("1 MHz", 50_000, &[("S", strobe)]);
    let spec = format!(
        "[wiring]\nstrobe = \"S\"\n[timing]\nalignment = \"end\"\nframe_time = \"10 ms\"\nends = \"stops\"\n\
         [analyzer]\nclock = \"0 ppm\"\n[limits]\nframe.jitter = \"{limit}\"\nframe.cycle-jitter = \"{limit}\"\n"
    );
    let judgement = judged(&capture, &spec);
    ["frame.jitter", "frame.cycle-jitter"].map(|id| check(&judgement, id).verdict)
}

#[test]
fn the_difference_of_two_intervals_is_known_to_two_samples() {
    for (spread, verdict) in [(98, Pass), (99, Inconclusive), (100, Inconclusive), (101, Inconclusive), (102, Fail)] {
        assert_eq!(on_spread(spread, "<= 100 us"), [verdict; 2], "{spread}");
    }
    for (spread, verdict) in [(102, Pass), (101, Inconclusive), (100, Inconclusive), (99, Inconclusive), (98, Fail)] {
        assert_eq!(on_spread(spread, ">= 100 us"), [verdict; 2], "{spread}");
    }
}

#[test]
fn a_spread_of_nothing_is_within_a_limit_of_nothing_or_undecided_but_never_outside() {
    assert_eq!(on_spread(0, "<= 0 us"), [Inconclusive; 2]);
    assert_eq!(on_spread(1, "<= 0 us"), [Inconclusive; 2]);
    assert_eq!(on_spread(2, "<= 0 us"), [Fail; 2]);
    assert_eq!(on_spread(0, "<= 2 us"), [Pass; 2]);
}

#[test]
fn counts_are_compared_plainly() {
    let capture = capture("1 MHz", 100_000, &[("S", pulses(1000, 10_000, &[500; 5]))]);
    for (limit, verdict) in [(">= 10", Pass), ("<= 10", Pass), (">= 11", Fail), ("<= 9", Fail), ("10", Pass)] {
        let spec = format!("[wiring]\nstrobe = \"S\"\n[limits]\nline.edges = \"{limit}\"\n");
        assert_eq!(check(&judged(&capture, &spec), "line.edges").verdict, verdict, "{limit}");
    }
}

#[test]
fn edge_uncertainty_adds_to_both_edges() {
    let capture = capture("1 MHz", 100_000, &[("S", pulses(1000, 0, &[9_990]))]);
    let spec = |edge: &str, limit: &str| {
        format!(
            "[wiring]\nstrobe = \"S\"\n[analyzer]\nclock = \"0 ppm\"\nedge = \"{edge}\"\n\
             [limits]\nexposure.time = \"{limit}\"\n"
        )
    };
    // ± 1 µs by sampling, ± 2 · 4.5 µs by the edges: up to 10 000 µs.
    let verdict = |edge, limit| check(&judged(&capture, &spec(edge, limit)), "exposure.time").verdict;
    assert_eq!(verdict("4.5 us", "<= 10 ms"), Pass);
    assert_eq!(verdict("4.6 us", "<= 10 ms"), Inconclusive);
    assert_eq!(verdict("4.5 us", ">= 10 ms"), Fail);
}

#[test]
fn a_correction_rescales_every_time() {
    // Sampled at 1 MHz · (1 + 100 ppm), 20 000 samples are 20 000 / 1.0001 = 19 998.0002 µs.
    let capture = capture("1 MHz", 100_000, &[("S", pulses(1000, 0, &[20_000]))]);
    let verdict = |limit: &str| {
        let spec = format!(
            "[wiring]\nstrobe = \"S\"\n[analyzer]\nclock = \"0 ppm\"\ncorrection = \"+100 ppm\"\n\
             [limits]\nexposure.time = \"{limit}\"\n"
        );
        check(&judged(&capture, &spec), "exposure.time").verdict
    };
    assert_eq!(verdict("<= 19.9991 ms"), Pass);
    assert_eq!(verdict("<= 19.9989 ms"), Inconclusive);
    assert_eq!(verdict("<= 19.9970 ms"), Fail);
}

const SEED_SPEC: &str =
    "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"end\"\nframe_time = \"10 ms\"\n";

/// FSIN every 10 ms, and STROBE ending there, at 1 MHz.
fn lines(frames: u64, keep: impl Fn(u64) -> bool) -> Vec<(&'static str, Vec<u64>)> {
    let fsin = (0..frames).flat_map(|n| [10_000 * (n + 1), 10_000 * (n + 1) + 100]).collect();
    let strobe = (0..frames).filter(|&n| keep(n)).flat_map(|n| [10_000 * (n + 1) - 4_000, 10_000 * (n + 1)]).collect();
    vec![("F", fsin), ("S", strobe)]
}

#[test]
fn every_second_strobe_gone_is_no_pass_with_a_limit_on_exposure_time_only() {
    let spec = format!("{SEED_SPEC}[limits]\nexposure.time = \"4 ms ± 50 us\"\n");
    let whole = judged(&capture("1 MHz", 1_005_000, &lines(100, |_| true)), &spec);
    assert_eq!(whole.verdict, Pass, "{:?}", whole.reason);
    let half = judged(&capture("1 MHz", 1_005_000, &lines(100, |n| n % 2 == 0)), &spec);
    assert_eq!((half.verdict, check(&half, "exposure.time").verdict), (Fail, Pass));
    assert_eq!(check(&half, "exposure.missing").verdict, Fail);
    // The same with STROBE alone: frames are counted by it.
    let alone = spec.replace("fsin = \"F\"\n", "");
    let strobe_only = |keep: fn(u64) -> bool| lines(100, keep).split_off(1);
    assert_eq!(judged(&capture("1 MHz", 1_005_000, &strobe_only(|_| true)), &alone).verdict, Pass);
    assert_eq!(judged(&capture("1 MHz", 1_005_000, &strobe_only(|n| n % 2 == 0)), &alone).verdict, Fail);
}

#[test]
fn a_camera_that_stops_half_way_is_no_pass() {
    let spec = format!("{SEED_SPEC}[limits]\nframe.time = \"10 ms ± 0.5 %\"\n");
    let stopped = capture("1 MHz", 1_005_000, &lines(50, |_| true));
    let judgement = judged(&stopped, &spec);
    assert_eq!((judgement.verdict, check(&judgement, "frame.missing").verdict), (Fail, Fail));
    // 505 ms of silence are 50 frames.
    assert_eq!(check(&judgement, "frame.missing").worst.as_ref().unwrap().value, 50_i128.into());
    let meant = spec.replace("[limits]", "ends = \"stops\"\n[limits]");
    assert_eq!(judged(&stopped, &meant).verdict, Pass);
}

#[test]
fn a_flash_that_never_goes_off_is_no_pass() {
    let mut with_flash = lines(20, |_| true);
    with_flash.push(("L", vec![]));
    let spec =
        format!("{}[limits]\nflash.lead = \">= 0 us\"\n", SEED_SPEC.replace("[timing]", "flash = \"L\"\n[timing]"));
    let judgement = judged(&capture("1 MHz", 205_000, &with_flash), &spec);
    assert_eq!(judgement.verdict, Fail);
    assert_eq!(check(&judgement, "flash.lead").verdict, Inconclusive);
    assert_eq!(check(&judgement, "flash.missing").verdict, Fail);
}

#[test]
fn a_dead_wire_and_nothing_measured_are_no_pass() {
    let dead = capture("1 MHz", 100_000, &[("S", vec![])]);
    let spec = "[wiring]\nstrobe = \"S\"\n[limits]\nexposure.time = \"4 ms ± 50 us\"\n";
    let judgement = judged(&dead, spec);
    assert_eq!((judgement.verdict, check(&judgement, "exposure.time").verdict), (Fail, Inconclusive));
    let allowed = format!("{spec}line.edges = {{ strobe = \">= 0\" }}\n");
    assert_eq!(judged(&dead, &allowed).verdict, Inconclusive);
}

#[test]
fn a_damaged_capture_fails_or_is_inconclusive_and_never_passes() {
    let spec = format!("{SEED_SPEC}[limits]\nexposure.time = \"4 ms ± 50 us\"\n");
    let whole = capture("1 MHz", 1_005_000, &lines(100, |_| true));
    let judgement = judged(&damaged(whole.clone(), 500_000, 520_000), &spec);
    assert_eq!(judgement.verdict, Inconclusive);
    // What is left is fine, and there may be more that is missing or too many.
    for check in &judgement.checks {
        let is_count =
            ["frame.", "exposure.missing", "exposure.extra"].iter().any(|id| check.quantity.id.starts_with(id));
        assert_eq!(check.verdict, if is_count { Inconclusive } else { Pass }, "{}", check.quantity.id);
    }
    let strict = spec.replace("4 ms", "5 ms");
    assert_eq!(judged(&damaged(whole, 500_000, 520_000), &strict).verdict, Fail);
}

#[test]
fn edges_that_may_be_lost_prove_no_wire_dead() {
    let verdict = |edges: u64, limit: &str| {
        let changes = (0..edges).map(|n| 100 + 1000 * n).collect();
        let whole = capture("1 MHz", 100_000, &[("S", changes)]);
        let spec = format!("[wiring]\nstrobe = \"S\"\n[limits]\nline.edges = {{ strobe = \"{limit}\" }}\n");
        let of = |capture| check(&judged(&capture, &spec), "line.edges").verdict;
        (of(whole.clone()), of(damaged(whole, 50_000, 50_001)))
    };
    assert_eq!([2, 3].map(|edges| verdict(edges, ">= 3")), [(Fail, Inconclusive), (Pass, Pass)]);
    assert_eq!([10, 11].map(|edges| verdict(edges, "<= 10")), [(Pass, Inconclusive), (Fail, Fail)]);
    assert_eq!(verdict(0, "0"), (Pass, Inconclusive));
}

#[test]
fn a_record_that_lost_all_its_samples_fails_nothing() {
    let spec = format!("{SEED_SPEC}[limits]\nexposure.time = \"4 ms ± 50 us\"\n");
    let whole = capture("1 MHz", 10_000, &[("F", vec![]), ("S", vec![])]);
    let judgement = judged(&damaged(whole, 0, 10_000), &spec);
    assert_eq!(judgement.verdict, Inconclusive);
    let failed: Vec<&str> = judgement.findings.iter().map(|finding| finding.fault).collect();
    assert_eq!(failed, Vec::<&str>::new(), "nothing was seen that a fault could be told from");
}

#[test]
fn a_duty_passes_only_where_a_whole_second_was_read() {
    // 4 of every 10 ms for two seconds.
    let whole = capture("1 MHz", 2_000_000, &[("L", pulses(1000, 10_000, &[4_000; 199]))]);
    let spec = "[wiring]\nflash = \"L\"\n[limits]\nflash.duty = \"<= 50 %\"\n";
    let of = |capture| check(&judged(&capture, spec), "flash.duty").verdict;
    assert_eq!(of(whole.clone()), Pass);
    // Had it been on for all of the millisecond that is lost: 40.1 %.
    assert_eq!(of(damaged(whole.clone(), 1_000_000, 1_001_000)), Pass);
    // Of the second around 200 ms that are lost, 80 frames show 320 ms.
    assert_eq!(of(damaged(whole.clone(), 1_000_000, 1_200_000)), Inconclusive);
    let torn = damaged(whole, 1_000_000, 1_000_000);
    assert_eq!(of(torn.clone()), Inconclusive);
    let settle = check(&judged(&torn, spec), "flash.duty").settle.clone();
    assert!(settle.as_ref().is_some_and(|settle| settle.starts_with("a capture without lost samples")), "{settle:?}");
}

#[test]
fn allowed_violations_are_counted() {
    let mut widths = vec![4_000_u64; 50];
    (widths[10], widths[20]) = (4_200, 4_200);
    let capture = capture("1 MHz", 600_000, &[("S", pulses(1000, 10_000, &widths))]);
    let verdict = |allow: &str| {
        let limit = "4 ms ± 50 us";
        let spec =
            format!("[wiring]\nstrobe = \"S\"\n[limits]\nexposure.time = {{ limit = \"{limit}\", allow = {allow} }}\n");
        check(&judged(&capture, &spec), "exposure.time").verdict
    };
    assert_eq!([verdict("1"), verdict("2"), verdict("\"3.9 %\""), verdict("\"4 %\"")], [Fail, Pass, Fail, Pass]);
}

#[test]
fn a_sequence_is_laid_at_its_best_phase_or_strictly() {
    let widths: Vec<u64> = (0..30).map(|n| [2_000, 1_000, 3_000][(n + 1) % 3]).collect();
    let strobe: Vec<u64> = (0..30).flat_map(|n| [10_000 * (n + 1) - widths[n as usize], 10_000 * (n + 1)]).collect();
    let capture = capture("1 MHz", 305_000, &[("S", strobe)]);
    let spec = |sequence: &str| {
        format!(
            "[wiring]\nstrobe = \"S\"\n[timing]\nalignment = \"end\"\nsequence = \"{sequence}\"\n\
             [limits]\nexposure.time = [\"2 ms ± 50 us\", \"1 ms ± 50 us\", \"3 ms ± 50 us\"]\n"
        )
    };
    let fit = judged(&capture, &spec("fit"));
    assert_eq!(check(&fit, "exposure.time").verdict, Pass);
    // The first pulse ends at the first boundary: frame −1, of 1 ms; frame 0 is the second, of 3 ms.
    assert_eq!(check(&fit, "exposure.time").phase, 2);
    assert_eq!(check(&judged(&capture, &spec("strict")), "exposure.time").verdict, Fail);
}

#[test]
fn unresolved_lines_make_missing_pulses_doubtful() {
    // FSIN pulses of 1 sample: one that is missing may not have been seen.
    let fsin: Vec<u64> = (1..20).filter(|n| *n != 7).flat_map(|n| [10_000 * n, 10_000 * n + 1]).collect();
    let spec = "[wiring]\nfsin = \"F\"\n[timing]\nframe_time = \"10 ms\"\n[limits]\nframe.time = \"<= 30 ms\"\n";
    let judgement = judged(&capture("1 MHz", 195_000, &[("F", fsin)]), spec);
    let missing = check(&judgement, "frame.missing");
    assert_eq!(missing.verdict, Inconclusive);
    assert_eq!(missing.settle.as_deref(), Some("a sample rate of at least 3 MHz, which shows every pulse"));
    let seen: Vec<u64> = (1..20).flat_map(|n| [10_000 * n, 10_000 * n + 1]).collect();
    assert_eq!(judged(&capture("1 MHz", 195_000, &[("F", seen)]), spec).verdict, Pass);
}

/// FSIN every 10 ms, and no exposure after the last one: where it must have come by then, and the record goes on, it is missing.
#[test]
fn the_last_exposure_is_missing_where_it_must_have_come() {
    let fsin: Vec<u64> = (1..=10).flat_map(|n| [10_000 * n, 10_000 * n + 20]).collect();
    let begun: Vec<u64> = (1..10).flat_map(|n| [10_000 * n + 500, 10_000 * n + 3500]).collect();
    let ended: Vec<u64> = (1..10).flat_map(|n| [10_000 * n - 3000, 10_000 * n]).collect();
    let of = |length: u64, strobe: &[u64], limit: &str| {
        let lines = [("F", fsin.clone()), ("S", strobe.to_vec())];
        let spec = format!("[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[limits]\n{limit}\n");
        judged(&capture("1 MHz", length, &lines), &spec).verdict
    };
    // It begins 500 us after FSIN, at most 525: it is waited for twice as long and two samples.
    let latency = "exposure.latency = \"500 us ± 25 us\"";
    assert_eq!((of(101_052, &begun, latency), of(101_053, &begun, latency)), (Pass, Fail));
    // Where one frame may break the limit, or none is stated, its whole frame must have been recorded.
    let one = "exposure.latency = { limit = \"500 us ± 25 us\", allow = 1 }";
    assert_eq!((of(109_000, &begun, one), of(111_000, &begun, one)), (Pass, Fail));
    // It ends with FSIN, at most 30 us after it.
    let end = "exposure.end = \"0 us ± 30 us\"";
    assert_eq!((of(100_062, &ended, end), of(100_063, &ended, end)), (Pass, Fail));
    // One that has begun and not ended ends too late, or is not over.
    let open: Vec<u64> = ended.iter().copied().chain([99_500]).collect();
    assert_eq!(of(101_030, &open, "exposure.end = { limit = \"0 us ± 30 us\", allow = 1 }"), Pass);
}

/// Three exposures whole, one cut by either end: three to five, and no sample rate tells.
#[test]
fn pulses_that_an_end_of_the_record_cuts_may_be_counted_or_not() {
    let changes = vec![10, 100, 110, 200, 210, 300, 310, 400];
    let spec = |limit: &str| format!("[wiring]\nstrobe = \"!S\"\n[limits]\nexposure.count = \"{limit}\"\n");
    let of = |limit: &str| {
        let judgement = judged(&capture("1 MHz", 405, &[("S", changes.clone())]), &spec(limit));
        check(&judgement, "exposure.count").clone()
    };
    let open = of("4");
    let worst = open.worst.as_ref().unwrap();
    assert_eq!((&worst.low, &worst.high), (&Some(Rational::integer(3)), &Some(Rational::integer(5))));
    let settle = open.settle.as_deref().unwrap();
    assert!(settle.contains("--from and --to") && !settle.contains("sample rate"), "{settle}");
    assert_eq!((open.verdict, of("3 .. 5").verdict, of(">= 6").verdict), (Inconclusive, Pass, Fail));
}

#[test]
fn what_would_settle_is_computed_by_hand() {
    let settle = |width: u64, clock: &str, limit: &str| {
        let capture = capture("1 MHz", 200_000, &[("S", pulses(1000, 0, &[width]))]);
        let spec = format!(
            "[wiring]\nstrobe = \"S\"\n[analyzer]\nclock = \"{clock}\"\n[limits]\nexposure.time = \"{limit}\"\n"
        );
        check(&judged(&capture, &spec), "exposure.time").settle.clone().unwrap()
    };
    // 0.4 µs from the limit, ± 1 µs: 2s / m = 2 / 0.4 µs = 5 MHz, whatever the phase.
    assert_eq!(settle(20_000, "0 ppm", "<= 20000.4 us"), "a sample rate of at least 5 MHz, if this is the true value");
    // ε|v| = 2 µs, m = 2.4 µs: 2s / (m − ε|v|) = 2 / 0.4 µs.
    assert_eq!(
        settle(20_000, "100 ppm", "<= 20002.4 us"),
        "a sample rate of at least 5 MHz, if this is the true value"
    );
    // ε|v| = 2 µs ≥ m = 1.5 µs: half of m for the samples, 2 / 0.75 µs; half for twice the clock, 0.375 µs / 20 ms.
    assert_eq!(
        settle(20_000, "100 ppm", "<= 20001.5 us"),
        "a sample rate of at least 2.67 MHz and an analyzer clock better than 18.7 ppm, or its error found with `strobecheck calibrate`, if \
         this is the true value"
    );
    // On the limit by the samples: a tenth of 1 µs is taken.
    assert_eq!(
        settle(20_000, "0 ppm", "<= 20 ms"),
        "a sample rate of at least 20 MHz, if the true value is 100 ns or more from the limit"
    );
}

#[test]
fn what_settles_a_check_settles_as_many_values_as_it_takes() {
    let settle = |widths: &[u64], limit: &str| {
        let capture = capture("1 MHz", 400_000, &[("S", pulses(1000, 50_000, widths))]);
        let spec =
            format!("[wiring]\nstrobe = \"S\"\n[analyzer]\nclock = \"0 ppm\"\n[limits]\nexposure.time = {limit}\n");
        check(&judged(&capture, &spec), "exposure.time").settle.clone().unwrap()
    };
    // What is 0.9 µs beyond the limit fails it at 2 / 0.9 MHz; what is 0.1 µs inside would take 20 MHz.
    let limit = "\"<= 20000.1 us\"";
    assert_eq!(settle(&[20_000, 20_001], limit), "a sample rate of at least 2.23 MHz, if these are the true values");
    // One may break it: then all others must be inside.
    let one = "{ limit = \"<= 20000.1 us\", allow = 1 }";
    assert_eq!(settle(&[20_000, 20_001], one), "a sample rate of at least 20 MHz, if these are the true values");
    // Of two that are inside, one may stay open.
    let inside = "{ limit = \"<= 20000.5 us\", allow = 1 }";
    assert_eq!(settle(&[20_000, 20_000], inside), "a sample rate of at least 4 MHz, if these are the true values");
}

#[test]
fn of_a_spread_nothing_is_below_zero() {
    // Intervals of 10 ms: no jitter is seen, and up to 2 µs may be there.
    let starts: Vec<u64> = (0..20_u64).flat_map(|n| [1_000 + 10_000 * n, 2_000 + 10_000 * n]).collect();
    let capture = capture("1 MHz", 205_000, &[("S", starts)]);
    let of = |limit: &str| {
        let spec = format!(
            "[wiring]\nstrobe = \"S\"\n[timing]\nalignment = \"start\"\nframe_time = \"10 ms\"\n\
             [analyzer]\nclock = \"0 ppm\"\n[limits]\nframe.jitter = \"{limit}\"\n"
        );
        let jitter = check(&judged(&capture, &spec), "frame.jitter").clone();
        (jitter.verdict, jitter.settle, jitter.too_narrow)
    };
    assert_eq!(of("0 us .. 2 us"), (Pass, None, None));
    let (verdict, settle, narrow) = of("0 us .. 1 us");
    assert_eq!(verdict, Inconclusive);
    // 2·2 µs / 1 µs.
    assert_eq!(settle.unwrap(), "a sample rate of at least 4 MHz, if this is the true value");
    assert_eq!(
        narrow.unwrap(),
        "frame.jitter 0 us .. 1 us: too narrow for this capture, nothing can pass; it takes a sample rate of at least 4 MHz"
    );
}

#[test]
fn edges_that_are_worse_than_the_limit_ask_for_sharper_ones() {
    let capture = capture("24 MHz", 4_800_000, &[("S", pulses(1000, 0, &[240_000]))]);
    let settle = |analyzer: &str| {
        let spec = format!(
            "[wiring]\nstrobe = \"S\"\n[analyzer]\nclock = \"0 ppm\"\n{analyzer}\n[limits]\n\
             exposure.time = \"10 ms ± 40 us\"\n"
        );
        let exposure = check(&judged(&capture, &spec), "exposure.time").clone();
        (exposure.settle.unwrap(), exposure.too_narrow.unwrap())
    };
    let (settle, narrow) = settle("edge = { strobe = \"46 us\" }");
    assert_eq!(
        settle,
        "sharper edges: their stated uncertainty (analyzer.edge) leaves ± 92 µs open, where ± 10 µs would do, if this is the \
         true value"
    );
    assert!(narrow.contains("sharper edges") && !narrow.contains("Hz"), "{narrow}");
}

/// Twenty frames, and three flash pulses in each.
#[test]
fn min_frames_counts_frames_and_no_values() {
    let strobe = (0..20_u64).flat_map(|n| [10_000 * n + 5_000, 10_000 * n + 9_000]).collect();
    let light = (0..20_u64).flat_map(|n| (0..6).map(move |edge| 10_000 * n + 5_000 + 500 * edge)).collect();
    let capture = capture("1 MHz", 205_000, &[("S", strobe), ("L", light)]);
    let verdict = |least: u64, limit: &str| {
        let spec = format!(
            "[wiring]\nstrobe = \"S\"\nflash = \"L\"\n[timing]\nalignment = \"end\"\nmin_frames = {least}\n\
             [limits]\n{limit}\nflash.missing = \"none\"\n"
        );
        let judgement = judged(&capture, &spec);
        let id = limit.split(' ').next().unwrap();
        (check(&judgement, id).measured, check(&judgement, id).verdict)
    };
    let on_time = "flash.on-time = \"<= 1 ms\"";
    assert_eq!([20, 21].map(|least| verdict(least, on_time)), [(60, Pass), (60, Inconclusive)]);
    let exposure = "exposure.time = \"4 ms ± 50 us\"";
    assert_eq!([20, 21].map(|least| verdict(least, exposure)), [(20, Pass), (20, Inconclusive)]);
}
