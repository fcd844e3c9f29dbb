"""JAX: all steps of a run are one compiled loop, so that calls from Python cost nothing."""

import jax
import jax.numpy as jnp
import numpy as np

import by_hand
from work import RATE

# Single-precision arrays stay single under this setting.
jax.config.update("jax_enable_x64", True)

LAYOUTS = ("vmap", "einsum", "samples-last", "samples-last, by hand")
SIZES = (16, 32, 64, 128, 256, 4096)
_ACTIVATE = {"linear": lambda z: z, "tanh": jnp.tanh, "relu": lambda z: jnp.maximum(z, 0)}


def _vmap_step(work, features, targets, gammas):
    """The usual formulation: the gradient of one net's loss, mapped over nets."""
    activate = _ACTIVATE[work.activation]

    def loss(net, gamma):
        values = features
        for matrix, bias in net[:-1]:
            values = activate(values @ matrix.T + bias)
        matrix, bias = net[-1]
        errors = (values @ matrix.T + bias)[:, 0] - targets
        return jnp.mean(errors**2) + gamma * sum(jnp.sum(matrix**2) for matrix, _ in net)

    gradient = jax.vmap(jax.grad(loss))
    return lambda net: gradient(net, gammas)


def _total_gradient(loss):
    """Nets do not see each other: the gradient of the sum of their losses holds each net's own."""
    return jax.grad(lambda net: jnp.sum(loss(net)))


def _einsum_step(work, features, targets, gammas):
    """Values are (nets, samples, units)."""
    activate = _ACTIVATE[work.activation]

    def loss(net):
        values = jnp.einsum("si,noi->nso", features, net[0][0]) + net[0][1][:, None, :]
        for matrix, bias in net[1:]:
            values = jnp.einsum("nsi,noi->nso", activate(values), matrix) + bias[:, None, :]
        decay = sum(jnp.sum(matrix**2, (1, 2)) for matrix, _ in net)
        return jnp.mean((values[:, :, 0] - targets) ** 2, 1) + gammas * decay

    return _total_gradient(loss)


def _samples_last_step(work, features, targets, gammas):
    """Values are (nets, units, samples)."""
    activate = _ACTIVATE[work.activation]
    transposed = jnp.asarray(np.ascontiguousarray(features.T))

    def loss(net):
        values = jnp.einsum("noi,is->nos", net[0][0], transposed) + net[0][1][:, :, None]
        for matrix, bias in net[1:]:
            values = jnp.einsum("noi,nis->nos", matrix, activate(values)) + bias[:, :, None]
        decay = sum(jnp.sum(matrix**2, (1, 2)) for matrix, _ in net)
        return jnp.mean((values[:, 0, :] - targets) ** 2, 1) + gammas * decay

    return _total_gradient(loss)


_GRADIENTS = {
    "vmap": _vmap_step,
    "einsum": _einsum_step,
    "samples-last": _samples_last_step,
}


def prepare(work, layout):
    """A function that trains from the start for so many steps and gives the layers, and one that makes them NumPy's.

    Compiles before it returns.
    """
    gammas = jnp.asarray(work.gammas)
    if layout == "samples-last, by hand":
        features = jnp.asarray(np.ascontiguousarray(work.features.T))
        targets = jnp.asarray(work.targets)

        def step(net):
            return by_hand.samples_last_step(
                net, features, targets, gammas, work.activation, _ACTIVATE[work.activation], lambda w, a, b: w @ a + b
            )
    else:
        gradient = _GRADIENTS[layout](work, work.features, work.targets, gammas)

        def step(net):
            return jax.tree.map(lambda weight, slope: weight - RATE * slope, net, gradient(net))

    start = [(jnp.asarray(matrix), jnp.asarray(bias)) for matrix, bias in work.start]

    def run(net, steps):
        return jax.lax.fori_loop(0, steps, lambda _, current: step(current), net)

    compiled = jax.jit(run).lower(start, 1).compile()

    def layers(net):
        return [(np.asarray(matrix), np.asarray(bias)) for matrix, bias in net]

    return lambda steps: jax.block_until_ready(compiled(start, steps)), layers
