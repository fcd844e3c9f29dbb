"""Questions that need no sweep: exact theory, tables of one's own, models, recipes."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from . import command
from .frames import columns_of, table_text
from .results import Collapse, Transitions

__all__ = ["predict", "judge", "collapse", "models", "reproduce", "schema"]

schema = command.schema


def predict(model: str, points: Optional[Sequence[Mapping[str, Any]]] = None, **keys: Any) -> Any:
    """Exact theory: one answer, or with `points` (dicts of keys) a list of answers from one process.

    Keys are those of `landau predict MODEL`; a list is a list, a dict is an object. Raises `LandauError` for a question
    that theory refuses; among `points` a refused one answers `{"error": …}`."""
    asked = [dict(keys, **point) for point in points] if points is not None else [dict(keys)]
    given = "".join(json.dumps(_plain(point)) + "\n" for point in asked)
    # The exit status says whether any question was refused; each answer says it for itself.
    answers = [json.loads(line) for line in command.text(
        "predict", model, "--points", "-", given=given, lines=len(asked)).splitlines()]
    if points is not None:
        return answers
    if "error" in answers[0] and "claim" not in answers[0]:
        raise command.LandauError(answers[0]["error"])
    return answers[0]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def _columns(roles: Mapping[str, Any], labels: Sequence[str]) -> str:
    words = []
    for role, name in roles.items():
        if name is None:
            continue
        names = [name] if isinstance(name, (str, int)) else list(name)
        words.append(f"{role}=" + "+".join(str(one) for one in names))
    return ",".join(words + [str(label) for label in labels])


def _asked(verb: str, frame: Any, roles: Mapping[str, Any], curve: Sequence[str], more: Sequence[str]) -> Any:
    columns = columns_of(frame)
    for role, name in roles.items():
        for one in [] if name is None else [name] if isinstance(name, (str, int)) else name:
            if str(one) not in columns:
                raise KeyError(f"there is no column `{one}` for {role}; columns: {', '.join(columns)}")
    # A head of numbers would be read as the first row.
    written = {name: _written(name, columns) for name in columns}
    columns = {written[name]: values for name, values in columns.items()}
    roles = {role: [written[str(one)] for one in ([name] if isinstance(name, (str, int)) else name)]
             for role, name in roles.items() if name is not None}
    curve = [written.get(str(name), name) for name in curve]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "frame.tsv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(table_text(columns))
        text = _columns({**roles, "curve": list(curve) or None}, [])
        return command.answer(verb, path, "--columns", text, "--json", *more)


def _written(name: str, columns: Mapping[str, Any]) -> str:
    try:
        float(name)
    except ValueError:
        return name
    new = f"column{name}"
    while new in columns:
        new += "_"
    return new


def judge(frame: Any, *, control: Union[str, int], value: Union[str, int, Sequence[str]],
          error: Union[str, int, None] = None, replica: Union[str, int, None] = None, curve: Sequence[str] = (),
          direction: Union[str, int, None] = None, up: Union[str, int, None] = None, down: Union[str, int, None] = None,
          size: Union[str, int, None] = None, log_control: bool = False, log_value: bool = False,
          abs: bool = False) -> Transitions:
    """Verdicts on a table of one's own: a pandas, polars or Arrow frame, a dict of columns, or an array.

    Columns go by name (of an array: 1, 2, …). The words are those of `--columns`; see docs/your-table.md."""
    roles = dict(control=control, value=value, error=error, size=size, replica=replica, direction=direction, up=up,
                 down=down)
    flags = [flag for flag, is_set in [("--log-control", log_control), ("--log-value", log_value), ("--abs", abs)] if is_set]
    return Transitions(_asked("transitions", frame, roles, curve, flags))


def collapse(frame: Any, *, size: Union[str, int], control: Union[str, int], value: Union[str, int],
             error: Union[str, int, None] = None) -> Collapse:
    """The finite-size collapse of a table of one's own."""
    return Collapse.read(_asked("collapse", frame, dict(size=size, control=control, value=value, error=error), (), []))


def models() -> Dict[str, str]:
    """Names of the models with what they are."""
    result = {}
    for line in command.text("models").splitlines():
        name, _, summary = line.partition(": ")
        if summary and not line.startswith(" "):
            result[name] = summary.strip()
    return result


def reproduce(recipe: str, *, quick: bool = False) -> str:
    """Runs a recipe and returns the table of ours and expected; raises `LandauError` (status 1) where one fails."""
    return command.text("reproduce", recipe, *(["--quick"] if quick else []))
