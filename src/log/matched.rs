//! A stream of a log on the exposures of a capture.

use super::clock::{Axis, ClockFit};
use super::convention::{Convention, Exposed, Recognition, recognise};
use super::lag::{self, ExposureLag, Followed, LAGS, LAGS_BESIDE};
use super::placement::{Basis, Placement, lacking, place};
use super::sums::median;
use super::telling::Steps;
use super::track::{Pair, Series};
use super::unmatched::{FAR, Unmatched};
use super::{LogTime, Stamp, Stream};
use crate::signal::{EdgeTime, Lost};
use crate::units::{Rational, Rounding, SampleIndex, SampleRate};

/// An exposure as STROBE shows it, whose end was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shot {
    /// Its place among the camera's exposures.
    pub place: usize,
    /// When it started; none where the record cuts it.
    pub start: Option<EdgeTime>,
    /// When it ended.
    pub end: EdgeTime,
}

/// An exposure and its timestamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedFrame {
    /// The exposure, by its place among the camera's exposures.
    pub exposure: usize,
    /// Its place among the exposures that belong to frames.
    pub image: usize,
    /// The stamp, by its place in [`Matched::stamps`].
    pub stamp: usize,
    /// How far the timestamp lies behind the end of the exposure after the fit, in sample periods.
    pub residual: Rational,
    /// How far that may be off, in sample periods.
    pub residual_bound: Rational,
    /// Where the fit puts the timestamp on the capture, in sample periods from its first sample: near the instant of the
    /// exposure that it marks.
    pub instant: Rational,
}

/// A camera's log on its exposures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// What the log calls the camera.
    pub stream: Option<String>,
    /// What it says, in order of time.
    pub stamps: Vec<Stamp>,
    /// The exposures that have a timestamp, in order of time.
    pub frames: Vec<LoggedFrame>,
    /// The exposures without a timestamp while the log runs, by their places among the camera's exposures.
    pub missing: Vec<usize>,
    /// The least and the most exposures that it lacks, wherever it may lie and however late a timestamp that meets no exposure is.
    pub missing_between: (u64, u64),
    /// How many exposures come after its last timestamp, at most: whether they are missing cannot be told.
    pub behind_end: u64,
    /// The stamps within the capture that belong to no exposure, by their places.
    pub without_exposure: Vec<usize>,
    /// What says that it lies where it does.
    pub basis: Basis,
    /// The median interval of timestamps that follow each other, in femtoseconds.
    pub interval: i128,
    /// Which instant of the exposure it marks.
    pub recognition: Recognition,
    /// Its clock against the analyzer's, at the instant that it marks, or else at the end of the exposure.
    pub clock: ClockFit,
    /// Neighbouring timestamps whose sequence numbers are not as far apart as their exposures.
    pub sequence_breaks: u64,
    /// By how many frames its exposure times are late, or it lies beside its place.
    pub exposure_lag: ExposureLag,
    /// By how many they are late by what the spec says.
    pub stated_lag: Option<i64>,
    /// What its timestamps are rounded to.
    pub time_digit: LogTime,
    /// The coarsest last digit of its exposure times: how far each may be off.
    pub exposure_digit: LogTime,
    /// The instant of the exposure that it says it marks, where it does.
    pub claims: Option<Convention>,
}

impl Matched {
    /// The exposure time that the log states for the exposure of a frame, by its place in [`Matched::frames`], if it states it
    /// `lag` frames late; none where that row is missing, or has none.
    #[must_use]
    pub fn reported(&self, place: usize, lag: i64) -> Option<LogTime> {
        let frame = self.frames.get(place)?;
        let image = usize::try_from(i64::try_from(frame.image).ok()?.checked_add(lag)?).ok()?;
        let row = self.frames.get(self.frames.binary_search_by_key(&image, |row| row.image).ok()?)?;
        // Rows that have no exposure between them: STROBE does not show every frame.
        if row.stamp.abs_diff(frame.stamp) as u64 > lag.unsigned_abs() || !self.is_in_step(frame, row, lag) {
            return None;
        }
        self.stamps.get(row.stamp)?.exposure
    }

    /// Whether two rows are so many frames apart, by their numbers or their times: neither STROBE nor the log may show one between.
    fn is_in_step(&self, from: &LoggedFrame, to: &LoggedFrame, frames: i64) -> bool {
        let (Some(from), Some(to)) = (self.stamps.get(from.stamp), self.stamps.get(to.stamp)) else { return false };
        let is_numbered = from.sequence.zip(to.sequence).and_then(|(from, to)| to.checked_sub(from)) == Some(frames);
        let due = i128::from(frames).saturating_mul(self.interval);
        let off = (to.time.get() - from.time.get()).saturating_sub(due);
        is_numbered || off.saturating_abs().saturating_mul(2) < self.interval
    }
}

/// Exposure times that are so many times as long or short as STROBE are of another unit; they are off by a few times where STROBE
/// shows something else: between 1 and 1000.
const FAR_EXPOSURE: i128 = 30;

/// What the times of a log are rounded to, and the lag that is stated of its exposure times.
#[derive(Debug, Clone, Copy)]
pub struct Digits {
    /// The last digit of timestamps.
    pub time: LogTime,
    /// The coarsest last digit of exposure times.
    pub exposure: LogTime,
    /// By how many frames exposure times are late, where that is stated.
    pub lag: Option<i64>,
}

/// What a log is laid on.
struct Ground<'a> {
    shots: &'a [Shot],
    stamps: &'a [Stamp],
    axis: Axis<'a>,
}

/// Lays a stream on the exposures of a camera. `slack` is the further uncertainty of an edge in sample periods, and
/// `digits` what logged times are rounded to.
///
/// # Errors
/// [`Unmatched`] where the log fits nowhere.
pub fn match_stream(
    shots: &[Shot],
    stream: &Stream,
    digits: Digits,
    (rate, slack, lost): (&SampleRate, &Rational, &Lost),
) -> Result<Matched, Unmatched> {
    let (exposures, stamps) = (shots.len(), stream.stamps.len());
    if exposures < 2 || stamps < 2 {
        return Err(Unmatched::TooFew { exposures, stamps });
    }
    let widest = shots.iter().map(|shot| shot.end.until() - shot.end.after()).max().unwrap_or(1);
    let axis = Axis { rate, half_width: Rational::integer(widest).half() + slack, resolution: digits.time.get() };
    let ground = Ground { shots, stamps: &stream.stamps, axis };
    let (convention, mut placement) = ground.placement()?;
    ground.add_by_sequence(&mut placement.pairs);
    let mut matched = ground.matched(stream, placement, convention, lost).ok_or(Unmatched::TooLarge)?;
    if matched.clock.rate.abs() > Rational::decimal(1, -2) {
        // No clock is off by a hundredth: its frames come at another rate.
        return Err(ground.nowhere());
    }
    matched.exposure_lag = ground.exposure_lag(&matched, digits);
    (matched.time_digit, matched.exposure_digit, matched.stated_lag) = (digits.time, digits.exposure, digits.lag);
    Ok(matched)
}

impl Ground<'_> {
    /// The instant of an exposure that a convention marks, in quarters of a sample period.
    fn instant(&self, shot: &Shot, convention: Convention) -> Option<i128> {
        let middle = |edge: EdgeTime| edge.after() + edge.until();
        let (start, end) = (shot.start.map(middle), middle(shot.end));
        match convention {
            Convention::End => Some(2 * end),
            Convention::Middle => start.map(|start| start + end),
            Convention::Start => start.map(|start| 2 * start),
        }
    }

    /// The exposure time in femtoseconds.
    fn width(&self, shot: &Shot) -> Option<i128> {
        let quarters = self.instant(shot, Convention::End)? - self.instant(shot, Convention::Start)?;
        self.axis.femtos(quarters)
    }

    /// Where the log lies: by the instants of the convention that fits best, which matters where the exposure time
    /// varies by a good part of a frame.
    fn placement(&self) -> Result<(Convention, Placement), Unmatched> {
        let widths = || self.shots.iter().filter_map(|shot| self.width(shot));
        let varies = match (widths().min(), widths().max()) {
            (Some(least), Some(most)) => most - least > self.axis.floor(),
            (None, _) | (_, None) => false,
        };
        let mut best: Option<(Convention, Placement)> = None;
        for convention in if varies { &Convention::ALL[..] } else { &[Convention::End] } {
            let Some(found) = self.placed(*convention)? else { continue };
            let is_better = best.as_ref().is_none_or(|(_, best)| {
                let (pairs, before) = (found.pairs.len(), best.pairs.len());
                match (found.basis == Basis::Intervals, best.basis == Basis::Intervals) {
                    (true, false) => true,
                    (false, true) => false,
                    (true, true) | (false, false) => {
                        pairs > before + before / 10
                            || (10 * pairs >= 9 * before && 2 * found.spread + self.axis.floor() < best.spread)
                    }
                }
            });
            if is_better {
                best = Some((*convention, found));
            }
        }
        best.ok_or_else(|| self.nowhere())
    }

    fn nowhere(&self) -> Unmatched {
        let interval = |times: Vec<i128>| median(times.windows(2).map(|pair| pair[1] - pair[0]).collect()).unwrap_or(0);
        let ends = self.shots.iter().filter_map(|shot| self.axis.femtos(self.instant(shot, Convention::End)?));
        Unmatched::Nowhere {
            log: interval(self.stamps.iter().map(|stamp| stamp.time.get()).collect()),
            capture: interval(ends.collect()),
        }
    }

    fn placed(&self, convention: Convention) -> Result<Option<Placement>, Unmatched> {
        let mut known: Vec<usize> = Vec::new();
        let mut instants: Vec<i128> = Vec::new();
        for (place, shot) in self.shots.iter().enumerate() {
            let Some(instant) = self.instant(shot, convention) else { continue };
            let instant = self.axis.femtos(instant).ok_or(Unmatched::TooLarge)?;
            // Instants rise, whichever of an exposure they are of; where widths jump by a frame they do not.
            if instants.last().is_none_or(|last| *last < instant) {
                known.push(place);
                instants.push(instant);
            }
        }
        let times: Vec<i128> = self.stamps.iter().map(|stamp| stamp.time.get()).collect();
        let mut intervals: Vec<i128> = instants.windows(2).map(|pair| pair[1] - pair[0]).collect();
        intervals.sort_unstable();
        // A tenth of the intervals may be those of pulses that should not be there.
        let Some(shortest) = intervals.get(intervals.len() / 10) else { return Ok(None) };
        let series = Series { shots: &instants, stamps: &times, reach: shortest / 4 };
        // Intervals of the log are off by up to one digit. One that is no time at all is of another unit.
        let digit = self.axis.resolution;
        if digit > series.reach && digit < shortest.saturating_mul(FAR) {
            return Err(Unmatched::TooCoarse { digit, capture: *shortest });
        }
        let exposure = |(shot, stamp): Pair| {
            let reported = self.stamps[stamp].exposure?.get();
            Some((self.width(&self.shots[known[shot]])? - reported).abs())
        };
        let found = place(series, self.axis.floor(), &exposure);
        Ok(found.map(|found| Placement {
            pairs: found.pairs.into_iter().map(|(shot, stamp)| (known[shot], stamp)).collect(),
            ..found
        }))
    }

    /// Adds the pairs that only sequence numbers tell: of timestamps too late for their intervals, between two pairs whose
    /// numbers are as far apart as their exposures.
    fn add_by_sequence(&self, pairs: &mut Vec<Pair>) {
        let sequence = |stamp: usize| self.stamps[stamp].sequence;
        let mut added: Vec<Pair> = Vec::new();
        for two in pairs.windows(2) {
            let ((shot, stamp), (next_shot, next_stamp)) = (two[0], two[1]);
            let (Some(first), Some(last)) = (sequence(stamp), sequence(next_stamp)) else { continue };
            let is_counted = last.checked_sub(first) == i64::try_from(next_shot - shot).ok();
            let mut free = shot + 1;
            for between in (stamp + 1..next_stamp).filter(|_| is_counted) {
                let ahead = sequence(between).and_then(|number| usize::try_from(number.checked_sub(first)?).ok());
                if let Some(place) = ahead.map(|ahead| shot + ahead).filter(|place| (free..next_shot).contains(place)) {
                    added.push((place, between));
                    free = place + 1;
                }
            }
        }
        pairs.extend(added);
        pairs.sort_unstable();
    }

    /// Instants and timestamps of pairs, where the convention's instant was seen.
    fn points(&self, pairs: &[Pair], convention: Convention) -> Vec<(i128, i128)> {
        let point =
            |&(shot, stamp): &Pair| Some((self.instant(&self.shots[shot], convention)?, self.stamps[stamp].time.get()));
        pairs.iter().filter_map(point).collect()
    }

    fn matched(
        &self,
        stream: &Stream,
        Placement { pairs, basis, missing_between, behind_end, .. }: Placement,
        placed_by: Convention,
        lost: &Lost,
    ) -> Option<Matched> {
        let ends = self.points(&pairs, Convention::End);
        let at_end = ClockFit::fit(&ends, &self.axis)?;
        let recognition = self.recognition(&pairs)?;
        let clock = match recognition.convention() {
            Some(Convention::End) | None => at_end.clone(),
            Some(marked) => ClockFit::fit(&self.points(&pairs, marked), &self.axis)?,
        };
        let frame = |(&(shot, stamp), point): (&Pair, &(i128, i128))| {
            let (residual, residual_bound) = at_end.residual(*point)?;
            let instant = clock.instant(LogTime::new(point.1))?;
            Some(LoggedFrame {
                exposure: self.shots[shot].place,
                image: shot,
                stamp,
                residual,
                residual_bound,
                instant,
            })
        };
        let frames: Option<Vec<LoggedFrame>> = pairs.iter().zip(&ends).map(frame).collect();
        // Of an exposure that the record begins in, the timestamp of its start lies before the record.
        let marked = recognition.convention().unwrap_or(placed_by);
        let is_marked = |shot: &usize| self.instant(&self.shots[*shot], marked).is_some();
        let missing = lacking(&pairs, self.shots.len(), self.stamps.len()).filter(is_marked);
        let missing: Vec<usize> = missing.map(|shot| self.shots[shot].place).collect();
        let missing_between = match basis {
            Basis::Ambiguous { .. } => missing_between,
            Basis::Intervals | Basis::Exposures | Basis::Overlap => {
                let most = missing.len() as u64;
                (self.surely_lacking(&pairs)?.min(most), most)
            }
        };
        let times = pairs.windows(2).map(|two| self.stamps[two[1].1].time.get() - self.stamps[two[0].1].time.get());
        Some(Matched {
            interval: median(times.collect()).unwrap_or(0),
            stream: stream.name.clone(),
            stamps: stream.stamps.clone(),
            frames: frames?,
            missing_between,
            missing,
            behind_end,
            without_exposure: self.without_exposure(&pairs, &clock, lost),
            basis,
            recognition,
            sequence_breaks: self.sequence_breaks(&pairs),
            clock,
            exposure_lag: ExposureLag::NotLogged,
            stated_lag: None,
            time_digit: LogTime::new(1),
            exposure_digit: LogTime::new(1),
            claims: None,
        })
    }

    /// The least that the log lacks, of pairs that are proven; none beyond 128 bits.
    fn surely_lacking(&self, pairs: &[Pair]) -> Option<u64> {
        let ends: Option<Vec<i128>> =
            (self.shots.iter()).map(|shot| self.axis.femtos(self.instant(shot, Convention::End)?)).collect();
        let (shots, stamps) = (ends?, self.stamps.iter().map(|stamp| stamp.time.get()).collect::<Vec<i128>>());
        let reach = median(shots.windows(2).map(|two| two[1] - two[0]).collect()).unwrap_or(0) / 4;
        Some(Series { shots: &shots, stamps: &stamps, reach }.surely_lacking(pairs))
    }

    /// Exposure times that no camera mistakes so far: they were read in another unit than they are told in.
    fn other_unit(&self) -> Option<ExposureLag> {
        let shown = median(self.shots.iter().filter_map(|shot| self.width(shot)).collect())?;
        let logged = median(self.stamps.iter().filter_map(|stamp| Some(stamp.exposure?.get())).collect())?;
        let (small, large) = (logged.min(shown), logged.max(shown));
        let is_far = small > 0 && small.saturating_mul(FAR_EXPOSURE) <= large;
        is_far.then_some(ExposureLag::OtherUnit { logged, shown })
    }

    /// The lag of the exposure times: over the frames that have one by every lag.
    fn exposure_lag(&self, matched: &Matched, digits: Digits) -> ExposureLag {
        if matched.stamps.iter().all(|stamp| stamp.exposure.is_none()) {
            return ExposureLag::NotLogged;
        }
        if let Some(other) = self.other_unit() {
            return other;
        }
        let lags = match (matched.basis, digits.lag) {
            (Basis::Intervals, Some(stated)) => return ExposureLag::Stated(stated),
            (Basis::Intervals, None) => LAGS,
            // The log may lie some frames beside its place, so that what is stated is not what is to be added.
            (Basis::Exposures | Basis::Overlap | Basis::Ambiguous { .. }, _) => LAGS_BESIDE,
        };
        let followed = |(place, frame): (usize, &LoggedFrame)| {
            let logged: Option<Vec<i128>> = lags.clone().map(|lag| Some(matched.reported(place, lag)?.get())).collect();
            Some(Followed { width: self.width(&self.shots[frame.image])?, logged: logged? })
        };
        let frames: Vec<Followed> = matched.frames.iter().enumerate().filter_map(followed).collect();
        let edges = self.axis.half_width.times(2) * self.axis.rate.period();
        let edges = edges.times(super::FEMTOS_PER_SECOND).to_integer(Rounding::Up).unwrap_or(i128::MAX / 8);
        let known = edges.saturating_add(digits.exposure.get());
        match (lag::find(&frames, lags.clone(), known), matched.basis) {
            // By chance, some lag is twice as good as the others.
            (ExposureLag::Found(lag), Basis::Exposures | Basis::Overlap | Basis::Ambiguous { .. })
                if !self.is_told(matched, lag, known) =>
            {
                ExposureLag::Undecided(lags.collect())
            }
            (ExposureLag::Found(lag), _) if !LAGS.contains(&lag) => ExposureLag::Beside(lag),
            (ExposureLag::Undecided(_), Basis::Exposures | Basis::Overlap)
                if lag::is_unfollowed(&frames, lags.clone(), known) =>
            {
                ExposureLag::Unfollowed
            }
            (lag, _) => lag,
        }
    }

    /// Whether the exposures follow the rows of this lag by more than chance.
    fn is_told(&self, matched: &Matched, lag: i64, known: i128) -> bool {
        let told = |(place, frame): (usize, &LoggedFrame)| {
            Some((self.width(&self.shots[frame.image])?, matched.reported(place, lag)?.get()))
        };
        let told: Vec<Option<(i128, i128)>> = matched.frames.iter().enumerate().map(told).collect();
        let Some(slope) = lag::slope(told.iter().flatten().copied()) else { return false };
        let scaled = |step: i128| slope.times(step).to_integer(Rounding::Nearest);
        let step = |two: &[Option<(i128, i128)>]| {
            let (before, after) = (two[0]?, two[1]?);
            Some((after.0 - before.0, scaled(after.1 - before.1)?))
        };
        let both: Vec<Option<(i128, i128)>> = told.windows(2).map(step).collect();
        let logged: Vec<i128> = self.stamps.iter().filter_map(|stamp| Some(stamp.exposure?.get())).collect();
        let log = logged.windows(2).filter_map(|two| scaled(two[1] - two[0])).collect();
        let off = both.iter().flatten().map(|(step, logged)| (step - logged).abs()).collect();
        let tolerance = median(off).unwrap_or(0).saturating_mul(2).saturating_add(known.saturating_mul(2));
        Steps { both: &both, log, tolerance, tried: 4 * (self.shots.len() + self.stamps.len()) }.are_told()
    }

    fn recognition(&self, pairs: &[Pair]) -> Option<Recognition> {
        let exposed = |&(shot, stamp): &Pair| {
            let shot = &self.shots[shot];
            let end = self.instant(shot, Convention::End)?;
            Some(Exposed { end, width: self.width(shot)?, time: self.stamps[stamp].time.get() })
        };
        let frames: Vec<Exposed> = pairs.iter().filter_map(exposed).collect();
        // The end of an exposure, its width, and the timestamp's last digit.
        let edges = self.axis.half_width.times(3) * self.axis.rate.period();
        let known = edges.times(super::FEMTOS_PER_SECOND).to_integer(Rounding::Up)?;
        Some(recognise(&frames, known.checked_add(self.axis.resolution)?))
    }

    /// The stamps that lie within the record and have no exposure: all between the pairs, and those beyond them where
    /// exposures are without stamps there too.
    fn without_exposure(&self, pairs: &[Pair], clock: &ClockFit, lost: &Lost) -> Vec<usize> {
        let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else { return Vec::new() };
        let from = if first.0 > 0 { 0 } else { first.1 };
        let to = if last.0 + 1 < self.shots.len() { self.stamps.len() } else { last.1 + 1 };
        let mut paired = pairs.iter().map(|pair| pair.1).peekable();
        let is_recorded = |stamp: &usize| {
            let at = clock.instant(self.stamps[*stamp].time).and_then(|at| at.to_integer(Rounding::Nearest));
            let at = at.and_then(|at| u64::try_from(at).ok()).map(SampleIndex::new);
            at.is_some_and(|at| lost.spares(at, at))
        };
        (from..to).filter(|stamp| paired.next_if_eq(stamp).is_none()).filter(is_recorded).collect()
    }

    fn sequence_breaks(&self, pairs: &[Pair]) -> u64 {
        let is_broken = |two: &&[Pair]| {
            let numbers = (self.stamps[two[0].1].sequence, self.stamps[two[1].1].sequence);
            let (Some(before), Some(after)) = numbers else { return false };
            after.checked_sub(before) != i64::try_from(two[1].0 - two[0].0).ok()
        };
        pairs.windows(2).filter(is_broken).count() as u64
    }
}
