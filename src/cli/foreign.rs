//! Files that no reader of our own knows, through libsigrok's input modules, in a process of its own.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use super::files::{STANDARD, scratch};
use crate::capture::{Caps, Extent, Header, Request, Sink};
use crate::format::{self, FormatError, Reader, Source};
use crate::units::{Rounding, SampleRate};

/// How `--input-format` names a module of libsigrok: `sigrok:chronovu-la8`.
pub(super) const PREFIX: &str = "sigrok:";

/// The modules may hold so many GiB, and twice the file's size: they take it piece by piece, and what they make of it
/// goes out at once.
pub(super) const MOST_GIB: u64 = 4;

/// The modules may take so many seconds of a processor, and one more for each MiB of the file.
const MOST_SECONDS: u64 = 60;

/// Why a file cannot be read through libsigrok.
#[derive(Debug, thiserror::Error)]
pub(super) enum ForeignError {
    #[error("{PREFIX}{0} reads with less care than strobecheck itself does: --input-format {0}")]
    OwnFormat(String),
    #[error("{0}")]
    Refused(String),
    #[error(
        "libsigrok's input module broke off ({0}); the file is not what it takes it for, the module has a defect, or it \
         asked for more than {MOST_GIB} GiB and twice the file's size of memory, or more than {MOST_SECONDS} s and 1 s for \
         each MiB of the processor"
    )]
    BrokeOff(String),
    #[error("libsigrok cannot be called: {}", format::io_text(.0))]
    Call(#[from] io::Error),
    #[error("{0}")]
    Format(#[from] FormatError),
}

/// What the other process is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) module: Option<&'a str>,
    pub(super) rate: Option<&'a SampleRate>,
    pub(super) caps: &'a Caps,
}

/// Opens a file through libsigrok.
pub(super) fn open(path: &Path, source: &dyn Source, order: Order<'_>) -> Result<Box<dyn Reader>, ForeignError> {
    let id = order.module.map(|module| module.split(':').next().unwrap_or_default());
    if let Some(own) = id.filter(|id| is_own(id)) {
        return Err(ForeignError::OwnFormat(own.to_owned()));
    }
    // What is no file gives its bytes once.
    if path != Path::new(STANDARD) && path.is_file() {
        return import(path, order);
    }
    let (mut copy, path) = scratch()?;
    io::copy(&mut Stream { source, at: 0 }, &mut copy)?;
    import(&path, order)
}

/// Whether this is a format that strobecheck reads itself.
fn is_own(id: &str) -> bool {
    format::FORMATS.iter().any(|format| format.id == id)
}

/// A source from its first byte to its last.
struct Stream<'a> {
    source: &'a dyn Source,
    at: u64,
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

fn import(path: &Path, order: Order<'_>) -> Result<Box<dyn Reader>, ForeignError> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("import").arg(format!("--max-samples={}", order.caps.samples));
    command.args(order.module.map(|module| format!("--module={module}")));
    let whole = order.rate.and_then(|rate| rate.hz().to_integer(Rounding::Nearest));
    command.args(whole.map(|hz| format!("--samplerate={hz}Hz")));
    let mebibytes = std::fs::metadata(path)?.len() >> 20;
    command.arg(format!("--max-seconds={}", MOST_SECONDS.saturating_add(mebibytes)));
    command.arg("--").arg(path).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    // It ends when this is closed, in whichever way this process ends.
    let _held = child.stdin.take();
    let (session, words) = (child.stdout.take(), child.stderr.take());
    let listen = move || words.map(said).unwrap_or_default();
    let (session, words) = std::thread::scope(|scope| {
        let words = scope.spawn(listen);
        let session = session.map(|mut session| format::read_stream(&mut session));
        if matches!(session, Some(Err(_)) | None) {
            // It has nobody left to write to; where it is gone already, so much the better.
            let _gone = child.kill();
        }
        (session, words.join().unwrap_or_default())
    });
    let status = child.wait()?;
    let session = session.transpose()?;
    match (status.code(), session) {
        (Some(0), Some(session)) => {
            let module = lines_of(&words, "module: ").concat();
            Ok(Box::new(Foreign::new(format::open_as(session, "srzip", order.caps)?, &module, &words)))
        }
        (Some(_), _) => Err(ForeignError::Refused(reason(&words))),
        (None, _) => Err(ForeignError::BrokeOff(status.to_string())),
    }
}

/// What the other process says, as far as anyone would read it.
fn said(words: impl Read) -> String {
    const MOST: u64 = 64 << 10;
    let mut bytes = Vec::new();
    let mut words = words.take(MOST);
    // What was said before it could not be heard any more is worth saying.
    let _heard = words.read_to_end(&mut bytes);
    // The rest is taken too, so that nobody waits for it to be.
    let _rest = io::copy(&mut words.into_inner(), &mut io::sink());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The lines that begin so, without that.
fn lines_of(words: &str, begin: &str) -> Vec<String> {
    words.lines().filter_map(|line| line.strip_prefix(begin)).map(str::to_owned).collect()
}

/// The sentence with which it ended.
fn reason(words: &str) -> String {
    let mut lines = words.lines().filter_map(|line| line.strip_prefix("strobecheck: "));
    lines.next_back().unwrap_or("libsigrok gives no reason").to_owned()
}

/// The session that a file became, which says where it comes from.
struct Foreign {
    session: Box<dyn Reader>,
    header: Header,
}

impl Foreign {
    fn new(session: Box<dyn Reader>, module: &str, words: &str) -> Foreign {
        let mut header = session.header().clone();
        header.format = "libsigrok";
        header.warnings.push(format!(
            "read by libsigrok's input module {module}, which knows no damage: what it passes over is not seen"
        ));
        header.warnings.extend(lines_of(words, "said: ").into_iter().map(|text| format!("libsigrok says: {text}")));
        Foreign { session, header }
    }
}

impl Reader for Foreign {
    fn header(&self) -> &Header {
        &self.header
    }

    fn read(&self, request: &Request, sink: &mut dyn Sink) -> Result<Extent, FormatError> {
        self.session.read(request, sink)
    }
}
