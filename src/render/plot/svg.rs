//! From a drawing to SVG text, element by element.

use std::fmt::{self, Write as _};

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::backend::{FINENESS, units};
use super::drawing::{Anchor, Drawing, Label, Mark, Position};
use super::font::{self, CSS_FAMILIES};
use super::style::{Ink, Stroke};
use crate::escape::{markup, visible};

/// The drawing as an SVG element, with a description for those who cannot see it.
pub(super) fn svg(drawing: &Drawing, description: &str) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut out, drawing, description);
    out
}

/// An SVG element as a file of its own, with the embedded font inside.
pub(super) fn with_font(element: &str) -> String {
    const NAME: &str = "strobecheck figures";
    let face = format!(
        "<style>@font-face {{ font-family: '{NAME}'; src: url(data:font/ttf;base64,{}) }}</style>",
        BASE64_STANDARD.encode(font::DEJAVU_SANS)
    );
    let named = element.replacen(CSS_FAMILIES, &format!("'{NAME}', {CSS_FAMILIES}"), 1);
    match named.split_once(">\n") {
        Some((open, rest)) => format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{open}>\n{face}\n{rest}"),
        None => named,
    }
}

fn write(out: &mut String, drawing: &Drawing, description: &str) -> fmt::Result {
    let (width, height) = (drawing.width, drawing.height);
    write!(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" ")?;
    write!(out, "viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"", units(width), units(height))?;
    markup(out, &visible(description))?;
    writeln!(out, "\" font-family=\"{CSS_FAMILIES}\">")?;
    for mark in &drawing.marks {
        write_mark(out, mark)?;
    }
    out.write_str("</svg>\n")
}

fn write_mark(out: &mut String, mark: &Mark) -> fmt::Result {
    match mark {
        Mark::Line(line, stroke) => {
            write!(out, "<polyline fill=\"none\" {}", Stroked(*stroke))?;
            write_points(out, line)?;
        }
        Mark::Shape(shape, ink) => {
            write!(out, "<polygon {}", Filled(*ink))?;
            write_points(out, shape)?;
        }
        Mark::Box(area, ink) => {
            let (left, top, right, bottom) = (units(area.left), units(area.top), units(area.right), units(area.bottom));
            let (width, height) = (right - left, bottom - top);
            write!(out, "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" {}", Filled(*ink))?;
        }
        Mark::Dot(at, radius, ink) => write!(out, "<circle {} {}", Round(*at, *radius), Filled(*ink))?,
        Mark::Ring(at, radius, stroke) => {
            write!(out, "<circle {} fill=\"none\" {}", Round(*at, *radius), Stroked(*stroke))?;
        }
        Mark::Text(label) => return write_text(out, label),
    }
    out.write_str("/>\n")
}

fn write_points(out: &mut String, places: &[Position]) -> fmt::Result {
    for (place, (x, y)) in places.iter().enumerate() {
        write!(out, "{}{},{}", if place == 0 { " points=\"" } else { " " }, units(*x), units(*y))?;
    }
    out.write_char('"')
}

/// A text, a little lower than its middle in small letters: capitals and digits reach higher.
fn write_text(out: &mut String, label: &Label) -> fmt::Result {
    const LOWER_BY: f64 = 0.09;
    let anchor = match label.anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let (x, y) = (units(label.at.0), units(label.at.1 + label.size * LOWER_BY));
    let size = label.size * FINENESS;
    write!(out, "<text x=\"{x}\" y=\"{y}\" dy=\"0.5ex\" text-anchor=\"{anchor}\" font-size=\"{size}\" ")?;
    write!(out, "{}>", Filled(label.ink))?;
    markup(out, &inert(&label.text))?;
    out.write_str("</text>\n")
}

/// A text in which only the marks of [`super::drawing::isolated`] are left unseen.
fn inert(text: &str) -> String {
    const ISOLATES: [char; 2] = ['\u{2068}', '\u{2069}'];
    text.split_inclusive(ISOLATES)
        .map(|part| match part.strip_suffix(ISOLATES) {
            Some(before) => visible(before).into_owned() + &part[before.len()..],
            None => visible(part).into_owned(),
        })
        .collect()
}

/// How a mark is filled, as attributes.
struct Filled(Ink);

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fill=\"{}\"", Ink::hex(self.0.light()))
    }
}

/// How a line is drawn, as attributes.
struct Stroked(Stroke);

impl fmt::Display for Stroked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stroke { ink, width, dash } = self.0;
        write!(f, "stroke=\"{}\" stroke-width=\"{}\"", Ink::hex(ink.light()), units(width).max(1))?;
        match dash.pattern() {
            Some([on, off]) => write!(f, " stroke-dasharray=\"{} {}\"", on * FINENESS, off * FINENESS),
            None => Ok(()),
        }
    }
}

/// Where a circle lies and how large it is, as attributes.
struct Round(Position, f64);

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Round((x, y), radius) = self;
        write!(f, "cx=\"{}\" cy=\"{}\" r=\"{}\"", units(*x), units(*y), units(*radius))
    }
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Area;
    use super::super::style::{LINE, NAME};
    use super::*;

    fn every_mark() -> Drawing {
        let mut drawing = Drawing::new(100.0, 50.0);
        drawing.fill(Area { left: 1.0, top: 2.0, right: 11.5, bottom: 4.25 }, Ink::Allowed);
        drawing.line((0.0, 10.0), (100.0, 10.1), Stroke::dashed(Ink::Limit));
        drawing.text((50.0, 20.0), Anchor::Middle, "<a> & \"b\"\n\u{202e}c", NAME, Ink::Text);
        drawing.add(Mark::Shape(vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)], Ink::Value));
        drawing.add(Mark::Dot((5.0, 5.0), 1.5, Ink::Value));
        drawing.add(Mark::Ring((5.0, 5.0), 1.5, Stroke::solid(Ink::NotJudged, LINE)));
        drawing
    }

    #[test]
    fn each_mark_is_one_element_with_exact_places() {
        let svg = svg(&every_mark(), "a \"figure\"");
        let lines: Vec<&str> = svg.lines().collect();
        assert_eq!(lines.len(), 8, "{svg}");
        assert!(lines[0].contains(r#"width="100" height="50" viewBox="0 0 400 200" role="img""#), "{svg}");
        assert!(lines[0].contains(r#"aria-label="a &quot;figure&quot;""#), "{svg}");
        assert_eq!(lines[1], r##"<rect x="4" y="8" width="42" height="9" fill="#E3F1E6"/>"##);
        assert_eq!(
            lines[2],
            r##"<polyline fill="none" stroke="#24693F" stroke-width="5" stroke-dasharray="24 12" points="0,40 400,40"/>"##
        );
        assert_eq!(
            lines[3],
            r##"<text x="200" y="85" dy="0.5ex" text-anchor="middle" font-size="52" fill="#1B2027">&lt;a&gt; &amp; &quot;b&quot;\n\u{202e}c</text>"##
        );
        assert_eq!(lines[4], r##"<polygon fill="#1A5FAE" points="0,0 4,0 4,4"/>"##);
        assert_eq!(lines[5], r##"<circle cx="20" cy="20" r="6" fill="#1A5FAE"/>"##);
        assert_eq!(lines[6], r##"<circle cx="20" cy="20" r="6" fill="none" stroke="#77808C" stroke-width="5"/>"##);
        assert_eq!(lines[7], "</svg>");
    }
}
