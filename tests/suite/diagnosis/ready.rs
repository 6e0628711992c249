//! Triggers and a camera that is not ready for them, and frames that take several pulses of FSIN.

use strobecheck::diagnosis::{Finding, Support};

use super::causes::{LIMITS, PERIOD, START, found, support};

/// After an exposure the camera takes so long until it can begin another.
const RECOVERY: u64 = 1000;
const EXPOSURE: u64 = 18_000;
const LATENCY: u64 = 200;

/// A camera of which each trigger comes so much before its frame's time, and is answered when the camera is ready: triggers,
/// exposures, and the stretches in which it is not ready.
struct Triggered {
    fsin: Vec<u64>,
    strobe: Vec<u64>,
    busy: Vec<u64>,
    /// The stretches in which it is, after the first exposure.
    ready: Vec<u64>,
}

impl Triggered {
    fn of(early: impl Fn(u64) -> u64) -> Triggered {
        let mut camera = Triggered { fsin: Vec::new(), strobe: Vec::new(), busy: Vec::new(), ready: Vec::new() };
        let mut ready = 0;
        for n in 1..50 {
            let trigger = PERIOD * n - early(n);
            let taken = trigger.max(ready);
            if n > 1 {
                camera.ready.extend([ready, taken + 20]);
            }
            ready = taken + LATENCY + EXPOSURE + RECOVERY;
            camera.fsin.extend([trigger, trigger + 100]);
            camera.strobe.extend([taken + LATENCY, taken + LATENCY + EXPOSURE]);
            camera.busy.extend([taken + 20, ready]);
        }
        camera
    }

    /// What is found of its triggers and exposures.
    fn found(self, margin: &str) -> Vec<Finding> {
        let timing = format!("{START}\nrecovery = \"{RECOVERY} us\"");
        found(&[("FSIN", self.fsin), ("STROBE", self.strobe)], &timing, &limits(margin))
    }
}

fn limits(margin: &str) -> String {
    format!("{}trigger.margin = \"{margin}\"\n", LIMITS.replace("5 ms", &format!("{EXPOSURE} us")))
}

/// The faults that are found, the first one first.
fn faults(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.fault).collect()
}

#[test]
fn triggers_that_come_too_early_are_named_by_it_and_not_by_jitter() {
    // 20 ms less 200 us, 18 ms and 1 ms leave 800 us: one of ten that comes 1.5 ms early is 700 us too early.
    let findings = Triggered::of(|n| if n % 10 == 5 { 1500 } else { 0 }).found(">= 0 us");
    assert_eq!(faults(&findings), ["trigger-before-ready"], "{findings:#?}");
    assert!(findings[0].explains.contains(&"trigger.margin"), "{findings:#?}");
    assert!(findings[0].explains.contains(&"exposure.latency"), "{findings:#?}");
    // So little too early that no exposure is seen to be late.
    let findings = Triggered::of(|n| if n % 10 == 5 { 810 } else { 0 }).found(">= 0 us");
    assert_eq!(faults(&findings), ["trigger-before-ready"], "{findings:#?}");
    assert!(findings[0].summary.contains("5 of 48 triggers"), "{}", findings[0].summary);
    assert!(findings[0].summary.contains("10.00 µs"), "{}", findings[0].summary);
}

#[test]
fn little_reserve_is_no_trigger_before_the_camera_is_ready() {
    let findings = Triggered::of(|_| 0).found(">= 1 ms");
    assert_eq!(faults(&findings), ["tight-trigger"], "{findings:#?}");
    assert!(findings[0].evidence.contains("800.0 µs"), "{}", findings[0].evidence);
    assert_eq!(faults(&Triggered::of(|_| 0).found(">= 790 us")), Vec::<&str>::new());
}

#[test]
fn a_ready_line_that_is_inverted_or_on_the_other_probe_is_named() {
    let limits = limits(">= 0 us");
    let camera = Triggered::of(|_| 0);
    let lines = [("FSIN", camera.fsin), ("STROBE", camera.strobe), ("READY", camera.busy)];
    let inverted = found(&lines, START, &limits);
    assert_eq!(faults(&inverted), ["polarity-inverted"], "{inverted:#?}");
    assert_eq!(inverted[0].line.as_deref(), Some("ready"), "{inverted:#?}");
    let camera = Triggered::of(|_| 0);
    let lines = [("FSIN", camera.fsin), ("STROBE", camera.ready), ("READY", camera.strobe)];
    let swapped = found(&lines, START, &limits);
    assert_eq!(faults(&swapped).first(), Some(&"swapped-probes"), "{swapped:#?}");
    // Every second trigger comes while the line says that it is not ready: the line is right, and the triggers are early.
    let camera = Triggered::of(|n| 810 * (n % 2));
    let lines = [("FSIN", camera.fsin), ("STROBE", camera.strobe), ("READY", camera.ready)];
    let early = found(&lines, START, &limits);
    assert_eq!(faults(&early), ["trigger-before-ready"], "{early:#?}");
}

/// FSIN with so many pulses for each frame, 1 ms apart, and an exposure for each frame.
fn groups(pulses: impl Fn(u64) -> u64, stated: &str) -> Vec<Finding> {
    let each = |n: u64| PERIOD * n;
    let fsin = (1..50).flat_map(|n| (0..pulses(n)).flat_map(move |k| [each(n) + 1000 * k, each(n) + 1000 * k + 100]));
    let strobe = (1..50).flat_map(|n| [each(n) + LATENCY, each(n) + LATENCY + 5000]);
    found(&[("FSIN", fsin.collect()), ("STROBE", strobe.collect())], &format!("{START}\n{stated}"), LIMITS)
}

#[test]
fn frames_with_another_number_of_pulses_are_named() {
    let two = "fsin_per_frame = 2";
    assert_eq!(faults(&groups(|_| 2, two)), Vec::<&str>::new());
    let lost = groups(|n| if n == 20 { 1 } else { 2 }, two);
    assert_eq!(support(&lost, "pulses-of-a-frame", "lost on its way"), Some(Support::Possible));
    assert_eq!(support(&lost, "pulses-of-a-frame", "another number of pulses"), None);
    let more = groups(|_| 3, two);
    assert_eq!(faults(&more), ["extra-pulses"], "{more:#?}");
    assert_eq!(support(&more, "extra-pulses", "several pulses"), Some(Support::Supported));
    assert!(more[0].explanations[0].remedy.contains("fsin_per_frame = 3"), "{more:#?}");
    let fewer = groups(|_| 2, "fsin_per_frame = 3");
    assert_eq!(faults(&fewer), ["pulses-of-a-frame"], "{fewer:#?}");
    assert_eq!(support(&fewer, "pulses-of-a-frame", "another number of pulses"), Some(Support::Supported));
    assert!(fewer[0].explanations[0].remedy.contains("fsin_per_frame = 2"), "{fewer:#?}");
}

#[test]
fn several_pulses_a_frame_that_are_not_stated_are_suggested() {
    let extra = groups(|_| 3, "");
    assert_eq!(faults(&extra), ["extra-pulses"], "{extra:#?}");
    assert!(extra[0].explanations[0].remedy.contains("fsin_per_frame = 3"), "{extra:#?}");
}
