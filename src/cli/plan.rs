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
use crate::units::SampleRate;
use crate::verdict::Stands;

pub(super) fn run(args: &PlanArgs) -> Result<Exit, Failure> {
    let spec = SpecArgs { spec: args.spec.clone(), stated: args.stated.clone(), ..SpecArgs::default() };
    let chosen = SpecChoice::new(&spec, &Files::default())?.spec_for(Path::new(STANDARD))?;
    let mut spec = Arc::unwrap_or_clone(chosen.ok_or_else(none_named)?.spec);
    if let Some(clock) = &args.clock {
        spec.analyzer.clock = clock.clone();
    }
    let plan = Plan::of(&spec, &Given { rate: args.samplerate.clone(), time: args.time.clone() })?;
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
    Failure::usage("SPEC", "name a spec, or a --profile")
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
