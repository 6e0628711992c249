//! `strobecheck watch`: the live verdict for the bench, over the last seconds of a device or of a file that grows.

mod board;
mod history;
mod letters;
mod screen;
mod source;
mod violations;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::args::{Until, WatchArgs};
use super::capture::Running;
use super::choose_spec::{Chosen, SpecChoice};
use super::files::{Files, Ours};
use super::output::{self, say};
use super::stop::Stop;
use super::{Exit, Failure};
use crate::capture::Capture;
use crate::escape::visible;
use crate::format::io_text;
use crate::report::{ExitCode, Judgement, Overall, Provenance, Written};
use crate::verdict::Verdict;
use crate::verify::verify;
use board::Board;
use history::History;
use source::{Snapshot, Source};
use violations::Keeper;

/// How often the keys are asked for, and the screen is drawn.
const BEAT: Duration = Duration::from_millis(100);

/// How often the window is judged; more seldom where judging takes long.
const JUDGE_EVERY: Duration = Duration::from_millis(500);

pub(super) fn run(args: &WatchArgs) -> Result<Exit, Failure> {
    let beside = args.capture.clone().unwrap_or_else(|| args.output.clone());
    let files = Files::default();
    let chosen = SpecChoice::new(&args.spec, &files)?.spec_for(&beside)?;
    let no_spec = || {
        let reason = "nothing says what it is judged by: give --spec, --profile, or --wire and --limit";
        Failure::usage("watch", reason)
    };
    let chosen = chosen.ok_or_else(no_spec)?;
    let stop = Stop::on_interrupt().map_err(|source| Failure::usage("Ctrl-C", source.to_string()))?;
    let source = Source::open(args, &args.window)?;
    let keeper = args.keep_violations.map(|most| Keeper::new(&args.output, most)).transpose()?;
    let mut watch = Watch {
        args,
        chosen,
        source,
        stop,
        history: History::default(),
        began: Instant::now(),
        first_failure: None,
        keeper,
        on_fail: None,
        note: None,
    };
    if args.plain || !io::stdout().is_terminal() {
        let exit = watch.in_lines();
        watch.wait_for_command()?;
        return exit;
    }
    let mut terminal = ratatui::try_init().map_err(output::WriteError::StandardOutput)?;
    let exit = watch.on_screen(&mut terminal);
    ratatui::restore();
    watch.say_goodbye();
    watch.wait_for_command()?;
    exit
}

/// A device or a file that is watched.
struct Watch<'a> {
    args: &'a WatchArgs,
    chosen: Chosen,
    source: Source,
    stop: Stop,
    history: History,
    began: Instant,
    /// When it failed first, from then on.
    first_failure: Option<Duration>,
    /// What keeps the violations.
    keeper: Option<Keeper>,
    /// What was started then.
    on_fail: Option<Running>,
    /// What was done last.
    note: Option<String>,
}

/// What the watcher wants.
enum Wish {
    Nothing,
    Save,
    Forget,
    Quit,
}

impl Watch<'_> {
    /// The terminal's screen, until it is quit or what is waited for has come.
    fn on_screen(&mut self, terminal: &mut ratatui::DefaultTerminal) -> Result<Exit, Failure> {
        let mut board = Board::empty(&self.source.title());
        let mut pace = Pace::default();
        loop {
            if pace.is_due()
                && let Some(exit) = self.judge(&mut board, &mut pace)?
            {
                return Ok(exit);
            }
            let drawn = terminal.draw(|frame| screen::draw(frame, &board));
            drawn.map_err(output::WriteError::StandardOutput)?;
            match wish().map_err(output::WriteError::StandardOutput)? {
                Wish::Nothing => {}
                Wish::Save => {
                    let snapshot = self.source.snapshot()?;
                    self.save(snapshot.capture.as_ref())?;
                }
                Wish::Forget => self.history = History::default(),
                Wish::Quit => return Ok(Exit::Done),
            }
            board.note.clone_from(&self.note);
            if self.stop.is_asked() {
                return Ok(Exit::Done);
            }
        }
    }

    /// Without a screen: a line for every change of the verdict.
    fn in_lines(&mut self) -> Result<Exit, Failure> {
        let mut board = Board::empty(&self.source.title());
        let mut pace = Pace::default();
        let mut said = None;
        loop {
            if pace.is_due() {
                let exit = self.judge(&mut board, &mut pace)?;
                if said.as_ref() != Some(&board.verdict) {
                    output::print_text(&board.line())?;
                    said = Some(board.verdict);
                }
                if let Some(exit) = exit {
                    self.say_goodbye();
                    return Ok(exit);
                }
            }
            if self.stop.is_asked() {
                self.say_goodbye();
                return Ok(Exit::Done);
            }
            std::thread::sleep(BEAT);
        }
    }

    /// Judges the window; the exit, if the watching ends with it.
    fn judge(&mut self, board: &mut Board, pace: &mut Pace) -> Result<Option<Exit>, Failure> {
        let began = Instant::now();
        let snapshot = &self.source.snapshot()?;
        let judgement = snapshot.capture.as_ref().map(|capture| self.judgement(capture, snapshot)).transpose()?;
        if let Some(judgement) = &judgement {
            self.history.add(judgement);
        }
        let before = board.verdict;
        *board = Board::of(&self.source.title(), snapshot, judgement.as_ref(), &self.history);
        if let Some(judgement) = &judgement {
            board.clocks.push(self.elapsed());
            if let Some(keeper) = &mut self.keeper {
                keeper.add(judgement, snapshot.start);
                board.clocks.push(visible(&keeper.text()).into_owned());
            }
        }
        board.note.clone_from(&self.note);
        pace.judged(began);
        if self.args.bell && before.is_some() && board.verdict != before {
            // A bell that cannot be rung is no reason to stop watching.
            let _unrung = io::stdout().write_all(b"\x07").and_then(|()| io::stdout().flush());
        }
        if board.verdict == Some(Verdict::Fail) && self.first_failure.is_none() {
            self.first_failure = Some(self.began.elapsed());
            self.save(snapshot.capture.as_ref())?;
            if let Some(line) = &self.args.on_fail {
                // It is no reason to stop watching.
                match Running::start_unseen(line) {
                    Ok(running) => self.on_fail = Some(running),
                    Err(error) => self.note = Some(format!("--on-fail: {}", io_text(&error))),
                }
            }
        }
        if snapshot.ended {
            snapshot.problems.iter().for_each(|problem| say(format_args!("damaged: {}", visible(problem))));
            return Ok(Some(Exit::Damaged));
        }
        Ok(match (self.args.until, board.verdict) {
            (Some(Until::Fail), Some(Verdict::Fail)) => Some(Overall::Fail),
            // A window that is still filling proves less than was asked for.
            (Some(Until::Pass), Some(Verdict::Pass)) if snapshot.is_full => Some(Overall::Pass),
            (Some(_) | None, _) => None,
        }
        .map(|overall| Exit::Verdict(ExitCode::from(overall))))
    }

    fn judgement(&self, capture: &Capture, snapshot: &Snapshot) -> Result<Judgement, Failure> {
        // A window that moves on has no bytes to be known by.
        let provenance = Provenance { problems: snapshot.problems.clone(), ..Provenance::of(capture) };
        let error = |source| Failure::Verify { path: self.source.title().into(), source: Box::new(source) };
        verify(capture, Arc::clone(&self.chosen.spec), self.chosen.source.clone(), provenance).map_err(error)
    }

    /// Writes the window to the next free name.
    fn save(&mut self, capture: Option<&Capture>) -> Result<(), Failure> {
        let Some(capture) = capture else {
            self.note = Some("nothing has arrived yet".to_owned());
            return Ok(());
        };
        let path = free_name(&self.args.output);
        let files = Files::default();
        files
            .target(&path, Ours::Nothing)?
            .write(|out| output::write_session(capture, Written::Recording, out).map_err(Failure::from))?;
        self.note = Some(format!("wrote {}", visible(&path.display().to_string())));
        Ok(())
    }

    /// How long it has been watched, and when it failed first.
    fn elapsed(&self) -> String {
        let text = |time: Duration| {
            let seconds = time.as_secs();
            format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
        };
        let failed = self.first_failure.map(|time| format!(", failed first at {}", text(time)));
        format!("watched {}{}", text(self.began.elapsed()), failed.unwrap_or_default())
    }

    /// Lets the command end that was started at the first failure.
    fn wait_for_command(&mut self) -> Result<(), Failure> {
        let (Some(running), Some(line)) = (self.on_fail.take(), &self.args.on_fail) else { return Ok(()) };
        let ended = running.exit_code(&|| self.stop.is_asked());
        ended
            .map(|_| ())
            .map_err(|source| Failure::usage("--on-fail", format!("{}: {}", visible(line), io_text(&source))))
    }

    fn say_goodbye(&self) {
        if let Some(note) = &self.note {
            say(note);
        }
        if let Some(keeper) = &self.keeper {
            say(visible(&keeper.text()));
        }
    }
}

/// The name itself, or with the first number behind it that makes it new: `watch.sr`, `watch-2.sr`.
fn free_name(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let extension =
        path.extension().map_or_else(|| "sr".to_owned(), |extension| extension.to_string_lossy().into_owned());
    let numbered = (2..).map(|number: u64| path.with_file_name(format!("{stem}-{number}.{extension}")));
    std::iter::once(path.to_owned()).chain(numbered).find(|path| !path.exists()).unwrap_or_else(|| path.to_owned())
}

/// When the next judgement is due: not so soon after one that took long that keys would wait.
#[derive(Debug, Default)]
struct Pace {
    due: Option<Instant>,
}

impl Pace {
    fn is_due(&self) -> bool {
        self.due.is_none_or(|due| Instant::now() >= due)
    }

    fn judged(&mut self, began: Instant) {
        const REST: u32 = 3;
        let took = began.elapsed();
        self.due = Some(Instant::now() + JUDGE_EVERY.max(took * REST).saturating_sub(took));
    }
}

/// What the keys say, waited for at most a beat.
fn wish() -> io::Result<Wish> {
    if !event::poll(BEAT)? {
        return Ok(Wish::Nothing);
    }
    Ok(match event::read()? {
        Event::Key(key) if key.kind == KeyEventKind::Press => of_key(key),
        Event::Key(_)
        | Event::Resize(..)
        | Event::FocusGained
        | Event::FocusLost
        | Event::Mouse(_)
        | Event::Paste(_) => Wish::Nothing,
    })
}

fn of_key(key: KeyEvent) -> Wish {
    let interrupted = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
    if interrupted || key.code == KeyCode::Char('q') || key.code == KeyCode::Esc {
        Wish::Quit
    } else if key.code == KeyCode::Char('s') {
        Wish::Save
    } else if key.code == KeyCode::Char('r') {
        Wish::Forget
    } else {
        Wish::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("watch.sr");
        assert_eq!(free_name(&path), path);
        std::fs::write(&path, "").unwrap();
        std::fs::write(folder.path().join("watch-2.sr"), "").unwrap();
        assert_eq!(free_name(&path), folder.path().join("watch-3.sr"));
    }
}
