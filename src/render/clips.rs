//! Evidence to open in PulseView: a session file around each value that is proven outside, of the lines that are wired.

use super::pulseview::clip_view;
use super::{Imprinting, PULSEVIEW, RenderError};
use crate::capture::{Capture, Line};
use crate::format::srzip::SrzipWriter;
use crate::report::{Imprint, Judgement, Provenance};
use crate::signal::{Lost, Stretch};
use crate::units::{Rounding, SampleIndex};
use crate::verdict::{Check, Judged};

/// The file name of the clip of a violation: `<stem>.08-exposure.time-1.sr` is of the eighth check and its first
/// violation.
#[must_use]
pub(super) fn clip_name(stem: &str, place: usize, check: &Check, violation: usize) -> String {
    format!("{stem}.{:02}-{}-{}.sr", place + 1, check.quantity.id, violation + 1)
}

/// One session file per violation that has a place, how PulseView opens it, and their names.
///
/// # Errors
/// [`RenderError::Clip`] when sigrok could not read such a file.
pub fn clips(
    judgement: &Judgement,
    stem: &str,
    imprint: &Imprint,
) -> Result<Vec<(String, Imprinting, Vec<u8>)>, RenderError> {
    let capture = wired(judgement);
    let mut clips = Vec::new();
    for (place, check) in judgement.checks.iter().enumerate() {
        for (number, violation) in check.violations.iter().enumerate() {
            if let Some(window) = window(judgement, violation) {
                let name = clip_name(stem, place, check, number);
                let view = clip_view(judgement, check, violation, window);
                let view = (format!("{}.pvs", name.trim_end_matches(".sr")), PULSEVIEW, view);
                clips.push((name, Imprinting::Session, session(&capture.window(window), imprint)?));
                clips.push(view);
            }
        }
    }
    Ok(clips)
}

/// A session file, and how PulseView opens it.
#[derive(Debug)]
pub struct Clip {
    /// The session file.
    pub session: Vec<u8>,
    /// What PulseView reads beside it.
    pub view: Vec<u8>,
}

/// The session file of one violation, and how PulseView opens it; none where it has no place.
///
/// # Errors
/// As [`clips`].
pub fn clip(
    judgement: &Judgement,
    check: &Check,
    violation: &Judged,
    imprint: &Imprint,
) -> Result<Option<Clip>, RenderError> {
    let Some(window) = window(judgement, violation) else { return Ok(None) };
    let view = PULSEVIEW.add(clip_view(judgement, check, violation, window), imprint);
    Ok(Some(Clip { session: session(&wired(judgement).window(window), imprint)?, view }))
}

/// The violation and as much again on both sides, at least half a frame; none for what belongs to most of the capture.
pub(super) fn window(judgement: &Judgement, violation: &Judged) -> Option<Stretch> {
    const LEAST: u64 = 16;
    let length = judgement.observation.length.get();
    let (from, to) = (violation.from.get(), violation.to.get());
    let span = to.saturating_sub(from);
    let mut periods = judgement.observation.cameras.iter().filter_map(|camera| camera.clock.period.as_ref());
    let half_frame = periods.next().and_then(|period| u64::try_from(period.half().to_integer(Rounding::Up)?).ok());
    let around = span.max(half_frame.unwrap_or(0)).max(LEAST);
    let window = Stretch {
        from: SampleIndex::new(from.saturating_sub(around)),
        to: SampleIndex::new(to.saturating_add(around).min(length)),
    };
    (span <= length / 2 && window.from < window.to).then_some(window)
}

/// The capture as far as it is wired: each probe once.
fn wired(judgement: &Judgement) -> Capture {
    let observation = &judgement.observation;
    let mut lines: Vec<Line> = Vec::new();
    for line in &observation.lines {
        if lines.iter().all(|other| other.probe.bit != line.probe.bit) {
            let (probe, waveform) = (line.probe.clone(), line.waveform.clone());
            lines.push(Line { probe, waveform, unknown: Lost::nothing() });
        }
    }
    lines.sort_by_key(|line| line.probe.bit);
    let Provenance { header, rate, problems, .. } = judgement.provenance.clone();
    let lost = observation.lost.clone();
    Capture { lost, problems, ..Capture::of(header.format, rate, observation.length, lines) }
}

fn session(capture: &Capture, imprint: &Imprint) -> Result<Vec<u8>, RenderError> {
    let probes: Vec<_> = capture.lines.iter().map(|line| line.probe.clone()).collect();
    let mut writer = SrzipWriter::new(Vec::new(), &probes, &capture.rate)?.with_comment(imprint.to_string());
    capture.replay(&mut writer).map_err(crate::format::srzip::WriteError::from)?;
    Ok(writer.finish(capture.length)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::Bench;
    use crate::report::Written;

    #[test]
    fn each_violation_has_a_clip_that_holds_it() {
        let judgement = Bench::failing().judge();
        let clips = clips(&judgement, "board7", &Imprint::new(Written::Report)).unwrap();
        let placed = judgement.checks.iter().flat_map(|check| &check.violations);
        let placed: Vec<&Judged> = placed.filter(|violation| window(&judgement, violation).is_some()).collect();
        assert!(clips.len() == 2 * placed.len() && clips.len() > 6);
        for violation in placed {
            let window = window(&judgement, violation).unwrap();
            assert!(window.from < violation.from && violation.to < window.to);
        }
        let names: std::collections::BTreeSet<&String> = clips.iter().map(|(name, ..)| name).collect();
        assert_eq!(names.len(), clips.len());
        assert!(names.iter().any(|name| name.ends_with("-exposure.time-1.sr")), "{names:?}");
    }
}
