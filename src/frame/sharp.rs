//! The same observation with better edges: what they leave open is the difference.

use super::{ClockSource, Observation};
use crate::signal::{EdgeTime, Pulse};
use crate::units::{Rational, SampleIndex};

impl Observation {
    /// The same, had no edge chattered: each happened in the sample period in which it was seen.
    #[must_use]
    pub fn without_chatter(&self) -> Observation {
        let mut clean = self.clone();
        let pulse = |pulse: &mut Pulse| *pulse = pulse.without_chatter();
        let edge = |edge: &mut EdgeTime| *edge = EdgeTime::sharp(edge.at());
        for line in &mut clean.lines {
            line.train.pulses = line.train.pulses.without_chatter();
        }
        for frames in &mut clean.cameras {
            let is_middle = frames.clock.source == ClockSource::StrobeMiddle;
            let clock_edge =
                |at: &mut EdgeTime| *at = if is_middle { between_samples(*at) } else { EdgeTime::sharp(at.at()) };
            frames.clock.edges.change(|_, frame| clock_edge(&mut frame.edge));
            frames.clock.extra.iter_mut().for_each(clock_edge);
            if let Some(fsin) = &mut frames.fsin {
                fsin.edges.change(|_, frame| edge(&mut frame.edge));
                fsin.extra.iter_mut().for_each(edge);
            }
            frames.exposures.change(|_, exposure| {
                pulse(&mut exposure.pulse);
                exposure.fsin.iter_mut().for_each(edge);
            });
            frames.missing.iter_mut().for_each(|missing| edge(&mut missing.fsin));
            frames.flashes.change(|_, flash| pulse(&mut flash.pulse));
            frames.readouts.change(|_, readout| pulse(&mut readout.pulse));
            frames.unpartnered.iter_mut().for_each(pulse);
        }
        clean
    }

    /// The same, had edges no uncertainty of their own (`analyzer.edge`).
    #[must_use]
    pub fn with_sharp_edges(&self) -> Observation {
        let mut sharp = self.clone();
        for line in &mut sharp.lines {
            line.slack = Rational::ZERO;
        }
        sharp
    }
}

/// The same middle of a pulse whose edges did not chatter: it may still lie between two samples.
fn between_samples(middle: EdgeTime) -> EdgeTime {
    let before = SampleIndex::new(middle.at().get().saturating_sub(1));
    let is_sharp = middle == EdgeTime::sharp(middle.at());
    EdgeTime::bridged(before, middle.at()).filter(|_| !is_sharp).unwrap_or(EdgeTime::sharp(middle.at()))
}
