//! Any bytes as a capture: read, flagged or refused; what is whole is written and read back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strobecheck::capture::{Caps, Request, Sink};
use strobecheck::format::srzip::{SrzipWriter, cross_check};
use strobecheck::units::SampleIndex;
use strobecheck_fuzz::read;

/// Longer captures are read, but not written.
const LONGEST_WRITTEN: u64 = 1 << 22;

fuzz_target!(|data: &[u8]| {
    let Ok(reading) = read(data.to_vec()) else { return };
    let request = Request { caps: Caps { edges: 1 << 20, ..Caps::default() }, ..Request::of((0..64).collect()) };
    let both = cross_check(Box::new(data.to_vec()), &request).unwrap();
    assert_eq!(both.differences, [""; 0], "the two decoders differ");
    let (header, length) = (&reading.header, reading.extent.length);
    let Some(rate) = header.rate.as_ref().filter(|_| length.get() < LONGEST_WRITTEN) else { return };
    // Of what is lost as a whole no level is known: written, it would be low.
    if reading.changes.is_empty() && length.get() > 0 {
        assert!(!reading.extent.problems.is_empty());
        return;
    }
    let Ok(mut writer) = SrzipWriter::new(Vec::new(), &header.probes, rate) else { return };
    for &(at, state) in &reading.changes {
        writer.change(SampleIndex::new(at), state).unwrap();
    }
    let again = read(writer.finish(length).unwrap()).unwrap();
    assert_eq!((again.changes, again.extent.length), (reading.changes, length));
    assert!(again.extent.problems.is_empty());
});
