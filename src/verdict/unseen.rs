//! Pulses that no sample shows: where a line's pulses or pauses can be shorter than two samples, how many of a check's
//! violations they may account for, why, and what would show them.

use super::advice::rate_text;
use crate::frame::{ClockSource, Observation};
use crate::quantity::{On, Quantity, Subject, exposure, flash, flash_count, frame, fsin, readout};
use crate::rig::{Rhythm, Role, WireIndex};
use crate::signal::{GlitchFilter, PulseTrain, Stretch};
use crate::spec::{Limit, Rule, Spec};
use crate::units::{Prefix, Rational, Rounding, SampleRate, Unit};

/// So many samples show a stretch whatever its phase: one more than is not resolved.
const SHOWN: u64 = PulseTrain::UNRESOLVED + 1;

/// Why a line may have had pulses that no sample shows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Why {
    /// Stretches were seen that are as short as this, in samples.
    Narrow { narrowest: u64, excuses: u64, are_spikes: bool },
    /// A limit allows stretches of so many seconds, or asks for ones that are no longer.
    Allowed(Rational),
    /// It shows no edge in a record that is no longer than so many seconds of silence, which are allowed.
    Short(Rational),
    /// It shows no edge, and frames come when they come: there may have been none.
    Events,
    /// It shows no edge, no frame time is stated, and the other lines show less than one.
    LessThanAFrame,
}

/// A line that may have had pulses that no sample shows.
#[derive(Debug)]
struct Doubt {
    line: String,
    why: Why,
}

/// What the pulses that no sample shows may account for in a check.
#[derive(Debug)]
pub(super) struct Unresolved<'a> {
    observation: &'a Observation,
    doubts: Vec<Doubt>,
    /// Lines without an edge whose pulses are taken to last two samples or more.
    presumed: Vec<String>,
    /// Whether they may have made a value too large.
    pub(super) raises: bool,
    /// Whether they may have made a value too small.
    pub(super) lowers: bool,
}

impl<'a> Unresolved<'a> {
    /// Of the lines that a rule's values rest on.
    pub(super) fn of(rule: &Rule, spec: &'a Spec, observation: &'a Observation) -> Unresolved<'a> {
        let unseen = rule.quantity.unseen;
        let mut wires = rule.quantity.unseen_on(observation, rule.subject);
        // A frame that is not seen shifts the entries of a sequence for all that follow.
        let is_sequence = rule.limits.len() > 1;
        let shifts = if is_sequence {
            On::Numbered(&[]).wires(observation, rule.subject)
        } else if rests_on_pattern(rule, observation) {
            On::Numbered(&[Role::Strobe]).wires(observation, rule.subject)
        } else {
            Vec::new()
        };
        // Frames are FSIN's: where none of its pulses is seen, those of STROBE stand in, and come as exposures do.
        let stands_in = unseen.on() == Some(On::Clock);
        let silent = if stands_in { silent_fsin(observation, rule.subject) } else { None };
        let is_shifted = !shifts.is_empty() || silent.is_some();
        wires.extend(shifts);
        wires.extend(silent);
        wires.sort_unstable();
        wires.dedup();
        let lines = Lines { spec, observation };
        let moved_by = unseen.moved_by().map_or_else(Vec::new, |on| on.wires(observation, rule.subject));
        let is_moved = moved_by.into_iter().any(|wire| !lines.doubts(wire).is_empty());
        Unresolved {
            observation,
            doubts: wires.iter().flat_map(|&wire| lines.doubts(wire)).collect(),
            presumed: wires.iter().filter(|&&wire| lines.is_presumed(wire)).map(|&wire| lines.name(wire)).collect(),
            raises: unseen.raises() || is_shifted,
            lowers: unseen.lowers() || is_shifted || is_moved,
        }
    }

    /// How many violations they may account for.
    pub(super) fn excuses(&self) -> u64 {
        let of = |doubt: &Doubt| match doubt.why {
            Why::Narrow { excuses, .. } => excuses,
            Why::Allowed(_) | Why::Short(_) | Why::Events | Why::LessThanAFrame => u64::MAX,
        };
        self.doubts.iter().map(of).fold(0, u64::saturating_add)
    }

    /// Why nothing is proven, as a clause.
    pub(super) fn reason(&self) -> Option<String> {
        // What holds for any number of pulses comes first.
        let is_narrow = |doubt: &&Doubt| matches!(doubt.why, Why::Narrow { .. });
        let doubt = self.doubts.iter().find(|doubt| !is_narrow(doubt)).or_else(|| self.doubts.first())?;
        let line = &doubt.line;
        Some(match &doubt.why {
            Why::Narrow { narrowest, .. } => {
                let samples = if *narrowest == 1 { "1 sample" } else { "2 samples" };
                format!("{line} has stretches of {samples}: others may be unseen, and with them what seems to be wrong")
            }
            Why::Allowed(least) => format!(
                "{line} may have pulses of {}, less than two samples: what seems to be wrong may not have been seen",
                seconds_text(least, Rounding::Nearest)
            ),
            Why::Short(silence) => format!(
                "{line} shows no edge, and the record is no longer than it may be silent ({})",
                seconds_text(silence, Rounding::Nearest)
            ),
            Why::Events => {
                format!("{line} shows no edge, and frames come when they come: there may have been none in the record")
            }
            Why::LessThanAFrame => format!("{line} shows no edge, and the other lines show no frame from end to end"),
        })
    }

    /// What would show them, as it stands behind `to settle it:`.
    pub(super) fn settled_by(&self) -> Option<String> {
        let whys = || self.doubts.iter().map(|doubt| &doubt.why);
        let mut texts = Vec::new();
        let rate = whys().filter_map(|why| self.rate(why)).max().and_then(SampleRate::from_hz);
        texts.extend(
            rate.map(|rate| format!("a sample rate of at least {}, which shows every pulse", rate_text(&rate))),
        );
        let spikes = self.doubts.iter().find(|doubt| matches!(doubt.why, Why::Narrow { are_spikes: true, .. }));
        if let (Some(doubt), true) = (spikes, texts.is_empty()) {
            let glitch = self.observation.rate.period().times(i128::from(SHOWN));
            texts.push(format!(
                "analyzer.glitch of {} or more on {}, whose stretches of two samples or less are spikes",
                seconds_text(&glitch, Rounding::Up),
                doubt.line
            ));
        }
        let silence = whys().filter_map(|why| match why {
            Why::Short(silence) => Some(silence),
            Why::Narrow { .. } | Why::Allowed(_) | Why::Events | Why::LessThanAFrame => None,
        });
        let silence = silence.max().map(|silence| seconds_text(silence, Rounding::Up));
        texts.extend(silence.map(|silence| format!("a record longer than {silence}")));
        if whys().any(|why| *why == Why::Events) {
            texts.push("a record of at least one frame".to_owned());
        }
        if whys().any(|why| *why == Why::LessThanAFrame) {
            texts.push("a record of several frames".to_owned());
        }
        (!texts.is_empty()).then(|| texts.join(", and "))
    }

    /// The sample rate, in Hz, that shows what a line may hold; `None` if another one would not.
    fn rate(&self, why: &Why) -> Option<Rational> {
        match why {
            Why::Narrow { are_spikes: true, .. } | Why::Short(_) | Why::Events | Why::LessThanAFrame => None,
            Why::Narrow { narrowest, .. } => {
                let shown = self.observation.rate.hz().times(i128::from(SHOWN));
                shown.checked_div(&Rational::from((*narrowest).max(1)))
            }
            Why::Allowed(least) => Rational::from(SHOWN).checked_div(least),
        }
    }

    /// What a proof rests on that no limit states, as a clause to stand behind it.
    pub(super) fn presumption(&self) -> Option<String> {
        let line = self.presumed.first()?;
        let two = self.observation.rate.period().times(i128::from(PulseTrain::UNRESOLVED));
        let two = seconds_text(&two, Rounding::Nearest);
        Some(format!(
            "{line} shows no edge; pulses of two samples ({two}) or more are presumed, as no limit states their least width"
        ))
    }
}

/// Whether the flashes that a rule asks for are those of a pattern.
fn rests_on_pattern(rule: &Rule, observation: &Observation) -> bool {
    match rule.subject {
        Subject::Camera(camera) => *rule.quantity == flash_count::MISSING && observation.rig.has_pattern_lines(camera),
        Subject::Line(_) => false,
    }
}

/// The FSIN line of a camera whose frames are counted by STROBE though it is wired, as it shows no pulse.
fn silent_fsin(observation: &Observation, subject: Subject) -> Option<WireIndex> {
    let camera = match subject {
        Subject::Camera(camera) => camera,
        Subject::Line(_) => return None,
    };
    let frames = &observation.cameras[camera];
    match frames.clock.source {
        ClockSource::StrobeMiddle if frames.fsin.is_some() => None,
        ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::StrobeMiddle => {
            observation.rig.cameras[camera].wire(Role::Fsin)
        }
        ClockSource::Fsin | ClockSource::Nothing => None,
    }
}

/// A time of three significant digits.
fn seconds_text(seconds: &Rational, rounding: Rounding) -> String {
    let prefix = Prefix::for_value(seconds, Unit::Second);
    let places = prefix.places_for(&(seconds * &Rational::decimal(1, -2)));
    let number = prefix.number(seconds, places, rounding);
    let number = if places == 0 { number.as_str() } else { number.trim_end_matches('0').trim_end_matches('.') };
    format!("{number} {}", prefix.symbol())
}

/// What is stated and seen of a rig's lines.
#[derive(Clone, Copy)]
struct Lines<'a> {
    spec: &'a Spec,
    observation: &'a Observation,
}

impl<'a> Lines<'a> {
    fn name(self, wire: WireIndex) -> String {
        self.spec.rig.wire(wire).full_key()
    }

    /// Why it may have had pulses that no sample shows, if so.
    fn doubts(self, wire: WireIndex) -> Vec<Doubt> {
        let train = &self.observation.lines[wire.get()].train;
        let samples = |seconds: &Rational| self.observation.rate.samples(seconds);
        // Where none was seen, what may be no longer than that is as short as what may be no shorter.
        let longest = self.least_stretch(wire, Limit::max).filter(|_| train.raw_edges == 0);
        let least = self.least_stretch(wire, Limit::min).into_iter().chain(longest).min();
        let allowed = least.filter(|least| samples(least) < Rational::from(PulseTrain::UNRESOLVED));
        let narrow = train.narrowest.filter(|_| !train.is_resolved()).map(|narrowest| self.narrow(wire, narrowest));
        let silence = (self.longest_silence(wire)).filter(|_| train.raw_edges == 0).filter(|silence| {
            // A line that changes at least once in this time is seen to change in any longer record.
            let stretches = self.observation.lost.proven(self.observation.length);
            let recorded = stretches.iter().map(Stretch::samples).max().unwrap_or(0).saturating_sub(1);
            Rational::from(recorded) <= samples(silence)
        });
        let events = (train.raw_edges == 0 && self.comes_when_it_comes(wire)).then_some(Why::Events);
        let is_glimpse = train.raw_edges == 0 && silence.is_none() && self.is_beside_less_than_a_frame(wire);
        let glimpse = is_glimpse.then_some(Why::LessThanAFrame);
        let whys = [allowed.map(Why::Allowed), narrow, silence.map(Why::Short), events, glimpse];
        whys.into_iter().flatten().map(|why| Doubt { line: self.name(wire), why }).collect()
    }

    /// Whether a line belongs to cameras whose frames are events, and to no others.
    fn comes_when_it_comes(self, wire: WireIndex) -> bool {
        let rig = &self.spec.rig;
        let mut users = rig.cameras.iter().filter(|camera| camera.uses(wire)).peekable();
        users.peek().is_some() && users.all(|camera| camera.rhythm == Rhythm::Events && camera.frame_time.is_none())
    }

    /// Whether no frame time of its cameras is stated, and their other lines move, but none of them the same way twice.
    fn is_beside_less_than_a_frame(self, wire: WireIndex) -> bool {
        let rig = &self.spec.rig;
        let mut users = rig.cameras.iter().filter(|camera| camera.uses(wire)).peekable();
        let others = users.clone().flat_map(|camera| camera.all_wires()).filter(|other| *other != wire);
        let most = others.map(|other| self.observation.lines[other.get()].train.raw_edges).max();
        users.peek().is_some()
            && users.all(|camera| camera.frame_time.is_none())
            && most.is_some_and(|most| (1..=2).contains(&most))
    }

    /// Whether the least width of its pulses, none of which was seen, is presumed.
    fn is_presumed(self, wire: WireIndex) -> bool {
        self.observation.lines[wire.get()].train.raw_edges == 0 && self.least_stretch(wire, Limit::min).is_none()
    }

    /// The limits on a quantity of the cameras that use a line.
    fn limits_of(self, wire: WireIndex, quantity: &'static Quantity) -> impl Iterator<Item = &'a Limit> {
        let rules = self.spec.rules.iter().filter(move |rule| match rule.subject {
            Subject::Camera(camera) => rule.quantity == quantity && self.spec.rig.cameras[camera].uses(wire),
            Subject::Line(_) => false,
        });
        rules.flat_map(|rule| &rule.limits)
    }

    /// The limits on the widths of a line's pulses.
    fn widths(self, wire: WireIndex) -> impl Iterator<Item = &'a Limit> {
        let width = match self.spec.rig.wire(wire).role {
            Role::Fsin => Some(&fsin::WIDTH),
            Role::Strobe => Some(&exposure::TIME),
            Role::Flash => Some(&flash::ON_TIME),
            Role::Readout => Some(&readout::TIME),
            Role::Trigger | Role::Ready => None,
        };
        width.into_iter().flat_map(move |width| self.limits_of(wire, width))
    }

    /// The shortest stretch, in seconds, above 0, at which a limit ends on this side.
    fn least_stretch(self, wire: WireIndex, end: fn(&Limit) -> Option<&Rational>) -> Option<Rational> {
        // Only exposures have a gap.
        let pauses = self.limits_of(wire, &exposure::GAP).filter(|_| self.spec.rig.wire(wire).role == Role::Strobe);
        self.widths(wire).chain(pauses).filter_map(end).filter(|least| least.is_positive()).min().cloned()
    }

    /// The longest time, in seconds, for which a line may stay as it is: until its camera moves it again, as long as a pulse of it,
    /// or as an exposure, which is never longer than its frame. `None` if nothing states any of them.
    fn longest_silence(self, wire: WireIndex) -> Option<Rational> {
        let turns = self.turns(wire).into_iter().flatten();
        let exposures = self.limits_of(wire, &exposure::TIME);
        let pulses = self.widths(wire).chain(exposures).filter_map(Limit::max).cloned();
        self.as_it_looks(turns.chain(pulses).max())
    }

    /// The longest time, in seconds, until a line moves again; `None` if one of its cameras states none.
    fn longest_turn(self, wire: WireIndex) -> Option<Rational> {
        let turns: Vec<Rational> = self.turns(wire).into_iter().collect::<Option<_>>()?;
        let pulses = self.widths(wire).filter_map(Limit::max).cloned();
        self.as_it_looks(turns.into_iter().chain(pulses).max())
    }

    /// How long each camera that uses a line takes to move it again, where that is stated.
    fn turns(self, wire: WireIndex) -> Vec<Option<Rational>> {
        let rig = &self.spec.rig;
        let users = (0..rig.cameras.len()).filter(|&camera| rig.cameras[camera].uses(wire));
        users.map(|camera| self.turn(wire, camera)).collect()
    }

    /// A time by a clock that runs fast looks longer.
    fn as_it_looks(self, time: Option<Rational>) -> Option<Rational> {
        Some(&time? * &(&Rational::ONE + &self.spec.analyzer.clock))
    }

    /// How long it takes until a camera moves a line again: a frame time, or those until its turn in the pattern.
    fn turn(self, wire: WireIndex, camera: usize) -> Option<Rational> {
        let rig = &self.spec.rig;
        let judged = self.spec.rules.iter().filter(|rule| *rule.quantity == frame::TIME);
        let judged = judged.filter(|rule| rule.subject == Subject::Camera(camera));
        let longest = judged.flat_map(|rule| &rule.limits).filter_map(Limit::max).max();
        let frame = rig.cameras[camera].frame_time.as_ref()?.clone();
        let frame = longest.map_or(frame.clone(), |longest| frame.max(longest.clone()));
        let line = rig.wire(wire);
        let frames = match (line.role, &rig.flash_pattern, &line.name) {
            (Role::Flash, Some(pattern), Some(name)) if rig.has_pattern_lines(camera) => pattern.longest_pause(name)?,
            // Pins in turn pulse at every second frame, or fewer.
            (Role::Strobe, _, _) => rig.cameras[camera].wires(Role::Strobe).len().max(1),
            (Role::Flash | Role::Fsin | Role::Readout | Role::Trigger | Role::Ready, _, _) => 1,
        };
        Some(&frame * &Rational::from(frames as u64))
    }

    /// What a line's stretches of so few samples may account for: each of them for one violation. Where one sample shows
    /// what half of its pulses or pauses, or more, are, they may be of any length, and any number of others unseen.
    fn narrow(self, wire: WireIndex, narrowest: u64) -> Why {
        let lengths = self.observation.lines[wire.get()].train.lengths();
        let count = |lengths: &Vec<u64>, most| lengths.iter().filter(|&&length| length <= most).count() as u64;
        let unresolved = |lengths: &Vec<u64>| count(lengths, PulseTrain::UNRESOLVED);
        let is_usual = |lengths: &Vec<u64>| {
            let short = unresolved(lengths);
            short > 0 && short * 2 >= lengths.len() as u64 && count(lengths, 1) > 0
        };
        let short = lengths.iter().map(unresolved).sum();
        let are_usual = lengths.iter().any(is_usual);
        let are_spikes = self.are_spikes(wire, short, are_usual);
        Why::Narrow { narrowest, excuses: if are_usual && !are_spikes { u64::MAX } else { short }, are_spikes }
    }

    /// Whether so many stretches that are not resolved are spikes: all others are far longer, and they are few, or the
    /// signal is there without them: in each frame, or where no frame time is stated by far fewer pulses.
    fn are_spikes(self, wire: WireIndex, short: u64, are_usual: bool) -> bool {
        /// So many times longer than a spike are the stretches of a signal.
        const FAR_LONGER: u64 = 5;
        let line = &self.observation.lines[wire.get()];
        let spikes = self.observation.rate.period().times(i128::from(SHOWN));
        let filter = GlitchFilter::shorter_than(&spikes, &self.observation.rate);
        let signal = PulseTrain::of(&line.waveform, &self.observation.lost, line.active, filter);
        if signal.narrowest.is_none_or(|narrowest| narrowest < FAR_LONGER * PulseTrain::UNRESOLVED) {
            return false;
        }
        let pulses = signal.pulses.len() as u64;
        let is_whole = match self.longest_turn(wire) {
            // One pulse may be cut off at each end, and one in ten may be missing.
            Some(turn) => {
                let turns = &self.observation.rate.samples(&turn).times(i128::from(pulses + 2)).times(10);
                *turns >= Rational::from(self.observation.length.get()).times(9)
            }
            None => short >= pulses * 2,
        };
        !are_usual || is_whole
    }
}
