//! What the README lists is what there is.

use std::fs;

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
