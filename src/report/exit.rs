//! From a report to the one verdict over everything, and from there to the exit code of `verify`.

use super::{CaptureReport, Outcome, Overall, Report};
use crate::verdict::Verdict;

/// What an inconclusive counts as towards the exit code and in JUnit (`--inconclusive`). The verdict itself, and every
/// report that prints it, stays inconclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
    Pass,
    /// 1: something is proven outside.
    Fail,
    /// 2: something could not run: usage, spec, an unreadable capture, a report that could not be written.
    CouldNotRun,
    /// 3: something could not be proven either way.
    Inconclusive,
}

impl ExitCode {
    /// All of them, by number.
    pub const ALL: [ExitCode; 4] = [ExitCode::Pass, ExitCode::Fail, ExitCode::CouldNotRun, ExitCode::Inconclusive];

    /// The exit code that an overall verdict stands for.
    ///
    /// ```
    /// use strobecheck::report::{ExitCode, InconclusivePolicy, Overall};
    /// assert_eq!(ExitCode::of(Overall::Inconclusive, InconclusivePolicy::AsIs).number(), 3);
    /// assert_eq!(ExitCode::of(Overall::Inconclusive, InconclusivePolicy::Fail).number(), 1);
    /// ```
    #[must_use]
    pub fn of(overall: Overall, policy: InconclusivePolicy) -> ExitCode {
        match overall {
            Overall::Pass => ExitCode::Pass,
            Overall::Fail => ExitCode::Fail,
            Overall::Error => ExitCode::CouldNotRun,
            Overall::Inconclusive => match policy {
                InconclusivePolicy::AsIs => ExitCode::Inconclusive,
                InconclusivePolicy::Fail => ExitCode::Fail,
                InconclusivePolicy::Pass | InconclusivePolicy::Skip => ExitCode::Pass,
            },
        }
    }

    /// The number that the process ends with.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            ExitCode::Pass => 0,
            ExitCode::Fail => 1,
            ExitCode::CouldNotRun => 2,
            ExitCode::Inconclusive => 3,
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
        match self {
            Overall::Pass => "pass",
            Overall::Fail => "fail",
            Overall::Inconclusive => "inconclusive",
            Overall::Error => "error",
        }
    }

    /// Which of two verdicts the whole takes: error before fail before inconclusive before pass.
    fn strength(self) -> u8 {
        match self {
            Overall::Pass => 0,
            Overall::Inconclusive => 1,
            Overall::Fail => 2,
            Overall::Error => 3,
        }
    }

    /// The verdict over several captures: the strongest of theirs. Of none at all it is an error: nothing that was
    /// judged is never a pass.
    #[must_use]
    pub fn of(captures: &[CaptureReport]) -> Overall {
        let strongest = captures.iter().map(CaptureReport::overall).max_by_key(|overall| overall.strength());
        strongest.unwrap_or(Overall::Error)
    }
}

impl CaptureReport {
    /// What came of the capture, as a verdict.
    #[must_use]
    pub fn overall(&self) -> Overall {
        match &self.outcome {
            Outcome::Judged(judgement) => judgement.verdict.into(),
            Outcome::Error(_) => Overall::Error,
        }
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
    use super::super::testing;
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
    fn only_an_inconclusive_is_mapped() {
        use InconclusivePolicy::{AsIs, Fail, Pass, Skip};
        for (overall, numbers) in [
            (Overall::Pass, [0, 0, 0, 0]),
            (Overall::Fail, [1, 1, 1, 1]),
            (Overall::Error, [2, 2, 2, 2]),
            (Overall::Inconclusive, [3, 1, 0, 0]),
        ] {
            let mapped = [AsIs, Fail, Pass, Skip].map(|policy| ExitCode::of(overall, policy).number());
            assert_eq!(mapped, numbers, "{overall:?}");
        }
    }
}
