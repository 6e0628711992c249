//! Faults of a line: what its probe shows, whatever drives it.

use super::{Fault, FaultKind, Given};
use crate::scenario::error::Problem;
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
    let stated = |key| given.stated::<Text>(key)?.map(|text| Ok((time(&text, key)?, text.span()))).transpose();
    let (from, until) = (stated("from")?, stated("until")?);
    if let (Some((from, _)), Some((until, at))) = (&from, &until)
        && from >= until
    {
        return Err(out_of_range(at.clone(), "until", "after from"));
    }
    let [from, until] = [from, until].map(|stated| stated.map(|(time, _)| time));
    given.line(Femtos::ZERO, move |line, active, _| line.hold(level(active), from, until))
}

/// A line whose level stands for the opposite.
pub(super) static INVERTED_LINE: FaultKind = FaultKind {
    id: "inverted-line",
    about: "a line shows the opposite level, as behind an inverting stage that nobody declared",
    takes: &["camera", "line"],
    example: "line = \"strobe\"",
    read: |given| given.line(Femtos::ZERO, |line, _, _| line.invert()),
};

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
        let one = given.wire("line")?;
        given.lines(Femtos::ZERO, move |lines, _| {
            if one.max(other) < lines.len() {
                lines.swap(one, other);
            }
        })
    },
};
