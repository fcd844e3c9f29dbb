"""training-dynamics: the solvable net in the weights themselves, in exact arithmetic's stead with 60 digits.

Gradient descent on f = u·v/√m, one sample x = 1, y = 0, is run on vectors u and v of two components; the regime is read off
the residual's own course. The schedule's exponents are averages over its arcsine law by quadrature, its orbit runs on
weights, and the preactivation budget is a sum of fractions.
"""
from fractions import Fraction

import mpmath as mp
import numpy as np

from common import main, number, word

MODEL = "training-dynamics"


def questions(rng, count):
    for k in range(count):
        kind = k % 3
        if kind == 0:
            x = rng.choice([rng.uniform(0.01, 4.5), rng.uniform(1.9, 2.3), 2 + 10 ** rng.uniform(-3, 0)])
            z = rng.choice([x * x / 4 * rng.random(), 10 ** rng.uniform(-6, -1) * x * x / 4])
            question = {"law": "catapult", "relativeRate": x, "squaredResidual": z, "steps": rng.randint(0, 12)}
            if k % 2:
                question["decay"] = rng.choice([0.0, rng.uniform(0, 0.5)])
            yield question
        elif kind == 1:
            kappa = rng.choice([rng.uniform(0.01, 2), rng.uniform(2, 6), 2 + 10 ** rng.uniform(-9, -1), 10 ** rng.uniform(-9, -1)])
            yield {"law": "prolonged", "kappa": kappa, "imbalance": rng.uniform(-1, 1), "steps": rng.randint(0, 30)}
        else:
            name = rng.choice(["linear", "relu", "leakyRelu", "abs"])
            question = {"law": "preactivations", "layer": rng.choice([1, 2, rng.randint(1, 300)]),
                        "widthExponent": rng.choice([0, 1, 2, 3, 10]), "activation": name}
            if name == "leakyRelu":
                question["leak"] = rng.uniform(-1, 1)
            yield question


class Net:
    """Weights p = u + v and q = u − v of one component each: λ = (p² + q²)/2 and f = (p² − q²)/4 with m = 1, η = 1."""

    def __init__(self, x, z):
        f = mp.sqrt(z)
        self.u, self.v = self.split(x, f)

    @staticmethod
    def split(x, f):
        """u, v with u² + v² = x and uv = f."""
        plus, minus = mp.sqrt(x + 2 * f), mp.sqrt(max(mp.mpf(0), x - 2 * f))
        return (plus + minus) / 2, (plus - minus) / 2

    @property
    def rate(self):
        return self.u ** 2 + self.v ** 2

    @property
    def output(self):
        return self.u * self.v

    def step(self, decay=0, rate=1):
        f = self.output
        self.u, self.v = (1 - decay) * self.u - rate * f * self.v, (1 - decay) * self.v - rate * f * self.u


def check(question, answer):
    mp.mp.dps = 60
    yield from {"catapult": catapult, "prolonged": prolonged, "preactivations": budget}[question["law"]](question, answer)


def catapult(question, answer):
    x, z = mp.mpf(question["relativeRate"]), mp.mpf(question["squaredResidual"])
    decay = mp.mpf(question.get("decay", 0))
    net, start = Net(x, z), z
    onset = 1 - decay + 1 / (1 - decay) + z / (1 - decay)
    if decay or onset < 4:
        yield number("onset", answer["onset"], onset)
    for _ in range(question["steps"]):
        net.step(decay)
    # Growth of rounding by the transient itself.
    size = max(1, abs(float(net.rate)))
    if size < 1e6:
        yield number("x after steps", answer["rate"], net.rate, scale=1e-3)
        yield number("z after steps", answer["squaredResidual"], net.output ** 2, scale=1e-3 * float(z))
    net, peak, regime = Net(x, z), z, None
    for _ in range(3000):
        square = net.output ** 2
        peak = max(peak, square)
        if square > 1e12:
            regime = "divergent"
            break
        if square <= start * mp.mpf(10) ** -30 and net.rate < 1 - decay + 1 / (1 - decay):
            regime = "catapult" if peak > start * (1 + mp.mpf(10) ** -40) else "lazy"
            break
        net.step(decay)
    if regime and abs(float(x - onset)) > 1e-9 and abs(float(x) - 4) > 1e-3:
        yield word("regime", answer["regime"], regime)


def prolonged(question, answer):
    kappa, tau = mp.mpf(question["kappa"]), mp.mpf(question["imbalance"])
    if kappa < 2:
        yield number("Λ", answer["lyapunovExponent"], mp.log(abs(1 - kappa)), scale=1e-290)
        yield number("flattening", answer["flatteningRate"], 0)
    else:
        # The arcsine law τ = cos θ, by midpoints: logarithms have integrable poles.
        if kappa > 2.01:
            k, t = float(kappa), np.cos(np.pi * (np.arange(200000) + 0.5) / 200000) ** 2
            ratio = 1 - k * (4 - k) / 4 * t
            top = (1 - k + 3 * k * k / 4 * t) * ratio + 2 * k * (4 - k) / 4 * t * (1 - k + k * k / 4 * t)
            yield number("Λ", answer["lyapunovExponent"], np.log(np.abs(top / ratio ** 2)).mean(), allowed=1e-3, scale=1)
            yield number("flattening", answer["flatteningRate"], np.log(np.abs(ratio)).mean(), allowed=1e-3, scale=1)
        c = (4 - kappa) / kappa
        exact = mp.log((3 - c * c + mp.sqrt((1 - c * c) * (9 - c * c))) / 2)
        yield number("Λ in 60 digits", answer["lyapunovExponent"], exact)
        yield number("flattening in 60 digits", answer["flatteningRate"], 2 * mp.log(kappa / 4), scale=1e-9)
    # p ← (1 − s) p and q ← (1 + s) q with s = κτ/2, on the weights.
    p, q = mp.sqrt((1 + tau) / 2), mp.sqrt((1 - tau) / 2)
    for _ in range(question["steps"]):
        s = kappa * (p * p - q * q) / (p * p + q * q) / 2
        p, q = (1 - s) * p, (1 + s) * q
    if answer["imbalance"] is not None:
        yield number("τ after steps", answer["imbalance"], (p * p - q * q) / (p * p + q * q), scale=1)
        yield number("ln λ after steps", answer["logKernelRatio"], mp.log(p * p + q * q), scale=1)


def budget(question, answer):
    name = question["activation"]
    leak = Fraction(question.get("leak", 0.1))
    a, b = {"linear": (1, 0), "relu": (Fraction(1, 2), Fraction(1, 2)), "abs": (0, 1),
            "leakyRelu": ((1 + leak) / 2, (1 - leak) / 2)}[name]
    above, below = Fraction(a) + b, Fraction(a) - b
    # E φ′⁴/(E φ′²)², each slope for half of the time.
    fluctuation = (above ** 4 + below ** 4) / 2 / ((above ** 2 + below ** 2) / 2) ** 2
    power = 2 - question["widthExponent"]
    total = Fraction(question["layer"]) ** power + fluctuation * sum(
        Fraction(i) ** power for i in range(1, question["layer"]))
    yield number("budget", answer["budget"], float(total))
    yield number("fluctuation", answer["slopeFluctuation"], float(fluctuation))


if __name__ == "__main__":
    main("dynamics")
