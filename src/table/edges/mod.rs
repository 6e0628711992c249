//! The table of edges as CSV and as Parquet, written while a capture is being read: a few blocks of changes are held, however
//! long it is. A block needs nothing of the others, so they become rows on threads of their own.

mod csv;
mod parquet;

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use super::write::{Packed, TableWriter};
use super::{TableError, TableFormat};
use crate::capture::{Probe, Sink, SinkError, Unproven};
use crate::csv::EDGES_CSV;
use crate::signal::LostSpan;
use crate::units::{SampleIndex, SampleRate};
use crate::workers::Workers;
use csv::Lines;
use parquet::Groups;

/// So many changes become lines at a time: enough that to hand them to a thread is worth it. Few where tests try many blocks.
const LINES: usize = if cfg!(test) { 1 << 6 } else { 1 << 14 };

/// So many become a group of rows: of fewer rows, Parquet files are a third larger.
const GROUP: usize = if cfg!(test) { 1 << 6 } else { 1 << 18 };

/// A group has no more rows than these: each change may be one of every probe.
const MOST_ROWS: usize = 1 << 21;

/// More threads make no rows, whatever the number of cores: what writes them comes to its end sooner.
const MOST_THREADS: usize = 8;

/// Writes each edge in the order of time; edges of one sample in the order of bits: the channel's name, the first sample at
/// the new level, its time in seconds, and the level, 0 or 1.
#[derive(Debug)]
pub struct EdgeTable<W: Write> {
    out: Out<W>,
    make: Arc<Make>,
    /// How many changes a block has.
    full: usize,
    /// The changes that are no rows yet.
    block: Block,
    /// The changes that are no edges: what was before them is not known.
    unproven: Unproven,
    /// The blocks before this one that are not written yet.
    ahead: Workers<Block, Block>,
    /// A block that was written, for the room that it has.
    spare: Block,
}

/// Where rows go.
#[derive(Debug)]
enum Out<W: Write> {
    Csv(W),
    Parquet(Box<TableWriter<W>>),
}

/// What makes rows of changes.
#[derive(Debug)]
enum Make {
    Csv(Lines),
    Parquet(Groups),
}

/// Changes in a row, and the rows that are made of them.
#[derive(Debug, Default)]
struct Block {
    changes: Changes,
    lines: Vec<u8>,
    group: Option<Result<Packed, TableError>>,
}

/// Changes in a row.
#[derive(Debug, Default)]
struct Changes {
    /// What was shown before; where there is nothing, the first change is no edge.
    before: Option<u64>,
    all: Vec<(SampleIndex, u64)>,
    /// Which of the changes are no edges of the probes with these bits, in order: what was before them is not known.
    unproven: Vec<(usize, u64)>,
}

/// Which edges are told.
#[derive(Debug)]
struct Told {
    /// The bits of the probes.
    mask: u64,
    window: Range<u64>,
}

impl Changes {
    /// Empty again, with the room that it has.
    fn renew(&mut self, before: Option<u64>) {
        self.before = before;
        self.all.clear();
        self.unproven.clear();
    }

    /// What is shown behind them.
    fn last(&self) -> Option<u64> {
        self.all.last().map_or(self.before, |&(_, state)| Some(state))
    }

    /// Goes on with changes, the first of which is no edge of the probes with the bits in `unproven`.
    fn push(&mut self, changes: &[(SampleIndex, u64)], unproven: u64) {
        if unproven != 0 {
            self.unproven.push((self.all.len(), unproven));
        }
        self.all.extend_from_slice(changes);
    }

    /// Gives each sample at which there are edges: the bits that differ, one at least, and the state.
    fn edges(&self, told: &Told, mut take: impl FnMut(SampleIndex, u64, u64)) {
        let mut unproven = self.unproven.iter().copied().peekable();
        let mut before = self.before;
        for (place, &(at, state)) in self.all.iter().enumerate() {
            let no_edges = unproven.next_if(|(unproven, _)| *unproven == place).map_or(0, |(_, probes)| probes);
            let differs = (before.replace(state).unwrap_or(state) ^ state) & told.mask & !no_edges;
            if differs != 0 && told.window.contains(&at.get()) {
                take(at, differs, state);
            }
        }
    }
}

impl Make {
    fn make(&self, block: &mut Block) {
        match self {
            Make::Csv(lines) => lines.make(&block.changes, &mut block.lines),
            Make::Parquet(groups) => block.group = groups.make(&block.changes).transpose(),
        }
    }
}

impl<W: Write> Out<W> {
    /// Writes the rows of a block, and takes them out of it.
    fn write(&mut self, block: &mut Block) -> Result<(), SinkError> {
        match self {
            Out::Csv(out) => out.write_all(&block.lines)?,
            Out::Parquet(writer) => block.group.take().into_iter().try_for_each(|group| writer.write(&group?))?,
        }
        block.lines.clear();
        Ok(())
    }

    fn finish(self) -> Result<(), SinkError> {
        match self {
            Out::Csv(mut out) => Ok(out.flush()?),
            Out::Parquet(writer) => Ok(writer.finish()?),
        }
    }
}

impl<W: Write> EdgeTable<W> {
    /// Begins the table of these probes, named as given. Edges before the window and from its end on are left out; samples and
    /// times are those of the whole capture. Rows are made on as many threads as there are `jobs`, or on none besides the
    /// caller's where that is one.
    ///
    /// # Errors
    /// [`SinkError::Write`] when `out` fails.
    pub fn new(
        mut out: W,
        format: TableFormat,
        probes: &[(Probe, String)],
        rate: &SampleRate,
        window: (SampleIndex, Option<SampleIndex>),
        jobs: usize,
    ) -> Result<EdgeTable<W>, SinkError> {
        let mask = probes.iter().fold(0, |mask, (probe, _)| mask | 1_u64.checked_shl(probe.bit).unwrap_or(0));
        let told = Told { mask, window: window.0.get()..window.1.map_or(u64::MAX, SampleIndex::get) };
        let (out, make, full) = match format {
            TableFormat::Csv => {
                out.write_all(EDGES_CSV.as_bytes())?;
                (Out::Csv(out), Make::Csv(Lines::new(probes, rate, told)), LINES)
            }
            TableFormat::Parquet => {
                let mut writer = TableWriter::new(out, &parquet::no_rows())?;
                let groups = Groups::new(probes, rate, told, writer.packer());
                (Out::Parquet(Box::new(writer)), Make::Parquet(groups), GROUP.min(MOST_ROWS / probes.len().max(1)))
            }
        };
        let make = Arc::new(make);
        let maker = Arc::clone(&make);
        Ok(EdgeTable {
            out,
            make,
            full,
            block: Block::default(),
            unproven: Unproven::default(),
            ahead: Workers::new(if jobs > 1 { jobs.min(MOST_THREADS) } else { 0 }, move |mut block: Block| {
                maker.make(&mut block);
                block
            }),
            spare: Block::default(),
        })
    }

    /// Ends the table. Where the reader failed, it has the edges up to there.
    ///
    /// # Errors
    /// [`SinkError::Write`] when `out` fails.
    pub fn finish(mut self) -> Result<(), SinkError> {
        while let Some(mut block) = self.ahead.next() {
            self.out.write(&mut block)?;
        }
        self.write_block()?;
        self.out.finish()
    }

    /// Writes the block, whose rows are made here.
    fn write_block(&mut self) -> Result<(), SinkError> {
        self.make.make(&mut self.block);
        self.out.write(&mut self.block)
    }

    /// Goes on with an empty block where this one is full.
    fn hand_on(&mut self) -> Result<(), SinkError> {
        if self.block.changes.all.len() < self.full {
            return Ok(());
        }
        let last = self.block.changes.last();
        while let Some(mut block) = self.ahead.next_if_crowded() {
            self.out.write(&mut block)?;
            self.spare = block;
        }
        let next = std::mem::take(&mut self.spare);
        let block = std::mem::replace(&mut self.block, next);
        self.block.changes.renew(last);
        self.ahead.begin(block);
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

impl<W: Write> Sink for EdgeTable<W> {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        self.changes(&[(at, state)])
    }

    fn changes(&mut self, changes: &[(SampleIndex, u64)]) -> Result<(), SinkError> {
        let no_edges = changes.first().map_or(0, |(at, _)| self.unproven.at(*at));
        self.block.changes.push(changes, no_edges);
        self.hand_on()
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
    use proptest::prelude::*;

    use super::*;
    use crate::capture::Presence;
    use crate::units::TimeText;

    fn probe(bit: u32, name: &str) -> (Probe, String) {
        (Probe { bit, name: name.to_owned(), presence: Presence::Recorded }, name.to_owned())
    }

    #[test]
    fn edges_in_order_of_time_and_none_across_a_gap() {
        let rate = SampleRate::parse("24 MHz").unwrap();
        let mut table = Vec::new();
        let probes = [probe(0, "A,B"), probe(2, "=C")];
        let mut csv =
            EdgeTable::new(&mut table, TableFormat::Csv, &probes, &rate, (SampleIndex::default(), None), 1).unwrap();
        let at = SampleIndex::new;
        csv.change(at(0), 0b100).unwrap();
        csv.change(at(24), 0b001).unwrap();
        csv.lost(LostSpan::new(at(30), at(40)));
        csv.change(at(40), 0b000).unwrap();
        // Line C was not known before: that it is high is no edge.
        csv.unknown(0b100, LostSpan::new(at(50), at(24_000_001)));
        csv.change(at(24_000_001), 0b101).unwrap();
        csv.finish().unwrap();
        let expected = "channel,sample,time_s,level\n\
            \"A,B\",24,0.000001000,1\n'=C,24,0.000001000,0\n\"A,B\",24000001,1.000000042,1\n";
        assert_eq!(String::from_utf8(table).unwrap(), expected);
    }

    proptest! {
        /// Each change by itself, against blocks of any length with lost samples between them, on any number of threads.
        #[test]
        fn blocks_on_threads_are_the_lines_one_after_the_other(
            stretches in proptest::collection::vec((0..3 * LINES / 2, any::<bool>()), 1..6),
            jobs in 2..5_usize,
        ) {
            let probes: Vec<_> = [0, 1, 2].map(|bit| probe(bit, &format!("D{bit}"))).into();
            let rate = SampleRate::parse("24 MHz").unwrap();
            let window = (SampleIndex::new(7), Some(SampleIndex::new(3 * LINES as u64)));
            let (mut alone, mut expected, mut table) = (Vec::new(), EDGES_CSV.to_owned(), Vec::new());
            let mut csv = EdgeTable::new(&mut table, TableFormat::Csv, &probes, &rate, window, jobs).unwrap();
            let mut single = EdgeTable::new(&mut alone, TableFormat::Csv, &probes, &rate, window, 1).unwrap();
            let (mut at, mut before, mut is_behind_loss) = (0, None, false);
            for (length, is_lost) in stretches {
                is_behind_loss |= is_lost;
                let changes: Vec<_> = (at..at + length as u64).map(|at| (SampleIndex::new(at), at * at % 7)).collect();
                for &(at, state) in &changes {
                    let differs = before.replace(state).filter(|_| !std::mem::take(&mut is_behind_loss)).unwrap_or(state) ^ state;
                    for (probe, name) in probes.iter().filter(|(probe, _)| differs >> probe.bit & 1 == 1) {
                        if (7..3 * LINES as u64).contains(&at.get()) {
                            let time = TimeText::new(&rate).text(at);
                            expected += &format!("{name},{at},{time},{}\n", state >> probe.bit & 1);
                        }
                    }
                }
                for csv in [&mut csv, &mut single] {
                    if is_lost {
                        csv.lost(LostSpan::new(SampleIndex::new(at), SampleIndex::new(at)));
                    }
                    csv.changes(&changes).unwrap();
                }
                at += length as u64;
            }
            csv.finish().unwrap();
            single.finish().unwrap();
            prop_assert!(table == expected.as_bytes());
            prop_assert!(alone == expected.as_bytes());
        }
    }
}
