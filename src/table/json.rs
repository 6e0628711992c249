//! A table within a JSON document: an object of columns, in their order, each an array of its cells.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Cells, Table};

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut columns = serializer.serialize_map(Some(self.columns.len()))?;
        for column in &self.columns {
            columns.serialize_entry(column.name, &column.cells)?;
        }
        columns.end()
    }
}

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cells::Text(cells) => cells.serialize(serializer),
            Cells::Flag(cells) => cells.serialize(serializer),
            Cells::Whole(cells) => cells.serialize(serializer),
            Cells::Number(cells) => cells.serialize(serializer),
        }
    }
}
