//! `[timestamps]`: which columns of the camera's log say what.

use super::super::error::SpecError;
use super::super::keys::names;
use super::super::tree::{Node, Table};
use super::values::word;
use crate::log::{LogColumns, TimeUnit};
use crate::snippet::quoted;

const UNITS: [(&str, TimeUnit); 4] =
    [("ns", TimeUnit::Nano), ("us", TimeUnit::Micro), ("ms", TimeUnit::Milli), ("s", TimeUnit::Second)];

/// Longer names are a mistake, and would drown the messages that quote them.
const LONGEST_NAME: usize = 100;
/// Later exposure times are of another recording.
const MOST_LAG: u64 = 100;
/// More streams than a log may hold.
const MOST_STREAMS: usize = 64;

/// Reads the table.
pub(in crate::spec) fn timestamps(table: &Table) -> Result<LogColumns, SpecError> {
    let mut columns = LogColumns::default();
    for field in &table.fields {
        let node = &field.node;
        match field.key.as_str() {
            "time" => columns.time = Some(name(node, "a column, such as \"ts_device_us\"")?),
            "unit" => columns.unit = Some(word(node, &UNITS)?),
            "sequence" => columns.sequence = Some(name(node, "a column, such as \"seq\"")?),
            "exposure" => columns.exposure = Some(name(node, "a column, such as \"exposure_us\"")?),
            "exposure_unit" => columns.exposure_unit = Some(word(node, &UNITS)?),
            "exposure_lag" => columns.exposure_lag = Some(lag(node)?),
            "stream" => columns.stream = Some(name(node, "a column, such as \"stream\"")?),
            "streams" => {
                let streams = &node.table("a table of streams by camera, such as { main = \"left\" }")?.fields;
                if streams.len() > MOST_STREAMS {
                    return Err(SpecError::at(&node.place, format!("more than {MOST_STREAMS} streams")));
                }
                for stream in streams {
                    let of_camera = name(&stream.node, "the name of a stream, such as \"left\"")?;
                    columns.streams.insert(stream.key.clone(), of_camera);
                }
            }
            _ => return Err(field.unknown("[timestamps]", &names("timestamps"))),
        }
    }
    Ok(columns)
}

fn lag(node: &Node) -> Result<i64, SpecError> {
    let lag = node.count(0)?;
    let far = || SpecError::at(&node.place, format!("expected a whole number, 0 to {MOST_LAG}, found {lag}"));
    i64::try_from(lag).ok().filter(|_| lag <= MOST_LAG).ok_or_else(far)
}

fn name(node: &Node, expected: &str) -> Result<String, SpecError> {
    let text = node.text(expected)?;
    let name = text.value.trim();
    if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(text.error(0..text.value.len(), format!("{} cannot be {expected}", quoted(&text.value))));
    }
    Ok(name.to_owned())
}
