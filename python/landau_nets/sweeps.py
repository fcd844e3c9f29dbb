"""A sweep: made, run, and read."""

from __future__ import annotations

import json
import math
import os
import sqlite3
import sys
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

from . import command
from .frames import frame_of, read_csv
from .results import Transitions

__all__ = ["Sweep", "Results", "Figure", "Curve", "Net", "sweep", "load"]

# Columns of observations that are neither a control nor an observable.
_ROW = ["identity", "replica", "direction", "outcome", "reason", "seconds"]


def sweep(spec: Union[str, "os.PathLike[str]", Mapping[str, Any]], *, name: Optional[str] = None,
          out: Optional[str] = None, **overrides: Any) -> "Sweep":
    """A sweep file with overrides, or a sweep as a dict with a `name`. Nothing runs.

    Overrides are the shell's: `gamma="log(0.2,1.5,64)"`, `replicas=16`, `data__samples=500` for `data.samples`. A dict is
    written to `results/NAME/sweep.yaml`. `out` is the folder of the results, `results/NAME` without it."""
    if isinstance(spec, Mapping):
        if not name or os.path.basename(name) != name or name in (".", ".."):
            raise ValueError("a sweep that is a dict needs a `name`, which is a folder's name")
        out = out or os.path.join("results", name)
        path = os.path.join(out, "sweep.yaml")
        os.makedirs(out, exist_ok=True)
        # JSON is YAML.
        text = json.dumps(dict(spec), ensure_ascii=False, indent=1) + "\n"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return Sweep(path, out, overrides)
    path = os.fspath(spec)
    if name is not None:
        out = out or os.path.join("results", name)
    return Sweep(path, out, overrides)


class _Stored:
    """What is asked of results, whether they are named by their sweep file or by their folder."""

    folder: str

    def _arguments(self) -> List[str]:
        raise NotImplementedError

    def status(self) -> Dict[str, Any]:
        """Points planned, done, left, by outcome; whether complete."""
        # An incomplete sweep's exit status is 1.
        return json.loads(command.text("status", *self._arguments(), "--json", lines=1))

    def transitions(self) -> Transitions:
        """The verdicts."""
        return Transitions(command.answer("transitions", *self._arguments(), "--json"))

    def observations(self, frame: Optional[str] = None) -> Any:
        """A row for each point: controls, replica, direction, outcome, observables.

        `frame` is "pandas", "polars", "arrow", "xarray" (whose dimensions are the varying controls, replica and
        direction) or "columns"; without it pandas, else polars, else columns."""
        controls = Results(self.folder).controls
        columns = read_csv(command.text("export", *self._arguments(), "--format", "csv"))
        names = [n for n in columns if n in controls or n in ("replica", "direction")]
        return frame_of(columns, frame, names)

    def figure(self, name: str = "order-parameter", *, observable: Optional[str] = None) -> "Figure":
        """A figure; a notebook shows it. `observable` puts any other one in the place of the order parameter."""
        figure = Figure(self, name, observable)
        figure._drawn("svg")
        return figure

    def weights(self, **where: Any) -> List["Net"]:
        """Final weights of the points with these values, such as `depth=2, gamma=0.3, replica=0, direction="cold"`.

        A number of the swept control stands for the nearest value there. The points are trained again, bit by bit as
        they were, which takes its time: ask for few."""
        conditions = [part for word in command.words(where) for part in ("--where", word)]
        lines = command.text("export", *self._arguments(), "--weights", "--format", "jsonl", *conditions)
        return [Net.read(json.loads(line)) for line in lines.splitlines()]

    def explore(self, *, show: bool = True) -> str:
        """Writes the page in which the sweep is looked at, and shows it: in the notebook, else in a browser. Returns its
        path; `show=False` does no more."""
        command.text("explore", *self._arguments())
        path = os.path.join(self.folder, "explore.html")
        if not show:
            return path
        if command.in_notebook():
            import html

            from IPython.display import HTML, display  # type: ignore

            with open(path, encoding="utf-8") as file:
                page = html.escape(file.read(), quote=True)
            display(HTML(f'<iframe srcdoc="{page}" style="width: 100%; height: 45em; border: 0"></iframe>'))
        else:
            import pathlib
            import webbrowser

            webbrowser.open(pathlib.Path(path).resolve().as_uri())
        return path

    def curve(self, *, observable: str, direction: str = "cold", **fixed: Any) -> "Curve":
        """An observable along the swept control where the other controls have the values `fixed`."""
        return Curve(self, observable, direction, fixed)

    def collapse(self) -> Any:
        """The finite-size collapse of a sweep over two controls."""
        from .results import Collapse

        return Collapse.read(command.answer("collapse", *self._arguments(), "--json"))


class Sweep(_Stored):
    """A sweep file with overrides; made by `sweep`."""

    def __init__(self, path: str, out: Optional[str], overrides: Mapping[str, Any]):
        self.path = path
        self._out = out
        self._overrides = command.words(overrides)

    def __repr__(self) -> str:
        return "landau.sweep(" + ", ".join([repr(self.path)] + [repr(word) for word in self._overrides]) + ")"

    def _arguments(self) -> List[str]:
        return [self.path, *self._overrides] + (["--out", self._out] if self._out else [])

    @property
    def folder(self) -> str:
        """Where the results are."""
        if self._out:
            return self._out
        parts = os.path.normpath(self.path).split(os.sep)
        if "sweeps" in parts:
            parts = parts[len(parts) - parts[::-1].index("sweeps"):]
        else:
            parts = parts[-1:]
        return os.path.join("results", *parts[:-1], os.path.splitext(parts[-1])[0])

    def run(self, *, threads: Optional[int] = None, restart: bool = False, retry: Optional[str] = None,
            quiet: bool = False) -> "Sweep":
        """Trains what is not in the store yet. Interrupted, the same call goes on. Returns itself."""
        arguments = ["run", *self._arguments()]
        arguments += ["--threads", str(threads)] if threads else []
        arguments += ["--restart"] if restart else []
        arguments += ["--retry", retry] if retry else []
        show = None
        if not quiet and command.in_notebook():
            from IPython.display import display  # type: ignore

            handle = display({"text/plain": "…"}, raw=True, display_id=True)

            def show(line: str) -> None:
                handle.update({"text/plain": line}, raw=True)
        elif not quiet and not sys.stderr.isatty():
            def show(line: str) -> None:
                print(line, file=sys.stderr)
        lines = command.progress(arguments)
        last = ""
        for line in lines:
            if show is not None and last:
                show(last)
            last = line
        return self

    def trajectories(self, frame: Optional[str] = None) -> Any:
        """Observables over the steps of training, for sweeps that record them: a row for each point and step."""
        return Results(self.folder).trajectories(frame)

    def branches(self, frame: Optional[str] = None) -> Any:
        """Branches that were followed: a row for each of their points, by arc length."""
        return Results(self.folder).branches(frame)


class Results(_Stored):
    """A results folder, read without its sweep file."""

    def __init__(self, folder: str):
        self.folder = folder
        self._store = os.path.join(folder, "store.sqlite")
        if not os.path.exists(self._store):
            raise FileNotFoundError(f"{folder} holds no store.sqlite; run the sweep first")

    def __repr__(self) -> str:
        return f"landau.load({self.folder!r})"

    def _arguments(self) -> List[str]:
        # A name that begins with a dash is no option.
        return [os.path.join(".", self.folder) if self.folder.startswith("-") else self.folder]

    def _read(self, query: str) -> Tuple[List[str], List[Tuple[Any, ...]]]:
        from urllib.parse import quote

        connection = sqlite3.connect(f"file:{quote(os.path.abspath(self._store))}?mode=ro", uri=True)
        try:
            cursor = connection.execute(query)
            return [column[0] for column in cursor.description], cursor.fetchall()
        finally:
            connection.close()

    def _frame(self, query: str, frame: Optional[str], dimensions: Sequence[str] = ()) -> Any:
        names, rows = self._read(query)
        columns = {name: [row[k] for row in rows] for k, name in enumerate(names)}
        return frame_of(columns, frame, dimensions)

    @property
    def controls(self) -> List[str]:
        """Names of the controls, in the store's order."""
        names = [row[1] for row in self._read("PRAGMA table_info(observations)")[1]]
        return names[names.index("identity") + 1:names.index("replica")]

    @property
    def spec(self) -> str:
        """The sweep file that the results were made with, as it was when they were begun."""
        return self._read("SELECT spec FROM provenance ORDER BY run LIMIT 1")[1][0][0]

    def trajectories(self, frame: Optional[str] = None) -> Any:
        """Observables over the steps of training: a row for each point and step, with the point's controls."""
        controls = ", ".join("o." + _quoted(name) for name in self.controls)
        series = [row[1] for row in self._read("PRAGMA table_info(trajectories)")[1] if row[1] != "identity"]
        chosen = ", ".join("t." + _quoted(name) for name in series)
        return self._frame(
            f"SELECT {controls}, o.replica, o.direction, {chosen} FROM trajectories t "
            "JOIN observations o ON o.identity = t.identity ORDER BY t.identity, t.step", frame,
            self.controls + ["replica", "direction", "step"])

    def branches(self, frame: Optional[str] = None) -> Any:
        """Branches that were followed, point by point, by arc length."""
        return self._frame("SELECT * FROM branches ORDER BY identity, branch_row", frame)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def load(folder: Union[str, "os.PathLike[str]"]) -> Results:
    """Any results folder, without its sweep file."""
    return Results(os.fspath(folder))


@dataclass(frozen=True)
class Net:
    """A trained net: the point that it belongs to, and its arrays, `W1` (units × inputs), `b1`, `W2` …: NumPy's where
    NumPy is installed, else nested lists."""

    controls: Dict[str, Any]
    replica: int
    direction: str
    outcome: str
    arrays: Dict[str, Any]

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Net":
        arrays = dict(given["weights"])
        try:
            import numpy  # type: ignore

            arrays = {name: numpy.array(values, dtype=float) for name, values in arrays.items()}
        except ImportError:
            pass
        own = ("replica", "direction", "outcome", "weights")
        return cls({n: v for n, v in given.items() if n not in own}, int(given["replica"]), given["direction"],
                   given["outcome"], arrays)


class Figure:
    """A drawn figure: its SVG in a notebook, a file by `save`."""

    def __init__(self, of: _Stored, name: str, observable: Optional[str] = None):
        self._of = of
        self.name = name
        self.observable = observable

    def _drawn(self, format: str) -> str:
        more = ["--observable", self.observable] if self.observable else []
        printed = command.text("plot", *self._of._arguments(), "--figure", self.name, "--format", format, *more)
        # The pictures' paths, two spaces between them; what is wanted is the text of LaTeX, not the picture it loads.
        endings = {"tikz": "-tikz.tex", "cairolatex": "-cairolatex.tex"}
        for path in printed.strip().replace("\n", "  ").split("  "):
            if path.endswith(endings.get(format, "." + format)):
                return path
        raise FileNotFoundError(f"no {format} of {self.name} was drawn")

    def _repr_svg_(self) -> str:
        with open(self._drawn("svg"), encoding="utf-8") as file:
            return file.read()

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """In the format that the path's ending names: .svg, .pdf, .png, or .tex (TikZ)."""
        import shutil

        path = os.fspath(path)
        ending = os.path.splitext(path)[1].lower()
        formats = {".svg": "svg", ".pdf": "pdf", ".png": "png", ".tex": "tikz"}
        if ending not in formats:
            raise ValueError(f"{path} must end in .svg, .pdf, .png or .tex")
        shutil.copyfile(self._drawn(formats[ending]), path)


class Curve:
    """An observable along the swept control: mean over replicas, and its 95 % band."""

    def __init__(self, of: Any, observable: str, direction: str, fixed: Mapping[str, Any]):
        columns = of.observations("columns")
        if observable not in columns:
            raise KeyError(f"there is no observable `{observable}`; the sweep has {', '.join(columns)}")
        verdicts = of.transitions()
        self.axis = verdicts[0].axis
        for name in fixed:
            if name not in columns:
                raise KeyError(f"there is no control `{name}`")
        self.observable = observable
        groups: Dict[float, List[float]] = {}
        for k, value in enumerate(columns[observable]):
            is_wanted = columns["direction"][k] == direction and all(columns[n][k] == v for n, v in fixed.items())
            if is_wanted and value is not None and columns["outcome"][k] in ("converged", "completed"):
                groups.setdefault(columns[self.axis][k], []).append(value)
        if not groups:
            raise ValueError(f"no done point has {direction} and " + ", ".join(f"{n} = {v}" for n, v in fixed.items()))
        self.control = sorted(groups)
        self.mean = [sum(groups[x]) / len(groups[x]) for x in self.control]
        self.replicas = [len(groups[x]) for x in self.control]
        self.error = [_standard_error(groups[x]) for x in self.control]
        self.transitions = verdicts.of(**{n: v for n, v in fixed.items() if any(n in t.curve for t in verdicts)})

    @property
    def band(self) -> Tuple[List[float], List[float]]:
        """Ends of the 95 % interval of the mean, by Student's distribution; the mean itself for a single replica."""
        half = [0.0 if math.isnan(e) else _student(n - 1) * e for e, n in zip(self.error, self.replicas)]
        return [m - h for m, h in zip(self.mean, half)], [m + h for m, h in zip(self.mean, half)]

    def plot(self, ax: Any = None, **style: Any) -> Any:
        """Draws mean, band and the verdicts' places on a matplotlib axis; makes one where none is given. Returns it."""
        if ax is None:
            import matplotlib.pyplot as pyplot  # type: ignore

            ax = pyplot.gca()
        line = ax.plot(self.control, self.mean, marker=".", **style)[0]
        ax.fill_between(self.control, *self.band, color=line.get_color(), alpha=0.25, linewidth=0)
        for transition in self.transitions:
            if transition.location is not None:
                ax.axvline(transition.location, color=line.get_color(), linewidth=0.8,
                           linestyle="-" if transition.order == "first" else "--")
                if transition.interval:
                    ax.axvspan(*transition.interval, color=line.get_color(), alpha=0.1, linewidth=0)
        ax.set_xlabel(self.axis)
        ax.set_ylabel(self.observable)
        return ax


def _standard_error(values: Sequence[float]) -> float:
    if len(values) < 2:
        return math.nan
    mean = sum(values) / len(values)
    return math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1) / len(values))


# 97.5 % quantiles of Student's distribution with 1, 2, … degrees of freedom.
_QUANTILES = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
              2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042]


def _student(freedom: int) -> float:
    # Beyond the table its expansion in 1/freedom, good to 1e-3.
    return _QUANTILES[freedom - 1] if freedom <= len(_QUANTILES) else 1.96 + 2.37 / freedom
