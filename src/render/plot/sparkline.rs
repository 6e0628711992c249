//! A track small enough for a cell of a table: no axes, every value within its own limit's band.

use plotters::element::Rectangle;
use plotters::series::LineSeries;
use plotters::style::Color as _;

use super::chart::{Axis, chart, line, sign};
use super::decimate::columns;
use super::drawing::{Area, Drawing};
use super::scale::Scale;
use super::style::{Ink, SPARKLINE_SIZE, Stroke, THIN};
use super::svg::svg;
use super::values::{Bounds, Range};
use super::{PlotError, legend};
use crate::verdict::{Check, Plotted, Standing};

/// The track of a check as a small picture; none where fewer than two values were
/// judged.
///
/// Values of a sequence are shown relative to the limit of their entry, so that one band holds them all.
///
/// # Errors
/// [`PlotError`] when the figure cannot be drawn.
pub fn sparkline(check: &Check) -> Result<Option<String>, PlotError> {
    /// Half a mark, so that none is cut.
    const PAD: f64 = 5.0;
    let (width, height) = SPARKLINE_SIZE;
    let bounds: Vec<Bounds> = check.limits.iter().map(Bounds::of).collect();
    let relative = |value: f64, entry: usize| value - reference(&bounds, entry);
    let judged: Vec<Plotted> = check.track.iter().filter(|point| point.standing != Standing::NotJudged).collect();
    let values: Vec<f64> = judged.iter().map(|point| relative(point.value, point.entry)).collect();
    let band = bounds.first().map(|first| {
        let from = |bound: Option<f64>| bound.map(|bound| bound - reference(&bounds, 0));
        (from(first.min), from(first.max))
    });
    let ends = band.into_iter().flat_map(|(min, max)| [min, max]).flatten();
    let Some(range) = Range::of(&values, ends, 1e-12).filter(|_| values.len() > 1) else { return Ok(None) };
    let inner = |from: f64, to: f64, px: f64| {
        let pad = PAD / (px - 2.0 * PAD) * (to - from);
        (from - pad, to + pad)
    };
    let across = Scale::new(inner(0.0, (values.len() - 1) as f64, width), (0.0, width));
    let up = Scale::new(inner(range.from, range.to, height), (height, 0.0));
    let y = |value: f64| value.clamp(range.from, range.to);
    let mut drawing = Drawing::new(width, height);
    let area = Area { left: 0.0, top: 0.0, right: width, bottom: height };
    let mut chart = chart(&mut drawing, area, (Axis::bare(across), Axis::bare(up)))?;
    if let Some((min, max)) = band {
        let (bottom, top) = (min.map_or(up.from, y), max.map_or(up.to, y));
        chart.draw_series([Rectangle::new([(across.from, bottom), (across.to, top)], Ink::Allowed.filled())])?;
        let stroke = Stroke { width: THIN, ..Stroke::dashed(Ink::Limit) };
        let ends = [min, max].into_iter().flatten().map(y);
        chart.draw_series(ends.map(|end| line(vec![(across.from, end), (across.to, end)], stroke)))?;
    }
    let placed = values.iter().enumerate().map(|(place, value)| (across.px(place as f64), y(*value)));
    let points = columns(placed, width as usize).into_iter().flat_map(|column| {
        let at = across.value(column.at as f64 + 0.5);
        let (first, second) =
            if column.first <= column.last { (column.min, column.max) } else { (column.max, column.min) };
        let second = first.total_cmp(&second).is_ne().then_some((at, second));
        std::iter::once((at, first)).chain(second)
    });
    chart.draw_series(LineSeries::new(points, Stroke::solid(Ink::Value, 1.0)))?;
    let mut last = f64::NEG_INFINITY;
    let outside = judged.iter().enumerate().filter(|(_, point)| point.standing == Standing::Outside);
    let apart = outside.map(|(place, _)| place).filter(|place| {
        let at = across.px(*place as f64);
        let is_apart = at - last >= 3.0;
        last = if is_apart { at } else { last };
        is_apart
    });
    chart.draw_series(apart.map(|place| sign((place as f64, y(values[place])), legend::cross)))?;
    drop(chart);
    let description = format!("{} values of {}, {} outside", check.measured, check.quantity.id, check.failed);
    Ok(Some(svg(&drawing, &description)))
}

/// What values of an entry are shown relative to: nothing, where all share one limit.
fn reference(bounds: &[Bounds], entry: usize) -> f64 {
    let own = bounds.get(entry).filter(|_| bounds.len() > 1);
    own.and_then(|bounds| bounds.nominal.or(bounds.max).or(bounds.min)).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::{Bench, check};

    #[test]
    fn a_sequence_lies_in_one_band_and_what_is_outside_is_crossed() {
        let judgement = Bench::sequence().judge();
        let svg = sparkline(check(&judgement, "exposure.time")).unwrap().unwrap();
        assert!(svg.contains("aria-label=\"301 values of exposure.time, 1 outside\""), "{svg}");
        // The band, its two ends, the values, one cross.
        assert_eq!((svg.matches("<rect").count(), svg.matches("<polyline").count()), (1, 4), "{svg}");
        assert!(svg.len() < 6000, "{} bytes", svg.len());
    }

    #[test]
    fn one_value_is_no_track() {
        let judgement = Bench::passing().judge();
        assert_eq!(sparkline(check(&judgement, "frame.jitter")).unwrap(), None);
        assert_eq!(sparkline(check(&Bench::silent().judge(), "exposure.time")).unwrap(), None);
    }
}
