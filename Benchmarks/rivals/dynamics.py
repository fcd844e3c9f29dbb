"""Training dynamics beside JAX: gradient descent with the top eigenvalues of tangent kernel and Hessian after every step.

Nets: 16 inputs, three hidden layers of width 64 without biases, multipliers of the tangent-kernel parameterisation, 32
samples of each net's own, full batch, double precision. Ours is the whole command, start included. JAX is compiled, nets
batched by vmap; time of compilation is left out. Its kernel comes from activations and adjoints layer by layer, its top
eigenvalues from power iteration (kernel) and Lanczos with full reorthogonalisation (Hessian), both started from the last
step's vectors, with as many products as it takes to be as exact as ours.
"""
import one_core  # noqa: F401  first: libraries read its settings when they are imported

import argparse
import csv
import io
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from datetime import date
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from report import replace_section

jax.config.update("jax_enable_x64", True)
INPUTS, WIDTH, HIDDEN, SAMPLES = 16, 64, 3, 32
ROUNDS = 3

SPEC = """model: training-dynamics
seed: 1
fixed: {{activation: {activation}, width: 64, depth: 3, steps: {steps}}}
data: {{inputs: 16, samples: 32}}
measure: {{record: 1, sharpness: true}}
axes: {{relativeRate: [1.0]}}
replicas: {nets}
figures: []
"""


class Rival:
    """Effective weights W_k = α_k θ_k, whose rates are α_k²: the same as ours."""

    def __init__(self, activation, products, iterations=50):
        self.phi = jnp.tanh if activation == "tanh" else jax.nn.relu
        gain = np.sqrt(2) if activation == "relu" else 1
        fans = [INPUTS] + [WIDTH] * HIDDEN
        self.scales = [(1 if k == 0 else gain) / np.sqrt(fan) for k, fan in enumerate(fans)]
        self.rates = [scale**2 for scale in self.scales]
        self.shapes = list(zip([WIDTH] * HIDDEN + [1], fans))
        self.products, self.iterations = products, iterations

    def start(self, nets, seed):
        rng = np.random.default_rng(seed)
        weights = [scale * rng.standard_normal((nets, *shape)) for scale, shape in zip(self.scales, self.shapes)]
        x = rng.standard_normal((nets, SAMPLES, INPUTS))
        x *= np.sqrt(INPUTS) / np.linalg.norm(x, axis=2, keepdims=True)
        frames = np.linalg.qr(rng.standard_normal((nets, INPUTS, 2)))[0]
        a, b = np.einsum("nsi,nik->kns", x, frames)
        y = np.sin(1.5 * a) + 0.5 * a * b
        y = (y - y.mean(axis=1, keepdims=True)) / y.std(axis=1, keepdims=True)
        return [jnp.array(w) for w in weights], jnp.array(x), jnp.array(y)

    def output(self, weights, x):
        a = x
        for w in weights[:-1]:
            a = self.phi(a @ w.T)
        return (a @ weights[-1].T)[:, 0]

    def loss(self, weights, x, y):
        return jnp.mean((self.output(weights, x) - y) ** 2) / 2

    def kernel(self, weights, x):
        """The n × n tangent kernel over n, from one pass forward and one back."""
        values, slopes = [x], []
        for w in weights[:-1]:
            h = values[-1] @ w.T
            value, slope = jax.jvp(self.phi, (h,), (jnp.ones_like(h),))
            values.append(value)
            slopes.append(slope)
        adjoint = jnp.ones((x.shape[0], 1))
        total = self.rates[-1] * values[-1] @ values[-1].T
        for k in range(len(weights) - 2, -1, -1):
            adjoint = (adjoint @ weights[k + 1]) * slopes[k]
            total += self.rates[k] * (values[k] @ values[k].T) * (adjoint @ adjoint.T)
        return total / x.shape[0]

    def top_kernel(self, kernel, vector):
        def iterate(_, v):
            product = kernel @ v
            return product / jnp.linalg.norm(product)

        vector = jax.lax.fori_loop(0, self.iterations, iterate, vector)
        return vector @ kernel @ vector, vector

    def sharpness(self, weights, x, y, start):
        """The top eigenvalue of the Hessian by the parameters θ."""
        roots = [np.sqrt(rate) for rate in self.rates]
        sizes = np.cumsum([0] + [w.size for w in weights])

        def product(v):
            direction = [root * v[a:b].reshape(w.shape) for root, a, b, w in zip(roots, sizes, sizes[1:], weights)]
            tangent = jax.jvp(lambda w: jax.grad(self.loss)(w, x, y), (weights,), (direction,))[1]
            return jnp.concatenate([(root * t).ravel() for root, t in zip(roots, tangent)])

        m = self.products
        basis = jnp.zeros((m, start.size)).at[0].set(start / jnp.linalg.norm(start))

        def step(j, state):
            basis, diagonal, beside = state
            w = product(basis[j])
            diagonal = diagonal.at[j].set(basis[j] @ w)
            for _ in range(2):
                w = w - basis.T @ (basis @ w)
            norm = jnp.linalg.norm(w)
            beside = beside.at[j].set(norm)
            return basis.at[j + 1].set(w / norm, mode="drop"), diagonal, beside

        basis, diagonal, beside = jax.lax.fori_loop(0, m, step, (basis, jnp.zeros(m), jnp.zeros(m)))
        matrix = jnp.diag(diagonal) + jnp.diag(beside[:-1], 1) + jnp.diag(beside[:-1], -1)
        values, vectors = jnp.linalg.eigh(matrix)
        return values[-1], basis.T @ vectors[:, -1]

    @partial(jax.jit, static_argnums=(0, 4))
    def run(self, weights, x, y, steps):
        def measured(weights, vectors):
            top, kernel_vector = jax.vmap(self.top_kernel)(jax.vmap(self.kernel)(weights, x), vectors[0])
            sharp, vector = jax.vmap(self.sharpness)(weights, x, y, vectors[1])
            return top, sharp, (kernel_vector, vector)

        nets = x.shape[0]
        gradient = jax.vmap(jax.grad(self.loss))
        first = gradient(weights, x, y)
        flat = jnp.concatenate(
            [np.sqrt(rate) * g.reshape(nets, -1) for rate, g in zip(self.rates, first)], axis=1) + 1e-6
        top, sharp, vectors = measured(weights, (jnp.ones((nets, SAMPLES)), flat))
        eta = 1 / top

        def step(carry, _):
            weights, vectors = carry
            gradients = gradient(weights, x, y)
            weights = [w - (rate * eta)[:, None, None] * g for w, g, rate in zip(weights, gradients, self.rates)]
            top, sharp, vectors = measured(weights, vectors)
            return (weights, vectors), (top, sharp)

        (weights, _), (tops, sharps) = jax.lax.scan(step, (weights, vectors), None, length=steps)
        return jnp.concatenate([top[None], tops]), jnp.concatenate([sharp[None], sharps])

    def __hash__(self):
        return hash((self.phi, self.products, self.iterations))

    def __eq__(self, other):
        return (self.phi, self.products, self.iterations) == (other.phi, other.products, other.iterations)


def products_for(activation, steps, tolerance):
    """The fewest Lanczos steps that keep nine tenths of all sharpnesses within the tolerance, and the error there."""
    nets = 8
    exact = np.array(Rival(activation, 60, 200).run(*Rival(activation, 60).start(nets, 0), steps)[1])
    for products in (3, 4, 5, 6, 8, 10, 12, 16, 20, 30):
        found = np.array(Rival(activation, products).run(*Rival(activation, products).start(nets, 0), steps)[1])
        error = np.quantile(np.abs(found / exact - 1)[1:], 0.9)
        if error <= tolerance:
            return products, error
    raise SystemExit("no number of products is enough")


def ours(command, activation, nets, steps):
    """CPU seconds, mean initial sharpness with its standard error, and products a step."""
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "dynamics.yaml"
        spec.write_text(SPEC.format(activation=activation, steps=steps, nets=nets))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([command, "run", spec, "--threads", "1", "--out", f"{folder}/out"], check=True,
                       capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        table = subprocess.run([command, "export", spec, "--out", f"{folder}/out", "--format", "csv"], check=True,
                               capture_output=True, text=True).stdout
    values = [float(row["initialSharpness"]) for row in csv.DictReader(io.StringIO(table))]
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, values


def multiply_adds(products, guide=False):
    """Of a net-step's matrix products."""
    widths = [INPUTS] + [WIDTH] * HIDDEN + [1]
    matrices = [a * b for a, b in zip(widths, widths[1:])]
    every, hidden = sum(matrices), sum(matrices[1:])
    grams = SAMPLES * (sum(widths[:-1]) + sum(widths[1:-1])) / 2
    return SAMPLES * (2 * every + hidden + grams + products * (2 * every + 4 * hidden) + guide * every)


def theirs(rival, nets, steps, seed):
    start = rival.start(nets, seed)
    begun = time.process_time()
    _, sharps = jax.block_until_ready(rival.run(*start, steps))
    return time.process_time() - begun, np.array(sharps)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--landau", default=".build/release/landau")
    parser.add_argument("--parts", default="Benchmarks/.build/release/NetSteps")
    parser.add_argument("--page", type=Path)
    parser.add_argument("--nets", type=int, default=64)
    parser.add_argument("--steps", type=int, default=100)
    options = parser.parse_args()
    parts = json.loads(subprocess.run([options.parts, "--dynamics", "--json"], check=True, capture_output=True,
                                      text=True).stdout)
    trainings = {training["activation"]: training for training in parts["trainings"]}
    # The command without nets to speak of: start-up, spec and store.
    idle = statistics.median(ours(options.landau, "relu", 1, 1)[0] for _ in range(5))
    rows = []
    for activation in ("relu", "tanh"):
        products, error = products_for(activation, options.steps, 1e-6)
        rival = Rival(activation, products)
        rate = {}
        for size in (4, 8, 16):
            theirs(rival, size, options.steps, 0)
            rate[size] = min(theirs(rival, size, options.steps, 1)[0] for _ in range(2)) / size
        size = min(rate, key=rate.get)
        mine, other, first, second = [], [], [], []
        for repeat in range(ROUNDS):
            spent, values = ours(options.landau, activation, options.nets, options.steps)
            mine.append(1e3 * spent / (options.nets * options.steps))
            first += values
            spent, sharps = zip(*(theirs(rival, size, options.steps, 100 * repeat + i)
                                  for i in range(max(1, options.nets // size))))
            other.append(1e3 * sum(spent) / (len(spent) * size * options.steps))
            second += list(np.concatenate([s[0] for s in sharps]))
        # The same nets in law: their initial sharpnesses must agree.
        first = first[:options.nets]
        gap = (np.mean(first) - np.mean(second)) / np.hypot(np.std(first) / np.sqrt(len(first)),
                                                           np.std(second) / np.sqrt(len(second)))
        ratio = statistics.median(b / a for a, b in zip(mine, other))
        training = trainings[activation]
        landau, jax_time = statistics.median(mine), statistics.median(other)
        speeds = [2e-6 * multiply_adds(*count) / time
                  for *count, time in ((training["products"], True, landau), (products, jax_time))]
        alone = landau - 1e3 * idle / (options.nets * options.steps)
        rows.append(f"| {activation} | {landau:.3f} ms | {alone:.3f} ms | {jax_time:.3f} ms | "
                    f"{training['products']:.1f} | {products} | {training['usualError']:.0e}, "
                    f"{training['largestError']:.0e} | {error:.0e} | {speeds[0]:.0f} | {speeds[1]:.0f} | {gap:+.1f} | "
                    f"**{ratio:.1f}** |")
    text = "\n".join([
        f"Measured on {date.today()} on one core, {ROUNDS} rounds of {options.nets} nets, {options.steps} steps; load "
        f"average {os.getloadavg()[0]:.1f}; JAX {jax.__version__}. Independent multiply–adds: "
        f"{parts['gigaflops']:.0f} GFLOP/s.", "",
        "| activation | Landau, a net-step | without start-up | JAX, a net-step | Landau's Hessian products a step | "
        "JAX's | Landau's errors: nine tenths below, all below | JAX's: nine tenths below | Landau, GFLOP/s | "
        "JAX, GFLOP/s | initial sharpness, ours less JAX's in standard errors | JAX / Landau |",
        "| --- |" + " --- |" * 11, *rows]) + "\n"
    print(text)
    if options.page:
        replace_section(options.page, "dynamics", text)


if __name__ == "__main__":
    main()
