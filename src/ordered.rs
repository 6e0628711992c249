//! Work on threads of its own, few at a time, whose results come out in the order in which it was begun.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// Threads that do one kind of work, and what came of it.
pub(crate) struct Ordered<J, T> {
    work: Arc<dyn Fn(J) -> T + Send + Sync>,
    /// What the threads are named.
    name: &'static str,
    /// How many there are at most.
    most: usize,
    threads: Vec<JoinHandle<()>>,
    /// Where they take their work, each piece with the way back for its result; none once they are to end.
    hand: Option<Sender<Piece<J, T>>>,
    taken: Arc<Mutex<Receiver<Piece<J, T>>>>,
    /// What is begun and not out yet, in order.
    results: VecDeque<Receiver<T>>,
}

type Piece<J, T> = (J, Sender<T>);

impl<J, T> fmt::Debug for Ordered<J, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ordered { name, most, threads, results, .. } = self;
        write!(f, "Ordered {{ {name}: {} of {most} threads, {} at work }}", threads.len(), results.len())
    }
}

impl<J: Send + 'static, T: Send + 'static> Ordered<J, T> {
    /// Nothing is begun; there will be as many threads as this, and one where it is none.
    pub(crate) fn new(name: &'static str, most: usize, work: impl Fn(J) -> T + Send + Sync + 'static) -> Ordered<J, T> {
        let (hand, taken) = mpsc::channel();
        Ordered {
            work: Arc::new(work),
            name,
            most: most.max(1),
            threads: Vec::new(),
            hand: Some(hand),
            taken: Arc::new(Mutex::new(taken)),
            results: VecDeque::new(),
        }
    }

    /// Begins with a piece of work. A thread is started for it while there are fewer than there may be.
    ///
    /// # Errors
    /// When the first thread cannot be started.
    pub(crate) fn begin(&mut self, job: J) -> io::Result<()> {
        if self.threads.len() < self.most.min(self.results.len() + 1) {
            match self.start() {
                Ok(thread) => self.threads.push(thread),
                Err(error) if self.threads.is_empty() => return Err(error),
                // Those that there are do it.
                Err(_) => self.most = self.threads.len(),
            }
        }
        let (done, result) = mpsc::channel();
        self.results.push_back(result);
        // Without a receiver the threads have panicked, which the result says.
        let _panicked = self.hand.as_ref().map(|hand| hand.send((job, done)));
        Ok(())
    }

    fn start(&self) -> io::Result<JoinHandle<()>> {
        let (work, taken) = (Arc::clone(&self.work), Arc::clone(&self.taken));
        let next = move || taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
        thread::Builder::new().name(self.name.to_owned()).spawn(move || {
            while let Ok((job, done)) = next() {
                // Without a receiver the result is no longer wanted.
                let _unwanted = done.send(work(job));
            }
        })
    }

    /// The first result that is not out yet, waited for where more is begun than there may be threads.
    pub(crate) fn next_if_crowded(&mut self) -> Option<T> {
        if self.results.len() > self.most {
            return self.next();
        }
        let done = self.results.front()?.try_recv().ok()?;
        self.results.pop_front();
        Some(done)
    }

    /// The first result that is not out yet, waited for; none when all are. A thread that panicked makes this one panic.
    pub(crate) fn next(&mut self) -> Option<T> {
        let result = self.results.pop_front()?.recv();
        Some(result.unwrap_or_else(|_| self.panic()))
    }

    /// Panics as the thread did that gave no result.
    fn panic(&mut self) -> ! {
        self.hand = None;
        for thread in self.threads.drain(..) {
            if let Err(panic) = thread.join() {
                std::panic::resume_unwind(panic);
            }
        }
        unreachable!("a thread that ends without a result has panicked")
    }
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
            let mut ordered = Ordered::new("test", most, move |number: u64| {
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
        let mut ordered = Ordered::new("test", 2, |number: u64| assert!(number != 1, "as the test wants it"));
        let all = std::panic::AssertUnwindSafe(|| {
            (0..3).for_each(|number| ordered.begin(number).unwrap());
            while ordered.next().is_some() {}
        });
        assert!(std::panic::catch_unwind(all).is_err());
    }
}
