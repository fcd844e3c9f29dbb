"""linear-vae against the loss of Wang & Ziyin (arXiv 2205.04009), minimised mode by mode in 50 digits.

Each mode's loss is written out in its decoder, encoder and posterior variance and minimised over a scan with Newton's
method behind it; nothing of the closed forms is used. Questions with matrices get their singular values from mpmath's
eigenvalues of A^{-1/2} C.
"""
import math

import mpmath as mp

from common import main, number, word

MODEL = "linear-vae"


def questions(rng, count):
    for k in range(count):
        scale = 10 ** rng.uniform(-8, 8) if k % 3 == 0 else 1.0
        eta = 10 ** rng.uniform(-2, 2)
        question = {"decoderVariance": eta, "encoderVariance": 10 ** rng.uniform(-2, 2),
                    "posterior": rng.choice(["learned", "fixed"])}
        if k % 4 == 3:
            d = rng.randint(2, 5)
            x = [[rng.gauss(0, 1) * 10 ** (rng.uniform(-3, 0) if k % 8 == 7 else 0) for _ in range(d)] for _ in range(9)]
            second = [[sum(r[i] * r[j] for r in x) / 9 for j in range(d)] for i in range(d)]
            question["inputSecondMoment"] = second
            if rng.random() < 0.5:
                question["crossMoment"] = [[rng.gauss(0, 1) for _ in range(rng.randint(1, 1) + d // 2)] for _ in range(d)]
                width = len(question["crossMoment"][0])
                question["crossMoment"] = [row[:width] for row in question["crossMoment"]]
            size = 1.0
        else:
            modes = [abs(rng.gauss(0, 1)) * scale * 10 ** rng.uniform(-3, 3) for _ in range(rng.randint(1, 6))]
            if k % 5 == 0:
                modes += [modes[0]]
            if k % 7 == 0:
                modes += [0.0]
            question["modes"] = modes
            size = rng.choice(modes)
            if rng.random() < 0.5:
                question["latent"] = rng.randint(1, len(modes))
            if rng.random() < 0.3:
                question["targetSecondMoment"] = sum(z * z for z in modes) * rng.uniform(1.0001, 3)
        near = 1 + rng.choice([-1, 1]) * 10 ** rng.uniform(-9, -1) if k % 2 else 10 ** rng.uniform(-1.5, 1)
        beta = max(size, 1e-9) ** 2 / eta * near
        question["beta"] = min(max(beta, 1e-12), 1e12)
        yield question


def singular_values(question):
    if "modes" in question:
        return sorted((mp.mpf(z) for z in question["modes"]), reverse=True)
    a = mp.matrix(question["inputSecondMoment"])
    a = (a + a.T) / 2
    c = mp.matrix(question.get("crossMoment", question["inputSecondMoment"]))
    values, vectors = mp.eigsy(a)
    z = mp.matrix(a.rows, c.cols)
    for k in range(a.rows):
        row = (vectors[:, k].T * c) / mp.sqrt(values[k])
        for j in range(c.cols):
            z[k, j] = row[0, j]
    gram = z.T * z if c.cols <= a.rows else z * z.T
    found = mp.eigsy(gram, eigvals_only=True)
    return sorted((mp.sqrt(max(v, 0)) for v in found), reverse=True)[:min(a.rows, c.cols)]


def mode_minimum(zeta, beta, eta, prior, posterior):
    """Minimum of one mode's share of the loss less ζ²/2η², with its decoder u, encoder θ and deviation σ.

    With the whitened encoder θ and z = θ x + σ ε: (1/2η²)[u²(θ² + σ²) − 2uθζ] + (β/2)[(θ² + σ²)/p − 1 − ln(σ²/p)]. For
    given u the rest is quadratic in θ and convex in σ², so that one scan over ln u suffices.
    """
    def at(u):
        theta = (u * zeta / eta) / (u * u / eta + beta / prior)
        square = beta / (u * u / eta + beta / prior) if posterior == "learned" else prior
        loss = (u * u * (theta ** 2 + square) - 2 * u * theta * zeta) / (2 * eta) + beta / 2 * (
            (theta ** 2 + square) / prior - 1 - mp.log(square / prior))
        return loss, theta, square

    best, place = mp.mpf(0), None
    scale = zeta / mp.sqrt(prior)
    if scale == 0:
        return mp.mpf(0), mp.mpf(0), mp.mpf(0), prior
    exponents = [mp.mpf(k) / 4 for k in range(-160, 25)]
    values = [at(scale * mp.e ** x)[0] for x in exponents]
    k = min(range(len(values)), key=lambda i: values[i])
    low, high = exponents[max(0, k - 1)], exponents[min(len(exponents) - 1, k + 1)]
    if values[k] < 0:
        slope = lambda x: mp.diff(lambda y: at(scale * mp.e ** y)[0], x)
        try:
            x = mp.findroot(slope, (low, high), solver="anderson", tol=mp.mpf(10) ** -70, maxsteps=200, verify=False)
        except (ValueError, ZeroDivisionError):
            x = exponents[k]
        loss, theta, square = at(scale * mp.e ** x)
        if loss < best:
            return loss, scale * mp.e ** x, theta, square
    return best, mp.mpf(0), mp.mpf(0), prior


def check(question, answer):
    mp.mp.dps = 50
    claim, allowed = answer["claim"], answer.get("relativeError", 1e-9)
    zetas = singular_values(question)
    beta, eta, prior = (mp.mpf(question[k]) for k in ("beta", "decoderVariance", "encoderVariance"))
    latent = question.get("latent", len(zetas))
    explained = sum(z * z for z in zetas)
    target = mp.mpf(question.get("targetSecondMoment", explained))
    loss, divergence, active = target / (2 * eta), mp.mpf(0), 0
    top = float(zetas[0] ** 2) or 1.0
    yield number("zeroNetLoss", answer["zeroNetLoss"], loss, claim, allowed)
    for k, (zeta, mode) in enumerate(zip(zetas[:latent], answer["modes"])):
        # Zeros of a matrix are zeros to rounding.
        if "modes" not in question and zeta ** 2 < 1e-12 * top:
            continue
        gain, u, theta, square = mode_minimum(zeta, beta, eta, prior, question["posterior"])
        loss += gain
        # The signs at the edge are decided by the last bit of the question where it sits on it.
        edge = abs(float(zeta ** 2 / (beta * eta)) - 1) < (1e-14 if claim == "exact" and "modes" in question else 1e-11)
        if edge:
            continue
        yield number("criticalBeta", mode["criticalBeta"], zeta ** 2 / eta, claim, allowed)
        distance = abs(float(zeta ** 2 / (beta * eta)) - 1)
        # Given moments know ζ² to rounding only, and amplitudes what is left of its difference from the threshold.
        loose = allowed if "modes" in question else max(allowed, 1e-13 / distance)
        yield word("active", mode["active"], u > 0, claim)
        if u > 0:
            active += 1
            kl = ((theta ** 2 + square) / prior - 1 - mp.log(square / prior)) / 2
            divergence += kl
            yield number("decoder", mode["decoder"], u, claim, loose)
            yield number("encoder", mode["encoder"], theta, claim, loose)
            yield number("deviation", mode["deviation"], mp.sqrt(square), claim, loose)
            yield number("divergence", mode["divergence"], kl, claim, loose)
    yield number("loss", answer["loss"], loss, claim, max(allowed, 1e-9))
    places = sorted({float(z ** 2 / eta) for z in zetas[:latent]
                     if z ** 2 > (0 if "modes" in question else 1e-12 * top)})
    distinct = [x for i, x in enumerate(places) if i == 0 or x - places[i - 1] > 2e-9 * x]
    ours = [t["beta"] for t in answer["transitions"] if t["beta"] is not None]
    yield word("transitions", len(ours), len(distinct), claim)
    for a, b in zip(ours, distinct):
        yield number("transition", a, b, claim, max(allowed, 2e-9))


if __name__ == "__main__":
    main("linear_vae")
