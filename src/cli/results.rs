//! `strobecheck results`: what is done to a folder of results.

use std::path::{Path, PathBuf};
use std::{fs, io};

use rayon::prelude::*;

use super::files::{Files, Ours};
use super::fleet_args::{ResultsArgs, ResultsWork};
use super::output::{print_text, say, shown};
use super::results_folder::{LARGEST_PART, ResultsFolder, Shelf, bytes, hash, take};
use super::{Exit, Failure, WriteError};
use crate::escape::visible_lines;
use crate::render::repeats_text;
use crate::study::judgements::{Counting, Judgements};
use crate::table::{Compactor, Notes, ResultsFile};
use crate::units::counted;

pub(super) fn run(args: &ResultsArgs) -> Result<Exit, Failure> {
    match &args.work {
        ResultsWork::Check { results } => check(results),
        ResultsWork::Compact { folder } => compact(folder),
    }
}

/// Reads every file whole, and says which are damaged.
fn check(results: &[PathBuf]) -> Result<Exit, Failure> {
    let folder = ResultsFolder::new(results, &Files::new(false))?;
    let mut judgements = Judgements::default();
    let [mut files, mut rows, mut damaged] = [0_u64; 3];
    for (shelf, path) in folder.files() {
        let read = take(&mut judgements, shelf, path).and_then(|bytes| {
            let read = ResultsFile::open(&bytes).and_then(|file| file.rows(Notes::Left, |_| rows += 1));
            read.map_err(|source| Failure::Results { path: path.clone(), source })
        });
        files += 1;
        if let Err(failure) = read {
            damaged += 1;
            say(visible_lines(&failure.to_string()));
        }
    }
    let counting = judgements.counting();
    let whole = if damaged == 0 { "all whole".to_owned() } else { format!("{damaged} damaged") };
    let counted = counting.judgements();
    print_text(&format!("Files: {files}, {whole}; {rows} rows; judgements that count: {counted}\n"))?;
    print_text(&repeats_text(&counting.repeats))?;
    Ok(if damaged == 0 { Exit::Done } else { Exit::Damaged })
}

/// Makes the files of each station and day one, without the judgements that do not count; a file that is alone is written
/// anew if it holds any. What is replaced is removed only once the new file stands, and a reader that sees both counts each
/// judgement once: whatever ends it, nothing is lost or doubled.
fn compact(root: &Path) -> Result<Exit, Failure> {
    let files = Files::new(false);
    let folder = ResultsFolder::new(&[root.to_owned()], &files)?;
    let of_each = folder.shelves.par_iter().map(|(shelf, paths)| compact_shelf(shelf, paths, &files));
    let after = of_each.try_reduce(|| 0, |a, b| Ok(a + b))?;
    print_text(&format!(
        "Results: {} became {} in {}\n",
        counted(folder.files().count(), "file"),
        counted(after, "file"),
        shown(root)
    ))?;
    Ok(Exit::Done)
}

/// The same of one station and day; how many files it comes to.
fn compact_shelf(shelf: &Shelf, paths: &[PathBuf], files: &Files) -> Result<usize, Failure> {
    let mut judgements = Judgements::default();
    let mut sizes = Vec::new();
    for path in paths {
        sizes.push(take(&mut judgements, shelf, path)?.len() as u64);
    }
    let kept = judgements.kept();
    let groups = groups(&sizes);
    for group in &groups {
        let group: Vec<(usize, &PathBuf)> = group.clone().filter_map(|at| Some((at, paths.get(at)?))).collect();
        let changes = group.len() > 1 || group.iter().any(|(place, _)| kept.others(*place));
        if shelf.alone.is_none() && changes {
            replace(&group, &kept, files)?;
        }
    }
    Ok(groups.len())
}

/// Files in a row that are made one: a file of the rows of several is smaller than they are together.
fn groups(sizes: &[u64]) -> Vec<std::ops::Range<usize>> {
    let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
    let mut total = 0;
    for (place, size) in sizes.iter().enumerate() {
        total += size;
        match groups.last_mut() {
            Some(group) if total <= LARGEST_PART => group.end = place + 1,
            Some(_) | None => {
                groups.push(place..place + 1);
                total = *size;
            }
        }
    }
    groups
}

/// Writes one file for several of a folder, and removes them.
fn replace(group: &[(usize, &PathBuf)], kept: &Counting, files: &Files) -> Result<(), Failure> {
    let mut written = Vec::new();
    let mut compactor = Compactor::new(&mut written)?;
    for (place, path) in group {
        let bytes = bytes(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let added = ResultsFile::open(&bytes)
            .and_then(|file| compactor.add(&name, &file, |judgement| kept.counts(*place, judgement)));
        added.map_err(|source| Failure::Results { path: (*path).clone(), source })?;
    }
    compactor.finish()?;
    let Some(folder) = group.first().and_then(|(_, path)| path.parent()) else { return Ok(()) };
    let compacted = folder.join(format!("compact-{}.parquet", hash(&written)));
    // One that was written before, and ended before it had removed the others.
    if !group.iter().any(|(_, path)| **path == compacted) {
        files.target(&compacted, Ours::Same(written.clone()))?.write_bytes(&written)?;
        let lasting = fs::File::open(&compacted).and_then(|file| file.sync_all());
        let lasting = lasting.and_then(|()| sync_folder(folder));
        lasting.map_err(|source| WriteError::File { path: compacted.clone(), source })?;
    }
    for (_, path) in group.iter().filter(|(_, path)| **path != compacted) {
        match fs::remove_file(path) {
            // Another run was faster.
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(WriteError::File { path: (*path).clone(), source: error }.into());
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Makes the names in a folder last.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// Folders cannot be opened there.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_a_row_are_grouped_up_to_the_largest_part() {
        assert!(groups(&[]).is_empty());
        assert!(matches!(groups(&[LARGEST_PART - 1, 1]).as_slice(), [one] if *one == (0..2)));
        assert_eq!(groups(&[LARGEST_PART - 1, 2]), [0..1, 1..2]);
        assert_eq!(groups(&[1, LARGEST_PART * 2, 1, 1]), [0..1, 1..2, 2..4]);
    }
}
