//! flash.pattern over two flash lines, and what is left out of a check and why, worked out by hand.

use strobecheck::capture::Capture;
use strobecheck::spec::Spec;
use strobecheck::units::Rational;
use strobecheck::verdict::Verdict::{self, Fail, Inconclusive, Pass};
use strobecheck::verdict::{Check, WhyLeftOut};

use crate::bench_capture::{capture, check, judged};

/// Frames of 10 ms at 1 MHz whose exposure of 4 ms ends at the boundary; the letters say which flash lines are lit from
/// 100 samples before the exposure to 100 after: A, B, 2 for both, - for none.
fn frames(lit: &str) -> Capture {
    let end = |n: usize| 10_000 * (n as u64 + 1);
    let strobe = (0..lit.len()).flat_map(|n| [end(n) - 4000, end(n)]).collect();
    let flash = |line: char| -> Vec<u64> {
        let is_lit = |(_, lit): &(usize, char)| *lit == line || *lit == '2';
        lit.chars().enumerate().filter(is_lit).flat_map(|(n, _)| [end(n) - 4100, end(n) + 100]).collect()
    };
    let length = end(lit.len()) + 3000;
    capture("1 MHz", length, &[("S", strobe), ("DOT", flash('A')), ("FLOOD", flash('B'))])
}

fn spec(timing: &str, limits: &str) -> String {
    format!(
        "[wiring]\nstrobe = \"S\"\nflash = {{ A = \"DOT\", B = \"FLOOD\" }}\n\
         [timing]\nalignment = \"end\"\n{timing}\n[limits]\n{limits}\n"
    )
}

fn breaks(lit: &str, timing: &str) -> (Verdict, Rational) {
    let judgement = judged(&frames(lit), &spec(timing, ""));
    let check = check(&judgement, "flash.pattern");
    (check.verdict, check.worst.as_ref().unwrap().value.clone())
}

#[test]
fn frames_that_break_the_pattern_are_counted_at_its_best_phase() {
    let pattern = "flash_pattern = \"AB\"";
    for (lit, expected) in [
        ("ABABABAB", 0),
        // The pattern is laid at its best phase.
        ("BABABABA", 0),
        // One frame with the wrong line, with none, with both.
        ("ABAAABAB", 1),
        ("ABA-ABAB", 1),
        ("ABA2ABAB", 1),
        // A slip in the middle breaks the shorter part.
        ("ABABABBABA", 4),
    ] {
        let verdict = if expected == 0 { Pass } else { Fail };
        assert_eq!(breaks(lit, pattern), (verdict, Rational::integer(expected)), "{lit}");
    }
}

#[test]
fn patterns_have_dark_frames_and_frames_of_several_lines() {
    assert_eq!(breaks("A-B-A-B-", "flash_pattern = \"A-B-\""), (Pass, Rational::ZERO));
    assert_eq!(breaks("A2-A2-A2", "flash_pattern = [\"A\", \"A+B\", \"-\"]"), (Pass, Rational::ZERO));
    assert_eq!(breaks("A2-AB-A2", "flash_pattern = [\"A\", \"B+A\", \"-\"]"), (Fail, Rational::ONE));
}

#[test]
fn a_strict_pattern_begins_with_frame_0() {
    // The first exposure ends at the first boundary: it is frame −1, and frame 0 is the second one.
    let strict = "flash_pattern = \"AB\"\nsequence = \"strict\"";
    assert_eq!(breaks("BABABA", strict), (Pass, Rational::ZERO));
    assert_eq!(breaks("ABABAB", strict), (Fail, Rational::integer(6)));
}

#[test]
fn the_count_is_judged_at_its_limit() {
    let verdict = |limit: &str| {
        let limits = format!("flash.pattern = \"{limit}\"");
        check(&judged(&frames("ABABAAABABAAABAB"), &spec("flash_pattern = \"AB\"", &limits)), "flash.pattern").verdict
    };
    // Frames 5 and 11 are lit by A instead of B.
    assert_eq!(["<= 3", "<= 2", "<= 1", "0"].map(verdict), [Pass, Pass, Fail, Fail]);
}

#[test]
fn a_missing_frame_does_not_shift_the_pattern_and_warm_up_is_left_out() {
    // Frame 4 is not there at all: the frames behind it keep their numbers.
    let end = |n: u64| 10_000 * (n + 1);
    let there = || (0..12_u64).filter(|n| *n != 4);
    let strobe = there().flat_map(|n| [end(n) - 4000, end(n)]).collect();
    let flash = |odd: u64| there().filter(|n| n % 2 == odd).flat_map(|n| [end(n) - 4100, end(n) + 100]).collect();
    let capture = capture("1 MHz", 123_000, &[("S", strobe), ("DOT", flash(0)), ("FLOOD", flash(1))]);
    let timing = "frame_time = \"10 ms\"\nflash_pattern = \"AB\"";
    assert_eq!(check(&judged(&capture, &spec(timing, "")), "flash.pattern").verdict, Pass);
    // The first three frames are wrong; with three frames of warm-up and the exposure before frame 0 they do not count.
    assert_eq!(breaks("BBBABABABABA", "flash_pattern = \"AB\"").1, Rational::ONE);
    assert_eq!(breaks("BBBABABABABA", "flash_pattern = \"AB\"\nskip_frames = 3"), (Pass, Rational::ZERO));
}

#[test]
fn without_an_exposure_or_a_pattern_nothing_is_measured() {
    let dark = capture("1 MHz", 50_000, &[("S", vec![]), ("DOT", vec![]), ("FLOOD", vec![])]);
    let judgement = judged(&dark, &spec("flash_pattern = \"AB\"", ""));
    let check = check(&judgement, "flash.pattern");
    assert_eq!((check.verdict, check.measured, check.statistics), (Inconclusive, 0, None));
    assert_eq!(check.reason.as_deref(), Some("nothing was measured: no exposure of a frame was seen whole"));
    let error = |timing: &str, limits: &str| Spec::parse("t.toml", &spec(timing, limits)).unwrap_err().to_string();
    let none = error("", "flash.pattern = 0");
    assert!(none.contains("flash.pattern is measured against a pattern, and there is none"), "{none}");
    let unknown = error("flash_pattern = \"ABC\"", "");
    assert!(unknown.contains("no flash line is called 'C'; there are A, B"), "{unknown}");
    assert!(error("flash_pattern = \"\"", "").contains("a flash pattern of no frames"));
    assert!(error("flash_pattern = 3", "").contains("expected the names of the flash lines"));
}

#[test]
fn a_pattern_is_written_into_the_effective_spec_and_read_back() {
    for pattern in ["\"A-B\"", "[\"A+B\", \"-\"]"] {
        let spec = Spec::parse("t.toml", &spec(&format!("flash_pattern = {pattern}"), "")).unwrap();
        let again = Spec::parse("again.toml", &spec.to_toml()).unwrap();
        assert_eq!((&again.rig.flash_pattern, &again.effective), (&spec.rig.flash_pattern, &spec.effective));
    }
}

fn left_out(check: &Check) -> Vec<(WhyLeftOut, u64)> {
    check.left_out.iter().map(|part| (part.why, part.count)).collect()
}

#[test]
fn what_is_left_out_is_counted_with_its_reason() {
    // 8 exposures that end at boundaries 10000 … 80000, and one that the end of the record cuts.
    let strobe: Vec<u64> = (1..=8).flat_map(|n| [10_000 * n - 4000, 10_000 * n]).chain([86_000]).collect();
    let capture = capture("1 MHz", 88_000, &[("S", strobe)]);
    let of = |timing: &str, limits: &str| {
        judged(
            &capture,
            &format!("[wiring]\nstrobe = \"S\"\n[timing]\nalignment = \"end\"\n{timing}\n[limits]\n{limits}\n"),
        )
    };
    let judgement = of("skip_frames = 2", "exposure.time = \"4 ms ± 50 us\"\nframe.time = \"10 ms ± 50 us\"");
    // Frame −1 and frames 0 and 1 are warm-up; the last exposure is cut.
    let exposure = check(&judgement, "exposure.time");
    assert_eq!(left_out(exposure), [(WhyLeftOut::WarmUp, 3), (WhyLeftOut::CutOff, 1)]);
    assert_eq!((exposure.measured, exposure.verdict), (5, Pass));
    let frame = check(&judgement, "frame.time");
    assert_eq!((left_out(frame), frame.measured), (vec![(WhyLeftOut::WarmUp, 2)], 5));
    // A cut exposure that is too long already is judged: nothing of it is left out.
    let long = of("", "exposure.time = \"<= 1 ms\"");
    assert_eq!(left_out(check(&long, "exposure.time")), []);
    // Fewer frames than asked for are inconclusive, with the reason.
    let few = of("min_frames = 9", "exposure.time = \"4 ms ± 50 us\"");
    let exposure = check(&few, "exposure.time");
    assert_eq!(exposure.verdict, Inconclusive);
    assert_eq!(exposure.reason.as_deref(), Some("8 frames were measured, timing.min_frames asks for 9"));
    assert_eq!(check(&of("min_frames = 8", "exposure.time = \"4 ms ± 50 us\""), "exposure.time").verdict, Pass);
}

#[test]
fn silence_at_the_end_is_missing_frames_unless_the_camera_stops() {
    // 8 frame ends, then 35 ms of silence: 3 frame times of 10 ms are owed.
    let strobe: Vec<u64> = (1..=8).flat_map(|n| [10_000 * n - 4000, 10_000 * n]).collect();
    let capture = capture("1 MHz", 115_000, &[("S", strobe)]);
    let missing = |ends: &str| {
        let spec = format!(
            "[wiring]\nstrobe = \"S\"\n[timing]\nalignment = \"end\"\nframe_time = \"10 ms\"\nends = \"{ends}\"\n\
             [limits]\nframe.time = \"10 ms ± 50 us\"\n"
        );
        let judgement = judged(&capture, &spec);
        let check = check(&judgement, "frame.missing");
        (check.verdict, check.worst.as_ref().unwrap().value.clone())
    };
    assert_eq!(missing("running"), (Fail, Rational::integer(3)));
    assert_eq!(missing("stops"), (Pass, Rational::ZERO));
}

/// Frames of 10 ms whose exposures last so many milliseconds in turn and end at the boundary; the flash of the line that a
/// letter names is lit from 100 samples before each to 100 after it.
fn frames_of(lit: &str, exposures: &[u64]) -> Capture {
    let at = |(n, millis): (usize, &u64)| (10_000 * (n as u64 + 1) - 1000 * millis, 10_000 * (n as u64 + 1));
    let spans: Vec<(u64, u64)> = exposures.iter().cycle().take(lit.len()).enumerate().map(at).collect();
    let strobe = spans.iter().flat_map(|(start, end)| [*start, *end]).collect();
    let flash = |line: char| -> Vec<u64> {
        let lit = spans.iter().zip(lit.chars()).filter(|(_, lit)| *lit == line);
        lit.flat_map(|((start, end), _)| [start - 100, end + 100]).collect()
    };
    let length = 10_000 * lit.len() as u64 + 9_000;
    capture("1 MHz", length, &[("S", strobe), ("DOT", flash('A')), ("FLOOD", flash('B'))])
}

#[test]
fn a_pattern_and_all_arrays_of_a_camera_lie_at_one_phase() {
    let verdicts = |lit: &str, exposures: &[u64], timing: &str, limits: &str| {
        let judgement = judged(&frames_of(lit, exposures), &spec(timing, limits));
        let of = |id: &str| judgement.checks.iter().find(|check| check.quantity.id == id).map(|check| check.verdict);
        (of("flash.pattern"), of("exposure.time"), of("exposure.gap"))
    };
    let pattern = "flash_pattern = \"AB\"";
    let times = "exposure.time = [\"2 ms ± 50 us\", \"4 ms ± 50 us\"]";
    // A with the short exposures, as stated, and with the long ones.
    assert_eq!(verdicts("ABABABAB", &[2, 4], pattern, times), (Some(Pass), Some(Pass), None));
    assert_eq!(verdicts("BABABABA", &[4, 2], pattern, times), (Some(Pass), Some(Pass), None));
    let swapped = verdicts("BABABABA", &[2, 4], pattern, times);
    assert!([swapped.0, swapped.1].contains(&Some(Fail)), "{swapped:?}");
    // The gap behind an exposure of 2 ms is one of 6 ms, before that of 4 ms: both arrays, and swapped.
    let (gaps, swapped) = ("[\"6 ms ± 50 us\", \"8 ms ± 50 us\"]", "[\"8 ms ± 50 us\", \"6 ms ± 50 us\"]");
    let both = |gaps: &str| verdicts("ABABABAB", &[2, 4], pattern, &format!("{times}\nexposure.gap = {gaps}"));
    let right = [gaps, swapped].map(|gaps| both(gaps) == (Some(Pass), Some(Pass), Some(Pass)));
    assert_eq!(right.iter().filter(|right| **right).count(), 1, "{right:?}");
    // A pattern of three beside an array of two: they agree only every six frames.
    let long = "flash_pattern = \"AB-\"";
    assert_eq!(verdicts("AB-AB-AB-AB-", &[2, 4], long, times), (Some(Pass), Some(Pass), None));
    assert_eq!(verdicts("B-AB-AB-AB-A", &[2, 4], long, times), (Some(Pass), Some(Pass), None));
}

#[test]
fn within_a_burst_the_pattern_goes_on_and_the_array_does_not() {
    // Two exposures by frame, A and B in turn; the frames' limits alternate.
    let starts = |n: u64| [10_000 * n + 500, 10_000 * n + 5_500];
    let width = |n: u64| if n.is_multiple_of(2) { 2_000 } else { 4_000 };
    let spans: Vec<(u64, u64)> = (1..13).flat_map(|n| starts(n).map(|start| (start, start + width(n)))).collect();
    let edges = |spans: Vec<(u64, u64)>| -> Vec<u64> { spans.into_iter().flat_map(|(a, b)| [a, b]).collect() };
    let flash = |odd: usize| edges(spans.iter().skip(odd).step_by(2).map(|(a, b)| (a - 50, b + 50)).collect());
    let fsin = (1..14_u64).flat_map(|n| [10_000 * n, 10_000 * n + 100]).collect();
    let lines = [("F", fsin), ("S", edges(spans.clone())), ("DOT", flash(0)), ("FLOOD", flash(1))];
    let capture = capture("1 MHz", 140_000, &lines);
    let verdict = |pattern: &str, array: &str| {
        let spec = format!(
            "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\nflash = {{ A = \"DOT\", B = \"FLOOD\" }}\n[timing]\n\
             alignment = \"start\"\nburst = 2\nframe_time = \"10 ms\"\nends = \"stops\"\nflash_pattern = \"{pattern}\"\n\
             [limits]\nexposure.time = {array}\n"
        );
        let judgement = judged(&capture, &spec);
        ["flash.pattern", "exposure.time"].map(|id| check(&judgement, id).verdict)
    };
    let array = "[\"2 ms ± 50 us\", \"4 ms ± 50 us\"]";
    assert_eq!(verdict("AB", array), [Pass, Pass]);
    assert_eq!(verdict("ABAB", array), [Pass, Pass]);
    assert_eq!(verdict("AABB", array)[0], Fail);
}

#[test]
fn a_dark_frame_owes_no_light() {
    let limits = "flash.coverage = \">= 99 %\"\nflash.lead = \"100 us ± 10 us\"\nflash.hold = \"<= 1 ms\"";
    let lit = judged(&frames_of("A-A-A-A-", &[4]), &spec("flash_pattern = \"A-\"", limits));
    // Line B is not lit at all.
    let but_b = |check: &&Check| check.verdict != Pass && check.line.as_deref() != Some("flash.B");
    assert_eq!(lit.checks.iter().filter(but_b).map(|check| check.quantity.id).collect::<Vec<_>>(), [""; 0]);
    assert_eq!(check(&lit, "flash.coverage").measured, 4);
    let dark = judged(&frames_of("A-A-----", &[4]), &spec("flash_pattern = \"A-\"", limits));
    assert_eq!(["flash.coverage", "flash.missing"].map(|id| check(&dark, id).verdict), [Fail, Fail]);
}
