//! Files of other programs, read by libsigrok's input modules.

use std::cell::{Cell, RefCell};
use std::ffi::CString;
use std::fmt;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::path::Path;
use std::ptr::{NonNull, null};
use std::sync::Arc;

use crate::channel::{Channel, channels_of};
use crate::config::ValueKind;
use crate::context::{Sigrok, c_text};
use crate::error::{Error, check, text_of};
use crate::opaque::{GHashTable, sr_input, sr_input_module};
use crate::session::{Packet, Receiver, Session};
use crate::sigrok as c;
use crate::variant::{Value, Variant};

/// A module that reads a format.
#[derive(Clone, Copy)]
pub struct InputModule<'s> {
    sigrok: &'s Sigrok,
    raw: NonNull<sr_input_module>,
}

/// What an input module can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputOption {
    /// Its name on a command line, such as `numchannels`.
    pub id: String,
    /// What it takes.
    pub kind: ValueKind,
}

impl fmt::Debug for InputModule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InputModule").field(&self.id()).finish()
    }
}

impl Sigrok {
    /// All input modules.
    #[must_use]
    pub fn input_modules(&self) -> Vec<InputModule<'_>> {
        let mut modules = Vec::new();
        // SAFETY: the list ends with a null, and lives, as do its modules, as long as the library.
        unsafe {
            let mut at = self.api.sigrok.sr_input_list();
            while let Some(entry) = NonNull::new(at) {
                let Some(raw) = NonNull::new((*entry.as_ptr()).cast_mut()) else { break };
                modules.push(InputModule { sigrok: self, raw });
                at = at.add(1);
            }
        }
        modules
    }

    /// The module that recognises a file by its beginning, its size or its name, ready to read it; none: no module does.
    ///
    /// # Errors
    /// [`Error::ZeroByte`] for a path that has one.
    pub fn recognise(&self, path: &Path) -> Result<Option<Input<'_>>, Error> {
        let path = c_path(path)?;
        let mut raw: *const sr_input = null();
        // SAFETY: the path lives for the call, and the place takes one pointer.
        let found = unsafe { self.api.sigrok.sr_input_scan_file(path.as_ptr(), &mut raw) };
        let input = NonNull::new(raw.cast_mut()).map(|raw| Input { sigrok: self, raw });
        Ok(input.filter(|_| found == c::SR_OK))
    }
}

#[cfg(unix)]
fn c_path(path: &Path) -> Result<CString, Error> {
    use std::os::unix::ffi::OsStrExt;
    CString::new(path.as_os_str().as_bytes()).map_err(|_| Error::ZeroByte(path.display().to_string()))
}

#[cfg(not(unix))]
fn c_path(path: &Path) -> Result<CString, Error> {
    c_text(&path.to_string_lossy())
}

impl<'s> InputModule<'s> {
    /// Its name on a command line, such as `chronovu-la8`.
    #[must_use]
    pub fn id(&self) -> String {
        // SAFETY: a module and its texts live as long as the library.
        unsafe { text_of(self.sigrok.api.sigrok.sr_input_id_get(self.raw.as_ptr())) }.unwrap_or_default()
    }

    /// Its name for people.
    #[must_use]
    pub fn name(&self) -> String {
        // SAFETY: as above.
        unsafe { text_of(self.sigrok.api.sigrok.sr_input_name_get(self.raw.as_ptr())) }.unwrap_or_default()
    }

    /// What it can be told.
    #[must_use]
    pub fn options(&self) -> Vec<InputOption> {
        self.with_options(|id, default| InputOption { id, kind: default.kind() })
    }

    /// Gives each option's name and default value to `take`.
    fn with_options<T>(&self, mut take: impl FnMut(String, &Variant<'_>) -> T) -> Vec<T> {
        let api = &self.sigrok.api;
        let mut taken = Vec::new();
        // SAFETY: null, or a list of options that ends with a null, alive until it is freed below; the options' values are
        // borrowed while they are.
        unsafe {
            let options = api.sigrok.sr_input_options_get(self.raw.as_ptr());
            let mut at = options;
            while let Some(entry) = NonNull::new(at) {
                let Some(option) = NonNull::new((*entry.as_ptr()).cast_mut()) else { break };
                let option = option.as_ref();
                if let Some((id, default)) = text_of(option.id).zip(Variant::borrowed(api, option.def)) {
                    taken.push(take(id, &default));
                }
                at = at.add(1);
            }
            if !options.is_null() {
                api.sigrok.sr_input_options_free(options);
            }
        }
        taken
    }

    /// Makes it ready to read a file.
    ///
    /// # Errors
    /// [`Error`] when it has no such option, or does not take the value.
    pub fn open(&self, options: &[(String, Value)]) -> Result<Input<'s>, Error> {
        const DOING: &str = "setting up the input module";
        let api = &self.sigrok.api;
        let set = self.with_options(|id, default| {
            let given = options.iter().find(|(name, _)| *name == id);
            given.map(|(name, value)| Ok((c_text(name)?, Variant::like(api, default, value)?)))
        });
        let set: Vec<(CString, Variant<'_>)> = set.into_iter().flatten().collect::<Result<_, Error>>()?;
        if set.len() != options.len() {
            return Err(Error::Nothing(DOING));
        }
        // SAFETY: keys and values live until the table is gone; the module takes references of its own.
        let raw = unsafe {
            let table = Table::new(self.sigrok)?;
            for (name, value) in &set {
                api.glib.g_hash_table_insert(table.raw, name.as_ptr().cast_mut().cast(), value.as_ptr().cast());
            }
            api.sigrok.sr_input_new(self.raw.as_ptr(), table.raw)
        };
        NonNull::new(raw).map(|raw| Input { sigrok: self.sigrok, raw }).ok_or(Error::Nothing(DOING))
    }
}

/// A hash table of texts, which owns neither its keys nor its values.
struct Table<'s> {
    sigrok: &'s Sigrok,
    raw: *mut GHashTable,
}

impl<'s> Table<'s> {
    fn new(sigrok: &'s Sigrok) -> Result<Table<'s>, Error> {
        let glib = &sigrok.api.glib;
        // SAFETY: the functions are glib's own, and stay loaded as long as the library.
        let raw = unsafe { glib.g_hash_table_new(Some(glib.g_str_hash), Some(glib.g_str_equal)) };
        if raw.is_null() { Err(Error::Nothing("making a table")) } else { Ok(Table { sigrok, raw }) }
    }
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        // SAFETY: made here and destroyed once.
        unsafe { self.sigrok.api.glib.g_hash_table_destroy(self.raw) };
    }
}

/// What a file turns out to hold.
#[derive(Debug)]
pub enum Imported<'p> {
    /// Its channels, before its samples.
    Channels(Vec<Channel>),
    /// A packet.
    Packet(Packet<'p>),
}

/// A module that is about to read a file.
pub struct Input<'s> {
    sigrok: &'s Sigrok,
    raw: NonNull<sr_input>,
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Input").field(&self.module()).finish()
    }
}

impl Drop for Input<'_> {
    fn drop(&mut self) {
        // SAFETY: it is alive and freed once; its session is gone, as that exists only within `read`.
        unsafe { self.sigrok.api.sigrok.sr_input_free(self.raw.as_ptr()) };
    }
}

impl<'s> Input<'s> {
    /// The module.
    #[must_use]
    pub fn module(&self) -> Option<InputModule<'s>> {
        // SAFETY: it is alive; its module lives as long as the library.
        let raw = unsafe { self.sigrok.api.sigrok.sr_input_module_get(self.raw.as_ptr()) };
        NonNull::new(raw.cast_mut()).map(|raw| InputModule { sigrok: self.sigrok, raw })
    }

    /// Reads a file to its end: `next` fills a piece of it and says how long it is, 0 at the end; `take` gets what it holds,
    /// until it breaks off. Whatever the module complained about is in [`Sigrok::messages`] afterwards.
    ///
    /// # Errors
    /// Those of `next`; [`Error`] when the module finds the file unreadable.
    ///
    /// # Panics
    /// When `take` panics.
    pub fn read<E: From<Error>>(
        self,
        next: &mut dyn FnMut(&mut [u8]) -> Result<usize, E>,
        take: &mut dyn FnMut(Imported<'_>) -> ControlFlow<()>,
    ) -> Result<(), E> {
        const PIECE: usize = 1 << 20;
        let take = RefCell::new(take);
        let broken_off = Cell::new(false);
        let tell = |imported: Imported<'_>| {
            if !broken_off.get() {
                broken_off.set((take.borrow_mut())(imported).is_break());
            }
        };
        let mut packets = |packet: Packet<'_>| tell(Imported::Packet(packet));
        let mut receiver =
            Receiver { take: &mut packets, panic: None, api: Arc::clone(&self.sigrok.api), stopper: None };
        // SAFETY: the receiver outlives the session, which is dropped below, and is not touched before.
        let session = unsafe { Session::new(self.sigrok, &mut receiver)? };
        let mut feed = || -> Result<(), E> {
            let mut piece = vec![0; PIECE];
            let mut has_channels = false;
            while !broken_off.get() {
                let length = next(&mut piece)?;
                if length == 0 {
                    self.end()?;
                    break;
                }
                self.send(piece.get(..length).unwrap_or(&piece))?;
                if !has_channels && let Some(channels) = self.enter(&session)? {
                    has_channels = true;
                    tell(Imported::Channels(channels));
                }
            }
            Ok(())
        };
        let done = feed();
        drop(session);
        if let Some(panic) = receiver.panic.take() {
            resume_unwind(panic);
        }
        done
    }

    /// Hands a piece of the file to the module.
    fn send(&self, piece: &[u8]) -> Result<(), Error> {
        let api = &self.sigrok.api;
        let length = isize::try_from(piece.len()).map_err(|_| Error::Nothing("reading the file"))?;
        // SAFETY: the text is a copy of the piece, which the module copies in its turn, and is freed once.
        unsafe {
            let text = api.glib.g_string_new_len(piece.as_ptr().cast(), length);
            let sent = api.sigrok.sr_input_send(self.raw.as_ptr(), text);
            api.glib.g_string_free(text, 1);
            check("reading the file", sent)
        }
    }

    /// Says that the file has ended.
    fn end(&self) -> Result<(), Error> {
        // SAFETY: it is alive, and so is the session that its packets go to.
        check("reading the file", unsafe { self.sigrok.api.sigrok.sr_input_end(self.raw.as_ptr()) })
    }

    /// Takes the file's device into the session, and gives its channels; none: it is not known yet.
    fn enter(&self, session: &Session<'_>) -> Result<Option<Vec<Channel>>, Error> {
        // SAFETY: it is alive; the device is null or belongs to it, and so outlives the session within `read`.
        unsafe {
            let device = self.sigrok.api.sigrok.sr_input_dev_inst_get(self.raw.as_ptr());
            let Some(device) = NonNull::new(device) else { return Ok(None) };
            session.add(device)?;
            Ok(Some(channels_of(self.sigrok, device)))
        }
    }
}
