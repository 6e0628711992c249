//! From a report to the one verdict over everything, and from there to the exit code of `verify`.

use strum::EnumString;

use super::{CaptureReport, Expected, Judgement, Outcome, Overall, Report};
use crate::capture::Integrity;
use crate::verdict::Verdict;

/// What an inconclusive counts as towards the exit code and in JUnit (`--inconclusive`). The verdict itself, and every
/// report that prints it, stays inconclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum InconclusivePolicy {
    /// As what it is: exit code 3, a JUnit error.
    #[default]
    AsIs,
    /// As a fail: exit code 1, a JUnit failure.
    Fail,
    /// As a pass: exit code 0, a passed JUnit case with a note.
    Pass,
    /// As not run: exit code 0, a skipped JUnit case.
    Skip,
}

/// The exit code of `verify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitCode {
    /// 0: all that was judged is proven within its limits.
    Pass = 0,
    /// 1: something is proven outside.
    Fail = 1,
    /// 2: something could not run: usage, spec, an unreadable capture, a report that could not be written.
    CouldNotRun = 2,
    /// 3: something could not be proven either way.
    Inconclusive = 3,
}

impl ExitCode {
    /// All of them, by number.
    pub const ALL: [ExitCode; 4] = [ExitCode::Pass, ExitCode::Fail, ExitCode::CouldNotRun, ExitCode::Inconclusive];

    /// The exit code of a run: the strongest of its captures, could not run before fail before inconclusive before pass. Of
    /// no capture at all it is an error: nothing that was judged is never a pass.
    ///
    /// Of a capture that is held against what is expected of it, that counts: as expected is a pass, whatever the verdict.
    #[must_use]
    pub fn of(report: &Report, policy: InconclusivePolicy) -> ExitCode {
        let codes = report.captures.iter().map(|capture| match &capture.expected {
            Some(Expected::Compared(differences)) if differences.is_empty() => ExitCode::Pass,
            Some(Expected::Compared(_)) => ExitCode::Fail,
            Some(Expected::Unknown(_)) => ExitCode::CouldNotRun,
            None => capture.exit_code(policy),
        });
        codes.max_by_key(|code| code.strength()).unwrap_or(ExitCode::CouldNotRun)
    }

    /// Of two codes the one that a run takes.
    #[must_use]
    pub fn stronger(self, other: ExitCode) -> ExitCode {
        if other.strength() > self.strength() { other } else { self }
    }

    /// Which of two codes a run takes.
    fn strength(self) -> u8 {
        match self {
            ExitCode::Pass => 0,
            ExitCode::Inconclusive => 1,
            ExitCode::Fail => 2,
            ExitCode::CouldNotRun => 3,
        }
    }

    /// The number that the process ends with.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}

impl From<Overall> for ExitCode {
    fn from(overall: Overall) -> ExitCode {
        match overall {
            Overall::Pass => ExitCode::Pass,
            Overall::Fail => ExitCode::Fail,
            Overall::Inconclusive => ExitCode::Inconclusive,
            Overall::Error => ExitCode::CouldNotRun,
        }
    }
}

impl From<Verdict> for Overall {
    fn from(verdict: Verdict) -> Overall {
        match verdict {
            Verdict::Pass => Overall::Pass,
            Verdict::Fail => Overall::Fail,
            Verdict::Inconclusive => Overall::Inconclusive,
        }
    }
}

impl Overall {
    /// The word for it in reports.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }

    /// The verdict over several captures: the strongest of theirs. Of none at all it is an error: nothing that was
    /// judged is never a pass.
    #[must_use]
    pub fn of(captures: &[CaptureReport]) -> Overall {
        captures.iter().map(CaptureReport::overall).max().unwrap_or(Overall::Error)
    }
}

impl CaptureReport {
    /// The judgement, if it could be judged.
    #[must_use]
    pub fn judgement(&self) -> Option<&Judgement> {
        match &self.outcome {
            Outcome::Judged(judgement) => Some(judgement),
            Outcome::Error(_) => None,
        }
    }

    /// What came of the capture, as a verdict.
    #[must_use]
    pub fn overall(&self) -> Overall {
        self.judgement().map_or(Overall::Error, |judgement| judgement.verdict.into())
    }

    /// The exit code of its verdict.
    fn exit_code(&self, policy: InconclusivePolicy) -> ExitCode {
        match self.overall() {
            Overall::Inconclusive => match self.counts_inconclusive(policy) {
                InconclusivePolicy::AsIs => ExitCode::Inconclusive,
                InconclusivePolicy::Fail => ExitCode::Fail,
                InconclusivePolicy::Pass | InconclusivePolicy::Skip => ExitCode::Pass,
            },
            decided @ (Overall::Pass | Overall::Fail | Overall::Error) => ExitCode::from(decided),
        }
    }

    /// What an inconclusive of this capture counts as where that is asked for: of a damaged one it is never a pass.
    #[must_use]
    pub fn counts_inconclusive(&self, asked: InconclusivePolicy) -> InconclusivePolicy {
        let is_damaged = self.judgement().is_some_and(Judgement::is_damaged);
        let would_pass = matches!(asked, InconclusivePolicy::Pass | InconclusivePolicy::Skip);
        if is_damaged && would_pass { InconclusivePolicy::AsIs } else { asked }
    }
}

impl Judgement {
    /// Whether the record is not what the analyzer was to take: damaged, with samples lost, or with some lost without a trace.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        let is_whole = self.provenance.integrity == Integrity::Complete && self.observation.lost.is_empty();
        !is_whole || self.observation.seams.are_certain()
    }
}

impl Report {
    /// The verdict over all captures.
    #[must_use]
    pub fn overall(&self) -> Overall {
        Overall::of(&self.captures)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Difference, testing};
    use super::*;

    #[test]
    fn the_strongest_verdict_wins() {
        let (pass, fail) = (testing::passing(), testing::failing());
        let (open, error) = (testing::inconclusive(), testing::unreadable());
        for (captures, overall) in [
            (vec![&pass], Overall::Pass),
            (vec![&pass, &open], Overall::Inconclusive),
            (vec![&open, &fail, &pass], Overall::Fail),
            (vec![&fail, &error, &open], Overall::Error),
            (vec![], Overall::Error),
        ] {
            let report = Report { captures: captures.into_iter().cloned().collect() };
            assert_eq!(report.overall(), overall);
        }
    }

    #[test]
    fn of_what_is_expected_only_that_counts() {
        let compared = |fail: CaptureReport, differences: Vec<Difference>| CaptureReport {
            expected: Some(Expected::Compared(differences)),
            ..fail
        };
        let other = Difference { what: "verdict".to_owned(), expected: "pass".to_owned(), came: "fail".to_owned() };
        let unknown = CaptureReport { expected: Some(Expected::Unknown("gone".to_owned())), ..testing::passing() };
        for (captures, number) in [
            (vec![compared(testing::failing(), vec![])], 0),
            (vec![compared(testing::damaged(), vec![])], 0),
            (vec![compared(testing::failing(), vec![]), compared(testing::failing(), vec![other])], 1),
            (vec![unknown], 2),
            (vec![compared(testing::failing(), vec![]), testing::unreadable()], 2),
        ] {
            assert_eq!(ExitCode::of(&Report { captures }, InconclusivePolicy::AsIs).number(), number);
        }
    }

    #[test]
    fn only_an_inconclusive_is_mapped_and_damage_never_to_a_pass() {
        use InconclusivePolicy::{AsIs, Fail, Pass, Skip};
        let (pass, fail, open) = (testing::passing(), testing::failing(), testing::inconclusive());
        for (captures, numbers) in [
            (vec![&pass], [0, 0, 0, 0]),
            (vec![&fail], [1, 1, 1, 1]),
            (vec![&testing::unreadable()], [2, 2, 2, 2]),
            (vec![&open], [3, 1, 0, 0]),
            (vec![&testing::damaged()], [3, 1, 3, 3]),
            (vec![&open, &testing::damaged(), &pass], [3, 1, 3, 3]),
            (vec![], [2, 2, 2, 2]),
        ] {
            let report = Report { captures: captures.into_iter().cloned().collect() };
            let mapped = [AsIs, Fail, Pass, Skip].map(|policy| ExitCode::of(&report, policy).number());
            assert_eq!(mapped, numbers, "{:?}", report.overall());
        }
    }
}
