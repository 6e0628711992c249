//! What is told of each judged quantity: its values as figures and tables, and the proof where it is no pass.

use super::checks::{anchor, counts, has_section, subject, worst_first};
use super::escape::relative_address;
use super::facts::Fact;
use super::marks::{Href, Manner, Mark};
use crate::frame::Observation;
use crate::render::clips::{clip_name, window as clip_window};
use crate::render::plot::Figure;
use crate::render::words::{counted, left_out_text, time_text};
use crate::render::{RenderError, plot};
use crate::report::Judgement;
use crate::units::{Prefix, Rational, Rounding, Unit, half_width_text, value_text};
use crate::verdict::{Check, Judged, Statistics, Verdict};

/// What is told of one check.
pub(super) struct Section {
    pub(super) anchor: String,
    /// Whether it is shown at once: it is no pass.
    pub(super) is_open: bool,
    pub(super) id: &'static str,
    pub(super) of: String,
    pub(super) mark: Mark,
    pub(super) definition: String,
    pub(super) rule: String,
    pub(super) reason: Option<String>,
    pub(super) settle: Option<String>,
    pub(super) statistics: Vec<Fact>,
    pub(super) track: Option<Figure>,
    pub(super) histogram: Option<Figure>,
    pub(super) evidence: Option<Figure>,
    /// The light of each row of a rolling shutter.
    pub(super) rows: Option<Figure>,
    pub(super) tables: Vec<ValueTable>,
    /// Where its clips are, in the order of its violations.
    pub(super) clips: Vec<Href>,
}

/// A table of values, the first rows of it apart from the rest.
pub(super) struct ValueTable {
    pub(super) shown: ValueRows,
    pub(super) rest: Option<ValueRows>,
}

/// Rows of values in one unit.
pub(super) struct ValueRows {
    pub(super) caption: String,
    /// `, ms`; empty for counts.
    pub(super) unit: String,
    /// Of each value its frame, its time, its samples, itself, what it is not below and not above, and its margin.
    pub(super) rows: Vec<[String; 8]>,
}

pub(super) fn sections(
    judgement: &Judgement,
    clips: Option<&str>,
    manner: Manner,
) -> Result<Vec<Section>, RenderError> {
    let told = worst_first(&judgement.checks).into_iter().filter(|(_, check)| has_section(check));
    told.map(|(place, check)| section(place, check, judgement, (clips, manner))).collect()
}

fn section(
    place: usize,
    check: &Check,
    judgement: &Judgement,
    (clips, manner): (Option<&str>, Manner),
) -> Result<Section, RenderError> {
    let observation = &judgement.observation;
    let evidence = match check.verdict {
        Verdict::Pass => None,
        Verdict::Fail | Verdict::Inconclusive => plot::evidence(check, observation),
    };
    let clip = |number: usize, violation: &Judged| {
        clip_window(judgement, violation)?;
        Some(Href(relative_address(&clip_name(clips?, place, check, number))))
    };
    let clips = check.violations.iter().enumerate().filter_map(|(number, violation)| clip(number, violation)).collect();
    Ok(Section {
        clips,
        anchor: anchor(&judgement.checks, place),
        is_open: check.verdict != Verdict::Pass,
        id: check.quantity.id,
        of: subject(judgement, check),
        mark: manner.mark(check.verdict),
        definition: sentence(&format!("{}: {}", check.quantity.label, check.quantity.definition)),
        rule: rule(check),
        reason: check.reason.as_deref().map(sentence),
        settle: check.settle.as_deref().map(sentence),
        statistics: statistics(check, observation),
        track: plot::track(check, observation)?,
        histogram: plot::histogram(check, observation)?,
        evidence,
        rows: plot::light_over_rows(check, observation)?,
        tables: tables(check, judgement),
    })
}

/// The rule, and what was left out of it and why.
fn rule(check: &Check) -> String {
    let left_out = left_out_text(check).map(|text| format!(" Not judged: {text}.")).unwrap_or_default();
    sentence(&check.rule) + &left_out
}

/// The text with a capital in front and a full stop behind.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", chars.as_str())
}

fn statistics(check: &Check, observation: &Observation) -> Vec<Fact> {
    let Some(statistics) = check.statistics.as_ref().filter(|_| check.measured > 1) else { return Vec::new() };
    let Statistics { min, max, mean, sd, p50, p99, p99_9 } = *statistics;
    let unit = check.quantity.unit;
    let value = |value: f64| statistic_text(value, unit, observation);
    let mut facts = vec![
        Fact::new("values", counts(check)),
        Fact::new("least", value(min)),
        Fact::new("median", value(p50)),
        Fact::new("mean", value(mean)),
        Fact::new("99 % at most", value(p99)),
        Fact::new("99.9 % at most", value(p99_9)),
        Fact::new("greatest", value(max)),
    ];
    facts.extend(sd.map(|sd| Fact::new("std. deviation", half_width_text(&plot::rational(sd), unit))));
    if let Some(half_width) = check.uncertainty.as_ref().filter(|half_width| !half_width.is_zero()) {
        facts.push(Fact::new("each known to", format!("± {}", half_width_text(half_width, unit))));
    }
    facts
}

/// A statistic with as many decimals as samples tell, and one more.
fn statistic_text(value: f64, unit: Unit, observation: &Observation) -> String {
    let value = plot::rational(value);
    match unit {
        Unit::Second => {
            let prefix = Prefix::for_known(&value, observation.rate.period(), unit);
            let places = prefix.places_for(&(observation.rate.period() * &Rational::decimal(1, -1)));
            prefix.text(&value, places, Rounding::Nearest)
        }
        Unit::Hertz | Unit::Percent | Unit::Ppm | Unit::Count => value_text(&value, unit, Rounding::Nearest),
    }
}

/// The first values that are outside, and the first that could not be decided.
fn tables(check: &Check, judgement: &Judgement) -> Vec<ValueTable> {
    if !check.quantity.is_per_frame() {
        return Vec::new();
    }
    [(&check.violations, check.failed, "outside"), (&check.marginals, check.marginal, "not decided")]
        .into_iter()
        .filter(|(values, ..)| !values.is_empty())
        .map(|(values, all, what)| table(check, judgement, values, all, what))
        .collect()
}

fn table(check: &Check, judgement: &Judgement, values: &[Judged], all: u64, what: &str) -> ValueTable {
    /// More rows than this are folded away.
    const SHOWN: usize = 10;
    let greatest = values.iter().map(|judged| judged.value.abs()).fold(Rational::ZERO, Rational::max);
    let resolution = check.uncertainty.clone().unwrap_or(Rational::ZERO);
    let prefix = Prefix::for_known(&greatest, &resolution, check.quantity.unit);
    let columns = Columns { check, judgement, prefix };
    let rows = |values: &[Judged], caption: String| ValueRows {
        caption,
        unit: if prefix.symbol().is_empty() { String::new() } else { format!(", {}", prefix.symbol()) },
        rows: values.iter().map(|judged| columns.row(judged)).collect(),
    };
    let (first, rest) = values.split_at(SHOWN.min(values.len()));
    let caption = if first.len() as u64 == all {
        format!("{} {what}", counted(all, "value"))
    } else {
        format!("the first {} of {} {what}", first.len(), counted(all, "value"))
    };
    let rest = (!rest.is_empty()).then(|| rows(rest, format!("the next {}", counted(rest.len() as u64, "value"))));
    ValueTable { shown: rows(first, caption), rest }
}

/// How the values of a table are printed.
struct Columns<'a> {
    check: &'a Check,
    judgement: &'a Judgement,
    prefix: Prefix,
}

impl Columns<'_> {
    fn row(&self, judged: &Judged) -> [String; 8] {
        let bound = |bound: Option<&Rational>, rounding| bound.map(|at| self.number(at, rounding)).unwrap_or_default();
        [
            judged.frame.map(|frame| frame.to_string()).unwrap_or_default(),
            time_text(&self.judgement.time(judged.from)),
            judged.from.to_string(),
            judged.to.to_string(),
            self.number(&judged.value, Rounding::Nearest),
            bound(judged.low.as_ref(), Rounding::Down),
            bound(judged.high.as_ref(), Rounding::Up),
            self.number(&judged.margin, Rounding::Nearest),
        ]
    }

    fn number(&self, value: &Rational, rounding: Rounding) -> String {
        /// Decimals where no sample period tells how many there are.
        const PLACES: u32 = 4;
        let places = match self.check.quantity.unit {
            Unit::Second => self.prefix.places_for(self.judgement.observation.rate.period()),
            Unit::Count => 0,
            Unit::Hertz | Unit::Percent | Unit::Ppm => PLACES,
        };
        self.prefix.number(value, places, rounding)
    }
}
