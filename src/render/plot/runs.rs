//! A series of results over time with its control limits, and beside it their histogram against the limits.

use plotters::element::{Polygon, Rectangle};
use plotters::series::LineSeries;
use plotters::style::{Color as _, ShapeStyle};

use super::chart::{Axis, Chart, DOT, Mesh, Placed, chart, line, mesh, sign, with_unit};
use super::drawing::{Anchor, Area, Drawing};
use super::legend::{self, Sign, legend};
use super::scale::{Scale, prefix_of, rational, spanned};
use super::style::{Ink, LINE, SMALL, Stroke, THIN, TIMELINE_WIDTH};
use super::{Figure, PlotError};
use crate::study::trend::{ChartKind, ControlLimits, Run, SeriesTrend};
use crate::units::{Prefix, Rounding, Unit, calendar_text, value_text};

const LEFT: f64 = 84.0;
const HEAD: f64 = 40.0;
const HEIGHT: f64 = 190.0;
const FOOT: f64 = 28.0;
/// The histogram lies on its side, on the scale of the run chart.
const HISTOGRAM: f64 = 170.0;
const GAP: f64 = 14.0;
/// The ranges lie below the run chart.
const BETWEEN: f64 = 28.0;
const RANGES: f64 = 64.0;
/// Names of lines stand to the right of all.
const NAMES: f64 = 96.0;
/// Up to so many points are drawn with a dot each.
const FEW: usize = 120;

/// The run chart of a series with its control limits, and its histogram; none where every value is the same.
///
/// # Errors
/// [`PlotError`] when the figure cannot be drawn.
pub fn runs(series: &SeriesTrend, unit: Unit) -> Result<Option<Figure>, PlotError> {
    if series.range.0.total_cmp(&series.range.1).is_eq() {
        return Ok(None);
    }
    let values: Vec<f64> = series.runs.runs.iter().flat_map(|run| [run.min, run.max]).collect();
    let lines = lines(series);
    let Some(range) = range(&values, &lines) else { return Ok(None) };
    let right = TIMELINE_WIDTH - NAMES - HISTOGRAM - GAP;
    let area = Area { left: LEFT, top: HEAD, right, bottom: HEAD + HEIGHT };
    let beside = Area { left: right + GAP, right: TIMELINE_WIDTH - NAMES, ..area };
    let up = Scale::new(range, (area.bottom, area.top));
    let prefix = prefix_of(&up, unit);
    let ranges = Area { top: area.bottom + BETWEEN, bottom: area.bottom + BETWEEN + RANGES, ..area };
    let has_ranges = series.ranges.runs.iter().any(|run| run.max > 0.0);
    let lowest = if has_ranges { ranges } else { area };
    let mut drawing = Drawing::new(TIMELINE_WIDTH, lowest.bottom + FOOT);
    draw_head(&mut drawing, series, prefix);
    draw_beyond(&mut drawing, 11.0, &up, series.limits, unit);
    let up = Axis::up(up, unit, prefix, 34.0);
    run_chart(&mut drawing, area, series, &lines, &up)?;
    histogram(&mut drawing, beside, series, &lines, &up)?;
    draw_names(&mut drawing, beside, &lines, &up.scale);
    if has_ranges {
        draw_ranges(&mut drawing, ranges, series, unit)?;
    }
    draw_foot(&mut drawing, &series.runs.runs, lowest, Area { bottom: area.bottom, ..beside });
    let hidden = if has_hidden_failure(series) {
        " A triangle within the limits: single values of it lie outside, which the mean hides."
    } else {
        ""
    };
    let kind = series.chart.map(|chart| format!("{} chart", chart.kind.text())).unwrap_or_default();
    let caption = format!(
        "{}: {} captures in the order of time, {kind}, and how often which value came. Triangles failed, rings are \
         undecided, crosses lie outside the control limits.{hidden}",
        series.key.id, series.count
    );
    Ok(Some(Figure::new(drawing, caption)))
}

/// A line across the chart, and its name.
struct Named {
    at: f64,
    name: &'static str,
    stroke: Stroke,
}

const CONTROL: Stroke = Stroke { width: LINE, ..Stroke::dotted(Ink::Straddling) };
const CENTRE: Stroke = Stroke::solid(Ink::Muted, THIN);

fn lines(series: &SeriesTrend) -> Vec<Named> {
    let limit = Stroke::dashed(Ink::Limit);
    let chart = series.chart.map(|chart| chart.values);
    [
        (series.limits.0, "limit min", limit),
        (series.limits.1, "limit max", limit),
        (chart.map(|values| values.lower), "control", CONTROL),
        (chart.map(|values| values.upper), "control", CONTROL),
        (chart.map(|values| values.centre), "mean", CENTRE),
    ]
    .into_iter()
    .filter_map(|(at, name, stroke)| Some(Named { at: at?, name, stroke }))
    .collect()
}

/// The range of the values and the control limits, and of the limits that are near enough not to flatten them.
fn range(values: &[f64], lines: &[Named]) -> Option<(f64, f64)> {
    const NEAR: f64 = 4.0;
    const MARGIN: f64 = 0.06;
    let control = || lines.iter().filter(|line| line.name == "control").map(|line| line.at);
    let (from, to) = spanned(values.iter().copied().chain(control()))?;
    let reach = NEAR * (to - from);
    let near = lines.iter().map(|line| line.at).filter(|at| (from - reach..=to + reach).contains(at));
    let (from, to) = spanned([from, to].into_iter().chain(near))?;
    let margin = (to - from) * MARGIN;
    Some((from - margin, to + margin))
}

fn draw_head(drawing: &mut Drawing, series: &SeriesTrend, prefix: Prefix) {
    drawing.text((8.0, 11.0), Anchor::Start, with_unit(&series.key.id, prefix), SMALL, Ink::Text);
    let entries = [
        (Sign::Dot, "capture"),
        (Sign::Failed, "failed"),
        (Sign::Ring, "undecided"),
        (Sign::Cross, "outside the control limits"),
        (Sign::Block(Ink::Active), "least to greatest of several, or how often"),
    ];
    legend(drawing, (8.0, 28.0), TIMELINE_WIDTH, entries);
}

/// Whether what failed is charted, as its mean is, within the limits.
fn has_hidden_failure(series: &SeriesTrend) -> bool {
    let (min, max) = series.limits;
    let is_within = |run: &Run| min.is_none_or(|min| run.mean >= min) && max.is_none_or(|max| run.mean <= max);
    series.runs.runs.iter().any(|run| run.failed > 0 && is_within(run))
}

/// The limits that lie too far away to be drawn, in words at the upper right.
pub(super) fn draw_beyond(
    drawing: &mut Drawing,
    y: f64,
    scale: &Scale,
    (min, max): (Option<f64>, Option<f64>),
    unit: Unit,
) {
    let text = |name: &str, at: f64| format!("{name} {}", value_text(&rational(at), unit, Rounding::Nearest));
    let min = min.filter(|at| !scale.holds(*at)).map(|at| text("limit min", at));
    let max = max.filter(|at| !scale.holds(*at)).map(|at| text("limit max", at));
    let texts: Vec<String> = min.into_iter().chain(max).collect();
    if !texts.is_empty() {
        let text = format!("beyond this scale: {}", texts.join(", "));
        drawing.text((TIMELINE_WIDTH - 8.0, y), Anchor::End, text, SMALL, Ink::Limit);
    }
}

/// The moving ranges, or those of the subgroups, with their control limits.
fn draw_ranges(drawing: &mut Drawing, area: Area, series: &SeriesTrend, unit: Unit) -> Result<(), PlotError> {
    let runs = &series.ranges.runs;
    let kind = match series.chart.map(|chart| chart.kind) {
        Some(ChartKind::MeansRange(_)) => "range",
        Some(ChartKind::IndividualsMovingRange) | None => "moving range",
    };
    let named = |at, name, stroke| Named { at, name, stroke };
    let of = |ranges: ControlLimits| [named(ranges.upper, "control", CONTROL), named(ranges.centre, "mean", CENTRE)];
    let lines: Vec<Named> = series.chart.iter().flat_map(|chart| of(chart.ranges)).collect();
    let most = runs.iter().map(|run| run.max).chain(lines.iter().map(|line| line.at)).fold(0.0, f64::max);
    let up = Scale::new((0.0, most * 1.06), (area.bottom, area.top));
    let prefix = prefix_of(&up, unit);
    drawing.text((8.0, area.top - 14.0), Anchor::Start, with_unit(kind, prefix), SMALL, Ink::Text);
    let up = Axis::up(up, unit, prefix, 30.0);
    let across = across(series, area);
    let mut chart = chart(drawing, area, (Axis::bare(across), up.clone()))?;
    mesh(&mut chart, Mesh::NumbersAndLines)?;
    chart.draw_series(drawn(&lines, &across, &up.scale))?;
    draw_means(&mut chart, runs, 0.0)?;
    drop(chart);
    draw_names(drawing, area, &lines, &up.scale);
    Ok(())
}

/// The captures in the order of time.
fn across(series: &SeriesTrend, area: Area) -> Scale {
    let last = series.runs.runs.last().map_or(1, |run| run.first + run.count);
    Scale::new((-0.5, last as f64 - 0.5), (area.left, area.right))
}

fn draw_foot(drawing: &mut Drawing, runs: &[Run], chart: Area, bars: Area) {
    let below = chart.bottom + 15.0;
    let day = |run: Option<&Run>| run.and_then(|run| run.time).map(day_text).unwrap_or_default();
    drawing.text((chart.left, below), Anchor::Start, day(runs.first()), SMALL, Ink::Text);
    drawing.text((chart.right, below), Anchor::End, day(runs.last()), SMALL, Ink::Text);
    drawing.text((f64::midpoint(chart.left, chart.right), below), Anchor::Middle, "order of time", SMALL, Ink::Muted);
    drawing.text(
        (f64::midpoint(bars.left, bars.right), bars.bottom + 15.0),
        Anchor::Middle,
        "how often",
        SMALL,
        Ink::Muted,
    );
}

/// The day of a time in seconds since 1970.
fn day_text(seconds: i64) -> String {
    calendar_text(seconds).split('T').next().unwrap_or_default().to_owned()
}

/// The values in the order of time, the lines of their limits, and crosses on what lies outside.
fn run_chart(
    drawing: &mut Drawing,
    area: Area,
    series: &SeriesTrend,
    lines: &[Named],
    up: &Axis,
) -> Result<(), PlotError> {
    /// Half of the thinnest band, in px.
    const THINNEST: f64 = 0.6;
    let runs = &series.runs.runs;
    let across = across(series, area);
    let mut chart = chart(drawing, area, (Axis::bare(across), up.clone()))?;
    mesh(&mut chart, Mesh::NumbersAndLines)?;
    chart.draw_series(drawn(lines, &across, &up.scale))?;
    draw_means(&mut chart, runs, THINNEST / HEIGHT * (up.scale.to - up.scale.from))?;
    let failed = runs.iter().filter(|run| run.failed > 0);
    chart.draw_series(failed.map(|run| sign((middle(run), run.mean), legend::failed)))?;
    let open = runs.iter().filter(|run| run.failed == 0 && run.open > 0);
    chart.draw_series(open.map(|run| sign((middle(run), run.mean), legend::ring)))?;
    let outside = series.outside.iter().filter(|extreme| up.scale.holds(extreme.value));
    chart.draw_series(outside.map(|extreme| sign((extreme.place as f64, extreme.value), legend::cross)))?;
    Ok(())
}

/// Where on the axis the captures of a run lie.
fn middle(run: &Run) -> f64 {
    run.first as f64 + (run.count - 1) as f64 / 2.0
}

/// The means of runs, and the band from the least to the greatest of each, wider by this at either end.
fn draw_means(chart: &mut Chart<'_>, runs: &[Run], wider: f64) -> Result<(), PlotError> {
    if runs.iter().any(|run| run.count > 1) {
        let top = runs.iter().map(|run| (middle(run), run.max + wider));
        let bottom = runs.iter().rev().map(|run| (middle(run), run.min - wider));
        chart.draw_series([Polygon::new(top.chain(bottom).collect::<Vec<_>>(), Ink::Active)])?;
    }
    let stroke = ShapeStyle::from(Stroke::solid(Ink::Value, LINE)).filled();
    let means = LineSeries::new(runs.iter().map(|run| (middle(run), run.mean)), stroke);
    chart.draw_series(means.point_size(if runs.len() <= FEW { DOT } else { 0 }))?;
    Ok(())
}

/// How often which value came, on the scale of the run chart.
fn histogram(
    drawing: &mut Drawing,
    area: Area,
    series: &SeriesTrend,
    lines: &[Named],
    up: &Axis,
) -> Result<(), PlotError> {
    let counts = series.bins.iter().flat_map(|bins| &bins.counts);
    let highest = counts.copied().max().unwrap_or(1).max(1) as f64;
    let across = Scale::new((0.0, highest * area.width() / (area.width() - 6.0)), (area.left, area.right));
    // A single value has a bin without height.
    let least = 2.0 / HEIGHT * (up.scale.to - up.scale.from);
    let bars: Vec<(f64, f64, f64)> = (series.bins.iter())
        .flat_map(|bins| bins.counts.iter().zip(0_u32..).map(|(count, place)| (*count, bins.start, bins.width, place)))
        .map(|(count, start, width, place)| (count as f64, start + f64::from(place) * width, width))
        .map(|(count, from, width)| (count, from - (least - width).max(0.0) / 2.0, width.max(least)))
        .map(|(count, from, height)| (count, from, from + height))
        .filter(|(count, from, to)| *count > 0.0 && *to > up.scale.from && *from < up.scale.to)
        .collect();
    let mut chart = chart(drawing, area, (Axis::bare(across), up.clone()))?;
    mesh(&mut chart, Mesh::Lines)?;
    let filled = Ink::Active.filled();
    chart.draw_series(bars.iter().map(|&(count, from, to)| Rectangle::new([(0.0, from), (count, to)], filled)))?;
    let stroke = Stroke::solid(Ink::Value, LINE);
    chart.draw_series(bars.iter().map(|&(count, from, to)| line(vec![(count, from), (count, to)], stroke)))?;
    chart.draw_series(drawn(lines, &across, &up.scale))?;
    Ok(())
}

/// The lines that a chart shows, from its left to its right.
fn drawn(lines: &[Named], across: &Scale, up: &Scale) -> impl Iterator<Item = Placed> {
    let shown = lines.iter().filter(|line| up.holds(line.at));
    shown.map(|named| line(vec![(across.from, named.at), (across.to, named.at)], named.stroke))
}

/// The names of the lines to the right of a chart, each in a row of its own.
fn draw_names(drawing: &mut Drawing, area: Area, lines: &[Named], up: &Scale) {
    const ROW: f64 = 13.0;
    let mut shown: Vec<&Named> = lines.iter().filter(|line| up.holds(line.at)).collect();
    shown.sort_by(|a, b| b.at.total_cmp(&a.at));
    let mut next = area.top - ROW;
    for line in shown {
        let at = up.px(line.at).max(next + ROW);
        if at < area.bottom + ROW {
            drawing.text((area.right + 8.0, at), Anchor::Start, line.name, SMALL, line.stroke.ink);
            next = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::clarity::unreadable;
    use super::*;
    use crate::study::judgements::Repeats;
    use crate::study::results::ResultView;
    use crate::study::trend::{Subgroups, TrendBuilder};
    use proptest::prelude::*;

    fn series(values: &[f64]) -> SeriesTrend {
        let mut builder = TrendBuilder::new(Subgroups::default());
        let mut day = builder.day(None);
        for (place, value) in (0..).zip(values) {
            let time = format!("2026-01-{:02}T{:02}:{:02}:00", 1 + place / 1440, place / 60 % 24, place % 60);
            day.take(&ResultView {
                taken_at: Some(&time),
                rule: Some("20 ms ± 50 us"),
                value: Some(*value),
                limit_min: Some(0.019_95),
                limit_max: Some(0.020_05),
                ..ResultView::CHECKED
            });
        }
        day.finish();
        builder.finish(Repeats::default()).series.remove(0)
    }

    #[test]
    fn what_is_outside_is_crossed_and_long_series_stay_small() {
        let few: Vec<f64> = (0..60).map(|i| if i == 40 { 0.020_04 } else { 0.02 + (i % 3) as f64 * 1e-6 }).collect();
        let of_few = series(&few);
        assert_eq!(of_few.outside.iter().map(|extreme| extreme.place).collect::<Vec<_>>(), [40]);
        let figure = runs(&of_few, Unit::Second).unwrap().unwrap();
        assert!(figure.svg.contains("2026-01-01") && figure.svg.contains("control"));
        assert!(figure.svg.contains("moving range"));
        assert_eq!(unreadable(&figure.drawing), Vec::<String>::new());
        let many: Vec<f64> = (0..20_000).map(|i| 0.02 + (i % 7) as f64 * 1e-6).collect();
        assert!(runs(&series(&many), Unit::Second).unwrap().unwrap().svg.len() < 100_000);
        assert!(runs(&series(&[0.02]), Unit::Second).unwrap().is_none());
    }

    #[test]
    fn a_limit_that_is_not_drawn_is_told_and_so_is_a_failure_that_the_mean_hides() {
        let of = |values: [f64; 2], limit_min: f64| {
            let mut builder = TrendBuilder::new(Subgroups::default());
            let mut day = builder.day(None);
            for (value, verdict) in values.into_iter().zip(["pass", "fail"]) {
                let row =
                    ResultView { unit: Some("%"), verdict: Some(verdict), value: Some(value), ..ResultView::CHECKED };
                day.take(&ResultView { limit_min: Some(limit_min), limit_max: None, ..row });
            }
            day.finish();
            let figure = runs(&builder.finish(Repeats::default()).series[0], Unit::Percent).unwrap().unwrap();
            assert_eq!(unreadable(&figure.drawing), Vec::<String>::new());
            (figure.svg.contains("beyond this scale: limit min 99 %"), figure.caption.contains("the mean hides"))
        };
        // The values span 0.03 %: a limit 0.97 % below them is not drawn, one 0.02 % below them is.
        assert_eq!(of([100.0, 99.97], 99.0), (true, true));
        assert_eq!(of([100.0, 99.97], 99.95), (false, true));
        assert_eq!(of([100.0, 99.97], 99.98), (false, false));
    }

    proptest! {
        #[test]
        fn any_series_can_be_read(values in prop::collection::vec(-1.0..1.0_f64, 2..200), spread in 0..9_i32) {
            let values: Vec<f64> = values.iter().map(|value| 0.02 + value * 10_f64.powi(-spread)).collect();
            let figure = runs(&series(&values), Unit::Second).unwrap();
            prop_assert_eq!(figure.map(|figure| unreadable(&figure.drawing)).unwrap_or_default(), Vec::<String>::new());
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!([0, 951_782_400, 1_795_403_478].map(day_text), ["1970-01-01", "2000-02-29", "2026-11-23"]);
    }
}
