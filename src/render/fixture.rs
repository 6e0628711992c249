//! Captures made by hand, judged by the real rules: what the tests of figures and pages look at.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::capture::{Capture, Line, Presence, Probe};
use crate::diagnosis::{Explanation, Finding, Severity, Support};
use crate::quantity::{self, Subject};
use crate::report::{CaptureReport, Judgement, Outcome, Provenance, SubjectNotes, testing};
use crate::rig::{AlignmentSetting, Camera, Ends, Polarity, ProbeSelector, Rig, Role, Shutter, Wire};
use crate::signal::{Level, Lost, LostSpan, Waveform};
use crate::spec::{Allow, Analyzer, Limit, Origin, Rule, Spec};
use crate::units::{Rational, SampleIndex, SampleRate};
use crate::verify::verify;

/// A free-running camera at 30 fps whose exposures end at FSIN, seen at 1 MHz; times in samples, that is in µs.
#[derive(Debug, Clone)]
pub(super) struct Bench {
    pub(super) frames: u64,
    /// The exposure time of a frame.
    pub(super) exposure: fn(u64) -> u64,
    /// Frames whose FSIN pulse and exposure are not there.
    pub(super) dropped: Vec<u64>,
    pub(super) with_flash: bool,
    pub(super) names: [&'static str; 3],
    pub(super) limits: Vec<(&'static str, Vec<&'static str>)>,
    pub(super) lost: Vec<(u64, u64)>,
    pub(super) clock_ppm: i128,
    pub(super) skip_frames: u64,
    pub(super) path: &'static str,
    pub(super) silent: bool,
}

/// The frame time in samples.
pub(super) const PERIOD: u64 = 33_333;
/// Where FSIN rises first.
pub(super) const FIRST: u64 = 40_000;

/// A number from 0 to `below` − 1 that looks random and is always the same.
pub(super) fn scatter(seed: u64, below: u64) -> u64 {
    let mixed = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33) % below
}

impl Default for Bench {
    fn default() -> Self {
        Bench {
            frames: 300,
            exposure: |frame| 19_990 + scatter(frame, 21),
            dropped: Vec::new(),
            with_flash: true,
            names: ["FSIN", "STROBE", "FLASH"],
            limits: vec![
                ("frame.time", vec!["1/30 s ± 0.1 %"]),
                ("frame.jitter", vec!["<= 20 us"]),
                ("fsin.width", vec![">= 5 us"]),
                ("exposure.time", vec!["20 ms ± 50 us"]),
                ("exposure.end", vec!["0 us ± 20 us"]),
                ("flash.lead", vec!["-50 us .. 200 us"]),
                ("flash.lag", vec!["0 us .. 1 ms"]),
                ("flash.coverage", vec![">= 99 %"]),
            ],
            lost: Vec::new(),
            clock_ppm: 50,
            skip_frames: 0,
            path: "captures/board7.sr",
            silent: false,
        }
    }
}

impl Bench {
    /// 300 frames, all of them good.
    pub(super) fn passing() -> Bench {
        Bench::default()
    }

    /// 300 frames: three exposures too long, one at the limit, two frames dropped.
    pub(super) fn failing() -> Bench {
        Bench {
            exposure: |frame| match frame {
                17 => 20_062,
                180 => 20_051,
                181 => 20_075,
                240 => 20_050,
                _ => 19_990 + scatter(frame, 21),
            },
            dropped: vec![90, 91],
            skip_frames: 3,
            path: "captures/board7-bad.sr",
            ..Bench::default()
        }
    }

    /// A repeating sequence of three exposures, of which one is wrong.
    pub(super) fn sequence() -> Bench {
        Bench {
            exposure: |frame| {
                let nominal = [20_000, 10_000, 30_000][(frame % 3) as usize];
                if frame == 100 { nominal - 90 } else { nominal - 10 + scatter(frame, 21) }
            },
            limits: vec![
                ("frame.time", vec!["1/30 s ± 0.1 %"]),
                ("exposure.time", vec!["20 ms ± 50 us", "10 ms ± 50 us", "30 ms ± 50 us"]),
            ],
            path: "captures/sequence.sr",
            ..Bench::default()
        }
    }

    /// Limits as narrow as the instrument: nothing can be decided.
    pub(super) fn open() -> Bench {
        Bench {
            limits: vec![
                ("frame.time", vec!["33.333 ms ± 4 us"]),
                ("exposure.time", vec!["<= 20.011 ms"]),
                ("exposure.latency", vec!["<= 1 ms"]),
            ],
            clock_ppm: 100,
            path: "captures/narrow.sr",
            ..Bench::default()
        }
    }

    /// Two lost stretches and a cut.
    pub(super) fn damaged() -> Bench {
        Bench {
            lost: vec![(60_000, 75_000), (2_000_000, 3_000_000), (7_000_000, 7_000_000)],
            path: "captures/torn.sr",
            ..Bench::default()
        }
    }

    /// Names that try to break out of the page.
    pub(super) fn hostile() -> Bench {
        Bench {
            frames: 12,
            names: [
                "</text><script>alert(1)</script>",
                "\"'><img src=x onerror=alert(2)>&amp;\u{202e}EBORTS\u{0}\u{1b}[2J a name that goes on and on and on",
                "אבג \u{200f}FLASH 漢字漢字漢字漢字漢字漢字",
            ],
            dropped: vec![6],
            path: "captures/<b>\u{202e}rs.\"&'</title><script>alert(3)</script>.sr",
            ..Bench::failing()
        }
    }

    /// A single frame.
    pub(super) fn tiny() -> Bench {
        Bench { frames: 1, path: "tiny.sr", ..Bench::default() }
    }

    /// STROBE and flash never move.
    pub(super) fn silent() -> Bench {
        Bench { silent: true, path: "captures/dead.sr", ..Bench::default() }
    }

    fn length(&self) -> u64 {
        FIRST + self.frames * PERIOD + 20_000
    }

    /// The rising edges of FSIN: one per frame boundary, each up to 2 samples late.
    fn boundaries(&self) -> impl Iterator<Item = (u64, u64)> {
        let kept = (0..=self.frames).filter(|frame| !self.dropped.contains(frame));
        kept.map(|frame| (frame, FIRST + frame * PERIOD + scatter(frame, 3)))
    }

    fn capture(&self) -> Capture {
        let (mut fsin, mut strobe, mut flash) = (Vec::new(), Vec::new(), Vec::new());
        for (frame, at) in self.boundaries() {
            fsin.extend([at, at + 100]);
            if !self.silent {
                let end = at + scatter(frame + 7, 4);
                // Boundary n ends the exposure of frame n − 1.
                let exposed = frame.checked_sub(1).unwrap_or(2);
                let start = end - (self.exposure)(exposed);
                strobe.extend([start, end]);
                flash.extend([start - 30, end + 200]);
            }
        }
        let length = SampleIndex::new(self.length());
        let lines = [fsin, strobe, flash].into_iter().zip(self.names).enumerate().map(|(bit, (changes, name))| {
            let (initial, changes) = if bit == 2 { (Level::High, changes) } else { (Level::Low, changes) };
            let probe = Probe { bit: bit as u32, name: name.to_owned(), presence: Presence::Recorded };
            let waveform = Arc::new(Waveform::new(initial, changes, length).unwrap());
            Line { probe, waveform, unknown: Lost::nothing() }
        });
        let span = |(from, to)| LostSpan::new(SampleIndex::new(from), SampleIndex::new(to));
        let problem = |(from, to): &(u64, u64)| format!("logic-1-2: samples {from} to {to} are lost");
        Capture {
            lost: Lost::from_spans(self.lost.iter().copied().map(span).collect()),
            problems: self.lost.iter().map(problem).collect(),
            ..Capture::of("srzip", SampleRate::parse("1 MHz").unwrap(), length, lines.collect())
        }
    }

    fn rig(&self) -> Rig {
        let mut rig = Rig::default();
        let roles = [(Role::Fsin, false), (Role::Strobe, false), (Role::Flash, true)];
        let mut camera = Camera {
            alignment: AlignmentSetting::Auto,
            burst: NonZeroU32::MIN,
            shutter: Shutter::Global,
            ..Camera::new("main")
        };
        for (bit, (role, active_low)) in roles.into_iter().enumerate().filter(|(bit, _)| *bit < 2 || self.with_flash) {
            let wire = rig.add_wire(Wire {
                role,
                name: None,
                owner: "main".to_owned(),
                probe: ProbeSelector::Bit(bit as u32),
                polarity: if active_low { Polarity::ActiveLow } else { Polarity::ActiveHigh },
                edge: Rational::ZERO,
                glitch: None,
            });
            camera.connect(role, wire);
        }
        camera.frame_time = Rational::new(1, 30);
        rig.cameras = vec![camera];
        rig.ends = Ends::Running;
        rig.skip_frames = self.skip_frames;
        rig
    }

    fn spec(&self) -> Spec {
        let rig = self.rig();
        let rule = |id: &str, subject: Subject, limits: &[&str], origin: Origin| {
            let quantity = quantity::find(id).unwrap();
            let limits = limits.iter().map(|text| Limit::parse(text, quantity.unit).unwrap()).collect();
            Rule { quantity, subject, limits, allow: Allow::Frames(0), origin }
        };
        let mut rules: Vec<Rule> = rig
            .wire_indices()
            .map(|wire| rule("line.edges", Subject::Line(wire), &[">= 1"], Origin::Implied))
            .collect();
        for (id, limits) in &self.limits {
            rules.push(rule(id, Subject::Camera(0), limits, Origin::Stated));
        }
        for id in ["frame.missing", "frame.extra", "exposure.missing", "exposure.extra"] {
            rules.push(rule(id, Subject::Camera(0), &["0"], Origin::Implied));
        }
        rules.sort_by_key(|rule| quantity::QUANTITIES.iter().position(|quantity| quantity.id == rule.quantity.id));
        let mut effective = vec![
            ("wiring.fsin".to_owned(), self.names[0].to_owned()),
            ("wiring.strobe".to_owned(), self.names[1].to_owned()),
            ("timing.frame_time".to_owned(), "1/30 s".to_owned()),
            ("analyzer.clock".to_owned(), format!("{} ppm", self.clock_ppm)),
        ];
        effective.extend(self.limits.iter().map(|(id, limits)| (format!("limits.{id}"), limits.join(", "))));
        Spec {
            analyzer: Analyzer { clock: Rational::decimal(self.clock_ppm, -6), correction: Rational::ZERO },
            rules,
            effective: Arc::new(effective),
            ..testing::spec(rig)
        }
    }

    /// The capture, judged.
    pub(super) fn judge(&self) -> Judgement {
        let capture = self.capture();
        let spec = self.spec();
        let provenance = Provenance {
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            subject: SubjectNotes {
                dut: Some("board 7".to_owned()),
                station: Some("bench 2".to_owned()),
                operator: None,
                note: Some("after soldering STROBE to TP18".to_owned()),
            },
            ..Provenance::of(&capture)
        };
        let mut judgement = verify(&capture, Arc::new(spec), "board7.spec.toml".to_owned(), provenance).unwrap();
        if !self.dropped.is_empty() {
            judgement.findings.push(dropped_frame(self.names[1]));
        }
        judgement
    }

    /// The capture as part of a report.
    pub(super) fn report(&self) -> CaptureReport {
        CaptureReport { path: self.path.to_owned(), outcome: Outcome::Judged(Box::new(self.judge())), expected: None }
    }
}

fn dropped_frame(name: &str) -> Finding {
    Finding {
        fault: "dropped-frame",
        severity: Severity::Fail,
        camera: Some("main".to_owned()),
        line: None,
        summary: "2 frames are missing in one gap; the frames after it are in phase with those before".to_owned(),
        evidence: "the interval after frame 89 is 99.999 ms, 3 frame times".to_owned(),
        at: vec![SampleIndex::new(FIRST + 89 * PERIOD)],
        explanations: vec![
            Explanation {
                cause: "the sensor skipped a readout".to_owned(),
                remedy: "lower the frame rate and try again".to_owned(),
                support: Support::Supported,
            },
            Explanation {
                cause: format!("a trigger was lost on {name}"),
                remedy: "check the trigger line".to_owned(),
                support: Support::Possible,
            },
        ],
        look_alikes: Vec::new(),
        explains: vec!["frame.time", "frame.missing"],
    }
}

/// The check of this quantity.
pub(super) fn check<'a>(judgement: &'a Judgement, id: &str) -> &'a crate::verdict::Check {
    judgement.checks.iter().find(|check| check.quantity.id == id).unwrap()
}
