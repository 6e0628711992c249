//! What the renderers for people say of the camera's log: what was found, how well, and by what.

use super::words::counted;
use crate::frame::{CameraFrames, Logged};
use crate::log::{Basis, ExposureLag, Matched, Recognition};
use crate::report::{Judgement, LogFile};
use crate::units::{Prefix, Rational, Rounding, Unit, half_width_text, measured_text};

/// Frames, and lines of a log, named in one sentence.
const NAMED: usize = 20;

/// Sentences on the log of a capture; none without one. Texts are as they are in the report.
pub(super) fn log_sentences(judgement: &Judgement) -> Vec<String> {
    let Some(file) = &judgement.provenance.log else { return Vec::new() };
    let observation = &judgement.observation;
    let several = observation.cameras.len() > 1;
    let mut sentences = Vec::new();
    for (camera, frames) in observation.rig.cameras.iter().zip(&observation.cameras) {
        let name = if several { Some(camera.name.as_str()) } else { None };
        sentences.extend(camera_sentences(file, name, frames));
    }
    sentences.extend(file.log.remarks.iter().cloned());
    sentences
}

fn camera_sentences(file: &LogFile, camera: Option<&str>, frames: &CameraFrames) -> Vec<String> {
    let of = camera.map(|camera| format!(" of {camera}")).unwrap_or_default();
    match &frames.logged {
        Logged::NotGiven => Vec::new(),
        Logged::Unmatched(reason) => vec![format!("camera log {}{of}: {reason}", file.path)],
        Logged::Matched(matched) => {
            let with = counted(matched.frames.len() as u64, "exposure");
            let mut sentences = vec![
                format!("camera log {}{of}: {with} with a timestamp ({})", file.path, file.log.time_column),
                clock_sentence(matched),
                convention_sentence(&matched.recognition),
            ];
            sentences.extend(lag_sentence(&matched.exposure_lag));
            sentences.extend(missing_sentence(matched, frames));
            sentences.extend(basis_sentence(matched.basis));
            sentences.extend(oddities(matched));
            sentences
        }
    }
}

/// `its clock shows 5 s ± 1.6 µs at sample 0, and runs 20.0 ppm ± 0.1 ppm fast of the analyzer's`.
fn clock_sentence(matched: &Matched) -> String {
    let clock = &matched.clock;
    let offset = measured_text(&clock.offset, &clock.offset_bound, Unit::Second);
    let million = |ratio: &Rational| ratio.times(1_000_000);
    let (rate, bound) = (million(&clock.rate), million(&clock.rate_bound));
    let side = if rate.is_negative() { "slow" } else { "fast" };
    let rate = measured_text(&rate.abs(), &bound, Unit::Ppm);
    let largest = half_width_text(&clock.largest_residual, Unit::Second);
    let fitted = counted(clock.fitted, "timestamp");
    format!(
        "its clock shows {offset} at sample 0, and runs {rate} {side} of the analyzer's: fitted to {fitted}, none of \
         them more than {largest} off"
    )
}

fn convention_sentence(recognition: &Recognition) -> String {
    let slope = |slope: &Rational, bound: &Rational| {
        let prefix = Prefix::for_value(&Rational::ONE, Unit::Count);
        let places = prefix.places_for(bound).clamp(2, 6);
        let (slope, bound) =
            (prefix.number(slope, places, Rounding::Nearest), prefix.number(bound, places, Rounding::Up));
        format!("it moves by {slope} ± {bound} of the exposure time")
    };
    match recognition {
        Recognition::Recognised { convention, slope: s, bound } => {
            format!("its timestamps mark the {} of the exposure ({})", convention.key(), slope(s, bound))
        }
        Recognition::Neither { slope: s, bound } => format!(
            "its timestamps mark neither end, middle nor start of the exposure: against the end, {}",
            slope(s, bound)
        ),
        Recognition::ExposureConstant => "whether its timestamps mark the end, the middle or the start of the exposure \
                                          cannot be told: the exposure time varies too little; they are taken for the end"
            .to_owned(),
    }
}

/// `its exposure times come 1 frame late`; nothing where they do not, or where that cannot be told.
fn lag_sentence(lag: &ExposureLag) -> Option<String> {
    let frames = lag.known().and_then(|lag| u64::try_from(lag).ok()).filter(|lag| *lag > 0)?;
    Some(format!("its exposure times come {} late", counted(frames, "frame")))
}

/// The numbers, as many as are named in one sentence.
fn list(numbers: &[String]) -> String {
    let named = numbers.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    let more = numbers.len().saturating_sub(NAMED);
    if more > 0 { format!("{named} and {more} more") } else { named }
}

fn missing_sentence(matched: &Matched, frames: &CameraFrames) -> Option<String> {
    let numbers = missing_frames(matched, frames);
    let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
    let (least, _) = matched.missing_between;
    let what = match least {
        least if least >= matched.missing.len() as u64 => "not in the log".to_owned(),
        0 => "without a timestamp, which a late row of the log may have".to_owned(),
        least => format!("without a timestamp, of which late rows of the log may have all but {least}"),
    };
    match numbers.as_slice() {
        [] => None,
        [one] => Some(format!("{what}: frame {one}")),
        [..] => Some(format!("{what}: frames {}", list(&numbers))),
    }
}

/// The numbers of the frames that a log lacks.
pub(super) fn missing_frames(matched: &Matched, frames: &CameraFrames) -> Vec<i64> {
    matched.missing.iter().filter_map(|&exposure| frames.exposures.get(exposure)?.frame).collect()
}

fn basis_sentence(basis: Basis) -> Option<String> {
    match basis {
        Basis::Intervals => None,
        Basis::Exposures => Some(
            "frame intervals agree at several places of the log: it was placed by its exposure times, which a camera may \
             report some frames late"
                .to_owned(),
        ),
        Basis::Overlap => Some(
            "frame intervals agree at several places of the log: it was placed where most of it meets an exposure; which \
             frame is which holds if log and capture cover the same frames"
                .to_owned(),
        ),
        Basis::Ambiguous { places } => Some(format!(
            "the log fits equally well at {places} places: which frame is which cannot be told, and the offset may be \
             off by whole frames; exposure times that vary would tell"
        )),
    }
}

fn oddities(matched: &Matched) -> Vec<String> {
    let mut sentences = Vec::new();
    if matched.clock.left_out > 0 {
        let late = counted(matched.clock.left_out, "timestamp");
        sentences.push(format!("{late} far early or late of the others: left out of the fit, and judged"));
    }
    if !matched.without_exposure.is_empty() {
        let lines: Vec<String> =
            matched.without_exposure.iter().map(|&stamp| matched.stamps[stamp].line.to_string()).collect();
        let noun = if lines.len() == 1 { "line" } else { "lines" };
        sentences.push(format!("logged without an exposure on STROBE: {noun} {} of the log", list(&lines)));
    }
    if matched.sequence_breaks > 0 {
        let places = counted(matched.sequence_breaks, "place");
        sentences.push(format!("its sequence numbers do not count the exposures that STROBE shows at {places}"));
    }
    sentences
}
