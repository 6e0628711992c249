//! The true values of exposure.* and trigger.*.

use strobecheck::rig::{Alignment, Overlap, Role, WireIndex};
use strobecheck::scenario::{Femtos, FrameTruth, TruePulse};
use strobecheck::units::Rational;

use super::{Oracle, TrueValue, peak_to_peak};

impl Oracle<'_> {
    pub(super) fn exposure_times(&self) -> Vec<TrueValue> {
        let of_frames = self.exposures().into_iter().filter(|exposed| exposed.frame.is_some());
        of_frames.filter_map(|e| self.time(e.frame, e.pulse.start(), e.pulse.end(), true)).collect()
    }

    pub(super) fn latencies(&self) -> Option<Vec<TrueValue>> {
        if self.camera.alignment != Alignment::Start || !self.fsin_is_wired() {
            return None;
        }
        let frames = self.camera.frames.iter();
        let latency = frames.filter_map(|frame| {
            let (fsin, first) = (frame.fsin?, frame.exposures.first()?);
            self.time(Some(frame.number), fsin.start(), first.start(), self.is_whole(first))
        });
        Some(latency.collect())
    }

    pub(super) fn ends(&self) -> Option<Vec<TrueValue>> {
        if self.camera.alignment != Alignment::End || !self.fsin_is_wired() {
            return None;
        }
        let frames = self.camera.frames.iter();
        let end = frames.filter_map(|frame| {
            let (fsin, exposure) = (frame.fsin?, frame.exposures.first()?);
            self.time(Some(frame.number), fsin.start(), exposure.end(), self.is_whole(exposure))
        });
        Some(end.collect())
    }

    pub(super) fn middles(&self) -> Option<Vec<TrueValue>> {
        if self.camera.alignment != Alignment::Middle || !self.fsin_is_wired() {
            return None;
        }
        let frames = self.camera.frames.iter();
        let middle = frames.filter_map(|frame| {
            let (fsin, exposure) = (frame.fsin?, frame.exposures.first()?);
            let edges = (fsin.start().min(exposure.start()), fsin.start().max(exposure.end()));
            let value = (super::halfway(exposure) - fsin.start()).seconds();
            let is_whole = self.is_whole(exposure) && self.shows(fsin.start());
            is_whole.then(|| self.between(Some(frame.number), edges.0, edges.1, value, true))?
        });
        Some(middle.collect())
    }

    pub(super) fn exposure_jitter(&self) -> Option<Vec<TrueValue>> {
        let offsets = self.latencies().or_else(|| self.ends()).or_else(|| self.middles())?;
        let offsets: Vec<_> = offsets.into_iter().map(|value| value.value).collect();
        Some(vec![self.of_capture(peak_to_peak(&offsets)?)])
    }

    pub(super) fn gaps(&self) -> Vec<TrueValue> {
        let exposures = self.exposures();
        let gap = exposures.windows(2).filter_map(|pair| {
            let [before, after] = pair else { return None };
            let frame = match self.camera.alignment {
                Alignment::End => after.frame,
                Alignment::Start | Alignment::Middle => before.frame,
            };
            let whole = self.is_whole(&before.pulse) && self.is_whole(&after.pulse);
            self.time(frame, before.pulse.end(), after.pulse.start(), whole)
        });
        gap.collect()
    }

    /// The pulses that are lacking where FSIN asked for them.
    pub(super) fn missing_exposures(&self) -> usize {
        let burst = self.rig.cameras[self.place].burst.get() as usize;
        let asked = self.camera.frames.iter().filter(|frame| frame.fsin.is_some_and(|fsin| self.shows(fsin.start())));
        asked.filter(|frame| frame.exposures.is_empty()).count() * burst
    }

    /// The pulses that FSIN did not ask for, or asked for by an edge that was lost.
    pub(super) fn extra_exposures(&self) -> usize {
        let unasked = self.camera.frames.iter().filter(|frame| frame.fsin.is_none());
        let unasked = unasked.flat_map(|frame| &frame.exposures).chain(&self.camera.extra_strobes);
        // Where a frame without FSIN lies at an end of the capture, its FSIN was only not recorded: none is simulated so.
        unasked.filter(|pulse| self.is_whole(pulse)).count()
    }

    /// The exposures that another pin than the one whose turn it is shows, from the turn on that leaves the fewest.
    pub(super) fn out_of_turn(&self) -> usize {
        let pins = self.rig.cameras[self.place].wires(Role::Strobe);
        let is_shown = |wire: &WireIndex, pulse: &TruePulse| {
            let active = self.rig.wire(*wire).polarity.into();
            self.simulation.truth.lines[wire.get()].pulses(active).contains(pulse)
        };
        let of_frames = self.exposures().into_iter().filter_map(|exposed| Some((exposed.frame?, exposed.pulse)));
        let turns: Vec<i64> = of_frames
            .filter_map(|(frame, pulse)| Some(pins.iter().position(|pin| is_shown(pin, &pulse))? as i64 - frame))
            .map(|turn| turn.rem_euclid(pins.len() as i64))
            .collect();
        let most = (0..pins.len() as i64).map(|turn| turns.iter().filter(|other| **other == turn).count()).max();
        turns.len() - most.unwrap_or(0)
    }

    fn triggers(&self) -> Vec<Femtos> {
        let starts = self.line(Role::Trigger).into_iter().map(|pulse| pulse.start());
        starts.filter(|start| self.shows(*start)).collect()
    }

    /// The triggers that no edge of FSIN follows before the next one.
    pub(super) fn missing_answers(&self) -> usize {
        let borders = self.fsin_borders();
        let answered = |pair: &&[Femtos]| borders.iter().any(|border| pair[0] <= border.at && border.at < pair[1]);
        self.triggers().windows(2).filter(|pair| !answered(pair)).count()
    }

    /// The edges of FSIN without a trigger since the one before.
    pub(super) fn unasked_frames(&self) -> usize {
        let triggers = self.triggers();
        let asked = |pair: &&[super::Border]| triggers.iter().any(|at| pair[0].at < *at && *at <= pair[1].at);
        self.fsin_borders().windows(2).filter(|pair| !asked(pair)).count()
    }

    /// From the end of the last exposure that began before each edge of FSIN, or of the last one of its burst, to that edge; with a
    /// ready line from its active edge after that exposure began, or where it is not active at the trigger, from its next one.
    pub(super) fn trigger_margins(&self) -> Option<Vec<TrueValue>> {
        if self.camera.alignment != Alignment::Start || !self.fsin_is_wired() {
            return None;
        }
        let frames = self.camera.frames.iter().map(|frame| frame.exposures.as_slice());
        let bursts: Vec<_> = frames.chain(self.camera.extra_strobes.chunks(1)).collect();
        let is_trigger = |fsin: &TruePulse| {
            let is_first = |frame: &FrameTruth| frame.fsin == Some(*fsin);
            self.rig.cameras[self.place].fsin_per_frame.get() == 1 || self.camera.frames.iter().any(is_first)
        };
        let margin = self.line(Role::Fsin).into_iter().filter(is_trigger).filter_map(|fsin| {
            let begun = bursts.iter().filter(|burst| burst.iter().any(|pulse| pulse.start() < fsin.start()));
            let last = begun.max_by_key(|burst| burst.iter().map(|pulse| pulse.start()).max())?.last()?;
            let frame = self.camera.frames.iter().find(|frame| frame.fsin == Some(fsin)).map(|frame| frame.number);
            if !self.rig.cameras[self.place].has(Role::Ready) {
                return self.margin_without_line(frame, last, fsin.start());
            }
            let active = self.ready_for(fsin.start())?;
            let ready = active.start();
            // Where it goes inactive with the trigger, the exposure has to show that it answers it.
            let goes = (active.end() - fsin.start()).abs() <= self.sample_period().times(2);
            let own = self.camera.frames.iter().find(|frame| frame.fsin == Some(fsin));
            let answered = own.and_then(|frame| frame.exposures.first()).is_some_and(|pulse| self.shows(pulse.start()));
            let (since, beside) = (ready - last.start(), self.shows(last.start()) || self.shows(last.end()));
            let is_clear = since > self.sample_period().times(2);
            self.time(frame, ready, fsin.start(), beside && is_clear && (answered || !goes))
                .filter(|_| since > Femtos::ZERO)
        });
        Some(margin.collect())
    }

    /// From the end of an exposure, its recovery and its readout to a trigger.
    fn margin_without_line(&self, frame: Option<i64>, last: &TruePulse, trigger: Femtos) -> Option<TrueValue> {
        let camera = &self.rig.cameras[self.place];
        let frames = self.camera.frames.iter();
        let mut readouts = frames.flat_map(|frame| frame.exposures.iter().zip(&frame.readouts));
        let own = readouts.find(|(exposure, _)| *exposure == last).map(|(_, readout)| readout.end());
        let after = |seconds: &Rational| Some(last.end() + Femtos::from_seconds(seconds)?);
        let recovered = after(&camera.recovery)?;
        let (read, shown) = match (&camera.overlap, camera.has(Role::Readout)) {
            (Overlap::Never { .. }, true) => (own?, own?),
            (Overlap::Never { readout_time: Some(time) }, false) => (after(time)?, last.end()),
            (Overlap::Never { readout_time: None }, false) | (Overlap::Allowed, _) => (last.end(), last.end()),
        };
        let is_placed = self.exposures().iter().any(|exposed| exposed.pulse == *last && exposed.frame.is_some());
        let value = (trigger - recovered.max(read)).seconds();
        // A readout is told by the exposure that ends before it.
        let recorded = self.shows(last.end()) && is_placed;
        self.between(frame, last.end().max(shown), trigger, value, recorded)
    }

    /// When the ready line became active for a trigger: where it goes inactive with it, it answers it.
    fn ready_for(&self, trigger: Femtos) -> Option<TruePulse> {
        let ready = self.line(Role::Ready);
        let active = ready.iter().find(|pulse| pulse.start() <= trigger && trigger <= pulse.end());
        active.or_else(|| ready.iter().find(|pulse| pulse.start() > trigger)).copied()
    }

    /// From each edge of the trigger line to the first edge of FSIN before the next one.
    pub(super) fn trigger_latencies(&self) -> Vec<TrueValue> {
        let triggers = self.triggers();
        let borders = self.fsin_borders();
        let latency = triggers.iter().enumerate().filter_map(|(i, &from)| {
            let before_next = |at| triggers.get(i + 1).is_none_or(|&next| at < next);
            let border = borders.iter().find(|border| border.at >= from).filter(|border| before_next(border.at))?;
            self.time(Some(border.opens), from, border.at, true)
        });
        latency.collect()
    }
}
