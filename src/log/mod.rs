//! The camera's own log of its frames: what it says, and where it lies on the time of a capture.
//!
//! A log is a table of comma-separated values, one row per frame that reached the host, with a header that names its
//! columns ([`LogColumns`]), or what stacks write otherwise: JSON, rpicam's time codes, the buffers of v4l2-ctl. Times are read
//! exactly, as whole femtoseconds. The log's clock is not the analyzer's: where the log lies is found from intervals and sequence numbers ([`Placement`]), and the two clocks are compared by a robust
//! straight-line fit ([`ClockFit`]).
//!
//! ```
//! use strobecheck::log::{CameraLog, LogColumns};
//! let text = "seq,ts_device_us\n7,1000.5\n8,34333.8\n";
//! let log = CameraLog::parse("run.csv", text.as_bytes(), &LogColumns::default())?;
//! assert_eq!(log.streams[0].stamps[0].time.get(), 1_000_500_000_000);
//! # Ok::<(), strobecheck::log::LogError>(())
//! ```

mod clock;
mod columns;
mod convention;
mod error;
mod forms;
mod lag;
mod layout;
mod matched;
mod moment;
mod number;
mod placement;
mod read;
mod sums;
mod telling;
mod track;
mod unmatched;

pub use clock::ClockFit;
pub use columns::{LogColumns, TimeUnit};
pub use convention::{Convention, Recognition};
pub use error::{LogError, LogErrorKind};
pub use lag::ExposureLag;
pub use matched::{Digits, LoggedFrame, Matched, Shot, match_stream};
pub use placement::{Basis, Placement};
pub use unmatched::Unmatched;

use crate::units::Rational;

/// Femtoseconds in a second.
const FEMTOS_PER_SECOND: i128 = 1_000_000_000_000_000;

/// A time of the log's clock, in whole femtoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogTime(i128);

impl LogTime {
    /// This many femtoseconds.
    #[must_use]
    pub const fn new(femtos: i128) -> LogTime {
        LogTime(femtos)
    }

    /// The number of femtoseconds.
    #[must_use]
    pub const fn get(self) -> i128 {
        self.0
    }

    /// The same time in seconds, exactly.
    #[must_use]
    pub fn seconds(self) -> Rational {
        seconds(self.0)
    }
}

/// Femtoseconds in seconds.
fn seconds(femtos: i128) -> Rational {
    // The denominator is a constant above zero.
    Rational::new(femtos, FEMTOS_PER_SECOND).unwrap_or(Rational::ZERO)
}

/// What a log says of one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The line of the file that says it, from 1.
    pub line: u64,
    /// Its capture timestamp.
    pub time: LogTime,
    /// Its sequence number, where the log has one.
    pub sequence: Option<i64>,
    /// The exposure time that the camera reports, where the log has one: a span of time.
    pub exposure: Option<LogTime>,
}

/// The frames of one camera in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// What the log calls it; none where the log names no streams.
    pub name: Option<String>,
    /// Its frames in order of time, no two of the same time and number.
    pub stamps: Vec<Stamp>,
}

/// A camera's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraLog {
    /// What it holds of each camera, in the order in which they first appear.
    pub streams: Vec<Stream>,
    /// The number of rows, header and comments not counted.
    pub rows: u64,
    /// The column that the times were read from.
    pub time_column: String,
    /// What its times are rounded to: the finest digit that is not 0.
    pub resolution: LogTime,
    /// The coarsest last digit of its exposure times: how far each may be off.
    pub exposure_digit: LogTime,
    /// What is odd about it, as sentences.
    pub remarks: Vec<String>,
    /// The instant of the exposure that it says it marks, where it does.
    pub claims: Option<Convention>,
}

/// Streams that a message names, and how much of each name.
const NAMED: usize = 16;
const LONGEST_NAME: usize = 40;

impl Stream {
    /// Its name as messages show it.
    fn shown(&self) -> String {
        match &self.name {
            Some(name) => name.chars().take(LONGEST_NAME).collect(),
            None => "(without name)".to_owned(),
        }
    }
}

/// Why the log says nothing of a camera.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the log has the streams {}, and none is called {camera}: say which it is, such as \
     timestamps.streams = {{ {camera} = \"STREAM\" }}",
    streams.join(", ")
)]
pub struct NoStream {
    camera: String,
    streams: Vec<String>,
}

impl CameraLog {
    /// The stream of a camera: the one that the columns name for it, else that of its name, else the only one of a rig
    /// with one camera.
    ///
    /// # Errors
    /// [`NoStream`] with the streams that there are.
    pub fn stream_of(&self, camera: &str, columns: &LogColumns, rig_cameras: usize) -> Result<&Stream, NoStream> {
        let wanted = columns.streams.get(camera).map_or(camera, String::as_str);
        let named = self.streams.iter().find(|stream| stream.name.as_deref() == Some(wanted));
        let only = match self.streams.as_slice() {
            [only] if rig_cameras == 1 && !columns.streams.contains_key(camera) => Some(only),
            [..] => None,
        };
        named.or(only).ok_or_else(|| NoStream {
            camera: camera.to_owned(),
            streams: self.streams.iter().take(NAMED).map(Stream::shown).collect(),
        })
    }
}
