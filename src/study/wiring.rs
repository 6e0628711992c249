//! Which probe looks like which line of a camera. It suggests; it never passes a capture on a guess.

use super::Health;

use super::excerpt::Excerpt;
use super::health::{LOST, Looked, WireVerdict, health};
use super::likeness::Likeness;
use super::names::claim;
use super::roles::{Candidate, Roles};
use crate::capture::{Capture, Line, Presence, Probe};
use crate::line::{LineSummary, Pulses, Separated, Shape, is_clock};
use crate::rig::{Polarity, ProbeSelector, Role};
use crate::signal::Level;
use crate::spec::{is_probe_name, probe_text, toml_string};
use crate::units::SampleRate;

/// What a probe did and what it looks like.
#[derive(Debug, Clone)]
pub struct ProbeReport {
    /// The probe's name, with its bit where others share it.
    pub name: String,
    /// What names it and no other: its name, or its bit where others share the name or it cannot be written.
    pub selector: ProbeSelector,
    /// Of what is undecided: what it would be in the most usual of rigs.
    pub guess: Option<Role>,
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
            (Likeness::Line(_, active), _) => Level::from(active.polarity()),
            (_, Some(summary)) => !summary.idle(),
            (_, None) => Level::High,
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
/// What several flash lines are called.
const FLASHES: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];

/// Looks at every probe of a capture that was read.
#[must_use]
pub fn wiring(capture: &Capture) -> WiringReport {
    wiring_of(&Excerpt::whole(capture))
}

/// Looks at every probe of as much of a capture as is held.
#[must_use]
pub fn wiring_of(excerpt: &Excerpt) -> WiringReport {
    let capture = &excerpt.capture;
    let rate = &capture.rate;
    let is_recorded = |line: &&Line| line.probe.presence == Presence::Recorded && capture.begin_of([*line]).is_ok();
    let recorded = |probe: &Probe| capture.line(probe.bit).filter(is_recorded);
    let probes = &capture.header.probes;
    // What a line looks like is told from its signal; how healthy it is, from the rest.
    let separated: Vec<Option<Separated>> =
        probes.iter().map(|probe| recorded(probe).map(|line| separate(line, capture))).collect();
    let candidates: Vec<Candidate<'_>> = (probes.iter().zip(&separated))
        .map(|(probe, separated)| {
            let waveform = separated.as_ref().map(|separated| &separated.signal);
            let line = waveform.zip(recorded(probe));
            let summary = line.map(|(waveform, line)| LineSummary::of(waveform, &capture.lost_on([line])));
            let shape = Shape::of(waveform.zip(summary.as_ref()), rate);
            let pulses = separated.as_ref().map_or(Pulses::Whole, |separated| separated.pulses);
            Candidate { shape, waveform, summary, pulses, claim: claim(&probe.name) }
        })
        .collect();
    let lost: Vec<_> = probes.iter().map(|probe| recorded(probe).map(|line| capture.lost_on([line]))).collect();
    let looked: Vec<Option<Looked<'_>>> = (probes.iter().zip(&separated).zip(&candidates).zip(&lost))
        .map(|(((probe, separated), candidate), lost)| {
            let line = recorded(probe)?;
            let changes = excerpt.changes_of(probe.bit);
            let is_cut = changes > line.waveform.changes().len() as u64;
            let (raw, shape) = (&*line.waveform, candidate.shape);
            let (separated, summary) = (separated.as_ref()?, candidate.summary.as_ref()?);
            Some(Looked { raw, separated, summary, shape, lost: lost.as_deref()?, changes, is_cut })
        })
        .collect();
    let roles = Roles::among(&candidates, rate);
    let reports = (probes.iter().zip(&candidates).enumerate())
        .map(|(place, (probe, candidate))| {
            let (likeness, why) = match roles.likeness(place) {
                (Likeness::Silent, _) if lost[place].as_ref().is_some_and(|lost| !lost.is_empty()) => {
                    (Likeness::Lost, LOST.to_owned())
                }
                told => told,
            };
            let others = (0..).zip(&looked).filter(|(other, _)| *other != place);
            let others: Vec<&Looked<'_>> = others.filter_map(|(_, line)| line.as_ref()).collect();
            let health = looked[place].as_ref().map(|line| {
                let health = health(line, &others, rate);
                let is_clock = likeness == Likeness::Undecided && candidate.summary.as_ref().is_some_and(is_clock);
                let health = if is_clock { health.unknown() } else { health };
                if health.verdict == WireVerdict::Unclear && roles.belies_its_name(place) {
                    health.suspected(
                        "its name says what it does not show: a loose wire, a missing ground, or another line",
                    )
                } else if roles.is_echo(place) {
                    health.suspected("picks up its neighbour: its wire is off")
                } else if roles.is_copy(place) {
                    health.suspected(
                        "shows what the trigger shows, edge for edge: both probes are on one testpoint, or its wire is off",
                    )
                } else {
                    health
                }
            });
            let disturbed = separated[place].as_ref().is_some_and(Separated::is_disturbed);
            let raw = || recorded(probe).map(|line| LineSummary::of(&line.waveform, &capture.lost_on([line])));
            let summary = if disturbed { candidate.summary.clone() } else { raw() };
            // Of a line that is looked at in part, all changes are counted.
            let summary = summary.map(|summary| match &looked[place] {
                Some(line) if line.is_cut => LineSummary { edges: line.changes, ..summary },
                Some(_) | None => summary,
            });
            let guess = if likeness == Likeness::Undecided { roles.guess(place) } else { None };
            let name = capture.header.display_name(probe);
            let is_unique = name == probe.name && is_probe_name(&name);
            let selector = if is_unique { ProbeSelector::Name(name.clone()) } else { ProbeSelector::Bit(probe.bit) };
            ProbeReport { name, selector, guess, summary, likeness, why, health }
        })
        .collect();
    WiringReport { rate: rate.clone(), probes: reports }
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
    let of_camera = |line: &Separated| matches!(shape(line), Shape::Sync | Shape::Window);
    if of_camera(&separated) {
        return separated;
    }
    let quiet = separated.without_bursts().filter(of_camera);
    // Triggers are too short to come in pieces.
    let whole = || Separated::joined(waveform).filter(|line| shape(line) == Shape::Window);
    let calm = || Separated::without_chatter(waveform).filter(of_camera);
    quiet.or_else(whole).or_else(calm).unwrap_or(separated)
}

impl WiringReport {
    /// The lines that the likenesses suggest, as a spec and an argument name them: `fsin`, `flash.A`, `second.strobe`. Where
    /// several probes look like one line of further cameras, each camera has one of each kind, in the order of the probes.
    fn lines(&self, with: Guesses) -> Vec<Suggested<'_>> {
        let mut lines = Vec::new();
        for role in Role::ALL {
            let found: Vec<(&ProbeReport, Polarity)> = (self.probes.iter())
                .filter_map(|probe| match (probe.likeness, with) {
                    (Likeness::Line(likely, active), _) if likely == role => Some((probe, active.polarity())),
                    (Likeness::Undecided, Guesses::Taken) if probe.guess == Some(role) => {
                        Some((probe, Polarity::ActiveHigh))
                    }
                    _ => None,
                })
                .collect();
            let several = found.len() > 1;
            for ((probe, polarity), place) in found.into_iter().zip(0_usize..) {
                let of = |camera, name| Suggested { role, camera, name, probe, polarity };
                lines.extend(match place.checked_sub(1) {
                    _ if role == Role::Flash && several => FLASHES.get(place).map(|name| of(None, Some(*name))),
                    None => Some(of(None, None)),
                    // There is one host.
                    Some(_) if role == Role::Trigger => None,
                    Some(further) => FURTHER_CAMERAS.get(further).map(|camera| of(Some(*camera), None)),
                });
            }
        }
        // A camera is known by its STROBE.
        let has_strobe =
            |camera: Option<&str>| lines.iter().any(|line| line.role == Role::Strobe && line.camera == camera);
        let kept: Vec<bool> = lines.iter().map(|line| line.camera.is_none() || has_strobe(line.camera)).collect();
        lines.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(line, _)| line).collect()
    }

    /// The probes of suggested lines of which the other level cannot be ruled out.
    #[must_use]
    pub fn likely_levels(&self) -> Vec<&str> {
        let is_likely =
            |line: &Suggested<'_>| matches!(line.probe.likeness, Likeness::Line(_, active) if active.is_likely());
        self.lines(Guesses::LeftOut).into_iter().filter(is_likely).map(|line| line.probe.name.as_str()).collect()
    }

    /// The `--wire` arguments that the likenesses suggest: `strobe=D2`, `fsin=low:D1`, `second.strobe=D5`, `flash.A=D3`.
    #[must_use]
    pub fn wires(&self) -> Vec<String> {
        self.arguments(Guesses::LeftOut)
    }

    /// The same, with those of undecided lines that would be so in the most usual of rigs.
    #[must_use]
    pub fn guessed_wires(&self) -> Vec<String> {
        self.arguments(Guesses::Taken)
    }

    fn arguments(&self, with: Guesses) -> Vec<String> {
        let wire = |line: &Suggested<'_>| {
            let camera = line.camera.map(|camera| format!("{camera}.")).unwrap_or_default();
            let name = line.name.map(|name| format!(".{name}")).unwrap_or_default();
            let probe = match (&line.probe.selector, line.polarity) {
                // No shell has to be kept from it.
                (ProbeSelector::Name(name), Polarity::ActiveLow) => format!("low:{name}"),
                (selector, polarity) => probe_text(selector, polarity),
            };
            format!("{camera}{}{name}={probe}", line.role.key())
        };
        self.lines(with).iter().map(wire).collect()
    }

    /// The `[wiring]` table that the likenesses suggest, and a table for each further camera; none where no probe looks like a
    /// line of a camera.
    #[must_use]
    pub fn table(&self) -> Option<String> {
        self.table_with(Guesses::LeftOut)
    }

    /// The same, with what undecided lines would be in the most usual of rigs.
    #[must_use]
    pub fn guessed_table(&self) -> Option<String> {
        self.table_with(Guesses::Taken)
    }

    fn table_with(&self, with: Guesses) -> Option<String> {
        let lines = self.lines(with);
        let value = |line: &Suggested<'_>| toml_string(&probe_text(&line.probe.selector, line.polarity));
        let of_camera = |camera: Option<&str>| -> String {
            let own: Vec<&Suggested<'_>> = lines.iter().filter(|line| line.camera == camera).collect();
            let named: Vec<String> =
                own.iter().filter_map(|line| Some(format!("{} = {}", line.name?, value(line)))).collect();
            let plain = own.iter().filter(|line| line.name.is_none());
            let mut rows: Vec<(Role, String)> =
                plain.map(|line| (line.role, format!("{} = {}\n", line.role.key(), value(line)))).collect();
            if !named.is_empty() {
                rows.push((Role::Flash, format!("{} = {{ {} }}\n", Role::Flash.key(), named.join(", "))));
            }
            rows.sort_by_key(|(role, _)| *role);
            rows.into_iter().map(|(_, row)| row).collect()
        };
        let further = FURTHER_CAMERAS.map(|camera| (camera, of_camera(Some(camera))));
        let further = further.into_iter().filter(|(_, rows)| !rows.is_empty());
        let cameras: String = further.map(|(camera, rows)| format!("\n[camera.{camera}]\n{rows}")).collect();
        (!lines.is_empty()).then(|| format!("[wiring]\n{}{cameras}", of_camera(None)))
    }
}

/// What of undecided lines is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guesses {
    LeftOut,
    Taken,
}

/// A line that is suggested.
struct Suggested<'a> {
    role: Role,
    camera: Option<&'static str>,
    /// Of one of several flash lines.
    name: Option<&'static str>,
    probe: &'a ProbeReport,
    polarity: Polarity,
}
