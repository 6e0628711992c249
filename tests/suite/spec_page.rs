//! The guide's page on the spec, from the keys, the quantities and the words.

use std::fmt::Write as _;

use strobecheck::explain::{REASONS, WORDS, example, exit_code_text};
use strobecheck::quantity::QUANTITIES;
use strobecheck::report::ExitCode;
use strobecheck::spec::{KEYS, Key, Shape};

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
pub(crate) fn spec_page() -> String {
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
    writeln!(page, "{line}").unwrap();
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
