//! Noise of shapes that the simulator does not have, made here from the waveforms: diagnosis is not tuned to it.

use std::sync::Arc;

use strobecheck::capture::Capture;
use strobecheck::scenario::{Scenario, simulate};
use strobecheck::signal::{Level, Waveform};

use super::bench::{Aligned, Bench, Dice};
use super::{in_parallel, judge_capture, wanted};

/// Changes one probe's edges.
fn rewrite(capture: &mut Capture, probe: &str, change: impl FnOnce(&[u64], u64) -> Vec<u64>) {
    let length = capture.length;
    let line = capture.lines.iter_mut().find(|line| line.probe.name == probe).unwrap();
    let mut edges = change(&line.waveform.changes().to_vec(), length.get());
    edges.retain(|edge| *edge > 0 && *edge < length.get());
    edges.sort_unstable();
    // Two changes at one sample are none.
    let mut kept: Vec<u64> = Vec::new();
    for edge in edges {
        if kept.last() == Some(&edge) {
            kept.pop();
        } else {
            kept.push(edge);
        }
    }
    line.waveform = Arc::new(Waveform::new(line.waveform.initial(), kept, length).unwrap());
}

/// Makes a shape on a probe: the rig in samples, the dice, the capture.
type Shape = fn(&Bench, &mut Dice, &mut Capture);

/// Shapes, and the finding that must come first.
const SHAPES: &[(&str, &str, Shape)] = &[
    ("a random telegraph on STROBE", "floating-line", |bench, dice, capture| {
        // Levels that last exponentially long, with another mean for either one.
        let (high, low) = (bench.rate * dice.between(50e-6, 200e-6), bench.rate * dice.between(50e-6, 300e-6));
        rewrite(capture, "STROBE", |_, length| {
            let (mut at, mut edges, mut up) = (1.0, Vec::new(), false);
            while at < length as f64 {
                let mean: f64 = if up { high } else { low };
                at += (-dice.between(1e-9, 1.0).ln() * mean).max(1.0);
                edges.push(at as u64);
                up = !up;
            }
            edges.dedup();
            edges
        });
    }),
    ("a square wave of the mains that is picked up", "floating-line", |bench, dice, capture| {
        // Hum that crosses the threshold, with chatter of its own at each crossing.
        let half = bench.rate / dice.one(&[100.0, 120.0]);
        rewrite(capture, "STROBE", |_, length| {
            let (mut at, mut edges) = (half * dice.between(0.1, 0.9), Vec::new());
            while at < length as f64 {
                for _ in 0..(2 * dice.below(8) + 9) {
                    edges.push((at + dice.between(0.0, half * 0.12)) as u64);
                }
                at += half;
            }
            edges
        });
    }),
    ("noise in clusters on a line of its own", "floating-line", |bench, dice, capture| {
        // A radio transmitter beside the wire: packets of noise, some in each frame.
        rewrite(capture, "FSIN", |_, length| {
            let (mut at, mut edges) = (0.0, Vec::new());
            while at < length as f64 {
                let packet = bench.rate * bench.period * 0.1;
                for _ in 0..40 {
                    edges.push((at + dice.between(0.0, packet)) as u64);
                }
                at += bench.rate * bench.period * dice.between(0.15, 0.5);
            }
            edges
        });
    }),
    ("spikes whose distances follow a power law", "glitches", |bench, dice, capture| {
        let width = (bench.rate * dice.between(1e-6, 4e-6)).max(1.0) as u64;
        rewrite(capture, "STROBE", |edges, length| {
            let mut edges = edges.to_vec();
            let mut at = dice.between(0.0, 0.2) * length as f64;
            while at < length as f64 {
                edges.extend([at as u64, at as u64 + width]);
                at += length as f64 * 0.03 / dice.between(0.02, 1.0);
            }
            edges
        });
    }),
    ("ringing that dies away after the flash", "glitches", |bench, dice, capture| {
        let flash: Vec<u64> =
            capture.lines.iter().find(|line| line.probe.name == "FLASH").unwrap().waveform.changes().to_vec();
        rewrite(capture, "STROBE", |edges, _| {
            let mut edges = edges.to_vec();
            for at in flash {
                // Each half-wave is longer than the next one.
                let (mut at, mut width) = (at + 1 + dice.below(3), (bench.rate * 6e-6).max(3.0));
                while width >= 1.0 {
                    edges.extend([at, at + width as u64]);
                    at += 2 * width as u64 + 1;
                    width *= 0.5;
                }
            }
            edges
        });
    }),
    ("a contact that opens more and more often", "intermittent-contact", |bench, dice, capture| {
        let period = bench.rate * bench.period;
        rewrite(capture, "STROBE", |edges, length| {
            // From the middle on, for three frames: openings that get longer, inside the pulses and between them.
            let from = (length as f64 * dice.between(0.4, 0.55)) as u64;
            let to = from + (3.0 * period) as u64;
            let mut edges = edges.to_vec();
            let (mut at, mut open) = (from as f64, period * 0.02);
            while at < to as f64 {
                edges.extend([at as u64, (at + open) as u64]);
                at += open + period * dice.between(0.02, 0.12);
                open = (open * 1.15).min(period * 0.1);
            }
            edges
        });
    }),
    ("a ground that lifts with the load", "floating-line", |bench, dice, capture| {
        // The same bursts on all lines, each edge up to a sample apart.
        let mut bursts = Vec::new();
        let mut at = 0.0;
        let end = bench.rate * bench.duration();
        while at < end {
            for _ in 0..30 {
                bursts.push((at + dice.between(0.0, bench.rate * bench.period * 0.3)) as u64);
            }
            at += bench.rate * bench.period * dice.between(0.4, 0.9);
        }
        for probe in ["FSIN", "STROBE", "FLASH"] {
            rewrite(capture, probe, |edges, _| edges.iter().chain(&bursts).copied().collect());
        }
    }),
    ("a level that sags below the threshold anywhere in a pulse", "marginal-threshold", |_, dice, capture| {
        let strobe = &capture.lines.iter().find(|line| line.probe.name == "STROBE").unwrap().waveform;
        let cut = usize::from(strobe.initial() == Level::High);
        rewrite(capture, "STROBE", |edges, _| {
            let mut seen = edges[..cut].to_vec();
            for pulse in edges[cut..].chunks(2) {
                let [from, to] = *pulse else { break };
                if dice.chance(15) {
                    continue;
                }
                let width = (to - from) as f64;
                let sags = 3 + dice.below(5);
                for sag in 0..sags {
                    // A stretch for each, so that they do not meet.
                    let at = width * (sag as f64 + dice.between(0.1, 0.7)) / sags as f64;
                    let wide = (width * dice.between(0.01, 0.04)).max(1.0);
                    seen.extend([from + at as u64, from + (at + wide) as u64]);
                }
                seen.extend([from, to]);
            }
            seen
        });
    }),
    ("buffers that repeat", "dropped-samples", |_, dice, capture| {
        // Every 4096 samples, one to six samples of each line are wrong.
        for probe in ["FSIN", "STROBE", "FLASH"] {
            rewrite(capture, probe, |edges, length| {
                let mut edges = edges.to_vec();
                let mut at = 4096;
                while at + 8 < length {
                    if dice.chance(80) {
                        edges.extend([at, at + 1 + dice.below(6)]);
                    }
                    at += 4096;
                }
                edges
            });
        }
    }),
];

/// A rig with all three lines.
fn rig(dice: &mut Dice) -> Bench {
    let mut bench = Bench::random(dice);
    (bench.fsin, bench.flash, bench.stated, bench.strobe_low) = (true, true, true, false);
    (bench.aligned, bench.frames) =
        (if dice.chance(50) { Aligned::End } else { Aligned::Start }, bench.frames.max(30.0));
    bench
}

#[test]
fn noise_of_other_shapes_is_named_as_well() {
    let count = if wanted().1 { 480 } else { 80 };
    let outcomes = in_parallel(count, |number| {
        let (name, expected, shape) = SHAPES[(number % SHAPES.len() as u64) as usize];
        let mut dice = Dice::new(number ^ 0x5a9e);
        let bench = rig(&mut dice);
        let mut capture = simulate(&Scenario::parse("shape.toml", &bench.scenario()).unwrap()).unwrap().capture;
        shape(&bench, &mut dice, &mut capture);
        let judgement = judge_capture(&capture, &bench.spec());
        let findings: Vec<&str> = judgement.findings.iter().map(|finding| finding.fault).collect();
        let missed = format!("{name} ({number}, {} Hz): {findings:?} for {expected}\n", bench.rate);
        (findings.contains(&expected), findings.first() == Some(&expected), missed)
    });
    let share = |held: usize| held as f64 / count as f64;
    let (found, first) = (outcomes.iter().filter(|o| o.0).count(), outcomes.iter().filter(|o| o.1).count());
    let missed: String = outcomes.iter().filter(|o| !o.1).map(|o| o.2.as_str()).collect();
    assert!(share(found) >= 0.98, "{found} of {count} found\n{missed}");
    assert!(share(first) >= 0.95, "{first} of {count} first\n{missed}");
}
