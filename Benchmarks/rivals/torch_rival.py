"""PyTorch: torch.func, hand-written gradients with batched products, and the same compiled."""

import numpy as np
import torch

import by_hand
from work import RATE

torch.set_num_threads(1)

# Compiled with samples first it was slower at every size tried.
LAYOUTS = ("vmap", "bmm", "bmm, samples-last", "compile, samples-last")
SIZES = (64, 256, 4096)
_ACTIVATE = {"linear": lambda z: z, "tanh": torch.tanh, "relu": torch.relu}


def _affine(left, right, bias):
    return torch.baddbmm(bias, left, right)


def _vmap_step(work, features, targets, gammas):
    activate = _ACTIVATE[work.activation]

    def loss(net, gamma):
        values = features
        for matrix, bias in net[:-1]:
            values = activate(values @ matrix.T + bias)
        matrix, bias = net[-1]
        errors = (values @ matrix.T + bias)[:, 0] - targets
        return torch.mean(errors**2) + gamma * sum((matrix**2).sum() for matrix, _ in net)

    gradient = torch.func.vmap(torch.func.grad(loss))

    def step(net):
        return [
            (matrix - RATE * matrix_slope, bias - RATE * bias_slope)
            for (matrix, bias), (matrix_slope, bias_slope) in zip(net, gradient(net, gammas))
        ]

    return step


def prepare(work, layout):
    """A function that trains from the start for so many steps and gives the layers, and one that makes them NumPy's.

    Compiles before it returns.
    """
    features, targets = torch.tensor(work.features), torch.tensor(work.targets)
    gammas = torch.tensor(work.gammas)
    start = [(torch.tensor(matrix), torch.tensor(bias)) for matrix, bias in work.start]
    if layout == "vmap":
        step = _vmap_step(work, features, targets, gammas)
    else:
        last = layout.endswith("samples-last")
        by_layout = by_hand.samples_last_step if last else by_hand.samples_first_step
        inputs = features.T.contiguous() if last else features

        def step(net):
            return by_layout(net, inputs, targets, gammas, work.activation, _ACTIVATE[work.activation], _affine)

        if layout.startswith("compile"):
            # Compiled functions of earlier works count against a limit beyond which torch falls back to plain calls.
            torch._dynamo.reset()
            step = torch.compile(step, dynamic=False, fullgraph=True)

    def advance(steps):
        net = start
        with torch.no_grad():
            for _ in range(steps):
                net = step(net)
        return net

    advance(2)
    return advance, lambda net: [(np.asarray(matrix), np.asarray(bias)) for matrix, bias in net]
