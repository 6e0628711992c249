//! Limits close to what is true: what is outside never passes, what is inside never fails, and what is further away than the
//! record's uncertainty is decided.

use strobecheck::verdict::Verdict::{self, Fail, Pass};

use super::runs::try_rigs;
use super::{Holds, broken, judged};
use crate::generator::{Kind, Known, Limit, Random, Rig, Truth};

/// Where a bound lies.
struct Bound {
    known: &'static Known,
    upper: bool,
    at: i128,
}

/// A bound about the extreme of what is true, as far away as three times the uncertainty.
fn bound(rig: &Rig, known: &'static Known, random: &mut Random) -> Option<Bound> {
    let cameras = 0..rig.cameras.len();
    let truths: Vec<(usize, Truth)> =
        cameras.filter_map(|camera| Some((camera, rig.truth(&[camera], known)?))).collect();
    let (camera, truth) = *random.pick(&truths);
    let upper = known.has_no_least() || (known.id != "flash.coverage" && random.one(2));
    let guard = rig.guard(camera, known, &truth);
    let at = if upper { truth.all.1 } else { truth.all.0 } + guard * i128::from(random.within(-300, 300)) / 100;
    // Less than nothing, or more than all, is no bound of a share or a spread.
    let full = if known.id == "flash.coverage" { 99_999_999_999 } else { i128::MAX };
    // Below what is never negative nothing lies, and the spec refuses it.
    let bounded = (!known.has_no_least() || at > 0) && (!upper || at >= 0 || truth.all.1 < 0);
    (bounded && at < full).then_some(Bound { known, upper, at })
}

impl Bound {
    fn limit(&self) -> Limit {
        let sign = if self.upper { "<=" } else { ">=" };
        Limit::new(self.known.id, &format!("{sign} {}", self.known.text(self.at)))
    }

    /// What is wrong with a verdict on a camera of which this is true.
    fn wrong(&self, rig: &Rig, camera: usize, truth: &Truth, verdict: Verdict) -> Option<String> {
        let (sure, all) = match self.upper {
            true => (self.at - truth.sure.1, self.at - truth.all.1),
            false => (truth.sure.0 - self.at, truth.all.0 - self.at),
        };
        let guard = rig.guard(camera, self.known, truth);
        let (outside, inside) = (sure < 0, all >= 0);
        let (far_outside, far_inside) = (sure <= -guard, all >= guard);
        let wrong = (outside && verdict == Pass)
            || (inside && verdict == Fail)
            || (far_outside && verdict != Fail)
            || (far_inside && verdict != Pass);
        let id = self.known.id;
        wrong.then(|| format!("{id} is inside by {all} or {sure}, known to {guard}, and {verdict:?}"))
    }
}

fn is_judged_right(seed: u64) -> Holds {
    let random = &mut Random::new(!seed);
    let mut rig = Rig::draw(seed);
    if rig.kind == Kind::StartTransient {
        // Which frames are left out is another matter.
        return Ok(());
    }
    rig.state_alignment();
    rig.state_frame_time();
    // What is fitted to all frames depends on which there are; cameras that are apart pair by a nominal.
    let paired = rig.kind != Kind::OppositePhases;
    let exact = |known: &&Known| known.is_by_edges() && (paired || known.family() != "skew");
    let measurable: Vec<&Known> = rig.measurable().into_iter().filter(exact).collect();
    let some: Vec<&Known> = (0..4).map(|_| *random.pick(&measurable)).collect();
    let mut bounds: Vec<Bound> = some.into_iter().filter_map(|known| bound(&rig, known, random)).collect();
    bounds.sort_by_key(|bound| bound.known.id);
    bounds.dedup_by_key(|bound| bound.known.id);
    let limits: Vec<Limit> = bounds.iter().map(Bound::limit).collect();
    let judgement = judged(&rig, &limits);
    let mut wrong = Vec::new();
    for (camera, bound) in (0..rig.cameras.len()).flat_map(|camera| bounds.iter().map(move |bound| (camera, bound))) {
        let name = Rig::name_of(camera);
        let is_it = |check: &&strobecheck::verdict::Check| {
            check.quantity.id == bound.known.id && check.camera.as_deref() == Some(name)
        };
        let check = judgement.checks.iter().find(is_it);
        let truth = rig.truth(&[camera], bound.known);
        wrong.extend(check.zip(truth).and_then(|(check, truth)| bound.wrong(&rig, camera, &truth, check.verdict)));
    }
    if wrong.is_empty() { Ok(()) } else { broken(rig, limits, &judgement, &wrong.join("; ")) }
}

#[test]
fn verdicts_keep_to_the_truth() {
    try_rigs("verdicts_keep_to_the_truth", 200, is_judged_right);
}
