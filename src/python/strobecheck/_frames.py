"""Tables, as the library that is asked for has them; it is imported then, and not before."""

from __future__ import annotations

import importlib
import io
from typing import Any, Literal

#: A library of data frames.
Library = Literal["pandas", "polars", "arrow"]

MODULES = {"pandas": "pandas", "polars": "polars", "arrow": "pyarrow"}


def library(as_: Library) -> Any:
    """The module of a library."""
    if as_ not in MODULES:
        raise ValueError(f"as_={as_!r}: there are {', '.join(MODULES)}")
    return importlib.import_module(MODULES[as_])


def of_columns(columns: dict[str, list[Any]], as_: Library) -> Any:
    """A table of columns that are lists."""
    module = library(as_)
    if as_ == "arrow":
        return module.table(columns)
    if as_ == "polars":
        return module.DataFrame(columns)

    # Whole numbers stay whole where some are absent.
    def series(cells: list[Any]) -> Any:
        known = [cell for cell in cells if cell is not None]
        is_whole = bool(known) and all(isinstance(cell, int) for cell in known)
        return module.array(cells, dtype="Int64") if is_whole and len(known) < len(cells) else cells

    return module.DataFrame({name: series(cells) for name, cells in columns.items()})


def edge_format(as_: Library) -> str:
    """What the table of edges is asked for as: its types come along where the library reads them by itself."""
    return "csv" if as_ == "pandas" else "parquet"


def of_bytes(data: bytes, as_: Library) -> Any:
    """The table in a file of that format."""
    module = library(as_)
    file = io.BytesIO(data)
    if as_ == "pandas":
        return module.read_csv(file)
    if as_ == "polars":
        return module.read_parquet(file)
    return importlib.import_module("pyarrow.parquet").read_table(file)
