//! Charts that plotters draws into an area of a drawing: their axes with exact numbers, and our signs as elements.

use std::convert::Infallible;
use std::ops::Range;

use plotters::chart::{ChartBuilder, ChartContext, LabelAreaPosition};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::drawing::{DrawingAreaErrorKind, IntoDrawingArea as _};
use plotters::element::{Drawable, PointCollection, Rectangle};
use plotters::style::{FontFamily, IntoFont as _, TextStyle};
use plotters_backend::{BackendCoord, DrawingErrorKind};

use super::PlotError;
use super::backend::{FINENESS, place, units};
use super::drawing::{Area, Drawing, Mark, Position};
use super::font::text_width;
use super::scale::{Scale, Tick, ticks, ticks_across};
use super::style::{Ink, SMALL, Stroke, THIN};
use crate::units::{Prefix, Unit};

/// Radius of the dot at a value, in units.
pub(super) const DOT: u32 = 7;
/// Length of the marks at the numbers of an axis, in px; the numbers stand twice as far away.
const TICK: f64 = 4.0;

/// The values of one direction of a chart, and the round numbers along it. plotters' own are sums of floats, which lose
/// the last one: these are exact.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    pub(super) scale: Scale,
    ticks: Vec<Tick>,
}

impl Axis {
    /// Without numbers.
    pub(super) fn bare(scale: Scale) -> Axis {
        Axis { scale, ticks: Vec::new() }
    }

    /// With numbers about `apart` px from one another, for the side of a chart.
    pub(super) fn up(scale: Scale, unit: Unit, prefix: Prefix, apart: f64) -> Axis {
        Axis { scale, ticks: ticks(&scale, unit, prefix, (scale.start - scale.end).abs() / apart) }
    }

    /// With as many numbers as fit below a chart `gap` px from one another and between these two px; where one does not
    /// fit, its mark stays.
    pub(super) fn across(scale: Scale, unit: Unit, prefix: Prefix, gap: f64, room: Range<f64>) -> Axis {
        let labelled = |mut tick: Tick| {
            let half = text_width(&tick.label, SMALL) / 2.0;
            if tick.at - half <= room.start || tick.at + half >= room.end {
                tick.label.clear();
            }
            tick
        };
        let ticks = ticks_across(&scale, unit, prefix, gap, |_| String::new());
        Axis { scale, ticks: ticks.into_iter().map(|(tick, _)| labelled(tick)).collect() }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        let along = Scale { start: f64::from(start), end: f64::from(end), ..self.scale };
        along.px(*value).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            return Vec::new();
        }
        self.ticks.iter().map(|tick| tick.value.to_f64()).collect()
    }

    fn range(&self) -> Range<f64> {
        self.scale.from..self.scale.to
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        let tick = self.ticks.iter().find(|tick| tick.value.to_f64().total_cmp(value).is_eq());
        tick.map(|tick| tick.label.clone()).unwrap_or_default()
    }
}

/// A chart of plotters in a drawing.
pub(super) type Chart<'a> = ChartContext<'a, &'a mut Drawing, Cartesian2d<Axis, Axis>>;

/// A chart whose values lie in `area`; its numbers stand to the left of it and below.
///
/// # Errors
/// [`PlotError::Draw`] where plotters finds no room for it.
pub(super) fn chart(drawing: &mut Drawing, area: Area, (across, up): (Axis, Axis)) -> Result<Chart<'_>, PlotError> {
    let (width, height) = (drawing.width, drawing.height);
    let page = drawing.into_drawing_area();
    Ok(ChartBuilder::on(&page)
        .margin_top(units(area.top))
        .margin_right(units(width - area.right))
        .set_label_area_size(LabelAreaPosition::Left, units(area.left))
        .set_label_area_size(LabelAreaPosition::Bottom, units(height - area.bottom))
        .build_cartesian_2d(across, up)?)
}

/// What of its axes a chart shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mesh {
    /// Their numbers.
    Numbers,
    /// Their numbers, and lines across at those of the upright one.
    NumbersAndLines,
    /// The lines alone: the numbers stand at a chart beside it.
    Lines,
}

/// Draws the axes and a frame around the chart.
pub(super) fn mesh(chart: &mut Chart<'_>, shown: Mesh) -> Result<(), PlotError> {
    let font = (FontFamily::SansSerif, SMALL * FINENESS).into_font();
    let mut mesh = chart.configure_mesh();
    mesh.disable_x_mesh()
        .bold_line_style(Stroke::solid(Ink::Grid, THIN))
        .axis_style(Stroke::solid(Ink::Muted, THIN))
        .label_style(TextStyle::from(font).color(&Ink::Text))
        .set_all_tick_mark_size(units(TICK));
    match shown {
        Mesh::Numbers => mesh.disable_y_mesh(),
        Mesh::NumbersAndLines => &mut mesh,
        Mesh::Lines => mesh.disable_axes(),
    };
    mesh.draw()?;
    let (across, up) = (chart.x_range(), chart.y_range());
    let corners = [(across.start, up.start), (across.end, up.end)];
    chart.draw_series([Rectangle::new(corners, Stroke::solid(Ink::Muted, THIN))])?;
    Ok(())
}

/// The name of a quantity and the unit of the numbers at its axis.
pub(super) fn with_unit(id: &str, prefix: Prefix) -> String {
    if prefix.symbol().is_empty() { id.to_owned() } else { format!("{id}, {}", prefix.symbol()) }
}

/// Places of a chart and what is drawn there that plotters has no element for.
pub(super) struct Placed {
    at: Vec<(f64, f64)>,
    kind: Kind,
}

enum Kind {
    Line(Stroke),
    Sign(fn(&mut Drawing, Position)),
}

/// A line, which may be broken.
pub(super) fn line(at: Vec<(f64, f64)>, stroke: Stroke) -> Placed {
    Placed { at, kind: Kind::Line(stroke) }
}

/// A sign of the legend.
pub(super) fn sign(at: (f64, f64), draw: fn(&mut Drawing, Position)) -> Placed {
    Placed { at: vec![at], kind: Kind::Sign(draw) }
}

impl<'a> PointCollection<'a, (f64, f64)> for &'a Placed {
    type Point = &'a (f64, f64);
    type IntoIter = &'a [(f64, f64)];

    fn point_iter(self) -> &'a [(f64, f64)] {
        &self.at
    }
}

impl Drawable<&mut Drawing> for Placed {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        at: I,
        drawing: &mut &mut Drawing,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        let places = at.map(place);
        match self.kind {
            Kind::Line(stroke) => drawing.add(Mark::Line(places.collect(), stroke)),
            Kind::Sign(draw) => places.for_each(|at| draw(drawing, at)),
        }
        Ok(())
    }
}

impl From<DrawingAreaErrorKind<Infallible>> for PlotError {
    fn from(error: DrawingAreaErrorKind<Infallible>) -> PlotError {
        PlotError::draw(error)
    }
}
