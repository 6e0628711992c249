//! A quantity of two captures over their frames, on one scale.

use super::axis::AXIS_HEIGHT;
use super::decimate::columns;
use super::legend::{Entry, Sign, legend};
use super::scale::{Scale, prefix_of, ticks, ticks_across};
use super::scene::{Anchor, Area, Mark, Place, Scene};
use super::style::{Ink, LINE, SMALL, Stroke, THIN, TRACK_WIDTH};
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
    let Some(range) = Range::of(&all, std::iter::empty(), 1e-12).filter(|_| good.len().max(bad.len()) > 1) else {
        return Ok(None);
    };
    let area = Area { left: LEFT, top: HEAD, right: TRACK_WIDTH - RIGHT, bottom: HEAD + HEIGHT };
    let across = Scale::new((first as f64, last as f64), (area.left, area.right));
    let up = Scale::new((range.from, range.to), (area.bottom, area.top));
    let mut scene = Scene::new(TRACK_WIDTH, area.bottom + AXIS_HEIGHT - 10.0);
    draw_frame(&mut scene, quantity, area, (&across, &up));
    let broken = Stroke { width: 1.75, ..Stroke::dashed(Ink::Outside) };
    for (series, stroke) in [(good, Stroke::solid(Ink::Value, LINE)), (bad, broken)] {
        let line = line(series, area, &across, &up);
        if line.len() > 1 {
            scene.add(Mark::Line(line, stroke));
        }
    }
    let caption = format!("{} of both captures, frame by frame.", quantity.id);
    Figure::new(scene, caption).map(Some)
}

fn draw_frame(scene: &mut Scene, quantity: &Quantity, area: Area, (across, up): (&Scale, &Scale)) {
    let prefix = prefix_of(up, quantity.unit);
    let symbol = if prefix.symbol().is_empty() { String::new() } else { format!(", {}", prefix.symbol()) };
    scene.text((8.0, 11.0), Anchor::Start, format!("{}{symbol}", quantity.id), SMALL, Ink::Text);
    let entries = [(Sign::Line, "good"), (Sign::Block(Ink::Outside), "bad (broken line)")];
    legend(scene, (8.0, 28.0), TRACK_WIDTH, &entries.map(|(sign, text)| Entry { sign, text: text.to_owned() }));
    for tick in ticks(up, quantity.unit, prefix, HEIGHT / 34.0) {
        scene.line((area.left, tick.at), (area.right, tick.at), Stroke::solid(Ink::Grid, THIN));
        scene.text((area.left - 8.0, tick.at), Anchor::End, tick.label, SMALL, Ink::Text);
    }
    scene.outline(area, Stroke::solid(Ink::Muted, THIN));
    for (tick, _) in ticks_across(across, Unit::Count, prefix_of(across, Unit::Count), 14.0, |_| String::new()) {
        scene.line((tick.at, area.bottom), (tick.at, area.bottom + 5.0), Stroke::solid(Ink::Muted, THIN));
        if tick.at > area.left + 20.0 && tick.at < area.right - 10.0 {
            scene.text((tick.at, area.bottom + 15.0), Anchor::Middle, tick.label, SMALL, Ink::Text);
        }
    }
    scene.text((area.left - 8.0, area.bottom + 15.0), Anchor::End, "frame", SMALL, Ink::Muted);
}

/// The values as a line: of each column of px the first, the least, the greatest and the last.
fn line(series: &Series, area: Area, across: &Scale, up: &Scale) -> Vec<Place> {
    let y = |value: f64| up.px(value).clamp(area.top, area.bottom);
    let width = area.width() as usize;
    if series.len() <= width {
        return series.iter().map(|(frame, value)| (across.px(*frame as f64), y(*value))).collect();
    }
    let placed = series.iter().map(|(frame, value)| (across.px(*frame as f64) - area.left, *value));
    let of = |column: &super::decimate::Column| {
        let x = area.left + column.at as f64 + 0.5;
        [column.first, column.min, column.max, column.last].map(|value| (x, y(value)))
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
