//! Parts decoded ahead, in batches on the pool's threads, and joined in order by the caller's.
//!
//! What is more than the pool: how many parts are a batch, how many changes may wait, and the room that is used again.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::changes::Changes;
use super::chunks::Part;
use super::decode::{Decoded, Decoder};
use crate::workers::Workers;

/// So many packed bytes or parts are a batch, since to take one costs as much as to decode a small part; or fewer, where the
/// parts before held so many changes.
const BATCH_BYTES: u64 = 32 << 10;
const BATCH_PARTS: usize = 64;
const BATCH_CHANGES: u64 = 1 << 16;
/// So many batches are begun before they are joined at most, or as many as there are threads, and one.
const MOST_BATCHES: usize = 16;
/// So many changes wait at most; besides, those of a part of each batch.
const MOST_WAITING: u64 = 1 << 21;

/// Decodes parts by so many threads, at least one, and joins them in order.
///
/// # Errors
/// That of `join`, after which no more parts are decoded.
pub(super) fn decode_parallel<E>(
    parts: &Arc<[Part]>,
    jobs: usize,
    decode: impl Fn(&mut Decoder, &Part) -> Decoded + Send + Sync + 'static,
    mut join: impl FnMut(&Part, &Decoded) -> Result<(), E>,
) -> Result<(), E> {
    let waiting = Arc::new(AtomicU64::new(0));
    let mut ahead = Workers::new(jobs.saturating_sub(1), batches(Arc::clone(parts), decode, Arc::clone(&waiting)));
    let (mut rooms, mut next, mut usual) = (Rooms::default(), 0, None);
    loop {
        while let Some(left) = parts.get(next..).filter(|left| !left.is_empty() && ahead.len() < most(jobs, usual)) {
            let places = next..next + batch(left, usual);
            next = places.end;
            ahead.begin(Batch { rooms: rooms.take(places.len()), places });
        }
        let Some(mut done) = ahead.next() else { return Ok(()) };
        loop {
            let these = parts.get(done.first..).unwrap_or_default();
            these.iter().zip(&done.each).try_for_each(|(part, decoded)| join(part, decoded))?;
            let changes = changes(&done.each);
            waiting.fetch_sub(changes, Ordering::Relaxed);
            usual = changes.checked_div(done.each.len() as u64);
            rooms.give(done.each.into_iter().filter_map(Decoded::into_room).collect());
            if done.left.is_empty() {
                break;
            }
            done = ahead.make(Batch { rooms: rooms.take(1), places: done.left });
        }
    }
}

/// Parts in a row to decode, with room for their changes.
struct Batch {
    places: Range<usize>,
    rooms: Vec<Changes>,
}

/// Parts in a row that are decoded, and those behind them that would have been too much.
struct Done {
    first: usize,
    each: Vec<Decoded>,
    left: Range<usize>,
}

/// What decodes batches: of each a part, and others while not too many changes wait.
fn batches(
    parts: Arc<[Part]>,
    decode: impl Fn(&mut Decoder, &Part) -> Decoded + Send + Sync + 'static,
    waiting: Arc<AtomicU64>,
) -> impl Fn(Batch) -> Done + Send + Sync + 'static {
    let decoders: Mutex<Vec<Decoder>> = Mutex::default();
    move |Batch { places, mut rooms }| {
        let mut decoder = lock(&decoders).pop().unwrap_or_else(Decoder::new);
        let mut each = Vec::with_capacity(places.len());
        for part in parts.get(places.clone()).unwrap_or_default() {
            if !each.is_empty() && waiting.load(Ordering::Relaxed) >= MOST_WAITING {
                break;
            }
            decoder.reuse(rooms.pop());
            let decoded = decode(&mut decoder, part);
            waiting.fetch_add(changes(std::slice::from_ref(&decoded)), Ordering::Relaxed);
            each.push(decoded);
        }
        lock(&decoders).push(decoder);
        Done { first: places.start, left: places.start + each.len()..places.end, each }
    }
}

fn lock(decoders: &Mutex<Vec<Decoder>>) -> MutexGuard<'_, Vec<Decoder>> {
    decoders.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many batches are begun before they are joined, if each part has as many changes as is usual.
fn most(jobs: usize, usual: Option<u64>) -> usize {
    let batches = usual.map_or(0, |usual| MOST_WAITING / usual.max(BATCH_CHANGES));
    (batches as usize).min(MOST_BATCHES).max(jobs + 1)
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

/// The room of what was joined, for what is decoded next.
#[derive(Default)]
struct Rooms {
    each: Vec<Changes>,
    /// For how many changes it is.
    room: usize,
}

impl Rooms {
    /// As many changes as this have room kept for them.
    const MOST: usize = 1 << 23;

    fn take(&mut self, count: usize) -> Vec<Changes> {
        let rooms = self.each.split_off(self.each.len().saturating_sub(count));
        self.room -= capacity(&rooms);
        rooms
    }

    fn give(&mut self, rooms: Vec<Changes>) {
        let room = capacity(&rooms);
        if self.room + room <= Rooms::MOST {
            self.room += room;
            self.each.extend(rooms);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::format::archive::{Fault, Member, Stated};
    use crate::format::srzip::decode::Chunk;

    fn parts(count: u32) -> Arc<[Part]> {
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
        let changes = Arc::new(Changes::of((0..EACH).map(|at| (at, 0))));
        // All alike; or many more than the first ones promise.
        for (jobs, empty, batches) in [(1, 0, 1), (3, 0, 3), (1, 100, MOST_BATCHES), (3, 100, MOST_BATCHES)] {
            let (waiting, most) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
            let (changes, more, seen) = (Arc::clone(&changes), Arc::clone(&waiting), Arc::clone(&most));
            let decode = move |_: &mut Decoder, part: &Part| {
                if number(part) < empty {
                    return chunk(part);
                }
                seen.fetch_max(more.fetch_add(EACH, Ordering::SeqCst) + EACH, Ordering::SeqCst);
                chunk_of(part, &changes)
            };
            let join = |part: &Part, _: &Decoded| {
                if number(part) >= empty {
                    waiting.fetch_sub(EACH, Ordering::SeqCst);
                }
                Ok::<(), ()>(())
            };
            assert_eq!(decode_parallel(&parts(300), jobs, decode, join), Ok(()));
            // What waits, a part of each batch, and what each thread decodes or joins.
            let bound = MOST_WAITING + (batches + 2 * jobs + 1) as u64 * EACH;
            assert!(most.load(Ordering::SeqCst) <= bound, "{jobs} {empty}: {most:?} of {bound}");
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
        let decoded = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&decoded);
        let decode = move |_: &mut Decoder, part: &Part| {
            count.fetch_add(1, Ordering::SeqCst);
            chunk(part)
        };
        let join = |part: &Part, _: &Decoded| if number(part) < 3 { Ok(()) } else { Err("full") };
        assert_eq!(decode_parallel(&parts(100_000), 2, decode, join), Err("full"));
        assert!(decoded.load(Ordering::SeqCst) <= 2 * MOST_BATCHES * BATCH_PARTS);
    }

    #[test]
    fn a_panic_of_any_thread_is_one_of_all() {
        for place in [0, 7] {
            let decode = move |_: &mut Decoder, part: &Part| {
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
