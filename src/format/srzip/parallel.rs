//! Parts decoded ahead, by several threads, and joined in order by the caller's.
//!
//! Every thread takes the next batch of parts that nobody has taken. The caller's joins what is next in order as soon as it is
//! decoded, and decodes like the others where it is not. The others rest while enough changes wait to be joined.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::changes::Changes;
use super::chunks::Part;
use super::decode::{Decoded, Decoder};

/// So many packed bytes or parts are a batch, since to take one costs as much as to decode a small part; or fewer, where the
/// parts before held so many changes.
const BATCH_BYTES: u64 = 32 << 10;
const BATCH_PARTS: usize = 64;
const BATCH_CHANGES: u64 = 1 << 16;
/// So many batches are taken before they are joined at most, or as many as there are threads.
const MOST_BATCHES: usize = 16;
/// While so many changes wait, no more batches are taken than there are threads, and one.
const MOST_WAITING: u64 = 1 << 21;

/// Decodes parts by so many threads, at least one, and joins them in order.
///
/// # Errors
/// That of `join`, after which no more parts are decoded.
pub(super) fn decode_parallel<E>(
    parts: &[Part],
    jobs: usize,
    decode: impl Fn(&mut Decoder, &Part) -> Decoded + Sync,
    mut join: impl FnMut(&Part, &Decoded) -> Result<(), E>,
) -> Result<(), E> {
    let work = Work { parts, jobs, queue: Mutex::default(), changed: Condvar::new() };
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
    jobs: usize,
    queue: Mutex<Queue>,
    changed: Condvar,
}

/// What is between its taking and its joining.
#[derive(Default)]
struct Queue {
    /// How many parts are taken.
    next: usize,
    /// What is taken and not joined, in order: the first part of each batch, and its parts once they are decoded.
    taken: VecDeque<(usize, Option<Vec<Decoded>>)>,
    /// How many changes wait.
    waiting: u64,
    /// How many a part of the last batch had; none before there was one.
    usual: Option<u64>,
    /// How many threads rest.
    resting: usize,
    is_stopped: bool,
    /// The room of what was joined, for what is decoded next.
    rooms: Vec<Changes>,
    /// For how many changes that is.
    room: usize,
}

/// Some of the parts in a row.
struct Batch<T> {
    /// Which is the first.
    first: usize,
    each: Vec<T>,
}

/// A batch to decode, with room for the changes of its parts.
struct Taken<'a> {
    first: usize,
    parts: &'a [Part],
    rooms: Vec<Changes>,
}

impl Taken<'_> {
    fn decode(mut self, decoder: &mut Decoder, decode: &impl Decode) -> Done {
        let each = self.parts.iter().map(|part| {
            decoder.reuse(self.rooms.pop());
            decode(decoder, part)
        });
        Done::Decoded(Batch { first: self.first, each: each.collect() })
    }
}

/// What a thread did last.
enum Done {
    Nothing,
    Decoded(Batch<Decoded>),
    /// The room that it leaves.
    Joined(Vec<Changes>),
}

/// What the caller's thread does next.
enum Step<'a> {
    Join(Batch<Decoded>),
    Decode(Taken<'a>),
    End,
}

impl Queue {
    /// As many changes as this have room kept for them.
    const MOST_ROOM: usize = 1 << 23;

    /// Takes the next batch, with room for its changes; none if there is none, or enough waits.
    fn take<'a>(&mut self, work: &Work<'a>) -> Option<Taken<'a>> {
        let most = if self.waiting < MOST_WAITING { MOST_BATCHES.max(work.jobs) } else { work.jobs + 1 };
        let left = work.parts.get(self.next..).filter(|left| !left.is_empty() && self.taken.len() < most)?;
        let parts = left.get(..batch(left, self.usual)).unwrap_or(left);
        let rooms = self.rooms.split_off(self.rooms.len().saturating_sub(parts.len()));
        self.room -= capacity(&rooms);
        self.taken.push_back((self.next, None));
        self.next += parts.len();
        Some(Taken { first: self.next - parts.len(), parts, rooms })
    }

    fn put(&mut self, batch: Batch<Decoded>) {
        let changes = changes(&batch.each);
        self.waiting += changes;
        self.usual = changes.checked_div(batch.each.len() as u64);
        if let Some((_, place)) = self.taken.iter_mut().find(|(first, _)| *first == batch.first) {
            *place = Some(batch.each);
        }
    }

    /// The next batch in order, if it is decoded.
    fn next(&mut self) -> Option<Batch<Decoded>> {
        let (first, each) = self.taken.front_mut()?;
        let batch = Batch { first: *first, each: each.take()? };
        self.taken.pop_front();
        self.waiting -= changes(&batch.each);
        Some(batch)
    }

    fn give(&mut self, rooms: Vec<Changes>) {
        let room = capacity(&rooms);
        if self.room + room <= Queue::MOST_ROOM {
            self.room += room;
            self.rooms.extend(rooms);
        }
    }
}

/// How many of these parts are a batch, if each has as many changes as is usual; one at least.
fn batch(parts: &[Part], usual: Option<u64>) -> usize {
    let most = usual.map_or(1, |usual| BATCH_CHANGES / usual.max(1)).clamp(1, BATCH_PARTS as u64);
    let mut packed = 0_u64;
    let fits = parts.iter().take(most as usize).take_while(|part| {
        let fits = packed < BATCH_BYTES;
        packed = packed.saturating_add(part.packed());
        fits
    });
    fits.count()
}

fn changes(batch: &[Decoded]) -> u64 {
    batch.iter().filter_map(|decoded| decoded.chunk.as_ref().ok()).map(|chunk| chunk.changes.len() as u64).sum()
}

fn capacity(rooms: &[Changes]) -> usize {
    rooms.iter().map(Changes::capacity).sum()
}

impl<'a> Work<'a> {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The queue, with what was done in it: each time that it is held costs.
    fn queue_with(&self, done: Done) -> MutexGuard<'_, Queue> {
        let mut queue = self.queue();
        match done {
            Done::Nothing => {}
            Done::Decoded(batch) => {
                queue.put(batch);
                self.wake(&queue);
            }
            Done::Joined(room) => queue.give(room),
        }
        queue
    }

    /// Rests until something has changed.
    fn rest<'q>(&self, mut queue: MutexGuard<'q, Queue>) -> MutexGuard<'q, Queue> {
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

    /// Decodes batches until all are taken.
    fn decode_all(&self, decode: &impl Decode) {
        let mut decoder = Decoder::new();
        let _panics = StopAtPanic(self);
        let mut done = Done::Nothing;
        while let Some(taken) = self.next(done) {
            done = taken.decode(&mut decoder, decode);
        }
    }

    /// The next batch to decode, as soon as there may be one more; none at the end.
    fn next(&self, done: Done) -> Option<Taken<'a>> {
        let mut queue = self.queue_with(done);
        while !queue.is_stopped && queue.next < self.parts.len() {
            if let Some(taken) = queue.take(self) {
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
                Step::Join(Batch { first, each }) => {
                    let parts = self.parts.get(first..).unwrap_or_default();
                    parts.iter().zip(&each).try_for_each(|(part, decoded)| join(part, decoded))?;
                    Done::Joined(each.into_iter().filter_map(Decoded::into_room).collect())
                }
                Step::Decode(taken) => taken.decode(&mut decoder, decode),
                Step::End => return Ok(()),
            }
        }
    }

    fn step(&self, done: Done) -> Step<'a> {
        let mut queue = self.queue_with(done);
        // It stops early only where another thread panics, and then the scope does so, whatever is returned.
        while !queue.is_stopped && (queue.next < self.parts.len() || !queue.taken.is_empty()) {
            if let Some(batch) = queue.next() {
                self.wake(&queue);
                return Step::Join(batch);
            }
            if let Some(taken) = queue.take(self) {
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
    use crate::format::archive::{Fault, Member, Stated};
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

    /// A chunk that bears the part's number, with these changes.
    fn chunk_of(part: &Part, changes: &Changes) -> Decoded {
        let changes = changes.clone();
        Decoded { chunk: Ok(Chunk { samples: number(part), rest: 0, changes }), misread: None }
    }

    /// A chunk that bears the part's number, without changes.
    fn chunk(part: &Part) -> Decoded {
        chunk_of(part, &Changes::of([]))
    }

    #[test]
    fn parts_are_joined_in_order_and_each_once() {
        for jobs in [1, 2, 5] {
            for count in [0, 1, 2, BATCH_PARTS as u32 + 1, 5000] {
                let mut joined = Vec::new();
                let joins = |part: &Part, decoded: &Decoded| {
                    assert_eq!(*decoded, chunk(part));
                    joined.push(number(part));
                    Ok::<(), ()>(())
                };
                assert_eq!(decode_parallel(&parts(count), jobs, |_, part| chunk(part), joins), Ok(()));
                assert!(joined.into_iter().eq(0..u64::from(count)), "{jobs} {count}");
            }
        }
    }

    #[test]
    fn few_changes_wait() {
        const EACH: u64 = MOST_WAITING / 4;
        let changes = Changes::of((0..EACH).map(|at| (at, 0)));
        for jobs in [1, 3] {
            let (waiting, most) = (AtomicU64::new(0), AtomicU64::new(0));
            let decode = |_: &mut Decoder, part: &Part| {
                most.fetch_max(waiting.fetch_add(EACH, Ordering::SeqCst) + EACH, Ordering::SeqCst);
                chunk_of(part, &changes)
            };
            let join = |_: &Part, _: &Decoded| {
                waiting.fetch_sub(EACH, Ordering::SeqCst);
                Ok::<(), ()>(())
            };
            assert_eq!(decode_parallel(&parts(100), jobs, decode, join), Ok(()));
            // What waits to be joined, and besides a part that each thread decodes or joins, and one.
            let bound = MOST_WAITING + (2 * jobs as u64 + 1) * EACH;
            assert!(most.load(Ordering::SeqCst) <= bound, "{jobs}: {most:?} of {bound}");
        }
    }

    #[test]
    fn a_batch_holds_few_packed_bytes_and_few_changes() {
        assert_eq!(
            [None, Some(u64::MAX), Some(BATCH_CHANGES / 3), Some(0)].map(|usual| batch(&parts(100), usual)),
            [1, 1, 3, 64]
        );
        assert_eq!(batch(&parts(5), Some(0)), 5);
        let packed = |packed| Part::Chunk {
            number: None,
            member: Member {
                name: String::new(),
                header: 0,
                packed,
                size: 0,
                crc: 0,
                stated: Stated::Once,
                place: Err(Fault::Twice),
            },
        };
        let large = [BATCH_BYTES - 1, 1, 1, 1].map(packed);
        assert_eq!(batch(&large, Some(0)), 2);
        assert_eq!(batch(&[u64::MAX, 1].map(packed), Some(0)), 1);
    }

    #[test]
    fn nothing_more_is_decoded_once_no_more_is_taken() {
        let decoded = AtomicUsize::new(0);
        let decode = |_: &mut Decoder, part: &Part| {
            decoded.fetch_add(1, Ordering::SeqCst);
            chunk(part)
        };
        let join = |part: &Part, _: &Decoded| if number(part) < 3 { Ok(()) } else { Err("full") };
        assert_eq!(decode_parallel(&parts(100_000), 2, decode, join), Err("full"));
        assert!(decoded.load(Ordering::SeqCst) <= 2 * MOST_BATCHES * BATCH_PARTS);
    }

    #[test]
    fn a_panic_of_any_thread_is_one_of_all() {
        for place in [0, 7] {
            let decode = |_: &mut Decoder, part: &Part| {
                assert!(number(part) != place, "as the test wants it");
                chunk(part)
            };
            let read = || decode_parallel(&parts(5000), 3, decode, |_, _| Ok::<(), ()>(()));
            assert!(std::panic::catch_unwind(read).is_err(), "{place}");
        }
        let join = |_: &Part, _: &Decoded| -> Result<(), ()> { panic!("as the test wants it") };
        assert!(std::panic::catch_unwind(|| decode_parallel(&parts(5000), 3, |_, part| chunk(part), join)).is_err());
    }
}
