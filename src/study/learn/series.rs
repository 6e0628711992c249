//! What a quantity was in each capture, frame by frame, and whether it repeats itself.
//!
//! Means and squares are sums in the order of frames, each a line. Those of polars are made in another order: of 40 captures of
//! 900 values it gave 37 other means in the last digits; and its median of an even number is none of the values.

use super::prove::refused;
use super::{GoodCapture, Known, LearnError};
use crate::frame::Observation;
use crate::quantity::{Quantity, Seen, Subject, Track};
use crate::units::{Prefix, Rounding, Unit};

use super::exact;

/// The values of one quantity, of all captures: those of an entry of its sequence by capture.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// `entries[entry][capture]`: the values, in the base unit. One entry unless it is a sequence; none is empty.
    pub entries: Vec<Vec<Vec<f64>>>,
    /// The largest half-width of any value, without the clock, in the base unit.
    pub half_width: f64,
    /// The longest of the captures' frame times in seconds; 0 where none has any.
    pub frame: f64,
}

/// A value with the number of its frame.
type Numbered = (i64, f64);

/// The longest sequence that is looked for.
const LONGEST_SEQUENCE: usize = 12;
/// So many times a sequence must have been seen from start to end.
const REPEATS: usize = 3;
/// The values of an entry of a sequence scatter by less than this part of what all of them do.
const SCATTER_OF_AN_ENTRY: f64 = 0.25;
/// A value farther from the median than so many robust standard deviations is not like the others …
const FAR: f64 = 12.0;
/// … if it is also this part of the frame time away.
const NOTABLE: f64 = 0.002;
/// No more than one of so many frames stands apart from a sequence.
const MOST_ARE: usize = 10;

/// The values of a quantity in every capture; none where no capture has any.
pub(super) fn of_all(
    captures: &[GoodCapture],
    observed: &[Observation],
    quantity: &'static Quantity,
    camera: usize,
    known: Known,
) -> Result<Option<Series>, LearnError> {
    let mut values: Vec<Vec<Numbered>> = Vec::new();
    let mut half_width = 0.0_f64;
    for observation in observed {
        let track = quantity.measure(observation, Subject::Camera(camera)).ok();
        let of_capture = track.as_ref().map(|track| numbered(track, observation.rig.skip_frames)).unwrap_or_default();
        half_width = half_width.max(track.as_ref().map_or(0.0, widest));
        values.push(of_capture);
    }
    if values.iter().all(Vec::is_empty) {
        return Ok(None);
    }
    if let Some(without) = values.iter().position(Vec::is_empty) {
        let reason = format!("it shows no {}, which other captures do", quantity.label);
        return Err(refused(&captures[without], reason));
    }
    let period = common_period(captures, quantity, &values, half_width, known)?;
    let mut entries: Vec<Vec<Vec<f64>>> = vec![Vec::new(); period];
    let mut first: Option<Vec<f64>> = None;
    for ((values, good), observation) in values.iter().zip(captures).zip(observed) {
        let groups = grouped(values, period);
        let means: Vec<f64> = groups.iter().map(|group| mean(group)).collect();
        let shift = first.as_ref().map_or(0, |first| best_shift(first, &means));
        first.get_or_insert(means);
        for (entry, of_entry) in entries.iter_mut().enumerate() {
            let group = &groups[(entry + shift) % period];
            let notable = NOTABLE * frame_seconds(observation);
            if known == Known::Good {
                refuse_outliers(good, quantity, group, (half_width, notable))?;
            }
            of_entry.push(near(group, half_width, notable));
        }
    }
    let frame = observed.iter().map(frame_seconds).fold(0.0, f64::max);
    Ok(Some(Series { entries, half_width, frame }))
}

/// The values that were seen whole and are no warm-up.
fn numbered(track: &Track, skip: u64) -> Vec<Numbered> {
    let skip = i64::try_from(skip).unwrap_or(i64::MAX);
    (track.points.iter())
        .filter(|point| point.seen == Seen::Whole)
        .filter_map(|point| Some((point.frame?, (&point.reading.value * &track.scale).to_f64())))
        .filter(|(frame, _)| skip == 0 || *frame >= skip)
        .collect()
}

fn widest(track: &Track) -> f64 {
    track.points.half_width().map_or(0.0, |widest| (&widest * &track.scale).to_f64())
}

/// The number of frames after which the values repeat themselves, in all captures alike; 1 where they do not.
fn common_period(
    captures: &[GoodCapture],
    quantity: &Quantity,
    values: &[Vec<Numbered>],
    half_width: f64,
    known: Known,
) -> Result<usize, LearnError> {
    let periods: Vec<usize> = values.iter().map(|values| period(values, half_width, known)).collect();
    match periods.iter().position(|period| *period != periods[0]) {
        None => Ok(periods[0]),
        Some(other) => {
            let text = |capture: usize| {
                let name = &captures[capture].name;
                match periods[capture] {
                    1 => format!("{name} shows no sequence"),
                    period => format!("{name} one of {period}"),
                }
            };
            let what = format!("the sequence of {}", quantity.id);
            Err(LearnError::Disagree { what, one: text(0), other: text(other) })
        }
    }
}

fn period(values: &[Numbered], half_width: f64, known: Known) -> usize {
    let all: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
    // A frame that stands apart breaks no sequence, unless many do.
    let kept = |group: &[f64]| match known {
        Known::Good => group.to_vec(),
        Known::Nothing => near(group, half_width, 0.0),
    };
    let all = kept(&all);
    let (least, most) = all.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
    if most - least <= 8.0 * half_width {
        return 1;
    }
    let scatter = |groups: &[Vec<f64>]| groups.iter().map(|group| square_sum(group)).sum::<f64>();
    let whole = scatter(&[all]);
    let fits = |period: &usize| {
        let groups: Vec<Vec<f64>> = grouped(values, *period).iter().map(|group| kept(group)).collect();
        let left: usize = groups.iter().map(Vec::len).sum();
        if left * MOST_ARE < values.len() * (MOST_ARE - 1) {
            return false;
        }
        let is_seen = groups.iter().all(|group| group.len() >= REPEATS);
        is_seen && scatter(&groups) <= SCATTER_OF_AN_ENTRY.powi(2) * whole
    };
    (2..=LONGEST_SEQUENCE).find(fits).unwrap_or(1)
}

/// The values by the number of their frame modulo the period.
fn grouped(values: &[Numbered], period: usize) -> Vec<Vec<f64>> {
    let mut groups = vec![Vec::new(); period];
    for (frame, value) in values {
        // A remainder is below the period.
        groups[frame.rem_euclid(period as i64) as usize].push(*value);
    }
    groups
}

/// By how many entries the second sequence is ahead of the first.
fn best_shift(first: &[f64], second: &[f64]) -> usize {
    let count = first.len();
    let distance = |shift: usize| -> f64 {
        (0..count).map(|entry| (first[entry] - second[(entry + shift) % count]).powi(2)).sum()
    };
    (0..count).min_by(|a, b| distance(*a).total_cmp(&distance(*b))).unwrap_or(0)
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Σ(x − x̄)².
pub(super) fn square_sum(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum()
}

/// The usual time of a frame of the first camera that has one, in seconds; 0 where none has.
fn frame_seconds(observation: &Observation) -> f64 {
    let frame_time = observation.cameras.iter().find_map(|camera| camera.clock.period.as_ref());
    frame_time.map_or(0.0, |period| (period * observation.rate.period()).to_f64())
}

/// The median, and how far from it a value is not like the others.
fn middle_and_far(values: &[f64], half_width: f64, notable: f64) -> (f64, f64) {
    let middle = median(values.to_vec());
    let deviations: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    // Of normal values, the median deviation is 0.6745 standard deviations.
    let robust = 1.4826 * median(deviations) + half_width;
    (middle, (FAR * robust).max(notable).max(NOTABLE * middle.abs()))
}

/// The values that are like the others.
fn near(values: &[f64], half_width: f64, notable: f64) -> Vec<f64> {
    let (middle, far) = middle_and_far(values, half_width, notable);
    values.iter().copied().filter(|value| (value - middle).abs() <= far).collect()
}

/// A good capture has no value that stands far from the others.
fn refuse_outliers(
    good: &GoodCapture,
    quantity: &Quantity,
    values: &[f64],
    (half_width, notable): (f64, f64),
) -> Result<(), LearnError> {
    let (middle, far) = middle_and_far(values, half_width, notable);
    let worst = values.iter().copied().max_by(|a, b| (a - middle).abs().total_cmp(&(b - middle).abs()));
    match worst {
        Some(worst) if (worst - middle).abs() > far => {
            let text = |value: f64| text(value, quantity.unit);
            let reason = format!(
                "it is not good: one {} is {}, far from the others at {}; cut a steady part out with --from and --to",
                quantity.label,
                text(worst),
                text(middle)
            );
            Err(refused(good, reason))
        }
        Some(_) | None => Ok(()),
    }
}

pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// A value with three decimals.
pub(super) fn text(value: f64, unit: Unit) -> String {
    let value = exact(value);
    Prefix::for_value(&value, unit).text(&value, 3, Rounding::Nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(values: &[f64]) -> Vec<Numbered> {
        (0..).zip(values.iter().copied()).collect()
    }

    #[test]
    fn a_sequence_is_found_by_its_shortest_period() {
        let three: Vec<f64> = (0..30).map(|i| [20.0, 10.0, 30.0][i % 3] + 0.01 * (i % 2) as f64).collect();
        assert_eq!(period(&frames(&three), 0.01, Known::Good), 3);
        assert_eq!(period(&frames(&three[..8]), 0.01, Known::Good), 1, "seen less than three times");
        assert_eq!(period(&frames(&[20.0, 20.01, 20.0, 20.02, 20.01, 20.0, 20.0]), 0.01, Known::Good), 1);
        // A ramp repeats nothing.
        assert_eq!(period(&frames(&(0..60).map(f64::from).collect::<Vec<_>>()), 0.01, Known::Good), 1);
    }

    #[test]
    fn a_sequence_with_one_odd_frame_is_one_where_nobody_called_it_good() {
        let mut three: Vec<f64> = (0..30).map(|i| [20.0, 10.0, 30.0][i % 3] + 0.01 * (i % 2) as f64).collect();
        three[13] = 31.0;
        assert_eq!(period(&frames(&three), 0.01, Known::Nothing), 3);
        assert_eq!(period(&frames(&three), 0.01, Known::Good), 1);
        let mut constant = vec![20.0; 30];
        constant[13] = 31.0;
        assert_eq!(period(&frames(&constant), 0.01, Known::Nothing), 1);
        // What has no order has none with its farthest values left out.
        let random: Vec<f64> = (0..60_u64).map(|i| ((i * i * 7919 + i * 104_729) % 997) as f64).collect();
        assert_eq!(period(&frames(&random), 0.01, Known::Nothing), 1);
    }

    #[test]
    fn sequences_are_laid_over_one_another() {
        assert_eq!(best_shift(&[20.0, 10.0, 30.0], &[30.0, 20.0, 10.0]), 1);
        assert_eq!(best_shift(&[20.0, 10.0, 30.0], &[20.0, 10.0, 30.0]), 0);
    }
}
