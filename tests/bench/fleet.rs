//! Makes a folder of results of a fleet, to see how fast `trend` reads it.
//!
//! ```text
//! cargo bench --bench fleet [-- FOLDER [RESULTS [CAPTURES]]] && time target/release/strobecheck trend target/fleet
//! ```
//!
//! By default in `target/fleet`, and a million results: 8 checks of each of 125 captures a day, at 20 stations, over 50
//! days, so many captures in a part (125 by default). The same folder each time. `tests/bench/fleet.py` measures.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program for developers, which may say so and stop")]

use std::path::Path;

use sha2::{Digest, Sha256};
use strobecheck::report::Overall;
use strobecheck::study::partition::partition;
use strobecheck::study::record::RecordNotes;
use strobecheck::study::results::{Basis, CheckResult, ResultRow, TakenAt, TimeSource};
use strobecheck::table::{TableFormat, results};
use strobecheck::verdict::Verdict;

const CHECKS: [(&str, f64, f64); 8] = [
    ("frame.time", 1.0 / 30.0, 33e-6),
    ("fsin.width", 100e-6, 10e-6),
    ("exposure.time", 20e-3, 50e-6),
    ("exposure.end", 0.0, 20e-6),
    ("exposure.gap", 13.3e-3, 60e-6),
    ("flash.lead", 50e-6, 40e-6),
    ("flash.lag", 200e-6, 90e-6),
    ("flash.on-time", 20.25e-3, 90e-6),
];
const STATIONS: u64 = 20;
const CAPTURES_A_DAY: u64 = 125;
const FAULTS: [&str; 4] = ["flash-late", "dropped-frame", "line-dead", "missed-trigger"];

/// A number from 0 to 1 of this place (splitmix64).
fn random(place: u64) -> f64 {
    let mut z = place.wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn rows(station: u64, day: u64) -> Vec<ResultRow> {
    let capture = |number: u64| {
        let place = (day * STATIONS + station) * CAPTURES_A_DAY + number;
        let fails = random(place) > 0.97;
        let time =
            format!("2026-{:02}-{:02}T{:02}:{:02}:00", 1 + day / 28 % 12, 1 + day % 28, number / 60 % 24, number % 60);
        (0..).zip(CHECKS).map(move |(check, (id, nominal, tolerance))| ResultRow {
            taken: Some(TakenAt { time: time.clone(), source: TimeSource::Sidecar }),
            dut: Some(format!("unit {:05}", place / 3)),
            station: Some(format!("S{station:02}")),
            operator: None,
            tags: None,
            record: Some(RecordNotes {
                driver: Some("fx2lafw".to_owned()),
                serial: Some(format!("{station:02}")),
                samplerate: 24e6,
                clock: 50.0,
                correction: 0.0,
                duration: 10.0,
                integrity: "complete",
                profile: None,
            }),
            capture: format!("unit{place}.sr"),
            sha256: Some(format!("{:064x}", u128::from(place).wrapping_mul(0x9e37_79b9_7f4a_7c15_9e37_79b9_7f4a_7c15))),
            spec: Some("board7.spec.toml".to_owned()),
            spec_sha256: Some("0".repeat(64)),
            capture_verdict: if fails { Overall::Fail } else { Overall::Pass },
            capture_fault: fails.then(|| FAULTS[(place % 7 % 4) as usize]),
            place: check,
            check: Some(CheckResult {
                id,
                camera: Some("main".to_owned()),
                line: None,
                rule: format!("{nominal} s ± {tolerance} s"),
                unit: "s",
                verdict: if fails && check == place % 8 { Verdict::Fail } else { Verdict::Pass },
                fault: None,
                alignment: Some("end"),
                basis: Basis::Mean,
                value: Some(
                    nominal + tolerance * (random(place * 8 + check) + random(place * 8 + check + (1 << 40)) - 1.0),
                ),
                limit_min: Some(nominal - tolerance),
                limit_max: Some(nominal + tolerance),
                measured: 300,
                failed: 0,
                marginal: 0,
                min: None,
                max: None,
                sd: None,
                uncertainty: Some(1e-6),
            }),
        })
    };
    (0..CAPTURES_A_DAY).flat_map(capture).collect()
}

fn main() {
    // cargo adds --bench.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let folder = arguments.next().unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/target/fleet").to_owned());
    let wanted: u64 = arguments.next().map_or(1_000_000, |count| count.parse().unwrap());
    let in_a_part: usize = arguments.next().map_or(CAPTURES_A_DAY as usize, |count| count.parse().unwrap());
    let mut written = 0;
    for day in 0.. {
        for station in 0..STATIONS {
            if written >= wanted {
                println!("{written} results in {folder}");
                return;
            }
            let rows = rows(station, day);
            let [station, of_day] = partition(&rows[0]);
            let path = Path::new(&folder).join(station).join(of_day);
            std::fs::create_dir_all(&path).unwrap();
            for rows in rows.chunks(in_a_part * CHECKS.len()) {
                let bytes = results(&rows.iter().collect::<Vec<_>>()).bytes(TableFormat::Parquet).unwrap();
                let hash: String = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
                std::fs::write(path.join(format!("part-{hash}.parquet")), bytes).unwrap();
            }
            written += rows.len() as u64;
        }
    }
}
