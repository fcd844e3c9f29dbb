"""edge-of-chaos against mean-field maps in mpmath: plain quadrature of the Gaussian integrals, and bisection.

The variance map and χ are integrals of one variable, the correlation map one over Φ-free polar coordinates for the
homogeneous activations (Cho & Saul's angles by hand) and a nested quadrature for tanh and erf. No closed form of erf is used.
"""
import math

import mpmath as mp
import numpy as np

from common import main, number, word

MODEL = "edge-of-chaos"


def questions(rng, count):
    for k in range(count):
        activation = rng.choice(["tanh", "erf", "relu", "leakyRelu", "abs", "linear"])
        question = {"activation": activation, "weightVariance": 10 ** rng.uniform(-1, rng.choice([0.5, 1, 3])),
                    "biasVariance": 0 if rng.random() < 0.3 else 10 ** rng.uniform(-4, rng.choice([0, 2]))}
        if activation == "leakyRelu":
            question["leak"] = rng.uniform(-1, 1)
        if k % 3 == 0:
            question["correlation"] = rng.choice([0, 1, -1, rng.uniform(-1, 1), 1 - 10 ** rng.uniform(-9, -1)])
            question["variance"] = 10 ** rng.uniform(-3, 1.5)
            question["layers"] = rng.randint(1, 12)
        yield question


def slopes(question):
    """Slopes above and below 0 of a homogeneous activation; nil for the others."""
    leak = question.get("leak", 0.1)
    return {"relu": (1, 0), "leakyRelu": (1, leak), "abs": (1, -1), "linear": (1, 1)}.get(question["activation"])


# Gauss–Legendre on [0, 10] in pieces: enough for standard normal integrals of functions smooth on the scale of a piece.
def grid(pieces, order=24, end=9.0):
    x, w = np.polynomial.legendre.leggauss(order)
    edges = np.linspace(-end, end, pieces + 1)
    half = (edges[1:] - edges[:-1]) / 2
    nodes = (edges[:-1, None] + half[:, None] * (1 + x[None, :])).ravel()
    weights = (half[:, None] * w[None, :]).ravel() * np.exp(-nodes ** 2 / 2) / math.sqrt(2 * math.pi)
    return nodes, weights


def functions(name):
    if name == "tanh":
        return np.tanh, lambda s: np.cosh(np.clip(s, -300, 300)) ** -2.0
    from scipy.special import erf
    return erf, lambda s: 2 / math.sqrt(math.pi) * np.exp(-s * s)


class Bounded:
    def __init__(self, name):
        self.f, self.df = functions(name)

    def pieces(self, q):
        return int(16 + 6 * math.sqrt(q))

    def square(self, q):
        z, w = grid(self.pieces(q))
        return float((w * self.f(math.sqrt(q) * z) ** 2).sum())

    def chi(self, q):
        z, w = grid(self.pieces(q))
        return float((w * self.df(math.sqrt(q) * z) ** 2).sum())

    def pair(self, q, c, f):
        z, w = grid(self.pieces(q), 16)
        r = math.sqrt(max(0.0, (1 - c) * (1 + c)))
        inner = np.empty_like(z)
        for i in range(0, len(z), 256):
            inner[i:i + 256] = (w[None, :] * f(math.sqrt(q) * (c * z[i:i + 256, None] + r * z[None, :]))).sum(axis=1)
        return float((w * f(math.sqrt(q) * z) * inner).sum())

    def distance(self, q, d):
        """E (φ₁ − φ₂)²/2, φ₁ − φ₂ as an integral of the slope, so that small d keep their digits."""
        if d > 0.05:
            return self.square(q) - self.pair(q, 1 - d, self.f)
        m, w = grid(self.pieces(q), 16)
        h, v = grid(16, 12)
        x, u = np.polynomial.legendre.leggauss(10)
        sm, sh = math.sqrt(q * (2 - d) / 2), math.sqrt(q * d / 2)
        total = 0.0
        for hi, vi in zip(h, v):
            step = sh * hi
            rise = step * (u[None, :] * self.df(sm * m[:, None] + step * x[None, :])).sum(axis=1)
            total += vi * float((w * rise ** 2).sum())
        return total / 2


def homogeneous_map(c, above, below):
    """E φ(u₁) φ(u₂) for unit variance by Cho & Saul's angles."""
    c = min(mp.mpf(1), max(mp.mpf(-1), mp.mpf(c)))
    theta = mp.acos(c)
    same = (mp.sin(theta) + (mp.pi - theta) * c) / (2 * mp.pi)
    other = (mp.sin(theta) - theta * c) / (2 * mp.pi)
    return (above ** 2 + below ** 2) * same - 2 * above * below * other


def check(question, answer):
    mp.mp.dps = 40
    claim, allowed = answer["claim"], answer.get("relativeError", 1e-9)
    w, b = question["weightVariance"], question["biasVariance"]
    s = slopes(question)
    if s:
        yield from check_homogeneous(question, answer, mp.mpf(w), mp.mpf(b), mp.mpf(s[0]), mp.mpf(s[1]))
    else:
        yield from check_bounded(question, answer, w, b, Bounded(question["activation"]), claim, allowed)


def check_homogeneous(question, answer, w, b, above, below):
    chi = w * (above ** 2 + below ** 2) / 2
    yield number("χ", answer["susceptibility"], chi)
    yield number("critical", answer["criticalWeightVariance"], 2 / (above ** 2 + below ** 2))
    phase = "ordered" if chi < 1 else "exploding"
    yield word("phase", answer["phase"], phase)
    is_linear = above == below
    if chi < 1:
        yield number("q*", answer["variance"], b / (1 - chi))
        yield number("ξ_q", answer["varianceDepth"], -1 / mp.log(chi))
    else:
        yield word("q*", answer["variance"], None)
    tied = chi < 1 and b > 0
    yield word("c*", answer["correlation"], None if is_linear and not tied else 1)
    yield number("slope", answer["correlationSlope"], chi if tied else 1)
    if tied:
        yield number("ξ_c", answer["correlationDepth"], -1 / mp.log(chi))
    else:
        yield word("ξ_c", answer["correlationDepth"], None)
    if "correlation" in question:
        q, c = mp.mpf(question["variance"]), mp.mpf(question["correlation"])
        for layer in range(question["layers"]):
            product = w * q * homogeneous_map(c, above, below) + b
            q = chi * q + b
            c = product / q
            if layer == 0:
                yield number("c′", answer["correlationAfter"], c, scale=1e-3)
        yield number("c after layers", answer["correlationAfterLayers"], c, scale=1e-3)
        if b == 0 and not is_linear:
            yield number("k²(1 − c)", answer["distanceTimesSquare"], (1 - c) * question["layers"] ** 2,
                         scale=1e-4 * question["layers"] ** 2)


def bisect(f, low, high):
    """A zero of a falling function."""
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if f(middle) > 0 else (low, middle)
    return (low + high) / 2


def check_bounded(question, answer, w, b, field, claim, allowed):
    chi0 = w * (1 if question["activation"] == "tanh" else 4 / math.pi)
    allowed = max(allowed, 1e-9)
    if b == 0 and chi0 < 1:
        yield word("phase", answer["phase"], "ordered")
        yield number("q*", answer["variance"], 0)
        yield number("χ", answer["susceptibility"], chi0, claim, allowed)
        yield word("c*", answer["correlation"], None)
        yield number("ξ_q", answer["varianceDepth"], -1 / math.log(chi0), claim, allowed)
    else:
        low = b if b > 0 else 1e-6 * (chi0 - 1)
        q = bisect(lambda x: w * field.square(x) + b - x, low, w + b)
        chi = w * field.chi(q)
        gap = abs(chi - 1)
        # Doubles here as there: near the critical line neither knows more.
        loose = max(allowed, 1e-14 / gap)
        yield number("q*", answer["variance"], q, claim, loose)
        yield number("χ", answer["susceptibility"], chi, claim, loose)
        yield word("phase", answer["phase"], "chaotic" if chi > 1 else "ordered")
        if chi < 1:
            yield number("c*", answer["correlation"], 1)
            yield number("ξ_c", answer["correlationDepth"], -1 / math.log(chi), claim, loose)
        else:
            d = 1.0 if b == 0 else bisect(lambda x: w * field.distance(q, x) / q / x - 1, 1e-12, 1.0)
            yield number("c*", answer["correlation"], 1 - d, claim, loose, scale=1e-2)
            slope = w * field.pair(q, 1 - d, field.df)
            # Nested quadrature of narrow pairs loses digits.
            if d > 1e-3:
                yield number("slope", answer["correlationSlope"], slope, claim, max(loose, 1e-8))
    critical = answer["criticalWeightVariance"]
    if b > 0:
        q = bisect(lambda x: b - (x - field.square(x) / field.chi(x)), 1e-9, 4 * b + 10)
        yield number("critical", critical, 1 / field.chi(q), claim, 1e-8)
    else:
        yield number("critical", critical, 1 if question["activation"] == "tanh" else math.pi / 4)
    if "correlation" in question:
        q, c = question["variance"], question["correlation"]
        for layer in range(question["layers"]):
            product = field.pair(q, c, field.f)
            q2 = w * field.square(q) + b
            c = (w * product + b) / q2
            q = q2
            if layer == 0:
                yield number("c′", answer["correlationAfter"], c, claim, 1e-9, scale=0.1)
        yield number("c after layers", answer["correlationAfterLayers"], c, claim, 1e-8, scale=0.1)


if __name__ == "__main__":
    main("edge_of_chaos")
