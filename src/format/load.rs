//! A capture as a whole: its header, and the waveforms of the wanted probes.

use super::{FormatError, Reader};
use crate::capture::{Capture, Extent, Request, Waveforms};
use crate::units::SampleRate;

/// Reads the wanted probes of an opened capture. A `stated` sample rate overrides the file's own, and that of the
/// request; without any, the time units of a file that states times are counted. Wanted bits that no probe has are left
/// out; a probe that was not recorded is a line without edges.
///
/// # Errors
/// [`FormatError::RateMissing`] when neither the file nor the caller states a rate, and those of [`Reader::read`].
pub fn read_capture(
    reader: &dyn Reader,
    request: &Request,
    stated: Option<&SampleRate>,
) -> Result<Capture, FormatError> {
    let header = reader.header().with_thresholds(&request.thresholds);
    let stated = stated.or(request.rate.as_ref());
    let own = || header.rate.clone().or_else(|| reader.time_unit());
    let rate = stated.cloned().or_else(own).ok_or(FormatError::RateMissing)?;
    let wanted = header.probes.iter().filter(|probe| request.bits.contains(&probe.bit)).cloned().collect();
    let mut waveforms = Waveforms::new(wanted, request.caps.edges);
    let extent = reader.read(&Request { rate: stated.cloned(), ..request.clone() }, &mut waveforms)?;
    let lines = waveforms.finish(&extent)?;
    let Extent { length, end, lost, unknown: _, problems, analog } = extent;
    Ok(Capture { header, rate, length, end, lines, lost, problems, analog })
}
