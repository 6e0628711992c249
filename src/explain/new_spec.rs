//! The spec that `spec new` prints, from the keys and the quantities.

use std::fmt::Write as _;

use super::example::example;
use super::text::filled;
use crate::quantity::QUANTITIES;
use crate::spec::{KEYS, Shape};

const NEW: &str = "\
#:schema spec.schema.json
# What a capture is judged by. Save it beside the capture, as run7.spec.toml for run7.sr, or as spec.toml for all in the folder.
# What is not wanted stays behind its '#'. `strobecheck explain KEY` says more; `strobecheck schema spec >
# spec.schema.json` gives the first line its schema.
";

/// A spec to fill in: every key and quantity behind a `#`, with a word of what it says, and the least that judges a camera.
#[must_use]
pub fn new_spec() -> String {
    let mut text = NEW.to_owned();
    for table in KEYS.iter().filter(|key| key.table().is_empty()) {
        put(&mut text, "");
        comment(&mut text, table.about);
        if let Shape::Table = table.shape {
            put(&mut text, &format!("[{}]", table.id));
            for key in KEYS.iter().filter(|key| key.table() == table.id) {
                comment(&mut text, &format!("{} Takes {}.", key.about, key.takes));
                let example = key.example.strip_prefix(&format!("{}.", table.id)).unwrap_or(key.example);
                put(&mut text, &stated(key.id, example));
            }
        } else if let Shape::Limits = table.shape {
            put(&mut text, &format!("[{}]", table.id));
            for quantity in QUANTITIES {
                comment(&mut text, &format!("{}.", quantity.definition));
                put(&mut text, &stated(quantity.id, &format!("{} = \"{}\"", quantity.id, example(quantity))));
            }
        } else {
            let wanted = table.example.lines().take_while(|line| *line != "[limits]");
            wanted.for_each(|line| put(&mut text, &format!("# {line}")));
        }
    }
    text
}

/// The least that judges a camera.
fn stated(id: &str, line: &str) -> String {
    if ["wiring.strobe", "exposure.time"].contains(&id) { line.to_owned() } else { format!("# {line}") }
}

fn put(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _written = writeln!(text, "{line}");
}

/// Comments on lines that fit a screen.
fn comment(text: &mut String, words: &str) {
    const WIDTH: usize = 118;
    filled(words.split_whitespace(), "# ", "# ", WIDTH).iter().for_each(|line| put(text, line));
}
