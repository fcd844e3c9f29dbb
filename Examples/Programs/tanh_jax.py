#!/usr/bin/env python3
"""tanh nets under weight decay in JAX, many chains at once (vmap): the physics of Landau's own model `weight-decay`."""
import functools
import hashlib
import os

import landau_nets as landau
try:
    import jax
    import jax.numpy as jnp
    import numpy as np
except ImportError as error:
    landau.unavailable(str(error))

jax.config.update("jax_enable_x64", True)  # minima are to be exact, not fast
WIDTH, data = 8, {}


def setup(opened):
    table = np.loadtxt(os.path.join(opened.folder, opened.data["file"]), delimiter=",", skiprows=1)
    table = (table - table.mean(0)) / table.std(0)
    data["x"], data["y"] = jnp.asarray(table[:, :-1]), jnp.asarray(table[:, -1])
    return {"fingerprint": hashlib.sha256(table.tobytes()).hexdigest()}


def shapes(depth):
    sizes = [data["x"].shape[1]] + [WIDTH] * depth + [1]
    return list(zip(sizes[:-1], sizes[1:]))


def loss(theta, gamma, depth):
    h, at = data["x"], 0
    for layer, (a, b) in enumerate(shapes(depth)):
        h = (jnp.tanh(h) if layer else h) @ theta[at:at + a * b].reshape(a, b)
        at += a * b
    return jnp.mean((h[:, 0] - data["y"]) ** 2) + gamma * jnp.sum(theta ** 2)


@functools.partial(jax.jit, static_argnums=2)
def descend(theta, gamma, depth):
    """Nesterov's gradient descent with restarts to |gradient| < 1e-9, every lane on its own."""
    def one(theta, gamma):
        def step(s):
            w, before, k, n = s
            v = w + k / (k + 3) * (w - before)
            g = jax.grad(loss)(v, gamma, depth)
            new = v - 0.05 * g
            return new, w, jnp.where(jnp.vdot(g, new - w) > 0, 0.0, k + 1), n + 1

        def going(s):
            return (s[3] < 30000) & (jnp.linalg.norm(jax.grad(loss)(s[0], gamma, depth)) > 1e-9)

        w, _, _, n = jax.lax.while_loop(going, step, (theta, theta, 0.0, 0))
        return w, loss(w, gamma, depth), n

    return jax.vmap(one)(theta, gamma)


def train_batch(chains):
    depth = int(chains[0].controls["depth"])
    keys = [np.random.default_rng(chain.seeds["init"]) for chain in chains]
    theta = np.stack([np.concatenate([key.normal(0, a ** -0.5, a * b) for a, b in shapes(depth)]) for key in keys])
    for points in zip(*chains):
        kicked = jnp.asarray(theta + 1e-4 * np.stack([key.normal(size=theta.shape[1]) for key in keys]))  # off saddles
        ws, losses, steps = descend(kicked, jnp.asarray([point["gamma"] for point in points]), depth)
        theta = np.asarray(ws)
        for chain, point, w, value, n in zip(chains, points, theta, losses, steps):
            say = point.converged if n < 30000 else point.capped
            yield say(loss=value, squaredNorm=np.sum(w ** 2), theta=w, zeroNetLoss=1)


landau.serve(
    train_batch=train_batch, setup=setup, name="tanh-jax", version="1", batch=16, pack_by=["depth"],
    controls={"gamma": landau.real(0, symbol="γ", meaning="weight decay"), "depth": landau.integer(0, 4, default=1)},
    settings={"data": {"file": landau.text("asymmetric.csv", meaning="CSV, target last")}},
    observables={"loss": landau.free_energy(), "squaredNorm": landau.derivative("loss", "gamma", symbol="Σ‖W‖²"),
                 "zeroNetLoss": landau.observable("F₀", order_parameter=False)},
    order_parameter="squaredNorm", directions=["cold", "up", "down"],
    evaluate=landau.evaluate_jax(lambda theta, controls, question: loss(theta, controls["gamma"], int(controls["depth"]))))
