//! The JSON report (design: JSON report), for programs.

use strum::EnumString;

use super::look_json::document;
use super::schema::{
    CameraJson, CaptureJson, CheckJson, ExpectedJson, FindingJson, JudgedJson, LeftOutJson, LineJson, LostJson,
    PlaceJson, ReportJson, SCHEMA, Texts, ToolJson, WindowJson,
};
use super::{Imprinting, Render, RenderError, Renderer};
use crate::diagnosis::Finding;
use crate::escape::json_document;
use crate::report::{CaptureReport, Expected, Judgement, Outcome, Overall, Provenance, Report, complete_frames};
use crate::signal::LostSpan;
use crate::spec::Origin;
use crate::table::frames;
use crate::units::{Rational, SampleIndex};
use crate::verdict::{Check, Judged};

/// Violations and marginal values are listed up to this many.
const LISTED: usize = 100;

/// The report of one capture.
pub(super) static CAPTURE: Renderer = Renderer {
    id: "json",
    extension: "json",
    imprinting: Imprinting::Json,
    about: "everything, for programs; `schema report` prints its JSON Schema",
    render: Render::Capture(|capture, _| json(std::slice::from_ref(capture))),
};

/// The report of a run, as `--json` prints it.
pub(super) static RUN: Renderer = Renderer {
    id: "json",
    extension: "json",
    imprinting: Imprinting::Json,
    about: "all captures of a run in one, for programs",
    render: Render::Run("index.json", |report, _| json_report(report, JsonOf::Report)),
};

/// How much the JSON report of a run holds, and how it is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum JsonOf {
    /// One document.
    Report,
    /// One document, each capture with its table of frames.
    Frames,
    /// A line for each capture, with what stands in `captures` of the document: for thousands of them.
    Lines,
}

/// The JSON report of a run.
///
/// # Errors
/// [`RenderError::Json`] when it cannot be written.
pub fn json_report(report: &Report, of: JsonOf) -> Result<Vec<u8>, RenderError> {
    match of {
        JsonOf::Report => json(&report.captures),
        JsonOf::Frames => document(&whole(&report.captures, with_frames)),
        JsonOf::Lines => {
            let mut lines = Vec::new();
            for capture in &report.captures {
                let line = serde_json::to_string(&self::capture(capture))?;
                lines.extend(json_document(&line).as_bytes());
                lines.push(b'\n');
            }
            Ok(lines)
        }
    }
}

fn with_frames(capture: &CaptureReport) -> CaptureJson<'_> {
    CaptureJson { frames: Some(frames(capture)), ..self::capture(capture) }
}

fn whole<'a>(captures: &'a [CaptureReport], of: impl Fn(&'a CaptureReport) -> CaptureJson<'a>) -> ReportJson<'a> {
    ReportJson {
        schema: SCHEMA,
        tool: ToolJson::OURS,
        verdict: Overall::of(captures),
        captures: captures.iter().map(of).collect(),
    }
}

fn json(captures: &[CaptureReport]) -> Result<Vec<u8>, RenderError> {
    document(&whole(captures, capture))
}

fn capture(capture: &CaptureReport) -> CaptureJson<'_> {
    match &capture.outcome {
        Outcome::Judged(judgement) => judged_capture(capture, judgement),
        Outcome::Error(error) => CaptureJson { path: &capture.path, error: Some(error), ..CaptureJson::default() },
    }
}

fn judged_capture<'a>(capture: &'a CaptureReport, judgement: &'a Judgement) -> CaptureJson<'a> {
    let provenance = &judgement.provenance;
    CaptureJson {
        path: &capture.path,
        sha256: Some(&provenance.sha256),
        format: Some(provenance.header.format),
        samplerate_hz: Some(provenance.rate.hz().to_f64()),
        samples: Some(provenance.samples),
        duration_s: Some(judgement.duration().to_f64()),
        window: window(provenance),
        integrity: Some(provenance.integrity),
        problems: Some(&provenance.problems),
        lost: Some(lost(provenance)),
        subject: Some(&provenance.subject),
        sidecar: provenance.sidecar.as_ref(),
        log: super::log_json::log(judgement),
        lines: Some(lines(judgement)),
        cameras: Some(cameras(judgement)),
        spec: Some(Texts(&judgement.spec.effective)),
        verdict: capture.overall(),
        error: None,
        expected: capture.expected.as_ref().map(expected),
        reason: judgement.reason.as_deref(),
        unjudged: Some(&judgement.spec.unjudged),
        checks: Some(judgement.checks.iter().map(|check| self::check(judgement, check)).collect()),
        findings: Some(judgement.findings.iter().map(|finding| self::finding(judgement, finding)).collect()),
        frames: None,
    }
}

fn expected(expected: &Expected) -> ExpectedJson<'_> {
    let (error, differences) = match expected {
        Expected::Compared(differences) => (None, differences.as_slice()),
        Expected::Unknown(reason) => (Some(reason.as_str()), [].as_slice()),
    };
    ExpectedJson { met: expected.is_met(), error, differences }
}

fn window(provenance: &Provenance) -> Option<WindowJson> {
    provenance.window.as_ref().map(|window| WindowJson { from_s: window.from.to_f64(), to_s: window.to.to_f64() })
}

fn lost(provenance: &Provenance) -> Vec<LostJson> {
    let span = |span: &LostSpan| LostJson { from_sample: span.from.get(), to_sample: span.to.get() };
    provenance.lost.iter().map(span).collect()
}

fn lines(judgement: &Judgement) -> Vec<LineJson<'_>> {
    let header = &judgement.provenance.header;
    let observation = &judgement.observation;
    (observation.rig.wires().iter().zip(&observation.lines))
        .map(|(wire, line)| LineJson {
            role: wire.key(),
            camera: &wire.owner,
            probe: header.display_name(&line.probe),
            active: wire.polarity,
            edges: line.train.raw_edges,
            glitches: wire.glitch.as_ref().map(|_| line.train.glitches.len() as u64),
        })
        .collect()
}

fn cameras(judgement: &Judgement) -> Vec<CameraJson<'_>> {
    let observation = &judgement.observation;
    (observation.rig.cameras.iter().zip(&observation.cameras))
        .map(|(camera, frames)| CameraJson {
            name: &camera.name,
            alignment: frames.alignment,
            shutter: camera.shutter.kind(),
            frames: complete_frames(frames),
        })
        .collect()
}

fn check<'a>(judgement: &Judgement, check: &'a Check) -> CheckJson<'a> {
    let statistics = check.statistics.as_ref();
    let first = |values: &[Judged]| values.iter().take(LISTED).map(|value| judged(judgement, value)).collect();
    CheckJson {
        id: check.quantity.id,
        camera: check.camera.as_deref(),
        line: check.line.as_deref(),
        rule: &check.rule,
        implied: match check.origin {
            Origin::Stated => false,
            Origin::Implied => true,
        },
        unit: check.quantity.unit.symbol(),
        verdict: check.verdict,
        reason: check.reason.as_deref(),
        settle: check.settle.as_deref(),
        measured: check.measured,
        failed: check.failed,
        marginal: check.marginal,
        left_out: (check.left_out.iter())
            .map(|left_out| LeftOutJson { count: left_out.count, why: left_out.why.text() })
            .collect(),
        min: statistics.map(|statistics| statistics.min),
        max: statistics.map(|statistics| statistics.max),
        mean: statistics.map(|statistics| statistics.mean),
        sd: statistics.and_then(|statistics| statistics.sd),
        p50: statistics.map(|statistics| statistics.p50),
        p99: statistics.map(|statistics| statistics.p99),
        p99_9: statistics.map(|statistics| statistics.p99_9),
        uncertainty: check.uncertainty.as_ref().map(Rational::to_f64),
        worst: check.worst.as_ref().map(|worst| judged(judgement, worst)),
        violations: first(&check.violations),
        marginals: first(&check.marginals),
    }
}

fn judged(judgement: &Judgement, value: &Judged) -> JudgedJson {
    JudgedJson {
        frame: value.frame,
        from_sample: value.from.get(),
        to_sample: value.to.get(),
        time_s: judgement.time(value.from).to_f64(),
        value: value.value.to_f64(),
        low: value.low.as_ref().map(Rational::to_f64),
        high: value.high.as_ref().map(Rational::to_f64),
        margin: value.margin.to_f64(),
    }
}

fn finding<'a>(judgement: &Judgement, finding: &'a Finding) -> FindingJson<'a> {
    let place = |&at: &SampleIndex| PlaceJson { sample: at.get(), time_s: judgement.time(at).to_f64() };
    FindingJson {
        fault: finding.fault,
        severity: finding.severity,
        camera: finding.camera.as_deref(),
        line: finding.line.as_deref(),
        summary: &finding.summary,
        evidence: &finding.evidence,
        at: finding.at.iter().map(place).collect(),
        explanations: &finding.explanations,
        causes: finding.explanations.iter().map(|explanation| explanation.cause.as_str()).collect(),
        remedies: finding.explanations.iter().map(|explanation| explanation.remedy.as_str()).collect(),
        look_alikes: &finding.look_alikes,
        explains: &finding.explains,
    }
}

#[cfg(test)]
mod tests {
    use super::super::report_schema;
    use super::*;
    use crate::report::testing;

    fn document(captures: &[CaptureReport]) -> String {
        String::from_utf8(json(captures).unwrap()).unwrap()
    }

    /// The document without its indentation.
    fn squashed(document: &str) -> String {
        document.lines().map(str::trim_start).collect()
    }

    #[test]
    fn a_capture_is_written_key_by_key() {
        let sha256 = "9f".repeat(32);
        let version = env!("CARGO_PKG_VERSION");
        let expected = format!(
            "{{\"schema\": \"strobecheck.report/2\",\
             \"tool\": {{\"name\": \"strobecheck\",\"version\": \"{version}\"}},\
             \"verdict\": \"inconclusive\",\
             \"captures\": [{{\"path\": \"torn.sr\",\"sha256\": \"{sha256}\",\"format\": \"srzip\",\
             \"samplerate_hz\": 1000000.0,\"samples\": 5000,\"duration_s\": 0.005,\
             \"window\": {{\"from_s\": 1.5,\"to_s\": 1.505}},\"integrity\": \"damaged\",\
             \"problems\": [\"logic-1-2: bad CRC-32, samples 4500 to 4600 are lost\"],\
             \"lost\": [{{\"from_sample\": 4500,\"to_sample\": 4600}}],\
             \"subject\": {{\"dut\": \"=\\u001b[31m<b>|&\\\"'\\u202e\\n\",\"station\": null,\"operator\": null,\"note\": null}},\
             \"sidecar\": {{\"driver\": \"fx2lafw\"}},\"log\": null,\
             \"lines\": [{{\"role\": \"fsin\",\"camera\": \"main\",\"probe\": \"FSIN\",\"active\": \"high\",\"edges\": 8,\"glitches\": null}},\
             {{\"role\": \"strobe\",\"camera\": \"main\",\"probe\": \"STROBE\",\"active\": \"high\",\"edges\": 8,\"glitches\": 0}}],\
             \"cameras\": [{{\"name\": \"main\",\"alignment\": \"end\",\"shutter\": \"global\",\"frames\": 3}}],\
             \"spec\": {{\"wiring.fsin\": \"FSIN\",\"wiring.strobe\": \"STROBE\",\"limits.frame.time\": \"1 ms ± 1 %\"}},\
             \"verdict\": \"inconclusive\",\"error\": null,\"reason\": \"the capture is damaged\",\"unjudged\": [],\
             \"checks\": [{{\"id\": \"frame.time\",\"camera\": \"main\",\"line\": null,\"rule\": \"1 ms ± 1 %\",\
             \"implied\": false,\"unit\": \"s\",\"verdict\": \"pass\",\"reason\": null,\"settle\": null,\
             \"measured\": 3,\"failed\": 0,\"marginal\": 0,\"left_out\": [],\
             \"min\": 0.001,\"max\": 0.001,\"mean\": 0.001,\"sd\": 0.0,\"p50\": 0.001,\"p99\": 0.001,\"p99.9\": 0.001,\
             \"uncertainty\": 1e-6,\
             \"worst\": {{\"frame\": 0,\"from_sample\": 1000,\"to_sample\": 2000,\"time_s\": 0.001,\
             \"value\": 0.001,\"low\": 0.000999,\"high\": 0.001001,\"margin\": 0.00001}},\
             \"violations\": [],\"marginals\": []}}],\"findings\": []}}]}}"
        );
        assert_eq!(squashed(&document(&[testing::damaged()])), expected);
    }

    #[test]
    fn an_unreadable_capture_has_its_error_and_nothing_else() {
        let name = r#"=\u001b[31m<b>|&\"'\u202e\n"#;
        let text = squashed(&document(&[testing::unreadable(), testing::passing()]));
        assert!(text.contains("\"verdict\": \"error\",\"captures\": ["), "{text}");
        let expected = format!(
            "{{\"path\": \"{name}.sr\",\"sha256\": null,\"format\": null,\"samplerate_hz\": null,\"samples\": null,\
             \"duration_s\": null,\"window\": null,\"integrity\": null,\"problems\": null,\"lost\": null,\
             \"subject\": null,\"sidecar\": null,\"log\": null,\"lines\": null,\"cameras\": null,\"spec\": null,\
             \"verdict\": \"error\",\"error\": \"not a sigrok session: no 'version' in\\n{name}\",\"reason\": null,\"unjudged\": null,\
             \"checks\": null,\"findings\": null}}"
        );
        assert!(text.contains(&expected), "{text}");
    }

    #[test]
    fn violations_and_findings_say_where() {
        let value: serde_json::Value = serde_json::from_str(&document(&[testing::failing()])).unwrap();
        let capture = &value["captures"][0];
        let check = &capture["checks"][1];
        let violation = serde_json::json!({
            "frame": 1, "from_sample": 2850, "to_sample": 3000, "time_s": 2.85e-3,
            "value": 1.5e-4, "low": 1.49e-4, "high": 1.51e-4, "margin": -4.5e-5,
        });
        assert_eq!(check["violations"], serde_json::json!([violation]));
        assert_eq!(check["worst"], violation);
        assert_eq!(check["marginals"][0]["time_s"], 3.795e-3);
        assert_eq!(check["camera"], testing::HOSTILE);
        let finding = &capture["findings"][0];
        assert_eq!(finding["at"], serde_json::json!([{ "sample": 2850, "time_s": 2.85e-3 }]));
        assert_eq!(finding["explains"], serde_json::json!(["exposure.time"]));
    }

    #[test]
    fn what_was_not_measured_is_null() {
        let value: serde_json::Value = serde_json::from_str(&document(&[testing::inconclusive()])).unwrap();
        let check = &value["captures"][0]["checks"][1];
        for key in ["min", "max", "mean", "sd", "p50", "p99", "p99.9", "uncertainty", "worst", "line"] {
            assert!(check.get(key).unwrap().is_null(), "{key}");
        }
        assert_eq!(check["measured"], 0);
    }

    #[test]
    fn the_schema_holds_for_what_is_written_and_for_nothing_else() {
        let schema = report_schema();
        jsonschema::meta::validate(&schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let captures = [
            testing::passing(),
            testing::failing(),
            testing::inconclusive(),
            testing::damaged(),
            testing::unreadable(),
        ];
        let report: serde_json::Value = serde_json::from_str(&document(&captures)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let broken = |change: fn(&mut serde_json::Value)| {
            let mut report = report.clone();
            change(&mut report);
            !validator.is_valid(&report)
        };
        assert!(broken(|report| report["schema"] = "strobecheck.report/1".into()));
        assert!(broken(|report| report["verdict"] = "ok".into()));
        assert!(broken(|report| _ = report["captures"][0].as_object_mut().unwrap().remove("window")));
        assert!(broken(|report| report["captures"][0]["extra"] = 1.into()));
        assert!(broken(|report| report["captures"][0]["checks"][0]["min"] = "1".into()));
        assert!(
            broken(|report| _ = report["captures"][1]["checks"][1]["worst"].as_object_mut().unwrap().remove("low"))
        );
        assert!(broken(|report| report["captures"][0]["spec"] = serde_json::json!({ "wiring.fsin": 1 })));
    }

    #[test]
    fn a_hundred_violations_are_listed() {
        for (held, listed) in [(99, 99), (100, 100), (101, 100)] {
            let Outcome::Judged(mut judgement) = testing::failing().outcome else { panic!("it is judged") };
            let check = &mut judgement.checks[1];
            check.violations = vec![check.violations[0].clone(); held];
            let capture =
                CaptureReport { path: "many.sr".to_owned(), outcome: Outcome::Judged(judgement), expected: None };
            let value: serde_json::Value = serde_json::from_str(&document(&[capture])).unwrap();
            assert_eq!(value["captures"][0]["checks"][1]["violations"].as_array().unwrap().len(), listed);
        }
    }
}
