//! `strobecheck compare`: what differs between two captures.

use std::collections::BTreeMap;
use std::path::Path;

use super::args::CompareArgs;
use super::choose_spec::SpecChoice;
use super::files::{Files, Ours, Target};
use super::load::{Opened, OpenedSource, ReadOptions, open_source};
use super::output::{Aside, shown};
use super::{Exit, Failure};
use crate::frame::Observation;
use crate::quantity;
use crate::render::html::comparison_page;
use crate::render::text::Detail;
use crate::render::{Imprinting, comparison_text};
use crate::report::Written;
use crate::spec::{Spec, quantity_meant};
use crate::study::{Outcome, compare};
use crate::units::{Rational, ValueError, parse_value_as};
use crate::verify::observe;

pub(super) fn run(args: &CompareArgs, detail: Detail) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let tolerances = tolerances(&args.tolerance)?;
    let files = Files::new(args.write.force);
    let chosen = SpecChoice::new(&args.spec, &files)?.spec_for(&args.good)?.ok_or_else(|| Failure::NoSpec {
        path: args.good.clone(),
        help: "Both are wired by one spec: put it beside the good capture, or name it with --spec, --profile or --wire"
            .to_owned(),
    })?;
    let sources = (open_source(&args.good, &files)?, open_source(&args.bad, &files)?);
    let ours = Ours::Imprinted(Imprinting::MARKUP, Written::Comparison);
    let target = args.output.as_deref().map(|path| files.target(path, ours)).transpose()?;
    let (good, good_problems) = observed(&args.good, sources.0, &options, &chosen.spec)?;
    let (bad, bad_problems) = observed(&args.bad, sources.1, &options, &chosen.spec)?;
    let mut comparison = compare(&chosen.spec, &good, &bad, &tolerances);
    let problems = [good_problems, bad_problems].concat();
    super::exit_for(&problems);
    if comparison.outcome == Outcome::Same && !problems.is_empty() {
        // What is lost may differ.
        comparison.outcome = Outcome::Open;
    }
    let aside = target.as_ref().map_or(Aside::Output, Target::aside);
    aside.print(&comparison_text(&comparison, detail))?;
    if let Some(target) = target {
        let names = [args.good.to_string_lossy(), args.bad.to_string_lossy()];
        target.write_bytes(&comparison_page(&comparison, [&good, &bad], names.each_ref().map(AsRef::as_ref))?)?;
    }
    Ok(match comparison.outcome {
        Outcome::Differ => Exit::Differs,
        Outcome::Open | Outcome::Unjudged => Exit::Undecided,
        Outcome::Same => Exit::Done,
    })
}

fn observed(
    path: &Path,
    source: OpenedSource,
    options: &ReadOptions,
    spec: &Spec,
) -> Result<(Observation, Vec<String>), Failure> {
    let mut opened = Opened::new(path, source, options)?;
    super::say_warnings(&opened);
    opened.sampled_rate()?;
    let error = |source| Failure::Verify { path: path.to_owned(), source: Box::new(source) };
    opened.wire_analog(&spec.rig).map_err(|source| super::unwired(path, spec, source))?;
    let bits = super::wired(path, spec, opened.header())?;
    let (capture, _) = opened.capture(bits)?;
    let problems = capture.problems.iter().map(|problem| format!("{}: {problem}", shown(path))).collect();
    Ok((observe(&capture, spec).map_err(error)?, problems))
}

/// `ID=VALUE` each, the value in the unit of the quantity.
fn tolerances(arguments: &[String]) -> Result<BTreeMap<&'static str, Rational>, Failure> {
    let tolerance = |argument: &String| -> Result<(&'static str, Rational), Failure> {
        let (id, text) = argument.split_once('=').unwrap_or((argument, ""));
        let quantity = quantity::find(id.trim()).ok_or_else(|| Failure::UnknownQuantity {
            wanted: id.trim().to_owned(),
            help: quantity_meant(id.trim()),
        })?;
        let wrong = |error: ValueError| Failure::usage("--tolerance", format!("{argument}: {error}"));
        let value = parse_value_as(text, quantity.unit).map_err(wrong)?;
        if value.is_negative() {
            return Err(Failure::usage("--tolerance", "it must be 0 or more"));
        }
        Ok((quantity.id, value))
    };
    arguments.iter().map(tolerance).collect()
}
