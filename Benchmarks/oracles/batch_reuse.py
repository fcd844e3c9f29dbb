"""Targets whose exponents, directions, moments and weak-recovery ratios are known by other ways.

Polynomials: monomials are rotated and turned into Hermite coefficients in doubles, directions found by their rank.
Functions of one linear form: parity and one-dimensional integrals. Products of two: degrees add. Targets of several
directions: the ratios of `batch_reuse_weak_recovery`. First steps: closed forms from E[y], E[y²], E[yz]. Targets with and
without a mean square: where the integral ends.
"""
import itertools
import math

import numpy as np
from scipy.integrate import quad
from scipy.special import erf, k0, k1
from scipy.stats import norm

from batch_reuse_weak_recovery import extreme, two_blocks
from common import main, number, word

MODEL = "batch-reuse"
TRUTHS = {}

# Linear forms: numbers of z1, z2, …; the pairs are orthogonal.
FORMS = [(1,), (0, 1), (0, 0, 0, 1), (1, 1), (1, -2), (2, -1, 2), (1, 1, 1, 1), (3, 0, -4), (1, 2, 3, 0, 1)]
PAIRS = [((1,), (0, 1)), ((1, 1), (1, -1)), ((1, 2), (2, -1)), ((0, 0, 1), (0, 1)), ((1, 1, 1), (1, -1)), ((3, 0, 4), (0, 1))]


def text_of(form):
    if sum(map(abs, form)) == 1:
        return f"z{form.index(1) + 1}"
    return "(" + "".join(f"{c:+d}*z{i + 1}" for i, c in enumerate(form) if c).lstrip("+") + ")"


def questions(rng, count):
    makers = [polynomial] * 8 + [single_polynomial] * 3 + [one_form] * 4 + [two_forms] * 3 + [mean_square, first_step]
    start = rng.randrange(80)
    for k in range(start, start + count):
        make = several_directions if k % 4 == 3 else makers[(k - k // 4) % len(makers)]
        question, truth = make(rng)
        TRUTHS[str(question)] = truth
        yield question


def check(question, answer):
    yield from TRUTHS[str(question)](answer)


def wants_answer(question, answer):
    """Whether an answer, or a refusal, is what is right; nil where both are."""
    truth = TRUTHS[str(question)]
    return getattr(truth, "is_answered", True)


def claim_of(answer, name):
    return answer.get("claims", {}).get(name, "exact")


def exponent(answer, name, truth):
    """Powers that were not tried may show less."""
    ours, claim = answer[name], claim_of(answer, name)
    if claim == "exact":
        yield word(name, ours, truth)
    else:
        yield word(name + ", up to powers", ours is None or truth is None or ours >= truth, True)


# Polynomials.

def multiplied(a, b):
    result = {}
    for (e, x), (f, y) in itertools.product(a.items(), b.items()):
        key = tuple(i + j for i, j in zip(e, f))
        result[key] = result.get(key, 0) + x * y
    return result


def substituted(poly, rows, count):
    """Each variable i replaced by Σ_j rows[i][j] w_j."""
    one = {(0,) * count: 1}
    linear = [{tuple(int(j == q) for q in range(count)): c for j, c in enumerate(row) if c} for row in rows]
    result = {}
    powers = [[one] for _ in rows]
    for exponents, c in poly.items():
        term = one
        for i, e in enumerate(exponents):
            while len(powers[i]) <= e:
                powers[i].append(multiplied(powers[i][-1], linear[i]))
            if e:
                term = multiplied(term, powers[i][e])
        for key, x in term.items():
            result[key] = result.get(key, 0) + c * x
    return result


def hermite(poly):
    """E[y He_α(w)] of all α."""
    result = {}
    for exponents, c in poly.items():
        parts = []
        for e in exponents:
            # w^e = Σ_s e!/(2^s s! (e−2s)!) He_{e−2s}, and E[He_n²] = n!.
            parts.append([(e - 2 * s, math.factorial(e) / (2 ** s * math.factorial(s))) for s in range(e // 2 + 1)])
        for combination in itertools.product(*parts):
            key = tuple(n for n, _ in combination)
            result[key] = result.get(key, 0) + c * math.prod(x for _, x in combination)
    size = max(map(abs, result.values()))
    return {k: v for k, v in result.items() if abs(v) > 1e-9 * size}


def span(vectors):
    """Orthonormal rows."""
    if not len(vectors):
        return np.zeros((0, 0))
    vectors = np.array([v / np.linalg.norm(v) for v in vectors])
    _, s, rows = np.linalg.svd(vectors, full_matrices=False)
    return rows[s > 1e-6]


def revealed(polys, learned, others, order):
    """Directions that moments of an order show beside learned ones."""
    found = list(learned)
    basis = np.concatenate([learned, others]) if len(learned) else others
    for poly in polys:
        table = hermite(substituted(poly, basis.T.tolist(), len(basis)))
        vectors = {}
        for alpha, value in table.items():
            rest = alpha[len(learned):]
            if sum(rest) != order:
                continue
            for a, degree in enumerate(rest):
                if degree:
                    base = alpha[:len(learned)] + rest[:a] + (degree - 1,) + rest[a + 1:]
                    vectors.setdefault(base, np.zeros(len(others)))[a] = value
        found += [v @ others for v in vectors.values()]
    return span(found) if found else learned


def complement(learned, relevant):
    if not len(learned):
        return relevant
    rest = relevant - relevant @ learned.T @ learned
    _, s, rows = np.linalg.svd(rest, full_matrices=False)
    return rows[s > 1e-6]


def searched(polys, relevant, degree):
    learned, stages = np.zeros((0, relevant.shape[1])), []
    while len(learned) < len(relevant):
        others = complement(learned, relevant)
        for order in range(1, degree + 1):
            larger = revealed(polys, learned, others, order)
            if len(larger) > len(learned):
                break
        else:
            break
        learned = larger
        stages.append([order, len(learned)])
    return stages


def steps(polys_first, polys, relevant):
    known = revealed(polys_first, np.zeros((0, relevant.shape[1])), relevant, 1)
    dimensions = [len(known)]
    while len(known) < len(relevant):
        larger = revealed(polys, known, complement(known, relevant), 1)
        if len(larger) == len(known):
            break
        known = larger
        dimensions.append(len(known))
    return dimensions


def polynomial(rng):
    k = rng.choice([1, 2, 2, 3, 3])
    degree = rng.randint(2, 6 if k == 1 else 4 if k == 2 else 3)
    identity = [tuple(int(i == j) for i in range(k)) for j in range(k)]
    forms = identity if rng.random() < 0.5 else rng.sample([f for f in FORMS if len(f) <= 3], k)
    dimension = max(map(len, forms))
    poly, pieces = {}, []
    for _ in range(rng.randint(1, 3)):
        if rng.random() < 0.5:
            # A product of Hermite polynomials.
            degrees = [0] * k
            for _ in range(rng.randint(1, degree)):
                degrees[rng.randrange(k)] += 1
            c = rng.choice([1, 1, 2, -3])
            pieces.append("*".join([str(c)] + [f"He{n}({text_of(f)})" for n, f in zip(degrees, forms) if n]))
            term = {(0,) * k: c}
            for i, n in enumerate(degrees):
                he = {}
                for s in range(n // 2 + 1):
                    key = tuple(n - 2 * s if j == i else 0 for j in range(k))
                    he[key] = (-1) ** s * math.factorial(n) // (2 ** s * math.factorial(s) * math.factorial(n - 2 * s))
                term = multiplied(term, he)
        else:
            exponents = [0] * k
            for _ in range(rng.randint(1, degree)):
                exponents[rng.randrange(k)] += 1
            c = rng.choice([1, 1, 2, -1])
            pieces.append("*".join([str(c)] + [f"{text_of(f)}^{n}" for n, f in zip(exponents, forms) if n]))
            term = {tuple(exponents): c}
        for key, x in term.items():
            poly[key] = poly.get(key, 0) + x
    rows = [list(f) + [0] * (dimension - len(f)) for f in forms]
    plain = {e: c for e, c in substituted(poly, rows, dimension).items() if c}
    question = {"target": " + ".join(pieces)}

    def truth(answer):
        gradients = {}
        for e, c in plain.items():
            for i, n in enumerate(e):
                if n:
                    lower = e[:i] + (n - 1,) + e[i + 1:]
                    gradients.setdefault(lower, np.zeros(dimension))[i] += c * n
        relevant = span([v for v in gradients.values() if np.any(v)])
        top = max(map(sum, plain))
        yield word("relevantDimension", answer["relevantDimension"], len(relevant))
        stages = searched([plain], relevant, top)
        yield word("informationExponent", answer["informationExponent"], stages[0][0])
        yield word("csqStages", answer["csqStages"], stages)
        yield word("csqLeap", answer["csqLeap"], max(order for order, _ in stages))
        yield word("onePassDimensions", answer["onePassDimensions"], steps([plain], [plain], relevant))
        table = hermite(plain)
        for j in range(dimension):
            unit = tuple(int(i == j) for i in range(dimension))
            ours = (answer["firstMoment"] + [0.0] * dimension)[j]
            yield number("E[y z]", ours, table.get(unit, 0.0), scale=1e-3 * max(map(abs, table.values())))
        # The square of the label shows at least so much.
        if top <= 4 and len(plain) <= 25:
            both = [plain, multiplied(plain, plain)]
            yield word("generativeExponent not above", answer["generativeExponent"] <= searched(both, relevant, top)[0][0],
                       True)
            yield word("multiPassDimensions not below", answer["multiPassDimensions"][-1] >= steps([plain], both, relevant)[-1],
                       True)

    truth.is_answered = None if not any(sum(e) for e in plain) else True
    return question, truth


def level_ratio(coefficients):
    """1/E[E[x² − 1 | y]²] of an even polynomial y of x, by its real roots."""
    p = np.polynomial.Polynomial(coefficients)
    slope = p.deriv()

    def preimages(y):
        found = (p - y).roots()
        real = found[(abs(found.imag) < 1e-7 * (1 + abs(found.real))) & (found.real > -1e-9)].real
        return np.maximum(real, 0)

    def mean(x):
        roots = preimages(p(x))
        # The point itself to its own precision, the others polished.
        roots = roots[np.abs(roots - x) > 1e-9 * (1 + x)]
        for _ in range(3):
            s = slope(roots)
            roots = np.where(s != 0, roots - (p(roots) - p(x)) / np.where(s != 0, s, 1), roots)
        roots = np.append(roots, x)
        weights = norm.pdf(roots) / np.maximum(np.abs(slope(roots)), 1e-300)
        return weights @ (roots ** 2 - 1) / weights.sum()

    critical = [r.real for r in slope.roots() if abs(r.imag) < 1e-9 and r.real >= -1e-9] + [0.0]
    ends = sorted({0.0, 9.0} | {float(x) for c in critical for x in preimages(p(c)) if x < 9} | {c for c in critical if 0 < c < 9})
    ends = [a for i, a in enumerate(ends) if i == 0 or a - ends[i - 1] > 1e-7]
    total, h = 0.0, 1 / 16
    for a, b in zip(ends, ends[1:]):
        t = np.arange(-52, 53) * h
        inner = np.pi / 2 * np.sinh(t)
        x = a + (b - a) / (1 + np.exp(-2 * inner))
        w = (b - a) * h * np.pi / 4 * np.cosh(t) / np.cosh(inner) ** 2
        good = (w * norm.pdf(x) > 1e-18) & (x > a) & (x < b)
        total += sum(wi * 2 * norm.pdf(xi) * mean(xi) ** 2 for xi, wi in zip(x[good], w[good]))
    return 1 / total


def single_polynomial(rng):
    form = rng.choice(FORMS)
    is_even = rng.random() < 0.6
    degree = rng.choice([2, 4, 6, 8]) if is_even else rng.randint(1, 7)
    coefficients = [0] * (degree + 1)
    for n in range(degree % 2 if is_even else 0, degree + 1, 2 if is_even else 1):
        coefficients[n] = rng.randint(-3, 3) if n else 0
    coefficients[degree] = rng.choice([1, -1, 2])
    square = sum(c * c for c in form)
    if square != 1 and rng.random() < 0.5:
        unit, scale = f"({text_of(form)}/sqrt({square}))", 1.0
    else:
        unit, scale = text_of(form), math.sqrt(square)
    text = " + ".join(f"{c}*{unit}^{n}" for n, c in enumerate(coefficients) if c)
    scaled = [c * scale ** n for n, c in enumerate(coefficients)]
    parity = all(c == 0 for c in coefficients[1::2])

    def truth(answer):
        yield word("relevantDimension", answer["relevantDimension"], 1)
        he = np.polynomial.hermite_e.poly2herme(scaled)
        size = max(abs(c) * math.sqrt(math.factorial(n)) for n, c in enumerate(he))
        first = next(n for n, c in enumerate(he) if n and abs(c) > 1e-11 * size)
        yield word("informationExponent", answer["informationExponent"], first)
        yield from exponent(answer, "generativeExponent", 2 if parity else 1)
        yield word("onePassDimensions", answer["onePassDimensions"], [1 if first == 1 else 0])
        if parity:
            ratio = level_ratio(scaled)
            yield number("weak-recovery ratio of one direction", answer["weakRecoveryRatio"], ratio,
                         claim_of(answer, "weakRecoveryRatio"),
                         max(1e-7, answer["weakRecoveryRatioError"] / ratio))
    return {"target": text}, truth


# Functions of one form, of its unit coordinate x times the form's length s.

def mean(f, kinks=(), low=-12.0, high=12.0):
    ends = [low] + sorted(k for k in kinks if low < k < high) + [high]
    return sum(quad(lambda x: f(x) * norm.pdf(x), a, b, epsabs=1e-14, epsrel=1e-12, limit=400)[0]
               for a, b in zip(ends, ends[1:]))


def atoms_ratio(t, outside, inside):
    """Labels that tell |x| beyond t, or below, and are one atom elsewhere."""
    total = 0.0
    for known, (a, b) in ((inside, (0, t)), (outside, (t, 12))):
        mass = 2 * quad(norm.pdf, a, b, epsabs=1e-15)[0]
        if known:
            total += 2 * quad(lambda x: (x * x - 1) ** 2 * norm.pdf(x), a, b, epsabs=1e-14)[0]
        else:
            total += (2 * quad(lambda x: (x * x - 1) * norm.pdf(x), a, b, epsabs=1e-15)[0]) ** 2 / mass
    return 1 / total


def one_form(rng):
    form = rng.choice(FORMS)
    s, u = math.sqrt(sum(c * c for c in form)), text_of(form)
    t, c = round(rng.uniform(0.2, 1.8), 3), round(rng.uniform(0.3, 2), 2)
    far = t * s
    kind, f, kinks, information, ratio = rng.choice([
        (f"tanh({c}*{u})", lambda x: math.tanh(c * s * x), (), 1, 0),
        (f"erf({u}-{c})", lambda x: float(erf(s * x - c)), (), 1, 0),
        (f"sin({c}*{u})", lambda x: math.sin(c * s * x), (), 1, 0),
        (f"relu({u}-{c})", lambda x: max(s * x - c, 0), (c / s,), 1, 0),
        (f"sign({u}-{c})", lambda x: 1 if s * x > c else -1, (c / s,), 1, 0),
        (f"exp({c}*{u}/{s})", lambda x: math.exp(c * x), (), 1, 0),
        (f"sign({u})*{u}^2", lambda x: math.copysign(s * s * x * x, x), (0,), 1, 0),
        (f"cos({c}*{u})", lambda x: math.cos(c * s * x), (), 2, None),
        (f"abs({u})^{c}", lambda x: abs(s * x) ** c, (0,), 2 if c != 2 else 2, 0.5),
        (f"exp(-{c}*{u}^2)", lambda x: math.exp(-c * s * s * x * x), (), 2, 0.5),
        (f"log(abs({u}))", lambda x: math.log(abs(s * x)) if x else 0.0, (0,), 2, 0.5),
        (f"{c}/(1+{u}^2)", lambda x: c / (1 + s * s * x * x), (), 2, 0.5),
        (f"{u}*tanh({c}*{u})", lambda x: s * x * math.tanh(c * s * x), (), 2, 0.5),
        (f"3+2*abs({u})", lambda x: 3 + 2 * abs(s * x), (0,), 2, 0.5),
        (f"sign(abs({u})-{far})", lambda x: 1 if abs(x) > t else -1, (-t, t), 2, ("sign",)),
        (f"relu(abs({u})-{far})", lambda x: max(s * abs(x) - far, 0), (-t, t), 2, (True, False)),
        (f"min(abs({u}),{far})", lambda x: min(s * abs(x), far), (-t, 0, t), 2, (False, True)),
        (f"max(-1*abs({u}),-{far})", lambda x: max(-s * abs(x), -far), (-t, 0, t), 2, (False, True)),
    ])

    def truth(answer):
        yield word("relevantDimension", answer["relevantDimension"], 1)
        yield from exponent(answer, "informationExponent", information)
        yield from exponent(answer, "generativeExponent", information)
        moment = mean(lambda x: f(x) * x, kinks) if information == 1 else 0.0
        for j, number_of in enumerate(form):
            yield number("E[y z]", answer["firstMoment"][j], moment * number_of / s, scale=1e-3)
        known = ratio
        if known == ("sign",):
            known = atoms_ratio(t, False, False)
        elif isinstance(known, tuple):
            known = atoms_ratio(t, *known)
        if known is not None:
            yield number("weak-recovery ratio of one direction", answer["weakRecoveryRatio"], known,
                         claim_of(answer, "weakRecoveryRatio"), max(1e-8, answer["weakRecoveryRatioError"] / (known or 1)))
    return {"target": kind}, truth


def two_forms(rng):
    (form, other) = rng.choice(PAIRS)
    lengths = [math.sqrt(sum(c * c for c in f)) for f in (form, other)]
    # Function, its degrees that are not zero as far as they matter, and its kinks.
    functions = [
        ("tanh({})", math.tanh, {1}, ()), ("sin({})", math.sin, {1}, ()), ("sign({})", lambda x: math.copysign(1, x), {1}, (0,)),
        ("abs({})", abs, {0, 2}, (0,)), ("cos({})", math.cos, {0, 2}, ()), ("exp({}/4)", lambda x: math.exp(x / 4), {0, 1, 2}, ()),
        ("relu({})", lambda x: max(x, 0), {0, 1, 2}, (0,)), ("exp(-{}^2)", lambda x: math.exp(-x * x), {0, 2}, ()),
    ]
    (t1, f, d1, k1_), (t2, g, d2, k2_) = rng.choice(functions), rng.choice(functions)
    u, v = text_of(form), text_of(other)
    question = {"target": t1.format(u) + "*" + t2.format(v)}
    gaussian_product = t1 == t2 == "exp(-{}^2)"

    def truth(answer):
        if t1 == t2 == "exp({}/4)":
            yield word("relevantDimension", answer["relevantDimension"], 1)
            return
        yield word("relevantDimension", answer["relevantDimension"], 2)
        information = min(i + j for i in d1 for j in d2 if i + j)
        yield from exponent(answer, "informationExponent", information)
        f0, f1 = mean(lambda x: f(lengths[0] * x), k1_), mean(lambda x: x * f(lengths[0] * x), k1_)
        g0, g1 = mean(lambda x: g(lengths[1] * x), k2_), mean(lambda x: x * g(lengths[1] * x), k2_)
        size = 1e-3 * max(abs(f0), abs(f1)) * max(abs(g0), abs(g1))
        for j in range(max(len(form), len(other))):
            a = form[j] / lengths[0] if j < len(form) else 0
            b = other[j] / lengths[1] if j < len(other) else 0
            yield number("E[y z]", answer["firstMoment"][j], f1 * g0 * a + f0 * g1 * b, scale=size)
        is_odd = 0 not in d1 and 0 not in d2 or 1 not in d1 and 1 not in d2
        if is_odd:
            # Flipping both forms leaves the label as it is.
            yield word("onePassDimensions", answer["onePassDimensions"], [0])
            yield word("multiPassDimensions", answer["multiPassDimensions"], [0])
            yield from exponent(answer, "generativeExponent", 2)
        elif 1 in d1 and 0 not in d1 and 1 not in d2 or 1 in d2 and 0 not in d2 and 1 not in d1:
            # One odd and one even factor: the odd one's form is found, the other cannot be.
            yield word("onePassDimensions", answer["onePassDimensions"], [1])
            yield word("multiPassDimensions", answer["multiPassDimensions"], [1])
        if gaussian_product and lengths[0] == lengths[1]:
            yield number("weak-recovery ratio of the radius", answer["weakRecoveryRatio"], 1.0,
                         claim_of(answer, "weakRecoveryRatio"), max(1e-8, answer["weakRecoveryRatioError"]))
    return question, truth


# Several directions.

def square(forms):
    return "(" + "+".join(f"{text_of(f)}^2" for f in forms) + ")"


def clipped_product(c):
    """z1 z2 between −c and c: 1/E[(a + y)²] with a = |y| K1/K0 − 1 and two atoms."""
    inner = 2 * quad(lambda s: ((math.exp(s) * k1(math.exp(s)) / k0(math.exp(s)) - 1) ** 2 + math.exp(2 * s))
                     * k0(math.exp(s)) / math.pi * math.exp(s), -60, math.log(c), limit=500, epsabs=1e-13)[0]
    mass = quad(lambda y: k0(y) / math.pi, c, 60, epsabs=1e-14)[0]
    a = quad(lambda y: (y * k1(y) - k0(y)) / math.pi, c, 60, epsabs=1e-14)[0] / mass
    y = quad(lambda y: y * k0(y) / math.pi, c, 60, epsabs=1e-14)[0] / mass
    return 1 / (inner + 2 * mass * (a * a + y * y))


def clipped_magnitude(c):
    """min(|z1 z2|, c): G = (|y| K1/K0 − 1) I."""
    inner = quad(lambda s: (math.exp(s) * k1(math.exp(s)) / k0(math.exp(s)) - 1) ** 2
                 * 2 * k0(math.exp(s)) / math.pi * math.exp(s), -60, math.log(c), limit=500, epsabs=1e-13)[0]
    mass = quad(lambda y: 2 * k0(y) / math.pi, c, 60, epsabs=1e-14)[0]
    a = quad(lambda y: 2 * (y * k1(y) - k0(y)) / math.pi, c, 60, epsabs=1e-14)[0] / mass
    return 1 / (inner + mass * a * a)


def several_directions(rng):
    kind = rng.randrange(7)
    one, two = rng.choice(PAIRS[:3])
    length = math.sqrt(sum(c * c for c in one))
    if kind <= 1:
        p, q = rng.choice([(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (3, 2), (2, 3), (1, 4), (3, 3)])
        c = round(rng.choice([-1, 1]) * math.exp(rng.uniform(-1.2, 1.2)), 2)
        if abs(c - 1) < 0.05:
            c = 1.5
        names = [tuple(int(i == j) for i in range(j + 1)) for j in range(p + q)]
        text = f"{square(names[:p])}{c:+}*{square(names[p:])}"
        text = rng.choice(["{}", "tanh(({})/4)", "({})^3", "exp(({})/40)"]).format(text) if p + q < 5 else text
        ratio = two_blocks(p, q, 1.0, c)
    elif kind == 2:
        text = rng.choice(["{0}*{1}", "tanh({0}*{1})", "({0}*{1})^3", "sign({0}*{1})*abs({0}*{1})^0.4"])
        text, ratio = text.format(text_of(one), text_of(two)), two_blocks(1, 1, 1.0, -1.0)
    elif kind == 3:
        c = round(math.exp(rng.uniform(-2, 1)), 3)
        shift = rng.choice(["", "-4", "+3"])
        text = f"max(min({text_of(one)}*{text_of(two)},{c * length ** 2}),{-c * length ** 2}){shift}"
        ratio = clipped_product(c)
    elif kind == 4:
        c = round(math.exp(rng.uniform(-2, 1)), 3)
        text = rng.choice(["min(abs({0}*{1}),{2})", "-1*min(abs({0}*{1}),{2})"]).format(
            text_of(one), text_of(two), c * length ** 2)
        ratio = clipped_magnitude(c)
    elif kind == 5:
        k, largest = rng.choice([2, 2, 3, 4]), rng.random() < 0.5
        names = ",".join(f"abs(z{i})" for i in range(1, k + 1))
        text, ratio = ("max" if largest else "min") + f"({names})", extreme(k, largest)
    else:
        t1, t2 = (round(rng.uniform(0.4, 1.6), 2) for _ in range(2))
        text = f"sign(abs(z1)-{t1})+3*sign(abs(z2)-{t2})"
        # Independent labels: G is diagonal, and its elements have mean 0.
        ratio = min(atoms_ratio(t1, False, False), atoms_ratio(t2, False, False))

    def truth(answer):
        yield number("weak-recovery ratio of several directions", answer["weakRecoveryRatio"], ratio, "standard error",
                     answer["weakRecoveryRatioError"] / ratio)
    return {"target": text}, truth


# Mean squares.

def mean_square(rng):
    c = round(rng.uniform(0.02, 0.6), 3)
    form = rng.choice(FORMS)
    s2, u = sum(x * x for x in form), text_of(form)
    one, two = rng.choice(PAIRS)
    l2 = math.sqrt(sum(x * x for x in one) * sum(x * x for x in two))
    text, critical, value = rng.choice([
        (f"exp({c}*{u}^2/{s2})", 0.25, c), (f"exp({2 * c}*{text_of(one)}*{text_of(two)}/{l2})", 0.25, c),
        (f"abs({u})^(-{2 * c})", 0.25, c), (f"{text_of(one)}*abs({text_of(two)})^(-{2 * c})", 0.25, c),
    ])

    def truth(answer):
        yield word("has a mean square", value < critical, True)
    truth.is_answered = None if abs(value - critical) < 0.02 else value < critical
    return {"target": text}, truth


# First steps.

def first_step(rng):
    c = round(rng.uniform(0.3, 2), 2)
    text, f, kinks = rng.choice([
        (f"tanh({c}*z1)", lambda x: math.tanh(c * x), ()), (f"exp({c}*z1)", lambda x: math.exp(c * x), ()),
        (f"abs(z1-{c})", lambda x: abs(x - c), (c,)), (f"sign(z1-{c})", lambda x: math.copysign(1, x - c), (c,)),
        (f"relu(z1+{c})", lambda x: max(x + c, 0), (-c,)), (f"sin({c}*z1)", lambda x: math.sin(c * x), ()),
        (f"z1^3-{c}*z1", lambda x: x ** 3 - c * x, ()), (f"1/({c}+z1^2)", lambda x: 1 / (c + x * x), ()),
        (f"exp(z1-{c}*z1^2)", lambda x: math.exp(x - c * x * x), ()),
    ])
    a, alpha, eta, lam = rng.choice([1, 0.5, -0.7]), rng.choice([1, 3, 5]), rng.choice([0.1, 0.5]), rng.choice([0, 0.5])
    question = {"target": text, "secondLayer": a, "sampleRatio": alpha, "learningRate": eta, "ridge": lam, "steps": 1,
                "points": 4096}

    def truth(answer):
        y, yy, yz = mean(f, kinks), mean(lambda x: f(x) ** 2, kinks), mean(lambda x: f(x) * x, kinks)
        response = alpha * a * (a / 2 - y / (2 * np.pi) ** 0.5)
        length = alpha * a * a * (a * a / 2 - 2 * a * y / (2 * np.pi) ** 0.5 + yy / 2)
        m = eta * alpha * a * yz / 2
        q = (1 - eta * lam - eta * response) ** 2 + eta * eta * length + m * m
        for name, exact in (("M", m), ("Q", q)):
            value, error = (answer["trajectory"][key][1][0][0] for key in (name, name + "_error"))
            if abs(value - exact) > 1e-12 * max(1, abs(exact)):
                yield number(f"{name} after a step", value, exact, "standard error", error / abs(exact) if exact else error)
    return question, truth


if __name__ == "__main__":
    main("batch_reuse")
