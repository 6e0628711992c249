//! Changes as lines of CSV, a block at a time: a block needs nothing of the others.

use std::ops::Range;

use crate::capture::Probe;
use crate::escape::csv_cell;
use crate::units::{SampleIndex, SampleRate, TimeText};

/// Changes in a row, and the lines that are made of them.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// What was shown before; where there is nothing, the first change is no edge.
    before: Option<u64>,
    changes: Vec<(SampleIndex, u64)>,
    /// Which of the changes are no edges of the probes with these bits, in order: what was before them is not known.
    unproven: Vec<(usize, u64)>,
    lines: Vec<u8>,
}

impl Block {
    /// Empty again, with the room that it has.
    pub(super) fn renew(&mut self, before: Option<u64>) {
        self.before = before;
        self.changes.clear();
        self.unproven.clear();
        self.lines.clear();
    }

    /// How many changes there are.
    pub(super) fn len(&self) -> usize {
        self.changes.len()
    }

    /// What is shown behind it.
    pub(super) fn last(&self) -> Option<u64> {
        self.changes.last().map_or(self.before, |&(_, state)| Some(state))
    }

    /// Goes on with changes, the first of which is no edge of the probes with the bits in `unproven`.
    pub(super) fn push(&mut self, changes: &[(SampleIndex, u64)], unproven: u64) {
        if unproven != 0 {
            self.unproven.push((self.changes.len(), unproven));
        }
        self.changes.extend_from_slice(changes);
    }

    /// The lines that were made.
    pub(super) fn lines(&self) -> &[u8] {
        &self.lines
    }
}

/// How lines are made of changes.
#[derive(Debug)]
pub(super) struct Lines {
    /// By their bits: the name as a CSV field, with the comma behind it.
    fields: Vec<Vec<u8>>,
    /// The bits that have one.
    mask: u64,
    time: TimeText,
    window: Range<u64>,
}

impl Lines {
    /// For these probes, named as given, and the samples of a window.
    pub(super) fn new(
        probes: &[(Probe, String)],
        rate: &SampleRate,
        window: (SampleIndex, Option<SampleIndex>),
    ) -> Lines {
        let mut fields = vec![Vec::new(); u64::BITS as usize];
        let mut mask = 0;
        for (probe, name) in probes {
            if let Some(place) = fields.get_mut(probe.bit as usize) {
                *place = field(name);
                mask |= 1 << probe.bit;
            }
        }
        let window = window.0.get()..window.1.map_or(u64::MAX, SampleIndex::get);
        Lines { fields, mask, time: TimeText::new(rate), window }
    }

    /// Makes the lines of a block's changes.
    pub(super) fn make(&self, block: &mut Block) {
        let mut time = self.time.clone();
        let mut unproven = block.unproven.iter().copied().peekable();
        let mut before = block.before;
        for (place, &(at, state)) in block.changes.iter().enumerate() {
            let no_edges = unproven.next_if(|(unproven, _)| *unproven == place).map_or(0, |(_, probes)| probes);
            let differs = (before.replace(state).unwrap_or(state) ^ state) & self.mask & !no_edges;
            if differs != 0 && self.window.contains(&at.get()) {
                self.append(at, differs, state, &mut time, &mut block.lines);
            }
        }
    }

    /// Appends the lines of one sample, at which these bits differ.
    fn append(&self, at: SampleIndex, mut differs: u64, state: u64, time: &mut TimeText, lines: &mut Vec<u8>) {
        // Where the columns stand that the lines of one sample share.
        let mut place: Option<Range<usize>> = None;
        while differs != 0 {
            let bit = differs.trailing_zeros();
            lines.extend_from_slice(self.fields.get(bit as usize).map_or(&[], Vec::as_slice));
            let start = lines.len();
            if let Some(place) = place.clone() {
                lines.extend_from_within(place);
            } else {
                lines.extend_from_slice(itoa::Buffer::new().format(at.get()).as_bytes());
                lines.push(b',');
                time.append(at, lines);
                place = Some(start..lines.len());
            }
            lines.extend_from_slice(if state >> bit & 1 == 1 { b",1\n" } else { b",0\n" });
            differs &= differs - 1;
        }
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
