"""weight-decay's deep linear theory against the effective landscape of Ziyin & Ueda (arXiv 2205.12510), by brute force.

φ(t) = D G t − Σ g² tᴰ/(κ a tᴰ + G) is the loss above E[y²] at the best predictor of squared layer norm t. Its stationary
points are looked for on a scan over ln t, and kept to 60 digits; the transition is where its minimum reaches 0, found by
bisection in G. Landau's ridge path is not used. Samples get their moments from a singular value decomposition in 60 digits.
"""
import math

import mpmath as mp
import numpy as np

from common import main, number, word

MODEL = "weight-decay"
DIGITS = 60


def questions(rng, count):
    for k in range(count):
        depth = rng.choice([0, 1, 1, 2, 2, 3, 4, 5, 8, 20, 100])
        question = {"depth": depth, "activation": "linear"}
        if depth and k % 3 == 0:
            question["width"] = [rng.randint(1, 64) for _ in range(depth)] if k % 2 else rng.randint(1, 64)
            question["noise"] = [round(rng.uniform(0, 2), 3) for _ in range(depth)] if k % 2 else rng.uniform(0, 2)
        if k % 4 == 3:
            n, d = rng.randint(2, 12), rng.randint(1, 4)
            x = [[rng.gauss(0, 1) * 10 ** (3 * (j % 2)) for j in range(d)] for _ in range(n)]
            kind = k % 16
            if d > 1 and kind == 3:
                for row in x:
                    row[-1] = row[0] + 10 ** -rng.choice([3, 6, 7]) * row[-1]
            if d > 1 and kind == 7:
                for row in x:
                    row[-1] = 2 * row[0]
            y = [rng.gauss(0, 1) + row[0] for row in x]
            question["data"] = {"inputs": x, "targets": y}
        else:
            d = rng.randint(1, 6)
            spread = rng.choice([0, 1, 3, 8])
            size, unit = (rng.choice([0, 0, 0, 8, 20]) * rng.choice([-1, 1]) for _ in range(2))
            a = [10 ** (rng.uniform(-spread, spread) / 2 + unit) for _ in range(d)]
            g = [rng.gauss(0, 1) * math.sqrt(x) * 10 ** size for x in a]
            if d > 1 and rng.random() < 0.1:
                g[0] = 0.0
            question.update(inputVariances=a, correlations=g)
            if rng.random() < 0.3:
                question["targetSecondMoment"] = sum(p * p / q for p, q in zip(g, a)) * rng.uniform(1.001, 3)
        if k % 3 != 1:
            # About the transition, unless it is beyond what a control holds.
            place = rough_transition(question)
            gamma = place * 10 ** rng.uniform(-2, 0.3)
            if depth == 1 and rng.random() < 0.3:
                gamma = place * (1 + rng.choice([-1, 1]) * 10 ** rng.uniform(-12, -2))
            if 1e-300 < gamma < 1e6:
                question["gamma"] = gamma
                if k % 5 == 0:
                    question["gamma"] = [min(1e6, gamma * 10 ** rng.uniform(-1, 1)) for _ in range(depth + 1)]
        yield question


class Landscape:
    """φ for modes (α = κa, g²) of one question."""

    def __init__(self, question):
        mp.mp.dps = DIGITS
        self.depth = question["depth"]
        widths = question.get("width", 8)
        noises = question.get("noise", 0.0)
        widths = widths if isinstance(widths, list) else [widths] * self.depth
        noises = noises if isinstance(noises, list) else [noises] * self.depth
        kappa = mp.mpf(1)
        for w, s in zip(widths, noises):
            kappa *= 1 + mp.mpf(s) / w
        if "data" in question:
            a, g, self.target, self.rank = principal(question["data"])
        else:
            a = [mp.mpf(x) for x in question["inputVariances"]]
            g = [mp.mpf(x) for x in question["correlations"]]
            explained = sum(p * p / q for p, q in zip(g, a) if p)
            self.target = mp.mpf(question["targetSecondMoment"]) if "targetSecondMoment" in question else explained
        kept = [(kappa * q, p * p) for p, q in zip(g, a) if p]
        self.alphas, self.weights = [x for x, _ in kept], [w for _, w in kept]
        self.la = np.array([float(mp.log(x)) for x in self.alphas])
        self.lw = np.array([float(mp.log(w)) for w in self.weights])

    def slope_sign(self, s, lg):
        """ln Σ g²/(α + G/tᴰ)² − (D+1) ln t, whose zeros are the stationary points of φ, in doubles (arrays of s)."""
        ridge = lg - self.depth * s
        terms = self.lw[None, :] - 2 * np.logaddexp(self.la[None, :], ridge[:, None])
        return np.logaddexp.reduce(terms, axis=1) - (self.depth + 1) * s

    def h(self, s, lg):
        ridge = mp.e ** (lg - self.depth * s)
        return mp.log(sum(w / (a + ridge) ** 2 for a, w in zip(self.alphas, self.weights))) - (self.depth + 1) * s

    def phi(self, s, lg):
        """φ, at the stationary points of which F = E[y²] + φ."""
        ridge = mp.e ** (lg - self.depth * s)
        loss = sum(w / (a + ridge) for a, w in zip(self.alphas, self.weights))
        return self.depth * mp.e ** (lg + s) - loss if self.depth else mp.mpf(0) - loss

    def scan(self, lg):
        """ln t over all that stationary points can be at: between the largest ridge and none."""
        top = float(np.logaddexp.reduce(self.lw - 2 * self.la)) / (self.depth + 1)
        span = (np.max(self.la) - np.min(self.la) + 60) / max(1, self.depth) + 40 / (self.depth + 1)
        # Where G/tᴰ is far above all variances the last unstable point lies, at t = (G²/Σg²)^{1/(D−1)}.
        low = top - span
        if self.depth > 1:
            low = min(low, (2 * lg - float(np.logaddexp.reduce(self.lw))) / (self.depth - 1) - 1)
        low = min(low, (lg - np.max(self.la)) / max(1, self.depth) - 5)
        return np.concatenate([np.linspace(low, top - 3, 2000), np.linspace(top - 3, top + 1e-6, 4000)])

    def stationary(self, lg):
        """(ln t, is a minimum) of all stationary points, by rising t, to all digits."""
        if not self.alphas:
            return []
        s = self.scan(float(lg))
        values = self.slope_sign(s, float(lg))
        found = []
        for i in np.flatnonzero((values[:-1] > 0) != (values[1:] > 0)):
            try:
                x = mp.findroot(lambda y: self.h(y, lg), (mp.mpf(s[i]), mp.mpf(s[i + 1])), solver="anderson",
                                tol=mp.mpf(10) ** -90, maxsteps=300, verify=False)
            except (ValueError, ZeroDivisionError):
                x = mp.mpf((s[i] + s[i + 1]) / 2)
            found.append((x, bool(values[i] > 0)))
        return found

    def lowest(self, lg):
        minima = [(self.phi(x, lg), x) for x, stable in self.stationary(lg) if stable]
        return min(minima) if minima else None

    def lowest_rough(self, lg):
        """min φ over trained states in doubles, scaled; inf where there is none."""
        s = self.scan(lg)
        v = self.slope_sign(s, lg)
        best = math.inf
        for i in np.flatnonzero((v[:-1] > 0) & (v[1:] <= 0)):
            x = s[i] + (s[i + 1] - s[i]) * v[i] / (v[i] - v[i + 1])
            ridge = lg - self.depth * x
            loss = np.exp(self.lw - np.logaddexp(self.la, ridge) - np.max(self.lw - self.la)).sum()
            best = min(best, self.depth * math.exp(lg + x - np.max(self.lw - self.la)) - loss)
        return best

    def transition(self):
        """ln G* and ln t there, to all digits; ln t is nil for a continuous one."""
        if not self.alphas or self.depth == 0:
            return None
        q = sum(self.weights)
        if self.depth == 1:
            return mp.log(q) / 2, None
        low, high = self.bracket()
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if self.lowest_rough(middle) < 0 else (low, middle)
        lg = mp.mpf((low + high) / 2)
        point = min(((self.phi(x, lg), x) for x, stable in self.stationary(lg) if stable), default=None)
        if point is None:
            return None
        x = point[1]
        # φ(t) = 0 along the branch: dφ/d ln G = D G t + Σ g² G tᴰ/(α tᴰ + G)² = (D + 1) G t there.
        for _ in range(60):
            step = self.phi(x, lg) / ((self.depth + 1) * mp.e ** (lg + x))
            lg -= step
            x = mp.findroot(lambda y: self.h(y, lg), x, tol=mp.mpf(10) ** -90, verify=False)
            if abs(step) < mp.mpf(10) ** -45:
                break
        return lg, x

    def bracket(self):
        centre = float(np.logaddexp.reduce(self.lw)) * self.depth / (self.depth + 1)
        low = high = centre - float(np.max(self.la)) * (self.depth - 1) / (self.depth + 1) / 2
        while self.lowest_rough(low) >= 0:
            low -= 3
        while self.lowest_rough(high) < 0:
            high += 3
        return low, high


def rough_transition(question):
    landscape = Landscape(question)
    if not landscape.alphas or question["depth"] == 0:
        return 1.0
    if question["depth"] == 1:
        return float(mp.sqrt(sum(landscape.weights)))
    return math.exp(max(-600, min(600, landscape.bracket()[0])))


def principal(data):
    """a_i, g_i, E[y²] and the rank, from the Gram–Schmidt columns and mpmath's singular values."""
    x, y = mp.matrix(data["inputs"]), mp.matrix(data["targets"])
    n = x.rows
    values, vectors = mp.eigsy(x.T * x / n)
    scale = max(values)
    a, g = [], []
    cross = x.T * y / n
    for k in range(x.cols):
        if values[k] > scale * mp.mpf(10) ** -45:
            a.append(values[k])
            g.append((vectors[:, k].T * cross)[0])
    return a, g, (y.T * y)[0] / n, len(a)


def check(question, answer):
    land = Landscape(question)
    claim = answer["claim"]
    allowed = answer.get("relativeError", 1e-9)
    depth, target = land.depth, land.target
    if "rank" in answer:
        yield word("rank", answer["rank"], land.rank)
    found, ours = land.transition(), answer["transition"]
    if found is None:
        yield word("order", ours["order"], "none")
    else:
        lg, x = found
        yield word("order", ours["order"], "second" if depth == 1 else "first")
        yield number("γ*", ours["gamma"], mp.e ** lg, claim, allowed)
        if depth == 1:
            q = sum(land.weights)
            yield number("curvatureJump", ours["curvatureJump"], 2 * q / sum(a * w for a, w in
                                                                             zip(land.alphas, land.weights)), claim, allowed)
        else:
            t = mp.e ** x
            yield number("layerSquaredNorm*", ours["layerSquaredNorm"], t, claim, allowed)
            yield number("latentHeat", ours["latentHeat"], (depth + 1) * t * mp.e ** lg, claim, allowed)
            points = land.stationary(lg)
            barrier = max(land.phi(s, lg) for s, stable in points if not stable and s < x)
            # A pass is known to rounding of the losses that it lies between.
            size = sum(w / a for a, w in zip(land.alphas, land.weights))
            yield number("barrier", ours["barrier"], barrier, claim, allowed, scale=1e-5 * size)
            yield number("spinodal", ours["spinodal"], mp.e ** spinodal(land, float(lg)), claim, allowed)
    yield from check_secondary(land, answer, claim, allowed, found)
    if "gamma" in question:
        yield from check_phase(land, question, answer, claim, allowed, target)


def spinodal(land, lg):
    """The largest ln G with a stationary point: bisection on their number, then the fold itself."""
    low, high = lg, lg + 1
    while len(land.stationary_rough(high)):
        high += 1
    for _ in range(34):
        middle = (low + high) / 2
        low, high = (middle, high) if len(land.stationary_rough(middle)) else (low, middle)
    points = land.stationary_rough(low)
    s = mp.mpf(float(np.mean(points[-2:])))
    f = lambda y, g: (land.h(y, g), mp.diff(lambda z: land.h(z, g), y))
    try:
        return mp.findroot(f, (s, mp.mpf(low)), tol=mp.mpf(10) ** -40, maxsteps=60, verify=False)[1]
    except (ValueError, ZeroDivisionError):
        return mp.mpf(low)


def stationary_rough(self, lg):
    s = self.scan(lg)
    v = self.slope_sign(s, lg)
    i = np.flatnonzero((v[:-1] > 0) != (v[1:] > 0))
    return s[i]


Landscape.stationary_rough = stationary_rough


def check_secondary(land, answer, claim, allowed, found):
    """Each claimed tie is one, to the digits that its losses have; global ones have no lower phase."""
    for tie in answer["secondary"]:
        lg = mp.log(mp.mpf(tie["gamma"]))
        minima = {float(mp.e ** x): land.phi(x, lg) for x, stable in land.stationary(lg) if stable}
        pair = [min(minima.items(), key=lambda m: abs(m[0] - t)) for t in tie["layerSquaredNorm"]] if minima else []
        if len(pair) < 2 or pair[0][0] == pair[1][0]:
            yield word("tie", "two phases", f"{len(minima)} phases", claim)
            continue
        # dF/d ln γ differs by the latent heat, so that a difference of losses is one of ln γ.
        shift = abs(pair[0][1] - pair[1][1]) / abs(mp.mpf(tie["latentHeat"]))
        yield number("tie", float(shift) + 1, 1, claim, max(allowed, 1e-9))
        lowest = min(list(minima.values()) + [mp.mpf(0)])
        gap = float((max(pair[0][1], pair[1][1]) - lowest) / abs(tie["latentHeat"]))
        # What is within rounding of a triple point is undecided.
        if gap == 0 or gap > max(1e-9, 10 * allowed):
            yield word("global", tie["global"], gap == 0, claim)
    # Jumps of the global phase on a grid of decays, each of which must be a claimed tie.
    if found is None or land.depth < 2 or len(land.alphas) < 2:
        return
    top = float(found[0])
    grid = np.linspace(top - 12, top - 1e-6, 60)
    claimed = [math.log(t["gamma"]) for t in answer["secondary"] if t["global"]]
    last = None
    for lg in grid:
        here = deepest(land, lg)
        if last is not None and here is not None and abs(here - last[1]) > 0.3 / land.depth:
            low, high, sl, sh = last[0], lg, last[1], here
            for _ in range(30):
                middle = (low + high) / 2
                s = deepest(land, middle)
                low, high, sl, sh = (middle, high, s, sh) if abs(s - sl) < abs(s - sh) else (low, middle, sl, s)
            if abs(sl - sh) > 1e-3:
                yield word("jump of the global phase", any(abs(c - low) < 1e-6 for c in claimed), True, claim)
        last = (lg, here) if here is not None else None


def deepest(land, lg):
    s = land.scan(lg)
    v = land.slope_sign(s, lg)
    best = (math.inf, None)
    top = np.max(land.lw - land.la)
    for i in np.flatnonzero((v[:-1] > 0) & (v[1:] <= 0)):
        x = s[i] + (s[i + 1] - s[i]) * v[i] / (v[i] - v[i + 1])
        loss = np.exp(land.lw - np.logaddexp(land.la, lg - land.depth * x) - top).sum()
        best = min(best, (land.depth * math.exp(lg + x - top) - loss, x))
    return best[1]


def check_phase(land, question, answer, claim, allowed, target):
    gammas = question["gamma"] if isinstance(question["gamma"], list) else [question["gamma"]] * (land.depth + 1)
    lg = sum(mp.log(mp.mpf(g)) for g in gammas) / len(gammas)
    size = float(target)
    points = land.stationary(lg) if land.alphas else []
    minima = [(land.phi(x, lg), x) for x, stable in points if stable]
    if land.depth == 0:
        minima = [(sum(-w / (a + mp.mpf(gammas[0])) for a, w in zip(land.alphas, land.weights)), x) for x, _ in points]
    lowest = min(minima) if minima else None
    is_ordered = lowest is not None and lowest[0] < 0
    # A tie is decided by the last bit.
    if lowest is not None and abs(lowest[0]) < 1e-12 * size:
        return
    yield word("phase", answer["phase"], "ordered" if is_ordered else "trivial", claim)
    t = mp.e ** lowest[1] if is_ordered else mp.mpf(0)
    loss = target + (lowest[0] if is_ordered else 0)
    # E[y²] less what is explained loses digits where the question itself gives E[y²].
    given = "targetSecondMoment" in question or "data" in question
    yield number("freeEnergy", answer["freeEnergy"], loss, claim, allowed, scale=size * (1e-6 if given else 0))
    yield number("layerSquaredNorm", answer["layerSquaredNorm"], t, claim, allowed)
    norm = sum(mp.e ** lg * t / mp.mpf(g) for g in gammas)
    yield number("squaredNorm", answer["squaredNorm"], norm, claim, allowed)
    uniform = len(set(gammas)) == 1
    factor = 1 if uniform else mp.e ** lg
    yield number("freeEnergySlope", answer["freeEnergySlope"], (land.depth + 1) * t * factor, claim, allowed)
    decay = (land.depth + 1) * mp.e ** lg * t
    yield number("dataLoss", answer["dataLoss"], loss - decay, claim, allowed, scale=size * (1e-6 if given else 0))
    yield word("minima", len(answer["minima"]), len(minima), claim)
    if land.depth > 1:
        yield word("unstable", len(answer["unstable"]), len([1 for _, stable in points if not stable]), claim)
    if is_ordered:
        x = lowest[1]
        hs, hg = mp.diff(lambda y: land.h(y, lg), x), mp.diff(lambda g: land.h(x, g), lg)
        bend = -(land.depth + 1) * t * hg / hs / mp.e ** lg
        yield number("freeEnergyCurvature", answer["freeEnergyCurvature"], bend * factor ** 2, claim,
                     max(allowed, 1e-9))
    stable = True if land.depth > 1 else lg >= mp.log(sum(land.weights)) / 2 if land.depth == 1 and land.alphas else \
        land.depth == 1 or not land.alphas
    yield word("originStable", answer["originStable"], bool(stable), claim)


if __name__ == "__main__":
    main("weight_decay")
