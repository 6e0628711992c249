//! Reports for the browser: a camera whose exposures end at FSIN, seen at 1 MHz, so that samples are µs.

use strobecheck::render::{Options, Render, renderers_of};
use strobecheck::report::{CaptureReport, Judgement, Outcome};

use crate::bench_capture::{capture, judged, pulses};

/// The frame time, in samples.
pub(super) const PERIOD: u64 = 33_333;
/// Where FSIN rises first.
pub(super) const FIRST: u64 = 40_000;
/// The exposure time of every frame but two.
const EXPOSURE: u64 = 20_000;
/// The exposures that are too long, and the boundaries that they end at.
pub(super) const LONG: u64 = 21_000;
pub(super) const LONG_AT: [u64; 2] = [17, 40];
const FSIN: u64 = 100;

const SPEC: &str = "
    [wiring]
    fsin = 'FSIN'
    strobe = 'STROBE'
    [timing]
    alignment = 'end'
    frame_time = '33.333 ms'
    [limits]
    frame.time = '33.333 ms ± 0.1 %'
    exposure.time = '20 ms ± 50 us'
    exposure.end = '0 us ± 20 us'
    ";

fn exposure(boundary: u64) -> u64 {
    if LONG_AT.contains(&boundary) { LONG } else { EXPOSURE }
}

/// A capture of as many frames, judged.
pub(super) fn judged_pulses(frames: u64) -> Judgement {
    let boundaries = frames + 1;
    let strobe = (0..boundaries).flat_map(|boundary| {
        let end = FIRST + boundary * PERIOD;
        [end - exposure(boundary), end]
    });
    let fsin = pulses(FIRST, PERIOD, &vec![FSIN; boundaries as usize]);
    let length = FIRST + boundaries * PERIOD;
    judged(&capture("1 MHz", length, &[("FSIN", fsin), ("STROBE", strobe.collect())]), SPEC)
}

/// Where edges of such a capture lie, in order; STROBE ends where FSIN begins.
pub(super) fn edges(frames: u64) -> Vec<u64> {
    let of = |boundary: u64| {
        let end = FIRST + boundary * PERIOD;
        [end - exposure(boundary), end, end + FSIN]
    };
    (0..=frames).flat_map(of).collect()
}

pub(super) fn report(judgement: Judgement) -> CaptureReport {
    CaptureReport { path: "bench.sr".to_owned(), outcome: Outcome::Judged(Box::new(judgement)), expected: None }
}

/// The page of a capture.
pub(super) fn html(report: &CaptureReport) -> Vec<u8> {
    let render = renderers_of("html").find_map(|renderer| match renderer.render {
        Render::Capture(render) => Some(render),
        Render::Parts(_) | Render::Log(_) | Render::Run(..) | Render::Whole(..) => None,
    });
    render.unwrap()(report, &Options::default()).unwrap()
}
