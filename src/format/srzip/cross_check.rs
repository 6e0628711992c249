//! The decoder of repeats held against the reference, on whole sessions: what tests run on every file there is.

use super::chunks::Part;
use super::decode::Decoder;
use super::session::Session;
use crate::capture::Request;
use crate::format::unreadable;
use crate::format::{FormatError, Source};

/// What came of decoding every chunk both ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossCheck {
    /// How many chunks were decoded both ways: those packed by DEFLATE.
    pub chunks: u64,
    /// Where one way found other changes than the other, or a fault that the other did not find, as sentences.
    pub differences: Vec<String>,
}

/// Decodes every chunk of a session both ways, as repeats and byte by byte by the reference library, and compares what
/// they find: the changes of these probes, the number of samples, and whether the chunk is sound.
///
/// [`Reader::read`](crate::format::Reader::read) needs none of this to be sure: there a chunk's CRC-32 is computed from the
/// very pieces that its changes were found in, and where it proves nothing the reference decides.
///
/// # Errors
/// [`FormatError`] when it is no session that can be read.
pub fn cross_check(source: Box<dyn Source>, request: &Request) -> Result<CrossCheck, FormatError> {
    let session = Session::open(source, &request.caps).map_err(unreadable)?;
    let wanted = session.wanted(request);
    let mut decoder = Decoder::new();
    let mut found = CrossCheck { chunks: 0, differences: Vec::new() };
    for part in session.parts() {
        let Part::Chunk { member, .. } = part else { continue };
        if let Some(both) = decoder.both(&**session.source(), member, wanted) {
            found.chunks += 1;
            found.differences.extend(both.difference().map(|difference| format!("{part}: {difference}")));
        }
    }
    Ok(found)
}
