"""What the program says of a capture that it judged."""

from __future__ import annotations

import difflib
import enum
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable

from . import _frames, _measure
from ._frames import Library
from ._program import (
    PathLike,
    StrobecheckError,
    Window,
    call,
    document,
    failure,
    file_argument,
    option,
    options,
    reading,
)

SCHEMA = "strobecheck.report/2"


class Verdict(enum.Enum):
    """What is proven of a check or a capture.

    It is neither true nor false: `if report.verdict:` would take an inconclusive for a pass.
    """

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"

    def __bool__(self) -> bool:
        raise TypeError("a verdict is neither true nor false: compare it, report.verdict is Verdict.PASS")


@dataclass(frozen=True)
class Value:
    """A value that was judged, in the unit of its check, with the bounds in which the truth lies."""

    #: The frame; None where it belongs to none.
    frame: int | None
    from_sample: int
    to_sample: int
    time_s: float
    value: float
    #: None: without a bound.
    low: float | None
    high: float | None
    #: The distance to the nearest limit; below 0 outside.
    margin: float

    @classmethod
    def _of(cls, raw: Mapping[str, Any]) -> Value:
        return cls(**{name: raw[name] for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Check:
    """A rule, what was measured, and what is proven. Values are in `unit`."""

    id: str
    camera: str | None
    line: str | None
    rule: str
    #: Whether it follows from what is judged, without being stated.
    implied: bool
    verdict: Verdict
    reason: str | None
    #: What would decide it.
    settle: str | None
    unit: str
    measured: int
    failed: int
    min: float | None
    max: float | None
    mean: float | None
    p50: float | None
    p99: float | None
    uncertainty: float | None
    worst: Value | None
    #: The first hundred.
    violations: tuple[Value, ...]

    @property
    def name(self) -> str:
        """Its id, with its line or camera."""
        subject = self.line if self.line is not None else self.camera
        return self.id if subject in (None, "main") else f"{self.id} ({subject})"

    @classmethod
    def _of(cls, raw: Mapping[str, Any]) -> Check:
        given = {name: raw[name] for name in cls.__dataclass_fields__}
        given["verdict"] = Verdict(raw["verdict"])
        given["worst"] = Value._of(raw["worst"]) if raw["worst"] is not None else None
        given["violations"] = tuple(Value._of(value) for value in raw["violations"])
        return cls(**given)


@dataclass(frozen=True)
class Explanation:
    """A cause that a fault may have, and what to do about it."""

    cause: str
    remedy: str
    #: "supported" by the values, or "possible".
    support: str


@dataclass(frozen=True)
class Finding:
    """What is broken."""

    fault: str
    #: "fail", "warn" or "info".
    severity: str
    camera: str | None
    line: str | None
    summary: str
    evidence: str
    explanations: tuple[Explanation, ...]
    #: The ids of the quantities whose checks it accounts for.
    explains: tuple[str, ...]
    #: Where it shows, in seconds.
    at: tuple[float, ...]

    @property
    def causes(self) -> tuple[str, ...]:
        """Likely first."""
        return tuple(explanation.cause for explanation in self.explanations)

    @property
    def remedies(self) -> tuple[str, ...]:
        """In the order of the causes."""
        return tuple(explanation.remedy for explanation in self.explanations)

    @classmethod
    def _of(cls, raw: Mapping[str, Any]) -> Finding:
        given = {name: raw[name] for name in ("fault", "severity", "camera", "line", "summary", "evidence")}
        explanations = tuple(Explanation(**explanation) for explanation in raw["explanations"])
        at = tuple(place["time_s"] for place in raw["at"])
        return cls(**given, explanations=explanations, explains=tuple(raw["explains"]), at=at)


@dataclass(frozen=True)
class Report:
    """What came of a capture."""

    verdict: Verdict
    #: The path as it was given.
    path: str
    sha256: str
    #: Why it is no pass.
    reason: str | None
    checks: tuple[Check, ...]
    #: Most important first.
    findings: tuple[Finding, ...]
    #: What is damaged or odd.
    problems: tuple[str, ...]
    #: The capture's part of the JSON report (`strobecheck schema report`).
    raw: dict[str, Any] = field(repr=False, hash=False, compare=False)
    #: What the program was called with, to ask it for more.
    _arguments: tuple[str, ...] = field(repr=False)
    _reading: tuple[str, ...] = field(repr=False)
    _timeout: float | None = field(repr=False)

    @property
    def faults(self) -> list[str]:
        """The faults of the findings."""
        return [finding.fault for finding in self.findings]

    def __getitem__(self, key: str) -> Check:
        """The check of an id, or of `camera:id`; of several, on lines or cameras, the first with the worst verdict."""
        camera, _, id_ = key.rpartition(":")
        found = [check for check in self.checks if check.id == id_ and camera in ("", check.camera)]
        for verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS):
            for check in found:
                if check.verdict is verdict:
                    return check
        near = difflib.get_close_matches(id_, sorted({check.id for check in self.checks}))
        raise KeyError(f"no check {key!r}; " + (f"did you mean {', '.join(near)}?" if near else "see report.checks"))

    def frames(self, as_: Library = "pandas") -> Any:
        """The table of frames: a row for each frame, a column for each quantity. The capture is judged once more for it."""
        found = document(["verify", "--json=frames", *self._arguments], self._timeout, SCHEMA)["captures"][0]
        self._is_same(found.get("sha256"))
        return _frames.of_columns(found["frames"], as_)

    def edges(self, as_: Library = "pandas") -> Any:
        """The table of edges of the window that was judged: channel, sample, time_s, level."""
        return _measure.edges_of(self.path, self._reading, as_, self._timeout)

    def explain(self) -> str:
        """What is wrong and what to do, in lines."""
        lines = [f"{self.verdict.name} {self.path}" + (f": {self.reason}" if self.reason else "")]
        for finding in self.findings:
            lines.append(f"{finding.fault}: {finding.summary}; {finding.evidence}")
            lines.extend(f"  do: {remedy}" for remedy in finding.remedies[:1])
        for check in self.checks:
            if check.verdict is Verdict.PASS:
                continue
            lines.append(f"{check.name}: {check.verdict.name}: {check.rule}" + (f": {check.reason}" if check.reason else ""))
            worst = check.worst
            if worst is not None:
                frame = "" if worst.frame is None else f" in frame {worst.frame}"
                lines.append(
                    f"  worst: {worst.value} {check.unit}, margin {worst.margin} {check.unit},{frame} at {worst.time_s} s"
                )
            if check.settle is not None:
                lines.append(f"  to settle it: {check.settle}")
        lines.extend(f"problem: {problem}" for problem in self.problems)
        return "\n".join(lines)

    def html(self) -> str:
        """The page of the HTML report. The capture is judged once more for it."""
        done = call(["verify", "--format=html", "--reports=-", *self._arguments], self._timeout)
        if not done.stdout:
            raise failure(done.stderr.decode("utf-8", "replace"))
        page = done.stdout.decode("utf-8")
        self._is_same(self.sha256 if self.sha256 in page else None)
        return page

    def _repr_html_(self) -> str:
        style = "width: 100%; height: 40em; border: 1px solid #888"
        return f'<iframe sandbox="allow-scripts" style="{style}" srcdoc="{html.escape(self.html())}"></iframe>'

    def _is_same(self, sha256: str | None) -> None:
        if sha256 != self.sha256:
            raise StrobecheckError(f"{self.path}: it is not the capture any more that was judged")


#: Who is told of each report.
listeners: list[Callable[[Report], None]] = []


def report_of(arguments: Sequence[str], read: Sequence[str], timeout: float | None) -> Report:
    """The report of the capture that these arguments of `verify` name; `read` are those that say how it is read."""
    raw = document(["verify", "--json", *arguments], timeout, SCHEMA)["captures"][0]
    if raw["error"] is not None:
        raise failure(raw["error"], raw["path"])
    report = Report(
        verdict=Verdict(raw["verdict"]),
        path=raw["path"],
        sha256=raw["sha256"],
        reason=raw["reason"],
        checks=tuple(Check._of(check) for check in raw["checks"]),
        findings=tuple(Finding._of(finding) for finding in raw["findings"]),
        problems=tuple(raw["problems"]),
        raw=raw,
        _arguments=tuple(arguments),
        _reading=tuple(read),
        _timeout=timeout,
    )
    for listener in listeners:
        listener(report)
    return report


def verify(
    path: PathLike,
    spec: PathLike | None = None,
    *,
    profile: str | None = None,
    params: Mapping[str, str] | None = None,
    wire: Mapping[str, str] | None = None,
    limits: Mapping[str, str] | None = None,
    timestamps: PathLike | None = None,
    window: Window | None = None,
    samplerate: str | None = None,
    timeout: float | None = None,
) -> Report:
    """Judges a capture, as `strobecheck verify` does: by `spec`, else by what lies beside it.

    A FAIL raises nothing. StrobecheckError: it could not be judged; SpecError: the spec is wrong.
    `timeout` is in seconds.
    """
    read = reading(window, samplerate)
    arguments = [
        *option("--spec", None if spec is None else file_argument(spec)),
        *option("--profile", profile),
        *options("--param", params),
        *options("--wire", wire),
        *options("--limit", limits),
        *option("--timestamps", None if timestamps is None else file_argument(timestamps)),
        *read,
        file_argument(path),
    ]
    return report_of(arguments, read, timeout)
