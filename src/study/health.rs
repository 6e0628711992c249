//! How healthy a wire is: spikes, noise, silence, and the second in which it is worst.
//!
//! The mean hides a wire that fails while it is moved; the worst second is what a wiggle test looks at.

use crate::line::{LineSummary, Pulses, Separated, too_soon};
use crate::signal::{Level, Lost, Waveform};
use crate::units::{Rounding, SampleCount, SampleIndex, SampleRate};

/// What can be said of a wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WireVerdict {
    /// It shows a signal and nothing else, in every second.
    Good,
    /// It shows something that a good wire does not.
    Suspicious,
    /// It shows nothing.
    Dead,
}

impl WireVerdict {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            WireVerdict::Good => "good",
            WireVerdict::Suspicious => "suspicious",
            WireVerdict::Dead => "dead",
        }
    }
}

/// The worst second of a wire: the one with most spikes, or with fewest pulses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorstSecond {
    /// The first sample of that second.
    pub from: SampleIndex,
    /// The spikes in it.
    pub spikes: u64,
    /// The pulses in it.
    pub pulses: u64,
}

/// How healthy a wire is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// What can be said of it.
    pub verdict: WireVerdict,
    /// Why, as sentences; none of a good wire.
    pub reasons: Vec<String>,
    /// Stretches far shorter than the signal's.
    pub spikes: u64,
    /// The second that is worst; none of a wire without an edge, and of less than two seconds.
    pub worst: Option<WorstSecond>,
}

impl Health {
    /// The same with something that speaks against the wire.
    pub(super) fn suspected(mut self, reason: &str) -> Health {
        self.reasons.push(reason.to_owned());
        Health { verdict: self.verdict.max(WireVerdict::Suspicious), ..self }
    }
}

/// A line with more changes a second than this, and no order in them, shows noise: 20 in a frame at 30 frames a second.
const NOISY_PER_SECOND: u64 = 600;

/// Looks at a wire; `steady` says whether its signal comes at a steady frame rate.
pub(super) fn health(
    waveform: &Waveform,
    separated: &Separated,
    lost: &Lost,
    rate: &SampleRate,
    steady: bool,
) -> Health {
    let edges = waveform.edges(lost);
    let spikes = separated.spikes.len() as u64;
    if edges == 0 {
        let level = match waveform.initial() {
            Level::Low => "low",
            Level::High => "high",
        };
        let reason =
            format!("never moves, and stays {level}: not connected, not driven, or below the analyzer's threshold");
        return Health { verdict: WireVerdict::Dead, reasons: vec![reason], spikes, worst: None };
    }
    let seconds = Seconds::of(waveform, separated, rate);
    let mut reasons = Vec::new();
    if spikes > 0 {
        let many = if spikes == 1 { "1 spike".to_owned() } else { format!("{spikes} spikes") };
        reasons.push(format!(
            "{many} far shorter than its pulses: ringing, a slow edge, a missing ground, or a loose wire"
        ));
    }
    if let Some(first) = separated.bursts.first() {
        let milliseconds = |samples: u64, places| {
            rate.seconds(SampleCount::new(i128::from(samples))).times(1000).to_decimal(places, Rounding::Nearest)
        };
        let longest = separated.bursts.iter().map(|burst| burst.to - burst.from).max().unwrap_or(0);
        let times = separated.bursts.len();
        reasons.push(format!(
            "chatters {times} time{}, first at {} ms and for up to {} ms, between pulses that are in order: a loose wire or \
             a bad joint",
            if times == 1 { "" } else { "s" },
            milliseconds(first.from, 1),
            milliseconds(longest, 1)
        ));
    }
    if separated.pulses != Pulses::Whole {
        reasons.push(
            "its pulses are in pieces: their level hardly reaches the analyzer's threshold; for a signal of 1.8 V set it to about \
             0.9 V, or use a level shifter"
                .to_owned(),
        );
    }
    if !steady && is_noise(waveform, rate, edges) {
        reasons
            .push("changes without any order, as a line does that nothing drives: check the wire and GND".to_owned());
    }
    if steady {
        reasons.extend(extra_pulses(&separated.signal, lost));
        reasons.extend(seconds.gaps(rate));
    }
    let verdict = if reasons.is_empty() { WireVerdict::Good } else { WireVerdict::Suspicious };
    Health { verdict, reasons, spikes, worst: seconds.worst() }
}

/// Pulses that follow the ones before too soon.
fn extra_pulses(signal: &Waveform, lost: &Lost) -> Option<String> {
    let extra = too_soon(signal, LineSummary::of(signal, lost).period()?.median);
    (extra > 0).then(|| {
        let pulses = if extra == 1 { "1 pulse comes".to_owned() } else { format!("{extra} pulses come") };
        format!("{pulses} far too soon after the one before: a contact or a trigger that bounces, or double exposures")
    })
}

/// Noise has many stretches of a few samples and lengths of all orders of magnitude, in no order.
fn is_noise(waveform: &Waveform, rate: &SampleRate, edges: u64) -> bool {
    let second = rate.hz().to_f64().max(1.0);
    let per_second = edges as f64 / (waveform.length().get() as f64 / second).max(1e-3);
    let mut lengths: Vec<u64> = waveform.changes().windows(2).map(|pair| pair[1] - pair[0]).collect();
    lengths.sort_unstable();
    let at = |part: usize| lengths.get(lengths.len() * part / 10).copied().unwrap_or(0).max(1);
    // A clock repeats two lengths, a bus a handful of multiples of its bit; noise has as many lengths as it can.
    let mut distinct = lengths.clone();
    distinct.dedup();
    let varied = distinct.len() * 4 >= lengths.len().min(400);
    per_second > NOISY_PER_SECOND as f64 && at(9) >= 4 * at(1) && varied
}

/// What a wire does second by second.
struct Seconds {
    length: u64,
    spikes: Vec<u64>,
    pulses: Vec<u64>,
    last: u64,
    end: u64,
}

/// Seconds beyond a day are not told apart.
const MOST_SECONDS: u64 = 24 * 3600;

impl Seconds {
    fn of(waveform: &Waveform, separated: &Separated, rate: &SampleRate) -> Seconds {
        let length =
            rate.hz().to_integer(Rounding::Nearest).and_then(|hz| u64::try_from(hz).ok()).unwrap_or(u64::MAX).max(1);
        let end = waveform.length().get();
        let count = usize::try_from((end / length).min(MOST_SECONDS)).unwrap_or(0);
        let mut seconds = Seconds { length, spikes: vec![0; count], pulses: vec![0; count], last: 0, end };
        let place = |at: u64| usize::try_from(at / length).unwrap_or(usize::MAX);
        for at in &separated.spikes {
            if let Some(spikes) = seconds.spikes.get_mut(place(*at)) {
                *spikes += 1;
            }
        }
        for burst in &separated.bursts {
            if let Some(spikes) = seconds.spikes.get_mut(place(burst.from)) {
                *spikes += burst.changes as u64 / 2;
            }
        }
        for at in separated.signal.changes().iter().step_by(2) {
            if let Some(pulses) = seconds.pulses.get_mut(place(*at)) {
                *pulses += 1;
            }
        }
        seconds.last = waveform.changes().last().copied().unwrap_or(0);
        seconds
    }

    fn usual(&self) -> u64 {
        let mut pulses = self.pulses.clone();
        pulses.sort_unstable();
        pulses.get(pulses.len() / 2).copied().unwrap_or(0)
    }

    /// Seconds in which pulses are missing, and a silence at the end.
    fn gaps(&self, rate: &SampleRate) -> Option<String> {
        let usual = self.usual();
        let silent = self.end - self.last;
        if self.pulses.len() < 2 || usual < 4 {
            return None;
        }
        if silent > self.length {
            let at = rate.seconds(SampleCount::new(i128::from(self.last))).to_decimal(2, Rounding::Nearest);
            return Some(format!("moves until {at} s and never again: the wire came off, or the signal stopped"));
        }
        // A pulse or two may fall into the next second.
        let least = (self.pulses.iter().enumerate()).min_by_key(|(_, pulses)| **pulses)?;
        (*least.1 + 2 < usual && *least.1 * 10 < usual * 9).then(|| {
            format!(
                "shows {} pulses in second {} where {usual} are usual: a loose contact, or frames that are missing",
                least.1, least.0
            )
        })
    }

    fn worst(&self) -> Option<WorstSecond> {
        if self.pulses.len() < 2 {
            return None;
        }
        let usual = self.usual();
        let badness = |second: &usize| (self.spikes[*second], usual.saturating_sub(self.pulses[*second]));
        // The first one of equals.
        let worst = (0..self.pulses.len()).rev().max_by_key(badness)?;
        Some(WorstSecond {
            from: SampleIndex::new(worst as u64 * self.length),
            spikes: self.spikes[worst],
            pulses: self.pulses[worst],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line at 1 MHz with a pulse of 5 ms every 20 ms for `seconds`, with these further changes.
    fn look(seconds: u64, further: &[u64], without: std::ops::Range<u64>) -> Health {
        let mut changes: Vec<u64> = (0..seconds * 50)
            .map(|pulse| pulse * 20_000 + 1000)
            .filter(|at| !without.contains(at))
            .flat_map(|at| [at, at + 5000])
            .chain(further.iter().copied())
            .collect();
        changes.sort_unstable();
        let waveform = Waveform::new(Level::Low, changes, SampleIndex::new(seconds * 1_000_000)).unwrap();
        let rate = SampleRate::parse("1 MHz").unwrap();
        health(&waveform, &Separated::of(&waveform, &rate), &Lost::nothing(), &rate, true)
    }

    #[test]
    fn a_good_wire_is_good_in_every_second() {
        let health = look(4, &[], 0..0);
        assert_eq!((health.verdict, health.spikes, health.reasons.len()), (WireVerdict::Good, 0, 0));
        assert_eq!(health.worst.unwrap().pulses, 50);
    }

    #[test]
    fn spikes_are_counted_in_their_second() {
        let health = look(4, &[2_310_000, 2_310_003, 2_350_000, 2_350_004, 3_990_000, 3_990_002], 0..0);
        assert_eq!((health.verdict, health.spikes), (WireVerdict::Suspicious, 3));
        let worst = health.worst.unwrap();
        assert_eq!((worst.from.get(), worst.spikes), (2_000_000, 2));
    }

    #[test]
    fn a_second_without_pulses_is_the_worst_one() {
        let health = look(5, &[], 3_000_000..3_500_000);
        assert_eq!(health.verdict, WireVerdict::Suspicious);
        assert!(
            health.reasons[0].starts_with("shows 25 pulses in second 3 where 50 are usual"),
            "{:?}",
            health.reasons
        );
        assert_eq!(health.worst.unwrap().from.get(), 3_000_000);
        let health = look(5, &[], 3_000_000..9_000_000);
        assert!(health.reasons[0].starts_with("moves until 2.99 s"), "{:?}", health.reasons);
    }

    #[test]
    fn noise_has_no_order() {
        let mut at = 0;
        let mut state = 1_u64;
        let changes: Vec<u64> = (0..19_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                at += 1 + (state >> 33) % 199;
                at
            })
            .collect();
        let waveform = Waveform::new(Level::Low, changes, SampleIndex::new(2_000_000)).unwrap();
        let rate = SampleRate::parse("1 MHz").unwrap();
        let health = health(&waveform, &Separated::of(&waveform, &rate), &Lost::nothing(), &rate, false);
        assert_eq!(health.verdict, WireVerdict::Suspicious);
        assert!(
            health.reasons.iter().any(|reason| reason.starts_with("changes without any order")),
            "{:?}",
            health.reasons
        );
    }
}
