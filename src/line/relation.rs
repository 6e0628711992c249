//! How two lines of a camera stand to each other in time: what tells an exposure from a flash, and high from low.

use super::beat::middle;
use crate::signal::{Level, SampleSpan, Waveform};
use crate::units::SampleIndex;

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

/// How many samples each of `edges` comes as a rule after the last of the `others` before it: the median; none where none does.
pub(crate) fn after(edges: &[u64], others: &[u64]) -> Option<u64> {
    let late = |&edge: &u64| Some(edge - others[last_before(others, |other| *other <= edge)?]);
    middle(edges.iter().filter_map(late))
}

/// The place of the last of the `edges` before each of these instants, and how many samples it is before, where that is within
/// `reach`.
pub(crate) fn behind(
    instants: impl Iterator<Item = u64>,
    edges: &[u64],
    reach: u64,
) -> impl Iterator<Item = (usize, u64)> {
    instants.filter_map(move |at| {
        let place = last_before(edges, |edge| *edge <= at)?;
        Some((place, at - edges[place])).filter(|(_, after)| *after <= reach)
    })
}

/// The place of the last of these, in order, that `is_before` holds; `None` if it holds none.
pub(crate) fn last_before<T>(these: &[T], is_before: impl FnMut(&T) -> bool) -> Option<usize> {
    these.partition_point(is_before).checked_sub(1)
}

/// Whether a line has as many of its `edges` between any two neighbours of the `others`, at least one: it follows them.
pub(crate) fn follows(edges: &[u64], others: &[u64]) -> bool {
    // Edges of the same event may be on either side of each other.
    let (Some(inner), Some(all)) =
        (span(others.get(1..others.len().saturating_sub(1)).unwrap_or_default()), span(edges))
    else {
        return false;
    };
    // What a few edges of the others show says nothing of all of its own.
    if inner.saturating_mul(4) < all.saturating_mul(3) {
        return false;
    }
    let apart = others.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(0);
    [0, apart / 4, apart / 2, apart / 4 * 3].into_iter().any(|moved| {
        let count = |at: u64| edges.partition_point(|&edge| edge < at.saturating_add(moved));
        let counts: Vec<usize> = others.windows(2).map(|pair| count(pair[1]) - count(pair[0])).collect();
        // What the record begins or ends with may be cut.
        let inner = counts.get(1..counts.len().saturating_sub(1)).unwrap_or_default();
        inner.len() >= 2 && inner.iter().all(|count| *count > 0 && *count == inner[0])
    })
}

/// Whether two lists have as many instants, each within `reach` samples of its like.
pub(crate) fn are_same(a: SampleSpan<'_>, b: SampleSpan<'_>, reach: u64) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= reach)
}

/// Whether each of the `answers` comes with one of the `edges` or behind it, and before the next.
pub(crate) fn answer(answers: &[u64], edges: &[u64]) -> bool {
    let is_behind = edges.iter().zip(answers).all(|(edge, answer)| edge <= answer);
    let is_before = answers.iter().zip(edges.iter().skip(1)).all(|(answer, next)| answer < next);
    answers.len() == edges.len() && is_behind && is_before
}

/// From the first to the last of these.
fn span(instants: &[u64]) -> Option<u64> {
    Some(instants.last()? - instants.first()?)
}

/// The changes of a line to this level.
pub(crate) fn edges_to(waveform: &Waveform, level: Level) -> Vec<u64> {
    let first = usize::from(waveform.initial() == level);
    waveform.changes().iter().skip(first).step_by(2).collect()
}

/// The number of samples in which both lines show these levels.
pub(crate) fn overlap(a: (&Waveform, Level), b: (&Waveform, Level)) -> u64 {
    let length = a.0.length().get();
    let (mut at, mut sum) = (0, 0);
    let (mut in_a, mut in_b) = (0, 0);
    while at < length {
        let next_a = a.0.changes().get(in_a).unwrap_or(length);
        let next_b = b.0.changes().get(in_b).unwrap_or(length);
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

/// The level that this sample shows.
pub(crate) fn level_at(line: &Waveform, at: u64) -> Level {
    line.level_at(SampleIndex::new(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::SampleList;

    fn line(changes: &[u64]) -> Waveform {
        Waveform::new(Level::Low, changes.to_vec(), SampleIndex::new(100)).unwrap()
    }

    #[test]
    fn each_edge_has_its_answer_before_the_next() {
        assert!(answer(&[11, 20, 39], &[10, 20, 30]));
        assert!(!answer(&[9, 20, 39], &[10, 20, 30]), "before its edge");
        assert!(!answer(&[11, 30, 39], &[10, 20, 30]), "with the next");
        assert!(!answer(&[11, 20], &[10, 20, 30]), "one has none");
    }

    #[test]
    fn lines_are_the_same_within_reach() {
        let lists = [[10, 20, 30], [11, 20, 29], [10, 22, 30]].map(|at| at.into_iter().collect::<SampleList>());
        assert!(are_same(lists[0].all(), lists[1].all(), 1));
        assert!(!are_same(lists[0].all(), lists[2].all(), 1) && are_same(lists[0].all(), lists[2].all(), 2));
        assert!(!are_same(lists[0].all(), lists[0].all().range(0..2), 9));
    }

    #[test]
    fn coincidence_counts_those_with_a_neighbour() {
        assert_eq!(coincidence(&[10, 20, 30, 40], &[12, 29, 60], 2), 500);
        assert_eq!(coincidence(&[], &[1], 2), 0);
        assert_eq!(coincidence(&[5], &[], 2), 0);
    }

    #[test]
    fn edges_come_after_the_last_one_of_another_line() {
        let fsin = [100, 200, 300, 400, 500];
        assert_eq!(after(&[50, 107, 207, 309, 450, 507], &fsin), Some(7));
        assert_eq!(after(&[50], &fsin), None);
        assert_eq!(after(&[], &fsin), None);
    }

    #[test]
    fn a_line_follows_that_has_as_many_edges_each_time() {
        let fsin = [100, 200, 330, 400, 500, 600, 700, 800, 900, 1000];
        let after = |at: u64| fsin.map(|fsin| fsin + at).to_vec();
        assert!(follows(&after(7), &fsin));
        // At the same time, a sample before or after.
        assert!(follows(&[99, 201, 329, 401, 500, 601, 699, 800, 901, 1000], &fsin));
        let mut twice = [after(7), after(20)].concat();
        twice.sort_unstable();
        assert!(follows(&twice, &fsin));
        let missing: Vec<u64> = after(7).into_iter().filter(|at| *at != 407).collect();
        assert!(!follows(&missing, &fsin));
        // Of the first and the last of its edges the other line says nothing.
        assert!(!follows(&after(7), &[350, 450, 550, 650]));
        assert!(!follows(&[], &fsin));
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
