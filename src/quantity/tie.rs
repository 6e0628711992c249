//! Time interval error and drift of the frame clock.

use super::fit::{Line, Sample};
use super::frame::{FSIN_OR_STROBE, Run, clock_slack, nominal, run, spread_track, taken_from, too_few_edges};
use super::interval::{Instant, peak_to_peak, widest};
use super::{Absent, ClockShare, Measure, On, Point, Quantity, Reading, Seen, Track, Unseen};
use crate::frame::CameraView;
use crate::signal::EdgeTime;
use crate::units::{Rational, Unit};

/// Time interval error against the fitted clock: the peak-to-peak of tₖ − (a + b·k), with a and b by least squares, the TIE of
/// IEEE 2414-2020 without its linear part. Known to ± 2.5 samples: half a sample for each of two edges, and three times that
/// at most for what the slope may be off over the run; where frames are missing in it, that is h·Σ|k − k̄| / Σ(k − k̄)² over the
/// whole run, which may be more.
pub(crate) static TIE: Quantity = Quantity {
    id: "frame.tie",
    unit: Unit::Second,
    label: "time interval error (fitted)",
    definition: "peak-to-peak of frame start − fitted frame clock (least squares), IEEE 2414 time interval error without drift",
    formula: "max(e) − min(e), e(n) = t(n) − (a + b·n) with least-squares a, b",
    source: "IEEE 2414-2020, time interval error against the fitted clock",
    raised_by: "wander of the frame clock, phase resets, late frames; a constant error of the frame time does not raise it",
    needs: FSIN_OR_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Clock),
    measure: Measure::Capture(tie),
};

/// Time interval error against the nominal clock: the peak-to-peak of tₖ − k·T, the TIE of IEEE 2414-2020, which a difference
/// of the clocks makes grow. Known to ± 1 sample, and to the error of the analyzer's clock over the whole capture.
pub(crate) static TIE_NOMINAL: Quantity = Quantity {
    id: "frame.tie-nominal",
    unit: Unit::Second,
    label: "time interval error (nominal)",
    definition: "peak-to-peak of frame start − nominal frame clock, IEEE 2414 time interval error with drift",
    formula: "max(e) − min(e), e(n) = t(n) − (t(0) + n·T) with the nominal T",
    source: "IEEE 2414-2020, time interval error against the nominal clock",
    raised_by: "drift, which adds up over the capture, and all that raises frame.tie",
    needs: FSIN_OR_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Clock),
    measure: Measure::Capture(tie_nominal),
};

/// Fitted frame time against the nominal: b / T − 1, with b = Σ(k − k̄)(tₖ − t̄) / Σ(k − k̄)² (least squares). Each edge is known
/// to half a sample, so b to ½·Σ|k − k̄| / Σ(k − k̄)² of one.
pub(crate) static DRIFT: Quantity = Quantity {
    id: "frame.drift",
    unit: Unit::Ppm,
    label: "frame drift",
    definition: "the fitted frame time (least squares) against the nominal one",
    formula: "(b / T − 1)·10⁶ with the least-squares frame time b and the nominal T",
    source: "IEEE 2414-2020, frequency offset",
    raised_by: "the camera's crystal, frame times of whole sensor lines; the analyzer's own clock enters whole",
    needs: FSIN_OR_STROBE,
    clock: ClockShare::Whole,
    unseen: Unseen::Move(On::Clock),
    measure: Measure::Capture(drift),
};

fn tie(camera: CameraView<'_>) -> Result<Track, Absent> {
    let run = run(camera, 3)?;
    let slack = clock_slack(camera);
    let samples = samples(&run);
    let fit = Line::fit(&samples).ok_or_else(|| too_few_edges(camera, 3))?;
    let residuals: Vec<Rational> = samples.iter().map(|sample| fit.residual(*sample)).collect();
    let (Some(top), Some(bottom)) = (residuals.iter().max(), residuals.iter().min()) else {
        return Err(too_few_edges(camera, 3));
    };
    let value = top - bottom;
    let frames = run.last.starts.abs_diff(run.first.starts);
    let widths = fit.leverage().times(i128::from(frames)) + Rational::integer(2);
    let widths = widths.max(Rational::integer(5));
    let bound = widest(edges(&run), &slack) * &widths;
    let reading = Reading::between(&value - &bound, value.clone(), &value + &bound).not_below_zero();
    let (from, to) = taken_from(camera, run.first, run.last);
    Ok(spread_track(camera.observation, reading, from, to, &slack * &widths).of_the_whole(camera.observation))
}

fn edges(run: &Run<'_>) -> impl Iterator<Item = EdgeTime> {
    run.edges.clone().map(|edge| edge.edge)
}

/// A run's edges as a line is fitted through them.
fn samples(run: &Run<'_>) -> Vec<Sample> {
    run.edges.clone().map(|edge| Sample { frame: edge.starts, at: edge.edge.until() }).collect()
}

fn tie_nominal(camera: CameraView<'_>) -> Result<Track, Absent> {
    let period = nominal(camera)?;
    let run = run(camera, 2)?;
    let slack = clock_slack(camera);
    let errors: Vec<Reading> = (run.edges.clone())
        .map(|edge| {
            let instant = Instant::of(edge.edge, &slack);
            let ideal = period.times(i128::from(edge.starts));
            Reading::between(&instant.after - &ideal, &instant.at - &ideal, &instant.until - &ideal)
        })
        .collect();
    let spread = peak_to_peak(errors.iter().cloned()).ok_or_else(|| too_few_edges(camera, 2))?;
    let (from, to) = taken_from(camera, run.first, run.last);
    // The clock's error counts of the true time, which is the longer by it.
    let measured = camera.observation.rate.seconds(to - from);
    let clock_span = measured.checked_div(&(&Rational::ONE - &camera.observation.clock)).unwrap_or(measured);
    Ok(Track { clock_span, ..spread_track(camera.observation, spread, from, to, slack.times(2)) }
        .of_the_largest(camera.observation))
}

fn drift(camera: CameraView<'_>) -> Result<Track, Absent> {
    let period = nominal(camera)?;
    let run = run(camera, 2)?;
    let slack = clock_slack(camera);
    let too_few = || too_few_edges(camera, 2);
    let fit = Line::fit(&samples(&run)).ok_or_else(too_few)?;
    let bound = fit.slope_bound(&widest(edges(&run), &slack));
    let ratio = |slope: &Rational| slope.checked_div(&period).map(|ratio| &ratio - &Rational::ONE);
    let (low, value, high) = (ratio(&(fit.slope() - &bound)), ratio(fit.slope()), ratio(&(fit.slope() + &bound)));
    let (Some(low), Some(value), Some(high)) = (low, value, high) else { return Err(too_few()) };
    let slack_ratio = fit.slope_bound(&slack).checked_div(&period).ok_or_else(too_few)?;
    let (from, to) = taken_from(camera, run.first, run.last);
    let point = Point { frame: None, from, to, reading: Reading::between(low, value, high), seen: Seen::Whole };
    let track = Track { scale: Rational::integer(1_000_000), slack: slack_ratio, ..Track::plain(vec![point]) };
    Ok(track.of_the_whole(camera.observation))
}
