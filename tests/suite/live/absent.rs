//! Without libsigrok everything but live works, and live says what to install; and what needs no libsigrok never opens it.
//! The libraries that stand for it are made by the C compiler that Rust links with.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::demo::{Bench, stderr, succeeded};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run_with(library: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strobecheck"));
    command.current_dir(root()).env("SIGROK_LIBRARY", library).args(arguments).output().unwrap()
}

/// A library of this C source.
fn library(bench: &Bench, name: &str, source: &str) -> PathBuf {
    let (file, library) = (bench.path(&format!("{name}.c")), bench.path(&format!("{name}.so")));
    std::fs::write(&file, source).unwrap();
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&file).output().unwrap();
    succeeded(&compiled);
    library
}

/// A library that leaves a file behind when it is opened.
fn tracer(bench: &Bench) -> (PathBuf, PathBuf) {
    let trace = bench.path("opened");
    let source = format!(
        "#include <stdio.h>\n__attribute__((constructor)) static void opened(void) {{ fclose(fopen(\"{}\", \"w\")); }}\n",
        trace.display()
    );
    (library(bench, "tracer", &source), trace)
}

/// What needs no analyzer; what is written goes to `out`.
fn offline(out: &str) -> [Vec<&str>; 13] {
    const CAPTURE: &str = "captures/seed-pass.sr";
    [
        vec!["verify", CAPTURE, "--no-report"],
        vec!["verify", CAPTURE, "captures/strobe-constant.sr", "--json", "--inconclusive", "pass"],
        vec!["wiring", CAPTURE],
        vec!["measure", CAPTURE],
        vec!["edges", CAPTURE],
        vec!["clip", CAPTURE, "--at", "0.7s", "--span", "100ms", "-o", out],
        vec!["compare", CAPTURE, CAPTURE],
        vec!["simulate", "captures/seed-pass.scenario.toml", "--force", "-o", out],
        vec!["repair", CAPTURE, "--force", "-o", out],
        vec!["watch", CAPTURE, "--plain", "--window", "1s", "--until", "pass"],
        vec!["profiles"],
        vec!["explain", "exposure.time"],
        vec!["capture", "--help"],
    ]
}

#[test]
fn what_needs_no_libsigrok_never_opens_it() {
    let bench = Bench::without_libsigrok();
    let (library, trace) = tracer(&bench);
    let saved = bench.path("offline.sr");
    for arguments in offline(saved.to_str().unwrap()) {
        succeeded(&run_with(&library, &arguments));
        assert!(!trace.exists(), "{arguments:?} opened libsigrok");
    }
    // The trace is left where it is opened, so the lines above say something.
    let output = run_with(&library, &["devices"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(trace.exists());
    assert!(stderr(&output).contains("not a libsigrok 0.5"), "{}", stderr(&output));
}

#[test]
fn without_libsigrok_live_says_what_to_install_and_the_rest_works() {
    let nowhere = Path::new("/nonexistent/libsigrok.so.4");
    let bench = Bench::without_libsigrok();
    let out = bench.path("x.sr");
    let to = out.to_str().unwrap();
    for arguments in offline(to) {
        succeeded(&run_with(nowhere, &arguments));
    }
    std::fs::remove_file(&out).unwrap();
    let live = [
        vec!["devices"],
        vec!["capture", "--device", "demo", "--time", "1s", "-o", to],
        vec!["watch", "--plain", "--device", "demo", "--wire", "strobe=D0", "--limit", "line.edges=>= 1", "-o", to],
    ];
    for arguments in live {
        let output = run_with(nowhere, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let text = stderr(&output);
        assert!(text.starts_with("strobecheck: live needs libsigrok: "), "{text}");
        assert!(text.contains("apt install libsigrok4"), "{text}");
    }
    assert!(!out.exists() && !bench.path("x.sr.part").exists());
}

#[test]
fn a_libsigrok_of_another_interface_is_refused_before_it_is_used() {
    let bench = Bench::without_libsigrok();
    // Every function that the bindings name, and the version of a libsigrok that is to come: current 6, age 1.
    let names = ["sigrok.rs", "glib.rs"].map(|file| {
        let text = std::fs::read_to_string(root().join("src/sigrok-sys/src").join(file)).unwrap();
        let quoted = text.split("get(b\"").skip(1).map(|rest| rest.split("\\0").next().unwrap().to_owned());
        quoted.collect::<Vec<String>>()
    });
    assert!(names.iter().all(|names| names.len() > 20));
    let version =
        "int sr_lib_version_current_get(void) { return 6; }\nint sr_lib_version_age_get(void) { return 1; }\n";
    let others = names.iter().flatten().filter(|name| !version.contains(name.as_str()));
    let source: String = others.map(|name| format!("void {name}(void) {{ __builtin_trap(); }}\n")).collect();
    let library = library(&bench, "future", &(version.to_owned() + &source));
    let output = run_with(&library, &["devices"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    let text = stderr(&output);
    assert!(text.contains("libsigrok's interface 5, and it takes interface 4"), "{text}");
}
