//! What the table of a fault states: its keys, read one by one.

use std::ops::Range;
use std::sync::Arc;

use serde::de::{DeserializeOwned, Error as _};
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use super::{EventFault, Fault, FaultKind, LineFault};
use crate::scenario::error::{Problem, ScenarioErrorKind};
use crate::scenario::node::Text;
use crate::scenario::plan::WirePlan;
use crate::scenario::time::Femtos;
use crate::scenario::values::{missing, time, time_above_zero};

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
        let unknown = || ScenarioErrorKind::unknown("camera", name.get_ref(), self.cameras);
        found.ok_or_else(|| Problem::new(name.span(), unknown()))
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
        found.ok_or_else(|| Problem::new(line.span(), ScenarioErrorKind::unknown("line", line.get_ref(), &names)))
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
    pub(super) fn event_fault(&self, fault: impl EventFault + 'static) -> Result<Fault, Problem> {
        Ok(Fault::Events { camera: self.camera()?, fault: Arc::new(fault) })
    }

    /// A fault of lines.
    pub(super) fn line_fault(&self, fault: impl LineFault + 'static) -> Result<Fault, Problem> {
        Ok(Fault::Line(Arc::new(fault)))
    }
}

fn of_table(at: Range<usize>, error: &Error) -> Problem {
    Problem::new(at, ScenarioErrorKind::Toml(error.message().to_owned()))
}

/// A value as what is to be there.
pub(super) fn deserialized<T: DeserializeOwned>(value: Spanned<DeValue<'_>>) -> Result<T, Problem> {
    T::deserialize(ValueDeserializer::from(value)).map_err(|error| Problem::toml(&error))
}
