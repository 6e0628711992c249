#!/usr/bin/env python3
"""Runs the queries of src/guide/fleet.md with DuckDB and holds them against `strobecheck trend` over the same folder, to 1e-9.

    pip install duckdb && .ci/trend_by_duckdb.py target/debug/strobecheck
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import duckdb

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEYS = ["station", "id", "camera", "line", "rule"]
STATIONS = ["S1", "Prüfplatz 2/3", "007", None]


def close(a, b, what):
    if a is None or b is None:
        assert a is None and b is None, f"{what}: {a!r} and {b!r}"
        return
    assert abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1e-300), f"{what}: {a!r} and {b!r}"


def results(program, folder):
    """Judges units that differ, at several stations, by one process each, some of them at once."""
    jobs = []
    for number in range(24):
        exposure = 10_000 + (number * 7919 % 13) * 1.5
        fault = '[[fault]]\nkind = "missing-strobe"\nframes = [7]\n' if number % 6 == 5 else ""
        scenario = folder / f"unit{number}.toml"
        scenario.write_text(
            f'duration = "800 ms"\nseed = {number}\nanalyzer.samplerate = "1 MHz"\n[wiring]\nfsin = "FSIN"\nstrobe = "STROBE"\n'
            f'[timing]\nframe.time = "{33_320 + number} us"\nexposure.time = "{exposure} us"\nexposure.end = "{number % 2 * 4} us"\n{fault}'
        )
        capture = scenario.with_suffix(".sr")
        subprocess.run([program, "simulate", scenario, "-o", capture], check=True)
        start = f"2026-11-{20 + number // 9:02}T{number % 9:02}:30:00Z"
        device = {"driver": "fx2lafw", "serial_number": f"{number % 4:02}"}
        sidecar = {"schema": "strobecheck.capture/1", "start": start, "problems": [], "device": device}
        capture.with_suffix(".capture.json").write_text(json.dumps(sidecar))
        # One of them has enough captures in a row for every rule.
        station = STATIONS[number % len(STATIONS) if number < 8 else 0]
        spec = ["--wire", "strobe=STROBE", "--wire", "fsin=FSIN", "--limit", "exposure.time=10 ms ± 50 us"]
        spec += ["--limit", "exposure.end=0 us ± 20 us", "--limit", "fsin.width=>= 5 us", "--limit", "frame.time=1/30 s ± 0.1 %"]
        where = [] if station is None else ["--station", station]
        command = [program, "verify", capture, *spec, *where, "--dut", f"unit {number % 5}", "--no-report", "-q", "--tag", f"lot={number % 2}"]
        jobs.append(subprocess.Popen([*command, "--results", folder / "results"], stdout=subprocess.DEVNULL))
    for job in jobs:
        assert job.wait() in (0, 1, 3), job.returncode
    assert not [name for _, _, files in os.walk(folder / "results") for name in files if not name.endswith(".parquet")]


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    view, first, rules, second = re.findall(r"```sql\n(.*?)```", (ROOT / "src/guide/fleet.md").read_text(), re.S)
    given = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        if given is None:
            results(program, folder)
        else:
            os.symlink(given, folder / "results")
        os.chdir(folder)
        trend = json.loads(subprocess.run([program, "trend", "results", "--json"], check=True, capture_output=True).stdout)
        duckdb.sql(view)
        table = duckdb.sql(first)
        table_rows = table.fetchall()
        rows = [dict(zip(table.columns, row)) for row in table_rows]
        series = {tuple(one[key] for key in KEYS): one for one in trend["series"]}
        assert len(rows) == len(series) > 0, f"{len(rows)} series in SQL, {len(series)} in trend"
        for row in rows:
            one = series[tuple(row[key] for key in KEYS)]
            what = " ".join(str(row[key]) for key in KEYS)
            assert row["n"] == one["count"], what
            close(row["mean"], one["mean"], f"mean of {what}")
            if not one["sd"] or one["sd"] < 1e-12 * abs(one["mean"]):
                continue  # What floats leave of equal values is no spread.
            close(row["s"], one["sd"], f"s of {what}")
            close(row["cp"], one["cp"] and one["cp"]["value"], f"Cp of {what}")
            close(row["cpk"], one["cpk"] and one["cpk"]["value"], f"Cpk of {what}")
            close(row["lower_control"], one["chart"]["values"]["lower"], f"lower control limit of {what}")
            close(row["upper_control"], one["chart"]["values"]["upper"], f"upper control limit of {what}")
        broken = [0, 0, 0, 0]
        for *key, beyond, one_side, rising, alternating in duckdb.sql(rules).fetchall():
            one = series[tuple(key)]
            if not one["sd"] or one["sd"] < 1e-12 * abs(one["mean"]):
                continue
            signals = {signal["rule"]: signal for signal in one["signals"]}
            for rule, count in enumerate([beyond, one_side, rising, alternating], 1):
                told = signals.get(rule, {"count": 0, "at_least": False})
                agrees = count >= told["count"] if told["at_least"] else count == told["count"]
                assert agrees, f"rule {rule} of {key}: {count} in SQL, {told} in trend"
                broken[rule - 1] += count
        faults = duckdb.sql(second).fetchall()
        assert faults == [(fault["name"], fault["count"]) for fault in trend["faults"]], faults
        if given is None:
            what = "analyzer_driver, analyzer_serial, tags, samplerate_hz, clock_ppm, correction_ppm, round(duration_s, 6), integrity, profile, schema_version"
            first_row = f"SELECT {what}, typeof(taken_at_utc), taken_at_utc::VARCHAR FROM counted WHERE place = 0 AND taken_at = '2026-11-20T08:30:00' AND station = 'S1'"
            recorded = duckdb.sql(first_row).fetchall()
            assert recorded == [("fx2lafw", "00", "lot=0", 1e6, 100.0, 0.0, 0.8, "complete", None, 3, "TIMESTAMP", "2026-11-20 08:30:00")], recorded
            assert all(broken[1:]), f"not every rule is broken: {broken}"
            assert {one["station"] for one in trend["stations"]} == set(STATIONS)
            assert trend["total"]["captures"] == 24 and len(faults) > 0, trend["total"]
            before = sorted(pathlib.Path("results").rglob("*.parquet"))
            subprocess.run([program, "results", "compact", "results"], check=True, capture_output=True)
            assert len(sorted(pathlib.Path("results").rglob("*.parquet"))) < len(before)
            assert sorted(duckdb.sql(first).fetchall(), key=str) == sorted(table_rows, key=str), "compacted, the queries give others"
            shutil.copytree("results", "copy")
            again = json.loads(subprocess.run([program, "trend", "copy", "--json"], check=True, capture_output=True).stdout)
            assert again == trend and before, "another folder of the same parts is another trend"
        print(f"{len(rows)} series and {len(faults)} faults as DuckDB computes them, of {trend['results']} results")


if __name__ == "__main__":
    main()
