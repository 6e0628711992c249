//! The values of a check as plots and tables show them, in few bytes.

use super::{Plotted, Standing};
use crate::units::{Numbers, SampleIndex};

/// Judged values in order of time: 17 bytes each.
#[derive(Debug, Clone, Default)]
pub struct Plots {
    values: Vec<f64>,
    at: Numbers,
    frames: Numbers,
    /// How each stands, whether it has a frame, and its entry; [`FAR`] for one that is in `far`.
    marks: Vec<u8>,
    /// The entries that do not fit into a mark, by the places of their values.
    far: Vec<(usize, usize)>,
}

const HAS_FRAME: u8 = 1 << 2;
const ENTRY: u32 = 3;
const FAR: u8 = u8::MAX >> ENTRY;

impl Plots {
    /// Adds a value behind the last one.
    pub fn push(&mut self, plotted: Plotted) {
        let standing = match plotted.standing {
            Standing::Inside => 0,
            Standing::Outside => 1,
            Standing::Straddling => 2,
            Standing::NotJudged => 3,
        };
        let entry = u8::try_from(plotted.entry).ok().filter(|entry| *entry < FAR);
        if entry.is_none() {
            self.far.push((self.values.len(), plotted.entry));
        }
        let has_frame = if plotted.frame.is_some() { HAS_FRAME } else { 0 };
        self.marks.push(standing | has_frame | entry.unwrap_or(FAR) << ENTRY);
        self.values.push(plotted.value);
        self.at.push(plotted.at.get().cast_signed());
        self.frames.push(plotted.frame.unwrap_or(0));
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The one at this place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Plotted> {
        let mark = *self.marks.get(place)?;
        let entry = match mark >> ENTRY {
            FAR => {
                let far = self.far.binary_search_by_key(&place, |(place, _)| *place).ok()?;
                self.far.get(far)?.1
            }
            entry => usize::from(entry),
        };
        Some(Plotted {
            frame: self.frames.get(place).filter(|_| mark & HAS_FRAME != 0),
            at: SampleIndex::new(self.at.get(place)?.cast_unsigned()),
            value: *self.values.get(place)?,
            standing: match mark & 3 {
                0 => Standing::Inside,
                1 => Standing::Outside,
                2 => Standing::Straddling,
                _ => Standing::NotJudged,
            },
            entry,
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

    /// Gives back the room that is left.
    fn shrink(&mut self) {
        self.values.shrink_to_fit();
        self.marks.shrink_to_fit();
        self.at.shrink();
        self.frames.shrink();
    }
}

impl FromIterator<Plotted> for Plots {
    fn from_iter<I: IntoIterator<Item = Plotted>>(plotted: I) -> Plots {
        let mut all = Plots::default();
        plotted.into_iter().for_each(|plotted| all.push(plotted));
        all.shrink();
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plotted() -> impl Strategy<Value = Plotted> {
        let standing = prop_oneof![
            Just(Standing::Inside),
            Just(Standing::Outside),
            Just(Standing::Straddling),
            Just(Standing::NotJudged)
        ];
        let entry = prop_oneof![0..40_usize, any::<usize>()];
        (proptest::option::of(any::<i64>()), any::<u64>(), any::<i32>(), standing, entry).prop_map(
            |(frame, at, value, standing, entry)| Plotted {
                frame,
                at: SampleIndex::new(at),
                value: f64::from(value),
                standing,
                entry,
            },
        )
    }

    proptest! {
        #[test]
        fn they_are_as_a_plain_list(plain in proptest::collection::vec(plotted(), 0..50)) {
            let held: Plots = plain.iter().copied().collect();
            prop_assert_eq!(held.len(), plain.len());
            prop_assert_eq!(held.iter().collect::<Vec<_>>(), plain);
        }
    }
}
