"""The program: where it is, how it is called, and what it says when it cannot do its work."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Tuple, Union

#: A file: a capture, a spec, a log.
PathLike = Union[str, "os.PathLike[str]"]
#: From and to, as the command line takes them ("1.5s"); None: from the start, to the end.
Window = Tuple[Optional[str], Optional[str]]

COULD_NOT_RUN = 2
DAMAGED = 3


class StrobecheckError(Exception):
    """Something could not be judged or measured at all: exit code 2 of the program."""


class SpecError(StrobecheckError):
    """A spec cannot be used: what is wrong with it, and where."""

    def __init__(self, message: str, file: str, line: int, column: int) -> None:
        super().__init__(message)
        #: The file, profile or option.
        self.file = file
        #: The line, from 1.
        self.line = line
        #: The character in the line, from 1.
        self.column = column


class DamageWarning(UserWarning):
    """The capture is damaged: what is lost is missing in what was measured."""


def program() -> str:
    """The path of the program: that of this installation, else the one on PATH; STROBECHECK_PROGRAM names another one."""
    named = os.environ.get("STROBECHECK_PROGRAM")
    if named:
        return named
    name = "strobecheck.exe" if sys.platform == "win32" else "strobecheck"
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    user = "nt_user" if os.name == "nt" else "posix_user"
    folders = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", scheme=user), os.path.join(here, "bin")]
    for folder in folders:
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            return path
    found = shutil.which(name)
    if found is None:
        raise StrobecheckError("the program strobecheck is not there: pip install strobecheck brings it")
    return found


def option(name: str, value: str | None) -> list[str]:
    return [] if value is None else [f"{name}={value}"]


def options(name: str, values: Mapping[str, str] | None) -> list[str]:
    return [f"{name}={key}={value}" for key, value in (values or {}).items()]


def reading(window: Window | None, samplerate: str | None) -> list[str]:
    """What says how a capture is read."""
    begin, end = window or (None, None)
    return [*option("--from", begin), *option("--to", end), *option("--samplerate", samplerate)]


def file_argument(path: PathLike) -> str:
    """A path that is taken for a file, whatever it begins with."""
    text = os.fspath(path)
    return os.path.join(".", text) if text.startswith("-") else text


def call(arguments: Sequence[str], timeout: float | None) -> subprocess.CompletedProcess[bytes]:
    """Runs the program; what it exits with is for the caller to judge."""
    command = [program(), *arguments]
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise StrobecheckError(f"strobecheck {arguments[0]}: not done after {timeout} s") from None
    except OSError as error:
        raise StrobecheckError(f"{command[0]}: cannot be run: {error.strerror}") from None


def document(arguments: Sequence[str], timeout: float | None, schema: str) -> dict[str, Any]:
    """What the program prints as JSON, which must be of this schema."""
    done = call(arguments, timeout)
    # A verdict stands in the document whatever the exit code is; without one, the reason is on standard error.
    if not done.stdout:
        raise failure(done.stderr.decode("utf-8", "replace"))
    found: dict[str, Any] = json.loads(done.stdout)
    if found.get("schema") != schema:
        raise StrobecheckError(f"{program()} writes {found.get('schema')}, and this package reads {schema}")
    return found


def failure(text: str, path: str | None = None) -> StrobecheckError:
    """What the program said, as an error: of this capture, where it does not say so."""
    said = text.strip()
    if said.startswith("strobecheck: "):
        said = said[len("strobecheck: ") :]
    place = re.search(r"^ *--> (.*):(\d+):(\d+)$", said, re.MULTILINE)
    if place is not None and said.startswith("error: "):
        return SpecError(said, place.group(1), int(place.group(2)), int(place.group(3)))
    return StrobecheckError(said if path is None else f"{path}: {said}")
