//! Edges as lines of CSV.

use std::ops::Range;

use super::{Changes, Told};
use crate::capture::Probe;
use crate::escape::csv_cell;
use crate::units::{SampleIndex, SampleRate, TimeText};

/// How lines are made of changes.
#[derive(Debug)]
pub(super) struct Lines {
    /// By their bits: the name as a CSV field, with the comma behind it.
    fields: Vec<Vec<u8>>,
    told: Told,
    time: TimeText,
}

impl Lines {
    /// For these probes, named as given.
    pub(super) fn new(probes: &[(Probe, String)], rate: &SampleRate, told: Told) -> Lines {
        let mut fields = vec![Vec::new(); u64::BITS as usize];
        for (probe, name) in probes {
            if let Some(place) = fields.get_mut(probe.bit as usize) {
                *place = field(name);
            }
        }
        Lines { fields, told, time: TimeText::new(rate) }
    }

    /// Appends the lines of these changes.
    pub(super) fn make(&self, changes: &Changes, lines: &mut Vec<u8>) {
        let mut time = self.time.clone();
        changes.edges(&self.told, |at, differs, state| self.append(at, differs, state, &mut time, lines));
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
