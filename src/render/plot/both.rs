//! A quantity of two captures over their frames, on one scale.

use super::axis::AXIS_HEIGHT;
use super::chart::{Axis, Mesh, chart, line, mesh, with_unit};
use super::decimate::{Column, columns};
use super::legend::{Entry, Sign, legend};
use super::scale::{Scale, prefix_of};
use super::scene::{Anchor, Area, Scene};
use super::style::{Ink, LINE, SMALL, Stroke, TRACK_WIDTH};
use super::values::Range;
use super::{Figure, PlotError};
use crate::quantity::Quantity;
use crate::units::Unit;

const LEFT: f64 = 72.0;
const RIGHT: f64 = 24.0;
const HEAD: f64 = 40.0;
const HEIGHT: f64 = 170.0;

/// The values of a quantity in its base unit, each with its frame, in the order of frames.
pub type Series = Vec<(i64, f64)>;

/// The values of the good capture as a line, those of the bad one as a broken line over it; none where neither has two.
///
/// # Errors
/// [`PlotError`] when the figure cannot be drawn.
pub fn both(quantity: &Quantity, good: &Series, bad: &Series) -> Result<Option<Figure>, PlotError> {
    let all: Vec<f64> = good.iter().chain(bad).map(|(_, value)| *value).collect();
    let frames = good.iter().chain(bad).map(|(frame, _)| *frame);
    let (Some(first), Some(last)) = (frames.clone().min(), frames.max()) else { return Ok(None) };
    // Numbers of a narrower range would be too long to stand beside it.
    let least_width = all.iter().map(|value| value.abs()).fold(1e-12, f64::max) * 1e-5;
    let Some(range) = Range::of(&all, std::iter::empty(), least_width).filter(|_| good.len().max(bad.len()) > 1) else {
        return Ok(None);
    };
    let area = Area { left: LEFT, top: HEAD, right: TRACK_WIDTH - RIGHT, bottom: HEAD + HEIGHT };
    let across = Scale::new((first as f64, last as f64), (area.left, area.right));
    let up = Scale::new((range.from, range.to), (area.bottom, area.top));
    let (prefix, frames) = (prefix_of(&up, quantity.unit), prefix_of(&across, Unit::Count));
    let mut scene = Scene::new(TRACK_WIDTH, area.bottom + AXIS_HEIGHT - 10.0);
    scene.text((8.0, 11.0), Anchor::Start, with_unit(quantity.id, prefix), SMALL, Ink::Text);
    let entries = [(Sign::Line, "good"), (Sign::Block(Ink::Outside), "bad (broken line)")];
    legend(&mut scene, (8.0, 28.0), TRACK_WIDTH, &entries.map(|(sign, text)| Entry { sign, text: text.to_owned() }));
    let axes = (
        Axis::across(across, Unit::Count, frames, 14.0, area.left - 6.0..TRACK_WIDTH),
        Axis::up(up, quantity.unit, prefix, 34.0),
    );
    let mut chart = chart(&mut scene, area, axes)?;
    mesh(&mut chart, Mesh::NumbersAndLines)?;
    let broken = Stroke { width: 1.75, ..Stroke::dashed(Ink::Outside) };
    for (series, stroke) in [(good, Stroke::solid(Ink::Value, LINE)), (bad, broken)] {
        chart.draw_series((series.len() > 1).then(|| line(points(series, &across), stroke)))?;
    }
    drop(chart);
    scene.text((area.left - 8.0, area.bottom + 13.5), Anchor::End, "frame", SMALL, Ink::Muted);
    let caption = format!("{} of both captures, frame by frame.", quantity.id);
    Ok(Some(Figure::new(scene, caption)))
}

/// The values as places: of each column of px the first, the least, the greatest and the last.
fn points(series: &Series, across: &Scale) -> Vec<(f64, f64)> {
    let width = (across.end - across.start) as usize;
    if series.len() <= width {
        return series.iter().map(|&(frame, value)| (frame as f64, value)).collect();
    }
    let placed = series.iter().map(|&(frame, value)| (across.px(frame as f64) - across.start, value));
    let of = |column: &Column| {
        let frame = across.value(across.start + column.at as f64 + 0.5);
        [column.first, column.min, column.max, column.last].map(|value| (frame, value))
    };
    columns(placed, width).iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_lines_of_their_own_and_one_value_is_no_picture() {
        let quantity = crate::quantity::find("exposure.time").unwrap();
        let good: Series = (0..50).map(|frame| (frame, 0.02)).collect();
        let bad: Series = (0..50).map(|frame| (frame, if frame == 7 { 0.021 } else { 0.02 })).collect();
        let figure = both(quantity, &good, &bad).unwrap().unwrap();
        assert!(figure.svg.contains("stroke-dasharray"), "the bad one is told by more than its colour");
        assert!(both(quantity, &good[..1].to_vec(), &Vec::new()).unwrap().is_none());
        assert!(both(quantity, &Vec::new(), &Vec::new()).unwrap().is_none());
        let long: Series = (0..54_000).map(|frame| (frame, 0.02 + (frame % 7) as f64 * 1e-6)).collect();
        assert!(both(quantity, &long, &bad).unwrap().unwrap().svg.len() < 200_000);
    }
}
