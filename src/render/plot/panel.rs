//! The panels of a track as data: its values, its limits and what breaks them, as a chart draws them.

use super::axis::TimeAxis;
use super::decimate::{Column, columns};
use super::drawing::{Area, Position};
use super::scale::{Scale, prefix_of};
use super::values::{Beyond, Bounds, Group, Printed, Range, grid, groups};
use crate::frame::Observation;
use crate::verdict::{Check, Plotted, Standing};

/// Height of the title and the legend above the panels.
const HEAD: f64 = 40.0;
/// Height of the line above a panel that names its entry of the sequence.
const PANEL_TITLE: f64 = 18.0;
/// Height of a panel: alone, and among others.
const ALONE: f64 = 190.0;
const AMONG_OTHERS: f64 = 96.0;
/// Up to this many values are drawn one by one, with a dot each.
const FEW: usize = 200;
/// Up to this many values are still drawn one by one, as a line: about two per px.
const SOME: usize = 1200;
/// Marks nearer to one another than this are one.
const MARK: f64 = 4.0;

/// A sample and a value.
pub(super) type Point = (f64, f64);

/// What one panel shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Panel {
    /// What stands above it: its entry of the sequence, and what lies beyond it.
    pub(super) title: String,
    pub(super) area: Area,
    pub(super) scale: Scale,
    /// The least and the greatest of what is allowed.
    pub(super) allowed: Vec<(f64, f64)>,
    pub(super) limits: Vec<LimitLine>,
    pub(super) values: Values,
    pub(super) marks: Vec<(Point, Standing)>,
    /// Where values lie beyond the panel.
    pub(super) beyond: Vec<BeyondSign>,
}

/// A sign on the border of a panel: values beyond it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BeyondSign {
    pub(super) x: f64,
    pub(super) is_above: bool,
    /// How the first of them stands.
    pub(super) standing: Standing,
}

/// A limit or a nominal.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LimitLine {
    pub(super) value: f64,
    /// Where its name stands, beside the panel, in px; none where there is no room for it.
    pub(super) label_at: Option<f64>,
    pub(super) text: String,
    pub(super) is_nominal: bool,
}

/// How values are drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Values {
    /// One by one, with a dot each: runs without a lost stretch inside.
    Few(Vec<Vec<Point>>),
    /// One by one, as a line.
    Some(Vec<Vec<Point>>),
    /// As bands of px columns from the least to the greatest value: their lower and upper edges.
    Many(Vec<Vec<(f64, f64, f64)>>),
}

/// The panels of a check, from top to bottom.
pub(super) fn panels(check: &Check, observation: &Observation, axis: &TimeAxis<'_>) -> Vec<Panel> {
    let groups: Vec<Group<'_>> = groups(check).into_iter().filter(|group| !group.points.is_empty()).collect();
    let least_width = grid(check, observation).unwrap_or(0.0) * 4.0;
    let height = if groups.len() > 1 { AMONG_OTHERS } else { ALONE };
    let mut top = HEAD;
    let mut panels = Vec::with_capacity(groups.len());
    for group in &groups {
        let Some(range) = group.range(least_width) else { continue };
        if group.title.is_some() || range.above.count + range.below.count > 0 {
            top += PANEL_TITLE;
        }
        let area = Area { left: axis.left, top, right: axis.right, bottom: top + height };
        panels.push(panel(check, observation, group, area, range, axis));
        top += height;
    }
    panels
}

fn panel(
    check: &Check,
    observation: &Observation,
    group: &Group<'_>,
    area: Area,
    range: Range,
    axis: &TimeAxis<'_>,
) -> Panel {
    let scale = Scale::new((range.from, range.to), (area.bottom, area.top));
    let inside = |value: f64| value.clamp(scale.from, scale.to);
    let allowed = (group.bounds().into_iter())
        .map(|Bounds { min, max, .. }| (min.map_or(scale.from, inside), max.map_or(scale.to, inside)))
        .collect();
    let printed = Printed::new(check, observation, prefix_of(&scale, check.quantity.unit));
    let placed: Vec<(Position, Plotted)> =
        group.points.iter().map(|point| ((axis.px(point.at), scale.px(inside(point.value))), *point)).collect();
    Panel {
        title: title(group, &range, &printed),
        area,
        scale,
        allowed,
        limits: limit_lines(group, &scale, area, &printed),
        values: values(&placed, observation, (&axis.samples(), &scale)),
        marks: marks(&placed, &scale),
        beyond: beyond(&placed, &scale),
    }
}

/// The limits of a group, their names pushed apart so that none covers another.
fn limit_lines(group: &Group<'_>, scale: &Scale, area: Area, printed: &Printed) -> Vec<LimitLine> {
    const MOST: usize = 24;
    let mut lines: Vec<LimitLine> = Vec::new();
    for limit in &group.limits {
        for (name, value, is_nominal) in
            [("max", limit.max(), false), ("nominal", limit.nominal(), true), ("min", limit.min(), false)]
        {
            let Some(value) = value else { continue };
            let line = LimitLine {
                value: value.to_f64(),
                label_at: None,
                text: format!("{name} {}", printed.text(value)),
                is_nominal,
            };
            if lines.len() < MOST && !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines.sort_by(|a, b| b.value.total_cmp(&a.value));
    spread_labels(&mut lines, area, scale);
    lines
}

/// Gives each name a row of its own, as near to its line as possible. Where they are too many, nominals go first.
fn spread_labels(lines: &mut [LimitLine], area: Area, scale: &Scale) {
    const ROW: f64 = 14.0;
    let rows = ((area.height() / ROW).floor() as usize).max(1);
    let mut wanted: Vec<usize> = (0..lines.len()).collect();
    if wanted.len() > rows {
        wanted.retain(|&line| !lines[line].is_nominal);
        wanted.truncate(rows);
    }
    let mut next = area.top + ROW / 2.0 - 4.0;
    for &line in &wanted {
        next = next.max(scale.px(lines[line].value));
        lines[line].label_at = Some(next);
        next += ROW;
    }
    let mut most = area.bottom;
    for &line in wanted.iter().rev() {
        if let Some(at) = &mut lines[line].label_at {
            *at = at.min(most);
            most = *at - ROW;
        }
    }
}

/// The judged values; those that are not judged have a mark each, and may be cut off.
fn values(placed: &[(Position, Plotted)], observation: &Observation, (across, up): (&Scale, &Scale)) -> Values {
    let placed: Vec<(Position, Plotted)> =
        placed.iter().copied().filter(|(_, point)| point.standing != Standing::NotJudged).collect();
    let is_unbroken = |a: &(Position, Plotted), b: &(Position, Plotted)| observation.lost.spares(a.1.at, b.1.at);
    let runs = placed.chunk_by(is_unbroken);
    let one_by_one = |run: &[(Position, Plotted)]| run.iter().map(|(_, plotted)| point(plotted)).collect();
    let width = (across.end - across.start).round() as usize;
    if placed.len() <= FEW {
        Values::Few(runs.map(one_by_one).collect())
    } else if placed.len() <= SOME {
        Values::Some(runs.map(one_by_one).collect())
    } else {
        let value = |plotted: &Plotted| plotted.value.clamp(up.from, up.to);
        let placed = |run: &[(Position, Plotted)]| {
            run.iter().map(|((x, _), plotted)| (x - across.start, value(plotted))).collect::<Vec<_>>()
        };
        Values::Many(runs.map(|run| band(&columns(placed(run).into_iter(), width), (across, up))).collect())
    }
}

fn point(plotted: &Plotted) -> Point {
    (plotted.at.get() as f64, plotted.value)
}

/// The lower and upper edge of a run of columns, each joined to the one before it.
fn band(columns: &[Column], (across, up): (&Scale, &Scale)) -> Vec<(f64, f64, f64)> {
    /// Half of the thinnest band, in px.
    const THINNEST: f64 = 0.6;
    let thinnest = THINNEST / (up.start - up.end) * (up.to - up.from);
    let mut before: Option<f64> = None;
    let mut band: Vec<(f64, f64, f64)> = (columns.iter())
        .map(|column| {
            let joined = before.unwrap_or(column.first);
            before = Some(column.last);
            let (least, greatest) = (column.min.min(joined), column.max.max(joined));
            let middle = f64::midpoint(least, greatest);
            let x = across.value(across.start + column.at as f64 + 0.5);
            (x, least.min(middle - thinnest), greatest.max(middle + thinnest))
        })
        .collect();
    if let [(x, least, greatest)] = band[..] {
        // A single column would have no width.
        band.push((across.value(across.px(x) + 1.0), least, greatest));
    }
    band
}

/// The marks of values that are not like the others: in each stretch of a few px the highest and the lowest of a kind.
fn marks(placed: &[(Position, Plotted)], scale: &Scale) -> Vec<(Point, Standing)> {
    const STRETCH: f64 = 6.0;
    let stretch_of = |at: &Position| (at.0 / STRETCH).floor() as i64;
    let mut marks = Vec::new();
    for standing in [Standing::NotJudged, Standing::Straddling, Standing::Outside] {
        let of_kind: Vec<&(Position, Plotted)> =
            (placed.iter()).filter(|(_, point)| point.standing == standing && scale.holds(point.value)).collect();
        for stretch in of_kind.chunk_by(|a, b| stretch_of(&a.0) == stretch_of(&b.0)) {
            let highest = stretch.iter().min_by(|a, b| a.0.1.total_cmp(&b.0.1));
            let lowest = stretch.iter().max_by(|a, b| a.0.1.total_cmp(&b.0.1));
            let (Some(highest), Some(lowest)) = (highest, lowest) else { continue };
            marks.push((point(&highest.1), standing));
            if lowest.0.1 - highest.0.1 > MARK {
                marks.push((point(&lowest.1), standing));
            }
        }
    }
    marks
}

/// A sign on the upper or lower border for each stretch of a few px in which values lie beyond it.
fn beyond(placed: &[(Position, Plotted)], scale: &Scale) -> Vec<BeyondSign> {
    const STRETCH: f64 = 8.0;
    let mut signs: Vec<BeyondSign> = Vec::new();
    for is_above in [true, false] {
        let is_beyond = |value: f64| if is_above { value > scale.to } else { value < scale.from };
        let mut last = f64::NEG_INFINITY;
        for ((x, _), point) in placed.iter().filter(|(_, point)| is_beyond(point.value)) {
            if x - last >= STRETCH {
                signs.push(BeyondSign { x: *x, is_above, standing: point.standing });
                last = *x;
            }
        }
    }
    signs
}

/// The entry of the sequence, and how many values lie beyond the panel, with the farthest one.
fn title(group: &Group<'_>, range: &Range, printed: &Printed) -> String {
    let note = |beyond: &Beyond, sign: &str, way: &str| {
        (beyond.count > 0)
            .then(|| format!("{sign} {} beyond this scale, {way} {}", beyond.count, printed.float(beyond.farthest)))
    };
    let above = note(&range.above, "▲", "up to");
    let below = note(&range.below, "▼", "down to");
    [group.title.clone(), above, below].into_iter().flatten().collect::<Vec<_>>().join("   ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::render::fixture::{Bench, check};
    use crate::signal::Stretch;
    use crate::spec::Limit;
    use crate::units::{SampleIndex, SampleRate, Unit};

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    /// A check of exposure times in ms at these samples, against limits.
    fn check_of(limits: &[&str], values: &[(u64, f64, Standing)]) -> Check {
        let track = values.iter().enumerate().map(|(frame, &(at, value, standing))| Plotted {
            frame: Some(frame as i64),
            at: SampleIndex::new(at),
            value: value / 1000.0,
            standing,
            entry: frame % limits.len(),
        });
        Check {
            limits: limits.iter().map(|text| Limit::parse(text, Unit::Second).unwrap()).collect(),
            track: Arc::new(track.collect()),
            measured: values.len() as u64,
            ..check(&Bench::tiny().judge(), "exposure.time").clone()
        }
    }

    /// The panels over 1000 samples on 500 px from 100 px on.
    fn panels_of(check: &Check) -> Vec<Panel> {
        let observation = Bench::tiny().judge().observation;
        let rate = SampleRate::parse("1 MHz").unwrap();
        let window = Stretch { from: SampleIndex::new(0), to: SampleIndex::new(1000) };
        panels(check, &observation, &TimeAxis::new(&rate, window, 100.0, 600.0))
    }

    #[test]
    fn values_limits_and_marks_lie_where_a_ruler_puts_them() {
        let check = check_of(
            &["20 ms ± 1 ms"],
            &[(200, 20.0, Standing::Inside), (400, 21.0, Standing::Straddling), (1000, 23.0, Standing::Outside)],
        );
        let [panel] = panels_of(&check).try_into().unwrap();
        // 19 to 23 ms and 12 % of it on both sides, 18.52 to 23.48 ms, on 190 px from 230 px up to 40 px.
        let y = |ms: f64| 230.0 - (ms - 18.52) / 4.96 * 190.0;
        assert!(close(panel.scale.px(0.020), y(20.0)));
        let Values::Few(runs) = &panel.values else { panic!("{:?}", panel.values) };
        assert_eq!(*runs, [vec![(200.0, 0.020), (400.0, 0.021), (1000.0, 0.023)]]);
        assert_eq!(
            panel.marks.iter().map(|(_, standing)| *standing).collect::<Vec<_>>(),
            [Standing::Straddling, Standing::Outside]
        );
        assert_eq!(panel.marks[1].0, (1000.0, 0.023));
        assert_eq!(panel.allowed, [(0.019, 0.021)]);
        let limits: Vec<(&str, bool)> = panel.limits.iter().map(|l| (l.text.as_str(), l.is_nominal)).collect();
        assert_eq!(limits, [("max 21 ms", false), ("nominal 20 ms", true), ("min 19 ms", false)]);
        assert!(close(panel.limits[0].value, 0.021) && close(panel.limits[0].label_at.unwrap(), y(21.0)));
        assert_eq!(panel.title, "");
    }

    #[test]
    fn a_sequence_has_a_panel_per_entry() {
        let values: Vec<(u64, f64, Standing)> =
            (0..9).map(|i| (100 * i, [20.0, 10.0, 30.0][i as usize % 3], Standing::Inside)).collect();
        let panels = panels_of(&check_of(&["20 ms ± 1 ms", "10 ms ± 1 ms", "30 ms ± 1 ms"], &values));
        let titles: Vec<&str> = panels.iter().map(|panel| panel.title.as_str()).collect();
        assert_eq!(titles, ["entry 1 of 3: 20 ms ± 1 ms", "entry 2 of 3: 10 ms ± 1 ms", "entry 3 of 3: 30 ms ± 1 ms"]);
        // A head of 40 px; each panel 96 px with 18 px above it.
        let tops: Vec<f64> = panels.iter().map(|panel| panel.area.top).collect();
        assert_eq!(tops, [58.0, 172.0, 286.0]);
        assert!(panels.iter().all(|panel| panel.limits.len() == 3));
    }

    #[test]
    fn a_sequence_too_long_for_panels_shares_one() {
        let limits = ["1 ms ± 1 us", "2 ms ± 1 us", "3 ms ± 1 us", "4 ms ± 1 us", "5 ms ± 1 us"];
        let values: Vec<(u64, f64, Standing)> = (0..5).map(|i| (i, i as f64 + 1.0, Standing::Inside)).collect();
        let [panel] = panels_of(&check_of(&limits, &values)).try_into().unwrap();
        assert_eq!((panel.allowed.len(), panel.limits.len()), (5, 15));
        let labels: Vec<f64> = panel.limits.iter().filter_map(|line| line.label_at).collect();
        assert!(labels.windows(2).all(|pair| pair[1] - pair[0] >= 14.0 - 1e-9), "{labels:?}");
    }

    #[test]
    fn values_far_out_are_marked_on_the_border_and_told() {
        let mut values: Vec<(u64, f64, Standing)> = (0..99).map(|i| (i * 10, 20.0, Standing::Inside)).collect();
        values[50] = (500, 60.0, Standing::Outside);
        let [panel] = panels_of(&check_of(&["20 ms ± 1 ms"], &values)).try_into().unwrap();
        assert_eq!(panel.title, "▲ 1 beyond this scale, up to 60 ms");
        assert_eq!(panel.beyond, [BeyondSign { x: 350.0, is_above: true, standing: Standing::Outside }]);
        assert!(panel.marks.is_empty());
        assert!(panel.scale.to < 0.022);
    }

    #[test]
    fn lines_are_broken_where_samples_are_lost_and_leave_out_what_is_not_judged() {
        let values = [
            (100, 20.0, Standing::Inside),
            (200, 5.0, Standing::NotJudged),
            (300, 20.0, Standing::Inside),
            (500, 20.0, Standing::Inside),
        ];
        let check = check_of(&["20 ms ± 1 ms"], &values);
        let observation = Bench { lost: vec![(400, 400)], ..Bench::tiny() }.judge().observation;
        let rate = SampleRate::parse("1 MHz").unwrap();
        let window = Stretch { from: SampleIndex::new(0), to: SampleIndex::new(1000) };
        let [panel] = panels(&check, &observation, &TimeAxis::new(&rate, window, 100.0, 600.0)).try_into().unwrap();
        let Values::Few(runs) = &panel.values else { panic!("{:?}", panel.values) };
        let places: Vec<Vec<f64>> = runs.iter().map(|run| run.iter().map(|(x, _)| *x).collect()).collect();
        assert_eq!(places, [vec![100.0, 300.0], vec![500.0]]);
        assert_eq!(panel.beyond, [BeyondSign { x: 200.0, is_above: false, standing: Standing::NotJudged }]);
    }

    #[test]
    fn many_values_become_a_band_and_no_mark_is_lost() {
        let mut values: Vec<(u64, f64, Standing)> =
            (0..50_000).map(|i| (i / 50, if i % 2 == 0 { 19.5 } else { 20.5 }, Standing::Inside)).collect();
        values[25_010] = (500, 21.5, Standing::Outside);
        let [panel] = panels_of(&check_of(&["20 ms ± 1 ms"], &values)).try_into().unwrap();
        let Values::Many(runs) = &panel.values else { panic!("{:?}", panel.values) };
        assert_eq!(runs.iter().map(Vec::len).collect::<Vec<_>>(), [500]);
        for &(sample, least, greatest) in &runs[0] {
            // The middle of each second sample: 500 px show 1000 of them.
            let expected = if close(sample, 501.0) { 0.0215 } else { 0.0205 };
            assert!(close(greatest, expected) && close(least, 0.0195), "{sample}: {least} {greatest}");
        }
        assert_eq!(panel.marks, [((500.0, 0.0215), Standing::Outside)]);
    }
}
