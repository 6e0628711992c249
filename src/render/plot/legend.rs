//! What the signs of a figure mean, in one row above it.

use super::font::text_width;
use super::scene::{Anchor, Area, Mark, Place, Scene};
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

/// A sign and its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) sign: Sign,
    pub(super) text: String,
}

/// Half the width of a sign.
const SIGN: f64 = 4.0;

/// Draws a legend from `left` on, its middle at `y`; an entry that does not fit left of `right` is left out.
pub(super) fn legend(scene: &mut Scene, (left, y): Place, right: f64, entries: &[Entry]) {
    const SIGN_WIDTH: f64 = 16.0;
    const GAP: f64 = 14.0;
    let mut x = left;
    for entry in entries {
        let width = SIGN_WIDTH + text_width(&entry.text, SMALL);
        if x + width > right {
            return;
        }
        draw(scene, (x + 5.0, y), entry.sign);
        scene.text((x + SIGN_WIDTH, y), Anchor::Start, entry.text.clone(), SMALL, Ink::Muted);
        x += width + GAP;
    }
}

fn draw(scene: &mut Scene, (x, y): Place, sign: Sign) {
    match sign {
        Sign::Dot => {
            scene.line((x - 6.0, y), (x + 6.0, y), Stroke::solid(Ink::Value, LINE));
            dot(scene, (x, y));
        }
        Sign::Line => scene.line((x - 6.0, y), (x + 6.0, y), Stroke::solid(Ink::Value, LINE)),
        Sign::Block(ink) => scene.fill(Area { left: x - 5.0, top: y - SIGN, right: x + 5.0, bottom: y + SIGN }, ink),
        Sign::Allowed => {
            let area = Area { left: x - 6.0, top: y - 5.0, right: x + 6.0, bottom: y + 5.0 };
            scene.fill(area, Ink::Allowed);
            scene.line((area.left, area.top), (area.right, area.top), Stroke::dashed(Ink::Limit));
            scene.line((area.left, area.bottom), (area.right, area.bottom), Stroke::dashed(Ink::Limit));
        }
        Sign::Ring => ring(scene, (x, y)),
        Sign::Triangle => triangle(scene, (x, y)),
        Sign::Cross => cross(scene, (x, y)),
        Sign::Failed => failed(scene, (x, y)),
    }
}

/// A measured value.
pub(super) fn dot(scene: &mut Scene, at: Place) {
    scene.add(Mark::Dot(at, 1.75, Ink::Value));
}

/// A value that is not judged.
pub(super) fn ring(scene: &mut Scene, at: Place) {
    scene.add(Mark::Ring(at, SIGN - 1.0, Stroke::solid(Ink::NotJudged, LINE)));
}

/// A value that straddles a limit.
pub(super) fn triangle(scene: &mut Scene, (x, y): Place) {
    let corners = vec![(x, y - SIGN - 1.0), (x + SIGN + 0.5, y + SIGN - 0.5), (x - SIGN - 0.5, y + SIGN - 0.5)];
    scene.add(Mark::Shape(corners.clone(), Ink::Page));
    let closed = corners.iter().chain(corners.first()).copied().collect();
    scene.add(Mark::Line(closed, Stroke::solid(Ink::Straddling, 1.75)));
}

/// A value that is proven outside.
pub(super) fn cross(scene: &mut Scene, (x, y): Place) {
    // One stroke: down the one diagonal, back to the middle, and along the other.
    let stroke = vec![(x - SIGN, y - SIGN), (x + SIGN, y + SIGN), (x, y), (x - SIGN, y + SIGN), (x + SIGN, y - SIGN)];
    scene.add(Mark::Line(stroke, Stroke::solid(Ink::Outside, BOLD)));
}

/// A capture that failed.
pub(super) fn failed(scene: &mut Scene, at: Place) {
    beyond(scene, at, true, Ink::Outside);
}

/// A value beyond the upper or lower end of a figure.
pub(super) fn beyond(scene: &mut Scene, (x, y): Place, upwards: bool, ink: Ink) {
    let tip = if upwards { -SIGN } else { SIGN };
    scene.add(Mark::Shape(vec![(x, y + tip), (x + SIGN, y - tip), (x - SIGN, y - tip)], ink));
}
