use super::*;
use crate::capture::{Capture, RecordEnd};
use crate::format::{open, read_capture};

fn captured(text: &str, rate: Option<&str>) -> Result<Capture, String> {
    let read = || {
        let reader = open(Box::new(text.as_bytes().to_vec()))?;
        let bits = reader.header().probes.iter().map(|probe| probe.bit).collect();
        let rate = rate.map(|rate| SampleRate::parse(rate).unwrap());
        read_capture(&*reader, &Request { rate, ..Request::of(bits) })
    };
    read().map_err(|error: FormatError| error.to_string())
}

fn changes(capture: &Capture) -> Vec<(&str, u8, Vec<u64>)> {
    let line = |line: &'_ crate::capture::Line| line.waveform.initial().bit();
    (capture.lines.iter()).map(|l| (l.probe.name.as_str(), line(l), l.waveform.changes().to_vec())).collect()
}

const HEAD: &str = "$timescale 1 ns $end\n$scope module top $end\n$var wire 1 ! A $end\n$var wire 1 \" B $end\n$upscope $end\n$enddefinitions $end\n";

fn dump(body: &str) -> String {
    format!("{HEAD}{body}")
}

#[test]
fn changes_are_those_of_their_times() {
    let capture = captured(&dump("#0 0! 1\"\n#5 1!\n$comment #9 0! $end\n#7\n0!\n0\"\n#20\n"), None).unwrap();
    assert_eq!(changes(&capture), [("A", 0, vec![5, 7]), ("B", 1, vec![7])]);
    assert_eq!((capture.length.get(), capture.problems.len()), (20, 0));
    assert_eq!(capture.rate, SampleRate::parse("1 GHz").unwrap());
}

#[test]
fn values_before_the_first_time_are_those_of_the_start() {
    let capture = captured(&dump("$dumpvars\nx!\n0\"\n$end\n#100\n1!\n#150\n0!\n"), None).unwrap();
    assert_eq!(changes(&capture), [("A", 0, vec![100, 150]), ("B", 0, vec![])]);
    assert_eq!((capture.length.get(), capture.lost.is_empty()), (151, true));
    assert_eq!(capture.begin_of([&capture.lines[0]]).unwrap().get(), 100);
    // Without them, the record begins with the first time.
    let capture = captured(&dump("#100\n1!\n0\"\n#150\n0!\n"), None).unwrap();
    assert_eq!((changes(&capture)[0].clone(), capture.length.get()), (("A", 1, vec![50]), 51));
}

#[test]
fn a_last_time_without_a_change_states_the_end() {
    let end = |body: &str| captured(&dump(body), None).unwrap().end;
    assert_eq!(end("#0 0! 1\"\n#5 1!\n#9\n"), RecordEnd::Stated);
    assert_eq!(end("#0 0! 1\"\n#5 1!\n"), RecordEnd::AtLeast);
    assert_eq!(end("#0 0! 1\"\n#5 1!\n#9 1!\n"), RecordEnd::Stated);
    assert_eq!(end("#0 0! 1\"\n#5 1!\n#9"), RecordEnd::AtLeast);
}

#[test]
fn a_last_time_needs_no_line_feed() {
    let times: String = (0..8).map(|n| format!("#{} {}!\n", 5 * n, n % 2)).collect();
    let capture = captured(&dump(&format!("{times}#39")), None).unwrap();
    assert_eq!((capture.length.get(), capture.end, capture.problems.len()), (39, RecordEnd::Stated, 0));
    // A piece of a time lies before the last one.
    let capture = captured(&dump(&format!("{times}#3")), None).unwrap();
    assert_eq!((capture.end, capture.problems.len()), (RecordEnd::AtLeast, 1));
}

#[test]
fn what_is_torn_within_a_value_is_none() {
    let text =
        "$timescale 1ns $end $var wire 1 ! A $end $var wire 1 !a B $end $var wire 2 !ab V $end $enddefinitions $end\n";
    for (body, torn) in [
        ("#0 0! 0!a b00 !ab\n#9 1!", "line 3: the file ends within a value; what follows is not read"),
        ("#0 0! 0!a b00 !ab\n#9 1!a", "line 3: the file ends within a value; what follows is not read"),
        ("#0 0! 0!a b00 !ab\n#9 b1", "the file ends within a value; what follows is lost"),
        ("#0 0! 0!a b00 !ab\n#9 b11 !", "line 3: the file ends within a value; what follows is not read"),
        ("#0 0! 0!a b00 !ab\n#9 $comment 1! ", "the file ends within a comment; what follows is lost"),
        ("#0 0! 0!a b00 !ab\n#9 r1.5 ", "the file ends within a value; what follows is lost"),
        ("#0 0! 0!a b00 !ab\n#9 1", "line 3: the file ends within a value; what follows is not read"),
    ] {
        let capture = captured(&format!("{text}{body}"), None).unwrap();
        assert_eq!(capture.problems, [torn], "{body}");
        assert!(capture.lines.iter().all(|line| line.waveform.changes().is_empty()), "{body}");
    }
    let whole = captured(&format!("{text}#0 0! 0!a b00 !ab\n#9 b11 !ab"), None).unwrap();
    assert_eq!((changes(&whole)[2].clone(), whole.problems.len()), (("V[0]", 0, vec![9]), 0));
}

#[test]
fn the_last_value_at_a_time_counts() {
    let capture = captured(&dump("#0 0! 0\"\n#5 1!\n#5 0! 1\"\n#9\n"), None).unwrap();
    assert_eq!(changes(&capture), [("A", 0, vec![]), ("B", 0, vec![5])]);
}

#[test]
fn vectors_are_a_probe_for_each_bit() {
    let text = "$timescale 10us $end $scope module m $end $var reg 3 v bus [2:0] $end $var wire 1 ! bus $end $var real 64 r t $end $var wire 1 v alias $end $upscope $end $enddefinitions $end\n\
                #0 b1 v 0! r1.5 r\n#2 b110 v\n#3 bx0 v\n#4 b0 v\n#5\n";
    let capture = captured(text, None).unwrap();
    let names: Vec<&str> = capture.lines.iter().map(|line| line.probe.name.as_str()).collect();
    assert_eq!(names, ["bus[0]", "bus[1]", "bus[2]", "bus"]);
    assert_eq!(changes(&capture)[0].clone(), ("bus[0]", 1, vec![2]));
    assert_eq!(capture.rate, SampleRate::parse("100 kHz").unwrap());
    let unknown: Vec<(u64, u64)> =
        capture.lines[1].unknown.spans().iter().map(|span| (span.from.get(), span.to.get())).collect();
    assert_eq!((unknown, capture.lost.is_empty()), (vec![(3, 4)], true));
    assert!(capture.lines[0].unknown.is_empty());
}

#[test]
fn names_that_stand_twice_have_their_scope() {
    let text = "$timescale 1us $end $scope module a $end $var wire 1 ! clk $end $upscope $end $scope module b $end $var wire 1 # clk $end $var wire 1 % d [3] $end $upscope $end $enddefinitions $end\n#0 0! 0# 0%\n#1\n";
    let capture = captured(text, None).unwrap();
    assert_eq!(changes(&capture).iter().map(|line| line.0).collect::<Vec<_>>(), ["a.clk", "b.clk", "d[3]"]);
}

#[test]
fn what_cannot_be_understood_ends_the_record() {
    for (body, problem) in [
        ("#0 0! 0\"\n#5 1!\n#7 1?\n#9\n", "line 9: no variable has the code '?'; what follows is not read"),
        ("#0 0! 0\"\n#5 1!\n#4 0!\n#9\n", "line 9: the time '#4' lies before the last one; what follows is not read"),
        ("#0 0! 0\"\n#5 1!\nq!\n#9\n", "line 9: 'q' is no level; what follows is not read"),
        ("#0 0! 0\"\n#5 1!\n#-7\n#9\n", "line 9: '#-7' is no time; what follows is not read"),
        ("#0 0! 0\"\n#5 1!\n#7", "line 9: the file ends within a time; what follows is not read"),
        ("#0 0! 0\"\n#5 1!\n$bogus\n", "line 9: '$bogus' is no keyword among changes; what follows is not read"),
    ] {
        let capture = captured(&dump(body), None).unwrap();
        assert_eq!(capture.problems, [problem]);
        assert_eq!(capture.lost.spans().len(), 1, "{body}");
        assert_eq!(changes(&capture)[0].clone(), ("A", 0, vec![5]), "{body}");
    }
}

#[test]
fn declarations_without_sense_are_refused() {
    for (text, error) in [
        (
            "$timescale 1ns $end\n$var wire 1 ! A $end\n#0 0!\n",
            "line 3: expected a declaration such as $var, found '#0'",
        ),
        ("$timescale 1ns $end\n$var wire 1 ! A $end\n", "the declarations have no end: there is no $enddefinitions"),
        ("$var wire 1 ! A $end $enddefinitions $end\n#0\n", "it declares no time unit: there is no $timescale"),
        ("$timescale 1ns $end $enddefinitions $end\n#0\n", "it declares no variable of one bit"),
        ("$timescale 2ns $end\n", "line 1: '2ns' is no time unit; it must be 1, 10 or 100 s, ms, us, ns, ps or fs"),
        ("$var wire 1 $end\n", "line 1: a variable needs a type, a size, a code and a name: $var wire 1 ! STROBE $end"),
    ] {
        assert_eq!(captured(text, None).unwrap_err(), error);
    }
}

#[test]
fn declarations_without_end_are_refused() {
    let deep = "$scope module m $end\n".repeat(257);
    assert_eq!(captured(&deep, None).unwrap_err(), "line 257: scopes in more than 256 levels");
    let long = format!("$timescale 1ns $end\n$var wire 1 ! {} $end\n", "A".repeat(1025));
    assert_eq!(captured(&long, None).unwrap_err(), "line 2: a word of 1025 bytes, where 1024 are the most");
}

#[test]
fn more_bits_than_can_be_read_are_left_out_and_said() {
    let mut text =
        "$timescale 1ns $end $var wire 60 a a $end $var wire 5 b b $end $var wire 4 c c $end $enddefinitions $end\n"
            .to_owned();
    text.push_str("#0 b1 a b1 b b1 c\n#4 b0 a b0 b b0 c\n#9\n");
    let capture = captured(&text, None).unwrap();
    assert_eq!(capture.lines.len(), 64);
    assert_eq!(capture.header.warnings, ["1 variable is beyond the 64 bits that can be read"]);
    assert_eq!(changes(&capture)[60], ("c[0]", 1, vec![4]));
}

#[test]
fn the_rate_that_our_own_dumps_say_is_theirs() {
    let comment = "$comment Acquisition with 2/2 channels at 24 MHz $end\n";
    let body = "#0 0! 0\"\n#42 1!\n#83 0!\n#2500 1!\n#4167\n";
    let of = |version: &str| captured(&format!("$version {version} $end\n{comment}{}", dump(body)), None).unwrap();
    let ours = of("strobecheck 0.2.0");
    assert_eq!(
        (&ours.header.rate, &ours.rate),
        (&SampleRate::parse("24 MHz").ok(), &SampleRate::parse("24 MHz").unwrap())
    );
    assert_eq!(changes(&ours)[0], ("A", 0, vec![1, 2, 60]));
    assert!(ours.header.warnings.is_empty());
    let other = of("libsigrok 0.5.2");
    assert_eq!((other.header.rate, other.rate), (None, SampleRate::parse("1 GHz").unwrap()));
    assert_eq!(other.header.warnings, ["a comment in it says that it was taken at 24 MHz"]);
}

#[test]
fn a_stated_rate_puts_times_on_samples() {
    let body = "#0 0! 0\"\n#42 1!\n#83 0!\n#2500 1!\n#4167\n";
    assert_eq!(changes(&captured(&dump(body), Some("24 MHz")).unwrap())[0], ("A", 0, vec![1, 2, 60]));
    assert!(captured(&dump(body), Some("20 MHz")).unwrap_err().contains("lies between two samples of 20 MHz"));
    assert!(captured(&dump(body), Some("800 MHz")).unwrap_err().contains("too coarse"));
}
