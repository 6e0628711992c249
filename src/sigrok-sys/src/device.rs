//! Devices: what they are, and what they can be set to.

use std::ffi::c_char;
use std::marker::PhantomData;
use std::ptr::{NonNull, null, null_mut};

use crate::channel::{Channel, ChannelKind, channels_of, raw_channels_of};
use crate::config::Key;
use crate::context::{Sigrok, c_text};
use crate::error::{Error, check, text_of};
use crate::glib::{GArray, GSList};
use crate::opaque::sr_dev_inst;
use crate::session::TriggerMatch;
use crate::sigrok as c;
use crate::variant::{Value, Variant, written};

/// A group of channels with settings of its own.
#[derive(Debug, Clone, Copy)]
pub struct Group<'d> {
    raw: NonNull<c::sr_channel_group>,
    belongs: PhantomData<&'d ()>,
}

/// The sample rates that a device can be set to, in Hz.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SampleRates {
    /// These.
    List(Vec<u64>),
    /// From the first to the second, in steps of the third.
    Steps(u64, u64, u64),
}

/// A device that a scan found.
pub struct Device<'s> {
    pub(crate) sigrok: &'s Sigrok,
    pub(crate) driver: NonNull<c::sr_dev_driver>,
    pub(crate) raw: NonNull<sr_dev_inst>,
    /// Devices are the driver's; they live as long as the context.
    pub(crate) belongs: PhantomData<&'s sr_dev_inst>,
}

impl std::fmt::Debug for Device<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("model", &self.model()).field("connection", &self.connection()).finish()
    }
}

impl<'s> Device<'s> {
    fn text(&self, get: unsafe fn(&c::Sigrok, *const sr_dev_inst) -> *const c_char) -> Option<String> {
        // SAFETY: the device is alive; what is returned is null or a text of the device, which is copied.
        let text = unsafe { text_of(get(&self.sigrok.api.sigrok, self.raw.as_ptr())) };
        text.filter(|text| !text.is_empty())
    }

    /// Who made it.
    #[must_use]
    pub fn vendor(&self) -> Option<String> {
        self.text(c::Sigrok::sr_dev_inst_vendor_get)
    }

    /// What it is called.
    #[must_use]
    pub fn model(&self) -> Option<String> {
        self.text(c::Sigrok::sr_dev_inst_model_get)
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> Option<String> {
        self.text(c::Sigrok::sr_dev_inst_version_get)
    }

    /// Its serial number.
    #[must_use]
    pub fn serial_number(&self) -> Option<String> {
        self.text(c::Sigrok::sr_dev_inst_sernum_get)
    }

    /// Where it is connected, as a scan takes it for `conn`.
    #[must_use]
    pub fn connection(&self) -> Option<String> {
        self.text(c::Sigrok::sr_dev_inst_connid_get)
    }

    fn raw_channels(&self) -> Vec<NonNull<c::sr_channel>> {
        // SAFETY: the device is alive.
        unsafe { raw_channels_of(self.sigrok, self.raw) }
    }

    /// Its channels, logic and analog.
    #[must_use]
    pub fn channels(&self) -> Vec<Channel> {
        // SAFETY: the device is alive.
        unsafe { channels_of(self.sigrok, self.raw) }
    }

    pub(crate) fn raw_logic_channel(&self, index: u32) -> Option<NonNull<c::sr_channel>> {
        self.raw_channels().into_iter().find(|channel| {
            // SAFETY: a channel of a device that is alive.
            let channel = unsafe { channel.as_ref() };
            u32::try_from(channel.index) == Ok(index) && u32::try_from(channel.type_) == Ok(c::SR_CHANNEL_LOGIC)
        })
    }

    /// Opens it. It is closed when what is returned is dropped.
    ///
    /// # Errors
    /// [`Error`] when it cannot be opened; [`Sigrok::messages`] may know more.
    pub fn open(&self) -> Result<OpenDevice<'_, 's>, Error> {
        // SAFETY: the device is alive.
        check("opening the device", unsafe { self.sigrok.api.sigrok.sr_dev_open(self.raw.as_ptr()) })?;
        Ok(OpenDevice { device: self })
    }
}

/// A device that is open.
#[derive(Debug)]
pub struct OpenDevice<'d, 's> {
    pub(crate) device: &'d Device<'s>,
}

impl Drop for OpenDevice<'_, '_> {
    fn drop(&mut self) {
        // SAFETY: the device is alive and open, and no session has it: those end within `run`. A device that is gone cannot
        // be closed, and nobody would do anything about it.
        unsafe { self.device.sigrok.api.sigrok.sr_dev_close(self.device.raw.as_ptr()) };
    }
}

impl OpenDevice<'_, '_> {
    /// The settings of the device, or of one of its groups.
    #[must_use]
    pub fn options(&self, group: Option<&Group<'_>>) -> Vec<Key> {
        let Device { sigrok, driver, raw, .. } = self.device;
        // SAFETY: driver, device and group are alive.
        unsafe { options_of(sigrok, driver.as_ptr(), raw.as_ptr(), raw_group(group)) }
    }

    /// Whether a setting can be set there.
    #[must_use]
    pub fn can_set(&self, group: Option<&Group<'_>>, key: Key) -> bool {
        self.capabilities(group, key) & c::SR_CONF_SET != 0
    }

    /// What a device cannot do, its driver is not asked for: it would complain.
    fn must_have(&self, doing: &'static str, what: u32, group: Option<&Group<'_>>, key: Key) -> Result<(), Error> {
        if self.capabilities(group, key) & what == 0 { Err(Error::Nothing(doing)) } else { Ok(()) }
    }

    fn capabilities(&self, group: Option<&Group<'_>>, key: Key) -> u32 {
        if !self.options(group).contains(&key) {
            return 0;
        }
        let api = &self.device.sigrok.api.sigrok;
        let key = i32::try_from(key.0).unwrap_or_default();
        // SAFETY: device and group are alive.
        let flags = unsafe { api.sr_dev_config_capabilities_list(self.device.raw.as_ptr(), raw_group(group), key) };
        // Flags in a signed number: the highest is the sign.
        flags.cast_unsigned()
    }

    /// The groups that have logic channels.
    #[must_use]
    pub fn logic_groups(&self) -> Vec<Group<'_>> {
        // SAFETY: the device is alive, and its groups with it.
        let groups: Vec<NonNull<c::sr_channel_group>> =
            unsafe { pointers(self.device.sigrok.api.sigrok.sr_dev_inst_channel_groups_get(self.device.raw.as_ptr())) };
        let is_logic = |group: &NonNull<c::sr_channel_group>| {
            // SAFETY: the group and its channels are the device's.
            let channels: Vec<NonNull<c::sr_channel>> = unsafe { pointers(group.as_ref().channels) };
            // SAFETY: as above.
            channels.iter().any(|channel| u32::try_from(unsafe { channel.as_ref() }.type_) == Ok(c::SR_CHANNEL_LOGIC))
        };
        groups.into_iter().filter(is_logic).map(|raw| Group { raw, belongs: PhantomData }).collect()
    }

    /// Sets a setting.
    ///
    /// # Errors
    /// [`Error`] when the device does not take it.
    pub fn set(&self, group: Option<&Group<'_>>, key: Key, value: &Value) -> Result<(), Error> {
        let api = &self.device.sigrok.api;
        let value = Variant::new(api, value)?;
        // SAFETY: device and group are alive; libsigrok takes references of its own to the value.
        let code =
            unsafe { api.sigrok.sr_config_set(self.device.raw.as_ptr(), raw_group(group), key.0, value.as_ptr()) };
        check("setting it", code)
    }

    /// Hands the settings to the device, where it wants that said.
    ///
    /// # Errors
    /// [`Error`] when the device does not take them.
    pub fn commit(&self) -> Result<(), Error> {
        // SAFETY: the device is alive.
        check("handing over the settings", unsafe {
            self.device.sigrok.api.sigrok.sr_config_commit(self.device.raw.as_ptr())
        })
    }

    /// What a setting is set to.
    ///
    /// # Errors
    /// [`Error`] when the device does not say it, or it is nothing that settings take.
    pub fn get(&self, group: Option<&Group<'_>>, key: Key) -> Result<Value, Error> {
        self.must_have("reading a setting", c::SR_CONF_GET, group, key)?;
        self.read(group, key)?.value().ok_or(Error::Kind("reading a setting"))
    }

    fn read(&self, group: Option<&Group<'_>>, key: Key) -> Result<Variant<'_>, Error> {
        let Device { sigrok, driver, raw, .. } = self.device;
        written(&sigrok.api, |place| {
            // SAFETY: driver, device and group are alive, and the place takes one pointer.
            let code = unsafe {
                sigrok.api.sigrok.sr_config_get(driver.as_ptr(), raw.as_ptr(), raw_group(group), key.0, place)
            };
            check("reading a setting", code)
        })
    }

    /// A number that the device is set to.
    ///
    /// # Errors
    /// [`Error`] when the device has no such setting.
    pub fn get_unsigned(&self, key: Key) -> Result<u64, Error> {
        self.read(None, key)?.unsigned().ok_or(Error::Kind("reading a setting"))
    }

    fn list(&self, group: Option<&Group<'_>>, key: Key) -> Result<Variant<'_>, Error> {
        let Device { sigrok, driver, raw, .. } = self.device;
        written(&sigrok.api, |place| {
            // SAFETY: as in `read`.
            let code = unsafe {
                sigrok.api.sigrok.sr_config_list(driver.as_ptr(), raw.as_ptr(), raw_group(group), key.0, place)
            };
            check("listing the choices", code)
        })
    }

    /// The values that a setting takes.
    ///
    /// # Errors
    /// [`Error`] when the device does not list them.
    pub fn choices(&self, group: Option<&Group<'_>>, key: Key) -> Result<Vec<Value>, Error> {
        self.must_have("listing the choices", c::SR_CONF_LIST, group, key)?;
        self.list(group, key)?.values().ok_or(Error::Kind("listing the choices"))
    }

    /// The sample rates that it can be set to.
    ///
    /// # Errors
    /// [`Error`] when it does not say them.
    pub fn sample_rates(&self) -> Result<SampleRates, Error> {
        let choices = self.list(None, Key::SAMPLE_RATE)?;
        if let Some(rates) = choices.unsigned_list_under(c"samplerates") {
            return Ok(SampleRates::List(rates));
        }
        match choices.unsigned_list_under(c"samplerate-steps").as_deref() {
            Some(&[from, to, step]) => Ok(SampleRates::Steps(from, to, step)),
            Some(_) | None => Err(Error::Kind("listing the sample rates")),
        }
    }

    /// What the device can wait for.
    ///
    /// # Errors
    /// [`Error`] when it does not say.
    pub fn triggers(&self) -> Result<Vec<TriggerMatch>, Error> {
        let choices = self.list(None, Key::TRIGGER_MATCH)?;
        let matches = choices.integer_list().ok_or(Error::Kind("listing the triggers"))?;
        Ok(matches.into_iter().filter_map(TriggerMatch::of).collect())
    }

    /// Has these channels recorded, by their kinds and numbers, and no others.
    ///
    /// # Errors
    /// [`Error`] when a channel cannot be switched.
    pub fn enable(&self, wanted: impl Fn(ChannelKind, u32) -> bool) -> Result<(), Error> {
        for channel in self.device.raw_channels() {
            // SAFETY: a channel of a device that is alive.
            let (index, kind) = unsafe { (channel.as_ref().index, channel.as_ref().type_) };
            let on = u32::try_from(index).is_ok_and(|index| wanted(ChannelKind::of(kind), index));
            // SAFETY: as above; no reference to the channel is held.
            let code = unsafe { self.device.sigrok.api.sigrok.sr_dev_channel_enable(channel.as_ptr(), on.into()) };
            check("switching a channel", code)?;
        }
        Ok(())
    }
}

fn raw_group(group: Option<&Group<'_>>) -> *const c::sr_channel_group {
    group.map_or(null(), |group| group.raw.as_ptr())
}

/// The settings of a driver, a device or a group.
///
/// # Safety
/// The driver is alive, and device and group are, where they are not null.
pub(crate) unsafe fn options_of(
    sigrok: &Sigrok,
    driver: *const c::sr_dev_driver,
    device: *const sr_dev_inst,
    group: *const c::sr_channel_group,
) -> Vec<Key> {
    // SAFETY: as the caller says; the array is null or ours.
    unsafe { take_keys(sigrok, sigrok.api.sigrok.sr_dev_options(driver, device, group)) }
}

/// The settings in an array, which is freed.
///
/// # Safety
/// The array is null, or one of 32-bit numbers that the caller owns.
pub(crate) unsafe fn take_keys(sigrok: &Sigrok, array: *mut GArray) -> Vec<Key> {
    let Some(found) = NonNull::new(array) else { return Vec::new() };
    // SAFETY: the array is alive until it is freed here, once; an empty one may have no data. libsigrok fills it with
    // numbers of 32 bits, aligned as the allocator aligns. The upper bits say what can be done with a setting.
    unsafe {
        let (data, count) = (found.as_ref().data, found.as_ref().len as usize);
        let keys = match NonNull::new(data.cast::<u32>()) {
            Some(data) => std::slice::from_raw_parts(data.as_ptr(), count).to_vec(),
            None => Vec::new(),
        };
        sigrok.api.glib.g_array_free(array, 1);
        let capabilities = c::SR_CONF_GET | c::SR_CONF_SET | c::SR_CONF_LIST;
        keys.into_iter().map(|key| Key(key & !capabilities)).collect()
    }
}

/// The pointers in a list, those left out that are null. The list stays whose it is.
///
/// # Safety
/// The list is null or alive, and its data are pointers to `T`.
pub(crate) unsafe fn pointers<T>(list: *mut GSList) -> Vec<NonNull<T>> {
    let mut found = Vec::new();
    let mut at = list;
    while let Some(entry) = NonNull::new(at) {
        // SAFETY: an entry of a list that is alive.
        let entry = unsafe { entry.as_ref() };
        found.extend(NonNull::new(entry.data.cast::<T>()));
        at = entry.next;
    }
    found
}

/// A trigger that waits for all of these at once.
pub(crate) struct Trigger<'a> {
    sigrok: &'a Sigrok,
    pub(crate) raw: NonNull<c::sr_trigger>,
}

impl<'a> Trigger<'a> {
    /// A trigger of one stage for these channels.
    pub(crate) fn new(device: &Device<'a>, matches: &[(u32, TriggerMatch)]) -> Result<Trigger<'a>, Error> {
        let api = &device.sigrok.api.sigrok;
        let name = c_text("")?;
        // SAFETY: the name lives for the call and is copied.
        let raw = unsafe { api.sr_trigger_new(name.as_ptr()) };
        let trigger =
            Trigger { sigrok: device.sigrok, raw: NonNull::new(raw).ok_or(Error::Nothing("making a trigger"))? };
        // SAFETY: the trigger is alive, and the stage belongs to it.
        let stage = unsafe { api.sr_trigger_stage_add(trigger.raw.as_ptr()) };
        if stage.is_null() {
            return Err(Error::Nothing("making a trigger"));
        }
        for (index, kind) in matches {
            let channel = device.raw_logic_channel(*index).map_or(null_mut(), NonNull::as_ptr);
            // SAFETY: the stage is alive; a null channel is refused by the call.
            check("making a trigger", unsafe { api.sr_trigger_match_add(stage, channel, kind.number(), 0.0) })?;
        }
        Ok(trigger)
    }
}

impl Drop for Trigger<'_> {
    fn drop(&mut self) {
        // SAFETY: made here and freed once; the session that had it is gone, as it is dropped before.
        unsafe { self.sigrok.api.sigrok.sr_trigger_free(self.raw.as_ptr()) };
    }
}
