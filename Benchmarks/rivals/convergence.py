"""Processor time from cold starts to ‖∇‖ ≤ 1e-10 on a grid of γ through the collapse of tanh nets: `landau run` beside
JAX with gradient descent and with Adam, on the same data.

Loss of a net: (1/n) sum (f - y)^2 + gamma sum_l |W_l|^2, no biases, 5 inputs, width 10, 64 values of γ, one cold start
each. Landau's time is that of the whole command on one thread (start-up, training, curvature, verdict, store), and
again without what a command with a single γ takes. JAX's is that of its steps alone, without compilation; nets that have
converged leave the ensemble. Each optimiser of JAX runs at several settings, to a stated cap of steps. The table
replaces the section `convergence` of a Markdown file.
"""

import argparse
import csv
import io
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import one_core  # noqa: F401  first: libraries read its settings when they are imported
import jax
import jax.numpy as jnp
import numpy as np

from report import replace_section
from table import markdown, processor

jax.config.update("jax_enable_x64", True)

INPUTS, WIDTH, SAMPLES, POINTS = 5, 10, 200, 64
TOLERANCE = 1e-10
BLOCK = 250


@dataclass(frozen=True)
class Problem:
    """Nets of one depth on one data set at 64 values of γ."""

    name: str
    depth: int
    gammas: np.ndarray
    features: np.ndarray
    targets: np.ndarray


def problems():
    """Gaussian inputs, a linear teacher of norm 1 and noise of 0.1; a wide grid, and one close to γ* of a hidden layer.

    γ* = |E[xy]| with one hidden layer, where the transition is continuous and descent slows down critically.
    """
    generator = np.random.default_rng(1)
    features = generator.standard_normal((SAMPLES, INPUTS))
    teacher = generator.standard_normal(INPUTS)
    targets = features @ (teacher / np.linalg.norm(teacher)) + 0.1 * generator.standard_normal(SAMPLES)
    critical = np.linalg.norm(features.T @ targets / SAMPLES)
    wide, close = np.geomspace(0.05, 1.4, POINTS), critical * np.linspace(0.95, 1.05, POINTS)
    grids = [("0.05 … 1.4", 1, wide), ("γ* ± 5 %", 1, close), ("0.05 … 1.4", 2, wide)]
    return [Problem(name, depth, gammas, features, targets) for name, depth, gammas in grids]


@dataclass
class Outcome:
    """What became of the 64 nets."""

    name: str
    seconds: float
    converged: np.ndarray
    losses: np.ndarray


def children_seconds():
    """Processor time of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run_landau(executable, problem):
    """`landau run` on a sweep with these data: processor seconds of the whole command, and what it found."""
    with tempfile.TemporaryDirectory() as folder:
        header = ",".join([f"x{i}" for i in range(INPUTS)] + ["y"])
        table = np.column_stack([problem.features, problem.targets])
        np.savetxt(Path(folder, "data.csv"), table, delimiter=",", header=header, comments="", fmt="%.17g")
        gammas = ", ".join(f"{gamma:.17g}" for gamma in problem.gammas)
        Path(folder, "sweep.yaml").write_text(
            f"""title: convergence from cold starts
model: weight-decay
seed: 1
fixed: {{activation: tanh, width: {WIDTH}, depth: {problem.depth}}}
data: {{file: data.csv, target: y}}
axes:
  gamma: [{gammas}]
replicas: 1
direction: [cold]
training: {{starts: 1}}
orderParameter: squaredNorm
figures: []
"""
        )
        command = [str(executable), "run", "sweep.yaml", "--threads", "1", "--out", "out"]
        before = children_seconds()
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=600)
        seconds = children_seconds() - before
        export = [str(executable), "export", "sweep.yaml", "--out", "out"]
        text = subprocess.run(export, cwd=folder, check=True, capture_output=True, text=True, timeout=60).stdout
    rows = sorted(csv.DictReader(io.StringIO(text)), key=lambda row: float(row["gamma"]))
    converged = [row["outcome"] == "converged" and float(row["gradientNorm"]) <= TOLERANCE for row in rows]
    return Outcome("Landau", seconds, np.array(converged), np.array([float(row["loss"]) for row in rows]))


def start(depth):
    """Cold starts: normal weights of variance 1/inputs of their layer."""
    generator = np.random.default_rng(2)
    widths = [INPUTS] + [WIDTH] * depth + [1]
    return [generator.standard_normal((POINTS, o, i)) / np.sqrt(i) for i, o in zip(widths, widths[1:])]


def losses(net, gammas, features, targets):
    """The regularised loss of each net; samples last, JAX's fastest layout here."""
    values = jnp.einsum("noi,is->nos", net[0], features)
    for matrix in net[1:]:
        values = jnp.einsum("noi,nis->nos", matrix, jnp.tanh(values))
    return jnp.mean((values[:, 0, :] - targets) ** 2, 1) + gammas * sum(jnp.sum(m**2, (1, 2)) for m in net)


def gradient_descent(rate):
    """(name, initial state, update of (net, state) by a gradient)."""

    def update(net, state, slopes):
        return [w - rate * slope for w, slope in zip(net, slopes)], state

    return f"gradient descent, rate {rate:g}", lambda net: (), update


def adam(rate, epsilon):
    """Adam as it was published, β = (0.9, 0.999)."""

    def update(net, state, slopes):
        first, second, count = state
        count = count + 1
        first = [0.9 * m + 0.1 * slope for m, slope in zip(first, slopes)]
        second = [0.999 * v + 0.001 * slope**2 for v, slope in zip(second, slopes)]

        def moved(w, m, v):
            scale = (slice(None), None, None)
            return w - rate * (m / (1 - 0.9**count)[scale]) / (jnp.sqrt(v / (1 - 0.999**count)[scale]) + epsilon)

        return [moved(w, m, v) for w, m, v in zip(net, first, second)], (first, second, count)

    def initial(net):
        zeros = [jnp.zeros_like(w) for w in net]
        return zeros, zeros, jnp.zeros(len(net[0]))

    return f"Adam, rate {rate:g}, ε {epsilon:g}", initial, update


def run_jax(optimiser, problem, cap):
    """Trains all nets until their gradients are small or the cap of steps is reached; nets that are done leave."""
    name, initial, update = optimiser
    columns, y = jnp.asarray(problem.features.T.copy()), jnp.asarray(problem.targets)
    slopes = jax.grad(lambda net, gammas: jnp.sum(losses(net, gammas, columns, y)))

    @jax.jit
    def block(net, state, gammas):
        net, state = jax.lax.fori_loop(
            0, BLOCK, lambda _, current: update(*current, slopes(current[0], gammas)), (net, state)
        )
        return net, state, jnp.sqrt(sum(jnp.sum(slope**2, (1, 2)) for slope in slopes(net, gammas)))

    net = [jnp.asarray(matrix) for matrix in start(problem.depth)]
    state, gammas = initial(net), jnp.asarray(problem.gammas)
    members = np.arange(POINTS)
    converged, final = np.zeros(POINTS, bool), [np.asarray(matrix).copy() for matrix in net]
    seconds, steps, compiled = 0.0, 0, {}
    while steps < cap:
        size = len(gammas)
        if size not in compiled:
            compiled[size] = block.lower(net, state, gammas).compile()
        began = time.process_time()
        net, state, norms = jax.block_until_ready(compiled[size](net, state, gammas))
        seconds += time.process_time() - began
        steps += BLOCK
        norms = np.asarray(norms)
        for matrix, stored in zip(net, final):
            stored[members] = np.asarray(matrix)
        converged[members] = norms <= TOLERANCE
        going = np.flatnonzero(~converged[members])
        if len(going) == 0:
            break
        if 2 * len(going) <= size:
            kept = going
            net, state, gammas = jax.tree.map(lambda array: array[kept], (net, state, gammas))
            members = members[kept]
    values = np.asarray(losses([jnp.asarray(matrix) for matrix in final], jnp.asarray(problem.gammas), columns, y))
    return Outcome(name, seconds, converged, values)


OPTIMISERS = [gradient_descent(rate) for rate in (0.1, 0.2, 0.4, 0.6, 0.8)] + [
    adam(rate, epsilon) for rate, epsilon in ((0.001, 1e-8), (0.01, 1e-8), (0.01, 1e-3), (0.01, 1e-2))
]


def compare(executable, problem, cap):
    """A line of the table for Landau and each optimiser of JAX."""
    single = replace(problem, gammas=problem.gammas[:1])
    runs, single_runs = [], []
    for _ in range(5):
        runs.append(run_landau(executable, problem))
        single_runs.append(run_landau(executable, single))
    landau = sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]
    # What each further γ costs is free of the command's start and end.
    overhead = statistics.median(run.seconds for run in single_runs)
    alone = (landau.seconds - overhead) * POINTS / (POINTS - 1)
    training = replace(landau, name="Landau, without start-up", seconds=alone)
    lines = []
    for outcome in [landau, training] + [run_jax(optimiser, problem, cap) for optimiser in OPTIMISERS]:
        done = outcome.converged.sum()
        higher = np.sum(~(outcome.losses <= landau.losses + 1e-9))
        lower = np.sum(outcome.losses < landau.losses - 1e-9)
        bound = "" if done == POINTS else "≥ "
        ratios = [f"{bound}{outcome.seconds / ours.seconds:.2g}" for ours in (landau, training)]
        line = [str(problem.depth), problem.name, outcome.name, f"{bound}{outcome.seconds:.2g}", *ratios]
        lines.append(line + [f"{done} of {POINTS}", str(lower), str(higher)])
        print(*lines[-1], file=sys.stderr, flush=True)
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--landau", type=Path, required=True, help="the built command")
    parser.add_argument("--cap", type=int, default=50_000, help="steps of a JAX run")
    parser.add_argument("--page", type=Path, help="Markdown file whose section is replaced; else standard output")
    options = parser.parse_args()
    executable = options.landau.resolve()
    header = ["depth", "γ", "trainer", "seconds", "/ Landau", "/ without start-up"]
    header += ["converged", "lower loss", "higher loss"]
    lines = [line for problem in problems() for line in compare(executable, problem, options.cap)]
    text = (
        f"Measured on {date.today().isoformat()} on one core of an {processor()}; JAX {jax.__version__}, at most "
        f"{options.cap} steps a net. A time with ≥ is that of a run that reached the cap before all nets had "
        "converged.\n\n" + markdown(header, lines)
    )
    if options.page:
        replace_section(options.page, "convergence", text)
    else:
        print(text)


if __name__ == "__main__":
    sys.exit(main())
