"""What Landau answers, as Python's own things."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

__all__ = ["Transition", "Transitions", "Estimate", "Collapse"]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    interval: Optional[Tuple[float, float]] = None

    @classmethod
    def read(cls, given: Optional[Mapping[str, Any]]) -> Optional["Estimate"]:
        if given is None:
            return None
        interval = given.get("interval")
        return cls(given["value"], tuple(interval) if interval else None)

    def __str__(self) -> str:
        if self.interval is None:
            return f"{self.value:.6g}"
        return f"{self.value:.6g} ± {(self.interval[1] - self.interval[0]) / 2:.2g}"


@dataclass(frozen=True)
class Transition:
    """Where a curve changes phase, of what order, and how sure.

    `order` is one of none, second, first, zeroth, crossover, boundary, undecided. `location` is in units of the control
    `axis`; `interval` holds it with 95 %. `jump` is that of F′. `exact` is what theory says of the same curve."""

    curve: Dict[str, Any]
    axis: str
    order: str
    location: Optional[float]
    interval: Optional[Tuple[float, float]]
    sentence: str
    jump: Optional[float] = None
    curvatureJump: Optional[float] = None
    latentHeat: Optional[float] = None
    spinodal: Optional[float] = None
    lowerSpinodal: Optional[float] = None
    exponent: Optional[float] = None
    exact: Optional[Dict[str, Any]] = None
    evidence: Dict[str, Any] = field(default_factory=dict)
    outcomes: Dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Transition":
        interval = given.get("interval")
        numbers = ["jump", "curvatureJump", "latentHeat", "spinodal", "lowerSpinodal", "exponent"]
        return cls(
            curve=dict(given.get("curve") or {}), axis=given["axis"], order=given["order"],
            location=given.get("location"), interval=tuple(interval) if interval else None,
            sentence=given.get("sentence", ""), exact=given.get("theory"), evidence=dict(given.get("evidence") or {}),
            outcomes=dict(given.get("outcomes") or {}), **{name: given.get(name) for name in numbers})


class Transitions(List[Transition]):
    """Verdicts, curve by curve; a notebook shows them as a table."""

    def __init__(self, given: Iterable[Mapping[str, Any]] = ()):
        super().__init__(Transition.read(one) for one in given)

    def of(self, **curve: Any) -> "Transitions":
        """Those of the curves that have these values, such as `depth=2`."""
        chosen = Transitions()
        chosen.extend(t for t in self if all(t.curve.get(name) == value for name, value in curve.items()))
        return chosen

    @property
    def varying(self) -> List[str]:
        """Controls in which the curves differ."""
        names: Dict[str, None] = {}
        for transition in self:
            names.update(dict.fromkeys(transition.curve))
        return [n for n in names if len({repr(t.curve.get(n)) for t in self}) > 1]

    def _rows(self) -> Tuple[List[str], List[List[str]]]:
        varying = self.varying
        axis = self[0].axis if self else "location"
        rows = []
        for t in self:
            place = "" if t.location is None else str(Estimate(t.location, t.interval))
            exact = (t.exact or {}).get("location")
            claim = (t.exact or {}).get("claim", "")
            rows.append(
                [str(t.curve.get(name, "")) for name in varying]
                + [t.order, place, "" if exact is None else f"{exact:.9g} ({claim})", t.sentence])
        return varying + ["order", axis, "theory", "verdict"], rows

    def __str__(self) -> str:
        head, rows = self._rows()
        table = [head] + rows
        widths = [max(len(row[k]) for row in table) for k in range(len(head) - 1)]
        return "\n".join(
            "  ".join([cell.ljust(width) for cell, width in zip(row, widths)] + row[-1:]).rstrip() for row in table)

    def _repr_html_(self) -> str:
        head, rows = self._rows()
        cells = "".join(f"<th>{html.escape(name)}</th>" for name in head)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"

    def to_latex(self) -> str:
        """A `tabular` without the sentences."""
        head, rows = self._rows()
        lines = [r"\begin{tabular}{" + "l" * (len(head) - 1) + "}", " & ".join(map(_latex, head[:-1])) + r" \\ \hline"]
        lines += [" & ".join(_latex(cell) for cell in row[:-1]) + r" \\" for row in rows]
        return "\n".join(lines + [r"\end{tabular}"])


def _latex(text: str) -> str:
    for sign, form in [("\\", r"\textbackslash "), ("_", r"\_"), ("%", r"\%"), ("&", r"\&"), ("#", r"\#"), ("$", r"\$"),
                       ("{", r"\{"), ("}", r"\}"), ("~", r"\textasciitilde "), ("^", r"\textasciicircum "),
                       ("±", r"$\pm$"), ("γ", r"$\gamma$"), ("β", r"$\beta$")]:
        text = text.replace(sign, form) if sign != "\\" else text.replace(sign, "\0")
    return text.replace("\0", r"\textbackslash ")


@dataclass(frozen=True)
class Collapse:
    """A finite-size collapse: `value·size^(β/ν)` as one function of `(control − critical)·size^(1/ν)`. A number that is not
    claimed is None."""

    critical: Optional[Estimate]
    nu: Optional[Estimate]
    beta: Optional[Estimate]
    betaOverNu: Optional[Estimate]
    sentence: str
    all: Dict[str, Any]

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Collapse":
        numbers = {name: Estimate.read(given.get(name)) for name in ["critical", "nu", "beta", "betaOverNu"]}
        return cls(sentence=given.get("sentence", ""), all=dict(given), **numbers)
