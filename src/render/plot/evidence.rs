//! What proves a verdict: the lines around the worst value, its two edges with their sample numbers, and the distance
//! between them against its limit.

use super::Figure;
use super::style::Ink;
use super::timeline::{Measured, Request, drawing};
use crate::frame::{ClockSource, Observation};
use crate::quantity::{Measure, Subject, exposure, frame};
use crate::render::words::judged_text;
use crate::signal::{EdgeTime, Pulse, Stretch};
use crate::spec::Limit;
use crate::study::Twin;
use crate::units::{Rational, Rounding, SampleIndex, Unit, measured_text, value_text};
use crate::verdict::{Check, Judged};

/// The lines around a check's worst value, with its edges and what was measured between them.
///
/// None where nothing was measured, and where the value belongs to the capture as a whole, such as a spread over many
/// frames: there is no one place that shows it.
#[must_use]
pub fn evidence(check: &Check, observation: &Observation) -> Option<Figure> {
    let worst = check.worst.as_ref()?;
    let request = request(check, worst, observation)?;
    let caption = caption(check, worst, observation);
    Some(Figure::new(drawing(&request), caption))
}

/// The same place of a capture that keeps to the limit: its lines around `twin`, over as long a time as [`evidence`] shows of the
/// check's own capture, so that the two can be laid one under the other.
#[must_use]
pub fn twin_evidence(check: &Check, own: &Observation, twin: &Twin, observation: &Observation) -> Option<Figure> {
    let worst = check.worst.as_ref()?;
    let shown = window(check, worst, own)?;
    let (from, to) = twin.samples;
    let before = worst.from.get().saturating_sub(shown.from.get());
    let start = from.get().saturating_sub(before);
    let end = start.saturating_add(shown.to.get() - shown.from.get()).min(observation.length.get());
    let window = Stretch { from: SampleIndex::new(start), to: SampleIndex::new(end) };
    let unit = check.quantity.unit;
    let text = match &twin.half_width {
        Some(half_width) => measured_text(&twin.value, half_width, unit),
        None => value_text(&twin.value, unit, Rounding::Nearest),
    };
    let caption = format!(
        "{} of frame {} in the good capture: {text}, from sample {from} to sample {to}.",
        check.quantity.id, twin.frame
    );
    let measured = Some(Measured { from, to, text, ink: Ink::Value });
    let request = (window.from < window.to).then_some(Request { observation, window, marked: &[], measured })?;
    Some(Figure::new(drawing(&request), caption))
}

/// The timeline to draw; none where there is no one place that shows the value.
pub(super) fn request<'a>(check: &Check, worst: &Judged, observation: &'a Observation) -> Option<Request<'a>> {
    let window = window(check, worst, observation)?;
    let (from, to) = ends(check, worst, observation);
    let measured = Measured { from, to, text: relation(check, worst), ink: ink(check) };
    Some(Request { observation, window, marked: &[], measured: Some(measured) })
}

/// Between what the value lies: of one that is measured to the middle of an exposure, to that and not to its far edge.
fn ends(check: &Check, worst: &Judged, observation: &Observation) -> (SampleIndex, SampleIndex) {
    let own = (worst.from, worst.to);
    let camera = match check.subject {
        Subject::Camera(camera) => &observation.cameras[camera],
        Subject::Line(_) => return own,
    };
    if camera.clock.source != ClockSource::StrobeMiddle {
        return own;
    }
    let exposures = || camera.exposures.iter();
    let middle = |at: SampleIndex, edge: fn(&Pulse) -> SampleIndex| {
        let pulse = exposures().map(|exposure| exposure.pulse).find(|pulse| edge(pulse) == at);
        pulse.and_then(|pulse| pulse.middle()).map_or(at, EdgeTime::at)
    };
    if *check.quantity == exposure::MIDDLE {
        let of_frame = exposures().find(|exposure| exposure.frame == worst.frame);
        let ends = of_frame.and_then(|exposure| Some((exposure.fsin?.at(), exposure.pulse.middle()?.at())));
        return ends.map_or(own, |(fsin, middle)| (fsin.min(middle), fsin.max(middle)));
    }
    match *check.quantity == frame::TIME {
        true => (middle(own.0, Pulse::from), middle(own.1, Pulse::to)),
        false => own,
    }
}

fn ink(check: &Check) -> Ink {
    match (check.failed, check.marginal) {
        (0, 0) => Ink::Value,
        (0, _) => Ink::Straddling,
        (_, _) => Ink::Outside,
    }
}

/// The samples to show: the measured stretch and as much again on both sides; around the event where a count stands at
/// one, a frame on both sides.
fn window(check: &Check, worst: &Judged, observation: &Observation) -> Option<Stretch> {
    const LEAST_PAD: u64 = 16;
    const MOST_FRAMES: u64 = 20;
    let (from, to) = (worst.from.get(), worst.to.get());
    let span = to.saturating_sub(from);
    let period = frame_period(check, observation);
    let pad = match (check.quantity.measure, check.quantity.unit) {
        (Measure::Frames(_), _) => span,
        (Measure::Capture(_) | Measure::Line(_), Unit::Count) => span.max(period.unwrap_or(span)),
        (Measure::Capture(_) | Measure::Line(_), Unit::Second | Unit::Hertz | Unit::Percent | Unit::Ppm) => span,
    };
    let is_within = || period.is_some_and(|period| span <= period.saturating_mul(MOST_FRAMES));
    let is_one_place = check.quantity.is_per_frame() || is_within();
    let pad = pad.max(LEAST_PAD);
    let length = observation.length.get();
    let window = Stretch {
        from: SampleIndex::new(from.saturating_sub(pad)),
        to: SampleIndex::new(to.saturating_add(pad).min(length)),
    };
    (is_one_place && window.from < window.to).then_some(window)
}

/// The frame time of the check's camera, in whole samples.
fn frame_period(check: &Check, observation: &Observation) -> Option<u64> {
    let camera = match check.subject {
        Subject::Camera(camera) => camera,
        Subject::Line(_) => 0,
    };
    let period = observation.cameras.get(camera)?.clock.period.as_ref()?.to_integer(Rounding::Up)?;
    u64::try_from(period).ok()
}

/// The value with its uncertainty against the limit that it was judged by: `20.062 ms ± 1 µs > 20.05 ms`.
fn relation(check: &Check, judged: &Judged) -> String {
    let unit = check.quantity.unit;
    let value = judged_text(judged, unit);
    let is_open = check.failed == 0 && check.marginal > 0;
    let value = match unit {
        Unit::Count => format!("{}: {value}", check.quantity.label),
        Unit::Second | Unit::Hertz | Unit::Percent | Unit::Ppm => value,
    };
    // What is open although it lies farther away is open for another reason than the uncertainty of samples and clock.
    let is_near = judged.half_width().is_none_or(|half_width| judged.margin.abs() <= half_width.times(10));
    match judged.limit(check) {
        Some(limit) if is_open && is_near => format!("{value}, too near to {}", limit_text(limit, &judged.value, unit)),
        Some(limit) if is_open => format!("{value} {}, not proven", against(limit, &judged.value, unit)),
        Some(limit) => format!("{value} {}", against(limit, &judged.value, unit)),
        None => value,
    }
}

fn against(limit: &Limit, value: &Rational, unit: Unit) -> String {
    match (limit.min(), limit.max()) {
        (_, Some(max)) if value > max => format!("> {}", value_text(max, unit, Rounding::Nearest)),
        (Some(min), _) if value < min => format!("< {}", value_text(min, unit, Rounding::Nearest)),
        (_, _) => format!("within {}", limit.text()),
    }
}

/// The end of a limit that is nearest to a value.
fn limit_text(limit: &Limit, value: &Rational, unit: Unit) -> String {
    let distance = |bound: &&Rational| (*bound - value).abs();
    let nearest = [limit.min(), limit.max()].into_iter().flatten().min_by_key(distance);
    nearest.map(|bound| value_text(bound, unit, Rounding::Nearest)).unwrap_or_default()
}

fn caption(check: &Check, judged: &Judged, observation: &Observation) -> String {
    let time = |sample: SampleIndex| {
        value_text(&observation.rate.seconds(sample - SampleIndex::default()), Unit::Second, Rounding::Nearest)
    };
    let of_frame = judged.frame.map(|frame| format!(" of frame {frame}")).unwrap_or_default();
    let place = match check.quantity.unit {
        Unit::Count => "The first one lies",
        Unit::Second | Unit::Hertz | Unit::Percent | Unit::Ppm => "Measured",
    };
    format!(
        "The worst {}{of_frame}: {}. {place} from sample {} ({}) to sample {} ({}).",
        check.quantity.id,
        relation(check, judged),
        judged.from,
        time(judged.from),
        judged.to,
        time(judged.to),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::{Bench, FIRST, PERIOD, check};

    fn window_of(bench: &Bench, id: &str) -> Option<(u64, u64)> {
        let judgement = bench.judge();
        let check = check(&judgement, id);
        let window = window(check, check.worst.as_ref()?, &judgement.observation)?;
        Some((window.from.get(), window.to.get()))
    }

    #[test]
    fn the_window_holds_as_much_again_on_both_sides() {
        let judgement = Bench::failing().judge();
        let worst = check(&judgement, "exposure.time").worst.clone().unwrap();
        // Frame 181 lasts 20,075 samples.
        assert_eq!((worst.frame, worst.to.get() - worst.from.get()), (Some(181), 20_075));
        let expected = (worst.from.get() - 20_075, worst.to.get() + 20_075);
        assert_eq!(window_of(&Bench::failing(), "exposure.time"), Some(expected));
        // Frames 90 and 91 are dropped: three frame times, and three more on both sides.
        let (from, to) = window_of(&Bench::failing(), "frame.missing").unwrap();
        assert!(from.abs_diff(FIRST + 86 * PERIOD) < 10 && to.abs_diff(FIRST + 95 * PERIOD) < 10, "{from} {to}");
    }

    #[test]
    fn what_belongs_to_the_whole_capture_has_no_one_place() {
        assert_eq!(window_of(&Bench::passing(), "frame.jitter"), None);
        assert_eq!(window_of(&Bench::silent(), "line.edges"), None);
        assert_eq!(window_of(&Bench::silent(), "exposure.time"), None);
    }

    #[test]
    fn the_value_is_set_against_its_limit() {
        let text = |bench: &Bench, id: &str| {
            let judgement = bench.judge();
            let check = check(&judgement, id);
            relation(check, check.worst.as_ref().unwrap())
        };
        assert_eq!(text(&Bench::failing(), "exposure.time"), "20.0750 ms ± 1 µs > 20.05 ms");
        assert_eq!(text(&Bench::sequence(), "exposure.time"), "9.9100 ms ± 1 µs < 9.95 ms");
        assert_eq!(text(&Bench::failing(), "frame.missing"), "missing frames: 2 > 0");
        assert_eq!(text(&Bench::open(), "exposure.time"), "20.0100 ms ± 1 µs, too near to 20.011 ms");
        assert_eq!(text(&Bench::passing(), "exposure.end"), "3.0 µs ± 1 µs within 0 us ± 20 us");
    }

    #[test]
    fn the_caption_says_where() {
        let judgement = Bench::failing().judge();
        let figure = evidence(check(&judgement, "exposure.time"), &judgement.observation).unwrap();
        let worst = check(&judgement, "exposure.time").worst.clone().unwrap();
        assert!(
            figure.caption.starts_with(
                "The worst exposure.time of frame 181: 20.0750 ms ± 1 µs > 20.05 ms. Measured from sample"
            )
        );
        for sample in [worst.from, worst.to] {
            assert!(figure.svg.contains(&format!(">sample {sample}</text>")), "{sample}");
        }
    }
}
