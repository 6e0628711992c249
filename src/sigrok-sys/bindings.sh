#!/bin/sh
# Makes src/sigrok.rs and src/glib.rs from the headers of libsigrok 0.5.2 and glib.
#
#   apt-get install libsigrok-dev libclang-dev && cargo install bindgen-cli --version 0.73.2
#   src/sigrok-sys/bindings.sh
#
# What is listed here is what is used: all of it must be in the library that is opened.
set -eu
cd "$(dirname "$0")/src"
here="$(dirname "$0")"
flags=$(pkg-config --cflags libsigrok glib-2.0)

common="--rust-target 1.85 --rust-edition 2024 --no-doc-comments --ctypes-prefix core::ffi --dynamic-link-require-all
        --no-layout-tests --disable-header-comment --generate types,vars,functions"

header() {
    echo "// Made by ../bindings.sh with $(bindgen --version) from $1; not edited by hand."
}

glib_functions='g_free|g_strdup_vprintf|g_slist_(append|free)|g_array_free|g_string_(new_len|free)|g_hash_table_(new|insert|destroy)|g_str_(hash|equal)|g_variant_(new_(uint64|uint32|string|boolean|double|int32)|new_tuple|ref_sink|unref|get_(uint64|int32|string|boolean|double|type_string|child_value)|n_children|lookup_value)|g_main_context_(new|unref|push_thread_default|pop_thread_default)|g_idle_source_new|g_source_(set_callback|attach|unref)'
# shellcheck disable=SC2086
{
    header "$(pkg-config --modversion glib-2.0 | sed 's/^/the headers of glib /')"
    printf '#include <glib.h>\n' > "${TMPDIR:-/tmp}/strobecheck-glib.h"
    bindgen "${TMPDIR:-/tmp}/strobecheck-glib.h" $common --dynamic-loading Glib \
        --allowlist-function "$glib_functions" \
        --blocklist-type 'va_list|__va_list_tag|__builtin_va_list|_?G(Variant|VariantType|HashTable|MainContext|Source|SourcePrivate|SourceCallbackFuncs|SourceFuncs)|GSourceDummyMarshal|g(int32|uint32|uint64|s?size)' \
        --raw-line 'use super::opaque::*;' \
        -- $flags
} > glib.rs

sigrok_functions='sr_init|sr_exit|sr_strerror|sr_lib_version_(current|age)_get|sr_package_version_string_get|sr_log_(loglevel_set|callback_set|callback_set_default)|sr_driver_(list|init|scan|scan_options_list)|sr_dev_(options|open|close|clear|channel_enable|config_capabilities_list)|sr_dev_inst_(vendor|model|version|sernum|connid|channels|channel_groups)_get|sr_config_(get|set|list|commit)|sr_key_info_(get|name_get)|sr_analog_to_float|sr_session_(new|destroy|dev_add|start|run|stop|trigger_set|datafeed_callback_add)|sr_trigger_(new|free|stage_add|match_add)|sr_input_(list|id_get|name_get|find|options_get|options_free|new|scan_file|module_get|dev_inst_get|send|end|free)'
# shellcheck disable=SC2086
{
    header "libsigrok $(pkg-config --modversion libsigrok)'s headers"
    printf '#include <libsigrok/libsigrok.h>\n' > "${TMPDIR:-/tmp}/strobecheck-sigrok.h"
    bindgen "${TMPDIR:-/tmp}/strobecheck-sigrok.h" $common --dynamic-loading Sigrok \
        --default-enum-style consts --no-prepend-enum-name \
        --allowlist-function "$sigrok_functions" \
        --allowlist-type 'sr_(error_code|loglevel|packettype|trigger_matches|datatype|keytype|channeltype|configcap|datafeed_analog|datafeed_logic|datafeed_meta|datafeed_packet|channel|channel_group|config|configkey|key_info)' \
        --blocklist-type 'g[a-z0-9]+|_?G.*|va_list|__va_list_tag|__builtin_va_list|sr_(context|session|dev_inst|input|input_module)' \
        --raw-line 'use super::glib::*;' --raw-line 'use super::opaque::*;' \
        -- $flags
} > sigrok.rs
