//! What is lost proves nothing, for or against.

use strobecheck::verdict::Verdict::{Fail, Inconclusive};

use super::runs::try_rigs;
use super::{Holds, judged_as};
use crate::generator::{FrameTime, Kind, Limit, Random, Rig, Role};

/// Loses a stretch of the record, up to some frames long.
fn lose_a_stretch(rig: &mut Rig, random: &mut Random) {
    let longest = rig.longest_interval();
    let from = random.within(-longest, rig.length - 1);
    let to = from + random.within(1, 5 * longest);
    rig.lost = Some((from.max(0), to.max(1)));
}

fn is_good_but_damaged(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let mut rig = Rig::draw(seed);
    let limits = rig.some_limits(random);
    lose_a_stretch(&mut rig, random);
    judged_as(&[Inconclusive], "a good rig and a damaged record", rig, limits)
}

/// Exposures are missing, and samples are lost elsewhere: so many are missing at least.
fn lacks_exposures_elsewhere(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let mut rig = Rig::draw_of(*random.pick(&[Kind::FsinOut, Kind::FsinIn, Kind::ExternalTrigger, Kind::Events]), seed);
    let Some((first, last)) = rig.judged_frames_within(0, 1, 1) else { return Ok(()) };
    let frame = random.within(first, last);
    let beat = rig.cameras[0].frames[frame as usize].beat;
    lose_a_stretch(&mut rig, random);
    let near = 2 * rig.longest_interval();
    let is_near = rig.lost.is_some_and(|(from, to)| from < beat + near && beat - near < to);
    let known: Vec<_> = rig.measurable().into_iter().filter(|known| known.id == "exposure.time").collect();
    let mut limits = rig.limits(&known, random);
    let allowed = random.below(3);
    limits.push(Limit::new("exposure.missing", &format!("<= {allowed}")));
    let Some(strobe) = rig.lines.iter_mut().find(|line| line.role == Role::Strobe) else { return Ok(()) };
    strobe.lose(|lost| lost == frame);
    if is_near && allowed == 0 {
        return Ok(());
    }
    // A flash of the exposure that is missing is one too many.
    let is_lit = rig.lines.iter().any(|line| line.role == Role::Flash);
    let right: &[_] = match (allowed, is_lit) {
        (0, _) => &[Fail],
        (_, false) => &[Inconclusive],
        (_, true) => &[Fail, Inconclusive],
    };
    judged_as(right, &format!("one exposure is missing, {allowed} may be, and more may be lost"), rig, limits)
}

/// Samples are gone without a trace.
fn jumps(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let steady = [Kind::FreeRunning, Kind::FsinOut, Kind::FsinIn, Kind::HardwareFlash, Kind::ExternalTrigger];
    let mut rig = Rig::draw_of(*random.pick(&steady), seed);
    // Its nominal and its tolerance are stated; the tolerance is far below what is lost.
    rig.statement.frame_time = FrameTime::ByLimit;
    let Some((first, last)) = rig.judged_frames_within(0, 3, 3) else { return Ok(()) };
    let known: Vec<_> = rig.measurable().into_iter().filter(|known| known.id == "frame.time").collect();
    let limits = rig.limits(&known, random);
    let Some(truth) = rig.truth(&[0], known[0]) else { return Ok(()) };
    let tolerance = rig.guard(0, known[0], &truth) * 10 + truth.all.1 - truth.all.0;
    if tolerance > i128::from(rig.longest_interval()) / 10 {
        return Ok(());
    }
    let (interval, frames) = (rig.longest_interval(), &rig.cameras[0].frames);
    let from = random.within(frames[first as usize].beat, frames[last as usize - 1].beat);
    let lost = random.within(interval / 5, interval * 4 / 5) + interval * random.below(3) as i64;
    if from + lost > frames[last as usize].beat {
        return Ok(());
    }
    rig.drop_samples(from, from + lost);
    judged_as(&[Fail, Inconclusive], "samples are gone", rig, limits)
}

#[test]
fn damage_neither_passes_nor_fails() {
    try_rigs("damage_neither_passes_nor_fails", 150, is_good_but_damaged);
}

#[test]
fn counts_of_a_damaged_record_are_at_least() {
    try_rigs("counts_of_a_damaged_record_are_at_least", 60, lacks_exposures_elsewhere);
}

#[test]
fn lost_samples_never_pass() {
    try_rigs("lost_samples_never_pass", 60, jumps);
}
