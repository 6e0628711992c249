//! Any bytes as a capture of DSView, as its `header`, and as the samples of a probe: read, flagged or refused, and the states
//! are those of the samples.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strobecheck_fuzz::{dsl, read_as};

fuzz_target!(|data: &[u8]| {
    let _refused = read_as("dsview-dsl", data.to_vec(), None);
    let Some((&size, rest)) = data.split_first() else { return };
    if size == 0 || rest.is_empty() {
        let _refused = read_as("dsview-dsl", dsl(rest, [&b"\xf0"[..]].into_iter()), None);
        return;
    }
    let blocks = rest.chunks(size.into());
    let header = format!(
        "[version]\nversion = 3\n[header]\ndevice mode = 0\ntotal samples = {}\ntotal probes = 1\ntotal blocks = {}\n\
         samplerate = 25 MHz\nprobe0 = A\n",
        8 * rest.len(),
        blocks.len()
    );
    let reading = read_as("dsview-dsl", dsl(header.as_bytes(), blocks), None).expect("it is a good one");
    let mut states: Vec<(u64, u64)> = Vec::new();
    for (at, bit) in (0..).zip(rest.iter().flat_map(|byte| (0..8).map(move |bit| u64::from(byte >> bit & 1)))) {
        if states.last().is_none_or(|(_, before)| *before != bit) {
            states.push((at, bit));
        }
    }
    assert_eq!(reading.changes, states);
    assert_eq!(reading.extent.length.get(), 8 * rest.len() as u64);
});
