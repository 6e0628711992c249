//! Pulses that are too many, and what they may be.

use std::sync::Arc;

use super::faults::{BOUNCE, BURST, SEVERAL_A_FRAME, SOURCE_RATE};
use super::start::Irregular;
use super::{EXTRA_PULSES, Where, of_frames, several_are_meant};
use crate::diagnosis::claims::Which;
use crate::diagnosis::contact;
use crate::diagnosis::fault::Candidate;
use crate::diagnosis::series::{median, spread, steps};
use crate::diagnosis::trains::Trains;
use crate::diagnosis::view::{JudgedCamera, counted, starts};
use crate::frame::ClockSource;
use crate::quantity::{exposure, flash, fsin};
use crate::rig::Role;

/// Pulses of FSIN or STROBE that no frame asks for.
pub(super) fn too_many(camera: JudgedCamera<'_>, irregular: &Irregular) -> Option<Candidate> {
    let view = camera.capture;
    // Spikes are no pulses that something else made.
    let found = [&irregular.extra_edges, &irregular.extra_pulses].into_iter().flat_map(|places| camera.pins_at(places));
    let is_spike = contact::spikes_of(view, camera.fsin().into_iter().chain(found).collect());
    let pulses_of = |places: &[u64]| -> Vec<u64> {
        let is_pulse = |at: &u64| !is_spike.as_ref().is_some_and(|is_spike| is_spike(*at));
        places.iter().copied().filter(is_pulse).collect()
    };
    let (edges, pulses) = (&pulses_of(&irregular.extra_edges), &pulses_of(&irregular.extra_pulses));
    if edges.is_empty() && pulses.is_empty() {
        return None;
    }
    let frames = camera.frames();
    let period = frames.clock.period.as_ref()?.to_f64();
    let on_fsin = frames.clock.source == ClockSource::Fsin && !edges.is_empty();
    let extra = if edges.len() >= pulses.len() { edges } else { pulses };
    let lines = if on_fsin { vec![camera.fsin()?] } else { camera.pins_at(extra) };
    let line = *lines.first()?;
    let signal = if on_fsin { Arc::clone(&line.signal) } else { camera.exposed() };
    // One pin of several shows but its share.
    let pulses_seen = if camera.wiring().wires(Role::Strobe).len() > 1 { signal.len() } else { line.pulses.len() };
    // What the exposures do outside of the frame's rhythm is a matter of phase, not of number.
    let gaps = irregular.gaps.iter().map(|(_, missing)| *missing as f64).sum::<f64>();
    let missing = irregular.unanswered.len() as f64 + gaps;
    if !on_fsin && (pulses_seen as f64) + missing <= line.frames * f64::from(camera.wiring().burst.get()) - 0.5 {
        return None;
    }
    let trains = Trains::of(&signal, period, view.tolerance(period));
    let offsets = trains.offsets();
    let constant = offsets.len() >= 3 && spread(&offsets) <= view.tolerance(period).max(4.0);
    let per_frame = signal.len() as f64 / line.frames.max(1.0);
    let when = match offsets.first() {
        Some(first) if constant => format!(", each {} after the one that counts", view.time(*first)),
        Some(_) | None => String::new(),
    };
    let width = median(trains.other.iter().map(|span| span.length() as f64).collect());
    let wide = width.map(|width| format!(" of about {}", view.time(width))).unwrap_or_default();
    let labels: Vec<String> = lines.iter().map(|line| line.label()).collect();
    let has = if lines.len() == 1 { "has" } else { "have" };
    let candidate = EXTRA_PULSES.seen(
        format!("{} {has} {}", labels.join(" and "), counted(extra.len(), "extra pulse")),
        format!("{per_frame:.2} pulses in a frame time; {}{wide} come too soon{when}", counted(extra.len(), "pulse")),
    );
    let several = pulses_of_each(&trains, period, view.tolerance(period));
    let each = constant && (per_frame - 2.0).abs() < 0.1;
    let near = offsets.iter().all(|offset| view.seconds(*offset) <= BOUNCES_FOR_S);
    // The camera makes no FSIN; a bounce is over within milliseconds; what is set so happens in every frame.
    let candidate = (candidate.settled(each && !on_fsin, &BURST))
        .settled(on_fsin && several.is_some(), &SEVERAL_A_FRAME)
        .remedied(&SEVERAL_A_FRAME, several_are_meant(several.unwrap_or(2)))
        .settled(near && on_fsin, &BOUNCE)
        .ruled_out_if(extra.len() * 4 < frames.clock.edges.len(), &SOURCE_RATE);
    let mut candidate = of_frames(camera, candidate, extra.clone(), Where::There);
    candidate.finding.line = (lines.len() == 1).then(|| line.wire.key());
    candidate.claims.extend(camera.not_passed_near(
        &[
            Which::One(&fsin::WIDTH),
            Which::One(&fsin::PULSES),
            Which::One(&exposure::TIME),
            Which::One(&flash::COVERAGE),
        ],
        extra,
    ));
    Some(candidate)
}

/// How many pulses each frame has where all have as many, more than one and at the same places: none where they vary.
fn pulses_of_each(trains: &Trains, period: f64, tolerance: f64) -> Option<usize> {
    let (offsets, frames) = (trains.offsets(), trains.main.len());
    let more = (offsets.len() as f64 / frames as f64).round() as usize;
    // The record may cut the first and the last frame off.
    let is_each = frames >= FEWEST_FRAMES && more >= 1 && offsets.len().abs_diff(more * frames) <= more;
    // Pulses that are a frame apart only each second time are at no place of the frame.
    let each_frame = median(steps(&starts(&trains.main))).is_some_and(|step| step < 1.5 * period);
    let mut again = offsets.iter().zip(offsets.iter().skip(more));
    (is_each && each_frame && again.all(|(before, offset)| (offset - before).abs() <= tolerance)).then_some(more + 1)
}

/// Fewer frames than this show no rule.
const FEWEST_FRAMES: usize = 4;

/// Contacts and lines bounce for no longer.
const BOUNCES_FOR_S: f64 = 5e-3;
