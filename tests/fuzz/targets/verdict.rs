//! From bytes to a verdict: runs of levels as a session, judged by a spec, and shown by every renderer.
//!
//! The first bytes choose the spec, the sample rate, the length of a chunk and a damaged one; three bytes each make a
//! run of levels. What is damaged never passes.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use strobecheck::capture::{Integrity, Request};
use strobecheck::format::{open, read_capture};
use strobecheck::render::{Options, RENDERERS, Render};
use strobecheck::report::{CaptureReport, Outcome, Provenance, Report};
use strobecheck::spec::Spec;
use strobecheck::verdict::Verdict;
use strobecheck::verify::verify;
use strobecheck_fuzz::{chunked, metadata};

const SPECS: [&str; 5] = [
    include_str!("../../../captures/seed-pass.spec.toml"),
    include_str!("../../../captures/trigger-pass.spec.toml"),
    "[wiring]\nstrobe = \"STROBE\"\n[limits]\nexposure.time = \"<= 20 ms\"\nframe.rate = \"1 Hz .. 1 MHz\"\n",
    "[wiring]\nfsin = \"FSIN\"\nstrobe = \"!STROBE\"\n[timing]\nframe_time = \"10 ms\"\nskip_frames = 1\n\
     [limits]\nframe.jitter = \"<= 1 ms\"\nexposure.time = [\"1 ms ± 1 ms\", \"2 ms ± 1 ms\"]\nframe.tie = \"<= 1 s\"\n",
    "[wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\nflash = \"FLASH\"\n[timing]\nalignment = \"start\"\nburst = 2\n\
     [analyzer]\nclock = \"0 ppm\"\nglitch.strobe = \"3 us\"\n[limits]\nflash.coverage = \">= 1 %\"\n\
     flash.duty = \"<= 90 %\"\nexposure.latency = \">= 0 s\"\nflash.missing = \"<= 3\"\n",
];
const RATES: [&str; 4] = ["10 kHz", "1 MHz", "24 MHz", "1.515151 MHz"];
/// Only so many samples, however long the runs.
const MOST_SAMPLES: usize = 1 << 18;
/// Rendering takes longer than judging: not each time.
const RENDERED_OF: u8 = 16;

fuzz_target!(|data: &[u8]| {
    let Some((&[spec, rate, chunk, damage, render], runs)) = data.split_first_chunk() else { return };
    let mut samples: Vec<u8> = Vec::new();
    for run in runs.chunks_exact(3) {
        let length = usize::from(u16::from_le_bytes([run[1], run[2]])) + 1;
        samples.resize((samples.len() + length).min(MOST_SAMPLES), run[0] & 7);
    }
    let damaged = usize::from(damage).checked_sub(1);
    let chunk = (usize::from(chunk) + 1) * 1024;
    let is_damaged = damaged.is_some_and(|index| index * chunk < samples.len());
    let metadata = metadata(1, RATES[usize::from(rate) % RATES.len()]);
    let file = chunked(metadata.as_bytes(), &samples, chunk, |index| Some(index) == damaged);
    let spec = Spec::parse("fuzz.spec.toml", SPECS[usize::from(spec) % SPECS.len()]).unwrap();

    let Ok(reader) = open(Box::new(file)) else {
        assert!(samples.is_empty());
        return;
    };
    let request = Request::of(vec![0, 1, 2]);
    let capture = read_capture(reader.as_ref(), &request).unwrap();
    assert_eq!(capture.length.get() as usize, samples.len());
    assert_eq!(capture.integrity() == Integrity::Damaged, is_damaged);
    let judgement = verify(&capture, Arc::new(spec), "fuzz".to_owned(), Provenance::of(&capture)).unwrap();
    assert!(!(is_damaged && judgement.verdict == Verdict::Pass), "a damaged capture passes");
    let all_pass = judgement.checks.iter().all(|check| check.verdict == Verdict::Pass && check.measured > 0);
    assert!(all_pass || judgement.verdict != Verdict::Pass);
    if render % RENDERED_OF != 0 {
        return;
    }
    let captures = vec![CaptureReport { path: "fuzz.sr".to_owned(), outcome: Outcome::Judged(Box::new(judgement)), expected: None }];
    let report = Report { captures };
    let stems = ["fuzz".to_owned()];
    let options = Options { stems: &stems, ..Options::default() };
    for renderer in RENDERERS {
        let bytes = match renderer.render {
            Render::Capture(render) => render(&report.captures[0], &options).unwrap(),
            // Pixels take longer than all the rest, and show what the other figures do.
            Render::Parts(_) if renderer.extension == "png" => continue,
            Render::Parts(render) => {
                render(&report.captures[0], &options).unwrap();
                continue;
            }
            Render::Log(render) | Render::Run(_, render) | Render::Whole(_, render) => render(&report, &options).unwrap(),
        };
        if renderer.extension == "json" {
            serde_json::from_slice::<serde_json::Value>(&bytes).unwrap();
        }
    }
});
