//! Why a session file cannot be read.

use super::chunks::SequenceError;
use super::losses::LossesError;
use super::metadata::MetadataError;
use crate::format::archive::{ArchiveError, Fault};

/// bzip2 packs a million to one, and is unpacked byte by byte: its bytes are bounded, not only its packed ones.
pub(super) const MOST_BY_BZIP2: u64 = 4 << 30;

/// Why a file is no session that can be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum SessionError {
    #[error("no sigrok session: the archive has no member '{name}'{hint}")]
    NoMember { name: &'static str, hint: String },
    #[error("it is {0}: {1}")]
    Foreign(&'static str, &'static str),
    #[error(
        "the capture has no logic data, only analog channels; record the lines with logic probes, or wire a channel ({channels}) \
         with a threshold: flash = {{ analog = \"NAME\", threshold = \"0.9 V\" }}"
    )]
    OnlyAnalog { channels: String },
    #[error("'{0}' stands in the archive more than once; remove the one that is wrong")]
    Twice(&'static str),
    #[error("'{name}': {fault}")]
    Damaged { name: String, fault: Fault },
    #[error("'version' is '{0}'; sessions of version 1 and 2 can be read")]
    Version(String),
    #[error("'{name}' has {size} bytes, more than {most}; raise --max-metadata")]
    MetadataTooLarge { name: &'static str, size: u64, most: u64 },
    #[error(
        "its samples of {bytes} bytes by bzip2 are more than the {MOST_BY_BZIP2} that are read; pack it by deflate"
    )]
    TooMuchBzip2 { bytes: u64 },
    #[error("'{name}': {source}")]
    Losses { name: &'static str, source: LossesError },
    #[error(
        "samples of {unit} bytes show bits that none of the {total} probes has: 'unitsize' or 'total probes' in \
         'metadata' is wrong; correct it"
    )]
    BitsOfNoProbe { unit: usize, total: u64 },
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error(transparent)]
    Sequence(#[from] SequenceError),
}
