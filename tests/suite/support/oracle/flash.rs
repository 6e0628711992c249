//! The true values of flash.*.

use strobecheck::rig::{Role, StrobeShows};
use strobecheck::scenario::{Femtos, TruePulse};
use strobecheck::units::{Rational, SampleIndex};

use super::{Border, Oracle, TrueValue, union};

impl Oracle<'_> {
    /// The flash pulses that an exposure has at least a moment in common with.
    pub(super) fn touching(&self, exposure: &TruePulse) -> Vec<TruePulse> {
        self.flashes().into_iter().filter(|flash| flash.overlap(exposure) > Femtos::ZERO).collect()
    }

    /// A value for each exposure and the flashes that touch it.
    fn per_exposure(
        &self,
        value: impl Fn(Option<i64>, &TruePulse, &[TruePulse]) -> Option<TrueValue>,
    ) -> Vec<TrueValue> {
        let exposures = self.exposures().into_iter();
        exposures.filter_map(|exposed| value(exposed.frame, &exposed.pulse, &self.touching(&exposed.pulse))).collect()
    }

    /// The time in which any row is exposed, from row 0's start to the last row's end.
    pub(super) fn all_rows(&self, pulse: &TruePulse) -> TruePulse {
        self.moved(pulse, [(0, 1), (-1, 1), (0, 0)]).unwrap_or(*pulse)
    }

    /// The time in which row 0 is exposed.
    pub(super) fn row_0(&self, pulse: &TruePulse) -> Option<TruePulse> {
        self.moved(pulse, [(0, 0), (-1, 0), (0, -1)])
    }

    /// The time in which all rows are exposed at once.
    pub(super) fn window(&self, pulse: &TruePulse) -> Option<TruePulse> {
        self.moved(pulse, [(1, 0), (0, 0), (1, -1)])
    }

    /// STROBE's pulse, with its start and end later by so many readout times where it shows row 0, all rows, or any row.
    fn moved(&self, pulse: &TruePulse, later: [(i128, i128); 3]) -> Option<TruePulse> {
        let readout = self.readout_time().unwrap_or_default();
        let (start, end) = later[match self.rig.cameras[self.place].strobe_shows {
            StrobeShows::Row0 => 0,
            StrobeShows::AllRows => 1,
            StrobeShows::AnyRow => 2,
        }];
        let later = |times: i128| Femtos::new(readout.get() * times);
        TruePulse::between(pulse.start() + later(start), pulse.end() + later(end))
    }

    /// Whether the flash is the camera's own, or lights any of its exposures.
    pub(super) fn is_ever_lit(&self) -> bool {
        let is_own = self.rig.cameras[self.place]
            .wires(Role::Flash)
            .iter()
            .any(|&wire| self.rig.wire(wire).owner == self.name());
        let shown = |pulse: &TruePulse| self.shows(pulse.start()) || self.shows(pulse.end());
        let exposures = self.exposures();
        is_own || exposures.iter().any(|exposed| shown(&exposed.pulse) && !self.touching(&exposed.pulse).is_empty())
    }

    /// The exposures whose rows were all seen to end and of which no flash touches any; none of a camera that only shares
    /// the flash of another one and is never lit by it.
    pub(super) fn missing_flashes(&self) -> usize {
        if !self.is_ever_lit() {
            return 0;
        }
        let (flashes, exposures) = (self.flashes(), self.exposures());
        let lit = |pulse: &TruePulse| flashes.iter().any(|flash| flash.overlap(pulse) > Femtos::ZERO);
        let rows = exposures.iter().filter(|exposed| self.is_whole(&exposed.pulse)).map(|e| self.all_rows(&e.pulse));
        rows.filter(|rows| self.is_whole(rows) && !lit(rows)).count()
    }

    /// The flash pulses that were seen whole and touch no exposure of the cameras that share them.
    pub(super) fn extra_flashes(&self) -> usize {
        let exposed = self.all_exposed();
        let whole = self.flashes().into_iter().filter(|flash| self.is_whole(flash));
        whole.filter(|flash| exposed.iter().all(|pulse| pulse.overlap(flash) == Femtos::ZERO)).count()
    }

    /// When anything is exposed of the cameras that share the flash.
    fn all_exposed(&self) -> Vec<TruePulse> {
        let cameras = self.sharing().into_iter();
        let rows = cameras.flat_map(|place| {
            let camera = self.of(place);
            let exposures = camera.exposures().into_iter();
            exposures.map(|exposed| camera.all_rows(&exposed.pulse)).collect::<Vec<_>>()
        });
        union(rows.collect())
    }

    pub(super) fn leads(&self) -> Vec<TrueValue> {
        self.per_exposure(|frame, exposure, lit| {
            let first = lit.iter().min_by_key(|flash| flash.start())?;
            let whole = self.is_whole(first) && self.is_whole(exposure);
            self.time(frame, first.start(), exposure.start(), whole)
        })
    }

    pub(super) fn lags(&self) -> Vec<TrueValue> {
        self.per_exposure(|frame, exposure, lit| {
            let last = lit.iter().max_by_key(|flash| flash.end())?;
            let whole = self.is_whole(last) && self.is_whole(exposure);
            self.time(frame, exposure.end(), last.end(), whole)
        })
    }

    /// From each FSIN edge to the first flash that touches the exposure of its frame, where STROBE shows it; else to the
    /// first flash that starts before the next one, as far as samples can tell their order.
    pub(super) fn flash_latencies(&self) -> Option<Vec<TrueValue>> {
        if !self.fsin_is_wired() {
            return None;
        }
        if self.rig.cameras[self.place].has(Role::Strobe) {
            let borders = self.fsin_borders();
            let latency = self.exposures().into_iter().filter(|exposed| exposed.in_burst == 0).filter_map(|exposed| {
                let border = borders.iter().find(|border| Some(border.opens) == exposed.frame)?;
                let lit = self.touching(&exposed.pulse);
                let first = lit.iter().min_by_key(|flash| flash.start())?;
                self.time(exposed.frame, border.at, first.start(), self.is_whole(&exposed.pulse))
            });
            return Some(latency.collect());
        }
        let sampler = &self.simulation.sampler;
        let starts: Vec<(SampleIndex, Femtos)> = (self.flashes().iter())
            .filter_map(|flash| Some((sampler.shows_at(flash.start())?, flash.start())))
            .collect();
        let borders: Vec<(SampleIndex, Border)> = (self.fsin_borders().into_iter())
            .filter_map(|border| Some((sampler.shows_at(border.at)?, border)))
            .collect();
        let latency = borders.iter().enumerate().filter_map(|(i, (from, border))| {
            let next = borders.get(i + 1).map(|(next, _)| *next);
            let in_frame = |(at, _): &&(SampleIndex, Femtos)| at >= from && next.is_none_or(|next| *at < next);
            let (_, first) = starts.iter().find(in_frame)?;
            // After the last edge that shows, the next one may have come first.
            self.time(Some(border.opens), border.at, *first, next.is_some())
        });
        Some(latency.collect())
    }

    pub(super) fn coverages(&self) -> Vec<TrueValue> {
        if self.flashes().is_empty() {
            return Vec::new();
        }
        self.per_exposure(|frame, exposure, lit| {
            // Of a rolling shutter, the time in which all rows are exposed.
            let window = self.window(exposure)?;
            let covered = lit.iter().fold(Femtos::ZERO, |sum, flash| sum + flash.overlap(&window));
            let share = covered.seconds().checked_div(&window.width().seconds())?;
            let percent = share * Rational::integer(100);
            self.between(frame, exposure.start(), exposure.end(), percent, self.is_whole(exposure))
        })
    }

    pub(super) fn leaks(&self) -> Vec<TrueValue> {
        let (flashes, exposures) = (self.flashes(), self.all_exposed());
        if flashes.is_empty() {
            return Vec::new();
        }
        let borders = self.borders();
        let leak = borders.windows(2).filter_map(|pair| {
            let frame = TruePulse::between(pair[0].at, pair[1].at)?;
            let mut leak = Femtos::ZERO;
            for flash in &flashes {
                let within = TruePulse::between(flash.start().max(frame.start()), flash.end().min(frame.end()));
                let Some(within) = within else { continue };
                let exposed = exposures.iter().fold(Femtos::ZERO, |sum, pulse| sum + within.overlap(pulse));
                leak = leak + (within.width() - exposed);
            }
            self.between(None, pair[0].edges.0, pair[1].edges.1, leak.seconds(), true)
        });
        leak.collect()
    }

    pub(super) fn on_times(&self) -> Vec<TrueValue> {
        let flashes = self.flashes().into_iter();
        flashes.filter_map(|flash| self.time(None, flash.start(), flash.end(), true)).collect()
    }

    pub(super) fn off_times(&self) -> Vec<TrueValue> {
        let flashes = self.flashes();
        flashes.windows(2).filter_map(|two| self.time(None, two[0].end(), two[1].start(), true)).collect()
    }

    pub(super) fn cycle_duties(&self) -> Vec<TrueValue> {
        let flashes = self.flashes();
        let duty = flashes.windows(2).filter(|two| self.shows(two[0].end())).filter_map(|two| {
            let period = (two[1].start() - two[0].start()).seconds();
            let percent = two[0].width().seconds().checked_div(&period)? * Rational::integer(100);
            self.between(None, two[0].start(), two[1].start(), percent, true)
        });
        duty.collect()
    }

    /// How many flashes touch any row of each exposure; those whose last rows the record may cut need not be measured.
    pub(super) fn flash_pulses(&self) -> Vec<TrueValue> {
        let flashes = self.flashes();
        self.per_exposure(|frame, exposure, _| {
            let rows = self.all_rows(exposure);
            let count = flashes.iter().filter(|flash| flash.overlap(&rows) > Femtos::ZERO).count() as u64;
            let recorded = self.is_whole(exposure) && self.is_recorded_around(&rows);
            self.between(frame, exposure.start(), exposure.end(), Rational::from(count), recorded)
        })
    }

    /// The highest share of any window of the record; `None` of a record shorter than that.
    pub(super) fn duty(&self, seconds: &Rational) -> Option<Vec<TrueValue>> {
        let flashes = self.flashes();
        let sampler = &self.simulation.sampler;
        let last = SampleIndex::new(sampler.length().get() - 1);
        let (from, to) = (sampler.time(SampleIndex::default()), sampler.time(last));
        // A share grows only while a window's end enters a pulse or its start leaves a gap: the best window starts with
        // a pulse, ends with one, or lies at an end of the record.
        let starts = flashes.iter().map(|flash| flash.start().seconds());
        let ends = flashes.iter().map(|flash| flash.end().seconds() - seconds);
        let windows = starts.chain(ends).chain([from.clone(), &to - seconds]);
        let inside = windows.filter(|start| *start >= from && start + seconds <= to);
        let share = inside.filter_map(|start| {
            let start = Femtos::from_seconds(&start)?;
            let window = TruePulse::between(start, start + Femtos::from_seconds(seconds)?)?;
            Some(flashes.iter().fold(Femtos::ZERO, |sum, flash| sum + flash.overlap(&window)).seconds())
        });
        let most = share.reduce(Rational::max)?.checked_div(seconds)?;
        Some(vec![self.of_capture(most * Rational::integer(100))])
    }

    pub(super) fn hold(&self) -> Option<Vec<TrueValue>> {
        let (flashes, exposed) = (self.flashes(), self.all_exposed());
        let misses = |flash: &TruePulse| exposed.iter().all(|pulse| pulse.overlap(flash) == Femtos::ZERO);
        let values = self.per_exposure(|frame, exposure, lit| {
            let before = flashes.iter().rfind(|flash| flash.start() < exposure.start());
            let missed = before.filter(|flash| lit.is_empty() && misses(flash));
            let first = lit.iter().min_by_key(|flash| flash.start()).or(missed)?;
            let beyond = (exposure.end() - first.start() - exposure.width()).seconds();
            self.between(frame, first.start(), exposure.start(), beyond, true)
        });
        Some(vec![self.of_capture(values.into_iter().map(|value| value.value).reduce(Rational::max)?)])
    }
}
