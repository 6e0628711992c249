//! The hierarchy: which variable is called what.

use super::cursor::Cursor;
use crate::capture::Probe;
use crate::format::names;

/// A variable of the trace, by its *handle*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    /// How many values a change of it has: one for each bit; none for a text, whose changes state their length.
    pub(super) width: Width,
    /// The bits of its lowest probes, one for each of its names, if its bits are probes.
    pub(super) firsts: Box<[u32]>,
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
    let mut scopes: Vec<String> = Vec::new();
    // By its handle, the number of each variable, if its bits are probes.
    let mut numbers: Vec<Option<usize>> = Vec::new();
    let (mut cursor, mut names) = (Cursor(bytes), names::Names::default());
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
                let (_, alias) = (cursor.varint()?, cursor.count()?);
                let number = match (alias.checked_sub(1), widths.get(numbers.len())) {
                    // Another name of a variable.
                    (Some(other), _) => *numbers.get(other)?,
                    (None, Some(width)) => {
                        let bits = match width {
                            Width::Bits(bits) if !FOREIGN.contains(&kind) && *bits > 0 => u32::try_from(*bits).ok(),
                            Width::Bits(_) | Width::Real | Width::Text => None,
                        };
                        numbers.push(bits.map(|bits| names.variable(bits)));
                        numbers.last().copied().flatten()
                    }
                    (None, None) => return None,
                };
                if let Some(number) = number {
                    names.name(&scopes, &name, number);
                }
            }
            _ => return None,
        }
    }
    let names::Named { probes, firsts, warnings } = names.finish();
    let firsts_of = |handle: usize| firsts.get(numbers.get(handle).copied().flatten()?).cloned();
    let handles = widths.iter().enumerate();
    let handles =
        handles.map(|(handle, width)| Variable { width: *width, firsts: firsts_of(handle).unwrap_or_default() });
    Some(Names { probes, handles: handles.collect(), warnings })
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
