//! What the signs of a figure mean, in one row above it.

use super::drawing::{Anchor, Area, Drawing, Mark, Position};
use super::font::text_width;
use super::style::{BOLD, Ink, LINE, SMALL, Stroke};

/// A sign of a legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A dot on a line: values one by one.
    Dot,
    /// A line: values one by one, too many for dots.
    Line,
    /// A block: values as a band, or counted.
    Block(Ink),
    /// A shaded area with a dashed border: what is allowed.
    Allowed,
    /// A ring: not judged.
    Ring,
    /// A triangle: straddling.
    Triangle,
    /// A cross: outside.
    Cross,
    /// A filled triangle: a capture that failed.
    Failed,
}

/// Half the width of a sign.
const SIGN: f64 = 4.0;

/// Draws signs and their meanings from `left` on, their middle at `y`; one that does not fit left of `right` is left out.
pub(super) fn legend<T: Into<String>>(
    drawing: &mut Drawing,
    (left, y): Position,
    right: f64,
    entries: impl IntoIterator<Item = (Sign, T)>,
) {
    const SIGN_WIDTH: f64 = 16.0;
    const GAP: f64 = 14.0;
    let mut x = left;
    for (sign, text) in entries {
        let text = text.into();
        let width = SIGN_WIDTH + text_width(&text, SMALL);
        if x + width > right {
            return;
        }
        draw(drawing, (x + 5.0, y), sign);
        drawing.text((x + SIGN_WIDTH, y), Anchor::Start, text, SMALL, Ink::Muted);
        x += width + GAP;
    }
}

fn draw(drawing: &mut Drawing, (x, y): Position, sign: Sign) {
    match sign {
        Sign::Dot => {
            drawing.line((x - 6.0, y), (x + 6.0, y), Stroke::solid(Ink::Value, LINE));
            dot(drawing, (x, y));
        }
        Sign::Line => drawing.line((x - 6.0, y), (x + 6.0, y), Stroke::solid(Ink::Value, LINE)),
        Sign::Block(ink) => drawing.fill(Area { left: x - 5.0, top: y - SIGN, right: x + 5.0, bottom: y + SIGN }, ink),
        Sign::Allowed => {
            let area = Area { left: x - 6.0, top: y - 5.0, right: x + 6.0, bottom: y + 5.0 };
            drawing.fill(area, Ink::Allowed);
            drawing.line((area.left, area.top), (area.right, area.top), Stroke::dashed(Ink::Limit));
            drawing.line((area.left, area.bottom), (area.right, area.bottom), Stroke::dashed(Ink::Limit));
        }
        Sign::Ring => ring(drawing, (x, y)),
        Sign::Triangle => triangle(drawing, (x, y)),
        Sign::Cross => cross(drawing, (x, y)),
        Sign::Failed => failed(drawing, (x, y)),
    }
}

/// A measured value.
pub(super) fn dot(drawing: &mut Drawing, at: Position) {
    drawing.add(Mark::Dot(at, 1.75, Ink::Value));
}

/// A value that is not judged.
pub(super) fn ring(drawing: &mut Drawing, at: Position) {
    drawing.add(Mark::Ring(at, SIGN - 1.0, Stroke::solid(Ink::NotJudged, LINE)));
}

/// A value that straddles a limit.
pub(super) fn triangle(drawing: &mut Drawing, (x, y): Position) {
    let corners = vec![(x, y - SIGN - 1.0), (x + SIGN + 0.5, y + SIGN - 0.5), (x - SIGN - 0.5, y + SIGN - 0.5)];
    drawing.add(Mark::Shape(corners.clone(), Ink::Page));
    let closed = corners.iter().chain(corners.first()).copied().collect();
    drawing.add(Mark::Line(closed, Stroke::solid(Ink::Straddling, 1.75)));
}

/// A value that is proven outside.
pub(super) fn cross(drawing: &mut Drawing, (x, y): Position) {
    // One stroke: down the one diagonal, back to the middle, and along the other.
    let stroke = vec![(x - SIGN, y - SIGN), (x + SIGN, y + SIGN), (x, y), (x - SIGN, y + SIGN), (x + SIGN, y - SIGN)];
    drawing.add(Mark::Line(stroke, Stroke::solid(Ink::Outside, BOLD)));
}

/// A capture that failed.
pub(super) fn failed(drawing: &mut Drawing, at: Position) {
    beyond(drawing, at, true, Ink::Outside);
}

/// A value beyond the upper or lower end of a figure.
pub(super) fn beyond(drawing: &mut Drawing, (x, y): Position, upwards: bool, ink: Ink) {
    let tip = if upwards { -SIGN } else { SIGN };
    drawing.add(Mark::Shape(vec![(x, y + tip), (x + SIGN, y - tip), (x - SIGN, y - tip)], ink));
}
