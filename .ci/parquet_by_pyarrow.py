#!/usr/bin/env python3
"""Opens every Parquet table with pyarrow, and with pandas and polars where they are there, and does with it what users do:
filters, sorts, groups, takes rows, computes, and writes it again.

    pip install pyarrow pandas polars && .ci/parquet_by_pyarrow.py target/debug/strobecheck
"""

import importlib.util
import pathlib
import subprocess
import sys
import tempfile

import pyarrow
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

ROOT = pathlib.Path(__file__).resolve().parent.parent
CAPTURE = "captures/seed-long-exposure.sr"


def run(program, *arguments):
    status = subprocess.run([program, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL).returncode
    assert status in (0, 1, 3), f"{arguments}: exit code {status}"


def tables(program, folder):
    """A table of each kind: its file, a column of texts, and one of whole numbers."""
    results = folder / "results"
    run(program, "verify", CAPTURE, "--reports", folder, "--format", "parquet", "--results", results, "-q")
    edges = folder / "edges.parquet"
    run(program, "edges", CAPTURE, "--format", "parquet", "-o", edges)
    part = next(results.rglob("*.parquet"))
    return [
        (folder / "seed-long-exposure.parquet", "camera", "start_sample"),
        (folder / "seed-long-exposure.checks.parquet", "id", "measured"),
        (part, "id", "measured"),
        (edges, "channel", "sample"),
    ]


def by_pyarrow(path, text, number):
    table = pq.ParquetFile(path).read()
    assert table.num_rows > 0, path
    assert table.schema.field(number).type == pyarrow.int64(), table.schema.field(number)
    wanted = table.column(text)[0].as_py()
    kept = pq.read_table(path, filters=[(text, "=", wanted)], partitioning=None)
    assert 0 < kept.num_rows == pc.sum(pc.equal(table.column(text), wanted)).as_py(), path
    assert table.sort_by(text).num_rows == table.num_rows
    counts = table.group_by(text).aggregate([(number, "count")])
    assert counts.num_rows == len(pc.unique(table.column(text))), path
    assert table.take([0]).column(text)[0].as_py() == wanted
    pc.subtract(table.column(number), table.column(number))
    pyarrow.csv.write_csv(table, path.with_suffix(".csv"))
    pq.write_table(table, path.with_suffix(".again"))
    return table


def by_others(path, text, table):
    wanted = table.column(text)[0].as_py()
    count = pc.sum(pc.equal(table.column(text), wanted)).as_py()
    if importlib.util.find_spec("pandas"):
        import pandas

        assert len(pandas.read_parquet(path, filters=[(text, "==", wanted)], partitioning=None)) == count, path
    if importlib.util.find_spec("polars"):
        import polars

        found = polars.read_parquet(path, hive_partitioning=False).filter(polars.col(text) == wanted)
        assert found.height == count, path


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as temporary:
        for path, text, number in tables(program, pathlib.Path(temporary)):
            table = by_pyarrow(path, text, number)
            by_others(path, text, table)
            print(f"pyarrow {pyarrow.__version__}: {path.name}: {table.num_rows} rows")


if __name__ == "__main__":
    main()
