"""What the program measures without judging it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import _frames
from ._frames import Library
from ._program import (
    COULD_NOT_RUN,
    DamageWarning,
    PathLike,
    Window,
    call,
    document,
    failure,
    file_argument,
    option,
    options,
    reading,
)

SCHEMA = "strobecheck.measure/1"


@dataclass(frozen=True)
class Spread:
    """How long stretches of a line last, in seconds."""

    count: int
    min: float
    median: float
    max: float


@dataclass(frozen=True)
class Line:
    """A probe in numbers."""

    probe: str
    edges: int
    #: The level at the first sample, "low" or "high".
    first: str
    #: 0 to 1.
    high_share: float
    high_s: Spread | None
    low_s: Spread | None
    period_s: Spread | None

    @classmethod
    def _of(cls, raw: Mapping[str, Any]) -> Line:
        given = dict(raw)
        for name in ("high_s", "low_s", "period_s"):
            given[name] = Spread(**raw[name]) if raw[name] is not None else None
        return cls(**given)


@dataclass(frozen=True)
class Quantity:
    """A quantity of a camera or line, in `unit`: a single value with its bounds, or statistics of values per frame."""

    id: str
    #: The camera or line.
    of: str
    unit: str
    #: Why there is no value.
    absent: str | None
    count: int
    value: float | None
    low: float | None
    high: float | None
    min: float | None
    max: float | None
    mean: float | None
    sd: float | None
    p50: float | None
    p99: float | None
    uncertainty: float | None


@dataclass(frozen=True)
class Measurement:
    """What was measured of a capture."""

    path: str
    lines: tuple[Line, ...]
    #: None until something says which probe is which line.
    quantities: tuple[Quantity, ...]
    #: What is damaged; nothing is measured across it.
    problems: tuple[str, ...]
    raw: dict[str, Any] = field(repr=False, hash=False, compare=False)

    def __getitem__(self, key: str) -> Quantity:
        """The quantity of an id, or of `camera:id`: of several the first."""
        of, _, id_ = key.rpartition(":")
        for quantity in self.quantities:
            if quantity.id == id_ and of in ("", quantity.of):
                return quantity
        raise KeyError(f"no quantity {key!r}; there are {', '.join(sorted({q.id for q in self.quantities}))}")


def measure(
    path: PathLike,
    spec: PathLike | None = None,
    *,
    profile: str | None = None,
    params: Mapping[str, str] | None = None,
    wire: Mapping[str, str] | None = None,
    timestamps: PathLike | None = None,
    window: Window | None = None,
    samplerate: str | None = None,
    timeout: float | None = None,
) -> Measurement:
    """Measures lines and quantities without judging them, as `strobecheck measure` does."""
    arguments = [
        *option("--spec", None if spec is None else file_argument(spec)),
        *option("--profile", profile),
        *options("--param", params),
        *options("--wire", wire),
        *option("--timestamps", None if timestamps is None else file_argument(timestamps)),
        *reading(window, samplerate),
        file_argument(path),
    ]
    raw = document(["measure", "--json", *arguments], timeout, SCHEMA)
    warn_of_damage(path, raw["problems"], 1)
    return Measurement(
        path=raw["path"],
        lines=tuple(Line._of(line) for line in raw["lines"]),
        quantities=tuple(Quantity(**quantity) for quantity in raw["quantities"]),
        problems=tuple(raw["problems"]),
        raw=raw,
    )


def edges(
    path: PathLike,
    as_: Library = "pandas",
    *,
    window: Window | None = None,
    samplerate: str | None = None,
    timeout: float | None = None,
) -> Any:
    """Every edge of every probe: a table of channel, sample, time_s, level. Of a damaged capture a DamageWarning says so."""
    return edges_of(path, reading(window, samplerate), as_, timeout)


def warn_of_damage(path: PathLike, problems: Sequence[str], callers: int) -> None:
    if problems:
        warnings.warn(f"{os.fspath(path)} is damaged: {'; '.join(problems)}", DamageWarning, stacklevel=callers + 2)


def edges_of(path: PathLike, read: Sequence[str], as_: Library, timeout: float | None) -> Any:
    _frames.library(as_)
    done = call(["edges", f"--format={_frames.edge_format(as_)}", *read, file_argument(path)], timeout)
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode == COULD_NOT_RUN:
        raise failure(said)
    begin = "damaged: "
    warn_of_damage(path, [line[len(begin) :] for line in said.splitlines() if line.startswith(begin)], 2)
    return _frames.of_bytes(done.stdout, as_)
