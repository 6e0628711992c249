#!/usr/bin/env python3
"""Opens the Parquet tables with DuckDB and holds their numbers against the JSON report of the same run.

    pip install duckdb && .ci/parquet_by_duckdb.py target/debug/strobecheck
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import duckdb

CAPTURES = ["seed-pass", "seed-long-exposure", "too-tight", "trigger-missing-exposure"]
NUMBERS = ["measured", "failed", "marginal", "min", "max", "mean", "sd", "p50", "p99", "p99.9", "uncertainty"]


def rows(path):
    """The rows of a table as dictionaries; columns are named by quantity ids, dots and all."""
    table = duckdb.sql(f"SELECT * FROM read_parquet('{path}')")
    return [dict(zip(table.columns, row)) for row in table.fetchall()]


def compare(name, folder):
    report = json.loads((folder / f"{name}.json").read_text())["captures"][0]
    table = rows(folder / f"{name}.checks.parquet")
    assert len(table) == len(report["checks"]), f"{name}: {len(table)} rows for {len(report['checks'])} checks"
    for check, row in zip(report["checks"], table):
        for key in ["id", "camera", "line", "rule", "unit", "verdict", *NUMBERS]:
            assert row[key] == check[key], f"{name}: {check['id']}: {key} is {row[key]!r}, in JSON {check[key]!r}"
    frames = rows(folder / f"{name}.parquet")
    exposures = [row["exposure.time"] for row in frames if row["exposure.time"] is not None]
    judged = next(check for check in report["checks"] if check["id"] == "exposure.time")
    assert len(exposures) >= judged["measured"] > 0, f"{name}: {len(exposures)} exposures"
    assert judged["max"] in exposures and judged["min"] in exposures, f"{name}: extremes are not among the frames"
    return len(table), len(frames)


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as temporary:
        for name in CAPTURES:
            command = [program, "verify", f"captures/{name}.sr", "--reports", temporary, "--format", "json,parquet", "-q"]
            status = subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL).returncode
            assert status in (0, 1, 3), f"{name}: exit code {status}"
            checks, frames = compare(name, pathlib.Path(temporary))
            print(f"{name}: {checks} checks and {frames} frames as in the JSON report")


if __name__ == "__main__":
    main()
