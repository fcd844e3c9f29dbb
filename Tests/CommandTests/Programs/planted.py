#!/usr/bin/env python3
"""A net of one weight that keeps the protocol, but for the fault that is planted in it."""
import random
import struct

import landau_nets as landau

FAULT = "none"


def loss(w, g):
    return (1 - w * w) ** 2 + g * w * w


def descend(w, g, offset=0.0):
    for _ in range(60):  # so few steps that the last bits of the end depend on the start
        w -= 0.05 * (2 * g * w - 4 * w * (1 - w * w) + offset)
    return w


def begin(seed):
    return 0.5 + (random.random() if FAULT == "unseeded" else random.Random(seed).random())


def train_batch(chains):
    weights = [begin(chain.seeds["init"]) if chain.state is None else chain.state for chain in chains]
    if FAULT == "state":
        weights = [begin(chain.seeds["init"]) for chain in chains]
    for points in zip(*chains):
        if FAULT == "forgets":
            weights = [begin(point.seeds["init"]) for point in points]
        mean = sum(weights) / len(weights)
        for lane, (chain, point) in enumerate(zip(chains, points)):
            g, w = point["gamma"], weights[lane]
            w = weights[lane] = descend(w, g, 0.01 * (w - mean) if FAULT == "lanes" else 0.0)
            square = w * w * (2 if FAULT == "derivative" else 1)
            yield point.converged(loss=loss(w, g), squaredNorm=square, theta=[w])
            chain.save(w)


def evaluate(question):
    w, g = question.theta[0], question.controls["gamma"]
    short = (lambda x: struct.unpack("f", struct.pack("f", x))[0]) if FAULT == "float32" else (lambda x: x)
    slope = 2 * g * w - 4 * w * (1 - w * w)
    return {"loss": short(loss(w, g)), "gradient": [short(slope * (3 if FAULT == "gradient" else 1))],
            "hessianAction": [[short((2 * g - 4 + 12 * w * w) * v[0])] for v in question.vectors],
            "controlDerivative": short(w * w), "controlGradient": [short(2 * w)]}


landau.serve(
    train_batch=train_batch, name="planted", version="1", batch=4, lanes="exact", saves=True, evaluate=evaluate, parameters=1,
    controls={"gamma": landau.real(low=0)},
    observables={"loss": landau.free_energy(), "squaredNorm": landau.derivative("loss", "gamma")},
    order_parameter="squaredNorm", directions=["cold", "up"],
    starter="model: ./net.py\naxes:\n  gamma: {from: 0.2, to: 1.6, points: 8}\nalong: gamma\ndirection: [cold, up]\n")
