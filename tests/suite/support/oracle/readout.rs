//! The true values of readout.* and rolling.*.

use strobecheck::rig::{Role, Shutter};
use strobecheck::scenario::{Femtos, TruePulse};

use super::{Oracle, TrueValue};

impl Oracle<'_> {
    /// From the end of each exposure to the start of its readout.
    pub(super) fn readout_starts(&self) -> Vec<TrueValue> {
        let exposures = self.exposures();
        let start = (self.camera.frames.iter())
            .flat_map(|frame| frame.exposures.iter().zip(&frame.readouts))
            .filter_map(|(exposure, readout)| {
                let frame = exposures.iter().find(|exposed| exposed.pulse == *exposure)?.frame?;
                self.time(Some(frame), exposure.end(), readout.start(), true)
            });
        start.collect()
    }

    pub(super) fn readout_times(&self) -> Vec<TrueValue> {
        let pulses = self.line(Role::Readout).into_iter();
        pulses.filter_map(|readout| self.time(None, readout.start(), readout.end(), true)).collect()
    }

    /// The exposures of frames without a readout, where those before and behind were seen to end.
    pub(super) fn missing_readouts(&self) -> usize {
        let exposures = self.exposures();
        let read_out = |pulse: &TruePulse| {
            let frames = self.camera.frames.iter();
            frames.flat_map(|frame| frame.exposures.iter().zip(&frame.readouts)).any(|(exposed, _)| exposed == pulse)
        };
        let shown = |three: &&[super::Exposed]| three.iter().all(|exposed| self.shows(exposed.pulse.end()));
        let threes = exposures.windows(3).filter(shown);
        threes.filter(|three| three[1].frame.is_some() && !read_out(&three[1].pulse)).count()
    }

    /// The exposures that are no longer than the readout.
    pub(super) fn empty_windows(&self) -> Option<usize> {
        let readout = self.readout_time()?;
        if !self.is_ever_lit() {
            return Some(0);
        }
        let whole = self.exposures().into_iter().filter(|exposed| self.is_whole(&exposed.pulse));
        Some(whole.filter(|exposed| exposed.pulse.width() <= readout).count())
    }

    /// From row 0 to the last row; `None` of a global shutter.
    pub(super) fn readout_time(&self) -> Option<Femtos> {
        match &self.rig.cameras[self.place].shutter {
            Shutter::Global => None,
            Shutter::Rolling { readout_time } => Femtos::from_seconds(readout_time),
        }
    }

    /// How long all rows are exposed: less than nothing where the last row starts after row 0 has ended.
    pub(super) fn windows(&self) -> Vec<TrueValue> {
        let Some(readout) = self.readout_time() else { return Vec::new() };
        let of_frames = self.exposures().into_iter().filter(|exposed| exposed.frame.is_some());
        let window = of_frames.filter_map(|exposed| {
            let pulse = exposed.pulse;
            self.between(exposed.frame, pulse.start(), pulse.end(), (pulse.width() - readout).seconds(), true)
        });
        window.collect()
    }

    pub(super) fn margins_at_start(&self) -> Vec<TrueValue> {
        self.margins(|window, first, _| first.start() - window.start())
    }

    pub(super) fn margins_at_end(&self) -> Vec<TrueValue> {
        self.margins(|window, _, last| window.end() - last.end())
    }

    /// A margin between the window in which all rows are exposed and the first and last flash that touch the exposure.
    fn margins(&self, margin: fn(&TruePulse, &TruePulse, &TruePulse) -> Femtos) -> Vec<TrueValue> {
        let Some(readout) = self.readout_time() else { return Vec::new() };
        let values = self.exposures().into_iter().filter_map(|exposed| {
            let pulse = exposed.pulse;
            let window = TruePulse::between(pulse.start() + readout, pulse.end())?;
            let lit = self.touching(&pulse);
            let first = lit.iter().min_by_key(|flash| flash.start()).filter(|flash| self.shows(flash.start()))?;
            let last = lit.iter().max_by_key(|flash| flash.end()).filter(|flash| self.shows(flash.end()))?;
            let value = margin(&window, first, last).seconds();
            self.between(exposed.frame, pulse.start(), pulse.end(), value, true)
        });
        values.collect()
    }
}
