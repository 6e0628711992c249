//! The one ordered pool: work on several threads, whose results come out in the order in which it was begun.
//!
//! The threads are rayon's, and where captures are judged at the same time those that judge them: no thread of its own for
//! each. Whoever asks for a result that nobody has begun with makes it, and waits for no thread that is busy or not there.

use std::collections::VecDeque;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// One kind of work, and what came of it.
pub(crate) struct Workers<J, T> {
    shared: Arc<Shared<J, T>>,
    /// How many threads help their owner at most.
    most: usize,
    /// What is begun and not out yet, in order.
    results: VecDeque<Receiver<thread::Result<T>>>,
}

struct Shared<J, T> {
    work: Box<dyn Fn(J) -> T + Send + Sync>,
    queue: Mutex<Queue<J, T>>,
}

struct Queue<J, T> {
    /// What nobody has taken, each piece with the way back for its result.
    waiting: VecDeque<(J, Sender<thread::Result<T>>)>,
    /// How many threads take it.
    helpers: usize,
}

/// As many threads as there are cores, for work of all kinds; fewer where no more can be started, or none.
fn threads() -> Option<&'static ThreadPool> {
    static THREADS: OnceLock<Option<ThreadPool>> = OnceLock::new();
    let start = |count: usize| ThreadPoolBuilder::new().num_threads(count).build().ok();
    THREADS.get_or_init(|| (1..=cores()).rev().find_map(start)).as_ref()
}

/// Whether this is a thread of rayon's.
fn is_of_pool() -> bool {
    rayon::current_thread_index().is_some()
}

/// Does work of as many parts as there are `jobs`, each of `least` pieces or more, at once; the results in the order of the pieces.
pub(crate) fn in_parts<J: Sync, T: Send>(
    jobs: usize,
    least: usize,
    pieces: &[J],
    work: impl Fn(&[J]) -> Vec<T> + Send + Sync,
) -> Vec<T> {
    let each = pieces.len().div_ceil(jobs.max(1)).max(least).max(1);
    let all = || pieces.par_chunks(each).flat_map_iter(&work).collect();
    if each >= pieces.len() {
        work(pieces)
    } else if is_of_pool() {
        all()
    } else {
        threads().map_or_else(|| work(pieces), |threads| threads.install(all))
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

impl<J, T> fmt::Debug for Workers<J, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Workers {{ {} results of at most {} threads }}", self.results.len(), self.most)
    }
}

impl<J, T> Shared<J, T> {
    fn queue(&self) -> MutexGuard<'_, Queue<J, T>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes piece after piece until none is left.
    fn help(&self) {
        loop {
            let mut queue = self.queue();
            let Some((job, done)) = queue.waiting.pop_front() else {
                queue.helpers -= 1;
                return;
            };
            drop(queue);
            // Whoever takes the result panics as the work did; without a receiver it is no longer wanted.
            let _unwanted = done.send(panic::catch_unwind(AssertUnwindSafe(|| (self.work)(job))));
        }
    }
}

impl<J: Send + 'static, T: Send + 'static> Workers<J, T> {
    /// Nothing is begun; as many threads as this will help, but no more than there are cores.
    pub(crate) fn new(most: usize, work: impl Fn(J) -> T + Send + Sync + 'static) -> Workers<J, T> {
        let queue = Mutex::new(Queue { waiting: VecDeque::new(), helpers: 0 });
        let shared = Arc::new(Shared { work: Box::new(work), queue });
        Workers { shared, most: most.min(cores()), results: VecDeque::new() }
    }

    /// Begins with a piece of work.
    pub(crate) fn begin(&mut self, job: J) {
        let (done, result) = mpsc::channel();
        self.results.push_back(result);
        let mut queue = self.shared.queue();
        queue.waiting.push_back((job, done));
        if queue.helpers == self.most {
            return;
        }
        queue.helpers += 1;
        drop(queue);
        let shared = Arc::clone(&self.shared);
        let help = move || shared.help();
        if is_of_pool() {
            rayon::spawn(help);
        } else if let Some(threads) = threads() {
            threads.spawn(help);
        }
    }

    /// How many pieces are begun and not out yet.
    pub(crate) fn len(&self) -> usize {
        self.results.len()
    }

    /// The first result that is not out yet, waited for where more is begun than threads help.
    pub(crate) fn next_if_crowded(&mut self) -> Option<T> {
        if self.results.len() > self.most {
            return self.next();
        }
        let result = self.results.front()?.try_recv().ok()?;
        self.results.pop_front();
        Some(settled(result))
    }

    /// The first result that is not out yet, waited for or made; none when all are. Where the work panicked, this does.
    pub(crate) fn next(&mut self) -> Option<T> {
        let result = self.results.pop_front()?;
        let mut queue = self.shared.queue();
        // Pieces are taken in order: if more wait than there are behind this one, it is among them.
        let own = if queue.waiting.len() > self.results.len() { queue.waiting.pop_front() } else { None };
        drop(queue);
        Some(match own {
            Some((job, _)) => self.make(job),
            // What was taken has a result, if only a panic.
            None => settled(result.recv().unwrap_or_else(|_| unreachable!("a thread ended before its work"))),
        })
    }

    /// Does a piece of work here and now.
    pub(crate) fn make(&self, job: J) -> T {
        (self.shared.work)(job)
    }
}

/// What nobody waits for is not begun.
impl<J, T> Drop for Workers<J, T> {
    fn drop(&mut self) {
        self.shared.queue().waiting.clear();
    }
}

fn settled<T>(result: thread::Result<T>) -> T {
    result.unwrap_or_else(|panic| panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn parts_are_as_many_as_jobs_and_their_results_in_order() {
        for (jobs, least, parts) in
            [(0, 1, 1), (1, 1, 1), (3, 1, 3), (3, 40, 3), (3, 60, 2), (500, 1, 100), (3, 500, 1)]
        {
            let counted = AtomicUsize::new(0);
            let pieces: Vec<u32> = (0..100).collect();
            let results = in_parts(jobs, least, &pieces, |some| {
                counted.fetch_add(1, Ordering::SeqCst);
                some.to_vec()
            });
            assert_eq!((results, counted.into_inner()), (pieces, parts), "{jobs} {least}");
        }
        assert!(in_parts(3, 0, &[], <[u32]>::to_vec).is_empty());
    }

    #[test]
    fn results_come_in_order_and_few_are_at_work() {
        for most in [0, 1, 3] {
            let (at_work, seen) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
            let most_seen = Arc::clone(&seen);
            let mut ordered = Workers::new(most, move |number: u64| {
                seen.fetch_max(at_work.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // The later ones are done sooner.
                thread::sleep(Duration::from_millis(3 - number % 3));
                at_work.fetch_sub(1, Ordering::SeqCst);
                number
            });
            let mut results = Vec::new();
            for number in 0..20 {
                while let Some(result) = ordered.next_if_crowded() {
                    results.push(result);
                }
                ordered.begin(number);
                assert!(ordered.len() <= most + 1, "{ordered:?}");
            }
            results.extend(std::iter::from_fn(|| ordered.next()));
            assert!(results.into_iter().eq(0..20));
            // Those that help, and the owner.
            assert!(most_seen.load(Ordering::SeqCst) <= most + 1, "{most}");
        }
    }

    #[test]
    fn an_owner_that_no_thread_is_free_to_help_works_alone() {
        let alone = ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let results = alone.install(|| {
            let mut ordered = Workers::new(3, |number: u64| (number, rayon::current_thread_index()));
            (0..5).for_each(|number| ordered.begin(number));
            std::iter::from_fn(|| ordered.next()).collect::<Vec<_>>()
        });
        assert_eq!(results, (0..5).map(|number| (number, Some(0))).collect::<Vec<_>>());
    }

    #[test]
    fn what_nobody_waits_for_is_not_begun() {
        let (begun, count) = (Arc::new(AtomicUsize::new(0)), 1000);
        let seen = Arc::clone(&begun);
        let mut ordered = Workers::new(1, move |_: usize| {
            seen.fetch_add(1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(1));
        });
        (0..count).for_each(|number| ordered.begin(number));
        ordered.next();
        drop(ordered);
        assert!(begun.load(Ordering::SeqCst) < count);
    }

    #[test]
    fn a_panic_of_a_thread_is_one_of_its_owner() {
        for most in [0, 2] {
            let mut ordered = Workers::new(most, |number: u64| assert!(number != 1, "as the test wants it"));
            let all = AssertUnwindSafe(|| {
                (0..3).for_each(|number| ordered.begin(number));
                // Time for a thread to take it.
                thread::sleep(Duration::from_millis(5));
                while ordered.next().is_some() {}
            });
            let panic = panic::catch_unwind(all).unwrap_err();
            assert!(panic.downcast_ref::<&str>().is_some_and(|said| *said == "as the test wants it"));
        }
    }
}
