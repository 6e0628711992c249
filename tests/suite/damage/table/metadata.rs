//! What `metadata` says, and how.

use super::super::archives::{
    RawArchive, RawMember, described, described_by, metadata, plain, session, widened, with_metadata,
};
use super::Outcome::{Refused, Right, RightWith};
use super::{BySigrok, Case, case, flagged, ours_alone};

fn rate(text: &str) -> RawArchive {
    with_metadata("samplerate=100 kHz", &format!("samplerate={text}"))
}

fn probes(text: &str) -> RawArchive {
    with_metadata("probe3=SPARE\n", text)
}

pub(super) fn cases() -> Vec<Case> {
    [syntax(), sections(), rates(), units(), names()].concat()
}

fn syntax() -> Vec<Case> {
    let text = metadata();
    vec![
        case("blanks around =", described(&text.replace('=', " = ")), Right),
        case("CRLF", described(&text.replace('\n', "\r\n")), Right),
        case("comments and empty lines", described(&text.replace("[device", "# by hand\n\n[device")), Right),
        case("blanks before keys", described(&text.replace("\nprobe", "\n  probe")), Right),
        case("escapes in a name", probes("probe3=\\sa\\tb\\\\\n"), Right),
        case("no line end at its end", described(text.trim_end()), Right),
        case("a byte that is no UTF-8", described_by(&latin_1()), Refused("is not UTF-8")),
        case("a byte-order mark", described(&format!("\u{feff}{text}")), Refused("byte-order mark")),
        case("a line without =", probes("probe3\n"), Refused("is neither a section nor a pair")),
        case("a key before any section", described(&format!("a=1\n{text}")), Refused("before the first section")),
        case("a zero byte", probes("probe3=a\0b\n"), Refused("a zero byte")),
        case("an empty text", described(""), Refused("no section such as [device 1]")),
        case("more than its limit", probes(&format!("# {}\n", "x".repeat(1 << 20))), Refused("--max-metadata")),
    ]
}

fn latin_1() -> Vec<u8> {
    let mut bytes = metadata().replace("SPARE", "SPAR?").into_bytes();
    let at = bytes.iter().position(|&byte| byte == b'?').unwrap();
    bytes[at] = 0xe9;
    bytes
}

fn sections() -> Vec<Case> {
    let text = metadata();
    vec![
        case("anything in [global]", with_metadata("[global]", "[global]\nsamplerate=1 Hz\nunitsize=9"), Right),
        case("without [global]", described(text.split_once("\n\n").unwrap().1), Right),
        case("another name of the data", another_name(), Right),
        case(
            "a key twice",
            with_metadata("unitsize=1\n", "unitsize=1\nsamplerate=48 MHz\n"),
            Refused("'samplerate' stands there a second time"),
        ),
        case(
            "a section twice",
            with_metadata("unitsize=1\n", "unitsize=1\n[device 1]\nunitsize=2\n"),
            Refused("'[device 1]' stands there a second time"),
        ),
        case(
            "two devices",
            described(&format!("{text}{}", text.split_once("\n\n").unwrap().1.replace("[device 1]", "[device 2]"))),
            Refused("a second device with logic data"),
        ),
        ours_alone(
            "a second device without logic",
            described(&format!("{text}[device 2]\ntotal analog=1\nsamplerate=1 MHz\n")),
            RightWith("has 2 devices"),
        ),
        case("no device", with_metadata("[device 1]", "[instrument 1]"), Refused("no section such as [device 1]")),
        case("no capturefile", with_metadata("capturefile=logic-1\n", ""), Refused("names no capturefile")),
        case("an empty capturefile", with_metadata("=logic-1", "="), Refused("it names nothing")),
        case("no total probes", with_metadata("total probes=8\n", ""), Refused("lacks 'total probes'")),
        ours_alone(
            "total probes behind the probes",
            described(&format!("{}total probes=8\n", text.replace("total probes=8\n", ""))),
            Right,
        ),
    ]
}

fn another_name() -> RawArchive {
    let mut archive = with_metadata("=logic-1", "=foo");
    for member in archive.members.iter_mut().skip(2) {
        member.name = member.name.replace("logic-1", "foo");
        member.local_name = member.name.clone();
    }
    archive
}

fn rates() -> Vec<Case> {
    let mut cases = Vec::new();
    for text in ["100000", "100kHz", "100 KHZ", "100k", "0.1 MHz", "0.0001 GHz", "100.000 kHz", "100000 Hz"] {
        cases.push(case(format!("samplerate {text:?}"), rate(text), Right));
    }
    for text in ["0.1MHz", "100.0kHz", "0.1M"] {
        cases.push(case(format!("samplerate {text:?}"), rate(text), RightWith("sigrok's own tools read it as")));
    }
    cases.push(Case {
        by_sigrok: BySigrok::Luck,
        ..case("samplerate \"100000.0\"", rate("100000.0"), RightWith("by luck"))
    });
    for text in ["", "0", "-100000", "1e5", "100,0 kHz", "100 ksps", "10 us", "fast", "99999999999999999999999999x"] {
        cases.push(case(
            format!("samplerate {text:?}"),
            rate(text),
            Refused("state it, for example with --samplerate"),
        ));
    }
    cases.push(case(
        "no samplerate",
        with_metadata("samplerate=100 kHz\n", ""),
        Refused("does not say its sample rate"),
    ));
    cases
}

fn units() -> Vec<Case> {
    let unit = |text: &str| with_metadata("unitsize=1", &format!("unitsize={text}"));
    let mut cases = vec![
        case("no unitsize", with_metadata("unitsize=1\n", ""), Refused("lacks 'unitsize'")),
        case("unitsize 16", unit("16"), Refused("at most 8")),
        case("16 probes in one byte, as fx2lafw has it", with_metadata("probes=8", "probes=16"), Right),
        case("unitsize 2 over samples of one byte", unit("2"), Refused("bits that none of the 8 probes has")),
        case(
            "samples of three bytes that end in a part of one",
            wide(3, 1),
            flagged("no multiple of the 3 of a sample", &[(12_500, 12_500)]),
        ),
    ];
    for size in [2, 3, 4, 5, 8] {
        cases.push(case(format!("samples of {size} bytes"), wide(size, 0), Right));
    }
    for text in ["0", "-1", "one", "", "1.0"] {
        cases.push(case(format!("unitsize {text:?}"), unit(text), Refused("must be a whole number from 1 to 8")));
    }
    cases
}

/// Samples of so many bytes, in one chunk, and so many bytes more.
fn wide(unit: usize, rest: usize) -> RawArchive {
    let text = metadata().replace("unitsize=1", &format!("unitsize={unit}"));
    let mut bytes = widened(unit);
    bytes.extend(vec![0; rest]);
    session(text.replace("total probes=8", &format!("total probes={}", unit * 8)).as_bytes())
        .with(RawMember::deflated("logic-1-1", &bytes))
}

fn names() -> Vec<Case> {
    let many: String = (3..=8).chain(9..=10_000).map(|n| format!("probe{n}=D{n}\n")).collect();
    let crowd = metadata().replace("total probes=8", "total probes=10000").replace("probe3=SPARE\n", &many);
    vec![
        case(
            "probes in another order",
            with_metadata("probe1=FSIN\nprobe2=STROBE", "probe2=STROBE\nprobe1=FSIN"),
            Right,
        ),
        case("probe 0", probes("probe0=A\n"), Refused("'probe0' is no probe")),
        case("probe 9 of 8", probes("probe9=A\n"), Refused("'probe9' is no probe")),
        case("a probe twice", probes("probe1=A\n"), Refused("'probe1' stands there a second time")),
        case("a probe twice, spelt in two ways", probes("probe01=A\n"), Refused("stands there a second time")),
        case("no probes", with_metadata("probe1=FSIN\nprobe2=STROBE\nprobe3=SPARE\n", ""), Refused("enables no probe")),
        case("a wired name twice", probes("probe3=STROBE\n"), Refused("2 probes are called 'STROBE'")),
        case("another name twice", probes("probe3=SPARE\nprobe4=SPARE\n"), Right),
        case("a wired name that is not there", with_metadata("=STROBE", "=STROEB"), Refused("did you mean 'STROEB'")),
        case(
            "a wired probe beyond the sample",
            with_metadata("probes=8", "probes=16").swapped("probe2=STROBE", "probe12=STROBE"),
            Refused("it was not recorded"),
        ),
        case(
            "another probe beyond the sample",
            with_metadata("probes=8", "probes=16").swapped("probe3=SPARE", "probe12=SPARE"),
            RightWith("not recorded"),
        ),
        case("a name of 10 000 letters", probes(&format!("probe3={}\n", "n".repeat(10_000))), Right),
        case("10 000 probes", described(&crowd), RightWith("not recorded")),
        ours_alone(
            "18446744073709551615 probes in total",
            with_metadata("probes=8", "probes=18446744073709551615"),
            Right,
        ),
        case(
            "more probes than can be counted",
            with_metadata("probes=8", "probes=99999999999999999999"),
            Refused("must be a whole number"),
        ),
        case(
            "names of nothing, markup and another script",
            probes("probe3=\nprobe4=<b>&\nprobe5=\u{202e}Ж漢\n"),
            Right,
        ),
        case("as it is", plain(), Right),
    ]
}

/// A further replacement in the metadata.
trait Swapped {
    fn swapped(self, from: &str, to: &str) -> RawArchive;
}

impl Swapped for RawArchive {
    fn swapped(mut self, from: &str, to: &str) -> RawArchive {
        let text = metadata().replace("probes=8", "probes=16");
        assert!(text.contains(from));
        self.members[1] = RawMember::deflated("metadata", text.replace(from, to).as_bytes());
        self
    }
}
