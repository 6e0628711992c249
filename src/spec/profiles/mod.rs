//! The specs that are built in, by name.

use super::chain::{SpecSource, load};
use super::error::SpecError;
use super::params::{Parameter, Parameters};

/// A built-in spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// What `--profile` and `extends` call it.
    pub name: &'static str,
    /// What it is for, in a line.
    pub summary: &'static str,
    /// The spec, as a file would hold it, with its sources beside the numbers.
    pub text: &'static str,
}

/// The profiles, in the order in which they are listed.
pub static PROFILES: &[Profile] = &[
    Profile {
        name: "ov9282-freerun-30",
        summary: "OV9282 running free at 30 frames per second; STROBE alone is enough",
        text: include_str!("ov9282-freerun-30.toml"),
    },
    Profile {
        name: "seed-oakdpoe-30",
        summary: "OAK-D-PoE at 30 frames per second with exposures of 20, 10 and 30 ms in turn; STROBE and FSIN",
        text: include_str!("seed-oakdpoe-30.toml"),
    },
];

/// The profile of this name.
#[must_use]
pub fn profile(name: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|profile| profile.name == name)
}

impl Profile {
    /// The parameters that `--param` can set, in the order in which the profile declares them.
    ///
    /// # Errors
    /// [`SpecError`] when the profile is not in order, which a test rules out for the built-in ones.
    pub fn parameters(&self) -> Result<Vec<Parameter>, SpecError> {
        let roots = load(&SpecSource::Profile(self.name.to_owned()), &|_, _| Err(std::io::ErrorKind::NotFound.into()))?;
        Ok(Parameters::collect(&roots, &[])?.into_declared())
    }
}
