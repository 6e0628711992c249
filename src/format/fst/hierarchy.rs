//! The hierarchy: which variable is called what.

use std::collections::BTreeSet;

use super::cursor::Cursor;
use crate::capture::{Presence, Probe};

/// A state has room for so many probes.
const MOST_PROBES: u32 = 64;

/// A variable of the trace, by its *handle*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Variable {
    /// How many values a change of it has: one for each bit; none for a text, whose changes state their length.
    pub(super) width: Width,
    /// The bit of its lowest probe, if its bits are probes.
    pub(super) first: Option<u32>,
}

/// How wide a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    /// So many bits.
    Bits(usize),
    /// A real number of eight bytes.
    Real,
    /// As long as each value states.
    Text,
}

/// The probes, and the variables by their handles.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) probes: Vec<Probe>,
    pub(super) handles: Vec<Variable>,
    /// What is odd, as sentences.
    pub(super) warnings: Vec<String>,
}

/// Reads the hierarchy; `widths` are those of the geometry.
pub(super) fn read(bytes: &[u8], widths: &[Width]) -> Option<Names> {
    let mut handles: Vec<Variable> = widths.iter().map(|width| Variable { width: *width, first: None }).collect();
    let mut scopes: Vec<String> = Vec::new();
    let mut names: Vec<(String, String)> = Vec::new();
    let (mut cursor, mut next, mut left_out) = (Cursor(bytes), 0, 0);
    while !cursor.is_empty() {
        match cursor.byte()? {
            SCOPE if scopes.len() == MOST_SCOPES => return None,
            SCOPE => {
                cursor.byte()?;
                scopes.push(cursor.text()?);
                cursor.text()?;
            }
            UP_SCOPE => {
                scopes.pop();
            }
            ATTRIBUTE => {
                cursor.take(2)?;
                cursor.text()?;
                cursor.varint()?;
            }
            ATTRIBUTE_END => {}
            kind if kind <= LAST_VARIABLE => {
                cursor.byte()?;
                let name = cursor.text()?;
                let (_, alias) = (cursor.varint()?, cursor.varint()?);
                if alias > 0 {
                    // Another name of a variable.
                    continue;
                }
                let variable = handles.get_mut(next)?;
                next += 1;
                let first = names.len() as u32;
                match variable.width {
                    Width::Bits(width) if !FOREIGN.contains(&kind) && width > 0 => {
                        if width > (MOST_PROBES - first) as usize {
                            left_out += 1;
                            continue;
                        }
                        variable.first = Some(first);
                        let scope = scopes.join(".");
                        let of_bit = |bit: usize| match width {
                            1 => name.clone(),
                            _ => format!("{}[{bit}]", name.split(" [").next().unwrap_or(&name)),
                        };
                        names.extend((0..width).map(|bit| (scope.clone(), of_bit(bit))));
                    }
                    Width::Bits(_) | Width::Real | Width::Text => {}
                }
            }
            _ => return None,
        }
    }
    Some(Names { probes: probes(&names), handles, warnings: warnings(left_out) })
}

/// No trace has scopes in more levels.
const MOST_SCOPES: usize = 256;
const SCOPE: u8 = 254;
const UP_SCOPE: u8 = 255;
const ATTRIBUTE: u8 = 252;
const ATTRIBUTE_END: u8 = 253;
const LAST_VARIABLE: u8 = 29;
/// The kinds of variables that are no levels: events, parameters, real numbers, times, ports, arrays and texts.
const FOREIGN: [u8; 10] = [0, 2, 3, 4, 8, 18, 19, 20, 21, 29];

fn probes(names: &[(String, String)]) -> Vec<Probe> {
    let mut seen = BTreeSet::new();
    let twice: BTreeSet<&str> =
        names.iter().map(|(_, name)| name.as_str()).filter(|name| !seen.insert(*name)).collect();
    let probe = |(bit, (scope, name)): (u32, &(String, String))| {
        let by_scope = twice.contains(name.as_str()) && !scope.is_empty();
        let name = if by_scope { format!("{scope}.{name}") } else { name.clone() };
        Probe { bit, name, presence: Presence::Recorded }
    };
    (0..).zip(names).map(probe).collect()
}

fn warnings(left_out: usize) -> Vec<String> {
    match left_out {
        0 => Vec::new(),
        1 => vec![format!("1 variable is beyond the {MOST_PROBES} bits that can be read")],
        _ => vec![format!("{left_out} variables are beyond the {MOST_PROBES} bits that can be read")],
    }
}
