//! Specs that extend others, and profiles.

use std::io;

use super::super::{PROFILES, Spec, SpecError, SpecFile, SpecRequest, SpecSource, profile};
use super::{rules, spec};
use crate::units::Rational;

/// Files by name, as they lie in one folder; the first is the spec that is read.
fn build(files: &[(&str, &str)], params: &[&str]) -> Result<Spec, SpecError> {
    let file = |name: &str| {
        let (name, text) = files.iter().find(|(known, _)| *known == name)?;
        Some(SpecFile { name: (*name).to_owned(), text: (*text).to_owned() })
    };
    let request = SpecRequest {
        source: file(files[0].0).map(SpecSource::File),
        params: params.iter().map(|param| param.parse().unwrap()).collect(),
        ..SpecRequest::default()
    };
    request.build(&|_, name| file(name).ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such file")))
}

fn profile_request(name: &str, wires: &[&str], limits: &[&str]) -> SpecRequest {
    SpecRequest {
        source: Some(SpecSource::Profile(name.to_owned())),
        params: Vec::new(),
        wires: wires.iter().map(|wire| wire.parse().unwrap()).collect(),
        limits: limits.iter().map(|limit| limit.parse().unwrap()).collect(),
        columns: Vec::new(),
    }
}

fn no_files(_: &str, _: &str) -> io::Result<SpecFile> {
    Err(io::ErrorKind::NotFound.into())
}

#[test]
fn later_keys_replace_those_of_the_base_one_by_one() {
    let base = "[wiring]\nfsin = 1\nstrobe = 2\n[timing]\nskip_frames = 5\nmin_frames = 7\n[analyzer]\nclock = \"9 ppm\"\n\
                edge = \"1 us\"\nglitch = { fsin = \"1 us\", strobe = \"2 us\" }\n\
                [limits]\nfsin.width = \">= 5 us\"\nexposure.time = \">= 1 ms\"\nline.edges.fsin = \">= 3\"\n\
                [camera.r]\nstrobe = 3\nlimits.exposure.time = \">= 3 ms\"";
    let board = "extends = \"base.toml\"\n[wiring]\nfsin = \"!F\"\n[timing]\nskip_frames = 0\n[analyzer]\n\
                 edge.strobe = \"2 us\"\nglitch.strobe = \"none\"\n[limits]\nfsin.width = \"none\"\n\
                 exposure.time = \">= 2 ms\"\nline.edges = \">= 4\"\n[camera.s]\nstrobe = 4";
    let spec = build(&[("board.toml", board), ("base.toml", base)], &[]).unwrap();
    assert_eq!((spec.rig.skip_frames, spec.min_frames), (0, 7));
    assert_eq!(spec.analyzer.clock, Rational::decimal(9, -6));
    let wires: Vec<_> = (spec.rig.wires().iter())
        .map(|wire| (wire.key(), wire.probe.to_string(), wire.edge.clone(), wire.glitch.clone()))
        .collect();
    let us = |value| Rational::decimal(value, -6);
    assert_eq!(wires[0], ("fsin".to_owned(), "F".to_owned(), us(1), Some(us(1))));
    assert_eq!(wires[1], ("strobe".to_owned(), "2".to_owned(), us(2), None));
    let rules = rules(&spec);
    let stated: Vec<&str> = rules.iter().map(String::as_str).filter(|rule| !rule.ends_with("(implied)")).collect();
    assert_eq!(
        stated,
        [
            "line.edges of fsin: >= 4",
            "line.edges of strobe: >= 4",
            "line.edges of strobe: >= 4",
            "line.edges of strobe: >= 4",
            "exposure.time of main: >= 2 ms",
            "exposure.time of r: >= 3 ms",
            "exposure.time of s: >= 2 ms",
        ]
    );
}

#[test]
fn chains_that_lead_nowhere_are_refused() {
    let circle = [("a", "extends = \"b\""), ("b", "extends = \"c\""), ("c", "extends = \"b\"")];
    let error = build(&circle, &[]).unwrap_err();
    assert_eq!(error.to_string(), "c:1:12: specs extend each other in a circle: a → b → c → b");
    let itself = build(&[("a", "extends = \"a\"")], &[]).unwrap_err();
    assert_eq!(itself.message(), "specs extend each other in a circle: a → a");
    let missing = build(&[("a", "extends = \"b.toml\"")], &[]).unwrap_err();
    assert_eq!(missing.message(), "'b.toml' is no profile, and as a file beside this one: there is no such file");
    let names: Vec<String> = (0..20).map(|index| index.to_string()).collect();
    let texts: Vec<String> = (1..=20).map(|index| format!("extends = \"{index}\"")).collect();
    let long: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    assert_eq!(build(&long, &[]).unwrap_err().message(), "more than 16 specs extend each other");
}

#[test]
fn errors_in_a_base_name_its_file() {
    let error = build(&[("a", "extends = \"b\""), ("b", "[wiring]\nstrob = 1")], &[]).unwrap_err();
    assert_eq!((error.source_name(), error.line_column().unwrap().line), (Some("b"), 2));
}

const PARAMETRIC: &str = "[params]\nexposure = { default = \"20 ms\", meaning = \"exposure time\" }\n\
                          [wiring]\nstrobe = 1\n[limits]\nexposure.time = \"${exposure} ± 50 us\"";

#[test]
fn parameters_are_set_by_the_spec_above_and_by_the_command_line() {
    let limit = |files: &[(&str, &str)], params: &[&str]| {
        let spec = build(files, params).unwrap();
        spec.rules.iter().find(|rule| rule.quantity.id == "exposure.time").unwrap().limits[0].text().to_owned()
    };
    let base = ("base", PARAMETRIC);
    let board = ("board", "extends = \"base\"\n[params]\nexposure = \"10 ms\"");
    assert_eq!(limit(&[base], &[]), "20 ms ± 50 us");
    assert_eq!(limit(&[board, base], &[]), "10 ms ± 50 us");
    assert_eq!(limit(&[board, base], &["exposure=6ms"]), "6 ms ± 50 us");
}

#[test]
fn parameters_that_are_wrong_are_told() {
    let unknown = build(&[("base", PARAMETRIC)], &["exposur=5ms"]).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "--param 'exposur=5ms': unknown parameter 'exposur'; did you mean 'exposure'? There are exposure"
    );
    assert_eq!(unknown.span(), Some(0..7));
    let senseless = build(&[("base", PARAMETRIC)], &["exposure=5"]).unwrap_err();
    assert!(
        senseless
            .to_string()
            .starts_with("base:6:17: a unit is missing: add s, ms, us (µs), ns, ps or min; it reads '5 ± 50 us'"),
        "{senseless}"
    );
}

#[test]
fn the_profiles_make_sense_and_can_be_extended() {
    for entry in PROFILES {
        let spec = profile_request(entry.name, &[], &[]).build(&no_files).unwrap();
        assert!(spec.rules.len() > 3, "{}", entry.name);
        assert_eq!(profile(entry.name), Some(entry));
        for parameter in entry.parameters().unwrap() {
            assert!(!parameter.meaning.is_empty());
            let as_default =
                format!("extends = \"{}\"\n[params]\n{} = \"{}\"", entry.name, parameter.name, parameter.default);
            let same = build(&[("board", &as_default)], &[]).unwrap();
            assert_eq!(same.effective, spec.effective);
        }
    }
    let unknown = profile_request("seed-oakdpoe-60", &[], &[]).build(&no_files).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "there is no profile 'seed-oakdpoe-60'; did you mean 'seed-oakdpoe-30'? 'strobecheck profiles' lists them all"
    );
}

#[test]
fn the_free_running_profile_works_with_strobe_alone() {
    let spec = profile_request("ov9282-freerun-30", &["strobe=D2"], &["exposure.time=20 ms ± 18.2 us"]);
    let spec = spec.build(&no_files).unwrap();
    assert_eq!(spec.rig.wires().len(), 1);
    assert_eq!(spec.rig.wires()[0].probe.to_string(), "D2");
    assert_eq!(
        rules(&spec),
        [
            "line.edges of strobe: >= 1 (implied)",
            "frame.time of main: 1/30 s ± 0.1 %",
            "frame.jitter of main: <= 18.2 us",
            "frame.drift of main: 0 ppm ± 370 ppm",
            "frame.missing of main: 0 (implied)",
            "frame.extra of main: 0 (implied)",
            "exposure.time of main: 20 ms ± 18.2 us",
            "exposure.gap of main: >= 209.3 us",
        ]
    );
}

#[test]
fn the_seed_profile_judges_the_exposures_of_the_diagram() {
    let spec = profile_request("seed-oakdpoe-30", &["flash=D3"], &["flash.coverage=>= 99 %"]).build(&no_files).unwrap();
    assert_eq!(
        rules(&spec),
        [
            "line.edges of fsin: >= 1 (implied)",
            "line.edges of strobe: >= 1 (implied)",
            "line.edges of flash: >= 1 (implied)",
            "frame.time of main: 1/30 s ± 0.1 %",
            "frame.missing of main: 0 (implied)",
            "frame.extra of main: 0 (implied)",
            "fsin.width of main: >= 5 us",
            "exposure.time of main: 20 ms ± 18.2 us, 10 ms ± 18.2 us, 30 ms ± 18.2 us",
            "exposure.end of main: 0 us ± 20 us",
            "exposure.missing of main: 0 (implied)",
            "exposure.extra of main: 0 (implied)",
            "flash.coverage of main: >= 99 %",
            "flash.missing of main: 0 (implied)",
            "flash.extra of main: 0 (implied)",
        ]
    );
}

#[test]
fn a_parameter_of_several_values_makes_as_many_entries() {
    let exposures = |params: &[&str]| {
        let spec = build(&[("a.toml", "extends = \"seed-oakdpoe-30\"\n")], params).unwrap();
        let rule = spec.rules.iter().find(|rule| rule.quantity.id == "exposure.time").unwrap();
        rule.limits.iter().map(|limit| limit.text().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(exposures(&["exposure=20ms"]), ["20 ms ± 18.2 us"]);
    assert_eq!(exposures(&["exposure=5 ms,7 ms", "tolerance=1 us"]), ["5 ms ± 1 us", "7 ms ± 1 us"]);
    assert_eq!(exposures(&["exposure=5 ms,7 ms", "tolerance=1 us, 2 us"]), ["5 ms ± 1 us", "7 ms ± 2 us"]);
}

const CALIBRATION: &str = "serial = \"07\"\ndate = \"2026-08-20\"\ncorrection = \"+97.02 ppm\"\nclock = \"0.6 ppm\"\n\
                           line = \"D7\"\nfrequency = \"1 kHz\"\n";
const CALIBRATED: &str =
    "wiring.strobe = \"D0\"\nlimits.exposure.time = \">= 1 ms\"\nanalyzer.calibration = \"fx2.toml\"\n";

#[test]
fn a_calibration_states_correction_and_clock() {
    let ppm = |hundredths| Rational::decimal(hundredths, -8);
    let spec = build(&[("a.toml", CALIBRATED), ("fx2.toml", CALIBRATION)], &[]).unwrap();
    assert_eq!((spec.analyzer.correction.clone(), spec.analyzer.clock.clone()), (ppm(9702), ppm(60)));
    let shown = spec.effective.iter().find(|(key, _)| key == "analyzer.calibration").unwrap();
    assert_eq!(shown.1, "fx2.toml, serial 07, 2026-08-20");
    // As a spec, it says the same without the file.
    let again = build(&[("b.toml", &spec.to_toml())], &[]).unwrap();
    assert_eq!((again.analyzer.correction, again.analyzer.clock), (ppm(9702), ppm(60)));
    // A clock beside it stays: it may allow for drift.
    let drifting = format!("{CALIBRATED}analyzer.clock = \"5 ppm\"\n");
    let spec = build(&[("a.toml", &drifting), ("fx2.toml", CALIBRATION)], &[]).unwrap();
    assert_eq!((spec.analyzer.correction, spec.analyzer.clock), (ppm(9702), ppm(500)));
    // A spec on top may know better.
    let upper = "extends = \"a.toml\"\nanalyzer.correction = \"-3 ppm\"\n";
    let spec = build(&[("c.toml", upper), ("a.toml", CALIBRATED), ("fx2.toml", CALIBRATION)], &[]).unwrap();
    assert_eq!((spec.analyzer.correction, spec.analyzer.clock), (ppm(-300), ppm(60)));
    assert!(spec.effective.iter().all(|(key, _)| key != "analyzer.calibration"));
}

#[test]
fn a_calibration_that_cannot_be_used_is_an_error_where_it_stands() {
    for (spec, calibration, error) in [
        (
            CALIBRATED,
            "",
            "fx2.toml:1:1: it states no correction; a calibration says at least: correction = \"+97 ppm\"",
        ),
        (CALIBRATED, "correction = \"+97\"\n", "fx2.toml:1:15: a unit is missing: add ppm or %"),
        (
            CALIBRATED,
            "corection = \"+97 ppm\"\n",
            "fx2.toml:1:1: unknown key 'corection' in a calibration; did you mean 'correction'? It takes correction, clock, serial, date, line, frequency",
        ),
        (CALIBRATED, "serial = 7\n", "fx2.toml:1:10: expected a text, found a bare number"),
        (
            "wiring.strobe = \"D0\"\nanalyzer.calibration = \"fx9.toml\"\n",
            "",
            "a.toml:2:25: the calibration 'fx9.toml', a file beside this one: there is no such file; strobecheck calibrate writes one with -o FILE",
        ),
        (
            "wiring.strobe = \"D0\"\nanalyzer.calibration = \"fx2.toml\"\nanalyzer.correction = \"1 ppm\"\n",
            CALIBRATION,
            "a.toml:3:10: the correction is stated here and by the calibration; keep one of the two",
        ),
    ] {
        let refused = build(&[("a.toml", spec), ("fx2.toml", calibration)], &[]).unwrap_err();
        assert_eq!(refused.to_string(), error);
    }
}

/// A profile does not know how long its users record: only they say how many frames were to come.
#[test]
fn the_least_number_of_frames_of_a_profile_is_no_number_of_those_that_were_to_come() {
    let profile = spec("extends = \"ov9282-freerun-30\"\n");
    assert_eq!((profile.min_frames, profile.rig.expected_frames), (10, None));
    let own = spec("extends = \"ov9282-freerun-30\"\ntiming.min_frames = 60\n");
    assert_eq!((own.min_frames, own.rig.expected_frames), (60, Some(60)));
    let stated = spec("extends = \"ov9282-freerun-30\"\ntiming.expected_frames = 7\n");
    assert_eq!((stated.min_frames, stated.rig.expected_frames), (10, Some(7)));
    // The least number of a spec above takes nothing back that is stated, and 1 is a number as well as any.
    let base = "wiring.strobe = 2\ntiming.expected_frames = 100\n";
    let files = [("up.toml", "extends = \"base.toml\"\ntiming.min_frames = 5\n"), ("base.toml", base)];
    let above = build(&files, &[]).unwrap();
    assert_eq!((above.min_frames, above.rig.expected_frames), (5, Some(100)));
    let one = spec("wiring.strobe = 2\ntiming = { min_frames = 5, expected_frames = 1 }\n");
    assert_eq!((one.min_frames, one.rig.expected_frames), (5, Some(1)));
    for order in ["min_frames = 60, expected_frames = \"none\"", "expected_frames = \"none\", min_frames = 60"] {
        let unknown = spec(&format!("timing = {{ {order} }}\nwiring.strobe = 2\n"));
        assert_eq!((unknown.min_frames, unknown.rig.expected_frames), (60, None));
    }
}
