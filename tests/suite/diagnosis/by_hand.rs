//! Findings of lines that are drawn by hand, and that the texts let a person act.

use std::collections::BTreeSet;
use std::sync::Arc;

use strobecheck::capture::{Capture, Header, Line, Presence, Probe, RecordEnd};
use strobecheck::diagnosis::{FAULTS, Finding, Severity, diagnose};
use strobecheck::frame::Observation;
use strobecheck::signal::{Level, Lost, LostSpan, Waveform};
use strobecheck::spec::Spec;
use strobecheck::units::{SampleIndex, SampleRate};
use strobecheck::verdict::{Check, judge};
use strobecheck::verify::observe;

const LENGTH: u64 = 1_000_000;

/// A capture of a second at 1 MHz: probes and their changes.
pub(super) fn capture(lines: &[(&str, Vec<u64>)]) -> Capture {
    let probes: Vec<Probe> = (0..)
        .zip(lines)
        .map(|(bit, (name, _))| Probe { bit, name: (*name).to_owned(), presence: Presence::Recorded })
        .collect();
    let rate = SampleRate::parse("1 MHz").unwrap();
    let waveform =
        |changes: &[u64]| Arc::new(Waveform::new(Level::Low, changes.to_vec(), SampleIndex::new(LENGTH)).unwrap());
    Capture {
        lines: probes
            .iter()
            .zip(lines)
            .map(|(probe, (_, changes))| Line {
                probe: probe.clone(),
                waveform: waveform(changes),
                unknown: Lost::nothing(),
            })
            .collect(),
        header: Header { format: "test", rate: Some(rate.clone()), probes, warnings: Vec::new() },
        rate,
        length: SampleIndex::new(LENGTH),
        end: RecordEnd::Stated,
        lost: Lost::nothing(),
        problems: Vec::new(),
        analog: Vec::new(),
    }
}

/// Pulses of `width` every 20 ms, the first at `from`.
fn pulses(from: u64, width: u64) -> Vec<u64> {
    (0..49).map(|n| from + 20_000 * n).flat_map(|at| [at, at + width]).collect()
}

fn findings(lines: &[(&str, Vec<u64>)], limits: &str) -> Vec<Finding> {
    findings_but_for(lines, limits, Lost::nothing())
}

/// The same where these samples are lost.
fn findings_but_for(lines: &[(&str, Vec<u64>)], limits: &str, lost: Lost) -> Vec<Finding> {
    let (observation, checks) = observed(lines, limits, lost);
    diagnose(&observation, &checks)
}

fn observed(lines: &[(&str, Vec<u64>)], limits: &str, lost: Lost) -> (Observation, Vec<Check>) {
    let wired: String = lines.iter().map(|(name, _)| format!("{} = \"{name}\"\n", name.to_lowercase())).collect();
    let spec = format!("[wiring]\n{wired}[timing]\nframe_time = \"20 ms\"\nalignment = \"end\"\n[limits]\n{limits}");
    let spec = Spec::parse("test.spec.toml", &spec).unwrap_or_else(|error| panic!("{error}"));
    let capture = Capture { lost, ..capture(lines) };
    let observation = observe(&capture, &spec).unwrap();
    let checks = spec.rules.iter().map(|rule| judge(rule, &spec, &observation)).collect();
    (observation, checks)
}

/// Each exposure lasts 5 ms and ends where FSIN rises.
fn healthy() -> Vec<(&'static str, Vec<u64>)> {
    vec![("FSIN", pulses(15_000, 100)), ("STROBE", pulses(10_000, 5000))]
}

const LIMITS: &str = "exposure.time = \"5 ms ± 20 us\"\nexposure.end = \"0 us ± 20 us\"\nfsin.width = \">= 20 us\"\n";

fn faults(lines: &[(&str, Vec<u64>)]) -> Vec<&'static str> {
    findings(lines, LIMITS).iter().map(|finding| finding.fault).collect()
}

#[test]
fn a_healthy_rig_is_quiet() {
    assert_eq!(faults(&healthy()), Vec::<&str>::new());
}

/// Frames of 20.001 ms are 50 ppm off, and the analyzer's clock may be 100.
#[test]
fn a_rate_that_the_clock_may_be_off_by_is_no_finding() {
    let found = |period: u64| {
        let every =
            |from: u64, width: u64| (0..49).map(|n| from + period * n).flat_map(|at| [at, at + width]).collect();
        let lines = [("FSIN", every(15_000, 100)), ("STROBE", every(10_000, 5000))];
        let found = findings(&lines, &format!("{LIMITS}frame.time = \"20 ms ± 500 ns\"\n"));
        found.iter().map(|finding| finding.fault).collect::<Vec<_>>()
    };
    assert_eq!(found(20_001), Vec::<&str>::new());
    assert_eq!(found(20_010), ["rate-mismatch"]);
}

/// Pieces of pulses by how far they begin and end behind the start of an exposure, one list for each frame in turn.
fn in_pieces(frames: &[&[(u64, u64)]]) -> Vec<u64> {
    let mut changes = Vec::new();
    for (n, pieces) in (0..49).zip(frames.iter().cycle()) {
        let edges: Vec<u64> = pieces.iter().flat_map(|&(from, to)| [from, to]).collect();
        let ends = [edges.first().copied(), edges.last().copied()];
        // Where a pulse is broken is another place each time.
        let moved = |at: u64| if ends.contains(&Some(at)) { at } else { at + 3 * n };
        changes.extend(edges.iter().map(|&at| 10_000 + 20_000 * n + moved(at)));
    }
    changes
}

#[test]
fn pulses_in_pieces_hardly_reach_the_threshold() {
    let mut lines = healthy();
    // Active for 4700, 4800 and 4500 of 5000 samples, in 13, 12 and 12 frames of 49; 12 show nothing.
    lines[1].1 = in_pieces(&[
        &[(0, 2000), (2100, 2400), (2500, 3000), (3100, 5000)],
        &[(0, 2200), (2300, 2600), (2700, 5000)],
        &[(0, 1900), (2000, 2400), (2500, 2600), (2800, 3000), (3100, 5000)],
        &[],
    ]);
    let found = findings(&lines, LIMITS);
    assert_eq!(found.iter().map(|finding| finding.fault).collect::<Vec<_>>(), ["marginal-threshold"]);
    assert_eq!(
        found[0].evidence,
        "4.0 pieces in a pulse, all of them in the same 25.0 % of each frame time, where the line is active for 93.4 %; 24.5 % of \
         the frames show none"
    );
    assert_eq!(found[0].at[..2], [SampleIndex::new(10_000), SampleIndex::new(12_100)]);
}

#[test]
fn noise_in_a_part_of_each_frame_is_noise() {
    let mut lines = healthy();
    // Active for half of the time.
    lines[1].1 = in_pieces(&[
        &[(0, 600), (1000, 1500), (2000, 2600), (3000, 3300), (4500, 5000)],
        &[(400, 1400), (2200, 2700), (3100, 3300), (3500, 3900), (4300, 4600)],
        &[(800, 1000), (1100, 1500), (1700, 1900), (2000, 2500), (3100, 3300), (4000, 4800)],
    ]);
    assert_eq!(faults(&lines), ["floating-line"]);
}

#[test]
fn of_noise_that_is_looked_at_in_part_all_edges_are_counted() {
    let mut lines = healthy();
    // Three of five samples change it: 600 000 edges in a second.
    lines[1].1 = (1..LENGTH).filter(|at| at % 5 != 0 && at % 5 != 3).collect();
    let all = lines[1].1.len();
    let found = findings(&lines, LIMITS);
    assert_eq!(found[0].fault, "floating-line");
    assert!(found[0].evidence.starts_with(&format!("{all} edges, {all} a second")), "{}", found[0].evidence);
}

#[test]
fn a_line_without_an_edge_is_dead_and_explains_what_depends_on_it() {
    let mut lines = healthy();
    lines[1].1.clear();
    let found = findings(&lines, LIMITS);
    assert_eq!(found.iter().map(|finding| finding.fault).collect::<Vec<_>>(), ["line-dead"]);
    assert_eq!((found[0].severity, found[0].line.as_deref()), (Severity::Fail, Some("strobe")));
    assert!(
        found[0].explains.contains(&"line.edges") && found[0].explains.contains(&"exposure.missing"),
        "{:?}",
        found[0].explains
    );
}

#[test]
fn a_damaged_record_shows_a_dead_line_in_two_frames_and_no_less() {
    let mut lines = healthy();
    lines[1].1.clear();
    let of = |lost: u64| {
        let lost = LostSpan::new(SampleIndex::new(0), SampleIndex::new(lost));
        findings_but_for(&lines, LIMITS, Lost::from_spans(vec![lost]))
    };
    // Two frames are 40 000 samples.
    let found = of(LENGTH - 40_000);
    assert_eq!(found.iter().map(|finding| finding.fault).collect::<Vec<_>>(), ["line-dead"]);
    assert!(found[0].evidence.contains("all 40000 samples that could be read"), "{}", found[0].evidence);
    let found = of(LENGTH - 39_999);
    assert!(found.iter().all(|finding| finding.fault != "line-dead"), "{found:?}");
}

#[test]
fn a_line_that_may_be_silent_is_not_dead_where_nothing_is_decided() {
    let mut lines = healthy();
    lines[1].1.clear();
    for (limit, faults) in [(">= 1", vec!["line-dead"]), (">= 0", vec![]), ("0", vec![])] {
        let limits = format!("line.edges = {{ strobe = \"{limit}\" }}\n");
        let (observation, checks) = observed(&lines, &limits, Lost::nothing());
        // As where a file states times and no sample rate.
        let checks: Vec<Check> = checks.into_iter().map(Check::unproven).collect();
        let found = diagnose(&observation, &checks);
        assert_eq!(found.iter().map(|finding| finding.fault).collect::<Vec<_>>(), faults, "{limit}");
    }
}

#[test]
fn a_line_that_dies_is_told_from_a_capture_that_ends() {
    let mut lines = healthy();
    lines[1].1.truncate(40);
    let found = findings(&lines, LIMITS);
    assert_eq!(found[0].fault, "line-dead");
    // The twentieth exposure ends at 10 ms + 19 · 20 ms + 5 ms.
    assert_eq!(found[0].at, [SampleIndex::new(395_000)]);
    lines[0].1.truncate(40);
    assert_eq!(faults(&lines), ["camera-stops"]);
}

#[test]
fn lines_that_are_swapped_or_inverted_are_named() {
    let [(_, fsin), (_, strobe)] = [healthy()[0].clone(), healthy()[1].clone()];
    assert_eq!(faults(&[("FSIN", strobe.clone()), ("STROBE", fsin.clone())]), ["swapped-probes"]);
    let mut inverted: Vec<u64> = strobe[1..].to_vec();
    inverted.insert(0, 1);
    inverted.remove(1);
    // Low from the end of each exposure on, as a pause of 15 ms that looks like the pulse.
    let pauses: Vec<u64> = strobe[1..].to_vec();
    assert_eq!(faults(&[("FSIN", fsin), ("STROBE", pauses)]), ["polarity-inverted"]);
}

#[test]
fn a_single_spike_is_a_glitch_and_says_how_to_go_on() {
    let mut lines = healthy();
    lines[1].1.extend([507_000, 507_004]);
    lines[1].1.sort_unstable();
    let found = findings(&lines, LIMITS);
    assert_eq!(found[0].fault, "glitches");
    assert_eq!(found[0].at, [SampleIndex::new(507_000)]);
    assert!(
        found[0].explanations.iter().any(|shown| shown.remedy.contains("glitch = { strobe = \"6.000 µs\" }")),
        "{:?}",
        found[0].explanations
    );
}

#[test]
fn lost_samples_are_told_from_a_camera_that_begins_anew() {
    // Everything from sample 512 000 on, within an exposure, comes 3 ms early on both lines.
    let early =
        |edges: &[u64]| edges.iter().map(|&edge| if edge > 512_000 { edge - 3000 } else { edge }).collect::<Vec<u64>>();
    let lines: Vec<_> = healthy().iter().map(|(name, edges)| (*name, early(edges))).collect();
    assert_eq!(faults(&lines), ["dropped-samples"]);
    // A camera that begins anew is late, and its pulses are whole.
    let late =
        |edges: &[u64]| edges.iter().map(|&edge| if edge > 508_000 { edge + 3000 } else { edge }).collect::<Vec<u64>>();
    let lines: Vec<_> = healthy().iter().map(|(name, edges)| (*name, late(edges))).collect();
    assert_eq!(findings(&lines, &format!("{LIMITS}frame.time = \"20 ms ± 50 us\"\n"))[0].fault, "phase-reset");
}

#[test]
fn frames_that_are_missing_on_one_line_or_on_both_differ() {
    let without = |edges: &[u64], n: usize| [&edges[..2 * n], &edges[2 * n + 2..]].concat();
    let mut lines = healthy();
    lines[1].1 = without(&lines[1].1, 20);
    assert_eq!(faults(&lines), ["dropped-frame"]);
    lines[0].1 = without(&lines[0].1, 20);
    assert_eq!(faults(&lines), ["dropped-frame"]);
    // FSIN alone lacks a pulse, and the camera went on: its wire.
    let mut lines = healthy();
    lines[0].1 = without(&lines[0].1, 20);
    assert_eq!(faults(&lines), ["intermittent-contact"]);
}

#[test]
fn at_too_low_a_rate_the_finding_says_which_rate_would_show_it() {
    // A pulse of one sample: 1 µs, or much less.
    let mut lines = healthy();
    lines[0].1 = pulses(15_000, 1);
    let found = findings(&lines, "exposure.time = \"5 ms ± 20 us\"\nfsin.width = \">= 1 us\"\n");
    assert_eq!(found[0].fault, "fsin-too-narrow");
    assert!(found[0].evidence.contains("3 MHz"), "{}", found[0].evidence);
}

#[test]
fn a_passing_capture_holds_no_finding_that_something_failed() {
    let mut lines = healthy();
    // A spike in a pause, bridged by the spec: nothing is broken.
    lines[0].1.extend([507_000, 507_004]);
    lines[0].1.sort_unstable();
    let found = findings(
        &lines,
        "exposure.time = \"5 ms ± 20 us\"\nframe.missing = \"none\"\nframe.extra = \"none\"\nexposure.missing = \"none\"\nexposure.extra = \"none\"\n",
    );
    assert!(found.iter().all(|finding| finding.severity != Severity::Fail), "{found:?}");
    assert_eq!(found.iter().map(|finding| finding.fault).collect::<Vec<_>>(), ["glitches"]);
}

#[test]
fn every_fault_is_in_the_table_once_and_says_what_to_do() {
    let mut ids = BTreeSet::new();
    for fault in FAULTS {
        assert!(ids.insert(fault.id), "{} twice", fault.id);
        assert!(fault.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", fault.id);
        // What a person does begins with a verb, and no sentence leaves her alone with a number.
        assert!(fault.causes.iter().all(|cause| cause.remedy.split(' ').count() >= 4), "{}", fault.id);
    }
    // Numbered without a gap, in the order of the table; F26 is two faults.
    let mut numbers: Vec<&str> = FAULTS.iter().map(|fault| fault.number).collect();
    numbers.dedup();
    let expected: Vec<String> = (1..=numbers.len()).map(|number| format!("F{number:02}")).collect();
    assert_eq!(numbers, expected);
}
