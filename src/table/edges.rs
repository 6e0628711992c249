//! The table of edges as Parquet, written as a capture is read: it needs the memory of some hundred thousand rows,
//! however long that is.

use std::io::{self, Write};

use super::columns::{self, SECONDS, whole};
use super::write::TableWriter;
use super::{Cells, Table, TableColumn, TableError, TableFormat};
use crate::capture::{Probe, Sink, SinkError, Unproven};
use crate::report::{Imprint, Written};
use crate::signal::LostSpan;
use crate::units::{SampleIndex, SampleRate};

/// So many rows are written at once, and are a row group: of fewer, files are a third larger.
const BATCH: usize = 1 << 18;

/// Writes each edge in the order of time; edges of one sample in the order of bits: the channel's name, the first sample
/// at the new level, its time in seconds, and the level, 0 or 1.
pub struct EdgeParquet<W: Write> {
    writer: TableWriter<W>,
    /// The probes' bits and names.
    channels: Vec<(u32, String)>,
    rate: SampleRate,
    /// The last state; none before the first sample.
    state: Option<u64>,
    /// Where a stretch that is not known ends, and on which lines: a change there is no edge.
    unproven: Unproven,
    window: (SampleIndex, Option<SampleIndex>),
    rows: Rows,
}

#[derive(Default)]
struct Rows {
    /// The place of the row's channel.
    channel: Vec<usize>,
    sample: Vec<i64>,
    time: Vec<f64>,
    level: Vec<i64>,
}

impl Rows {
    fn into_table(self, channels: &[(u32, String)]) -> Table {
        let names = channels.iter().map(|(_, name)| name.clone()).collect();
        let column = |name, unit, cells| TableColumn { name, unit, cells };
        let columns = vec![
            column(columns::CHANNEL, None, Cells::Choice(names, self.channel)),
            column(columns::SAMPLE, None, Cells::EachWhole(self.sample)),
            column(columns::TIME, SECONDS, Cells::EachNumber(self.time)),
            column(columns::LEVEL, None, Cells::EachWhole(self.level)),
        ];
        Table { kind: "edges/1", imprint: Some(Imprint::new(Written::Edges)), columns }
    }
}

impl<W: Write> EdgeParquet<W> {
    /// Begins the file of these probes, named as given. Edges before the window and from its end on are left out; samples
    /// and times are those of the whole capture.
    ///
    /// # Errors
    /// [`TableError`] when the file cannot be begun.
    pub fn new(
        out: W,
        probes: &[(Probe, String)],
        rate: &SampleRate,
        window: (SampleIndex, Option<SampleIndex>),
    ) -> Result<EdgeParquet<W>, TableError> {
        let channels: Vec<(u32, String)> = probes.iter().map(|(probe, name)| (probe.bit, name.clone())).collect();
        Ok(EdgeParquet {
            writer: TableWriter::new(out, TableFormat::Parquet, &Rows::default().into_table(&channels))?,
            channels,
            rate: rate.clone(),
            state: None,
            unproven: Unproven::default(),
            window,
            rows: Rows::default(),
        })
    }

    /// Writes what is left and the end of the file.
    ///
    /// # Errors
    /// [`SinkError::Write`] when it cannot be written.
    pub fn finish(mut self) -> Result<(), SinkError> {
        self.flush()?;
        Ok(self.writer.finish()?)
    }

    fn flush(&mut self) -> Result<(), SinkError> {
        let rows = std::mem::take(&mut self.rows);
        if !rows.sample.is_empty() {
            self.writer.write(&rows.into_table(&self.channels))?;
        }
        Ok(())
    }
}

impl From<TableError> for SinkError {
    fn from(error: TableError) -> SinkError {
        match error {
            TableError::Write(error) => SinkError::Write(error),
            TableError::Library(_) | TableError::Unreadable(_) => SinkError::Write(io::Error::other(error)),
        }
    }
}

impl<W: Write> Sink for EdgeParquet<W> {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        let before = self.state.replace(state);
        let Some(before) = before else { return Ok(()) };
        if at < self.window.0 || self.window.1.is_some_and(|end| at >= end) {
            return Ok(());
        }
        let unproven = self.unproven.at(at);
        let time = self.rate.period().times_f64(at.get());
        for (place, (bit, _)) in self.channels.iter().enumerate() {
            let [old, new] = [before, state].map(|state| state.checked_shr(*bit).unwrap_or(0) & 1);
            if old != new && unproven >> bit & 1 == 0 {
                self.rows.channel.push(place);
                self.rows.sample.push(whole(at.get()));
                self.rows.time.push(time);
                self.rows.level.push(whole(new));
            }
        }
        if self.rows.sample.len() < BATCH { Ok(()) } else { self.flush() }
    }

    fn lost(&mut self, span: LostSpan) {
        self.unproven.add(span.to, u64::MAX);
    }

    fn unknown(&mut self, probes: u64, span: LostSpan) {
        self.unproven.add(span.to, probes);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{parquet, parquet_note, parquet_numbers, parquet_texts};
    use super::*;
    use crate::capture::Presence;
    use crate::units::Rational;

    const WHOLE: (SampleIndex, Option<SampleIndex>) = (SampleIndex::new(0), None);

    fn probes() -> [(Probe, String); 2] {
        [(0, "FSIN"), (5, "=clk#5")]
            .map(|(bit, name)| (Probe { bit, name: name.to_owned(), presence: Presence::Recorded }, name.to_owned()))
    }

    fn rate() -> SampleRate {
        SampleRate::from_hz(Rational::integer(4_000_000)).unwrap()
    }

    /// Written from these changes; `None` loses the samples up to and without 10.
    fn written(
        window: (SampleIndex, Option<SampleIndex>),
        changes: impl IntoIterator<Item = Option<(u64, u64)>>,
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = EdgeParquet::new(&mut bytes, &probes(), &rate(), window).unwrap();
        for change in changes {
            match change {
                Some((at, state)) => writer.change(SampleIndex::new(at), state).unwrap(),
                None => writer.lost(LostSpan::new(SampleIndex::new(8), SampleIndex::new(10))),
            }
        }
        writer.finish().unwrap();
        bytes
    }

    fn samples(bytes: &[u8]) -> Vec<i64> {
        parquet(bytes).column("sample").unwrap().i64().unwrap().iter().flatten().collect()
    }

    #[test]
    fn edges_in_order_of_time_and_none_across_a_gap() {
        // The first state is no edge, and what lies at the end of the gap is none.
        let changes =
            [Some((0, 0b00_0001)), Some((2, 0b10_0001)), None, Some((10, 0b10_0000)), Some((1_000_000_001, 0b00_0001))];
        let bytes = written(WHOLE, changes);
        let names: Vec<String> = parquet_texts(&bytes, "channel").into_iter().flatten().collect();
        assert_eq!(names, ["=clk#5", "FSIN", "=clk#5"]);
        assert_eq!(samples(&bytes), [2, 1_000_000_001, 1_000_000_001]);
        assert_eq!(parquet_numbers(&bytes, "time_s"), [Some(5e-7), Some(250.000_000_25), Some(250.000_000_25)]);
        let levels: Vec<i64> = parquet(&bytes).column("level").unwrap().i64().unwrap().iter().flatten().collect();
        assert_eq!(levels, [1, 1, 0]);
        assert_eq!(parquet_note(&bytes, "strobecheck.units").as_deref(), Some(r#"{"time_s":"s"}"#));
    }

    #[test]
    fn a_window_takes_its_first_sample_and_not_its_end() {
        let changes = (0..=9).map(|at| Some((at, at & 1)));
        assert_eq!(samples(&written((SampleIndex::new(3), Some(SampleIndex::new(6))), changes)), [3, 4, 5]);
    }

    #[test]
    fn no_row_is_lost_between_batches() {
        for count in [0, 1, BATCH as u64 - 1, BATCH as u64, BATCH as u64 + 1, 2 * BATCH as u64] {
            let bytes = written(WHOLE, (0..=count).map(|at| Some((at, at & 1))));
            assert!(samples(&bytes).into_iter().eq(1..=whole(count)), "{count}");
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
        let mut writer = EdgeParquet::new(Closed, &probes(), &rate(), WHOLE).unwrap();
        writer.change(SampleIndex::new(0), 0).unwrap();
        writer.change(SampleIndex::new(1), 1).unwrap();
        match writer.finish() {
            Err(SinkError::Write(error)) => assert_eq!(error.kind(), io::ErrorKind::BrokenPipe),
            other => panic!("{other:?}"),
        }
    }
}
