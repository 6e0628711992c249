"""The module over the program: what it gives is what the program says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import strobecheck
from strobecheck import SpecError, StrobecheckError, Verdict, measure, verify

ROOT = Path(__file__).parents[2]
CAPTURES = ROOT / "captures"
FIXTURES = ROOT / "tests/cli/fixtures"


def test_a_report_is_what_the_program_says() -> None:
    report = verify(CAPTURES / "seed-late-flash.sr")
    said = subprocess.run([strobecheck.program(), "verify", "--json", str(CAPTURES / "seed-late-flash.sr")], capture_output=True)
    raw = json.loads(said.stdout)["captures"][0]
    assert report.raw == raw
    assert report.verdict is Verdict.FAIL and report.faults == ["flash-late"]
    assert len(report.checks) == len(raw["checks"])
    for check, of in zip(report.checks, raw["checks"]):
        assert (check.id, check.verdict.value, check.max, check.rule) == (
            of["id"],
            of["verdict"],
            of["max"],
            of["rule"],
        )
    # Of its scenario: one flash 350 us after its exposure begins, known to a sample of 1 us.
    worst = report["flash.lead"].worst
    assert worst is not None and (worst.value, worst.low, worst.high) == (-0.00035, -0.000351, -0.000349)
    assert report["flash.lead"] is report["main:flash.lead"]
    assert report.findings[0].remedies[0] in report.explain()
    assert "flash.lead: FAIL" in report.explain() and "-0.00035 s" in report.explain()


def test_a_verdict_is_neither_true_nor_false() -> None:
    for verdict in Verdict:
        with pytest.raises(TypeError, match="compare it"):
            bool(verdict)


def test_an_unknown_check_names_what_is_near() -> None:
    report = verify(CAPTURES / "seed-pass.sr")
    with pytest.raises(KeyError, match="did you mean flash.lead"):
        report["flash.led"]
    with pytest.raises(KeyError, match="see report.checks"):
        report["nothing"]
    with pytest.raises(KeyError):
        report["right:flash.lead"]


def test_of_several_cameras_the_worst_counts_or_the_one_that_is_named() -> None:
    report = verify(CAPTURES / "two-cameras-drift.sr")
    assert report["skew.drift"].camera == "right" and report["skew.drift"].verdict is Verdict.FAIL
    assert report["right:frame.time"].camera == "right"


def test_what_is_stated_reaches_the_program() -> None:
    capture = CAPTURES / "strobe-constant.sr"
    report = verify(
        capture,
        profile="ov9282-freerun-30",
        params={"exposure": "20ms"},
        wire={"strobe": "STROBE"},
        limits={"exposure.time": "<= 19 ms"},
        window=("0.5s", "1.5s"),
        timeout=60,
    )
    assert report["exposure.time"].verdict is Verdict.FAIL and report["exposure.time"].rule == "<= 19 ms"
    assert report.raw["window"] == {"from_s": 0.5, "to_s": 1.5}
    assert report.raw["spec"]["wiring.strobe"] == "STROBE"


def test_what_cannot_be_judged_raises_and_says_why(tmp_path: Path) -> None:
    with pytest.raises(StrobecheckError, match="nope.sr: cannot be read: there is no such file"):
        verify(tmp_path / "nope.sr")
    with pytest.raises(SpecError) as caught:
        verify(CAPTURES / "seed-pass.sr", FIXTURES / "typo.spec.toml")
    error = caught.value
    assert (Path(error.file).name, error.line, error.column) == ("typo.spec.toml", 5, 10)
    assert "did you mean 'exposure.time'?" in str(error)
    shutil.copy(CAPTURES / "seed-pass.sr", tmp_path / "x.sr")
    (tmp_path / "x.spec.toml").write_text("[wiring]\nstrob = 'D0'\n")
    with pytest.raises(SpecError) as caught:
        verify(tmp_path / "x.sr")
    assert (caught.value.line, caught.value.column) == (2, 1)
    with pytest.raises(StrobecheckError, match="not done after"):
        verify(CAPTURES / "seed-pass.sr", timeout=1e-6)


def test_a_name_is_a_file_whatever_it_begins_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(CAPTURES / "seed-pass.sr", tmp_path / "--json.sr")
    shutil.copy(CAPTURES / "seed-pass.spec.toml", tmp_path / "--json.spec.toml")
    monkeypatch.chdir(tmp_path)
    assert verify("--json.sr").verdict is Verdict.PASS
    with pytest.raises(StrobecheckError, match="there is no such file"):
        verify("-")


def test_damage_never_passes_and_is_never_silent() -> None:
    capture = FIXTURES / "chunk-missing.sr"
    report = verify(capture, wire={"strobe": "STROBE"}, limits={"exposure.time": "<= 1 ms"})
    assert report.verdict is Verdict.INCONCLUSIVE and report.problems
    with pytest.warns(strobecheck.DamageWarning, match="chunk 2: missing") as warned:
        measured = measure(capture)
    assert measured.problems == report.problems
    assert warned[0].filename == __file__


def test_measure_has_lines_and_quantities() -> None:
    measured = measure(CAPTURES / "strobe-constant.sr", wire={"strobe": "STROBE"})
    # Of its scenario: 60 exposures of 20 ms in 2 s.
    (line,) = measured.lines
    assert (line.probe, line.edges, line.high_share) == ("STROBE", 120, 0.6)
    assert line.high_s is not None and (line.high_s.count, line.high_s.median) == (60, 0.02)
    exposure = measured["exposure.time"]
    assert (exposure.unit, exposure.min, exposure.max, exposure.uncertainty) == ("s", 0.02, 0.02, 1e-6)
    with pytest.raises(KeyError, match="exposure.time"):
        measured["exposure.tim"]


def test_the_page_is_that_of_the_capture_and_stands_in_a_frame(tmp_path: Path) -> None:
    shutil.copy(CAPTURES / "seed-pass.sr", tmp_path / "x.sr")
    shutil.copy(CAPTURES / "seed-pass.spec.toml", tmp_path / "x.spec.toml")
    report = verify(tmp_path / "x.sr")
    assert report.html().startswith("<!DOCTYPE html>") or report.html().startswith("<!doctype html>")
    frame = report._repr_html_()
    assert frame.startswith("<iframe sandbox=") and frame.count("<") == 2 and report.sha256 in frame
    shutil.copy(CAPTURES / "seed-late-flash.sr", tmp_path / "x.sr")
    for ask in (report.html, report.frames):
        with pytest.raises(StrobecheckError, match="not the capture any more"):
            ask()


def test_the_program_runs_as_a_module() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "strobecheck", "verify", str(CAPTURES / "seed-late-flash.sr"), "--no-report", "-q"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1 and run.stdout.startswith("FAIL")


def test_without_a_program_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STROBECHECK_PROGRAM", str(tmp_path / "none"))
    with pytest.raises(StrobecheckError, match="cannot be run"):
        verify(CAPTURES / "seed-pass.sr")


def test_another_schema_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text('#!/bin/sh\necho \'{"schema": "strobecheck.report/99"}\'\n')
    other.chmod(0o755)
    monkeypatch.setenv("STROBECHECK_PROGRAM", str(other))
    with pytest.raises(StrobecheckError, match="strobecheck.report/99"):
        verify(CAPTURES / "seed-pass.sr")


def test_no_library_is_imported_before_it_is_asked_for() -> None:
    libraries = ["pandas", "polars", "pyarrow", "numpy", "pytest"]
    code = f"import sys, strobecheck; print([name for name in {libraries} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ.copy())
    assert run.stdout == "[]\n", run.stderr
