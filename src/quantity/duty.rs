//! The flash's duty: the highest on-share in any window of one second, or of another length.

use super::interval::{Instant, larger};
use super::{Absent, Bound, ClockShare, Doubt, Measure, Needs, On, Point, Quantity, Reading, Seen, Track, Unseen};
use crate::frame::{CameraView, Observation, ObservedLine};
use crate::rig::Role;
use crate::signal::{EdgeTime, Limb, Lost};
use crate::units::{Rational, SampleIndex, Unit};

/// Highest on-share of the flash: the largest (lit time within [t, t + W]) / W over all t, W = 1 s, which is reached where a window
/// starts with a pulse or ends with one. Each pulse is known to a sample, so the share to a sample for each pulse of the
/// window. By a clock that is off by up to ε, a second is W(1 ± ε) samples: the share lies between on(W(1 − ε)) / W(1 + ε) and
/// on(W(1 + ε)) / W(1 − ε).
pub(crate) static DUTY: Quantity = Quantity {
    id: "flash.duty",
    unit: Unit::Percent,
    label: "flash duty",
    definition: "the highest on-share of the flash in any window of 1 s, warm-up included; a shorter capture can fail, never pass; over another window as flash.duty@100ms",
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

fn duty(camera: CameraView<'_>) -> Result<Track, Absent> {
    within(camera, &Rational::ONE)
}

/// The same in windows of so many seconds.
pub(super) fn within(camera: CameraView<'_>, window: &Rational) -> Result<Track, Absent> {
    let window = Window::of(camera.observation, window);
    let lines = camera.wiring.wires(Role::Flash).iter().map(|&wire| camera.line(wire));
    let reading = lines.map(|line| window.reading(line, camera.observation)).reduce(larger);
    let reading = reading.ok_or(Absent::NotWired("a flash line"))?;
    let end = SampleIndex::new(camera.observation.length.get().saturating_sub(1));
    let point = Point { frame: None, from: SampleIndex::default(), to: end, reading, seen: Seen::Whole };
    let doubt = (!camera.observation.lost.is_empty()).then_some(Doubt::LostSamples);
    Ok(Track { scale: Rational::integer(100), doubt, ..Track::plain(vec![point]) })
}

/// A window in samples, by a clock that may be off.
struct Window {
    shortest: Rational,
    usual: Rational,
    longest: Rational,
    /// Samples of the record, as far as it may be shorter than the window.
    recorded: Rational,
}

impl Window {
    fn of(observation: &Observation, seconds: &Rational) -> Window {
        let usual = observation.rate.hz() * seconds;
        let error = &usual * &observation.clock;
        let recorded = Rational::from(observation.length.get());
        Window { shortest: &usual - &error, longest: &usual + &error, usual, recorded }
    }

    /// The highest share of a line. What was recorded before and behind a restart of time lies in no window together, as far
    /// as is proven.
    fn reading(&self, line: &ObservedLine, observation: &Observation) -> Reading {
        let seen = pulses(line, |i| i.at.clone(), |i| i.at.clone());
        let shortest = pulses(line, |i| i.until.clone(), |i| i.after.clone());
        let longest = pulses(line, |i| i.after.clone(), |i| i.until.clone());
        let restarts: Vec<Rational> = observation.restarts().into_iter().map(|at| Rational::from(at.get())).collect();
        let part = |lit: &Lit| restarts.partition_point(|restart| *restart <= lit.0);
        let most_of_a_part = |lit: &[Lit], window: &Rational| {
            let parts = lit.chunk_by(|a, b| part(a) == part(b));
            parts.map(|part| most_on(part, window)).fold(Rational::ZERO, Rational::max)
        };
        let share =
            |on: &Rational, window: &Rational| on.checked_div(window).unwrap_or(Rational::ONE).min(Rational::ONE);
        let value = share(&most_of_a_part(&seen, &self.usual), &self.usual);
        let low = share(&most_of_a_part(&shortest, &self.shortest), &self.longest);
        // What is lost may have been lit, and so may what is left of the longest window behind the record.
        let unseen = (&self.longest - &self.recorded).max(Rational::ZERO);
        let longest = with_lost(longest, &observation.lost);
        let high = share(&(most_on(&longest, &self.longest) + unseen), &self.shortest);
        // Of less than the shortest window, nothing is known of the rest of the window.
        let is_open = self.recorded < self.shortest || observation.lost.restarts().next().is_some();
        let high = if is_open { Bound::Unbounded } else { bound_of(&low, high) };
        let low = if high == Bound::Closed(low.clone()) { Bound::Closed(low) } else { Bound::Open(low) };
        Reading { value, low, high }.not_below_zero()
    }
}

/// Lit stretches, and lost ones between and over them.
fn with_lost(mut lit: Vec<Lit>, lost: &Lost) -> Vec<Lit> {
    if lost.is_empty() {
        return lit;
    }
    lit.extend(lost.spans().iter().map(|span| (Rational::from(span.from.get()), Rational::from(span.to.get()))));
    lit.sort_unstable();
    let mut merged: Vec<Lit> = Vec::with_capacity(lit.len());
    for (from, to) in lit {
        match merged.last_mut() {
            Some((_, end)) if from <= *end => *end = end.clone().max(to),
            Some(_) | None => merged.push((from, to)),
        }
    }
    merged
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

/// How long a window of this length is lit at most, wherever it lies. An extreme window starts where a pulse starts, or ends
/// where one ends.
fn most_on(lit: &[Lit], window: &Rational) -> Rational {
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
    best.min(window.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lit(pulses: &[(i128, i128)]) -> Vec<Lit> {
        pulses.iter().map(|&(from, to)| (Rational::integer(from), Rational::integer(to))).collect()
    }

    fn most(pulses: &[(i128, i128)]) -> Rational {
        most_on(&lit(pulses), &Rational::integer(100))
    }

    #[test]
    fn the_fullest_window_counts() {
        let samples = Rational::integer;
        assert_eq!(most(&[]), samples(0));
        assert_eq!(most(&[(0, 10)]), samples(10));
        assert_eq!(most(&[(0, 30), (200, 230), (240, 270), (280, 310), (500, 510)]), samples(80));
        // 200..300 and 210..310 both hold 30 + 30 + 20 of these.
        assert_eq!(most(&[(0, 500)]), samples(100));
    }
}
