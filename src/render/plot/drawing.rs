//! A figure as data: marks in px, from the upper left corner. What is drawn is decided here and above; how it becomes
//! SVG is decided in [`super::svg`].

use super::font::text_width;
use super::style::{Ink, Stroke};
use crate::escape::visible;

/// A place in a figure, in px: to the right, and down.
pub(super) type Position = (f64, f64);

/// Which part of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A rectangle in px.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn corners(&self) -> [Position; 4] {
        let Area { left, top, right, bottom } = *self;
        [(left, top), (right, top), (right, bottom), (left, bottom)]
    }
}

/// A text and where it stands; its place is its middle in height.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    pub(super) at: Position,
    pub(super) anchor: Anchor,
    pub(super) text: String,
    /// In px per em.
    pub(super) size: f64,
    pub(super) ink: Ink,
}

impl Label {
    /// Its left and right end, in px.
    pub(super) fn reach(&self) -> (f64, f64) {
        let width = text_width(&self.text, self.size);
        match self.anchor {
            Anchor::Start => (self.at.0, self.at.0 + width),
            Anchor::Middle => (self.at.0 - width / 2.0, self.at.0 + width / 2.0),
            Anchor::End => (self.at.0 - width, self.at.0),
        }
    }
}

/// One thing that is drawn: exactly one element of the SVG.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A line through these places.
    Line(Vec<Position>, Stroke),
    /// A filled polygon.
    Shape(Vec<Position>, Ink),
    /// A filled rectangle.
    Box(Area, Ink),
    /// A filled circle: its centre and radius.
    Dot(Position, f64, Ink),
    /// A circle: its centre and radius.
    Ring(Position, f64, Stroke),
    /// A text.
    Text(Label),
}

/// A figure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawing {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) marks: Vec<Mark>,
}

impl Drawing {
    pub(super) fn new(width: f64, height: f64) -> Drawing {
        Drawing { width, height, marks: Vec::new() }
    }

    pub(super) fn add(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    pub(super) fn line(&mut self, from: Position, to: Position, stroke: Stroke) {
        self.add(Mark::Line(vec![from, to], stroke));
    }

    pub(super) fn fill(&mut self, area: Area, ink: Ink) {
        self.add(Mark::Box(area, ink));
    }

    pub(super) fn outline(&mut self, area: Area, stroke: Stroke) {
        let closed = area.corners().into_iter().chain([(area.left, area.top)]);
        self.add(Mark::Line(closed.collect(), stroke));
    }

    pub(super) fn text(&mut self, at: Position, anchor: Anchor, text: impl Into<String>, size: f64, ink: Ink) {
        let text = text.into();
        if !text.is_empty() {
            self.add(Mark::Text(Label { at, anchor, text, size, ink }));
        }
    }

    /// A text with a piece of page behind it, where it crosses lines.
    pub(super) fn text_on_lines(&mut self, label: Label) {
        let (left, right) = label.reach();
        let half = label.size * 0.62;
        let (top, bottom) = (label.at.1 - half, label.at.1 + half);
        self.fill(Area { left: left - 2.0, top, right: right + 2.0, bottom }, Ink::Page);
        self.add(Mark::Text(label));
    }

    /// Hatches an area with lines that rise to the right.
    pub(super) fn hatch(&mut self, area: Area, stroke: Stroke) {
        for (from, to) in hatching(area) {
            self.line(from, to, stroke);
        }
    }
}

/// A name from outside, made visible, that cannot turn the writing direction of the text around it: between U+2068 and
/// U+2069, which [`super::svg`] lets pass.
pub(super) fn isolated(name: &str) -> String {
    let name = visible(name);
    if name.is_ascii() { name.into_owned() } else { format!("\u{2068}{name}\u{2069}") }
}

/// The lines that hatch an area at 45°: about `GAP` px apart, and never more than `MOST`.
fn hatching(area: Area) -> Vec<(Position, Position)> {
    const GAP: f64 = 8.0;
    const MOST: f64 = 200.0;
    let (width, height) = (area.width(), area.height());
    let reach = width + height;
    let gap = GAP.max(reach / MOST);
    let mut lines = Vec::new();
    let mut along = gap;
    while along < reach {
        // A line that rises at 45° crosses the left border, or the bottom one, `along` px from the upper left corner,
        // and the top border, or the right one, as far.
        let from =
            if along <= height { (area.left, area.top + along) } else { (area.left + along - height, area.bottom) };
        let to = if along <= width { (area.left + along, area.top) } else { (area.right, area.top + along - width) };
        lines.push((from, to));
        along += gap;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hatches_run_from_edge_to_edge() {
        let area = Area { left: 10.0, top: 20.0, right: 22.0, bottom: 36.0 };
        let expected = [((10.0, 28.0), (18.0, 20.0)), ((10.0, 36.0), (22.0, 24.0)), ((18.0, 36.0), (22.0, 32.0))];
        assert_eq!(hatching(area), expected);
    }

    proptest! {
        #[test]
        fn hatches_stay_inside_and_are_bounded(width in 0.1..5000.0_f64, height in 0.1..500.0_f64) {
            let area = Area { left: 0.0, top: 0.0, right: width, bottom: height };
            let lines = hatching(area);
            prop_assert!(lines.len() <= 201);
            for ((x0, y0), (x1, y1)) in lines {
                for (x, y) in [(x0, y0), (x1, y1)] {
                    prop_assert!((-1e-9..=width + 1e-9).contains(&x) && (-1e-9..=height + 1e-9).contains(&y));
                }
                prop_assert!(((x1 - x0) - (y0 - y1)).abs() < 1e-6, "45 degrees");
            }
        }
    }
}
