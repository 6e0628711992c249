//! From results to bytes: reports by one file per format and one line each in [`RENDERERS`], and what commands print.
//!
//! A renderer shows what the report holds: it computes no verdict, knows no limit, and touches no file. What comes from
//! files and users goes through [`crate::escape`].

mod calibration;
mod clips;
mod compare;
mod figures;
#[cfg(test)]
mod fixture;
mod gauge;
mod github;
pub mod html;
mod imprinting;
mod json;
mod junit;
mod layout;
mod lines;
mod log_json;
mod log_text;
mod look;
mod look_json;
mod markdown;
mod plan;
pub mod plot;
mod pulseview;
mod schema;
mod tables;
pub mod text;
mod trend;
mod trend_json;
mod vcd;
mod words;

pub use calibration::{CALIBRATION_BEGINNING, CalibrationFacts, calibration_file, calibration_text};
pub use clips::{Clip, clip, clips};
pub use compare::comparison_text;
pub use gauge::{gauge_json, gauge_text};
pub use imprinting::Imprinting;
pub use json::{JsonOf, json_report};
pub use lines::{
    Figures, FrameFigures, Measured, lines_text, quantities_text, shell_word, suggestion_text, wiring_text,
};
pub use look::{Look, Seen, Told};
pub(crate) use look_json::devices_json;
pub use look_json::{Looked, measure_json, wiring_json};
pub use plan::{plan_text, undecided_text};
pub use pulseview::{PULSEVIEW, repaired_view};
pub(crate) use schema::ToolJson;
pub use schema::report_schema;
pub use trend::{repeats_text, trend_text};
pub use trend_json::trend_json;
pub use vcd::{VCD_BEGINNING, VcdWriter};
pub(crate) use words::verdict_word;

use crate::report::{CaptureReport, InconclusivePolicy, Report};
use crate::table::TableError;

/// A kind of file that reports are written as.
#[derive(Debug)]
pub struct Renderer {
    /// Its name in `--format`; several files may go by one name.
    pub id: &'static str,
    /// What follows the stem and a dot in the name of its file: `junit.xml`.
    pub extension: &'static str,
    /// Where its files say what wrote them.
    pub imprinting: Imprinting,
    /// What it is, for help texts.
    pub about: &'static str,
    /// How it is made, and of what.
    pub render: Render,
}

/// How a file is made, and of what.
#[derive(Debug, Clone, Copy)]
pub enum Render {
    /// One file of each capture, `<stem>.<extension>`.
    Capture(fn(&CaptureReport, &Options<'_>) -> Result<Vec<u8>, RenderError>),
    /// Several files of each capture, `<stem>.<name>.<extension>`.
    Parts(fn(&CaptureReport, &Options<'_>) -> Result<Vec<Part>, RenderError>),
    /// Lines for the log of a CI, on standard output.
    Log(fn(&Report, &Options<'_>) -> Result<Vec<u8>, RenderError>),
    /// One file of a run of several captures, of this name.
    Run(&'static str, fn(&Report, &Options<'_>) -> Result<Vec<u8>, RenderError>),
    /// One file, whatever the number of captures: `<stem>.<extension>` of a single one, of this name of several. What it
    /// tells of a capture stands in no second file, which a reader of all of them would count twice.
    Whole(&'static str, fn(&Report, &Options<'_>) -> Result<Vec<u8>, RenderError>),
}

/// One of several files of a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is called, between the stem and the extension.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What a renderer is told besides the report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// What an inconclusive counts as where a format knows none.
    pub inconclusive: InconclusivePolicy,
    /// The stem of each capture's files, in the order of the report, for pages that link to them.
    pub stems: &'a [String],
    /// The path of each capture's page, where pages are written, for reports that link to them.
    pub pages: &'a [String],
    /// The stem of this capture's clips, where they are written, for a page that links to them.
    pub clips: Option<&'a str>,
}

/// Why a report cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The JSON writer refused it.
    #[error("the JSON report cannot be written")]
    Json(#[from] serde_json::Error),
    /// The XML writer refused it.
    #[error("the JUnit report cannot be written")]
    Junit(#[from] quick_junit::SerializeError),
    /// The table could not be made.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The page could not be put together.
    #[error("the HTML page cannot be written")]
    Html(#[from] askama::Error),
    /// A clip could not be made.
    #[error(transparent)]
    Clip(#[from] crate::format::srzip::WriteError),
    /// A figure could not be drawn.
    #[error(transparent)]
    Plot(#[from] plot::PlotError),
}

/// Every kind of file, in the order in which help texts list them.
pub static RENDERERS: &[&Renderer] = &[
    &html::CAPTURE,
    &html::RUN,
    &json::CAPTURE,
    &json::RUN,
    &junit::WHOLE,
    &markdown::WHOLE,
    &tables::FRAMES_CSV,
    &tables::CHECKS_CSV,
    &tables::CHECKS_CSV_RUN,
    &tables::FRAMES_PARQUET,
    &tables::CHECKS_PARQUET,
    &tables::CHECKS_PARQUET_RUN,
    &figures::SVG,
    &figures::PNG,
    &github::LOG,
];

/// The kinds of file that go by this name in `--format`; none when there is no such format.
pub fn renderers_of(id: &str) -> impl Iterator<Item = &'static Renderer> {
    RENDERERS.iter().copied().filter(move |renderer| renderer.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::report::testing;

    fn render_all(report: &Report) -> Vec<(&'static str, Vec<u8>)> {
        let stems: Vec<String> = (0..report.captures.len()).map(|n| format!("capture{n}")).collect();
        let options = Options { stems: &stems, ..Options::default() };
        let mut files = Vec::new();
        for renderer in RENDERERS {
            match renderer.render {
                Render::Capture(render) => {
                    files.extend(report.captures.iter().map(|c| (renderer.extension, render(c, &options).unwrap())));
                }
                Render::Parts(render) => {
                    let parts = report.captures.iter().flat_map(|c| render(c, &options).unwrap());
                    files.extend(parts.map(|part| (renderer.extension, part.bytes)));
                }
                Render::Run(_, render) | Render::Whole(_, render) | Render::Log(render) => {
                    files.push((renderer.extension, render(report, &options).unwrap()));
                }
            }
        }
        files
    }

    #[test]
    fn every_renderer_shows_every_report_the_same_way_twice_and_without_raw_control_characters() {
        let captures =
            [testing::passing, testing::failing, testing::inconclusive, testing::damaged, testing::unreadable];
        let report = Report { captures: captures.iter().map(|capture| capture()).collect() };
        let files = render_all(&report);
        let again = render_all(&report);
        assert_eq!(files.len(), again.len());
        for ((extension, first), (_, second)) in files.iter().zip(&again) {
            assert!(!first.is_empty(), "{extension}");
            assert!(first == second, "{extension} differs between two runs");
            if ["parquet", "png"].iter().any(|binary| extension.ends_with(binary)) {
                continue;
            }
            let text = std::str::from_utf8(first).unwrap();
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']), "{extension}: {text}");
        }
    }

    #[test]
    fn no_two_renderers_write_the_same_file() {
        let (mut of_captures, mut of_runs) = (BTreeSet::new(), BTreeSet::new());
        for renderer in RENDERERS {
            let (capture, run) = match renderer.render {
                Render::Capture(_) | Render::Parts(_) | Render::Log(_) => (true, None),
                Render::Run(file, _) => (false, Some(file)),
                Render::Whole(file, _) => (true, Some(file)),
            };
            assert!(!capture || of_captures.insert(renderer.extension), "two write {}", renderer.extension);
            assert!(run.is_none_or(|file| of_runs.insert(file)), "two write {run:?}");
            assert!(renderer.id.chars().all(|c| c.is_ascii_lowercase()), "{}", renderer.id);
            assert!(renderers_of(renderer.id).any(|found| std::ptr::eq(found, *renderer)));
        }
        assert_eq!(renderers_of("no-such-format").count(), 0);
    }
}
