//! Lines that ring after the edges of another.

use super::view::{CaptureView, LineView};
use crate::line::behind;

/// The line after whose edges, of either kind, a line rings as a rule.
pub(super) fn ringing_source<'s, 'a>(view: &'s CaptureView<'a>, line: &LineView<'_>) -> Option<&'s LineView<'a>> {
    /// Ringing dies within tens of microseconds (field guide, F22, after LED current edges).
    const RINGS_FOR_S: f64 = 60e-6;
    let reach = view.samples(RINGS_FOR_S).max(8.0) as u64;
    let after = |source: &LineView<'_>| {
        let edges: Vec<u64> = source.signal.iter().flat_map(|span| [span.from, span.to]).collect();
        let mut rung = vec![false; edges.len()];
        let mut met = 0;
        for (place, _) in behind(line.disturbances.iter().map(|span| span.from), &edges, reach) {
            met += 1;
            rung[place] = true;
        }
        let share = |kind: usize| {
            let of_kind = rung.iter().skip(kind).step_by(2);
            of_kind.clone().filter(|rung| **rung).count() * 10 >= of_kind.count() * 5
        };
        edges.len() >= 4 && met * 10 >= line.disturbances.len() * 9 && share(0) && share(1)
    };
    view.lines.iter().filter(|other| other.index != line.index && !other.signal.is_empty()).find(|other| after(other))
}
