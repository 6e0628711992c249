//! Tables and dumps that came out wrong once, in `tests/cases/formats`, with their right values: what their authors put in,
//! and what the formats' standards say.

use std::path::{Path, PathBuf};
use std::process::Command;

use strobecheck::capture::{Capture, Line, Request};
use strobecheck::format::{FormatError, open, open_source, read_capture};
use strobecheck::units::SampleRate;

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/formats").join(name)
}

fn read(name: &str, rate: Option<&str>) -> Result<Capture, String> {
    let read = || -> Result<Capture, FormatError> {
        let reader = open(open_source(&case(name))?)?;
        let bits = reader.header().probes.iter().map(|probe| probe.bit).collect();
        let rate = rate.map(|rate| SampleRate::parse(rate).unwrap());
        read_capture(&*reader, &Request { rate, ..Request::of(bits) })
    };
    read().map_err(|error| error.to_string())
}

fn line<'c>(capture: &'c Capture, name: &str) -> &'c Line {
    capture.lines.iter().find(|line| line.probe.name == name).unwrap_or_else(|| panic!("there is no {name}"))
}

fn strobecheck(arguments: &[&str], name: &str) -> (i32, String) {
    strobecheck_on(&case(name), arguments)
}

/// What `strobecheck` says, and its exit code.
fn strobecheck_on(path: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strobecheck"));
    let output = command.arg(arguments[0]).arg(path).args(&arguments[1..]).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

#[test]
fn an_unknown_level_is_that_of_its_line() {
    for (name, strobe, other) in [("xline.vcd", "STROBE", "UNUSED"), ("csv-empty-column.csv", "STROBE", "Marker")] {
        let capture = read(name, Some("1 MHz")).unwrap();
        let edges = line(&capture, strobe).waveform.changes().len();
        assert!(edges >= 60 && capture.problems.is_empty() && capture.lost.is_empty(), "{name}: {edges}");
        assert!(line(&capture, strobe).unknown.is_empty(), "{name}");
        assert_eq!(capture.begin_of([line(&capture, other)]).unwrap_err().probe.name, other, "{name}");
        let (code, said) = strobecheck(&["wiring", "--samplerate", "1MHz"], name);
        assert_eq!(code, 0, "{said}");
        let strobe = said.lines().find(|row| row.starts_with(strobe)).unwrap();
        assert!(!strobe.contains("silent"), "{said}");
        assert!(said.lines().any(|row| row.starts_with(other) && row.contains("not recorded")), "{said}");
    }
}

#[test]
fn a_line_begins_where_its_level_is_known() {
    // `strobe` is low from 100 us on, after a reset, and then has 30 pulses of 20 ms; the bus is never known.
    let capture = read("vcd-x-until-reset.vcd", Some("1 MHz")).unwrap();
    let strobe = line(&capture, "strobe");
    assert_eq!((strobe.waveform.changes().len(), capture.begin_of([strobe]).unwrap().get()), (60, 100));
    let limits = ["--wire", "strobe=strobe", "--limit", "exposure.time=20 ms ± 50 us"];
    let (_, said) = strobecheck(
        &[&["verify", "--samplerate", "1MHz", "--no-report"], limits.as_slice()].concat(),
        "vcd-x-until-reset.vcd",
    );
    assert!(said.contains("the wired lines have no level before 100 µs: their record begins there"), "{said}");
    assert!(!said.contains("damaged"), "{said}");
}

#[test]
fn a_record_of_changes_lasts_as_long_as_is_said() {
    // 30 frames, and then nothing: four seconds were recorded.
    let rows = (0..30).map(|n| 10_000 + n * 33_333).flat_map(|at| [(at, 1), (at + 20_000, 0)]);
    let rows: String =
        rows.map(|(at, level)| format!("0.{at:06},{level}\n").replace("0.1000000", "1.000000")).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changes.csv");
    std::fs::write(&path, format!("Time [s],STROBE\n0.000000,0\n{rows}")).unwrap();
    let verify = |duration: &[&str]| {
        let spec = ["--samplerate", "1MHz", "--no-report", "--wire", "strobe=STROBE"];
        let limits = ["--limit", "frame.time=33.333 ms ± 0.1 %"];
        strobecheck_on(&path, &[&["verify"], spec.as_slice(), &limits, duration].concat())
    };
    let (code, said) = verify(&["--duration", "4s"]);
    assert!(code == 1 && said.contains("4 s, 29 frames"), "{said}");
    let (code, said) = verify(&["--duration", "996.657ms"]);
    assert!(code == 2 && said.contains("is shorter than the record, whose last change comes at 996.658 ms"), "{said}");
    let (code, said) = verify(&["--duration", "996.658ms"]);
    assert!(code == 0, "{said}");
}

/// 30 fps: 34 FSIN pulses of 100 us, and as many exposures of 20 ms, in units of 10 us.
fn dialects(name: &str, rate: &str, of: u64) {
    let capture = read(name, Some(rate)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let edges = |name: &str| line(&capture, name).waveform.changes().to_vec();
    let (fsin, strobe) = (edges("FSIN"), edges("STROBE"));
    assert_eq!((fsin.len() + strobe.len(), capture.problems.len()), (67, 0), "{name}");
    let frames = (0..).map(|n: u64| 5000 + (n * 100_000 + 15) / 30);
    for (pulse, frame) in fsin.chunks_exact(2).zip(frames.clone()) {
        assert_eq!([pulse[0] / of, pulse[1] - pulse[0]], [frame, 10 * of], "{name}");
    }
    for (pulse, frame) in strobe.chunks_exact(2).zip(frames) {
        assert_eq!([pulse[0], pulse[1]], [(frame + 1000) * of, (frame + 3000) * of], "{name}");
    }
}

#[test]
fn tables_of_other_programs_have_their_times() {
    for name in ["unit1.csv", "kingst.csv", "picoscope.csv", "logic2-iso.csv", "truefalse.csv"] {
        dialects(name, "1 MHz", 10);
        dialects(name, "100 kHz", 1);
    }
    dialects("logic1-samples.csv", "100 kHz", 1);
    assert!(read("logic1-samples.csv", None).unwrap_err().contains("does not say its sample rate"));
    // Each exposure lasts 10 ms of 33.333 ms.
    for (name, rate, per_ms) in [
        ("hdrmin.csv", None, 10_000_000_000),
        ("hdrmin.csv", Some("600 kHz"), 600),
        ("hdrsamp.csv", Some("1 MHz"), 1000),
        ("csv-time-last.csv", Some("10 MHz"), 10_000),
        ("saleae-late.csv", Some("24 MHz"), 24_000),
    ] {
        let capture = read(name, rate).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (name_of_line, us) = match name {
            "saleae-late.csv" => ("Channel 0", 10_000),
            "csv-time-last.csv" => ("STROBE", 23_333),
            _ => ("STROBE", 10_000),
        };
        let edges = line(&capture, name_of_line).waveform.changes().to_vec();
        assert!(edges.len() >= 59, "{name}");
        for pulse in edges.chunks_exact(2) {
            // Nine digits of minutes are good to 30 ns at the end.
            let beside = ((pulse[1] - pulse[0]) * 1000).abs_diff(us * per_ms);
            assert!(beside * 20_000 <= us * per_ms, "{name}: {pulse:?}");
        }
    }
}

#[test]
fn a_column_that_nobody_wires_says_nothing() {
    // STROBE is high in every second five rows of a millisecond; other columns are values, and digits of a counter.
    let capture = read("csv-mixed.csv", Some("1 kHz")).unwrap();
    assert_eq!((capture.lines.len(), capture.problems.len()), (1, 0));
    let [warning] = capture.header.warnings.as_slice() else { panic!("{:?}", capture.header.warnings) };
    assert!(warning.starts_with("times are taken for seconds: nothing says the unit of column 'time'"), "{warning}");
    let edges: Vec<u64> = (1..=7).map(|n| 5 * n).collect();
    assert_eq!(line(&capture, "strobe").waveform.changes(), edges);
    let names = |name: &str| -> Vec<String> {
        read(name, None).unwrap().lines.iter().map(|line| line.probe.name.clone()).collect()
    };
    assert_eq!(names("quoted-comma.csv"), ["STROBE, left", "FSIN"]);
    assert_eq!(names("quoted-quote.csv"), ["STROBE \"left\"", "FSIN"]);
    assert!(read("exponent.csv", None).unwrap_err().contains("nothing says their unit"));
}

#[test]
fn a_camera_that_stops_is_seen_where_the_file_says_how_long_it_is() {
    let limits = ["--limit", "frame.time=1/30 s ± 0.1 %", "--limit", "exposure.time=20 ms ± 50 us"];
    let wires = ["--no-report", "--wire", "fsin=FSIN", "--wire", "strobe=STROBE"];
    for name in ["dsview-stops.csv", "dsview-stops-endrow.csv"] {
        let (code, said) = strobecheck(&[&["verify"], wires.as_slice(), &limits].concat(), name);
        assert!(code == 1 && said.contains("89 frames are missing up to the end"), "{name}: {said}");
    }
}

/// The first level and the edges of each line, by its name.
fn lines(capture: &Capture) -> Vec<(&str, u8, Vec<u64>)> {
    let of = |line: &'_ Line| (line.waveform.initial().bit(), line.unknown.is_empty());
    let lines = capture.lines.iter().inspect(|line| assert!(of(line).1, "{}", line.probe.name));
    lines
        .map(|line| (line.probe.name.as_str(), line.waveform.initial().bit(), line.waveform.changes().to_vec()))
        .collect()
}

#[test]
fn a_dump_begins_with_what_stands_before_its_first_time() {
    let (without, with) =
        (read("vcd-no-zero.vcd", Some("1 MHz")).unwrap(), read("vcd-with-zero.vcd", Some("1 MHz")).unwrap());
    assert_eq!((lines(&without), without.length, without.end), (lines(&with), with.length, with.end));
    assert_eq!((line(&without, "STROBE").waveform.changes().len(), without.length.get()), (24, 450_000));
    assert_eq!(line(&without, "STROBE").waveform.changes().first(), Some(23_333));
}

#[test]
fn bits_and_names_are_those_that_are_declared() {
    for name in ["vec.vcd", "vec.fst"] {
        let capture = read(name, None).unwrap();
        // At 10, b1000 of [0:3], b10 of [11:10], and b1000 of [3:0].
        let up: Vec<&str> = lines(&capture).into_iter().filter(|line| line.2 == [10, 30]).map(|line| line.0).collect();
        let rest: Vec<&str> = lines(&capture).into_iter().filter(|line| line.2.is_empty()).map(|line| line.0).collect();
        assert_eq!(up, ["bus[0]", "hi[11]", "nospace[3]"], "{name}");
        assert_eq!(rest, ["bus[3]", "bus[2]", "bus[1]", "hi[10]", "nospace[0]", "nospace[1]", "nospace[2]"], "{name}");
    }
    for name in ["alias.vcd", "alias.fst"] {
        assert_eq!(
            lines(&read(name, None).unwrap()),
            [("CLK", 0, vec![10, 20]), ("STROBE", 0, vec![10, 20])],
            "{name}"
        );
    }
}

#[test]
fn traces_are_read_or_called_by_their_packing() {
    let wrapped = read("wrapped.vcd.fst", None).unwrap();
    assert!(wrapped.problems.is_empty() && wrapped.lines.iter().any(|line| line.waveform.changes().len() > 10));
    assert!(
        read("fastlz.vcd.fst", None).unwrap_err().starts_with("its changes are packed with FastLZ, which is not read")
    );
    // 254 KB that would be 29 million values of 64 bits.
    let bomb = read("fst-vector-bomb.fst", None).unwrap_err();
    assert!(bomb.starts_with("more than 16000000 edges on the wanted lines"), "{bomb}");
}

#[test]
fn what_is_torn_is_damage_and_what_lacks_a_line_feed_is_not() {
    for (name, lost) in
        [("torn.vcd", ("A", vec![])), ("torn2.vcd", ("A[0]", vec![])), ("torn3.vcd", ("A", vec![10, 20]))]
    {
        let capture = read(name, None).unwrap();
        assert_eq!((capture.problems.len(), capture.lost.spans().len()), (1, 1), "{name}");
        assert_eq!(line(&capture, lost.0).waveform.changes(), lost.1, "{name}");
    }
    let capture = read("vcd-no-newline.vcd", None).unwrap();
    assert_eq!((capture.length.get(), capture.problems.len()), (1_030_000, 0));
    assert_eq!(capture.end, strobecheck::capture::RecordEnd::Stated);
}

#[test]
fn a_late_first_edge_is_on_its_sample() {
    let (binary, table) =
        (read("saleae-late-first-edge.bin", None).unwrap(), read("saleae-late.csv", Some("24 MHz")).unwrap());
    let edges = |capture: &Capture| capture.lines[0].waveform.changes().to_vec();
    assert_eq!(edges(&binary), edges(&table));
    // 60.005 s at 24 MHz.
    assert_eq!(edges(&binary)[0], 1_440_120_000);
}

#[test]
fn files_of_other_programs_are_called_by_their_name() {
    let zip = |members: &[&str]| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for member in members {
            archive.start_file(*member, zip::write::SimpleFileOptions::default()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    };
    let folder = tempfile::tempdir().unwrap();
    for (bytes, said) in [
        (
            zip(&["notes.txt", "meta.json", "digital-0.bin"]),
            "it is a capture of Saleae Logic 2 (.sal), packed anew: say so: --input-format saleae-sal",
        ),
        (
            zip(&["notes.txt", "header", "session", "L-0/0"]),
            "it is a capture of DSView (.dsl), packed anew: say so: --input-format dsview-dsl",
        ),
        (zip(&["digital-0.bin"]), "no capture of Saleae Logic 2: the archive has no member 'meta.json'"),
        (zip(&["L-0/0"]), "no capture of DSView: the archive has no member 'header'"),
        (
            br#"{"Settings": {"Frequency": 1000000, "#.to_vec(),
            "it is a capture of the LogicAnalyzer software (.lac): export it as CSV, or as a sigrok session",
        ),
        (zip(&["x.txt"]), "no sigrok session: the archive has no member 'version'"),
        (
            b"\x7f\x01\x0a\x01\x0aData save2".to_vec(),
            "it is a capture of Saleae Logic 1 (.logicdata): open it in Logic 1",
        ),
        (b"GHDLwave\n\x10\x0f\0\x01".to_vec(), "it is a wave file of GHDL (.ghw): run the simulation with --vcd=FILE"),
        (b"\x1f\x8b\x08\0\0".to_vec(), "it is packed with gzip: unpack it: gunzip FILE"),
        (b"\xff\xfet\0i\0m\0e\0".to_vec(), "it is a text in UTF-16: save it as UTF-8"),
    ] {
        let path = folder.path().join("capture");
        std::fs::write(&path, bytes).unwrap();
        let (code, text) = strobecheck_on(&path, &["measure"]);
        assert!(code == 2 && text.contains(said), "{text}");
    }
}

#[test]
fn an_export_folder_of_saleae_is_one_capture() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["digital_0.bin", "digital_1.bin", "analog_0.bin", "notes.txt"] {
        std::fs::copy(case("saleae-late-first-edge.bin"), folder.path().join(name)).unwrap();
    }
    let (code, said) = strobecheck_on(folder.path(), &["measure"]);
    assert!(
        code == 0 && said.contains("digital_0") && said.contains("digital_1") && !said.contains("analog"),
        "{said}"
    );
    let wires = ["--wire", "fsin=digital_0", "--wire", "strobe=digital_1", "--no-report"];
    let limits = ["--limit", "frame.time=33.333 ms ± 0.1 %", "--limit", "exposure.time=10 ms ± 50 us"];
    let (code, said) = strobecheck_on(folder.path(), &[&["verify"], wires.as_slice(), &limits].concat());
    assert!(code != 2 && said.contains("24 MHz"), "{said}");
}

#[test]
fn a_stated_rate_does_not_contradict_the_file() {
    let capture = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/trigger-pass.sr");
    let (code, said) = strobecheck_on(&capture, &["measure", "--samplerate", "2MHz"]);
    let reason = "the file says that it was taken at 1 MHz, --samplerate says 2 MHz; leave --samplerate out";
    assert!(code == 2 && said.contains(reason), "{said}");
    let (code, said) = strobecheck_on(&capture, &["measure", "--samplerate", "1MHz"]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = strobecheck_on(&capture, &["measure", "--duration", "9s"]);
    assert!(code == 2 && said.contains("the file says that its record lasts"), "{said}");
}
