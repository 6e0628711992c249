//! What the renderers for people say the same way: words for verdicts, names of checks, values with their uncertainty,
//! where a value lies and by how much it is off.
//!
//! The texts are as they are in the report; whoever prints them escapes them for the place.

use crate::quantity::Reading;
use crate::report::{Judgement, Overall};
use crate::rig::MAIN_CAMERA;
pub(super) use crate::units::counted;
use crate::units::{Prefix, Rational, Rounding, Unit, measured_text, value_text};
use crate::verdict::{Check, Judged, Verdict};

/// The verdict in capitals, as the first word of a summary.
pub(crate) fn verdict_word(overall: Overall) -> &'static str {
    match overall {
        Overall::Pass => "PASS",
        Overall::Fail => "FAIL",
        Overall::Inconclusive => "INCONCLUSIVE",
        Overall::Error => "ERROR",
    }
}

/// The checks of a capture that came out like this.
pub(super) fn checks_with(judgement: &Judgement, verdict: Verdict) -> impl Iterator<Item = &Check> {
    judgement.checks.iter().filter(move |check| check.verdict == verdict)
}

/// The id of its quantity, with its line, and with its camera where there are several.
pub(super) fn check_name(judgement: &Judgement, check: &Check) -> String {
    let several = judgement.observation.rig.cameras.len() > 1;
    let camera = check.camera.as_deref();
    let subject = match (&check.line, camera) {
        (Some(line), Some(camera)) if camera != MAIN_CAMERA => Some(format!("{camera}.{line}")),
        (Some(line), Some(_) | None) => Some(line.clone()),
        (None, Some(camera)) if several => Some(camera.to_owned()),
        (None, Some(_) | None) => None,
    };
    let id = check.quantity.id;
    subject.map_or_else(|| id.to_owned(), |subject| format!("{id} ({subject})"))
}

/// A value with its uncertainty: `20 ms ± 1 µs`.
pub(super) fn judged_text(judged: &Judged, unit: Unit) -> String {
    bounded_text(&judged.value, [judged.low.as_ref(), judged.high.as_ref()], unit)
}

/// The same of a value and what the truth is not below and not above.
pub(super) fn bounded_text(value: &Rational, bounds: [Option<&Rational>; 2], unit: Unit) -> String {
    match bounds {
        [Some(low), Some(high)] => {
            let (below, above) = (value - low, high - value);
            match unit {
                // What is counted may be more or less, and not as much of either.
                Unit::Count if below != above => {
                    let of = |end: &Rational| value_text(end, unit, Rounding::Nearest);
                    format!("{} .. {}", of(low), of(high))
                }
                Unit::Count | Unit::Second | Unit::Hertz | Unit::Percent | Unit::Ppm => {
                    measured_text(value, &below.max(above), unit)
                }
            }
        }
        [Some(_), None] => format!("at least {}", value_text(value, unit, Rounding::Down)),
        [None, Some(_)] => format!("at most {}", value_text(value, unit, Rounding::Up)),
        // Nothing is proven by it, as where the sample rate is not known.
        [None, None] => value_text(value, unit, Rounding::Nearest),
    }
}

/// The same of a reading.
pub(super) fn reading_text(reading: &Reading, unit: Unit) -> String {
    bounded_text(&reading.value, [reading.low.at(), reading.high.at()], unit)
}

/// The value that stands for a check in a table: the one with the least margin.
pub(super) fn worst_text(check: &Check) -> String {
    check.worst.as_ref().map_or_else(|| "not measured".to_owned(), |worst| judged_text(worst, check.quantity.unit))
}

/// What was measured and not judged, and why: `5 warm-up (timing.skip_frames), 1 cut off by an end of the record or a lost
/// stretch`; none where all was judged.
pub(super) fn left_out_text(check: &Check) -> Option<String> {
    let texts: Vec<String> = check.left_out.iter().map(|part| format!("{} {}", part.count, part.why.text())).collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// What glitch filters bridged, line by line: `2950 on strobe (shorter than 5 us), 1 on right.flash (shorter than 1 us)`; none
/// where they bridged nothing.
pub(super) fn bridged_text(judgement: &Judgement) -> Option<String> {
    let observation = &judgement.observation;
    let lines = observation.rig.wires().iter().zip(&observation.lines);
    let bridged: Vec<String> = lines
        .filter(|(_, line)| !line.train.glitches.is_empty())
        .filter_map(|(wire, line)| {
            let least = value_text(wire.glitch.as_ref()?, Unit::Second, Rounding::Nearest);
            Some(format!("{} on {} (shorter than {least})", line.train.glitches.len(), wire.full_key()))
        })
        .collect();
    (!bridged.is_empty()).then(|| bridged.join(", "))
}

/// How far a value is from its limit: `45 µs beyond the limit`.
fn margin_text(check: &Check, judged: &Judged) -> String {
    let limit = match check.limits.as_slice() {
        [] | [_] => "the limit".to_owned(),
        limits => {
            limits.get(judged.entry).map_or_else(|| "the limit".to_owned(), |l| format!("its limit {}", l.text()))
        }
    };
    if judged.margin.is_zero() {
        return format!("on {limit}");
    }
    let distance = distance_text(&judged.margin.abs(), judged.half_width().as_ref(), check.quantity.unit);
    let side = if judged.margin.is_negative() { "beyond" } else { "inside" };
    format!("{distance} {side} {limit}")
}

/// A distance with no more digits than the value that it is measured from.
fn distance_text(distance: &Rational, half_width: Option<&Rational>, unit: Unit) -> String {
    match half_width.filter(|half_width| half_width.is_positive() && *half_width < distance) {
        Some(half_width) => {
            let prefix = Prefix::for_value(distance, unit);
            prefix.text(distance, prefix.places_for(half_width), Rounding::Nearest)
        }
        None => value_text(distance, unit, Rounding::Nearest),
    }
}

/// Frame, time and samples of a value; none for what is taken from the capture as a whole.
fn place_text(judgement: &Judgement, check: &Check, judged: &Judged) -> Option<String> {
    if !check.quantity.is_per_frame() {
        return None;
    }
    let time = time_text(&judgement.time(judged.from));
    let samples = format!("(samples {} to {})", judged.from, judged.to);
    Some(match judged.frame {
        Some(frame) => format!("in frame {frame} at {time} {samples}"),
        None => format!("at {time} {samples}"),
    })
}

/// A point in time, from the first sample judged.
pub(super) fn time_text(time: &Rational) -> String {
    value_text(time, Unit::Second, Rounding::Nearest)
}

/// What the worst value of a check is, how far off, and where.
pub(super) fn worst_sentence(judgement: &Judgement, check: &Check) -> Option<String> {
    let worst = check.worst.as_ref()?;
    let mut parts = vec![judged_text(worst, check.quantity.unit)];
    // How far the least is from a limit says nothing where the truth may be any more.
    if check.verdict != Verdict::Inconclusive || worst.high.is_some() || worst.low.is_none() {
        parts.push(margin_text(check, worst));
    }
    parts.extend(place_text(judgement, check, worst));
    Some(parts.join(", "))
}

/// Why a check is no pass: what, where, by how much, and what would settle it, a sentence each; none for a pass.
pub(super) fn explanation(judgement: &Judgement, check: &Check) -> Vec<String> {
    let what = match check.verdict {
        Verdict::Pass => return Vec::new(),
        Verdict::Fail => check.reason.as_deref().unwrap_or("outside the limit"),
        Verdict::Inconclusive => check.reason.as_deref().unwrap_or("not decided"),
    };
    let lead = if check.quantity.is_per_frame() { "worst" } else { "measured" };
    let worst = worst_sentence(judgement, check).map(|worst| format!("{lead}: {worst}"));
    let settle = check.settle.as_ref().map(|settle| format!("to settle it: {settle}"));
    [Some(what.to_owned()), worst, settle].into_iter().flatten().collect()
}

/// `Could also be slow-edge. Test: double the exposure`.
pub(super) fn look_alike_text(other: &crate::diagnosis::LookAlike) -> String {
    format!("Could also be {}. Test: {}", other.fault, other.test)
}

/// The findings that say why a capture does not pass: those that something is broken; where there is none, those that account for
/// a check that does not pass.
pub(super) fn explaining(judgement: &Judgement) -> Vec<&crate::diagnosis::Finding> {
    use crate::diagnosis::{Finding, Severity};
    let broken: Vec<&Finding> =
        judgement.findings.iter().filter(|finding| finding.severity == Severity::Fail).collect();
    if !broken.is_empty() || judgement.verdict == Verdict::Pass {
        return broken;
    }
    judgement.findings.iter().filter(|finding| !finding.explains.is_empty()).collect()
}

/// The camera and line that a finding is about: `right, strobe`.
pub(super) fn finding_subject(finding: &crate::diagnosis::Finding) -> Option<String> {
    let parts: Vec<&str> = [&finding.camera, &finding.line].into_iter().flatten().map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing;
    use crate::report::{CaptureReport, Outcome};

    fn judgement(capture: &CaptureReport) -> &Judgement {
        match &capture.outcome {
            Outcome::Judged(judgement) => judgement,
            Outcome::Error(error) => panic!("{error}"),
        }
    }

    #[test]
    fn a_check_is_named_as_far_as_it_must_be() {
        let passing = testing::passing();
        let names: Vec<String> =
            judgement(&passing).checks.iter().map(|check| check_name(judgement(&passing), check)).collect();
        assert_eq!(names, ["line.edges (fsin)", "frame.time", "frame.missing"]);
        let failing = testing::failing();
        let judgement = judgement(&failing);
        assert_eq!(check_name(judgement, &judgement.checks[0]), "frame.time (main)");
        assert_eq!(check_name(judgement, &judgement.checks[1]), format!("exposure.time ({})", testing::HOSTILE));
    }

    #[test]
    fn an_explanation_says_what_where_and_by_how_much() {
        let failing = testing::failing();
        let failing = judgement(&failing);
        assert_eq!(
            explanation(failing, &failing.checks[1]),
            [
                "1 of 3 values are outside the limit",
                "worst: 150.0 µs ± 1 µs, 45 µs beyond its limit 100 us ± 5 us, in frame 1 at 2.85 ms (samples 2850 to 3000)",
            ]
        );
        assert!(explanation(failing, &failing.checks[0]).is_empty());
        let open = testing::inconclusive();
        let open = judgement(&open);
        assert_eq!(
            explanation(open, &open.checks[0]),
            [
                "1 value straddles the limit within the uncertainty",
                "worst: 1.0000 ms ± 1 µs, on the limit, in frame 1 at 2 ms (samples 2000 to 3000)",
                "to settle it: the value lies on the limit: no instrument decides",
            ]
        );
        assert_eq!(explanation(open, &open.checks[1]), ["nothing was measured: strobe shows no pulse"]);
        assert_eq!(worst_text(&open.checks[1]), "not measured");
    }

    #[test]
    fn a_distance_has_the_digits_of_its_value() {
        let micro = Rational::decimal(1, -6);
        for (distance, half_width, unit, text) in [
            (Rational::new(333_003_333, 10_000_000_000).unwrap(), Some(&micro), Unit::Second, "33.300 ms"),
            (Rational::decimal(2, 0), Some(&Rational::decimal(5, -3)), Unit::Percent, "2.000 %"),
            (Rational::decimal(100, 0), Some(&Rational::decimal(50, 0)), Unit::Count, "100"),
            (Rational::integer(3), Some(&Rational::ZERO), Unit::Count, "3"),
            (Rational::decimal(45, -6), None, Unit::Second, "45 µs"),
        ] {
            assert_eq!(distance_text(&distance, half_width, unit), text);
        }
    }
}
