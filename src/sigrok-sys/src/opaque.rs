//! The types of the C interface that are only ever pointed at, and those that bindgen would take from this machine.

#![allow(non_camel_case_types, reason = "they are called as in C")]
#![allow(unreachable_pub, reason = "the bindings, which are all public to this crate, name them")]

/// Declares types of which only the library knows what is inside.
macro_rules! opaque {
    ($($name:ident),+) => {$(
        #[doc = concat!("`", stringify!($name), "`, behind a pointer.")]
        #[repr(C)]
        #[derive(Debug)]
        pub struct $name {
            _inside: [u8; 0],
        }
    )+};
}

opaque!(
    GHashTable,
    GMainContext,
    GSource,
    GVariant,
    GVariantType,
    sr_context,
    sr_dev_inst,
    sr_input,
    sr_input_module,
    sr_session
);

/// What a `va_list` parameter points at. In the calling conventions of every system that libsigrok runs on, such a
/// parameter is a single pointer: to an array that decayed (x86-64 System V, s390x), to a copy that the caller made
/// (AArch64 Linux), or the list itself (Windows, Apple, 32-bit ARM, RISC-V). It is passed on and never looked into.
pub type __va_list_tag = core::ffi::c_void;
pub type gint32 = i32;
pub type guint32 = u32;
pub type guint64 = u64;
pub type gsize = usize;
pub type gssize = isize;
