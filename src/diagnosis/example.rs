//! The fault that the guide adds, so that it is known to work: `guide/adding.md` shows it word by word.

use super::Severity;
use super::claims::Which;
use super::fault::{Candidate, Cause, Fault};
use super::view::{CaptureView, JudgedCamera, counted, is_broken, time_text};
use crate::quantity::readout;

/// Field guide, F58.
pub(super) static READOUT_LATE: Fault = Fault {
    id: "readout-late",
    number: "F58",
    severity: Severity::Fail,
    about: "The readout begins later after the exposure than it should.",
    drawing: "\
STROBE   __|~~~~~~|_______________
readout  _____________|~~~~~~~|___
                  <--> late",
    causes: &[&WAITS],
    look_alikes: &[],
};

static WAITS: Cause = Cause {
    why: "the sensor waits after the exposure, for its MIPI clock or for its host",
    remedy: "let the MIPI clock run on between the frames (no low-power mode)",
};

/// What is wrong with each camera's readout.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    view.cameras().filter_map(late).collect()
}

fn late(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let check = camera.check(&readout::START).filter(|check| is_broken(check))?;
    let at: Vec<u64> = check.violations.iter().map(|worst| worst.from.get()).collect();
    let evidence = format!(
        "it begins up to {} after the exposure, and is late in {}",
        time_text(check.statistics.as_ref()?.max),
        counted(at.len(), "frame")
    );
    let candidate = READOUT_LATE.seen("the readout begins late".to_owned(), evidence);
    let explains = camera.not_passed(&[Which::One(&readout::START)]);
    Some(candidate.of_camera(camera.name(), explains).at(at))
}

mod tests {
    use super::*;
    use crate::frame::Observation;
    use crate::scenario::{Scenario, simulate};
    use crate::spec::Spec;
    use crate::verdict::{Check, judge};

    #[test]
    fn the_guide_shows_it_word_by_word() {
        let own = include_str!("example.rs");
        let shown = include_str!("../guide/adding.md").split("```rs\n").nth(1).unwrap();
        let shown = shown.split("```").next().unwrap();
        assert!(shown.contains("READOUT_LATE") && own.contains(shown), "{shown}");
    }

    /// What is found where the readout begins so long after the exposure.
    fn found(start: &str) -> Vec<Candidate> {
        let scenario = format!(
            "duration = \"1 s\"\n[analyzer]\nsamplerate = \"1 MHz\"\n[timing]\nalignment = \"end\"\nframe.time = \"20 ms\"\n\
             exposure.time = \"5 ms\"\nfsin.width = \"100 us\"\nreadout.time = \"3 ms\"\nreadout.start = \"{start}\"\n"
        );
        let scenario = Scenario::parse("late", &scenario).unwrap_or_else(|error| panic!("{error}"));
        let capture = simulate(&scenario).unwrap().capture;
        let spec = "[wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\nreadout = \"READOUT\"\n\
                    [timing]\nalignment = \"end\"\n[limits]\nreadout.start = \"0 us .. 20 us\"\n";
        let spec = Spec::parse("late", spec).unwrap_or_else(|error| panic!("{error}"));
        let observation = Observation::of(&spec.rig, &capture, &capture.rate, &spec.analyzer.clock).unwrap();
        let checks: Vec<Check> = spec.rules.iter().map(|rule| judge(rule, &spec, &observation)).collect();
        find(&CaptureView::new(&observation, &checks))
    }

    #[test]
    fn it_finds_what_it_is_for() {
        assert!(found("10 us").is_empty());
        let late = found("30 us");
        assert_eq!(late.len(), 1);
        assert_eq!((late[0].finding.fault, late[0].claims.len()), ("readout-late", 1));
    }
}
