//! A topic as a page of text, and the lists of them.

use unicode_width::UnicodeWidthStr;

use super::example::example;
use super::{Reason, Topic, Word};
use crate::diagnosis::{Fault, Severity};
use crate::quantity::{ClockShare, Needs, Quantity, Unseen};
use crate::report::ExitCode;
use crate::rig::Role;
use crate::spec::{Key, toml_string};

/// Pages fit a terminal of this width.
const WIDTH: usize = 80;
/// Words that are offered for one that is not known.
const OFFERED: usize = 5;

/// The page of a topic.
#[must_use]
pub fn text_of(topic: Topic) -> String {
    let mut page = Page::default();
    match topic {
        Topic::Quantity(quantity) => page.quantity(quantity),
        Topic::Fault(fault) => page.fault(fault),
        Topic::ExitCode(code) => page.exit_code(code),
        Topic::Reason(reason) => page.reason(reason),
        Topic::Key(key) => page.key(key),
        Topic::Word(word) => page.word(word),
    }
    page.0
}

/// All words by kind, each with a few words of what it is.
#[must_use]
pub fn list() -> String {
    let mut page = Page::default();
    let mut heading = "";
    for topic in Topic::all() {
        if topic.heading() != heading {
            heading = topic.heading();
            page.heading(heading);
        }
        page.entry(&topic.id(), topic.about());
    }
    page.0
}

/// The words nearest to one that is not known, the nearest first.
#[must_use]
pub fn nearest(word: &str) -> Vec<String> {
    const NEAR: f64 = 0.72;
    let word = word.trim().to_lowercase();
    let mut rated: Vec<(f64, String)> = Topic::all()
        .into_iter()
        .map(|topic| {
            let id = topic.id();
            // A part of an id means all that have it.
            let has_it = word.len() >= 4 && id.contains(&word);
            (if has_it { 1.0 } else { strsim::jaro_winkler(&id, &word) }, id)
        })
        .filter(|(likeness, _)| *likeness >= NEAR)
        .collect();
    rated.sort_by(|a, b| b.0.total_cmp(&a.0));
    if rated.first().is_some_and(|(likeness, _)| *likeness >= 1.0) {
        rated.retain(|(likeness, _)| *likeness >= 1.0);
    }
    rated.into_iter().take(OFFERED).map(|(_, id)| id).collect()
}

/// The words in lines of at most this width where they allow: the first begins with `first`, the others with `rest`.
pub(crate) fn filled<'a>(words: impl Iterator<Item = &'a str>, first: &str, rest: &str, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut empty = true;
    for word in words {
        let gap = usize::from(!empty);
        if !empty && line.width() + gap + word.width() > most {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line);
    lines
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn heading(&mut self, text: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.paragraph("", text);
    }

    /// A paragraph whose first line begins with `mark`, and whose others stand below its text.
    fn paragraph(&mut self, mark: &str, text: &str) {
        let indent = " ".repeat(mark.chars().count());
        for line in filled(text.split_whitespace(), mark, &indent, WIDTH) {
            self.0.push_str(line.trim_end());
            self.0.push('\n');
        }
    }

    /// An id and the first line of what it is.
    fn entry(&mut self, id: &str, about: &str) {
        const COLUMN: usize = 28;
        let room = WIDTH - COLUMN;
        let mut text: String = about.chars().take(room).collect();
        if about.chars().count() > room {
            let end = text.rfind(' ').unwrap_or(text.len());
            text.truncate(end);
            text.push('…');
        }
        self.0.push_str(&format!("  {id:<26}{text}\n"));
    }

    fn section(&mut self, title: &str, texts: &[&str]) {
        if texts.is_empty() {
            return;
        }
        self.0.push_str(&format!("\n{title}\n"));
        for text in texts {
            self.paragraph("  - ", text);
        }
    }

    fn quantity(&mut self, quantity: &Quantity) {
        self.paragraph("", &format!("{}: {}", quantity.id, quantity.label));
        self.0.push('\n');
        self.paragraph("  ", quantity.definition);
        self.0.push('\n');
        self.paragraph("  formula    ", quantity.formula);
        let unit = if quantity.unit.symbol().is_empty() { "a count" } else { quantity.unit.symbol() };
        self.paragraph("  unit       ", unit);
        self.paragraph("  measured   ", &needs_text(quantity.needs));
        self.paragraph("  clock      ", clock_text(quantity.clock));
        self.paragraph("  unseen     ", unseen_text(quantity.unseen));
        self.paragraph("  raised by  ", quantity.raised_by);
        self.paragraph("  source     ", quantity.source);
        self.0.push('\n');
        self.paragraph("  limit      ", &format!("[limits] {} = {}", quantity.id, toml_string(example(quantity))));
    }

    fn fault(&mut self, fault: &Fault) {
        let severity = match fault.severity {
            Severity::Fail => "a fault",
            Severity::Warn => "a warning",
            Severity::Info => "worth knowing, no fault",
        };
        self.paragraph("", &format!("{} ({}, {severity})", fault.id, fault.number));
        self.0.push('\n');
        self.paragraph("  ", fault.about);
        self.0.push('\n');
        for line in fault.drawing.lines() {
            self.0.push_str(&format!("    {line}\n"));
        }
        self.0.push_str("\nCauses, the most likely first, and what to do\n");
        for cause in fault.causes {
            self.paragraph("  - ", cause.why);
            self.paragraph("    do: ", cause.remedy);
        }
        let tests: Vec<String> =
            fault.look_alikes.iter().map(|other| format!("{}: {}", other.fault, other.test)).collect();
        self.section(
            "What looks alike, and the test that tells",
            &tests.iter().map(String::as_str).collect::<Vec<_>>(),
        );
    }

    fn exit_code(&mut self, code: ExitCode) {
        let (name, about) = exit_code_text(code);
        self.paragraph("", &format!("exit code {}: {name}", code.number()));
        self.0.push('\n');
        self.paragraph("  ", about);
    }

    fn reason(&mut self, reason: &Reason) {
        self.paragraph("", &format!("{}: \"{}\"", reason.id, reason.says));
        self.0.push('\n');
        self.paragraph("  ", reason.about);
        self.0.push('\n');
        self.paragraph("  ", reason.remedy);
    }
}

impl Page {
    fn key(&mut self, key: &Key) {
        let of = if key.per_camera { ", a key of a spec; [camera.NAME] may have its own" } else { ", a key of a spec" };
        self.paragraph("", &format!("{}{of}", key.id));
        self.0.push('\n');
        self.paragraph("  ", key.about);
        self.0.push('\n');
        self.paragraph("  takes      ", key.takes);
        self.paragraph("  default    ", key.default);
        self.0.push('\n');
        for line in key.example.lines() {
            self.0.push_str(&format!("    {line}\n"));
        }
    }

    fn word(&mut self, word: &Word) {
        let also = if word.also.is_empty() { String::new() } else { format!(" (also {})", word.also.join(", ")) };
        self.paragraph("", &format!("{}{also}", word.id));
        self.0.push('\n');
        self.paragraph("  ", word.about);
    }
}

/// What an exit code is called, and what it says.
#[must_use]
pub fn exit_code_text(code: ExitCode) -> (&'static str, &'static str) {
    match code {
        ExitCode::Pass => ("pass", "All that was judged is proven within its limits. (Other commands: done.)"),
        ExitCode::Fail => (
            "fail",
            "Something is proven outside its limit: the summary names it first. (compare: the captures differ.)",
        ),
        ExitCode::CouldNotRun => (
            "could not run",
            "Something could not run: a wrong argument, a spec with an error, a capture that cannot be read, a report that cannot be \
             written. The message says which file, line or key, and what would be valid.",
        ),
        ExitCode::Inconclusive => (
            "inconclusive",
            "Nothing failed, and something could not be proven either way; the report says what would settle it. --inconclusive \
             fail, pass or skip maps it to another code; a damaged capture never to 0. (Other commands: done, but the capture is damaged, and what is lost is said.)",
        ),
    }
}

fn needs_text(needs: Needs) -> String {
    let labels =
        |roles: &[Role], together: &str| roles.iter().map(|role| role.label()).collect::<Vec<_>>().join(together);
    match needs {
        Needs::AnyLine => "on each wired line".to_owned(),
        Needs::All(roles) => format!("on {}", labels(roles, " and ")),
        Needs::OneOf(roles) => format!("on {}", labels(roles, " or ")),
        Needs::Further(roles) => format!("on {} of a further camera and of the first one", labels(roles, " and ")),
        Needs::Rolling(roles) => format!("on {} of a camera with a rolling shutter", labels(roles, " and ")),
        Needs::Log(roles) => format!("on {} and the camera's own log (--timestamps)", labels(roles, " and ")),
        Needs::Counted(Role::Strobe) => "on STROBE, with FSIN or a burst of several pulses".to_owned(),
        Needs::Counted(role @ (Role::Trigger | Role::Fsin)) => format!("on {}, with FSIN or STROBE", role.label()),
        Needs::Counted(role @ (Role::Flash | Role::Readout | Role::Ready)) => {
            format!("on {}, with STROBE, FSIN or a nominal frame time", role.label())
        }
        Needs::InTurn(role) => format!("on {} that is wired to several pins in turn", role.label()),
        Needs::Groups => "on FSIN with several pulses a frame (timing.fsin_per_frame)".to_owned(),
        Needs::Pattern(roles) => format!("on {}, with timing.flash_pattern stated", labels(roles, " and ")),
    }
}

fn clock_text(clock: ClockShare) -> &'static str {
    match clock {
        ClockShare::Scales => "the error of the analyzer's clock widens the limit in proportion",
        ClockShare::Cancels => "the error of the analyzer's clock does not matter",
        ClockShare::Whole => "the error of the analyzer's clock enters whole",
    }
}

fn unseen_text(unseen: Unseen) -> &'static str {
    match unseen {
        Unseen::Nothing => "pulses that no sample shows change nothing",
        Unseen::Raise(_) => "pulses that no sample shows may make it too large",
        Unseen::RaiseOrMove(..) => {
            "pulses that no sample shows may make it too large, those of a ready line too small as well"
        }
        Unseen::Lower(_) => "pulses that no sample shows may make it too small",
        Unseen::Move(_) => "pulses that no sample shows may make it too large or too small",
    }
}
