//! The true values of frame.* and fsin.*.

use strobecheck::rig::Alignment;
use strobecheck::units::Rational;

use super::{Oracle, TrueValue, peak_to_peak};

impl Oracle<'_> {
    pub(super) fn frame_times(&self) -> Vec<TrueValue> {
        let borders = self.borders();
        borders.windows(2).filter_map(|pair| self.time(Some(pair[0].opens), pair[0].at, pair[1].at, true)).collect()
    }

    fn intervals(&self) -> Vec<Rational> {
        self.frame_times().into_iter().map(|value| value.value).collect()
    }

    /// The seconds at which frames begin, from the first one.
    fn edge_times(&self) -> Vec<Rational> {
        let borders = self.borders();
        borders.iter().map(|border| (border.at - borders[0].at).seconds()).collect()
    }

    pub(super) fn frame_rate(&self) -> Option<Vec<TrueValue>> {
        let times = self.edge_times();
        let frames = Rational::from(times.len() as u64 - 1);
        Some(vec![self.of_capture(frames.checked_div(times.last()?)?)])
    }

    pub(super) fn frame_jitter(&self) -> Option<Vec<TrueValue>> {
        Some(vec![self.of_capture(peak_to_peak(&self.intervals())?)])
    }

    pub(super) fn cycle_jitter(&self) -> Option<Vec<TrueValue>> {
        let differences = self.intervals().windows(2).map(|pair| (&pair[1] - &pair[0]).abs()).collect::<Vec<_>>();
        Some(vec![self.of_capture(differences.into_iter().reduce(Rational::max)?)])
    }

    /// Slope and offset of the least-squares line through (n, tₙ): the fitted frame clock.
    fn fit(&self) -> Option<(Rational, Rational)> {
        let times = self.edge_times();
        let n = Rational::from(times.len() as u64);
        let sum = |terms: &mut dyn Iterator<Item = Rational>| terms.fold(Rational::ZERO, |sum, term| sum + term);
        let numbers = || (0..times.len() as u64).map(Rational::from);
        let x = sum(&mut numbers());
        let y = sum(&mut times.iter().cloned());
        let xx = sum(&mut numbers().map(|x| &x * &x));
        let xy = sum(&mut numbers().zip(&times).map(|(x, y)| &x * y));
        let slope = (&n * &xy - &x * &y).checked_div(&(&n * &xx - &x * &x))?;
        let offset = (&y - &(&slope * &x)).checked_div(&n)?;
        Some((slope, offset))
    }

    pub(super) fn tie(&self) -> Option<Vec<TrueValue>> {
        let (slope, offset) = self.fit()?;
        self.tie_against(&slope, &offset)
    }

    pub(super) fn tie_nominal(&self) -> Option<Vec<TrueValue>> {
        self.tie_against(self.nominal, &Rational::ZERO)
    }

    fn tie_against(&self, period: &Rational, offset: &Rational) -> Option<Vec<TrueValue>> {
        let times = self.edge_times();
        let ideal = (0_u64..).map(|number| &(period * &Rational::from(number)) + offset);
        let errors: Vec<Rational> = times.iter().zip(ideal).map(|(time, ideal)| time - &ideal).collect();
        Some(vec![self.of_capture(peak_to_peak(&errors)?)])
    }

    pub(super) fn drift(&self) -> Option<Vec<TrueValue>> {
        let (slope, _) = self.fit()?;
        let ratio = slope.checked_div(self.nominal)? - Rational::ONE;
        Some(vec![self.of_capture(ratio * Rational::integer(1_000_000))])
    }

    pub(super) fn fsin_widths(&self) -> Vec<TrueValue> {
        let opens = |number: i64| match self.camera.alignment {
            Alignment::End => number + 1,
            Alignment::Start => number,
        };
        let pulses = self.fsin().into_iter();
        pulses.filter_map(|(number, fsin)| self.time(Some(opens(number)), fsin.start(), fsin.end(), true)).collect()
    }
}
