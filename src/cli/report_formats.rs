//! The names of the reports that `--format` takes.

use crate::render::{RENDERERS, Render, Renderer};

/// What is written unless `--format` says otherwise.
pub(super) const DEFAULT_FORMAT: &str = "html";

/// All of them, in the order of the table.
pub(super) fn known_formats() -> String {
    ids_of(RENDERERS.iter())
}

fn ids_of<'r>(renderers: impl Iterator<Item = &'r &'static Renderer>) -> String {
    let mut ids: Vec<&str> = renderers.map(|renderer| renderer.id).collect();
    ids.dedup();
    ids.join(", ")
}

/// What `--help` says of `--format`.
pub(super) fn format_help() -> String {
    let is_log = |renderer: &&&Renderer| matches!(renderer.render, Render::Log(_));
    let files = ids_of(RENDERERS.iter().filter(|renderer| !is_log(renderer)));
    let logs = ids_of(RENDERERS.iter().filter(is_log));
    format!("Which reports are written: {files}; on standard output: {logs} [default: {DEFAULT_FORMAT}]")
}
