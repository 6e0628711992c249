// Made by ../bindings.sh with bindgen 0.73.2 from the headers of glib 2.74.6; not edited by hand.
use super::opaque::*;

pub type gchar = core::ffi::c_char;
pub type gint = core::ffi::c_int;
pub type gboolean = gint;
pub type guint = core::ffi::c_uint;
pub type gdouble = f64;
pub type gpointer = *mut core::ffi::c_void;
pub type gconstpointer = *const core::ffi::c_void;
pub type GEqualFunc = ::std::option::Option<unsafe extern "C" fn(a: gconstpointer, b: gconstpointer) -> gboolean>;
pub type GDestroyNotify = ::std::option::Option<unsafe extern "C" fn(data: gpointer)>;
pub type GHashFunc = ::std::option::Option<unsafe extern "C" fn(key: gconstpointer) -> guint>;
pub type GArray = _GArray;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _GArray {
    pub data: *mut gchar,
    pub len: guint,
}
pub type GSList = _GSList;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _GSList {
    pub data: gpointer,
    pub next: *mut GSList,
}
pub type GSourceFunc = ::std::option::Option<unsafe extern "C" fn(user_data: gpointer) -> gboolean>;
pub type GString = _GString;
#[repr(C)]
pub struct _GString {
    pub str_: *mut gchar,
    pub len: gsize,
    pub allocated_len: gsize,
}
pub struct Glib {
    __library: ::libloading::Library,
    pub g_array_free: unsafe extern "C" fn(array: *mut GArray, free_segment: gboolean) -> *mut gchar,
    pub g_free: unsafe extern "C" fn(mem: gpointer),
    pub g_hash_table_new: unsafe extern "C" fn(hash_func: GHashFunc, key_equal_func: GEqualFunc) -> *mut GHashTable,
    pub g_hash_table_destroy: unsafe extern "C" fn(hash_table: *mut GHashTable),
    pub g_hash_table_insert:
        unsafe extern "C" fn(hash_table: *mut GHashTable, key: gpointer, value: gpointer) -> gboolean,
    pub g_str_equal: unsafe extern "C" fn(v1: gconstpointer, v2: gconstpointer) -> gboolean,
    pub g_str_hash: unsafe extern "C" fn(v: gconstpointer) -> guint,
    pub g_slist_free: unsafe extern "C" fn(list: *mut GSList),
    pub g_slist_append: unsafe extern "C" fn(list: *mut GSList, data: gpointer) -> *mut GSList,
    pub g_main_context_new: unsafe extern "C" fn() -> *mut GMainContext,
    pub g_main_context_unref: unsafe extern "C" fn(context: *mut GMainContext),
    pub g_main_context_push_thread_default: unsafe extern "C" fn(context: *mut GMainContext),
    pub g_main_context_pop_thread_default: unsafe extern "C" fn(context: *mut GMainContext),
    pub g_source_unref: unsafe extern "C" fn(source: *mut GSource),
    pub g_source_attach: unsafe extern "C" fn(source: *mut GSource, context: *mut GMainContext) -> guint,
    pub g_source_set_callback:
        unsafe extern "C" fn(source: *mut GSource, func: GSourceFunc, data: gpointer, notify: GDestroyNotify),
    pub g_idle_source_new: unsafe extern "C" fn() -> *mut GSource,
    pub g_string_new_len: unsafe extern "C" fn(init: *const gchar, len: gssize) -> *mut GString,
    pub g_string_free: unsafe extern "C" fn(string: *mut GString, free_segment: gboolean) -> *mut gchar,
    pub g_variant_unref: unsafe extern "C" fn(value: *mut GVariant),
    pub g_variant_ref_sink: unsafe extern "C" fn(value: *mut GVariant) -> *mut GVariant,
    pub g_variant_get_type_string: unsafe extern "C" fn(value: *mut GVariant) -> *const gchar,
    pub g_variant_new_boolean: unsafe extern "C" fn(value: gboolean) -> *mut GVariant,
    pub g_variant_new_int32: unsafe extern "C" fn(value: gint32) -> *mut GVariant,
    pub g_variant_new_uint32: unsafe extern "C" fn(value: guint32) -> *mut GVariant,
    pub g_variant_new_uint64: unsafe extern "C" fn(value: guint64) -> *mut GVariant,
    pub g_variant_new_double: unsafe extern "C" fn(value: gdouble) -> *mut GVariant,
    pub g_variant_new_string: unsafe extern "C" fn(string: *const gchar) -> *mut GVariant,
    pub g_variant_get_boolean: unsafe extern "C" fn(value: *mut GVariant) -> gboolean,
    pub g_variant_get_int32: unsafe extern "C" fn(value: *mut GVariant) -> gint32,
    pub g_variant_get_uint64: unsafe extern "C" fn(value: *mut GVariant) -> guint64,
    pub g_variant_get_double: unsafe extern "C" fn(value: *mut GVariant) -> gdouble,
    pub g_variant_get_string: unsafe extern "C" fn(value: *mut GVariant, length: *mut gsize) -> *const gchar,
    pub g_variant_new_tuple: unsafe extern "C" fn(children: *const *mut GVariant, n_children: gsize) -> *mut GVariant,
    pub g_variant_n_children: unsafe extern "C" fn(value: *mut GVariant) -> gsize,
    pub g_variant_get_child_value: unsafe extern "C" fn(value: *mut GVariant, index_: gsize) -> *mut GVariant,
    pub g_variant_lookup_value: unsafe extern "C" fn(
        dictionary: *mut GVariant,
        key: *const gchar,
        expected_type: *const GVariantType,
    ) -> *mut GVariant,
    pub g_strdup_vprintf: unsafe extern "C" fn(format: *const gchar, args: *mut __va_list_tag) -> *mut gchar,
}
impl Glib {
    pub unsafe fn new<P>(path: P) -> Result<Self, ::libloading::Error>
    where
        P: AsRef<::std::ffi::OsStr>,
    {
        let path = path.as_ref();
        let library = ::libloading::Library::new(path)?;
        Self::from_library(library)
    }
    pub unsafe fn from_library<L>(library: L) -> Result<Self, ::libloading::Error>
    where
        L: Into<::libloading::Library>,
    {
        let __library = library.into();
        let g_array_free = __library.get(b"g_array_free\0").map(|sym| *sym)?;
        let g_free = __library.get(b"g_free\0").map(|sym| *sym)?;
        let g_hash_table_new = __library.get(b"g_hash_table_new\0").map(|sym| *sym)?;
        let g_hash_table_destroy = __library.get(b"g_hash_table_destroy\0").map(|sym| *sym)?;
        let g_hash_table_insert = __library.get(b"g_hash_table_insert\0").map(|sym| *sym)?;
        let g_str_equal = __library.get(b"g_str_equal\0").map(|sym| *sym)?;
        let g_str_hash = __library.get(b"g_str_hash\0").map(|sym| *sym)?;
        let g_slist_free = __library.get(b"g_slist_free\0").map(|sym| *sym)?;
        let g_slist_append = __library.get(b"g_slist_append\0").map(|sym| *sym)?;
        let g_main_context_new = __library.get(b"g_main_context_new\0").map(|sym| *sym)?;
        let g_main_context_unref = __library.get(b"g_main_context_unref\0").map(|sym| *sym)?;
        let g_main_context_push_thread_default =
            __library.get(b"g_main_context_push_thread_default\0").map(|sym| *sym)?;
        let g_main_context_pop_thread_default =
            __library.get(b"g_main_context_pop_thread_default\0").map(|sym| *sym)?;
        let g_source_unref = __library.get(b"g_source_unref\0").map(|sym| *sym)?;
        let g_source_attach = __library.get(b"g_source_attach\0").map(|sym| *sym)?;
        let g_source_set_callback = __library.get(b"g_source_set_callback\0").map(|sym| *sym)?;
        let g_idle_source_new = __library.get(b"g_idle_source_new\0").map(|sym| *sym)?;
        let g_string_new_len = __library.get(b"g_string_new_len\0").map(|sym| *sym)?;
        let g_string_free = __library.get(b"g_string_free\0").map(|sym| *sym)?;
        let g_variant_unref = __library.get(b"g_variant_unref\0").map(|sym| *sym)?;
        let g_variant_ref_sink = __library.get(b"g_variant_ref_sink\0").map(|sym| *sym)?;
        let g_variant_get_type_string = __library.get(b"g_variant_get_type_string\0").map(|sym| *sym)?;
        let g_variant_new_boolean = __library.get(b"g_variant_new_boolean\0").map(|sym| *sym)?;
        let g_variant_new_int32 = __library.get(b"g_variant_new_int32\0").map(|sym| *sym)?;
        let g_variant_new_uint32 = __library.get(b"g_variant_new_uint32\0").map(|sym| *sym)?;
        let g_variant_new_uint64 = __library.get(b"g_variant_new_uint64\0").map(|sym| *sym)?;
        let g_variant_new_double = __library.get(b"g_variant_new_double\0").map(|sym| *sym)?;
        let g_variant_new_string = __library.get(b"g_variant_new_string\0").map(|sym| *sym)?;
        let g_variant_get_boolean = __library.get(b"g_variant_get_boolean\0").map(|sym| *sym)?;
        let g_variant_get_int32 = __library.get(b"g_variant_get_int32\0").map(|sym| *sym)?;
        let g_variant_get_uint64 = __library.get(b"g_variant_get_uint64\0").map(|sym| *sym)?;
        let g_variant_get_double = __library.get(b"g_variant_get_double\0").map(|sym| *sym)?;
        let g_variant_get_string = __library.get(b"g_variant_get_string\0").map(|sym| *sym)?;
        let g_variant_new_tuple = __library.get(b"g_variant_new_tuple\0").map(|sym| *sym)?;
        let g_variant_n_children = __library.get(b"g_variant_n_children\0").map(|sym| *sym)?;
        let g_variant_get_child_value = __library.get(b"g_variant_get_child_value\0").map(|sym| *sym)?;
        let g_variant_lookup_value = __library.get(b"g_variant_lookup_value\0").map(|sym| *sym)?;
        let g_strdup_vprintf = __library.get(b"g_strdup_vprintf\0").map(|sym| *sym)?;
        Ok(Glib {
            __library,
            g_array_free,
            g_free,
            g_hash_table_new,
            g_hash_table_destroy,
            g_hash_table_insert,
            g_str_equal,
            g_str_hash,
            g_slist_free,
            g_slist_append,
            g_main_context_new,
            g_main_context_unref,
            g_main_context_push_thread_default,
            g_main_context_pop_thread_default,
            g_source_unref,
            g_source_attach,
            g_source_set_callback,
            g_idle_source_new,
            g_string_new_len,
            g_string_free,
            g_variant_unref,
            g_variant_ref_sink,
            g_variant_get_type_string,
            g_variant_new_boolean,
            g_variant_new_int32,
            g_variant_new_uint32,
            g_variant_new_uint64,
            g_variant_new_double,
            g_variant_new_string,
            g_variant_get_boolean,
            g_variant_get_int32,
            g_variant_get_uint64,
            g_variant_get_double,
            g_variant_get_string,
            g_variant_new_tuple,
            g_variant_n_children,
            g_variant_get_child_value,
            g_variant_lookup_value,
            g_strdup_vprintf,
        })
    }
    pub unsafe fn g_array_free(&self, array: *mut GArray, free_segment: gboolean) -> *mut gchar {
        (self.g_array_free)(array, free_segment)
    }
    pub unsafe fn g_free(&self, mem: gpointer) {
        (self.g_free)(mem)
    }
    pub unsafe fn g_hash_table_new(&self, hash_func: GHashFunc, key_equal_func: GEqualFunc) -> *mut GHashTable {
        (self.g_hash_table_new)(hash_func, key_equal_func)
    }
    pub unsafe fn g_hash_table_destroy(&self, hash_table: *mut GHashTable) {
        (self.g_hash_table_destroy)(hash_table)
    }
    pub unsafe fn g_hash_table_insert(&self, hash_table: *mut GHashTable, key: gpointer, value: gpointer) -> gboolean {
        (self.g_hash_table_insert)(hash_table, key, value)
    }
    pub unsafe fn g_str_equal(&self, v1: gconstpointer, v2: gconstpointer) -> gboolean {
        (self.g_str_equal)(v1, v2)
    }
    pub unsafe fn g_str_hash(&self, v: gconstpointer) -> guint {
        (self.g_str_hash)(v)
    }
    pub unsafe fn g_slist_free(&self, list: *mut GSList) {
        (self.g_slist_free)(list)
    }
    pub unsafe fn g_slist_append(&self, list: *mut GSList, data: gpointer) -> *mut GSList {
        (self.g_slist_append)(list, data)
    }
    pub unsafe fn g_main_context_new(&self) -> *mut GMainContext {
        (self.g_main_context_new)()
    }
    pub unsafe fn g_main_context_unref(&self, context: *mut GMainContext) {
        (self.g_main_context_unref)(context)
    }
    pub unsafe fn g_main_context_push_thread_default(&self, context: *mut GMainContext) {
        (self.g_main_context_push_thread_default)(context)
    }
    pub unsafe fn g_main_context_pop_thread_default(&self, context: *mut GMainContext) {
        (self.g_main_context_pop_thread_default)(context)
    }
    pub unsafe fn g_source_unref(&self, source: *mut GSource) {
        (self.g_source_unref)(source)
    }
    pub unsafe fn g_source_attach(&self, source: *mut GSource, context: *mut GMainContext) -> guint {
        (self.g_source_attach)(source, context)
    }
    pub unsafe fn g_source_set_callback(
        &self,
        source: *mut GSource,
        func: GSourceFunc,
        data: gpointer,
        notify: GDestroyNotify,
    ) {
        (self.g_source_set_callback)(source, func, data, notify)
    }
    pub unsafe fn g_idle_source_new(&self) -> *mut GSource {
        (self.g_idle_source_new)()
    }
    pub unsafe fn g_string_new_len(&self, init: *const gchar, len: gssize) -> *mut GString {
        (self.g_string_new_len)(init, len)
    }
    pub unsafe fn g_string_free(&self, string: *mut GString, free_segment: gboolean) -> *mut gchar {
        (self.g_string_free)(string, free_segment)
    }
    pub unsafe fn g_variant_unref(&self, value: *mut GVariant) {
        (self.g_variant_unref)(value)
    }
    pub unsafe fn g_variant_ref_sink(&self, value: *mut GVariant) -> *mut GVariant {
        (self.g_variant_ref_sink)(value)
    }
    pub unsafe fn g_variant_get_type_string(&self, value: *mut GVariant) -> *const gchar {
        (self.g_variant_get_type_string)(value)
    }
    pub unsafe fn g_variant_new_boolean(&self, value: gboolean) -> *mut GVariant {
        (self.g_variant_new_boolean)(value)
    }
    pub unsafe fn g_variant_new_int32(&self, value: gint32) -> *mut GVariant {
        (self.g_variant_new_int32)(value)
    }
    pub unsafe fn g_variant_new_uint32(&self, value: guint32) -> *mut GVariant {
        (self.g_variant_new_uint32)(value)
    }
    pub unsafe fn g_variant_new_uint64(&self, value: guint64) -> *mut GVariant {
        (self.g_variant_new_uint64)(value)
    }
    pub unsafe fn g_variant_new_double(&self, value: gdouble) -> *mut GVariant {
        (self.g_variant_new_double)(value)
    }
    pub unsafe fn g_variant_new_string(&self, string: *const gchar) -> *mut GVariant {
        (self.g_variant_new_string)(string)
    }
    pub unsafe fn g_variant_get_boolean(&self, value: *mut GVariant) -> gboolean {
        (self.g_variant_get_boolean)(value)
    }
    pub unsafe fn g_variant_get_int32(&self, value: *mut GVariant) -> gint32 {
        (self.g_variant_get_int32)(value)
    }
    pub unsafe fn g_variant_get_uint64(&self, value: *mut GVariant) -> guint64 {
        (self.g_variant_get_uint64)(value)
    }
    pub unsafe fn g_variant_get_double(&self, value: *mut GVariant) -> gdouble {
        (self.g_variant_get_double)(value)
    }
    pub unsafe fn g_variant_get_string(&self, value: *mut GVariant, length: *mut gsize) -> *const gchar {
        (self.g_variant_get_string)(value, length)
    }
    pub unsafe fn g_variant_new_tuple(&self, children: *const *mut GVariant, n_children: gsize) -> *mut GVariant {
        (self.g_variant_new_tuple)(children, n_children)
    }
    pub unsafe fn g_variant_n_children(&self, value: *mut GVariant) -> gsize {
        (self.g_variant_n_children)(value)
    }
    pub unsafe fn g_variant_get_child_value(&self, value: *mut GVariant, index_: gsize) -> *mut GVariant {
        (self.g_variant_get_child_value)(value, index_)
    }
    pub unsafe fn g_variant_lookup_value(
        &self,
        dictionary: *mut GVariant,
        key: *const gchar,
        expected_type: *const GVariantType,
    ) -> *mut GVariant {
        (self.g_variant_lookup_value)(dictionary, key, expected_type)
    }
    pub unsafe fn g_strdup_vprintf(&self, format: *const gchar, args: *mut __va_list_tag) -> *mut gchar {
        (self.g_strdup_vprintf)(format, args)
    }
}
