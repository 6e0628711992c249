//! The HTML report: one self-contained file per capture, and an index of a run.
//!
//! A page is a struct of ready texts (`views`) and a template under `templates/`; templates insert every text
//! through `escape::Visible`. Nothing is fetched, and nothing is run but the waveform viewer, `templates/viewer.js`,
//! what scrolls drawings, `figures.js`, and the filter of an index, `index.js`: the page's own policy names their hashes
//! and forbids the rest.

mod checks;
mod compare;
pub(crate) mod escape;
mod facts;
mod headline;
mod index;
mod look;
mod marks;
mod sections;
mod trend;
mod views;
mod waves;

pub use compare::comparison_page;
pub use trend::trend_page;

use askama::Template;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest, Sha256};

use self::look::LookView;
use self::marks::Mark;
use self::views::{CapturePage, ErrorPage};
use super::layout::clip;
use super::look::{Look, Told};
use super::plot::dark_css;
use super::{Imprinting, Options, Render, RenderError, Renderer};
use crate::report::{CaptureReport, Outcome, Overall};

/// The report of one capture.
pub(super) static CAPTURE: Renderer = Renderer {
    id: "html",
    extension: "html",
    imprinting: Imprinting::MARKUP,
    about: "a self-contained page with plots, one per capture",
    render: Render::Capture(|capture, options| page(capture, *options)),
};

/// The index of a run.
pub(super) static RUN: Renderer = Renderer {
    id: "html",
    extension: "html",
    imprinting: Imprinting::MARKUP,
    about: "a page that lists the captures of a run and links to their reports",
    render: Render::Run("index.html", index::index),
};

const STYLE: &str = include_str!("templates/style.css");
const DARK: &str = include_str!("templates/dark.css");

/// The waveform viewer.
const VIEWER: &str = include_str!("templates/viewer.js");

/// What keeps drawings readable that are wider than the screen.
const FIGURES: &str = include_str!("templates/figures.js");

/// The filter of the page.
const INDEX: &str = include_str!("templates/index.js");

/// Longer names are cut: nobody reads them, and they would bury the verdict.
const LONGEST_NAME: usize = 240;

/// What stands at the foot of every page.
const TOOL: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// The style sheet of every page: light, and dark where the reader's screen is.
fn css() -> String {
    format!("{STYLE}@media screen and (prefers-color-scheme: dark) {{\n{DARK}{}}}\n", dark_css())
}

/// What the policy of a page names a script by that it lets run.
fn script_hash(script: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(script)))
}

fn title_of(overall: Overall, name: &str) -> String {
    format!("{} {name}", Mark::of(overall).word)
}

/// The page of a first look: that of a report, with LOOKED AT in place of the verdict and the capture's own medians in place of
/// limits; empty where nothing was told.
///
/// # Errors
/// [`RenderError`] when it cannot be put together.
pub fn look_page(look: &Look<'_>) -> Result<Vec<u8>, RenderError> {
    match &look.told {
        Told::Nothing(_) => Ok(Vec::new()),
        Told::Seen(seen) => {
            let name = clip(look.path, LONGEST_NAME);
            let page = CapturePage::of(&name, seen.judgement, None, Some(LookView::of(look.wiring, seen)))?;
            Ok(page.render()?.into_bytes())
        }
    }
}

fn page(capture: &CaptureReport, options: Options<'_>) -> Result<Vec<u8>, RenderError> {
    let name = clip(&capture.path, LONGEST_NAME);
    let text = match &capture.outcome {
        Outcome::Judged(judgement) => CapturePage::of(&name, judgement, options.clips, None)?.render()?,
        Outcome::Error(error) => {
            ErrorPage { title: title_of(Overall::Error, &name), mark: Mark::of(Overall::Error), error, name }
                .render()?
        }
    };
    Ok(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::index::index;
    use super::*;
    use crate::render::fixture::Bench;
    use crate::report::Report;
    use crate::verdict::Verdict;

    fn text_of(capture: &CaptureReport) -> String {
        String::from_utf8(page(capture, Options::default()).unwrap()).unwrap()
    }

    fn count(text: &str, part: &str) -> usize {
        text.matches(part).count()
    }

    #[test]
    fn no_name_from_outside_becomes_markup() {
        let text = text_of(&Bench::hostile().report());
        assert_eq!(count(&text, "<script"), 3, "the viewer, what it draws, and what scrolls drawings");
        assert!(!text.contains("<script>alert") && count(&text, "alert(") > 0, "names are shown, and are no markup");
        assert!(!text.contains("<img"));
        assert!(!text.contains(['\u{202e}', '\u{1b}', '\0']));
    }

    #[test]
    fn every_judged_check_has_a_row_and_every_broken_one_a_link() {
        let bench = Bench::failing();
        let judgement = bench.judge();
        let text = text_of(&bench.report());
        for (place, check) in judgement.checks.iter().enumerate().filter(|(_, check)| check.verdict == Verdict::Fail) {
            assert!(text.contains(&format!(
                "href=\"#{}\">{}</a>",
                checks::anchor(&judgement.checks, place),
                check.quantity.id
            )));
        }
    }

    #[test]
    fn the_page_is_headed_by_what_is_wrong_and_folds_what_passes() {
        let bench = Bench::failing();
        let (judgement, text) = (bench.judge(), text_of(&bench.report()));
        let finding = judgement.findings.first().unwrap();
        let head = text.split("</header>").next().unwrap();
        let (capital, rest) = finding.summary.split_at(1);
        assert!(head.contains(&format!("<h1><bdi>{}{rest}</bdi></h1>", capital.to_uppercase())), "{head}");
        let first = finding.explanations.first().unwrap();
        assert!(head.contains("What to do:") && head.contains(&first.remedy[1..]) && head.contains("<svg"), "{head}");
        let table = text.split("id=\"checks\"").nth(1).unwrap();
        let row = |id: &str| table.find(&format!("\">{id}</a>")).unwrap();
        for (failing, passing) in [("frame.time", "fsin.width"), ("exposure.time", "fsin.width")] {
            assert!(row(failing) < row(passing), "{failing} before {passing}");
        }
        assert!(table.contains("implied checks pass: line.edges"));
        assert!(text.contains("id=\"exposure.time\" open>") && text.contains("id=\"fsin.width\">"));
    }

    #[test]
    fn a_pass_says_what_it_rests_on() {
        let text = text_of(&Bench::passing().report());
        let head = text.split("</header>").next().unwrap();
        assert!(head.contains("checks over 300 frames; nearest to its limit: "), "{head}");
    }

    #[test]
    fn an_index_begins_with_what_failed_and_its_marks_lead_to_the_sections() {
        let stems = ["good".to_owned(), "bad".to_owned()];
        let mut captures = vec![Bench::passing().report(), Bench::failing().report()];
        captures[0].path = "lab/a/good.sr".to_owned();
        captures[1].path = "lab/b/bad.sr".to_owned();
        let options = Options { stems: &stems, ..Options::default() };
        let text = String::from_utf8(index(&Report { captures }, &options).unwrap()).unwrap();
        assert!(
            text.find(">b/bad.sr<").unwrap() < text.find(">a/good.sr<").unwrap(),
            "failing first, without the folder"
        );
        assert!(text.contains("in lab/") && text.contains("href=\"./bad.html#exposure.time\""));
        assert!(text.contains("data-kind=\"fail\">1 FAIL</button>") && count(&text, "<script") == 1);
    }

    #[test]
    fn an_unreadable_capture_says_why_and_is_linked_from_the_index() {
        let gone = CaptureReport {
            path: "captures/gone.sr".into(),
            outcome: Outcome::Error("not a zip archive\n  | byte 0: <b>\u{1b}".into()),
            expected: None,
        };
        let text = text_of(&gone);
        assert!(text.contains("not a zip archive") && text.contains(r"byte 0: &lt;b&gt;\u{1b}"), "{text}");
        let stems = ["gone".to_owned(), "board7".to_owned()];
        let report = Report { captures: vec![gone, Bench::passing().report()] };
        let options = Options { stems: &stems, ..Options::default() };
        let text = String::from_utf8(index(&report, &options).unwrap()).unwrap();
        assert!(text.contains("href=\"./gone.html\"") && text.contains("href=\"./board7.html\""));
        assert!(text.contains("1 PASS, 1 ERROR"));
    }
}
