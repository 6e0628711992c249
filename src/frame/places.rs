//! A few places in a list, in the room of two.

use std::ops::Deref;

/// Places in a list, in order; none or one needs no memory of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places(Held);

/// With a third kind it would need the room of three.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Held {
    One(usize),
    /// None, which takes no memory, or several.
    Others(Box<[usize]>),
}

impl Default for Held {
    fn default() -> Held {
        Held::Others(Box::default())
    }
}

impl Deref for Places {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        match &self.0 {
            Held::One(place) => std::slice::from_ref(place),
            Held::Others(places) => places,
        }
    }
}

impl FromIterator<usize> for Places {
    fn from_iter<I: IntoIterator<Item = usize>>(places: I) -> Places {
        let mut places = places.into_iter();
        Places(match (places.next(), places.next()) {
            (None, _) => Held::default(),
            (Some(one), None) => Held::One(one),
            (Some(first), Some(second)) => Held::Others([first, second].into_iter().chain(places).collect()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_what_was_collected_and_small() {
        for places in [vec![], vec![7], vec![7, 8], vec![1, 2, 3]] {
            assert_eq!(*places.iter().copied().collect::<Places>(), *places);
        }
        assert_eq!(size_of::<Places>(), 2 * size_of::<usize>());
    }
}
