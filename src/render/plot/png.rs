//! From a drawing to a PNG file: the same marks and the same embedded font as [`super::svg`], so that no font or library of
//! the machine has a say in it. The same drawing gives the same bytes.

use ab_glyph::{Font as _, FontRef, OutlineCurve, Point};
use png::{ColorType, Encoder, PixelDimensions, Unit};
use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, StrokeDash, Transform};

use super::PlotError;
use super::drawing::{Drawing, Label, Mark, Position};
use super::font::{advance, font, units_per_em};
use super::style::{Ink, Stroke};

/// Dots of the picture per px of the drawing.
const DOTS: f32 = 2.0;
/// How far below the middle of a label its baseline lies, in ems: as the SVG has it, half the height of small letters
/// and a little more for capitals.
const BASELINE: f64 = 0.36;

/// The drawing on a white page as a PNG file, two dots per px.
///
/// # Errors
/// [`PlotError`] when the font cannot be read or the picture cannot be packed.
pub(super) fn png(drawing: &Drawing) -> Result<Vec<u8>, PlotError> {
    let font = font().ok_or(PlotError::Font)?;
    let dots = |px: f64| (px * f64::from(DOTS)).ceil().max(1.0) as u32;
    let pixmap = Pixmap::new(dots(drawing.width), dots(drawing.height));
    let mut page = Page(pixmap.ok_or_else(|| PlotError::draw("it is too large"))?);
    page.0.fill(Color::WHITE);
    for mark in &drawing.marks {
        match mark {
            Mark::Line(line, stroke) => page.stroke(path(line), *stroke),
            Mark::Shape(shape, ink) => page.fill(path(shape), *ink),
            Mark::Box(area, ink) => page.fill(path(&area.corners()), *ink),
            Mark::Dot(centre, radius, ink) => page.fill(circle(*centre, *radius), *ink),
            Mark::Ring(centre, radius, stroke) => page.stroke(circle(*centre, *radius), *stroke),
            Mark::Text(label) => page.fill(outline(label, font), label.ink),
        }
    }
    file(&page.0).map_err(PlotError::draw)
}

fn path(places: &[Position]) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (first, others) = places.split_first()?;
    path.move_to(first.0 as f32, first.1 as f32);
    others.iter().for_each(|&(x, y)| path.line_to(x as f32, y as f32));
    path.finish()
}

fn circle((x, y): Position, radius: f64) -> Option<Path> {
    PathBuilder::from_circle(x as f32, y as f32, radius as f32)
}

/// The outlines of a text.
fn outline(label: &Label, font: &FontRef<'_>) -> Option<Path> {
    let per_unit = label.size / units_per_em(font);
    let baseline = label.at.1 + label.size * BASELINE;
    let mut at = label.reach().0;
    let mut path = PathBuilder::new();
    for c in label.text.chars().filter(|&c| advance(c) > 0.0) {
        let place = |p: Point| ((at + f64::from(p.x) * per_unit) as f32, (baseline - f64::from(p.y) * per_unit) as f32);
        let mut end = None;
        for curve in font.outline(font.glyph_id(c)).into_iter().flat_map(|outline| outline.curves) {
            let (OutlineCurve::Line(from, to) | OutlineCurve::Quad(from, _, to) | OutlineCurve::Cubic(from, _, _, to)) =
                curve;
            if end != Some(from) {
                let (x, y) = place(from);
                path.move_to(x, y);
            }
            end = Some(to);
            let (x, y) = place(to);
            match curve {
                OutlineCurve::Line(..) => path.line_to(x, y),
                OutlineCurve::Quad(_, p, _) => path.quad_to(place(p).0, place(p).1, x, y),
                OutlineCurve::Cubic(_, p, q, _) => {
                    path.cubic_to(place(p).0, place(p).1, place(q).0, place(q).1, x, y);
                }
            }
        }
        at += advance(c) * label.size;
    }
    path.finish()
}

struct Page(Pixmap);

impl Page {
    fn fill(&mut self, path: Option<Path>, ink: Ink) {
        if let Some(path) = path {
            self.0.fill_path(&path, &paint(ink), FillRule::Winding, scale(), None);
        }
    }

    fn stroke(&mut self, path: Option<Path>, Stroke { ink, width, dash }: Stroke) {
        let dash = dash.pattern().and_then(|[on, off]| StrokeDash::new(vec![on as f32, off as f32], 0.0));
        let stroke = tiny_skia::Stroke { width: width as f32, dash, ..tiny_skia::Stroke::default() };
        if let Some(path) = path {
            self.0.stroke_path(&path, &paint(ink), &stroke, scale(), None);
        }
    }
}

fn scale() -> Transform {
    Transform::from_scale(DOTS, DOTS)
}

fn paint(ink: Ink) -> Paint<'static> {
    let [red, green, blue] = ink.light();
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, 0xff);
    paint
}

fn file(page: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    /// 96 px per inch, each of two dots.
    const DOTS_PER_METRE: u32 = 7559;
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, page.width(), page.height());
    encoder.set_color(ColorType::Rgb);
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: DOTS_PER_METRE, yppu: DOTS_PER_METRE, unit: Unit::Meter }));
    // The page is white and opaque: nothing of it is mixed with anything behind it.
    let rgb: Vec<u8> = page.pixels().iter().flat_map(|dot| [dot.red(), dot.green(), dot.blue()]).collect();
    encoder.write_header()?.write_image_data(&rgb)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::super::drawing::{Anchor, Area};
    use super::*;

    /// The dots of a file that this module wrote.
    fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut rgb).unwrap();
        assert_eq!((info.color_type, info.bit_depth), (ColorType::Rgb, png::BitDepth::Eight));
        (info.width, info.height, rgb)
    }

    #[test]
    fn marks_are_where_they_belong_and_in_their_ink() {
        let mut drawing = Drawing::new(20.0, 10.0);
        drawing.fill(Area { left: 1.0, top: 2.0, right: 5.0, bottom: 4.0 }, Ink::Value);
        drawing.line((10.0, 1.0), (10.0, 9.0), Stroke::solid(Ink::Outside, 1.0));
        let (width, height, rgb) = decoded(&png(&drawing).unwrap());
        assert_eq!((width, height), (40, 20));
        let at = |x: usize, y: usize| rgb[(y * 40 + x) * 3..][..3].to_vec();
        // Dots 2 to 9 across, 4 to 7 down.
        for (x, y, ink) in [(2, 4, Ink::Value), (9, 7, Ink::Value), (1, 4, Ink::Page), (10, 7, Ink::Page)] {
            assert_eq!(at(x, y), ink.light(), "{x}, {y}");
        }
        // A line of 2 dots around 20.
        for (x, ink) in [(18, Ink::Page), (19, Ink::Outside), (20, Ink::Outside), (21, Ink::Page)] {
            assert_eq!(at(x, 10), ink.light(), "{x}");
        }
    }

    #[test]
    fn texts_cover_about_what_their_width_says() {
        let mut drawing = Drawing::new(200.0, 40.0);
        drawing.text((100.0, 20.0), Anchor::Middle, "exposure.time ±1 µs", 13.0, Ink::Text);
        let Mark::Text(label) = &drawing.marks[0] else { panic!("a text") };
        let (left, right) = label.reach();
        let (width, _, rgb) = decoded(&png(&drawing).unwrap());
        let dark: Vec<usize> =
            (0..rgb.len() / 3).filter(|dot| rgb[dot * 3] < 0x80).map(|dot| dot % width as usize).collect();
        let (first, last) = (*dark.iter().min().unwrap() as f64, *dark.iter().max().unwrap() as f64);
        approx::assert_abs_diff_eq!(first / f64::from(DOTS), left, epsilon = 2.0);
        approx::assert_abs_diff_eq!(last / f64::from(DOTS), right, epsilon = 2.0);
    }

    #[test]
    fn dashes_cover_their_share() {
        let mut drawing = Drawing::new(20.0, 4.0);
        drawing.line((0.0, 2.0), (20.0, 2.0), Stroke { width: 2.0, ..Stroke::dashed(Ink::Limit) });
        let (width, _, rgb) = decoded(&png(&drawing).unwrap());
        let is_drawn = |px: usize| rgb[(4 * width as usize + 2 * px) * 3..][..3] == Ink::Limit.light();
        // 6 px on and 3 off: 0 to 6, 9 to 15, 18 to 20.
        let drawn: Vec<usize> = (0..20).filter(|&px| is_drawn(px)).collect();
        assert_eq!(drawn, [0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 18, 19]);
    }
}
