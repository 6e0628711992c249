//! A judged quantity over time: values, the band in which they are allowed, and what breaks it.

use super::axis::{AXIS_HEIGHT, TimeAxis};
use super::decimate::{Column, columns};
use super::font::fitted;
use super::legend::{self, Entry, Sign, legend};
use super::scale::{Scale, prefix_of, ticks};
use super::scene::{Anchor, Area, Label, Mark, Place, Scene};
use super::style::{Ink, LINE, SMALL, Stroke, THIN, TRACK_WIDTH};
use super::svg::svg;
use super::timeline::draw_lost;
use super::values::{Bounds, Group, Printed, Range, count, grid, groups};
use super::{Figure, PlotError};
use crate::frame::{CameraFrames, Interval, Observation};
use crate::quantity::Subject;
use crate::signal::Stretch;
use crate::units::{SampleIndex, Unit, half_width_text};
use crate::verdict::{Check, Plotted, Standing};

/// The px left of the panels, for tick labels.
const LEFT: f64 = 72.0;
/// The px right of the panels, for the names of the limits.
const RIGHT: f64 = 122.0;
/// Height of the title and the legend above the panels.
const HEAD: f64 = 40.0;
/// Height of the line above a panel that names its entry of the sequence.
const PANEL_TITLE: f64 = 18.0;
/// Height of a panel: alone, and among others.
const ALONE: f64 = 190.0;
const AMONG_OTHERS: f64 = 96.0;
/// Up to this many values are drawn one by one, with a dot each.
const FEW: usize = 200;
/// Up to this many values are still drawn one by one, as a line: about two per px.
const SOME: usize = 1200;
/// Half the width of a mark.
const MARK: f64 = 4.0;

/// Where everything of one panel lies, in px.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Panel {
    pub(super) title: Option<String>,
    pub(super) area: Area,
    pub(super) scale: Scale,
    pub(super) range: Range,
    /// Top and bottom of what is allowed.
    pub(super) allowed: Vec<(f64, f64)>,
    pub(super) limits: Vec<LimitLine>,
    pub(super) values: Values,
    pub(super) marks: Vec<(Place, Shape)>,
    /// Where values lie beyond the panel.
    pub(super) beyond: Vec<Beyond>,
    /// What lies beyond, in words: above and below.
    pub(super) beyond_notes: (Option<String>, Option<String>),
}

/// A sign on the border of a panel: values beyond it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Beyond {
    pub(super) x: f64,
    pub(super) is_above: bool,
    /// How the first of them stands.
    pub(super) standing: Standing,
}

/// A limit or a nominal.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LimitLine {
    pub(super) at: f64,
    /// Where its name stands, beside the panel; none where there is no room for it.
    pub(super) label_at: Option<f64>,
    pub(super) text: String,
    pub(super) is_nominal: bool,
}

/// How values are drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Values {
    /// One by one, with a dot each: runs without a lost stretch inside.
    Few(Vec<Vec<Place>>),
    /// One by one, as a line.
    Some(Vec<Vec<Place>>),
    /// As bands of px columns from the least to the greatest value: their upper and lower edges.
    Many(Vec<Vec<(f64, f64, f64)>>),
}

/// What marks a value that is not like the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// Not judged.
    Ring,
    /// Straddling a limit.
    Triangle,
    /// Proven outside.
    Cross,
}

impl Shape {
    fn of(standing: Standing) -> Option<Shape> {
        match standing {
            Standing::Inside => None,
            Standing::NotJudged => Some(Shape::Ring),
            Standing::Straddling => Some(Shape::Triangle),
            Standing::Outside => Some(Shape::Cross),
        }
    }
}

/// The values of a check over the time of the capture; none where there are fewer than two: one value is a number, no
/// picture.
///
/// # Errors
/// [`PlotError`] when the figure cannot be drawn.
pub fn track(check: &Check, observation: &Observation) -> Result<Option<Figure>, PlotError> {
    if check.track.len() < 2 {
        return Ok(None);
    }
    let panels = layout(check, observation);
    let (Some(first), Some(last)) = (panels.first(), panels.last()) else { return Ok(None) };
    let mut scene = Scene::new(TRACK_WIDTH, last.area.bottom + AXIS_HEIGHT);
    draw_head(&mut scene, check, first);
    for panel in &panels {
        draw_panel(&mut scene, check, panel);
    }
    let axis = time_axis(observation);
    for panel in &panels {
        for span in observation.lost.spans() {
            if let Some((from, to)) = axis.visible(span.from, span.to.max(SampleIndex::new(span.from.get() + 1))) {
                draw_lost(&mut scene, panel.area, from, if span.from == span.to { from } else { to });
            }
        }
    }
    draw_axis(&mut scene, check, &axis, observation, last.area);
    let caption = caption(check);
    Ok(Some(Figure { svg: svg(&scene, &caption)?, caption }))
}

fn time_axis(observation: &Observation) -> TimeAxis<'_> {
    let whole = Stretch { from: SampleIndex::default(), to: observation.length };
    TimeAxis::new(&observation.rate, whole, LEFT, TRACK_WIDTH - RIGHT)
}

/// The panels of a check, from top to bottom.
pub(super) fn layout(check: &Check, observation: &Observation) -> Vec<Panel> {
    let axis = time_axis(observation);
    let groups: Vec<Group<'_>> = groups(check).into_iter().filter(|group| !group.points.is_empty()).collect();
    let least_width = grid(check, observation).unwrap_or(0.0) * 4.0;
    let height = if groups.len() > 1 { AMONG_OTHERS } else { ALONE };
    let mut top = HEAD;
    let mut panels = Vec::with_capacity(groups.len());
    for group in &groups {
        let Some(range) = group.range(least_width) else { continue };
        if group.title.is_some() {
            top += PANEL_TITLE;
        }
        let area = Area { left: axis.left, top, right: axis.right, bottom: top + height };
        panels.push(panel(check, observation, group, area, range, &axis));
        top += height;
    }
    panels
}

fn panel(
    check: &Check,
    observation: &Observation,
    group: &Group<'_>,
    area: Area,
    range: Range,
    axis: &TimeAxis<'_>,
) -> Panel {
    let scale = Scale::new((range.from, range.to), (area.bottom, area.top));
    let inside = |value: f64| scale.px(value).clamp(area.top, area.bottom);
    let allowed = (group.bounds().into_iter())
        .map(|Bounds { min, max, .. }| (max.map_or(area.top, inside), min.map_or(area.bottom, inside)))
        .collect();
    let printed = Printed::new(check, observation, prefix_of(&scale, check.quantity.unit));
    let placed: Vec<(Place, &Plotted)> =
        group.points.iter().map(|point| ((axis.px(point.at), inside(point.value)), *point)).collect();
    Panel {
        title: group.title.clone(),
        area,
        scale,
        range,
        allowed,
        limits: limit_lines(group, &scale, area, &printed),
        values: values(&placed, observation, area),
        marks: marks(&placed, &scale),
        beyond: beyond(&placed, &scale),
        beyond_notes: beyond_notes(&range, &printed),
    }
}

/// The limits of a group, their names pushed apart so that none covers another.
fn limit_lines(group: &Group<'_>, scale: &Scale, area: Area, printed: &Printed) -> Vec<LimitLine> {
    const MOST: usize = 24;
    let mut lines: Vec<LimitLine> = Vec::new();
    for limit in &group.limits {
        for (name, value, is_nominal) in
            [("max", limit.max(), false), ("nominal", limit.nominal(), true), ("min", limit.min(), false)]
        {
            let Some(value) = value else { continue };
            let line = LimitLine {
                at: scale.px(value.to_f64()),
                label_at: None,
                text: format!("{name} {}", printed.text(value)),
                is_nominal,
            };
            if lines.len() < MOST && !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines.sort_by(|a, b| a.at.total_cmp(&b.at));
    spread_labels(&mut lines, area);
    lines
}

/// Gives each name a row of its own, as near to its line as possible. Where they are too many, nominals go first.
fn spread_labels(lines: &mut [LimitLine], area: Area) {
    const ROW: f64 = 14.0;
    let rows = ((area.height() / ROW).floor() as usize).max(1);
    let mut wanted: Vec<usize> = (0..lines.len()).collect();
    if wanted.len() > rows {
        wanted.retain(|&line| !lines[line].is_nominal);
        wanted.truncate(rows);
    }
    let mut next = area.top + ROW / 2.0 - 4.0;
    for &line in &wanted {
        next = next.max(lines[line].at);
        lines[line].label_at = Some(next);
        next += ROW;
    }
    let mut most = area.bottom;
    for &line in wanted.iter().rev() {
        if let Some(at) = &mut lines[line].label_at {
            *at = at.min(most);
            most = *at - ROW;
        }
    }
}

fn values(placed: &[(Place, &Plotted)], observation: &Observation, area: Area) -> Values {
    let is_unbroken = |a: &(Place, &Plotted), b: &(Place, &Plotted)| observation.lost.spares(a.1.at, b.1.at);
    let runs = placed.chunk_by(is_unbroken);
    let one_by_one = |run: &[(Place, &Plotted)]| run.iter().map(|(at, _)| *at).collect();
    let width = area.width().round() as usize;
    match placed.len() {
        0..=FEW => Values::Few(runs.map(one_by_one).collect()),
        0..=SOME => Values::Some(runs.map(one_by_one).collect()),
        _ => {
            let columns = |run: &[(Place, &Plotted)]| columns(run.iter().map(|((x, y), _)| (x - area.left, *y)), width);
            Values::Many(runs.map(|run| band(&columns(run), area.left)).collect())
        }
    }
}

/// The upper and lower edge of a run of columns, each joined to the one before it.
fn band(columns: &[Column], left: f64) -> Vec<(f64, f64, f64)> {
    /// Half of the thinnest band.
    const THINNEST: f64 = 0.6;
    let mut before: Option<f64> = None;
    (columns.iter())
        .map(|column| {
            let joined = before.unwrap_or(column.first);
            before = Some(column.last);
            let (top, bottom) = (column.min.min(joined), column.max.max(joined));
            let middle = f64::midpoint(top, bottom);
            (left + column.at as f64 + 0.5, top.min(middle - THINNEST), bottom.max(middle + THINNEST))
        })
        .collect()
}

/// The marks of values that are not like the others: in each stretch of a few px the highest and the lowest of a kind.
fn marks(placed: &[(Place, &Plotted)], scale: &Scale) -> Vec<(Place, Shape)> {
    const STRETCH: f64 = 6.0;
    let mut marks = Vec::new();
    for shape in [Shape::Ring, Shape::Triangle, Shape::Cross] {
        let of_shape: Vec<Place> = (placed.iter())
            .filter(|(_, point)| Shape::of(point.standing) == Some(shape) && scale.holds(point.value))
            .map(|(at, _)| *at)
            .collect();
        for stretch in of_shape.chunk_by(|a, b| (a.0 / STRETCH).floor() == (b.0 / STRETCH).floor()) {
            let highest = stretch.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
            let lowest = stretch.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1));
            let (Some(highest), Some(lowest)) = (highest, lowest) else { continue };
            marks.push((highest, shape));
            if lowest.1 - highest.1 > MARK {
                marks.push((lowest, shape));
            }
        }
    }
    marks
}

fn draw_head(scene: &mut Scene, check: &Check, first: &Panel) {
    let prefix = prefix_of(&first.scale, check.quantity.unit);
    let unit = match check.quantity.unit {
        Unit::Count => String::new(),
        Unit::Second | Unit::Hertz | Unit::Percent | Unit::Ppm => format!(", {}", prefix.symbol()),
    };
    let title = format!("{}{unit}", check.quantity.id);
    scene.text((8.0, 11.0), Anchor::Start, title, SMALL, Ink::Text);
    let points: Vec<&Plotted> = check.track.iter().collect();
    let value = match first.values {
        Values::Few(_) => (Sign::Dot, "value"),
        Values::Some(_) => (Sign::Line, "value"),
        Values::Many(_) => (Sign::Block(Ink::Value), "least to greatest value"),
    };
    let mut entries = vec![
        Entry { sign: value.0, text: value.1.to_owned() },
        Entry { sign: Sign::Allowed, text: "allowed".to_owned() },
    ];
    for (standing, sign, text) in [
        (Standing::Outside, Sign::Cross, "outside"),
        (Standing::Straddling, Sign::Triangle, "not decided"),
        (Standing::NotJudged, Sign::Ring, "not judged"),
    ] {
        let count = count(&points, standing);
        if count > 0 {
            entries.push(Entry { sign, text: format!("{text} ({count})") });
        }
    }
    legend(scene, (8.0, 28.0), TRACK_WIDTH, &entries);
}

fn draw_panel(scene: &mut Scene, check: &Check, panel: &Panel) {
    let Area { left, top, right, bottom } = panel.area;
    if let Some(title) = &panel.title {
        scene.text((left, top - 8.0), Anchor::Start, fitted(title, SMALL, panel.area.width()), SMALL, Ink::Text);
    }
    for &(from, to) in &panel.allowed {
        scene.fill(Area { left, top: from, right, bottom: to }, Ink::Allowed);
    }
    let prefix = prefix_of(&panel.scale, check.quantity.unit);
    for tick in ticks(&panel.scale, check.quantity.unit, prefix, panel.area.height() / 28.0) {
        scene.line((left - 4.0, tick.at), (left, tick.at), Stroke::solid(Ink::Muted, THIN));
        scene.text((left - 8.0, tick.at), Anchor::End, tick.label, SMALL, Ink::Text);
    }
    for line in &panel.limits {
        draw_limit(scene, panel, line);
    }
    draw_values(scene, &panel.values);
    for &(at, shape) in &panel.marks {
        match shape {
            Shape::Ring => legend::ring(scene, at),
            Shape::Triangle => legend::triangle(scene, at),
            Shape::Cross => legend::cross(scene, at),
        }
    }
    draw_beyond(scene, panel);
    scene.outline(Area { left, top, right, bottom }, Stroke::solid(Ink::Muted, THIN));
}

fn draw_limit(scene: &mut Scene, panel: &Panel, line: &LimitLine) {
    let Area { left, right, .. } = panel.area;
    let stroke = if line.is_nominal { Stroke::dotted(Ink::Limit) } else { Stroke::dashed(Ink::Limit) };
    scene.line((left, line.at), (right, line.at), stroke);
    if let Some(at) = line.label_at {
        scene.line((right, line.at), (right + 6.0, at), Stroke::solid(Ink::Limit, THIN));
        let text = fitted(&line.text, SMALL, RIGHT - 10.0);
        scene.text((right + 9.0, at), Anchor::Start, text, SMALL, Ink::Limit);
    }
}

fn draw_values(scene: &mut Scene, values: &Values) {
    match values {
        Values::Few(runs) => {
            for run in runs {
                scene.add(Mark::Line(run.clone(), Stroke::solid(Ink::Value, THIN)));
            }
            for &at in runs.iter().flatten() {
                legend::dot(scene, at);
            }
        }
        Values::Some(runs) => {
            for run in runs {
                scene.add(Mark::Line(run.clone(), Stroke::solid(Ink::Value, 1.0)));
            }
        }
        Values::Many(runs) => {
            for run in runs {
                let upper = run.iter().map(|&(x, top, _)| (x, top));
                let lower = run.iter().rev().map(|&(x, _, bottom)| (x, bottom));
                // A band of a single column would have no width.
                let sides = match run.as_slice() {
                    [(x, top, bottom)] => vec![(x + 1.0, *bottom), (x + 1.0, *top)],
                    [..] => Vec::new(),
                };
                scene.add(Mark::Shape(upper.chain(lower).chain(sides).collect(), Ink::Value));
            }
        }
    }
}

/// A sign on the upper or lower border for each stretch of a few px in which values lie beyond it.
fn beyond(placed: &[(Place, &Plotted)], scale: &Scale) -> Vec<Beyond> {
    const STRETCH: f64 = 8.0;
    let mut signs: Vec<Beyond> = Vec::new();
    for is_above in [true, false] {
        let is_beyond = |value: f64| if is_above { value > scale.to } else { value < scale.from };
        let mut last = f64::NEG_INFINITY;
        for ((x, _), point) in placed.iter().filter(|(_, point)| is_beyond(point.value)) {
            if x - last >= STRETCH {
                signs.push(Beyond { x: *x, is_above, standing: point.standing });
                last = *x;
            }
        }
    }
    signs
}

fn ink_of(standing: Standing) -> Ink {
    match standing {
        Standing::Inside => Ink::Value,
        Standing::Outside => Ink::Outside,
        Standing::Straddling => Ink::Straddling,
        Standing::NotJudged => Ink::NotJudged,
    }
}

fn beyond_notes(range: &Range, printed: &Printed) -> (Option<String>, Option<String>) {
    let note = |count: usize, sign: &str, way: &str, farthest: f64| {
        (count > 0).then(|| format!("{sign} {count} beyond this scale, {way} {}", printed.float(farthest)))
    };
    (
        note(range.above.count, "▲", "up to", range.above.farthest),
        note(range.below.count, "▼", "down to", range.below.farthest),
    )
}

fn draw_beyond(scene: &mut Scene, panel: &Panel) {
    let Area { left, top, bottom, .. } = panel.area;
    for sign in &panel.beyond {
        let y = if sign.is_above { top + 6.0 } else { bottom - 6.0 };
        legend::beyond(scene, (sign.x, y), sign.is_above, ink_of(sign.standing));
    }
    for (note, y) in [(&panel.beyond_notes.0, top + 20.0), (&panel.beyond_notes.1, bottom - 20.0)] {
        if let Some(text) = note.clone() {
            let at = (left + 8.0, y);
            scene.text_on_lines(Label { at, anchor: Anchor::Start, text, size: SMALL, ink: Ink::Text });
        }
    }
}

/// The time, and below it the frames, or the samples where values belong to no camera.
fn draw_axis(scene: &mut Scene, check: &Check, axis: &TimeAxis<'_>, observation: &Observation, area: Area) {
    let camera = match check.subject {
        Subject::Camera(camera) => observation.cameras.get(camera),
        Subject::Line(_) => None,
    };
    match camera {
        Some(frames) => axis.draw(scene, area, "frame", |sample| {
            frame_at(frames, sample).map(|frame| frame.to_string()).unwrap_or_default()
        }),
        None => axis.draw(scene, area, "sample", |sample| sample.to_string()),
    }
}

/// The frame that a sample belongs to, if it lies in one that is proven whole.
fn frame_at(frames: &CameraFrames, sample: SampleIndex) -> Option<i64> {
    let edges = &frames.clock.edges;
    let next = edges.partition_point(|edge| edge.edge.at() <= sample);
    let (start, end) = (edges.get(next.checked_sub(1)?)?, edges.get(next)?);
    match end.before {
        Interval::Regular | Interval::WithExtra => Some(start.starts),
        Interval::First | Interval::WithMissing(_) | Interval::Lost => None,
    }
}

fn caption(check: &Check) -> String {
    let uncertainty = match &check.uncertainty {
        Some(half_width) if !half_width.is_zero() => {
            format!("; each value is known to ± {}", half_width_text(half_width, check.quantity.unit))
        }
        Some(_) | None => String::new(),
    };
    let verdicts = match (check.failed, check.marginal) {
        (0, 0) => "all within the limits".to_owned(),
        (failed, 0) => format!("{failed} outside"),
        (0, marginal) => format!("{marginal} not decided"),
        (failed, marginal) => format!("{failed} outside, {marginal} not decided"),
    };
    format!(
        "{} over time: {} values against {}, {verdicts}{uncertainty}.",
        check.quantity.id, check.measured, check.rule
    )
}
