//! Any bytes as a camera's log: refused with a reason, or laid over a capture and judged.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use strobecheck::capture::Capture;
use strobecheck::log::{CameraLog, LogColumns};
use strobecheck::report::{LogFile, Provenance};
use strobecheck::scenario::{Scenario, simulate};
use strobecheck::spec::Spec;
use strobecheck::verdict::Verdict;
use strobecheck::verify::verify;
use strobecheck_fuzz::LONGEST_SENTENCE;

/// Half a second at 30 frames per second.
const SCENARIO: &str = "duration = \"500 ms\"\nanalyzer.samplerate = \"100 kHz\"\n[timing]\nframe.time = \"1/30 s\"\n\
                        exposure.time = [\"20 ms\", \"10 ms\"]\n";
const SPEC: &str = "wiring.strobe = \"STROBE\"\ntiming.frame_time = \"1/30 s\"\n\
                    limits.timestamp.residual = \"<= 1 ms\"\nlimits.timestamp.missing = \"0\"\n";

static CAPTURE: LazyLock<Capture> = LazyLock::new(|| simulate(&Scenario::parse("", SCENARIO).unwrap()).unwrap().capture);
static JUDGED_BY: LazyLock<Arc<Spec>> = LazyLock::new(|| Arc::new(Spec::parse("", SPEC).unwrap()));

fuzz_target!(|data: &[u8]| {
    let log = match CameraLog::parse("fuzz.csv", data, &LogColumns::default()) {
        Ok(log) => log,
        Err(error) => {
            assert!(error.to_string().len() < LONGEST_SENTENCE, "{error}");
            return;
        }
    };
    assert!(log.streams.iter().all(|stream| stream.stamps.is_sorted_by(|a, b| a.time <= b.time)));
    let stamps: usize = log.streams.iter().map(|stream| stream.stamps.len()).sum();
    assert!(stamps as u64 <= log.rows && stamps > 0);
    let log = LogFile { path: "fuzz.csv".to_owned(), sha256: String::new(), log: Arc::new(log) };
    let provenance = Provenance { log: Some(log), ..Provenance::of(&CAPTURE) };
    let judgement = verify(&CAPTURE, JUDGED_BY.clone(), "fuzz".to_owned(), provenance).unwrap();
    let passes = judgement.verdict == Verdict::Pass;
    assert!(!passes || judgement.checks.iter().all(|check| check.verdict == Verdict::Pass && check.measured > 0));
});
