//! A camera's own log on a capture: logs made by hand from what truly happened.

use std::fmt::Write as _;
use std::sync::Arc;

use strobecheck::capture::Capture;
use strobecheck::log::{Basis, CameraLog, Convention, Matched, Recognition};
use strobecheck::report::{Judgement, LogFile, Provenance};
use strobecheck::scenario::{Femtos, FrameTruth, Scenario, Simulation, simulate};
use strobecheck::signal::Stretch;
use strobecheck::spec::Spec;
use strobecheck::units::{Rational, SampleIndex};
use strobecheck::verdict::Verdict::{self, Fail, Inconclusive, Pass};
use strobecheck::verify::verify;

use crate::bench_capture::check;

/// What a log says of the frames of a camera.
struct Writer {
    /// The log's time when true time is 0, in femtoseconds.
    offset: i128,
    /// How much faster its clock runs.
    ppm: i128,
    /// Frames that it lacks.
    lacks: &'static [i64],
    marks: Convention,
    /// How late a frame's timestamp is, in femtoseconds.
    late: fn(i64) -> i128,
}

impl Default for Writer {
    fn default() -> Writer {
        let five_seconds = 5_000_000_000_000_000;
        Writer { offset: five_seconds, ppm: 20, lacks: &[], marks: Convention::End, late: |_| 0 }
    }
}

impl Writer {
    /// The time that the log gives an instant: offset + (1 + ppm) · t, to the nanosecond below.
    fn stamp(&self, at: Femtos, late: i128) -> i128 {
        (self.offset + at.get() + at.get() * self.ppm / 1_000_000 + late) / 1_000_000
    }

    fn row(&self, frame: &FrameTruth) -> Option<String> {
        let exposure = frame.exposures.first()?;
        let at = match self.marks {
            Convention::End => exposure.end(),
            Convention::Middle => Femtos::new((exposure.start().get() + exposure.end().get()) / 2),
            Convention::Start => exposure.start(),
        };
        let nanos = self.stamp(at, (self.late)(frame.number));
        let width = (exposure.end() - exposure.start()).get() / 1_000_000_000;
        Some(format!("{},{}.{:03},{width}", frame.number + 1000, nanos / 1000, nanos % 1000))
    }

    /// The log of the first camera over the frames whose end shows in the capture.
    fn csv(&self, simulation: &Simulation) -> String {
        let mut csv = "seq,ts_device_us,exposure_us\n".to_owned();
        for frame in &simulation.truth.cameras[0].frames {
            let end = frame.exposures.first().map(|exposure| exposure.end());
            let shows = end.is_some_and(|end| simulation.sampler.shows_at(end).is_some());
            if let Some(row) = self.row(frame).filter(|_| shows && !self.lacks.contains(&frame.number)) {
                writeln!(csv, "{row}").unwrap();
            }
        }
        csv
    }
}

fn simulation(timing: &str) -> (Scenario, Simulation) {
    let text = format!("duration = \"4 s\"\nanalyzer.samplerate = \"1 MHz\"\nseed = 7\n{timing}");
    let scenario = Scenario::parse("log.toml", &text).unwrap_or_else(|error| panic!("{error}"));
    let simulation = simulate(&scenario).unwrap();
    (scenario, simulation)
}

/// Free-running at 30 fps; frame starts wander by a few microseconds, which no two stretches share.
const WANDERING: &str =
    "[timing]\nframe.time = \"1/30 s\"\njitter.frame.time = { uniform = \"40 us\" }\nexposure.time = \"20 ms\"\n";

fn judged(capture: &Capture, csv: Option<&str>, limits: &str) -> Judgement {
    let spec = format!("[wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\n[analyzer]\nclock = \"0 ppm\"\n{limits}");
    let spec = Spec::parse("test.spec.toml", &spec).unwrap_or_else(|error| panic!("{error}"));
    let log = csv.map(|csv| LogFile {
        path: "run.csv".to_owned(),
        sha256: String::new(),
        log: Arc::new(CameraLog::parse("run.csv", csv.as_bytes(), &spec.timestamps).unwrap()),
    });
    verify(capture, Arc::new(spec), "test".to_owned(), Provenance { log, ..Provenance::of(capture) }).unwrap()
}

const LIMITS: &str = "[limits]\ntimestamp.residual = \"0 us ± 50 us\"\ntimestamp.missing = 0\n";

fn matched(judgement: &Judgement) -> &Matched {
    judgement.observation.cameras[0]
        .logged
        .matched()
        .unwrap_or_else(|| panic!("{:?}", judgement.observation.cameras[0].logged))
}

fn missing_frames(judgement: &Judgement) -> Vec<i64> {
    let exposures = &judgement.observation.cameras[0].exposures;
    matched(judgement).missing.iter().map(|&place| exposures.at(place).frame.unwrap()).collect()
}

fn verdicts(judgement: &Judgement) -> [Verdict; 2] {
    ["timestamp.residual", "timestamp.missing"].map(|id| check(judgement, id).verdict)
}

#[track_caller]
fn assert_near(value: &Rational, bound: &Rational, truth: &Rational, widest: &Rational) {
    assert!((value - truth).abs() <= *bound, "{value:?} ± {bound:?} is not {truth:?}");
    assert!(bound <= widest, "± {bound:?}");
}

#[test]
fn three_missing_frames_an_offset_of_5_s_and_20_ppm_are_found() {
    let (_, simulation) = simulation(WANDERING);
    let log = Writer {
        lacks: &[17, 42, 43],
        late: |n| i128::from((n * 7919).rem_euclid(9) - 4) * 1_000_000_000,
        ..Writer::default()
    };
    let judgement = judged(&simulation.capture, Some(&log.csv(&simulation)), LIMITS);
    let found = matched(&judgement);
    // The scenario's frame 0 is the capture's: both begin with the first complete one.
    let first = first_frame(&judgement, &simulation);
    assert_eq!(missing_frames(&judgement), [17 - first, 42 - first, 43 - first]);
    assert_eq!(found.basis, Basis::Intervals);
    assert_eq!((found.clock.left_out, found.sequence_breaks, found.without_exposure.len()), (0, 0, 0));
    // Noise of 4 µs, edges known to half a sample, over 4 s: the fit knows the rate to a few ppm and 5 s to a few µs.
    assert_near(&found.clock.rate, &found.clock.rate_bound, &Rational::decimal(20, -6), &Rational::decimal(6, -6));
    let offset = offset_at_first_sample(&simulation, &log);
    assert_near(&found.clock.offset, &found.clock.offset_bound, &offset, &Rational::decimal(20, -6));
    assert_eq!(verdicts(&judgement), [Pass, Fail]);
    let missing = check(&judgement, "timestamp.missing");
    assert_eq!(missing.worst.as_ref().unwrap().value, Rational::integer(3));
    let allowed = judged(&simulation.capture, Some(&log.csv(&simulation)), "[limits]\ntimestamp.missing = \"<= 3\"\n");
    assert_eq!(allowed.verdict, Pass);
    let tight = judged(&simulation.capture, Some(&log.csv(&simulation)), "[limits]\ntimestamp.missing = \"<= 2\"\n");
    assert_eq!(tight.verdict, Fail);
}

/// The number that the scenario gives the capture's frame 0.
fn first_frame(judgement: &Judgement, simulation: &Simulation) -> i64 {
    let shown = judgement.observation.cameras[0].exposures.iter().find(|exposure| exposure.frame == Some(0)).unwrap();
    let frames = &simulation.truth.cameras[0].frames;
    let shows = |frame: &&FrameTruth| simulation.sampler.shows_at(frame.exposures[0].end()) == Some(shown.pulse.to());
    frames.iter().filter(|frame| !frame.exposures.is_empty()).find(shows).unwrap().number
}

/// What the log's clock shows when the first sample is taken.
fn offset_at_first_sample(simulation: &Simulation, log: &Writer) -> Rational {
    let frames = &simulation.truth.cameras[0].frames;
    // An edge at true time t is first seen by sample n, within one period before n: the first sample is at t − n, up to 1 µs.
    let (edge, sample) = (frames.iter())
        .find_map(|frame| Some((frame.exposures[0].end(), simulation.sampler.shows_at(frame.exposures[0].end())?)))
        .unwrap();
    let first = edge.get() - i128::from(sample.get()) * 1_000_000_000 + 500_000_000;
    let shown = log.offset + first + first * log.ppm / 1_000_000;
    Rational::new(shown, 1_000_000_000_000_000).unwrap()
}

#[test]
fn residuals_are_what_the_log_is_late_and_are_judged_at_the_limit() {
    let (_, simulation) = simulation(WANDERING);
    // One timestamp 60 µs late: the others hold the fit.
    let log = Writer { late: |n| if n == 30 { 60_000_000_000 } else { 0 }, ..Writer::default() };
    let csv = log.csv(&simulation);
    let with =
        |limit: &str| judged(&simulation.capture, Some(&csv), &format!("[limits]\ntimestamp.residual = \"{limit}\"\n"));
    let judgement = with("0 us ± 50 us");
    let residual = check(&judgement, "timestamp.residual");
    assert_eq!((residual.verdict, residual.failed, matched(&judgement).clock.left_out), (Fail, 1, 1));
    let worst = residual.worst.as_ref().unwrap();
    assert_eq!(worst.frame, Some(30 - first_frame(&judgement, &simulation)));
    assert!(
        worst.low.as_ref().unwrap() < &Rational::decimal(60, -6)
            && worst.high.as_ref().unwrap() > &Rational::decimal(60, -6)
    );
    // Known to about 1 µs in the middle of the capture: 2 µs inside and outside are decided, at the limit nothing is.
    assert_eq!([with("<= 63 us"), with("<= 60 us"), with("<= 57 us")].map(|j| j.verdict), [Pass, Inconclusive, Fail]);
}

#[test]
fn the_convention_is_recognised_where_the_exposure_varies() {
    let timing = "[timing]\nframe.time = \"1/30 s\"\nexposure.time = [\"20 ms\", \"10 ms\", \"30 ms\"]\n";
    let (_, simulation) = simulation(timing);
    for marks in Convention::ALL {
        let log = Writer { marks, ..Writer::default() };
        let judgement = judged(&simulation.capture, Some(&log.csv(&simulation)), LIMITS);
        let Recognition::Recognised { convention, slope, bound } = &matched(&judgement).recognition else {
            panic!("{marks:?}: {:?}", matched(&judgement).recognition)
        };
        assert_eq!(*convention, marks);
        assert_near(slope, bound, &marks.slope(), &Rational::decimal(1, -2));
        // Against the end of the exposure only timestamps of its end have no residual.
        assert_eq!(check(&judgement, "timestamp.residual").verdict, if marks == Convention::End { Pass } else { Fail });
    }
    let (_, constant) = simulation_of_constant_exposure();
    let judgement = judged(&constant.capture, Some(&Writer::default().csv(&constant)), LIMITS);
    assert_eq!(matched(&judgement).recognition, Recognition::ExposureConstant);
}

fn simulation_of_constant_exposure() -> (Scenario, Simulation) {
    simulation("[timing]\nframe.time = \"1/30 s\"\nexposure.time = \"20 ms\"\n")
}

#[test]
fn a_log_of_an_exact_frame_time_that_fits_several_places_counts_what_is_certain() {
    let (_, simulation) = simulation_of_constant_exposure();
    let whole = Writer { lacks: &[30], ..Writer::default() }.csv(&simulation);
    let judgement = judged(&simulation.capture, Some(&whole), LIMITS);
    assert_eq!((matched(&judgement).basis, missing_frames(&judgement).len()), (Basis::Overlap, 1));
    // Without its first row it fits as well one frame later; one frame is missing either way.
    let (header, rest) = whole.split_once('\n').unwrap();
    let cut = format!("{header}\n{}", rest.split_once('\n').unwrap().1);
    let judgement = judged(&simulation.capture, Some(&cut), LIMITS);
    assert_eq!(matched(&judgement).basis, Basis::Ambiguous { places: 2 });
    assert_eq!(verdicts(&judgement), [Pass, Fail]);
}

#[test]
fn a_timestamp_too_late_for_its_interval_is_found_by_its_sequence_number() {
    let (_, simulation) = simulation(WANDERING);
    let log = Writer { late: |n| if n == 50 { 14_000_000_000_000 } else { 0 }, ..Writer::default() };
    let csv = log.csv(&simulation);
    let judgement = judged(&simulation.capture, Some(&csv), LIMITS);
    assert_eq!((missing_frames(&judgement).len(), check(&judgement, "timestamp.residual").failed), (0, 1));
    let numberless: String = csv.lines().map(|line| line.split_once(',').unwrap().1.to_owned() + "\n").collect();
    let judgement = judged(&simulation.capture, Some(&numberless), LIMITS);
    assert_eq!((missing_frames(&judgement).len(), matched(&judgement).without_exposure.len()), (1, 1));
    // Without numbers it may be the late one of that frame, or of none: what the log lacks is 0 or 1.
    assert_eq!(matched(&judgement).missing_between, (0, 1));
    assert_eq!(verdicts(&judgement), [Pass, Inconclusive]);
    assert!(judgement.findings.iter().all(|finding| finding.fault != "host-drop"), "{:?}", judgement.findings);
    // Two rows fewer than frames are two that it lacks, whichever the late one is.
    let fewer: Vec<&str> =
        numberless.lines().enumerate().filter(|(line, _)| ![20, 90].contains(line)).map(|(_, row)| row).collect();
    let judgement = judged(&simulation.capture, Some(&fewer.join("\n")), LIMITS);
    assert_eq!(matched(&judgement).missing_between, (2, 3));
    assert_eq!(check(&judgement, "timestamp.missing").verdict, Fail);
    let drop = judgement.findings.iter().find(|finding| finding.fault == "host-drop").unwrap();
    assert!(drop.summary.contains("lacks at least 2 frames"), "{}", drop.summary);
}

/// No clock is off by a hundredth: frames that come so much sooner or later are those of another recording.
#[test]
fn a_log_of_another_frame_rate_fits_nowhere() {
    let (_, simulation) = simulation_of_constant_exposure();
    let verdicts_at = |ppm: i128| {
        let csv = Writer { ppm, ..Writer::default() }.csv(&simulation);
        verdicts(&judged(&simulation.capture, Some(&csv), LIMITS))
    };
    assert_eq!([-9_900, 9_900].map(verdicts_at), [[Pass, Pass]; 2]);
    assert_eq!([-200_000, -10_100, 10_100, 200_000].map(verdicts_at), [[Inconclusive; 2]; 4]);
}

#[test]
fn a_log_that_ends_before_the_capture_says_so_and_lacks_nothing_for_certain() {
    let (_, simulation) = simulation(WANDERING);
    let csv = Writer::default().csv(&simulation);
    let lines: Vec<&str> = csv.lines().collect();
    let missing = |rows: usize| {
        let judgement = judged(&simulation.capture, Some(&lines[..=rows].join("\n")), LIMITS);
        let check = check(&judgement, "timestamp.missing");
        (check.verdict, check.reason.clone().unwrap_or_default())
    };
    let all = lines.len() - 1;
    assert_eq!(missing(all).0, Pass);
    let ends = "the log ends before the capture: the frames behind its end may be missing".to_owned();
    assert_eq!([all - 1, all * 2 / 3].map(missing), [(Inconclusive, ends.clone()), (Inconclusive, ends)]);
    // What it lacks before its end, it lacks.
    let lacking = Writer { lacks: &[17], ..Writer::default() }.csv(&simulation);
    let lacking: Vec<&str> = lacking.lines().take(80).collect();
    assert_eq!(verdicts(&judged(&simulation.capture, Some(&lacking.join("\n")), LIMITS)), [Pass, Fail]);
}

#[test]
fn an_exposure_that_began_before_the_record_lacks_no_timestamp_of_its_start() {
    let timing = "[timing]\nframe.time = \"1/30 s\"\nexposure.time = [\"20 ms\", \"10 ms\", \"30 ms\"]\n";
    let (_, simulation) = simulation(timing);
    let longest = |frame: &&FrameTruth| {
        let exposure = frame.exposures.first();
        frame.number > 9
            && exposure.is_some_and(|exposure| (exposure.end() - exposure.start()).get() > 25_000_000_000_000)
    };
    let cut = simulation.truth.cameras[0].frames.iter().find(longest).unwrap();
    let end = simulation.sampler.shows_at(cut.exposures[0].end()).unwrap().get();
    let window = Stretch { from: SampleIndex::new(end - 15_000), to: simulation.capture.length };
    let capture = simulation.capture.window(window);
    let lacks: &'static [i64] = Box::leak(vec![cut.number].into_boxed_slice());
    let verdict = |marks: Convention, lacks: &'static [i64]| {
        let csv = Writer { marks, lacks, ..Writer::default() }.csv(&simulation);
        check(&judged(&capture, Some(&csv), LIMITS), "timestamp.missing").verdict
    };
    for marks in Convention::ALL {
        assert_eq!(verdict(marks, &[]), Pass, "{marks:?}");
    }
    // Its end is in the record, its start and its middle are not.
    assert_eq!(Convention::ALL.map(|marks| verdict(marks, lacks)), [Fail, Pass, Pass]);
}

/// The log of a simulation whose times are cut to so many digits behind the microsecond, below 0 before it.
fn cut_to(csv: &str, digit: i128) -> String {
    csv.lines().enumerate().fold(String::new(), |mut text, (line, row)| {
        let fields: Vec<&str> = row.split(',').collect();
        match (line, fields.as_slice()) {
            (1.., [number, time, width]) => {
                let nanos: i128 = time.replace('.', "").parse().unwrap();
                let cut = nanos / digit * digit;
                writeln!(text, "{number},{}.{:03},{width}", cut / 1000, cut % 1000).unwrap();
            }
            _ => writeln!(text, "{row}").unwrap(),
        }
        text
    })
}

#[test]
fn timestamps_are_known_to_what_they_are_cut_to() {
    let (_, simulation) = simulation(WANDERING);
    let csv = Writer::default().csv(&simulation);
    let judge = |digit: i128, limit: &str| {
        let limits = format!("[limits]\ntimestamp.residual = \"{limit}\"\ntimestamp.missing = 0\n");
        judged(&simulation.capture, Some(&cut_to(&csv, digit)), &limits)
    };
    // To the millisecond, though six digits of it are written: each may be half of one off, and the line at the ends of the log three
    // halves more.
    let coarse = judge(1_000_000, "0 us ± 50 us");
    assert_eq!(verdicts(&coarse), [Inconclusive, Pass]);
    let residual = check(&coarse, "timestamp.residual");
    assert_eq!(residual.reason.as_deref(), Some("the log's timestamps have too few digits to decide it"));
    assert_eq!(verdicts(&judge(1_000_000, "0 us ± 3 ms")), [Pass, Pass]);
    assert_eq!(verdicts(&judge(1_000, "0 us ± 50 us")), [Pass, Pass]);
    // To a tenth of a second several frames have one time; their numbers say that they are frames of their own.
    for digit in [10_000_000, 100_000_000, 1_000_000_000] {
        let judgement = judge(digit, "0 us ± 50 us");
        assert_eq!(verdicts(&judgement), [Inconclusive; 2], "{digit}");
        let reason = check(&judgement, "timestamp.missing").reason.clone().unwrap();
        assert!(reason.contains("a log with more digits tells which frame is which"), "{reason}");
        assert!(judgement.findings.is_empty(), "{:?}", judgement.findings);
    }
}

#[test]
fn without_a_log_nothing_is_measured_and_nothing_passes() {
    let (_, simulation) = simulation(WANDERING);
    let judgement = judged(&simulation.capture, None, LIMITS);
    assert_eq!(verdicts(&judgement), [Inconclusive, Inconclusive]);
    for id in ["timestamp.residual", "timestamp.missing"] {
        let check = check(&judgement, id);
        let reason = "nothing was measured: no camera log was given: add --timestamps LOG.csv";
        assert_eq!((check.reason.as_deref(), check.statistics, check.measured), (Some(reason), None, 0));
    }
    // A log of another capture, in the wrong unit.
    let csv = Writer::default().csv(&simulation).replace("ts_device_us", "ts_device_ms");
    let judgement = judged(&simulation.capture, Some(&csv), LIMITS);
    assert_eq!(verdicts(&judgement), [Inconclusive, Inconclusive]);
    let reason = check(&judgement, "timestamp.missing").reason.clone().unwrap();
    assert!(reason.contains("the log fits nowhere on the capture: its timestamps are 33.3"), "{reason}");
    assert!(reason.ends_with("is the unit of its times right (timestamps.unit)?"), "{reason}");
}
