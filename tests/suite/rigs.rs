//! Every quantity at its boundaries, on captures whose values are worked out by hand; absent quantities; and what is said
//! of several cameras.

use std::collections::BTreeSet;

use strobecheck::capture::Capture;
use strobecheck::quantity::{Family, QUANTITIES, Quantity};
use strobecheck::report::Judgement;
use strobecheck::spec::Spec;
use strobecheck::units::{Rational, parse_value};
use strobecheck::verdict::Check;
use strobecheck::verdict::Verdict::{Fail, Inconclusive, Pass};

use crate::bench_capture::{capture, check, judged};

/// A capture, and the spec that it is judged by.
type MakeRig = fn() -> (Capture, &'static str);

/// What takes a log or a pattern is shown with these: camera_log.rs, reported_exposure.rs and flash_pattern.rs.
const SHOWN_ELSEWHERE: [&str; 5] =
    ["timestamp.residual", "timestamp.missing", "exposure.error", "exposure.lag", "flash.pattern"];

/// A quantity, what is judged, and the interval in which its value is known to lie, worked out by hand.
struct Case {
    id: &'static str,
    rig: MakeRig,
    /// The lowest, the measured and the highest value, with their unit.
    bounds: [&'static str; 3],
}

const fn case(id: &'static str, rig: MakeRig, bounds: [&'static str; 3]) -> Case {
    Case { id, rig, bounds }
}

/// Every quantity but counts. At 1 MHz an interval is known to a microsecond.
const CASES: &[Case] = &[
    case("frame.time", steady, ["9999 us", "10 ms", "10001 us"]),
    // 19 frames in 190 ms, give or take a sample.
    case("frame.rate", steady, ["19000000/190001 Hz", "100 Hz", "19000000/189999 Hz"]),
    // Intervals of 10 000, 10 100 and 10 000 µs.
    case("frame.jitter", stepping, ["98 us", "100 us", "102 us"]),
    case("frame.cycle-jitter", stepping, ["98 us", "100 us", "102 us"]),
    // Starts at 0, 10 000, 20 100 and 30 100 µs: fitted 10 040 µs a frame, residuals 10, -30, 30 and -10 µs.
    case("frame.tie", stepping, ["57.5 us", "60 us", "62.5 us"]),
    // Against 10 ms: 0, 0, 100 and 100 µs.
    case("frame.tie-nominal", stepping, ["99 us", "100 us", "101 us"]),
    // ½ · Σ|x − x̄| / Σ(x − x̄)² = ½ · 4 / 5 of a sample a frame, or 40 ppm of 10 ms.
    case("frame.drift", stepping, ["3960 ppm", "4000 ppm", "4040 ppm"]),
    case("fsin.width", steady, ["99 us", "100 us", "101 us"]),
    case("trigger.latency", steady, ["19 us", "20 us", "21 us"]),
    // The exposure ends 5223 µs before the next FSIN, and the camera takes 123 µs more.
    case("trigger.margin", recovering, ["5099 us", "5100 us", "5101 us"]),
    case("exposure.time", steady, ["4006 us", "4007 us", "4008 us"]),
    case("exposure.latency", triggered, ["776 us", "777 us", "778 us"]),
    case("exposure.end", steady, ["6 us", "7 us", "8 us"]),
    case("exposure.middle", centred, ["2999.5 us", "3000.5 us", "3001.5 us"]),
    // Latencies of 777 and 787 µs in turn.
    case("exposure.jitter", wavering, ["8 us", "10 us", "12 us"]),
    case("exposure.gap", steady, ["5992 us", "5993 us", "5994 us"]),
    case("flash.lead", steady, ["99 us", "100 us", "101 us"]),
    case("flash.lag", steady, ["199 us", "200 us", "201 us"]),
    // From FSIN to the flash of the frame that begins there.
    case("flash.latency", steady, ["5899 us", "5900 us", "5901 us"]),
    // 40 of 4000 µs are dark; with every edge where it hurts most, 41, or 39.
    case("flash.coverage", late, ["98.975 %", "99 %", "99.025 %"]),
    // 100 µs before and 200 µs after each exposure, four edges.
    case("flash.leak", steady, ["298 us", "300 us", "302 us"]),
    case("flash.on-time", steady, ["4306 us", "4307 us", "4308 us"]),
    case("flash.off-time", steady, ["5692 us", "5693 us", "5694 us"]),
    case("flash.cycle-duty", steady, ["43.06 %", "43.07 %", "43.08 %"]),
    // 100 pulses of 4 ms in a second, each known to a sample.
    case("flash.duty", blinking, ["39.99 %", "40 %", "40.01 %"]),
    // Three of them in 25 ms.
    case("flash.duty@25ms", blinking, ["47.988 %", "48 %", "48.012 %"]),
    case("flash.hold", steady, ["99 us", "100 us", "101 us"]),
    // 4007 µs of row 0, less the 1000 µs until the last row starts.
    case("rolling.window", rolling, ["3006 us", "3007 us", "3008 us"]),
    case("rolling.margin-start", rolling, ["99 us", "100 us", "101 us"]),
    case("rolling.margin-end", rolling, ["56 us", "57 us", "58 us"]),
    // The row 1 ms later sees 2000 of the 2500 µs, row 0 all.
    case("rolling.evenness", half_lit, ["199900/2501 %", "80 %", "200100/2499 %"]),
    // The flash starts 500 µs after row 0 does: rows that are no more later see all of it.
    case("rolling.lit-rows", half_lit, ["49.9 %", "50 %", "50.1 %"]),
    case("readout.start", steady, ["4 us", "5 us", "6 us"]),
    case("readout.time", steady, ["2999 us", "3 ms", "3001 us"]),
    case("skew.start", two_cameras, ["2009 us", "2010 us", "2011 us"]),
    case("skew.end", two_cameras, ["10 us", "11 us", "12 us"]),
    // Five frames, 1 µs more in each: Σ|x − x̄| / Σ(x − x̄)² = 6 / 10, so 1 ± 0.6 µs in 10 000 ± 0.3 µs.
    case("skew.drift", drifting, ["4000000/100003 ppm", "100 ppm", "16000000/99997 ppm"]),
    // 10 001 ± 0.3 µs against 10 000 ± 0.3 µs.
    case("skew.rate", drifting, ["4000000/100003 ppm", "100 ppm", "16000000/99997 ppm"]),
];

/// Counts, and what they are.
const COUNTS: &[(&str, MakeRig, u32)] = &[
    ("line.edges", disturbed, 38),
    ("line.glitches", disturbed, 1),
    ("frame.missing", disturbed, 1),
    ("frame.extra", disturbed, 1),
    ("frame.count", disturbed, 19),
    ("exposure.count", disturbed, 19),
    ("flash.count", disturbed, 21),
    ("trigger.count", unanswered, 18),
    ("flash.pulses", steady, 1),
    ("exposure.missing", disturbed, 2),
    ("exposure.extra", disturbed, 2),
    ("exposure.turn", on_the_wrong_pin, 1),
    ("fsin.pulses", in_groups, 3),
    ("flash.missing", disturbed, 1),
    ("flash.extra", disturbed, 3),
    ("trigger.missing", unanswered, 1),
    ("trigger.extra", unanswered, 2),
    ("readout.missing", unanswered, 3),
    ("rolling.empty", too_short, 2),
    ("skew.missing", apart, 4),
];

const BOUNDARIES: std::ops::Range<u64> = 1..21;

/// Pulses from `from` to `to` microseconds after each of these boundaries, which come every 10 ms.
fn around(boundaries: impl IntoIterator<Item = u64>, from: i64, to: i64) -> Vec<u64> {
    let at = |boundary: u64, by: i64| (10_000 * boundary).checked_add_signed(by).unwrap();
    boundaries.into_iter().flat_map(|boundary| [at(boundary, from), at(boundary, to)]).collect()
}

/// Twenty boundaries: everything in its place.
fn steady() -> (Capture, &'static str) {
    let lines = [
        ("T", around(BOUNDARIES, -20, -10)),
        ("F", around(BOUNDARIES, 0, 100)),
        ("S", around(BOUNDARIES, -4000, 7)),
        ("L", around(BOUNDARIES, -4100, 207)),
        ("R", around(BOUNDARIES, 12, 3012)),
    ];
    let spec = "[wiring]\ntrigger = \"T\"\nfsin = \"F\"\nstrobe = \"S\"\nflash = \"L\"\nreadout = \"R\"\n\
                [timing]\nalignment = \"end\"\nframe_time = \"10 ms\"\n";
    (capture("1 MHz", 205_000, &lines), spec)
}

/// Four frame starts, one 100 µs late, and the next by as much.
fn stepping() -> (Capture, &'static str) {
    let ends = [11_000, 21_000, 31_100, 41_100];
    let strobe = ends.iter().flat_map(|&end| [end - 500, end]).collect();
    let spec = "[wiring]\nstrobe = \"S\"\n[timing]\nalignment = \"end\"\nframe_time = \"10 ms\"\n";
    (capture("1 MHz", 50_000, &[("S", strobe)]), spec)
}

fn triggered() -> (Capture, &'static str) {
    let lines = [("F", around(BOUNDARIES, 0, 100)), ("S", around(BOUNDARIES, 777, 4777))];
    let spec = "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"start\"\nframe_time = \"10 ms\"\n";
    (capture("1 MHz", 215_000, &lines), spec)
}

fn recovering() -> (Capture, &'static str) {
    let spec = "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n\
                [timing]\nalignment = \"start\"\nframe_time = \"10 ms\"\nrecovery = \"123 us\"\n";
    (triggered().0, spec)
}

/// Exposures of 3999 and 1999 µs in turn, half a microsecond more than 3 ms about FSIN.
fn centred() -> (Capture, &'static str) {
    let strobe = BOUNDARIES.flat_map(|n| around([n], 1001 + 1000 * (n as i64 % 2), 5000 - 1000 * (n as i64 % 2)));
    let lines = [("F", around(BOUNDARIES, 0, 100)), ("S", strobe.collect())];
    let spec = "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"middle\"\nframe_time = \"10 ms\"\n";
    (capture("1 MHz", 215_000, &lines), spec)
}

fn wavering() -> (Capture, &'static str) {
    let strobe = BOUNDARIES.flat_map(|n| around([n], 777 + 10 * (n as i64 % 2), 4777)).collect();
    let (_, spec) = triggered();
    (capture("1 MHz", 215_000, &[("F", around(BOUNDARIES, 0, 100)), ("S", strobe)]), spec)
}

/// The flash comes 40 µs late.
fn late() -> (Capture, &'static str) {
    let lines = [("S", around(BOUNDARIES, -4000, 0)), ("L", around(BOUNDARIES, -3960, 200))];
    (capture("1 MHz", 205_000, &lines), "[wiring]\nstrobe = \"S\"\nflash = \"L\"\n[timing]\nalignment = \"end\"\n")
}

fn blinking() -> (Capture, &'static str) {
    (capture("1 MHz", 1_200_000, &[("L", around(1..111, 0, 4000))]), "[wiring]\nflash = \"L\"\n")
}

/// The last row starts 1 ms after row 0; the flash is lit while all rows are exposed, but for 100 and 57 µs.
fn rolling() -> (Capture, &'static str) {
    let lines = [("S", around(BOUNDARIES, -4000, 7)), ("L", around(BOUNDARIES, -2900, -50))];
    let spec = "[wiring]\nstrobe = \"S\"\nflash = \"L\"\n\
                [timing]\nalignment = \"end\"\nshutter = \"rolling\"\nreadout_time = \"1 ms\"\n";
    (capture("1 MHz", 205_000, &lines), spec)
}

/// The flash begins before all rows are exposed.
fn half_lit() -> (Capture, &'static str) {
    let lines = [("S", around(BOUNDARIES, -4000, 0)), ("L", around(BOUNDARIES, -3500, -1000))];
    (capture("1 MHz", 205_000, &lines), rolling().1)
}

const TWO_CAMERAS: &str = "[wiring]\nstrobe = \"S\"\n[timing]\nalignment = \"end\"\nframe_time = \"10 ms\"\n\
                           [camera.right]\nstrobe = \"R\"\n";

/// The right camera exposes half as long, and ends 11 µs later.
fn two_cameras() -> (Capture, &'static str) {
    let lines = [("S", around(BOUNDARIES, -4000, 0)), ("R", around(BOUNDARIES, -1990, 11))];
    (capture("1 MHz", 205_000, &lines), TWO_CAMERAS)
}

/// The right camera's frames last 1 µs longer.
fn drifting() -> (Capture, &'static str) {
    let right = (1..6_u64).flat_map(|n| around([n], n as i64 - 2000, n as i64)).collect();
    (capture("1 MHz", 55_000, &[("S", around(1..6, -4000, 0)), ("R", right)]), TWO_CAMERAS)
}

/// Boundary 5 has no FSIN, boundary 8 one more, 3 ms after it; boundaries 10 and 11 have no exposure, one more pulse ends
/// 3 ms after boundary 14; the flash of boundary 17 is missing.
fn disturbed() -> (Capture, &'static str) {
    let mut fsin = around((1..21).filter(|n| *n != 5), 0, 100);
    fsin.extend([83_000, 83_100]);
    fsin.sort_unstable();
    let mut strobe = around((1..21).filter(|n| ![10, 11].contains(n)), -4000, 0);
    strobe.extend([141_000, 143_000]);
    strobe.sort_unstable();
    let mut flash = around((1..21).filter(|n| *n != 17), -4100, 200);
    // One flash more, which also touches the pulse too many, and a glitch before it.
    flash.extend([140_800, 143_200, 32_000, 32_003, 33_000, 34_000]);
    flash.sort_unstable();
    let lines = [("F", fsin), ("S", strobe), ("L", flash)];
    let spec = "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\nflash = \"L\"\n[analyzer]\nglitch = { flash = \"5 us\" }\n\
                [timing]\nalignment = \"end\"\nframe_time = \"10 ms\"\n";
    (capture("1 MHz", 205_000, &lines), spec)
}

/// Boundary 12 has a trigger and no FSIN, boundaries 7 and 8 have FSIN without a trigger; the exposures of boundaries 3, 4
/// and 15 are not read out.
fn unanswered() -> (Capture, &'static str) {
    let but = |left_out: &'static [u64]| BOUNDARIES.filter(move |n| !left_out.contains(n));
    let lines = [
        ("T", around(but(&[7, 8]), -20, -10)),
        ("F", around(but(&[12]), 0, 100)),
        ("S", around(BOUNDARIES, -4000, 7)),
        ("R", around(but(&[3, 4, 15]), 12, 3012)),
    ];
    let spec = "[wiring]\ntrigger = \"T\"\nfsin = \"F\"\nstrobe = \"S\"\nreadout = \"R\"\n\
                [timing]\nalignment = \"end\"\n";
    (capture("1 MHz", 205_000, &lines), spec)
}

/// The last row starts 3 ms after row 0; the exposures of boundaries 5 and 9 last 2 ms.
fn too_short() -> (Capture, &'static str) {
    let strobe = BOUNDARIES.flat_map(|n| around([n], if [5, 9].contains(&n) { -2000 } else { -4000 }, 0)).collect();
    let lines = [("S", strobe), ("L", around(BOUNDARIES, -900, -50))];
    let spec = "[wiring]\nstrobe = \"S\"\nflash = \"L\"\n\
                [timing]\nalignment = \"end\"\nshutter = \"rolling\"\nreadout_time = \"3 ms\"\n";
    (capture("1 MHz", 205_000, &lines), spec)
}

/// The right camera lacks the frames of boundaries 6, 7 and 18, the first one that of 11.
fn apart() -> (Capture, &'static str) {
    let but = |left_out: &'static [u64]| BOUNDARIES.filter(move |n| !left_out.contains(n));
    let lines = [("S", around(but(&[11]), -4000, 0)), ("R", around(but(&[6, 7, 18]), -1990, 11))];
    (capture("1 MHz", 205_000, &lines), TWO_CAMERAS)
}

/// The exposures of odd boundaries on one pin, of even ones on the other; that of boundary 7 is not.
fn in_groups() -> (Capture, &'static str) {
    let fsin = BOUNDARIES.flat_map(|n| [0, 1000, 2500].map(|later| 10_000 * n + later));
    let lines = [("F", fsin.flat_map(|at| [at, at + 100]).collect()), ("S", around(BOUNDARIES, 4000, 7000))];
    let spec = "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n\
                [timing]\nalignment = \"start\"\nframe_time = \"10 ms\"\nfsin_per_frame = 3\n";
    (capture("1 MHz", 215_000, &lines), spec)
}

/// A frame takes three pulses of FSIN; one within a group is lost, or too many: as many as are stated are owed.
#[test]
fn each_frame_has_as_many_pulses_of_fsin_as_are_stated() {
    let (_, spec) = in_groups();
    let judged_by = |change: &dyn Fn(&mut Vec<u64>), limits: &str| {
        let mut starts: Vec<u64> = BOUNDARIES.flat_map(|n| [0, 1000, 2500].map(|later| 10_000 * n + later)).collect();
        change(&mut starts);
        let fsin = starts.iter().flat_map(|at| [*at, at + 100]).collect();
        let capture = capture("1 MHz", 215_000, &[("F", fsin), ("S", around(BOUNDARIES, 4000, 7000))]);
        judged(&capture, &format!("{spec}[limits]\n{limits}\n"))
    };
    let verdict = |change: &dyn Fn(&mut Vec<u64>)| {
        let judgement = judged_by(change, "exposure.time = \">= 1 ms\"");
        let check = check(&judgement, "fsin.pulses");
        (check.verdict, check.failed, check.worst.as_ref().map(|worst| worst.from.get()).filter(|_| check.failed > 0))
    };
    assert_eq!(verdict(&|_| ()), (Pass, 0, None));
    assert_eq!(verdict(&|starts| starts.retain(|at| *at != 81_000)), (Fail, 1, Some(80_000)));
    assert_eq!(verdict(&|starts| starts.retain(|at| *at != 112_500)), (Fail, 1, Some(110_000)));
    let extra = |starts: &mut Vec<u64>| {
        starts.push(91_700);
        starts.sort_unstable();
    };
    assert_eq!(verdict(&extra), (Fail, 1, Some(90_000)));
    // Frames of two pulses where three are stated.
    assert_eq!(verdict(&|starts| starts.retain(|at| at % 10_000 != 1000)).0, Fail);
    let taken_back = judged_by(&extra, "fsin.pulses = \"none\"\nexposure.time = \">= 1 ms\"");
    assert!(taken_back.checks.iter().all(|check| check.quantity.id != "fsin.pulses"));
}

fn on_the_wrong_pin() -> (Capture, &'static str) {
    let on = |first: bool| BOUNDARIES.filter(move |n| (n % 2 == 1 && *n != 7) == first);
    let lines = [("A", around(on(true), -4000, 7)), ("B", around(on(false), -4000, 7))];
    let spec = "[wiring]\nstrobe = [\"A\", \"B\"]\n[timing]\nalignment = \"end\"\nframe_time = \"10 ms\"\n";
    (capture("1 MHz", 205_000, &lines), spec)
}

/// The judgement by one limit, and the check of it; the clock is perfect.
fn by_limit((capture, spec): &(Capture, &'static str), id: &str, limit: &str) -> Check {
    let key = match id {
        "line.edges" => format!("line.edges = {{ strobe = \"{limit}\" }}"),
        "line.glitches" => format!("line.glitches = {{ flash = \"{limit}\" }}"),
        _ => match id.split_once('.') {
            Some((family, name)) => format!("{family}.\"{name}\" = \"{limit}\""),
            None => format!("{id} = \"{limit}\""),
        },
    };
    let clock = if spec.contains("[analyzer]") { "" } else { "[analyzer]\nclock = \"0 ppm\"\n" };
    let judgement = judged(capture, &format!("{spec}{clock}[limits]\n{key}\n"));
    let line = match id {
        "line.edges" => Some("strobe"),
        "line.glitches" => Some("flash"),
        _ => None,
    };
    let mut found = judgement.checks.into_iter().filter(|c| c.quantity.id == id && c.line.as_deref() == line);
    found.next().unwrap_or_else(|| panic!("no check of {id}"))
}

fn base(text: &str) -> Rational {
    parse_value(text).unwrap().0
}

#[test]
fn every_quantity_passes_and_fails_exactly_at_its_bounds() {
    for Case { id, rig, bounds: [low, value, high] } in CASES {
        let rig = rig();
        let verdict = |limit: String| by_limit(&rig, id, &limit).verdict;
        let upper = [high, value, low].map(|bound| verdict(format!("<= {bound}")));
        assert_eq!(upper, [Pass, Inconclusive, Fail], "{id} below {high}, {value}, {low}");
        let lower = [low, value, high].map(|bound| verdict(format!(">= {bound}")));
        assert_eq!(lower, [Pass, Inconclusive, Fail], "{id} above {low}, {value}, {high}");
        let worst = by_limit(&rig, id, &format!("<= {value}")).worst.unwrap();
        assert_eq!((worst.value, worst.low, worst.high), (base(value), Some(base(low)), Some(base(high))), "{id}");
    }
}

#[test]
fn counts_are_exact() {
    for (id, rig, count) in COUNTS {
        let rig = rig();
        let verdict = |limit: String| by_limit(&rig, id, &limit).verdict;
        assert_eq!(verdict(format!("<= {count}")), Pass, "{id}");
        assert_eq!(verdict(format!(">= {count}")), Pass, "{id}");
        assert_eq!(verdict(format!("<= {}", count - 1)), Fail, "{id}");
        assert_eq!(verdict(format!(">= {}", count + 1)), Fail, "{id}");
    }
}

/// Exposures of 4 ms begin 1 ms after FSIN; the camera is ready with its readout where the two may not overlap, and an edge of
/// FSIN that comes before is one of its values.
#[test]
fn a_trigger_that_comes_too_early_has_a_margin_below_0() {
    let mut fsin = around(BOUNDARIES, 0, 100);
    // 3 ms after boundary 8, in its exposure, which ends 2 ms later.
    fsin.extend([83_000, 83_100]);
    fsin.sort_unstable();
    let lines = [("F", fsin), ("S", around(BOUNDARIES, 1000, 5000)), ("R", around(BOUNDARIES, 5010, 8010))];
    let capture = capture("1 MHz", 215_000, &lines);
    let check = |wiring: &str, timing: &str, limit: &str| {
        let spec = format!(
            "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n{wiring}[analyzer]\nclock = \"0 ppm\"\n\
             [timing]\nalignment = \"start\"\nframe_time = \"10 ms\"\n{timing}[limits]\ntrigger.margin = \"{limit}\"\n"
        );
        check(&judged(&capture, &spec), "trigger.margin").clone()
    };
    let ready = |wiring: &str, timing: &str, early: &str, late: &str| {
        let bound = |value: &str, by: i128| format!("{} us", value.parse::<i128>().unwrap() + by);
        let limit = |below: i128, above: i128| format!("{} .. {}", bound(early, below), bound(late, above));
        let verdicts = [limit(-1, 1), limit(0, 1), limit(-1, 0), limit(1, 1), limit(-1, -1)];
        verdicts.map(|limit| check(wiring, timing, &limit).verdict)
    };
    let expected = [Pass, Inconclusive, Inconclusive, Fail, Fail];
    // The edge that is too many comes 2000 µs before the end of the exposure, the others 5000 µs after it.
    assert_eq!(ready("", "", "-2000", "5000"), expected);
    assert_eq!(check("", "", ">= -10 ms").measured, 20);
    assert_eq!(ready("", "recovery = \"250 us\"\n", "-2250", "4750"), expected);
    // The readout ends 8010 µs after each boundary, by its line, or 3 ms after the exposure.
    let never = "overlap = \"never\"\n";
    assert_eq!(ready("readout = \"R\"\n", never, "-5010", "1990"), expected);
    assert_eq!(ready("", &format!("{never}readout_time = \"3 ms\"\n"), "-5000", "2000"), expected);
    // What comes last counts.
    assert_eq!(ready("readout = \"R\"\n", &format!("{never}recovery = \"4 ms\"\n"), "-6000", "1000"), expected);
}

/// The record ends while the last exposure, or its readout, still lasts, or the camera's line is inactive: a trigger before that came
/// too early, by at least so much.
#[test]
fn a_trigger_before_what_the_record_cuts_off_is_early_by_at_least_that() {
    let check = |last: u64, length: u64, lines: &[(&str, Vec<u64>)], wiring: &str, timing: &str, limit: &str| {
        let fsin = [around(1..4, 0, 100), vec![last, last + 100]].concat();
        let lines = [&[("F", fsin)], lines].concat();
        let spec = format!(
            "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n{wiring}[analyzer]\nclock = \"0 ppm\"\n\
             [timing]\nalignment = \"start\"\n{timing}[limits]\ntrigger.margin = \"{limit}\"\n"
        );
        let judgement = judged(&capture("1 MHz", length, &lines), &spec);
        let check = check(&judgement, "trigger.margin");
        (check.verdict, check.failed)
    };
    let strobe = ("S", [around(1..3, 1000, 5000), vec![31_000]].concat());
    // Seen to last up to the sample before 36 000; the trigger comes at 34 000, so it is more than 1999 µs early.
    let exposure = |limit: &str| check(34_000, 36_000, std::slice::from_ref(&strobe), "", "", limit);
    assert_eq!(exposure(">= -1999 us"), (Fail, 1));
    assert_eq!((exposure(">= -2000 us"), exposure(">= -5 ms")), ((Pass, 0), (Pass, 0)));
    let strobe = ("S", around(1..4, 1000, 5000));
    let readout = ("R", [around(1..3, 5010, 9010), vec![35_010]].concat());
    let lines = [strobe.clone(), readout];
    let read_out = |limit: &str| check(36_000, 38_000, &lines, "readout = \"R\"\n", "overlap = \"never\"\n", limit);
    assert_eq!((read_out(">= -1999 us"), read_out(">= -2000 us")), ((Fail, 1), (Pass, 0)));
    // Its own line goes active after each exposure but the last one.
    let lines = [strobe, ("Y", around(1..3, 6500, 10_000))];
    let told = |limit: &str| check(36_000, 38_000, &lines, "ready = \"Y\"\n", "", limit);
    assert_eq!((told(">= -1999 us"), told(">= -2000 us")), ((Fail, 1), (Pass, 0)));
}

/// Exposures of 4 ms begin 1 ms after FSIN; the camera's own line goes inactive with the trigger and active 6.5 ms after it.
#[test]
fn a_camera_says_itself_when_it_is_ready() {
    let mut fsin = around(BOUNDARIES, 0, 100);
    // In the exposure of boundary 8: the camera is ready 3500 µs later.
    fsin.extend([83_000, 83_100]);
    fsin.sort_unstable();
    let strobe = around(BOUNDARIES, 1000, 5000);
    // Active first of all, then from 16 500 to 20 000, from 26 500 to 30 000 ...
    let mut line = vec![500, 10_000];
    line.extend(around(BOUNDARIES, 6500, 10_000));
    let margin = |fsin: &[u64], ready: &[u64], timing: &str, limit: &str| {
        let lines = [("F", fsin.to_vec()), ("S", strobe.clone()), ("Y", ready.to_vec())];
        let spec = format!(
            "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\nready = \"Y\"\n[analyzer]\nclock = \"0 ppm\"\n\
             [timing]\nalignment = \"start\"\nframe_time = \"10 ms\"\n{timing}[limits]\ntrigger.margin = \"{limit}\"\n"
        );
        check(&judged(&capture("1 MHz", 215_000, &lines), &spec), "trigger.margin").clone()
    };
    let verdicts = |timing: &str| {
        ["-3501 us .. 3501 us", "-3500 us .. 3501 us", "-3501 us .. 3500 us", "-3499 us .. 9 ms", "-9 ms .. 3499 us"]
            .map(|limit| margin(&fsin, &line, timing, limit).verdict)
    };
    let expected = [Pass, Inconclusive, Inconclusive, Fail, Fail];
    assert_eq!(verdicts(""), expected);
    // Its own word stands for what would else be reckoned.
    assert_eq!(verdicts("recovery = \"4 ms\"\noverlap = \"never\"\n"), expected);
    assert_eq!(margin(&fsin, &line, "", ">= -10 ms").measured, 20);
    // It stays active over boundary 5: at boundary 6 it has not become active since the exposure began.
    let kept: Vec<u64> = line.iter().copied().filter(|at| ![50_000, 56_500].contains(at)).collect();
    assert_eq!(margin(&fsin, &kept, "", ">= -10 ms").measured, 19);
    // A trigger that nothing answers comes as the line goes inactive: whether it was active, samples do not tell.
    let late: Vec<u64> = fsin.iter().map(|at| if (83_000..84_000).contains(at) { at + 4000 } else { *at }).collect();
    let mut spike = line.clone();
    spike.extend([87_000, 88_000]);
    spike.sort_unstable();
    assert_eq!(margin(&late, &spike, "", ">= -10 ms").measured, 19);
    assert_eq!(margin(&late, &line, "", ">= -10 ms").measured, 20);
    // A sample after it, it was not.
    let after: Vec<u64> = spike.iter().map(|at| if *at == 87_000 { 86_999 } else { *at }).collect();
    assert_eq!(margin(&late, &after, "", "-1001 us .. 4 ms").measured, 20);
    assert_eq!(margin(&late, &after, "", "-999 us .. 4 ms").verdict, Fail);
    // A line that never becomes active says nothing.
    let silent = margin(&fsin, &[], "", ">= 0 us");
    assert_eq!((silent.verdict, silent.measured), (Inconclusive, 0));
    assert!(silent.reason.unwrap().contains("ready"));
}

/// Exposures of 12 ms, 10 ms apart, on two pins in turn: each pin's pulses begin before those of the other end.
#[test]
fn pulses_of_two_pins_are_merged_as_pulses() {
    let on = |odd: bool| around(BOUNDARIES.filter(move |n| (n % 2 == 1) == odd), 0, 12_000);
    let lines = [("A", on(true)), ("B", on(false))];
    let wiring = "[wiring]\nstrobe = [\"A\", \"B\"]\n[timing]\nalignment = \"start\"\nframe_time = \"10 ms\"\n";
    let rig = (capture("1 MHz", 215_000, &lines), wiring);
    let verdicts =
        |id: &str, limits: &[&str]| limits.iter().map(|limit| by_limit(&rig, id, limit).verdict).collect::<Vec<_>>();
    let time = ["11999 us .. 12001 us", "12 ms .. 12001 us", "<= 11999 us"];
    assert_eq!(verdicts("exposure.time", &time), [Pass, Inconclusive, Fail]);
    assert_eq!(verdicts("exposure.count", &["20", ">= 21"]), [Pass, Fail]);
    assert_eq!(verdicts("frame.time", &["9999 us .. 10001 us", "<= 9999 us"]), [Pass, Fail]);
    // The next one begins before it ends.
    assert_eq!(verdicts("exposure.gap", &["-2001 us .. -1999 us", ">= -1999 us"]), [Pass, Fail]);
    assert_eq!(verdicts("exposure.turn", &["0"]), [Pass]);
    // As soon as something is judged, so are the turns.
    let judgement = judged(&rig.0, &format!("{wiring}[limits]\nexposure.time = \">= 1 ms\"\n"));
    assert_eq!(check(&judgement, "exposure.turn").verdict, Pass);
}

/// A pulse on one pin within a pulse of the other, where nothing but STROBE counts frames: each keeps its own end.
#[test]
fn a_pulse_within_that_of_another_pin_takes_no_frame_from_it() {
    let on = |first: bool| BOUNDARIES.filter(move |n| (n % 2 == 1) == first);
    let mut second = around(on(false), -4000, 7);
    second.extend([107_000, 108_000]);
    second.sort_unstable();
    let capture = capture("1 MHz", 215_000, &[("A", around(on(true), -4000, 7)), ("B", second)]);
    let spec = "[wiring]\nstrobe = [\"A\", \"B\"]\n[timing]\nalignment = \"end\"\n[limits]\nexposure.time = \">= 1 ms\"\n\
                frame.count = \"21\"\n";
    let judgement = judged(&capture, spec);
    assert_eq!((check(&judgement, "exposure.time").measured, check(&judgement, "frame.count").verdict), (21, Pass));
    assert!(judgement.observation.cameras[0].exposures.iter().all(|exposure| exposure.frame.is_some()));
}

/// The exposure of boundary 11 is missing, and the pins go on as if it had not been there.
#[test]
fn behind_a_pause_turns_begin_anew_where_no_frame_time_counts_it() {
    let on = |first: bool| BOUNDARIES.filter(|n| *n != 11).filter(move |n| ((n % 2 == 1) == (*n < 11)) == first);
    let lines = [("A", around(on(true), -4000, 7)), ("B", around(on(false), -4000, 7))];
    let capture = capture("1 MHz", 205_000, &lines);
    let count = |frame_time: &str, limit: &str| {
        let spec = format!(
            "[wiring]\nstrobe = [\"A\", \"B\"]\n[timing]\nalignment = \"end\"\n{frame_time}[limits]\nexposure.turn = \"{limit}\"\n"
        );
        check(&judged(&capture, &spec), "exposure.turn").verdict
    };
    assert_eq!(count("", "0"), Pass);
    // By their numbers, those of 9 boundaries behind it are wrong, or those of 10 before it.
    let timed = "frame_time = \"10 ms\"\n";
    assert_eq!([count(timed, "9"), count(timed, "<= 8"), count(timed, ">= 10")], [Pass, Fail, Fail]);
}

/// A frame takes three FSIN pulses, 1 and 1.5 ms apart; the record begins between two of them.
#[test]
fn frames_of_several_fsin_pulses_begin_behind_the_longest_pause() {
    let pulse = |n: u64, at: i64| around([n], at, at + 100);
    let mut fsin = pulse(0, 2500);
    for n in BOUNDARIES {
        fsin.extend([pulse(n, 0), pulse(n, 1000), pulse(n, 2500)].concat());
    }
    let strobe = around(BOUNDARIES, 777, 4777);
    let wiring = "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"start\"\nfsin_per_frame = 3\n";
    let timed = format!("{wiring}frame_time = \"10 ms\"\n");
    let of = |fsin: &[u64], spec: &str, id: &str, limit: &str| {
        let lines = [("F", fsin.to_vec()), ("S", strobe.clone())];
        let spec = format!("{spec}[analyzer]\nclock = \"0 ppm\"\n[limits]\n{id} = \"{limit}\"\n");
        check(&judged(&capture("1 MHz", 215_000, &lines), &spec), id).clone()
    };
    for spec in [wiring, &timed] {
        let verdicts = ["9999 us .. 10001 us", "10 ms .. 10001 us", "<= 9999 us", ">= 10001 us"]
            .map(|limit| of(&fsin, spec, "frame.time", limit).verdict);
        assert_eq!(verdicts, [Pass, Inconclusive, Fail, Fail]);
        let latency = ["776 us .. 778 us", "777 us .. 778 us", "<= 776 us"];
        assert_eq!(latency.map(|limit| of(&fsin, spec, "exposure.latency", limit).verdict), [Pass, Inconclusive, Fail]);
        // The lone pulse at 2.5 ms may begin a frame whose others are missing.
        let count = ["20 .. 21", "20", ">= 22"].map(|limit| of(&fsin, spec, "frame.count", limit).verdict);
        assert_eq!(count, [Pass, Inconclusive, Fail]);
        assert_eq!(of(&fsin, spec, "exposure.missing", "0").verdict, Pass);
        // 5223 µs from the end of an exposure to the trigger of the next frame, and to no other pulse.
        assert_eq!(of(&fsin, spec, "trigger.margin", "5222 us .. 5224 us").verdict, Pass);
        assert_eq!(of(&fsin, spec, "fsin.width", "99 us .. 101 us").measured, 61);
    }
    // A pulse that is missing within a frame moves no frame.
    let without: Vec<u64> = fsin.iter().copied().filter(|at| ![91_000, 91_100].contains(at)).collect();
    assert_eq!(of(&without, &timed, "frame.time", "9999 us .. 10001 us").verdict, Pass);
    // Where the one that begins a frame is missing, the next one does, 1 ms later.
    let without: Vec<u64> = fsin.iter().copied().filter(|at| ![90_000, 90_100].contains(at)).collect();
    assert_eq!(of(&without, &timed, "frame.time", "<= 11001 us").verdict, Pass);
}

/// Frames of three FSIN pulses and their exposures, 10 ms each but those behind the twelfth, of which all is so much longer.
fn three_a_frame(later: u64) -> (Vec<u64>, Vec<u64>) {
    let starts = (0..12).map(|n| (5000 + 10_000 * n, 10_000));
    let starts = starts.chain((0..8).map(|n| (125_000 + later * n, later)));
    let (mut fsin, mut strobe) = (Vec::new(), Vec::new());
    for (at, frame) in starts {
        let pulses = [0, frame / 10, frame / 4].map(|offset| [at + offset, at + offset + 60]);
        fsin.extend(pulses.as_flattened());
        strobe.extend([at + 500, at + 2500]);
    }
    (fsin, strobe)
}

/// The pulses of a line without that which starts at a sample.
fn without(pulses: &[u64], start: u64) -> Vec<u64> {
    pulses.chunks(2).filter(|pulse| pulse[0] != start).flatten().copied().collect()
}

#[test]
fn groups_of_fsin_pulses_follow_the_rate() {
    for (later, longest) in [(8000, 10_000), (13_000, 13_000), (15_100, 15_100)] {
        let (fsin, strobe) = three_a_frame(later);
        let capture = capture("1 MHz", 125_000 + 9 * later, &[("F", fsin), ("S", strobe)]);
        let of = |id: &str, limit: &str| {
            let spec = format!(
                "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"start\"\nfsin_per_frame = 3\n\
                 [analyzer]\nclock = \"0 ppm\"\n[limits]\n{id} = \"{limit}\"\n"
            );
            check(&judged(&capture, &spec), id).clone()
        };
        assert_eq!(of("frame.time", &format!("7999 us .. {} us", longest + 1)).verdict, Pass, "{later}");
        assert_eq!(of("frame.time", &format!("<= {} us", longest - 1)).verdict, Fail, "{later}");
        assert_eq!([of("exposure.missing", "0").verdict, of("exposure.extra", "0").verdict], [Pass, Pass], "{later}");
        assert_eq!(of("frame.count", "20").verdict, Pass, "{later}");
    }
}

/// A lost stretch leaves the last group of three alone, whole or without its last pulse; exposures end at the first pulse of each.
#[test]
fn a_group_of_fsin_pulses_alone_behind_a_loss_proves_no_failure() {
    let (fsin, _) = three_a_frame(10_000);
    let strobe: Vec<u64> = (0..20).flat_map(|n| [3000 + 10_000 * n, 5000 + 10_000 * n]).collect();
    let spec = |id: &str| {
        format!(
            "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"end\"\nfsin_per_frame = 3\n\
             frame_time = \"10 ms\"\n[analyzer]\nclock = \"0 ppm\"\n[limits]\n{id} = \"0\"\n"
        )
    };
    // The last group begins at 195 ms, and the pulses of the one before are lost with the stretch.
    for fsin in [fsin.clone(), without(&fsin, 197_500)] {
        let whole = capture("1 MHz", 214_000, &[("F", fsin), ("S", strobe.clone())]);
        let lost = crate::bench_capture::damaged(whole, 181_000, 189_000);
        for id in ["exposure.extra", "exposure.missing", "frame.missing", "frame.extra"] {
            assert_eq!(check(&judged(&lost, &spec(id)), id).verdict, Inconclusive, "{id}");
        }
    }
}

/// The second pulse of the first group is missing. It begins a frame if the silence before it is longer than what lies within groups.
#[test]
fn a_first_group_that_lacks_a_pulse_is_a_frame_or_may_be() {
    let (fsin, strobe) = three_a_frame(10_000);
    let fsin = without(&fsin, 6000);
    let count = |earlier: u64, limit: &str| {
        let shift = |line: &[u64]| line.iter().map(|at| at - earlier).collect::<Vec<u64>>();
        let capture = capture("1 MHz", 209_000, &[("F", shift(&fsin)), ("S", shift(&strobe))]);
        let spec = format!(
            "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"start\"\nfsin_per_frame = 3\n\
             [limits]\nframe.count = \"{limit}\"\n"
        );
        check(&judged(&capture, &spec), "frame.count").verdict
    };
    // 5 ms of silence, where a pause has 7.5 ms and a group at most 1.5 ms; then 4 ms.
    assert_eq!([count(0, "20"), count(0, "19")], [Pass, Fail]);
    assert_eq!(
        ["20", "19", "19 .. 20", ">= 21"].map(|limit| count(1000, limit)),
        [Inconclusive, Inconclusive, Pass, Fail]
    );
}

/// The host triggers each of three FSIN pulses a frame, or each frame, 200 µs before it.
#[test]
fn triggers_come_for_each_fsin_pulse_or_once_a_frame() {
    let (fsin, strobe) = three_a_frame(10_000);
    let each: Vec<u64> = fsin.iter().map(|at| at - 200).collect();
    let once: Vec<u64> = each.chunks(6).flat_map(|frame| frame[..2].to_vec()).collect();
    let counts = |fsin: &[u64], trigger: &[u64], expected: [u32; 2]| {
        let lines = [("F", fsin.to_vec()), ("S", strobe.clone()), ("T", trigger.to_vec())];
        let capture = capture("1 MHz", 214_000, &lines);
        for (id, count) in ["trigger.missing", "trigger.extra"].into_iter().zip(expected) {
            let spec = format!(
                "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\ntrigger = \"T\"\n[timing]\nalignment = \"start\"\n\
                 fsin_per_frame = 3\n[limits]\n{id} = \"{count}\"\n"
            );
            assert_eq!(check(&judged(&capture, &spec), id).verdict, Pass, "{id} = {count}");
        }
    };
    counts(&fsin, &each, [0, 0]);
    counts(&fsin, &once, [0, 0]);
    // Of a frame at 75 ms: a pulse is missing, or its trigger; one is too many at 79 ms; no trigger asks for the frame.
    counts(&without(&fsin, 76_000), &each, [1, 0]);
    counts(&fsin, &without(&each, 75_800), [0, 1]);
    let mut more = fsin.clone();
    more.extend([79_000, 79_060]);
    more.sort_unstable();
    counts(&more, &each, [0, 1]);
    counts(&more, &once, [0, 1]);
    counts(&fsin, &without(&once, 74_800), [0, 1]);
}

/// Two pulses a frame, all 5 ms apart: exposures tell which begins it.
#[test]
fn of_fsin_pulses_that_are_alike_exposures_tell_which_begins_a_frame() {
    let fsin: Vec<u64> = (1..42).flat_map(|n| [5000 * n, 5000 * n + 100]).collect();
    let judge = |strobe: &[u64], spec: &str, id: &str, limit: &str| {
        let lines = [("F", fsin.clone()), ("S", strobe.to_vec())];
        let spec = format!(
            "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[analyzer]\nclock = \"0 ppm\"\n\
             [timing]\nfsin_per_frame = 2\nframe_time = \"10 ms\"\n{spec}[limits]\n{id} = \"{limit}\"\n"
        );
        check(&judged(&capture("1 MHz", 215_000, &lines), &spec), id).verdict
    };
    // Exposures begin 300 µs after the pulses at 10, 20, 30 ... ms.
    let started = around(BOUNDARIES, 300, 4300);
    let latency = ["299 us .. 301 us", "300 us .. 301 us", "<= 299 us", ">= 301 us"];
    let verdicts = latency.map(|limit| judge(&started, "", "exposure.latency", limit));
    assert_eq!(verdicts, [Pass, Inconclusive, Fail, Fail]);
    // They end 7 µs after those at 15, 25, 35 ... ms, and are not alike: the alignment is found.
    let ended: Vec<u64> = (0..21).flat_map(|n| [10_000 * n + 5000 - 1000 * (1 + n % 3), 10_000 * n + 5007]).collect();
    let end = ["6 us .. 8 us", "7 us .. 8 us", "<= 6 us", ">= 8 us"];
    assert_eq!(end.map(|limit| judge(&ended, "", "exposure.end", limit)), [Pass, Inconclusive, Fail, Fail]);
    let found = ["6 us .. 8 us", "<= 6 us"].map(|limit| judge(&ended, "alignment = \"end\"\n", "exposure.end", limit));
    assert_eq!(found, [Pass, Fail]);
    assert_eq!(judge(&ended, "alignment = \"auto\"\n", "exposure.missing", "0"), Pass);
    assert_eq!(judge(&ended, "", "frame.time", "9999 us .. 10001 us"), Pass);
}

/// A pulse that an end of the record cuts is one or none, and a record that may go on, or has lost samples, holds more.
#[test]
fn counts_of_a_record_are_a_range_where_it_cuts_them() {
    let spec = "[wiring]\nstrobe = \"!S\"\n[timing]\nalignment = \"start\"\n";
    // The record begins in a pulse (low is active), holds two, and ends in one.
    let cut = capture("1 MHz", 39_000, &[("S", vec![1000, 10_000, 14_000, 20_000, 24_000, 36_000])]);
    let verdict = |capture: &Capture, limit: &str| by_limit(&(capture.clone(), spec), "exposure.count", limit).verdict;
    let at = |capture: &Capture| [">= 2", ">= 3", "<= 4", "<= 3", ">= 5", "<= 1"].map(|limit| verdict(capture, limit));
    assert_eq!(at(&cut), [Pass, Inconclusive, Pass, Inconclusive, Fail, Fail]);
    let lost = crate::bench_capture::damaged(cut.clone(), 26_000, 30_000);
    assert_eq!(at(&lost), [Pass, Inconclusive, Inconclusive, Inconclusive, Inconclusive, Fail]);
    let endless = Capture { end: strobecheck::capture::RecordEnd::AtLeast, ..cut };
    assert_eq!(at(&endless), [Pass, Inconclusive, Inconclusive, Inconclusive, Inconclusive, Fail]);
}

/// Flash pulses that barely touch an exposure make their number a range.
#[test]
fn flash_pulses_of_an_exposure_are_counted_by_their_windows() {
    let strobe = around(BOUNDARIES, -4000, 0);
    let flash: Vec<u64> = BOUNDARIES
        .flat_map(|n| [around([n], -4100, -4000), around([n], -3000, -2900), around([n], -2000, -1900)].concat())
        .collect();
    let rig = (
        capture("1 MHz", 205_000, &[("S", strobe), ("L", flash)]),
        "[wiring]\nstrobe = \"S\"\nflash = \"L\"\n[timing]\nalignment = \"end\"\n",
    );
    let verdicts =
        [">= 2", "<= 3", "<= 2", ">= 3", "<= 1", ">= 4"].map(|limit| by_limit(&rig, "flash.pulses", limit).verdict);
    assert_eq!(verdicts, [Pass, Pass, Inconclusive, Inconclusive, Fail, Fail]);
}

/// Behind the last pulse the flash is off for at least as long as it was seen.
#[test]
fn the_last_pause_can_break_an_upper_limit() {
    let rig = (capture("1 MHz", 205_000, &[("L", around(1..11, 0, 4000))]), "[wiring]\nflash = \"L\"\n");
    // The last one ends at 104 ms: off for more than 100.9 ms.
    let verdicts = ["<= 100 ms", "<= 101 ms"].map(|limit| by_limit(&rig, "flash.off-time", limit).verdict);
    assert_eq!(verdicts, [Fail, Pass]);
}

#[test]
fn no_quantity_is_without_a_case() {
    let shown: BTreeSet<&str> = CASES.iter().map(|case| case.id).chain(COUNTS.iter().map(|count| count.0)).collect();
    let is_shown_here = |quantity: &&&Quantity| !SHOWN_ELSEWHERE.contains(&quantity.id);
    let of_catalogue = QUANTITIES.iter().filter(is_shown_here);
    let missing: Vec<&str> = of_catalogue.map(|quantity| quantity.id).filter(|id| !shown.contains(id)).collect();
    assert!(missing.is_empty(), "quantities without a case in CASES or COUNTS of tests/suite/rigs.rs: {missing:?}");
}

#[test]
fn what_is_not_there_is_null_and_never_zero() {
    // These can be told of any line that was recorded: it has no edges, and is lit for 0 % of the time.
    let always = ["line.edges", "line.glitches", "flash.duty", "flash.extra"];
    let silent = ["F", "S", "S2", "L", "M", "T", "R"].map(|probe| (probe, Vec::new()));
    let capture = capture("1 MHz", 2_000_000, &silent);
    for quantity in QUANTITIES.iter().filter(|quantity| !SHOWN_ELSEWHERE.contains(&quantity.id)) {
        if always.contains(&quantity.id) {
            continue;
        }
        let start = ["exposure.latency", "trigger.margin"].contains(&quantity.id);
        let (limits, of_skew) = if quantity.family() == Some(Family::Skew) { ("limits.", true) } else { ("", false) };
        let limit = match quantity.unit.symbol() {
            "s" => "<= 1 s",
            "Hz" => "<= 1 Hz",
            "%" => "<= 1 %",
            "ppm" => "<= 1 ppm",
            _ => "<= 0",
        };
        let key = format!("{limits}{} = \"{limit}\"", quantity.id);
        let (of_main, of_right) =
            if of_skew { (String::new(), key) } else { (format!("[limits]\n{key}\n"), String::new()) };
        let spec = format!(
            "[wiring]\nfsin = \"F\"\nstrobe = {}\nflash = \"L\"\nreadout = \"M\"\ntrigger = \"T\"\n\
             [timing]\nalignment = \"{}\"\nshutter = \"rolling\"\nreadout_time = \"1 ms\"\n{}\
             {of_main}[camera.right]\nstrobe = \"R\"\n{of_right}\n",
            if quantity.id == "exposure.turn" { "[\"S\", \"S2\"]" } else { "\"S\"" },
            match (start, quantity.id) {
                (true, _) => "start",
                (false, "exposure.middle") => "middle",
                (false, _) => "end",
            },
            if quantity.id == "fsin.pulses" { "fsin_per_frame = 2\n" } else { "" }
        );
        let judgement = judged(&capture, &spec);
        let found: Vec<&Check> = judgement.checks.iter().filter(|check| check.quantity.id == quantity.id).collect();
        assert!(!found.is_empty(), "{}", quantity.id);
        for check in found {
            let reason = check.reason.as_deref().unwrap_or_default();
            assert_eq!((check.verdict, check.measured), (Inconclusive, 0), "{}: {reason}", quantity.id);
            assert!(check.statistics.is_none() && check.worst.is_none(), "{}", quantity.id);
            assert!(reason.starts_with("nothing was measured: "), "{}: {reason}", quantity.id);
        }
    }
}

/// What is said of two cameras that a scenario makes; frames of 1/30 s, the second camera's timing as given.
fn findings(right: &str, limits: &str) -> Judgement {
    use strobecheck::scenario::{Scenario, simulate};
    let scenario = format!(
        "duration = \"4 s\"\nanalyzer.samplerate = \"1 MHz\"\n[timing]\noffset = \"5 ms\"\nframe.time = \"1/30 s\"\n\
         exposure.time = \"8 ms\"\njitter.exposure.end = {{ uniform = \"0.5 us\" }}\n[camera.right]\nstrobe = \"RIGHT\"\n\
         [camera.right.timing]\n{right}\n"
    );
    let simulation = simulate(&Scenario::parse("two.toml", &scenario).unwrap()).unwrap();
    let spec = format!(
        "[wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\n[timing]\nalignment = \"end\"\nframe_time = \"1/30 s\"\n\
         [limits]\nexposure.time = \"8 ms ± 50 us\"\n\
         [camera.right]\nstrobe = \"RIGHT\"\nfsin = \"none\"\n{limits}\n"
    );
    judged(&simulation.capture, &spec)
}

/// The faults that are found, with how much they matter.
fn faults(judgement: &Judgement) -> Vec<(&'static str, String)> {
    judgement.findings.iter().map(|finding| (finding.fault, format!("{:?}", finding.severity))).collect()
}

#[test]
fn cameras_that_keep_step_are_no_fault() {
    assert_eq!(faults(&findings("skew = \"11 us\"", "limits.skew.end = \"0 us ± 50 us\"")), []);
}

#[test]
fn cameras_of_different_frame_rates_are_named() {
    // 25 against 30 frames a second: 200 000 ppm longer frames.
    let judgement = findings("frame.rate = \"25 Hz\"\noffset = \"5 ms\"", "limits.skew.end = \"0 us ± 50 us\"");
    assert!(faults(&judgement).contains(&("rate-mismatch", "Fail".to_owned())), "{:?}", faults(&judgement));
    let finding = judgement.findings.iter().find(|finding| finding.fault == "rate-mismatch").unwrap();
    assert!(finding.summary.contains("25.000 Hz") && finding.summary.contains("30.000 Hz"), "{}", finding.summary);
    // A spec that wants it so is obeyed.
    let wanted = findings("frame.rate = \"25 Hz\"\noffset = \"5 ms\"", "limits.skew.rate = \"200000 ppm ± 500 ppm\"");
    assert!(!faults(&wanted).iter().any(|(fault, _)| *fault == "rate-mismatch"), "{:?}", faults(&wanted));
}

#[test]
fn a_skew_that_keeps_growing_is_drift() {
    // 20 ppm are 20 µs a second: 80 µs in 4 s.
    let drifting = "frame.drift = \"+20 ppm\"\noffset = \"5 ms\"";
    let judgement = findings(drifting, "limits.skew.end = \"0 us ± 50 us\"");
    assert_eq!(faults(&judgement), [("camera-drift", "Fail".to_owned())]);
    let summary = &judgement.findings[0].summary;
    assert!(["by 19.9 ", "by 20.0 ", "by 20.1 "].iter().any(|by| summary.contains(by)), "{summary}");
    assert_eq!(judgement.findings[0].explains, ["skew.end"]);
    let within = findings(drifting, "limits.skew.end = \"0 us ± 500 us\"");
    assert_eq!(faults(&within), [("camera-drift", "Warn".to_owned())]);
    assert_eq!(faults(&findings(drifting, "limits.skew.drift = \"0 ppm ± 50 ppm\"")), []);
}

#[test]
fn soft_sync_is_normal_while_the_skew_stays_inside_its_limit() {
    // 600 ppm are 20 µs a frame; 3 or 4 lines of 15.3 µs are taken back at 50 µs or more: every third frame or so.
    let synced = "frame.drift = \"+600 ppm\"\noffset = \"5 ms\"\n\
                  soft_sync = { line = \"15.3 us\", lines = 4, within = \"50 us\" }";
    let judgement = findings(synced, "limits.skew.end = \"0 us ± 150 us\"");
    assert_eq!(faults(&judgement), [("soft-sync-steps", "Info".to_owned())]);
    let finding = &judgement.findings[0];
    assert!(finding.summary.contains("this is normal"), "{}", finding.summary);
    assert!(finding.evidence.contains("whole lines"), "{}", finding.evidence);
    let tight = findings(synced, "limits.skew.end = \"0 us ± 20 us\"");
    assert_eq!(faults(&tight), [("soft-sync-steps", "Fail".to_owned())]);
}

#[test]
fn soft_sync_that_cannot_keep_up_is_drift() {
    // 20 µs a frame, of which one line of 5 µs is taken back.
    let slow = "frame.drift = \"+600 ppm\"\noffset = \"5 ms\"\n\
                soft_sync = { line = \"5 us\", lines = 1, within = \"50 us\" }";
    let judgement = findings(slow, "limits.skew.end = \"0 us ± 150 us\"");
    assert_eq!(faults(&judgement), [("camera-drift", "Fail".to_owned())]);
}

#[test]
fn a_flash_fired_from_fsin_is_judged_without_strobe() {
    let lines = [("F", around(BOUNDARIES, 0, 100)), ("L", around(BOUNDARIES, 30, 8030))];
    let capture = capture("1 MHz", 215_000, &lines);
    let spec = "[wiring]\nfsin = \"F\"\nflash = \"L\"\n[timing]\nframe_time = \"10 ms\"\n\
                [limits]\nflash.latency = \"<= 50 us\"\nflash.on-time = \"8 ms ± 100 us\"\n";
    assert_eq!(judged(&capture, spec).verdict, Pass);
    let slower = spec.replace("50 us", "20 us");
    let judgement = judged(&capture, &slower);
    assert_eq!((check(&judgement, "flash.latency").verdict, check(&judgement, "flash.on-time").verdict), (Fail, Pass));
}

#[test]
fn duties_over_several_windows_stand_side_by_side() {
    // 4 ms in 10 ms: whole in 4 ms, 4 in 5 ms, 4 in 10 ms, and the catalogue's own in a second.
    let (capture, wiring) = blinking();
    let spec = |limits: &str| format!("{wiring}[analyzer]\nclock = \"0 ppm\"\n[limits]\n{limits}");
    let limits = "flash.duty = \"<= 41 %\"\nflash.\"duty@10ms\" = \"<= 41 %\"\nflash.\"duty@0.005 s\" = \"<= 41 %\"\nflash.\"duty@4s\" = \"<= 41 %\"\n";
    let judgement = judged(&capture, &spec(limits));
    let found: Vec<_> = judgement.checks.iter().filter(|check| check.quantity.id.starts_with("flash.duty")).collect();
    let found: Vec<_> = found.iter().map(|check| (check.quantity.id, check.verdict)).collect();
    // The record is shorter than 4 s, of which 0.44 s are lit.
    let expected =
        [("flash.duty", Pass), ("flash.duty@5ms", Fail), ("flash.duty@10ms", Pass), ("flash.duty@4s", Inconclusive)];
    assert_eq!(found, expected);
    // What a report prints of the spec is one, and says the same.
    let printed = judgement.spec.to_toml();
    assert!(printed.contains("duty@5ms"), "{printed}");
    let again = judged(&capture, &printed);
    let ids = |judgement: &Judgement| {
        judgement.checks.iter().map(|check| (check.quantity.id, check.verdict)).collect::<Vec<_>>()
    };
    assert_eq!(ids(&again), ids(&judgement));
    let error = Spec::parse("a", &spec("flash.\"duty@soon\" = \"<= 41 %\"\n")).unwrap_err().to_string();
    assert!(error.contains("names no window") && error.contains("flash.duty@100ms"), "{error}");
}

#[test]
fn how_long_the_flash_must_stay_on_is_said() {
    // The flash is fired by the trigger; the exposure of 8 ms starts 2, 9 or 4 ms later: 9 ms beyond the exposure cover
    // all of them, with the longest one at its limit.
    let delays = [2000, 9000, 4000];
    let at = |n: usize| 50_000 * (n as u64 + 1);
    let strobe = delays.iter().enumerate().flat_map(|(n, delay)| [at(n) + delay, at(n) + delay + 8000]).collect();
    let flash = (0..3).flat_map(|n| [at(n), at(n) + 17_000]).collect();
    let capture = capture("1 MHz", 200_000, &[("S", strobe), ("L", flash)]);
    let spec = "[wiring]\nstrobe = \"S\"\nflash = \"L\"\n[timing]\nalignment = \"start\"\n\
                [limits]\nflash.hold = \"<= 10 ms\"\nflash.coverage = \">= 99 %\"\n";
    let judgement = judged(&capture, spec);
    let hold = check(&judgement, "flash.hold");
    let worst = hold.worst.as_ref().unwrap();
    assert_eq!((hold.verdict, &worst.value, &worst.margin), (Pass, &base("9 ms"), &base("1 ms")));
    assert_eq!(check(&judgement, "flash.coverage").verdict, Pass);
}
