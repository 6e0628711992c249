//! What the templates show: structs of ready texts.

use askama::Template;

use super::checks::{Attention, CheckRow};
use super::headline::Headline;
use super::look::LookView;
use super::marks::{Href, LOOKED, Manner, Mark};
use super::sections::Section;
use super::waves::waves;
use super::{checks, facts, sections};
use crate::diagnosis::{Finding, Severity};
use crate::render::figures::{shown_window, timeline};
use crate::render::lines::QUANTITY_HEADINGS;
use crate::render::plot::Figure;
use crate::render::words::{counted, finding_subject, look_alike_text, time_text};
use crate::render::{RenderError, plot};
use crate::report::Judgement;

/// The page of a capture that was judged.
#[derive(Template)]
#[template(path = "capture.html", config = "src/render/html/askama.toml")]
pub(super) struct CapturePage<'a> {
    title: String,
    name: &'a str,
    judgement: &'a Judgement,
    /// What a first look adds; its page has no verdict.
    look: Option<LookView<'a>>,
    manner: Manner,
    mark: Mark,
    headline: Headline,
    attention: Vec<Attention>,
    findings: Vec<FindingView<'a>>,
    checks: Vec<CheckRow>,
    /// Those that pass and are implied.
    folded: Vec<CheckRow>,
    folded_names: String,
    timeline: Option<Figure>,
    /// What the waveform viewer draws: JSON that is safe within a script element.
    waves: Option<String>,
    sections: Vec<Section>,
    frames: Vec<FramesView>,
    /// What the last column of the checks is called.
    outcome: &'static str,
}

impl<'a> CapturePage<'a> {
    /// So many problems of the record stand with the verdict; all of them in their own section.
    const PROBLEMS_AT_ONCE: usize = 3;

    pub(super) fn of(
        name: &'a str,
        judgement: &'a Judgement,
        clips: Option<&str>,
        look: Option<LookView<'a>>,
    ) -> Result<CapturePage<'a>, RenderError> {
        let window = shown_window(judgement);
        let mut headline = Headline::of(judgement);
        let (manner, mark, attention, outcome) = match &look {
            None => {
                let mark = Mark::of(judgement.verdict.into());
                (Manner::Judged, mark, checks::attention(judgement), "verdict")
            }
            Some(look) => {
                headline.settle = None;
                if judgement.findings.is_empty() {
                    // The rate and the exposures; the rest stands below.
                    headline.text = look.cameras.iter().take(2).cloned().collect::<Vec<_>>().join("; ");
                }
                (Manner::LookedAt, LOOKED, Vec::new(), "beside it")
            }
        };
        let (folded, checks): (Vec<CheckRow>, Vec<CheckRow>) =
            checks::rows(judgement, manner)?.into_iter().partition(CheckRow::is_folded);
        Ok(CapturePage {
            title: format!("{}: {} – {name}", mark.word, headline.text),
            name,
            judgement,
            look,
            manner,
            mark,
            headline,
            attention,
            findings: judgement.findings.iter().map(|finding| FindingView::of(finding, judgement, manner)).collect(),
            folded_names: folded.iter().map(|check| check.name()).collect::<Vec<String>>().join(", "),
            checks,
            folded,
            timeline: window.map(|window| timeline(judgement, window)),
            waves: window.map(|window| waves(judgement, window)).transpose()?,
            sections: sections::sections(judgement, clips, manner)?,
            frames: frames(judgement)?,
            outcome,
        })
    }
}

/// What all frames of a camera do together.
pub(super) struct FramesView {
    /// The camera's name, where there are several.
    pub(super) of: String,
    /// All of them on one another.
    pub(super) fold: Option<Figure>,
    /// The error of their clock, against each reference.
    pub(super) ties: Vec<Figure>,
}

fn frames(judgement: &Judgement) -> Result<Vec<FramesView>, RenderError> {
    let observation = &judgement.observation;
    let several = observation.cameras.len() > 1;
    let mut views = Vec::new();
    for (place, camera) in observation.rig.cameras.iter().enumerate() {
        let fold = plot::persistence(observation, place);
        let mut ties = Vec::new();
        for reference in [plot::Reference::Fitted, plot::Reference::Nominal] {
            ties.extend(plot::tie(&judgement.checks, observation, place, reference)?);
        }
        if fold.is_some() || !ties.is_empty() {
            views.push(FramesView { of: if several { camera.name.clone() } else { String::new() }, fold, ties });
        }
    }
    Ok(views)
}

/// A finding.
pub(super) struct FindingView<'a> {
    pub(super) class: &'static str,
    pub(super) severity: &'static str,
    pub(super) it: &'a Finding,
    pub(super) of: String,
    pub(super) places: String,
}

impl FindingView<'_> {
    fn of<'a>(it: &'a Finding, judgement: &Judgement, manner: Manner) -> FindingView<'a> {
        /// More places than this are counted.
        const PLACES: usize = 5;
        let (class, severity) = match (it.severity, manner) {
            (Severity::Info, _) => ("info", "note"),
            // Nothing is a fault where nothing is asked.
            (Severity::Fail | Severity::Warn, Manner::LookedAt) => ("warn", "odd"),
            (Severity::Fail, Manner::Judged) => ("fail", "fault"),
            (Severity::Warn, Manner::Judged) => ("warn", "warning"),
        };
        let mut places: Vec<String> = (it.at.iter().take(PLACES))
            .map(|&sample| format!("{} (sample {sample})", time_text(&judgement.time(sample))))
            .collect();
        let more = it.at.len().saturating_sub(PLACES);
        if more > 0 {
            places.push(format!("and {}", counted(more as u64, "more place")));
        }
        let of = finding_subject(it).unwrap_or_default();
        FindingView { class, severity, it, of, places: places.join(", ") }
    }
}

/// The page of a capture that could not be judged.
#[derive(Template)]
#[template(path = "error.html", config = "src/render/html/askama.toml")]
pub(super) struct ErrorPage<'a> {
    pub(super) title: String,
    pub(super) name: String,
    pub(super) mark: Mark,
    pub(super) error: &'a str,
}

/// The page of a run.
#[derive(Template)]
#[template(path = "index.html", config = "src/render/html/askama.toml")]
pub(super) struct IndexPage {
    pub(super) title: String,
    pub(super) heading: String,
    pub(super) mark: Mark,
    pub(super) tally: String,
    /// The verdicts that there are: their class, and how many captures came out so.
    pub(super) kinds: Vec<(&'static str, String)>,
    pub(super) rows: Vec<IndexRow>,
    pub(super) matrix: Matrix,
}

/// What became of each quantity, capture by capture.
pub(super) struct Matrix {
    pub(super) ids: Vec<&'static str>,
    pub(super) rows: Vec<Cells>,
}

/// A capture of the matrix: the mark of each quantity, if it was judged, and the section of its report that tells of it.
pub(super) struct Cells {
    pub(super) name: String,
    pub(super) marks: Vec<Option<(Mark, Option<Href>)>>,
}

/// A capture of a run.
pub(super) struct IndexRow {
    pub(super) name: String,
    pub(super) href: Option<Href>,
    pub(super) mark: Mark,
    pub(super) reason: String,
    pub(super) worst: String,
}
