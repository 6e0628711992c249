//! Frames with more or fewer pulses of FSIN than they are to have.

use std::collections::BTreeMap;

use super::PULSES_OF_A_FRAME;
use super::faults::{BOUNCE, PULSE_LOST, STATED_OTHERWISE};
use crate::diagnosis::claims::Which;
use crate::diagnosis::fault::Candidate;
use crate::diagnosis::view::{JudgedCamera, counted};
use crate::quantity::fsin;
use crate::verdict::{Plotted, Standing};

/// Frames whose number of FSIN pulses is not what is asked for.
pub(super) fn find(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let check = camera.check(&fsin::PULSES).filter(|check| check.failed > 0)?;
    let (line, all) = (camera.fsin()?, check.track.len());
    let odd: Vec<Plotted> = check.track.of(Standing::Outside).collect();
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    odd.iter().for_each(|value| *counts.entry(value.value as u64).or_default() += 1);
    let (usual, most) = counts.iter().map(|(pulses, frames)| (*pulses, *frames)).max_by_key(|(_, frames)| *frames)?;
    let stated = u64::from(camera.wiring().fsin_per_frame.get());
    let has = if odd.len() == 1 { "has" } else { "have" };
    let told: Vec<String> =
        counts.iter().map(|(pulses, frames)| format!("{} with {pulses}", counted(*frames, "frame"))).collect();
    let candidate = PULSES_OF_A_FRAME.seen(
        format!("{} of {} {has} another number of FSIN pulses than {stated}", odd.len(), counted(all, "frame")),
        told.join(", "),
    );
    let everywhere = most * 10 >= all * 9;
    let (fewer, more) = (counts.range(..stated).next().is_some(), counts.range(stated + 1..).next().is_some());
    let candidate = (candidate.settled(everywhere, &STATED_OTHERWISE))
        .remedied(
            &STATED_OTHERWISE,
            format!("state fsin_per_frame = {usual} in [timing], or set the source to {stated}"),
        )
        .ruled_out_if(everywhere || !fewer, &PULSE_LOST)
        .ruled_out_if(everywhere || !more, &BOUNCE);
    let at = odd.iter().map(|value| value.at.get()).collect();
    let mut candidate = candidate.of(camera, &[Which::One(&fsin::PULSES)]).at(at);
    candidate.finding.line = Some(line.wire.key());
    Some(candidate)
}
