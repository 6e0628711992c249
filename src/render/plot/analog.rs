//! The trace of an analog channel behind the line that it is read as.

use super::axis::TimeAxis;
use super::drawing::Area;
use crate::frame::ObservedLine;
use crate::units::SampleIndex;

/// The band between the least and the greatest value of the channel in each px of the figure, with y from `top` for the
/// greatest value in the window to `bottom` for the least; none for a logic probe.
pub(super) fn trace(line: &ObservedLine, axis: &TimeAxis<'_>, (top, bottom): (f64, f64)) -> Vec<Area> {
    let Some(analog) = &line.analog else { return Vec::new() };
    let outline = &analog.outline;
    let width = (axis.right - axis.left).floor() as u64;
    let (from, samples) = (axis.window.from.get(), (axis.window.to - axis.window.from).get() as u64);
    let column = |sample: u64| (sample + outline.before) / outline.per_column.max(1);
    let range = |first: u64, last: u64| {
        let columns =
            outline.columns.get(first as usize..=(last as usize).min(outline.columns.len().saturating_sub(1)));
        (columns.unwrap_or(&[]).iter().flatten().copied()).reduce(|(low, high), (l, h)| (low.min(l), high.max(h)))
    };
    let Some((least, greatest)) = range(column(from), column(from + samples.saturating_sub(1))) else {
        return Vec::new();
    };
    let span = f64::from(greatest - least).max(f64::MIN_POSITIVE);
    let y = |value: f32| bottom - f64::from(value - least) / span * (bottom - top);
    (0..width)
        .filter_map(|px| {
            let sample = |px: u64| from + (u128::from(samples) * u128::from(px) / u128::from(width)) as u64;
            let (first, last) = (sample(px), sample(px + 1).saturating_sub(1));
            let (low, high) = range(column(first), column(last.max(first)))?;
            let left = axis.px(SampleIndex::new(from)) + px as f64;
            Some(Area { left, top: y(high) - 0.5, right: left + 1.0, bottom: y(low) + 0.5 })
        })
        .collect()
}
