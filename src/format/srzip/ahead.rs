//! Parts decoded ahead, by several threads, and joined in order by the caller's.
//!
//! While the caller's thread joins what was decoded before, the others decode the next parts; then it helps them. They take
//! one part after the other, so that what they decoded is always the beginning of what lies ahead, and they stop where
//! enough changes wait to be joined.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::chunks::Part;
use super::decode::{Decoded, Decoder};
use super::scan::Change;

/// So many parts are decoded ahead at most.
const MOST_PARTS: usize = 1024;
/// No part more is begun while so many changes wait.
const MOST_WAITING: u64 = 1 << 20;

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
    let mut decoders: Vec<Decoder> = (0..jobs.max(1)).map(|_| Decoder::new()).collect();
    let (mut ahead, mut waiting): (_, Vec<(&Part, Decoded)>) = (parts, Vec::new());
    let rooms = Rooms::default();
    while !(ahead.is_empty() && waiting.is_empty()) {
        let batch = Batch::new(&ahead[..ahead.len().min(MOST_PARTS)]);
        let mut decoded: Vec<Vec<(usize, Decoded)>> = decoders.iter().map(|_| Vec::new()).collect();
        let take = |decoder: &mut Decoder, part: &Part| {
            decoder.reuse(rooms.take());
            decode(decoder, part)
        };
        rayon::in_place_scope(|scope| {
            let mut pairs = decoders.iter_mut().zip(&mut decoded);
            let own = pairs.next();
            for (decoder, decoded) in pairs {
                let (batch, take) = (&batch, &take);
                scope.spawn(move |_| batch.decode(|part| take(decoder, part), decoded));
            }
            let joined = waiting.drain(..).try_for_each(|(part, decoded)| {
                join(part, &decoded)?;
                rooms.give(decoded.into_room());
                Ok(())
            });
            match (&joined, own) {
                (Ok(()), Some((decoder, decoded))) => batch.decode(|part| take(decoder, part), decoded),
                (Err(_), _) | (Ok(()), None) => batch.stop(),
            }
            joined
        })?;
        let mut decoded: Vec<(usize, Decoded)> = decoded.into_iter().flatten().collect();
        decoded.sort_unstable_by_key(|(index, _)| *index);
        let (these, later) = ahead.split_at(decoded.len());
        waiting.extend(these.iter().zip(decoded.into_iter().map(|(_, decoded)| decoded)));
        ahead = later;
    }
    Ok(())
}

/// The room of what was joined, for what is decoded next.
#[derive(Default)]
struct Rooms(Mutex<Vec<Vec<Change>>>);

impl Rooms {
    /// So many are kept, of no more changes each than may wait altogether.
    const MOST: usize = 8;

    fn give(&self, room: Vec<Change>) {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rooms.len() < Rooms::MOST && room.capacity() <= MOST_WAITING as usize {
            rooms.push(room);
        }
    }

    fn take(&self) -> Vec<Change> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }
}

/// Parts of which each thread takes the next one.
struct Batch<'a> {
    parts: &'a [Part],
    next: AtomicUsize,
    /// How many changes were found in them.
    changes: AtomicU64,
    stopped: AtomicBool,
}

impl<'a> Batch<'a> {
    fn new(parts: &'a [Part]) -> Batch<'a> {
        Batch { parts, next: AtomicUsize::new(0), changes: AtomicU64::new(0), stopped: AtomicBool::new(false) }
    }

    /// Decodes parts until there are no more, or enough; the first one whatever else.
    fn decode(&self, mut decode: impl FnMut(&Part) -> Decoded, decoded: &mut Vec<(usize, Decoded)>) {
        while !self.stopped.load(Ordering::Relaxed) && self.changes.load(Ordering::Relaxed) < MOST_WAITING {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = self.parts.get(index) else { break };
            let part = decode(part);
            let changes = part.chunk.as_ref().map_or(0, |chunk| chunk.changes.len());
            self.changes.fetch_add(changes as u64, Ordering::Relaxed);
            decoded.push((index, part));
        }
    }

    fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
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
            // What waits to be joined, as much again on its way, and in both one part more of each thread.
            let bound = 2 * (MOST_WAITING + jobs as u64 * EACH);
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
}
