//! What is owed, and what is not: light and frames where none may be, limits that are not stated, edges that no sample shows.

use strobecheck::capture::RecordEnd;
use strobecheck::report::Judgement;
use strobecheck::units::SampleIndex;
use strobecheck::verdict::Verdict::{Fail, Inconclusive, Pass};

use super::runs::try_rigs;
use super::{Holds, broken, judged, judged_as, judged_on};
use crate::generator::{FrameTime, Kind, Known, Limit, Ps, Pulse, Random, Rig, Role};

/// A rig of one of these kinds.
fn one_of(kinds: &[Kind], seed: u64, random: &mut Random) -> Rig {
    Rig::draw_of(*random.pick(kinds), seed)
}

/// The quantities of these that a rig has.
fn of(rig: &Rig, ids: &[&str]) -> Vec<&'static Known> {
    rig.measurable().into_iter().filter(|known| ids.contains(&known.id)).collect()
}

/// Limits of a rig that rest on no interval.
fn on_widths(rig: &Rig, random: &mut Random) -> Vec<Limit> {
    rig.limits(&of(rig, &["exposure.time", "fsin.width", "flash.on-time", "readout.time"]), random)
}

/// The middle of a stretch.
fn middle(from: Ps, to: Ps) -> Ps {
    from + (to - from) / 2
}

fn nothing_stated(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let rig = Rig::draw(seed);
    // A pattern is a limit.
    if rig.kind == Kind::FlashPattern {
        return Ok(());
    }
    let lines = Limit::new("line.edges", ">= 1");
    let limits = if random.one(2) { vec![lines] } else { Vec::new() };
    judged_as(&[Inconclusive], "nothing of a camera is limited", rig, limits)
}

/// It fails, unless a limit allows pulses that no sample shows.
fn fails_where_resolved(wrong: &str, rig: Rig, limits: Vec<Limit>) -> Holds {
    let unseen = |judgement: &Judgement| {
        let says =
            |reason: &Option<String>| reason.as_deref().is_some_and(|text| text.contains("less than two samples"));
        judgement.checks.iter().any(|check| says(&check.reason))
    };
    let judgement = judged(&rig, &limits);
    let is_right = judgement.verdict == Fail || (judgement.verdict == Inconclusive && unseen(&judgement));
    if is_right { Ok(()) } else { broken(rig, limits, &judgement, wrong) }
}

/// The record begins long before the first frame, and the camera was to run.
fn should_have_run(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let mut rig = Rig::draw_of(Kind::StartsLate, seed);
    rig.statement.say("ends", "\"running\"");
    let limits = rig.some_limits(random);
    fails_where_resolved("silence before the first frame of a camera that runs", rig, limits)
}

/// The record goes on after the last frame, and nothing says that the camera was to stop.
fn should_run_on(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let mut rig = Rig::draw_of(Kind::Stops, seed);
    rig.statement.timing.retain(|(key, _)| *key != "ends");
    let limits = rig.some_limits(random);
    fails_where_resolved("silence after the last frame", rig, limits)
}

/// Light long after the last frame, or long before the first.
fn lights_the_dark(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let mut rig = one_of(&[Kind::Stops, Kind::StartsLate], seed, random);
    let leak = of(&rig, &["flash.leak"]);
    let mut limits = rig.limits(&leak, random);
    let Some(truth) = leak.first().and_then(|leak| rig.truth(&[0], leak)) else { return Ok(()) };
    // Longer than any limit around the leak of a frame.
    let least = rig.longest_interval() * 2 / 5 + (truth.all.1 + truth.blur) as Ps;
    let frames = &rig.cameras[0].frames;
    let (first, last) = (frames[0].beat, frames[frames.len() - 1].beat);
    let gap = rig.longest_interval();
    let (from, to) = if rig.kind == Kind::Stops { (last + gap, rig.length + gap) } else { (-gap, first - gap) };
    if to - from < least {
        return Ok(());
    }
    let start = random.within(from, to - least);
    let end = random.within(start + least, to);
    if end.min(rig.length) - start.max(0) < least {
        return Ok(());
    }
    let Some(line) = rig.lines.iter_mut().find(|line| line.role == Role::Flash) else { return Ok(()) };
    line.add(Pulse { start, end, frame: -1 });
    limits[0].text = format!("\"<= {} ps\"", truth.all.1 + truth.blur);
    limits.push(Limit::new("flash.extra", "none"));
    judged_as(&[Fail], "light where no exposure is", rig, limits)
}

/// No frame time is stated, and frames are missing on all lines.
fn loses_its_rhythm(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let steady = [Kind::FreeRunning, Kind::AutoExposure, Kind::FsinOut, Kind::HardwareFlash, Kind::FsinIn, Kind::Burst];
    let mut rig = one_of(&steady, seed, random);
    rig.statement.frame_time = FrameTime::Unstated;
    let Some((first, last)) = rig.judged_frames_within(0, 6, 3) else { return Ok(()) };
    let limits = on_widths(&rig, random);
    let from = random.within(first, last);
    let to = if random.one(2) { random.within(from, last) } else { i64::MAX };
    rig.lines.iter_mut().for_each(|line| line.lose(|frame| (from..=to).contains(&frame)));
    let judgement = judged(&rig, &limits);
    let says = |text: &Option<String>| text.as_deref().is_some_and(|text| text.contains("timing.frame_time"));
    let told =
        says(&judgement.reason) || judgement.checks.iter().any(|check| says(&check.reason) || says(&check.settle));
    if judgement.verdict != Inconclusive || !told {
        return broken(rig, limits, &judgement, "frames are missing in a rhythm, and no frame time is stated");
    }
    rig.statement.say("rhythm", "\"events\"");
    judged_as(&[Pass], "what is said to be events has no rhythm", rig, limits)
}

/// A dark frame of the pattern is lit.
fn lights_a_dark_frame(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let mut rig = Rig::draw_of(Kind::FlashPattern, seed);
    let limits = rig.some_limits(random);
    let Some((first, last)) = rig.judged_frames_within(0, 3, 3) else { return Ok(()) };
    let frame = random.within(first, last);
    let dark = |line: &&mut crate::generator::Line| {
        line.role == Role::Flash && line.pulses.iter().all(|pulse| pulse.frame != frame)
    };
    let exposure = rig.cameras[0].frames[frame as usize].exposures[0];
    let Some(line) = rig.lines.iter_mut().find(dark) else { return Ok(()) };
    line.add(Pulse { start: exposure.start, end: exposure.end, frame });
    judged_as(&[Fail, Inconclusive], "a dark frame is lit", rig, limits)
}

/// Every second exposure is too short for any moment at which all rows are exposed.
fn has_no_window(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let mut rig = Rig::draw_of(Kind::Rolling, seed);
    let margins = of(&rig, &["rolling.margin-start", "rolling.margin-end"]);
    let limits = rig.limits(&margins, random);
    let rows = rig.cameras[0].rows.unwrap_or(0);
    let strobe = rig.lines.iter_mut().filter(|line| line.role == Role::Strobe);
    for pulse in strobe.flat_map(|line| &mut line.pulses).filter(|pulse| pulse.frame % 2 == 0) {
        pulse.start = pulse.end - rows / 10 * 9;
    }
    judged_as(&[Fail, Inconclusive], "half the frames have no all-rows window", rig, limits)
}

/// A line shows a pulse more.
fn shows_one_more(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let mut rig = Rig::draw(seed);
    let number = random.below(rig.lines.len());
    let (role, camera) = (rig.lines[number].role, rig.lines[number].camera);
    let counted = match role {
        Role::Readout => false,
        Role::Trigger | Role::Fsin | Role::Flash => true,
        Role::Strobe => rig.line_of(camera, Role::Fsin).is_some() || rig.statement.frame_time != FrameTime::Unstated,
    };
    let Some((first, last)) = rig.judged_frames_within(camera, 3, 3) else { return Ok(()) };
    let frame = random.within(first, last) as usize;
    let frames = &rig.cameras[camera].frames;
    // Between the exposures of two frames; of a driven line, between two of its own pulses.

    let line = &rig.lines[number].pulses;
    let (from, to) = match role {
        Role::Trigger | Role::Fsin => {
            let next = line.partition_point(|pulse| pulse.frame <= frame as i64);
            (line[next - 1].end, line[next].start)
        }
        Role::Strobe | Role::Readout => {
            (frames[frame].exposures.last().map_or(0, |it| it.end), frames[frame + 1].exposures[0].start)
        }
        Role::Flash => {
            // The last row of a rolling shutter is exposed for so much longer.
            let rows = rig.cameras[camera].rows.unwrap_or(0);
            let (end, start) = (frames[frame].exposures[0].end + rows, frames[frame + 1].exposures[0].start);
            let lit = line.iter().filter(|pulse| pulse.end > end && pulse.start < start);
            lit.fold((end, start), |(from, to), pulse| {
                if pulse.start <= from { (from.max(pulse.end), to) } else { (from, to.min(pulse.start)) }
            })
        }
    };
    let width = rig.analyzer.least_width();
    if !counted || to - from < 3 * width {
        return Ok(());
    }
    let start = middle(from, to) - width / 2;
    rig.lines[number].add(Pulse { start, end: start + width, frame: -1 });
    let limits = rig.some_limits(random);
    let wrong = format!("{} of camera {camera} shows a pulse more in frame {frame}", role.key());
    judged_as(&[Fail, Inconclusive], &wrong, rig, limits)
}

/// The samples are too far apart to prove anything wrong.
fn is_looked_at_seldom(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let mut rig = Rig::draw(seed);
    // What no limit says the width of is presumed to be resolved.
    rig.lines.retain(|line| line.role != Role::Trigger);
    if rig.kind == Kind::PulsedLight {
        return Ok(());
    }
    (rig.analyzer.edge, rig.analyzer.glitch) = (0, 0);
    let widths = of(&rig, &["exposure.time", "exposure.gap", "fsin.width", "flash.on-time", "readout.time"]);
    let mut limits = rig.some_limits(random);
    limits.retain(|limit| widths.iter().all(|width| width.id != limit.id));
    let least = |known: &&'static Known| {
        let cameras: Vec<usize> = (0..rig.cameras.len()).collect();
        let truth = rig.truth(&cameras, known)?;
        Some(Limit::new(known.id, &format!(">= {}", known.text(truth.all.0 - truth.blur))))
    };
    limits.extend(widths.iter().filter_map(least));
    let interval = rig.longest_interval();
    rig.analyzer.rate = (crate::generator::S / random.log_within(interval / 200, interval * 2)).max(1);
    judged_as(&[Pass, Inconclusive], "a good rig at a low sample rate", rig, limits)
}

/// A spike on a line excuses one violation, and not all.
fn hides_behind_a_spike(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let mut rig = one_of(&[Kind::FsinOut, Kind::FsinIn, Kind::ExternalTrigger, Kind::HardwareFlash], seed, random);
    (rig.analyzer.edge, rig.analyzer.glitch) = (0, 0);
    rig.state_frame_time();
    let Some((first, last)) = rig.judged_frames_within(0, 1, 1) else { return Ok(()) };
    if last - first < 8 || rig.statement.frame_time == FrameTime::Unstated {
        return Ok(());
    }
    let limits = on_widths(&rig, random);
    let frames = &rig.cameras[0].frames;
    let gap = (frames[first as usize].exposures[0].end, frames[first as usize + 1].exposures[0].start);
    let period = rig.analyzer.period();
    let start = middle(gap.0, gap.1);
    let Some(strobe) = rig.lines.iter_mut().find(|line| line.role == Role::Strobe) else { return Ok(()) };
    strobe.lose(|frame| frame > first + 1 && frame % 2 == 0);
    strobe.add(Pulse { start, end: start + period, frame: -1 });
    judged_as(&[Fail], "every second exposure is missing, and there is a spike", rig, limits)
}

/// The least number of frames is one of frames.
fn has_too_few_frames(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let mut rig = one_of(&[Kind::PulsedLight, Kind::Burst], seed, random);
    let frames = rig.cameras[0].frames.iter().filter(|frame| (0..rig.length).contains(&frame.beat)).count();
    rig.statement.say("min_frames", &(frames + 2).to_string());
    let limits = on_widths(&rig, random);
    judged_as(&[Inconclusive], "fewer frames than are asked for", rig, limits)
}

/// It is known only that the record reaches to its last change.
fn has_no_known_end(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let rig = one_of(&[Kind::FsinOut, Kind::FreeRunning, Kind::ExternalTrigger, Kind::Readout], seed, random);
    let limits = rig.some_limits(random);
    let mut capture = rig.capture();
    let last = capture.lines.iter().filter_map(|line| line.waveform.changes().last()).max();
    let length = SampleIndex::new(last.unwrap_or(0) + 1);
    for line in &mut capture.lines {
        let (initial, changes) = (line.waveform.initial(), line.waveform.changes().to_vec());
        line.waveform = strobecheck::signal::Waveform::new(initial, changes, length).unwrap().into();
    }
    (capture.length, capture.end) = (length, RecordEnd::AtLeast);
    let judgement = judged_on(&capture, &rig, &limits);
    let stated = rig.statement.frame_time != FrameTime::Unstated;
    let right = if stated { judgement.verdict == Inconclusive } else { judgement.verdict != Fail };
    if right { Ok(()) } else { broken(rig, limits, &judgement, "frames may have been missing after the last change") }
}

#[test]
fn nothing_stated_is_nothing_judged() {
    try_rigs("nothing_stated_is_nothing_judged", 60, nothing_stated);
}

#[test]
fn silence_before_a_running_camera_fails() {
    try_rigs("silence_before_a_running_camera_fails", 30, should_have_run);
}

#[test]
fn silence_after_a_camera_fails() {
    try_rigs("silence_after_a_camera_fails", 30, should_run_on);
}

#[test]
fn light_in_the_dark_fails() {
    try_rigs("light_in_the_dark_fails", 60, lights_the_dark);
}

#[test]
fn a_broken_rhythm_is_undecided() {
    try_rigs("a_broken_rhythm_is_undecided", 60, loses_its_rhythm);
}

#[test]
fn a_lit_dark_frame_never_passes() {
    try_rigs("a_lit_dark_frame_never_passes", 40, lights_a_dark_frame);
}

#[test]
fn a_frame_without_window_never_passes() {
    try_rigs("a_frame_without_window_never_passes", 40, has_no_window);
}

#[test]
fn a_pulse_more_never_passes() {
    try_rigs("a_pulse_more_never_passes", 200, shows_one_more);
}

#[test]
fn too_few_samples_never_fail() {
    try_rigs("too_few_samples_never_fail", 100, is_looked_at_seldom);
}

#[test]
fn a_spike_excuses_one_violation() {
    try_rigs("a_spike_excuses_one_violation", 40, hides_behind_a_spike);
}

#[test]
fn frames_are_counted_and_not_their_pulses() {
    try_rigs("frames_are_counted_and_not_their_pulses", 30, has_too_few_frames);
}

#[test]
fn what_may_come_after_the_record_is_undecided() {
    try_rigs("what_may_come_after_the_record_is_undecided", 40, has_no_known_end);
}
