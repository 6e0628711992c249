//! The table of edges, written as a capture is read: it needs the memory of a few thousand rows, however long that is.

use std::io::{self, Write};

use super::columns::{self, SECONDS};
use super::write::TableWriter;
use super::{Cells, Table, TableColumn, TableError, TableFormat};
use crate::capture::{Header, Sink, SinkError};
use crate::signal::LostSpan;
use crate::units::{SampleIndex, SampleRate};

/// So many rows are written at once.
const BATCH: usize = 1 << 16;

/// Writes every change of the wanted probes, in the order of time, and of bits where several change at once: the
/// channel's name (with its bit where several share the name), the first sample at the new level, its time in seconds,
/// and the level, 0 or 1.
///
/// A change right behind a lost stretch is no edge, and is left out.
pub struct EdgeWriter<W: Write> {
    writer: TableWriter<W>,
    channels: Vec<Channel>,
    rate: SampleRate,
    /// The last state; none before the first sample.
    state: Option<u64>,
    /// The sample at which a change is no edge, because those before it are lost.
    unproven: Option<SampleIndex>,
    rows: Rows,
}

struct Channel {
    bit: u32,
    name: String,
}

#[derive(Default)]
struct Rows {
    channel: Vec<Option<String>>,
    sample: Vec<Option<u64>>,
    time: Vec<Option<f64>>,
    level: Vec<Option<u64>>,
}

impl Rows {
    fn into_table(self) -> Table {
        let column = |name, unit, cells| TableColumn { name, unit, cells };
        let columns = vec![
            column(columns::CHANNEL, None, Cells::Text(self.channel)),
            column(columns::SAMPLE, None, Cells::Unsigned(self.sample)),
            column(columns::TIME, SECONDS, Cells::Number(self.time)),
            column(columns::LEVEL, None, Cells::Unsigned(self.level)),
        ];
        Table { kind: "edges/1", columns }
    }
}

impl<W: Write> EdgeWriter<W> {
    /// A file of the changes of the probes with these bits.
    ///
    /// # Errors
    /// [`TableError`] when the file cannot be begun.
    pub fn new(
        out: W,
        format: TableFormat,
        header: &Header,
        bits: &[u32],
        rate: SampleRate,
    ) -> Result<EdgeWriter<W>, TableError> {
        let wanted = header.probes.iter().filter(|probe| bits.contains(&probe.bit));
        let channels = wanted.map(|probe| Channel { bit: probe.bit, name: header.display_name(probe) });
        Ok(EdgeWriter {
            writer: TableWriter::new(out, format, &Rows::default().into_table())?,
            channels: channels.collect(),
            rate,
            state: None,
            unproven: None,
            rows: Rows::default(),
        })
    }

    /// Writes what is left and the end of the file.
    ///
    /// # Errors
    /// [`TableError`] when it cannot be written.
    pub fn finish(mut self) -> Result<(), TableError> {
        self.flush()?;
        self.writer.finish()
    }

    fn flush(&mut self) -> Result<(), TableError> {
        let rows = std::mem::take(&mut self.rows);
        if rows.sample.is_empty() { Ok(()) } else { self.writer.write(&rows.into_table()) }
    }
}

impl<W: Write> Sink for EdgeWriter<W> {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        let before = self.state.replace(state).filter(|_| self.unproven != Some(at));
        let Some(before) = before else { return Ok(()) };
        let time = self.rate.seconds(at - SampleIndex::default()).to_f64();
        for channel in &self.channels {
            let [old, new] = [before, state].map(|state| state.checked_shr(channel.bit).unwrap_or(0) & 1);
            if old != new {
                self.rows.channel.push(Some(channel.name.clone()));
                self.rows.sample.push(Some(at.get()));
                self.rows.time.push(Some(time));
                self.rows.level.push(Some(new));
            }
        }
        if self.rows.sample.len() < BATCH {
            return Ok(());
        }
        self.flush().map_err(|error| match error {
            TableError::Write(error) => SinkError::Write(error),
            TableError::Library(text) => SinkError::Write(io::Error::other(text)),
        })
    }

    fn lost(&mut self, span: LostSpan) {
        self.unproven = Some(span.to);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{csv_records, parquet};
    use super::*;
    use crate::capture::{Presence, Probe};
    use crate::units::Rational;

    fn header() -> Header {
        let probe = |bit, name: &str| Probe { bit, name: name.to_owned(), presence: Presence::Recorded };
        let probes = vec![probe(0, "FSIN"), probe(2, "=clk"), probe(5, "=clk")];
        Header { format: "test", rate: None, probes, warnings: Vec::new() }
    }

    fn written(format: TableFormat, changes: impl IntoIterator<Item = (u64, u64)>) -> Vec<u8> {
        let rate = SampleRate::from_hz(Rational::integer(4_000_000)).unwrap();
        let mut bytes = Vec::new();
        let mut writer = EdgeWriter::new(&mut bytes, format, &header(), &[0, 5], rate).unwrap();
        for (at, state) in changes {
            writer.change(SampleIndex::new(at), state).unwrap();
        }
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn every_change_of_a_wanted_probe_is_a_row() {
        // Bit 2 is not wanted; the first state is no edge.
        let bytes = written(TableFormat::Csv, [(0, 0b00_0101), (2, 0b10_0101), (1_000_000_001, 0b00_0000)]);
        let records = csv_records(&bytes);
        let rows: Vec<Vec<&str>> = records.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        assert_eq!(rows[0], ["channel", "sample", "time_s", "level"]);
        assert_eq!([rows[1][0], rows[1][1], rows[1][3]], ["'=clk#5", "2", "1"]);
        assert_eq!(rows[1][2].parse(), Ok(5e-7));
        assert_eq!(rows[2], ["FSIN", "1000000001", "250.00000025", "0"]);
        assert_eq!(rows[3], ["'=clk#5", "1000000001", "250.00000025", "0"]);
        assert_eq!(rows.len(), 4);
    }

    #[test]
    fn no_row_is_lost_between_batches() {
        let changes = |count: u64| (0..=count).map(|at| (at, at & 1));
        for count in [0, 1, BATCH as u64 - 1, BATCH as u64, BATCH as u64 + 1, 2 * BATCH as u64] {
            let records = csv_records(&written(TableFormat::Csv, changes(count)));
            assert_eq!(records.len() as u64, count + 1, "with one line of headings");
            assert_eq!(
                records.last().map(|row| row[1].clone()),
                Some(if count == 0 { "sample".to_owned() } else { count.to_string() })
            );
            let frame = parquet(&written(TableFormat::Parquet, changes(count)));
            let samples: Vec<u64> = frame.column("sample").unwrap().u64().unwrap().iter().flatten().collect();
            assert!(samples.into_iter().eq(1..=count), "{count}");
        }
    }

    #[test]
    fn a_closed_pipe_is_told_from_other_errors() {
        #[derive(Debug)]
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let rate = SampleRate::from_hz(Rational::ONE).unwrap();
        let mut writer = EdgeWriter::new(Closed, TableFormat::Csv, &header(), &[0], rate).unwrap();
        writer.change(SampleIndex::new(0), 0).unwrap();
        writer.change(SampleIndex::new(1), 1).unwrap();
        match writer.finish() {
            Err(TableError::Write(error)) => assert_eq!(error.kind(), io::ErrorKind::BrokenPipe),
            other => panic!("{other:?}"),
        }
    }
}
