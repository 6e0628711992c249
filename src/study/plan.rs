//! What a spec takes of the analyzer, before anything is recorded: a camera that keeps to the spec's nominals is simulated, and
//! each limit is held against what its capture leaves open.

use super::nominal::Nominals;
use crate::frame::{Observation, ObserveError};
use crate::quantity::{Absent, Quantity, Subject};
use crate::scenario::{Femtos, Scenario, ScenarioError, Simulation, SimulationError, Truth, simulate};
use crate::spec::{Rule, Spec};
use crate::units::{Rational, Rounding, SampleRate, Unit};
use crate::verdict::{Demand, RateIs, Stands, Verdict, applies, demands, judge, laid};

/// Why nothing can be planned.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The nominals do not fit together.
    #[error("no camera keeps to all nominals of the spec: {0}")]
    Nominals(#[from] ScenarioError),
    /// Its capture cannot be made.
    #[error("no camera keeps to all nominals of the spec: {0}")]
    Simulation(#[from] SimulationError),
    /// Its capture does not fit the spec.
    #[error(transparent)]
    Observe(#[from] ObserveError),
    /// No sample rate fits.
    #[error("the spec takes a sample rate of more than 10 GHz, or none at all")]
    NoRate,
}

/// What is known of the instrument and the record.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The sample rate; none: it is to be found.
    pub rate: Option<SampleRate>,
    /// How long the record is, in seconds; none: as long as the spec takes.
    pub time: Option<Rational>,
}

/// A limit, and what it takes or why that is not known.
#[derive(Debug)]
pub struct Planned {
    /// What is judged.
    pub quantity: &'static Quantity,
    /// Of which camera or line: its name.
    pub of: String,
    /// The rule as reports print it.
    pub rule: String,
    /// What each of its limits takes; or why no sample rate can be told.
    pub takes: Result<Vec<Demand>, String>,
}

/// What a spec takes.
#[derive(Debug)]
pub struct Plan {
    /// The rules in the order of the spec.
    pub limits: Vec<Planned>,
    /// The sample rate that all of them are held against: the one that is given, or the least that decides them all.
    pub rate: SampleRate,
    /// Whether it was given.
    pub rate_is: RateIs,
    /// The accuracy of the clock, as a ratio.
    pub clock: Rational,
    /// The narrowest pulse or pause on any line, in seconds; none where no line has one.
    pub narrowest: Option<Rational>,
    /// The sample rate in hertz that shows it in three samples.
    pub shown_from: Option<Rational>,
    /// How long the record is, in seconds.
    pub time: Rational,
    /// How many edges it has.
    pub edges: u64,
    /// Whether the frame time was taken for the usual one, as nothing states it.
    pub presumes_frame_time: bool,
}

/// So many samples show a pulse whatever its phase, and that there was no second one.
const SHOWN: i128 = 3;
/// Frames that tell a camera's behaviour.
const FRAMES: u64 = 20;
/// Samples of the first look, from which the sample rate is found.
const FIRST_LOOK: i128 = 100_000_000_000;
/// No analyzer is faster, and no scenario.
const MOST_HERTZ: i128 = 10_000_000_000;

impl Plan {
    /// What a spec takes.
    ///
    /// # Errors
    /// [`PlanError`] when its nominals contradict each other.
    pub fn of(spec: &Spec, given: &Given) -> Result<Plan, PlanError> {
        let nominals = Nominals::of(spec);
        let time = given.time.clone().unwrap_or_else(|| least_time(spec, &nominals));
        let look = Look { nominals: &nominals, time: &time };
        if let Some(rate) = &given.rate {
            return look.at(rate, RateIs::Given);
        }
        let most = Rational::integer(MOST_HERTZ);
        let first = Rational::integer(FIRST_LOOK).checked_div(&time).unwrap_or_else(|| most.clone()).min(most.clone());
        let mut plan = look.at(&SampleRate::from_hz(first).ok_or(PlanError::NoRate)?, RateIs::Free)?;
        // A fit or a share of time is known by a number of samples that the rate changes a little: at each rate what the spec
        // takes is asked anew, until that is no more.
        for look_number in 0..MOST_LOOKS {
            let wanted = plan.wanted().filter(|wanted| *wanted <= most).ok_or(PlanError::NoRate)?;
            if look_number > 1 && wanted <= *plan.rate.hz() {
                break;
            }
            plan = look.at(&SampleRate::from_hz(wanted).ok_or(PlanError::NoRate)?, RateIs::Free)?;
        }
        Ok(plan)
    }

    /// The least sample rate in hertz that shows every pulse and decides every limit that a rate can decide.
    fn wanted(&self) -> Option<Rational> {
        let demands = self.limits.iter().filter_map(|planned| planned.takes.as_ref().ok()).flatten();
        let wanted = demands.filter_map(|demand| demand.rate.clone()).chain(self.shown_from.clone()).max()?;
        // Scenarios write rates as decimals.
        Some(Rational::decimal(wanted.times(1_000_000).to_integer(Rounding::Up)?, -6))
    }

    /// The limits that stand so, each with its rule.
    #[must_use]
    pub fn standing(&self, stands: Stands) -> Vec<(&Planned, &Demand)> {
        let mut found = Vec::new();
        for planned in &self.limits {
            let demands = planned.takes.as_deref().unwrap_or_default().iter();
            found.extend(demands.filter(|demand| demand.stands == stands).map(|demand| (planned, demand)));
        }
        found
    }

    /// How many limits there are of which it is not told what they take.
    #[must_use]
    pub fn untold(&self) -> usize {
        self.limits.iter().filter(|planned| planned.takes.is_err()).count()
    }

    /// Whether every pulse is shown.
    #[must_use]
    pub fn shows_every_pulse(&self) -> bool {
        self.shown_from.as_ref().is_none_or(|from| from <= self.rate.hz())
    }

    /// How many samples the record has.
    #[must_use]
    pub fn samples(&self) -> u64 {
        let samples = self.rate.samples(&self.time).to_integer(Rounding::Up);
        samples.and_then(|samples| u64::try_from(samples).ok()).unwrap_or(u64::MAX)
    }
}

/// How often a plan is made anew at the rate that it asks for.
const MOST_LOOKS: usize = 12;

/// How long a record must at least be for the spec to be judged.
fn least_time(spec: &Spec, nominals: &Nominals<'_>) -> Rational {
    // Each entry of a sequence three times.
    let frames =
        FRAMES.max(spec.min_frames).max(3 * nominals.sequence() as u64).max(spec.rig.expected_frames.unwrap_or(0));
    let frames = frames + spec.rig.skip_frames + 3;
    let longest = (0..spec.rig.cameras.len()).map(|camera| nominals.frame_time(camera)).max().unwrap_or(Rational::ONE);
    let by_frames = longest.times(i128::from(frames));
    // A share of a second slides over more than one.
    let slides = spec.rules.iter().any(|rule| rule.quantity.id.starts_with("flash.duty"));
    if slides { by_frames.max(Rational::decimal(15, -1)) } else { by_frames }
}

struct Look<'a> {
    nominals: &'a Nominals<'a>,
    time: &'a Rational,
}

impl Look<'_> {
    /// What the spec takes, as an analyzer of this rate shows its nominals.
    fn at(&self, rate: &SampleRate, rate_is: RateIs) -> Result<Plan, PlanError> {
        let spec = &self.nominals.judged;
        let text = self.nominals.scenario(rate.hz(), self.time);
        let Simulation { capture, truth, .. } = simulate(&Scenario::parse("the spec's nominals", &text)?)?;
        let observation = laid(spec, Observation::of(&spec.rig, &capture, rate, &spec.analyzer.clock)?);
        let rules = spec.rules.iter().filter(|rule| applies(rule, &observation));
        let narrowest = narrowest(&truth);
        Ok(Plan {
            limits: rules.map(|rule| planned(rule, spec, &observation, rate_is)).collect(),
            rate: rate.clone(),
            rate_is,
            clock: spec.analyzer.clock.clone(),
            shown_from: narrowest.as_ref().and_then(|least| Rational::integer(SHOWN).checked_div(least)),
            narrowest,
            time: self.time.clone(),
            edges: capture.lines.iter().map(|line| line.waveform.changes().len() as u64).sum(),
            presumes_frame_time: !self.nominals.has_frame_time(),
        })
    }
}

fn planned(rule: &Rule, spec: &Spec, observation: &Observation, rate_is: RateIs) -> Planned {
    let of = match rule.subject {
        Subject::Camera(camera) => spec.rig.cameras.get(camera).map(|camera| camera.name.clone()).unwrap_or_default(),
        Subject::Line(wire) => spec.rig.wire(wire).full_key(),
    };
    let takes = if rule.quantity.needs_log() {
        Err("it takes the camera's log".to_owned())
    } else {
        taken(rule, spec, observation, rate_is)
    };
    Planned { quantity: rule.quantity, of, rule: rule.text(), takes }
}

fn taken(rule: &Rule, spec: &Spec, observation: &Observation, rate_is: RateIs) -> Result<Vec<Demand>, String> {
    let takes = demands(rule, spec, observation, rate_is).map_err(|absent: Absent| absent.to_string())?;
    let check = judge(rule, spec, observation);
    match (rule.quantity.unit, check.verdict) {
        (Unit::Count, Verdict::Fail) => {
            Err("a camera that keeps to the other limits' nominals does not keep to it".to_owned())
        }
        (Unit::Count, Verdict::Inconclusive) => Err(check.reason.unwrap_or_default()),
        (Unit::Count, Verdict::Pass)
        | (
            Unit::Second | Unit::Hertz | Unit::Percent | Unit::Ppm,
            Verdict::Pass | Verdict::Fail | Verdict::Inconclusive,
        ) => Ok(takes),
    }
}

/// The least time in seconds between two changes of a line.
fn narrowest(truth: &Truth) -> Option<Rational> {
    let of_line = |changes: &[Femtos]| changes.windows(2).filter_map(|two| Some(*two.get(1)? - *two.first()?)).min();
    let least = truth.lines.iter().filter_map(|line| of_line(line.changes())).min()?;
    Some(Rational::decimal(least.get(), -15))
}
