//! A bench of random rigs: each is well, with a spec that it meets, until a fault is put into it.

use std::fmt::Write as _;

/// SplitMix64, so that a case is the same everywhere.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to but without `below`.
    pub(super) fn below(&mut self, below: u64) -> u64 {
        self.next() % below.max(1)
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Between two values, evenly over the orders of magnitude.
    pub(super) fn spread(&mut self, low: f64, high: f64) -> f64 {
        if high <= low { low } else { self.between(low.ln(), high.ln()).exp() }
    }

    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(super) fn one<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aligned {
    End,
    Start,
}

/// A rig that is well; all times in seconds.
#[derive(Debug, Clone)]
pub(super) struct Bench {
    pub(super) rate: f64,
    pub(super) period: f64,
    pub(super) frames: f64,
    pub(super) aligned: Aligned,
    pub(super) stated: bool,
    pub(super) exposures: Vec<f64>,
    pub(super) latency: f64,
    pub(super) fsin: bool,
    pub(super) fsin_width: f64,
    pub(super) flash: bool,
    /// Two flash lines that take turns.
    pub(super) turns: bool,
    pub(super) lead: f64,
    pub(super) lag: f64,
    pub(super) strobe_low: bool,
    pub(super) second_camera: bool,
    pub(super) rolling: bool,
    pub(super) clock_ppm: f64,
    pub(super) phase: f64,
    pub(super) offset: f64,
    pub(super) seed: u64,
    /// What the spec takes for the frame time; the true one by default.
    pub(super) nominal: Option<f64>,
    /// How far an exposure may be off.
    pub(super) exposure_tolerance: f64,
    pub(super) boundary_tolerance: f64,
    /// `[[fault]]` tables.
    pub(super) faults: String,
    /// Further lines of the scenario's `[timing]`.
    pub(super) timing: String,
    /// Further lines of the spec's `[limits]`.
    pub(super) limits: String,
    /// A line, by its role's key, and the time below which the spec calls its stretches glitches.
    pub(super) filter: Option<(&'static str, f64)>,
    /// Frames that the spec leaves out at the start.
    pub(super) skip: u64,
    /// The limit of flash.on-time over the longest flash.
    pub(super) on_time_room: f64,
}

pub(super) const RATES: [f64; 8] = [200e3, 500e3, 1e6, 2e6, 4e6, 8e6, 12e6, 24e6];

impl Bench {
    pub(super) fn random(dice: &mut Dice) -> Bench {
        let rate = dice.one(&RATES);
        let period = 1.0 / dice.one(&[30.0, 60.0, 90.0, 120.0]);
        let sample = 1.0 / rate;
        let exposure = dice.between(0.12, 0.6) * period;
        Bench {
            rate,
            period,
            frames: dice.between(24.0, 60.0).floor(),
            aligned: if dice.chance(50) { Aligned::End } else { Aligned::Start },
            stated: dice.chance(75),
            exposures: vec![exposure],
            latency: dice.between(20e-6, 0.05 * period),
            fsin: dice.chance(85),
            fsin_width: dice.one(&[50e-6, 100e-6, 200e-6]),
            flash: dice.chance(75),
            turns: false,
            lead: dice.between(30e-6, 80e-6),
            lag: dice.between(60e-6, 200e-6),
            strobe_low: dice.chance(15),
            second_camera: false,
            rolling: false,
            clock_ppm: dice.between(-50.0, 50.0).round(),
            phase: dice.between(0.0, 1.0) * sample,
            offset: dice.between(0.1, 0.9) * period,
            seed: dice.next() >> 2,
            nominal: None,
            exposure_tolerance: 50e-6_f64.max(5e-3 * exposure).max(3.0 * sample),
            boundary_tolerance: 30e-6_f64.max(3.0 * sample),
            faults: String::new(),
            timing: String::new(),
            limits: String::new(),
            filter: None,
            skip: 0,
            on_time_room: 1.5e-3,
        }
    }

    pub(super) fn sample(&self) -> f64 {
        1.0 / self.rate
    }

    pub(super) fn exposure(&self) -> f64 {
        self.exposures.iter().copied().fold(0.0, f64::max)
    }

    pub(super) fn duration(&self) -> f64 {
        self.frames * self.period
    }

    /// A frame in the middle of the capture.
    pub(super) fn middle_frame(&self, dice: &mut Dice) -> u64 {
        7 + dice.below(self.frames as u64 - 12)
    }

    pub(super) fn fault(&mut self, kind: &str, parameters: &str) {
        let _written = writeln!(self.faults, "[[fault]]\nkind = \"{kind}\"\n{parameters}");
    }

    fn strobe(&self) -> &'static str {
        if self.strobe_low { "!STROBE" } else { "STROBE" }
    }

    fn wiring(&self) -> String {
        let mut text = String::from("[wiring]\n");
        if self.fsin {
            text.push_str("fsin = \"FSIN\"\n");
        }
        let _written = writeln!(text, "strobe = \"{}\"", self.strobe());
        if self.turns {
            text.push_str("flash = { A = \"DOT\", B = \"FLOOD\" }\n");
        } else if self.flash {
            text.push_str("flash = \"FLASH\"\n");
        }
        text
    }

    pub(super) fn scenario(&self) -> String {
        let times: Vec<String> = self.exposures.iter().map(|time| format!("\"{}\"", time_of(*time))).collect();
        let mut text = format!(
            "duration = \"{}\"\nseed = {}\n[analyzer]\nsamplerate = \"{} Hz\"\nclock_error = \"{} ppm\"\nphase = \"{}\"\n{}[timing]\n\
             offset = \"{}\"\nframe.time = \"{}\"\nexposure.time = [{}]\n",
            time_of(self.duration()),
            self.seed,
            self.rate,
            self.clock_ppm,
            time_of(self.phase),
            self.wiring(),
            time_of(self.offset),
            time_of(self.period),
            times.join(", "),
        );
        if self.aligned == Aligned::Start {
            let _written = writeln!(text, "alignment = \"start\"\nexposure.latency = \"{}\"", time_of(self.latency));
        }
        if self.fsin {
            let _written = writeln!(text, "fsin.width = \"{}\"", time_of(self.fsin_width));
        }
        if self.flash {
            let _written =
                writeln!(text, "flash.lead = \"{}\"\nflash.lag = \"{}\"", time_of(self.lead), time_of(self.lag));
        }
        if self.turns {
            text.push_str("flash.pattern = \"AB\"\n");
        }
        text.push_str(&self.timing);
        if self.second_camera {
            text.push_str("\n[camera.right]\nstrobe = \"RIGHT\"\ntiming.skew = \"4 us\"\n");
        }
        text + "\n" + &self.faults
    }

    pub(super) fn spec(&self) -> String {
        let sample = self.sample();
        let nominal = self.nominal.unwrap_or(self.period);
        let loose = self.boundary_tolerance;
        let mut text = format!("{}[timing]\nframe_time = \"{}\"\n", self.wiring(), time_of(nominal));
        if self.stated {
            text.push_str(if self.aligned == Aligned::End {
                "alignment = \"end\"\n"
            } else {
                "alignment = \"start\"\n"
            });
        }
        if self.skip > 0 {
            let _written = writeln!(text, "skip_frames = {}", self.skip);
        }
        let filter =
            self.filter.map(|(role, least)| format!("[analyzer]\nglitch = {{ {role} = \"{}\" }}\n", time_of(least)));
        if self.rolling {
            let _written =
                writeln!(text, "shutter = \"rolling\"\nreadout_time = \"{}\"", time_of(self.exposure() * 0.4));
        }
        let exposures: Vec<String> = self
            .exposures
            .iter()
            .map(|time| format!("\"{} ± {}\"", time_of(*time), time_of(self.exposure_tolerance)))
            .collect();
        let _written = writeln!(
            text,
            "{}[limits]\nframe.time = \"{} ± {}\"\nexposure.time = [{}]",
            filter.unwrap_or_default(),
            time_of(nominal),
            time_of((nominal * 1.5e-3).max(4.0 * sample)),
            exposures.join(", ")
        );
        if self.fsin {
            let _written = writeln!(text, "fsin.width = \">= {}\"", time_of(5e-6_f64.max(3.5 * sample)));
            let _written = match self.aligned {
                Aligned::End => writeln!(text, "exposure.end = \"0 us ± {}\"", time_of(loose)),
                Aligned::Start => {
                    writeln!(text, "exposure.latency = \"{} ± {}\"", time_of(self.latency), time_of(loose))
                }
            };
        }
        if self.flash {
            let longest = self.exposure() + self.lead + self.lag + self.on_time_room;
            let room = 50e-6_f64.max(3.0 * sample);
            let _written = writeln!(
                text,
                "flash.lead = \"{} ± {}\"\nflash.lag = \"{} ± {}\"\nflash.coverage = \">= 97 %\"\nflash.on-time = \"<= {}\"",
                time_of(self.lead),
                time_of(room),
                time_of(self.lag),
                time_of(room),
                time_of(longest)
            );
        }
        if self.second_camera {
            let _written = writeln!(text, "skew.start = \"0 us ± {}\"", time_of(25e-6_f64.max(4.0 * sample)));
        }
        // A limit of the bench's own takes the place of the usual one.
        for line in self.limits.lines() {
            let key = line.split(" = ").next().unwrap_or_default();
            text = text
                .lines()
                .filter(|usual| usual.split(" = ").next() != Some(key))
                .map(|usual| format!("{usual}\n"))
                .collect();
            text.push_str(&format!("{line}\n"));
        }
        if self.second_camera {
            text.push_str("[camera.right]\nstrobe = \"RIGHT\"\n");
        }
        text
    }
}

/// A time as scenarios and specs take it, to the picosecond.
pub(super) fn time_of(seconds: f64) -> String {
    format!("{:.6} us", seconds * 1e6)
}
