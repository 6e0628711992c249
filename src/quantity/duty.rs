//! The flash's duty: the highest on-share in any window of one second.

use super::corner::Instant;
use super::{Absent, Bound, ClockShare, Doubt, Measure, Needs, On, Point, Quantity, Reading, Seen, Track, Unseen};
use crate::frame::{Observation, ObservedLine};
use crate::rig::Role;
use crate::signal::{EdgeTime, Limb, Stretch};
use crate::units::{Rational, SampleIndex, Unit};

/// Highest on-share of the flash: the largest (lit time within [t, t + 1 s]) / 1 s over all t, which is reached where a window
/// starts with a pulse or ends with one. Each pulse is known to a sample, so the share to a sample for each pulse of the
/// window.
pub(super) static DUTY: Quantity = Quantity {
    id: "flash.duty",
    unit: Unit::Percent,
    label: "flash duty",
    definition: "the highest on-share of the flash in any window of 1 s, warm-up included; a shorter capture can fail, never pass",
    formula: "max over τ of (on-time in [τ, τ + 1 s]) / 1 s",
    source: "duty limit of LED drivers; on-time cap of 30 % of OAK-D Pro",
    raised_by: "longer or more pulses; a trigger faster than planned",
    needs: Needs::All(&[Role::Flash]),
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Own(&[Role::Flash])),
    measure: Measure::Capture(duty),
};

/// A pulse's ends in sample periods.
type Lit = (Rational, Rational);

fn duty(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    let window = observation.rate.hz();
    let stretches = observation.lost.proven(observation.length);
    let recorded = Rational::from(stretches.iter().map(Stretch::samples).max().unwrap_or(0));
    let share_of = |lit: &[Lit]| highest_share(lit, window);
    let mut highest: Option<Reading> = None;
    for wire in &observation.rig.cameras[camera].flash {
        let line = &observation.lines[wire.get()];
        let value = share_of(&pulses(line, |i| i.at.clone(), |i| i.at.clone()));
        let low = share_of(&pulses(line, |i| i.until.clone(), |i| i.after.clone()));
        let high = share_of(&pulses(line, |i| i.after.clone(), |i| i.until.clone()));
        // In less than a second without lost samples nothing is known of the rest of the window.
        let high = if recorded < *window { Bound::Unbounded } else { bound_of(&low, high) };
        let low = if high == Bound::Closed(low.clone()) { Bound::Closed(low) } else { Bound::Open(low) };
        let reading = Reading { value, low, high };
        highest = Some(match highest {
            Some(before) if before.value >= reading.value => before,
            Some(_) | None => reading,
        });
    }
    let reading = highest.ok_or(Absent::NotWired("a flash line"))?;
    let end = SampleIndex::new(observation.length.get().saturating_sub(1));
    let point = Point { frame: None, from: SampleIndex::default(), to: end, reading, seen: Seen::Whole };
    // A longer capture with as many holes would tell no more.
    let doubt = (recorded < *window && !observation.lost.is_empty()).then_some(Doubt::LostSamples);
    Ok(Track { scale: Rational::integer(100), doubt, ..Track::plain(vec![point]) })
}

fn bound_of(low: &Rational, high: Rational) -> Bound {
    if *low == high || high == Rational::ONE { Bound::Closed(high) } else { Bound::Open(high) }
}

fn pulses(line: &ObservedLine, start: fn(&Instant) -> Rational, end: fn(&Instant) -> Rational) -> Vec<Lit> {
    let instant = |limb: Limb| match limb {
        Limb::Edge(edge) => Instant::of(edge, &line.slack),
        Limb::Cut(at) => Instant::of(EdgeTime::sharp(at), &Rational::ZERO),
    };
    (line.train.pulses.iter())
        .map(|pulse| (start(&instant(pulse.start)), end(&instant(pulse.end))))
        .filter(|(from, to)| from < to)
        .collect()
}

/// The largest share of a window of this length that is lit, wherever it lies. An extreme window starts where a pulse
/// starts, or ends where one ends.
fn highest_share(lit: &[Lit], window: &Rational) -> Rational {
    let mut best = Rational::ZERO;
    let (mut sum, mut first) = (Rational::ZERO, 0);
    for (from, to) in lit {
        sum = &sum + &(to - from);
        let window_start = to - window;
        while let Some((start, end)) = lit.get(first).filter(|(_, end)| *end <= window_start) {
            sum = &sum - &(end - start);
            first += 1;
        }
        // The first pulse left may reach out of the window that ends here.
        let outside = lit.get(first).map_or(Rational::ZERO, |(start, _)| (&window_start - start).max(Rational::ZERO));
        best = best.max(&sum - &outside);
    }
    best.min(window.clone()).checked_div(window).unwrap_or(Rational::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lit(pulses: &[(i128, i128)]) -> Vec<Lit> {
        pulses.iter().map(|&(from, to)| (Rational::integer(from), Rational::integer(to))).collect()
    }

    fn share(pulses: &[(i128, i128)]) -> Rational {
        highest_share(&lit(pulses), &Rational::integer(100))
    }

    #[test]
    fn the_fullest_window_counts() {
        let percent = |n| Rational::new(n, 100).unwrap();
        assert_eq!(share(&[]), percent(0));
        assert_eq!(share(&[(0, 10)]), percent(10));
        assert_eq!(share(&[(0, 30), (200, 230), (240, 270), (280, 310), (500, 510)]), percent(80));
        // 200..300 and 210..310 both hold 30 + 30 + 20 of these.
        assert_eq!(share(&[(0, 500)]), percent(100));
    }
}
