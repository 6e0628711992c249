"""The pytest plugin: the fixture `strobecheck`, assertions that say what is wrong, and captures that are tests.

A capture with a file of what is expected of it beside it, `<stem>.expect.toml`, is a test: it passes if it comes so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, List

import pytest

import strobecheck as module

from . import _report
from ._program import file_argument
from ._report import Report, Verdict, report_of

EXPECTED = ".expect.toml"
#: Of several files of one name, the first of these is the capture; a table may be a log.
CAPTURES = (".sr", ".vcd", ".fst", ".bin", ".csv")
OPTION = "--strobecheck-reports"
REPORTS = pytest.StashKey[List[Report]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("strobecheck")
    group.addoption(OPTION, metavar="DIR", help="keep the HTML reports of what failing tests judged in this folder")


@pytest.fixture(name="strobecheck")
def strobecheck_fixture() -> ModuleType:
    """The module: strobecheck.verify("run7.sr")."""
    return module


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """What a test judges stands among its properties, whoever called for it."""
    reports = item.stash.setdefault(REPORTS, [])

    def note(report: Report) -> None:
        reports.append(report)
        for name, value in [("capture", report.path), ("verdict", report.verdict.value), ("sha256", report.sha256)]:
            item.user_properties.append((f"strobecheck.{name}", value))

    global current
    before, current = current, reports
    _report.listeners.append(note)
    yield
    _report.listeners.remove(note)
    current = before


#: The reports of the test that runs.
current: list[Report] = []


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome: Any = yield
    result = outcome.get_result()
    folder = item.config.getoption(OPTION)
    if result.failed and folder is not None:
        for line in keep(Path(folder), item.nodeid, item.stash.get(REPORTS, [])):
            result.sections.append(("strobecheck report", line))


def keep(folder: Path, test: str, reports: list[Report]) -> Iterator[str]:
    """Writes the page of each report, and says where; those of the last run of the same test make room."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, report in enumerate(reports, start=1):
        stem = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{test}-{Path(report.path).stem}").strip("-.")
        path = folder / f"{stem[-150:]}-{number}.html"
        if path.exists() and b"strobecheck:report " not in path.read_bytes():
            yield f"{path}: it is there, and is no report of ours"
            continue
        try:
            path.write_text(report.html(), encoding="utf-8")
            yield str(path)
        except module.StrobecheckError as error:
            yield str(error)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """A verdict is not the one that was asserted: what the reports of this test say of it."""
    if not (isinstance(left, Verdict) and isinstance(right, Verdict)):
        return None
    told = [report for report in current if left in (report.verdict, *(check.verdict for check in report.checks))]
    lines = [line for report in told for line in report.explain().splitlines()]
    return [f"{left.name} {op} {right.name}", *lines]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name.endswith(EXPECTED):
        # Without its capture, it is a test that fails.
        capture = capture_of(file_path)
        return None if capture.is_file() else CaptureFile.from_parent(parent, path=file_path)
    expected = file_path.with_suffix(EXPECTED)
    if file_path.suffix in CAPTURES and expected.is_file() and capture_of(expected) == file_path:
        return CaptureFile.from_parent(parent, path=file_path)
    return None


def capture_of(expected: Path) -> Path:
    """The capture that a file of expectations speaks of."""
    stem = expected.name[: -len(EXPECTED)]
    paths = [expected.with_name(stem + suffix) for suffix in CAPTURES]
    return next((path for path in paths if path.is_file()), paths[0])


class CaptureFile(pytest.File):
    """A capture with what is expected of it."""

    def collect(self) -> Iterator[pytest.Item]:
        yield CaptureItem.from_parent(self, name="expected")


class NotAsExpected(Exception):
    """A capture came out otherwise."""


class CaptureItem(pytest.Item):
    """The one test of a capture."""

    def runtest(self) -> None:
        path = capture_of(self.path) if self.path.name.endswith(EXPECTED) else self.path
        report = report_of(["--expect", file_argument(path)], [], None)
        expected = report.raw["expected"]
        if not expected["met"]:
            wrong = [f"{one['what']}: expected {one['expected']}, came {one['came']}" for one in expected["differences"]]
            raise NotAsExpected("\n".join([*filter(None, [expected["error"]]), *wrong, "", report.explain()]))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, (NotAsExpected, module.StrobecheckError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.path.name} comes out as expected"
