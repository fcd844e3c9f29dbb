"""sgd-decay against random products of matrices: the zero net's growth at the predicted threshold, simulated.

Every twentieth question is simulated with many replicas; the growth must vanish within its standard error and twice what the
answer says of the next order. Moments of y x₁ come from a quadrature for all of them.
"""
import math

import numpy as np

from common import main, number, word

MODEL = "sgd-decay"


def questions(rng, count):
    for k in range(count):
        signal = 10 ** rng.uniform(-1, 1)
        noise = rng.choice([0, rng.uniform(0, 2)]) * signal
        batch = rng.choice([1, 2, 8, 64])
        rate = 10 ** rng.uniform(-4, 0) if k % 20 else min(
            0.02 * batch * signal / (2 * signal ** 2 + noise ** 2), 0.02 / signal)
        yield {"signal": signal, "labelNoise": noise, "batch": batch, "learningRate": min(1.0, rate)}


def check(question, answer):
    s, noise = question["signal"], question["labelNoise"]
    x, w = np.polynomial.hermite_e.hermegauss(12)
    w = w / w.sum()
    a, b = np.meshgrid(x, x, indexing="ij")
    weight = w[:, None] * w[None, :]
    product = (s * a + noise * b) * a
    variance = (weight * product ** 2).sum() - (weight * product).sum() ** 2
    yield number("Var", answer["signalVariance"], variance)
    yield number("‖g‖", answer["landscape"], (weight * product).sum())
    yield word("claim", answer["claim"], "to first order")
    correction = question["learningRate"] / question["batch"] * variance / s
    small = max(correction, 2 * question["learningRate"] * s)
    if small > 0.1 * (1 + 1e-9):
        yield word("γ", answer["gamma"], None)
    elif small < 0.1 * (1 - 1e-9):
        yield number("γ", answer["gamma"], s * (1 - correction))
    # Those that were made for it.
    if abs(correction - 0.02) < 1e-9 or abs(question["learningRate"] * s - 0.02) < 1e-9:
        growth, error = simulated(question, answer["gamma"])
        allowed = 2 * 2 * 3 * correction * small * s + 4 * error
        yield number("growth", growth / s + 1, 1, claim="to first order", allowed=allowed / s)


def simulated(question, gamma, replicas=400, time=25.0, inputs=3):
    """Mean growth per unit of ηT of small weights (u, w) of one hidden unit, with its standard error."""
    rng = np.random.default_rng(7)
    rate, batch, s, noise = (question[k] for k in ("learningRate", "batch", "signal", "labelNoise"))
    steps = int(time / s / rate) + 1
    u, w = np.ones(replicas), np.zeros((replicas, inputs))
    w[:, 0] = 1
    total = np.zeros(replicas)
    for step in range(steps):
        x = rng.standard_normal((replicas, batch, inputs))
        y = s * x[:, :, 0] + noise * rng.standard_normal((replicas, batch))
        g = (y[:, :, None] * x).mean(axis=1)
        u, w = ((1 - 2 * rate * gamma) * u + 2 * rate * (g * w).sum(axis=1),
                (1 - 2 * rate * gamma) * w + 2 * rate * g * u[:, None])
        length = np.sqrt(u * u + (w * w).sum(axis=1))
        if step * 4 >= steps:
            total += np.log(length)
        u, w = u / length, w / length[:, None]
    growth = total / (rate * (steps - (steps + 3) // 4))
    return growth.mean(), growth.std(ddof=1) / math.sqrt(replicas)


if __name__ == "__main__":
    main("sgd_decay")
