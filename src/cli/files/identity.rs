//! Which file a name stands for.

use std::path::{Path, PathBuf};

/// What names of one file have in common, links and letters that a file system takes for the same included.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Identity {
    /// Its path without links and dots.
    Path(PathBuf),
    /// Its device and number there.
    #[cfg(unix)]
    Inode(u64, u64),
}

/// All that a file is known by; of one that is not there, its place.
pub(super) fn identities(path: &Path) -> impl Iterator<Item = Identity> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let named = || Some(folder.canonicalize().ok()?.join(path.file_name()?));
    let canonical = path.canonicalize().ok().or_else(named).unwrap_or_else(|| path.to_owned());
    std::iter::once(Identity::Path(canonical)).chain(inode(path))
}

#[cfg(unix)]
fn inode(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let metadata = path.metadata().ok()?;
    Some(Identity::Inode(metadata.dev(), metadata.ino()))
}

/// The path, in the letters of the file system, tells all but hard links.
#[cfg(not(unix))]
fn inode(_: &Path) -> Option<Identity> {
    None
}

/// Whether both names stand for one file.
pub(super) fn is_same_file(a: &Path, b: &Path) -> bool {
    let of_a: Vec<Identity> = identities(a).collect();
    identities(b).any(|identity| of_a.contains(&identity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_names_of_a_file_are_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("sub")).unwrap();
        std::fs::write(path("a"), "").unwrap();
        std::fs::write(path("b"), "").unwrap();
        let same = |a: &str, b: &str| is_same_file(&path(a), &path(b));
        assert!(same("a", "sub/../a") && same("./a", "a"));
        assert!(!same("a", "b") && !same("a", "none"));
        assert!(same("none", "sub/../none"), "also what is not there yet");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("a", path("link")).unwrap();
            std::fs::hard_link(path("a"), path("hard")).unwrap();
            assert!(same("a", "link") && same("a", "hard") && same("link", "hard"));
        }
    }
}
