//! Spikes at a fixed distance behind edges: of another line, or of the line itself.

use super::explained::explained_within;
use super::fault::{Candidate, Cause, FAILURE, Fault};
use super::series::{median, spread};
use super::view::{CaptureView, LineView, counted};
use crate::line::limits::{ECHO_US, samples};
use crate::line::{Span, behind};
use crate::rig::Role;

/// A spike behind each edge of one kind.
pub(super) static CROSSTALK_SPIKE: Fault = Fault {
    id: "crosstalk-spike",
    number: "F46",
    about: "A spike stands at the same small distance behind each edge of a line: crosstalk, or a reflection of the edge.",
    drawing: "\
FSIN    _|~~~~|______________|~~~~|_________
STROBE  __||_______________ __||____________   a spike after each edge",
    causes: &[&REFLECTED, &COUPLED],
    ..FAILURE
};

pub(super) static REFLECTED: Cause = Cause {
    why: "the line's own edge comes back from an open end, or rings",
    remedy: "shorten the probe wire, put 100 Ohm in series at the driver, twist the wire with its ground",
};
pub(super) static COUPLED: Cause = Cause {
    why: "an edge of the neighbouring line couples into this one",
    remedy: "keep the two wires apart, twist each with a ground wire, and shorten them",
};

/// Fewer spikes are no rule.
const LEAST: usize = 4;
/// A spike is this many times shorter than what the line shows.
const FAR_SHORTER: u64 = 20;

/// Spikes of a line behind edges: whose, how far behind, and the spikes.
pub(super) struct Spikes {
    own: bool,
    source: String,
    edge: &'static str,
    delay: f64,
    spikes: Vec<Span>,
}

impl Spikes {
    /// What is seen of a line; none where its spikes stand behind no edges, or not at one distance.
    pub(super) fn of(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Spikes> {
        let usual = line.signal.iter().map(|span| span.length()).max()?;
        let longest = 3_u64.max(view.samples(2e-6) as u64).min(usual / FAR_SHORTER);
        let (spikes, rest): (Vec<Span>, Vec<Span>) = line.pulses.iter().partition(|pulse| pulse.length() <= longest);
        if rest.len() < LEAST || spikes.len().max(line.disturbances.len()) < LEAST {
            return None;
        }
        let ends = |spans: &[Span]| spans.iter().map(|span| span.to).collect::<Vec<u64>>();
        let starts = |spans: &[Span]| spans.iter().map(|span| span.from).collect::<Vec<u64>>();
        // The current of a flash moves the ground: that is another fault.
        let others = view.lines.iter().filter(|other| {
            other.index != line.index && other.disturbances.is_empty() && other.wire.role != Role::Flash
        });
        let mut sources = vec![(true, line.label(), "the end", ends(&rest))];
        for other in others.filter(|other| !other.signal.is_empty()) {
            sources.push((false, other.label(), "the start", starts(&other.signal)));
            sources.push((false, other.label(), "the end", ends(&other.signal)));
            let mut both = [starts(&other.signal), ends(&other.signal)].concat();
            both.sort_unstable();
            sources.push((false, other.label(), "an edge", both));
        }
        sources.into_iter().find_map(|(own, source, edge, edges)| {
            // Behind the line's own edge, the filter takes the pause for the spike.
            let spikes = if own { &spikes } else { &line.disturbances };
            let short = spikes.len() >= LEAST && spikes.iter().all(|spike| spike.length() <= longest);
            let delay = fixed_delay(view, spikes, &edges).filter(|_| short)?;
            Some(Spikes { own, source, edge, delay, spikes: spikes.clone() })
        })
    }

    pub(super) fn candidate(self, view: &CaptureView<'_>, line: &LineView<'_>) -> Candidate {
        let whose = if self.own { "its own pulse".to_owned() } else { format!("a pulse of {}", self.source) };
        let width = median(self.spikes.iter().map(|span| span.length() as f64).collect()).unwrap_or(0.0);
        let candidate = (CROSSTALK_SPIKE.seen(
            format!(
                "{} shows {} of {}, each {} after {} of {whose}",
                line.label(),
                counted(self.spikes.len(), "spike"),
                view.time(width),
                view.time(self.delay),
                self.edge
            ),
            "all stand at the same distance, and there are none elsewhere".to_owned(),
        ))
        .settled(self.own, &REFLECTED)
        .supported_if(!self.own, &COUPLED)
        .or_because(
            "whatever makes them, they are shorter than any pulse of this line",
            format!(
                "to judge the rest meanwhile, bridge them: [analyzer] glitch = {{ {} = \"{}\" }}",
                line.wire.role.key(),
                view.time(1.5 * self.spikes.iter().map(|span| span.length()).max().unwrap_or(1) as f64)
            ),
        );
        let candidate = candidate.at(self.spikes.iter().map(|span| span.from).collect());
        explained_within(view, line, candidate, &self.spikes)
    }
}

/// The distance at which nearly all spikes stand behind these edges, and these edges have their spikes.
fn fixed_delay(view: &CaptureView<'_>, spikes: &[Span], edges: &[u64]) -> Option<f64> {
    let reach = samples(ECHO_US, &view.observation.rate).max(8);
    let behind = behind(spikes.iter().map(|spike| spike.from), edges, reach);
    let delays: Vec<f64> = behind.map(|(_, delay)| delay as f64).collect();
    let middle = median(delays.clone())?;
    let most = delays.len() * 10 >= spikes.len() * 9 && delays.len() * 10 >= edges.len() * 4;
    (most && spread(&delays) <= 2.0_f64.max(middle * 0.1)).then_some(middle)
}
