//! Edges as groups of rows of a Parquet file.

use super::super::columns::{SECONDS, whole};
use super::super::write::{Packed, Packer, Packing};
use super::super::{Cells, Table, TableColumn, TableError};
use super::{Changes, Told};
use crate::capture::Probe;
use crate::report::{Imprint, Written};
use crate::units::{Rational, SampleRate};

/// The table without a row.
pub(super) fn no_rows() -> Table {
    let column = |name, unit, cells| TableColumn { name, unit, cells };
    let columns = vec![
        column("channel", None, Cells::Text(Vec::new())),
        column("sample", None, Cells::Whole(Vec::new())),
        column("time_s", SECONDS, Cells::Number(Vec::new())),
        column("level", None, Cells::Whole(Vec::new())),
    ];
    Table { kind: "edges/1", imprint: Some(Imprint::new(Written::Edges)), columns }
}

/// How groups of rows are made of changes.
#[derive(Debug)]
pub(super) struct Groups {
    names: Vec<String>,
    /// By their bits, which of the names.
    channels: Vec<u32>,
    told: Told,
    period: Rational,
    packer: Packer,
}

impl Groups {
    /// For these probes, named as given.
    pub(super) fn new(probes: &[(Probe, String)], rate: &SampleRate, told: Told, packer: Packer) -> Groups {
        let names = probes.iter().map(|(_, name)| name.clone()).collect();
        let mut channels = vec![0; u64::BITS as usize];
        for (place, (probe, _)) in (0..).zip(probes) {
            if let Some(channel) = channels.get_mut(probe.bit as usize) {
                *channel = place;
            }
        }
        Groups { names, channels, told, period: rate.period().clone(), packer }
    }

    /// The rows of these changes; none where there is no edge.
    pub(super) fn make(&self, changes: &Changes) -> Result<Option<Packed>, TableError> {
        let most = changes.all.len();
        let (mut channel, mut level) = (Vec::with_capacity(most), Vec::with_capacity(most));
        let (mut sample, mut time) = (Vec::with_capacity(most), Vec::with_capacity(most));
        changes.edges(&self.told, |at, mut differs, state| {
            let seconds = self.period.times_f64(at.get());
            while differs != 0 {
                let bit = differs.trailing_zeros();
                channel.push(self.channels.get(bit as usize).copied().unwrap_or_default());
                sample.push(whole(at.get()));
                time.push(seconds);
                level.push((state >> bit & 1) as u32);
                differs &= differs - 1;
            }
        });
        if sample.is_empty() {
            return Ok(None);
        }
        let columns = [
            Packing::Texts(&self.names, channel),
            Packing::Rising(sample),
            Packing::Numbers(time),
            Packing::Wholes(&[0, 1], level),
        ];
        self.packer.pack(columns).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use super::super::{EdgeTable, GROUP};
    use super::*;
    use crate::capture::{Presence, Sink, SinkError};
    use crate::signal::LostSpan;
    use crate::table::TableFormat;
    use crate::table::testing::{parquet, parquet_note, parquet_numbers, parquet_texts};
    use crate::units::SampleIndex;

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
        jobs: usize,
        window: (SampleIndex, Option<SampleIndex>),
        changes: impl IntoIterator<Item = Option<(u64, u64)>>,
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = EdgeTable::new(&mut bytes, TableFormat::Parquet, &probes(), &rate(), window, jobs).unwrap();
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
        let bytes = written(2, WHOLE, changes);
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
        assert_eq!(samples(&written(2, (SampleIndex::new(3), Some(SampleIndex::new(6))), changes)), [3, 4, 5]);
    }

    #[test]
    fn no_row_is_lost_between_groups_on_any_number_of_threads() {
        for count in [0, 1, GROUP as u64 - 1, GROUP as u64, GROUP as u64 + 1, 2 * GROUP as u64] {
            let [alone, bytes] = [1, 3].map(|jobs| written(jobs, WHOLE, (0..=count).map(|at| Some((at, at & 1)))));
            assert!(samples(&bytes).into_iter().eq(1..=whole(count)), "{count}");
            assert!(alone == bytes, "{count}");
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
        let mut writer = EdgeTable::new(Closed, TableFormat::Parquet, &probes(), &rate(), WHOLE, 1).unwrap();
        writer.change(SampleIndex::new(0), 0).unwrap();
        writer.change(SampleIndex::new(1), 1).unwrap();
        match writer.finish() {
            Err(SinkError::Write(error)) => assert_eq!(error.kind(), io::ErrorKind::BrokenPipe),
            other => panic!("{other:?}"),
        }
    }
}
