//! A capture as a whole: its header, and the waveforms of the wanted probes.

use super::{FormatError, Reader};
use crate::capture::{Capture, Request, Waveforms};
use crate::units::SampleRate;

/// Reads the wanted probes of an opened capture. A `stated` sample rate overrides the file's own. Wanted bits that no
/// probe has are left out; a probe that was not recorded is a line without edges.
///
/// # Errors
/// [`FormatError::RateMissing`] when neither the file nor the caller states a rate, and those of [`Reader::read`].
pub fn read_capture(
    reader: &dyn Reader,
    request: &Request,
    stated: Option<&SampleRate>,
) -> Result<Capture, FormatError> {
    let header = reader.header().clone();
    let rate = stated.or(header.rate.as_ref()).cloned().ok_or(FormatError::RateMissing)?;
    let wanted = header.probes.iter().filter(|probe| request.bits.contains(&probe.bit)).cloned().collect();
    let mut waveforms = Waveforms::new(wanted, request.caps.edges);
    let extent = reader.read(request, &mut waveforms)?;
    let lines = waveforms.finish(extent.length)?;
    Ok(Capture { header, rate, length: extent.length, lines, lost: extent.lost, problems: extent.problems })
}
