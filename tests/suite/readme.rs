//! What the README lists is what there is.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use strobecheck::quantity::QUANTITIES;

#[test]
fn the_readme_lists_every_quantity_with_its_unit() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let rows: Vec<[&str; 2]> = readme
        .lines()
        .skip_while(|line| *line != "| id | unit | what it is |")
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.split(" | ").collect::<Vec<_>>())
        .map(|cells| [cells[0], cells[1]])
        .collect();
    let listed: Vec<(&str, &str)> =
        rows.iter().flat_map(|[ids, unit]| ids.split('`').skip(1).step_by(2).map(move |id| (id, *unit))).collect();
    for quantity in QUANTITIES {
        assert!(
            listed.contains(&(quantity.id, quantity.unit.symbol())),
            "{} ({}) is not in the table of the README",
            quantity.id,
            quantity.unit.symbol()
        );
    }
    assert_eq!(listed.len(), QUANTITIES.len(), "{listed:?}");
}

/// The spec that a newcomer is to make of a capture is made, and judges it.
#[test]
fn the_readme_makes_a_spec_by_looking() {
    let root = env!("CARGO_MANIFEST_DIR");
    let readme = fs::read_to_string(format!("{root}/README.md")).unwrap();
    let lines: Vec<&str> = readme.lines().filter(|line| line.starts_with("strobecheck look captures/")).collect();
    let [look] = lines.as_slice() else { panic!("{lines:?}") };
    let verify = readme.lines().skip_while(|line| line != look).nth(1).unwrap();
    let folder = TempDir::new().unwrap();
    for line in [look, verify] {
        let words = line.split(' ').skip(1).map(|word| match word.strip_prefix("captures/") {
            Some(capture) => format!("{root}/captures/{capture}"),
            None => word.to_owned(),
        });
        let mut command = Command::new(env!("CARGO_BIN_EXE_strobecheck"));
        let output = command.current_dir(folder.path()).args(words).output().unwrap();
        assert!(output.status.success(), "{line}: {output:?}");
    }
}
