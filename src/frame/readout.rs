//! Which readout belongs to which exposure.

use super::pairing::{Instants, pair};
use super::{Exposure, Exposures, Readout, Readouts};
use crate::signal::{Lost, Pulses};
use crate::units::{Rational, Rounding};

/// The readout pulses, each paired by time with the exposure that ends nearest to its start, at most half a frame time
/// (in a burst, half the least distance of its exposures) away and not across a lost stretch. An exposure that belongs to
/// no frame has none.
pub(super) fn readouts(pulses: &Pulses, exposures: &Exposures, period: Option<&Rational>, lost: &Lost) -> Readouts {
    let mut exposure_of = vec![None; pulses.len()];
    let half_frame = period.and_then(|period| period.half().to_integer(Rounding::Down));
    let pairs = half_frame.map(|half_frame| paired(pulses, exposures, half_frame, lost));
    for (readout, exposure) in pairs.into_iter().flatten() {
        exposure_of[readout] = Some(exposure);
    }
    pulses.iter().zip(exposure_of).map(|(pulse, exposure)| Readout { pulse, exposure }).collect()
}

/// The places of readouts, and of the exposures that they are of.
fn paired(pulses: &Pulses, exposures: &Exposures, half_frame: i128, lost: &Lost) -> Vec<(usize, usize)> {
    let reach = half_spacing(exposures).map_or(half_frame, |spacing| spacing.min(half_frame));
    let starts = pulses.iter().enumerate().filter_map(|(place, pulse)| Some((place, pulse.start.edge()?.until())));
    // A pulse that is too many would take the readout of the exposure before it.
    let of_frames = exposures.iter().enumerate().filter(|(_, exposure)| exposure.frame.is_some());
    let ends = of_frames.filter_map(|(place, exposure)| Some((place, exposure.pulse.end.edge()?.until())));
    let (started, starts): (Vec<usize>, Vec<i128>) = starts.unzip();
    let (ended, ends): (Vec<usize>, Vec<i128>) = ends.unzip();
    let is_seen = |&(readout, exposure): &(usize, usize)| {
        let at = exposures.at(exposure).pulse.end.at();
        let other = pulses.get(readout).map_or(at, |pulse| pulse.from());
        lost.spares(at.min(other), at.max(other))
    };
    let pairs = pair(ends, &Instants { count: starts.len(), at: |place: usize| starts[place] }, reach)
        .into_iter()
        .map(|(end, start)| (started[start], ended[end]));
    pairs.filter(is_seen).collect()
}

/// Half the least distance, in sample periods, of the ends of two exposures of the same frame; none where no frame has two.
fn half_spacing(exposures: &Exposures) -> Option<i128> {
    let of_burst = |(a, b): (Exposure, Exposure)| match a.frame.is_some() && a.frame == b.frame {
        true => Some((b.pulse.end.edge()?.until() - a.pulse.end.edge()?.until()) / 2),
        false => None,
    };
    exposures.pairs().filter_map(of_burst).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Places;
    use crate::rig::WireIndex;
    use crate::signal::{EdgeTime, Limb, Pulse};
    use crate::units::SampleIndex;

    fn pulse(from: u64, to: u64) -> Pulse {
        let edge = |at| Limb::Edge(EdgeTime::sharp(SampleIndex::new(at)));
        Pulse { start: edge(from), end: edge(to) }
    }

    fn exposure(frame: i64, burst_index: u32, end: u64) -> Exposure {
        let pulse = pulse(end - 10, end);
        let wire = WireIndex::default();
        Exposure { pulse, frame: Some(frame), fsin: None, burst_index, wire, flashes: Places::default() }
    }

    fn paired(exposures: &[Exposure], starts: &[u64]) -> Vec<Option<usize>> {
        let pulses: Pulses = starts.iter().map(|&start| pulse(start, start + 5)).collect();
        let period = Rational::integer(100);
        let exposures = exposures.iter().cloned().collect();
        let readouts = readouts(&pulses, &exposures, Some(&period), &Lost::nothing());
        readouts.iter().map(|readout| readout.exposure).collect()
    }

    #[test]
    fn a_readout_belongs_to_the_exposure_that_ends_nearest() {
        let exposures = [exposure(0, 0, 100), exposure(1, 0, 200), exposure(3, 0, 400)];
        assert_eq!(paired(&exposures, &[102, 201, 303, 399]), [Some(0), Some(1), None, Some(2)]);
    }

    #[test]
    fn a_pulse_of_no_frame_takes_no_readout() {
        let extra = Exposure { frame: None, ..exposure(0, 0, 112) };
        assert_eq!(paired(&[exposure(0, 0, 100), extra, exposure(1, 0, 200)], &[111, 211]), [Some(0), Some(2)]);
    }

    #[test]
    fn a_readout_of_a_burst_is_never_shifted_to_the_next_exposure() {
        // The exposure of the first readout, and the readout of the last exposure, lie outside the record.
        let exposures = [exposure(0, 0, 130), exposure(0, 1, 160), exposure(1, 0, 200), exposure(1, 1, 230)];
        assert_eq!(paired(&exposures, &[101, 131, 161, 201]), [None, Some(0), Some(1), Some(2)]);
    }
}
