//! Finding the specs that a spec extends, down to the one that extends none.

use std::sync::Arc;

use super::beside::{ReadBeside, SpecFile};
use super::calibration::resolve;
use super::error::SpecError;
use super::profiles::{PROFILES, Profile, profile};
use super::read::EXTENDS;
use super::tree::{Table, Text, parse};
use crate::format::io_text;
use crate::snippet::{Source, SourceKind, SourceSpan, quoted, suggestion};

/// Where a spec starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpecSource {
    /// A file.
    File(SpecFile),
    /// A built-in profile, by name.
    Profile(String),
}

/// A larger spec is no spec, and is not parsed.
const LARGEST_FILE: usize = 1 << 20;
/// A longer chain is a mistake, or one that never ends.
const LONGEST_CHAIN: usize = 16;

/// A document of the chain.
struct Link {
    source: Arc<Source>,
    root: Table,
    /// The name of a profile; profiles have no files beside them.
    profile: Option<&'static str>,
}

/// A spec and those that it extends; the base comes first.
#[derive(Debug, Default)]
pub(super) struct Chain {
    pub(super) roots: Vec<Table>,
    /// The profile among them that extends the others.
    pub(super) profile: Option<String>,
}

/// Reads a spec and those that it extends.
pub(super) fn load(start: &SpecSource, read_beside: ReadBeside<'_>) -> Result<Chain, SpecError> {
    let mut link = match start {
        SpecSource::File(file) => from_file(file.clone())?,
        SpecSource::Profile(name) => from_profile(profile(name).ok_or_else(|| unknown_profile(name))?)?,
    };
    resolve(&mut link.root, &link.source.name, read_beside)?;
    let mut names = vec![link.source.name.clone()];
    let mut roots = Vec::new();
    let mut profile = link.profile;
    while let Some(field) = link.root.field(EXTENDS) {
        let extends = field.node.text("the name of a profile or of a file")?;
        let mut next = extended(&link, extends, read_beside)?;
        resolve(&mut next.root, &next.source.name, read_beside)?;
        if names.contains(&next.source.name) {
            let circle = format!("{} → {}", names.join(" → "), next.source.name);
            return Err(extends.error(0..extends.value.len(), format!("specs extend each other in a circle: {circle}")));
        }
        if names.len() == LONGEST_CHAIN {
            let message = format!("more than {LONGEST_CHAIN} specs extend each other");
            return Err(extends.error(0..extends.value.len(), message));
        }
        names.push(next.source.name.clone());
        profile = profile.or(next.profile);
        roots.push(std::mem::replace(&mut link, next).root);
    }
    roots.push(link.root);
    roots.reverse();
    Ok(Chain { roots, profile: profile.map(str::to_owned) })
}

/// The spec that a profile, or a file beside, holds.
fn extended(link: &Link, extends: &Text, read_beside: ReadBeside<'_>) -> Result<Link, SpecError> {
    if let Some(profile) = profile(&extends.value) {
        return from_profile(profile);
    }
    let known = known_profiles(&extends.value);
    let whole = 0..extends.value.len();
    if link.profile.is_some() {
        let message = format!("there is no profile {}", quoted(&extends.value));
        return Err(extends.error(whole, message).help(known));
    }
    let file = read_beside(&link.source.name, &extends.value).map_err(|error| {
        let message =
            format!("{} is no profile, and as a file beside this one: {}", quoted(&extends.value), io_text(&error));
        extends.error(whole, message).help(known)
    })?;
    from_file(file)
}

fn from_file(file: SpecFile) -> Result<Link, SpecError> {
    if file.text.len() > LARGEST_FILE {
        return Err(SpecError::unplaced(format!("{} is larger than 1 MiB: it is no spec", quoted(&file.name))));
    }
    link(Source { name: file.name, text: file.text, kind: SourceKind::File }, None)
}

fn from_profile(profile: &Profile) -> Result<Link, SpecError> {
    let source =
        Source { name: format!("profile {}", profile.name), text: profile.text.to_owned(), kind: SourceKind::Profile };
    link(source, Some(profile.name))
}

fn link(source: Source, profile: Option<&'static str>) -> Result<Link, SpecError> {
    let source = Arc::new(source);
    Ok(Link { root: parse(&source)?, source, profile })
}

fn unknown_profile(name: &str) -> SpecError {
    SpecError::unplaced(format!("there is no profile {}", quoted(name))).help(known_profiles(name))
}

fn known_profiles(wanted: &str) -> String {
    match suggestion(wanted, PROFILES.iter().map(|profile| profile.name)) {
        Some(meant) => format!("{meant} 'strobecheck profiles' lists them all"),
        None => "'strobecheck profiles' lists them".to_owned(),
    }
}

/// The start of a spec: what errors point at that no line of it is to blame for.
pub(super) fn start_of(source: &SpecSource) -> Option<SourceSpan> {
    match source {
        SpecSource::File(file) => {
            let source = Source { name: file.name.clone(), text: file.text.clone(), kind: SourceKind::File };
            Some(SourceSpan::new(&Arc::new(source), 0..0))
        }
        SpecSource::Profile(_) => None,
    }
}
