//! The true values of skew.*.

use strobecheck::rig::Alignment;
use strobecheck::scenario::{Femtos, TruePulse};
use strobecheck::units::Rational;

use super::{Exposed, Oracle, TrueValue, least_squares};

impl Oracle<'_> {
    /// The first exposure of each frame that has one.
    fn of_frames(&self) -> Vec<(i64, Exposed)> {
        let first = self.exposures().into_iter().filter(|exposed| exposed.in_burst == 0);
        first.filter_map(|exposed| Some((exposed.frame?, exposed))).collect()
    }

    /// The exposures of the same frame of the first camera and of this one.
    fn pairs(&self) -> Vec<(i64, TruePulse, TruePulse)> {
        let first = self.of(0);
        let anchored_there = |pulse: &TruePulse| match (first.camera.alignment, self.camera.alignment) {
            // Frames that are matched by their times need the edge of the first camera's alignment.
            (Alignment::End, Alignment::End)
            | (Alignment::Start, Alignment::Start)
            | (Alignment::Middle, _)
            | (_, Alignment::Middle) => first.is_anchored(pulse),
            // Frames that count the same edges do not.
            (Alignment::End, Alignment::Start) | (Alignment::Start, Alignment::End) => true,
        };
        let reference = first.of_frames();
        let pair = self.of_frames().into_iter().filter_map(|(number, own)| {
            let (_, other) = reference.iter().find(|(other, _)| *other == number)?;
            anchored_there(&own.pulse).then_some((number, other.pulse, own.pulse))
        });
        pair.collect()
    }

    /// The frames of this camera and of the first one that lack the other's, where half a frame time on either side (where
    /// both count the same edges: a whole one) was recorded.
    pub(super) fn frames_without_partner(&self) -> Option<usize> {
        let first = self.of(0);
        let pairs: Vec<i64> = self.pairs().iter().map(|(number, ..)| *number).collect();
        let sampler = &self.simulation.sampler;
        let by_time = first.camera.alignment == self.camera.alignment;
        let reach =
            (self.nominal * sampler.true_rate()?.hz()).checked_div(&Rational::integer(if by_time { 2 } else { 1 }))?;
        let length = Rational::from(sampler.length().get());
        let was_recorded = |pulse: &TruePulse| {
            let shown = sampler.shows_at(first.anchor(pulse)).map(|at| Rational::from(at.get()));
            shown.is_some_and(|at| at >= reach && &at + &reach < length)
        };
        // Where the record cuts a partner, its middle is not known.
        let is_cut = |camera: &Oracle<'_>, number: i64| {
            let own = camera.camera.frames.iter().filter(|frame| frame.number == number);
            let middle = first.camera.alignment == Alignment::Middle;
            middle && own.flat_map(|frame| &frame.exposures).any(|pulse| !camera.is_whole(pulse))
        };
        let lonely = |frames: Vec<(i64, Exposed)>, other: &Oracle<'_>| {
            let lonely = frames.into_iter().filter(|(number, _)| !pairs.contains(number) && !is_cut(other, *number));
            lonely.filter(|(_, exposed)| was_recorded(&exposed.pulse)).count()
        };
        Some(lonely(self.of_frames(), &first) + lonely(first.of_frames(), self))
    }

    pub(super) fn skews(&self, edge: fn(&TruePulse) -> Femtos) -> Vec<TrueValue> {
        let pairs = self.pairs().into_iter();
        pairs.filter_map(|(number, first, own)| self.time(Some(number), edge(&first), edge(&own), true)).collect()
    }

    /// The frame time that the anchored edges of STROBE show, in seconds: by least squares.
    fn fitted_frame_time(&self) -> Option<Rational> {
        let anchors = self.of_frames().into_iter();
        let points: Vec<(i64, Rational)> =
            anchors.map(|(number, exposed)| (number, self.anchor(&exposed.pulse).seconds())).collect();
        Some(least_squares(&points)?.0)
    }

    /// The slope of the skew of the anchored edges, against the first camera's frame time.
    pub(super) fn skew_drift(&self) -> Option<Vec<TrueValue>> {
        let first = self.of(0);
        let points: Vec<(i64, Rational)> = (self.pairs().into_iter())
            .map(|(number, other, own)| (number, (self.anchor(&own) - first.anchor(&other)).seconds()))
            .collect();
        let (slope, _) = least_squares(&points)?;
        let ratio = slope.checked_div(&first.fitted_frame_time()?)?;
        Some(vec![self.of_capture(ratio * Rational::integer(1_000_000))])
    }

    pub(super) fn skew_rate(&self) -> Option<Vec<TrueValue>> {
        let ratio = self.fitted_frame_time()?.checked_div(&self.of(0).fitted_frame_time()?)?;
        Some(vec![self.of_capture((ratio - Rational::ONE) * Rational::integer(1_000_000))])
    }
}
