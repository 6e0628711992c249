//! A fault in words, and a finding in the making.

use super::claims::{Claim, Which};
use super::view::JudgedCamera;
use super::{Explanation, Finding, Severity, Support};
use crate::units::SampleIndex;
use crate::verdict::Check;

/// A fault that can be found: its words, which findings and `explain` share.
#[derive(Debug)]
pub struct Fault {
    /// Its id, such as `line-dead`.
    pub id: &'static str,
    /// Its number in the field guide, such as `F01`.
    pub number: &'static str,
    /// How much it matters where it explains a failed check.
    pub severity: Severity,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// What it looks like on the lines, drawn in text of at most 72 columns.
    pub drawing: &'static str,
    /// What may cause it, most likely first. A finding leaves out those that its own values contradict.
    pub causes: &'static [&'static Cause],
    /// What looks like it, and the test that tells them apart.
    pub look_alikes: &'static [LookAlike],
}

/// A failure without look-alikes: what most faults are, and the rest of them is told fault by fault.
pub(super) const FAILURE: Fault =
    Fault { id: "", number: "", severity: Severity::Fail, about: "", drawing: "", causes: &[], look_alikes: &[] };

/// What may cause a fault, and what to do about it.
#[derive(Debug)]
pub struct Cause {
    /// Why.
    pub why: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// A fault that looks like another one.
#[derive(Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[schemars(deny_unknown_fields, rename = "look_alike")]
pub struct LookAlike {
    /// Its id.
    pub fault: &'static str,
    /// The test that tells them apart.
    pub test: &'static str,
}

/// A finding in the making, and what it accounts for. One that claims nothing stands beside the others.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) finding: Finding,
    pub(super) claims: Vec<Claim>,
    pub(super) stays: bool,
}

impl Fault {
    /// A finding of this fault, each of whose causes is possible.
    pub(super) fn seen(&'static self, summary: String, evidence: String) -> Candidate {
        let possible = |cause: &&'static Cause| Explanation {
            cause: cause.why.to_owned(),
            remedy: cause.remedy.to_owned(),
            support: Support::Possible,
        };
        Candidate {
            finding: Finding {
                fault: self.id,
                severity: self.severity,
                camera: None,
                line: None,
                summary,
                evidence,
                at: Vec::new(),
                explanations: self.causes.iter().map(possible).collect(),
                look_alikes: self.look_alikes.iter().collect(),
                explains: Vec::new(),
            },
            claims: Vec::new(),
            stays: false,
        }
    }
}

impl Candidate {
    /// The same, of this camera, and accounting for these.
    pub(super) fn of_camera(mut self, name: &str, claims: Vec<Claim>) -> Candidate {
        self.finding.camera = Some(name.to_owned());
        self.explaining(claims)
    }

    /// The same, of this camera, and accounting for what does not pass of these.
    pub(super) fn of(self, camera: JudgedCamera<'_>, which: &[Which]) -> Candidate {
        self.of_camera(camera.name(), camera.not_passed(which))
    }

    /// The same, of a line.
    pub(super) fn on_line(mut self, owner: &str, line: String) -> Candidate {
        self.finding.camera = Some(owner.to_owned());
        self.finding.line = Some(line);
        self
    }

    /// The same, accounting for these.
    pub(super) fn explaining(mut self, claims: Vec<Claim>) -> Candidate {
        self.claims = claims;
        self
    }

    /// The same, not accounting for these.
    pub(super) fn leaving(mut self, checks: &[Check], which: Which) -> Candidate {
        self.claims.retain(|claim| !which.holds(checks[claim.check].quantity));
        self
    }

    /// The same, which stays although another finding explains as much: they cannot be told apart.
    pub(super) fn beside_others(mut self) -> Candidate {
        self.stays = true;
        self
    }

    /// The same, with the places that show it best: at most eight, in order.
    pub(super) fn at(mut self, mut places: Vec<u64>) -> Candidate {
        const SHOWN: usize = 8;
        places.sort_unstable();
        places.dedup();
        places.truncate(SHOWN);
        self.finding.at = places.into_iter().map(SampleIndex::new).collect();
        self
    }

    /// The same, without a cause that its values contradict.
    pub(super) fn ruled_out_if(mut self, contradicted: bool, cause: &Cause) -> Candidate {
        if contradicted {
            self.finding.explanations.retain(|shown| shown.cause != cause.why);
        }
        self
    }

    /// The same, with a cause that its values speak for before those that are only possible.
    pub(super) fn supported_if(mut self, supported: bool, cause: &Cause) -> Candidate {
        if supported {
            let shown = self.finding.explanations.iter_mut().filter(|shown| shown.cause == cause.why);
            shown.for_each(|shown| shown.support = Support::Supported);
            self.finding.explanations.sort_by_key(|shown| shown.support);
        }
        self
    }

    /// The same, with a cause that its values speak for, or else without it.
    pub(super) fn settled(self, holds: bool, cause: &Cause) -> Candidate {
        self.supported_if(holds, cause).ruled_out_if(!holds, cause)
    }

    /// The same, with a remedy that names what this capture shows.
    pub(super) fn remedied(mut self, cause: &Cause, remedy: impl Into<String>) -> Candidate {
        if let Some(shown) = self.finding.explanations.iter_mut().find(|shown| shown.cause == cause.why) {
            shown.remedy = remedy.into();
        }
        self
    }

    /// The same, with a cause of its own that its values speak for, and its remedy, before the others.
    pub(super) fn because(mut self, cause: impl Into<String>, remedy: impl Into<String>) -> Candidate {
        let own = Explanation { cause: cause.into(), remedy: remedy.into(), support: Support::Supported };
        self.finding.explanations.insert(0, own);
        self
    }

    /// The same, with a cause of its own that is only possible, after the others.
    pub(super) fn or_because(mut self, cause: impl Into<String>, remedy: impl Into<String>) -> Candidate {
        let own = Explanation { cause: cause.into(), remedy: remedy.into(), support: Support::Possible };
        self.finding.explanations.push(own);
        self
    }

    /// The same, without a look-alike that its values tell it from.
    pub(super) fn unlike_if(mut self, told: bool, other: &str) -> Candidate {
        if told {
            self.finding.look_alikes.retain(|alike| alike.fault != other);
        }
        self
    }

    /// The same, of another severity.
    pub(super) fn with_severity(mut self, severity: Severity) -> Candidate {
        self.finding.severity = severity;
        self
    }
}
