//! `--wire` and `--limit`, alone and over a spec.

use std::io;

use super::super::{
    LimitOverride, ParamOverride, Spec, SpecError, SpecFile, SpecRequest, SpecSource, WireOverride, probe_text,
};
use super::rules;
use crate::rig::{Polarity, ProbeSelector};

fn build(text: Option<&str>, wires: &[&str], limits: &[&str]) -> Result<Spec, SpecError> {
    let file = |text: &str| SpecSource::File(SpecFile { name: "spec.toml".to_owned(), text: text.to_owned() });
    let request = SpecRequest {
        source: text.map(file),
        params: Vec::new(),
        wires: wires.iter().map(|wire| wire.parse()).collect::<Result<_, _>>()?,
        limits: limits.iter().map(|limit| limit.parse()).collect::<Result<_, _>>()?,
        columns: Vec::new(),
    };
    request.build(&|_, _| Err(io::ErrorKind::NotFound.into()))
}

/// The wires as `owner key=probe`.
fn wires(spec: &Spec) -> Vec<String> {
    let sign = |polarity| match polarity {
        Polarity::ActiveHigh => "",
        Polarity::ActiveLow => "!",
    };
    (spec.rig.wires().iter())
        .map(|wire| format!("{} {}={}{}", wire.owner, wire.key(), sign(wire.polarity), wire.probe))
        .collect()
}

#[test]
fn a_spec_may_come_from_the_command_line_alone() {
    let wiring = ["strobe=D2", "main.fsin=3", "flash=low:D=4", "right.strobe=!D5"];
    let limits = ["exposure.time=>= 1 ms", "right:exposure.time=>= 2 ms", "main:fsin.width= >= 5 us"];
    let spec = build(None, &wiring, &limits).unwrap();
    assert_eq!(wires(&spec), ["main fsin=3", "main strobe=D2", "main flash=!D=4", "right strobe=!D5"]);
    let rules = rules(&spec);
    let stated: Vec<&str> = rules.iter().map(String::as_str).filter(|rule| !rule.ends_with("(implied)")).collect();
    assert_eq!(
        stated,
        [
            "fsin.width of main: >= 5 us",
            "fsin.width of right: >= 5 us",
            "exposure.time of main: >= 1 ms",
            "exposure.time of right: >= 2 ms"
        ]
    );
}

#[test]
fn strobe_comes_on_several_pins_in_turn() {
    let spec = |wire: &str| build(None, &[wire], &["exposure.time=>= 1 ms"]);
    assert_eq!(wires(&spec("strobe=TOUT1,!TOUT2").unwrap()), ["main strobe.1=TOUT1", "main strobe.2=!TOUT2"]);
    assert_eq!(wires(&spec("strobe=bit:3,D4,D5").unwrap()).len(), 3);
    // A probe that has a comma in its name, as its text is written.
    for name in ["A,B", "!A,B"] {
        for polarity in [Polarity::ActiveHigh, Polarity::ActiveLow] {
            let selector = ProbeSelector::Name(name.to_owned());
            let built = spec(&format!("strobe={}", probe_text(&selector, polarity))).unwrap();
            let [wire] = built.rig.wires() else { panic!("{:?}", wires(&built)) };
            assert_eq!((&wire.probe, wire.polarity), (&selector, polarity));
        }
    }
    assert!(spec("strobe=TOUT1,").unwrap_err().message().starts_with("expected the name of a probe"));
    let seventeen = vec!["D1"; 17].join(",");
    assert_eq!(
        spec(&format!("strobe={seventeen}")).unwrap_err().message(),
        "expected 2 to 16 pins that pulse in turn, found 17"
    );
    // Of other lines it is a name.
    assert_eq!(wires(&build(None, &["strobe=S", "fsin=A,B"], &["exposure.time=>= 1 ms"]).unwrap())[0], "main fsin=A,B");
}

#[test]
fn arguments_go_before_the_file() {
    let file =
        "[wiring]\nstrobe = 1\nfsin = 2\nflash = 3\n[limits]\nexposure.time = \">= 1 ms\"\nfsin.width = \">= 1 us\"";
    let overrides = ["strobe=D5", "fsin=none", "flash.B=D7", "flash.A=!D8"];
    let limits = ["exposure.time=>= 2 ms", "fsin.width=none", "line.edges.flash.A=>= 5", "line.edges.strobe=none"];
    let spec = build(Some(file), &overrides, &limits).unwrap();
    assert_eq!(wires(&spec), ["main strobe=D5", "main flash.B=D7", "main flash.A=!D8"]);
    assert_eq!(
        rules(&spec),
        [
            "line.edges of flash.B: >= 1 (implied)",
            "line.edges of flash.A: >= 5",
            "frame.missing of main: 0 (implied)",
            "exposure.time of main: >= 2 ms",
            "flash.missing of main: 0 (implied)",
            "flash.extra of main: 0 (implied)"
        ]
    );
}

#[test]
fn what_two_arguments_state_is_refused_with_both() {
    let shown = |error: SpecError| error.render();
    let limits = build(None, &["strobe=D2"], &["exposure.time=>= 19 ms", "main:exposure.time=<= 21 ms"]).unwrap_err();
    assert_eq!(limits.message(), "--limit states 'exposure.time' twice");
    let limits = shown(limits);
    assert!(limits.contains("<= 21 ms") && limits.contains("--limit 'exposure.time=>= 19 ms'"), "{limits}");
    assert!(limits.contains("exposure.time=19 ms .. 21 ms"), "{limits}");
    let wires = build(None, &["right.strobe=D2", "strobe=D1", "right.strobe=D3"], &[]).unwrap_err();
    assert_eq!(wires.message(), "--wire states 'right.strobe' twice");
    assert!(shown(wires).contains("--wire 'right.strobe=D2'"));
    let flash = build(None, &["flash.A=D2", "flash.B=D1", "flash.A=D3"], &[]).unwrap_err();
    assert_eq!(flash.message(), "--wire states 'flash.A' twice");
    let params: Vec<ParamOverride> = ["exposure=1ms", "exposure=2ms"].map(|param| param.parse().unwrap()).to_vec();
    let request = SpecRequest { params, ..SpecRequest::default() };
    let error = request.build(&|_, _| Err(io::ErrorKind::NotFound.into())).unwrap_err();
    assert_eq!(error.message(), "--param states 'exposure' twice");
    // Of one line, of all lines, and of one camera are three limits.
    let limits = ["line.edges=>= 2", "line.edges.strobe=>= 3", "right:line.edges=>= 4"];
    build(None, &["strobe=D1", "right.strobe=D2"], &limits).unwrap();
}

#[test]
fn arguments_that_make_no_sense_are_quoted() {
    for (option, argument, expected) in [
        (
            "wire",
            "strobe",
            "expected [CAMERA.]ROLE=PROBE; for example strobe=D2, right.strobe=D3, flash=low:D4 or strobe=TOUT1,TOUT2",
        ),
        ("wire", "strob=D2", "unknown line 'strob'; did you mean 'strobe'?"),
        ("wire", "right.xx=D2", "unknown line 'xx'; the lines are trigger, fsin, strobe, flash, readout, ready"),
        ("wire", "strobe=", "expected the name of a probe, such as \"D2\" or \"!D2\", or its bit"),
        ("wire", "right.trigger=D1", "the trigger line is shared by all cameras: wire trigger=PROBE"),
        ("wire", ".strobe=D1", "the name of a camera is empty; "),
        ("wire", "flash.=D1", "the name of a flash line is empty; "),
        ("limit", "exposure.time", "expected [CAMERA:]ID=LIMIT; "),
        ("limit", "exposure.tme=>= 1 ms", "unknown quantity 'exposure.tme'; did you mean 'exposure.time'?"),
        (
            "limit",
            "flash.l=>= 1 ms",
            "unknown quantity 'flash.l'; did you mean flash.lead, flash.lag, flash.latency or flash.leak?",
        ),
        ("limit", "exposure.t=>= 1 ms", "unknown quantity 'exposure.t'; did you mean exposure.time or exposure.turn?"),
        (
            "limit",
            "exposure.time=>= 20 ms .. 30 ms",
            "a limit has one form: MIN .. MAX, >= MIN, <= MAX or NOMINAL ± TOLERANCE; ",
        ),
        ("limit", "exposure.time=20 ms .. <= 30 ms", "a limit has one form: "),
        ("limit", "exposure.time=20 ± 1 us", "a unit is missing: add s, ms, us (µs), ns, ps or min; "),
        ("limit", "exposure.time.strobe=>= 1 ms", "exposure.time is not measured on single lines"),
        (
            "limit",
            "line.edges.strob=0",
            "unknown line 'strob'; the lines are trigger, fsin, strobe, flash, readout, ready",
        ),
        ("limit", "line.edges.strobe.A=0", "unknown line 'strobe.A'; "),
        ("limit", "left:exposure.time=>= 1 ms", "there is no camera 'left'; there are main, right"),
        ("limit", "rigth:exposure.time=>= 1 ms", "there is no camera 'rigth'; did you mean 'right'?"),
        ("limit", "exposure.end=<= 1 ms", "exposure.end is measured on FSIN and STROBE; camera 'main' lacks FSIN; "),
        ("param", "exposure", "expected NAME=VALUE; for example exposure=20ms"),
    ] {
        let spec = "[wiring]\nstrobe = 1\n[camera.right]\nstrobe = 2";
        let error = match option {
            "wire" => build(Some(spec), &[argument], &[]).unwrap_err(),
            "limit" => build(Some(spec), &[], &[argument]).unwrap_err(),
            _ => argument.parse::<ParamOverride>().unwrap_err(),
        };
        let expected = format!("--{option} '{argument}': {}", expected.trim_end_matches("; "));
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
}

#[test]
fn an_argument_is_shown_with_a_caret() {
    let error = build(None, &["strobe=D2"], &["exposure.time=20 ms ± 5 Hz"]).unwrap_err();
    let shown = error.render();
    let lines: Vec<&str> = shown.lines().skip(1).take(4).collect();
    assert_eq!(lines, [" --> --limit:1:25", "  |", "1 | exposure.time=20 ms ± 5 Hz", "  |                         ^^"]);
}

#[test]
fn a_list_of_limits_is_taken_as_in_a_spec() {
    let listed = "exposure.time=[\"20 ms ± 50 us\", \"10 ms ± 50 us\"]";
    let file = "wiring.strobe = \"D2\"\n[limits]\nexposure.time = [\"20 ms ± 50 us\", \"10 ms ± 50 us\"]\n";
    assert_eq!(rules(&build(None, &["strobe=D2"], &[listed]).unwrap()), rules(&build(Some(file), &[], &[]).unwrap()));
    // What the error says is what can be typed.
    let help = "a list stands in brackets, and each of its limits in quotes: ";
    let bare = build(None, &["strobe=D2"], &["exposure.time=20 ms ± 50 us, 10 ms ± 50 us"]).unwrap_err();
    let typed = format!("exposure.time= {} ", bare.suggestion().unwrap().strip_prefix(help).unwrap());
    assert_eq!(typed.trim_end(), listed.replace('=', "= "));
    build(None, &["strobe=D2"], &[&typed]).unwrap();
    build(None, &["strobe=D2"], &["exposure.time={ limit = \"20 ms ± 50 us\", allow = 2 }"]).unwrap();
    for (argument, message, wrong) in [
        ("exposure.time=[\"20 ms ± 50 us\", \"10 mss\"]", "unknown unit 'mss'", "mss"),
        ("exposure.time=[]", "a sequence of no limits", "[]"),
        ("frame.missing=[\"0\", \"1\"]", "frame.missing has one value per capture: ", "[\"0\", \"1\"]"),
    ] {
        let error = build(None, &["strobe=D2"], &[argument]).unwrap_err();
        assert!(error.message().starts_with(message), "{error}");
        assert_eq!(&argument[error.span().unwrap()], wrong, "{error}");
    }
    let unquoted = build(None, &["strobe=D2"], &["exposure.time=[20 ms ± 50 us, 10 ms ± 50 us]"]).unwrap_err();
    assert!(unquoted.message().starts_with("this is not TOML: "), "{unquoted}");
    assert!(unquoted.suggestion().unwrap().starts_with("quote each limit and the argument: "), "{unquoted}");
    assert!(unquoted.span().unwrap().start >= "exposure.time=[".len(), "{unquoted}");
}

#[test]
fn blanks_around_the_equals_sign_are_nothing() {
    let plain = build(None, &["strobe=D2"], &["exposure.time=20 ms ± 5 us"]).unwrap();
    let spaced = build(None, &[" strobe =D2"], &["exposure.time = 20 ms ± 5 us"]).unwrap();
    assert_eq!(spaced.effective, plain.effective);
    let error = build(None, &["strobe=D2"], &[" exposure.tim = 20 ms ± 5 us"]).unwrap_err();
    assert_eq!(error.render().lines().nth(4), Some("  |  ^^^^^^^^^^^^"));
}

#[test]
fn without_a_line_there_is_nothing_to_judge() {
    let nothing = build(None, &[], &[]).unwrap_err();
    let expected = "no line is wired to a probe; add strobe = \"PROBE\" in [wiring], or --wire strobe=PROBE";
    assert_eq!((nothing.to_string().as_str(), nothing.span()), (expected, None));
    assert_eq!(nothing.render().lines().next(), Some("error: no line is wired to a probe"));
    let unwired = build(None, &["strobe=none"], &[]).unwrap_err();
    assert_eq!(unwired.message(), "no line is wired to a probe");
}

#[test]
fn arguments_can_be_shared_between_threads() {
    fn is_shared<T: Clone + Send + Sync + 'static>() {}
    is_shared::<WireOverride>();
    is_shared::<LimitOverride>();
    is_shared::<ParamOverride>();
}
