//! Which probe looks like which line of a camera. It suggests; it never passes a capture on a guess.

use super::Health;
use super::health::health;
use super::roles::{Candidate, Roles};
use crate::capture::{Capture, Line, Presence, Probe};
use crate::line::{LineSummary, Pulses, Separated, Shape};
use crate::rig::{Polarity, ProbeSelector, Role};
use crate::signal::Level;
use crate::spec::{is_probe_name, probe_text, toml_string};
use crate::units::SampleRate;

/// What a probe looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Listed, but not in the samples.
    NotRecorded,
    /// It never moves.
    Silent,
    /// A line of a camera, with this active level.
    Line(Role, Polarity),
    /// It moves, but not like any line of a camera.
    Other,
}

impl Likeness {
    /// A few words for it: `STROBE, active high`.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Likeness::NotRecorded => "not recorded".to_owned(),
            Likeness::Silent => "silent".to_owned(),
            Likeness::Line(role, Polarity::ActiveHigh) => format!("{}, active high", role.label()),
            Likeness::Line(role, Polarity::ActiveLow) => format!("{}, active low", role.label()),
            Likeness::Other => "something else".to_owned(),
        }
    }
}

/// What a probe did and what it looks like.
#[derive(Debug, Clone)]
pub struct ProbeReport {
    /// The probe's name, with its bit where others share it.
    pub name: String,
    /// What names it and no other: its name, or its bit where others share the name or it cannot be written.
    pub selector: ProbeSelector,
    /// What it did; none where it was not recorded.
    pub summary: Option<LineSummary>,
    /// What it looks like.
    pub likeness: Likeness,
    /// Why, in a few words.
    pub why: String,
    /// How healthy its wire is; none where it was not recorded.
    pub health: Option<Health>,
}

impl ProbeReport {
    /// The level that its likeness calls active, else the one at which the line spends less time.
    #[must_use]
    pub fn active(&self) -> Level {
        match (self.likeness, &self.summary) {
            (Likeness::Line(_, polarity), _) => Level::from(polarity),
            (Likeness::NotRecorded | Likeness::Silent | Likeness::Other, Some(summary)) => !summary.idle(),
            (Likeness::NotRecorded | Likeness::Silent | Likeness::Other, None) => Level::High,
        }
    }
}

/// What the probes of a capture look like.
#[derive(Debug, Clone)]
pub struct WiringReport {
    /// The sample rate, for the times in it.
    pub rate: SampleRate,
    /// In order of their bits.
    pub probes: Vec<ProbeReport>,
}

/// What the cameras are called that are found beside the first one.
const FURTHER_CAMERAS: [&str; 3] = ["second", "third", "fourth"];

/// Looks at every probe of a capture that was read.
#[must_use]
pub fn wiring(capture: &Capture) -> WiringReport {
    let is_recorded = |line: &&Line| line.probe.presence == Presence::Recorded && capture.begin_of([*line]).is_ok();
    let recorded = |probe: &Probe| capture.line(probe.bit).filter(is_recorded);
    // What a line looks like is told from its signal; how healthy it is, from the rest.
    let separated: Vec<Option<Separated>> =
        (capture.header.probes.iter()).map(|probe| recorded(probe).map(|line| separate(line, capture))).collect();
    let candidates: Vec<Candidate<'_>> = (capture.header.probes.iter().zip(&separated))
        .map(|(probe, separated)| {
            let waveform = separated.as_ref().map(|separated| &separated.signal);
            let line = waveform.zip(recorded(probe));
            let summary = line.map(|(waveform, line)| LineSummary::of(waveform, &capture.lost_on([line])));
            let shape = Shape::of(waveform.zip(summary.as_ref()), &capture.rate);
            let pulses = separated.as_ref().map_or(Pulses::Whole, |separated| separated.pulses);
            Candidate { shape, waveform, summary, pulses }
        })
        .collect();
    let roles = Roles::among(&candidates, &capture.rate);
    let probes = (capture.header.probes.iter().zip(&candidates).enumerate())
        .map(|(place, (probe, candidate))| {
            let (likeness, why) = roles.likeness(place);
            let name = capture.header.display_name(probe);
            let is_unique = name == probe.name && is_probe_name(&name);
            let selector = if is_unique { ProbeSelector::Name(name.clone()) } else { ProbeSelector::Bit(probe.bit) };
            let steady = matches!(candidate.shape, Shape::Sync | Shape::Window);
            let waveforms = recorded(probe).zip(separated[place].as_ref());
            let health = waveforms.map(|(raw, separated)| {
                let health = health(&raw.waveform, separated, &capture.lost_on([raw]), &capture.rate, steady);
                if roles.is_echo(place) { health.suspected("picks up its neighbour: its wire is off") } else { health }
            });
            let summary = recorded(probe).map(|line| LineSummary::of(&line.waveform, &capture.lost_on([line])));
            let disturbed = separated[place].as_ref().is_some_and(Separated::is_disturbed);
            let summary = if disturbed { candidate.summary.clone() } else { summary };
            ProbeReport { name, selector, summary, likeness, why, health }
        })
        .collect();
    WiringReport { rate: capture.rate.clone(), probes }
}

/// A line as its signal and what disturbs it. What looks like chatter is taken out, and what looks like pieces is joined, where
/// that leaves a camera's line, and only there: other lines may be made of bursts.
fn separate(line: &Line, capture: &Capture) -> Separated {
    let waveform = line.waveform.as_ref();
    let lost = capture.lost_on([line]);
    let shape = |line: &Separated| {
        let summary = LineSummary::of(&line.signal, &lost);
        Shape::of(Some((&line.signal, &summary)), &capture.rate)
    };
    let separated = Separated::of(waveform, &capture.rate);
    if shape(&separated) != Shape::Other {
        return separated;
    }
    let of_camera = |line: &Separated| matches!(shape(line), Shape::Sync | Shape::Window);
    let quiet = separated.without_bursts().filter(of_camera);
    // Triggers are too short to come in pieces.
    let whole = || Separated::joined(waveform).filter(|line| shape(line) == Shape::Window);
    let calm = || Separated::without_chatter(waveform, &capture.rate).filter(of_camera);
    quiet.or_else(whole).or_else(calm).unwrap_or(separated)
}

impl WiringReport {
    /// The `--wire` arguments that the likenesses suggest, the first probe of each role, and the STROBE of further cameras:
    /// `strobe=D2`, `fsin=low:D1`, `second.strobe=D5`.
    #[must_use]
    pub fn wires(&self) -> Vec<String> {
        let mut wires = Vec::new();
        for role in Role::ALL {
            let wire = |(probe, polarity): (&ProbeReport, Polarity)| match (&probe.selector, polarity) {
                // No shell has to be kept from it.
                (ProbeSelector::Name(name), Polarity::ActiveLow) => format!("{}=low:{name}", role.key()),
                (selector, polarity) => format!("{}={}", role.key(), probe_text(selector, polarity)),
            };
            let mut found = self.lines(role).map(wire);
            wires.extend(found.next());
            if role == Role::Strobe {
                wires.extend(found.zip(FURTHER_CAMERAS).map(|(wire, name)| format!("{name}.{wire}")));
            }
        }
        wires
    }

    /// The probes that look like a line of this role.
    fn lines(&self, role: Role) -> impl Iterator<Item = (&ProbeReport, Polarity)> {
        self.probes.iter().filter_map(move |probe| match probe.likeness {
            Likeness::Line(likely, polarity) if likely == role => Some((probe, polarity)),
            Likeness::Line(..) | Likeness::NotRecorded | Likeness::Silent | Likeness::Other => None,
        })
    }

    /// The `[wiring]` table that the likenesses suggest, and a table for each further camera; none where no probe looks like a
    /// line of a camera.
    #[must_use]
    pub fn table(&self) -> Option<String> {
        let (mut lines, mut cameras) = (Vec::new(), String::new());
        for role in Role::ALL {
            let found: Vec<String> =
                self.lines(role).map(|(probe, polarity)| toml_string(&probe_text(&probe.selector, polarity))).collect();
            if role == Role::Strobe {
                let further = found.iter().skip(1).zip(FURTHER_CAMERAS);
                cameras = further.map(|(probe, name)| format!("\n[camera.{name}]\nstrobe = {probe}\n")).collect();
            }
            match (role, found.as_slice()) {
                (_, []) => {}
                (Role::Flash, [a, b]) => lines.push(format!("{} = {{ A = {a}, B = {b} }}", role.key())),
                (Role::Trigger | Role::Fsin | Role::Strobe | Role::Flash | Role::Readout, [first, ..]) => {
                    lines.push(format!("{} = {first}", role.key()));
                }
            }
        }
        (!lines.is_empty()).then(|| format!("[wiring]\n{}\n{cameras}", lines.join("\n")))
    }
}
