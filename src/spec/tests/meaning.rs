//! What a spec means: its rig, its rules, and what they imply.

use super::super::{Allow, Origin, SequencePhase, Spec};
use super::{rules, spec};
use crate::rig::{
    Alignment, AlignmentSetting, Camera, Ends, Polarity, ProbeSelector, Rhythm, Role, Shutter, Skew, Wire,
};
use crate::units::Rational;

fn name(text: &str) -> ProbeSelector {
    ProbeSelector::Name(text.to_owned())
}

#[test]
fn what_is_left_out_has_its_default() {
    let spec = spec("[wiring]\nstrobe = \"D2\"");
    assert_eq!(spec.rig.cameras.len(), 1);
    let mut camera = Camera::new("main");
    spec.rig.wire_indices().for_each(|wire| camera.connect(Role::Strobe, wire));
    assert_eq!(spec.rig.cameras[0], camera);
    let wire = Wire {
        role: Role::Strobe,
        name: None,
        owner: "main".to_owned(),
        probe: name("D2"),
        polarity: Polarity::ActiveHigh,
        edge: Rational::ZERO,
        glitch: None,
    };
    assert_eq!(spec.rig.wires(), [wire]);
    assert_eq!((spec.rig.ends, spec.rig.skip_frames), (Ends::Unstated, 0));
    assert_eq!((spec.analyzer.clock, spec.analyzer.correction), (Rational::decimal(1, -4), Rational::ZERO));
    assert_eq!((spec.min_frames, spec.sequence), (1, SequencePhase::Fit));
    assert_eq!(spec.effective.len(), 13);
}

#[test]
fn every_setting_arrives() {
    let spec = spec(
        "[wiring]\nstrobe = 2\n[timing]\nframe_time = \"1/30 s\"\nburst = 3\nskip_frames = 5\nmin_frames = 10\n\
         ends = \"stops\"\nsequence = \"strict\"\nshutter = \"rolling\"\nreadout_time = \"16.54 ms\"\n\
         [analyzer]\nclock = \"0.005 %\"\ncorrection = \"+97 ppm\"\nedge = \"2 us\"\nglitch = \"1 us\"",
    );
    assert_eq!(spec.rig.cameras[0].frame_time, Rational::new(1, 30));
    assert_eq!((spec.rig.ends, spec.rig.skip_frames, spec.min_frames), (Ends::Stops, 5, 10));
    assert_eq!(spec.sequence, SequencePhase::Strict);
    assert_eq!((spec.analyzer.clock, spec.analyzer.correction), (Rational::decimal(5, -5), Rational::decimal(97, -6)));
    let camera = &spec.rig.cameras[0];
    assert_eq!((camera.burst.get(), camera.alignment), (3, AlignmentSetting::Stated(Alignment::Start)));
    assert_eq!(camera.shutter, Shutter::Rolling { readout_time: Rational::decimal(1654, -5) });
    let wire = &spec.rig.wires()[0];
    assert_eq!(wire.probe, ProbeSelector::Bit(2));
    assert_eq!((&wire.edge, &wire.glitch), (&Rational::decimal(2, -6), &Some(Rational::decimal(1, -6))));
}

#[test]
fn probes_by_name_bit_and_polarity() {
    let spec = spec(
        "[wiring]\ntrigger = \"3\"\nfsin = 3\nstrobe = \"low:D 4\"\nflash = { B = \"!5\", A = 6 }\nreadout = \"!!x\"",
    );
    let wires: Vec<_> = spec.rig.wires().iter().map(|wire| (wire.key(), wire.probe.clone(), wire.polarity)).collect();
    assert_eq!(
        wires,
        [
            ("trigger".to_owned(), name("3"), Polarity::ActiveHigh),
            ("fsin".to_owned(), ProbeSelector::Bit(3), Polarity::ActiveHigh),
            ("strobe".to_owned(), name("D 4"), Polarity::ActiveLow),
            ("flash.B".to_owned(), name("5"), Polarity::ActiveLow),
            ("flash.A".to_owned(), ProbeSelector::Bit(6), Polarity::ActiveHigh),
            ("readout".to_owned(), name("!x"), Polarity::ActiveLow),
        ]
    );
}

#[test]
fn edges_and_glitches_by_role() {
    let spec = spec(
        "[wiring]\nfsin = 1\nstrobe = 2\nflash = { A = 3, B = 4 }\n[analyzer]\nedge = { flash = \"30 us\" }\n\
         glitch = { strobe = \"1 us\", fsin = \"none\" }",
    );
    let of = |key: &str| spec.rig.wires().iter().find(|wire| wire.key() == key).unwrap();
    assert_eq!((&of("fsin").edge, &of("fsin").glitch), (&Rational::ZERO, &None));
    assert_eq!((&of("strobe").edge, &of("strobe").glitch), (&Rational::ZERO, &Some(Rational::decimal(1, -6))));
    assert_eq!((&of("flash.B").edge, &of("flash.B").glitch), (&Rational::decimal(3, -5), &None));
}

#[test]
fn cameras_share_what_they_do_not_name() {
    let spec = spec(
        "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\nflash = \"L\"\n[timing]\nalignment = \"end\"\n\
         [camera.right]\nstrobe = \"R\"\nfsin = \"F\"\n[camera.left]\nreadout = 9\nflash = \"none\"\nalignment = \"auto\"",
    );
    let [main, right, left] = spec.rig.cameras.as_slice() else { panic!("{:?}", spec.rig.cameras) };
    assert_eq!((right.name.as_str(), left.name.as_str()), ("right", "left"));
    assert_eq!(
        [Role::Fsin, Role::Flash].map(|role| right.wires(role)),
        [Role::Fsin, Role::Flash].map(|role| main.wires(role)),
        "shared, even where it is named again"
    );
    assert_ne!(right.wire(Role::Strobe), main.wire(Role::Strobe));
    assert_eq!(
        [Role::Strobe, Role::Fsin, Role::Flash].map(|role| left.wire(role)),
        [None, main.wire(Role::Fsin), None],
        "a STROBE is never shared"
    );
    assert_eq!((right.alignment, left.alignment), (AlignmentSetting::Stated(Alignment::End), AlignmentSetting::Auto));
    let owners: Vec<_> = spec.rig.wires().iter().map(|wire| (wire.key(), wire.owner.as_str())).collect();
    let keys = [("fsin", "main"), ("strobe", "main"), ("flash", "main"), ("strobe", "right"), ("readout", "left")];
    assert_eq!(owners, keys.map(|(key, owner)| (key.to_owned(), owner)));
}

#[test]
fn cameras_share_the_readout_time_and_choose_the_shutter() {
    let spec = spec(
        "[wiring]\nstrobe = 1\n[timing]\nreadout_time = \"9 ms\"\n[camera.r]\nstrobe = 2\nshutter = \"rolling\"\n\
         [camera.s]\nstrobe = 3\nshutter = \"rolling\"\nreadout_time = \"5 ms\"",
    );
    let rolling = |ms| Shutter::Rolling { readout_time: Rational::decimal(ms, -3) };
    let shutters: Vec<_> = spec.rig.cameras.iter().map(|camera| camera.shutter.clone()).collect();
    assert_eq!(shutters, [Shutter::Global, rolling(9), rolling(5)]);
}

#[test]
fn a_main_camera_without_lines_is_none() {
    let spec = spec("[camera.left]\nstrobe = 1\n[camera.right]\nstrobe = 2\n[limits]\nexposure.time = \">= 1 ms\"");
    assert_eq!(
        rules(&spec),
        [
            "line.edges of strobe: >= 1 (implied)",
            "line.edges of strobe: >= 1 (implied)",
            "frame.missing of left: 0 (implied)",
            "frame.missing of right: 0 (implied)",
            "exposure.time of left: >= 1 ms",
            "exposure.time of right: >= 1 ms",
        ]
    );
}

#[test]
fn rules_stand_in_the_order_of_the_catalogue_then_of_cameras_and_lines() {
    let spec = spec(
        "[wiring]\nstrobe = \"S\"\nfsin = \"F\"\nflash = \"L\"\n[camera.right]\nstrobe = \"R\"\n\
         limits.exposure.time = \"10 ms ± 50 us\"\n[limits]\nflash.lag = \"0 us .. 1 ms\"\n\
         exposure.time = [\"20 ms ± 50 us\", \"10 ms ± 50 us\"]\nframe.time = \"1/30 s ± 0.1 %\"\n\
         line.edges = { fsin = \">= 0\" }",
    );
    assert_eq!(spec.rig.cameras[0].frame_time, Rational::new(1, 30), "the nominal of frame.time");
    assert_eq!(
        rules(&spec),
        [
            "line.edges of fsin: >= 0",
            "line.edges of strobe: >= 1 (implied)",
            "line.edges of flash: >= 1 (implied)",
            "line.edges of strobe: >= 1 (implied)",
            "frame.time of main: 1/30 s ± 0.1 %",
            "frame.time of right: 1/30 s ± 0.1 %",
            "frame.missing of main: 0 (implied)",
            "frame.missing of right: 0 (implied)",
            "frame.extra of main: 0 (implied)",
            "frame.extra of right: 0 (implied)",
            "exposure.time of main: 20 ms ± 50 us, 10 ms ± 50 us",
            "exposure.time of right: 10 ms ± 50 us",
            "exposure.missing of main: 0 (implied)",
            "exposure.missing of right: 0 (implied)",
            "exposure.extra of main: 0 (implied)",
            "exposure.extra of right: 0 (implied)",
            "flash.lag of main: 0 us .. 1 ms",
            "flash.lag of right: 0 us .. 1 ms",
            "flash.missing of main: 0 (implied)",
            "flash.missing of right: 0 (implied)",
            "flash.extra of main: 0 (implied)",
            "flash.extra of right: 0 (implied)",
        ]
    );
}

/// The rules besides `line.edges`.
fn judged(text: &str) -> Vec<String> {
    rules(&spec(text)).into_iter().filter(|rule| !rule.starts_with("line.edges")).collect()
}

#[test]
fn missing_and_extra_follow_where_their_lines_are_wired() {
    let exposure = "[limits]\nexposure.time = \">= 1 ms\"";
    // STROBE alone: without a frame time nothing is counted, and a rhythm that breaks leaves it open.
    assert_eq!(
        judged(&format!("[wiring]\nstrobe = 1\n{exposure}")),
        ["frame.missing of main: 0 (implied)", "exposure.time of main: >= 1 ms"]
    );
    // With one, frames come from STROBE, and a lost exposure is a missing frame.
    assert_eq!(
        judged(&format!("[wiring]\nstrobe = 1\n[timing]\nframe_time = \"10 ms\"\n{exposure}")),
        ["frame.missing of main: 0 (implied)", "frame.extra of main: 0 (implied)", "exposure.time of main: >= 1 ms"]
    );
    // With FSIN, a lost exposure is a missing exposure, and a camera that stops stops its frames.
    let of_exposures = [
        "exposure.time of main: >= 1 ms",
        "exposure.missing of main: 0 (implied)",
        "exposure.extra of main: 0 (implied)",
    ];
    let of_frames = ["frame.missing of main: 0 (implied)", "frame.extra of main: 0 (implied)"];
    for alignment in ["", "alignment = \"end\"\n", "alignment = \"start\"\n"] {
        assert_eq!(
            judged(&format!("[wiring]\nstrobe = 1\nfsin = 2\n[timing]\nframe_time = \"10 ms\"\n{alignment}{exposure}")),
            [of_frames.as_slice(), &of_exposures].concat(),
            "{alignment}"
        );
    }
    // Frames without a nominal frame time.
    assert_eq!(
        judged("[wiring]\nfsin = 2\n[limits]\nframe.jitter = \"<= 1 us\""),
        ["frame.jitter of main: <= 1 us", "frame.missing of main: 0 (implied)"]
    );
    // A flash without STROBE.
    assert_eq!(
        judged("[wiring]\nflash = 2\n[limits]\nflash.on-time = \"<= 1 ms\""),
        ["flash.on-time of main: <= 1 ms"]
    );
    // Whatever family is judged, every line that is wired owes its pulses.
    assert_eq!(
        judged("[wiring]\nfsin = 1\nstrobe = 2\nflash = 3\n[limits]\nflash.missing = \"<= 2\""),
        [
            "frame.missing of main: 0 (implied)",
            "exposure.missing of main: 0 (implied)",
            "exposure.extra of main: 0 (implied)",
            "flash.missing of main: <= 2",
            "flash.extra of main: 0 (implied)"
        ]
    );
    assert_eq!(
        judged("[wiring]\nfsin = 1\nstrobe = 2\n[limits]\nfsin.width = \">= 5 us\""),
        [
            "frame.missing of main: 0 (implied)",
            "fsin.width of main: >= 5 us",
            "exposure.missing of main: 0 (implied)",
            "exposure.extra of main: 0 (implied)"
        ]
    );
    // Those that only their own family judges.
    let lines = "[wiring]\ntrigger = 0\nfsin = 1\nstrobe = 2\nreadout = 3\n[camera.b]\nstrobe = 4\n[timing]\nframe_time = \"10 ms\"\n";
    let implied = |limit: &str| -> Vec<String> {
        let rules = judged(&format!("{lines}[limits]\n{limit}")).into_iter();
        let own = ["trigger", "readout", "skew", "timestamp", "rolling"];
        rules.filter(|rule| rule.ends_with("(implied)") && own.iter().any(|family| rule.starts_with(family))).collect()
    };
    let always = [
        "trigger.missing of main: 0 (implied)",
        "trigger.missing of b: 0 (implied)",
        "readout.missing of main: 0 (implied)",
    ];
    assert_eq!(implied("fsin.width = \">= 5 us\""), always);
    assert_eq!(
        implied("trigger.latency = \">= 5 us\""),
        [
            "trigger.missing of main: 0 (implied)",
            "trigger.missing of b: 0 (implied)",
            "trigger.extra of main: 0 (implied)",
            "trigger.extra of b: 0 (implied)",
            "readout.missing of main: 0 (implied)"
        ]
    );
    assert_eq!(implied("skew.end = \"0 us ± 5 us\""), [&always[..], &["skew.missing of b: 0 (implied)"]].concat());
}

#[test]
fn windows_of_a_rolling_shutter_are_owed_where_a_flash_needs_them() {
    let rolling =
        "[wiring]\nstrobe = 1\nflash = 2\n[timing]\nshutter = \"rolling\"\nreadout_time = \"10 ms\"\n[limits]\n";
    for (limit, expected) in [
        ("flash.coverage = \">= 90 %\"", true),
        ("rolling.margin-start = \">= 0 s\"", true),
        ("rolling.margin-end = \">= 0 s\"", true),
        ("rolling.window = \">= 1 ms\"", false),
        ("flash.lag = \"<= 1 ms\"", false),
        // Nothing says which exposures need none.
        ("flash.coverage = \">= 90 %\"\nflash.missing = \"1\"", false),
        ("flash.coverage = \">= 90 %\"\nflash.missing = \"0\"", true),
        ("flash.coverage = \">= 90 %\"\nflash.missing = \"none\"", false),
    ] {
        let rules = judged(&format!("{rolling}{limit}"));
        assert_eq!(rules.contains(&"rolling.empty of main: 0 (implied)".to_owned()), expected, "{limit}");
    }
}

#[test]
fn frames_that_are_events_have_no_frame_time() {
    let events = "[wiring]\nstrobe = 1\n[timing]\nrhythm = \"events\"\n";
    assert_eq!(spec(events).rig.cameras[0].rhythm, Rhythm::Events);
    assert_eq!(spec("[wiring]\nstrobe = 1\n").rig.cameras[0].rhythm, Rhythm::Kept);
    for stated in ["frame_time = \"10 ms\"", "[limits]\nframe.time = \"10 ms ± 1 ms\""] {
        let error = Spec::parse("spec.toml", &format!("{events}{stated}")).unwrap_err();
        assert_eq!(error.message(), "frames that are events have no frame time, and one is stated");
    }
    assert!(Spec::parse("spec.toml", &format!("{events}[limits]\nframe.time = \"10 ms ± 9 ms\"")).is_ok());
    let two = "[wiring]\nstrobe = 1\n[camera.b]\nstrobe = 2\nrhythm = \"events\"\nframe_time = \"none\"\n[timing]\nframe_time = \"10 ms\"";
    let cameras = spec(two).rig.cameras;
    assert_eq!(cameras.iter().map(|camera| camera.rhythm).collect::<Vec<_>>(), [Rhythm::Kept, Rhythm::Events]);
    assert_eq!((&cameras[0].frame_time, &cameras[1].frame_time), (&Rational::new(1, 100), &None));
}

#[test]
fn cameras_are_meant_to_lie_where_their_skew_is_limited() {
    let cameras = "[wiring]\nstrobe = 1\n[camera.b]\nstrobe = 2\nlimits.skew";
    let skew = |limits: &str| spec(&format!("{cameras}{limits}")).rig.cameras[1].skew.clone();
    let at = |edges, micros| Some(Skew { edges, later: Rational::decimal(micros, -6) });
    assert_eq!(skew(".end = \"5 ms ± 1 ms\""), at(Alignment::End, 5000));
    assert_eq!(skew(".start = \"2 ms .. 5 ms\""), at(Alignment::Start, 3500));
    assert_eq!(skew(" = { start = \"1 ms ± 1 us\", end = \"2 ms ± 1 us\" }"), at(Alignment::End, 2000));
    assert_eq!(skew(".end = \"<= 5 ms\""), None);
    assert_eq!(skew(".rate = \"0 ppm ± 5 ppm\""), None);
}

#[test]
fn a_limit_of_the_spec_replaces_the_implied_one_and_none_takes_it_away() {
    assert_eq!(
        judged(
            "[wiring]\nfsin = 1\nstrobe = 2\n[limits]\nexposure.time = \">= 1 ms\"\nexposure.missing = \"<= 1\"\n\
             exposure.extra = \"none\""
        ),
        ["frame.missing of main: 0 (implied)", "exposure.time of main: >= 1 ms", "exposure.missing of main: <= 1"]
    );
    let edges = "[wiring]\nfsin = 1\nstrobe = 2\n[limits]\nline.edges";
    assert_eq!(rules(&spec(&format!("{edges} = \"none\""))), Vec::<String>::new());
    assert_eq!(rules(&spec(&format!("{edges}.fsin = \"none\""))), ["line.edges of strobe: >= 1 (implied)"]);
}

#[test]
fn a_camera_takes_back_what_all_share() {
    assert_eq!(
        judged(
            "[wiring]\nstrobe = 1\nfsin = 2\n[limits]\nexposure.end = \"0 us ± 9 us\"\n[camera.right]\nstrobe = 3\n\
             alignment = \"start\"\nlimits.exposure.end = \"none\""
        ),
        [
            "frame.missing of main: 0 (implied)",
            "exposure.end of main: 0 us ± 9 us",
            "exposure.missing of main: 0 (implied)",
            "exposure.extra of main: 0 (implied)"
        ]
    );
}

#[test]
fn limits_on_one_line_go_before_those_on_all() {
    let wiring = "[wiring]\nfsin = 1\nstrobe = 2\nflash = { A = 3, B = 4 }\n[camera.right]\nstrobe = 5\n";
    let limits = "[limits]\nline.edges = { strobe = \">= 2\", flash = { A = \">= 3\" } }\n";
    assert_eq!(
        rules(&spec(&format!("{wiring}limits.line.edges = \">= 9\"\n{limits}"))),
        [
            "line.edges of fsin: >= 1 (implied)",
            "line.edges of strobe: >= 2",
            "line.edges of flash.A: >= 3",
            "line.edges of flash.B: >= 1 (implied)",
            "line.edges of strobe: >= 9",
        ]
    );
    let flashes = "line.edges = { flash = \">= 7\" }";
    let spec = spec(&format!("{wiring}[limits]\n{flashes}"));
    assert_eq!(rules(&spec)[2..4], ["line.edges of flash.A: >= 7", "line.edges of flash.B: >= 7"]);
}

#[test]
fn glitches_are_judged_where_the_analyzer_has_a_filter() {
    let rules = rules(&spec(
        "[wiring]\nfsin = 1\nstrobe = 2\n[analyzer]\nglitch.strobe = \"1 us\"\n[limits]\nline.glitches = 0",
    ));
    assert_eq!(rules[2..], ["line.glitches of strobe: 0"]);
}

#[test]
fn alignment_is_stated_or_follows_from_limits_and_burst() {
    let stated = |alignment| AlignmentSetting::Stated(alignment);
    for (settings, expected) in [
        ("", AlignmentSetting::Auto),
        ("[timing]\nalignment = \"auto\"", AlignmentSetting::Auto),
        ("[timing]\nalignment = \"start\"", stated(Alignment::Start)),
        ("[limits]\nexposure.jitter = \"<= 1 us\"", AlignmentSetting::Auto),
        ("[limits]\nexposure.end = \"<= 1 us\"", stated(Alignment::End)),
        ("[limits]\nexposure.latency = \"<= 1 us\"", stated(Alignment::Start)),
        ("[limits]\nexposure.latency = \"none\"", AlignmentSetting::Auto),
        ("[timing]\nalignment = \"middle\"", stated(Alignment::Middle)),
        ("[limits]\nexposure.middle = \"<= 1 us\"", stated(Alignment::Middle)),
        ("[timing]\nalignment = \"auto\"\nburst = 2", stated(Alignment::Start)),
        ("[timing]\nburst = 1", AlignmentSetting::Auto),
        ("[timing]\nburst = 2\n[limits]\nexposure.latency = \"<= 1 us\"", stated(Alignment::Start)),
    ] {
        let spec = spec(&format!("[wiring]\nfsin = 1\nstrobe = 2\n{settings}"));
        assert_eq!(spec.rig.cameras[0].alignment, expected, "{settings}");
    }
}

#[test]
fn the_nominal_of_the_middle_says_where_it_is_meant_to_lie() {
    let meant = |limit: &str| {
        let spec = spec(&format!("[wiring]\nfsin = 1\nstrobe = 2\n[limits]\nexposure.middle = \"{limit}\""));
        spec.rig.cameras[0].middle.clone()
    };
    assert_eq!(meant("6 ms ± 20 us"), Rational::new(6, 1000));
    assert_eq!(meant("-3 ms .. 1 ms"), Rational::new(-1, 1000));
    assert_eq!((meant("<= 6 ms"), meant(">= 6 ms")), (None, None));
}

#[test]
fn the_nominal_frame_time_is_stated_or_that_of_the_limit() {
    let limit = "[limits]\nframe.time";
    for (settings, expected) in [
        (format!("{limit} = \"33 ms ± 1 ms\""), Rational::new(33, 1000)),
        (format!("{limit} = \"33 ms +1 ms -1 us\""), Rational::new(33, 1000)),
        (format!("{limit} = \"32 ms .. 34 ms\""), None),
        (format!("{limit} = [\"33 ms ± 1 ms\", \"34 ms ± 1 ms\"]"), None),
        (format!("{limit} = {{ limit = \"33 ms ± 1 ms\", allow = 1 }}"), Rational::new(33, 1000)),
        (format!("{limit} = \"0 ms ± 1 ms\""), None),
        (format!("[timing]\nframe_time = \"20 ms\"\n{limit} = \"33 ms ± 1 ms\""), Rational::new(20, 1000)),
        (format!("[timing]\nframe_time = \"none\"\n{limit} = \"33 ms ± 1 ms\""), None),
        ("[camera.b]\nstrobe = 5\nlimits.frame.time = \"5 ms ± 1 us\"".to_owned(), None),
        (format!("{limit} = \"100 ms ± 24.9 ms\""), Rational::new(1, 10)),
        (format!("{limit} = \"100 ms ± 25 ms\""), None),
        (format!("{limit} = \"100 ms +1 ms -25 ms\""), None),
    ] {
        assert_eq!(
            spec(&format!("[wiring]\nstrobe = 2\n{settings}")).rig.cameras[0].frame_time,
            expected,
            "{settings}"
        );
    }
}

#[test]
fn allowances_count_frames_or_a_share_of_them() {
    for (allow, expected) in [
        ("2", Allow::Frames(2)),
        ("\"2\"", Allow::Frames(2)),
        ("\"0.1 %\"", Allow::Share(Rational::decimal(1, -3))),
        ("\"100 ppm\"", Allow::Share(Rational::decimal(1, -4))),
        ("\"100 %\"", Allow::Share(Rational::ONE)),
    ] {
        let limit = format!("{{ limit = [\">= 1 ms\", \">= 2 ms\"], allow = {allow} }}");
        let spec = spec(&format!("[wiring]\nstrobe = 2\n[limits]\nexposure.time = {limit}"));
        let rule = spec.rules.iter().find(|rule| rule.quantity.id == "exposure.time").unwrap();
        assert_eq!((&rule.allow, rule.limits.len(), rule.origin), (&expected, 2, Origin::Stated));
    }
}
