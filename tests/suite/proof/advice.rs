//! What is said to settle a check settles it.
//!
//! `STROBECHECK_RIGS=1000` tries it on so many inconclusive checks; else a twentieth of that.

use std::sync::Arc;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use strobecheck::capture::Capture;
use strobecheck::signal::{Lost, Waveform};
use strobecheck::units::{Rational, Rounding, SampleIndex, SampleRate, parse_value};
use strobecheck::verdict::Check;
use strobecheck::verdict::Verdict::Inconclusive;

use super::runs::{COUNT, number};
use super::{broken, judged, judged_on};
use crate::generator::{Kind, Known, Limit, Random, Rig};

/// What a check asks for.
#[derive(Debug)]
struct Advice {
    /// Hertz, if another rate.
    rate: Option<i64>,
    /// Tenths of a ppm, if another clock.
    clock: Option<i64>,
    /// How much of the edges' uncertainty may stay, in millionths, if they are to be sharper.
    edges: Option<i64>,
    /// Whether it holds for the value that was measured; else for one that is farther from the limit.
    as_measured: bool,
}

impl Advice {
    /// What stands behind `to settle it:`; none where it asks for no better instrument.
    fn of(check: &Check) -> Option<Advice> {
        let text = check.settle.as_deref().filter(|_| check.verdict == Inconclusive)?;
        let (asked, condition) = text.rsplit_once(", if ")?;
        let between = |from: &str, to: &str| Some(asked.split_once(from)?.1.split(to).next()?.to_owned());
        let rate = between("a sample rate of at least ", ",");
        let rate = rate.map(|rate| rate.split(" and ").next().unwrap_or_default().to_owned());
        let clock = between("an analyzer clock better than ", ",");
        let value = |text: String, scale: i128, rounding| {
            let (value, _) = parse_value(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            i64::try_from(value.times(scale).to_integer(rounding).unwrap()).unwrap()
        };
        let exact = |text: &str| parse_value(text).unwrap_or_else(|error| panic!("{text}: {error}")).0;
        let share = |then: &str, now: &str| {
            let millionths = exact(then).times(1_000_000).checked_div(&exact(now)).unwrap();
            i64::try_from(millionths.to_integer(Rounding::Down).unwrap()).unwrap()
        };
        let ppm = |text| value(text, 10, Rounding::Down);
        let edges = between("leaves ± ", " open").zip(between("where ± ", " would do"));
        let edges = edges.map(|(now, then)| share(&then, &now));
        let advice = Advice {
            edges,
            rate: rate.map(|rate| value(rate, 1, Rounding::Up)),
            clock: clock.map(ppm),
            as_measured: !condition.contains("or more from the limit"),
        };
        (advice.rate.is_some() || advice.clock.is_some() || advice.edges.is_some()).then_some(advice)
    }

    /// The same rig with the instrument that is asked for.
    fn follow(&self, rig: &mut Rig, random: &mut Random) {
        let analyzer = &mut rig.analyzer;
        analyzer.rate = self.rate.unwrap_or(analyzer.rate);
        if let Some(clock) = self.clock {
            analyzer.clock = clock;
            analyzer.error = random.within(-clock, clock);
        }
        if let Some(edges) = self.edges {
            let less = |time: &mut i64| *time = (i128::from(*time) * i128::from(edges) / 1_000_000) as i64;
            less(&mut analyzer.edge);
            less(&mut analyzer.glitch);
        }
        analyzer.phase = random.within(0, analyzer.period() - 1);
        analyzer.seed = random.next();
    }
}

/// A rig of a seed, and a limit of one of its quantities that is about as near as the samples can tell.
fn near_a_limit(seed: u64, random: &mut Random) -> Option<(Rig, Limit)> {
    let mut rig = Rig::draw(seed);
    if matches!(rig.kind, Kind::StartTransient | Kind::OppositePhases | Kind::TwoRates) {
        return None;
    }
    rig.state_alignment();
    rig.state_frame_time();
    let measurable = rig.measurable();
    let known: &Known = measurable[random.below(measurable.len())];
    let truth = rig.truth(&[0], known)?;
    let upper = known.has_no_least() || (known.id != "flash.coverage" && random.one(2));
    let off = rig.guard(0, known, &truth) * i128::from(random.within(-1_000_000, 1_000_000)) / 1_000_000;
    let at = if upper { truth.all.1 } else { truth.all.0 } + off;
    let full = if known.id == "flash.coverage" { 99_999_999_999 } else { i128::MAX };
    let sign = if upper { "<=" } else { ">=" };
    let limit = Limit::new(known.id, &format!("{sign} {}", known.text(at)));
    let bounded = (!known.has_no_least() || at > 0) && (!upper || at >= 0 || truth.all.1 < 0);
    (bounded && at < full).then_some((rig, limit))
}

fn check<'a>(judgement: &'a strobecheck::report::Judgement, id: &str) -> Option<&'a Check> {
    let mut checks = judgement.checks.iter().filter(|check| check.quantity.id == id);
    checks.find(|check| check.camera.as_deref() == Some(Rig::name_of(0)))
}

/// What an analyzer of this rate would record if edges happened where this one shows them, its first sample taken by so many
/// millionths of a period earlier and its clock fast by so many tenths of a ppm.
fn seen_again(capture: &Capture, rate: i64, phase: i64, fast: i64) -> Capture {
    let rate = SampleRate::parse(&format!("{rate} Hz")).unwrap();
    let fast = Rational::ONE + Rational::decimal(i128::from(fast), -7);
    let factor = &rate.hz().checked_div(capture.rate.hz()).unwrap() * &fast;
    let phase = Rational::decimal(i128::from(phase), -6);
    let sample = |at: u64| (&(&Rational::from(at) * &factor) + &phase).to_integer(Rounding::Up).unwrap();
    let again = |at: u64| u64::try_from(sample(at)).unwrap();
    let length = SampleIndex::new(again(capture.length.get()));
    let mut lines = capture.lines.clone();
    for line in &mut lines {
        let changes = line.waveform.changes().iter().map(again);
        line.waveform = Arc::new(Waveform::new(line.waveform.initial(), changes, length).unwrap());
    }
    let header = strobecheck::capture::Header { rate: Some(rate.clone()), ..capture.header.clone() };
    Capture { header, rate, length, lines, lost: Lost::nothing(), ..capture.clone() }
}

/// What came of following what a check said.
struct Followed {
    /// Whether every phase decided it, if the truth was where it was measured; none where another distance was taken.
    as_said: Option<Result<(), String>>,
    /// Whether it was decided when the rig was sampled again, up to three times.
    again: Result<(), String>,
}

fn followed(seed: u64) -> Option<Followed> {
    let random = &mut Random::new(!seed);
    let (mut rig, limit) = near_a_limit(seed, random)?;
    let capture = rig.capture();
    let limits = [limit];
    let first = judged_on(&capture, &rig, &limits);
    let advice = Advice::of(check(&first, limits[0].id)?)?;
    let as_said = (advice.as_measured && advice.edges.is_none()).then(|| {
        let mut advised = rig.clone();
        advised.analyzer.clock = advice.clock.unwrap_or(rig.analyzer.clock);
        let rate = advice.rate.unwrap_or(rig.analyzer.rate);
        let most = advice.clock.unwrap_or(0);
        for (phase, fast) in [(0, -most), (999_999, most), (500_000, 0), (random.within(0, 999_999), most)] {
            let again = seen_again(&capture, rate, phase, fast);
            let judgement = judged_on(&again, &advised, &limits);
            let open = check(&judgement, limits[0].id).filter(|check| check.verdict == Inconclusive);
            if open.is_some() {
                let said = check(&first, limits[0].id).and_then(|check| check.settle.clone());
                let why = format!("{said:?}, at phase {phase}, fast by {fast}");
                return broken(advised, limits.to_vec(), &judgement, &why).map_err(|broken| broken.why);
            }
        }
        Ok(())
    });
    let (mut advice, mut said) = (Some(advice), String::new());
    for _ in 0..3 {
        let Some(next) = advice else { break };
        next.follow(&mut rig, random);
        let judgement = judged(&rig, &limits);
        let Some(open) = check(&judgement, limits[0].id).filter(|check| check.verdict == Inconclusive) else {
            return Some(Followed { as_said, again: Ok(()) });
        };
        said.push_str(&format!("{:?}, {:?}; ", open.reason, open.settle));
        advice = Advice::of(open);
    }
    Some(Followed { as_said, again: Err(said) })
}

#[test]
fn what_is_said_to_settle_a_check_settles_it() {
    let wanted = number(COUNT).unwrap_or(50) as usize;
    let mut all: Vec<(u64, Followed)> = Vec::new();
    let mut next = 0;
    while all.len() < wanted {
        let seeds = next..next + 2 * wanted as u64;
        next = seeds.end;
        all.extend(seeds.into_par_iter().filter_map(|seed| Some((seed, followed(seed)?))).collect::<Vec<_>>());
    }
    all.truncate(wanted);
    let as_said = all.iter().filter_map(|(seed, it)| Some((seed, it.as_said.as_ref()?)));
    let wrong: Vec<String> =
        as_said.clone().filter_map(|(seed, it)| Some(format!("rig {seed}: {}", it.as_ref().err()?))).collect();
    let open: Vec<String> =
        all.iter().filter_map(|(seed, it)| Some(format!("rig {seed}: {}", it.again.as_ref().err()?))).collect();
    let (said, of) = (wrong.len(), as_said.count());
    assert!(wrong.is_empty(), "{said} of {of} as measured stay open:\n{}", wrong.join("\n"));
    // Limits are drawn near to the truth: of some it lies nearer than three better instruments tell, each of which is asked to be no
    // better than decides what was measured.
    assert!(open.len() * 33 <= wanted, "{} of {wanted} stay open:\n{}", open.len(), open.join("\n"));
}
