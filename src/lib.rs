//! Judges logic-analyzer captures of a camera's STROBE, FSIN and flash lines: are exposure, frame time and flash timing
//! what they should be, with proof, and if not, what is broken.
//!
//! # The way of the data
//!
//! A capture file becomes a [`capture::Header`] and the changes of the wanted probes ([`format`](mod@format)); these become
//! [`signal::Waveform`]s, then pulses by polarity, then the frames of each camera ([`frame::Observation`]). Quantities are
//! measured on them ([`quantity`]), each value with the interval in which the truth lies, and a [`spec::Spec`] is applied
//! ([`verdict`], [`diagnosis`]). All of it comes together in one pure function, [`verify::verify`], whose
//! [`report::Judgement`] every renderer shows ([`render`], [`table`]) and the exit code follows from.
//!
//! ```
//! use strobecheck::{Scenario, Spec, Verdict, judge, observe, simulate};
//!
//! let scenario = r#"
//!     duration = "1 s"
//!     analyzer.samplerate = "1 MHz"
//!     [timing]
//!     frame.time = "1/30 s"
//!     exposure.time = "20 ms"
//! "#;
//! let capture = simulate(&Scenario::parse("demo.toml", scenario)?)?.capture;
//! let spec = Spec::parse("demo.spec.toml", r#"
//!     wiring.strobe = "STROBE"
//!     timing.frame_time = "1/30 s"
//!     limits.exposure.time = "20 ms ± 50 us"
//! "#)?;
//! let observation = observe(&capture, &spec)?;
//! for rule in &spec.rules {
//!     let check = judge(rule, &spec, &observation);
//!     assert_eq!(check.verdict, Verdict::Pass, "{}", rule.quantity.id);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Floors
//!
//! A module imports from lower floors only, which a test holds:
//!
//! - 0: [`units`], [`escape`], [`guide`], `workers`, `csv`
//! - 1: [`signal`], [`rig`], `snippet`
//! - 2: [`capture`], [`mod@line`], [`log`]
//! - 3: [`format`](mod@format), `live`, [`scenario`], [`frame`]
//! - 4: [`quantity`]
//! - 5: [`spec`]
//! - 6: [`verdict`]
//! - 7: [`diagnosis`]
//! - 8: [`report`]
//! - 9: [`verify`](mod@verify), [`study`]
//! - 10: [`explain`], [`table`]
//! - 11: [`render`]
//! - 12: [`cli`]
//!
//! [`guide::architecture`] says what each of them owns, and [`guide::adding`] how to add a quantity, a fault, a format or a
//! renderer.
//!
//! # What always holds
//!
//! - No float lies between a sample and a verdict: positions are integers, everything derived from them is a
//!   [`units::Rational`], and every value carries the interval in which the truth lies.
//! - Nothing measured is never a pass; neither is a damaged capture.
//! - Nothing above [`format`](mod@format) sees samples: memory and time follow the edges, not the recorded time.
//! - The same input gives the same bytes: no wall clock, no random numbers, no order of a hash table.
//!
//! By which type or test each of them is held, [`guide::architecture`] says too.

// What most programs need; the rest is in the modules.
pub use capture::Capture;
pub use diagnosis::Finding;
pub use format::{open, read_capture};
pub use frame::Observation;
pub use report::Judgement;
pub use scenario::{Scenario, simulate};
pub use spec::Spec;
pub use units::{Rational, SampleRate};
pub use verdict::{Check, Verdict, judge};
pub use verify::{observe, verify};

pub mod capture;
pub mod cli;
mod csv;
pub mod diagnosis;
pub mod escape;
pub mod explain;
pub mod format;
pub mod frame;
pub mod guide;
pub mod line;
mod live;
pub mod log;
pub mod quantity;
pub mod render;
pub mod report;
pub mod rig;
pub mod scenario;
pub mod signal;
mod snippet;
pub mod spec;
pub mod study;
pub mod table;
pub mod units;
pub mod verdict;
pub mod verify;
mod workers;
