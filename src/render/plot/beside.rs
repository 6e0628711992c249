//! What stations read side by side, and the yield day by day.

use plotters::series::LineSeries;
use plotters::style::ShapeStyle;

use super::chart::{Axis, DOT, Mesh, chart, line, mesh, sign, with_unit};
use super::font::text_width;
use super::legend;
use super::scale::{Scale, prefix_of};
use super::scene::{Anchor, Area, Scene};
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
    let up = Scale::new((-0.5, shown.len() as f64 - 0.5), (area.top, area.bottom));
    let mut scene = Scene::new(TIMELINE_WIDTH, area.bottom + FOOT);
    scene.text((8.0, 12.0), Anchor::Start, with_unit(&first.key.id, prefix), SMALL, Ink::Text);
    for (place, series) in shown.iter().enumerate() {
        let name = series.key.station.as_deref().map_or("(none stated)".into(), visible);
        let at = (NAMES - 8.0, up.px(place as f64));
        scene.text(at, Anchor::End, shortened(&name, NAMES - 16.0), SMALL, Ink::Text);
    }
    let axis = Axis::across(across, unit, prefix, 90.0, 0.0..TIMELINE_WIDTH);
    let mut chart = chart(&mut scene, area, (axis, Axis::bare(up)))?;
    mesh(&mut chart, Mesh::Numbers)?;
    let limits = [first.limits.0, first.limits.1].into_iter().flatten().filter(|at| across.holds(*at));
    chart.draw_series(limits.map(|at| line(vec![(at, up.from), (at, up.to)], Stroke::dashed(Ink::Limit))))?;
    let rows = || (0_u32..).map(f64::from).zip(shown);
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
    Ok(Some(Figure::new(scene, caption)))
}

/// A name that fits into this width.
fn shortened(name: &str, width: f64) -> String {
    let mut text = name.to_owned();
    while text_width(&text, SMALL) > width && text.chars().count() > 2 {
        text = text.chars().take(text.chars().count() - 2).chain(['…']).collect();
    }
    text
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
    let mut scene = Scene::new(TIMELINE_WIDTH, area.bottom + FOOT);
    scene.text((8.0, 12.0), Anchor::Start, "yield, %", SMALL, Ink::Text);
    scene.text((area.left, area.bottom + 14.0), Anchor::Start, visible(first), SMALL, Ink::Text);
    scene.text((area.right, area.bottom + 14.0), Anchor::End, visible(last), SMALL, Ink::Text);
    let mut chart = chart(&mut scene, area, (Axis::bare(across), Axis::up(up, unit, prefix, 30.0)))?;
    mesh(&mut chart, Mesh::NumbersAndLines)?;
    let shares = (0_u32..).map(f64::from).zip(days).filter_map(|(x, (_, of))| Some((x, of.share()? * 100.0)));
    let stroke = ShapeStyle::from(Stroke::solid(Ink::Value, LINE)).filled();
    chart.draw_series(LineSeries::new(shares, stroke).point_size(if days.len() <= 120 { DOT } else { 0 }))?;
    drop(chart);
    let captures: u64 = days.iter().map(|(_, of)| of.captures).sum();
    let caption =
        format!("The share of captures that pass on each of {} days with captures; {captures} captures.", days.len());
    Ok(Some(Figure::new(scene, caption)))
}

#[cfg(test)]
mod tests {
    use super::super::clarity::unreadable;
    use super::*;

    #[test]
    fn days_can_be_read() {
        let of = |pass| Yield { captures: 10, pass, fail: 10 - pass, ..Yield::default() };
        let names = ["2026-01-01", "2026-01-02", "2026-01-05"].map(str::to_owned);
        let all: Vec<(String, Yield)> = names.into_iter().zip([of(10), of(0), of(7)]).collect();
        let figure = days(&all).unwrap().unwrap();
        assert_eq!(unreadable(&figure.scene), Vec::<String>::new());
        assert!(figure.svg.contains("2026-01-05") && figure.caption.contains("3 days"));
        assert!(days(&all[..1]).unwrap().is_none());
    }
}
