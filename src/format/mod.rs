//! Capture formats: how the bytes of a file become a header and the changes of its probes.
//!
//! A format is recognised by its content, never by its name. It gives the [`Header`] when it is opened, and on
//! [`Reader::read`] sends the changes of the wanted probes to a [`Sink`], in order of time. Damage is no error: what
//! is proven is read, and what is lost is said in the [`Extent`]. Adding a format is one file and one line in
//! [`FORMATS`].

mod archive;
mod csv;
mod deflate;
mod dsview;
mod foreign;
mod fst;
mod gaps;
mod keyfile;
mod levels;
mod lines;
mod load;
mod names;
mod placer;
mod saleae;
mod source;
pub mod srzip;
mod text;
mod timebase;
mod vcd;

pub use foreign::Foreign;
pub use load::{rate_in_use, read_capture, read_changes};
pub use source::{FileSource, LONGEST_STREAM, Source, io_text, is_export_folder, open_source, read_stream, sha256};

use crate::capture::{Caps, DurationError, Extent, Header, Request, Sink, SinkError};
use crate::signal::WaveformError;
use crate::units::SampleRate;

/// A capture format.
#[derive(Debug)]
pub struct Format {
    /// Its short name, as reports print it.
    pub id: &'static str,
    /// What it is, for a list of formats.
    pub about: &'static str,
    /// Whether a file that begins with these bytes, at most [`SNIFFED`], is of this format.
    pub sniff: fn(&[u8]) -> bool,
    /// Reads what the file says of itself, as far as the caps allow; [`FormatError`] when nothing can be measured from it,
    /// with the reason.
    pub open: fn(Box<dyn Source>, &Caps) -> Opened,
}

/// What comes of opening a file.
pub type Opened = Result<Box<dyn Reader>, FormatError>;

/// An opened capture.
pub trait Reader: Send + Sync {
    /// What the file says of itself.
    fn header(&self) -> &Header;

    /// For a file that states times and no sample rate: how many of its time units a second has. Its changes are numbered
    /// by them unless the request states a rate; what is measured so says nothing of how often the lines were looked at.
    fn time_unit(&self) -> Option<SampleRate> {
        None
    }

    /// The analog channels that can be read as lines by a threshold.
    fn analog_channels(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Sends the changes of the wanted probes to the sink. What is damaged sends none, and is said in the extent.
    ///
    /// # Errors
    /// [`FormatError`] when a cap is exceeded or the sink takes no more.
    fn read(&self, request: &Request, sink: &mut dyn Sink) -> Result<Extent, FormatError>;
}

/// Every format that is known; the first that recognises a file reads it.
pub static FORMATS: &[&Format] =
    &[&saleae::SAL, &dsview::DSL, &srzip::SRZIP, &vcd::VCD, &fst::FST, &saleae::BINARY, &csv::CSV];

/// The format of tables, which other files than captures have too.
pub const TABLE: &str = csv::ID;

/// How many bytes a format may look at to recognise a file.
pub const SNIFFED: usize = 4096;

/// Why a capture cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The operating system cannot read it.
    #[error("cannot be read: {}", io_text(.0))]
    Io(#[from] std::io::Error),
    /// There are no bytes.
    #[error("the file is empty")]
    Empty,
    /// It stands for a file that was not fetched.
    #[error(
        "a Git LFS pointer, which stands for the file; fetch it with 'git lfs pull' (in GitHub Actions: actions/checkout with \
         'lfs: true')"
    )]
    Pointer,
    /// No format recognises it.
    #[error("not a capture of a known format; known are: {}", known_formats())]
    Unknown,
    /// It is a file of another kind.
    #[error("it is {}: {}", .0.what, .0.way)]
    Foreign(Foreign),
    /// There is no format of this name.
    #[error(
        "there is no input format '{wanted}'; there are {}, and libsigrok's, as in sigrok:chronovu-la8",
        format_ids()
    )]
    NoSuchFormat {
        /// The name.
        wanted: String,
    },
    /// Its format finds it unreadable.
    #[error("{0}")]
    Unreadable(Box<dyn std::error::Error + Send + Sync>),
    /// It has no usable sample rate, and none was stated.
    #[error("the capture does not say its sample rate; state it, for example with --samplerate 24MHz")]
    RateMissing,
    /// The file states another sample rate than the user.
    #[error("the file says that it was taken at {own}, --samplerate says {stated}; leave --samplerate out")]
    RateContradicted {
        /// That of the file.
        own: String,
        /// That of the user.
        stated: String,
    },
    /// It cannot be as long as the user says.
    #[error("{0}")]
    Duration(#[from] DurationError),
    /// It has more samples than may be read.
    #[error("more than {0} samples; raise --max-samples")]
    TooManySamples(u64),
    /// What takes its changes takes no more.
    #[error("{0}")]
    Sink(#[from] SinkError),
    /// Its changes make no waveform: an error of the reader.
    #[error("changes without sense: {0}")]
    Disorder(#[from] WaveformError),
}

/// The begin of a text of a file, as messages quote it.
fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    text.chars().take(LONGEST).collect()
}

/// What a format finds wrong with a file.
fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> FormatError {
    FormatError::Unreadable(Box::new(error))
}

fn known_formats() -> String {
    FORMATS.iter().map(|format| format.about).collect::<Vec<_>>().join(", ")
}

/// Recognises a capture by its content and opens it, as far as the usual caps allow.
///
/// # Errors
/// Those of [`open_within`].
pub fn open(source: Box<dyn Source>) -> Opened {
    open_within(source, &Caps::default())
}

/// Recognises a capture by its content and opens it, as far as these caps allow.
///
/// # Errors
/// [`FormatError`] when no format recognises it, or the one that does finds it unreadable.
pub fn open_within(source: Box<dyn Source>, caps: &Caps) -> Opened {
    (recognise(source.as_ref())?.open)(source, caps)
}

/// The bytes that a file begins with, by which its format is known.
///
/// # Errors
/// [`FormatError::Empty`] when there are none, [`FormatError::Pointer`] when they are Git's and only stand for the file.
fn head(source: &dyn Source) -> Result<Vec<u8>, FormatError> {
    const POINTER: &[u8] = b"version https://git-lfs";
    let mut head = vec![0; SNIFFED];
    let read = source.fill_at(&mut head, 0)?;
    head.truncate(read);
    match head.as_slice() {
        [] => Err(FormatError::Empty),
        pointer if pointer.starts_with(POINTER) => Err(FormatError::Pointer),
        [..] => Ok(head),
    }
}

/// Refuses what is no file of any kind: an empty one, and one that Git keeps elsewhere.
///
/// # Errors
/// [`FormatError::Empty`] and [`FormatError::Pointer`].
pub fn refuse_no_file(source: &dyn Source) -> Result<(), FormatError> {
    head(source).map(|_| ())
}

/// The format of a capture, by its content.
///
/// # Errors
/// [`FormatError::Foreign`] or [`FormatError::Unknown`] when no format recognises it, and those of [`refuse_no_file`].
pub fn recognise(source: &dyn Source) -> Result<&'static Format, FormatError> {
    let head = head(source)?;
    let known = FORMATS.iter().copied().find(|format| (format.sniff)(&head));
    known.ok_or_else(|| foreign::recognise(&head).map_or(FormatError::Unknown, FormatError::Foreign))
}

/// Opens a capture as one of this format, whatever its content looks like, as far as the caps allow.
///
/// # Errors
/// [`FormatError`] when there is no such format, or it finds the file unreadable.
pub fn open_as(source: Box<dyn Source>, id: &str, caps: &Caps) -> Opened {
    let format = FORMATS.iter().find(|format| format.id == id);
    let format = format.ok_or_else(|| FormatError::NoSuchFormat { wanted: id.to_owned() })?;
    refuse_no_file(source.as_ref())?;
    (format.open)(source, caps)
}

/// The ids of all formats, for sentences that list them.
#[must_use]
pub fn format_ids() -> String {
    FORMATS.iter().map(|format| format.id).collect::<Vec<_>>().join(", ")
}
