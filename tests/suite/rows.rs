//! How rows of a rolling shutter are lit, against a computation of its own over the continuum of rows, in floats; and what STROBE may
//! show of them.

use strobecheck::quantity::{Subject, find};
use strobecheck::report::Judgement;
use strobecheck::verdict::Verdict::{Fail, Pass};

use crate::bench_capture::{capture, check, judged};

/// Numbers that look random and are always the same (SplitMix64).
struct Random(u64);

impl Random {
    fn within(&mut self, from: u64, to: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        from + (mixed ^ (mixed >> 31)) % (to - from)
    }
}

/// Row 0's exposure of two frames, how much later the last row is, and the flash pulses of two lines, in microseconds.
struct Rig {
    rows: [(u64, u64); 2],
    readout: u64,
    light: [Vec<(u64, u64)>; 2],
}

impl Rig {
    fn random(random: &mut Random) -> Rig {
        let readout = random.within(200, 6000);
        let (first, second) = (random.within(8000, 12_000), random.within(30_000, 34_000));
        let (a, b) = (random.within(300, 9000), random.within(300, 9000));
        let mut pulses = || {
            let mut pulses = Vec::new();
            let mut at = random.within(7000, 20_000);
            for _ in 0..random.within(1, 5) {
                let end = at + random.within(20, 7000);
                pulses.push((at, end));
                at = end + random.within(20, 3000);
            }
            pulses
        };
        Rig { rows: [(first, first + a), (second, second + b)], readout, light: [pulses(), pulses()] }
    }

    /// What is judged where STROBE is later than row 0 by so many readout times, at its start and at its end.
    fn judged(&self, shows: &str, later: [u64; 2], limits: &str) -> Judgement {
        let line = |pulses: &[(u64, u64)]| pulses.iter().flat_map(|&(from, to)| [from, to]).collect::<Vec<u64>>();
        let strobe = self.rows.map(|(from, to)| (from + later[0] * self.readout, to + later[1] * self.readout));
        let lines = [("S", line(&strobe)), ("A", line(&self.light[0])), ("B", line(&self.light[1]))];
        let spec = format!(
            "[wiring]\nstrobe = \"S\"\nflash = {{ A = \"A\", B = \"B\" }}\n[analyzer]\nclock = \"0 ppm\"\n[timing]\n\
             alignment = \"start\"\nshutter = \"rolling\"\nreadout_time = \"{} us\"\nstrobe_shows = \"{shows}\"\n{limits}",
            self.readout
        );
        judged(&capture("1 MHz", 80_000, &lines), &spec)
    }

    /// How long any line is lit in the row that is exposed so much later than row 0.
    fn light(&self, (from, to): (u64, u64), later: f64) -> f64 {
        let (from, to) = (from as f64 + later, to as f64 + later);
        let lit = |at: f64| self.light.iter().flatten().any(|&(a, b)| (a as f64) < at && at < b as f64);
        // Between two ends of pulses all of it is lit, or nothing.
        let ends = self.light.iter().flatten().flat_map(|&(a, b)| [a as f64, b as f64]);
        let mut ends: Vec<f64> = ends.filter(|end| from < *end && *end < to).chain([from, to]).collect();
        ends.sort_by(f64::total_cmp);
        ends.windows(2).filter(|two| lit((two[0] + two[1]) / 2.0)).map(|two| two[1] - two[0]).sum()
    }

    /// Light of the darkest row over that of the brightest, in percent.
    fn evenness(&self, row: (u64, u64)) -> Option<f64> {
        let readout = self.readout as f64;
        let ends = self.light.iter().flatten().flat_map(|&(a, b)| [a as f64, b as f64]);
        let corners = ends.flat_map(|end| [end - row.0 as f64, end - row.1 as f64]);
        let corners = corners.filter(|later| (0.0..=readout).contains(later)).chain([0.0, readout]);
        let light: Vec<f64> = corners.map(|later| self.light(row, later)).collect();
        let (least, most) = (light.iter().copied().fold(f64::MAX, f64::min), light.iter().copied().fold(0.0, f64::max));
        // No row between the corners is darker or brighter.
        for step in 0..=50 {
            let light = self.light(row, readout * f64::from(step) / 50.0);
            assert!(least - 1e-6 <= light && light <= most + 1e-6, "{light} is not within {least} and {most}");
        }
        (most > 0.0).then(|| 100.0 * least / most)
    }
}

#[test]
fn evenness_is_that_of_the_continuum_of_rows() {
    let rigs = std::env::var("STROBECHECK_RIGS").ok().and_then(|rigs| rigs.parse().ok()).unwrap_or(50);
    let (mut compared, mut between) = (0, 0);
    for rig in 0..rigs {
        let mut random = Random(rig);
        let made = Rig::random(&mut random);
        let long = made.rows.iter().all(|(from, to)| to - from > made.readout + 10);
        // STROBE shows nothing where no row's exposure meets the last one's.
        let ways: &[(&str, [u64; 2])] = &[("row0", [0, 0]), ("any-row", [0, 1]), ("all-rows", [1, 0])];
        let (shows, later) = ways[random.within(0, if long { 3 } else { 2 }) as usize];
        let judgement = made.judged(shows, later, "");
        let track = find("rolling.evenness").unwrap().measure(&judgement.observation, Subject::Camera(0));
        let expected: Vec<f64> = made.rows.iter().filter_map(|row| made.evenness(*row)).collect();
        let points = track.map(|track| track.points).unwrap_or_default();
        let measured: Vec<f64> = points.iter().map(|point| 100.0 * point.reading.value.to_f64()).collect();
        assert_eq!(measured.len(), expected.len(), "rig {rig}: {measured:?} and {expected:?}");
        for (measured, expected) in measured.iter().zip(&expected) {
            assert!((measured - expected).abs() < 1e-9, "rig {rig}, {shows}: {measured} instead of {expected}");
            between += u64::from(*expected > 0.0 && *expected < 100.0);
        }
        compared += measured.len() as u64;
    }
    assert!(compared > rigs && between > rigs / 2, "{compared} values, {between} of them between 0 and 100 %");
}

#[test]
fn what_strobe_shows_of_the_rows_changes_the_line_and_no_other_value() {
    let rows = [(10_000, 14_000), (40_000, 44_000)];
    let rig = Rig { rows, readout: 1000, light: [vec![(11_100, 13_000), (41_100, 43_000)], vec![]] };
    for (shows, later, time) in [("row0", [0, 0], 4000), ("any-row", [0, 1], 5000), ("all-rows", [1, 0], 3000)] {
        let limits = format!(
            "[limits]\nexposure.time = \"{time} us ± 1 us\"\nrolling.window = \"3 ms ± 1 us\"\nrolling.margin-start = \"100 us ± 1 us\"\n\
             rolling.margin-end = \"1 ms ± 1 us\"\nrolling.evenness = \">= 100 %\"\nrolling.lit-rows = \">= 99 %\"\n\
             flash.coverage = \"63 % .. 64 %\"\nflash.leak = \"<= 0 us\"\n"
        );
        let judgement = rig.judged(shows, later, &limits);
        for found in judgement.checks.iter().filter(|check| !check.quantity.id.starts_with("line.")) {
            assert_eq!(found.verdict, Pass, "{shows}: {} = {}: {:?}", found.quantity.id, found.rule, found.reason);
        }
    }
    // Taken for row 0, that of any row has rows that see less.
    let judgement = rig.judged("row0", [0, 1], "[limits]\nrolling.window = \"3 ms ± 1 us\"\n");
    assert_eq!(check(&judgement, "rolling.window").verdict, Fail);
}
