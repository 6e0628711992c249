//! What shells complete a command line by: names of quantities, faults, profiles and formats, and the probes of the captures that
//! stand on the line.
//!
//! A script of the shell calls this program with the words of its line, and is answered with what the word at the cursor may
//! become.

mod shells;

use std::ffi::OsStr;
use std::path::Path;

use clap::Command;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::CompleteEnv;

use crate::explain::Topic;
use crate::format::{FORMATS, open, open_source};
use crate::quantity::QUANTITIES;
use crate::render::RENDERERS;
use crate::rig::Role;
use crate::spec::{KEYS, PROFILES, profile};
pub(super) use shells::script;

/// By which the scripts of the shells say that a line is to be completed, and which shell they are of.
const VARIABLE: &str = "STROBECHECK_COMPLETE";

/// More captures of a line are not opened for the names of their probes.
const MOST_CAPTURES: usize = 8;

/// Answers a shell that completes a line; false where the program was called for something else.
pub(super) fn answered(command: impl Fn() -> Command) -> Result<bool, clap::Error> {
    let folder = std::env::current_dir().ok();
    let completer = CompleteEnv::with_factory(command).var(VARIABLE).shells(shells::ALL);
    completer.try_complete(std::env::args_os(), folder.as_deref())
}

/// `[CAMERA:]ID=LIMIT` and `ID=VALUE`: the names of quantities.
pub(super) fn quantities() -> ArgValueCompleter {
    completer(|text| {
        let camera = text.rfind(':').map_or("", |at| &text[..=at]);
        let name = |id: &str, label: &str| candidate(format!("{camera}{id}="), label);
        QUANTITIES.iter().map(|quantity| name(quantity.id, quantity.label)).collect()
    })
}

/// `[CAMERA.]ROLE=PROBE`: the roles, and behind them the probes.
pub(super) fn wires() -> ArgValueCompleter {
    completer(|text| {
        let Some((line, probe)) = text.split_once('=') else {
            let camera = text.rfind('.').map_or("", |at| &text[..=at]);
            let role = |role: Role| candidate(format!("{camera}{}=", role.key()), role.label());
            return Role::ALL.map(role).into();
        };
        let level = ["!", "low:", "high:"].into_iter().find(|level| probe.starts_with(level)).unwrap_or_default();
        probes_on_line().iter().map(|name| candidate(format!("{line}={level}{name}"), "")).collect()
    })
}

/// The probes of the captures on the line.
pub(super) fn probes() -> ArgValueCompleter {
    completer(|_| probes_on_line().iter().map(|name| candidate(name.clone(), "")).collect())
}

/// The built-in profiles.
pub(super) fn profiles() -> ArgValueCompleter {
    completer(|_| PROFILES.iter().map(|profile| candidate(profile.name.to_owned(), profile.summary())).collect())
}

/// `NAME=VALUE`: the parameters of the profile on the line.
pub(super) fn parameters() -> ArgValueCompleter {
    completer(|_| {
        let words = words();
        let names = words.iter().map(|word| word.strip_prefix("--profile=").unwrap_or(word));
        let parameters = names.filter_map(|name| profile(name)?.parameters().ok()).flatten();
        parameters.map(|parameter| candidate(format!("{}=", parameter.name), &parameter.meaning)).collect()
    })
}

/// The formats of reports.
pub(super) fn report_formats() -> ArgValueCompleter {
    completer(|_| {
        let mut renderers = RENDERERS.to_vec();
        renderers.dedup_by_key(|renderer| renderer.id);
        renderers.iter().map(|renderer| candidate(renderer.id.to_owned(), renderer.about)).collect()
    })
}

/// The formats of captures.
pub(super) fn input_formats() -> ArgValueCompleter {
    completer(|_| FORMATS.iter().map(|format| candidate(format.id.to_owned(), format.about)).collect())
}

/// `KEY=VALUE`: what a column of a camera's log may be.
pub(super) fn columns() -> ArgValueCompleter {
    completer(|_| {
        let keys = KEYS.iter().filter_map(|key| Some((key.id.strip_prefix("timestamps.")?, key.about)));
        keys.map(|(id, about)| candidate(format!("{id}="), about)).collect()
    })
}

/// All that can be explained.
pub(super) fn topics() -> ArgValueCompleter {
    completer(|_| Topic::all().into_iter().map(|topic| candidate(topic.id(), topic.about())).collect())
}

/// Those candidates that the text at the cursor is the beginning of. A shell may leave the quote before it.
fn completer(all: impl Fn(&str) -> Vec<CompletionCandidate> + Send + Sync + 'static) -> ArgValueCompleter {
    ArgValueCompleter::new(move |current: &OsStr| {
        let Some(text) = current.to_str() else { return Vec::new() };
        let text = text.trim_start_matches(['\'', '"']);
        let fits = |candidate: &CompletionCandidate| candidate.get_value().to_string_lossy().starts_with(text);
        all(text).into_iter().filter(fits).collect()
    })
}

fn candidate(value: String, meaning: &str) -> CompletionCandidate {
    CompletionCandidate::new(value).help((!meaning.is_empty()).then(|| meaning.to_owned().into()))
}

/// The words of the line, the program's name first.
fn words() -> Vec<String> {
    let words = std::env::args_os().skip_while(|word| word != "--").skip(1);
    words.map(|word| word.to_string_lossy().into_owned()).collect()
}

/// The probes of the captures on the line, and those of a device that are named on it.
fn probes_on_line() -> Vec<String> {
    let words = words();
    let behind = |option: &str| -> Vec<&str> {
        let pairs = words.iter().zip(words.iter().skip(1));
        pairs.filter(|(word, _)| *word == option).map(|(_, value)| value.as_str()).collect()
    };
    let logs = behind("--timestamps");
    let captures = words.iter().skip(1).filter(|word| Path::new(word).is_file() && !logs.contains(&word.as_str()));
    let recorded = captures.take(MOST_CAPTURES).flat_map(|word| probes_of(Path::new(word)));
    let channels = behind("--channels").into_iter().flat_map(|list| list.split(','));
    let named = channels.map(|text| text.split_once('=').map_or(text, |(_, name)| name).to_owned());
    let mut names: Vec<String> = Vec::new();
    for name in recorded.chain(named) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The names of a capture's probes; none where it is none that is read.
fn probes_of(path: &Path) -> Vec<String> {
    let Some(reader) = open_source(path).ok().and_then(|source| open(source).ok()) else { return Vec::new() };
    let probes = reader.header().probes.iter().map(|probe| probe.name.clone());
    // A name that breaks the shell's line is none that it can offer.
    let plain = |name: &String| !name.is_empty() && !name.chars().any(char::is_control);
    probes.chain(reader.analog_channels().into_iter().map(str::to_owned)).filter(plain).collect()
}
