//! All frames of a camera laid on one another at their start, as an oscilloscope's persistence shows them: for each
//! instant of a frame, in which share of the frames a line is active.

use super::Figure;
use super::axis::AXIS_HEIGHT;
use super::drawing::{Anchor, Area, Drawing, Mark, Position, isolated};
use super::font::{fitted, text_width};
use super::lanes::wire_name;
use super::legend::{Sign, legend};
use super::scale::{Scale, prefix_of, ticks_across};
use super::style::{Ink, LINE, SMALL, Stroke, THIN, TIMELINE_LEFT, TIMELINE_RIGHT, TIMELINE_WIDTH};
use super::timeline::draw_name;
use crate::frame::{CameraFrames, Observation};
use crate::rig::{Alignment, Role, WireIndex};
use crate::signal::Pulses;
use crate::units::{SampleIndex, Unit};

const HEAD: f64 = 44.0;
const LANE: f64 = 54.0;
/// Height of a curve within its lane.
const CURVE: f64 = 40.0;

/// The stretch around each frame start that is laid over the others, in samples.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Reach {
    before: f64,
    after: f64,
}

/// One line of all frames.
#[derive(Debug, Clone, PartialEq)]
struct Folded {
    wire: WireIndex,
    /// Of each column of px, in how many frames the line is active.
    counts: Vec<u32>,
}

/// All frames of a camera on one another; none where fewer than two were recorded whole.
#[must_use]
pub fn persistence(observation: &Observation, camera: usize) -> Option<Figure> {
    let frames = observation.cameras.get(camera)?;
    let period = frames.clock.period.as_ref().map(|period| period.to_f64()).filter(|period| *period >= 4.0)?;
    let reach = reach(frames.alignment, period);
    let starts = starts(observation, frames, reach);
    if starts.len() < 2 {
        return None;
    }
    let folded: Vec<Folded> = wires(observation, camera)
        .map(|wire| Folded { wire, counts: counts(&observation.lines[wire.get()].train.pulses, &starts, reach) })
        .collect();
    let caption = format!(
        "{} frames laid on one another at their start. The height of a curve is the share of the frames in which the \
         line is active at that instant; where it is grey up to the top, at least one frame is.",
        starts.len()
    );
    let drawing = drawing(observation, &folded, starts.len(), reach);
    Some(Figure::new(drawing, caption))
}

/// An exposure that ends at the frame start is told by what comes before it, one whose middle lies there by both sides.
fn reach(alignment: Option<Alignment>, period: f64) -> Reach {
    match alignment {
        Some(Alignment::End) => Reach { before: period, after: period / 4.0 },
        Some(Alignment::Middle) => Reach { before: period / 2.0, after: period * 3.0 / 4.0 },
        Some(Alignment::Start) | None => Reach { before: period / 4.0, after: period },
    }
}

/// The frame starts whose whole stretch was recorded.
fn starts(observation: &Observation, frames: &CameraFrames, reach: Reach) -> Vec<u64> {
    let length = observation.length.get();
    (frames.clock.edges.iter())
        .map(|edge| edge.edge.at().get())
        .filter(|&at| {
            let (from, to) = (at as f64 - reach.before, at as f64 + reach.after);
            let sample = |at: f64| SampleIndex::new(at.max(0.0) as u64);
            from >= 0.0 && to <= length as f64 && observation.lost.spares(sample(from), sample(to))
        })
        .collect()
}

/// The lines of a camera, in the order of the timeline.
fn wires(observation: &Observation, camera: usize) -> impl Iterator<Item = WireIndex> {
    let camera = observation.rig.cameras.get(camera);
    Role::DRAWN.into_iter().flat_map(move |role| camera.map_or(&[][..], |camera| camera.wires(role)).iter().copied())
}

fn columns() -> usize {
    (TIMELINE_WIDTH - TIMELINE_LEFT - TIMELINE_RIGHT) as usize
}

/// In how many frames a line is active, per column. A pulse narrower than a column still fills the one that it is in.
fn counts(pulses: &Pulses, starts: &[u64], reach: Reach) -> Vec<u32> {
    let columns = columns();
    let per_sample = columns as f64 / (reach.before + reach.after);
    // How much more at each column than at the one before it.
    let mut steps = vec![0_i64; columns + 1];
    for &start in starts {
        let (from, to) = (start as f64 - reach.before, start as f64 + reach.after);
        let first = pulses.partition_point(|pulse| (pulse.to().get() as f64) < from);
        let mut end = 0;
        for pulse in pulses.from(first).take_while(|pulse| (pulse.from().get() as f64) < to) {
            let column = |at: u64| ((at as f64 - from) * per_sample).clamp(0.0, columns as f64);
            let (left, right) =
                (column(pulse.from().get()).round() as usize, column(pulse.to().get()).round() as usize);
            // Two pulses of one frame within one column count once.
            let left = left.min(columns - 1).max(end);
            let right = right.max(left + 1).min(columns);
            if left < right {
                steps[left] += 1;
                steps[right] -= 1;
                end = right;
            }
        }
    }
    let sums = steps[..columns].iter().scan(0_i64, |sum, step| {
        *sum += step;
        Some(u32::try_from(*sum).unwrap_or(0))
    });
    sums.collect()
}

fn drawing(observation: &Observation, folded: &[Folded], frames: usize, reach: Reach) -> Drawing {
    let bottom = HEAD + folded.len() as f64 * LANE;
    let mut drawing = Drawing::new(TIMELINE_WIDTH, bottom + AXIS_HEIGHT - 10.0);
    let entries =
        [(Sign::Block(Ink::Active), "share of the frames"), (Sign::Block(Ink::Grid), "in at least one frame")];
    legend(&mut drawing, (TIMELINE_LEFT, 12.0), TIMELINE_WIDTH - TIMELINE_RIGHT, entries);
    let (left, right) = (TIMELINE_LEFT, TIMELINE_WIDTH - TIMELINE_RIGHT);
    let period = observation.rate.period().to_f64();
    let across = Scale::new((-reach.before * period, reach.after * period), (left, right));
    for (place, line) in folded.iter().enumerate() {
        let top = HEAD + place as f64 * LANE;
        draw_names(&mut drawing, observation, line.wire, top);
        draw_curve(&mut drawing, &line.counts, frames, Area { left, top: top + 6.0, right, bottom: top + 6.0 + CURVE });
    }
    let start = across.px(0.0);
    drawing.line((start, HEAD - 8.0), (start, bottom), Stroke { width: LINE, ..Stroke::dotted(Ink::Limit) });
    drawing.text((start, HEAD - 16.0), Anchor::Middle, "frame start", SMALL, Ink::Limit);
    draw_axis(&mut drawing, &across, bottom);
    drawing
}

fn draw_names(drawing: &mut Drawing, observation: &Observation, wire: WireIndex, top: f64) {
    let (line, wire) = (&observation.lines[wire.get()], observation.rig.wire(wire));
    let detail = isolated(&fitted(&line.probe.name, SMALL, 90.0));
    draw_name(drawing, top + 20.0, (&wire_name(wire), &detail));
}

/// The curve of shares, over a ground of grey where the line is active in any frame.
fn draw_curve(drawing: &mut Drawing, counts: &[u32], frames: usize, area: Area) {
    let height = |count: u32| area.bottom - f64::from(count) / frames.max(1) as f64 * area.height();
    let mut curve: Vec<Position> = Vec::new();
    let mut at = 0;
    for run in counts.chunk_by(|a, b| a == b) {
        let (from, to) = (area.left + at as f64, area.left + (at + run.len()) as f64);
        at += run.len();
        let Some(&count) = run.first() else { continue };
        if count > 0 && (count as usize) < frames {
            drawing.fill(Area { left: from, right: to, ..area }, Ink::Grid);
        }
        curve.extend([(from, height(count)), (to, height(count))]);
    }
    let ground = [(area.right, area.bottom), (area.left, area.bottom)];
    drawing.add(Mark::Shape(curve.iter().copied().chain(ground).collect(), Ink::Active));
    drawing.add(Mark::Line(curve, Stroke::solid(Ink::Signal, LINE)));
}

/// The time from the frame start.
fn draw_axis(drawing: &mut Drawing, across: &Scale, bottom: f64) {
    let prefix = prefix_of(across, Unit::Second);
    drawing.line((across.start, bottom), (across.end, bottom), Stroke::solid(Ink::Muted, THIN));
    let name = format!("from frame start, {}", prefix.symbol());
    let name_end = (TIMELINE_LEFT - 10.0).max(text_width(&name, SMALL));
    drawing.text((name_end, bottom + 15.0), Anchor::End, name, SMALL, Ink::Muted);
    for (tick, _) in ticks_across(across, Unit::Second, prefix, 14.0, |_| String::new()) {
        drawing.line((tick.at, bottom), (tick.at, bottom + 5.0), Stroke::solid(Ink::Muted, THIN));
        let half = text_width(&tick.label, SMALL) / 2.0;
        if tick.at - half > name_end + 6.0 && tick.at + half < drawing.width {
            drawing.text((tick.at, bottom + 15.0), Anchor::Middle, tick.label, SMALL, Ink::Text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{EdgeTime, Limb, Pulse};

    fn pulse(from: u64, to: u64) -> Pulse {
        let limb = |at| Limb::Edge(EdgeTime::sharp(SampleIndex::new(at)));
        Pulse { start: limb(from), end: limb(to) }
    }

    #[test]
    fn each_frame_counts_once_where_it_is_active() {
        // One column per sample. Pulses of 100 and 50 samples that end at the frame start.
        let columns = columns() as u64;
        let reach = Reach { before: columns as f64 - 200.0, after: 200.0 };
        let starts = [2000, 4000];
        let found = counts(&Pulses::from_iter([pulse(1900, 2000), pulse(3950, 4000)]), &starts, reach);
        let start = columns as usize - 200;
        assert_eq!(found[start - 101], 0);
        assert_eq!(found[start - 100..start - 50], [1; 50]);
        assert_eq!(found[start - 50..start], [2; 50]);
        assert_eq!(found[start..], [0; 200]);
    }

    #[test]
    fn a_pulse_narrower_than_a_column_is_seen() {
        let reach = Reach { before: 1e6, after: 1e6 };
        let found = counts(&Pulses::from_iter([pulse(5_000_000, 5_000_001)]), &[5_000_000], reach);
        assert_eq!(found.iter().sum::<u32>(), 1);
        let twice =
            counts(&Pulses::from_iter([pulse(5_000_000, 5_000_001), pulse(5_000_003, 5_000_004)]), &[5_000_000], reach);
        assert!(twice.iter().all(|&count| count <= 1), "one frame counts once per column");
    }
}
