//! The page of a trend.

use std::collections::BTreeMap;

use askama::Template;

use crate::render::plot::Figure;
use crate::render::trend::{
    HEADINGS, LEGEND, PARETO_HEADINGS, drift_lines, pareto_cells, repeat_lines, series_cells, source_lines,
    station_text, subject, unit_of, yield_text,
};
use crate::render::{Imprinting, RenderError, plot};
use crate::report::{Imprint, Written};
use crate::study::trend::{FaultShare, SeriesKey, SeriesTrend, Trend};

#[derive(Template)]
#[template(path = "trend.html", config = "src/render/html/askama.toml")]
struct TrendPage {
    title: String,
    summary: Vec<String>,
    tables: Vec<ParetoTable>,
    days: Option<Figure>,
    side_by_side: Vec<SeriesFigure>,
    stations: Vec<StationView>,
    lists: [(&'static str, Vec<String>); 2],
    left_out: usize,
}

impl TrendPage {
    /// The columns whose texts may go over several lines.
    const WORDS: [&str; 5] = ["of", "limit", "control limits", "rules", "Cpk (95 %)"];
}

struct ParetoTable {
    title: &'static str,
    rows: Vec<ParetoRow>,
}

struct ParetoRow {
    cells: Vec<String>,
    /// Of 100, for the length of its bar.
    percent: u64,
}

struct StationView {
    name: String,
    rows: Vec<Vec<String>>,
    figures: Vec<SeriesFigure>,
}

struct SeriesFigure {
    heading: String,
    figure: Figure,
}

/// More figures than this are no help.
const MOST_FIGURES: usize = 120;

/// The charts of a trend, on a page of its own.
///
/// # Errors
/// [`RenderError`] when the page cannot be put together.
pub fn trend_page(trend: &Trend) -> Result<Vec<u8>, RenderError> {
    let mut stations: Vec<StationView> = Vec::new();
    let mut last = None;
    for (place, series) in trend.series.iter().enumerate() {
        if last != Some(&series.key.station) {
            last = Some(&series.key.station);
            let name = station_text(series.key.station.as_deref());
            stations.push(StationView { name, rows: Vec::new(), figures: Vec::new() });
        }
        let Some(station) = stations.last_mut() else { continue };
        station.rows.push(series_cells(series).to_vec());
        if place >= MOST_FIGURES {
            continue;
        }
        if let Some(figure) = plot::runs(series, unit_of(series))? {
            let heading = format!("{} of {}: {}", series.key.id, subject(series), series.key.rule);
            station.figures.push(SeriesFigure { heading, figure });
        }
    }
    let of_stations = trend.stations.iter().filter(|_| trend.stations.len() > 1);
    let summary = std::iter::once(yield_text("all", &trend.total))
        .chain(of_stations.map(|(station, of)| yield_text(&station_text(station.as_deref()), of)))
        .chain(repeat_lines(&trend.repeats));
    let page = TrendPage {
        title: "Results over time".to_owned(),
        summary: summary.collect(),
        tables: vec![
            table("What was found in captures that do not pass", &trend.faults),
            table("Checks that fail", &trend.failing),
        ],
        days: plot::days(&trend.days)?,
        side_by_side: side_by_side(trend)?,
        stations,
        lists: [
            ("Stations and analyzers that are off or drift", source_lines(trend)),
            ("Units that drift", drift_lines(trend)),
        ],
        left_out: trend.series.len().saturating_sub(MOST_FIGURES),
    };
    Ok(Imprinting::MARKUP.add(page.render()?.into_bytes(), &Imprint::new(Written::Trend)))
}

/// Each quantity that several stations have measured by one limit.
fn side_by_side(trend: &Trend) -> Result<Vec<SeriesFigure>, RenderError> {
    let mut quantities: BTreeMap<SeriesKey, Vec<&SeriesTrend>> = BTreeMap::new();
    for series in &trend.series {
        quantities.entry(SeriesKey { station: None, ..series.key.clone() }).or_default().push(series);
    }
    let mut figures = Vec::new();
    for series in quantities.values().take(MOST_FIGURES) {
        let Some(first) = series.first() else { continue };
        if let Some(figure) = plot::stations(series, unit_of(first))? {
            let heading = format!("{} of {}: {}", first.key.id, subject(first), first.key.rule);
            figures.push(SeriesFigure { heading, figure });
        }
    }
    Ok(figures)
}

fn table(title: &'static str, shares: &[FaultShare]) -> ParetoTable {
    let row = |share: &FaultShare| ParetoRow {
        cells: pareto_cells(share).to_vec(),
        percent: (share.share * 100.0).round() as u64,
    };
    ParetoTable { title, rows: shares.iter().map(row).collect() }
}
