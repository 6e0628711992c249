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

pub use analog::Recorder;
pub use error::LiveError;
pub use import::{ImportError, ImportOrder, ImportedFile, ModuleChoice, import};
pub use order::{
    AnalogChannel, ChannelChoice, DeviceChoice, Limit, Order, OrderError, Setting, TriggerBy, TriggerChoice,
    TriggerKind,
};
pub use record::{Control, Ending, Progress, Recording, record};
pub use ring::Ring;
pub use settings::SettingSheet;
pub use sigrok_sys::SampleRates;
pub use stream::{Armed, Identity, Stream};
pub use survey::{DeviceSheet, Survey, survey};
pub use usb::{Obstacle, UsbDevice};
