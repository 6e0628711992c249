//! Any bytes as a table of levels: read, flagged or refused, at the file's own times and at stated rates.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strobecheck_fuzz::read_as;

fuzz_target!(|data: &[u8]| {
    for rate in [None, Some("1 MHz"), Some("24 MHz")] {
        let _refused = read_as("csv", data.to_vec(), rate);
    }
});
