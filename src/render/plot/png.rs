//! From a scene to a PNG file: the same marks and the same embedded font as [`super::svg`], drawn here, so that no font or
//! library of the machine has a say in it. The same scene gives the same bytes.

use std::io::Write as _;

use ab_glyph::{Font, FontRef, OutlineCurve};
use ab_glyph_rasterizer::{Point, Rasterizer, point};
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::PlotError;
use super::font::DEJAVU_SANS;
use super::scene::{Label, Mark, Place, Scene};
use super::style::{Ink, Stroke};

/// Dots of the picture per px of the scene.
const DOTS: f64 = 2.0;
/// A circle as a polygon with this many corners.
const CORNERS: u32 = 24;
/// How far below the middle of a label its baseline lies, in ems: as the SVG has it, half the height of small letters
/// and a little more for capitals.
const BASELINE: f64 = 0.36;

/// The scene on a white page as a PNG file, two dots per px.
///
/// # Errors
/// [`PlotError`] when the font cannot be read or the picture cannot be packed.
pub(super) fn png(scene: &Scene) -> Result<Vec<u8>, PlotError> {
    let font = FontRef::try_from_slice(DEJAVU_SANS).map_err(|_| PlotError::Font)?;
    let mut page = Page::new(scene.width, scene.height);
    for mark in &scene.marks {
        match mark {
            Mark::Line(line, stroke) => page.stroke(line, *stroke),
            Mark::Shape(shape, ink) => page.fill(&[dots(shape)], *ink),
            Mark::Box(area, ink) => {
                let corners = [
                    (area.left, area.top),
                    (area.right, area.top),
                    (area.right, area.bottom),
                    (area.left, area.bottom),
                ];
                page.fill(&[dots(&corners)], *ink);
            }
            Mark::Dot(centre, radius, ink) => page.fill(&[dots(&circle(*centre, *radius))], *ink),
            Mark::Ring(centre, radius, stroke) => page.stroke(&circle(*centre, *radius), *stroke),
            Mark::Text(label) => page.text(label, &font),
        }
    }
    file(&page).map_err(PlotError::draw)
}

fn dot((x, y): Place) -> Point {
    point((x * DOTS) as f32, (y * DOTS) as f32)
}

fn dots(places: &[Place]) -> Vec<Point> {
    places.iter().copied().map(dot).collect()
}

/// A circle as a closed line.
fn circle((x, y): Place, radius: f64) -> Vec<Place> {
    let corner = |corner: u32| {
        let angle = std::f64::consts::TAU * f64::from(corner) / f64::from(CORNERS);
        (x + radius * angle.cos(), y + radius * angle.sin())
    };
    (0..=CORNERS).map(corner).collect()
}

/// Red, green and blue of every dot, row by row.
struct Page {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Page {
    fn new(width: f64, height: f64) -> Page {
        let (width, height) = ((width * DOTS).ceil().max(1.0) as usize, (height * DOTS).ceil().max(1.0) as usize);
        Page { width, height, rgb: vec![0xff; width * height * 3] }
    }

    /// Fills what lies in any of these polygons.
    fn fill(&mut self, polygons: &[Vec<Point>], ink: Ink) {
        let Some(mut cover) = Cover::around(self, polygons.iter().flatten()) else { return };
        for polygon in polygons {
            cover.add(polygon);
        }
        cover.paint(self, ink);
    }

    /// Draws a line with square corners and flat ends.
    fn stroke(&mut self, line: &[Place], stroke: Stroke) {
        let half = (stroke.width * DOTS / 2.0) as f32;
        let mut polygons = Vec::new();
        for run in dashed(line, stroke) {
            let run = dots(&run);
            for (place, pair) in run.windows(2).enumerate() {
                if let [from, to] = pair {
                    let (is_first, is_last) = (place == 0, place + 2 == run.len());
                    polygons.extend(segment(*from, *to, half, (!is_first, !is_last)));
                }
            }
        }
        self.fill(&polygons, stroke.ink);
    }

    fn text(&mut self, label: &Label, font: &FontRef<'_>) {
        let units = f64::from(font.units_per_em().unwrap_or(2048.0));
        let per_unit = label.size / units;
        let baseline = label.at.1 + label.size * BASELINE;
        let mut at = label.reach().0;
        let mut curves: Vec<OutlineCurve> = Vec::new();
        for c in label.text.chars().filter(|c| !matches!(c, '\u{2066}'..='\u{2069}')) {
            let glyph = font.glyph_id(c);
            let place = |p: Point| dot((at + f64::from(p.x) * per_unit, baseline - f64::from(p.y) * per_unit));
            if let Some(outline) = font.outline(glyph) {
                curves.extend(outline.curves.iter().map(|curve| match curve {
                    OutlineCurve::Line(a, b) => OutlineCurve::Line(place(*a), place(*b)),
                    OutlineCurve::Quad(a, b, c) => OutlineCurve::Quad(place(*a), place(*b), place(*c)),
                    OutlineCurve::Cubic(a, b, c, d) => OutlineCurve::Cubic(place(*a), place(*b), place(*c), place(*d)),
                }));
            }
            at += if glyph.0 == 0 { label.size } else { f64::from(font.h_advance_unscaled(glyph)) * per_unit };
        }
        let ends: Vec<Point> = curves.iter().flat_map(points).collect();
        let Some(mut cover) = Cover::around(self, ends.iter()) else { return };
        for curve in &curves {
            cover.curve(curve);
        }
        cover.paint(self, label.ink);
    }
}

/// The points that a curve lies between.
fn points(curve: &OutlineCurve) -> Vec<Point> {
    match curve {
        OutlineCurve::Line(a, b) => vec![*a, *b],
        OutlineCurve::Quad(a, b, c) => vec![*a, *b, *c],
        OutlineCurve::Cubic(a, b, c, d) => vec![*a, *b, *c, *d],
    }
}

/// How much of each dot of a part of the page is covered.
struct Cover {
    left: usize,
    top: usize,
    raster: Rasterizer,
}

impl Cover {
    /// The part of the page that holds these points; none where that is empty.
    fn around<'a>(page: &Page, points: impl Iterator<Item = &'a Point>) -> Option<Cover> {
        let (mut least, mut most) = ((f32::INFINITY, f32::INFINITY), (f32::NEG_INFINITY, f32::NEG_INFINITY));
        for p in points {
            least = (least.0.min(p.x), least.1.min(p.y));
            most = (most.0.max(p.x), most.1.max(p.y));
        }
        let inside = |at: f32, end: usize| (at.max(0.0) as usize).min(end);
        let (left, top) = (inside(least.0.floor(), page.width), inside(least.1.floor(), page.height));
        let (right, bottom) = (inside(most.0.ceil() + 1.0, page.width), inside(most.1.ceil() + 1.0, page.height));
        (left < right && top < bottom).then(|| Cover { left, top, raster: Rasterizer::new(right - left, bottom - top) })
    }

    fn place(&self, p: Point) -> Point {
        // What is left of the part would cover the whole row.
        point((p.x - self.left as f32).max(0.0), p.y - self.top as f32)
    }

    /// Adds a polygon, whichever way round it is given.
    fn add(&mut self, polygon: &[Point]) {
        let next = || polygon.iter().skip(1).chain(polygon.first());
        let area: f32 = polygon.iter().zip(next()).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
        for (a, b) in polygon.iter().zip(next()) {
            let (a, b) = (self.place(*a), self.place(*b));
            if area >= 0.0 { self.raster.draw_line(a, b) } else { self.raster.draw_line(b, a) }
        }
    }

    fn curve(&mut self, curve: &OutlineCurve) {
        match curve {
            OutlineCurve::Line(a, b) => self.raster.draw_line(self.place(*a), self.place(*b)),
            OutlineCurve::Quad(a, b, c) => self.raster.draw_quad(self.place(*a), self.place(*b), self.place(*c)),
            OutlineCurve::Cubic(a, b, c, d) => {
                self.raster.draw_cubic(self.place(*a), self.place(*b), self.place(*c), self.place(*d));
            }
        }
    }

    fn paint(&self, page: &mut Page, ink: Ink) {
        let color = ink.light();
        self.raster.for_each_pixel_2d(|x, y, covered| {
            if covered <= 0.0 {
                return;
            }
            let start = ((self.top + y as usize) * page.width + self.left + x as usize) * 3;
            let Some(dot) = page.rgb.get_mut(start..start + 3) else { return };
            if covered >= 1.0 {
                dot.copy_from_slice(&color);
                return;
            }
            for (channel, color) in dot.iter_mut().zip(color) {
                let mixed = f32::from(*channel) + (f32::from(color) - f32::from(*channel)) * covered;
                *channel = mixed.round() as u8;
            }
        });
    }
}

/// A piece of a line as a polygon, longer by half its width where it goes on.
fn segment(from: Point, to: Point, half: f32, goes_on: (bool, bool)) -> Option<Vec<Point>> {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy);
    if length <= 0.0 {
        return None;
    }
    let (ux, uy) = (dx / length * half, dy / length * half);
    let (before, after) = (if goes_on.0 { 1.0 } else { 0.0 }, if goes_on.1 { 1.0 } else { 0.0 });
    let (ax, ay) = (from.x - ux * before, from.y - uy * before);
    let (bx, by) = (to.x + ux * after, to.y + uy * after);
    Some(vec![point(ax - uy, ay + ux), point(bx - uy, by + ux), point(bx + uy, by - ux), point(ax + uy, ay - ux)])
}

/// The strokes of a line that is broken as its dash says.
fn dashed(line: &[Place], stroke: Stroke) -> Vec<Vec<Place>> {
    let Some([on, off]) = stroke.dash.pattern() else { return vec![line.to_vec()] };
    let mut strokes = Vec::new();
    let (mut current, mut left, mut is_on) = (line.first().copied().into_iter().collect::<Vec<_>>(), on, true);
    for (from, to) in line.iter().zip(line.iter().skip(1)) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let at = |along: f64| (from.0 + (to.0 - from.0) * along / length, from.1 + (to.1 - from.1) * along / length);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            current.push(at(done));
            let ended = std::mem::replace(&mut current, vec![at(done)]);
            if is_on {
                strokes.push(ended);
            }
            is_on = !is_on;
            left = if is_on { on } else { off };
        }
        left -= length - done;
        current.push(*to);
    }
    if is_on && current.len() > 1 {
        strokes.push(current);
    }
    strokes
}

/// The file: signature, header, dots per metre, rows without a filter, end (PNG, third edition, section 5).
fn file(page: &Page) -> std::io::Result<Vec<u8>> {
    const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
    /// Eight bits of red, green and blue; deflate; no filter but the one of each row; not interlaced.
    const TRUE_COLOUR: [u8; 5] = [8, 2, 0, 0, 0];
    /// 96 px per inch, each of two dots.
    const DOTS_PER_METRE: u32 = 7559;
    let mut out = SIGNATURE.to_vec();
    let size = [page.width as u32, page.height as u32].map(u32::to_be_bytes).concat();
    chunk(&mut out, *b"IHDR", &[size, TRUE_COLOUR.to_vec()].concat());
    let density = [DOTS_PER_METRE.to_be_bytes(), DOTS_PER_METRE.to_be_bytes()].concat();
    chunk(&mut out, *b"pHYs", &[density, vec![1]].concat());
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    for row in page.rgb.chunks(page.width * 3) {
        packed.write_all(&[0])?;
        packed.write_all(row)?;
    }
    chunk(&mut out, *b"IDAT", &packed.finish()?);
    chunk(&mut out, *b"IEND", &[]);
    Ok(out)
}

fn chunk(out: &mut Vec<u8>, name: [u8; 4], content: &[u8]) {
    out.extend((content.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend(name);
    out.extend(content);
    let crc = crc32fast::hash(&out[start..]);
    out.extend(crc.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::super::scene::{Anchor, Area};
    use super::*;

    /// The dots of a file that this module wrote, read as the standard says.
    fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        let (width, height) = (number(16), number(20));
        let (mut at, mut rows) = (8, Vec::new());
        while at < bytes.len() {
            let length = number(at) as usize;
            if &bytes[at + 4..at + 8] == b"IDAT" {
                flate2::read::ZlibDecoder::new(&bytes[at + 8..at + 8 + length]).read_to_end(&mut rows).unwrap();
            }
            at += length + 12;
        }
        let rgb = rows.chunks(width as usize * 3 + 1).flat_map(|row| row[1..].to_vec()).collect();
        (width, height, rgb)
    }

    #[test]
    fn marks_are_where_they_belong_and_in_their_ink() {
        let mut scene = Scene::new(20.0, 10.0);
        scene.fill(Area { left: 1.0, top: 2.0, right: 5.0, bottom: 4.0 }, Ink::Value);
        scene.line((10.0, 1.0), (10.0, 9.0), Stroke::solid(Ink::Outside, 1.0));
        let (width, height, rgb) = decoded(&png(&scene).unwrap());
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
        let mut scene = Scene::new(200.0, 40.0);
        scene.text((100.0, 20.0), Anchor::Middle, "exposure.time ±1 µs", 13.0, Ink::Text);
        let Mark::Text(label) = &scene.marks[0] else { panic!("a text") };
        let (left, right) = label.reach();
        let (width, _, rgb) = decoded(&png(&scene).unwrap());
        let dark: Vec<usize> =
            (0..rgb.len() / 3).filter(|dot| rgb[dot * 3] < 0x80).map(|dot| dot % width as usize).collect();
        let (first, last) = (*dark.iter().min().unwrap() as f64, *dark.iter().max().unwrap() as f64);
        approx::assert_abs_diff_eq!(first / DOTS, left, epsilon = 2.0);
        approx::assert_abs_diff_eq!(last / DOTS, right, epsilon = 2.0);
    }

    #[test]
    fn dashes_cover_their_share() {
        // 6 on and 3 off: 0–6, 9–15, 18–20.
        let strokes = dashed(&[(0.0, 0.0), (10.0, 0.0), (20.0, 0.0)], Stroke::dashed(Ink::Limit));
        let ends: Vec<(f64, f64)> = strokes.iter().map(|run| (run[0].0, run[run.len() - 1].0)).collect();
        assert_eq!(ends, [(0.0, 6.0), (9.0, 15.0), (18.0, 20.0)]);
    }
}
