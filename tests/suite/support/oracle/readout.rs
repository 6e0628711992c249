//! The true values of readout.* and rolling.*.

use strobecheck::rig::{Role, Shutter, StrobeShows};
use strobecheck::scenario::{Femtos, TruePulse};
use strobecheck::units::Rational;

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
        Some(whole.filter(|exposed| self.window_width(&exposed.pulse, readout) <= Femtos::ZERO).count())
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
            let width = self.window_width(&pulse, readout).seconds();
            self.between(exposed.frame, pulse.start(), pulse.end(), width, true)
        });
        window.collect()
    }

    fn window_width(&self, shown: &TruePulse, readout: Femtos) -> Femtos {
        match self.rig.cameras[self.place].strobe_shows {
            StrobeShows::Row0 => shown.width() - readout,
            StrobeShows::AllRows => shown.width(),
            StrobeShows::AnyRow => shown.width() - readout - readout,
        }
    }

    /// Whether a stretch lies well within the record.
    pub(super) fn is_recorded_around(&self, stretch: &TruePulse) -> bool {
        let a_millisecond = Femtos::new(1_000_000_000_000);
        // What begins with STROBE needs no time before.
        self.shows(stretch.end() + a_millisecond) && self.shows(stretch.start())
    }

    /// A value of each exposure that any flash lights in any row, by row 0 and the delay of the last row.
    fn by_rows(&self, value: impl Fn(&TruePulse, Femtos) -> Option<Rational>) -> Vec<TrueValue> {
        let Some(readout) = self.readout_time() else { return Vec::new() };
        let values = self.exposures().into_iter().filter_map(|exposed| {
            let pulse = exposed.pulse;
            let rows = self.all_rows(&pulse);
            let recorded = self.is_whole(&pulse)
                && self.is_recorded_around(&rows)
                && (rows.start() == pulse.start() || self.shows(rows.start() - Femtos::new(1_000_000_000_000)));
            let percent = value(&pulse, readout)? * Rational::integer(100);
            self.between(exposed.frame, pulse.start(), pulse.end(), percent, recorded)
        });
        values.collect()
    }

    /// The rows, by how much later than row 0 they are, at which an end of a row meets an end of a flash; the first and the last.
    fn meetings(&self, pulse: &TruePulse, readout: Femtos) -> Vec<Femtos> {
        let ends = self.flashes().into_iter().flat_map(|flash| [flash.start(), flash.end()]);
        let met = ends.flat_map(|end| [end - pulse.start(), end - pulse.end()]);
        let within = met.filter(|later| (Femtos::ZERO..readout).contains(later));
        let mut meetings: Vec<Femtos> = within.chain([Femtos::ZERO, readout]).collect();
        meetings.sort();
        meetings
    }

    pub(super) fn evenness(&self) -> Vec<TrueValue> {
        let flashes = self.flashes();
        self.by_rows(|pulse, readout| {
            let pulse = &self.row_0(pulse)?;
            let light = |later: Femtos| {
                let row = TruePulse::between(pulse.start() + later, pulse.end() + later);
                flashes.iter().filter_map(|flash| Some(flash.overlap(&row?))).fold(Femtos::ZERO, |sum, lit| sum + lit)
            };
            let lit: Vec<Femtos> = self.meetings(pulse, readout).into_iter().map(light).collect();
            let (least, most) = (lit.iter().min()?, lit.iter().max()?);
            least.seconds().checked_div(&most.seconds())
        })
    }

    pub(super) fn lit_rows(&self) -> Vec<TrueValue> {
        self.by_rows(|pulse, readout| {
            let window = self.window(pulse);
            let pulse = &self.row_0(pulse)?;
            let in_window = window.map(|window| self.touching(&window)).unwrap_or_default();
            let flashes = if in_window.is_empty() { self.touching(pulse) } else { in_window };
            let holds = |a: &TruePulse, b: &TruePulse| a.start() <= b.start() && b.end() <= a.end();
            let meetings = self.meetings(pulse, readout);
            let lit = meetings.windows(2).filter(|two| {
                let later = Femtos::new((two[0].get() + two[1].get()) / 2);
                let row = TruePulse::between(pulse.start() + later, pulse.end() + later);
                row.is_some_and(|row| flashes.iter().all(|flash| holds(&row, flash) || holds(flash, &row)))
            });
            let lit = lit.fold(Femtos::ZERO, |sum, two| sum + (two[1] - two[0]));
            lit.seconds().checked_div(&readout.seconds()).filter(|_| !flashes.is_empty())
        })
    }

    pub(super) fn margins_at_start(&self) -> Vec<TrueValue> {
        self.margins(|window, first, _| first.start() - window.start())
    }

    pub(super) fn margins_at_end(&self) -> Vec<TrueValue> {
        self.margins(|window, _, last| window.end() - last.end())
    }

    /// A margin between the window in which all rows are exposed and the first and last flash that touch the exposure.
    fn margins(&self, margin: fn(&TruePulse, &TruePulse, &TruePulse) -> Femtos) -> Vec<TrueValue> {
        if self.readout_time().is_none() {
            return Vec::new();
        }
        let values = self.exposures().into_iter().filter_map(|exposed| {
            let pulse = exposed.pulse;
            let window = self.window(&pulse)?;
            let lit = self.touching(&pulse);
            let first = lit.iter().min_by_key(|flash| flash.start()).filter(|flash| self.shows(flash.start()))?;
            let last = lit.iter().max_by_key(|flash| flash.end()).filter(|flash| self.shows(flash.end()))?;
            let value = margin(&window, first, last).seconds();
            self.between(exposed.frame, pulse.start(), pulse.end(), value, true)
        });
        values.collect()
    }
}
