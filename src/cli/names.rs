//! What the reports of each capture are called.

use std::collections::BTreeMap;
use std::path::{Component, Path};

/// What a capture from standard input is called.
const STANDARD_INPUT: &str = "stdin";

/// A stem for the reports of each capture, in their order: the file's name without extension, with the names of as many
/// parent folders in front as it takes to tell them apart, and a number where even those do not.
pub(super) fn report_stems(captures: &[&Path]) -> Vec<String> {
    let mut depths = vec![0_usize; captures.len()];
    let deepest = captures.iter().map(|path| path.components().count()).max().unwrap_or(0);
    for _ in 0..deepest {
        let stems = stems_at(captures, &depths);
        let mut repeated = false;
        for (i, stem) in stems.iter().enumerate() {
            if stems.iter().filter(|other| *other == stem).count() > 1 {
                depths[i] += 1;
                repeated = true;
            }
        }
        if !repeated {
            return stems;
        }
    }
    number_repeated(stems_at(captures, &depths))
}

fn stems_at(captures: &[&Path], depths: &[usize]) -> Vec<String> {
    captures.iter().zip(depths).map(|(path, depth)| stem_at(path, *depth)).collect()
}

fn stem_at(path: &Path, depth: usize) -> String {
    let stem = match path.file_stem() {
        Some(_) if path == Path::new("-") => STANDARD_INPUT.to_owned(),
        Some(stem) => harmless(&stem.to_string_lossy()),
        None => STANDARD_INPUT.to_owned(),
    };
    let parents = path.parent().into_iter().flat_map(Path::components).filter_map(|component| match component {
        Component::Normal(name) => Some(harmless(&name.to_string_lossy())),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => None,
    });
    let parents: Vec<String> = parents.collect();
    let shown = &parents[parents.len().saturating_sub(depth)..];
    shown.iter().map(String::as_str).chain([stem.as_str()]).collect::<Vec<_>>().join("-")
}

/// A name that is safe as a part of a file name: no separators, no control characters, not hidden, not endless.
fn harmless(name: &str) -> String {
    const LONGEST: usize = 100;
    let safe: String =
        name.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c }).take(LONGEST).collect();
    let visible = safe.trim_start_matches('.');
    if visible.is_empty() { "_".to_owned() } else { visible.to_owned() }
}

fn number_repeated(stems: Vec<String>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    (stems.into_iter())
        .map(|stem| {
            let count = seen.entry(stem.clone()).or_default();
            *count += 1;
            if *count == 1 { stem } else { format!("{stem}-{count}") }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(paths: &[&str]) -> Vec<String> {
        report_stems(&paths.iter().map(Path::new).collect::<Vec<_>>())
    }

    #[test]
    fn stems_that_collide_get_their_folder_in_front() {
        assert_eq!(stems(&["a/x.sr", "b/y.sr"]), ["x", "y"]);
        assert_eq!(stems(&["a/x.sr", "b/x.sr", "c/y.sr"]), ["a-x", "b-x", "y"]);
        assert_eq!(stems(&["p/a/x.sr", "q/a/x.sr"]), ["p-a-x", "q-a-x"]);
        assert_eq!(stems(&["a/x.sr", "a/x.sr", "x.vcd"]), ["a-x", "a-x-2", "x"]);
    }

    #[test]
    fn hostile_names_stay_in_their_folder() {
        assert_eq!(stems(&["-"]), ["stdin"]);
        assert_eq!(stems(&["..\\..\\evil.sr", "/tmp/.hidden.sr"]), ["_.._evil", "hidden"]);
        assert_eq!(stems(&["a/\u{7}bell.sr"]), ["_bell"]);
    }
}
