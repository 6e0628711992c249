//! Cameras whose exposures lie about a fixed time: frames are their middles, FSIN is paired with them, and what shows that.

use strobecheck::capture::Capture;
use strobecheck::rig::Alignment;
use strobecheck::verdict::Verdict::{self, Fail, Inconclusive, Pass};

use crate::bench_capture::{capture, check, judged};

const WIRING: &str = "[wiring]\nfsin = \"F\"\nstrobe = \"S\"\n[analyzer]\nclock = \"0 ppm\"\n";

/// FSIN pulses at these samples.
fn fsin(starts: impl IntoIterator<Item = u64>) -> (&'static str, Vec<u64>) {
    ("F", starts.into_iter().flat_map(|at| [at, at + 100]).collect())
}

/// Exposures of twice these half widths about these samples.
fn about(middles: impl IntoIterator<Item = u64>, halves: &[u64]) -> (&'static str, Vec<u64>) {
    ("S", middles.into_iter().zip(halves.iter().cycle()).flat_map(|(at, half)| [at - half, at + half]).collect())
}

/// So many frame times of 10 ms, from the first on.
fn frames(count: u64) -> impl Iterator<Item = u64> {
    (1..=count).map(|n| 10_000 * n)
}

fn verdict(capture: &Capture, spec: &str, id: &str, limit: &str) -> Verdict {
    check(&judged(capture, &format!("{spec}[limits]\n{id} = \"{limit}\"\n")), id).verdict
}

/// How the exposures are found to sit in the frame.
fn found(lines: &[(&str, Vec<u64>)]) -> Option<Alignment> {
    let wiring = if lines.len() == 1 { WIRING.replace("fsin = \"F\"\n", "") } else { WIRING.to_owned() };
    let judgement =
        judged(&capture("1 MHz", 400_000, lines), &format!("{wiring}[limits]\nexposure.time = \">= 1 us\"\n"));
    judgement.observation.cameras[0].alignment
}

/// Both edges move by 7 samples, or 6; their middles do not. An offset is known to a sample, a spread to two: edges that move by 6
/// may truly do by 4, and middles by 2.
#[test]
fn auto_takes_middles_only_where_they_surely_vary_less_than_half_as_much() {
    let with_fsin =
        |count, halves: &[u64]| found(&[fsin(frames(count)), about(frames(count).map(|at| at + 3000), halves)]);
    let alone = |count, halves: &[u64]| found(&[about(frames(count), halves)]);
    assert_eq!(with_fsin(20, &[1000, 1007]), Some(Alignment::Middle));
    assert_ne!(with_fsin(20, &[1000, 1006]), Some(Alignment::Middle));
    // From one exposure to the next it is twice that.
    assert_eq!(alone(20, &[1000, 1004]), Some(Alignment::Middle));
    assert_ne!(alone(20, &[1000, 1003]), Some(Alignment::Middle));
    // Nine exposures are too few, and so are ten without FSIN: nine intervals.
    assert_eq!(
        (with_fsin(10, &[1000, 2000]), alone(11, &[1000, 2000])),
        (Some(Alignment::Middle), Some(Alignment::Middle))
    );
    assert_ne!(with_fsin(9, &[1000, 2000]), Some(Alignment::Middle));
    assert_ne!(alone(10, &[1000, 2000]), Some(Alignment::Middle));
}

#[test]
fn auto_never_takes_middles_of_what_keeps_an_edge_or_its_length() {
    let exposures = |of: &dyn Fn(u64) -> (u64, u64)| -> (&'static str, Vec<u64>) {
        (
            "S",
            (1..=30)
                .flat_map(|n| {
                    let (start, end) = of(n);
                    [start, end]
                })
                .collect(),
        )
    };
    let both = |of: &dyn Fn(u64) -> (u64, u64)| {
        let alone = found(&[exposures(of)]);
        [found(&[fsin(frames(30)), exposures(of)]), alone]
    };
    let jitter = |n: u64| 37 * n % 100;
    // One length that comes earlier and later, at any time of the frame: near FSIN, and with its end half a frame from it.
    for at in [0, 2500, 4950, 9900] {
        let found = both(&|n| (10_000 * n + at + jitter(n), 10_000 * n + at + jitter(n) + 5000));
        assert!(!found.contains(&Some(Alignment::Middle)), "{at}: {found:?}");
    }
    // One of them is odd: longer on both sides.
    let odd =
        both(&|n| if n == 9 { (10_000 * n - 900, 10_000 * n + 900) } else { (10_000 * n - 500, 10_000 * n + 500) });
    assert!(!odd.contains(&Some(Alignment::Middle)), "{odd:?}");
    // An edge is tied, the other one moves.
    assert_eq!(both(&|n| (10_000 * n + 50, 10_000 * n + 2000 + 10 * jitter(n))), [Some(Alignment::Start); 2]);
    assert_eq!(both(&|n| (10_000 * n - 2000 - 10 * jitter(n), 10_000 * n)), [Some(Alignment::End); 2]);
    // Each edge moves for itself.
    let own = both(&|n| (10_000 * n - 2000 - 10 * (53 * n % 97), 10_000 * n + 2000 + 10 * (71 * n * n % 89)));
    assert!(!own.contains(&Some(Alignment::Middle)), "{own:?}");
}

/// FSIN rises with each exposure, as an output does: its intervals are those of the exposures' starts.
#[test]
fn frames_are_the_middles_though_fsin_is_wired() {
    let halves = [1000, 2000, 1500];
    let starts = frames(20).zip(halves.iter().cycle()).map(|(at, half)| at - half);
    let capture = capture("1 MHz", 215_000, &[fsin(starts), about(frames(20), &halves)]);
    let spec = |alignment: &str| format!("{WIRING}[timing]\nalignment = \"{alignment}\"\nframe_time = \"10 ms\"\n");
    let time = ["9999 us .. 10001 us", "10 ms .. 10001 us", "<= 9999 us"];
    assert_eq!(time.map(|limit| verdict(&capture, &spec("middle"), "frame.time", limit)), [Pass, Inconclusive, Fail]);
    assert_eq!(verdict(&capture, &spec("start"), "frame.time", time[0]), Fail);
    // From 1 to 2 ms after it.
    let middle = ["999 us .. 2001 us", "1 ms .. 2001 us", "1001 us .. 2001 us"];
    assert_eq!(
        middle.map(|limit| verdict(&capture, &spec("middle"), "exposure.middle", limit)),
        [Pass, Inconclusive, Fail]
    );
    let jitter = ["<= 1002 us", "<= 1001 us", "<= 998 us"];
    assert_eq!(
        jitter.map(|limit| verdict(&capture, &spec("middle"), "exposure.jitter", limit)),
        [Pass, Inconclusive, Fail]
    );
    for id in ["exposure.missing", "exposure.extra", "frame.missing", "frame.extra"] {
        assert_eq!(verdict(&capture, &spec("middle"), id, "0"), Pass, "{id}");
    }
    assert_eq!(verdict(&capture, &spec("middle"), "frame.count", "20"), Pass);
}

/// Middles 6 ms after FSIN, and 4 ms before the next: as near as may be, unless the limit says what is meant.
#[test]
fn a_nominal_says_by_how_many_frames_the_middle_is_late() {
    let capture = capture("1 MHz", 225_000, &[fsin(frames(21)), about(frames(20).map(|at| at + 6000), &[500, 900])]);
    let of = |limit: &str| {
        verdict(&capture, &format!("{WIRING}[timing]\nframe_time = \"10 ms\"\n"), "exposure.middle", limit)
    };
    let at = ["-4 ms ± 1 us", "-4 ms +0 us -1 us", "-3998 us ± 1 us"];
    assert_eq!(at.map(of), [Pass, Inconclusive, Fail]);
    let at = ["6 ms ± 1 us", "6 ms +1 us -0 us", "6002 us ± 1 us"];
    assert_eq!(at.map(of), [Pass, Inconclusive, Fail]);
    assert_eq!([of("<= -3999 us"), of("16 ms ± 1 us")], [Pass, Pass]);
}

/// The exposure of the seventh FSIN is missing, a pulse that nothing asked for comes after the twelfth; the record begins and ends within
/// exposures, whose middles were not seen.
#[test]
fn fsin_lacks_an_exposure_only_where_its_middle_would_have_been_seen() {
    let (_, mut strobe) = about(frames(20).filter(|at| *at != 70_000), &[3000, 2000]);
    strobe.extend([124_400, 124_600]);
    strobe.sort_unstable();
    let spec = format!("{WIRING}[timing]\nalignment = \"middle\"\nframe_time = \"10 ms\"\n");
    let counts = |capture: &Capture| {
        ["exposure.missing", "exposure.extra", "frame.missing", "frame.extra"]
            .map(|id| verdict(capture, &spec, id, "1"))
    };
    let lines = [fsin(frames(20)), ("S", strobe.clone())];
    assert_eq!(counts(&capture("1 MHz", 215_000, &lines)), [Pass; 4]);
    // It ends 1 ms after the last FSIN, within its exposure; and, with another one, 5.5 ms after it, which would show a middle.
    let shown = |length: u64| strobe.iter().copied().filter(|at| *at < length).collect::<Vec<u64>>();
    assert_eq!(counts(&capture("1 MHz", 201_000, &[fsin(frames(20)), ("S", shown(201_000))])), [Pass; 4]);
    let whole = ("S", strobe[..strobe.len() - 2].to_vec());
    let without_last = capture("1 MHz", 205_500, &[fsin(frames(20)), whole]);
    assert_eq!(verdict(&without_last, &spec, "exposure.missing", "2"), Pass);
    // It lasts on to the end of the record, and may have its middle anywhere from there on.
    let mut lasting = strobe.clone();
    lasting.pop();
    let lasting = capture("1 MHz", 205_500, &[fsin(frames(20)), ("S", lasting)]);
    assert_eq!(verdict(&lasting, &spec, "exposure.missing", "1"), Pass);
    // The first one begins before the record, in which low is active.
    let begun = capture("1 MHz", 215_000, &[fsin(frames(20)), ("S", strobe[1..].to_vec())]);
    assert_eq!(verdict(&begun, &spec.replace("\"S\"", "\"!S\""), "exposure.missing", "1"), Pass);
}

#[test]
fn what_is_of_another_alignment_has_no_value() {
    let capture = capture("1 MHz", 215_000, &[fsin(frames(20)), about(frames(20).map(|at| at + 3000), &[1000, 2000])]);
    // Limits on exposure.latency and exposure.end state their alignment.
    let spec = format!("{WIRING}[timing]\nalignment = \"middle\"\n[limits]\ntrigger.margin = \">= 0 us\"\n");
    let judgement = judged(&capture, &spec);
    let margin = check(&judgement, "trigger.margin");
    assert_eq!((margin.verdict, margin.measured), (Inconclusive, 0));
    assert_eq!(margin.reason.as_deref(), Some("nothing was measured: the camera is middle-aligned"));
    let spec = format!("{WIRING}[timing]\nalignment = \"auto\"\n[limits]\ntrigger.margin = \">= 0 us\"\n");
    assert_eq!(check(&judged(&capture, &spec), "trigger.margin").reason.as_deref(), margin.reason.as_deref());
}
