//! `strobecheck profiles`: the built-in specs.

use std::fmt::Write as _;

use super::args::ProfilesArgs;
use super::{Exit, Failure, output};
use crate::spec::{PROFILES, Profile, Spec, SpecRequest, SpecSource, profile};

pub(super) fn run(args: &ProfilesArgs) -> Result<Exit, Failure> {
    let text = match (&args.name, args.check) {
        (Some(name), false) => one(name, args)?,
        (Some(name), true) => checked(name, args)?,
        (None, false) => list()?,
        (None, true) => PROFILES.iter().map(|profile| checked(profile.name, args)).collect::<Result<_, _>>()?,
    };
    output::print_text(&text)?;
    Ok(Exit::Done)
}

fn list() -> Result<String, Failure> {
    let mut text = String::new();
    for profile in PROFILES {
        // Writing to a string cannot fail.
        let _written = writeln!(text, "{}\n  {}", profile.name, profile.summary());
        for parameter in profile.parameters()? {
            let range = match (&parameter.min, &parameter.max) {
                (Some(min), Some(max)) => format!("; {min} .. {max}"),
                (Some(min), None) => format!("; >= {min}"),
                (None, Some(max)) => format!("; <= {max}"),
                (None, None) => String::new(),
            };
            let (name, default, meaning) = (&parameter.name, &parameter.default, &parameter.meaning);
            let _written = writeln!(text, "  --param {name}={default}  {meaning}{range}");
        }
    }
    Ok(text)
}

fn effective(name: &str, args: &ProfilesArgs) -> Result<Spec, Failure> {
    let params = args.param.iter().map(|param| param.parse()).collect::<Result<_, _>>()?;
    let source = Some(SpecSource::Profile(name.to_owned()));
    let request = SpecRequest { source, params, ..SpecRequest::default() };
    Ok(request.build(&|_, _| Err(std::io::ErrorKind::NotFound.into()))?)
}

/// Each number of a profile: what it is, how it is written, what it rests on, and how sure that is.
fn checked(name: &str, args: &ProfilesArgs) -> Result<String, Failure> {
    let spec = effective(name, args)?;
    let mut text = format!("{name}\n");
    for number in profile(name).map(Profile::numbers).unwrap_or_default() {
        let value = spec.effective.iter().find(|(key, _)| *key == number.key).map(|(_, value)| value.as_str());
        let standing = if number.is_stated() { "stated".to_owned() } else { number.standing().join(", ") };
        let _written = writeln!(text, "  {} = {}", number.key, value.unwrap_or(&number.written));
        if value.is_some_and(|value| !number.written.contains(value)) {
            let _written = writeln!(text, "      written {}", number.written);
        }
        let _written = writeln!(text, "      {standing}: {}", number.rests_on);
    }
    Ok(text)
}

/// The effective spec of a profile; its sources stand in its text.
fn one(name: &str, args: &ProfilesArgs) -> Result<String, Failure> {
    let spec = effective(name, args)?;
    let origin = profile(name).map(|profile| profile.text).unwrap_or_default();
    let comments: String = origin.lines().map(|line| format!("# {line}\n")).collect();
    Ok(format!("{}\n# The profile as it is written, with its sources:\n#\n{comments}", spec.to_toml()))
}
