//! Which frames a fault strikes.

use super::Given;
use crate::scenario::draws::Stream;
use crate::scenario::error::Problem;
use crate::scenario::node::{Node, Placed, Text};
use crate::scenario::truth::{CameraTruth, FrameTruth};
use crate::scenario::values::{out_of_range, value};
use crate::units::{Rational, Rounding, Unit};

/// The frames that a fault strikes, by their numbers in the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FrameSet {
    /// Every frame.
    All,
    /// These, in order.
    Listed(Vec<i64>),
    /// `from`, and every `step`-th after it; `step` is above 0.
    Every { step: i64, from: i64 },
    /// Each with this chance, in billionths.
    Chance(u64),
}

const FORM: &str = "a frame's number, a list of them, \"all\", { every = 10, from = 0 } or { chance = \"1 %\" }";

impl FrameSet {
    /// Whether the frame is struck.
    pub(super) fn holds(&self, frame: i64, random: Stream) -> bool {
        match self {
            FrameSet::All => true,
            FrameSet::Listed(frames) => frames.binary_search(&frame).is_ok(),
            FrameSet::Every { step, from } => frame >= *from && (frame - from) % step == 0,
            FrameSet::Chance(billionths) => random.at(frame).happens(*billionths),
        }
    }

    /// Does something to each frame of the camera that is struck.
    pub(super) fn strike(&self, camera: &mut CameraTruth, random: Stream, mut blow: impl FnMut(&mut FrameTruth)) {
        camera.frames.iter_mut().filter(|frame| self.holds(frame.number, random)).for_each(&mut blow);
    }
}

impl Given<'_> {
    /// The frames that `frames` means.
    pub(super) fn frames(&self) -> Result<FrameSet, Problem> {
        let node: Placed<Node> = self.needed("frames")?;
        let form = || Problem::expected(node.span(), FORM);
        match node.get_ref() {
            Node::Integer(number) => Ok(FrameSet::Listed(vec![*number])),
            Node::Text(word) if word == "all" => Ok(FrameSet::All),
            Node::Text(_) => Err(form()),
            Node::List(nodes) => {
                let number = |node: &Placed<Node>| {
                    if let Node::Integer(number) = node.get_ref() { Ok(*number) } else { Err(form()) }
                };
                let mut numbers = nodes.iter().map(number).collect::<Result<Vec<_>, _>>()?;
                numbers.sort_unstable();
                Ok(FrameSet::Listed(numbers))
            }
            Node::Table(entries) => {
                let entries: Vec<(&str, &Placed<Node>)> =
                    entries.iter().map(|(key, node)| (key.get_ref().as_str(), node)).collect();
                match entries.as_slice() {
                    [("every", step)] => every(step, None).ok_or_else(form),
                    [("every", step), ("from", from)] | [("from", from), ("every", step)] => {
                        every(step, Some(from)).ok_or_else(form)
                    }
                    [("chance", chance)] => match chance.get_ref() {
                        Node::Text(text) => chance_of(&Placed::new(chance.span(), text.clone())),
                        Node::Integer(_) | Node::List(_) | Node::Table(_) => Err(form()),
                    },
                    [..] => Err(form()),
                }
            }
        }
    }
}

fn chance_of(text: &Text) -> Result<FrameSet, Problem> {
    let percent = value(text, Unit::Percent)?;
    let sensible = !percent.is_negative() && percent <= Rational::integer(100);
    let billionths = (&percent * &Rational::integer(10_000_000)).to_integer(Rounding::Nearest);
    let billionths = billionths.filter(|_| sensible).and_then(|billionths| u64::try_from(billionths).ok());
    billionths.map(FrameSet::Chance).ok_or_else(|| out_of_range(text.span(), "chance", "0 % to 100 %"))
}

fn every(step: &Placed<Node>, from: Option<&&Placed<Node>>) -> Option<FrameSet> {
    /// Frame numbers stay far below this, so that their differences fit.
    const MOST: i64 = 1 << 40;
    let Node::Integer(step) = *step.get_ref() else { return None };
    let from = match from.map(|from| from.get_ref()) {
        Some(Node::Integer(from)) => *from,
        Some(Node::Text(_) | Node::List(_) | Node::Table(_)) => return None,
        None => 0,
    };
    ((1..=MOST).contains(&step) && (-MOST..=MOST).contains(&from)).then_some(FrameSet::Every { step, from })
}
