"""The work that every contender does: full-batch gradient descent of an ensemble of tiny nets under weight decay.

Loss of a net: (1/n) sum_s (f(x_s) - y_s)^2 + gamma * sum_l |W_l|^2, biases free of decay, no factors 1/2. All nets
share the data; each has weights and a gamma of its own. These are the problems of `NetSteps`, the benchmark of Landau's
kernel in the folder above: the same data, sizes, decays and rate.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

INPUTS = 5
WIDTH = 10
SAMPLES = 256
RATE = 0.02
# The largest ensemble.
LARGEST = 4096
ACTIVATIONS = ("linear", "tanh", "relu")
PRECISIONS = {"double": np.float64, "single": np.float32}


def golden_fractions(count):
    """`count` numbers that fill [0, 1) evenly: fractional parts of multiples of the golden ratio."""
    return np.arange(count) * 0.6180339887498949 % 1


@dataclass(frozen=True)
class Work:
    """An ensemble of `nets` nets with `depth` hidden layers, and the precision it is trained in."""

    activation: str
    depth: int
    precision: str
    nets: int

    @property
    def dtype(self):
        return PRECISIONS[self.precision]

    @property
    def shapes(self):
        """(outputs, inputs) of each weight matrix, first layer first."""
        widths = [INPUTS] + [WIDTH] * self.depth + [1]
        return list(zip(widths[1:], widths))

    @property
    def features(self):
        """x, n by d."""
        return (3.4 * golden_fractions(SAMPLES * INPUTS).reshape(SAMPLES, INPUTS) - 1.7).astype(self.dtype)

    @property
    def targets(self):
        """y, n numbers."""
        return np.sin(self.features.astype(np.float64).sum(axis=1)).astype(self.dtype)

    @property
    def gammas(self):
        """Each net's decay. Sixteen values: none is so strong that weights decay to denormal numbers."""
        return (1e-4 * (1 + np.arange(self.nets) % 16)).astype(self.dtype)

    @cached_property
    def start(self):
        """Initial weights of all nets: for each layer W (nets, outputs, inputs) and b (nets, outputs)."""
        count = sum(o * i + o for o, i in self.shapes)
        flat = golden_fractions(count * self.nets).reshape(count, self.nets).T - 0.5
        layers, offset = [], 0
        for o, i in self.shapes:
            matrix = flat[:, offset : offset + o * i].reshape(self.nets, o, i)
            bias = flat[:, offset + o * i : offset + o * i + o]
            layers.append((np.ascontiguousarray(matrix, self.dtype), np.ascontiguousarray(bias, self.dtype)))
            offset += o * i + o
        return layers

    @property
    def multiply_adds(self):
        """Of the matrix products in one step of one net: forward, gradient of W, back to all layers but the input."""
        products = [o * i for o, i in self.shapes]
        return (3 * sum(products) - products[0]) * SAMPLES


class PlainNet:
    """One net of an ensemble in plain double-precision loops over layers: what the contenders are checked against."""

    def __init__(self, work, index, layers=None):
        self.activation = work.activation
        self.features = work.features.astype(np.float64)
        self.targets = work.targets.astype(np.float64)
        self.gamma = float(work.gammas[index])
        source = work.start if layers is None else layers
        self.layers = [(matrix[index].astype(np.float64), bias[index].astype(np.float64)) for matrix, bias in source]

    def activate(self, fields):
        """The activation and its derivative."""
        if self.activation == "tanh":
            values = np.tanh(fields)
            return values, 1 - values**2
        if self.activation == "relu":
            return np.maximum(fields, 0), (fields > 0).astype(np.float64)
        return fields, np.ones_like(fields)

    def forward(self):
        values, slopes = [self.features], []
        for matrix, bias in self.layers[:-1]:
            value, slope = self.activate(values[-1] @ matrix.T + bias)
            values.append(value)
            slopes.append(slope)
        matrix, bias = self.layers[-1]
        return values, slopes, (values[-1] @ matrix.T + bias)[:, 0] - self.targets

    def loss(self):
        _, _, errors = self.forward()
        return np.mean(errors**2) + self.gamma * sum(np.sum(matrix**2) for matrix, _ in self.layers)

    def descend(self, steps):
        for _ in range(steps):
            values, slopes, errors = self.forward()
            back = 2 / SAMPLES * errors[:, None]
            for l in reversed(range(len(self.layers))):
                matrix, bias = self.layers[l]
                matrix_step = back.T @ values[l] + 2 * self.gamma * matrix
                bias_step = back.sum(axis=0)
                if l:
                    back = (back @ matrix) * slopes[l - 1]
                self.layers[l] = (matrix - RATE * matrix_step, bias - RATE * bias_step)
