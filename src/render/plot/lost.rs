//! Lost stretches, hatched over lanes and panels.

use super::axis::TimeAxis;
use super::drawing::{Anchor, Area, Drawing, Label};
use super::font::text_width;
use super::style::{Ink, LINE, SMALL, Stroke, THIN};
use crate::frame::Observation;

/// A lost stretch in px.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Gap {
    from: f64,
    to: f64,
    /// What it is called: `lost`, or `cut` where an unknown number of samples is missing.
    text: &'static str,
}

/// Draws the lost stretches of a capture over an area.
pub(super) fn draw(drawing: &mut Drawing, area: Area, observation: &Observation, axis: &TimeAxis<'_>) {
    let mut end_of_labels = f64::NEG_INFINITY;
    for gap in gaps(observation, axis) {
        let hatched = Area { left: gap.from, right: gap.to, ..area };
        drawing.fill(hatched, Ink::Page);
        drawing.hatch(hatched, Stroke::solid(Ink::Lost, THIN));
        for x in [gap.from, gap.to] {
            drawing.line((x, area.top), (x, area.bottom), Stroke::solid(Ink::Lost, LINE));
        }
        let label = label(&gap, area);
        let (left, right) = label.reach();
        if left > end_of_labels && left >= area.left && right <= area.right {
            end_of_labels = right + 6.0;
            drawing.text_on_lines(label);
        }
    }
}

/// Whether any lost stretch is inside the figure.
pub(super) fn is_shown(observation: &Observation, axis: &TimeAxis<'_>) -> bool {
    !gaps(observation, axis).is_empty()
}

/// The lost stretches inside the figure. None is too narrow to be seen; those that nearly touch are one.
fn gaps(observation: &Observation, axis: &TimeAxis<'_>) -> Vec<Gap> {
    const LEAST_WIDTH: f64 = 3.0;
    let mut gaps: Vec<Gap> = Vec::new();
    for span in observation.lost.spans() {
        let is_cut = span.from == span.to;
        let visible = match axis.visible(span.from, span.to) {
            Some(visible) => visible,
            None if is_cut && axis.holds(span.from) => (axis.px(span.from), axis.px(span.from)),
            None => continue,
        };
        let (from, to) = (visible.0, visible.1.max(visible.0 + LEAST_WIDTH));
        match gaps.last_mut() {
            Some(last) if from < last.to + LEAST_WIDTH => {
                last.to = last.to.max(to);
                last.text = "lost";
            }
            Some(_) | None => gaps.push(Gap { from, to, text: if is_cut { "cut" } else { "lost" } }),
        }
    }
    gaps
}

/// The name of a gap: inside where it fits, else beside it.
fn label(gap: &Gap, area: Area) -> Label {
    let width = text_width(gap.text, SMALL);
    let (x, anchor) = if gap.to - gap.from > width + 8.0 {
        (f64::midpoint(gap.from, gap.to), Anchor::Middle)
    } else if gap.to + width + 6.0 < area.right {
        (gap.to + 5.0, Anchor::Start)
    } else {
        (gap.from - 5.0, Anchor::End)
    };
    Label { at: (x, area.top + 9.0), anchor, text: gap.text.to_owned(), size: SMALL, ink: Ink::Text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::Bench;
    use crate::signal::Stretch;
    use crate::units::SampleIndex;

    #[test]
    fn gaps_are_seen_and_do_not_crowd() {
        let lost = vec![(100_000, 200_000), (300_000, 300_000), (300_100, 300_200), (900_000, 950_000)];
        let judgement = Bench { frames: 28, lost, ..Bench::passing() }.judge();
        let window = Stretch { from: SampleIndex::new(0), to: SampleIndex::new(900_000) };
        let axis = TimeAxis::new(&judgement.observation.rate, window, 10.0, 910.0);
        // A thousand samples per px; the two at 300 px are one, the last is not inside.
        let expected = [Gap { from: 110.0, to: 210.0, text: "lost" }, Gap { from: 310.0, to: 313.1, text: "lost" }];
        let found = gaps(&judgement.observation, &axis);
        assert_eq!(found.len(), 2);
        for (gap, expected) in found.iter().zip(&expected) {
            assert!((gap.from - expected.from).abs() < 1e-9 && (gap.to - expected.to).abs() < 1e-9, "{gap:?}");
            assert_eq!(gap.text, expected.text);
        }
    }
}
