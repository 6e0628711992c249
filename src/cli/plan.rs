//! `strobecheck plan`: what a spec takes of the analyzer, before anything is recorded.

use std::path::Path;
use std::sync::Arc;

use super::args::{PlanArgs, SpecArgs};
use super::choose_spec::SpecChoice;
use super::files::{Files, STANDARD};
use super::output::{self, say};
use super::{Exit, Failure};
use crate::render::{plan_text, undecided_text};
use crate::spec::Spec;
use crate::study::plan::{Given, Plan};
use crate::units::{Rational, SampleRate, Unit, parse_value_as};
use crate::verdict::Stands;

pub(super) fn run(args: &PlanArgs) -> Result<Exit, Failure> {
    let spec = SpecArgs { spec: args.spec.clone(), stated: args.stated.clone(), ..SpecArgs::default() };
    let chosen = SpecChoice::new(&spec, &Files::default())?.spec_for(Path::new(STANDARD))?;
    let usage = |option, reason: String| Failure::Usage { option, reason };
    let mut spec = Arc::unwrap_or_clone(chosen.ok_or_else(none_named)?.spec);
    if let Some(clock) = &args.clock {
        let ppm = parse_value_as(clock, Unit::Ppm).map_err(|error| usage("--clock", error.to_string()))?;
        let clock = &ppm * &Rational::decimal(1, -6);
        if clock.is_negative() || clock >= Rational::ONE {
            return Err(Failure::OutOfRange { option: "--clock", wanted: "from 0 to less than 1000000 ppm" });
        }
        spec.analyzer.clock = clock;
    }
    let rate = args.samplerate.as_deref().map(SampleRate::parse).transpose();
    let time = args.time.as_deref().map(|time| parse_value_as(time, Unit::Second)).transpose();
    let time = time.map_err(|error| usage("--time", error.to_string()))?;
    if time.as_ref().is_some_and(|time| !time.is_positive()) {
        return Err(Failure::OutOfRange { option: "--time", wanted: "above 0 s" });
    }
    let given = Given { rate: rate.map_err(|error| usage("--samplerate", error.to_string()))?, time };
    let plan = Plan::of(&spec, &given)?;
    output::print_text(&plan_text(&plan))?;
    if let Some(why) = spec.why_nothing_is_judged() {
        say(format_args!("warning: {why}"));
    }
    Ok(if !plan.standing(Stands::Never).is_empty() {
        Exit::NeverPasses
    } else if !plan.standing(Stands::Open).is_empty() || !plan.shows_every_pulse() || plan.untold() > 0 {
        Exit::Undecided
    } else {
        Exit::Done
    })
}

/// The least sample rate that decides a spec.
pub(super) fn least_rate(spec: &Path) -> Result<SampleRate, Failure> {
    let stated = SpecArgs { spec: Some(spec.to_owned()), ..SpecArgs::default() };
    let chosen = SpecChoice::new(&stated, &Files::default())?.spec_for(Path::new(STANDARD))?;
    let spec = chosen.map(|chosen| chosen.spec).ok_or_else(none_named)?;
    Ok(Plan::of(&spec, &Given::default())?.rate)
}

fn none_named() -> Failure {
    Failure::Usage { option: "SPEC", reason: "name a spec, or a --profile".to_owned() }
}

/// Says what a spec cannot decide at this sample rate, before it is recorded at it. A spec that cannot be planned is judged
/// all the same.
pub(super) fn warn(spec: &Spec, rate: &SampleRate) {
    let given = Given { rate: Some(rate.clone()), time: None };
    if let Ok(plan) = Plan::of(spec, &given) {
        for text in undecided_text(&plan) {
            say(format_args!("warning: {text}"));
        }
    }
}
