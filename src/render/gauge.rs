//! Gauge studies for the terminal and as JSON: `strobecheck.grr/1`.

use serde::Serialize;

use super::RenderError;
use super::layout::{Align, headed};
use super::look_json::document;
use super::trend::{three_digits, what};
use super::trend_json::SeriesOf;
use super::words::counted;
use crate::escape::visible;
use crate::study::gauge::{Appraiser, GaugeResult, GaugeStudies, GaugeStudy, Share};
use crate::study::trend::Capability;

/// The tables of `trend --grr`: of each study first what its design lacks.
#[must_use]
pub fn gauge_text(studies: &GaugeStudies) -> String {
    let who = studies.appraiser.key();
    let mut text = String::new();
    if studies.unnamed > 0 {
        text.push_str(&format!(
            "Left out, since no unit or no {who} was stated: {}.\n",
            counted(studies.unnamed, "result")
        ));
    }
    if studies.too_many {
        text.push_str("There are more results than a study has: name the files of the study alone.\n");
    }
    if studies.studies.is_empty() {
        return text + &format!("No study: no result says its unit and its {who}.\n");
    }
    for study in &studies.studies {
        text.push_str(&study_text(study, who, studies.alpha));
    }
    text
}

fn study_text(study: &GaugeStudy, who: &str, alpha: f64) -> String {
    let repeat = study.repeat.as_deref().map(|repeat| format!(", {}", visible(repeat))).unwrap_or_default();
    let mut text = format!("\nGauge R&R of {}: {}{repeat}\n", what(&study.key), visible(&study.key.rule));
    study.missing.iter().for_each(|lack| text.push_str(&format!("  missing: {}\n", visible(lack))));
    let Some(([units, appraisers, repeats], result)) = &study.result else { return text + "  no result\n" };
    text.push_str(&format!("  {units} units × {appraisers} {who}s × {repeats} repeats\n"));
    let (f, p) = (result.interaction_f, result.interaction_p);
    let then = if result.pooled { "above" } else { "not above" };
    let done = if result.pooled { "pooled with repeatability" } else { "kept" };
    text.push_str(&format!("  interaction: F {f:.3}, p {p:.3}, {then} α {alpha}: {done}\n"));
    let row = |(name, share): (&str, Share)| {
        let tolerance = share.of_tolerance.map(|percent| format!("{percent:.1} %")).unwrap_or_default();
        [name.to_owned(), three_digits(&study.key, share.sd), format!("{:.1} %", share.of_study), tolerance]
    };
    let aligns = [Align::Left, Align::Right, Align::Right, Align::Right];
    let table = headed(["", "s", "of study", "of tolerance"], aligns, shares(result).map(row));
    table.lines().for_each(|line| text.push_str(&format!("  {line}\n")));
    let [low, high] = [result.gauge_low, result.gauge_high].map(|bound| three_digits(&study.key, bound));
    text.push_str(&format!("  s of R&R: {low} .. {high} (95 %)"));
    text.push_str(&result.categories.map(|count| format!("; distinct categories: {count:.0}")).unwrap_or_default());
    text.push('\n');
    if let Some((raw, without)) = &study.capability {
        let of = |capability: &Capability| {
            let cpk = capability.cpk;
            format!("{:.2} ({:.2} .. {:.2})", cpk.value, cpk.low, cpk.high)
        };
        let without = without.as_ref().map_or_else(|| "none: no spread is left".to_owned(), of);
        text.push_str(&format!("  Cpk {}; without the gauge's share {without}\n", of(raw)));
    }
    text
}

fn shares(result: &GaugeResult) -> impl Iterator<Item = (&'static str, Share)> {
    [
        ("repeatability", result.repeatability),
        ("reproducibility", result.reproducibility),
        ("interaction", result.interaction),
        ("R&R", result.gauge),
        ("unit to unit", result.unit_to_unit),
        ("total", result.total),
    ]
    .into_iter()
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    appraiser: Appraiser,
    alpha: f64,
    unnamed: u64,
    too_many: bool,
    studies: Vec<Study<'a>>,
}

#[derive(Serialize)]
struct Study<'a> {
    #[serde(flatten)]
    of: SeriesOf<'a>,
    repeat: Option<&'a str>,
    missing: &'a [String],
    result: Option<ResultOf<'a>>,
    cpk: Option<f64>,
    cpk_without_gauge: Option<f64>,
}

#[derive(Serialize)]
struct ResultOf<'a> {
    units: usize,
    appraisers: usize,
    repeats: usize,
    #[serde(flatten)]
    of: &'a GaugeResult,
}

/// The JSON of gauge studies; the same studies give the same bytes.
///
/// # Errors
/// [`RenderError`] when it cannot be written.
pub fn gauge_json(studies: &GaugeStudies) -> Result<Vec<u8>, RenderError> {
    document(&Document {
        schema: "strobecheck.grr/1",
        appraiser: studies.appraiser,
        alpha: studies.alpha,
        unnamed: studies.unnamed,
        too_many: studies.too_many,
        studies: studies.studies.iter().map(study_json).collect(),
    })
}

fn study_json(study: &GaugeStudy) -> Study<'_> {
    let capability = study.capability.as_ref();
    Study {
        of: SeriesOf::of(&study.key),
        repeat: study.repeat.as_deref(),
        missing: &study.missing,
        result: study.result.as_ref().map(|(sizes, of)| {
            let [units, appraisers, repeats] = *sizes;
            ResultOf { units, appraisers, repeats, of }
        }),
        cpk: capability.map(|(raw, _)| raw.cpk.value),
        cpk_without_gauge: capability.and_then(|(_, without)| Some(without.as_ref()?.cpk.value)),
    }
}
