//! Work on threads of its own, few at a time, whose results come out in the order in which it was begun.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Threads that do one kind of work, and what came of it. They end with it.
pub(crate) struct Workers<J, T> {
    work: Arc<dyn Fn(J) -> T + Send + Sync>,
    /// What the threads are named.
    name: &'static str,
    /// How many there are.
    threads: usize,
    /// How many there are at most.
    most: usize,
    /// Where work goes in, each piece with the way back for its result.
    hand: Sender<Piece<J, T>>,
    /// Where the threads take it.
    taken: Arc<Mutex<Receiver<Piece<J, T>>>>,
    /// What is begun and not out yet, in order.
    results: VecDeque<Receiver<thread::Result<T>>>,
}

type Piece<J, T> = (J, Sender<thread::Result<T>>);

impl<J, T> fmt::Debug for Workers<J, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Workers { name, threads, most, results, .. } = self;
        write!(f, "Workers {{ {name}: {threads} of {most} threads, {} at work }}", results.len())
    }
}

impl<J: Send + 'static, T: Send + 'static> Workers<J, T> {
    /// Nothing is begun; there will be as many threads as this, and one where it is none.
    pub(crate) fn new(name: &'static str, most: usize, work: impl Fn(J) -> T + Send + Sync + 'static) -> Workers<J, T> {
        let (hand, taken) = mpsc::channel();
        Workers {
            work: Arc::new(work),
            name,
            threads: 0,
            most: most.max(1),
            hand,
            taken: Arc::new(Mutex::new(taken)),
            results: VecDeque::new(),
        }
    }

    /// Begins with a piece of work. A thread is started for it while there are fewer than there may be.
    ///
    /// # Errors
    /// When the first thread cannot be started.
    pub(crate) fn begin(&mut self, job: J) -> io::Result<()> {
        if self.threads < self.most.min(self.results.len() + 1) {
            match self.start() {
                Ok(()) => self.threads += 1,
                Err(error) if self.threads == 0 => return Err(error),
                // Those that there are do it.
                Err(_) => self.most = self.threads,
            }
        }
        let (done, result) = mpsc::channel();
        self.results.push_back(result);
        self.hand.send((job, done)).map_err(|_| io::Error::other("there is no thread that takes it"))
    }

    fn start(&self) -> io::Result<()> {
        let (work, taken) = (Arc::clone(&self.work), Arc::clone(&self.taken));
        let next = move || taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let all = move || {
            while let Ok((job, done)) = next() {
                // Whoever takes the result panics as the work did; without a receiver it is no longer wanted.
                let _unwanted = done.send(panic::catch_unwind(AssertUnwindSafe(|| work(job))));
            }
        };
        thread::Builder::new().name(self.name.to_owned()).spawn(all).map(drop)
    }

    /// The first result that is not out yet, waited for where more is begun than there may be threads.
    pub(crate) fn next_if_crowded(&mut self) -> Option<T> {
        if self.results.len() > self.most {
            return self.next();
        }
        let result = self.results.front()?.try_recv().ok()?;
        self.results.pop_front();
        Some(settled(result))
    }

    /// The first result that is not out yet, waited for; none when all are. Where the work panicked, this does.
    pub(crate) fn next(&mut self) -> Option<T> {
        let result = self.results.pop_front()?.recv();
        // A thread ends with `hand`, not with what panics, so whatever was begun has a result.
        Some(settled(result.unwrap_or_else(|_| unreachable!("a thread ended before its work"))))
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
    fn results_come_in_order_and_few_are_at_work() {
        for most in [0, 1, 3] {
            let (at_work, seen) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
            let most_seen = Arc::clone(&seen);
            let mut ordered = Workers::new("test", most, move |number: u64| {
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
                ordered.begin(number).unwrap();
                assert!(ordered.results.len() <= most.max(1) + 1, "{ordered:?}");
            }
            results.extend(std::iter::from_fn(|| ordered.next()));
            assert!(results.into_iter().eq(0..20));
            assert!(most_seen.load(Ordering::SeqCst) <= most.max(1), "{most}");
        }
    }

    #[test]
    fn a_panic_of_a_thread_is_one_of_its_owner() {
        let mut ordered = Workers::new("test", 2, |number: u64| assert!(number != 1, "as the test wants it"));
        let all = AssertUnwindSafe(|| {
            (0..3).for_each(|number| ordered.begin(number).unwrap());
            while ordered.next().is_some() {}
        });
        let panic = panic::catch_unwind(all).unwrap_err();
        assert!(panic.downcast_ref::<&str>().is_some_and(|said| *said == "as the test wants it"));
    }
}
