//! How two lines of a camera stand to each other in time: what tells an exposure from a flash, and high from low.

use crate::signal::{Level, Waveform};

/// The share (0 to 1000 per mille) of the instants of `edges` that have one of `others` no farther than `reach` samples
/// away; 0 of none. Both are in increasing order.
pub(crate) fn coincidence(edges: &[u64], others: &[u64], reach: u64) -> u64 {
    let near = |edge: u64| {
        let next = others.partition_point(|&other| other < edge);
        let after = others.get(next).is_some_and(|&other| other - edge <= reach);
        let before = next.checked_sub(1).and_then(|i| others.get(i)).is_some_and(|&other| edge - other <= reach);
        after || before
    };
    let met = edges.iter().filter(|&&edge| near(edge)).count() as u64;
    (met * 1000).checked_div(edges.len() as u64).unwrap_or(0)
}

/// How many samples after the nearest of the `others` each of `edges` comes as a rule, or before it if negative: the median, if it
/// is within `reach`, and this many per mille of them within a tenth of that from it. All are in increasing order.
pub(crate) fn offset(edges: &[u64], others: &[u64], reach: u64, as_a_rule: u64) -> Option<i64> {
    let nearest = |edge: u64| {
        let next = others.partition_point(|&other| other <= edge);
        let after = next.checked_sub(1).and_then(|i| others.get(i)).map(|&other| (edge - other).cast_signed());
        let before = others.get(next).map(|&other| -(other - edge).cast_signed());
        after.into_iter().chain(before).min_by_key(|offset| offset.abs())
    };
    let mut offsets: Vec<i64> = edges.iter().filter_map(|&edge| nearest(edge)).collect();
    offsets.sort_unstable();
    let median = *offsets.get(offsets.len().checked_sub(1)? / 2)?;
    let near = offsets.iter().filter(|offset| offset.abs_diff(median) <= reach / 10).count() as u64;
    (median.unsigned_abs() <= reach && near * 1000 >= offsets.len() as u64 * as_a_rule).then_some(median)
}

/// The changes of a line to this level.
pub(crate) fn edges_to(waveform: &Waveform, level: Level) -> Vec<u64> {
    let first = usize::from(waveform.initial() == level);
    waveform.changes().iter().skip(first).step_by(2).copied().collect()
}

/// The number of samples in which both lines show these levels.
pub(crate) fn overlap(a: (&Waveform, Level), b: (&Waveform, Level)) -> u64 {
    let length = a.0.length().get();
    let (mut at, mut sum) = (0, 0);
    let (mut in_a, mut in_b) = (0, 0);
    while at < length {
        let next_a = a.0.changes().get(in_a).copied().unwrap_or(length);
        let next_b = b.0.changes().get(in_b).copied().unwrap_or(length);
        let next = next_a.min(next_b);
        if a.0.level_after(in_a) == a.1 && b.0.level_after(in_b) == b.1 {
            sum += next - at;
        }
        in_a += usize::from(next_a == next && next < length);
        in_b += usize::from(next_b == next && next < length);
        at = next;
    }
    sum
}

/// The share (0 to 1000 per mille) of the stretches of one line at its level, both ends seen, during which the other is at its;
/// 0 of none. Edges of the same event may be a sample apart.
pub(crate) fn inside(inner: (&Waveform, Level), outer: (&Waveform, Level)) -> u64 {
    let first = usize::from(inner.0.initial() == inner.1);
    let stretches = inner.0.changes().get(first..).unwrap_or_default().chunks_exact(2);
    let all = stretches.len() as u64;
    let within = |stretch: &&[u64]| {
        let before = outer.0.changes().partition_point(|&change| change <= stretch[0] + 1);
        let next = outer.0.changes().get(before).copied().unwrap_or(u64::MAX);
        outer.0.level_after(before) == outer.1 && next >= stretch[1].saturating_sub(1)
    };
    let count = stretches.filter(within).count() as u64;
    (count * 1000).checked_div(all).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SampleIndex;

    fn line(changes: &[u64]) -> Waveform {
        Waveform::new(Level::Low, changes.to_vec(), SampleIndex::new(100)).unwrap()
    }

    #[test]
    fn coincidence_counts_those_with_a_neighbour() {
        assert_eq!(coincidence(&[10, 20, 30, 40], &[12, 29, 60], 2), 500);
        assert_eq!(coincidence(&[], &[1], 2), 0);
        assert_eq!(coincidence(&[5], &[], 2), 0);
    }

    #[test]
    fn offsets_are_those_of_the_nearest_edges() {
        let fsin = [100, 200, 300, 400, 500];
        // 7 after each, but for one that has none, and one that comes at another time.
        assert_eq!(offset(&[107, 207, 307, 350, 507], &fsin, 10, 800), Some(7));
        assert_eq!(offset(&[107, 207, 307, 350, 507], &fsin, 10, 801), None);
        assert_eq!(offset(&[107, 207, 307, 407, 507], &fsin, 6, 800), None);
        // 3 before each, to a tenth of the reach.
        assert_eq!(offset(&[97, 198, 297, 396, 497], &fsin, 10, 1000), Some(-3));
        assert_eq!(offset(&[], &fsin, 10, 0), None);
        assert_eq!(offset(&[1], &[], 10, 0), None);
    }

    #[test]
    fn stretches_inside_by_hand() {
        let (a, b) = (line(&[10, 20, 50, 60, 95]), line(&[8, 22, 55, 70]));
        // The one from 95 on has no end; that from 50 to 60 begins too early.
        assert_eq!(inside((&a, Level::High), (&b, Level::High)), 500);
        assert_eq!(inside((&a, Level::High), (&a, Level::High)), 1000);
        assert_eq!(inside((&b, Level::High), (&a, Level::High)), 0);
        assert_eq!(inside((&line(&[30, 40]), Level::High), (&b, Level::Low)), 1000);
        assert_eq!(inside((&line(&[]), Level::High), (&b, Level::Low)), 0);
    }

    #[test]
    fn edges_and_overlaps_by_hand() {
        let a = line(&[10, 20, 50, 60]);
        assert_eq!((edges_to(&a, Level::High), edges_to(&a, Level::Low)), (vec![10, 50], vec![20, 60]));
        let b = line(&[15, 55]);
        assert_eq!(overlap((&a, Level::High), (&b, Level::High)), 5 + 5);
        assert_eq!(overlap((&a, Level::Low), (&b, Level::High)), 30);
        assert_eq!(overlap((&a, Level::High), (&a, Level::High)), 20);
    }
}
