//! Drawing the contents of a timeline's lanes.

use super::decimate::Piece;
use super::lane::{Bracket, Content, Ends, Lane, Note, Tone, WAVE_SPAN};
use super::scene::{Anchor, Area, Label, Mark, Place, Scene};
use super::style::{Ink, LINE, SMALL, Stroke, THIN};
use super::ticks;
use crate::signal::Level;

/// Where the middle of a bracket lies below the top of its lane.
const BRACKET_MIDDLE: f64 = 13.0;
/// Where the active level of a line lies below the top of its lane, and its idle one.
const ACTIVE: f64 = WAVE_SPAN.0;
const IDLE: f64 = WAVE_SPAN.1;
/// A dense stretch up to this wide, in px, is drawn as the narrow pulse that it most likely is.
const NARROW: f64 = 2.0;

/// Draws what a lane holds, below `top`, between `left` and `right`.
pub(super) fn draw(scene: &mut Scene, top: f64, lane: &Lane, (left, right): (f64, f64)) {
    match &lane.content {
        Content::Brackets(brackets) => {
            for bracket in brackets {
                draw_bracket(scene, top + BRACKET_MIDDLE, bracket);
            }
        }
        Content::TooMany(sentence) => {
            let at = (f64::midpoint(left, right), top + BRACKET_MIDDLE);
            scene.text(at, Anchor::Middle, sentence.clone(), SMALL, Ink::Muted);
        }
        Content::Ticks(marks) => ticks::draw(scene, top + BRACKET_MIDDLE, marks),
        Content::Wave { pieces, active, notes } => {
            scene.line((left, top + IDLE), (right, top + IDLE), Stroke::solid(Ink::Grid, THIN));
            fill_active(scene, top, pieces, *active);
            for part in &lane.trace {
                scene.fill(Area { top: top + part.top, bottom: top + part.bottom, ..*part }, Ink::Muted);
            }
            draw_pieces(scene, top, pieces, *active);
            for note in notes {
                draw_note(scene, top, note);
            }
        }
    }
}

fn draw_bracket(scene: &mut Scene, y: f64, bracket: &Bracket) {
    let stroke = Stroke::solid(Ink::Muted, LINE);
    match bracket.ends {
        Ends::Bars => {
            scene.line((bracket.from, y), (bracket.to, y), stroke);
            for (x, closed) in [(bracket.from, bracket.closed.0), (bracket.to, bracket.closed.1)] {
                if closed {
                    scene.line((x, y - 7.0), (x, y + 7.0), stroke);
                }
            }
        }
        Ends::Arrows => arrow(scene, bracket.from, bracket.to, y, bracket.closed, stroke),
    }
    if !bracket.text.is_empty() {
        let at = (f64::midpoint(bracket.from, bracket.to), y);
        let text = bracket.text.clone();
        scene.text_on_lines(Label { at, anchor: Anchor::Middle, text, size: SMALL, ink: Ink::Text });
    }
}

/// A horizontal line with a head at both ends.
pub(super) fn double_arrow(scene: &mut Scene, from: f64, to: f64, y: f64, stroke: Stroke) {
    arrow(scene, from, to, y, (true, true), stroke);
}

fn arrow(scene: &mut Scene, from: f64, to: f64, y: f64, heads: (bool, bool), stroke: Stroke) {
    scene.line((from, y), (to, y), stroke);
    let length = ((to - from) / 2.0).clamp(0.0, 7.0);
    for (tip, inwards, drawn) in [(from, length, heads.0), (to, -length, heads.1)] {
        if drawn {
            let head = vec![(tip, y), (tip + inwards, y - 3.5), (tip + inwards, y + 3.5)];
            scene.add(Mark::Shape(head, stroke.ink));
        }
    }
}

/// Fills the active parts.
fn fill_active(scene: &mut Scene, top: f64, pieces: &[Piece], active: Level) {
    for piece in pieces {
        match *piece {
            Piece::Level { from, to, level } if level == active => {
                scene.fill(Area { left: from, top: top + ACTIVE, right: to, bottom: top + IDLE }, Ink::Active);
            }
            Piece::Level { .. } | Piece::Dense { .. } => {}
        }
    }
}

/// The line as one stroke between its dense stretches.
fn draw_pieces(scene: &mut Scene, top: f64, pieces: &[Piece], active: Level) {
    let y = |level: Level| top + if level == active { ACTIVE } else { IDLE };
    let mut stroke: Vec<Place> = Vec::new();
    for piece in pieces {
        match *piece {
            Piece::Level { from, to, level } => stroke.extend([(from, y(level)), (to, y(level))]),
            Piece::Dense { from, to } if to - from <= NARROW => {
                // A pulse as narrow as an edge: there and back at its middle.
                let middle = f64::midpoint(from, to);
                stroke.extend([(middle, top + ACTIVE), (middle, top + IDLE)]);
            }
            Piece::Dense { from, to } => {
                draw_stroke(scene, &mut stroke);
                draw_dense(scene, Area { left: from, top: top + ACTIVE, right: to, bottom: top + IDLE });
            }
        }
    }
    draw_stroke(scene, &mut stroke);
}

fn draw_stroke(scene: &mut Scene, stroke: &mut Vec<Place>) {
    if !stroke.is_empty() {
        scene.add(Mark::Line(std::mem::take(stroke), Stroke::solid(Ink::Signal, 1.5)));
    }
}

/// A stretch too dense to draw: a band with lines up and down.
fn draw_dense(scene: &mut Scene, area: Area) {
    const GAP: f64 = 4.0;
    const MOST_LINES: f64 = 300.0;
    scene.fill(area, Ink::Active);
    scene.outline(area, Stroke::solid(Ink::Signal, 1.5));
    let gap = GAP.max(area.width() / MOST_LINES);
    let mut x = area.left + gap;
    while x < area.right {
        scene.line((x, area.top), (x, area.bottom), Stroke::solid(Ink::Signal, THIN));
        x += gap;
    }
}

fn draw_note(scene: &mut Scene, top: f64, note: &Note) {
    let at = (note.at, top + f64::midpoint(ACTIVE, IDLE));
    let label = |ink: Ink| Label { at, anchor: note.anchor, text: note.text.clone(), size: SMALL, ink };
    match note.tone {
        Tone::Frame => scene.add(Mark::Text(label(Ink::Text))),
        Tone::Amiss => scene.text_on_lines(label(Ink::Outside)),
    }
}
