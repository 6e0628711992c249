//! Every error points at its place and says what would be valid.

use super::super::{LineColumn, Spec};

/// Marked text and message; where the help matters, it stands behind a line break.
const CASES: &[(&str, &str)] = &[
    // Not TOML.
    ("[wiring]\nstrobe = «»\n", "this is not TOML: string values must be quoted, expected literal string"),
    ("[wiring]\nstrobe = \"A\"\n«strobe» = \"B\"", "this is not TOML: duplicate key"),
    // Keys.
    (
        "[wiring]\n«strob» = \"D2\"",
        "unknown key 'strob' in [wiring]\ndid you mean 'strobe'? It takes trigger, fsin, strobe, flash, readout, ready",
    ),
    (
        "«wirings» = 1",
        "unknown key 'wirings' in a spec\ndid you mean 'wiring'? It takes extends, params, wiring, timing, analyzer, timestamps, limits, camera",
    ),
    (
        "[timing]\n«exposure» = \"1 ms\"",
        "unknown key 'exposure' in [timing]\nit takes alignment, frame_time, rhythm, burst, fsin_per_frame, shutter, readout_time, strobe_shows, recovery, overlap, skip_frames, min_frames, expected_frames, ends, sequence, flash_pattern, judge",
    ),
    (
        "[timing]\n«blink» = \"AB\"",
        "unknown key 'blink' in [timing]\nit takes alignment, frame_time, rhythm, burst, fsin_per_frame, shutter, readout_time, strobe_shows, recovery, overlap, skip_frames, min_frames, expected_frames, ends, sequence, flash_pattern, judge",
    ),
    (
        "[analyzer]\n«clok» = \"1 ppm\"",
        "unknown key 'clok' in [analyzer]\ndid you mean 'clock'? It takes calibration, clock, correction, edge, glitch",
    ),
    (
        "[analyzer]\n«offset» = \"x\"",
        "unknown key 'offset' in [analyzer]\nit takes calibration, clock, correction, edge, glitch",
    ),
    (
        "[analyzer]\nedge = { «strobo» = \"1 us\" }",
        "unknown key 'strobo' in a table by role\ndid you mean 'strobe'? It takes trigger, fsin, strobe, flash, readout, ready",
    ),
    (
        "[camera.right]\n«trigger» = \"D1\"",
        "unknown key 'trigger' in [camera.right]\nit takes fsin, strobe, flash, readout, ready, alignment, frame_time, rhythm, burst, fsin_per_frame, shutter, readout_time, strobe_shows, recovery, overlap, limits",
    ),
    // Kinds of values.
    ("wiring = «3»", "expected a table of lines, found a bare number"),
    ("[timing]\nburst = «\"3\"»", "expected a whole number, 1 or more, found a text"),
    ("[timing]\nburst = «0»", "expected a whole number, 1 or more, found 0"),
    ("[wiring]\nstrobe = «[\"A\"]»", "expected 2 to 16 pins that pulse in turn, found 1"),
    (
        "[wiring]\nstrobe = { 1 = \"A\", «3» = \"B\" }",
        "expected pin 2, found '3'\nwrite the pins in turn: [\"A\", \"B\"]",
    ),
    (
        "[wiring]\nstrobe = [\"A\", «1.5»]",
        "expected the name of a probe, such as \"D2\" or \"!D2\", or its bit, found a bare number",
    ),
    ("[timing]\nfsin_per_frame = «0»", "expected a whole number, 1 or more, found 0"),
    ("[timing]\nfsin_per_frame = «101»", "expected 1 to 100 pulses a frame, found 101"),
    ("[timing]\nburst = «5000000000»", "a burst of 5000000000 pulses is more than can be counted"),
    ("[timing]\nskip_frames = «-1»", "expected a whole number, 0 or more, found -1"),
    ("[timing]\nskip_frames = «99999999999999999999»", "an integer of more than 64 bits"),
    ("[timing]\nmin_frames = «0»", "expected a whole number, 1 or more, found 0"),
    (
        "[timing]\nframe_time = «0.0333»",
        "expected a time with its unit, such as \"20 ms\", or \"none\", found a bare number\nwrite the nominal frame time, such as \"1/30 s\" for 30 frames per second",
    ),
    ("[timing]\nends = «true»", "expected \"running\" or \"stops\", found a boolean"),
    ("[timing]\nends = \"«stop»\"", "expected \"running\" or \"stops\", found 'stop'"),
    ("[timing]\nalignment = \"«centre»\"", "expected \"end\", \"start\", \"middle\" or \"auto\", found 'centre'"),
    ("[timing]\nsequence = «[]»", "expected \"fit\" or \"strict\", found an array"),
    (
        "[timing]\nframe_time = «2026-01-01»",
        "expected a time with its unit, such as \"20 ms\", or \"none\", found a date\nwrite the nominal frame time, such as \"1/30 s\" for 30 frames per second",
    ),
    // Times and ratios.
    (
        "[timing]\nframe_time = \"«33.3»\"",
        "a unit is missing: add s, ms, us (µs), ns, ps or min\nwrite the nominal frame time, such as \"1/30 s\" for 30 frames per second",
    ),
    (
        "[timing]\nframe_time = \"30 «Hz»\"",
        "'Hz' cannot be the unit here: use s, ms, us (µs), ns, ps or min\nwrite the nominal frame time, such as \"1/30 s\" for 30 frames per second",
    ),
    (
        "[timing]\nframe_time = \"«0 s»\"",
        "this time must be above 0\nwrite the nominal frame time, such as \"1/30 s\" for 30 frames per second",
    ),
    ("[analyzer]\nedge = \"«-1 us»\"", "this time must be 0 or more"),
    ("[analyzer]\nglitch = { strobe = \"«0 us»\" }", "this time must be above 0"),
    ("[analyzer]\nclock = \"«-1 ppm»\"", "this share must be 0 or more and below 100 %"),
    ("[analyzer]\nclock = \"«100 %»\"", "this share must be 0 or more and below 100 %"),
    ("[analyzer]\nclock = \"«50»\"", "a unit is missing: add ppm or %"),
    ("[analyzer]\nclock = \"50 «pm»\"", "unknown unit 'pm': use ppm or %"),
    ("[analyzer]\nclock = \"«50 us»\"", "expected a share in ppm or %, such as \"50 ppm\""),
    ("[analyzer]\nclock = «50»", "expected a share in ppm or %, such as \"50 ppm\", found a bare number"),
    ("[analyzer]\ncorrection = \"«-100 %»\"", "this share must be above -100 % and below 100 %"),
    ("[analyzer]\ncorrection = \"«1000000 ppm»\"", "this share must be above -100 % and below 100 %"),
    // Wiring.
    (
        "[wiring]\nstrobe = «1.5»",
        "expected the name of a probe, such as \"D2\" or \"!D2\", or its bit, found a bare number",
    ),
    ("[wiring]\nstrobe = «-1»", "-1 is not the bit of a probe: bits are counted from 0"),
    ("[wiring]\nstrobe = \"«!»\"", "expected the name of a probe, such as \"D2\" or \"!D2\", or its bit"),
    (
        "[wiring]\nstrobe = «{ A = \"D1\" }»",
        "expected the name of a probe, such as \"D2\" or \"!D2\", or its bit, found a table",
    ),
    (
        "[wiring]\nflash = «{ analog = \"CH0\" }»",
        "an analog line needs a threshold\nstate the voltage at which the flash counts as lit: threshold = \"0.9 V\"",
    ),
    ("[wiring]\nflash = «{}»", "expected at least one flash line, such as { A = \"D3\" }"),
    ("[wiring]\nflash = { «\"\"» = \"D1\" }", "the name of a flash line is empty"),
    (
        "[wiring]\nstrobe = \"D1\"\nflash = \"«D1»\"",
        "probe 'D1' is wired to strobe and to flash of camera 'main'\neach line needs a probe of its own",
    ),
    (
        "[wiring]\nstrobe = 1\nflash = { A = «1», B = 2 }",
        "probe '1' is wired to strobe and to flash.A of camera 'main'\neach line needs a probe of its own",
    ),
    (
        "[wiring]\nfsin = \"D1\"\nstrobe = \"D2\"\n[camera.right]\nstrobe = \"«D1»\"",
        "probe 'D1' is wired to fsin and to strobe of camera 'right'\neach line needs a probe of its own",
    ),
    (
        "«»[timing]\nburst = 1",
        "no line is wired to a probe\nadd strobe = \"PROBE\" in [wiring], or --wire strobe=PROBE",
    ),
    (
        "[limits]\nexposure.«time» = \">= 1 ms\"",
        "no line is wired to a probe\nadd strobe = \"PROBE\" in [wiring], or --wire strobe=PROBE",
    ),
    (
        "[wiring]\nflash = \"D1\"\n[camera.right]\nfsin = \"«D1»\"",
        "probe 'D1' is wired to fsin and to flash of camera 'right'\neach line needs a probe of its own",
    ),
    // Cameras.
    (
        "[wiring]\nstrobe = 1\n[camera.«main»]\n",
        "'main' is the camera of [wiring] already\nset what is its own in [wiring], [timing] and [limits], or choose another name",
    ),
    ("[wiring]\nstrobe = 1\n[camera.«\"\"»]\n", "the name of a camera is empty"),
    (
        "[wiring]\nstrobe = 1\n[camera.«\"a\\tb\"»]\n",
        "'a\\tb' cannot be the name of a camera\nuse letters, digits, '_' and '-'",
    ),
    ("[wiring]\nstrobe = 1\n[camera.a]\n[camera.«a»]\n", "this is not TOML: duplicate key"),
    (
        "[wiring]\nstrobe = 1\n[timing]\nshutter = «\"rolling\"»",
        "the rolling shutter of camera 'main' lacks readout_time\nadd the delay from row 0 to the last row, such as readout_time = \"16.54 ms\"",
    ),
    (
        "[wiring]\nstrobe = 1\n[camera.a]\nstrobe = 2\nreadout_time = «\"9 ms\"»",
        "a readout_time, but no rolling shutter\nadd shutter = \"rolling\", or overlap = \"never\"",
    ),
    (
        "[wiring]\nstrobe = 1\n[timing]\nreadout_time = «\"9 ms\"»",
        "a readout_time, but no rolling shutter\nadd shutter = \"rolling\", or overlap = \"never\"",
    ),
    (
        "[wiring]\nstrobe = 1\n[camera.«a»]\nfsin = \"none\"\nlimits.exposure.time = \">= 1 ms\"",
        "camera 'a' has no line of its own\nwire what sets it apart, such as strobe = \"PROBE\"",
    ),
    // Limits: ids.
    ("[limits]\nexposure.«tme» = \">= 1 ms\"", "unknown quantity 'exposure.tme'\ndid you mean 'exposure.time'?"),
    ("[limits]\nfsin.«zzzzzz» = \">= 1 ms\"", "unknown quantity 'fsin.zzzzzz'\nthere are fsin.width, fsin.pulses"),
    ("[limits]\n«exposur».time = \">= 1 ms\"", "unknown family of quantities 'exposur'\ndid you mean 'exposure'?"),
    ("[limits]\n«frame» = \">= 1 ms\"", "'frame' is a family of quantities"),
    (
        "[limits]\n«\"frame.time\"» = \">= 1 ms\"",
        "'frame.time' stands in quotes\nwrite the id as a dotted key: frame.time = …",
    ),
    (
        "[limits]\n«\"flash.duty@1s\"» = \"<= 1 %\"",
        "'flash.duty@1s' stands in quotes\nwrite the id as a dotted key: flash.\"duty@1s\" = …",
    ),
    ("[limits]\nframe.time.«max» = \"1 ms\"", "unknown key 'max' in the limit on frame.time\nit takes limit, allow"),
    (
        "[limits]\nline.edges = { «limit» = \">= 1\" }",
        "unknown key 'limit' in line.edges by role\nit takes trigger, fsin, strobe, flash, readout, ready",
    ),
    // Limits: values.
    ("[limits]\nexposure.time = \"«20» ± 50 us\"", "a unit is missing: add s, ms, us (µs), ns, ps or min"),
    ("[limits]\nexposure.time = «20»", "a unit is missing: a limit on exposure.time is a text with units"),
    ("[limits]\nexposure.time = «20.0»", "expected a limit on exposure.time, found a bare number"),
    (
        "[limits]\nexposure.time = [\"20 ms ± 50 us\", \"«10 ms»\"]",
        "a single value is no limit for what is measured: write \"20 ms ± 50 us\", \"1/30 s ± 0.1 %\", \"0 us .. 1 ms\", \">= 5 us\" or \"<= 1 ms\"",
    ),
    ("[limits]\nexposure.time = '«3 ms .. 1 ms»'", "the lower end is above the upper one"),
    ("[limits]\nexposure.time = \"20 ms ± «-1 us»\"", "a tolerance below zero"),
    ("[limits]\nexposure.time = «\"20 m\\u0073 ± -1 us\"»", "a tolerance below zero"),
    ("[limits]\nexposure.time = «[]»", "a sequence of no limits"),
    ("[limits]\nframe.drift = \">= 5 «us»\"", "'us' cannot be the unit here: use ppm"),
    (
        "[limits]\nframe.jitter = «[\"<= 1 ms\"]»",
        "frame.jitter has one value per capture: it takes no sequence of limits",
    ),
    ("[limits]\nframe.missing = «-1»", "a count is 0 or more"),
    (
        "[limits]\nframe.missing = { limit = 0, «allow» = 1 }",
        "frame.missing has one value per capture: there are no frames to allow for",
    ),
    ("[limits]\nexposure.time = «{ allow = 2 }»", "the limit on exposure.time lacks its 'limit'"),
    (
        "[limits]\nexposure.time = { limit = \"<= 1 ms\", «alow» = 2 }",
        "unknown key 'alow' in the limit on exposure.time\ndid you mean 'allow'? It takes limit, allow",
    ),
    ("[limits]\nexposure.time = { limit = \"<= 1 ms\", allow = «-2» }", "expected a whole number, 0 or more, found -2"),
    (
        "[limits]\nexposure.time = { limit = \"<= 1 ms\", allow = \"«101 %»\" }",
        "expected a number of frames, such as 2, or a share of them, such as \"0.1 %\"",
    ),
    (
        "[limits]\nexposure.time = { limit = \"<= 1 ms\", allow = \"«1 ms»\" }",
        "expected a number of frames, such as 2, or a share of them, such as \"0.1 %\"",
    ),
    (
        "[limits]\nexposure.time = { limit = \"<= 1 ms\", allow = \"«1.5»\" }",
        "expected a number of frames, such as 2, or a share of them, such as \"0.1 %\"",
    ),
    // Limits on what is not wired.
    (
        "[wiring]\nstrobe = 1\n[limits]\nexposure.«end» = \"0 us ± 20 us\"",
        "exposure.end is measured on FSIN and STROBE; camera 'main' lacks FSIN\nwire it: fsin = \"PROBE\" in [wiring], or --wire fsin=PROBE; \"none\" takes the limit back",
    ),
    (
        "[wiring]\nreadout = 1\n[limits]\nframe.«time» = \">= 1 ms\"",
        "frame.time is measured on FSIN or STROBE; camera 'main' lacks FSIN and STROBE\nwire it: fsin = \"PROBE\" in [wiring], or --wire fsin=PROBE; \"none\" takes the limit back",
    ),
    (
        "[wiring]\nfsin = 1\n[camera.a]\nstrobe = 2\n[limits]\nflash.«lag» = \">= 1 ms\"",
        "flash.lag is measured on STROBE and flash; camera 'a' lacks flash\nwire it: flash = \"PROBE\" in [wiring], or --wire flash=PROBE; \"none\" takes the limit back",
    ),
    (
        "[wiring]\nstrobe = 1\n[camera.a]\nstrobe = 4\nfsin = 2\nlimits.exposure.time = \">= 1 ms\"\n[camera.b]\nstrobe = 3\nlimits.fsin.«width» = \">= 1 us\"",
        "fsin.width is measured on FSIN; camera 'b' lacks FSIN\nwire it: fsin = \"PROBE\" in [wiring], or --wire fsin=PROBE; \"none\" takes the limit back",
    ),
    (
        "[wiring]\nstrobe = 1\n[limits]\nline.edges = { «fsin» = \">= 0\" }",
        "FSIN is not wired\nwire it: fsin = \"PROBE\" in [wiring], or --wire fsin=PROBE; \"none\" takes the limit back",
    ),
    (
        "[wiring]\nflash = { A = 1 }\n[limits]\nline.edges.flash = { A = \">= 0\", «B» = \">= 0\" }",
        "flash 'B' is not wired\nwire it: flash = \"PROBE\" in [wiring], or --wire flash=PROBE; \"none\" takes the limit back",
    ),
    (
        "[wiring]\nstrobe = 1\n[limits]\nline.«glitches» = 0",
        "line.glitches needs to know what a glitch is on the line\nadd it, such as glitch = { strobe = \"1 us\" } in [analyzer]",
    ),
    (
        "[wiring]\nstrobe = 1\nfsin = 2\n[analyzer]\nglitch.fsin = \"1 us\"\n[limits]\nline.glitches.«strobe» = 0",
        "line.glitches needs to know what a glitch is on the line\nadd it, such as glitch = { strobe = \"1 us\" } in [analyzer]",
    ),
    (
        "[wiring]\nstrobe = 1\n[camera.a]\nflash = 2\nlimits.line.edges.«strobe» = 0",
        "line.edges is limited for a camera that has no such line of its own\nlimit lines that cameras share in [limits]",
    ),
    // Alignment.
    (
        "[wiring]\nstrobe = 1\nfsin = 2\n[limits]\nexposure.end = \"<= 1 ms\"\nexposure.«latency» = \"<= 1 ms\"",
        "a limit on exposure.latency makes camera 'main' start-aligned, and a limit on exposure.end makes it end-aligned",
    ),
    (
        "[wiring]\nstrobe = 1\nfsin = 2\n[timing]\nalignment = \"start\"\n[limits]\nexposure.«end» = \"<= 1 ms\"",
        "a limit on exposure.end makes camera 'main' end-aligned, and alignment = \"start\" makes it start-aligned",
    ),
    (
        "[wiring]\nstrobe = 1\nfsin = 2\n[timing]\nalignment = \"end\"\n[limits]\nexposure.«latency» = \"<= 1 ms\"",
        "a limit on exposure.latency makes camera 'main' start-aligned, and alignment = \"end\" makes it end-aligned",
    ),
    (
        "[wiring]\nstrobe = 1\nfsin = 2\n[timing]\nalignment = \"end\"\nburst = «3»",
        "a burst of 3 pulses makes camera 'main' start-aligned, and alignment = \"end\" makes it end-aligned",
    ),
    (
        "[wiring]\nstrobe = 1\nfsin = 2\n[timing]\nburst = «2»\n[limits]\nexposure.end = \"<= 1 ms\"",
        "a burst of 2 pulses makes camera 'main' start-aligned, and a limit on exposure.end makes it end-aligned",
    ),
    (
        "[wiring]\nstrobe = 1\nfsin = 2\n[limits]\nexposure.«end» = \"<= 1 ms\"\n[camera.r]\nstrobe = 3\nalignment = \"start\"",
        "a limit on exposure.end makes camera 'r' end-aligned, and alignment = \"start\" makes it start-aligned",
    ),
    (
        "[wiring]\nstrobe = 1\nfsin = 2\n[timing]\nalignment = \"middle\"\n[limits]\nexposure.«end» = \"<= 1 ms\"",
        "a limit on exposure.end makes camera 'main' end-aligned, and alignment = \"middle\" makes it middle-aligned",
    ),
    (
        "[wiring]\nstrobe = 1\nfsin = 2\n[timing]\nfsin_per_frame = 2\n[limits]\nexposure.«middle» = \"<= 1 ms\"",
        "a limit on exposure.middle makes camera 'main' middle-aligned, and timing.fsin_per_frame is 2: which pulse of FSIN is an exposure's cannot be told\n\
         exposures that end or start at FSIN may have several pulses a frame",
    ),
    // Parameters and extends.
    ("[wiring]\nstrobe = \"${«x»}\"", "unknown parameter 'x'\nthis spec declares no parameters"),
    ("[wiring]\nstrobe = \"a«${»x\"", "this '${' is never closed"),
    ("[params]\n«x» = \"1\"\n[wiring]\nstrobe = 1", "unknown parameter 'x'\nthis spec declares no parameters"),
    (
        "[params]\n«x» = { default = \"1\" }",
        "expected a text, or { default = \"…\", meaning = \"…\" } to declare a parameter",
    ),
    (
        "[params]\nx = { default = \"1\", meaning = \"m\", «units» = \"s\" }",
        "unknown key 'units' in parameter 'x'\ndid you mean 'unit'? It takes default, unit, min, max, meaning",
    ),
    (
        "[params]\nx = { default = \"1 ms\", meaning = \"m\", max = «\"2 ms\"» }",
        "the range of 'x' needs its unit\nadd unit = \"s\", \"Hz\", \"%\", \"ppm\" or \"count\"",
    ),
    (
        "[params]\nx = { default = \"«3 ms»\", meaning = \"how long\", unit = \"s\", max = \"2 ms\" }",
        "x = 3 ms is above the largest, 2 ms\nhow long",
    ),
    (
        "wiring.strobe = 1\n[params]\nx = { default = \"1 ms\", meaning = \"m\" }\n[limits]\nexposure.time = \"<= ${«2 * x»}\"",
        "unknown parameter '2 * x'\na spec takes the name of a parameter; only built-in profiles compute",
    ),
    (
        "[params]\nx = «3»",
        "expected a text, or { default = \"…\", meaning = \"…\" } to declare a parameter, found a bare number",
    ),
    (
        "[params]\n«\"x y\"» = { default = \"1\", meaning = \"m\" }",
        "'x y' cannot be the name of a parameter\nuse letters, digits, '_' and '-'",
    ),
    ("extends = «3»", "expected the name of a profile or of a file, found a bare number"),
    (
        "extends = \"«ov9282-freerun-31»\"",
        "'ov9282-freerun-31' is no profile, and as a file beside this one: there is no such file\ndid you mean 'ov9282-freerun-30'? 'strobecheck profiles' lists them all",
    ),
];

#[test]
fn errors_point_at_their_place_and_say_what_would_be_valid() {
    let wrong: Vec<String> = CASES.iter().filter_map(|(marked, expected)| mismatch(marked, expected)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// How the error of a marked text differs from what is expected of it.
fn mismatch(marked: &str, expected: &str) -> Option<String> {
    let start = marked.find('«').unwrap();
    let end = marked.find('»').unwrap() - '«'.len_utf8();
    let error = match Spec::parse("spec.toml", &marked.replace(['«', '»'], "")) {
        Ok(_) => return Some(format!("{marked}\nis no error")),
        Err(error) => error,
    };
    let (message, help) = expected.split_once('\n').map_or((expected, None), |(message, help)| (message, Some(help)));
    let agrees = error.span() == Some(start..end)
        && error.message() == message
        && (help.is_none() || error.suggestion() == help);
    (!agrees).then(|| format!("{marked}\n{:?}\n{}", error.span(), error.render()))
}

#[test]
fn an_error_shows_its_line_with_a_caret() {
    let text = "# µ before\n[wiring]\nstrobe = \"D2\"\n\n[limits]\nexposure.time = \"20 ms ± 50\"\n";
    let error = Spec::parse("board7.spec.toml", text).unwrap_err();
    assert_eq!(error.line_column(), Some(LineColumn { line: 6, column: 26 }));
    let expected = "\
error: a unit is missing: add s, ms, us (µs), ns, ps or min, or % or ppm of the nominal
 --> board7.spec.toml:6:26
  |
6 | exposure.time = \"20 ms ± 50\"
  |                          ^^
  |
  = help: write \"20 ms ± 50 us\", \"1/30 s ± 0.1 %\", \"0 us .. 1 ms\", \">= 5 us\" or \"<= 1 ms\"";
    assert_eq!(error.render(), expected);
    assert_eq!(
        error.to_string(),
        "board7.spec.toml:6:26: a unit is missing: add s, ms, us (µs), ns, ps or min, or % or ppm of the nominal; \
         write \"20 ms ± 50 us\", \"1/30 s ± 0.1 %\", \"0 us .. 1 ms\", \">= 5 us\" or \"<= 1 ms\""
    );
}

#[test]
fn marks_and_line_ends_of_other_systems_do_not_shift_the_place() {
    for (text, line, column) in [
        ("\u{feff}[wiring]\nstrob = 1", 2, 1),
        ("\u{feff}wirin.g = 1", 1, 2),
        ("[wiring]\r\n# µ\r\n  strob = 1\r\n", 3, 3),
    ] {
        let error = Spec::parse("spec.toml", text).unwrap_err();
        assert_eq!(error.line_column(), Some(LineColumn { line, column }), "{text:?}\n{}", error.render());
    }
}
