//! Which spec a capture is judged by.

use std::io;
use std::path::{Path, PathBuf};

use super::Failure;
use super::args::SpecArgs;
use crate::spec::{Spec, SpecFile, SpecRequest, SpecSource};

/// What the command line says of the spec, parsed once for all captures.
#[derive(Debug)]
pub(super) struct SpecChoice {
    request: SpecRequest,
    stated: Stated,
}

/// Where the command line says the spec is.
#[derive(Debug)]
enum Stated {
    File(PathBuf),
    Profile(String),
    /// Nowhere: it is looked for beside the capture.
    Nowhere,
}

/// A spec and where it was found, as the summary says it.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) spec: Spec,
    pub(super) source: String,
}

impl SpecChoice {
    pub(super) fn new(args: &SpecArgs) -> Result<SpecChoice, Failure> {
        let request = SpecRequest {
            source: None,
            params: parse_all(&args.param)?,
            wires: parse_all(&args.wire)?,
            limits: parse_all(&args.limit)?,
        };
        let stated = match (&args.spec, &args.profile) {
            (Some(file), _) => Stated::File(file.clone()),
            (None, Some(profile)) => Stated::Profile(profile.clone()),
            (None, None) => Stated::Nowhere,
        };
        Ok(SpecChoice { request, stated })
    }

    /// The spec of a capture; none when nothing at all says what it is judged by.
    pub(super) fn spec_for(&self, capture: &Path) -> Result<Option<Chosen>, Failure> {
        let found = match &self.stated {
            Stated::File(file) => Some(file.clone()),
            Stated::Profile(_) => None,
            Stated::Nowhere => beside(capture),
        };
        let (source, name) = match (&self.stated, found) {
            (Stated::Profile(name), _) => (Some(SpecSource::Profile(name.clone())), Some(format!("profile {name}"))),
            (Stated::File(_) | Stated::Nowhere, Some(file)) => {
                let name = file.display().to_string();
                (Some(SpecSource::File(read(&file)?)), Some(name))
            }
            (Stated::File(_) | Stated::Nowhere, None) => (None, None),
        };
        let overridden = !self.request.wires.is_empty() || !self.request.limits.is_empty();
        let source_text = match (name, overridden) {
            (Some(name), false) => name,
            (Some(name), true) => format!("{name} and the command line"),
            (None, true) => "the command line".to_owned(),
            (None, false) => return Ok(None),
        };
        let request = SpecRequest { source, ..self.request.clone() };
        Ok(Some(Chosen { spec: request.build(&read_beside)?, source: source_text }))
    }
}

fn parse_all<T: std::str::FromStr<Err = crate::spec::SpecError>>(arguments: &[String]) -> Result<Vec<T>, Failure> {
    Ok(arguments.iter().map(|argument| argument.parse()).collect::<Result<_, _>>()?)
}

/// `<stem>.spec.toml` beside the capture, else `spec.toml` in its folder.
fn beside(capture: &Path) -> Option<PathBuf> {
    if capture == Path::new("-") {
        return None;
    }
    [capture.with_extension("spec.toml"), capture.with_file_name("spec.toml")].into_iter().find(|path| path.is_file())
}

fn read(path: &Path) -> Result<SpecFile, Failure> {
    let name = path.display().to_string();
    let text = read_text(path).map_err(|source| Failure::ReadSpec { path: path.to_owned(), source })?;
    Ok(SpecFile { name, text })
}

/// Reads a file that a spec extends: a path from the folder of that spec.
fn read_beside(spec: &str, name: &str) -> io::Result<SpecFile> {
    let path = Path::new(spec).with_file_name(name);
    Ok(SpecFile { text: read_text(&path)?, name: path.display().to_string() })
}

/// Longer files are no specs.
const LONGEST_SPEC: u64 = 1 << 20;

pub(super) fn read_text(path: &Path) -> io::Result<String> {
    use io::Read;
    let mut text = String::new();
    let mut file = std::fs::File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
    }
    (&mut file).take(LONGEST_SPEC + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST_SPEC {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("is longer than {LONGEST_SPEC} bytes")));
    }
    Ok(text)
}
