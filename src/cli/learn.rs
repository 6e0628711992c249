//! `strobecheck learn`: a spec from captures that are known to be good.

use std::path::Path;

use super::args::{LearnArgs, SpecArgs};
use super::choose_spec::SpecChoice;
use super::load::{Opened, ReadOptions, open_source, sidecar};
use super::output::WriteError;
use super::sidecar::problems;
use super::{Exit, Failure, output};
use crate::escape::{visible, visible_lines};
use crate::format::sha256;
use crate::frame::{ObserveError, wired_bits};
use crate::spec::Spec;
use crate::study::learn::{Confidence, GoodCapture, learn};
use crate::units::{Unit, parse_value_as};

pub(super) fn run(args: &LearnArgs) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let confidence = confidence(args)?;
    let rig = rig(args)?;
    let captures: Vec<GoodCapture> =
        args.captures.iter().map(|path| good(path, &options, rig.as_ref())).collect::<Result<_, _>>()?;
    let learned = match learn(&captures, rig.as_ref(), confidence) {
        Err(refusal) if refusal.is_refusal() => {
            output::say(format_args!("refused: {}", visible_lines(&refusal.to_string())));
            return Ok(Exit::Refused);
        }
        learned => learned?,
    };
    for text in &learned.left_out {
        output::say(format_args!("not limited: {}", visible(text)));
    }
    match &args.output {
        None => output::print_text(&learned.toml)?,
        Some(path) => {
            let error = |source| WriteError::File { path: path.clone(), source };
            output::write_file(path, |out| out.write_all(learned.toml.as_bytes()).map_err(error))?;
            let limits = learned.quantities.len();
            let limits = if limits == 1 { "1 limit".to_owned() } else { format!("{limits} limits") };
            let captures = captures.len();
            let captures = if captures == 1 { "1 capture".to_owned() } else { format!("{captures} captures") };
            output::print_text(&format!(
                "Learned {limits} from {captures}: {}\n",
                visible(&path.display().to_string())
            ))?;
        }
    }
    Ok(Exit::Done)
}

/// The spec that says how the captures are wired; none where nothing is stated: specs that lie beside captures are what
/// is to be learned anew.
fn rig(args: &LearnArgs) -> Result<Option<Spec>, Failure> {
    let stated = SpecArgs {
        spec: args.spec.clone(),
        profile: args.profile.clone(),
        wire: args.wire.clone(),
        ..SpecArgs::default()
    };
    let nowhere = Path::new("-");
    Ok(SpecChoice::new(&stated)?.spec_for(nowhere)?.map(|chosen| chosen.spec.as_ref().clone()))
}

fn good(path: &Path, options: &ReadOptions, rig: Option<&Spec>) -> Result<GoodCapture, Failure> {
    let file = open_source(path)?;
    let digest = sha256(file.source.as_ref()).map_err(|source| Failure::ReadFile { path: path.to_owned(), source })?;
    let opened = Opened::new(path, file, options)?;
    super::say_warnings(&opened);
    let mut capture = match rig {
        Some(spec) => {
            let error =
                |source: ObserveError| Failure::Verify { path: path.to_owned(), source: Box::new(source.into()) };
            opened.capture(wired_bits(&spec.rig, opened.header()).map_err(error)?)?.0
        }
        None => opened.capture_all()?,
    };
    capture.problems.extend(sidecar(path)?.as_ref().map(problems).unwrap_or_default());
    Ok(GoodCapture { name: path.display().to_string(), sha256: digest, capture })
}

fn confidence(args: &LearnArgs) -> Result<Confidence, Failure> {
    let share = |option: &'static str, text: &str| {
        let value = parse_value_as(text, Unit::Percent);
        value
            .map(|value| value.to_f64() / 100.0)
            .map_err(|source| Failure::Usage { option, reason: source.to_string() })
    };
    let (coverage, sure) = (share("--coverage", &args.coverage)?, share("--confidence", &args.confidence)?);
    let reason = "lie between 0 % and 100 %, and are neither".to_owned();
    Confidence::new(coverage, sure).ok_or(Failure::Usage { option: "--coverage and --confidence", reason })
}
