//! `verify --expect`: captures held against what is expected of them, and `--bless`, which writes that down.

use std::io;
use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::cli::args::VerifyArgs;
use crate::cli::choose_spec::text_of;
use crate::cli::files::{Files, Ours, STANDARD, Staged};
use crate::cli::output::shown;
use crate::escape::visible;
use crate::format::io_text;
use crate::report::{CaptureReport, Expectation, Judgement, Outcome};

/// An expectation that is to be written.
#[derive(Debug)]
pub(super) struct Blessed {
    path: PathBuf,
    text: String,
}

impl Blessed {
    /// The file under its temporary name.
    pub(super) fn stage<'f>(&self, files: &'f Files) -> Result<Staged<'f>, Failure> {
        Ok(files.target(&self.path, Ours::Nothing)?.stage_bytes(self.text.as_bytes())?)
    }

    /// What was written.
    pub(super) fn line(&self) -> String {
        format!("Expectation: {}\n", shown(&self.path))
    }
}

/// Holds a capture against what is expected of it; with `--bless` what is missing is made, and with `--force` what is not met.
pub(super) fn held(
    capture: CaptureReport,
    path: &Path,
    args: &VerifyArgs,
    files: &Files,
) -> (CaptureReport, Option<Blessed>) {
    let Outcome::Judged(judgement) = &capture.outcome else { return (capture, None) };
    match compared(judgement, path, args, files) {
        Ok((expectation, blessed)) => (capture.expecting(Ok(&expectation)), blessed),
        Err(reason) => (capture.expecting(Err(reason)), None),
    }
}

fn compared(
    judgement: &Judgement,
    capture: &Path,
    args: &VerifyArgs,
    files: &Files,
) -> Result<(Expectation, Option<Blessed>), String> {
    if capture == Path::new(STANDARD) {
        return Err("nothing lies beside standard input that says what is expected of it".to_owned());
    }
    let path = capture.with_extension("expect.toml");
    let name = path.display().to_string();
    let there = match path.metadata() {
        Ok(metadata) if metadata.is_file() => {
            Some(text_of(&path).map_err(|source| format!("{}: cannot be read: {}", shown(&path), io_text(&source)))?)
        }
        Ok(_) => return Err(format!("{}: is no file", shown(&path))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(format!("{}: cannot be read: {}", shown(&path), io_text(&error))),
    };
    let made = |there| Expectation::file(judgement, there).map_err(|error| visible(&error.to_string()).into_owned());
    let text = match &there {
        None if args.bless => made(None)?,
        None => return Err(format!("{} is not there; --expect --bless writes it from what came", shown(&path))),
        Some(text) => {
            let expectation = parsed(&path, &name, text)?;
            if !(args.bless && args.write.force) || expectation.differences(judgement).is_empty() {
                files.reads(&path);
                return Ok((expectation, None));
            }
            made(Some((&name, text)))?
        }
    };
    Ok((parsed(&path, &name, &text)?, Some(Blessed { path, text })))
}

/// What a file states. Of a link, which may lead anywhere, no word is quoted.
fn parsed(path: &Path, name: &str, text: &str) -> Result<Expectation, String> {
    Expectation::parse(name, text).map_err(|error| {
        let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
        if is_link {
            format!("{}: the link leads to no expectation", shown(path))
        } else {
            visible(&error.to_string()).into_owned()
        }
    })
}
