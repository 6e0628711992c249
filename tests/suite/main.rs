//! The integration tests, as one binary.

mod real_captures;
mod srzip_peers;
