//! A series of results over time with its control limits, and beside it their histogram against the limits.

use super::legend::{Entry, Sign, legend};
use super::scale::{Scale, prefix_of, ticks};
use super::scene::{Anchor, Area, Mark, Place, Scene};
use super::style::{Ink, LINE, SMALL, Stroke, THIN, TIMELINE_WIDTH};
use super::{Figure, PlotError};
use crate::study::trend::{Bins, Run, SeriesTrend};
use crate::units::{Unit, calendar_text};

const LEFT: f64 = 84.0;
const HEAD: f64 = 40.0;
const HEIGHT: f64 = 190.0;
const FOOT: f64 = 28.0;
/// The histogram lies on its side, on the scale of the run chart.
const HISTOGRAM: f64 = 170.0;
const GAP: f64 = 14.0;
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
    let chart = Area { left: LEFT, top: HEAD, right, bottom: HEAD + HEIGHT };
    let bars = Area { left: right + GAP, right: TIMELINE_WIDTH - NAMES, ..chart };
    let up = Scale::new(range, (chart.bottom, chart.top));
    let last = series.runs.runs.last().map_or(1, |run| run.first + run.count);
    let across = Scale::new((-0.5, last as f64 - 0.5), (chart.left, chart.right));
    let mut scene = Scene::new(TIMELINE_WIDTH, chart.bottom + FOOT);
    frame(&mut scene, series, unit, (chart, bars), &up);
    if let Some(bins) = &series.bins {
        histogram(&mut scene, bins, bars, &up);
    }
    limit_lines(&mut scene, &lines, (chart, bars), &up);
    points(&mut scene, &series.runs.runs, chart, (&across, &up));
    for extreme in series.outside.iter().filter(|extreme| up.holds(extreme.value)) {
        cross(&mut scene, (across.px(extreme.place as f64), up.px(extreme.value)));
    }
    let kind = series.chart.map(|chart| format!("{} chart", chart.kind.text())).unwrap_or_default();
    let caption = format!(
        "{}: {} captures in the order of time, {kind}, and how often which value came. Crosses lie outside the control limits.",
        series.key.id, series.count
    );
    Figure::new(scene, caption).map(Some)
}

/// A line across the chart, and its name.
struct Named {
    at: f64,
    name: &'static str,
    stroke: Stroke,
}

fn lines(series: &SeriesTrend) -> Vec<Named> {
    let limit = Stroke::dashed(Ink::Limit);
    let control = Stroke { ink: Ink::Straddling, ..Stroke::dotted(Ink::Straddling) };
    let control = Stroke { width: LINE, ..control };
    let centre = Stroke::solid(Ink::Muted, THIN);
    let chart = series.chart.map(|chart| chart.values);
    [
        (series.limits.0, "limit min", limit),
        (series.limits.1, "limit max", limit),
        (chart.map(|values| values.lower), "control", control),
        (chart.map(|values| values.upper), "control", control),
        (chart.map(|values| values.centre), "mean", centre),
    ]
    .into_iter()
    .filter_map(|(at, name, stroke)| Some(Named { at: at?, name, stroke }))
    .collect()
}

/// The range of the values and the control limits, and of the limits that are near enough not to flatten them.
fn range(values: &[f64], lines: &[Named]) -> Option<(f64, f64)> {
    const NEAR: f64 = 4.0;
    const MARGIN: f64 = 0.06;
    let span = |all: &mut dyn Iterator<Item = f64>| all.fold(None, widened);
    let control = || lines.iter().filter(|line| line.name == "control").map(|line| line.at);
    let (from, to) = span(&mut values.iter().copied().chain(control()))?;
    let reach = NEAR * (to - from);
    let near = lines.iter().map(|line| line.at).filter(|at| (from - reach..=to + reach).contains(at));
    let (from, to) = span(&mut [from, to].into_iter().chain(near))?;
    let margin = (to - from) * MARGIN;
    Some((from - margin, to + margin))
}

/// A range that holds one more value.
fn widened(range: Option<(f64, f64)>, value: f64) -> Option<(f64, f64)> {
    Some(range.map_or((value, value), |(from, to)| (from.min(value), to.max(value))))
}

fn frame(scene: &mut Scene, series: &SeriesTrend, unit: Unit, (chart, bars): (Area, Area), up: &Scale) {
    let prefix = prefix_of(up, unit);
    let symbol = if prefix.symbol().is_empty() { String::new() } else { format!(", {}", prefix.symbol()) };
    scene.text((8.0, 11.0), Anchor::Start, format!("{}{symbol}", series.key.id), SMALL, Ink::Text);
    let entries = [
        (Sign::Dot, "capture"),
        (Sign::Block(Ink::Active), "least to greatest of several, or how often"),
        (Sign::Cross, "outside the control limits"),
    ];
    let entries = entries.map(|(sign, text)| Entry { sign, text: text.to_owned() });
    legend(scene, (8.0, 28.0), TIMELINE_WIDTH, &entries);
    for tick in ticks(up, unit, prefix, HEIGHT / 34.0) {
        scene.line((chart.left, tick.at), (bars.right, tick.at), Stroke::solid(Ink::Grid, THIN));
        scene.text((chart.left - 8.0, tick.at), Anchor::End, tick.label, SMALL, Ink::Text);
    }
    scene.outline(chart, Stroke::solid(Ink::Muted, THIN));
    scene.outline(bars, Stroke::solid(Ink::Muted, THIN));
    let (first, last) = (series.runs.runs.first(), series.runs.runs.last());
    let below = chart.bottom + 15.0;
    let day = |run: Option<&Run>| run.and_then(|run| run.time).map(day_text).unwrap_or_default();
    scene.text((chart.left, below), Anchor::Start, day(first), SMALL, Ink::Text);
    scene.text((chart.right, below), Anchor::End, day(last), SMALL, Ink::Text);
    scene.text((f64::midpoint(chart.left, chart.right), below), Anchor::Middle, "order of time", SMALL, Ink::Muted);
    scene.text((f64::midpoint(bars.left, bars.right), below), Anchor::Middle, "how often", SMALL, Ink::Muted);
}

/// The day of a time in seconds since 1970.
fn day_text(seconds: i64) -> String {
    calendar_text(seconds).split('T').next().unwrap_or_default().to_owned()
}

fn histogram(scene: &mut Scene, bins: &Bins, area: Area, up: &Scale) {
    let highest = bins.counts.iter().copied().max().unwrap_or(1).max(1) as f64;
    for (place, count) in bins.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let from = bins.start + place as f64 * bins.width;
        let (bottom, top) = (up.px(from).min(area.bottom), up.px(from + bins.width).max(area.top));
        let right = area.left + *count as f64 / highest * (area.width() - 6.0);
        // A single value has a bin without height.
        let (top, bottom) = if bottom - top < 2.0 { (top - 1.0, bottom + 1.0) } else { (top, bottom) };
        if bottom > area.top && top < area.bottom {
            scene.fill(Area { left: area.left, top, right: right.max(area.left + 1.0), bottom }, Ink::Active);
            scene.line((right, top), (right, bottom), Stroke::solid(Ink::Value, LINE));
        }
    }
}

fn limit_lines(scene: &mut Scene, lines: &[Named], (chart, bars): (Area, Area), up: &Scale) {
    const ROW: f64 = 13.0;
    let mut shown: Vec<&Named> = lines.iter().filter(|line| up.holds(line.at)).collect();
    shown.sort_by(|a, b| up.px(a.at).total_cmp(&up.px(b.at)));
    let mut next = chart.top - ROW;
    for line in shown {
        let y = up.px(line.at);
        scene.line((chart.left, y), (chart.right, y), line.stroke);
        scene.line((bars.left, y), (bars.right, y), line.stroke);
        let at = y.max(next + ROW);
        if at < chart.bottom + ROW {
            scene.text((bars.right + 8.0, at), Anchor::Start, line.name, SMALL, line.stroke.ink);
            next = at;
        }
    }
}

fn points(scene: &mut Scene, runs: &[Run], area: Area, (across, up): (&Scale, &Scale)) {
    let y = |value: f64| up.px(value).clamp(area.top, area.bottom);
    let x = |run: &Run| across.px(run.first as f64 + (run.count - 1) as f64 / 2.0);
    if runs.iter().any(|run| run.count > 1) {
        let top = runs.iter().map(|run| (x(run), y(run.max) - 0.6));
        let bottom = runs.iter().rev().map(|run| (x(run), y(run.min) + 0.6));
        let band: Vec<Place> = top.chain(bottom).collect();
        scene.add(Mark::Shape(band, Ink::Active));
    }
    let line: Vec<Place> = runs.iter().map(|run| (x(run), y(run.mean))).collect();
    if runs.len() <= FEW {
        line.iter().for_each(|at| scene.add(Mark::Dot(*at, 1.75, Ink::Value)));
    }
    if line.len() > 1 {
        scene.add(Mark::Line(line, Stroke::solid(Ink::Value, LINE)));
    }
}

fn cross(scene: &mut Scene, (x, y): Place) {
    const ARM: f64 = 3.5;
    let stroke = Stroke::solid(Ink::Outside, LINE);
    scene.line((x - ARM, y - ARM), (x + ARM, y + ARM), stroke);
    scene.line((x - ARM, y + ARM), (x + ARM, y - ARM), stroke);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::ResultView;
    use crate::study::trend::{Subgroups, TrendBuilder};

    fn series(values: &[f64]) -> SeriesTrend {
        let mut builder = TrendBuilder::new(Subgroups::default());
        let mut day = builder.day(None);
        for (place, value) in (0..).zip(values) {
            let time = format!("2026-01-{:02}T{:02}:{:02}:00", 1 + place / 1440, place / 60 % 24, place % 60);
            day.take(&ResultView {
                taken_at: Some(&time),
                dut: None,
                sha256: Some("ab"),
                capture_verdict: "pass",
                capture_fault: None,
                place: 0,
                id: Some("exposure.time"),
                camera: Some("main"),
                line: None,
                rule: Some("20 ms ± 50 us"),
                unit: Some("s"),
                verdict: Some("pass"),
                basis: Some("mean"),
                value: Some(*value),
                limit_min: Some(0.019_95),
                limit_max: Some(0.020_05),
            });
        }
        day.finish();
        builder.finish().series.remove(0)
    }

    #[test]
    fn what_is_outside_is_crossed_and_long_series_stay_small() {
        let few: Vec<f64> = (0..60).map(|i| if i == 40 { 0.020_04 } else { 0.02 + (i % 3) as f64 * 1e-6 }).collect();
        let of_few = series(&few);
        assert_eq!(of_few.outside.iter().map(|extreme| extreme.place).collect::<Vec<_>>(), [40]);
        let figure = runs(&of_few, Unit::Second).unwrap().unwrap();
        assert!(figure.svg.contains("2026-01-01") && figure.svg.contains("control"));
        let many: Vec<f64> = (0..20_000).map(|i| 0.02 + (i % 7) as f64 * 1e-6).collect();
        assert!(runs(&series(&many), Unit::Second).unwrap().unwrap().svg.len() < 100_000);
        assert!(runs(&series(&[0.02]), Unit::Second).unwrap().is_none());
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!([0, 951_782_400, 1_795_403_478].map(day_text), ["1970-01-01", "2000-02-29", "2026-11-23"]);
    }
}
