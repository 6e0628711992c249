//! Trying many seeds. What may be asked for, by environment variables:
//!
//! - `STROBECHECK_RIGS=20000`: so many rigs for each property; else as many as fit into a run of all tests.
//! - `STROBECHECK_RIG=123`: the rig of this seed alone.
//! - `STROBECHECK_RIG_DIR=DIR`: the capture, spec and log of each rig that breaks its property are written there.

use std::path::PathBuf;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::generator::{Limit, Rig};

pub(super) const COUNT: &str = "STROBECHECK_RIGS";
const ONE: &str = "STROBECHECK_RIG";
const FOLDER: &str = "STROBECHECK_RIG_DIR";

/// A failing property shows so many rigs.
const SHOWN: usize = 12;

/// A rig that breaks a property.
pub(crate) struct Broken {
    pub(crate) rig: Rig,
    pub(crate) limits: Vec<Limit>,
    /// What is wrong with what was said.
    pub(crate) why: String,
}

pub(super) fn number(variable: &str) -> Option<u64> {
    std::env::var(variable)
        .ok()
        .map(|text| text.parse().unwrap_or_else(|_| panic!("{variable} must be a number: {text}")))
}

/// Tries the seeds from 0 on, `usual` of them unless it is said otherwise, and fails if any breaks the property.
pub(crate) fn try_rigs(property: &str, usual: u64, holds: impl Fn(u64) -> Result<(), Box<Broken>> + Sync) {
    let seeds = number(ONE).map_or(0..number(COUNT).unwrap_or(usual), |seed| seed..seed + 1);
    let count = seeds.end - seeds.start;
    let broken: Vec<Box<Broken>> = seeds.into_par_iter().filter_map(|seed| holds(seed).err()).collect();
    if let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) {
        for broken in broken.iter().take(SHOWN) {
            broken.rig.write(&broken.limits, &folder, &format!("{property}-{}", broken.rig.seed));
        }
    }
    let told = |broken: &Broken| {
        let (seed, kind) = (broken.rig.seed, broken.rig.kind);
        format!("{ONE}={seed} cargo test --test suite {property}  # {kind:?}: {}\n", broken.why)
    };
    let told: String = broken.iter().take(SHOWN).map(|broken| told(broken)).collect();
    assert!(
        broken.is_empty(),
        "{property}: {} of {count} rigs break it; {FOLDER}=DIR writes them:\n{told}",
        broken.len()
    );
}
