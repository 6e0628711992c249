//! Quantities of the camera's own log: how its timestamps lie on the exposures, and which frames it lacks.

use super::count::Count;
use super::exposure::strobe_line;
use super::{
    Absent, Bound, ClockShare, Doubt, Measure, Needs, On, Point, Points, Quantity, Reading, Seen, Track, Unseen,
};
use crate::frame::{CameraView, Logged};
use crate::log::{Basis, ExposureLag, Matched};
use crate::rig::Role;
use crate::units::{Rational, Unit};

/// Timestamp against STROBE end.
pub(crate) static RESIDUAL: Quantity = Quantity {
    id: "timestamp.residual",
    unit: Unit::Second,
    label: "timestamp residual",
    definition: "logged capture timestamp − STROBE end (row 0 of a rolling shutter), after the best fit of offset and rate; known to what the timestamps are rounded to",
    formula: "(t(log) − a) / b − t(STROBE end) with the offset a and the rate b of a robust least-squares fit",
    source: "Luxonis: the capture timestamp is the end of the exposure (of row 0)",
    raised_by: "timestamps taken late by the host, timestamps of the start or the middle of an exposure that varies, a clock that was set during the capture",
    needs: Needs::Log(&[Role::Strobe]),
    clock: ClockShare::Scales,
    unseen: Unseen::Move(On::Own(&[Role::Strobe])),
    measure: Measure::Frames(residual),
};

/// Frames that the log lacks.
pub(crate) static MISSING: Quantity = Quantity {
    id: "timestamp.missing",
    unit: Unit::Count,
    label: "frames missing in the log",
    definition: "captured frames, as STROBE shows them, that are absent from the camera's log while it runs",
    formula: "number of exposures without a timestamp while the log runs",
    source: "matching by intervals and sequence numbers",
    raised_by: "frames dropped on the way to the host: bandwidth, full queues",
    needs: Needs::Log(&[Role::Strobe]),
    clock: ClockShare::Cancels,
    unseen: Unseen::Nothing,
    measure: Measure::Capture(missing),
};

/// The log of a camera on its exposures.
pub(super) fn matched(camera: CameraView<'_>) -> Result<&Matched, Absent> {
    match &camera.frames.logged {
        Logged::Matched(matched) => match matched.exposure_lag {
            ExposureLag::Beside(lag) => Err(Absent::TooLittle(format!(
                "the log's times and its exposure times contradict each other: STROBE follows the exposure times {} where the \
                 times put them, and no camera tells them early or more than 3 frames late; log and capture must begin or end \
                 with the same frame",
                if lag < 0 { format!("{} frames before", -lag) } else { format!("{lag} frames behind") }
            ))),
            ExposureLag::NotLogged
            | ExposureLag::Stated(_)
            | ExposureLag::Found(_)
            | ExposureLag::Undecided(_)
            | ExposureLag::Unfollowed
            | ExposureLag::OtherUnit { .. } => Ok(matched),
        },
        Logged::NotGiven => Err(Absent::NoLog),
        Logged::Unmatched(reason) => Err(Absent::TooLittle(reason.clone())),
    }
}

fn residual(camera: CameraView<'_>) -> Result<Track, Absent> {
    let strobe = strobe_line(camera)?;
    let exposures = &camera.frames.exposures;
    let matched = matched(camera)?;
    let points = matched.frames.iter().map(|logged| {
        let exposure = exposures.at(logged.exposure);
        let (value, bound) = (&logged.residual, &logged.residual_bound);
        let reading = Reading::between(value - bound, value.clone(), value + bound);
        let end = exposure.pulse.to();
        Point { frame: exposure.frame, from: end, to: end, reading, seen: Seen::Whole }
    });
    let rate = &camera.observation.rate;
    let digit = rate.samples(&matched.time_digit.seconds());
    let doubt = (digit > Rational::integer(2)).then_some(Doubt::CoarseStamps);
    let slack = strobe.slack.times(2) + digit;
    Ok(Track { doubt, ..Track::of_times(rate, points.collect::<Points>(), slack) })
}

fn missing(camera: CameraView<'_>) -> Result<Track, Absent> {
    strobe_line(camera)?;
    let matched = matched(camera)?;
    let exposures = &camera.frames.exposures;
    let mut count = Count::default();
    for exposure in matched.missing.iter().map(|&missing| exposures.at(missing)) {
        if camera.judges(exposure.frame) {
            count.add(1, exposure.pulse.from(), exposure.pulse.to());
        }
    }
    let mut track = count.track(camera.observation);
    let (least, most) = matched.missing_between;
    if least < most {
        // It cannot be told which frames are missing: some of them may be warm-up.
        let least = least.saturating_sub(camera.observation.rig.skip_frames);
        track.points = track.points.with_first(|point| {
            point.reading.low = Bound::Closed(Rational::from(least).min(point.reading.value.clone()));
        });
        track.doubt.get_or_insert(Doubt::UnmetRows);
    }
    if let Basis::Ambiguous { .. } = matched.basis {
        let least = least.saturating_sub(camera.observation.rig.skip_frames);
        track.points = track.points.with_first(|point| {
            point.reading.low = Bound::Closed(Rational::from(least).min(point.reading.value.clone()));
            point.reading.high = match &point.reading.high {
                Bound::Unbounded => Bound::Unbounded,
                Bound::Open(high) | Bound::Closed(high) => Bound::Closed(Rational::from(most).max(high.clone())),
            };
        });
        track.doubt = (least < most).then_some(Doubt::AmbiguousLog).or(track.doubt);
    }
    let or_more = |points: &Points| points.with_first(|point| point.reading.high = Bound::Unbounded);
    if matched.behind_end > 0 {
        track.points = or_more(&track.points);
        track.doubt.get_or_insert(Doubt::LogEnds);
    }
    if !camera.observation.restarts().is_empty() {
        // It is laid on one part of the record only.
        track.points = or_more(&track.points);
        track.doubt.get_or_insert(Doubt::Seam);
    }
    Ok(track)
}
