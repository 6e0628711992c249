//! `strobecheck profiles`: the built-in specs.

use std::fmt::Write as _;

use super::args::ProfilesArgs;
use super::{Exit, Failure, output};
use crate::spec::{PROFILES, SpecRequest, SpecSource, profile};

pub(super) fn run(args: &ProfilesArgs) -> Result<Exit, Failure> {
    let text = match &args.name {
        Some(name) => one(name, args)?,
        None => list()?,
    };
    output::print_text(&text)?;
    Ok(Exit::Done)
}

fn list() -> Result<String, Failure> {
    let mut text = String::new();
    for profile in PROFILES {
        // Writing to a string cannot fail.
        let _written = writeln!(text, "{}\n  {}", profile.name, profile.summary);
        for parameter in profile.parameters()? {
            let _written = writeln!(text, "  --param {}={}  {}", parameter.name, parameter.default, parameter.meaning);
        }
    }
    Ok(text)
}

/// The effective spec of a profile; its sources stand in its text.
fn one(name: &str, args: &ProfilesArgs) -> Result<String, Failure> {
    let params = args.param.iter().map(|param| param.parse()).collect::<Result<_, _>>()?;
    let source = Some(SpecSource::Profile(name.to_owned()));
    let request = SpecRequest { source, params, ..SpecRequest::default() };
    let spec = request.build(&|_, _| Err(std::io::ErrorKind::NotFound.into()))?;
    let origin = profile(name).map(|profile| profile.text).unwrap_or_default();
    let comments: String = origin.lines().map(|line| format!("# {line}\n")).collect();
    Ok(format!("{}\n# The profile as it is written, with its sources:\n#\n{comments}", spec.to_toml()))
}
