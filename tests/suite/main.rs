//! The integration tests, as one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod bench_capture;
mod camera_log;
mod captures;
mod cli;
mod diagnosis;
mod example_scenarios;
mod flash_pattern;
mod floors;
mod simulation;
mod srzip_peers;
mod support;
mod verdict;
