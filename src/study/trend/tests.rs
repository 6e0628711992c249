//! A trend by hand: few values, whose statistics can be worked out on paper.

use approx::assert_relative_eq;

use super::*;

fn row<'a>(time: &'a str, sha256: &'a str, value: f64) -> ResultView<'a> {
    ResultView {
        taken_at: Some(time),
        dut: Some("unit 1"),
        sha256: Some(sha256),
        spec_sha256: Some("00"),
        value: Some(value),
        ..ResultView::CHECKED
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
fn of_counts_there_is_no_capability_and_values_outside_are_counted_beside_their_means() {
    let mut builder = TrendBuilder::default();
    let mut day = builder.day(None);
    for (place, value) in [9.0, 11.0, 10.0].into_iter().enumerate() {
        let row = ResultView { measured: 100, failed: 2 * place as u64, ..row(TIMES[place], "ab", value) };
        day.take(&row);
        day.take(&ResultView { id: Some("frame.missing"), unit: Some("count"), place: 1, ..row });
    }
    day.finish();
    let trend = builder.finish(Repeats::default());
    let [exposure, missing] = trend.series.as_slice() else { panic!("{:?}", trend.series) };
    assert_eq!((exposure.judged, exposure.capability.is_some()), ([300, 6], true));
    assert_eq!((missing.key.id.as_str(), missing.capability), ("frame.missing", None));
    let days: Vec<(&str, u64)> = trend.days.iter().map(|(day, of)| (day.as_str(), of.pass)).collect();
    assert_eq!(days, [("2026-01-01", 1), ("2026-01-02", 1), ("2026-01-03", 1)]);
}

#[test]
fn with_subgroups_their_means_are_the_points() {
    let mut builder = TrendBuilder::new(Subgroups::of(2).unwrap());
    let mut day = builder.day(None);
    // Means 1, 2, 3, 4, 5, 6: six that rise, where the values themselves go up and down.
    for place in 0..12_u32 {
        let mean = f64::from(place / 2 + 1);
        let value = if place % 2 == 0 { mean - 3.0 } else { mean + 3.0 };
        let verdict = if place == 4 { "fail" } else { "pass" };
        let time = format!("2026-01-01T00:{place:02}:00");
        day.take(&ResultView { verdict: Some(verdict), ..row(&time, "ab", value) });
    }
    day.finish();
    let series = builder.finish(Repeats::default()).series.remove(0);
    assert_eq!((series.count, series.range), (12, (-2.0, 9.0)));
    let signals: Vec<(u8, u64)> = series.signals.iter().map(|signal| (signal.rule.number(), signal.count)).collect();
    assert_eq!(signals, [(3, 1)]);
    assert_eq!(series.runs.runs.iter().map(|run| run.failed).collect::<Vec<_>>(), [0, 0, 1, 0, 0, 0]);
    assert_eq!(series.ranges.runs.iter().map(|run| run.mean).collect::<Vec<_>>(), [6.0; 6]);
}

#[test]
fn an_analyzer_that_is_off_is_named_whatever_station_it_is_at() {
    let mut builder = TrendBuilder::default();
    for station in ["S1", "S2"] {
        let mut day = builder.day(Some(station.to_owned()));
        for unit in 0..6_u32 {
            for (serial, more) in [("01", 0.0), ("02", 0.0), ("clone", 1.0)] {
                let time = format!("2026-01-0{}T00:00:00", 1 + unit);
                let dut = format!("unit {unit}");
                let value = 10.0 + f64::from(unit) + more + if unit % 2 == 0 { 0.001 } else { -0.001 };
                let row = row(&time, "ab", value);
                day.take(&ResultView { dut: Some(&dut), driver: Some("fx2lafw"), serial: Some(serial), ..row });
            }
        }
        day.finish();
    }
    let trend = builder.finish(Repeats::default());
    let told: Vec<(SourceKind, Option<&str>)> =
        trend.sources.iter().map(|source| (source.kind, source.name.as_deref())).collect();
    // All of them rise as the units do: that is told of each; only the clone is off.
    let News::Biased(bias) = &trend.sources.iter().find(|source| matches!(source.news, News::Biased(_))).unwrap().news
    else {
        unreachable!()
    };
    assert_relative_eq!(bias.by, 1.0, max_relative = 1e-9);
    assert_eq!((bias.units, &bias.against), (6, &None));
    let biased = trend.sources.iter().filter(|source| matches!(source.news, News::Biased(_)));
    assert_eq!(
        biased.map(|source| (source.kind, source.name.as_deref())).collect::<Vec<_>>(),
        [(SourceKind::Analyzer, Some("fx2lafw clone"))]
    );
    assert!(told.contains(&(SourceKind::Station, Some("S1"))), "{told:?}");
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
