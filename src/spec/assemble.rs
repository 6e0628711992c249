//! From the settings, all layers laid over each other, to the rig that they describe.

use std::num::NonZeroU32;

use super::error::SpecError;
use super::layer::{CameraLayer, Layer, ProbeEntry, Setting, Wanted};
use super::limit::{Limit, Written};
use super::read::check_camera_count;
use super::rules::Scopes;
use crate::quantity::{exposure, frame, skew};
use crate::rig::{
    Alignment, AlignmentSetting, Camera, Ends, FlashPattern, MAIN_CAMERA, Overlap, OverlapKind, Rhythm, Rig, Role,
    Shutter, ShutterKind, Skew, StrobeShows, Wire, WireIndex,
};
use crate::snippet::{Located, SourceSpan, quoted};
use crate::units::Rational;

/// The lines and cameras of a layer; frame time and alignments may follow from the rules, and come later.
///
/// `main` is left out where it has no line and other cameras do.
pub(super) fn rig(layer: &Layer) -> Result<(Rig, Scopes<'_>, Vec<String>), SpecError> {
    let mut rig = Rig::default();
    rig.cameras.clear();
    rig.ends = layer.ends.unwrap_or(Ends::Unstated);
    rig.expected_frames = layer.expected_frames();
    rig.skip_frames = layer.skip_frames.unwrap_or(0);
    let mut wires = Wires { layer, rig, places: Vec::new() };
    let mut scopes = Scopes { shared: &layer.main, own: Vec::new() };

    let shared = wires.add(MAIN_CAMERA, &layer.main, &Lines::default());
    let main = camera(layer, MAIN_CAMERA, &layer.main, &shared)?;
    if !wires.rig.wires().is_empty() || layer.cameras.is_empty() {
        wires.rig.cameras.push(main);
        scopes.own.push(&layer.main);
    }
    for (name, own) in &layer.cameras {
        check_camera_count(scopes.own.len() + 1, &name.place)?;
        if own.lines.values().all(Vec::is_empty) {
            let message = format!("camera {} has no line of its own", quoted(&name.value));
            return Err(SpecError::at(&name.place, message).help("wire what sets it apart, such as strobe = \"PROBE\""));
        }
        let lines = wires.add(&name.value, own, &shared);
        wires.rig.cameras.push(camera(layer, &name.value, own, &lines)?);
        scopes.own.push(own);
    }
    check_readout_times(layer)?;
    wires.check_probes()?;
    wires.rig.flash_pattern = flash_pattern(layer, &wires.rig)?;
    check_streams(layer, &wires.rig)?;
    let wired_at = wires.places.iter().map(SourceSpan::called).collect();
    Ok((wires.rig, scopes, wired_at))
}

/// The pattern of the flash lines, each of which some camera has.
fn flash_pattern(layer: &Layer, rig: &Rig) -> Result<Option<FlashPattern>, SpecError> {
    let Some(written) = layer.flash_pattern.as_ref().and_then(Setting::as_option) else { return Ok(None) };
    let known: Vec<&str> =
        rig.wires().iter().filter(|wire| wire.role == Role::Flash).filter_map(|wire| wire.name.as_deref()).collect();
    if known.is_empty() {
        let error = SpecError::at(&written.place, "a flash_pattern, but no flash lines with names");
        return Err(error.help("wire them by name, such as flash = { A = \"DOT\", B = \"FLOOD\" }"));
    }
    if let Some(unknown) = written.value.entries.iter().flatten().find(|name| !known.contains(&name.as_str())) {
        let error = SpecError::at(&written.place, format!("no flash line is called {}", quoted(unknown)));
        return Err(error.help(format!("there are {}; '-' is a frame without flash", known.join(", "))));
    }
    Ok(FlashPattern::new(written.value.entries.clone()))
}

/// Streams of a log belong to cameras that there are.
fn check_streams(layer: &Layer, rig: &Rig) -> Result<(), SpecError> {
    let names: Vec<&str> = rig.cameras.iter().map(|camera| camera.name.as_str()).collect();
    match layer.timestamps.streams.keys().find(|camera| !names.contains(&camera.as_str())) {
        Some(unknown) => {
            let message = format!("timestamps.streams names the camera {}", quoted(unknown));
            Err(SpecError::unplaced(message).help(format!("there are {}", names.join(", "))))
        }
        None => Ok(()),
    }
}

/// The wires of a camera by role, in the order of [`Role::ALL`].
type Lines = [Vec<WireIndex>; Role::ALL.len()];

/// A rig whose wires are being added, and where each of them is stated.
struct Wires<'l> {
    layer: &'l Layer,
    rig: Rig,
    places: Vec<SourceSpan>,
}

impl Wires<'_> {
    /// Adds the lines that a camera names, and takes over the shared ones that it does not name, or names the same.
    fn add(&mut self, owner: &str, own: &CameraLayer, shared: &Lines) -> Lines {
        let mut lines = shared.clone();
        for (of_role, role) in lines.iter_mut().zip(Role::ALL) {
            let Some(probes) = own.lines.get(&role) else {
                if role.is_own() {
                    of_role.clear();
                }
                continue;
            };
            let shared = std::mem::take(of_role);
            for probe in probes {
                let wire = self.wire(role, owner, probe);
                let known = shared.iter().copied().find(|known| is_same_line(self.rig.wire(*known), &wire));
                of_role.push(known.unwrap_or_else(|| {
                    self.places.push(probe.place.clone());
                    self.rig.add_wire(wire)
                }));
            }
        }
        lines
    }

    fn wire(&self, role: Role, owner: &str, probe: &ProbeEntry) -> Wire {
        let glitch = self.layer.glitch.of(role).and_then(Setting::as_option);
        Wire {
            role,
            name: probe.name.clone(),
            owner: owner.to_owned(),
            probe: probe.selector.clone(),
            polarity: probe.polarity,
            edge: self.layer.edge.of(role).map_or(Rational::ZERO, |edge| edge.value.clone()),
            glitch: glitch.map(|glitch| glitch.value.clone()),
        }
    }

    /// A probe shows one line of a camera.
    fn check_probes(&self) -> Result<(), SpecError> {
        for camera in &self.rig.cameras {
            let mut seen: Vec<WireIndex> = Vec::new();
            for index in camera.all_wires() {
                let wire = self.rig.wire(index);
                if let Some(first) = seen.iter().find(|first| self.rig.wire(**first).probe == wire.probe) {
                    let message = format!(
                        "probe {} is wired to {} and to {} of camera '{}'",
                        quoted(&wire.probe.to_string()),
                        self.rig.wire(*first).key(),
                        wire.key(),
                        camera.name
                    );
                    let culprit = if wire.owner == camera.name { index } else { *first };
                    return Err(
                        SpecError::at(&self.places[culprit.get()], message).help("each line needs a probe of its own")
                    );
                }
                seen.push(index);
            }
        }
        Ok(())
    }
}

/// Whether two wires are one, whoever names it.
fn is_same_line(one: &Wire, other: &Wire) -> bool {
    Wire { owner: other.owner.clone(), ..one.clone() } == *other
}

/// A camera and what is known of it without its rules.
fn camera(layer: &Layer, name: &str, own: &CameraLayer, lines: &Lines) -> Result<Camera, SpecError> {
    let mut camera = Camera::new(name);
    for (wires, role) in lines.iter().zip(Role::ALL) {
        wires.iter().for_each(|wire| camera.connect(role, *wire));
    }
    camera.burst = own.burst.as_ref().or(layer.main.burst.as_ref()).map_or(NonZeroU32::MIN, |burst| burst.value);
    camera.fsin_per_frame = fsin_per_frame(layer, own, &camera)?;
    camera.shutter = shutter(layer, name, own)?;
    camera.strobe_shows = strobe_shows(layer, own, &camera.shutter)?;
    let recovery = own.recovery.as_ref().or(layer.main.recovery.as_ref());
    camera.recovery = recovery.map_or(Rational::ZERO, |time| time.value.value.clone());
    camera.overlap = overlap(layer, own, &camera)?;
    Ok(camera)
}

/// How many FSIN pulses make a frame; a camera that states it has some.
fn fsin_per_frame(layer: &Layer, own: &CameraLayer, camera: &Camera) -> Result<NonZeroU32, SpecError> {
    match (&own.fsin_per_frame, &layer.main.fsin_per_frame) {
        (Some(stated), _)
            if stated.value > NonZeroU32::MIN && !camera.has(Role::Fsin) && camera.all_wires().next().is_some() =>
        {
            let message = format!("camera '{}' has no FSIN line", camera.name);
            let help = "wire it: fsin = \"PROBE\" in [wiring], or --wire fsin=PROBE; or leave fsin_per_frame out";
            Err(SpecError::at(&stated.place, message).help(help))
        }
        (Some(stated), _) | (None, Some(stated)) => Ok(stated.value),
        (None, None) => Ok(NonZeroU32::MIN),
    }
}

fn shutter(layer: &Layer, camera: &str, own: &CameraLayer) -> Result<Shutter, SpecError> {
    let kind = own.shutter.as_ref().or(layer.main.shutter.as_ref());
    let Some(rolling) = kind.filter(|kind| kind.value == ShutterKind::Rolling) else {
        return Ok(Shutter::Global);
    };
    match own.readout_time.as_ref().or(layer.main.readout_time.as_ref()) {
        Some(time) => Ok(Shutter::Rolling { readout_time: time.value.value.clone() }),
        None => {
            let message = format!("the rolling shutter of camera '{camera}' lacks readout_time");
            let help = "add the delay from row 0 to the last row, such as readout_time = \"16.54 ms\"";
            Err(SpecError::at(&rolling.place, message).help(help))
        }
    }
}

/// What STROBE shows, which is a question only where rows are exposed one after the other.
fn strobe_shows(layer: &Layer, own: &CameraLayer, shutter: &Shutter) -> Result<StrobeShows, SpecError> {
    match (shutter, &own.strobe_shows, &layer.main.strobe_shows) {
        (Shutter::Rolling { .. }, Some(stated), _) | (Shutter::Rolling { .. }, None, Some(stated)) => Ok(stated.value),
        (Shutter::Global, Some(stated), _) => {
            let message = "all rows of a global shutter are exposed together: STROBE shows them all";
            Err(SpecError::at(&stated.place, message).help("leave strobe_shows out, or add shutter = \"rolling\""))
        }
        (Shutter::Global, None, _) | (Shutter::Rolling { .. }, None, None) => Ok(StrobeShows::Row0),
    }
}

/// Whether exposure and readout may overlap; where they may not, something says when the readout ends.
fn overlap(layer: &Layer, own: &CameraLayer, camera: &Camera) -> Result<Overlap, SpecError> {
    let kind = own.overlap.as_ref().or(layer.main.overlap.as_ref());
    let Some(never) = kind.filter(|kind| kind.value == OverlapKind::Never) else { return Ok(Overlap::Allowed) };
    let stated = own.readout_time.as_ref().or(layer.main.readout_time.as_ref());
    let readout_time = stated.map(|time| time.value.value.clone());
    if readout_time.is_none() && !camera.has(Role::Readout) && !camera.has(Role::Ready) {
        let message = format!("nothing says when camera '{}' has read out", camera.name);
        return Err(SpecError::at(&never.place, message).help("wire its readout or ready line, or state readout_time"));
    }
    Ok(Overlap::Never { readout_time })
}

/// A readout time is for a rolling shutter, or where readout and exposure may not overlap: of the camera that states it, or of one
/// that shares it.
fn check_readout_times(layer: &Layer) -> Result<(), SpecError> {
    let main = &layer.main;
    let needs_one = |camera: &CameraLayer| {
        let (shutter, overlap) = (camera.shutter.as_ref().or(main.shutter.as_ref()), camera.overlap.as_ref());
        shutter.is_some_and(|kind| kind.value == ShutterKind::Rolling)
            || overlap.or(main.overlap.as_ref()).is_some_and(|kind| kind.value == OverlapKind::Never)
    };
    let does_any = needs_one(main) || layer.cameras.iter().any(|(_, camera)| needs_one(camera));
    let main = main.readout_time.as_ref().filter(|_| !does_any);
    let own = layer.cameras.iter().filter(|(_, camera)| !needs_one(camera));
    match main.or(own.filter_map(|(_, camera)| camera.readout_time.as_ref()).next()) {
        Some(time) => Err(SpecError::at(&time.place, "a readout_time, but no rolling shutter")
            .help("add shutter = \"rolling\", or overlap = \"never\"")),
        None => Ok(()),
    }
}

/// The nominal frame time of a camera: as it states it, else the nominal of its own limit on frame.time, else those that
/// all cameras share.
pub(super) fn frame_time<'l>(layer: &'l Layer, own: &'l CameraLayer) -> Option<&'l Written> {
    for scope in [own, &layer.main] {
        if let Some(stated) = &scope.frame_time {
            return stated.as_option();
        }
        let limit = scope.limit(&frame::TIME).and_then(|entry| entry.single());
        if let Some(nominal) = limit.and_then(nominal_of_rhythm) {
            return Some(nominal);
        }
    }
    None
}

/// Whether a camera's frames are expected to keep a rhythm: not where a frame time is stated, which says more.
pub(super) fn rhythm(layer: &Layer, own: &CameraLayer) -> Result<Rhythm, SpecError> {
    let stated = own.rhythm.as_ref().or(layer.main.rhythm.as_ref());
    match stated {
        Some(Located { value: Rhythm::Events, place }) if frame_time(layer, own).is_some() => {
            let error = SpecError::at(place, "frames that are events have no frame time, and one is stated");
            Err(error.help("state one of them: rhythm = \"events\", or frame_time and the nominal of frame.time"))
        }
        Some(stated) => Ok(stated.value),
        None => Ok(Rhythm::Kept),
    }
}

/// The nominal of a limit on the frame time that states a rhythm: with a tolerance of a quarter of it or more, edges could
/// not be told from extra ones.
fn nominal_of_rhythm(limit: &Limit) -> Option<&Written> {
    let nominal = limit.written_nominal()?;
    let below = limit.min().map(|min| &nominal.value - min);
    let above = limit.max().map(|max| max - &nominal.value);
    let tolerance = below.into_iter().chain(above).max()?;
    (tolerance.times(4) < nominal.value).then_some(nominal)
}

/// Where a camera's exposures are meant to lie to the first one's: at the nominal, or in the middle, of its limit on the skew.
pub(super) fn skew(scopes: &Scopes<'_>, rig: &Rig, index: usize) -> Option<Skew> {
    let limit = |quantity| scopes.judged(rig, quantity, index)?.single();
    let mut limited = [(&skew::END, Alignment::End), (&skew::START, Alignment::Start)];
    // The first camera's frames are tied to one of its edges; a skew of the other moves with the exposure.
    if rig.cameras[0].alignment == AlignmentSetting::Stated(Alignment::Start) {
        limited.reverse();
    }
    limited.into_iter().find_map(|(quantity, edges)| Some(Skew { edges, later: aim(limit(quantity)?)? }))
}

/// How long after FSIN the middles of a camera's exposures are meant to come: at the nominal, or in the middle, of its limit.
pub(super) fn middle(scopes: &Scopes<'_>, rig: &Rig, index: usize) -> Option<Rational> {
    aim(scopes.judged(rig, &exposure::MIDDLE, index)?.single()?)
}

/// How long after FSIN a camera's exposures must have begun or ended: at the upper end of their limit, where no frame may break it.
pub(super) fn latest(scopes: &Scopes<'_>, rig: &Rig, index: usize) -> Option<Rational> {
    let quantity = match rig.cameras[index].alignment {
        AlignmentSetting::Stated(Alignment::Start) => &exposure::LATENCY,
        AlignmentSetting::Stated(Alignment::End) => &exposure::END,
        AlignmentSetting::Stated(Alignment::Middle) | AlignmentSetting::Auto => return None,
    };
    let Wanted::Limits { limits, allow: None } = &scopes.judged(rig, quantity, index)?.wanted else { return None };
    let ends: Option<Vec<&Rational>> = limits.iter().map(Limit::max).collect();
    ends?.into_iter().max().cloned()
}

/// The nominal of a limit, or what lies in its middle.
fn aim(limit: &Limit) -> Option<Rational> {
    let middle = limit.min().zip(limit.max()).map(|(min, max)| (min + max).half());
    limit.nominal().cloned().or(middle)
}

/// A reason to take a camera's alignment for known.
struct Claim<'l> {
    alignment: Alignment,
    because: String,
    place: &'l SourceSpan,
}

/// What is known of the alignment of the camera at this place of the rig: as stated, or as its limits and its burst
/// imply.
pub(super) fn alignment(
    layer: &Layer,
    scopes: &Scopes<'_>,
    rig: &Rig,
    index: usize,
) -> Result<AlignmentSetting, SpecError> {
    let camera = &rig.cameras[index];
    let own = scopes.own[index];
    let mut claims = Vec::new();
    if let Some(stated) = own.alignment.as_ref().or(layer.main.alignment.as_ref())
        && let AlignmentSetting::Stated(alignment) = stated.value
    {
        let because = format!("alignment = \"{}\"", alignment.key());
        claims.push(Claim { alignment, because, place: &stated.place });
    }
    for (quantity, alignment) in [
        (&exposure::END, Alignment::End),
        (&exposure::LATENCY, Alignment::Start),
        (&exposure::MIDDLE, Alignment::Middle),
    ] {
        let limit = scopes.judged(rig, quantity, index);
        let because = format!("a limit on {}", quantity.id);
        claims.extend(limit.map(|limit| Claim { alignment, because, place: &limit.place }));
    }
    if let Some(burst) = own.burst.as_ref().or(layer.main.burst.as_ref())
        && burst.value > NonZeroU32::MIN
    {
        let because = format!("a burst of {} pulses", burst.value);
        claims.push(Claim { alignment: Alignment::Start, because, place: &burst.place });
    }
    let Some(first) = claims.first() else {
        return Ok(AlignmentSetting::Auto);
    };
    match claims.iter().find(|claim| claim.alignment != first.alignment) {
        None if first.alignment == Alignment::Middle && camera.fsin_per_frame > NonZeroU32::MIN => {
            let message = format!(
                "{} makes camera '{}' middle-aligned, and timing.fsin_per_frame is {}: which pulse of FSIN is an exposure's cannot be told",
                first.because, camera.name, camera.fsin_per_frame
            );
            Err(SpecError::at(first.place, message)
                .help("exposures that end or start at FSIN may have several pulses a frame"))
        }
        None => Ok(AlignmentSetting::Stated(first.alignment)),
        Some(other) => {
            let message = format!(
                "{} makes camera '{}' {}-aligned, and {} makes it {}-aligned",
                other.because,
                camera.name,
                other.alignment.key(),
                first.because,
                first.alignment.key()
            );
            let help = "end: exposures end at FSIN, judged by exposure.end; start: they start after it, judged by \
                        exposure.latency; middle: their middles keep step with it, judged by exposure.middle; \"none\" takes \
                        a limit back";
            Err(SpecError::at(other.place, message).help(help))
        }
    }
}
