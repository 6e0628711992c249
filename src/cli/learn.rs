//! `strobecheck learn`: a spec from captures that are known to be good.

use std::path::Path;

use super::args::{LearnArgs, SpecArgs, StatedArgs};
use super::choose_spec::SpecChoice;
use super::files::{Files, Ours, STANDARD};
use super::load::{Opened, ReadOptions, open_source};
use super::output::{self, Aside};
use super::{Exit, Failure};
use crate::escape::{visible, visible_lines};
use crate::format::sha256;
use crate::spec::Spec;
use crate::study::learn::{Confidence, GoodCapture, learn};
use crate::units::counted;

pub(super) fn run(args: &LearnArgs) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let neither = || Failure::usage("--coverage and --confidence", "lie between 0 % and 100 %, and are neither");
    let confidence = Confidence::new(args.coverage, args.confidence).ok_or_else(neither)?;
    let files = Files::new(args.write.force);
    let rig = rig(args, &files)?;
    args.captures.iter().for_each(|path| files.reads(path));
    let output = args.output.as_deref().unwrap_or(Path::new(STANDARD));
    let target = files.target(output, Ours::Learned)?;
    let mut captures: Vec<GoodCapture> = Vec::new();
    for path in &args.captures {
        let good = good(path, (&options, &files), rig.as_ref())?;
        match captures.iter().find(|known| known.sha256 == good.sha256) {
            Some(known) => {
                let text = format!("{}: the same recording as {}, which counts once", good.name, known.name);
                output::say(format_args!("{}", visible(&text)));
            }
            None => captures.push(good),
        }
    }
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
    let aside = target.aside();
    target.write_bytes(learned.toml.as_bytes())?;
    if aside == Aside::Output {
        let (limits, captures) = (counted(learned.quantities.len(), "limit"), counted(captures.len(), "capture"));
        let path = output.display().to_string();
        aside.print(&format!("Learned {limits} from {captures}: {}\n", visible(&path)))?;
    }
    Ok(Exit::Done)
}

/// The spec that says how the captures are wired; none where nothing is stated: specs that lie beside captures are what
/// is to be learned anew.
fn rig(args: &LearnArgs, files: &Files) -> Result<Option<Spec>, Failure> {
    let stated = StatedArgs { profile: args.profile.clone(), wire: args.wire.clone(), ..StatedArgs::default() };
    let spec = SpecArgs { spec: args.spec.clone(), stated, ..SpecArgs::default() };
    let nowhere = Path::new(STANDARD);
    Ok(SpecChoice::new(&spec, files)?.spec_for(nowhere)?.map(|chosen| chosen.spec.as_ref().clone()))
}

fn good(path: &Path, (options, files): (&ReadOptions, &Files), rig: Option<&Spec>) -> Result<GoodCapture, Failure> {
    let file = open_source(path, files)?;
    let digest = sha256(file.source.as_ref()).map_err(|source| Failure::ReadFile { path: path.to_owned(), source })?;
    let opened = Opened::new(path, file, options)?;
    super::say_warnings(&opened);
    let capture = match rig {
        Some(spec) => opened.capture(super::wired(path, spec, opened.header())?)?.0,
        None => opened.capture_all()?,
    };
    Ok(GoodCapture { name: path.display().to_string(), sha256: digest, capture })
}
