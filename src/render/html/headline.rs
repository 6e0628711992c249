//! What the first screen says: what is wrong, where, how sure, and what to do; or what would settle it; or what a pass rests on.

use super::checks::{margin, subject};
use super::sections::sentence;
use crate::diagnosis::Finding;
use crate::render::plot::{self, Figure};
use crate::render::words::{counted, time_text};
use crate::report::{Judgement, complete_frames};
use crate::units::Rational;
use crate::verdict::{Check, Verdict};

/// The head of the page.
pub(super) struct Headline {
    /// What is wrong, or open, or right.
    pub(super) text: String,
    /// The evidence of it.
    pub(super) evidence: Option<String>,
    /// Where to look, in the viewer.
    pub(super) places: Vec<Place>,
    /// What to do about it.
    pub(super) remedy: Option<String>,
    /// What would settle what is open.
    pub(super) settle: Option<String>,
    /// The worst value, drawn.
    pub(super) picture: Option<Figure>,
}

/// A place of the capture, and the samples that show it.
pub(super) struct Place {
    pub(super) text: String,
    pub(super) from: u64,
    pub(super) to: u64,
}

impl Headline {
    /// What is wrong, or open, or right, in a clause.
    pub(super) fn text_of(judgement: &Judgement) -> String {
        let lead = lead(judgement);
        let worst = shown_check(judgement, lead);
        let reason = judgement.reason.clone();
        let text = match (judgement.verdict, lead) {
            (Verdict::Pass, _) => rests_on(judgement),
            (Verdict::Fail | Verdict::Inconclusive, Some(finding)) => sentence(&finding.summary),
            (Verdict::Fail | Verdict::Inconclusive, None) => {
                let open = worst.and_then(|check| {
                    let subject = subject(judgement, check);
                    let of = if subject.is_empty() { String::new() } else { format!(" ({subject})") };
                    Some(format!("{}{of}: {}.", check.quantity.id, check.reason.as_ref()?))
                });
                open.or(reason.as_deref().map(sentence)).unwrap_or_default()
            }
        };
        text.trim_end_matches('.').to_owned()
    }

    pub(super) fn of(judgement: &Judgement) -> Headline {
        let lead = lead(judgement);
        let worst = shown_check(judgement, lead);
        let is_open = |check: &&Check| check.verdict == Verdict::Inconclusive;
        let settle = match judgement.verdict {
            Verdict::Inconclusive => judgement.checks.iter().filter(is_open).find_map(|check| check.settle.clone()),
            Verdict::Pass | Verdict::Fail => None,
        };
        Headline {
            text: Headline::text_of(judgement),
            evidence: lead.map(|finding| sentence(&finding.evidence)),
            places: worst.map(|check| places(judgement, check)).unwrap_or_default(),
            remedy: lead.and_then(|finding| finding.explanations.first()).map(|first| sentence(&first.remedy)),
            settle: settle.as_deref().map(sentence),
            picture: worst.and_then(|check| plot::evidence(check, &judgement.observation)),
        }
    }
}

/// The finding that the page is headed by: the first that explains a check that is no pass, else the first fault.
fn lead(judgement: &Judgement) -> Option<&Finding> {
    let is_broken = |finding: &&Finding| {
        judgement
            .checks
            .iter()
            .any(|check| check.verdict != Verdict::Pass && finding.explains.contains(&check.quantity.id))
    };
    match judgement.verdict {
        Verdict::Pass => None,
        Verdict::Fail | Verdict::Inconclusive => judgement.findings.iter().find(is_broken),
    }
}

/// The check whose worst value is drawn: one that the finding explains, else the first that failed, else the first open one;
/// among them one that has a picture.
fn shown_check<'a>(judgement: &'a Judgement, lead: Option<&Finding>) -> Option<&'a Check> {
    let is_explained = |check: &&Check| lead.is_none_or(|finding| finding.explains.contains(&check.quantity.id));
    let of = |verdict: Verdict| judgement.checks.iter().filter(move |check| check.verdict == verdict);
    let broken = || of(Verdict::Fail).chain(of(Verdict::Inconclusive));
    let has_picture = |check: &&Check| plot::evidence(check, &judgement.observation).is_some();
    let drawn = broken().filter(is_explained).find(has_picture).or_else(|| broken().find(has_picture));
    drawn.or_else(|| broken().find(is_explained)).or_else(|| broken().next())
}

/// The first values that are outside, or else open.
fn places(judgement: &Judgement, check: &Check) -> Vec<Place> {
    /// The others are in the section of the check.
    const PLACES: usize = 3;
    let values = if check.violations.is_empty() { &check.marginals } else { &check.violations };
    let shown = values.iter().take(PLACES).map(|judged| {
        let time = time_text(&judgement.time(judged.from));
        Place {
            text: judged.frame.map_or_else(|| time.clone(), |frame| format!("frame {frame} at {time}")),
            from: judged.from.get(),
            to: judged.to.get(),
        }
    });
    // What is of all of the record has no place.
    shown.filter(|place| (place.to - place.from) * 2 < judgement.observation.length.get()).collect()
}

/// What a pass rests on: how many checks of how many frames, and the check that comes nearest to its limits.
fn rests_on(judgement: &Judgement) -> String {
    let frames: u64 = judgement.observation.cameras.iter().map(complete_frames).sum();
    let checks = counted(judgement.checks.len() as u64, "check");
    let passes = format!("{checks} over {}", counted(frames, "frame"));
    let used = |check| Some((used(check)?, check));
    let nearest = judgement.checks.iter().filter_map(used).max_by(|a, b| a.0.cmp(&b.0));
    match nearest {
        Some((_, check)) => {
            let margin = margin(check, &judgement.observation);
            format!("{passes}; nearest to its limit: {}, by {margin}", check.quantity.id)
        }
        None => passes,
    }
}

/// The share of what is allowed to either side that the worst value uses; `None` where a limit has one side.
fn used(check: &Check) -> Option<Rational> {
    let worst = check.worst.as_ref()?;
    let limit = worst.limit(check)?;
    let allowed = (limit.max()? - limit.min()?).half();
    (&allowed - &worst.margin).checked_div(&allowed)
}
