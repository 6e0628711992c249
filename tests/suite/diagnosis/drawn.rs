//! Rigs that are drawn edge by edge, apart from the simulator: faults alone and two at once.
//!
//! `STROBECHECK_PAIRS=1000 cargo test --test suite diagnosis::drawn` draws so many of each.

use std::collections::BTreeMap;
use std::sync::Arc;

use strobecheck::capture::{Capture, Header, Line, Presence, Probe, RecordEnd};
use strobecheck::report::Judgement;
use strobecheck::signal::{Level, Lost, Waveform};
use strobecheck::units::{SampleIndex, SampleRate};

use super::bench::Dice;
use super::{in_parallel, judge_capture};

/// So many captures in an ordinary run.
const FEW: u64 = 130;

fn count() -> u64 {
    std::env::var("STROBECHECK_PAIRS").ok().and_then(|count| count.parse().ok()).unwrap_or(FEW)
}

/// A frame of a triggered camera, in microseconds, which are samples here.
#[derive(Debug, Clone, Default)]
struct Frame {
    trigger: Option<u64>,
    exposure: Option<(u64, u64)>,
    flash: Option<(u64, u64)>,
    further: Vec<(u64, u64)>,
}

/// A rig before anything is wrong with it.
#[derive(Debug, Clone)]
struct Rig {
    period: u64,
    exposure: u64,
    frames: Vec<Frame>,
}

const LATENCY: u64 = 300;
const LEAD: u64 = 60;
const LAG: u64 = 90;

impl Rig {
    fn random(dice: &mut Dice) -> Rig {
        let period = dice.one(&[33_333_u64, 16_667, 40_000, 11_111]);
        let exposure = (dice.between(0.15, 0.4) * period as f64) as u64;
        let frame = |n: u64| {
            let trigger = 2_000 + n * period;
            let start = trigger + LATENCY;
            Frame {
                trigger: Some(trigger),
                exposure: Some((start, start + exposure)),
                flash: Some((start - LEAD, start + exposure + LAG)),
                further: Vec::new(),
            }
        };
        let frames = (0..40 + dice.below(40)).map(frame).collect();
        Rig { period, exposure, frames }
    }

    fn spec(&self) -> String {
        format!(
            "[wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\nflash = \"FLASH\"\n[timing]\nalignment = \"start\"\nframe_time = \"{} us\"\n\
             [limits]\nframe.time = \"{} us ± 60 us\"\nexposure.time = \"{} us ± 30 us\"\nexposure.latency = \"{LATENCY} us ± 30 us\"\n\
             fsin.width = \">= 20 us\"\nflash.lead = \"{LEAD} us ± 30 us\"\nflash.lag = \"{LAG} us ± 30 us\"\nflash.coverage = \">= 98 %\"\n",
            self.period, self.period, self.exposure
        )
    }

    fn capture(&self) -> Capture {
        let length = 2_000 + (self.frames.len() as u64) * self.period;
        let of = |spans: Vec<(u64, u64)>| {
            let mut spans = spans;
            spans.sort_unstable();
            let edges: Vec<u64> =
                spans.into_iter().flat_map(|(from, to)| [from, to]).filter(|edge| *edge < length).collect();
            Arc::new(Waveform::new(Level::Low, edges, SampleIndex::new(length)).unwrap())
        };
        let triggers = self.frames.iter().filter_map(|frame| frame.trigger).map(|at| (at, at + 100)).collect();
        let strobe =
            self.frames.iter().flat_map(|frame| frame.exposure.into_iter().chain(frame.further.iter().copied()));
        let flash = self.frames.iter().filter_map(|frame| frame.flash).collect();
        let names = ["FSIN", "STROBE", "FLASH"];
        let probes: Vec<Probe> = (0..)
            .zip(names)
            .map(|(bit, name)| Probe { bit, name: name.to_owned(), presence: Presence::Recorded })
            .collect();
        let rate = SampleRate::parse("1 MHz").unwrap();
        Capture {
            lines: (probes.iter().zip([of(triggers), of(strobe.collect()), of(flash)]))
                .map(|(probe, waveform)| Line { probe: probe.clone(), waveform, unknown: Lost::nothing() })
                .collect(),
            header: Header { format: "drawn", rate: Some(rate.clone()), probes, warnings: Vec::new() },
            rate,
            length: SampleIndex::new(length),
            end: RecordEnd::Stated,
            lost: Lost::nothing(),
            problems: Vec::new(),
            analog: Vec::new(),
        }
    }
}

/// What is done to frames: those at these places, of which there may be all.
type Change = fn(&mut Rig, &[usize], &mut Dice);

/// The name of the finding, whether it is in all frames, and what it does.
const FAULTS: &[(&str, bool, Change)] = &[
    ("flash-late", false, |rig, places, dice| {
        let late = dice.spread(200.0, 0.6 * rig.exposure as f64) as u64;
        for &place in places {
            rig.frames[place].flash = rig.frames[place].flash.map(|(from, to)| (from + late, to + late));
        }
    }),
    ("flash-missing", false, |rig, places, _| {
        for &place in places {
            rig.frames[place].flash = None;
        }
    }),
    ("auto-exposure-on", false, |rig, places, dice| {
        let longer = dice.spread(100.0, 0.5 * rig.exposure as f64) as u64;
        for &place in places {
            // The flash follows STROBE.
            rig.frames[place].exposure = rig.frames[place].exposure.map(|(from, to)| (from, to + longer));
            rig.frames[place].flash = rig.frames[place].flash.map(|(from, to)| (from, to + longer));
        }
    }),
    ("missed-trigger", false, |rig, places, _| {
        for &place in places {
            (rig.frames[place].exposure, rig.frames[place].flash) = (None, None);
        }
    }),
    ("dropped-frame", false, |rig, places, _| {
        for &place in places {
            rig.frames[place] = Frame::default();
        }
    }),
    ("extra-pulses", false, |rig, places, dice| {
        let (after, width) = (rig.exposure / 2 + 900, 300 + dice.below(400));
        for &place in places {
            if let Some((_, to)) = rig.frames[place].exposure {
                rig.frames[place].further.push((to + after, to + after + width));
            }
        }
    }),
    ("glitches", false, |rig, places, dice| {
        for &place in places {
            if let Some((_, to)) = rig.frames[place].exposure {
                let at = to + 700 + dice.below(rig.period / 4);
                // Shorter ones may be any number: one of them may stand for what is missing.
                rig.frames[place].further.push((at, at + 3 + dice.below(3)));
            }
        }
    }),
    ("flash-leak", false, |rig, places, dice| {
        let longer = 150 + dice.below(1500);
        for &place in places {
            let end = rig.frames[place].exposure.map_or(0, |(_, to)| to + LAG + longer);
            rig.frames[place].flash = rig.frames[place].flash.map(|(from, _)| (from, end));
        }
    }),
    ("flash-short", true, |rig, places, dice| {
        let shorter = LAG + dice.spread(150.0, 0.5 * rig.exposure as f64) as u64;
        for &place in places {
            rig.frames[place].flash = rig.frames[place].flash.map(|(from, to)| (from, to - shorter));
        }
    }),
    ("flash-early", true, |rig, places, dice| {
        let early = 60 + dice.below(150);
        for &place in places {
            rig.frames[place].flash = rig.frames[place].flash.map(|(from, to)| (from - early, to));
        }
    }),
    ("exposure-scaled", true, |rig, places, dice| {
        let longer = (rig.exposure as f64 * dice.between(0.12, 0.3)) as u64;
        for &place in places {
            rig.frames[place].exposure = rig.frames[place].exposure.map(|(from, to)| (from, to + longer));
            rig.frames[place].flash = rig.frames[place].flash.map(|(from, to)| (from, to + longer));
        }
    }),
    ("alternating-exposure", true, |rig, places, dice| {
        let shorter = (rig.exposure as f64 * dice.between(0.4, 0.8)) as u64;
        for &place in places.iter().step_by(2) {
            rig.frames[place].exposure = rig.frames[place].exposure.map(|(from, to)| (from, to - shorter));
            rig.frames[place].flash = rig.frames[place].flash.map(|(from, to)| (from, to - shorter));
        }
    }),
];

/// Places of a fault: all, or up to three that lie apart from each other and from those that are taken.
fn places(rig: &Rig, everywhere: bool, taken: &mut Vec<usize>, dice: &mut Dice) -> Vec<usize> {
    if everywhere {
        return (0..rig.frames.len()).collect();
    }
    let mut places = Vec::new();
    for _ in 0..1 + dice.below(3) {
        let place = 8 + dice.below(rig.frames.len() as u64 - 12) as usize;
        if taken.iter().all(|other| other.abs_diff(place) >= 4) {
            taken.push(place);
            places.push(place);
        }
    }
    if places.is_empty() { vec![7] } else { places }
}

/// What came of it, where a run was asked for.
fn tell(what: &str) {
    if std::env::var_os("STROBECHECK_PAIRS").is_some() {
        use std::io::Write as _;
        let _written = writeln!(std::io::stderr(), "{what}");
    }
}

fn named(judgement: &Judgement) -> Vec<&'static str> {
    judgement.findings.iter().map(|finding| finding.fault).collect()
}

#[test]
fn a_drawn_rig_is_quiet() {
    for number in 0..40 {
        let rig = Rig::random(&mut Dice::new(0x900d + number));
        assert_eq!(named(&judge_capture(&rig.capture(), &rig.spec())), Vec::<&str>::new(), "{number}");
    }
}

#[test]
fn one_fault_comes_first() {
    let outcomes = in_parallel(count(), |number| {
        let mut dice = Dice::new(0x51 ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut rig = Rig::random(&mut dice);
        let spec = rig.spec();
        let (name, everywhere, change) = FAULTS[(number % FAULTS.len() as u64) as usize];
        let at = places(&rig, everywhere, &mut Vec::new(), &mut dice);
        change(&mut rig, &at, &mut dice);
        let found = named(&judge_capture(&rig.capture(), &spec));
        let text = format!("{name} ({number}, {at:?}): {found:?}\n");
        (found.contains(&name), found.first() == Some(&name), text)
    });
    let share = |held: usize| held as f64 / outcomes.len() as f64;
    let (found, first) = (outcomes.iter().filter(|o| o.0).count(), outcomes.iter().filter(|o| o.1).count());
    let missed: String = outcomes.iter().filter(|o| !o.1).map(|o| o.2.as_str()).collect();
    tell(&format!("drawn, one fault: {found} found, {first} first of {}", outcomes.len()));
    assert!(share(found) >= 0.98, "{found} of {} found\n{missed}", outcomes.len());
    assert!(share(first) >= 0.97, "{first} of {} first\n{missed}", outcomes.len());
}

#[test]
fn two_faults_are_both_named() {
    let of = FAULTS.len() as u64;
    let outcomes = in_parallel(count(), |number| {
        let mut dice = Dice::new(0x2fa ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut rig = Rig::random(&mut dice);
        let spec = rig.spec();
        let one = (number % of) as usize;
        // Each has frames of its own: of two that are in all frames, neither has.
        let two = loop {
            let two = dice.below(of) as usize;
            if two != one && !(FAULTS[one].1 && FAULTS[two].1) {
                break two;
            }
        };
        let mut taken = Vec::new();
        // What is in all frames comes first, so that what is in some of them stays what it is.
        let mut both = [one, two];
        both.sort_by_key(|&fault| !FAULTS[fault].1);
        for &fault in &both {
            let at = places(&rig, FAULTS[fault].1, &mut taken, &mut dice);
            FAULTS[fault].2(&mut rig, &at, &mut dice);
        }
        let found = named(&judge_capture(&rig.capture(), &spec));
        let count = both.iter().filter(|&&fault| found.contains(&FAULTS[fault].0)).count();
        let mut names = both.map(|fault| FAULTS[fault].0);
        names.sort_unstable();
        (count, names.join(" + "), format!("{number} {taken:?}: {found:?}"))
    });
    let both = outcomes.iter().filter(|outcome| outcome.0 == 2).count();
    let mut missed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.0 < 2) {
        missed.entry(&outcome.1).or_default().push(&outcome.2);
    }
    tell(&format!("drawn, two faults: {both} of {} both named", outcomes.len()));
    assert!(both * 100 >= outcomes.len() * 95, "{both} of {}\n{missed:#?}", outcomes.len());
}
