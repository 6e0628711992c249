//! A first look on a terminal: the probes, what the cameras do, what stands apart, and what to go on with. Never a verdict.

use anstyle::Style;

use super::capture::{add_findings, frames_text};
use super::paper::{INDENT, Paper, painted};
use super::{Detail, Manner};
use crate::escape::visible;
use crate::render::lines::{Measured, next_text, probes_text, quantities_text, undecided_text};
use crate::render::look::{LOOKED_AT, Look, Seen, Told, apart, camera_sentences};
use crate::study::learn::Wired;
use crate::units::{Rounding, Unit, value_text};

/// What a first look found, in lines of at most `width` columns where words allow.
#[must_use]
pub fn look_text(look: &Look<'_>, detail: Detail, width: Option<usize>) -> String {
    let mut paper = Paper::new(width);
    paper.push(format!("{}{INDENT}{}", painted(Style::new().bold(), LOOKED_AT), visible(look.path)));
    match &look.told {
        Told::Nothing(reason) => {
            paper.add_text(INDENT, &format!("what the camera does is not to be told: {reason}"));
            if detail > Detail::Brief {
                add_block(&mut paper, &probes_text(look.wiring, look.analog));
                add_block(&mut paper, &next_text(look.wiring, look.path));
            }
        }
        Told::Seen(seen) => {
            add_facts(&mut paper, seen);
            if detail > Detail::Brief {
                add_block(&mut paper, &probes_text(look.wiring, look.analog));
                if seen.wired != Wired::Stated {
                    add_block(&mut paper, &undecided_text(look.wiring, look.path));
                }
                add_heading(&mut paper, "What it does");
                for sentence in camera_sentences(seen) {
                    paper.add_text(INDENT, &sentence);
                }
                // What cannot be measured need not be read at first.
                let is_shown = |entry: &&Measured| detail == Detail::Full || entry.figures.is_ok();
                add_block(&mut paper, &quantities_text(seen.measured.iter().filter(is_shown)));
            }
            add_apart(&mut paper, seen, detail);
        }
    }
    paper.into_text()
}

fn add_facts(paper: &mut Paper, seen: &Seen<'_>) {
    let judgement = seen.judgement;
    let rate = value_text(judgement.provenance.rate.hz(), Unit::Hertz, Rounding::Nearest);
    let duration = value_text(&judgement.duration(), Unit::Second, Rounding::Nearest);
    paper.add_text(INDENT, &format!("{rate}, {duration}, {}", frames_text(judgement)));
}

/// What is not like the rest of the capture.
fn add_apart(paper: &mut Paper, seen: &Seen<'_>, detail: Detail) {
    let apart = apart(seen.judgement);
    if apart.is_empty() && seen.judgement.findings.is_empty() {
        paper.push(String::new());
        paper.add_text(
            "",
            "Nothing stands apart from the capture's own medians. Whether these are right, only limits tell.",
        );
        return;
    }
    add_heading(paper, "What stands apart from the capture's own medians");
    for line in &apart {
        paper.add_text(INDENT, line);
    }
    add_findings(paper, seen.judgement, detail, Manner::LookedAt);
}

fn add_heading(paper: &mut Paper, text: &str) {
    paper.push(String::new());
    paper.push(painted(Style::new().bold(), &format!("{text}:")));
}

/// A table, after an empty line.
fn add_block(paper: &mut Paper, text: &str) {
    if text.is_empty() {
        return;
    }
    paper.push(String::new());
    paper.extend(text.trim_end().lines().map(str::to_owned));
}
