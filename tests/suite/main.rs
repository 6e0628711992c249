//! The integration tests, as one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod floors;
mod srzip_peers;
