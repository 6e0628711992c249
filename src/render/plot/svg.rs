//! From a scene to SVG text, through plotters.
//!
//! plotters writes whole px only, no dashes, no description, and a font family that means another font everywhere. So
//! figures are drawn [`FINENESS`] times as large, in a view box that shrinks them again, and each element gets what it
//! lacks as it is copied.

use std::fmt::Write as _;

use plotters::prelude::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontFamily, IntoFont, RGBColor, ShapeStyle, TextStyle};

use super::PlotError;
use super::font::{self, CSS_FAMILIES, PLOTTERS_PER_EM};
use super::scene::{Anchor, Label, Mark, Place, Scene};
use super::style::{Ink, Stroke};
use crate::escape::visible;
use crate::render::base64::base64;

/// The number of drawn units per px.
const FINENESS: f64 = 4.0;

/// The scene as an SVG element, with a description for those who cannot see it.
///
/// # Errors
/// [`PlotError`] when the font cannot be used or plotters cannot draw.
pub(super) fn svg(scene: &Scene, description: &str) -> Result<String, PlotError> {
    font::register()?;
    let mut drawn = String::new();
    let size = (units(scene.width).unsigned_abs(), units(scene.height).unsigned_abs());
    let mut backend = SVGBackend::with_string(&mut drawn, size);
    for mark in &scene.marks {
        draw(&mut backend, mark)?;
    }
    backend.present().map_err(PlotError::draw)?;
    drop(backend);
    Ok(finished(&drawn, scene, description))
}

/// An SVG element as a file of its own, with the embedded font inside.
pub(super) fn with_font(element: &str) -> String {
    const NAME: &str = "strobecheck figures";
    let face = format!(
        "<style>@font-face {{ font-family: '{NAME}'; src: url(data:font/ttf;base64,{}) }}</style>",
        base64(font::DEJAVU_SANS)
    );
    let named = element.replacen(CSS_FAMILIES, &format!("'{NAME}', {CSS_FAMILIES}"), 1);
    match named.split_once(">\n") {
        Some((open, rest)) => format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{open}>\n{face}\n{rest}"),
        None => named,
    }
}

fn units(px: f64) -> i32 {
    // Saturates; no figure is that large.
    (px * FINENESS).round() as i32
}

fn place((x, y): Place) -> (i32, i32) {
    (units(x), units(y))
}

fn color(ink: Ink) -> RGBColor {
    let [red, green, blue] = ink.light();
    RGBColor(red, green, blue)
}

fn filled(ink: Ink) -> ShapeStyle {
    color(ink).filled()
}

fn stroked(stroke: Stroke) -> ShapeStyle {
    color(stroke.ink).stroke_width(units(stroke.width).unsigned_abs().max(1))
}

/// Draws a mark as exactly one element: [`finished`] counts on it.
fn draw<B: DrawingBackend>(backend: &mut B, mark: &Mark) -> Result<(), PlotError> {
    let places = |places: &[Place]| places.iter().map(|&at| place(at)).collect::<Vec<_>>();
    match mark {
        Mark::Line(line, stroke) => backend.draw_path(places(line), &stroked(*stroke)),
        Mark::Shape(shape, ink) => backend.fill_polygon(places(shape), &filled(*ink)),
        Mark::Box(area, ink) => {
            backend.draw_rect(place((area.left, area.top)), place((area.right, area.bottom)), &filled(*ink), true)
        }
        Mark::Dot(centre, radius, ink) => {
            backend.draw_circle(place(*centre), units(*radius).unsigned_abs(), &filled(*ink), true)
        }
        Mark::Ring(centre, radius, stroke) => {
            backend.draw_circle(place(*centre), units(*radius).unsigned_abs(), &stroked(*stroke), false)
        }
        Mark::Text(label) => backend.draw_text(&inert(&label.text), &text_style(label), text_place(label)),
    }
    .map_err(PlotError::draw)
}

/// A text in which only the marks of [`super::scene::isolated`] are left unseen.
fn inert(text: &str) -> String {
    const ISOLATES: [char; 2] = ['\u{2068}', '\u{2069}'];
    text.split_inclusive(ISOLATES)
        .map(|part| match part.strip_suffix(ISOLATES) {
            Some(before) => visible(before).into_owned() + &part[before.len()..],
            None => visible(part).into_owned(),
        })
        .collect()
}

fn text_style(label: &Label) -> TextStyle<'static> {
    let h_pos = match label.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let font = (FontFamily::SansSerif, label.size * FINENESS * PLOTTERS_PER_EM).into_font();
    let style = TextStyle::from(font).pos(Pos::new(h_pos, VPos::Center));
    TextStyle { color: color(label.ink).to_backend_color(), ..style }
}

/// plotters centres small letters; capitals and digits reach higher.
fn text_place(label: &Label) -> (i32, i32) {
    const LOWER_BY: f64 = 0.09;
    place((label.at.0, label.at.1 + label.size * LOWER_BY))
}

/// What plotters drew, element by element, with dashes, font and description, and without attributes that say what
/// holds anyway.
fn finished(drawn: &str, scene: &Scene, description: &str) -> String {
    let mut out = String::with_capacity(drawn.len());
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" \
         aria-label=\"{}\" font-family=\"{CSS_FAMILIES}\">",
        scene.width,
        scene.height,
        units(scene.width),
        units(scene.height),
        attribute(description),
    );
    let mut lines = drawn.lines().skip(1);
    for mark in &scene.marks {
        let Some(element) = lines.next() else { break };
        match mark {
            Mark::Text(label) => {
                let content = lines.next().unwrap_or_default();
                lines.next();
                let _ = writeln!(out, "{}{content}</text>", text_element(element, label));
            }
            Mark::Line(_, stroke) | Mark::Ring(_, _, stroke) => push_stroked(&mut out, element, *stroke),
            Mark::Shape(..) | Mark::Box(..) | Mark::Dot(..) => {
                out.push_str(&tidied(element));
                out.push('\n');
            }
        }
    }
    out.push_str("</svg>\n");
    out
}

fn push_stroked(out: &mut String, element: &str, stroke: Stroke) {
    let element = tidied(element);
    let Some([on, off]) = stroke.dash.pattern() else {
        out.push_str(&element);
        out.push('\n');
        return;
    };
    let body = element.trim_end_matches("/>");
    let _ = writeln!(out, "{body} stroke-dasharray=\"{} {}\"/>", on * FINENESS, off * FINENESS);
}

/// Attributes that only repeat what holds anyway are left out.
fn tidied(element: &str) -> String {
    element.replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "").replace(" \"/>", "\"/>")
}

fn text_element(element: &str, label: &Label) -> String {
    let start = element.find(" font-family=").unwrap_or(element.len());
    let fill = element.rfind(" fill=").unwrap_or(element.len());
    format!("{} font-size=\"{}\"{}", &element[..start], label.size * FINENESS, &element[fill..])
}

/// A text as the value of an XML attribute.
pub(super) fn attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::scene::Area;
    use super::super::style::{LINE, NAME};
    use super::*;

    fn every_mark() -> Scene {
        let mut scene = Scene::new(100.0, 50.0);
        scene.fill(Area { left: 1.0, top: 2.0, right: 11.5, bottom: 4.25 }, Ink::Allowed);
        scene.line((0.0, 10.0), (100.0, 10.1), Stroke::dashed(Ink::Limit));
        scene.text((50.0, 20.0), Anchor::Middle, "<a> & \"b\"\n\u{202e}c", NAME, Ink::Text);
        scene.add(Mark::Shape(vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)], Ink::Value));
        scene.add(Mark::Dot((5.0, 5.0), 1.5, Ink::Value));
        scene.add(Mark::Ring((5.0, 5.0), 1.5, Stroke::solid(Ink::NotJudged, LINE)));
        scene
    }

    #[test]
    fn each_mark_is_one_element_with_exact_places() {
        let svg = svg(&every_mark(), "a \"figure\"").unwrap();
        let lines: Vec<&str> = svg.lines().collect();
        assert_eq!(lines.len(), 8, "{svg}");
        assert!(lines[0].contains(r#"width="100" height="50" viewBox="0 0 400 200" role="img""#), "{svg}");
        assert!(lines[0].contains(r#"aria-label="a &quot;figure&quot;""#), "{svg}");
        assert_eq!(lines[1], r##"<rect x="4" y="8" width="42" height="9" fill="#E3F1E6"/>"##);
        assert_eq!(
            lines[2],
            r##"<polyline fill="none" stroke="#24693F" stroke-width="5" points="0,40 400,40" stroke-dasharray="24 12"/>"##
        );
        assert_eq!(
            lines[3],
            r##"<text x="200" y="85" dy="0.5ex" text-anchor="middle" font-size="52" fill="#1B2027">&lt;a&gt; &amp; &quot;b&quot;\n\u{202e}c</text>"##
        );
        assert_eq!(lines[4], r##"<polygon fill="#1A5FAE" points="0,0 4,0 4,4"/>"##);
        assert_eq!(lines[5], r##"<circle cx="20" cy="20" r="6" fill="#1A5FAE" stroke-width="1"/>"##);
        assert_eq!(lines[6], r##"<circle cx="20" cy="20" r="6" fill="none" stroke="#77808C" stroke-width="5"/>"##);
        assert_eq!(lines[7], "</svg>");
    }
}
