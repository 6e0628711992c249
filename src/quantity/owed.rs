//! Pulses that a camera's frames owe on a line, where no exposure says whose they are: as FSIN counts the frames, or the nominal
//! frame time alone.

use super::count::{Count, Range};
use super::frame::nominal;
use super::{Absent, Track};
use crate::frame::{ClockSource, Observation, answers};
use crate::rig::{Ends, Role};
use crate::signal::{EdgeTime, Pulse};
use crate::units::{Rational, Rounding, SampleIndex};

/// The pulses of a role that frames lack. With FSIN each of its edges owes one: in a gap of 1.5 frame times or more between two of
/// them, those that lie half a frame time and more from either. Frames without a frame time owe the answer of each FSIN edge.
/// Without FSIN a gap of round(Δ/T) ≥ 2 frame times lacks that many − 1, and silence at the end as for frames.
pub(super) fn missing_pulses(
    observation: &Observation,
    camera: usize,
    role: Role,
    pulses: &[Pulse],
) -> Result<Track, Absent> {
    let clock = &observation.cameras[camera].clock;
    let starts: Vec<EdgeTime> = pulses.iter().filter_map(|pulse| pulse.start.edge()).collect();
    let wires = observation.rig.cameras[camera].wires(role);
    let recorded = observation.recorded_on(wires.iter().copied().chain(observation.rig.cameras[camera].fsin));
    let judged_from = observation.judged_from(camera);
    let fsin: Vec<EdgeTime> = match clock.source {
        ClockSource::Fsin => clock.edges.iter().map(|edge| edge.edge).collect(),
        ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::Nothing => Vec::new(),
    };
    let mut count = Count::default();
    let period = nominal(observation, camera);
    if let (Err(no_frame_time), true) = (&period, fsin.is_empty()) {
        return Err(no_frame_time.clone());
    }
    let Ok(period) = period else {
        let mut answered = vec![false; fsin.len()];
        let found = answers(&fsin, &starts, &Rational::integer(recorded.rim()), &observation.lost);
        found.into_iter().flatten().for_each(|place| answered[place] = true);
        for (place, two) in fsin.windows(2).enumerate() {
            let [edge, next] = two else { continue };
            let was_recorded = recorded.holds(i128::from(edge.at().get()), i128::from(next.at().get()));
            if !answered[place] && edge.at() >= judged_from && was_recorded {
                count.add(1, edge.at(), next.at());
            }
        }
        return Ok(count.track(observation));
    };
    let whole = |samples: &Rational| samples.to_integer(Rounding::Down).unwrap_or(i128::MAX / 4);
    let (frame, half) = (whole(&period), whole(&period.half()));
    let length = i128::from(observation.length.get());
    // What lies a frame time and more from the ends of the record would have been seen.
    let first = SampleIndex::default().max(judged_from);
    let at = |edge: EdgeTime| i128::from(edge.at().get());
    let limits = std::iter::once(i128::from(first.get()) - half)
        .chain(starts.iter().copied().map(at).filter(|start| *start >= i128::from(first.get())))
        .chain([length + half]);
    let limits: Vec<i128> = limits.collect();
    for gap in limits.windows(2) {
        let [from, to] = gap else { continue };
        if (to - from) * 2 < frame * 3
            || !recorded.holds((*from).max(recorded.rim()), (*to).min(length - 1 - recorded.rim()))
        {
            continue;
        }
        let owed = if fsin.is_empty() {
            let is_rim = *from < i128::from(first.get()) || *to > length;
            owed_by_time(observation, (to - from, frame), is_rim, *to > length)
        } else {
            let within = |edge: &&EdgeTime| {
                let edge = at(**edge);
                edge >= frame && edge + frame < length
            };
            let begin = fsin.partition_point(|edge| at(*edge) <= from + half);
            let end = fsin.partition_point(|edge| at(*edge) < to - half);
            fsin.get(begin..end).unwrap_or(&[]).iter().filter(within).count() as u64
        };
        let place = |at: i128| SampleIndex::new(u64::try_from(at.clamp(0, length)).unwrap_or(0));
        count.add_range(Range { sure: owed, seen: owed, possible: owed }, place(*from), place(*to));
    }
    Ok(count.track(observation).up_to_the_end(observation, camera))
}

/// The pulses that a gap lacks by the nominal frame time alone.
fn owed_by_time(observation: &Observation, (gap, frame): (i128, i128), is_rim: bool, is_end: bool) -> u64 {
    let silence = u64::try_from((gap - frame / 2) / frame.max(1)).unwrap_or(0);
    let missing = u64::try_from((gap + frame / 2) / frame.max(1) - 1).unwrap_or(0);
    match (is_rim, is_end, observation.rig.ends) {
        (false, ..) => missing,
        (true, true, Ends::Unstated | Ends::Running) | (true, false, Ends::Running) if silence >= 2 => silence,
        (true, ..) => 0,
    }
}
