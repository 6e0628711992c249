//! A limit on each quantity, in its sense: one that protects.

use crate::quantity::{
    Quantity, exposure, flash, flash_train, frame, fsin, line, readout, ready, reported, rolling, rows, skew, tie,
    timestamp,
};
use crate::units::Unit;

/// Limits that those of their units would not do for.
static EXAMPLES: &[(&Quantity, &str)] = &[
    (&line::EDGES, ">= 1"),
    (&frame::TIME, "1/30 s ± 0.1 %"),
    (&frame::RATE, "30 Hz ± 0.1 %"),
    (&tie::TIE_NOMINAL, "<= 1 ms"),
    (&fsin::WIDTH, ">= 5 us"),
    (&fsin::PULSES, "3"),
    (&exposure::TIME, "20 ms ± 50 us"),
    (&exposure::END, "0 us ± 20 us"),
    (&exposure::MIDDLE, "0 us ± 20 us"),
    (&exposure::GAP, ">= 100 us"),
    (&reported::ERROR, "0 us ± 50 us"),
    (&ready::MARGIN, ">= 0 us"),
    (&flash::LEAD, "0 us .. 200 us"),
    (&flash::COVERAGE, ">= 99 %"),
    (&flash::ON_TIME, "<= 35 ms"),
    (&flash_train::OFF_TIME, ">= 1 ms"),
    (&flash_train::PULSES, "1"),
    (&rolling::WINDOW, ">= 100 us"),
    (&rolling::MARGIN_START, ">= 100 us"),
    (&rolling::MARGIN_END, ">= 100 us"),
    (&rows::EVENNESS, ">= 90 %"),
    (&rows::LIT_ROWS, ">= 99 %"),
    (&readout::START, "0 us .. 1 ms"),
    (&readout::TIME, "<= 17 ms"),
    (&skew::START, "0 us ± 20 us"),
    (&skew::END, "0 us ± 20 us"),
    (&timestamp::RESIDUAL, "0 us ± 50 us"),
];

/// A limit on the quantity as a spec states it.
#[must_use]
pub fn example(quantity: &Quantity) -> &'static str {
    if let Some((_, limit)) = EXAMPLES.iter().find(|(known, _)| *known == quantity) {
        return limit;
    }
    // Frames and light may be so late, so uneven, so much: less is better.
    match quantity.unit {
        Unit::Count if quantity.id.ends_with(".count") => ">= 60",
        Unit::Count => "0",
        Unit::Second if ["jitter", "tie"].iter().any(|spread| quantity.id.contains(spread)) => "<= 20 us",
        Unit::Second => "<= 1 ms",
        Unit::Hertz => "30 Hz ± 0.1 %",
        Unit::Percent => "<= 80 %",
        Unit::Ppm => "0 ppm ± 150 ppm",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::QUANTITIES;
    use crate::spec::Limit;

    #[test]
    fn every_example_is_a_limit_on_its_quantity() {
        for quantity in QUANTITIES {
            let limit = example(quantity);
            Limit::parse(limit, quantity.unit).unwrap_or_else(|error| panic!("{} = {limit}: {error}", quantity.id));
        }
    }
}
