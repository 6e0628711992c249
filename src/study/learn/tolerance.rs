//! The rule by which values become a nominal and a tolerance.

use super::exact;
use super::scatter::Scatter;
use super::series::{Series, mean, median, square_sum};
use crate::frame::Observation;
use crate::quantity::{ClockShare, Quantity, Subject, exposure, flash, frame, fsin, readout, trigger};
use crate::spec::Spec;
use crate::study::statistics::{chi_square_quantile, normal_quantile, tolerance_factor};
use crate::units::{Rational, Rounding, Unit, value_text};

/// How many good units shall pass, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    /// The share of good units that each limit shall let pass, between 0 and 1.
    pub share: f64,
    /// How sure that is, between 0 and 1: so many of all fleets that are learned from as many units.
    pub sure: f64,
}

impl Default for Confidence {
    /// 99.9 % of units with 95 % confidence.
    fn default() -> Self {
        Confidence { share: 0.999, sure: 0.95 }
    }
}

impl Confidence {
    /// A share and a confidence, both strictly between 0 and 1; none where they are not.
    #[must_use]
    pub fn new(share: f64, sure: f64) -> Option<Confidence> {
        let is_share = |value: f64| value > 0.0 && value < 1.0;
        (is_share(share) && is_share(sure)).then_some(Confidence { share, sure })
    }
}

/// What is allowed of a quantity.
#[derive(Debug, Clone, PartialEq)]
pub enum Allowed {
    /// The nominal, and so much more or less.
    Around(Rational),
    /// From the smallest to the largest value that was seen, each a guard band farther out.
    Seen {
        /// The lower limit; none of what cannot be below it anyway.
        from: Option<Rational>,
        /// The upper limit.
        to: Rational,
        /// Why no tolerance makes sense.
        why: NoTolerance,
    },
}

/// Why values have no tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTolerance {
    /// They were changed within a capture, as auto exposure does.
    Changed,
    /// They were set differently in each capture.
    SetApart,
    /// It would allow less than nothing.
    BelowZero,
    /// It would allow more than a frame time.
    BeyondFrame,
}

impl NoTolerance {
    /// The reason, as a clause.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            NoTolerance::Changed => "the values change within a capture, and not by chance",
            NoTolerance::SetApart => "the captures differ by more than a hundredth of the frame time",
            NoTolerance::BelowZero => "it would reach below 0",
            NoTolerance::BeyondFrame => "it would reach beyond the frame time",
        }
    }
}

/// Times that cannot be below zero: of pulses, between edges of one line, and of an answer.
const NEVER_NEGATIVE: [&Quantity; 7] = [
    &frame::TIME,
    &fsin::WIDTH,
    &trigger::LATENCY,
    &exposure::TIME,
    &exposure::LATENCY,
    &flash::ON_TIME,
    &readout::TIME,
];

/// A nominal, what is allowed, and what they come from; values in the base unit of the quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Tolerance {
    /// The nominal: the roundest value that the captures cannot tell from their mean.
    pub nominal: Rational,
    /// The nominal as it is written: `1/30 s`, `20 ms`.
    pub nominal_text: String,
    /// What is allowed.
    pub allowed: Allowed,
    /// The number of captures.
    pub units: usize,
    /// The number of values.
    pub values: usize,
    /// The mean of the captures' means.
    pub mean: f64,
    /// The smallest and the largest value.
    pub seen: (f64, f64),
    /// The standard deviation between captures, and its factor; none of one capture.
    pub between: Option<(f64, f64)>,
    /// The standard deviation within captures, and its factor; none where each has but one value.
    pub within: Option<(f64, f64)>,
    /// What the instrument adds: half-width and clock.
    pub guard: f64,
}

/// The tolerance of each entry of a quantity.
pub(super) fn entries(
    series: &Series,
    quantity: &Quantity,
    camera: usize,
    spec: &Spec,
    confidence: Confidence,
) -> Vec<Tolerance> {
    let (half_width, frame) = (series.half_width, series.frame);
    let rule = Rule { quantity, half_width, frame, clock: spec.analyzer.clock.to_f64(), confidence };
    let written = if *quantity == frame::TIME { written_frame_time(spec, camera) } else { None };
    series.entries.iter().map(|captures| rule.tolerance(captures, written.clone())).collect()
}

/// The nominal frame time of a camera, and the text that states it.
fn written_frame_time(spec: &Spec, camera: usize) -> Option<(Rational, String)> {
    let camera = &spec.rig.cameras[camera];
    let own = format!("camera.{}.frame_time", camera.name);
    let stated = |key: &str| spec.effective.iter().find(|(name, _)| name == key).map(|(_, text)| text.clone());
    camera.frame_time.clone().zip(stated(&own).or_else(|| stated("timing.frame_time")))
}

/// The nominal frame time, as a text; none where frames come at no steady rate.
pub(super) fn frame_time(observed: &[Observation], spec: &Spec) -> Option<String> {
    const STEADY: f64 = 0.02;
    let mut times = Vec::new();
    for observation in observed {
        let track = frame::TIME.measure(observation, Subject::Camera(0)).ok()?;
        times.extend(track.points.iter().map(|point| (&point.reading.value * &track.scale).to_f64()));
    }
    let middle = median(times.clone());
    let deviation = 1.4826 * median(times.iter().map(|time| (time - middle).abs()).collect());
    if times.is_empty() || deviation > STEADY * middle {
        return None;
    }
    let samples = observed.iter().map(|observation| observation.rate.period().to_f64()).fold(0.0, f64::max);
    let near = samples + spec.analyzer.clock.to_f64() * middle;
    Some(roundest_period(middle, near).1)
}

struct Rule<'a> {
    quantity: &'a Quantity,
    half_width: f64,
    /// The frame time in seconds; 0 where there is none.
    frame: f64,
    clock: f64,
    confidence: Confidence,
}

impl Rule<'_> {
    /// tolerance = |mean − nominal| + max(k·s + guard band, twice the guard band), where k·s is k of the units · s between
    /// units + k of the frames · s within units, and at least what was seen. Where that makes no sense, what was seen and the guard
    /// band.
    fn tolerance(&self, captures: &[Vec<f64>], stated: Option<(Rational, String)>) -> Tolerance {
        let means: Vec<f64> = captures.iter().map(|values| mean(values)).collect();
        let centre = mean(&means);
        let values: usize = captures.iter().map(Vec::len).sum();
        let all = || captures.iter().flatten().copied();
        let seen = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
        // What floats leave of equal values is no spread.
        let kept = |(sd, k): (f64, f64)| (if sd < 1e-6 * self.half_width { 0.0 } else { sd }, k);
        let between = self.between(&means).map(kept);
        let within = self.within(captures, values).map(kept);
        let product = |pair: Option<(f64, f64)>| pair.map_or(0.0, |(s, k)| s * k);
        let spread = (product(between) + product(within)).max(seen.1 - centre).max(centre - seen.0);
        let guard = self.guard(centre.abs() + spread);
        let (nominal, nominal_text) = stated.unwrap_or_else(|| roundest(centre, guard / 2.0, self.quantity.unit));
        let needed = (centre - nominal.to_f64()).abs() + (spread + guard).max(2.0 * guard);
        let tolerance = engineering(needed);
        let scatter = Scatter { captures, within: within.map(|(sd, _)| sd), scale: self.frame.max(centre.abs()) };
        let reach = (nominal.to_f64() - tolerance.to_f64(), nominal.to_f64() + tolerance.to_f64());
        let (allowed, guard) = match self.no_tolerance(scatter, reach, seen) {
            None => (Allowed::Around(tolerance), guard),
            Some(why) => {
                let guard = self.guard(seen.0.abs().max(seen.1.abs()));
                (self.as_seen(seen, guard, why), guard)
            }
        };
        Tolerance {
            allowed,
            nominal,
            nominal_text,
            units: captures.len(),
            values,
            mean: centre,
            seen,
            between,
            within,
            guard,
        }
    }

    /// Why a tolerance that reaches from here to there makes no sense; none where it does.
    fn no_tolerance(&self, scatter: Scatter<'_>, reach: (f64, f64), seen: (f64, f64)) -> Option<NoTolerance> {
        let passes = |limit: f64| (reach.1 > limit && seen.1 <= limit) || (reach.0 < -limit && seen.0 >= -limit);
        // A frame time may be longer than the usual one.
        let is_within_frame = *self.quantity != frame::TIME && self.frame > 0.0;
        if scatter.is_changed_within() {
            Some(NoTolerance::Changed)
        } else if scatter.is_changed_between() {
            Some(NoTolerance::SetApart)
        } else if self.is_never_negative(seen) && reach.0 < 0.0 {
            Some(NoTolerance::BelowZero)
        } else if is_within_frame && passes(self.frame) {
            Some(NoTolerance::BeyondFrame)
        } else {
            None
        }
    }

    fn is_never_negative(&self, seen: (f64, f64)) -> bool {
        NEVER_NEGATIVE.contains(&self.quantity) && seen.0 >= 0.0
    }

    /// What was seen and the guard band, rounded outwards by less than a tenth of it.
    fn as_seen(&self, seen: (f64, f64), guard: f64, why: NoTolerance) -> Allowed {
        // What a float cannot write is no reason for the next step.
        const FLOAT: f64 = 1e-6;
        let exponent = guard.max(1e-15).log10().floor() as i32 - 1;
        let step = 10_f64.powi(exponent);
        let from = Rational::decimal(((seen.0 - guard) / step + FLOAT).floor() as i128, exponent);
        let to = Rational::decimal(((seen.1 + guard) / step - FLOAT).ceil() as i128, exponent);
        let is_limit = from.is_positive() || !self.is_never_negative(seen);
        Allowed::Seen { from: is_limit.then_some(from), to, why }
    }

    /// The standard deviation between units and the tolerance factor of as many.
    fn between(&self, means: &[f64]) -> Option<(f64, f64)> {
        let count = means.len() as f64;
        let freedom = count - 1.0;
        (means.len() > 1).then(|| {
            let Confidence { share, sure } = self.confidence;
            ((square_sum(means) / freedom).sqrt(), tolerance_factor(count, freedom, share, sure))
        })
    }

    /// The pooled standard deviation within units, and the factor at which all frames of a unit lie inside for the share
    /// of units: 1 − (1 − share)/frames of the frames.
    fn within(&self, captures: &[Vec<f64>], values: usize) -> Option<(f64, f64)> {
        let freedom = (values - captures.len()) as f64;
        if freedom <= 0.0 {
            return None;
        }
        let Confidence { share, sure } = self.confidence;
        let sd = (captures.iter().map(|values| square_sum(values)).sum::<f64>() / freedom).sqrt();
        let frames = captures.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let z = normal_quantile(1.0 - (1.0 - share) / frames / 2.0);
        Some((sd, z * (freedom / chi_square_quantile(1.0 - sure, freedom)).sqrt()))
    }

    /// Half-width and clock error of a value of this magnitude: what stands between a measured value and a proven one.
    fn guard(&self, magnitude: f64) -> f64 {
        let clock = match self.quantity.clock {
            ClockShare::Scales => self.clock * magnitude,
            ClockShare::Cancels => 0.0,
            ClockShare::Whole => self.clock * (1.0 + magnitude),
        };
        // The band is taken at the limit, which lies a guard band farther out.
        (self.half_width + clock) * (1.0 + 4.0 * self.clock)
    }
}

/// The roundest frame time within `near` of a mean, and its text: as of other values, or one part of a second, such as 1/30 s,
/// where that has fewer than four digits and those have more.
fn roundest_period(mean: f64, near: f64) -> (Rational, String) {
    const FEW_DIGITS: i32 = 3;
    let rate = (1.0 / mean).round();
    let of_rate = (2.0..=1000.0).contains(&rate).then(|| Rational::new(1, rate as i128)).flatten();
    let of_rate = of_rate.filter(|period| (period.to_f64() - mean).abs() <= near);
    match (of_rate, of_digits(mean, near)) {
        (Some(period), digits) if digits.as_ref().is_none_or(|(digits, _)| *digits > FEW_DIGITS) => {
            (period, format!("1/{rate} s"))
        }
        (_, _) => roundest(mean, near, Unit::Second),
    }
}

/// The roundest value within `near` of a mean, and its text: of as few digits as possible.
fn roundest(mean: f64, near: f64, unit: Unit) -> (Rational, String) {
    if unit == Unit::Second && mean.abs() <= near {
        return (Rational::ZERO, "0 us".to_owned());
    }
    let value =
        of_digits(mean, near).map_or_else(|| Rational::decimal((mean * 1e12).round() as i128, -12), |(_, value)| value);
    (value.clone(), value_text(&value, unit, Rounding::Nearest).replace('µ', "u"))
}

/// The value of the fewest decimal digits within `near` of a mean, with their number; none within 9.
fn of_digits(mean: f64, near: f64) -> Option<(i32, Rational)> {
    const MOST_DIGITS: i32 = 9;
    if mean.abs() <= near {
        return Some((0, Rational::ZERO));
    }
    let magnitude = mean.abs().log10().floor() as i32;
    (1..=MOST_DIGITS).find_map(|digits| {
        let exponent = magnitude - digits + 1;
        let value = Rational::decimal((mean / 10_f64.powi(exponent)).round() as i128, exponent);
        ((value.to_f64() - mean).abs() <= near).then_some((digits, value))
    })
}

/// The smallest engineering value that is not below this: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten (the
/// series R″10 of ISO 497).
fn engineering(at_least: f64) -> Rational {
    const SERIES: [i128; 10] = [100, 120, 150, 200, 250, 300, 400, 500, 600, 800];
    // What a float cannot write is no reason for the next step.
    let needed = exact(at_least * (1.0 - 1e-12));
    let lowest = at_least.max(1e-15).log10().floor() as i32 - 1;
    let mut steps = (lowest..lowest + 4).flat_map(|exponent| SERIES.map(|step| Rational::decimal(step, exponent - 2)));
    steps.find(|step| *step >= needed).unwrap_or(needed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    fn rule(half_width: f64, clock: f64) -> Rule<'static> {
        let quantity = &crate::quantity::exposure::TIME;
        Rule { quantity, half_width, frame: 1.0 / 30.0, clock, confidence: Confidence::default() }
    }

    #[test]
    fn tolerances_are_rounded_up_to_engineering_values() {
        for (needed, exponent, rounded) in
            [(1.0e-5, -7, 100), (1.01e-5, -7, 120), (8.1e-5, -6, 100), (9.9e-9, -9, 10), (3.0, 0, 3), (0.25, -2, 25)]
        {
            assert_eq!(engineering(needed), Rational::decimal(rounded, exponent), "{needed}");
        }
    }

    #[test]
    fn nominals_are_as_round_as_the_mean_allows() {
        let period = |mean: f64, near: f64| roundest_period(mean, near).1;
        assert_eq!(period(0.033_334_1, 4e-6), "1/30 s");
        assert_eq!(period(0.033_334_1, 1e-9), "33.3341 ms");
        assert_eq!(period(0.02, 1e-6), "20 ms", "not 1/50 s");
        let text = |mean: f64, near: f64| roundest(mean, near, Unit::Second).1;
        assert_eq!(text(0.003_334, 1e-6), "3.334 ms", "not 1/300 s");
        assert_eq!(text(0.020_000_7, 2e-6), "20 ms");
        assert_eq!(text(0.02, 1e-6), "20 ms", "not 1/50 s");
        assert_eq!(text(3e-7, 1e-6), "0 us");
        assert_eq!(text(-1.2e-5, 1e-6), "-12 us");
    }

    #[test]
    fn the_rule_by_hand() {
        // Two units of two frames: means 10.00 and 10.02 ms, s between √2·10 µs; within, Σ(x − x̄)² is 2 µs² of each, s = √(4/2) µs.
        let captures = [vec![9.999e-3, 10.001e-3], vec![10.019e-3, 10.021e-3]];
        let learned = rule(1e-6, 0.0).tolerance(&captures, None);
        let (between, k) = learned.between.unwrap();
        assert_relative_eq!(between, 2.0_f64.sqrt() * 1e-5, max_relative = 1e-9);
        // z(0.9995) = 3.290527, χ²(0.05; 1) = 0.00393214: k = z·√(1.5/χ²) = 64.27.
        assert_relative_eq!(k, 64.27, max_relative = 1e-4);
        let (within, k) = learned.within.unwrap();
        assert_relative_eq!(within, 2.0_f64.sqrt() * 1e-6, max_relative = 1e-9);
        // 0.05 % of units, two frames each: z(0.99975) = 3.480756, χ²(0.05; 2) = 0.102587: k = z·√(2/χ²) = 15.369.
        assert_relative_eq!(k, 15.369, max_relative = 1e-4);
        assert_eq!(learned.nominal_text, "10.01 ms");
        // 908.9 + 21.73 + 1 µs, rounded up.
        assert_eq!(learned.allowed, Allowed::Around(Rational::decimal(1, -3)));
    }

    #[test]
    fn a_tolerance_is_never_tighter_than_twice_the_uncertainty() {
        // A sample of 1 µs and 50 ppm of 20 ms: 2 µs.
        let learned = rule(1e-6, 50e-6).tolerance(&[vec![20e-3; 10], vec![20e-3; 10]], None);
        assert_eq!(learned.nominal_text, "20 ms");
        assert_eq!(learned.allowed, Allowed::Around(Rational::decimal(5, -6)));
    }

    /// What is allowed of these values, with a sample of 1 µs and no error of the clock.
    fn allowed(quantity: &'static Quantity, captures: &[Vec<f64>]) -> Allowed {
        Rule { quantity, ..rule(1e-6, 0.0) }.tolerance(captures, None).allowed
    }

    fn seen_us(from: Option<i128>, to: i128, why: NoTolerance) -> Allowed {
        Allowed::Seen { from: from.map(|from| Rational::decimal(from, -6)), to: Rational::decimal(to, -6), why }
    }

    #[test]
    fn exposures_in_steps_may_be_what_was_seen_and_a_sample_more() {
        let steps: Vec<f64> = (0..60).map(|frame| if frame < 30 { 10e-3 } else { 20e-3 }).collect();
        assert_eq!(allowed(&exposure::TIME, &[steps]), seen_us(Some(9_999), 20_001, NoTolerance::Changed));
    }

    #[test]
    fn captures_that_are_set_apart_have_no_tolerance() {
        let units = [4e-3, 12e-3, 20e-3].map(|time| vec![time; 60]);
        assert_eq!(allowed(&exposure::TIME, &units), seen_us(Some(3_999), 20_001, NoTolerance::SetApart));
    }

    #[test]
    fn no_time_is_learned_that_cannot_be() {
        // Two units, s = √2·2.5 µs, k = 64.27: 227 µs where the pulse has 100.
        let units = [vec![100e-6; 20], vec![105e-6; 20]];
        assert_eq!(allowed(&fsin::WIDTH, &units), seen_us(Some(99), 106, NoTolerance::BelowZero));
        // The end of an exposure may lie on either side of FSIN.
        assert!(matches!(allowed(&exposure::END, &units), Allowed::Around(_)));
        // A pulse of a sample may be as short as can be.
        assert_eq!(allowed(&fsin::WIDTH, &[vec![1e-6; 20]]), seen_us(None, 2, NoTolerance::BelowZero));
        // 33.2 ms ± 0.227 ms is more than 1/30 s.
        let units = [vec![33.2e-3; 20], vec![33.205e-3; 20]];
        assert_eq!(allowed(&exposure::TIME, &units), seen_us(Some(33_199), 33_206, NoTolerance::BeyondFrame));
        assert!(matches!(allowed(&frame::TIME, &units), Allowed::Around(_)));
    }
}
