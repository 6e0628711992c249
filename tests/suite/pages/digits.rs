//! One number, one text: what the page says of a check's worst value, the terminal, Markdown and JUnit say in the same words, and it is
//! JSON's value rounded to the place of its uncertainty.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A row of the page's table of checks.
struct Row {
    id: String,
    of: String,
    worst: String,
}

/// The text of a piece of markup.
fn plain(markup: &str) -> String {
    let pieces = markup.split('<').enumerate();
    let text: String = pieces
        .map(|(n, piece)| if n == 0 { piece } else { piece.split_once('>').map_or("", |(_, text)| text) })
        .collect();
    text.replace("&gt;", ">").replace("&lt;", "<").replace("&#62;", ">").replace("&#60;", "<").trim().to_owned()
}

fn rows(page: &str) -> Vec<Row> {
    let cell = |row: &str, begins: &str, ends: &str| {
        let (_, from) = row.split_once(begins)?;
        Some(plain(from.split_once(ends)?.0))
    };
    (page.split("<tr class=\"").skip(1))
        .filter_map(|row| {
            let id = cell(row, "<th scope=\"row\">", "</th>")?;
            let worst = cell(row, "<td data-label=\"worst value\">", "</td>")?;
            let of = cell(row, "<td data-label=\"of\">", "</td>")?;
            Some(Row { id: id.trim_end_matches("implied").trim().to_owned(), of, worst })
        })
        .collect()
}

/// A value with its unit: the number, the value of its last place, and the factor of its prefix.
fn quantity(text: &str) -> Option<(f64, f64, f64)> {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let factor = match unit {
        "" | "s" | "Hz" | "%" | "ppm" => 1.0,
        "ms" => 1e-3,
        "µs" => 1e-6,
        "ns" => 1e-9,
        "ps" => 1e-12,
        "kHz" => 1e3,
        "MHz" => 1e6,
        _ => return None,
    };
    let places = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    Some((number.parse().ok()?, 0.1_f64.powi(i32::try_from(places).ok()?), factor))
}

/// What is wrong with the text of a value, by JSON's.
fn fault(text: &str, worst: &Value) -> Option<String> {
    let number = |key: &str| worst[key].as_f64();
    let (shown, uncertainty) = text.split_once(" ± ").map_or((text, None), |(value, half)| (value, Some(half)));
    let Some((value, place, factor)) = quantity(shown) else { return Some(format!("{text:?} is no value")) };
    let exact = number("value")? / factor;
    // Half of the last place, and what floats leave.
    if (value - exact).abs() > place * 0.500_001 + exact.abs() * 1e-12 {
        return Some(format!("{text:?} stands for {exact}"));
    }
    let (low, high) = (number("low")? / factor, number("high")? / factor);
    let half = (exact - low).max(high - exact);
    match uncertainty.map(quantity) {
        None => (half > 1e-9 * exact.abs().max(1.0)).then(|| format!("{text:?} hides ± {half}")),
        Some(None) => Some(format!("{text:?} has no uncertainty that can be read")),
        Some(Some((shown, place, its))) => {
            let shown = shown * its / factor;
            let place = place * its / factor;
            // Never less than it is, and less than a unit of its last place more.
            let is_right = shown >= half * (1.0 - 1e-9) && shown - half < 1.000_001 * place;
            (!is_right).then(|| format!("{text:?} stands for ± {half}"))
        }
    }
}

/// Every third capture, and whatever has two cameras.
fn captures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut captures: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "sr")).collect();
    captures.sort();
    let is_taken = |(n, path): &(usize, PathBuf)| n % 3 == 0 || path.to_string_lossy().contains("two-");
    captures.into_iter().enumerate().filter(is_taken).map(|(_, path)| path).collect()
}

#[test]
fn a_number_has_one_text_wherever_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for capture in captures() {
        let stem = capture.file_stem().unwrap().to_string_lossy().into_owned();
        let output = Command::new(env!("CARGO_BIN_EXE_strobecheck"))
            .args(["verify", "--format", "html,json,junit,markdown", "-v", "--reports"])
            .args([folder.path(), &capture])
            .output()
            .unwrap();
        let terminal = String::from_utf8(output.stdout).unwrap();
        let read = |end: &str| {
            std::fs::read_to_string(folder.path().join(format!("{stem}.{end}")))
                .unwrap_or_else(|e| panic!("{stem}.{end}: {e}"))
        };
        let (page, markdown, junit) = (read("html"), read("md"), read("junit.xml"));
        let json: Value = serde_json::from_str(&read("json")).unwrap();
        for row in rows(&page) {
            let is_of = |check: &&Value| {
                let named =
                    row.of.split(", ").all(|name| [&check["camera"], &check["line"]].iter().any(|of| **of == name));
                check["id"] == row.id.as_str() && (row.of.is_empty() || named)
            };
            let check = json["captures"][0]["checks"].as_array().unwrap().iter().find(is_of);
            let check = check.unwrap_or_else(|| panic!("{stem}: JSON has no {} of {:?}", row.id, row.of));
            let mut tell = |what: String| wrong.push(format!("{stem}: {} {}: {what}", row.id, row.of));
            let is_bounded = !check["worst"]["low"].is_null() && !check["worst"]["high"].is_null();
            if is_bounded && let Some(what) = fault(&row.worst, &check["worst"]) {
                tell(what);
            }
            compared += usize::from(is_bounded);
            let name = if row.of.is_empty() { format!("  {} ", row.id) } else { format!("  {} ({})", row.id, row.of) };
            let mut lines =
                terminal.lines().filter(|line| line.starts_with(&name) || line.starts_with(&format!("  {} ", row.id)));
            if !lines.any(|line| line.contains(&row.worst)) {
                tell(format!("the terminal does not say {:?}", row.worst));
            }
            if check["verdict"] == "fail" && is_bounded {
                if !markdown.contains(&format!("| {} |", row.worst)) {
                    tell(format!("Markdown does not say {:?}", row.worst));
                }
                if !junit.contains(&row.worst) {
                    tell(format!("JUnit does not say {:?}", row.worst));
                }
            }
        }
    }
    assert!(compared > 200, "{compared}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_text_that_is_off_is_seen() {
    let worst = serde_json::json!({ "value": 0.0306, "low": 0.030599, "high": 0.030601 });
    assert_eq!(fault("30.6000 ms ± 1 µs", &worst), None);
    assert!(fault("30.601 ms ± 1 µs", &worst).is_some());
    assert!(fault("30.6000 ms ± 3 µs", &worst).is_some());
    assert!(fault("30.6000 ms ± 0.9 µs", &worst).is_some());
    assert!(fault("30.6000 ms", &worst).is_some());
}
