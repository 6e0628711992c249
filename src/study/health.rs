//! How healthy a wire is: spikes, noise, silence, and the second in which it is worst.
//!
//! The mean hides a wire that fails while it is moved; the worst second is what a wiggle test looks at.

use strum::IntoStaticStr;

use crate::line::limits::{HALF_WAVES_HZ, MAINS_HZ};
use crate::line::{Beat, LineSummary, Separated, answer, edges_to, follows, is_noise, too_soon};
use crate::line::{Pulses, Shape};
use crate::signal::{Level, Lost, SampleSpan, Waveform};
use crate::units::{Rational, Rounding, SampleCount, SampleIndex, SampleRate, counted};

/// What can be said of a wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum WireVerdict {
    /// It shows clean pulses of a camera's line, and nothing else.
    Good,
    /// It moves, and nothing speaks against it; but what it shows is nothing that a wire can be known by.
    Unclear,
    /// It shows something that a good wire does not.
    Suspicious,
    /// It shows nothing.
    Dead,
}

impl WireVerdict {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// The worst second of a wire: the one with most spikes, or with fewest pulses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorstSecond {
    /// The first sample of that second.
    pub from: SampleIndex,
    /// The spikes in it.
    pub spikes: u64,
    /// The pulses in it.
    pub pulses: u64,
}

/// How healthy a wire is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// What can be said of it.
    pub verdict: WireVerdict,
    /// Why, as sentences; none of a good wire.
    pub reasons: Vec<String>,
    /// Stretches far shorter than the signal's, those of bursts too.
    pub spikes: u64,
    /// The second that is worst; none of a wire without an edge, and of less than two seconds.
    pub worst: Option<WorstSecond>,
}

impl Health {
    /// The same of a wire of which nothing is known.
    pub(super) fn unknown(self) -> Health {
        Health { verdict: self.verdict.max(WireVerdict::Unclear), ..self }
    }

    /// The same with something that speaks against the wire.
    pub(super) fn suspected(mut self, reason: &str) -> Health {
        self.reasons.push(reason.to_owned());
        Health { verdict: self.verdict.max(WireVerdict::Suspicious), ..self }
    }
}

/// Why nothing is known of a line of which samples are lost.
pub(super) const LOST: &str = "no edge in what can be read of it, and samples are lost";
/// A line is silent if it is so for this many of its longest intervals, in halves: a pulse and a half may be late.
const SILENT_HALVES: u64 = 5;
/// A line without a beat: for so many of its longest intervals.
const SILENT_EVENTS: u64 = 5;
/// Another line goes on if it has so many changes more.
const GOES_ON: u64 = 4;

/// A line as its health is told from it.
pub(super) struct Looked<'a> {
    pub(super) raw: &'a Waveform,
    pub(super) separated: &'a Separated,
    /// Of its signal.
    pub(super) summary: &'a LineSummary,
    pub(super) shape: Shape,
    pub(super) lost: &'a Lost,
    /// All of its changes, and whether only the first of them are looked at.
    pub(super) changes: u64,
    pub(super) is_cut: bool,
}

impl Looked<'_> {
    fn signal(&self) -> SampleSpan<'_> {
        self.separated.signal.changes()
    }

    /// The edges of its signal, to either level.
    fn edges(&self) -> [Vec<u64>; 2] {
        [Level::High, Level::Low].map(|level| edges_to(&self.separated.signal, level))
    }

    /// Whether any of its edges, and any of another line's, stand so to each other.
    fn any_edges(&self, other: &Looked<'_>, stand: impl Fn(&[u64], &[u64]) -> bool) -> bool {
        let (own, others) = (self.edges(), other.edges());
        own.iter().any(|own| others.iter().any(|other| stand(own, other)))
    }

    /// The order of its pulses: of the edges that break it less.
    fn beat(&self) -> Option<Beat> {
        self.edges().iter().filter_map(|edges| Beat::of(edges)).min_by_key(|beat| beat.breaks.len())
    }

    /// Where what is known of it begins and ends.
    fn extent(&self) -> (u64, u64) {
        let proven = self.lost.proven(self.raw.length());
        proven.first().zip(proven.last()).map_or((0, 0), |(first, last)| (first.from.get(), last.to.get()))
    }

    /// The longest time from one change to the second after it: a pulse and its pause.
    fn longest(&self) -> u64 {
        let second = self.signal().iter().skip(2);
        self.signal().iter().zip(second).map(|(from, to)| to - from).max().unwrap_or(0)
    }

    /// Whether it has one pulse for each of another line, each before the next one of the other.
    fn follows_one_by_one(&self, other: &Looked<'_>) -> bool {
        const FEWEST: usize = 4;
        self.any_edges(other, |own, others| own.len() >= FEWEST && (answer(own, others) || answer(others, own)))
    }

    /// Whether it has as many pulses between the pulses of another line, each time.
    fn follows(&self, other: &Looked<'_>) -> bool {
        self.any_edges(other, follows)
    }
}

/// Looks at a wire beside the other ones.
pub(super) fn health(line: &Looked<'_>, others: &[&Looked<'_>], rate: &SampleRate) -> Health {
    let in_bursts = line.separated.bursts.iter().map(|burst| burst.changes as u64 / 2).sum::<u64>();
    let spikes = line.separated.spikes.len() as u64 + in_bursts;
    if line.changes == 0 && !line.lost.is_empty() {
        return Health { verdict: WireVerdict::Unclear, reasons: vec![LOST.to_owned()], spikes, worst: None };
    }
    if line.changes == 0 {
        let reason = "never moves: not connected, not driven, or below the analyzer's threshold".to_owned();
        return Health { verdict: WireVerdict::Dead, reasons: vec![reason], spikes, worst: None };
    }
    let is_of_camera = line.shape.is_of_camera();
    let beside: Vec<&Looked<'_>> =
        others.iter().copied().filter(|other| other.shape.is_of_camera() && other.changes > 0).collect();
    let mut reasons = disturbances(line, rate);
    if !is_of_camera && is_noise(line.raw, rate) {
        reasons
            .push("changes without any order, as a line does that nothing drives: check the wire and GND".to_owned());
    }
    let beat = line.beat();
    let follows = beside.iter().any(|other| line.follows(other));
    let is_answered = beside.iter().any(|other| line.follows_one_by_one(other));
    if is_of_camera {
        // What another line answers each time does not bounce.
        reasons.extend(if is_answered { None } else { extra_pulses(line) });
        // Where contact is lost, pulses are missing: that is said already.
        reasons.extend(if reasons.is_empty() { missing(beat.as_ref(), &beside, follows, rate) } else { None });
    }
    reasons.extend(silence(line, beat.as_ref(), &beside, rate));
    let hum = if is_answered { None } else { hum(line, rate) };
    let is_known = is_of_camera && !line.is_cut && hum.is_none() && (beat.is_some() || follows || is_answered);
    let verdict = match (reasons.is_empty(), is_known) {
        (false, _) => WireVerdict::Suspicious,
        (true, true) => WireVerdict::Good,
        (true, false) => WireVerdict::Unclear,
    };
    reasons.extend(hum);
    if line.is_cut {
        let until = seconds(line.extent().1, rate, 3);
        reasons.push(format!("{} changes: only those before {until} s are looked at", line.changes));
    }
    Health { verdict, reasons, spikes, worst: Seconds::of(line.raw, line.separated, rate).worst() }
}

fn seconds(samples: u64, rate: &SampleRate, places: u32) -> String {
    rate.seconds(SampleCount::new(i128::from(samples))).to_decimal(places, Rounding::Nearest)
}

/// The mains is right to so many per mille, as a rule.
const MAINS_PER_MILLE: i128 = 5;
/// One edge of each pulse of a camera is steadier than one part in so many of the frame.
const STEADY: u64 = 100;

/// Fewer periods than this say nothing of a rate.
const FEWEST_PERIODS: u64 = 8;

/// Why a line may be hum: it comes as often as the mains, and neither of its edges comes steadily.
fn hum(line: &Looked<'_>, rate: &SampleRate) -> Option<String> {
    let (rising, falling) = (line.summary.rising_period?, line.summary.falling_period?);
    let is_steady =
        [rising, falling].iter().any(|period| (period.max - period.min).saturating_mul(STEADY) <= period.median);
    let edges = edges_to(&line.separated.signal, Level::High);
    let (length, intervals) = (edges.last()? - edges.first()?, edges.len() as u64 - 1);
    let hertz = (rate.hz() * &Rational::from(intervals)).checked_div(&Rational::from(length))?;
    let is_mains = |mains: &&i128| {
        let off = (&hertz - &Rational::integer(**mains)).abs();
        off.times(1000) <= Rational::integer(**mains * MAINS_PER_MILLE)
    };
    let mains =
        MAINS_HZ.iter().chain(&HALF_WAVES_HZ).find(is_mains).filter(|_| !is_steady && intervals >= FEWEST_PERIODS)?;
    Some(format!(
        "comes as often as the mains does ({mains} Hz), and neither of its edges comes steadily: it may be hum that a loose wire picks \
         up; look whether it stops when the camera does"
    ))
}

/// What there is to a line besides its signal.
fn disturbances(line: &Looked<'_>, rate: &SampleRate) -> Vec<String> {
    let mut reasons = Vec::new();
    let separated = line.separated;
    let spikes = separated.spikes.len();
    if spikes > 0 {
        let many = counted(spikes, "spike");
        reasons.push(format!(
            "{many} far shorter than its pulses: ringing, a slow edge, a missing ground, or a loose wire"
        ));
    }
    if let Some(first) = separated.bursts.first() {
        let milliseconds = |samples: u64| {
            rate.seconds(SampleCount::new(i128::from(samples))).times(1000).to_decimal(1, Rounding::Nearest)
        };
        let longest = separated.bursts.iter().map(|burst| burst.to - burst.from).max().unwrap_or(0);
        reasons.push(format!(
            "chatters {}, first at {} ms and for up to {} ms, between pulses that are in order: a loose wire or \
             a bad joint",
            counted(separated.bursts.len(), "time"),
            milliseconds(first.from),
            milliseconds(longest)
        ));
    }
    if separated.pulses != Pulses::Whole {
        reasons.push(
            "its pulses are in pieces: their level hardly reaches the analyzer's threshold; for a signal of 1.8 V set it to about \
             0.9 V, or use a level shifter"
                .to_owned(),
        );
    }
    reasons
}

/// Pulses that follow the ones before too soon.
fn extra_pulses(line: &Looked<'_>) -> Option<String> {
    let extra = too_soon(&line.separated.signal, line.summary.period()?.median);
    (extra > 0).then(|| {
        let pulses = if extra == 1 { "1 pulse comes".to_owned() } else { format!("{extra} pulses come") };
        format!("{pulses} far too soon after the one before: a contact or a trigger that bounces, or double exposures")
    })
}

/// Breaks of its order that no other line shares: what all lack, the camera did not send.
fn missing(beat: Option<&Beat>, beside: &[&Looked<'_>], follows: bool, rate: &SampleRate) -> Option<String> {
    let beat = beat.filter(|beat| !beat.breaks.is_empty() && !follows)?;
    let near = |at: u64, others: &Beat| others.breaks.iter().any(|other| other.abs_diff(at) <= beat.usual);
    let theirs: Vec<Beat> = beside.iter().filter_map(|other| other.beat()).collect();
    let own: Vec<u64> = beat.breaks.iter().copied().filter(|at| !theirs.iter().any(|other| near(*at, other))).collect();
    let first = own.first()?;
    let places = counted(own.len(), "place");
    Some(format!(
        "out of its order at {places}, first after {} s: a loose contact, or frames that are missing",
        seconds(*first, rate, 3)
    ))
}

/// A silence before its first change or after its last one, and one that fills most of the record.
fn silence(line: &Looked<'_>, beat: Option<&Beat>, beside: &[&Looked<'_>], rate: &SampleRate) -> Option<String> {
    let (begin, end) = line.extent();
    let (first, last) = line.signal().first().zip(line.signal().last())?;
    let patience = match beat {
        Some(beat) => beat.longest.saturating_mul(SILENT_HALVES) / 2,
        None => line.longest().saturating_mul(SILENT_EVENTS),
    };
    let own = line.signal().len() as u64;
    // Another line goes on if it has changes enough for several of this one, which may take turns with others.
    let goes_on = |from: u64, to: u64| {
        let within = |other: &&Looked<'_>| {
            let changes = other.signal();
            let all = changes.len() as u64;
            let count = (changes.count_before(to) - changes.count_before(from.min(to))) as u64;
            count >= GOES_ON && count.saturating_mul(own) >= (all - count).saturating_mul(GOES_ON - 1)
        };
        beside.iter().any(within)
    };
    let longest = line.longest();
    let (head, tail) = (first.saturating_sub(begin), end.saturating_sub(last));
    let gap = line.signal().gaps().max().unwrap_or(0);
    let is_alone = beside.is_empty();
    if (tail > patience && is_alone) || (tail > longest && goes_on(last + longest / 2, end)) {
        Some(format!(
            "moves until {} s and never again: the wire came off, or the signal stopped",
            seconds(last, rate, 2)
        ))
    } else if head > longest && goes_on(begin, first.saturating_sub(longest / 2)) {
        Some(format!("moves from {} s on only, when others had begun: a loose wire", seconds(first, rate, 2)))
    } else if head.max(tail).max(gap) > patience && head.max(tail).max(gap).saturating_mul(2) > end - begin {
        Some("is silent for most of the record: record while it moves, or look at the wire".to_owned())
    } else {
        None
    }
}

/// What a wire does second by second.
struct Seconds {
    length: u64,
    spikes: Vec<u64>,
    pulses: Vec<u64>,
}

/// Seconds beyond a day are not told apart.
const MOST_SECONDS: u64 = 24 * 3600;

impl Seconds {
    fn of(waveform: &Waveform, separated: &Separated, rate: &SampleRate) -> Seconds {
        let length =
            rate.hz().to_integer(Rounding::Nearest).and_then(|hz| u64::try_from(hz).ok()).unwrap_or(u64::MAX).max(1);
        let end = waveform.length().get();
        let count = usize::try_from((end / length).min(MOST_SECONDS)).unwrap_or(0);
        let mut seconds = Seconds { length, spikes: vec![0; count], pulses: vec![0; count] };
        let add = |counts: &mut [u64], at: u64, more: u64| {
            let second = usize::try_from(at / length).unwrap_or(usize::MAX);
            counts.iter_mut().skip(second).take(1).for_each(|count| *count += more);
        };
        separated.spikes.iter().for_each(|spike| add(&mut seconds.spikes, spike.from, 1));
        separated.bursts.iter().for_each(|burst| add(&mut seconds.spikes, burst.from, burst.changes as u64 / 2));
        separated.signal.changes().iter().step_by(2).for_each(|at| add(&mut seconds.pulses, at, 1));
        seconds
    }

    fn usual(&self) -> u64 {
        let mut pulses = self.pulses.clone();
        pulses.sort_unstable();
        pulses.get(pulses.len() / 2).copied().unwrap_or(0)
    }

    fn worst(&self) -> Option<WorstSecond> {
        if self.pulses.len() < 2 {
            return None;
        }
        let usual = self.usual();
        let badness = |second: &usize| (self.spikes[*second], usual.saturating_sub(self.pulses[*second]));
        // The first one of equals.
        let worst = (0..self.pulses.len()).rev().max_by_key(badness)?;
        Some(WorstSecond {
            from: SampleIndex::new(worst as u64 * self.length),
            spikes: self.spikes[worst],
            pulses: self.pulses[worst],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(waveform: &Waveform, rate: &SampleRate) -> Health {
        let separated = Separated::of(waveform, rate);
        let separated = separated.without_bursts().unwrap_or(separated);
        let lost = Lost::nothing();
        let summary = LineSummary::of(&separated.signal, &lost);
        let shape = Shape::of(Some((&separated.signal, &summary)), rate);
        let changes = waveform.changes().len() as u64;
        let line = Looked {
            raw: waveform,
            separated: &separated,
            summary: &summary,
            shape,
            lost: &lost,
            changes,
            is_cut: false,
        };
        health(&line, &[], rate)
    }

    /// A line at 1 MHz with a pulse of 5 ms every 20 ms for `seconds`, with these further changes.
    fn look(seconds: u64, further: &[u64], without: std::ops::Range<u64>) -> Health {
        let mut changes: Vec<u64> = (0..seconds * 50)
            .map(|pulse| pulse * 20_000 + 1000)
            .filter(|at| !without.contains(at))
            .flat_map(|at| [at, at + 5000])
            .chain(further.iter().copied())
            .collect();
        changes.sort_unstable();
        let waveform = Waveform::new(Level::Low, changes, SampleIndex::new(seconds * 1_000_000)).unwrap();
        let rate = SampleRate::parse("1 MHz").unwrap();
        seen(&waveform, &rate)
    }

    #[test]
    fn a_good_wire_is_good_in_every_second() {
        let health = look(4, &[], 0..0);
        assert_eq!((health.verdict, health.spikes, health.reasons.len()), (WireVerdict::Good, 0, 0));
        assert_eq!(health.worst.unwrap().pulses, 50);
    }

    #[test]
    fn spikes_are_counted_in_their_second() {
        let health = look(4, &[2_310_000, 2_310_003, 2_350_000, 2_350_004, 3_990_000, 3_990_002], 0..0);
        assert_eq!((health.verdict, health.spikes), (WireVerdict::Suspicious, 3));
        let worst = health.worst.unwrap();
        assert_eq!((worst.from.get(), worst.spikes), (2_000_000, 2));
    }

    #[test]
    fn what_bursts_hold_is_counted_with_the_spikes() {
        // Four pulses of 300 µs in a pause.
        let burst: Vec<u64> = (0..4).flat_map(|n| [2_310_000 + 600 * n, 2_310_300 + 600 * n]).collect();
        assert_eq!(look(4, &burst, 0..0).spikes, 4);
    }

    #[test]
    fn a_second_without_pulses_is_the_worst_one() {
        let health = look(5, &[], 3_000_000..3_500_000);
        assert_eq!(health.verdict, WireVerdict::Suspicious);
        assert!(
            health.reasons[0].starts_with("out of its order at 1 place, first after 2.981 s"),
            "{:?}",
            health.reasons
        );
        assert_eq!(health.worst.unwrap().from.get(), 3_000_000);
        let health = look(5, &[], 3_000_000..9_000_000);
        assert!(health.reasons[0].starts_with("moves until 2.99 s"), "{:?}", health.reasons);
    }

    #[test]
    fn noise_has_no_order() {
        let mut at = 0;
        let mut state = 1_u64;
        let changes: Vec<u64> = (0..19_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                at += 1 + (state >> 33) % 199;
                at
            })
            .collect();
        let waveform = Waveform::new(Level::Low, changes, SampleIndex::new(2_000_000)).unwrap();
        let rate = SampleRate::parse("1 MHz").unwrap();
        let health = seen(&waveform, &rate);
        assert_eq!(health.verdict, WireVerdict::Suspicious);
        assert!(
            health.reasons.iter().any(|reason| reason.starts_with("changes without any order")),
            "{:?}",
            health.reasons
        );
    }
}
