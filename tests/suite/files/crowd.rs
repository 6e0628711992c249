//! Twenty processes on the same folders: every report is whole, and none is lost in silence.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Child, Stdio};

use super::{Bench, Said};

const PROCESSES: usize = 20;

/// The formats whose files tell what they are of.
const FORMATS: &str = "html,json,junit,markdown,csv,svg";

/// Twenty units, each with a capture of its own in a file of the same name.
fn units() -> Bench {
    let bench = Bench::new();
    for unit in 0..PROCESSES {
        let folder = bench.path(&format!("unit{unit}"));
        fs::create_dir(&folder).unwrap();
        // The same samples, and other bytes: an archive may have a comment.
        let mut capture = fs::read(bench.path("a.sr")).unwrap();
        let end = capture.len();
        let comment = format!("unit {unit:02}");
        capture[end - 2..].copy_from_slice(&(comment.len() as u16).to_le_bytes());
        capture.extend(comment.as_bytes());
        fs::write(folder.join("run.sr"), capture).unwrap();
        fs::copy(bench.path("spec.toml"), folder.join("spec.toml")).unwrap();
    }
    bench
}

fn all_at_once(bench: &Bench, options: &[&str]) -> Vec<Said> {
    let start = |unit: usize| -> Child {
        let capture = format!("unit{unit}/run.sr");
        let arguments = [&["verify", &capture, "--reports", "out", "--format", FORMATS][..], options].concat();
        bench.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<Child> = (0..PROCESSES).map(start).collect();
    children.into_iter().map(|child| Said::of(&child.wait_with_output().unwrap())).collect()
}

#[test]
fn of_captures_of_one_name_one_is_reported_and_the_others_are_told() {
    let bench = units();
    let said = all_at_once(&bench, &["--dut", "7"]);
    assert!(said.iter().all(|said| said.stdout.starts_with("PASS  unit")), "{said:?}");
    let won: Vec<usize> = (0..PROCESSES).filter(|unit| said[*unit].code == Some(0)).collect();
    let [won] = won.as_slice() else { panic!("{won:?} of {said:?}") };
    for (unit, said) in said.iter().enumerate().filter(|(unit, _)| unit != won) {
        assert_eq!(said.code, Some(2), "{unit}: {said:?}");
        let sentence = format!("it is the report of another capture, unit{won}/run.sr");
        assert!(said.stderr.contains(&sentence), "{unit}: {said:?}");
    }
    for name in bench.listed("out") {
        let text = bench.text(&format!("out/{name}"));
        assert!(text.contains(&format!("unit{won}/run.sr")), "{name} is of another capture");
        assert!(!name.starts_with('.'), "{name}");
    }
}

#[test]
fn captures_with_names_of_their_own_all_have_their_reports() {
    let bench = units();
    let said = all_at_once(&bench, &["--name", "{parent}-{stem}"]);
    assert!(said.iter().all(|said| said.code == Some(0)), "{said:?}");
    let alone = Bench::new();
    for unit in 0..PROCESSES {
        fs::create_dir(alone.path(&format!("unit{unit}"))).unwrap();
        for file in ["run.sr", "spec.toml"] {
            let name = format!("unit{unit}/{file}");
            fs::copy(bench.path(&name), alone.path(&name)).unwrap();
        }
    }
    let names: BTreeSet<String> = bench.listed("out").into_iter().collect();
    // Whole: each is what a process that has the folder for itself writes.
    let one =
        alone.run(&["verify", "unit7/run.sr", "--reports", "out", "--format", FORMATS, "--name", "{parent}-{stem}"]);
    assert_eq!(one.code, Some(0), "{one:?}");
    let of_one = alone.listed("out");
    assert_eq!(names.len(), of_one.len() * PROCESSES, "{names:?}");
    for name in of_one {
        assert!(
            fs::read(alone.path(&format!("out/{name}"))).unwrap()
                == fs::read(bench.path(&format!("out/{name}"))).unwrap()
        );
    }
}
