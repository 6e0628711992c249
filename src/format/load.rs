//! A capture as a whole: its header, and the waveforms of the wanted probes.

use super::{FormatError, Reader};
use crate::capture::{Capture, Extent, Request, Sink, Waveforms};
use crate::units::{Rounding, SampleRate, Unit, value_text};

/// The sample rate that a capture is read at: the file's own, or the one that is `stated`; without any, how many of its time
/// units a second has, where it states times.
///
/// # Errors
/// [`FormatError::RateContradicted`] when the file states another one, and [`FormatError::RateMissing`] when neither states
/// one.
pub fn rate_in_use(reader: &dyn Reader, stated: Option<&SampleRate>) -> Result<SampleRate, FormatError> {
    // What libsigrok reads is told a rate in whole hertz.
    let whole = |rate: &SampleRate| rate.hz().to_integer(Rounding::Nearest);
    match (&reader.header().rate, stated) {
        (Some(own), Some(stated)) if whole(own) != whole(stated) => {
            let text = |rate: &SampleRate| value_text(rate.hz(), Unit::Hertz, Rounding::Nearest);
            Err(FormatError::RateContradicted { own: text(own), stated: text(stated) })
        }
        (_, Some(stated)) => Ok(stated.clone()),
        (Some(own), None) => Ok(own.clone()),
        (None, None) => reader.time_unit().ok_or(FormatError::RateMissing),
    }
}

/// Sends the changes of the wanted probes to a sink, as [`Reader::read`] does, at the sample rate and of the length that the
/// request states.
///
/// # Errors
/// Those of [`rate_in_use`] and of [`Reader::read`], and [`FormatError::Duration`].
pub fn read_changes(reader: &dyn Reader, request: &Request, sink: &mut dyn Sink) -> Result<Extent, FormatError> {
    let rate = rate_in_use(reader, request.rate.as_ref())?;
    let extent = reader.read(request, sink)?;
    Ok(match &request.duration {
        Some(duration) => extent.lasting(duration, &rate)?,
        None => extent,
    })
}

/// Reads the wanted probes of an opened capture. Wanted bits that no probe has are left out; a probe that was not recorded is
/// a line without edges.
///
/// # Errors
/// Those of [`read_changes`].
pub fn read_capture(reader: &dyn Reader, request: &Request) -> Result<Capture, FormatError> {
    let header = reader.header().with_thresholds(&request.thresholds);
    let rate = rate_in_use(reader, request.rate.as_ref())?;
    let wanted = header.probes.iter().filter(|probe| request.bits.contains(&probe.bit)).cloned().collect();
    let mut waveforms = Waveforms::new(wanted, request.caps.edges);
    let extent = read_changes(reader, request, &mut waveforms)?;
    let lines = waveforms.finish(&extent)?;
    let Extent { length, end, lost, unknown: _, problems, analog } = extent;
    Ok(Capture { header, rate, length, end, lines, lost, problems, analog })
}
