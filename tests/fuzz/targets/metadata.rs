//! Any text as the metadata of a session.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strobecheck::format::srzip::SrzipWriter;
use strobecheck::units::SampleIndex;
use strobecheck_fuzz::{read, session};

fuzz_target!(|data: &[u8]| {
    let Ok(reading) = read(session(data, &[0, 1, 2, 3, 4, 5, 6, 7])) else { return };
    let Some(rate) = &reading.header.rate else { return };
    let Ok(writer) = SrzipWriter::new(Vec::new(), &reading.header.probes, rate) else { return };
    let again = read(writer.finish(SampleIndex::new(8)).unwrap()).unwrap();
    assert_eq!(again.header.rate, reading.header.rate);
    let recorded = reading.header.probes.iter().filter(|probe| again.header.probes.contains(probe)).count();
    assert_eq!(recorded, again.header.probes.len());
});
