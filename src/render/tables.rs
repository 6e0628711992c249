//! The tables of frames and checks, as CSV and Parquet.

use std::slice::from_ref;

use super::{Imprinting, Render, RenderError, Renderer};
use crate::report::CaptureReport;
use crate::table;
use crate::table::TableFormat::{self, Csv, Parquet};

/// The frames of one capture as CSV.
pub(super) static FRAMES_CSV: Renderer =
    of(Csv, "csv", "a row per frame, for spreadsheets", Render::Capture(|capture, _| frames(capture, Csv)));

/// The checks of one capture as CSV.
pub(super) static CHECKS_CSV: Renderer =
    of(Csv, "checks.csv", "a row per check, for spreadsheets", Render::Capture(|of, _| checks(from_ref(of), Csv)));

/// The checks of a run as CSV.
pub(super) static CHECKS_CSV_RUN: Renderer = of(
    Csv,
    "checks.csv",
    "a row per check of a run, for spreadsheets",
    Render::Run("checks.csv", |run, _| checks(&run.captures, Csv)),
);

/// The frames of one capture as Parquet.
pub(super) static FRAMES_PARQUET: Renderer =
    of(Parquet, "parquet", "a row per frame, for data tools", Render::Capture(|capture, _| frames(capture, Parquet)));

/// The checks of one capture as Parquet.
pub(super) static CHECKS_PARQUET: Renderer = of(
    Parquet,
    "checks.parquet",
    "a row per check, for data tools",
    Render::Capture(|of, _| checks(from_ref(of), Parquet)),
);

/// The checks of a run as Parquet.
pub(super) static CHECKS_PARQUET_RUN: Renderer = of(
    Parquet,
    "checks.parquet",
    "a row per check of a run, for data tools",
    Render::Run("checks.parquet", |run, _| checks(&run.captures, Parquet)),
);

const fn of(format: TableFormat, extension: &'static str, about: &'static str, render: Render) -> Renderer {
    let (id, imprinting) = match format {
        Csv => ("csv", Imprinting::Csv),
        Parquet => ("parquet", Imprinting::Parquet),
    };
    Renderer { id, extension, imprinting, about, render }
}

fn frames(capture: &CaptureReport, format: TableFormat) -> Result<Vec<u8>, RenderError> {
    Ok(table::frames(capture).bytes(format)?)
}

fn checks(captures: &[CaptureReport], format: TableFormat) -> Result<Vec<u8>, RenderError> {
    Ok(table::checks(captures).bytes(format)?)
}
