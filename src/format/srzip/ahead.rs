//! Parts decoded ahead, by several threads, and joined in order by the caller's.
//!
//! Every thread takes the next part that nobody has taken. The caller's joins what is next in order as soon as it is decoded,
//! and decodes like the others where it is not. The others rest while enough changes wait to be joined.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::chunks::Part;
use super::decode::{Decoded, Decoder};
use super::scan::Change;

/// So many parts are taken before they are joined at most.
const MOST_PARTS: usize = 1024;
/// No part more is taken while so many changes wait.
const MOST_WAITING: u64 = 1 << 21;

/// Decodes parts by so many threads, at least one, and joins them in order.
///
/// # Errors
/// That of `join`, after which no more parts are decoded.
pub(super) fn decode_ahead<E>(
    parts: &[Part],
    jobs: usize,
    decode: impl Fn(&mut Decoder, &Part) -> Decoded + Sync,
    mut join: impl FnMut(&Part, &Decoded) -> Result<(), E>,
) -> Result<(), E> {
    let work = Work { parts, queue: Mutex::default(), changed: Condvar::new() };
    rayon::in_place_scope(|scope| {
        for _ in 1..jobs {
            scope.spawn(|_| work.decode_all(&decode));
        }
        let _panics = StopAtPanic(&work);
        let joined = work.join_all(&decode, &mut join);
        work.stop();
        joined
    })
}

/// Decodes a part.
trait Decode: Fn(&mut Decoder, &Part) -> Decoded {}

impl<F: Fn(&mut Decoder, &Part) -> Decoded> Decode for F {}

/// The parts, and how far they are.
struct Work<'a> {
    parts: &'a [Part],
    queue: Mutex<Queue>,
    changed: Condvar,
}

/// What is between its taking and its joining.
#[derive(Default)]
struct Queue {
    /// How many parts are joined, or about to be.
    joined: usize,
    /// Those taken behind them, in order; none while it is decoded.
    taken: VecDeque<Option<Decoded>>,
    /// How many changes wait.
    waiting: u64,
    /// How many threads rest.
    resting: usize,
    is_stopped: bool,
    /// The room of what was joined, for what is decoded next.
    rooms: Vec<Vec<Change>>,
}

/// A part by its number, and room for its changes.
type Taken = (usize, Vec<Change>);

/// What a thread did last.
enum Done {
    Nothing,
    Decoded(usize, Decoded),
    /// The room that it leaves.
    Joined(Vec<Change>),
}

/// What the caller's thread does next.
enum Step {
    Join(usize, Decoded),
    Decode(Taken),
    End,
}

impl Queue {
    /// As many changes as this have room kept for them.
    const MOST_ROOM: usize = 1 << 23;

    /// Takes the next part, with room for its changes; none if there is none, or enough waits.
    fn take(&mut self, parts: &[Part]) -> Option<Taken> {
        let next = self.joined + self.taken.len();
        let may = next < parts.len() && self.taken.len() < MOST_PARTS && self.waiting < MOST_WAITING;
        may.then(|| {
            self.taken.push_back(None);
            (next, self.rooms.pop().unwrap_or_default())
        })
    }

    fn put(&mut self, index: usize, decoded: Decoded) {
        self.waiting += changes(&decoded);
        if let Some(place) = index.checked_sub(self.joined).and_then(|place| self.taken.get_mut(place)) {
            *place = Some(decoded);
        }
    }

    /// The next part in order, if it is decoded.
    fn next(&mut self) -> Option<(usize, Decoded)> {
        let decoded = self.taken.front_mut()?.take()?;
        self.taken.pop_front();
        self.waiting -= changes(&decoded);
        self.joined += 1;
        Some((self.joined - 1, decoded))
    }

    fn give(&mut self, room: Vec<Change>) {
        if self.rooms.iter().map(Vec::capacity).sum::<usize>() + room.capacity() <= Queue::MOST_ROOM {
            self.rooms.push(room);
        }
    }
}

fn changes(decoded: &Decoded) -> u64 {
    decoded.chunk.as_ref().map_or(0, |chunk| chunk.changes.len() as u64)
}

impl Work<'_> {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The queue, with what was done in it: small chunks are many, and each time that it is held costs.
    fn queue_with(&self, done: Done) -> MutexGuard<'_, Queue> {
        let mut queue = self.queue();
        match done {
            Done::Nothing => {}
            Done::Decoded(index, decoded) => {
                queue.put(index, decoded);
                self.wake(&queue);
            }
            Done::Joined(room) => queue.give(room),
        }
        queue
    }

    /// Rests until something has changed.
    fn rest<'a>(&self, mut queue: MutexGuard<'a, Queue>) -> MutexGuard<'a, Queue> {
        queue.resting += 1;
        let mut queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        queue.resting -= 1;
        queue
    }

    /// Tells those who rest that something has changed: to tell nobody is not free either.
    fn wake(&self, queue: &Queue) {
        if queue.resting > 0 {
            self.changed.notify_all();
        }
    }

    /// No more parts are taken.
    fn stop(&self) {
        let mut queue = self.queue();
        queue.is_stopped = true;
        self.wake(&queue);
    }

    fn decode(&self, (index, room): Taken, decoder: &mut Decoder, decode: &impl Decode) -> Done {
        let Some(part) = self.parts.get(index) else { return Done::Nothing };
        decoder.reuse(room);
        Done::Decoded(index, decode(decoder, part))
    }

    /// Decodes parts until all are taken.
    fn decode_all(&self, decode: &impl Decode) {
        let mut decoder = Decoder::new();
        let _panics = StopAtPanic(self);
        let mut done = Done::Nothing;
        while let Some(taken) = self.next(done) {
            done = self.decode(taken, &mut decoder, decode);
        }
    }

    /// The next part to decode, as soon as there may be one more; none at the end.
    fn next(&self, done: Done) -> Option<Taken> {
        let mut queue = self.queue_with(done);
        while !queue.is_stopped && queue.joined + queue.taken.len() < self.parts.len() {
            if let Some(taken) = queue.take(self.parts) {
                return Some(taken);
            }
            queue = self.rest(queue);
        }
        None
    }

    /// Joins all parts in order, and decodes where the next one is not ready.
    fn join_all<E>(
        &self,
        decode: &impl Decode,
        join: &mut impl FnMut(&Part, &Decoded) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut decoder = Decoder::new();
        let mut done = Done::Nothing;
        loop {
            done = match self.step(done) {
                Step::Join(index, decoded) => {
                    self.parts.get(index).map_or(Ok(()), |part| join(part, &decoded))?;
                    Done::Joined(decoded.into_room())
                }
                Step::Decode(taken) => self.decode(taken, &mut decoder, decode),
                Step::End => return Ok(()),
            }
        }
    }

    fn step(&self, done: Done) -> Step {
        let mut queue = self.queue_with(done);
        // It stops early only where another thread panics, and then the scope does so, whatever is returned.
        while !queue.is_stopped && queue.joined < self.parts.len() {
            if let Some((index, decoded)) = queue.next() {
                self.wake(&queue);
                return Step::Join(index, decoded);
            }
            if let Some(taken) = queue.take(self.parts) {
                return Step::Decode(taken);
            }
            queue = self.rest(queue);
        }
        Step::End
    }
}

/// Nobody waits for a thread that panics.
struct StopAtPanic<'a>(&'a Work<'a>);

impl Drop for StopAtPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

    use super::*;
    use crate::format::srzip::decode::Chunk;

    fn parts(count: u32) -> Vec<Part> {
        (0..count).map(|number| Part::Missing { first: number, last: number }).collect()
    }

    fn number(part: &Part) -> u64 {
        match part {
            Part::Missing { first, .. } => u64::from(*first),
            Part::Chunk { .. } => unreachable!("there are none"),
        }
    }

    /// A chunk that bears the part's number, with so many changes.
    fn chunk(part: &Part, changes: usize) -> Decoded {
        let changes = vec![Change { at: 0, state: 0 }; changes];
        Decoded { chunk: Ok(Chunk { samples: number(part), rest: 0, changes }), misread: None }
    }

    #[test]
    fn parts_are_joined_in_order_and_each_once() {
        for jobs in [1, 2, 5] {
            for count in [0, 1, 2, MOST_PARTS as u32, 5 * MOST_PARTS as u32 + 1] {
                let mut joined = Vec::new();
                let joins = |part: &Part, decoded: &Decoded| {
                    assert_eq!(*decoded, chunk(part, 0));
                    joined.push(number(part));
                    Ok::<(), ()>(())
                };
                assert_eq!(decode_ahead(&parts(count), jobs, |_, part| chunk(part, 0), joins), Ok(()));
                assert!(joined.into_iter().eq(0..u64::from(count)), "{jobs} {count}");
            }
        }
    }

    #[test]
    fn few_changes_wait() {
        const EACH: u64 = MOST_WAITING / 4;
        for jobs in [1, 3] {
            let (waiting, most) = (AtomicU64::new(0), AtomicU64::new(0));
            let decode = |_: &mut Decoder, part: &Part| {
                most.fetch_max(waiting.fetch_add(EACH, Ordering::SeqCst) + EACH, Ordering::SeqCst);
                chunk(part, EACH as usize)
            };
            let join = |_: &Part, _: &Decoded| {
                waiting.fetch_sub(EACH, Ordering::SeqCst);
                Ok::<(), ()>(())
            };
            assert_eq!(decode_ahead(&parts(100), jobs, decode, join), Ok(()));
            // What waits to be joined, and besides a part that each thread decodes or joins.
            let bound = MOST_WAITING + 2 * jobs as u64 * EACH;
            assert!(most.load(Ordering::SeqCst) <= bound, "{jobs}: {most:?} of {bound}");
        }
    }

    #[test]
    fn nothing_more_is_decoded_once_no_more_is_taken() {
        let decoded = AtomicUsize::new(0);
        let decode = |_: &mut Decoder, part: &Part| {
            decoded.fetch_add(1, Ordering::SeqCst);
            chunk(part, 0)
        };
        let join = |part: &Part, _: &Decoded| if number(part) < 3 { Ok(()) } else { Err("full") };
        assert_eq!(decode_ahead(&parts(100_000), 2, decode, join), Err("full"));
        assert!(decoded.load(Ordering::SeqCst) <= 2 * MOST_PARTS);
    }

    #[test]
    fn a_panic_of_any_thread_is_one_of_all() {
        for place in [0, 7] {
            let decode = |_: &mut Decoder, part: &Part| {
                assert!(number(part) != place, "as the test wants it");
                chunk(part, 0)
            };
            let read = || decode_ahead(&parts(5000), 3, decode, |_, _| Ok::<(), ()>(()));
            assert!(std::panic::catch_unwind(read).is_err(), "{place}");
        }
        let join = |_: &Part, _: &Decoded| -> Result<(), ()> { panic!("as the test wants it") };
        assert!(std::panic::catch_unwind(|| decode_ahead(&parts(5000), 3, |_, part| chunk(part, 0), join)).is_err());
    }
}
