//! A track small enough for a cell of a table: no axes, every value within its own limit's band.

use super::PlotError;
use super::decimate::columns;
use super::scene::{Area, Mark, Scene};
use super::style::{Ink, SPARKLINE_SIZE, Stroke, THIN};
use super::svg::svg;
use super::values::{Bounds, Range};
use crate::verdict::{Check, Plotted, Standing};

/// The track of a check as a small picture; none where fewer than two
/// values were judged.
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
    let judged: Vec<&Plotted> = check.track.iter().filter(|point| point.standing != Standing::NotJudged).collect();
    let values: Vec<f64> = judged.iter().map(|point| relative(point.value, point.entry)).collect();
    let band = bounds.first().map(|first| {
        let from = |bound: Option<f64>| bound.map(|bound| bound - reference(&bounds, 0));
        (from(first.min), from(first.max))
    });
    let ends = band.into_iter().flat_map(|(min, max)| [min, max]).flatten();
    let Some(range) = Range::of(&values, ends, 1e-12).filter(|_| values.len() > 1) else { return Ok(None) };
    let scale = super::scale::Scale::new((range.from, range.to), (height - PAD, PAD));
    let y = |value: f64| scale.px(value).clamp(PAD, height - PAD);
    let x = |place: usize| place as f64 / (values.len() - 1).max(1) as f64 * (width - 2.0 * PAD) + PAD;
    let mut scene = Scene::new(width, height);
    if let Some((min, max)) = band {
        let area = Area { left: 0.0, top: max.map_or(0.0, y), right: width, bottom: min.map_or(height, y) };
        scene.fill(area, Ink::Allowed);
        for end in [min, max].into_iter().flatten() {
            scene.line((0.0, y(end)), (width, y(end)), Stroke { width: THIN, ..Stroke::dashed(Ink::Limit) });
        }
    }
    let columns = columns(values.iter().enumerate().map(|(place, value)| (x(place), *value)), width as usize);
    let line = columns.iter().flat_map(|column| {
        let at = column.at as f64 + 0.5;
        let (first, second) =
            if column.first <= column.last { (column.min, column.max) } else { (column.max, column.min) };
        let second = first.total_cmp(&second).is_ne().then_some((at, y(second)));
        std::iter::once((at, y(first))).chain(second)
    });
    scene.add(Mark::Line(line.collect(), Stroke::solid(Ink::Value, 1.0)));
    let mut last = f64::NEG_INFINITY;
    for (place, _) in judged.iter().enumerate().filter(|(_, point)| point.standing == Standing::Outside) {
        if x(place) - last >= 3.0 {
            last = x(place);
            super::legend::cross(&mut scene, (x(place), y(values[place])));
        }
    }
    let description = format!("{} values of {}, {} outside", check.measured, check.quantity.id, check.failed);
    svg(&scene, &description).map(Some)
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
