//! The guide's page on the spec, and the spec that `spec new` prints: both from the keys, the quantities and the words.

use std::fmt::Write as _;

use super::example::example;
use super::text::exit_code_text;
use super::{REASONS, WORDS};
use crate::quantity::QUANTITIES;
use crate::report::ExitCode;
use crate::spec::{KEYS, Key, Shape};

const BEGINNING: &str = "\
# The spec, whole

What a capture is judged by: a TOML file beside it, `run7.spec.toml` for `run7.sr` or `spec.toml` for all in a folder, or one that
`--spec` names. `strobecheck spec new` prints one to fill in, `strobecheck learn` makes one from good captures. `strobecheck explain
KEY` says offline what stands here.

A minute of it:

```toml
[wiring]
strobe = \"STROBE\"                      # a probe by its name; \"!STROBE\" if low is active
fsin = \"FSIN\"

[limits]
frame.time = \"1/30 s ± 0.1 %\"
exposure.time = [\"20 ms ± 50 us\", \"10 ms ± 50 us\"]   # in turn, frame by frame
```

An editor that knows TOML schemas completes and checks it: `strobecheck schema spec > spec.schema.json`, and as the first line of the
spec `#:schema spec.schema.json`.
";

/// The page of the guide on the spec.
#[must_use]
pub fn spec_page() -> String {
    let mut page = BEGINNING.to_owned();
    for table in KEYS.iter().filter(|key| key.table().is_empty()) {
        put(&mut page, &format!("\n## {}", table.id));
        entry(&mut page, table);
        for key in KEYS.iter().filter(|key| key.table() == table.id) {
            put(&mut page, &format!("\n### {}", key.id));
            entry(&mut page, key);
        }
        if let Shape::Limits = table.shape {
            quantities(&mut page);
        }
        if let Shape::Cameras = table.shape {
            let own: Vec<String> =
                KEYS.iter().filter(|key| key.per_camera).map(|key| format!("`{}`", key.name())).collect();
            put(&mut page, &format!("\nA camera may have its own {}, and `limits`.", own.join(", ")));
        }
    }
    put(&mut page, "\n## Words\n\n| word | what it stands for |\n|---|---|");
    for word in WORDS {
        let also: String = word.also.iter().map(|also| format!(", {also}")).collect();
        put(&mut page, &format!("| {}{also} | {} |", word.id, prose(word.about)));
    }
    put(&mut page, "\n## Reasons of verdicts\n\n| id | as reports say it | what gets further |\n|---|---|---|");
    for reason in REASONS {
        put(&mut page, &format!("| {} | {} | {} |", reason.id, prose(reason.says), prose(reason.remedy)));
    }
    put(&mut page, "\n## Exit codes\n\n| code | name | what it says |\n|---|---|---|");
    for code in ExitCode::ALL {
        let (name, about) = exit_code_text(code);
        put(&mut page, &format!("| {} | {name} | {} |", code.number(), prose(about)));
    }
    page
}

fn put(page: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _written = writeln!(page, "{line}");
}

/// A text as Markdown shows it as it is: the names of tables are no links.
fn prose(text: &str) -> String {
    text.replace('[', "\\[").replace('|', "\\|")
}

fn entry(page: &mut String, key: &Key) {
    put(page, &format!("\n{}\n", prose(key.about)));
    put(page, &format!("- takes: {}", prose(key.takes)));
    put(page, &format!("- default: {}", prose(key.default)));
    if key.per_camera {
        put(page, "- `[camera.NAME]` may have its own");
    }
    put(page, &format!("\n```toml\n{}\n```", key.example));
}

fn quantities(page: &mut String) {
    put(page, "\n| id | unit | what it is | a limit |\n|---|---|---|---|");
    for quantity in QUANTITIES {
        let row = format!(
            "| `{}` | {} | {} | `{} = \"{}\"` |",
            quantity.id,
            quantity.unit.symbol(),
            prose(quantity.definition),
            quantity.id,
            example(quantity)
        );
        put(page, &row);
    }
}

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

/// Comments on lines that fit a screen.
fn comment(text: &mut String, words: &str) {
    const WIDTH: usize = 118;
    let mut line = "#".to_owned();
    for word in words.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            put(text, &line);
            line = "#".to_owned();
        }
        line.push(' ');
        line.push_str(word);
    }
    put(text, &line);
}
