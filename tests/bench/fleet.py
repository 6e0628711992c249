#!/usr/bin/env python3
"""How fast, and in how much memory, `trend` reads ten million results, and 20,000 parts are read and compacted.

    tests/bench/fleet.py [FOLDER]

builds the release, makes the folders (by default below target/fleet) unless they are there, and says what it took. What is promised:
`trend` within 15 s and 500 MB, and of the parts within 4 s of CPU time, compaction within 30 s, on two cores.
"""

import pathlib
import resource
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / "target/release/strobecheck"


def made(folder, rows, captures):
    if not folder.exists():
        command = ["cargo", "bench", "--locked", "--bench", "fleet", "--", folder, str(rows), str(captures)]
        subprocess.run(command, cwd=ROOT, check=True)
    return folder


def measured(what, *arguments):
    """Runs the program; the greatest memory is that of all children so far, so the largest comes first."""
    begin = time.monotonic()
    subprocess.run([PROGRAM, *arguments], check=True, stdout=subprocess.DEVNULL)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    took, cpu = time.monotonic() - begin, usage.ru_utime + usage.ru_stime
    print(f"{what}: {took:.1f} s, {cpu:.1f} s of CPU time, {usage.ru_maxrss / 1024:.0f} MB", flush=True)


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/fleet").resolve()
    subprocess.run(["cargo", "build", "--locked", "--release"], cwd=ROOT, check=True)
    made(folder / "many", 10_000_000, 125)
    made(folder / "parts", 160_000, 1)
    copy = folder / "compacted"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / "parts", copy)
    parts = len(list(copy.rglob("*.parquet")))
    # In processes of their own: cargo's memory is none of theirs.
    for what in (
        ["trend of 10,000,000 results", "trend", folder / "many"],
        [f"trend of {parts} parts", "trend", folder / "parts"],
        [f"compaction of {parts} parts", "results", "compact", copy],
    ):
        subprocess.run([sys.executable, __file__, "--one", *what], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measured(*sys.argv[2:])
    else:
        main()
