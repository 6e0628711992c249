//! Results that are written again, in other groups, halfway, or damaged: what counts stays the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_strobecheck");

fn strobecheck(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(PROGRAM).current_dir(folder).args(arguments).output().unwrap()
}

/// Numbers that look like chance, the same ones each time (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z >> 33) % end as u64) as usize
    }
}

/// A capture of ten exposures of its own length; every seventh is too long.
fn capture(number: usize) -> String {
    let width = 10_000 + number % 40 + if number % 7 == 6 { 200 } else { 0 };
    let mut text = format!(
        "$comment unit {number} $end\n$timescale 1 us $end\n$var wire 1 ! STROBE $end\n$enddefinitions $end\n#0\n0!\n"
    );
    for frame in 0..10 {
        let start = 5_000 + frame * 30_000;
        text.push_str(&format!("#{start}\n1!\n#{}\n0!\n", start + width));
    }
    text + "#300000\n"
}

/// Captures that say nothing of their time: that of the file counts, an hour after the one before.
fn captures(count: usize) -> (TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..count).map(|number| format!("unit{number}.vcd")).collect();
    for (number, name) in names.iter().enumerate() {
        fs::write(folder.path().join(name), capture(number)).unwrap();
    }
    (folder, names)
}

fn set_time(path: &Path, seconds: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    fs::OpenOptions::new().append(true).open(path).unwrap().set_modified(time).unwrap();
}

fn verify(folder: &Path, results: &str, captures: &[String]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).args(["verify", "--no-report", "-q", "--station", "S", "--samplerate", "1 MHz"]);
    command.args([
        "--wire",
        "strobe=STROBE",
        "--limit",
        "exposure.time=10 ms ± 50 us",
        "--limit",
        "frame.time=30 ms ± 1 %",
    ]);
    command.args(["--results", results]).args(captures).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn judge(folder: &Path, results: &str, captures: &[String]) {
    let status = verify(folder, results, captures).status().unwrap();
    assert!(matches!(status.code(), Some(0 | 1 | 3)), "{status}");
}

/// The trend, and how often judgements were there.
fn trend(folder: &Path, results: &str) -> (String, Value) {
    let output = strobecheck(folder, &["trend", results, "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let mut trend: Value = serde_json::from_slice(&output.stdout).unwrap();
    let repeats = trend.as_object_mut().unwrap().remove("repeats").unwrap();
    (trend.to_string(), repeats)
}

fn parts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(parts(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Judges all captures in groups of any size and order, some of them twice, some killed on the way, some touched.
fn judged_by_chance(folder: &Path, results: &str, captures: &[String], chance: &mut Chance) {
    const START: u64 = 1_763_600_000;
    for (number, name) in (0..).zip(captures) {
        set_time(&folder.join(name), START + number * 3600);
    }
    let mut left = captures.to_vec();
    for place in (1..left.len()).rev() {
        left.swap(place, chance.below(place + 1));
    }
    while !left.is_empty() {
        let size = (1 + chance.below(1 + captures.len() / 4)).min(left.len());
        let group: Vec<String> = left.drain(..size).collect();
        if chance.below(2) == 0 {
            let mut killed = verify(folder, results, &group).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(chance.below(60) as u64));
            killed.kill().unwrap();
            killed.wait().unwrap();
        }
        judge(folder, results, &group);
        if chance.below(2) == 0 {
            set_time(&folder.join(&group[0]), START + 90 * 86_400);
            judge(folder, results, &group);
        }
    }
}

/// So many captures, unless `STROBECHECK_RESULTS_CAPTURES` says otherwise.
fn how_many() -> usize {
    std::env::var("STROBECHECK_RESULTS_CAPTURES").map_or(16, |count| count.parse().unwrap())
}

#[test]
fn groups_retries_kills_and_touched_files_make_one_table() {
    let (folder, names) = captures(how_many());
    let folder = folder.path();
    let mut trends = Vec::new();
    let mut chance = Chance(30);
    let mut repeated = 0;
    for results in ["first", "second", "third"] {
        judged_by_chance(folder, results, &names, &mut chance);
        let (trend, repeats) = trend(folder, results);
        repeated += repeats["repeated"].as_u64().unwrap();
        assert_eq!(repeats["contradicting"], 0);
        trends.push(trend);
    }
    assert!(repeated > 0, "nothing was judged twice");
    assert!(trends.iter().all(|trend| *trend == trends[0]), "{trends:#?}");
    let counted: Value = serde_json::from_str(&trends[0]).unwrap();
    let wrong = (0..names.len()).filter(|number| number % 7 == 6).count();
    assert_eq!((&counted["total"]["captures"], &counted["total"]["fail"]), (&names.len().into(), &wrong.into()));

    // Compacted, and killed on the way.
    for delay in [0, 2, 5, 10, 20, 40, 80] {
        let mut compact = Command::new(PROGRAM);
        let compact = compact.current_dir(folder).args(["results", "compact", "first"]).stdout(Stdio::null());
        let mut killed = compact.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        killed.kill().unwrap();
        killed.wait().unwrap();
        assert_eq!(trend(folder, "first").0, trends[0], "killed after {delay} ms");
    }
    for _ in 0..2 {
        let output = strobecheck(folder, &["results", "compact", "first"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let days = fs::read_dir(folder.join("first/station=S")).unwrap().count();
        let names: Vec<PathBuf> = parts(&folder.join("first"));
        assert_eq!(names.iter().filter(|path| path.extension().is_some_and(|e| e == "parquet")).count(), days);
        assert_eq!(trend(folder, "first").0, trends[0]);
    }
    // What is judged again beside them counts once.
    judge(folder, "first", &names[..3]);
    assert_eq!(trend(folder, "first").0, trends[0]);
}

#[test]
fn a_capture_of_two_stations_counts_once_and_is_told() {
    let (folder, names) = captures(1);
    let folder = folder.path();
    judge(folder, "results", &names);
    let other = verify(folder, "results", &names).args(["--dut", "8"]).status().unwrap();
    assert_eq!(other.code(), Some(0));
    let output = strobecheck(folder, &["trend", "results"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("all: 1 capture, yield 100.0 % (1 pass)\n"), "{text}");
    assert!(text.contains("There more than once, and counted once: 1 judgement.\n"), "{text}");
    assert!(
        text.contains("Of several stations or units: 1 judgement; where their times are equal, the part"),
        "{text}"
    );
    // What both said of it stays.
    assert_eq!(strobecheck(folder, &["results", "compact", "results"]).status.code(), Some(0));
    assert_eq!(parts(&folder.join("results")).len(), 1);
    assert_eq!(String::from_utf8(strobecheck(folder, &["trend", "results"]).stdout).unwrap(), text);
}

#[test]
fn what_is_twice_in_one_file_is_there_once_when_it_is_compacted() {
    let (folder, mut names) = captures(2);
    let folder = folder.path();
    // Of the copy nothing else differs but its name and its later time.
    names.push("copy.vcd".to_owned());
    fs::copy(folder.join(&names[0]), folder.join(&names[2])).unwrap();
    (0..).zip(&names).for_each(|(hours, name)| set_time(&folder.join(name), 1_763_600_000 + hours * 3600));
    judge(folder, "results", &names);
    let before = trend(folder, "results");
    assert_eq!(before.1["repeated"], 1);
    let rows = || {
        let said = String::from_utf8(strobecheck(folder, &["results", "check", "results"]).stdout).unwrap();
        let (rows, rest) = said.strip_prefix("Files: 1, all whole; ").unwrap().split_once(" rows; ").unwrap();
        assert!(rest.starts_with("judgements that count: 2\n"), "{said}");
        rows.parse::<u64>().unwrap()
    };
    let rows_of_three = rows();
    let mut files = Vec::new();
    for _ in 0..2 {
        let output = strobecheck(folder, &["results", "compact", "results"]);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "Results: 1 file became 1 file in results\n");
        let after = trend(folder, "results");
        assert_eq!((&after.0, &after.1["repeated"], rows()), (&before.0, &0.into(), rows_of_three / 3 * 2));
        files.push(parts(&folder.join("results")));
    }
    assert!(files[0].len() == 1 && files[0] == files[1], "{files:?}");
}

#[test]
fn another_spec_window_or_rate_is_another_judgement() {
    let (folder, names) = captures(1);
    let folder = folder.path();
    judge(folder, "results", &names);
    for further in [["--limit", "frame.jitter=<= 1 ms"], ["--to", "0.2s"], ["--from", "0.1s"]] {
        assert!(verify(folder, "results", &names).args(further).status().unwrap().code().is_some_and(|code| code != 2));
    }
    let (trend, repeats) = trend(folder, "results");
    let trend: Value = serde_json::from_str(&trend).unwrap();
    assert_eq!((&trend["total"]["captures"], &repeats["repeated"]), (&4.into(), &0.into()));
}

#[test]
fn what_is_damaged_or_called_otherwise_is_refused_by_its_name() {
    let (folder, names) = captures(1);
    let folder = folder.path();
    judge(folder, "results", &names);
    let [part] = parts(&folder.join("results")).try_into().unwrap();
    let whole = fs::read(&part).unwrap();
    let check = |files: &str| {
        let output = strobecheck(folder, &["results", "check", "results"]);
        assert!(String::from_utf8_lossy(&output.stdout).starts_with(files), "{output:?}");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(check("Files: 1, all whole; "), (Some(0), String::new()));
    for place in (0..whole.len()).step_by(whole.len() / 12) {
        let mut damaged = whole.clone();
        damaged[place] ^= 1 << (place % 8);
        fs::write(&part, damaged).unwrap();
        let output = strobecheck(folder, &["trend", "results"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        let name = part.file_name().unwrap().to_str().unwrap();
        assert!(said.contains(name) && said.contains("its bytes are not those that its name says"), "{said}");
        let (code, told) = check("Files: 1, 1 damaged; 0 rows; ");
        assert!(code == Some(3) && told.contains(name), "{told}");
        let compact = strobecheck(folder, &["results", "compact", "results"]);
        assert_eq!((compact.status.code(), parts(&folder.join("results")).len()), (Some(2), 1));
    }
    fs::write(&part, &whole).unwrap();
    fs::copy(&part, part.with_file_name("copy.parquet")).unwrap();
    assert!(check("Files: 2, 1 damaged; ").1.contains("called part-"));
    fs::remove_file(part.with_file_name("copy.parquet")).unwrap();
    // Rightly named, and no table.
    let hash: String = Sha256::digest(b"PAR1PAR1").iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    fs::write(part.with_file_name(format!("part-{hash}.parquet")), "PAR1PAR1").unwrap();
    assert!(check("Files: 2, 1 damaged; ").1.contains("it is no table of results: "));
}

/// A file with some of its bytes changed, taken out or put in, two of three times in what it says of itself at its end.
fn mutated(whole: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let length = &whole[whole.len() - 8..whole.len() - 4];
    let footer = u32::from_le_bytes(length.try_into().unwrap()) as usize;
    for _ in 0..=chance.below(3) {
        let from = if chance.below(3) == 0 { 0 } else { bytes.len() - 8 - footer };
        let place = from + chance.below(bytes.len() - from);
        match chance.below(6) {
            0 => bytes[place] = 0,
            1 => bytes[place] = 0xff,
            2 => drop(bytes.remove(place)),
            3 => bytes.insert(place, chance.below(256) as u8),
            _ => bytes[place] ^= 1 << chance.below(8),
        }
    }
    bytes
}

#[test]
fn a_file_that_was_made_to_harm_and_is_rightly_named_is_refused() {
    const FILES: usize = 1200;
    let (folder, names) = captures(1);
    let folder = folder.path();
    judge(folder, "results", &names);
    let [part] = parts(&folder.join("results")).try_into().unwrap();
    let whole = fs::read(&part).unwrap();
    let mut chance = Chance(30);
    for _ in 0..FILES {
        let bytes = mutated(&whole, &mut chance);
        let hash: String = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        fs::write(part.with_file_name(format!("part-{hash}.parquet")), bytes).unwrap();
    }
    let output = strobecheck(folder, &["results", "check", "results"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    let unnamed: Vec<&str> = said.lines().filter(|line| !line.starts_with("results/station=S/day=")).collect();
    assert_eq!(unnamed, Vec::<&str>::new());
    // The library panics at some of them, and at most of them it does not.
    let damaged =
        said.lines().filter(|line| line.ends_with(": it is no table of results: it is damaged")).collect::<Vec<_>>();
    assert!(!damaged.is_empty() && damaged.len() < said.lines().count() / 2, "{damaged:?}");
    let first = damaged[0].split(": ").next().unwrap();
    let output = strobecheck(folder, &["trend", first]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said), (Some(2), format!("strobecheck: {}\n", damaged[0])));
}

/// A manifest of these captures, each of its own unit, and what judges them.
fn of_manifest(folder: &Path, further: &[&str]) -> Output {
    let limits = ["--limit", "exposure.time=10 ms ± 50 us", "--limit", "frame.time=30 ms ± 1 %"];
    let all = ["verify", "--manifest", "units.csv", "--results", "results", "--samplerate", "1 MHz"];
    strobecheck(folder, &[&all[..], &["--wire", "strobe=STROBE"], &limits, further].concat())
}

#[test]
fn a_manifest_is_judged_row_by_row_and_resumed() {
    let (folder, names) = captures(9);
    let folder = folder.path();
    fs::write(folder.join("none.vcd"), "no capture").unwrap();
    let row = |number: usize, name: &String| {
        format!("{name},u{number},S{},2026-11-20T00:0{number}:00Z,lot=7;b=1\n", number % 2)
    };
    let rows: Vec<String> = (0..).zip(&names).map(|(number, name)| row(number, name)).collect();
    let write = |rows: &[String]| {
        fs::write(folder.join("units.csv"), format!("capture,dut,station,taken_at,tags\n{}", rows.concat())).unwrap();
    };
    write(&[&rows[..4], &["none.vcd,u99,S1,,\n".to_owned()]].concat());
    let first = of_manifest(folder, &[]);
    let (said, failed) = (String::from_utf8_lossy(&first.stdout), String::from_utf8_lossy(&first.stderr));
    assert!(said.starts_with("5 captures: 4 pass, 1 not judged\n"), "{said}{failed}");
    assert!(failed.starts_with("units.csv:6: none.vcd: ") && first.status.code() == Some(2), "{failed}");
    let partitions = |folder: &Path| parts(folder).len();
    assert_eq!(partitions(&folder.join("results")), 3, "two stations on one day, and a file of today");

    write(&rows);
    let resumed = of_manifest(folder, &["--resume"]);
    let said = String::from_utf8_lossy(&resumed.stdout).into_owned();
    assert!(said.starts_with("5 captures: 4 pass, 1 fail, 4 there already\n"), "{said}");
    assert_eq!(resumed.status.code(), Some(1));
    let again = of_manifest(folder, &["--resume"]);
    let said = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(said.starts_with("0 captures: 9 there already\n"), "{said}");
    assert_eq!(again.status.code(), Some(1), "one of those that are there fails");
    // Another limit is another judgement.
    let other = of_manifest(folder, &["--resume", "--limit", "frame.jitter=<= 1 ms"]);
    assert!(String::from_utf8_lossy(&other.stdout).starts_with("9 captures: "));

    let (trend, repeats) = trend(folder, "results");
    let trend: Value = serde_json::from_str(&trend).unwrap();
    assert_eq!(
        (&trend["total"]["captures"], &trend["total"]["error"], &repeats["repeated"]),
        (&19.into(), &1.into(), &0.into())
    );
    let stations: Vec<_> = trend["stations"].as_array().unwrap().iter().map(|of| of["captures"].as_u64()).collect();
    assert_eq!(stations, [Some(10), Some(9)]);
}

#[test]
fn a_gauge_study_by_hand() {
    let (folder, names) = captures(13);
    let folder = folder.path();
    // Capture 6 has a fault; the others are their number in µs too long.
    let numbers: Vec<usize> = (0..13).filter(|number| *number != 6).collect();
    let row = |(place, number): (usize, &usize)| {
        let (unit, operator) = (place / 4, ["Kim", "Lee"][place / 2 % 2]);
        format!("{},u{unit},{operator},2026-11-20T00:{place:02}:00Z\n", names[*number])
    };
    let rows: String = numbers.iter().enumerate().map(row).collect();
    fs::write(folder.join("units.csv"), format!("capture,dut,operator,taken_at\n{rows}")).unwrap();
    assert_eq!(of_manifest(folder, &[]).status.code(), Some(0));
    let output = strobecheck(folder, &["trend", "results", "--grr", "operator", "--json"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let study = found["studies"].as_array().unwrap().iter().find(|study| study["id"] == "exposure.time").unwrap();
    let result = &study["result"];
    assert_eq!((&result["units"], &result["appraisers"], &result["repeats"]), (&3.into(), &2.into(), &2.into()));
    // Sums of squares in µs²: repeats 3 of 6 degrees, interaction 2/3 of 2 (F 2/3), operators 49/3 of 1, units 162 of 2.
    let number = |value: &Value| value.as_f64().unwrap();
    assert!((number(&result["interaction_f"]) - 2.0 / 3.0).abs() < 1e-6 && result["pooled"] == true, "{result}");
    let error = (3.0 + 2.0 / 3.0) / 8.0;
    let (between, units) = ((49.0 / 3.0 - error) / 6.0, (81.0 - error) / 4.0);
    for (key, variance) in [("repeatability", error), ("gauge", error + between), ("unit_to_unit", units)] {
        let sd = number(&result[key]["sd"]) * 1e6;
        assert!((sd / f64::sqrt(variance) - 1.0).abs() < 1e-6, "{key}: {sd}");
    }
    // The tolerance is 100 µs wide.
    let of_tolerance = 6.0 * f64::sqrt(error + between);
    assert!((number(&result["gauge"]["of_tolerance"]) / of_tolerance - 1.0).abs() < 1e-6);
    assert_eq!(result["categories"], 3.0);
    assert!(number(&study["cpk_without_gauge"]) > number(&study["cpk"]));
    let text = String::from_utf8(strobecheck(folder, &["trend", "results", "--grr", "operator"]).stdout).unwrap();
    assert!(text.contains("Gauge R&R of exposure.time of main: 10 ms ± 50 us\n  missing: ten units"), "{text}");
    assert!(text.contains("pooled with repeatability") && text.contains("; distinct categories: 3\n"), "{text}");
    let none = strobecheck(folder, &["trend", "results", "--grr", "station"]);
    let text = String::from_utf8_lossy(&none.stdout).into_owned();
    assert!(text.contains("No study: no result says its unit and its station."), "{text}");
    let wrong = strobecheck(folder, &["trend", "results", "--grr", "operator", "--alpha", "2"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_manifest_stops_where_it_is_wrong_and_keeps_what_was_judged() {
    let (folder, names) = captures(2);
    let folder = folder.path();
    let header = "capture,spec,params\n";
    fs::write(folder.join("units.csv"), format!("{header}{},,\n{},,\nx,y\n", names[0], names[1])).unwrap();
    let output = of_manifest(folder, &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("units.csv:4: it has 2 fields, and there are 3 columns"), "{said}");
    assert!(trend(folder, "results").0.contains("\"captures\":2"));
    fs::write(folder.join("units.csv"), format!("{header}{},no-such-profile,\n{},,a=1\n", names[0], names[1])).unwrap();
    let output = of_manifest(folder, &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("units.csv:2: unit0.vcd: ") && said.contains("no-such-profile"), "{said}");
    assert!(said.contains("units.csv:3: unit1.vcd: ") && said.contains("params are those of a profile"), "{said}");
    assert_eq!(output.status.code(), Some(2));
    let unpaired = strobecheck(folder, &["verify", "--manifest", "units.csv"]);
    assert!(String::from_utf8_lossy(&unpaired.stderr).contains("--results"), "{unpaired:?}");
}
