"""Columns as the frame that the user has."""

from __future__ import annotations

import csv
import io
from typing import Any, Dict, List, Mapping, Optional, Sequence

__all__ = ["columns_of", "frame_of", "table_text"]

Columns = Dict[str, List[Any]]


def read_csv(text: str) -> Columns:
    """Columns by name; whole numbers, numbers, None for an empty cell, else text. A column has one type."""
    rows = list(csv.reader(io.StringIO(text)))
    if not rows:
        return {}
    head, body = rows[0], rows[1:]
    return {name: _typed([row[k] for row in body]) for k, name in enumerate(head)}


def _typed(cells: List[str]) -> List[Any]:
    for kind in (int, float):
        try:
            return [kind(cell) if cell != "" else None for cell in cells]
        except ValueError:
            continue
    return [cell if cell != "" else None for cell in cells]


def frame_of(columns: Columns, frame: Optional[str], dimensions: Sequence[str] = ()) -> Any:
    """`columns` as "pandas", "polars", "arrow", "xarray" or "columns"; None takes pandas, else polars, else columns.

    `dimensions`: the columns that name a point, for xarray."""
    if frame is None:
        for kind in ("pandas", "polars"):
            try:
                return frame_of(columns, kind)
            except ImportError:
                continue
        return columns
    if frame == "columns":
        return columns
    if frame == "pandas":
        import pandas  # type: ignore

        return pandas.DataFrame(columns)
    if frame == "polars":
        import polars  # type: ignore

        return polars.DataFrame(columns)
    if frame == "arrow":
        import pyarrow  # type: ignore

        return pyarrow.table(columns)
    if frame == "xarray":
        import pandas  # type: ignore
        import xarray  # type: ignore  # noqa: F401

        varying = [name for name in dimensions if len(set(columns.get(name, []))) > 1] or list(dimensions)[:1]
        constant = [name for name in dimensions if name not in varying]
        table = pandas.DataFrame(columns).set_index(varying).drop(columns=constant, errors="ignore")
        return table.to_xarray()
    raise ValueError(f"there is no frame `{frame}`; frames: pandas, polars, arrow, xarray, columns")


def columns_of(frame: Any) -> Columns:
    """Columns of a pandas, polars or Arrow frame, of a mapping of sequences, or of a 2-dimensional array."""
    if isinstance(frame, Mapping):
        return {str(name): _listed(values) for name, values in frame.items()}
    if hasattr(frame, "to_pydict"):
        return {str(name): list(values) for name, values in frame.to_pydict().items()}
    if hasattr(frame, "columns") and hasattr(frame, "__getitem__"):
        names = frame.columns
        names = names() if callable(names) else names
        return {str(name): _listed(frame[name]) for name in names}
    if getattr(frame, "ndim", None) == 2:
        return {str(k + 1): _listed(frame[:, k]) for k in range(frame.shape[1])}
    rows = [list(row) for row in frame]
    width = len(rows[0]) if rows else 0
    if any(len(row) != width for row in rows):
        raise ValueError("the rows have different lengths")
    return {str(k + 1): [row[k] for row in rows] for k in range(width)}


def _listed(values: Any) -> List[Any]:
    if hasattr(values, "to_list"):
        return values.to_list()
    return values.tolist() if hasattr(values, "tolist") else list(values)


def table_text(columns: Columns) -> str:
    """Tab-separated text, a missing value as `NA`."""
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise ValueError("the columns have different lengths: " + ", ".join(map(str, sorted(lengths))))
    names = list(columns)
    for name in names:
        if any(sign in name for sign in "\t\n\r"):
            raise ValueError(f"the column name {name!r} holds a tab or a line's end")
    lines = ["\t".join(names)]
    for row in zip(*columns.values()):
        lines.append("\t".join(_cell(value) for value in row))
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return "NA"
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        # NumPy's own text of its numbers names their type.
        return float.__repr__(value)
    text = str(value)
    if any(sign in text for sign in "\t\n\r"):
        raise ValueError(f"the cell {text!r} holds a tab or a line's end")
    return text
