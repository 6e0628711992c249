//! A judged quantity over time: values, the band in which they are allowed, and what breaks it.

use plotters::element::{Polygon, Rectangle};
use plotters::series::LineSeries;
use plotters::style::{Color as _, ShapeStyle};

use super::axis::{AXIS_HEIGHT, TimeAxis};
use super::chart::{Axis, Chart, DOT, Mesh, chart, line, mesh, sign, with_unit};
use super::drawing::{Anchor, Area, Drawing};
use super::font::fitted;
use super::legend::{self, Sign, legend};
use super::panel::{Panel, Values, panels};
use super::scale::prefix_of;
use super::style::{Ink, SMALL, Stroke, THIN, TRACK_WIDTH};
use super::values::count;
use super::{Figure, PlotError, lost};
use crate::frame::{CameraFrames, Interval, Observation};
use crate::quantity::Subject;
use crate::signal::Stretch;
use crate::units::{SampleIndex, half_width_text};
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
    Ok(drawing(check, observation)?.map(|drawing| Figure::new(drawing, caption(check))))
}

/// The figure as data.
pub(super) fn drawing(check: &Check, observation: &Observation) -> Result<Option<Drawing>, PlotError> {
    let axis = time_axis(observation);
    let panels = if check.track.len() < 2 { Vec::new() } else { panels(check, observation, &axis) };
    let (Some(first), Some(last)) = (panels.first(), panels.last()) else { return Ok(None) };
    let mut drawing = Drawing::new(TRACK_WIDTH, last.area.bottom + AXIS_HEIGHT);
    draw_head(&mut drawing, check, first);
    for panel in &panels {
        draw_panel(&mut drawing, check, panel, &axis)?;
    }
    for panel in &panels {
        lost::draw(&mut drawing, panel.area, observation, &axis);
    }
    draw_axis(&mut drawing, check, &axis, observation, last.area);
    Ok(Some(drawing))
}

fn time_axis(observation: &Observation) -> TimeAxis<'_> {
    let whole = Stretch { from: SampleIndex::default(), to: observation.length };
    TimeAxis::new(&observation.rate, whole, LEFT, TRACK_WIDTH - RIGHT)
}

fn draw_head(drawing: &mut Drawing, check: &Check, first: &Panel) {
    let prefix = prefix_of(&first.scale, check.quantity.unit);
    drawing.text((8.0, 11.0), Anchor::Start, with_unit(check.quantity.id, prefix), SMALL, Ink::Text);
    let points: Vec<Plotted> = check.track.iter().collect();
    let value = match first.values {
        Values::Few(_) => (Sign::Dot, "value"),
        Values::Some(_) => (Sign::Line, "value"),
        Values::Many(_) => (Sign::Block(Ink::Value), "least to greatest value"),
    };
    let mut entries = vec![(value.0, value.1.to_owned())];
    if !check.limits.is_empty() {
        entries.push((Sign::Allowed, "allowed".to_owned()));
    }
    for (standing, sign, text) in [
        (Standing::Outside, Sign::Cross, "outside"),
        (Standing::Straddling, Sign::Triangle, "not decided"),
        (Standing::NotJudged, Sign::Ring, "not judged"),
    ] {
        let count = count(&points, standing);
        if count > 0 {
            entries.push((sign, format!("{text} ({count})")));
        }
    }
    legend(drawing, (8.0, 28.0), TRACK_WIDTH, entries);
}

fn draw_panel(drawing: &mut Drawing, check: &Check, panel: &Panel, axis: &TimeAxis<'_>) -> Result<(), PlotError> {
    let (Area { left, top, right, .. }, across) = (panel.area, axis.samples());
    drawing.text((left, top - 8.0), Anchor::Start, fitted(&panel.title, SMALL, TRACK_WIDTH - left), SMALL, Ink::Text);
    let prefix = prefix_of(&panel.scale, check.quantity.unit);
    let up = Axis::up(panel.scale, check.quantity.unit, prefix, 28.0);
    let mut chart = chart(drawing, panel.area, (Axis::bare(across), up))?;
    let allowed = panel.allowed.iter().map(|&(min, max)| [(across.from, min), (across.to, max)]);
    chart.draw_series(allowed.map(|corners| Rectangle::new(corners, Ink::Allowed.filled())))?;
    mesh(&mut chart, Mesh::Numbers)?;
    chart.draw_series(panel.limits.iter().map(|limit| {
        let stroke = if limit.is_nominal { Stroke::dotted(Ink::Limit) } else { Stroke::dashed(Ink::Limit) };
        line(vec![(across.from, limit.value), (across.to, limit.value)], stroke)
    }))?;
    draw_values(&mut chart, &panel.values)?;
    chart.draw_series(panel.marks.iter().filter_map(|&(at, standing)| match standing {
        Standing::Inside => None,
        Standing::NotJudged => Some(sign(at, legend::ring)),
        Standing::Straddling => Some(sign(at, legend::triangle)),
        Standing::Outside => Some(sign(at, legend::cross)),
    }))?;
    drop(chart);
    draw_beyond(drawing, panel);
    for limit in &panel.limits {
        let Some(at) = limit.label_at else { continue };
        drawing.line((right, panel.scale.px(limit.value)), (right + 6.0, at), Stroke::solid(Ink::Limit, THIN));
        let text = fitted(&limit.text, SMALL, RIGHT - 10.0);
        drawing.text((right + 9.0, at), Anchor::Start, text, SMALL, Ink::Limit);
    }
    Ok(())
}

fn draw_values(chart: &mut Chart<'_>, values: &Values) -> Result<(), PlotError> {
    match values {
        Values::Few(runs) => {
            let style = ShapeStyle::from(Stroke::solid(Ink::Value, THIN)).filled();
            for run in runs {
                chart.draw_series(LineSeries::new(run.iter().copied(), style).point_size(DOT))?;
            }
        }
        Values::Some(runs) => {
            for run in runs {
                chart.draw_series(LineSeries::new(run.iter().copied(), Stroke::solid(Ink::Value, 1.0)))?;
            }
        }
        Values::Many(runs) => {
            chart.draw_series(runs.iter().map(|run| {
                let upper = run.iter().map(|&(x, _, greatest)| (x, greatest));
                let lower = run.iter().rev().map(|&(x, least, _)| (x, least));
                Polygon::new(upper.chain(lower).collect::<Vec<_>>(), Ink::Value)
            }))?;
        }
    }
    Ok(())
}

fn ink_of(standing: Standing) -> Ink {
    match standing {
        Standing::Inside => Ink::Value,
        Standing::Outside => Ink::Outside,
        Standing::Straddling => Ink::Straddling,
        Standing::NotJudged => Ink::NotJudged,
    }
}

fn draw_beyond(drawing: &mut Drawing, panel: &Panel) {
    let Area { top, bottom, .. } = panel.area;
    for sign in &panel.beyond {
        let y = if sign.is_above { top + 6.0 } else { bottom - 6.0 };
        legend::beyond(drawing, (sign.x, y), sign.is_above, ink_of(sign.standing));
    }
}

/// The time, and below it the frames, or the samples where values belong to no camera.
fn draw_axis(drawing: &mut Drawing, check: &Check, axis: &TimeAxis<'_>, observation: &Observation, area: Area) {
    let camera = match check.subject {
        Subject::Camera(camera) => observation.cameras.get(camera),
        Subject::Line(_) => None,
    };
    match camera {
        Some(frames) => axis.draw(drawing, area, "frame", |sample| {
            frame_at(frames, sample).map(|frame| frame.to_string()).unwrap_or_default()
        }),
        None => axis.draw(drawing, area, "sample", |sample| sample.to_string()),
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
