//! Drawing the contents of a timeline's lanes.

use super::decimate::Piece;
use super::drawing::{Anchor, Area, Drawing, Label, Mark, Position};
use super::lane::{Bracket, Content, Ends, Lane, Note, Tone, WAVE_SPAN};
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
pub(super) fn draw(drawing: &mut Drawing, top: f64, lane: &Lane, (left, right): (f64, f64)) {
    match &lane.content {
        Content::Brackets(brackets) => {
            for bracket in brackets {
                draw_bracket(drawing, top + BRACKET_MIDDLE, bracket);
            }
        }
        Content::TooMany(sentence) => {
            let at = (f64::midpoint(left, right), top + BRACKET_MIDDLE);
            drawing.text(at, Anchor::Middle, sentence.clone(), SMALL, Ink::Muted);
        }
        Content::Ticks(marks) => ticks::draw(drawing, top + BRACKET_MIDDLE, marks),
        Content::Wave { pieces, active, notes } => {
            drawing.line((left, top + IDLE), (right, top + IDLE), Stroke::solid(Ink::Grid, THIN));
            fill_active(drawing, top, pieces, *active);
            for part in &lane.trace {
                drawing.fill(Area { top: top + part.top, bottom: top + part.bottom, ..*part }, Ink::Muted);
            }
            draw_pieces(drawing, top, pieces, *active);
            for note in notes {
                draw_note(drawing, top, note);
            }
        }
    }
}

fn draw_bracket(drawing: &mut Drawing, y: f64, bracket: &Bracket) {
    let stroke = Stroke::solid(Ink::Muted, LINE);
    match bracket.ends {
        Ends::Bars => {
            drawing.line((bracket.from, y), (bracket.to, y), stroke);
            for (x, closed) in [(bracket.from, bracket.closed.0), (bracket.to, bracket.closed.1)] {
                if closed {
                    drawing.line((x, y - 7.0), (x, y + 7.0), stroke);
                }
            }
        }
        Ends::Arrows => arrow(drawing, bracket.from, bracket.to, y, bracket.closed, stroke),
    }
    if !bracket.text.is_empty() {
        let at = (f64::midpoint(bracket.from, bracket.to), y);
        let text = bracket.text.clone();
        drawing.text_on_lines(Label { at, anchor: Anchor::Middle, text, size: SMALL, ink: Ink::Text });
    }
}

pub(super) fn arrow(drawing: &mut Drawing, from: f64, to: f64, y: f64, heads: (bool, bool), stroke: Stroke) {
    drawing.line((from, y), (to, y), stroke);
    let length = ((to - from) / 2.0).clamp(0.0, 7.0);
    for (tip, inwards, drawn) in [(from, length, heads.0), (to, -length, heads.1)] {
        if drawn {
            let head = vec![(tip, y), (tip + inwards, y - 3.5), (tip + inwards, y + 3.5)];
            drawing.add(Mark::Shape(head, stroke.ink));
        }
    }
}

/// Fills the active parts.
fn fill_active(drawing: &mut Drawing, top: f64, pieces: &[Piece], active: Level) {
    for piece in pieces {
        match *piece {
            Piece::Level { from, to, level } if level == active => {
                drawing.fill(Area { left: from, top: top + ACTIVE, right: to, bottom: top + IDLE }, Ink::Active);
            }
            Piece::Level { .. } | Piece::Dense { .. } => {}
        }
    }
}

/// The line as one stroke between its dense stretches.
fn draw_pieces(drawing: &mut Drawing, top: f64, pieces: &[Piece], active: Level) {
    let y = |level: Level| top + if level == active { ACTIVE } else { IDLE };
    let mut stroke: Vec<Position> = Vec::new();
    for piece in pieces {
        match *piece {
            Piece::Level { from, to, level } => stroke.extend([(from, y(level)), (to, y(level))]),
            Piece::Dense { from, to } if to - from <= NARROW => {
                // A pulse as narrow as an edge: there and back at its middle.
                let middle = f64::midpoint(from, to);
                stroke.extend([(middle, top + ACTIVE), (middle, top + IDLE)]);
            }
            Piece::Dense { from, to } => {
                draw_stroke(drawing, &mut stroke);
                draw_dense(drawing, Area { left: from, top: top + ACTIVE, right: to, bottom: top + IDLE });
            }
        }
    }
    draw_stroke(drawing, &mut stroke);
}

fn draw_stroke(drawing: &mut Drawing, stroke: &mut Vec<Position>) {
    if !stroke.is_empty() {
        drawing.add(Mark::Line(std::mem::take(stroke), Stroke::solid(Ink::Signal, 1.5)));
    }
}

/// A stretch too dense to draw: a band with lines up and down.
fn draw_dense(drawing: &mut Drawing, area: Area) {
    const GAP: f64 = 4.0;
    const MOST_LINES: f64 = 300.0;
    drawing.fill(area, Ink::Active);
    drawing.outline(area, Stroke::solid(Ink::Signal, 1.5));
    let gap = GAP.max(area.width() / MOST_LINES);
    let mut x = area.left + gap;
    while x < area.right {
        drawing.line((x, area.top), (x, area.bottom), Stroke::solid(Ink::Signal, THIN));
        x += gap;
    }
}

fn draw_note(drawing: &mut Drawing, top: f64, note: &Note) {
    let at = (note.at, top + f64::midpoint(ACTIVE, IDLE));
    let label = |ink: Ink| Label { at, anchor: note.anchor, text: note.text.clone(), size: SMALL, ink };
    match note.tone {
        Tone::Frame => drawing.add(Mark::Text(label(Ink::Text))),
        Tone::Amiss => drawing.text_on_lines(label(Ink::Outside)),
    }
}
