//! `wiring` on random rigs: no line is named wrong, nearly all are named, and no bad wire is called good.
//!
//! `STROBECHECK_WIRES=2000 cargo test --test suite wiring::` tries so many good rigs, and a quarter as many bad wires;
//! `STROBECHECK_WIRES_LOG=FILE` has what was named how, and all that was not named right.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use strobecheck::capture::Capture;
use strobecheck::rig::{Polarity, Role};
use strobecheck::signal::{Level, Waveform};
use strobecheck::spec::Spec;
use strobecheck::study::{Likeness, ProbeReport, WireVerdict, wiring};

use crate::bench_capture::capture;
use crate::generator::{self as generator, Line, MS, Random, Rig, US};

/// A twentieth of what is claimed.
const FEW: u64 = 100;

fn count() -> u64 {
    std::env::var("STROBECHECK_WIRES").ok().map_or(FEW, |count| count.parse().unwrap())
}

fn role(line: &Line) -> Role {
    match line.role {
        generator::Role::Trigger => Role::Trigger,
        generator::Role::Fsin => Role::Fsin,
        generator::Role::Strobe => Role::Strobe,
        generator::Role::Flash => Role::Flash,
        generator::Role::Readout => Role::Readout,
    }
}

/// How the probes of a rig are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Names {
    /// As somebody who wired them would.
    Told,
    /// As the analyzer calls them, but for some.
    Mixed,
    /// As the analyzer calls them.
    Analyzer,
}

fn rename(rig: &mut Rig, names: Names, random: &mut Random) {
    for (number, line) in rig.lines.iter_mut().enumerate() {
        let words: &[&str] = match line.role {
            generator::Role::Trigger => &["TRIGGER", "host trigger"],
            generator::Role::Fsin => &["FSIN", "fsync", "FRAME_SYNC", "XVS"],
            generator::Role::Strobe => &["STROBE", "strobe", "Exposure", "STRB"],
            generator::Role::Flash => &["FLASH", "led", "LIGHT", "ir-led"],
            generator::Role::Readout => &["READOUT", "FVAL", "frame_valid"],
        };
        let is_told = match names {
            Names::Told => true,
            Names::Mixed => random.one(2),
            Names::Analyzer => false,
        };
        line.probe = if is_told { format!("{}{number}", random.pick(words)) } else { format!("D{number}") };
    }
}

/// A good rig; none where a camera exposes in the sample of its trigger: none does (field guide, C10), and nothing would tell its
/// start from an end; nor where one is faster than a camera.
pub(crate) fn good(seed: u64) -> Option<(Rig, Names, Random)> {
    let mut rig = Rig::draw(seed);
    let latency = |camera: &generator::Camera| {
        let starts = camera.frames.iter().filter_map(|frame| Some(frame.exposures.first()?.start - frame.beat));
        starts.min().unwrap_or(0)
    };
    let is_fast = |camera: &generator::Camera| {
        camera.frames.windows(2).any(|two| two[1].beat - two[0].beat < 9 * MS / 10)
            || camera.frames.iter().any(|frame| frame.exposures.windows(2).any(|two| two[1].start - two[0].start < MS))
    };
    if rig.cameras.iter().any(is_fast) {
        return None;
    }
    let is_start = |camera: &&generator::Camera| camera.alignment == generator::Alignment::Start;
    if rig.cameras.iter().filter(is_start).any(|camera| latency(camera).abs() < 5 * US) {
        return None;
    }
    // A wire that chatters is none that is good.
    rig.analyzer.glitch = 0;
    let mut random = Random::new(seed ^ 0x77_69_72_65);
    let names = *random.pick(&[Names::Told, Names::Told, Names::Mixed, Names::Analyzer]);
    rename(&mut rig, names, &mut random);
    Some((rig, names, random))
}

/// What came of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Right,
    Undecided,
    Wrong,
}

fn named(line: &Line, probe: &ProbeReport) -> Named {
    let polarity = if line.active_low { Polarity::ActiveLow } else { Polarity::ActiveHigh };
    match probe.likeness {
        Likeness::Undecided => Named::Undecided,
        Likeness::Line(likely, active)
            if likely == role(line) && (active.is_likely() || active.polarity() == polarity) =>
        {
            Named::Right
        }
        Likeness::Line(..) | Likeness::NotRecorded | Likeness::Lost | Likeness::Silent | Likeness::Other => {
            Named::Wrong
        }
    }
}

#[test]
fn no_line_of_a_good_rig_is_named_wrong() {
    let rigs: Vec<(Names, Vec<Named>, u32, String)> = (0..count() * 2)
        .into_par_iter()
        .filter_map(|seed| {
            let (rig, names, _) = good(seed)?;
            let report = wiring(&rig.capture());
            let came: Vec<Named> =
                rig.lines.iter().zip(&report.probes).map(|(line, probe)| named(line, probe)).collect();
            let wires = report.probes.iter().filter_map(|probe| probe.health.as_ref());
            let good = wires.filter(|health| health.verdict == WireVerdict::Good).count() as u32;
            let told = |((line, probe), named): ((&Line, &ProbeReport), &Named)| {
                let is_low = if line.active_low { "low" } else { "high" };
                format!(
                    "  {named:?} {} {:?} {is_low}: {} ({})\n",
                    probe.name,
                    line.role,
                    probe.likeness.text(),
                    probe.why
                )
            };
            let lines: String = rig.lines.iter().zip(&report.probes).zip(&came).map(told).collect();
            Some((
                names,
                came,
                good,
                format!("{seed} {:?} {:?} {}\n{lines}", rig.kind, rig.cameras[0].alignment, rig.analyzer.rate),
            ))
        })
        .collect();
    let rigs = &rigs[..rigs.len().min(count() as usize)];
    assert_eq!(rigs.len() as u64, count());
    let wrong: Vec<&str> = rigs.iter().filter(|rig| rig.1.contains(&Named::Wrong)).map(|rig| rig.3.as_str()).collect();
    let mut shares: BTreeMap<Names, (usize, usize)> = BTreeMap::new();
    for (names, came, ..) in rigs {
        let share = shares.entry(*names).or_default();
        share.0 += came.iter().filter(|named| **named == Named::Right).count();
        share.1 += came.len();
    }
    let good: u32 = rigs.iter().map(|rig| rig.2).sum();
    let lines: usize = rigs.iter().map(|rig| rig.1.len()).sum();
    if let Some(path) = std::env::var_os("STROBECHECK_WIRES_LOG") {
        let log: String = rigs
            .iter()
            .filter(|rig| rig.1.iter().any(|named| *named != Named::Right))
            .map(|rig| rig.3.as_str())
            .collect();
        let counts = format!(
            "named, of all: {shares:?}; wires called good: {good} of {lines}; rigs with a wrong name: {}\n",
            wrong.len()
        );
        std::fs::write(path, counts + &log).unwrap();
    }
    assert!(wrong.is_empty(), "{} of {} rigs:\n{}", wrong.len(), rigs.len(), wrong[..wrong.len().min(12)].join(""));
    let (right, all) = shares[&Names::Told];
    assert!(right * 100 >= all * 95, "{right} of {all} named");
}

#[test]
fn what_is_suggested_can_be_called_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for (number, names) in [
        ["low:FSIN", "STROBE ", "!FLASH"],
        ["STROBE", "!STROBE", "flash"],
        ["fsin\u{202e}", "strobe", "none"],
        ["3", "2", "1"],
        ["FSIN", "FSIN", "STROBE"],
    ]
    .iter()
    .enumerate()
    {
        let mut rig = (0..)
            .map(|seed| Rig::draw_of(generator::Kind::HardwareFlash, seed))
            .find(|rig| rig.lines.len() == 3)
            .unwrap();
        rig.analyzer.glitch = 0;
        for (line, name) in rig.lines.iter_mut().zip(names) {
            line.probe = (*name).to_owned();
        }
        rig.write(&[], folder.path(), &format!("rig{number}"));
        std::fs::remove_file(folder.path().join(format!("rig{number}.spec.toml"))).unwrap();
        let report = wiring(&rig.capture());
        let (wires, guessed) = (report.wires(), report.guessed_wires());
        assert!(!guessed.is_empty(), "{names:?}");
        for wires in [wires, guessed].iter().filter(|wires| !wires.is_empty()) {
            let arguments = wires.iter().flat_map(|wire| ["--wire", wire]);
            let call = Command::new(env!("CARGO_BIN_EXE_strobecheck"))
                .args(["measure".as_ref(), folder.path().join(format!("rig{number}.sr")).as_os_str()])
                .args(arguments)
                .output()
                .unwrap();
            assert!(call.status.success(), "{names:?} {wires:?}: {}", String::from_utf8_lossy(&call.stderr));
        }
        if let Some(table) = report.table() {
            let spec = Spec::parse("table.toml", &table).unwrap();
            let wired: Vec<u32> = spec
                .rig
                .wire_indices()
                .map(|wire| rig.capture().header.find(&spec.rig.wire(wire).probe).unwrap().bit)
                .collect();
            let named = report.probes.iter().zip(0..).filter(|(probe, _)| matches!(probe.likeness, Likeness::Line(..)));
            let named: Vec<u32> = named.map(|(_, bit)| bit).collect();
            assert!(wired.iter().all(|bit| named.contains(bit)) && !wired.is_empty(), "{names:?}: {table}");
        }
    }
}

/// Spoils the changes of a line of a capture, by its place.
type Spoil = fn(&mut Vec<u64>, &Capture, usize, &mut Random);

/// What is wrong with a wire.
const BAD: [(&str, Spoil); 8] = [
    ("dead from somewhere on", dead),
    ("dead for a while", silent),
    ("chatters", chatters),
    ("loses pulses", loses),
    ("frayed", frayed),
    ("spikes", spikes),
    ("floating", floating),
    ("echo of another line", echo),
];

fn at(capture: &Capture, random: &mut Random, from: i64, to: i64) -> u64 {
    capture.length.get() * random.within(from, to) as u64 / 100
}

fn dead(changes: &mut Vec<u64>, capture: &Capture, _: usize, random: &mut Random) {
    let from = at(capture, random, 20, 70);
    let kept = changes.partition_point(|&change| change < from);
    // Of a camera that stops, a last pulse or two that are missing show no dead wire.
    if changes.len() >= kept + 6 {
        changes.truncate(kept);
    }
}

fn silent(changes: &mut Vec<u64>, capture: &Capture, _: usize, random: &mut Random) {
    let (from, to) = (at(capture, random, 15, 40), at(capture, random, 60, 85));
    let first = changes.partition_point(|&change| change < from) / 2 * 2;
    let last = changes.partition_point(|&change| change < to) / 2 * 2;
    changes.drain(first..last);
}

/// A contact that is lost for moments, in each of which it opens and closes 5 to 30 times.
fn chatters(changes: &mut Vec<u64>, capture: &Capture, _: usize, random: &mut Random) {
    for _ in 0..random.within(1, 3) {
        let from = at(capture, random, 10, 85);
        let to = from + capture.length.get() * random.within(1, 5) as u64 / 100;
        let count = random.within(10, 60) as u64;
        let step = ((to - from) / count).max(3);
        let mut sample = from;
        let before = changes.partition_point(|&change| change < from);
        changes.retain(|change| !(from..=to).contains(change));
        let mut added = 0;
        while sample < to {
            changes.insert(before + added, sample);
            added += 1;
            sample += step * random.within(30, 200) as u64 / 100 + 1;
        }
        if let Some(last) = changes.get(before + added).copied().filter(|next| *next <= sample) {
            changes.retain(|change| *change != last);
        }
    }
}

fn loses(changes: &mut Vec<u64>, _: &Capture, _: usize, random: &mut Random) {
    let pulses = changes.len() / 2;
    let kept: Vec<u64> = (0..pulses)
        .filter(|pulse| *pulse == 0 || *pulse + 1 == pulses || !random.one(4))
        .flat_map(|pulse| [changes[2 * pulse], changes[2 * pulse + 1]])
        .collect();
    let lost = pulses > kept.len() / 2;
    *changes = kept;
    if !lost && pulses > 4 {
        changes.drain(4..6);
    }
}

/// Each pulse is in pieces.
fn frayed(changes: &mut Vec<u64>, _: &Capture, _: usize, random: &mut Random) {
    let pulses: Vec<[u64; 2]> = changes.as_chunks::<2>().0.to_vec();
    changes.clear();
    for [from, to] in pulses {
        let mut at = from + (to - from) * random.within(0, 15) as u64 / 100;
        changes.push(at);
        loop {
            at += ((to - from) * random.within(5, 35) as u64 / 100).max(2);
            let dip = ((to - from) * random.within(1, 6) as u64 / 100).max(1);
            if at + dip + 2 >= to {
                break;
            }
            changes.extend([at, at + dip]);
            at += dip;
        }
        changes.push(at.min(to).max(changes[changes.len() - 1] + 1));
    }
}

fn spikes(changes: &mut Vec<u64>, capture: &Capture, _: usize, random: &mut Random) {
    let most = (capture.rate.hz().to_f64() * 5e-6) as i64;
    for _ in 0..random.within(2, 8) {
        let from = at(capture, random, 2, 95) + random.below(1000) as u64;
        let to = from + random.within(1, most.max(1)) as u64;
        let near = changes.iter().any(|change| change.abs_diff(from) < 60 || change.abs_diff(to) < 60);
        if !near && to + 2 < capture.length.get() {
            let place = changes.partition_point(|&change| change < from);
            changes.splice(place..place, [from, to]);
        }
    }
}

fn floating(changes: &mut Vec<u64>, capture: &Capture, _: usize, random: &mut Random) {
    changes.clear();
    let mean = capture.length.get() as i64 / random.within(200, 3000);
    let mut sample = 1;
    while sample + 1 < capture.length.get() {
        changes.push(sample);
        sample += 1 + random.log_within(1, 4 * mean.max(2)) as u64;
    }
}

/// Crosstalk: a sample or two at the edges of another line.
fn echo(changes: &mut Vec<u64>, capture: &Capture, line: usize, random: &mut Random) {
    let other = &capture.lines[(line + 1) % capture.lines.len()];
    let edges = other.waveform.changes().iter().filter(|_| !random.one(8));
    let mut found: Vec<u64> = edges.flat_map(|edge| [edge + 1, edge + 2]).collect();
    found.dedup();
    found.retain(|&sample| sample < capture.length.get());
    *changes = found;
}

#[test]
fn no_bad_wire_is_called_good() {
    let wanted = count() / 4;
    let wires: Vec<(bool, String)> = (0..wanted * 3)
        .into_par_iter()
        .filter_map(|seed| {
            let (rig, _, mut random) = good(seed + 1_000_000)?;
            let mut capture = rig.capture();
            let line = rig.lines.iter().position(|line| line.role == generator::Role::Strobe)?;
            let (what, spoil) = BAD[seed as usize % BAD.len()];
            let waveform = &capture.lines[line].waveform;
            let (initial, before) = (waveform.initial(), waveform.changes().to_vec());
            // Pulses, from idle on.
            let idle = if rig.lines[line].active_low { Level::High } else { Level::Low };
            let first = usize::from(initial != idle);
            let mut changes = before[first..].to_vec();
            changes.truncate(changes.len() / 2 * 2);
            let clean = changes.clone();
            spoil(&mut changes, &capture, line, &mut random);
            changes.dedup();
            if changes == clean {
                return None;
            }
            capture.lines[line].waveform = Arc::new(Waveform::new(idle, changes, capture.length).unwrap());
            let report = wiring(&capture);
            let probe = &report.probes[line];
            let health = probe.health.as_ref().unwrap();
            let good = health.verdict == WireVerdict::Good;
            Some((
                good,
                format!(
                    "{what} ({seed}, {:?}, {} lines, {} Hz): {} {} {:?}\n",
                    rig.kind,
                    rig.lines.len(),
                    rig.analyzer.rate,
                    health.verdict.word(),
                    probe.likeness.text(),
                    health.reasons
                ),
            ))
        })
        .collect();
    let wires = &wires[..wires.len().min(wanted as usize)];
    assert_eq!(wires.len() as u64, wanted);
    let good: Vec<&str> = wires.iter().filter(|wire| wire.0).map(|wire| wire.1.as_str()).collect();
    assert!(good.is_empty(), "{} of {}:\n{}", good.len(), wires.len(), good.concat());
}

#[test]
fn long_pulses_at_the_ends_of_a_strobe_may_be_those_of_a_readout() {
    // Exposures of 1 to 1.2 ms end every 10 ms, at 4 MHz; the other probe is active from there on.
    let ends = |n: u64| 40_000 * (n + 1);
    let strobe: Vec<u64> = (0..40).flat_map(|n| [ends(n) - 4000 - 200 * (n % 5), ends(n)]).collect();
    let likeness = |width: u64| {
        let other: Vec<u64> = (0..40).flat_map(|n| [ends(n), ends(n) + width]).collect();
        let capture = capture("4 MHz", 1_660_000, &[("STROBE", strobe.clone()), ("D1", other)]);
        wiring(&capture).probes[1].likeness
    };
    assert!(matches!(likeness(400), Likeness::Line(Role::Fsin, _)), "{:?}", likeness(400));
    assert!(matches!(likeness(12_000), Likeness::Undecided), "{:?}", likeness(12_000));
}
