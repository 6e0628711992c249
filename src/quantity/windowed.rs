//! Quantities over a window of their own: `flash.duty@100ms`.
//!
//! The window stands in the id, which is all that tells them apart. Each window that is asked for is made once and kept.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::Quantity;
use super::duty::DUTY;
use crate::units::{Rational, Rounding, Unit, parse_value};

/// What stands between the id and the window.
const AT: char = '@';

/// By window, in seconds.
static MADE: Mutex<BTreeMap<Rational, &'static Quantity>> = Mutex::new(BTreeMap::new());

/// Whether an id asks for a window, whatever it is.
pub(crate) fn asks_for_a_window(id: &str) -> bool {
    id.split_once(AT).is_some_and(|(base, _)| base == DUTY.id)
}

/// The window of a quantity in seconds, as its id has it.
pub(super) fn window_of(id: &str) -> Option<Rational> {
    let (_, window) = id.split_once(AT).filter(|(base, _)| *base == DUTY.id)?;
    let (seconds, unit) = parse_value(window).ok()?;
    (unit == Unit::Second && seconds.is_positive()).then_some(seconds)
}

/// The quantity over the window that an id names; none where that is no window. However the window is written, it is the same.
pub(super) fn find(id: &str) -> Option<&'static Quantity> {
    let window = window_of(id)?;
    let text = text(&window)?;
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || -> &'static Quantity {
        let said = |words: &str| -> &'static str { words.replace("1 s", &text).leak() };
        Box::leak(Box::new(Quantity {
            id: format!("{}{AT}{}", DUTY.id, text.replace(' ', "")).leak(),
            unit: DUTY.unit,
            label: format!("{} in {text}", DUTY.label).leak(),
            definition: said(DUTY.definition),
            formula: said(DUTY.formula),
            source: DUTY.source,
            raised_by: DUTY.raised_by,
            needs: DUTY.needs,
            clock: DUTY.clock,
            unseen: DUTY.unseen,
            measure: DUTY.measure,
        }))
    };
    Some(made.entry(window).or_insert_with(make))
}

/// A window in the largest unit of which it is a whole number; none of what is no whole number of nanoseconds.
fn text(window: &Rational) -> Option<String> {
    let units = [(1, "s"), (1_000, "ms"), (1_000_000, "us"), (1_000_000_000, "ns")];
    units.into_iter().find_map(|(parts, unit)| {
        let number = window.times(parts);
        let whole = number.to_integer(Rounding::Down)?;
        (Rational::integer(whole) == number).then(|| format!("{whole} {unit}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_one_however_it_is_written() {
        let id = |asked: &str| find(asked).map(|quantity| quantity.id);
        for written in ["flash.duty@100ms", "flash.duty@0.1 s", "flash.duty@100000us"] {
            assert_eq!(id(written), Some("flash.duty@100ms"), "{written}");
            assert!(std::ptr::eq(find(written).unwrap(), find("flash.duty@100ms").unwrap()));
        }
        assert_eq!((id("flash.duty@2s"), id("flash.duty@1500 us")), (Some("flash.duty@2s"), Some("flash.duty@1500us")));
        for none in ["flash.duty", "flash.duty@", "flash.duty@0s", "flash.duty@5", "flash.duty@50%", "flash.leak@1ms"] {
            assert_eq!(id(none), None, "{none}");
        }
        assert_eq!(id("flash.duty@0.5ns"), None);
        let definition = find("flash.duty@100ms").unwrap().definition;
        assert!(definition.contains("any window of 100 ms"), "{definition}");
    }
}
