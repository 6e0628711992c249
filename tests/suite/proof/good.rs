//! Good rigs stay good.

use strobecheck::verdict::Verdict::Pass;

use super::runs::try_rigs;
use super::{Holds, broken, judged, open_only_for};
use crate::generator::{Random, Rig};

/// What a good rig may leave open: whose alignment is not stated, and cannot be told.
const ALIGNMENT: &str = "state timing.alignment";

fn passes(seed: u64) -> Holds {
    let rig = Rig::draw(seed);
    let limits = rig.some_limits(&mut Random::new(!seed));
    let judgement = judged(&rig, &limits);
    let undecided = !rig.statement.says("alignment") && open_only_for(&judgement, ALIGNMENT);
    if judgement.verdict == Pass || undecided { Ok(()) } else { broken(rig, limits, &judgement, "a good rig") }
}

#[test]
fn good_rigs_pass() {
    try_rigs("good_rigs_pass", 130, passes);
}
