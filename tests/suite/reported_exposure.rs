//! exposure.error and exposure.lag: auto-exposure on rigs whose every number is known, and logs that are late with it.

use std::fmt::Write as _;
use std::sync::Arc;

use strobecheck::capture::Capture;
use strobecheck::log::{Basis, CameraLog, ExposureLag};
use strobecheck::quantity::{Bound, Point, Seen, Subject, find};
use strobecheck::report::{Judgement, LogFile, Provenance};
use strobecheck::spec::Spec;
use strobecheck::units::Rational;
use strobecheck::verdict::Verdict::{self, Fail, Inconclusive, Pass};
use strobecheck::verify::verify;

use crate::bench_capture::{capture, check};

/// Numbers that look random and are always the same (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }
}

/// A frame: when its exposure starts and how long it truly lasts, in tenths of a microsecond, and what it was set to, in
/// microseconds.
#[derive(Clone, Copy)]
struct Frame {
    start: u64,
    width: u64,
    set: u64,
}

/// Frames of about 33.3 ms, start-aligned, whose starts wander by up to `wander` tenths of a microsecond.
fn frames(sets: &[u64], wander: u64, width: impl Fn(u64) -> u64) -> Vec<Frame> {
    let mut random = Random(7);
    let frame = |(place, &set): (usize, &u64)| {
        let start = 50_000 + 333_333 * place as u64 + if wander > 0 { random.below(wander) } else { 0 };
        Frame { start, width: width(set), set }
    };
    sets.iter().enumerate().map(frame).collect()
}

/// Sampled every microsecond: a change in (n − 1, n] shows at n.
fn shown(frames: &[Frame]) -> Capture {
    let edge = |at: u64| at.div_ceil(10);
    let strobe = frames.iter().flat_map(|f| [edge(f.start), edge(f.start + f.width)]).collect();
    let length = frames.last().map_or(0, |last| edge(last.start + last.width)) + 10_000;
    capture("1 MHz", length, &[("S", strobe)])
}

/// A log that tells each exposure `late` frames late; before the first frame the camera was set as it is then.
fn log(frames: &[Frame], late: usize) -> String {
    let mut csv = "seq,ts_device_us,exposure_us\n".to_owned();
    for (place, frame) in frames.iter().enumerate() {
        let end = frame.start + frame.width;
        let told = frames[place.saturating_sub(late)].set;
        writeln!(csv, "{},{}.{},{told}", place + 100, 5_000_000 + end / 10, end % 10).unwrap();
    }
    csv
}

fn judged(capture: &Capture, csv: &str, spec: &str) -> Judgement {
    let spec =
        format!("[wiring]\nstrobe = \"S\"\n[analyzer]\nclock = \"0 ppm\"\n[timing]\nalignment = \"start\"\n{spec}");
    let spec = Spec::parse("test.spec.toml", &spec).unwrap_or_else(|error| panic!("{error}"));
    let log = CameraLog::parse("run.csv", csv.as_bytes(), &spec.timestamps).unwrap();
    let log = LogFile { path: "run.csv".to_owned(), sha256: String::new(), log: Arc::new(log) };
    let provenance = Provenance { log: Some(log), ..Provenance::of(capture) };
    verify(capture, Arc::new(spec), "test".to_owned(), provenance).unwrap()
}

fn verdict(capture: &Capture, csv: &str, limit: &str) -> Verdict {
    let limits = format!("[limits]\nexposure.error = \"{limit}\"\ntimestamp.missing = \"none\"\n");
    check(&judged(capture, csv, &limits), "exposure.error").verdict
}

fn lag(judgement: &Judgement) -> ExposureLag {
    judgement.observation.cameras[0].logged.matched().unwrap().exposure_lag.clone()
}

fn points(judgement: &Judgement) -> Vec<(Point, Rational)> {
    let quantity = find("exposure.error").unwrap();
    let track = quantity.measure(&judgement.observation, Subject::Camera(0)).unwrap();
    track.points.iter().map(|point| (point, track.scale.clone())).collect()
}

/// Whether the truth, in tenths of a microsecond, lies strictly within what is known of a value.
fn holds((point, scale): &(Point, Rational), truth: i128) -> bool {
    let truth = Rational::decimal(truth, -7);
    let beyond = |bound: &Bound| bound.at().map(|at| at * scale);
    let (low, high) = (beyond(&point.reading.low), beyond(&point.reading.high));
    low.is_none_or(|low| low < truth) && high.is_none_or(|high| truth < high)
}

/// What a camera is set to over time: held, ramped, jumping to and fro, in turn.
fn auto_exposure(random: &mut Random, frames: usize) -> Vec<u64> {
    let (low, high) = (500, 20_000);
    let mut sets = vec![low + random.below(high - low)];
    while sets.len() < frames {
        let last = sets[sets.len() - 1];
        let steps = 1 + random.below(12) as usize;
        match random.below(4) {
            0 => sets.extend(std::iter::repeat_n(last, steps)),
            1 => {
                let by = random.below(400);
                sets.extend((1..=steps as u64).map(|step| (last + by * step).min(high)));
            }
            2 => {
                // A few percent shorter from frame to frame.
                let percent = 90 + random.below(10);
                let mut now = last;
                sets.extend((0..steps).map(|_| {
                    now = (now * percent / 100).max(low);
                    now
                }));
            }
            _ => sets.push(low + random.below(high - low)),
        }
    }
    sets.truncate(frames);
    sets
}

#[test]
fn on_rigs_of_auto_exposure_the_lag_is_right_or_undecided_and_each_error_within_its_bounds() {
    let rigs = std::env::var("STROBECHECK_RIGS").ok().and_then(|rigs| rigs.parse().ok()).unwrap_or(500);
    let (mut found, mut held) = (0, 0);
    for rig in 0..rigs {
        let mut random = Random(20_261_129 + rig);
        let sets = {
            let frames = 12 + random.below(30) as usize;
            auto_exposure(&mut random, frames)
        };
        let late = random.below(4) as usize;
        let (offset, scale) = (random.below(601), [1000, 1043][random.below(2) as usize]);
        // Whole rows of 9.1 us in one of two rigs.
        let row = [1, 91][random.below(2) as usize];
        let width = |set: u64| (set * 10 * scale / 1000).div_ceil(row) * row + offset;
        let frames = frames(&sets, 600, width);
        let (capture, csv) = (shown(&frames), log(&frames, late));
        let judgement = judged(&capture, &csv, "[limits]\nexposure.error = \"0 us ± 10 ms\"\n");
        let lag = lag(&judgement);
        let is_right = lag.possible().contains(&(late as i64));
        assert!(is_right, "rig {rig}: {lag:?} instead of {late}");
        found += usize::from(lag.known().is_some());
        for point in points(&judgement) {
            // Frames are shown in the order in which they come.
            let starts = |frame: &Frame| frame.start.div_ceil(10) == point.0.from.get();
            let place = frames.iter().position(starts).unwrap();
            // What the log would tell behind its end has no error; where nothing says which row is whose, it is shown with all of them.
            if place + late >= frames.len() && point.0.seen == Seen::InDoubt {
                continue;
            }
            let truth = i128::from(frames[place].width) - 10 * i128::from(frames[place].set);
            assert!(holds(&point, truth), "rig {rig}: {point:?} is not {truth}");
            held += 1;
        }
    }
    assert!(found * 10 >= rigs as usize * 8, "the lag was found in {found} of {rigs} rigs");
    assert!(held > rigs as usize * 8, "{held} values");
}

/// Exposures that no two neighbours share, so that the lag is found.
fn varied() -> Vec<u64> {
    let mut random = Random(3);
    (0..40).map(|_| 4000 + random.below(5003)).collect()
}

#[test]
fn an_error_passes_and_fails_exactly_at_its_bounds() {
    // 12 us too long, on whole microseconds: known to a sample either way, and to the microsecond that the log is rounded to.
    let frames = frames(&varied(), 0, |set| (set + 12) * 10);
    let (capture, csv) = (shown(&frames), log(&frames, 1));
    let upper = ["<= 14 us", "<= 13.9 us", "<= 10 us", "<= 10.1 us"].map(|limit| verdict(&capture, &csv, limit));
    assert_eq!(upper, [Pass, Inconclusive, Fail, Inconclusive]);
    let lower = [">= 10 us", ">= 10.1 us", ">= 14 us", ">= 13.9 us"].map(|limit| verdict(&capture, &csv, limit));
    assert_eq!(lower, [Pass, Inconclusive, Fail, Inconclusive]);
    // A column with a digit less behind it, in milliseconds, is known to 10 us only.
    let coarse: String = csv.replace("exposure_us", "exposure_ms");
    let coarse = coarse.lines().enumerate().fold(String::new(), |mut text, (line, row)| {
        let (front, exposure) = row.rsplit_once(',').unwrap();
        match exposure.parse::<u64>() {
            Ok(us) if line > 0 => writeln!(text, "{front},{}.{:02}", us / 1000, us % 1000 / 10).unwrap(),
            Ok(_) | Err(_) => writeln!(text, "{row}").unwrap(),
        }
        text
    });
    assert_eq!(verdict(&capture, &coarse, "0 us ± 40 us"), Pass);
    assert_eq!(verdict(&capture, &coarse, "<= 14 us"), Inconclusive);
}

#[test]
fn the_clock_is_for_the_measured_part() {
    // 10 ms by a clock of 100 ppm are known to 1 us more, whatever the error is.
    let sets: Vec<u64> = varied().iter().map(|set| set + 6000).collect();
    let frames = frames(&sets, 0, |set| set * 10);
    let (capture, csv) = (shown(&frames), log(&frames, 0));
    let verdict = |limit: &str| {
        let spec = format!("[limits]\nexposure.error = \"{limit}\"\ntimestamp.missing = \"none\"\n");
        let spec = format!(
            "[wiring]\nstrobe = \"S\"\n[analyzer]\nclock = \"100 ppm\"\n[timing]\nalignment = \"start\"\n{spec}"
        );
        let spec = Spec::parse("test.spec.toml", &spec).unwrap();
        let log = CameraLog::parse("run.csv", csv.as_bytes(), &spec.timestamps).unwrap();
        let log = LogFile { path: "run.csv".to_owned(), sha256: String::new(), log: Arc::new(log) };
        let provenance = Provenance { log: Some(log), ..Provenance::of(&capture) };
        let judgement = verify(&capture, Arc::new(spec), "test".to_owned(), provenance).unwrap();
        check(&judgement, "exposure.error").verdict
    };
    // At most 15 ms: 2 us and 1.5 us.
    assert_eq!([verdict("0 us ± 3.6 us"), verdict("0 us ± 3.2 us"), verdict(">= 4 us")], [Pass, Inconclusive, Fail]);
}

#[test]
fn a_shuffled_log_never_passes() {
    for seed in 0..50 {
        let mut random = Random(seed);
        let frames = frames(&varied(), 600, |set| set * 10);
        let mut told: Vec<usize> = (0..frames.len()).collect();
        for place in (1..told.len()).rev() {
            told.swap(place, random.below(place as u64 + 1) as usize);
        }
        let shuffled: Vec<Frame> =
            frames.iter().zip(&told).map(|(frame, &other)| Frame { set: frames[other].set, ..*frame }).collect();
        let found = verdict(&shown(&frames), &log(&shuffled, 0), "0 us ± 100 us");
        assert_ne!(found, Pass, "{seed}");
    }
}

#[test]
fn an_undecided_lag_passes_if_each_does_and_fails_if_each_does() {
    // 10 us longer from frame to frame: with a lag of n the error is 10 us · n less.
    let sets: Vec<u64> = (0..30).map(|n| 5000 + 10 * n).collect();
    let frames = frames(&sets, 600, |set| set * 10);
    let (capture, csv) = (shown(&frames), log(&frames, 0));
    assert_eq!(lag(&judged(&capture, &csv, "")).known(), None);
    let verdicts =
        ["-32 us .. 2 us", "0 us ± 12 us", ">= 3 us", "<= -60 us"].map(|limit| verdict(&capture, &csv, limit));
    assert_eq!(verdicts, [Pass, Inconclusive, Fail, Fail]);
    let open = judged(&capture, &csv, "[limits]\nexposure.error = \"0 us ± 12 us\"\ntimestamp.missing = \"none\"\n");
    let open = check(&open, "exposure.error");
    assert_eq!(open.reason.as_deref(), Some("by how many frames the log's exposure times are late cannot be told"));
    assert!(
        open.settle.as_deref().is_some_and(|settle| settle.contains("timestamps.exposure_lag")),
        "{:?}",
        open.settle
    );
    // Stated, it is what was stated.
    let spec = "[timestamps]\nexposure_lag = 0\n[limits]\nexposure.error = \"0 us ± 3 us\"\nexposure.lag = 0\n";
    let stated = judged(&capture, &csv, spec);
    assert_eq!((check(&stated, "exposure.error").verdict, check(&stated, "exposure.lag").verdict), (Pass, Pass));
}

#[test]
fn the_lag_is_a_number_or_nothing() {
    let limit = |limit: &str| format!("[limits]\nexposure.lag = \"{limit}\"\ntimestamp.missing = \"none\"\n");
    let frames = frames(&varied(), 600, |set| set * 10);
    let capture = shown(&frames);
    for late in 0..=3 {
        let judge = |text: &str| check(&judged(&capture, &log(&frames, late), &limit(text)), "exposure.lag").verdict;
        assert_eq!((judge(&format!("{late}")), judge(&format!(">= {}", late + 1))), (Pass, Fail));
    }
    let constant = self::frames(&[8000; 40], 600, |set| set * 10);
    let judgement = judged(&shown(&constant), &log(&constant, 2), &limit("<= 3"));
    let check = check(&judgement, "exposure.lag");
    assert_eq!((check.verdict, check.measured), (Inconclusive, 0));
    assert_eq!(
        check.reason.as_deref(),
        Some("nothing was measured: the exposure times of the log fit with a lag of 0, 1, 2, 3 frames alike")
    );
}

#[test]
fn what_the_log_does_not_state_has_no_error() {
    let frames = frames(&varied(), 600, |set| set * 10);
    let capture = shown(&frames);
    let csv = log(&frames, 0);
    let bare: String = csv.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned() + "\n").collect();
    let limits = "[limits]\nexposure.error = \"0 us ± 3 us\"\nexposure.lag = 0\n";
    let judgement = judged(&capture, &bare, limits);
    for id in ["exposure.error", "exposure.lag"] {
        let check = check(&judgement, id);
        let reason = "nothing was measured: the log has no exposure times: name their column with timestamps.exposure = \"COLUMN\"";
        assert_eq!((check.verdict, check.reason.as_deref()), (Inconclusive, Some(reason)));
    }
    // Two frames of 40 without a row.
    let lacking: String = csv
        .lines()
        .enumerate()
        .filter(|(line, _)| ![10, 20].contains(line))
        .map(|(_, row)| format!("{row}\n"))
        .collect();
    let judgement = judged(&capture, &lacking, limits);
    let check = check(&judgement, "exposure.error");
    assert_eq!((check.verdict, check.measured), (Pass, 38));
    assert!(check.left_out.iter().any(|left_out| left_out.count == 2), "{:?}", check.left_out);
}

#[test]
fn a_stated_lag_counts_only_where_intervals_tell_which_frame_is_which() {
    // Frames exactly as far from one another, and a log that runs before and after the capture: told by exposure times, it lies as
    // many frames beside its place as they are late.
    let all = frames(&varied(), 0, |set| set * 10);
    let mut passed = 0;
    for late in 0..=3 {
        let csv = log(&all, late);
        for (from, to) in [(8, 34), (0, 38), (2, 40), (0, 40)] {
            let first = all[from].start - 50_000;
            let seen: Vec<Frame> =
                all[from..to].iter().map(|frame| Frame { start: frame.start - first, ..*frame }).collect();
            let limits = format!(
                "[timestamps]\nexposure_lag = {late}\n[limits]\nexposure.error = \"0 us ± 3 us\"\ntimestamp.missing = \"none\"\n"
            );
            let judgement = judged(&shown(&seen), &csv, &limits);
            let check = check(&judgement, "exposure.error");
            let how = judgement.observation.cameras[0].logged.matched().map(|it| (it.basis, &it.exposure_lag));
            assert_ne!(check.verdict, Fail, "late {late}, {from} to {to}: {how:?}");
            passed += usize::from(check.verdict == Pass);
        }
    }
    assert!(passed >= 4, "{passed} of 16");
}

#[test]
fn a_frame_that_neither_strobe_nor_log_shows_puts_no_row_to_another_frame() {
    let mut all = frames(&varied(), 600, |set| set * 10);
    for late in 0..=3 {
        let csv = log(&all, late);
        let lacking: String =
            csv.lines().enumerate().filter(|(line, _)| *line != 21).map(|(_, row)| format!("{row}\n")).collect();
        let gone = all.remove(20);
        let capture = shown(&all);
        let verdict = verdict(&capture, &lacking, "0 us ± 3 us");
        assert_eq!(verdict, Pass, "{late}");
        all.insert(20, gone);
    }
}

/// Which instant of an exposure a log's stamp marks.
#[derive(Debug, Clone, Copy)]
enum Mark {
    Start,
    Middle,
    End,
}

/// The rows of a log, each told so many frames late.
fn log_of(all: &[Frame], (from, to): (usize, usize), late: usize, mark: Mark) -> String {
    let mut csv = "seq,ts_device_us,exposure_us\n".to_owned();
    for (place, frame) in all.iter().enumerate().take(to).skip(from) {
        let at = match mark {
            Mark::Start => frame.start,
            Mark::Middle => frame.start + frame.width / 2,
            Mark::End => frame.start + frame.width,
        };
        let told = all[place.saturating_sub(late)].set;
        writeln!(csv, "{},{}.{},{told}", place + 100, 5_000_000 + at / 10, at % 10).unwrap();
    }
    csv
}

#[test]
fn a_log_that_is_cut_elsewhere_is_not_laid_by_chance() {
    let rigs = std::env::var("STROBECHECK_RIGS").ok().and_then(|rigs| rigs.parse().ok()).unwrap_or(150);
    let mut passed = [0, 0];
    for rig in 0..rigs {
        let mut random = Random(rig);
        let (rows, most) = [(6, 3), (12, 7), (15, 10), (40, 32)][random.below(4) as usize];
        let (shift, late) = (random.below(2 * most as u64 + 1) as usize, random.below(4) as usize);
        let mark = [Mark::Start, Mark::Middle, Mark::End][random.below(3) as usize];
        let sets = match random.below(3) {
            0 => auto_exposure(&mut random, rows + 2 * most),
            _ => (0..rows + 2 * most).map(|_| 2000 + random.below(20_000)).collect(),
        };
        // Mostly exactly as far from one another, by their starts.
        let wander = [0, 0, 0, 600][random.below(4) as usize];
        let all = frames(&sets, wander, |set| set * 10);
        let first = all[most].start - 50_000;
        let seen: Vec<Frame> = all[most..most + rows].iter().map(|f| Frame { start: f.start - first, ..*f }).collect();
        let csv = log_of(&all, (shift, shift + rows), late, mark);
        let limits = format!(
            "[limits]\nexposure.error = \"0 us ± 3 us\"\nexposure.lag = \"{late}\"\ntimestamp.missing = \"none\"\n"
        );
        let judgement = judged(&shown(&seen), &csv, &limits);
        for (id, passed) in ["exposure.error", "exposure.lag"].into_iter().zip(&mut passed) {
            let check = check(&judgement, id);
            let how = judgement.observation.cameras[0].logged.matched();
            let how = how.map(|it| (it.basis, &it.exposure_lag, it.frames.len()));
            let what = format!("rig {rig}, {id}: {rows} rows, {most}, {shift}, late {late}, {mark:?}: {how:?}");
            assert_ne!(check.verdict, Fail, "{what}");
            *passed += u64::from(check.verdict == Pass);
        }
    }
    // Where enough of it lies on the capture, it is judged.
    assert!(passed.iter().all(|passed| passed * 8 > rigs), "{passed:?} of {rigs}");
}

#[test]
fn a_log_whose_times_and_exposures_contradict_each_other_passes_nothing() {
    // By its times, up to a millisecond and a half late, each row lies on its own frame, yet no camera tells exposures 4 frames late or more.
    let mut besides = 0;
    for (seed, late) in [(1, 4), (2, 5), (3, 6), (4, 6), (5, 5), (6, 4)] {
        let frames = frames(&varied(), 30_000, |set| set * 10);
        let mut random = Random(seed);
        let mut csv = "seq,ts_device_us,exposure_us\n".to_owned();
        for (place, frame) in frames.iter().enumerate() {
            let at = frame.start + frame.width + random.below(15_000);
            let told = frames[place.saturating_sub(late)].set;
            writeln!(csv, "{place},{}.{},{told}", at / 10, at % 10).unwrap();
        }
        let limits = "[limits]\nexposure.error = \"0 us ± 50 us\"\ntimestamp.missing = 0\ntimestamp.residual = \"0 us ± 5 ms\"\n";
        let judgement = judged(&shown(&frames), &csv, limits);
        let is_beside = matches!(lag(&judgement), ExposureLag::Beside(lag) if lag == late as i64);
        let verdicts =
            ["exposure.error", "timestamp.missing", "timestamp.residual"].map(|id| check(&judgement, id).verdict);
        // Where the times alone prove which row is whose, no lag is tried that no camera has.
        let is_told = judgement.observation.cameras[0].logged.matched().unwrap().basis == Basis::Intervals;
        assert!(is_beside || is_told, "{seed}: {:?}", lag(&judgement));
        assert_ne!(verdicts[0], Pass, "{seed}");
        assert!(is_told || verdicts == [Inconclusive; 3], "{seed}: {verdicts:?}");
        besides += usize::from(is_beside);
    }
    assert!(besides > 2, "{besides} of 6");
}

/// Microseconds that were read as another unit.
#[test]
fn exposures_in_another_unit_are_asked_for_and_fail_nothing() {
    let frames = frames(&varied(), 600, |set| set * 10);
    let capture = shown(&frames);
    let limits = "[limits]\nexposure.error = \"0 us ± 50 us\"\nexposure.lag = 0\ntimestamp.missing = 0\n";
    for unit in ["ns", "ms", "s"] {
        for lag in ["", "[timestamps]\nexposure_lag = 0\n"] {
            let csv = log(&frames, 0).replace("exposure_us", &format!("exposure_{unit}"));
            let judgement = judged(&capture, &csv, &format!("{lag}{limits}"));
            let verdicts =
                ["exposure.error", "exposure.lag", "timestamp.missing"].map(|id| check(&judgement, id).verdict);
            assert_eq!(verdicts, [Inconclusive, Inconclusive, Pass], "{unit}");
            let reason = check(&judgement, "exposure.error").reason.clone().unwrap();
            assert!(reason.contains("is their unit right (timestamps.exposure_unit"), "{reason}");
            assert!(judgement.findings.is_empty(), "{:?}", judgement.findings);
        }
    }
    // A factor that a camera may be off by is a camera's: at 30 it is none any more.
    for (factor, verdict) in [(29, Fail), (30, Inconclusive)] {
        let held = self::frames(&[500; 40], 600, |set| set * 10);
        let csv = log(&held, 0).replace(",500\n", &format!(",{}\n", 500 * factor));
        assert_eq!(self::verdict(&shown(&held), &csv, "0 us ± 50 us"), verdict, "{factor}");
    }
}

#[test]
fn exposures_of_a_log_of_other_frames_prove_nothing() {
    // All as far from one another and as long; before the record the camera was set to another time.
    let sets: Vec<u64> = (0..60).map(|n| if n < 20 { 8000 } else { 9000 }).collect();
    let all = frames(&sets, 0, |set| set * 10);
    let first = all[20].start - 50_000;
    let seen: Vec<Frame> = all[20..].iter().map(|frame| Frame { start: frame.start - first, ..*frame }).collect();
    let capture = shown(&seen);
    assert_eq!(verdict(&capture, &log_of(&all, (0, 20), 0, Mark::Start), "0 us ± 3 us"), Inconclusive);
    assert_eq!(verdict(&capture, &log_of(&all, (0, 20), 0, Mark::Start), "0 ms ± 2 ms"), Pass);
    assert_eq!(verdict(&capture, &log_of(&all, (20, 60), 0, Mark::Start), "0 us ± 3 us"), Pass);
}
