//! Which analog channels a rig reads as lines.

use super::ObserveError;
use crate::capture::{Header, ProbeError, Threshold, listed};
use crate::rig::{ProbeSelector, Rig};

/// The thresholds of a rig's analog lines, each with a bit that no probe of the capture has.
///
/// # Errors
/// [`ObserveError::Probe`] when a channel is not among `channels`, those of the capture.
pub fn thresholds(rig: &Rig, header: &Header, channels: &[&str]) -> Result<Vec<Threshold>, ObserveError> {
    let is_free = |bit: &u32| header.probes.iter().all(|probe| probe.bit != *bit);
    // The highest first: those of probes come from below.
    let mut free = (0..u64::BITS).rev().filter(is_free);
    let mut thresholds: Vec<Threshold> = Vec::new();
    for wire in rig.wires() {
        let ProbeSelector::Analog(probe) = &wire.probe else { continue };
        if !channels.contains(&probe.channel.as_str()) {
            let available = if channels.is_empty() { "none".to_owned() } else { listed(channels) };
            let source = ProbeError::NoAnalog { wanted: probe.channel.clone(), available };
            return Err(ObserveError::Probe { wire: wire.full_key(), probe: probe.to_string(), source });
        }
        if thresholds.iter().all(|known| known.probe != *probe)
            && let Some(bit) = free.next()
        {
            thresholds.push(Threshold { bit, probe: probe.clone() });
        }
    }
    Ok(thresholds)
}
