//! `analyzer.calibration`: a file that `calibrate` wrote, beside the spec; what it says stands in `[analyzer]` then.

use std::sync::Arc;

use super::beside::ReadBeside;
use super::error::SpecError;
use super::read::CALIBRATION;
use super::tree::{Field, Table, Value, parse};
use crate::format::io_text;
use crate::snippet::{Source, SourceKind, SourceSpan, quoted};

/// What such a file says of the clock.
const SETTINGS: [&str; 2] = ["correction", "clock"];
/// What it says besides, for people.
const FACTS: [&str; 4] = ["serial", "date", "line", "frequency"];
/// A larger file is no calibration.
const LARGEST_FILE: usize = 1 << 16;

/// Puts the correction and the clock of the calibration that a spec names in their place. A clock that the spec states
/// itself stays: it may allow for drift since the calibration.
pub(super) fn resolve(root: &mut Table, spec: &str, read_beside: ReadBeside<'_>) -> Result<(), SpecError> {
    let analyzer = root.fields.iter_mut().find(|field| field.key == "analyzer");
    let Some(Value::Table(analyzer)) = analyzer.map(|field| &mut field.node.value) else { return Ok(()) };
    let Some(place) = analyzer.fields.iter().position(|field| field.key == CALIBRATION) else { return Ok(()) };
    let name = analyzer.fields[place].node.text("the name of a calibration file, such as \"fx2-07.toml\"")?.clone();
    if let Some(stated) = analyzer.field("correction") {
        let error = SpecError::at(&stated.key_place, "the correction is stated here and by the calibration");
        return Err(error.help("keep one of the two"));
    }
    let whole = 0..name.value.len();
    let file = read_beside(spec, &name.value).map_err(|error| {
        let message = format!("the calibration {}, a file beside this one: {}", quoted(&name.value), io_text(&error));
        name.error(whole.clone(), message).help("strobecheck calibrate writes one with -o FILE")
    })?;
    if file.text.len() > LARGEST_FILE {
        return Err(name.error(whole, format!("{} is too large for a calibration", quoted(&name.value))));
    }
    let source = Arc::new(Source { name: file.name, text: file.text, kind: SourceKind::File });
    let (settings, facts) = read(&source)?;
    let described = [vec![name.value.clone()], facts].concat().join(", ");
    analyzer.fields[place].node.value = Value::Text(name.replaced(described));
    for setting in settings {
        if analyzer.field(&setting.key).is_none() {
            analyzer.fields.push(setting);
        }
    }
    Ok(())
}

/// The settings of a calibration file, and its serial and date in words.
fn read(source: &Arc<Source>) -> Result<(Vec<Field>, Vec<String>), SpecError> {
    let (mut settings, mut facts) = (Vec::new(), Vec::new());
    for field in parse(source)?.fields {
        let text = field.node.text("a text").map(|text| text.value.clone());
        match field.key.as_str() {
            key if SETTINGS.contains(&key) => settings.push(field),
            "serial" => facts.push(format!("serial {}", text?)),
            "date" => facts.push(text?),
            key if FACTS.contains(&key) => {
                text?;
            }
            _ => return Err(field.unknown("a calibration", &[SETTINGS.as_slice(), &FACTS].concat())),
        }
    }
    if settings.iter().all(|field| field.key != "correction") {
        let error = SpecError::at(&SourceSpan::new(source, 0..0), "it states no correction");
        return Err(error.help("a calibration says at least: correction = \"+97 ppm\""));
    }
    Ok((settings, facts))
}
