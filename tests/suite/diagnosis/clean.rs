//! Rigs that are well, in all the ways that look odd: none may bring a finding that something is wrong.

use super::bench::{Aligned, Bench, Dice, time_of};

/// A way to be well.
pub(super) type Maker = fn(&mut Dice) -> Bench;

/// Every way, by name.
pub(super) const MAKERS: &[(&str, Maker)] = &[
    ("plain", Bench::random),
    ("exposure over the readout before", |dice| {
        let mut bench = Bench::random(dice);
        bench.exposures = vec![dice.between(0.85, 0.96) * bench.period];
        (bench.flash, bench.aligned, bench.stated) = (false, Aligned::End, true);
        bench
    }),
    ("a declared sequence", |dice| {
        let mut bench = Bench::random(dice);
        bench.period = 1.0 / 30.0;
        bench.exposures = vec![20e-3, 10e-3, 30e-3];
        (bench.aligned, bench.stated) = (Aligned::End, true);
        (bench.lead, bench.lag) = (50e-6, 100e-6);
        bench.exposure_tolerance = 50e-6_f64.max(3.0 * bench.sample()).max(150e-6);
        bench
    }),
    ("a declared alternation", |dice| {
        let mut bench = Bench::random(dice);
        bench.exposures = vec![0.5 * bench.period, 0.03 * bench.period];
        (bench.stated, bench.flash) = (true, false);
        bench.exposure_tolerance = 50e-6_f64.max(3.0 * bench.sample());
        bench
    }),
    ("soft sync", |dice| {
        let mut bench = Bench::random(dice);
        (bench.fsin, bench.second_camera, bench.stated, bench.flash) = (true, true, true, false);
        (bench.aligned, bench.strobe_low) = (Aligned::End, false);
        bench.boundary_tolerance = 300e-6;
        bench.limits = "skew.start = \"0 us ± 200 us\"\nskew.end = \"0 us ± 200 us\"\n".to_owned();
        let (step, every) = (dice.between(30e-6, 120e-6), 4 + dice.below(8));
        bench.fault("soft-sync-steps", &format!("camera = \"right\"\nstep = \"{}\"\nevery = {every}", time_of(step)));
        bench
    }),
    ("an idle FSIN that the spec allows", |dice| {
        let mut bench = Bench::random(dice);
        (bench.fsin, bench.stated, bench.aligned) = (true, true, Aligned::End);
        bench.fault("dead-line", "line = \"fsin\"");
        bench.limits = "fsin.width = \"none\"\nexposure.end = \"none\"\nexposure.missing = \"none\"\nexposure.extra = \"none\"\nline.edges = { fsin = \">= 0\" }\n".to_owned();
        bench
    }),
    ("an exposure of half the frame", |dice| {
        let mut bench = Bench::random(dice);
        bench.exposures = vec![0.5 * bench.period];
        (bench.stated, bench.flash) = (true, false);
        bench
    }),
    ("jitter within the limits", |dice| {
        let mut bench = Bench::random(dice);
        let jitter = (bench.boundary_tolerance * 0.4).min(bench.period * 3e-4);
        let key = if bench.aligned == Aligned::End { "exposure.end" } else { "exposure.latency" };
        bench.timing = format!("jitter.{key} = {{ uniform = \"{}\" }}\n", time_of(jitter));
        bench.stated = true;
        bench.flash = false;
        bench
    }),
    ("a cold start that is skipped", |dice| {
        let mut bench = Bench::random(dice);
        bench.stated = true;
        bench.fault("late-exposure-change", &format!("until = 3\ntime = \"{}\"", time_of(bench.exposure() * 0.5)));
        bench.skip = 6;
        bench
    }),
    ("a second camera", |dice| {
        let mut bench = Bench::random(dice);
        (bench.fsin, bench.second_camera, bench.stated, bench.flash) = (true, true, true, false);
        bench.strobe_low = false;
        bench
    }),
    ("two flash lines in turn", |dice| {
        let mut bench = Bench::random(dice);
        (bench.flash, bench.turns) = (true, true);
        bench.limits = "flash.missing = \"none\"\n".to_owned();
        bench
    }),
    ("short exposures", |dice| {
        let mut bench = Bench::random(dice);
        let exposure = dice.between(100e-6_f64.max(10.0 * bench.sample()), 400e-6);
        bench.exposures = vec![exposure];
        (bench.flash, bench.stated) = (false, true);
        bench.exposure_tolerance = 20e-6_f64.max(3.0 * bench.sample());
        bench
    }),
];

/// The rig of this number: kinds in turn, everything else at random.
pub(super) fn case(number: u64) -> (&'static str, Bench) {
    let (name, make) = MAKERS[(number % MAKERS.len() as u64) as usize];
    let mut dice = Dice::new(number.wrapping_mul(0x9876_5432_1fed_cba9) ^ 0xc1ea);
    (name, make(&mut dice))
}
