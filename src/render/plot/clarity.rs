//! Whatever is drawn can be read: no text is cut off by the figure or covers another one.

use std::sync::Arc;

use proptest::prelude::*;

use super::drawing::{Drawing, Label, Mark};
use super::style::{TIMELINE_WIDTH, TRACK_WIDTH};
use super::timeline::{self, Marked, Request};
use super::{Both, both, evidence, first_frames, histogram, track};
use crate::frame::Observation;
use crate::render::fixture::{Bench, FIRST, PERIOD, check};
use crate::report::Judgement;
use crate::signal::Stretch;
use crate::spec::Limit;
use crate::units::{SampleIndex, Unit};
use crate::verdict::{Check, Plotted, Standing};

/// Texts nearer than this to one another, from middle to middle, stand in one line; a fraction of their size.
const LINE: f64 = 0.8;

fn labels(drawing: &Drawing) -> Vec<&Label> {
    fn label(mark: &Mark) -> Option<&Label> {
        match mark {
            Mark::Text(label) => Some(label),
            Mark::Line(..) | Mark::Shape(..) | Mark::Box(..) | Mark::Dot(..) | Mark::Ring(..) => None,
        }
    }
    drawing.marks.iter().filter_map(label).collect()
}

/// What cannot be read in a figure, in words.
pub(super) fn unreadable(drawing: &Drawing) -> Vec<String> {
    let mut found = Vec::new();
    let labels: Vec<(&Label, (f64, f64))> = labels(drawing).into_iter().map(|label| (label, label.reach())).collect();
    for (label, (left, right)) in &labels {
        let (top, bottom) = (label.at.1 - label.size / 2.0, label.at.1 + label.size / 2.0);
        if *left < 0.0 || *right > drawing.width || top < 0.0 || bottom > drawing.height {
            found.push(format!("{:?} is cut off: {left:.1} to {right:.1} of {}", label.text, drawing.width));
        }
    }
    for (place, (a, (a_left, a_right))) in labels.iter().enumerate() {
        for (b, (b_left, b_right)) in &labels[place + 1..] {
            let beside = *a_right <= b_left + 0.5 || *b_right <= a_left + 0.5;
            if !beside && (a.at.1 - b.at.1).abs() < a.size.min(b.size) * LINE {
                found.push(format!("{:?} and {:?} cover one another", a.text, b.text));
            }
        }
    }
    found
}

fn assert_readable(drawing: Option<&Drawing>, what: &str) {
    let Some(drawing) = drawing else { return };
    assert!(!labels(drawing).is_empty(), "{what}: a figure without texts");
    let found = unreadable(drawing);
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

fn assert_check_readable(check: &Check, observation: &Observation) {
    let id = check.quantity.id;
    assert_readable(track::drawing(check, observation).unwrap().as_ref(), &format!("track of {id}"));
    let counted = histogram::counted(check, observation);
    if !counted.is_empty() {
        assert_readable(
            Some(&histogram::drawing(check, observation, &counted).unwrap()),
            &format!("histogram of {id}"),
        );
    }
    if let Some(worst) = &check.worst {
        let request = evidence::request(check, worst, observation);
        assert_readable(request.map(|request| timeline::drawing(&request)).as_ref(), &format!("evidence of {id}"));
    }
}

fn benches() -> Vec<Bench> {
    vec![
        Bench::passing(),
        Bench::failing(),
        Bench::sequence(),
        Bench::open(),
        Bench::damaged(),
        Bench::hostile(),
        Bench::tiny(),
        Bench::silent(),
    ]
}

#[test]
fn every_figure_of_every_bench_can_be_read() {
    for bench in benches() {
        let judgement = bench.judge();
        for check in &judgement.checks {
            assert_check_readable(check, &judgement.observation);
        }
    }
}

fn timeline_of(judgement: &Judgement, from: u64, to: u64, marked: &[Marked]) -> Drawing {
    let window = Stretch { from: SampleIndex::new(from), to: SampleIndex::new(to) };
    timeline::drawing(&Request { observation: &judgement.observation, window, marked, measured: None })
}

#[test]
fn timelines_of_any_length_can_be_read() {
    for bench in benches() {
        let judgement = bench.judge();
        let length = judgement.observation.length.get();
        for frames in [1, 2, 3, 5, 8, 13, 20, 40, 100, 300] {
            let window = first_frames(&judgement.observation, frames);
            let drawing = timeline_of(&judgement, window.from.get(), window.to.get(), &[]);
            assert_readable(Some(&drawing), &format!("{frames} frames of {}", bench.path));
            assert!(drawing.marks.len() < 6000, "{} marks for {frames} frames", drawing.marks.len());
        }
        for (from, to) in [(0, length), (length / 2, length / 2), (length - 3, length), (FIRST - 2, FIRST + 9)] {
            let drawing = timeline_of(&judgement, from, to, &[]);
            assert_readable(Some(&drawing), &format!("samples {from} to {to} of {}", bench.path));
        }
    }
}

/// A check of exposure times with these values and limits.
fn check_with(limits: Vec<Limit>, values: &[(u64, f64, Standing, usize)]) -> Check {
    let judgement = Bench { frames: 3, ..Bench::passing() }.judge();
    let count = |wanted: Standing| values.iter().filter(|(_, _, standing, _)| *standing == wanted).count() as u64;
    let track = values.iter().enumerate().map(|(frame, &(at, value, standing, entry))| Plotted {
        frame: Some(frame as i64),
        at: SampleIndex::new(at),
        value,
        standing,
        entry: entry % limits.len(),
    });
    Check {
        track: Arc::new(track.collect()),
        measured: values.len() as u64 - count(Standing::NotJudged),
        failed: count(Standing::Outside),
        marginal: count(Standing::Straddling),
        left_out: Vec::new(),
        limits,
        ..check(&judgement, "exposure.time").clone()
    }
}

fn any_standing() -> impl Strategy<Value = Standing> {
    prop_oneof![
        6 => Just(Standing::Inside),
        1 => Just(Standing::Outside),
        1 => Just(Standing::Straddling),
        1 => Just(Standing::NotJudged),
    ]
}

/// A time in s, of any magnitude between a nanosecond and an hour.
fn any_time() -> impl Strategy<Value = f64> {
    (1..1000_i32, -9..1_i32).prop_map(|(mantissa, exponent)| f64::from(mantissa) * 10_f64.powi(exponent))
}

fn any_limit() -> impl Strategy<Value = Limit> {
    let text = prop_oneof![
        (1..99_999_u32, 1..9999_u32).prop_map(|(nominal, tolerance)| format!("{nominal} us ± {tolerance} ns")),
        (1..99_999_u32).prop_map(|max| format!("<= {max} us")),
        (1..99_999_u32).prop_map(|min| format!(">= {min} us")),
        (1..500_u32, 500..9999_u32).prop_map(|(min, max)| format!("-{min} us .. {max} ms")),
    ];
    text.prop_map(|text| Limit::parse(&text, Unit::Second).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn tracks_and_histograms_of_any_values_can_be_read(
        limits in prop::collection::vec(any_limit(), 1..7),
        centre in any_time(),
        values in prop::collection::vec((0..1_000_000_u64, -1.0..1.0_f64, any_standing(), 0..7_usize), 2..300),
        spread in 0..9_i32,
        outlier in prop::option::of(any_time()),
    ) {
        let judgement = Bench { frames: 30, lost: vec![(300_000, 310_000), (500_000, 500_000)], ..Bench::passing() }.judge();
        let mut values = values;
        values.sort_by_key(|value| value.0);
        let spread = centre * 10_f64.powi(-spread);
        for value in &mut values {
            value.1 = centre + value.1 * spread;
        }
        if let Some(outlier) = outlier {
            values[0].1 = outlier;
        }
        let check = check_with(limits, &values);
        let drawing = track::drawing(&check, &judgement.observation).unwrap().unwrap();
        prop_assert_eq!(unreadable(&drawing), Vec::<String>::new());
        prop_assert!((drawing.width - TRACK_WIDTH).abs() < 1e-9 && drawing.marks.len() < 4000);
        let counted = histogram::counted(&check, &judgement.observation);
        if !counted.is_empty() {
            let drawing = histogram::drawing(&check, &judgement.observation, &counted).unwrap();
            prop_assert_eq!(unreadable(&drawing), Vec::<String>::new());
        }
    }

    #[test]
    fn two_captures_of_any_values_can_be_read(
        centre in any_time(),
        spread in 0..15_i32,
        good in prop::collection::vec((-1000..2_000_000_i64, -1.0..1.0_f64), 2..40),
        bad in prop::collection::vec((-1000..2_000_000_i64, -1.0..1.0_f64), 0..40),
    ) {
        let quantity = crate::quantity::find("exposure.time").unwrap();
        let around = |mut values: Vec<(i64, f64)>| {
            values.sort_by_key(|value| value.0);
            values.iter().map(|(frame, value)| (*frame, centre * (1.0 + value * 10_f64.powi(-spread)))).collect::<Vec<_>>()
        };
        let (good, bad) = (around(good), around(bad));
        let known = centre.abs() * 10_f64.powi(-spread);
        let limits = [centre * 0.9, centre];
        let figure = both(&Both { quantity, good: &good, bad: &bad, limits: &limits, known }).unwrap().unwrap();
        prop_assert_eq!(unreadable(&figure.drawing), Vec::<String>::new());
    }

    #[test]
    fn timelines_of_any_window_and_with_any_marks_can_be_read(
        from in 0..(30 * PERIOD),
        span in 1..(12 * PERIOD),
        marks in prop::collection::vec((0..(40 * PERIOD), 0..PERIOD, "[a-z.]{3,40}"), 0..60),
    ) {
        let lost = vec![(90_000, 91_000), (150_000, 150_000), (400_000, 500_000)];
        let judgement = Bench { frames: 40, lost, dropped: vec![7, 8, 20], ..Bench::passing() }.judge();
        let marked: Vec<Marked> = (marks.into_iter())
            .map(|(from, span, label)| Marked { from: SampleIndex::new(from), to: SampleIndex::new(from + span), label })
            .collect();
        let drawing = timeline_of(&judgement, from, from + span, &marked);
        prop_assert_eq!(unreadable(&drawing), Vec::<String>::new());
        prop_assert!((drawing.width - TIMELINE_WIDTH).abs() < 1e-9);
    }

    #[test]
    fn evidence_of_any_two_edges_can_be_read(from in 0..(30 * PERIOD), span in 0..(3 * PERIOD), scale in 0..4_u32) {
        let judgement = Bench { frames: 30, ..Bench::passing() }.judge();
        let mut worst = check(&judgement, "exposure.time").worst.clone().unwrap();
        // What is measured lies in the record.
        let within = |at: u64| SampleIndex::new(at).min(judgement.observation.length);
        (worst.from, worst.to) = (within(from), within(from + span / 10_u64.pow(scale)));
        let request = evidence::request(check(&judgement, "exposure.time"), &worst, &judgement.observation).unwrap();
        prop_assert_eq!(unreadable(&timeline::drawing(&request)), Vec::<String>::new());
    }
}
