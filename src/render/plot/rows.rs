//! Light over rows: how long each row of a rolling shutter was lit in the frame that a check is worst in.

use plotters::series::LineSeries;

use super::chart::{Axis, Mesh, chart, line, mesh};
use super::drawing::{Anchor, Area, Drawing};
use super::scale::{Scale, prefix_of};
use super::style::{Ink, LINE, SMALL, Stroke, TRACK_WIDTH};
use super::{Figure, PlotError};
use crate::frame::Observation;
use crate::quantity::{Subject, rows};
use crate::units::{Rational, Unit};
use crate::verdict::Check;

const AREA: Area = Area { left: 84.0, top: 28.0, right: TRACK_WIDTH - 24.0, bottom: 188.0 };
/// The px below the chart, for its numbers and what they are.
const FOOT: f64 = 40.0;

/// The light of each row, by how much later than row 0 it is exposed, in the worst frame of a check on how rows are lit; none of any
/// other check.
///
/// # Errors
/// [`PlotError`] when the figure cannot be drawn.
pub fn light_over_rows(check: &Check, observation: &Observation) -> Result<Option<Figure>, PlotError> {
    let (Subject::Camera(camera), Some(worst)) = (check.subject, &check.worst) else { return Ok(None) };
    if ![&rows::EVENNESS, &rows::LIT_ROWS].contains(&check.quantity) {
        return Ok(None);
    }
    let period = observation.rate.period();
    let seconds = |(later, light): &(Rational, Rational)| ((period * later).to_f64(), (period * light).to_f64());
    let Some(light) = rows::light(observation.camera(camera), worst.from) else { return Ok(None) };
    let light: Vec<(f64, f64)> = light.iter().map(seconds).collect();
    let (Some(last), most) = (light.last(), light.iter().map(|(_, light)| *light).fold(0.0, f64::max)) else {
        return Ok(None);
    };
    let mut drawing = Drawing::new(TRACK_WIDTH, AREA.bottom + FOOT);
    let across = Scale::new((0.0, last.0), (AREA.left, AREA.right));
    let up = Scale::new((0.0, 1.1 * most), (AREA.bottom, AREA.top));
    let (unit, prefix) = (Unit::Second, [prefix_of(&across, Unit::Second), prefix_of(&up, Unit::Second)]);
    drawing.text((8.0, 11.0), Anchor::Start, format!("light, {}", prefix[1].symbol()), SMALL, Ink::Text);
    let foot = format!("row, by how much later than row 0 it is exposed, {}", prefix[0].symbol());
    let middle = f64::midpoint(AREA.left, AREA.right);
    drawing.text((middle, AREA.bottom + 32.0), Anchor::Middle, foot, SMALL, Ink::Muted);
    let axes = (Axis::across(across, unit, prefix[0], 16.0, 0.0..TRACK_WIDTH), Axis::up(up, unit, prefix[1], 34.0));
    let mut chart = chart(&mut drawing, AREA, axes)?;
    mesh(&mut chart, Mesh::NumbersAndLines)?;
    chart.draw_series(LineSeries::new(light.iter().copied(), Stroke::solid(Ink::Value, LINE)))?;
    chart.draw_series([line(vec![(0.0, most), (last.0, most)], Stroke::dotted(Ink::Muted))])?;
    drop(chart);
    let of = worst.frame.map(|frame| format!(" of frame {frame}")).unwrap_or_default();
    let caption = format!(
        "How long each row{of} sees light, from row 0 to the last one; dotted, the brightest one. The light is that of all flash lines, whatever frame it was for."
    );
    Ok(Some(Figure::new(drawing, caption)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{Capture, Line, Presence, Probe};
    use crate::report::Provenance;
    use crate::signal::{Level, Lost, Waveform};
    use crate::spec::Spec;
    use crate::units::{SampleIndex, SampleRate};
    use std::sync::Arc;

    #[test]
    fn the_light_of_each_row_is_drawn_as_it_bends() {
        // Row 0 is exposed from 10 to 14 ms, the last row 1 ms later; the flash is lit from 10.5 to 13 ms: rows up to 0.5 ms later see
        // 2.5 ms, the last one 2 ms.
        let length = SampleIndex::new(30_000);
        let rate = SampleRate::parse("1 MHz").unwrap();
        let probe = |bit: u32, name: &str| Probe { bit, name: name.to_owned(), presence: Presence::Recorded };
        let line = |bit: u32, name: &str, changes: Vec<u64>| Line {
            probe: probe(bit, name),
            waveform: Arc::new(Waveform::new(Level::Low, changes, length).unwrap()),
            unknown: Lost::nothing(),
        };
        let lines = vec![line(0, "S", vec![10_000, 14_000]), line(1, "L", vec![10_500, 13_000])];
        let capture = Capture::of("test", rate, length, lines);
        let spec = "[wiring]\nstrobe = \"S\"\nflash = \"L\"\n[timing]\nalignment = \"start\"\nshutter = \"rolling\"\nreadout_time = \"1 ms\"\n\
                    [limits]\nrolling.evenness = \">= 90 %\"\nrolling.window = \">= 1 ms\"\n";
        let spec = Arc::new(Spec::parse("a", spec).unwrap());
        let judgement = crate::verify::verify(&capture, spec, "a".to_owned(), Provenance::of(&capture)).unwrap();
        let check = |id: &str| judgement.checks.iter().find(|check| check.quantity.id == id).unwrap();
        let figure = light_over_rows(check("rolling.evenness"), &judgement.observation).unwrap().unwrap();
        let light = rows::light(judgement.observation.camera(0), SampleIndex::new(10_000)).unwrap();
        let light: Vec<(f64, f64)> = light.iter().map(|(later, light)| (later.to_f64(), light.to_f64())).collect();
        assert_eq!(light, [(0.0, 2500.0), (500.0, 2500.0), (1000.0, 2000.0)]);
        assert!(figure.svg.contains("light, ms"), "{}", figure.svg);
        assert!(light_over_rows(check("rolling.window"), &judgement.observation).unwrap().is_none());
    }
}
