//! The integration tests, as one binary.

mod floors;
mod srzip_peers;
