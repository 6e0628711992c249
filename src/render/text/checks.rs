//! The checks of a capture: a table, a sentence for each that is no pass, and statistics.

use super::Detail;
use super::paper::{INDENT, Paper, QUIET, painted, word};
use crate::escape::visible;
use crate::render::layout::{Align, columns};
use crate::render::words::{check_name, checks_with, counted, explanation, worst_text};
use crate::report::{Judgement, Overall, RateSource};
use crate::spec::Origin;
use crate::units::{Prefix, Rational, Rounding};
use crate::verdict::{Check, LeftOut, Verdict, WhyLeftOut};

/// The checks, those that are no pass first. Implied ones that pass are only named, unless all is wanted.
pub(super) fn add_table(paper: &mut Paper, judgement: &Judgement, detail: Detail) {
    let groups = [Verdict::Fail, Verdict::Inconclusive, Verdict::Pass];
    let is_folded =
        |check: &Check| detail < Detail::Full && check.verdict == Verdict::Pass && check.origin == Origin::Implied;
    let shown: Vec<&Check> =
        groups.iter().flat_map(|&group| checks_with(judgement, group)).filter(|check| !is_folded(check)).collect();
    let mut rows = vec![["check", "limit", "worst value", "fail", "marg", "of"].map(str::to_owned)];
    rows.extend(shown.iter().map(|check| check_row(judgement, check)));
    let aligns = [Align::Left, Align::Left, Align::Left, Align::Right, Align::Right, Align::Right];
    // First the limits give way, then the names.
    const FLEXIBLE: [(usize, usize); 2] = [(1, 16), (0, 20)];
    // A column is as wide as its widest cell: beyond this, a name of a megabyte would widen every row.
    const WIDEST: usize = 1000;
    let mut laid = columns(&rows, aligns, &FLEXIBLE, paper.width.min(WIDEST) - INDENT.len()).into_iter();
    paper.push(String::new());
    let heading = laid.next().filter(|_| !shown.is_empty()).unwrap_or_default();
    paper.extend(heading.iter().map(|line| painted(QUIET, &format!("{INDENT}{line}"))));
    let mut group = None;
    for (check, row) in shown.iter().zip(laid) {
        if group.replace(check.verdict) != Some(check.verdict) {
            paper.push(word(check.verdict.into()));
        }
        paper.extend(row.iter().map(|line| format!("{INDENT}{line}")));
    }
    add_folded(
        paper,
        judgement.checks.iter().filter(|check| is_folded(check)).map(|c| check_name(judgement, c)),
        group,
    );
}

fn add_folded(paper: &mut Paper, names: impl Iterator<Item = String>, group: Option<Verdict>) {
    let names: Vec<String> = names.collect();
    if names.is_empty() {
        return;
    }
    if group != Some(Verdict::Pass) {
        paper.push(word(Overall::Pass));
    }
    let count = counted(names.len() as u64, "implied check");
    paper.add_text(INDENT, &format!("and {count}: {}", names.join(", ")));
}

fn check_row(judgement: &Judgement, check: &Check) -> [String; 6] {
    let texts = [check_name(judgement, check), check.rule.clone(), worst_text(check)];
    let [name, rule, worst] = texts.map(|text| visible(&text).into_owned());
    let [failed, marginal, measured] = [check.failed, check.marginal, check.measured].map(|count| count.to_string());
    [name, rule, worst, failed, marginal, measured]
}

/// What was measured and not judged, and why; pulses that the record cuts, as it cuts the first and the last of every
/// capture, only where all is wanted.
pub(super) fn add_left_out(paper: &mut Paper, judgement: &Judgement, detail: Detail) {
    let is_told = |part: &&LeftOut| detail == Detail::Full || part.why != WhyLeftOut::CutOff;
    for why in WhyLeftOut::ALL {
        let parts = judgement.checks.iter().filter_map(|check| {
            let part = check.left_out.iter().filter(is_told).find(|part| part.why == why)?;
            Some(format!("{} {}", check_name(judgement, check), part.count))
        });
        let parts: Vec<String> = parts.collect();
        if !parts.is_empty() {
            paper.add_text(INDENT, &format!("not judged, {}: {}", why.text(), parts.join(", ")));
        }
    }
}

/// A paragraph for each check that is no pass; unless all is wanted, none where one reason, told before, holds for all.
pub(super) fn add_explanations(paper: &mut Paper, judgement: &Judgement, detail: Detail) {
    match judgement.provenance.rate_source {
        RateSource::TimeUnit if detail < Detail::Full => return,
        RateSource::TimeUnit | RateSource::File | RateSource::Stated => {}
    }
    for verdict in [Verdict::Fail, Verdict::Inconclusive] {
        for check in checks_with(judgement, verdict) {
            let said = explanation(judgement, check).join("; ");
            paper.push(String::new());
            paper.add_text("", &format!("{}: {said}", check_name(judgement, check)));
        }
    }
}

/// Smallest, mean, largest value and deviation of each check with several values, in one unit per check.
pub(super) fn add_statistics(paper: &mut Paper, judgement: &Judgement) {
    paper.push(String::new());
    for check in &judgement.checks {
        if let Some(text) = statistics_text(check) {
            paper.add_text("", &format!("{}: {text}", check_name(judgement, check)));
        }
    }
}

fn statistics_text(check: &Check) -> Option<String> {
    let statistics = check.statistics.as_ref().filter(|_| check.measured > 1)?;
    let [min, mean, max] = [statistics.min, statistics.mean, statistics.max].map(decimal);
    let (min, mean, max) = (min?, mean?, max?);
    let resolution = check.uncertainty.clone().unwrap_or(Rational::ZERO);
    let prefix = Prefix::for_known(&min.abs().max(max.abs()), &resolution, check.quantity.unit);
    // A tenth of the uncertainty, as wherever a value is printed beside it.
    let places = prefix.places_for(&(&resolution * &Rational::decimal(1, -1)));
    let text = |value: &Rational| prefix.text(value, places, Rounding::Nearest);
    let mut parts = vec![format!("min {}", text(&min)), format!("mean {}", text(&mean)), format!("max {}", text(&max))];
    if let Some(sd) = statistics.sd.and_then(decimal) {
        parts.push(format!("sd {}", text(&sd)));
    }
    Some(parts.join(", "))
}

/// The number that the shortest decimal of a double says; none for what is no number.
fn decimal(value: f64) -> Option<Rational> {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e')?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    Some(Rational::decimal(mantissa, exponent - i32::try_from(fraction.len()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_of_doubles_are_what_they_print() {
        for (value, text) in [(1.05e-4, "0.000105"), (-2.0, "-2.000000"), (0.0, "0.000000"), (1e3, "1000.000000")] {
            assert_eq!(decimal(value).unwrap().to_decimal(6, Rounding::Nearest), text);
        }
        assert_eq!(decimal(f64::NAN), None);
    }
}
