#!/usr/bin/env python3
"""CPU time for gamma* and the spinodal of one net: Landau's sweeps and branches beside gradient descent in JAX.

The net: tanh, two hidden layers of width 10, no biases, 200 samples of a linear teacher with five inputs; loss
(1/n) sum (f - y)^2 + gamma sum |W|^2. Rival: full-batch gradient descent, compiled, in double; warm-started bisection of
F(ordered) = E[y^2] for gamma*, and of "the ordered net survives" for the spinodal. A descent ends where the gradient's
norm is below the tolerance, which is also the width of the last bracket; time for compiling is left out. Each learning
rate of a list is tried and the fastest right one counts. Landau: the whole command, start-up and all, once as a warm
sweep of eight points (within 1e-3), once as a followed branch (within 1e-9).

    python transition.py --landau ../../.build/release/landau --page ../../docs/generated/benchmarks.md
"""

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
INPUTS, WIDTH, SAMPLES = 5, 10, 200
# What starting Python and importing JAX took.
START = time.process_time()


def data():
    rng = np.random.default_rng(7)
    x = rng.standard_normal((SAMPLES, INPUTS))
    teacher = rng.standard_normal(INPUTS)
    return x, x @ (teacher / np.linalg.norm(teacher)) + 0.1 * rng.standard_normal(SAMPLES)


def make_descent(x, y):
    def loss(weights, gamma):
        first, second, last = weights
        output = jnp.tanh(jnp.tanh(x @ first.T) @ second.T) @ last
        return jnp.mean((output - y) ** 2) + gamma * sum(jnp.sum(w * w) for w in weights)

    gradient = jax.value_and_grad(loss)

    @jax.jit
    def descend(weights, gamma, rate, tolerance, limit):
        def goes_on(state):
            _, _, size, steps = state
            return (size > tolerance) & (steps < limit)

        def step(state):
            weights, _, _, steps = state
            value, slope = gradient(weights, gamma)
            size = jnp.sqrt(sum(jnp.sum(g * g) for g in slope))
            return tuple(w - rate * g for w, g in zip(weights, slope)), value, size, steps + 1

        return jax.lax.while_loop(goes_on, step, (weights, jnp.inf, jnp.inf, 0))

    return descend


def rival(x, y, rate, tolerance, limit):
    """gamma*, spinodal, steps and CPU seconds; None where a descent runs into the limit or loses the branch."""
    descend = make_descent(x, y)
    rng = np.random.default_rng(1)
    shapes = [(WIDTH, INPUTS), (WIDTH, WIDTH), (WIDTH,)]
    start = tuple(jnp.asarray(rng.standard_normal(s) / np.sqrt(s[-1])) for s in shapes)
    descend(start, 0.1, rate, tolerance, 2)[1].block_until_ready()
    zero = float(np.mean(y * y))
    begun = time.process_time()
    total = 0

    def trained(weights, gamma):
        nonlocal total
        weights, value, size, steps = descend(weights, gamma, rate, tolerance, limit)
        total += int(steps)
        norm = float(sum(jnp.sum(w * w) for w in weights))
        return weights, float(value), norm, bool(size <= tolerance)

    low, high = 0.1, 1.0
    weights, value, norm, done = trained(start, low)
    if not done or norm < 0.1:
        return None
    ordered = (low, weights)
    lost = high
    while high - low > 2 * tolerance:
        middle = (low + high) / 2
        found, value, norm, done = trained(ordered[1], middle)
        if not done:
            return None
        if norm < 0.1:
            lost = min(lost, middle)
            high = middle
        elif value < zero:
            low, ordered = middle, (middle, found)
        else:
            high = middle
    critical = (low + high) / 2
    low, high = ordered[0], lost
    while high - low > 2 * tolerance:
        middle = (low + high) / 2
        found, value, norm, done = trained(ordered[1], middle)
        if not done:
            return None
        if norm < 0.1:
            high = middle
        else:
            low, ordered = middle, (middle, found)
    return critical, (low + high) / 2, total, time.process_time() - begun


SWEEPS = {
    "warm sweep, 8 points": ("up", "{from: 0.2, to: 0.6, points: 8, spacing: log}"),
    "followed branch": ("branch", "{from: 0.2, to: 0.6, points: 6}"),
}


def ours(landau, x, y, direction, grid):
    with tempfile.TemporaryDirectory() as folder:
        rows = ["a,b,c,d,e,y"] + [",".join(repr(float(v)) for v in (*row, t)) for row, t in zip(x, y)]
        with open(os.path.join(folder, "data.csv"), "w") as file:
            file.write("\n".join(rows) + "\n")
        with open(os.path.join(folder, "net.yaml"), "w") as file:
            file.write(
                "model: weight-decay\nfixed: {activation: tanh, depth: 2, width: 10}\n"
                f"data: {{file: data.csv, target: y}}\naxes:\n  gamma: {grid}\ndirection: {direction}\nfigures: []\n"
            )
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([landau, "run", "net.yaml", "--threads", "1"], cwd=folder, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        text = subprocess.run(
            [landau, "transitions", "net.yaml", "--json"], cwd=folder, check=True, capture_output=True
        ).stdout
    verdict = json.loads(text)[0]
    return verdict["order"], verdict["location"], verdict["spinodal"], seconds


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--landau", required=True)
    arguments.add_argument("--page")
    arguments.add_argument("--tolerances", default="1e-2,1e-3,1e-4,1e-5,1e-6")
    arguments.add_argument("--rates", default="0.05,0.1,0.2,0.3")
    arguments.add_argument("--limit", type=int, default=3_000_000)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    landau = os.path.abspath(options.landau)
    x, y = data()
    runs = {
        name: [ours(landau, x, y, *sweep) for _ in range(options.rounds)] for name, sweep in SWEEPS.items()
    }
    seconds = {name: sorted(run[3] for run in of)[len(of) // 2] for name, of in runs.items()}
    order, critical, spinodal, _ = runs["followed branch"][0]
    mine = seconds["warm sweep, 8 points"]
    lines = [
        "| | error asked | γ* | its error | spinodal | its error | gradient steps | CPU s | times Landau's |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, of in runs.items():
        lines.append(
            f"| Landau, {name}: {of[0][0]} order | – | {of[0][1]:.9f} | {abs(of[0][1] - critical):.0e} | {of[0][2]:.9f} "
            f"| {abs(of[0][2] - spinodal):.0e} | – | {seconds[name]:.3f} | {seconds[name] / mine:.2g} |"
        )
    begun = time.process_time()
    rival(x, y, 0.1, 0.1, 1)
    idle = START + time.process_time() - begun
    for tolerance in [float(t) for t in options.tolerances.split(",")]:
        found = [(r, rival(x, y, float(r), tolerance, options.limit)) for r in options.rates.split(",")]
        right = [(run[3], r, run) for r, run in found if run and abs(run[0] - critical) <= 3 * tolerance]
        if not right:
            lines.append(f"| JAX | {tolerance:g} | none of the rates {options.rates} ends | | | | | | |")
            continue
        spent, rate, run = min(right)
        lines.append(
            f"| JAX, rate {rate} | {tolerance:g} | {run[0]:.6f} | {abs(run[0] - critical):.1e} | {run[1]:.6f} "
            f"| {abs(run[1] - spinodal):.1e} | {run[2]:,} | {spent:.2f} | {spent / mine:.2g} |"
        )
    lines.append(f"\nJAX's own start-up and compiling, not counted above: {idle:.1f} CPU s.")
    table = "\n".join(lines)
    print(table)
    if options.page:
        with open(options.page) as file:
            text = file.read()
        start, end = "<!-- transition -->\n", "<!-- /transition -->"
        head, rest = text.split(start)
        with open(options.page, "w") as file:
            file.write(head + start + table + "\n" + end + rest.split(end)[1])


if __name__ == "__main__":
    main()
