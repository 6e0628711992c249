//! The analyzer: when it takes samples, and what it and the wires before it do to edges.

use super::{Line, Ps, Random, S};

/// A part of ten million: a tenth of a ppm.
const TENTHS: i128 = 10_000_000;

/// An analyzer, what is true of it, and what is stated.
#[derive(Debug, Clone)]
pub(crate) struct Analyzer {
    /// The stated sample rate, in hertz.
    pub(crate) rate: i64,
    /// When it takes its first sample: from 0 to a sample period.
    pub(crate) phase: Ps,
    /// The stated accuracy of its clock, in tenths of a ppm.
    pub(crate) clock: i64,
    /// Its true error beyond the correction, in tenths of a ppm: at most `clock`.
    pub(crate) error: i64,
    /// The stated correction, in tenths of a ppm.
    pub(crate) correction: i64,
    /// The stated uncertainty of an edge; true edges are displaced by up to this.
    pub(crate) edge: Ps,
    /// The stated width of a glitch; edges chatter in shorter stretches, and spikes are shorter.
    pub(crate) glitch: Ps,
    /// What its disturbances are drawn from.
    pub(crate) seed: u64,
}

impl Analyzer {
    /// A sample period by its stated rate, rounded up.
    pub(crate) fn period(&self) -> Ps {
        S / self.rate + 1
    }

    /// How long a stretch of a chattering edge is at most: shorter than a glitch, whatever the phase.
    fn chatter(&self) -> Ps {
        (self.glitch - 3 * self.period()).max(0)
    }

    /// The widest window that an edge is known to, in true time.
    pub(crate) fn window(&self) -> Ps {
        self.period() + 2 * self.edge + 2 * self.chatter()
    }

    /// What no pulse and no pause may be shorter than, to be resolved whatever happens to its edges.
    pub(crate) fn least_width(&self) -> Ps {
        8 * self.period() + 4 * self.edge + 8 * self.glitch
    }

    /// How many samples are taken before an instant: the number of the first one at or after it.
    pub(crate) fn samples_before(&self, at: Ps) -> i128 {
        let (correction, error) = (TENTHS + i128::from(self.correction), TENTHS + i128::from(self.error));
        let taken = i128::from(at - self.phase) * i128::from(self.rate) * correction * error;
        let unit = i128::from(S) * TENTHS * TENTHS;
        -(-taken).div_euclid(unit)
    }

    /// Whether a line is active at the first sample, and the samples at which it changes in a record of so many.
    pub(crate) fn sample(&self, line: &Line, number: usize, length: u64) -> (bool, Vec<u64>) {
        let mut random = Random::new(self.seed ^ (number as u64) << 32);
        let mut toggles = line.toggles(&mut random, self.edge, (self.period(), self.chatter()));
        toggles.sort_unstable();
        if self.glitch > 0 {
            self.spike(&mut random, &mut toggles);
        }
        let mut initial = false;
        let mut changes: Vec<u64> = Vec::with_capacity(toggles.len());
        for at in toggles.into_iter().map(|toggle| self.samples_before(toggle)) {
            match u64::try_from(at).unwrap_or(0) {
                0 => initial = !initial,
                // Two changes between two samples are not seen.
                at if changes.last() == Some(&at) => drop(changes.pop()),
                at if at < length => changes.push(at),
                _ => {}
            }
        }
        (initial, changes)
    }

    /// Spikes in some of the longer stretches, well away from their ends.
    fn spike(&self, random: &mut Random, toggles: &mut Vec<Ps>) {
        let room = self.glitch - 2 * self.period();
        let mut spikes = Vec::new();
        for stretch in toggles.windows(2) {
            let (from, to) = (stretch[0] + 4 * self.glitch, stretch[1] - 4 * self.glitch);
            if from + self.glitch < to && random.one(12) {
                let at = random.within(from, to - self.glitch);
                spikes.extend([at, at + random.within(1, room)]);
            }
        }
        toggles.extend(spikes);
        toggles.sort_unstable();
    }
}
