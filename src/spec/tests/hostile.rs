//! Specs that are made to harm are refused, whatever they hold.

use proptest::prelude::*;

use super::super::{Spec, SpecError};

/// What a terminal would act on.
fn acts(c: char) -> bool {
    (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c)
}

#[test]
fn nothing_in_a_spec_reaches_the_terminal_as_a_command() {
    for text in [
        "[wiring]\n\"a\\u001b[31m\" = 1",
        "[wiring]\nstrobe = 1 # \u{9b}31m \u{202e}\nx = 2",
        "[limits]\nexposure.time = \"1 \u{9b}31m\"",
        "[limits]\nexposure.time = \"1 \\u001b]0;x\\u0007\"",
        "a = \"\u{1b}\"",
    ] {
        let error = Spec::parse("evil\u{1b}[2J.toml", text).unwrap_err();
        let shown = format!("{}\n{error}", error.render());
        assert!(!shown.chars().any(acts), "{shown:?}");
    }
}

#[test]
fn hostile_sizes_are_refused() {
    let refused = |text: &str| -> SpecError { Spec::parse("spec.toml", text).unwrap_err() };
    let many: String = (0..65).map(|index| format!("[camera.c{index}]\nstrobe = {index}\n")).collect();
    assert_eq!(refused(&many).message(), "more than 64 cameras");
    let lines: Vec<String> = (0..17).map(|index| format!("L{index} = {index}")).collect();
    let flashes = format!("[wiring]\nflash = {{ {} }}", lines.join(", "));
    assert_eq!(refused(&flashes).message(), "more than 16 flash lines");
    let sequence = format!("[limits]\nexposure.time = [{}]", "'>= 1 s',".repeat(1001));
    assert_eq!(refused(&sequence).message(), "a sequence of more than 1000 limits");
    let deep = format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(refused(&deep).message().starts_with("this is not TOML"));
    assert_eq!(refused(&"#".repeat((1 << 20) + 1)).message(), "'spec.toml' is larger than 1 MiB: it is no spec");
    let name = format!("[wiring]\nstrobe = \"{}\"", "x".repeat(1 << 19));
    assert_eq!(refused(&name).message(), "the name of a probe has at most 100 bytes");
    let bomb = format!(
        "[params]\na = {{ default = \"{}\", meaning = \"m\" }}\n[wiring]\nstrobe = \"{}\"",
        "x".repeat(200),
        "${a}".repeat(10_000)
    );
    assert_eq!(refused(&bomb).message(), "longer than 4096 bytes once filled in");
    // 100 entries of 4 kB for each of 1000 that are written.
    let entries = format!(
        "[params]\na = {{ default = \"{}\", meaning = \"m\" }}\nb = {{ default = \"{}\", meaning = \"m\" }}\n\
         [limits]\nexposure.time = [{}]",
        "1,".repeat(99),
        "x".repeat(200),
        format!("\"${{a}}{}\",", "${b}".repeat(20)).repeat(1000)
    );
    assert_eq!(refused(&entries).message(), "with it, 16777216 bytes are filled in");
}

/// Pieces that make texts which get far into the reader.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "[wiring]\n",
        "[timing]\n",
        "[limits]\n",
        "[analyzer]\n",
        "[camera.a]\n",
        "[params]\n",
        "strobe = ",
        "fsin = ",
        "flash = ",
        "frame.time = ",
        "exposure.time = ",
        "line.edges = ",
        "alignment = ",
        "burst = ",
        "clock = ",
        "\"D1\"",
        "\"!µ\"",
        "3",
        "\"1/30 s ± 0.1 %\"",
        "\"20 ms\"",
        "\"≥ 1\"",
        "{ A = 1 }",
        "[\"<= 1 ms\"]",
        "\"end\"",
        "\"${x}\"",
        "'${'",
        "\n",
        "\n",
        "\n",
        "é",
        "\u{feff}",
        "\r\n",
        "\"",
        "=",
        ".",
        "\u{0}",
        "# ±\n",
        "x = ",
        "-1",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_a_spec_or_an_error_in_the_text(text in prop_oneof![pieces(), "\\PC{0,80}"]) {
        if let Err(error) = Spec::parse("spec.toml", &text) {
            let span = error.span().unwrap();
            prop_assert!(text.get(span.clone()).is_some(), "{:?}", span);
            let at = error.line_column().unwrap();
            prop_assert!(at.line >= 1 && at.line <= text.matches('\n').count() + 1);
            prop_assert!(!error.render().is_empty());
        }
    }
}
