//! `strobecheck look`: a first look at a capture: which probe is which, what the cameras do, what stands apart, a page, and a
//! spec whose numbers are the capture's. It never comes to a verdict.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::choose_spec::{SpecChoice, own_spec};
use super::files::{Files, Ours, ReportFile, STANDARD, Target, commit};
use super::load::{Opened, ReadOptions, open_source};
use super::look_args::LookArgs;
use super::measure::measured;
use super::output::{Aside, shown};
use super::read_args::{SpecArgs, StatedArgs};
use super::verify::{REPORTS, remarks};
use super::{Exit, Failure};
use crate::format::sha256;
use crate::render::html::look_page;
use crate::render::text::{Detail, look_text};
use crate::render::{Imprinting, Look, Measured, Seen, Told, shell_word};
use crate::report::{Digest, Imprint, Judgement, Provenance, RateSource, Subject, Written};
use crate::spec::Spec;
use crate::study::learn::{Confidence, GoodCapture, LearnError, Learned, Wired, keeps_to_itself, look, wired};
use crate::study::{Likeness, WiringReport, wiring_of};
use crate::verdict::Verdict;
use crate::verify::verify;

/// What the numbers of a look are called where a spec would be named.
const OWN: &str = "its own medians";

pub(super) fn run(args: &LookArgs, detail: Detail) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let files = Files::new(args.write.force);
    let stated = stated(args, &files)?;
    let file = open_source(&args.capture, &files)?;
    let digest =
        sha256(file.source.as_ref()).map_err(|source| Failure::ReadFile { path: args.capture.clone(), source })?;
    let opened = Opened::new(&args.capture, file, &options)?;
    super::say_warnings(&opened);
    let targets = Targets::new(args, &digest, &files)?;
    let excerpt = opened.excerpt()?;
    let wiring = wiring_of(&excerpt);
    let told = told(args, &opened, digest, &wiring, stated)?;
    let path = args.capture.display().to_string();
    let analog = opened.analog_channels();
    let look = Look { path: &path, wiring: &wiring, analog: &analog, told: told.as_told() };
    let aside = targets.aside();
    aside.print(&look_text(&look, detail, aside.width()))?;
    let exit = told.exit(&wiring, args, &excerpt.capture.problems);
    targets.write(&look, &told, detail)?;
    Ok(exit)
}

/// The wires that the user stated; none where they are to be found out.
fn stated(args: &LookArgs, files: &Files) -> Result<Option<Spec>, Failure> {
    let stated = StatedArgs { wire: args.wire.clone(), ..StatedArgs::default() };
    let spec = SpecArgs { stated, ..SpecArgs::default() };
    let chosen = SpecChoice::new(&spec, files)?.spec_for(Path::new(STANDARD))?;
    Ok(chosen.map(|chosen| chosen.spec.as_ref().clone()))
}

/// What was told of the capture.
enum Found {
    Nothing(String),
    Seen(Box<Cameras>),
}

/// What its cameras do.
struct Cameras {
    judgement: Judgement,
    own: Learned,
    measured: Vec<Measured>,
    wired: Wired,
    refusal: Option<String>,
    /// What is damaged.
    problems: Vec<String>,
}

impl Found {
    fn as_told(&self) -> Told<'_> {
        match self {
            Found::Nothing(reason) => Told::Nothing(reason),
            Found::Seen(seen) => Told::Seen(Seen {
                judgement: &seen.judgement,
                own: &seen.own,
                measured: &seen.measured,
                wired: seen.wired,
                refusal: seen.refusal.as_deref(),
            }),
        }
    }

    /// How the look ended: what is damaged, is not told, or was asked for and is not written, is no success.
    fn exit(&self, wiring: &WiringReport, args: &LookArgs, of_probes: &[String]) -> Exit {
        let seen = match self {
            Found::Nothing(_) if of_probes.is_empty() => return Exit::Undecided,
            Found::Nothing(_) => return super::exit_for(of_probes),
            Found::Seen(seen) => seen,
        };
        let is_undecided =
            args.wire.is_empty() && wiring.probes.iter().any(|probe| probe.likeness == Likeness::Undecided);
        let is_open = seen.judgement.checks.iter().any(|check| check.verdict == Verdict::Inconclusive);
        let is_guessed = match seen.wired {
            Wired::LevelGuessed | Wired::Guessed => true,
            Wired::Stated | Wired::FoundOut => false,
        };
        let is_refused = args.output.is_some() && seen.refusal.is_some();
        if !seen.problems.is_empty() {
            super::exit_for(&seen.problems)
        } else if is_undecided || is_guessed || is_open {
            Exit::Undecided
        } else if is_refused {
            Exit::Refused
        } else {
            Exit::Done
        }
    }
}

fn told(
    args: &LookArgs,
    opened: &Opened,
    sha256: String,
    wiring: &WiringReport,
    stated: Option<Spec>,
) -> Result<Found, Failure> {
    let found = match stated {
        Some(spec) => Some((spec, Wired::Stated)),
        None => wired(wiring)?,
    };
    let Some((rig, wired)) = found else {
        return Ok(Found::Nothing("no probe is told to be a line of a camera".to_owned()));
    };
    let bits = super::wired(&args.capture, &rig, opened.header())?;
    let (capture, window) = opened.capture(bits)?;
    let (rate, rate_source) = opened.rate()?;
    let provenance = Provenance {
        sha256: sha256.clone(),
        rate,
        rate_source,
        window,
        problems: remarks(&capture, rate_source),
        sidecar: opened.sidecar()?,
        ..Provenance::of(&capture)
    };
    let it = GoodCapture { name: args.capture.display().to_string(), sha256, capture };
    let own = match look(&it, &rig, wired, Confidence::default()) {
        Err(refusal) if refusal.is_refusal() => return Ok(Found::Nothing(without_name(&refusal, args))),
        own => own?,
    };
    let judgement = verify(&it.capture, Arc::new(own.spec.clone()), OWN.to_owned(), provenance)
        .map_err(|source| Failure::Verify { path: args.capture.clone(), source: Box::new(source) })?;
    let refusal = match rate_source {
        RateSource::File | RateSource::Stated => keeps_to_itself(&it, &judgement.checks, &judgement.findings)
            .err()
            .map(|refusal| without_name(&refusal, args)),
        // Then nothing is decided, and that is the reason.
        RateSource::TimeUnit => None,
    };
    // What a look withholds, no spec can pass either.
    let withheld = match judgement.verdict {
        Verdict::Pass => None,
        Verdict::Fail | Verdict::Inconclusive => judgement.reason.clone(),
    };
    let measured = measured(&judgement.observation, false);
    let guessed = match wired {
        Wired::Stated | Wired::FoundOut => None,
        Wired::LevelGuessed => Some("which level is active is a guess: say it with --wire".to_owned()),
        Wired::Guessed => Some("which probe is which is a guess: say it with --wire".to_owned()),
    };
    let refusal = refusal.or(withheld).or(guessed);
    Ok(Found::Seen(Box::new(Cameras { judgement, own, measured, wired, refusal, problems: it.capture.problems })))
}

/// Why a capture teaches nothing, without its name, which stands above.
fn without_name(refusal: &LearnError, args: &LookArgs) -> String {
    let text = refusal.to_string();
    text.strip_prefix(&format!("{}: ", args.capture.display())).map(str::to_owned).unwrap_or(text)
}

/// What is written: the page, and the spec.
struct Targets<'f> {
    page: Option<(PathBuf, Target<'f>, Imprint)>,
    spec: Option<(PathBuf, Target<'f>)>,
    capture: PathBuf,
}

impl<'f> Targets<'f> {
    fn new(args: &LookArgs, digest: &str, files: &'f Files) -> Result<Targets<'f>, Failure> {
        let spec =
            args.output.as_ref().map(|path| Ok::<_, Failure>((path.clone(), files.target(path, Ours::Learned)?)));
        let folder = args.reports.clone().unwrap_or_else(|| PathBuf::from(REPORTS));
        let stem = args.capture.file_stem().filter(|_| args.capture != Path::new(STANDARD));
        let name = format!("{}.look.html", stem.map_or("stdin".into(), |stem| stem.to_string_lossy()));
        let subject = Subject { path: args.capture.display().to_string(), digest: Digest::Sha256(digest.to_owned()) };
        let imprint = Imprint { kind: Written::Look, of: vec![subject] };
        let page = (!args.no_report).then(|| {
            let path = folder.join(name);
            let (imprinting, of) = (Imprinting::MARKUP, imprint.of.clone());
            let ours = Ours::Report(ReportFile { kind: Written::Look, imprinting, headings: String::new(), of });
            Ok::<_, Failure>((path.clone(), files.target(&path, ours)?, imprint))
        });
        Ok(Targets { page: page.transpose()?, spec: spec.transpose()?, capture: args.capture.clone() })
    }

    /// Where to say what was found.
    fn aside(&self) -> Aside {
        self.spec.as_ref().map_or(Aside::Output, |(_, target)| target.aside())
    }

    /// Writes what there is to be written, and says where it is, and what is not written and why.
    fn write(self, look: &Look<'_>, found: &Found, detail: Detail) -> Result<(), Failure> {
        let aside = self.aside();
        let seen = match found {
            Found::Seen(seen) => seen,
            Found::Nothing(_) => {
                if detail > Detail::Brief && self.page.is_some() {
                    aside.print("No page is written: there is nothing to show.\n")?;
                }
                return Ok(());
            }
        };
        let (mut staged, mut lines) = (Vec::new(), Vec::new());
        if let Some((path, target, imprint)) = self.page {
            staged.push(target.stage_bytes(&Imprinting::MARKUP.add(look_page(look)?, &imprint))?);
            lines.push(format!("Page: {}", shown(&path)));
        }
        match (&seen.refusal, self.spec) {
            (Some(reason), Some(_)) => lines.push(format!("No spec is written: {}", crate::escape::visible(reason))),
            (Some(reason), None) => lines.push(format!("No spec is made of it: {}", crate::escape::visible(reason))),
            (None, Some((path, target))) => {
                target.write_bytes(seen.own.toml.as_bytes())?;
                lines.push(format!("Spec: {}; change its numbers to what the camera should do, then:", shown(&path)));
                let named = if path == own_spec(&self.capture) { String::new() } else { named_by(&path) };
                lines.push(format!("  strobecheck verify {}{named}", word(&self.capture)));
            }
            (None, None) => lines.push("A spec of these numbers: the same call with -o board.spec.toml".to_owned()),
        }
        commit(staged)?;
        if detail > Detail::Brief {
            aside.print(&lines.into_iter().map(|line| line + "\n").collect::<String>())?;
        }
        Ok(())
    }
}

fn word(path: &Path) -> String {
    shell_word(&path.display().to_string())
}

/// The argument that names a spec which does not lie beside its capture.
fn named_by(spec: &Path) -> String {
    format!(" --spec {}", word(spec))
}
