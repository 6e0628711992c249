//! Which readout belongs to which exposure.

use super::pairing::pair;
use super::{Exposure, Readout};
use crate::signal::{Lost, Pulse};
use crate::units::{Rational, Rounding};

/// The readout pulses, each paired by time with the exposure that ends nearest to its start, at most half a frame time
/// away and not across a lost stretch.
pub(super) fn readouts(
    pulses: &[Pulse],
    exposures: &[Exposure],
    period: Option<&Rational>,
    lost: &Lost,
) -> Vec<Readout> {
    let mut readouts: Vec<Readout> = pulses.iter().map(|pulse| Readout { pulse: *pulse, exposure: None }).collect();
    let Some(reach) = period.and_then(|period| period.half().to_integer(Rounding::Down)) else { return readouts };
    let starts = pulses.iter().enumerate().filter_map(|(place, pulse)| Some((place, pulse.start.edge()?.until())));
    let ends = exposures.iter().enumerate().filter_map(|(place, e)| Some((place, e.pulse.end.edge()?.until())));
    let (started, starts): (Vec<usize>, Vec<i128>) = starts.unzip();
    let (ended, ends): (Vec<usize>, Vec<i128>) = ends.unzip();
    for (i, j) in pair(&ends, &starts, reach) {
        let (exposure, readout) = (ended[i], started[j]);
        let (at, other) = (exposures[exposure].pulse.end.at(), pulses[readout].start.at());
        if lost.spares(at.min(other), at.max(other)) {
            readouts[readout].exposure = Some(exposure);
        }
    }
    readouts
}
