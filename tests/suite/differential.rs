//! Random tables and dumps in the dialects of many programs, written by crates that are not ours: each is read as what was
//! put in. A few by default; `STROBECHECK_TABLES=1000` and `STROBECHECK_DUMPS=500` say how many.

use std::fmt::Write as _;

use fst_writer::{FstFileType, FstInfo, FstScopeType, FstSignalType, FstVarDirection, FstVarType};
use strobecheck::capture::{Capture, Request};
use strobecheck::format::{FormatError, open, read_capture};
use strobecheck::units::SampleRate;
use vcd::{ReferenceIndex, TimescaleUnit, Value, VarType};

/// Numbers without a pattern, the same ones each time (SplitMix64).
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }
}

fn how_many(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().map_or(usual, |text| text.parse().unwrap())
}

fn read(bytes: Vec<u8>, rate: Option<&str>) -> Result<Capture, FormatError> {
    let reader = open(Box::new(bytes))?;
    let rate = rate.map(|rate| SampleRate::parse(rate).unwrap());
    let bits = reader.header().probes.iter().map(|probe| probe.bit).collect();
    read_capture(&*reader, &Request { rate, ..Request::of(bits) })
}

/// Per line its name, its first level and its edges.
type Lines = Vec<(String, u8, Vec<u64>)>;

fn lines(capture: &Capture) -> Lines {
    let of = |line: &strobecheck::capture::Line| {
        (line.probe.name.clone(), line.waveform.initial().bit(), line.waveform.changes().to_vec())
    };
    capture.lines.iter().map(of).collect()
}

/// Changes of lines: at which sample, and the levels from there on.
fn rows(draws: &mut Draws, count: usize) -> Vec<(u64, Vec<bool>)> {
    let mut levels: Vec<bool> = (0..count).map(|_| draws.one_in(2)).collect();
    let mut at = 0;
    let mut rows = vec![(at, levels.clone())];
    for _ in 0..3 + draws.below(40) {
        at += 1 + draws.of(&[1_u64, 20, 3000, 40_000]).min(1 + draws.below(50_000));
        for level in &mut levels {
            *level ^= draws.one_in(2);
        }
        rows.push((at, levels.clone()));
    }
    rows
}

fn expected(names: &[String], rows: &[(u64, Vec<bool>)]) -> Lines {
    let edges = |place: usize| {
        let changes = rows.windows(2).filter(|two| two[0].1[place] != two[1].1[place]);
        changes.map(|two| two[1].0 - rows[0].0).collect()
    };
    let line = |(place, name): (usize, &String)| (name.clone(), u8::from(rows[0].1[place]), edges(place));
    names.iter().enumerate().map(line).collect()
}

/// A number with so many digits behind its point.
fn decimal(number: i128, digits: usize, comma: bool) -> String {
    let one = 10_i128.pow(digits as u32);
    let sign = if number < 0 { "-" } else { "" };
    let point = if comma { ',' } else { '.' };
    let (above, below) = (number.abs() / one, number.abs() % one);
    format!("{sign}{above}{point}{below:0digits$}")
}

/// How a table tells its times.
#[derive(Debug, Clone, Copy)]
enum Times {
    /// Under this heading, in units of 10^exponent seconds.
    Unit(&'static str, i32),
    Minutes(&'static str),
    Exponent(&'static str),
    Cells(&'static str),
    Iso(&'static str),
    Samples(&'static str),
    /// A row of units below the names.
    UnitRow(&'static str, &'static str, i32),
    /// No column of times: each row is a sample.
    Rows,
}

const TIMES: [Times; 32] = [
    Times::Unit("Time [s]", 0),
    Times::Unit("Time(s)", 0),
    Times::Unit("Time", 0),
    Times::Unit("t", 0),
    Times::Unit("time_s", 0),
    Times::Unit("Time in s", 0),
    Times::Unit("sec", 0),
    Times::Unit("Timestamp [s]", 0),
    Times::Unit("time_ms", -3),
    Times::Unit("Time (ms)", -3),
    Times::Unit("elapsed_ms", -3),
    Times::Unit("Elapsed time / ms", -3),
    Times::Unit("t_us", -6),
    Times::Unit("Time (\u{b5}s)", -6),
    Times::Unit("Time[\u{3bc}s]", -6),
    Times::Unit("X [us]", -6),
    Times::Unit("ts_device_us", -6),
    Times::Unit("time_ns", -9),
    Times::Unit("time/ns", -9),
    Times::Unit("TimeNs", -9),
    Times::Unit("Zeit [ms]", -3),
    Times::Minutes("Time (min)"),
    Times::Exponent("Time [s]"),
    Times::Exponent("elapsed (s)"),
    Times::Cells("Time"),
    Times::Iso("Time [s]"),
    Times::Iso("Timestamp"),
    Times::Samples("Sample"),
    Times::Samples("Time (samples)"),
    Times::UnitRow("Time", "(ms)", -3),
    Times::UnitRow("x-axis", "second", 0),
    Times::Rows,
];

/// A time, as this table writes it.
fn time(times: Times, sample: i128, picos: i128, comma: bool) -> String {
    match times {
        Times::Unit(_, exponent) | Times::UnitRow(_, _, exponent) => decimal(picos, (12 + exponent) as usize, comma),
        Times::Minutes(_) => decimal((picos * 1000 + 30).div_euclid(60), 15, comma),
        Times::Exponent(_) => format!("{picos}e-12"),
        Times::Cells(_) => format!("{} us", decimal(picos, 6, false)),
        Times::Iso(_) => {
            let (seconds, below) = (picos.div_euclid(1_000_000_000_000), picos.rem_euclid(1_000_000_000_000));
            let of_day = seconds + 14 * 3600;
            let (hours, minutes, seconds) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
            format!("2026-01-30T{hours:02}:{minutes:02}:{seconds:02}.{below:012}+00:00")
        }
        Times::Samples(_) => sample.to_string(),
        Times::Rows => String::new(),
    }
}

/// A random table, what it was taken at, and what is in it.
fn table(draws: &mut Draws) -> (Vec<u8>, &'static str, Lines) {
    let times = draws.of(&TIMES);
    let (rate, period) =
        draws.of(&[("1 MHz", 1_000_000_i128), ("100 kHz", 10_000_000), ("2.5 MHz", 400_000), ("10 MHz", 100_000)]);
    let (delimiter, comma) = draws.of(&[
        (b',', false),
        (b',', false),
        (b';', false),
        (b';', true),
        (b'\t', false),
        (b'\t', true),
        (b'|', false),
    ]);
    let (low, high) =
        draws.of(&[("0", "1"), ("0", "1"), ("False", "True"), ("LOW", "HIGH"), ("0.0", "1.0"), ("L", "H")]);
    let least = if matches!(times, Times::Rows) { 2 } else { 1 };
    let count = least + draws.below(4) as usize;
    let names: Vec<String> = (0..count)
        .map(|place| {
            let odd =
                [format!("D{place}"), format!("STROBE, {place}"), format!("a \"{place}\""), format!("Ch;{place}")];
            odd[draws.below(4) as usize].clone()
        })
        .collect();
    let mut rows = rows(draws, count);
    if matches!(times, Times::Rows) {
        // A row for each sample.
        let samples = rows.last().unwrap().0.min(5000);
        rows =
            (0..=samples).map(|at| (at, rows.iter().rev().find(|(from, _)| *from <= at).unwrap().1.clone())).collect();
    }
    let start = draws.of(&[0_i128, 0, -12_345, 7_000_000]);
    let column = draws.below(count as u64 + 1) as usize;
    let has_notes = draws.one_in(3);
    let mut text = Vec::new();
    if draws.one_in(4) {
        text.extend("\u{feff}".as_bytes());
    }
    if draws.one_in(3) {
        let mut above = String::new();
        write!(above, "# made by a test\n; Channels ({count}/16)\n% Sample rate: {rate}\n").unwrap();
        text.extend(above.into_bytes());
    } else if draws.one_in(3) && delimiter == b',' {
        text.extend(b"Model,MSO54B\nHorizontal Units,s\nSource,,\n\n");
    }
    let terminator = if draws.one_in(2) { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let style = if draws.one_in(3) { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(terminator)
        .quote_style(style)
        .flexible(true)
        .from_writer(&mut text);
    let with = |mut fields: Vec<String>, clock: Option<&str>, note: &str| {
        if let Some(clock) = clock {
            fields.insert(column, clock.to_owned());
        }
        if has_notes {
            fields.push(note.to_owned());
        }
        fields
    };
    let (heading, unit) = match times {
        Times::Unit(heading, _)
        | Times::Minutes(heading)
        | Times::Exponent(heading)
        | Times::Cells(heading)
        | Times::Iso(heading)
        | Times::Samples(heading) => (Some(heading), None),
        Times::UnitRow(heading, unit, _) => (Some(heading), Some(unit)),
        Times::Rows => (None, None),
    };
    writer.write_record(with(names.clone(), heading, "decoded")).unwrap();
    if unit.is_some() {
        writer.write_record(with(vec![String::new(); count], unit, "")).unwrap();
    }
    for (at, levels) in &rows {
        let sample = i128::from(*at) + start;
        let fields: Vec<String> = levels.iter().map(|level| if *level { high } else { low }.to_owned()).collect();
        let clock = heading.map(|_| time(times, sample, sample * period, comma));
        writer.write_record(with(fields, clock.as_deref(), draws.of(&["a", "3f", "start", ""]))).unwrap();
    }
    drop(writer);
    (text, rate, expected(&names, &rows))
}

#[test]
fn tables_of_all_dialects_say_what_was_put_in() {
    for seed in 0..how_many("STROBECHECK_TABLES", 50) {
        let (text, rate, expected) = table(&mut Draws(seed));
        let shown = || String::from_utf8_lossy(&text).chars().take(600).collect::<String>();
        let capture = read(text.clone(), Some(rate)).unwrap_or_else(|error| panic!("{seed}: {error}\n{}", shown()));
        assert_eq!((capture.problems.len(), capture.lost.is_empty()), (0, true), "{seed}\n{}", shown());
        let found: Lines = lines(&capture).into_iter().take(expected.len()).collect();
        assert_eq!(found, expected, "{seed} at {rate}\n{}", shown());
    }
}

/// A variable of a dump: its names by scope, its range, and which it is.
struct Variable {
    names: Vec<(&'static str, String)>,
    width: usize,
    range: Option<(i32, i32)>,
}

impl Variable {
    /// The name of a bit, the last digit's being 0.
    fn bit(&self, name: &str, bit: usize) -> String {
        match self.range {
            Some((first, last)) if first < last => format!("{name}[{}]", last - bit as i32),
            Some((_, last)) => format!("{name}[{}]", last + bit as i32),
            None if self.width == 1 => name.to_owned(),
            None => format!("{name}[{bit}]"),
        }
    }
}

fn variables(draws: &mut Draws) -> Vec<Variable> {
    (0..1 + draws.below(4))
        .map(|number| {
            let width = draws.of(&[1_usize, 1, 2, 5]);
            let last = draws.of(&[0_i32, 0, 3]);
            let first = last + width as i32 - 1;
            let range = draws.of(&[None, Some((first, last)), Some((last, first))]).filter(|_| width > 1);
            let mut names = vec![("top", format!("v{number}"))];
            if draws.one_in(3) {
                names.push(("dut", format!("other{number}")));
            }
            if draws.one_in(3) {
                // The same name in another scope is the same probe.
                names.push(("dut", format!("v{number}")));
            }
            Variable { names, width, range }
        })
        .collect()
}

/// Values at times: each a text of 0, 1 and x.
type Changes = Vec<(u64, Vec<(usize, String)>)>;

fn changes(draws: &mut Draws, variables: &[Variable]) -> Changes {
    let value = |draws: &mut Draws, width: usize| -> String { (0..width).map(|_| draws.of(&["0", "1"])).collect() };
    let mut at = 0;
    let first = variables.iter().enumerate().map(|(place, variable)| (place, value(draws, variable.width))).collect();
    let mut changes = vec![(at, first)];
    for _ in 0..2 + draws.below(60) {
        at += 1 + draws.below(1000);
        let mut some = Vec::new();
        for (place, variable) in variables.iter().enumerate() {
            if draws.one_in(2) {
                some.push((place, value(draws, variable.width)));
            }
        }
        changes.push((at, some));
    }
    changes
}

fn written_as_vcd(draws: &mut Draws, variables: &[Variable], changes: &Changes) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = vcd::Writer::new(&mut bytes);
    writer.timescale(1, TimescaleUnit::US).unwrap();
    let mut codes = vec![None; variables.len()];
    for scope in ["top", "dut"] {
        writer.add_module(scope).unwrap();
        for (place, variable) in variables.iter().enumerate() {
            for (_, name) in variable.names.iter().filter(|(of, _)| *of == scope) {
                let index = variable.range.map(|(first, last)| ReferenceIndex::Range(first, last));
                let width = variable.width as u32;
                match codes[place] {
                    Some(code) => writer.var_def(VarType::Wire, width, code, name, index).unwrap(),
                    None => codes[place] = Some(writer.add_var(VarType::Wire, width, name, index).unwrap()),
                }
            }
        }
        writer.upscope().unwrap();
    }
    writer.enddefinitions().unwrap();
    // What comes before the first time is so at the start.
    let begins_without_time = draws.one_in(2);
    for (place, (at, values)) in changes.iter().enumerate() {
        if place > 0 || !begins_without_time {
            writer.timestamp(*at).unwrap();
        }
        for (variable, value) in values {
            let digits: Vec<Value> = value.chars().map(|c| if c == '1' { Value::V1 } else { Value::V0 }).collect();
            match digits.as_slice() {
                [digit] => writer.change_scalar(codes[*variable].unwrap(), *digit).unwrap(),
                _ => writer.change_vector(codes[*variable].unwrap(), digits).unwrap(),
            }
        }
    }
    writer.flush().unwrap();
    bytes
}

fn written_as_fst(draws: &mut Draws, variables: &[Variable], changes: &Changes) -> Vec<u8> {
    let info = FstInfo {
        start_time: 0,
        timescale_exponent: -6,
        version: "a test".to_owned(),
        date: "today".to_owned(),
        file_type: FstFileType::Verilog,
    };
    let mut header = fst_writer::FstHeaderWriter::write_to_mem(&info).unwrap();
    let mut ids = vec![None; variables.len()];
    for scope in ["top", "dut"] {
        header.scope(scope, "", FstScopeType::Module).unwrap();
        for (place, variable) in variables.iter().enumerate() {
            for (_, name) in variable.names.iter().filter(|(of, _)| *of == scope) {
                let range = variable.range.map(|(first, last)| format!(" [{first}:{last}]")).unwrap_or_default();
                let kind = FstSignalType::bit_vec(variable.width as u32);
                let name = format!("{name}{range}");
                let id = header.var(name, kind, FstVarType::Wire, FstVarDirection::Implicit, ids[place]).unwrap();
                ids[place] = Some(id);
            }
        }
        header.up_scope().unwrap();
    }
    let mut body = header.finish().unwrap();
    for (at, values) in changes {
        // A section that has the first time alone loses its values with this writer.
        if draws.one_in(20) && *at > changes[1].0 {
            body.flush().unwrap();
        }
        body.time_change(*at).unwrap();
        for (variable, value) in values {
            body.signal_change(ids[*variable].unwrap(), value.as_bytes()).unwrap();
        }
    }
    body.finish().unwrap().into_inner()
}

/// The lines by their names, from what was put in.
fn expected_of(variables: &[Variable], changes: &Changes) -> Lines {
    let mut lines = Lines::new();
    for (place, variable) in variables.iter().enumerate() {
        let mut seen = std::collections::BTreeSet::new();
        for (_, name) in variable.names.iter().filter(|(_, name)| seen.insert(name.clone())) {
            for bit in 0..variable.width {
                let level = |value: &String| value.as_bytes()[variable.width - 1 - bit] == b'1';
                let values = changes
                    .iter()
                    .filter_map(|(at, values)| Some((*at, level(&values.iter().find(|(of, _)| *of == place)?.1))));
                let values: Vec<(u64, bool)> = values.collect();
                let edges = values.windows(2).filter(|two| two[0].1 != two[1].1).map(|two| two[1].0).collect();
                lines.push((variable.bit(name, bit), u8::from(values[0].1), edges));
            }
        }
    }
    lines.sort();
    lines
}

#[test]
fn a_dump_is_the_same_as_vcd_and_as_fst() {
    for seed in 0..how_many("STROBECHECK_DUMPS", 50) {
        let draws = &mut Draws(seed);
        let variables = variables(draws);
        let changes = changes(draws, &variables);
        let expected = expected_of(&variables, &changes);
        let sorted = |bytes: Vec<u8>| {
            let capture = read(bytes, None).unwrap_or_else(|error| panic!("{seed}: {error}"));
            assert_eq!(capture.problems, Vec::<String>::new(), "{seed}");
            let mut lines = lines(&capture);
            lines.sort();
            (lines, capture.length.get())
        };
        let (vcd, fst) = (written_as_vcd(draws, &variables, &changes), written_as_fst(draws, &variables, &changes));
        let ((vcd, length), (fst, of_fst)) = (sorted(vcd), sorted(fst));
        assert_eq!(vcd, expected, "{seed} as VCD");
        assert_eq!(fst, expected, "{seed} as FST");
        assert!(length.abs_diff(of_fst) <= 1, "{seed}: {length} and {of_fst}");
    }
}
