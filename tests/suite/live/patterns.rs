//! Two seconds of each pattern at 1 MHz: every edge is where the pattern's definition has it, none is missing.

use std::process::Command;

use super::demo::{Bench, PATTERNS, changes_of, pattern, read, succeeded};

const SAMPLES: u64 = 2_000_000;

#[test]
fn every_pattern_is_recorded_as_it_is_defined() {
    let bench = Bench::new();
    let one = |name: &str| {
        let file = format!("{name}.sr");
        let setting = format!("pattern={name}");
        succeeded(&bench.capture(&["--time", "2s", "--config", &setting, "-o", &file]));
        read(&bench.path(&file))
    };
    std::thread::scope(|scope| {
        for (name, pattern) in PATTERNS {
            let one = &one;
            scope.spawn(move || {
                let (changes, samples) = one(name);
                assert_eq!(samples, SAMPLES, "{name}");
                assert!(changes == changes_of(pattern, 0, SAMPLES), "{name}: the edges are others");
            });
        }
        scope.spawn(|| {
            let (changes, samples) = one("random");
            assert_eq!(samples, SAMPLES);
            for bit in 0..8 {
                let levels = changes.iter().map(|(_, state)| (state >> bit) & 1).collect::<Vec<_>>();
                let edges = levels.windows(2).filter(|pair| pair[0] != pair[1]).count() as i64;
                // Each sample differs from the one before it with probability 1/2: within 7 standard deviations of 707.
                assert!((edges - 1_000_000).abs() < 5000, "random, D{bit}: {edges} edges");
            }
        });
    });
}

#[test]
fn sigrok_reads_the_recorded_samples() {
    let bench = Bench::new();
    succeeded(&bench.capture(&["--samples", "300000", "--config", "pattern=graycode", "-o", "gray.sr"]));
    let by_sigrok =
        Command::new("sigrok-cli").args(["-O", "binary", "-i"]).arg(bench.path("gray.sr")).output().unwrap();
    let defined: Vec<u8> = (0..300_000).map(pattern("graycode")).collect();
    assert!(by_sigrok.stdout == defined, "{}", String::from_utf8_lossy(&by_sigrok.stderr));
}

#[test]
fn only_the_chosen_channels_are_recorded_under_their_names() {
    let bench = Bench::new();
    let chosen = ["--channels", "D4=STROBE,D6=FSIN", "--samples", "5000", "--config", "pattern=incremental"];
    succeeded(&bench.capture(&[&chosen[..], &["-o", "two.sr"]].concat()));
    let (changes, _) = read(&bench.path("two.sr"));
    assert_eq!(changes, changes_of(|n| n as u8 & 0x50, 0, 5000));
    let edges = bench.run(&["edges", "two.sr"]);
    let names: std::collections::BTreeSet<String> = super::demo::stdout(&edges)
        .lines()
        .skip(1)
        .filter_map(|line| Some(line.split(',').next()?.to_owned()))
        .collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["FSIN", "STROBE"]);
}
