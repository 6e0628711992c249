//! Reports made by hand, for the tests of whatever shows a report. The numbers are chosen so that every text and every
//! double they become is known without computing.
//!
//! The rig: 1 MHz, frames of 1000 µs, FSIN rises at samples 1000, 2000, 3000, 4000 of 5000, STROBE is high for the
//! 200 samples before each. So frame 0 lasts from 1000 to 2000 and its exposure from 1800 to 2000.

use std::sync::Arc;

use super::{CaptureReport, Judgement, Outcome, Provenance, RateSource, SubjectNotes, Window};
use crate::capture::{Capture, Integrity, Line, Presence, Probe};
use crate::diagnosis::{Explanation, Finding, LookAlike, Severity, Support};
use crate::frame::Observation;
use crate::quantity::{self, Measure, Subject};
use crate::rig::{Alignment, AlignmentSetting, Camera, MAIN_CAMERA, Polarity, ProbeSelector, Rig, Role, Wire};
use crate::signal::{Level, Lost, LostSpan, Waveform};
use crate::spec::{Allow, Analyzer, Limit, Origin, Rule, Spec};
use crate::units::{Rational, SampleIndex, SampleRate};
use crate::verdict::{Check, Judged, Plotted, Standing, Statistics, Verdict, unmeasured};

/// A name that a file or a user may hold, with something in it for every place where it is printed.
pub(crate) const HOSTILE: &str = "=\u{1b}[31m<b>|&\"'\u{202e}\n";

fn at(index: u64) -> SampleIndex {
    SampleIndex::new(index)
}

fn micros(count: i128) -> Rational {
    Rational::decimal(count, -6)
}

fn wire(role: Role, owner: &str, bit: u32, glitch: Option<Rational>) -> Wire {
    Wire {
        role,
        name: None,
        owner: owner.to_owned(),
        probe: ProbeSelector::Bit(bit),
        polarity: Polarity::ActiveHigh,
        edge: Rational::ZERO,
        glitch,
    }
}

/// One camera with FSIN and STROBE; with a second name, another one that has a STROBE of its own on this probe.
fn rig(second: Option<&str>) -> Rig {
    let mut rig = Rig::default();
    let fsin = rig.add_wire(wire(Role::Fsin, MAIN_CAMERA, 0, None));
    let strobe = rig.add_wire(wire(Role::Strobe, MAIN_CAMERA, 1, Some(micros(2))));
    let alignment = AlignmentSetting::Stated(Alignment::End);
    let frame_time = Some(micros(1000));
    let mut main = Camera { alignment, frame_time, ..Camera::new(MAIN_CAMERA) };
    main.connect(Role::Fsin, fsin);
    let further = second.map(|name| Camera { name: name.to_owned(), ..main.clone() });
    main.connect(Role::Strobe, strobe);
    rig.cameras = vec![main];
    if let Some(mut further) = further {
        further.connect(Role::Strobe, rig.add_wire(wire(Role::Strobe, &further.name, 2, None)));
        rig.cameras.push(further);
    }
    rig
}

fn capture(second: Option<&str>) -> Capture {
    let boundaries = [1000, 2000, 3000, 4000];
    let fsin: Vec<u64> = boundaries.iter().flat_map(|&boundary| [boundary, boundary + 10]).collect();
    let strobe: Vec<u64> = boundaries.iter().flat_map(|&boundary| [boundary - 200, boundary]).collect();
    let names = ["FSIN", "STROBE"].into_iter().chain(second);
    let lines = (0..).zip(names).map(|(bit, name)| {
        let changes = if bit == 0 { fsin.clone() } else { strobe.clone() };
        let waveform = Arc::new(Waveform::new(Level::Low, changes, at(5000)).unwrap());
        let probe = Probe { bit, name: name.to_owned(), presence: Presence::Recorded };
        Line { probe, waveform, unknown: Lost::nothing() }
    });
    let rate = SampleRate::from_hz(Rational::integer(1_000_000)).unwrap();
    Capture::of("srzip", rate, at(5000), lines.collect())
}

/// A spec of this rig that limits nothing.
pub(crate) fn spec(rig: Rig) -> Spec {
    let analyzer = Analyzer { clock: Rational::decimal(1, -4), correction: Rational::ZERO };
    Spec { rig, analyzer, rules: Vec::new(), unjudged: Vec::new(), ..Spec::parse("a", "[wiring]\nstrobe = 0").unwrap() }
}

/// A value of so many microseconds ± 1 µs that was taken from the stretch before a sample.
fn judged(frame: i64, to: u64, value: i128, margin: i128) -> Judged {
    Judged {
        frame: Some(frame),
        from: at(to - u64::try_from(value).unwrap()),
        to: at(to),
        value: micros(value),
        low: Some(micros(value - 1)),
        high: Some(micros(value + 1)),
        margin: micros(margin),
        entry: 0,
    }
}

fn plotted(frame: Option<i64>, to: u64, value: f64, standing: Standing) -> Plotted {
    Plotted { frame, at: at(to), value, standing, entry: 0 }
}

/// A check of the main camera that passes, with nothing measured yet.
fn check(id: &str, rule: &str) -> Check {
    let quantity = quantity::find(id).unwrap();
    let entries = rule.trim_matches(['[', ']']).split(", ");
    let of_line = matches!(quantity.measure, Measure::Line(_));
    let rig = rig(None);
    let subject = if of_line { rig.wire_indices().next().map(Subject::Line) } else { Some(Subject::Camera(0)) };
    let limits = entries.map(|entry| Limit::parse(entry, quantity.unit).unwrap()).collect();
    let (subject, origin) = (subject.unwrap(), Origin::Stated);
    let rule = Rule { quantity, subject, limits, allow: Allow::Frames(0), origin };
    Check { verdict: Verdict::Pass, ..unmeasured(&rule, &spec(rig)) }
}

/// An implied count of the whole capture that is within its limit.
fn count(id: &str, rule: &str, value: i128) -> Check {
    let exact = Rational::integer(value);
    let worst = Judged {
        frame: None,
        from: at(0),
        to: at(5000),
        low: Some(exact.clone()),
        high: Some(exact.clone()),
        margin: Rational::ZERO,
        value: exact,
        entry: 0,
    };
    let number = value as f64;
    let same = Statistics { min: number, max: number, mean: number, sd: None, p50: number, p99: number, p99_9: number };
    Check {
        origin: Origin::Implied,
        measured: 1,
        statistics: Some(same),
        uncertainty: Some(Rational::ZERO),
        worst: Some(worst),
        track: Arc::new([plotted(None, 5000, number, Standing::Inside)].into_iter().collect()),
        ..check(id, rule)
    }
}

/// Three frames of 1 ms, each measured as exactly that, ± 1 µs.
fn frame_time() -> Check {
    let inside = |frame: i64, to| plotted(Some(frame), to, 1e-3, Standing::Inside);
    let same = Statistics { min: 1e-3, max: 1e-3, mean: 1e-3, sd: Some(0.0), p50: 1e-3, p99: 1e-3, p99_9: 1e-3 };
    Check {
        measured: 3,
        statistics: Some(same),
        uncertainty: Some(micros(1)),
        worst: Some(judged(0, 2000, 1000, 10)),
        track: Arc::new([inside(0, 2000), inside(1, 3000), inside(2, 4000)].into_iter().collect()),
        ..check("frame.time", "1 ms ± 1 %")
    }
}

/// Exposures of 200, 150 and 205 µs by a sequence of 200 and 100 µs: the second broken, the third too close to tell; one
/// pulse of 3 µs belongs to no frame and is not judged.
fn broken_exposure(camera: &str) -> Check {
    let broken = Judged { entry: 1, ..judged(1, 3000, 150, -45) };
    let marginal = judged(2, 4000, 205, 0);
    Check {
        camera: Some(camera.to_owned()),
        subject: Subject::Camera(1),
        verdict: Verdict::Fail,
        reason: Some("1 of 3 values are outside the limit".to_owned()),
        measured: 3,
        failed: 1,
        marginal: 1,
        statistics: Some(Statistics {
            min: 1.5e-4,
            max: 2.05e-4,
            mean: 1.85e-4,
            sd: Some(3.04e-5),
            p50: 2e-4,
            p99: 2.05e-4,
            p99_9: 2.05e-4,
        }),
        uncertainty: Some(micros(1)),
        worst: Some(broken.clone()),
        violations: vec![broken],
        marginals: vec![marginal],
        track: Arc::new(
            [
                plotted(Some(0), 2000, 2e-4, Standing::Inside),
                plotted(None, 2500, 3e-6, Standing::NotJudged),
                Plotted { entry: 1, ..plotted(Some(1), 3000, 1.5e-4, Standing::Outside) },
                plotted(Some(2), 4000, 2.05e-4, Standing::Straddling),
            ]
            .into_iter()
            .collect(),
        ),
        ..check("exposure.time", "[200 us ± 5 us, 100 us ± 5 us]")
    }
}

fn judgement(second: Option<&str>, checks: Vec<Check>) -> Judgement {
    let (rig, capture) = (rig(second), capture(second));
    let clock = Rational::decimal(1, -4);
    let observation = Observation::of(&rig, &capture, &capture.rate, &clock).unwrap();
    let effective = [("wiring.fsin", "FSIN"), ("wiring.strobe", "STROBE"), ("limits.frame.time", "1 ms ± 1 %")];
    let effective = effective.map(|(key, text)| (key.to_owned(), text.to_owned())).to_vec();
    let spec = Spec { effective: Arc::new(effective), ..spec(rig) };
    Judgement {
        provenance: Provenance { sha256: "9f".repeat(32), ..Provenance::of(&capture) },
        spec: Arc::new(spec),
        spec_source: "board7.spec.toml".to_owned(),
        observation: Arc::new(observation),
        checks,
        findings: Vec::new(),
        capability: vec!["1 MHz and 100 ppm: ± 1.1 µs on 1 ms".to_owned()],
        verdict: Verdict::Pass,
        reason: None,
    }
}

fn report(path: &str, judgement: Judgement) -> CaptureReport {
    CaptureReport { path: path.to_owned(), outcome: Outcome::Judged(Box::new(judgement)), expected: None }
}

/// A capture that passes: a stated rule and two implied ones.
pub(crate) fn passing() -> CaptureReport {
    let checks = vec![count("line.edges", ">= 1", 8), frame_time(), count("frame.missing", "0", 0)];
    report("good.sr", judgement(None, checks))
}

/// A capture of two cameras that fails, with hostile names, and a finding that says why.
pub(crate) fn failing() -> CaptureReport {
    failing_with(HOSTILE)
}

/// The same with this name wherever a name can be.
pub(crate) fn failing_with(name: &str) -> CaptureReport {
    let finding = Finding {
        fault: "late-exposure-change",
        severity: Severity::Fail,
        camera: Some(name.to_owned()),
        line: Some("strobe".to_owned()),
        summary: format!("the exposure of {name} changes a frame too late"),
        evidence: "frame 1 is exposed for 150 µs where 100 µs are asked for".to_owned(),
        at: vec![at(2850)],
        explanations: vec![
            Explanation {
                cause: "the setting takes effect two frames later".to_owned(),
                remedy: "set the exposure two frames earlier".to_owned(),
                support: Support::Supported,
            },
            Explanation {
                cause: "auto exposure is on".to_owned(),
                remedy: "switch auto exposure off".to_owned(),
                support: Support::Possible,
            },
        ],
        look_alikes: vec![&LookAlike { fault: "auto-exposure-on", test: "look whether it goes on" }],
        explains: vec!["exposure.time"],
    };
    let checks = vec![frame_time(), broken_exposure(name)];
    report(
        &format!("in/{name}.sr"),
        Judgement {
            findings: vec![finding],
            verdict: Verdict::Fail,
            reason: Some("1 check of 2 failed".to_owned()),
            ..judgement(Some(name), checks)
        },
    )
}

/// A capture that cannot be decided: one check too close to its limit, one of which nothing was measured.
pub(crate) fn inconclusive() -> CaptureReport {
    let marginal = judged(1, 3000, 1000, 0);
    let close = Check {
        rule: "<= 1 ms".to_owned(),
        verdict: Verdict::Inconclusive,
        reason: Some("1 value straddles the limit within the uncertainty".to_owned()),
        settle: Some("the value lies on the limit: no instrument decides".to_owned()),
        marginal: 1,
        worst: Some(marginal.clone()),
        marginals: vec![marginal],
        ..frame_time()
    };
    let nothing = Check {
        verdict: Verdict::Inconclusive,
        reason: Some("nothing was measured: strobe shows no pulse".to_owned()),
        ..check("exposure.time", "200 us ± 5 us")
    };
    report(
        "close.sr",
        Judgement {
            verdict: Verdict::Inconclusive,
            reason: Some("2 checks of 2 could not be decided".to_owned()),
            ..judgement(None, vec![close, nothing])
        },
    )
}

/// A window of a damaged capture, its rate stated by the user: every check passes, the capture cannot.
pub(crate) fn damaged() -> CaptureReport {
    let whole = judgement(None, vec![frame_time()]);
    let provenance = Provenance {
        rate_source: RateSource::Stated,
        window: Some(Window {
            from: Rational::decimal(15, -1),
            to: Rational::decimal(1505, -3),
            first_sample: 1_500_000,
        }),
        integrity: Integrity::Damaged,
        problems: vec!["logic-1-2: bad CRC-32, samples 4500 to 4600 are lost".to_owned()],
        lost: vec![LostSpan::new(at(4500), at(4600))],
        subject: SubjectNotes { dut: Some(HOSTILE.to_owned()), ..SubjectNotes::default() },
        sidecar: Some(serde_json::json!({ "driver": "fx2lafw" })),
        log: None,
        ..whole.provenance.clone()
    };
    report(
        "torn.sr",
        Judgement {
            provenance,
            verdict: Verdict::Inconclusive,
            reason: Some("the capture is damaged".to_owned()),
            ..whole
        },
    )
}

/// A capture that could not be read.
pub(crate) fn unreadable() -> CaptureReport {
    CaptureReport {
        path: format!("{HOSTILE}.sr"),
        outcome: Outcome::Error(format!("not a sigrok session: no 'version' in\n{HOSTILE}")),
        expected: None,
    }
}
