//! Live: what a logic analyzer samples, through libsigrok, as changes into a [`Sink`](crate::capture::Sink).
//!
//! libsigrok is opened when something here is called, and never before: whoever only judges files needs none. A
//! [`Stream`] is a device that samples, on a thread of its own; [`record`] takes its samples, waits for the trigger, and
//! sends the changes on. A device that delivers less than was asked for, goes silent or complains is never quiet: it
//! makes a [`Recording`] with problems, and such a capture cannot pass.

mod analog;
mod changes;
mod device;
mod error;
mod import;
mod order;
mod pipe;
mod record;
mod ring;
mod settings;
mod stream;
mod survey;
mod trigger;
mod usb;

pub(crate) use analog::Recorder;
pub(crate) use error::LiveError;
pub(crate) use import::{ImportError, ImportOrder, ModuleChoice, import};
pub(crate) use order::{ChannelChoice, DeviceChoice, Limit, Order, OrderError, Setting, TriggerBy};
pub(crate) use record::{Control, Ending, Progress, Recording, record};
pub(crate) use ring::Ring;
#[cfg(test)]
pub(crate) use sigrok_sys::SampleRates;
pub(crate) use stream::{Armed, Identity, Stream};
pub(crate) use survey::{DeviceSheet, Survey, survey};
