//! A trend by hand: few values, whose statistics can be worked out on paper.

use approx::assert_relative_eq;

use super::*;

fn row<'a>(time: &'a str, sha256: &'a str, value: f64) -> ResultView<'a> {
    ResultView {
        taken_at: Some(time),
        dut: Some("unit 1"),
        driver: None,
        serial: None,
        sha256: Some(sha256),
        spec_sha256: Some("00"),
        judgement: 0,
        capture_verdict: "pass",
        capture_fault: None,
        place: 0,
        id: Some("exposure.time"),
        camera: Some("main"),
        line: None,
        rule: Some("10 s ± 4 s"),
        unit: Some("s"),
        verdict: Some("pass"),
        basis: Some("mean"),
        measured: 1,
        failed: 0,
        value: Some(value),
        limit_min: Some(6.0),
        limit_max: Some(14.0),
    }
}

const TIMES: [&str; 4] = ["2026-01-01T00:00:00", "2026-01-02T00:00:00", "2026-01-03T00:00:00", "2026-01-04T00:00:00"];

fn trend(values: [f64; 4], subgroups: Subgroups) -> Trend {
    let mut builder = TrendBuilder::new(subgroups);
    let mut day = builder.day(None);
    // Not in the order of time.
    for place in [2, 0, 3, 1] {
        day.take(&row(TIMES[place], "ab", values[place]));
    }
    day.finish();
    builder.finish(Repeats::default())
}

#[test]
fn individuals_by_hand() {
    let trend = trend([9.0, 11.0, 10.0, 12.0], Subgroups::default());
    let [series] = trend.series.as_slice() else { panic!("{:?}", trend.series) };
    assert_eq!((series.count, series.range), (4, (9.0, 12.0)));
    assert_relative_eq!(series.mean, 10.5);
    // Σ(x − 10.5)² = 5.
    assert_relative_eq!(series.sd.unwrap(), (5.0_f64 / 3.0).sqrt(), max_relative = 1e-12);
    // |2| + |1| + |2| over 3; 3/d₂ with d₂ = 2/√π.
    let chart = series.chart.unwrap();
    let reach = 3.0 * (5.0 / 3.0) * std::f64::consts::PI.sqrt() / 2.0;
    assert_relative_eq!(chart.values.upper, 10.5 + reach, max_relative = 1e-12);
    assert_relative_eq!(chart.ranges.centre, 5.0 / 3.0, max_relative = 1e-12);
    // The upper limit, 14, is nearer: 3.5 / 3s.
    let capability = series.capability.unwrap();
    assert_relative_eq!(capability.cpk.value, 3.5 / 3.0 / (5.0_f64 / 3.0).sqrt(), max_relative = 1e-12);
    assert_eq!(series.runs.runs.iter().map(|run| run.mean).collect::<Vec<_>>(), [9.0, 11.0, 10.0, 12.0]);
    assert_eq!((trend.total.captures, trend.total.pass), (4, 4));
}

#[test]
fn subgroups_by_hand() {
    let trend = trend([9.0, 11.0, 10.0, 13.0], Subgroups::of(2).unwrap());
    let chart = trend.series[0].chart.unwrap();
    // Means 10 and 11.5, ranges 2 and 3; A₂ of two is 1.880.
    assert_eq!((chart.kind, chart.points), (ChartKind::MeansRange(2), 2));
    assert_relative_eq!(chart.values.centre, 10.75);
    assert_relative_eq!(chart.values.upper, 10.75 + 1.880 * 2.5, max_relative = 1e-3);
    assert_relative_eq!(chart.ranges.centre, 2.5);
}

#[test]
fn captures_are_counted_once_and_faults_by_their_frequency() {
    let mut builder = TrendBuilder::default();
    let mut day = builder.day(Some("S1".to_owned()));
    let failing = |fault| ResultView {
        capture_verdict: "fail",
        capture_fault: fault,
        verdict: Some("fail"),
        ..row(TIMES[0], "ab", 20.0)
    };
    for fault in [Some("line-dead"), Some("flash-late"), Some("flash-late"), None] {
        day.take(&failing(fault));
        day.take(&ResultView { place: 1, ..failing(fault) });
    }
    day.take(&row(TIMES[1], "cd", 10.0));
    day.finish();
    let trend = builder.finish(Repeats::default());
    assert_eq!((trend.total.captures, trend.total.fail, trend.results), (5, 4, 9));
    assert_eq!(trend.total.share(), Some(0.2));
    let faults: Vec<(&str, u64)> = trend.faults.iter().map(|fault| (fault.name.as_str(), fault.count)).collect();
    assert_eq!(faults, [("flash-late", 2), ("(no finding)", 1), ("line-dead", 1)]);
    assert_relative_eq!(trend.faults[1].cumulative, 0.75);
    assert_eq!(trend.failing[0].count, 8);
    assert_eq!(trend.stations[0].0.as_deref(), Some("S1"));
}
