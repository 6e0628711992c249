//! The states of a record of times, sent to a sink by samples.

use super::gaps::Gaps;
use super::levels::Levels;
use super::timebase::{Timebase, TimebaseError};
use super::{FormatError, unreadable};
use crate::capture::{Extent, RecordEnd, Sink};
use crate::units::SampleIndex;

/// A time in ticks and the sample that it is.
#[derive(Debug, Clone, Copy)]
struct Mark {
    tick: i128,
    sample: u64,
}

/// Where a record ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finish {
    /// Before this time.
    Before(i128),
    /// With the last time that was told of, by which its end is stated or not.
    Last(RecordEnd),
}

/// Sends the states of a record of times to a sink, by samples.
pub(super) struct Placer<'a> {
    timebase: Timebase,
    sink: &'a mut dyn Sink,
    /// The bits of the wanted probes.
    wanted: u64,
    /// Those whose level is known; none before the record has begun.
    known: Option<u64>,
    /// Where the record, or what follows a gap on all lines, begins.
    begin: Mark,
    /// The first change behind it: the others lie whole samples after it.
    anchor: Option<Mark>,
    /// What the sink was told last.
    sent: Option<u64>,
    /// What it is told next, since more lines may change at that sample.
    next: Option<(u64, u64)>,
    latest: i128,
    gaps: Gaps,
    cut: bool,
}

impl<'a> Placer<'a> {
    pub(super) fn new(timebase: Timebase, wanted: u64, sink: &'a mut dyn Sink) -> Placer<'a> {
        Placer {
            timebase,
            sink,
            wanted,
            known: None,
            begin: Mark { tick: 0, sample: 0 },
            anchor: None,
            sent: None,
            next: None,
            latest: 0,
            gaps: Gaps::new(wanted),
            cut: false,
        }
    }

    /// From this time on, which is not before the last one, the probes have these levels.
    pub(super) fn levels(&mut self, tick: i128, levels: Levels) -> Result<(), FormatError> {
        self.latest = tick;
        let (known, high) = (levels.known() & self.wanted, levels.high() & self.wanted);
        let Some(before) = self.known.replace(known) else {
            self.begin = Mark { tick, sample: 0 };
            if known != 0 || self.wanted == 0 {
                self.next = Some((0, high & known));
            }
            return Ok(());
        };
        let shown = self.next.map(|(_, state)| state).or(self.sent).unwrap_or(0);
        let (gained, gone, changed) = (known & !before, before & !known, (shown ^ high) & known & before);
        let state = (shown & !known) | (high & known);
        if before == 0 && gained != 0 {
            return self.resume(tick, gained, state);
        }
        let is_gap = known == 0;
        let edge = if changed != 0 || ((gained | gone) != 0 && self.anchor.is_none() && !is_gap) {
            Some(self.edge(tick)?)
        } else {
            None
        };
        if gone != 0 {
            let shown = self.next.map_or(0, |(sample, _)| sample + 1);
            let from = self.sample_before(tick)?.max(shown);
            self.gaps.begin(gone, from);
        }
        if gained != 0 {
            let to = self.sample_after(tick)?.max(self.next.map_or(0, |(sample, _)| sample));
            let to = self.regain(gained, to)?;
            return self.put(tick, to, (state, changed));
        }
        edge.filter(|_| changed != 0).map_or(Ok(()), |sample| self.put(tick, sample, (state, changed)))
    }

    /// The first levels after none was known: what follows may lie beside the samples before it.
    fn resume(&mut self, tick: i128, gained: u64, state: u64) -> Result<(), FormatError> {
        let sample = self.sample_after(tick)?;
        let sample = self.regain(gained, sample)?;
        self.begin = Mark { tick, sample };
        self.anchor = None;
        self.put(tick, sample, (state, 0))
    }

    /// The record goes on for an unknown time that cannot be read.
    pub(super) fn cut(&mut self, problem: String) {
        self.gaps.problem(problem);
        self.cut = true;
    }

    /// The record ends.
    pub(super) fn finish(mut self, finish: Finish) -> Result<Extent, FormatError> {
        let shown = self.next.map_or(0, |(sample, _)| sample + 1);
        self.flush()?;
        let (length, end) = match (self.known, finish) {
            (None, Finish::Before(_)) => (0, RecordEnd::Stated),
            (None, Finish::Last(end)) => (0, end),
            (Some(_), Finish::Before(end)) => (self.sample_after(end.max(self.latest))?.max(shown), RecordEnd::Stated),
            (Some(_), Finish::Last(end)) => (self.sample_before(self.latest)?.max(shown.saturating_sub(1)) + 1, end),
        };
        let length = match self.known {
            Some(known) => self.regain(self.wanted & !known, length)?,
            None => length,
        };
        let length = SampleIndex::new(length);
        if self.cut {
            self.gaps.cut(length, self.sink);
        }
        let end = if self.cut { RecordEnd::AtLeast } else { end };
        Ok(Extent { end, ..self.gaps.into_extent(length) })
    }

    /// The sample of an edge: the first is placed among the samples from the beginning, the others by the first.
    fn edge(&mut self, tick: i128) -> Result<u64, FormatError> {
        let Some(anchor) = self.anchor else {
            let sample = self.sample_before(tick)?.max(self.begin.sample + 1);
            self.anchor = Some(Mark { tick, sample });
            return Ok(sample);
        };
        match self.timebase.samples_between(anchor.tick, tick).map_err(unreadable)? {
            Ok(samples) => self.index(anchor.sample, samples),
            Err(beside) => {
                let (at, rate) = (self.timebase.time_text(tick), self.timebase.rate_text());
                Err(unreadable(TimebaseError::OffGrid { at, rate, off: self.timebase.distance_text(beside.ticks) }))
            }
        }
    }

    fn sample_before(&self, tick: i128) -> Result<u64, FormatError> {
        let mark = self.anchor.unwrap_or(self.begin);
        let samples = self.timebase.last_before(mark.tick, tick).map_err(unreadable)?;
        self.index(mark.sample, samples)
    }

    fn sample_after(&self, tick: i128) -> Result<u64, FormatError> {
        let mark = self.anchor.unwrap_or(self.begin);
        let samples = self.timebase.first_after(mark.tick, tick).map_err(unreadable)?;
        self.index(mark.sample, samples)
    }

    fn index(&self, from: u64, samples: i128) -> Result<u64, FormatError> {
        let sample = i128::from(from).saturating_add(samples);
        let countable = u64::try_from(sample.max(0)).ok().filter(|sample| *sample <= i64::MAX as u64);
        countable.ok_or_else(|| unreadable(TimebaseError::TooLong))
    }

    /// From this sample on the state is this; the levels of the bits in `changed` were known before.
    fn put(&mut self, tick: i128, sample: u64, (state, changed): (u64, u64)) -> Result<(), FormatError> {
        if let Some((next, shown)) = self.next
            && next == sample
        {
            let twice = self.sent.map_or(changed, |sent| (sent ^ shown) & changed);
            if twice != 0 {
                let (at, rate) = (self.timebase.time_text(tick), self.timebase.rate_text());
                return Err(unreadable(TimebaseError::WithinSample { at, rate }));
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

    /// The levels of these bits are known again from this sample on, or a later one, which is returned.
    fn regain(&mut self, gained: u64, to: u64) -> Result<u64, FormatError> {
        let to = self.gaps.least_end(gained).max(to);
        if self.next.is_some_and(|(sample, _)| sample < to) {
            self.flush()?;
        }
        self.gaps.end(gained, to, self.sink)?;
        Ok(to)
    }
}

#[cfg(test)]
mod tests {
    use super::super::gaps::MOST_GAPS;
    use super::super::timebase::Tick;
    use super::*;
    use crate::capture::EveryChange;
    use crate::signal::Lost;
    use crate::units::{Rational, SampleRate};

    /// The changes that the sink was told of, and the extent.
    type Placed = (Vec<(u64, u64)>, Extent);

    /// What becomes of these levels at these ticks: for each line, the lowest bit last, its level, or `x`.
    fn levels(exponent: i32, rate: Option<&str>, changes: &[(i128, &str)], finish: Finish) -> Result<Placed, String> {
        let rate = rate.map(|rate| SampleRate::parse(rate).unwrap());
        let timebase = Timebase::new(Tick::new(exponent).unwrap(), rate.as_ref()).map_err(|error| error.to_string())?;
        let mut calls = EveryChange::default();
        let wanted = (1 << changes.first().map_or(0, |(_, text)| text.len())) - 1;
        let mut placer = Placer::new(timebase, wanted, &mut calls);
        for (tick, text) in changes {
            let mut levels = Levels::UNKNOWN;
            (0..).zip(text.bytes().rev()).for_each(|(bit, value)| assert!(levels.set(bit, value)));
            placer.levels(*tick, levels).map_err(|error| error.to_string())?;
        }
        let extent = placer.finish(finish).map_err(|error| error.to_string())?;
        Ok((calls.0, extent))
    }

    fn spans(lost: &Lost) -> Vec<(u64, u64)> {
        lost.spans().iter().map(|span| (span.from.get(), span.to.get())).collect()
    }

    fn unknown(extent: &Extent) -> Vec<(u32, Vec<(u64, u64)>)> {
        extent.unknown.iter().map(|(bit, lost)| (*bit, spans(lost))).collect()
    }

    /// The changes and the length of a record of two lines whose levels are known.
    fn placed(
        exponent: i32,
        rate: Option<&str>,
        changes: &[(i128, u64)],
        end: Option<i128>,
    ) -> Result<(Vec<(u64, u64)>, u64), String> {
        let changes: Vec<(i128, String)> =
            changes.iter().map(|(tick, state)| (*tick, format!("{state:02b}"))).collect();
        let changes: Vec<(i128, &str)> = changes.iter().map(|(tick, text)| (*tick, text.as_str())).collect();
        let finish = end.map_or(Finish::Last(RecordEnd::AtLeast), Finish::Before);
        levels(exponent, rate, &changes, finish).map(|(calls, extent)| (calls, extent.length.get()))
    }

    #[test]
    fn without_a_rate_ticks_are_counted_from_the_first_time() {
        let changes = [(-20, 0), (-15, 1), (3, 1), (7, 0)];
        assert_eq!(placed(9, None, &changes, Some(30)), Ok((vec![(0, 0), (5, 1), (27, 0)], 50)));
        assert_eq!(placed(9, None, &changes, None).unwrap().1, 28);
        assert_eq!(placed(9, None, &[], None), Ok((vec![], 0)));
    }

    #[test]
    fn rounded_times_are_those_of_samples() {
        // 24 MHz in units of 100 ps: sample n is at 416.67 n, to the nearest unit, or cut.
        let times = |cut: bool| [0_i128, 1, 2, 5, 24_000_001].map(|n| (n * 1250 + if cut { 0 } else { 1 }) / 3);
        for times in [times(false), times(true)] {
            let changes: Vec<(i128, u64)> = times.into_iter().zip([0, 1, 0, 1, 0]).collect();
            let (calls, length) = placed(10, Some("24 MHz"), &changes, None).unwrap();
            assert_eq!((calls, length), (vec![(0, 0), (1, 1), (2, 0), (5, 1), (24_000_001, 0)], 24_000_002));
        }
    }

    #[test]
    fn a_record_may_begin_and_end_between_samples() {
        let changes = [(300, 0), (1500, 1), (2500, 0)];
        // A sample each 1000 ns, at 500, 1500 and so on: only the one at 500 comes before the first edge.
        assert_eq!(placed(9, Some("1 MHz"), &changes, Some(4400)), Ok((vec![(0, 0), (1, 1), (2, 0)], 4)));
    }

    #[test]
    fn a_rate_beyond_counting_is_refused() {
        let hz = Rational::integer(i128::MAX);
        let rate = SampleRate::from_hz(hz).unwrap();
        let error = Timebase::new(Tick::FEMTOSECOND, Some(&rate)).unwrap_err().to_string();
        assert!(error.starts_with("its times are in units of 0.001 ps, too coarse to tell samples at"), "{error}");
    }

    #[test]
    fn times_between_samples_are_refused() {
        let off = |tick| placed(9, Some("1 MHz"), &[(0, 0), (1000, 1), (tick, 0)], None);
        assert!(off(5000).is_ok() && off(5001).is_ok() && off(4999).is_ok());
        assert_eq!(
            off(5002).unwrap_err(),
            "the edge at 0.000005002 s lies between two samples of 1 MHz, 2 ns beside the next; \
             state the rate that the capture was taken at, or leave --samplerate out"
        );
    }

    #[test]
    fn units_too_coarse_for_the_rate_are_refused() {
        let coarse = |rate| placed(6, Some(rate), &[(0, 0), (10, 1), (13, 0)], None);
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
        let changes = |state| [(0, 0), (1000, 1), (2000, 0), (2001, state)];
        assert_eq!(placed(9, Some("1 MHz"), &changes(2), None).unwrap().0, [(0, 0), (1, 1), (2, 2)]);
        let twice = placed(9, Some("1 MHz"), &changes(1), None).unwrap_err();
        assert!(twice.starts_with("two edges of one line at 0.000002001 s lie within one sample of 1 MHz"), "{twice}");
    }

    #[test]
    fn what_is_unknown_of_all_lines_is_lost() {
        let changes = [(0, "01"), (10, "xx"), (20, "00"), (25, "01"), (30, "zz")];
        let (calls, extent) = levels(6, None, &changes, Finish::Before(40)).unwrap();
        assert_eq!((calls, extent.length.get()), (vec![(0, 1), (20, 0), (25, 1)], 40));
        assert_eq!((spans(&extent.lost), unknown(&extent)), (vec![(10, 20), (30, 40)], vec![]));
        assert_eq!(extent.problems.len(), 2);
    }

    #[test]
    fn what_is_unknown_of_one_line_says_nothing_of_another() {
        // Line 1 is unknown from 10 to 20, in which line 0 changes at 12 and 15.
        let changes = [(0, "00"), (5, "11"), (10, "x1"), (12, "x0"), (15, "x1"), (20, "01"), (25, "11"), (30, "11")];
        let (calls, extent) = levels(6, None, &changes, Finish::Last(RecordEnd::Stated)).unwrap();
        assert_eq!(calls, [(0, 0b00), (5, 0b11), (12, 0b10), (15, 0b11), (20, 0b01), (25, 0b11)]);
        assert_eq!((spans(&extent.lost), unknown(&extent)), (vec![], vec![(1, vec![(10, 20)])]));
        assert_eq!((extent.length.get(), extent.end, extent.problems.len()), (31, RecordEnd::Stated, 0));
    }

    #[test]
    fn the_record_of_a_line_begins_where_its_level_is_first_known() {
        let changes = [(0, "xx"), (5, "x1"), (8, "x0"), (9, "10"), (11, "11")];
        let (calls, extent) = levels(6, None, &changes, Finish::Before(12)).unwrap();
        assert_eq!(calls, [(0, 0b01), (8, 0b00), (9, 0b10), (11, 0b11)]);
        assert_eq!(unknown(&extent), [(0, vec![(0, 5)]), (1, vec![(0, 9)])]);
        assert_eq!((spans(&extent.lost), extent.problems.len()), (vec![], 0));
        // One that never is has no record.
        let (calls, extent) = levels(6, None, &[(0, "x0"), (5, "x1")], Finish::Before(9)).unwrap();
        assert_eq!((calls, unknown(&extent)), (vec![(0, 0), (5, 1)], vec![(1, vec![(0, 9)])]));
    }

    #[test]
    fn an_edge_is_on_its_sample_wherever_another_line_becomes_unknown() {
        // 24 MHz in nanoseconds: samples 1, 2, 3, 60 and 61 at 42, 83, 125, 2500 and 2542.
        let changes = [(0, "00"), (42, "x0"), (83, "x1"), (125, "01"), (2500, "x0"), (2542, "11")];
        let (calls, extent) = levels(9, Some("24 MHz"), &changes, Finish::Last(RecordEnd::AtLeast)).unwrap();
        assert_eq!(calls, [(0, 0b00), (2, 0b01), (60, 0b00), (61, 0b11)]);
        assert_eq!(unknown(&extent), [(1, vec![(1, 3), (60, 61)])]);
    }

    #[test]
    fn the_rounding_of_doubles_follows_the_times_themselves() {
        // Transitions of a 24 MHz analyzer a minute after the trigger, as doubles: n / 24e6 in femtoseconds.
        let tick = |n: u64| (n as f64 / 24e6 * 1e15).round() as i128;
        let first = 60 * 24_000_000 + 7;
        let changes: Vec<(i128, u64)> =
            (0..200).map(|n| (tick(if n == 0 { 0 } else { first + 80_001 * n }), n & 1)).collect();
        let (calls, _) = placed(15, Some("24 MHz"), &changes, None).unwrap();
        let samples: Vec<u64> = calls.iter().skip(1).map(|(sample, _)| *sample).collect();
        assert_eq!(samples, (1..200).map(|n| first + 80_001 * n).collect::<Vec<u64>>());
    }

    #[test]
    fn a_cut_record_has_no_end() {
        let mut calls = EveryChange::default();
        let timebase = Timebase::new(Tick::new(6).unwrap(), None).unwrap();
        let mut placer = Placer::new(timebase, 1, &mut calls);
        placer.levels(0, Levels::of(0)).unwrap();
        placer.levels(5, Levels::of(1)).unwrap();
        placer.cut("it is torn".to_owned());
        let extent = placer.finish(Finish::Before(9)).unwrap();
        assert_eq!((extent.end, spans(&extent.lost)), (RecordEnd::AtLeast, vec![(9, 9)]));
    }

    #[test]
    fn gaps_without_number_are_refused() {
        let changes: Vec<(i128, &str)> =
            (0..=2 * MOST_GAPS as i128 + 2).map(|at| (at, if at % 2 == 0 { "0" } else { "x" })).collect();
        let error = levels(6, None, &changes, Finish::Last(RecordEnd::AtLeast)).unwrap_err();
        assert_eq!(error, "its levels are unknown in more than 1048576 stretches, more than any capture has");
    }
}
