//! Random rigs: one to four cameras that share what cameras may share, follow the first one, are soft-synced to it or run
//! by themselves; with STROBE and FSIN pulses that are lost, and STROBE pulses that are too many.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::random_scenario::{Draw, FlashDraw, FsinDraw, draw, share};

/// How a further camera is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Timing {
    /// By the first one's boundaries, and its FSIN line.
    Shared,
    /// By the first one's boundaries, with an FSIN line of its own.
    OwnFsin,
    /// By a clock of its own, kept near by whole lines.
    SoftSync,
    /// By a clock of its own.
    Alone,
}

#[derive(Debug, Clone)]
struct Further {
    draw: Draw,
    timing: Timing,
    /// In thousandths of what is allowed.
    skew: i32,
}

/// What is wrong with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strike {
    Nothing,
    MissingStrobe,
    ExtraStrobe,
    MissingFsin,
}

/// One in three frames may be struck, the others are whole: a strike never meets another.
const SPACING: usize = 3;
const FIRST_STRUCK: i64 = 2;

/// The text of a rig.
pub(crate) fn rig() -> impl Strategy<Value = String> {
    let timings = [Timing::Shared, Timing::Shared, Timing::Shared, Timing::OwnFsin, Timing::SoftSync, Timing::Alone];
    let timing = prop::sample::select(timings.to_vec());
    let further = (draw(), timing, -1000..=1000_i32).prop_map(|(draw, timing, skew)| Further { draw, timing, skew });
    let kinds = [Strike::Nothing, Strike::MissingStrobe, Strike::ExtraStrobe, Strike::MissingFsin];
    let strike = prop::sample::select(kinds.to_vec());
    let strikes = prop::collection::vec((strike, any::<prop::sample::Index>(), 0..1000_u32), 0..8);
    (draw(), prop::collection::vec(further, 0..=3), strikes).prop_map(|(first, further, strikes)| {
        let cameras: Vec<Further> = further.into_iter().map(|camera| camera.beside(&first)).collect();
        let mut text = first.text();
        for (i, camera) in cameras.iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = camera.write(&mut text, &first, i + 1);
        }
        let last_struck = i64::from(first.frames) - 5;
        for (slot, (strike, camera, place)) in strikes.into_iter().enumerate() {
            let frame = FIRST_STRUCK + (slot * SPACING) as i64;
            if frame <= last_struck {
                let camera = camera.index(cameras.len() + 1);
                let struck = camera.checked_sub(1).map_or(&first, |further| &cameras[further].draw);
                let own_fsin = camera == 0 || cameras[camera - 1].timing == Timing::OwnFsin;
                let _ = write_strike(&mut text, strike, camera, frame, place, (struck, own_fsin));
            }
        }
        text
    })
}

impl Further {
    /// The same camera as it can be beside the first one.
    fn beside(mut self, first: &Draw) -> Further {
        let draw = &mut self.draw;
        (draw.samplerate, draw.fps, draw.drop_frame) = (first.samplerate, first.fps, first.drop_frame);
        draw.trigger_wired = false;
        self.timing = match self.timing {
            // Without FSIN nothing tells frames but STROBE.
            Timing::Shared if !first.fsin_wired => Timing::Alone,
            Timing::Shared | Timing::OwnFsin | Timing::SoftSync | Timing::Alone => self.timing,
        };
        draw.fsin_wired = matches!(self.timing, Timing::Shared | Timing::OwnFsin);
        if self.timing == Timing::Shared {
            draw.fsin = first.fsin;
        }
        // Exposures that end at a boundary have no frame in common with those that start at another one, and middles with neither.
        if self.timing != Timing::Shared || first.middle_aligned || draw.middle_aligned {
            (draw.start_aligned, draw.middle_aligned) = (first.start_aligned, first.middle_aligned);
        }
        if draw.middle_aligned {
            draw.fsin = FsinDraw::One;
        }
        if !draw.start_aligned || !draw.fsin_wired || draw.fsin == FsinDraw::Alike {
            draw.burst = 1;
        }
        draw.ready_wired &= draw.start_aligned;
        self
    }

    /// How much later its boundaries are than the first one's.
    fn skew(&self, first: &Draw) -> i64 {
        let period = self.draw.period();
        match (self.timing, self.draw.start_aligned) {
            // No exposure starts before its trigger, nor after the next one.
            (Timing::Shared, true) => share(period / 20, self.skew.abs()),
            // Its own exposures are nearer to FSIN than any that are too many.
            (Timing::Shared, false) => share(period / 10, self.skew),
            // No FSIN comes before the host's trigger.
            (Timing::OwnFsin, _) if !first.trigger_wired => share(period / 5, self.skew),
            (Timing::OwnFsin | Timing::SoftSync | Timing::Alone, _) => share(period / 5, self.skew.abs()),
        }
    }

    fn write(&self, out: &mut String, first: &Draw, place: usize) -> std::fmt::Result {
        let draw = &self.draw;
        let mark = |low: bool| if low { "!" } else { "" };
        writeln!(out, "[camera.c{place}]\nstrobe = {}", draw.strobe(&place.to_string()))?;
        if self.timing == Timing::OwnFsin {
            writeln!(out, "fsin = \"{}F{place}\"", mark(draw.active_low[1]))?;
        }
        if draw.flash != FlashDraw::None {
            writeln!(out, "flash = \"{}L{place}\"", mark(draw.active_low[2]))?;
        }
        if draw.readout_wired {
            writeln!(out, "readout = \"R{place}\"")?;
        }
        if draw.ready_wired {
            writeln!(out, "ready = \"Y{place}\"")?;
        }
        writeln!(out, "[camera.c{place}.timing]")?;
        match self.timing {
            Timing::Shared | Timing::OwnFsin => writeln!(out, "skew = \"{} ns\"", self.skew(first))?,
            Timing::SoftSync | Timing::Alone => {
                let offset = share(first.period(), first.offset) + self.skew(first);
                writeln!(out, "offset = \"{offset} ns\"")?;
                draw.write_clock(out)?;
            }
        }
        if self.timing == Timing::SoftSync {
            let line = draw.period() / 1000;
            let within = line * 5;
            writeln!(out, "soft_sync = {{ line = \"{line} ns\", lines = 4, within = \"{within} ns\" }}")?;
        }
        draw.write_pulses(out)
    }
}

/// A strike, as the fault that does it, where it makes sense.
fn write_strike(
    out: &mut String,
    strike: Strike,
    camera: usize,
    frame: i64,
    place: u32,
    (draw, own_fsin): (&Draw, bool),
) -> std::fmt::Result {
    let name = if camera == 0 { "main".to_owned() } else { format!("c{camera}") };
    let kind = match strike {
        Strike::Nothing => return Ok(()),
        Strike::MissingFsin if !own_fsin => return Ok(()),
        Strike::MissingFsin => "missing-fsin",
        Strike::MissingStrobe => "missing-strobe",
        Strike::ExtraStrobe => "extra-strobe",
    };
    writeln!(out, "[[fault]]\nkind = \"{kind}\"\ncamera = \"{name}\"\nframes = {frame}")?;
    match strike {
        Strike::Nothing | Strike::MissingFsin | Strike::MissingStrobe => Ok(()),
        Strike::ExtraStrobe => {
            // In hundredths of a frame: where nothing else is exposed.
            let (from, to, widest) = match (draw.start_aligned, draw.burst) {
                (false, _) if draw.middle_aligned => (50, 54, 6),
                (false, _) => (28, 33, 5),
                (true, 1) => (60, 68, 8),
                (true, _) => (83, 86, 3),
            };
            let hundredth = draw.period() / 100;
            let after = from * hundredth + share((to - from) * hundredth, place);
            let width = draw.visible() + share(widest * hundredth, place) / 2;
            writeln!(out, "after = \"{after} ns\"\nwidth = \"{width} ns\"")
        }
    }
}
