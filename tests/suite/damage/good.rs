//! A damaged copy of a good capture never fails: whatever is lost, what is left of it proves nothing wrong.
//!
//! Each copy is judged by the capture's own spec, and by limits for every quantity that hold just what the whole capture shows.
//! `STROBECHECK_DAMAGED=2000 cargo test --test suite damage::good` makes so many copies.

use std::path::{Path, PathBuf};

use strobecheck::capture::{Capture, Request};
use strobecheck::format::{open, read_capture};
use strobecheck::quantity::{QUANTITIES, Track};
use strobecheck::signal::Level;
use strobecheck::spec::{Allow, Limit, Origin, Rule, Spec};
use strobecheck::units::{Rational, SampleIndex, Unit};
use strobecheck::verdict::{Verdict, judge};
use strobecheck::verify::observe;

use super::archives::{RawArchive, RawMember, judged_capture, last_of, session};

/// So many copies in an ordinary run.
const FEW: u64 = 200;

/// Captures that pass: a sequence of exposures, a rolling shutter with readout and a flash every so often, triggers, two cameras,
/// and STROBE alone.
const GOOD: [&str; 6] =
    ["seed-pass", "seed-rolling", "trigger-pass", "two-cameras", "strobe-constant", "strobe-varying"];

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end.max(1)
    }
}

/// A capture that passes, and what may be damaged of it.
struct Good {
    name: &'static str,
    spec: String,
    metadata: String,
    samples: Vec<u8>,
    /// Its own spec, and the limits that hold what it shows.
    bounds: (Spec, Vec<Rule>),
}

fn read(file: Vec<u8>) -> Option<Capture> {
    let reader = open(Box::new(file)).ok()?;
    read_capture(reader.as_ref(), &Request::of((0..64).collect())).ok()
}

/// The samples of a capture, one byte each.
fn samples(capture: &Capture) -> Vec<u8> {
    let mut bytes = vec![0_u8; usize::try_from(capture.length.get()).unwrap()];
    for line in &capture.lines {
        let mut turns = line.waveform.changes().iter().map(|at| at as usize).chain([bytes.len()]);
        let mut from = 0;
        let mut level = line.waveform.initial();
        while let Some(to) = turns.next().filter(|_| from < bytes.len()) {
            if level == Level::High {
                bytes[from..to].iter_mut().for_each(|byte| *byte |= 1 << line.probe.bit);
            }
            (from, level) = (to, !level);
        }
    }
    bytes
}

fn good(name: &'static str) -> Good {
    let path = |extension: &str| -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(format!("{name}.{extension}"))
    };
    let capture = read(std::fs::read(path("sr")).unwrap()).unwrap();
    let text = std::fs::read_to_string(path("spec.toml")).unwrap();
    let names: String =
        capture.lines.iter().map(|line| format!("probe{}={}\n", line.probe.bit + 1, line.probe.name)).collect();
    let metadata = format!(
        "[global]\nsigrok version=0.5.2\n\n[device 1]\ncapturefile=logic-1\ntotal probes=8\nsamplerate={} Hz\n{names}unitsize=1\n",
        capture.rate.hz().to_f64()
    );
    let judgement = judged_capture(&capture, &text).unwrap();
    assert_eq!(judgement.verdict, Verdict::Pass, "{name}");
    // Bounds that no clock widens.
    let mut spec = Spec::parse("good.spec.toml", &text).unwrap();
    spec.analyzer.clock = Rational::ZERO;
    let rules = bounds(&spec, &capture);
    assert!(rules.len() > 6, "{name}");
    Good { name, spec: text, metadata, samples: samples(&capture), bounds: (spec, rules) }
}

/// A limit for everything that is measured: the least and the most that the capture shows of it.
fn bounds(spec: &Spec, capture: &Capture) -> Vec<Rule> {
    let observation = observe(capture, spec).unwrap();
    let mut rules = Vec::new();
    for quantity in QUANTITIES {
        for subject in quantity.subjects(&observation.rig) {
            let Ok(track) = quantity.measure(&observation, subject) else { continue };
            let Some(text) = range(&track, quantity.unit) else { continue };
            let limit = Limit::parse(&text, quantity.unit).unwrap_or_else(|error| panic!("{text}: {error}"));
            let rule =
                Rule { quantity, subject, limits: vec![limit], allow: Allow::Frames(0), origin: Origin::Implied };
            assert_ne!(judge(&rule, spec, &observation).verdict, Verdict::Fail, "{} {text}", quantity.id);
            rules.push(rule);
        }
    }
    rules
}

fn range(track: &Track, unit: Unit) -> Option<String> {
    let lows = track.points.iter().map(|point| point.reading.low.at().cloned());
    let highs = track.points.iter().map(|point| point.reading.high.at().cloned());
    let low = lows.collect::<Option<Vec<_>>>()?.into_iter().min()? * &track.scale;
    let high = highs.collect::<Option<Vec<_>>>()?.into_iter().max()? * &track.scale;
    let suffix = match unit {
        Unit::Second => "s",
        Unit::Hertz => "Hz",
        Unit::Percent => "%",
        Unit::Ppm => "ppm",
        Unit::Count => return Some(format!("{} .. {}", low.to_f64(), high.to_f64())),
    };
    // To the femtosecond, outward.
    let (low, high) = (low.to_f64() - 1e-15, high.to_f64() + 1e-15);
    Some(format!("{low:.15} {suffix} .. {high:.15} {suffix}"))
}

/// The capture in chunks, of equal length but for the last one or of any.
fn chunks(good: &Good, dice: &mut Dice) -> Vec<Vec<u8>> {
    let all = &good.samples;
    let count = 5 + dice.below(20) as usize;
    let usual = all.len() / count + 1;
    if dice.below(3) > 0 {
        return all.chunks(usual).map(<[u8]>::to_vec).collect();
    }
    let (mut rest, mut chunks) = (all.as_slice(), Vec::new());
    while !rest.is_empty() {
        let (chunk, later) = rest.split_at(rest.len().min(1 + dice.below(2 * usual as u64) as usize));
        chunks.push(chunk.to_vec());
        rest = later;
    }
    chunks
}

/// A damaged copy.
fn damaged(good: &Good, dice: &mut Dice) -> Vec<u8> {
    let chunks = chunks(good, dice);
    let last = chunks.len() as u64 - 1;
    let mut archive: RawArchive = session(good.metadata.as_bytes());
    let deferred = dice.below(4) == 0;
    for (number, chunk) in (1..).zip(&chunks) {
        let member = RawMember::deflated(&format!("logic-1-{number}"), chunk);
        archive = archive.with(member.but(|member| member.deferred = deferred));
    }
    let mut lies = Vec::new();
    let mut gone = Vec::new();
    for _ in 0..=dice.below(3) {
        // That the last chunks are gone, nothing can tell.
        let chunk = dice.below(last) as usize + 2;
        match dice.below(3) {
            0 => gone.push(chunk),
            1 => {
                let packed = &mut archive.members[chunk].packed;
                let at = dice.below(packed.len() as u64) as usize;
                packed[at] ^= 1 << dice.below(8);
            }
            _ => lies.push((format!("logic-1-{}", chunk - 1), 1_u32 << dice.below(20))),
        }
    }
    gone.sort_unstable();
    gone.dedup();
    gone.into_iter().rev().for_each(|chunk| drop(archive.members.remove(chunk)));
    let mut file = archive.build();
    for (name, bit) in lies {
        // The size in the directory, 22 bytes before the name.
        let Some(at) = file.windows(name.len()).rposition(|window| window == name.as_bytes()) else { continue };
        let at = at - 22;
        let size = u32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]) ^ bit;
        file[at..at + 4].copy_from_slice(&size.to_le_bytes());
    }
    if dice.below(5) == 0 {
        let directory = last_of(&file, b"PK\x01\x02");
        let least = directory as u64 / 3;
        file.truncate((least + dice.below(file.len() as u64 - least)) as usize);
    }
    file
}

/// What fails of a damaged copy.
fn failed(good: &Good, file: Vec<u8>) -> Vec<String> {
    let Some(capture) = read(file) else { return Vec::new() };
    let judgement = judged_capture(&capture, &good.spec).unwrap();
    let by_spec = judgement.checks.iter().filter(|check| check.verdict == Verdict::Fail);
    let mut failed: Vec<String> =
        by_spec.map(|check| format!("{} {}: {:?}", check.quantity.id, check.rule, check.worst)).collect();
    // Its number of samples may be right, and it is flagged all the same.
    let is_flagged =
        judgement.verdict != Verdict::Pass || capture.length == SampleIndex::new(good.samples.len() as u64);
    if !is_flagged {
        failed.push("it passes".to_owned());
    }
    let (spec, rules) = &good.bounds;
    let observation = observe(&capture, spec).unwrap();
    for rule in rules {
        let check = judge(rule, spec, &observation);
        if check.verdict == Verdict::Fail {
            failed.push(format!("{} {}: {:?}", check.quantity.id, check.rule, check.worst));
        }
    }
    failed
}

#[test]
fn a_damaged_copy_of_a_good_capture_never_fails() {
    let count = std::env::var("STROBECHECK_DAMAGED").ok().and_then(|count| count.parse().ok()).unwrap_or(FEW);
    let goods: Vec<Good> = GOOD.into_iter().map(good).collect();
    let (mut wrong, mut unread) = (Vec::new(), 0);
    for number in 0..count {
        let mut dice = Dice(number);
        let good = &goods[dice.below(goods.len() as u64) as usize];
        let file = damaged(good, &mut dice);
        unread += u64::from(read(file.clone()).is_none());
        let failed = failed(good, file);
        if !failed.is_empty() {
            wrong.push(format!("{number}: {}: {}", good.name, failed.join("\n    ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
    assert!(unread * 4 < count, "{unread} of {count} cannot be read at all");
}
