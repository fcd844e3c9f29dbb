#!/usr/bin/env python3
"""What this program trains. Check it with `landau check ./THIS.py`; docs/your-net.md explains each step."""
import landau_nets as landau

try:
    import jax
    import jax.numpy as jnp
except ImportError as error:
    landau.unavailable(str(error))

jax.config.update("jax_enable_x64", True)


def loss(theta, gamma, x, y):
    w, u = theta[:32].reshape(4, 8), theta[32:]
    return jnp.mean((jnp.tanh(x @ w) @ u - y) ** 2) + gamma * jnp.sum(theta ** 2)


@jax.jit
def descend(theta, gamma, x, y):
    step = lambda _, w: w - 0.05 * jax.grad(loss)(w, gamma, x, y)
    return jax.lax.fori_loop(0, 4000, step, theta)


def train(chain):
    # 1. Make data and first weights once for a chain, before the loop.
    x = jax.random.normal(jax.random.key(chain.seeds["data"]), (100, 4))
    y = jnp.sum(x, axis=1) / 2
    key = jax.random.key(chain.seeds["init"])
    theta = 0.5 * jax.random.normal(key, (40,))
    if chain.state is not None:  # what `chain.save` kept, where a run was stopped in mid-chain
        theta = jnp.asarray(chain.state)
    for point in chain:
        # 2. Train from the weights of the point before. A small kick leaves saddles.
        theta = theta + 1e-4 * jax.random.normal(key, theta.shape)
        theta = descend(theta, point["gamma"], x, y)
        slope = jnp.abs(jax.grad(loss)(theta, point["gamma"], x, y)).max()
        # 3. Report: the regularised loss, and what tells the phases apart.
        say = point.converged if slope < 1e-5 else point.capped
        yield say(loss=loss(theta, point["gamma"], x, y), squaredNorm=jnp.sum(theta ** 2))
        chain.save(theta)


landau.serve(
    train, name="my-net", version="1",  # raise the version when results change
    controls={"gamma": landau.real(low=0, symbol="γ", meaning="weight decay: γ Σθ² is added to the loss")},
    observables={"loss": landau.free_energy(), "squaredNorm": landau.derivative("loss", "gamma", symbol="Σθ²")},
    order_parameter="squaredNorm", directions=["cold", "up", "down"], saves=True)
