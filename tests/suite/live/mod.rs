//! Live, with libsigrok's demo driver, and without any libsigrok.
//!
//! `libsigrok.so.4` must be installed, as it is with `sigrok-cli`.

mod absent;
mod bench_use;
mod broken;
mod capture;
mod demo;
mod patterns;
mod streaming;
mod watch;
