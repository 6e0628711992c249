//! The shape of a skew over time: its ramp, and the steps that take it back. Floats: it names things, and judges nothing.

use crate::diagnosis::series::median;
use crate::units::SampleIndex;

/// The skew of one frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct SkewPoint {
    /// The first camera's frame.
    pub(super) frame: i64,
    /// The skew in sample periods.
    pub(super) samples: f64,
    /// How far it may be off, in sample periods.
    pub(super) half_width: f64,
    /// Where it shows.
    pub(super) at: SampleIndex,
}

/// A change of the skew from one frame to the next that is not the ramp's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// The place of the point after it.
    pub(super) after: usize,
    /// By how much the skew changes beyond the ramp, in sample periods.
    pub(super) size: f64,
}

/// How a skew moves.
#[derive(Debug)]
pub(super) struct Ramp {
    /// The median change from a frame to the next, in sample periods.
    pub(super) per_frame: f64,
    /// What departs from it.
    pub(super) steps: Vec<Step>,
    /// How far changes lie from the ramp without being steps: root mean square, generously.
    noise: f64,
}

/// It takes so many frames to tell a ramp from steps.
const LEAST_FRAMES: usize = 8;
/// A change is a step beyond so many median departures from the ramp: far outside of any jitter.
const MEDIANS: f64 = 8.0;

impl Ramp {
    /// The ramp and steps of a skew; none of too few frames.
    pub(super) fn of(skew: &[SkewPoint]) -> Option<Ramp> {
        if skew.len() < LEAST_FRAMES {
            return None;
        }
        let changes: Vec<(usize, f64)> = (skew.windows(2).enumerate())
            .filter_map(|(i, pair)| match pair {
                [a, b] if b.frame == a.frame + 1 => Some((i + 1, b.samples - a.samples)),
                [..] => None,
            })
            .collect();
        let per_frame = median(changes.iter().map(|(_, change)| *change).collect())?;
        let spread = median(changes.iter().map(|(_, change)| (change - per_frame).abs()).collect())?;
        let sampling = skew.iter().map(|point| point.half_width).fold(0.0, f64::max);
        // A change is the difference of two skews, and the ramp itself is known to as much.
        let tolerance = (4.0 * sampling).max(MEDIANS * spread);
        let departs = |(after, change): &(usize, f64)| {
            let size = change - per_frame;
            (size.abs() > tolerance).then_some(Step { after: *after, size })
        };
        let steps = changes.iter().filter_map(departs).collect();
        let noise = (1.5 * sampling).max(2.0 * spread);
        Some(Ramp { per_frame, steps, noise })
    }

    /// Whether steps take back what the ramp adds: at least two, all against it, and so much that the skew ends within
    /// half of what the ramp alone would have made of it.
    pub(super) fn is_taken_back(&self, skew: &[SkewPoint]) -> bool {
        let against = self.steps.iter().all(|step| step.size.signum() != self.per_frame.signum());
        let ends = skew.first().zip(skew.last());
        let frames = ends.map_or(0.0, |(first, last)| (last.frame - first.frame) as f64);
        let ramped = self.per_frame.abs() * frames;
        let taken: f64 = self.steps.iter().map(|step| step.size.abs()).sum();
        self.steps.len() >= 2 && against && taken >= ramped / 2.0
    }

    pub(super) fn smallest_step(&self) -> f64 {
        self.steps.iter().map(|step| step.size.abs()).fold(f64::INFINITY, f64::min)
    }

    pub(super) fn largest_step(&self) -> f64 {
        self.steps.iter().map(|step| step.size.abs()).fold(0.0, f64::max)
    }

    /// The length of a line, in sample periods, if every step is a whole number of them: the longest that fits, and so a
    /// whole number of lines itself. None where steps are too small to tell.
    pub(super) fn line(&self) -> Option<f64> {
        const MOST_LINES: u32 = 12;
        let smallest = self.smallest_step();
        // The smallest step is so many lines; the others then are whole numbers of them, and all together say how long.
        let line_of = |lines: u32| {
            let counts = |step: &Step| (step.size.abs() * f64::from(lines) / smallest).round();
            let line =
                self.steps.iter().map(|step| step.size.abs()).sum::<f64>() / self.steps.iter().map(counts).sum::<f64>();
            let rests = self.steps.iter().map(|step| (step.size.abs() - counts(step) * line).powi(2)).sum::<f64>();
            let rest = (rests / self.steps.len() as f64).sqrt();
            // Lines that are not much longer than the noise fit anything.
            (rest <= self.noise && line > 4.0 * self.noise).then_some(line)
        };
        (1..=MOST_LINES).find_map(line_of)
    }
}

/// How many of its standard errors the slope of a skew is (ordinary least squares); none of too few frames.
pub(super) fn significance(skew: &[SkewPoint]) -> Option<f64> {
    let count = skew.len() as f64;
    if skew.len() < LEAST_FRAMES {
        return None;
    }
    let mean = |value: &dyn Fn(&SkewPoint) -> f64| skew.iter().map(value).sum::<f64>() / count;
    let (x, y) = (mean(&|point| point.frame as f64), mean(&|point| point.samples));
    let sum = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
        skew.iter().map(|point| term(point.frame as f64 - x, point.samples - y)).sum()
    };
    let (xx, xy) = (sum(&|dx, _| dx * dx), sum(&|dx, dy| dx * dy));
    let slope = xy / xx;
    let residuals = sum(&|dx, dy| (dy - slope * dx).powi(2));
    // Sampling alone leaves residuals of about a third of a sample.
    let deviation = (residuals / (count - 2.0)).sqrt().max(0.3);
    Some(slope.abs() / (deviation / xx.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(skew: &[f64]) -> Vec<SkewPoint> {
        let at = SampleIndex::default();
        skew.iter().zip(0..).map(|(&samples, frame)| SkewPoint { frame, samples, half_width: 1.0, at }).collect()
    }

    /// 10 samples a frame; after each fourth frame, so many are taken back.
    fn sawtooth(back: [f64; 4]) -> Vec<SkewPoint> {
        let mut skew = 0.0;
        let mut all = Vec::new();
        for back in back {
            for _ in 0..4 {
                all.push(skew);
                skew += 10.0;
            }
            skew -= back;
        }
        points(&all)
    }

    #[test]
    fn steps_against_the_ramp_are_soft_sync() {
        let skew = sawtooth([45.0, 30.0, 45.0, 0.0]);
        let ramp = Ramp::of(&skew).unwrap();
        assert_eq!((ramp.per_frame, ramp.steps.iter().map(|step| step.after).collect()), (10.0, vec![4, 8, 12]));
        assert!(ramp.is_taken_back(&skew));
        // 45, 30 and 45 are multiples of 15 within what sampling leaves; 30 and 45 are no multiples of 30.
        approx::assert_abs_diff_eq!(ramp.line().unwrap(), 15.0, epsilon = 1e-9);
    }

    #[test]
    fn a_ramp_alone_or_one_step_is_none() {
        let ramping = sawtooth([0.0; 4]);
        assert!(!Ramp::of(&ramping).unwrap().is_taken_back(&ramping));
        let one = sawtooth([60.0, 0.0, 0.0, 0.0]);
        assert!(!Ramp::of(&one).unwrap().is_taken_back(&one));
        let with_it = sawtooth([-45.0, -45.0, -45.0, 0.0]);
        assert!(!Ramp::of(&with_it).unwrap().is_taken_back(&with_it));
        assert!(Ramp::of(&points(&[0.0; 7])).is_none());
    }

    #[test]
    fn noise_has_no_significant_slope() {
        // A slope of 1 a frame over 20 frames of noise of 5: 1 / (5 / √665) = 5.2 standard errors or so.
        let noisy: Vec<f64> = (0..20).map(|n| if n % 2 == 0 { 5.0 } else { -5.0 }).collect();
        assert!(significance(&points(&noisy)).unwrap() < 1.0);
        let ramp: Vec<f64> = (0..20).map(f64::from).collect();
        // Deviation 0.3, Σx² = 665: 1 / (0.3 / 25.79) = 85.96.
        approx::assert_abs_diff_eq!(significance(&points(&ramp)).unwrap(), 85.96, epsilon = 0.01);
        assert_eq!(significance(&points(&[0.0; 7])), None);
    }
}
