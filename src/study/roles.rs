//! Which lines play which part: what a line is, is told by what the others do beside it.

use super::Likeness;
use crate::line::{LineSummary, Pulses, Shape, Spread, coincidence, edges_to, inside, offset, other_text, overlap};
use crate::rig::{Polarity, Role};
use crate::signal::{Level, Waveform};
use crate::units::{Rational, Rounding, SampleRate};

/// A probe that may show a line of a camera.
pub(super) struct Candidate<'a> {
    pub(super) shape: Shape,
    pub(super) waveform: Option<&'a Waveform>,
    pub(super) summary: Option<LineSummary>,
    pub(super) pulses: Pulses,
}

/// Edges of one event lie no farther apart than this part of a frame.
const EVENT_PER_FRAME: u64 = 100;
/// An exposure begins no later after its trigger than this part of a frame: 777 µs of an OV9282 (field guide, C10) are less at
/// 120 frames a second.
const LATENCY_PER_FRAME: u64 = 10;
/// This many per mille of edges that meet another line's are a rule, not chance.
const AS_A_RULE: u64 = 800;
/// Crosstalk follows its source within microseconds (field guide, F19: 1 to 2 samples).
const ECHO_US: i128 = 10;
const NEARLY_ALL: u64 = 980;
/// Edges this close to each other are one: a slow edge (field guide, F21) aside.
const AT_ONCE_US: i128 = 2;
const AT_ONCE_SAMPLES: i64 = 2;
/// Pulses of the same exposure are as wide to within so many samples.
const AS_WIDE_SAMPLES: u64 = 2;
/// The slowest edges are this late (field guide, F21: 5 to 50 µs; isolated lines: up to 60).
const SLOWEST_EDGE_US: i128 = 62;
/// Where exposures vary, the edge that does not is this many times steadier than the other.
const FAR_STEADIER: u64 = 4;
/// Between two exposures some rows are read: of an OV9282 no fewer than 25 (field guide, F11), which takes 209 µs at 120 frames a
/// second; other sensors take as long.
const SHORTEST_PAUSE_US: i128 = 150;
/// A line that takes turns with others has pulses in every second to eighth frame.
const MOST_TURNS: u64 = 8;

/// Which candidates play which part.
pub(super) struct Roles<'a> {
    candidates: &'a [Candidate<'a>],
    rate: &'a SampleRate,
    fsin: Option<usize>,
    trigger: Option<usize>,
    strobe: Option<(usize, Polarity)>,
}

impl<'a> Roles<'a> {
    pub(super) fn among(candidates: &'a [Candidate<'a>], rate: &'a SampleRate) -> Roles<'a> {
        let of_shape = |shape: Shape| (0..candidates.len()).filter(move |&place| candidates[place].shape == shape);
        let syncs: Vec<usize> = of_shape(Shape::Sync).collect();
        let windows: Vec<usize> = of_shape(Shape::Window).collect();
        let mut roles = Roles { candidates, rate, fsin: None, trigger: None, strobe: None };
        let strobe = match (syncs.as_slice(), windows.is_empty()) {
            (&[first, second, ..], true) => Some(roles.sort_short(first, second)),
            (&[], false) if let Some((strobe, fsin)) = roles.long_trigger(&windows) => {
                roles.fsin = Some(fsin);
                Some(strobe)
            }
            (syncs, _) => {
                (roles.trigger, roles.fsin) = roles.sort_triggers(syncs);
                windows.iter().copied().max_by_key(|&place| roles.likely_strobe(place, &windows))
            }
        };
        roles.strobe = strobe.map(|place| (place, roles.strobe_polarity(place)));
        roles
    }

    /// Short pulses are those of a trigger and of FSIN, where other pulses are those of a STROBE.
    fn sort_triggers(&self, syncs: &[usize]) -> (Option<usize>, Option<usize>) {
        match *syncs {
            [] => (None, None),
            [first, second, ..] if self.leads(second, first, EVENT_PER_FRAME) => (Some(second), Some(first)),
            [first, second, ..] if self.leads(first, second, EVENT_PER_FRAME) => (Some(first), Some(second)),
            [first, ..] => (None, Some(first)),
        }
    }

    /// Where all pulses or all pauses are short, exposures are short or long: they end where FSIN begins, or begin after it.
    /// Returns which is STROBE.
    fn sort_short(&mut self, first: usize, second: usize) -> usize {
        let is_fsin = if self.ends_with(first, second) {
            false
        } else {
            self.ends_with(second, first)
                || self.leads(first, second, LATENCY_PER_FRAME)
                || !self.leads(second, first, LATENCY_PER_FRAME)
        };
        let (fsin, strobe) = if is_fsin { (first, second) } else { (second, first) };
        self.fsin = Some(fsin);
        strobe
    }

    /// Whether the exposures that a line may show end where the pulses of the other begin: short ones, or long ones with short
    /// pauses.
    fn ends_with(&self, line: usize, fsin: usize) -> bool {
        let (place, line, fsin) = (line, &self.candidates[line], &self.candidates[fsin]);
        let end =
            |edges: Vec<u64>| coincidence(&edges, &active_edges(fsin), self.at_once().unsigned_abs()) >= AS_A_RULE;
        let may_be_long = self.may_be_long(place) && idle_polarity(fsin) == Polarity::ActiveHigh;
        end(idle_edges(line)) || (may_be_long && end(active_edges(line)))
    }

    /// Whether a line may show exposures that are as long as the frame but for their pauses: those are no shorter than the readout
    /// of some rows.
    fn may_be_long(&self, place: usize) -> bool {
        let pause = self.candidates[place].summary.as_ref().and_then(|summary| summary.low);
        let is_long = pause.is_some_and(|pause| pause.median.cast_signed() >= self.samples(SHORTEST_PAUSE_US));
        is_long && idle_polarity(&self.candidates[place]) == Polarity::ActiveLow
    }

    /// A STROBE and an FSIN whose pulses are as long as exposures, as those of a generator are: the exposures end where it rises.
    fn long_trigger(&self, windows: &[usize]) -> Option<(usize, usize)> {
        let reach = self.at_once().unsigned_abs();
        let width = |place: usize| active_width(&self.candidates[place], Polarity::ActiveHigh).unwrap_or(0);
        let meet = |&(strobe, fsin): &(usize, usize)| {
            // Two cameras in turn look the same.
            if width(strobe).abs_diff(width(fsin)) <= AS_WIDE_SAMPLES {
                return false;
            }
            let lines = self.candidates[strobe].waveform.zip(self.candidates[fsin].waveform);
            lines.is_some_and(|(strobe, fsin)| {
                coincidence(&edges_to(strobe, Level::Low), &edges_to(fsin, Level::High), reach) >= AS_A_RULE
                    && overlap((strobe, Level::High), (fsin, Level::High)) == 0
            })
        };
        let pairs = windows.iter().flat_map(|&a| windows.iter().map(move |&b| (a, b))).filter(|(a, b)| a != b);
        pairs.into_iter().find(meet)
    }

    /// How much a window is like a STROBE among these: the others take turns in its frames or enclose its pulses, it meets
    /// FSIN, and it is steady.
    fn likely_strobe(&self, place: usize, windows: &[usize]) -> impl Ord + use<> {
        let others = || windows.iter().copied().filter(|&other| other != place);
        let met = self.fsin.is_some() && self.meets_fsin(place).is_some();
        let turns = others().filter(|&other| self.takes_turns(other, place)).count();
        let inside = others().filter(|&other| lies_within(&self.candidates[place], &self.candidates[other])).count();
        let steady = std::cmp::Reverse(irregularity(&self.candidates[place]));
        (turns, inside, met, steady, std::cmp::Reverse(place))
    }

    /// Whether a line has a pulse in every second frame of the other, or in fewer.
    fn takes_turns(&self, line: usize, other: usize) -> bool {
        let (line, other) = (period(&self.candidates[line]), period(&self.candidates[other]));
        let turns = (line + other / 2).checked_div(other).unwrap_or(0);
        (2..=MOST_TURNS).contains(&turns) && line.abs_diff(other * turns) <= other / 8
    }

    /// What a probe looks like, and why.
    pub(super) fn likeness(&self, place: usize) -> (Likeness, String) {
        let candidate = &self.candidates[place];
        let strobe = self.strobe.filter(|(strobe, _)| *strobe == place);
        let (likeness, why) = match (candidate.shape, strobe) {
            (Shape::NotRecorded, _) => (Likeness::NotRecorded, "its bit lies beyond the samples"),
            (Shape::Silent, _) => (Likeness::Silent, "no edge: not connected, idle, or dead"),
            (Shape::Other, _) if self.is_echo(place) => {
                (Likeness::Other, "it moves only at the edges of another probe, for moments")
            }
            (Shape::Other, _) => {
                return (Likeness::Other, other_text(candidate.waveform, candidate.summary.as_ref()).to_owned());
            }
            (Shape::Sync, Some((_, polarity))) => (
                Likeness::Line(Role::Strobe, polarity),
                "short pulses, or short pauses, at a frame rate: very short exposures, or very long ones",
            ),
            (Shape::Window, Some((_, polarity))) => {
                (Likeness::Line(Role::Strobe, polarity), "pulses that fill part of each frame")
            }
            (Shape::Sync, None) => self.short(place),
            (Shape::Window, None) if self.fsin == Some(place) => {
                (Likeness::Line(Role::Fsin, Polarity::ActiveHigh), "pulses that begin where those of the strobe end")
            }
            (Shape::Window, None) => self.beside_strobe(place),
        };
        (likeness, why.to_owned())
    }

    /// Whether all changes of a line come within moments after those of a line of the camera.
    pub(super) fn is_echo(&self, place: usize) -> bool {
        if self.candidates[place].shape != Shape::Other {
            return false;
        }
        let Some(changes) = self.candidates[place].waveform.map(Waveform::changes) else { return false };
        let reach = self.samples(ECHO_US).max(AT_ONCE_SAMPLES + 1).unsigned_abs();
        changes.len() >= 8
            && self.candidates.iter().any(|other| match (other.shape, other.waveform) {
                (Shape::Sync | Shape::Window, Some(other)) => {
                    coincidence(changes, other.changes(), reach) >= NEARLY_ALL
                }
                (Shape::NotRecorded | Shape::Silent | Shape::Other, _) | (_, None) => false,
            })
    }

    /// What a line of short pulses looks like.
    fn short(&self, place: usize) -> (Likeness, &'static str) {
        let polarity = idle_polarity(&self.candidates[place]);
        if self.trigger == Some(place) {
            (Likeness::Line(Role::Trigger, polarity), "short pulses just before those of FSIN")
        } else if self.fsin != Some(place) {
            (Likeness::Other, "short pulses at a frame rate, as another probe has them")
        } else if self.strobe.is_some() {
            (Likeness::Line(Role::Fsin, polarity), "short pulses at a frame rate")
        } else {
            let why = match polarity {
                Polarity::ActiveHigh => "short pulses at a frame rate: FSIN, or a STROBE of short exposures",
                Polarity::ActiveLow => {
                    "short pauses at a frame rate: FSIN, or a STROBE of exposures nearly as long as a frame"
                }
            };
            (Likeness::Line(Role::Fsin, polarity), why)
        }
    }

    /// What a line with pulses at the frame rate looks like that is not the STROBE.
    fn beside_strobe(&self, place: usize) -> (Likeness, &'static str) {
        let Some((strobe, polarity)) = self.strobe else { return (Likeness::Other, "pulses at a frame rate") };
        match self.stands_to(place, strobe, polarity) {
            Beside::Moved => (
                Likeness::Line(Role::Strobe, polarity),
                "pulses as wide as those of the first strobe, at other times: that of another camera",
            ),
            Beside::Same => (
                Likeness::Line(Role::Flash, polarity),
                "the pulses of the strobe: a flash that it drives, or the strobe of another camera",
            ),
            Beside::Other => {
                let lit = flash_polarity(&self.candidates[place], &self.candidates[strobe], polarity);
                (Likeness::Line(Role::Flash, lit), "pulses at the frame rate, beside the strobe")
            }
        }
    }

    fn stands_to(&self, place: usize, strobe: usize, polarity: Polarity) -> Beside {
        let pair = (&self.candidates[place], &self.candidates[strobe]);
        let (Some(line), Some(first)) = (pair.0.waveform, pair.1.waveform) else { return Beside::Other };
        let is_same = |level| {
            let (edges, others) = (edges_to(line, level), edges_to(first, level));
            coincidence(&edges, &others, 1) >= AS_A_RULE && coincidence(&others, &edges, 1) >= AS_A_RULE
        };
        let (width, others) = (active_width(pair.0, polarity), active_width(pair.1, polarity));
        let is_as_wide = width.zip(others).is_some_and(|(width, other)| width.abs_diff(other) <= AS_WIDE_SAMPLES);
        if is_same(Level::High) && is_same(Level::Low) {
            Beside::Same
        } else if is_as_wide {
            Beside::Moved
        } else {
            Beside::Other
        }
    }

    /// Whether the pulses of one line come as a rule a little before those of the other, by less than this part of a frame.
    fn leads(&self, earlier: usize, later: usize, per_frame: u64) -> bool {
        let (earlier, later) = (&self.candidates[earlier], &self.candidates[later]);
        let half = period(later) / per_frame / 2;
        let moved: Vec<u64> = active_edges(earlier).iter().map(|edge| edge + half).collect();
        coincidence(&active_edges(later), &moved, half) >= AS_A_RULE && active_edges(earlier) != active_edges(later)
    }

    /// The level to which a line changes near the edges of FSIN, and how many samples after them; nothing where it does not.
    fn meets_fsin(&self, place: usize) -> Option<(Level, i64)> {
        let (window, sync) = (self.candidates[place].waveform?, &self.candidates[self.fsin?]);
        let (fsin, reach) = (active_edges(sync), period(sync) / LATENCY_PER_FRAME);
        let met = [Level::Low, Level::High]
            .map(|level| Some((level, offset(&edges_to(window, level), &fsin, reach, AS_A_RULE)?)));
        // Where the pauses are as short, the nearer edge is the one that FSIN goes with.
        met.into_iter().flatten().min_by_key(|(_, after)| after.abs())
    }

    /// So many samples apart, edges are at the same time.
    fn at_once(&self) -> i64 {
        self.samples(AT_ONCE_US).max(AT_ONCE_SAMPLES)
    }

    fn samples(&self, microseconds: i128) -> i64 {
        let samples = self.rate.samples(&Rational::decimal(microseconds, -6)).to_integer(Rounding::Down);
        samples.and_then(|samples| i64::try_from(samples).ok()).unwrap_or(i64::MAX)
    }

    fn strobe_polarity(&self, place: usize) -> Polarity {
        let strobe = &self.candidates[place];
        match strobe.pulses {
            // Pauses are never in pieces.
            Pulses::InPieces(Level::High) => return Polarity::ActiveHigh,
            Pulses::InPieces(Level::Low) => return Polarity::ActiveLow,
            Pulses::Whole => {}
        }
        let idle = idle_polarity(strobe);
        let slowest = self.samples(SLOWEST_EDGE_US).max(AT_ONCE_SAMPLES);
        match (self.meets_fsin(place), self.fsin) {
            // An exposure ends with FSIN, or begins after it: by more than an edge may be late, it has begun.
            (Some((Level::High, after)), _) if after.abs() <= self.at_once() => Polarity::ActiveLow,
            (Some((Level::High, after)), _) if after > slowest => Polarity::ActiveHigh,
            (Some((Level::High, _)), _) => idle,
            (Some((Level::Low, after)), _) if after > slowest => idle,
            (Some((Level::Low, _)), _) | (None, Some(_)) => Polarity::ActiveHigh,
            (None, None) => steadier_polarity(strobe),
        }
    }
}

/// How a line stands to the STROBE.
enum Beside {
    /// Both have the same edges.
    Same,
    /// Its pulses are as wide as those of STROBE, and come at other times.
    Moved,
    Other,
}

/// Without FSIN, STROBE is active high unless only its rising edge is regular while it idles high: then its exposures end as it
/// rises.
fn steadier_polarity(strobe: &Candidate<'_>) -> Polarity {
    let spread = |period: Option<Spread>| period.map(|period| period.max - period.min);
    let summary = strobe.summary.as_ref();
    let rising = summary.and_then(|summary| spread(summary.rising_period));
    let falling = summary.and_then(|summary| spread(summary.falling_period));
    match (rising, falling) {
        (Some(rising), Some(falling)) if rising < falling / FAR_STEADIER => idle_polarity(strobe),
        (Some(_) | None, Some(_) | None) => Polarity::ActiveHigh,
    }
}

fn idle_polarity(candidate: &Candidate<'_>) -> Polarity {
    match candidate.summary.as_ref().map(LineSummary::idle) {
        Some(Level::High) => Polarity::ActiveLow,
        Some(Level::Low) | None => Polarity::ActiveHigh,
    }
}

/// The usual width of the pulses at this level, in samples.
fn active_width(candidate: &Candidate<'_>, polarity: Polarity) -> Option<u64> {
    let summary = candidate.summary.as_ref()?;
    let widths = match polarity {
        Polarity::ActiveHigh => summary.high,
        Polarity::ActiveLow => summary.low,
    };
    widths.map(|widths| widths.median)
}

/// The instants at which a line leaves its idle level.
fn active_edges(candidate: &Candidate<'_>) -> Vec<u64> {
    let active = Level::from(idle_polarity(candidate));
    candidate.waveform.map(|waveform| edges_to(waveform, active)).unwrap_or_default()
}

/// The instants at which it comes back.
fn idle_edges(candidate: &Candidate<'_>) -> Vec<u64> {
    let idle = !Level::from(idle_polarity(candidate));
    candidate.waveform.map(|waveform| edges_to(waveform, idle)).unwrap_or_default()
}

fn period(candidate: &Candidate<'_>) -> u64 {
    candidate.summary.as_ref().and_then(LineSummary::period).map_or(0, |period| period.median)
}

/// By how many samples its periods differ; those that sampling alone makes aside.
fn irregularity(candidate: &Candidate<'_>) -> u64 {
    const BY_SAMPLING: u64 = 2;
    let period = candidate.summary.as_ref().and_then(LineSummary::period);
    period.map_or(u64::MAX, |period| (period.max - period.min).saturating_sub(BY_SAMPLING))
}

/// A flash is lit at the level of which more falls into the exposures: into some of them, where it takes turns with another.
fn flash_polarity(flash: &Candidate<'_>, strobe: &Candidate<'_>, strobe_polarity: Polarity) -> Polarity {
    let (Some(flash), Some(strobe)) = (flash.waveform, strobe.waveform) else { return Polarity::ActiveHigh };
    let exposed = (strobe, Level::from(strobe_polarity));
    let lit = |level: Level| u128::from(overlap((flash, level), exposed));
    let all = |level: Level| u128::from(overlap((flash, level), (flash, level)));
    // The shares of either level, compared without division.
    let is_low = lit(Level::Low) * all(Level::High) > lit(Level::High) * all(Level::Low);
    if is_low { Polarity::ActiveLow } else { Polarity::ActiveHigh }
}

/// Whether the pulses of one line, at either polarity of the other, lie as a rule inside the other's: an exposure inside its
/// flash.
fn lies_within(inner: &Candidate<'_>, outer: &Candidate<'_>) -> bool {
    let (Some(a), Some(b)) = (inner.waveform, outer.waveform) else { return false };
    let active = Level::High;
    let all = overlap((a, active), (a, active));
    let wider = |lit| overlap((b, lit), (b, lit)) > all;
    [Level::High, Level::Low].into_iter().any(|lit| inside((a, active), (b, lit)) >= AS_A_RULE && wider(lit))
}
