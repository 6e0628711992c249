//! A limit on each quantity, in its sense: one that protects.

use crate::quantity::Quantity;
use crate::units::Unit;

/// Limits that those of their units would not do for.
static EXAMPLES: &[(&str, &str)] = &[
    ("line.edges", ">= 1"),
    ("frame.time", "1/30 s ± 0.1 %"),
    ("frame.rate", "30 Hz ± 0.1 %"),
    ("frame.tie-nominal", "<= 1 ms"),
    ("fsin.width", ">= 5 us"),
    ("exposure.time", "20 ms ± 50 us"),
    ("exposure.end", "0 us ± 20 us"),
    ("exposure.gap", ">= 100 us"),
    ("exposure.error", "0 us ± 50 us"),
    ("exposure.middle", "0 us ± 20 us"),
    ("trigger.margin", ">= 0 us"),
    ("flash.lead", "0 us .. 200 us"),
    ("flash.coverage", ">= 99 %"),
    ("flash.on-time", "<= 35 ms"),
    ("flash.off-time", ">= 1 ms"),
    ("flash.pulses", "1"),
    ("rolling.window", ">= 100 us"),
    ("rolling.margin-start", ">= 100 us"),
    ("rolling.margin-end", ">= 100 us"),
    ("rolling.evenness", ">= 90 %"),
    ("rolling.lit-rows", ">= 99 %"),
    ("readout.start", "0 us .. 1 ms"),
    ("readout.time", "<= 17 ms"),
    ("skew.start", "0 us ± 20 us"),
    ("skew.end", "0 us ± 20 us"),
    ("timestamp.residual", "0 us ± 50 us"),
];

/// A limit on the quantity as a spec states it.
#[must_use]
pub fn example(quantity: &Quantity) -> &'static str {
    if let Some((_, limit)) = EXAMPLES.iter().find(|(id, _)| *id == quantity.id) {
        return limit;
    }
    // Frames and light may be so late, so uneven, so much: less is better.
    match (quantity.unit, quantity.family()) {
        (Unit::Count, "frame" | "exposure" | "flash" | "trigger") if quantity.id.ends_with(".count") => ">= 60",
        (Unit::Count, _) => "0",
        (Unit::Second, _) if ["jitter", "tie"].iter().any(|spread| quantity.id.contains(spread)) => "<= 20 us",
        (Unit::Second, _) => "<= 1 ms",
        (Unit::Hertz, _) => "30 Hz ± 0.1 %",
        (Unit::Percent, _) => "<= 80 %",
        (Unit::Ppm, _) => "0 ppm ± 150 ppm",
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
