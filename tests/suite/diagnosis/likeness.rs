//! What probes look like: `wiring` takes the lines of random rigs for what they are.

use strobecheck::rig::{Polarity, Role};
use strobecheck::scenario::{Scenario, simulate};
use strobecheck::study::{Likeness, wiring};

use super::bench::Bench;
use super::{clean, in_parallel, wanted};

/// What the probe of this name is in a good rig.
fn expected(bench: &Bench, kind: &str, probe: &str) -> Likeness {
    match probe {
        "FSIN" if kind.starts_with("an idle FSIN") => Likeness::Silent,
        "FSIN" => Likeness::Line(Role::Fsin, Polarity::ActiveHigh),
        // The other camera's pulses come 4 us later: fewer than two samples are none that can be told from a flash.
        "RIGHT" if kind == "a second camera" && 4e-6 * bench.rate < 2.0 => {
            Likeness::Line(Role::Flash, Polarity::ActiveHigh)
        }
        "STROBE" | "RIGHT" if bench.strobe_low => Likeness::Line(Role::Strobe, Polarity::ActiveLow),
        "STROBE" | "RIGHT" => Likeness::Line(Role::Strobe, Polarity::ActiveHigh),
        "FLASH" | "DOT" | "FLOOD" => Likeness::Line(Role::Flash, Polarity::ActiveHigh),
        other => panic!("what is {other}?"),
    }
}

#[test]
fn the_lines_of_a_good_rig_are_taken_for_what_they_are() {
    let count = if wanted().1 { 6000 } else { 600 };
    let rigs = in_parallel(count, |number| {
        let (kind, bench) = clean::case(number);
        let capture = simulate(&Scenario::parse("rig.toml", &bench.scenario()).unwrap()).unwrap().capture;
        let wrong: Vec<String> = (wiring(&capture).probes.iter())
            .filter(|probe| probe.likeness != expected(&bench, kind, &probe.name))
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
