//! What the table of a fault states: its keys, read one by one.

use std::ops::Range;
use std::sync::Arc;

use serde::de::{DeserializeOwned, Error as _};
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use super::{Act, Fault, FaultKind, Record};
use crate::scenario::draws::Stream;
use crate::scenario::error::Problem;
use crate::scenario::lines::TrueLine;
use crate::scenario::node::Text;
use crate::scenario::plan::WirePlan;
use crate::scenario::time::Femtos;
use crate::scenario::truth::{CameraTruth, FrameTruth};
use crate::scenario::values::{missing, time, time_above_zero};
use crate::signal::Level;

/// Where a fault may be: the names that it can point at.
#[derive(Debug)]
pub(in crate::scenario) struct Places<'a> {
    pub(in crate::scenario) cameras: &'a [&'a str],
    pub(in crate::scenario) wires: &'a [WirePlan],
}

impl Places<'_> {
    /// The camera of this name.
    pub(super) fn camera(&self, name: &Text) -> Result<usize, Problem> {
        let found = self.cameras.iter().position(|camera| camera == name.get_ref());
        found.ok_or_else(|| Problem::unknown("camera", name, self.cameras))
    }

    /// The wire of a camera's line.
    pub(super) fn wire(&self, camera: usize, line: &Text) -> Result<usize, Problem> {
        let keys: Vec<(usize, String)> = (0..)
            .zip(self.wires)
            .filter(|(_, wire)| wire.camera == camera)
            .map(|(place, wire)| (place, wire.key()))
            .collect();
        let found = keys.iter().find(|(_, key)| key == line.get_ref()).map(|(place, _)| *place);
        let names: Vec<&str> = keys.iter().map(|(_, key)| key.as_str()).collect();
        found.ok_or_else(|| Problem::unknown("line", line, &names))
    }
}

/// The table of a fault without its `kind`. It has no keys but those that the kind takes.
pub(super) struct Given<'a> {
    keys: DeTable<'a>,
    at: Range<usize>,
    pub(super) places: &'a Places<'a>,
}

impl<'a> Given<'a> {
    /// Reads the fault of one table.
    pub(super) fn read(table: Spanned<DeTable<'a>>, places: &'a Places<'a>) -> Result<Fault, Problem> {
        let (at, mut keys) = (table.span(), table.into_inner());
        let kind = keys.remove("kind");
        let kind =
            kind.ok_or_else(|| missing(at.clone(), "kind", "state what is wrong, such as \"missing-strobe\""))?;
        let kind = FaultKind::of(kind)?;
        if let Some(key) = keys.keys().find(|key| !kind.takes.contains(&key.get_ref().as_ref())) {
            return Err(of_table(key.span(), &Error::unknown_field(key.get_ref(), kind.takes)));
        }
        (kind.read)(&Given { keys, at, places })
    }

    /// What the key states.
    pub(super) fn stated<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Problem> {
        self.keys.get(key).map(|value| deserialized(value.clone())).transpose()
    }

    /// What the key states, which must be there.
    pub(super) fn needed<T: DeserializeOwned>(&self, key: &'static str) -> Result<T, Problem> {
        let missing = || of_table(self.at.clone(), &Error::missing_field(key));
        self.stated(key)?.ok_or_else(missing)
    }

    pub(super) fn time(&self, key: &'static str) -> Result<Femtos, Problem> {
        time(&self.needed(key)?, key)
    }

    pub(super) fn time_above_zero(&self, key: &'static str) -> Result<Femtos, Problem> {
        time_above_zero(&self.needed(key)?, key)
    }

    /// The camera that is named; the first where none is.
    pub(super) fn camera(&self) -> Result<usize, Problem> {
        self.stated("camera")?.map_or(Ok(0), |name| self.places.camera(&name))
    }

    /// The wire of the camera's line that the key names.
    pub(super) fn wire(&self, key: &'static str) -> Result<usize, Problem> {
        self.places.wire(self.camera()?, &self.needed(key)?)
    }

    /// A fault of the camera that is named.
    pub(super) fn events(
        &self,
        reach: Femtos,
        apply: impl Fn(&mut CameraTruth, Stream) + Send + Sync + 'static,
    ) -> Result<Fault, Problem> {
        Ok(Fault { reach, act: Act::Events { camera: self.camera()?, apply: Arc::new(apply) } })
    }

    /// A fault that does the same to each frame that it strikes.
    pub(super) fn struck(
        &self,
        reach: Femtos,
        blow: impl Fn(&mut FrameTruth) + Send + Sync + 'static,
    ) -> Result<Fault, Problem> {
        let frames = self.frames()?;
        self.events(reach, move |camera, random| frames.strike(camera, random, &blow))
    }

    /// A fault of lines.
    pub(super) fn lines(
        &self,
        reach: Femtos,
        apply: impl Fn(&mut [TrueLine], Record<'_>) + Send + Sync + 'static,
    ) -> Result<Fault, Problem> {
        Ok(Fault { reach, act: Act::Lines(Arc::new(apply)) })
    }

    /// A fault of the line that is named, whose active level is told to it.
    pub(super) fn line(
        &self,
        reach: Femtos,
        apply: impl Fn(&mut TrueLine, Level, Record<'_>) + Send + Sync + 'static,
    ) -> Result<Fault, Problem> {
        let wire = self.wire("line")?;
        let active = self.active(wire);
        self.lines(reach, move |lines, record| {
            if let Some(line) = lines.get_mut(wire) {
                apply(line, active, record);
            }
        })
    }

    /// The level at which a line is active.
    pub(super) fn active(&self, wire: usize) -> Level {
        self.places.wires.get(wire).map_or(Level::High, |wire| wire.polarity.into())
    }
}

fn of_table(at: Range<usize>, error: &Error) -> Problem {
    Problem::new(at, error.message())
}

/// A value as what is to be there.
pub(super) fn deserialized<T: DeserializeOwned>(value: Spanned<DeValue<'_>>) -> Result<T, Problem> {
    T::deserialize(ValueDeserializer::from(value)).map_err(|error| Problem::toml(&error))
}
