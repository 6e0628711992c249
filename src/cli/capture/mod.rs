//! `strobecheck capture`: records a capture with a logic analyzer, saves it, and then judges it.

mod command;
mod frame_count;
mod lasting;
mod progress;

use std::cell::Cell;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime};

use super::args::{CaptureArgs, DeviceArgs, SpecArgs, StatedArgs, VerifyArgs};
use super::choose_spec::SpecChoice;
use super::files::{Files, Ours, STANDARD, Target};
use super::output::{self, WriteError, say};
use super::sidecar::{self, CommandRun, Sidecar};
use super::stop::Stop;
use super::{Exit, Failure, plan, verify};
use crate::escape::visible;
use crate::format::srzip::SrzipWriter;
use crate::live::{Armed, Control, Limit, Order, OrderError, Progress, Recording, Stream, TriggerBy, record};
use crate::render::text::Detail;
use crate::report::{Imprint, Written};
use crate::units::{Rational, Rounding, SampleIndex, Unit, value_text};
pub(super) use command::Running;
use frame_count::{FrameCounter, FrameLine};
use lasting::Lasting;
use progress::Bar;

/// What the name of a capture ends in while it is written.
pub(super) const PART: &str = "part";

/// A name of a unit is cut behind so many characters.
const LONGEST_UNIT: usize = 64;
/// Whoever waits longer waits for ever.
const MOST_SECONDS: f64 = 1e9;

pub(super) fn run(args: &CaptureArgs, detail: Detail) -> Result<Exit, Failure> {
    let order = order(args)?;
    let conditions = args.trigger.clone();
    // A spec that cannot be used is said before anything is recorded.
    let spec_args = spec_args(args);
    let files = Files::new(args.write.force);
    let choice = spec_args.as_ref().map(|spec| SpecChoice::new(spec, &files)).transpose()?;
    let output = output_path(args)?;
    let Outputs { file, sidecar: beside, ready } = Outputs::claim(args, &output, &files)?;
    let stop = Stop::on_interrupt().map_err(|source| Failure::usage("Ctrl-C", source.to_string()))?;
    let stream = Stream::start(order)?;
    let armed = stream.armed().clone();
    let frame_line = frame_line(args, &output, &armed, choice.as_ref())?;
    if let Some(chosen) = choice.as_ref().map(|choice| choice.spec_for(&output)).transpose()?.flatten() {
        plan::warn(&chosen.spec, &armed.rate);
    }

    let start = SystemTime::now();
    let analog: Vec<String> = armed.analog.iter().map(|channel| channel.name.clone()).collect();
    let mut writer = SrzipWriter::new_with_analog(file.open()?, &armed.probes, &analog, &armed.rate)?
        .with_comment(Imprint::new(Written::Recording).to_string())
        .in_seconds(&armed.rate);
    writer.flush().map_err(|error| file.error(error))?;
    let edges = Rc::new(Cell::new(0));
    let mut sink = FrameCounter::new(writer, frame_line, Rc::clone(&edges));
    let mut director = Director {
        args,
        ready_file: ready,
        stop: stop.clone(),
        edges,
        bar: Bar::new(&armed, args.frames.map(NonZeroU64::get), detail),
        ready: false,
        running: None,
        failed: None,
        deadline: args
            .timeout
            .as_ref()
            .map(|time| Instant::now() + Duration::from_secs_f64(time.to_f64().min(MOST_SECONDS))),
    };
    let recorded = record(stream, &mut sink, &mut |progress| director.next(progress));
    let Director { running, failed, bar, .. } = director;
    bar.finish();
    let recording = match recorded {
        Ok(recording) => recording,
        Err(failure) => {
            // It is told, however it then ends.
            let _ended = running.map(|running| running.exit_code(&|| true));
            return Err(file.broke(failure));
        }
    };
    if recording.samples == 0 {
        file.discard()?;
        return Err(failed.unwrap_or_else(|| nothing(&recording, &conditions)));
    }
    let out = sink.into_sink().finish_marked(&recording.extent()).map_err(|failure| file.broke(failure))?;
    out.end().map_err(|error| file.broke(error))?;
    file.persist()?;
    let command = running.map(|running| command_run(args, running, &stop)).transpose()?;
    let sidecar = Sidecar::new(&armed, &recording, &conditions, start, command.clone());
    beside.write_bytes(&sidecar.bytes().map_err(|source| failed_to_write(&output, source.into()))?)?;

    tell(&output, spec_args.is_some(), (&armed, &recording), command.as_ref())?;
    if let Some(failure) = failed {
        return Err(failure);
    }
    match spec_args {
        Some(spec) => verify::run(&verify_args(args, output, spec), detail),
        None if recording.problems.is_empty() => Ok(Exit::Done),
        None => Ok(Exit::Damaged),
    }
}

/// What is asked of the device, as the command line says.
fn order(args: &CaptureArgs) -> Result<Order, Failure> {
    let limit = match (&args.time, args.samples) {
        (Some(time), _) => Limit::Time(time.clone()),
        (None, Some(samples)) => Limit::Samples(samples.get()),
        (None, None) => Limit::None,
    };
    let trigger = args.trigger.iter().map(|text| text.parse()).collect::<Result<_, OrderError>>();
    Ok(Order {
        rate: args.samplerate.clone(),
        limit,
        trigger: trigger.map_err(|error| Failure::usage("--trigger", error.to_string()))?,
        trigger_by: if args.hardware_trigger { TriggerBy::Device } else { TriggerBy::Best },
        before: args.before.clone(),
        ..device_order(&args.device)?
    })
}

/// The device's part of an order; the rest is as the device is set.
pub(super) fn device_order(args: &DeviceArgs) -> Result<Order, Failure> {
    let missing = || Failure::usage("--device", "name one, such as demo or fx2lafw; 'strobecheck devices' lists them");
    Ok(Order {
        device: args.device.clone().ok_or_else(missing)?,
        rate: None,
        limit: Limit::None,
        channels: args.channels.clone(),
        trigger: Vec::new(),
        trigger_by: TriggerBy::Best,
        before: Rational::ZERO,
        threshold: args.threshold,
        settings: args.config.clone(),
    })
}

/// The line whose edges are the frames, where they are counted.
fn frame_line(
    args: &CaptureArgs,
    output: &Path,
    armed: &Armed,
    choice: Option<&SpecChoice<'_>>,
) -> Result<Option<FrameLine>, Failure> {
    if args.frames.is_none() {
        return Ok(None);
    }
    let chosen = choice.map(|choice| choice.spec_for(output)).transpose()?.flatten();
    let by_spec = chosen.and_then(|chosen| FrameLine::of_rig(&chosen.spec.rig, &armed.probes));
    match by_spec.or_else(|| FrameLine::by_name(&armed.probes)) {
        Some(line) => Ok(Some(line)),
        None => Err(Failure::usage("--frames", "no probe is FSIN or STROBE; name one, as in --channels D0=STROBE")),
    }
}

/// What a recording writes, claimed before it begins.
struct Outputs<'f> {
    file: PartialFile<'f>,
    sidecar: Target<'f>,
    ready: Option<Target<'f>>,
}

impl<'f> Outputs<'f> {
    fn claim(args: &CaptureArgs, output: &Path, files: &'f Files) -> Result<Outputs<'f>, Failure> {
        Ok(Outputs {
            file: PartialFile::claim(output, files, args.write.force)?,
            sidecar: files.target(&sidecar::path_for(output), Ours::Sidecar)?,
            ready: args.ready_file.as_ref().map(|path| files.target(path, Ours::Nothing)).transpose()?,
        })
    }
}

/// A capture while it is written: under its name with `.part` behind it, which is kept if the program dies.
struct PartialFile<'f> {
    part: PathBuf,
    target: Target<'f>,
}

impl<'f> PartialFile<'f> {
    fn claim(path: &Path, files: &'f Files, force: bool) -> Result<PartialFile<'f>, Failure> {
        let part = path.with_added_extension(PART);
        // A recording is never replaced by another one.
        let target = files.target(path, Ours::Nothing)?;
        if !force && part.metadata().is_ok_and(|metadata| metadata.len() > 0) {
            return Err(Failure::LeftOver(part));
        }
        files.target(&part, Ours::Nothing)?;
        Ok(PartialFile { part, target })
    }

    fn open(&self) -> Result<Lasting, Failure> {
        if let Some(folder) = self.part.parent() {
            std::fs::create_dir_all(folder).map_err(|error| self.error(error))?;
        }
        Lasting::create(&self.part).map_err(|error| self.error(error))
    }

    /// What is said when a recording breaks off: what is there is not lost.
    fn broke(&self, source: impl std::fmt::Display) -> Failure {
        let reason = source.to_string();
        let holds_something = self.part.metadata().is_ok_and(|metadata| metadata.len() > 0);
        if holds_something {
            Failure::Broke { part: self.part.clone(), reason }
        } else {
            Failure::usage("capture", reason)
        }
    }

    fn error(&self, source: std::io::Error) -> Failure {
        failed_to_write(&self.part, source)
    }

    fn discard(self) -> Result<(), Failure> {
        std::fs::remove_file(&self.part).map_err(|error| self.error(error))
    }

    fn persist(self) -> Result<(), Failure> {
        Ok(self.target.take(&self.part)?)
    }
}

fn failed_to_write(path: &Path, source: std::io::Error) -> Failure {
    WriteError::File { path: path.to_owned(), source }.into()
}

/// What happens while samples arrive: the bar, the frames, the command, and when it is enough.
struct Director<'a> {
    args: &'a CaptureArgs,
    ready_file: Option<Target<'a>>,
    stop: Stop,
    edges: Rc<Cell<u64>>,
    bar: Bar,
    ready: bool,
    running: Option<Running>,
    failed: Option<Failure>,
    /// When the trigger is no longer waited for.
    deadline: Option<Instant>,
}

impl Director<'_> {
    fn next(&mut self, progress: &Progress) -> Control {
        for said in &progress.said {
            self.bar.say(&format!("libsigrok: {}", visible(said)));
        }
        self.bar.show(progress, self.edges.get());
        if progress.armed && !self.ready {
            self.ready = true;
            if let Err(failure) = self.get_ready() {
                self.failed = Some(failure);
            }
        }
        if progress.waiting && self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Control::Stop;
        }
        let command_ended = self.running.as_mut().is_some_and(Running::has_ended);
        // A frame lies between two edges.
        let enough = self.args.frames.is_some_and(|frames| self.edges.get() > frames.get());
        if self.stop.is_asked() || command_ended || enough || self.failed.is_some() {
            Control::Stop
        } else {
            Control::Go
        }
    }

    /// Everything that happens from now on is seen.
    fn get_ready(&mut self) -> Result<(), Failure> {
        if let Some(file) = &self.ready_file {
            file.touch()?;
        }
        if let Some(line) = &self.args.run {
            output::print_text("READY\n")?;
            let failed = |source| Failure::Command { line: line.clone(), source };
            self.running = Some(Running::start(line).map_err(failed)?);
        }
        Ok(())
    }
}

fn nothing(recording: &Recording, conditions: &[String]) -> Failure {
    let mut reason = if conditions.is_empty() {
        "nothing was recorded".to_owned()
    } else {
        format!("the trigger {} did not come: nothing was recorded", conditions.join(","))
    };
    for problem in &recording.problems {
        reason.push_str(&format!("; {problem}"));
    }
    Failure::usage("capture", reason)
}

fn command_run(args: &CaptureArgs, running: Running, stop: &Stop) -> Result<CommandRun, Failure> {
    let line = args.run.clone().unwrap_or_default();
    let exit_code =
        running.exit_code(&|| stop.is_asked()).map_err(|source| Failure::Command { line: line.clone(), source })?;
    Ok(CommandRun { line, exit_code })
}

/// Says what was recorded, and what is wrong with it.
fn tell(
    output: &Path,
    is_judged: bool,
    (armed, recording): (&Armed, &Recording),
    command: Option<&CommandRun>,
) -> Result<(), Failure> {
    let seconds = armed.rate.seconds(SampleIndex::new(recording.samples) - SampleIndex::default());
    output::print_text(&format!(
        "{}: {} samples, {} at {}\n",
        output::shown(output),
        recording.samples,
        value_text(&seconds, Unit::Second, Rounding::Nearest),
        value_text(armed.rate.hz(), Unit::Hertz, Rounding::Nearest),
    ))?;
    if let Some(command) = command {
        let code = command.exit_code.map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"));
        output::print_text(&format!("{}: ended with {code}\n", visible(&command.line)))?;
    }
    if !is_judged {
        recording.problems.iter().for_each(|problem| say(format_args!("damaged: {}", visible(problem))));
    }
    Ok(())
}

/// What it is judged by; none where it is recorded only.
fn spec_args(args: &CaptureArgs) -> Option<SpecArgs> {
    let StatedArgs { profile, wire, limit, .. } = &args.stated;
    let is_judged = args.verify.is_some() || profile.is_some() || !wire.is_empty() || !limit.is_empty();
    is_judged.then(|| SpecArgs { spec: args.verify.clone(), stated: args.stated.clone(), ..SpecArgs::default() })
}

fn verify_args(args: &CaptureArgs, output: PathBuf, spec: SpecArgs) -> VerifyArgs {
    VerifyArgs {
        captures: vec![output],
        spec,
        reports: args.reports.clone(),
        format: args.format.clone(),
        no_report: args.no_report,
        clips: args.clips,
        inconclusive: args.inconclusive,
        subject: args.subject.clone(),
        write: args.write,
        ..VerifyArgs::default()
    }
}

/// The file to record to: the one that is named, else a new one, called by the unit and a number.
fn output_path(args: &CaptureArgs) -> Result<PathBuf, Failure> {
    let Some(path) = &args.output else {
        let is_plain = |c: char| c.is_alphanumeric() || "._-".contains(c);
        let unit = args.subject.dut.as_deref().unwrap_or_default();
        let unit: String = unit.chars().map(|c| if is_plain(c) { c } else { '_' }).take(LONGEST_UNIT).collect();
        let unit = unit.trim_start_matches(['.', '-']);
        let unit = if unit.is_empty() { "capture" } else { unit };
        let named = |number: u64| PathBuf::from(format!("{unit}-{number}.sr"));
        let beside = |path: &PathBuf| [sidecar::path_for(path), path.with_added_extension(PART)];
        let is_new = |path: &PathBuf| !path.exists() && !beside(path).iter().any(|path| path.exists());
        return Ok((1..).map(named).find(is_new).unwrap_or_else(|| named(0)));
    };
    if path == Path::new(STANDARD) {
        return Err(Failure::usage("--output -", "a recording is a file, so that it outlasts what breaks"));
    }
    refuse_other_format(path, &["vcd"])?;
    Ok(path.clone())
}

/// Refuses a name that says another format than the session that is written: those that are always others, and these.
pub(super) fn refuse_other_format(path: &Path, others: &[&str]) -> Result<(), Failure> {
    const ALWAYS: [&str; 2] = ["csv", "fst"];
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if ALWAYS.iter().chain(others).any(|other| *other == extension) {
        let (path, session) = (output::shown(path), output::shown(&path.with_extension("sr")));
        let reason = format!("{path}: a sigrok session is written, and no .{extension}; call it {session}");
        return Err(Failure::usage("--output", reason));
    }
    Ok(())
}
