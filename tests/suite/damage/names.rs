//! Names are data: of probes, files and devices under test, in every output, whatever they hold.

use std::collections::BTreeSet;

use strobecheck::capture::Presence;
use strobecheck::escape::visible_lines;
use strobecheck::format::{open, read_capture};
use strobecheck::render::text::{Detail, summary};
use strobecheck::render::{JsonOf, Looked, Options, RENDERERS, Render, json_report, wiring_json, wiring_text};
use strobecheck::report::{CaptureReport, Outcome, Report, SubjectNotes};
use strobecheck::study::wiring;
use strobecheck::table::{EdgeTable, TableFormat};
use strobecheck::units::SampleIndex;

use super::archives::{SPEC, chunk, described, judged_capture, metadata, request};

/// A plain name, and names with something in them for every place where they are printed.
fn hostile() -> Vec<String> {
    let names = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\"><svg/onload=alert(1)>",
        "' onmouseover='alert(1)",
        "</text></svg></title></style><script>alert(1)</script>",
        "javascript:alert(1)",
        "{{7*7}}${7*7}",
        "]]><!--",
        "&lt;b&gt;&amp;&#x3c;",
        "\u{1b}[2J\u{1b}]0;owned\u{7}",
        "\u{9b}31m\u{7f}\u{8}",
        "first\nsecond\r\nthird\ttabbed",
        "\n::error::owned",
        "::set-output name=a::b",
        "%0A::warning::x",
        "##[error]x",
        "a ###[stop-commands]x ##vso[task.complete]y",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1:A9)",
        "\t=1+1",
        "a,b;\"c\"",
        "../../etc/passwd",
        "..\\..\\windows",
        "/absolute",
        "C:\\con",
        "\u{202e}gpj.exe\u{2066}x",
        "zero\u{200b}width\u{feff}",
        "[link](http://example.org) ![i](http://example.org/i.png)",
        "| cell | *bold* `code` # @you",
        "Ж漢字🎥",
        "\u{fffe}\u{ffff}",
        "",
        "   ",
        "$(reboot) `reboot` ; reboot",
    ];
    names
        .into_iter()
        .map(str::to_owned)
        .chain(["n".repeat(10_000), "<".repeat(10_000), "漢\u{202e}".repeat(3000)])
        .collect()
}

/// Everything that is written and printed of a capture whose every name is this one.
fn outputs(name: &str) -> Vec<(&'static str, Vec<u8>)> {
    let escaped = name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
    let escaped = escaped.strip_prefix(' ').map(|rest| format!("\\s{rest}")).unwrap_or(escaped);
    let text = metadata().replace("=FSIN", &format!("={escaped}")).replace("=STROBE", &format!("={escaped}"));
    let reader = open(Box::new(described(&text).build())).unwrap();
    assert_eq!(reader.header().probes[0].name, name);
    let mut capture = read_capture(reader.as_ref(), &request(1)).unwrap();
    capture.problems.push(format!("'{name}': bad CRC-32"));

    // Wired by their bits, since both bear the same name.
    let spec = SPEC.replace("\"FSIN\"", "0").replace("\"STROBE\"", "1").replace("5 ms ±", "4 ms ±");
    let mut judgement = judged_capture(&capture, &spec).unwrap();
    judgement.spec_source = name.to_owned();
    let note = Some(name.to_owned());
    judgement.provenance.subject =
        SubjectNotes { dut: note.clone(), station: note.clone(), operator: note.clone(), note };
    judgement.provenance.sidecar = Some(serde_json::json!({ "device": name }));
    let captures = vec![
        CaptureReport { path: name.to_owned(), outcome: Outcome::Judged(Box::new(judgement)), expected: None },
        CaptureReport { path: name.to_owned(), outcome: Outcome::Error(format!("{name}: unreadable")), expected: None },
    ];
    let report = Report { captures };
    let stems = ["one".to_owned(), "two".to_owned()];
    let options = Options { stems: &stems, ..Options::default() };
    let mut outputs = Vec::new();
    for renderer in RENDERERS {
        match renderer.render {
            Render::Capture(render) => {
                outputs.extend(report.captures.iter().map(|c| (renderer.extension, render(c, &options).unwrap())));
            }
            // The pixels of a figure can do nothing; its text as SVG is looked at.
            Render::Parts(_) if renderer.extension == "png" => {}
            Render::Parts(render) => {
                let parts = report.captures.iter().flat_map(|c| render(c, &options).unwrap());
                outputs.extend(parts.map(|part| (renderer.extension, part.bytes)));
            }
            Render::Log(render) => outputs.push((renderer.id, render(&report, &options).unwrap())),
            Render::Run(_, render) | Render::Whole(_, render) => {
                outputs.push((renderer.extension, render(&report, &options).unwrap()))
            }
        }
    }
    outputs.push(("json", json_report(&report, JsonOf::Frames).unwrap()));
    outputs.push(("json lines", json_report(&report, JsonOf::Lines).unwrap()));
    let looked = Looked { path: name, problems: &capture.problems };
    outputs.push(("json", wiring_json(&wiring(&capture), looked, &[name]).unwrap()));
    outputs.push(("terminal", plain_text(&summary(&report, Detail::Full, Some(80))).into_bytes()));
    outputs.push(("terminal", plain_text(&wiring_text(&wiring(&capture), name, &[name], Detail::Full)).into_bytes()));
    let probes: Vec<_> = (capture.header.probes.iter().filter(|probe| probe.presence == Presence::Recorded))
        .map(|probe| (probe.clone(), capture.header.display_name(probe)))
        .collect();
    let mut table = Vec::new();
    let mut csv =
        EdgeTable::new(&mut table, TableFormat::Csv, &probes, &capture.rate, (SampleIndex::default(), None), 2)
            .unwrap();
    capture.replay(&mut csv).unwrap();
    csv.finish().unwrap();
    outputs.push(("edges.csv", table));
    outputs
}

/// A text without the colours that we put in ourselves.
fn plain_text(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// What may not stand raw in any text: it is seen by nobody and changes what is seen.
fn is_unseen(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        || c == '\u{fffe}'
        || c == '\u{ffff}'
}

/// The names of the tags and of their attributes in HTML or XML, by the plainest reading.
fn markup(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let begins = rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        if !begins {
            continue;
        }
        let mut quote = None;
        let end = rest.find(|c: char| match quote {
            Some(open) => {
                if c == open {
                    quote = None;
                }
                false
            }
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                false
            }
            None => c == '>',
        });
        let tag = &rest[..end.unwrap_or(rest.len())];
        let name: String = tag.chars().take_while(|c| !c.is_whitespace() && *c != '>').collect();
        let mut outside = String::new();
        for (place, piece) in tag.split('"').enumerate() {
            if place % 2 == 0 {
                outside.push_str(piece);
            }
        }
        for word in outside.split_whitespace().skip(1).filter_map(|word| word.split_once('=')) {
            found.insert(format!("{name} {}", word.0));
        }
        found.insert(name);
        rest = &rest[tag.len().min(rest.len())..];
    }
    found
}

/// The cells of a CSV table.
fn cells(text: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' | '\n' if !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells
}

fn check(extension: &str, text: &str, plain: &str, name: &str) {
    // Figures set names apart from the text around them by two marks, which reach no farther than their element.
    let mut depth = 0_i32;
    let is_ours =
        |c: char| ["html", "svg"].iter().any(|it| extension.ends_with(it)) && ['\u{2068}', '\u{2069}'].contains(&c);
    for (at, c) in text.char_indices() {
        depth = if c == '<' { 0 } else { depth };
        depth += i32::from(c == '\u{2068}') - i32::from(c == '\u{2069}');
        assert!(
            !is_unseen(c) || (is_ours(c) && depth >= 0),
            "{extension} of {name:?} holds {c:?} behind {:?}",
            text[..at].rfind('\u{2068}').map(|open| text[open..].chars().take(120).collect::<String>())
        );
    }
    if ["html", "xml", "svg"].iter().any(|it| extension.ends_with(it)) {
        let more: Vec<String> = markup(text).difference(&markup(plain)).cloned().collect();
        assert!(more.is_empty(), "{extension} of {name:?} has {more:?}");
        assert_eq!(text.matches("<script").count(), plain.matches("<script").count(), "{extension} of {name:?}");
    }
    if ["xml", "svg"].iter().any(|it| extension.ends_with(it)) {
        let mut reader = quick_xml::Reader::from_str(text);
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => panic!("{extension} of {name:?}: {error}"),
            }
        }
    }
    if extension.ends_with("json") {
        let document: serde_json::Value = serde_json::from_str(text).unwrap();
        assert!(document.to_string().contains(&serde_json::to_string(name).unwrap()), "{name:?} is not in the JSON");
    }
    if extension.ends_with("csv") {
        let is_formula =
            |cell: &&String| cell.trim_start().starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err();
        let all = cells(text);
        assert_eq!(all.iter().find(is_formula), None, "{extension} of {name:?}");
        assert_eq!(all.len(), cells(plain).len(), "{extension} of {name:?}");
    }
    assert!(!text.contains("##[") && !text.contains("##vso["), "{extension} of {name:?} commands a CI");
    if extension.ends_with("md") {
        assert!(
            !text.contains("<script") && !text.contains("<img") && !text.replace("\\]", "").contains("](http"),
            "{name:?}: {text}"
        );
    }
    if extension == "github" || extension.contains("github") {
        let commands = |text: &str| text.lines().filter(|line| line.trim_start().starts_with("::")).count();
        assert_eq!(commands(text), commands(plain), "{name:?}: {text}");
    }
    if extension == "terminal" {
        assert_eq!(visible_lines(text.trim_end_matches('\n')), text.trim_end_matches('\n'));
    }
    assert!(text.len() < plain.len() + 2_000_000, "{extension} of a long name has {} bytes", text.len());
}

#[test]
fn every_output_of_every_name_is_inert() {
    let plain = outputs("PLAIN");
    assert!(plain.len() > RENDERERS.len());
    for name in hostile() {
        for ((extension, bytes), (_, plain)) in outputs(&name).iter().zip(&plain) {
            if extension.ends_with("parquet") {
                continue;
            }
            check(extension, std::str::from_utf8(bytes).unwrap(), std::str::from_utf8(plain).unwrap(), &name);
        }
    }
}

#[test]
fn the_checks_see_what_they_look_for() {
    assert!(markup("<p class=\"a>b\" onload='x'>").contains("p onload"));
    assert!(!markup("a < b &lt;script&gt;").contains("script"));
    assert_eq!(cells("a,\"b,c\"\n-1,=x\n"), ["a", "b,c", "-1", "=x"]);
    assert!(is_unseen('\u{202e}') && is_unseen('\u{1b}') && !is_unseen('\n'));
    assert_eq!(chunk(1).len(), 2500);
}

#[cfg(unix)]
#[test]
fn files_of_any_name_are_judged_and_their_reports_stay_in_their_folder() {
    use std::process::Command;

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("spec.toml"), SPEC).unwrap();
    let file = described(&metadata()).build();
    let mut judged = 0;
    for name in hostile() {
        let name: String = name.replace('/', "_").chars().take(60).collect();
        let path = folder.path().join(format!("{name}.sr"));
        std::fs::write(&path, &file).unwrap();
        let out = folder.path().join("out");
        let output = Command::new(env!("CARGO_BIN_EXE_strobecheck"))
            .args(["verify", "--format", "html,json,junit,markdown,csv,parquet,github"])
            .arg(format!("--dut={name}"))
            .arg("--reports")
            .arg(&out)
            .arg(&path)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{name:?}: {output:?}");
        for text in [output.stdout, output.stderr] {
            let text = String::from_utf8(text).unwrap();
            assert!(!text.contains(is_unseen), "{name:?}: {text}");
        }
        std::fs::remove_file(&path).unwrap();
        let mut left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["out", "spec.toml"], "{name:?}");
        assert!(std::fs::read_dir(&out).unwrap().count() >= 7, "{name:?}");
        std::fs::remove_dir_all(&out).unwrap();
        judged += 1;
    }
    assert!(judged > 30);
}
