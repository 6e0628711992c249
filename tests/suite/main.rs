//! The integration tests, as one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod bench_capture;
mod calibrate;
mod captures;
mod cli;
mod example_scenarios;
mod floors;
mod formats;
mod photodiode;
mod simulation;
mod srzip_peers;
mod support;
mod verdict;
