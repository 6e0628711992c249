//! Figures, as SVG text and as PNG: lines over time, tracks, histograms. The only place that names plotters.
//!
//! A figure is drawn as a `drawing`, marks in px, which is what the tests look at; `svg` and `png` write it. Charts are
//! drawn into it by plotters (`backend`, `chart`), timing diagrams by ourselves. What is drawn is bounded by px, not by the length of
//! the capture: dense stretches become bands from the least to the greatest value.

mod analog;
mod axis;
mod backend;
mod beside;
mod chart;
#[cfg(test)]
mod clarity;
mod compared;
mod decimate;
mod drawing;
mod evidence;
mod font;
mod histogram;
mod lane;
mod lanes;
mod legend;
mod lost;
mod panel;
mod persistence;
mod png;
mod rows;
mod runs;
mod scale;
mod sparkline;
mod style;
mod svg;
mod ticks;
mod tie;
mod timeline;
mod track;
mod values;
mod wave;
mod window;

pub use beside::{days, stations};
pub use compared::{Both, Series, both};
pub use evidence::{evidence, twin_evidence};
pub use histogram::histogram;
pub use persistence::persistence;
pub use rows::light_over_rows;
pub use runs::runs;
pub(super) use scale::rational;
pub use sparkline::sparkline;
pub use style::dark_css;
pub use tie::{Reference, tie};
pub use timeline::{Marked, timeline};
pub use track::track;
pub use window::{first_frames, frames_around};

use drawing::Drawing;
use svg::svg;

/// Why a figure could not be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlotError {
    /// The embedded font cannot be read.
    #[error("the embedded font cannot be read")]
    Font,
    /// plotters could not draw.
    #[error("a figure could not be drawn: {0}")]
    Draw(String),
}

impl PlotError {
    fn draw(error: impl std::fmt::Display) -> PlotError {
        PlotError::Draw(error.to_string())
    }
}

/// A figure, ready for a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The SVG element.
    pub svg: String,
    /// What it shows, in a sentence or two, as plain text.
    pub caption: String,
    drawing: Drawing,
}

impl Figure {
    fn new(drawing: Drawing, caption: String) -> Figure {
        Figure { svg: svg(&drawing, &caption), caption, drawing }
    }

    /// An SVG file that needs no font of its reader's machine.
    #[must_use]
    pub fn svg_file(&self) -> String {
        svg::with_font(&self.svg)
    }

    /// A PNG file on a white page, two dots per px.
    ///
    /// # Errors
    /// [`PlotError`] when the picture cannot be drawn.
    pub fn png(&self) -> Result<Vec<u8>, PlotError> {
        png::png(&self.drawing)
    }
}
