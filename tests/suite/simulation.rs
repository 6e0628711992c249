//! What is measured of a simulated capture, held against what truly happened.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use strobecheck::frame::Observation;
use strobecheck::quantity::{Bound, Family, Measure, Needs, Point, QUANTITIES, Quantity, Reading, Seen, Subject, find};
use strobecheck::scenario::{Scenario, Simulation, simulate};
use strobecheck::units::Rational;

use super::example_scenarios;
use super::support::oracle::{Oracle, TrueValue};
use super::support::{random_rig, random_scenario};

/// Whether the truth lies within the bounds of a reading, both given in the same unit.
fn holds(reading: &Reading, truth: &Rational) -> bool {
    let above = match &reading.low {
        Bound::Open(low) => low < truth,
        Bound::Closed(low) => low <= truth,
        Bound::Unbounded => true,
    };
    let below = match &reading.high {
        Bound::Open(high) => truth < high,
        Bound::Closed(high) => truth <= high,
        Bound::Unbounded => true,
    };
    above && below
}

/// Everything that a scenario's cameras show, held against the truth; counts what was compared per quantity.
fn check(text: &str) -> Result<BTreeMap<&'static str, usize>, TestCaseError> {
    let scenario = Scenario::parse("random.toml", text).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
    let simulation = simulate(&scenario).unwrap();
    let rig = scenario.rig();
    let rate = simulation.sampler.true_rate().unwrap();
    let observation = Observation::of(&rig, &simulation.capture, &rate, &Rational::ZERO).unwrap();
    let mut compared = BTreeMap::new();
    for camera in 0..rig.cameras.len() {
        let oracle = Oracle::new(&scenario, &rig, &simulation, camera);
        check_camera(&oracle, &observation, camera, &mut compared)
            .map_err(|what| TestCaseError::fail(format!("camera {camera}: {what}\n{text}")))?;
    }
    prop_assert!(narrowest(&simulation) > 1, "a pulse of a single sample\n{text}");
    Ok(compared)
}

/// Everything that one camera shows.
fn check_camera(
    oracle: &Oracle<'_>,
    observation: &Observation,
    camera: usize,
    compared: &mut BTreeMap<&'static str, usize>,
) -> Result<(), String> {
    let clear = oracle.contacts_are_clear();
    let windowed = ["flash.duty@7ms", "flash.duty@100ms"].into_iter().filter_map(find);
    let all = QUANTITIES.iter().copied().chain(windowed);
    for quantity in all.filter(|quantity| quantity.is_wired(&observation.rig, camera)) {
        if !clear && rests_on_contacts(quantity) {
            *compared.entry("(unclear contacts)").or_default() += 1;
            continue;
        }
        let measured = quantity.measure(observation, Subject::Camera(camera));
        let points: Vec<Point> = measured.as_ref().map(|track| track.points.iter().collect()).unwrap_or_default();
        let scale = measured.as_ref().map_or(Rational::ONE, |track| track.scale.clone());
        let Some(truths) = oracle.values(quantity.id) else { continue };
        let count = match quantity.measure {
            Measure::Line(_) => continue,
            Measure::Frames(_) => compare_frames(quantity, &points, &scale, &truths),
            Measure::Capture(_) => compare_number(quantity, &points, &scale, &truths),
        };
        *compared.entry(quantity.id).or_default() += count.map_err(|what| format!("{}: {what}", quantity.id))?;
    }
    Ok(())
}

/// Whether a quantity is of flashes that touch exposures: where they barely do, samples cannot tell.
fn rests_on_contacts(quantity: &Quantity) -> bool {
    let others = ["flash.leak", "flash.on-time", "flash.duty"];
    let base = quantity.id.split('@').next().unwrap_or_default();
    let of_flash = quantity.family() == Some(Family::Flash) && !others.contains(&base);
    of_flash || ["rolling.margin", "rolling.evenness", "rolling.lit"].iter().any(|id| quantity.id.starts_with(id))
}

/// The shortest stretch between two changes of any line, in samples.
fn narrowest(simulation: &Simulation) -> u64 {
    let lines = simulation.capture.lines.iter();
    let stretches = lines.flat_map(|line| line.waveform.changes().gaps());
    stretches.min().unwrap_or(u64::MAX)
}

/// Each value that was measured whole is a true one, within its bounds; each true one that was recorded is measured.
fn compare_frames(
    quantity: &Quantity,
    points: &[Point],
    scale: &Rational,
    truths: &[TrueValue],
) -> Result<usize, String> {
    let whole: Vec<&Point> = points.iter().filter(|point| point.seen != Seen::CutOff).collect();
    let mut numbering = None;
    for point in &whole {
        let truth = truths.iter().find(|truth| truth.samples == (point.from, point.to));
        let truth = truth.ok_or_else(|| format!("measured what never was: {point:?}"))?;
        if !holds(&point.reading.scaled(scale), &truth.value) {
            return Err(format!("{truth:?} is not within {point:?} · {scale:?}"));
        }
        // Frames are numbered from the first complete one on the one side, from boundary 0 on the other.
        if let (Some(seen), Some(number)) = (point.frame, truth.frame) {
            let difference = seen - number;
            if *numbering.get_or_insert(difference) != difference {
                return Err(format!("frame {number} is numbered {seen}, others differ by {numbering:?}"));
            }
        }
    }
    for truth in truths.iter().filter(|truth| truth.recorded) {
        if !whole.iter().any(|point| truth.samples == (point.from, point.to)) {
            return Err(format!("{} was not measured: {truth:?}", quantity.label));
        }
    }
    Ok(whole.len())
}

/// The one number of a capture holds the true one within its bounds.
fn compare_number(
    quantity: &Quantity,
    points: &[Point],
    scale: &Rational,
    truths: &[TrueValue],
) -> Result<usize, String> {
    let ([point], [truth]) = (points, truths) else {
        return Err(format!("{} has {} values, and {} in truth", quantity.label, points.len(), truths.len()));
    };
    let within = holds(&point.reading.scaled(scale), &truth.value);
    if within { Ok(1) } else { Err(format!("{truth:?} is not within {point:?} · {scale:?}")) }
}

/// The least number of cases, the same in every run; PROPTEST_CASES asks for more, PROPTEST_RNG_SEED for others.
fn cases(least: u32) -> ProptestConfig {
    let cases = ProptestConfig::default().cases.max(least);
    let rng_seed = match ProptestConfig::default().rng_seed {
        RngSeed::Random => RngSeed::Fixed(20_261_129),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn every_quantity_is_held_against_the_truth_in_some_example() {
    let mut compared: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, text) in example_scenarios::ALL {
        let counts = check(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        for (id, count) in counts {
            *compared.entry(id).or_default() += count;
        }
    }
    // A pattern of two flash lines, and the camera's log, have tests of their own (flash_pattern.rs, camera_log.rs,
    // reported_exposure.rs).
    let is_compared = |quantity: &&&Quantity| {
        let of_log = matches!(quantity.needs, Needs::Log(_));
        quantity.family() != Some(Family::Line) && !of_log && quantity.id != "flash.pattern"
    };
    for quantity in QUANTITIES.iter().filter(is_compared) {
        let is_compared = compared.get(quantity.id).is_some_and(|&count| count > 0);
        let where_to =
            "state its true value in tests/suite/support/oracle, and show it in a scenario of tests/scenarios";
        assert!(is_compared, "{} was never compared: {where_to}", quantity.id);
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn the_truth_lies_within_what_is_measured_of_any_rig(text in random_rig::rig()) {
        check(&text)?;
    }

    #[test]
    fn the_truth_lies_within_what_is_measured(text in random_scenario::scenario()) {
        check(&text)?;
    }

    #[test]
    fn the_same_scenario_gives_the_same_capture(text in random_scenario::scenario()) {
        let scenario = Scenario::parse("random.toml", &text).unwrap();
        prop_assert_eq!(simulate(&scenario).unwrap().capture, simulate(&scenario).unwrap().capture);
    }
}
