//! A bug of this program: what is said of it, so that it can be found.

use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::output::say;
use crate::escape::{visible, visible_lines};
use crate::table;

/// The files that are being read, and their SHA-256 where it is known.
static INPUTS: Mutex<Vec<(PathBuf, Option<String>)>> = Mutex::new(Vec::new());

fn inputs() -> MutexGuard<'static, Vec<(PathBuf, Option<String>)>> {
    // What a thread left that panicked is what is asked for.
    INPUTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that is being read, until this is dropped.
#[derive(Debug)]
pub(super) struct Input {
    /// None where it is noted already.
    path: Option<PathBuf>,
}

impl Input {
    /// Notes that this file is being read.
    pub(super) fn of(path: &Path) -> Input {
        let mut inputs = inputs();
        let is_noted = inputs.iter().any(|(noted, _)| noted == path);
        if !is_noted {
            inputs.push((path.to_owned(), None));
        }
        Input { path: (!is_noted).then(|| path.to_owned()) }
    }

    /// Notes its SHA-256.
    pub(super) fn is_known_as(&self, sha256: &str) {
        if let Some((_, digest)) = inputs().iter_mut().find(|(noted, _)| self.path.as_ref() == Some(noted)) {
            *digest = Some(sha256.to_owned());
        }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            inputs().retain(|(noted, _)| noted != path);
        }
    }
}

/// Lets a panic say that it is a bug of this program.
pub(super) fn say_panics() {
    std::panic::set_hook(Box::new(|panic| {
        // The file is refused for it, and named.
        if table::is_reading() {
            return;
        }
        // Never waits: a panic may come while the list is held.
        let inputs = INPUTS.try_lock().map(|inputs| inputs.clone()).unwrap_or_default();
        say(text(&message(panic), panic.location().map(ToString::to_string).as_deref(), &inputs));
    }));
}

fn message(panic: &PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}

/// What is said of a panic.
fn text(message: &str, place: Option<&str>, inputs: &[(PathBuf, Option<String>)]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(
        "strobecheck: this is a bug in strobecheck {version}, not in your capture or spec: {}",
        visible_lines(message)
    );
    if let Some(place) = place {
        text.push_str(&format!("\n  at {place}"));
    }
    for (path, sha256) in inputs {
        let sha256 = sha256.as_ref().map(|digest| format!(", SHA-256 {digest}")).unwrap_or_default();
        text.push_str(&format!("\n  reading {}{sha256}", visible(&path.display().to_string())));
    }
    text.push_str("\nNothing was judged. Please report this text, with the files if you may pass them on.");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_is_said_with_version_place_and_input() {
        let inputs = [("a\u{1b}.sr".into(), Some("00ff".to_owned())), ("b.sr".into(), None)];
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(
            text("index 3\u{7}", Some("src/frame/mod.rs:7:9"), &inputs),
            format!(
                "strobecheck: this is a bug in strobecheck {version}, not in your capture or spec: index 3\\u{{7}}\n  \
                 at src/frame/mod.rs:7:9\n  reading a\\u{{1b}}.sr, SHA-256 00ff\n  reading b.sr\n\
                 Nothing was judged. Please report this text, with the files if you may pass them on."
            )
        );
    }

    #[test]
    fn an_input_is_noted_once_and_while_it_is_read() {
        let path = Path::new("noted-once.sr");
        let noted = || inputs().iter().filter(|(noted, _)| noted == path).cloned().collect::<Vec<_>>();
        let outer = Input::of(path);
        outer.is_known_as("ab");
        drop(Input::of(path));
        assert_eq!(noted(), [(path.to_owned(), Some("ab".to_owned()))]);
        drop(outer);
        assert_eq!(noted(), []);
    }
}
