//! The pulses of a line, and which of them come a period apart.

use crate::line::{Span, last_before};

/// The pulses of a line as two trains: those that keep the period, and the others.
pub(super) struct Trains {
    pub(super) main: Vec<Span>,
    pub(super) other: Vec<Span>,
}

impl Trains {
    /// The longest chain of pulses a period apart (some may be missing), and what is left.
    pub(super) fn of(signal: &[Span], period: f64, tolerance: f64) -> Trains {
        /// Chains may begin at any of the first few pulses.
        const SEEDS: usize = 4;
        let mut best: Vec<usize> = Vec::new();
        for seed in 0..signal.len().min(SEEDS) {
            let mut chain = vec![seed];
            let mut last = signal[seed].from as f64;
            for (place, span) in signal.iter().enumerate().skip(seed + 1) {
                let beats = ((span.from as f64 - last) / period).round();
                let off = span.from as f64 - last - beats * period;
                if beats >= 1.0 && off.abs() <= tolerance * beats {
                    chain.push(place);
                    last = span.from as f64;
                }
            }
            if chain.len() > best.len() {
                best = chain;
            }
        }
        let mut trains = Trains { main: Vec::new(), other: Vec::new() };
        let mut next = best.into_iter().peekable();
        for (place, span) in signal.iter().enumerate() {
            if next.next_if_eq(&place).is_some() { trains.main.push(*span) } else { trains.other.push(*span) }
        }
        trains
    }

    /// How long after the pulse of the main train before it each of the others comes.
    pub(super) fn offsets(&self) -> Vec<f64> {
        let before = |span: &Span| {
            let main = last_before(&self.main, |main| main.from <= span.from)?;
            Some((span.from - self.main[main].from) as f64)
        };
        self.other.iter().filter_map(before).collect()
    }
}
