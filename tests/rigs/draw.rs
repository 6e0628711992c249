//! A rig of a kind, drawn from a seed.
#![expect(clippy::wildcard_enum_match_arm, reason = "what most kinds have in common is said once")]

use super::plan::{Camera, Exposures, Jittered, Light, Nominal, Plan};
use super::statement::{FrameTime, Statement};
use super::{Alignment, Analyzer, Kind, Line, MS, Ps, Pulse, Random, Rig, Role, S, US};

/// What a rig is drawn with.
struct Draw {
    kind: Kind,
    random: Random,
    nominal: Nominal,
    analyzer: Analyzer,
    alignment: Alignment,
    burst: usize,
    /// The shortest interval that frames may have.
    shortest: Ps,
    /// So many frames at the start are irregular.
    transient: usize,
}

impl Rig {
    /// The rig of a seed.
    pub(crate) fn draw(seed: u64) -> Rig {
        Rig::draw_of(Kind::ALL[(seed % Kind::ALL.len() as u64) as usize], seed)
    }

    /// A rig of this kind.
    pub(crate) fn draw_of(kind: Kind, seed: u64) -> Rig {
        Draw::new(kind, Random::new(seed)).rig(seed)
    }
}

fn frame_time(kind: Kind, random: &mut Random) -> Nominal {
    let fps = match kind {
        Kind::TimeLapse => {
            let tenths = random.log_within(10, 200);
            return Nominal { text: format!("{} ms", 100 * tenths), time: 100 * MS * tenths };
        }
        Kind::WholeMilliseconds | Kind::SoftwareTrigger | Kind::Events | Kind::EventsOnMilliseconds => {
            *random.pick(&[2, 5, 10, 25, 30])
        }
        _ => *random.pick(&[1, 5, 15, 24, 25, 30, 30, 50, 60, 90, 120, 240, 500, 1000]),
    };
    Nominal { text: format!("1/{fps} s"), time: S / fps }
}

fn analyzer(slot: Ps, random: &mut Random) -> Analyzer {
    const RATES: [i64; 11] = [20, 50, 100, 200, 500, 1_000, 2_000, 4_000, 12_000, 24_000, 100_000];
    let fit: Vec<i64> = RATES.iter().map(|rate| 1000 * rate).filter(|rate| S / rate * 400 <= slot).collect();
    let rate = *random.pick(&fit);
    let period = S / rate + 1;
    let clock = *random.pick(&[0, 10, 200, 500, 1000, 5000]);
    let correction = if random.one(4) { random.within(-3000, 3000) } else { 0 };
    let edge = if random.one(4) { random.within(1, slot / 2000) } else { 0 };
    let glitch = if random.one(4) && slot / 800 > 6 * period { random.within(6 * period, slot / 800) } else { 0 };
    let (phase, error, seed) = (random.within(0, period - 1), random.within(-clock, clock), random.next());
    Analyzer { rate, phase, clock, error, correction, edge, glitch, seed }
}

impl Draw {
    fn new(kind: Kind, mut random: Random) -> Draw {
        let nominal = frame_time(kind, &mut random);
        let burst = if kind == Kind::Burst { random.within(2, 5) as usize } else { 1 };
        let shortest = match kind {
            Kind::SoftwareTrigger | Kind::WholeMilliseconds => nominal.time - late(&nominal) - MS,
            Kind::Events | Kind::EventsOnMilliseconds => nominal.time * 2 / 5,
            Kind::StartTransient => nominal.time * 6 / 10,
            _ => nominal.time * 98 / 100,
        };
        let analyzer = analyzer(shortest / burst as i64, &mut random);
        let either = *random.pick(&[Alignment::End, Alignment::Start]);
        let alignment = kind.wiring().alignment.unwrap_or(either);
        let transient = if kind == Kind::StartTransient { 1 + random.below(4) } else { 0 };
        Draw { kind, analyzer, nominal, alignment, burst, shortest, transient, random }
    }

    /// When frames begin, from 0 on.
    fn beats(&mut self, count: usize) -> Vec<Ps> {
        let (time, random) = (self.nominal.time, &mut self.random);
        // Crystals differ from their nominal.
        let stray = random.within(-100, 100);
        let steady = |n: i64| n * time + n * time / 1_000_000 * stray;
        let jitter = if random.one(2) { 0 } else { random.within(0, time / 200) };
        let intervals = |draw: &mut dyn FnMut(i64) -> Ps| {
            let sum = |at: &mut Ps, n| Some(std::mem::replace(at, *at + draw(n)));
            (0..count as i64).scan(0, sum).collect()
        };
        match self.kind {
            Kind::SoftwareTrigger => {
                let late = late(&self.nominal);
                (0..count as i64).map(|n| n * time + random.within(0, late)).collect()
            }
            Kind::WholeMilliseconds => {
                let late = late(&self.nominal);
                (0..count as i64).map(|n| (n * time + random.within(0, late)) / MS * MS).collect()
            }
            Kind::Events => intervals(&mut |_| random.log_within(time / 2, 8 * time)),
            Kind::EventsOnMilliseconds => intervals(&mut |_| random.log_within(time / 2, 8 * time) / MS * MS),
            Kind::VariableRate => {
                let mut slower = 0;
                intervals(&mut |_| {
                    slower = (slower + random.within(-10, 10)).clamp(0, 40);
                    time + time / 100 * slower
                })
            }
            Kind::Ptp => {
                const SWING: [i64; 8] = [0, 7, 10, 7, 0, -7, -10, -7];
                let most = random.within(time / 10_000, time / 800);
                intervals(&mut |n| time + most / 10 * SWING[n as usize % 8] * (count as i64 - n) / count as i64)
            }
            Kind::StartTransient => {
                let irregular = self.transient as i64;
                intervals(&mut |n| if n < irregular { time / 10 * random.within(6, 18) } else { time })
            }
            _ => (0..count as i64).map(|n| steady(n) + random.within(0, jitter)).collect(),
        }
    }

    /// A camera's plan without lights, on these beats.
    fn plan(&mut self, beats: Vec<Ps>) -> Plan {
        let slot = self.shortest / self.burst as i64;
        let least = self.analyzer.least_width();
        let random = &mut self.random;
        let longest = random.log_within(5 * least, slot * 65 / 100);
        let jitter = if random.one(2) { 0 } else { random.within(0, slot / 50) };
        let exposures = match self.kind {
            Kind::AutoExposure | Kind::Centred => Exposures::Wander(4 * least, longest),
            Kind::Sequence | Kind::FlashPattern if self.kind == Kind::Sequence || random.one(2) => {
                let turns = (0..random.within(2, 4)).map(|_| random.log_within(4 * least, longest)).collect();
                Exposures::InTurn(turns, jitter / 4)
            }
            _ => Exposures::InTurn(vec![longest], jitter),
        };
        let (shortest, _) = exposures.extremes();
        // What is left between exposures.
        let gap = slot - longest - jitter;
        let offset = match self.alignment {
            Alignment::End | Alignment::Middle => *random.pick(&[0, 0, gap / 20, -gap / 20]),
            Alignment::Start => *random.pick(&[0, (10 * US).min(gap / 8), (777 * US).min(gap / 4), gap / 5]),
        };
        let strays = |random: &mut Random, most: Ps| if random.one(2) { 0 } else { random.within(0, most) };
        let fsin = Jittered { base: random.log_within(least, self.shortest / 3), jitter: strays(random, least) };
        let trigger_latency = Jittered { base: *random.pick(&[0, gap / 20]), jitter: strays(random, gap / 10) };
        let readout = Jittered { base: random.within(0, gap / 8), jitter: strays(random, gap / 64) };
        Plan {
            alignment: self.alignment,
            beats,
            exposures,
            // What one camera's flash lights, it lights for the other too.
            offset: Jittered { base: offset, jitter: strays(random, (gap / 20).min(shortest / 8)) },
            burst: (self.burst, slot),
            fsin: Some(fsin),
            trigger: Some((trigger_latency, random.log_within(least, self.shortest / 4))),
            readout: Some((readout, random.log_within(least, slot / 2))),
            rows: None,
            lights: Vec::new(),
            transient: self.transient,
        }
    }

    /// Lights about the exposures of a plan.
    fn light(&mut self, plan: &mut Plan) {
        let slot = self.shortest / self.burst as i64;
        let (shortest, longest) = plan.exposures.extremes();
        let (gap, random) = (slot - longest, &mut self.random);
        let jitter = if random.one(2) { 0 } else { random.within(0, gap.min(shortest) / 32) };
        let at = |base| Jittered { base, jitter };
        let mut draw = || at(random.within(-shortest / 5, gap / 5));
        let mut light =
            Light { name: None, lead: draw(), lag: draw(), pulsed: None, lit: vec![true], over_burst: false };
        light.over_burst = self.burst > 1 && random.one(3);
        match self.kind {
            Kind::Rolling => {
                let rows = random.within(shortest / 10, shortest / 2);
                let window = shortest - rows;
                plan.rows = Some(rows);
                if random.one(2) {
                    light.lead = at(-rows - random.within(jitter, window / 8 + jitter));
                    light.lag = at(-random.within(jitter, window / 8 + jitter));
                }
            }
            Kind::PulsedLight => {
                let least = self.analyzer.least_width();
                let on = random.log_within(least, shortest / 2);
                light.pulsed = Some((on, random.log_within(least, shortest / 2)));
                (light.lead, light.lag) = (at(random.within(0, gap / 5)), at(random.within(0, gap / 5)));
            }
            Kind::FlashPattern => {
                let (a, b): &(&[bool], &[bool]) = random.pick(&[
                    (&[true, false], &[false, true]),
                    (&[true, false], &[]),
                    (&[true, true, false], &[false, true, true]),
                    (&[true, false, false], &[false, true, false]),
                ]);
                let second = Light { name: Some("B"), lit: b.to_vec(), ..light.clone() };
                light = Light { name: Some("A"), lit: a.to_vec(), ..light };
                plan.lights = vec![light];
                plan.lights.extend((!b.is_empty()).then_some(second));
                return;
            }
            _ => {}
        }
        plan.lights = vec![light];
    }

    fn camera(&mut self, plan: &Plan) -> Camera {
        Camera {
            alignment: plan.alignment,
            rows: plan.rows,
            turns: plan.exposures.turns(),
            lights: plan.lights.iter().map(|light| light.name).collect(),
            frames: plan.frames(&mut self.random),
            nominal: (!self.kind.is_irregular()).then(|| self.nominal.clone()),
        }
    }

    fn rig(mut self, seed: u64) -> Rig {
        let count = 14 + self.random.below(30);
        let beats = self.beats(count);
        let mut plan = self.plan(beats);
        let wiring = self.kind.wiring();
        let mut wired = [&[Role::Strobe], wiring.always].concat();
        wired.extend(wiring.maybe.iter().filter(|_| self.random.one(2)));
        if wired.contains(&Role::Flash) {
            self.light(&mut plan);
        }
        let mut rig = Rig {
            kind: self.kind,
            seed,
            cameras: Vec::new(),
            lines: Vec::new(),
            length: 0,
            lost: None,
            analyzer: self.analyzer.clone(),
            statement: Statement::default(),
            log: None,
        };
        let window = self.window(&plan);
        rig.add_camera(self.camera(&plan), &wired);
        self.second(&plan, &wired, &mut rig);
        for (number, line) in rig.lines.iter_mut().enumerate() {
            line.active_low = self.random.one(4);
            line.probe = if self.random.one(2) { format!("D{number}") } else { line.probe.to_uppercase() };
        }
        self.state(&plan, &mut rig);
        rig.cut(window.0, window.1);
        if self.kind == Kind::CameraLog {
            rig.write_log(&mut self.random);
        }
        rig
    }

    /// The second camera, where there is one.
    fn second(&mut self, first: &Plan, wired: &[Role], rig: &mut Rig) {
        let mut plan = first.clone();
        match self.kind {
            Kind::Stereo => {
                let (shortest, longest) = plan.exposures.extremes();
                plan.offset.base += self.random.within(0, ((self.shortest - longest) / 20).min(shortest / 8));
            }
            Kind::OppositePhases => plan.beats.iter_mut().for_each(|beat| *beat += self.nominal.time / 2),
            Kind::TwoRates => {
                let (times, over) = *self.random.pick(&[(2, 1), (1, 2), (5, 4), (4, 5), (3, 1)]);
                let (time, end) = (self.nominal.time * times / over, plan.beats[plan.beats.len() - 1]);
                self.nominal = Nominal { text: format!("{time} ps"), time };
                self.shortest = time * 98 / 100;
                let beats = self.beats((end / time) as usize + 1);
                plan = self.plan(beats);
            }
            _ => return,
        }
        // FSIN and light are shared where the cameras are in step.
        let own = [Role::Strobe, Role::Readout, if self.kind == Kind::TwoRates { Role::Fsin } else { Role::Strobe }];
        let wired: Vec<Role> = wired.iter().filter(|role| own.contains(role)).copied().collect();
        rig.add_camera(self.camera(&plan), &wired);
    }

    /// From when to when is recorded.
    fn window(&mut self, plan: &Plan) -> (Ps, Ps) {
        let (beats, random, time) = (&plan.beats, &mut self.random, self.nominal.time);
        let (first, last, count) = (beats[0], beats[beats.len() - 1], beats.len());
        let mut from = random.within(beats[1], beats[2]);
        let mut to = random.within(beats[count - 4], beats[count - 3]);
        // Sometimes next to an edge.
        if random.one(4) {
            (from, to) = (beats[2] - random.within(-30, 30) * US, beats[count - 4] + random.within(-30, 30) * US);
        }
        match self.kind {
            Kind::StartTransient => from = first - random.within(time * 8 / 10, time * 18 / 10),
            Kind::StartsLate => from = first - random.within(2 * time, 20 * time),
            Kind::Stops => to = last + random.within(3 * time, 20 * time),
            Kind::Events | Kind::EventsOnMilliseconds => {
                let longest = beats.windows(2).map(|two| two[1] - two[0]).max().unwrap_or(time);
                (from, to) = (first - random.within(time, 8 * time), last + random.within(time, 4 * longest));
            }
            _ => {}
        }
        (from, to)
    }

    /// What the spec says of all this.
    fn state(&mut self, plan: &Plan, rig: &mut Rig) {
        let (random, timing) = (&mut self.random, &mut rig.statement.timing);
        let quoted = |text: &str| format!("\"{text}\"");
        // A camera whose alignment could be either is told.
        let is_told = self.kind.wiring().alignment.is_none() || self.alignment == Alignment::Middle;
        if !random.one(3) || is_told {
            timing.push(("alignment", quoted(self.alignment.key())));
        }
        if self.burst > 1 {
            timing.push(("burst", self.burst.to_string()));
        }
        if let Some(rows) = plan.rows {
            timing.extend([("shutter", quoted("rolling")), ("readout_time", format!("\"{rows} ps\""))]);
        }
        match self.kind {
            Kind::StartTransient => timing.push(("skip_frames", (plan.transient + 2 + random.below(4)).to_string())),
            Kind::Stops => timing.push(("ends", quoted("stops"))),
            Kind::FlashPattern => timing.push(("flash_pattern", pattern(&plan.lights))),
            _ => {}
        }
        let needs_time = matches!(self.kind, Kind::StartsLate | Kind::Stops | Kind::StartTransient | Kind::TimeLapse);
        rig.statement.frame_time = match random.below(if needs_time { 4 } else { 5 }) {
            _ if self.kind.is_irregular() => FrameTime::Unstated,
            _ if self.kind == Kind::TwoRates => FrameTime::ByLimit,
            0 | 1 => FrameTime::ByLimit,
            2 | 3 => FrameTime::Stated,
            _ => FrameTime::Unstated,
        };
    }
}

/// How late a host is at most.
fn late(nominal: &Nominal) -> Ps {
    (5 * MS).min(nominal.time / 7)
}

/// The pattern of these lights, as a spec writes it.
fn pattern(lights: &[Light]) -> String {
    let entry = |n: usize| {
        let lit: Vec<&str> = lights.iter().filter(|light| light.lit[n]).filter_map(|light| light.name).collect();
        if lit.is_empty() { "\"-\"".to_owned() } else { format!("\"{}\"", lit.join("+")) }
    };
    let entries: Vec<String> = (0..lights[0].lit.len()).map(entry).collect();
    format!("[{}]", entries.join(", "))
}

impl Rig {
    /// A camera, and its own lines of these roles.
    fn add_camera(&mut self, camera: Camera, wired: &[Role]) {
        let number = self.cameras.len();
        let lines = wired.iter().flat_map(|&role| {
            let names = if role == Role::Flash { camera.lights.clone() } else { vec![None] };
            names.into_iter().enumerate().map(move |(light, name)| (role, light, name))
        });
        for (role, light, name) in lines {
            let mut pulses: Vec<Pulse> = camera.frames.iter().flat_map(|frame| frame.pulses(role, light)).collect();
            pulses.sort_by_key(|pulse| pulse.start);
            let probe = format!("{}{number}{}", role.key(), name.unwrap_or_default());
            let mut line = Line { role, camera: number, name, probe, active_low: false, pulses };
            line.join();
            self.lines.push(line);
        }
        self.cameras.push(camera);
    }

    /// The log that the first camera's driver would write, its clock off by some ppm.
    fn write_log(&mut self, random: &mut Random) {
        let (offset, ppm, first) = (random.within(500 * S, 1000 * S), random.within(-50, 50), random.within(0, 5000));
        let mut log = "seq,ts_device_us,exposure_us\n".to_owned();
        for exposure in self.cameras[0].frames.iter().flat_map(|frame| &frame.exposures) {
            let at = offset + exposure.end + exposure.end / 1_000_000 * ppm;
            let (nanos, width) = (at / 1000, exposure.width() / US);
            log.push_str(&format!("{},{}.{:03},{width}\n", first + exposure.frame, nanos / 1000, nanos % 1000));
        }
        self.log = Some(log);
    }
}
