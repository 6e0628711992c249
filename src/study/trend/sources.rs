//! Whether a station or an analyzer is off or drifts: it looks exactly like units that are.
//!
//! Units differ. So what stations read is compared by units that several of them have measured, where there are any, and
//! else by the means of their units, whose number is what counts: not that of captures.

use std::collections::BTreeMap;

use serde::Serialize;
use strum::IntoStaticStr;

use super::drift::{Group, Line, UnitDrift};
use super::series::SeriesKey;
use crate::study::statistics::student_beyond;

/// What measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum SourceKind {
    /// A test station.
    Station,
    /// An analyzer, by driver and serial number.
    Analyzer,
}

impl SourceKind {
    /// The word for it.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }
}

/// What is told of a station or an analyzer.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceNews {
    /// What it is.
    pub kind: SourceKind,
    /// Its name; none of captures whose station was not stated.
    pub name: Option<String>,
    /// Of what; without a station.
    pub key: SeriesKey,
    /// What it is.
    pub news: News,
}

/// How a station or an analyzer differs.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// It reads more, or less, than the others.
    Biased(Bias),
    /// What it reads changes with time.
    Drifts(UnitDrift),
}

/// By how much it reads more than the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bias {
    /// So much more.
    pub by: f64,
    /// The standard error of that.
    pub standard_error: f64,
    /// How many units of it that rests on.
    pub units: u64,
    /// The one that it is compared with, where there is no third: then nothing says which of them is off.
    pub against: Option<Option<String>>,
}

/// A difference, its standard error, its degrees of freedom, and the number of units.
#[derive(Debug, Clone, Copy)]
struct Compared {
    by: f64,
    error: f64,
    freedom: u64,
    units: u64,
}

impl Compared {
    fn significance(&self) -> f64 {
        if self.by.abs() > 0.0 { self.by.abs() / self.error } else { 0.0 }
    }
}

/// The least difference and the least change that is told, in standard deviations of the values: smaller ones are of no
/// account, however sure they are (Cohen 1988).
const LEAST: f64 = 0.2;
/// The share of quantities, stations and analyzers that do not differ and of which one is named all the same.
const SURE: f64 = 0.05;

/// Which stations or analyzers of these are off, and which drift. `tests` is how many are looked at in all.
pub(super) fn news(
    kind: SourceKind,
    key: &SeriesKey,
    groups: &BTreeMap<Option<String>, &Group>,
    tests: usize,
) -> Vec<SourceNews> {
    let sure = SURE / tests.max(1) as f64;
    let told = |name: &Option<String>, news| SourceNews { kind, name: name.clone(), key: key.clone(), news };
    let mut found = Vec::new();
    let spread = spread(groups.values().copied());
    let mut left: Vec<(&Option<String>, &Group)> = groups.iter().map(|(name, group)| (name, *group)).collect();
    let mut read: Vec<Read> = left.iter().flat_map(|(name, group)| Read::all(name, group)).collect();
    read.sort_unstable_by_key(|read| (read.unit, read.name));
    while left.len() > 1 {
        let is_sure = |compared: &Compared| {
            let chance = student_beyond(compared.significance(), compared.freedom);
            chance < sure && compared.by.abs() >= LEAST * spread
        };
        let compared = (0..left.len()).filter_map(|place| Some((place, compare(&left, &read, place)?)));
        // The one that is off pulls the others to the other side, and lies farther from them than they from each other.
        let farthest =
            |a: &(usize, Compared), b: &(usize, Compared)| a.1.by.abs().total_cmp(&b.1.by.abs()).then(b.0.cmp(&a.0));
        let Some((place, worst)) = compared.filter(|(_, compared)| is_sure(compared)).max_by(farthest) else { break };
        let against = (groups.len() == 2).then(|| left.iter().find(|(name, _)| *name != left[place].0)).flatten();
        let against = against.map(|(name, _)| (*name).clone());
        let bias = Bias { by: worst.by, standard_error: worst.error, units: worst.units, against };
        found.push(told(left[place].0, News::Biased(bias)));
        let (removed, _) = left.remove(place);
        read.retain(|read| read.name != removed);
    }
    for (name, group) in groups {
        let drift = group.all.drift(name.clone().unwrap_or_default()).filter(|drift| {
            let change = (drift.per_day * drift.span_days).abs();
            drift.chance() < sure && change >= LEAST * group.all.variance().sqrt()
        });
        found.extend(drift.map(|drift| told(name, News::Drifts(drift))));
    }
    found
}

/// The standard deviation of values within their groups.
fn spread<'a>(groups: impl Iterator<Item = &'a Group>) -> f64 {
    let (squares, freedom) = groups.fold((0.0, 0), |(squares, freedom), group| {
        (squares + group.all.squares(), freedom + group.all.count().saturating_sub(1))
    });
    if freedom == 0 { 0.0 } else { (squares / freedom as f64).sqrt() }
}

/// What one of them read of a unit.
struct Read<'a> {
    unit: u32,
    name: &'a Option<String>,
    line: Line,
}

impl<'a> Read<'a> {
    fn all(name: &'a Option<String>, group: &'a Group) -> impl Iterator<Item = Read<'a>> {
        group.units.iter().map(move |(unit, line)| Read { unit: *unit, name, line: *line })
    }
}

/// How one of these differs from the others together; none where there is too little of either. What they read is in the order
/// of units, then of names.
fn compare(groups: &[(&Option<String>, &Group)], read: &[Read<'_>], place: usize) -> Option<Compared> {
    let (name, _) = groups.get(place)?;
    let mut shared: Vec<(Line, Line)> = Vec::new();
    let (mut own_means, mut means) = (Vec::new(), Vec::new());
    for of_unit in read.chunk_by(|a, b| a.unit == b.unit) {
        let own = of_unit.iter().find(|read| read.name == *name).map(|read| read.line);
        let others = of_unit.iter().filter(|read| read.name != *name).map(|read| &read.line);
        let other = others.fold(Line::default(), Line::with_values_of);
        shared.extend(own.filter(|_| other.count() > 0).map(|own| (own, other)));
        own_means.extend(own.map(|own| own.mean()));
        means.extend((other.count() > 0).then(|| other.mean()));
    }
    match shared.as_mut_slice() {
        [] => {
            let unnamed = |is_own: bool| {
                let of = groups.iter().enumerate().filter(move |(at, _)| (*at == place) == is_own);
                of.map(|(_, (_, group))| &group.unnamed)
            };
            unshared(of_units(own_means, unnamed(true)), of_units(means, unnamed(false)))
        }
        [(own, other)] => {
            let freedom = (own.count() + other.count()).checked_sub(2).filter(|freedom| *freedom > 0)?;
            let variance = (own.squares() + other.squares()) / freedom as f64;
            let error = (variance / own.count() as f64 + variance / other.count() as f64).sqrt();
            Some(Compared { by: own.mean() - other.mean(), error, freedom, units: 1 })
        }
        pairs => {
            let mut differences: Vec<f64> = pairs.iter().map(|(own, other)| own.mean() - other.mean()).collect();
            differences.sort_by(f64::total_cmp);
            let (mean, variance) = moments(&differences);
            let units = differences.len() as u64;
            Some(Compared { by: mean, error: (variance / units as f64).sqrt(), freedom: units - 1, units })
        }
    }
}

/// Of units that only one of them has measured: Welch's test of the means of units.
fn unshared(own: Line, others: Line) -> Option<Compared> {
    if own.count() < 2 || others.count() < 2 {
        return None;
    }
    let (a, b) = (own.variance() / own.count() as f64, others.variance() / others.count() as f64);
    let freedom = (a + b) * (a + b) / (a * a / (own.count() - 1) as f64 + b * b / (others.count() - 1) as f64);
    // Without any spread there is none.
    let freedom = if freedom.is_finite() { freedom.floor() as u64 } else { 1 };
    Some(Compared { by: own.mean() - others.mean(), error: (a + b).sqrt(), freedom, units: own.count() })
}

/// The means of units, and captures of units that were not stated.
fn of_units<'a>(mut means: Vec<f64>, unnamed: impl Iterator<Item = &'a Line>) -> Line {
    // In an order that does not depend on how units are numbered.
    means.sort_by(f64::total_cmp);
    let all = means.iter().fold(Line::default(), |mut all, mean| {
        all.take(0, *mean);
        all
    });
    unnamed.fold(all, Line::with_values_of)
}

fn moments(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, squares / (values.len() as f64 - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::Basis;
    use approx::assert_relative_eq;

    fn group(values: &[(u32, f64)]) -> Group {
        let mut group = Group::default();
        for (unit, value) in values {
            group.units.entry(*unit).or_default().take(0, *value);
            group.all.take(0, *value);
        }
        group
    }

    fn key() -> SeriesKey {
        SeriesKey {
            station: None,
            id: "exposure.time".to_owned(),
            camera: None,
            line: None,
            rule: String::new(),
            unit: "s".to_owned(),
            basis: Basis::Mean,
        }
    }

    fn found(groups: &[(&str, Group)]) -> Vec<(String, Bias)> {
        let groups: BTreeMap<Option<String>, &Group> =
            groups.iter().map(|(name, group)| (Some((*name).to_owned()), group)).collect();
        let bias = |news: SourceNews| match news.news {
            News::Biased(bias) => Some((news.name.unwrap(), bias)),
            News::Drifts(_) => None,
        };
        news(SourceKind::Station, &key(), &groups, 3).into_iter().filter_map(bias).collect()
    }

    #[test]
    fn units_that_several_have_measured_tell_the_station_from_the_unit() {
        // Units that differ by 100; C reads 5, 6 and 7 more of each than A and B, whose mean is that of the unit.
        let of = |more: [f64; 3]| group(&[(1, 100.0 + more[0]), (2, 200.0 + more[1]), (3, 300.0 + more[2])]);
        let found = found(&[("A", of([0.0, 0.1, 0.0])), ("B", of([0.0, -0.1, 0.0])), ("C", of([50.0, 51.0, 52.0]))]);
        let [(name, bias)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((name.as_str(), bias.units, &bias.against), ("C", 3, &None));
        assert_relative_eq!(bias.by, 51.0, max_relative = 1e-12);
        // The differences are 50, 51 and 52: s = 1, over √3.
        assert_relative_eq!(bias.standard_error, 1.0 / 3.0_f64.sqrt(), max_relative = 1e-9);
    }

    #[test]
    fn other_units_are_no_bias_and_of_two_neither_is_named_alone() {
        // Five units each, measured a hundred times without any noise: by captures they would differ for sure.
        let many = |units: [(u32, f64); 3]| group(&units.map(|unit| [unit; 100]).concat());
        let a = many([(1, 10.0), (2, 12.0), (3, 14.0)]);
        assert_eq!(found(&[("A", a.clone()), ("B", many([(4, 11.0), (5, 13.5), (6, 15.5)]))]), []);
        let far = found(&[("A", a), ("B", many([(4, 111.0), (5, 113.0), (6, 115.0)]))]);
        let [(name, bias)] = far.as_slice() else { panic!("{far:?}") };
        // Means 12 and 113, s = 2 of three units each: √(4/3 + 4/3).
        assert_eq!((name.as_str(), bias.against.clone()), ("A", Some(Some("B".to_owned()))));
        assert_relative_eq!(bias.by, -101.0, max_relative = 1e-12);
        assert_relative_eq!(bias.standard_error, (8.0_f64 / 3.0).sqrt(), max_relative = 1e-12);
    }
}
