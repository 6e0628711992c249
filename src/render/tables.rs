//! The tables of frames and checks, as CSV and Parquet.

use super::{Imprinting, Render, RenderError, Renderer};
use crate::report::CaptureReport;
use crate::table::{self, TableFormat};

/// The frames of one capture as CSV.
pub(super) static FRAMES_CSV: Renderer = Renderer {
    id: "csv",
    extension: "csv",
    imprinting: Imprinting::Csv,
    about: "a row per frame, for spreadsheets",
    render: Render::Capture(|capture, _| frames(capture, TableFormat::Csv)),
};

/// The checks of one capture as CSV.
pub(super) static CHECKS_CSV: Renderer = Renderer {
    id: "csv",
    extension: "checks.csv",
    imprinting: Imprinting::Csv,
    about: "a row per check, for spreadsheets",
    render: Render::Capture(|capture, _| checks(std::slice::from_ref(capture), TableFormat::Csv)),
};

/// The checks of a run as CSV.
pub(super) static CHECKS_CSV_RUN: Renderer = Renderer {
    id: "csv",
    extension: "checks.csv",
    imprinting: Imprinting::Csv,
    about: "a row per check of a run, for spreadsheets",
    render: Render::Run("checks.csv", |report, _| checks(&report.captures, TableFormat::Csv)),
};

/// The frames of one capture as Parquet.
pub(super) static FRAMES_PARQUET: Renderer = Renderer {
    id: "parquet",
    extension: "parquet",
    imprinting: Imprinting::Parquet,
    about: "a row per frame, for data tools",
    render: Render::Capture(|capture, _| frames(capture, TableFormat::Parquet)),
};

/// The checks of one capture as Parquet.
pub(super) static CHECKS_PARQUET: Renderer = Renderer {
    id: "parquet",
    extension: "checks.parquet",
    imprinting: Imprinting::Parquet,
    about: "a row per check, for data tools",
    render: Render::Capture(|capture, _| checks(std::slice::from_ref(capture), TableFormat::Parquet)),
};

/// The checks of a run as Parquet.
pub(super) static CHECKS_PARQUET_RUN: Renderer = Renderer {
    id: "parquet",
    extension: "checks.parquet",
    imprinting: Imprinting::Parquet,
    about: "a row per check of a run, for data tools",
    render: Render::Run("checks.parquet", |report, _| checks(&report.captures, TableFormat::Parquet)),
};

fn frames(capture: &CaptureReport, format: TableFormat) -> Result<Vec<u8>, RenderError> {
    Ok(table::frames(capture).bytes(format)?)
}

fn checks(captures: &[CaptureReport], format: TableFormat) -> Result<Vec<u8>, RenderError> {
    Ok(table::checks(captures).bytes(format)?)
}
