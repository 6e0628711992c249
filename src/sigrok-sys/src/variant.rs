//! Values that settings take and give: glib's variants, counted.

use std::mem::ManuallyDrop;
use std::ptr::{NonNull, null_mut};

use crate::config::ValueKind;
use crate::context::c_text;
use crate::error::{Error, text_of};
use crate::library::Api;
use crate::opaque::GVariant;

/// The value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number that is not negative.
    Unsigned(u64),
    /// A whole number.
    Integer(i32),
    /// A number.
    Float(f64),
    /// A text.
    Text(String),
    /// Yes or no.
    Switch(bool),
    /// A fraction.
    Ratio(u64, u64),
    /// Two numbers.
    FloatRange(f64, f64),
}

/// A variant that is ours: its reference is given back when it is dropped.
pub(crate) struct Variant<'a> {
    api: &'a Api,
    raw: NonNull<GVariant>,
}

impl<'a> Variant<'a> {
    /// A new variant. New ones float: the reference is sunk, so that it is ours whoever else takes one.
    pub(crate) fn new(api: &'a Api, value: &Value) -> Result<Variant<'a>, Error> {
        let glib = &api.glib;
        // SAFETY: each call takes plain numbers, or a text or list that lives for the call; glib copies them. The parts of a
        // pair float, and the pair takes them over.
        let raw = unsafe {
            let pair = |a, b| {
                let parts = [a, b];
                glib.g_variant_new_tuple(parts.as_ptr(), parts.len())
            };
            match value {
                Value::Unsigned(value) => glib.g_variant_new_uint64(*value),
                Value::Integer(value) => glib.g_variant_new_int32(*value),
                Value::Float(value) => glib.g_variant_new_double(*value),
                Value::Text(value) => glib.g_variant_new_string(c_text(value)?.as_ptr()),
                Value::Switch(value) => glib.g_variant_new_boolean((*value).into()),
                Value::Ratio(p, q) => pair(glib.g_variant_new_uint64(*p), glib.g_variant_new_uint64(*q)),
                Value::FloatRange(a, b) => pair(glib.g_variant_new_double(*a), glib.g_variant_new_double(*b)),
            }
        };
        // SAFETY: what was made floats.
        unsafe { Variant::sunk(api, raw) }
    }

    /// # Safety
    /// `raw` is null, or a variant that floats.
    unsafe fn sunk(api: &'a Api, raw: *mut GVariant) -> Result<Variant<'a>, Error> {
        let raw = NonNull::new(raw).ok_or(Error::Nothing("making a value"))?;
        // SAFETY: it floats; from here on this reference is ours.
        unsafe { api.glib.g_variant_ref_sink(raw.as_ptr()) };
        Ok(Variant { api, raw })
    }

    /// A variant that a call gave away.
    ///
    /// # Safety
    /// `raw` is null, or a variant whose reference the caller owns and gives away here.
    pub(crate) unsafe fn owned(api: &'a Api, raw: *mut GVariant) -> Option<Variant<'a>> {
        NonNull::new(raw).map(|raw| Variant { api, raw })
    }

    /// A variant whose reference stays its owner's.
    ///
    /// # Safety
    /// `raw` is null, or a variant that outlives what is returned.
    pub(crate) unsafe fn borrowed(api: &'a Api, raw: *mut GVariant) -> Option<ManuallyDrop<Variant<'a>>> {
        NonNull::new(raw).map(|raw| ManuallyDrop::new(Variant { api, raw }))
    }

    /// A new variant of the same type as another one: numbers come in several sizes.
    pub(crate) fn like(api: &'a Api, other: &Variant<'_>, value: &Value) -> Result<Variant<'a>, Error> {
        match value {
            Value::Unsigned(value) if other.has_type("u") => {
                let value = u32::try_from(*value).map_err(|_| Error::Kind("making a value"))?;
                // SAFETY: it takes a number, and gives a variant that floats.
                unsafe { Variant::sunk(api, api.glib.g_variant_new_uint32(value)) }
            }
            Value::Unsigned(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Switch(_)
            | Value::Ratio(..)
            | Value::FloatRange(..) => Variant::new(api, value),
        }
    }

    /// What it holds.
    pub(crate) fn kind(&self) -> ValueKind {
        // SAFETY: the variant is alive, and its type's text lives as long as it.
        let text = unsafe { text_of(self.api.glib.g_variant_get_type_string(self.as_ptr())) };
        match text.as_deref() {
            Some("t" | "u") => ValueKind::Unsigned,
            Some("i") => ValueKind::Integer,
            Some("d") => ValueKind::Float,
            Some("s") => ValueKind::Text,
            Some("b") => ValueKind::Switch,
            Some(_) | None => ValueKind::Other,
        }
    }

    pub(crate) fn as_ptr(&self) -> *mut GVariant {
        self.raw.as_ptr()
    }

    fn has_type(&self, wanted: &str) -> bool {
        // SAFETY: the variant is alive, and its type's text lives as long as it.
        let text = unsafe { text_of(self.api.glib.g_variant_get_type_string(self.as_ptr())) };
        text.as_deref() == Some(wanted)
    }

    /// The number, if it is one.
    pub(crate) fn unsigned(&self) -> Option<u64> {
        // SAFETY: the variant is alive and of this type.
        self.has_type("t").then(|| unsafe { self.api.glib.g_variant_get_uint64(self.as_ptr()) })
    }

    /// The list of these children.
    fn children<T>(&self, list: &str, one: impl Fn(&Variant<'a>) -> Option<T>) -> Option<Vec<T>> {
        if !self.has_type(list) {
            return None;
        }
        // SAFETY: the variant is alive and has children; each is given with a reference of its own.
        let child =
            |at| unsafe { Variant::owned(self.api, self.api.glib.g_variant_get_child_value(self.as_ptr(), at)) };
        // SAFETY: the variant is alive and has children.
        let count = unsafe { self.api.glib.g_variant_n_children(self.as_ptr()) };
        (0..count).map(|at| child(at).as_ref().and_then(&one)).collect()
    }

    /// The numbers, if it is a list of them.
    pub(crate) fn unsigned_list(&self) -> Option<Vec<u64>> {
        self.children("at", Variant::unsigned)
    }

    /// The numbers, if it is a list of them.
    pub(crate) fn integer_list(&self) -> Option<Vec<i32>> {
        self.children("ai", |child| {
            // SAFETY: the child is alive and of this type.
            child.has_type("i").then(|| unsafe { self.api.glib.g_variant_get_int32(child.as_ptr()) })
        })
    }

    fn text(&self) -> Option<String> {
        let is_text = self.has_type("s");
        // SAFETY: the variant is alive and a text, which is copied.
        is_text.then(|| unsafe { text_of(self.api.glib.g_variant_get_string(self.as_ptr(), null_mut())) }).flatten()
    }

    fn float(&self) -> Option<f64> {
        // SAFETY: the variant is alive and of this type.
        self.has_type("d").then(|| unsafe { self.api.glib.g_variant_get_double(self.as_ptr()) })
    }

    /// What it holds, if it is a kind of value that settings take.
    pub(crate) fn value(&self) -> Option<Value> {
        // SAFETY: the variant is alive, and its type's text lives as long as it.
        let kind = unsafe { text_of(self.api.glib.g_variant_get_type_string(self.as_ptr())) };
        match kind.as_deref() {
            Some("t") => self.unsigned().map(Value::Unsigned),
            // SAFETY: the variant is alive and of this type.
            Some("i") => Some(Value::Integer(unsafe { self.api.glib.g_variant_get_int32(self.as_ptr()) })),
            Some("d") => self.float().map(Value::Float),
            Some("s") => self.text().map(Value::Text),
            // SAFETY: the variant is alive and of this type.
            Some("b") => Some(Value::Switch(unsafe { self.api.glib.g_variant_get_boolean(self.as_ptr()) } != 0)),
            Some("(tt)") => {
                let parts = self.children("(tt)", Variant::unsigned)?;
                Some(Value::Ratio(*parts.first()?, *parts.get(1)?))
            }
            Some("(dd)") => {
                let parts = self.children("(dd)", Variant::float)?;
                Some(Value::FloatRange(*parts.first()?, *parts.get(1)?))
            }
            Some(_) | None => None,
        }
    }

    /// What it lists, if it is a list of such values.
    pub(crate) fn values(&self) -> Option<Vec<Value>> {
        ["as", "at", "ai", "ad", "a(tt)", "a(dd)"].into_iter().find_map(|list| self.children(list, Variant::value))
    }

    /// The list of numbers under this name, if it is a dictionary that has one.
    pub(crate) fn unsigned_list_under(&self, name: &std::ffi::CStr) -> Option<Vec<u64>> {
        if !self.has_type("a{sv}") {
            return None;
        }
        let wanted = crate::context::NUMBERS.as_ptr().cast();
        // SAFETY: the variant is a dictionary, the texts live for the call (a type is its text), and what is found is ours.
        let found = unsafe {
            let found = self.api.glib.g_variant_lookup_value(self.as_ptr(), name.as_ptr(), wanted);
            Variant::owned(self.api, found)
        };
        found?.unsigned_list()
    }
}

impl Drop for Variant<'_> {
    fn drop(&mut self) {
        // SAFETY: this reference is ours, and given back once.
        unsafe { self.api.glib.g_variant_unref(self.raw.as_ptr()) };
    }
}

/// The variant that a call writes to the place it is given.
pub(crate) fn written<'a>(
    api: &'a Api,
    call: impl FnOnce(*mut *mut GVariant) -> Result<(), Error>,
) -> Result<Variant<'a>, Error> {
    let mut raw = null_mut();
    call(&mut raw)?;
    // SAFETY: libsigrok gives away the reference of what it writes; where it writes nothing, the place stays null.
    unsafe { Variant::owned(api, raw) }.ok_or(Error::Nothing("reading a setting"))
}
