//! libsigrok's C interface, loaded at run time, behind types that are safe to use.
//!
//! The program that links this crate needs no libsigrok to build or to start: [`Sigrok::open`] looks for the library,
//! and says what to install where there is none. All functions that are used must be there, and the interface must be
//! the fourth (current − age = 4: libsigrok 0.5.0 and later), or it is refused before anything is called.
//!
//! # Who lives how long
//!
//! A [`Sigrok`] is the library and its one context. [`Driver`]s and [`Device`]s belong to it and cannot outlive it; an
//! [`OpenDevice`] closes itself; a session exists only within [`OpenDevice::run`] and [`Input::read`]. They are dropped in
//! the order session, device, context, library, which the borrows enforce. All of it stays on the thread that opened it,
//! as libsigrok wants; only a [`Stopper`] may be used from anywhere.
//!
//! # What is checked
//!
//! Every return code; every pointer before it is read; every text, which may be in any encoding. No panic crosses into C:
//! the callbacks catch it, and it goes on where the session was started.

mod channel;
mod config;
mod context;
mod device;
mod error;
mod import;
mod library;
mod messages;
mod session;
mod variant;

#[allow(
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    dead_code,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    unused_imports,
    reason = "made by bindgen"
)]
mod glib;
mod opaque;
#[allow(
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    dead_code,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    unused_imports,
    reason = "made by bindgen"
)]
mod sigrok;

pub use channel::{Channel, ChannelKind};
pub use config::{Key, KeyInfo, ValueKind};
pub use context::{Driver, Sigrok};
pub use device::{Device, Group, OpenDevice, SampleRates};
pub use error::{Code, Error, OpenError};
pub use import::{Imported, Input, InputModule, InputOption};
pub use messages::{Message, Severity};
pub use session::{Packet, Stopper, TriggerMatch};
pub use variant::Value;
