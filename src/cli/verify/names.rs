//! What the reports of each capture are called.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::cli::Failure;
use crate::cli::files::STANDARD;
use crate::cli::output::shown;

/// What a capture from standard input is called.
const STANDARD_INPUT: &str = "stdin";

/// Names of files of a whole run: no capture's begin so.
const TAKEN: [&str; 4] = ["index", "junit", "summary", "checks"];

/// The stems of the files of each capture, in their order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Names(Vec<String>);

impl Names {
    /// As the pattern of `--name` says: `{stem}` is the file's name without extension, `{parent}` that of its folder.
    /// Without one: the stem, with the names of as many folders in front as it takes to tell the captures of the call
    /// apart, and a number where even those do not.
    pub(super) fn new(captures: &[PathBuf], pattern: Option<&str>) -> Result<Names, Failure> {
        let Some(pattern) = pattern else { return Ok(Names(unique_stems(captures))) };
        let stems: Vec<String> = captures.iter().map(|path| expanded(pattern, path)).collect::<Result<_, _>>()?;
        let mut seen = BTreeMap::new();
        for (stem, path) in stems.iter().zip(captures) {
            if let Some(other) = seen.insert(folded(stem), path) {
                return Err(usage(format!(
                    "it gives {} and {} one name, {stem}; tell them apart with {{parent}}, or in calls of their own",
                    shown(other),
                    shown(path)
                )));
            }
        }
        Ok(Names(stems))
    }

    pub(super) fn stems(&self) -> &[String] {
        &self.0
    }

    /// The stem of the capture at this place.
    pub(super) fn stem(&self, place: usize) -> &str {
        self.0.get(place).map_or(STANDARD_INPUT, String::as_str)
    }
}

fn usage(reason: String) -> Failure {
    Failure::Usage { option: "--name", reason }
}

/// In letters that no file system takes for others.
fn folded(stem: &str) -> String {
    stem.to_lowercase()
}

fn expanded(pattern: &str, path: &Path) -> Result<String, Failure> {
    let mut name = String::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        let (key, after) = behind.split_once('}').ok_or_else(|| usage(format!("'{{{behind}' has no end")))?;
        name.push_str(before);
        match key {
            "stem" => name.push_str(&stem_of(path)),
            "parent" => name.push_str(&parent_of(path)),
            key => return Err(usage(format!("there is no {{{key}}}; there are {{stem}} and {{parent}}"))),
        }
        rest = after;
    }
    name.push_str(rest);
    Ok(harmless(&name))
}

/// The name of the folder that a capture lies in, however its path is written.
fn parent_of(path: &Path) -> String {
    if path == Path::new(STANDARD) {
        return String::new();
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn stem_of(path: &Path) -> String {
    match path.file_stem() {
        Some(stem) if path != Path::new(STANDARD) => stem.to_string_lossy().into_owned(),
        Some(_) | None => STANDARD_INPUT.to_owned(),
    }
}

fn unique_stems(captures: &[PathBuf]) -> Vec<String> {
    let mut depths = vec![0_usize; captures.len()];
    let deepest = captures.iter().map(|path| path.components().count()).max().unwrap_or(0);
    for _ in 0..deepest {
        let stems = stems_at(captures, &depths);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for stem in &stems {
            *counts.entry(folded(stem)).or_default() += 1;
        }
        let repeats = |stem: &String| counts.get(&folded(stem)).is_some_and(|count| *count > 1);
        if !stems.iter().any(repeats) {
            return stems;
        }
        for (depth, _) in depths.iter_mut().zip(&stems).filter(|(_, stem)| repeats(stem)) {
            *depth += 1;
        }
    }
    number_repeated(stems_at(captures, &depths))
}

fn stems_at(captures: &[PathBuf], depths: &[usize]) -> Vec<String> {
    captures.iter().zip(depths).map(|(path, depth)| stem_at(path, *depth)).collect()
}

fn stem_at(path: &Path, depth: usize) -> String {
    let parents = path.parent().into_iter().flat_map(Path::components).filter_map(|component| match component {
        Component::Normal(name) => Some(harmless(&name.to_string_lossy())),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => None,
    });
    let parents: Vec<String> = parents.collect();
    let shown = parents.get(parents.len().saturating_sub(depth)..).unwrap_or_default();
    let parts: Vec<String> = shown.iter().cloned().chain([harmless(&stem_of(path))]).collect();
    cut(&parts.join("-")).to_owned()
}

/// As much of a name as leaves room for what the files of a capture have behind it.
fn cut(name: &str) -> &str {
    const LONGEST: usize = 150;
    let end = name.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= LONGEST).last();
    name.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// A name that is safe as a part of a file name: no separators, no control characters, not hidden, not endless, none that a
/// file of the run has.
fn harmless(name: &str) -> String {
    let safe: String =
        name.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
    match cut(safe.trim_start_matches('.')) {
        "" => "_".to_owned(),
        name if TAKEN.contains(&folded(name).as_str()) => format!("{name}_"),
        name => name.to_owned(),
    }
}

fn number_repeated(stems: Vec<String>) -> Vec<String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut free = |stem: String| {
        let numbered = (2..).map(|number: u64| format!("{stem}-{number}"));
        let name = std::iter::once(stem.clone()).chain(numbered).find(|name| taken.insert(folded(name)));
        name.unwrap_or(stem)
    };
    stems.into_iter().map(&mut free).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(paths: &[&str], pattern: Option<&str>) -> Result<Names, Failure> {
        Names::new(&paths.iter().map(PathBuf::from).collect::<Vec<_>>(), pattern)
    }

    fn stems(paths: &[&str]) -> Vec<String> {
        named(paths, None).unwrap().0
    }

    #[test]
    fn stems_that_collide_get_their_folder_in_front() {
        assert_eq!(stems(&["a/x.sr", "b/y.sr"]), ["x", "y"]);
        assert_eq!(stems(&["a/x.sr", "b/x.sr", "c/y.sr"]), ["a-x", "b-x", "y"]);
        assert_eq!(stems(&["p/a/x.sr", "q/a/x.sr"]), ["p-a-x", "q-a-x"]);
        assert_eq!(stems(&["a/x.sr", "a/x.sr", "x.vcd"]), ["a-x", "a-x-2", "x"]);
        assert_eq!(stems(&["a/Run.sr", "b/run.sr"]), ["a-Run", "b-run"], "one file where letters are not told apart");
        assert_eq!(stems(&["x.sr", "x.sr", "x-2.sr"]), ["x", "x-2", "x-2-2"]);
    }

    #[test]
    fn hostile_names_stay_in_their_folder() {
        assert_eq!(stems(&["-"]), ["stdin"]);
        assert_eq!(stems(&["..\\..\\evil.sr", "/tmp/.hidden.sr"]), ["_.._evil", "hidden"]);
        assert_eq!(stems(&["a/\u{7}bell.sr", "Index.sr"]), ["_bell", "Index_"]);
        assert_eq!(stems(&[&"ä".repeat(120), &"ä".repeat(121)]), ["ä".repeat(75), format!("{}-2", "ä".repeat(75))]);
    }

    #[test]
    fn a_pattern_names_what_it_is_told_whatever_else_is_in_the_call() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().file_name().unwrap().to_str().unwrap().trim_start_matches('.');
        let path = folder.path().join("run.sr");
        let by = |pattern| named(&[path.to_str().unwrap()], Some(pattern)).map(|names| names.0);
        assert_eq!(by("u-{parent}-{stem}").unwrap(), [format!("u-.{name}-run")]);
        assert_eq!(by("{stem}/x").unwrap(), ["run_x"]);
        for (pattern, said) in [
            ("{dut}", "--name: there is no {dut}; there are {stem} and {parent}"),
            ("{stem", "--name: '{stem' has no end"),
        ] {
            assert_eq!(by(pattern).unwrap_err().to_string(), said);
        }
        let same = named(&["a/x.sr", "b/X.sr"], Some("{stem}")).unwrap_err().to_string();
        assert!(same.starts_with("--name: it gives a/x.sr and b/X.sr one name, X;"), "{same}");
    }
}
