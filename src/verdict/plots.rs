//! The values of a check as plots and tables show them, in few bytes.

use super::{Judged, Plotted, Standing};
use crate::quantity::{Outline, Points};
use crate::spec::Limit;
use crate::units::{Packed, Rational};

/// Judged values in order of time: what was measured, and how each stands.
#[derive(Debug, Clone, Default)]
pub struct Plots {
    points: Points,
    /// How many base units are one unit of the readings.
    scale: Rational,
    /// How each stands, by its place in [`STANDINGS`], and its entry.
    marks: Packed<2>,
}

/// In the order in which they are declared.
const STANDINGS: [Standing; 4] = [Standing::Inside, Standing::Outside, Standing::Straddling, Standing::NotJudged];

impl Plots {
    /// These values, with how each stands and its entry.
    pub(crate) fn new(
        points: Points,
        scale: Rational,
        standings: impl IntoIterator<Item = (Standing, usize)>,
    ) -> Plots {
        let mut marks = Packed::default();
        standings.into_iter().for_each(|(standing, entry)| marks.push([standing as i64, entry as i64]));
        Plots { points, scale, marks }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The one at this place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Plotted> {
        let [standing, entry] = self.marks.get(place)?;
        let Outline { frame, to, code, .. } = self.points.outline(place)?;
        Some(Plotted {
            frame,
            at: to,
            value: match self.points.units(code) {
                Some(units) => self.scale.times_f64(units),
                None => (&self.points.value(code) * &self.scale).to_f64(),
            },
            standing: standing_of(standing),
            entry: entry as usize,
        })
    }

    /// The one at this place.
    ///
    /// # Panics
    /// Where there is none, as of a slice.
    #[must_use]
    pub fn at(&self, place: usize) -> Plotted {
        self.get(place).unwrap_or_else(|| panic!("there are {} values, and none at {place}", self.len()))
    }

    /// One after the other.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Plotted> + ExactSizeIterator + Clone + use<'_> {
        (0..self.len()).map(|place| self.at(place))
    }

    /// Those that stand so, one after the other.
    pub fn of(&self, wanted: Standing) -> impl Iterator<Item = Plotted> + use<'_> {
        (0..self.len()).filter(move |&place| self.standing(place) == Some(wanted)).map(|place| self.at(place))
    }

    /// Those that stand so, one after the other, exact, as these limits judged them.
    pub fn judged<'p>(&'p self, wanted: Standing, limits: &'p [Limit]) -> impl Iterator<Item = Judged> + use<'p> {
        (0..self.len()).filter_map(move |place| {
            let [_, entry] = self.marks.get(place).filter(|[mark, _]| standing_of(*mark) == wanted)?;
            let entry = entry as usize;
            Some(Judged::of(&self.points.get(place)?, &self.scale, entry, limits.get(entry)?))
        })
    }

    /// How the one at this place stands.
    #[must_use]
    pub fn standing(&self, place: usize) -> Option<Standing> {
        self.marks.get(place).map(|[standing, _]| standing_of(standing))
    }

    /// The same, of which nothing is proven.
    pub(super) fn left_open(&self) -> Plots {
        let open = |standing: Standing| match standing {
            Standing::Inside | Standing::Outside | Standing::Straddling => Standing::Straddling,
            Standing::NotJudged => Standing::NotJudged,
        };
        let marks = (0..self.len()).filter_map(|place| self.marks.get(place));
        let standings = marks.map(|[standing, entry]| (open(standing_of(standing)), entry as usize));
        Plots::new(self.points.clone(), self.scale.clone(), standings)
    }
}

fn standing_of(mark: i64) -> Standing {
    STANDINGS[mark as usize]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::quantity::{Point, Reading, Seen};
    use crate::units::SampleIndex;

    /// Values as tests make them up, exact as they are.
    impl FromIterator<Plotted> for Plots {
        fn from_iter<I: IntoIterator<Item = Plotted>>(plotted: I) -> Plots {
            let plotted: Vec<Plotted> = plotted.into_iter().collect();
            let point = |plotted: &Plotted| {
                let reading = Reading::exact(Rational::from_f64(plotted.value).unwrap());
                Point { frame: plotted.frame, from: plotted.at, to: plotted.at, reading, seen: Seen::Whole }
            };
            let standings = plotted.iter().map(|plotted| (plotted.standing, plotted.entry));
            Plots::new(plotted.iter().map(point).collect(), Rational::ONE, standings)
        }
    }

    fn plotted() -> impl Strategy<Value = Plotted> {
        let standing = prop_oneof![
            Just(Standing::Inside),
            Just(Standing::Outside),
            Just(Standing::Straddling),
            Just(Standing::NotJudged)
        ];
        let value = prop_oneof![(-9..9_i32).prop_map(f64::from), any::<i32>().prop_map(|n| f64::from(n) * 1e-9)];
        (proptest::option::of(any::<i64>()), any::<u64>(), value, standing, 0..9_usize).prop_map(
            |(frame, at, value, standing, entry)| Plotted { frame, at: SampleIndex::new(at), value, standing, entry },
        )
    }

    proptest! {
        #[test]
        fn they_are_as_a_plain_list(plain in proptest::collection::vec(plotted(), 0..300)) {
            let held: Plots = plain.iter().copied().collect();
            prop_assert_eq!(held.len(), plain.len());
            prop_assert_eq!(held.iter().collect::<Vec<_>>(), plain.clone());
            let outside = |plotted: &&Plotted| plotted.standing == Standing::Outside;
            prop_assert!(held.of(Standing::Outside).eq(plain.iter().filter(outside).copied()));
            let open = held.left_open();
            for (open, plotted) in open.iter().zip(plain) {
                let standing = if plotted.standing == Standing::NotJudged { plotted.standing } else { Standing::Straddling };
                prop_assert_eq!(open, Plotted { standing, ..plotted });
            }
        }
    }
}
