//! Exposures whose middle is tied to the frame: their middles are the frames, and FSIN, where it is wired, is paired with them.

use super::anchor::{may_lie_within, middles, usual_of_turns};
use super::clock::ClockContext;
use super::exposure::{InFrames, half_period};
use super::pairing::{Instants, pair};
use super::{ClockSource, FrameClock, MissingExposure};
use crate::signal::{EdgeTime, Pulse};
use crate::units::{Rational, Rounding, SampleIndex};

/// A camera's frames by the middles of its exposures.
pub(super) struct Centred {
    /// The middles.
    pub(super) clock: FrameClock,
    /// The edges of FSIN, numbered as the frames that they are paired with.
    pub(super) fsin: FrameClock,
    pub(super) exposures: InFrames,
}

impl Centred {
    /// FSIN n is paired with the middle nearest to FSIN n and the median offset.
    pub(super) fn of(fsin: FrameClock, strobe: &[Pulse], context: ClockContext<'_>) -> Centred {
        let clock = FrameClock::from_edges(ClockSource::StrobeMiddle, middles(strobe), context);
        let exposures = InFrames::by_strobe(strobe, &clock, 1);
        let mut centred = Centred { clock, fsin, exposures };
        if let Some(reach) = half_period(&centred.fsin) {
            let offset = offset(&centred.fsin, strobe, context).unwrap_or(0);
            let is_paired = centred.pair(strobe, (offset, reach), context);
            centred.number_fsin(&is_paired);
            centred.find_unpaired(&is_paired, (offset, reach), context);
        }
        centred
    }

    /// Pairs FSIN with exposures, and says which of its edges have one.
    fn pair(&mut self, strobe: &[Pulse], (offset, reach): (i128, i128), context: ClockContext<'_>) -> Vec<bool> {
        let mut middles: Vec<(usize, i128)> =
            (strobe.iter().enumerate()).filter_map(|(place, pulse)| Some((place, pulse.middle()?.until()))).collect();
        middles.sort_by_key(|&(_, at)| at);
        let asked = self.fsin.edges.iter().map(|edge| edge.edge.until() + offset);
        let instants = Instants { count: middles.len(), at: |place: usize| middles[place].1 };
        let mut is_paired = vec![false; self.fsin.edges.len()];
        let mut fsin_of = vec![None; strobe.len()];
        for (edge, middle) in pair(asked, &instants, reach) {
            let (place, fsin) = (middles[middle].0, self.fsin.edges.at(edge).edge);
            let (from, to) = (strobe[place].from().min(fsin.at()), strobe[place].to().max(fsin.at()));
            if context.lost.spares(from, to) {
                is_paired[edge] = true;
                fsin_of[place] = Some(fsin);
            }
        }
        self.exposures.all.change(|place, exposure| exposure.fsin = fsin_of[place]);
        is_paired
    }

    /// Numbers each edge of FSIN as the exposure that it is paired with, and the others on from the one before.
    fn number_fsin(&mut self, is_paired: &[bool]) {
        let paired = self.exposures.all.iter().filter_map(|exposure| Some((exposure.fsin?, exposure.frame?)));
        let mut frames: Vec<(SampleIndex, i64)> = paired.map(|(fsin, frame)| (fsin.at(), frame)).collect();
        frames.sort_unstable();
        let frame_of = |edge: EdgeTime| {
            let place = frames.binary_search_by_key(&edge.at(), |(at, _)| *at).ok()?;
            Some(frames[place].1)
        };
        let numbered: Vec<Option<i64>> = (self.fsin.edges.iter().zip(is_paired))
            .map(|(edge, paired)| frame_of(edge.edge).filter(|_| *paired).map(|frame| frame - edge.starts))
            .collect();
        let mut moved = numbered.iter().flatten().next().copied().unwrap_or(0);
        let mut least = i64::MIN;
        self.fsin.edges.change(|place, edge| {
            moved = numbered[place].unwrap_or(moved);
            edge.starts = (edge.starts + moved).max(least);
            least = edge.starts;
        });
    }

    /// The edges of FSIN without their exposure, and the exposures without theirs, where all the time was recorded in which it may lie.
    fn find_unpaired(&mut self, is_paired: &[bool], (offset, reach): (i128, i128), context: ClockContext<'_>) {
        let recorded = context.recorded();
        let cut: Vec<Pulse> =
            (self.exposures.all.iter().map(|exposure| exposure.pulse)).filter(|pulse| !pulse.is_whole()).collect();
        for (edge, _) in self.fsin.edges.iter().zip(is_paired).filter(|(_, paired)| !**paired) {
            let (from, to) = (edge.edge.until() + offset - reach, edge.edge.until() + offset + reach);
            let rim = recorded.rim();
            let is_cut = cut.iter().any(|pulse| may_lie_within(pulse, from - rim - 1, to + rim + 1));
            // The time from FSIN to there was recorded, too.
            let (first, last) = (from.min(edge.edge.until()), to.max(edge.edge.until()));
            if recorded.holds(first, last) && !is_cut {
                self.exposures.missing.push(MissingExposure { frame: edge.starts, fsin: edge.edge, pulses: 1 });
            }
        }
        let open = &self.fsin.open;
        let lacks = |pulse: &Pulse| {
            let asked = pulse.middle().map(|middle| middle.until() - offset);
            asked.is_some_and(|at| {
                let (first, last) = (at - reach, at + reach);
                let (from, to) = (i128::from(pulse.from().get()), i128::from(pulse.to().get()));
                let may_be_open = open.iter().any(|open| (open.until() - at).abs() <= reach);
                recorded.holds(first.min(from), last.max(to)) && !may_be_open
            })
        };
        let all = self.exposures.all.iter().enumerate();
        self.exposures.extra =
            all.filter(|(_, it)| it.fsin.is_none() && lacks(&it.pulse)).map(|(place, _)| place).collect();
    }

    /// FSIN edges without their pulse, and pulses without their FSIN edge.
    pub(super) fn unpaired(&self) -> usize {
        self.exposures.missing.len() + self.exposures.extra.len()
    }
}

/// How long after FSIN the middles mostly come, in samples: at most half a frame time before or after it, or by so many whole ones
/// more that it is nearest to what is meant. `None` where they come at any time.
fn offset(fsin: &FrameClock, strobe: &[Pulse], context: ClockContext<'_>) -> Option<i128> {
    let period = fsin.period.as_ref()?.to_integer(Rounding::Nearest)?.max(1);
    let edges: Vec<EdgeTime> = fsin.edges.iter().map(|edge| edge.edge).collect();
    let after = |middle: EdgeTime| {
        let later = edges.partition_point(|edge| edge.at() <= middle.at());
        let beside = [later.checked_sub(1), Some(later)].into_iter().flatten().filter_map(|place| edges.get(place));
        let near = beside.min_by_key(|edge| (middle.until() - edge.until()).abs())?;
        let (from, to) = (near.at().min(middle.at()), near.at().max(middle.at()));
        context.lost.spares(from, to).then(|| (middle.until() - near.until()).rem_euclid(period))
    };
    let usual = usual_of_turns(middles(strobe).into_iter().filter_map(after).collect(), period)?;
    let meant = context.camera.middle.as_ref().map(|seconds| context.rate.samples(seconds));
    let meant = meant.unwrap_or(Rational::ZERO);
    let frames = (meant - Rational::integer(usual)).checked_div(&Rational::integer(period))?;
    Some(usual + frames.to_integer(Rounding::Nearest)? * period)
}
