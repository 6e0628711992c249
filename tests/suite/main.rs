//! The integration tests, as one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod bench_capture;
mod calibrate;
mod camera_log;
mod captures;
mod cases;
mod cli;
mod clips;
mod damage;
mod diagnosis;
mod differential;
mod example_scenarios;
mod files;
mod flash_pattern;
mod floors;
mod foreign;
mod format_cases;
mod formats;
mod frame_counts;
#[path = "../rigs/mod.rs"]
mod generator;
mod guide;
mod help;
mod hostile_formats;
mod json_outputs;
mod junit_schema;
mod learning;
mod licences;
mod live;
mod pages;
mod photodiode;
mod profiles;
mod proof;
mod readme;
mod reported_exposure;
mod results;
mod rigs;
mod simulation;
mod srzip_peers;
mod support;
mod teaching;
mod tools;
mod unresolved;
mod verdict;
mod wiring;
mod written;
