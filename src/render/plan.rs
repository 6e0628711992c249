//! A plan as text: each limit, how it stands to the instrument, and what it takes.

use super::layout::{Align, table};
use crate::escape::visible;
use crate::study::plan::{Plan, Planned};
use crate::units::{Rational, Rounding, SampleRate, Unit, counted, half_width_text, value_text};
use crate::verdict::{Demand, RateIs, Stands, rate_text};

/// What a spec takes, as a table and what it comes to.
#[must_use]
pub fn plan_text(plan: &Plan) -> String {
    let rows: Vec<[String; 3]> = plan.limits.iter().flat_map(rows).chain(pulses(plan)).collect();
    let mut text = format!("{}\n{}\n", table(&rows, [Align::Left; 3], &[], usize::MAX), conclusion(plan));
    if plan.presumes_frame_time {
        text.push_str("No frame time is stated: 30 frames per second are presumed (timing.frame_time states it).\n");
    }
    text
}

/// What cannot be decided at the sample rate of a plan, as sentences.
#[must_use]
pub fn undecided_text(plan: &Plan) -> Vec<String> {
    let at = hertz(plan.rate.hz());
    let mut sentences = Vec::new();
    for (stands, can) in [(Stands::Never, "can never pass"), (Stands::Open, "may stay open")] {
        for (planned, demand) in plan.standing(stands) {
            let takes = demand.takes.as_deref().map(|takes| format!("; it takes {takes}")).unwrap_or_default();
            sentences.push(format!("at {at}, {} {can}{takes}", named(planned, demand)));
        }
    }
    if let (false, Some(from)) = (plan.shows_every_pulse(), shown_text(plan)) {
        sentences.push(format!("at {at}, not every pulse is seen; it takes {from}"));
    }
    sentences
}

fn rows(planned: &Planned) -> Vec<[String; 3]> {
    match &planned.takes {
        Err(why) => {
            let what = format!("{}: {} {}", visible(&planned.of), planned.quantity.id, planned.rule);
            vec![["not told".to_owned(), what, visible(why).into_owned()]]
        }
        Ok(demands) => demands.iter().map(|demand| row(planned, demand)).collect(),
    }
}

fn row(planned: &Planned, demand: &Demand) -> [String; 3] {
    let unit = planned.quantity.unit;
    let takes = match (&demand.takes, &demand.nominal) {
        _ if unit == Unit::Count => "every pulse must be seen".to_owned(),
        (Some(takes), Some(nominal)) => format!("at {}: {takes}", value_text(nominal, unit, Rounding::Nearest)),
        (Some(takes), None) => takes.clone(),
        (None, Some(nominal)) => format!("at {}: any sample rate", value_text(nominal, unit, Rounding::Nearest)),
        (None, None) => format!("passes from {} inside on", half_width_text(&demand.guard, unit)),
    };
    [word(demand.stands).to_owned(), named(planned, demand), takes]
}

fn word(stands: Stands) -> &'static str {
    match stands {
        Stands::Decided => "decided",
        Stands::Open => "OPEN",
        Stands::Never => "NEVER",
    }
}

fn named(planned: &Planned, demand: &Demand) -> String {
    format!("{}: {} {}", visible(&planned.of), planned.quantity.id, demand.limit.text())
}

/// The row of what shows every pulse.
fn pulses(plan: &Plan) -> Option<[String; 3]> {
    let narrowest = plan.narrowest.as_ref()?;
    let stands = if plan.shows_every_pulse() { Stands::Decided } else { Stands::Open };
    let what = format!("the narrowest pulse or pause, {}", value_text(narrowest, Unit::Second, Rounding::Nearest));
    Some([word(stands).to_owned(), what, shown_text(plan)?])
}

fn shown_text(plan: &Plan) -> Option<String> {
    let from = plan.shown_from.clone().and_then(SampleRate::from_hz)?;
    Some(format!("a sample rate of at least {}, for three samples", rate_text(&from)))
}

fn conclusion(plan: &Plan) -> String {
    let clock = value_text(&plan.clock.times(1_000_000), Unit::Ppm, Rounding::Up);
    let instrument = match plan.rate_is {
        RateIs::Given => format!("{} and a clock of {clock}", hertz(plan.rate.hz())),
        RateIs::Free => format!("A sample rate of at least {} and a clock of {clock}", rate_text(&plan.rate)),
    };
    let never = plan.standing(Stands::Never).len();
    let open = plan.standing(Stands::Open).len() + usize::from(!plan.shows_every_pulse());
    let mut comes_to: Vec<String> = Vec::new();
    comes_to.extend((never > 0).then(|| format!("{} can never pass", counted(never, "limit"))));
    comes_to.extend((open > 0).then(|| format!("{} can stay open", counted(open, "limit"))));
    comes_to.extend((plan.untold() > 0).then(|| format!("of {} it is not told", counted(plan.untold(), "limit"))));
    if comes_to.is_empty() {
        comes_to.push("every limit is decided".to_owned());
    }
    let time = value_text(
        &Rational::decimal(plan.time.times(1000).to_integer(Rounding::Up).unwrap_or(0), -3),
        Unit::Second,
        Rounding::Up,
    );
    format!(
        "{instrument}: {}.\nA record of {time} has {} samples, each a byte for 8 probes, and {} edges.",
        comes_to.join(", "),
        plan.samples(),
        plan.edges
    )
}

fn hertz(hz: &Rational) -> String {
    value_text(hz, Unit::Hertz, Rounding::Nearest)
}
