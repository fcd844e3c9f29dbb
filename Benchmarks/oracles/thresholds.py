"""Thresholds of nets with one hidden layer, whose units have kinks or saturate.

Kinks: on every pattern of signs, possible or not, the function is linear on a cone of directions, and its best direction
the slope's projection on that cone (nonnegative least squares). All patterns are gone through where there are at most 8
samples; for two inputs all arcs between sorted angles. Larger tables: ascents from random directions.

Saturating units: the γ up to which one unit lowers the loss, from a grid of directions and lengths with SciPy's minimiser
at its best points, and nets of several units by multistart.
"""
import itertools
import math

import numpy as np
from scipy.optimize import minimize
from scipy.special import erf

from common import main, number, word

MODEL = "weight-decay"
NAME = "weight-decay, thresholds"
SLOPES = {"relu": (1, 0), "abs": (1, -1), "leakyRelu(0.1)": (1, 0.1), "relu(2,-3)": (2, -3), "relu(-0.7,1.3)": (-0.7, 1.3),
          "relu(1,1)": (1, 1)}
SATURATING = {"tanh": np.tanh, "erf": lambda h: erf(h / math.sqrt(2))}


def table(rng, count, dimension, style):
    if style == "whole":
        rows = [[rng.randint(-2, 2) for _ in range(dimension)] for _ in range(count)]
        targets = [rng.randint(-2, 2) for _ in range(count)]
    elif style == "tenths":
        rows = [[round(rng.gauss(0, 1), 1) for _ in range(dimension)] for _ in range(count)]
        targets = [round(rng.gauss(0, 2), 1) for _ in range(count)]
    else:
        rows = [[rng.gauss(0, 1) for _ in range(dimension)] for _ in range(count)]
        targets = [rng.gauss(0, 1) for _ in range(count)]
    if style == "mirrored":
        rows, targets = rows + [[-x for x in row] for row in rows], targets + [-y for y in targets]
    if style == "sizes":
        one, two = 10 ** rng.uniform(-9, 9), 10 ** rng.uniform(-9, 9)
        rows, targets = [[one * x for x in row] for row in rows], [two * y for y in targets]
    return rows, targets


def questions(rng, count):
    start = rng.randrange(10)
    for k in range(start, start + count):
        style = rng.choice(["whole", "whole", "tenths", "gaussian", "sizes"])
        kind = k % 10
        if kind < 4:
            activation, (n, d) = rng.choice(list(SLOPES)), (rng.randint(1, 30), 2)
        elif kind < 7:
            activation, (n, d) = rng.choice(list(SLOPES)), (rng.randint(1, 8), rng.choice([1, 3, 3, 4, 5]))
        elif kind < 8:
            activation, (n, d) = rng.choice(list(SLOPES)), (rng.randint(9, 30), rng.choice([3, 4, 6, 12, 20]))
        elif kind < 9:
            activation, style = rng.choice(["swish", "gelu"]), "mirrored"
            n, d = rng.randint(1, 5), rng.randint(1, 2)
        else:
            activation, (n, d) = rng.choice(list(SATURATING)), (rng.randint(1, 6), rng.choice([1, 1, 1, 2]))
            style = rng.choice(["whole", "tenths", "gaussian", "mirrored"])
        rows, targets = table(rng, n, d, style)
        if kind == 9 and rng.random() < 0.5:
            rows = [[3 * x for x in row] for row in rows]
        width = rng.choice([1, 1, 2, 4]) if kind == 9 else rng.choice([1, 8])
        yield {"depth": 1, "width": width, "activation": activation, "data": {"inputs": rows, "targets": targets}}


# Kinks.

def height(x, y, slopes, w):
    h = x @ w
    return abs(y @ np.where(h > 0, slopes[0] * h, slopes[1] * h)) / len(y)


def nonnegative(a, b):
    """min ‖a z − b‖ over z ≥ 0, by Lawson and Hanson. SciPy 1.17's own aborts on some tables with a double free."""
    count = a.shape[1]
    z = np.zeros(count)
    free = np.zeros(count, bool)
    tolerance = 1e-12 * (1 + np.abs(a).max(initial=0)) * (1 + np.abs(b).max(initial=0))
    for _ in range(10 * count + 10):
        pull = a.T @ (b - a @ z)
        pull[free] = -np.inf
        if not count or pull.max() <= tolerance:
            return z
        free[int(pull.argmax())] = True
        while True:
            trial = np.zeros(count)
            trial[free] = np.linalg.lstsq(a[:, free], b, rcond=None)[0]
            blocked = free & (trial <= 0)
            if not blocked.any():
                z = trial
                break
            step = np.min(z[blocked] / (z[blocked] - trial[blocked] + 1e-300))
            z = z + step * (trial - z)
            free &= z > 1e-14 * (1 + np.abs(z).max())
            z[~free] = 0
    raise RuntimeError("no end")


def over_patterns(x, y, slopes):
    best = 0.0
    live = np.flatnonzero(np.abs(x).max(axis=1) > 0)
    x, y, n = x[live], y[live], len(y)
    for signs in itertools.product([1, -1], repeat=len(y)):
        s = np.array(signs)
        slope = (y * np.where(s > 0, slopes[0], slopes[1])) @ x / n
        for side in (1, -1):
            # Moreau: what is left of the slope beside the cone that the inward normals span.
            generators = -(x * s[:, None]).T
            try:
                coefficients = nonnegative(generators, side * slope)
            except RuntimeError:
                continue
            best = max(best, float(np.linalg.norm(side * slope - generators @ coefficients)))
    return best


def over_arcs(x, y, slopes):
    angles = [0.0, math.pi]
    for a, b in x:
        if a or b:
            angle = math.atan2(a, -b)
            angles += [angle % (2 * math.pi), (angle + math.pi) % (2 * math.pi)]
    angles = np.unique(angles)
    best = 0.0
    for low, high in zip(angles, np.append(angles[1:], angles[0] + 2 * math.pi)):
        middle = (low + high) / 2
        h = x @ np.array([math.cos(middle), math.sin(middle)])
        slope = (y * np.where(h > 0, slopes[0], slopes[1])) @ x
        for angle in (low, high, math.atan2(slope[1], slope[0]), math.atan2(-slope[1], -slope[0])):
            best = max(best, height(x, y, slopes, np.array([math.cos(angle), math.sin(angle)])))
    return best


def by_ascents(x, y, slopes):
    rng = np.random.default_rng(1)
    best = 0.0
    for start in rng.normal(size=(60, x.shape[1])):
        for side in (1, -1):
            w = start / np.linalg.norm(start)
            for _ in range(50):
                slope = side * (y * np.where(x @ w > 0, slopes[0], slopes[1])) @ x
                norm = np.linalg.norm(slope)
                if norm == 0:
                    break
                w = slope / norm
                best = max(best, height(x, y, slopes, w))
    return best


def check_kinks(x, y, slopes, transition, direction):
    scales = np.abs(x).max() or 1, np.abs(y).max() or 1
    x, y, unit = x / scales[0], y / scales[1], float(scales[0] * scales[1])
    # Sums that cancel are known to their rounding.
    size = np.abs(y) @ np.linalg.norm(x, axis=1) / len(y) * max(map(abs, slopes))
    is_exact = transition["claim"] == "exact"
    ours = 0.0 if transition["order"] == "none" else (transition["gamma"] if is_exact else transition["lowerBound"])
    if x.shape[1] == 2 or len(y) <= 8:
        truth = over_arcs(x, y, slopes) if x.shape[1] == 2 else over_patterns(x, y, slopes)
        if is_exact:
            yield number("threshold with kinks", ours / unit, truth, scale=1e-5 * size)
        else:
            yield word("bounds of kinks", transition["lowerBound"] <= truth * unit * (1 + 1e-9)
                       and transition["upperBound"] >= truth * unit * (1 - 1e-9), True)
        yield word("order with kinks", transition["order"], "none" if truth <= 1e-13 * size else "second")
    else:
        found = by_ascents(x, y, slopes) * unit
        upper = ours if is_exact else transition["upperBound"]
        yield word("upper bound of kinks", upper >= found * (1 - 1e-9), True)
    if ours and direction:
        yield number("direction reaches it", height(x, y, slopes, np.array(direction)) * unit, ours, allowed=1e-9)


# Saturating units.

def one_unit(x, y, f, w):
    """The γ at which a unit w with its best output weight ceases to lower the loss: γ(γ + E[φ²]) = (E[yφ]/|w|)²."""
    square = float(w @ w)
    if square == 0:
        return 0.0
    a = f(x @ w)
    q, h = float(a @ a) / len(y), float(y @ a) / len(y)
    ratio = h * h / square
    # The smaller of two numbers of one size, without cancellation.
    return 2 * ratio / (q + math.sqrt(q * q + 4 * ratio)) if ratio else 0.0


def best_unit(x, y, f):
    lengths = np.geomspace(1e-3, 1e3, 241) / (np.abs(x).max() or 1)
    if x.shape[1] == 1:
        directions = np.array([[1.0]])
    else:
        angles = np.linspace(0, math.pi, 90, endpoint=False)
        directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    grid = (lengths[:, None, None] * directions[None]).reshape(-1, x.shape[1])
    a = f(grid @ x.T)
    h, q = a @ y / len(y), (a * a).sum(axis=1) / len(y)
    ratio = h * h / (grid * grid).sum(axis=1)
    values = np.where(ratio > 0, 2 * ratio / (q + np.sqrt(q * q + 4 * ratio) + 1e-300), 0)
    best = float(values.max())
    for i in np.argsort(-values)[:12]:
        found = minimize(lambda w: -one_unit(x, y, f, w), grid[i], method="Nelder-Mead",
                         options={"xatol": 1e-12 * np.abs(grid[i]).max(), "fatol": 0, "maxiter": 2000})
        best = max(best, -float(found.fun))
    return best


def several_units(x, y, f, width):
    def decay(net):
        v, w = net[:width], net[width:].reshape(width, -1)
        output = f(x @ w.T) @ v
        return -float(2 * y @ output - output @ output) / len(y) / float(net @ net)

    rng = np.random.default_rng(1)
    starts = [rng.normal(size=width * (1 + x.shape[1])) * 10 ** rng.uniform(-1, 1) for _ in range(60)]
    starts.sort(key=decay)
    return max(-float(minimize(decay, start, method="BFGS", options={"gtol": 1e-10}).fun) for start in starts[:12])


def check_saturating(x, y, f, slope, width, transition):
    size = np.abs(y) @ np.linalg.norm(x, axis=1) / len(y)
    correlation = slope * float(np.linalg.norm(y @ x / len(y)))
    one = best_unit(x, y, f)
    best = max(one, several_units(x, y, f, width) if width > 1 else 0.0)
    claim, order = transition["claim"], transition["order"]
    tiny = 1e-13 * size
    if order == "none":
        yield word("no unit correlates", best <= tiny, True)
        return
    if transition["lowerSpinodal"] is not None:
        yield number("stability of the zero net", transition["lowerSpinodal"], correlation, scale=1e-5 * size)
    order_claim = transition.get("claims", {}).get("order", claim)
    if order_claim == "exact":
        first = best > correlation * (1 + 1e-7) + tiny
        # What a search does not find may still be there.
        if first or order == "second":
            yield word("order of saturating units", order, "first" if first else "second")
    upper = transition["gamma"] if claim == "exact" else transition["upperBound"]
    lower = transition["gamma"] if claim == "exact" else transition["lowerBound"]
    if claim == "exact" or claim == "bound" or order == "second":
        yield word("upper bound of saturating units", upper >= best * (1 - 1e-9), True)
    # A lower bound is a net, which a search of as many units finds too, unless it is narrow.
    if width == 1:
        yield number("lower bound of one unit", min(lower, one), lower, allowed=1e-7)
        if claim == "exact":
            yield number("threshold of one unit", transition["gamma"], one, allowed=1e-7)


def check(question, answer):
    data, transition = question["data"], answer["transition"]
    x, y = np.array(data["inputs"], dtype=float), np.array(data["targets"], dtype=float)
    activation = question["activation"]
    if activation in SLOPES:
        yield from check_kinks(x, y, SLOPES[activation], transition, answer.get("direction"))
    elif activation in SATURATING:
        slope = 1.0 if activation == "tanh" else math.sqrt(2 / math.pi)
        yield from check_saturating(x, y, SATURATING[activation], slope, question["width"], transition)
    else:
        truth = float(np.linalg.norm(y @ x / len(y))) / 2
        size = np.abs(y) @ np.linalg.norm(x, axis=1) / len(y)
        yield number("threshold on mirrored data", transition["gamma"] or 0.0, truth, scale=1e-5 * size)


if __name__ == "__main__":
    main("thresholds")
