//! What only the camera's own log shows: frames that the host lost, sequence numbers that are offset, timestamps of
//! another instant.

use super::Severity;
use super::claims::Which;
use super::fault::{Candidate, Cause, Fault, LookAlike};
use super::scene::{Scene, counted, time_text};
use super::series::median;
use crate::log::{Convention, Matched, Recognition};
use crate::quantity::timestamp;

/// Field guide, F17.
pub(super) static HOST_DROP: Fault = Fault {
    id: "host-drop",
    number: "F17",
    severity: Severity::Fail,
    about: "The camera took every frame, and the host's log lacks some: they were lost on the way.",
    drawing: "\
STROBE  __|~~|____|~~|____|~~|____|~~|____|~~|__
log       #101    #102            #104    #105    #103 never arrived",
    causes: &[&LINK_TOO_SLOW, &HOST_LATE],
    look_alikes: &[LookAlike {
        fault: "dropped-frame",
        test: "look at STROBE: it shows the exposure of a frame that the host lost, and none of one that the sensor dropped",
    }],
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
    severity: Severity::Fail,
    about: "The log's timestamps do not mark the end of the exposure, but its start or its middle.",
    drawing: "\
STROBE  __|~~~~~~~~~~|____
          ^    ^     ^
      START  MIDDLE  END: the timestamp that STROBE's end shows",
    causes: &[&OTHER_OFFSET],
    look_alikes: &[],
};

static OTHER_OFFSET: Cause = Cause {
    why: "the host asks for another CameraExposureOffset than END",
    remedy: "log getTimestampDevice(END), or compare START with STROBE's start",
};

/// What each camera's log shows.
pub(super) fn find(scene: &Scene<'_>) -> Vec<Candidate> {
    let cameras = 0..scene.observation.rig.cameras.len();
    cameras
        .filter_map(|camera| Some((camera, scene.camera(camera).logged.matched()?)))
        .flat_map(|(camera, log)| {
            [convention(scene, camera, log), lost(scene, camera, log), offset(scene, camera, log)]
        })
        .flatten()
        .collect()
}

fn lost(scene: &Scene<'_>, camera: usize, log: &Matched) -> Option<Candidate> {
    let exposures = &scene.camera(camera).exposures;
    let at: Vec<u64> = log.missing.iter().map(|&place| exposures[place].pulse.from().get()).collect();
    let first = *at.first()?;
    let candidate = HOST_DROP.seen(
        format!("the host's log lacks {} that the camera took", counted(at.len(), "frame")),
        format!(
            "{} of {} exposures have no timestamp, first the one at {}; STROBE shows them all",
            at.len(),
            log.frames.len() + at.len(),
            scene.when(first)
        ),
    );
    let broken = scene.is_broken(camera, &timestamp::MISSING);
    let explains = scene.not_passed(&[camera], &[Which::One(&timestamp::MISSING)]);
    let candidate = candidate.of_camera(scene.camera_name(camera), explains).at(at);
    Some(candidate.with_severity(if broken { Severity::Fail } else { Severity::Warn }))
}

fn convention(scene: &Scene<'_>, camera: usize, log: &Matched) -> Option<Candidate> {
    let (what, slope) = match &log.recognition {
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
    let broken = scene.is_broken(camera, &timestamp::RESIDUAL);
    let explains = scene.not_passed(&[camera], &[Which::One(&timestamp::RESIDUAL)]);
    let first = log.frames.first().map(|frame| scene.camera(camera).exposures[frame.exposure].pulse.to().get());
    let candidate = candidate.of_camera(scene.camera_name(camera), explains).at(first.into_iter().collect());
    Some(candidate.with_severity(if broken { Severity::Fail } else { Severity::Warn }))
}

/// The sequence number of an exposure, by its place among the camera's exposures.
fn sequence(log: &Matched, exposure: usize) -> Option<i64> {
    let frame = log.frames.iter().find(|frame| frame.exposure == exposure)?;
    log.stamps.get(frame.stamp)?.sequence
}

fn offset(scene: &Scene<'_>, camera: usize, log: &Matched) -> Option<Candidate> {
    if camera == 0 {
        return None;
    }
    let first = scene.camera(0).logged.matched()?;
    let own = scene.camera(camera);
    let pairs = log.frames.iter().filter_map(|frame| {
        let partner = (*own.partners.get(frame.exposure)?)?;
        let number = log.stamps.get(frame.stamp)?.sequence?;
        Some((number.checked_sub(sequence(first, partner)?)?, own.exposures[frame.exposure].pulse.from().get()))
    });
    let pairs: Vec<(i64, u64)> = pairs.collect();
    let middle = median(pairs.iter().map(|(offset, _)| *offset as f64).collect())?;
    let same = pairs.iter().filter(|(offset, _)| (*offset as f64 - middle).abs() < 0.5).count();
    if middle.abs() < 0.5 || same * 10 < pairs.len() * 8 || pairs.len() < 3 {
        return None;
    }
    let candidate = SEQUENCE_OFFSET.seen(
        format!(
            "the sequence numbers of {} are {middle:+.0} against those of {}",
            scene.camera_name(camera),
            scene.camera_name(0)
        ),
        format!("so in {same} of {} frames that both cameras exposed together", pairs.len()),
    );
    let at = pairs.first().map(|(_, at)| *at).into_iter().collect();
    Some(candidate.of_camera(scene.camera_name(camera), Vec::new()).at(at))
}
