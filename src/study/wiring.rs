//! Which probe looks like which line of a camera. It suggests; it never passes a capture on a guess.

use super::health::{Pulses, Separated, health};
use super::relation::{coincidence, edges_to, overlap};
use super::shape::Shape;
use super::{Health, LineSummary, Spread};
use crate::capture::{Capture, Presence, Probe};
use crate::rig::{Polarity, Role};
use crate::signal::{Level, Waveform};
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
    /// What `--wire` calls it: its name, or its bit where others share the name.
    pub selector: String,
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

/// Looks at every probe of a capture that was read.
#[must_use]
pub fn wiring(capture: &Capture) -> WiringReport {
    let recorded = |probe: &Probe| capture.waveform(probe.bit).filter(|_| probe.presence == Presence::Recorded);
    // What a line looks like is told from its signal; how healthy it is, from the rest.
    let separated: Vec<Option<Separated>> = (capture.header.probes.iter())
        .map(|probe| recorded(probe).map(|waveform| separate(waveform, capture)))
        .collect();
    let candidates: Vec<Candidate<'_>> = (separated.iter())
        .map(|separated| {
            let waveform = separated.as_ref().map(|separated| &separated.signal);
            let summary = waveform.map(|waveform| LineSummary::of(waveform, &capture.lost));
            let shape = Shape::of(waveform.zip(summary.as_ref()), &capture.rate);
            let pulses = separated.as_ref().map_or(Pulses::Whole, |separated| separated.pulses);
            Candidate { shape, waveform, summary, pulses }
        })
        .collect();
    let roles = Roles::among(&candidates);
    let probes = (capture.header.probes.iter().zip(&candidates).enumerate())
        .map(|(place, (probe, candidate))| {
            let (likeness, why) = roles.likeness(place, &candidates);
            let name = capture.header.display_name(probe);
            let selector = if name == probe.name { name.clone() } else { probe.bit.to_string() };
            let steady = matches!(candidate.shape, Shape::Sync | Shape::Window);
            let waveforms = recorded(probe).zip(separated[place].as_ref());
            let health = waveforms.map(|(raw, separated)| health(raw, separated, &capture.lost, &capture.rate, steady));
            let summary = recorded(probe).map(|waveform| LineSummary::of(waveform, &capture.lost));
            let disturbed = separated[place].as_ref().is_some_and(Separated::is_disturbed);
            let summary = if disturbed { candidate.summary.clone() } else { summary };
            ProbeReport { name, selector, summary, likeness, why, health }
        })
        .collect();
    WiringReport { rate: capture.rate.clone(), probes }
}

/// A line as its signal and what disturbs it. What looks like chatter is taken out, and what looks like pieces is joined, where
/// that leaves a camera's line, and only there: other lines may be made of bursts.
fn separate(waveform: &Waveform, capture: &Capture) -> Separated {
    let shape = |line: &Separated| {
        let summary = LineSummary::of(&line.signal, &capture.lost);
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
    quiet.or_else(whole).unwrap_or(separated)
}

impl WiringReport {
    /// The `--wire` arguments that the likenesses suggest, the first probe of each role: `strobe=D2`, `fsin=low:D1`.
    #[must_use]
    pub fn wires(&self) -> Vec<String> {
        let mut wires = Vec::new();
        for role in Role::ALL {
            let found = self.probes.iter().find_map(|probe| match probe.likeness {
                Likeness::Line(likely, polarity) if likely == role => Some((probe, polarity)),
                Likeness::Line(..) | Likeness::NotRecorded | Likeness::Silent | Likeness::Other => None,
            });
            if let Some((probe, polarity)) = found {
                let low = if polarity == Polarity::ActiveLow { "low:" } else { "" };
                wires.push(format!("{}={low}{}", role.key(), probe.selector));
            }
        }
        wires
    }
}

impl WiringReport {
    /// The `[wiring]` table that the likenesses suggest; none where no probe looks like a line of a camera.
    #[must_use]
    pub fn table(&self) -> Option<String> {
        let mut lines = Vec::new();
        for role in Role::ALL {
            let found: Vec<String> = (self.probes.iter())
                .filter_map(|probe| match probe.likeness {
                    Likeness::Line(likely, polarity) if likely == role => Some((probe, polarity)),
                    Likeness::Line(..) | Likeness::NotRecorded | Likeness::Silent | Likeness::Other => None,
                })
                .map(|(probe, polarity)| {
                    let mark = if polarity == Polarity::ActiveLow { "!" } else { "" };
                    toml::Value::String(format!("{mark}{}", probe.selector)).to_string()
                })
                .collect();
            match (role, found.as_slice()) {
                (_, []) => {}
                (Role::Flash, [a, b]) => lines.push(format!("{} = {{ A = {a}, B = {b} }}", role.key())),
                (Role::Trigger | Role::Fsin | Role::Strobe | Role::Flash | Role::Readout, [first, ..]) => {
                    lines.push(format!("{} = {first}", role.key()));
                }
            }
        }
        (!lines.is_empty()).then(|| format!("[wiring]\n{}\n", lines.join("\n")))
    }
}

/// A probe that may show a line of a camera.
struct Candidate<'a> {
    shape: Shape,
    waveform: Option<&'a Waveform>,
    summary: Option<LineSummary>,
    pulses: Pulses,
}

/// Edges of one event lie no farther apart than this part of a frame.
const EVENT_PER_FRAME: u64 = 100;
/// This many per mille of edges that meet another line's are a rule, not chance.
const AS_A_RULE: u64 = 800;

/// Which candidates play which part.
struct Roles {
    fsin: Option<usize>,
    trigger: Option<usize>,
    strobe: Option<(usize, Polarity)>,
}

impl Roles {
    fn among(candidates: &[Candidate<'_>]) -> Roles {
        let of_shape = |shape: Shape| (0..candidates.len()).filter(move |&place| candidates[place].shape == shape);
        let (trigger, fsin) = match of_shape(Shape::Sync).collect::<Vec<_>>().as_slice() {
            [] => (None, None),
            [first, second, ..] if leads(&candidates[*second], &candidates[*first]) => (Some(*second), Some(*first)),
            [first, second, ..] if leads(&candidates[*first], &candidates[*second]) => (Some(*first), Some(*second)),
            [first, ..] => (None, Some(*first)),
        };
        let sync = fsin.map(|fsin| &candidates[fsin]);
        let strobe = of_shape(Shape::Window).max_by_key(|&place| {
            let others = of_shape(Shape::Window).filter(|&other| other != place);
            let inside = others.filter(|&other| lies_within(&candidates[place], &candidates[other])).count();
            let met = sync.map_or(0, |sync| u64::from(meets(&candidates[place], sync).is_some()));
            (met, inside, std::cmp::Reverse(irregularity(&candidates[place])), std::cmp::Reverse(place))
        });
        let strobe = strobe.map(|place| (place, strobe_polarity(&candidates[place], sync)));
        Roles { fsin, trigger, strobe }
    }

    fn likeness(&self, place: usize, candidates: &[Candidate<'_>]) -> (Likeness, String) {
        let candidate = &candidates[place];
        let (likeness, why) = match candidate.shape {
            Shape::NotRecorded => (Likeness::NotRecorded, "its bit lies beyond the samples"),
            Shape::Silent => (Likeness::Silent, "no edge: not connected, idle, or dead"),
            Shape::Other => return (Likeness::Other, other_text(candidate)),
            Shape::Sync if self.trigger == Some(place) => {
                (Likeness::Line(Role::Trigger, idle_polarity(candidate)), "short pulses just before those of FSIN")
            }
            Shape::Sync if self.fsin == Some(place) => {
                (Likeness::Line(Role::Fsin, idle_polarity(candidate)), "short pulses at a frame rate")
            }
            Shape::Sync => (Likeness::Other, "short pulses at a frame rate, as another probe has them"),
            Shape::Window => match self.strobe {
                Some((strobe, polarity)) if strobe == place => {
                    (Likeness::Line(Role::Strobe, polarity), "pulses that fill part of each frame")
                }
                Some((strobe, polarity)) => (
                    Likeness::Line(Role::Flash, flash_polarity(candidate, &candidates[strobe], polarity)),
                    "pulses at the frame rate, beside the strobe",
                ),
                None => (Likeness::Other, "pulses at a frame rate"),
            },
        };
        (likeness, why.to_owned())
    }
}

/// What a line does that is none of a camera's.
fn other_text(candidate: &Candidate<'_>) -> String {
    let Some(waveform) = candidate.waveform else { return "it moves".to_owned() };
    let changes = waveform.changes();
    if changes.len() < 4 {
        return match changes.len() {
            1 => "it changes once: a switch, or a line that was set".to_owned(),
            count => format!("it changes {count} times: too few to tell what it is"),
        };
    }
    let steps = changes.windows(2).map(|pair| pair[1] - pair[0]);
    let widths = Spread::of(steps.collect());
    let period = candidate.summary.as_ref().and_then(LineSummary::period);
    match (period, widths) {
        // A clock repeats itself to a sample or two.
        (Some(period), _) if period.max <= period.min + 2 => "a steady clock, not at a frame rate".to_owned(),
        // Bits in packets: the pauses between packets are far longer than any bit.
        (_, Some(widths)) if widths.max / 20 >= widths.median.max(1) => {
            "fast changes in bursts, with pauses between: a data line, no line of a camera".to_owned()
        }
        (_, _) => "it moves, but not at a steady frame rate".to_owned(),
    }
}

fn idle_polarity(candidate: &Candidate<'_>) -> Polarity {
    match candidate.summary.as_ref().map(LineSummary::idle) {
        Some(Level::High) => Polarity::ActiveLow,
        Some(Level::Low) | None => Polarity::ActiveHigh,
    }
}

/// The instants at which a line becomes active.
fn active_edges(candidate: &Candidate<'_>) -> Vec<u64> {
    let active = Level::from(idle_polarity(candidate));
    candidate.waveform.map(|waveform| edges_to(waveform, active)).unwrap_or_default()
}

fn period(candidate: &Candidate<'_>) -> u64 {
    candidate.summary.as_ref().and_then(LineSummary::period).map_or(0, |period| period.median)
}

fn irregularity(candidate: &Candidate<'_>) -> u64 {
    let period = candidate.summary.as_ref().and_then(LineSummary::period);
    period.map_or(u64::MAX, |period| period.max - period.min)
}

/// Whether the pulses of one line come as a rule a little before those of the other.
fn leads(earlier: &Candidate<'_>, later: &Candidate<'_>) -> bool {
    let reach = period(later) / EVENT_PER_FRAME;
    let half = reach / 2;
    let moved: Vec<u64> = active_edges(earlier).iter().map(|edge| edge + half).collect();
    coincidence(&active_edges(later), &moved, half) >= AS_A_RULE && active_edges(earlier) != active_edges(later)
}

/// The level to which a line changes as a rule where FSIN becomes active, if it does.
fn meets(window: &Candidate<'_>, sync: &Candidate<'_>) -> Option<Level> {
    let (waveform, fsin) = (window.waveform?, active_edges(sync));
    let reach = period(sync) / EVENT_PER_FRAME;
    let met = |level: Level| coincidence(&edges_to(waveform, level), &fsin, reach) >= AS_A_RULE;
    match (met(Level::Low), met(Level::High)) {
        (true, false) => Some(Level::Low),
        (false, true) => Some(Level::High),
        (true, true) | (false, false) => None,
    }
}

/// STROBE is active high unless it rises where FSIN does, or has no FSIN beside it and only its rising edge is regular
/// while it idles high: then its exposures end as it rises.
fn strobe_polarity(strobe: &Candidate<'_>, sync: Option<&Candidate<'_>>) -> Polarity {
    match strobe.pulses {
        // Pauses are never in pieces.
        Pulses::InPieces(Level::High) => return Polarity::ActiveHigh,
        Pulses::InPieces(Level::Low) => return Polarity::ActiveLow,
        Pulses::Whole => {}
    }
    if let Some(sync) = sync {
        return match meets(strobe, sync) {
            Some(Level::High) => Polarity::ActiveLow,
            Some(Level::Low) | None => Polarity::ActiveHigh,
        };
    }
    let spread = |period: Option<Spread>| period.map(|period| period.max - period.min);
    let summary = strobe.summary.as_ref();
    let rising = summary.and_then(|summary| spread(summary.rising_period));
    let falling = summary.and_then(|summary| spread(summary.falling_period));
    match (rising, falling) {
        (Some(rising), Some(falling)) if rising < falling => idle_polarity(strobe),
        (Some(_) | None, Some(_) | None) => Polarity::ActiveHigh,
    }
}

/// A flash is lit at the level at which it overlaps the exposures more.
fn flash_polarity(flash: &Candidate<'_>, strobe: &Candidate<'_>, strobe_polarity: Polarity) -> Polarity {
    let (Some(flash), Some(strobe)) = (flash.waveform, strobe.waveform) else { return Polarity::ActiveHigh };
    let exposed = (strobe, Level::from(strobe_polarity));
    let lit = |level: Level| overlap((flash, level), exposed);
    if lit(Level::Low) > lit(Level::High) { Polarity::ActiveLow } else { Polarity::ActiveHigh }
}

/// Whether the pulses of one line, at either polarity of the other, lie inside the other's: an exposure inside its flash.
fn lies_within(inner: &Candidate<'_>, outer: &Candidate<'_>) -> bool {
    let (Some(a), Some(b)) = (inner.waveform, outer.waveform) else { return false };
    let active = Level::High;
    let all = overlap((a, active), (a, active));
    [Level::High, Level::Low].into_iter().any(|lit| {
        let lit_all = overlap((b, lit), (b, lit));
        // Edges of the same sample may leave a few samples uncovered.
        overlap((a, active), (b, lit)).saturating_mul(1000) >= all.saturating_mul(999) && lit_all > all
    })
}
