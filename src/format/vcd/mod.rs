//! Value change dumps (VCD, IEEE 1364), as sigrok, simulators and many analyzers write them.
//!
//! A dump declares variables, each with a short code, and then lists times and the values that change there. One-bit
//! variables are probes, and so is each bit of a vector; real numbers, texts and events are none. A dump states a time
//! unit and no sample rate, but for those of `clip`, which say it in sigrok's comment. It is read as a stream with a
//! reader of our own: wellen 0.25.7 holds all of it in memory, whatever its size, leaves out what comes after a time that goes back
//! with a note on standard output, and panics on one of eleven dumps with a damaged byte; here, what is lost must be said.

mod changes;
mod declarations;

use super::text::TextError;
use super::{Format, FormatError, Reader, Source, unreadable};
use crate::capture::{Extent, Header, Request, Sink};
use crate::units::SampleRate;
use declarations::Declarations;

const ID: &str = "vcd";

/// The format of value change dumps.
pub(super) static VCD: Format = Format {
    id: ID,
    about: "value change dump (VCD)",
    sniff: |head| {
        // Programs add declarations of their own, so that the first may be any.
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        matches!(text, [b'$', first, ..] if first.is_ascii_lowercase())
    },
    open: |source, _| {
        let declarations = declarations::read(&*source).map_err(unreadable)?;
        let header = Header {
            format: ID,
            rate: declarations.rate.clone(),
            probes: declarations.probes.clone(),
            warnings: declarations.warnings.clone(),
        };
        Ok(Box::new(Dump { source, header, declarations }))
    },
};

/// Why a dump cannot be read.
#[derive(Debug, thiserror::Error)]
enum VcdError {
    #[error(transparent)]
    Text(#[from] TextError),
    #[error("line {line}: {what}")]
    Declaration { line: u64, what: String },
    #[error("the declarations have no end: there is no $enddefinitions")]
    NoEnd,
    #[error("it declares no time unit: there is no $timescale")]
    NoTimescale,
    #[error("it declares no variable of one bit")]
    NoProbes,
    #[error("it declares more than {0} variables")]
    TooManyVariables(usize),
}

/// An opened dump.
struct Dump {
    source: Box<dyn Source>,
    header: Header,
    declarations: Declarations,
}

impl Reader for Dump {
    fn header(&self) -> &Header {
        &self.header
    }

    fn time_unit(&self) -> Option<SampleRate> {
        self.declarations.tick.rate()
    }

    fn read(&self, request: &Request, sink: &mut dyn Sink) -> Result<Extent, FormatError> {
        changes::read(&*self.source, &self.declarations, request, sink)
    }
}

#[cfg(test)]
mod tests;
