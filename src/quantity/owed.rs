//! Pulses that a camera's frames owe on a line, where no exposure says whose they are: as FSIN counts the frames, or the nominal
//! frame time alone.

use super::count::{Count, Range};
use super::frame::nominal;
use super::{Absent, Track};
use crate::frame::{CameraView, Observation, answers};
use crate::rig::{Ends, Role};
use crate::signal::{EdgeTime, Pulse};
use crate::units::{Rational, Rounding, SampleIndex};

/// The pulses of a role that frames lack. With FSIN each of its edges owes one: in a gap of 1.5 frame times or more between two of
/// them, those that lie half a frame time and more from either. Frames without a frame time owe the answer of each FSIN edge.
/// Without FSIN a gap of round(Δ/T) ≥ 2 frame times lacks that many − 1, and silence at the end as for frames.
pub(super) fn missing_pulses(camera: CameraView<'_>, role: Role, pulses: &[Pulse]) -> Result<Track, Absent> {
    let starts: Vec<EdgeTime> = pulses.iter().filter_map(|pulse| pulse.start.edge()).collect();
    let wires = camera.wiring.wires(role);
    let recorded = camera.observation.recorded_on(wires.iter().copied().chain(camera.wiring.wire(Role::Fsin)));
    let judged_from = camera.observation.judged_from(camera.place);
    let clock = camera.frames.fsin_clock();
    let fsin: Vec<EdgeTime> = clock.iter().flat_map(|clock| &clock.edges).map(|edge| edge.edge).collect();
    let mut count = Count::default();
    let period = nominal(camera);
    if let (Err(no_frame_time), true) = (&period, fsin.is_empty()) {
        return Err(no_frame_time.clone());
    }
    let Ok(period) = period else {
        let mut answered = vec![false; fsin.len()];
        let found = answers(&fsin, &starts, &Rational::integer(recorded.slack()), &camera.observation.lost);
        found.into_iter().flatten().for_each(|place| answered[place] = true);
        for (place, two) in fsin.windows(2).enumerate() {
            let [edge, next] = two else { continue };
            let was_recorded = recorded.holds(i128::from(edge.at().get()), i128::from(next.at().get()));
            if !answered[place] && edge.at() >= judged_from && was_recorded {
                count.add(1, edge.at(), next.at());
            }
        }
        return Ok(count.track(camera.observation));
    };
    let whole = |samples: &Rational| samples.to_integer(Rounding::Down).unwrap_or(i128::MAX / 4);
    let (frame, half) = (whole(&period), whole(&period.half()));
    let length = i128::from(camera.observation.length.get());
    let first = i128::from(judged_from.get());
    let at = |edge: EdgeTime| i128::from(edge.at().get());
    // Pulses may have come half a frame time beside the ends of the record, and none seen of them.
    let limits = std::iter::once(first - half)
        .chain(starts.iter().copied().map(at).filter(|start| *start >= first))
        .chain([length + half]);
    let limits: Vec<i128> = limits.collect();
    // How many a gap lacks that may be so much shorter or longer than it was seen.
    let owed = |from: i128, to: i128, longer: i128| -> u64 {
        let gap = to - from + longer;
        // The truth is shorter than the longest that it may be.
        if gap * 2 < frame * 3 || (longer > 0 && gap * 2 == frame * 3) {
            return 0;
        }
        if fsin.is_empty() {
            return owed_by_time(camera.observation, (gap, frame), from < first, to > length);
        }
        // What lies a frame time and more from the ends of the record would have been answered in it.
        let within = |edge: &&EdgeTime| at(**edge) >= frame && at(**edge) + frame < length;
        let begin = fsin.partition_point(|edge| at(*edge) < from + half);
        let end = fsin.partition_point(|edge| at(*edge) < to - half);
        fsin.get(begin..end).unwrap_or(&[]).iter().filter(within).count() as u64
    };
    for gap in limits.windows(2) {
        let [from, to] = gap else { continue };
        if !recorded.holds((*from).max(recorded.rim() + 1), (*to).min(length - 1 - recorded.rim())) {
            continue;
        }
        // The windows of both edges, and the clock's error over the gap.
        let clock = (&Rational::integer(to - from) * &camera.observation.clock).to_integer(Rounding::Up).unwrap_or(0);
        let open = 1 + recorded.rim() + clock;
        let range =
            Range { sure: owed(*from, *to, -open), seen: owed(*from, *to, 0), possible: owed(*from, *to, open) };
        let place = |at: i128| SampleIndex::new(u64::try_from(at.clamp(0, length)).unwrap_or(0));
        count.add_range(range, place(*from), place(*to));
    }
    Ok(count.track(camera.observation).up_to_the_end(camera))
}

/// The pulses that a gap lacks by the nominal frame time alone; half a frame time of one that reaches beyond the record is not of it.
fn owed_by_time(observation: &Observation, (gap, frame): (i128, i128), is_begin: bool, is_end: bool) -> u64 {
    let frame = frame.max(1);
    let silence = u64::try_from((gap - frame / 2) / frame).unwrap_or(0);
    match (is_begin, is_end, observation.rig.ends) {
        (false, false, _) => u64::try_from((gap + frame / 2) / frame - 1).unwrap_or(0),
        (_, true, Ends::Unstated | Ends::Running) | (true, false, Ends::Running) if silence >= 2 => silence,
        (true, _, _) | (_, true, _) => 0,
    }
}
