//! Random scenarios: the texts of healthy ones whose every pulse and gap is long enough for the analyzer to see.

use std::fmt::Write as _;

use proptest::prelude::*;

/// What a healthy camera is drawn from; all times are in nanoseconds.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    pub(super) seed: u64,
    /// In hertz.
    pub(super) samplerate: u64,
    /// In tenths of a ppm.
    pub(super) clock_error: i32,
    pub(super) fps: u32,
    /// The rate is that of video: 1000/1001 of the frames a second.
    pub(super) drop_frame: bool,
    pub(super) frames: u32,
    pub(super) drift: i32,
    pub(super) start_aligned: bool,
    /// Only of one that is not start-aligned.
    pub(super) middle_aligned: bool,
    pub(super) fsin_wired: bool,
    pub(super) fsin: FsinDraw,
    pub(super) active_low: [bool; 3],
    pub(super) flash: FlashDraw,
    pub(super) burst: u32,
    pub(super) trigger_wired: bool,
    pub(super) readout_wired: bool,
    /// Only of a start-aligned camera.
    pub(super) ready_wired: bool,
    /// STROBE comes on two pins in turn.
    pub(super) two_pins: bool,
    never_overlaps: bool,
    pub(super) shutter: ShutterDraw,
    /// Fractions, in thousandths, that place everything within what keeps it apart.
    exposures: Vec<u32>,
    pub(super) offset: u32,
    phase: u32,
    exposure_offset: i32,
    fsin_width: u32,
    lead: i32,
    lag: i32,
    jitters: [u32; 5],
    gaussian: bool,
}

/// A readout time that leaves no doubt which exposures have all rows exposed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShutterDraw {
    Global,
    /// All of them.
    Short,
    /// None of them.
    Long,
    /// All of them, of a STROBE that shows all rows at once, or any row.
    AllRows,
    AnyRow,
}

/// The pulses of FSIN in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FsinDraw {
    One,
    /// So many near to each other.
    Bunched(u32),
    /// Two, half a frame apart: exposures tell which is the first. Not of bursts, which tell nothing then.
    Alike,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FlashDraw {
    None,
    WithExposure,
    /// Only of a start-aligned camera without bursts; else with the exposure.
    AfterFsin,
}

/// The text of a healthy scenario: one camera of 15 to 240 frames a second, sampled at 100 kHz to 100 MHz; either
/// alignment, with or without FSIN and flash, with jitter, drift, and an analyzer whose clock is off.
pub(crate) fn scenario() -> impl Strategy<Value = String> {
    draw().prop_map(|draw| draw.text())
}

/// A healthy camera.
pub(super) fn draw() -> impl Strategy<Value = Draw> {
    let rates = prop_oneof![
        prop::sample::select(vec![100_000, 200_000, 1_000_000, 4_000_000, 12_000_000, 24_000_000, 100_000_000]),
        100_000_u64..100_000_000,
    ];
    let flash = prop_oneof![Just(FlashDraw::None), Just(FlashDraw::WithExposure), Just(FlashDraw::AfterFsin)];
    let analyzer = (any::<u32>(), rates, -2000..=2000_i32, 0..1000_u32);
    let frames = (15..=240_u32, any::<bool>(), 4..40_u32, -100..=100_i32, 0..1000_u32);
    let shutter = prop_oneof![6 => Just(ShutterDraw::Global), 2 => Just(ShutterDraw::Short), 2 => Just(ShutterDraw::Long),
            1 => Just(ShutterDraw::AllRows), 1 => Just(ShutterDraw::AnyRow)];
    let fsin = prop_oneof![
        4 => Just(FsinDraw::One), 1 => (2..=3_u32).prop_map(FsinDraw::Bunched), 1 => Just(FsinDraw::Alike)
    ];
    let lines = (any::<[bool; 8]>(), any::<[bool; 3]>(), flash, 1..=3_u32, (shutter, fsin));
    let exposures = (prop::collection::vec(0..1000_u32, 1..4), -1000..=1000_i32, 0..1000_u32);
    let edges = (-1000..=1000_i32, -1000..=1000_i32, any::<bool>(), prop::array::uniform5(0..1000_u32));
    (analyzer, frames, lines, exposures, edges).prop_map(
        |((seed, samplerate, clock_error, phase), frames, lines, exposures, edges)| {
            let (fps, drop_frame, frames, drift, offset) = frames;
            let (wired, active_low, flash, burst, (shutter, fsin)) = lines;
            let [
                start_aligned,
                middle,
                fsin_wired,
                trigger_wired,
                readout_wired,
                ready_wired,
                two_pins,
                never_overlaps,
            ] = wired;
            let middle_aligned = middle && !start_aligned;
            let (exposures, exposure_offset, fsin_width) = exposures;
            let (lead, lag, gaussian, jitters) = edges;
            Draw {
                seed: u64::from(seed),
                samplerate,
                clock_error,
                fps,
                drop_frame,
                frames,
                drift,
                start_aligned,
                middle_aligned,
                fsin_wired,
                fsin: if middle_aligned { FsinDraw::One } else { fsin },
                active_low,
                flash,
                // Without FSIN nobody can tell which pulse of a burst a capture begins with.
                burst: if start_aligned && fsin_wired && fsin != FsinDraw::Alike { burst } else { 1 },
                trigger_wired,
                readout_wired,
                ready_wired: ready_wired && start_aligned,
                two_pins,
                never_overlaps,
                shutter,
                exposures,
                offset,
                phase,
                exposure_offset,
                fsin_width,
                lead,
                lag,
                jitters,
                gaussian,
            }
        },
    )
}

/// A thousandth of `most`, so many times.
pub(super) fn share(most: i64, thousandths: impl Into<i64>) -> i64 {
    most * thousandths.into() / 1000
}

impl Draw {
    /// Half the room of a pulse of a burst: exposures take at most this, and what is left is gap.
    fn half_slot(&self) -> i64 {
        self.period() / i64::from(2 * self.burst)
    }

    pub(super) fn period(&self) -> i64 {
        1_000_000_000 / i64::from(self.fps)
    }

    /// Four sample periods: what is this long cannot be overlooked.
    pub(super) fn visible(&self) -> i64 {
        4_000_000_000 / i64::try_from(self.samplerate).unwrap_or(1) + 1
    }

    /// The shortest exposure, before jitter; 12 periods of 100 kHz are 120 µs, a slot of 240 fps and 3 pulses is 694 µs.
    fn shortest(&self) -> i64 {
        (3 * self.visible()).max(self.half_slot() / 10)
    }

    fn exposures(&self) -> Vec<i64> {
        let room = self.half_slot() - self.shortest();
        self.exposures.iter().map(|&thousandths| self.shortest() + share(room, thousandths)).collect()
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let period = self.period();
        writeln!(out, "duration = \"{} ns\"\nseed = {}", period * i64::from(self.frames), self.seed)?;
        let phase = share(self.visible() / 4, self.phase);
        let (whole, tenth) = (self.clock_error / 10, self.clock_error.abs() % 10);
        let error = format!("{whole}.{tenth}");
        writeln!(out, "[analyzer]\nsamplerate = \"{} Hz\"", self.samplerate)?;
        writeln!(out, "clock_error = \"{error} ppm\"\nphase = \"{phase} ns\"\n[wiring]")?;
        let mark = |low: bool| if low { "!" } else { "" };
        writeln!(out, "strobe = {}", self.strobe(""))?;
        if self.fsin_wired {
            writeln!(out, "fsin = \"{}F\"", mark(self.active_low[1]))?;
        }
        if self.flash != FlashDraw::None {
            writeln!(out, "flash = \"{}L\"", mark(self.active_low[2]))?;
        }
        if self.readout_wired {
            writeln!(out, "readout = \"R\"")?;
        }
        if self.trigger_wired {
            writeln!(out, "trigger = \"T\"")?;
        }
        if self.ready_wired {
            writeln!(out, "ready = \"{}Y\"", mark(self.active_low[2]))?;
        }
        let rate = if self.drop_frame { format!("{}/1001", self.fps * 1000) } else { self.fps.to_string() };
        writeln!(out, "[timing]\noffset = \"{} ns\"\nframe.rate = \"{rate} Hz\"", share(period, self.offset))?;
        self.write_clock(out)?;
        if self.trigger_wired {
            // A network's: less than a frame by far, and later than it should be.
            let clip = period / 3;
            writeln!(out, "trigger.latency = \"{} ns\"", self.visible())?;
            writeln!(out, "trigger.width = \"{} ns\"", self.visible())?;
            writeln!(out, "jitter.trigger.latency = {{ exponential = \"{} ns\", clip = \"{clip} ns\" }}", clip / 4)?;
        }
        self.write_pulses(out)
    }

    /// The pin of STROBE, or two that it comes on in turn, with this behind their names.
    pub(super) fn strobe(&self, behind: &str) -> String {
        let mark = if self.active_low[0] { "!" } else { "" };
        match self.two_pins {
            false => format!("\"{mark}S{behind}\""),
            true => format!("[\"{mark}S{behind}\", \"Z{behind}\"]"),
        }
    }

    /// How its own frame clock strays.
    pub(super) fn write_clock(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "frame.drift = \"{} ppm\"", self.drift)?;
        writeln!(out, "jitter.frame.time = {}", self.jitter(self.period() / 100, self.jitters[0]))
    }

    /// What its lines show in each frame.
    pub(super) fn write_pulses(&self, out: &mut String) -> std::fmt::Result {
        let alignment = match (self.start_aligned, self.middle_aligned) {
            (true, _) => "start",
            (false, true) => "middle",
            (false, false) => "end",
        };
        let exposures = self.exposures();
        let texts: Vec<String> = exposures.iter().map(|time| format!("\"{time} ns\"")).collect();
        writeln!(out, "alignment = \"{alignment}\"\nexposure.time = [{}]", texts.join(", "))?;
        let (pulses, spacing, widest) = match self.fsin {
            FsinDraw::One => (1, self.period(), self.period() / 10),
            FsinDraw::Bunched(pulses) => (pulses, self.period() / 9, self.period() / 20),
            FsinDraw::Alike => (2, self.period() / 2, self.period() / 10),
        };
        let width = self.visible() + share(widest, self.fsin_width);
        writeln!(out, "fsin = {{ width = \"{width} ns\", per_frame = {pulses}, spacing = \"{spacing} ns\" }}")?;
        self.write_offset(out)?;
        self.write_flash(out)?;
        if self.readout_wired {
            let slot = self.half_slot() / 8;
            writeln!(out, "readout.start = \"{} ns\"", share(slot, self.lag))?;
            writeln!(out, "readout.time = \"{} ns\"", self.visible() + share(2 * slot, self.fsin_width))?;
        }
        if self.ready_wired {
            // It goes inactive with the trigger or later, before the shortest exposure ends, and is ready long before the next one.
            let latency = share(self.shortest() / 2, self.fsin_width);
            let recovery = share(self.period() / 20, self.lag.abs());
            let latency = if self.gaussian { 0 } else { latency };
            writeln!(out, "ready = {{ latency = \"{latency} ns\", recovery = \"{recovery} ns\" }}")?;
        }
        let (least, most) = (exposures.iter().min(), exposures.iter().max());
        if self.start_aligned {
            writeln!(out, "recovery = \"{} ns\"", share(self.period() / 20, self.lead.abs()))?;
        }
        let overlap = if self.never_overlaps && self.readout_wired { "never" } else { "allowed" };
        writeln!(out, "overlap = \"{overlap}\"")?;
        match (self.shutter, least.zip(most)) {
            (ShutterDraw::Global, _) | (_, None) => writeln!(out, "shutter = \"global\"")?,
            (ShutterDraw::Short, Some((least, _))) => self.write_shutter(out, least * 6 / 10, "row0")?,
            (ShutterDraw::Long, Some((_, most))) => self.write_shutter(out, most * 3 / 2, "row0")?,
            (ShutterDraw::AllRows, Some((least, _))) => self.write_shutter(out, least * 6 / 10, "all-rows")?,
            (ShutterDraw::AnyRow, Some((least, _))) => self.write_shutter(out, least * 3 / 10, "any-row")?,
        }
        // No stray of an edge takes more than an eighth of the shortest exposure, nor of the shortest gap.
        writeln!(out, "jitter.exposure.time = {}", self.jitter(self.shortest() / 8, self.jitters[1]))
    }

    fn write_shutter(&self, out: &mut String, readout_time: i64, shows: &str) -> std::fmt::Result {
        writeln!(out, "shutter = \"rolling\"\nreadout_time = \"{readout_time} ns\"\nstrobe_shows = \"{shows}\"")
    }

    fn write_offset(&self, out: &mut String) -> std::fmt::Result {
        let most = self.period() / 20;
        let jitter = self.jitter(self.shortest() / 8, self.jitters[2]);
        if self.start_aligned {
            writeln!(out, "exposure.latency = \"{} ns\"", self.latency())?;
            writeln!(out, "jitter.exposure.latency = {jitter}")?;
        } else {
            let of = if self.middle_aligned { "middle" } else { "end" };
            writeln!(out, "exposure.{of} = \"{} ns\"", share(most, self.exposure_offset))?;
            writeln!(out, "jitter.exposure.{of} = {jitter}")?;
        }
        writeln!(out, "burst = {}\nburst_spacing = \"{} ns\"", self.burst, 2 * self.half_slot() * 9 / 10)
    }

    /// Trigger to exposure: more than its jitter.
    pub(super) fn latency(&self) -> i64 {
        self.shortest() / 8 + share(self.period() / 20, self.exposure_offset.abs())
    }

    /// A flash that touches its own exposure for long, and the neighbours' never.
    fn write_flash(&self, out: &mut String) -> std::fmt::Result {
        let quarter = self.shortest() / 4;
        let start = self.jitter(self.shortest() / 16, self.jitters[3]);
        let end = self.jitter(self.shortest() / 16, self.jitters[4]);
        match self.flash {
            FlashDraw::None => Ok(()),
            FlashDraw::AfterFsin if self.start_aligned && self.burst == 1 => {
                // From FSIN on until well into the shortest exposure, or a quarter of it less or more.
                let on_time = self.latency() + 2 * quarter + share(quarter, self.lag);
                // Its jitter never brings it before FSIN.
                writeln!(out, "flash.latency = \"{} ns\"\nflash.on-time = \"{on_time} ns\"", self.shortest() / 16)?;
                writeln!(out, "jitter.flash.latency = {start}\njitter.flash.on-time = {end}")
            }
            FlashDraw::AfterFsin | FlashDraw::WithExposure => {
                writeln!(out, "flash.lead = \"{} ns\"", share(quarter, self.lead))?;
                writeln!(out, "flash.lag = \"{} ns\"", share(quarter, self.lag))?;
                writeln!(out, "jitter.flash.lead = {start}\njitter.flash.lag = {end}")
            }
        }
    }

    fn jitter(&self, most: i64, thousandths: u32) -> String {
        let clip = share(most, thousandths);
        if self.gaussian {
            format!("{{ gaussian = \"{} ns\", clip = \"{clip} ns\" }}", clip / 3)
        } else {
            format!("{{ uniform = \"{clip} ns\" }}")
        }
    }
}
