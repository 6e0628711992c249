//! The effective settings, written as a spec, are the same spec.

use super::super::{PROFILES, Spec};
use super::spec;
use proptest::prelude::*;

/// Everything that a spec is, as text.
fn all_of(spec: &Spec) -> String {
    format!("{:#?}", (&spec.rig, &spec.analyzer, spec.min_frames, spec.sequence, &spec.rules, &spec.effective))
}

fn check_round_trip(text: &str) {
    let first = spec(text);
    let written = first.to_toml();
    let second = Spec::parse("effective.toml", &written).unwrap_or_else(|error| panic!("{error}\n{written}"));
    assert_eq!(all_of(&first), all_of(&second), "{text}\n{written}");
}

#[test]
fn profiles_survive() {
    for profile in PROFILES {
        check_round_trip(&format!("extends = \"{}\"\n", profile.name));
    }
}

#[test]
fn the_effective_settings_read_as_a_spec() {
    let spec = spec(
        "[wiring]\nstrobe = \"4\"\nflash = { A = 3, \"b c\" = \"!B\" }\nfsin = \"F\"\n[analyzer]\nglitch.strobe = \"1us\"\n\
         [limits]\nexposure.time = { limit = [\"20ms+-50us\", \">=1ms\"], allow = 2 }\nframe.time = \"1/30 s ± 1 %\"\n\
         frame.extra = \"none\"\n[camera.\"a.b\"]\nstrobe = \"R\"\nlimits.exposure.time = \">= 2 ms\"",
    );
    let expected = "\
[wiring]
fsin = \"F\"
strobe = \"4\"
flash.A = 3
flash.\"b c\" = \"!B\"

[timing]
alignment = \"auto\"
frame_time = \"1/30 s\"
burst = 1
shutter = \"global\"
skip_frames = 0
min_frames = 1
sequence = \"fit\"

[analyzer]
clock = \"100 ppm\"
correction = \"0 ppm\"
edge = \"0 us\"
glitch.trigger = \"none\"
glitch.fsin = \"none\"
glitch.strobe = \"1 us\"
glitch.flash = \"none\"
glitch.readout = \"none\"
glitch.ready = \"none\"

[limits]
frame.time = \"1/30 s ± 1 %\"
frame.extra = \"none\"
exposure.time.limit = [\"20 ms ± 50 us\", \">= 1 ms\"]
exposure.time.allow = 2

[camera.\"a.b\"]
strobe = \"R\"
limits.exposure.time = \">= 2 ms\"
";
    assert_eq!(spec.to_toml(), expected);
    let implied: Vec<_> = spec.effective.iter().filter(|(key, _)| key.starts_with("implied.")).collect();
    let keys: Vec<&str> = implied.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "implied.line.edges.fsin",
            "implied.line.edges.strobe",
            "implied.line.edges.flash.A",
            "implied.line.edges.flash.\"b c\"",
            "implied.camera.\"a.b\".line.edges.strobe",
            "implied.frame.missing",
            "implied.camera.\"a.b\".frame.missing",
            "implied.exposure.missing",
            "implied.camera.\"a.b\".exposure.missing",
            "implied.exposure.extra",
            "implied.camera.\"a.b\".exposure.extra",
            "implied.flash.missing",
            "implied.camera.\"a.b\".flash.missing",
            "implied.flash.extra",
            "implied.camera.\"a.b\".flash.extra",
        ]
    );
}

/// A name of a probe, a camera or a flash line.
fn any_name() -> impl Strategy<Value = String> {
    let name = prop_oneof!["[0-9]{1,3}", "[A-Za-z0-9_.\"\\\\' -]{1,8}", "\\PC{1,6}"];
    name.prop_filter("one that a spec takes", |name: &String| {
        let reserved = ["main", "none", "analog"].contains(&name.as_str());
        !reserved && !name.trim().is_empty() && !name.contains("${") && !name.starts_with('!')
    })
}

fn literal(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Some of the lines.
fn some_of(lines: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    prop::sample::subsequence(lines.to_vec(), 0..=lines.len()).prop_map(|lines| lines.join("\n"))
}

prop_compose! {
    fn any_spec()(
        probe in any_name(),
        polarity in prop::sample::select(vec!["", "!", "low:"]),
        flashes in prop::collection::btree_set(any_name(), 1..3),
        camera in any_name(),
        timing in some_of(&["alignment = \"end\"", "frame_time = \"1/30 s\"", "skip_frames = 5", "min_frames = 10",
            "ends = \"stops\"", "sequence = \"strict\"", "shutter = \"rolling\"\nreadout_time = \"9ms\"", "burst = 1", "fsin_per_frame = 2"]),
        analyzer in some_of(&["clock = \"0.1%\"", "correction = \"-97ppm\"", "edge = { strobe = \"1us\" }",
            "glitch = \"2 us\""]),
        limits in some_of(&["frame.time = \"1/30s+-0.1%\"", "frame.missing = \"<=2\"", "frame.extra = \"007\"",
            "exposure.time = { limit = [\"1ms..2ms\", \"<=3ms\"], allow = \"0.1%\" }", "flash.lag = \"none\"",
            "exposure.end = \"0us +1us -2us\"", "flash.coverage = \">=99%\"", "flash.extra = \"none\"",
            "line.edges = \">= 2\"", "fsin.width = { limit = \">= 5 us\", allow = 3 }"]),
        own in some_of(&["readout = 31", "ready = 30", "fsin_per_frame = 1", "fsin = \"none\"", "shutter = \"global\"", "limits.exposure.end = \"none\"",
            "limits.line.edges.strobe = \"none\"", "limits.exposure.gap = \">= 1/3 ms\""]),
    ) -> String {
        let flashes: Vec<String> =
            flashes.iter().enumerate().map(|(bit, name)| format!("{} = {bit}", literal(name))).collect();
        format!(
            "[wiring]\nfsin = 20\nstrobe = {}\nflash = {{ {} }}\n[timing]\n{timing}\n[analyzer]\n{analyzer}\n\
             [limits]\n{limits}\n[camera.{}]\nstrobe = 8\n{own}",
            literal(&format!("{polarity}{probe}")),
            flashes.join(", "),
            literal(&camera)
        )
    }
}

#[test]
fn pins_in_turn_survive() {
    check_round_trip("[wiring]\nstrobe = [\"A\", \"!7\", 3]\n[camera.b]\nstrobe = { 1 = 4, 2 = \"B\" }\n");
    let spec = spec("[wiring]\nstrobe = [\"A\", \"!B\"]\n");
    let keys: Vec<String> = spec.rig.wires().iter().map(crate::rig::Wire::key).collect();
    assert_eq!(keys, ["strobe.1", "strobe.2"]);
    assert_eq!(spec.rig.cameras[0].wires(crate::rig::Role::Strobe).len(), 2);
}

proptest! {
    #[test]
    fn any_spec_survives(text in any_spec()) {
        check_round_trip(&text);
    }
}
