//! Lines over time, drawn as the vendor draws its timing diagrams.
//!
//! From top to bottom: what is marked and measured, the lanes, the time with sample numbers. Lost stretches are hatched
//! over all lanes.

use super::axis::{AXIS_HEIGHT, TimeAxis};
use super::drawing::{Anchor, Area, Drawing, Label};
use super::font::{fitted, text_width};
use super::lane::{BRACKET_LANE, Content, Lane, WAVE_LANE};
use super::lanes::lanes;
use super::style::{Ink, LINE, NAME, SMALL, Stroke, THIN, TIMELINE_LEFT, TIMELINE_RIGHT, TIMELINE_WIDTH};
use super::{Figure, lost, wave};
use crate::frame::Observation;
use crate::signal::Stretch;
use crate::units::{Rounding, SampleIndex, Unit, value_text};

const TOP: f64 = 8.0;
const MARK_ROW: f64 = 18.0;
const SPAN_ROW: f64 = 30.0;
const EDGE_ROW: f64 = 24.0;
const LOST_ROW: f64 = 16.0;
/// At most this many rows of mark labels; what does not fit is marked without a label.
const MARK_ROWS: usize = 3;
/// At most this many stretches are marked in one figure.
const MOST_MARKS: usize = 40;

/// A stretch of samples that is pointed at, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// Its first sample.
    pub from: SampleIndex,
    /// Its last sample.
    pub to: SampleIndex,
    /// What it breaks: `exposure.time`.
    pub label: String,
}

/// A distance between two edges and what was measured of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Measured {
    pub(super) from: SampleIndex,
    pub(super) to: SampleIndex,
    /// `20.062 ms ± 1 µs > 20.05 ms`
    pub(super) text: String,
    pub(super) ink: Ink,
}

/// What a timeline shows.
pub(super) struct Request<'a> {
    pub(super) observation: &'a Observation,
    pub(super) window: Stretch,
    pub(super) marked: &'a [Marked],
    pub(super) measured: Option<Measured>,
}

/// A marked stretch in px, and the row of its label.
#[derive(Debug, Clone, PartialEq)]
struct Band {
    from: f64,
    to: f64,
    label: Option<(usize, Label)>,
}

/// Where everything of a timeline lies, in px.
#[derive(Debug, Clone, PartialEq)]
struct Layout {
    height: f64,
    /// The area of all lanes.
    plot: Area,
    /// The middle of the row that the measured distance stands in.
    span_row: f64,
    bands: Vec<Band>,
    /// Lanes and their tops.
    lanes: Vec<(f64, Lane)>,
}

/// The lines within a window of samples, with these stretches marked.
#[must_use]
pub fn timeline(observation: &Observation, window: Stretch, marked: &[Marked]) -> Figure {
    let drawing = drawing(&Request { observation, window, marked, measured: None });
    let time = |sample: SampleIndex| {
        value_text(&observation.rate.seconds(sample - SampleIndex::default()), Unit::Second, Rounding::Nearest)
    };
    let is_logged = observation.cameras.iter().any(|camera| camera.logged.matched().is_some());
    let caption = format!(
        "The lines from {} to {} (samples {} to {}); high is active.{}",
        time(window.from),
        time(window.to),
        window.from,
        window.to,
        if is_logged {
            " Carets are the timestamps of the camera's log, on the capture's time after the fit."
        } else {
            ""
        }
    );
    Figure::new(drawing, caption)
}

/// Lays a timeline out and draws it.
pub(super) fn drawing(request: &Request<'_>) -> Drawing {
    let axis = TimeAxis::new(&request.observation.rate, request.window, TIMELINE_LEFT, TIMELINE_WIDTH - TIMELINE_RIGHT);
    let layout = layout(request, &axis);
    let mut drawing = Drawing::new(TIMELINE_WIDTH, layout.height);
    for band in &layout.bands {
        draw_band(&mut drawing, &layout, band);
    }
    for (top, lane) in &layout.lanes {
        draw_names(&mut drawing, *top, lane);
        wave::draw(&mut drawing, *top, lane, (layout.plot.left, layout.plot.right));
    }
    let with_names = Area { top: layout.plot.top - LOST_ROW, ..layout.plot };
    lost::draw(&mut drawing, with_names, request.observation, &axis);
    if let Some(measured) = &request.measured {
        draw_measured(&mut drawing, &layout, &axis, measured);
    }
    let axis_area = Area { bottom: layout.height - AXIS_HEIGHT, ..layout.plot };
    axis.draw(&mut drawing, axis_area, "sample", |sample| sample.to_string());
    drawing
}

fn layout(request: &Request<'_>, axis: &TimeAxis<'_>) -> Layout {
    let bands = bands(request.marked, axis);
    let rows = bands.iter().filter_map(|band| band.label.as_ref().map(|(row, _)| row + 1)).max().unwrap_or(0);
    let mut top = TOP + rows as f64 * MARK_ROW;
    let span_row = top + SPAN_ROW / 2.0;
    if request.measured.is_some() {
        top += SPAN_ROW;
    }
    if lost::is_shown(request.observation, axis) {
        top += LOST_ROW;
    }
    let plot_top = top;
    let lanes: Vec<(f64, Lane)> = lanes(request.observation, axis)
        .into_iter()
        .map(|lane| {
            let at = top;
            top += match lane.content {
                Content::Brackets(_) | Content::TooMany(_) | Content::Ticks(_) => BRACKET_LANE,
                Content::Wave { .. } => WAVE_LANE,
            };
            (at, lane)
        })
        .collect();
    let plot = Area { left: axis.left, top: plot_top, right: axis.right, bottom: top + 4.0 };
    let edge_row = if request.measured.is_some() { EDGE_ROW } else { 0.0 };
    Layout { height: plot.bottom + edge_row + AXIS_HEIGHT, plot, span_row, bands, lanes }
}

/// The marked stretches inside the figure, their labels in rows so that none covers another.
fn bands(marked: &[Marked], axis: &TimeAxis<'_>) -> Vec<Band> {
    const LEAST_WIDTH: f64 = 3.0;
    const GAP: f64 = 8.0;
    let mut ends = [f64::NEG_INFINITY; MARK_ROWS];
    (marked.iter())
        .filter_map(|mark| Some((mark, axis.visible(mark.from, mark.to.max(SampleIndex::new(mark.from.get() + 1)))?)))
        .take(MOST_MARKS)
        .map(|(mark, (from, to))| {
            let (from, to) = if to - from < LEAST_WIDTH { (from, from + LEAST_WIDTH) } else { (from, to) };
            let text = fitted(&format!("✗ {}", mark.label), SMALL, 300.0);
            let width = text_width(&text, SMALL);
            let start = from.min(axis.right - width).max(axis.left);
            let row = ends.iter().position(|end| start > end + GAP);
            let label = row.map(|row| {
                ends[row] = start + width;
                let at = (start, TOP + (row as f64 + 0.5) * MARK_ROW);
                (row, Label { at, anchor: Anchor::Start, text, size: SMALL, ink: Ink::Outside })
            });
            Band { from, to, label }
        })
        .collect()
}

fn draw_band(drawing: &mut Drawing, layout: &Layout, band: &Band) {
    let top = band.label.as_ref().map_or(layout.plot.top, |(_, label)| label.at.1 + MARK_ROW / 2.0);
    let area = Area { left: band.from, top, right: band.to, bottom: layout.plot.bottom };
    drawing.fill(area, Ink::OutsideFrame);
    for x in [band.from, band.to] {
        drawing.line((x, top), (x, layout.plot.bottom), Stroke { width: THIN, ..Stroke::dashed(Ink::Outside) });
    }
    if let Some((_, label)) = &band.label {
        drawing.text(label.at, label.anchor, label.text.clone(), label.size, label.ink);
    }
}

fn draw_names(drawing: &mut Drawing, top: f64, lane: &Lane) {
    match lane.content {
        Content::Wave { .. } => {
            draw_name(drawing, top + 17.0, (&lane.name, &lane.detail));
        }
        Content::Brackets(_) | Content::TooMany(_) | Content::Ticks(_) => {
            let name =
                if lane.detail.is_empty() { lane.name.clone() } else { format!("{}, {}", lane.name, lane.detail) };
            drawing.text((NAMES, top + 13.0), Anchor::End, fitted(&name, SMALL, ROOM), SMALL, Ink::Muted);
        }
    }
}

/// Where the names of lanes end, and the room for them.
const NAMES: f64 = TIMELINE_LEFT - 10.0;
const ROOM: f64 = TIMELINE_LEFT - 14.0;

/// The name of a line beside its lane, and what else is to be said of it below that.
pub(super) fn draw_name(drawing: &mut Drawing, y: f64, (name, detail): (&str, &str)) {
    drawing.text((NAMES, y), Anchor::End, fitted(name, NAME, ROOM), NAME, Ink::Text);
    drawing.text((NAMES, y + 16.0), Anchor::End, fitted(detail, SMALL, ROOM), SMALL, Ink::Muted);
}

/// The measured distance above the lanes, guides down to its edges, and their sample numbers below.
fn draw_measured(drawing: &mut Drawing, layout: &Layout, axis: &TimeAxis<'_>, measured: &Measured) {
    let (from, to) = (axis.px(measured.from), axis.px(measured.to));
    let row = layout.span_row;
    let guide = Stroke { ink: measured.ink, width: LINE, ..Stroke::dotted(measured.ink) };
    for x in [from, to] {
        drawing.line((x, row - 8.0), (x, layout.plot.bottom + 4.0), guide);
    }
    let text = fitted(&measured.text, NAME, axis.right - axis.left);
    let width = text_width(&text, NAME);
    let line = Stroke::solid(measured.ink, LINE);
    let label =
        |at: f64, anchor: Anchor| Label { at: (at, row), anchor, text: text.clone(), size: NAME, ink: measured.ink };
    wave::arrow(drawing, from, to, row, (true, true), line);
    if to - from > width + 36.0 {
        drawing.text_on_lines(label(f64::midpoint(from, to), Anchor::Middle));
    } else {
        let beside = if to + width + 10.0 <= axis.right {
            label(to + 8.0, Anchor::Start)
        } else {
            label(from - 8.0, Anchor::End)
        };
        let (left, _) = beside.reach();
        let inside = if left >= axis.left { beside } else { label(axis.left, Anchor::Start) };
        drawing.text_on_lines(inside);
    }
    let bottom = layout.plot.bottom + EDGE_ROW / 2.0;
    for (at, text) in edge_labels(axis, measured) {
        drawing.text_on_lines(Label { at: (at, bottom), anchor: Anchor::Middle, text, size: SMALL, ink: measured.ink });
    }
}

/// The sample numbers of the two edges: each at its edge, on the side of the other one, so that who sees both edges sees both numbers;
/// apart from one another and inside the figure. Where they stand, and their texts.
fn edge_labels(axis: &TimeAxis<'_>, measured: &Measured) -> Vec<(f64, String)> {
    const GAP: f64 = 10.0;
    let text = |sample: SampleIndex| format!("sample {sample}");
    let half = |text: &str| text_width(text, SMALL) / 2.0;
    let inside = |at: f64, text: &str| at.min(TIMELINE_WIDTH - half(text) - 2.0).max(half(text) + 2.0);
    let (from, to) = (axis.px(measured.from), axis.px(measured.to));
    let first = text(measured.from);
    if measured.from == measured.to {
        return vec![(inside(from, &first), first)];
    }
    let second = text(measured.to);
    let second_at = inside(to - half(&second), &second);
    let first_at = inside(from + half(&first), &first);
    if first_at + half(&first) + GAP <= second_at - half(&second) {
        return vec![(first_at, first), (second_at, second)];
    }
    // Too near to one another: side by side, as near to the edges as that goes.
    let widest_left = TIMELINE_WIDTH - 4.0 - 2.0 * half(&second) - GAP / 2.0;
    let middle = f64::midpoint(from, to).min(widest_left).max(4.0 + 2.0 * half(&first) + GAP / 2.0);
    vec![(middle - GAP / 2.0 - half(&first), first), (middle + GAP / 2.0 + half(&second), second)]
}

#[cfg(test)]
mod tests {
    use super::super::decimate::Piece;
    use super::super::first_frames;
    use super::super::lane::{Bracket, Ends};
    use super::*;
    use crate::render::fixture::{Bench, FIRST, PERIOD};
    use crate::report::Judgement;
    use crate::signal::Level;

    fn at(sample: u64) -> SampleIndex {
        SampleIndex::new(sample)
    }

    /// A quarter of a px is as fine as figures are drawn.
    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 0.125
    }

    /// The window from the first boundary to the third: 954 px for two frames, 477 px each.
    fn two_frames(judgement: &Judgement) -> TimeAxis<'_> {
        let window = Stretch { from: at(FIRST), to: at(FIRST + 2 * PERIOD) };
        TimeAxis::new(&judgement.observation.rate, window, TIMELINE_LEFT, TIMELINE_WIDTH - TIMELINE_RIGHT)
    }

    fn brackets(lane: &Lane) -> &[Bracket] {
        match &lane.content {
            Content::Brackets(brackets) => brackets,
            Content::TooMany(_) | Content::Ticks(_) | Content::Wave { .. } => panic!("{lane:?}"),
        }
    }

    #[test]
    fn lanes_stand_below_one_another_and_end_where_edges_are() {
        let judgement = Bench::passing().judge();
        let axis = two_frames(&judgement);
        let request = Request { observation: &judgement.observation, window: axis.window, marked: &[], measured: None };
        let layout = layout(&request, &axis);
        let lanes: Vec<(f64, &str)> = layout.lanes.iter().map(|(top, lane)| (*top, lane.name.as_str())).collect();
        assert_eq!(
            lanes,
            [(8.0, "frame time"), (32.0, "exposure"), (56.0, "STROBE"), (102.0, "FSIN"), (148.0, "flash")]
        );
        assert!(close(layout.height, 194.0 + 4.0 + AXIS_HEIGHT));
        // Boundaries at samples 40000, 73335 and 106666: two, one and none of 0 to 2 samples late.
        let px = |sample: u64| 132.0 + (sample - FIRST) as f64 * 954.0 / (2 * PERIOD) as f64;
        let [first, second] = brackets(&layout.lanes[0].1) else { panic!("{:?}", layout.lanes[0]) };
        assert!(close(first.from, px(40_000)) && close(first.to, px(73_335)), "{first:?}");
        assert_eq!((first.text.as_str(), first.ends, first.closed), ("33.335 ms", Ends::Bars, (true, true)));
        assert_eq!((second.text.as_str(), second.closed), ("33.331 ms", (true, true)));
        // The exposure before the window ends within it, 0 to 3 samples after the boundary; that of frame 0 is of
        // 20,005 samples.
        let [before, exposure, ..] = brackets(&layout.lanes[1].1) else { panic!("{:?}", layout.lanes[1]) };
        assert_eq!((before.text.as_str(), before.closed), ("", (false, true)));
        assert_eq!((exposure.text.as_str(), exposure.ends, exposure.closed), ("20.005 ms", Ends::Arrows, (true, true)));
        assert!(close(exposure.to - exposure.from, 20_005.0 * 954.0 / (2 * PERIOD) as f64));
        assert_eq!(layout.lanes[4].1.detail, "FLASH, active low");
        let Content::Wave { pieces, active, notes } = &layout.lanes[2].1.content else { panic!() };
        assert_eq!((*active, notes[0].text.as_str()), (Level::High, "frame 0"));
        assert!(pieces.iter().all(|piece| matches!(piece, Piece::Level { .. })));
    }

    #[test]
    fn marks_have_rows_of_their_own_and_lost_stretches_a_name() {
        let bench = Bench { lost: vec![(FIRST + 5000, FIRST + 9000)], ..Bench::passing() };
        let judgement = bench.judge();
        let axis = two_frames(&judgement);
        let mark = |from: u64, label: &str| Marked {
            from: at(FIRST + from),
            to: at(FIRST + from + 100),
            label: label.to_owned(),
        };
        let marked = [mark(10, "exposure.time"), mark(20, "exposure.end"), mark(40_000, "flash.lead")];
        let measured = Measured { from: at(FIRST), to: at(FIRST + 10), text: "10 µs".to_owned(), ink: Ink::Outside };
        let request = Request {
            observation: &judgement.observation,
            window: axis.window,
            marked: &marked,
            measured: Some(measured),
        };
        let layout = layout(&request, &axis);
        let rows: Vec<Option<usize>> =
            layout.bands.iter().map(|band| band.label.as_ref().map(|(row, _)| *row)).collect();
        assert_eq!(rows, [Some(0), Some(1), Some(0)]);
        // Two rows of marks, one of the measured distance, one of the names of what is lost.
        assert!(close(layout.plot.top, 8.0 + 2.0 * 18.0 + 30.0 + 16.0));
        assert!(close(layout.span_row, 8.0 + 2.0 * 18.0 + 15.0));
    }

    #[test]
    fn a_missing_frame_is_told_in_its_interval() {
        let judgement = Bench { dropped: vec![1], ..Bench::passing() }.judge();
        let axis = two_frames(&judgement);
        let lanes = lanes(&judgement.observation, &axis);
        let [only] = brackets(&lanes[0]) else { panic!("{lanes:?}") };
        assert_eq!(only.text, "66.666 ms, 1 missing");
    }

    #[test]
    fn too_many_frames_are_counted_instead() {
        let judgement = Bench { frames: 1000, ..Bench::passing() }.judge();
        let whole = Stretch { from: at(0), to: judgement.observation.length };
        let axis = TimeAxis::new(&judgement.observation.rate, whole, TIMELINE_LEFT, TIMELINE_WIDTH - TIMELINE_RIGHT);
        let lanes = lanes(&judgement.observation, &axis);
        assert_eq!(lanes[0].content, Content::TooMany("1000 frames: too many to draw one by one".to_owned()));
        assert_eq!(lanes[1].content, Content::TooMany("1001 exposures: too many to draw one by one".to_owned()));
    }

    #[test]
    fn the_first_frames_have_a_quarter_of_a_frame_around_them() {
        let judgement = Bench::passing().judge();
        let window = first_frames(&judgement.observation, 4);
        // Boundaries 0 and 4 are both as late as 2 samples at most.
        let (first, fourth) = (40_000, FIRST + 4 * PERIOD);
        assert!(window.from.get().abs_diff(first - PERIOD / 4) < 3, "{window:?}");
        assert!(window.to.get().abs_diff(fourth + PERIOD / 4) < 4, "{window:?}");
        let silent = Bench { frames: 0, silent: true, ..Bench::passing() }.judge();
        assert_eq!(first_frames(&silent.observation, 4), Stretch { from: at(0), to: silent.observation.length });
    }

    #[test]
    fn sample_numbers_of_near_edges_stand_side_by_side() {
        let judgement = Bench::passing().judge();
        let axis = two_frames(&judgement);
        let measured = |from: u64, to: u64| Measured {
            from: at(FIRST + from),
            to: at(FIRST + to),
            text: String::new(),
            ink: Ink::Value,
        };
        let far = edge_labels(&axis, &measured(0, PERIOD));
        let halves = [&far[0], &far[1]].map(|(_, text)| text_width(text, SMALL) / 2.0);
        assert!(close(far[0].0 - halves[0], 132.0) && close(far[1].0 + halves[1], 132.0 + 477.0));
        let near = edge_labels(&axis, &measured(30_000, 30_003));
        let half = text_width(&near[0].1, SMALL) / 2.0;
        assert!(close(near[1].0 - near[0].0, 2.0 * half + 10.0), "{near:?}");
        assert_eq!(edge_labels(&axis, &measured(5, 5)).len(), 1);
    }
}
