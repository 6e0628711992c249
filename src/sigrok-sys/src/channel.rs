//! Channels, of devices and of files.

use std::ffi::c_int;
use std::ptr::NonNull;

use crate::context::Sigrok;
use crate::device::pointers;
use crate::error::text_of;
use crate::opaque::sr_dev_inst;
use crate::sigrok as c;

/// What a channel carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelKind {
    /// A level.
    Logic,
    /// A voltage or the like.
    Analog,
}

impl ChannelKind {
    pub(crate) fn of(number: c_int) -> ChannelKind {
        match u32::try_from(number) {
            Ok(c::SR_CHANNEL_LOGIC) => ChannelKind::Logic,
            Ok(_) | Err(_) => ChannelKind::Analog,
        }
    }
}

/// A channel (probe) of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its number: for a logic channel the bit in each sample.
    pub index: u32,
    /// What it carries.
    pub kind: ChannelKind,
    /// Its name.
    pub name: String,
}

/// The channels of a device, logic and analog.
///
/// # Safety
/// The device is alive.
pub(crate) unsafe fn channels_of(sigrok: &Sigrok, device: NonNull<sr_dev_inst>) -> Vec<Channel> {
    // SAFETY: as the caller says.
    let channels = unsafe { raw_channels_of(sigrok, device) };
    (channels.into_iter())
        .filter_map(|channel| {
            // SAFETY: a channel of a device that is alive.
            let (index, kind, name) = unsafe {
                let channel = channel.as_ref();
                (channel.index, channel.type_, text_of(channel.name))
            };
            Some(Channel {
                index: u32::try_from(index).ok()?,
                kind: ChannelKind::of(kind),
                name: name.unwrap_or_default(),
            })
        })
        .collect()
}

/// The channels of a device, as libsigrok has them.
///
/// # Safety
/// The device is alive.
pub(crate) unsafe fn raw_channels_of(sigrok: &Sigrok, device: NonNull<sr_dev_inst>) -> Vec<NonNull<c::sr_channel>> {
    // SAFETY: the device is alive, and the list and the channels are the device's.
    unsafe { pointers(sigrok.api.sigrok.sr_dev_inst_channels_get(device.as_ptr())) }
}
