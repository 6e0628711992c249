//! A measured value and the bounds in which the truth lies.

use super::{LeftOut, Points};
use crate::frame::{CameraView, Observation, Seams};
use crate::units::{Rational, SampleIndex, SampleRate};

/// One end of the interval in which a true value lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// The truth comes as near as one likes, and never there.
    Open(Rational),
    /// The truth may be exactly this.
    Closed(Rational),
    /// There is no bound on this side.
    Unbounded,
}

impl Bound {
    /// Where it lies; none when there is none.
    #[inline]
    #[must_use]
    pub fn at(&self) -> Option<&Rational> {
        match self {
            Bound::Open(at) | Bound::Closed(at) => Some(at),
            Bound::Unbounded => None,
        }
    }

    /// The bound moved by `map`, of the same kind.
    #[inline]
    #[must_use]
    pub fn map(&self, map: impl Fn(&Rational) -> Rational) -> Bound {
        match self {
            Bound::Open(at) => Bound::Open(map(at)),
            Bound::Closed(at) => Bound::Closed(map(at)),
            Bound::Unbounded => Bound::Unbounded,
        }
    }
}

/// A measured value and the interval in which the truth lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The value that the samples show.
    pub value: Rational,
    /// The truth is not below it.
    pub low: Bound,
    /// The truth is not above it.
    pub high: Bound,
}

impl Reading {
    /// A value without uncertainty, such as a count.
    #[must_use]
    pub fn exact(value: Rational) -> Reading {
        Reading { low: Bound::Closed(value.clone()), high: Bound::Closed(value.clone()), value }
    }

    /// A value whose truth lies strictly between `low` and `high`.
    #[inline]
    #[must_use]
    pub fn between(low: Rational, value: Rational, high: Rational) -> Reading {
        Reading { value, low: Bound::Open(low), high: Bound::Open(high) }
    }

    /// A value of which only a part was seen: the truth is above `low`.
    #[must_use]
    pub fn at_least(low: Rational, value: Rational) -> Reading {
        Reading { value, low: Bound::Open(low), high: Bound::Unbounded }
    }

    /// The same, where nothing below zero is possible: a lower bound beneath it becomes zero itself, which the truth may
    /// be.
    #[inline]
    #[must_use]
    pub fn not_below_zero(self) -> Reading {
        let low = match self.low {
            Bound::Open(at) if at.is_negative() => Bound::Closed(Rational::ZERO),
            low @ (Bound::Open(_) | Bound::Closed(_) | Bound::Unbounded) => low,
        };
        Reading { low, ..self }
    }

    /// The same, whose truth may lie so much lower or higher.
    #[must_use]
    pub fn widened(&self, lower: &Rational, higher: &Rational) -> Reading {
        Reading {
            value: self.value.clone(),
            low: self.low.map(|low| low - lower),
            high: self.high.map(|high| high + higher),
        }
    }

    /// The same in another unit: all of it times a positive `factor`.
    #[must_use]
    pub fn scaled(&self, factor: &Rational) -> Reading {
        Reading {
            value: &self.value * factor,
            low: self.low.map(|at| at * factor),
            high: self.high.map(|at| at * factor),
        }
    }

    /// The larger distance from the value to one of its bounds; none where one is missing.
    #[must_use]
    pub fn half_width(&self) -> Option<Rational> {
        let (low, high) = (self.low.at()?, self.high.at()?);
        Some((&self.value - low).max(high - &self.value))
    }
}

/// Whether a value was seen whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// From beginning to end.
    Whole,
    /// An end of the record, or a lost stretch, cuts it off: it can break an upper limit, and is otherwise left out.
    CutOff,
    /// The record is in doubt between its ends ([`Seams`]), or it may be another's: it proves nothing outside.
    InDoubt,
}

/// A value of a quantity, and where in the capture it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The frame it belongs to; none for what belongs to no frame, or to the capture as a whole.
    pub frame: Option<i64>,
    /// The first sample that it was taken from.
    pub from: SampleIndex,
    /// The last sample that it was taken from.
    pub to: SampleIndex,
    /// The value and its bounds, in the unit of the track.
    pub reading: Reading,
    /// Whether it was seen whole.
    pub seen: Seen,
}

/// The values of a quantity over a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// How many base units of the quantity are one unit of the readings: the sample period for times.
    pub scale: Rational,
    /// The values in the order of time.
    pub points: Points,
    /// The part of a reading's half-width that a higher sample rate would not shrink (`analyzer.edge`), in the unit of
    /// the readings.
    pub slack: Rational,
    /// Something beyond the sample positions that the clock's error adds to every reading, in seconds of the capture:
    /// only `frame.tie-nominal` has it.
    pub clock_span: Rational,
    /// A stated true time, in seconds, that was taken off what was measured: every reading plus it is the measured part,
    /// which alone carries the clock's error.
    pub stated: Rational,
    /// What no value is below, whatever is measured, in the unit of the readings: 0 of a spread.
    pub least: Option<Rational>,
    /// Why a value may be undecided although no finer instrument would decide it.
    pub doubt: Option<Doubt>,
    /// What has no value.
    pub left_out: Vec<LeftOut>,
    /// The tracks of which one is the true one, where it is not known which: the bounds of this track hold all of them.
    pub one_of: Vec<Track>,
}

/// Why nothing is said to be complete where a file does not say where its record ends.
const UNKNOWN_END: &str = "the file does not say where its record ends: frames may be missing behind its last edge";

/// What says where it ends, or that what was seen is enough.
const END_SETTLED_BY: &str = "--duration with the length of the record, timing.expected_frames with the number that were to come, or timing.ends = \"stops\"";

/// What leaves a value open that a finer instrument would not settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Samples are lost: what happened there was not seen.
    LostSamples,
    /// Samples may be lost without a trace, or made up, where it was taken.
    Seam,
    /// An end of the record cuts pulses, which may be counted or not.
    CutPulses,
    /// The camera's log ends before the capture.
    LogEnds,
    /// The file does not say where its record ends.
    UnknownEnd,
    /// A line has stretches of two samples or less: there may be pulses that no sample shows.
    Unresolved,
    /// More than one matching of a camera's log with the capture is possible.
    AmbiguousLog,
    /// Rows of a log that meet no exposure may be the late ones of exposures that meet no row.
    UnmetRows,
    /// The timestamps of a log are told more coarsely than the capture is sampled.
    CoarseStamps,
    /// By how many frames the exposure times of a log are late is not known.
    ExposureLag,
}

impl Doubt {
    /// Why nothing is decided, as a clause.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Doubt::LostSamples => "samples are lost, and with them there may be more than was seen",
            Doubt::Seam => "samples may be missing where it was taken: the capture may be at fault, not the camera",
            Doubt::UnknownEnd => UNKNOWN_END,
            Doubt::Unresolved => {
                "the line has stretches of two samples or less, and there may be pulses that no sample shows"
            }
            Doubt::CutPulses => "an end of the record cuts pulses, which may be counted or not",
            Doubt::LogEnds => "the log ends before the capture: the frames behind its end may be missing",
            Doubt::AmbiguousLog => "the log matches the capture in more than one way",
            Doubt::CoarseStamps => "the log's timestamps have too few digits to decide it",
            Doubt::UnmetRows => {
                "rows of the log meet no exposure: they may be late, and those of the frames without a timestamp"
            }
            Doubt::ExposureLag => "by how many frames the log's exposure times are late cannot be told",
        }
    }

    /// What would decide it, as it stands behind `to settle it:`.
    #[must_use]
    pub fn settled_by(self) -> &'static str {
        match self {
            Doubt::LostSamples => "a capture without lost samples, or --from and --to around an intact part",
            Doubt::Seam => "another capture, at a lower sample rate or on a port of its own",
            Doubt::UnknownEnd => END_SETTLED_BY,
            Doubt::Unresolved => "a sample rate that shows every pulse with three samples or more",
            Doubt::CutPulses => "--from and --to where no pulse is cut, or a limit that leaves room for what is cut",
            Doubt::LogEnds => "a log that goes on to the end of the capture, or --to before its own end",
            Doubt::ExposureLag => {
                "timestamps.exposure_lag, or a capture in which the exposure time changes more than once"
            }
            Doubt::CoarseStamps => "a log whose timestamps have more digits, or a wider limit",
            Doubt::UnmetRows => "sequence numbers in the log, or timestamps of the camera instead of the host's",
            Doubt::AmbiguousLog => {
                "a log and a capture that begin or end with the same frame, or exposure times that vary"
            }
        }
    }
}

impl Track {
    /// A track of times in sample periods of this rate; each edge's further uncertainty adds up to `slack` periods.
    #[must_use]
    pub fn of_times(rate: &SampleRate, points: impl Into<Points>, slack: Rational) -> Track {
        Track { scale: rate.period().clone(), slack, ..Track::plain(points) }
    }

    /// The same, of the largest of something: where samples are lost there may be more of it.
    #[must_use]
    pub(super) fn of_the_largest(mut self, observation: &Observation) -> Track {
        if !observation.lost.is_empty() {
            self.points = self.points.with(|point| point.reading.high = Bound::Unbounded);
            self.doubt.get_or_insert(Doubt::LostSamples);
        }
        self
    }

    /// The same, of a count that goes on behind the end of a record that is not known to end there.
    #[must_use]
    pub(super) fn up_to_the_end(mut self, camera: CameraView<'_>) -> Track {
        if camera.observation.is_end_open(camera.place) {
            self.points = self.points.with(|point| point.reading.high = Bound::Unbounded);
            self.doubt.get_or_insert(Doubt::UnknownEnd);
        }
        self
    }

    /// The same, of a fit or a mean over the whole capture: where samples are lost, a part of it tells nothing of all.
    #[must_use]
    pub(super) fn of_the_whole(mut self, observation: &Observation) -> Track {
        self = self.of_the_largest(observation);
        if !observation.lost.is_empty() {
            self.points = self.points.with(|point| point.reading.low = Bound::Unbounded);
        }
        self
    }

    /// The same, whose values that were taken across a seam of the record prove nothing outside.
    #[must_use]
    pub(super) fn beside(mut self, seams: &Seams) -> Track {
        if seams.all().is_empty() {
            return self;
        }
        self.points = self.points.with(|point| {
            if !seams.spare(point.from, point.to) {
                point.seen = Seen::InDoubt;
                self.doubt.get_or_insert(Doubt::Seam);
            }
        });
        self.one_of = self.one_of.into_iter().map(|track| track.beside(seams)).collect();
        self
    }

    /// A track of exact numbers in the quantity's base unit.
    #[must_use]
    pub fn plain(points: impl Into<Points>) -> Track {
        Track {
            scale: Rational::ONE,
            points: points.into(),
            slack: Rational::ZERO,
            clock_span: Rational::ZERO,
            stated: Rational::ZERO,
            least: None,
            doubt: None,
            left_out: Vec::new(),
            one_of: Vec::new(),
        }
    }
}

/// Why a quantity has no value in a capture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Absent {
    /// A line that it needs is not wired.
    #[error("{0} is not wired")]
    NotWired(&'static str),
    /// A line that it needs shows no edge.
    #[error("{0} shows no pulse")]
    Silent(&'static str),
    /// Whether frames begin with the start of an exposure, its end, or neither, cannot be told.
    #[error(
        "whether frames begin with the start of an exposure or with its end cannot be told from this capture: state timing.alignment"
    )]
    AlignmentUndecided,
    /// It is defined for another alignment.
    #[error("the camera is {0}-aligned")]
    OtherAlignment(&'static str),
    /// The nominal frame time is not known.
    #[error("there is no nominal frame time: state timing.frame_time")]
    NoFrameTime,
    /// Frames came in a rhythm that breaks, and no frame time says whether any is missing.
    #[error("{0}")]
    RhythmBroken(String),
    /// One of several flash lines leaves out a frame, and no pattern says whether it should.
    #[error("{0}")]
    TurnBroken(String),
    /// A flash line with a pulse for each exposure stays active up to the end of the record.
    #[error("{0}")]
    StaysActive(String),
    /// Frames that no frame time counts may be missing behind the last edge of a record of unknown end.
    #[error("{UNKNOWN_END}")]
    UnknownEnd,
    /// There is no camera log.
    #[error("no camera log was given: add --timestamps LOG.csv")]
    NoLog,
    /// There is no pattern of the flash lines.
    #[error("there is no flash pattern: state timing.flash_pattern")]
    NoPattern,
    /// There is nothing of the kind, or all of it is cut off.
    #[error("{0}")]
    TooLittle(String),
}

impl Absent {
    /// Why a check of it is open, as a sentence without its full stop.
    #[must_use]
    pub fn reason(&self) -> String {
        if self.settled_by().is_some() { self.to_string() } else { format!("nothing was measured: {self}") }
    }

    /// What would settle it, as it stands behind `to settle it:`; `None` where the reason says it.
    #[must_use]
    pub fn settled_by(&self) -> Option<&'static str> {
        match self {
            Absent::RhythmBroken(_) => {
                Some("state timing.frame_time, or timing.rhythm = \"events\" if frames come when they come")
            }
            Absent::TurnBroken(_) => Some("timing.flash_pattern, which says which lines are lit in which frame"),
            Absent::StaysActive(_) => {
                Some("a record in which the line falls, or flash.missing = \"none\" if the light is meant to stay on")
            }
            Absent::UnknownEnd => Some(END_SETTLED_BY),
            Absent::NotWired(_)
            | Absent::Silent(_)
            | Absent::AlignmentUndecided
            | Absent::OtherAlignment(_)
            | Absent::NoFrameTime
            | Absent::NoLog
            | Absent::NoPattern
            | Absent::TooLittle(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_never_below_zero() {
        let reading = Reading::between(Rational::integer(-1), Rational::integer(1), Rational::integer(3));
        let reading = reading.not_below_zero();
        assert_eq!(reading.low, Bound::Closed(Rational::ZERO));
        assert_eq!(reading.half_width(), Some(Rational::integer(2)));
    }

    #[test]
    fn a_cut_off_value_has_no_half_width() {
        assert_eq!(Reading::at_least(Rational::ONE, Rational::integer(2)).half_width(), None);
    }
}
