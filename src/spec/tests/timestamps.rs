//! `[timestamps]` and limits on the camera's log.

use super::{rules, spec};
use crate::log::TimeUnit;
use crate::spec::Spec;

const WIRED: &str = "[wiring]\nstrobe = \"S\"\n";

fn message(text: &str) -> String {
    Spec::parse("spec.toml", &format!("{WIRED}{text}")).unwrap_err().to_string()
}

#[test]
fn columns_are_stated_and_written_back() {
    let text = "[timestamps]\ntime = \"sof\"\nunit = \"ms\"\nsequence = \"7\"\nexposure = \"exp\"\nexposure_unit = \"us\"\nexposure_lag = 2\nstream = \"cam\"\n\
                streams = { main = \"left eye\" }\n";
    let spec = spec(&format!("{WIRED}{text}"));
    let columns = &spec.timestamps;
    assert_eq!((columns.time.as_deref(), columns.unit), (Some("sof"), Some(TimeUnit::Milli)));
    assert_eq!((columns.sequence.as_deref(), columns.exposure.as_deref()), (Some("7"), Some("exp")));
    assert_eq!((columns.exposure_unit, columns.exposure_lag), (Some(TimeUnit::Micro), Some(2)));
    assert_eq!((columns.stream.as_deref(), columns.streams["main"].as_str()), (Some("cam"), "left eye"));
    let again = super::spec(&spec.to_toml());
    assert_eq!((&again.timestamps, &again.effective), (columns, &spec.effective));
}

#[test]
fn a_later_layer_replaces_single_columns() {
    let base = spec(&format!("{WIRED}[timestamps]\ntime = \"a_us\"\nsequence = \"n\"\n"));
    assert_eq!(base.timestamps.time.as_deref(), Some("a_us"));
    // Nothing is said of the columns where nothing is stated.
    assert!(!spec(WIRED).effective.iter().any(|(key, _)| key.starts_with("timestamps")));
}

#[test]
fn what_makes_no_sense_is_refused_at_its_place() {
    for (text, expected) in [
        (
            "[timestamps]\nclock = \"x\"\n",
            "spec.toml:4:1: unknown key 'clock' in [timestamps]; it takes time, unit, sequence, exposure, exposure_unit, exposure_lag, stream, streams",
        ),
        ("[timestamps]\ntime = 3\n", "spec.toml:4:8: expected a column, such as \"ts_device_us\", found a bare number"),
        ("[timestamps]\nunit = \"min\"\n", "spec.toml:4:9: expected \"ns\", \"us\", \"ms\" or \"s\", found 'min'"),
        ("[timestamps]\ntime = \" \"\n", "spec.toml:4:9: ' ' cannot be a column, such as \"ts_device_us\""),
        ("[timestamps]\nexposure_lag = 101\n", "spec.toml:4:16: expected a whole number, 0 to 100, found 101"),
        ("[timestamps]\nstreams = { right = \"r\" }\n", "timestamps.streams names the camera 'right'; there are main"),
    ] {
        assert_eq!(message(text), expected, "{text}");
    }
}

#[test]
fn the_log_is_judged_where_a_limit_is_stated_and_nowhere_else() {
    let limits = "[limits]\ntimestamp.residual = \"0 us ± 50 us\"\n";
    let spec = spec(&format!("{WIRED}{limits}"));
    let judged: Vec<String> = rules(&spec).into_iter().filter(|rule| rule.starts_with("timestamp")).collect();
    assert_eq!(judged, ["timestamp.residual of main: 0 us ± 50 us", "timestamp.missing of main: 0 (implied)"]);
    let unwired = Spec::parse("spec.toml", &format!("[wiring]\nfsin = \"F\"\n{limits}")).unwrap_err();
    let shown = unwired.render();
    assert!(shown.contains("timestamp.residual is measured on STROBE; camera 'main' lacks STROBE"), "{shown}");
}
