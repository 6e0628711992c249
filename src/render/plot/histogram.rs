//! How often a judged quantity took which value.
//!
//! Times come in whole sample periods: a bin holds a whole number of them and its borders lie between two of them, so
//! that each bin can hold equally many values and no comb appears that is not in the signal.

use plotters::element::Rectangle;
use plotters::style::Color as _;

use super::backend::units;
use super::chart::{Axis, Mesh, chart, line, mesh};
use super::drawing::{Anchor, Area, Drawing, Label, Mark};
use super::font::{fitted, text_width};
use super::legend::{Sign, legend};
use super::scale::{Scale, prefix_of, round_step};
use super::style::{HISTOGRAM_WIDTH, Ink, SMALL, Stroke};
use super::values::{Bounds, Group, Printed, Range, grid, groups};
use super::{Figure, PlotError};
use crate::frame::Observation;
use crate::units::{Unit, half_width_text};
use crate::verdict::{Check, Plotted, Standing};

const LEFT: f64 = 52.0;
const RIGHT: f64 = 20.0;
/// Height of the title and the legend above the panels.
const HEAD: f64 = 40.0;
const PANEL_TITLE: f64 = 18.0;
/// Height of the names of the limits above a panel, and of the axis below it.
const LIMIT_ROW: f64 = 16.0;
const AXIS: f64 = 24.0;
const ALONE: f64 = 174.0;
const AMONG_OTHERS: f64 = 74.0;
/// About this many bins, at most.
const MOST_BINS: f64 = 48.0;
/// Where values are on a grid, a histogram shows at least this many steps of it.
const LEAST_STEPS: f64 = 10.0;

/// How many values of each standing a bin holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Bin {
    pub(super) inside: usize,
    pub(super) straddling: usize,
    pub(super) outside: usize,
}

impl Bin {
    pub(super) fn count(&self) -> usize {
        self.inside + self.straddling + self.outside
    }
}

/// The bins of a group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bins {
    /// The lower border of the first bin.
    pub(super) start: f64,
    /// The width of each.
    pub(super) width: f64,
    pub(super) bins: Vec<Bin>,
    /// How many values lie below and above all bins.
    pub(super) beyond: (usize, usize),
}

impl Bins {
    fn end(&self) -> f64 {
        self.start + self.width * self.bins.len() as f64
    }

    fn highest(&self) -> usize {
        self.bins.iter().map(Bin::count).max().unwrap_or(0)
    }
}

/// The histogram of a check's judged values; none where there are fewer than two.
///
/// # Errors
/// [`PlotError`] when the figure cannot be drawn.
pub fn histogram(check: &Check, observation: &Observation) -> Result<Option<Figure>, PlotError> {
    let counted = counted(check, observation);
    if check.measured < 2 || counted.is_empty() {
        return Ok(None);
    }
    let caption = caption(check, &counted);
    Ok(Some(Figure::new(drawing(check, observation, &counted)?, caption)))
}

/// The values of each group, counted.
pub(super) fn counted<'a>(check: &'a Check, observation: &Observation) -> Vec<(Group<'a>, Bins)> {
    let step = grid(check, observation);
    (groups(check).into_iter())
        .filter_map(|group| {
            let judged = group.judged();
            let bins = bins(&judged, &range(&group, &judged, step)?, step);
            Some((group, bins))
        })
        .collect()
}

/// The figure as data.
pub(super) fn drawing(
    check: &Check,
    observation: &Observation,
    counted: &[(Group<'_>, Bins)],
) -> Result<Drawing, PlotError> {
    let several = counted.len() > 1;
    let panel_height = if several { AMONG_OTHERS } else { ALONE };
    let title_height = if several { PANEL_TITLE } else { 0.0 };
    let height = HEAD + counted.len() as f64 * (title_height + LIMIT_ROW + panel_height + AXIS);
    let mut drawing = Drawing::new(HISTOGRAM_WIDTH, height);
    let mut top = HEAD;
    draw_head(&mut drawing, check, counted);
    for (group, bins) in counted {
        if let Some(title) = group.title.as_ref().filter(|_| several) {
            let room = HISTOGRAM_WIDTH - LEFT;
            drawing.text((LEFT, top + 8.0), Anchor::Start, fitted(title, SMALL, room), SMALL, Ink::Text);
        }
        top += title_height + LIMIT_ROW;
        let area = Area { left: LEFT, top, right: HISTOGRAM_WIDTH - RIGHT, bottom: top + panel_height };
        draw_panel(&mut drawing, check, observation, &Panel { group, bins, area })?;
        top = area.bottom + AXIS;
    }
    Ok(drawing)
}

/// The range of the values, with limits that are near enough not to flatten it.
fn range(group: &Group<'_>, judged: &[Plotted], step: Option<f64>) -> Option<Range> {
    const NEAR: f64 = 3.0;
    let values: Vec<f64> = judged.iter().map(|point| point.value).collect();
    let least_width = step.unwrap_or(0.0) * LEAST_STEPS;
    let alone = Range::of(&values, std::iter::empty(), least_width)?;
    let reach = NEAR * (alone.to - alone.from);
    let is_near = |value: &f64| (alone.from - reach..=alone.to + reach).contains(value);
    let near: Vec<f64> =
        (group.bounds().into_iter()).flat_map(|Bounds { min, max, .. }| [min, max]).flatten().filter(is_near).collect();
    Range::of(&values, near.into_iter(), least_width)
}

/// Counts values in bins that cover a range. With a step, borders lie half-way between its multiples.
fn bins(judged: &[Plotted], range: &Range, step: Option<f64>) -> Bins {
    let (start, width, count) = match step {
        Some(step) => {
            let (first, last) = ((range.from / step).round(), (range.to / step).round());
            let per_bin = round_step(((last - first + 1.0) / MOST_BINS).max(1.0)).to_f64();
            let first = (first / per_bin).floor() * per_bin;
            let count = ((last - first + 1.0) / per_bin).ceil();
            ((first - 0.5) * step, per_bin * step, count)
        }
        None => {
            let width = (range.to - range.from) / MOST_BINS;
            (range.from, if width > 0.0 { width } else { 1.0 }, MOST_BINS)
        }
    };
    let mut bins =
        Bins { start, width, bins: vec![Bin::default(); count.clamp(1.0, 4.0 * MOST_BINS) as usize], beyond: (0, 0) };
    for point in judged {
        let place = ((point.value - start) / width).floor();
        if place < 0.0 {
            bins.beyond.0 += 1;
        } else if let Some(bin) = bins.bins.get_mut(place as usize) {
            match point.standing {
                Standing::Inside | Standing::NotJudged => bin.inside += 1,
                Standing::Straddling => bin.straddling += 1,
                Standing::Outside => bin.outside += 1,
            }
        } else {
            bins.beyond.1 += 1;
        }
    }
    bins
}

struct Panel<'a> {
    group: &'a Group<'a>,
    bins: &'a Bins,
    area: Area,
}

fn draw_head(drawing: &mut Drawing, check: &Check, counted: &[(Group<'_>, Bins)]) {
    drawing.text((8.0, 11.0), Anchor::Start, "values per bin", SMALL, Ink::Text);
    let has = |of: fn(&Bin) -> usize| counted.iter().any(|(_, bins)| bins.bins.iter().any(|bin| of(bin) > 0));
    let entries = [
        (Sign::Block(Ink::Value), "within", true),
        (Sign::Block(Ink::Straddling), "not decided", has(|bin| bin.straddling)),
        (Sign::Block(Ink::Outside), "outside", has(|bin| bin.outside)),
        (Sign::Allowed, "allowed", !check.limits.is_empty()),
    ];
    let shown = entries.into_iter().filter(|(.., is_shown)| *is_shown).map(|(sign, text, _)| (sign, text));
    legend(drawing, (8.0, 28.0), HISTOGRAM_WIDTH, shown);
}

fn draw_panel(
    drawing: &mut Drawing,
    check: &Check,
    observation: &Observation,
    panel: &Panel<'_>,
) -> Result<(), PlotError> {
    let (Area { left, right, .. }, unit) = (panel.area, check.quantity.unit);
    let across = Scale::new((panel.bins.start, panel.bins.end()), (left, right));
    let top = panel.bins.highest().max(1) as f64 * 1.08;
    let up = Scale::new((0.0, top), (panel.area.bottom, panel.area.top));
    let prefix = prefix_of(&across, unit);
    let axes = (
        Axis::across(across, unit, prefix, 12.0, left - 14.0..HISTOGRAM_WIDTH),
        Axis::up(up, Unit::Count, prefix_of(&up, Unit::Count), 34.0),
    );
    let mut chart = chart(drawing, panel.area, axes)?;
    chart.draw_series(panel.group.bounds().into_iter().map(|Bounds { min, max, .. }| {
        let corners = [(min.unwrap_or(across.from), 0.0), (max.unwrap_or(across.to), top)];
        Rectangle::new(corners, Ink::Allowed.filled())
    }))?;
    mesh(&mut chart, Mesh::Numbers)?;
    chart.draw_series(bars(panel.bins, &across, &up))?;
    let limits = limits(panel.group, &Printed::new(check, observation, prefix));
    let shown = limits.iter().map(|(value, _)| *value).filter(|value| across.holds(*value));
    chart.draw_series(shown.map(|value| line(vec![(value, 0.0), (value, top)], Stroke::dashed(Ink::Limit))))?;
    drop(chart);
    draw_names(drawing, panel.area, &limits, &across);
    drawing.text((left - 18.0, panel.area.bottom + 13.0), Anchor::End, prefix.symbol(), SMALL, Ink::Muted);
    Ok(())
}

/// The bars of all bins; what is outside stands on top. None is lower than a visible line.
fn bars(bins: &Bins, across: &Scale, up: &Scale) -> Vec<Rectangle<(f64, f64)>> {
    const LOWEST: f64 = 1.5;
    let lowest = LOWEST / (up.start - up.end) * up.to;
    let gap = if across.px(across.from + bins.width) - across.start > 4.0 { units(0.5).unsigned_abs() } else { 0 };
    let mut bars = Vec::new();
    for (place, bin) in bins.bins.iter().enumerate() {
        let from = bins.start + bins.width * place as f64;
        let mut base = 0.0;
        for (count, ink) in [(bin.inside, Ink::Value), (bin.straddling, Ink::Straddling), (bin.outside, Ink::Outside)] {
            if count > 0 {
                let top = base + (count as f64).max(lowest);
                let mut bar = Rectangle::new([(from, base), (from + bins.width, top)], ink.filled());
                bar.set_margin(0, 0, gap, gap);
                bars.push(bar);
                base = top;
            }
        }
    }
    bars
}

/// The ends of all limits in rising order, and how they are printed.
fn limits(group: &Group<'_>, printed: &Printed) -> Vec<(f64, String)> {
    let ends = group.limits.iter().flat_map(|limit| [limit.min(), limit.max()]).flatten();
    let mut limits: Vec<(f64, String)> = ends.map(|value| (value.to_f64(), printed.text(value))).collect();
    limits.sort_by(|a, b| a.0.total_cmp(&b.0));
    limits.dedup();
    limits
}

/// The values of the lowest and the highest limit above the panel, with an arrow where they lie beyond it.
fn draw_names(drawing: &mut Drawing, Area { left, top, right, .. }: Area, limits: &[(f64, String)], across: &Scale) {
    let y = top - 10.0;
    // Between two limits there is room, as far as their names do not meet.
    let (first, last) = (limits.first(), limits.last().filter(|_| limits.len() > 1));
    let place = |value: f64, text: &str, least: f64, most: f64| {
        let x = across.px(value);
        let half = text_width(text, SMALL) / 2.0;
        Label {
            at: (x.clamp((least + half).min(most - half), most - half), y),
            anchor: Anchor::Middle,
            text: text.to_owned(),
            size: SMALL,
            ink: Ink::Limit,
        }
    };
    let pointed = |value: f64, text: &str| match value {
        value if value < across.from => format!("← {text}"),
        value if value > across.to => format!("{text} →"),
        _ => text.to_owned(),
    };
    let mut end = left - LEFT + 4.0;
    for (value, text) in [first, last].into_iter().flatten() {
        let label = place(*value, &pointed(*value, text), end, right + RIGHT - 2.0);
        let (from, to) = label.reach();
        if from >= end - 0.01 {
            end = to + 10.0;
            drawing.add(Mark::Text(label));
        }
    }
}

fn caption(check: &Check, counted: &[(Group<'_>, Bins)]) -> String {
    let unit = check.quantity.unit;
    let width = counted.first().map(|(_, bins)| bins.width).unwrap_or_default();
    let bin = match unit {
        Unit::Count => "1".to_owned(),
        Unit::Second | Unit::Hertz | Unit::Percent | Unit::Ppm => half_width_text(&super::scale::rational(width), unit),
    };
    let beyond: usize = counted.iter().map(|(_, bins)| bins.beyond.0 + bins.beyond.1).sum();
    let beyond = match beyond {
        0 => String::new(),
        1 => "; 1 value lies beyond the bins".to_owned(),
        beyond => format!("; {beyond} values lie beyond the bins"),
    };
    format!("How often {} took which value, in bins of {bin}{beyond}.", check.quantity.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::{Bench, check};
    use crate::units::SampleIndex;
    use proptest::prelude::*;

    fn plotted(value: f64, standing: Standing) -> Plotted {
        Plotted { frame: None, at: SampleIndex::default(), value, standing, entry: 0 }
    }

    fn bins_of(values: &[f64], from: f64, to: f64, step: Option<f64>) -> Bins {
        let points: Vec<Plotted> = values.iter().map(|&value| plotted(value, Standing::Inside)).collect();
        bins(&points, &Range { from, to, ..Range::default() }, step)
    }

    #[test]
    fn borders_lie_between_samples() {
        // 1 µs apart: 10 to 20 are 11 values, each with a bin of its own.
        let found = bins_of(&[10e-6, 11e-6, 11e-6, 20e-6], 10e-6, 20e-6, Some(1e-6));
        assert!((found.start - 9.5e-6).abs() < 1e-12 && (found.width - 1e-6).abs() < 1e-12);
        let counts: Vec<usize> = found.bins.iter().map(Bin::count).collect();
        assert_eq!(counts, [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        // 0 to 100 would take 101 bins: 5 values each (101 / 48, rounded up to 1, 2 or 5).
        let found = bins_of(&[0.0, 4e-6, 5e-6, 100e-6], 0.0, 100e-6, Some(1e-6));
        assert!((found.start + 0.5e-6).abs() < 1e-12 && (found.width - 5e-6).abs() < 1e-12);
        assert_eq!((found.bins.len(), found.bins[0].count(), found.bins[1].count()), (21, 2, 1));
    }

    #[test]
    fn values_beyond_are_counted() {
        let found = bins_of(&[1.0, 50.0, 100.0], 40.0, 60.0, Some(1.0));
        assert_eq!((found.beyond, found.bins.iter().map(Bin::count).sum::<usize>()), ((1, 1), 1));
    }

    #[test]
    fn limits_that_are_near_belong_to_the_range() {
        let judgement = Bench::passing().judge();
        let found = counted(check(&judgement, "exposure.time"), &judgement.observation);
        let [(_, bins)] = found.as_slice() else { panic!("{} groups", found.len()) };
        // 19.99 to 20.01 ms; 19.95 and 20.05 ms are 40 µs away, less than 3 times as much.
        assert!(bins.start < 19.95e-3 && bins.end() > 20.05e-3, "{bins:?}");
        let found = counted(check(&judgement, "fsin.width"), &judgement.observation);
        // 100 µs each; 5 µs is far away.
        assert!(found[0].1.start > 90e-6);
    }

    #[test]
    fn standings_are_counted_apart() {
        let judgement = Bench::failing().judge();
        let check = check(&judgement, "exposure.time");
        let found = counted(check, &judgement.observation);
        let sum = |of: fn(&Bin) -> usize| found[0].1.bins.iter().map(of).sum::<usize>() as u64;
        assert_eq!((sum(|bin| bin.outside), sum(|bin| bin.straddling)), (check.failed, check.marginal));
        assert_eq!(sum(Bin::count), check.measured);
        assert_eq!((check.failed, check.marginal), (2, 2));
    }

    proptest! {
        #[test]
        fn every_value_is_in_the_bin_whose_borders_enclose_it(
            samples in prop::collection::vec(-2000..2000_i64, 1..200),
            from in -2000..0_i64,
            to in 1..2000_i64,
        ) {
            let step = 1.0 / 24e6;
            let values: Vec<f64> = samples.iter().map(|&n| n as f64 * step).collect();
            let found = bins_of(&values, from as f64 * step, to as f64 * step, Some(step));
            let inside = found.bins.iter().map(Bin::count).sum::<usize>();
            prop_assert_eq!(inside + found.beyond.0 + found.beyond.1, values.len());
            prop_assert!(found.bins.len() as f64 <= MOST_BINS + 1.0);
            for (place, bin) in found.bins.iter().enumerate() {
                let low = found.start + found.width * place as f64;
                let expected = values.iter().filter(|v| **v >= low && **v < low + found.width).count();
                prop_assert_eq!(bin.count(), expected);
            }
        }

        #[test]
        fn no_comb_appears_in_equally_many_values(count in 20..400_i64, first in -1000..1000_i64) {
            let step = 1.0 / 24e6;
            let values: Vec<f64> = (first..first + count).map(|n| n as f64 * step).collect();
            let found = bins_of(&values, first as f64 * step, (first + count - 1) as f64 * step, Some(step));
            let per_bin = (found.width / step).round() as usize;
            let inner = &found.bins[1..found.bins.len() - 1];
            prop_assert!(inner.iter().all(|bin| bin.count() == per_bin), "{:?}", found);
        }
    }
}
