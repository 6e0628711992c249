//! What frames are made up of, as numbers: a camera has a hundred thousand of them an hour.

use super::{Exposure, FlashPulse, FrameEdge, Interval, Places, Readout};
use crate::rig::WireIndex;
use crate::signal::{EdgeTime, Limb, Pulse};
use crate::units::{Columnar, Columns, Items, SampleIndex};

/// Exposures in order of time.
pub type Exposures = Columns<Exposure, 10>;
/// Flash pulses in order of time.
pub type FlashPulses = Columns<FlashPulse, 7>;
/// Frame edges in order of time.
pub type FrameEdges = Columns<FrameEdge, 4>;
/// Frame edges, one after the other.
pub type FrameEdgeIter<'a> = Items<'a, FrameEdge, 4>;
/// Readout pulses in order of time.
pub type Readouts = Columns<Readout, 5>;

/// An edge as the sample at which it is seen and the length of its window, which is never 0.
#[inline]
fn edge_numbers(edge: EdgeTime) -> [i64; 2] {
    [edge.at().get().cast_signed(), edge.window().cast_signed()]
}

/// The edge of these; none without a window.
#[inline]
fn edge([at, window]: [i64; 2]) -> Option<EdgeTime> {
    EdgeTime::with_window(SampleIndex::new(at.cast_unsigned()), window.cast_unsigned())
}

/// A limb as an edge, or without a window.
#[inline]
fn limb_numbers(limb: Limb) -> [i64; 2] {
    limb.edge().map_or([limb.at().get().cast_signed(), 0], edge_numbers)
}

#[inline]
fn limb(numbers: [i64; 2]) -> Limb {
    edge(numbers).map_or(Limb::Cut(SampleIndex::new(numbers[0].cast_unsigned())), Limb::Edge)
}

/// A pulse as its start, its length, and the windows of both.
#[inline]
fn pulse_numbers(pulse: &Pulse) -> [i64; 4] {
    let ([start, start_window], [end, end_window]) = (limb_numbers(pulse.start), limb_numbers(pulse.end));
    [start, start_window, end.wrapping_sub(start), end_window]
}

#[inline]
fn pulse([start, start_window, length, end_window]: [i64; 4]) -> Pulse {
    Pulse { start: limb([start, start_window]), end: limb([start.wrapping_add(length), end_window]) }
}

/// A place, or none, as a number from 0 on.
#[inline]
fn place_number(place: Option<usize>) -> i64 {
    place.map_or(0, |place| place as i64 + 1)
}

#[inline]
fn place(number: i64) -> Option<usize> {
    usize::try_from(number.checked_sub(1)?).ok()
}

#[inline]
fn wire(number: i64) -> WireIndex {
    WireIndex::at(usize::try_from(number).unwrap_or(usize::MAX))
}

const NO_FRAME: i64 = i64::MAX;

impl Columnar<10> for Exposure {
    fn to_numbers(&self) -> Option<[i64; 10]> {
        let [start, start_window, length, end_window] = pulse_numbers(&self.pulse);
        let [fsin, fsin_window] = self.fsin.map_or([start, 0], edge_numbers);
        let flash = match *self.flashes {
            [] => None,
            [flash] => Some(flash),
            [..] => return None,
        };
        let frame = match self.frame {
            None => NO_FRAME,
            Some(NO_FRAME) => return None,
            Some(frame) => frame,
        };
        let (wire, flash) = (self.wire.get() as i64, place_number(flash));
        let fsin = fsin.wrapping_sub(start);
        Some([start, start_window, length, end_window, frame, fsin, fsin_window, self.burst_index.into(), wire, flash])
    }

    #[inline]
    fn from_numbers(numbers: [i64; 10]) -> Exposure {
        let [start, start_window, length, end_window, frame, fsin, fsin_window, burst_index, on, flash] = numbers;
        Exposure {
            pulse: pulse([start, start_window, length, end_window]),
            frame: Some(frame).filter(|frame| *frame != NO_FRAME),
            fsin: edge([start.wrapping_add(fsin), fsin_window]),
            burst_index: u32::try_from(burst_index).unwrap_or(u32::MAX),
            wire: wire(on),
            flashes: place(flash).into_iter().collect::<Places>(),
        }
    }
}

impl Columnar<7> for FlashPulse {
    fn to_numbers(&self) -> Option<[i64; 7]> {
        let [start, start_window, length, end_window] = pulse_numbers(&self.pulse);
        let (first, touched) = (place_number(self.touches.first().copied()), self.touches.len() as i64);
        if !self.touches.windows(2).all(|two| two[0] + 1 == two[1]) {
            return None;
        }
        Some([start, start_window, length, end_window, self.wire.get() as i64, first, touched])
    }

    #[inline]
    fn from_numbers([start, start_window, length, end_window, on, first, touched]: [i64; 7]) -> FlashPulse {
        let touched = usize::try_from(touched).unwrap_or(0);
        let touches = place(first).into_iter().flat_map(|first| first..first + touched).collect();
        FlashPulse { wire: wire(on), pulse: pulse([start, start_window, length, end_window]), touches }
    }
}

impl Columnar<4> for FrameEdge {
    fn to_numbers(&self) -> Option<[i64; 4]> {
        let before = match self.before {
            Interval::Regular => 0,
            Interval::WithExtra => -1,
            Interval::First => -2,
            Interval::Lost => -3,
            Interval::WithMissing(frames) => i64::try_from(frames).ok().filter(|frames| *frames > 0)?,
        };
        let [at, window] = edge_numbers(self.edge);
        Some([self.starts, at, window, before])
    }

    #[inline]
    fn from_numbers([starts, at, window, before]: [i64; 4]) -> FrameEdge {
        let before = match before {
            0 => Interval::Regular,
            -1 => Interval::WithExtra,
            -2 => Interval::First,
            frames => u64::try_from(frames).map_or(Interval::Lost, Interval::WithMissing),
        };
        let edge = edge([at, window]).unwrap_or(EdgeTime::sharp(SampleIndex::new(at.cast_unsigned())));
        FrameEdge { starts, edge, before }
    }
}

impl Columnar<5> for Readout {
    fn to_numbers(&self) -> Option<[i64; 5]> {
        let [start, start_window, length, end_window] = pulse_numbers(&self.pulse);
        Some([start, start_window, length, end_window, place_number(self.exposure)])
    }

    #[inline]
    fn from_numbers([start, start_window, length, end_window, exposure]: [i64; 5]) -> Readout {
        Readout { pulse: pulse([start, start_window, length, end_window]), exposure: place(exposure) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edges() -> impl Strategy<Value = EdgeTime> {
        (any::<u64>(), prop_oneof![Just(0), 0..100_u64, any::<u64>()]).prop_map(|(at, before)| {
            let earliest = SampleIndex::new(at.saturating_sub(before));
            EdgeTime::bridged(earliest, SampleIndex::new(at)).unwrap_or(EdgeTime::sharp(SampleIndex::new(at)))
        })
    }

    fn pulses() -> impl Strategy<Value = Pulse> {
        let limb =
            || prop_oneof![edges().prop_map(Limb::Edge), any::<u64>().prop_map(|at| Limb::Cut(SampleIndex::new(at)))];
        (limb(), limb()).prop_map(|(start, end)| Pulse { start, end })
    }

    fn exposures() -> impl Strategy<Value = Exposure> {
        let frame = prop_oneof![Just(None), any::<i64>().prop_map(Some), Just(Some(i64::MAX))];
        let places = proptest::collection::vec(0..99_usize, 0..4);
        (pulses(), frame, proptest::option::of(edges()), any::<u32>(), 0..9_usize, places).prop_map(
            |(pulse, frame, fsin, burst_index, wire, flashes)| {
                let flashes = flashes.into_iter().collect();
                Exposure { pulse, frame, fsin, burst_index, wire: WireIndex::at(wire), flashes }
            },
        )
    }

    fn frame_edges() -> impl Strategy<Value = FrameEdge> {
        let before = prop_oneof![
            Just(Interval::First),
            Just(Interval::Regular),
            Just(Interval::WithExtra),
            Just(Interval::Lost),
            any::<u64>().prop_map(Interval::WithMissing),
            (0..3_u64).prop_map(Interval::WithMissing),
        ];
        (any::<i64>(), edges(), before).prop_map(|(starts, edge, before)| FrameEdge { starts, edge, before })
    }

    proptest! {
        #[test]
        fn they_are_what_was_put_in(
            shots in proptest::collection::vec(exposures(), 0..5),
            edges in proptest::collection::vec(frame_edges(), 0..5),
            pulses in proptest::collection::vec((pulses(), 0..9_usize, 0..9_usize, 0..4_usize), 0..5),
            apart in 1..3_usize,
        ) {
            prop_assert_eq!(shots.iter().cloned().collect::<Exposures>().iter().collect::<Vec<_>>(), shots);
            prop_assert_eq!(edges.iter().copied().collect::<FrameEdges>().iter().collect::<Vec<_>>(), edges);
            let flashes: Vec<FlashPulse> = pulses.iter()
                .map(|&(pulse, wire, first, touched)| FlashPulse { wire: WireIndex::at(wire), pulse, touches: (0..touched).map(|place| first + place * apart).collect() })
                .collect();
            prop_assert_eq!(flashes.iter().cloned().collect::<FlashPulses>().iter().collect::<Vec<_>>(), flashes);
            let readouts: Vec<Readout> = pulses.iter()
                .map(|&(pulse, place, _, is_paired)| Readout { pulse, exposure: (is_paired > 0).then_some(place) })
                .collect();
            prop_assert_eq!(readouts.iter().copied().collect::<Readouts>().iter().collect::<Vec<_>>(), readouts);
        }
    }
}
