//! Pairing by time: two series of instants, one to one, in order, near to each other.

use std::cmp::Reverse;

use crate::units::{Near, Packed};

/// Instants farther down the line than this many are never considered for one partner. In a capture of a camera one or
/// two are near; the bound keeps a chattering line from making the work quadratic.
const NEAREST: usize = 32;

/// How good a pairing is: first the number of pairs, then the (negated) sum of their distances.
type Merit = (usize, Reverse<i128>);

const NO_PAIRS: Merit = (0, Reverse(0));

/// Pairs the instants of `a` with those of `b`, both in increasing order: one to one, in order, no pair farther apart than
/// `most`, as many pairs as possible, and among those the pairs of the least total distance. Returns places in `a` and `b`.
pub(super) fn pair<B: Fn(usize) -> i128>(
    a: impl IntoIterator<Item = i128>,
    b: &Instants<B>,
    most: i128,
) -> Vec<(usize, usize)> {
    let mut rows = Rows::default();
    let near = Near::default();
    let mut above: Option<Row> = None;
    let mut spare = Vec::new();
    for instant in a {
        let row =
            Row::after(above.as_ref(), (instant, Band::around(instant, b, most, &near)), b, &mut rows.lasts, spare);
        rows.bands.push([row.band.from as i64, rows.lasts.len() as i64]);
        spare = above.replace(row).map(|row| row.best).unwrap_or_default();
    }
    rows.trace_back(b.count)
}

/// So many instants in increasing order, by their places: what they are taken from holds them already.
pub(super) struct Instants<B> {
    pub(super) count: usize,
    pub(super) at: B,
}

/// The places in `b` that an instant of `a` may be paired with. Bands of later instants neither start nor end earlier.
#[derive(Clone, Copy)]
struct Band {
    from: usize,
    to: usize,
}

impl Band {
    fn around<B: Fn(usize) -> i128>(instant: i128, b: &Instants<B>, most: i128, near: &Near) -> Band {
        let before = |at: i128| near.partition_point(b.count, |place| (b.at)(place) < at);
        let from = before(instant.saturating_sub(most));
        let nearest = before(instant);
        let to = before(instant.saturating_add(most).saturating_add(1));
        Band { from: from.max(nearest.saturating_sub(NEAREST)), to: to.min(nearest.saturating_add(NEAREST)) }
    }
}

/// How the best pairing of the instants so far with the first `k` of `b` ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// This instant is paired with the last of the `k`.
    Paired,
    /// This instant has no partner.
    WithoutPartner,
    /// The last of the `k` is not used.
    OtherUnused,
}

/// How good the best pairings of the instants of `a` up to this one are.
struct Row {
    band: Band,
    /// For each `k` from `band.from` up to and with `band.to`: of the first `k` of `b`.
    best: Vec<Merit>,
}

impl Row {
    /// The row of this instant and its band, below another one; how each of its best pairings ends is added to `lasts`. `best` is room.
    fn after<B: Fn(usize) -> i128>(
        above: Option<&Row>,
        (instant, band): (i128, Band),
        b: &Instants<B>,
        lasts: &mut Vec<Last>,
        mut best: Vec<Merit>,
    ) -> Row {
        let without = |k: usize| above.map_or(NO_PAIRS, |row| row.at(k));
        let mut unused = without(band.from);
        best.clear();
        best.push(unused);
        lasts.push(Last::WithoutPartner);
        for k in band.from..band.to {
            let (pairs, Reverse(distance)) = without(k);
            let paired = (pairs + 1, Reverse(distance + ((b.at)(k) - instant).abs()));
            let mut choice = (without(k + 1), Last::WithoutPartner);
            if unused > choice.0 {
                choice = (unused, Last::OtherUnused);
            }
            if paired > choice.0 {
                choice = (paired, Last::Paired);
            }
            unused = choice.0;
            best.push(choice.0);
            lasts.push(choice.1);
        }
        Row { band, best }
    }

    /// How good the best use of the first `k` of `b` is; none behind the band is within reach of this instant.
    fn at(&self, k: usize) -> Merit {
        let place = k.saturating_sub(self.band.from).min(self.best.len() - 1);
        self.best[place]
    }
}

/// How the best pairings end, row by row: a byte for each, since a dense line has many that are near.
#[derive(Default)]
struct Rows {
    /// Of each row where its band begins, and where its part of `lasts` ends.
    bands: Packed<2>,
    lasts: Vec<Last>,
}

impl Rows {
    fn trace_back(&self, b_len: usize) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        let mut k = b_len;
        let band = |row: usize| self.bands.get(row).map_or([0; 2], |band| band.map(|place| place as usize));
        for i in (0..self.bands.len()).rev() {
            let [from, end] = band(i);
            let begin = i.checked_sub(1).map_or(0, |before| band(before)[1]);
            let row = &self.lasts[begin..end];
            let last = |k: usize| row[k.saturating_sub(from).min(row.len() - 1)];
            k = k.min(from + row.len() - 1);
            while last(k) == Last::OtherUnused {
                k -= 1;
            }
            if last(k) == Last::Paired {
                k -= 1;
                pairs.push((i, k));
            }
        }
        pairs.reverse();
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pair(a: impl IntoIterator<Item = i128>, b: &[i128], most: i128) -> Vec<(usize, usize)> {
        super::pair(a, &Instants { count: b.len(), at: |place| b[place] }, most)
    }

    #[test]
    fn equal_series_pair_one_to_one() {
        assert_eq!(pair([0, 100, 200], &[3, 99, 204], 50), [(0, 0), (1, 1), (2, 2)]);
    }

    #[test]
    fn a_lost_one_shifts_nothing() {
        assert_eq!(pair([0, 100, 200, 300], &[1, 201, 301], 50), [(0, 0), (2, 1), (3, 2)]);
        assert_eq!(pair([0, 200, 300], &[1, 101, 201, 301], 50), [(0, 0), (1, 2), (2, 3)]);
    }

    #[test]
    fn an_extra_one_near_a_partner_loses_to_the_nearer() {
        assert_eq!(pair([100], &[70, 98, 120], 50), [(0, 1)]);
    }

    #[test]
    fn half_a_period_apart_still_pairs_in_order() {
        assert_eq!(pair([0, 100, 200], &[50, 150, 250], 50), [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(pair([0, 100, 200], &[51, 151, 251], 50), [(1, 0), (2, 1)]);
    }

    /// The best pairing of all, by trying every one.
    fn best_of_all(a: &[i128], b: &[i128], most: i128) -> Merit {
        let (Some((first, rest)), false) = (a.split_first(), b.is_empty()) else { return NO_PAIRS };
        let mut best = best_of_all(rest, b, most);
        for (j, other) in b.iter().enumerate() {
            if (other - first).abs() <= most {
                let (pairs, Reverse(distance)) = best_of_all(rest, &b[j + 1..], most);
                best = best.max((pairs + 1, Reverse(distance + (other - first).abs())));
            }
        }
        best
    }

    fn instants() -> impl Strategy<Value = Vec<i128>> {
        proptest::collection::btree_set(0..60_i128, 0..7).prop_map(|set| set.into_iter().collect())
    }

    proptest! {
        #[test]
        fn no_pairing_is_better(a in instants(), b in instants(), most in 0..30_i128) {
            let pairs = pair(a.iter().copied(), &b, most);
            let merit = (pairs.len(), Reverse(pairs.iter().map(|&(i, j)| (a[i] - b[j]).abs()).sum::<i128>()));
            prop_assert_eq!(merit, best_of_all(&a, &b, most));
            prop_assert!(pairs.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1));
            prop_assert!(pairs.iter().all(|&(i, j)| (a[i] - b[j]).abs() <= most));
        }
    }
}
