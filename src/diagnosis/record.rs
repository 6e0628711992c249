//! Faults of the record itself: samples that are lost on all lines at once, noise of the transfer, and pulses that the
//! ends of the record cut.

use super::fault::{Candidate, Fault, LookAlike};
use super::scene::{LineView, Scene, counted};
use super::series::{Break, Rhythm};
use super::trains::Span;
use super::{Severity, repeats};
use crate::verdict::Verdict;

/// Field guide, F33.
pub(super) static DROPPED_SAMPLES: Fault = Fault {
    id: "dropped-samples",
    number: "F33",
    severity: Severity::Fail,
    about: "The analyzer lost samples, or made them up: every line jumps at the same instant, a stretch of samples comes twice, or noise stands at a fixed distance of samples.",
    drawing: "\
FSIN    _|~|________|~|_____|~|________|~|______   all lines come
STROBE  __|~~~~~|_____|~~~|____|~~~~~|_____|~~~~   early from here on
                        ^ samples are missing",
    causes: &[
        "the analyzer's USB transfer could not keep up (a hub, a long cable, another device on the bus, a rate too high)",
        "the host was busy and read too late",
    ],
    remedies: &[
        "lower the sample rate, plug the analyzer into a port of its own, capture again; the camera is not judged by this capture",
        "close what else uses the bus or the disk; use the analyzer's own memory if it has one",
    ],
    look_alikes: &[LookAlike {
        fault: "phase-reset",
        test: "capture again at half the rate: a camera that restarts does so again, with whole pulses before and after",
    }],
};

/// Field guide, F35.
pub(super) static TRUNCATED_PULSES: Fault = Fault {
    id: "truncated-pulses",
    number: "F35",
    severity: Severity::Info,
    about: "The ends of the record cut so many pulses that too few whole ones are left to judge.",
    drawing: "\
STROBE  ~~~~|__________|~~~~   both pulses are cut:
        ^ record begins   ^ ends   neither has a width",
    causes: &["the capture is too short for the frame rate"],
    remedies: &["capture at least ten frames: at 30 frames a second, half a second"],
    look_alikes: &[],
};

/// Lost samples: lines that jump together; samples that came twice; and noise at a stride.
pub(super) fn find_losses(scene: &Scene<'_>) -> Vec<Candidate> {
    stride_noise(scene).or_else(|| repeats(scene)).or_else(|| jumps(scene)).into_iter().collect()
}

fn repeats(scene: &Scene<'_>) -> Option<Candidate> {
    let twice = repeats::find(scene)?;
    let summary = "samples were recorded twice: the analyzer is at fault, not the camera".to_owned();
    let candidate = DROPPED_SAMPLES.seen(summary, twice.evidence).most_likely(
        "a buffer of the analyzer or of its driver was handed over twice, since the transfer could not keep up",
        "lower the sample rate and capture again; what comes before the first repeat can be judged with --to",
    );
    Some(whole_capture(scene, candidate.at(twice.at.to_vec())))
}

/// Strides at which transfers meet are powers of two of samples in this range.
const STRIDES: std::ops::RangeInclusive<u32> = 8..=20;
/// Noise at a stride stands within so many samples of it (field guide: 8 in 2048).
const STRIDE_WINDOW: u64 = 16;
/// So many places must show it: fewer are chance.
const STRIDE_PLACES: usize = 5;

fn stride_noise(scene: &Scene<'_>) -> Option<Candidate> {
    let limit = scene.longest_glitch();
    let mut spikes: Vec<u64> = scene
        .lines
        .iter()
        .flat_map(|line| &line.disturbances)
        .filter(|span| span.length() <= limit)
        .map(|span| span.from)
        .collect();
    spikes.sort_unstable();
    let mut places: Vec<u64> = spikes.clone();
    places.dedup_by(|next, kept| *next - *kept <= STRIDE_WINDOW);
    if places.len() < STRIDE_PLACES {
        return None;
    }
    // The longest stride at which nearly all of them stand; noise at random never stands so.
    let (stride, phase) = STRIDES.rev().find_map(|power| {
        let stride = 1_u64 << power;
        let phase = places[0] % stride;
        let stands = |place: &&u64| {
            let off = (**place + stride - phase) % stride;
            off <= STRIDE_WINDOW || stride - off <= STRIDE_WINDOW
        };
        let standing = places.iter().filter(stands).count();
        (standing * 10 >= places.len() * 9 && stride > 8 * STRIDE_WINDOW).then_some((stride, phase))
    })?;
    let distinct = places.windows(2).any(|pair| pair[1] - pair[0] >= stride / 2);
    if !distinct {
        return None;
    }
    let candidate = DROPPED_SAMPLES.seen(
        format!("noise stands at every {stride} samples: it comes from the transfer, not from the camera"),
        format!(
            "{} of up to {STRIDE_WINDOW} samples begin at sample {phase} and whole multiples of {stride} after it",
            counted(places.len(), "burst")
        ),
    );
    Some(whole_capture(scene, candidate.at(places)))
}

/// A jump that all lines share, and whether it cut a pulse.
struct Jump {
    from: f64,
    to: f64,
    excess: f64,
    lines: usize,
    cut: Option<(usize, Span)>,
}

/// The most jumps that are lost samples: a capture with more has no rhythm to jump out of.
const MOST_JUMPS: usize = 12;

fn jumps(scene: &Scene<'_>) -> Option<Candidate> {
    let rhythms: Vec<(&LineView<'_>, Vec<Break>)> =
        scene.lines.iter().filter_map(|line| Some((line, breaks(scene, line)?))).collect();
    let (lead, rest) = rhythms.split_first()?;
    if rest.is_empty() || lead.1.is_empty() || lead.1.len() > MOST_JUMPS {
        return None;
    }
    let jumps: Vec<Jump> = lead.1.iter().map(|jump| shared(scene, lead, jump, rest)).collect::<Option<_>>()?;
    let same_number = rest.iter().all(|(_, breaks)| breaks.len() == lead.1.len());
    let period = lead.0.period?;
    // A jump that lengthens a frame and leaves all pulses whole is a camera that began anew.
    let is_loss = |jump: &Jump| jump.to - jump.from < period - scene.tolerance(period) || jump.cut.is_some();
    if !same_number || !jumps.iter().all(is_loss) {
        return None;
    }
    let first = jumps.first()?;
    let lost = (-first.excess).rem_euclid(period);
    let mut evidence = format!(
        "between {} and {} {} come early by about {} (or by whole frames more), all by the same",
        scene.when(first.from as u64),
        scene.when(first.to as u64),
        counted(first.lines, "line"),
        scene.time(lost)
    );
    if let Some((line, span)) = first.cut {
        let line = &scene.lines[line];
        evidence.push_str(&format!(
            "; {} lasts {} there and {} elsewhere",
            line.label(),
            scene.time(span.length() as f64),
            scene.time(line.width().unwrap_or(0.0))
        ));
    }
    let summary = match jumps.len() {
        1 => "all lines jump at the same instant: samples are missing there".to_owned(),
        count => format!("all lines jump at the same {count} instants: samples are missing there"),
    };
    let places = jumps.iter().map(|jump| jump.from as u64).collect();
    Some(whole_capture(scene, DROPPED_SAMPLES.seen(summary, evidence).at(places)))
}

/// Where the rhythm of a line breaks; none for a line without a rhythm.
fn breaks(scene: &Scene<'_>, line: &LineView<'_>) -> Option<Vec<Break>> {
    let period = line.period?;
    let tolerance = scene.tolerance(period);
    let rhythm: Rhythm = line.rhythm(tolerance)?;
    rhythm.is_kept().then_some(rhythm.breaks)
}

/// The jump of the lead as all other lines show it: at the same time and by as much.
fn shared(
    scene: &Scene<'_>,
    lead: &(&LineView<'_>, Vec<Break>),
    jump: &Break,
    rest: &[(&LineView<'_>, Vec<Break>)],
) -> Option<Jump> {
    let period = lead.0.period?;
    let tolerance = 2.0 * scene.tolerance(period);
    let same = |a: f64, b: f64| {
        let apart = (a - b).rem_euclid(period);
        apart.min(period - apart) <= tolerance
    };
    let (mut from, mut to) = (jump.from, jump.to);
    for (_, breaks) in rest {
        let theirs = breaks.iter().find(|b| b.from < to && b.to > from && same(b.excess, jump.excess))?;
        from = from.max(theirs.from);
        to = to.min(theirs.to);
    }
    let lines = 1 + rest.len();
    let cut =
        scene.lines.iter().enumerate().find_map(|(place, line)| Some((place, odd_pulse(line, from, to, tolerance)?)));
    Some(Jump { from: jump.from, to: jump.to, excess: jump.excess, lines, cut })
}

/// A pulse around the instant whose width no other pulse of the line has.
fn odd_pulse(line: &LineView<'_>, from: f64, to: f64, tolerance: f64) -> Option<Span> {
    let place = line.signal.iter().position(|span| (span.from as f64) <= to && span.to as f64 >= from)?;
    let around = line.signal.get(place..=(place + 1).min(line.signal.len() - 1)).unwrap_or(&[]);
    let is_odd = |span: &&Span| {
        let others = line.signal.iter().filter(|other| other != span);
        others.clone().count() >= 3
            && others.clone().all(|other| (other.length() as f64 - span.length() as f64).abs() > tolerance)
    };
    around.iter().filter(|span| span.from as f64 <= to && span.to as f64 >= from).find(is_odd).copied()
}

fn whole_capture(scene: &Scene<'_>, candidate: Candidate) -> Candidate {
    let cameras: Vec<usize> = (0..scene.observation.rig.cameras.len()).collect();
    let explains = scene.not_passed(&cameras, &[""]);
    candidate.explaining(explains, cameras)
}

/// Exposures that could not be judged, because those that there are were cut.
pub(super) fn find_truncated(scene: &Scene<'_>) -> Vec<Candidate> {
    (0..scene.observation.rig.cameras.len())
        .filter_map(|camera| {
            let check = scene.check(camera, "exposure.time")?;
            let cut: Vec<u64> = (scene.camera(camera).exposures.iter())
                .filter(|exposure| !exposure.pulse.is_whole())
                .map(|exposure| exposure.pulse.from().get())
                .collect();
            let unjudged = check.verdict == Verdict::Inconclusive && check.measured == 0 && !cut.is_empty();
            unjudged.then(|| {
                let candidate = TRUNCATED_PULSES.seen(
                    "no exposure was recorded from its beginning to its end".to_owned(),
                    format!("{} cut off by an end of the record, none is whole", counted(cut.len(), "pulse")),
                );
                let explains = scene.not_passed(&[camera], &["exposure."]);
                candidate.of_camera(camera, scene.camera_name(camera), explains).at(cut)
            })
        })
        .collect()
}
