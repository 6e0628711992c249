//! The program teaches its spec: every key, quantity, reason and exit code is explained, in the schema and in the guide; every
//! example is a limit that a good rig passes; what specs and scenarios there are keep to the schemas.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use serde_json::{Value, json};
use strobecheck::explain::{REASONS, Topic, example, new_spec, spec_schema, text_of};
use strobecheck::log::CameraLog;
use strobecheck::quantity::{QUANTITIES, Quantity};
use strobecheck::report::ExitCode;
use strobecheck::report::{Judgement, LogFile, Provenance};
use strobecheck::scenario::{Scenario, Simulation, scenario_schema, simulate, write_log};
use strobecheck::spec::{KEYS, PROFILES, Shape, Spec, toml_string};
use strobecheck::verdict::Verdict;
use strobecheck::verify::verify;

use crate::spec_page::spec_page;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

const PAGE: &str = "src/guide/spec.md";

#[test]
fn the_guides_page_on_the_spec_is_made_from_the_tables() {
    let (path, made) = (root().join(PAGE), spec_page());
    if std::env::var_os("STROBECHECK_BLESS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == made, "{PAGE} is old: STROBECHECK_BLESS=1 writes it anew");
}

/// The subschemas of a family's limits, and of a table's keys.
fn of_limit<'s>(schema: &'s Value, id: &str) -> &'s Value {
    let (family, name) = id.split_once('.').unwrap();
    &schema["$defs"]["limits"]["properties"][family]["properties"][name]
}

fn of_key<'s>(schema: &'s Value, id: &str) -> &'s Value {
    match id.split_once('.') {
        Some((table, name)) => &schema["properties"][table]["properties"][name],
        None => &schema["properties"][id],
    }
}

#[test]
fn everything_that_is_written_or_read_is_explained_and_in_the_schema_and_in_the_guide() {
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    let (schema, new) = (spec_schema(), new_spec());
    for key in KEYS {
        assert!(Topic::find(key.id).is_some_and(|topic| text_of(topic).contains(key.takes.split(' ').next().unwrap())));
        assert!(of_key(&schema, key.id)["description"].as_str().unwrap().starts_with(key.about), "{}", key.id);
        assert!(
            page.contains(&key.about.replace('[', "\\[")) && page.contains(&format!("# {}\n", key.id)),
            "{}",
            key.id
        );
        let last = key.id.rsplit('.').next().unwrap();
        assert!(
            new.contains(&format!("{last} = ")) || new.contains(&format!("[{last}")),
            "{} is not in `spec new`",
            key.id
        );
    }
    for quantity in QUANTITIES {
        let text = text_of(Topic::find(quantity.id).unwrap());
        assert!(text.contains(&toml_string(example(quantity))), "{text}");
        assert!(of_limit(&schema, quantity.id)["description"].as_str().unwrap().starts_with(quantity.definition));
        assert!(page.contains(&format!("| `{}` | {} |", quantity.id, quantity.unit.symbol())), "{}", quantity.id);
        assert!(new.contains(&format!("{} = \"{}\"", quantity.id, example(quantity))), "{}", quantity.id);
    }
    for reason in REASONS {
        assert!(text_of(Topic::find(reason.id).unwrap()).lines().count() > 3, "{}", reason.id);
        assert!(page.contains(&format!("| {} | {} |", reason.id, reason.says.replace('[', "\\["))), "{}", reason.id);
    }
    for code in ExitCode::ALL {
        assert!(Topic::find(&format!("exit {}", code.number())).is_some());
        assert!(page.contains(&format!("\n| {} | ", code.number())), "{}", code.number());
    }
}

#[test]
fn the_words_that_the_schema_offers_are_those_that_are_read() {
    for key in KEYS {
        let Shape::Words(words) = key.shape else { continue };
        let spec = |word: &str| {
            let (table, name) = key.id.split_once('.').unwrap();
            let beside = match (name, word) {
                ("strobe_shows", _) => "timing.shutter = 'rolling'\ntiming.readout_time = '16 ms'\n",
                (_, "rolling" | "never") => "timing.readout_time = '16 ms'\n",
                _ => "",
            };
            Spec::parse("a", &format!("wiring.strobe = 2\n{beside}{table}.{name} = \"{word}\"\n"))
        };
        for word in words {
            spec(word).unwrap_or_else(|error| panic!("{error}"));
        }
        // And no others: the error lists what there is.
        let error = spec("other").unwrap_err().to_string();
        let listed = error.split("found").next().unwrap().matches('"').count() / 2;
        assert_eq!(listed, words.len(), "{}: {error}", key.id);
    }
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let paths = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.to_str().unwrap().ends_with(ending)).collect()
}

fn as_json(text: &str) -> Value {
    serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap()
}

#[test]
fn every_spec_and_profile_keeps_to_the_schema_and_a_mistake_does_not() {
    let validator = jsonschema::validator_for(&spec_schema()).unwrap();
    let specs = files("captures", ".spec.toml").into_iter().map(|path| fs::read_to_string(path).unwrap());
    let profiles = PROFILES.iter().map(|profile| profile.text.to_owned());
    let examples = KEYS.iter().map(|key| key.example.to_owned());
    let mut checked = 0;
    for text in specs.chain(profiles).chain(examples).chain([new_spec()]) {
        let errors: Vec<String> =
            validator.iter_errors(&as_json(&text)).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}\n{text}");
        checked += 1;
    }
    assert!(checked > 100, "{checked}");
    for wrong in [
        json!({ "wirings": {} }),
        json!({ "timing": { "exposure": "20 ms" } }),
        json!({ "timing": { "frame_time": "33,3 ms" } }),
        json!({ "timing": { "burst": 0 } }),
        json!({ "timing": { "alignment": "ends" } }),
        json!({ "analyzer": { "clock": "50" } }),
        json!({ "wiring": { "strobe": true } }),
        json!({ "camera": { "right": { "trigger": "D2" } } }),
        json!({ "limits": { "exposure": { "tme": "20 ms" } } }),
        json!({ "limits": { "flash": { "missing": -1 } } }),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
        assert!(Spec::parse("a", &toml::to_string(&wrong).unwrap()).is_err(), "{wrong}");
    }
}

#[test]
fn every_scenario_keeps_to_the_schema_and_a_mistake_does_not() {
    let validator = jsonschema::validator_for(&scenario_schema()).unwrap();
    let paths = [files("captures", ".scenario.toml"), files("tests/scenarios", ".toml")].concat();
    assert!(paths.len() > 50, "{}", paths.len());
    for path in paths {
        let scenario = as_json(&fs::read_to_string(&path).unwrap());
        let errors: Vec<String> = validator.iter_errors(&scenario).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
    }
    let good = json!({ "duration": "1 s", "analyzer": { "samplerate": "1 MHz" }, "timing": { "frame": { "time": "1/30 s" } } });
    assert!(validator.is_valid(&good));
    for (key, wrong) in [
        ("fault", json!([{ "kind": "none-such" }])),
        ("timing", json!({ "alignment": "centre" })),
        ("camera", json!({ "right": { "timing": {} } })),
        ("speed", json!(1)),
    ] {
        let mut scenario = good.clone();
        scenario[key] = wrong;
        assert!(!validator.is_valid(&scenario), "{scenario}");
        assert!(Scenario::parse("a", &toml::to_string(&scenario).unwrap()).is_err(), "{scenario}");
    }
}

#[test]
fn the_printed_spec_is_one() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_strobecheck")).args(arguments).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let printed = run(&["spec", "new"]);
    let spec = Spec::parse("new.spec.toml", &printed).unwrap();
    assert!(spec.why_nothing_is_judged().is_none());
    assert!(printed.lines().all(|line| line.chars().count() <= 200), "{printed}");
    for what in ["spec", "scenario"] {
        let schema: Value = serde_json::from_str(&run(&["schema", what])).unwrap();
        jsonschema::validator_for(&schema).unwrap();
    }
}

/// Rigs that are as they should be, and their specs without a limit; between them they show every quantity.
const RIGS: [(&str, &str); 7] = [
    // Free-running, with a light, a log of the images, and a second camera beside it.
    (
        "[timing]\nalignment = \"end\"\nframe.time = \"1/30 s\"\nexposure.time = \"20 ms\"\nfsin.width = \"100 us\"\n\
         jitter = { exposure.time.uniform = \"5 us\", frame.time.uniform = \"3 us\" }\n\
         flash = { lead = \"100 us\", lag = \"200 us\" }\nreadout = { start = \"100 us\", time = \"8 ms\" }\nlog = {}\n\
         [wiring]\nfsin = \"F\"\nstrobe = \"S\"\nflash = \"L\"\nreadout = \"R\"\n\
         [camera.right]\nstrobe = \"right\"\ntiming.skew = \"5 us\"\n",
        "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\nflash = \"L\"\nreadout = \"R\"\n[camera.right]\nstrobe = \"right\"\nflash = \"none\"\n\
         [timing]\nalignment = \"end\"\nframe_time = \"1/30 s\"\n[timestamps]\nstreams = { main = \"main\" }\nexposure_lag = 0\n[analyzer]\nglitch = \"2 us\"\n",
    ),
    // Triggered, with two lights in turn.
    (
        "[timing]\nalignment = \"start\"\nframe.time = \"1/30 s\"\nexposure = { time = \"20 ms\", latency = \"200 us\" }\n\
         fsin.width = \"100 us\"\ntrigger.latency = \"50 us\"\nflash = { lead = \"100 us\", lag = \"200 us\", pattern = \"AB\" }\n\
         [wiring]\ntrigger = \"T\"\nfsin = \"F\"\nstrobe = \"S\"\nflash = { A = \"LA\", B = \"LB\" }\n",
        "[wiring]\ntrigger = \"T\"\nfsin = \"F\"\nstrobe = \"S\"\nflash = { A = \"LA\", B = \"LB\" }\n\
         [timing]\nalignment = \"start\"\nframe_time = \"1/30 s\"\nflash_pattern = \"AB\"\n",
    ),
    // Rolling: the flash lies in the window of all rows.
    (
        "[timing]\nalignment = \"start\"\nframe.time = \"1/30 s\"\nexposure = { time = \"20 ms\", latency = \"200 us\" }\n\
         shutter = \"rolling\"\nreadout_time = \"10 ms\"\nflash = { lead = \"-10150 us\", on-time = \"9.7 ms\" }\n\
         [wiring]\nfsin = \"F\"\nstrobe = \"S\"\nflash = \"L\"\n",
        "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\nflash = \"L\"\n[timing]\nalignment = \"start\"\nframe_time = \"1/30 s\"\n\
         shutter = \"rolling\"\nreadout_time = \"10 ms\"\n",
    ),
    // Auto-exposure, and frames by whose intervals a log can be laid.
    (
        "[timing]\nalignment = \"end\"\nframe.time = \"1/30 s\"\njitter.frame.time = { uniform = \"40 us\" }\n\
         exposure.time = [\"20 ms\", \"10 ms\", \"15 ms\", \"12 ms\", \"18 ms\"]\nlog = {}\n[wiring]\nstrobe = \"S\"\n",
        "[wiring]\nstrobe = \"S\"\n[timing]\nalignment = \"end\"\n",
    ),
    // STROBE on two pins in turn.
    (
        "[timing]\nframe.time = \"1/30 s\"\nexposure.time = \"20 ms\"\n[wiring]\nstrobe = [\"S\", \"Z\"]\n",
        "[wiring]\nstrobe = [\"S\", \"Z\"]\n[timing]\nalignment = \"end\"\nframe_time = \"1/30 s\"\n",
    ),
    // Exposures about FSIN.
    (
        "[timing]\nalignment = \"middle\"\nframe.time = \"1/30 s\"\nexposure.time = [\"20 ms\", \"10 ms\"]\n\
         [wiring]\nfsin = \"F\"\nstrobe = \"S\"\n",
        "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"middle\"\nframe_time = \"1/30 s\"\n",
    ),
    // Three pulses of FSIN a frame.
    (
        "[timing]\nframe.time = \"1/30 s\"\nexposure.time = \"20 ms\"\n\
         fsin = { per_frame = 3, spacing = \"2 ms\", width = \"50 us\" }\n[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n",
        "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[timing]\nalignment = \"end\"\nframe_time = \"1/30 s\"\nfsin_per_frame = 3\n",
    ),
];

#[test]
fn every_quantitys_example_passes_on_a_good_rig() {
    let mut wanting: Vec<&str> = QUANTITIES.iter().map(|quantity| quantity.id).collect();
    let mut said = Vec::new();
    for (place, (rig, settings)) in RIGS.iter().enumerate() {
        let text = format!("duration = \"3 s\"\nanalyzer.samplerate = \"2 MHz\"\n{rig}");
        let scenario = Scenario::parse("rig", &text).unwrap_or_else(|error| panic!("{error}"));
        let simulation = simulate(&scenario).unwrap();
        let limit = |quantity: &Quantity| format!("{} = {}\n", quantity.id, toml_string(example(quantity)));
        let spec = |limits: &str| Spec::parse("example", &format!("{settings}[limits]\n{limits}"));
        // What the rig cannot show is an error of the spec.
        let shown = QUANTITIES.iter().map(|quantity| limit(quantity)).filter(|limit| spec(limit).is_ok());
        let judgement =
            judged(&simulation, &spec(&shown.collect::<String>()).unwrap_or_else(|error| panic!("{error}")));
        for check in &judgement.checks {
            match check.verdict {
                Verdict::Pass => wanting.retain(|id| *id != check.quantity.id),
                Verdict::Fail | Verdict::Inconclusive => {
                    said.push(format!("rig {place}: {}: {:?}", check.quantity.id, check.reason));
                }
            }
        }
    }
    assert!(wanting.is_empty(), "{wanting:?}\n{}", said.join("\n"));
}

fn judged(simulation: &Simulation, spec: &Spec) -> Judgement {
    let provenance = Provenance::of(&simulation.capture);
    let log = simulation.logs.first().map(|log| {
        let mut csv = Vec::new();
        write_log(std::slice::from_ref(log), &mut csv).unwrap();
        let log = Arc::new(CameraLog::parse("run.csv", &csv, &spec.timestamps).unwrap());
        LogFile { path: "run.csv".to_owned(), sha256: String::new(), log }
    });
    verify(&simulation.capture, Arc::new(spec.clone()), "test".to_owned(), Provenance { log, ..provenance }).unwrap()
}
