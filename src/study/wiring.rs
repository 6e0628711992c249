//! Which probe looks like which line of a camera. It suggests; it never passes a capture on a guess.

use super::LineSummary;
use crate::capture::{Capture, Presence};
use crate::rig::{Polarity, Role};
use crate::signal::Level;
use crate::units::{Rational, SampleCount, SampleRate};

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
}

/// What the probes of a capture look like.
#[derive(Debug, Clone)]
pub struct WiringReport {
    /// The sample rate, for the times in it.
    pub rate: SampleRate,
    /// In order of their bits.
    pub probes: Vec<ProbeReport>,
}

/// Frame rates from one frame in ten seconds to a thousand a second are a camera's.
const SLOWEST_FRAME_S: i128 = 10;
const FASTEST_FRAMES_PER_S: i128 = 1000;

/// Looks at every probe of a capture that was read.
#[must_use]
pub fn wiring(capture: &Capture) -> WiringReport {
    let summaries: Vec<Option<LineSummary>> = (capture.header.probes.iter())
        .map(|probe| {
            let waveform = capture.waveform(probe.bit).filter(|_| probe.presence == Presence::Recorded)?;
            Some(LineSummary::of(waveform, &capture.lost))
        })
        .collect();
    let shapes: Vec<Shape> = summaries.iter().map(|summary| Shape::of(summary.as_ref(), &capture.rate)).collect();
    let strobe = strobe_among(&shapes, &summaries);
    let probes = (capture.header.probes.iter().zip(summaries).zip(shapes).enumerate())
        .map(|(place, ((probe, summary), shape))| {
            let (likeness, why) = shape.likeness(strobe == Some(place), summary.as_ref());
            let name = capture.header.display_name(probe);
            let selector = if name == probe.name { name.clone() } else { probe.bit.to_string() };
            ProbeReport { name, selector, summary, likeness, why }
        })
        .collect();
    WiringReport { rate: capture.rate.clone(), probes }
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

/// The shape of a line by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    NotRecorded,
    Silent,
    /// Short pulses at a frame rate.
    Sync,
    /// Pulses that fill a fair part of each frame.
    Window,
    Other,
}

impl Shape {
    fn of(summary: Option<&LineSummary>, rate: &SampleRate) -> Shape {
        let Some(summary) = summary else { return Shape::NotRecorded };
        if summary.edges == 0 {
            return Shape::Silent;
        }
        let (Some(period), Some(active)) = (summary.period(), summary.active_width()) else { return Shape::Other };
        let seconds = rate.seconds(SampleCount::new(i128::from(period.median)));
        let at_frame_rate =
            seconds <= Rational::integer(SLOWEST_FRAME_S) && seconds.times(FASTEST_FRAMES_PER_S) >= Rational::ONE;
        // Lost frames make a few periods longer; a period far shorter than the median is no frame clock's.
        let steady = period.min.saturating_mul(10) >= period.median.saturating_mul(4);
        if !at_frame_rate || !steady {
            Shape::Other
        } else if active.max.saturating_mul(20) <= period.median {
            Shape::Sync
        } else {
            Shape::Window
        }
    }

    fn likeness(self, is_strobe: bool, summary: Option<&LineSummary>) -> (Likeness, String) {
        let polarity = match summary.map(LineSummary::idle) {
            Some(Level::High) => Polarity::ActiveLow,
            Some(Level::Low) | None => Polarity::ActiveHigh,
        };
        match self {
            Shape::NotRecorded => (Likeness::NotRecorded, "its bit lies beyond the samples".to_owned()),
            Shape::Silent => (Likeness::Silent, "no edge: not connected, idle, or dead".to_owned()),
            Shape::Sync => (Likeness::Line(Role::Fsin, polarity), "short pulses at a frame rate".to_owned()),
            Shape::Window if is_strobe => {
                (Likeness::Line(Role::Strobe, polarity), "pulses that fill part of each frame".to_owned())
            }
            Shape::Window => {
                (Likeness::Line(Role::Flash, polarity), "pulses at the frame rate, beside the strobe".to_owned())
            }
            Shape::Other => (Likeness::Other, "it moves, but not at a steady frame rate".to_owned()),
        }
    }
}

/// Of the lines that fill part of each frame, the one with the most regular period is taken for STROBE; a flash follows it
/// with its driver's delays.
fn strobe_among(shapes: &[Shape], summaries: &[Option<LineSummary>]) -> Option<usize> {
    let irregularity = |place: &usize| {
        let period = summaries[*place].as_ref().and_then(LineSummary::period);
        period.map_or(u64::MAX, |period| period.max - period.min)
    };
    (0..shapes.len()).filter(|&place| shapes[place] == Shape::Window).min_by_key(irregularity)
}
