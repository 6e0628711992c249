//! Every edge as a line of CSV, while the capture is being read: nothing is held.

use std::io::Write;
use std::ops::Range;

use crate::capture::{Probe, Sink, SinkError};
use crate::escape::csv_cell;
use crate::signal::LostSpan;
use crate::units::{SampleIndex, SampleRate, TimeText};

/// The columns: the probe's name (`NAME#BIT` where several share it), the first sample at the new level, its time in
/// seconds, exact to the sample, and the new level.
const HEADER: &str = "channel,sample,time_s,level\n";

/// Writes `channel,sample,time_s,level` for each edge in the order of time; edges of one sample in the order of bits.
#[derive(Debug)]
pub struct EdgeCsv<W: Write> {
    out: W,
    /// By their bits: the name as a CSV field, with the comma behind it.
    fields: Vec<Vec<u8>>,
    /// The bits that have one.
    mask: u64,
    time: TimeText,
    state: Option<u64>,
    unproven: Option<SampleIndex>,
    window: (u64, u64),
    /// The lines that are not yet written.
    lines: Vec<u8>,
}

impl<W: Write> EdgeCsv<W> {
    /// Begins the table of these probes, named as given, with its header line. Edges before `from` and from `to` on are
    /// left out; samples and times are those of the whole capture.
    ///
    /// # Errors
    /// [`SinkError::Write`] when `out` fails.
    pub fn new(
        mut out: W,
        probes: &[(Probe, String)],
        rate: &SampleRate,
        window: (SampleIndex, Option<SampleIndex>),
    ) -> Result<EdgeCsv<W>, SinkError> {
        out.write_all(HEADER.as_bytes())?;
        let mut fields = vec![Vec::new(); u64::BITS as usize];
        let mut mask = 0;
        for (probe, name) in probes {
            if let Some(place) = fields.get_mut(probe.bit as usize) {
                *place = field(name);
                mask |= 1 << probe.bit;
            }
        }
        let window = (window.0.get(), window.1.map_or(u64::MAX, SampleIndex::get));
        let time = TimeText::new(rate);
        Ok(EdgeCsv { out, fields, mask, time, state: None, unproven: None, window, lines: Vec::new() })
    }

    /// Ends the table.
    ///
    /// # Errors
    /// [`SinkError::Write`] when `out` fails.
    pub fn finish(mut self) -> Result<(), SinkError> {
        Ok(self.out.flush()?)
    }
}

/// A name as a field: inert in a spreadsheet, quoted where CSV asks for it, with the comma that ends it.
fn field(name: &str) -> Vec<u8> {
    let cell = csv_cell(name);
    let quoted = if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\",", cell.replace('"', "\"\""))
    } else {
        format!("{cell},")
    };
    quoted.into_bytes()
}

impl<W: Write> EdgeCsv<W> {
    /// Appends the lines of a change.
    fn append(&mut self, at: SampleIndex, state: u64) {
        let before = self.state.replace(state);
        let Some(before) = before.filter(|_| self.unproven != Some(at)) else { return };
        let mut differs = (before ^ state) & self.mask;
        if differs == 0 || at.get() < self.window.0 || at.get() >= self.window.1 {
            return;
        }
        // Where the columns stand that the lines of one sample share.
        let mut place: Option<Range<usize>> = None;
        while differs != 0 {
            let bit = differs.trailing_zeros();
            self.lines.extend_from_slice(self.fields.get(bit as usize).map_or(&[], Vec::as_slice));
            let start = self.lines.len();
            if let Some(place) = place.clone() {
                self.lines.extend_from_within(place);
            } else {
                self.lines.extend_from_slice(itoa::Buffer::new().format(at.get()).as_bytes());
                self.lines.push(b',');
                self.time.append(at, &mut self.lines);
                place = Some(start..self.lines.len());
            }
            self.lines.extend_from_slice(if state >> bit & 1 == 1 { b",1\n" } else { b",0\n" });
            differs &= differs - 1;
        }
    }

    fn write(&mut self) -> Result<(), SinkError> {
        self.out.write_all(&self.lines)?;
        self.lines.clear();
        Ok(())
    }
}

impl<W: Write> Sink for EdgeCsv<W> {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        self.append(at, state);
        self.write()
    }

    fn changes(&mut self, changes: &[(SampleIndex, u64)]) -> Result<(), SinkError> {
        changes.iter().for_each(|&(at, state)| self.append(at, state));
        self.write()
    }

    fn lost(&mut self, span: LostSpan) {
        self.unproven = Some(span.to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Presence;

    #[test]
    fn edges_in_order_of_time_and_none_across_a_gap() {
        let probe =
            |bit, name: &str| (Probe { bit, name: name.to_owned(), presence: Presence::Recorded }, name.to_owned());
        let rate = SampleRate::parse("24 MHz").unwrap();
        let mut table = Vec::new();
        let probes = [probe(0, "A,B"), probe(2, "=C")];
        let mut csv = EdgeCsv::new(&mut table, &probes, &rate, (SampleIndex::default(), None)).unwrap();
        let at = SampleIndex::new;
        csv.change(at(0), 0b100).unwrap();
        csv.change(at(24), 0b001).unwrap();
        csv.lost(LostSpan { from: at(30), to: at(40) });
        csv.change(at(40), 0b000).unwrap();
        csv.change(at(24_000_001), 0b001).unwrap();
        csv.finish().unwrap();
        let expected = "channel,sample,time_s,level\n\
            \"A,B\",24,0.000001000,1\n'=C,24,0.000001000,0\n\"A,B\",24000001,1.000000042,1\n";
        assert_eq!(String::from_utf8(table).unwrap(), expected);
    }
}
