//! What probes look like: `wiring` takes the lines of random rigs for what they are.

use strobecheck::rig::{Polarity, Role};
use strobecheck::scenario::{Scenario, simulate};
use strobecheck::study::{Likeness, ProbeReport, WireVerdict, wiring};

use super::bench::Bench;
use super::{cases, clean, in_parallel, wanted};

/// Whether the probe of this name is taken for what it is in a good rig; a level that is likely only may be the other one.
fn is_right(bench: &Bench, kind: &str, probe: &ProbeReport) -> bool {
    let (role, polarity) = match probe.name.as_str() {
        "FSIN" if kind.starts_with("an idle FSIN") => return probe.likeness == Likeness::Silent,
        "FSIN" => (Role::Fsin, Polarity::ActiveHigh),
        "STROBE" | "RIGHT" if bench.strobe_low => (Role::Strobe, Polarity::ActiveLow),
        "STROBE" | "RIGHT" => (Role::Strobe, Polarity::ActiveHigh),
        "FLASH" | "DOT" | "FLOOD" => (Role::Flash, Polarity::ActiveHigh),
        other => panic!("what is {other}?"),
    };
    match probe.likeness {
        Likeness::Line(likely, active) => likely == role && (active.is_likely() || active.polarity() == polarity),
        Likeness::NotRecorded | Likeness::Lost | Likeness::Silent | Likeness::Undecided | Likeness::Other => false,
    }
}

/// The probes of a rig, as `wiring` sees them.
fn probes(bench: &Bench) -> Vec<ProbeReport> {
    wiring(&simulate(&Scenario::parse("rig.toml", &bench.scenario()).unwrap()).unwrap().capture).probes
}

#[test]
fn the_lines_of_a_good_rig_are_taken_for_what_they_are() {
    let count = if wanted().1 { 6000 } else { 600 };
    let rigs = in_parallel(count, |number| {
        let (kind, bench) = clean::case(number);
        let wrong: Vec<String> = (probes(&bench).iter())
            .filter(|probe| !is_right(&bench, kind, probe))
            .map(|probe| format!("{} ({})", probe.likeness.text(), probe.why))
            .collect();
        let told = bench.fsin && !bench.strobe_low && !kind.starts_with("an idle FSIN");
        (told, wrong.is_empty(), format!("{kind} ({number}): {}\n", wrong.join("; ")))
    });
    let share = |rigs: &[&(bool, bool, String)]| {
        let right = rigs.iter().filter(|rig| rig.1).count() as f64 / rigs.len() as f64;
        (right, rigs.iter().filter(|rig| !rig.1).map(|rig| rig.2.as_str()).collect::<String>())
    };
    // Alone, a STROBE does not tell its polarity, nor short exposures from FSIN.
    let (right, wrong) = share(&rigs.iter().collect::<Vec<_>>());
    assert!(right >= 0.93, "{right}\n{wrong}");
    let (right, wrong) = share(&rigs.iter().filter(|rig| rig.0).collect::<Vec<_>>());
    assert!(right >= 0.985, "{right}\n{wrong}");
}

#[test]
fn a_bad_wire_is_not_called_good() {
    /// What is put into a rig, whether its STROBE is still known for one, and in how many of 40 rigs all may look good: ringing is
    /// as long as the shortest triggers.
    const BAD: [(&str, bool, usize); 7] = [
        ("marginal threshold", true, 4),
        ("slow edge that chatters", true, 4),
        ("contact that comes and goes", true, 4),
        ("ringing with the flash", true, 12),
        ("crosstalk", false, 4),
        ("stuck line", false, 4),
        ("noise at a stride", false, 4),
    ];
    for (wanted, is_known, most) in BAD {
        let kinds = cases::MAKERS.len() as u64;
        let place = cases::MAKERS.iter().position(|(name, _, _)| *name == wanted).unwrap() as u64;
        let rigs = in_parallel(40, |turn| {
            let (name, case) = cases::case(place + turn * kinds);
            assert_eq!(name, wanted);
            let probes = probes(&case.bench);
            let is_good = |probe: &ProbeReport| probe.health.as_ref().unwrap().verdict == WireVerdict::Good;
            let strobe = probes.iter().find(|probe| probe.name == "STROBE").unwrap();
            (probes.iter().all(is_good), matches!(strobe.likeness, Likeness::Line(Role::Strobe, _)))
        });
        let good = rigs.iter().filter(|rig| rig.0).count();
        let known = rigs.iter().filter(|rig| rig.1).count();
        assert!(good <= most, "{wanted}: {good} of 40 good");
        assert!(!is_known || known >= 34, "{wanted}: {known} of 40 known");
    }
}
