//! A quantity of two captures over their frames, on one scale.

use std::collections::BTreeMap;

use super::axis::AXIS_HEIGHT;
use super::chart::{Axis, Mesh, chart, line, mesh, with_unit};
use super::decimate::{Column, columns};
use super::drawing::{Anchor, Area, Drawing};
use super::legend::{Sign, legend};
use super::scale::{Scale, prefix_of, spanned};
use super::style::{Ink, LINE, SMALL, Stroke, TRACK_WIDTH};
use super::{Figure, PlotError};
use crate::quantity::Quantity;
use crate::units::Unit;

const LEFT: f64 = 72.0;
const RIGHT: f64 = 24.0;
const HEAD: f64 = 40.0;
/// Of the values, and of their differences below.
const HEIGHTS: (f64, f64) = (130.0, 70.0);
const GAP: f64 = 30.0;

/// The values of a quantity in its base unit, each with its frame, in the order of frames.
pub type Series = Vec<(i64, f64)>;

/// A quantity of two captures.
#[derive(Debug, Clone, Copy)]
pub struct Both<'a> {
    /// What was measured.
    pub quantity: &'a Quantity,
    /// In the good capture.
    pub good: &'a Series,
    /// In the bad one.
    pub bad: &'a Series,
    /// The ends of the limits, in the base unit.
    pub limits: &'a [f64],
    /// How far a difference is known, in the base unit: differences of less than this are none.
    pub known: f64,
}

/// The values of the good capture as a line, those of the bad one as a broken line over it, with the ends of the limits; below them
/// by how much the bad one differs, frame by frame. None where neither has two values.
///
/// # Errors
/// [`PlotError`] when the figure cannot be drawn.
pub fn both(of: &Both<'_>) -> Result<Option<Figure>, PlotError> {
    let Both { quantity, good, bad, limits, known } = *of;
    let frames = good.iter().chain(bad).map(|(frame, _)| *frame as f64);
    let Some((first, last)) = spanned(frames).filter(|_| good.len().max(bad.len()) > 1) else { return Ok(None) };
    let values = good.iter().chain(bad).map(|(_, value)| *value);
    // Finer than what is known nothing is drawn, so that equal values are a line in the middle.
    let Some(range) = spanned(values.chain(limits.iter().copied())).map(|span| padded(span, 4.0 * known)) else {
        return Ok(None);
    };
    let apart = differences(good, bad);
    let change = spanned(apart.iter().map(|(_, value)| *value)).unwrap_or_default();
    let change = padded((change.0.min(0.0), change.1.max(0.0)), 4.0 * known);
    let upper = Area { left: LEFT, top: HEAD, right: TRACK_WIDTH - RIGHT, bottom: HEAD + HEIGHTS.0 };
    let lower = Area { top: upper.bottom + GAP, bottom: upper.bottom + GAP + HEIGHTS.1, ..upper };
    let across = Scale::new((first, last), (upper.left, upper.right));
    let up = Scale::new(range, (upper.bottom, upper.top));
    let change = Scale::new(change, (lower.bottom, lower.top));
    let (prefix, frames) = (prefix_of(&up, quantity.unit), prefix_of(&across, Unit::Count));
    let fine = prefix_of(&change, quantity.unit);
    let mut drawing = Drawing::new(TRACK_WIDTH, lower.bottom + AXIS_HEIGHT - 10.0);
    drawing.text((8.0, 11.0), Anchor::Start, with_unit(quantity.id, prefix), SMALL, Ink::Text);
    let entries = [
        (Sign::Line, "good"),
        (Sign::Block(Ink::Outside), "bad (broken line)"),
        (Sign::Block(Ink::Limit), "limit (dashed)"),
    ];
    let entries = entries.into_iter().take(if limits.is_empty() { 2 } else { 3 });
    legend(&mut drawing, (8.0, 28.0), TRACK_WIDTH, entries);
    let broken = Stroke { width: 1.75, ..Stroke::dashed(Ink::Outside) };
    let axes = (Axis::bare(across), Axis::up(up, quantity.unit, prefix, 34.0));
    let mut values = chart(&mut drawing, upper, axes)?;
    mesh(&mut values, Mesh::NumbersAndLines)?;
    let ends = limits.iter().map(|&at| line(vec![(first, at), (last, at)], Stroke::dashed(Ink::Limit)));
    values.draw_series(ends)?;
    for (series, stroke) in [(good, Stroke::solid(Ink::Value, LINE)), (bad, broken)] {
        values.draw_series((series.len() > 1).then(|| line(points(series, &across), stroke)))?;
    }
    drop(values);
    drawing.text((8.0, upper.bottom + 14.0), Anchor::Start, with_unit("bad − good", fine), SMALL, Ink::Text);
    let axes = (
        Axis::across(across, Unit::Count, frames, 14.0, upper.left - 6.0..TRACK_WIDTH),
        Axis::up(change, quantity.unit, fine, 30.0),
    );
    let mut differences = chart(&mut drawing, lower, axes)?;
    mesh(&mut differences, Mesh::NumbersAndLines)?;
    differences.draw_series([line(vec![(first, 0.0), (last, 0.0)], Stroke::solid(Ink::Muted, LINE))])?;
    differences
        .draw_series((apart.len() > 1).then(|| line(points(&apart, &across), Stroke::solid(Ink::Outside, LINE))))?;
    drop(differences);
    drawing.text((lower.left - 8.0, lower.bottom + 13.5), Anchor::End, "frame", SMALL, Ink::Muted);
    let caption = format!("{} of both captures, frame by frame, and by how much the bad one differs.", quantity.id);
    Ok(Some(Figure::new(drawing, caption)))
}

/// Bad less good, of the frames that have a value in both.
fn differences(good: &Series, bad: &Series) -> Series {
    let good: BTreeMap<i64, f64> = good.iter().copied().collect();
    bad.iter().filter_map(|(frame, value)| Some((*frame, value - good.get(frame)?))).collect()
}

/// A span of at least this width, with some room around it.
fn padded((from, to): (f64, f64), least: f64) -> (f64, f64) {
    const ROOM: f64 = 0.12;
    let least = least.max(from.abs().max(to.abs()) * 1e-5).max(1e-12);
    let pad = ((to - from) * ROOM).max((least - (to - from)) / 2.0);
    (from - pad, to + pad)
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

    fn drawn(good: &Series, bad: &Series) -> Option<Figure> {
        let quantity = crate::quantity::find("exposure.time").unwrap();
        both(&Both { quantity, good, bad, limits: &[0.0195, 0.0205], known: 2e-6 }).unwrap()
    }

    #[test]
    fn both_are_lines_of_their_own_and_one_value_is_no_picture() {
        let good: Series = (0..50).map(|frame| (frame, 0.02)).collect();
        let bad: Series = (0..50).map(|frame| (frame, if frame == 7 { 0.021 } else { 0.02 })).collect();
        let figure = drawn(&good, &bad).unwrap();
        assert!(figure.svg.contains("stroke-dasharray"), "the bad one is told by more than its colour");
        // 21 ms lies on the scale, and a millisecond on that of the differences.
        assert!(figure.svg.contains(">21.0<") && figure.svg.contains(">1<"), "{}", figure.svg);
        assert!(drawn(&good[..1].to_vec(), &Vec::new()).is_none());
        assert!(drawn(&Vec::new(), &Vec::new()).is_none());
        let long: Series = (0..54_000).map(|frame| (frame, 0.02 + (frame % 7) as f64 * 1e-6)).collect();
        let figure = drawn(&long, &long).unwrap();
        assert!(figure.svg.len() < 150_000, "{}", figure.svg.len());
    }

    #[test]
    fn equal_values_lie_in_the_middle_of_what_is_known() {
        assert_eq!(padded((0.0, 0.0), 4e-6), (-2e-6, 2e-6));
        let (from, to) = padded((0.02, 0.021), 4e-6);
        assert!((from - 0.01988).abs() < 1e-9 && (to - 0.02112).abs() < 1e-9, "{from} {to}");
    }
}
