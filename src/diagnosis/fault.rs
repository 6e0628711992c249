//! A fault in words, and a finding in the making.

use super::{Finding, Severity};
use crate::units::SampleIndex;

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
    /// What causes it, most likely first.
    pub causes: &'static [&'static str],
    /// What to do, most useful first.
    pub remedies: &'static [&'static str],
    /// What looks like it, and the test that tells them apart.
    pub look_alikes: &'static [LookAlike],
}

/// A fault that looks like another one.
#[derive(Debug)]
pub struct LookAlike {
    /// Its id.
    pub fault: &'static str,
    /// The test that tells them apart.
    pub test: &'static str,
}

/// A finding, and the cameras whose checks it explains, by their places in the rig.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) finding: Finding,
    pub(super) cameras: Vec<usize>,
}

impl Fault {
    /// A finding of this fault.
    pub(super) fn seen(&'static self, summary: String, evidence: String) -> Candidate {
        let mut causes: Vec<String> = self.causes.iter().map(|&cause| cause.to_owned()).collect();
        let mut remedies: Vec<String> = self.remedies.iter().map(|&remedy| remedy.to_owned()).collect();
        for other in self.look_alikes {
            causes.push(format!("or, as it looks alike: {}", other.fault));
            remedies.push(format!("to tell it from {}: {}", other.fault, other.test));
        }
        Candidate {
            finding: Finding {
                fault: self.id,
                severity: self.severity,
                camera: None,
                line: None,
                summary,
                evidence,
                at: Vec::new(),
                causes,
                remedies,
                explains: Vec::new(),
            },
            cameras: Vec::new(),
        }
    }
}

impl Candidate {
    /// The same, of this camera, whose checks of these ids it explains.
    pub(super) fn of_camera(mut self, camera: usize, name: &str, explains: Vec<&'static str>) -> Candidate {
        self.finding.camera = Some(name.to_owned());
        self.finding.explains = explains;
        self.cameras = vec![camera];
        self
    }

    /// The same, of a line, which these cameras use.
    pub(super) fn on_line(mut self, owner: &str, line: String, cameras: Vec<usize>) -> Candidate {
        self.finding.camera = Some(owner.to_owned());
        self.finding.line = Some(line);
        self.cameras = cameras;
        self
    }

    /// The same, explaining these checks.
    pub(super) fn explaining(mut self, explains: Vec<&'static str>, cameras: Vec<usize>) -> Candidate {
        self.finding.explains = explains;
        self.cameras = cameras;
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

    /// The same, with a cause and its remedy before the others.
    pub(super) fn most_likely(mut self, cause: impl Into<String>, remedy: impl Into<String>) -> Candidate {
        self.finding.causes.insert(0, cause.into());
        self.finding.remedies.insert(0, remedy.into());
        self
    }

    /// The same, of another severity.
    pub(super) fn with_severity(mut self, severity: Severity) -> Candidate {
        self.finding.severity = severity;
        self
    }

    /// The checks that it explains, by camera.
    pub(super) fn explained_keys(&self) -> Vec<(usize, &'static str)> {
        let of = |camera: usize| self.finding.explains.iter().map(move |&id| (camera, id));
        self.cameras.iter().flat_map(|&camera| of(camera)).collect()
    }
}
