"""Net-steps per second of JAX, PyTorch and batched NumPy on one processor, beside each other.

Each kind of work (activation, depth, precision) is tried in every layout at every ensemble size; the fastest are then
measured in interleaved rounds, medians reported. Times are processor times of the whole process, confined to one
processor; compilation is excluded. Every contender's losses after a few steps are compared with those of a plain
double-precision trainer before it is timed. Prints a JSON line for each contender: {rival, layout, activation, depth,
precision, nets, stepsPerSecond, rounds, spread}, or {rival, layout, …, missing: why}; `spread` is the range of the
rounds over their median, and one round means that the contender was out of the running.
"""

import argparse
import importlib
import json
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import Callable

import one_core  # noqa: F401  first: libraries read its settings when they are imported
from work import ACTIVATIONS, LARGEST, PRECISIONS, PlainNet, Work

RIVALS = {"numpy": "numpy_rival", "jax": "jax_rival", "torch": "torch_rival"}
CHECKED_STEPS = 4
TOLERANCE = 1e-6


class DifferentWork(Exception):
    """A contender's losses are not those of the plain trainer: its speed would be that of some other work."""


@dataclass
class Contender:
    """A rival in one layout, ready to be timed."""

    rival: str
    layout: str
    work: Work
    advance: Callable
    times: list = field(default_factory=list)
    steps: int = 1

    def expect(self, seconds, step):
        """Lets the next run last about so many seconds, where a step takes `step`."""
        self.steps = max(1, int(seconds / step))

    def sample(self, next_seconds):
        """Times one run, and lets the next one last about so many seconds."""
        start = time.process_time()
        self.advance(self.steps)
        self.times.append((time.process_time() - start) / self.steps)
        self.expect(next_seconds, self.times[-1])

    @property
    def steps_per_second(self):
        return self.work.nets / statistics.median(self.times)

    def row(self):
        return {
            "rival": self.rival,
            "layout": self.layout,
            "activation": self.work.activation,
            "depth": self.work.depth,
            "precision": self.work.precision,
            "nets": self.work.nets,
            "stepsPerSecond": self.steps_per_second,
            "rounds": len(self.times),
            "spread": (max(self.times) - min(self.times)) / statistics.median(self.times),
        }


def check(work, layers):
    """Compares the losses of the first and last nets, relative to their size, with those of the plain trainer."""
    for index in sorted({0, 1, 7, work.nets // 2, work.nets - 1}):
        plain = PlainNet(work, index)
        plain.descend(CHECKED_STEPS)
        expected, found = plain.loss(), PlainNet(work, index, layers).loss()
        if not abs(found - expected) <= TOLERANCE * abs(expected):
            raise DifferentWork(f"net {index}: loss {found!r} after {CHECKED_STEPS} steps, should be {expected!r}")


def prepare(rival, module, layout, work):
    """A contender that has shown that it does the work, with a first, short sample."""
    advance, layers = module.prepare(work, layout)
    contender = Contender(rival, layout, work, advance)
    start = time.process_time()
    net = advance(CHECKED_STEPS)
    contender.expect(0.02, (time.process_time() - start) / CHECKED_STEPS)
    check(work, layers(net))
    # First runs are slower and too short: they only tell how many steps the next one takes.
    contender.sample(0.05)
    contender.times.clear()
    contender.sample(0.1)
    return contender


def finalists(contenders):
    """Of each rival the fastest, the fastest and plain vmap at the largest size; and all that are near the front."""
    chosen = []

    def choose(candidates):
        best = max(candidates, key=lambda contender: contender.steps_per_second, default=None)
        if best is not None and best not in chosen:
            chosen.append(best)

    for rival in RIVALS:
        own = [contender for contender in contenders if contender.rival == rival]
        choose(own)
        choose([contender for contender in own if contender.work.nets == LARGEST])
        choose([c for c in own if c.work.nets == LARGEST and c.layout == "vmap"])
    front = max((contender.steps_per_second for contender in contenders), default=0)
    for contender in contenders:
        if contender.steps_per_second > 0.8 * front and contender not in chosen:
            chosen.append(contender)
    return chosen


def available():
    """The rivals that can be imported, and why the others cannot."""
    modules, missing = {}, []
    for rival, name in RIVALS.items():
        try:
            modules[rival] = importlib.import_module(name)
        except (ImportError, OSError) as error:
            missing.append({"rival": rival, "missing": str(error)})
    return modules, missing


def measure(modules, activation, depth, precision, sizes, rounds):
    """Rows of one kind of work at these ensemble sizes or each rival's own, the finalists' with so many rounds."""
    contenders, rows = [], []
    for rival, module in modules.items():
        for layout in module.LAYOUTS:
            for nets in sizes or module.SIZES:
                work = Work(activation, depth, precision, nets)
                try:
                    contenders.append(prepare(rival, module, layout, work))
                except DifferentWork:
                    raise
                except Exception as error:  # a layout that a library cannot compile here is a gap to be reported
                    reason = str(error).strip().splitlines()
                    kind = {"activation": activation, "depth": depth, "precision": precision, "nets": nets}
                    missing = reason[0] if reason else type(error).__name__
                    rows.append({"rival": rival, "layout": layout, **kind, "missing": missing})
                    break
    final = finalists(contenders)
    for contender in final:
        contender.times.clear()
    for _ in range(rounds):
        for contender in final:
            contender.sample(0.1)
    return rows + [contender.row() for contender in contenders]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--activations", nargs="+", choices=ACTIVATIONS, default=ACTIVATIONS)
    parser.add_argument("--depths", nargs="+", type=int, default=(1, 2, 4))
    parser.add_argument("--precisions", nargs="+", choices=PRECISIONS, default=list(PRECISIONS))
    parser.add_argument("--sizes", nargs="+", type=int, help="nets in an ensemble; without it each rival's own")
    parser.add_argument("--rounds", type=int, default=7)
    return parser.parse_args()


def main():
    options = arguments()
    modules, missing = available()
    for row in missing:
        print(json.dumps(row), flush=True)
    for precision in options.precisions:
        for activation in options.activations:
            for depth in options.depths:
                for row in measure(modules, activation, depth, precision, options.sizes, options.rounds):
                    print(json.dumps(row), flush=True)


if __name__ == "__main__":
    sys.exit(main())
