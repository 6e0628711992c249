//! The faults: each put into a random rig, with a random severity and place, and the finding that must come of it.

use super::bench::{Aligned, Bench, Dice, time_of};

/// A rig with a fault.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) bench: Bench,
    /// The finding that must come first.
    pub(super) expected: &'static str,
}

/// Puts a fault into a random rig.
pub(super) type Maker = fn(&mut Dice) -> Bench;

/// Every way to break a rig: its name, the finding that must come of it, and how.
pub(super) const MAKERS: &[(&str, &str, Maker)] = &[
    ("dead STROBE or flash", "line-dead", |dice| {
        let mut bench = with_flash(dice);
        let line = dice.one(&["strobe", "flash"]);
        bench.fault("dead-line", &format!("line = \"{line}\""));
        bench
    }),
    ("stuck line", "line-dead", |dice| {
        let mut bench = with_fsin(dice);
        bench.fault("stuck-line", "line = \"strobe\"");
        bench
    }),
    ("line dies", "line-dead", |dice| {
        let mut bench = with_fsin(dice);
        let from = dice.between(0.3, 0.7) * bench.duration();
        let kind = dice.one(&["dead-line", "stuck-line"]);
        bench.fault(kind, &format!("line = \"strobe\"\nfrom = \"{}\"", time_of(from)));
        bench
    }),
    ("dead FSIN", "fsin-silent", |dice| {
        let mut bench = with_fsin(dice);
        bench.fault("dead-line", "line = \"fsin\"");
        bench
    }),
    ("inverted STROBE", "polarity-inverted", |dice| {
        let mut bench = Bench::random(dice);
        // Neither half of the frame nor near it: the pause must be told from the pulse.
        bench.exposures = vec![dice.between(0.12, 0.42) * bench.period];
        bench.fault("inverted-line", "line = \"strobe\"");
        bench
    }),
    ("inverted FSIN", "polarity-inverted", |dice| {
        let mut bench = with_fsin(dice);
        bench.fault("inverted-line", "line = \"fsin\"");
        bench
    }),
    ("inverted flash", "polarity-inverted", |dice| {
        let mut bench = with_flash(dice);
        bench.fault("inverted-line", "line = \"flash\"");
        bench
    }),
    ("missed triggers", "missed-trigger", |dice| {
        let mut bench = triggered(dice);
        let frames = some_frames(&bench, dice, 3);
        bench.fault("missed-trigger", &format!("frames = {frames}"));
        bench
    }),
    ("every second trigger", "half-rate", |dice| {
        let mut bench = triggered(dice);
        let every = dice.one(&[2, 3]);
        bench.fault("half-rate", &format!("every = {every}"));
        bench
    }),
    ("half rate without FSIN", "half-rate", |dice| {
        let mut bench = Bench::random(dice);
        (bench.fsin, bench.stated) = (false, true);
        bench.fault("half-rate", "");
        bench
    }),
    ("alternating exposure", "alternating-exposure", |dice| {
        let mut bench = Bench::random(dice);
        let time = dice.spread((10.0 * bench.sample()).max(50e-6), bench.exposure() / 3.0);
        bench.fault("alternating-exposure", &format!("time = \"{}\"", time_of(time)));
        bench
    }),
    ("extra STROBE pulses", "extra-pulses", |dice| {
        let mut bench = Bench::random(dice);
        bench.stated = true;
        let frames = some_frames(&bench, dice, 3);
        let width = dice.spread(60e-6_f64.max(6.0 * bench.sample()), bench.period / 30.0);
        let idle = match bench.aligned {
            Aligned::End => dice.between(0.1, 0.3) * bench.period,
            Aligned::Start => bench.latency + bench.exposure() + dice.between(0.05, 0.2) * bench.period,
        };
        bench.fault(
            "extra-strobe",
            &format!("frames = {frames}\nafter = \"{}\"\nwidth = \"{}\"", time_of(idle), time_of(width)),
        );
        bench
    }),
    ("double triggers", "extra-pulses", |dice| {
        let mut bench = with_fsin(dice);
        bench.stated = true;
        let after = dice.between(0.1, 0.7) * bench.period;
        bench.fault("double-trigger", &format!("line = \"fsin\"\nafter = \"{}\"", time_of(after)));
        bench
    }),
    ("bouncing trigger", "extra-pulses", |dice| {
        let mut bench = with_fsin(dice);
        bench.stated = true;
        let spacing = dice.spread(150e-6_f64.max(12.0 * bench.sample()), 800e-6);
        bench.fault("bounce", &format!("line = \"fsin\"\nspacing = \"{}\"", time_of(spacing)));
        bench
    }),
    ("rough start", "start-transient", |dice| {
        let mut bench = with_fsin(dice);
        bench.exposures = vec![dice.between(0.25, 0.6) * bench.period];
        bench.stated = true;
        let frames = 2 + dice.below(3);
        bench.fault("start-transient", &format!("frames = {frames}"));
        bench
    }),
    ("FSIN at another rate", "rate-mismatch", |dice| {
        let mut bench = with_fsin(dice);
        let off = dice.spread(4e-3, 5e-2) * dice.one(&[-1.0, 1.0]);
        let period = bench.period * (1.0 + off);
        let (width, offset) = (bench.fsin_width, bench.offset);
        bench.fault(
            "fsin-generator",
            &format!(
                "line = \"fsin\"\nperiod = \"{}\"\nwidth = \"{}\"\noffset = \"{}\"",
                time_of(period),
                time_of(width),
                time_of(offset)
            ),
        );
        bench
    }),
    ("camera at another rate", "rate-mismatch", |dice| {
        let mut bench = Bench::random(dice);
        bench.nominal = Some(bench.period * (1.0 + dice.spread(4e-3, 0.2) * dice.one(&[-1.0, 1.0])));
        bench
    }),
    ("camera that drifts", "camera-drift", |dice| {
        let mut bench = two_cameras(dice);
        let least = 4.0 * (60e-6_f64).max(8.0 * bench.sample()) / bench.duration() * 1e6;
        // Clocks farther apart are set so: that is a rate mismatch.
        let ppm = dice.spread(least, 8.0 * least).round().min(900.0) * dice.one(&[-1.0, 1.0]);
        bench.fault("camera-drift", &format!("camera = \"right\"\ndrift = \"{ppm} ppm\""));
        bench
    }),
    ("soft sync", "soft-sync-steps", |dice| {
        let mut bench = two_cameras(dice);
        let (step, every) = (
            dice.spread(60e-6_f64.max(8.0 * bench.sample()), 140e-6_f64.max(20.0 * bench.sample())),
            5 + dice.below(5),
        );
        bench.fault("soft-sync-steps", &format!("camera = \"right\"\nstep = \"{}\"\nevery = {every}", time_of(step)));
        bench
    }),
    ("exposure over the frame", "exposure-exceeds-frame", |dice| {
        let mut bench = Bench::random(dice);
        bench.stated = true;
        // All of them with hardly a pause left, or some that run into the next one.
        let pause = dice.between(8.0 * bench.sample(), 200e-6_f64.max(10.0 * bench.sample()));
        let all = dice.chance(50);
        let length = if all { bench.period - pause } else { bench.period * dice.between(1.02, 1.3) };
        let amount = length - bench.exposure();
        let frames = if all { "\"all\"".to_owned() } else { some_frames(&bench, dice, 3) };
        bench.fault("long-exposure", &format!("frames = {frames}\namount = \"{}\"", time_of(amount)));
        bench
    }),
    ("auto exposure", "auto-exposure-on", |dice| {
        let mut bench = Bench::random(dice);
        let amount = dice.between(0.1, 0.5) * bench.exposure();
        bench.fault("auto-exposure", &format!("amount = \"{}\"\nover = {}", time_of(amount), 5 + dice.below(10)));
        bench
    }),
    ("late change of exposure", "late-exposure-change", |dice| {
        let mut bench = Bench::random(dice);
        let time = bench.exposure() * dice.between(0.25, 0.85);
        bench.fault("late-exposure-change", &format!("until = {}\ntime = \"{}\"", 3 + dice.below(6), time_of(time)));
        bench
    }),
    ("scaled exposure", "exposure-scaled", |dice| {
        let mut bench = Bench::random(dice);
        if dice.chance(50) {
            let (a, b) = (dice.between(0.2, 0.3), dice.between(0.35, 0.45));
            bench.exposures = vec![a * bench.period, b * bench.period];
        }
        bench.strobe_low = false;
        let least = bench.exposures.iter().copied().fold(f64::INFINITY, f64::min);
        // Beyond what a slow edge adds.
        let smallest = 1.0 + (1.3 * bench.exposure_tolerance).max(80e-6) / least;
        let scale = if dice.chance(50) {
            dice.spread(smallest.max(1.043), smallest.max(1.043) * 1.3)
        } else {
            dice.between(0.3, 0.8)
        };
        bench.fault("scaled-exposure", &format!("scale = \"{:.3} %\"", scale * 100.0));
        bench
    }),
    ("dropped frames", "dropped-frame", |dice| {
        let mut bench = Bench::random(dice);
        bench.stated = true;
        let frames = some_frames(&bench, dice, 3);
        bench.fault("dropped-frame", &format!("frames = {frames}"));
        bench
    }),
    ("exposures that stall", "dropped-frame", |dice| {
        let mut bench = with_fsin(dice);
        (bench.aligned, bench.stated) = (Aligned::End, true);
        let frames = some_frames(&bench, dice, 3);
        bench.fault("missed-trigger", &format!("frames = {frames}"));
        bench
    }),
    ("phase reset", "phase-reset", |dice| {
        let mut bench = Bench::random(dice);
        bench.stated = true;
        let (frame, by) = (bench.middle_frame(dice), dice.between(0.05, 0.45) * bench.period);
        bench.fault("phase-reset", &format!("frame = {frame}\nby = \"{}\"", time_of(by)));
        bench
    }),
    ("floating line", "floating-line", |dice| {
        let mut bench = with_fsin(dice);
        bench.flash = true;
        let line = dice.one(&["strobe", "fsin", "flash"]);
        let noise = noise(dice, 8e3, 60e3);
        bench.fault("floating-line", &format!("line = \"{line}\"\n{noise}"));
        bench
    }),
    ("missing ground", "floating-line", |dice| {
        let mut bench = with_fsin(dice);
        let noise = noise(dice, 8e3, 40e3);
        bench.fault("missing-ground", &noise);
        bench
    }),
    ("crosstalk", "floating-line", |dice| {
        let mut bench = with_fsin(dice);
        let width = dice.between(1.3 * bench.sample(), 3.0 * bench.sample()).max(2e-6);
        bench.fault("crosstalk", &format!("line = \"strobe\"\nfrom = \"fsin\"\nwidth = \"{}\"", time_of(width)));
        bench
    }),
    ("marginal threshold", "marginal-threshold", |dice| {
        let mut bench = Bench::random(dice);
        let erode = dice
            .spread((14.0 * bench.sample()).max(40e-6), (bench.exposure() / 5.0).min(1e-3).max(15.0 * bench.sample()));
        bench.fault("marginal-threshold", &format!("line = \"strobe\"\nerode = \"{}\"", time_of(erode)));
        bench
    }),
    ("slow edge that chatters", "slow-edge", |dice| {
        let mut bench = Bench::random(dice);
        let crossings = 1 + dice.below(2);
        let delay = dice.between(20e-6, 50e-6).max(1.6 * bench.sample() * (2 * crossings + 1) as f64);
        bench
            .fault("slow-edge", &format!("line = \"strobe\"\ndelay = \"{}\"\ncrossings = {crossings}", time_of(delay)));
        bench
    }),
    ("slow edge", "slow-edge", |dice| {
        let mut bench = with_fsin(dice);
        (bench.aligned, bench.stated) = (Aligned::End, true);
        (bench.exposure_tolerance, bench.boundary_tolerance) =
            (10e-6_f64.max(3.0 * bench.sample()), 10e-6_f64.max(3.0 * bench.sample()));
        let delay = dice.between(16e-6_f64.max(5.0 * bench.sample()), 50e-6);
        bench.fault("slow-edge", &format!("line = \"strobe\"\ndelay = \"{}\"", time_of(delay)));
        bench
    }),
    ("stray glitches", "glitches", |dice| {
        let mut bench = Bench::random(dice);
        let line = if bench.fsin && dice.chance(30) { "fsin" } else { "strobe" };
        let width = dice.spread(1.3 * bench.sample(), (2.5 * bench.sample()).max(6e-6));
        bench.fault(
            "glitches",
            &format!("line = \"{line}\"\ncount = {}\nwidth = \"{}\"", 2 + dice.below(9), time_of(width)),
        );
        bench
    }),
    ("ringing with the flash", "glitches", |dice| {
        let mut bench = with_flash(dice);
        let width = dice.spread(1.3 * bench.sample(), (1.8 * bench.sample()).max(4e-6));
        let line = if bench.fsin && dice.chance(40) { "fsin" } else { "strobe" };
        bench.fault(
            "ringing",
            &format!(
                "line = \"{line}\"\nfrom = \"flash\"\nwidth = \"{}\"\ncount = {}",
                time_of(width),
                1 + dice.below(3)
            ),
        );
        bench
    }),
    ("narrow FSIN", "fsin-too-narrow", |dice| {
        let mut bench = triggered(dice);
        let width = dice.between(0.8e-6, 4e-6);
        bench.fault("narrow-fsin", &format!("frames = \"all\"\nwidth = \"{}\"", time_of(width)));
        bench
    }),
    ("trigger too short for the flash", "fsin-too-short-for-flash", |dice| {
        let mut bench = triggered(dice);
        (bench.flash, bench.fsin_width) = (true, 2e-3);
        let (width, step) = (dice.between(200e-6, 1.3e-3), 2 + dice.below(3));
        bench.fault("narrow-fsin", &format!("frames = {{ every = {step} }}\nwidth = \"{}\"", time_of(width)));
        bench.fault("missing-flash", &format!("frames = {{ every = {step} }}"));
        bench
    }),
    ("pulses that the glitch filter bridges", "filter-eats-pulses", |dice| {
        let mut bench = with_flash(dice);
        bench.fsin = true;
        let (role, width) = match dice.chance(50) {
            true => ("fsin", bench.fsin_width),
            false => ("flash", bench.exposure() + bench.lead + bench.lag),
        };
        bench.filter = Some((role, width * dice.between(1.1, 4.0)));
        bench
    }),
    ("latency that jitters", "trigger-jitter", |dice| {
        let mut bench = triggered(dice);
        let amount = dice.spread((2.5 * bench.boundary_tolerance).max(60e-6), bench.period * 0.04);
        bench.latency = amount + 20e-6;
        bench.fault("strobe-jitter", &format!("amount = \"{}\"", time_of(amount)));
        bench
    }),
    ("trigger made by software", "trigger-jitter", |dice| {
        let mut bench = with_fsin(dice);
        let amount = dice.spread(4e-3 * bench.period + 8.0 * bench.sample(), 0.1 * bench.period);
        bench.fault("frame-jitter", &format!("amount = \"{}\"", time_of(amount)));
        bench
    }),
    ("late flash", "flash-late", |dice| {
        let mut bench = with_flash(dice);
        let frames = if dice.chance(60) { "\"all\"".to_owned() } else { some_frames(&bench, dice, 4) };
        let amount = dice.spread(250e-6_f64.max(12.0 * bench.sample()), bench.exposure() * 0.9);
        bench.fault("late-flash", &format!("frames = {frames}\namount = \"{}\"", time_of(amount)));
        bench
    }),
    ("short flash", "flash-short", |dice| {
        let mut bench = with_flash(dice);
        let amount = bench.lag + dice.spread(150e-6_f64.max(10.0 * bench.sample()), bench.exposure() * 0.8);
        bench.fault("short-flash", &format!("frames = \"all\"\namount = \"{}\"", time_of(amount)));
        bench
    }),
    ("leaking flash", "flash-leak", |dice| {
        let mut bench = with_flash(dice);
        let frames = if dice.chance(60) { "\"all\"".to_owned() } else { some_frames(&bench, dice, 4) };
        let amount = dice.spread(150e-6_f64.max(10.0 * bench.sample()), 1.2e-3);
        bench.fault("flash-leak", &format!("frames = {frames}\namount = \"{}\"", time_of(amount)));
        bench
    }),
    ("flash on too long", "flash-over-duty", |dice| {
        let mut bench = with_flash(dice);
        let frames = if dice.chance(60) { "\"all\"".to_owned() } else { some_frames(&bench, dice, 4) };
        let amount = bench.exposure() + bench.lead + bench.lag + bench.on_time_room * 1.1 + 8.0 * bench.sample();
        let amount = dice.between(amount, amount + 0.25 * bench.period);
        bench.fault("long-flash", &format!("frames = {frames}\namount = \"{}\"", time_of(amount)));
        bench
    }),
    ("rolling shutter, flash too early", "rolling-partial-flash", |dice| {
        let mut bench = with_flash(dice);
        (bench.rolling, bench.stated) = (true, true);
        bench.limits = "flash.lead = \"none\"\nflash.lag = \"none\"\nflash.coverage = \"none\"\nrolling.margin-start = \">= 0 us\"\nrolling.margin-end = \">= 0 us\"\n".to_owned();
        bench
    }),
    ("pattern that slips", "flash-pattern-slip", |dice| {
        let mut bench = with_flash(dice);
        bench.turns = true;
        let from = bench.middle_frame(dice);
        bench.fault("flash-pattern-slip", &format!("from = {from}"));
        bench
    }),
    ("hunting", "sync-hunting", |dice| {
        let mut bench = Bench::random(dice);
        bench.frames = dice.between(40.0, 60.0).floor();
        let period = 8 + dice.below(9);
        // The frame time changes by up to about 8 / period of the swing.
        let amount = (bench.period * 1.5e-3).max(5.0 * bench.sample()) * period as f64 / 4.0;
        let amount = dice.between(amount, 3.0 * amount);
        let decay = if dice.chance(50) { format!("decay = {}", 16 + dice.below(20)) } else { String::new() };
        bench.fault("sync-hunting", &format!("amount = \"{}\"\nperiod = {period}\n{decay}", time_of(amount)));
        bench
    }),
    ("exposures that jitter", "strobe-jitter", |dice| {
        let mut bench = with_fsin(dice);
        (bench.aligned, bench.stated) = (Aligned::End, true);
        let amount = dice.spread((2.5 * bench.boundary_tolerance).max(60e-6), bench.period * 0.1);
        bench.fault("strobe-jitter", &format!("amount = \"{}\"", time_of(amount)));
        bench
    }),
    ("lost samples", "dropped-samples", |dice| {
        let mut bench = with_fsin(dice);
        (bench.flash, bench.stated) = (true, true);
        let (at, lost) = (dice.between(0.3, 0.7) * bench.duration(), dice.spread(0.02, 0.4) * bench.period);
        bench.fault("dropped-samples", &format!("at = \"{}\"\nlost = \"{}\"", time_of(at), time_of(lost)));
        bench
    }),
    ("samples recorded twice", "dropped-samples", |dice| {
        let mut bench = with_fsin(dice);
        bench.stated = true;
        // A buffer of more than two frames, and of no whole number of them.
        let granules = (2.4 * bench.period * bench.rate / 256.0).round().max(1.0);
        let at = dice.between(0.4, 0.7) * bench.duration();
        let samples = (granules * 256.0) as u64;
        bench.fault("repeated-samples", &format!("at = \"{}\"\nsamples = {samples}", time_of(at)));
        bench
    }),
    ("noise at a stride", "dropped-samples", |dice| {
        let mut bench = with_fsin(dice);
        let stride = dice.one(&[2048, 4096, 8192, 16384]);
        bench.fault("stride-noise", &format!("stride = {stride}"));
        bench
    }),
    ("swapped STROBE and FSIN", "swapped-probes", |dice| {
        let mut bench = with_fsin(dice);
        bench.strobe_low = false;
        bench.fault("swapped-lines", "line = \"strobe\"\nwith = \"fsin\"");
        bench
    }),
    ("swapped STROBE and flash", "swapped-probes", |dice| {
        let mut bench = with_flash(dice);
        bench.strobe_low = false;
        (bench.lead, bench.lag) = (80e-6_f64.max(4.0 * bench.sample()), 200e-6_f64.max(6.0 * bench.sample()));
        bench.exposure_tolerance = 30e-6_f64.max(3.0 * bench.sample());
        bench.fault("swapped-lines", "line = \"strobe\"\nwith = \"flash\"");
        bench
    }),
    ("swapped FSIN and flash", "swapped-probes", |dice| {
        let mut bench = with_fsin(dice);
        bench.flash = true;
        bench.fault("swapped-lines", "line = \"fsin\"\nwith = \"flash\"");
        bench
    }),
    ("two drivers on FSIN", "contended-fsin", |dice| {
        let mut bench = with_fsin(dice);
        bench.stated = true;
        let off = dice.between(0.01, 0.12) * dice.one(&[-1.0, 1.0]);
        let width = if dice.chance(60) { bench.fsin_width * 0.5 } else { bench.fsin_width };
        let (period, offset) = (bench.period * (1.0 + off), dice.between(0.0, 1.0) * bench.period);
        bench.fault(
            "second-driver",
            &format!(
                "line = \"fsin\"\nperiod = \"{}\"\nwidth = \"{}\"\noffset = \"{}\"",
                time_of(period),
                time_of(width),
                time_of(offset)
            ),
        );
        bench
    }),
    ("contact that comes and goes", "intermittent-contact", |dice| {
        let mut bench = with_fsin(dice);
        (bench.flash, bench.stated) = (true, true);
        let line = dice.one(&["strobe", "fsin", "flash"]);
        let length = dice.between(1.2, 4.0) * bench.period;
        bench.fault(
            "intermittent-contact",
            &format!("line = \"{line}\"\nlength = \"{}\"\nbursts = {}", time_of(length), 1 + dice.below(2)),
        );
        bench
    }),
    ("wire that loses pulses", "intermittent-contact", |dice| {
        let mut bench = with_fsin(dice);
        (bench.flash, bench.stated) = (true, true);
        let frames = some_frames(&bench, dice, 3);
        let kind = dice.one(&["missing-strobe", "missing-fsin"]);
        bench.fault(kind, &format!("frames = {frames}"));
        bench
    }),
    ("flashes that do not come", "flash-missing", |dice| {
        let mut bench = with_flash(dice);
        bench.stated = true;
        let frames = if dice.chance(70) { some_frames(&bench, dice, 3) } else { "{ every = 2 }".to_owned() };
        bench.fault("missing-flash", &format!("frames = {frames}"));
        bench
    }),
    ("early flash", "flash-early", |dice| {
        let mut bench = with_flash(dice);
        // Lit so much earlier than is asked for.
        let early = dice.spread(80e-6_f64.max(6.0 * bench.sample()), 0.1 * bench.period);
        let room = 50e-6_f64.max(3.0 * bench.sample());
        bench.limits = format!("flash.lead = \"{} ± {}\"\n", time_of(bench.lead), time_of(room));
        bench.lead += early + room;
        bench
    }),
    ("flash that is cut off", "flash-timeout", |dice| {
        let mut bench = with_flash(dice);
        let longest = dice.between(0.4, 0.6) * bench.period;
        bench.exposures = vec![longest, longest * dice.between(0.3, 0.5)];
        bench.stated = true;
        let capped = longest * dice.between(0.6, 0.9);
        bench.fault("long-flash", &format!("frames = {{ every = 2 }}\namount = \"{}\"", time_of(capped)));
        bench
    }),
    ("light on its own timer", "light-on-its-own-clock", |dice| {
        let mut bench = with_flash(dice);
        let off = dice.spread(2e-3, 3e-2) * dice.one(&[-1.0, 1.0]);
        let width = bench.exposure() + bench.lead + bench.lag;
        generator(&mut bench, "flash", dice, 1.0 + off, width);
        bench
    }),
    ("light dimmed by PWM", "pwm-light", |dice| {
        let mut bench = with_flash(dice);
        let cycle = (bench.exposure() / dice.between(8.0, 40.0)).max(12.0 * bench.sample());
        let (period, width) = (cycle / bench.period, cycle * dice.between(0.3, 0.7));
        generator(&mut bench, "flash", dice, period, width);
        bench
    }),
    ("lamp on the mains", "mains-light", |dice| {
        let mut bench = with_flash(dice);
        let period = 0.01 / bench.period;
        generator(&mut bench, "flash", dice, period, 0.01 * 0.4);
        bench
    }),
    ("spike behind FSIN's edges", "crosstalk-spike", |dice| {
        let mut bench = triggered(dice);
        bench.flash = false;
        bench.latency = dice.between(0.02, 0.05) * bench.period + bench.fsin_width;
        let width = dice.between(1.2 * bench.sample(), 1.8 * bench.sample());
        bench.fault(
            "ringing",
            &format!("line = \"strobe\"\nfrom = \"fsin\"\nwidth = \"{}\"\ncount = 1", time_of(width)),
        );
        bench
    }),
    ("a clock that is off", "clock-scaled", |dice| {
        let mut bench = Bench::random(dice);
        (bench.flash, bench.strobe_low) = (false, false);
        let scale = dice.one(&[0.5, 0.8, 1.1, 1.5, 2.0]);
        bench.exposures = vec![dice.between(0.15, 0.4) * bench.period];
        bench.nominal = Some(bench.period / scale);
        let asked = bench.exposure() / scale;
        bench.limits =
            format!("exposure.time = \"{} ± {}\"\n", time_of(asked), time_of(100e-6_f64.max(4.0 * bench.sample())));
        bench
    }),
    ("triggers within the exposure", "overtrigger", |dice| {
        let mut bench = triggered(dice);
        bench.flash = false;
        let length = dice.between(1.1, 1.6) * bench.period;
        let amount = length - bench.exposure();
        bench.fault("half-rate", "every = 2");
        bench.fault("long-exposure", &format!("frames = \"all\"\namount = \"{}\"", time_of(amount)));
        bench.limits =
            format!("exposure.time = \"{} ± {}\"\n", time_of(length), time_of(100e-6_f64.max(4.0 * bench.sample())));
        bench
    }),
    ("triggers before the stream", "stream-starts-late", |dice| {
        let mut bench = triggered(dice);
        bench.flash = false;
        let frames: Vec<u64> = (0..2 + dice.below(5)).collect();
        bench.fault("missed-trigger", &format!("frames = {frames:?}"));
        bench
    }),
    ("a camera that stops", "camera-stops", |dice| {
        let mut bench = Bench::random(dice);
        (bench.fsin, bench.flash, bench.stated, bench.strobe_low) = (false, false, true, false);
        let from = dice.between(0.3, 0.7) * bench.duration();
        bench.fault("dead-line", &format!("line = \"strobe\"\nfrom = \"{}\"", time_of(from)));
        bench
    }),
    ("exposures that are late by as much", "exposure-shifted", |dice| {
        let mut bench = with_fsin(dice);
        bench.stated = true;
        let off = dice.spread(2.0 * bench.boundary_tolerance + 4.0 * bench.sample(), 0.04 * bench.period);
        let (key, asked) = match bench.aligned {
            Aligned::End => ("end", dice.one(&[off, -off])),
            // Asked for after it comes, or before.
            Aligned::Start => ("latency", bench.latency + off),
        };
        bench.limits = format!("exposure.{key} = \"{} ± {}\"\n", time_of(asked), time_of(bench.boundary_tolerance));
        bench
    }),
    ("pulses of FSIN that nobody asked for", "unexplained", |dice| {
        let mut bench = with_fsin(dice);
        bench.limits = format!("fsin.width = \"<= {}\"\n", time_of(bench.fsin_width / 2.0));
        bench
    }),
    ("only cut pulses", "truncated-pulses", |dice| {
        let mut bench = Bench::random(dice);
        // Half an exposure of one frame, from its beginning or its end.
        (bench.frames, bench.offset, bench.flash, bench.aligned) = (0.2, 0.1 * bench.period, false, Aligned::End);
        bench.fsin = false;
        bench.exposures = vec![0.4 * bench.period];
        bench
    }),
];

/// A line that a generator of its own drives, at so many frame times.
fn generator(bench: &mut Bench, line: &str, dice: &mut Dice, frames: f64, width: f64) {
    let (period, offset) = (bench.period * frames, dice.between(0.0, 1.0) * bench.period);
    bench.fault(
        "fsin-generator",
        &format!(
            "line = \"{line}\"\nperiod = \"{}\"\nwidth = \"{}\"\noffset = \"{}\"",
            time_of(period),
            time_of(width),
            time_of(offset)
        ),
    );
}

fn with_fsin(dice: &mut Dice) -> Bench {
    let mut bench = Bench::random(dice);
    bench.fsin = true;
    bench
}

fn with_flash(dice: &mut Dice) -> Bench {
    let mut bench = Bench::random(dice);
    bench.flash = true;
    bench
}

fn triggered(dice: &mut Dice) -> Bench {
    let mut bench = with_fsin(dice);
    (bench.aligned, bench.stated) = (Aligned::Start, true);
    bench
}

fn two_cameras(dice: &mut Dice) -> Bench {
    let mut bench = with_fsin(dice);
    (bench.second_camera, bench.stated, bench.aligned, bench.flash) = (true, true, Aligned::End, false);
    // What the drift does to FSIN's frame is not asked: the skew is.
    bench.boundary_tolerance = 1e-3;
    bench.strobe_low = false;
    bench
}

/// Up to so many frames, none of the first six or the last few.
fn some_frames(bench: &Bench, dice: &mut Dice, most: u64) -> String {
    let mut frames: Vec<u64> = (0..1 + dice.below(most)).map(|_| bench.middle_frame(dice)).collect();
    frames.sort_unstable();
    frames.dedup();
    format!("{frames:?}")
}

fn noise(dice: &mut Dice, low: f64, high: f64) -> String {
    let rate = dice.spread(low, high);
    let mains = if dice.chance(60) { format!("mains = \"{} Hz\"", dice.one(&[50, 60])) } else { String::new() };
    format!("rate = \"{rate:.0} Hz\"\n{mains}")
}

/// The case of this number: kinds in turn, everything else at random.
pub(super) fn case(number: u64) -> (&'static str, Case) {
    let (name, expected, make) = MAKERS[(number % MAKERS.len() as u64) as usize];
    let mut dice = Dice::new(number.wrapping_mul(0x1234_5678_9abc_def1) ^ 0xfa17);
    (name, Case { bench: make(&mut dice), expected })
}
