//! What stations read side by side, and the yield day by day.

use plotters::series::LineSeries;
use plotters::style::ShapeStyle;

use super::chart::{Axis, DOT, Mesh, chart, line, mesh, sign, with_unit};
use super::drawing::{Anchor, Area, Drawing};
use super::font::fitted;
use super::legend;
use super::runs::draw_beyond;
use super::scale::{Scale, prefix_of};
use super::style::{BOLD, Ink, LINE, SMALL, Stroke, TIMELINE_WIDTH};
use super::{Figure, PlotError};
use crate::escape::visible;
use crate::study::trend::{SeriesTrend, Yield};
use crate::units::{Prefix, Unit};

/// Names stand to the left.
const NAMES: f64 = 150.0;
const HEAD: f64 = 26.0;
const ROW: f64 = 18.0;
const FOOT: f64 = 24.0;
/// More stations are no help in one figure.
const MOST: usize = 60;

/// The series of one quantity at several stations below one another: mean, its standard deviation and the range of values;
/// none of fewer than two, or where every value is the same.
///
/// # Errors
/// [`PlotError`] when the figure cannot be drawn.
pub fn stations(series: &[&SeriesTrend], unit: Unit) -> Result<Option<Figure>, PlotError> {
    let shown = &series[..series.len().min(MOST)];
    let [first, _, ..] = shown else { return Ok(None) };
    let least = shown.iter().map(|series| series.range.0).fold(f64::INFINITY, f64::min);
    let most = shown.iter().map(|series| series.range.1).fold(f64::NEG_INFINITY, f64::max);
    if least >= most {
        return Ok(None);
    }
    let right = TIMELINE_WIDTH - 24.0;
    let area = Area { left: NAMES, top: HEAD, right, bottom: HEAD + ROW * shown.len() as f64 };
    let reach = (most - least) * 0.05;
    let across = Scale::new((least - reach, most + reach), (area.left, area.right));
    let prefix = prefix_of(&across, unit);
    // Charts count upwards; the first station stands at the top.
    let up = Scale::new((-0.5, shown.len() as f64 - 0.5), (area.bottom, area.top));
    let rows = || (0_u32..).map(f64::from).zip(shown.iter().rev());
    let mut drawing = Drawing::new(TIMELINE_WIDTH, area.bottom + FOOT);
    drawing.text((8.0, 12.0), Anchor::Start, with_unit(&first.key.id, prefix), SMALL, Ink::Text);
    draw_beyond(&mut drawing, 12.0, &across, first.limits, unit);
    for (y, series) in rows() {
        let name = series.key.station.as_deref().map_or("(none stated)".into(), visible);
        let at = (NAMES - 8.0, up.px(y));
        drawing.text(at, Anchor::End, fitted(&name, SMALL, NAMES - 16.0), SMALL, Ink::Text);
    }
    let axis = Axis::across(across, unit, prefix, 90.0, 0.0..TIMELINE_WIDTH);
    let mut chart = chart(&mut drawing, area, (axis, Axis::bare(up)))?;
    mesh(&mut chart, Mesh::Numbers)?;
    let limits = [first.limits.0, first.limits.1].into_iter().flatten().filter(|at| across.holds(*at));
    chart.draw_series(limits.map(|at| line(vec![(at, up.from), (at, up.to)], Stroke::dashed(Ink::Limit))))?;
    let thin = Stroke::solid(Ink::Value, LINE);
    chart.draw_series(rows().map(|(y, series)| line(vec![(series.range.0, y), (series.range.1, y)], thin)))?;
    let thick = Stroke::solid(Ink::Value, BOLD);
    let spread =
        |series: &SeriesTrend, y| series.sd.map(|sd| line(vec![(series.mean - sd, y), (series.mean + sd, y)], thick));
    chart.draw_series(rows().filter_map(|(y, series)| spread(series, y)))?;
    chart.draw_series(rows().map(|(y, series)| sign((series.mean, y), legend::dot)))?;
    let failed = rows().filter(|(_, series)| series.verdicts[1] > 0);
    chart.draw_series(failed.map(|(y, series)| sign((series.range.1, y), legend::failed)))?;
    drop(chart);
    let more = series.len() - shown.len();
    let more = if more > 0 { format!(" {more} more stations are not shown.") } else { String::new() };
    let caption = format!(
        "{} at {} stations: mean (dot), standard deviation (thick) and all values (thin); a triangle where captures failed.{more}",
        first.key.id,
        series.len()
    );
    Ok(Some(Figure::new(drawing, caption)))
}

/// The share of captures that pass, day by day; none of fewer than two days.
///
/// # Errors
/// [`PlotError`] when the figure cannot be drawn.
pub fn days(days: &[(String, Yield)]) -> Result<Option<Figure>, PlotError> {
    const HEIGHT: f64 = 110.0;
    const LEFT: f64 = 60.0;
    let ([(first, _), .., (last, _)], unit) = (days, Unit::Percent) else { return Ok(None) };
    let area = Area { left: LEFT, top: HEAD, right: TIMELINE_WIDTH - 24.0, bottom: HEAD + HEIGHT };
    let up = Scale::new((-4.0, 104.0), (area.bottom, area.top));
    let prefix = Prefix::for_value(&super::rational(100.0), unit);
    let across = Scale::new((-0.5, days.len() as f64 - 0.5), (area.left, area.right));
    let mut drawing = Drawing::new(TIMELINE_WIDTH, area.bottom + FOOT);
    drawing.text((8.0, 12.0), Anchor::Start, "yield, %", SMALL, Ink::Text);
    drawing.text((area.left, area.bottom + 14.0), Anchor::Start, visible(first), SMALL, Ink::Text);
    drawing.text((area.right, area.bottom + 14.0), Anchor::End, visible(last), SMALL, Ink::Text);
    let mut chart = chart(&mut drawing, area, (Axis::bare(across), Axis::up(up, unit, prefix, 30.0)))?;
    mesh(&mut chart, Mesh::NumbersAndLines)?;
    let shares = (0_u32..).map(f64::from).zip(days).filter_map(|(x, (_, of))| Some((x, of.share()? * 100.0)));
    let stroke = ShapeStyle::from(Stroke::solid(Ink::Value, LINE)).filled();
    chart.draw_series(LineSeries::new(shares, stroke).point_size(if days.len() <= 120 { DOT } else { 0 }))?;
    drop(chart);
    let captures: u64 = days.iter().map(|(_, of)| of.captures).sum();
    let caption =
        format!("The share of captures that pass on each of {} days with captures; {captures} captures.", days.len());
    Ok(Some(Figure::new(drawing, caption)))
}

#[cfg(test)]
mod tests {
    use super::super::clarity::unreadable;
    use super::*;
    use crate::study::judgements::Repeats;
    use crate::study::results::ResultView;
    use crate::study::trend::{Subgroups, TrendBuilder};

    /// The texts and lines of a figure, with how far down they stand.
    fn heights<'a>(svg: &'a str, begins: &str) -> Vec<(f64, &'a str)> {
        let of = |line: &'a str| {
            let (_, place) = line.split_once(if line.contains(" y=\"") { " y=\"" } else { "points=\"" })?;
            let place = place.split('"').next()?;
            let y = place.split_once(',').map_or(place, |(_, rest)| rest.split(' ').next().unwrap_or_default());
            Some((y.parse().ok()?, line))
        };
        svg.lines().filter(|line| line.starts_with(begins)).filter_map(of).collect()
    }

    #[test]
    fn what_a_station_reads_stands_beside_its_name() {
        let of = |station: &str, values: [f64; 2]| {
            let mut builder = TrendBuilder::new(Subgroups::default());
            let mut day = builder.day(Some(station.to_owned()));
            for (time, value) in ["2026-01-01T00:00:00", "2026-01-02T00:00:00"].into_iter().zip(values) {
                day.take(&ResultView { taken_at: Some(time), value: Some(value), ..ResultView::CHECKED });
            }
            day.finish();
            builder.finish(Repeats::default()).series.remove(0)
        };
        let all = [of("A", [9.0, 12.0]), of("B", [9.0, 9.1]), of("C", [10.0, 11.0])];
        let figure = stations(&[&all[0], &all[1], &all[2]], Unit::Second).unwrap().unwrap();
        assert_eq!(unreadable(&figure.drawing), Vec::<String>::new());
        let name = |name: &str| {
            heights(&figure.svg, "<text").into_iter().find(|(_, line)| line.contains(&format!(">{name}<")))
        };
        // The thick ones are the standard deviations.
        let thin = |(_, line): &(f64, &str)| line.contains("stroke-width=\"5\"");
        let lines: Vec<(f64, &str)> = heights(&figure.svg, "<polyline").into_iter().filter(thin).collect();
        let width = |line: &str| {
            let points = line.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
            let across: Vec<f64> = points.split(' ').map(|at| at.split(',').next().unwrap().parse().unwrap()).collect();
            across[1] - across[0]
        };
        for (station, longest) in [("A", 3.0), ("B", 0.1), ("C", 1.0)] {
            let (y, _) = name(station).unwrap();
            // Rows are 72 units apart, and plotters rounds by some.
            let own = lines.iter().filter(|(at, _)| (at - y).abs() < 12.0).map(|(_, line)| width(line));
            let own = own.fold(0.0, f64::max);
            let whole = 4.0 * (TIMELINE_WIDTH - 24.0 - NAMES);
            let expected = longest / (3.0 * 1.1) * whole;
            assert!((own - expected).abs() < 12.0, "{station}: {own} of {expected}\n{}", figure.svg);
        }
    }

    #[test]
    fn days_can_be_read() {
        let of = |pass| Yield { captures: 10, pass, fail: 10 - pass, ..Yield::default() };
        let names = ["2026-01-01", "2026-01-02", "2026-01-05"].map(str::to_owned);
        let all: Vec<(String, Yield)> = names.into_iter().zip([of(10), of(0), of(7)]).collect();
        let figure = days(&all).unwrap().unwrap();
        assert_eq!(unreadable(&figure.drawing), Vec::<String>::new());
        assert!(figure.svg.contains("2026-01-05") && figure.caption.contains("3 days"));
        assert!(days(&all[..1]).unwrap().is_none());
    }
}
