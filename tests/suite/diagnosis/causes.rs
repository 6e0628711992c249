//! Each cause stands where the values allow it, and not where they contradict it: two captures with the same signature.

use strobecheck::diagnosis::{Finding, Support, diagnose};
use strobecheck::scenario::{Scenario, simulate};
use strobecheck::spec::Spec;
use strobecheck::verdict::{Verdict, judge};
use strobecheck::verify::observe;

use super::by_hand::capture;
use crate::support::judging::judged_by;

pub(super) const PERIOD: u64 = 20_000;

/// What is found of lines of a rig with this `[timing]` and these limits.
pub(super) fn found(lines: &[(&str, Vec<u64>)], timing: &str, limits: &str) -> Vec<Finding> {
    let wired: String = lines.iter().map(|(name, _)| format!("{} = \"{name}\"\n", name.to_lowercase())).collect();
    let spec = format!("[wiring]\n{wired}[timing]\nframe_time = \"20 ms\"\n{timing}\n[limits]\n{limits}");
    let spec = Spec::parse("test.spec.toml", &spec).unwrap_or_else(|error| panic!("{error}"));
    let observation = observe(&capture(lines), &spec).unwrap();
    let checks: Vec<_> = spec.rules.iter().map(|rule| judge(rule, &spec, &observation)).collect();
    diagnose(&observation, &checks)
}

/// How far the values speak for the cause with these words, in the first finding, which is of this fault; none: it is not shown.
#[track_caller]
pub(super) fn support(findings: &[Finding], fault: &str, words: &str) -> Option<Support> {
    let first = findings.first().unwrap_or_else(|| panic!("nothing is found"));
    assert_eq!(first.fault, fault, "{findings:#?}");
    first.explanations.iter().find(|shown| shown.cause.contains(words)).map(|shown| shown.support)
}

/// Pulses by frame: where each begins and ends, after the frame's trigger at 1000 samples.
fn each(pulse: impl Fn(u64) -> Vec<(u64, u64)>) -> Vec<u64> {
    let at = |n: u64| 1000 + PERIOD * n;
    (0..49).flat_map(|n| pulse(n).into_iter().flat_map(move |(from, to)| [at(n) + from, at(n) + to])).collect()
}

fn triggers() -> (&'static str, Vec<u64>) {
    ("FSIN", each(|_| vec![(0, 100)]))
}

pub(super) const START: &str = "alignment = \"start\"";
pub(super) const LIMITS: &str =
    "exposure.time = \"5 ms ± 20 us\"\nexposure.latency = \"200 us ± 20 us\"\nfsin.width = \">= 20 us\"\n";

/// A triggered camera whose exposures last so long, with a flash over each.
fn exposures(length: impl Fn(u64) -> u64) -> Vec<(&'static str, Vec<u64>)> {
    vec![triggers(), ("STROBE", each(|n| vec![(200, 200 + length(n))]))]
}

#[test]
fn a_cap_shortens_and_to_a_share_of_the_frame() {
    let cap = "caps the pulse";
    // 30 % of 20 ms are 6 ms.
    let limits = |asked: &str| LIMITS.replace("5 ms", asked);
    let capped = found(&exposures(|_| 6000), START, &limits("10 ms"));
    assert_eq!(support(&capped, "exposure-scaled", cap), Some(Support::Supported));
    let longer = found(&exposures(|_| 6000), START, &limits("4 ms"));
    assert_eq!(support(&longer, "exposure-scaled", cap), None);
    let elsewhere = found(&exposures(|_| 7000), START, &limits("10 ms"));
    assert_eq!(support(&elsewhere, "exposure-scaled", cap), None);
}

#[test]
fn span_steps_make_exposures_longer_by_one_share_only() {
    let steps = "span steps";
    // 5 ms · 9.49 / 9.10 = 5.214 ms.
    assert_eq!(
        support(&found(&exposures(|_| 5214), START, LIMITS), "exposure-scaled", steps),
        Some(Support::Supported)
    );
    assert_eq!(support(&found(&exposures(|_| 5500), START, LIMITS), "exposure-scaled", steps), None);
}

#[test]
fn auto_exposure_does_not_change_a_single_frame() {
    let single = found(&exposures(|n| if n == 20 { 7000 } else { 5000 }), START, LIMITS);
    assert_eq!(support(&single, "auto-exposure-on", "auto exposure is on"), None);
    assert_eq!(support(&single, "auto-exposure-on", "sent for single frames"), Some(Support::Supported));
    let hunting = found(&exposures(|n| 4000 + 137 * (n % 17)), START, LIMITS);
    assert_eq!(support(&hunting, "auto-exposure-on", "auto exposure is on"), Some(Support::Supported));
}

#[test]
fn next_to_nothing_is_no_second_exposure_that_is_meant() {
    let two = "two exposures are meant";
    let found_of = |short: u64| found(&exposures(|n| if n % 2 == 0 { 5000 } else { short }), START, LIMITS);
    assert_eq!(support(&found_of(2000), "alternating-exposure", two), Some(Support::Possible));
    assert_eq!(support(&found_of(60), "alternating-exposure", two), None);
}

/// A triggered camera whose exposures begin so long after each trigger.
fn latencies(latency: impl Fn(u64) -> u64) -> Vec<(&'static str, Vec<u64>)> {
    vec![triggers(), ("STROBE", each(|n| vec![(latency(n), latency(n) + 5000)]))]
}

#[test]
fn a_row_explains_a_row_and_software_no_steady_trigger() {
    let limits = LIMITS.replace("200 us ± 20 us", "200 us ± 1 us");
    let random = |n: u64| (n * n * 31 + n * 7) % 11;
    let row = found(&latencies(|n| 200 + random(n)), START, &limits);
    assert_eq!(support(&row, "trigger-jitter", "end of a row"), Some(Support::Supported));
    assert_eq!(support(&row, "trigger-jitter", "software"), None);
    let far = found(&latencies(|n| 200 + 75 * random(n)), START, &limits);
    assert_eq!(support(&far, "trigger-jitter", "end of a row"), None);
    // FSIN itself comes at random: then software may make it.
    let late = |n: u64| 40 * random(n);
    let lines = vec![
        ("FSIN", each(|n| vec![(late(n), late(n) + 100)])),
        ("STROBE", each(|n| vec![(late(n) + 200, late(n) + 5200)])),
    ];
    let software = found(&lines, START, &format!("{LIMITS}frame.time = \"20 ms ± 50 us\"\n"));
    assert_eq!(support(&software, "trigger-jitter", "software"), Some(Support::Supported));
}

/// Off by one and the same amount is no jitter, though a row more or less remains; beyond what a limit allows in all it is.
#[test]
fn what_is_late_by_one_amount_does_not_jitter() {
    let first = |latency: &str, least: u64, row: u64| {
        let limits = LIMITS.replace("200 us ± 20 us", latency);
        let found = found(&latencies(|n| least + (n * n * 31 + n * 7) % 11 * row), START, &limits);
        found.first().map(|finding| finding.fault)
    };
    // 300 to 307 us: moved by 100 us, all lie within 200 ± 20 us, or below 250 us.
    for latency in ["200 us ± 20 us", "<= 250 us", ">= 400 us"] {
        assert_eq!(first(latency, 300, 1), Some("exposure-shifted"), "{latency}");
    }
    // 300 to 342 us lie further apart than 40 us; of 180 to 215 us some are within.
    assert_eq!(first("200 us ± 20 us", 300, 6), Some("trigger-jitter"));
    assert_eq!(first("200 us ± 20 us", 180, 5), None);
    assert_eq!(first("<= 200 us", 180, 5), Some("trigger-jitter"));
    // 300 to 650 us, all beyond one bound by 100 us: they lie further apart than they are off.
    assert_eq!(first("<= 200 us", 300, 50), Some("trigger-jitter"));
}

#[test]
fn a_camera_that_answers_most_triggers_is_in_that_mode() {
    let without = |missing: fn(u64) -> bool| {
        vec![triggers(), ("STROBE", each(|n| if missing(n) { vec![] } else { vec![(200, 5200)] }))]
    };
    let few = found(&without(|n| n == 20 || n == 31), START, LIMITS);
    assert_eq!(support(&few, "missed-trigger", "not in trigger mode"), None);
    assert_eq!(support(&few, "missed-trigger", "too short for the camera"), None);
    assert_eq!(support(&few, "missed-trigger", "overtrigger"), None);
    let most = found(&without(|n| (n * n * 31 + n * 7) % 11 > 3), START, LIMITS);
    assert_eq!(support(&most, "missed-trigger", "not in trigger mode"), Some(Support::Possible));
    // Those that are not answered are narrower.
    let mut narrow = without(|n| n == 20 || n == 31);
    narrow[0].1 = each(|n| vec![(0, if n == 20 || n == 31 { 30 } else { 100 })]);
    let narrow = found(&narrow, START, LIMITS);
    assert_eq!(support(&narrow, "missed-trigger", "too short for the camera"), Some(Support::Supported));
}

/// The evidence of the finding of a fault, of a triggered camera at 30 frames a second that exposes for 20 ms.
fn evidence_of(fault: &str, wiring: &str, camera: &str, scenario: &str) -> String {
    let timing = format!("alignment = \"start\"\n{camera}");
    let text = format!(
        "duration = \"2 s\"\nanalyzer.samplerate = \"1 MHz\"\n[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n{wiring}[timing]\n{timing}\
         frame.time = \"1/30 s\"\nexposure.time = \"20 ms\"\nexposure.latency = \"300 us\"\n{scenario}"
    );
    let simulation = simulate(&Scenario::parse("early.toml", &text).unwrap_or_else(|error| panic!("{error}"))).unwrap();
    let spec = format!(
        "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n{wiring}[timing]\nframe_time = \"1/30 s\"\n{timing}\
         [limits]\nexposure.time = \"20 ms ± 20 us\"\n"
    );
    let judgement = judged_by(&simulation.capture, &Spec::parse("early.spec.toml", &spec).unwrap());
    let found = judgement.findings.iter().find(|finding| finding.fault == fault);
    found.unwrap_or_else(|| panic!("{:#?}", judgement.findings)).evidence.clone()
}

#[test]
fn findings_of_unanswered_triggers_say_that_they_came_too_early() {
    // Ready 300 us, 20 ms and 15 ms after a trigger that is answered; the next one comes 33 333 us after it: 1967 us before.
    let reads_out = "overlap = \"never\"\nreadout_time = \"15 ms\"\n";
    let half = evidence_of("half-rate", "", reads_out, "[[fault]]\nkind = \"half-rate\"\n");
    assert!(half.contains("come before the camera is ready, by up to 1.96"), "{half}");
    // 14 ms after the exposure: 967 us before, by its own line or as it is stated.
    let missed = "[[fault]]\nkind = \"missed-trigger\"\nframes = [9]\n";
    let of_line =
        evidence_of("missed-trigger", "ready = \"Y\"\n", "", &format!("ready.recovery = \"14 ms\"\n{missed}"));
    let stated = evidence_of("missed-trigger", "", "recovery = \"14 ms\"\n", missed);
    for text in [of_line, stated] {
        assert!(text.contains("1 of them comes before the camera is ready, by up to 96"), "{text}");
    }
    // One that leaves it the time is none of them.
    let late = evidence_of("missed-trigger", "", "recovery = \"13 ms\"\n", missed);
    assert!(!late.contains("before the camera is ready"), "{late}");
}

/// A triggered camera whose FSIN has several pulses a frame, whose STROBE comes on two pins, or that says when it is ready.
#[test]
fn rigs_of_several_pulses_pins_and_a_ready_line_are_well_unless_they_miss_triggers() {
    const KINDS: [(&str, &str, &str); 4] = [
        ("strobe = \"S\"", "fsin_per_frame = 3\n", "fsin = { per_frame = 3, spacing = \"1.5 ms\" }\n"),
        ("strobe = \"S\"", "fsin_per_frame = 2\n", "fsin = { per_frame = 2, spacing = \"16666.667 us\" }\n"),
        ("strobe = [\"S\", \"Z\"]", "", ""),
        ("strobe = \"S\"\nready = \"Y\"", "", "ready.recovery = \"2 ms\"\n"),
    ];
    for (lines, spec, scenario) in KINDS {
        let judged = |fault: &str| {
            let text = format!(
                "duration = \"2 s\"\nanalyzer.samplerate = \"1 MHz\"\n[wiring]\nfsin = \"F\"\n{lines}\n[timing]\nalignment = \"start\"\n\
                 frame.time = \"1/30 s\"\nexposure.time = \"9 ms\"\nexposure.latency = \"300 us\"\n{scenario}{fault}"
            );
            let simulation = simulate(&Scenario::parse("rig.toml", &text).unwrap_or_else(|error| panic!("{error}")));
            let spec = format!(
                "[wiring]\nfsin = \"F\"\n{lines}\n[timing]\nframe_time = \"1/30 s\"\nalignment = \"start\"\n{spec}[limits]\n\
                 exposure.time = \"9 ms ± 20 us\"\nexposure.latency = \"300 us ± 20 us\"\nframe.time = \"1/30 s ± 0.1 %\"\n\
                 trigger.margin = \">= 1 ms\"\nfsin.width = \">= 50 us\"\n"
            );
            judged_by(&simulation.unwrap().capture, &Spec::parse("rig.spec.toml", &spec).unwrap())
        };
        let well = judged("");
        assert_eq!((well.verdict, well.findings.len()), (Verdict::Pass, 0), "{lines} {scenario}: {:#?}", well.findings);
        let missed = judged("[[fault]]\nkind = \"missed-trigger\"\nframes = [9, 20]\n");
        let first = missed.findings.first().map(|finding| finding.fault);
        assert_eq!((missed.verdict, first), (Verdict::Fail, Some("missed-trigger")), "{lines} {scenario}");
    }
}

#[test]
fn an_exposure_that_leaves_room_is_not_too_long_for_every_trigger() {
    let every_second = |length: u64| {
        vec![triggers(), ("STROBE", each(|n| if n % 2 == 0 { vec![(200, 200 + length)] } else { vec![] }))]
    };
    let long = "too long for this rate";
    let short = found(&every_second(5000), START, LIMITS);
    assert_eq!(support(&short, "half-rate", long), None);
    assert_eq!(support(&short, "half-rate", "does not overlap"), Some(Support::Possible));
    let longer = found(&every_second(19_000), START, &LIMITS.replace("5 ms", "19 ms"));
    assert_eq!(support(&longer, "half-rate", long), Some(Support::Supported));
}

#[test]
fn a_bounce_is_near_and_a_camera_makes_no_trigger() {
    let twice = |after: u64| {
        vec![("FSIN", each(|_| vec![(0, 100), (after, after + 100)])), ("STROBE", each(|_| vec![(200, 5200)]))]
    };
    let near = found(&twice(400), START, LIMITS);
    assert_eq!(support(&near, "extra-pulses", "bounces"), Some(Support::Supported));
    assert_eq!(support(&near, "extra-pulses", "burst"), None);
    let far = found(&twice(9000), START, LIMITS);
    assert_eq!(support(&far, "extra-pulses", "bounces"), None);
    assert_eq!(support(&far, "extra-pulses", "another rate"), Some(Support::Possible));
}

#[test]
fn a_line_that_moved_reaches_the_threshold() {
    let low = found(&[triggers(), ("STROBE", vec![])], START, LIMITS);
    assert_eq!(support(&low, "line-dead", "does not reach the analyzer's threshold"), Some(Support::Possible));
    // A line that moved reached it.
    let mut dies = exposures(|_| 5000);
    dies[1].1.truncate(40);
    assert_eq!(support(&found(&dies, START, LIMITS), "line-dead", "does not reach"), None);
}

/// A rig with a flash that begins and ends so long after the ends of its exposure of 5 ms, or longer before.
fn flashes(flash: impl Fn(u64) -> Option<(u64, u64)>) -> Vec<(&'static str, Vec<u64>)> {
    let mut lines = exposures(|_| 5000);
    lines.push(("FLASH", each(|n| flash(n).into_iter().collect())));
    lines
}

const FLASH_LIMITS: &str =
    "flash.lead = \"50 us ± 30 us\"\nflash.lag = \"50 us ± 30 us\"\nflash.coverage = \">= 98 %\"\n";

#[test]
fn a_delay_is_the_same_in_all_frames_and_software_is_not() {
    let limits = format!("{LIMITS}{FLASH_LIMITS}");
    let constant = found(&flashes(|_| Some((1150, 6250))), START, &limits);
    assert_eq!(support(&constant, "flash-late", "driver's own delay"), Some(Support::Supported));
    assert_eq!(support(&constant, "flash-late", "software"), None);
    let wild = found(&flashes(|n| Some((1150 + 200 * ((n * 7) % 9), 6250 + 200 * ((n * 7) % 9)))), START, &limits);
    assert_eq!(support(&wild, "flash-late", "driver's own delay"), None);
    assert_eq!(support(&wild, "flash-late", "software"), Some(Support::Supported));
    let single = found(&flashes(|n| Some(if n == 20 { (1150, 6250) } else { (150, 5250) })), START, &limits);
    assert_eq!(support(&single, "flash-late", "driver's own delay"), None);
    assert_eq!(support(&single, "flash-late", "was not ready"), Some(Support::Supported));
}

#[test]
fn a_short_flash_is_capped_at_a_share_of_the_frame_or_set_so() {
    let limits = format!("{}{FLASH_LIMITS}", LIMITS.replace("5 ms", "10 ms"));
    let ending = |end: u64| {
        let mut lines = exposures(|_| 10_000);
        lines.push(("FLASH", each(move |_| vec![(150, end)])));
        lines
    };
    // 6 ms of 20 ms are 30 %.
    let capped = found(&ending(6150), START, &limits);
    assert_eq!(support(&capped, "flash-short", "caps the pulse"), Some(Support::Supported));
    let set = found(&ending(8150), START, &limits);
    assert_eq!(support(&set, "flash-short", "caps the pulse"), None);
    assert_eq!(support(&set, "flash-short", "set shorter"), Some(Support::Supported));
    assert_eq!(support(&set, "flash-short", "was made longer"), None);
}

#[test]
fn a_flash_that_is_missing_by_rule_was_not_ready() {
    let limits = format!("{LIMITS}{FLASH_LIMITS}");
    let by_rule = found(&flashes(|n| (n % 2 == 0).then_some((150, 5250))), START, &limits);
    assert_eq!(support(&by_rule, "flash-missing", "recharged"), Some(Support::Supported));
    assert_eq!(support(&by_rule, "flash-missing", "was not fired"), None);
    let single = found(&flashes(|n| (n != 20).then_some((150, 5250))), START, &limits);
    assert_eq!(support(&single, "flash-missing", "was not fired"), Some(Support::Possible));
    assert_eq!(support(&single, "flash-missing", "wire of the probe"), None);
    let many = found(&flashes(|n| (!(20..26).contains(&n)).then_some((150, 5250))), START, &limits);
    assert_eq!(support(&many, "flash-missing", "wire of the probe"), Some(Support::Possible));
}

#[test]
fn light_that_stays_leaks_by_its_hold_time_or_by_a_shorter_exposure() {
    let limits = format!("{LIMITS}{FLASH_LIMITS}");
    let held = found(&flashes(|_| Some((150, 6250))), START, &limits);
    assert_eq!(support(&held, "flash-leak", "hold time"), Some(Support::Possible));
    let mut lines = exposures(|_| 4000);
    lines.push(("FLASH", each(|_| vec![(150, 5250)])));
    let shorter = found(&lines, START, &limits);
    // The light would be in order if the exposure were.
    assert_eq!(shorter.iter().map(|finding| finding.fault).collect::<Vec<_>>(), ["exposure-scaled"]);
}

/// 679 µs of light before each exposure and 330 µs after it are 1009 µs a frame.
#[test]
fn light_on_both_sides_is_told_by_the_larger_and_counted_where_it_is() {
    let lit = |light: &dyn Fn(u64) -> (u64, u64)| {
        let strobe = ("STROBE", each(|_| vec![(1000, 6000)]));
        let flash = each(|n| vec![(1000 - light(n).0, 6000 + light(n).1)]);
        found(&[triggers(), strobe, ("FLASH", flash)], START, "flash.leak = \"<= 1015 us\"\n")
    };
    // Of all that leak as much, one is proven to leak too much.
    let early = lit(&|n| if n == 20 { (679, 340) } else { (679, 330) });
    assert_eq!(support(&early, "flash-leak", "lead of the flash"), Some(Support::Possible));
    assert_eq!(support(&early, "flash-leak", "hold time"), None);
    assert_eq!(
        early[0].summary,
        "the flash is lit for 679.0 µs before and for 340.0 µs after the exposure in all 49 frames"
    );
    assert!(early[0].evidence.contains("too long in 1 of "), "{}", early[0].evidence);
    let held = lit(&|n| if n == 20 { (330, 700) } else { (330, 679) });
    assert_eq!(support(&held, "flash-leak", "hold time"), Some(Support::Possible));
    assert_eq!(support(&held, "flash-leak", "lead of the flash"), None);
    // One that stands apart is one.
    let one = lit(&|n| if n == 20 { (50, 1000) } else { (50, 100) });
    assert_eq!(
        one[0].summary,
        "the flash is lit for 50.00 µs before and for 1.000 ms after the exposure in 1 of 49 frames"
    );
    // 1015 µs ± a sample straddle the limit, and prove nothing.
    assert!(lit(&|_| (685, 330)).is_empty());
}

#[test]
fn only_a_flash_that_rings_moves_the_ground() {
    let limits = format!("{LIMITS}{FLASH_LIMITS}");
    let with = |spikes: &[u64]| {
        let mut lines = flashes(|_| Some((150, 5250)));
        lines[1].1.extend(spikes.iter().flat_map(|at| [*at, at + 4]));
        lines[1].1.sort_unstable();
        lines
    };
    let elsewhere = found(&with(&[108_700, 309_100]), START, &limits);
    assert_eq!(support(&elsewhere, "glitches", "moves the ground"), None);
    // Behind each edge of the flash, within the exposure and after it.
    let edges: Vec<u64> = (0..49).flat_map(|n| [1000 + PERIOD * n + 156, 1000 + PERIOD * n + 5256 + n % 5]).collect();
    let ringing = found(&with(&edges), START, &limits);
    assert_eq!(support(&ringing, "glitches", "moves the ground"), Some(Support::Supported));
}

#[test]
fn a_source_that_skips_is_no_sensor_that_stalls() {
    let both = |n: u64, pulse: (u64, u64)| if n == 20 { vec![] } else { vec![pulse] };
    let lines = vec![("FSIN", each(|n| both(n, (0, 100)))), ("STROBE", each(|n| both(n, (200, 5200))))];
    let source = found(&lines, START, LIMITS);
    assert_eq!(support(&source, "dropped-frame", "stalled"), None);
    assert_eq!(support(&source, "dropped-frame", "left a pulse out"), Some(Support::Supported));
    let alone = found(&lines[1..], START, "exposure.time = \"5 ms ± 20 us\"\n");
    assert_eq!(support(&alone, "dropped-frame", "stalled"), Some(Support::Possible));
    assert_eq!(support(&alone, "dropped-frame", "lost on its way"), Some(Support::Possible));
}

#[test]
fn pulses_that_fill_samples_were_not_missed_by_them() {
    let lines = vec![("FSIN", vec![]), ("STROBE", each(|_| vec![(200, 5200)]))];
    let silent =
        |width: &str| found(&lines, START, &format!("exposure.time = \"5 ms ± 20 us\"\nfsin.width = \">= {width}\"\n"));
    let wide = found(&lines, START, LIMITS);
    assert_eq!(support(&wide, "fsin-silent", "shorter than a sample"), None);
    let narrow = silent("500 ns");
    // Then nothing is proven of the line.
    assert!(narrow.iter().all(|finding| finding.fault != "fsin-silent"), "{narrow:#?}");
}

/// The other edge of FSIN to two rows (18.2 us), another alignment, or a delay.
#[test]
fn what_shifts_exposures_is_known_by_how_far() {
    let shifted = |latency: u64| found(&latencies(move |_| latency), START, LIMITS);
    // FSIN is active for 100 us, and 200 us are asked for.
    assert_eq!(support(&shifted(300), "exposure-shifted", "other edge"), Some(Support::Supported));
    assert_eq!(support(&shifted(318), "exposure-shifted", "other edge"), Some(Support::Supported));
    assert_eq!(support(&shifted(319), "exposure-shifted", "other edge"), None);
    assert_eq!(support(&shifted(319), "exposure-shifted", "a delay stands"), Some(Support::Possible));
    // Exposures of 5 ms that end with a trigger, of a camera that is said to begin 200 us after one.
    let ends = found(&latencies(|_| 15_000), START, LIMITS);
    assert_eq!(support(&ends, "exposure-shifted", "another part"), Some(Support::Supported));
    assert!(ends[0].explanations[0].remedy.contains("alignment = \"end\""), "{ends:#?}");
    assert_eq!(support(&shifted(300), "exposure-shifted", "another part"), None);
}
