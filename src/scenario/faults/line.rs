//! Faults of a line: what its probe shows, whatever drives it.

use std::sync::Arc;

use serde::Deserialize;

use super::{Fault, FaultKind, LineFault, Parameters, Places, Record};
use crate::scenario::error::{Problem, ScenarioErrorKind};
use crate::scenario::lines::TrueLine;
use crate::scenario::node::Text;
use crate::scenario::time::Femtos;
use crate::scenario::values::time;
use crate::signal::Level;

/// A line that shows nothing.
pub(super) static DEAD_LINE: FaultKind = FaultKind {
    id: "dead-line",
    about: "a line rests at its idle level, from `from` up to `until` where they are stated",
    example: "line = \"strobe\"",
    read: |parameters, places| held(parameters, places, |active| !active),
};

/// A line that does not let go.
pub(super) static STUCK_LINE: FaultKind = FaultKind {
    id: "stuck-line",
    about: "a line stays at its active level, from `from` up to `until` where they are stated",
    example: "line = \"strobe\"\nfrom = \"100 ms\"",
    read: |parameters, places| held(parameters, places, |active| active),
};

fn held(parameters: Parameters<'_>, places: &Places<'_>, level: fn(Level) -> Level) -> Result<Fault, Problem> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Raw {
        camera: Option<Text>,
        line: Text,
        from: Option<Text>,
        until: Option<Text>,
    }
    let raw: Raw = parameters.read()?;
    let wire = places.wire(places.camera(raw.camera.as_ref())?, &raw.line)?;
    let from = raw.from.as_ref().map(|from| time(from, "from")).transpose()?;
    let until = raw.until.as_ref().map(|until| time(until, "until")).transpose()?;
    if let (Some(from), Some(until), Some(text)) = (from, until, &raw.until)
        && from >= until
    {
        let kind = ScenarioErrorKind::OutOfRange { what: "until", range: "after from" };
        return Err(Problem::new(text.span(), kind));
    }
    // `wire` is one of these.
    let active = places.wires.get(wire).map_or(Level::High, |wire| wire.polarity.into());
    Ok(Fault::Line(Arc::new(HeldLine { wire, level: level(active), from, until })))
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
    example: "line = \"strobe\"",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            line: Text,
        }
        let raw: Raw = parameters.read()?;
        let wire = places.wire(places.camera(raw.camera.as_ref())?, &raw.line)?;
        Ok(Fault::Line(Arc::new(InvertedLine { wire })))
    },
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
    example: "line = \"strobe\"\nwith = \"fsin\"",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            line: Text,
            with: Text,
            with_camera: Option<Text>,
        }
        let raw: Raw = parameters.read()?;
        let camera = places.camera(raw.camera.as_ref())?;
        let other = raw.with_camera.as_ref().map_or(Ok(camera), |name| places.camera(Some(name)))?;
        let (one, other) = (places.wire(camera, &raw.line)?, places.wire(other, &raw.with)?);
        Ok(Fault::Line(Arc::new(SwappedLines { one, other })))
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
