//! Which spec a capture is judged by.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::Failure;
use super::files::{Files, STANDARD};
use super::read_args::SpecArgs;
use crate::spec::{Spec, SpecFile, SpecRequest, SpecSource};

/// What the command line says of the spec, parsed once for all captures.
#[derive(Debug)]
pub(super) struct SpecChoice<'f> {
    choice: Choice,
    files: &'f Files,
}

#[derive(Debug)]
enum Choice {
    /// A file or a profile is named: one spec for all of them.
    Named(Chosen),
    /// The spec of each lies beside it; what the command line states goes over it.
    Beside(SpecRequest),
}

/// How far a spec reaches that names other files.
#[derive(Debug)]
enum Reach {
    /// The user named the spec, and so what it names.
    Anywhere,
    /// It was found beside a capture, and may come from whoever made that: it reads nothing elsewhere.
    Folder(PathBuf),
}

/// A spec and where it was found, as the summary says it.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) spec: Arc<Spec>,
    pub(super) source: String,
}

impl<'f> SpecChoice<'f> {
    pub(super) fn new(args: &SpecArgs, files: &'f Files) -> Result<SpecChoice<'f>, Failure> {
        let request = SpecRequest {
            source: None,
            params: parse_all(&args.stated.param)?,
            wires: parse_all(&args.stated.wire)?,
            limits: parse_all(&args.stated.limit)?,
            columns: parse_all(&args.column)?,
        };
        let choice = match (&args.spec, &args.stated.profile) {
            (Some(file), _) => Choice::Named(from_file(&request, file, &Reach::Anywhere, files)?),
            (None, Some(profile)) => {
                let source = Some(SpecSource::Profile(profile.clone()));
                let request = SpecRequest { source, ..request };
                Choice::Named(chosen(&request, Some(format!("profile {profile}")), &Reach::Anywhere, files)?)
            }
            (None, None) => Choice::Beside(request),
        };
        Ok(SpecChoice { choice, files })
    }

    /// The spec of a capture; none when nothing at all says what it is judged by.
    pub(super) fn spec_for(&self, capture: &Path) -> Result<Option<Chosen>, Failure> {
        match &self.choice {
            Choice::Named(chosen) => Ok(Some(chosen.clone())),
            Choice::Beside(request) => match beside(capture) {
                Some(file) => found(request, &file, self.files).map(Some),
                None if is_overridden(request) => chosen(request, None, &Reach::Anywhere, self.files).map(Some),
                None => Ok(None),
            },
        }
    }
}

fn from_file(request: &SpecRequest, file: &Path, reach: &Reach, files: &Files) -> Result<Chosen, Failure> {
    let request = SpecRequest { source: Some(SpecSource::File(read(file, files)?)), ..request.clone() };
    chosen(&request, Some(file.display().to_string()), reach, files)
}

/// The spec that lies beside a capture. Of no other file a line is quoted; what the user wrote is theirs to see.
fn found(request: &SpecRequest, file: &Path, files: &Files) -> Result<Chosen, Failure> {
    let failed = |source| Failure::ReadFile { path: file.to_owned(), source };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().map_err(failed)?;
    let is_link = file.canonicalize().map_err(failed)?.parent() != Some(&folder);
    from_file(request, file, &Reach::Folder(folder), files).map_err(|failure| {
        let Failure::Spec(error) = failure else { return failure };
        let is_other = error.source_name().is_some_and(|name| Path::new(name) != file);
        let is_hidden = (is_link || is_other) && !error.is_in_argument();
        Failure::Spec(if is_hidden { error.unquoted().help(NAME_IT) } else { error })
    })
}

/// What is to be done about a spec that was found.
const NAME_IT: &str = "the spec was found beside the capture; name it with --spec if you know it";

/// Whether the command line states anything over the file or profile.
fn is_overridden(request: &SpecRequest) -> bool {
    !request.wires.is_empty() || !request.limits.is_empty() || !request.columns.is_empty()
}

fn chosen(request: &SpecRequest, name: Option<String>, reach: &Reach, files: &Files) -> Result<Chosen, Failure> {
    let source = match (name, is_overridden(request)) {
        (Some(name), false) => name,
        (Some(name), true) => format!("{name} and the command line"),
        (None, _) => "the command line".to_owned(),
    };
    Ok(Chosen { spec: Arc::new(request.build(&|spec, name| read_beside(spec, name, reach, files))?), source })
}

fn parse_all<T: std::str::FromStr<Err = crate::spec::SpecError>>(arguments: &[String]) -> Result<Vec<T>, Failure> {
    Ok(arguments.iter().map(|argument| argument.parse()).collect::<Result<_, _>>()?)
}

/// `<stem>.spec.toml` beside the capture, else `spec.toml` in its folder.
fn beside(capture: &Path) -> Option<PathBuf> {
    if capture == Path::new(STANDARD) {
        return None;
    }
    [own_spec(capture), capture.with_file_name("spec.toml")].into_iter().find(|path| path.is_file())
}

/// Files beside a capture that were meant to be its spec, each with the name that it must have.
pub(super) fn misnamed(capture: &Path) -> Vec<(String, String)> {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (own, file) = (name(&own_spec(capture)), name(capture));
    let stem = own.strip_suffix(".spec.toml").unwrap_or_default().to_owned();
    let folder = capture.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let there = std::fs::read_dir(folder).into_iter().flatten().take(MOST_FILES);
    let names = there.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut found: Vec<(String, String)> = names
        .filter_map(|there| {
            let lower = there.to_lowercase();
            let bare = lower.strip_suffix(".txt").unwrap_or(&lower);
            let of_capture = [format!("{stem}.spec.toml"), format!("{file}.spec.toml"), format!("{stem}.toml")];
            let meant = match bare {
                "spec.toml" => "spec.toml".to_owned(),
                _ if of_capture.iter().any(|name| name.to_lowercase() == bare) => own.clone(),
                _ => return None,
            };
            (there != meant).then_some((there, meant))
        })
        .collect();
    found.sort();
    found
}

/// In a folder with more files nobody looks for one by its name.
const MOST_FILES: usize = 10_000;

/// Where the spec of a capture alone lies.
pub(super) fn own_spec(capture: &Path) -> PathBuf {
    capture.with_extension("spec.toml")
}

fn read(path: &Path, files: &Files) -> Result<SpecFile, Failure> {
    let name = path.display().to_string();
    let text = read_text(path, files).map_err(|source| Failure::ReadFile { path: path.to_owned(), source })?;
    Ok(SpecFile { name, text })
}

/// Reads a file that a spec names: a path from the folder of that spec.
fn read_beside(spec: &str, name: &str, reach: &Reach, files: &Files) -> io::Result<SpecFile> {
    let path = Path::new(spec).with_file_name(name);
    let is_inside = match reach {
        Reach::Anywhere => true,
        // First by its name alone: nobody is told what there is elsewhere.
        Reach::Folder(folder) => is_below(name) && path.canonicalize()?.starts_with(folder),
    };
    if !is_inside {
        let text = format!("it lies outside the folder, and {NAME_IT}");
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
    }
    // A pipe would be waited for.
    if !std::fs::metadata(&path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "is no file"));
    }
    Ok(SpecFile { text: read_text(&path, files)?, name: path.display().to_string() })
}

/// Whether a name leads down only.
fn is_below(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// Longer files are no specs.
const LONGEST_SPEC: u64 = 1 << 20;

pub(super) fn read_text(path: &Path, files: &Files) -> io::Result<String> {
    files.reads(path);
    text_of(path)
}

/// The text of a file that may be replaced by what is made of it.
pub(super) fn text_of(path: &Path) -> io::Result<String> {
    use io::Read;
    let mut bytes = Vec::new();
    let mut file = std::fs::File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
    }
    (&mut file).take(LONGEST_SPEC + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST_SPEC {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("is longer than {LONGEST_SPEC} bytes")));
    }
    decoded(bytes)
}

/// The text of a file in UTF-8, or in UTF-16 with its mark, as PowerShell's `>` writes it.
fn decoded(bytes: Vec<u8>) -> io::Result<String> {
    let no_text = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
    let wide = |unit: fn([u8; 2]) -> u16| {
        if bytes.len() % 2 == 1 {
            return Err(no_text("it begins as UTF-16 and ends within a character".to_owned()));
        }
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| no_text("it begins as UTF-16 and is none".to_owned()))
    };
    if bytes.starts_with(&[0xff, 0xfe]) {
        return wide(u16::from_le_bytes);
    }
    if bytes.starts_with(&[0xfe, 0xff]) {
        return wide(u16::from_be_bytes);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let (at, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
        let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        let byte = bytes.get(at).copied().unwrap_or_default();
        // What the bytes of the characters that specs have are in Latin-1.
        let looks = match byte {
            0xb1 => ", which is '±' in Latin-1",
            0xb5 => ", which is 'µ' in Latin-1",
            _ => "",
        };
        no_text(format!("line {line} is not UTF-8 (byte 0x{byte:02x}{looks}); save it as UTF-8, or write +- and us"))
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
