//! Which captures are judged: those that are named, those of a list, and those that lie in folders.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::cli::args::VerifyArgs;
use crate::cli::capture::PART;
use crate::cli::choose_spec::own_spec;
use crate::cli::files::{Files, STANDARD};
use crate::cli::output::{say, shown};
use crate::format::{self, Source};
use crate::report::{Imprint, Written};

/// What may be damaged from its first byte on, or not fetched, is a capture by its name alone.
const EXTENSIONS: [&str; 5] = ["sr", "sal", "dsl", "vcd", "fst"];
/// What no capture is, whatever it looks like: a spec, a scenario.
const SPEC: &str = "toml";
/// A longer list is none.
const LONGEST_LIST: u64 = 64 << 20;

/// The captures of a run.
#[derive(Debug)]
pub(super) struct Captures {
    pub(super) paths: Vec<PathBuf>,
    pub(super) named: Named,
}

/// How the captures of a run were named: what its files are called depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// One, by itself.
    Alone,
    /// Several, or a folder or a list, whatever is in it.
    Together,
}

impl Captures {
    pub(super) fn new(args: &VerifyArgs, files: &Files) -> Result<Captures, Failure> {
        let mut found = Found::default();
        args.captures.iter().try_for_each(|path| found.add(path))?;
        if let Some(list) = &args.files_from {
            if list == Path::new(STANDARD) && args.captures.iter().any(|path| path == Path::new(STANDARD)) {
                return Err(Failure::usage("--files-from", "standard input is a capture already"));
            }
            let listed = listed(list, files)?;
            if listed.is_empty() {
                return Err(Failure::usage("--files-from", format!("{}: it names no capture", shown(list))));
            }
            listed.iter().try_for_each(|path| found.add(path))?;
        }
        let is_alone = args.files_from.is_none() && !found.has_folders && found.paths.len() == 1;
        let named = if is_alone { Named::Alone } else { Named::Together };
        Ok(Captures { paths: found.paths, named })
    }
}

/// The paths of a list, one on each line, or each with a zero byte behind it.
fn listed(list: &Path, files: &Files) -> Result<Vec<PathBuf>, Failure> {
    let failed = |source| Failure::ReadFile { path: list.to_owned(), source };
    files.reads(list);
    let bytes = if list == Path::new(STANDARD) {
        read_all(&mut std::io::stdin().lock())
    } else {
        std::fs::File::open(list).and_then(|mut file| read_all(&mut file))
    };
    let bytes = bytes.map_err(failed)?;
    let end = if bytes.contains(&0) { 0 } else { b'\n' };
    let lines = bytes.split(|byte| *byte == end).map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| !line.is_empty()).map(|line| path_of(line).map_err(failed)).collect()
}

fn read_all(file: &mut dyn std::io::Read) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    file.take(LONGEST_LIST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST_LIST {
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "is too long for a list"));
    }
    Ok(bytes)
}

#[cfg(unix)]
fn path_of(line: &[u8]) -> std::io::Result<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Ok(PathBuf::from(std::ffi::OsStr::from_bytes(line)))
}

#[cfg(not(unix))]
fn path_of(line: &[u8]) -> std::io::Result<PathBuf> {
    let text =
        std::str::from_utf8(line).map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))?;
    Ok(PathBuf::from(text))
}

/// Captures as they are found, in order.
#[derive(Debug, Default)]
struct Found {
    paths: Vec<PathBuf>,
    has_folders: bool,
}

impl Found {
    fn add(&mut self, path: &Path) -> Result<(), Failure> {
        if !path.is_dir() || format::is_export_folder(path) {
            self.paths.push(path.to_owned());
            return Ok(());
        }
        self.has_folders = true;
        let mut below = Vec::new();
        walk(path, &mut below).map_err(|source| Failure::ReadFile { path: path.to_owned(), source })?;
        let files: Vec<(PathBuf, Kind)> = below.into_iter().map(|path| (path.clone(), Kind::of(&path))).collect();
        say_others(&files, Kind::Table, "a table may be a log; a spec of its own, <stem>.spec.toml, has it judged");
        say_others(&files, Kind::Part, "a recording that did not end; strobecheck repair saves it");
        let captures = files.into_iter().filter(|(_, kind)| *kind == Kind::Capture);
        let captures: Vec<PathBuf> = captures.map(|(path, _)| path).collect();
        if captures.is_empty() {
            return Err(Failure::NoCaptures(path.to_owned()));
        }
        // What was named already is judged once.
        let known: HashSet<PathBuf> = self.paths.iter().cloned().collect();
        self.paths.extend(captures.into_iter().filter(|path| !known.contains(path)));
        Ok(())
    }
}

/// The files below a folder in the order of their names; hidden ones and links to folders are passed over.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if is_hidden {
            continue;
        }
        let is_folder = entry.file_type()?.is_dir();
        if is_folder && !format::is_export_folder(&path) {
            walk(&path, found)?;
        } else if is_folder || path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// What a file is that lies in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Capture,
    /// It may be a capture, and may be a log.
    Table,
    /// A recording that did not end.
    Part,
    /// Something else, also what a report has beside it.
    Other,
}

impl Kind {
    /// By its content, or by its name where that is damaged.
    fn of(path: &Path) -> Kind {
        let extension =
            path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
        // Specs, scenarios and expectations; a comma in one makes no table.
        if extension == SPEC {
            return Kind::Other;
        }
        let by_name = if EXTENSIONS.contains(&extension.as_str()) { Kind::Capture } else { Kind::Other };
        let Ok(source) = format::open_source(path) else { return by_name };
        match format::recognise(source.as_ref()) {
            Ok(_) if is_report(source.as_ref()) => Kind::Other,
            Ok(_) if extension == PART => Kind::Part,
            Ok(format) if format.id == format::TABLE && !own_spec(path).is_file() => Kind::Table,
            Ok(_) => Kind::Capture,
            Err(_) => by_name,
        }
    }
}

/// Whether a session is the clip of a violation, which lies beside reports.
fn is_report(source: &dyn Source) -> bool {
    const TAIL: u16 = u16::MAX;
    let mut tail = vec![0; TAIL.into()];
    let read = source.fill_at(&mut tail, source.len().saturating_sub(TAIL.into())).unwrap_or(0);
    tail.truncate(read);
    tail.ends_with(b";") && Imprint::find(&tail).is_some_and(|imprint| imprint.kind == Written::Report)
}

/// Says what is passed over: nobody takes it for judged.
fn say_others(files: &[(PathBuf, Kind)], kind: Kind, why: &str) {
    let mut others = files.iter().filter(|(_, other)| *other == kind).map(|(path, _)| shown(path));
    let Some(first) = others.next() else { return };
    match others.count() {
        0 => say(format_args!("not judged: {first}: {why}")),
        more => say(format_args!("not judged: {first} and {more} more: {why}")),
    }
}
