//! Several cameras against each other: drift, and the steps of software that keeps them together.

use super::Severity;
use super::fault::{Candidate, Fault, LookAlike};
use super::scene::{Scene, TWO_ROWS_S, counted};
use super::series::{median, slope, spread, steps};
use crate::rig::Alignment;

/// Field guide, F09.
pub(super) static CAMERA_DRIFT: Fault = Fault {
    id: "camera-drift",
    number: "F09",
    severity: Severity::Fail,
    about: "Two cameras run away from each other: each keeps its own clock.",
    drawing: "\
main    __|~~|_______|~~|_______|~~|_______|~~|__
right   __|~~|________|~~|________|~~|________|~~   later and later",
    causes: &["the cameras run free: FSIN is not connected between them, or not listened to (OAK-FFC-4P: GPIO6)"],
    remedies: &["tie FSIN together, set one camera to OUTPUT and the others to INPUT; on OAK-FFC-4P drive GPIO6 high"],
    look_alikes: &[LookAlike {
        fault: "soft-sync-steps",
        test: "capture ten seconds: soft sync jumps back, a free clock goes on",
    }],
};

/// Field guide, F10.
pub(super) static SOFT_SYNC_STEPS: Fault = Fault {
    id: "soft-sync-steps",
    number: "F10",
    severity: Severity::Info,
    about: "The skew of two cameras creeps and jumps back by whole rows: software keeps them together. This is normal.",
    drawing: "\
skew     /|  /|  /|  /|
        / | / | / | / |
       /  |/  |/  |/  |   stays small",
    causes: &["soft sync corrects the next frame by whole rows"],
    remedies: &["allow for it: skew.start up to 150 us after 15 frames; for less, tie FSIN"],
    look_alikes: &[],
};

/// What the further cameras do against the first.
pub(super) fn find(scene: &Scene<'_>) -> Vec<Candidate> {
    (1..scene.observation.rig.cameras.len()).filter_map(|camera| of_camera(scene, camera)).collect()
}

/// Cameras that should be together may be apart by this (field guide, section 0: left to right on RVC2).
const TOGETHER_S: f64 = 50e-6;

fn of_camera(scene: &Scene<'_>, camera: usize) -> Option<Candidate> {
    let (first, own) = (scene.camera(0), scene.camera(camera));
    let skews = own.exposures.iter().zip(&own.partners).filter_map(|(exposure, partner)| {
        let other = first.exposures.get((*partner)?)?;
        let (a, b) = match own.alignment {
            Some(Alignment::Start) => (exposure.pulse.start.edge()?, other.pulse.start.edge()?),
            Some(Alignment::End) | None => (exposure.pulse.end.edge()?, other.pulse.end.edge()?),
        };
        Some((a.at().get() as f64 - b.at().get() as f64, exposure.pulse.from().get()))
    });
    let skews: Vec<(f64, u64)> = skews.collect();
    let values: Vec<f64> = skews.iter().map(|(skew, _)| *skew).collect();
    let apart = spread(&values);
    if values.len() < 6 || apart <= 3.0_f64.max(scene.samples(TWO_ROWS_S) / 2.0) {
        return None;
    }
    let (ramps, jumps) = sawtooth(&values, apart);
    let (explains, candidate) = if jumps.len() >= 2 && ramps {
        let candidate = SOFT_SYNC_STEPS.seen(
            format!("camera {} is kept near {} by software", scene.camera_name(camera), scene.camera_name(0)),
            format!("their skew creeps by up to {} and jumps back {}", scene.time(apart), counted(jumps.len(), "time")),
        );
        (
            scene.not_passed(&[camera], &["skew.", "exposure.end", "exposure.latency", "exposure.jitter", "frame."]),
            candidate,
        )
    } else {
        let walk = slope(&values)? * (values.len() - 1) as f64;
        let judged = scene.any_broken(
            camera,
            &[
                "skew.start",
                "skew.end",
                "skew.drift",
                "skew.rate",
                "exposure.end",
                "exposure.latency",
                "exposure.jitter",
            ],
        );
        let shares = scene.observation.rig.cameras[camera]
            .fsin
            .is_some_and(|wire| scene.observation.rig.cameras[0].fsin == Some(wire));
        if walk.abs() < 0.7 * apart || !(judged || (shares && walk.abs() > scene.samples(TOGETHER_S))) {
            return None;
        }
        let span = skews.last()?.1 as f64 - skews.first()?.1 as f64;
        let candidate = CAMERA_DRIFT.seen(
            format!("camera {} drifts away from {}", scene.camera_name(camera), scene.camera_name(0)),
            format!(
                "their skew goes from {} to {}: {:+.0} ppm",
                scene.time(values[0]),
                scene.time(values[values.len() - 1]),
                walk / span * 1e6
            ),
        );
        let severity = if judged { Severity::Fail } else { Severity::Warn };
        (
            scene.not_passed(&[camera], &["skew.", "exposure.end", "exposure.latency", "exposure.jitter", "frame."]),
            candidate.with_severity(severity),
        )
    };
    let at = jumps.iter().map(|&place| skews[place].1).chain(skews.last().map(|(_, at)| *at)).collect();
    Some(candidate.of_camera(camera, scene.camera_name(camera), explains).at(at))
}

/// Whether a skew creeps one way and jumps back the other, and where it jumps.
fn sawtooth(values: &[f64], apart: f64) -> (bool, Vec<usize>) {
    let steps = steps(values);
    let jumps: Vec<usize> = (0..steps.len()).filter(|&place| steps[place].abs() > apart * 0.5).collect();
    let creep = median(steps.clone()).unwrap_or(0.0);
    let back = jumps.iter().all(|&place| steps[place] * creep <= 0.0);
    let alike = jumps.windows(2).all(|pair| steps[pair[0]] * steps[pair[1]] > 0.0);
    (back && alike && jumps.len() * 3 <= steps.len(), jumps)
}
