//! The analog channels of a session: read as lines by a threshold.
//!
//! Channel `analogN` has its samples in the member `analog-1-N` or its chunks `analog-1-N-1` and so on, each a 32-bit
//! float in the unit of the channel, at the sample rate of the logic probes: sample *i* of both is the same instant.

use super::channel::{Channel, SAMPLE};
use super::chunks::Part;
use super::session::Session;
use crate::capture::{Extent, Request, Sink, SinkError, Threshold};
use crate::format::archive::{Stated, contents};
use crate::format::{FormatError, Reader};
use crate::signal::{AnalogTrace, Comparator, Compared, Length, Level, Lost, LostSpan};
use crate::units::SampleIndex;

/// A chunk is unpacked at once; larger ones are none that sigrok writes.
const LARGEST_CHUNK: u64 = 256 << 20;

/// A channel that was compared with a threshold.
struct Line {
    bit: u32,
    threshold: f64,
    compared: Compared,
    lost: Vec<LostSpan>,
    problems: Vec<String>,
}

impl Session {
    /// Reads the logic probes and, as further ones, the channels that are wanted by their thresholds.
    pub(super) fn read_with_analog(&self, request: &Request, sink: &mut dyn Sink) -> Result<Extent, FormatError> {
        let lines: Vec<Line> =
            request.thresholds.iter().map(|threshold| self.compare(threshold, request)).collect::<Result<_, _>>()?;
        let own: Vec<u32> = lines.iter().map(|line| line.bit).collect();
        let logic = Request {
            bits: request.bits.iter().copied().filter(|bit| !own.contains(bit)).collect(),
            thresholds: Vec::new(),
            ..request.clone()
        };
        let mut merge = Merge::new(&lines, sink);
        let extent = if self.is_analog_only() {
            let length = lines.iter().map(|line| line.compared.length).max().unwrap_or(0);
            Extent { problems: self.problems().to_vec(), ..Extent::whole(SampleIndex::new(length)) }
        } else {
            self.read(&logic, &mut merge)?
        };
        merge.finish(extent.length)?;
        let (mut lost, mut problems) = (extent.lost.spans().to_vec(), extent.problems.clone());
        let mut analog = Vec::new();
        for line in lines {
            lost.extend(line.lost.iter().filter(|span| span.from < extent.length));
            problems.extend(line.problems);
            let end = SampleIndex::new(line.compared.length);
            if end < extent.length {
                problems
                    .push(format!("an analog channel ends at sample {end}; the record goes on to {}", extent.length));
                lost.push(LostSpan::new(end, extent.length));
            }
            let Compared { slack, outline, .. } = line.compared;
            analog.push(AnalogTrace { bit: line.bit, threshold: line.threshold, slack, outline });
        }
        Ok(Extent { lost: Lost::from_spans(lost), problems, analog, ..extent })
    }

    fn compare(&self, threshold: &Threshold, request: &Request) -> Result<Line, FormatError> {
        let probe = &threshold.probe;
        let channel = self.channel(&probe.channel);
        let mut comparator = Comparator::new(&probe.threshold, &probe.hysteresis, channel.map_or(0, Channel::samples));
        let (mut lost, mut problems) = (Vec::new(), Vec::new());
        let parts = channel.map(|channel| channel.parts.as_deref());
        for part in parts.and_then(Result::ok).unwrap_or_default() {
            let from = comparator.samples();
            if let Err(why) = self.compare_part(part, &mut comparator, &mut lost) {
                let (samples, length) = self.analog_samples(part);
                comparator.gap(samples);
                let (from, to) = (SampleIndex::new(from), SampleIndex::new(comparator.samples()));
                lost.push(LostSpan { from, to, length });
                problems
                    .push(format!("{part}: {why}; samples {from} up to {to} of channel {} are lost", probe.channel));
            }
            if comparator.changes() as u64 > request.caps.edges {
                return Err(SinkError::TooManyEdges(request.caps.edges).into());
            }
            if comparator.samples() > request.caps.samples {
                return Err(FormatError::TooManySamples(request.caps.samples));
            }
        }
        if let Some(Err(error)) = channel.map(|channel| &channel.parts) {
            problems.push(format!("channel {}: {error}", probe.channel));
        }
        let threshold_value = probe.threshold.to_f64();
        Ok(Line { bit: threshold.bit, threshold: threshold_value, compared: comparator.finish(), lost, problems })
    }

    /// How many samples a part has, as it states, and what is known of that; none where it is a lie.
    fn analog_samples(&self, part: &Part) -> (u64, Length) {
        match part {
            Part::Chunk { member, .. } => match (member.plausible_size(self.archive_size()), member.stated) {
                (Some(size), Stated::Twice) => (size / SAMPLE as u64, Length::Proven),
                (Some(size), Stated::Once) => (size / SAMPLE as u64, Length::Inferred),
                (None, _) => (0, Length::Unknown),
            },
            Part::Missing { .. } => (0, Length::Unknown),
        }
    }

    fn compare_part(&self, part: &Part, comparator: &mut Comparator, lost: &mut Vec<LostSpan>) -> Result<(), String> {
        let member = match part {
            Part::Chunk { member, .. } => member,
            Part::Missing { .. } => return Err("missing".to_owned()),
        };
        let bytes = contents(&**self.source(), member, LARGEST_CHUNK).map_err(|fault| fault.to_string())?;
        let (samples, rest) = bytes.as_chunks::<SAMPLE>();
        if !rest.is_empty() {
            return Err(format!("its {} bytes are no multiple of the {SAMPLE} of a sample", bytes.len()));
        }
        for bytes in samples {
            let at = comparator.samples();
            if !comparator.sample(f32::from_le_bytes(*bytes)) {
                lost.push(LostSpan::new(SampleIndex::new(at), SampleIndex::new(at + 1)));
            }
        }
        Ok(())
    }
}

/// A sink that is told the changes of analog lines between those of the logic probes.
struct Merge<'a> {
    sink: &'a mut dyn Sink,
    lines: Vec<(u64, &'a [u64])>,
    /// The state of the logic probes, and of the analog lines.
    logic: Option<u64>,
    analog: u64,
}

impl<'a> Merge<'a> {
    fn new(lines: &'a [Line], sink: &'a mut dyn Sink) -> Merge<'a> {
        let bit = |line: &Line| 1_u64.checked_shl(line.bit).unwrap_or(0);
        let initial = |line: &Line| if line.compared.initial == Level::High { bit(line) } else { 0 };
        Merge {
            sink,
            analog: lines.iter().map(initial).fold(0, |state, bit| state | bit),
            lines: lines.iter().map(|line| (bit(line), line.compared.changes.as_slice())).collect(),
            logic: None,
        }
    }

    /// Sends the changes of the analog lines before this sample; one at it goes into `analog`, for the caller to send.
    fn send_before(&mut self, until: u64) -> Result<(), SinkError> {
        loop {
            let next = self.lines.iter().filter_map(|(_, changes)| changes.first()).min().copied();
            let Some(at) = next.filter(|at| *at <= until) else { return Ok(()) };
            for (bit, changes) in &mut self.lines {
                if let Some((_, rest)) = changes.split_first().filter(|(first, _)| **first == at) {
                    self.analog ^= *bit;
                    *changes = rest;
                }
            }
            if at < until
                && let Some(logic) = self.logic
            {
                self.sink.change(SampleIndex::new(at), logic | self.analog)?;
            }
        }
    }

    /// Sends what is left before the end of the record.
    fn finish(mut self, length: SampleIndex) -> Result<(), SinkError> {
        if self.logic.is_none() && length > SampleIndex::default() {
            self.change(SampleIndex::default(), 0)?;
        }
        self.send_before(length.get())
    }
}

impl Sink for Merge<'_> {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        self.send_before(at.get())?;
        self.logic = Some(state);
        self.sink.change(at, state | self.analog)
    }

    fn lost(&mut self, span: LostSpan) {
        self.sink.lost(span);
    }
}
