//! `plan`: at the sample rate that it asks for, a camera at the nominals passes in every phase and whatever the clock's error;
//! a tenth below, in some phase it does not. More specs with STROBECHECK_RIGS=300.

use strobecheck::scenario::{Scenario, simulate};
use strobecheck::spec::Spec;
use strobecheck::study::plan::{Given, Plan};
use strobecheck::units::{Rational, Rounding, SampleRate};
use strobecheck::verdict::{Demand, Stands, Verdict};

use crate::generator::Random;
use crate::support::judging::judged_by;

/// Frames of a scenario.
const FRAMES: i64 = 24;

/// A camera whose times are all stated, in nanoseconds.
#[derive(Debug)]
struct Camera {
    frame: i64,
    /// The key of each time in spec and scenario, its nominal and its tolerance.
    times: Vec<(&'static str, i64, i64)>,
    is_end_aligned: bool,
    /// In ppm.
    clock: i64,
}

impl Camera {
    fn draw(seed: u64) -> Camera {
        let mut random = Random::new(seed);
        let frame = 1_000_000_000 / *random.pick(&[5, 15, 24, 30, 60, 120, 240]);
        let is_end_aligned = random.one(2);
        let mut times = vec![("frame.time", frame), ("exposure.time", random.log_within(frame / 50, frame / 3))];
        let shift = random.log_within(frame / 200, frame / 40);
        times.push((if is_end_aligned { "exposure.end" } else { "exposure.latency" }, shift));
        times.push(("fsin.width", random.log_within(frame / 100, frame / 4)));
        if random.one(2) {
            times.push(("flash.lead", random.log_within(frame / 300, frame / 100)));
            times.push(("flash.lag", random.log_within(frame / 300, frame / 100)));
        }
        if random.one(2) {
            times.push(("readout.start", random.log_within(frame / 300, frame / 100)));
            times.push(("readout.time", random.log_within(frame / 20, frame / 4)));
        }
        let times = times.into_iter().map(|(key, time)| (key, time, time / random.log_within(20, 200))).collect();
        Camera { frame, times, is_end_aligned, clock: *random.pick(&[0, 10, 50, 100]) }
    }

    /// The lines, each at a probe of its own.
    fn wiring(&self) -> String {
        let mut text = "[wiring]\nstrobe = \"STROBE\"\nfsin = \"FSIN\"\n".to_owned();
        for (role, key) in [("flash", "flash.lead"), ("readout", "readout.start")] {
            if self.times.iter().any(|(it, _, _)| *it == key) {
                text.push_str(&format!("{role} = \"{}\"\n", role.to_uppercase()));
            }
        }
        let alignment = if self.is_end_aligned { "end" } else { "start" };
        text + &format!("[timing]\nalignment = \"{alignment}\"\n")
    }

    fn spec(&self) -> Spec {
        let mut text = format!("{}frame_time = \"{} ns\"\n", self.wiring(), self.frame);
        text.push_str(&format!("[analyzer]\nclock = \"{} ppm\"\n[limits]\n", self.clock));
        for (key, time, tolerance) in &self.times {
            text.push_str(&format!("{key} = \"{time} ns ± {tolerance} ns\"\n"));
        }
        Spec::parse("a.spec.toml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    /// The verdict on a record at this rate, whose first sample is taken at so many eighths of its period.
    fn verdict(&self, spec: &Spec, hertz: &Rational, eighth: i128, error: i64) -> (Verdict, String) {
        let phase = hertz.recip().unwrap().times(eighth) * Rational::decimal(125, -3);
        let mut text = format!(
            "duration = \"{} ns\"\nanalyzer = {{ samplerate = \"{} Hz\", phase = \"{} s\", clock_error = \"{error} ppm\" }}\n{}",
            self.frame * FRAMES,
            hertz.to_decimal(6, Rounding::Nearest),
            phase.to_decimal(15, Rounding::Down),
            self.wiring(),
        );
        for (key, time, _) in &self.times {
            text.push_str(&format!("{key} = \"{time} ns\"\n"));
        }
        let scenario = Scenario::parse("a", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let judgement = judged_by(&simulate(&scenario).unwrap().capture, spec);
        let open = judgement.checks.iter().filter(|check| check.verdict != Verdict::Pass);
        let open = open.map(|check| format!("{} {:?} {:?}", check.quantity.id, check.verdict, check.reason));
        (judgement.verdict, open.collect::<Vec<_>>().join("; "))
    }

    fn errors(&self) -> [i64; 3] {
        [-self.clock, 0, self.clock]
    }
}

fn plan(spec: &Spec) -> Plan {
    Plan::of(spec, &Given::default()).unwrap()
}

/// The demand that takes the highest rate.
fn highest(plan: &Plan) -> &Demand {
    let demands = plan.limits.iter().flat_map(|planned| planned.takes.as_ref().unwrap());
    demands.filter(|demand| demand.rate.is_some()).max_by_key(|demand| demand.rate.clone()).unwrap()
}

/// Rates that are a tenth below or little more, at which the nominal is nearly a whole number of samples: there the samples
/// show it as far off as they can.
fn tenth_below(plan: &Plan) -> Vec<Rational> {
    let nominal = highest(plan).nominal.clone().unwrap();
    let below = plan.rate.hz() * &Rational::decimal(9, -1);
    let whole = (&nominal * &below).to_integer(Rounding::Down).unwrap() - 1;
    let near = [3, -3, 10, -10].map(|hundredth| Rational::integer(whole) + Rational::decimal(hundredth, -2));
    near.iter().map(|samples| samples.checked_div(&nominal).unwrap()).collect()
}

#[test]
fn at_the_planned_rate_every_phase_is_decided_and_a_tenth_below_some_is_not() {
    let specs = std::env::var("STROBECHECK_RIGS").ok().and_then(|count| count.parse().ok()).unwrap_or(20_u64);
    let mut wrong = Vec::new();
    for seed in 0..specs {
        let camera = Camera::draw(seed);
        let spec = camera.spec();
        let plan = plan(&spec);
        let decided = plan.standing(Stands::Decided).len();
        let told = plan.limits.iter().filter(|planned| planned.takes.is_ok()).count();
        if decided != plan.limits.len() || told != decided || !plan.shows_every_pulse() {
            wrong.push(format!("seed {seed}: {decided} of {} are decided, {:?}", plan.limits.len(), plan.limits));
            continue;
        }
        for error in camera.errors() {
            for eighth in [0, 1, 3, 4, 7] {
                let (verdict, open) = camera.verdict(&spec, plan.rate.hz(), eighth, error);
                if verdict != Verdict::Pass {
                    wrong.push(format!("seed {seed}: at its rate, phase {eighth}, {error} ppm: {open}\n{camera:?}"));
                }
            }
        }
        let cases = tenth_below(&plan);
        let cases = cases.iter().flat_map(|rate| camera.errors().map(|error| (rate, error)));
        let mut cases = cases.flat_map(|(rate, error)| (0..8).map(move |eighth| (rate, error, eighth)));
        let id = |open: &str| {
            let highest = highest(&plan).limit.text().to_owned();
            let planned = plan.limits.iter().find(|planned| planned.rule == highest).unwrap();
            open.contains(&format!("{} Inconclusive", planned.quantity.id))
        };
        if !cases.any(|(rate, error, eighth)| id(&camera.verdict(&spec, rate, eighth, error).1)) {
            wrong.push(format!("seed {seed}: a tenth below {:?} every phase is decided: {camera:?}", plan.rate));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn one_limit(clock: &str, limit: &str) -> Spec {
    let text = format!(
        "wiring.strobe = \"STROBE\"\ntiming.frame_time = \"1/30 s\"\nanalyzer.clock = \"{clock}\"\n[limits]\n{limit}\n"
    );
    Spec::parse("a.spec.toml", &text).unwrap()
}

fn of_limit<'p>(plan: &'p Plan, id: &str) -> &'p Demand {
    let planned = plan.limits.iter().find(|planned| planned.quantity.id == id).unwrap();
    &planned.takes.as_ref().unwrap()[0]
}

#[test]
fn the_rate_is_two_samples_in_what_the_clock_leaves_of_the_tolerance() {
    // The edges of a width are known to a sample each way, and it may be shown a sample off: 2 / 50 us.
    let exact = plan(&one_limit("0 ppm", "exposure.time = \"20 ms ± 50 us\""));
    assert_eq!(of_limit(&exact, "exposure.time").rate, Some(Rational::integer(40_000)));
    assert_eq!(exact.rate.hz(), &Rational::integer(40_000));
    // 50 ppm of 20 ms, by which it is shown off, and of 20.05 ms: 2 / (50 us - 1 us - 1.0025 us).
    let clocked = plan(&one_limit("50 ppm", "exposure.time = \"20 ms ± 50 us\""));
    assert_eq!(of_limit(&clocked, "exposure.time").rate, Rational::new(2 * 10_000_000_000, 479_975));
}

#[test]
fn a_limit_that_the_clock_alone_takes_up_never_passes_and_says_which_clock_it_takes() {
    // 100 ppm of 20 ms are 2 us on either side.
    let narrow = plan(&one_limit("100 ppm", "exposure.time = \"20 ms ± 2 us\""));
    let demand = of_limit(&narrow, "exposure.time");
    assert_eq!(demand.stands, Stands::Never);
    assert!(demand.takes.as_ref().unwrap().contains("an analyzer clock better than"), "{demand:?}");
    // A little wider than 2 us: some value passes, the nominal does not whatever the clock's error.
    let wider = plan(&one_limit("100 ppm", "exposure.time = \"20 ms ± 2.1 us\""));
    assert_eq!(of_limit(&wider, "exposure.time").stands, Stands::Open);
}

#[test]
fn at_a_given_rate_each_limit_is_decided_open_or_never_passes() {
    let stands = |limit: &str| {
        let given = Given { rate: Some(SampleRate::parse("100 kHz").unwrap()), time: None };
        let plan = Plan::of(&one_limit("0 ppm", limit), &given).unwrap();
        of_limit(&plan, limit.split(' ').next().unwrap()).stands
    };
    // A sample is 10 us: two of them decide, one is what a value is known to, less is never proven.
    assert_eq!(stands("exposure.time = \"20 ms ± 20 us\""), Stands::Decided);
    assert_eq!(stands("exposure.time = \"20 ms ± 19.99 us\""), Stands::Open);
    assert_eq!(stands("exposure.time = \"20 ms ± 10.01 us\""), Stands::Open);
    assert_eq!(stands("exposure.time = \"20 ms ± 9.99 us\""), Stands::Never);
    // It says where values must not be: how far inside they are proven is said, 20 us.
    assert_eq!(stands("exposure.time = \"<= 20 ms\""), Stands::Decided);
    let given = Given { rate: Some(SampleRate::parse("100 kHz").unwrap()), time: None };
    let one_sided = Plan::of(&one_limit("0 ppm", "exposure.time = \"<= 20 ms\""), &given).unwrap();
    assert_eq!(of_limit(&one_sided, "exposure.time").guard, Rational::decimal(20, -6));
}

#[test]
fn nominals_that_no_camera_has_together_are_an_error() {
    let text = "wiring = { strobe = 1, flash = 2 }\ntiming.frame_time = \"10 ms\"\n[limits]\nexposure.time = \"1 ms ± 1 us\"\n\
                flash.lead = \"-2 ms ± 1 us\"\nflash.lag = \"0 ms ± 1 us\"\n";
    let error = Plan::of(&Spec::parse("a", text).unwrap(), &Given::default()).unwrap_err().to_string();
    assert!(error.contains("no camera keeps to all nominals of the spec") && error.contains("timing.flash"), "{error}");
}
