//! A capture: what its file says of itself, what is asked of it, how its changes arrive, and what they add up to.

mod extent;
mod header;

use extent::unknown_text;
pub use extent::{DurationError, Extent, Integrity, RecordEnd};
pub use header::{Header, Presence, Probe, ProbeError, listed};

use std::borrow::Cow;
use std::mem;
use std::sync::Arc;

use crate::rig::{AnalogProbe, Polarity};
use crate::signal::{AnalogTrace, Level, Lost, LostSpan, Stretch, Waveform, WaveformBuilder, WaveformError};
use crate::units::{Rational, SampleIndex, SampleRate};

impl From<Polarity> for Level {
    /// The active level of a line.
    fn from(polarity: Polarity) -> Level {
        match polarity {
            Polarity::ActiveHigh => Level::High,
            Polarity::ActiveLow => Level::Low,
        }
    }
}

/// What may be spent on reading a capture: how much of it is read before it is refused, and on how many threads. Each can be
/// raised by the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// The most samples.
    pub samples: u64,
    /// The most changes of the wanted probes that are held at once.
    pub edges: u64,
    /// The most members of an archive.
    pub members: u64,
    /// The most bytes of what a file says of itself, such as `metadata`.
    pub metadata: u64,
    /// The most threads; with 1, all is done on the caller's.
    pub jobs: usize,
}

impl Default for Caps {
    /// A week at 1 GHz; as many edges as take less than 1.5 GB when they are judged (a day of a camera has 15.6 million on three lines); as many chunks as a day at 24 MHz has; the longest names of 64 probes; the caller's
    /// thread.
    fn default() -> Self {
        Caps { samples: 1_000_000_000 * 3600 * 24 * 7, edges: 16_000_000, members: 500_000, metadata: 1 << 20, jobs: 1 }
    }
}

/// An analog channel that is wanted as a line, and the bit that stands for it, which no probe has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// The bit.
    pub bit: u32,
    /// The channel and its threshold.
    pub probe: AnalogProbe,
}

/// What is asked of a capture's samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The bits of the probes that are wanted.
    pub bits: Vec<u32>,
    /// What may be spent on it.
    pub caps: Caps,
    /// The sample rate that the user states: the changes of a file that states times are placed among its samples.
    pub rate: Option<SampleRate>,
    /// How long the user says that the record is, in seconds.
    pub duration: Option<Rational>,
    /// The analog channels that are wanted as lines; their bits are among `bits`.
    pub thresholds: Vec<Threshold>,
}

impl Request {
    /// The probes with these bits: within the usual caps, at the file's own rate.
    #[must_use]
    pub fn of(bits: Vec<u32>) -> Request {
        Request { bits, caps: Caps::default(), rate: None, duration: None, thresholds: Vec::new() }
    }

    /// The sample bits of the wanted probes, as a mask over the little-endian sample word.
    #[must_use]
    pub fn mask(&self) -> u64 {
        self.bits.iter().filter_map(|&bit| 1_u64.checked_shl(bit)).fold(0, |mask, bit| mask | bit)
    }
}

/// Why a sink takes no more.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// More changes than may be held.
    #[error(
        "more than {0} edges on the wanted lines, as noise or a bus has, and a camera in more than a day; wire other lines, or raise --max-edges"
    )]
    TooManyEdges(u64),
    /// As many changes as are held at a time: the rest is for another reading.
    #[error("more changes than are held at a time")]
    Full,
    /// The changes are out of order: an error of the reader.
    #[error("changes out of order: {0}")]
    Disorder(#[from] WaveformError),
    /// What it writes to cannot be written.
    #[error("{0}")]
    Write(#[from] std::io::Error),
}

/// Where a reader sends the changes of the wanted probes, in the order of time.
pub trait Sink {
    /// From sample `at` on, the wanted probes show `state` (bit *i* of it: the probe with bit *i*; other bits are 0).
    /// The first call is at sample 0; later ones only where a wanted bit differs from the last call.
    ///
    /// # Errors
    /// [`SinkError`] when it takes no more: the reader stops and passes it on.
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError>;

    /// Several changes, in order: what [`Sink::change`] makes of each of them.
    ///
    /// # Errors
    /// The first one's.
    fn changes(&mut self, changes: &[(SampleIndex, u64)]) -> Result<(), SinkError> {
        changes.iter().try_for_each(|&(at, state)| self.change(at, state))
    }

    /// Every change before this sample was told: said now and then while it is recorded, for those who keep what they have
    /// taken safe.
    ///
    /// # Errors
    /// [`SinkError::Write`] when it cannot be kept.
    fn reached(&mut self, _at: SampleIndex) -> Result<(), SinkError> {
        Ok(())
    }

    /// These samples are lost, or (of equal ends) an unknown number of samples is missing there; the next call of
    /// [`Sink::change`] is at or after its end. A change right at its end is none of the line's.
    fn lost(&mut self, span: LostSpan);

    /// The levels of the probes with these bits were not known in this stretch, which is over; the others' were. The next
    /// call of [`Sink::change`] is at or after its end, and what it changes there of these probes is no edge. Told only to
    /// those who tell edges; all of it is in the [`Extent`].
    fn unknown(&mut self, _probes: u64, _span: LostSpan) {}
}

/// What a sink that tells edges keeps of the stretches that are not known: at which sample a change is none, and of which
/// probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unproven {
    at: SampleIndex,
    probes: u64,
}

impl Unproven {
    /// A stretch ends at this sample, in which the levels of the probes with these bits were not known.
    pub fn add(&mut self, at: SampleIndex, probes: u64) {
        self.probes = if self.at == at { self.probes | probes } else { probes };
        self.at = at;
    }

    /// The bits whose change at this sample is no edge.
    #[must_use]
    pub fn at(&self, at: SampleIndex) -> u64 {
        if self.at == at { self.probes } else { 0 }
    }
}

/// A sink that keeps every change: the sample, and the state from there on. What is lost is in the [`Extent`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EveryChange(pub Vec<(u64, u64)>);

impl Sink for EveryChange {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        self.0.push((at.get(), state));
        Ok(())
    }

    fn lost(&mut self, _: LostSpan) {}
}

/// One probe's level over the capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The probe.
    pub probe: Probe,
    /// Its level over time; shared with the report that draws it.
    pub waveform: Arc<Waveform>,
    /// The stretches in which its own level is not known, besides those that the whole capture lost.
    pub unknown: Lost,
}

/// The wanted probes of a capture, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Capture {
    /// What the file says of itself.
    pub header: Header,
    /// The sample rate in use: the file's, or the one that the user stated.
    pub rate: SampleRate,
    /// The number of samples.
    pub length: SampleIndex,
    /// What is known of its end.
    pub end: RecordEnd,
    /// The wanted probes, in order of their bits.
    pub lines: Vec<Line>,
    /// The stretches that are lost on all lines.
    pub lost: Lost,
    /// What is damaged, as sentences; empty when every byte was proven.
    pub problems: Vec<String>,
    /// The analog channels that were read as lines.
    pub analog: Vec<AnalogTrace>,
}

impl Capture {
    /// A record of these lines alone, in which nothing is lost.
    #[must_use]
    pub fn of(format: &'static str, rate: SampleRate, length: SampleIndex, lines: Vec<Line>) -> Capture {
        let probes = lines.iter().map(|line| line.probe.clone()).collect();
        let header = Header { format, rate: Some(rate.clone()), probes, warnings: Vec::new() };
        let (lost, problems, analog) = (Lost::nothing(), Vec::new(), Vec::new());
        Capture { header, rate, length, end: RecordEnd::Stated, lines, lost, problems, analog }
    }

    /// Whether its record is whole. What is unknown of one line alone is a matter of those who look at that line.
    #[must_use]
    pub fn integrity(&self) -> Integrity {
        if self.problems.is_empty() && self.lost.is_empty() { Integrity::Complete } else { Integrity::Damaged }
    }

    /// Where the level of any of these lines is not known: what the capture lost, and what is unknown of each alone.
    #[must_use]
    pub fn lost_on<'l>(&self, lines: impl IntoIterator<Item = &'l Line>) -> Cow<'_, Lost> {
        let unknown: Vec<LostSpan> = lines.into_iter().flat_map(|line| line.unknown.spans()).copied().collect();
        if unknown.is_empty() {
            return Cow::Borrowed(&self.lost);
        }
        Cow::Owned(Lost::from_spans([self.lost.spans(), &unknown].concat()))
    }

    /// Where the record of these lines begins: with the first sample at which the level of each of them has become known.
    ///
    /// # Errors
    /// The line whose level never is.
    pub fn begin_of<'l>(&self, lines: impl IntoIterator<Item = &'l Line>) -> Result<SampleIndex, &'l Line> {
        let mut begin = SampleIndex::default();
        for line in lines {
            if let Some(first) = line.unknown.spans().first().filter(|first| first.from == SampleIndex::default()) {
                if first.to >= self.length {
                    return Err(line);
                }
                begin = begin.max(first.to);
            }
        }
        Ok(begin)
    }

    /// The same capture from there on where the record of the lines of these probes begins; all of it where one never does.
    #[must_use]
    pub fn recorded(&self, bits: &[u32]) -> Cow<'_, Capture> {
        match self.begin_of(self.lines.iter().filter(|line| bits.contains(&line.probe.bit))) {
            Ok(from) if from > SampleIndex::default() => Cow::Owned(self.window(Stretch { from, to: self.length })),
            Ok(_) | Err(_) => Cow::Borrowed(self),
        }
    }

    /// What is not known of single lines since their record has begun, as sentences.
    #[must_use]
    pub fn unknown_levels(&self) -> Vec<String> {
        let text = |line: &Line| unknown_text(&self.header.display_name(&line.probe), &line.unknown);
        self.lines.iter().filter_map(text).collect()
    }

    /// The line of the probe with this bit, if it was asked for.
    #[must_use]
    pub fn line(&self, bit: u32) -> Option<&Line> {
        self.lines.iter().find(|line| line.probe.bit == bit)
    }

    /// The level of the probe with this bit over time, if it was asked for.
    #[must_use]
    pub fn waveform(&self, bit: u32) -> Option<&Arc<Waveform>> {
        self.line(bit).map(|line| &line.waveform)
    }

    /// Sends the changes of all lines to a sink, in the order of time, as a reader would.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn replay(&self, sink: &mut dyn Sink) -> Result<(), SinkError> {
        let bit = |line: &Line| 1_u64.checked_shl(line.probe.bit).unwrap_or(0);
        let initial = |line: &Line| if line.waveform.initial() == Level::High { bit(line) } else { 0 };
        let mut state = self.lines.iter().map(initial).fold(0, |state, bit| state | bit);
        sink.change(SampleIndex::default(), state)?;
        let mut next: Vec<(u64, usize)> = self.lines.iter().map(|line| (bit(line), 0)).collect();
        loop {
            let upcoming = self.lines.iter().zip(&next).filter_map(|(line, (_, at))| line.waveform.changes().get(*at));
            let Some(at) = upcoming.min() else { return Ok(()) };
            for (line, (bit, place)) in self.lines.iter().zip(&mut next) {
                if line.waveform.changes().get(*place) == Some(at) {
                    state ^= *bit;
                    *place += 1;
                }
            }
            sink.change(SampleIndex::new(at), state)?;
        }
    }

    /// The same capture within a window of samples, renumbered from its first; what is lost outside it is no matter,
    /// and what is damaged at no place that is known concerns every window.
    #[must_use]
    pub fn window(&self, window: Stretch) -> Capture {
        let from = window.from.get();
        let to = window.to.get().min(self.length.get()).max(from);
        let held = Stretch { from: window.from, to: SampleIndex::new(to) };
        let lost = self.lost.window(held);
        Capture {
            header: self.header.clone(),
            rate: self.rate.clone(),
            length: SampleIndex::new(to - from),
            end: if to < self.length.get() { RecordEnd::Stated } else { self.end },
            lines: (self.lines.iter())
                .map(|line| Line {
                    probe: line.probe.clone(),
                    waveform: Arc::new(line.waveform.window(window)),
                    unknown: line.unknown.window(held),
                })
                .collect(),
            problems: if lost.is_empty() && !self.lost.is_empty() { Vec::new() } else { self.problems.clone() },
            lost,
            analog: self.analog.iter().map(|trace| shifted(trace, from)).collect(),
        }
    }
}

/// The trace of a capture that begins later.
fn shifted(trace: &AnalogTrace, samples: u64) -> AnalogTrace {
    let mut trace = trace.clone();
    trace.outline.before += samples;
    trace
}

/// The sink that keeps the changes of each wanted probe.
#[derive(Debug)]
pub struct Waveforms {
    probes: Vec<Probe>,
    /// One for each bit of a state.
    builders: Vec<WaveformBuilder>,
    /// The bits of the probes.
    mask: u64,
    state: Option<u64>,
    held: u64,
    most: u64,
}

impl Waveforms {
    /// A sink for these probes, of which no two share a bit, that holds at most `most` changes.
    #[must_use]
    pub fn new(probes: Vec<Probe>, most: u64) -> Waveforms {
        let mask = probes.iter().filter_map(|probe| 1_u64.checked_shl(probe.bit)).fold(0, |mask, bit| mask | bit);
        let builders = vec![WaveformBuilder::default(); u64::BITS as usize];
        Waveforms { probes, builders, mask, state: None, held: 0, most }
    }

    /// The lines of a capture of this extent.
    ///
    /// # Errors
    /// [`WaveformError`] when a change lies beyond its length.
    pub fn finish(mut self, extent: &Extent) -> Result<Vec<Line>, WaveformError> {
        let line = |probe: Probe| {
            let builder = self.builders.get_mut(probe.bit as usize).map(mem::take).unwrap_or_default();
            let unknown = extent.unknown.get(&probe.bit).cloned().unwrap_or_default();
            Ok(Line { probe, waveform: Arc::new(builder.finish(extent.length)?), unknown })
        };
        self.probes.into_iter().map(line).collect()
    }

    fn begin(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        for (bit, builder) in self.builders.iter_mut().enumerate() {
            builder.push(at, Level::from_bit(state >> bit))?;
        }
        Ok(())
    }
}

impl Sink for Waveforms {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        let Some(before) = self.state.replace(state) else { return self.begin(at, state) };
        let mut differs = (before ^ state) & self.mask;
        self.held += u64::from(differs.count_ones());
        if self.held > self.most {
            return Err(SinkError::TooManyEdges(self.most));
        }
        while differs != 0 {
            if let Some(builder) = self.builders.get_mut(differs.trailing_zeros() as usize) {
                builder.toggle(at)?;
            }
            differs &= differs - 1;
        }
        Ok(())
    }

    /// Which samples are lost is said once for all lines, by the extent.
    fn lost(&mut self, _: LostSpan) {}
}

#[cfg(test)]
mod tests {
    use super::header::tests::{header, probe};
    use super::*;

    #[test]
    fn the_cap_on_edges_holds() {
        let mut sink = Waveforms::new(vec![probe(0, "a")], 2);
        for (at, state) in [(0, 0), (1, 1), (2, 0)] {
            sink.change(SampleIndex::new(at), state).unwrap();
        }
        assert!(matches!(sink.change(SampleIndex::new(3), 1), Err(SinkError::TooManyEdges(2))));
    }

    #[test]
    fn a_window_of_a_damaged_capture_may_be_whole() {
        let at = SampleIndex::new;
        let waveform = Arc::new(Waveform::new(Level::Low, vec![2, 40], at(50)).unwrap());
        let capture = Capture {
            header: header(),
            rate: SampleRate::parse("1 MHz").unwrap(),
            length: at(50),
            end: RecordEnd::AtLeast,
            lines: vec![Line { probe: probe(0, "a"), waveform, unknown: Lost::nothing() }],
            lost: Lost::from_spans(vec![LostSpan::new(at(10), at(20))]),
            problems: vec!["chunk 2: bad CRC-32".to_owned()],
            analog: Vec::new(),
        };
        let intact = capture.window(Stretch { from: at(20), to: at(50) });
        assert_eq!((intact.integrity(), intact.length), (Integrity::Complete, at(30)));
        assert_eq!(intact.lines[0].waveform.changes(), [20]);
        let across = capture.window(Stretch { from: at(15), to: at(50) });
        assert_eq!(across.lost.spans(), [LostSpan::new(at(0), at(5))]);
        assert_eq!(across.integrity(), Integrity::Damaged);
        assert_eq!((intact.end, across.end), (RecordEnd::AtLeast, RecordEnd::AtLeast));
        let ended = capture.window(Stretch { from: at(20), to: at(49) });
        assert_eq!(ended.end, RecordEnd::Stated);
        // Nobody knows where the analyzer overran.
        let overrun = Capture { lost: Lost::nothing(), ..capture };
        assert_eq!(overrun.window(Stretch { from: at(20), to: at(50) }).integrity(), Integrity::Damaged);
    }

    #[test]
    fn what_is_unknown_of_a_line_is_its_own() {
        let at = SampleIndex::new;
        let spans = |spans: &[(u64, u64)]| {
            Lost::from_spans(spans.iter().map(|(from, to)| LostSpan::new(at(*from), at(*to))).collect())
        };
        let line = |bit, name, unknown: &[(u64, u64)]| Line {
            probe: probe(bit, name),
            waveform: Arc::new(Waveform::new(Level::Low, vec![10, 30], at(50)).unwrap()),
            unknown: spans(unknown),
        };
        let lines = vec![line(0, "a", &[]), line(1, "b", &[(0, 5), (20, 21)]), line(2, "c", &[(0, 50)])];
        let header = Header { probes: lines.iter().map(|line| line.probe.clone()).collect(), ..header() };
        let (rate, length) = (SampleRate::parse("1 MHz").unwrap(), at(50));
        let (lost, problems, analog) = (spans(&[(40, 42)]), Vec::new(), Vec::new());
        let capture = Capture { header, rate, length, end: RecordEnd::Stated, lines, lost, problems, analog };
        let [a, b, c] = [0, 1, 2].map(|bit| capture.line(bit).unwrap());
        assert_eq!(*capture.lost_on([a]), spans(&[(40, 42)]));
        assert_eq!(*capture.lost_on([a, b]), spans(&[(0, 5), (20, 21), (40, 42)]));
        assert_eq!(capture.begin_of([a, b]), Ok(at(5)));
        assert_eq!(capture.begin_of([a, b, c]), Err(c));
        assert_eq!(capture.unknown_levels(), ["the level of b is not known at sample 20"]);
        let recorded = capture.recorded(&[0, 1]);
        assert_eq!((recorded.length, recorded.lines[0].waveform.changes().to_vec()), (at(45), vec![5, 25]));
        assert_eq!((&recorded.lines[1].unknown, &recorded.lost), (&spans(&[(15, 16)]), &spans(&[(35, 37)])));
        assert_eq!(*capture.recorded(&[0]), capture);
    }
}
