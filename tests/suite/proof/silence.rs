//! What falls silent is seen, whatever is judged.

use std::collections::BTreeSet;

use strobecheck::verdict::Verdict::{Fail, Inconclusive};

use super::runs::try_rigs;
use super::{Holds, judged_as};
use crate::generator::{FrameTime, Kind, Known, Limit, Random, Rig, Role};

/// Frames that are left whole at each end; before the first loss where nothing states a frame time.
const WHOLE: i64 = 3;
const WHOLE_BEFORE: i64 = 6;

/// How a line loses pulses.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Loss {
    /// Those of one frame.
    One,
    /// Those of a few frames in a row.
    Few,
    /// Every second frame's.
    EverySecond,
    /// All from here on.
    All,
    /// All behind the one here, which does not end.
    Stuck,
}

impl Loss {
    /// Whether a frame loses its pulses, `from` being the first that does and `last` the last that may.
    fn takes(self, frame: i64, from: i64, last: i64) -> bool {
        frame >= from
            && match self {
                Loss::One => frame == from,
                Loss::Few => frame <= last.min(from + 2),
                Loss::EverySecond => frame <= last && (frame - from) % 2 == 0,
                Loss::All => true,
                Loss::Stuck => frame > from,
            }
    }
}

/// What a line is owed by, where it is.
#[derive(PartialEq)]
enum Owed {
    /// By a line of its own, or a stated frame time.
    Surely,
    /// By its rhythm.
    ByRhythm,
    /// By nothing.
    No,
}

fn owed(rig: &Rig, role: Role, camera: usize, family: &str) -> Owed {
    match role {
        // Only what is judged of triggers rests on them.
        Role::Trigger if family != "trigger" => Owed::No,
        // The skew of another camera is nothing of the first one's.
        Role::Readout if family == "skew" && camera == 0 => Owed::No,
        Role::Trigger | Role::Fsin | Role::Flash | Role::Readout => Owed::Surely,
        Role::Strobe if rig.line_of(camera, Role::Fsin).is_some() => Owed::Surely,
        Role::Strobe if rig.kind.is_irregular() => Owed::No,
        Role::Strobe if rig.statement.frame_time == FrameTime::Unstated => Owed::ByRhythm,
        Role::Strobe => Owed::Surely,
    }
}

/// A rig whose limits are of one family, and that family.
fn of_one_family(seed: u64, random: &mut Random) -> (Rig, Vec<Limit>, &'static str) {
    let mut rig = Rig::draw(seed);
    let measurable = rig.measurable();
    let families: BTreeSet<&str> = measurable.iter().map(|known| known.family()).collect();
    let families: Vec<&str> = families.into_iter().collect();
    let family = *random.pick(&families);
    rig.state_frame_time();
    let mut some: Vec<&Known> = measurable.into_iter().filter(|known| known.family() == family).collect();
    while some.len() > 1 && random.one(2) {
        some.remove(random.below(some.len()));
    }
    let limits = rig.limits(&some, random);
    (rig, limits, family)
}

fn is_never_passed_over(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let (mut rig, limits, family) = of_one_family(seed, random);
    let number = random.below(rig.lines.len());
    let (role, camera) = (rig.lines[number].role, rig.lines[number].camera);
    let owed = owed(&rig, role, camera, family);
    let loss = *random.pick(&[Loss::One, Loss::Few, Loss::EverySecond, Loss::All, Loss::Stuck]);
    // That a camera ends is stated.
    let ends =
        rig.kind == Kind::Stops && matches!(loss, Loss::All | Loss::Stuck) && rig.line_of(camera, Role::Fsin).is_none();
    let before = if owed == Owed::ByRhythm { WHOLE_BEFORE } else { WHOLE };
    let Some((first, last)) = rig.judged_frames_within(camera, before, WHOLE) else { return Ok(()) };
    if owed == Owed::No || (ends && role == Role::Strobe) {
        return Ok(());
    }
    let from = random.within(first, last);
    let all = rig.lines[number].pulses.len();
    match loss {
        Loss::Stuck => {
            let to = rig.length;
            rig.lines[number].stick(from, to);
        }
        Loss::One | Loss::Few | Loss::EverySecond | Loss::All => {
            rig.lines[number].lose(|frame| loss.takes(frame, from, last));
        }
    }
    if rig.lines[number].pulses.len() == all {
        // No light is owed there.
        return Ok(());
    }
    let wrong = format!("{} of camera {camera} lost {loss:?} from frame {from} on, {family} judged", role.key());
    judged_as(&[Fail, Inconclusive], &wrong, rig, limits)
}

#[test]
fn what_falls_silent_never_passes() {
    try_rigs("what_falls_silent_never_passes", 1000, is_never_passed_over);
}
