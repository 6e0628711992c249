//! The same capture in other clothes: the verdict and every number stay as they are.

use strobecheck::capture::Probe;
use strobecheck::format::srzip::SrzipWriter;
use strobecheck::report::Judgement;
use strobecheck::units::{SampleIndex, SampleRate};
use strobecheck::verdict::{Judged, Verdict};

use proptest::prelude::*;
use strobecheck::capture::{Presence, Sink};

use super::archives::{LENGTH, RawArchive, RawMember, SPEC, judged, metadata, samples, session};

/// A limit is broken here, so that violations are compared too.
const BROKEN: &str = "fsin.width = \"<= 900 us\"\nexposure.gap = \"4 ms .. 5 ms\"\n";

fn spec() -> String {
    format!("{SPEC}{BROKEN}")
}

/// A value and where it is, so many samples later.
fn placed(judged: &Judged, shift: u64) -> String {
    // What is of the whole capture begins at its first sample, before the shift.
    let sample = |at: SampleIndex| at.get().saturating_sub(shift);
    format!("{:?}", (judged.frame, sample(judged.from), sample(judged.to), &judged.value, &judged.low, &judged.high))
}

/// All that is judged, in numbers; places are counted from sample `shift` on.
fn numbers(judgement: &Judgement, shift: u64) -> Vec<String> {
    let all = |judged: &[Judged]| judged.iter().map(|judged| placed(judged, shift)).collect::<Vec<_>>();
    let checks = judgement.checks.iter().map(|check| {
        let counts = (check.measured, check.failed, check.marginal);
        let worst = check.worst.as_ref().map(|worst| placed(worst, shift));
        format!(
            "{} {:?} {counts:?} {:?} {:?} {worst:?} {:?} {:?}",
            check.quantity.id,
            check.verdict,
            check.statistics,
            check.uncertainty,
            all(&check.violations),
            all(&check.marginals)
        )
    });
    checks.chain([format!("{:?} {:?}", judgement.verdict, judgement.reason)]).collect()
}

fn of(file: &[u8], spec: &str) -> Vec<String> {
    numbers(&judged(file, spec).unwrap(), 0)
}

fn original() -> Vec<String> {
    let file = session(metadata().as_bytes()).with(RawMember::stored("logic-1-1", &samples())).build();
    let numbers = of(&file, &spec());
    assert!(numbers.len() > 5 && numbers.last().unwrap().starts_with("Fail"), "{numbers:#?}");
    numbers
}

#[derive(Debug, Clone, Copy)]
enum Pack {
    Stored,
    Deflated,
    Bzip2,
}

fn archive_of(bytes: &[u8], metadata: &str, chunks: &[(usize, Pack)]) -> RawArchive {
    let mut archive = session(metadata.as_bytes());
    let mut rest = bytes;
    for (number, (length, pack)) in (1..).zip(chunks.iter().chain([&(usize::MAX, Pack::Deflated)])) {
        let (chunk, later) = rest.split_at((*length).min(rest.len()));
        let pack = match pack {
            Pack::Stored => RawMember::stored,
            Pack::Deflated => RawMember::deflated,
            Pack::Bzip2 => RawMember::bzip2,
        };
        archive = archive.with(pack(&format!("logic-1-{number}"), chunk));
        rest = later;
    }
    archive
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn in_other_chunks_packed_otherwise_and_in_another_order(
        chunks in proptest::collection::vec(
            (0_usize..6000, prop_oneof![Just(Pack::Stored), Just(Pack::Deflated), Just(Pack::Bzip2)]), 0..8),
        zip64 in any::<bool>(),
        turns in 0_usize..20,
        reversed in any::<bool>(),
    ) {
        let mut archive = archive_of(&samples(), &metadata(), &chunks);
        archive.zip64 = zip64;
        let members = archive.members.len();
        archive.members.rotate_left(turns % members);
        if reversed {
            archive.members.reverse();
        }
        prop_assert_eq!(of(&archive.build(), &spec()), original());
    }

    #[test]
    fn on_other_probes(fsin in 0_u32..16, strobe in 0_u32..16, unit in 2_usize..=8) {
        prop_assume!(fsin != strobe);
        let bytes: Vec<u8> = samples().iter().flat_map(|sample| {
            let word = u64::from(sample & 1) << fsin | u64::from(sample >> 1 & 1) << strobe;
            word.to_le_bytes().into_iter().take(unit)
        }).collect();
        let text = metadata()
            .replace("total probes=8", &format!("total probes={}", unit * 8))
            .replace("unitsize=1", &format!("unitsize={unit}"))
            .replace("probe1=FSIN\nprobe2=STROBE\nprobe3=SPARE", &format!(
                "probe{}=STROBE\nprobe{}=FSIN", strobe + 1, fsin + 1));
        prop_assert_eq!(of(&archive_of(&bytes, &text, &[(4000 * unit, Pack::Deflated)]).build(), &spec()), original());
    }

    #[test]
    fn later(shift in 1_u64..5000) {
        let mut bytes = vec![0; shift as usize];
        bytes.extend(samples());
        let file = archive_of(&bytes, &metadata(), &[(3000, Pack::Deflated)]).build();
        prop_assert_eq!(numbers(&judged(&file, &spec()).unwrap(), shift), original());
    }
}

#[test]
fn inverted_at_the_wire_and_in_the_spec() {
    for (mask, from, to) in [
        (2, "strobe = \"STROBE\"", "strobe = \"!STROBE\""),
        (1, "fsin = \"FSIN\"", "fsin = \"!FSIN\""),
        (2, "strobe = \"STROBE\"", "strobe = \"!1\""),
    ] {
        let bytes: Vec<u8> = samples().iter().map(|sample| sample ^ mask).collect();
        let file = archive_of(&bytes, &metadata(), &[]).build();
        let inverted = spec().replace(from, to);
        assert_ne!(inverted, spec());
        assert_eq!(of(&file, &inverted), original(), "{to}");
        assert_ne!(of(&file, &spec()), original(), "{to}");
    }
}

#[test]
fn at_twice_the_rate_and_length_in_time() {
    // Each sample twice, at twice the rate: the same times, to half the uncertainty, and the same verdicts.
    let bytes: Vec<u8> = samples().iter().flat_map(|sample| [*sample; 2]).collect();
    let file = archive_of(&bytes, &metadata().replace("100 kHz", "200 kHz"), &[]).build();
    let once = judged(&archive_of(&samples(), &metadata(), &[]).build(), &spec()).unwrap();
    let twice = judged(&file, &spec()).unwrap();
    assert_eq!(twice.verdict, once.verdict);
    for (a, b) in once.checks.iter().zip(&twice.checks) {
        assert_eq!((a.quantity.id, a.verdict, a.measured), (b.quantity.id, b.verdict, b.measured));
        let value = |check: &strobecheck::verdict::Check| check.worst.as_ref().map(|worst| worst.value.clone());
        assert_eq!(value(a), value(b), "{}", a.quantity.id);
    }
}

#[test]
fn written_by_this_crate() {
    let rate = SampleRate::parse("100 kHz").unwrap();
    let probe = |bit, name: &str| Probe { bit, name: name.to_owned(), presence: Presence::Recorded };
    let mut writer = SrzipWriter::new(Vec::new(), &[probe(0, "FSIN"), probe(1, "STROBE")], &rate).unwrap();
    for (at, state) in super::archives::states_without(&[]) {
        writer.change(SampleIndex::new(at), state).unwrap();
    }
    let file = writer.finish(SampleIndex::new(LENGTH)).unwrap();
    assert_eq!(of(&file, &spec()), original());
    assert_eq!(judged(&file, SPEC).unwrap().verdict, Verdict::Pass);
}
