//! Wires that look like others, drawn by hand at 1 MHz: what lines can be taken for two things is undecided or has a question mark, and
//! what a bad wire shows is not called good.

use strobecheck::rig::{Polarity, Role};
use strobecheck::study::{Likeness, ProbeReport, WireVerdict, wiring};

use super::bench::Dice;
use super::by_hand::capture;

const FRAMES: u64 = 30;
const LENGTH: u64 = 1_000_000;
const FRAME: u64 = 33_333;

/// In each frame this stretch, in samples after its FSIN.
fn each(from: u64, to: u64) -> Vec<u64> {
    let at = |frame: u64| 500 + FRAME * frame;
    (0..FRAMES).map(at).filter(|at| at + to < LENGTH).flat_map(|at| [at + from, at + to]).collect()
}

fn probes(lines: &[(&str, Vec<u64>)]) -> Vec<ProbeReport> {
    wiring(&capture(lines)).probes
}

/// As what they are named for sure.
fn sure(lines: &[(&str, Vec<u64>)]) -> Vec<Option<(Role, Polarity)>> {
    let of = |probe: &ProbeReport| match probe.likeness {
        Likeness::Line(role, level) if !level.is_likely() => Some((role, level.polarity())),
        Likeness::Line(..) | Likeness::Undecided => None,
        other @ (Likeness::NotRecorded | Likeness::Lost | Likeness::Silent | Likeness::Other) => {
            panic!("{}: {}", probe.name, other.text())
        }
    };
    probes(lines).iter().map(of).collect()
}

fn verdicts(lines: &[(&str, Vec<u64>)]) -> Vec<WireVerdict> {
    probes(lines).iter().map(|probe| probe.health.as_ref().unwrap().verdict).collect()
}

#[test]
fn a_light_that_begins_with_a_long_exposure_is_no_trigger() {
    // Exposures of 24 ms that end at FSIN, and a light for the first 10 ms of each.
    let (strobe, light) = (each(FRAME - 24_000, FRAME), each(FRAME - 24_000, FRAME - 14_000));
    assert_eq!(sure(&[("D0", strobe.clone()), ("D1", light.clone())]), [None, None]);
    assert_eq!(sure(&[("D0", strobe), ("D1", light), ("D2", each(FRAME, FRAME + 100))]), [None; 3]);
}

#[test]
fn exposures_that_may_begin_with_fsin_have_no_sure_level() {
    // Active low for 13.3 ms from 2 us after FSIN on: high for the other 20 ms, up to the next FSIN and 2 us more.
    let low: Vec<u64> = each(13_302, FRAME + 2);
    let fsin = each(0, 100);
    assert_eq!(sure(&[("D0", low.clone()), ("D1", fsin.clone())]), [None, None]);
    let named = sure(&[("STROBE", low), ("FSIN", fsin.clone())]);
    assert_eq!(named, [None, Some((Role::Fsin, Polarity::ActiveHigh))]);
    // Exposures of as long that end with FSIN are sure.
    let ending = sure(&[("D0", each(FRAME - 20_000, FRAME)), ("D1", fsin)]);
    assert_eq!(ending, [Some((Role::Strobe, Polarity::ActiveHigh)), Some((Role::Fsin, Polarity::ActiveHigh))]);
}

#[test]
fn a_trigger_as_long_as_the_exposure_is_turned_with_it() {
    // Active low for 25 ms, and an exposure 14 us later.
    let lines = [("XTRIG", each(25_000, FRAME)), ("STROBE", each(14, 25_014))];
    assert_eq!(sure(&lines), [None, None]);
}

#[test]
fn names_that_are_swapped_are_not_believed() {
    let swapped = [("FSIN", each(877, 10_877)), ("STROBE", each(100, 200))];
    assert_eq!(sure(&swapped), [None, None]);
    assert_eq!(sure(&[("FSIN", each(FRAME - 20_000, FRAME)), ("STROBE", each(0, 100))]), [None, None]);
    let right = [("STROBE", each(877, 10_877)), ("FSIN", each(100, 200))];
    let high = |role| Some((role, Polarity::ActiveHigh));
    assert_eq!(sure(&right), [high(Role::Strobe), high(Role::Fsin)]);
    // A light is not on for all of the frame but the trigger.
    let flash = [("STROBE", each(FRAME - 10_000, FRAME)), ("FSIN", each(0, 100)), ("FLASH", each(0, 100))];
    assert_eq!(sure(&flash)[2], None);
}

/// Pulses at this rate whose ends wander by so much, one way and the other.
fn hum(hertz: f64, width: f64, wander: f64) -> Vec<u64> {
    let mut dice = Dice::new(5);
    let period = 1e6 / hertz;
    let mut at = |nominal: f64| (nominal + dice.between(-wander, wander)).round() as u64;
    let starts = (1..).map(|n| f64::from(n) * period).take_while(|start| start + width + wander < LENGTH as f64);
    starts.flat_map(|start| [at(start), at(start + width)]).collect()
}

#[test]
fn hum_is_no_good_wire() {
    let fsin = each(0, 100);
    for (hertz, width) in [(50.0, 10_000.0), (59.96, 4000.0), (100.1, 3000.0), (119.9, 4000.0)] {
        assert_eq!(verdicts(&[("D0", hum(hertz, width, 200.0))]), [WireVerdict::Unclear], "{hertz}");
        let lines = [("STROBE", hum(hertz, width, 200.0)), ("FSIN", fsin.clone())];
        assert_eq!(verdicts(&lines), [WireVerdict::Unclear, WireVerdict::Good], "{hertz}");
        // One edge of a camera's pulses is steady, whatever its rate.
        assert_eq!(verdicts(&[("STROBE", hum(hertz, width, 3.0))]), [WireVerdict::Good], "{hertz}");
    }
    // A trigger of software at that rate wanders too, and the camera follows it.
    let triggers = hum(50.0, 1000.0, 200.0);
    let exposures = triggers.chunks_exact(2).flat_map(|pair| [pair[0] + 2000, pair[0] + 7000]).collect();
    assert_eq!(verdicts(&[("FSIN", triggers), ("STROBE", exposures)]), [WireVerdict::Good; 2]);
}

#[test]
fn spikes_at_the_edges_of_another_line_are_no_line() {
    let exposures = each(FRAME - 10_000, FRAME);
    let after_each = exposures.iter().flat_map(|at| [at + 1, at + 4]).collect();
    let after_ends = exposures.iter().skip(1).step_by(2).flat_map(|at| [*at, at + 2]).collect();
    for spikes in [after_each, after_ends] {
        let lines = [("D0", exposures.clone()), ("STROBE", spikes)];
        assert_eq!(verdicts(&lines), [WireVerdict::Good, WireVerdict::Suspicious]);
    }
    let copy = [("STROBE", each(0, 100)), ("FSIN", each(0, 100))];
    assert_eq!(verdicts(&copy), [WireVerdict::Suspicious, WireVerdict::Good]);
    // Two lines of a source are alike, and a short trigger comes before what answers it.
    assert_eq!(verdicts(&[("XVS0", each(0, 100)), ("XVS1", each(0, 100))]), [WireVerdict::Good; 2]);
    let short = [("FSIN", each(0, 3)), ("STROBE", each(6, 9006))];
    assert_eq!(verdicts(&short), [WireVerdict::Good; 2]);
}

#[test]
fn triggers_that_come_soon_and_are_answered_do_not_bounce() {
    let times = [20_000, 150_000, 190_000, 330_000, 342_000, 480_000, 520_000, 531_000, 690_000, 760_000, 900_000_u64];
    let line = |from: u64, to: u64| times.iter().flat_map(|at| [at + from, at + to]).collect::<Vec<u64>>();
    let answered = [("FSIN", line(0, 100)), ("STROBE", line(300, 4300)), ("FLASH", line(250, 4400))];
    assert_eq!(verdicts(&answered), [WireVerdict::Good; 3]);
    // One that nothing answers may be a bounce.
    let mut strobe = line(300, 4300);
    strobe.drain(8..10);
    let missed = verdicts(&[("FSIN", line(0, 100)), ("STROBE", strobe)]);
    assert_eq!(missed[0], WireVerdict::Suspicious);
}
