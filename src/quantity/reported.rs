//! The exposure that the camera's log states, against the one that STROBE shows.

use super::exposure::{readout_samples, strobe_line};
use super::interval::{Instant, larger, smaller};
use super::timestamp::matched;
use super::{
    Absent, Bound, ClockShare, Doubt, Measure, Needs, On, Point, Points, Quantity, Reading, Seen, Track, Unseen,
};
use super::{WhyLeftOut, exposure};
use crate::frame::{CameraView, Exposure, Observation, ObservedLine};
use crate::log::{Basis, ExposureLag, LogTime, Matched};
use crate::rig::{Role, StrobeShows};
use crate::units::{Rational, Rounding, SampleIndex, Unit, value_text};

/// Measured exposure time less the logged one. The logged time is true time: by a clock that is off by up to ε a measured time w is
/// truly between w / (1 + ε) and w / (1 − ε), so that the clock's share is in the bounds.
pub(crate) static ERROR: Quantity = Quantity {
    id: "exposure.error",
    unit: Unit::Second,
    label: "exposure error",
    definition: "exposure.time (of a rolling shutter, a row's by timing.strobe_shows) less the exposure time that the camera's log states for that frame: by the row of the frame exposure.lag later; known to one unit of the column's coarsest last digit",
    formula: "exposure.time(n) − logged exposure(n + exposure.lag)",
    source: "reported metadata against STROBE, as users of depth cameras do with an LED",
    raised_by: "rounding to rows, a delay between the settings and the image, metadata that tells what was asked for and not what was done",
    needs: Needs::Log(&[Role::Strobe]),
    clock: ClockShare::Cancels,
    unseen: Unseen::Move(On::Own(&[Role::Strobe])),
    measure: Measure::Frames(error),
};

/// By how many frames the logged exposure times are late.
pub(crate) static LAG: Quantity = Quantity {
    id: "exposure.lag",
    unit: Unit::Count,
    label: "lag of the logged exposure",
    definition: "by how many frames the log is late with exposure times: the row of frame n + lag tells the exposure of frame n; of 0 to 3 the one with which the measured times follow the logged ones (twice as well as with any other, and by more than the bounds), or the stated one; found only where the intervals of the frames tell, by more than chance, which frame is which row",
    formula: "argmin over 0 ≤ l ≤ 3 of Σ|r(n) − median r|, r = exposure.time(n) − a · logged exposure(n + l), a of least squares within 1 ± 10 %",
    source: "depthai: exposure metadata is reported some frames late",
    raised_by: "metadata that is read when the image leaves the device",
    needs: Needs::Log(&[Role::Strobe]),
    clock: ClockShare::Cancels,
    unseen: Unseen::Move(On::Own(&[Role::Strobe])),
    measure: Measure::Capture(lag),
};

fn not_logged() -> Absent {
    Absent::TooLittle(
        "the log has no exposure times: name their column with timestamps.exposure = \"COLUMN\"".to_owned(),
    )
}

fn other_unit(logged: i128, shown: i128) -> Absent {
    let [logged, shown] =
        [logged, shown].map(|femtos| value_text(&LogTime::new(femtos).seconds(), Unit::Second, Rounding::Nearest));
    Absent::TooLittle(format!(
        "the log's exposure times are {logged}, and STROBE shows {shown} (medians): is their unit right (timestamps.exposure_unit, \
         --column exposure_unit=ns)?"
    ))
}

/// A frame, and the exposure times that may be those which the log states for it, in sample periods.
struct Told {
    exposure: Exposure,
    logged: Vec<Rational>,
}

/// What makes errors of logged times.
struct Errors<'a> {
    observation: &'a Observation,
    strobe: &'a ObservedLine,
    /// One unit of the coarsest last digit, in sample periods.
    digit: Rational,
    /// How much longer a row is exposed than STROBE lasts, in sample periods.
    longer: Rational,
}

impl Errors<'_> {
    /// The error of an exposure that was seen whole.
    fn reading(&self, exposure: &Exposure, logged: &Rational) -> Option<Reading> {
        let (start, end) = (exposure.pulse.start.edge()?, exposure.pulse.end.edge()?);
        let slack = &self.strobe.slack;
        let width = Instant::of(start, slack).until(&Instant::of(end, slack));
        let clock = &self.observation.clock;
        let truly = |at: Option<&Rational>, factor: Rational| at?.checked_div(&factor);
        let logged = logged - &self.longer;
        let low = truly(width.low.at(), &Rational::ONE + clock)? - &logged - &self.digit;
        let high = truly(width.high.at(), &Rational::ONE - clock)? - &logged + &self.digit;
        Some(Reading::between(low, &width.value - &logged, high))
    }

    /// The errors by any of the logged times of each frame.
    fn track(&self, told: &[Told], logged: impl Fn(&Told) -> Vec<Rational>) -> Track {
        let point = |told: &Told| {
            let readings: Vec<Reading> =
                logged(told).iter().filter_map(|logged| self.reading(&told.exposure, logged)).collect();
            let high: Bound = readings.iter().cloned().reduce(larger)?.high;
            let low: Bound = readings.iter().cloned().reduce(smaller)?.low;
            let value = readings.into_iter().next()?.value;
            let pulse = &told.exposure.pulse;
            let reading = Reading { value, low, high };
            Some(Point { frame: told.exposure.frame, from: pulse.from(), to: pulse.to(), reading, seen: Seen::Whole })
        };
        let slack = &self.strobe.slack.times(2) + &self.digit;
        Track::of_times(&self.observation.rate, told.iter().filter_map(point).collect::<Points>(), slack)
    }
}

fn error(camera: CameraView<'_>) -> Result<Track, Absent> {
    let strobe = strobe_line(camera)?;
    let matched = matched(camera)?;
    let samples = |time: LogTime| camera.observation.rate.samples(&time.seconds());
    let readout = readout_samples(camera).unwrap_or(Rational::ZERO);
    let longer = match camera.wiring.strobe_shows {
        StrobeShows::Row0 => Rational::ZERO,
        StrobeShows::AllRows => readout,
        StrobeShows::AnyRow => -&readout,
    };
    let errors = Errors { observation: camera.observation, strobe, digit: samples(matched.exposure_digit), longer };
    let possible = match &matched.exposure_lag {
        ExposureLag::NotLogged => return Err(not_logged()),
        ExposureLag::OtherUnit { logged, shown } => return Err(other_unit(*logged, *shown)),
        ExposureLag::Unfollowed | ExposureLag::Beside(_) => {
            let text = "STROBE follows the exposure times of the log by no row, whichever lag is tried (is their unit right?), and nothing else tells which frame is which in it";
            return Err(Absent::TooLittle(text.to_owned()));
        }
        known @ (ExposureLag::Stated(_) | ExposureLag::Found(_) | ExposureLag::Undecided(_)) => known.possible(),
    };
    let exposures = &camera.frames.exposures;
    let whole = exposures.iter().filter(|exposure| exposure.frame.is_some() && exposure.pulse.is_whole()).count();
    let rows = Rows::of(matched.basis, &matched.exposure_lag);
    let told: Vec<Told> = (matched.frames.iter().enumerate())
        .filter(|(_, frame)| exposures.at(frame.exposure).pulse.is_whole())
        .filter_map(|(place, frame)| {
            let logged: Option<Vec<Rational>> = match rows {
                Rows::Any => extremes(matched).map(|ends| ends.map(samples).to_vec()),
                Rows::Known | Rows::OneLag => {
                    possible.iter().map(|&lag| matched.reported(place, lag).map(samples)).collect()
                }
            };
            Some(Told { exposure: exposures.at(frame.exposure), logged: logged? })
        })
        .collect();
    let mut track = errors.track(&told, |told| told.logged.clone());
    if track.points.is_empty() {
        return Err(Absent::TooLittle("no frame has an exposure time in the log".to_owned()));
    }
    match rows {
        Rows::Known => {}
        Rows::OneLag => {
            let by = |place: usize| errors.track(&told, |told| told.logged.get(place).cloned().into_iter().collect());
            track.one_of = (0..possible.len()).map(by).collect();
            track.doubt = Some(Doubt::ExposureLag);
        }
        Rows::Any => {
            // The frame's own row may be none of the log: that others do not fit proves nothing.
            track.points = track.points.with(|point| point.seen = Seen::InDoubt);
            track.doubt = Some(Doubt::AmbiguousLog);
        }
    }
    let left_out = whole - track.points.len();
    Ok(track.leaving_out(WhyLeftOut::NotLogged, left_out))
}

/// Which row of a log states the exposure of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// It is known, or the lag is stated.
    Known,
    /// That of one lag, of a few.
    OneLag,
    /// It may be any, or one that the log does not hold.
    Any,
}

impl Rows {
    fn of(basis: Basis, lag: &ExposureLag) -> Rows {
        match (basis, lag) {
            (_, ExposureLag::Found(_) | ExposureLag::Stated(_)) => Rows::Known,
            (Basis::Intervals, _) => Rows::OneLag,
            (Basis::Exposures | Basis::Overlap | Basis::Ambiguous { .. }, _) => Rows::Any,
        }
    }
}

/// The least and the most exposure time of a log: one of a frame of which it is not known which row is its own lies between.
fn extremes(matched: &Matched) -> Option<[LogTime; 2]> {
    let all = || matched.stamps.iter().filter_map(|stamp| stamp.exposure);
    Some([all().min()?, all().max()?])
}

fn lag(camera: CameraView<'_>) -> Result<Track, Absent> {
    exposure::strobe_line(camera)?;
    let matched = matched(camera)?;
    let found = || match (matched.basis, &matched.exposure_lag) {
        (_, ExposureLag::NotLogged) => Err(not_logged()),
        (_, ExposureLag::OtherUnit { logged, shown }) => Err(other_unit(*logged, *shown)),
        (_, ExposureLag::Stated(lag)) => Ok(*lag),
        (Basis::Ambiguous { .. }, _) => Err(Absent::TooLittle(Doubt::AmbiguousLog.reason().to_owned())),
        (Basis::Exposures | Basis::Overlap, _)
        | (Basis::Intervals, ExposureLag::Unfollowed | ExposureLag::Beside(_)) => {
            let text = "which frame is which in the log is told by nothing but its length or its exposure times, so that it may be late by others";
            Err(Absent::TooLittle(text.to_owned()))
        }
        (Basis::Intervals, ExposureLag::Undecided(lags)) => {
            let lags: Vec<String> = lags.iter().map(i64::to_string).collect();
            let text = format!("the exposure times of the log fit with a lag of {} frames alike", lags.join(", "));
            Err(Absent::TooLittle(text))
        }
        (Basis::Intervals, ExposureLag::Found(lag)) => Ok(*lag),
    };
    let is_read = !matches!(matched.exposure_lag, ExposureLag::NotLogged | ExposureLag::OtherUnit { .. });
    let lag = match matched.stated_lag {
        Some(stated) if is_read => stated,
        Some(_) | None => found()?,
    };
    let end = SampleIndex::new(camera.observation.length.get().saturating_sub(1));
    let reading = Reading::exact(Rational::integer(i128::from(lag)));
    Ok(Track::plain(vec![Point { frame: None, from: SampleIndex::default(), to: end, reading, seen: Seen::Whole }]))
}
