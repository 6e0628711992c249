//! A folder of results, as `trend` and `results` read it: its files by station and day, each held against its name.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Failure;
use super::files::Files;
use crate::study::judgements::{Counting, Judgements, PartName};
use crate::study::partition::partition_value;
use crate::table::{Reading, ResultsFile, TableError};
use crate::workers::Workers;

/// The most bytes of a file that is written here.
pub(super) const LARGEST_PART: u64 = 64 << 20;

/// No file is larger: those of older versions are of one call.
const LARGEST_READ: u64 = 16 * LARGEST_PART;

/// So many are unpacked at once: one holds its bytes, and rows of about as many more.
const MOST_AHEAD: usize = 4;

/// What files of results are called: this, sixteen digits of the SHA-256 of its bytes, and the extension.
const PREFIXES: [&str; 2] = ["part-", "compact-"];

/// The day and the station that a file lies under; files that lie under none are read each by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shelf {
    /// None before all days.
    pub(super) day: Option<String>,
    pub(super) station: Option<String>,
    pub(super) alone: Option<PathBuf>,
}

/// The files of one or several folders, by station and day.
#[derive(Debug, Default)]
pub(super) struct ResultsFolder {
    pub(super) shelves: BTreeMap<Shelf, Vec<PathBuf>>,
}

impl ResultsFolder {
    pub(super) fn new(roots: &[PathBuf], files: &Files) -> Result<ResultsFolder, Failure> {
        let mut folder = ResultsFolder::default();
        for root in roots {
            let mut found = Vec::new();
            parts(root, 0, &mut found)?;
            if found.is_empty() {
                return Err(Failure::NoResults(root.clone()));
            }
            for file in found {
                files.reads(&file);
                folder.shelves.entry(shelf(&file)).or_default().push(file);
            }
        }
        // A file that is named twice is one.
        folder.shelves.values_mut().for_each(|files| {
            files.sort();
            files.dedup();
        });
        Ok(folder)
    }

    /// All files, in the order in which they are numbered.
    pub(super) fn files(&self) -> impl Iterator<Item = (&Shelf, &PathBuf)> {
        self.shelves.iter().flat_map(|(shelf, files)| files.iter().map(move |file| (shelf, file)))
    }

    /// Which judgements count, and how often others were there.
    pub(super) fn counting(&self) -> Result<Counting, Failure> {
        self.counting_from(0, Judgements::default())
    }

    /// The same, where those of so many files are taken.
    pub(super) fn counting_from(&self, taken: usize, mut judgements: Judgements) -> Result<Counting, Failure> {
        for ((shelf, path), file) in self.files().skip(taken).zip(self.ahead(Reading::Judgements, taken)) {
            take_from(&mut judgements, shelf, path, &file?)?;
        }
        Ok(judgements.counting())
    }

    /// The files from one on in their order, the next ones read and unpacked on other cores while one is taken.
    pub(super) fn ahead(&self, reading: Reading, from: usize) -> Ahead<'_> {
        let open = move |path: PathBuf| {
            let file = ResultsFile::open(bytes(&path)?).and_then(|file| file.ahead(reading));
            file.map_err(|source| Failure::Results { path, source })
        };
        let coming = self.files().map(|(_, path)| path).skip(from).collect::<Vec<_>>().into_iter();
        Ahead { open: Workers::new(MOST_AHEAD - 1, open), coming }
    }
}

/// Files that are read before they are asked for.
pub(super) struct Ahead<'f> {
    open: Workers<PathBuf, Result<ResultsFile<Vec<u8>>, Failure>>,
    coming: std::vec::IntoIter<&'f PathBuf>,
}

impl Iterator for Ahead<'_> {
    type Item = Result<ResultsFile<Vec<u8>>, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.open.len() < MOST_AHEAD
            && let Some(path) = self.coming.next()
        {
            self.open.begin(path.clone());
        }
        self.open.next()
    }
}

/// Takes the judgements of a file, and gives its bytes.
pub(super) fn take(judgements: &mut Judgements, shelf: &Shelf, path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = bytes(path)?;
    let file = ResultsFile::open(&bytes).map_err(|source| Failure::Results { path: path.to_owned(), source })?;
    take_from(judgements, shelf, path, &file)?;
    Ok(bytes)
}

/// Takes the judgements of a file that is open.
pub(super) fn take_from(
    judgements: &mut Judgements,
    shelf: &Shelf,
    path: &Path,
    file: &ResultsFile<impl AsRef<[u8]>>,
) -> Result<(), Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new("")).to_string_lossy();
    let mut taken = judgements.file(PartName { name: &name, folder: &folder, station: shelf.station.as_deref() });
    let read = file.judgements(|view| taken.take(&view));
    read.map_err(|source| Failure::Results { path: path.to_owned(), source })
}

/// The bytes of a file of results, if they are those that its name says.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |source| Failure::ReadFile { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(failed)?;
    let size = file.metadata().map_or(0, |metadata| metadata.len().min(LARGEST_READ) as usize);
    // One more, so that its end is seen at once.
    let mut bytes = Vec::with_capacity(size + 1);
    file.take(LARGEST_READ + 1).read_to_end(&mut bytes).map_err(failed)?;
    let refused = |reason: &str| {
        let source = TableError::Unreadable(reason.to_owned());
        Err(Failure::Results { path: path.to_owned(), source })
    };
    // What a link is called says nothing; what it leads to may.
    let Some(stated) = stated_hash(path).or_else(|| stated_hash(&path.canonicalize().ok()?)) else {
        return refused("those are called part-, or compact-, and by the hash of their bytes");
    };
    if bytes.len() as u64 > LARGEST_READ {
        return refused("it is larger than any is");
    }
    if hash(&bytes) != stated {
        return refused("its bytes are not those that its name says: take it away, and judge its captures again");
    }
    Ok(bytes)
}

/// The hash that the name of a file states, if it is one of results.
fn stated_hash(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.strip_suffix(".parquet")?;
    let hash = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix))?;
    let is_hash = hash.len() == 16 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_hash.then(|| hash.to_owned())
}

/// By what a file of results is called: the first eight bytes of the SHA-256 of its bytes.
pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The Parquet files in a folder and the folders in it, in the order of their names; a file is itself one. Half-written
/// files are hidden, and bear another extension.
fn parts(path: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    /// Deeper folders are none of ours; links may make a circle.
    const DEEPEST: usize = 8;
    let error = |source| Failure::ReadFile { path: path.to_owned(), source };
    if !std::fs::metadata(path).map_err(error)?.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    if depth > DEEPEST {
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(error)? {
        entries.push(entry.map_err(error)?.path());
    }
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let is_part = entry.extension().is_some_and(|extension| extension == "parquet");
        if !hidden && (is_part || entry.is_dir()) {
            parts(&entry, depth + 1, found)?;
        }
    }
    Ok(())
}

fn shelf(file: &Path) -> Shelf {
    let folders = || file.ancestors().skip(1).take(2).filter_map(|folder| folder.file_name());
    let value = |key: &str| folders().find_map(|folder| partition_value(&folder.to_string_lossy(), key));
    match (value("day"), value("station")) {
        (Some(day), Some(station)) => Shelf { day, station, alone: None },
        (Some(_) | None, station) => Shelf { day: None, station: station.flatten(), alone: Some(file.to_owned()) },
    }
}
