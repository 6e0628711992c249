//! What the command line states over a spec: `--wire right.strobe=D3`, `--limit right:exposure.time=20 ms ± 50 us`.

use std::str::FromStr;
use std::sync::Arc;

use super::error::SpecError;
use super::layer::{Layer, LimitEntry, LineKey, Wiring, overlay_columns};
use super::read::{
    PIN_AND_PIN, camera_name, flash_name, is_list, pins_in_turn, probe, quantity_at, timestamps, wanted,
};
use super::tree::{self, Field, Node, Table, Text, Value};
use crate::log::LogColumns;
use crate::quantity::Measure;
use crate::rig::{MAIN_CAMERA, Role};
use crate::snippet::{Located, Source, SourceKind, SourceSpan, nearest, quoted};

/// `--wire [CAMERA.]ROLE=PROBE`, `[CAMERA.]flash.NAME=PROBE` for one of several flash lines, or `[CAMERA.]strobe=PIN,PIN` for pins on
/// which STROBE comes in turn.
#[derive(Debug, Clone)]
pub struct WireOverride {
    camera: Located<String>,
    role: Role,
    /// The name of one of several flash lines.
    name: Option<String>,
    wiring: Wiring,
    /// The part before the `=`.
    line: SourceSpan,
}

/// `--limit [CAMERA:]ID=LIMIT`; the id of a quantity of lines may go on with a role, `line.edges.fsin`.
///
/// A list of limits and a limit with an allowance are written as in a spec: `exposure.time=["20 ms ± 50 us", "10 ms ± 50 us"]`.
/// Without a camera it is as in `[limits]`: for all cameras that have no limit of their own on the quantity.
#[derive(Debug, Clone)]
pub struct LimitOverride {
    camera: Option<Located<String>>,
    entry: LimitEntry,
}

/// `--column KEY=VALUE`: a key of `[timestamps]`, and what it says.
#[derive(Debug, Clone)]
pub struct ColumnOverride {
    key: SourceSpan,
    columns: LogColumns,
}

impl FromStr for ColumnOverride {
    type Err = SpecError;

    fn from_str(argument: &str) -> Result<Self, SpecError> {
        let example = "for example time=SensorTimestamp, unit=ns or streams.main=left";
        let (key, value) = sides("--column", argument, "KEY=VALUE", example)?;
        let value_of = |place: SourceSpan| match (key.text(), place.text().parse()) {
            ("exposure_lag", Ok(number)) => Node { place, value: Value::Integer(number) },
            (_, Ok(_) | Err(_)) => Node { place: place.clone(), value: Value::Text(Text::verbatim(place)) },
        };
        let field =
            |key: &str, key_place: &SourceSpan, node| Field { key: key.to_owned(), key_place: key_place.clone(), node };
        let node = value_of(value.clone());
        let field = match key.text().split_once('.') {
            Some((streams, camera)) => {
                let inner = Table { fields: vec![field(camera, &key, node)] };
                field(streams, &key, Node { place: value, value: Value::Table(inner) })
            }
            None => field(key.text(), &key, node),
        };
        let columns = timestamps(&Table { fields: vec![field] })?;
        Ok(ColumnOverride { key, columns })
    }
}

impl ColumnOverride {
    /// Refuses two arguments that state the same key.
    pub(super) fn refuse_twice(columns: &[ColumnOverride]) -> Result<(), SpecError> {
        refuse_twice("--column", columns, |column| &column.key, |column| column.key.text().to_owned())
    }

    /// Lays it over what is stated.
    pub(super) fn apply(&self, layer: &mut Layer) {
        overlay_columns(&mut layer.timestamps, self.columns.clone());
    }
}

/// The two sides of an argument's first `=`; blanks around the left one are nothing, those of the right one may be a name's.
pub(super) fn sides(
    option: &str,
    argument: &str,
    form: &str,
    example: &str,
) -> Result<(SourceSpan, SourceSpan), SpecError> {
    let source = Arc::new(Source { name: option.to_owned(), text: argument.to_owned(), kind: SourceKind::Argument });
    match argument.find('=') {
        Some(at) => {
            let key = &argument[..at];
            let from = key.len() - key.trim_start().len();
            let key = from..from + key.trim().len();
            Ok((SourceSpan::new(&source, key), SourceSpan::new(&source, at + 1..argument.len())))
        }
        None => Err(SpecError::at(&SourceSpan::whole(&source), format!("expected {form}")).help(example)),
    }
}

impl FromStr for WireOverride {
    type Err = SpecError;

    fn from_str(argument: &str) -> Result<Self, SpecError> {
        let example = "for example strobe=D2, right.strobe=D3, flash=low:D4 or strobe=TOUT1,TOUT2";
        let (line, value) = sides("--wire", argument, "[CAMERA.]ROLE=PROBE", example)?;
        let (camera, role, name) = line_of(&line)?;
        let wiring = if role == Role::Strobe && is_list(value.text()) {
            pins_in_turn(&value, &pins(&value).iter().collect::<Vec<_>>())?
        } else {
            probe(&Text::verbatim(value), name.clone())?
        };
        Ok(WireOverride { camera, role, name, wiring, line })
    }
}

/// The pins of `TOUT1,TOUT2`, on which STROBE comes in turn.
fn pins(value: &SourceSpan) -> Vec<Node> {
    let mut from = 0;
    let each = value.text().split(PIN_AND_PIN).map(|pin| {
        let place = value.part(from..from + pin.len());
        from += pin.len() + PIN_AND_PIN.len_utf8();
        Node { place: place.clone(), value: Value::Text(Text::verbatim(place)) }
    });
    each.collect()
}

/// The camera, the role and the flash line's name of `[CAMERA.]ROLE` or `[CAMERA.]flash.NAME`.
fn line_of(place: &SourceSpan) -> Result<(Located<String>, Role, Option<String>), SpecError> {
    let text = place.text();
    let (head, last) = text.rsplit_once('.').map_or((None, text), |(head, last)| (Some(head), last));
    let last_place = place.part(text.len() - last.len()..text.len());
    if let Some(role) = Role::from_key(last) {
        let camera = camera(head, place)?;
        if role == Role::Trigger && camera.value != MAIN_CAMERA {
            return Err(SpecError::at(place, "the trigger line is shared by all cameras: wire trigger=PROBE"));
        }
        return Ok((camera, role, None));
    }
    let flash = Role::Flash.key();
    let before_flash =
        head.and_then(|head| if head == flash { Some(None) } else { head.strip_suffix(".flash").map(Some) });
    if let Some(head) = before_flash {
        return Ok((camera(head, place)?, Role::Flash, Some(flash_name(last, &last_place)?)));
    }
    let roles = Role::ALL.map(Role::key);
    let error = SpecError::at(&last_place, format!("unknown line {}", quoted(last)));
    Err(match nearest(last, roles) {
        Some(near) => error.help(format!("did you mean '{near}'?")),
        None => error.help(format!("the lines are {}", roles.join(", "))),
    })
}

fn camera(name: Option<&str>, place: &SourceSpan) -> Result<Located<String>, SpecError> {
    match name {
        None | Some(MAIN_CAMERA) => Ok(Located { value: MAIN_CAMERA.to_owned(), place: place.clone() }),
        Some(name) => {
            let place = place.part(0..name.len());
            Ok(Located { value: camera_name(name, &place)?, place })
        }
    }
}

impl FromStr for LimitOverride {
    type Err = SpecError;

    fn from_str(argument: &str) -> Result<Self, SpecError> {
        let example = "for example \"exposure.time=20 ms ± 50 us\" or \"right:flash.lag=<= 1 ms\"";
        let (key, value) = sides("--limit", argument, "[CAMERA:]ID=LIMIT", example)?;
        if let Some(at) = key.text().find(['<', '>', '\u{2264}', '\u{2265}']) {
            let written = limit_meant(key.text(), at, value.text());
            let message = "between the id and its limit stands '='";
            return Err(SpecError::at(&key.part(at..key.text().len()), message).help(format!("write {written}")));
        }
        let id_at = key.text().rfind(':').map_or(0, |at| at + 1);
        let id = key.part(id_at..key.text().len());
        let camera = match id_at {
            0 => None,
            _ => Some(key.part(0..id_at - 1)).filter(|camera| camera.text() != MAIN_CAMERA),
        };
        let camera = camera.map(|place| Located { value: place.text().to_owned(), place });
        let (quantity_id, line) = line_key(&id)?;
        let quantity = quantity_at(quantity_id.text(), &quantity_id)?;
        if line.is_some() && !matches!(quantity.measure, Measure::Line(_)) {
            return Err(SpecError::at(&id, format!("{} is not measured on single lines", quantity.id)));
        }
        let wanted = wanted(quantity, &limit_node(value)?)?;
        Ok(LimitOverride { camera, entry: LimitEntry { quantity, line, place: id, wanted } })
    }
}

/// The limit, as it stands in a spec between quotes, or a list or table of TOML.
fn limit_node(place: SourceSpan) -> Result<Node, SpecError> {
    let text = place.text();
    let from = text.len() - text.trim_start().len();
    if !text[from..].starts_with(['[', '{']) {
        return Ok(Node { place: place.clone(), value: Value::Text(Text::verbatim(place)) });
    }
    tree::value(&place.part(from..from + text.trim().len())).map_err(|error| match error.suggestion() {
        Some(_) => error,
        // A shell has taken the quotes.
        None => error
            .help("quote each limit and the argument: --limit 'exposure.time=[\"20 ms ± 50 us\", \"10 ms ± 50 us\"]'"),
    })
}

/// What was meant by `exposure.time<=21 ms`, of which the key is `exposure.time<`.
fn limit_meant(key: &str, at: usize, value: &str) -> String {
    let sign = if key[at..].starts_with(['<', '\u{2264}']) { "<=" } else { ">=" };
    format!("\"{}={sign} {}\"", key[..at].trim(), value.trim())
}

/// `family.name` and the line behind it: a role, or `flash.NAME`.
fn line_key(id: &SourceSpan) -> Result<(SourceSpan, Option<LineKey>), SpecError> {
    let text = id.text();
    let Some((dot, _)) = text.match_indices('.').nth(1) else {
        return Ok((id.clone(), None));
    };
    let (role, name) = text[dot + 1..].split_once('.').map_or((&text[dot + 1..], None), |(r, n)| (r, Some(n)));
    let behind = id.part(dot + 1..text.len());
    let role = Role::from_key(role).filter(|role| name.is_none() || *role == Role::Flash);
    let role = role.ok_or_else(|| {
        let error = SpecError::at(&behind, format!("unknown line {}", quoted(behind.text())));
        error.help(format!("the lines are {}", Role::ALL.map(Role::key).join(", ")))
    })?;
    let name = name.map(|name| flash_name(name, &behind)).transpose()?;
    Ok((id.part(0..dot), Some(LineKey { role, name })))
}

/// Refuses two arguments of an option that state the same: one of them would silently not count.
pub(super) fn refuse_twice<T, K: PartialEq>(
    option: &str,
    arguments: &[T],
    place: impl Fn(&T) -> &SourceSpan,
    key: impl Fn(&T) -> K,
) -> Result<(), SpecError> {
    for (at, argument) in arguments.iter().enumerate() {
        if let Some(first) = arguments[..at].iter().find(|first| key(first) == key(argument)) {
            let message = format!("{option} states {} twice", quoted(place(argument).text()));
            let other = format!("the other one is {option} {}", quoted(place(first).source_text()));
            return Err(SpecError::at(place(argument), message).note(other));
        }
    }
    Ok(())
}

impl WireOverride {
    /// Refuses two arguments that wire the same line.
    pub(super) fn refuse_twice(wires: &[WireOverride]) -> Result<(), SpecError> {
        let line = |wire: &WireOverride| (wire.camera.value.clone(), wire.role, wire.name.clone());
        refuse_twice("--wire", wires, |wire| &wire.line, line)
    }

    /// Wires the line; a camera that the layer does not know is added.
    pub(super) fn apply(&self, layer: &mut Layer) {
        layer.camera_mut(&self.camera).wire(self.role, self.wiring.clone());
    }
}

impl LimitOverride {
    /// Refuses two arguments that limit the same.
    pub(super) fn refuse_twice(limits: &[LimitOverride]) -> Result<(), SpecError> {
        let limited = |limit: &LimitOverride| {
            let camera = limit.camera.as_ref().map(|camera| camera.value.clone());
            (camera, limit.entry.quantity.id, limit.entry.line.clone())
        };
        refuse_twice("--limit", limits, |limit| &limit.entry.place, limited)
            .map_err(|error| error.help("state both ends in one limit, such as \"exposure.time=19 ms .. 21 ms\""))
    }

    /// Sets the limit, of all cameras that have none of their own, or of one that the layer knows.
    pub(super) fn apply(&self, layer: &mut Layer) -> Result<(), SpecError> {
        let camera = match &self.camera {
            None => &mut layer.main,
            Some(named) if layer.cameras.iter().any(|(name, _)| name.value == named.value) => layer.camera_mut(named),
            Some(named) => return Err(unknown_camera(named, layer)),
        };
        camera.set_limit(self.entry.clone());
        Ok(())
    }
}

fn unknown_camera(named: &Located<String>, layer: &Layer) -> SpecError {
    let names: Vec<&str> = layer.cameras.iter().map(|(name, _)| name.value.as_str()).collect();
    let error = SpecError::at(&named.place, format!("there is no camera {}", quoted(&named.value)));
    match nearest(&named.value, names.iter().copied()) {
        Some(near) => error.help(format!("did you mean '{near}'?")),
        None if names.is_empty() => error.help("there is one camera only: leave out the name and the colon"),
        None => error.help(format!("there are {MAIN_CAMERA}, {}", names.join(", "))),
    }
}
