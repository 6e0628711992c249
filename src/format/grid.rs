//! From times to samples.
//!
//! Some formats state the times of changes instead of samples. Where the real sample rate is known, each time must be
//! that of a sample, within the rounding of the file's unit; where it is not, the time units themselves are counted,
//! and nothing finer is claimed than the user states later. Work and memory follow the changes, not the time.

use super::FormatError;
use crate::capture::{Extent, Sink};
use crate::signal::{Lost, LostSpan};
use crate::units::{Rational, Rounding, SampleIndex, SampleRate, Unit, value_text};

/// The unit of a file's times: 10^-exponent seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tick {
    exponent: i32,
}

/// A hundred seconds and a femtosecond: the coarsest and the finest unit of a file.
const COARSEST: i32 = -2;
const FINEST: i32 = 15;

impl Tick {
    /// A femtosecond.
    pub(super) const FEMTOSECOND: Tick = Tick { exponent: FINEST };
    /// A nanosecond.
    pub(super) const NANOSECOND: Tick = Tick { exponent: 9 };

    /// 10^-exponent seconds; none beyond what files use.
    pub(super) fn new(exponent: i32) -> Option<Tick> {
        (COARSEST..=FINEST).contains(&exponent).then_some(Tick { exponent })
    }

    /// It is 10^-exponent seconds.
    pub(super) fn exponent(self) -> i32 {
        self.exponent
    }

    /// How many of it a second has, as the rate of samples that are counted by it.
    pub(super) fn rate(self) -> Option<SampleRate> {
        SampleRate::from_hz(Rational::decimal(1, self.exponent))
    }

    /// So many of it in seconds.
    fn seconds(self, ticks: i128) -> Rational {
        Rational::decimal(ticks, -self.exponent)
    }
}

/// Why times do not fit samples.
#[derive(Debug, thiserror::Error)]
pub(super) enum GridError {
    #[error(
        "the edge at {at} lies between two samples of {rate}, {off} beside the next; state the rate that the capture was taken at, or leave --samplerate out"
    )]
    OffGrid { at: String, rate: String, off: String },
    #[error("its times are in units of {unit}, too coarse to tell samples at {rate} apart; state a lower --samplerate")]
    TooCoarse { unit: String, rate: String },
    #[error("two edges of one line at {at} lie within one sample of {rate}; state the rate that it was taken at")]
    WithinSample { at: String, rate: String },
    #[error("a rate of {0} cannot be counted in its times; state it in decimals")]
    NotDecimal(String),
    #[error("its times reach beyond what can be counted")]
    TooLong,
}

/// How samples lie among ticks.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    tick: Tick,
    /// The rate of the samples; none: the ticks are counted.
    rate: Option<SampleRate>,
    /// `samples` sample periods are `ticks` ticks.
    ticks: i128,
    samples: i128,
    /// How far, in ticks, the file's rounding may move a time.
    rounding: i128,
}

impl Grid {
    /// Samples of this rate among times in ticks; without a rate, every tick is one.
    pub(super) fn new(tick: Tick, rate: Option<&SampleRate>) -> Result<Grid, GridError> {
        let Some(rate) = rate else { return Ok(Grid { tick, rate: None, ticks: 1, samples: 1, rounding: 0 }) };
        let rate_text = || value_text(rate.hz(), Unit::Hertz, Rounding::Nearest);
        let (ticks, samples) = spacing(tick, rate).ok_or_else(|| GridError::NotDecimal(rate_text()))?;
        // Where samples lie on whole ticks, nothing was rounded.
        let whole = ticks % samples == 0;
        if ticks - samples <= samples && !whole {
            let unit = value_text(&tick.seconds(1), Unit::Second, Rounding::Nearest);
            return Err(GridError::TooCoarse { unit, rate: rate_text() });
        }
        let rounding = i128::from(ticks - samples > samples);
        Ok(Grid { tick, rate: Some(rate.clone()), ticks, samples, rounding })
    }

    /// The sample nearest to this many ticks, and how far beside it they are, in ticks times `samples`.
    fn nearest(&self, ticks: i128) -> Option<(i128, i128)> {
        let at = ticks.checked_mul(self.samples)?;
        let sample = at.checked_mul(2)?.checked_add(self.ticks)?.div_euclid(self.ticks.checked_mul(2)?);
        Some((sample, at - sample.checked_mul(self.ticks)?))
    }

    /// The last sample that is not after this many ticks, as far as they can be told.
    fn last_before(&self, ticks: i128) -> Option<i128> {
        let slack = self.slack(ticks)?;
        Some(ticks.checked_mul(self.samples)?.checked_add(slack)?.div_euclid(self.ticks))
    }

    /// How far times so far apart may lie beside whole samples, in ticks times `samples`: the rounding of the file's unit,
    /// and that of the double-precision numbers by which many programs compute times.
    fn slack(&self, ticks: i128) -> Option<i128> {
        const DOUBLE: u32 = 50;
        if self.rounding == 0 { Some(0) } else { (self.rounding + (ticks.abs() >> DOUBLE)).checked_mul(self.samples) }
    }
}

/// How many ticks are how many samples.
fn spacing(tick: Tick, rate: &SampleRate) -> Option<(i128, i128)> {
    const MOST_DECIMALS: i32 = 12;
    (0..=MOST_DECIMALS).find_map(|decimals| {
        let scaled = rate.hz() * &Rational::decimal(1, decimals);
        let samples = scaled.to_integer(Rounding::Down).filter(|whole| Rational::integer(*whole) == scaled)?;
        let exponent = tick.exponent + decimals;
        let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
        if exponent >= 0 { Some((power, samples)) } else { Some((1, samples.checked_mul(power)?)) }
    })
}

/// What is known at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Now {
    /// The record has not begun.
    Before,
    /// The levels of all wanted probes.
    Known,
    /// Not the level of every wanted probe, from this sample on.
    Unknown(u64),
}

/// A time in ticks and the sample that it is.
#[derive(Debug, Clone, Copy)]
struct Mark {
    tick: i128,
    sample: u64,
}

/// Sends the states of a record of times to a sink, by samples.
pub(super) struct Placer<'a> {
    format: &'static str,
    grid: Grid,
    sink: &'a mut dyn Sink,
    now: Now,
    /// Where the record, or what follows a gap, begins.
    begin: Mark,
    /// The first change behind it: the others lie whole samples after it.
    anchor: Option<Mark>,
    /// What the sink was told last.
    sent: Option<u64>,
    /// What it is told next, since more lines may change at that sample.
    next: Option<(u64, u64)>,
    latest: i128,
    lost: Vec<LostSpan>,
    problems: Vec<String>,
    cut: bool,
}

/// More stretches without data than this are not said one by one.
const MOST_PROBLEMS: usize = 100;

impl<'a> Placer<'a> {
    pub(super) fn new(format: &'static str, grid: Grid, sink: &'a mut dyn Sink) -> Placer<'a> {
        Placer {
            format,
            grid,
            sink,
            now: Now::Before,
            begin: Mark { tick: 0, sample: 0 },
            anchor: None,
            sent: None,
            next: None,
            latest: 0,
            lost: Vec::new(),
            problems: Vec::new(),
            cut: false,
        }
    }

    /// From this time on, which is not before the last one, the wanted probes show this state.
    pub(super) fn known(&mut self, tick: i128, state: u64) -> Result<(), FormatError> {
        self.latest = tick;
        let sample = match self.now {
            Now::Before => 0,
            Now::Known if self.next.map(|(_, next)| next).or(self.sent) == Some(state) => return Ok(()),
            Now::Known => self.edge(tick)?,
            Now::Unknown(from) => {
                let sample = self.sample_after(tick)?.max(from);
                self.lose(from, sample);
                sample
            }
        };
        if self.now != Now::Known {
            self.begin = Mark { tick, sample };
            self.anchor = None;
            self.now = Now::Known;
        }
        self.put(tick, sample, state)
    }

    /// From this time on, not all wanted probes are known.
    pub(super) fn unknown(&mut self, tick: i128) -> Result<(), FormatError> {
        self.latest = tick;
        match self.now {
            Now::Before => {
                self.begin = Mark { tick, sample: 0 };
                self.now = Now::Unknown(0);
            }
            Now::Known => {
                let shown = self.next.map_or(0, |(sample, _)| sample + 1);
                let from = self.sample_before(tick)?.max(shown);
                self.flush()?;
                self.now = Now::Unknown(from);
            }
            Now::Unknown(_) => {}
        }
        Ok(())
    }

    /// The record goes on for an unknown time that cannot be read.
    pub(super) fn cut(&mut self, problem: String) {
        self.problems.push(problem);
        self.cut = true;
    }

    /// The record ends: before this time, or with the last sample that was told of.
    pub(super) fn finish(mut self, end: Option<i128>) -> Result<Extent, FormatError> {
        let last = self.next.map_or(0, |(sample, _)| sample + 1);
        self.flush()?;
        let mut length = match self.now {
            Now::Before => 0,
            Now::Known | Now::Unknown(_) => match end {
                Some(end) => self.sample_after(end.max(self.latest))?.max(last),
                None => self.sample_before(self.latest)?.max(last.saturating_sub(1)) + 1,
            },
        };
        if let Now::Unknown(from) = self.now {
            length = length.max(from);
            self.lose(from, length);
        }
        if self.cut {
            let end = SampleIndex::new(length);
            self.lost.push(LostSpan { from: end, to: end });
            self.sink.lost(LostSpan { from: end, to: end });
        }
        Ok(Extent {
            length: SampleIndex::new(length),
            lost: Lost::from_spans(self.lost),
            problems: self.problems,
            analog: Vec::new(),
        })
    }

    /// The sample of an edge: the first is placed among the samples from the beginning, the others by the first.
    fn edge(&mut self, tick: i128) -> Result<u64, FormatError> {
        let Some(anchor) = self.anchor else {
            let sample = self.sample_before(tick)?.max(self.begin.sample + 1);
            self.anchor = Some(Mark { tick, sample });
            return Ok(sample);
        };
        let ticks = tick - anchor.tick;
        let nearest = self.grid.nearest(ticks).zip(self.grid.slack(ticks));
        let ((samples, beside), slack) = nearest.ok_or_else(|| self.error(GridError::TooLong))?;
        if beside.abs() > slack {
            let off = self.grid.tick.seconds(beside.abs() / self.grid.samples);
            let (at, rate) = (self.time_text(tick), self.rate_text());
            let off = value_text(&off, Unit::Second, Rounding::Nearest);
            return Err(self.error(GridError::OffGrid { at, rate, off }));
        }
        self.index(anchor.sample, samples)
    }

    fn sample_before(&self, tick: i128) -> Result<u64, FormatError> {
        let mark = self.anchor.unwrap_or(self.begin);
        let samples = self.grid.last_before(tick - mark.tick).ok_or_else(|| self.error(GridError::TooLong))?;
        self.index(mark.sample, samples)
    }

    fn sample_after(&self, tick: i128) -> Result<u64, FormatError> {
        let mark = self.anchor.unwrap_or(self.begin);
        let samples = self.grid.last_before(mark.tick - tick).ok_or_else(|| self.error(GridError::TooLong))?;
        self.index(mark.sample, samples.saturating_neg())
    }

    fn index(&self, from: u64, samples: i128) -> Result<u64, FormatError> {
        let sample = i128::from(from).saturating_add(samples);
        let countable = u64::try_from(sample.max(0)).ok().filter(|sample| *sample <= i64::MAX as u64);
        countable.ok_or_else(|| self.error(GridError::TooLong))
    }

    fn put(&mut self, tick: i128, sample: u64, state: u64) -> Result<(), FormatError> {
        if let Some((next, shown)) = self.next
            && next == sample
        {
            if (self.sent.unwrap_or(shown) ^ shown) & (shown ^ state) != 0 || (self.sent.is_none() && shown != state) {
                let (at, rate) = (self.time_text(tick), self.rate_text());
                return Err(self.error(GridError::WithinSample { at, rate }));
            }
        } else {
            self.flush()?;
        }
        self.next = Some((sample, state));
        Ok(())
    }

    fn flush(&mut self) -> Result<(), FormatError> {
        let Some((sample, state)) = self.next.take() else { return Ok(()) };
        if self.sent != Some(state) {
            // Before the first known sample nothing is known; what it shows stands for it.
            let at = if self.sent.is_none() { 0 } else { sample };
            self.sink.change(SampleIndex::new(at), state)?;
            self.sent = Some(state);
        }
        Ok(())
    }

    fn lose(&mut self, from: u64, to: u64) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(match to - from {
                0 => format!("an unknown time before sample {from} has no data and is lost"),
                _ => format!("samples {from} to {} have no data and are lost", to - 1),
            });
        }
        let span = LostSpan { from: SampleIndex::new(from), to: SampleIndex::new(to) };
        self.lost.push(span);
        self.sink.lost(span);
    }

    fn time_text(&self, tick: i128) -> String {
        format!(
            "{} s",
            self.grid.tick.seconds(tick).to_decimal(self.grid.tick.exponent.max(0).unsigned_abs(), Rounding::Nearest)
        )
    }

    fn rate_text(&self) -> String {
        let rate = self.grid.rate.clone().or_else(|| self.grid.tick.rate());
        rate.map(|rate| value_text(rate.hz(), Unit::Hertz, Rounding::Nearest)).unwrap_or_default()
    }

    fn error(&self, error: GridError) -> FormatError {
        FormatError::Unreadable { format: self.format, reason: Box::new(error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::EveryChange;

    /// The changes that the sink was told of, the length, and what is lost.
    type Placed = (Vec<(u64, u64)>, u64, Vec<(u64, u64)>);

    /// The calls for changes at these ticks: a state, or none where it is unknown.
    fn placed(
        exponent: i32,
        rate: Option<&str>,
        changes: &[(i128, Option<u64>)],
        end: Option<i128>,
    ) -> Result<Placed, String> {
        let rate = rate.map(|rate| SampleRate::parse(rate).unwrap());
        let grid = Grid::new(Tick::new(exponent).unwrap(), rate.as_ref()).map_err(|error| error.to_string())?;
        let mut calls = EveryChange::default();
        let mut placer = Placer::new("test", grid, &mut calls);
        for (tick, state) in changes {
            match state {
                Some(state) => placer.known(*tick, *state),
                None => placer.unknown(*tick),
            }
            .map_err(|error| error.to_string())?;
        }
        let extent = placer.finish(end).map_err(|error| error.to_string())?;
        let lost = extent.lost.spans().iter().map(|span| (span.from.get(), span.to.get())).collect();
        Ok((calls.0, extent.length.get(), lost))
    }

    #[test]
    fn without_a_rate_ticks_are_counted_from_the_first_time() {
        let changes = [(-20, Some(0)), (-15, Some(1)), (3, Some(1)), (7, Some(0))];
        assert_eq!(placed(9, None, &changes, Some(30)), Ok((vec![(0, 0), (5, 1), (27, 0)], 50, vec![])));
        assert_eq!(placed(9, None, &changes, None).unwrap().1, 28);
        assert_eq!(placed(9, None, &[], None), Ok((vec![], 0, vec![])));
    }

    #[test]
    fn rounded_times_are_those_of_samples() {
        // 24 MHz in units of 100 ps: sample n is at 416.67 n, to the nearest unit, or cut.
        let times = |cut: bool| [0_i128, 1, 2, 5, 24_000_001].map(|n| (n * 1250 + if cut { 0 } else { 1 }) / 3);
        for times in [times(false), times(true)] {
            let changes: Vec<(i128, Option<u64>)> =
                times.iter().zip([0, 1, 0, 1, 0]).map(|(time, state)| (*time, Some(state))).collect();
            let (calls, length, _) = placed(10, Some("24 MHz"), &changes, None).unwrap();
            assert_eq!((calls, length), (vec![(0, 0), (1, 1), (2, 0), (5, 1), (24_000_001, 0)], 24_000_002));
        }
    }

    #[test]
    fn a_record_may_begin_and_end_between_samples() {
        let changes = [(300, Some(0)), (1500, Some(1)), (2500, Some(0))];
        // A sample each 1000 ns, at 500, 1500 and so on: only the one at 500 comes before the first edge.
        assert_eq!(placed(9, Some("1 MHz"), &changes, Some(4400)), Ok((vec![(0, 0), (1, 1), (2, 0)], 4, vec![])));
    }

    #[test]
    fn a_rate_beyond_counting_is_refused() {
        let hz = Rational::integer(i128::MAX);
        let rate = SampleRate::from_hz(hz).unwrap();
        let error = Grid::new(Tick::FEMTOSECOND, Some(&rate)).unwrap_err().to_string();
        assert!(error.starts_with("its times are in units of 0.001 ps, too coarse to tell samples at"), "{error}");
    }

    #[test]
    fn times_between_samples_are_refused() {
        let off = |tick| placed(9, Some("1 MHz"), &[(0, Some(0)), (1000, Some(1)), (tick, Some(0))], None);
        assert!(off(5000).is_ok() && off(5001).is_ok() && off(4999).is_ok());
        assert_eq!(
            off(5002).unwrap_err(),
            "the edge at 0.000005002 s lies between two samples of 1 MHz, 2 ns beside the next; \
             state the rate that the capture was taken at, or leave --samplerate out"
        );
    }

    #[test]
    fn units_too_coarse_for_the_rate_are_refused() {
        let coarse = |rate| placed(6, Some(rate), &[(0, Some(0)), (10, Some(1)), (13, Some(0))], None);
        assert_eq!(coarse("1 MHz").unwrap().0, [(0, 0), (10, 1), (13, 0)]);
        // 13 units are 5.2 samples of 2.5 units: as near to the fifth as rounding may move it.
        assert_eq!(coarse("400 kHz").unwrap().0, [(0, 0), (4, 1), (5, 0)]);
        assert_eq!(
            coarse("700 kHz").unwrap_err(),
            "its times are in units of 1 \u{b5}s, too coarse to tell samples at 700 kHz apart; state a lower --samplerate"
        );
        assert!(coarse("24 MHz").unwrap_err().contains("too coarse"));
    }

    #[test]
    fn lines_may_change_together_and_none_twice_within_a_sample() {
        let changes = |state| [(0, Some(0)), (1000, Some(1)), (2000, Some(0)), (2001, Some(state))];
        assert_eq!(placed(9, Some("1 MHz"), &changes(2), None).unwrap().0, [(0, 0), (1, 1), (2, 2)]);
        let twice = placed(9, Some("1 MHz"), &changes(1), None).unwrap_err();
        assert!(twice.starts_with("two edges of one line at 0.000002001 s lie within one sample of 1 MHz"), "{twice}");
    }

    #[test]
    fn what_is_unknown_is_lost() {
        let changes = [(0, Some(1)), (10, None), (20, Some(0)), (25, Some(1)), (30, None)];
        assert_eq!(
            placed(6, None, &changes, Some(40)),
            Ok((vec![(0, 1), (20, 0), (25, 1)], 40, vec![(10, 20), (30, 40)]))
        );
        assert_eq!(
            placed(6, None, &[(0, None), (5, Some(1)), (8, Some(0))], None),
            Ok((vec![(0, 1), (8, 0)], 9, vec![(0, 5)]))
        );
    }
}
