//! Pulses in pieces: what is seen of a signal that hardly reaches the analyzer's threshold.

use super::span::{Span, spans};
use crate::signal::{Level, Waveform};

/// Pauses between pulses are this many times longer than those within.
const FAR_LONGER: u64 = 4;
/// A line has so many pulses at least.
const LEAST_PULSES: usize = 5;
/// And this many pieces in each, in the mean.
const LEAST_PIECES: usize = 3;
/// A pulse is active for this many per cent of its time; data are so for half of it, as a rule.
const LEAST_ACTIVE_PERCENT: u64 = 65;

/// A line whose pulses are in pieces with each pulse made whole, and the level of its pulses; nothing where they are whole, or no
/// pulses.
pub(crate) fn joined(waveform: &Waveform) -> Option<(Waveform, Level)> {
    [Level::High, Level::Low].into_iter().find_map(|active| Some((joined_at(waveform, active)?, active)))
}

fn joined_at(waveform: &Waveform, active: Level) -> Option<Waveform> {
    let whole = whole_pulses(&spans(waveform.initial(), &waveform.changes().to_vec(), active))?;
    let changes = whole.into_iter().flat_map(|pulse| [pulse.from, pulse.to]);
    Waveform::new(!active, changes, waveform.length()).ok()
}

/// The pulses that these are pieces of; `None` if they are whole, or no pulses.
pub(crate) fn whole_pulses(pieces: &[Span]) -> Option<Vec<Span>> {
    let longest = longest_dip(pieces)?;
    let pulses: Vec<&[Span]> = pieces.chunk_by(|a, b| b.from - a.to <= longest).collect();
    let counts: Vec<usize> = pulses.iter().map(|pieces| pieces.len()).collect();
    let whole = pulses.iter().filter_map(|pieces| Some(Span { from: pieces.first()?.from, to: pieces.last()?.to }));
    let whole: Vec<Span> = whole.collect();
    let lengths = |spans: &[Span]| -> Vec<u64> { spans.iter().map(|span| span.length()).collect() };
    let time = |spans: &[Span]| -> u64 { lengths(spans).iter().sum() };
    let is_one = are_alike(lengths(&whole))
        && time(pieces).saturating_mul(100) >= time(&whole).saturating_mul(LEAST_ACTIVE_PERCENT)
        && are_unsteady(counts)
        && are_uneven(lengths(pieces));
    is_one.then_some(whole)
}

/// Pulses that bounce or are doubled are in the same number of pieces in more of them than this many per cent.
const MOST_ALIKE_PERCENT: usize = 70;
/// The widths of the pieces of a modulated light (PWM) agree: the upper quartile of uneven ones is so many times the lower,
/// doubled.
const LEAST_UNEVEN_HALVES: u64 = 3;
/// Bits are of a handful of lengths; of pieces, one in so many is of a length of its own.
const LEAST_DISTINCT: usize = 4;

/// Whether pulses differ in how many pieces each of them is in.
fn are_unsteady(mut counts: Vec<usize>) -> bool {
    counts.sort_unstable();
    let most = counts.chunk_by(|a, b| a == b).map(<[usize]>::len).max().unwrap_or(0);
    most * 100 <= MOST_ALIKE_PERCENT * counts.len()
}

/// Whether the widths of pieces differ, as those of a modulated light do not, and are of all lengths, as bits are not.
fn are_uneven(mut widths: Vec<u64>) -> bool {
    widths.sort_unstable();
    let quartile = |of_four: usize| widths.get(widths.len() * of_four / 4).copied().unwrap_or(0);
    let differ = quartile(3).saturating_mul(2) >= quartile(1).saturating_mul(LEAST_UNEVEN_HALVES);
    let all = widths.len();
    widths.dedup();
    differ && widths.len() * LEAST_DISTINCT >= all
}

/// Whether pulses are about as long as each other, but for a few of which little is seen.
fn are_alike(mut widths: Vec<u64>) -> bool {
    widths.sort_unstable();
    let usual = widths.get(widths.len() / 4).copied().unwrap_or(0);
    widths.last().is_some_and(|longest| *longest <= usual.saturating_mul(2))
}

/// The longest pause within a pulse; nothing where pauses do not fall apart into short and long ones.
fn longest_dip(pieces: &[Span]) -> Option<u64> {
    let mut pauses: Vec<u64> = pieces.windows(2).map(|pair| pair[1].from - pair[0].to).collect();
    pauses.sort_unstable();
    let apart = |pair: &[u64]| pair[1] / FAR_LONGER >= pair[0];
    let place =
        pauses.windows(2).enumerate().filter(|(_, pair)| apart(pair)).max_by_key(|(_, pair)| pair[1] / pair[0])?.0;
    let (within, between) = (place + 1, pauses.len() - place - 1);
    let enough = between + 1 >= LEAST_PULSES && within >= (LEAST_PIECES - 1) * (between + 1);
    enough.then(|| pauses[place])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SampleIndex;

    /// Ten pulses, 20 ms apart at 1 MHz, in pieces by where they begin and end.
    fn line(frames: &[&[(u64, u64)]]) -> Waveform {
        let mut changes = Vec::new();
        for (n, pieces) in (0..10).zip(frames.iter().cycle()) {
            let edges: Vec<u64> = pieces.iter().flat_map(|&(from, to)| [from, to]).collect();
            let ends = [edges.first().copied(), edges.last().copied()];
            // Where a pulse is broken is another place each time.
            let moved = |at: u64| if ends.contains(&Some(at)) { at } else { at + 3 * n };
            changes.extend(edges.iter().map(|&at| 1000 + 20_000 * n + moved(at)));
        }
        Waveform::new(Level::Low, changes, SampleIndex::new(200_000)).unwrap()
    }

    const PIECES: [&[(u64, u64)]; 3] = [
        &[(0, 2000), (2100, 2400), (2500, 3000), (3100, 5000)],
        &[(0, 2200), (2300, 2600), (2700, 5000)],
        &[(0, 1900), (2000, 2400), (2500, 2600), (2800, 3000), (3100, 5000)],
    ];

    #[test]
    fn pulses_that_are_mostly_alike_are_steady() {
        assert!(!are_unsteady(vec![3, 3, 3, 1]));
        assert!(are_unsteady(vec![3, 4, 3, 5]));
    }

    #[test]
    fn widths_that_agree_are_none_of_pieces() {
        assert!(!are_uneven(vec![10, 11, 10, 3]));
        assert!(are_uneven(vec![4, 11, 10, 3, 20]));
        // Bits of 4 samples.
        assert!(!are_uneven([4, 8, 16].repeat(5)));
    }

    #[test]
    fn pulses_in_pieces_are_made_whole() {
        let whole = line(&[&[(0, 5000)]]);
        assert_eq!(joined(&line(&PIECES)), Some((whole.clone(), Level::High)));
        // The same line, active low.
        let low = Waveform::new(Level::High, line(&PIECES).changes().to_vec(), SampleIndex::new(200_000)).unwrap();
        let whole = Waveform::new(Level::High, whole.changes().to_vec(), SampleIndex::new(200_000)).unwrap();
        assert_eq!(joined(&low), Some((whole, Level::Low)));
    }

    #[test]
    fn whole_pulses_data_and_doubled_pulses_stay_as_they_are() {
        assert_eq!(joined(&line(&[&[(0, 5000)]])), None);
        // Bits: active for half of the time.
        let bits: [&[(u64, u64)]; 2] = [
            &[(0, 300), (500, 600), (900, 1000), (1100, 1200)],
            &[(0, 100), (300, 400), (500, 900), (1000, 1100), (1300, 1400)],
        ];
        assert_eq!(joined(&line(&bits)), None);
        // As many pieces each time, and those alike.
        assert_eq!(joined(&line(&[&[(0, 900), (1000, 1900), (2000, 2900), (3000, 3900)]])), None);
        // Packets of all lengths.
        let packets: [&[(u64, u64)]; 4] =
            [PIECES[0], PIECES[1], &[(0, 500), (550, 720), (760, 1000)], &[(0, 900), (950, 1210), (1330, 1500)]];
        assert_eq!(joined(&line(&packets)), None);
        // Two pieces only.
        assert_eq!(joined(&line(&[&[(0, 900), (1000, 4000)], &[(0, 4000)]])), None);
    }
}
