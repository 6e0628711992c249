//! Stretches of a line.

use crate::signal::{GlitchFilter, Level};

/// A stretch of samples, as a pulse or a disturbance fills it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl Span {
    pub(crate) fn length(self) -> u64 {
        self.to - self.from
    }
}

/// The stretches at this level whose both ends were seen, of a line that begins at level `first`.
pub(crate) fn spans(first: Level, changes: &[u64], level: Level) -> Vec<Span> {
    let changes = changes.get(usize::from(first == level)..).unwrap_or_default();
    changes.chunks_exact(2).map(|pair| Span { from: pair[0], to: pair[1] }).collect()
}

/// The changes of a line that are left without its stretches of fewer samples than these, and those stretches.
pub(crate) fn without_short(
    first: Level,
    changes: impl IntoIterator<Item = u64>,
    samples: u64,
) -> (Vec<u64>, Vec<Span>) {
    let mut short = Vec::new();
    let edges = GlitchFilter::of_samples(samples).edges(first, changes, &mut short);
    let changes = edges.map(|edge| edge.at().get()).collect();
    let short = short.iter().map(|glitch| Span { from: glitch.from.get(), to: glitch.to.get() });
    (changes, short.collect())
}
