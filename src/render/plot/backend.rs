//! A drawing as what plotters draws on: whatever a chart draws becomes marks of the drawing.

use std::convert::Infallible;

use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color, ShapeStyle};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::drawing::{Anchor, Area, Drawing, Mark, Position};
use super::font::text_width;
use super::style::{Ink, Stroke};

/// plotters counts in whole units; this many of them are one px.
pub(super) const FINENESS: f64 = 4.0;

/// A length in units.
pub(super) fn units(px: f64) -> i32 {
    // Saturates; no figure is that large.
    (px * FINENESS).round() as i32
}

/// A place in px.
pub(super) fn place((x, y): BackendCoord) -> Position {
    (f64::from(x) / FINENESS, f64::from(y) / FINENESS)
}

impl Color for Ink {
    fn to_backend_color(&self) -> BackendColor {
        let [red, green, blue] = self.light();
        BackendColor { alpha: 1.0, rgb: (red, green, blue) }
    }
}

impl From<Stroke> for ShapeStyle {
    /// Without its dash, which plotters does not know.
    fn from(stroke: Stroke) -> ShapeStyle {
        stroke.ink.stroke_width(units(stroke.width).unsigned_abs())
    }
}

fn stroke<S: BackendStyle>(style: &S) -> Stroke {
    Stroke::solid(ink(style.color()), f64::from(style.stroke_width()) / FINENESS)
}

fn ink(color: BackendColor) -> Ink {
    let (red, green, blue) = color.rgb;
    Ink::of([red, green, blue])
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for &mut Drawing {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (units(self.width).unsigned_abs(), units(self.height).unsigned_abs())
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect((x, y), (x + 1, y + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        let ((left, top), (right, bottom)) = (place(from), place(to));
        let area = Area { left, top, right, bottom };
        if fill {
            self.fill(area, ink(style.color()))
        } else {
            self.outline(area, stroke(style))
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.add(Mark::Line(path.into_iter().map(place).collect(), stroke(style)));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        let (centre, radius) = (place(centre), f64::from(radius) / FINENESS);
        self.add(if fill {
            Mark::Dot(centre, radius, ink(style.color()))
        } else {
            Mark::Ring(centre, radius, stroke(style))
        });
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        self.add(Mark::Shape(corners.into_iter().map(place).collect(), ink(style.color())));
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        let (size, (x, y)) = (style.size() / FINENESS, place(at));
        let anchor = match style.anchor().h_pos {
            HPos::Left => Anchor::Start,
            HPos::Center => Anchor::Middle,
            HPos::Right => Anchor::End,
        };
        let lower_by = match style.anchor().v_pos {
            VPos::Top => 0.5,
            VPos::Center => 0.0,
            VPos::Bottom => -0.5,
        };
        self.text((x, y + size * lower_by), anchor, text, size, ink(style.color()));
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        Ok((text_width(text, style.size()).ceil() as u32, style.size().ceil() as u32))
    }
}
