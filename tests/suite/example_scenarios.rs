//! The example scenarios: that each is read, and shows what its comments say, in sample numbers worked out by hand.

use proptest::prelude::*;
use strobecheck::rig::{Alignment, AlignmentSetting, Ends, Role};
use strobecheck::scenario::{Scenario, Simulation, simulate};
use strobecheck::signal::Level;

/// Every scenario of `tests/scenarios`, by its name.
pub(crate) const ALL: [(&str, &str); 11] = [
    ("seed-end-aligned-flash", include_str!("../scenarios/seed-end-aligned-flash.toml")),
    ("external-trigger", include_str!("../scenarios/external-trigger.toml")),
    ("strobe-alone-constant", include_str!("../scenarios/strobe-alone-constant.toml")),
    ("strobe-alone-varying", include_str!("../scenarios/strobe-alone-varying.toml")),
    ("soft-sync", include_str!("../scenarios/soft-sync.toml")),
    ("fsin-out-and-in", include_str!("../scenarios/fsin-out-and-in.toml")),
    ("network-trigger", include_str!("../scenarios/network-trigger.toml")),
    ("two-fsin-pulses", include_str!("../scenarios/two-fsin-pulses.toml")),
    ("two-pins", include_str!("../scenarios/two-pins.toml")),
    ("camera-ready", include_str!("../scenarios/camera-ready.toml")),
    ("about-the-middle", include_str!("../scenarios/about-the-middle.toml")),
];

fn run(name: &str) -> (Scenario, Simulation) {
    let (_, text) = ALL.iter().find(|(example, _)| *example == name).unwrap();
    let scenario = Scenario::parse(name, text).unwrap();
    let simulation = simulate(&scenario).unwrap();
    (scenario, simulation)
}

/// The level at sample 0 and the changes of a probe.
fn seen(simulation: &Simulation, probe: &str) -> (Level, Vec<u64>) {
    let line = simulation.capture.lines.iter().find(|line| line.probe.name == probe).unwrap();
    (line.waveform.initial(), line.waveform.changes().to_vec())
}

#[test]
fn no_example_is_forgotten() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let mut listed = ALL.map(|(name, _)| name);
    listed.sort_unstable();
    assert_eq!(files, listed);
}

#[test]
fn the_seed() {
    let (_, simulation) = run("seed-end-aligned-flash");
    // 1/30 s is 800 000 samples of 24 MHz, 5 ms are 120 000, 50 µs 1200 and 200 µs 4800.
    assert_eq!(seen(&simulation, "FSIN").1[..4], [120_000, 122_400, 920_000, 922_400]);
    let (initial, strobe) = seen(&simulation, "STROBE");
    // 20 ms are 480 000 samples, 10 ms 240 000, 30 ms 720 000.
    assert_eq!((initial, strobe[..5].to_vec()), (Level::High, vec![120_000, 440_000, 920_000, 1_480_000, 1_720_000]));
    let (initial, flash) = seen(&simulation, "FLASH");
    assert_eq!((initial, flash[..3].to_vec()), (Level::Low, vec![124_800, 438_800, 924_800]));
    assert_eq!(simulation.capture.length.get(), 24_000_000);
}

#[test]
fn the_external_trigger() {
    let (scenario, simulation) = run("external-trigger");
    assert_eq!(simulation.capture.lines.len(), 8);
    assert_eq!(simulation.capture.length.get(), 8_000_000);
    // 4000.388 samples a millisecond: FSIN at 250 and 300 ms is seen at 1 000 097 and 1 200 116.4, its trigger 20 µs
    // earlier at 1 000 017.0 (exactly 1 000 016.99) and 1 200 036.4; the pulses last 150 and 100 µs.
    let (initial, fsin) = seen(&simulation, "D1");
    assert_eq!((initial, fsin[..3].to_vec()), (Level::High, vec![1_000_097, 1_000_698, 1_200_117]));
    assert_eq!(seen(&simulation, "D0").1[..3], [1_000_017, 1_000_418, 1_200_037]);
    // 777 µs ± 4.5 µs after FSIN: 1 000 097 + 3090.3 to 3126.4.
    let first = seen(&simulation, "D2").1[0];
    assert!((1_003_188..=1_003_224).contains(&first), "{first}");
    assert_eq!(seen(&simulation, "D3"), (Level::Low, vec![]));
    let camera = &scenario.rig().cameras[0];
    assert_eq!(camera.alignment, AlignmentSetting::Stated(Alignment::Start));
}

#[test]
fn strobe_alone_with_constant_exposure() {
    let (scenario, simulation) = run("strobe-alone-constant");
    // 1/60 s · 1.000023 = 16 667.05 µs; the first boundary lies at half of it.
    let (_, strobe) = seen(&simulation, "D0");
    assert_eq!(strobe[..4], [4334, 8334, 21_001, 25_001]);
    // The 60th ends at 8333.525 + 59 · 16 667.05 = 991 689.475 µs.
    assert_eq!((strobe.len(), strobe[119]), (120, 991_690));
    assert!(scenario.rig().cameras[0].wire(Role::Fsin).is_none());
}

#[test]
fn strobe_alone_with_varying_exposure() {
    let (scenario, simulation) = run("strobe-alone-varying");
    let (initial, strobe) = seen(&simulation, "STROBE");
    assert_eq!(initial, Level::Low);
    // Switched on at 100 ms, three frames of 40 ms and a row more or less: exposures of 2 ms end at 140, 180 and 220 ms.
    for (pulse, end) in [(0, 140_000_i64), (1, 180_000), (2, 220_000)] {
        let (start, stop) = (i64::try_from(strobe[2 * pulse]).unwrap(), i64::try_from(strobe[2 * pulse + 1]).unwrap());
        assert!((stop - end).abs() <= 10 * (i64::try_from(pulse).unwrap() + 1), "{stop}");
        assert!((stop - start - 2000).abs() <= 10, "{start} {stop}");
    }
    // Then 35 more frames of 33.3 ms until 1400 ms: the sequence goes on with the frame number.
    assert_eq!(strobe.len(), 2 * (3 + 35));
    assert!(*strobe.last().unwrap() <= 1_400_000);
    assert_eq!(scenario.rig().ends, Ends::Stops);
}

#[test]
fn soft_sync() {
    let (scenario, simulation) = run("soft-sync");
    // The first ends at 5 ms, the right one 2 µs later: 40 000 and 40 016 samples of 8 MHz.
    assert_eq!((seen(&simulation, "LEFT").1[0], seen(&simulation, "RIGHT").1[0]), (40_000, 40_016));
    // The colour camera's frames last 33 335 µs: late by 5/3 µs more each frame, by 8.33 µs after five of them, more than
    // half a line of 15.3 µs. Frame 5 is a line shorter; then -5.3 µs ... 8.03 µs, and again in frame 14.
    let rgb = &simulation.truth.cameras[2];
    let stepped: Vec<(i64, i64)> = (rgb.frames.iter())
        .filter(|frame| frame.lines != 0 && frame.number < 20)
        .map(|frame| (frame.number, frame.lines))
        .collect();
    assert_eq!(stepped, [(5, -1), (14, -1)]);
    let late = |number: i64| {
        let of = |camera: &strobecheck::scenario::CameraTruth| {
            camera.frames.iter().find(|frame| frame.number == number).unwrap().opens
        };
        (of(rgb) - of(&simulation.truth.cameras[0])).get() / 1_000_000
    };
    assert_eq!([late(0), late(5), late(6)], [0, 8333, -5300]);
    // Row 0 is exposed for 25 ms, all rows for 25 - 16.54 ms; the flash is lit for all but 60 µs at either end of that.
    let (_, flash) = seen(&simulation, "FLASH");
    assert_eq!(flash[2] - flash[1], 8 * (25_000 - 16_600 - 60));
    let fsin: Vec<_> = scenario.rig().cameras.iter().map(|camera| camera.wire(Role::Fsin)).collect();
    assert!(fsin[1] == fsin[0] && fsin[2].is_none());
    let missing: Vec<u64> = (simulation.logs[2].entries.windows(2))
        .filter(|pair| pair[1].sequence != pair[0].sequence + 1)
        .map(|pair| pair[1].sequence - pair[0].sequence)
        .collect();
    assert_eq!(missing, [2, 2, 2]);
}

#[test]
fn fsin_as_output_and_input() {
    let (_, simulation) = run("fsin-out-and-in");
    assert_eq!(seen(&simulation, "MASTER").1[..4], [4000, 10_000, 24_000, 30_000]);
    assert_eq!(seen(&simulation, "FSIN").1[..4], [10_000, 10_100, 30_000, 30_100]);
    assert_eq!(seen(&simulation, "SLAVE").1[..4], [10_777, 19_777, 30_777, 39_777]);
}

#[test]
fn the_network_trigger() {
    let (_, simulation) = run("network-trigger");
    // FSIN at 60, 160 ... ms, 200 samples a millisecond; the trigger 2 to 42 ms before.
    assert_eq!(seen(&simulation, "FSIN").1[..4], [12_000, 12_020, 32_000, 32_020]);
    let host = seen(&simulation, "HOST").1;
    assert!((12_000 - 8400..=12_000 - 400).contains(&host[0]), "{}", host[0]);
    // Two exposures of 8 ms, 20 ms apart, 777 µs after FSIN (155.4 samples) and a row more or less; one flash for both.
    let strobe = seen(&simulation, "STROBE").1;
    assert!((12_154..=12_158).contains(&strobe[0]) && strobe[2] - strobe[0] == 4000, "{strobe:?}");
    assert_eq!(seen(&simulation, "FLASH").1[..2], [12_020, 18_420]);
    // Of each trigger's two images, the second is logged.
    let truth = &simulation.truth.cameras[0];
    let first = truth.frames.iter().find(|frame| frame.number == 0).unwrap();
    let logged = simulation.logs[0].entries.iter().find(|entry| entry.frame == 0).unwrap();
    assert_eq!(logged.device, first.exposures[1].end());
    assert_eq!(simulation.logs[0].entries.len(), truth.frames.len());
}

#[test]
fn two_fsin_pulses_a_frame() {
    let (scenario, simulation) = run("two-fsin-pulses");
    assert_eq!(seen(&simulation, "FSIN").1[..6], [7000, 7050, 9000, 9050, 27_000, 27_050]);
    assert_eq!(seen(&simulation, "STROBE").1[..4], [1000, 7000, 23_000, 27_000]);
    assert_eq!(scenario.rig().cameras[0].fsin_per_frame.get(), 2);
}

#[test]
fn strobe_on_two_pins_in_turn() {
    let (_, simulation) = run("two-pins");
    // Frame 0 begins at 6 ms, 1 at 26 ms, ...; frame -1 ends at 6 ms less 20 ms, and 21 ms: 7 ms.
    assert_eq!(seen(&simulation, "TOUT1").1[..4], [6000, 28_000, 46_000, 68_000]);
    let (initial, second) = seen(&simulation, "TOUT2");
    assert_eq!((initial, &second[..3]), (Level::Low, &[7000, 26_000, 47_000][..]));
}

#[test]
fn the_camera_that_is_ready() {
    let (_, simulation) = run("camera-ready");
    // Low is ready: high from FSIN at 10 ms on, until 150 µs after an exposure of 4 ms that begins 300 ± 5 µs after it; the next
    // one lasts 8 ms.
    let (initial, ready) = seen(&simulation, "READY");
    assert_eq!((initial, ready[0], ready[2]), (Level::Low, 10_000, 30_000));
    assert!((14_445..=14_456).contains(&ready[1]) && (38_445..=38_456).contains(&ready[3]), "{ready:?}");
}

proptest! {
    #[test]
    fn a_damaged_scenario_is_read_or_refused_and_never_worse(
        example in 0..ALL.len(), at in any::<prop::sample::Index>(), what in any::<prop::sample::Index>(),
        length in 0..12_usize,
    ) {
        // A stretch of one place in the text is put at another.
        let text = ALL[example].1;
        let characters: Vec<char> = text.chars().collect();
        let (at, what) = (at.index(characters.len()), what.index(characters.len()));
        let patch = characters[what..(what + length).min(characters.len())].iter();
        let rest = characters[(at + length / 2).min(characters.len())..].iter();
        let damaged: String = characters[..at].iter().chain(patch).chain(rest).collect();
        if let Err(error) = Scenario::parse("damaged", &damaged) {
            prop_assert!(error.line_column().line >= 1 && error.line_column().column >= 1);
            prop_assert!(damaged.get(error.span()).is_some(), "{error} at {:?}", error.span());
        }
    }
}
