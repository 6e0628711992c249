//! `look` on random rigs whose probes are called D0 to D7: what it tells is so, the spec that it makes passes the capture, and fails
//! once a frame is cut out of it.
//!
//! `STROBECHECK_LOOKS=1000 cargo test --test suite looking::` looks at so many rigs; without it, at sixty.

use std::fs;
use std::path::Path;
use std::process::Command;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use strobecheck::quantity;
use strobecheck::spec::Spec;
use strobecheck::study::learn::{Confidence, GoodCapture, LearnError, Learned, Wired, keeps_to_itself, look, wired};
use strobecheck::study::wiring;
use strobecheck::verdict::Verdict;

use crate::bench_capture::capture;
use crate::generator::{Line, Ps, Rig, Role};
use crate::support::judging::judged_by;
use crate::wiring::good;

const FEW: u64 = 60;

fn count() -> u64 {
    std::env::var("STROBECHECK_LOOKS").ok().map_or(FEW, |count| count.parse().unwrap())
}

/// A good rig as somebody records it who names nothing: eight probes, those that hang in the air among them.
fn rig(seed: u64) -> Option<Rig> {
    let (mut rig, ..) = good(seed)?;
    while rig.lines.len() < 8 {
        let place = (seed as usize * 7 + rig.lines.len() * 3) % (rig.lines.len() + 1);
        let air = Line {
            role: Role::Readout,
            camera: 0,
            name: None,
            probe: String::new(),
            active_low: false,
            pulses: Vec::new(),
        };
        rig.lines.insert(place, air);
    }
    for (number, line) in rig.lines.iter_mut().enumerate() {
        line.probe = format!("D{number}");
    }
    Some(rig)
}

/// The wires as somebody states them who knows, where they are not told.
fn stated(rig: &Rig) -> Spec {
    let of = |camera: usize| -> String {
        let lines = rig.lines.iter().filter(|line| line.camera == camera && !line.pulses.is_empty());
        let row = |line: &Line| {
            let name = line.name.map(|name| format!(".{name}")).unwrap_or_default();
            format!("{}{name} = \"{}{}\"\n", line.role.key(), if line.active_low { "!" } else { "" }, line.probe)
        };
        lines.map(row).collect()
    };
    let further =
        if rig.cameras.len() > 1 { format!("[camera.{}]\n{}", Rig::name_of(1), of(1)) } else { String::new() };
    Spec::parse("stated.toml", &format!("[wiring]\n{}{further}", of(0))).unwrap()
}

/// What a look tells, and why no other capture is judged by it.
struct Looked {
    own: Learned,
    refusal: Option<LearnError>,
}

fn look_at(rig: &Rig) -> Option<(Wired, Looked)> {
    let capture = rig.capture();
    let (spec, how) = match wired(&wiring(&capture)).unwrap() {
        Some((spec, Wired::FoundOut)) => (spec, Wired::FoundOut),
        Some((_, Wired::Stated | Wired::LevelGuessed | Wired::Guessed)) | None => (stated(rig), Wired::Stated),
    };
    let taken = GoodCapture { name: "rig.sr".to_owned(), sha256: String::new(), capture };
    let own = look(&taken, &spec, how, Confidence::default()).ok()?;
    let judged = judged_by(&taken.capture, &own.spec);
    let refusal = keeps_to_itself(&taken, &judged.checks, &judged.findings).err();
    Some((how, Looked { own, refusal }))
}

/// The true values of a quantity of the camera whose STROBE was told, in seconds; none where nothing here knows them.
fn truth(rig: &Rig, id: &str, camera: usize) -> Option<Vec<f64>> {
    let frames = || rig.cameras[camera].frames.iter().filter(|frame| frame.beat >= 0 && frame.beat < rig.length);
    let seconds = |time: Ps| time as f64 * 1e-12;
    match id {
        "exposure.time" => Some(frames().flat_map(|frame| &frame.exposures).map(|it| seconds(it.width())).collect()),
        "fsin.width" => Some(frames().filter_map(|frame| frame.fsin).map(|it| seconds(it.width())).collect()),
        _ => None,
    }
}

/// A rig by its seed, and what a look at it told.
type Case = (u64, Rig, Option<(Wired, Looked)>);

#[test]
fn what_a_look_tells_is_so_and_its_spec_knows_a_frame_that_is_cut_out() {
    let looked: Vec<Case> = (0..count() * 2)
        .into_par_iter()
        .filter_map(|seed| rig(seed).map(|rig| (seed, look_at(&rig), rig)))
        .map(|(seed, looked, rig)| (seed, rig, looked))
        .collect();
    let looked = &looked[..count() as usize];
    let (mut counts, mut made, mut known) = ([0, 0], 0, 0);
    for (seed, rig, looked) in looked {
        let Some((how, looked)) = looked else { continue };
        counts[usize::from(*how == Wired::Stated)] += 1;
        for found in &looked.own.quantities {
            assert!(std::ptr::eq(found.quantity, quantity::find(found.quantity.id).unwrap()));
            let Some(truth) = truth(rig, found.quantity.id, found.camera) else { continue };
            let (least, most) = truth.iter().fold((f64::INFINITY, 0.0_f64), |(a, b), v| (a.min(*v), b.max(*v)));
            // A sample at either edge, and the clock, of which a look knows nothing.
            let clock = 1e-7 * (rig.analyzer.clock + rig.analyzer.correction.abs()) as f64;
            let edges = 2.0 / rig.analyzer.rate as f64 + 2e-12 * rig.analyzer.edge as f64;
            let shift = clock * most + edges;
            for entry in &found.entries {
                let is_so = entry.seen.0 >= least - shift && entry.seen.1 <= most + shift;
                assert!(is_so, "{seed} {:?} {}: {entry:?}, truly {least} to {most}", rig.kind, found.quantity.id);
            }
        }
        if looked.refusal.is_some() {
            continue;
        }
        made += 1;
        let judged = judged_by(&rig.capture(), &looked.own.spec);
        assert_eq!(judged.verdict, Verdict::Pass, "{seed} {:?}: {:?}\n{}", rig.kind, judged.reason, looked.own.toml);
        let Some((first, last)) = rig.judged_frames_within(0, 1, 1) else { continue };
        let mut cut = rig.clone();
        let gone = (first + last) / 2;
        cut.lines.iter_mut().for_each(|line| line.lose(|frame| frame == gone));
        let judged = judged_by(&cut.capture(), &looked.own.spec);
        if looked.own.toml.contains("frame_time = ") {
            let text = &looked.own.toml;
            // Where a limit allows exposures that no sample shows, one may have been unseen.
            known += usize::from(judged.verdict == Verdict::Fail);
            assert_ne!(judged.verdict, Verdict::Pass, "{seed} {:?}: {:?}\n{text}", rig.kind, judged.reason);
        }
    }
    let all = looked.len();
    let counts = format!("{counts:?} told and stated, {made} specs, {known} with a frame time");
    assert!(made * 10 >= all * 6 && known * 10 >= all * 5, "of {all}: {counts}");
}

#[test]
fn of_a_damaged_capture_no_spec_is_made_and_what_is_whole_is_told() {
    let mut told = 0;
    for mut rig in (0..40).filter_map(rig) {
        rig.lost = Some((rig.length / 2, rig.length / 2 + rig.length / 50));
        let Some((_, looked)) = look_at(&rig) else { continue };
        told += 1;
        let refusal = looked.refusal.map(|refusal| refusal.to_string()).unwrap_or_default();
        assert!(refusal.starts_with("rig.sr: it is damaged"), "{refusal}");
    }
    assert!(told >= 10, "{told}");
}

/// A record of which all samples are lost says nothing of wires, and is never more or less than another.
#[test]
fn of_a_record_that_is_lost_nothing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/seed-pass.sr");
    // Up to within its first chunk.
    let cut = &fs::read(&whole).unwrap()[..2200];
    fs::write(folder.path().join("cut.sr"), cut).unwrap();
    let run = |args: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_strobecheck")).args(args).current_dir(folder.path()).output().unwrap();
        let [told, said] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        (output.status.code(), told, said)
    };
    for command in ["look", "wiring"] {
        let (code, told, said) = run(&[command, "cut.sr"]);
        assert_eq!(code, Some(3), "{told}{said}");
        assert!(said.contains("damaged: ") && said.contains("samples 0 to 1999999 are lost"), "{said}");
        assert!(told.contains("FSIN, STROBE, FLASH: not to be told") && told.contains("capture again"), "{told}");
        assert!(!told.contains("dead") && !told.contains("threshold"), "{told}");
    }
    let whole = whole.to_str().unwrap();
    let tolerances =
        ["--tolerance", "flash.duty=1 %", "--tolerance", "exposure.time=50 us", "--tolerance", "line.edges=1"];
    let wires = ["--wire", "strobe=STROBE", "--wire", "fsin=FSIN", "--wire", "flash=FLASH"];
    let (code, told, _) = run(&[&["compare", whole, "cut.sr"] as &[&str], &tolerances, &wires].concat());
    assert_eq!(code, Some(3), "{told}");
    assert!(told.contains("at least 0") && !told.contains("They differ"), "{told}");
}

#[test]
fn the_page_of_a_look_has_no_word_of_a_verdict_and_a_look_at_another_capture_stays() {
    let folder = tempfile::tempdir().unwrap();
    let run = |capture: &str, more: &[&str]| {
        let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(capture);
        let output = Command::new(env!("CARGO_BIN_EXE_strobecheck"))
            .args(["look".as_ref(), captures.as_os_str()])
            .args(more)
            .current_dir(folder.path())
            .output();
        output.unwrap()
    };
    assert_eq!(run("seed-long-exposure.sr", &[]).status.code(), Some(0));
    let page = folder.path().join("reports/seed-long-exposure.look.html");
    let text = fs::read_to_string(&page).unwrap();
    let body = text.split("<script").next().unwrap();
    assert!(body.contains("LOOKED AT") && body.contains("30.60 ms") && body.contains("apart"), "{body}");
    for word in ["PASS", "FAIL", "INCONCLUSIVE", ">FAULT", ">fault"] {
        assert!(!body.contains(word), "{word}");
    }
    // The same again may take its place; another's may not.
    assert_eq!(run("seed-long-exposure.sr", &[]).status.code(), Some(0));
    fs::copy(&page, folder.path().join("reports/seed-pass.look.html")).unwrap();
    let refused = run("seed-pass.sr", &[]);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    // A spec that cannot be made is no success.
    let refused = run("seed-long-exposure.sr", &["--no-report", "-o", "own.spec.toml"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(!folder.path().join("own.spec.toml").exists());
}

#[test]
fn a_level_that_is_likely_only_is_said_and_makes_no_spec() {
    // By STROBE alone: 23.5 ms high and 9.8 ms low may be long exposures, or short ones that are active low.
    let strobe = (0..40_u64).flat_map(|frame| [5_000 + 33_333 * frame, 28_500 + 33_333 * frame]).collect();
    let capture = capture("1 MHz", 1_340_000, &[("D0", strobe)]);
    let (_, how) = wired(&wiring(&capture)).unwrap().unwrap();
    assert_eq!(how, Wired::LevelGuessed);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alone.csv");
    let mut rows = "Time [s],D0\n0.000000,0\n".to_owned();
    for frame in 0..40_u64 {
        let (start, end) = (5_000 + 33_333 * frame, 28_500 + 33_333 * frame);
        rows += &format!(
            "{}.{:06},1\n{}.{:06},0\n",
            start / 1_000_000,
            start % 1_000_000,
            end / 1_000_000,
            end % 1_000_000
        );
    }
    fs::write(&path, rows).unwrap();
    let run = |more: &[&str]| {
        let args =
            [&["look", "alone.csv", "--samplerate", "1MHz", "--no-report", "-o", "own.spec.toml"], more].concat();
        Command::new(env!("CARGO_BIN_EXE_strobecheck")).args(args).current_dir(folder.path()).output().unwrap()
    };
    let output = run(&[]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("by a guess at which level is active: strobe on D0, active low"), "{said}");
    assert!(said.contains("No spec is written: which level is active is a guess: say it with --wire"), "{said}");
    assert!(!folder.path().join("own.spec.toml").exists());
    let output = run(&["--wire", "strobe=D0"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("exposures of 23.5 ms"), "{said}");
    assert!(folder.path().join("own.spec.toml").exists());
}
