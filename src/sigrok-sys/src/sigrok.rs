// Made by ../bindings.sh with bindgen 0.73.2 from libsigrok 0.5.2's headers; not edited by hand.
use super::glib::*;
use super::opaque::*;

pub const SR_OK: sr_error_code = 0;
pub const SR_ERR: sr_error_code = -1;
pub const SR_ERR_MALLOC: sr_error_code = -2;
pub const SR_ERR_ARG: sr_error_code = -3;
pub const SR_ERR_BUG: sr_error_code = -4;
pub const SR_ERR_SAMPLERATE: sr_error_code = -5;
pub const SR_ERR_NA: sr_error_code = -6;
pub const SR_ERR_DEV_CLOSED: sr_error_code = -7;
pub const SR_ERR_TIMEOUT: sr_error_code = -8;
pub const SR_ERR_CHANNEL_GROUP: sr_error_code = -9;
pub const SR_ERR_DATA: sr_error_code = -10;
pub const SR_ERR_IO: sr_error_code = -11;
pub type sr_error_code = core::ffi::c_int;
pub const SR_LOG_NONE: sr_loglevel = 0;
pub const SR_LOG_ERR: sr_loglevel = 1;
pub const SR_LOG_WARN: sr_loglevel = 2;
pub const SR_LOG_INFO: sr_loglevel = 3;
pub const SR_LOG_DBG: sr_loglevel = 4;
pub const SR_LOG_SPEW: sr_loglevel = 5;
pub type sr_loglevel = core::ffi::c_uint;
pub const SR_T_UINT64: sr_datatype = 10000;
pub const SR_T_STRING: sr_datatype = 10001;
pub const SR_T_BOOL: sr_datatype = 10002;
pub const SR_T_FLOAT: sr_datatype = 10003;
pub const SR_T_RATIONAL_PERIOD: sr_datatype = 10004;
pub const SR_T_RATIONAL_VOLT: sr_datatype = 10005;
pub const SR_T_KEYVALUE: sr_datatype = 10006;
pub const SR_T_UINT64_RANGE: sr_datatype = 10007;
pub const SR_T_DOUBLE_RANGE: sr_datatype = 10008;
pub const SR_T_INT32: sr_datatype = 10009;
pub const SR_T_MQ: sr_datatype = 10010;
pub type sr_datatype = core::ffi::c_uint;
pub const SR_DF_HEADER: sr_packettype = 10000;
pub const SR_DF_END: sr_packettype = 10001;
pub const SR_DF_META: sr_packettype = 10002;
pub const SR_DF_TRIGGER: sr_packettype = 10003;
pub const SR_DF_LOGIC: sr_packettype = 10004;
pub const SR_DF_FRAME_BEGIN: sr_packettype = 10005;
pub const SR_DF_FRAME_END: sr_packettype = 10006;
pub const SR_DF_ANALOG: sr_packettype = 10007;
pub type sr_packettype = core::ffi::c_uint;
pub const SR_MQ_VOLTAGE: sr_mq = 10000;
pub const SR_MQ_CURRENT: sr_mq = 10001;
pub const SR_MQ_RESISTANCE: sr_mq = 10002;
pub const SR_MQ_CAPACITANCE: sr_mq = 10003;
pub const SR_MQ_TEMPERATURE: sr_mq = 10004;
pub const SR_MQ_FREQUENCY: sr_mq = 10005;
pub const SR_MQ_DUTY_CYCLE: sr_mq = 10006;
pub const SR_MQ_CONTINUITY: sr_mq = 10007;
pub const SR_MQ_PULSE_WIDTH: sr_mq = 10008;
pub const SR_MQ_CONDUCTANCE: sr_mq = 10009;
pub const SR_MQ_POWER: sr_mq = 10010;
pub const SR_MQ_GAIN: sr_mq = 10011;
pub const SR_MQ_SOUND_PRESSURE_LEVEL: sr_mq = 10012;
pub const SR_MQ_CARBON_MONOXIDE: sr_mq = 10013;
pub const SR_MQ_RELATIVE_HUMIDITY: sr_mq = 10014;
pub const SR_MQ_TIME: sr_mq = 10015;
pub const SR_MQ_WIND_SPEED: sr_mq = 10016;
pub const SR_MQ_PRESSURE: sr_mq = 10017;
pub const SR_MQ_PARALLEL_INDUCTANCE: sr_mq = 10018;
pub const SR_MQ_PARALLEL_CAPACITANCE: sr_mq = 10019;
pub const SR_MQ_PARALLEL_RESISTANCE: sr_mq = 10020;
pub const SR_MQ_SERIES_INDUCTANCE: sr_mq = 10021;
pub const SR_MQ_SERIES_CAPACITANCE: sr_mq = 10022;
pub const SR_MQ_SERIES_RESISTANCE: sr_mq = 10023;
pub const SR_MQ_DISSIPATION_FACTOR: sr_mq = 10024;
pub const SR_MQ_QUALITY_FACTOR: sr_mq = 10025;
pub const SR_MQ_PHASE_ANGLE: sr_mq = 10026;
pub const SR_MQ_DIFFERENCE: sr_mq = 10027;
pub const SR_MQ_COUNT: sr_mq = 10028;
pub const SR_MQ_POWER_FACTOR: sr_mq = 10029;
pub const SR_MQ_APPARENT_POWER: sr_mq = 10030;
pub const SR_MQ_MASS: sr_mq = 10031;
pub const SR_MQ_HARMONIC_RATIO: sr_mq = 10032;
pub type sr_mq = core::ffi::c_uint;
pub const SR_UNIT_VOLT: sr_unit = 10000;
pub const SR_UNIT_AMPERE: sr_unit = 10001;
pub const SR_UNIT_OHM: sr_unit = 10002;
pub const SR_UNIT_FARAD: sr_unit = 10003;
pub const SR_UNIT_KELVIN: sr_unit = 10004;
pub const SR_UNIT_CELSIUS: sr_unit = 10005;
pub const SR_UNIT_FAHRENHEIT: sr_unit = 10006;
pub const SR_UNIT_HERTZ: sr_unit = 10007;
pub const SR_UNIT_PERCENTAGE: sr_unit = 10008;
pub const SR_UNIT_BOOLEAN: sr_unit = 10009;
pub const SR_UNIT_SECOND: sr_unit = 10010;
pub const SR_UNIT_SIEMENS: sr_unit = 10011;
pub const SR_UNIT_DECIBEL_MW: sr_unit = 10012;
pub const SR_UNIT_DECIBEL_VOLT: sr_unit = 10013;
pub const SR_UNIT_UNITLESS: sr_unit = 10014;
pub const SR_UNIT_DECIBEL_SPL: sr_unit = 10015;
pub const SR_UNIT_CONCENTRATION: sr_unit = 10016;
pub const SR_UNIT_REVOLUTIONS_PER_MINUTE: sr_unit = 10017;
pub const SR_UNIT_VOLT_AMPERE: sr_unit = 10018;
pub const SR_UNIT_WATT: sr_unit = 10019;
pub const SR_UNIT_WATT_HOUR: sr_unit = 10020;
pub const SR_UNIT_METER_SECOND: sr_unit = 10021;
pub const SR_UNIT_HECTOPASCAL: sr_unit = 10022;
pub const SR_UNIT_HUMIDITY_293K: sr_unit = 10023;
pub const SR_UNIT_DEGREE: sr_unit = 10024;
pub const SR_UNIT_HENRY: sr_unit = 10025;
pub const SR_UNIT_GRAM: sr_unit = 10026;
pub const SR_UNIT_CARAT: sr_unit = 10027;
pub const SR_UNIT_OUNCE: sr_unit = 10028;
pub const SR_UNIT_TROY_OUNCE: sr_unit = 10029;
pub const SR_UNIT_POUND: sr_unit = 10030;
pub const SR_UNIT_PENNYWEIGHT: sr_unit = 10031;
pub const SR_UNIT_GRAIN: sr_unit = 10032;
pub const SR_UNIT_TAEL: sr_unit = 10033;
pub const SR_UNIT_MOMME: sr_unit = 10034;
pub const SR_UNIT_TOLA: sr_unit = 10035;
pub const SR_UNIT_PIECE: sr_unit = 10036;
pub type sr_unit = core::ffi::c_uint;
pub const SR_MQFLAG_AC: sr_mqflag = 1;
pub const SR_MQFLAG_DC: sr_mqflag = 2;
pub const SR_MQFLAG_RMS: sr_mqflag = 4;
pub const SR_MQFLAG_DIODE: sr_mqflag = 8;
pub const SR_MQFLAG_HOLD: sr_mqflag = 16;
pub const SR_MQFLAG_MAX: sr_mqflag = 32;
pub const SR_MQFLAG_MIN: sr_mqflag = 64;
pub const SR_MQFLAG_AUTORANGE: sr_mqflag = 128;
pub const SR_MQFLAG_RELATIVE: sr_mqflag = 256;
pub const SR_MQFLAG_SPL_FREQ_WEIGHT_A: sr_mqflag = 512;
pub const SR_MQFLAG_SPL_FREQ_WEIGHT_C: sr_mqflag = 1024;
pub const SR_MQFLAG_SPL_FREQ_WEIGHT_Z: sr_mqflag = 2048;
pub const SR_MQFLAG_SPL_FREQ_WEIGHT_FLAT: sr_mqflag = 4096;
pub const SR_MQFLAG_SPL_TIME_WEIGHT_S: sr_mqflag = 8192;
pub const SR_MQFLAG_SPL_TIME_WEIGHT_F: sr_mqflag = 16384;
pub const SR_MQFLAG_SPL_LAT: sr_mqflag = 32768;
pub const SR_MQFLAG_SPL_PCT_OVER_ALARM: sr_mqflag = 65536;
pub const SR_MQFLAG_DURATION: sr_mqflag = 131072;
pub const SR_MQFLAG_AVG: sr_mqflag = 262144;
pub const SR_MQFLAG_REFERENCE: sr_mqflag = 524288;
pub const SR_MQFLAG_UNSTABLE: sr_mqflag = 1048576;
pub const SR_MQFLAG_FOUR_WIRE: sr_mqflag = 2097152;
pub type sr_mqflag = core::ffi::c_uint;
pub const SR_TRIGGER_ZERO: sr_trigger_matches = 1;
pub const SR_TRIGGER_ONE: sr_trigger_matches = 2;
pub const SR_TRIGGER_RISING: sr_trigger_matches = 3;
pub const SR_TRIGGER_FALLING: sr_trigger_matches = 4;
pub const SR_TRIGGER_EDGE: sr_trigger_matches = 5;
pub const SR_TRIGGER_OVER: sr_trigger_matches = 6;
pub const SR_TRIGGER_UNDER: sr_trigger_matches = 7;
pub type sr_trigger_matches = core::ffi::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_trigger {
    pub name: *mut core::ffi::c_char,
    pub stages: *mut GSList,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_trigger_stage {
    pub stage: core::ffi::c_int,
    pub matches: *mut GSList,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_rational {
    pub p: i64,
    pub q: u64,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_datafeed_packet {
    pub type_: u16,
    pub payload: *const core::ffi::c_void,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_datafeed_meta {
    pub config: *mut GSList,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_datafeed_logic {
    pub length: u64,
    pub unitsize: u16,
    pub data: *mut core::ffi::c_void,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_datafeed_analog {
    pub data: *mut core::ffi::c_void,
    pub num_samples: u32,
    pub encoding: *mut sr_analog_encoding,
    pub meaning: *mut sr_analog_meaning,
    pub spec: *mut sr_analog_spec,
}
#[repr(C)]
pub struct sr_analog_encoding {
    pub unitsize: u8,
    pub is_signed: gboolean,
    pub is_float: gboolean,
    pub is_bigendian: gboolean,
    pub digits: i8,
    pub is_digits_decimal: gboolean,
    pub scale: sr_rational,
    pub offset: sr_rational,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_analog_meaning {
    pub mq: sr_mq,
    pub unit: sr_unit,
    pub mqflags: sr_mqflag,
    pub channels: *mut GSList,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_analog_spec {
    pub spec_digits: i8,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_option {
    pub id: *const core::ffi::c_char,
    pub name: *const core::ffi::c_char,
    pub desc: *const core::ffi::c_char,
    pub def: *mut GVariant,
    pub values: *mut GSList,
}
pub const SR_CHANNEL_LOGIC: sr_channeltype = 10000;
pub const SR_CHANNEL_ANALOG: sr_channeltype = 10001;
pub type sr_channeltype = core::ffi::c_uint;
#[repr(C)]
pub struct sr_channel {
    pub sdi: *mut sr_dev_inst,
    pub index: core::ffi::c_int,
    pub type_: core::ffi::c_int,
    pub enabled: gboolean,
    pub name: *mut core::ffi::c_char,
    pub priv_: *mut core::ffi::c_void,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_channel_group {
    pub name: *mut core::ffi::c_char,
    pub channels: *mut GSList,
    pub priv_: *mut core::ffi::c_void,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_config {
    pub key: u32,
    pub data: *mut GVariant,
}
pub const SR_KEY_CONFIG: sr_keytype = 0;
pub const SR_KEY_MQ: sr_keytype = 1;
pub const SR_KEY_MQFLAGS: sr_keytype = 2;
pub type sr_keytype = core::ffi::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_key_info {
    pub key: u32,
    pub datatype: core::ffi::c_int,
    pub id: *const core::ffi::c_char,
    pub name: *const core::ffi::c_char,
    pub description: *const core::ffi::c_char,
}
pub const SR_CONF_GET: sr_configcap = 2147483648;
pub const SR_CONF_SET: sr_configcap = 1073741824;
pub const SR_CONF_LIST: sr_configcap = 536870912;
pub type sr_configcap = core::ffi::c_uint;
pub const SR_CONF_LOGIC_ANALYZER: sr_configkey = 10000;
pub const SR_CONF_OSCILLOSCOPE: sr_configkey = 10001;
pub const SR_CONF_MULTIMETER: sr_configkey = 10002;
pub const SR_CONF_DEMO_DEV: sr_configkey = 10003;
pub const SR_CONF_SOUNDLEVELMETER: sr_configkey = 10004;
pub const SR_CONF_THERMOMETER: sr_configkey = 10005;
pub const SR_CONF_HYGROMETER: sr_configkey = 10006;
pub const SR_CONF_ENERGYMETER: sr_configkey = 10007;
pub const SR_CONF_DEMODULATOR: sr_configkey = 10008;
pub const SR_CONF_POWER_SUPPLY: sr_configkey = 10009;
pub const SR_CONF_LCRMETER: sr_configkey = 10010;
pub const SR_CONF_ELECTRONIC_LOAD: sr_configkey = 10011;
pub const SR_CONF_SCALE: sr_configkey = 10012;
pub const SR_CONF_SIGNAL_GENERATOR: sr_configkey = 10013;
pub const SR_CONF_POWERMETER: sr_configkey = 10014;
pub const SR_CONF_CONN: sr_configkey = 20000;
pub const SR_CONF_SERIALCOMM: sr_configkey = 20001;
pub const SR_CONF_MODBUSADDR: sr_configkey = 20002;
pub const SR_CONF_SAMPLERATE: sr_configkey = 30000;
pub const SR_CONF_CAPTURE_RATIO: sr_configkey = 30001;
pub const SR_CONF_PATTERN_MODE: sr_configkey = 30002;
pub const SR_CONF_RLE: sr_configkey = 30003;
pub const SR_CONF_TRIGGER_SLOPE: sr_configkey = 30004;
pub const SR_CONF_AVERAGING: sr_configkey = 30005;
pub const SR_CONF_AVG_SAMPLES: sr_configkey = 30006;
pub const SR_CONF_TRIGGER_SOURCE: sr_configkey = 30007;
pub const SR_CONF_HORIZ_TRIGGERPOS: sr_configkey = 30008;
pub const SR_CONF_BUFFERSIZE: sr_configkey = 30009;
pub const SR_CONF_TIMEBASE: sr_configkey = 30010;
pub const SR_CONF_FILTER: sr_configkey = 30011;
pub const SR_CONF_VDIV: sr_configkey = 30012;
pub const SR_CONF_COUPLING: sr_configkey = 30013;
pub const SR_CONF_TRIGGER_MATCH: sr_configkey = 30014;
pub const SR_CONF_SAMPLE_INTERVAL: sr_configkey = 30015;
pub const SR_CONF_NUM_HDIV: sr_configkey = 30016;
pub const SR_CONF_NUM_VDIV: sr_configkey = 30017;
pub const SR_CONF_SPL_WEIGHT_FREQ: sr_configkey = 30018;
pub const SR_CONF_SPL_WEIGHT_TIME: sr_configkey = 30019;
pub const SR_CONF_SPL_MEASUREMENT_RANGE: sr_configkey = 30020;
pub const SR_CONF_HOLD_MAX: sr_configkey = 30021;
pub const SR_CONF_HOLD_MIN: sr_configkey = 30022;
pub const SR_CONF_VOLTAGE_THRESHOLD: sr_configkey = 30023;
pub const SR_CONF_EXTERNAL_CLOCK: sr_configkey = 30024;
pub const SR_CONF_SWAP: sr_configkey = 30025;
pub const SR_CONF_CENTER_FREQUENCY: sr_configkey = 30026;
pub const SR_CONF_NUM_LOGIC_CHANNELS: sr_configkey = 30027;
pub const SR_CONF_NUM_ANALOG_CHANNELS: sr_configkey = 30028;
pub const SR_CONF_VOLTAGE: sr_configkey = 30029;
pub const SR_CONF_VOLTAGE_TARGET: sr_configkey = 30030;
pub const SR_CONF_CURRENT: sr_configkey = 30031;
pub const SR_CONF_CURRENT_LIMIT: sr_configkey = 30032;
pub const SR_CONF_ENABLED: sr_configkey = 30033;
pub const SR_CONF_CHANNEL_CONFIG: sr_configkey = 30034;
pub const SR_CONF_OVER_VOLTAGE_PROTECTION_ENABLED: sr_configkey = 30035;
pub const SR_CONF_OVER_VOLTAGE_PROTECTION_ACTIVE: sr_configkey = 30036;
pub const SR_CONF_OVER_VOLTAGE_PROTECTION_THRESHOLD: sr_configkey = 30037;
pub const SR_CONF_OVER_CURRENT_PROTECTION_ENABLED: sr_configkey = 30038;
pub const SR_CONF_OVER_CURRENT_PROTECTION_ACTIVE: sr_configkey = 30039;
pub const SR_CONF_OVER_CURRENT_PROTECTION_THRESHOLD: sr_configkey = 30040;
pub const SR_CONF_CLOCK_EDGE: sr_configkey = 30041;
pub const SR_CONF_AMPLITUDE: sr_configkey = 30042;
pub const SR_CONF_REGULATION: sr_configkey = 30043;
pub const SR_CONF_OVER_TEMPERATURE_PROTECTION: sr_configkey = 30044;
pub const SR_CONF_OUTPUT_FREQUENCY: sr_configkey = 30045;
pub const SR_CONF_OUTPUT_FREQUENCY_TARGET: sr_configkey = 30046;
pub const SR_CONF_MEASURED_QUANTITY: sr_configkey = 30047;
pub const SR_CONF_EQUIV_CIRCUIT_MODEL: sr_configkey = 30048;
pub const SR_CONF_OVER_TEMPERATURE_PROTECTION_ACTIVE: sr_configkey = 30049;
pub const SR_CONF_UNDER_VOLTAGE_CONDITION: sr_configkey = 30050;
pub const SR_CONF_UNDER_VOLTAGE_CONDITION_ACTIVE: sr_configkey = 30051;
pub const SR_CONF_TRIGGER_LEVEL: sr_configkey = 30052;
pub const SR_CONF_UNDER_VOLTAGE_CONDITION_THRESHOLD: sr_configkey = 30053;
pub const SR_CONF_EXTERNAL_CLOCK_SOURCE: sr_configkey = 30054;
pub const SR_CONF_OFFSET: sr_configkey = 30055;
pub const SR_CONF_TRIGGER_PATTERN: sr_configkey = 30056;
pub const SR_CONF_HIGH_RESOLUTION: sr_configkey = 30057;
pub const SR_CONF_PEAK_DETECTION: sr_configkey = 30058;
pub const SR_CONF_LOGIC_THRESHOLD: sr_configkey = 30059;
pub const SR_CONF_LOGIC_THRESHOLD_CUSTOM: sr_configkey = 30060;
pub const SR_CONF_RANGE: sr_configkey = 30061;
pub const SR_CONF_DIGITS: sr_configkey = 30062;
pub const SR_CONF_SESSIONFILE: sr_configkey = 40000;
pub const SR_CONF_CAPTUREFILE: sr_configkey = 40001;
pub const SR_CONF_CAPTURE_UNITSIZE: sr_configkey = 40002;
pub const SR_CONF_POWER_OFF: sr_configkey = 40003;
pub const SR_CONF_DATA_SOURCE: sr_configkey = 40004;
pub const SR_CONF_PROBE_FACTOR: sr_configkey = 40005;
pub const SR_CONF_ADC_POWERLINE_CYCLES: sr_configkey = 40006;
pub const SR_CONF_LIMIT_MSEC: sr_configkey = 50000;
pub const SR_CONF_LIMIT_SAMPLES: sr_configkey = 50001;
pub const SR_CONF_LIMIT_FRAMES: sr_configkey = 50002;
pub const SR_CONF_CONTINUOUS: sr_configkey = 50003;
pub const SR_CONF_DATALOG: sr_configkey = 50004;
pub const SR_CONF_DEVICE_MODE: sr_configkey = 50005;
pub const SR_CONF_TEST_MODE: sr_configkey = 50006;
pub type sr_configkey = core::ffi::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct sr_dev_driver {
    pub name: *const core::ffi::c_char,
    pub longname: *const core::ffi::c_char,
    pub api_version: core::ffi::c_int,
    pub init: ::std::option::Option<
        unsafe extern "C" fn(driver: *mut sr_dev_driver, sr_ctx: *mut sr_context) -> core::ffi::c_int,
    >,
    pub cleanup: ::std::option::Option<unsafe extern "C" fn(driver: *const sr_dev_driver) -> core::ffi::c_int>,
    pub scan:
        ::std::option::Option<unsafe extern "C" fn(driver: *mut sr_dev_driver, options: *mut GSList) -> *mut GSList>,
    pub dev_list: ::std::option::Option<unsafe extern "C" fn(driver: *const sr_dev_driver) -> *mut GSList>,
    pub dev_clear: ::std::option::Option<unsafe extern "C" fn(driver: *const sr_dev_driver) -> core::ffi::c_int>,
    pub config_get: ::std::option::Option<
        unsafe extern "C" fn(
            key: u32,
            data: *mut *mut GVariant,
            sdi: *const sr_dev_inst,
            cg: *const sr_channel_group,
        ) -> core::ffi::c_int,
    >,
    pub config_set: ::std::option::Option<
        unsafe extern "C" fn(
            key: u32,
            data: *mut GVariant,
            sdi: *const sr_dev_inst,
            cg: *const sr_channel_group,
        ) -> core::ffi::c_int,
    >,
    pub config_channel_set: ::std::option::Option<
        unsafe extern "C" fn(
            sdi: *const sr_dev_inst,
            ch: *mut sr_channel,
            changes: core::ffi::c_uint,
        ) -> core::ffi::c_int,
    >,
    pub config_commit: ::std::option::Option<unsafe extern "C" fn(sdi: *const sr_dev_inst) -> core::ffi::c_int>,
    pub config_list: ::std::option::Option<
        unsafe extern "C" fn(
            key: u32,
            data: *mut *mut GVariant,
            sdi: *const sr_dev_inst,
            cg: *const sr_channel_group,
        ) -> core::ffi::c_int,
    >,
    pub dev_open: ::std::option::Option<unsafe extern "C" fn(sdi: *mut sr_dev_inst) -> core::ffi::c_int>,
    pub dev_close: ::std::option::Option<unsafe extern "C" fn(sdi: *mut sr_dev_inst) -> core::ffi::c_int>,
    pub dev_acquisition_start: ::std::option::Option<unsafe extern "C" fn(sdi: *const sr_dev_inst) -> core::ffi::c_int>,
    pub dev_acquisition_stop: ::std::option::Option<unsafe extern "C" fn(sdi: *mut sr_dev_inst) -> core::ffi::c_int>,
    pub context: *mut core::ffi::c_void,
}
pub type sr_log_callback = ::std::option::Option<
    unsafe extern "C" fn(
        cb_data: *mut core::ffi::c_void,
        loglevel: core::ffi::c_int,
        format: *const core::ffi::c_char,
        args: *mut __va_list_tag,
    ) -> core::ffi::c_int,
>;
pub type sr_datafeed_callback = ::std::option::Option<
    unsafe extern "C" fn(sdi: *const sr_dev_inst, packet: *const sr_datafeed_packet, cb_data: *mut core::ffi::c_void),
>;
pub struct Sigrok {
    __library: ::libloading::Library,
    pub sr_analog_to_float: unsafe extern "C" fn(analog: *const sr_datafeed_analog, buf: *mut f32) -> core::ffi::c_int,
    pub sr_init: unsafe extern "C" fn(ctx: *mut *mut sr_context) -> core::ffi::c_int,
    pub sr_exit: unsafe extern "C" fn(ctx: *mut sr_context) -> core::ffi::c_int,
    pub sr_log_loglevel_set: unsafe extern "C" fn(loglevel: core::ffi::c_int) -> core::ffi::c_int,
    pub sr_log_callback_set:
        unsafe extern "C" fn(cb: sr_log_callback, cb_data: *mut core::ffi::c_void) -> core::ffi::c_int,
    pub sr_log_callback_set_default: unsafe extern "C" fn() -> core::ffi::c_int,
    pub sr_dev_channel_enable: unsafe extern "C" fn(channel: *mut sr_channel, state: gboolean) -> core::ffi::c_int,
    pub sr_dev_config_capabilities_list: unsafe extern "C" fn(
        sdi: *const sr_dev_inst,
        cg: *const sr_channel_group,
        key: core::ffi::c_int,
    ) -> core::ffi::c_int,
    pub sr_dev_options: unsafe extern "C" fn(
        driver: *const sr_dev_driver,
        sdi: *const sr_dev_inst,
        cg: *const sr_channel_group,
    ) -> *mut GArray,
    pub sr_dev_clear: unsafe extern "C" fn(driver: *const sr_dev_driver) -> core::ffi::c_int,
    pub sr_dev_open: unsafe extern "C" fn(sdi: *mut sr_dev_inst) -> core::ffi::c_int,
    pub sr_dev_close: unsafe extern "C" fn(sdi: *mut sr_dev_inst) -> core::ffi::c_int,
    pub sr_dev_inst_vendor_get: unsafe extern "C" fn(sdi: *const sr_dev_inst) -> *const core::ffi::c_char,
    pub sr_dev_inst_model_get: unsafe extern "C" fn(sdi: *const sr_dev_inst) -> *const core::ffi::c_char,
    pub sr_dev_inst_version_get: unsafe extern "C" fn(sdi: *const sr_dev_inst) -> *const core::ffi::c_char,
    pub sr_dev_inst_sernum_get: unsafe extern "C" fn(sdi: *const sr_dev_inst) -> *const core::ffi::c_char,
    pub sr_dev_inst_connid_get: unsafe extern "C" fn(sdi: *const sr_dev_inst) -> *const core::ffi::c_char,
    pub sr_dev_inst_channels_get: unsafe extern "C" fn(sdi: *const sr_dev_inst) -> *mut GSList,
    pub sr_dev_inst_channel_groups_get: unsafe extern "C" fn(sdi: *const sr_dev_inst) -> *mut GSList,
    pub sr_driver_list: unsafe extern "C" fn(ctx: *const sr_context) -> *mut *mut sr_dev_driver,
    pub sr_driver_init: unsafe extern "C" fn(ctx: *mut sr_context, driver: *mut sr_dev_driver) -> core::ffi::c_int,
    pub sr_driver_scan_options_list: unsafe extern "C" fn(driver: *const sr_dev_driver) -> *mut GArray,
    pub sr_driver_scan: unsafe extern "C" fn(driver: *mut sr_dev_driver, options: *mut GSList) -> *mut GSList,
    pub sr_config_get: unsafe extern "C" fn(
        driver: *const sr_dev_driver,
        sdi: *const sr_dev_inst,
        cg: *const sr_channel_group,
        key: u32,
        data: *mut *mut GVariant,
    ) -> core::ffi::c_int,
    pub sr_config_set: unsafe extern "C" fn(
        sdi: *const sr_dev_inst,
        cg: *const sr_channel_group,
        key: u32,
        data: *mut GVariant,
    ) -> core::ffi::c_int,
    pub sr_config_commit: unsafe extern "C" fn(sdi: *const sr_dev_inst) -> core::ffi::c_int,
    pub sr_config_list: unsafe extern "C" fn(
        driver: *const sr_dev_driver,
        sdi: *const sr_dev_inst,
        cg: *const sr_channel_group,
        key: u32,
        data: *mut *mut GVariant,
    ) -> core::ffi::c_int,
    pub sr_key_info_get: unsafe extern "C" fn(keytype: core::ffi::c_int, key: u32) -> *const sr_key_info,
    pub sr_key_info_name_get:
        unsafe extern "C" fn(keytype: core::ffi::c_int, keyid: *const core::ffi::c_char) -> *const sr_key_info,
    pub sr_session_new: unsafe extern "C" fn(ctx: *mut sr_context, session: *mut *mut sr_session) -> core::ffi::c_int,
    pub sr_session_destroy: unsafe extern "C" fn(session: *mut sr_session) -> core::ffi::c_int,
    pub sr_session_dev_add: unsafe extern "C" fn(session: *mut sr_session, sdi: *mut sr_dev_inst) -> core::ffi::c_int,
    pub sr_session_trigger_set:
        unsafe extern "C" fn(session: *mut sr_session, trig: *mut sr_trigger) -> core::ffi::c_int,
    pub sr_session_datafeed_callback_add: unsafe extern "C" fn(
        session: *mut sr_session,
        cb: sr_datafeed_callback,
        cb_data: *mut core::ffi::c_void,
    ) -> core::ffi::c_int,
    pub sr_session_start: unsafe extern "C" fn(session: *mut sr_session) -> core::ffi::c_int,
    pub sr_session_run: unsafe extern "C" fn(session: *mut sr_session) -> core::ffi::c_int,
    pub sr_session_stop: unsafe extern "C" fn(session: *mut sr_session) -> core::ffi::c_int,
    pub sr_input_list: unsafe extern "C" fn() -> *mut *const sr_input_module,
    pub sr_input_id_get: unsafe extern "C" fn(imod: *const sr_input_module) -> *const core::ffi::c_char,
    pub sr_input_name_get: unsafe extern "C" fn(imod: *const sr_input_module) -> *const core::ffi::c_char,
    pub sr_input_find: unsafe extern "C" fn(id: *mut core::ffi::c_char) -> *const sr_input_module,
    pub sr_input_options_get: unsafe extern "C" fn(imod: *const sr_input_module) -> *mut *const sr_option,
    pub sr_input_options_free: unsafe extern "C" fn(options: *mut *const sr_option),
    pub sr_input_new: unsafe extern "C" fn(imod: *const sr_input_module, options: *mut GHashTable) -> *mut sr_input,
    pub sr_input_scan_file:
        unsafe extern "C" fn(filename: *const core::ffi::c_char, in_: *mut *const sr_input) -> core::ffi::c_int,
    pub sr_input_module_get: unsafe extern "C" fn(in_: *const sr_input) -> *const sr_input_module,
    pub sr_input_dev_inst_get: unsafe extern "C" fn(in_: *const sr_input) -> *mut sr_dev_inst,
    pub sr_input_send: unsafe extern "C" fn(in_: *const sr_input, buf: *mut GString) -> core::ffi::c_int,
    pub sr_input_end: unsafe extern "C" fn(in_: *const sr_input) -> core::ffi::c_int,
    pub sr_input_free: unsafe extern "C" fn(in_: *const sr_input),
    pub sr_trigger_new: unsafe extern "C" fn(name: *const core::ffi::c_char) -> *mut sr_trigger,
    pub sr_trigger_free: unsafe extern "C" fn(trig: *mut sr_trigger),
    pub sr_trigger_stage_add: unsafe extern "C" fn(trig: *mut sr_trigger) -> *mut sr_trigger_stage,
    pub sr_trigger_match_add: unsafe extern "C" fn(
        stage: *mut sr_trigger_stage,
        ch: *mut sr_channel,
        trigger_match: core::ffi::c_int,
        value: f32,
    ) -> core::ffi::c_int,
    pub sr_package_version_string_get: unsafe extern "C" fn() -> *const core::ffi::c_char,
    pub sr_lib_version_current_get: unsafe extern "C" fn() -> core::ffi::c_int,
    pub sr_lib_version_age_get: unsafe extern "C" fn() -> core::ffi::c_int,
    pub sr_strerror: unsafe extern "C" fn(error_code: core::ffi::c_int) -> *const core::ffi::c_char,
}
impl Sigrok {
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
        let sr_analog_to_float = __library.get(b"sr_analog_to_float\0").map(|sym| *sym)?;
        let sr_init = __library.get(b"sr_init\0").map(|sym| *sym)?;
        let sr_exit = __library.get(b"sr_exit\0").map(|sym| *sym)?;
        let sr_log_loglevel_set = __library.get(b"sr_log_loglevel_set\0").map(|sym| *sym)?;
        let sr_log_callback_set = __library.get(b"sr_log_callback_set\0").map(|sym| *sym)?;
        let sr_log_callback_set_default = __library.get(b"sr_log_callback_set_default\0").map(|sym| *sym)?;
        let sr_dev_channel_enable = __library.get(b"sr_dev_channel_enable\0").map(|sym| *sym)?;
        let sr_dev_config_capabilities_list = __library.get(b"sr_dev_config_capabilities_list\0").map(|sym| *sym)?;
        let sr_dev_options = __library.get(b"sr_dev_options\0").map(|sym| *sym)?;
        let sr_dev_clear = __library.get(b"sr_dev_clear\0").map(|sym| *sym)?;
        let sr_dev_open = __library.get(b"sr_dev_open\0").map(|sym| *sym)?;
        let sr_dev_close = __library.get(b"sr_dev_close\0").map(|sym| *sym)?;
        let sr_dev_inst_vendor_get = __library.get(b"sr_dev_inst_vendor_get\0").map(|sym| *sym)?;
        let sr_dev_inst_model_get = __library.get(b"sr_dev_inst_model_get\0").map(|sym| *sym)?;
        let sr_dev_inst_version_get = __library.get(b"sr_dev_inst_version_get\0").map(|sym| *sym)?;
        let sr_dev_inst_sernum_get = __library.get(b"sr_dev_inst_sernum_get\0").map(|sym| *sym)?;
        let sr_dev_inst_connid_get = __library.get(b"sr_dev_inst_connid_get\0").map(|sym| *sym)?;
        let sr_dev_inst_channels_get = __library.get(b"sr_dev_inst_channels_get\0").map(|sym| *sym)?;
        let sr_dev_inst_channel_groups_get = __library.get(b"sr_dev_inst_channel_groups_get\0").map(|sym| *sym)?;
        let sr_driver_list = __library.get(b"sr_driver_list\0").map(|sym| *sym)?;
        let sr_driver_init = __library.get(b"sr_driver_init\0").map(|sym| *sym)?;
        let sr_driver_scan_options_list = __library.get(b"sr_driver_scan_options_list\0").map(|sym| *sym)?;
        let sr_driver_scan = __library.get(b"sr_driver_scan\0").map(|sym| *sym)?;
        let sr_config_get = __library.get(b"sr_config_get\0").map(|sym| *sym)?;
        let sr_config_set = __library.get(b"sr_config_set\0").map(|sym| *sym)?;
        let sr_config_commit = __library.get(b"sr_config_commit\0").map(|sym| *sym)?;
        let sr_config_list = __library.get(b"sr_config_list\0").map(|sym| *sym)?;
        let sr_key_info_get = __library.get(b"sr_key_info_get\0").map(|sym| *sym)?;
        let sr_key_info_name_get = __library.get(b"sr_key_info_name_get\0").map(|sym| *sym)?;
        let sr_session_new = __library.get(b"sr_session_new\0").map(|sym| *sym)?;
        let sr_session_destroy = __library.get(b"sr_session_destroy\0").map(|sym| *sym)?;
        let sr_session_dev_add = __library.get(b"sr_session_dev_add\0").map(|sym| *sym)?;
        let sr_session_trigger_set = __library.get(b"sr_session_trigger_set\0").map(|sym| *sym)?;
        let sr_session_datafeed_callback_add = __library.get(b"sr_session_datafeed_callback_add\0").map(|sym| *sym)?;
        let sr_session_start = __library.get(b"sr_session_start\0").map(|sym| *sym)?;
        let sr_session_run = __library.get(b"sr_session_run\0").map(|sym| *sym)?;
        let sr_session_stop = __library.get(b"sr_session_stop\0").map(|sym| *sym)?;
        let sr_input_list = __library.get(b"sr_input_list\0").map(|sym| *sym)?;
        let sr_input_id_get = __library.get(b"sr_input_id_get\0").map(|sym| *sym)?;
        let sr_input_name_get = __library.get(b"sr_input_name_get\0").map(|sym| *sym)?;
        let sr_input_find = __library.get(b"sr_input_find\0").map(|sym| *sym)?;
        let sr_input_options_get = __library.get(b"sr_input_options_get\0").map(|sym| *sym)?;
        let sr_input_options_free = __library.get(b"sr_input_options_free\0").map(|sym| *sym)?;
        let sr_input_new = __library.get(b"sr_input_new\0").map(|sym| *sym)?;
        let sr_input_scan_file = __library.get(b"sr_input_scan_file\0").map(|sym| *sym)?;
        let sr_input_module_get = __library.get(b"sr_input_module_get\0").map(|sym| *sym)?;
        let sr_input_dev_inst_get = __library.get(b"sr_input_dev_inst_get\0").map(|sym| *sym)?;
        let sr_input_send = __library.get(b"sr_input_send\0").map(|sym| *sym)?;
        let sr_input_end = __library.get(b"sr_input_end\0").map(|sym| *sym)?;
        let sr_input_free = __library.get(b"sr_input_free\0").map(|sym| *sym)?;
        let sr_trigger_new = __library.get(b"sr_trigger_new\0").map(|sym| *sym)?;
        let sr_trigger_free = __library.get(b"sr_trigger_free\0").map(|sym| *sym)?;
        let sr_trigger_stage_add = __library.get(b"sr_trigger_stage_add\0").map(|sym| *sym)?;
        let sr_trigger_match_add = __library.get(b"sr_trigger_match_add\0").map(|sym| *sym)?;
        let sr_package_version_string_get = __library.get(b"sr_package_version_string_get\0").map(|sym| *sym)?;
        let sr_lib_version_current_get = __library.get(b"sr_lib_version_current_get\0").map(|sym| *sym)?;
        let sr_lib_version_age_get = __library.get(b"sr_lib_version_age_get\0").map(|sym| *sym)?;
        let sr_strerror = __library.get(b"sr_strerror\0").map(|sym| *sym)?;
        Ok(Sigrok {
            __library,
            sr_analog_to_float,
            sr_init,
            sr_exit,
            sr_log_loglevel_set,
            sr_log_callback_set,
            sr_log_callback_set_default,
            sr_dev_channel_enable,
            sr_dev_config_capabilities_list,
            sr_dev_options,
            sr_dev_clear,
            sr_dev_open,
            sr_dev_close,
            sr_dev_inst_vendor_get,
            sr_dev_inst_model_get,
            sr_dev_inst_version_get,
            sr_dev_inst_sernum_get,
            sr_dev_inst_connid_get,
            sr_dev_inst_channels_get,
            sr_dev_inst_channel_groups_get,
            sr_driver_list,
            sr_driver_init,
            sr_driver_scan_options_list,
            sr_driver_scan,
            sr_config_get,
            sr_config_set,
            sr_config_commit,
            sr_config_list,
            sr_key_info_get,
            sr_key_info_name_get,
            sr_session_new,
            sr_session_destroy,
            sr_session_dev_add,
            sr_session_trigger_set,
            sr_session_datafeed_callback_add,
            sr_session_start,
            sr_session_run,
            sr_session_stop,
            sr_input_list,
            sr_input_id_get,
            sr_input_name_get,
            sr_input_find,
            sr_input_options_get,
            sr_input_options_free,
            sr_input_new,
            sr_input_scan_file,
            sr_input_module_get,
            sr_input_dev_inst_get,
            sr_input_send,
            sr_input_end,
            sr_input_free,
            sr_trigger_new,
            sr_trigger_free,
            sr_trigger_stage_add,
            sr_trigger_match_add,
            sr_package_version_string_get,
            sr_lib_version_current_get,
            sr_lib_version_age_get,
            sr_strerror,
        })
    }
    pub unsafe fn sr_analog_to_float(&self, analog: *const sr_datafeed_analog, buf: *mut f32) -> core::ffi::c_int {
        (self.sr_analog_to_float)(analog, buf)
    }
    pub unsafe fn sr_init(&self, ctx: *mut *mut sr_context) -> core::ffi::c_int {
        (self.sr_init)(ctx)
    }
    pub unsafe fn sr_exit(&self, ctx: *mut sr_context) -> core::ffi::c_int {
        (self.sr_exit)(ctx)
    }
    pub unsafe fn sr_log_loglevel_set(&self, loglevel: core::ffi::c_int) -> core::ffi::c_int {
        (self.sr_log_loglevel_set)(loglevel)
    }
    pub unsafe fn sr_log_callback_set(&self, cb: sr_log_callback, cb_data: *mut core::ffi::c_void) -> core::ffi::c_int {
        (self.sr_log_callback_set)(cb, cb_data)
    }
    pub unsafe fn sr_log_callback_set_default(&self) -> core::ffi::c_int {
        (self.sr_log_callback_set_default)()
    }
    pub unsafe fn sr_dev_channel_enable(&self, channel: *mut sr_channel, state: gboolean) -> core::ffi::c_int {
        (self.sr_dev_channel_enable)(channel, state)
    }
    pub unsafe fn sr_dev_config_capabilities_list(
        &self,
        sdi: *const sr_dev_inst,
        cg: *const sr_channel_group,
        key: core::ffi::c_int,
    ) -> core::ffi::c_int {
        (self.sr_dev_config_capabilities_list)(sdi, cg, key)
    }
    pub unsafe fn sr_dev_options(
        &self,
        driver: *const sr_dev_driver,
        sdi: *const sr_dev_inst,
        cg: *const sr_channel_group,
    ) -> *mut GArray {
        (self.sr_dev_options)(driver, sdi, cg)
    }
    pub unsafe fn sr_dev_clear(&self, driver: *const sr_dev_driver) -> core::ffi::c_int {
        (self.sr_dev_clear)(driver)
    }
    pub unsafe fn sr_dev_open(&self, sdi: *mut sr_dev_inst) -> core::ffi::c_int {
        (self.sr_dev_open)(sdi)
    }
    pub unsafe fn sr_dev_close(&self, sdi: *mut sr_dev_inst) -> core::ffi::c_int {
        (self.sr_dev_close)(sdi)
    }
    pub unsafe fn sr_dev_inst_vendor_get(&self, sdi: *const sr_dev_inst) -> *const core::ffi::c_char {
        (self.sr_dev_inst_vendor_get)(sdi)
    }
    pub unsafe fn sr_dev_inst_model_get(&self, sdi: *const sr_dev_inst) -> *const core::ffi::c_char {
        (self.sr_dev_inst_model_get)(sdi)
    }
    pub unsafe fn sr_dev_inst_version_get(&self, sdi: *const sr_dev_inst) -> *const core::ffi::c_char {
        (self.sr_dev_inst_version_get)(sdi)
    }
    pub unsafe fn sr_dev_inst_sernum_get(&self, sdi: *const sr_dev_inst) -> *const core::ffi::c_char {
        (self.sr_dev_inst_sernum_get)(sdi)
    }
    pub unsafe fn sr_dev_inst_connid_get(&self, sdi: *const sr_dev_inst) -> *const core::ffi::c_char {
        (self.sr_dev_inst_connid_get)(sdi)
    }
    pub unsafe fn sr_dev_inst_channels_get(&self, sdi: *const sr_dev_inst) -> *mut GSList {
        (self.sr_dev_inst_channels_get)(sdi)
    }
    pub unsafe fn sr_dev_inst_channel_groups_get(&self, sdi: *const sr_dev_inst) -> *mut GSList {
        (self.sr_dev_inst_channel_groups_get)(sdi)
    }
    pub unsafe fn sr_driver_list(&self, ctx: *const sr_context) -> *mut *mut sr_dev_driver {
        (self.sr_driver_list)(ctx)
    }
    pub unsafe fn sr_driver_init(&self, ctx: *mut sr_context, driver: *mut sr_dev_driver) -> core::ffi::c_int {
        (self.sr_driver_init)(ctx, driver)
    }
    pub unsafe fn sr_driver_scan_options_list(&self, driver: *const sr_dev_driver) -> *mut GArray {
        (self.sr_driver_scan_options_list)(driver)
    }
    pub unsafe fn sr_driver_scan(&self, driver: *mut sr_dev_driver, options: *mut GSList) -> *mut GSList {
        (self.sr_driver_scan)(driver, options)
    }
    pub unsafe fn sr_config_get(
        &self,
        driver: *const sr_dev_driver,
        sdi: *const sr_dev_inst,
        cg: *const sr_channel_group,
        key: u32,
        data: *mut *mut GVariant,
    ) -> core::ffi::c_int {
        (self.sr_config_get)(driver, sdi, cg, key, data)
    }
    pub unsafe fn sr_config_set(
        &self,
        sdi: *const sr_dev_inst,
        cg: *const sr_channel_group,
        key: u32,
        data: *mut GVariant,
    ) -> core::ffi::c_int {
        (self.sr_config_set)(sdi, cg, key, data)
    }
    pub unsafe fn sr_config_commit(&self, sdi: *const sr_dev_inst) -> core::ffi::c_int {
        (self.sr_config_commit)(sdi)
    }
    pub unsafe fn sr_config_list(
        &self,
        driver: *const sr_dev_driver,
        sdi: *const sr_dev_inst,
        cg: *const sr_channel_group,
        key: u32,
        data: *mut *mut GVariant,
    ) -> core::ffi::c_int {
        (self.sr_config_list)(driver, sdi, cg, key, data)
    }
    pub unsafe fn sr_key_info_get(&self, keytype: core::ffi::c_int, key: u32) -> *const sr_key_info {
        (self.sr_key_info_get)(keytype, key)
    }
    pub unsafe fn sr_key_info_name_get(
        &self,
        keytype: core::ffi::c_int,
        keyid: *const core::ffi::c_char,
    ) -> *const sr_key_info {
        (self.sr_key_info_name_get)(keytype, keyid)
    }
    pub unsafe fn sr_session_new(&self, ctx: *mut sr_context, session: *mut *mut sr_session) -> core::ffi::c_int {
        (self.sr_session_new)(ctx, session)
    }
    pub unsafe fn sr_session_destroy(&self, session: *mut sr_session) -> core::ffi::c_int {
        (self.sr_session_destroy)(session)
    }
    pub unsafe fn sr_session_dev_add(&self, session: *mut sr_session, sdi: *mut sr_dev_inst) -> core::ffi::c_int {
        (self.sr_session_dev_add)(session, sdi)
    }
    pub unsafe fn sr_session_trigger_set(&self, session: *mut sr_session, trig: *mut sr_trigger) -> core::ffi::c_int {
        (self.sr_session_trigger_set)(session, trig)
    }
    pub unsafe fn sr_session_datafeed_callback_add(
        &self,
        session: *mut sr_session,
        cb: sr_datafeed_callback,
        cb_data: *mut core::ffi::c_void,
    ) -> core::ffi::c_int {
        (self.sr_session_datafeed_callback_add)(session, cb, cb_data)
    }
    pub unsafe fn sr_session_start(&self, session: *mut sr_session) -> core::ffi::c_int {
        (self.sr_session_start)(session)
    }
    pub unsafe fn sr_session_run(&self, session: *mut sr_session) -> core::ffi::c_int {
        (self.sr_session_run)(session)
    }
    pub unsafe fn sr_session_stop(&self, session: *mut sr_session) -> core::ffi::c_int {
        (self.sr_session_stop)(session)
    }
    pub unsafe fn sr_input_list(&self) -> *mut *const sr_input_module {
        (self.sr_input_list)()
    }
    pub unsafe fn sr_input_id_get(&self, imod: *const sr_input_module) -> *const core::ffi::c_char {
        (self.sr_input_id_get)(imod)
    }
    pub unsafe fn sr_input_name_get(&self, imod: *const sr_input_module) -> *const core::ffi::c_char {
        (self.sr_input_name_get)(imod)
    }
    pub unsafe fn sr_input_find(&self, id: *mut core::ffi::c_char) -> *const sr_input_module {
        (self.sr_input_find)(id)
    }
    pub unsafe fn sr_input_options_get(&self, imod: *const sr_input_module) -> *mut *const sr_option {
        (self.sr_input_options_get)(imod)
    }
    pub unsafe fn sr_input_options_free(&self, options: *mut *const sr_option) {
        (self.sr_input_options_free)(options)
    }
    pub unsafe fn sr_input_new(&self, imod: *const sr_input_module, options: *mut GHashTable) -> *mut sr_input {
        (self.sr_input_new)(imod, options)
    }
    pub unsafe fn sr_input_scan_file(
        &self,
        filename: *const core::ffi::c_char,
        in_: *mut *const sr_input,
    ) -> core::ffi::c_int {
        (self.sr_input_scan_file)(filename, in_)
    }
    pub unsafe fn sr_input_module_get(&self, in_: *const sr_input) -> *const sr_input_module {
        (self.sr_input_module_get)(in_)
    }
    pub unsafe fn sr_input_dev_inst_get(&self, in_: *const sr_input) -> *mut sr_dev_inst {
        (self.sr_input_dev_inst_get)(in_)
    }
    pub unsafe fn sr_input_send(&self, in_: *const sr_input, buf: *mut GString) -> core::ffi::c_int {
        (self.sr_input_send)(in_, buf)
    }
    pub unsafe fn sr_input_end(&self, in_: *const sr_input) -> core::ffi::c_int {
        (self.sr_input_end)(in_)
    }
    pub unsafe fn sr_input_free(&self, in_: *const sr_input) {
        (self.sr_input_free)(in_)
    }
    pub unsafe fn sr_trigger_new(&self, name: *const core::ffi::c_char) -> *mut sr_trigger {
        (self.sr_trigger_new)(name)
    }
    pub unsafe fn sr_trigger_free(&self, trig: *mut sr_trigger) {
        (self.sr_trigger_free)(trig)
    }
    pub unsafe fn sr_trigger_stage_add(&self, trig: *mut sr_trigger) -> *mut sr_trigger_stage {
        (self.sr_trigger_stage_add)(trig)
    }
    pub unsafe fn sr_trigger_match_add(
        &self,
        stage: *mut sr_trigger_stage,
        ch: *mut sr_channel,
        trigger_match: core::ffi::c_int,
        value: f32,
    ) -> core::ffi::c_int {
        (self.sr_trigger_match_add)(stage, ch, trigger_match, value)
    }
    pub unsafe fn sr_package_version_string_get(&self) -> *const core::ffi::c_char {
        (self.sr_package_version_string_get)()
    }
    pub unsafe fn sr_lib_version_current_get(&self) -> core::ffi::c_int {
        (self.sr_lib_version_current_get)()
    }
    pub unsafe fn sr_lib_version_age_get(&self) -> core::ffi::c_int {
        (self.sr_lib_version_age_get)()
    }
    pub unsafe fn sr_strerror(&self, error_code: core::ffi::c_int) -> *const core::ffi::c_char {
        (self.sr_strerror)(error_code)
    }
}
