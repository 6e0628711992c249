//! Scenarios: what a rig truly does, written down in a file, and the capture that an analyzer would make of it.
//!
//! [`Scenario::parse`] reads the file and checks it. [`simulate`] lays out what every camera, trigger and flash does in
//! true time, lets faults of the events happen, adds up what each line shows, lets faults of the lines happen, and takes
//! the samples that an analyzer with its own clock and phase would take. What truly happened is kept beside the capture,
//! so that a measurement can be held against it: times are whole femtoseconds and every step is exact, so the same file
//! gives the same edges everywhere.
//!
//! ```
//! use strobecheck::scenario::{Scenario, simulate};
//! let text = r#"
//!     duration = "200 ms"
//!     analyzer.samplerate = "1 MHz"
//!     [timing]
//!     frame.time = "1/30 s"
//!     exposure.time = ["20 ms", "10 ms"]
//! "#;
//! let simulation = simulate(&Scenario::parse("two.toml", text).unwrap()).unwrap();
//! assert_eq!(simulation.capture.lines.len(), 2);
//! assert_eq!(simulation.capture.length.get(), 200_000);
//! ```

mod draws;
mod error;
mod faults;
mod lines;
mod log_plan;
mod node;
mod plan;
mod read;
mod rigging;
mod sampler;
mod simulate;
mod time;
mod timeline;
mod timestamps;
mod truth;
mod values;

pub use error::{ScenarioError, TooManyPulses};
pub use faults::{FAULT_KINDS, FaultKind};
pub use lines::{TrueLine, TruePulse};
pub use read::scenario_schema;
pub use sampler::Sampler;
pub use simulate::{Simulation, SimulationError, simulate};
pub use time::Femtos;
pub use timestamps::{LogEntry, StreamLog, write_log};
pub use truth::{CameraTruth, FlashTruth, FrameTruth, Truth};

use crate::capture::Probe;
use crate::units::Rational;

/// The id that a simulated capture bears as its format.
pub const FORMAT: &str = "scenario";

/// A scenario that makes sense and is small enough to simulate.
#[derive(Debug, Clone)]
pub struct Scenario {
    seed: u64,
    sampler: Sampler,
    /// The first camera's, in seconds, before drift.
    nominal_frame_time: Rational,
    probes: Vec<Probe>,
    wires: Vec<plan::WirePlan>,
    /// Never empty; the first one has a clock of its own.
    cameras: Vec<plan::CameraPlan>,
    faults: Vec<faults::Fault>,
}
