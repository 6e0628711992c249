//! A line's signal, told from what disturbs it, where nothing is known of the line.
//! What is known of how often its pulses come is used by [`super::Cadence`].

use super::bursts::{Burst, without_bursts, without_chatter};
use super::fragments::joined;
use super::limits::{FAR_LONGER, longest_spike};
use super::span::{Span, without_short};
use crate::signal::{Level, Waveform};
use crate::units::SampleRate;

/// A line as its signal and its spikes.
#[derive(Debug)]
pub(crate) struct Separated {
    /// The signal alone.
    pub(crate) signal: Waveform,
    /// Its spikes.
    pub(crate) spikes: Vec<Span>,
    /// Where contact is lost for a moment.
    pub(crate) bursts: Vec<Burst>,
    /// How its pulses came.
    pub(crate) pulses: Pulses,
}

/// How the pulses of a line came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pulses {
    Whole,
    /// Each of them in several pieces of this level.
    InPieces(Level),
}

impl Separated {
    /// Tells a line's signal from its spikes: stretches that are short, and far shorter than those in which the line
    /// spends most of its time.
    pub(crate) fn of(waveform: &Waveform, rate: &SampleRate) -> Separated {
        let least = shortest_signal(waveform, rate);
        let (changes, spikes) = without_short(waveform.initial(), waveform.changes(), least);
        // Their order is kept; were it not so, the line stands for itself.
        let signal = Waveform::new(waveform.initial(), changes, waveform.length()).unwrap_or_else(|_| waveform.clone());
        Separated { signal, spikes, bursts: Vec::new(), pulses: Pulses::Whole }
    }

    /// The same without the bursts of a contact that is lost for moments; nothing where there are none.
    pub(crate) fn without_bursts(&self) -> Option<Separated> {
        let (signal, bursts) = without_bursts(&self.signal)?;
        Some(Separated { signal, spikes: self.spikes.clone(), bursts, pulses: Pulses::Whole })
    }

    /// The signal of a line whose pulses are in pieces; nothing where they are whole.
    pub(crate) fn joined(waveform: &Waveform) -> Option<Separated> {
        // A short piece is none the less one.
        let (signal, active) = joined(waveform)?;
        Some(Separated { signal, spikes: Vec::new(), bursts: Vec::new(), pulses: Pulses::InPieces(active) })
    }

    /// The signal of a line with chatter at as many edges as it has; nothing where there is none.
    pub(crate) fn without_chatter(waveform: &Waveform) -> Option<Separated> {
        let (signal, spikes) = without_chatter(waveform)?;
        Some(Separated { signal, spikes, bursts: Vec::new(), pulses: Pulses::Whole })
    }

    /// Whether there is more to the line than its signal.
    pub(crate) fn is_disturbed(&self) -> bool {
        !self.spikes.is_empty() || !self.bursts.is_empty() || self.pulses != Pulses::Whole
    }
}

/// The length from which on a stretch is signal: above the widest gap in the order of lengths, if it has spikes below.
fn shortest_signal(waveform: &Waveform, rate: &SampleRate) -> u64 {
    let limit = longest_spike(rate);
    let mut lengths: Vec<u64> = waveform.changes().gaps().collect();
    lengths.sort_unstable();
    let gap = (lengths.windows(2).enumerate())
        .filter(|(_, pair)| pair[0] <= limit && pair[1] / FAR_LONGER >= pair[0])
        .max_by(|a, b| (a.1[1] / a.1[0]).cmp(&(b.1[1] / b.1[0])));
    let Some((place, pair)) = gap else { return 0 };
    // As many spikes as pulses are a line of short pulses, not a line with spikes.
    let (below, above) = (place + 1, lengths.len() - place - 1);
    if below * 3 >= above { 0 } else { pair[0] + 1 }
}
