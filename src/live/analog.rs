//! The analog channels of a device on their way to a recorder: sample for sample beside the logic's.

use std::collections::VecDeque;

use super::order::AnalogChannel;
use super::trigger::Gate;
use crate::capture::{Sink, SinkError};

/// Takes what a device samples: changes of its logic channels, and samples of its analog ones.
pub(crate) trait Recorder: Sink {
    /// The next samples of the analog channel at this place of [`Armed::analog`](super::Armed::analog). Who records levels only
    /// drops them.
    ///
    /// # Errors
    /// [`SinkError`] where they cannot be written.
    fn analog(&mut self, place: usize, samples: &[f32]) -> Result<(), SinkError> {
        let _dropped = (place, samples);
        Ok(())
    }
}

/// Samples of a channel that arrived: its number, and they.
pub(super) type AnalogSamples = (u32, Vec<f32>);

/// More samples of a channel do not wait for the logic's of the same time.
const MOST_HELD: usize = 1 << 24;

/// The analog channels that are recorded.
#[derive(Debug)]
pub(super) struct Tracks(Vec<Track>);

#[derive(Debug)]
struct Track {
    channel: AnalogChannel,
    /// The samples that are neither recorded nor dropped, and how many came before them.
    held: VecDeque<f32>,
    gone: u64,
    recorded: u64,
    /// Whether more samples came than can wait.
    is_ahead: bool,
}

impl Tracks {
    pub(super) fn new(channels: &[AnalogChannel]) -> Tracks {
        let track = |channel: &AnalogChannel| Track {
            channel: channel.clone(),
            held: VecDeque::new(),
            gone: 0,
            recorded: 0,
            is_ahead: false,
        };
        Tracks(channels.iter().map(track).collect())
    }

    /// Goes on with samples that arrived, up to as many as are recorded of the logic's, of which so many have arrived.
    pub(super) fn feed(
        &mut self,
        arrived: Vec<AnalogSamples>,
        (gate, logic): (&Gate, u64),
        recorder: &mut dyn Recorder,
    ) -> Result<(), SinkError> {
        for (index, samples) in arrived {
            if let Some(track) = self.0.iter_mut().find(|track| track.channel.index == index) {
                track.is_ahead |= track.held.len() + samples.len() > MOST_HELD;
                if !track.is_ahead {
                    track.held.extend(samples);
                }
            }
        }
        let (first, wanted) = (gate.first(logic), gate.recorded(logic));
        for (place, track) in self.0.iter_mut().enumerate() {
            track.drop_before(first);
            if track.gone >= first && track.recorded < wanted {
                let count = usize::try_from(wanted - track.recorded).unwrap_or(usize::MAX).min(track.held.len());
                let samples: Vec<f32> = track.held.drain(..count).collect();
                recorder.analog(place, &samples)?;
                track.gone += count as u64;
                track.recorded += count as u64;
            }
        }
        Ok(())
    }

    /// Whether all of them are recorded up to this sample.
    pub(super) fn have(&self, samples: u64) -> bool {
        self.0.iter().all(|track| track.recorded >= samples)
    }

    /// What is wrong with those that are not recorded up to this sample.
    pub(super) fn problems(&self, samples: u64) -> impl Iterator<Item = String> {
        let short = self.0.iter().filter(move |track| track.recorded < samples);
        short.map(move |track| {
            format!(
                "of the analog channel {} came {} of {samples} samples: it is not sampled beside the logic channels",
                track.channel.name, track.recorded
            )
        })
    }
}

impl Track {
    /// Drops what lies before the sample that is recorded first.
    fn drop_before(&mut self, first: u64) {
        if self.recorded == 0 {
            let count = first.saturating_sub(self.gone).min(self.held.len() as u64);
            self.held.drain(..usize::try_from(count).unwrap_or(usize::MAX));
            self.gone += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::trigger::Condition;
    use crate::signal::LostSpan;
    use crate::units::SampleIndex;
    use sigrok_sys::TriggerMatch;

    /// Keeps the analog samples of two channels.
    #[derive(Default)]
    struct Kept([Vec<f32>; 2]);

    impl Sink for Kept {
        fn change(&mut self, _: SampleIndex, _: u64) -> Result<(), SinkError> {
            Ok(())
        }
        fn lost(&mut self, _: LostSpan) {}
    }

    impl Recorder for Kept {
        fn analog(&mut self, place: usize, samples: &[f32]) -> Result<(), SinkError> {
            self.0[place].extend(samples);
            Ok(())
        }
    }

    fn tracks() -> Tracks {
        let channel = |index: u32| AnalogChannel { index, name: format!("A{index}") };
        Tracks::new(&[channel(8), channel(9)])
    }

    /// Samples that are their own numbers.
    fn numbers(from: u16, to: u16) -> Vec<f32> {
        (from..to).map(f32::from).collect()
    }

    #[test]
    fn as_many_are_recorded_as_of_the_logic_and_each_channel_apart() {
        let (mut tracks, mut kept) = (tracks(), Kept::default());
        let gate = Gate::new(Vec::new(), 0, Some(25));
        tracks.feed(vec![(8, numbers(0, 20)), (3, numbers(0, 9))], (&gate, 10), &mut kept).unwrap();
        assert_eq!((kept.0[0].len(), kept.0[1].len(), tracks.have(10)), (10, 0, false));
        tracks.feed(vec![(9, numbers(100, 130)), (8, numbers(20, 30))], (&gate, 30), &mut kept).unwrap();
        assert_eq!(kept.0, [numbers(0, 25), numbers(100, 125)]);
        assert!(tracks.have(25) && tracks.problems(25).next().is_none());
        assert!(tracks.problems(26).next().unwrap().starts_with("of the analog channel A8 came 25 of 26 samples"));
    }

    #[test]
    fn they_begin_with_the_logic_some_time_before_the_trigger() {
        let (mut tracks, mut kept) = (tracks(), Kept::default());
        let mut gate = Gate::new(vec![Condition { bit: 1, kind: TriggerMatch::Rising }], 5, Some(10));
        let mut changed =
            |gate: &mut Gate, at, state| gate.before(&mut kept).change(SampleIndex::new(at), state).unwrap();
        changed(&mut gate, 0, 0);
        let mut nothing = Kept::default();
        tracks.feed(vec![(8, numbers(0, 40)), (9, numbers(0, 38))], (&gate, 40), &mut nothing).unwrap();
        assert_eq!(nothing.0[0].len() + nothing.0[1].len(), 0);
        // Less than 5 samples before the end no trigger can make them wanted any more.
        assert_eq!(tracks.0[0].gone, 35);
        changed(&mut gate, 42, 1);
        tracks.feed(vec![(8, numbers(40, 60)), (9, numbers(38, 60))], (&gate, 60), &mut nothing).unwrap();
        assert_eq!(nothing.0, [numbers(37, 47), numbers(37, 47)]);
        assert_eq!((gate.trigger(), tracks.have(10)), (Some(5), true));
    }
}
