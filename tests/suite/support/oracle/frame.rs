//! The true values of frame.* and fsin.*.

use strobecheck::rig::{Alignment, Role};
use strobecheck::scenario::{Femtos, TruePulse};
use strobecheck::units::Rational;

use super::{Border, Oracle, TrueValue, least_squares, peak_to_peak};

impl Oracle<'_> {
    pub(super) fn frame_times(&self) -> Vec<TrueValue> {
        let borders = self.borders();
        let time = borders.windows(2).filter_map(|pair| {
            // Of an interval that lacks frames, the frame is the one at its anchored end.
            let frame = match self.camera.alignment {
                Alignment::End => pair[1].opens - 1,
                Alignment::Start | Alignment::Middle => pair[0].opens,
            };
            self.between(Some(frame), pair[0].edges.0, pair[1].edges.1, (pair[1].at - pair[0].at).seconds(), true)
        });
        time.collect()
    }

    /// Whether what lies between two borders is one frame, and nothing in it counts as another border.
    fn is_regular(&self, from: &Border, to: &Border) -> bool {
        let disturbed = self.extra_borders().iter().any(|&at| from.at < at && at < to.at);
        to.opens == from.opens + 1 && !disturbed
    }

    /// The edges of STROBE pulses that are too many, where frames are counted by STROBE.
    fn extra_borders(&self) -> Vec<Femtos> {
        if self.counts_fsin() {
            return Vec::new();
        }
        let extra = self.camera.extra_strobes.iter().filter(|pulse| self.is_anchored(pulse));
        extra.map(|pulse| self.anchor(pulse)).collect()
    }

    pub(super) fn missing_frames(&self) -> usize {
        let lacking = self.borders().windows(2).map(|pair| pair[1].opens - pair[0].opens - 1).sum::<i64>();
        usize::try_from(lacking).unwrap()
    }

    pub(super) fn extra_frames(&self) -> usize {
        self.extra_borders().len()
    }

    /// The lengths of those intervals that are one undisturbed frame.
    fn intervals(&self) -> Vec<Rational> {
        let borders = self.borders();
        let regular = borders.windows(2).filter(|pair| self.is_regular(&pair[0], &pair[1]));
        regular.map(|pair| (pair[1].at - pair[0].at).seconds()).collect()
    }

    /// The seconds at which frames begin, from the first one, and how many frames after it.
    fn edge_times(&self) -> Vec<(i64, Rational)> {
        let borders = self.borders();
        let since_first = |border: &Border| (border.opens - borders[0].opens, (border.at - borders[0].at).seconds());
        borders.iter().map(since_first).collect()
    }

    pub(super) fn frame_rate(&self) -> Option<Vec<TrueValue>> {
        let times = self.edge_times();
        let (_, last) = times.last()?;
        let frames = Rational::from(times.len() as u64 - 1);
        Some(vec![self.of_capture(frames.checked_div(last)?)])
    }

    pub(super) fn frame_jitter(&self) -> Option<Vec<TrueValue>> {
        Some(vec![self.of_capture(peak_to_peak(&self.intervals())?)])
    }

    pub(super) fn cycle_jitter(&self) -> Option<Vec<TrueValue>> {
        let borders = self.borders();
        let regular =
            |triple: &&[Border]| self.is_regular(&triple[0], &triple[1]) && self.is_regular(&triple[1], &triple[2]);
        let change = |triple: &[Border]| {
            let (before, after) = (triple[1].at - triple[0].at, triple[2].at - triple[1].at);
            (after - before).abs().seconds()
        };
        let most = borders.windows(3).filter(regular).map(change).reduce(Rational::max)?;
        Some(vec![self.of_capture(most)])
    }

    pub(super) fn tie(&self) -> Option<Vec<TrueValue>> {
        let times = self.edge_times();
        let (slope, offset) = least_squares(&times).filter(|_| times.len() > 2)?;
        self.tie_against(&slope, &offset)
    }

    pub(super) fn tie_nominal(&self) -> Option<Vec<TrueValue>> {
        self.tie_against(self.nominal, &Rational::ZERO)
    }

    fn tie_against(&self, period: &Rational, offset: &Rational) -> Option<Vec<TrueValue>> {
        let times = self.edge_times();
        let ideal = |number: i64| &period.times(i128::from(number)) + offset;
        let errors: Vec<Rational> = times.iter().map(|(number, time)| time - &ideal(*number)).collect();
        Some(vec![self.of_capture(peak_to_peak(&errors)?)])
    }

    pub(super) fn drift(&self) -> Option<Vec<TrueValue>> {
        let (slope, _) = least_squares(&self.edge_times())?;
        let ratio = slope.checked_div(self.nominal)? - Rational::ONE;
        Some(vec![self.of_capture(ratio * Rational::integer(1_000_000))])
    }

    pub(super) fn fsin_pulses(&self) -> Vec<TrueValue> {
        let starts: Vec<Femtos> = self.line(Role::Fsin).iter().map(TruePulse::start).collect();
        let of_frame = |pair: &[(i64, TruePulse)]| {
            let ((number, first), (next_number, next)) = (&pair[0], &pair[1]);
            let count = starts.iter().filter(|start| (first.start()..next.start()).contains(*start)).count();
            (*next_number == number + 1)
                .then(|| self.between(Some(*number), first.start(), next.start(), Rational::from(count as u64), true))?
        };
        self.fsin().windows(2).filter_map(of_frame).collect()
    }

    pub(super) fn fsin_widths(&self) -> Vec<TrueValue> {
        let firsts = self.fsin();
        let frame = |pulse: &TruePulse| {
            // Of several pulses a frame, those behind the first one belong to its frame.
            firsts.iter().rev().find(|(_, first)| first.start() <= pulse.start()).map(|(number, _)| *number)
        };
        let pulses = self.line(Role::Fsin).into_iter();
        pulses.filter_map(|pulse| self.time(frame(&pulse), pulse.start(), pulse.end(), true)).collect()
    }
}
