//! From the thread that samples to the one that records: bytes, in bounded memory.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sigrok_sys::Message;

use super::analog::AnalogSamples;

/// So many bytes may wait. A recorder that falls further behind makes the driver wait, and then the device's own memory
/// overflows, which its driver tells by ending.
const MOST: usize = 16 << 20;

/// What arrived since the last look.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Samples.
    pub(super) bytes: Vec<u8>,
    /// Bytes per sample; 0 before the first.
    pub(super) unit: u16,
    /// Samples of analog channels.
    pub(super) analog: Vec<AnalogSamples>,
    /// The device's trigger lies before this byte.
    pub(super) trigger: Option<usize>,
    /// What the driver said.
    pub(super) messages: Vec<Message>,
    /// When samples arrived, up to the last of these.
    pub(super) arrivals: Option<Arrivals>,
    /// Something that no driver may do.
    pub(super) disorder: Option<String>,
    /// Nothing comes any more.
    pub(super) ended: bool,
}

/// When samples arrived.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrivals {
    /// The first packet.
    pub(super) first: Instant,
    /// Its samples, which were taken before it arrived.
    pub(super) first_samples: u64,
    /// The last packet.
    pub(super) last: Instant,
    /// All samples.
    pub(super) samples: u64,
}

impl Batch {
    /// How much waits.
    fn size(&self) -> usize {
        self.bytes.len() + self.analog.iter().map(|(_, samples)| size_of_val(samples.as_slice())).sum::<usize>()
    }
}

#[derive(Debug, Default)]
struct State {
    batch: Batch,
    /// Nobody takes any more.
    closed: bool,
}

/// Both ends of the pipe.
#[derive(Debug, Default, Clone)]
pub(super) struct Pipe(Arc<(Mutex<State>, Condvar)>);

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds samples; waits while too many wait.
    pub(super) fn push(&self, unit: u16, samples: &[u8]) {
        let now = Instant::now();
        let Some(mut state) = self.with_room(samples.len()) else { return };
        let batch = &mut state.batch;
        if unit == 0 || (batch.unit != 0 && batch.unit != unit) || !samples.len().is_multiple_of(unit.into()) {
            let size = samples.len();
            batch.disorder.get_or_insert_with(|| format!("a packet of {size} bytes in samples of {unit} bytes"));
            return;
        }
        batch.unit = unit;
        batch.bytes.extend_from_slice(samples);
        let count = samples.len() as u64 / u64::from(unit);
        let arrivals = batch.arrivals.unwrap_or(Arrivals { first: now, first_samples: count, last: now, samples: 0 });
        batch.arrivals = Some(Arrivals { last: now, samples: arrivals.samples + count, ..arrivals });
        self.0.1.notify_all();
    }

    /// Adds samples of analog channels, which come one of each channel after the other; waits while too many wait.
    pub(super) fn push_analog(&self, channels: &[u32], samples: &[f32]) {
        let Some(mut state) = self.with_room(size_of_val(samples)) else { return };
        for (place, channel) in channels.iter().enumerate() {
            let own = samples.iter().skip(place).step_by(channels.len()).copied();
            match state.batch.analog.iter_mut().find(|(known, _)| known == channel) {
                Some((_, held)) => held.extend(own),
                None => state.batch.analog.push((*channel, own.collect())),
            }
        }
        self.0.1.notify_all();
    }

    /// Waits until so many bytes find room; none where nobody takes them any more.
    fn with_room(&self, size: usize) -> Option<MutexGuard<'_, State>> {
        let full = |state: &mut State| !state.closed && state.batch.size() + size > MOST.max(size);
        let state = self.0.1.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner);
        (!state.closed).then_some(state)
    }

    /// Says something about the samples or the device.
    pub(super) fn tell(&self, tell: impl FnOnce(&mut Batch)) {
        tell(&mut self.lock().batch);
        self.0.1.notify_all();
    }

    /// Takes what is there, and waits for it at most this long.
    pub(super) fn take(&self, timeout: Duration) -> Batch {
        let nothing = |state: &mut State| state.batch.size() == 0 && !state.batch.ended;
        let (mut state, _) =
            self.0.1.wait_timeout_while(self.lock(), timeout, nothing).unwrap_or_else(PoisonError::into_inner);
        let Batch { unit, ended, arrivals, .. } = state.batch;
        let batch = std::mem::replace(&mut state.batch, Batch { unit, ended, arrivals, ..Batch::default() });
        self.0.1.notify_all();
        batch
    }

    /// Takes nothing any more: whoever waits to push goes on.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.0.1.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_out_as_they_went_in_and_never_too_many_at_once() {
        let pipe = Pipe::default();
        let source = pipe.clone();
        let pushing = std::thread::spawn(move || {
            for at in 0..100_u8 {
                source.push(1, &vec![at; 1 << 20]);
            }
            source.tell(|batch| batch.ended = true);
        });
        let (mut next, mut arrived) = (0, 0);
        loop {
            let batch = pipe.take(Duration::from_secs(10));
            assert!(batch.bytes.len() <= MOST);
            for piece in batch.bytes.chunks(1 << 20) {
                assert!(piece.iter().all(|byte| *byte == next));
                next += 1;
            }
            arrived = batch.arrivals.map_or(arrived, |arrivals| arrivals.samples);
            if batch.ended && batch.bytes.is_empty() {
                break;
            }
        }
        pushing.join().unwrap();
        assert_eq!((next, arrived), (100, 100 << 20));
    }

    #[test]
    fn a_closed_pipe_holds_nobody_up_and_disorder_is_told() {
        let pipe = Pipe::default();
        pipe.push(2, &[0; 6]);
        pipe.push(3, &[0; 6]);
        pipe.push(2, &[0; 5]);
        let batch = pipe.take(Duration::ZERO);
        assert_eq!((batch.bytes.len(), batch.unit), (6, 2));
        assert_eq!(batch.disorder.as_deref(), Some("a packet of 6 bytes in samples of 3 bytes"));
        pipe.close();
        pipe.push(2, &vec![0; 2 * MOST]);
        assert!(pipe.take(Duration::ZERO).bytes.is_empty());
    }

    #[test]
    fn samples_of_several_analog_channels_are_told_apart() {
        let pipe = Pipe::default();
        pipe.push_analog(&[8, 9], &[1.0, -1.0, 2.0, -2.0]);
        pipe.push_analog(&[8], &[3.0]);
        assert_eq!(pipe.take(Duration::ZERO).analog, [(8, vec![1.0, 2.0, 3.0]), (9, vec![-1.0, -2.0])]);
    }
}
