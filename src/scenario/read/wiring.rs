//! Which probe shows which line: from `[wiring]`, the cameras' tables and `analyzer.probes` to probes and wires.

use std::ops::Range;

use super::raw::{RawAnalyzer, RawCamera, RawWiring};
use crate::capture::{Header, Presence, Probe};
use crate::rig::{Polarity, ProbeSelector, Role};
use crate::scenario::FORMAT;
use crate::scenario::error::{MOST_PROBES, Problem};
use crate::scenario::node::{Node, Placed, Text};
use crate::scenario::plan::WirePlan;
use crate::scenario::values::out_of_range;

/// The probes of the analyzer, and the lines that they show.
#[derive(Debug)]
pub(super) struct Wiring {
    /// In order of their bits.
    pub(super) probes: Vec<Probe>,
    /// The first camera's wires first.
    pub(super) wires: Vec<WirePlan>,
}

/// A line that is to be shown, and the probe as it is named.
struct Asked {
    role: Role,
    name: Option<String>,
    camera: usize,
    probe: ProbeSelector,
    polarity: Polarity,
    at: Range<usize>,
}

const WIRE_FORM: &str = "a probe's name (\"FSIN\", or \"!FSIN\" where low is active), or its bit (0 to 63)";

/// The probes and wires of a scenario; `made` are the roles of the lines that the first camera drives, which are shown
/// under their own names where there is no `[wiring]`.
pub(super) fn read(
    analyzer: &RawAnalyzer,
    main: Option<&RawWiring>,
    further: &[(Text, RawCamera)],
    made: &[Role],
) -> Result<Wiring, Problem> {
    let mut asked = Vec::new();
    match main {
        Some(wiring) => {
            let nodes = [&wiring.fsin, &wiring.strobe, &wiring.flash, &wiring.readout, &wiring.trigger, &wiring.ready];
            ask(0, nodes.map(Option::as_ref), &mut asked)?;
        }
        None => asked.extend(made.iter().map(|&role| Asked {
            role,
            name: None,
            camera: 0,
            probe: ProbeSelector::Name(role.key().to_uppercase()),
            polarity: Polarity::ActiveHigh,
            at: 0..0,
        })),
    }
    for (i, (_, camera)) in further.iter().enumerate() {
        let [fsin, flash] = [&camera.fsin, &camera.flash].map(Option::as_ref);
        let [readout, trigger, ready] = [&camera.readout, &camera.trigger, &camera.ready].map(Option::as_ref);
        ask(i + 1, [fsin, Some(&camera.strobe), flash, readout, trigger, ready], &mut asked)?;
    }
    let probes = match &analyzer.probes {
        Some(node) => listed(node)?,
        None => derived(&asked),
    };
    resolve(probes, asked)
}

/// The lines of one camera, given in the order in which probes take their bits.
fn ask(camera: usize, nodes: [Option<&Placed<Node>>; 6], asked: &mut Vec<Asked>) -> Result<(), Problem> {
    let roles = [Role::Fsin, Role::Strobe, Role::Flash, Role::Readout, Role::Trigger, Role::Ready];
    for (role, node) in roles.into_iter().zip(nodes).filter_map(|(role, node)| node.map(|node| (role, node))) {
        match node.get_ref() {
            Node::Table(lines) if role == Role::Flash => {
                for (name, node) in lines {
                    check_name(name)?;
                    asked.push(wire(role, Some(name.get_ref().clone()), camera, node)?);
                }
            }
            Node::List(pins) if role == Role::Strobe && pins.len() > 1 => {
                for (number, pin) in (1..).zip(pins) {
                    asked.push(wire(role, Some(number.to_string()), camera, pin)?);
                }
            }
            Node::Text(_) | Node::Integer(_) | Node::List(_) | Node::Table(_) => {
                asked.push(wire(role, None, camera, node)?);
            }
        }
    }
    Ok(())
}

fn wire(role: Role, name: Option<String>, camera: usize, node: &Placed<Node>) -> Result<Asked, Problem> {
    let at = node.span();
    let (probe, polarity) = match node.get_ref() {
        Node::Text(text) => {
            let (probe, polarity) = match text.strip_prefix('!') {
                Some(probe) => (probe.trim_start(), Polarity::ActiveLow),
                None => (text.as_str(), Polarity::ActiveHigh),
            };
            check_name(&Placed::new(at.clone(), probe.to_owned()))?;
            (ProbeSelector::Name(probe.to_owned()), polarity)
        }
        Node::Integer(bit) => (ProbeSelector::Bit(checked_bit(*bit, &at)?), Polarity::ActiveHigh),
        Node::List(_) | Node::Table(_) => return Err(Problem::expected(at, WIRE_FORM)),
    };
    Ok(Asked { role, name, camera, probe, polarity, at })
}

fn checked_bit(bit: i64, at: &Range<usize>) -> Result<u32, Problem> {
    let bit = u32::try_from(bit).ok().filter(|&bit| bit < MOST_PROBES);
    bit.ok_or_else(|| out_of_range(at.clone(), "a bit", "0 to 63"))
}

/// Names stand in files and on screens: they are short, printable and not empty.
pub(super) fn check_name(name: &Text) -> Result<(), Problem> {
    const MOST_CHARACTERS: usize = 64;
    let text = name.get_ref();
    let fits = !text.is_empty() && text.chars().count() <= MOST_CHARACTERS && !text.contains(char::is_control);
    if fits { Ok(()) } else { Err(Problem::expected(name.span(), "a name of 1 to 64 printable characters")) }
}

/// The probes that `analyzer.probes` lists.
fn listed(node: &Placed<Node>) -> Result<Vec<Probe>, Problem> {
    const FORM: &str = "a list of probe names in the order of their bits, or a table such as { D0 = 0, D4 = 4 }";
    let form = |at: Range<usize>| Problem::expected(at, FORM);
    let mut named: Vec<(Text, u32)> = Vec::new();
    match node.get_ref() {
        Node::List(names) => {
            for (bit, name) in (0_i64..).zip(names) {
                let Node::Text(text) = name.get_ref() else { return Err(form(name.span())) };
                named.push((Placed::new(name.span(), text.clone()), checked_bit(bit, &name.span())?));
            }
        }
        Node::Table(bits) => {
            for (name, bit) in bits {
                let Node::Integer(number) = bit.get_ref() else { return Err(form(bit.span())) };
                named.push((name.clone(), checked_bit(*number, &bit.span())?));
            }
        }
        Node::Text(_) | Node::Integer(_) => return Err(form(node.span())),
    }
    named.sort_by_key(|(_, bit)| *bit);
    if let Some([_, (name, bit)]) = named.array_windows().find(|[(_, a), (_, b)]| a == b) {
        return Err(Problem::new(name.span(), format_args!("bit {bit} has two probes")));
    }
    named.into_iter().map(|(name, bit)| check_name(&name).map(|()| probe(bit, name.into_inner()))).collect()
}

fn probe(bit: u32, name: String) -> Probe {
    Probe { bit, name, presence: Presence::Recorded }
}

/// One probe for each line: those that are named by a bit at that bit, the others at the free bits in order.
fn derived(asked: &[Asked]) -> Vec<Probe> {
    let mut probes: Vec<Probe> = Vec::new();
    for asked in asked {
        if let ProbeSelector::Bit(bit) = asked.probe
            && probes.iter().all(|probe| probe.bit != bit)
        {
            probes.push(probe(bit, format!("D{bit}")));
        }
    }
    for asked in asked {
        if let ProbeSelector::Name(name) = &asked.probe
            && probes.iter().all(|probe| probe.name != *name)
            && let Some(bit) = (0..MOST_PROBES).find(|&bit| probes.iter().all(|probe| probe.bit != bit))
        {
            probes.push(probe(bit, name.clone()));
        }
    }
    probes.sort_by_key(|probe| probe.bit);
    probes
}

fn resolve(probes: Vec<Probe>, asked: Vec<Asked>) -> Result<Wiring, Problem> {
    let header = Header { format: FORMAT, rate: None, probes, warnings: Vec::new() };
    let mut wires: Vec<WirePlan> = Vec::with_capacity(asked.len());
    for Asked { role, name, camera, probe, polarity, at } in asked {
        let found = header.find(&probe).map_err(|error| Problem::new(at.clone(), error))?;
        // `find` gives one of these probes.
        let place = header.probes.iter().position(|probe| probe.bit == found.bit).unwrap_or(0);
        if wires.iter().any(|wire| wire.probe == place) {
            let name = &found.name;
            return Err(Problem::new(
                at,
                format_args!("probe '{name}' shows two lines; each line needs one of its own"),
            ));
        }
        wires.push(WirePlan { role, name, camera, probe: place, polarity });
    }
    Ok(Wiring { probes: header.probes, wires })
}
