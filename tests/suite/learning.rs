//! `learn` on simulated fleets: units that differ as units do, captures that are not good, and the fault fixtures.
//!
//! `STROBECHECK_FLEET=1000 cargo test --test suite learning::` judges so many good units and as many bad ones of each kind;
//! without it, a hundred.

use std::path::Path;
use std::process::Command;

use strobecheck::capture::{Capture, RecordEnd};
use strobecheck::scenario::{Scenario, simulate};
use strobecheck::spec::Spec;
use strobecheck::study::learn::{Allowed, Confidence, GoodCapture, LearnError, Learned, learn};
use strobecheck::verdict::Verdict;

use crate::bench_capture;
use crate::support::judging::judged_by;

/// Set it to the number of units.
const COMMAND: &str = "STROBECHECK_FLEET";
const FEW: u64 = 100;

fn wanted() -> u64 {
    std::env::var(COMMAND).ok().and_then(|count| count.parse().ok()).unwrap_or(FEW)
}

/// Random numbers by number and purpose: splitmix64.
fn random(seed: u64, purpose: u64) -> f64 {
    let mut z = (seed.wrapping_mul(1_000_003).wrapping_add(purpose)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// A standard normal number (Box and Muller).
fn normal(seed: u64, purpose: u64) -> f64 {
    let (a, b) = (random(seed, 2 * purpose), random(seed, 2 * purpose + 1));
    (-2.0 * (1.0 - a).ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}

/// How far one quantity of a unit is from that of a typical one.
#[derive(Debug, Clone, Copy, Default)]
struct Off {
    exposure_us: f64,
    end_us: f64,
    fsin_us: f64,
    lead_us: f64,
    frame_us: f64,
}

/// A unit of the fleet: its exposure, its delays and its crystal are its own, and its exposures jitter by half a row.
fn unit(number: u64, off: Off) -> Capture {
    let of = |purpose: u64, sd: f64| sd * normal(number, purpose);
    let text = format!(
        "duration = \"1500 ms\"\nseed = {number}\n[analyzer]\nsamplerate = \"1 MHz\"\nclock_error = \"{:.3} ppm\"\nphase = \"{:.0} ns\"\n\
         [wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\nflash = \"FLASH\"\n\
         [timing]\nalignment = \"end\"\noffset = \"{:.0} us\"\nframe.time = \"{:.6} us\"\nexposure.time = \"{:.3} us\"\n\
         exposure.end = \"{:.3} us\"\nfsin.width = \"{:.3} us\"\nflash.lead = \"{:.3} us\"\nflash.lag = \"{:.3} us\"\n\
         [timing.jitter]\nexposure.time = {{ uniform = \"4.5 us\" }}\nflash.lead = {{ gaussian = \"2 us\", clip = \"8 us\" }}\n",
        of(1, 15.0).clamp(-60.0, 60.0),
        1000.0 * random(number, 900),
        34_000.0 + 3000.0 * random(number, 901),
        33_333.333_333 * (1.0 + 1e-6 * of(2, 10.0)) + off.frame_us,
        10_000.0 + of(3, 3.0) + off.exposure_us,
        of(4, 1.5) + off.end_us,
        100.0 + of(5, 1.0) + off.fsin_us,
        50.0 + of(6, 4.0) + off.lead_us,
        200.0 + of(7, 4.0),
    );
    simulate(&Scenario::parse("unit.toml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))).unwrap().capture
}

fn good(number: u64) -> GoodCapture {
    GoodCapture { name: format!("unit{number}.sr"), sha256: String::new(), capture: unit(number, Off::default()) }
}

fn five() -> Vec<GoodCapture> {
    (1..=5).map(good).collect()
}

fn learned() -> Learned {
    learn(&five(), None, Confidence::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// The share of these units that come out so.
fn share(count: u64, spec: &Spec, verdict: Verdict, unit: impl Fn(u64) -> Capture) -> f64 {
    let so = (0..count).filter(|number| judged_by(&unit(10_000 + number), spec).verdict == verdict).count();
    so as f64 / count as f64
}

#[test]
fn of_five_golden_units_a_fleet_is_learned_that_passes() {
    let learned = learned();
    let passed = share(wanted(), &learned.spec, Verdict::Pass, |number| unit(number, Off::default()));
    assert!(passed >= 0.997, "{passed} of the good units pass\n{}", learned.toml);
}

#[test]
fn units_that_are_off_by_twice_the_tolerance_fail() {
    let learned = learned();
    let tolerance_us = |id: &str| {
        let found = learned.quantities.iter().find(|learned| learned.quantity.id == id);
        let found = found.unwrap_or_else(|| panic!("{id} was not learned:\n{}", learned.toml));
        match &found.entries[0].allowed {
            Allowed::Around(tolerance) => 2.0 * tolerance.to_f64() * 1e6,
            seen @ Allowed::Seen { .. } => panic!("{id} has no tolerance: {seen:?}"),
        }
    };
    type Bad<'a> = (&'a str, Box<dyn Fn(f64) -> Off>);
    let kinds: [Bad<'_>; 5] = [
        ("exposure.time", Box::new(|exposure_us| Off { exposure_us, ..Off::default() })),
        ("exposure.end", Box::new(|end_us| Off { end_us, ..Off::default() })),
        ("fsin.width", Box::new(|fsin_us| Off { fsin_us, ..Off::default() })),
        ("flash.lead", Box::new(|lead_us| Off { lead_us, ..Off::default() })),
        ("frame.time", Box::new(|frame_us| Off { frame_us, ..Off::default() })),
    ];
    for (id, off) in kinds {
        let twice = tolerance_us(id);
        let sign = |number: u64| if number.is_multiple_of(2) { twice } else { -twice };
        let failed = share(wanted(), &learned.spec, Verdict::Fail, |number| unit(number, off(sign(number))));
        assert!(failed >= 0.95, "{failed} of the units whose {id} is off by {twice} us fail\n{}", learned.toml);
    }
}

#[test]
fn what_is_learned_says_where_it_comes_from_and_how_it_is_wired() {
    let learned = learned();
    let toml: toml::Table = learned.toml.parse().unwrap();
    let text = |table: &str, key: &str| toml[table][key].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        ["fsin", "strobe", "flash"].map(|role| text("wiring", role)),
        ["FSIN", "STROBE", "FLASH"].map(str::to_owned)
    );
    assert_eq!((text("timing", "alignment"), text("timing", "frame_time")), ("end".to_owned(), "1/30 s".to_owned()));
    let limits: Vec<&str> = learned.quantities.iter().map(|learned| learned.quantity.id).collect();
    // The times that these three lines show frame by frame, and not those that follow from them, such as pauses.
    assert_eq!(limits, ["frame.time", "fsin.width", "exposure.time", "exposure.end", "flash.lead", "flash.lag"]);
    for (number, line) in learned.toml.lines().enumerate().filter(|(_, line)| line.contains(" ± ")) {
        let above = learned.toml.lines().nth(number - 1).unwrap();
        assert!(above.starts_with("# ") && above.contains("values of 5 captures: mean"), "{line}: {above}");
        assert!(above.contains("between units s") && above.contains("guard band"), "{above}");
    }
    // Five values, 99.9 % with 95 % confidence: 3.290527·√(4·1.2/0.710723) = 8.5514.
    assert!(learned.toml.contains("k 8.55;"), "{}", learned.toml);
}

/// A record without a stated end passes by what was learned of it; one that ends some frames earlier proves no frame missing and
/// none there.
#[test]
fn a_record_without_a_stated_end_owes_as_many_frames_as_the_one_that_was_learned_from() {
    let open_for = |duration: &str| {
        let text = format!(
            "duration = \"{duration}\"\nanalyzer.samplerate = \"1 MHz\"\n[wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\n\
             [timing]\nframe.time = \"1/30 s\"\nexposure.time = \"10 ms\"\n"
        );
        let scenario = Scenario::parse("open.toml", &text).unwrap_or_else(|error| panic!("{error}"));
        Capture { end: RecordEnd::AtLeast, ..simulate(&scenario).unwrap().capture }
    };
    let taken =
        |duration| GoodCapture { name: "open.csv".to_owned(), sha256: String::new(), capture: open_for(duration) };
    let open = learn(&[taken("1500 ms")], None, Confidence::default()).unwrap_or_else(|error| panic!("{error}"));
    let verdict = |duration| judged_by(&open_for(duration), &open.spec).verdict;
    assert_eq!(verdict("1500 ms"), Verdict::Pass, "{}", open.toml);
    assert_eq!(verdict("1400 ms"), Verdict::Inconclusive, "{}", open.toml);
    assert!(learned().toml.contains("\nexpected_frames = \"none\"\n"));
}

#[test]
fn a_capture_that_is_not_good_is_refused_with_the_reason() {
    let mut captures = five();
    // One exposure in twenty is 600 µs too long.
    let text = "duration = \"1500 ms\"\nanalyzer.samplerate = \"1 MHz\"\n[wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\n\
         flash = \"FLASH\"\n[timing]\nframe.time = \"1/30 s\"\nexposure.time = \"10 ms\"\nflash.lead = \"50 us\"\n\
         flash.lag = \"200 us\"\n[[fault]]\nkind = \"long-exposure\"\nframes = [7]\namount = \"600 us\"\n";
    let capture = simulate(&Scenario::parse("bad.toml", text).unwrap_or_else(|e| panic!("{e}"))).unwrap().capture;
    captures.push(GoodCapture { name: "bad.sr".to_owned(), sha256: String::new(), capture });
    match learn(&captures, None, Confidence::default()) {
        Err(refusal @ LearnError::Refused { .. }) => {
            let text = refusal.to_string();
            assert!(text.starts_with("bad.sr: it is not good: one exposure time is 10.600 ms"), "{text}");
            assert!(refusal.is_refusal());
        }
        other => panic!("{other:?}"),
    }
}

/// 60 frames of a camera with FSIN, whose exposures last so long.
fn exposed_for(milliseconds: impl Fn(u32) -> f64) -> Capture {
    let times: Vec<String> = (0..60).map(|frame| format!("\"{:.0} us\"", 1000.0 * milliseconds(frame))).collect();
    let text = format!(
        "duration = \"2 s\"\nanalyzer.samplerate = \"1 MHz\"\n[wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\n[timing]\n\
         alignment = \"end\"\noffset = \"20 ms\"\nframe.time = \"1/30 s\"\nfsin.width = \"100 us\"\nexposure.time = [{}]\n",
        times.join(", ")
    );
    simulate(&Scenario::parse("set.toml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))).unwrap().capture
}

/// Nothing is allowed that lies farther from what was seen than a sample and the clock's 100 ppm of 20 ms.
#[test]
fn exposures_that_are_set_anew_may_be_what_was_seen() {
    let steps = |frame: u32| [10.0, 15.0, 20.0][frame as usize / 20];
    // As auto exposure does: around 12 ms, up and down by 8 ms in 40 frames.
    let automatic = |frame: u32| 12.0 + 8.0 * (std::f64::consts::TAU * f64::from(frame) / 40.0).sin();
    for (name, capture, (least, most)) in
        [("steps", exposed_for(steps), (10e-3, 20e-3)), ("automatic", exposed_for(automatic), (4e-3, 20e-3))]
    {
        let good = GoodCapture { name: "set.sr".to_owned(), sha256: String::new(), capture };
        let learned = learn(&[good], None, Confidence::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = learned.quantities.iter().find(|found| found.quantity.id == "exposure.time").unwrap();
        let Allowed::Seen { from: Some(from), to, .. } = &found.entries[0].allowed else { panic!("{}", learned.toml) };
        let (below, above) = (least - from.to_f64(), to.to_f64() - most);
        assert!((1e-6..10e-6).contains(&below) && (1e-6..10e-6).contains(&above), "{name}: {}", learned.toml);
        assert!(learned.toml.contains("change within a capture"), "{}", learned.toml);
        for (constant, verdict) in [
            (0.003, Verdict::Fail),
            (least * 1e3 - 0.1, Verdict::Fail),
            (least * 1e3, Verdict::Pass),
            (15.0, Verdict::Pass),
            (most * 1e3, Verdict::Pass),
            (most * 1e3 + 0.1, Verdict::Fail),
            (33.0, Verdict::Fail),
        ] {
            let said = judged_by(&exposed_for(|_| constant), &learned.spec).verdict;
            assert_eq!(said, verdict, "{name}: exposures of {constant} ms\n{}", learned.toml);
        }
    }
}

/// Exposures for 60 % of the frame, all alike: without FSIN either level may be the active one.
#[test]
fn a_level_that_is_likely_only_is_to_be_stated() {
    let text = "duration = \"1 s\"\nanalyzer.samplerate = \"1 MHz\"\n[wiring]\nstrobe = \"STROBE\"\n[timing]\n\
                frame.time = \"1/30 s\"\nexposure.time = \"20 ms\"\n";
    let capture = simulate(&Scenario::parse("alike.toml", text).unwrap()).unwrap().capture;
    let good = [GoodCapture { name: "alike.sr".to_owned(), sha256: String::new(), capture }];
    let refusal = learn(&good, None, Confidence::default()).unwrap_err();
    assert!(matches!(&refusal, LearnError::UnsureLevel { .. }) && refusal.is_refusal(), "{refusal}");
    assert!(refusal.to_string().contains("which level of STROBE is active is likely only"), "{refusal}");
    let stated = Spec::parse("wires", "[wiring]\nstrobe = \"STROBE\"\n").unwrap();
    assert!(learn(&good, Some(&stated), Confidence::default()).is_ok());
}

#[test]
fn without_strobe_the_flash_is_limited_by_its_latency() {
    let text = "duration = \"1 s\"\nanalyzer.samplerate = \"1 MHz\"\n[wiring]\nfsin = \"FSIN\"\nflash = \"FLASH\"\n[timing]\n\
                alignment = \"start\"\noffset = \"10 ms\"\nframe.time = \"1/30 s\"\nexposure.time = \"5 ms\"\n\
                fsin.width = \"100 us\"\nflash.lead = \"-50 us\"\nflash.on-time = \"4 ms\"\n";
    let capture = simulate(&Scenario::parse("dark.toml", text).unwrap_or_else(|e| panic!("{e}"))).unwrap().capture;
    let good = [GoodCapture { name: "dark.sr".to_owned(), sha256: String::new(), capture }];
    let stated = Spec::parse("wires", "[wiring]\nfsin = \"FSIN\"\nflash = \"FLASH\"\n").unwrap();
    let learned = learn(&good, Some(&stated), Confidence::default()).unwrap_or_else(|error| panic!("{error}"));
    let limits: Vec<&str> = learned.quantities.iter().map(|learned| learned.quantity.id).collect();
    assert_eq!(limits, ["frame.time", "fsin.width", "flash.latency"]);
}

/// Exposures of 20, 10 and 30 ms in turn: a recording may begin with any of them.
#[test]
fn a_sequence_is_learned_of_recordings_that_begin_anywhere_in_it() {
    let beginning_with = |times: &str| {
        let text = format!(
            "duration = \"1 s\"\n[analyzer]\nsamplerate = \"1 MHz\"\n[wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\n\
             [timing]\nalignment = \"end\"\noffset = \"35 ms\"\nframe.time = \"1/30 s\"\nexposure.time = [{times}]\n"
        );
        let scenario = Scenario::parse("turns.toml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        GoodCapture { name: times.to_owned(), sha256: String::new(), capture: simulate(&scenario).unwrap().capture }
    };
    let turns = [r#""20 ms", "10 ms", "30 ms""#, r#""10 ms", "30 ms", "20 ms""#, r#""30 ms", "20 ms", "10 ms""#];
    let captures = turns.map(beginning_with);
    let learned = learn(&captures, None, Confidence::default()).unwrap_or_else(|error| panic!("{error}"));
    assert!(learned.toml.contains("20 ms"), "{}", learned.toml);
    for one in &captures {
        assert_eq!(judged_by(&one.capture, &learned.spec).verdict, Verdict::Pass, "{}", one.name);
    }
}

#[test]
fn captures_that_disagree_are_refused() {
    let swapped = unit(9, Off::default());
    let renamed = |capture: Capture| {
        let mut capture = capture;
        for probe in capture.header.probes.iter_mut().chain(capture.lines.iter_mut().map(|line| &mut line.probe)) {
            probe.name = format!("{}_2", probe.name);
        }
        capture
    };
    let other = GoodCapture { name: "other.sr".to_owned(), sha256: String::new(), capture: renamed(swapped) };
    let refusal = learn(&[good(1), other], None, Confidence::default()).unwrap_err();
    assert!(matches!(&refusal, LearnError::Disagree { .. }), "{refusal}");
    assert!(refusal.to_string().contains("other.sr has fsin = \"FSIN_2\""), "{refusal}");
}

/// Exposures that grow by as much in each frame end as evenly as they start, 10.1 ms apart and not 10 ms.
#[test]
fn which_edge_begins_a_frame_is_stated_where_no_capture_tells_it() {
    let widths: Vec<u64> = (0..20).map(|n| 1_000 + 100 * n).collect();
    let capture = bench_capture::capture("1 MHz", 210_000, &[("S", bench_capture::pulses(5_000, 10_000, &widths))]);
    let ramp = [GoodCapture { name: "ramp.sr".to_owned(), sha256: String::new(), capture }];
    let rig = |timing: &str| Spec::parse("rig.toml", &format!("[wiring]\nstrobe = \"S\"\n{timing}")).unwrap();
    let refusal = learn(&ramp, Some(&rig("")), Confidence::default()).unwrap_err();
    assert!(refusal.to_string().ends_with("state timing.alignment"), "{refusal}");
    let learned = learn(&ramp, Some(&rig("[timing]\nalignment = \"start\"")), Confidence::default()).unwrap();
    assert!(learned.toml.contains("frame_time = \"10 ms\""), "{}", learned.toml);
}

fn strobecheck(arguments: &[&str]) -> std::process::Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Command::new(env!("CARGO_BIN_EXE_strobecheck")).current_dir(root).args(arguments).output().unwrap()
}

/// What is learned from a good fixture passes it, and fails what its faults broke.
#[test]
fn learned_from_the_good_fixture_the_broken_ones_fail() {
    let folder = tempfile::tempdir().unwrap();
    // STROBE alone does not tell which of its levels is the active one.
    let strobe_alone: &[&str] = &["--wire", "strobe=STROBE"];
    let two_cameras: &[&str] = &[
        "--wire",
        "fsin=FSIN",
        "--wire",
        "strobe=STROBE_L",
        "--wire",
        "right.strobe=STROBE_R",
        "--wire",
        "flash=FLASH",
    ];
    for (good, wires, broken) in [
        ("seed-pass", &[] as &[&str], &["seed-long-exposure", "seed-late-flash", "seed-missing-frame"] as &[&str]),
        ("trigger-pass", &[], &["trigger-late-flash", "trigger-long-exposure", "trigger-missing-exposure"]),
        ("strobe-varying", strobe_alone, &[]),
        ("two-cameras", two_cameras, &[]),
    ] {
        let spec = folder.path().join(format!("{good}.toml"));
        let spec = spec.to_str().unwrap();
        let capture = |name: &str| format!("captures/{name}.sr");
        let output = strobecheck(&[&["learn", &capture(good), "-o", spec], wires].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let verdict =
            |name: &str| strobecheck(&["verify", &capture(name), "--no-report", "--spec", spec]).status.code();
        assert_eq!(verdict(good), Some(0), "{good}");
        for name in broken {
            assert_eq!(verdict(name), Some(1), "{name} by what was learned from {good}");
        }
    }
}

#[test]
fn a_recording_that_is_given_twice_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let good = concat!(env!("CARGO_MANIFEST_DIR"), "/captures/seed-pass.sr");
    std::fs::copy(good, folder.path().join("a.sr")).unwrap();
    std::fs::copy(good, folder.path().join("copy.sr")).unwrap();
    let run = |captures: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_strobecheck"));
        let output = command.current_dir(folder.path()).arg("learn").args(captures).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (output.stdout, String::from_utf8(output.stderr).unwrap())
    };
    let (once, _) = run(&["a.sr"]);
    let (twice, said) = run(&["a.sr", "copy.sr", "a.sr"]);
    assert_eq!(said.matches("the same recording as a.sr, which counts once").count(), 2, "{said}");
    assert!(once == twice, "{}", String::from_utf8_lossy(&twice));
}
