"""Weak-recovery ratios of targets with several directions whose G(y) = E[zz' - I | y] is known up to one integral.

Prints target, ratio and, with a landau binary as argument, its answer, its error and their quotient; at the end how often
one and two errors were exceeded.

    python3 batch_reuse_weak_recovery.py [path of landau]
"""
import json
import subprocess
import sys

import numpy as np
from scipy.special import k0, k1
from scipy.stats import norm


def two_blocks(p, q, c1, c2):
    """y = c1 |u|^2 + c2 |v|^2 of blocks with p and q directions, c1 > 0: integrals over the level sets' angle."""
    s = np.linspace(-40, 7, 6001)
    y = np.exp(s)
    sides = [(p, q, c1, c2, y)]
    parts = []
    if c2 > 0:
        x, w = np.polynomial.legendre.leggauss(200)
        t, w = (x + 1) * np.pi / 4, w * np.pi / 4
        a2, b2, jac = np.cos(t) ** 2, np.sin(t) ** 2, np.cos(t) ** (p - 1) * np.sin(t) ** (q - 1) * w
        parts.append((y[:, None] * a2 / c1, y[:, None] * b2 / c2, jac))
    else:
        t = np.linspace(0, 24, 4001) + 12 / 4000
        for first in (True, False):
            big, small = np.cosh(t), np.sinh(t)
            u, v = (big, small) if first else (small, big)
            jac = u ** (p - 1.0) * v ** (q - 1.0)
            parts.append((y[:, None] * u**2 / c1, y[:, None] * v**2 / -c2, jac))
    total = gaa = gbb = gab = 0.0
    for a, b, jac in parts:
        w = jac * np.exp(-(a + b) / 2)
        mass = w.sum(1)
        good = mass > 0
        ga = np.where(good, (w * a).sum(1) / np.where(good, mass, 1), 0) / p - 1
        gb = np.where(good, (w * b).sum(1) / np.where(good, mass, 1), 0) / q - 1
        density = mass * y ** ((p + q) / 2)
        total += density.sum()
        gaa += (density * ga**2).sum()
        gbb += (density * gb**2).sum()
        gab += (density * ga * gb).sum()
    return 1 / (max(gaa, gbb, gab) / total)


def extreme(k, largest):
    """max or min of |z1| ... |zk|: one direction is y, the others lie below or above."""
    y, step = np.linspace(1e-9, 9, 400001, retstep=True)
    inside = 2 * norm.cdf(y) - 1 if largest else 2 * norm.sf(y)
    moment = (-2 if largest else 2) * y * norm.pdf(y) / np.maximum(inside, 1e-300)
    g = ((y * y - 1) + (k - 1) * moment) / k
    density = 2 * k * norm.pdf(y) * inside ** (k - 1)
    return 1 / np.trapezoid(density * g * g, dx=step)


def product_of_magnitudes():
    """|z1 z2|: G = (y K1/K0 - 1) I."""
    s = np.linspace(-60, 4, 200001)
    y = np.exp(s)
    density = 2 / np.pi * k0(y) * y
    return np.trapezoid(density, s) / np.trapezoid(density * (y * k1(y) / k0(y) - 1) ** 2, s)


def square(indices):
    return "+".join(f"z{i}^2" for i in indices)


def cases():
    for p in range(1, 5):
        for q in range(1, 5):
            for c2 in (3.0, 0.4, -1.0, -2.5):
                if p + q <= 6 and (p + q) % 2 == (1 if c2 in (3.0, -1.0) else 0) or (p, q) in ((1, 1), (2, 2)):
                    u, v = square(range(1, p + 1)), square(range(p + 1, p + q + 1))
                    yield f"{u}{c2:+}*({v})", two_blocks(p, q, 1.0, c2)
    for k in (2, 3, 4):
        names = ",".join(f"abs(z{i})" for i in range(1, k + 1))
        yield f"max({names})", extreme(k, True)
        yield f"min({names})", extreme(k, False)
    yield "abs(z1)+abs(z2)", extreme(2, True)
    yield "abs(z1+z2)+abs(z1-z2)", extreme(2, True)
    yield "abs(z1*z2)", product_of_magnitudes()
    yield "log(abs(z1))+log(abs(z2))", product_of_magnitudes()
    for text in ("z1*z2", "tanh(3*z1*z2)", "(z1+2*z2)*(2*z1-z2)", "exp(z1*z2/4)", "(z1*z2)^3"):
        yield text, two_blocks(1, 1, 1.0, -1.0)
    for text in ("z1*z2+z3*z4", "tanh(z1*z2-z3*z4)"):
        yield text, two_blocks(2, 2, 1.0, -1.0)
    yield "z1*z2+z3*z4+z5*z6", two_blocks(3, 3, 1.0, -1.0)
    for text in ("sign(z1)*z2", "sign(z1)*z2^3", "sign(z1)*(exp(abs(z2))-1)*sign(z2)"):
        yield text, 1 / (1 + np.sqrt(1 + 4 / np.pi**2))
    yield "sign(z1*z2)", np.pi**2 / 4
    yield "sign(abs(z1)-0.6744897501960817)*z2", 0.5
    yield "z1*z2*z3", 2.56518


def main():
    quotients = []
    for target, ratio in cases():
        line = f"{target:45s} {ratio:.6f}"
        if len(sys.argv) > 1:
            command = [sys.argv[1], "predict", "batch-reuse", "target=" + target]
            run = subprocess.run(command, capture_output=True, text=True)
            if run.returncode:
                print(line, "refused:", run.stderr.strip()[:150])
                continue
            answer = json.loads(run.stdout)
            value, error = answer["weakRecoveryRatio"], answer["weakRecoveryRatioError"]
            line += f" {value:.6f} {error:.6f}"
            if error:
                quotients.append(abs(value - ratio) / error)
                line += f" {quotients[-1]:.2f}"
        print(line, flush=True)
    if quotients:
        q = np.array(quotients)
        print(f"{len(q)} estimates: within one error {np.mean(q <= 1):.0%}, within two {np.mean(q <= 2):.0%}, "
              f"worst {q.max():.1f}")


if __name__ == "__main__":
    main()
