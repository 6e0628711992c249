//! The integration tests, as one binary.

mod bench_capture;
mod example_scenarios;
mod floors;
mod simulation;
mod srzip_peers;
mod support;
mod verdict;
