//! From the settings, all layers laid over each other, to the rig that they describe.

use super::error::{Place, SpecError};
use super::layer::{CameraLayer, Layer, Setting, ShutterKind};
use super::limit::Written;
use super::rules::Scopes;
use crate::quantity::find;
use crate::rig::{
    Alignment, AlignmentSetting, Camera, Ends, MAIN_CAMERA, ProbeSelector, Rig, Role, Shutter, Wire, WireIndex,
};
use crate::units::Rational;
use std::num::NonZeroU32;

/// The lines and cameras of a layer; frame time and alignments may follow from the rules, and come later.
///
/// `main` is left out where it has no line and other cameras do.
pub(super) fn rig<'l>(layer: &'l Layer) -> Result<(Rig, Scopes<'l>), SpecError> {
    let mut rig = Rig::default();
    rig.cameras.clear();
    rig.ends = layer.ends.unwrap_or(Ends::Running);
    rig.skip_frames = layer.skip_frames.unwrap_or(0);
    let mut places = Vec::new();
    let main_lines = lines(&mut rig, &mut places, layer, MAIN_CAMERA, &layer.main, None);
    let main = camera(layer, MAIN_CAMERA, &layer.main, &main_lines)?;
    let mut scopes = Scopes { shared: &layer.main, own: Vec::new() };
    if !rig.wires().is_empty() || layer.cameras.is_empty() {
        rig.cameras.push(main);
        scopes.own.push(&layer.main);
    }
    for (name, own) in &layer.cameras {
        let lines = lines(&mut rig, &mut places, layer, name, own, Some(&main_lines));
        rig.cameras.push(camera(layer, name, own, &lines)?);
        scopes.own.push(own);
    }
    check_probes(&rig, &places)?;
    Ok((rig, scopes))
}

/// The wires of a camera by role, in the order of [`Role::ALL`].
type Lines = [Vec<WireIndex>; Role::ALL.len()];

/// Adds the lines that a camera names, and takes over those that `main` has and it does not name.
fn lines(
    rig: &mut Rig,
    places: &mut Vec<Place>,
    layer: &Layer,
    owner: &str,
    own: &CameraLayer,
    shared: Option<&Lines>,
) -> Lines {
    let mut lines = Lines::default();
    for (of_role, (index, role)) in lines.iter_mut().zip(Role::ALL.into_iter().enumerate()) {
        let shared: &[WireIndex] = shared.map_or(&[], |shared| &shared[index]);
        let Some(probes) = own.lines.get(&role) else {
            of_role.extend(shared);
            continue;
        };
        for probe in probes {
            let same = |wire: &Wire| {
                wire.name == probe.name && wire.probe == probe.selector && wire.polarity == probe.polarity
            };
            let known = shared.iter().copied().find(|wire| same(rig.wire(*wire)));
            of_role.push(known.unwrap_or_else(|| {
                places.push(probe.place.clone());
                rig.add_wire(Wire {
                    role,
                    name: probe.name.clone(),
                    owner: owner.to_owned(),
                    probe: probe.selector.clone(),
                    polarity: probe.polarity,
                    edge: layer.edge.of(role).map_or(Rational::ZERO, |edge| edge.value.clone()),
                    glitch: glitch(layer, role),
                })
            }));
        }
    }
    lines
}

fn glitch(layer: &Layer, role: Role) -> Option<Rational> {
    layer.glitch.of(role).and_then(Setting::as_option).map(|glitch| glitch.value.clone())
}

fn camera(layer: &Layer, name: &str, own: &CameraLayer, lines: &Lines) -> Result<Camera, SpecError> {
    let mut camera = Camera::new(name);
    for (wires, role) in lines.iter().zip(Role::ALL) {
        let first = wires.first().copied();
        match role {
            Role::Trigger => camera.trigger = first,
            Role::Fsin => camera.fsin = first,
            Role::Strobe => camera.strobe = first,
            Role::Readout => camera.readout = first,
            Role::Flash => camera.flash.clone_from(wires),
        }
    }
    camera.burst = own.burst.as_ref().or(layer.main.burst.as_ref()).map_or(NonZeroU32::MIN, |burst| burst.value);
    camera.shutter = shutter(layer, name, own)?;
    Ok(camera)
}

fn shutter(layer: &Layer, camera: &str, own: &CameraLayer) -> Result<Shutter, SpecError> {
    let kind = own.shutter.as_ref().or(layer.main.shutter.as_ref());
    let readout_time = own.readout_time.as_ref().or(layer.main.readout_time.as_ref());
    match (kind, readout_time) {
        (Some(kind), Some(time)) if kind.value == ShutterKind::Rolling => {
            Ok(Shutter::Rolling { readout_time: time.value.value.clone() })
        }
        (Some(kind), None) if kind.value == ShutterKind::Rolling => {
            let error =
                SpecError::at(&kind.place, format!("the rolling shutter of camera '{camera}' lacks readout_time"));
            Err(error.help("add the delay from row 0 to the last row, such as readout_time = \"16.54 ms\""))
        }
        (Some(_) | None, _) => match &own.readout_time {
            Some(time) => {
                let message = format!("a readout_time, but the shutter of camera '{camera}' is global");
                Err(SpecError::at(&time.place, message).help("add shutter = \"rolling\""))
            }
            None => Ok(Shutter::Global),
        },
    }
}

/// A probe shows one line of a camera.
fn check_probes(rig: &Rig, places: &[Place]) -> Result<(), SpecError> {
    for camera in &rig.cameras {
        let mut seen: Vec<(&ProbeSelector, &Wire)> = Vec::new();
        for index in Role::ALL.into_iter().flat_map(|role| camera.wires(role)) {
            let wire = rig.wire(index);
            if let Some((_, other)) = seen.iter().find(|(probe, _)| **probe == wire.probe) {
                let message = format!(
                    "probe '{}' is wired to {} and to {} of camera '{}'",
                    wire.probe,
                    other.key(),
                    wire.key(),
                    camera.name
                );
                return Err(SpecError::at(&places[index.get()], message).help("each line needs a probe of its own"));
            }
            seen.push((&wire.probe, wire));
        }
    }
    Ok(())
}

/// The nominal frame time: as stated, else the nominal of the limit on frame.time.
pub(super) fn frame_time(layer: &Layer) -> Option<&Written> {
    match &layer.frame_time {
        Some(stated) => stated.as_option(),
        None => {
            let frame_time = find("frame.time")?;
            let cameras = layer.cameras.iter().map(|(_, camera)| camera);
            (std::iter::once(&layer.main).chain(cameras))
                .filter_map(|camera| camera.limit(frame_time)?.single()?.written_nominal())
                .find(|nominal| nominal.value.is_positive())
        }
    }
}

/// A reason to take a camera's alignment for known.
struct Claim<'l> {
    alignment: Alignment,
    because: String,
    place: &'l Place,
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
    for (id, alignment) in [("exposure.end", Alignment::End), ("exposure.latency", Alignment::Start)] {
        let limit = find(id).and_then(|quantity| scopes.judged(rig, quantity, index));
        claims.extend(limit.map(|limit| Claim { alignment, because: format!("a limit on {id}"), place: &limit.place }));
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
                        exposure.latency; \"none\" takes a limit back";
            Err(SpecError::at(other.place, message).help(help))
        }
    }
}
