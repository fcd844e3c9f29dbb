"""vae's collapse against losses of its own: three-point data of the given variance and skewness, by quadrature.

The encoder is linear with a Gaussian posterior, the decoder the best combination of z and one even function (|z| for ReLU,
z² − 1 for tanh with biases). Its loss is minimised just below and just above β*, which shows the jump of F″ or, where the
collapse is of first order, a better state above β*.
"""
import math

import numpy as np
from scipy.optimize import minimize

from common import main, number, word

MODEL = "vae"


def questions(rng, count):
    for k in range(count):
        activation = rng.choice(["linear", "tanh", "relu"])
        yield {"variance": 10 ** rng.uniform(-6, 6), "skewness": rng.choice([0, rng.uniform(0, 1.5), rng.uniform(0, 4)]),
               "activation": activation, "biases": rng.choice(["none", "all"]), "posterior": rng.choice(["learned", "fixed"]),
               "decoderVariance": 10 ** rng.uniform(-2, 2)}


NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(120)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def even_function(question):
    """The even function, and whether it is known."""
    if question["activation"] == "linear" or question["activation"] == "tanh" and question["biases"] == "none":
        return None
    if question["activation"] == "tanh":
        return lambda z: z * z - 1
    return np.abs


def three_points(skewness):
    """Two points of mean 0, variance 1 and that skewness."""
    p = (1 - skewness / math.sqrt(4 + skewness ** 2)) / 2
    return np.array([math.sqrt((1 - p) / p), -math.sqrt(p / (1 - p))]), np.array([p, 1 - p])


def gain(question, ratio):
    """min L less its value at collapse, in units of ζ²/2η², at β = ratio β*."""
    x, p = three_points(question["skewness"])
    even = even_function(question)
    fixed = question["posterior"] == "fixed"

    # Kinked |z| needs a rule that does not see the kink: sums over shifted nodes are smooth enough for 1e-6.
    z0, w0 = (NODES, WEIGHTS) if even is not np.abs else TRAPEZOID

    def loss(parameters):
        a = parameters[0]
        s = 1.0 if fixed else math.exp(parameters[1])
        z = a * x[:, None] + s * z0[None, :]
        weight = p[:, None] * w0[None, :]
        features = [z] + ([even(z)] if even else [])
        gram = np.array([[float((weight * f * g).sum()) for g in features] for f in features])
        cross = np.array([float((weight * f * x[:, None]).sum()) for f in features])
        explained = float(cross @ np.linalg.solve(gram, cross))
        return -explained + ratio * (a * a + s * s - 1 - 2 * math.log(s))

    best = 0.0
    for start in (0.01, 0.1, 0.3):
        # To leading order s² = 1 − a².
        first = [start] if fixed else [start, -start ** 2 / 2]
        found = minimize(loss, first, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-16, "maxiter": 4000})
        best = min(best, found.fun)
    return best


_t = np.linspace(-9, 9, 6001)
TRAPEZOID = (_t, np.exp(-_t * _t / 2) / np.exp(-_t * _t / 2).sum())


def check(question, answer):
    critical = question["variance"] / question["decoderVariance"]
    kappa = question["skewness"]
    yield number("β*", answer["criticalBeta"], critical)
    stiffness = 1 if question["posterior"] == "learned" else 2
    even = even_function(question)
    if even is None:
        yield word("order", answer["order"], "second", "local")
        yield number("jump", answer["curvatureJump"], 1 / (2 * critical * stiffness))
        yield word("claim", answer["claim"], "exact" if question["activation"] == "linear" else "local")
        return
    yield word("claim", answer["claim"], "bound" if answer["order"] == "first" else "local")
    if question["activation"] == "relu" and question["biases"] == "all":
        return
    z, w = TRAPEZOID
    evenness = (w * even(z) * (z * z - 1)).sum() ** 2 / (2 * (w * even(z) ** 2).sum())
    yield number("tricritical skewness", answer["tricriticalSkewness"], math.sqrt(stiffness / evenness), allowed=1e-4)
    margin = stiffness - evenness * kappa ** 2
    if abs(margin) < 0.6 or kappa > 3:
        return
    yield word("order", answer["order"], "second" if margin > 0 else "first")
    if margin > 0:
        # (ζ²/2η²) gain = −(β* − β)² jump/2 + …: in units, gain = −δ²/2 · jump β* · 2 …, extrapolated to δ = 0.
        delta = 0.01
        one, two = (-gain(question, 1 - d) / d ** 2 for d in (delta, 2 * delta))
        ours = answer["curvatureJump"] * critical
        yield number("jump by losses", ours, 2 * one - two, allowed=0.03)
    else:
        yield word("better above β*", gain(question, 1.0005) < 0, True)


if __name__ == "__main__":
    main("vae")
