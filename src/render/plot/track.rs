//! A judged quantity over time: values, the band in which they are allowed, and what breaks it.

use super::axis::{AXIS_HEIGHT, TimeAxis};
use super::font::fitted;
use super::legend::{self, Entry, Sign, legend};
use super::panel::{LimitLine, Panel, Shape, Values, panels};
use super::scale::{prefix_of, ticks};
use super::scene::{Anchor, Area, Mark, Scene};
use super::style::{Ink, SMALL, Stroke, THIN, TRACK_WIDTH};
use super::values::count;
use super::{Figure, PlotError, lost};
use crate::frame::{CameraFrames, Interval, Observation};
use crate::quantity::Subject;
use crate::signal::Stretch;
use crate::units::{SampleIndex, Unit, half_width_text};
use crate::verdict::{Check, Plotted, Standing};

/// The px left of the panels, for tick labels.
const LEFT: f64 = 72.0;
/// The px right of the panels, for the names of the limits.
const RIGHT: f64 = 122.0;

/// The values of a check over the time of the capture; none where there are fewer than two: one value is a number, no
/// picture.
///
/// # Errors
/// [`PlotError`] when the figure cannot be drawn.
pub fn track(check: &Check, observation: &Observation) -> Result<Option<Figure>, PlotError> {
    let Some(scene) = scene(check, observation) else { return Ok(None) };
    let caption = caption(check);
    Ok(Some(Figure::new(scene, caption)))
}

/// The figure as data.
pub(super) fn scene(check: &Check, observation: &Observation) -> Option<Scene> {
    if check.track.len() < 2 {
        return None;
    }
    let axis = time_axis(observation);
    let panels = panels(check, observation, &axis);
    let (first, last) = (panels.first()?, panels.last()?);
    let mut scene = Scene::new(TRACK_WIDTH, last.area.bottom + AXIS_HEIGHT);
    draw_head(&mut scene, check, first);
    for panel in &panels {
        draw_panel(&mut scene, check, panel);
    }
    for panel in &panels {
        lost::draw(&mut scene, panel.area, observation, &axis);
    }
    draw_axis(&mut scene, check, &axis, observation, last.area);
    Some(scene)
}

fn time_axis(observation: &Observation) -> TimeAxis<'_> {
    let whole = Stretch { from: SampleIndex::default(), to: observation.length };
    TimeAxis::new(&observation.rate, whole, LEFT, TRACK_WIDTH - RIGHT)
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
    let mut entries = vec![Entry { sign: value.0, text: value.1.to_owned() }];
    if !check.limits.is_empty() {
        entries.push(Entry { sign: Sign::Allowed, text: "allowed".to_owned() });
    }
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
    scene.text((left, top - 8.0), Anchor::Start, fitted(&panel.title, SMALL, TRACK_WIDTH - left), SMALL, Ink::Text);
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

fn ink_of(standing: Standing) -> Ink {
    match standing {
        Standing::Inside => Ink::Value,
        Standing::Outside => Ink::Outside,
        Standing::Straddling => Ink::Straddling,
        Standing::NotJudged => Ink::NotJudged,
    }
}

fn draw_beyond(scene: &mut Scene, panel: &Panel) {
    let Area { top, bottom, .. } = panel.area;
    for sign in &panel.beyond {
        let y = if sign.is_above { top + 6.0 } else { bottom - 6.0 };
        legend::beyond(scene, (sign.x, y), sign.is_above, ink_of(sign.standing));
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
