"""M and Q after the first step of one ReLU neuron, in closed form from E[y], E[y^2] and E[y z] (SciPy integrals).

Prints how often the trajectory of `landau predict batch-reuse` is further off than one and two of its standard errors.

    python3 batch_reuse_first_step.py path-of-landau
"""
import json
import subprocess
import sys

import numpy as np
from scipy.integrate import quad
from scipy.special import erf
from scipy.stats import norm

TARGETS = {
    "tanh(z)": np.tanh, "exp(z)": np.exp, "exp(3*z1)": lambda z: np.exp(3 * z), "exp(-2*z)": lambda z: np.exp(-2 * z),
    "abs(z)": np.abs, "sign(z-0.3)": lambda z: np.sign(z - 0.3), "relu(z+1)": lambda z: max(z + 1, 0),
    "sin(2*z)": lambda z: np.sin(2 * z), "cos(z)": np.cos, "erf(z-1)": lambda z: erf(z - 1), "z^3": lambda z: z**3,
    "He4(z)/sqrt(24)": lambda z: (z**4 - 6 * z**2 + 3) / 24**0.5, "exp(0.1*z^2)": lambda z: np.exp(0.1 * z * z),
    "z*exp(z)": lambda z: z * np.exp(z), "tanh(5*z)*z^2": lambda z: np.tanh(5 * z) * z**2,
    "log(abs(z)+1)": lambda z: np.log(abs(z) + 1), "sqrt(abs(z))": lambda z: abs(z) ** 0.5,
    "max(z,z^2-1)": lambda z: max(z, z * z - 1), "1/(1+z^2)": lambda z: 1 / (1 + z * z),
    "exp(z-z^2)": lambda z: np.exp(z - z * z),
}
KINKS = [-1, (1 - 5**0.5) / 2, 0, 0.3, (1 + 5**0.5) / 2]


def mean(f):
    ends = [-14] + KINKS + [14]
    return sum(quad(lambda z: f(z) * norm.pdf(z), a, b, epsabs=1e-13, epsrel=1e-12, limit=500)[0]
               for a, b in zip(ends, ends[1:]))


def main():
    quotients = []
    for n, (text, f) in enumerate(TARGETS.items()):
        y, yy, yz = mean(f), mean(lambda z: f(z) ** 2), mean(lambda z: f(z) * z)
        for a, alpha, eta, lam in ((1, 3, 0.1, 0), (0.5, 1, 0.5, 0.5), (-0.7, 5, 0.2, 1)):
            response = alpha * a * (a / 2 - y / (2 * np.pi) ** 0.5)
            square = alpha * a * a * (a * a / 2 - 2 * a * y / (2 * np.pi) ** 0.5 + yy / 2)
            m = eta * alpha * a * yz / 2
            q = (1 - eta * lam - eta * response) ** 2 + eta * eta * square + m * m
            command = [sys.argv[1], "predict", "batch-reuse", "target=" + text, f"secondLayer={a}",
                       f"sampleRatio={alpha}", f"learningRate={eta}", f"ridge={lam}", "steps=1", "points=4096"]
            answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["trajectory"]
            for name, exact in (("M", m), ("Q", q)):
                value, error = answer[name][1][0][0], answer[name + "_error"][1][0][0]
                off = abs(value - exact)
                if off < 1e-12 * max(1, abs(exact)):
                    continue
                quotients.append(off / max(error, 1e-300))
                if quotients[-1] > 3:
                    print(text, a, alpha, name, value, error, exact, f"{quotients[-1]:.1f}")
    q = np.array(quotients)
    print(f"{len(q)} numbers: within one error {np.mean(q <= 1):.0%}, within two {np.mean(q <= 2):.0%}, worst {q.max():.1f}")


if __name__ == "__main__":
    main()
