//! Which spec a capture is judged by.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Failure;
use super::read_args::SpecArgs;
use crate::spec::{Spec, SpecFile, SpecRequest, SpecSource};

/// What the command line says of the spec, parsed once for all captures.
#[derive(Debug)]
pub(super) enum SpecChoice {
    /// A file or a profile is named: one spec for all of them.
    Named(Chosen),
    /// The spec of each lies beside it; what the command line states goes over it.
    Beside(SpecRequest),
}

/// A spec and where it was found, as the summary says it.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) spec: Arc<Spec>,
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
        Ok(match (&args.spec, &args.profile) {
            (Some(file), _) => SpecChoice::Named(from_file(&request, file)?),
            (None, Some(profile)) => {
                let source = Some(SpecSource::Profile(profile.clone()));
                let request = SpecRequest { source, ..request };
                SpecChoice::Named(chosen(&request, Some(format!("profile {profile}")))?)
            }
            (None, None) => SpecChoice::Beside(request),
        })
    }

    /// The spec of a capture; none when nothing at all says what it is judged by.
    pub(super) fn spec_for(&self, capture: &Path) -> Result<Option<Chosen>, Failure> {
        match self {
            SpecChoice::Named(chosen) => Ok(Some(chosen.clone())),
            SpecChoice::Beside(request) => match beside(capture) {
                Some(file) => from_file(request, &file).map(Some),
                None if is_overridden(request) => chosen(request, None).map(Some),
                None => Ok(None),
            },
        }
    }
}

fn from_file(request: &SpecRequest, file: &Path) -> Result<Chosen, Failure> {
    let request = SpecRequest { source: Some(SpecSource::File(read(file)?)), ..request.clone() };
    chosen(&request, Some(file.display().to_string()))
}

/// Whether the command line states anything over the file or profile.
fn is_overridden(request: &SpecRequest) -> bool {
    !request.wires.is_empty() || !request.limits.is_empty()
}

fn chosen(request: &SpecRequest, name: Option<String>) -> Result<Chosen, Failure> {
    let source = match (name, is_overridden(request)) {
        (Some(name), false) => name,
        (Some(name), true) => format!("{name} and the command line"),
        (None, _) => "the command line".to_owned(),
    };
    Ok(Chosen { spec: Arc::new(request.build(&read_beside)?), source })
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
    let text = read_text(path).map_err(|source| Failure::ReadFile { path: path.to_owned(), source })?;
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
