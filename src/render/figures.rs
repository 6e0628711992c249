//! Every figure of a capture by itself: what a page shows, and what `--format svg` and `png` write.

use super::plot::{self, Figure, Reference};
use super::{Imprinting, Part, Render, RenderError, Renderer};
use crate::report::{CaptureReport, Judgement};
use crate::signal::Stretch;
use crate::verdict::{Check, Judged, Verdict};

/// Each figure as an SVG file.
pub(super) static SVG: Renderer = Renderer {
    id: "svg",
    extension: "svg",
    imprinting: Imprinting::MARKUP,
    about: "each figure as a picture that scales, its font inside",
    render: Render::Parts(|capture, _| parts(capture, |figure| Ok(figure.svg_file().into_bytes()))),
};

/// Each figure as a PNG file.
pub(super) static PNG: Renderer = Renderer {
    id: "png",
    extension: "png",
    imprinting: Imprinting::Png,
    about: "each figure as a picture of dots",
    render: Render::Parts(|capture, _| parts(capture, Figure::png)),
};

fn parts(
    capture: &CaptureReport,
    bytes: impl Fn(&Figure) -> Result<Vec<u8>, plot::PlotError>,
) -> Result<Vec<Part>, RenderError> {
    let figures = capture.judgement().map(figures).transpose()?.unwrap_or_default();
    figures.into_iter().map(|(name, figure)| Ok(Part { name, bytes: bytes(&figure)? })).collect()
}

/// Every figure and its name, which is that of its quantity and kind: `exposure.time.track`. The second of the same name
/// has `-2` behind it.
fn figures(judgement: &Judgement) -> Result<Vec<(String, Figure)>, RenderError> {
    let observation = &judgement.observation;
    let mut figures = Vec::new();
    if let Some(window) = shown_window(judgement) {
        figures.push(("timeline".to_owned(), timeline(judgement, window)));
    }
    for check in &judgement.checks {
        let id = check.quantity.id;
        let evidence = match check.verdict {
            Verdict::Pass => None,
            Verdict::Fail | Verdict::Inconclusive => plot::evidence(check, observation),
        };
        let (track, histogram) = (plot::track(check, observation)?, plot::histogram(check, observation)?);
        for (kind, figure) in [("track", track), ("histogram", histogram), ("evidence", evidence)] {
            figures.extend(figure.map(|figure| (format!("{id}.{kind}"), figure)));
        }
    }
    for camera in 0..observation.cameras.len() {
        figures.extend(plot::persistence(observation, camera).map(|figure| ("frames.folded".to_owned(), figure)));
        for (name, reference) in [("frames.tie", Reference::Fitted), ("frames.tie-nominal", Reference::Nominal)] {
            let figure = plot::tie(&judgement.checks, observation, camera, reference)?;
            figures.extend(figure.map(|figure| (name.to_owned(), figure)));
        }
    }
    Ok(numbered(figures))
}

fn numbered(figures: Vec<(String, Figure)>) -> Vec<(String, Figure)> {
    let mut named: Vec<(String, Figure)> = Vec::with_capacity(figures.len());
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for (name, figure) in figures {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        named.push((if *count == 1 { name } else { format!("{name}-{count}") }, figure));
    }
    named
}

/// The frames around the first value that is outside, else around what was found, else around the first value that is not decided, else
/// the first frames; none where there is nothing to draw.
pub(super) fn shown_window(judgement: &Judgement) -> Option<Stretch> {
    const FRAMES: usize = 4;
    let observation = &judgement.observation;
    if observation.length.get() == 0 || observation.lines.is_empty() {
        return None;
    }
    let half = i128::from(observation.length.get() / 2);
    let first = |values: fn(&Check) -> &[Judged]| {
        let placed = judgement.checks.iter().flat_map(values).filter(|judged| (judged.to - judged.from).get() <= half);
        placed.map(|judged| judged.from).min()
    };
    let found = || judgement.findings.iter().find_map(|finding| finding.at.iter().min().copied());
    let place = first(|check| &check.violations).or_else(found).or_else(|| first(|check| &check.marginals));
    Some(match place {
        Some(first) => plot::frames_around(observation, first, FRAMES),
        None => plot::first_frames(observation, FRAMES),
    })
}

/// The frames of a window, with what is broken in them.
pub(super) fn timeline(judgement: &Judgement, window: Stretch) -> Figure {
    let marked: Vec<plot::Marked> = (judgement.checks.iter())
        .flat_map(|check| check.violations.iter().map(move |violation| (check, violation)))
        .filter(|(_, violation)| violation.from < window.to && violation.to >= window.from)
        // What belongs to the capture as a whole marks no place.
        .filter(|(_, violation)| violation.to - violation.from < window.to - window.from)
        .map(|(check, violation)| plot::Marked {
            from: violation.from,
            to: violation.to,
            label: check.quantity.id.to_owned(),
        })
        .collect();
    plot::timeline(&judgement.observation, window, &marked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Finding;
    use crate::render::Options;
    use crate::render::fixture::{Bench, FIRST, PERIOD};
    use crate::report::Outcome;
    use crate::units::SampleIndex;

    fn files(renderer: &Renderer, capture: &CaptureReport) -> Vec<Part> {
        let Render::Parts(render) = renderer.render else { panic!("{} writes no parts", renderer.id) };
        render(capture, &Options::default()).unwrap()
    }

    #[test]
    fn both_formats_have_every_figure_under_the_same_name_and_their_font_inside() {
        let capture = Bench::failing().report();
        let (svg, png) = (files(&SVG, &capture), files(&PNG, &capture));
        let names = |parts: &[Part]| parts.iter().map(|part| part.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&svg), names(&png));
        for name in
            ["timeline", "exposure.time.track", "exposure.time.histogram", "exposure.time.evidence", "frames.folded"]
        {
            assert!(names(&svg).iter().any(|found| found == name), "{name}");
        }
        for part in &svg {
            let text = std::str::from_utf8(&part.bytes).unwrap();
            assert!(text.contains("@font-face") && text.contains("data:font/ttf;base64,"), "{}", part.name);
            let mut reader = quick_xml::Reader::from_str(text);
            while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
        }
        assert!(png.iter().all(|part| part.bytes.starts_with(b"\x89PNG\r\n\x1a\n")));
        assert!(png == files(&PNG, &capture), "the same bytes each time");
    }

    #[test]
    fn a_page_opens_where_something_is() {
        let shows = |judgement: &Judgement, sample: u64| {
            let window = shown_window(judgement).unwrap();
            window.from.get() < sample && sample < window.to.get()
        };
        let found = {
            let finding = Bench::failing().judge().findings.pop().unwrap();
            Finding { at: vec![SampleIndex::new(FIRST + 150 * PERIOD)], ..finding }
        };
        // Nothing is wrong: the first frames.
        let mut passing = Bench::passing().judge();
        passing.findings.clear();
        assert!(shows(&passing, FIRST + 1));
        passing.findings.push(found.clone());
        assert!(shows(&passing, FIRST + 150 * PERIOD) && !shows(&passing, FIRST + 1));
        // The exposure of frame 17 is the first of those too long.
        let mut failing = Bench::failing().judge();
        failing.findings = vec![found];
        assert!(shows(&failing, FIRST + 17 * PERIOD + 20_000));
        // Nothing outside, and nothing found, but some of it not decided.
        let mut open = Bench::open().judge();
        open.findings.clear();
        for check in &mut open.checks {
            check.marginals.retain(|judged| judged.from.get() > FIRST + 20 * PERIOD);
        }
        let marginals = open.checks.iter().flat_map(|check| &check.marginals);
        let first = marginals.map(|judged| judged.from.get()).min().unwrap();
        assert!(shows(&open, first + 1) && !shows(&open, FIRST + 1));
    }

    #[test]
    fn what_could_not_be_judged_has_no_figures() {
        let capture =
            CaptureReport { path: "x.sr".to_owned(), outcome: Outcome::Error("gone".to_owned()), expected: None };
        assert!(files(&SVG, &capture).is_empty());
    }
}
