//! Faults of a line: what its probe shows, whatever drives it.

use super::{Fault, FaultKind, Given, LineFault, Record};
use crate::scenario::error::Problem;
use crate::scenario::lines::TrueLine;
use crate::scenario::node::Text;
use crate::scenario::time::Femtos;
use crate::scenario::values::{out_of_range, time};
use crate::signal::Level;

/// A line that shows nothing.
pub(super) static DEAD_LINE: FaultKind = FaultKind {
    id: "dead-line",
    about: "a line rests at its idle level, from `from` up to `until` where they are stated",
    takes: &["camera", "line", "from", "until"],
    example: "line = \"strobe\"",
    read: |given| held(given, |active| !active),
};

/// A line that does not let go.
pub(super) static STUCK_LINE: FaultKind = FaultKind {
    id: "stuck-line",
    about: "a line stays at its active level, from `from` up to `until` where they are stated",
    takes: &["camera", "line", "from", "until"],
    example: "line = \"strobe\"\nfrom = \"100 ms\"",
    read: |given| held(given, |active| active),
};

fn held(given: &Given<'_>, level: fn(Level) -> Level) -> Result<Fault, Problem> {
    let wire = given.wire("line")?;
    let stated = |key| given.stated::<Text>(key)?.map(|text| Ok((time(&text, key)?, text.span()))).transpose();
    let (from, until) = (stated("from")?, stated("until")?);
    if let (Some((from, _)), Some((until, at))) = (&from, &until)
        && from >= until
    {
        return Err(out_of_range(at.clone(), "until", "after from"));
    }
    // `wire` is one of these.
    let active = given.places.wires.get(wire).map_or(Level::High, |wire| wire.polarity.into());
    let [from, until] = [from, until].map(|stated| stated.map(|(time, _)| time));
    given.line_fault(HeldLine { wire, level: level(active), from, until })
}

#[derive(Debug)]
struct HeldLine {
    wire: usize,
    level: Level,
    from: Option<Femtos>,
    until: Option<Femtos>,
}

impl LineFault for HeldLine {
    fn apply(&self, lines: &mut [TrueLine], _: Record<'_>) {
        if let Some(line) = lines.get_mut(self.wire) {
            line.hold(self.level, self.from, self.until);
        }
    }
}

/// A line whose level stands for the opposite.
pub(super) static INVERTED_LINE: FaultKind = FaultKind {
    id: "inverted-line",
    about: "a line shows the opposite level, as behind an inverting stage that nobody declared",
    takes: &["camera", "line"],
    example: "line = \"strobe\"",
    read: |given| given.line_fault(InvertedLine { wire: given.wire("line")? }),
};

#[derive(Debug)]
struct InvertedLine {
    wire: usize,
}

impl LineFault for InvertedLine {
    fn apply(&self, lines: &mut [TrueLine], _: Record<'_>) {
        lines.iter_mut().skip(self.wire).take(1).for_each(TrueLine::invert);
    }
}

/// Two probes that were put on each other's testpoint.
pub(super) static SWAPPED_LINES: FaultKind = FaultKind {
    id: "swapped-lines",
    about: "two lines of a camera have changed places: each probe shows the other line",
    takes: &["camera", "line", "with", "with_camera"],
    example: "line = \"strobe\"\nwith = \"fsin\"",
    read: |given| {
        let other = match given.stated("with_camera")? {
            Some(name) => given.places.camera(&name)?,
            None => given.camera()?,
        };
        let other = given.places.wire(other, &given.needed("with")?)?;
        given.line_fault(SwappedLines { one: given.wire("line")?, other })
    },
};

#[derive(Debug)]
struct SwappedLines {
    one: usize,
    other: usize,
}

impl LineFault for SwappedLines {
    fn apply(&self, lines: &mut [TrueLine], _: Record<'_>) {
        if self.one.max(self.other) < lines.len() {
            lines.swap(self.one, self.other);
        }
    }
}
