//! What all families look at: each line with its disturbances told from its signal, and what the checks say.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::Arc;

use super::claims::{Claim, Which, is_above};
use super::rhythm::Rhythm;
use super::series::median;
use super::trains::Trains;
use crate::frame::{CameraFrames, CameraView, Exposure, Observation, ObservedLine, anchored};
use crate::line::limits::{SLOWEST_EDGE_US, longest_spike};
use crate::line::{Cadence, Span, Told, middle};
use crate::quantity::{Quantity, Subject};
use crate::rig::{Alignment, Camera, Role, Wire, WireIndex};
use crate::signal::SampleSpan;
use crate::spec::Limit;
pub(super) use crate::units::counted;
use crate::units::{Prefix, Rational, Rounding, SampleCount, Unit};
use crate::verdict::{Check, Verdict};

/// Of a line with more changes than this only the first ones are looked at: noise as dense says the same everywhere.
const MOST_CHANGES: usize = 400_000;
/// Opto-couplers and pull-ups delay an edge by no more.
pub(super) const SLOWEST_EDGE_S: f64 = SLOWEST_EDGE_US as f64 / 1e6;
/// The row time of the slowest common sensors, twice: exposures and frames are whole rows (field guide, section 6, C06).
pub(super) const TWO_ROWS_S: f64 = 18.2e-6;

/// A line, its signal told from its disturbances.
#[derive(Debug)]
pub(super) struct LineView<'a> {
    pub(super) index: WireIndex,
    pub(super) wire: &'a Wire,
    pub(super) line: &'a ObservedLine,
    /// The raw edges that are looked at.
    pub(super) edges: SampleSpan<'a>,
    /// Active stretches as they are, both ends seen.
    pub(super) pulses: Arc<[Span]>,
    /// Active stretches without what is too short to be signal.
    pub(super) signal: Arc<[Span]>,
    /// What is too short to be signal.
    pub(super) disturbances: Vec<Span>,
    /// The frame time in samples, as far as it is known.
    pub(super) period: Option<f64>,
    /// The number of frame times that are looked at.
    pub(super) frames: f64,
    /// How many pulses there should be in each.
    pub(super) per_frame: f64,
}

/// What all families look at.
#[derive(Debug)]
pub(super) struct CaptureView<'a> {
    pub(super) observation: &'a Observation,
    pub(super) checks: &'a [Check],
    /// By the places of the rig's wires.
    pub(super) lines: Vec<LineView<'a>>,
}

impl<'a> CaptureView<'a> {
    pub(super) fn new(observation: &'a Observation, checks: &'a [Check]) -> CaptureView<'a> {
        let mut view = CaptureView { observation, checks, lines: Vec::new() };
        let fallback = view.longest_interval();
        view.lines = (observation.rig.wire_indices()).map(|index| view.line_view(index, fallback.as_ref())).collect();
        view
    }

    /// Without a nominal frame time: the longest of the lines' median intervals, as noise only shortens them.
    fn longest_interval(&self) -> Option<Rational> {
        let interval = |line: &ObservedLine| {
            let starts = line.train.pulses.iter().take(MOST_CHANGES).filter_map(|pulse| pulse.start.edge());
            let starts: Vec<u64> = starts.map(|edge| edge.at().get()).collect();
            middle(starts.windows(2).map(|pair| pair[1] - pair[0]))
        };
        self.observation.lines.iter().filter_map(interval).max().map(Rational::from)
    }

    fn line_view(&self, index: WireIndex, fallback: Option<&Rational>) -> LineView<'a> {
        let (wire, line) = (self.observation.rig.wire(index), &self.observation.lines[index.get()]);
        let users: Vec<CameraView<'_>> =
            self.observation.cameras().filter(|camera| camera.wiring.uses(index)).collect();
        let stretch = (self.observation.lost.proven(self.observation.length).into_iter())
            .max_by_key(|stretch| stretch.to.get() - stretch.from.get());
        let (first, edges) = stretch.map_or_else(
            || (line.waveform.initial(), line.waveform.changes().range(0..0)),
            |stretch| line.waveform.within(stretch),
        );
        let edges = edges.range(0..MOST_CHANGES);
        let seen = match (edges.len() == MOST_CHANGES, edges.first(), edges.last(), stretch) {
            (true, Some(first), Some(last), _) => last - first,
            (_, _, _, Some(stretch)) => stretch.to.get() - stretch.from.get(),
            (_, _, _, None) => 0,
        };
        // Of those that share a line, the slowest.
        let period = users.iter().filter_map(|camera| nominal(*camera)).max().or(fallback.cloned());
        let of_each =
            |pulses: fn(&Camera) -> NonZeroU32| users.iter().map(move |camera| u64::from(pulses(camera.wiring).get()));
        let per_period = match wire.role {
            Role::Trigger => 1,
            Role::Fsin => of_each(|camera| camera.fsin_per_frame).max().unwrap_or(1),
            Role::Strobe | Role::Flash | Role::Readout | Role::Ready => {
                of_each(|camera| camera.burst).sum::<u64>().max(1)
            }
        };
        let cadence = Cadence { period, length: seen, per_period };
        let Told { pulses, signal, disturbances } =
            cadence.tell(first, &edges.to_vec(), line.active, self.longest_glitch());
        let period = cadence.period.as_ref().map(Rational::to_f64);
        let frames = period.map_or(0.0, |period| seen as f64 / period);
        let per_frame = per_period as f64;
        LineView { index, wire, line, edges, pulses, signal, disturbances, period, frames, per_frame }
    }

    /// The longest spike that counts as a glitch, in samples.
    pub(super) fn longest_glitch(&self) -> u64 {
        longest_spike(&self.observation.rate)
    }

    /// Seconds in samples.
    pub(super) fn samples(&self, seconds: f64) -> f64 {
        seconds * self.observation.rate.hz().to_f64()
    }

    /// Samples in seconds.
    pub(super) fn seconds(&self, samples: f64) -> f64 {
        samples / self.observation.rate.hz().to_f64()
    }

    /// A time of so many samples, for a person: three or four digits.
    pub(super) fn time(&self, samples: f64) -> String {
        time_text(self.seconds(samples))
    }

    /// When a sample was taken, for a person.
    pub(super) fn when(&self, sample: u64) -> String {
        let seconds = self.observation.rate.seconds(SampleCount::new(i128::from(sample)));
        let prefix = Prefix::for_value(&seconds, Unit::Second);
        prefix.text(&seconds, prefix.places_for(self.observation.rate.period()).min(3), Rounding::Nearest)
    }

    /// The cameras, in the order of the rig.
    pub(super) fn cameras(&self) -> impl Iterator<Item = JudgedCamera<'_>> + Clone {
        (0..self.observation.cameras.len()).map(|place| self.camera(place))
    }

    fn camera(&self, place: usize) -> JudgedCamera<'_> {
        JudgedCamera { capture: self, seen: self.observation.camera(place) }
    }

    /// The cameras that use a line.
    pub(super) fn users(&self, line: &LineView<'_>) -> impl Iterator<Item = JudgedCamera<'_>> {
        let wire = line.index;
        self.cameras().filter(move |camera| camera.seen.wiring.uses(wire))
    }

    /// The line of a camera's wire.
    pub(super) fn line(&self, wire: Option<WireIndex>) -> Option<&LineView<'a>> {
        self.lines.get(wire?.get())
    }

    /// How far instants of a steady rhythm may stray, in samples: rows, and what samples cannot tell.
    pub(super) fn tolerance(&self, period: f64) -> f64 {
        /// A thousandth of the frame time (field guide, C06).
        const SHARE: f64 = 1e-3;
        (period * SHARE).max(self.samples(TWO_ROWS_S)).max(3.0)
    }

    /// Claims on all that does not pass in these checks of these cameras.
    pub(super) fn not_passed<'c>(
        &self,
        cameras: impl IntoIterator<Item = JudgedCamera<'c>>,
        which: &[Which],
    ) -> Vec<Claim> {
        let names: Vec<&str> = cameras.into_iter().map(JudgedCamera::name).collect();
        let of_them = |check: &Check| {
            check.camera.as_deref().is_some_and(|camera| names.contains(&camera))
                && which.iter().any(|which| which.holds(check.quantity))
        };
        let open = self.checks.iter().enumerate().filter(|(_, check)| check.verdict != Verdict::Pass);
        open.filter(|(_, check)| of_them(check)).map(|(place, _)| Claim::all(place)).collect()
    }

    /// Whether any check of a camera that uses the line, or of the line itself, does not pass.
    pub(super) fn is_suspect(&self, line: &LineView<'_>) -> bool {
        !self.not_passed(self.users(line), &[Which::All]).is_empty()
    }
}

/// A camera, its lines, and what the checks say of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct JudgedCamera<'a> {
    pub(super) capture: &'a CaptureView<'a>,
    seen: CameraView<'a>,
}

impl PartialEq for JudgedCamera<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.seen.place == other.seen.place
    }
}

impl<'a> JudgedCamera<'a> {
    pub(super) fn name(self) -> &'a str {
        &self.seen.wiring.name
    }

    pub(super) fn wiring(self) -> &'a Camera {
        self.seen.wiring
    }

    pub(super) fn frames(self) -> &'a CameraFrames {
        self.seen.frames
    }

    pub(super) fn subject(self) -> Subject {
        Subject::Camera(self.seen.place)
    }

    /// Whether a frame of this number is judged.
    pub(super) fn judges(self, frame: i64) -> bool {
        self.seen.judges(frame)
    }

    /// Whether it is the first one of the rig.
    pub(super) fn is_first(self) -> bool {
        self.seen.place == 0
    }

    /// The nominal frame time in samples.
    pub(super) fn nominal(self) -> Option<f64> {
        nominal(self.seen).as_ref().map(Rational::to_f64)
    }

    /// The frame time in samples, as far as it is known; 0 where it is not.
    pub(super) fn frame(self) -> f64 {
        let seen = self.frames().clock.period.as_ref().map(Rational::to_f64);
        self.nominal().or(seen).unwrap_or(0.0)
    }

    /// Its STROBE; of several pins the first.
    pub(super) fn strobe(self) -> Option<&'a LineView<'a>> {
        self.capture.line(self.wiring().wire(Role::Strobe))
    }

    /// Its exposures, whatever pin shows them: of one pin its signal, of several what comes on them in turn.
    pub(super) fn exposed(self) -> Arc<[Span]> {
        match self.wiring().wires(Role::Strobe) {
            [_, _, ..] => self.frames().exposures.iter().map(|exposure| span_of(&exposure)).collect(),
            [] | [_] => self.strobe().map_or_else(|| Arc::from([]), |line| Arc::clone(&line.signal)),
        }
    }

    /// How long its exposures last, in samples: the median.
    pub(super) fn exposure_width(self) -> Option<f64> {
        width(&self.exposed())
    }

    /// How often its exposures come, in samples, as far as it is known.
    pub(super) fn exposure_period(self) -> Option<f64> {
        let is_in_turn = self.wiring().wires(Role::Strobe).len() > 1;
        if is_in_turn { Some(self.frame()).filter(|frame| *frame > 0.0) } else { self.strobe()?.period }
    }

    /// The pins of its STROBE that show exposures which begin or end at one of these places; its only one in any case.
    pub(super) fn pins_at(self, places: &[u64]) -> Vec<&'a LineView<'a>> {
        let wires = self.wiring().wires(Role::Strobe);
        let places: HashSet<u64> = places.iter().copied().collect();
        let is_there = |wire: WireIndex| {
            let mut shown = self
                .frames()
                .exposures
                .iter()
                .filter(|exposure| exposure.wire == wire)
                .map(|exposure| span_of(&exposure));
            shown.any(|span| places.contains(&span.from) || places.contains(&span.to))
        };
        let pins = wires.iter().filter(|wire| wires.len() == 1 || is_there(**wire));
        pins.filter_map(|wire| self.capture.line(Some(*wire))).collect()
    }

    /// Its FSIN.
    pub(super) fn fsin(self) -> Option<&'a LineView<'a>> {
        self.capture.line(self.wiring().wire(Role::Fsin))
    }

    /// Its flash lines.
    pub(super) fn flashes(self) -> Vec<&'a LineView<'a>> {
        self.wiring().wires(Role::Flash).iter().filter_map(|&wire| self.capture.line(Some(wire))).collect()
    }

    /// The check of a quantity.
    pub(super) fn check(self, quantity: &Quantity) -> Option<&'a Check> {
        let is_it = |check: &&Check| check.quantity == quantity && check.camera.as_deref() == Some(self.name());
        self.capture.checks.iter().find(|check| is_it(check) && check.line.is_none())
    }

    /// The bounds of a check's first limit, in samples.
    pub(super) fn bounds(self, quantity: &Quantity) -> (Option<f64>, Option<f64>) {
        let limit = self.check(quantity).and_then(|check| check.limits.first());
        let samples = |seconds: &Rational| self.capture.samples(seconds.to_f64());
        (limit.and_then(Limit::min).map(samples), limit.and_then(Limit::max).map(samples))
    }

    /// Whether a check says that something is outside its limit, or may be and looks so.
    pub(super) fn is_broken(self, quantity: &Quantity) -> bool {
        self.check(quantity).is_some_and(is_broken)
    }

    /// Whether one of these is broken.
    pub(super) fn any_broken(self, quantities: &[&Quantity]) -> bool {
        quantities.iter().any(|quantity| self.is_broken(quantity))
    }

    /// Claims on all that does not pass in these checks.
    pub(super) fn not_passed(self, which: &[Which]) -> Vec<Claim> {
        self.capture.not_passed([self], which)
    }

    /// The same, at these places and within a frame of them.
    pub(super) fn not_passed_near(self, which: &[Which], places: &[u64]) -> Vec<Claim> {
        let spans: Vec<Span> = places.iter().map(|&at| Span { from: at, to: at }).collect();
        self.not_passed_within(which, &spans)
    }

    /// The same, in these stretches and within a frame of them.
    pub(super) fn not_passed_within(self, which: &[Which], spans: &[Span]) -> Vec<Claim> {
        self.not_passed(which).iter().map(|claim| claim.near(spans, self.frame())).collect()
    }
}

/// Where these begin.
pub(super) fn starts(spans: &[Span]) -> Vec<f64> {
    spans.iter().map(|span| span.from as f64).collect()
}

/// Where these end.
pub(super) fn ends(spans: &[Span]) -> Vec<f64> {
    spans.iter().map(|span| span.to as f64).collect()
}

/// How long these are: the median, in samples.
pub(super) fn width(spans: &[Span]) -> Option<f64> {
    median(spans.iter().map(|span| span.length() as f64).collect())
}

/// The stretch of an exposure, as the samples show it.
fn span_of(exposure: &Exposure) -> Span {
    Span { from: exposure.pulse.from().get(), to: exposure.pulse.to().get() }
}

/// How long after FSIN the part of an exposure comes that an alignment ties to it, in samples.
pub(super) fn from_fsin(exposure: &Exposure, alignment: Alignment) -> Option<f64> {
    let (edge, fsin) = (anchored(&exposure.pulse, alignment).edge()?, exposure.fsin?);
    Some(edge.at().get() as f64 - fsin.at().get() as f64)
}

/// The nominal frame time of a camera in samples.
fn nominal(camera: CameraView<'_>) -> Option<Rational> {
    let seconds = camera.wiring.frame_time.as_ref()?;
    Some(camera.observation.rate.samples(seconds)).filter(|period| *period >= Rational::ONE)
}

/// Whether a check's values lie outside its limit, proven or by the samples as they are; not where they may only look so
/// for pulses that no sample shows.
pub(super) fn is_broken(check: &Check) -> bool {
    let is_outside = check.worst.as_ref().is_some_and(|worst| {
        // Over a damaged record a count is 'at least': one below its limit may be on it.
        let may_be_more = worst.low.is_some() && worst.high.is_none();
        worst.margin.is_negative() && (!may_be_more || is_above(check, worst))
    });
    check.verdict != Verdict::Pass && (check.failed > 0 || (is_outside && check.unresolved == 0))
}

impl LineView<'_> {
    /// `STROBE (probe D2)`.
    pub(super) fn label(&self) -> String {
        let role = match &self.wire.name {
            Some(name) => format!("{} {name}", self.wire.role.label()),
            None => self.wire.role.label().to_owned(),
        };
        format!("{role} (probe {})", self.line.probe.name)
    }

    /// The starts of its signal's pulses.
    pub(super) fn starts(&self) -> Vec<f64> {
        starts(&self.signal)
    }

    /// The ends of its signal's pulses.
    pub(super) fn ends(&self) -> Vec<f64> {
        ends(&self.signal)
    }

    /// The median width of its signal's pulses, in samples.
    pub(super) fn width(&self) -> Option<f64> {
        width(&self.signal)
    }

    /// The steadier of its two rhythms, of starts and of ends.
    pub(super) fn rhythm(&self, tolerance: f64) -> Option<Rhythm> {
        let period = self.period?;
        let (starts, ends) = (self.starts(), self.ends());
        let (starts, ends) = (Rhythm::of(&starts, period, tolerance), Rhythm::of(&ends, period, tolerance));
        Some(if starts.breaks <= ends.breaks { starts } else { ends })
    }

    /// Whether its signal comes as often as frames do, as far as one can tell.
    pub(super) fn has_signal(&self, tolerance: f64) -> bool {
        /// A line with less than this share of its pulses is hardly there.
        const SHARE: f64 = 0.4;
        let enough = self.signal.len() as f64 >= self.frames * SHARE - 2.0 && !self.signal.is_empty();
        enough && (self.rhythm(tolerance).is_some_and(|rhythm| rhythm.is_kept()) || self.has_chain(tolerance))
    }
}

impl LineView<'_> {
    /// Whether most frames have a pulse that is a frame time after the one before, whatever comes between.
    fn has_chain(&self, tolerance: f64) -> bool {
        /// As many as this share of the frames.
        const SHARE: f64 = 0.7;
        let chain = self.period.map_or(0, |period| Trains::of(&self.signal, period, tolerance).main.len());
        chain as f64 >= self.frames * SHARE - 1.0
    }
}

/// A time for a person: up to four digits.
pub(super) fn time_text(seconds: f64) -> String {
    const DIGITS: i32 = 4;
    let exact = Rational::from_f64(seconds).unwrap_or(Rational::ZERO);
    let prefix = Prefix::for_value(&exact, Unit::Second);
    let scaled = (&exact * &prefix.factor().recip().unwrap_or(Rational::ONE)).to_f64().abs();
    let whole_digits = if scaled >= 1.0 { scaled.log10().floor() as i32 + 1 } else { 1 };
    let places = u32::try_from((DIGITS - whole_digits).clamp(0, 3)).unwrap_or(0);
    prefix.text(&exact, places, Rounding::Nearest)
}

/// A ratio as a percentage: `104.3 %`.
pub(super) fn percent(ratio: f64) -> String {
    format!("{:.1} %", ratio * 100.0)
}
