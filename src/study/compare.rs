//! What differs between two captures of the same rig: quantity by quantity, and frame by frame.

use std::collections::BTreeMap;

use crate::frame::Observation;
use crate::quantity::{ClockShare, QUANTITIES, Quantity, Reading, Seen, Subject, Track};
use crate::spec::{Limit, Spec};
use crate::units::{Rational, SampleIndex, Unit};
use crate::verdict::{Check, Verdict, applies, judge};

/// The values of one quantity in one capture, in its base unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// How many were seen whole.
    pub count: usize,
    /// Their mean, known to what the least known of them is, without the clock.
    pub mean: Reading,
    /// Their standard deviation (n − 1); none for a single value.
    pub sd: Option<f64>,
}

/// A quantity of one camera or line in both captures.
#[derive(Debug, Clone)]
pub struct Difference {
    /// What was measured.
    pub quantity: &'static Quantity,
    /// The camera or the line.
    pub subject: String,
    /// In the good capture; none where it has no value.
    pub good: Option<Side>,
    /// In the bad one.
    pub bad: Option<Side>,
    /// How far the mean lies from that of the good one, and the half-width of that; none where one is missing, or is not known on both
    /// sides.
    pub shift: Option<(Rational, Rational)>,
    /// How many frames have a value in both.
    pub frames: usize,
    /// Of those, the ones whose values are proven to differ by more than the tolerance: how many.
    pub differing: usize,
    /// The frame with the largest difference, and that difference.
    pub largest: Option<(i64, Rational)>,
    /// The tolerance that was stated.
    pub tolerance: Option<Rational>,
    /// The values per frame of the good and the bad one, in the base unit, for figures; empty for what is no value per frame.
    pub values: [Vec<(i64, f64)>; 2],
    /// The limits that the spec states for it.
    pub limits: Vec<Limit>,
    /// Whether mean or a frame is proven to differ by more than the tolerance that was stated.
    pub is_beyond: bool,
    /// Whether only one of the two has it. In a damaged capture it may have been lost: then that is not proven.
    pub is_missing: bool,
}

impl Difference {
    /// Whether anything of it is proven to differ: its mean, one of its frames, or that one of the two has it.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        let is_shifted = self.shift.as_ref().is_some_and(|(shift, half_width)| shift.abs() > *half_width);
        self.is_beyond || self.differing > 0 || is_shifted || self.is_missing
    }
}

/// A rule that the bad capture breaks and the good one does not.
#[derive(Debug, Clone)]
pub struct NewViolation {
    /// As it comes out in the good capture.
    pub good: Check,
    /// As it comes out in the bad one.
    pub bad: Check,
    /// What the good one has in the frame of the bad one's worst value; none where it has none there.
    pub twin: Option<Twin>,
}

/// A value of the good capture, in the frame that belongs to one of the bad capture.
#[derive(Debug, Clone, PartialEq)]
pub struct Twin {
    /// The frame, as the good capture numbers it.
    pub frame: i64,
    /// The first and the last sample that it was taken from.
    pub samples: (SampleIndex, SampleIndex),
    /// The value, in the base unit of the quantity.
    pub value: Rational,
    /// Its half-width without the clock; none where it is not known on both sides.
    pub half_width: Option<Rational>,
}

/// A rule that the good capture itself breaks.
#[derive(Debug, Clone)]
pub struct OwnViolation {
    /// As it comes out in the good capture.
    pub good: Check,
    /// As it comes out in the bad one.
    pub bad: Check,
}

/// What differs.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Everything that can be measured in at least one of the two, in the order of the catalogue.
    pub differences: Vec<Difference>,
    /// The rules that only the bad one breaks.
    pub violations: Vec<NewViolation>,
    /// The rules that the good one breaks, whatever the bad one does: of these it is no example. They decide nothing.
    pub own: Vec<OwnViolation>,
    /// What comes of it.
    pub outcome: Outcome,
}

impl Comparison {
    /// Whether the two look swapped: the good one breaks limits that the bad one keeps, and not the other way round.
    #[must_use]
    pub fn looks_swapped(&self) -> bool {
        self.violations.is_empty() && self.own.iter().any(|own| own.bad.verdict == Verdict::Pass)
    }
}

/// What comes of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// They differ beyond the limits or a tolerance.
    Differ,
    /// A limit that the good one keeps could not be decided of the bad one, or neither shows what a limit or a tolerance is about.
    Open,
    /// Neither a limit nor a tolerance is stated: what differs is shown, and nothing says how much may.
    Unjudged,
    /// Nothing differs by more than the limits and tolerances allow.
    Same,
}

/// Compares two captures, observed by one spec. `tolerances` are by the ids of quantities, in their base units.
#[must_use]
pub fn compare(
    spec: &Spec,
    good: &Observation,
    bad: &Observation,
    tolerances: &BTreeMap<&'static str, Rational>,
) -> Comparison {
    let ruled = spec.rules.iter().filter(|rule| applies(rule, bad));
    let checks: Vec<(Check, Check)> =
        ruled.clone().map(|rule| (judge(rule, spec, good), judge(rule, spec, bad))).collect();
    // What says nothing of the good one is kept by it; of what neither shows nothing can be said to be the same.
    let is_open = ruled.zip(&checks).any(|(rule, (good_check, bad_check))| {
        let is_kept = good_check.verdict == Verdict::Pass || !applies(rule, good);
        let is_empty = good_check.measured == 0 && bad_check.measured == 0;
        (is_kept || is_empty) && bad_check.verdict == Verdict::Inconclusive
    });
    let subjects = QUANTITIES
        .iter()
        .flat_map(|quantity| quantity.subjects(&good.rig).into_iter().map(move |subject| (*quantity, subject)));
    let differences = subjects.filter_map(|(quantity, subject)| {
        let tolerance = tolerances.get(quantity.id);
        let later = later(subject, [good, bad]);
        let limits = checks.iter().filter(|(check, _)| check.quantity == quantity && check.subject == subject);
        let limits = limits.flat_map(|(check, _)| check.limits.iter().cloned()).collect();
        let found = difference(quantity, subject, [good, bad], later, &spec.analyzer.clock, tolerance)?;
        Some(Difference { limits, ..found })
    });
    let differences: Vec<Difference> = differences.collect();
    let is_measured = |id: &str| differences.iter().any(|found| found.quantity.id == id && found.shift.is_some());
    let is_open = is_open || tolerances.keys().any(|id| !is_measured(id));
    let own = checks.iter().filter(|(good, _)| good.verdict == Verdict::Fail);
    let own = own.map(|(good, bad)| OwnViolation { good: good.clone(), bad: bad.clone() }).collect();
    let broken = checks.into_iter().filter(|(good, bad)| bad.verdict == Verdict::Fail && good.verdict != Verdict::Fail);
    let violation = |(good_check, bad_check): (Check, Check)| {
        let later = later(bad_check.subject, [good, bad]);
        NewViolation { twin: twin(&bad_check, good, later), good: good_check, bad: bad_check }
    };
    let violations: Vec<NewViolation> = broken.map(violation).collect();
    let outcome = if !violations.is_empty() || differences.iter().any(|difference| difference.is_beyond) {
        Outcome::Differ
    } else if tolerances.is_empty() && spec.why_nothing_is_judged().is_some() {
        Outcome::Unjudged
    } else if is_open {
        Outcome::Open
    } else {
        Outcome::Same
    };
    Comparison { differences, violations, own, outcome }
}

/// By how many frames the bad capture is to be moved so that its frames have the entries of the sequences that those of the good
/// one have.
fn later(subject: Subject, [good, bad]: [&Observation; 2]) -> i64 {
    let Subject::Camera(camera) = subject else { return 0 };
    let burst = i64::from(good.rig.cameras[camera].burst.get());
    let phase = |observation: &Observation| {
        let phase = observation.cameras[camera].phases.first().copied().unwrap_or(0);
        i64::try_from(phase).unwrap_or(0) / burst
    };
    phase(good) - phase(bad)
}

/// The value of the good capture in the frame that belongs to that of the bad one's worst value.
fn twin(bad: &Check, good: &Observation, later: i64) -> Option<Twin> {
    let frame = bad.worst.as_ref()?.frame?.saturating_sub(later);
    let track = bad.quantity.measure(good, bad.subject).ok()?;
    let point = track.points.iter().find(|point| point.frame == Some(frame) && point.seen == Seen::Whole)?;
    let reading = point.reading.scaled(&track.scale);
    let half_width = reading.half_width();
    Some(Twin { frame, samples: (point.from, point.to), value: reading.value, half_width })
}

fn difference(
    quantity: &'static Quantity,
    subject: Subject,
    [good, bad]: [&Observation; 2],
    later: i64,
    clock: &Rational,
    tolerance: Option<&Rational>,
) -> Option<Difference> {
    let mut tracks = [good, bad].map(|observation| quantity.measure(observation, subject).ok());
    if let [_, Some(bad)] = &mut tracks {
        // Frame f of the bad one has the entry of frame f − later of the good one.
        bad.points = bad.points.with(|point| point.frame = point.frame.map(|frame| frame.saturating_sub(later)));
    }
    let [good_side, bad_side] = tracks.each_ref().map(|track| track.as_ref().and_then(side));
    if good_side.is_none() && bad_side.is_none() {
        return None;
    }
    let shift = good_side.as_ref().zip(bad_side.as_ref()).and_then(|(good, bad)| {
        let samples = &good.mean.half_width()? + &bad.mean.half_width()?;
        let (good, bad) = (&good.mean.value, &bad.mean.value);
        Some((bad - good, &samples + &clock_share(quantity, clock, good, bad)))
    });
    let allowed = tolerance.cloned().unwrap_or(Rational::ZERO);
    let is_per_frame = quantity.is_per_frame();
    let frames = if is_per_frame { frames(quantity, &tracks, clock, &allowed) } else { Frames::default() };
    let is_shifted = shift.as_ref().is_some_and(|(shift, half_width)| &shift.abs() - half_width > allowed);
    // What a damaged capture does not show may have been lost.
    let is_missing = [good, bad].iter().all(|side| side.lost.is_empty()) && good_side.is_some() != bad_side.is_some();
    Some(Difference {
        quantity,
        subject: match subject {
            Subject::Camera(camera) => good.rig.cameras[camera].name.clone(),
            Subject::Line(wire) => good.rig.wire(wire).full_key(),
        },
        is_beyond: tolerance.is_some()
            && (is_missing || if frames.both > 0 { frames.differing > 0 } else { is_shifted }),
        is_missing,
        values: tracks.each_ref().map(|track| values(quantity, track.as_ref())),
        good: good_side,
        bad: bad_side,
        shift,
        frames: frames.both,
        differing: frames.differing,
        largest: frames.largest,
        tolerance: tolerance.cloned(),
        limits: Vec::new(),
    })
}

/// What figures draw: floats do.
fn values(quantity: &Quantity, track: Option<&Track>) -> Vec<(i64, f64)> {
    let Some(track) = track.filter(|_| quantity.is_per_frame()) else { return Vec::new() };
    let scale = track.scale.to_f64();
    let whole = track.points.iter().filter(|point| point.seen == Seen::Whole);
    whole.filter_map(|point| Some((point.frame?, point.reading.value.to_f64() * scale))).collect()
}

/// What the clocks of both captures may add to a difference: each was recorded by itself.
fn clock_share(quantity: &Quantity, clock: &Rational, good: &Rational, bad: &Rational) -> Rational {
    let values = &good.abs() + &bad.abs();
    match quantity.clock {
        ClockShare::Scales => clock * &values,
        ClockShare::Cancels => Rational::ZERO,
        ClockShare::Whole => {
            // A ratio: 1 is a million ppm.
            let one = match quantity.unit {
                Unit::Ppm => Rational::integer(1_000_000),
                Unit::Percent => Rational::integer(100),
                Unit::Second | Unit::Hertz | Unit::Count => Rational::ONE,
            };
            clock * &(&one.times(2) + &values)
        }
    }
}

/// The values that were seen whole; none where there are none.
fn side(track: &Track) -> Option<Side> {
    let points = || track.points.iter().filter(|point| point.seen == Seen::Whole);
    let whole: Vec<Rational> = points().map(|point| point.reading.value).collect();
    let count = Rational::integer(whole.len() as i128);
    let sum = whole.iter().fold(Rational::ZERO, |sum, value| &sum + value);
    let mean = sum.checked_div(&count)?;
    let scale = track.scale.to_f64();
    let center = mean.to_f64();
    let squares: f64 = whole.iter().map(|value| (value.to_f64() - center).powi(2)).sum();
    let mean = if let [_] = whole.as_slice() {
        points().next()?.reading
    } else {
        let half = track.points.half_width().unwrap_or(Rational::ZERO);
        Reading::between(&mean - &half, mean.clone(), &mean + &half)
    };
    Some(Side {
        count: whole.len(),
        mean: mean.scaled(&track.scale),
        sd: (whole.len() > 1).then(|| (squares / (whole.len() - 1) as f64).sqrt() * scale),
    })
}

#[derive(Debug, Default)]
struct Frames {
    both: usize,
    differing: usize,
    largest: Option<(i64, Rational)>,
}

/// Frame against frame, by their numbers.
fn frames(quantity: &Quantity, tracks: &[Option<Track>; 2], clock: &Rational, allowed: &Rational) -> Frames {
    let by_frame = |track: &Track| -> BTreeMap<i64, (Rational, Rational)> {
        let whole = track.points.iter().filter(|point| point.seen == Seen::Whole);
        let valued = whole.filter_map(|point| {
            let reading = point.reading.scaled(&track.scale);
            let half_width = reading.half_width()?;
            Some((point.frame?, (reading.value, half_width)))
        });
        valued.collect()
    };
    let [Some(good), Some(bad)] = tracks else { return Frames::default() };
    let (good, bad) = (by_frame(good), by_frame(bad));
    let mut found = Frames::default();
    for (frame, (good, good_width)) in &good {
        let Some((bad, bad_width)) = bad.get(frame) else { continue };
        found.both += 1;
        let apart = bad - good;
        let known = &(good_width + bad_width) + &clock_share(quantity, clock, good, bad);
        if &(&apart.abs() - &known) > allowed {
            found.differing += 1;
        }
        if found.largest.as_ref().is_none_or(|(_, largest)| apart.abs() > largest.abs()) {
            found.largest = Some((*frame, apart));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Scenario, simulate};
    use crate::verify::observe;

    const SPEC: &str = "
        wiring.strobe = 'STROBE'
        analyzer.clock = '0 ppm'
        limits.exposure.time = '20 ms ± 500 us'
    ";

    fn observed(exposure: &str) -> (Spec, Observation) {
        observed_by(SPEC, exposure)
    }

    fn observed_by(spec: &str, exposure: &str) -> (Spec, Observation) {
        let text = format!(
            "duration = '1 s'\n[analyzer]\nsamplerate = '1 MHz'\n[timing]\nframe.time = '1/30 s'\nexposure.time = {exposure}\n"
        );
        let capture = simulate(&Scenario::parse("test.toml", &text).unwrap()).unwrap().capture;
        let spec = Spec::parse("test.spec.toml", spec).unwrap();
        let observation = observe(&capture, &spec).unwrap();
        (spec, observation)
    }

    fn compared(good: &str, bad: &str, tolerance_us: Option<i128>) -> (Difference, bool) {
        let ((spec, good), (_, bad)) = (observed(good), observed(bad));
        let tolerance = tolerance_us.map(|us| ("exposure.time", Rational::decimal(us, -6)));
        let comparison = compare(&spec, &good, &bad, &tolerance.into_iter().collect());
        let differs = comparison.outcome == Outcome::Differ;
        let found = comparison.differences.into_iter().find(|found| found.quantity.id == "exposure.time").unwrap();
        (found, differs)
    }

    #[test]
    fn a_shift_is_known_to_a_sample_of_each_capture() {
        let (found, differs) = compared("'20 ms'", "'20.1 ms'", None);
        let (shift, half_width) = found.shift.unwrap();
        assert_eq!(half_width, Rational::decimal(2, -6), "a sample of 1 µs on each side");
        assert!((&shift - &Rational::decimal(100, -6)).abs() <= half_width);
        assert_eq!(found.differing, found.frames, "every frame is proven to differ");
        assert!(!differs, "both are within the limit, and no tolerance is stated");
    }

    #[test]
    fn a_tolerance_is_exceeded_only_where_that_is_proven() {
        // 100 µs, known to ± 2 µs.
        for (tolerance, differs) in [(90, true), (97, true), (99, false), (110, false)] {
            assert_eq!(compared("'20 ms'", "'20.1 ms'", Some(tolerance)).1, differs, "{tolerance} µs");
        }
        assert!(!compared("'20 ms'", "'20 ms'", Some(0)).1, "the same");
    }

    #[test]
    fn a_limit_that_only_the_bad_one_breaks_is_a_difference() {
        assert!(compared("'20 ms'", "'20.6 ms'", None).1);
        assert!(!compared("'20.6 ms'", "'20.6 ms'", None).1, "both break it");
        assert!(!compared("'20.6 ms'", "'20 ms'", None).1, "the good one breaks it");
    }

    #[test]
    fn what_the_good_one_breaks_is_told_and_decides_nothing() {
        // The limit is 20 ms ± 500 µs.
        let told = |good: &str, bad: &str| {
            let ((spec, good), (_, bad)) = (observed(good), observed(bad));
            let comparison = compare(&spec, &good, &bad, &BTreeMap::new());
            let ids: Vec<&str> = comparison.own.iter().map(|own| own.good.quantity.id).collect();
            (ids, comparison.looks_swapped(), comparison.outcome)
        };
        assert_eq!(told("'20.6 ms'", "'20 ms'"), (vec!["exposure.time"], true, Outcome::Same));
        assert_eq!(told("'20.6 ms'", "'20.7 ms'"), (vec!["exposure.time"], false, Outcome::Same));
        assert_eq!(told("'20 ms'", "'20.6 ms'"), (vec![], false, Outcome::Differ));
    }

    #[test]
    fn sequences_are_laid_entry_on_entry() {
        let sequence = |first: &str, second: &str| {
            let text = SPEC.replace("'20 ms ± 500 us'", "['10 ms ± 500 us', '20 ms ± 500 us']");
            observed_by(&text, &format!("['{first}', '{second}']"))
        };
        let ((spec, good), (_, bad)) = (sequence("10 ms", "20 ms"), sequence("20 ms", "10 ms"));
        let tolerances = [("exposure.time", Rational::decimal(50, -6))].into_iter().collect();
        let comparison = compare(&spec, &good, &bad, &tolerances);
        let found = comparison.differences.iter().find(|found| found.quantity.id == "exposure.time").unwrap();
        assert_eq!((found.differing, comparison.outcome), (0, Outcome::Same));
        assert!(found.frames > 20);
    }

    #[test]
    fn where_nothing_is_stated_nothing_is_judged() {
        let (mut spec, good) = observed("'20 ms'");
        let bad = observed("'25 ms'").1;
        spec.rules.clear();
        assert_eq!(compare(&spec, &good, &bad, &BTreeMap::new()).outcome, Outcome::Unjudged);
        let tolerance = [("exposure.time", Rational::ONE)].into_iter().collect();
        assert_eq!(compare(&spec, &good, &bad, &tolerance).outcome, Outcome::Same);
    }

    #[test]
    fn of_what_neither_shows_nothing_is_the_same() {
        let (spec, good) = observed("'20 ms'");
        let tolerance = |id| [(id, Rational::ONE)].into_iter().collect();
        // One camera has no skew.
        assert_eq!(compare(&spec, &good, &good, &tolerance("skew.start")).outcome, Outcome::Open);
        assert_eq!(compare(&spec, &good, &good, &tolerance("exposure.time")).outcome, Outcome::Same);
    }

    #[test]
    fn a_camera_that_stops_is_no_camera_without_a_difference() {
        let (spec, good) = observed("'20 ms'");
        let text = "duration = '1 s'\n[analyzer]\nsamplerate = '1 MHz'\n[timing]\nframe.time = '1/30 s'\nexposure.time = '20 ms'\n\
                    [[fault]]\nkind = 'missing-strobe'\nframes = [15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]\n";
        let capture = simulate(&Scenario::parse("test.toml", text).unwrap()).unwrap().capture;
        let bad = observe(&capture, &spec).unwrap();
        assert_eq!(compare(&spec, &good, &bad, &BTreeMap::new()).outcome, Outcome::Open);
    }

    #[test]
    fn the_clock_counts_for_both() {
        let exposure = find("exposure.time");
        let (good, bad) = (Rational::decimal(20, -3), Rational::decimal(30, -3));
        // 100 ppm of 50 ms.
        assert_eq!(clock_share(exposure, &Rational::decimal(100, -6), &good, &bad), Rational::decimal(5, -6));
        assert_eq!(clock_share(find("frame.missing"), &Rational::ONE, &good, &bad), Rational::ZERO);
    }

    fn find(id: &str) -> &'static Quantity {
        crate::quantity::find(id).unwrap()
    }
}
