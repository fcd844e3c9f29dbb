"""Batch reuse beside NumPy doing the same, in CPU seconds of one run.

Simulation: d = 100,000, n = 3 d, six steps, one neuron; NumPy reveals the same Gaussian matrix lazily, both sides stored.
Mean field: two neurons, six steps of tanh(z1 + He3(z2)); NumPy samples plainly, the errors of both are printed.
Ours are processes of the command, start included, and take turns with NumPy. Arguments: the command, and the page whose
section is to be written.
"""
import one_core

import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from math import erf, pi, sqrt

import numpy as np

try:
    from scipy.special import erf as erf_of_array
except ImportError:
    erf_of_array = np.vectorize(erf)

from report import replace_section

LANDAU = sys.argv[1] if len(sys.argv) > 1 else ".build/release/landau"


class LazyMatrix:
    """An n × d Gaussian matrix known through its products only."""

    def __init__(self, n, d, rng):
        self.n, self.d, self.rng = n, d, rng
        self.right, self.right_products, self.left, self.left_products = [], [], [], []

    @staticmethod
    def _split(v, basis):
        rest, parts = v.copy(), [0.0] * len(basis)
        for _ in range(2):
            for i, b in enumerate(basis):
                x = b @ rest
                rest -= x * b
                parts[i] += x
        return rest, parts

    @staticmethod
    def _product(v, n, rng, basis, products, other, other_products):
        rest, parts = LazyMatrix._split(v, basis)
        norm = sqrt(rest @ rest)
        result = np.zeros(n)
        for x, product in zip(parts, products):
            result += x * product
        if norm > 1e-12 * sqrt(v @ v):
            rest /= norm
            fresh = rng.standard_normal(n)
            for u, g in zip(other, other_products):
                fresh += (g @ rest - u @ fresh) * u
            basis.append(rest)
            products.append(fresh)
            result += norm * fresh
        return result

    def times(self, v):
        return self._product(v, self.n, self.rng, self.right, self.right_products, self.left, self.left_products)

    def transposed_times(self, u):
        return self._product(u, self.d, self.rng, self.left, self.left_products, self.right, self.right_products)


def simulate(d, seed, alpha=3, eta=1.0, ridge=1.0, a=0.5, steps=6):
    rng = np.random.default_rng(seed)
    data = LazyMatrix(int(alpha * d), d, rng)
    teacher, w = np.zeros(d), np.zeros(d)
    teacher[0], w[1] = 1, 1
    z = data.times(teacher)
    y = (z**3 - 3 * z) / sqrt(6)
    for _ in range(steps):
        h = data.times(w)
        gradient = a * (a * erf_of_array(h / sqrt(2)) - y) * sqrt(2 / pi) * np.exp(-h * h / 2)
        w = (1 - eta * ridge) * w - eta * data.transposed_times(gradient) / d
    return w[0]


def mean_field(samples, seed, alpha=3.0, eta=0.2, steps=6):
    """Plain sampling of the mean-field equations, two ReLU neurons, ridge 0."""
    rng = np.random.default_rng(seed)
    a, p = np.array([1, -1]) / sqrt(2), 2
    z = rng.standard_normal((2, samples))
    y = np.tanh(z[0] + z[1] ** 3 - 3 * z[1])
    e, f = [], []
    m = [np.zeros((p, 2))]
    memory, weight_response = [np.eye(p)], {}
    response, correlation = {}, {}
    factor = np.zeros((p * steps, p * steps))
    for t in range(steps):
        e.append(rng.standard_normal((p, samples)))
        for s in range(t + 1):
            c = memory[t] @ memory[s].T
            for u in range(t):
                for v in range(s):
                    c = c + eta**2 * weight_response[t, u] @ correlation[u, v] @ weight_response[s, v].T
            for i in range(p):
                for j in range(p if s < t else i + 1):
                    row, column = t * p + i, s * p + j
                    x = c[i, j] - factor[row, :column] @ factor[column, :column]
                    factor[row, column] = sqrt(x) if row == column else x / factor[column, column]
        noise = np.concatenate(e)
        h = m[t] @ z + factor[t * p:(t + 1) * p, :(t + 1) * p] @ noise
        for s in range(t):
            h -= eta * weight_response[t, s] @ f[s]
        residual = a @ np.maximum(h, 0) - y
        f.append(a[:, None] * residual * (h > 0))
        b = alpha * f[t] @ noise.T / samples
        solved = np.linalg.solve(factor[:(t + 1) * p, :(t + 1) * p].T, b.T).T
        for s in range(t + 1):
            response[t, s] = solved[:, s * p:(s + 1) * p]
            correlation[t, s] = alpha * f[t] @ f[s].T / samples
            correlation[s, t] = correlation[t, s].T
        m.append(m[t] - eta * alpha * f[t] @ z.T / samples)
        memory.append(memory[t] - eta * sum(response[t, u] @ memory[u] for u in range(t + 1)))
        for s in range(t):
            weight_response[t + 1, s] = weight_response[t, s] - eta * sum(
                response[t, u] @ weight_response[u, s] for u in range(s + 1, t + 1))
        weight_response[t + 1, t] = np.eye(p)
    return m[steps]


def cpu(action):
    start = time.process_time()
    result = action()
    return time.process_time() - start, result


def child_cpu(*arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run([LANDAU, *arguments], check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, output


SPEC = """model: batch-reuse
fixed: {target: He3(z)/sqrt(6), activation: erf, secondLayer: 0.5, sampleRatio: 3, learningRate: 1, ridge: 1, steps: 6,
        dimension: 100000}
axes: {initialOverlap: [0]}
replicas: %d
figures: []
"""


def our_simulation(runs):
    with tempfile.TemporaryDirectory() as folder:
        spec = folder + "/speed.yaml"
        with open(spec, "w") as file:
            file.write(SPEC % runs)
        return child_cpu("run", spec, "--threads", "1", "--out", folder + "/out")[0]


ROUNDS = 5
TARGETS = ("z1 + He3(z2)/sqrt(6)", "z1*z2*z3 + He3(z4)", "z1 + z1*z2 + z1*z2*z3", "sign(z1*z2*z3)")


def simulations(runs=8):
    """Seconds a run, ours and NumPy's in turn."""
    ours, theirs = [], []
    for repeat in range(ROUNDS):
        ours.append(our_simulation(runs) / runs)
        theirs.append(cpu(lambda: [simulate(100_000, 10 * repeat + i) for i in range(runs)])[0] / runs)
    return ours, theirs


def mean_fields(points, chunks=10):
    """Seconds and standard errors at the last step, ours and NumPy's 10^7 samples in turn, a chunk after each of ours."""
    question = ["predict", "batch-reuse", "target=tanh(z1+He3(z2))", "hidden=2",
                "secondLayer=[0.7071067811865476,-0.7071067811865476]", "sampleRatio=3", "learningRate=0.2", "steps=6",
                f"points={points}"]
    ours, theirs, values = [], [], []
    for seed in range(chunks):
        spent, output = child_cpu(*question)
        ours.append(spent)
        spent, value = cpu(lambda: mean_field(1_000_000, seed))
        theirs.append(spent)
        values.append(value)
    errors = np.array(json.loads(output)["trajectory"]["M_error"][6])
    return ours, np.sqrt(np.mean(errors**2)), theirs, np.sqrt(np.mean(np.var(values, axis=0, ddof=1) / chunks))


def section():
    ours, theirs = simulations()
    rows = [f"| simulation, d = 100,000, n = 3 d, erf, six steps | a run | {np.median(ours):.3f} s | "
            f"{np.median(theirs):.3f} s | **{np.median(theirs) / np.median(ours):.1f}** |"]
    for points in (65536, 262144):
        ours, error, theirs, scatter = mean_fields(points)
        spent, plain = np.median(ours), len(theirs) * np.median(theirs)
        at_equal_error = plain * (scatter / error) ** 2
        rows.append(f"| mean field, 8 × {points:,} quasi-random points | error of M after six steps {error:.1e}; NumPy, "
                    f"10^7 samples: {scatter:.1e} | {spent:.3f} s | {plain:.1f} s | **{plain / spent:.0f}** "
                    f"(at equal error {at_equal_error / spent:.0f}) |")
    lines = [f"Measured on {datetime.date.today()} on one core; load average {os.getloadavg()[0]:.1f}.", "",
             "| what | | Landau | NumPy | NumPy / Landau |", "| --- | --- | --- | --- | --- |", *rows, ""]
    times = ", ".join(
        f"`{target}` {min(child_cpu('predict', 'batch-reuse', 'target=' + target)[0] for _ in range(3)):.3f} s"
        for target in TARGETS)
    return "\n".join(lines) + f"\nExponents of a target, whole command: {times}.\n"


def main():
    text = section()
    print(text)
    if len(sys.argv) > 2:
        replace_section(Path(sys.argv[2]), "batch-reuse", text)


if __name__ == "__main__":
    main()
