//! The lane of capture timestamps, as the vendor's timing diagrams draw them: a caret where the log's time lies on the
//! capture after the fit, with the frame that it belongs to.

use super::axis::TimeAxis;
use super::drawing::{Anchor, Drawing, Label, Mark};
use super::font::text_width;
use super::lane::{Content, Lane, Tick, Tone, are_too_many};
use super::style::{Ink, SMALL};
use crate::frame::{CameraFrames, Exposure};
use crate::log::Matched;
use crate::units::{Rational, Rounding, SampleIndex};

/// The px between the middle of a caret and its text.
const TEXT_AT: f64 = 8.0;
/// The px that a text keeps from the next caret.
const GAP: f64 = 10.0;

/// The timestamps of a camera within the figure; none without a log on its exposures.
pub(super) fn timestamps(frames: &CameraFrames, owner: String, axis: &TimeAxis<'_>) -> Option<Lane> {
    let matched = frames.logged.matched()?;
    let mut ticks: Vec<(f64, Vec<String>, Tone)> = stamped(matched, frames, axis);
    let content = if are_too_many(ticks.len(), axis) {
        Content::TooMany(format!("{} timestamps: too many to draw one by one", ticks.len()))
    } else {
        ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
        let ends: Vec<f64> = ticks.iter().skip(1).map(|tick| tick.0 - GAP).chain([axis.right]).collect();
        let fitted = ticks.into_iter().zip(ends).map(|((at, texts, tone), end)| {
            let fits = |text: &String| at + TEXT_AT + text_width(text, SMALL) <= end;
            Tick { at, text: texts.into_iter().find(fits).unwrap_or_default(), tone }
        });
        Content::Ticks(fitted.collect())
    };
    Some(Lane { name: "timestamp".to_owned(), detail: owner, content, trace: Vec::new() })
}

/// Where timestamps lie, where one is missing, and what may be said of each, the longest text first.
fn stamped(matched: &Matched, frames: &CameraFrames, axis: &TimeAxis<'_>) -> Vec<(f64, Vec<String>, Tone)> {
    let number = |exposure: &Exposure| exposure.frame.map(|frame| frame.to_string()).unwrap_or_default();
    let logged = matched.frames.iter().filter_map(|frame| {
        let (at, number) = (px(&frame.instant, axis)?, number(&frames.exposures.get(frame.exposure)?));
        Some((at, vec![format!("frame {number}"), number], Tone::Frame))
    });
    let missing = matched.missing.iter().filter_map(|&place| {
        let exposure = frames.exposures.get(place)?;
        let end = exposure.pulse.to();
        let texts =
            vec![format!("✗ frame {} not logged", number(&exposure)), "✗ not logged".to_owned(), "✗".to_owned()];
        axis.holds(end).then(|| (axis.px(end), texts, Tone::Amiss))
    });
    let without = matched.without_exposure.iter().filter_map(|&stamp| {
        let at = px(&matched.clock.instant(matched.stamps.get(stamp)?.time)?, axis)?;
        Some((at, vec!["✗ no exposure".to_owned(), "✗".to_owned()], Tone::Amiss))
    });
    logged.chain(missing).chain(without).collect()
}

/// Where an instant, in sample periods, lies in the figure; none outside of it.
fn px(instant: &Rational, axis: &TimeAxis<'_>) -> Option<f64> {
    let sample = SampleIndex::new(u64::try_from(instant.to_integer(Rounding::Down)?).ok()?);
    let at = axis.px(sample) + axis.px_of((instant - &Rational::from(sample.get())).to_f64());
    (axis.left <= at && at <= axis.right).then_some(at)
}

/// Draws carets with their tips at the top, `y` in the middle.
pub(super) fn draw(drawing: &mut Drawing, y: f64, ticks: &[Tick]) {
    for tick in ticks {
        let ink = match tick.tone {
            Tone::Frame => Ink::Text,
            Tone::Amiss => Ink::Outside,
        };
        // Where a frame is not logged there is no caret: only what is said of it.
        let is_logged = tick.tone == Tone::Frame;
        if is_logged {
            let caret = vec![(tick.at, y - 7.0), (tick.at - 4.5, y + 3.0), (tick.at + 4.5, y + 3.0)];
            drawing.add(Mark::Shape(caret, ink));
        }
        let at = (tick.at + if is_logged { TEXT_AT } else { 0.0 }, y);
        if !tick.text.is_empty() {
            let (anchor, size) = (Anchor::Start, SMALL);
            drawing.add(Mark::Text(Label { at, anchor, text: tick.text.clone(), size, ink }));
        }
    }
}
