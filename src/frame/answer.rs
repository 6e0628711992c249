//! Which trigger an edge answers, as far as the windows of both tell.

use crate::line::middle;
use crate::signal::{EdgeTime, Lost};
use crate::units::{Rational, Rounding};

/// For each response, the place of the trigger that it belongs to: the last one whose window begins before the response's
/// window ends. Of several triggers whose windows overlap the response's, it is the one whose latency is nearest to the
/// median of the others. `None` before the first trigger, or where samples between are lost.
///
/// `slack` is the further uncertainty of a trigger and a response together, in sample periods.
pub(crate) fn answers(
    triggers: &[EdgeTime],
    responses: &[EdgeTime],
    slack: &Rational,
    lost: &Lost,
) -> Vec<Option<usize>> {
    let windows = Windows::apart_by(slack);
    let latency = |trigger: usize, response: EdgeTime| response.until() - triggers[trigger].until();
    let mut clear: Vec<i128> = Vec::new();
    let mut found: Vec<Option<Candidates>> = Vec::with_capacity(responses.len());
    for &response in responses {
        let end = triggers.partition_point(|trigger| windows.begins_before_end(*trigger, response));
        let candidates = end.checked_sub(1).map(|last| {
            let overlapping = triggers[..last].iter().rev().take_while(|trigger| windows.overlap(**trigger, response));
            Candidates { first: last - overlapping.count(), last }
        });
        if let Some(only) = candidates.filter(|candidates| candidates.first == candidates.last) {
            clear.push(latency(only.last, response));
        }
        found.push(candidates);
    }
    let usual = middle(clear);
    let nearest = |candidates: Candidates, response: EdgeTime| match usual {
        Some(usual) => (candidates.first..=candidates.last)
            .rev()
            .min_by_key(|&trigger| (latency(trigger, response) - usual).abs())
            .unwrap_or(candidates.last),
        None => candidates.last,
    };
    (found.into_iter().zip(responses))
        .map(|(candidates, &response)| {
            let trigger = nearest(candidates?, response);
            let (from, to) = (triggers[trigger].at().min(response.at()), triggers[trigger].at().max(response.at()));
            lost.spares(from, to).then_some(trigger)
        })
        .collect()
}

/// The triggers that a response may belong to, by their places.
#[derive(Debug, Clone, Copy)]
struct Candidates {
    first: usize,
    last: usize,
}

/// Compares windows of edges that are widened by their lines' slacks.
#[derive(Debug, Clone, Copy)]
struct Windows {
    /// The sum of both slacks in whole sample periods, rounded up: a whole number is below the sum if it is below this.
    reach: i128,
}

impl Windows {
    fn apart_by(slack: &Rational) -> Windows {
        Windows { reach: slack.to_integer(Rounding::Up).unwrap_or(i128::MAX / 2) }
    }

    fn begins_before_end(self, trigger: EdgeTime, response: EdgeTime) -> bool {
        trigger.after() - response.until() < self.reach.max(0)
    }

    fn overlap(self, trigger: EdgeTime, response: EdgeTime) -> bool {
        self.begins_before_end(trigger, response) && response.after() - trigger.until() < self.reach.max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SampleIndex;

    fn sharp(at: &[u64]) -> Vec<EdgeTime> {
        at.iter().map(|&at| EdgeTime::sharp(SampleIndex::new(at))).collect()
    }

    fn bridged(earliest: u64, at: u64) -> EdgeTime {
        EdgeTime::bridged(SampleIndex::new(earliest), SampleIndex::new(at)).unwrap()
    }

    fn of(triggers: &[EdgeTime], responses: &[EdgeTime], slack: i128) -> Vec<Option<usize>> {
        answers(triggers, responses, &Rational::integer(slack), &Lost::nothing())
    }

    #[test]
    fn a_response_belongs_to_the_last_trigger_at_or_before_it() {
        let found = of(&sharp(&[100, 200]), &sharp(&[99, 100, 199, 200, 350]), 0);
        assert_eq!(found, [None, Some(0), Some(0), Some(1), Some(1)]);
    }

    #[test]
    fn a_trigger_that_was_seen_late_reaches_back_over_its_response() {
        // It bounced for 10 samples: its edge lies in (199, 210].
        let triggers = [bridged(100, 100), bridged(200, 210)];
        assert_eq!(of(&triggers, &sharp(&[106, 206]), 0), [Some(0), Some(1)]);
        // The trigger's window begins at 199, so a response at 199 happened before it.
        assert_eq!(of(&triggers, &sharp(&[199]), 0), [Some(0)]);
        assert_eq!(of(&triggers, &sharp(&[200]), 0), [Some(1)]);
    }

    #[test]
    fn slack_widens_windows_on_both_sides() {
        let triggers = sharp(&[100, 200]);
        // 199 − 8 < 192: the window of the trigger, widened by 8 samples, begins before the response's ends.
        assert_eq!(of(&triggers, &sharp(&[192]), 8), [Some(1)]);
        assert_eq!(of(&triggers, &sharp(&[191]), 8), [Some(0)]);
    }

    #[test]
    fn of_two_triggers_in_one_window_the_usual_latency_decides() {
        // Windows of ± 30 samples: both triggers lie in that of 1020; the others answer after 15 samples.
        let triggers = sharp(&[100, 200, 1000, 1010]);
        assert_eq!(of(&triggers, &sharp(&[115, 215, 1014]), 30)[2], Some(2));
        assert_eq!(of(&triggers, &sharp(&[115, 215, 1024]), 30)[2], Some(3));
    }
}
