//! The time axis that lines and tracks share: samples of a window across the px of a figure.

use super::drawing::{Anchor, Area, Drawing};
use super::font::text_width;
use super::scale::{Scale, Tick, prefix_of, ticks_across};
use super::style::{Ink, SMALL, Stroke, THIN};
use crate::signal::Stretch;
use crate::units::{Prefix, Rational, Rounding, SampleCount, SampleIndex, SampleRate, Unit};

/// Height of the axis below a figure, with two rows of labels, in px.
pub(super) const AXIS_HEIGHT: f64 = 38.0;

/// The px between the names of the rows of an axis and its beginning.
const NAME_GAP: f64 = 18.0;

/// The samples of a window, from left to right.
#[derive(Debug, Clone)]
pub(super) struct TimeAxis<'a> {
    pub(super) rate: &'a SampleRate,
    /// Never empty.
    pub(super) window: Stretch,
    pub(super) left: f64,
    pub(super) right: f64,
}

impl<'a> TimeAxis<'a> {
    /// An axis over a window, which is at least one sample.
    pub(super) fn new(rate: &'a SampleRate, window: Stretch, left: f64, right: f64) -> TimeAxis<'a> {
        let least = SampleIndex::new(window.from.get().saturating_add(1));
        TimeAxis { rate, window: Stretch { from: window.from, to: window.to.max(least) }, left, right }
    }

    /// Where a sample begins, which may be outside the figure.
    pub(super) fn px(&self, sample: SampleIndex) -> f64 {
        self.left + self.px_of((sample - self.window.from).get() as f64)
    }

    /// How wide this many samples are.
    pub(super) fn px_of(&self, samples: f64) -> f64 {
        samples / (self.window.to - self.window.from).get() as f64 * (self.right - self.left)
    }

    /// Whether any part of these samples is inside the window.
    pub(super) fn shows(&self, from: SampleIndex, to: SampleIndex) -> bool {
        from < self.window.to && to > self.window.from
    }

    /// The part of these samples that is inside the figure, in px; none where they are all outside.
    pub(super) fn visible(&self, from: SampleIndex, to: SampleIndex) -> Option<(f64, f64)> {
        self.shows(from, to).then(|| (self.px(from).max(self.left), self.px(to).min(self.right)))
    }

    pub(super) fn holds(&self, sample: SampleIndex) -> bool {
        self.window.from <= sample && sample <= self.window.to
    }

    /// Its samples, as a chart counts them.
    pub(super) fn samples(&self) -> Scale {
        let sample = |sample: SampleIndex| sample.get() as f64;
        Scale::new((sample(self.window.from), sample(self.window.to)), (self.left, self.right))
    }

    fn seconds(&self) -> Scale {
        let seconds = |sample: SampleIndex| self.rate.seconds(sample - SampleIndex::default()).to_f64();
        Scale::new((seconds(self.window.from), seconds(self.window.to)), (self.left, self.right))
    }

    /// The sample nearest to a time.
    pub(super) fn sample_at(&self, seconds: &Rational) -> Option<SampleIndex> {
        let nearest = self.rate.samples(seconds).to_integer(Rounding::Nearest)?;
        u64::try_from(nearest).ok().map(SampleIndex::new)
    }

    /// The unit of the labels, and the round times with a second label each.
    pub(super) fn ticks(&self, second: impl Fn(SampleIndex) -> String) -> (Prefix, Vec<(Tick, String)>) {
        const GAP: f64 = 14.0;
        let scale = self.seconds();
        let prefix = prefix_of(&scale, Unit::Second);
        let below = |tick: &Tick| self.sample_at(&tick.value).map(&second).unwrap_or_default();
        (prefix, ticks_across(&scale, Unit::Second, prefix, GAP, below))
    }

    /// Draws the axis below `plot`: times in a first row and what `second` says of their sample in a second one, whose
    /// name is `second_name`. Grid lines run up through the plot.
    pub(super) fn draw(
        &self,
        drawing: &mut Drawing,
        plot: Area,
        second_name: &str,
        second: impl Fn(SampleIndex) -> String,
    ) {
        let (prefix, ticks) = self.ticks(second);
        let (first_row, second_row) = (plot.bottom + 13.0, plot.bottom + 28.0);
        let first_name = format!("time, {}", prefix.symbol());
        drawing.line((plot.left, plot.bottom), (plot.right, plot.bottom), Stroke::solid(Ink::Muted, THIN));
        let mut names_end = 0.0_f64;
        for (name, row) in [(first_name.as_str(), first_row), (second_name, second_row)] {
            let right = (plot.left - NAME_GAP).max(text_width(name, SMALL));
            names_end = names_end.max(right);
            drawing.text((right, row), Anchor::End, name, SMALL, Ink::Muted);
        }
        for (tick, below) in ticks {
            let at = tick.at;
            let half = text_width(&tick.label, SMALL).max(text_width(&below, SMALL)) / 2.0;
            drawing.line((at, plot.bottom), (at, plot.bottom + 5.0), Stroke::solid(Ink::Muted, THIN));
            // A label that would run into the names of the rows, or out of the figure, is left out.
            if at - half > names_end + 6.0 && at + half < drawing.width {
                drawing.text((at, first_row), Anchor::Middle, tick.label, SMALL, Ink::Text);
                drawing.text((at, second_row), Anchor::Middle, below, SMALL, Ink::Muted);
            }
        }
    }
}

/// A length of time as a figure prints it in `room` px: with as many decimals as samples tell, fewer where they do not
/// fit, and none at all where nothing fits.
pub(super) fn duration_text(rate: &SampleRate, samples: SampleCount, fits: impl Fn(&str) -> bool) -> Option<String> {
    const MOST_PLACES: u32 = 4;
    let seconds = rate.seconds(samples);
    let prefix = Prefix::for_value(&seconds, Unit::Second);
    let places = prefix.places_for(rate.period()).min(MOST_PLACES);
    let texts = (0..=places).rev().map(|places| prefix.text(&seconds, places, Rounding::Nearest));
    texts.into_iter().find(|text| fits(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(index: u64) -> SampleIndex {
        SampleIndex::new(index)
    }

    #[test]
    fn samples_lie_in_proportion() {
        let rate = SampleRate::parse("1 MHz").unwrap();
        let axis = TimeAxis::new(&rate, Stretch { from: at(1000), to: at(3000) }, 100.0, 500.0);
        assert!((axis.px(at(1000)) - 100.0).abs() < 1e-9);
        assert!((axis.px(at(1500)) - 200.0).abs() < 1e-9);
        assert!((axis.px(at(500)) - 0.0).abs() < 1e-9);
        assert_eq!(axis.visible(at(500), at(1500)), Some((100.0, 200.0)));
        assert_eq!(axis.visible(at(3000), at(4000)), None);
    }

    #[test]
    fn an_empty_window_is_one_sample() {
        let rate = SampleRate::parse("1 MHz").unwrap();
        let axis = TimeAxis::new(&rate, Stretch { from: at(7), to: at(7) }, 0.0, 10.0);
        assert_eq!(axis.window.to, at(8));
    }

    #[test]
    fn ticks_name_their_sample() {
        let rate = SampleRate::parse("24 MHz").unwrap();
        let axis = TimeAxis::new(&rate, Stretch { from: at(0), to: at(2_400_000) }, 0.0, 1000.0);
        let (prefix, ticks) = axis.ticks(|sample| sample.to_string());
        assert_eq!(prefix.symbol(), "ms");
        let found: Vec<(&str, &str)> = ticks.iter().map(|(t, s)| (t.label.as_str(), s.as_str())).collect();
        assert_eq!(found[..3], [("0", "0"), ("10", "240000"), ("20", "480000")]);
        assert!((ticks[1].0.at - 100.0).abs() < 1e-6);
    }

    #[test]
    fn durations_lose_decimals_before_they_vanish() {
        let rate = SampleRate::parse("1 MHz").unwrap();
        let text = |most: usize| duration_text(&rate, SampleCount::new(33_333), |text| text.len() <= most);
        assert_eq!(text(20).as_deref(), Some("33.333 ms"));
        assert_eq!(text(7).as_deref(), Some("33.3 ms"));
        assert_eq!(text(5).as_deref(), Some("33 ms"));
        assert_eq!(text(4), None);
    }

    #[test]
    fn numbers_of_many_digits_keep_apart() {
        let rate = SampleRate::parse("1 GHz").unwrap();
        let from = 3_600_000_000_000_000;
        let axis = TimeAxis::new(&rate, Stretch { from: at(from), to: at(from + 1200) }, 100.0, 700.0);
        let (_, ticks) = axis.ticks(|sample| sample.to_string());
        assert!(ticks.len() > 1, "{ticks:?}");
        let width = |(tick, below): &(Tick, String)| text_width(&tick.label, SMALL).max(text_width(below, SMALL));
        for pair in ticks.windows(2) {
            assert!((width(&pair[0]) + width(&pair[1])) / 2.0 + 14.0 <= pair[1].0.at - pair[0].0.at, "{ticks:?}");
        }
    }
}
