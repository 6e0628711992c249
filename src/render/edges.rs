//! Every edge as a line of CSV, while the capture is being read: a few blocks of changes are held.

mod lines;

use std::io::Write;
use std::sync::Arc;

use lines::{Block, Lines};

use crate::capture::{Probe, Sink, SinkError, Unproven};
use crate::signal::LostSpan;
use crate::units::{SampleIndex, SampleRate};
use crate::workers::Workers;

/// The columns: the probe's name (`NAME#BIT` where several share it), the first sample at the new level, its time in
/// seconds, exact to the sample, and the new level.
/// The headings of the table, which a file of ours begins with.
pub const EDGES_CSV: &str = "channel,sample,time_s,level\n";

/// So many changes become lines at a time: enough that to hand them to a thread is worth it. Few where tests try many blocks.
const BLOCK: usize = if cfg!(test) { 1 << 6 } else { 1 << 14 };

/// More threads make no lines, whatever the number of cores: what writes them comes to its end sooner.
const MOST_THREADS: usize = 8;

/// Writes `channel,sample,time_s,level` for each edge in the order of time; edges of one sample in the order of bits.
#[derive(Debug)]
pub struct EdgeCsv<W: Write> {
    out: W,
    lines: Arc<Lines>,
    /// The changes that are no lines yet.
    block: Block,
    /// The changes that are no edges: what was before them is not known.
    unproven: Unproven,
    jobs: usize,
    /// The blocks before this one that are not written yet.
    ahead: Workers<Block, Block>,
    /// A block that was written, for the room that it has.
    spare: Block,
}

impl<W: Write> EdgeCsv<W> {
    /// Begins the table of these probes, named as given, with its header line. Edges before `from` and from `to` on are
    /// left out; samples and times are those of the whole capture. Lines are made on as many threads as there are `jobs`, or
    /// on none besides the caller's where that is one.
    ///
    /// # Errors
    /// [`SinkError::Write`] when `out` fails.
    pub fn new(
        mut out: W,
        probes: &[(Probe, String)],
        rate: &SampleRate,
        window: (SampleIndex, Option<SampleIndex>),
        jobs: usize,
    ) -> Result<EdgeCsv<W>, SinkError> {
        out.write_all(EDGES_CSV.as_bytes())?;
        let lines = Arc::new(Lines::new(probes, rate, window));
        let make = Arc::clone(&lines);
        Ok(EdgeCsv {
            out,
            lines,
            block: Block::default(),
            unproven: Unproven::default(),
            jobs,
            ahead: Workers::new("lines", jobs.min(MOST_THREADS), move |mut block: Block| {
                make.make(&mut block);
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
        while let Some(block) = self.ahead.next() {
            self.out.write_all(block.lines())?;
        }
        self.write_block()?;
        Ok(self.out.flush()?)
    }

    /// Writes the block, whose lines are made here.
    fn write_block(&mut self) -> Result<(), SinkError> {
        self.lines.make(&mut self.block);
        Ok(self.out.write_all(self.block.lines())?)
    }

    /// Goes on with an empty block where this one is full.
    fn hand_on(&mut self) -> Result<(), SinkError> {
        if self.block.len() < BLOCK {
            return Ok(());
        }
        if self.jobs <= 1 {
            self.write_block()?;
            self.block.renew(self.block.last());
            return Ok(());
        }
        while let Some(block) = self.ahead.next_if_crowded() {
            self.out.write_all(block.lines())?;
            self.spare = block;
        }
        let next = std::mem::take(&mut self.spare);
        let block = std::mem::replace(&mut self.block, next);
        self.block.renew(block.last());
        Ok(self.ahead.begin(block)?)
    }
}

impl<W: Write> Sink for EdgeCsv<W> {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        self.changes(&[(at, state)])
    }

    fn changes(&mut self, changes: &[(SampleIndex, u64)]) -> Result<(), SinkError> {
        let no_edges = changes.first().map_or(0, |(at, _)| self.unproven.at(*at));
        self.block.push(changes, no_edges);
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
        let mut csv = EdgeCsv::new(&mut table, &probes, &rate, (SampleIndex::default(), None), 1).unwrap();
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
            stretches in proptest::collection::vec((0..3 * BLOCK / 2, any::<bool>()), 1..6),
            jobs in 2..5_usize,
        ) {
            let probes: Vec<_> = [0, 1, 2].map(|bit| probe(bit, &format!("D{bit}"))).into();
            let rate = SampleRate::parse("24 MHz").unwrap();
            let window = (SampleIndex::new(7), Some(SampleIndex::new(3 * BLOCK as u64)));
            let (mut alone, mut expected, mut table) = (Vec::new(), EDGES_CSV.to_owned(), Vec::new());
            let mut csv = EdgeCsv::new(&mut table, &probes, &rate, window, jobs).unwrap();
            let mut single = EdgeCsv::new(&mut alone, &probes, &rate, window, 1).unwrap();
            let (mut at, mut before, mut is_behind_loss) = (0, None, false);
            for (length, is_lost) in stretches {
                is_behind_loss |= is_lost;
                let changes: Vec<_> = (at..at + length as u64).map(|at| (SampleIndex::new(at), at * at % 7)).collect();
                for &(at, state) in &changes {
                    let differs = before.replace(state).filter(|_| !std::mem::take(&mut is_behind_loss)).unwrap_or(state) ^ state;
                    for (probe, name) in probes.iter().filter(|(probe, _)| differs >> probe.bit & 1 == 1) {
                        if (7..3 * BLOCK as u64).contains(&at.get()) {
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
