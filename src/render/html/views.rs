//! What the templates show: structs of ready texts.

use askama::Template;

use super::checks::{Attention, CheckRow};
use super::facts::{CameraRow, Fact, LineRow, LostTable};
use super::headline::Headline;
use super::look::LookView;
use super::marks::{Href, LOOKED, Manner, Mark};
use super::sections::{FigureView, Section};
use super::waves::waves;
use super::{FIGURES, Script, TOOL, VIEWER, checks, css, facts, sections};
use crate::diagnosis::{Explanation, Finding, Severity, Support};
use crate::render::figures::{shown_window, timeline};
use crate::render::words::{counted, finding_subject, look_alike_text, time_text};
use crate::render::{RenderError, plot};
use crate::report::Judgement;
use crate::signal::Stretch;

/// The page of a capture that was judged.
#[derive(Template)]
#[template(path = "capture.html", config = "src/render/html/askama.toml")]
pub(super) struct CapturePage {
    title: String,
    css: String,
    tool: &'static str,
    name: String,
    mark: Mark,
    reason: Option<String>,
    headline: Headline,
    attention: Vec<Attention>,
    summary: Vec<Fact>,
    findings: Vec<FindingView>,
    checks: Vec<CheckRow>,
    /// Those that pass and are implied.
    folded: Vec<CheckRow>,
    folded_names: String,
    timeline: Option<FigureView>,
    viewer: Option<Viewer>,
    figures: Script,
    sections: Vec<Section>,
    frames: Vec<FramesView>,
    capability: Vec<String>,
    lines: Vec<LineRow>,
    cameras: Vec<CameraRow>,
    problems: Vec<String>,
    lost: LostTable,
    provenance: Vec<Fact>,
    decision_rule: Vec<String>,
    effective: Vec<Fact>,
    /// What the last column of the checks is called.
    outcome: &'static str,
    /// What a first look adds; its page has no verdict.
    look: Option<LookView>,
}

impl CapturePage {
    /// So many problems of the record stand with the verdict; all of them in their own section.
    const PROBLEMS_AT_ONCE: usize = 3;

    pub(super) fn of(name: &str, judgement: &Judgement, clips: Option<&str>) -> Result<CapturePage, RenderError> {
        CapturePage::in_manner(name, judgement, clips, Manner::Judged)
    }

    /// The page of a first look.
    pub(super) fn looked_at(name: &str, judgement: &Judgement, look: LookView) -> Result<CapturePage, RenderError> {
        let page = CapturePage::in_manner(name, judgement, None, Manner::LookedAt)?;
        let headline = match judgement.findings.is_empty() {
            // The rate and the exposures; the rest stands below.
            true => Headline {
                text: look.cameras.iter().take(2).cloned().collect::<Vec<_>>().join("; "),
                settle: None,
                ..page.headline
            },
            false => Headline { settle: None, ..page.headline },
        };
        let title = format!("{}: {} – {name}", LOOKED.word, headline.text);
        // Nothing is a fault where nothing is asked.
        let as_odd = |finding: FindingView| match finding.class {
            "info" => finding,
            _ => FindingView { class: "warn", severity: "odd", ..finding },
        };
        let findings = page.findings.into_iter().map(as_odd).collect();
        let held = |fact: Fact| {
            if fact.name == facts::JUDGED_BY { Fact { name: "held against".to_owned(), ..fact } } else { fact }
        };
        let summary = page.summary.into_iter().map(held).collect();
        let reason = None;
        let decision_rule = facts::look_rule();
        Ok(CapturePage {
            title,
            mark: LOOKED,
            headline,
            findings,
            summary,
            reason,
            decision_rule,
            look: Some(look),
            ..page
        })
    }

    fn in_manner(
        name: &str,
        judgement: &Judgement,
        clips: Option<&str>,
        manner: Manner,
    ) -> Result<CapturePage, RenderError> {
        let overall = judgement.verdict.into();
        let window = shown_window(judgement);
        let headline = Headline::of(judgement);
        let (folded, checks): (Vec<CheckRow>, Vec<CheckRow>) =
            checks::rows(judgement, manner)?.into_iter().partition(CheckRow::is_folded);
        Ok(CapturePage {
            title: format!("{}: {} – {name}", Mark::of(overall).word, headline.text),
            css: css(),
            tool: TOOL,
            name: name.to_owned(),
            mark: Mark::of(overall),
            reason: judgement.reason.clone(),
            headline,
            attention: match manner {
                Manner::Judged => checks::attention(judgement),
                Manner::LookedAt => Vec::new(),
            },
            summary: facts::summary(judgement),
            findings: judgement.findings.iter().map(|finding| FindingView::of(finding, judgement)).collect(),
            folded_names: folded.iter().map(|check| check.name()).collect::<Vec<String>>().join(", "),
            checks,
            folded,
            timeline: window.map(|window| timeline(judgement, window).into()),
            viewer: window.map(|window| Viewer::of(judgement, window)).transpose()?,
            figures: Script::new(FIGURES),
            sections: sections::sections(judgement, clips, manner)?,
            frames: frames(judgement)?,
            capability: judgement.capability.clone(),
            lines: facts::lines(judgement),
            cameras: facts::cameras(judgement),
            problems: judgement.provenance.problems.clone(),
            lost: facts::lost(judgement),
            provenance: facts::provenance(name, judgement),
            decision_rule: facts::decision_rule(&judgement.spec),
            effective: facts::effective(&judgement.spec),
            outcome: match manner {
                Manner::Judged => "verdict",
                Manner::LookedAt => "beside it",
            },
            look: None,
        })
    }
}

/// The waveform viewer: its script, and what it draws.
pub(super) struct Viewer {
    pub(super) script: Script,
    /// JSON that is safe within a script element.
    pub(super) waves: String,
}

impl Viewer {
    fn of(judgement: &Judgement, window: Stretch) -> Result<Viewer, RenderError> {
        Ok(Viewer { script: Script::new(VIEWER), waves: waves(judgement, window)? })
    }
}

/// What all frames of a camera do together.
pub(super) struct FramesView {
    /// The camera's name, where there are several.
    pub(super) of: String,
    /// All of them on one another.
    pub(super) fold: Option<FigureView>,
    /// The error of their clock, against each reference.
    pub(super) ties: Vec<FigureView>,
}

fn frames(judgement: &Judgement) -> Result<Vec<FramesView>, RenderError> {
    let observation = &judgement.observation;
    let several = observation.cameras.len() > 1;
    let mut views = Vec::new();
    for (place, camera) in observation.rig.cameras.iter().enumerate() {
        let fold = plot::persistence(observation, place).map(FigureView::from);
        let mut ties = Vec::new();
        for reference in [plot::Reference::Fitted, plot::Reference::Nominal] {
            ties.extend(plot::tie(&judgement.checks, observation, place, reference)?.map(FigureView::from));
        }
        if fold.is_some() || !ties.is_empty() {
            views.push(FramesView { of: if several { camera.name.clone() } else { String::new() }, fold, ties });
        }
    }
    Ok(views)
}

/// A finding.
pub(super) struct FindingView {
    pub(super) class: &'static str,
    pub(super) severity: &'static str,
    pub(super) fault: &'static str,
    pub(super) summary: String,
    pub(super) evidence: String,
    pub(super) of: String,
    pub(super) places: String,
    pub(super) explains: String,
    /// Each cause with its remedy, and whether the values speak for it.
    pub(super) steps: Vec<(&'static str, String, String)>,
    /// What looks alike, and how to tell.
    pub(super) look_alikes: Vec<String>,
}

impl FindingView {
    fn of(finding: &Finding, judgement: &Judgement) -> FindingView {
        /// More places than this are counted.
        const PLACES: usize = 5;
        let (class, severity) = match finding.severity {
            Severity::Fail => ("fail", "fault"),
            Severity::Warn => ("warn", "warning"),
            Severity::Info => ("info", "note"),
        };
        let step = |explanation: &Explanation| {
            let how = match explanation.support {
                Support::Supported => "likely",
                Support::Possible => "perhaps",
            };
            (how, explanation.cause.clone(), explanation.remedy.clone())
        };
        let mut places: Vec<String> = (finding.at.iter().take(PLACES))
            .map(|&sample| format!("{} (sample {sample})", time_text(&judgement.time(sample))))
            .collect();
        let more = finding.at.len().saturating_sub(PLACES);
        if more > 0 {
            places.push(format!("and {}", counted(more as u64, "more place")));
        }
        FindingView {
            class,
            severity,
            fault: finding.fault,
            summary: finding.summary.clone(),
            evidence: finding.evidence.clone(),
            of: finding_subject(finding).unwrap_or_default(),
            places: places.join(", "),
            explains: finding.explains.join(", "),
            steps: finding.explanations.iter().map(step).collect(),
            look_alikes: finding.look_alikes.iter().map(|other| look_alike_text(other)).collect(),
        }
    }
}

/// The page of a capture that could not be judged.
#[derive(Template)]
#[template(path = "error.html", config = "src/render/html/askama.toml")]
pub(super) struct ErrorPage {
    pub(super) title: String,
    pub(super) css: String,
    pub(super) tool: &'static str,
    pub(super) name: String,
    pub(super) mark: Mark,
    /// Its lines.
    pub(super) error: Vec<String>,
}

/// The page of a run.
#[derive(Template)]
#[template(path = "index.html", config = "src/render/html/askama.toml")]
pub(super) struct IndexPage {
    pub(super) title: String,
    pub(super) css: String,
    pub(super) tool: &'static str,
    pub(super) heading: String,
    pub(super) mark: Mark,
    pub(super) tally: String,
    /// The verdicts that there are: their class, and how many captures came out so.
    pub(super) kinds: Vec<(&'static str, String)>,
    pub(super) script: Script,
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
