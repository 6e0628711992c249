//! Any text as a scenario: what can be simulated gives the same capture twice, and after writing and reading it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strobecheck::format::srzip::SrzipWriter;
use strobecheck::scenario::{Scenario, simulate};
use strobecheck_fuzz::read;

/// Longer captures are simulated, but not written.
const LONGEST_WRITTEN: u64 = 1 << 22;

fuzz_target!(|text: &str| {
    let Ok(scenario) = Scenario::parse("fuzz.scenario.toml", text) else { return };
    let Ok(simulation) = simulate(&scenario) else { return };
    let capture = &simulation.capture;
    if capture.length.get() >= LONGEST_WRITTEN {
        return;
    }
    let Ok(mut writer) = SrzipWriter::new(Vec::new(), &capture.header.probes, &capture.rate) else { return };
    capture.replay(&mut writer).unwrap();
    let reading = read(writer.finish(capture.length).unwrap()).unwrap();
    assert!(reading.extent.problems.is_empty());
    assert_eq!(reading.extent.length, capture.length);
    for line in &capture.lines {
        let level = |state: u64| state >> line.probe.bit & 1;
        let edges = reading.changes.windows(2).filter(|two| level(two[0].1) != level(two[1].1));
        let edges: Vec<u64> = edges.map(|two| two[1].0).collect();
        assert_eq!(line.waveform.changes(), edges, "{}", line.probe.name);
    }
});
