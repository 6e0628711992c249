"""The pytest plugin, in test runs of its own."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CAPTURES = Path(__file__).parents[2] / "captures"


def copy(pytester: pytest.Pytester, name: str, *extensions: str) -> None:
    for extension in ("sr", "spec.toml", *extensions):
        shutil.copy(CAPTURES / f"{name}.{extension}", pytester.path / f"{name}.{extension}")


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


def test_an_assertion_says_what_is_wrong_and_the_report_is_kept(pytester: pytest.Pytester) -> None:
    copy(pytester, "seed-late-flash")
    copy(pytester, "seed-pass")
    pytester.makepyfile(
        test_rig="""
        from strobecheck import Verdict

        def test_late(strobecheck):
            report = strobecheck.verify("seed-late-flash.sr")
            assert report.verdict is Verdict.PASS

        def test_good(strobecheck):
            assert strobecheck.verify("seed-pass.sr").verdict is Verdict.PASS

        def test_neither(strobecheck):
            assert strobecheck.verify("seed-pass.sr").verdict
        """
    )
    result = run(pytester, "--strobecheck-reports", "kept", "--junitxml", "junit.xml")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*FAIL is PASS*",
            "*FAIL seed-late-flash.sr: 2 checks of 17 failed*",
            "*flash-late: the flash starts*",
            "*  do: *",
            "*flash.lead: FAIL: 0 us .. 200 us*",
            "*a verdict is neither true nor false*",
        ]
    )
    kept = sorted(path.name for path in (pytester.path / "kept").iterdir())
    assert kept == [
        "test_rig.py-test_late-seed-late-flash-1.html",
        "test_rig.py-test_neither-seed-pass-1.html",
    ]
    case = ElementTree.parse(pytester.path / "junit.xml").find(".//testcase[@name='test_late']")
    assert case is not None
    properties = {of.get("name"): of.get("value") for of in case.iter("property")}
    assert properties["strobecheck.verdict"] == "fail" and len(properties["strobecheck.sha256"] or "") == 64
    # A second run has the same names, and nothing more is left.
    run(pytester, "--strobecheck-reports", "kept")
    assert sorted(path.name for path in (pytester.path / "kept").iterdir()) == kept


def test_captures_with_an_expectation_are_tests(pytester: pytest.Pytester) -> None:
    copy(pytester, "fault-flash-late", "expect.toml")
    copy(pytester, "seed-pass", "expect.toml")
    copy(pytester, "seed-late-flash")
    (pytester.path / "gone.expect.toml").write_text('verdict = "pass"\n')
    # A log of the same name is no second capture.
    (pytester.path / "seed-pass.csv").write_text("seq,ts_device_us,exposure_us\n0,1,2\n")
    result = run(pytester, "-v")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*gone.sr: cannot be read: there is no such file*"])
    wrong = pytester.path / "fault-flash-late.expect.toml"
    wrong.write_text(wrong.read_text().replace('finding = "flash-late"', 'finding = "flash-short"'))
    result = run(pytester, "fault-flash-late.sr")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["finding: expected flash-short, came flash-late", "*FAIL *fault-flash-late.sr:*", "*do: *"])
    wrong.write_text('verdict = "good"\n')
    result = run(pytester, "fault-flash-late.sr")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*fault-flash-late.expect.toml:1:11: unknown variant `good`*"])


def test_without_an_expectation_no_file_is_a_test(pytester: pytest.Pytester) -> None:
    copy(pytester, "seed-pass")
    assert run(pytester).ret == pytest.ExitCode.NO_TESTS_COLLECTED
