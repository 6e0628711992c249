//! What only the camera's own log shows: frames that the host lost, sequence numbers that are offset, timestamps of
//! another instant.

use super::Severity;
use super::claims::Which;
use super::exposure::scaled_against;
use super::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use super::series::median;
use super::view::{CaptureView, JudgedCamera, counted, time_text};
use crate::log::{Convention, Matched, Recognition};
use crate::quantity::{Quantity, reported, timestamp};
use crate::units::Rational;

/// Field guide, F17.
pub(super) static HOST_DROP: Fault = Fault {
    id: "host-drop",
    number: "F17",
    about: "The camera took every frame, and the host's log lacks some: they were lost on the way.",
    drawing: "\
STROBE  __|~~|____|~~|____|~~|____|~~|____|~~|__
log       #101    #102            #104    #105    #103 never arrived",
    causes: &[&LINK_TOO_SLOW, &HOST_LATE],
    look_alikes: &[LookAlike {
        fault: "dropped-frame",
        test: "look at STROBE: it shows the exposure of a frame that the host lost, and none of one that the sensor dropped",
    }],
    ..FAILURE
};

static LINK_TOO_SLOW: Cause = Cause {
    why: "the link is too slow for the frames (4K over gigabit Ethernet), or a queue on the way is full",
    remedy: "lower the resolution or the frame rate, encode on the device, or make the queues block instead of drop",
};
static HOST_LATE: Cause = Cause {
    why: "the host was busy and took frames too late",
    remedy: "take frames in a thread of their own; the camera and its wires are in order",
};

/// Field guide, F18.
pub(super) static SEQUENCE_OFFSET: Fault = Fault {
    id: "sequence-offset",
    number: "F18",
    severity: Severity::Warn,
    about: "Two cameras expose together, and their logs give the same frame different sequence numbers.",
    drawing: "\
main   STROBE  __|~~|____|~~|____|~~|__    seq  7   8   9
right  STROBE  __|~~|____|~~|____|~~|__    seq  8   9  10",
    causes: &[&BEGAN_BEFORE],
    look_alikes: &[],
};

static BEGAN_BEFORE: Cause = Cause {
    why: "one camera began a frame before the other",
    remedy: "match frames by their timestamps, not by their sequence numbers",
};

/// Field guide, F36.
pub(super) static TIMESTAMP_CONVENTION: Fault = Fault {
    id: "timestamp-convention",
    number: "F36",
    about: "The log's timestamps do not mark the end of the exposure, but its start or its middle.",
    drawing: "\
STROBE  __|~~~~~~~~~~|____
          ^    ^     ^
      START  MIDDLE  END: the timestamp that STROBE's end shows",
    causes: &[&OTHER_OFFSET],
    ..FAILURE
};

static OTHER_OFFSET: Cause = Cause {
    why: "the host asks for another CameraExposureOffset than END",
    remedy: "log getTimestampDevice(END), or compare START with STROBE's start",
};

/// Field guide, F54.
pub(super) static METADATA_LAG: Fault = Fault {
    id: "metadata-lag",
    number: "F54",
    about: "The log's exposure times are those of earlier frames.",
    drawing: "\
STROBE    __|~~~~|__|~~|____|~~~~~~|__|~|____
log             5 ms   4 ms   2 ms     6 ms     each told one frame late",
    causes: &[&TOLD_LATE],
    look_alikes: &[LookAlike {
        fault: "exposure-scaled",
        test: "hold the exposure: a lag is then not to be seen, a wrong scale is",
    }],
    ..FAILURE
};

static TOLD_LATE: Cause = Cause {
    why: "the device reports the exposure that auto exposure had reached when the image left, not the one that it was taken with",
    remedy: "take the exposure of a frame from the row that comes so many frames later, or state timestamps.exposure_lag",
};

/// What each camera's log shows.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    let cameras = view.cameras();
    cameras
        .filter_map(|camera| Some((camera, camera.frames().logged.matched()?)))
        .flat_map(|(camera, log)| {
            [convention(camera, log), lost(camera, log), offset(camera, log), late(camera, log), scaled(camera, log)]
        })
        .flatten()
        .collect()
}

fn late(camera: JudgedCamera<'_>, log: &Matched) -> Option<Candidate> {
    let lag = log.exposure_lag.known().filter(|lag| *lag > 0)?;
    let told = told(camera, log, lag);
    let changed = told.windows(2).find(|two| (two[0].width - two[1].width).abs() > 0.01 * two[0].width);
    let frames = counted(usize::try_from(lag).unwrap_or(0), "frame");
    let candidate = METADATA_LAG.seen(
        format!("the log's exposure times come {frames} late"),
        format!(
            "with this lag STROBE follows them in {}, with another it does not; where it cannot be told which frame is which, \
             the log may lie as many frames beside it instead",
            counted(told.len(), "frame")
        ),
    );
    let at = changed.and_then(|two| two.get(1)).map(|frame| frame.at);
    Some(warning(camera, candidate, &reported::LAG).at(at.into_iter().collect()))
}

/// A finding that accounts for what does not pass of this quantity: a failure only where its limit is broken.
fn warning(camera: JudgedCamera<'_>, candidate: Candidate, quantity: &'static Quantity) -> Candidate {
    let severity = if camera.is_broken(quantity) { Severity::Fail } else { Severity::Warn };
    candidate.of(camera, &[Which::One(quantity)]).with_severity(severity)
}

/// A frame's exposure by STROBE and by the log, in seconds, and the sample at which it starts.
struct Told {
    width: f64,
    logged: f64,
    at: u64,
}

fn told(camera: JudgedCamera<'_>, log: &Matched, lag: i64) -> Vec<Told> {
    let view = camera.capture;
    let exposures = &camera.frames().exposures;
    let told = |(place, frame): (usize, &crate::log::LoggedFrame)| {
        let pulse = exposures.at(frame.exposure).pulse;
        let logged = log.reported(place, lag).filter(|_| pulse.is_whole())?.seconds().to_f64();
        Some(Told {
            width: view.seconds(Rational::from(pulse.to() - pulse.from()).to_f64()),
            logged,
            at: pulse.from().get(),
        })
    };
    log.frames.iter().enumerate().filter_map(told).collect()
}

/// A straight line through exposures by STROBE over those of the log.
struct Line {
    slope: f64,
    /// STROBE's for a logged 0, in seconds.
    offset: f64,
    /// How far an exposure lies from it at most, in seconds.
    off: f64,
}

/// The line, where exposures vary enough to tell a factor from a constant, and its slope from 1.
fn line(told: &[Told], sample: f64) -> Option<Line> {
    const FEWEST: usize = 4;
    let mean = |value: fn(&Told) -> f64| told.iter().map(value).sum::<f64>() / told.len() as f64;
    let (logged, width) = (mean(|told| told.logged), mean(|told| told.width));
    let squares: f64 = told.iter().map(|told| (told.logged - logged).powi(2)).sum();
    let slope = told.iter().map(|told| (told.logged - logged) * (told.width - width)).sum::<f64>() / squares;
    let offset = width - slope * logged;
    let off = told.iter().map(|told| (told.width - slope * told.logged - offset).abs()).fold(0.0, f64::max);
    let absolute: f64 = told.iter().map(|told| (told.logged - logged).abs()).sum();
    // What the slope moves by at most, if each width is off by the largest residual and a sample.
    let bound = (off + sample) * absolute / squares;
    (told.len() >= FEWEST && (slope - 1.0).abs() > bound).then_some(Line { slope, offset, off })
}

/// Exposures that are longer or shorter than the log says, all by one factor, whichever lag is the right one.
fn scaled(camera: JudgedCamera<'_>, log: &Matched) -> Option<Candidate> {
    let view = camera.capture;
    if !camera.is_broken(&reported::ERROR) {
        return None;
    }
    let by_lag: Vec<Vec<Told>> = log.exposure_lag.possible().iter().map(|&lag| told(camera, log, lag)).collect();
    let lines: Option<Vec<Line>> = by_lag.iter().map(|told| line(told, view.seconds(1.0))).collect();
    let (told, Line { slope, offset, off }) = by_lag.first().zip(lines?.into_iter().next())?;
    let candidate = scaled_against(
        slope,
        format!("exposures are {} of what the log says", super::view::percent(slope)),
        format!(
            "STROBE is {slope:.4} times the logged time and {} more, in {} to {}",
            time_text(offset),
            counted(told.len(), "frame"),
            time_text(off)
        ),
    );
    let first = told.iter().take(3).map(|told| told.at).collect();
    Some(candidate.of(camera, &[Which::One(&reported::ERROR)]).at(first))
}

fn lost(camera: JudgedCamera<'_>, log: &Matched) -> Option<Candidate> {
    let view = camera.capture;
    let exposures = &camera.frames().exposures;
    let at: Vec<u64> = log.missing.iter().map(|&place| exposures.at(place).pulse.from().get()).collect();
    let first = *at.first()?;
    // Rows that meet no exposure may be those that seem to be lacking.
    let (least, _) = log.missing_between;
    let least = usize::try_from(least).unwrap_or(usize::MAX).min(at.len());
    if least == 0 {
        return None;
    }
    let at_least = if least < at.len() { "at least " } else { "" };
    let candidate = HOST_DROP.seen(
        format!("the host's log lacks {at_least}{} that the camera took", counted(least, "frame")),
        format!(
            "{} of {} exposures have no timestamp, first the one at {}; STROBE shows them all",
            at.len(),
            log.frames.len() + at.len(),
            view.when(first)
        ),
    );
    Some(warning(camera, candidate, &timestamp::MISSING).at(at))
}

fn convention(camera: JudgedCamera<'_>, log: &Matched) -> Option<Candidate> {
    let (what, slope) = match &log.recognition {
        Recognition::Recognised { convention: found, slope, .. }
            if log.claims.is_some_and(|claims| claims != *found) =>
        {
            let claims = log.claims.map_or("", Convention::key);
            (
                format!(
                    "the log says that its timestamps mark the {claims} of the exposure, and they mark its {}",
                    found.key()
                ),
                slope,
            )
        }
        Recognition::Recognised { convention: Convention::End, .. } | Recognition::ExposureConstant => return None,
        Recognition::Recognised { convention, slope, .. } => {
            (format!("the timestamps mark the {} of the exposure, not its end", convention.key()), slope)
        }
        Recognition::Neither { slope, .. } => {
            ("the timestamps move with the exposure as no instant of it does".to_owned(), slope)
        }
    };
    let candidate = TIMESTAMP_CONVENTION.seen(
        what,
        format!(
            "where an exposure is 1 ms longer, its timestamp lies {} against STROBE's end (END: 0 ms, MIDDLE: -0.5 ms, START: -1 ms)",
            time_text(slope.to_f64() * 1e-3)
        ),
    );
    let first = log.frames.first().map(|frame| camera.frames().exposures.at(frame.exposure).pulse.to().get());
    Some(warning(camera, candidate, &timestamp::RESIDUAL).at(first.into_iter().collect()))
}

/// The sequence number of an exposure, by its place among the camera's exposures.
fn sequence(log: &Matched, exposure: usize) -> Option<i64> {
    let frame = log.frames.iter().find(|frame| frame.exposure == exposure)?;
    log.stamps.get(frame.stamp)?.sequence
}

fn offset(camera: JudgedCamera<'_>, log: &Matched) -> Option<Candidate> {
    let first_camera = camera.capture.cameras().next().filter(|first| *first != camera)?;
    let first = first_camera.frames().logged.matched()?;
    let own = camera.frames();
    let pairs = log.frames.iter().filter_map(|frame| {
        let partner = (*own.partners.get(frame.exposure)?)?;
        let number = log.stamps.get(frame.stamp)?.sequence?;
        Some((number.checked_sub(sequence(first, partner)?)?, own.exposures.at(frame.exposure).pulse.from().get()))
    });
    let pairs: Vec<(i64, u64)> = pairs.collect();
    let middle = median(pairs.iter().map(|(offset, _)| *offset as f64).collect())?;
    let same = pairs.iter().filter(|(offset, _)| (*offset as f64 - middle).abs() < 0.5).count();
    if middle.abs() < 0.5 || same * 10 < pairs.len() * 8 || pairs.len() < 3 {
        return None;
    }
    let candidate = SEQUENCE_OFFSET.seen(
        format!("the sequence numbers of {} are {middle:+.0} against those of {}", camera.name(), first_camera.name()),
        format!("so in {same} of {} frames that both cameras exposed together", pairs.len()),
    );
    let at = pairs.first().map(|(_, at)| *at).into_iter().collect();
    Some(candidate.of_camera(camera.name(), Vec::new()).at(at))
}
